"""Draws of a portfolio: values common to all the sites, and values of each site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

_EVOLUTION = "evolution."


@dataclass(frozen=True)
class Tirages:
    """Draws by field of a study, each of shape (D,).

    Raises:
        ErreurCalcul: lengths differ, or an evolution path is drawn apart for one site.
    """

    communs: Mapping[str, Tableau] = field(default_factory=dict)
    """The same draw for every site; ``evolution.<path>`` is added to the yearly rate."""
    propres: Mapping[str, Mapping[str, Tableau]] = field(default_factory=dict)
    """Draws of one site, by its identifier."""

    def __post_init__(self) -> None:
        """Refuse draws that do not go together."""
        longueurs = sorted({len(v) for champs in (self.communs, *self.propres.values()) for v in champs.values()})
        if len(longueurs) > 1:
            raise ErreurCalcul(
                f"Tirages de longueurs différentes : {longueurs}. Donner le même nombre de valeurs à chaque champ."
            )
        seuls = sorted({c for champs in self.propres.values() for c in champs if c.startswith(_EVOLUTION)})
        if seuls:
            raise ErreurCalcul(
                f"Un chemin d'évolution est le même pour tous les lieux : {', '.join(seuls)}. Le tirer dans « communs »."
            )

    @property
    def nombre(self) -> int:
        """Number of draws D; one when nothing is drawn."""
        champs = (self.communs, *self.propres.values())
        return max((len(v) for valeurs in champs for v in valeurs.values()), default=1)

    def du_lieu(self, nom: str) -> dict[str, Tableau]:
        """Draws of one site; its own go before the common ones."""
        return {**self.communs, **self.propres.get(nom, {})}

    def ecart(self, chemin: str) -> Tableau:
        """Gap of an evolution path to the one of the studies, shape (D, 1), or (1, 1) when it is not drawn."""
        return np.reshape(self.communs.get(_EVOLUTION + chemin, np.zeros(1)), (-1, 1))

    def blocs(self, taille: int) -> Iterator[Tirages]:
        """The same draws, in blocks."""
        for bas in range(0, self.nombre, taille):
            yield self._bloc(slice(bas, bas + taille))

    def _bloc(self, rangs: slice) -> Tirages:
        def couper(champs: Mapping[str, Tableau]) -> dict[str, Tableau]:
            return {champ: v[rangs] for champ, v in champs.items()}

        return Tirages(couper(self.communs), {lieu: couper(champs) for lieu, champs in self.propres.items()})
