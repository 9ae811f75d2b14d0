"""Structure of a study: what it is made of, apart from the values of its inputs."""

from __future__ import annotations

from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.clauses_de_pret import FicheFrais
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiches_comparees import HORS_DU_CALCUL, NOMBRES, comparer
from pope_foncier.prets.pret_sur_les_mois import au_depart
from pope_foncier.socle.fiches import Fiche


def structure(fiche: Any) -> Any:
    """Structure of a study without the values of its inputs: variants with the same one share one array evaluation."""
    if isinstance(fiche, Donnee):
        return fiche.bareme is not None or fiche.valeur is not None or "inconnu"
    if isinstance(fiche, FicheFrais):
        return au_depart(fiche), tuple(structure(v) for v in fiche.__dict__.values())
    if isinstance(fiche, Fiche):
        ignores = HORS_DU_CALCUL | NOMBRES
        return tuple((n, structure(getattr(fiche, n))) for n in type(fiche).model_fields if n not in ignores)
    return tuple(structure(v) for v in fiche) if isinstance(fiche, tuple) else fiche


def changements(base: Etude, variante: Etude) -> frozenset[str] | None:
    """Paths of the inputs that differ between two studies; None when they do not differ by known values alone.

    Stricter than ``structure``: an input read in another scale, or in a scale no longer, is another structure.
    """
    champs: list[str] = []
    return frozenset(champs) if comparer(base, variante, "", champs) else None
