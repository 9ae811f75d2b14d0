"""Amortisation schedule: the columns of a loan as arrays (draws × periods), its totals and its place on a monthly axis."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pope_foncier.prets.clauses import Deblocage
from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.revision import etapes
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import ajouter_mois

COLONNES: dict[str, str] = {
    "deblocages": "Déblocages",
    "interets": "Intérêts de la période",
    "interets_payes": "Intérêts payés",
    "interets_capitalises": "Intérêts capitalisés",
    "remboursement": "Capital remboursé",
    "echeance": "Échéance",
    "assurance": "Assurance",
    "frais": "Frais",
    "versement": "Versement total",
    "capital_restant_du": "Capital restant dû",
    "interets_en_attente": "Intérêts en attente",
    "taux": "Taux annuel",
    "progression": "Progression annuelle",
}
"""Columns of a schedule and their French labels."""
SOLDES = ("capital_restant_du", "interets_en_attente")
"""Columns that are balances."""


@enregistrement
class FraisDate:
    """Dated fee: month from the first drawdown (may be negative), amount (1, 1) or (D, 1) [€]."""

    mois: float
    montant: Tableau
    dans_teg: bool
    libelle: str


@dataclass(frozen=True)
class Echeancier:
    """Schedule of D loans over N periods.

    Every column has the shape (D, N+1) [€]; index 0 is the first drawdown, index k the end of period k. Draws that end
    sooner hold zeros. In advance (``a_echoir``) the first instalment is at index 0.

    Attributes:
        nombre: number of periods of each draw, shape (D, 1).
        interets: interest that runs over the period; ``interets_payes`` is the part paid, ``interets_capitalises`` the
            part added to the balance (a simple-interest grace adds the sum of several periods once).
        remboursement: principal repaid, early repayments included.
        anticipes: part of the principal that is repaid early.
        taux: annual rate in force, shape (1 or D, N+1) [fraction].
        alertes: French warnings (negative amortisation).
    """

    emprunt: Emprunt
    nombre: Tableau
    deblocages: Tableau
    interets: Tableau
    interets_payes: Tableau
    interets_capitalises: Tableau
    remboursement: Tableau
    capital_restant_du: Tableau
    taux: Tableau
    assurance: Tableau
    indemnites: Tableau
    anticipes: Tableau
    frais_dates: tuple[FraisDate, ...] = ()
    alertes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        return f"Echeancier({self.emprunt.libelle!r}, {self.emprunt.profil}, {self.deblocages.shape})"

    @cached_property
    def echeance(self) -> Tableau:
        """Instalment: interest paid + principal repaid [€]."""
        return self.interets_payes + self.remboursement

    @cached_property
    def frais(self) -> Tableau:
        """Fees at the period where they fall (those paid before the first drawdown at index 0) [€]."""
        if not self.frais_dates:
            return self.indemnites
        frais = np.array(np.broadcast_to(self.indemnites, self._forme))
        for f in self.frais_dates:
            rang = min(int(np.searchsorted(self.mois, f.mois)), self._forme[1] - 1)
            frais[:, rang : rang + 1] += f.montant
        return frais

    @property
    def interets_en_attente(self) -> Tableau:
        """Interest that ran and is neither paid nor added to the balance: the stock of a total grace [€]."""
        reste = np.cumsum(self.interets - self.interets_payes - self.interets_capitalises, axis=1)
        return np.where(np.abs(reste) < 1e-6, 0.0, reste)

    @property
    def ballon(self) -> Tableau:
        """Balloon: what the last instalment asks beyond the one before, shape (D,) [€]."""
        fin = self.nombre.astype(np.intp)[:, 0] + self.premier_rang - 1
        lignes = np.arange(self._forme[0])
        return self.echeance[lignes, fin] - self.echeance[lignes, np.maximum(fin - 1, 0)]

    @property
    def echeance_assuree(self) -> Tableau:
        """Instalment with its insurance [€]."""
        return self.echeance + self.assurance

    @property
    def versement(self) -> Tableau:
        """All that the borrower pays: instalment, insurance, fees [€]."""
        return self.echeance_assuree + self.frais

    @property
    def flux(self) -> Tableau:
        """Signed flows of the borrower: drawdowns minus payments [€]."""
        return self.deblocages - self.versement

    @property
    def _forme(self) -> tuple[int, int]:
        return self.remboursement.shape[0], self.remboursement.shape[1]

    @property
    def nombre_prets(self) -> int:
        """Number of loans computed together, D."""
        return self._forme[0]

    @property
    def premier_rang(self) -> int:
        """Index of instalment number 1: 1 in arrears, 0 in advance."""
        return 0 if self.emprunt.terme == "a_echoir" else 1

    @cached_property
    def mois(self) -> NDArray[np.int64]:
        """Month of each index, counted from the first drawdown, shape (N+1,)."""
        e = self.emprunt
        mois = e.premier_mois + e.pas_mois * (np.arange(self._forme[1], dtype=np.int64) - 1)
        mois[0] = 0
        return mois

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Date of each index.

        Raises:
            ErreurCalcul: the loan has no ``date_debut``.
        """
        e = self.emprunt
        if e.date_debut is None:
            raise ErreurCalcul("Les dates de l'échéancier demandent « date_debut » dans le prêt.")
        return dates_echeances(e, self._forme[1] - 1)

    @cached_property
    def progression(self) -> Tableau:
        """Yearly growth of the instalments in force, shape (1 or D, N+1) [fraction]."""
        stages = etapes(self.emprunt, self._forme[1] - 1)
        lignes = np.empty((max(s.progression.shape[0] for s in stages), self._forme[1]))
        for stage in stages:
            lignes[:, stage.rang + (1 if stage.rang else 0) :] = stage.progression
        return lignes

    def somme_des_rangs(self, nom: str, rangs: NDArray[np.intp]) -> Tableau:
        """Sum of a column over some rows, those of a calendar year for instance, shape (D,) [€]."""
        return np.asarray(self.colonne(nom)[:, rangs].sum(axis=1))

    def total(self, colonne: str) -> Tableau:
        """Total of a column over the life of the loan, shape (D,) [€]."""
        return np.asarray(np.sum(self.colonne(colonne), axis=1))

    def colonne(self, nom: str) -> Tableau:
        """Column by its name (see ``COLONNES``), shape (D, N+1)."""
        if nom not in COLONNES:
            raise ErreurCalcul(f"Colonne d'échéancier inconnue : « {nom} ». Choisir parmi : {', '.join(COLONNES)}.")
        return np.asarray(np.broadcast_to(getattr(self, nom), self._forme))

    def entre(self, colonne: str, premier: int, dernier: int) -> Tableau:
        """Sum of a column from instalment number ``premier`` to ``dernier``, both included, shape (D,) (CUMIPMT) [€]."""
        debut = self.premier_rang - 1
        return np.asarray(np.sum(self.colonne(colonne)[:, max(premier + debut, 0) : dernier + debut + 1], axis=1))

    def par_annee_de_pret(self, colonne: str) -> Tableau:
        """Sums by loan year (year 1 = the first twelve months), shape (D, years) [€]."""
        rang = np.maximum(self.mois - 1, 0) // 12 if self.premier_rang else self.mois // 12
        return np.asarray(np.add.reduceat(self.colonne(colonne), _debuts(rang), axis=1))

    def par_annee_civile(self, colonne: str) -> dict[int, Tableau]:
        """Sums by calendar year, each of shape (D,) [€]."""
        annees = np.array([jour.year for jour in self.dates])
        sommes = np.add.reduceat(self.colonne(colonne), _debuts(annees), axis=1)
        return {int(a): sommes[:, i] for i, a in enumerate(np.unique(annees))}

    def deblocages_par_mois(self) -> tuple[NDArray[np.int64], Tableau]:
        """Months (T,) and amounts (D, T) of the drawdowns, even those inside a period."""
        e = self.emprunt
        if not e.deblocages:
            return np.zeros(1, dtype=np.int64), self.deblocages[:, :1]
        mois = np.array([d.mois for d in e.deblocages], dtype=np.int64)
        rangs = np.ceil(mois / e.pas_mois - 1e-9).astype(np.intp)
        bruts = np.stack([_part(d, self._forme[0]) for d in e.deblocages], axis=1)
        somme = np.zeros(self._forme)
        for j, rang in enumerate(rangs):
            somme[:, rang] += bruts[:, j]
        parts = bruts / np.maximum(somme[:, rangs], 1e-300)
        return mois, parts * self.deblocages[:, rangs]


def _part(deblocage: Deblocage, draws: int) -> Tableau:
    lu = deblocage.part if deblocage.montant is None else deblocage.montant
    return np.broadcast_to(np.asarray(lu, dtype=np.float64).reshape(-1), (draws,))


def _debuts(rang: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.flatnonzero(np.concatenate([[True], rang[1:] != rang[:-1]]))


def dates_echeances(emprunt: Emprunt, nombre: int) -> tuple[date, ...]:
    """Dates of the first drawdown and of the ``nombre`` ends of period that follow."""
    debut = emprunt.date_debut
    assert debut is not None
    if emprunt.date_premiere_echeance is None:
        return tuple(ajouter_mois(debut, k * emprunt.pas_mois) for k in range(nombre + 1))
    premiere = emprunt.date_premiere_echeance
    return (debut, *(ajouter_mois(premiere, k * emprunt.pas_mois) for k in range(nombre)))


def placer_sur_mois(
    tableau: Echeancier, duree_mois: int, mois_debut: ArrayLike = 0, colonnes: tuple[str, ...] | None = None
) -> dict[str, Tableau]:
    """Place a schedule on the monthly axis of a study, whatever its periodicity.

    Args:
        tableau: schedule of D loans.
        duree_mois: length M of the axis; what falls after is dropped.
        mois_debut: month of the first drawdown on the axis, scalar or (D,); what falls before month 0 is dropped.
        colonnes: columns wanted; by default all the flows and the balances.

    Returns:
        One array (D, M) by column [€]: flows at their month, balances carried at each end of month.
    """
    choix = colonnes or tuple(n for n in COLONNES if n not in ("taux", "progression"))
    depart = np.atleast_1d(np.asarray(mois_debut)).astype(np.int64).reshape(-1, 1)
    draws = max(tableau.nombre_prets, depart.shape[0])
    places = {}
    for nom in choix:
        if nom in SOLDES:
            places[nom] = _porter(tableau, nom, depart, duree_mois, draws)
            continue
        mois, valeurs = (tableau.mois, tableau.colonne(nom)) if nom != "deblocages" else tableau.deblocages_par_mois()
        cible = depart[0] + mois
        garde = (cible >= 0) & (cible < duree_mois)
        if depart.shape[0] == 1 and np.all(np.diff(cible[garde]) > 0):
            places[nom] = np.zeros((draws, duree_mois))
            places[nom][:, cible[garde]] = valeurs[:, garde]
        else:
            places[nom] = deposer(valeurs, mois, depart, duree_mois, draws)
    return places


def deposer(valeurs: Tableau, mois: NDArray[np.int64], depart: NDArray[np.int64], duree: int, draws: int) -> Tableau:
    """Amounts (D, n) added up at their months, counted from a start (1 or D, 1); those out of the study are left out."""
    cible, place = np.broadcast_to(depart + mois, (draws, mois.size)), np.zeros((draws, duree))
    garde, lignes = (cible >= 0) & (cible < duree), np.broadcast_to(np.arange(draws)[:, None], cible.shape)
    np.add.at(place, (lignes[garde], cible[garde]), np.broadcast_to(valeurs, cible.shape)[garde])
    return place


def _porter(tableau: Echeancier, nom: str, depart: NDArray[np.int64], duree_mois: int, draws: int) -> Tableau:
    ecoules = np.arange(duree_mois)[None, :] - depart
    rang = np.searchsorted(tableau.mois, ecoules.ravel(), side="right").reshape(ecoules.shape) - 1
    soldes = np.broadcast_to(tableau.colonne(nom), (draws, tableau.mois.size))
    rang = np.broadcast_to(rang, (draws, duree_mois))
    portes = np.where(rang < 0, 0.0, np.take_along_axis(soldes, np.maximum(rang, 0), axis=1))
    if nom != "capital_restant_du":
        return np.asarray(portes)
    mois, montants = tableau.deblocages_par_mois()
    for j in np.flatnonzero(~np.isin(mois, tableau.mois)):
        atteint = tableau.mois[np.searchsorted(tableau.mois, mois[j])]
        portes += np.where((ecoules >= mois[j]) & (ecoules < atteint), montants[:, j : j + 1], 0.0)
    return np.asarray(portes)
