"""Storeys of a drawing whose plans stand side by side: each group of outlines takes the storey of the title nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pope_foncier.lieu.fichiers.dxf_textes import Etiquette
from pope_foncier.lieu.fichiers.noms_de_pieces import niveau_du_nom
from pope_foncier.lieu.fichiers.releve import Objet

_VOISIN_M = 1.0
"""Outlines nearer than this to each other are of one plan [m]."""


def situer(objets: Sequence[Objet], etiquettes: Sequence[Etiquette], metres: float) -> tuple[list[Objet], list[str]]:
    """Objects with the storey that titles tell (« Plan du RDC », « R+1 »), and what the reader must know of it.

    A title stands outside of every outline. One storey alone, or a file whose layers name the storeys, is left as it is.
    """
    from shapely import Point, STRtree, get_parts, union_all

    surfaces = [o.forme for o in objets if o.forme.geom_type == "Polygon"]
    if not surfaces or any(o.niveau is not None for o in objets):
        return list(objets), []
    arbre = STRtree(surfaces)
    titres = [
        (niveau, e.nom, Point(e.ecrit.milieu))
        for e in etiquettes
        if (niveau := niveau_du_nom(e.nom)) is not None
        and not len(arbre.query(Point(e.ecrit.milieu), predicate="within"))
    ]
    if len({niveau for niveau, _, _ in titres}) < 2:
        return list(objets), []
    noms = ", ".join(f"« {nom} »" for nom in dict.fromkeys(nom for _, nom, _ in titres))
    groupes = list(get_parts(union_all([f.envelope.buffer(_VOISIN_M / metres) for f in surfaces])))
    if len(groupes) < 2:
        return list(objets), [
            f"Titres de plusieurs niveaux ({noms}) pour un seul plan : vérifier le niveau de chaque pièce."
        ]
    places = [min(titres, key=lambda t, g=groupe: t[2].distance(g))[0] for groupe in groupes]  # type: ignore[misc]
    situes = [replace(o, niveau=places[_groupe_de(o, groupes)]) for o in objets]
    return situes, [
        f"Niveaux lus dans les titres du dessin ({noms}) : les plans sont côte à côte, ils ne sont pas superposés."
    ]


def _groupe_de(objet: Objet, groupes: Sequence[object]) -> int:
    return min(range(len(groupes)), key=lambda i: objet.forme.distance(groupes[i]))
