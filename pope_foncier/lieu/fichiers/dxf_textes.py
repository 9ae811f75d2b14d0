"""Texts of a drawing: names in several pieces put together, printed sizes and areas told from names."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pope_foncier.lieu.fichiers.dxf_traits import Ecrit
from pope_foncier.lieu.fichiers.noms_de_pieces import lire_nom, niveau_du_nom

PIED_M, POUCE_M = 0.3048, 0.0254
_PIEDS = r"(\d+)\s*'\s*-?\s*(?:(\d+(?:[.,]\d+)?)\s*(?:\d+/\d+)?\s*(?:\"|'')?)?"
_TAILLE_EN_PIEDS = re.compile(rf"{_PIEDS}\s*[xX×]\s*{_PIEDS}")
_SURFACE = re.compile(
    r"(?:\bS(?:urf(?:ace)?)?\.?\s*[=:]?\s*)?(?<![\d,.])(\d{1,3}(?:[  ]\d{3})+|\d+)([.,]\d+)?\s*m(?:²|2|\^2)(?![a-zA-Z\d])",
    re.IGNORECASE,
)
_TAILLE_EN_METRES = re.compile(r"\d+[.,]\d+\s*m?\s*[xX×]\s*\d+[.,]\d+\s*m?")
_NOM_MAX = 40
_REFERENCE = re.compile(r"\d[.,]\d")


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Text of a drawing once read: a name, or the size that is printed under it."""

    ecrit: Ecrit
    nom: str
    surface_m2: float | None = None
    """Area printed, or product of the two sides printed in feet and inches."""
    en_pieds: bool = False

    @property
    def niveau(self) -> int | None:
        """Storey that its layer tells."""
        return niveau_du_nom(self.ecrit.calque)

    @property
    def connu(self) -> bool:
        """Whether the table of usual names knows it."""
        return bool(self.nom) and lire_nom(self.nom) is not None

    @property
    def est_un_nom(self) -> bool:
        """Whether it may name a room: letters, not a sentence, not a code or a reference (« R-309.2 »)."""
        signes = self.nom.replace(" ", "")
        lettres = sum(c.isalpha() for c in signes)
        return len(self.nom) <= _NOM_MAX and lettres >= max(2, 0.5 * len(signes)) and not _REFERENCE.search(signes)


def lire_etiquettes(ecrits: Sequence[Ecrit]) -> list[Etiquette]:
    """Texts read one by one, names in several pieces put together first."""
    return [_lire(e) for e in _rassembler(ecrits)]


def _lire(ecrit: Ecrit) -> Etiquette:
    """Name and size of a text, line by line: the number of a room is not the beginning of its area."""
    noms, surface, en_pieds = [], None, False
    for ligne in ecrit.texte.split("\n"):
        texte = " ".join(ligne.split())
        if (taille := _TAILLE_EN_PIEDS.search(texte)) is not None:
            surface, en_pieds = _en_metres(taille[1], taille[2]) * _en_metres(taille[3], taille[4]), True
            texte = texte.replace(taille[0], " ")
        elif (lue := _SURFACE.search(texte)) is not None:
            surface = float(re.sub(r"\s", "", lue[1]) + (lue[2] or "").replace(",", "."))
            texte = texte.replace(lue[0], " ")
        noms.append(_propre(_TAILLE_EN_METRES.sub(" ", texte)))
    return Etiquette(ecrit, " ".join(n for n in noms if n), surface or None, en_pieds)


def _propre(nom: str) -> str:
    return " ".join(nom.split()).strip(" :;-–=/|")


def _en_metres(pieds: str, pouces: str | None) -> float:
    return int(pieds) * PIED_M + float((pouces or "0").replace(",", ".")) * POUCE_M


def _rassembler(ecrits: Sequence[Ecrit]) -> list[Ecrit]:
    """Texts of one layer, size and direction written one just under the other (« MASTER », « BEDROOM ») made one.

    Sizes, areas and codes are never part of a name.
    """
    faits: list[Ecrit] = []
    # Top to bottom, in the direction of the text.
    for ecrit in sorted(
        ecrits,
        key=lambda e: (e.calque, round(e.angle, 2), e.milieu[0] * math.sin(e.angle) - e.milieu[1] * math.cos(e.angle)),
    ):
        dessus = next((i for i in range(len(faits) - 1, -1, -1) if _suit(faits[i], ecrit)), None)
        if dessus is None:
            faits.append(ecrit)
        else:
            haut = faits[dessus]
            milieu = ((haut.milieu[0] + ecrit.milieu[0]) / 2, (haut.milieu[1] + ecrit.milieu[1]) / 2)
            faits[dessus] = replace(
                haut, texte=f"{haut.texte} {ecrit.texte}", milieu=milieu, largeur=max(haut.largeur, ecrit.largeur)
            )
    return faits


def _suit(haut: Ecrit, bas: Ecrit) -> bool:
    """Whether a text stands just under another as the rest of its name."""
    if (
        haut.calque != bas.calque
        or abs(haut.hauteur - bas.hauteur) > 0.05 * haut.hauteur
        or abs(haut.angle - bas.angle) > 0.02
    ):
        return False
    if not all(_mot(e.texte) for e in (haut, bas)):
        return False
    dx, dy = bas.milieu[0] - haut.milieu[0], bas.milieu[1] - haut.milieu[1]
    cos, sin = math.cos(haut.angle), math.sin(haut.angle)
    long, bas_de = dx * cos + dy * sin, dx * sin - dy * cos
    return 0.9 * haut.hauteur <= bas_de <= 2.2 * haut.hauteur and abs(long) <= 0.5 * max(haut.largeur, bas.largeur)


def _mot(texte: str) -> bool:
    return not (_TAILLE_EN_PIEDS.search(texte) or _SURFACE.search(texte)) and sum(c.isalpha() for c in texte) >= 2
