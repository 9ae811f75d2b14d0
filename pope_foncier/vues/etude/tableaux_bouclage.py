"""Table of the closing of a plan: the gap, what closing it changes, each closer in the order of the calls, the total."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.a_trouver import EN_TRESORERIE
from pope_foncier.etude.bouclage import ApportDeBouclage
from pope_foncier.etude.lectures import (
    a_trouver_en_tout,
    apporte_en_tout,
    apports,
    besoins_que_boucler_change,
    ce_que_boucler_change,
    est_boucle_en_tresorerie,
)
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.mots_de_caisse import caisse, en_tout
from pope_foncier.vues.formes.table import Table


def bouclage(vue: Vue) -> Table | None:
    """How the plan is closed: gap of the plan as it stands, what closing changes, each closer, total; None without a gap."""
    if not vue.est_ouverte:
        return None
    apportes = [(a, m) for a, m in apports(vue) if not m <= 0.5]
    change = ce_que_boucler_change(vue)
    lignes: list[Rang] = [
        ("Reste à financer du plan tel quel", "", "", "", cases.montant(vue.montant("ressources.reste_a_financer")))
    ]
    if abs(change) > 0.5:
        ecart = cases.montant(change).signee()
        lignes.append((f"Ce que boucler y change{_ce_qui_change(vue)}", "", "", "", ecart))
    lignes += [_apport(vue, a, m) for a, m in apportes]
    lignes.append(("Total apporté pour boucler", "", "", "", cases.montant(apporte_en_tout(vue))))
    rang_total, tout = len(lignes) - 1, a_trouver_en_tout(vue)
    if not est_boucle_en_tresorerie(vue) and not np.isnan(tout["total"]):
        lignes.append((f"{EN_TRESORERIE}, au pire", "personne", "", "", cases.montant(tout["exploitation"])))
        lignes.append((libelle("a_trouver.total"), "", "", "", cases.montant(tout["total"])))
    return Table(
        lectures.nommer("Bouclage du plan", lectures.BOUCLE),
        ("Ligne", "Qui l'apporte", "Nature", "À partir de", "€"),
        tuple(lignes),
        note=" ".join(x for x in (lectures.phrase(vue), lectures.capital(vue), caisse(vue), en_tout(vue)) if x),
        totaux=tuple(sorted({0, rang_total, len(lignes) - 1})),
    )


def _apport(vue: Vue, apport: ApportDeBouclage, montant: float) -> Rang:
    boucleur = apport.boucleur
    return (
        boucleur.libelle,
        "personne" if apport.est_a_trouver else boucleur.apporteur or "—",
        lectures.nature(boucleur),
        _premier_mois(vue.bouclee, boucleur.id),
        cases.montant(montant),
    )


def _ce_qui_change(vue: Vue) -> str:
    """Names of the uses that closing the plan changes."""
    noms = [x.libelle.lower() for x in besoins_que_boucler_change(vue)]
    return f" ({', '.join(noms)})" if noms else ""


def _premier_mois(vue: Vue, cle: str) -> Cellule:
    """First month in which a closer moves money."""
    flux = [x.code for x in vue.ev.livre.lignes.values() if x.est_flux and x.boucle and x.identifiant == cle]
    mois = [int(m) for code in flux for m in np.flatnonzero(np.nan_to_num(vue.mensuel(code)))[:1]]
    return cases.mois(vue.ev.ctx.echelle, min(mois)) if mois else "—"
