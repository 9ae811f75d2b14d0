"""Words of the trade that stay on the pages of a workshop: where one first stands, its meaning opens, read from the glossary."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache

from pope_foncier.vues.documents.glossaire import Mot, lire_mots
from pope_foncier.vues.formes.gabarits import morceau

_BALISE = re.compile(r"(<[^>]+>)")
_FERMES = ("svg", "button", "summary", "style", "select", "a", "h1")
"""Elements whose words open nothing: drawn, or pressed already."""


def expliquer(page: str) -> str:
    """Same markup, where the first mention of each word of the trade is a button that opens its meaning, by hand or by key, without a script."""
    cle, restent, morceaux, dedans = f"b{zlib.crc32(page.encode()):08x}", dict(_mots()), [], 0
    for morceau_ in _BALISE.split(page):
        if morceau_.startswith("<"):
            dedans += _entre(morceau_)
            morceaux.append(morceau_)
        else:
            morceaux.append(morceau_ if dedans else _ouvrir(morceau_, restent, cle))
    return "".join(morceaux)


def lexique(page: str) -> list[tuple[str, str]]:
    """Words of the trade that a page holds outside its pictures, with their meaning: what the paper says at its end."""
    texte = _BALISE.sub(" ", re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL))
    lus = dict.fromkeys(mot for dit, mot in _mots().items() if _motif(dit).search(texte))
    return [(mot.terme, mot.sens) for mot in lus]


def _entre(balise: str) -> int:
    """1 for a tag that opens an element whose words open nothing, −1 for one that closes it."""
    nom = re.match(r"</?([a-z0-9]+)", balise)
    if nom is None or nom[1] not in _FERMES:
        return 0
    return -1 if balise.startswith("</") else 1


def _ouvrir(texte: str, restent: dict[str, Mot], cle: str) -> str:
    """Text whose words not explained yet become buttons; they are taken from those that remain."""
    trouves = sorted(_trouves(texte, restent), key=lambda m: m[0].start())
    morceaux, fin = [], 0
    for lu, mot in trouves:
        if lu.start() < fin or mot not in restent.values():
            continue
        for dit in mot.dits:
            restent.pop(dit, None)
        bulle = morceau("morceaux.html", "bulle", f"{cle}-{len(restent)}", lu[0], mot.terme, mot.sens)
        morceaux += [texte[fin : lu.start()], str(bulle)]
        fin = lu.end()
    return "".join([*morceaux, texte[fin:]])


def _trouves(texte: str, restent: dict[str, Mot]) -> Iterator[tuple[re.Match[str], Mot]]:
    for dit, mot in restent.items():
        if lu := _motif(dit).search(texte):
            yield lu, mot


@cache
def _motif(dit: str) -> re.Pattern[str]:
    """A whole word; an acronym in its capitals alone."""
    return re.compile(rf"(?<!\w){re.escape(dit)}(?!\w)", 0 if dit[:2].isupper() or dit.istitle() else re.IGNORECASE)


@cache
def _mots() -> dict[str, Mot]:
    """Words of the glossary that pages explain, by how pages write them, the longest first."""
    dits = {dit: mot for mot in lire_mots() for dit in mot.dits}
    return dict(sorted(dits.items(), key=lambda x: -len(x[0])))
