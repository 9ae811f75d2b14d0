"""Figures: palette that colour-blind readers tell apart, hatching, axes without pyplot, bytes of a picture, labels pushed apart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.refus import paquet_absent
from pope_foncier.vues.formes.textes_dessines import textes_tels_quels

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes  # noqa: PLC0414 — the door types its pictures by these names
    from matplotlib.figure import Figure as Figure  # noqa: PLC0414

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
HACHURES = ("", "///", "...", "xx", "\\\\\\", "++", "oo", "--")


COULEURS = 32
"""Palette of the pictures, chosen to cover the colours that are there: two hues never become one."""


def figure(largeur: float = 8.0, hauteur: float = 4.2) -> tuple[Figure, Axes]:
    """New figure and axes, without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(largeur, hauteur), layout="constrained")
    FigureCanvasAgg(fig)
    ax = fig.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    return fig, ax


def octets(fig: Figure, genre: str = "png", points: int = 110) -> bytes:
    """Bytes of a figure, deterministic (no date inside)."""
    tampon = io.BytesIO()
    metadonnees: dict[str, Any] = {"Software": None} if genre == "png" else {"Date": None, "Creator": None}
    with textes_tels_quels(fig):
        fig.savefig(tampon, format=genre, dpi=points, metadata=metadonnees)
    return _en_palette(tampon) if genre == "png" else tampon.getvalue()


def _en_palette(png: io.BytesIO) -> bytes:
    """Same picture with a palette of few colours: three times lighter, as sharp."""
    from PIL import Image

    leger = io.BytesIO()
    image = Image.open(png).convert("RGB")
    reduite = image.quantize(COULEURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    reduite.save(leger, format="PNG", optimize=True)
    return leger.getvalue()


def ecarter(milieux: np.ndarray, ecart: float, sommet: float) -> np.ndarray:
    """Label heights in order, at least ``ecart`` apart and under ``sommet``, moved as little as that allows."""
    hauteurs = milieux.copy()
    for rang in range(1, len(hauteurs)):
        hauteurs[rang] = max(hauteurs[rang], hauteurs[rang - 1] + ecart)
    plafond = sommet
    for rang in range(len(hauteurs) - 1, -1, -1):
        hauteurs[rang] = min(hauteurs[rang], plafond)
        plafond = hauteurs[rang] - ecart
    return hauteurs


def sans_formules(ax: Axes) -> Axes:
    """Axes whose words are drawn as they are: a name that looks like a formula is still a name."""
    from matplotlib.text import Text

    for texte in ax.findobj(Text):
        texte.set_parse_math(False)
    return ax


def nouveaux_axes(largeur: float = 8.0, hauteur: float = 4.2) -> Any:
    """New axes that a notebook or ``plt.show()`` displays."""
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as erreur:
        raise ErreurPope(paquet_absent(erreur, "dessiner")) from None

    _, ax = plt.subplots(figsize=(largeur, hauteur), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
