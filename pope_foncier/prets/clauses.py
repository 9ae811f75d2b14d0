"""Clauses of a loan besides its profile: rate stages, revision, drawdowns, fees, insurance, guarantee, early repayment.

Each clause is a frozen record; its own nonsense is refused here, what concerns two clauses is refused in ``coherence``.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.modele.clauses_de_pret import (
    AssietteGarantie,
    ModeAnticipe,
    ModeAssurance,
    ModeIndemnite,
    ModeRevision,
    SortDesInterets,
)
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import formater_nombre


def exiger(condition: bool | np.bool_, message: str) -> None:
    """Refuse in words what has no meaning.

    Raises:
        ErreurCalcul: the condition is false.
    """
    if not condition:
        raise ErreurCalcul(message)


def l_un_ou_l_autre(quoi: str, **donnes: ArrayLike | None) -> None:
    """Refuse two terms that exclude each other, given together or both missing.

    Raises:
        ErreurCalcul: none of them is given, or more than one.
    """
    seul = sum(x is not None for x in donnes.values()) == 1
    exiger(seul, f"{quoi} : donner {', '.join(f'soit « {nom} »' for nom in donnes)}.")


def verifier_taux(taux: ArrayLike | None, quoi: str) -> None:
    """Refuse a rate written in percent (3.5) instead of a fraction (0.035); one that is not given is not refused.

    Raises:
        ErreurCalcul: rate of 100 % or more, or of −100 % or less, or not a number.
    """
    valeurs = np.asarray(0.0 if taux is None else taux, dtype=np.float64)
    if not np.all(np.abs(valeurs) < 1.0):
        mauvais = float(valeurs[~(np.abs(valeurs) < 1.0)].flat[0])
        ecrit = formater_nombre(mauvais, 6, 0)
        raise ErreurCalcul(
            f"{quoi} : {ecrit} n'est pas un taux. Un taux s'écrit en fraction de 1 : {mauvais / 100:g} pour {ecrit} %."
        )


@enregistrement
class Palier:
    """Known rate stage: ``taux`` [fraction a year] applies for ``mois`` months; the payment is recomputed at each stage."""

    mois: int
    taux: ArrayLike

    def __post_init__(self) -> None:
        exiger(self.mois > 0, "Palier de taux : sa durée doit être d'au moins un mois.")
        verifier_taux(self.taux, "Palier de taux")


@enregistrement
class PalierEcheance:
    """Known payment stage: over ``mois`` months the payment is ``montant`` [€], or ``coefficient`` times the base one."""

    mois: int
    montant: float | None = None
    coefficient: float | None = None

    def __post_init__(self) -> None:
        exiger(self.mois > 0, "Palier d'échéance : sa durée doit être d'au moins un mois.")
        l_un_ou_l_autre("Palier d'échéance", montant=self.montant, coefficient=self.coefficient)


@enregistrement
class Revision:
    """Rate revision: margin over an index that follows a path (a scenario, never a formula).

    Attributes:
        indices: index of each month from the first drawdown, shape (M,) or (D, M) [fraction]; the last value holds after.
        marge: margin over the index [fraction]; by default the initial rate minus the initial index.
        premiere_mois: month of the first revision.
        tous_les_mois: months between two revisions.
        mode: ``simple`` (rate only), ``double`` (rate and progression), ``double_limitee`` (progression floored at 0).
        plafond, plancher: bounds of the revised rate [fraction a year].
        variation_max: largest change of the rate at one revision [fraction].
        coefficient_echeance_max: cap of the new payment as a multiple of the former one (1.075); interest left unpaid is
            then capitalised (negative amortisation, always reported).
    """

    indices: ArrayLike
    marge: ArrayLike | None = None
    premiere_mois: int = 12
    tous_les_mois: int = 12
    mode: ModeRevision = "simple"
    plafond: float | None = None
    plancher: float | None = None
    variation_max: float | None = None
    coefficient_echeance_max: float | None = None

    def __post_init__(self) -> None:
        verifier_taux(self.indices, "Indice de révision")
        verifier_taux(self.marge, "Marge sur indice")
        exiger(self.mode in ("simple", "double", "double_limitee"), f"Révisabilité inconnue : « {self.mode} ».")
        if not (self.premiere_mois > 0 and self.tous_les_mois > 0):
            raise ErreurCalcul("Révision : les dates se comptent en mois, à partir de 1.")
        if self.plafond is not None and self.plancher is not None and not self.plancher <= self.plafond:
            raise ErreurCalcul("Révision : le plancher dépasse le plafond ; les échanger.")
        if self.variation_max is not None and not 0.0 < self.variation_max < 1.0:
            raise ErreurCalcul(
                "Révision : la variation maximale du taux est une fraction positive (0.01 pour 1 point)."
            )
        if self.coefficient_echeance_max is not None and not 1 <= self.coefficient_echeance_max < 10:
            raise ErreurCalcul("Révision : le plafond d'échéance est un coefficient d'au moins 1 (1,075 pour +7,5 %).")


@enregistrement
class Deblocage:
    """Drawdown: ``part`` of the capital, or ``montant`` [€], drawn ``mois`` months after the first one."""

    mois: int
    part: ArrayLike | None = None
    montant: ArrayLike | None = None

    def __post_init__(self) -> None:
        exiger(self.mois >= 0, "Déblocage : le mois se compte à partir de 0 (premier déblocage).")
        l_un_ou_l_autre("Déblocage", part=self.part, montant=self.montant)


@enregistrement
class Frais:
    """Fee: ``montant`` [€], or ``taux`` of the capital, due ``mois`` months after the first drawdown.

    Attributes:
        mois: may be negative (paid before the drawdown); None = with the last instalment.
        finances: added to the capital lent (only at month 0).
        dans_teg: counted in the effective rates (R. 314-2 leaves out what is not known exactly before signature).
    """

    montant: ArrayLike | None = None
    taux: ArrayLike | None = None
    mois: int | None = 0
    finances: bool = False
    dans_teg: bool = True
    libelle: str = "frais"

    def __post_init__(self) -> None:
        l_un_ou_l_autre(self.libelle, montant=self.montant, taux=self.taux)
        if self.finances and self.mois != 0:
            raise ErreurCalcul(
                f"{self.libelle} : seuls des frais dus au premier déblocage peuvent être financés par le prêt."
            )
        verifier_taux(self.taux, self.libelle)


@enregistrement
class Garantie:
    """Guarantee: share of the loan, ceiling, and commission.

    Attributes:
        quotite: guaranteed share of the loan [fraction].
        plafond: ceiling of the guaranteed amount [€].
        commission: rate on the guaranteed amount [fraction].
        assiette: ``initiale`` (paid once), ``initiale_annuelle`` (each year on the initial amount) or ``restante``
            (each year on the guaranteed share of the outstanding balance).
    """

    quotite: ArrayLike
    commission: ArrayLike = 0.0
    plafond: float | None = None
    assiette: AssietteGarantie = "initiale"
    dans_teg: bool = True

    def __post_init__(self) -> None:
        quotite = np.asarray(self.quotite, dtype=np.float64)
        exiger(np.all((quotite >= 0) & (quotite <= 1)), "Garantie : la quotité est une fraction entre 0 et 1 (0.65).")
        verifier_taux(self.commission, "Commission de garantie")


@enregistrement
class Assurance:
    """Borrower insurance: on the initial capital, on the outstanding balance, or one single premium.

    Attributes:
        taux: yearly rate (or rate of the single premium) [fraction].
        montant: single premium, or premium of each period on initial capital [€].
        financee: single premium added to the capital lent.
    """

    mode: ModeAssurance = "capital_initial"
    taux: ArrayLike | None = None
    montant: ArrayLike | None = None
    financee: bool = False
    quotite: float = 1.0

    def __post_init__(self) -> None:
        l_un_ou_l_autre("Assurance", taux=self.taux, montant=self.montant)
        exiger(0.0 < self.quotite <= 1.0, "Assurance : la quotité est une fraction entre 0 et 1 (1 = tout le capital).")
        if self.financee and self.mode != "prime_unique":
            raise ErreurCalcul("Assurance : seule une prime unique peut être financée par le prêt.")
        if self.montant is not None and self.mode == "capital_restant_du":
            raise ErreurCalcul("Assurance sur capital restant dû : donner un taux, pas un montant.")
        verifier_taux(self.taux, "Taux d'assurance")


@enregistrement
class Indemnite:
    """Early repayment indemnity.

    Attributes:
        mode: ``aucune``; ``pourcentage`` of the amount repaid; ``mois_interets`` (n months of interest on it);
            ``mois_interets_plafonnes`` (the lesser of both); ``plafond_legal`` (the most that a consumer owes: n months of
            interest on it at the mean rate of the loan, at most a share of the balance before); ``actuarielle`` (present
            value, at the reference rate, of the payments given up, minus the amount repaid, never negative).
        taux_reference: yearly reinvestment rate, read with the conversion of the loan [fraction].
        taux_moyen: mean rate of the loan, ``plafond_legal`` only; by default its rate, which must then be fixed [fraction].
    """

    mode: ModeIndemnite = "aucune"
    pourcentage: float = 0.0
    mois: float = 0.0
    taux_reference: ArrayLike | None = None
    taux_moyen: ArrayLike | None = None

    def __post_init__(self) -> None:
        exiger(
            self.mode != "aucune" or (self.pourcentage == 0 and self.mois == 0 and self.taux_reference is None),
            "Indemnité : dire son mode (« pourcentage », « mois_interets », « mois_interets_plafonnes », « plafond_legal » ou "
            "« actuarielle »).",
        )
        if self.mode == "actuarielle":
            exiger(self.taux_reference is not None, "Indemnité actuarielle : donner le taux de référence.")
            verifier_taux(self.taux_reference, "Taux de référence")
        if self.taux_moyen is not None and self.mode != "plafond_legal":
            raise ErreurCalcul("Indemnité : « taux_moyen » ne vaut que pour « plafond_legal ».")
        verifier_taux(self.taux_moyen, "Taux moyen")
        if self.mode in ("pourcentage", "mois_interets_plafonnes", "plafond_legal"):
            exiger(0 < self.pourcentage < 1, "Indemnité : le pourcentage s'écrit en fraction (0.03 pour 3 %).")
        if self.mode in ("mois_interets", "mois_interets_plafonnes", "plafond_legal"):
            exiger(self.mois > 0, "Indemnité : donner le nombre de mois d'intérêts.")


@enregistrement
class Anticipe:
    """Early repayment after the instalment of month ``mois``: ``montant`` [€], ``part`` of the balance, or all of it."""

    mois: int
    montant: ArrayLike | None = None
    part: float | None = None
    mode: ModeAnticipe = "reduire_echeance"
    indemnite: Indemnite = Indemnite()

    def __post_init__(self) -> None:
        exiger(self.mois > 0, "Remboursement anticipé : le mois se compte à partir de 1.")
        if self.montant is not None and self.part is not None:
            raise ErreurCalcul("Remboursement anticipé : donner « montant » ou « part », pas les deux.")
        if self.montant is not None and not np.all(np.asarray(self.montant) > 0):
            raise ErreurCalcul("Remboursement anticipé : le montant doit être positif.")
        if self.part is not None and not 0 < self.part <= 1:
            raise ErreurCalcul("Remboursement anticipé : la part est une fraction entre 0 et 1.")


@enregistrement
class Suspension:
    """Holiday in mid-life: no principal for ``duree_mois`` months after the instalment of month ``mois``.

    Attributes:
        interets: ``payes`` (holiday of the principal alone) or ``capitalises`` (nothing is paid, interest joins the balance).
        allonge: the end of the loan moves by as much; else the instalments that remain are recomputed.
    """

    mois: int
    duree_mois: int
    interets: SortDesInterets = "payes"
    allonge: bool = True

    def __post_init__(self) -> None:
        if self.mois <= 0:
            raise ErreurCalcul(
                "Suspension : « mois » est celui de la dernière échéance payée, à partir de 1 ; pour suspendre dès le départ, "
                "écrire un différé."
            )
        exiger(self.duree_mois > 0, "Suspension : sa durée doit être d'au moins une période.")
        exiger(self.interets in get_args(SortDesInterets), f"Suspension : intérêts « {self.interets} » inconnus.")


@enregistrement
class Participation:
    """Participating remuneration: at the end, the lender takes ``part`` of the growth of a value of ``valeur`` [€].

    ``croissance`` is the yearly growth of that value, compounded [fraction].
    """

    valeur: ArrayLike
    croissance: ArrayLike
    part: ArrayLike
