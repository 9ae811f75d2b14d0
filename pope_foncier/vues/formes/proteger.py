"""Protection of what users wrote: the same text stays text in HTML, SVG, titles, Markdown, and in a spreadsheet."""

from __future__ import annotations

import re
from html import escape

from pope_foncier.socle.erreurs import sans_controle

POLITIQUE = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""Content policy of an exported page: it runs nothing and fetches nothing; its own style and the pictures that it carries, no more."""
META_POLITIQUE = f'<meta http-equiv="Content-Security-Policy" content="{POLITIQUE}">'

_MARQUES = re.compile(r"([\\`*_\[\]{}|~$@]|:(?=//)|(?<=www)\.|(?<=\])\(|^[#+=-]|(?<=^[0-9])[.)])")
"""What Markdown takes for a mark anywhere, for an address, or at the beginning of a line."""
_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")


def proteger(texte: str, markdown: bool = False) -> str:
    """Text written by a user, as HTML, SVG, a title or an attribute shows it as it is; as Markdown does, when asked, on one line.

    Every text that a user wrote goes through here on its way to a page, a notebook or a report.
    """
    propre = sans_controle(str(texte))
    if markdown:
        return _MARQUES.sub(r"\\\1", escape(" ".join(propre.split()), quote=False))
    return escape(propre)


def sans_formule(texte: str) -> str:
    """Text that a spreadsheet does not take for a formula: a quotation mark before what would start one."""
    return f"'{texte}" if texte.startswith(_FORMULE) else texte
