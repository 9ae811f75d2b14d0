"""Simple plans: rooms numbered on a drawing to scale, their names beside or told apart; a block diagram when no plan is chosen."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan import ElementTrace, Plan, PlanTrace
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.feuilles import LARGEUR, TEXTE, feuille, svg
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu.dessin import AUTOUR, TRAIT, dessiner

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ALLONGEMENT = 1.5
"""Length over width of a block diagram: a choice of drawing."""
_SIGNES = 40
"""Signs of a line beside a drawing."""
_CROQUIS, _PETIT = (2.9, 1.75), 7.5
"""Width and height [in] of the small drawing, and size of its words [pt]."""
_DESSINES: list[tuple[PlanTrace, str]] = []
_GARDES = 6
"""Small drawings kept, the last ones shown first."""
Boite = tuple[float, float, float, float]


def schema(programme: ProgrammeLocaux, surface_m2: float, cour_m2: float, site: str) -> PlanTrace:
    """Block diagram to scale: the rooms of a programme side by side in the floor area, then the yard; not a plan.

    Rooms that ask for more than the floor area are not drawn: the building stands alone, and says what they ask for.

    Args:
        programme: rooms.
        surface_m2: gross floor area; what the rooms leave is circulation, walls and reserve.
        cour_m2: yard, 0 for none, NaN when unknown.
        site: identifier of the site.
    """
    pieces = [(x.nom, x.fonction, x.surface_m2) for x in programme.locaux for _ in range(x.nombre)]
    demande = sum(s for _, _, s in pieces)
    base = f"{programme.base} ; pièces mises côte à côte, ce n'est pas un plan"
    if demande < surface_m2:
        pieces.append(("Circulations, murs, réserve", "circulation", surface_m2 - demande))
    elif demande > surface_m2:
        base = (
            f"les pièces du programme type demandent {formater_nombre(demande)} m², plus que les {formater_nombre(surface_m2)} m² "
            "du lieu : elles ne sont pas dessinées"
        )
        pieces = []
    largeur = (surface_m2 * _ALLONGEMENT) ** 0.5
    hauteur = largeur / _ALLONGEMENT
    boites = _ranger([s for _, _, s in pieces], (0.0, 0.0, largeur, hauteur)) if pieces else []
    elements = [{"nature": "batiment", "nom": "Surface de plancher", "points": _coins((0.0, 0.0, largeur, hauteur))}]
    elements += [
        {"nature": "piece", "nom": nom, "fonction": fonction, "points": _coins(b)}
        for (nom, fonction, _), b in zip(pieces, boites, strict=True)
    ]
    if cour_m2 > 0:
        cote = min(hauteur, cour_m2**0.5)
        elements.append({"nature": "cour", "nom": "Cour", "points": _coins((largeur, 0.0, cour_m2 / cote, cote))})
    brut = {
        "titre": f"Schéma des surfaces, {programme.places} places",
        "statut": "hypothese",
        "site": site,
        "systeme": "local",
        "sans_cour": cour_m2 == 0,
        "base": base,
        "elements": elements,
    }
    trace, problemes = tracer(valider(Plan, brut, "schéma"), "schéma", {})
    assert not problemes
    return trace


def _coins(boite: Boite) -> list[tuple[float, float]]:
    x, y, w, h = boite
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def _ranger(aires: Sequence[float], boite: Boite) -> list[Boite]:
    """Rectangles of given areas that fill a rectangle, halved again and again in the order given."""
    if len(aires) == 1:
        return [boite]
    total, cumul, coupe = sum(aires), 0.0, 1
    for rang, aire in enumerate(aires[:-1], 1):
        if rang > 1 and cumul + aire / 2 > total / 2:
            break
        cumul, coupe = cumul + aire, rang
    x, y, w, h = boite
    part = sum(aires[:coupe]) / total
    if w >= h:
        moities = (x, y, w * part, h), (x + w * part, y, w * (1 - part), h)
    else:
        moities = (x, y + h * (1 - part), w, h * part), (x, y, w, h * (1 - part))
    return [*_ranger(aires[:coupe], moities[0]), *_ranger(aires[coupe:], moities[1])]


def _nommes(plan: PlanTrace) -> dict[str, list[ElementTrace]]:
    """Rooms and yards by name, in the order drawn; a building without rooms stands for itself."""
    montres = [*(plan.de_nature("piece", 0) or plan.de_nature("batiment")), *plan.de_nature("cour")]
    noms: dict[str, list[ElementTrace]] = {}
    for element in montres:
        noms.setdefault(element.nom, []).append(element)
    return noms


def table(plan: PlanTrace) -> Table:
    """Rooms by number: name, how many, area of all."""
    lignes = tuple(
        (
            cases.nombre(rang),
            nom,
            cases.nombre(len(liste)),
            cases.nombre(sum(e.forme.area for e in liste), 1, unite="m²"),
        )
        for rang, (nom, liste) in enumerate(_nommes(plan).items(), 1)
    )
    return Table(plan.fiche.titre, ("N°", "Pièce", "Nombre", "Surface, m²"), lignes, texte=True)


def figure(plan: PlanTrace) -> Figure:
    """Picture of a plan: numbered rooms, their names and areas beside, a scale bar."""
    legende = [_legende(rang, nom, liste, _SIGNES) for rang, (nom, liste) in enumerate(_nommes(plan).items(), 1)]
    fig = feuille(LARGEUR, max(3.2, 0.245 * sum(map(len, legende)) + 0.2))
    ax = fig.add_axes((0.01, 0.02, 0.5, 0.96))
    ax.axis("off")
    _cadrer(plan, ax, 0.5 * LARGEUR / (0.96 * fig.get_figheight()))
    _dessiner(plan, ax, TEXTE)
    pas = 0.235 / fig.get_figheight()
    for ligne, texte in enumerate((texte for textes in legende for texte in textes), 1):
        fig.text(0.525, 0.985 - ligne * pas, texte, fontsize=TEXTE, parse_math=False)
    return fig


def croquis(plan: PlanTrace) -> Figure:
    """Small drawing of a plan for a printed page: numbered rooms and a scale bar; ``noms`` tells what each number is."""
    fig = feuille(*_CROQUIS)
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.axis("off")
    _cadrer(plan, ax, _CROQUIS[0] / _CROQUIS[1], _PETIT)
    _dessiner(plan, ax, _PETIT)
    return fig


def croquis_en_svg(plan: PlanTrace) -> str:
    """SVG text of the small drawing; drawn once for equal plans: every study of a place shows the same."""
    deja = next((paire for paire in [*_DESSINES] if paire[0] == plan), None) or (plan, svg(croquis(plan)))
    _DESSINES[:] = [deja, *(paire for paire in [*_DESSINES] if paire is not deja)][:_GARDES]
    return deja[1]


def noms(plan: PlanTrace) -> str:
    """What each number of the drawing is, with its area, in one line."""
    return " ; ".join(
        " ".join(_legende(rang, nom, liste, None)) for rang, (nom, liste) in enumerate(_nommes(plan).items(), 1)
    )


def _dessiner(plan: PlanTrace, ax: Axes, taille: float) -> None:
    """Drawing with the number of each room."""
    dessiner(plan, ax, 1.0)
    for rang, liste in enumerate(_nommes(plan).values(), 1):
        for element in liste:
            centre = element.forme.representative_point()
            fond = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            ax.text(centre.x, centre.y, str(rang), ha="center", va="center", fontsize=taille, bbox=fond)


def _legende(rang: int, nom: str, liste: list[ElementTrace], signes: int | None) -> list[str]:
    """Number, name and area of a room, on as many lines as its name asks, or on one."""
    nombre = f"{len(liste)} × " if len(liste) > 1 else ""
    surface = formater_nombre(sum(e.forme.area for e in liste), 1)
    dit = f"{rang}. {nombre}{nom}, {surface}\u00a0m²"
    return [dit] if signes is None else textwrap.wrap(dit, signes, subsequent_indent="    ")


def _cadrer(plan: PlanTrace, ax: Axes, proportion: float, taille: float = TEXTE) -> None:
    """Limits in metres around what is built, the same scale both ways, with a scale bar below."""
    from shapely import union_all

    x0, y0, x1, y1 = union_all([e.forme for e in plan.elements if e.element.nature not in AUTOUR]).bounds
    largeur, hauteur = 1.04 * (x1 - x0), 1.22 * (y1 - y0)
    largeur, hauteur = max(largeur, hauteur * proportion), max(hauteur, largeur / proportion)
    bas = y1 + 0.02 * hauteur - hauteur
    ax.set_xlim((x0 + x1 - largeur) / 2, (x0 + x1 + largeur) / 2)
    ax.set_ylim(bas, bas + hauteur)
    pas = next((p for p in (20, 10, 5, 2, 1) if p <= (x1 - x0) / 2), 1)
    y = y0 - 0.05 * hauteur
    ax.plot([x0, x0 + pas], [y, y], color=TRAIT, linewidth=3, solid_capstyle="butt")
    ax.text(x0 + pas * 1.06, y, f"{pas} m", va="center", fontsize=taille)
