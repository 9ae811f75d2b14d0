"""Texts that show as they are: a sentence keeps its lines in a notebook as in a console."""

from __future__ import annotations

from pope_foncier.vues.formes.gabarits import rendre


class Texte(str):
    """Text whose display is itself, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def en_html(titre: str, lignes: list[tuple[str, str]]) -> str:
    """Card of an object in a notebook: a title, then what it holds."""
    return str(rendre("carte.html", titre=titre, lignes=lignes))


def espaces_simples(texte: str) -> str:
    """Text as a keyboard writes it, so that a key shown may be typed again: its narrow and non-breaking spaces become plain ones."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")
