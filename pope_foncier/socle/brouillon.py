"""Draft of a form: what was typed, kept after each answer, so that an interruption loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.questions import Question, suivante


def fichier_du_brouillon(fiche: Path) -> Path:
    """Draft of a sheet, beside it."""
    return fiche.with_name(f"{fiche.name}.brouillon")


def textes_gardes(fichier: Path) -> dict[str, str]:
    """Texts of a draft, by question; nothing without one.

    Raises:
        ErreurDonnees: a draft that is no draft.
    """
    lus = charger_json(fichier, "l'ôter pour recommencer.") if fichier.exists() else {}
    return {c: t for c, t in lus.items() if isinstance(t, str)} if isinstance(lus, dict) else {}


def garder(fichier: Path, textes: Mapping[str, str]) -> None:
    """Keep what was typed on the disk.

    Raises:
        ErreurSortie: it cannot be written.
    """
    ecrire(fichier, json.dumps(dict(textes), ensure_ascii=False, indent=1))


class Brouillon:
    """Answers typed so far, in a file beside the sheet to write; what still reads of an earlier draft is not asked again.

    Args:
        fiche: sheet to write.
        questions: what is asked, in its order.

    Raises:
        ErreurDonnees: a draft that is no draft.
    """

    def __init__(self, fiche: Path, questions: Sequence[Question]) -> None:
        self._questions = questions
        self.fichier = fichier_du_brouillon(fiche)
        self.textes: dict[str, str] = {}
        self.reponses: dict[str, Any] = {}
        self._anciens = textes_gardes(self.fichier)
        self._avancer()
        self.reprises = len(self.textes)
        """Answers taken up again."""

    @property
    def suivante(self) -> Question | None:
        """Next question; None when all is answered."""
        return suivante(self._questions, self.reponses)

    def repondre(self, question: Question, texte: str) -> None:
        """Keep an answer, on the disk as well.

        Raises:
            ValueError: what cannot be read; nothing is kept.
        """
        self.reponses[question.champ] = question.repondre(texte, self.reponses)
        self.textes[question.champ] = texte
        self._avancer()
        garder(self.fichier, {**self._anciens, **self.textes})

    def oublier(self, champ: str) -> None:
        """Ask a question again."""
        self.reponses.pop(champ, None)
        self.textes.pop(champ, None)

    def effacer(self) -> None:
        """Nothing left to keep: the sheet is written."""
        self.fichier.unlink(missing_ok=True)

    def _avancer(self) -> None:
        """Answer the next questions from the earlier draft, as long as it reads."""
        while (question := self.suivante) is not None and question.champ in self._anciens:
            texte = self._anciens.pop(question.champ)
            try:
                self.reponses[question.champ] = question.repondre(texte, self.reponses)
            except ValueError:
                return
            self.textes[question.champ] = texte
