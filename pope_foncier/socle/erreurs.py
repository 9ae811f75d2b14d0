"""Errors: one family, shown to the user in French, never as a traceback, never longer than one can read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pope_foncier.socle.enregistrements import enregistrement

CITATION_MAX = 80
"""Signs of what the user wrote that a message repeats."""
PROBLEMES_MAX = 1_000
"""Faults after which the reader of a table leaves the rest unread."""
_MOT_MAX, _LIGNE_MAX, _LIGNES_MAX = 200, 2000, 25
"""Longest word (a path), longest line, and number of lines of a message."""
_CITATION = re.compile(r"«([^«»]*)»")
_MOT = re.compile(rf"\S{{{_MOT_MAX + 1},}}")
_ILLISIBLES = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)


def abreger(texte: str, signes: int = CITATION_MAX) -> str:
    """Beginning and end of a long text, the middle being left out."""
    if len(texte) <= signes:
        return texte
    fin = signes // 4
    return f"{texte[: signes - fin - 1]}…{texte[-fin:]}"


def sans_controle(texte: str) -> str:
    """Text without the characters that no screen shows: controls, changes of direction, halves of a pair."""
    return texte if texte.isprintable() else _ILLISIBLES.sub("", texte)


def en_bref(message: str) -> str:
    """Message that can be read: quotations, words, lines and their number shortened, control characters left out."""
    lignes = []
    for ligne in sans_controle(message).split("\n"):
        court = _CITATION.sub(lambda c: f"«{abreger(c[1], CITATION_MAX + 2)}»", ligne)
        court = _MOT.sub(lambda m: abreger(m[0], CITATION_MAX), court)
        lignes.append(abreger(court, _LIGNE_MAX))
    if len(lignes) > _LIGNES_MAX:
        lignes = [*lignes[:_LIGNES_MAX], f"… et {len(lignes) - _LIGNES_MAX} autres lignes."]
    return "\n".join(lignes)


class ErreurPope(Exception):
    """Base error: every failure that a user can cause or mend.

    >>> import pope_foncier as pf
    >>> try:
    ...     pf.ouvrire
    ... except pf.ErreurPope as erreur:
    ...     print(erreur)
    pope_foncier n'a pas de nom « ouvrire ». Peut-être : ouvrir, uniforme, viser, tirer.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(en_bref(str(message)))


@enregistrement
class Probleme:
    """One fault in a file: where it is, what was found, how to mend it."""

    fichier: str
    ligne: int | None
    champ: str
    message: str
    remede: str = ""

    def __post_init__(self) -> None:
        for nom, signes in (
            ("fichier", _MOT_MAX),
            ("champ", _MOT_MAX),
            ("message", _LIGNE_MAX),
            ("remede", _LIGNE_MAX),
        ):
            une_ligne = " ".join(str(getattr(self, nom)).split("\n"))
            object.__setattr__(self, nom, abreger(en_bref(une_ligne), signes))

    def __str__(self) -> str:
        lieux = [f"ligne {self.ligne}"] if self.ligne else []
        lieux += [f"champ « {self.champ} »"] if self.champ else []
        remede = f" À faire : {self.remede}" if self.remede else ""
        return f"{', '.join(lieux) or 'fichier entier'} : {self.message}{remede}"


class ErreurDonnees(ErreurPope):
    """Data error: all the faults of one or several files, at once; ``problemes`` holds them.

    >>> import pope_foncier as pf
    >>> try:
    ...     pf.ouvrir("gare_saint_denis").varier(travaux__honoraires_part=12)
    ... except pf.ErreurDonnees as erreur:
    ...     print(erreur.problemes[0].champ)
    travaux.honoraires_part.valeur
    """

    def __init__(self, problemes: Sequence[Probleme]) -> None:
        self.problemes = tuple(sorted(problemes, key=lambda p: (p.fichier, p.ligne or 0, p.champ)))
        super().__init__(str(self))

    @classmethod
    def une(cls, fichier: str, message: str, remede: str, champ: str = "", ligne: int | None = None) -> ErreurDonnees:
        """Error of one fault alone."""
        return cls([Probleme(fichier, ligne, champ, message, remede)])

    def __str__(self) -> str:
        lignes: list[str] = []
        for fichier in dict.fromkeys(p.fichier for p in self.problemes):
            siens = [p for p in self.problemes if p.fichier == fichier]
            suite = " ou plus" if len(self.problemes) == PROBLEMES_MAX else ""
            lignes.append(f"{fichier} : {len(siens)} erreur{'s' if len(siens) > 1 else ''}{suite}")
            lignes += [f"  • {p}" for p in siens[:_LIGNES_MAX]]
            if len(siens) > _LIGNES_MAX:
                lignes.append(f"  … et {len(siens) - _LIGNES_MAX} autres.")
        return "\n".join(lignes)


class ErreurBareme(ErreurPope):
    """Scale error: unknown path, date outside the known period, or empty slot.

    >>> import pope_foncier as pf
    >>> try:
    ...     pf.bareme("subventions.piaje.base_par_place", "1999-01-01")
    ... except pf.ErreurBareme as erreur:
    ...     print(erreur)  # doctest: +ELLIPSIS
    Barème « subventions.piaje.base_par_place » : aucune valeur connue le 1er janvier 1999. ...
    """


class ErreurCalcul(ErreurPope):
    """Computation error: a request that has no meaning, refused in words.

    >>> import pope_foncier as pf
    >>> try:
    ...     pf.chance(1.2)
    ... except pf.ErreurCalcul as erreur:
    ...     print(erreur)
    Chance : une probabilité de 0 à 1 est attendue ; trouvé : 1.2.
    """


class IdentiteRompue(ErreurPope):
    """Broken identity: the engine contradicts itself; names the line, month and amount."""


class ErreurSortie(ErreurPope):
    """Output error: a result could not be written."""
