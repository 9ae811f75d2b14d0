"""Terms of a loan as they are written: the conventions that make a schedule, in one frozen record.

Numbers may be scalars or arrays of draws, (D,) or (D, 1): one record then stands for D different loans. What is not a
number (profile, dates, periodicity, clauses) is common to all the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from numpy.typing import ArrayLike

from pope_foncier.modele import clauses_de_pret as mots
from pope_foncier.prets import clauses
from pope_foncier.socle.temps import mois_entre


@dataclass(frozen=True)
class Conditions:
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
        base_premiere_periode: day count of the broken first period alone, when it is not that of the others.
        date_debut, date_premiere_echeance: dates of the first drawdown and of the first instalment; an interval that is
            not one period makes a broken first period. Lengths (term, grace) then still count periods, while moments (early
            repayments, rate stages, revisions, fees) count months from the first drawdown.
        premiere_periode: ``repartie`` (level instalment adjusted) or ``interets_en_plus`` (the first instalment alone).
        differe, differe_mois, differe_en_plus: grace: none, partial (interest paid), total capitalised at each period,
            total with simple interest added once at its end, total with interest stored (it bears none; the instalments,
            which stay those of the capital, pay it first and are more numerous), or interest withheld from the drawdown;
            inside the term or on top of it.
        prefinancement_mois, interets_prefinancement: drawdown phase before the term; its interest is paid at the end of
            each period, paid at its start (``avance``), capitalised, or financed in the draw itself (the sums received are
            smaller, the final balance is ``capital``).
        commission_non_utilisation: yearly rate on what is not drawn yet, paid at each period up to the last drawdown
            [fraction].
        progression: growth of the instalments each year [fraction], ``progressif`` only; or initial progression of a
            double revision.
        progression_annees: number of yearly steps, after which the instalment is level (graduated payments).
        duree_profil_mois: amortisation length of a ``ballon``, longer than its term.
        echeance: instalment of ``echeance_fixe`` [€].
        paliers: known rate stages, the instalment being recomputed at each.
        paliers_echeance: known payment stages of ``echeances_par_paliers``.
        service: cash available for the debt at each period, shape (n,) or (D, n) [€], ``sculpte`` only.
        tableau: principal repaid at each period, shape (n,) or (D, n) [€], ``tableau_libre`` only.
        suspensions: holidays after the grace: of the whole instalment or of the principal alone.
        arrondi: ``aucun`` (full precision), ``echeance`` (instalment to the cent, interest not), ``centime`` (both, half
            up); the last row takes what remains.
    """

    capital: ArrayLike | None
    taux: ArrayLike
    duree_mois: ArrayLike | None
    profil: str = "annuite_constante"
    periodes_par_an: int = 12
    terme: mots.Terme = "echu"
    conversion: mots.Conversion = "proportionnelle"
    capitalisations_par_an: int | None = None
    base_jours: mots.BaseJours = "30/360"
    base_premiere_periode: mots.BaseJours | None = None
    date_debut: date | None = None
    date_premiere_echeance: date | None = None
    premiere_periode: mots.PremierePeriode = "interets_en_plus"
    differe: mots.Differe = "aucun"
    differe_mois: ArrayLike = 0
    differe_en_plus: bool = False
    prefinancement_mois: int = 0
    interets_prefinancement: mots.InteretsPrefinancement = "payes"
    commission_non_utilisation: ArrayLike = 0.0
    progression: ArrayLike = 0.0
    progression_annees: int | None = None
    duree_profil_mois: ArrayLike | None = None
    echeance: ArrayLike | None = None
    paliers: tuple[clauses.Palier, ...] = ()
    paliers_echeance: tuple[clauses.PalierEcheance, ...] = ()
    service: ArrayLike | None = None
    tableau: ArrayLike | None = None
    revision: clauses.Revision | None = None
    deblocages: tuple[clauses.Deblocage, ...] = ()
    frais: tuple[clauses.Frais, ...] = ()
    garantie: clauses.Garantie | None = None
    assurance: clauses.Assurance | None = None
    anticipes: tuple[clauses.Anticipe, ...] = ()
    suspensions: tuple[clauses.Suspension, ...] = ()
    participation: clauses.Participation | None = None
    arrondi: mots.Arrondi = "aucun"
    libelle: str = field(default="emprunt", compare=False)

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
