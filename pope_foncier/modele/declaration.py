"""Inputs as their sheets declare them: label and unit beside the field, once; paths of a sheet, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul, abreger
from pope_foncier.socle.fiches import Bornes, Fiche, bornes_dans

_PAS = re.compile(r"([a-z_0-9]+)(?:\[([^\]]+)\])?")


class ChampAbsent(ErreurCalcul):
    """Path of an input that the sheet does not have, does not give, or does not declare.

    Near names are looked for when the refusal is read: many a caller only asks whether the input is there.
    """

    def __init__(self, message: str | Callable[[], str] = "") -> None:
        super().__init__(message if isinstance(message, str) else "")
        self._dire = message if callable(message) else None

    def __str__(self) -> str:
        if self._dire is not None:
            super().__init__(self._dire())
            self._dire = None
        return super().__str__()


@enregistrement
class Declaration:
    """Label and unit of an input, written beside its field.

    A template (``{libelle}, montant``) takes its words from the sheets of the path, the innermost first.

    Attributes:
        libelle: French label, as the figures, the sentences and the tables show it.
        unite: unit; empty for a number without one.
        unite_du_bareme: an input that refers to a scale is in the unit of the scale.
        bornes: lowest and highest value, by the type of the field; known once read there.
    """

    libelle: str
    unite: str
    unite_du_bareme: bool = False
    bornes: Bornes | None = None

    def pour(self, fiches: Sequence[Any]) -> Declaration:
        """Declaration with its template filled."""
        if "{" not in self.libelle and "{" not in self.unite:
            return self
        mots = _Mots(fiches)
        libelle, unite = self.libelle.format_map(mots), self.unite.format_map(mots)
        return Declaration(libelle, unite, self.unite_du_bareme, self.bornes)

    def en_general(self) -> Declaration:
        """Declaration of any element of a list: the words of its template in brackets."""
        libelle, unite = (re.sub(r"\{(\w+)\}", _mot_en_general, texte) for texte in (self.libelle, self.unite))
        return replace(self, libelle=libelle, unite=unite)


def _mot_en_general(mot: re.Match[str]) -> str:
    return f"({'libellé' if mot[1].startswith('libelle') else 'unité' if mot[1] == 'unite' else mot[1]})"


class _Mots(dict[str, str]):
    """Words of a template: a field of the innermost sheet that has it."""

    def __init__(self, fiches: Sequence[Any]) -> None:
        super().__init__()
        self.fiches = fiches

    def __missing__(self, nom: str) -> str:
        return str(next(getattr(f, nom) for f in reversed(self.fiches) if hasattr(f, nom)))


def chemin_lu(fiche: Any, champ: str) -> list[Any]:
    """Sheets met on a path, from the outermost, then its value; ``prets[banque].taux`` picks a list element by its ``id``.

    Raises:
        ChampAbsent: a step that the sheet does not have; the near inputs are named.
    """
    lus = [fiche]
    for nom, cle in _pas(champ):
        suivant = getattr(lus[-1], nom, _ABSENT)
        if cle:
            elements = suivant if isinstance(suivant, tuple) else ()
            suivant = next((e for e in elements if getattr(e, "id", None) == cle), _ABSENT)
        if suivant is _ABSENT:
            raise _absent(fiche, champ)
        lus.append(suivant)
    return lus


def lire_champ(fiche: Any, champ: str) -> Any:
    """Value of a field by its path.

    Raises:
        ChampAbsent: a step that the sheet does not have.
    """
    return chemin_lu(fiche, champ)[-1]


def declaree(fiches: Sequence[Any], champ: str) -> Declaration:
    """Declaration of an input, filled with the sheets of its path.

    Raises:
        ChampAbsent: a field without declaration; the near inputs are named.
    """
    pas = _pas(champ)
    genre = cast("type[Fiche]", type(fiches[-1]))
    trouvee = declaration_du_champ(genre, pas[-1][0]) if pas else None
    if trouvee is None:
        raise _absent(fiches[0], champ)
    return trouvee.pour(fiches)


def declaration_de(fiche: Any, champ: str) -> Declaration:
    """Declaration of an input by its path, whether the sheet gives its value or not.

    Raises:
        ChampAbsent: no such input.
    """
    return declaree(chemin_lu(fiche, champ)[:-1], champ)


@lru_cache(maxsize=2048)
def declaration_du_champ(modele: type[Fiche], nom: str) -> Declaration | None:
    """Declaration of a field of a kind of sheet, its template as written; None when the field is no input, or the kind no sheet."""
    champ = modele.model_fields.get(nom) if issubclass(modele, Fiche) else None
    trouvee = next((m for m in champ.metadata if isinstance(m, Declaration)), None) if champ else None
    return replace(trouvee, bornes=_bornes(champ)) if champ and trouvee else None


def _bornes(champ: FieldInfo) -> Bornes | None:
    """Bounds of the type of a field, or of the value of its input."""
    types = [quoi for quoi, _ in classes_dans(champ.annotation) if issubclass(quoi, BaseModel)]
    du_type = [a for quoi in types for a in quoi.__pydantic_generic_metadata__["args"]]
    validateurs = [*champ.metadata, *(m for a in du_type for m in getattr(a, "__metadata__", ()))]
    return bornes_dans(validateurs)


@lru_cache(maxsize=16)
def entrees_du_modele(modele: type[Fiche]) -> Mapping[str, Declaration]:
    """Inputs of a kind of sheet and of those under it, by path; ``[*]`` stands for any element of a list."""
    return dict(_entrees(modele, ""))


def _entrees(modele: type[Fiche], avant: str) -> Iterator[tuple[str, Declaration]]:
    for nom, champ in modele.model_fields.items():
        trouvee = declaration_du_champ(modele, nom)
        for quoi, multiple in classes_dans(champ.annotation):
            ou = f"{avant}{nom}[*]" if multiple else f"{avant}{nom}"
            if trouvee is not None:
                yield ou, trouvee
            elif issubclass(quoi, Fiche):
                yield from _entrees(quoi, f"{ou}.")


def classes_dans(annotation: Any, multiple: bool = False) -> Iterator[tuple[type, bool]]:
    """Classes inside an annotation, and whether they are elements of a list or of a table."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation, multiple
        return
    dans = multiple or get_origin(annotation) in (tuple, list, dict)
    for argument in get_args(annotation)[1:] if get_origin(annotation) is dict else get_args(annotation):
        yield from classes_dans(argument, dans)


def entrees_de(fiche: Fiche, avant: str = "") -> Iterator[str]:
    """Paths of the inputs of a sheet, given or not, the elements of its lists by their ``id``."""
    for nom in type(fiche).model_fields:
        valeur = getattr(fiche, nom)
        if declaration_du_champ(type(fiche), nom) is not None:
            yield f"{avant}{nom}"
        elif isinstance(valeur, Fiche):
            yield from entrees_de(valeur, f"{avant}{nom}.")
        elif isinstance(valeur, tuple):
            for element in valeur:
                if isinstance(element, Fiche) and hasattr(element, "id"):
                    yield from entrees_de(element, f"{avant}{nom}[{element.id}].")


def proposer(champ: str, connus: Sequence[str], nombre: int = 3) -> str:
    """Near names of a path, in a French sentence; nothing when none is near."""
    proches = get_close_matches(champ, connus, n=nombre, cutoff=0.5)
    return f"Peut-être : {', '.join(proches)}." if proches else ""


def _absent(fiche: Any, champ: str) -> ChampAbsent:
    """Refusal of a path."""
    return ChampAbsent(partial(_refus, fiche, champ))


def _refus(fiche: Any, champ: str) -> str:
    """Why a path is refused: an input that the study does not give, or no input at all, with the near ones."""
    connues = [*entrees_de(fiche), *entrees_du_modele(type(fiche))] if isinstance(fiche, Fiche) else []
    if champ in connues:
        return f"Entrée que l'étude ne donne pas : « {champ} »."
    suite = proposer(champ, list(dict.fromkeys(connues))) or "Reprendre le chemin d'une entrée de l'étude."
    return f"Aucune entrée de ce nom : « {abreger(champ)} ». {suite}"


@lru_cache(maxsize=4096)
def _pas(champ: str) -> tuple[tuple[str, str], ...]:
    return tuple(_PAS.findall(champ))


_ABSENT = object()
