"""What a Word document is made of: titles, paragraphs, tables, pictures told in words, lines to fill by hand; a text stays a text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.erreurs import sans_controle
from pope_foncier.socle.francais import espaces
from pope_foncier.socle.refus import paquet_absent
from pope_foncier.vues.formes import figures
from pope_foncier.vues.formes.image import Image
from pope_foncier.vues.formes.image_en_axes import en_figure
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.word import mise_en_forme as forme
from pope_foncier.vues.word.colonnes import largeurs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_IMAGE_MM = 150.0
"""Width of a picture."""
_POINTS = 170
"""Points by inch of the pictures."""
_ORDINAIRE = "Normal"
"""Style of a paragraph that says none."""
_COLONNES = 6
"""Columns from which a table is written in smaller letters."""
_ADRESSE = re.compile(r"https?://[^\s<>\"]{1,500}")
_HORS_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a Word file cannot hold."""


def propre(texte: str) -> str:
    """Text as a document shows it: no control, no change of direction, nothing that breaks the file."""
    return _HORS_XML.sub("", sans_controle(texte))


def en_francais(texte: str) -> str:
    """The same with the spaces of French typography: what a person reads, never a file to type again."""
    return espaces(propre(texte))


class Ecrit:
    """Word document that is written from top to bottom."""

    def __init__(self, titre: str, sujet: str, jour: date) -> None:
        self.jour = jour
        self._document: Any = forme.nouveau(en_francais(" ".join(titre.split())), en_francais(sujet), jour)
        self._styles: dict[str, str] = {}

    def _paragraphe(self, style: str, texte: str = "") -> Any:
        """New paragraph."""
        paragraphe = self._document.add_paragraph(texte)
        if style != _ORDINAIRE:
            self._donner(paragraphe, style)
        return paragraphe

    def _donner(self, paragraphe: Any, style: str) -> None:
        """Give a style by its identifier, read once: by its name python-docx looks for it among all of them each time."""
        if style not in self._styles:
            self._styles[style] = self._document.styles[style].style_id
        paragraphe._p.style = self._styles[style]

    def titre(self, texte: str) -> None:
        """Title of the document."""
        self._paragraphe("Title", en_francais(texte))

    def section(self, texte: str, niveau: int = 1) -> None:
        """Title of a part, seen in the navigation of Word."""
        self._paragraphe(f"Heading {niveau}", en_francais(texte))

    def dire(self, texte: str, style: str = _ORDINAIRE, tete: str = "", annonce: bool = False) -> None:
        """Paragraph, its first words in bold when asked, on the page of what it announces; nothing for an empty text."""
        if not texte and not tete:
            return
        paragraphe = self._paragraphe(style)
        paragraphe.paragraph_format.keep_with_next = annonce or None
        if tete:
            paragraphe.add_run(en_francais(tete)).bold = True
        paragraphe.add_run(en_francais(texte))

    def lister(self, textes: Iterable[str]) -> None:
        """Bulleted list."""
        for texte in textes:
            self.dire(texte, "List Bullet")

    def citer(self, titre: str, adresse: str, suite: str) -> None:
        """Source of a list: its title, which opens its address when it has one, and what was read in it."""
        paragraphe = self._paragraphe("List Bullet")
        if _ADRESSE.fullmatch(adresse):
            lien = forme.lien(paragraphe, adresse)
            mots = paragraphe.add_run(en_francais(titre))
            mots.underline = True
            lien.append(mots._r)
        else:
            paragraphe.add_run(en_francais(titre))
        paragraphe.add_run(en_francais(suite))

    def a_remplir(self, quoi: str, lignes: int = 1) -> None:
        """What nobody has written yet: its name, then a ruled line, or several, to fill by hand."""
        for rang in range(lignes):
            paragraphe = self._paragraphe(forme.A_REMPLIR)
            arrets = paragraphe.paragraph_format.tab_stops
            arrets.add_tab_stop(forme.docx(".shared").Mm(forme.UTILE_MM), *self._points())
            paragraphe.add_run(f"{en_francais(quoi)}\u00a0: \t" if rang == 0 else "\t")

    def _points(self) -> tuple[Any, Any]:
        enum = forme.docx(".enum.text")
        return enum.WD_TAB_ALIGNMENT.RIGHT, enum.WD_TAB_LEADER.LINES

    def tableau(self, table: Table | None, titre: bool = True) -> None:
        """Table under its title, its heading repeated on each page; nothing for a table that the study does not have."""
        if table is None:
            return
        if titre:
            self.section(table.titre, 2)
        self.grille(table.entetes, table.lignes, table.a_gauche, table.totaux)
        self.dire(table.note, forme.NOTE)

    def grille(
        self,
        entetes: Sequence[str],
        lignes: Sequence[Sequence[str]],
        a_gauche: Sequence[bool] = (),
        totaux: Sequence[int] = (),
        hauteur_mm: float = 0,
        largeurs_mm: Sequence[float] = (),
        entiere: bool = False,
    ) -> None:
        """Rows of texts under a heading.

        Args:
            a_gauche: which columns are set to the left; all of them by default.
            totaux: ranks of the rows in bold.
            hauteur_mm: least height of the rows, for those that are filled by hand.
            largeurs_mm: widths of the columns; by what they hold when none is given.
            entiere: whether no page cuts it.
        """
        textes = [[en_francais(t) for t in ligne] for ligne in (entetes, *lignes)]
        grille = self._document.add_table(rows=len(textes), cols=len(entetes), style=forme.TABLEAU)
        grille.autofit = False
        mm, a_droite = forme.docx(".shared").Mm, forme.docx(".enum.text").WD_ALIGN_PARAGRAPH.RIGHT
        style = forme.SERREE if len(entetes) >= _COLONNES else forme.CELLULE
        tailles = largeurs_mm or largeurs(textes, forme.UTILE_MM, forme.CORPS[style])
        for colonne, taille in zip(grille.columns, tailles, strict=True):
            colonne.width = mm(taille)
        cotes = a_gauche or [True] * len(entetes)
        for rang, (ligne, rangee) in enumerate(zip(textes, grille.rows, strict=True)):
            self._regler(rangee, rang == 0, hauteur_mm if rang else 0)
            for texte, case, taille, gauche in zip(ligne, rangee.cells, tailles, cotes, strict=True):
                case.width = mm(taille)
                paragraphe = case.paragraphs[0]
                self._donner(paragraphe, style)
                paragraphe.paragraph_format.keep_with_next = True if entiere and rang + 1 < len(textes) else None
                paragraphe.add_run(texte).bold = True if rang == 0 or rang - 1 in totaux else None
                if not gauche:
                    paragraphe.alignment = a_droite
        self._paragraphe(forme.CELLULE)

    @staticmethod
    def _regler(rangee: Any, tete: bool, hauteur_mm: float) -> None:
        """Row that is never cut between two pages; the heading comes again on each."""
        oxml, qn = forme.docx(".oxml"), forme.docx(".oxml.ns").qn
        proprietes = rangee._tr.get_or_add_trPr()
        for nom in ("w:cantSplit", "w:tblHeader") if tete else ("w:cantSplit",):
            balise = oxml.OxmlElement(nom)
            balise.set(qn("w:val"), "true")
            proprietes.append(balise)
        if hauteur_mm:
            rangee.height = forme.docx(".shared").Mm(hauteur_mm)

    def image(self, image: Image, largeur_mm: float = _IMAGE_MM) -> None:
        """Picture of the house with its words for who does not see it and its source; its message in place of what cannot be drawn."""
        if image.message:
            self.dire(f"{image.titre} : {image.message}")
            return
        self.dessin(lambda: en_figure(image), image.titre, image.texte, image.source, largeur_mm)

    def dessin(
        self, faire: Callable[[], Figure], titre: str, texte: str, source: str = "", largeur_mm: float = _IMAGE_MM
    ) -> None:
        """Drawing with its words; what is missing to draw, in its place."""
        try:
            png = figures.octets(faire(), points=_POINTS)
        except ModuleNotFoundError as erreur:
            self.dire(f"{titre} : {paquet_absent(erreur, 'dessiner')}")
            return
        paragraphe = self._document.add_paragraph()
        paragraphe.paragraph_format.keep_with_next = True
        dessin = paragraphe.add_run().add_picture(io.BytesIO(png), width=forme.docx(".shared").Mm(largeur_mm))
        proprietes = dessin._inline.docPr
        proprietes.set("descr", en_francais(texte))
        proprietes.set("title", en_francais(titre))
        self.dire(f". Source : {source}." if source else ".", "Caption", tete=titre)

    def fichier(self, texte: str) -> None:
        """Text of a file, line by line, as one types it."""
        for ligne in texte.splitlines():
            self._paragraphe(forme.CODE, propre(ligne))

    def octets(self) -> bytes:
        """Bytes of the document, the same at each run."""
        return forme.octets(self._document, self.jour)
