"""Share of the State support to childcare that a commune receives: floor × coefficient of its births × coefficient of its financial capacity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.territoire.fiche import lire_territoire

_REGLE = "exploitation.service_public."


def attribution(ctx: Contexte, plancher: float) -> tuple[float, float] | None:
    """Lowest and highest amount of the commune of the site [€/year]; equal when both coefficients are known.

    The law gives a share in proportion to the product of the two coefficients (R. 214-10-3 CASF). Births of the last years published are
    those of the territory shipped, the financial capacity that of the study; None when the births are not known.

    Args:
        ctx: context of the evaluation.
        plancher: amount of a commune whose coefficients are 1 [€/year].
    """
    naissances = _naissances(ctx)
    if naissances is None:
        return None
    rangs, coefficients = _table(ctx, "naissances_rangs"), _table(ctx, "naissances_coefficients")
    par_naissances = [coefficients[_ligne(rangs, n)] for n in naissances]
    par_potentiel = _du_potentiel(ctx)
    return plancher * min(par_naissances) * min(par_potentiel), plancher * max(par_naissances) * max(par_potentiel)


def _naissances(ctx: Contexte) -> tuple[float, float] | None:
    """Lowest and highest births that the years of the law may add up to, from the last two years known; None when the commune has none."""
    territoire = lire_territoire()
    try:
        code = territoire.commune(ctx.site.code_insee).code
    except ErreurCalcul:
        return None
    table = territoire.table("naissances")
    connues = [float(n) for n in table.valeurs[table.codes.index(code)] if not np.isnan(n)]
    annees = float(ctx.catalogue.a_la_date(f"{_REGLE}naissances_annees", ctx.etude.date_demande).valeur)
    return (annees * min(connues[-2:]), annees * max(connues[-2:])) if connues else None


def _du_potentiel(ctx: Contexte) -> list[float]:
    """Coefficients that the financial capacity may have: one when its row is known, those around a row that was not found, else all."""
    rangs, coefficients = _table(ctx, "potentiel_rangs"), _table(ctx, "potentiel_coefficients")
    dite = ctx.etude.territoire.potentiel_financier
    if dite is None or dite.valeur is None:
        return list(coefficients.values())
    ligne, ordre = _ligne(rangs, dite.valeur), list(rangs)
    if ligne in coefficients:
        return [coefficients[ligne]]
    avant = [coefficients[x] for x in ordre[: ordre.index(ligne)] if x in coefficients]
    apres = [coefficients[x] for x in ordre[ordre.index(ligne) :] if x in coefficients]
    return [*avant[-1:], *apres[:1]]


def _table(ctx: Contexte, nom: str) -> Mapping[str, float]:
    valeur: Mapping[str, float] = ctx.catalogue.a_la_date(f"{_REGLE}{nom}", ctx.etude.date_demande).valeur
    return valeur


def _ligne(rangs: Mapping[str, float], valeur: float) -> str:
    """Row that a value opens: the last whose start it reaches."""
    return [nom for nom, debut in rangs.items() if debut <= valeur][-1]
