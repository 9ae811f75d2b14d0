"""Minutes of a workshop for Word: the journal, with its scenarios computed again and compared with the figures that people saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pope_foncier.ateliers import compte_rendu as dits
from pope_foncier.ateliers.chiffres import pour_le_journal
from pope_foncier.ateliers.etat import Atelier, ScenarioPropose
from pope_foncier.ateliers.journal_entrees import EntreeJournal, Proposition
from pope_foncier.ateliers.modele import Modele
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.etude import graphiques, tableaux
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.word.compte_rendu import CompteRendu, DecisionDite, ScenarioDit, cote_a_cote, rediger

_ECARTS = 3
"""Figures that a reservation names when the study gives others than those seen."""


@dataclass(frozen=True, slots=True)
class _Rejoue:
    """Scenario of the journal and its view, or why it is not computed any more."""

    fiche: Proposition
    entree: EntreeJournal
    vue: Vue | None
    refus: str


def en_word(atelier: Atelier, illisibles: Sequence[str], modele: Modele, lieu: str = "") -> bytes:
    """Minutes as a Word document.

    Args:
        atelier: state of the workshop.
        illisibles: entries that cannot be read.
        modele: study of the workshop.
        lieu: where it was held; a blank to fill when nobody says.

    Raises:
        ErreurCalcul: python-docx is not installed.
    """
    contenu, etude = dits.contenu(atelier), modele.dossier.etude
    rejoues = [_rejouer(modele, scenario) for scenario in dits.classement(atelier)]
    decision = contenu["decision"]
    retenu = next((r for r in rejoues if decision and r.fiche.nom == decision["scenario"]), None)
    seance = contenu["seance"]
    return rediger(
        CompteRendu(
            titre=contenu["titre"],
            etude=f"Étude « {etude.titre} » : {etude.question}",
            jour=atelier.fil[-1].quand.astimezone(dits.FUSEAU).date(),
            ouverture=f"{seance['quand']}, par {seance['qui']}" if seance else "",
            lieu=lieu,
            participants=[p.nom for p in atelier.personnes.values()],
            scenarios=[_scenario(atelier, rejoue) for rejoue in rejoues],
            images=_images(modele, rejoues),
            remarques=[_remarque(r) for r in contenu["remarques"]],
            decision=decision and _decision(atelier, decision, retenu),
            a_confirmer=tableaux.a_demander_d_abord((retenu and retenu.vue) or modele.base),
            fil=[f"{e['quand']}, {e['qui']} : {e['quoi']}" for e in contenu["fil"]],
            illisibles=illisibles,
        )
    )


def _rejouer(modele: Modele, scenario: ScenarioPropose) -> _Rejoue:
    """Scenario computed again on the study as it is."""
    fiche, entree = scenario.fiche, scenario.entree
    try:
        etude = modele.varier(modele.dossier.etude, {s.champ: s.valeur for s in fiche.surcharges})
        return _Rejoue(fiche, entree, modele.voir_bouclee(etude), "")
    except ErreurPope as erreur:
        return _Rejoue(fiche, entree, None, str(erreur))


def _images(modele: Modele, rejoues: Sequence[_Rejoue]) -> list[Image]:
    """Who gives what, scenarios side by side."""
    vues = [(r.fiche.titre, r.vue) for r in rejoues if r.vue is not None]
    teintes = graphiques.teintes_de(modele.base)
    return [graphiques.ressources(dict(groupe), teintes) for groupe in cote_a_cote(vues)]


def _scenario(atelier: Atelier, rejoue: _Rejoue) -> ScenarioDit:
    fiche, propose = rejoue.fiche, dits.qui_et_quand(rejoue.entree)
    return ScenarioDit(
        titre=atelier.titre(fiche.nom),
        propose=f"{propose['qui']}, {propose['quand']}",
        chiffres={c.libelle: c.valeur for c in fiche.chiffres},
        changements=dits.reglages_en_clair(fiche),
        reserves=list(_reserves(rejoue)),
        votes=atelier.votes.get(fiche.nom, {}),
        points=atelier.points(fiche.nom),
    )


def _reserves(rejoue: _Rejoue) -> list[str]:
    """What the figures of a scenario suppose; where the study now gives others than those seen."""
    lues = [dits.HYPOTHESES] if rejoue.fiche.surcharges else []
    if rejoue.vue is None:
        return [*lues, f"Ce scénario ne se calcule plus : {rejoue.refus}"]
    soutien = lectures.soutien(rejoue.vue)
    lues += [lectures.phrase(rejoue.vue), *([f"Contribution de la commune : {soutien}."] if soutien else [])]
    ecarts = _ecarts(rejoue.fiche, rejoue.vue)
    if ecarts:
        reste = len(ecarts) - _ECARTS
        suite = f" ; et {reste} autres" if reste > 0 else ""
        lues.append(
            f"L'étude a changé depuis la séance, elle donne maintenant : {' ; '.join(ecarts[:_ECARTS])}{suite}."
        )
    return lues


def _ecarts(fiche: Proposition, vue: Vue) -> list[str]:
    """Figures that are not those that people saw."""
    vus = {c.libelle: c.valeur for c in fiche.chiffres}
    return [
        f"{c.libelle} {c.valeur} (vu en séance : {vus[c.libelle]})"
        for c in pour_le_journal(vue)
        if c.libelle in vus and c.valeur != vus[c.libelle]
    ]


def _remarque(dite: dict[str, str]) -> str:
    sur = f", sur « {dite['sur']} »" if dite["sur"] else ""
    return f"{dite['qui']}, {dite['quand']}{sur} : « {dite['texte']} »"


def _decision(atelier: Atelier, dite: dict[str, str], retenu: _Rejoue | None) -> DecisionDite:
    """Decision with the exact scenario that it names."""
    varie = retenu is not None and bool(retenu.fiche.surcharges)
    return DecisionDite(
        texte=dite["texte"],
        notee=f"{dite['qui']}, {dite['quand']}",
        titre=dite["titre"],
        changements=dits.reglages_en_clair(retenu.fiche) if retenu else (),
        fichier=dits.en_yaml(atelier, retenu.fiche.nom) if retenu and varie else "",
    )
