"""Words of a picture: written as they are, never read as a formula, never longer than a picture can hold."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.erreurs import abreger, sans_controle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LIGNE_MAX, _LIGNES_MAX, _GRADUATION_MAX = 240, 60, 80
"""Signs of a line, lines of a text, signs of the name of a tick: beyond, a picture would grow without end."""


@contextmanager
def textes_tels_quels(fig: Figure, style: Mapping[str, Any] | None = None) -> Iterator[None]:
    """While a figure is drawn, its texts are plain and of a bounded length; a sign that no font has is drawn as a box, in silence."""
    import matplotlib as mpl
    from matplotlib.text import Text

    for texte in fig.findobj(Text):
        assert isinstance(texte, Text)
        texte.set_parse_math(False)
        if (court := _court(texte.get_text(), _LIGNE_MAX)) != texte.get_text():
            texte.set_text(court)
    for axe in (a for ax in fig.axes for a in (ax.xaxis, ax.yaxis)):
        noms = [t.get_text() for t in axe.get_majorticklabels()]
        courts = [_court(nom, _GRADUATION_MAX) for nom in noms]
        if courts != noms:
            axe.set_ticks(axe.get_majorticklocs(), labels=courts)
    reglages: Any = {**(style or {}), "text.parse_math": False}
    with mpl.rc_context(reglages), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield


def _court(texte: str, signes: int) -> str:
    lignes = sans_controle(texte).split("\n")
    return "\n".join(abreger(x, signes) for x in lignes[:_LIGNES_MAX])
