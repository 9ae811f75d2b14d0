"""What the rent gives back of the capital to be found by an owner that orders the works and lets: it is paid once, by that rent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.lectures import capital_a_trouver
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.rendement import tri


@dataclass(frozen=True, slots=True)
class Remuneration:
    """Capital of an owner that lets, on the closed plan.

    Attributes:
        a_trouver: part that nobody has promised [€].
        apporte: whole capital, named or not [€].
        rendu: what rents and resale give back of it once the rest is paid, within the study [€].
        revente: part of it that is a resale [€].
        taux: yearly return of the whole capital [fraction]; NaN when it is not given back, or when several rates answer.
        loyer_m2: rent of the first year before VAT [€/m²/year].
        loyer_qui_rend: rent that would give it back without any return [€/m²/year]; NaN without a rent to raise.
    """

    a_trouver: float
    apporte: float
    rendu: float
    revente: float
    taux: float
    loyer_m2: float
    loyer_qui_rend: float

    @property
    def part_rendue(self) -> float:
        """Share of the capital that is given back, nothing when it is below zero [fraction]."""
        return max(self.rendu, 0.0) / self.apporte


def remuneration(vue: Vue) -> Remuneration | None:
    """What the rent makes of the capital of an owner that orders the works; None when nothing is to be found as capital."""
    a_trouver = capital_a_trouver(vue)
    if not a_trouver > 0.5:
        return None
    bouclee = vue.bouclee
    ev, acteurs = bouclee.ev, bouclee.ev.ctx.etude.acteurs
    propres = [a for a in ev.apports if a.nature in ("fonds_propres", "autofinancement")]
    flux = bouclee.mensuel(f"solde.{acteurs.proprietaire}").copy()
    for apport in propres:
        flux -= bouclee._ligne(apport.encaisse)
        if apport.remuneration is not None:
            flux += bouclee._ligne(apport.remuneration)
    flux[-1] += bouclee.valeur(ev.revente) - bouclee.valeur(ev.reste_du)
    loyer, loyer_m2, solde = _loyer_recu(bouclee, acteurs.proprietaire), _loyer_m2(bouclee), float(flux.sum())
    racine = tri(flux[np.newaxis], np.arange(len(flux)) / 12.0).valeur[0] if solde >= 0 else np.nan
    apporte = sum(bouclee.valeur(a.montant) for a in propres)
    qui_rend = loyer_m2 * (1.0 - solde / loyer) if loyer > 0 else np.nan
    revente = bouclee.valeur(ev.revente)
    return Remuneration(a_trouver, apporte, apporte + solde, revente, float(racine), loyer_m2, qui_rend)


def _loyer_recu(vue: Vue, proprietaire: str) -> float:
    """Rents that the owner receives over the study, before VAT and charges [€]."""
    codes = [c for c in ("bail.loyer", "tresorerie.loyer") if c in vue.ev.livre.lignes]
    return sum(vue.montant(c) for c in codes if vue.ev.livre.lignes[c].receveur == proprietaire)


def _loyer_m2(vue: Vue) -> float:
    if vue.ev.loyers.par_m2 is not None:
        return vue.valeur(vue.ev.loyers.par_m2)
    return vue.valeur(vue.ev.ctx.entree("titre_occupation.loyer_m2_an"))
