"""Tables of a study: published facts, ratios, budget of the commune, what is to confirm."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude import effort
from pope_foncier.etude.a_confirmer import SI_ELLE_MANQUE, AConfirmer, a_confirmer, a_demander
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.controles import STATUT_EN_CLAIR, Ratio
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.resultats import faits as faits_de
from pope_foncier.vues.etude.service_public import soutien_en_clair
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table


def faits(vue: Vue) -> Table | None:
    """What was published or seen, with its source; None without any."""
    lignes = tuple((fait.nom, cases.grandeur(fait, vue.rang), source) for fait, source in faits_de(vue))
    return Table("Ce qui est publié ou constaté", ("Quoi", "Valeur", "Source"), lignes, texte=True) if lignes else None


def ratios(vue: Vue) -> Table:
    """Ratios on both readings, with threshold, source of the threshold, and status on the closed plan."""
    bouclee = vue.bouclee
    ouverts = {} if vue.ev.est_bouclee else {r.code: r for r in vue.ratios}
    lignes: list[Rang] = []
    for ratio in bouclee.ratios:
        seuil = cases.mesure(ratio.controle.seuil, ratio.controle.unite)
        signe = "≤" if ratio.controle.sens == "au_plus" else "≥"
        lignes.append(
            (
                ratio.controle.libelle,
                *((_valeur_de_ratio(ouverts[ratio.code], vue.rang),) if ouverts else ()),
                _valeur_de_ratio(ratio, bouclee.rang),
                seuil.dite(f"{signe}\u00a0{seuil}"),
                STATUT_EN_CLAIR[ratio.statut(bouclee.rang)],
                ratio.controle.origine,
            )
        )
    colonnes = ("Plan tel quel", "Plan bouclé") if ouverts else ("Plan bouclé",)
    return Table(
        "Ratios",
        ("Ratio", *colonnes, "Seuil", "Statut, plan bouclé", "Origine du seuil"),
        tuple(lignes),
        note=lectures.phrase(vue),
        texte=True,
    )


def _valeur_de_ratio(ratio: Ratio, rang: int) -> Cellule:
    """Value of a ratio, or why it has none, the amount being in the note."""
    motif = ratio.motif(rang)
    if ratio.sans_ressource(rang):
        return motif
    if motif:
        return f"indéterminé : {motif.split(' : ')[0]}"
    valeur = ratio.grandeur.au_point(rang)
    return cases.nombre(valeur, 2) if ratio.controle.unite == "" else cases.grandeur(ratio.grandeur, rang)


def budget_commune(vue: Vue, annees: int = 12) -> Table:
    """What the commune pays on the closed plan: first years, the others together, whole life, and by place and year."""
    du_plan = budget(vue)
    colonnes = {
        "Investissement": "investissement",
        "Fonctionnement": "fonctionnement",
        "Ensemble": "ensemble",
        "À trouver (personne)": "a_trouver",
    }
    if du_plan.paie_autrement:
        colonnes["Versé au fonctionnement"] = "verse"
    valeurs = [getattr(du_plan, nom) for nom in colonnes.values()]
    par_place, totaux, apres = du_plan.fonctionnement_par_place, du_plan.totaux, du_plan.apres(annees)
    lignes: list[Rang] = [
        (cases.annee(a), *(cases.montant(float(v[rang])) for v in valeurs), _ou_tiret(float(par_place[rang])))
        for rang, a in enumerate(vue.annees[:annees])
    ]
    payees = np.flatnonzero((np.abs(np.array(valeurs)[:, annees:]) > 0.5).any(axis=0))
    if payees.size:
        derniere = vue.annees[annees + int(payees[-1])]
        seule = derniere == vue.annees[annees]
        quand = cases.annee(derniere) if seule else f"{vue.annees[annees]} à {derniere}"
        lignes.append((quand, *(cases.montant(apres[nom]) for nom in colonnes.values()), ""))
    lignes.append(("Toute la durée", *(cases.montant(totaux[nom]) for nom in colonnes.values()), ""))
    moyennes = [du_plan.par_place_et_par_an(v) for v in colonnes.values()]
    lignes.append(("Par place et par an d'ouverture", *map(_ou_tiret, moyennes), ""))
    suite = f" Fonctionnement : {lectures.soutien(vue)}." if vue.ev.compte is not None else ""
    return Table(
        lectures.nommer("Reste à charge de la commune", lectures.BOUCLE),
        ("Année", *colonnes, "Fonctionnement par place"),
        tuple(lignes),
        note=f"{lectures.phrase(vue)}{suite} Ensemble : investissement et fonctionnement ; ce qui est à trouver n'y est pas. "
        f"{soutien_en_clair(vue)}".strip(),
        totaux=(len(lignes) - 2, len(lignes) - 1),
    )


def _ou_tiret(valeur: float) -> Case:
    return cases.montant(valeur).sinon("—")


def tableau_a_confirmer(vue: Vue) -> Table:
    """What is missing, then every figure that somebody must confirm, the heaviest first."""
    demandes = [x for x in a_confirmer(vue) if x.rang < 2]
    lignes: list[Rang] = [(x.quoi, _retenue(x), _pese(x), x.pourquoi, x.aupres_de) for x in demandes]
    manquent = [x.rang for x in demandes].count(0)
    note = f"{manquent} inconnu(s) d'abord, puis {len(lignes) - manquent} point(s) à demander, le plus lourd d'abord. {_PESE}"
    return Table(
        "À confirmer",
        ("Quoi", "Valeur retenue", "Pèse", "Pourquoi", "Auprès de"),
        tuple(lignes),
        note=note,
        texte=True,
        melee=True,
    )


_DEMANDES = 5
"""Questions that a workshop shows."""


def a_demander_d_abord(vue: Vue) -> Table | None:
    """Which questions to ask first, and to whom; nothing when nobody has anything to answer that weighs."""
    demandes = a_demander(vue, _DEMANDES)
    if not demandes:
        return None
    lignes: tuple[Rang, ...] = tuple((x.quoi, x.aupres_de, _retenue(x), _pese(x)) for x in demandes)
    entetes = ("Quoi", "Auprès de", "Valeur retenue", "Pèse")
    return Table("À demander d'abord", entetes, lignes, note=_PESE, texte=True, melee=True)


def hypotheses_de_travail(vue: Vue) -> Table:
    """Assumptions that nobody in particular is asked to confirm, the heaviest first."""
    lignes: list[Rang] = [(x.quoi, _retenue(x), _pese(x), x.pourquoi) for x in a_confirmer(vue) if x.rang == 2]
    return Table(
        "Hypothèses de travail",
        ("Quoi", "Valeur retenue", "Pèse", "D'où elle vient"),
        tuple(lignes),
        note=_PESE,
        texte=True,
        melee=True,
    )


_PESE = (
    f"Pèse : ce que la ligne déplace, en plus ou en moins, de l'effort demandé ({effort.EN_CLAIR}) sur son intervalle, sinon sur dix "
    "pour cent."
)


def _pese(ligne: AConfirmer) -> Cellule:
    """Weight of a row on the effort asked, and over what; a dash where it has none."""
    if np.isnan(ligne.poids):
        return ligne.selon or "—"
    suite = f" {ligne.selon}" if ligne.selon == SI_ELLE_MANQUE else f" ({ligne.selon})"
    return cases.mesure(ligne.poids, effort.UNITE).dite(f"{pese_en_bref(ligne)}{suite}")


def pese_en_bref(ligne: AConfirmer, unite: str = effort.UNITE) -> str:
    """Weight of a row without its range: more or less, or more when it is a grant that may be refused; « inconnu » without any."""
    if np.isnan(ligne.poids):
        return ligne.valeur
    signe = "+" if ligne.selon == SI_ELLE_MANQUE else "±"
    return f"{signe}\u00a0{cases.mesure(round(ligne.poids), unite)}"


def _retenue(ligne: AConfirmer) -> Cellule:
    """Value of a figure to confirm, or the words that stand for it."""
    return ligne.valeur if np.isnan(ligne.nombre) else cases.mesure(ligne.nombre, ligne.unite).dite(ligne.valeur)
