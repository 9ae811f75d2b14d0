"""Loan terms: the ten conventions that make a schedule, in one frozen record, and their cross-checks.

Numbers may be scalars or arrays of draws, (D,) or (D, 1): one record then stands for D different loans. What is not a
number (profile, dates, periodicity, clauses) is common to all the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.modele.fiche_pret import (
    Arrondi,
    BaseJours,
    Conversion,
    Differe,
    InteretsPrefinancement,
    NomProfil,
    PremierePeriode,
    Terme,
)
from pope_foncier.prets.clauses import (
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
from pope_foncier.prets.conversions import (
    BASES_JOURS,
    CONVERSIONS,
    Tableau,
    periodes,
    taux_de_periode,
)
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import mois_entre

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
        _verifier_ensemble(self)

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


_EXIGENCES: dict[str, tuple[str, ...]] = {
    "ballon": ("duree_profil_mois",),
    "echeance_fixe": ("echeance",),
    "echeances_par_paliers": ("paliers_echeance",),
    "sculpte": ("service",),
    "tableau_libre": ("tableau",),
}


def _renseigne(emprunt: Emprunt, nom: str) -> bool:
    valeur = getattr(emprunt, nom)
    return valeur is not None and not (isinstance(valeur, tuple) and not valeur)


def _verifier_profil(e: Emprunt) -> None:
    for profil, noms in _EXIGENCES.items():
        for nom in noms:
            if e.profil == profil:
                exiger(_renseigne(e, nom), f"Le profil « {profil} » demande le champ « {nom} » : l'ajouter.")
            else:
                exiger(
                    not _renseigne(e, nom), f"Le champ « {nom} » ne vaut que pour le profil « {profil} » : le retirer."
                )
    exiger(
        e.duree_mois is not None or e.profil in ("echeance_fixe", "sculpte", "tableau_libre"),
        "La durée manque : la donner, ou choisir le profil « echeance_fixe » dont elle est le résultat.",
    )
    exiger(
        e.duree_mois is None or e.profil != "echeance_fixe",
        "Échéance fixe : la durée est le résultat du calcul ; retirer « duree_mois ».",
    )
    exiger(e.capital is not None or e.profil == "sculpte", "Le capital manque : le donner.")
    exiger(
        e.capital is not None or not (e.paliers or e.revision or e.deblocages),
        "Dette sculptée à taux variable ou débloquée en plusieurs fois : donner le capital.",
    )
    progressive = bool(np.any(np.asarray(e.progression) != 0))
    double = e.revision is not None and e.revision.mode != "simple"
    exiger(
        not progressive or e.profil == "progressif" or (double and e.profil == "annuite_constante"),
        f"Une progression des échéances n'a pas de sens avec le profil « {e.profil} » : choisir « progressif ».",
    )
    exiger(
        e.progression_annees is None or e.profil == "progressif",
        "« progression_annees » ne vaut que pour le profil « progressif ».",
    )
    exiger(
        not double or e.profil in ("annuite_constante", "progressif"),
        "La double révisabilité porte sur la progression des échéances : profil « annuite_constante » ou « progressif ».",
    )
    exiger(
        not double or e.periodes_par_an == 1,
        "La double révisabilité se calcule ici sur des échéances annuelles, les seules dont la règle a été lue : écrire "
        "« periodes_par_an: 1 » ou « mode: simple », ou demander au prêteur sa clause pour un autre rythme.",
    )


def _verifier_ensemble(e: Emprunt) -> None:
    """Refuse terms that contradict each other.

    Raises:
        ErreurCalcul: the contradiction, and how to mend it.
    """
    _verifier_profil(e)
    differe = bool(np.any(np.asarray(e.differe_mois) > 0))
    financee = e.assurance is not None and e.assurance.financee
    exiger(
        not (e.deblocages and (financee or any(f.finances for f in e.frais))),
        "Frais ou prime financés par un prêt débloqué en plusieurs fois : les payer à part, ou les mettre dans le capital.",
    )
    exiger(
        e.differe != "interets_retenus"
        or e.profil != "in_fine"
        or e.duree_mois is None
        or not differe
        or bool(np.all(np.asarray(e.differe_mois) >= np.asarray(e.duree_mois))),
        "Intérêts retenus sur un prêt in fine : ils le sont sur toute la durée ; donner un différé de cette durée.",
    )
    exiger(
        not differe or e.differe != "aucun",
        "Différé : dire s'il est « partiel », « total_capitalise », « total_simple » ou « interets_retenus ».",
    )
    exiger(
        len({a.mois for a in e.anticipes}) == len(e.anticipes),
        "Deux remboursements anticipés au même mois : les réunir en un seul.",
    )
    exiger(not (e.paliers and e.revision), "Paliers de taux connus et révision sur indice : choisir l'un des deux.")
    exiger(
        e.terme == "echu"
        or not (differe or e.prefinancement_mois or e.deblocages or e.revision or e.paliers or e.anticipes),
        "Un prêt à terme à échoir n'admet ici ni différé, ni déblocages, ni révision, ni remboursement anticipé : "
        "choisir « terme: echu ».",
    )
    exiger(
        e.terme == "echu" or e.profil not in ("in_fine", "ballon", "tableau_libre", "sculpte"),
        f"Le profil « {e.profil} » se paie à terme échu ; pour des intérêts payés d'avance, choisir "
        "« differe: interets_retenus ».",
    )
    exiger(
        e.base_jours == "30/360" or e.date_debut is not None,
        f"La base « {e.base_jours} » compte des jours réels : donner « date_debut ».",
    )
    exiger(
        e.date_premiere_echeance is None or e.date_debut is not None,
        "La date de première échéance demande aussi « date_debut ».",
    )
    if e.date_premiere_echeance is not None and e.date_debut is not None:
        exiger(e.date_premiere_echeance > e.date_debut, "La première échéance doit suivre le premier déblocage.")
        exiger(e.terme == "echu", "Première période brisée : seulement à terme échu.")
        exiger(
            not e.deblocages or e.premier_mois == e.pas_mois,
            "Première période brisée et déblocages en plusieurs fois : non pris en compte ensemble ; retirer "
            "« date_premiere_echeance » ou « deblocages ».",
        )
    exiger(
        e.conversion == "proportionnelle" or e.base_jours == "30/360",
        "Intérêts en jours réels et conversion équivalente ne vont pas ensemble : choisir « proportionnelle ».",
    )
    exiger(
        e.interets_prefinancement != "finances" or (e.prefinancement_mois > 0 and e.deblocages != ()),
        "Intérêts financés dans les déblocages : donner « prefinancement_mois » et « deblocages ».",
    )
    exiger(
        e.revision is None
        or e.revision.coefficient_echeance_max is None
        or e.profil in ("annuite_constante", "progressif"),
        "Un plafond d'échéance suppose une échéance recalculée : profil « annuite_constante » ou « progressif ».",
    )
    exiger(
        e.profil != "echeance_fixe" or np.size(e.differe_mois) == 1 or not (e.revision or e.paliers),
        "Échéance fixe à taux variable : un même différé pour tous les tirages est nécessaire.",
    )
    limite = e.prefinancement_mois + float(np.min(np.asarray(e.differe_mois)))
    if e.deblocages:
        exiger(
            max(d.mois for d in e.deblocages) <= max(limite, 0) or limite == 0,
            "Le dernier déblocage tombe après la fin du préfinancement et du différé : allonger « prefinancement_mois ».",
        )
        exiger(min(d.mois for d in e.deblocages) == 0, "Le premier déblocage est au mois 0.")
        if e.duree_mois is not None:
            exiger(
                -(-max(d.mois for d in e.deblocages) // e.pas_mois) * e.pas_mois
                < limite + float(np.min(np.asarray(e.duree_mois))),
                "Le dernier déblocage tombe après la fin du prêt : l'avancer, ou allonger « duree_mois ».",
            )
        parts = [d.part for d in e.deblocages if d.part is not None]
        if parts:
            exiger(len(parts) == len(e.deblocages), "Déblocages : tout en « part » ou tout en « montant ».")
            exiger(
                abs(sum(parts) - 1) < 1e-9, f"Les parts des déblocages font {sum(parts):g} au lieu de 1 : les corriger."
            )
    exiger(
        e.arrondi in ("aucun", "echeance", "centime"),
        f"Règle d'arrondi inconnue : « {e.arrondi} » (aucun, echeance ou centime).",
    )
