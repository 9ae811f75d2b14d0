"""Small multiples of options: one panel an option, four figures on the same scales, the plan of the place where one is drawn."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pope_foncier.decision.comparer.combinaisons import Option
from pope_foncier.decision.comparer.comparaison import Comparaison
from pope_foncier.decision.comparer.mesures import Chiffres, Fourchette
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import mois_en_clair
from pope_foncier.vues.formes.cellules import source_etude
from pope_foncier.vues.formes.feuilles import TEXTE, TITRE
from pope_foncier.vues.formes.image import GRIS, OKABE_ITO, PALE
from pope_foncier.vues.lieu.dessin import AUTOUR
from pope_foncier.vues.lieu.dessin import dessiner as dessiner_plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLONNES = 3
_LARGEUR, _HAUTEUR = 4.3, 3.1
"""Size of a panel [in], without its thumbnail."""
_PLAN = 1.3
"""Height of the thumbnail [in]; none when no option has a plan."""
_FIGURES: tuple[tuple[str, str], ...] = (
    ("cout_par_place", "Coût par place"),
    ("avec_le_reste", "Commune et reste, par an"),
    ("a_trouver_en_tout", "À trouver, trésorerie comprise"),
    ("couverture", "Couverture minimale de la dette"),
)
"""Figures of a panel: code and heading."""
_MARQUES = ("o", "s", "D", "^")
_PLANS = {"hypothese": "plan supposé", "releve": "plan relevé", "publie": "plan publié"}
_SIGNES_DU_TITRE = 46


def dessiner(comparaison: Comparaison, au_plus: int = 9) -> Figure:
    """Picture of the best ranked options, at most so many."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    montrees = _montrees(comparaison, au_plus)
    colonnes = min(_COLONNES, max(1, len(montrees)))
    lignes = max(1, math.ceil(len(montrees) / colonnes))
    plans = {nom: _plan_de(comparaison.dossiers[nom].etude.site) for nom in {o.etude for o in montrees}}
    vignette = _PLAN if any(plans.values()) else 0.0
    fig = Figure(figsize=(_LARGEUR * colonnes, (_HAUTEUR + vignette) * lignes + 0.8))
    FigureCanvasAgg(fig)
    echelles = {code: _echelle([_lu(o.chiffres, code) for o in montrees if o.chiffres]) for code, _ in _FIGURES}
    for rang, option in enumerate(montrees):
        boite = _boite(rang, colonnes, _HAUTEUR + vignette, fig)
        trace: PlanTrace | Literal[False] | None = plans[option.etude] if vignette else False
        _panneau(fig, boite, comparaison, option, trace, echelles)
    _pied(fig, comparaison, montrees)
    return fig


def _montrees(comparaison: Comparaison, au_plus: int) -> list[Option]:
    """Ranked options, the best first, then those that an unknown leaves out."""
    classees = comparaison.classement.rangs
    autres = [i for i in range(len(comparaison.evaluees)) if i not in set(classees)]
    return [comparaison.evaluees[i] for i in [*classees, *autres][:au_plus]]


def _boite(rang: int, colonnes: int, pouces: float, fig: Figure) -> tuple[float, float, float, float]:
    """Place of a panel in the figure: left, bottom, width, height, as fractions."""
    haut = fig.get_figheight()
    large, hauteur = 1.0 / colonnes, pouces / haut
    x, y = (rang % colonnes) * large, 1.0 - (rang // colonnes + 1) * hauteur
    return x, y, large, hauteur


def _panneau(
    fig: Figure,
    boite: tuple[float, float, float, float],
    comparaison: Comparaison,
    option: Option,
    plan: PlanTrace | Literal[False] | None,
    echelles: dict[str, tuple[float, float]],
) -> None:
    """One option; a plan of False leaves no room for a thumbnail."""
    assert option.chiffres is not None
    x, y, large, haut = boite
    pouce_x, pouce_y = 1.0 / fig.get_figwidth(), 1.0 / fig.get_figheight()
    gauche, droite = x + 0.2 * pouce_x, x + large - 0.25 * pouce_x
    haut_y = y + haut - 0.12 * pouce_y
    titre = textwrap.wrap(comparaison.nommer(option), _SIGNES_DU_TITRE)[:3]
    for ligne in titre:
        fig.text(gauche, haut_y, ligne, fontsize=TEXTE - 1, fontweight="bold", va="top", parse_math=False)
        haut_y -= 0.19 * pouce_y
    places, ouverture = formater_nombre(option.chiffres.places), option.chiffres.ouverture
    ouvre = "ouverture inconnue" if ouverture is None else f"ouverture en {mois_en_clair(ouverture)}"
    a_confirmer = " ; à confirmer" if option.etat == "a_confirmer" else ""
    fig.text(gauche, haut_y, f"{places} places, {ouvre}{a_confirmer}", fontsize=TEXTE - 2, va="top", color=GRIS)
    haut_y = y + haut - 0.98 * pouce_y
    if plan is not False:
        _vignette(fig, (gauche, haut_y - _PLAN * pouce_y, droite - gauche, _PLAN * pouce_y), plan)
        haut_y -= _PLAN * pouce_y
    pas = (haut_y - y) / len(_FIGURES)
    for rang, (code, nom) in enumerate(_FIGURES):
        bas = haut_y - (rang + 1) * pas
        ax = fig.add_axes((gauche, bas + 0.12 * pouce_y, droite - gauche, pas - 0.3 * pouce_y))
        _point(ax, _lu(option.chiffres, code), echelles[code], nom, rang)
    fig.add_artist(_cadre(x, y, large, haut, pouce_x, pouce_y))


def _cadre(x: float, y: float, large: float, haut: float, pouce_x: float, pouce_y: float):  # type: ignore[no-untyped-def]
    from matplotlib.patches import Rectangle

    marge_x, marge_y = 0.08 * pouce_x, 0.05 * pouce_y
    coin, taille = (x + marge_x, y + marge_y), (large - 2 * marge_x, haut - 2 * marge_y)
    return Rectangle(coin, *taille, fill=False, edgecolor="#CFCFCF", linewidth=0.8)


def _vignette(fig: Figure, boite: tuple[float, float, float, float], plan: PlanTrace | None) -> None:
    """Thumbnail of a plan, with what it is; or that none is drawn."""
    ax = fig.add_axes(boite)
    ax.axis("off")
    if plan is None:
        ax.text(0.5, 0.5, "aucun plan tracé", ha="center", va="center", color=GRIS, fontsize=TEXTE - 2)
        return
    from shapely import union_all

    murs = [e.forme for e in plan.elements if e.element.nature not in AUTOUR]
    x0, y0, x1, y1 = union_all(murs).bounds
    large, haut = fig.get_figwidth() * boite[2], fig.get_figheight() * boite[3]
    echelle = max((x1 - x0) / (0.62 * large), (y1 - y0) / (0.92 * haut))
    ax.set_xlim(x0 - 0.05 * echelle, x0 + large * echelle)
    ax.set_ylim((y0 + y1 - haut * echelle) / 2, (y0 + y1 + haut * echelle) / 2)
    dessiner_plan(plan, ax, 1.0)
    ax.set_clip_on(True)
    ax.text(0.66, 0.5, _PLANS[plan.fiche.statut], transform=ax.transAxes, va="center", color=GRIS, fontsize=TEXTE - 2)


def _plan_de(site: str) -> PlanTrace | None:
    """First plan drawn of a site, the supposed one before its variants."""
    fichiers = sorted((dossier_donnees() / "plans").glob(f"{site}*.yaml"), key=lambda f: "suppose" not in f.stem)
    traces = [trace for f in fichiers if (trace := lire_plan(f)).fiche.site == site]
    return traces[0] if traces else None


def _lu(chiffres: Chiffres | None, code: str) -> Fourchette:
    lu = getattr(chiffres, code)
    return lu if isinstance(lu, Fourchette) else Fourchette(float(lu), float("nan"), float("nan"))


def _echelle(lues: Sequence[Fourchette]) -> tuple[float, float]:
    """Ends of a scale that all the panels share, from zero."""
    valeurs = [v for f in lues for v in (f.valeur, f.bas, f.haut) if math.isfinite(v)]
    haut = max(valeurs, default=1.0)
    return 0.0, haut * 1.05 if haut > 0 else 1.0


def _point(ax: Axes, lu: Fourchette, echelle: tuple[float, float], nom: str, rang: int) -> None:
    """Dot with its range on a common scale; words in place of what has no value."""
    (bas, haut), couleur, ratio = echelle, OKABE_ITO[rang], _FIGURES[rang][0] == "couverture"
    ax.set_xlim(bas, haut)
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(PALE)
    ax.text(0.0, 0.98, nom, transform=ax.transAxes, va="top", fontsize=TEXTE - 3, color=GRIS)
    dit = "sans dette" if math.isinf(lu.valeur) else "inconnu" if math.isnan(lu.valeur) else _dire(lu, ratio)
    ax.text(1.0, 0.98, dit, transform=ax.transAxes, va="top", ha="right", fontsize=TEXTE - 2.4, fontweight="bold")
    if not math.isfinite(lu.valeur):
        return
    if math.isfinite(lu.bas) and lu.haut > lu.bas:
        ax.plot(
            [lu.bas, lu.haut], [0.0, 0.0], color=couleur, linewidth=5, alpha=0.35, solid_capstyle="butt", clip_on=False
        )
    ax.plot([lu.valeur], [0.0], _MARQUES[rang], color=couleur, markersize=7, clip_on=False)
    if ratio and haut > 1.0:
        ax.plot([1.0, 1.0], [0.0, 0.45], color=GRIS, linewidth=0.8, linestyle=(0, (3, 2)))


def _dire(lu: Fourchette, ratio: bool) -> str:
    if ratio:
        return formater_nombre(lu.valeur, 2)
    if math.isfinite(lu.bas) and round(lu.bas) != round(lu.haut):
        return f"{euros(lu.valeur)}, de {formater_nombre(lu.bas)} à {formater_nombre(lu.haut)}"
    return euros(lu.valeur)


def _pied(fig: Figure, comparaison: Comparaison, montrees: Sequence[Option]) -> None:
    """How to read the panels, and what they are drawn from."""
    pouce = 1.0 / fig.get_figheight()
    reste = len(comparaison.evaluees) - len(montrees)
    suite = f" {reste} autres options ne sont pas montrées." if reste > 0 else ""
    lire = (
        "Mêmes échelles dans tous les panneaux, à partir de zéro ; trait large : d'un bout à l'autre de la fourchette du prix des travaux ; "
        "tiret : couverture de 1. « Commune et reste » : ce que la commune paie, et ce qu'elle paierait si elle apportait tout ce qui est à "
        f"trouver, par place et par an d'ouverture. Plan bouclé ; options les mieux classées d'abord.{suite}"
    )
    noms = sorted({comparaison.dossiers[o.etude].nom for o in montrees})
    lignes = textwrap.wrap(lire, int(fig.get_figwidth() * 15)) + textwrap.wrap(
        f"Source : {source_etude(*noms)}, critères de data/hypotheses/criteres.yaml", int(fig.get_figwidth() * 15)
    )
    for rang, ligne in enumerate(lignes):
        fig.text(0.01, (0.68 - 0.17 * rang) * pouce, ligne, fontsize=TITRE - 4, color="#5a5a5a", parse_math=False)
