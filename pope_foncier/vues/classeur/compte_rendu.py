"""What a verification found, in French sentences."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from pope_foncier.socle.nombres import formater_nombre, pourcent
from pope_foncier.vues.classeur.verification import Ecart, Tirage, Verification


def phrases(lue: Verification) -> Iterator[str]:
    """Sentences of a verification: the workbook as it is, the draws, what is alive, what is held."""
    yield f"Tel quel : {_dit(lue.base)}"
    for rang, tirage in enumerate(lue.tirages, start=1):
        change = ", ".join(f"{nom} = {_dite(valeur)}" for nom, valeur in [*tirage.change.items()][:_MONTRES])
        reste = len(tirage.change) - _MONTRES
        suite = f" et {reste} autres" if reste > 1 else " et une autre" if reste == 1 else ""
        yield f"Tirage {rang} ({change}{suite}) : {_dit(tirage)}"
    perimes = sum(t.perime or t.structure for t in lue.tirages)
    comparees = sum(t.comparees for t in lue.compares)
    yield (
        f"{formater_nombre(comparees)} nombres comparés sur {len(lue.compares)} recalculs, {perimes} tirages périmés, "
        f"{lue.refuses} refusés par le moteur puis tirés à nouveau."
    )
    yield f"Part vivante des nombres qu'une entrée fait bouger : {pourcent(lue.part_vivante)}."
    if lue.tenues:
        yield f"Calculé par le moteur, non par le classeur : {' ; '.join(lue.tenues)}."
    if lue.immobiles:
        yield f"Entrées qu'aucun tirage ne bouge (nulles, inconnues, ou que le moteur refuse de bouger seules) : {', '.join(lue.immobiles)}."
    pires = [t.pire for t in lue.compares if t.pire is not None]
    if pires:
        yield f"Plus grand écart : {_de(max(pires, key=lambda p: p.rapport))}."


_MONTRES = 3
"""Changes of a draw that its sentence names."""


def _dit(tirage: Tirage) -> str:
    if tirage.structure:
        marque = "le classeur le dit PÉRIMÉ" if tirage.perime else "LE CLASSEUR NE LE DIT PAS"
        return f"autres lignes que celles du classeur, {marque}"
    if tirage.perime:
        return "le classeur se dit PÉRIMÉ"
    if tirage.fausses:
        assert tirage.pire is not None
        return f"{formater_nombre(tirage.fausses)} nombres faux sur {formater_nombre(tirage.comparees)}, pire : {_de(tirage.pire)}"
    return f"{formater_nombre(tirage.comparees)} nombres justes"


def _de(ecart: Ecart) -> str:
    return f"« {ecart.feuille} » {ecart.cellule}, moteur {_nombre(ecart.attendu)}, classeur {_nombre(ecart.trouve)}"


def _dite(valeur: float | str) -> str:
    return valeur if isinstance(valeur, str) else formater_nombre(valeur, 6, 0)


def _nombre(valeur: float) -> str:
    return "inconnu" if isnan(valeur) else formater_nombre(valeur, 12, 0)
