"""Questions asked one by one, at the terminal or in a form: how each answer is read, when it is asked, what an empty line means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pope_foncier.socle.erreurs import abreger

Reponses = Mapping[str, Any]
"""Answers read, by field."""
_SIGNES_MAX = 200
_SUR_UNE_LIGNE = 100
"""Signs of the choices that a question holds on its own line."""


@dataclass(frozen=True, slots=True)
class Question:
    """Question of a form.

    Attributes:
        champ: name of the answer.
        texte: question, as the user reads it.
        lire: reader of an answer, given the answers before; refuses in words.
        defaut: answer of an empty line, or how the answers before set it; None when an answer is needed, « » when the line may
            be left out.
        si: whether the line is asked, given the answers before.
        aide: where to read the answer, or how to write it.
        choix: values to choose from, with their words; none for a free answer.
        dire: what was understood, told back; nothing when the answer says it by itself.
    """

    champ: str
    texte: str
    lire: Callable[[str, Reponses], Any]
    defaut: str | Callable[[Reponses], str | None] | None = None
    si: Callable[[Reponses], bool] = lambda _: True
    aide: str = ""
    choix: Mapping[str, str] | None = None
    dire: Callable[[Any], str] | None = None

    def defaut_de(self, avant: Reponses) -> str | None:
        """Answer of an empty line, given the answers before."""
        return self.defaut(avant) if callable(self.defaut) else self.defaut

    def invite(self, avant: Reponses) -> str:
        """Question with what an empty line means."""
        defaut = self.defaut_de(avant)
        suite = {None: "", "": " (Entrée : non précisé)"}.get(defaut, f" [{defaut}]")
        choix = f" ({enumerer(self.choix)})" if self.choix and not self.longue else ""
        return f"{self.texte}{choix}{suite} :"

    @property
    def longue(self) -> bool:
        """Whether its choices take a line each."""
        return self.choix is not None and len(enumerer(self.choix)) > _SUR_UNE_LIGNE

    def repondre(self, texte: str, avant: Reponses) -> Any:
        """Answer read; None when the line is left out.

        Raises:
            ValueError: what cannot be read, and how to write it.
        """
        brut = texte.strip() or self.defaut_de(avant)
        if brut is None:
            raise ValueError("une réponse est attendue")
        return None if brut == "" else self.lire(brut, avant)


def suivante(questions: Sequence[Question], reponses: Reponses) -> Question | None:
    """First question that has no answer yet and that the answers call for."""
    return next((q for q in questions if q.champ not in reponses and q.si(reponses)), None)


def lire_texte(brut: str, _: Reponses) -> str:
    """One line of words."""
    propre = " ".join(brut.split())
    if not propre.isprintable() or len(propre) > _SIGNES_MAX:
        raise ValueError(f"un texte d'une ligne, de {_SIGNES_MAX} signes au plus, est attendu")
    return propre


def lire_liste(brut: str, avant: Reponses) -> tuple[str, ...]:
    """Words separated by semicolons."""
    return tuple(lire_texte(morceau, avant) for morceau in brut.split(";") if morceau.strip())


def parmi(choix: Mapping[str, str]) -> Callable[[str, Reponses], str]:
    """Reader of one word among several, by its rank or by some of its words; each choice names its value."""

    def lire(brut: str, _: Reponses) -> str:
        dit = simplifier(brut)
        rangs = {str(rang): valeur for rang, valeur in enumerate(choix, start=1)}
        trouves = [v for v, mots in choix.items() if dit and f" {dit}" in f" {simplifier(mots)}"]
        exacts = [v for v, mots in choix.items() if dit in (simplifier(v), simplifier(mots))]
        if dit in rangs:
            return rangs[dit]
        if len(exacts or trouves) != 1:
            raise ValueError(f"« {abreger(brut)} » : choisir {enumerer(choix)}")
        return (exacts or trouves)[0]

    return lire


def enumerer(choix: Mapping[str, str]) -> str:
    """Choices with their rank, in one sentence."""
    return ", ".join(f"{rang} {mots}" for rang, mots in enumerate(choix.values(), start=1))


def choisir(
    texte: str,
    champ: str,
    choix: Mapping[str, str],
    defaut: str | Callable[[Reponses], str | None] | None = None,
    si: Callable[[Reponses], bool] = lambda _: True,
    aide: str = "",
) -> Question:
    """Question whose answer is one of some choices."""
    return Question(champ, texte, parmi(choix), defaut, si, aide, choix)


def simplifier(mots: str) -> str:
    """Words without capitals, accents or underscores, to compare them."""
    return " ".join(mots.lower().replace("é", "e").replace("è", "e").replace("ê", "e").replace("_", " ").split())
