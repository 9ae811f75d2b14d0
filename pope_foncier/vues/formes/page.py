"""HTML bricks: escaped text, tables, embedded pictures; pages that need nothing from outside."""

from __future__ import annotations

import re
import zlib
from typing import Any, Literal

from pope_foncier.vues.formes.gabarits import balises, rendre
from pope_foncier.vues.formes.proteger import META_POLITIQUE, proteger
from pope_foncier.vues.formes.table import Table

STYLE = """
:root{--encre:#1a1a1a;--gris:#5a5a5a;--trait:#c9c9c9;--bleu:#0b4a78}
*{box-sizing:border-box}
body{font-family:"Liberation Sans","DejaVu Sans",Arial,sans-serif;color:var(--encre);margin:0;line-height:1.35}
h1{font-size:1.5em;margin:0 0 .2em;color:var(--bleu)}
h2{font-size:1.05em;margin:.7em 0 .25em;color:var(--bleu);border-bottom:1px solid var(--trait)}
table{border-collapse:collapse;width:100%}
th,td{padding:.12em .4em;text-align:right;vertical-align:top;border-bottom:1px solid #e6e6e6}
.g{text-align:left}
tr.total td{font-weight:bold;border-top:1px solid var(--encre)}
.hypothese{color:#8a3b00}
.note{color:var(--gris);font-size:.9em}
"""
STYLE_CARNET = (
    "<style>.pf{overflow-x:auto}.pf table{margin:0;font-size:.95em}.pf caption{font-weight:bold;text-align:left;padding:.3em 0}"
    ".pf :is(td,th){padding:.15em .6em;text-align:right}.pf.pf .g{text-align:left}.pf .total td{font-weight:bold}</style>"
)
"""Style of the tables of a notebook."""
STYLE_CARTES = (
    ".pf-cartes{display:flex;flex-wrap:wrap;gap:14px}.pf-carte{flex:1 1 320px;max-width:430px;min-width:0;border:1px solid #9a9a9a;padding:.4em .6em}"
    ".pf-carte h3{margin:.1em 0}.pf-carte ul{margin:.3em 0;padding-left:1.1em}.pf-carte figure{margin:0;overflow-x:auto}"
    ".pf-carte figure svg{width:100%;min-width:320px;height:auto}"
)
"""Style of the cards of variants."""
REPETITION, RANGS = 20, 4
"""Signs of a cell and rows from which what a whole column repeats is said once, under the table."""


def page(titre: str, corps: str, style: str = "", exportee: bool = True) -> str:
    """Whole HTML page in French; one written to a file carries its content policy, one served has that of its server."""
    politique = META_POLITIQUE if exportee else ""
    return rendre(
        "page.html", titre=titre, politique=balises(politique), style=balises(STYLE + style), corps=balises(corps)
    )


def remplir(gabarit: str, **valeurs: Any) -> str:
    """Markup of a template, which shows tables by ``tableau(…)``."""
    return rendre(gabarit, tableau=lambda table: balises(tableau(table)), **valeurs)


def a_part(balises: str, prefixe: str) -> str:
    """Same markup with a prefix before every inner name and every reference to one: a page may then hold several such."""
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefixe}", balises)


def dessin(svg: str, texte: str) -> str:
    """Picture as SVG with its words for who does not see it; its inner names are its own, so that a page may hold several."""
    cle = f"i{zlib.crc32((texte + svg).encode()):08x}-"
    return a_part(svg, cle).replace("<svg ", f'<svg role="img" aria-label="{proteger(texte)}" ', 1)


def tableau(table: Table, titre: Literal["h2", "caption", ""] = "h2", repete: bool = True) -> str:
    """Table as HTML, without the end tags and the quotes that HTML lets out: a sixth of a notebook.

    Args:
        table: table to show.
        titre: its title as a heading, as its caption, or not at all.
        repete: whether to show a column whose every cell holds the same words; else they are said once, under the table.
    """
    dits = {} if repete else _dits_une_fois(table)
    colonnes = [(rang, " class=g" if g else "") for rang, g in enumerate(table.a_gauche) if rang not in dits]
    tetes = "".join(f"<th scope=col{g}>{proteger(table.entetes[c])}" for c, g in colonnes)
    lignes = "".join(
        f"<tr{' class=total' if rang in table.totaux else ''}>"
        + "".join(f"<td{g}>{proteger(ligne[c])}" for c, g in colonnes)
        + "\n"
        for rang, ligne in enumerate(table.lignes)
    )
    notes = "".join(f'<p class="note">{proteger(x)}</p>' for x in (*dits.values(), table.note) if x)
    entete = f"<h2>{proteger(table.titre)}</h2>" if titre == "h2" else ""
    legende = f"<caption>{proteger(table.titre)}</caption>" if titre == "caption" else ""
    return f"{entete}<table>{legende}<thead><tr>{tetes}<tbody>{lignes}</table>{notes}"


def _dits_une_fois(table: Table) -> dict[int, str]:
    """Columns that repeat the same words on every row, by rank, with the sentence that says them once."""
    colonnes = list(zip(*table.lignes, strict=True))[1:] if len(table.lignes) >= RANGS else []
    return {
        rang: f"{table.entetes[rang]}, partout : {mots[0]}."
        for rang, mots in enumerate(colonnes, start=1)
        if len(set(mots)) == 1 and len(mots[0]) >= REPETITION
    }
