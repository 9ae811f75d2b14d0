"""Journal of a workshop: what was said, by whom and when, in an append-only SQLite file that survives a power cut.

An entry is confirmed once ``noter`` returns: it is committed and flushed to the disk (WAL, ``synchronous=FULL``), into a file
found sound just before. Entries are never changed nor erased: triggers of the file refuse it. Several processes may write at
once, each waits for its turn. The file must lie on a local disk (WAL does not hold on a network share).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pope_foncier.ateliers import journal_fichier as fichier
from pope_foncier.ateliers.journal_entrees import (
    GENRES,
    Auteur,
    Contenu,
    EntreeJournal,
    Proposition,
    personne,
)
from pope_foncier.ateliers.journal_fichier import LigneJournal
from pope_foncier.ateliers.journal_releve import Releve, relever, reprendre
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope, ErreurSortie, Probleme
from pope_foncier.socle.fiches import valider

_DU_SCENARIO = "genre = 'scenario' AND CASE WHEN json_valid(contenu) THEN json_extract(contenu, '$.nom') END = ?"
_REPRISES, _MONTREES = 20, 8
"""Times that a file may be set aside under a writer before it gives up; faults that a message lists."""


def nom_du_journal(etudes: Sequence[str]) -> str:
    """Name of the journal of a workshop: that of its study, or of all of them in their order."""
    return "+".join(etudes)


def etudes_du_journal(nom: str) -> list[str]:
    """Studies of a workshop, by the name of its journal."""
    return nom.split("+")


@dataclass(frozen=True, slots=True)
class LectureJournal:
    """What a journal says: its sound entries, the others, each named in French, and whether the file is damaged."""

    entrees: tuple[EntreeJournal, ...]
    illisibles: tuple[str, ...]
    abime: bool

    def en_clair(self, nom: str) -> str:
        """What is wrong and what to do, in French; nothing when all is well."""
        if not self.illisibles:
            return ""
        reste = len(self.illisibles) - _MONTREES
        liste = " ; ".join(self.illisibles[:_MONTREES]) + (f" ; et {reste} autres" if reste > 0 else "")
        if self.abime:
            conseil = (
                "Plus rien n'y est noté. Le mettre de côté (bouton « Mettre ce journal de côté », ou pope-foncier atelier "
                "--mettre-de-cote) : un nouveau journal reprend les entrées saines, l'ancien reste tel quel."
            )
        else:
            conseil = "Les autres sont lues, et rien n'a été effacé ; mettre le logiciel à jour pour lire celles-ci."
        return f"Journal « {nom} » : {liste}. {conseil}"


@dataclass(frozen=True)
class Journal:
    """Journal of a workshop; every call opens and closes its file, so nothing is left half-open by a killed process."""

    chemin: Path
    horloge: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def nom(self) -> str:
        """Name of the file in use."""
        return fichier.actuel(self.chemin).name

    def noter(self, qui: str, contenu: Contenu, cle: str = "") -> int:
        """Write an entry and give its rank; once given, the entry is on the disk, in a file found sound.

        Args:
            qui: its author.
            contenu: what it says.
            cle: key drawn by the sender: what bears a key already written is not written again, and keeps its rank.

        Raises:
            ErreurDonnees: author refused, or a vote on a scenario that nobody proposed.
            ErreurSortie: the file is damaged, or cannot be written.
        """
        auteur = valider(Auteur, {"qui": qui}, "Journal").qui
        genre = next(g for g, modele in GENRES.items() if type(contenu) is modele)
        texte = json.dumps(contenu.model_dump(mode="json"), ensure_ascii=False)
        for _ in range(_REPRISES):
            chemin = fichier.actuel(self.chemin)
            if not fichier.est_la(chemin):
                fichier.creer(chemin)
            with fichier.ouvrir(chemin) as base:
                fichier.patienter(base, "BEGIN IMMEDIATE")
                if fichier.actuel(self.chemin) != chemin:
                    continue
                fautes = relever(base).fautes
                if fautes:
                    raise ErreurSortie(LectureJournal((), fautes, abime=True).en_clair(chemin.name))
                deja = fichier.rang_de(base, cle)
                if deja:
                    return deja
                _admettre(base, contenu, auteur)
                fichier.garder(base)
                quand = self.horloge().astimezone(UTC).isoformat(timespec="milliseconds")
                rang = fichier.inscrire(base, LigneJournal(0, quand, auteur, genre, texte), cle)
                base.execute("COMMIT")
                return rang
        raise fichier.refus(self.chemin, "il est mis de côté sans cesse")

    def rang_de(self, cle: str) -> int:
        """Rank of the entry that bears a key; 0 when it was not written.

        Raises:
            ErreurSortie: the file does not open at all, or is no journal.
        """
        chemin = fichier.actuel(self.chemin)
        if not fichier.est_la(chemin):
            return 0
        with fichier.ouvrir(chemin) as base:
            return fichier.rang_de(base, cle)

    def lire(self) -> LectureJournal:
        """Entries in order, and what cannot be read; nothing when the file does not exist yet.

        Raises:
            ErreurSortie: the file does not open at all, or is no journal.
        """
        chemin = fichier.actuel(self.chemin)
        if not fichier.est_la(chemin):
            return LectureJournal((), (), abime=False)
        with fichier.ouvrir(chemin) as base:
            return _lire(relever(base))

    def entrees(self, apres: int = 0) -> list[EntreeJournal]:
        """Sound entries in order, after a rank; none when the file does not exist yet."""
        return [e for e in self.lire().entrees if e.rang > apres]

    def mettre_de_cote(self) -> tuple[Path, Path]:
        """Leave a damaged file as it lies, and begin another with its sound entries, in their order and at their dates.

        Returns:
            The file left, and the file in use.

        Raises:
            ErreurPope: the journal is sound, or absent.
            ErreurSortie: the new file cannot be written.
        """
        ancien = fichier.actuel(self.chemin)
        try:
            if not self.lire().abime:
                raise ErreurPope(f"Journal « {ancien.name} » sain ou absent : rien à mettre de côté.")
        except ErreurSortie:
            pass  # it does not open at all: there is nothing to take from it
        reprendre(ancien, fichier.suivant(self.chemin, ancien))
        return ancien, fichier.actuel(self.chemin)


def _lire(releve: Releve) -> LectureJournal:
    """Entries of the rows; what another version wrote is named, and is no damage."""
    entrees, illisibles = [], list(releve.fautes)
    for x in releve.lignes:
        if x.genre not in GENRES:
            illisibles.append(f"entrée {x.rang} : genre inconnu (« {x.genre} »), écrit par une version plus récente")
            continue
        try:
            contenu = valider(GENRES[x.genre], json.loads(x.contenu), "Journal")
        except (ErreurDonnees, TypeError, ValueError):
            illisibles.append(f"entrée {x.rang} : contenu d'une autre version, ou changé à la main")
            continue
        entrees.append(EntreeJournal(x.rang, datetime.fromisoformat(x.quand), x.qui, contenu))
    return LectureJournal(tuple(entrees), tuple(illisibles), abime=bool(releve.fautes))


def _admettre(base: sqlite3.Connection, contenu: Contenu, auteur: str) -> None:
    """A proposal replaces only a proposal of the same person; a vote or a remark aims at a scenario that was proposed.

    Raises:
        ErreurDonnees: the name was taken by somebody else, or nobody proposed it.
    """
    requete = f"SELECT qui FROM entrees WHERE {_DU_SCENARIO} ORDER BY rang LIMIT 1"
    if isinstance(contenu, Proposition):
        pris = base.execute(requete, (contenu.nom,)).fetchone()
        if pris is not None and personne(str(pris[0])) != personne(auteur):
            raise _refus(
                "nom",
                f"« {contenu.nom} » a déjà été proposé par {pris[0]}.",
                "donner un autre titre ; dans un fichier, un autre « nom ».",
            )
    vise = getattr(contenu, "scenario", None)
    if vise is not None and base.execute(requete, (vise,)).fetchone() is None:
        raise _refus("scenario", f"scénario « {vise} » inconnu du journal.", "le proposer d'abord.")


def _refus(champ: str, message: str, remede: str) -> ErreurDonnees:
    return ErreurDonnees([Probleme("Journal", None, champ, message, remede)])
