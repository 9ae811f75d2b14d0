"""Static fallback of a workshop: one self-contained page made the day before, short on paper, whole on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pope_foncier.ateliers import bulles, chiffres, clair, textes
from pope_foncier.ateliers import parties_de_secours as parties
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.reponse import TOUT_COMPRIS, douter_de, repondre
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.lecture import lire_octets
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.formes import lectures, page
from pope_foncier.vues.formes.gabarits import balises

SUR_PAPIER = 3
"""Scenarios that the paper holds whole."""
_FEUILLES = "salle/bulles.css", "secours.css"


def rediger(modele: Modele, journal: Journal) -> str:
    """Write the page: scenarios of the study, then those that the workshop's journal holds."""
    base = Resultat.calculer(modele.dossier, modele.moteur)
    proposees, refus = _proposees(modele, journal)
    vues = {vue.titre: vue for vue in base.vues()} | proposees
    projets = {titre: vue for titre, vue in vues.items() if not clair.sans_projet(vue)}
    gardees = _sur_papier(projets, list(proposees))
    etudes = {vue.titre: modele.dossier.variantes[vue.nom] for vue in base.vues()}
    doutes = {titre: douter_de(modele, etudes.get(titre, vue.ev.ctx.etude)) for titre, vue in gardees.items()}
    reponses = {titre: repondre(vue, doutes.get(titre)) for titre, vue in projets.items()}
    fabrique = parties.Parties(modele, base.vue())
    locaux = "".join(fabrique.locaux(titre, vue) for titre, vue in list((gardees or vues).items())[:1])
    rangs = {titre: fabrique.scenario(titre, vue, reponses.get(titre)) for titre, vue in vues.items()}
    suppose = tableaux.tableau_a_confirmer(base.vue()), tableaux.hypotheses_de_travail(base.vue())
    corps = page.remplir(
        "secours.html",
        etude=modele.dossier.etude,
        lecture=f"{TOUT_COMPRIS[:1].upper()}{TOUT_COMPRIS[1:]}.",
        retenus=[rangs[titre] for titre in gardees],
        autres=[x for titre, x in rangs.items() if titre not in gardees],
        sans_projet=[f"« {titre} ». {dite}" for titre, v in vues.items() if (dite := clair.sans_projet(v))],
        refus=refus,
        note=f"{_majuscule(lectures.source(base.vue()))}. {clair.ARRONDI}",
        tous=balises(textes.tables(clair.une_ligne_chacun(reponses) if reponses else None)),
        qui_donne_quoi=balises(parties.qui_donne_quoi(gardees, modele) if gardees else ""),
        cote_a_cote=balises(textes.tables(chiffres.cote_a_cote(gardees) if gardees else None)),
        trois_par_trois=balises(parties.trois_par_trois(projets)),
        locaux=balises(locaux),
        commun=balises("".join(parties.commun(vue, doutes[titre]) for titre, vue in list(gardees.items())[:1])),
        hypotheses=balises(textes.tables(*suppose)),
    )
    style = "".join(lire_octets(Path(__file__).parent / f).decode() for f in _FEUILLES)
    entier = f"<main>{bulles.expliquer(corps)}{textes.lexique(bulles.lexique(corps))}</main>"
    return page.page(f"Atelier : {modele.dossier.etude.titre}", entier, style)


def _proposees(modele: Modele, journal: Journal) -> tuple[dict[str, Vue], list[str]]:
    """Views of the scenarios that the journal holds, by title; then what cannot be read, or no longer computes."""
    lecture = journal.lire()
    refus = [lecture.en_clair(journal.nom)] if lecture.illisibles else []
    vues = {}
    for scenario in Atelier.rejouer(lecture.entrees).scenarios.values():
        if not scenario.est_de(modele.dossier.nom):
            continue
        titre = f"{scenario.titre} (proposé par {scenario.entree.qui})"
        try:
            etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in scenario.fiche.surcharges})
            vues[titre] = modele.voir_bouclee(etude)
        except ErreurPope as erreur:
            refus.append(f"{titre} : ne se calcule plus ({textes.refus(erreur)})")
    return vues, refus


def _sur_papier(projets: Mapping[str, Vue], proposees: Sequence[str]) -> dict[str, Vue]:
    """Scenarios that the paper holds: the last ones proposed, then those of the study in their order."""
    proposes = [titre for titre in proposees if titre in projets][-SUR_PAPIER:]
    de_l_etude = [titre for titre in projets if titre not in proposees][: SUR_PAPIER - len(proposes)]
    return {titre: projets[titre] for titre in (*de_l_etude, *proposes)}


def _majuscule(texte: str) -> str:
    return f"{texte[:1].upper()}{texte[1:]}"
