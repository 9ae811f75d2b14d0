"""Scenarios of a study and the blocks that they combine, as data sheets."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pydantic import Field, model_validator

from pope_foncier.socle.fiches import Fiche, Identifiant, Nombre, Texte, faute


class Surcharge(Fiche):
    """Override: one field of the study, its other value, and why."""

    champ: Texte
    valeur: Any
    motif: Texte


class _Sens(Enum):
    NON_DITE = "non dite"


_MANIERES = ("valeur", "facteur", "plus")
"""Ways of saying a change, one at a time."""


class Changement(Surcharge):
    """Override as a scenario or a block writes it: another value, or the present one multiplied or increased."""

    valeur: Any = _Sens.NON_DITE
    """Other value; null removes the field."""
    facteur: Nombre | None = None
    """Factor on the present value: 1.15 for « +15 % »."""
    plus: Nombre | None = None
    """What is added to the present value, in the unit of the sheet: 0.02 for two points of a rate, −6 for six months less."""

    @model_validator(mode="after")
    def _un_seul_sens(self) -> Changement:
        dits = self.model_fields_set.intersection(_MANIERES)
        if len(dits) != 1:
            raise faute(
                f"une surcharge dit une seule chose parmi « valeur », « facteur » et « plus » ; trouvé : {', '.join(n for n in _MANIERES if n in dits) or 'aucune'}.",
                "en garder une, par exemple « facteur: 1.15 » pour +15 %.",
            )
        return self

    @property
    def est_relatif(self) -> bool:
        """Whether it moves the present value."""
        return self.facteur is not None or self.plus is not None


class Bloc(Fiche):
    """Block: overrides named once, that scenarios combine."""

    nom: Identifiant
    titre: Texte
    surcharges: tuple[Changement, ...] = Field(min_length=1, max_length=200)


class Scenario(Fiche):
    """Scenario: a small named patch on the study, on another scenario, or a combination of blocks."""

    nom: Texte
    titre: Texte
    depuis: Texte | None = None
    """Scenario that it starts from; the study by default."""
    blocs: tuple[Texte, ...] = Field((), max_length=50)
    """Blocks of the study, or common to all, in order; its own overrides come after them."""
    surcharges: tuple[Changement, ...] = Field((), max_length=200)

    @model_validator(mode="after")
    def _change(self) -> Scenario:
        if not (self.depuis or self.blocs or self.surcharges):
            raise faute(
                "scénario qui ne change rien.", "ajouter « surcharges », « blocs », ou « depuis » un autre scénario."
            )
        return self
