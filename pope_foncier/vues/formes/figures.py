"""Figures of Matplotlib: axes without pyplot, bytes of a picture."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.refus import paquet_absent
from pope_foncier.vues.formes.textes_dessines import textes_tels_quels

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes  # noqa: PLC0414 — the door types its pictures by these names
    from matplotlib.figure import Figure as Figure  # noqa: PLC0414

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


def disposer(fig: Figure) -> None:
    """Give its axes their places, its words measured, without drawing it."""
    if (mise_en_page := fig.get_layout_engine()) is not None:
        mise_en_page.execute(fig)


def octets(fig: Figure, genre: str = "png", points: int = 110) -> bytes:
    """Bytes of a figure, deterministic (no date inside)."""
    tampon = io.BytesIO()
    with textes_tels_quels(fig):
        if genre == "png":
            return _en_palette(fig, points)
        fig.savefig(tampon, format=genre, dpi=points, metadata={"Date": None, "Creator": None})
    return tampon.getvalue()


def _en_palette(fig: Figure, points: int) -> bytes:
    """Drawn pixels as a PNG with a palette of few colours: three times lighter, as sharp."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    toile, avant = FigureCanvasAgg(fig), fig.dpi
    fig.set_dpi(points)
    try:
        toile.draw()  # laid out and drawn at once: to save it would draw twice, to lay it out then to paint
    finally:
        fig.set_dpi(avant)
    image = Image.fromarray(np.asarray(toile.buffer_rgba())).convert("RGB")
    reduite = image.quantize(COULEURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    leger = io.BytesIO()
    reduite.save(leger, format="PNG", compress_level=8)
    return leger.getvalue()


def montrable(fig: Figure) -> Figure:
    """Same figure, which a notebook displays: pyplot teaches figures to show themselves only after the first cell that drew by it."""
    setattr(fig, "_repr_png_", partial(octets, fig))  # noqa: B010 — asked for by the notebook, unknown to the class
    return fig


def nouveaux_axes(largeur: float = 8.0, hauteur: float = 4.2) -> Any:
    """New axes that a notebook or ``plt.show()`` displays."""
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as erreur:
        raise ErreurPope(paquet_absent(erreur, "dessiner")) from None

    _, ax = plt.subplots(figsize=(largeur, hauteur), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
