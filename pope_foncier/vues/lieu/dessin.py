"""Drawing of a plan: elements of a traced plan on axes in metres, labels, north, scale bar, dimensions; ``ax`` in."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import ElementTrace, PlanTrace
from pope_foncier.socle.nombres import formater_nombre

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
MUR, TRAIT = "#3A3A3A", "#1A1A1A"
_MM_PAR_POINT = 25.4 / 72


def dessiner(plan: PlanTrace, ax: Axes, mm_par_metre: float, niveau: int = 0, mots: bool = True) -> Axes:
    """Draw one storey of a plan with what surrounds it.

    Args:
        plan: traced plan, in metres.
        ax: axes whose unit is the metre, already at scale.
        mm_par_metre: millimetres of paper by metre, to size the labels.
        niveau: storey drawn.
        mots: write names, areas and sizes on the drawing; without them the caller says them otherwise.
    """
    for element in plan.de_nature("parcelle"):
        _contour(ax, element.forme, facecolor="#FAF8F2", edgecolor=TRAIT, linestyle=(0, (8, 3, 2, 3)), linewidth=0.8)
    for element in plan.de_nature("parc"):
        _contour(ax, element.forme, facecolor=PARC[0], edgecolor="#00694D", linewidth=0.6, hatch=PARC[1])
    for element in plan.de_nature("cour"):
        _contour(ax, element.forme, facecolor=COUR[0], edgecolor="#00694D", linewidth=0.8, hatch=COUR[1])
        if mots:
            _etiquette(ax, element, mm_par_metre)
    for element in plan.de_nature("quai"):
        _contour(ax, element.forme, facecolor="#E4E4E4", edgecolor="#7A7A7A", linewidth=0.7, hatch="++")
        if mots:
            _etiquette(ax, element, mm_par_metre, surface=False)
    for element in plan.de_nature("voie"):
        _voie(ax, element.forme)
    pieces = plan.de_nature("piece", niveau)
    for element in plan.batiments_du_niveau(niveau):
        _contour(ax, element.forme, facecolor=MUR if pieces else "#F7F7F7", edgecolor=TRAIT, linewidth=1.0)
        if mots and not pieces:
            _etiquette(ax, element, mm_par_metre)
    for element in pieces:
        couleur, hachure = _style(element.element.fonction or "")
        _contour(ax, element.forme, facecolor=couleur, edgecolor=TRAIT, linewidth=0.4, hatch=hachure)
        if mots:
            _etiquette(ax, element, mm_par_metre)
    for element in plan.de_nature("facade_aveugle"):
        _ligne(ax, element.forme, color="#B22222", linewidth=1.6)
    if mots:
        _cotes(plan, ax, niveau)
    return ax


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


def _etiquette(ax: Axes, element: ElementTrace, mm_par_metre: float, surface: bool = True) -> None:
    """Name and area inside an outline: wrapped, turned in narrow rooms, as large as fits between 3.5 and 7.5 points."""
    from shapely import box

    cadre = box(*ax.get_xlim()[:1], *ax.get_ylim()[:1], *ax.get_xlim()[1:], *ax.get_ylim()[1:])
    visible = element.forme.intersection(cadre)
    if visible.is_empty:
        return
    x0, y0, x1, y1 = visible.bounds
    centre = visible.centroid if visible.contains(visible.centroid) else visible.representative_point()
    largeur, hauteur = (x1 - x0) * mm_par_metre, (y1 - y0) * mm_par_metre
    tourne = largeur < 11 and hauteur > 1.5 * largeur
    if tourne:
        largeur, hauteur = hauteur, largeur
    bas = [f"{formater_nombre(element.forme.area, 1)}\u00a0m²"] if surface else []
    for taille in (7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5):
        signes = max(int(largeur * 0.94 / (0.58 * taille * _MM_PAR_POINT)), 1)
        lignes = textwrap.wrap(element.nom, signes, break_long_words=False) + bas
        trop_long = max(map(len, lignes)) > signes
        if not trop_long and len(lignes) * taille * 1.2 * _MM_PAR_POINT <= hauteur * 0.95:
            break
    ax.text(
        centre.x,
        centre.y,
        "\n".join(lignes),
        ha="center",
        va="center",
        fontsize=taille,
        linespacing=1.05,
        rotation=90 if tourne else 0,
        bbox={"boxstyle": "square,pad=0.12", "facecolor": "white", "alpha": 0.78, "edgecolor": "none"},
        clip_on=True,
    )


def _cotes(plan: PlanTrace, ax: Axes, niveau: int) -> None:
    """Sizes of the buildings' enclosing sides, and the distance to the nearest platform or track."""
    from shapely import union_all
    from shapely.ops import nearest_points

    batiments = [b.forme for b in plan.batiments_du_niveau(niveau)]
    if not batiments:
        return
    tout = union_all(batiments)
    x0, y0, x1, y1 = tout.bounds
    marge = 0.02 * (ax.get_ylim()[1] - ax.get_ylim()[0])
    fleche = {"arrowstyle": "<->", "color": "#5A5A5A", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (x0, y0 - marge), (x1, y0 - marge), arrowprops=fleche)
    ax.text(
        (x0 + x1) / 2, y0 - marge * 1.2, f"{formater_nombre(x1 - x0, 2)}\u00a0m", ha="center", va="top", fontsize=6.5
    )
    ax.annotate("", (x0 - marge, y0), (x0 - marge, y1), arrowprops=fleche)
    ax.text(
        x0 - marge * 1.2,
        (y0 + y1) / 2,
        f"{formater_nombre(y1 - y0, 2)}\u00a0m",
        ha="right",
        va="center",
        rotation=90,
        fontsize=6.5,
    )
    rail = [*plan.formes("quai"), *plan.formes("voie")]
    if not rail:
        return
    a, b = nearest_points(tout, union_all(rail))
    if a.distance(b) > 0 and ax.get_ylim()[0] < b.y < ax.get_ylim()[1] and ax.get_xlim()[0] < b.x < ax.get_xlim()[1]:
        ax.annotate("", (a.x, a.y), (b.x, b.y), arrowprops={**fleche, "color": "#B22222"})
        a_droite = (a.x + b.x) / 2 < (x0 + x1) / 2
        ax.text(
            (a.x + b.x) / 2 + marge * (0.4 if a_droite else -0.4),
            (a.y + b.y) / 2,
            f"{formater_nombre(a.distance(b), 2)}\u00a0m du quai ou de la voie",
            fontsize=6.5,
            color="#B22222",
            ha="left" if a_droite else "right",
            va="center",
        )
