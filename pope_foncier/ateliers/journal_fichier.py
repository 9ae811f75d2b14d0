"""File of a workshop's journal: SQLite in append only, each entry with its print, each file whole before it takes its place.

A damaged file is left where it lies: its sound entries begin the next one (``….suite-2.sqlite``), which every visitor then uses. Nothing
is renamed nor erased, because a file of SQLite may not change its name while somebody has it open.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurSortie

_MARQUE = 0x506F5065
"""Application number written in the file: another SQLite file is refused."""
_ATTENTE_S = 15.0
CASSE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a damaged file raises: SQLite quotes in its messages the bytes that it could not read, which are not always text."""
_SUITES_MAX = 1_000
"""Files of one journal."""
_RAISONS = {
    "SQLITE_BUSY": "il est occupé par un autre programme",
    "SQLITE_LOCKED": "il est occupé par un autre programme",
    "SQLITE_READONLY": "il est fermé à l'écriture",
    "SQLITE_NOTADB": "ce fichier n'est pas un journal d'atelier",
    "SQLITE_CORRUPT": "le fichier est abîmé",
    "SQLITE_FULL": "le disque est plein",
    "SQLITE_CANTOPEN": "le dossier ou le fichier ne s'ouvre pas",
    "SQLITE_IOERR": "le disque ne répond pas",
}
"""Why SQLite refuses a file, by the first two words of its error name."""
_TABLE = """
CREATE TABLE entrees (
  rang INTEGER PRIMARY KEY AUTOINCREMENT, quand TEXT NOT NULL, qui TEXT NOT NULL, genre TEXT NOT NULL,
  contenu TEXT NOT NULL, empreinte TEXT NOT NULL DEFAULT '');
"""
_CLES = "CREATE TABLE IF NOT EXISTS cles (cle TEXT PRIMARY KEY, rang INTEGER NOT NULL)"
"""Keys of the entries that a phone may send twice, when a link is cut before the answer."""
_PERDUES = "CREATE TABLE perdues (premiere INTEGER NOT NULL, derniere INTEGER NOT NULL)"
"""Ranks that a file set aside held and that could not be read: a rank is never that of another entry."""
_GARDES = """
CREATE TRIGGER IF NOT EXISTS sans_changement BEFORE UPDATE ON entrees
  BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;
CREATE TRIGGER IF NOT EXISTS sans_effacement BEFORE DELETE ON entrees
  BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;
CREATE TRIGGER IF NOT EXISTS sans_remplacement BEFORE INSERT ON entrees
  WHEN EXISTS (SELECT 1 FROM entrees WHERE rang = NEW.rang)
  BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;
"""
"""Triggers of the file itself: the last one stops « INSERT OR REPLACE », which erases without the trigger of erasing."""


@dataclass(frozen=True, slots=True)
class LigneJournal:
    """Row as it lies in the file, its print verified or not there yet."""

    rang: int
    quand: str
    qui: str
    genre: str
    contenu: str


def empreinte(quand: str, qui: str, genre: str, contenu: str) -> str:
    """Print of an entry: one changed sign changes it."""
    return hashlib.sha256("\x1f".join((quand, qui, genre, contenu)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def actuel(chemin: Path) -> Path:
    """File in use of a journal: the last one begun."""
    suites = [(1, chemin)]
    try:
        voisins = list(chemin.parent.glob(f"{_sans_motif(chemin.stem)}.suite-*{chemin.suffix}"))
    except (OSError, ValueError):
        voisins = []
    for voisin in voisins:
        trouve = re.fullmatch(rf"{re.escape(chemin.stem)}\.suite-([0-9]{{1,3}})", voisin.stem)
        if trouve:
            suites.append((int(trouve[1]), voisin))
    return max(suites)[1]


def suivant(chemin: Path, ancien: Path) -> Path:
    """File that follows another one of a journal: the same for all who leave that one, so that only one is begun.

    Raises:
        ErreurSortie: too many files.
    """
    rang = re.fullmatch(rf"{re.escape(chemin.stem)}\.suite-([0-9]+)", ancien.stem)
    nouveau = int(rang[1]) + 1 if rang and ancien != chemin else 2
    if nouveau >= _SUITES_MAX:
        raise ErreurSortie(f"Journal « {chemin.name} » : déjà {nouveau} fichiers mis de côté ; en ranger ailleurs.")
    return chemin.with_name(f"{chemin.stem}.suite-{nouveau}{chemin.suffix}")


def est_la(chemin: Path) -> bool:
    """Whether something lies at the place of a journal.

    Raises:
        ErreurSortie: a name that no disk can hold.
    """
    try:
        return chemin.exists()
    except (OSError, ValueError) as erreur:
        raise refus(chemin, raison(erreur)) from erreur


def creer(
    chemin: Path,
    lignes: Iterable[LigneJournal] = (),
    perdues: Sequence[tuple[int, int]] = (),
    cles: Mapping[int, str] | None = None,
) -> None:
    """Make a journal beside its place, then put it there whole; the first of two visitors wins, both then use it.

    Args:
        chemin: its place.
        lignes: rows that it begins with, each at its rank.
        perdues: first and last ranks of the rows that are lost.
        cles: keys of rows, by rank.

    Raises:
        ErreurSortie: the folder cannot be made or written.
    """
    try:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=chemin.parent, prefix=".journal") as dossier:
            neuf = Path(dossier) / "neuf.sqlite"
            base = sqlite3.connect(neuf, isolation_level=None)
            try:
                base.execute("PRAGMA journal_mode=WAL")
                base.execute("PRAGMA synchronous=FULL")
                base.executescript(f"BEGIN; {_TABLE} {_GARDES} PRAGMA application_id={_MARQUE}; COMMIT;")
                base.execute("BEGIN")
                _sauter(base, perdues)
                for ligne in lignes:
                    inscrire(base, ligne, (cles or {}).get(ligne.rang, ""))
                base.execute("COMMIT")
            finally:
                base.close()
            with contextlib.suppress(FileExistsError):
                os.link(neuf, chemin)
    except (sqlite3.Error, OSError, ValueError) as erreur:
        raise refus(chemin, raison(erreur)) from erreur


def _sauter(base: sqlite3.Connection, perdues: Sequence[tuple[int, int]]) -> None:
    """Say which ranks are lost: no next entry takes them."""
    if perdues:
        base.execute(_PERDUES)
        base.executemany("INSERT INTO perdues (premiere, derniere) VALUES (?, ?)", perdues)
        base.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entrees', ?)", (perdues[-1][1],))


def inscrire(base: sqlite3.Connection, ligne: LigneJournal, cle: str = "") -> int:
    """Add a row with its print, at its rank or, when it has none (0), at the next one, which is given; its key, when it has one, goes with it."""
    valeurs = (ligne.quand, ligne.qui, ligne.genre, ligne.contenu)
    fait = base.execute(
        "INSERT INTO entrees (rang, quand, qui, genre, contenu, empreinte) VALUES (?, ?, ?, ?, ?, ?)",
        (ligne.rang or None, *valeurs, empreinte(*valeurs)),
    )
    rang = int(fait.lastrowid or 0)
    if cle:
        base.execute(_CLES)
        base.execute("INSERT INTO cles (cle, rang) VALUES (?, ?)", (cle, rang))
    return rang


def rang_de(base: sqlite3.Connection, cle: str) -> int:
    """Rank of the entry that bears a key; 0 when there is none."""
    if not cle or not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'cles'").fetchone():
        return 0
    trouve = base.execute("SELECT rang FROM cles WHERE cle = ?", (cle,)).fetchone()
    return int(trouve[0]) if trouve else 0


def perdues_de(base: sqlite3.Connection) -> list[tuple[int, int]]:
    """First and last ranks lost with the file before, when it was set aside."""
    if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'perdues'").fetchone():
        return []
    return [(int(premiere), int(derniere)) for premiere, derniere in base.execute("SELECT * FROM perdues")]


def cles_de(base: sqlite3.Connection) -> dict[int, str]:
    """Keys of the entries that bear one, by rank."""
    if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'cles'").fetchone():
        return {}
    return {int(rang): str(cle) for cle, rang in base.execute("SELECT cle, rang FROM cles")}


def signature(chemin: Path) -> tuple[object, ...]:
    """What changes with each entry of a journal, whoever writes it: file in use, dates and sizes; cheap enough to be asked for without end."""
    fichier = actuel(chemin)
    etats: list[object] = [fichier.name]
    for suite in ("", "-wal"):
        try:
            etat = fichier.with_name(fichier.name + suite).stat()
            etats.append((etat.st_mtime_ns, etat.st_size))
        except (OSError, ValueError):
            etats.append(None)
    return tuple(etats)


@contextmanager
def ouvrir(chemin: Path, marque: bool = True) -> Iterator[sqlite3.Connection]:
    """Open a file of a journal, then close it; what was not committed is undone.

    Args:
        chemin: the file.
        marque: whether a file that does not bear the mark of a journal is refused.

    Raises:
        ErreurSortie: SQLite or the disk refuses, and why.
    """
    try:
        base = sqlite3.connect(chemin, timeout=_ATTENTE_S, isolation_level=None)
        try:
            base.execute("PRAGMA synchronous=FULL")
            base.execute("PRAGMA recursive_triggers=ON")
            if marque and patienter(base, "PRAGMA application_id").fetchone()[0] != _MARQUE:
                raise refus(chemin, _RAISONS["SQLITE_NOTADB"])
            yield base
        finally:
            base.close()
    except (*CASSE, sqlite3.Error, OSError) as erreur:
        raise refus(chemin, raison(erreur)) from erreur


def garder(base: sqlite3.Connection) -> None:
    """Give a file of before its column of prints and its last trigger, inside the transaction that writes an entry."""
    colonnes = [x[1] for x in base.execute("PRAGMA table_info(entrees)")]
    if "empreinte" not in colonnes:
        base.execute("ALTER TABLE entrees ADD COLUMN empreinte TEXT NOT NULL DEFAULT ''")
    for ordre in re.findall(r"CREATE TRIGGER.*?END;", _GARDES, flags=re.S):
        base.execute(ordre)


def refus(chemin: Path, raison: str) -> ErreurSortie:
    """Refusal of a file, and why."""
    return ErreurSortie(
        f"Journal « {chemin.name} » illisible ou fermé à l'écriture : {raison}. "
        "Vérifier le dossier, ou en choisir un autre avec --journaux ; rien n'a été effacé."
    )


def raison(erreur: Exception) -> str:
    """Why a file refuses, in French."""
    if isinstance(erreur, UnicodeDecodeError):
        return _RAISONS["SQLITE_CORRUPT"]
    if isinstance(erreur, PermissionError):
        return _RAISONS["SQLITE_READONLY"]
    if isinstance(erreur, OSError | ValueError):
        return _RAISONS["SQLITE_FULL" if getattr(erreur, "errno", None) == errno.ENOSPC else "SQLITE_CANTOPEN"]
    nom = "_".join(str(getattr(erreur, "sqlite_errorname", "")).split("_")[:2])
    return _RAISONS.get(nom, "SQLite le refuse" + (f" ({nom})" if nom else ""))


def patienter(base: sqlite3.Connection, ordre: str) -> sqlite3.Cursor:
    """Run an order that writes nothing yet, again and again while the file is busy: SQLite's own wait misses some cases."""
    limite = time.monotonic() + _ATTENTE_S
    while True:
        try:
            return base.execute(ordre)
        except sqlite3.OperationalError as erreur:
            occupe = erreur.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not occupe or time.monotonic() > limite:
                raise
            time.sleep(0.01)


def _sans_motif(texte: str) -> str:
    """Name of a file as a pattern that matches it alone."""
    return re.sub(r"([*?\[])", r"[\1]", texte)
