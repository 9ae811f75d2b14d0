"""Journal of a workshop: what was said, by whom and when, in an append-only SQLite file that survives a power cut.

An entry is confirmed once ``noter`` returns: it is committed and flushed to the disk (WAL, ``synchronous=FULL``). Entries are
never changed nor erased: triggers of the file refuse it. Several processes may write at once, each waits for its turn. The
file must lie on a local disk (WAL does not hold on a network share).
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie, Probleme
from pope_foncier.socle.fiches import valider
from pope_foncier.vues.journal_entrees import (
    GENRES,
    Auteur,
    Contenu,
    Decision,
    EntreeJournal,
    Proposition,
    Remarque,
    Seance,
    Vote,
    personne,
)

_MARQUE = 0x506F5065
"""Application number written in the file: another SQLite file is refused."""
_ATTENTE_S = 15.0
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

_TABLES = """
CREATE TABLE IF NOT EXISTS entrees (
  rang INTEGER PRIMARY KEY AUTOINCREMENT, quand TEXT NOT NULL, qui TEXT NOT NULL, genre TEXT NOT NULL,
  contenu TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS sans_changement BEFORE UPDATE ON entrees
  BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;
CREATE TRIGGER IF NOT EXISTS sans_effacement BEFORE DELETE ON entrees
  BEGIN SELECT RAISE(ABORT, 'journal en ajout seul'); END;
"""


@dataclass(frozen=True)
class Journal:
    """Journal of a workshop in one file; every call opens and closes it, so nothing is left half-open by a killed process."""

    chemin: Path
    horloge: Callable[[], datetime] = lambda: datetime.now(UTC)

    def noter(self, qui: str, contenu: Contenu) -> int:
        """Write an entry and give its rank; once given, the entry is on the disk.

        Raises:
            ErreurDonnees: author refused, or a vote on a scenario that nobody proposed.
            ErreurSortie: the file cannot be written.
        """
        auteur = valider(Auteur, {"qui": qui}, "Journal").qui
        genre = next(g for g, modele in GENRES.items() if type(contenu) is modele)
        texte = json.dumps(contenu.model_dump(mode="json"), ensure_ascii=False)
        with self._ouvrir() as base:
            _patienter(base, "BEGIN IMMEDIATE")
            if isinstance(contenu, Proposition):
                _refuser_la_place_d_un_autre(base, contenu, auteur)
            vise = getattr(contenu, "scenario", None)
            if (
                vise is not None
                and not base.execute(
                    "SELECT 1 FROM entrees WHERE genre = 'scenario' AND json_extract(contenu, '$.nom') = ?", (vise,)
                ).fetchone()
            ):
                base.execute("ROLLBACK")
                raise _refus("scenario", f"scénario « {vise} » inconnu du journal.", "le proposer d'abord.")
            quand = self.horloge().astimezone(UTC).isoformat(timespec="milliseconds")
            fait = base.execute(
                "INSERT INTO entrees (quand, qui, genre, contenu) VALUES (?, ?, ?, ?)", (quand, auteur, genre, texte)
            )
            base.execute("COMMIT")
            return int(fait.lastrowid or 0)

    def entrees(self, apres: int = 0) -> list[EntreeJournal]:
        """Entries in order, after a rank; none when the file does not exist yet."""
        if not self.chemin.exists():
            return []
        with self._ouvrir() as base:
            lignes = _patienter(base, "SELECT rang, quand, qui, genre, contenu FROM entrees ORDER BY rang").fetchall()
        return [self._lire(*ligne) for ligne in lignes if ligne[0] > apres]

    def _lire(self, rang: int, quand: str, qui: str, genre: str, contenu: str) -> EntreeJournal:
        if genre not in GENRES:
            raise ErreurSortie(
                f"Journal « {self.chemin.name} », entrée {rang} : genre inconnu (« {genre} »), écrit par une version plus "
                "récente. Mettre le logiciel à jour ; rien n'a été effacé."
            )
        return EntreeJournal(
            rang, datetime.fromisoformat(quand), qui, valider(GENRES[genre], json.loads(contenu), "Journal")
        )

    @contextmanager
    def _ouvrir(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self.chemin.exists():
                self._creer()
            base = sqlite3.connect(self.chemin, timeout=_ATTENTE_S, isolation_level=None)
            try:
                base.execute("PRAGMA synchronous=FULL")
                if _patienter(base, "PRAGMA application_id").fetchone()[0] != _MARQUE:
                    raise _refus_du_fichier(self.chemin, _RAISONS["SQLITE_NOTADB"])
                yield base
            finally:
                base.close()
        except (sqlite3.Error, OSError) as erreur:
            raise _refus_du_fichier(self.chemin, _raison(erreur)) from erreur

    def _creer(self) -> None:
        """Make an empty journal beside its place, then put it there whole; the first of two visitors wins, both then use it."""
        self.chemin.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.chemin.parent, prefix=".journal") as dossier:
            neuf = Path(dossier) / "neuf.sqlite"
            base = sqlite3.connect(neuf, isolation_level=None)
            base.execute("PRAGMA journal_mode=WAL")
            base.executescript(f"BEGIN; {_TABLES} PRAGMA application_id={_MARQUE}; COMMIT;")
            base.close()
            try:
                os.link(neuf, self.chemin)
            except FileExistsError:
                return


def _refus_du_fichier(chemin: Path, raison: str) -> ErreurSortie:
    return ErreurSortie(
        f"Journal « {chemin.name} » illisible ou fermé à l'écriture : {raison}. "
        "Vérifier le dossier, ou en choisir un autre avec --journaux ; rien n'a été effacé."
    )


def _raison(erreur: sqlite3.Error | OSError) -> str:
    """Why a file refuses, in French."""
    if isinstance(erreur, PermissionError):
        return _RAISONS["SQLITE_READONLY"]
    if isinstance(erreur, OSError):
        return _RAISONS["SQLITE_FULL" if erreur.errno == errno.ENOSPC else "SQLITE_CANTOPEN"]
    nom = "_".join(str(getattr(erreur, "sqlite_errorname", "")).split("_")[:2])
    return _RAISONS.get(nom, "SQLite le refuse" + (f" ({nom})" if nom else ""))


def _patienter(base: sqlite3.Connection, ordre: str) -> sqlite3.Cursor:
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


def _refuser_la_place_d_un_autre(base: sqlite3.Connection, proposition: Proposition, auteur: str) -> None:
    """A proposal replaces only a proposal of the same person.

    Raises:
        ErreurDonnees: the name was taken by somebody else.
    """
    requete = (
        "SELECT qui FROM entrees WHERE genre = 'scenario' AND json_extract(contenu, '$.nom') = ? ORDER BY rang LIMIT 1"
    )
    pris = base.execute(requete, (proposition.nom,)).fetchone()
    if pris is not None and personne(pris[0]) != personne(auteur):
        base.execute("ROLLBACK")
        raise _refus(
            "nom",
            f"« {proposition.nom} » a déjà été proposé par {pris[0]}.",
            "donner un autre titre ; dans un fichier, un autre « nom ».",
        )


@dataclass(frozen=True)
class Atelier:
    """State of a workshop, replayed from its entries."""

    seance: EntreeJournal | None
    scenarios: dict[str, EntreeJournal]
    """Last proposal of each name, in the order of the first one."""
    votes: dict[str, dict[str, int]]
    """Last points by participant, under the name that he gave first, by scenario."""
    remarques: tuple[EntreeJournal, ...]
    decision: EntreeJournal | None
    fil: tuple[EntreeJournal, ...] = ()
    """Every entry, in order: what was replaced stays readable."""

    @classmethod
    def rejouer(cls, entrees: Sequence[EntreeJournal]) -> Atelier:
        """State after some entries."""
        seance: EntreeJournal | None = None
        decision: EntreeJournal | None = None
        scenarios: dict[str, EntreeJournal] = {}
        votes: dict[str, dict[str, int]] = {}
        remarques: list[EntreeJournal] = []
        noms: dict[str, str] = {}
        for entree in entrees:
            match entree.contenu:
                case Proposition(nom=nom):
                    scenarios[nom] = entree
                case Vote(scenario=nom, points=points):
                    votes.setdefault(nom, {})[noms.setdefault(personne(entree.qui), entree.qui)] = points
                case Remarque():
                    remarques.append(entree)
                case Decision():
                    decision = entree
                case Seance():
                    seance = entree
        return cls(seance, scenarios, votes, tuple(remarques), decision, tuple(entrees))

    def points(self, scenario: str) -> int:
        """Sum of the points of a scenario."""
        return sum(self.votes.get(scenario, {}).values())


def _refus(champ: str, message: str, remede: str) -> ErreurDonnees:
    return ErreurDonnees([Probleme("Journal", None, champ, message, remede)])
