"""Laws of the values drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.portefeuille.hasard import triangulaire
from pope_foncier.porte.attendu import verifie
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Loi:
    """Law of a value drawn at random: ``normale``, ``uniforme``, ``entiers``, ``triangle`` or ``chance``."""

    nom: str
    parametres: tuple[float, ...]

    def valeurs(self, hasard: np.random.Generator, nombre: int) -> Tableau:
        """Draws, shape (n,)."""
        if self.nom == "normale":
            return hasard.normal(self.parametres[0], self.parametres[1], nombre)
        if self.nom == "uniforme":
            return hasard.uniform(self.parametres[0], self.parametres[1], nombre)
        if self.nom == "entiers":
            bas, haut, pas = self.parametres
            return bas + pas * hasard.integers(0, int((haut - bas) // pas), nombre, endpoint=True).astype(np.float64)
        if self.nom == "chance":
            return (hasard.random(nombre) < self.parametres[0]).astype(np.float64)
        bas, milieu, haut = self.parametres
        return triangulaire(hasard.random(nombre), bas, milieu, haut)

    def __repr__(self) -> str:
        return f"{self.nom}({', '.join(f'{p:g}' for p in self.parametres)})"


@verifie
def normale(moyenne: float, ecart_type: float) -> Loi:
    """Normal law, by its mean and its standard deviation.

    >>> import pope_foncier as pf
    >>> pf.normale(0.04, 0.005)
    normale(0.04, 0.005)
    """
    if not ecart_type >= 0:
        raise ErreurCalcul(f"Loi normale : un écart-type positif est attendu ; trouvé : {ecart_type}.")
    return Loi("normale", (float(moyenne), float(ecart_type)))


@verifie
def uniforme(bas: float, haut: float) -> Loi:
    """Uniform law between two bounds.

    >>> import pope_foncier as pf
    >>> pf.uniforme(0.55, 0.75)
    uniforme(0.55, 0.75)
    """
    if not bas <= haut:
        raise ErreurCalcul(f"Loi uniforme : bas ≤ haut est attendu ; trouvé : {bas}, {haut}.")
    return Loi("uniforme", (float(bas), float(haut)))


@verifie
def entiers(bas: int, haut: int, pas: int = 1) -> Loi:
    """Whole numbers of equal chance, from ``bas`` to ``haut`` by ``pas``: months of a term, of a grace, of a delay; ``pas=3`` for quarterly instalments.

    >>> import pope_foncier as pf
    >>> pf.entiers(0, 12, pas=3)
    entiers(0, 12, 3)
    """
    if not (bas <= haut and pas >= 1 and (haut - bas) % pas == 0):
        raise ErreurCalcul(
            f"Loi d'entiers : bas ≤ haut, et un pas d'au moins 1 qui va de l'un à l'autre, sont attendus ; trouvé : {bas}, {haut}, {pas}."
        )
    return Loi("entiers", (bas, haut, pas))


@verifie
def triangle(bas: float, milieu: float, haut: float) -> Loi:
    """Triangular law: lowest, most likely and highest value.

    >>> import pope_foncier as pf
    >>> pf.triangle(2200, 2700, 3200)
    triangle(2200, 2700, 3200)
    """
    if not bas <= milieu <= haut:
        raise ErreurCalcul(f"Loi triangulaire : bas ≤ milieu ≤ haut est attendu ; trouvé : {bas}, {milieu}, {haut}.")
    return Loi("triangle", (float(bas), float(milieu), float(haut)))


@verifie
def chance(probabilite: float) -> Loi:
    """Law of all or nothing: 1 with that probability, else 0; a grant obtained or refused (``aides[piaje].coefficient``).

    >>> import pope_foncier as pf
    >>> pf.chance(0.6)
    chance(0.6)
    """
    if not 0 <= probabilite <= 1:
        raise ErreurCalcul(f"Chance : une probabilité de 0 à 1 est attendue ; trouvé : {probabilite}.")
    return Loi("chance", (float(probabilite),))
