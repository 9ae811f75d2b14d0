"""LibreOffice as an independent calculator: recalculates workbooks without a screen, and the numbers of a workbook as it stands.

A fresh profile asks it to compute every formula again when it opens a file, whatever the file holds.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurCalcul

Cellules = dict[tuple[int, int], float]
"""Numbers of a sheet by row and column from zero; NaN for an error."""
_PROFIL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_DELAI_PAR_FICHIER, _DELAI = 60.0, 120.0
"""Longest time of one file, and what the start may take [s]."""
_CELLULE = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
_VALEUR = re.compile(r"<v>([^<]*)</v>")


def est_la() -> bool:
    """Whether LibreOffice may be called."""
    return shutil.which("soffice") is not None


def recalculer(classeurs: Sequence[bytes]) -> list[bytes]:
    """Workbooks computed again by LibreOffice, all in one run.

    Raises:
        ErreurCalcul: LibreOffice is not there, or gives no file.
    """
    if not est_la():
        raise ErreurCalcul(
            "LibreOffice est introuvable : l'installer (commande « soffice ») pour vérifier un classeur."
        )
    with tempfile.TemporaryDirectory(prefix="classeur_") as lieu:
        entree, sortie, profil = (Path(lieu) / nom for nom in ("entree", "sortie", "profil"))
        for dossier in (entree, sortie, profil / "user"):
            dossier.mkdir(parents=True)
        (profil / "user" / "registrymodifications.xcu").write_text(_PROFIL, encoding="utf-8")
        fichiers = [entree / f"c{k:03}.xlsx" for k in range(len(classeurs))]
        for fichier, octets in zip(fichiers, classeurs, strict=True):
            fichier.write_bytes(octets)
        commande = ["soffice", f"-env:UserInstallation=file://{profil}", "--headless", "--convert-to", "xlsx"]
        delai = _DELAI + _DELAI_PAR_FICHIER * len(fichiers)
        fait = subprocess.run(
            [*commande, "--outdir", str(sortie), *map(str, fichiers)], capture_output=True, timeout=delai, check=False
        )
        faits = [sortie / f.name for f in fichiers]
        if not all(f.exists() for f in faits):
            raise ErreurCalcul(
                f"LibreOffice n'a pas recalculé le classeur : {fait.stderr.decode(errors='replace')[:300]}"
            )
        return [f.read_bytes() for f in faits]


def lire_nombres(octets: bytes) -> dict[str, Cellules]:
    """Numbers of each sheet of a workbook."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return {nom: _nombres(archive.read(ou).decode()) for nom, ou in feuilles(archive).items()}


def feuilles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path of each sheet in a workbook, by its name."""
    liens = _liens(archive.read("xl/_rels/workbook.xml.rels").decode())
    lues = re.findall(r'<sheet name="([^"]+)"[^>]*?r:id="([^"]+)"', archive.read("xl/workbook.xml").decode())
    return {unescape(nom): f"xl/{liens[lien]}" for nom, lien in lues}


def _liens(xml: str) -> dict[str, str]:
    """Path of each part of a workbook, by its link."""
    balises = (dict(re.findall(r'(\w+)="([^"]*)"', balise)) for balise in re.findall(r"<Relationship [^>]*>", xml))
    return {b["Id"]: b["Target"].removeprefix("/xl/") for b in balises}


def _nombres(xml: str) -> Cellules:
    cellules: Cellules = {}
    for colonne, ligne, attributs, dedans in _CELLULE.findall(xml):
        genre = attributs.partition(' t="')[2].partition('"')[0]
        valeur = _VALEUR.search(dedans or "")
        if genre in ("", "n", "b") and valeur:
            cellules[int(ligne) - 1, rang_de(colonne)] = float(valeur[1])
        elif genre == "e":
            cellules[int(ligne) - 1, rang_de(colonne)] = float("nan")
    return cellules


@cache
def rang_de(colonne: str) -> int:
    """Rank of a column from its letters, from zero."""
    from xlsxwriter.utility import xl_cell_to_rowcol

    _, rang = xl_cell_to_rowcol(f"{colonne}1")
    return int(rang)


def noms_definis(octets: bytes) -> dict[str, str]:
    """Cell of each name that a workbook defines."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        texte = archive.read("xl/workbook.xml").decode()
    return {
        nom: unescape(ou) for nom, ou in re.findall(r'<definedName name="([^"]+)"[^>]*>([^<]*)</definedName>', texte)
    }


def changer(octets: bytes, feuille: str, valeurs: Mapping[str, float]) -> bytes:
    """Same workbook, formulas and cached results kept, some cells of a sheet holding other numbers.

    Args:
        valeurs: number by cell (``B12``).
    """
    sortie = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as archive,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as neuve,
    ):
        ou = feuilles(archive)[feuille]
        for info in archive.infolist():
            contenu = archive.read(info)
            if info.filename == ou:
                contenu = _remplacer(contenu.decode(), valeurs).encode()
            neuve.writestr(info.filename, contenu)
    return sortie.getvalue()


def _remplacer(xml: str, valeurs: Mapping[str, float]) -> str:
    for cellule, valeur in valeurs.items():
        motif = re.compile(rf'<c r="{cellule}"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)', re.S)
        xml, fois = motif.subn(rf'<c r="{cellule}"\1><v>{valeur!r}</v></c>', xml)
        if fois != 1:
            raise ErreurCalcul(f"La cellule {cellule} n'est pas dans la feuille.")
    return xml
