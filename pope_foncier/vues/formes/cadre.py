"""Tables as pandas holds them, and the one writer of CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from pope_foncier.vues.formes.cases import Case, Cellule, Rang, SousUnTitre
from pope_foncier.vues.formes.proteger import sans_formule

if TYPE_CHECKING:
    import pandas as pd

MARQUE = "\ufeff"
"""Mark of UTF-8 that French spreadsheets look for."""
_DECIMALES = 6


class _TableLue(Protocol):
    """What the frame reads of a ``Table``, which makes it."""

    @property
    def titre(self) -> str: ...

    @property
    def entetes(self) -> tuple[str, ...]: ...

    @property
    def cellules(self) -> tuple[Rang, ...]: ...

    @property
    def note(self) -> str: ...

    @property
    def totaux(self) -> tuple[int, ...]: ...

    @property
    def cles(self) -> int: ...

    @property
    def en_lignes(self) -> str: ...

    @property
    def deux_cotes(self) -> bool: ...

    @property
    def melee(self) -> bool: ...


def en_cadre(table: _TableLue, totaux: bool = True) -> pd.DataFrame:
    """Frame of a table: see ``Table.to_frame``."""
    gardees = [rang for i, rang in enumerate(table.cellules) if totaux or i not in table.totaux or _est_un_titre(rang)]
    cles, entetes = table.cles, list(table.entetes)
    if cles > 1:
        gardees = _repeter(gardees)
    if table.deux_cotes:
        entetes, gardees, cles = _empiler(entetes, gardees)
    else:
        entetes, gardees, cles = _grouper(entetes, gardees, cles)
    noms, index = entetes[:cles], [rang[:cles] for rang in gardees]
    colonnes = {nom: [rang[cles + i] for rang in gardees] for i, nom in enumerate(_uniques(entetes[cles:]))}
    if table.en_lignes:
        tetes = _uniques([" : ".join(str(c).strip() for c in cle if str(c)) for cle in index])
        tournees = dict(zip(tetes, ([c[i] for c in colonnes.values()] for i in range(len(index))), strict=True))
        noms, index, colonnes = [table.en_lignes], [(nom,) for nom in colonnes], tournees
    return _cadre(table, noms, index, colonnes)


def _cadre(
    table: _TableLue, noms: Sequence[str], index: Sequence[Rang], colonnes: dict[str, list[Cellule]]
) -> pd.DataFrame:
    import pandas as pd

    unites = {nom: _unites(cellules) for nom, cellules in colonnes.items()}
    series = {nom: _serie(cellules, melee=table.melee) for nom, cellules in colonnes.items()}
    if any(len(u) > 1 for u in unites.values()):
        rangs = zip(*colonnes.values(), strict=True)
        des_rangs = [" ; ".join(sorted(_unites(r) - {""})) for r in rangs]
        series = {"unité": pd.Series(des_rangs, dtype=object)} | series
    cadre = pd.DataFrame(series)
    niveaux = [_serie([cle[i] for cle in index], vide="") for i in range(len(noms))]
    if len(noms) > 1:
        cadre.index = pd.MultiIndex.from_arrays(niveaux, names=noms)
    else:
        cadre.index = pd.Index(niveaux[0], name=noms[0] or None)
    places = {nom: i for i, nom in enumerate(cadre.columns)}
    cadre.attrs = {
        "titre": table.titre,
        "note": table.note,
        "unites": {nom: next(iter(u)) for nom, u in unites.items() if len(u) == 1 and u != {""}},
        "motifs": {
            (ligne, places[nom]): str(c)
            for nom, cellules in colonnes.items()
            if any(isinstance(c, Case) for c in cellules)
            for ligne, c in enumerate(cellules)
            if str(c) and (c.manque if isinstance(c, Case) else not table.melee)
        },
    }
    return cadre


def _unites(cellules: Sequence[Cellule]) -> set[str]:
    """Units of a column; a cell without value nor unit has none to say."""
    return {c.unite for c in cellules if isinstance(c, Case) and (c.unite or not c.manque)}


def _serie(cellules: Sequence[Cellule], vide: Any = math.nan, melee: bool = False) -> pd.Series:
    """Column of one type: days, integers, floats, or text; a text among numbers is a missing value, unless it is a value too."""
    import pandas as pd

    cases = [c for c in cellules if isinstance(c, Case)]
    if not cases:
        return pd.Series([str(c).strip() for c in cellules], dtype=object)
    valeurs = [c.valeur if isinstance(c, Case) else vide for c in cellules]
    connues = [c.valeur for c in cases if not c.manque]
    if connues and all(isinstance(v, date) for v in connues):
        return pd.Series(pd.to_datetime([v if isinstance(v, date) else None for v in valeurs]))
    if (melee or vide == "") and len(cases) < len(cellules):
        return pd.Series([str(c).strip() if isinstance(c, str) else c.valeur for c in cellules], dtype=object)
    if len(connues) == len(cellules) and all(isinstance(v, int) for v in connues):
        return pd.Series(valeurs, dtype="int64")
    if any(isinstance(v, date) for v in connues):
        return pd.Series(valeurs, dtype=object)
    return pd.Series(valeurs, dtype=float)


def _est_un_titre(rang: Rang) -> bool:
    """Whether a row only names those that follow."""
    return len(rang) > 1 and all(c == "" for c in rang[1:])


def _grouper(entetes: list[str], rangs: list[Rang], cles: int) -> tuple[list[str], list[Rang], int]:
    """Rows under a heading, which becomes their first key; when some say that they are under one, only those are."""
    if not any(_est_un_titre(rang) for rang in rangs):
        return entetes, rangs, cles
    sous_un_titre = any(isinstance(rang[0], SousUnTitre) for rang in rangs)
    groupe, groupes = "", []
    for rang in rangs:
        if _est_un_titre(rang):
            groupe = str(rang[0])
            continue
        if sous_un_titre and not isinstance(rang[0], SousUnTitre):
            groupes.append(("", *rang))
        else:
            groupes.append((groupe, *rang))
    return ["Groupe", *entetes], groupes, cles + 1


def _repeter(rangs: list[Rang]) -> list[Rang]:
    """Rows whose first key, left blank when it is that of the row above, is said again."""
    repetes: list[Rang] = []
    for rang in rangs:
        repetes.append((repetes[-1][0], *rang[1:]) if repetes and rang[0] == "" else rang)
    return repetes


def _empiler(entetes: list[str], rangs: list[Rang]) -> tuple[list[str], list[Rang], int]:
    """Two lists side by side, one under the other: side, name, values."""
    moitie = len(entetes) // 2
    cotes = [
        (entetes[debut], *rang[debut : debut + moitie]) for debut in (0, moitie) for rang in rangs if rang[debut] != ""
    ]
    return ["Côté", "Ligne", *(e.strip() for e in entetes[1:moitie])], cotes, 2


def _uniques(noms: Sequence[str]) -> list[str]:
    """Names, the same one numbered when it comes again."""
    vus: dict[str, int] = {}
    uniques = []
    for nom in noms:
        vus[nom] = vus.get(nom, 0) + 1
        uniques.append(nom if vus[nom] == 1 else f"{nom} ({vus[nom]})")
    return uniques


def en_csv(cadre: pd.DataFrame, point: bool = False, index: bool = False) -> str:
    """Frame as CSV: for a French spreadsheet (semicolons, decimal commas, mark of UTF-8), or for a program.

    A text that a spreadsheet would take for a formula is quoted, in a heading as in a cell; an empty cell is a missing value.

    Args:
        point: commas between the cells and decimal points, without mark.
        index: whether the index is written, as first columns.
    """
    import pandas as pd

    if index:
        cadre = cadre.rename_axis(index=[n or "ligne" for n in cadre.index.names]).reset_index()
    virgule = "." if point else ","

    def ecrire(valeur: Any) -> Any:
        if isinstance(valeur, float):
            return "" if math.isnan(valeur) else _decimal(valeur, virgule)
        return sans_formule(valeur) if isinstance(valeur, str) else valeur

    texte = cadre.copy()
    for i, dtype in enumerate(texte.dtypes):
        if pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype):
            texte.isetitem(i, pd.Series([ecrire(v) for v in texte.iloc[:, i]], dtype=object))
    texte.columns = [sans_formule(str(c)) for c in texte.columns]
    ecrit = texte.to_csv(
        index=False,
        sep="," if point else ";",
        lineterminator="\n",
        date_format="%Y-%m-%d",
        float_format=lambda v: _decimal(v, virgule),
    )
    return str(ecrit) if point else MARQUE + str(ecrit)


def _decimal(valeur: float, virgule: str) -> str:
    """Number without useless zeros."""
    texte = f"{valeur:.{_DECIMALES}f}".rstrip("0").rstrip(".")
    return ("0" if texte in ("", "-0") else texte).replace(".", virgule)
