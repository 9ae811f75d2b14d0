"""Decision note: one A4 page — places, cost with range, what is to find, who pays, the commune's budget, stresses, questions.

A second page, the annex of the committee, holds what a lender reads year by year (``note_annexe``).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.decision.epreuves import eprouver
from pope_foncier.decision.sensibilite.en_bref import en_bref
from pope_foncier.etude.a_confirmer import a_demander
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.fiche import Acteurs
from pope_foncier.etude.lectures import a_trouver, apports, capital_a_trouver
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.provenance import provenance
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_bouclage import DEMARRAGE
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.erreurs import ErreurPope, abreger
from pope_foncier.socle.francais import espaces
from pope_foncier.socle.nombres import formater_nombre, pourcent
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.refus import paquet_absent
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.aides import tableaux as tableaux_aides
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_plausibilite
from pope_foncier.vues.decision.sensibilite import mots
from pope_foncier.vues.documents import note_annexe, note_chiffres
from pope_foncier.vues.documents.note_chiffres import arrondir
from pope_foncier.vues.etude import tableaux, tableaux_financement
from pope_foncier.vues.etude.service_public import soutien_en_bref
from pope_foncier.vues.etude.tableaux import pese_en_bref
from pope_foncier.vues.etude.tableaux_scenarios import comparaison_courte
from pope_foncier.vues.formes import cases, lectures, mots_de_caisse, page
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.gabarits import balises
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.places import locaux_du_scenario

_STYLE = """
@page{size:A4;margin:8mm 12mm}
body{line-height:1.2;max-width:186mm;margin:0 auto;padding:4mm}
@media print{body{padding:0}.feuille{display:flex;flex-direction:column;justify-content:space-between;min-height:280mm}}
h1{font-size:1.6em;margin:0}
h2{margin:.3em 0 .1em}
header p{margin:.1em 0 0}
.genre{color:var(--gris);float:right;font-size:.95em}
.tete{display:grid;grid-template-columns:58mm 1fr;gap:0 4mm;align-items:start}
figure{margin:0}figure svg{width:100%;height:auto;display:block;border:1px solid var(--trait)}
figcaption{color:var(--gris);font-size:.8em;line-height:1.15;margin-top:.3em}
.cles th,.cles td{text-align:left;padding:.16em .4em;white-space:normal;vertical-align:baseline}
.cles th{font-weight:normal;width:27%}
.cles td:nth-child(2){white-space:nowrap;font-weight:bold;font-size:1.12em}
.cles td:nth-child(3){font-size:.95em}
.cles tr:first-child :is(th,td){border-top:2px solid var(--encre);border-bottom:2px solid var(--encre)}
.cles tr:first-child td:nth-child(2){font-size:1.7em}
.cles tr:first-child th{font-weight:bold}
.cles i{white-space:nowrap}
.lecture{border-left:4px solid var(--encre);padding-left:2mm}
.colonnes{columns:2;column-gap:6mm}.colonnes>*{break-inside:avoid}
.cadre{border:1px solid var(--encre);padding:.6mm 1.6mm;margin-bottom:.5em}
.cadre h2{border:0;margin:0}
td{white-space:nowrap}td:first-child,td.g:first-child{white-space:normal;max-width:52mm}
.scenarios td:first-child{width:38%;max-width:none}.colonnes td:first-child{width:58%;max-width:none}
.scenarios table{font-size:.9em}
.budget td:first-child{width:auto;white-space:nowrap}.budget table{font-size:.88em}.budget :is(td,th){padding:.04em .25em}
ol{margin:.1em 0 .1em 1.2em;padding:0}
p{margin:.15em 0}
table{font-size:.93em}
th,td{padding:.04em .35em}
.bas p{font-size:.95em}
@media screen{.scenarios td:first-child{white-space:normal;max-width:none}}
@media screen and (max-width:700px){.colonnes{columns:1}.tete{grid-template-columns:minmax(0,1fr)}
.colonnes>div,.scenarios{overflow-x:auto}}
"""
_CORPS = ((3_300, 10.4), (4_200, 9.6), (5_200, 8.8), (6_300, 8.1), (7_000, 7.8))
"""Size of the letters of the sheet [pt] by the signs that it holds; beyond, the smallest."""
_PETIT = 7.4


_BASE_MAX = 110
"""Signs that the caption of the plan gives to what it supposes."""
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
        dessin=_dessin(vue),
        provenance=d_ou_viennent_les_chiffres(vue),
        chiffres=None if vue.aucune_place else _chiffres(resultat, moteur, vue),
        annexe=None if vue.aucune_place else note_annexe.parties(resultat, moteur),
    )
    corps_pt = next((pt for signes, pt in _CORPS if _signes(corps) <= signes), _PETIT)
    style = f"{_STYLE}.feuille{{font-size:{corps_pt}pt}}{note_annexe.STYLE}"
    return page.page(f"Note de décision — {etude.titre}", espaces(corps), style)


def _signes(corps: str) -> int:
    """Signs of the sheet as it is read, without its picture and its annex."""
    feuille = re.sub(r"<svg.*?</svg>", "", corps.partition("</main>")[0], flags=re.S)
    return len(re.sub(r"<[^>]+>|\s+", " ", feuille))


def _chiffres(resultat: Resultat, moteur: Moteur, vue: Vue) -> dict[str, Any]:
    """Figures of the base study, by their name in the template."""
    doute = note_chiffres.tirer(resultat, moteur)
    return {
        "cles": note_chiffres.cles(resultat, moteur, doute),
        "tirages": "" if doute is None else formater_nombre(doute.tiree.nombre),
        "reserves": [x for x in (lectures.capital(vue), mots_de_caisse.caisse(vue)) if x],
        "attendus": attendus(vue),
        "choix": choix(resultat, moteur),
        "vraisemblance": tableaux_plausibilite.phrase_courte(vue),
        "ressources": _ressources(vue),
        "budget": _budget(vue),
        "epreuves": _epreuves(vue),
    }


def _dessin(vue: Vue) -> dict[str, Any]:
    """Plan or block diagram of the place with the names of its rooms; without one, why."""
    try:
        trace = locaux_du_scenario.plan_ou_schema(vue, locaux_du_scenario.lieu_dessine(vue))
        if isinstance(trace, str):
            return {"image": None, "mots": trace}
        image = plan_simple.croquis_en_svg(trace)
    except ModuleNotFoundError as erreur:
        return {"image": None, "mots": paquet_absent(erreur, "dessiner le plan")}
    except ErreurPope as erreur:
        return {"image": None, "mots": str(erreur)}
    fiche = trace.fiche
    suppose = f" (supposé : {abreger(fiche.base.rpartition(' ; ')[2], _BASE_MAX)})" if fiche.base else ""
    return {"image": balises(image), "titre": f"{fiche.titre}{suppose}, à l'échelle", "mots": plan_simple.noms(trace)}


def d_ou_viennent_les_chiffres(vue: Vue) -> str:
    """What the figures rest on, in one sentence."""
    lu = provenance(vue)
    if not lu.lues:
        return ""
    dits = ((lu.hypotheses, "hypothèse"), (lu.a_confirmer, "à confirmer"), (lu.inconnues, "inconnue"))
    comptes = ", ".join(
        f"{formater_nombre(n)} {mots}{'s' if n > 1 and mots != 'à confirmer' else ''}" for n, mots in dits if n
    )
    return (
        f"{pourcent(lu.part_douteuse, 0)} des {formater_nombre(lu.lues)} données lues sont supposées, à confirmer ou inconnues "
        f"({comptes}) ; les autres viennent de la loi ou de faits publiés."
    )


def attendus(vue: Vue) -> list[str]:
    """What weighs most among what somebody must confirm, by place and by year, and whom to ask."""
    return [
        f"{minuscule(x.quoi)}, {pese_en_bref(x, '€')} ({x.aupres_de.split(',')[0]})"
        for x in a_demander(vue, _QUESTIONS)
    ]


def choix(resultat: Resultat, moteur: Moteur) -> dict[str, Any] | None:
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
    lignes: list[Rang] = [(nom, cases.montant(arrondir(v)), _part(vue, v)) for nom, v in sommes]
    non_demandees = [a.libelle for a in vue.ev.ctx.etude.aides if a.statut == "non_demandee"]
    manques = _a_trouver(vue)
    lignes += [(nom, cases.montant(arrondir(v)), _part(vue, v)) for nom, v in manques]
    lignes.append((libelle("besoins.total"), cases.montant(arrondir(total)), _part(vue, total)))
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


_ANNEES = 3
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
    dite = f"Fonctionnement : {lectures.soutien(vue)}. Ce qui est à trouver n'y est pas." if vue.ev.compte else ""
    return Table(
        lectures.nommer("Budget de la commune", lectures.BOUCLE),
        tuple(complet.entetes[i] for i in gardees),
        tuple((_court(ligne[0]), *(ligne[i] for i in gardees[1:])) for ligne in complet.cellules),
        note=" ".join(x for x in (dite, soutien_en_bref(vue)) if x),
        totaux=complet.totaux,
    )


def _court(nom: Cellule) -> Cellule:
    return nom.replace(" et par an d'ouverture", " et par an") if isinstance(nom, str) else nom


def _epreuves(vue: Vue) -> Table | None:
    """Hardest stresses; nothing where they cannot be computed."""
    if np.isnan(vue.montant("ressources.reste_a_financer")):
        return None
    return tableaux_epreuves.les_plus_dures(vue, eprouver(vue))
