"""Strict YAML reading: UTF-8, no duplicate key, codes kept as text, every value knows its line.

libyaml (by PyYAML) only cuts the text into nodes, because it is twenty-five times faster than a parser in Python; what
a scalar means is decided here by the rules of YAML 1.2 (``no`` and ``12:30`` stay text, ``1e6`` is a number). Three
traps are refused in words instead of being read as something else: a number written with a leading zero (``093``, an
INSEE or postal code), an impossible date, and a duplicate key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.lecture import FICHE_MAX_OCTETS, TAILLE_MAX_OCTETS, lire_octets

Chemin = tuple[str | int, ...]
Lignes = dict[Chemin, int]

_NULS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEENS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DEBUTS = frozenset("+-.0123456789")
"""How a number or a date begins: anything else is a text."""
_ENTIER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROFONDEUR_MAX = 60
_CHIFFRES_MAX = 300
"""Digits of the longest whole number that a double holds, about."""
_ZERO_DE_TETE = re.compile(r"[-+]?0[0-9]+")


def champ_en_clair(chemin: Chemin) -> str:
    """Field path as shown to a user: ``prets[2].taux`` (lists counted from 1)."""
    texte = ""
    for pas in chemin:
        texte += f"[{pas + 1}]" if isinstance(pas, int) else f"{'.' if texte else ''}{pas}"
    return texte


def lire_texte(chemin: Path, maxi: int = TAILLE_MAX_OCTETS) -> str:
    """Read a UTF-8 text file.

    Raises:
        ErreurDonnees: file absent or unreadable, not UTF-8, or empty.
    """
    court = chemin_court(chemin)

    def refuser(message: str, remede: str) -> ErreurDonnees:
        return ErreurDonnees([Probleme(court, None, "", message, remede)])

    octets = lire_octets(chemin, maxi)
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = erreur.object[: erreur.start].count(b"\n") + 1
        raise ErreurDonnees(
            [Probleme(court, ligne, "", "le texte n'est pas en UTF-8.", "l'enregistrer en « UTF-8 » dans l'éditeur.")]
        ) from None
    if not texte.strip():
        raise refuser("fichier vide.", "le remplir, ou repartir de « pope-foncier nouveau-site ».")
    return texte


def charger_yaml(
    chemin: Path,
    rubriques: Collection[str] | None = None,
    champs: Mapping[str, Collection[str]] | None = None,
    codes: Collection[str] = (),
) -> tuple[dict[str, Any], Lignes]:
    """Load one YAML mapping and the line of each of its fields.

    Args:
        chemin: file to read.
        rubriques: first-rank fields to read, the others being left aside unread; all of them by default.
        champs: fields to read in the records of a list of the first rank, by its name, the others being left aside unread.
        codes: fields of such records that are codes: without quotes, ``01`` is the text « 01 ».

    Returns:
        The data as plain Python (dict, list, str, int, float, bool, date, None) and ``{path: line}``.

    Raises:
        ErreurDonnees: every fault of form found in the file, at once.
    """
    import yaml

    court = chemin_court(chemin)
    texte = lire_texte(chemin, FICHE_MAX_OCTETS)
    try:
        noeud = yaml.compose(texte, Loader=_decoupeur())
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        ligne = marque.line + 1 if marque else None
        message = "la mise en forme YAML est incorrecte (retrait, deux-points, guillemets ou tabulation)."
        remede = "comparer le retrait avec les lignes voisines ; deux espaces par rang."
        raise ErreurDonnees([Probleme(court, ligne, "", message, remede)]) from None
    if rubriques is not None and isinstance(noeud, yaml.MappingNode):
        noeud.value = [(cle, valeur) for cle, valeur in noeud.value if cle.id == "scalar" and cle.value in rubriques]
    lecteur = _Lecteur(court, len(texte), champs or {}, codes)
    donnees = lecteur.construire(noeud, ())
    if not isinstance(donnees, dict) and not lecteur.problemes:
        lecteur.refuser(
            noeud, (), "une table (champ : valeur) est attendue au premier rang.", "écrire « champ: valeur »."
        )
    if lecteur.problemes:
        raise ErreurDonnees(lecteur.problemes)
    return donnees, lecteur.lignes


@lru_cache(maxsize=1)
def _decoupeur() -> Any:
    """What cuts a text into nodes, without the tags that PyYAML looks for at each of them: the meaning of a scalar is decided here."""
    import yaml

    class Decoupeur(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
        def descend_resolver(self, *_: Any) -> None:
            """No path is followed."""

        def ascend_resolver(self) -> None:
            """No path is followed."""

        def resolve(self, *_: Any) -> str:
            """No tag."""
            return ""

    return Decoupeur


class _Lecteur:
    """Turns YAML nodes into plain Python, keeping lines and collecting faults."""

    def __init__(
        self, fichier: str, signes: int, champs: Mapping[str, Collection[str]], codes: Collection[str]
    ) -> None:
        self.fichier = fichier
        self.champs = champs
        self.codes = codes
        self.reste = signes
        """Values still allowed: a file holds fewer than its signs, unless its references copy one another without end."""
        self.lignes: Lignes = {}
        self.problemes: list[Probleme] = []

    def refuser(self, noeud: Any, chemin: Chemin, message: str, remede: str) -> None:
        ligne = noeud.start_mark.line + 1 if noeud is not None else None
        self.problemes.append(Probleme(self.fichier, ligne, champ_en_clair(chemin), message, remede))

    def construire(self, noeud: Any, chemin: Chemin) -> Any:
        if noeud is None:
            return None
        self.lignes.setdefault(chemin, noeud.start_mark.line + 1)
        self.reste -= 1
        if self.reste < 0 or len(chemin) > _PROFONDEUR_MAX:
            self.problemes = []
            self.refuser(
                noeud,
                (),
                "le fichier s'emboîte trop profond, ou ses renvois (« * ») se recopient sans fin.",
                "écrire les valeurs en toutes lettres, sans renvoi.",
            )
            raise ErreurDonnees(self.problemes)
        if noeud.id == "mapping":
            return self._table(noeud, chemin)
        if noeud.id == "sequence":
            return [self.construire(fils, (*chemin, rang)) for rang, fils in enumerate(noeud.value)]
        return noeud.value if noeud.style else self._nu(noeud, chemin)

    def _table(self, noeud: Any, chemin: Chemin) -> dict[str, Any]:
        table: dict[str, Any] = {}
        vus: dict[str, int] = {}
        for noeud_cle, noeud_valeur in noeud.value:
            if noeud_cle.id != "scalar":
                message = "un nom de champ est un mot ; trouvé : une liste ou une table."
                self.refuser(noeud_cle, chemin, message, "écrire « champ: valeur », sans « ? » ni crochet devant.")
                continue
            cle = str(noeud_cle.value)
            if len(chemin) == 2 and cle not in self.champs.get(str(chemin[0]), (cle,)):
                continue
            ligne = noeud_cle.start_mark.line + 1
            if cle in vus:
                self.refuser(
                    noeud_cle,
                    (*chemin, cle),
                    f"champ écrit deux fois (déjà ligne {vus[cle]}).",
                    "n'en garder qu'un.",
                )
                continue
            vus[cle] = ligne
            self.lignes[(*chemin, cle)] = ligne
            if len(chemin) == 2 and cle in self.codes and noeud_valeur.id == "scalar":
                table[cle] = None if not noeud_valeur.style and noeud_valeur.value in _NULS else noeud_valeur.value
            else:
                table[cle] = self.construire(noeud_valeur, (*chemin, cle))
        return table

    def _nu(self, noeud: Any, chemin: Chemin) -> Any:
        """Meaning of a scalar without quotes, by the core rules of YAML 1.2."""
        brut = noeud.value
        if brut in _NULS:
            return None
        if brut in _BOOLEENS:
            return _BOOLEENS[brut]
        if brut[0] not in _DEBUTS:
            return brut
        if _ZERO_DE_TETE.fullmatch(brut):
            chiffres = brut.lstrip("+-")
            self.refuser(
                noeud,
                chemin,
                f"« {brut} » serait lu comme le nombre {chiffres.lstrip('0') or '0'} : le zéro de tête serait perdu.",
                f"si c'est un code (INSEE, département), l'écrire entre guillemets : \"{brut}\".",
            )
            return None
        if _ENTIER.fullmatch(brut):
            if len(brut) > _CHIFFRES_MAX:
                self.refuser(
                    noeud, chemin, f"un nombre de {len(brut)} chiffres est hors de toute mesure.", "le corriger."
                )
                return None
            return int(brut)
        if _DECIMAL.fullmatch(brut):
            return float(brut)
        if _DATE.fullmatch(brut):
            try:
                return date.fromisoformat(brut)
            except ValueError:
                remede = "écrire année-mois-jour, par exemple 2027-01-15."
                self.refuser(noeud, chemin, f"la date « {brut} » n'existe pas.", remede)
                return None
        return brut
