"""Loan sizing under several tests, the binding one being named; sculpted debt; coverage ratios DSCR and LLCR.

A test left out (None) does not limit. The debt-service test is read year by year on the schedule of one euro lent with
the terms proposed, so every profile, grace and periodicity is sized by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul


@dataclass(frozen=True, slots=True)
class Limites:
    """Limits of a loan; numbers may be scalars or arrays of draws (D,).

    Attributes:
        disponible: cash flow available for the debt by loan year, scalar (level), (Y,) or (D, Y) [€].
        dscr: least coverage of the debt service.
        valeur, ltv: value of the pledge [€] and greatest share of it [fraction].
        cout, ltc: cost of the project [€] and greatest share of it [fraction].
        revenu_net, rendement_dette: net income of a year [€] and least income over debt [fraction].
        besoin: cash to be found [€].
        montant_max: ceiling of the product [€].
        duree_titre_mois, marge_titre_mois: months of tenure left at the first drawdown, and safety kept at its end.
    """

    disponible: ArrayLike | None = None
    dscr: ArrayLike | None = None
    valeur: ArrayLike | None = None
    ltv: ArrayLike | None = None
    cout: ArrayLike | None = None
    ltc: ArrayLike | None = None
    revenu_net: ArrayLike | None = None
    rendement_dette: ArrayLike | None = None
    besoin: ArrayLike | None = None
    montant_max: ArrayLike | None = None
    duree_titre_mois: int | None = None
    marge_titre_mois: int = 0


@dataclass(frozen=True, slots=True)
class Dimensionnement:
    """Size of a loan.

    Attributes:
        montant: greatest loan, shape (D,) [€].
        contrainte: name of the binding test (a key of ``limites``), shape (D,).
        limites: amount allowed by each test, each of shape (D,) [€].
        duree_mois: term kept, cut by the tenure when needed.
    """

    montant: Tableau
    contrainte: NDArray[np.str_]
    limites: dict[str, Tableau]
    duree_mois: int

    @property
    def ecart(self) -> Tableau:
        """By how much the next test follows the binding one, shape (D,) [€]; infinite when there is no other."""
        montants = np.sort(np.stack(list(self.limites.values())), axis=0)
        return np.asarray(montants[1] - montants[0] if len(montants) > 1 else np.full_like(montants[0], np.inf))


def dimensionner(emprunt: Emprunt, limites: Limites) -> Dimensionnement:
    """Greatest loan under the tests given.

    Args:
        emprunt: terms proposed; their capital does not matter.
        limites: the tests.

    Raises:
        ErreurCalcul: no test at all, or a test without its base.
    """
    bornes: dict[str, Tableau] = {}
    duree = int(np.max(np.asarray(emprunt.duree_mois if emprunt.duree_mois is not None else 0)))
    if limites.dscr is not None:
        bornes["dscr"] = _par_dscr(emprunt, limites.disponible, limites.dscr)
    if limites.duree_titre_mois is not None:
        tenable = (limites.duree_titre_mois - limites.marge_titre_mois) // emprunt.pas_mois * emprunt.pas_mois
        if tenable <= 0:
            raise ErreurCalcul("Le titre d'occupation finit avant la première échéance : aucun prêt ne peut y tenir.")
        avant = mois_hors_duree(emprunt)
        if tenable < duree + avant:
            duree = tenable - avant
            if duree <= 0:
                raise ErreurCalcul("Le titre d'occupation finit avant le remboursement : écourter le différé.")
            if limites.dscr is not None:
                bornes["titre"] = _par_dscr(emprunt.avec(duree_mois=duree), limites.disponible, limites.dscr)
    for nom, part, base, quoi in (
        ("ltv", limites.ltv, limites.valeur, "la valeur (« valeur »)"),
        ("ltc", limites.ltc, limites.cout, "le coût (« cout »)"),
    ):
        if part is not None:
            bornes[nom] = np.atleast_1d(np.asarray(part) * _base(base, nom.upper(), quoi))
    if limites.rendement_dette is not None:
        revenu = _base(limites.revenu_net, "Rendement de la dette", "le revenu net (« revenu_net »)")
        bornes["rendement_dette"] = np.atleast_1d(revenu / np.asarray(limites.rendement_dette, dtype=np.float64))
    for nom, montant in (("besoin", limites.besoin), ("produit", limites.montant_max)):
        if montant is not None:
            bornes[nom] = np.atleast_1d(np.asarray(montant, dtype=np.float64))
    if not bornes:
        raise ErreurCalcul("Dimensionnement : donner au moins une limite (dscr, ltv, ltc, rendement_dette, besoin).")
    pile, noms = np.maximum(np.stack(np.broadcast_arrays(*bornes.values())), 0.0), np.array(list(bornes))
    return Dimensionnement(pile.min(axis=0), noms[pile.argmin(axis=0)], dict(zip(bornes, pile, strict=True)), duree)


def mois_hors_duree(emprunt: Emprunt) -> int:
    """Months that a loan lasts beyond its term: drawdowns, grace on top, holidays that lengthen, stored interest; 0 without a term."""
    if emprunt.duree_mois is None:
        en_plus = int(np.max(np.asarray(emprunt.differe_mois))) if emprunt.differe_en_plus else 0
        return emprunt.prefinancement_mois + en_plus
    seul = emprunt.avec(capital=1.0, frais=(), assurance=None, garantie=None, anticipes=(), arrondi="aucun")
    if any(d.montant is not None for d in emprunt.deblocages):
        seul = seul.avec(deblocages=(), commission_non_utilisation=0.0, interets_prefinancement="payes")
    return int(echeancier(seul).mois[-1]) - int(np.max(np.asarray(emprunt.duree_mois)))


def _base(valeur: ArrayLike | None, test: str, quoi: str) -> Tableau:
    if valeur is None:
        raise ErreurCalcul(f"{test} : ce test demande {quoi} ; le donner, ou retirer le test.")
    return np.asarray(valeur, dtype=np.float64)


def _par_dscr(emprunt: Emprunt, lu: ArrayLike | None, dscr: ArrayLike) -> Tableau:
    """Loan whose yearly service never exceeds cash / DSCR: least ratio over the years of service, shape (D,) [€]."""
    disponible = _base(lu, "DSCR", "le flux disponible (« disponible »)")
    if np.any(~(np.asarray(dscr, dtype=np.float64) > 0)) or not np.isfinite(disponible).all():
        raise ErreurCalcul("DSCR : la couverture doit être positive et le flux disponible connu.")
    if emprunt.forme.duree == "calculee":
        raise ErreurCalcul("DSCR : un prêt à échéance fixe a un service fixé d'avance ; choisir un autre profil.")
    financee = emprunt.assurance is not None and emprunt.assurance.financee
    if financee or any(f.finances for f in emprunt.frais):
        raise ErreurCalcul("DSCR : frais ou prime financés par le prêt non pris en compte ; les mettre dans le coût.")
    unitaire = echeancier(emprunt.avec(capital=1.0, frais=(), assurance=None, garantie=None, arrondi="aucun"))
    service = unitaire.par_annee_de_pret("echeance")
    flux = np.atleast_2d(disponible)
    if flux.shape[1] == 1 or disponible.ndim == 0:
        flux = np.broadcast_to(flux, (flux.shape[0], service.shape[1]))
    if flux.shape[1] < service.shape[1]:
        raise ErreurCalcul(
            f"DSCR : {flux.shape[1]} années de flux disponible pour {service.shape[1]} années de prêt ; compléter les flux."
        )
    porte = soutenable(flux[:, : service.shape[1]], service, np.asarray(dscr, dtype=np.float64).reshape(-1, 1))
    return np.asarray(porte.min(axis=1))


def soutenable(disponible: Tableau, service: Tableau, dscr: ArrayLike, autres: ArrayLike = 0.0) -> Tableau:
    """Loan that each year bears: (cash / DSCR − service of the other debts) / service of one euro lent, same shape [€].

    Infinite in a year that serves nothing of it; negative when the other debts already ask for more.
    """
    reste = disponible / np.asarray(dscr, dtype=np.float64) - np.asarray(autres, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(service > 1e-12, reste / service, np.inf)


@dataclass(frozen=True, slots=True)
class DetteSculptee:
    """Sculpted debt: the schedule and its amount, shape (D,) [€]."""

    montant: Tableau
    tableau: Echeancier


def sculpter(disponible: ArrayLike, dscr: ArrayLike, taux: ArrayLike, periodes_par_an: int = 1) -> DetteSculptee:
    """Debt sculpted to a coverage: service = cash / DSCR at each period, debt = present value of the service.

    Args:
        disponible: cash available by period, (n,) or (D, n) [€].
        dscr: coverage wanted, scalar or by draw.
        taux: annual rate, proportional [fraction].
        periodes_par_an: periods of ``disponible``.
    """
    couverture_due = np.asarray(dscr, dtype=np.float64).reshape(-1, 1)
    service = np.atleast_2d(np.asarray(disponible, dtype=np.float64)) / couverture_due
    if np.any(service < 0):
        raise ErreurCalcul("Dette sculptée : un flux disponible est négatif ; commencer le service plus tard.")
    tableau = echeancier(Emprunt(None, taux, None, profil="sculpte", periodes_par_an=periodes_par_an, service=service))
    return DetteSculptee(tableau.capital_restant_du[:, 0].copy(), tableau)


def couverture(tableau: Echeancier, disponible: ArrayLike) -> Tableau:
    """DSCR by loan year: cash available over instalments; NaN without service, shape (D, Y)."""
    service = tableau.par_annee_de_pret("echeance")
    return _rapport(np.atleast_2d(np.asarray(disponible, dtype=np.float64)), service)


def couverture_vie_du_pret(tableau: Echeancier, disponible: ArrayLike, periode: int = 0) -> Tableau:
    """LLCR: present value of the cash available over the life of the loan, over the balance, shape (D,).

    Args:
        tableau: schedule.
        disponible: cash available at each period of the loan, (n,) or (D, n) [€].
        periode: index at which the ratio is read.
    """
    flux = np.atleast_2d(np.asarray(disponible, dtype=np.float64))
    n = tableau.remboursement.shape[1] - 1
    taux = tableau.emprunt.en_taux_periode(np.broadcast_to(tableau.taux, (tableau.taux.shape[0], n + 1)))
    facteurs = np.cumprod(1.0 / (1.0 + taux[:, periode + 1 :]), axis=1)
    vivant = np.arange(periode + 1, n + 1)[None, :] <= tableau.nombre
    valeur = np.sum(flux[:, periode:n] * facteurs * vivant, axis=1)
    return _rapport(valeur, tableau.capital_restant_du[:, periode])


def _rapport(haut: Tableau, bas: Tableau) -> Tableau:
    if haut.ndim == 2:
        largeur = bas.shape[1]
        haut = np.broadcast_to(haut, (haut.shape[0], largeur)) if haut.shape[1] == 1 else haut[:, :largeur]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bas > 1e-9, haut / bas, np.nan))
