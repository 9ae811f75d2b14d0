"""HTML pieces of the workshops, without any widget: pictures with their words, tables, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.gabarits import balises, morceau
from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.formes.image_en_svg import svg
from pope_foncier.vues.formes.table import Table


def image(dessin: Image, suite: str = "", phrase: str = "") -> str:
    """Picture of a record, with what a workshop adds to its words and before its source."""
    return figure(svg(dessin), f"{dessin.texte}{suite}", dessin.source, phrase)


def figure(svg: str, texte: str, source: str, phrase: str = "") -> str:
    """Picture with its text alternative and its source line; its inner names are its own, so that a page may hold several."""
    dits = " ".join(x for x in (texte, phrase) if x)
    return _morceau(
        "image", balises(page.dessin(svg, texte)), dits, f"Source : {source} ; réglages de l'atelier : hypothèses."
    )


def tables(*liste: Table | None) -> str:
    """Tables, one under the other; one wider than its place scrolls in it."""
    return "".join(_morceau("cadre", balises(page.tableau(t))) for t in liste if t is not None)


def liste(lignes: Mapping[str, str]) -> str:
    """Named lines."""
    return "".join(_morceau("nommee", nom, texte.rstrip(".")) for nom, texte in lignes.items())


def repli(table: Table | None, devant: str = "") -> str:
    """Table folded under its title, opened by a key or a click, after a remark."""
    if table is None:
        return ""
    return _morceau("repli", table.titre, balises(note(devant) + page.tableau(table, titre="")))


def lexique(mots: Sequence[tuple[str, str]]) -> str:
    """Words and their meaning."""
    return _morceau("lexique", mots)


def note(texte: str) -> str:
    """Remark in small letters; nothing without a text."""
    return _morceau("note", texte[:1].upper() + texte[1:]) if texte else ""


def refus(erreur: ErreurPope) -> str:
    """Refusal as a lender reads it: what is wrong and how to mend it, without the path of the field in the study."""
    if not isinstance(erreur, ErreurDonnees):
        return str(erreur)
    return " ".join(" ".join(x for x in (p.message, p.remede) if x) for p in erreur.problemes)


def message(texte: str, bon: bool = True) -> str:
    """Short message read aloud by assistive tools."""
    return _morceau("message", texte, bon) if texte else ""


def _morceau(nom: str, *valeurs: Any) -> str:
    """Piece of the template of the workshops."""
    return str(morceau("morceaux.html", nom, *valeurs))
