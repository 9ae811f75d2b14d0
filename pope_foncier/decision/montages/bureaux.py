"""Tax on the creation of offices that the holder of a montage owes: before and after the cap on land and ground works."""

from __future__ import annotations

from pope_foncier.acquisition.entree import taxe_bureaux, terrain_du_plafond
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.socle.vocabulaire import part_de


def bureaux_dus(cas: Cas) -> tuple[float, float] | None:
    """What the holder owes without the cap and with it [€]; None when the montage was not evaluated or its study says no taxes."""
    if cas.evaluation is None or cas.evaluation.ctx.etude.taxes is None:
        return None
    ctx = cas.evaluation.ctx
    part = ctx.entree("taxes.bureaux_part_due")
    lectures = taxe_bureaux(ctx, ctx.entree("taxes.surface_bureaux_m2"), terrain_du_plafond(ctx))
    sans, avec = (part_de(lectures[nom], part).au_point() for nom in ("brute", "plafonnee"))
    return sans, avec
