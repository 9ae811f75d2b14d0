"""Overrides put on the plain data of a study: another value, or the present one multiplied or increased."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pope_foncier.etude.fiche_scenarios import Changement
from pope_foncier.socle.nombres import lire_nombre

TOUS = "*"
"""Key of any element of a list: ``prets[*].taux``."""
Pas = tuple[tuple[str, str], ...]
_DE_LA_LOI = ("bas", "mode", "haut", "mediane", "moyenne")
"""Numbers of a law that are values of its field."""


_CONTENANTS = (dict, list, tuple)


class Inapplicable(KeyError):
    """Relative change of what is no known number of the sheet; its argument says why."""


@lru_cache(maxsize=4096)
def pas_de(champ: str) -> Pas:
    """Steps of a path: name of a field, and key of an element when it is a list."""
    return tuple(re.findall(r"([A-Za-z_0-9]+)(?:\[([^\]]+)\])?", champ))


def se_touchent(champ: str, autre: str) -> bool:
    """Whether two paths lead to the same field, or one to what holds the other."""
    couples = zip(pas_de(champ), pas_de(autre), strict=False)
    return all(a[0] == b[0] and (a[1] == b[1] or {"", TOUS} & {a[1], b[1]}) for a, b in couples)


def poser(brut: dict[str, Any], champ: str, valeur: Any, motif: str) -> None:
    """Set a field by its path: a bare number set on an input takes the reason as basis, an empty value removes the field.

    Raises:
        KeyError: a step of the path that the study does not have.
    """
    for table, nom in _endroits(brut, pas_de(champ)):
        _ecrire(table, nom, valeur, motif)


def copie_de(valeur: Any) -> Any:
    """Plain data in tables and lists of their own: a change made in a study leaves as it is what was put there, for whoever puts it again."""
    if isinstance(valeur, dict):
        return {c: copie_de(v) if isinstance(v, _CONTENANTS) else v for c, v in valeur.items()}
    return [copie_de(v) for v in valeur] if isinstance(valeur, _CONTENANTS) else valeur


def changer(brut: dict[str, Any], changement: Changement) -> int:
    """Make a change of a scenario or of a block.

    Returns:
        How many fields were set; with ``[*]`` in the path those that the elements give, maybe none.

    Raises:
        KeyError: a step of the path that the study does not have.
        Inapplicable: a relative change of an unknown, of a scale, or of no number.
    """
    tous = f"[{TOUS}]" in changement.champ
    poses = 0
    for table, nom in _endroits(brut, pas_de(changement.champ), facultatif=tous):
        if tous and table.get(nom) is None:
            continue
        poses += 1
        if changement.est_relatif:
            table[nom] = _varie(table.get(nom), nom, changement)
        else:
            _ecrire(table, nom, changement.valeur, changement.motif)
    return poses


def _endroits(brut: Any, pas: Pas, facultatif: bool = False) -> Iterator[tuple[dict[str, Any], str]]:
    """Tables that hold the last field of a path, and its name there.

    Raises:
        KeyError: a step that is absent, unless ``facultatif``.
    """
    (nom, cle), suite = pas[0], pas[1:]
    if not isinstance(brut, dict) or (nom not in brut and (cle or suite)):
        if facultatif:
            return
        raise KeyError(f"« {nom} » absent")
    if not cle and not suite:
        yield brut, nom
        return
    if not cle:
        yield from _endroits(brut[nom], suite, facultatif)
        return
    elements = [e for e in brut[nom] or () if isinstance(e, dict) and (cle == TOUS or e.get("id") == cle)]
    if not elements and not facultatif:
        raise KeyError(f"« {cle} » absent de « {nom} »")
    for element in elements if suite else ():
        yield from _endroits(element, suite, facultatif)


def _ecrire(table: dict[str, Any], nom: str, valeur: Any, motif: str) -> None:
    ancien = table.get(nom)
    if valeur is None:
        table.pop(nom, None)
    elif isinstance(ancien, dict) and not isinstance(valeur, dict | list) and _est_donnee(ancien):
        table[nom] = {"valeur": valeur, "base": motif}
    else:
        table[nom] = copie_de(valeur)


def _varie(ancien: Any, nom: str, changement: Changement) -> Any:
    """Value multiplied or increased, its range and its law moved alike; a fact so moved is an assumption.

    Raises:
        Inapplicable: no known number to move.
    """
    if not isinstance(ancien, Mapping):
        return _bouge(ancien, nom, changement)
    if ancien.get("valeur") is None:
        quoi = f"lu au barème « {ancien['bareme']} »" if ancien.get("bareme") else "inconnu"
        raise Inapplicable(f"« {nom} » est {quoi} dans l'étude : « facteur » et « plus » varient un nombre de sa fiche")
    varie = {c: v for c, v in ancien.items() if c in ("fiabilite", "a_obtenir_de")}
    varie |= {"valeur": _bouge(ancien["valeur"], nom, changement), "base": changement.motif}
    if ancien.get("intervalle") is not None:
        varie["intervalle"] = [_bouge(borne, nom, changement) for borne in ancien["intervalle"]]
    if ancien.get("loi") is not None:
        varie["loi"] = _loi_bougee(ancien["loi"], nom, changement)
    return varie


def _loi_bougee(loi: Any, nom: str, changement: Changement) -> Any:
    """Law whose values move as the number does; its spread follows a factor, its chances stay."""
    if not isinstance(loi, Mapping):
        return loi
    bougee = dict(loi)
    bougee |= {c: _bouge(loi[c], nom, changement) for c in _DE_LA_LOI if loi.get(c) is not None}
    if loi.get("valeurs") is not None:
        bougee["valeurs"] = [_bouge(v, nom, changement) for v in loi["valeurs"]]
    if loi.get("quantiles") is not None:
        bougee["quantiles"] = [[chance, _bouge(v, nom, changement)] for chance, v in loi["quantiles"]]
    if loi.get("ecart_type") is not None and changement.facteur is not None:
        bougee["ecart_type"] = _bouge(loi["ecart_type"], nom, changement)
    return bougee


def _bouge(ancien: Any, nom: str, changement: Changement) -> float | int:
    try:
        avant = lire_nombre(ancien) if isinstance(ancien, str) else ancien
    except ValueError:
        avant = None
    if isinstance(avant, bool) or not isinstance(avant, int | float):
        dit = "vide" if ancien is None else "autre chose qu'un nombre"
        raise Inapplicable(f"« {nom} » est {dit} dans l'étude : « facteur » et « plus » varient un nombre de sa fiche")
    apres = avant * changement.facteur if changement.facteur is not None else avant + (changement.plus or 0.0)
    arrondi = round(apres, 9)
    return int(arrondi) if arrondi == int(arrondi) else arrondi


def _est_donnee(table: Mapping[str, Any]) -> bool:
    return bool({"valeur", "bareme", "a_obtenir_de"} & set(table))
