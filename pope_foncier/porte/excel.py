"""Tables of the door in a workbook: one function for all that ``pf`` gives as a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pope_foncier.porte.attendu import verifie
from pope_foncier.socle.ecriture import ecrire


@verifie
def en_excel(tables: Mapping[str, Any], fichier: str | Path, pied: str = "") -> Path:
    """Write tables in a workbook, one sheet each, with French formats; an unknown is said in words.

    Args:
        tables: frames by the name of their sheet; ``attrs["unites"]`` may give the unit of each column.
        pied: source, in the footer of each page.

    Raises:
        ErreurSortie: a file that cannot be written.
    """
    from pope_foncier.vues.classeur.tables import en_classeur

    return ecrire(Path(fichier), en_classeur(tables, pied))
