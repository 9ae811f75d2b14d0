"""Document in blocks as a Word document, to be completed and signed: real titles and tables, ruled lines for what nobody wrote."""

from __future__ import annotations

from pope_foncier.vues.formes.document import (
    COURT,
    ARemplir,
    Bloc,
    Dessin,
    Document,
    Fichier,
    Liste,
    Phrase,
    Section,
    Tableau,
)
from pope_foncier.vues.word.ecrit import Ecrit
from pope_foncier.vues.word.mise_en_forme import CADRE, NOTE

_STYLES = {"": "Normal", "note": NOTE, "cadre": CADRE}
_IMAGE_MM = 130.0
"""Width of a picture."""


def rediger(document: Document) -> bytes:
    """Document for Word, the same bytes at each run.

    Raises:
        ErreurCalcul: python-docx is not installed.
    """
    ecrit = Ecrit(document.titre, document.sujet, document.jour)
    ecrit.titre(document.titre)
    ecrit.dire(document.sujet, "Subtitle")
    for bloc, suite in zip(document.blocs, (*document.blocs[1:], None), strict=True):
        _ecrire(ecrit, bloc, isinstance(suite, Tableau | Liste | Dessin | Fichier))
    return ecrit.octets()


def _ecrire(ecrit: Ecrit, bloc: Bloc, annonce: bool) -> None:
    """Write a block; a paragraph that announces the next block stays with it."""
    match bloc:
        case Section(titre=titre, niveau=niveau):
            ecrit.section(titre, niveau)
        case Phrase(texte=texte, tete=tete, genre=genre):
            ecrit.dire(f" {texte}" if tete else texte, _STYLES[genre], tete, annonce)
        case Liste(points=points):
            ecrit.lister(points)
        case Tableau(table=table, hauteur_mm=hauteur, largeurs_mm=largeurs):
            ecrit.grille(
                table.entetes, table.lignes, table.a_gauche, table.totaux, hauteur, largeurs, len(table.lignes) <= COURT
            )
            ecrit.dire(table.note, NOTE)
        case Dessin(image=image):
            ecrit.image(image, _IMAGE_MM)
        case ARemplir(quoi=quoi, lignes=lignes):
            ecrit.a_remplir(quoi, lignes)
        case Fichier(texte=texte):
            ecrit.fichier(texte)
