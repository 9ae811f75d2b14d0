"""Strict reading of a CSV table: its separator found in its titles, every row with its line, every refusal in French."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.lecture import TAILLE_MAX_OCTETS, exiger_de_tenir, lire_octets

Rangs = list[tuple[int, list[str]]]
RANGS_DE_TITRES = 40
"""Rows at the top of a table where its headings are looked for."""
_CASE_MAX = 131_072
"""Signs of the longest cell that the reader takes."""


def charger_csv(
    chemin: Path,
    separateurs: str = ";\t,",
    maxi: int = TAILLE_MAX_OCTETS,
    remede: str = "",
    latin: bool = False,
    titres: Callable[[Sequence[str]], int] | None = None,
) -> Rangs:
    """Rows of a table that hold something, each with the line where it ends.

    Args:
        chemin: file to read.
        separateurs: those admitted, the most frequent in the first line being taken.
        maxi: largest size [bytes].
        remede: what to do when the file is absent.
        latin: whether a text that is not in UTF-8 is read in the alphabet of Windows, as old spreadsheets write it.
        titres: headings recognised on a row; the separator that shows most of them is taken, wherever their row is.

    Raises:
        ErreurDonnees: unreadable file, not UTF-8, or a cell without end.
        ErreurCalcul: it would take too much memory.
    """
    octets, court = lire_octets(chemin, maxi, remede), chemin_court(chemin)
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = octets[: erreur.start].count(b"\n") + 1
        if not latin:
            remede = "l'enregistrer en « CSV UTF-8 » dans le tableur."
            raise ErreurDonnees([Probleme(court, ligne, "", "le texte n'est pas en UTF-8.", remede)]) from None
        texte = octets.decode("cp1252", "replace")
    exiger_de_tenir(chemin, texte, dict.fromkeys(separateurs, 90.0) | {"\n": 260.0})
    premiere = texte.lstrip().partition("\n")[0]
    ordre = sorted(separateurs, key=lambda s: -premiere.count(s))
    separateur = max(ordre, key=lambda s: _reconnus(texte, s, titres)) if titres else ordre[0]
    lecteur = csv.reader(StringIO(texte, newline=""), delimiter=separateur)
    rangs: Rangs = []
    try:
        for rang in lecteur:
            if any(c.strip() for c in rang):
                rangs.append((lecteur.line_num, rang))
    except csv.Error:
        message = f"case illisible : plus de {_CASE_MAX} signes, ou un signe nul."
        remede = "chercher un guillemet jamais refermé, ou raccourcir la case."
        raise ErreurDonnees([Probleme(court, lecteur.line_num, "", message, remede)]) from None
    return rangs


def _reconnus(texte: str, separateur: str, titres: Callable[[Sequence[str]], int]) -> int:
    """Headings that a separator shows, on the row of the top that has most."""
    try:
        return max(
            map(titres, islice(csv.reader(StringIO(texte, newline=""), delimiter=separateur), RANGS_DE_TITRES)),
            default=0,
        )
    except csv.Error:
        return 0
