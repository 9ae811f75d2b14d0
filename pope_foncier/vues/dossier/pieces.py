"""Pieces of a dossier as plain data: paragraphs, tables with the widths of their columns, pictures, lists, key figures.

A text of a user is a string of data, which the templates write as it is: nothing of it is ever read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pope_foncier.socle.erreurs import sans_controle
from pope_foncier.socle.francais import espaces
from pope_foncier.vues.formes.colonnes import largeurs, parties
from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.formes.image_en_svg import svg
from pope_foncier.vues.formes.table import Table

Piece = dict[str, Any]
SIGNES = 122
"""Signs across a page at the size of the tables, its columns apart."""
_ENTRE = 1.5
"""Signs that each column gains, its margins being narrower on paper than on a screen."""
_TROIS_LIGNES = 0.38
"""Share of a heading that its longest line holds."""
_INSEPARABLES = 8
"""Rows under which a table stays on one page."""
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def en_francais(valeur: Any) -> Any:
    """Same data, every text of it with French spaces and apostrophes and without control characters."""
    if isinstance(valeur, str):
        return espaces(_APOSTROPHE.sub("’", sans_controle(valeur)))
    if isinstance(valeur, dict):
        return {cle: x if cle in ("genre", "fichier") else en_francais(x) for cle, x in valeur.items()}
    return [en_francais(x) for x in valeur] if isinstance(valeur, list | tuple) else valeur


def phrase(texte: str, ton: str = "", tete: str = "") -> list[Piece]:
    """Paragraph; nothing when there is nothing to say.

    Args:
        ton: « forte » for what must be read first, « note » for what may be read last, « supposee » for what is assumed.
        tete: its first words, in bold.
    """
    return [{"genre": "phrase", "texte": texte, "ton": ton, "tete": tete}] if texte else []


def liste(points: Sequence[str], ordre: bool = False, petite: bool = False) -> list[Piece]:
    """List of sentences; nothing when there is none."""
    return [{"genre": "liste", "points": list(points), "ordre": ordre, "petite": petite}] if points else []


def cles(chiffres: Sequence[tuple[str, str, str]]) -> list[Piece]:
    """Key figures: name, value, what it means."""
    return [{"genre": "cles", "cles": [list(c) for c in chiffres]}]


def image(dessin: Image, large: int = 100) -> list[Piece]:
    """Picture with its words and its source, or the sentence that says why there is none.

    Args:
        large: share of the width of the page that it takes, in per cent.
    """
    if dessin.message:
        return phrase(f"{dessin.titre} : {dessin.message}", "note")
    return dessin_svg(svg(dessin), dessin.texte, f"Source : {_source(dessin.source)}", large)


def _source(texte: str) -> str:
    """Source of a picture; the study of the dossier, which every header names, is not named again."""
    debut, separe, suite = texte.partition(" », départ ")
    return f"cette étude, départ {suite}" if separe and debut.startswith("étude «") else texte


def dessin_svg(texte_svg: str, mots: str, source: str, large: int = 100, millimetres: float = 0.0) -> list[Piece]:
    """Drawing as SVG text, with its words for who does not see it.

    Args:
        millimetres: true width on paper, for a drawing to scale; the share of the page when 0.
    """
    return [
        {
            "genre": "image",
            "fichier": texte_svg,
            "texte": mots,
            "source": source,
            "large": large,
            "millimetres": millimetres,
        }
    ]


def tableau(table: Table | None, titre: bool = True, note: bool = True) -> list[Piece]:
    """Table, in several parts or as short lists when its columns do not fit; nothing without one.

    Args:
        titre: whether its title stands above it.
        note: whether its note stands under it.
    """
    if table is None or not table.lignes:
        return []
    if _est_muette(table):
        return phrase(f"{table.titre} : inconnu en entier, des montants manquent.")
    signes = SIGNES + round(_ENTRE * len(table.entetes))
    nom, dessous = table.titre if titre else "", table.note if note else ""
    tous = list(range(len(table.entetes)))
    mesuree = _en_gras(table, signes)
    entier = largeurs(mesuree, tous, signes)
    if entier is not None:
        return [_grille(table, tous, entier, nom, dessous, signes)]
    coupees = parties(mesuree, signes)
    if coupees is None:
        return [_fiches(table, nom, dessous)]
    return [
        _grille(table, rangs, tailles, nom if rang == 0 else "", dessous if rang == len(coupees) - 1 else "", signes)
        for rang, (rangs, tailles) in enumerate(coupees)
    ]


def tableaux(tables: Sequence[Table | None]) -> list[Piece]:
    """Several tables."""
    return [piece for table in tables for piece in tableau(table)]


def _est_muette(table: Table) -> bool:
    """Whether a table of figures would say « inconnu » on every row."""
    cellules = [c for ligne in table.lignes for c in ligne[1:]]
    return not table.texte and len(cellules) > _INSEPARABLES and all(c == "inconnu" for c in cellules)


def _en_gras(table: Table, signes: int) -> Table:
    """Same table, its headings as wide as bold letters make them: whole when all fits so, else on three lines."""
    ample = replace(table, entetes=tuple(" ".join(f"{mot}." for mot in e.split(" ")) for e in table.entetes))
    tous = range(len(table.entetes))
    if largeurs(ample, tous, signes) == largeurs(ample, tous, 10 * signes):
        return ample
    plies = (max(len(max(e.split(" "), key=len)) + 1, round(_TROIS_LIGNES * len(e))) for e in table.entetes)
    return replace(table, entetes=tuple("x" * large for large in plies))


def _grille(table: Table, rangs: Sequence[int], tailles: Sequence[int], titre: str, note: str, signes: int) -> Piece:
    lignes = [[ligne[r] for r in rangs] for ligne in table.lignes]
    return {
        "genre": "tableau",
        "titre": titre,
        "entetes": [table.entetes[r] for r in rangs],
        "larges": list(tailles),
        "etroit": largeurs(_en_gras(table, signes), rangs, signes - 8) == list(tailles),
        "gauche": [table.a_gauche[r] for r in rangs],
        "lignes": [[ligne[0].lstrip(" "), *ligne[1:]] for ligne in lignes],
        "retraits": [ligne[0].startswith("  ") for ligne in lignes],
        "gras": list(table.totaux),
        "note": note,
        "insecable": len(lignes) <= _INSEPARABLES,
    }


def _fiches(table: Table, titre: str, note: str) -> Piece:
    """Table of sentences as a short list by row."""
    fiches = [
        {
            "nom": ligne[0],
            "dits": [[e, c] for e, c in zip(table.entetes[1:], ligne[1:], strict=True) if c not in ("", "—")],
        }
        for ligne in table.lignes
    ]
    return {"genre": "fiches", "titre": titre, "fiches": fiches, "note": note}
