"""HTML bricks: escaped text, tables, embedded pictures; pages that need nothing from outside."""

from __future__ import annotations

import base64

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
    "<style>.pf table{font-size:.95em}.pf td,.pf th{padding:.15em .6em;text-align:right}.pf td.g,.pf th.g{text-align:left}"
    ".pf tr.total td{font-weight:bold}</style>"
)
"""Style of the tables of a notebook."""


def page(titre: str, corps: str, style: str = "", exportee: bool = True) -> str:
    """Whole HTML page in French; one written to a file carries its content policy, one served has that of its server."""
    politique = META_POLITIQUE if exportee else ""
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">{politique}<title>{proteger(titre)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}{style}</style></head>\n<body>\n{corps}\n</body></html>\n"
    )


def tableau(table: Table, titre: bool = True) -> str:
    """Table as HTML."""
    gauche = [' class="g"' if g else "" for g in table.a_gauche]
    tetes = "".join(f'<th scope="col"{g}>{proteger(e)}</th>' for e, g in zip(table.entetes, gauche, strict=True))
    lignes = "".join(
        f"<tr{' class=total' if rang in table.totaux else ''}>"
        + "".join(f"<td{g}>{proteger(c)}</td>" for c, g in zip(ligne, gauche, strict=True))
        + "</tr>\n"
        for rang, ligne in enumerate(table.lignes)
    )
    note = f'<p class="note">{proteger(table.note)}</p>' if table.note else ""
    entete = f"<h2>{proteger(table.titre)}</h2>" if titre else ""
    return f"{entete}<table><thead><tr>{tetes}</tr></thead><tbody>{lignes}</tbody></table>{note}"


def image(octets: bytes, texte: str) -> str:
    """Picture carried inside the page, with its text alternative."""
    return f'<img alt="{proteger(texte)}" src="data:image/png;base64,{base64.b64encode(octets).decode()}">'
