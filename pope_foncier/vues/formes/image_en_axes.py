"""A picture on axes of Matplotlib: the renderer of notebooks, documents and the door."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from pope_foncier.vues.formes.figures import disposer, figure
from pope_foncier.vues.formes.image import GRIS, OKABE_ITO, TIRETS, Bande, Boite, Image, Marque, Repere
from pope_foncier.vues.formes.placement import INTERLIGNE, Cadre, Pose, eclaircir, plier

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

_LARGEUR, _TAILLE, _LISIBLE = 9.0, 9.0, 5.5
_MOTS: dict[str, Any] = {"parse_math": False, "fontsize": _TAILLE}


def mesures(image: Image) -> tuple[float, float]:
    """Width of a picture, and the height that its words ask [in]."""
    voulue = 0.0 if image.message else Cadre(image, 72 * _LARGEUR * 0.9, 1.0, _TAILLE).hauteur_voulue / 72 + 0.8
    return _LARGEUR, max(_LARGEUR * image.proportion, voulue)


def en_figure(image: Image) -> Figure:
    """New figure of a picture."""
    fig, ax = figure(*mesures(image))
    tracer(image, ax)
    return fig


def tracer(image: Image, ax: Axes) -> Axes:
    """Draw a picture on axes, its words placed for the size that the axes have now."""
    if image.message:
        ax.text(
            0.5,
            0.5,
            "\n".join(plier(image.message, 60.0, signes=1200)),
            ha="center",
            va="center",
            transform=ax.transAxes,
            **_MOTS,
        )
        ax.set_axis_off()
        return ax
    _graduer(image, ax)
    for marque in image.marques:
        _dessiner(marque, image, ax)
    fig: Any = ax.figure
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        disposer(fig)
    zone, taille = ax.get_window_extent(), _TAILLE
    cadre = Cadre(image, zone.width * 72 / fig.dpi, zone.height * 72 / fig.dpi, taille)
    while taille > _LISIBLE and cadre.hauteur_voulue > cadre.hauteur:
        taille *= 0.95
        cadre = Cadre(image, cadre.bord, cadre.hauteur, taille)
    ax.set_xlim(image.x.bas, image.x.bas + (image.x.haut - image.x.bas) * cadre.bord / cadre.largeur)
    for pose in cadre.placer():
        _ecrire(pose, cadre, ax)
    return ax


def _graduer(image: Image, ax: Axes) -> None:
    """Ends, ticks, titles."""
    x, y = image.x, image.y
    ax.set_xlim(x.bas, x.haut)
    ax.set_ylim(y.bas, y.haut)
    x_lus = x.reperes if x.gras else eclaircir(x.reperes, 0.8 * 72 * _LARGEUR / _TAILLE)
    large = 58.0 / max(len(x_lus), 1) - 1.0 if x.gras else 60.0
    y_lus = [(v, "\n".join(mots)) for v, mots in Cadre(image, 72 * _LARGEUR, 1.0, _TAILLE).noms]
    ax.set_xticks(
        [v for v, _ in x_lus],
        ["\n".join(plier(mot, large, x.gras)) for _, mot in x_lus],
        fontweight="bold" if x.gras else "normal",
        **_MOTS,
    )
    ax.set_yticks([v for v, _ in y_lus], [mot for _, mot in y_lus], **_MOTS)
    ax.spines["left"].set_visible(bool(y_lus))
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(axis="x", length=0 if x.gras else 3)
    titre, x_titre, y_titre = (
        "\n".join(plier(mots, large)[:2]) for mots, large in ((image.titre, 65.0), (x.titre, 65.0), (y.titre, 30.0))
    )
    ax.set_xlabel(x_titre, **_MOTS)
    ax.set_ylabel(y_titre, **_MOTS)
    ax.set_title(titre, loc="left", fontweight="bold", **_MOTS)


def _dessiner(marque: Marque, image: Image, ax: Axes) -> None:
    if isinstance(marque, Repere):
        ligne, axe = (ax.vlines, image.y) if marque.sens == "x" else (ax.hlines, image.x)
        ligne(
            marque.valeur, axe.bas, axe.haut, color=marque.couleur, linestyle=_trait(marque.trait, 0.9), linewidth=0.9
        )
    elif isinstance(marque, Boite):
        coin, large, haut = (marque.x0, marque.y0), marque.x1 - marque.x0, marque.y1 - marque.y0
        ax.add_patch(_rectangle(coin, large, haut, marque.teinte, marque.creuse))
    elif isinstance(marque, Bande):
        couleur, hachure = marque.teinte
        ax.fill_between(
            marque.x, marque.bas, marque.haut, facecolor=couleur, hatch=hachure, edgecolor=GRIS, linewidth=0
        )
    elif marque.trait or marque.marque:
        ax.plot(
            marque.x,
            marque.y,
            color=marque.couleur,
            linestyle=_trait(marque.trait, marque.epaisseur),
            linewidth=marque.epaisseur,
            marker=marque.marque,
            markersize=6,
            markerfacecolor="white" if marque.creuse else marque.couleur,
            zorder=3,
            clip_on=bool(marque.trait),
        )


def _rectangle(
    coin: tuple[float, float], large: float, haut: float, teinte: tuple[str, str], creuse: bool = False
) -> Rectangle:
    from matplotlib.patches import Rectangle

    couleur, hachure = ("white", "") if creuse else teinte
    encre = "white" if couleur == OKABE_ITO[7] else "black"
    trait = "--" if creuse else "-"
    return Rectangle(
        coin, large, haut, facecolor=couleur, edgecolor=encre, hatch=hachure, linewidth=0.6, linestyle=trait
    )


def _trait(trait: str, epaisseur: float) -> Any:
    """Line style of Matplotlib, which counts its strokes in widths."""
    return (0, tuple(x / epaisseur for x in TIRETS[trait])) if trait in TIRETS else trait or "none"


def _ecrire(pose: Pose, cadre: Cadre, ax: Axes) -> None:
    """Words of a mark, at the values that their place stands for."""
    x, y, t = cadre.image.x, cadre.image.y, cadre.taille

    def valeurs(a: float, b: float) -> tuple[float, float]:
        return x.bas + a / cadre.largeur * (x.haut - x.bas), y.bas + b / cadre.hauteur * (y.haut - y.bas)

    if pose.fil is not None:
        fil = {"arrowstyle": "-", "color": pose.couleur, "linewidth": 0.8, "linestyle": _trait(pose.trait, 0.8)}
        ax.annotate("", valeurs(*pose.fil[:2]), valeurs(*pose.fil[2:]), arrowprops=fil)
    if pose.mots.cle is not None:
        (x0, y0), (x1, y1) = valeurs(pose.x - 1.3 * t, pose.y - 0.4 * t), valeurs(pose.x - 0.4 * t, pose.y + 0.4 * t)
        ax.add_patch(_rectangle((x0, y0), x1 - x0, y1 - y0, pose.mots.cle))
    ax.text(
        *valeurs(pose.x, pose.y),
        "\n".join(pose.lignes),
        ha={"start": "left", "middle": "center", "end": "right"}[pose.ancre],
        va="center",
        linespacing=INTERLIGNE,
        fontweight="bold" if pose.mots.gras else "normal",
        style="italic" if pose.mots.pale else "normal",
        color=GRIS if pose.mots.pale else "black",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.88, "pad": 1.2} if pose.fond else None,
        zorder=5,
        **{**_MOTS, "fontsize": t},
    )
