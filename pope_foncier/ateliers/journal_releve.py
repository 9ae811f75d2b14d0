"""Reading of a journal's file, row by row: what is wrong is named and hides nothing else; the sound rows begin the next file."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pope_foncier.ateliers.journal_fichier import (
    CASSE,
    LigneJournal,
    cles_de,
    creer,
    empreinte,
    ouvrir,
    patienter,
    perdues_de,
    raison,
)
from pope_foncier.socle.erreurs import ErreurSortie
from pope_foncier.socle.fiches import ANNEES

_COLONNES = "rang, quand, qui, genre, contenu"
_ENTREES_MAX, _ABSENTES_MAX = 1_000_000, 2_000
"""Entries looked for one by one in a damaged file, and how many may miss in a row before it ends."""


@dataclass(frozen=True, slots=True)
class Releve:
    """What a file holds: its sound rows, and what is wrong, row by row, in French."""

    lignes: tuple[LigneJournal, ...]
    fautes: tuple[str, ...]


def relever(base: sqlite3.Connection) -> Releve:
    """Read every row apart from the others: what is wrong in one hides none."""
    fautes = _verifier_le_fichier(base)
    try:
        colonnes = [x[1] for x in base.execute("PRAGMA table_info(entrees)")]
        requete = f"SELECT {_COLONNES}, {'empreinte' if 'empreinte' in colonnes else repr('')} FROM entrees"
        base.text_factory = bytes
        lues = list(_une_a_une(base, requete))
    except (*CASSE, sqlite3.Error):
        return Releve((), (*fautes, "la table des entrées ne se lit plus"))
    finally:
        base.text_factory = str
    lignes = []
    for rang, brute in lues:
        try:
            lignes.append(_saine(rang, brute))
        except ValueError as erreur:
            fautes.append(f"entrée {rang} : {erreur}")
    connues: list[tuple[int, int]] = []
    with contextlib.suppress(*CASSE, sqlite3.Error, TypeError, ValueError):
        connues = perdues_de(base)
    absentes = [x for x in _trous([rang for rang, _ in lues], _dernier_rang(base)) if x not in connues]
    return Releve(tuple(lignes), (*fautes, *(_absentes(*x) for x in absentes)))


def _trous(rangs: Iterable[int], dernier: int) -> list[tuple[int, int]]:
    """First and last of the ranks that are missing between those present, up to the last one ever written."""
    trous, attendu = [], 1
    for rang in (*sorted(rangs), dernier + 1):
        if rang > attendu:
            trous.append((attendu, rang - 1))
        attendu = max(attendu, rang + 1)
    return trous


def _verifier_le_fichier(base: sqlite3.Connection) -> list[str]:
    """Faults of the file as a whole, as SQLite sees them."""
    try:
        dit = [str(x[0]) for x in patienter(base, "PRAGMA integrity_check(1)").fetchall()]
    except CASSE as erreur:
        return [f"le fichier entier : {raison(erreur)}"]
    return [] if dit == ["ok"] else ["le fichier entier : sa structure est abîmée"]


def _une_a_une(base: sqlite3.Connection, requete: str) -> Iterator[tuple[int, tuple[object, ...] | None]]:
    """Rows by rank; when the file does not let itself be read in one go, each rank is asked for apart."""
    try:
        toutes = [(int(x[0]), tuple(x)) for x in base.execute(f"{requete} ORDER BY rang").fetchall()]
    except CASSE:
        toutes = None
    if toutes is not None:
        yield from toutes
        return
    absentes = 0
    for rang in range(1, _ENTREES_MAX):
        try:
            ligne = base.execute(f"{requete} WHERE rang = ?", (rang,)).fetchone()
        except CASSE:
            absentes += 1
            yield rang, None
        else:
            absentes = 0 if ligne else absentes + 1
            if ligne:
                yield rang, tuple(ligne)
        if absentes > _ABSENTES_MAX or (absentes and rang >= _dernier_rang(base) > 0):
            return


def _dernier_rang(base: sqlite3.Connection) -> int:
    """Rank of the last entry ever written, as the file counts them; 0 when it does not say."""
    try:
        lu = base.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entrees'").fetchone()
        return min(int(lu[0]), _ENTREES_MAX) if lu else 0
    except (*CASSE, ValueError, TypeError):
        return 0


def _saine(rang: int, brute: tuple[object, ...] | None) -> LigneJournal:
    """Row whose every cell is text, and whose print is its own.

    Raises:
        ValueError: what is wrong, in French.
    """
    if brute is None:
        raise ValueError("illisible, sa place dans le fichier est abîmée")
    cellules = []
    for nom, cellule in zip(("date", "auteur", "genre", "contenu", "empreinte"), brute[1:], strict=True):
        if not isinstance(cellule, bytes):
            raise ValueError(f"{nom} illisible : ce n'est pas du texte")
        try:
            cellules.append(cellule.decode("utf-8"))
        except UnicodeDecodeError:
            raise ValueError(f"{nom} illisible : ce n'est pas du texte") from None
    quand, qui, genre, contenu, marque = cellules
    if marque and marque != empreinte(quand, qui, genre, contenu):
        raise ValueError("changée depuis qu'elle a été notée")
    try:
        lisible = ANNEES[0] < datetime.fromisoformat(quand).year < ANNEES[1]
    except ValueError:
        lisible = False
    if not lisible:
        raise ValueError("date illisible")
    if not marque:
        try:
            json.loads(contenu)
        except (ValueError, RecursionError):
            raise ValueError("contenu illisible") from None
    return LigneJournal(rang, quand, qui, genre, contenu)


def _absentes(premiere: int, derniere: int) -> str:
    return f"entrée {premiere} : absente" if premiere == derniere else f"entrées {premiere} à {derniere} : absentes"


def _chacune_a_son_rang(lignes: Iterable[LigneJournal]) -> tuple[LigneJournal, ...]:
    """Rows by rank; of two that a damage left at one rank, the second comes after all the others."""
    rangees: dict[int, LigneJournal] = {}
    doubles = [x for x in lignes if rangees.setdefault(x.rang, x) is not x]
    return (*(rangees[rang] for rang in sorted(rangees)), *(replace(x, rang=0) for x in doubles))


def reprendre(ancien: Path, nouveau: Path) -> None:
    """Begin a file with the sound rows of a damaged one, which is held meanwhile if it lets itself be held, and not written.

    Each keeps its rank, by which votes and decisions name the proposal that was on the screen, and its key.

    Raises:
        ErreurSortie: the new file cannot be written.
    """
    saines: tuple[LigneJournal, ...] = ()
    perdues: list[tuple[int, int]] = []
    cles: dict[int, str] = {}
    try:
        with ouvrir(ancien, marque=False) as base:
            with contextlib.suppress(*CASSE):
                patienter(base, "BEGIN IMMEDIATE")
            saines = _chacune_a_son_rang(relever(base).lignes)
            perdues = _trous([x.rang for x in saines if x.rang], _dernier_rang(base))
            with contextlib.suppress(*CASSE, sqlite3.Error, TypeError, ValueError):
                cles = cles_de(base)
            creer(nouveau, saines, perdues, cles)
    except ErreurSortie:
        creer(nouveau, saines, perdues, cles)
