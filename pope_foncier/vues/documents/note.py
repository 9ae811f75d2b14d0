"""Decision note: one A4 page — places, cost with range, what is to find, who pays, the commune's budget, stresses, questions.

A second page, the annex of the committee, holds what a lender reads year by year (``note_annexe``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.decision.epreuves import eprouver
from pope_foncier.decision.plans_des_aides import PlansDesAides, plans_des_aides
from pope_foncier.decision.sensibilite.en_bref import en_bref
from pope_foncier.decision.soutien import Besoin, annonce, besoins
from pope_foncier.etude.a_confirmer import a_demander
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.fiche import Acteurs
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.lectures import a_trouver, a_trouver_en_tout, apports, capital_a_trouver
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_bouclage import DEMARRAGE
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.aides import tableaux as tableaux_aides
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_plausibilite
from pope_foncier.vues.decision.sensibilite import mots
from pope_foncier.vues.documents import note_annexe
from pope_foncier.vues.etude import tableaux, tableaux_financement
from pope_foncier.vues.etude.tableaux import pese_en_bref
from pope_foncier.vues.etude.tableaux_scenarios import comparaison_courte
from pope_foncier.vues.formes import cases, lectures, mots_de_caisse, page
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

_STYLE = """
@page{size:A4;margin:8mm 12mm}
body{font-size:8.4pt;line-height:1.25;max-width:186mm;margin:0 auto;padding:4mm}
@media print{body{padding:0}}
h1{font-size:1.45em;margin:0}
h2{margin:.4em 0 .1em}
.colonnes{display:grid;grid-template-columns:1fr 1fr;gap:0 6mm}
.lecture{border-left:4px solid #8a3b00;padding-left:2mm}
td{white-space:nowrap}td:first-child,td.g:first-child{white-space:normal;max-width:52mm}
.scenarios td:first-child{width:36%;max-width:none}.colonnes td:first-child{width:58%;max-width:none}
.budget td:first-child{width:auto;white-space:nowrap}
.cles{display:grid;grid-template-columns:.6fr .79fr 1.37fr 1.31fr .96fr;gap:2mm;margin:1.2mm 0}
.cle{border:1px solid var(--trait);border-left:4px solid var(--bleu);padding:.8mm 1.6mm}
.cle b{display:block;font-size:1.25em}
.cle span{color:var(--gris);font-size:.9em}
ol{margin:.1em 0 .1em 1.2em;padding:0}
p{margin:.15em 0}
.avis{font-size:.93em;margin-top:.35em}
table{font-size:.93em}
th,td{padding:.06em .35em}
@media screen{.scenarios td:first-child{white-space:normal;max-width:none}}
@media screen and (max-width:700px){.colonnes{grid-template-columns:minmax(0,1fr)}.cles{grid-template-columns:1fr 1fr}
.colonnes>div,.scenarios{overflow-x:auto}}
"""


_QUESTIONS = 2
"""Questions that the sheet names."""
_SEUILS, _INCONNUES = 3, 3
"""Thresholds that would change the answer, and unknowns worth knowing, that the sheet names."""


def rediger(resultat: Resultat, moteur: Moteur) -> str:
    """Write the note of a study as a self-contained HTML page: one A4 sheet, then its annex on another.

    The words and their order are those of the template ``note.html``; a study that holds no place says why, and shows no figure.
    """
    etude, vue = resultat.dossier.etude, resultat.vue()
    corps = page.remplir(
        "note.html",
        etude=etude,
        nom=resultat.dossier.nom,
        depart=date_en_clair(etude.date_depart),
        lecture=lectures.sans_place(vue) or lectures.phrase(vue),
        projet=_quoi_ou(vue),
        scenarios=comparaison_courte(resultat),
        questions=etude.questions_ouvertes[:3],
        chiffres=None if vue.aucune_place else _chiffres(resultat, moteur, vue),
        annexe=None if vue.aucune_place else note_annexe.parties(resultat, moteur),
    )
    return page.page(f"Note de décision — {etude.titre}", corps, f"{_STYLE}{note_annexe.STYLE}")


def _chiffres(resultat: Resultat, moteur: Moteur, vue: Vue) -> dict[str, Any]:
    """Figures of the base study, by their name in the template."""
    return {
        "cles": _chiffres_cles(resultat, moteur),
        "reserves": [x for x in (lectures.capital(vue), mots_de_caisse.caisse(vue)) if x],
        "attendus": _attendus(vue),
        "choix": _choix(resultat, moteur),
        "vraisemblance": tableaux_plausibilite.phrase_courte(vue),
        "ressources": _ressources(vue),
        "budget": _budget(vue),
        "epreuves": _epreuves(vue),
    }


def _chiffres_cles(resultat: Resultat, moteur: Moteur) -> list[tuple[str, str, str]]:
    vue, plans = resultat.vue(), plans_des_aides(resultat.dossier, moteur)
    places = vue.valeur(vue.ev.capacite.places)
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    quand = "inconnue" if np.isnan(ouverture) else vue.ev.ctx.echelle.mois_en_clair(int(ouverture))
    return [
        ("Places", formater_nombre(places), f"ouverture : {quand}"),
        (
            "Coût total TTC",
            euros(_arrondir(vue.valeur(vue.ev.cout.total_ttc))),
            lectures.fourchette(fourchette_totale(vue)),
        ),
        ("À trouver", euros(_arrondir(a_trouver(vue))), _part_a_trouver(vue, plans)),
        _cle_de_la_commune(vue),
        _cle_de_la_dette(vue),
    ]


def _part_a_trouver(vue: Vue, plans: PlansDesAides | None) -> str:
    """Share of the needs; then what it becomes if the grants come at their chance only, and with the cash at its worst."""
    manque = a_trouver(vue)
    if np.isnan(manque):
        return "le plan ne se calcule pas encore"
    if manque <= 0.5:
        return f"le plan est financé{_si_les_aides(plans)}"
    tout = a_trouver_en_tout(vue)["total"]
    avec = f" ; {euros(_arrondir(tout))} avec la trésorerie" if tout > manque + BOUCLE_A else ""
    return f"{_part(vue, manque)} des besoins, promis par personne{_si_les_aides(plans)}{avec}"


def _si_les_aides(plans: PlansDesAides | None) -> str:
    """What is to find on top when the hoped grants do not all come; nothing when there is none or it cannot be told."""
    if plans is None:
        return ""
    attendu, aucune = (plans.reste_de_plus(nom) for nom in ("attendu", "aucune"))
    if not aucune > BOUCLE_A:
        return ""
    chance = f"à leur chance : +{euros(_arrondir(attendu))}, " if attendu > BOUCLE_A else ""
    return f", si toutes les aides viennent ({chance}aucune : +{euros(_arrondir(aucune))})"


def _cle_de_la_commune(vue: Vue) -> tuple[str, str, str]:
    """What the study says of the commune by place in the cruising year, and what covering the debt would take."""
    dite, exploitation = annonce(vue), vue.ev.ctx.etude.exploitation
    if dite is None or exploitation is None:
        return ("Commune, par place et par an", "sans objet", "pas de compte d'exploitation")
    if np.isnan(dite.par_place):
        return ("Commune, par place et par an", "—", "pas d'année de croisière, ou montants inconnus")
    mode = lectures.mode_de_soutien(exploitation.contribution_commune)
    montee = vue.bouclee.valeur(vue.bouclee.indicateurs["contribution_par_place_montee"])
    pleine = f"{euros(montee)} en {vue.annee_pleine} ; " if vue.annee_pleine != vue.annee_de_croisiere else ""
    il_faudrait = _il_faudrait(besoins(vue))
    moyenne = f"{mode}, {euros(dite.par_place_an)} en moyenne" if dite.par_place_an > 0 else mode
    return (
        f"Commune, par place en {vue.annee_de_croisiere}",
        euros(dite.par_place),
        f"{pleine}{moyenne} ; {il_faudrait}",
    )


def _il_faudrait(trouves: Sequence[Besoin]) -> str:
    """What the readings of « balance » would take by place and year, and what would still be to find for the investment."""
    moyennes = [b.par_place_an for b in trouves] or [np.nan]
    restes = [_arrondir(b.a_trouver) for b in trouves] or [np.nan]
    reste = (
        euros(max(restes)) if min(restes) == max(restes) else f"{formater_nombre(min(restes))} à {euros(max(restes))}"
    )
    encore = "" if not max(restes) > 0 else f", et encore trouver {reste}"
    return f"il faudrait {formater_nombre(min(moyennes))} à {euros(max(moyennes))} en moyenne{encore}"


def _cle_de_la_dette(vue: Vue) -> tuple[str, str, str]:
    ratio = lectures.ratio_de(vue.bouclee, "couverture_minimale")
    valeur, _, statut = lectures.couverture(vue).partition(", ")
    seuil = "" if ratio is None else f"seuil {formater_nombre(ratio.controle.seuil, 2)}, {ratio.controle.origine}"
    pourquoi = "rien ne dit ce qui paie les prêts" if ratio is None and valeur == "inconnue" else ""
    return ("Couverture de la dette", valeur, " ; ".join(x for x in (statut, seuil, pourquoi) if x))


def _attendus(vue: Vue) -> list[str]:
    """What weighs most among what somebody must confirm, by place and by year, and whom to ask."""
    return [
        f"{minuscule(x.quoi)}, {pese_en_bref(x, '€')} ({x.aupres_de.split(',')[0]})"
        for x in a_demander(vue, _QUESTIONS)
    ]


def _choix(resultat: Resultat, moteur: Moteur) -> dict[str, Any] | None:
    """Ceiling of the commune, what would change the answer, what to know first; nothing where the study states no ceiling or is unknown."""
    bref = en_bref(resultat.dossier, moteur)
    if bref is None:
        return None
    return {
        "constat": mots.constat(bref),
        "renverse": mots.ce_qui_renverse(bref),
        "avis": mots.changer_d_avis(bref, _SEUILS),
        "savoir": mots.des_inconnues(bref.inconnues[:_INCONNUES]),
    }


def _arrondir(valeur: float) -> float:
    """Round to the thousand: a ratio estimate has no euros."""
    return valeur if np.isnan(valeur) else round(valeur, -3)


def _quoi_ou(vue: Vue) -> dict[str, Any]:
    """What the project is, where, by which tenure, and who holds it."""
    etude, site = vue.ev.ctx.etude, vue.ev.ctx.site
    titre = etude.titre_occupation
    droits = "avec droits réels" if titre.droits_reels else "sans droits réels"
    return {
        "mode": mode_de_l_etude(etude.mode_accueil).libelle,
        "surface": _mention(etude.programme.surface_m2, "m²"),
        "lieu": f"{site.nom}, {site.commune}",
        "titre": f"{_minuscule(titre_de(titre.genre).libelle)} {droits}",
        "duree": _mention(titre.duree_mois, "mois"),
        "loyer": _mention(titre.loyer_m2_an, "€/m²/an"),
        "qui": _qui(etude.acteurs),
    }


def _qui(acteurs: Acteurs) -> str:
    """Who owns, runs and orders the works."""
    if acteurs.maitre_ouvrage == "gestionnaire":
        return f"{acteurs.proprietaire} possède, {acteurs.gestionnaire} gère et conduit les travaux"
    return f"{acteurs.proprietaire} possède et conduit les travaux, {acteurs.gestionnaire} gère"


def _minuscule(texte: str) -> str:
    """First letter in lower case, acronyms kept."""
    return texte[:1].lower() + texte[1:]


def _mention(donnee: Donnee[float] | Donnee[int], unite: str) -> tuple[str | None, bool]:
    """Value with its unit, none when unknown, and whether it is an assumption."""
    texte = None if donnee.valeur is None else f"{formater_nombre(float(donnee.valeur), 2, 0)} {unite}"
    return texte, donnee.est_hypothese


def _ressources(vue: Vue) -> Table:
    """Who pays the closed plan; what nobody brings is last, under the aids that were not asked for."""
    bouclee, total = vue.bouclee, vue.bouclee.montant("besoins.total")
    sommes = [
        (f"{x.libelle}{tableaux_aides.statut(vue, x.code)}", bouclee.montant(x.code))
        for x in tableaux_financement.ressources_comptees(bouclee)
        if not x.boucle
    ]
    sommes += [(f"{lectures.qui_apporte(a.boucleur)}, bouclage", m) for a, m in apports(vue) if not a.est_a_trouver]
    lignes: list[Rang] = [(nom, cases.montant(_arrondir(v)), _part(vue, v)) for nom, v in sommes]
    non_demandees = [a.libelle for a in vue.ev.ctx.etude.aides if a.statut == "non_demandee"]
    manques = _a_trouver(vue)
    lignes += [(nom, cases.montant(_arrondir(v)), _part(vue, v)) for nom, v in manques]
    lignes.append((libelle("besoins.total"), cases.montant(_arrondir(total)), _part(vue, total)))
    return Table(
        lectures.nommer("Qui paie les besoins de départ", lectures.BOUCLE),
        ("Ressource", "Montant", "Part"),
        tuple(lignes),
        note=f"Non demandées, non comptées : {' ; '.join(non_demandees)}." if non_demandees else "",
        totaux=tuple(range(len(lignes) - len(manques) - 1, len(lignes))),
    )


def _a_trouver(vue: Vue) -> list[tuple[str, float]]:
    """What nobody brings: in one line, or the capital of the owner apart from the start of its operator when they are two."""
    trouves = [(a.boucleur, m) for a, m in apports(vue) if a.est_a_trouver]
    if len(trouves) < 2:
        return [("À trouver, promis par personne", a_trouver(vue))]
    acteurs = vue.ev.ctx.etude.acteurs
    noms = {DEMARRAGE.id: f"À trouver, démarrage : {acteurs.gestionnaire}"}
    autre = "capital" if capital_a_trouver(vue) else "travaux"
    return [(noms.get(b.id, f"À trouver, {autre} : {acteurs.nom_maitre_ouvrage}"), m) for b, m in trouves]


def _part(vue: Vue, valeur: float) -> Case:
    return cases.part(vue.bouclee.part_des_besoins(valeur), 0).sinon("—")


_ANNEES = 4
"""Years of the budget that the page has room for, before the whole life; the annex has the others."""
_DANS_L_ANNEXE = ("À trouver (personne)", "Fonctionnement par place")
"""Columns of the budget that the annex alone shows."""


def _budget(vue: Vue) -> Table | None:
    """Budget of the commune on the closed plan: first years, whole life, by place and year, investment apart and included.

    Nothing when it pays for neither works nor operation.
    """
    if vue.ev.compte is None and not np.any(budget(vue).investissement):
        return None
    complet = tableaux.budget_commune(vue, annees=_ANNEES)
    gardees = [i for i, nom in enumerate(complet.entetes) if nom not in _DANS_L_ANNEXE]
    return Table(
        lectures.nommer("Budget de la commune", lectures.BOUCLE),
        tuple(complet.entetes[i] for i in gardees),
        tuple((_court(ligne[0]), *(ligne[i] for i in gardees[1:])) for ligne in complet.cellules),
        note=f"Fonctionnement : {lectures.soutien(vue)}. Ce qui est à trouver n'y est pas." if vue.ev.compte else "",
        totaux=complet.totaux,
    )


def _court(nom: Cellule) -> Cellule:
    return nom.replace(" et par an d'ouverture", " et par an") if isinstance(nom, str) else nom


def _epreuves(vue: Vue) -> Table | None:
    """Hardest stresses; nothing where they cannot be computed."""
    if np.isnan(vue.montant("ressources.reste_a_financer")):
        return None
    return tableaux_epreuves.les_plus_dures(vue, eprouver(vue))
