"""Unit of a drawing: what its content points to, against what its header declares; asked, never believed alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from pope_foncier.lieu.vraisemblance import EN_UNITES, UNITES, lire_vraisemblance, unites_possibles
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.nombres import formater_nombre

_METRIQUES, _ANGLAISES = ("m", "cm", "mm"), ("pouce", "pied")
_PROCHE = 0.12
"""Relative distance under which a measured scale is that of a unit."""
_PORTE_M = (0.55, 1.25)
"""Radius of the swing of one leaf [m]: narrower or wider, it is no door."""
_LONG_M = (2.0, 6_000.0)
"""Extent of a drawing of a place [m]."""
_EN_PIEDS_MIN = 3
"""Texts in feet and inches from which a drawing is English or American."""


@enregistrement
class Indices:
    """What a drawing holds that tells its unit."""

    imprimees: Sequence[tuple[float, float, str]] = ()
    """Areas printed [m²], with the area drawn around them, in square units, and the text."""
    en_pieds: int = 0
    """Texts in feet and inches."""
    rayons_de_porte: Sequence[float] = ()
    """Radii of the arcs of the layers of doors, in units."""
    plus_grand: float = 0.0
    """Area of the largest outline, in square units."""
    nature: str = ""
    """Its nature, when its layer says so."""
    etendue: float = 0.0
    """Longest side of what is drawn, in units."""


def unite_probable(indices: Indices, declaree: float | None) -> tuple[float, str] | None:
    """Unit that the content points to when it is not the one declared, with the reason in words; None otherwise."""
    trouvee = _par_les_surfaces(indices) or _par_les_portes(indices, declaree) or _par_la_taille(indices, declaree)
    if trouvee is None or (declaree is not None and math.isclose(trouvee[0], declaree, rel_tol=1e-6)):
        return None
    return trouvee


def _par_les_surfaces(indices: Indices) -> tuple[float, str] | None:
    """Unit with which most areas printed are those drawn around them."""
    if len(indices.imprimees) < 2:
        return None
    accords = {
        metres: [t for m2, dessine, t in indices.imprimees if abs(dessine * metres**2 / m2 - 1) <= _PROCHE]
        for metres in UNITES.values()
    }
    metres, textes = max(accords.items(), key=lambda a: len(a[1]))
    if len(textes) < 2:
        return None
    return (
        metres,
        f"{len(textes)} dimensions écrites dans les pièces (« {textes[0]} ») s'accordent avec un dessin en {en_unites(metres)}",
    )


def _par_les_portes(indices: Indices, declaree: float | None) -> tuple[float, str] | None:
    """Unit that makes doors of the swings, the one declared first; feet and inches when texts are written in them."""
    if len(indices.rayons_de_porte) < 3:
        return None
    rayon = median(indices.rayons_de_porte)
    metres = next((m for m in _possibles(indices, declaree) if _PORTE_M[0] <= rayon * m <= _PORTE_M[1]), None)
    if metres is None:
        return None
    return (
        metres,
        f"les portes tracées feraient {formater_nombre(rayon * metres, 2)} m de large avec un dessin en {en_unites(metres)}",
    )


def _possibles(indices: Indices, declaree: float | None) -> list[float]:
    """Units to try, in metres: the one declared, then those of the country of the texts."""
    noms = (*_ANGLAISES, *_METRIQUES) if indices.en_pieds >= _EN_PIEDS_MIN else (*_METRIQUES, *_ANGLAISES)
    return [*([declaree] if declaree else []), *(UNITES[n] for n in noms)]


def _par_la_taille(indices: Indices, declaree: float | None) -> tuple[float, str] | None:
    """Unit that makes a place of the largest outline, or of the extent."""
    anglais = indices.en_pieds >= _EN_PIEDS_MIN
    if anglais and declaree not in (UNITES["pouce"], UNITES["pied"]):
        metres = next((UNITES[n] for n in _ANGLAISES if _LONG_M[0] <= indices.etendue * UNITES[n] <= _LONG_M[1]), None)
        return None if metres is None else (metres, f"{indices.en_pieds} dimensions y sont écrites en pieds et pouces")
    if declaree and _LONG_M[0] <= indices.etendue * declaree <= _LONG_M[1]:
        return None
    nature = indices.nature if indices.nature in lire_vraisemblance().bornes else "batiment"
    possibles = [UNITES[n] for n in unites_possibles(indices.plus_grand, nature) if n in _METRIQUES]
    if indices.plus_grand and possibles:
        aire = formater_nombre(indices.plus_grand * possibles[0] ** 2, 1)
        return possibles[0], f"le plus grand contour ferait {aire} m² avec un dessin en {en_unites(possibles[0])}"
    metres = next((UNITES[n] for n in _METRIQUES if _LONG_M[0] <= indices.etendue * UNITES[n] <= _LONG_M[1]), None)
    if metres is None:
        return None
    return metres, f"le dessin ferait {formater_nombre(indices.etendue * metres, 1)} m de long en {en_unites(metres)}"


def en_unites(metres: float) -> str:
    """Unit of that length in words, in the plural.

    >>> en_unites(0.0254), en_unites(1000.0)
    ('pouces', 'unités de 1\u202f000 m')
    """
    nom = next((EN_UNITES[u] for u, m in UNITES.items() if math.isclose(m, metres, rel_tol=1e-6)), "")
    return nom or f"unités de {formater_nombre(metres, 4, 0)} m"
