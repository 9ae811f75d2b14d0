"""Figure of a result: value, unit, and how it is computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from pope_foncier.porte.attendu import donnee_par
from pope_foncier.porte.textes import Texte
from pope_foncier.socle.nombres import formater
from pope_foncier.socle.refus import NomsProches


@donnee_par('pf.ouvrir("gare_saint_denis").calculer()["places"]')
@dataclass(frozen=True)
class Chiffre(NomsProches):
    """Figure of a result.

    Attributes:
        code: its full code.
        libelle: its French name.
        valeur: its value; NaN when it is unknown or undetermined, and ``motif`` says why.
        unite: its unit.
        lecture: reading that it belongs to, « plan bouclé » or « plan tel quel ».
        motif: why it has no value; empty otherwise.
        statut: of a ratio, against its threshold; empty otherwise.

    >>> import pope_foncier as pf
    >>> places = pf.ouvrir("gare_saint_denis").calculer()["places"]
    >>> places
    indicateurs.places : 12 places (plan bouclé)
    >>> places.valeur, places.unite
    (12.0, 'places')
    """

    code: str
    libelle: str
    valeur: float
    unite: str
    lecture: str
    motif: str = ""
    statut: str = ""
    explication: str = field(default="", repr=False)
    _qui_compte: Callable[[], str] = field(default=str, repr=False, compare=False)

    def expliquer(self) -> Texte:
        """How the figure is computed, in French: one operand a line, the source of each input under it; then what counts most."""
        return Texte("\n".join(x for x in (self.explication, self._qui_compte()) if x))

    def __float__(self) -> float:
        return self.valeur

    def __repr__(self) -> str:
        valeur = formater(self.valeur, self.unite) if math.isfinite(self.valeur) else f"sans valeur ({self.motif})"
        statut = f", {self.statut}" if self.statut else ""
        return f"{self.code} : {valeur}{statut} ({self.lecture})"
