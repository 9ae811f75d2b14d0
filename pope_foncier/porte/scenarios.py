"""Scenarios of a study by name, as a Python user reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from pope_foncier.etude.scenarios import Dossier, verifier_scenario
from pope_foncier.porte.attendu import dire
from pope_foncier.porte.textes import en_html

T = TypeVar("T")


class Scenarios(Mapping[str, T]):
    """Scenarios of a study by name."""

    def __init__(self, dossier: Dossier, sous: Callable[[str], T]) -> None:
        self._dossier = dossier
        self._sous = sous

    def __getitem__(self, nom: str) -> T:
        verifier_scenario(dire(nom), self._dossier.variantes)
        return self._sous(nom)

    def __iter__(self) -> Iterator[str]:
        return iter(self._dossier.variantes)

    def __len__(self) -> int:
        return len(self._dossier.variantes)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return f"Scénarios de {self._dossier.nom} : {', '.join(self)}"

    def _repr_html_(self) -> str:
        return en_html(f"Scénarios de {self._dossier.nom}", [(n, self._dossier.titre(n)) for n in self])
