"""What differs between two sheets of one structure: the paths of the inputs that do not say the same."""

from __future__ import annotations

from typing import Any

from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.fiches import Fiche

NOMBRES = {"realiser", "coefficient", "retard_mois"}
"""Plain numbers that are inputs like the others."""
HORS_DU_CALCUL = {"scenarios", "blocs", "questions_ouvertes", "titre", "question", "remarque", "foncier", "doute"}
"""Fields that the chain does not read."""


def comparer(base: Any, variante: Any, chemin: str, champs: list[str]) -> bool:
    """Whether two parts have the same structure; the inputs that differ are added to the list.

    Args:
        chemin: path of the parts.
    """
    if base is variante:
        return True
    if type(base) is not type(variante):
        return False
    if isinstance(base, Donnee):
        if base.__dict__ == variante.__dict__:
            return True
        champs.append(chemin)
        return bool(base.bareme == variante.bareme and (base.valeur is None) == (variante.valeur is None))
    if isinstance(base, Fiche):
        return _comparer_les_champs(base.__dict__, variante.__dict__, chemin, champs)
    if isinstance(base, tuple):
        cles = [[getattr(e, "id", None) for e in elements] for elements in (base, variante)]
        if cles[0] == cles[1] and None not in cles[0]:
            return all(comparer(a, b, f"{chemin}[{a.id}]", champs) for a, b in zip(base, variante, strict=True))
    return bool(base == variante)


def _comparer_les_champs(base: dict[str, Any], variante: dict[str, Any], chemin: str, champs: list[str]) -> bool:
    for nom, ici in base.items():
        la = variante[nom]
        if ici is la or nom in HORS_DU_CALCUL:
            continue
        ou = f"{chemin}.{nom}" if chemin else nom
        if nom in NOMBRES:
            champs += [ou] * (ici != la)
        elif not comparer(ici, la, ou, champs):
            return False
    return True
