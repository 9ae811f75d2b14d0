"""Refusals of an unknown name, with the near names, and of a missing package: one French sentence, from Python as on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope, abreger

_CITES = 12
"""Names that a message lists when none is near."""


class Inconnu(ErreurCalcul, KeyError):
    """Unknown name: a figure, a field, a table or a scenario that the study does not have; the near names are offered.

    It is a ``KeyError`` too.

    >>> import pope_foncier as pf
    >>> try:
    ...     pf.ouvrir("gare_saint_denis").scenarios["cas_ba"]
    ... except pf.Inconnu as erreur:
    ...     print(erreur)
    Scénario inconnu : « cas_ba ». Peut-être : cas_bas, aides_basses.
    """

    def __str__(self) -> str:
        return str(self.args[0])


class NomInconnu(ErreurPope, AttributeError):
    """Name that the package, or one of its objects, does not have; an ``AttributeError`` too."""


class NomsProches:
    """Object that offers its near names when asked for one that it does not have."""

    if not TYPE_CHECKING:  # a checker would otherwise believe that every name exists

        def __getattr__(self, nom: str) -> Any:
            if nom.startswith("_") or hasattr(type(self), nom):
                return object.__getattribute__(self, nom)  # raises what it raised
            connus = {n for n in (*dir(type(self)), *vars(self)) if not n.startswith("_")}
            raise NomInconnu(
                f"{type(self).__name__} n'a pas de nom « {abreger(nom)} ». {proposer(nom, sorted(connus))}"
            )


def refuser(quoi: str, nom: str, connus: Iterable[str], *, nombre: int = 4, seuil: float = 0.5) -> Inconnu:
    """Refusal of an unknown name, ready to raise.

    Args:
        quoi: what is looked for, capitalised, with its agreement (« Table inconnue »).
        connus: names that exist.
    """
    return Inconnu(f"{quoi} : « {abreger(nom)} ». {proposer(nom, connus, nombre=nombre, seuil=seuil)}")


def proposer(nom: str, connus: Iterable[str], *, nombre: int = 4, seuil: float = 0.5) -> str:
    """Near names in a French sentence, those that end by it first; all of them, or the first ones, when none is near."""
    noms = list(dict.fromkeys(connus))
    finissent = [n for n in noms if nom and n.endswith(f".{nom}")]
    proches = [*dict.fromkeys([*finissent, *get_close_matches(nom, noms, n=nombre, cutoff=seuil)])][:nombre]
    if proches:
        return f"Peut-être : {', '.join(proches)}."
    reste = f" et {len(noms) - _CITES} autres" if len(noms) > _CITES else ""
    return f"Connus : {', '.join(noms[:_CITES])}{reste}." if noms else "Il n'y en a aucun."


def paquet_absent(erreur: ModuleNotFoundError, pour: str) -> str:
    """Say which package of the extra ``notebooks`` is missing, what for, and how to add it."""
    return f"Le paquet « {erreur.name} » manque pour {pour} : python -m pip install 'pope-foncier[notebooks]'."
