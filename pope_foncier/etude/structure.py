"""Structure of a study: what it is made of, apart from the values of its inputs."""

from __future__ import annotations

from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.clauses_de_pret import FicheFrais
from pope_foncier.modele.donnee import Donnee
from pope_foncier.prets.pret_sur_les_mois import au_depart
from pope_foncier.socle.fiches import Fiche

_NOMBRES = {"realiser", "coefficient", "retard_mois"}
"""Plain numbers that are inputs like the others."""
_HORS_DU_CALCUL = {"scenarios", "blocs", "questions_ouvertes", "titre", "question", "remarque", "foncier", "doute"}
"""Fields that the chain does not read."""


def structure(fiche: Any) -> Any:
    """Structure of a study without the values of its inputs: variants with the same one share one array evaluation."""
    if isinstance(fiche, Donnee):
        return fiche.bareme is not None or fiche.valeur is not None or "inconnu"
    if isinstance(fiche, FicheFrais):
        return au_depart(fiche), tuple(structure(v) for v in fiche.__dict__.values())
    if isinstance(fiche, Fiche):
        ignores = _HORS_DU_CALCUL | _NOMBRES
        return tuple((n, structure(getattr(fiche, n))) for n in type(fiche).model_fields if n not in ignores)
    return tuple(structure(v) for v in fiche) if isinstance(fiche, tuple) else fiche


def changements(base: Etude, variante: Etude) -> frozenset[str] | None:
    """Paths of the inputs that differ between two studies; None when they do not differ by known values alone.

    Stricter than ``structure``: an input read in another scale, or in a scale no longer, is another structure.
    """
    champs: list[str] = []
    return frozenset(champs) if _comparer(base, variante, "", champs) else None


def _comparer(base: Any, variante: Any, chemin: str, champs: list[str]) -> bool:
    """Whether two parts have the same structure; the inputs that differ are added to the list."""
    if base is variante:
        return True
    if type(base) is not type(variante):
        return False
    if isinstance(base, Donnee):
        champs.append(chemin)
        return bool(base.bareme == variante.bareme and (base.valeur is None) == (variante.valeur is None))
    if isinstance(base, Fiche):
        return _comparer_les_champs(base.__dict__, variante.__dict__, chemin, champs)
    if isinstance(base, tuple):
        cles = [[getattr(e, "id", None) for e in elements] for elements in (base, variante)]
        if cles[0] == cles[1] and None not in cles[0]:
            return all(_comparer(a, b, f"{chemin}[{a.id}]", champs) for a, b in zip(base, variante, strict=True))
    return bool(base == variante)


def _pareils(base: Any, variante: Any) -> bool:
    """Whether two inputs say the same."""
    return isinstance(base, Donnee) and type(base) is type(variante) and base.__dict__ == variante.__dict__


def _comparer_les_champs(base: dict[str, Any], variante: dict[str, Any], chemin: str, champs: list[str]) -> bool:
    for nom, ici in base.items():
        la = variante[nom]
        if ici is la or nom in _HORS_DU_CALCUL or _pareils(ici, la):
            continue
        ou = f"{chemin}.{nom}" if chemin else nom
        if nom in _NOMBRES:
            champs += [ou] * (ici != la)
        elif not _comparer(ici, la, ou, champs):
            return False
    return True
