"""Errors: one family, shown to the user in French, never as a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ErreurPope(Exception):
    """Base error: every failure that a user can cause or mend."""


@dataclass(frozen=True, slots=True)
class Probleme:
    """One fault in a file: where it is, what was found, how to mend it."""

    fichier: str
    ligne: int | None
    champ: str
    message: str
    remede: str = ""

    def __str__(self) -> str:
        lieux = [f"ligne {self.ligne}"] if self.ligne else []
        lieux += [f"champ « {self.champ} »"] if self.champ else []
        remede = f" À faire : {self.remede}" if self.remede else ""
        return f"{', '.join(lieux) or 'fichier entier'} : {self.message}{remede}"


class ErreurDonnees(ErreurPope):
    """Data error: all the faults of one or several files, at once."""

    def __init__(self, problemes: Sequence[Probleme]) -> None:
        self.problemes = tuple(sorted(problemes, key=lambda p: (p.fichier, p.ligne or 0, p.champ)))
        super().__init__(str(self))

    def __str__(self) -> str:
        lignes: list[str] = []
        for fichier in dict.fromkeys(p.fichier for p in self.problemes):
            siens = [p for p in self.problemes if p.fichier == fichier]
            lignes.append(f"{fichier} : {len(siens)} erreur{'s' if len(siens) > 1 else ''}")
            lignes += [f"  • {p}" for p in siens]
        return "\n".join(lignes)


class ErreurBareme(ErreurPope):
    """Scale error: unknown path, date outside the known period, or empty slot."""


class ErreurCalcul(ErreurPope):
    """Computation error: a request that has no meaning, refused in words."""


class IdentiteRompue(ErreurPope):
    """Broken identity: the engine contradicts itself; names the line, month and amount."""


class ErreurSortie(ErreurPope):
    """Output error: a result could not be written."""
