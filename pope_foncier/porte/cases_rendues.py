"""Cells of a workbook sent back: what each input admits, the value that a hand typed, and how a file of study writes it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pope_foncier.etude.fiche import Etude as FicheEtude
from pope_foncier.modele.declaration import declaration_de, entrees_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.fiches import Bornes
from pope_foncier.socle.nombres import formater, formater_nombre, lire_nombre
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.xlsx_strict import CaseLue
from pope_foncier.vues.classeur.hypotheses import INCONNU, attendu
from pope_foncier.vues.classeur.saisies import choix_de

Valeur = float | str
"""Number, word of a choice, or « inconnu »."""
_VIDES = ("", INCONNU, "?", "#n/a")
"""What a cell holds when nobody knows its value."""
_A_QUI = "la personne qui a rempli le classeur"
"""Whom to ask for a value that the workbook emptied, when the study named nobody."""
_TOLERANCE = 1e-12
"""A workbook keeps the first sixteen figures of a number."""


@dataclass(frozen=True, slots=True)
class EntreeRendue:
    """Input of the study: what its cell admits, and how its value is written in a file.

    Attributes:
        donnee: what the sheet of the study holds; the word of a choice.
    """

    libelle: str
    unite: str
    bornes: Bornes | None
    choix: Mapping[str, str] | None
    donnee: Any

    @property
    def attendu(self) -> str:
        """What its cell admits, in words."""
        return attendu(self.bornes, self.choix, self.unite)

    @property
    def valeur(self) -> Valeur | None:
        """Value in the study; None when a scale gives it."""
        if self.choix is not None:
            return str(self.donnee)
        if not isinstance(self.donnee, Donnee):
            return float(self.donnee)
        if self.donnee.bareme is not None:
            return None
        return INCONNU if self.donnee.valeur is None else float(self.donnee.valeur)

    def lire(self, case: CaseLue) -> Valeur:
        """Value of its cell.

        Raises:
            ValueError: what was found, in French.
        """
        return self._lire_le_nombre(case) if self.choix is None else self._lire_le_choix(case)

    def _lire_le_nombre(self, case: CaseLue) -> Valeur:
        valeur = case.valeur
        if case.formule and valeur is None:
            raise ValueError(
                f"trouvé la formule « {abreger(case.formule)} » sans sa valeur (enregistrer le classeur dans un tableur, ou taper le nombre)"
            )
        if lu_dans(valeur) == INCONNU:
            if not isinstance(self.donnee, Donnee):
                raise ValueError("trouvé une case vide : ce nombre ne peut pas rester inconnu")
            return INCONNU
        try:
            nombre = lire_nombre(valeur) if isinstance(valeur, str) else float(valeur)
        except (ValueError, TypeError):
            raise ValueError(f"trouvé {citer(case)}") from None
        bornes = self.bornes
        hors = bornes is not None and not bornes.mini <= nombre <= bornes.maxi
        if isinstance(valeur, bool) or hors or (bornes is not None and bornes.entier and nombre != int(nombre)):
            raise ValueError(f"trouvé {citer(case) if isinstance(valeur, bool) else self.dire(nombre)}")
        return nombre

    def _lire_le_choix(self, case: CaseLue) -> str:
        """Word of a choice, whatever its accents."""
        mots = {_sans_accent(mot): mot for mot in (self.choix or {}).values()}
        lu = mots.get(_sans_accent(str(case.valeur or "")))
        if lu is None:
            raise ValueError(f"trouvé {citer(case)}")
        return lu

    def ecrire(self, valeur: Valeur, motif: str) -> Any:
        """Value as a file of study writes it: a number read in a workbook is an assumption; the range stays while it holds the number."""
        if self.choix is not None:
            return next(code for code, mot in self.choix.items() if mot == valeur)
        if isinstance(valeur, str):
            return {"a_obtenir_de": self.donnee.a_obtenir_de or _A_QUI}
        nombre = int(valeur) if self.bornes is not None and self.bornes.entier else valeur
        if not isinstance(self.donnee, Donnee):
            return nombre
        ecrite: dict[str, Any] = {"valeur": nombre, "base": motif}
        if self.donnee.intervalle is not None and self.donnee.intervalle[0] <= nombre <= self.donnee.intervalle[1]:
            ecrite["intervalle"] = list(self.donnee.intervalle)
        if self.donnee.a_obtenir_de is not None:
            ecrite["a_obtenir_de"] = self.donnee.a_obtenir_de
        return ecrite

    def dire(self, valeur: Valeur | None) -> str:
        """Value with its unit."""
        if isinstance(valeur, str):
            return valeur
        return "lu au barème" if valeur is None else formater(valeur, self.unite)

    def dire_le_changement(self, valeur: Valeur, cellule: str) -> str:
        """Label, value before and after, cell."""
        return f"{minuscule(self.libelle)} : {self.dire(self.valeur)} → {self.dire(valeur)} ({cellule})"


def entrees(fiche: FicheEtude) -> Iterator[tuple[str, EntreeRendue]]:
    """Inputs that a study gives and choices in words, by field."""
    for champ in entrees_de(fiche):
        donnee = lire_champ(fiche, champ)
        if donnee is not None:
            dite = declaration_de(fiche, champ)
            yield champ, EntreeRendue(dite.libelle, dite.unite, dite.bornes, None, donnee)
    for choix in choix_de(fiche):
        yield choix.champ, EntreeRendue(choix.libelle, "", None, choix.choix, choix.valeur)


def lu_dans(contenu: Any) -> Valeur:
    """Content of a cell, to compare: an empty one is unknown."""
    if isinstance(contenu, int | float) and not isinstance(contenu, bool):
        return float(contenu)
    texte = "" if contenu is None else str(contenu).strip()
    return INCONNU if texte.lower() in _VIDES else texte


def memes(a: Valeur, b: Valeur) -> bool:
    """Whether two values are one, as far as a workbook keeps them."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= _TOLERANCE * max(abs(a), abs(b), 1.0)
    return a == b


def citer(case: CaseLue) -> str:
    """Content of a cell, quoted."""
    valeur = case.formule if case.valeur is None else case.valeur
    if valeur in (None, ""):
        return "une case vide"
    return f"« {abreger(dire(valeur))} »"


def dire(valeur: Any) -> str:
    """Content of a cell in French."""
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, int | float):
        return formater_nombre(float(valeur), 6, 0)
    return f"{valeur:%d/%m/%Y}" if hasattr(valeur, "strftime") else str(valeur)


def lettre(rang: int) -> str:
    """Letters of a column, from zero."""
    return f"{chr(64 + rang // 26) if rang >= 26 else ''}{chr(65 + rang % 26)}"


def _sans_accent(texte: str) -> str:
    return unicodedata.normalize("NFKD", texte.strip()).encode("ascii", "ignore").decode().lower()
