"""Sheets: plans to a true scale on A4 or A3, with title block, north, scale bar, areas, legend, source and date."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from pope_foncier.lieu.cotes import nord_degres
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes.textes_dessines import textes_tels_quels
from pope_foncier.vues.lieu.dessin import AUTOUR, barre_d_echelle, dessiner, fleche_du_nord, groupes_presents
from pope_foncier.vues.lieu.dessin_des_mots import MARGE_DES_FACADES_MM, MARGE_MM, MotsDuPlan
from pope_foncier.vues.lieu.dessin_des_signes import cles
from pope_foncier.vues.lieu.dessin_du_cartouche import ROUGE, Partie, ecrire

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Papier = Literal["A4", "A3"]
PAPIERS: dict[str, tuple[float, float]] = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
"""Landscape sheets [mm]."""
ECHELLES = (50, 100, 200, 500, 1000, 2000, 5000)
_MARGE, _BANDEAU, _PIED, _TITRE = 8.0, 8.0, 12.0, 5.0
_COLONNE = {"A4": 68.0, "A3": 92.0}
_SUPPOSE = "PLAN SUPPOSÉ : hypothèse de travail, à remplacer par un relevé"

_AUTOUR_DU_PROJET_M = 2.0
"""What is shown of a building around the rooms of the project, when the frame cuts it [m]."""


@dataclass(frozen=True, slots=True)
class Planche:
    """What a sheet says around the drawing."""

    titre: str
    date: date
    papier: Papier = "A4"
    echelle: int | None = None
    """Denominator of the scale; the largest that fits when None."""
    surfaces: tuple[str, ...] = ()
    """Lines of areas and places."""
    controles: tuple[str, ...] = ()
    """Checks of the rooms that fail."""
    contraintes: tuple[str, ...] = ()
    """Lines of constraints."""
    niveau: int = 0
    """Storey drawn."""
    ecartees: frozenset[tuple[str, int, float]] = frozenset()
    """Rooms of children that do not count, by name, storey and area to the hundredth."""
    toutes_les_cotes: bool = False
    """Every outer side dimensioned, not the length and width alone."""
    hors_cadre: tuple[str, ...] = ()
    """Functions of the rooms that the frame may cut, as tracks and parks are; none when the whole building is framed."""


def composer(plans: Sequence[PlanTrace], planche: Planche) -> Figure:
    """Sheet with one plan, or variants side by side at the same scale.

    Raises:
        ErreurCalcul: no plan, or a scale at which the plans do not fit the paper.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not plans:
        raise ErreurCalcul("Aucun plan à dessiner : donner au moins un fichier de plan.")
    largeur, hauteur = PAPIERS[planche.papier]
    colonne = _COLONNE[planche.papier]
    cadre = (largeur - 2 * _MARGE - colonne, hauteur - 2 * _MARGE - _BANDEAU - _PIED)
    echelle, colonnes = choisir_echelle(plans, cadre, planche)
    mm_par_metre = 1000.0 / echelle
    fig = Figure(figsize=(largeur / 25.4, hauteur / 25.4))
    FigureCanvasAgg(fig)
    fond = _axes_mm(fig, largeur, hauteur)
    rangees = len(plans) // colonnes
    w, h = cadre[0] / colonnes, cadre[1] / rangees
    numeros: tuple[str, ...] = ()
    for rang, plan in enumerate(plans):
        x, y = _MARGE + rang % colonnes * w, _MARGE + _PIED + (rangees - 1 - rang // colonnes) * h
        numeros += _case(fig, fond, plan, (x, y, w, h), planche, echelle, len(numeros))
    fond.text(_MARGE + 2, hauteur - _MARGE - 1, planche.titre, fontsize=11.5, va="top", fontweight="bold")
    barre_d_echelle(fond, _MARGE + 14, _MARGE + 2, mm_par_metre)
    fond.text(
        _MARGE + 14 + 4.6 * _pas(mm_par_metre), _MARGE + 2, f"échelle 1:{echelle} sur {planche.papier}", fontsize=8
    )
    nord = nord_degres(plans[0])
    if nord is None:
        fond.text(_MARGE + 5, _MARGE + 5, "nord non\nconnu", fontsize=5.5, ha="center", va="center")
    else:
        fleche_du_nord(fond, nord, _MARGE + 5, _MARGE + 5, 7)
    parties = _parties(plans, planche, echelle, numeros)
    ecrire(fond, parties, planche.papier, largeur - _MARGE - colonne + 3, _MARGE, colonne - 3, hauteur - _MARGE)
    return fig


def choisir_echelle(plans: Sequence[PlanTrace], cadre: tuple[float, float], planche: Planche) -> tuple[int, int]:
    """Scale denominator and number of columns: the scale asked, or the largest that fits, side by side or stacked."""
    besoins = [(_etendue(p, planche.hors_cadre), _bandeau_mm(p)) for p in plans]
    marge = MARGE_DES_FACADES_MM if planche.toutes_les_cotes else MARGE_MM
    tiennent = [
        (echelle, colonnes)
        for echelle in ECHELLES
        for colonnes in dict.fromkeys((len(plans), 1))
        if all(
            (x1 - x0) * 1000 / echelle <= cadre[0] / colonnes - 2 * marge
            and (y1 - y0) * 1000 / echelle <= cadre[1] * colonnes / len(plans) - _TITRE - bas - 2 * marge
            for (x0, y0, x1, y1), bas in besoins
        )
    ]
    voulues = [t for t in tiennent if planche.echelle in (None, t[0])]
    if voulues:
        return voulues[0]
    if planche.echelle is None:
        raise ErreurCalcul(f"Le plan est trop grand pour {planche.papier}, même à 1:{ECHELLES[-1]} : le découper.")
    conseil = f"1:{tiennent[0][0]} tient" if tiennent else "aucune échelle usuelle ne tient"
    raise ErreurCalcul(
        f"Le plan ne tient pas à 1:{planche.echelle} sur {planche.papier} : {conseil} ; prendre A3, moins de variantes, "
        f"ou une autre échelle parmi {', '.join(f'1:{e}' for e in ECHELLES)}."
    )


def ecrire_octets(fig: Figure, genre: Literal["svg", "pdf", "png"], points: int = 150) -> bytes:
    """Bytes of a sheet at its true size, the same at each run."""
    vides = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None, "Producer": None, "Creator": None}}
    tampon = io.BytesIO()
    with textes_tels_quels(fig, {"svg.hashsalt": "plan", "svg.fonttype": "none", "pdf.fonttype": 42}):
        fig.savefig(tampon, format=genre, dpi=points, metadata=vides.get(genre, {"Software": None}))
    return tampon.getvalue()


def _etendue(plan: PlanTrace, hors_cadre: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Extent drawn [m]: what is built; tracks and parks are cut by the frame, and a building of which a part alone is used."""
    from shapely import union_all

    pieces = plan.de_nature("piece")
    du_projet = [e.forme for e in pieces if e.element.fonction not in hors_cadre]
    if du_projet and len(du_projet) < len(pieces):
        x0, y0, x1, y1 = union_all(du_projet).buffer(_AUTOUR_DU_PROJET_M).bounds
        return x0, y0, x1, y1
    coeur = [e.forme for e in plan.elements if e.element.nature not in AUTOUR]
    x0, y0, x1, y1 = union_all(coeur or [e.forme for e in plan.elements]).bounds
    return x0, y0, x1, y1


def _case(
    fig: Figure,
    fond: Axes,
    plan: PlanTrace,
    place: tuple[float, float, float, float],
    planche: Planche,
    echelle: int,
    deja: int,
) -> tuple[str, ...]:
    """One plan in its frame, with its title over it and, below, what it is when it is supposed; what its numbers stand for."""
    (x, y, w, h), papier, mm_par_metre = place, PAPIERS[planche.papier], 1000.0 / echelle
    etage = f", étage {planche.niveau}" if planche.niveau > 0 else ", sous-sol" if planche.niveau < 0 else ""
    fond.text(x + 2, y + h - _TITRE + 1, plan.fiche.titre + etage, fontsize=8.5, va="bottom", fontweight="bold")
    bas = _bandeau_mm(plan)
    if bas:
        dit = _SUPPOSE if w > 105 else _SUPPOSE.partition(" :")[0]
        boite = {"facecolor": "white", "edgecolor": ROUGE, "linewidth": 0.8, "pad": 2}
        fond.text(x + w / 2, y + bas / 2, dit, ha="center", va="center", fontsize=7, color=ROUGE, bbox=boite)
    h -= _TITRE + bas
    ax = fig.add_axes((x / papier[0], (y + bas) / papier[1], w / papier[0], h / papier[1]))
    x0, y0, x1, y1 = _etendue(plan, planche.hors_cadre)
    cx, cy, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, w / mm_par_metre / 2, h / mm_par_metre / 2
    ax.set_xlim(cx - dx, cx + dx)
    ax.set_ylim(cy - dy, cy + dy)
    ax.set_xticks([])
    ax.set_yticks([])
    for bord in ax.spines.values():
        bord.set_color("#BDBDBD")
    dessiner(plan, ax, mm_par_metre, planche.niveau)
    return MotsDuPlan(plan, ax, mm_par_metre, planche.niveau, deja, planche.ecartees).ecrire(planche.toutes_les_cotes)


def _bandeau_mm(plan: PlanTrace) -> float:
    """Height below a supposed plan for the words that say so [mm]."""
    return 6.0 if plan.fiche.statut == "hypothese" else 0.0


def _axes_mm(fig: Figure, largeur: float, hauteur: float) -> Axes:
    """Axes over the whole sheet, in millimetres."""
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, largeur)
    ax.set_ylim(0, hauteur)
    ax.axis("off")
    return ax


def _pas(mm_par_metre: float) -> float:
    return next(p for p in (1, 2, 5, 10, 20, 50, 100, 500) if p * mm_par_metre >= 8) * mm_par_metre


def _parties(plans: Sequence[PlanTrace], planche: Planche, echelle: int, numeros: tuple[str, ...]) -> list[Partie]:
    """What the title block says, from top to bottom."""
    suppose = any(p.fiche.statut == "hypothese" for p in plans)
    legende, signes = groupes_presents(list(plans), planche.niveau), cles(plans)
    origines = [p.fiche.source.titre if p.fiche.source else f"hypothèse : {p.fiche.base}" for p in plans]
    if len(plans) > 1:
        origines = [f"{p.fiche.titre} — {origine}" for p, origine in zip(plans, origines, strict=True)]
    systeme = "grille locale" if plans[0].fiche.systeme == "local" else "Lambert-93, nord géographique"
    systeme += "" if nord_degres(plans[0]) is not None else ", nord non connu"
    fin = f"Échelle 1:{echelle}, mètres, {systeme}. {date_en_clair(planche.date)}."
    controles = tuple(f"• {x}" for x in planche.controles)
    return [
        Partie("", (f"{_SUPPOSE}.",) if suppose else (), ROUGE),
        Partie("Locaux", tuple(nom for nom, *_ in legende), legende=tuple((c, h) for _, c, h in legende)),
        Partie("Pièces numérotées", (" ; ".join(numeros),) if numeros else ()),
        Partie("Signes", (" ; ".join(signes),) if signes else ()),
        Partie("Surfaces et places", tuple(f"• {x}" for x in planche.surfaces), garde=3),
        Partie("Contrôles non respectés, à surveiller, à vérifier", controles, ROUGE, garde=2),
        Partie("Contraintes", tuple(f"• {x}" for x in planche.contraintes), garde=1),
        Partie("Source", (*(f"{x}." for x in origines), fin)),
    ]
