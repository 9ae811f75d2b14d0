"""Figures of Matplotlib: axes without pyplot, bytes of a picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

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


def nouveaux_axes(largeur: float = 8.0, hauteur: float = 4.2) -> Any:
    """New axes that a notebook or ``plt.show()`` displays."""
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as erreur:
        raise ErreurPope(paquet_absent(erreur, "dessiner")) from None

    _, ax = plt.subplots(figsize=(largeur, hauteur), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
