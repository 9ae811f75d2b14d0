"""Sheets: plans to a true scale on A4 or A3, with title block, north, scale bar, areas, legend, source and date."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes.textes_dessines import textes_tels_quels
from pope_foncier.vues.lieu.dessin import TRAIT, barre_d_echelle, dessiner, fleche_du_nord, groupes_presents

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Papier = Literal["A4", "A3"]
PAPIERS: dict[str, tuple[float, float]] = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
"""Landscape sheets [mm]."""
ECHELLES = (50, 100, 200, 500, 1000)
_MARGE, _BANDEAU, _PIED, _TITRE = 8.0, 8.0, 12.0, 5.0
_COLONNE = {"A4": 68.0, "A3": 92.0}
_SUPPOSE = "PLAN SUPPOSÉ : hypothèse de travail, à remplacer par un relevé"


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
    for rang, plan in enumerate(plans):
        x, y = _MARGE + rang % colonnes * w, _MARGE + _PIED + (rangees - 1 - rang // colonnes) * h
        _case(fig, plan, (x, y, w, h - _TITRE), (largeur, hauteur), mm_par_metre, planche.niveau)
        etage = f", étage {planche.niveau}" if planche.niveau > 0 else ", sous-sol" if planche.niveau < 0 else ""
        fond.text(x + 2, y + h - _TITRE + 1, plan.fiche.titre + etage, fontsize=8.5, va="bottom", fontweight="bold")
    fond.text(_MARGE + 2, hauteur - _MARGE - 1, planche.titre, fontsize=11.5, va="top", fontweight="bold")
    barre_d_echelle(fond, _MARGE + 14, _MARGE + 2, mm_par_metre)
    fond.text(
        _MARGE + 14 + 4.6 * _pas(mm_par_metre), _MARGE + 2, f"échelle 1:{echelle} sur {planche.papier}", fontsize=8
    )
    fleche_du_nord(fond, plans[0].fiche.nord_degres, _MARGE + 5, _MARGE + 5, 7)
    _cartouche(fond, plans, planche, echelle, largeur - _MARGE - colonne + 3, hauteur - _MARGE, colonne - 3)
    return fig


def choisir_echelle(plans: Sequence[PlanTrace], cadre: tuple[float, float], planche: Planche) -> tuple[int, int]:
    """Scale denominator and number of columns: the scale asked, or the largest that fits, side by side or stacked."""
    besoins = [_etendue(p) for p in plans]
    tiennent = [
        (echelle, colonnes)
        for echelle in ECHELLES
        for colonnes in dict.fromkeys((len(plans), 1))
        if all(
            (x1 - x0) * 1000 / echelle <= cadre[0] / colonnes
            and (y1 - y0) * 1000 / echelle <= cadre[1] * colonnes / len(plans) - _TITRE
            for x0, y0, x1, y1 in besoins
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


def _etendue(plan: PlanTrace) -> tuple[float, float, float, float]:
    """Extent drawn [m]: what is built, with a margin; tracks and parks are cut by the frame."""
    from shapely import union_all

    coeur = [e.forme for e in plan.elements if e.element.nature not in ("voie", "quai", "parc")]
    if not coeur:
        coeur = [e.forme for e in plan.elements]
    x0, y0, x1, y1 = union_all(coeur).bounds
    marge = 0.03 * max(x1 - x0, y1 - y0)
    return x0 - marge, y0 - marge, x1 + marge, y1 + marge


def _case(
    fig: Figure,
    plan: PlanTrace,
    place: tuple[float, float, float, float],
    papier: tuple[float, float],
    mm_par_metre: float,
    niveau: int,
) -> None:
    x, y, w, h = place
    ax = fig.add_axes((x / papier[0], y / papier[1], w / papier[0], h / papier[1]))
    x0, y0, x1, y1 = _etendue(plan)
    cx, cy, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, w / mm_par_metre / 2, h / mm_par_metre / 2
    ax.set_xlim(cx - dx, cx + dx)
    ax.set_ylim(cy - dy, cy + dy)
    ax.set_xticks([])
    ax.set_yticks([])
    for bord in ax.spines.values():
        bord.set_color("#BDBDBD")
    dessiner(plan, ax, mm_par_metre, niveau)
    if plan.fiche.statut == "hypothese":
        ax.text(
            0.5,
            0.012,
            _SUPPOSE,
            transform=ax.transAxes,
            ha="center",
            va="bottom",
            fontsize=7.5 if w > 150 else 5.5,
            color="#B22222",
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "#B22222", "linewidth": 0.8, "pad": 2},
        )


def _axes_mm(fig: Figure, largeur: float, hauteur: float) -> Axes:
    """Axes over the whole sheet, in millimetres."""
    ax = fig.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_xlim(0, largeur)
    ax.set_ylim(0, hauteur)
    ax.axis("off")
    return ax


def _insecable(texte: str) -> str:
    """Text whose French signs stay with their word at the end of a line."""
    for avant, apres in ((" :", "\u00a0:"), (" ;", "\u00a0;"), ("« ", "«\u00a0"), (" »", "\u00a0»")):
        texte = texte.replace(avant, apres)
    return texte


def _pas(mm_par_metre: float) -> float:
    return next(p for p in (1, 2, 5, 10, 20, 50, 100, 500) if p * mm_par_metre >= 8) * mm_par_metre


def _cartouche(
    fond: Axes, plans: Sequence[PlanTrace], planche: Planche, echelle: int, x: float, haut: float, largeur: float
) -> None:
    """Title block, from top to bottom: legend, areas, constraints, source, date."""
    from matplotlib.patches import Rectangle

    fond.add_patch(Rectangle((x, _MARGE), largeur, haut - _MARGE, fill=False, edgecolor="#BDBDBD", linewidth=0.8))
    y = haut - 3.0
    pas = 3.5 if planche.papier == "A4" else 4.2
    taille = 6.6 if planche.papier == "A4" else 7.6
    signes = int((largeur - 5) / (taille * 0.195))

    def ecrire(texte: str, gras: bool = False, couleur: str = TRAIT) -> None:
        nonlocal y
        for ligne in textwrap.wrap(_insecable(texte), signes) or [""]:
            fond.text(
                x + 2, y, ligne, fontsize=taille, va="top", fontweight="bold" if gras else "normal", color=couleur
            )
            y -= pas

    def titre(texte: str) -> None:
        nonlocal y
        y -= pas * 0.35
        ecrire(texte, gras=True)

    legende = groupes_presents(list(plans), planche.niveau)
    if legende:
        titre("Locaux")
    for nom, couleur, hachure in legende:
        fond.add_patch(
            Rectangle((x + 2, y - 2.6), 7, 2.8, facecolor=couleur, edgecolor=TRAIT, linewidth=0.4, hatch=hachure)
        )
        fond.text(x + 11, y, nom, fontsize=taille, va="top")
        y -= pas
    parties = (
        ("Surfaces et places", planche.surfaces, TRAIT),
        ("Contrôles des pièces, non respectés ou à surveiller", planche.controles, "#B22222"),
        ("Contraintes", planche.contraintes, TRAIT),
    )
    for nom, lignes, couleur in parties:
        if lignes:
            titre(nom)
            for ligne in lignes:
                ecrire(f"• {ligne}", couleur=couleur)
    titre("Source")
    for plan in plans:
        origine = plan.fiche.source.titre if plan.fiche.source else f"hypothèse : {plan.fiche.base}"
        ecrire(f"{plan.fiche.titre} — {origine}." if len(plans) > 1 else f"{origine}.")
    if any(p.fiche.statut == "hypothese" for p in plans):
        ecrire(f"{_SUPPOSE}.", couleur="#B22222")
    systeme = "grille locale" if plans[0].fiche.systeme == "local" else "Lambert-93"
    ecrire(f"Échelle 1:{echelle}, mètres, {systeme}. {date_en_clair(planche.date)}.")
