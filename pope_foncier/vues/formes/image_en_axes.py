"""A picture on axes of Matplotlib: the renderer of notebooks, documents and the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pope_foncier.vues.formes.figures import figure
from pope_foncier.vues.formes.image import GRIS, OKABE_ITO, TIRETS, Boite, Courbe, Image, Repere
from pope_foncier.vues.formes.placement import INTERLIGNE, Cadre, Pose, plier

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LARGEUR, _TAILLE, _LISIBLE = 9.0, 9.0, 5.5
_TEL_QUEL: dict[str, Any] = {"parse_math": False}


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
            "\n".join(plier(image.message, 60.0)),
            ha="center",
            va="center",
            transform=ax.transAxes,
            **_TEL_QUEL,
        )
        ax.set_axis_off()
        return ax
    for marque in image.marques:
        _dessiner(marque, image, ax)
    _graduer(image, ax)
    fig: Any = ax.figure
    fig.draw_without_rendering()
    zone = ax.get_window_extent()
    echelle, taille = 72 / fig.dpi, _TAILLE
    cadre = Cadre(image, zone.width * echelle, zone.height * echelle, taille)
    while taille > _LISIBLE and cadre.hauteur_voulue > cadre.hauteur:
        taille *= 0.95
        cadre = Cadre(image, cadre.largeur, cadre.hauteur, taille)
    x = image.x
    ax.set_xlim(x.bas, x.bas + (x.haut - x.bas) * cadre.largeur / (cadre.largeur - cadre.marge))
    for pose in cadre.placer():
        _ecrire(pose, cadre, ax)
    return ax


def _graduer(image: Image, ax: Axes) -> None:
    """Ends, ticks, titles."""
    x, y = image.x, image.y
    ax.set_xlim(x.bas, x.haut)
    ax.set_ylim(y.bas, y.haut)
    x_lus, y_lus = x.reperes(), y.reperes()
    poids = "bold" if x.gras else "normal"
    ax.set_xticks([v for v, _ in x_lus], [mot for _, mot in x_lus], fontsize=_TAILLE, fontweight=poids, **_TEL_QUEL)
    ax.set_yticks(
        [v for v, _ in y_lus], ["\n".join(plier(mot, 24.0)) for _, mot in y_lus], fontsize=_TAILLE, **_TEL_QUEL
    )
    if not y_lus:
        ax.spines["left"].set_visible(False)
    if x.graduations is not None:
        ax.tick_params(axis="x", length=0)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel(x.titre, fontsize=_TAILLE, **_TEL_QUEL)
    ax.set_ylabel(y.titre, fontsize=_TAILLE, **_TEL_QUEL)
    ax.set_title(image.titre, loc="left", fontsize=_TAILLE + 1, fontweight="bold", **_TEL_QUEL)


def _dessiner(marque: Courbe | Boite | Repere, image: Image, ax: Axes) -> None:
    from matplotlib.patches import Rectangle

    if isinstance(marque, Repere):
        ligne, axe = (ax.vlines, image.y) if marque.sens == "x" else (ax.hlines, image.x)
        ligne(
            marque.valeur,
            axe.bas,
            axe.haut,
            color=marque.couleur,
            linestyle=_trait(marque.trait, 0.9),
            linewidth=0.9,
            zorder=2,
        )
    elif isinstance(marque, Boite):
        ax.add_patch(
            Rectangle(
                (marque.x0, marque.y0),
                marque.x1 - marque.x0,
                marque.y1 - marque.y0,
                facecolor="white" if marque.creuse else marque.couleur,
                edgecolor="white" if marque.couleur == OKABE_ITO[7] and not marque.creuse else "black",
                hatch=marque.hachure,
                linewidth=0.6,
                linestyle="--" if marque.creuse else "-",
            )
        )
    else:
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
        )


def _trait(trait: str, epaisseur: float) -> Any:
    """Line style of Matplotlib, which counts its strokes in widths."""
    return (0, tuple(x / epaisseur for x in TIRETS[trait])) if trait in TIRETS else trait or "none"


def _ecrire(pose: Pose, cadre: Cadre, ax: Axes) -> None:
    """Words of a label, at the values that its place stands for."""
    x, y = cadre.image.x, cadre.image.y

    def valeurs(a: float, b: float) -> tuple[float, float]:
        return (
            x.bas + a / (cadre.largeur - cadre.marge) * (x.haut - x.bas),
            y.bas + b / cadre.hauteur * (y.haut - y.bas),
        )

    if pose.trait is not None:
        bouts = (valeurs(*pose.trait[:2]), valeurs(*pose.trait[2:]))
        ax.annotate(
            "",
            *bouts,
            arrowprops={
                "arrowstyle": "-",
                "color": pose.couleur,
                "linewidth": 0.8,
                "linestyle": _trait(pose.style, 0.8),
            },
        )
    ax.text(
        *valeurs(pose.x, pose.y),
        "\n".join(pose.lignes),
        ha={"start": "left", "middle": "center", "end": "right"}[pose.ancre],
        va="center",
        fontsize=cadre.taille,
        linespacing=INTERLIGNE,
        fontweight="bold" if pose.gras else "normal",
        style="italic" if pose.pale else "normal",
        color=GRIS if pose.pale else "black",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.88, "pad": 1.2} if pose.fond else None,
        zorder=5,
        **_TEL_QUEL,
    )
