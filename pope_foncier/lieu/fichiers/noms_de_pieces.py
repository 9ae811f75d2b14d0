"""Names that plans write: the function of a room, what is outdoors, the storey, read from a table of usual words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche

Mots = tuple[str, ...]


class MotsDeFonction(Fiche):
    """Words of one function: those that tell it, and those that only suggest it."""

    mots: tuple[Texte, ...]
    a_confirmer: tuple[Texte, ...] = ()


class NomsDePieces(Fiche):
    """Table of usual names."""

    sources: dict[str, Reference]
    fonctions: dict[str, MotsDeFonction]
    sans_fonction: tuple[Texte, ...]
    dehors: tuple[Texte, ...]
    natures: dict[str, tuple[Texte, ...]]


@enregistrement
class NomLu:
    """What the name of a room tells."""

    fonction: str = ""
    """Function of our list; empty when the name is known and tells none."""
    a_confirmer: bool = False
    """The name only suggests the function, or names several."""
    dehors: bool = False
    """Terrace, porch, yard: not indoors."""
    nature: str = ""
    """Nature of a plan when it is no room: stairs, lift."""


def mots_de(texte: str) -> Mots:
    """Words of a text as tables hold them: capitals, no accent, no dot, no plural.

    >>> mots_de("Vestiaires des enfants")
    ('VESTIAIRE', 'DES', 'ENFANT')
    >>> mots_de("W.I.C. 2"), mots_de("Salle d'eau")
    (('WIC', '2'), ('SALLE', 'D', 'EAU'))
    """
    nu = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    mots = re.findall(r"[A-Z]+|[0-9]+", nu.upper().replace(".", ""))
    return tuple(m[:-1] if len(m) > 3 and m[-1] in "SX" else m for m in mots)


def place_de(cherches: Mots, mots: Sequence[str]) -> int | None:
    """Rank where a run of words stands among others; None when it does not."""
    longueur = len(cherches)
    return next((i for i in range(len(mots) - longueur + 1) if tuple(mots[i : i + longueur]) == cherches), None)


def plus_long(mots: Sequence[str], expressions: Iterable[tuple[Mots, NomLu]]) -> list[tuple[Mots, NomLu]]:
    """Expressions found: the one with most words first, one that tells something before « salle », then the first written."""
    trouvees = [(m, lu, rang) for m, lu in expressions if (rang := place_de(m, mots)) is not None]
    trouvees.sort(key=lambda t: (-len(t[0]), t[1] == NomLu(), t[2]))
    return [(m, lu) for m, lu, _ in trouvees]


@lru_cache(maxsize=2)
def lire_noms(chemin: Path | None = None) -> tuple[tuple[Mots, NomLu], ...]:
    """Expressions of the table, each with what it tells."""
    table = lire_fiche(NomsDePieces, chemin or dossier_donnees() / "locaux" / "noms_de_pieces.yaml")
    expressions: dict[Mots, NomLu] = {}
    for fonction, mots in table.fonctions.items():
        expressions |= {mots_de(m): NomLu(fonction) for m in mots.mots}
        expressions |= {mots_de(m): NomLu(fonction, a_confirmer=True) for m in mots.a_confirmer}
    expressions |= {mots_de(m): NomLu() for m in table.sans_fonction}
    expressions |= {mots_de(m): NomLu(dehors=True) for m in table.dehors}
    for nature, mots_ in table.natures.items():
        expressions |= {mots_de(m): NomLu(nature=nature) for m in mots_}
    return tuple(expressions.items())


def lire_nom(nom: str) -> NomLu | None:
    """What a name tells; None when the table knows none of its words.

    A name of several functions that do not count alike (« Cuisine, séjour ») tells none: it is to be asked.

    >>> lire_nom("Vestiaire des enfants").fonction, lire_nom("%%uKITCHEN").fonction
    ('vestiaire_enfants', 'cuisine')
    >>> lire_nom("Chambre 2")
    NomLu(fonction='sommeil', a_confirmer=True, dehors=False, nature='')
    >>> lire_nom("Éveil, repas").a_confirmer, lire_nom("COVERED PORCH").dehors, lire_nom("Zorglub")
    (True, True, None)
    """
    trouvees = plus_long(mots_de(re.sub(r"%%[a-zA-Z]", "", nom)), lire_noms())
    if not trouvees:
        return None
    mots, lu = trouvees[0]
    autres = {autre.fonction for m, autre in trouvees[1:] if autre.fonction and place_de(m, mots) is None}
    if lu.fonction and autres - {lu.fonction}:
        fonctions = lire_fonctions()
        comptes = {fonctions[f].compte for f in (lu.fonction, *autres) if f in fonctions}
        return NomLu(lu.fonction if len(comptes) == 1 else "", a_confirmer=True)
    return lu


_REZ = re.compile(r"\b(RDC|RCH|REZ[ -]?DE[ -]?CHAUSS?EES?|R\+0|N0?0|GROUND[ -]?FLOOR|PLAIN[ -]PIED)\b")
_BAS = re.compile(r"\b(?:R-|SOUS[ -]?SOL[ _-]*|SS[ _-]?|S(?=0?\d\b))0?(\d{1,2})?\b")
_HAUT = re.compile(r"\b(?:R\+|NIV(?:EAU)?[ ._-]*|ETAGE[ _-]*|N(?=0?\d\b))0?(\d{1,2})\b")
_RANG = re.compile(r"\b(\d{1,2})(?:ER|E|EME|RE)?[ _-]?ETAGE\b")
_REZ_BAS = re.compile(r"\b(RDJ|REZ[ -]?DE[ -]?JARDIN|BASEMENT)\b")


def niveau_du_nom(nom: str) -> int | None:
    """Storey that a name tells: 0 for the ground floor, negative below; None when it tells none.

    A garden level (RDJ) is said by no number: it stays None.

    >>> [niveau_du_nom(n) for n in ("Rez-de-chaussée", "R+2", "N01", "2e étage", "S01", "Sous-sol", "Cuisine", "RDC_MUR")]
    [0, 2, 1, 2, -1, -1, None, 0]
    """
    nu = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().upper().replace("_", " ")
    if _REZ_BAS.search(nu):
        return None
    if _REZ.search(nu):
        return 0
    if (haut := _HAUT.search(nu) or _RANG.search(nu)) is not None:
        return int(haut[1])
    if (bas := _BAS.search(nu)) is not None and bas[0].strip():
        return -int(bas[1] or 1)
    return None
