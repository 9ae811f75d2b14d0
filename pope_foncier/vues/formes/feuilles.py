"""Sheets of the quick pictures: Matplotlib figures as SVG text, drawn in a few milliseconds, without ticks nor pyplot."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pope_foncier.vues.formes.textes_dessines import textes_tels_quels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "pope_foncier", "hatch.linewidth": 0.6}
LARGEUR = 7.6
"""Width of the pictures [in]: on a page at least 760 px wide, one point is at least 1.39 px."""
TEXTE, TITRE = 11.6, 12.5
"""Sizes of the words [pt]: 16 px or more on such a page."""


def svg(fig: Figure) -> str:
    """SVG text of a figure, deterministic, its words kept as words."""
    tampon = io.BytesIO()
    with textes_tels_quels(fig, _STYLE):
        fig.savefig(tampon, format="svg", metadata={"Date": None, "Creator": None})
    texte = tampon.getvalue().decode()
    return texte[texte.index("<svg") :]


def feuille(largeur: float, hauteur: float) -> Figure:
    """Empty figure for SVG."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    fig = Figure(figsize=(largeur, hauteur))
    FigureCanvasSVG(fig)
    return fig
