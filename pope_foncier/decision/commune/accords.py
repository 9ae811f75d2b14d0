"""What the commune says that it accepts: its discount rate, the highest contribution that it pays, the highest cost that it bears in all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeTaux
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, lire_fiche


class AccordsParDefaut(Fiche):
    """What stands for a study that says nothing."""

    taux_actualisation: Annotated[DonneeTaux, Declaration("Taux d'actualisation de la commune", "%")]


@lru_cache(maxsize=2)
def lire_accords(chemin: Path | None = None) -> AccordsParDefaut:
    """Read it from the data folder."""
    return lire_fiche(AccordsParDefaut, chemin or dossier_donnees() / "hypotheses" / "commune.yaml")


@dataclass(frozen=True, slots=True)
class Accord:
    """One number that the commune accepts, and where it comes from; NaN when nobody says it."""

    valeur: float
    origine: str

    @property
    def est_dit(self) -> bool:
        """Whether somebody says it."""
        return self.valeur == self.valeur


_MUET = Accord(float("nan"), "")


def actualisation_de(etude: Etude) -> Accord:
    """Yearly discount rate [fraction]: that of the study, else that of the data folder."""
    foncier, defaut = etude.foncier, lire_accords().taux_actualisation
    if foncier is not None and foncier.taux_actualisation.valeur is not None:
        return Accord(float(foncier.taux_actualisation.valeur), f"étude : {foncier.taux_actualisation.base}")
    return Accord(float("nan") if defaut.valeur is None else float(defaut.valeur), f"hypothèse : {defaut.base}")


def plafond_de_la_contribution(etude: Etude) -> Accord:
    """Highest contribution that the commune pays by place in the cruising year, in the euros of that year: threshold of the doubt, else of the property."""
    if etude.doute is not None and etude.doute.seuils.contribution_par_place is not None:
        return Accord(float(etude.doute.seuils.contribution_par_place), "étude : seuil nommé dans « doute »")
    dit = None if etude.foncier is None else etude.foncier.contribution_max_par_place
    if dit is None or dit.valeur is None:
        return _MUET
    return Accord(float(dit.valeur), f"étude : {dit.base}")


def plafond_du_cout(etude: Etude) -> Accord:
    """Highest cost that the commune bears in all by place and year of opening, what nobody has promised included."""
    dit = None if etude.doute is None else etude.doute.seuils.cout_par_place
    return _MUET if dit is None else Accord(float(dit), "étude : seuil nommé dans « doute »")
