"""Outputs of a notebook cell: a table, a picture with its words and its source, a sentence in place of what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pope_foncier.vues.formes import figures, page
from pope_foncier.vues.formes.image import Image as Dessin
from pope_foncier.vues.formes.image_en_axes import en_figure
from pope_foncier.vues.formes.placement import plier
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image
    from matplotlib.figure import Figure


_CORPS, _SIGNES_MAX = 8, 1000
"""Size of the letters of a source line; signs beyond which it would leave no room to the picture."""


def montrer(dessin: Dessin) -> Image | HTML:
    """Picture as a notebook output; its message in place of what cannot be drawn."""
    from IPython.display import HTML

    if dessin.message:
        return HTML(f"<p>{proteger(dessin.message)}</p>")
    return image_de(en_figure(dessin), dessin.texte, dessin.source)


def source_etude(*noms: str) -> str:
    """Source line of a chart drawn from studies."""
    return f"étude{'s' if len(noms) > 1 else ''} « {' », « '.join(noms)} », hypothèses comprises"


def image_de(fig: Figure, texte: str, source: str = "", points: int = 80) -> Image:
    """Picture as a notebook output, with its text alternative and its source line; a plan carries its own."""
    from IPython.display import Image

    if source:
        signer(fig, source)
    return Image(figures.octets(fig, points=points), alt=texte)


def signer(fig: Figure, source: str) -> None:
    """Write the source line of a figure under it."""
    large, haut = fig.get_size_inches()
    dite = f"Source : {source}".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    lignes = plier(dite, 0.92 * 72 * large / _CORPS, signes=min(len(dite), _SIGNES_MAX))
    marge = 0.16 * len(lignes) / haut
    if (mise_en_page := fig.get_layout_engine()) is not None:
        mise_en_page.set(rect=(0, marge, 1, 1 - marge))  # type: ignore[call-arg]
    fig.text(0.995, 0.016 / haut, "\n".join(lignes), ha="right", va="bottom", fontsize=_CORPS, color="#5a5a5a")


def html_de(table: Table | None, plie: bool = False) -> HTML:
    """Table as a notebook output, folded under its title when asked."""
    from IPython.display import HTML

    if table is None:
        return HTML("<p>Sans objet pour cette étude.</p>")
    corps = page.tableau(table, titre="" if plie else "caption", repete=False)
    if plie:
        corps = f"<details><summary>{proteger(table.titre)} ({len(table.lignes)} lignes)</summary>{corps}</details>"
    return HTML(f'{page.STYLE_CARNET}<div class="pf">{corps}</div>')
