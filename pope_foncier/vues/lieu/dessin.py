"""Drawing of a plan: elements of a traced plan on axes in metres, signs, north, scale bar; ``ax`` in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.vues.lieu.dessin_des_signes import Trait, symboles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

GROUPES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "vie des enfants": (("eveil", "repas", "motricite", "activites", "eau"), "#F8F1A5", ""),
    "sommeil": (("sommeil",), "#A9D8F4", ".."),
    "change et toilettes": (("change", "toilettes_enfants"), "#F0B994", "xx"),
    "accueil et circulation": (("hall", "vestiaire_enfants", "circulation"), "#F7F7F7", "//"),
    "adultes": (("bureau", "sante", "reunion", "personnel"), "#E6BBD3", "\\\\"),
    "services": (("biberonnerie", "cuisine", "poussettes", "lingerie", "rangement", "technique"), "#CFCFCF", "--"),
}
"""Groups of rooms on a drawing: functions, colour, hatching; tints of the Okabe–Ito colours, each used once."""
COUR, PARC = ("#A6DCCB", "o"), ("#D3EEE5", "..")
"""Colour and hatching of a yard and of a park."""
AUTOUR = ("voie", "quai", "parc", "controle")
"""What goes on beyond a drawing: its frame cuts it."""
MUR, TRAIT = "#3A3A3A", "#1A1A1A"
_MM_PAR_POINT = 25.4 / 72


def dessiner(plan: PlanTrace, ax: Axes, mm_par_metre: float, niveau: int = 0) -> Axes:
    """Draw one storey of a plan with what surrounds it, without a word.

    Args:
        plan: traced plan, in metres.
        ax: axes whose unit is the metre, already at scale.
        mm_par_metre: millimetres of paper by metre, for the signs that keep their size.
        niveau: storey drawn.
    """
    for element in plan.de_nature("parcelle"):
        _contour(ax, element.forme, facecolor="#FAF8F2", edgecolor=TRAIT, linestyle=(0, (8, 3, 2, 3)), linewidth=0.8)
    for element in plan.de_nature("parc"):
        _contour(ax, element.forme, facecolor=PARC[0], edgecolor="#00694D", linewidth=0.6, hatch=PARC[1])
    for element in plan.de_nature("cour"):
        _contour(ax, element.forme, facecolor=COUR[0], edgecolor="#00694D", linewidth=0.8, hatch=COUR[1])
    for element in plan.de_nature("quai"):
        _contour(ax, element.forme, facecolor="#E4E4E4", edgecolor="#7A7A7A", linewidth=0.7, hatch="++")
    for element in plan.de_nature("voie"):
        _voie(ax, element.forme)
    pieces = plan.de_nature("piece", niveau)
    for element in plan.batiments_du_niveau(niveau):
        _contour(ax, element.forme, facecolor=MUR if pieces else "#F7F7F7", edgecolor=TRAIT, linewidth=1.0)
    for element in pieces:
        couleur, hachure = _style(element.element.fonction or "")
        _contour(ax, element.forme, facecolor=couleur, edgecolor=TRAIT, linewidth=0.4, hatch=hachure)
    for element in plan.de_nature("facade_aveugle"):
        _ligne(ax, element.forme, color="#B22222", linewidth=1.6)
    for trait in symboles(plan, niveau, mm_par_metre):
        _tracer(ax, trait)
    return ax


def _tracer(ax: Axes, trait: Trait) -> None:
    """Stroke of a sign."""
    from matplotlib.patches import Polygon as Patch

    epais = trait.epaisseur / _MM_PAR_POINT
    if trait.fond:
        ax.add_patch(Patch(trait.points, facecolor=trait.fond, edgecolor=trait.couleur, linewidth=epais, zorder=3))
        return
    x, y = zip(*trait.points, strict=True)
    ax.plot(x, y, color=trait.couleur, linewidth=epais, linestyle="--" if trait.tirets else "-", zorder=4)


def groupes_presents(plans: list[PlanTrace], niveau: int = 0) -> list[tuple[str, str, str]]:
    """Groups met on one storey of some plans: (name, colour, hatching), for the legend."""
    fonctions = {e.element.fonction for plan in plans for e in plan.de_nature("piece", niveau)}
    return [(nom, couleur, hachure) for nom, (qui, couleur, hachure) in GROUPES.items() if fonctions & set(qui)]


def fleche_du_nord(ax: Axes, nord_degres: float, x: float, y: float, taille: float) -> None:
    """North arrow at a place of axes in millimetres; ``nord_degres`` is clockwise from the top of the sheet."""
    angle = math.radians(nord_degres)
    dx, dy = math.sin(angle) * taille, math.cos(angle) * taille
    ax.annotate(
        "",
        (x + dx / 2, y + dy / 2),
        (x - dx / 2, y - dy / 2),
        arrowprops={"arrowstyle": "-|>", "color": TRAIT, "linewidth": 1.2, "mutation_scale": 10},
    )
    ax.text(x + dx * 0.75, y + dy * 0.75, "N", ha="center", va="center", fontsize=8, fontweight="bold")


def barre_d_echelle(ax: Axes, x: float, y: float, mm_par_metre: float, taille: float = 6.5) -> None:
    """Scale bar of four steps, on axes in millimetres."""
    pas = next(p for p in (1, 2, 5, 10, 20, 50, 100, 500) if p * mm_par_metre >= 8)
    for i in range(4):
        couleur = TRAIT if i % 2 == 0 else "white"
        rect = _rectangle(x + i * pas * mm_par_metre, y, pas * mm_par_metre, 1.6, couleur)
        ax.add_patch(rect)
    for i in (0, 1, 2, 4):
        unite = "\u00a0m" if i == 4 else ""
        ax.text(x + i * pas * mm_par_metre, y + 2.2, f"{i * pas}{unite}", ha="center", va="bottom", fontsize=taille)


def _rectangle(x: float, y: float, largeur: float, hauteur: float, couleur: str):  # type: ignore[no-untyped-def]
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), largeur, hauteur, facecolor=couleur, edgecolor=TRAIT, linewidth=0.6)


def _style(fonction: str) -> tuple[str, str]:
    return next(((c, h) for qui, c, h in GROUPES.values() if fonction in qui), ("#FFFFFF", ""))


def _contour(ax: Axes, forme: BaseGeometry, **style: object) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from shapely import get_parts

    for polygone in get_parts(forme):
        chemins = [Path([(x, y) for x, y, *_ in a.coords], closed=True) for a in _anneaux(polygone)]
        style_hachure = {"hatch_linewidth": 0.25} if "hatch" in style else {}
        ax.add_patch(PathPatch(Path.make_compound_path(*chemins), **{**style, **style_hachure}))


def _anneaux(polygone: Polygon) -> list:  # type: ignore[type-arg]
    """Rings of a polygon, holes turned against the outline: a filled shape leaves them empty."""
    from shapely.geometry.polygon import orient

    tourne = orient(polygone)
    return [tourne.exterior, *tourne.interiors]


def _ligne(ax: Axes, forme: BaseGeometry, **style: object) -> None:
    from shapely import get_parts

    for partie in get_parts(forme):
        points = [(x, y) for x, y, *_ in partie.coords]
        ax.plot([p[0] for p in points], [p[1] for p in points], **style)  # type: ignore[arg-type]


def _voie(ax: Axes, forme: BaseGeometry) -> None:
    """Track as a line with its sleepers."""
    _ligne(ax, forme, color=TRAIT, linewidth=3.2, linestyle=(0, (0.5, 1.2)), alpha=0.55)
    _ligne(ax, forme, color=TRAIT, linewidth=1.0)
