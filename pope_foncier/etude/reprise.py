"""A study of one structure, recorded once as it stands and once closed: its variants replay only what their inputs change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from pope_foncier.etude.bouclage import Plans, boucler
from pope_foncier.etude.enregistrement import Enregistrement, Entrees
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fichiers_nommes import etats_des_fichiers
from pope_foncier.etude.structure import changements
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import EVOLUTION, Contexte
from pope_foncier.modele.fiches_comparees import HORS_DU_CALCUL
from pope_foncier.socle.erreurs import ErreurCalcul


class Reprise:
    """What was recorded of a study; ``ctx`` is its context, of one variant without draws."""

    def __init__(self, ctx: Contexte[Etude, Site], noms: Sequence[str]) -> None:
        self.ctx = ctx
        self._fichiers = etats_des_fichiers(ctx.site, ctx.etude)
        self.ouverte = Enregistrement(ctx, noms)
        self._noms = tuple(noms)

    @cached_property
    def bouclee(self) -> Enregistrement | None:
        """The closed plan, recorded when it is first asked; None when the study does not close."""
        try:
            fermee = boucler(self.ouverte.ev)
        except ErreurCalcul:
            return None
        return Enregistrement(replace(self.ctx, bouclage=fermee.ctx.bouclage), self._noms)

    def champs_de(self, ctx: Contexte[Etude, Site]) -> frozenset[str] | None:
        """Inputs of another context that differ, draws included; None when it is no variant of the same structure."""
        differents = None if ctx.site != self.ctx.site else changements(self.ctx.etude, ctx.etude)
        if differents is None or etats_des_fichiers(ctx.site, ctx.etude) != self._fichiers:
            return None
        champs = differents | ctx.tirages.keys()
        a_part = [champ for champ in champs if not self.ouverte.lit(champ) and not _n_agit_que_lue(champ)]
        if a_part and not (self.bouclee is not None and all(self.bouclee.lit(champ) for champ in a_part)):
            return None
        return champs

    def evaluer(self, ctx: Contexte[Etude, Site], noms: Sequence[str], champs: frozenset[str]) -> Evaluation | None:
        """Evaluation of a variant, or of draws, as a replay; None when what was recorded does not hold for it.

        Args:
            champs: its inputs that differ (``champs_de``).
        """
        ev = self.ouverte.rejouer(ctx, noms, self.ouverte.entrees(ctx, champs))
        if ev is None:
            return None
        lu = ev.ctx

        def amorcer() -> tuple[Enregistrement, Entrees] | None:
            bouclee = self.bouclee
            return None if bouclee is None else (bouclee, bouclee.entrees(lu, champs))

        return replace(ev, plans=Plans(lu, noms, amorcer))


def _n_agit_que_lue(champ: str) -> bool:
    """Whether a field moves nothing of a recorded path that did not ask for it: an evolution, always known, or what the chain does not read."""
    return re.split(r"[.\[]", champ, maxsplit=1)[0] in {EVOLUTION, *HORS_DU_CALCUL}
