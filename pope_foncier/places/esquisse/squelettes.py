"""Scheme from its circulation and its strips, measured; refused when a column or a core stands in the corridor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pope_foncier.places.esquisse.grille import Axe, Boite, Squelette, mesurer_bandes
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.terrain import Terrain


def squelette(
    terrain: Terrain,
    h: Hypotheses,
    parti: str,
    famille: str,
    circulation: Any,
    zones: Sequence[tuple[Boite, Axe]],
    reste: Any = None,
) -> Squelette | None:
    """Scheme with its strips measured; None when a column or a core stands in the way of the circulation."""
    from shapely.geometry import Polygon

    if circulation.geom_type != "Polygon" or not _passe(terrain, circulation, h):
        return None
    bandes = tuple(b for boite, axe in zones for b in mesurer_bandes(terrain, circulation, boite, axe, h))
    return Squelette(parti, famille, terrain, circulation, bandes, reste or Polygon()) if bandes else None


def _passe(terrain: Terrain, circulation: Any, h: Hypotheses) -> bool:
    """Whether the corridor stays whole at its width once columns are out."""
    from shapely import get_parts

    nette = circulation.buffer(-h.cloison_m.valeur / 2, join_style="mitre").difference(terrain.poteaux)
    rayon = h.couloir_m.valeur / 2 - 0.01
    return len(get_parts(nette.buffer(-rayon, join_style="mitre"))) == 1
