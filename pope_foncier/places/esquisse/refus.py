"""Why no sketch holds: what is missing on the scheme that misses least, and what would make it fit."""

from __future__ import annotations

from collections.abc import Sequence

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.gabarits import facade_due
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.modele import Placement
from pope_foncier.places.esquisse.partis import DE_VIE
from pope_foncier.socle.nombres import formater_nombre


def motifs(placements: Sequence[Placement], besoins: Sequence[Besoin], h: Hypotheses) -> tuple[str, ...]:
    """French sentences: façade, area, depth or way missing, on the placing that misses least."""
    p = placements[0]
    dits = [f"Aucune esquisse ne tient. Le parti qui s'en approche le plus : {p.squelette.parti}."]
    dits += _surface(placements, besoins)
    dits += _facade(p, besoins, h)
    for r in p.sans_place:
        b = besoins[r]
        fonds = ", ".join(sorted({f"{formater_nombre(x.profondeur_m, 1)} m" for x in p.squelette.bandes}))
        dits.append(
            f"« {b.nom} » ne tient pas : {formater_nombre(b.surface_m2, 1)} m², {formater_nombre(b.piece.largeur_m, 1)} m de "
            f"large au moins et {formater_nombre(b.piece.allongement, 1)} fois plus longue au plus, pour des profondeurs de {fonds}."
        )
    for r in p.sans_acces:
        dits.append(f"« {besoins[r].nom} » : ni la circulation ni une pièce qui peut la desservir ne la touche.")
    return tuple(dits)


def _surface(placements: Sequence[Placement], besoins: Sequence[Besoin]) -> list[str]:
    """Area missing, and the rooms that lack most."""
    p = min(placements, key=_manque)
    manque = _manque(p)
    if manque < 0.1:
        return []
    serrees = sorted(p.manque_m2, key=lambda r: -p.manque_m2[r])[:3]
    noms = ", ".join(f"« {besoins[r].nom} » ({formater_nombre(p.manque_m2[r], 1)} m²)" for r in serrees)
    offre = sum(b.aire_dm2[-1] for b in p.squelette.bandes) / 100
    voulu = sum(b.surface_m2 for b in besoins)
    return [
        f"Il manque {formater_nombre(manque, 1)} m² même aux surfaces les plus serrées : le programme en demande "
        f"{formater_nombre(voulu)}, ce parti en offre {formater_nombre(offre)} une fois ôtés murs et circulation."
        + (
            " Le total y est, mais aucune répartition entre ses bandes de pièces n'a été trouvée."
            if offre >= voulu
            else ""
        )
        + (f" Les pièces trop petites : {noms}." if noms else "")
    ]


def _manque(p: Placement) -> float:
    return max(sum(p.manque_m2.values()), p.manque_enfants_m2)


def _facade(p: Placement, besoins: Sequence[Besoin], h: Hypotheses) -> list[str]:
    """Façade missing: all that is due against all that the outline has, then room by room."""
    if not p.manque_facade_m:
        return []
    due = sum(facade_due(b, h) for b in besoins if b.piece.facade == "due")
    terrain = p.squelette.terrain
    offerte = float(terrain.jour.length) * terrain.jour_par_m
    manque = sum(p.manque_facade_m.values())
    noms = ", ".join(f"« {besoins[r].nom} » ({formater_nombre(m, 1)} m)" for r, m in p.manque_facade_m.items())
    dits = [
        f"Il manque {formater_nombre(manque, 1)} m de façade éclairée : {noms}. Le programme en demande "
        f"{formater_nombre(due, 1)} m (une pièce de vie n'est éclairée que sur {formater_nombre(h.jour_profondeur_m.valeur, 1)} m "
        f"de profondeur), le contour en a {formater_nombre(offerte, 1)} m."
    ]
    if offerte >= due:
        dits.append(
            "Elle suffit en tout, mais pas devant ces pièces : un bâtiment moins épais ou un patio les éclairerait."
        )
    elif any(besoins[r].fonction in DE_VIE for r in p.manque_facade_m):
        dits.append("Ce qui ferait tenir : ouvrir une façade de plus, moins de places, ou un puits de jour à étudier.")
    return dits
