"""Repayment profiles: one function each, in one registry. Interest, rounding, grace, fees and last row are elsewhere.

A profile answers one question: from a balance, a period rate and a number of periods, what principal is repaid at each
of the next rows? It is asked again at each event (rate revision, drawdown, early repayment) for what remains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from pope_foncier.prets.conditions import Conditions
from pope_foncier.prets.conversions import Tableau, colonne, periodes
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros


@enregistrement
class Situation:
    """What a profile is told. Columns are (1, 1) or (D, 1), ``rang`` is (1, w) or (D, w).

    Attributes:
        capital: balance at the start of the repayments [€].
        taux: period rate [fraction].
        nombre: periods that remain.
        rang: rank of each row among those (1 = first repayment; outside 1..nombre nothing is repaid).
        ecoule: periods of repayment already elapsed since the first.
        progression: yearly growth of the instalments [fraction].
        emprunt: the terms, for the parameters of one profile.
    """

    capital: Tableau
    taux: Tableau
    nombre: Tableau
    rang: Tableau
    ecoule: Tableau
    progression: Tableau
    emprunt: Conditions
    entier: bool
    """Whether every row of ``rang`` is inside 1..nombre for every draw (no mask needed)."""

    @property
    def actif(self) -> Tableau:
        """1 on the rows of repayment, 0 elsewhere."""
        return ((self.rang >= 1) & (self.rang <= self.nombre)).astype(np.float64)


@enregistrement
class Profil:
    """All that a profile decides: its function, its French label, the terms it takes and the clauses it admits.

    Attributes:
        tient: what stays when the true interest differs from the nominal one (days, rounding): the instalment
            (``echeance``) or the principal (``remboursement``).
        exige: term that it must be given and that no other profile takes.
        progresse: whether its instalments grow each year.
        duree: whether the length is given, found by the computation, or that of a list of sums.
        capital_trouve: whether the amount lent may be found by the computation.
        selon_le_taux: whether the principal repaid at each row depends on the rate.
        au_terme: whether the whole principal is repaid at the last row.
        niveau: whether the same instalment is paid at each row, so that it may be held.
        recalculee: whether a revised rate gives a new instalment, which a clause may cap or make grow.
        d_avance: whether its interest may be paid in advance.
        peut_augmenter: whether a row may add to the balance instead of repaying.
    """

    remboursements: Callable[[Situation], Tableau]
    tient: Literal["echeance", "remboursement"]
    libelle: str
    exige: str | None = None
    progresse: bool = False
    duree: Literal["donnee", "calculee", "de_la_liste"] = "donnee"
    capital_trouve: bool = False
    selon_le_taux: bool = True
    au_terme: bool = False
    niveau: bool = False
    recalculee: bool = False
    d_avance: bool = True
    peut_augmenter: bool = False

    @property
    def propre(self) -> str | None:
        """Term that it alone takes."""
        return "progression" if self.progresse else self.exige

    @property
    def fin_selon_le_taux(self) -> bool:
        """Whether the rate decides when the loan ends or how much is lent."""
        return self.duree == "calculee" or self.capital_trouve


def coefficient_annuite(taux: Tableau, nombre: Tableau) -> Tableau:
    """Level instalment of 1 € lent: ``i / (1-(1+i)^-n)``, and ``1/n`` at zero rate."""
    n = np.maximum(nombre, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient = taux / -np.expm1(-n * np.log1p(taux))
    return np.asarray(np.where(taux == 0.0, 1.0 / n, coefficient))


def nombre_echeances(capital: Tableau, taux: Tableau, echeance: Tableau, mois: int = 0) -> Tableau:
    """Number of instalments (NPER) that repay a capital, not rounded: ``-ln(1 - C i / A) / ln(1+i)``.

    ``mois`` is that of the instalment in default, when it is not the first.

    Raises:
        ErreurCalcul: the instalment does not cover the interest.
    """
    if np.any(echeance <= capital * taux):
        raise ErreurCalcul(
            f"L'échéance ne couvre pas les intérêts {f'du mois {mois}' if mois else 'de la première période'} : le prêt ne se "
            f"rembourserait jamais. Une échéance supérieure à {euros(float(np.max(capital * taux)), 2)} est nécessaire."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        nombre = -np.log1p(-capital * taux / echeance) / np.log1p(taux)
    return np.asarray(np.where(taux == 0.0, capital / echeance, nombre))


def _annuite_constante(s: Situation) -> Tableau:
    """Level instalment: principal grows by the factor 1+i at each row; a revision may make it grow each year."""
    if np.any(s.progression):
        return _progressif(s)
    premier = s.capital * (coefficient_annuite(s.taux, s.nombre) - s.taux)
    return _geometrique(premier, s.taux, s)


def _geometrique(premier: Tableau, taux: Tableau, s: Situation) -> Tableau:
    """Principal that starts at ``premier`` and grows by 1+i at each row, masked to the rows of repayment."""
    draws = max(premier.shape[0], taux.shape[0], s.nombre.shape[0], s.rang.shape[0])
    lignes = np.empty((draws, s.rang.shape[1]))
    if s.rang.shape[0] == 1 and s.rang[0, 0] == 1.0:
        lignes[:, :1], lignes[:, 1:] = premier, 1.0 + taux
    else:
        lignes[...] = np.where(s.rang > 1, 1.0 + taux, 1.0)
        lignes[:, :1] = premier * (1.0 + taux) ** np.maximum(s.rang[:, :1] - 1, 0)
    np.cumprod(lignes, axis=1, out=lignes)
    if not s.entier:
        np.multiply(lignes, (s.rang >= 1) & (s.rang <= s.nombre), out=lignes)
    return lignes


def _capital_constant(s: Situation) -> Tableau:
    """Constant principal: C / n at each row."""
    part = s.capital / np.maximum(s.nombre, 1.0)
    return np.asarray(part * s.actif)


def _in_fine(s: Situation) -> Tableau:
    """Bullet: the whole principal at the last row."""
    return np.asarray(np.where(s.rang == s.nombre, s.capital, 0.0))


def _ballon(s: Situation) -> Tableau:
    """Balloon: amortised over a longer length, the balance falls due at the last row."""
    e = s.emprunt
    assert e.duree_profil_mois is not None
    longueur = (
        periodes(colonne(e.duree_profil_mois, "Durée du profil"), e.periodes_par_an, "Durée du profil") - s.ecoule
    )
    if np.any(longueur < s.nombre):
        raise ErreurCalcul("Ballon : la durée du profil (« duree_profil_mois ») doit dépasser celle du prêt.")
    premier = s.capital * (coefficient_annuite(s.taux, longueur) - s.taux)
    croissant = _geometrique(premier, s.taux, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        facteur = np.expm1((s.nombre - 1) * np.log1p(s.taux)) / s.taux
    rembourse = premier * np.where(s.taux == 0.0, s.nombre - 1, facteur)
    return np.asarray(np.where(s.rang == s.nombre, s.capital - rembourse, croissant))


def _progressif(s: Situation) -> Tableau:
    """Progressive instalment: growth each year, level inside a year, on ``progression_annees`` steps at most."""
    e = s.emprunt
    rangs = np.arange(1.0, float(s.nombre.max()) + 1)[None, :]
    if float(s.ecoule.max()) == 0.0:
        annee = (rangs - 1) // e.periodes_par_an
    else:
        annee = (rangs + s.ecoule - 1) // e.periodes_par_an - s.ecoule // e.periodes_par_an
    if e.progression_annees is not None:
        deja = s.ecoule // e.periodes_par_an
        annee = np.minimum(annee + deja, e.progression_annees) - np.minimum(deja, e.progression_annees)
    return _selon_coefficients((1.0 + s.progression) ** annee, rangs, s)


def _par_paliers(s: Situation) -> Tableau:
    """Payment stages: known amounts or multiples for a time; what is not given as an amount is solved."""
    e = s.emprunt
    n = int(s.nombre.max())
    debut = int(s.ecoule.max())
    montants, coefficients, position = np.zeros(n + debut), np.ones(n + debut), 0
    for palier in e.paliers_echeance:
        suite = position + int(periodes(palier.mois, e.periodes_par_an, "Palier d'échéance"))
        if palier.montant is not None:
            montants[position:suite], coefficients[position:suite] = palier.montant, 0.0
        else:
            coefficients[position:suite] = palier.coefficient or 0.0
        position = suite
    rangs = np.arange(1.0, n + 1)[None, :]
    if not np.any(coefficients[debut:] * (rangs[0] <= s.nombre.min())):
        raise ErreurCalcul("Paliers d'échéance : les montants donnés couvrent toute la durée ; en laisser un libre.")
    return _selon_coefficients(coefficients[None, debut:], rangs, s, montants[None, debut:])


def _selon_coefficients(coefficients: Tableau, rangs: Tableau, s: Situation, connus: Tableau | None = None) -> Tableau:
    """Principal under instalments ``known + A × coefficient``, A being solved so that the last balance is zero."""
    actualisation = np.exp(-rangs * np.log1p(s.taux)) * (rangs <= s.nombre)
    valeur = s.capital if connus is None else s.capital - np.sum(connus * actualisation, axis=1, keepdims=True)
    if np.any(valeur <= 0):
        raise ErreurCalcul("Paliers d'échéance : les montants donnés remboursent plus que le prêt ; les réduire.")
    base = valeur / np.maximum(np.sum(coefficients * actualisation, axis=1, keepdims=True), 1e-300)
    echeances = base * coefficients + (0.0 if connus is None else connus)
    return _des_echeances(echeances * (rangs <= s.nombre), actualisation, s)


def _des_echeances(echeances: Tableau, actualisation: Tableau, s: Situation) -> Tableau:
    """Principal that follows from instalments: difference of the balances ``(C - Σ A v^j) / v^k``."""
    valeurs = np.maximum(s.capital - np.cumsum(echeances * actualisation, axis=1), -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        soldes = np.where(actualisation > 0, valeurs / actualisation, 0.0)
    avant = np.concatenate([np.broadcast_to(s.capital, (soldes.shape[0], 1)), soldes[:, :-1]], axis=1)
    return _choisir(np.where(actualisation > 0, avant - soldes, 0.0), s)


def _choisir(plan: Tableau, s: Situation) -> Tableau:
    """Rows of a whole plan (D, n) at the ranks asked for."""
    indices = np.clip(s.rang, 1, plan.shape[1]).astype(np.intp) - 1
    if indices.shape[0] == 1:
        return np.asarray(plan[:, indices[0]] * s.actif)
    lignes = max(indices.shape[0], plan.shape[0])
    plan = np.broadcast_to(plan, (lignes, plan.shape[1]))
    return np.asarray(np.take_along_axis(plan, np.broadcast_to(indices, (lignes, indices.shape[1])), 1) * s.actif)


def _echeance_fixe(s: Situation) -> Tableau:
    """Fixed instalment: the number of rows is the answer, the last row takes what remains."""
    assert s.emprunt.echeance is not None
    return au_plus(colonne(s.emprunt.echeance, "Échéance"), s)


def au_plus(echeance: Tableau, s: Situation) -> Tableau:
    """Principal under a given level instalment, cut at the last row to the balance."""
    premier = echeance - s.capital * s.taux
    with np.errstate(divide="ignore", invalid="ignore"):
        facteur = np.expm1((s.nombre - 1) * np.log1p(s.taux)) / s.taux
    avant = premier * np.where(s.taux == 0.0, s.nombre - 1, facteur)
    return np.asarray(np.where(s.rang == s.nombre, s.capital - avant, _geometrique(premier, s.taux, s)))


def _sculpte(s: Situation) -> Tableau:
    """Sculpted debt: instalments proportional to the cash available for the debt."""
    service = np.atleast_2d(np.asarray(s.emprunt.service, dtype=np.float64))
    reste = service[:, int(s.ecoule.max()) :]
    rangs = np.arange(1.0, reste.shape[1] + 1)[None, :]
    return _selon_coefficients(reste, rangs, s)


def _tableau_libre(s: Situation) -> Tableau:
    """Free schedule: the principal of each row is given."""
    tableau = np.atleast_2d(np.asarray(s.emprunt.tableau, dtype=np.float64))
    reste = tableau[:, int(s.ecoule.max()) :]
    return _choisir(reste * (s.capital / np.sum(reste, axis=1, keepdims=True)), s)


PROFILS: dict[str, Profil] = {
    "annuite_constante": Profil(_annuite_constante, "echeance", "échéances constantes", niveau=True, recalculee=True),
    "capital_constant": Profil(_capital_constant, "remboursement", "capital constant", selon_le_taux=False),
    "in_fine": Profil(
        _in_fine, "remboursement", "remboursement in fine", selon_le_taux=False, au_terme=True, d_avance=False
    ),
    "ballon": Profil(_ballon, "echeance", "ballon", "duree_profil_mois", d_avance=False),
    "progressif": Profil(_progressif, "echeance", "échéances progressives", progresse=True, recalculee=True),
    "echeances_par_paliers": Profil(_par_paliers, "echeance", "échéances par paliers", "paliers_echeance"),
    "echeance_fixe": Profil(
        _echeance_fixe, "echeance", "échéance fixe, durée calculée", "echeance", duree="calculee", niveau=True
    ),
    "sculpte": Profil(
        _sculpte, "echeance", "dette sculptée", "service", duree="de_la_liste", capital_trouve=True, d_avance=False
    ),
    "tableau_libre": Profil(
        _tableau_libre,
        "remboursement",
        "tableau libre",
        "tableau",
        duree="de_la_liste",
        selon_le_taux=False,
        d_avance=False,
        peut_augmenter=True,
    ),
}
"""Profiles by name, in the order in which they are proposed."""
SIMPLES = tuple(nom for nom, profil in PROFILS.items() if profil.propre is None)
"""Profiles that need no other term: linear in the capital, and compared without asking anything more."""
