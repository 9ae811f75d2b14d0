"""Securities of the loans: who guarantees, how much, what it costs, and what a guarantee of the commune weighs on its ceilings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.clauses_de_pret import Garantie
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.garantie_communale import BAREMES
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.operations_du_temps import sommes_annuelles


@dataclass(frozen=True, slots=True)
class Surete:
    """Security of one loan of the study; amounts of shape (…, 1) [€].

    Attributes:
        garantie: sheet of the security; None when the lender takes none.
        garant: who guarantees; empty for a mortgage.
        quotite: share of the loan that is guaranteed, shape (…, 1); NaN for a mortgage.
        capital: amount lent.
        garanti: amount guaranteed at the drawdown.
        annuite: highest yearly service that the guarantor would have to pay.
        cout: what the security costs, with the drawdown and each year.
    """

    libelle: str
    emprunteur: str
    garantie: Garantie | None
    garant: str
    quotite: Tableau
    capital: Tableau
    garanti: Tableau
    annuite: Tableau
    cout: Tableau


@dataclass(frozen=True, slots=True)
class PlafondsCommune:
    """Ceilings of the guarantees of a commune (CGCT L. 2252-1), to check on its own accounts.

    Attributes:
        part_des_recettes: annuities of its debt and of its guarantees over its real operating revenue, at most.
        part_du_debiteur: annuities guaranteed to one debtor over what the commune may guarantee, at most.
        recettes_min: real operating revenue under which the guarantee is refused, even to a commune without debt, shape (…, 1) [€].
    """

    part_des_recettes: float
    part_du_debiteur: float
    recettes_min: Tableau


def suretes(ev: Evaluation) -> list[Surete]:
    """Security of each loan of the study, in order."""
    dettes = {d.id: d for d in ev.dettes}
    return [_surete(ev, p, dettes[p.id]) for p in ev.ctx.etude.prets]


def plafonds(ev: Evaluation) -> PlafondsCommune | None:
    """What the guarantees of the commune of a study weigh on its ceilings; None when it guarantees nothing."""
    communales = [s for s in suretes(ev) if s.garantie is not None and s.garantie.genre == "garantie_communale"]
    if not communales:
        return None
    recettes, debiteur = (
        float(ev.ctx.bareme(f"{BAREMES}.{nom}").valeur.flat[0])
        for nom in ("annuites_max_recettes", "annuites_max_debiteur")
    )
    par_emprunteur: dict[str, Tableau] = {}
    for s in communales:
        par_emprunteur[s.emprunteur] = par_emprunteur.get(s.emprunteur, np.zeros((1, 1))) + s.annuite
    plus_forte = np.max(np.stack(np.broadcast_arrays(*par_emprunteur.values())), axis=0)
    return PlafondsCommune(recettes, debiteur, plus_forte / (recettes * debiteur))


def _surete(ev: Evaluation, pret: Pret, dette: Dette) -> Surete:
    garantie, capital = pret.garantie, dette.capital.valeur
    quotite, garant = np.full((1, 1), np.nan), ""
    garanti = 0.0 * capital if dette.garanti is None else dette.garanti.valeur
    if garantie is not None and garantie.genre != "hypotheque":
        garant = garantie.garant or ev.ctx.etude.acteurs.commune
        quotite = ev.ctx.entree(f"prets[{pret.id}].garantie.quotite").valeur
    codes = (f"emprunts.{pret.id}.{x}" for x in ("garantie", "commission"))
    payes = (ev.livre[c].valeur.sum(axis=-1, keepdims=True) for c in codes if c in ev.livre.lignes)
    cout = sum(payes, np.zeros((1, 1)))
    service = sommes_annuelles(dette.interets.valeur + dette.remboursement.valeur, ev.ctx.echelle)
    part = np.divide(garanti, capital, out=0.0 * (garanti + capital), where=capital != 0)
    annuite = np.asarray(service.max(axis=-1, keepdims=True) * part)
    return Surete(pret.libelle, dette.emprunteur, garantie, garant, quotite, capital, garanti, annuite, cout)
