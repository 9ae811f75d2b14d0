"""Scenarios of a study by name, as a Python user reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pope_foncier.etude.lecteur import BOUCLE
from pope_foncier.etude.scenarios import Dossier, verifier_scenario
from pope_foncier.porte.attendu import dire, verifie
from pope_foncier.porte.textes import en_html

if TYPE_CHECKING:
    import pandas as pd

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

    @verifie
    def tableau(self, nom: str = "plan", lecture: str = BOUCLE) -> pd.DataFrame:
        """Table of every scenario, one under the other: the scenario is the first level of the index.

        A scenario that holds no place has no table: ``attrs["sans_place"]`` says why.

        Raises:
            Inconnu: no such table; the near ones are offered.

        >>> import pope_foncier as pf
        >>> pf.ouvrir("gare_saint_denis").scenarios.tableau("plan").index.names[0]
        'scenario'
        """
        import pandas as pd

        cadres, sans_place = {}, {}
        for scenario in self:
            resultat = cast(Any, self[scenario]).calculer(lecture)
            if resultat._sans_place:
                sans_place[scenario] = resultat._sans_place
            else:
                cadres[scenario] = resultat.tableau(nom)
        lu = pd.concat(cadres, names=["scenario"]) if cadres else pd.DataFrame()
        lu.attrs = {"sans_place": sans_place, "lecture": lecture}
        return lu

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return f"Scénarios de {self._dossier.nom} : {', '.join(self)}"

    def _repr_html_(self) -> str:
        return en_html(f"Scénarios de {self._dossier.nom}", [(n, self._dossier.titre(n)) for n in self])
