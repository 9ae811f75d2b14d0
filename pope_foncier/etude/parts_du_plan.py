"""Needs of the closed plan of a scenario by who pays them."""

from __future__ import annotations

from collections.abc import Iterable

from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.resultats import Vue

PARTS = ("aides", "emprunts", "apports", "bouclage annoncé", "à trouver")
"""Who pays, what is to find last."""


def par_nom(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Parts by name; two of the same name add up."""
    sommes: dict[str, float] = {}
    for nom, valeur in parts:
        sommes[nom] = sommes.get(nom, 0.0) + valeur
    return sommes


def parts_du_plan(vue: Vue) -> dict[str, float]:
    """Needs of the closed plan by who pays them, in the order of ``PARTS`` [€]; NaN when unknown."""
    bouclee, apportes = vue.bouclee, apports(vue)
    annonce = sum(m for a, m in apportes if not a.est_a_trouver)
    fermes = {b.cle for b in bouclee.ev.ctx.boucleurs}
    aides = sum((bouclee.valeur(a.subvention) for a in bouclee.ev.subventions if a.aide.id not in fermes), 0.0)
    prets = sum((bouclee.valeur(d.capital) for d in bouclee.ev.dettes if d.id not in fermes), 0.0)
    manque = a_trouver(vue)
    autres = bouclee.valeur(bouclee.ev.plan.besoins) - aides - prets - annonce - manque
    return dict(zip(PARTS, (aides, prets, autres, annonce, manque), strict=True))
