"""Tables cut to what a sheet of paper holds: some columns left out, rows where all is unknown said in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pope_foncier.socle.phrases import minuscule
from pope_foncier.vues.formes.table import Table

_REPETITIONS = 3
"""Cells from which a reason is said once."""
_RIEN = ("—", "", "personne")
"""Cells that say nothing of a figure."""


def sans_colonnes(table: Table, noms: Sequence[str]) -> Table:
    """Same table without the columns whose heading begins so."""
    gardees = [i for i, entete in enumerate(table.entetes) if not entete.startswith(tuple(noms))]
    return replace(
        table,
        entetes=tuple(table.entetes[i] for i in gardees),
        cellules=tuple(tuple(rang[i] for i in gardees) for rang in table.cellules),
    )


def premiers(table: Table, nombre: int, suite: str) -> Table:
    """First rows of a table, and how many others there are, at the end of its note."""
    reste = len(table.cellules) - nombre
    if reste <= 0:
        return table
    return replace(table, cellules=table.cellules[:nombre], note=f"{table.note} {suite.format(reste)}".strip())


def sans_inconnus(table: Table, quoi: str) -> Table:
    """Same table, the rows where every figure is unknown named in the note instead.

    Args:
        quoi: what is unknown, at the beginning of the sentence.
    """
    muets = [rang for rang in table.lignes if _est_muet(rang[1:])]
    if not muets or len(muets) == len(table.lignes):
        return table
    gardees = tuple(c for c, lue in zip(table.cellules, table.lignes, strict=True) if not _est_muet(lue[1:]))
    return replace(table, cellules=gardees, note=f"{quoi} : {' ; '.join(rang[0] for rang in muets)}. {table.note}")


def comme_le_premier(table: Table) -> Table:
    """Same table, the rows whose figures are those of the first one named in the note instead."""
    tete = table.lignes[0]
    pareils = [rang[0] for rang in table.lignes[1:] if rang[1:] == tete[1:]]
    if not pareils:
        return table
    gardees = tuple(c for c, lue in zip(table.cellules, table.lignes, strict=True) if lue[0] not in pareils)
    note = f"Comme « {minuscule(tete[0])} » : {' ; '.join(minuscule(nom) for nom in pareils)}. {table.note}".strip()
    return replace(table, cellules=gardees, note=note)


def dire_une_fois(table: Table) -> Table:
    """Same table, a reason that many cells give after a colon being said once, in the note."""
    comptes = Counter(c for rang in table.lignes for c in rang[1:] if " : " in c and not c[:1].isdigit())
    repetes = {c: c.partition(" : ") for c, n in comptes.items() if n >= _REPETITIONS}
    if not repetes:
        return table
    cellules = tuple(tuple(repetes[str(c)][0] if str(c) in repetes else c for c in rang) for rang in table.cellules)
    dites = " ".join(f"{tete[:1].upper()}{tete[1:]} : {raison}." for tete, _, raison in repetes.values())
    return replace(table, cellules=cellules, note=f"{dites} {table.note}".strip())


def _est_muet(cellules: Sequence[str]) -> bool:
    """Whether cells hold nothing but unknowns and dashes, one unknown at least."""
    inconnues = [c.startswith("inconnu") for c in cellules]
    return any(inconnues) and all(i or c in _RIEN for i, c in zip(inconnues, cellules, strict=True))
