"""Closed plans of one structure, many rows at once: evaluated and recorded once, then only what is read of them runs on the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np

from pope_foncier.etude.bouclage import boucler, en_grandeurs, stabiliser
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.enregistrement import Enregistrement
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.plan_tire import PlanTire
from pope_foncier.etude.scenarios import BASE
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.memoire import sans_cycles
from pope_foncier.socle.programme import CheminRompu

_PRESQUE_RIEN = 1e-6
"""What each closer brings to the plan that is recorded [€]: the decisions are those of money that comes, the amounts those of none."""


@sans_cycles()
def fermer_en_rangees(
    ctx: Contexte[Etude, Site],
    tirages: Mapping[str, Tableau],
    lire: Callable[[Evaluation], Mapping[str, Grandeur]],
    partout: Collection[str],
    exiger: Callable[[Evaluation], None],
) -> tuple[Evaluation, Mapping[str, Tableau]]:
    """Figures of the closed plan in each row of the inputs of a study.

    Where what its closers are to bring is unknown at the values of the study, it is unknown in every row; when nothing wanted of every row is
    then known, the first one stands for all.

    Args:
        ctx: context of the study, without draws.
        tirages: rows, as draws of its inputs.
        lire: figures wanted of a closed plan, shape (…, 1) each.
        partout: those wanted of every row; the others are read on the first ones, at the values of the study.
        exiger: refuses a plan that has none.

    Returns:
        A closed plan of one row, at the values of the study and before any amount; and the figures of each row, or of one for all.

    Raises:
        ErreurPope: the study, or one of its rows, is refused.
    """
    brins = {b.id: np.full((1, 1), _PRESQUE_RIEN) for b in ctx.boucleurs}
    enregistre = Enregistrement(replace(ctx, bouclage=en_grandeurs(ctx, brins)), [BASE])
    exiger(enregistre.ev)
    lues, parts = enregistre.lire(lire), enregistre.ev.parts
    try:
        plan = PlanTire(enregistre, {}, tirages, lues, nombreux=False)
        if any(not part.manques or not np.isnan(part.valeur).all() for part in parts.values()):
            essai = plan.lancer(tirages)
            stabiliser(essai.partager(), essai.partager, elan=True)
            return enregistre.ev, essai.sorties()
        inconnues = {cle: part.valeur for cle, part in parts.items()}
        for rangees in ({champ: valeurs[:1] for champ, valeurs in tirages.items()}, tirages):
            essai = plan.lancer(rangees)
            essai.partager(inconnues)
            lus = essai.sorties()
            if all(np.isnan(lus[nom]).all() for nom in partout):
                break
        return enregistre.ev, lus
    except CheminRompu:
        bouclee = boucler(calculer(replace(ctx, tirages=tirages, _memoire={}), [BASE]), elan=True)
        return enregistre.ev, {nom: g.valeur for nom, g in lire(bouclee).items()}
