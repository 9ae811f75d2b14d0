"""Setting of a dossier, or of a sheet, by typst: its data and its pictures in a folder of their own, fonts of the package alone, no clock, no network."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from pope_foncier.socle.extras import bibliotheque

NORME = "ua-1"
"""Standard of accessibility of the PDF: tagged, titled, every picture told in words."""
DOSSIER, VARIANTES, CARTE = "dossier.typ", "variantes.typ", "carte.typ"
"""Documents that a template sets."""
_QUI_DEMANDE = {DOSSIER: "Le dossier en PDF", VARIANTES: "La planche des variantes", CARTE: "La carte en PDF"}
_GABARITS = (*_QUI_DEMANDE, "pieces.typ")
_ESSAIS, _ASCII = 3, 127
_SANS_LETTRE = re.compile(r'the text `"(.+?)"` could not be displayed')
"""What typst says of a sign that its fonts do not have."""


def typst(quoi: str = _QUI_DEMANDE[DOSSIER]) -> Any:
    """The typesetting library.

    Args:
        quoi: what asks for it.

    Raises:
        ErreurCalcul: it is not installed.
    """
    return bibliotheque("typst", "dossier", quoi)


def composer(donnees: dict[str, Any], jour: date, document: str = DOSSIER, points: int = 0) -> bytes:
    """PDF of a dossier or of a sheet, the same bytes for the same data; or its first page as PNG.

    Args:
        donnees: what the templates read; the pictures as SVG text.
        jour: date of the document, that of the study.
        document: its template.
        points: dots by inch of the PNG; 0 for the PDF.
    """
    moteur = typst(_QUI_DEMANDE[document])
    with tempfile.TemporaryDirectory() as lieu:
        dossier = Path(lieu)
        for nom in _GABARITS:
            (dossier / nom).write_bytes(resources.files(__package__).joinpath("gabarits", nom).read_bytes())
        textes = _textes(donnees)
        for _ in range(_ESSAIS):
            for nom, texte in textes.items():
                (dossier / nom).write_text(texte, encoding="utf-8")
            try:
                return _compiler(moteur, dossier / document, jour, points)
            except moteur.TypstError as erreur:
                manquants = set(_SANS_LETTRE.findall(erreur.diagnostic))
                if not manquants:
                    raise
                textes = {nom: _remplacer(texte, manquants) for nom, texte in textes.items()}
        return _compiler(moteur, dossier / document, jour, points)


def _compiler(moteur: Any, document: Path, jour: date, points: int) -> bytes:
    forme = {"format": "png", "ppi": points} if points else {"pdf_standards": [NORME]}
    compose = moteur.compile(
        document,
        root=document.parent,
        font_paths=moteur.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        timestamp=int(datetime(jour.year, jour.month, jour.day, tzinfo=UTC).timestamp()),
        **forme,
    )
    premiere: bytes = compose[0] if isinstance(compose, list) else compose
    return premiere


def _textes(donnees: dict[str, Any]) -> dict[str, str]:
    """Files that the templates read, by name: pictures apart, then the data that name them."""
    textes: dict[str, str] = {}
    for rang, image in enumerate(_images(donnees)):
        nom = f"image_{rang:02d}.svg"
        textes[nom], image["fichier"] = image["fichier"], nom
    return {**textes, "dossier.json": json.dumps(donnees, ensure_ascii=False)}


def _remplacer(texte: str, manquants: Collection[str]) -> str:
    """Text whose signs that no font of the dossier has are a box."""
    return texte.translate({ord(signe): "□" for mot in manquants for signe in mot if ord(signe) > _ASCII})


def _images(donnees: Any) -> Iterator[dict[str, Any]]:
    """Pictures of the data, wherever they are."""
    if isinstance(donnees, dict):
        if donnees.get("genre") == "image":
            yield donnees
        for valeur in donnees.values():
            yield from _images(valeur)
    elif isinstance(donnees, list):
        for valeur in donnees:
            yield from _images(valeur)
