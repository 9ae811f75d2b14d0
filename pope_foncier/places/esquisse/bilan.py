"""Areas of a sketch: what is drawn by kind, and each room beside the one wanted."""

from __future__ import annotations

from pope_foncier.places.esquisse.variantes import Esquisse
from pope_foncier.socle.enregistrements import enregistrement


@enregistrement
class Bilan:
    """Areas of a sketch [m²], and its ways out."""

    utile: float
    """Rooms and circulation, what stays to be used out."""
    enfants: float
    circulation: float
    a_affecter: float
    issues: int
    pieces: tuple[tuple[float, float], ...]
    """Area of each room wanted, and its gap to the one wanted, as a part of it."""
    total: tuple[float, float]
    """All the rooms wanted, likewise."""

    @staticmethod
    def de(e: Esquisse) -> Bilan:
        """Areas of a sketch."""
        aires: dict[str, float] = {}
        for piece in e.plan.de_nature("piece"):
            fonction = piece.element.fonction or ""
            aires[fonction] = aires.get(fonction, 0.0) + float(piece.forme.area)
        reserve = aires.pop("a_affecter", 0.0)
        voulues = [b.surface_m2 for b in e.besoins]
        lus = list(zip(e.trace.surfaces, voulues, strict=True))
        return Bilan(
            utile=sum(aires.values()),
            enfants=sum(s for b, s in zip(e.besoins, e.trace.surfaces, strict=True) if b.enfants),
            circulation=aires.get("circulation", 0.0),
            a_affecter=reserve,
            issues=sum(bool(p.element.issue) for p in e.plan.de_nature("porte")),
            pieces=tuple((s, s / v - 1) for s, v in lus),
            total=(sum(e.trace.surfaces), sum(e.trace.surfaces) / sum(voulues) - 1),
        )


def voulu_m2(e: Esquisse) -> float:
    """Area of all the rooms wanted [m²]."""
    return sum(b.surface_m2 for b in e.besoins)
