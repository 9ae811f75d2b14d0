"""Loan terms: the ten conventions that make a schedule, in one frozen record (``coherence`` holds their cross-checks).

Numbers may be scalars or arrays of draws, (D,) or (D, 1): one record then stands for D different loans. What is not a
number (profile, dates, periodicity, clauses) is common to all the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.finances.emprunts.clauses import (
    Anticipe,
    Assurance,
    Deblocage,
    Frais,
    Garantie,
    Palier,
    PalierEcheance,
    Participation,
    Revision,
    exiger,
    verifier_taux,
)
from pope_foncier.finances.emprunts.coherence import verifier_ensemble
from pope_foncier.finances.emprunts.conversions import (
    BASES_JOURS,
    CONVERSIONS,
    BaseJours,
    Conversion,
    Tableau,
    periodes,
    taux_de_periode,
)
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import mois_entre

Terme = Literal["echu", "a_echoir"]
Differe = Literal["aucun", "partiel", "total_capitalise", "total_simple", "interets_retenus"]
Arrondi = Literal["aucun", "echeance", "centime"]
InteretsPrefinancement = Literal["payes", "capitalises", "finances"]

PremierePeriode = Literal["repartie", "interets_en_plus"]
NomProfil = Literal[
    "annuite_constante",
    "capital_constant",
    "in_fine",
    "ballon",
    "progressif",
    "echeances_par_paliers",
    "echeance_fixe",
    "sculpte",
    "tableau_libre",
]
NOMS_PROFILS: tuple[str, ...] = get_args(NomProfil)


def colonne(valeur: ArrayLike, quoi: str) -> Tableau:
    """Column of draws: scalar → (1, 1), (D,) or (D, 1) → (D, 1).

    Raises:
        ErreurCalcul: another shape, or a value that is not a finite number.
    """
    tableau = np.asarray(valeur, dtype=np.float64)
    if (tableau.ndim == 2 and tableau.shape[1] != 1) or tableau.ndim > 2:
        raise ErreurCalcul(f"{quoi} : une valeur par tirage est attendue, un tableau {tableau.shape} trouvé.")
    if not np.isfinite(tableau).all():
        raise ErreurCalcul(f"{quoi} : valeur inconnue ou infinie ; la renseigner avant de calculer.")
    return tableau.reshape(-1, 1)


@dataclass(frozen=True)
class Emprunt:
    """Loan terms.

    Attributes:
        capital: amount lent [€]; None only for ``sculpte`` (then it is the present value of ``service``).
        taux: nominal annual rate [fraction].
        duree_mois: term in months, grace included unless ``differe_en_plus``; None only for ``echeance_fixe``.
        profil: shape of the repayments, a name of ``PROFILS``.
        periodes_par_an: 12, 6, 4, 2 or 1 payments a year.
        terme: ``echu`` (arrears) or ``a_echoir`` (advance).
        conversion, capitalisations_par_an: from the annual rate to the period rate (see ``taux_de_periode``).
        base_jours: day count of the interest; any other base than ``30/360`` needs ``date_debut``.
        date_debut, date_premiere_echeance: dates of the first drawdown and of the first instalment; an interval that is
            not one period makes a broken first period. Lengths (term, grace) then still count periods, while moments (early
            repayments, rate stages, revisions, fees) count months from the first drawdown.
        premiere_periode: ``repartie`` (level instalment adjusted) or ``interets_en_plus`` (the first instalment alone).
        differe, differe_mois, differe_en_plus: grace: none, partial (interest paid), total capitalised at each period,
            total with simple interest added once at its end, or interest withheld from the drawdown; inside the term or
            on top of it.
        prefinancement_mois, interets_prefinancement: drawdown phase before the term; its interest is paid, capitalised, or
            financed in the draw itself (the sums received are smaller, the final balance is ``capital``).
        progression: growth of the instalments each year [fraction], ``progressif`` only; or initial progression of a
            double revision.
        progression_annees: number of yearly steps, after which the instalment is level (graduated payments).
        duree_profil_mois: amortisation length of a ``ballon``, longer than its term.
        echeance: instalment of ``echeance_fixe`` [€].
        paliers: known rate stages, the instalment being recomputed at each.
        paliers_echeance: known payment stages of ``echeances_par_paliers``.
        service: cash available for the debt at each period, shape (n,) or (D, n) [€], ``sculpte`` only.
        tableau: principal repaid at each period, shape (n,) or (D, n) [€], ``tableau_libre`` only.
        arrondi: ``aucun`` (full precision), ``echeance`` (instalment to the cent, interest not), ``centime`` (both, half
            up); the last row takes what remains.
    """

    capital: ArrayLike | None
    taux: ArrayLike
    duree_mois: ArrayLike | None
    profil: str = "annuite_constante"
    periodes_par_an: int = 12
    terme: Terme = "echu"
    conversion: Conversion = "proportionnelle"
    capitalisations_par_an: int | None = None
    base_jours: BaseJours = "30/360"
    date_debut: date | None = None
    date_premiere_echeance: date | None = None
    premiere_periode: PremierePeriode = "interets_en_plus"
    differe: Differe = "aucun"
    differe_mois: ArrayLike = 0
    differe_en_plus: bool = False
    prefinancement_mois: int = 0
    interets_prefinancement: InteretsPrefinancement = "payes"
    progression: ArrayLike = 0.0
    progression_annees: int | None = None
    duree_profil_mois: ArrayLike | None = None
    echeance: ArrayLike | None = None
    paliers: tuple[Palier, ...] = ()
    paliers_echeance: tuple[PalierEcheance, ...] = ()
    service: ArrayLike | None = None
    tableau: ArrayLike | None = None
    revision: Revision | None = None
    deblocages: tuple[Deblocage, ...] = ()
    frais: tuple[Frais, ...] = ()
    garantie: Garantie | None = None
    assurance: Assurance | None = None
    anticipes: tuple[Anticipe, ...] = ()
    participation: Participation | None = None
    arrondi: Arrondi = "aucun"
    libelle: str = field(default="emprunt", compare=False)

    def __post_init__(self) -> None:
        exiger(
            self.profil in NOMS_PROFILS,
            f"Profil inconnu : « {self.profil} ». Choisir parmi : {', '.join(NOMS_PROFILS)}.",
        )
        exiger(self.periodes_par_an in (1, 2, 4, 6, 12), "Périodicité : 12, 6, 4, 2 ou 1 échéances par an.")
        exiger(self.conversion in CONVERSIONS, f"Conversion inconnue : « {self.conversion} ».")
        exiger(self.base_jours in BASES_JOURS, f"Base de jours inconnue : « {self.base_jours} ».")
        verifier_taux(self.taux, "Taux du prêt")
        verifier_taux(self.progression, "Progression des échéances")
        if self.capital is not None:
            exiger(bool(np.all(np.asarray(self.capital) > 0)), "Le capital doit être positif.")
        if self.duree_mois is not None:
            exiger(bool(np.all(np.asarray(self.duree_mois) > 0)), "La durée doit être d'au moins une période.")
        exiger(bool(np.all(np.asarray(self.differe_mois) >= 0)), "Le différé ne peut pas être négatif.")
        verifier_ensemble(self)

    @cached_property
    def taux_periode(self) -> Tableau:
        """Period rate of the initial annual rate, shape (1, 1) or (D, 1) [fraction]."""
        return self.en_taux_periode(colonne(self.taux, "Taux du prêt"))

    def en_taux_periode(self, taux: Tableau) -> Tableau:
        """Period rate of an annual rate, by the conventions of this loan."""
        return taux_de_periode(taux, self.periodes_par_an, self.conversion, self.capitalisations_par_an)

    @cached_property
    def pas_mois(self) -> int:
        """Months in a period."""
        return 12 // self.periodes_par_an

    @cached_property
    def premier_mois(self) -> int:
        """Month of the first instalment, counted from the first drawdown; other than a period when the first is broken."""
        if self.date_debut is None or self.date_premiere_echeance is None:
            return self.pas_mois
        return mois_entre(self.date_debut, self.date_premiere_echeance)

    def mois_du_rang(self, rang: int) -> int:
        """Month of the end of a row, counted from the first drawdown (row 0)."""
        return self.premier_mois + (rang - 1) * self.pas_mois if rang else 0

    def rang_du_mois(self, mois: int, quoi: str) -> int:
        """Row that ends at a month counted from the first drawdown.

        Raises:
            ErreurCalcul: no instalment falls at this month.
        """
        periodes_apres, reste = divmod(mois - self.premier_mois, self.pas_mois)
        if reste or periodes_apres < 0:
            premiers = ", ".join(str(self.mois_du_rang(k)) for k in (1, 2, 3))
            raise ErreurCalcul(
                f"{quoi} : le mois {mois} n'est pas celui d'une échéance (mois {premiers}…) ; choisir un mois d'échéance."
            )
        return periodes_apres + 1

    @cached_property
    def periodes_prefinancement(self) -> int:
        """Periods of the drawdown phase."""
        return int(periodes(self.prefinancement_mois, self.periodes_par_an, "Préfinancement"))

    @cached_property
    def periodes_differe(self) -> Tableau:
        """Periods without principal before the first repayment (drawdown phase and grace), shape (1, 1) or (D, 1)."""
        differe = periodes(colonne(self.differe_mois, "Différé"), self.periodes_par_an, "Différé")
        return self.periodes_prefinancement + differe

    def avec(self, **changements: Any) -> Emprunt:
        """Same loan with some terms changed."""
        valeurs = {f.name: getattr(self, f.name) for f in fields(self)}
        return Emprunt(**{**valeurs, **changements})
