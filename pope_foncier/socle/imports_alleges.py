"""Imports of others made lighter: what a library compiles as it is imported, and that nothing here uses."""

from __future__ import annotations

import sys


def sans_grammaire_des_adresses() -> None:
    """Keep ``jsonschema`` from compiling a grammar of international addresses (IRI): a second of processor at each start.

    The notebooks and their server import it to check the form of a notebook, which holds no such address; it then does
    without that one check, as where ``rfc3987_syntax`` is not installed. To be called before it is imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
