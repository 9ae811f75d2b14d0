"""Funding of the sites of a portfolio: what each plan lacks, what the equity of the company covers, what is still to be found.

The equity is shared between the sites in proportion to what their plans lack. What it does not cover is read as « à trouver »: the
commune does not give back works that nobody paid, and no cash comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.montages.en_etude import CAPITAL_SCI, CAPITAL_SCIC
from pope_foncier.decision.portefeuille.axes import empiler
from pope_foncier.etude.bouclage import apports_de_bouclage, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, Boucleur
from pope_foncier.socle.grandeur import Tableau

CAPITAL = "capital_de_la_societe"
"""Identifier of the closer that the equity of the company makes."""

_CAPITAUX = (CAPITAL_SCI, CAPITAL_SCIC)
"""Equity that a montage adds to a single site; in a portfolio, the equity and its return are those of the company."""


@dataclass(frozen=True)
class PlanDuLieu:
    """Plan of one site and what closes it; amounts of shape (…, 1) [€].

    Attributes:
        en_capital: plan that the equity of the company would close alone.
        bouclee: plan closed by the share of the equity, then by what is to be found.
        besoin: what the plan lacks before the equity of the company.
        a_trouver: what the equity does not cover.
    """

    en_capital: Evaluation
    bouclee: Evaluation
    besoin: Tableau
    a_trouver: Tableau

    def tout_en_capital(self) -> PlanDuLieu:
        """Same site if the equity covered all that its plan lacks."""
        return replace(self, bouclee=self.en_capital, a_trouver=0.0 * self.besoin)


def sans_capital_propre(etude: Etude) -> Etude:
    """Study of a montage without the equity that it would have alone."""
    return etude.model_copy(update={"apports": tuple(a for a in etude.apports if a.id not in _CAPITAUX)})


def financer(ouvertes: Sequence[Evaluation], capital: float) -> list[PlanDuLieu]:
    """Close the plan of each site with the equity of the company, then with what is to be found.

    Args:
        ouvertes: evaluation of each site, plan as it stands, for one scenario or for draws.
        capital: equity of the company [€]; NaN when unknown.
    """
    en_capital = [_boucler(ev, None) for ev in ouvertes]
    besoins = [_apporte(ev, CAPITAL) for ev in en_capital]
    total = empiler(besoins).sum(axis=0)
    if np.all(capital >= total):
        return [PlanDuLieu(ev, ev, b, 0.0 * b) for ev, b in zip(en_capital, besoins, strict=True)]
    plans = []
    for ouverte, ev, besoin in zip(ouvertes, en_capital, besoins, strict=True):
        part = np.divide(
            besoin, total, out=np.ones(np.broadcast_shapes(besoin.shape, total.shape)), where=~(total <= 0)
        )
        bouclee = _boucler(ouverte, capital * part)
        plans.append(PlanDuLieu(ev, bouclee, besoin, a_trouver(bouclee)))
    return plans


def a_trouver(ev: Evaluation) -> Tableau:
    """What nobody brings to the holder of a closed plan, shape (…, 1) [€]; the start of an operator that rents is its own."""
    apports = (a for a in apports_de_bouclage(ev) if a.est_a_trouver and a.boucleur.id != DEMARRAGE.id)
    return np.asarray(sum((a.montant.valeur for a in apports), np.zeros((1, 1))))


def _boucler(ouverte: Evaluation, montant: Tableau | None) -> Evaluation:
    """Plan closed by the closers that somebody brings, then by the equity: an amount by draw, or all that lacks."""
    etude, ctx = ouverte.ctx.etude, ouverte.ctx
    nommes = [b for b in etude.bouclage if not b.est_a_trouver]
    brut = {
        "id": CAPITAL,
        "libelle": "Capital de la société",
        "nature": "fonds_propres",
        "apporteur": "Associés de la société",
        "mois_versement": {"valeur": 0, "base": "capital versé au départ"},
    }
    tirages = dict(ctx.tirages)
    if montant is not None:
        brut["montant"] = {"valeur": 0, "base": "part du capital de la société"}
        tirages[f"bouclage[{CAPITAL}].montant"] = montant[..., 0]
    boucle = etude.model_copy(update={"bouclage": (*nommes, Boucleur.model_validate(brut))})
    return boucler(replace(ouverte, ctx=replace(ctx, variantes=(boucle,), tirages=tirages, _memoire={})))


def _apporte(ev: Evaluation, cle: str) -> Tableau:
    return next(a.montant.valeur for a in apports_de_bouclage(ev) if a.boucleur.id == cle)
