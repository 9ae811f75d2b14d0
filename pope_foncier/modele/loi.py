"""Laws of what is not known for sure: how values spread around an assumption, read through their inverse distribution function."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.fiches import Bornes, Fiche, Part, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre, pourcent

POIDS_PERT = 4.0
"""Weight of the most likely value of a PERT law, as its authors set it."""
_PRES = 1e-9
_SE_DIT = 0.0005
"""Share of the draws cut from which it is said."""


@enregistrement
class Loi(ABC):
    """Law of one number."""

    nom: ClassVar[str]
    """Form, as the sheets write it."""
    appel: ClassVar[str]
    """Name of the function of the door that makes it."""

    @abstractmethod
    def valeurs(self, chances: Tableau) -> Tableau:
        """Values under which the number falls with those chances, strictly between 0 and 1: the inverse distribution function."""

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Lowest and highest value, infinite when nothing bounds it."""

    def bornee(self, bornes: Bornes | None, champ: str = "") -> Loi:
        """Law of a field that admits some values only.

        Raises:
            ErreurCalcul: the law goes beyond them.
        """
        if bornes is not None:
            bas, haut = self.support
            if bas < bornes.mini - _PRES or haut > bornes.maxi + _PRES:
                ou = f" « {champ} »" if champ else ""
                raise ErreurCalcul(
                    f"Loi {self.nom} : elle va de {_dit(bas)} à {_dit(haut)}, et le champ{ou} de {_dit(bornes.mini)} à {_dit(bornes.maxi)}. "
                    "Resserrer la loi."
                )
        return self

    @abstractmethod
    def en_clair(self, unite: str = "") -> str:
        """Law in French words, its numbers in the unit of the field."""

    def __repr__(self) -> str:
        dits = [getattr(self, c.name) for c in fields(self) if c.init and c.repr]
        return f"{self.appel}({', '.join(_court(v) for v in dits)})"


def _dit(valeur: float, unite: str = "") -> str:
    """Number of a law in French; a share is a percentage when its unit says so."""
    if not math.isfinite(valeur):
        return "l'infini"
    return pourcent(valeur) if unite == "%" else formater_nombre(valeur, 4, 0)


def _court(valeur: Any) -> str:
    return f"[{', '.join(f'{v:g}' for v in valeur)}]" if isinstance(valeur, tuple) else f"{valeur:g}"


def _exiger(vrai: bool, message: str, *trouves: Any) -> None:
    if not vrai:
        raise ErreurCalcul(f"{message} ; trouvé : {', '.join(str(t) for t in trouves)}.")


def _gauss() -> Any:
    return bibliotheque("scipy.special", "decider", "Cette loi")


@enregistrement
class Triangulaire(Loi):
    """Triangular law: lowest, most likely and highest value."""

    nom, appel = "triangulaire", "triangle"
    bas: float
    mode: float
    haut: float

    def __post_init__(self) -> None:
        message = "Loi triangulaire : bas ≤ milieu ≤ haut est attendu"
        _exiger(self.bas <= self.mode <= self.haut, message, self.bas, self.mode, self.haut)

    @property
    def support(self) -> tuple[float, float]:
        """Its lowest and highest value."""
        return self.bas, self.haut

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        bas, mode, haut = self.bas, self.mode, self.haut
        large = haut - bas
        if large <= 0.0:
            return np.full(chances.shape, mode)
        monte = bas + np.sqrt(chances * large * (mode - bas))
        descend = haut - np.sqrt((1.0 - chances) * large * (haut - mode))
        return np.where(chances * large < mode - bas, monte, descend)

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"triangulaire, de {_dit(self.bas, unite)} à {_dit(self.haut, unite)}, {_dit(self.mode, unite)} le plus probable"


@enregistrement
class Pert(Loi):
    """PERT law: a beta between the lowest and the highest value, gathered around the most likely one."""

    nom, appel = "pert", "pert"
    bas: float
    mode: float
    haut: float
    poids: float = POIDS_PERT

    def __post_init__(self) -> None:
        message = "Loi PERT : bas ≤ mode ≤ haut est attendu"
        _exiger(self.bas <= self.mode <= self.haut, message, self.bas, self.mode, self.haut)
        _exiger(self.poids > 0, "Loi PERT : un poids positif est attendu", self.poids)

    @property
    def support(self) -> tuple[float, float]:
        """Its lowest and highest value."""
        return self.bas, self.haut

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        large = self.haut - self.bas
        if large <= 0.0:
            return np.full(chances.shape, self.mode)
        montee = 1.0 + self.poids * (self.mode - self.bas) / large
        descente = 1.0 + self.poids * (self.haut - self.mode) / large
        beta: Tableau = _gauss().betaincinv(montee, descente, chances)
        return self.bas + large * beta

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"PERT, de {_dit(self.bas, unite)} à {_dit(self.haut, unite)}, {_dit(self.mode, unite)} le plus probable"


@enregistrement
class Uniforme(Loi):
    """Uniform law between two bounds."""

    nom, appel = "uniforme", "uniforme"
    bas: float
    haut: float

    def __post_init__(self) -> None:
        _exiger(self.bas <= self.haut, "Loi uniforme : bas ≤ haut est attendu", self.bas, self.haut)

    @property
    def support(self) -> tuple[float, float]:
        """Its bounds."""
        return self.bas, self.haut

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        return self.bas + (self.haut - self.bas) * chances

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"uniforme, de {_dit(self.bas, unite)} à {_dit(self.haut, unite)}"


class ReglesDesLois(Fiche):
    """What is admitted of a law that the bounds of a field cut."""

    part_coupee_max: Part
    base: Texte


@lru_cache(maxsize=2)
def lire_regles_des_lois(chemin: Path | None = None) -> ReglesDesLois:
    """Read it from the data folder."""
    return lire_fiche(ReglesDesLois, chemin or dossier_donnees() / "hypotheses" / "lois.yaml")


@enregistrement
class _Gaussienne(Loi):
    """Law made from a normal one, cut at the bounds of its field: the chances beyond them are shared by what is left."""

    @abstractmethod
    def _bornes(self) -> tuple[float, float]:
        """Where it is cut, in standard deviations away from its centre; infinite where it is not, or does not spread."""

    @property
    def part_coupee(self) -> float:
        """Share of its draws that fall beyond the bounds of the field [fraction]."""
        mini, maxi = self._bornes()
        if math.isinf(mini) and math.isinf(maxi):
            return 0.0
        gauss = _gauss()
        return float(gauss.ndtr(mini) + gauss.ndtr(-maxi))

    def _peu_coupee(self) -> Loi:
        """The law itself.

        Raises:
            ErreurCalcul: its bounds cut more than the share of the data: what would be drawn is no longer what is declared.
        """
        admise = lire_regles_des_lois().part_coupee_max
        if self.part_coupee > admise:
            raise ErreurCalcul(
                f"Loi {self.nom} : {pourcent(self.part_coupee, 0)} de ses tirages tomberaient hors de ce que le champ admet, "
                f"{pourcent(admise, 0)} au plus peuvent être coupés. Resserrer la loi."
            )
        return self

    def _coupe_dite(self) -> str:
        return (
            f", coupée aux bornes du champ ({pourcent(self.part_coupee)} des tirages)"
            if self.part_coupee >= _SE_DIT
            else ""
        )

    def _ecarts(self, chances: Tableau) -> Tableau:
        """Standard deviations away from the centre, between its bounds."""
        gauss, (mini, maxi) = _gauss(), self._bornes()
        avant, apres = gauss.ndtr(mini), gauss.ndtr(maxi)
        tirees: Tableau = gauss.ndtri(avant + chances * (apres - avant))
        return np.clip(tirees, mini, maxi)


@enregistrement
class Normale(_Gaussienne):
    """Normal law, by its mean and its standard deviation, cut at the bounds of its field."""

    nom, appel = "normale", "normale"
    moyenne: float
    ecart_type: float
    coupee: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        _exiger(self.ecart_type >= 0, "Loi normale : un écart-type positif est attendu", self.ecart_type)

    def __repr__(self) -> str:
        return f"normale({self.moyenne:g}, {self.ecart_type:g})"

    @property
    def support(self) -> tuple[float, float]:
        """Where it is cut."""
        return self.coupee or (-math.inf, math.inf)

    def bornee(self, bornes: Bornes | None, champ: str = "") -> Loi:
        """Law cut at the bounds of a field.

        Raises:
            ErreurCalcul: its mean is not within them, or they cut too much of it.
        """
        if bornes is None:
            return self
        message = f"Loi normale : une moyenne de {_dit(bornes.mini)} à {_dit(bornes.maxi)} est attendue"
        _exiger(bornes.mini <= self.moyenne <= bornes.maxi, message, self.moyenne)
        return replace(self, coupee=(bornes.mini, bornes.maxi))._peu_coupee()

    def _bornes(self) -> tuple[float, float]:
        if self.ecart_type == 0:
            return -math.inf, math.inf
        mini, maxi = ((borne - self.moyenne) / self.ecart_type for borne in self.support)
        return mini, maxi

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        if self.ecart_type == 0:
            return np.full(chances.shape, self.moyenne)
        return self.moyenne + self.ecart_type * self._ecarts(chances)

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"normale, de moyenne {_dit(self.moyenne, unite)} et d'écart-type {_dit(self.ecart_type, unite)}{self._coupe_dite()}"


@enregistrement
class Lognormale(_Gaussienne):
    """Log-normal law, by its median and the standard deviation of its logarithm: at 0.15, two chances in three within 15 % or so of the median."""

    nom, appel = "lognormale", "lognormale"
    mediane: float
    ecart: float
    maxi: float = math.inf

    def __post_init__(self) -> None:
        _exiger(self.mediane > 0, "Loi log-normale : une médiane positive est attendue", self.mediane)
        _exiger(self.ecart >= 0, "Loi log-normale : un écart positif est attendu", self.ecart)

    def __repr__(self) -> str:
        return f"lognormale({self.mediane:g}, {self.ecart:g})"

    @classmethod
    def par_quantiles(cls, quantiles: Sequence[tuple[float, float]]) -> Self:
        """Law by two of its values and the chance of falling under each.

        Raises:
            ErreurCalcul: not two increasing pairs, or values that are not positive.
        """
        message = "Loi log-normale : deux paires (chance, valeur) croissantes et positives sont attendues"
        bonnes = len(quantiles) == 2 and all(len(q) == 2 for q in quantiles)
        _exiger(bonnes, message, list(quantiles))
        (p, bas), (q, haut) = quantiles
        _exiger(0 < p < q < 1 and 0 < bas < haut, message, list(quantiles))
        de, a = (float(_gauss().ndtri(x)) for x in (p, q))
        ecart = math.log(haut / bas) / (a - de)
        return cls(bas * math.exp(-de * ecart), ecart)

    @property
    def support(self) -> tuple[float, float]:
        """From nothing to where it is cut."""
        return 0.0, self.maxi

    def bornee(self, bornes: Bornes | None, champ: str = "") -> Loi:
        """Law cut at the highest value of a field.

        Raises:
            ErreurCalcul: its median is not within the bounds of the field, or they cut too much of it.
        """
        if bornes is None:
            return self
        message = f"Loi log-normale : une médiane de {_dit(bornes.mini)} à {_dit(bornes.maxi)} est attendue"
        _exiger(bornes.mini <= self.mediane <= bornes.maxi, message, self.mediane)
        return replace(self, maxi=bornes.maxi)._peu_coupee()

    def _bornes(self) -> tuple[float, float]:
        return -math.inf, math.inf if self.ecart == 0 else math.log(self.maxi / self.mediane) / self.ecart

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        if self.ecart == 0:
            return np.full(chances.shape, self.mediane)
        return self.mediane * np.exp(self.ecart * self._ecarts(chances))

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"log-normale, de médiane {_dit(self.mediane, unite)} et d'écart {_dit(self.ecart)}{self._coupe_dite()}"


@enregistrement
class Entiers(Loi):
    """Whole numbers of equal chance, by steps."""

    nom, appel = "entiers", "entiers"
    bas: float
    haut: float
    pas: float = 1

    def __post_init__(self) -> None:
        message = "Loi d'entiers : bas ≤ haut, et un pas d'au moins 1 qui va de l'un à l'autre, sont attendus"
        juste = self.bas <= self.haut and self.pas >= 1 and (self.haut - self.bas) % self.pas == 0
        _exiger(juste and float(self.bas).is_integer(), message, self.bas, self.haut, self.pas)

    @property
    def support(self) -> tuple[float, float]:
        """Its first and its last number."""
        return self.bas, self.haut

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        nombre = (self.haut - self.bas) // self.pas + 1
        return self.bas + self.pas * np.minimum(np.floor(chances * nombre), nombre - 1)

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        pas = f", de {_dit(self.pas)} en {_dit(self.pas)}" if self.pas > 1 else ""
        return f"entiers de {_dit(self.bas, unite)} à {_dit(self.haut, unite)}{pas}, à chances égales"


@enregistrement
class Discrete(Loi):
    """A few values, each with its chance."""

    nom, appel = "discrete", "discrete"
    possibles: tuple[float, ...]
    chances: tuple[float, ...]

    def __post_init__(self) -> None:
        nombre = "Loi discrète : autant de chances que de valeurs, une au moins, sont attendues"
        _exiger(0 < len(self.possibles) == len(self.chances), nombre, len(self.possibles), len(self.chances))
        somme = "Loi discrète : des chances positives dont la somme est 1 sont attendues"
        _exiger(min(self.chances) >= 0 and abs(sum(self.chances) - 1) < 1e-6, somme, *self.chances)
        double = "Loi discrète : des valeurs différentes sont attendues"
        _exiger(len(set(self.possibles)) == len(self.possibles), double, *self.possibles)

    @property
    def support(self) -> tuple[float, float]:
        """Its lowest and highest value."""
        return min(self.possibles), max(self.possibles)

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances: the lowest ones come first, whatever the order in which they are written."""
        rangees = sorted(zip(self.possibles, self.chances, strict=True))
        possibles = np.array([v for v, _ in rangees])
        cumulees = np.cumsum([c for _, c in rangees])[:-1]
        return possibles[np.searchsorted(cumulees, chances, side="right")]

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        dites = (
            f"{_dit(v, unite)} ({_dit(100 * c)} chances sur cent)"
            for v, c in zip(self.possibles, self.chances, strict=True)
        )
        return f"une valeur parmi {', '.join(dites)}"


@enregistrement
class Chance(Loi):
    """All or nothing: a value with that probability, else zero; a grant obtained or refused."""

    nom, appel = "chance", "chance"
    probabilite: float
    valeur: float = 1.0

    def __post_init__(self) -> None:
        _exiger(0 <= self.probabilite <= 1, "Chance : une probabilité de 0 à 1 est attendue", self.probabilite)

    def __repr__(self) -> str:
        return f"chance({self.probabilite:g})"

    @property
    def support(self) -> tuple[float, float]:
        """Nothing, and the value."""
        return min(0.0, self.valeur), max(0.0, self.valeur)

    def valeurs(self, chances: Tableau) -> Tableau:
        """Values of some chances."""
        return np.where(chances >= 1.0 - self.probabilite, self.valeur, 0.0)

    def en_clair(self, unite: str = "") -> str:
        """Law in words."""
        return f"{_dit(self.valeur, unite)} avec {_dit(100 * self.probabilite)} chances sur cent, sinon rien"
