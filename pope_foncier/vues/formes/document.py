"""Document to read as a list of blocks: one content, decided once, that a page, a Markdown file and a Word document each show in their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from pope_foncier.socle.erreurs import sans_controle
from pope_foncier.socle.francais import espaces
from pope_foncier.vues.formes import page
from pope_foncier.vues.formes.gabarits import balises, rendre
from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.formes.image_en_svg import svg
from pope_foncier.vues.formes.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """Title of a part, of level 1 to 3."""

    forme: ClassVar[str] = "section"
    titre: str
    niveau: int = 1


@dataclass(frozen=True, slots=True)
class Phrase:
    """Paragraph: its first words in bold when it has some; a note in small letters, or a frame around what must be seen first."""

    forme: ClassVar[str] = "phrase"
    texte: str
    tete: str = ""
    genre: Literal["", "note", "cadre"] = ""


@dataclass(frozen=True, slots=True)
class Liste:
    """List of sentences."""

    forme: ClassVar[str] = "liste"
    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tableau:
    """Table, its title being that of its section.

    Attributes:
        hauteur_mm: least height of its rows, when they are filled by hand.
        largeurs_mm: widths of its columns on paper, when they are filled by hand.
    """

    forme: ClassVar[str] = "tableau"
    table: Table
    hauteur_mm: float = 0
    largeurs_mm: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Dessin:
    """Picture with its words and its source."""

    forme: ClassVar[str] = "dessin"
    image: Image


@dataclass(frozen=True, slots=True)
class ARemplir:
    """What nobody has written: its name, and ruled lines to fill by hand."""

    forme: ClassVar[str] = "a_remplir"
    quoi: str
    lignes: int = 1


@dataclass(frozen=True, slots=True)
class Fichier:
    """Text of a file, to be typed or copied as it is."""

    forme: ClassVar[str] = "fichier"
    nom: str
    texte: str


Bloc = Section | Phrase | Liste | Tableau | Dessin | ARemplir | Fichier


@dataclass(frozen=True)
class Document:
    """Document: its title, what it is about, the day that it bears, its blocks in order."""

    titre: str
    sujet: str
    jour: date
    blocs: Sequence[Bloc]


STYLE = """
body{max-width:54em;margin:1.2em auto;padding:0 1em;font-size:16px}
h1{margin-bottom:.1em}h2{font-size:1.25em;margin:1.6em 0 .4em}h3{font-size:1.05em;margin:1.1em 0 .3em}h4{margin:.8em 0 .2em}
.sujet{color:var(--gris);margin:.1em 0 1em}
.cadre{border-left:4px solid var(--bleu);padding:.2em 0 .2em .8em}
.pf-table{overflow-x:auto}.pf-table table{margin:.4em 0 .8em}thead th{background:#ededed;text-align:left}td{text-align:left}
.main table{table-layout:fixed}
.ligne{display:flex;align-items:flex-end;gap:.5em;min-height:2.2em}.ligne::after{content:"";flex:1;border-bottom:1px solid var(--encre)}
figure{margin:.6em 0;overflow-x:auto}figure svg{width:100%;min-width:640px;height:auto}
pre{font-size:.85em;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--trait);padding:.6em}
p{margin:.5em 0}ul{margin:.2em 0 .6em}
p,li,th,h1,h2,h3,h4{overflow-wrap:anywhere}td{overflow-wrap:break-word}
@page{size:A4;margin:16mm 16mm 18mm;@bottom-right{content:"Page " counter(page) " sur " counter(pages);font:9pt sans-serif}}
@media print{body{max-width:none;margin:0;padding:0;font-size:10.5pt}
.pf-table,figure{overflow:visible}figure svg{min-width:0}
h2,h3,h4,p:has(+:is(.pf-table,ul,figure,pre)){break-after:avoid}tr,figure,.ligne,.cadre,li,.court{break-inside:avoid}thead{display:table-header-group}}
"""
"""Style of a document as a page: it reads on a screen and prints on A4."""
COURT = 10
"""Rows of a table that is not cut between two sheets."""


def en_html(document: Document) -> str:
    """Document as a self-contained page that prints on A4."""
    corps = rendre("document.html", document=document, tableau=_tableau, dessin=_dessin, court=COURT, fr=espaces)
    return page.page(" ".join(document.titre.split()), corps, STYLE)


def en_markdown(document: Document) -> str:
    """Document as Markdown; what people typed is escaped, so that it stays text everywhere; a picture is told in words."""
    return str(rendre("document.md", document=document, ligne=lambda texte: balises(sans_controle(texte))))


def _tableau(bloc: Tableau) -> str:
    """Table as HTML, its rows as high as a hand asks."""
    corps = espaces(page.tableau(bloc.table, titre=""))
    return balises(
        corps.replace("<tr><td", f'<tr style="height:{bloc.hauteur_mm}mm"><td') if bloc.hauteur_mm else corps
    )


def _dessin(image: Image) -> str:
    """Picture as SVG."""
    return balises(page.dessin(svg(image), image.texte))
