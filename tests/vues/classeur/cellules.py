"""Cells of a workbook read in its file, without the code that wrote it."""

import re
import zipfile
from html import unescape
from io import BytesIO

CELLULE = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
FORMULE = re.compile(r"<f[^>]*>(.*?)</f>", re.S)
VALEUR = re.compile(r"<v>([^<]*)</v>")
REFERENCE = re.compile(r"(?<![A-Za-z_.'])(\$?)([A-Z]{1,3})(\$?)(\d+)(?![A-Za-z_(])")


def rang(lettres):
    """Rank of a column from its letters, from zero."""
    n = 0
    for lettre in lettres:
        n = 26 * n + ord(lettre) - 64
    return n - 1


def lire(octets):
    """Sheets of a workbook: for each, formula and cached value by row and column from zero."""
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        noms = [unescape(n) for n in re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())]
        textes = [archive.read(f"xl/worksheets/sheet{k}.xml").decode() for k in range(1, len(noms) + 1)]
    return {nom: _cellules(texte) for nom, texte in zip(noms, textes, strict=True)}


def _cellules(texte):
    lues = {}
    for colonne, ligne, attributs, dedans in CELLULE.findall(texte):
        formule, valeur = FORMULE.search(dedans or ""), VALEUR.search(dedans or "")
        genre = attributs.partition(' t="')[2].partition('"')[0]
        lue = None if valeur is None else float("nan") if genre == "e" else valeur[1]
        if genre in ("", "n") and valeur and valeur[1]:
            lue = float(valeur[1])
        lues[int(ligne) - 1, rang(colonne)] = (unescape(formule[1]) if formule else None, lue)
    return lues


def relative(formule, colonne):
    """Formula whose free columns are written as distances from its own: the same along a row of the same shape."""

    def ecart(trouve):
        fixe, lettres, dollar, ligne = trouve.groups()
        return f"{lettres if fixe else rang(lettres) - colonne}!{dollar}{ligne}"

    return REFERENCE.sub(ecart, formule)
