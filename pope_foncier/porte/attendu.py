"""What the door expects: an object of another kind is refused at once, in a French sentence, by the types that a function declares."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache, wraps
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import numpy as np

from pope_foncier.porte.refus import MauvaisObjet
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.refus import proposer

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C")


class _Nombres:
    """Number, or array of numbers."""


_NOMS: dict[Any, str] = {
    str: "un texte",
    Path: "un chemin de fichier",
    float: "un nombre",
    int: "un entier",
    bool: "vrai ou faux",
    date: "une date",
    Mapping: "une table (dict)",
    Sequence: "une liste",
    Iterable: "une liste",
    tuple: "une liste",
    _Nombres: "un nombre ou un tableau de nombres",
}
_DE_LA_PORTE = {
    "Etude": "une étude (pf.ouvrir)",
    "Pret": "un prêt (pf.Pret)",
    "Comparaison": "une comparaison (pf.comparer)",
    "Difference": "une différence (pf.difference)",
    "Portefeuille": "un portefeuille (pf.portefeuille)",
    "Resultat": "un résultat (etude.calculer)",
    "Loi": "une loi (pf.normale, pf.uniforme, pf.entiers, pf.triangle, pf.chance)",
}
"""Objects of the door, by the name of their class, and what gives one."""


def verifie(fonction: F) -> F:
    """Same function, whose arguments are checked against the types that it declares.

    Raises:
        MauvaisObjet: an argument of another kind; what is expected and what was found are said.
    """

    @wraps(fonction)
    def verifiee(*args: Any, **mots: Any) -> Any:
        signature, types = _declaree(fonction)
        try:
            dits = signature.bind(*args, **mots).arguments
        except TypeError as erreur:
            raise _mal_appelee(fonction.__qualname__, signature, len(args), mots) from erreur
        for nom, valeur in dits.items():
            genre = signature.parameters[nom].kind
            suite = valeur if genre is inspect.Parameter.VAR_POSITIONAL else (valeur,)
            for un in suite if genre is not inspect.Parameter.VAR_KEYWORD else ():
                exiger(fonction.__qualname__, nom, un, types[nom])
        return fonction(*args, **mots)

    return cast(F, verifiee)


def bien_construite(classe: type[C]) -> type[C]:
    """Same class, which refuses as a function does the arguments that do not fit its fields."""
    construire, signature = classe.__init__, inspect.signature(classe)

    @wraps(construire)
    def construite(objet: Any, *args: Any, **mots: Any) -> None:
        try:
            signature.bind(*args, **mots)
        except TypeError as erreur:
            raise _mal_appelee(classe.__qualname__, signature, len(args), mots) from erreur
        construire(objet, *args, **mots)

    classe.__init__ = construite  # type: ignore[method-assign, assignment]
    return classe


def donnee_par(appel: str) -> Callable[[type[C]], type[C]]:
    """Class whose objects the door gives: built by hand with what does not fit, it says the call that gives one.

    Args:
        appel: call that gives one, as a reader writes it.
    """

    def proteger(classe: type[C]) -> type[C]:
        construire, signature = classe.__init__, inspect.signature(classe)
        exiges = [nom for nom, p in signature.parameters.items() if p.default is p.empty]
        la_classe: Any = classe

        @wraps(construire)
        def construite(objet: Any, *args: Any, **mots: Any) -> None:
            try:
                dits = signature.bind(*args, **mots).arguments
                convient = all(_admet(_types_des_champs(la_classe)[nom], dits[nom]) for nom in exiges)
            except TypeError:
                convient = False
            if not convient:
                raise MauvaisObjet(f"pf.{classe.__name__} ne se construit pas à la main. Écrire : {appel}.")
            construire(objet, *args, **mots)

        classe.__init__ = construite  # type: ignore[method-assign, assignment]
        return classe

    return proteger


def _mal_appelee(ou: str, signature: inspect.Signature, rangs: int, mots: Mapping[str, Any]) -> MauvaisObjet:
    """Refusal of a call whose arguments do not fit: the one that is unknown, or those that lack, and what is known."""
    par_place = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    connus = {nom: p for nom, p in signature.parameters.items() if nom not in ("self", "cls")}
    sans_nom = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    nommes = [nom for nom, p in connus.items() if p.kind not in sans_nom]
    for nom in mots:
        if nom not in nommes:
            return MauvaisObjet(f"{ou} : argument inconnu « {abreger(nom)} ». {proposer(nom, nommes)}")
    donnes = [nom for nom, p in signature.parameters.items() if p.kind in par_place][:rangs]
    manquent = [
        nom
        for nom, p in connus.items()
        if p.default is p.empty
        and p.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        and nom not in (*donnes, *mots)
    ]
    if manquent:
        return MauvaisObjet(f"{ou} : il manque {', '.join(f'« {nom} »' for nom in manquent)}.")
    suite = f"Connus : {', '.join(connus)}." if connus else "Aucun n'est attendu."
    return MauvaisObjet(f"{ou} : trop d'arguments, ou le même deux fois. {suite}")


def verifier_champs(objet: Any, classe: type) -> None:
    """Check the fields of a frozen record against the types that its class declares."""
    types = _types_des_champs(classe)
    for nom, attendu in types.items():
        exiger(type(objet).__name__, nom, getattr(objet, nom), attendu)


def exiger(ou: str, nom: str, valeur: Any, attendu: Any) -> None:
    """Refuse an object that is not of the kind expected."""
    if not _admet(attendu, valeur):
        raise refus(f"{ou}, « {nom} »", _dedans(attendu, valeur) or _en_clair(attendu), valeur)


def _dedans(attendu: Any, valeur: Any) -> str:
    """What a table holds, in words, when a table was given and what it holds is wrong; nothing otherwise."""
    if not isinstance(valeur, Mapping):
        return ""
    tables = [x for x in (attendu, *get_args(attendu)) if get_origin(x) is Mapping]
    dits = [" : ".join(_en_clair(x) for x in get_args(t)) for t in tables]
    return f"une table (dict) {{{dits[0]}}}" if dits else ""


def refus(ou: str, attendu: str, valeur: Any) -> MauvaisObjet:
    """Refusal of an object, ready to raise: what is expected, and what was found."""
    accord = "attendue" if attendu.startswith("une ") and " ou un " not in attendu else "attendu"
    return MauvaisObjet(f"{ou} : {attendu} est {accord} ; trouvé : « {dire(valeur)} » ({type(valeur).__name__}).")


def dire(valeur: Any) -> str:
    """Beginning of what an object shows of itself, on one line, whatever it does when asked."""
    try:
        return abreger(" ".join(str(valeur).split()), 40)
    except Exception:  # a foreign object may fail to show itself: its type is said beside
        return "objet illisible"


@cache
def _declaree(fonction: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, Any]]:
    """Signature of a function, and the types of its parameters; ``self`` and ``cls`` declare none."""
    signature, module = inspect.signature(fonction), inspect.getmodule(fonction)
    types = {nom: _type(p.annotation, vars(module)) for nom, p in signature.parameters.items()}
    return signature, types


@cache
def _types_des_champs(classe: type) -> dict[str, Any]:
    """Types of the fields of a class, each read where the class that declares it stands."""
    types: dict[str, Any] = {}
    for mere in reversed(classe.__mro__):
        module = inspect.getmodule(mere)
        types |= {nom: _type(x, vars(module)) for nom, x in vars(mere).get("__annotations__", {}).items()}
    return {f.name: types[f.name] for f in fields(classe)}


class _Espace(dict[str, Any]):
    """Names of a module; one that it imports for its types only is not checked."""

    def __missing__(self, nom: str) -> Any:
        return getattr(builtins, nom, Any)


def _type(annotation: Any, noms: Mapping[str, Any]) -> Any:
    if annotation is inspect.Parameter.empty:
        return Any
    if not isinstance(annotation, str):
        return annotation
    espace = _Espace(noms)
    espace.update(ArrayLike=_Nombres, Tableau=_Nombres)
    return eval(annotation, {}, espace)


def _admet(attendu: Any, valeur: Any) -> bool:
    """Whether an object is of a kind; what a table or a list holds is looked at too."""
    origine, dedans = get_origin(attendu), get_args(attendu)
    if attendu is Any or isinstance(attendu, TypeVar):
        return True
    if origine in (Union, UnionType):
        return any(_admet(x, valeur) for x in dedans)
    if origine is Literal:
        return isinstance(valeur, str)
    if attendu in (None, NoneType):
        return valeur is None
    if attendu is _Nombres:
        return _est_fait_de_nombres(valeur)
    if attendu is float:
        return isinstance(valeur, Real) and not isinstance(valeur, bool | np.bool_) and _se_mesure(valeur)
    if attendu is int:
        return isinstance(valeur, Integral) and not isinstance(valeur, bool) and _se_mesure(valeur)
    if attendu is bool:
        return isinstance(valeur, bool | np.bool_)
    if origine is Mapping:
        return isinstance(valeur, Mapping) and all(
            _admet(dedans[0], cle) and _admet(dedans[1], v) for cle, v in valeur.items()
        )
    if origine is Iterable:
        return isinstance(valeur, Iterable) and not _se_lit_autrement(valeur)
    if origine in (Sequence, tuple):
        return _est_une_liste(valeur) and all(_admet(dedans[0], x) for x in valeur)
    return isinstance(valeur, origine or attendu)


def _se_mesure(valeur: Any) -> bool:
    """Whether a number fits where a computer keeps one; NaN and infinity do, and are refused further on."""
    try:
        return isinstance(float(valeur), float)
    except OverflowError:
        return False


def _est_une_liste(valeur: Any) -> bool:
    """List, tuple, array, range, Index or Series."""
    en_rang = isinstance(valeur, Sequence | np.ndarray) or (hasattr(valeur, "__len__") and hasattr(valeur, "ndim"))
    return en_rang and not _se_lit_autrement(valeur)


def _se_lit_autrement(valeur: Any) -> bool:
    """Text, table or grid: what can be gone through, and would be read sign by sign or name by name."""
    return isinstance(valeur, str | bytes | bytearray | Mapping) or getattr(valeur, "ndim", 1) != 1


def _est_fait_de_nombres(valeur: Any) -> bool:
    if isinstance(valeur, str | bytes | bool | None.__class__) or hasattr(valeur, "columns"):
        return False
    try:
        tableau = np.asarray(valeur)
        return tableau.size > 0 and tableau.dtype.kind in "iuf"
    except Exception:  # a foreign object may fail in any way when numpy asks for its values
        return False


def _en_clair(attendu: Any) -> str:
    """Kind expected, in words."""
    origine, dedans = get_origin(attendu), get_args(attendu)
    if origine in (Union, UnionType):
        return " ou ".join(dict.fromkeys(_en_clair(x) for x in dedans if x not in (None, NoneType)))
    if origine is Literal:
        return "un texte"
    if origine in (Sequence, Iterable, tuple) and dedans:
        mots = {str: "de textes", float: "de nombres", int: "d'entiers"}.get(dedans[0], "")
        return f"une liste {mots}".strip()
    connu = _NOMS.get(origine or attendu)
    return connu or _DE_LA_PORTE.get(
        getattr(attendu, "__name__", ""), f"un objet {getattr(attendu, '__name__', attendu)}"
    )
