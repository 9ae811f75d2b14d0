"""Words of a picture: written as they are, never read as a formula, never longer than a picture can hold."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pope_foncier.socle.erreurs import abreger, sans_controle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LIGNE_MAX, _LIGNES_MAX = 240, 60
"""Signs of a line and lines of a text: beyond, a picture would grow without end."""


@contextmanager
def textes_tels_quels(fig: Figure, style: Mapping[str, Any] | None = None) -> Iterator[None]:
    """While a figure is drawn, its texts are plain and of a bounded length; a sign that no font has is drawn as a box, in silence."""
    import matplotlib as mpl
    from matplotlib.text import Text

    for texte in fig.findobj(Text):
        assert isinstance(texte, Text)
        texte.set_parse_math(False)
        lignes = sans_controle(texte.get_text()).split("\n")
        court = "\n".join(abreger(x, _LIGNE_MAX) for x in lignes[:_LIGNES_MAX])
        if court != texte.get_text():
            texte.set_text(court)
    reglages: Any = {**(style or {}), "text.parse_math": False}
    with mpl.rc_context(reglages), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        yield
