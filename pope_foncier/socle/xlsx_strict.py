"""Strict reading of a sheet of an XLSX workbook: bounded before it unfolds, every row with its number, refusals in French."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.csv_strict import RANGS_DE_TITRES, Rangs
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.lecture import lire_octets

_DEPLIE_MAX_OCTETS = 10_000_000
"""Largest sheet of a workbook, with its texts and styles, once unfolded."""
_IMAGE = 2
"""A picture is compressed already: what unfolds to more than so many times its size is a text."""
_LIGNES_MAX, _COLONNES_MAX = 100_000, 200
"""Cells beyond the last of these rows and columns are no part of a table."""
_PAS_UN_CLASSEUR, _EN_XLSX = "ce n'est pas un classeur XLSX.", "l'enregistrer en XLSX ou CSV."


@enregistrement
class CaseLue:
    """Cell of a sheet: its value, the last one that a spreadsheet computed when it holds a formula."""

    valeur: Any
    formule: str = ""


@dataclass(frozen=True)
class FeuilleLue:
    """Sheet of a workbook by its name: rows with their number, and the properties that the file declares of itself."""

    lignes: tuple[tuple[int, tuple[CaseLue, ...]], ...]
    proprietes: Mapping[str, str]


def charger_xlsx(chemin: Path, remede: str = "", titres: Callable[[Sequence[str]], int] | None = None) -> Rangs:
    """Rows of the first sheet that hold something, each with its number, cells as text; a formula reads as its last value.

    Args:
        chemin: file to read.
        remede: what to do when the file is absent.
        titres: headings recognised on a row; the sheet that shows most of them is read instead of the first.

    Raises:
        ErreurDonnees: unreadable file, not a workbook, or one that unfolds beyond any table.
    """
    octets = lire_octets(chemin, remede=remede)
    try:
        _peser(octets, seule=titres is not None)
        return _lire(octets, titres)
    except Exception:  # whatever a library raises on a broken workbook
        raise ErreurDonnees([Probleme(chemin_court(chemin), None, "", _PAS_UN_CLASSEUR, _EN_XLSX)]) from None


def lire_feuille(chemin: Path, nom: str) -> FeuilleLue:
    """Sheet of a workbook by its name, values and formulas; the other sheets are not unfolded.

    Raises:
        ErreurDonnees: unreadable file, not a workbook, one that unfolds beyond any table, or without that sheet.
    """
    octets = lire_octets(chemin)
    try:
        _peser(octets, seule=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library leaves aside (a footer, a look) is not read here
            lue = _lire_la_feuille(octets, nom)
    except Exception:  # whatever a library raises on a broken workbook
        raise ErreurDonnees(
            [Probleme(chemin_court(chemin), None, "", _PAS_UN_CLASSEUR, "l'enregistrer en XLSX.")]
        ) from None
    if isinstance(lue, list):
        dites = ", ".join(f"« {x} »" for x in lue)
        message = f"la feuille « {nom} » n'y est pas ; feuilles trouvées : {dites}."
        remede = "reprendre le classeur rendu, sans renommer ni supprimer cette feuille."
        raise ErreurDonnees([Probleme(chemin_court(chemin), None, "", message, remede)])
    return lue


def _peser(octets: bytes, seule: bool = False) -> None:
    """Refuse a workbook that unfolds too large.

    Args:
        seule: sheets are weighed as they are read, one by one.
    """
    with zipfile.ZipFile(BytesIO(octets)) as classeur:
        tailles = {x.filename: x.file_size for x in classeur.infolist() if _se_deplie(x)}
    feuilles = {n for n in tailles if n.startswith("xl/worksheets/")}
    communs = sum(t for n, t in tailles.items() if n not in feuilles)
    if communs + (0 if seule else max((tailles[n] for n in feuilles), default=0)) > _DEPLIE_MAX_OCTETS:
        raise ValueError("classeur trop grand")


def _peser_la_feuille(octets: bytes, feuille: Any) -> None:
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        if archive.getinfo(feuille._worksheet_path).file_size > _DEPLIE_MAX_OCTETS:
            raise ValueError("feuille trop grande")


def _lire_la_feuille(octets: bytes, nom: str) -> FeuilleLue | list[str]:
    """Sheet by its name, or the names of the sheets when it is not there."""
    from openpyxl import load_workbook

    formules, valeurs = (load_workbook(BytesIO(octets), read_only=True, data_only=d) for d in (False, True))
    try:
        if nom not in formules.sheetnames:
            return list(formules.sheetnames)
        _peser_la_feuille(octets, formules[nom])
        bornes = {"max_row": _LIGNES_MAX, "max_col": _COLONNES_MAX}
        deux = zip(formules[nom].iter_rows(**bornes), valeurs[nom].iter_rows(**bornes), strict=True)
        lignes = (
            (
                numero,
                tuple(
                    CaseLue(v.value, str(f.value) if f.data_type == "f" else "") for f, v in zip(*rangees, strict=True)
                ),
            )
            for numero, rangees in enumerate(deux, 1)
        )
        pleines = tuple((n, cases) for n, cases in lignes if any(c.valeur is not None or c.formule for c in cases))
        return FeuilleLue(pleines, {p.name: str(p.value) for p in formules.custom_doc_props.props})
    finally:
        formules.close()
        valeurs.close()


def _se_deplie(piece: zipfile.ZipInfo) -> bool:
    """Whether a piece counts: a text, whatever its name; a picture, which a workbook holds as it is, is no larger than the file."""
    return piece.filename.endswith((".xml", ".rels")) or piece.file_size > _IMAGE * piece.compress_size


def _lire(octets: bytes, titres: Callable[[Sequence[str]], int] | None) -> Rangs:
    from openpyxl import load_workbook

    classeur = load_workbook(BytesIO(octets), read_only=True, data_only=True)
    try:
        feuille = classeur.worksheets[0]
        if titres is not None:
            feuille = max(
                classeur.worksheets, key=lambda f: max((titres(r) for _, r in _rangs(f, RANGS_DE_TITRES)), default=0)
            )
            _peser_la_feuille(octets, feuille)
        return _rangs(feuille, _LIGNES_MAX)
    finally:
        classeur.close()


def _rangs(feuille: Any, lignes: int) -> Rangs:
    """Rows of the top of a sheet that hold something."""
    rangees = feuille.iter_rows(max_row=lignes, max_col=_COLONNES_MAX, values_only=True)
    rangs = ((numero, _utiles(rangee)) for numero, rangee in enumerate(rangees, 1))
    return [(numero, cellules) for numero, cellules in rangs if any(c.strip() for c in cellules)]


def _utiles(rangee: tuple[Any, ...]) -> list[str]:
    """Cells of a row as text, without the empty ones at its end."""
    fin = next((i for i in range(len(rangee), 0, -1) if rangee[i - 1] is not None), 0)
    return [_texte(valeur) for valeur in rangee[:fin]]


def _texte(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, datetime):
        return valeur.date().isoformat()
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, int | float):
        return repr(float(valeur)).removesuffix(".0").replace(".", ",")
    return str(valeur)
