"""Applications of the workshops by name: what a notebook shows."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.porte.attendu import verifie
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.memoire import ramasser_moins_souvent
from pope_foncier.socle.refus import paquet_absent, refuser
from pope_foncier.socle.trouver import trouver

if TYPE_CHECKING:
    import ipywidgets as w

APPLICATIONS = ("architecte", "commune", "financeur")
_MODULES = {"commune": "lieux"}
"""Modules of the applications that are not named after them: that of the municipality holds one study or several."""


@verifie
def atelier(nom: str, etude: str | Path | None = None) -> w.Widget:
    """Application of a workshop, ready to show in JupyterLab or Voilà.

    Args:
        nom: ``architecte``, ``commune`` or ``financeur``.
        etude: study of the workshop, by name or file; that of ``make atelier`` by default.

    Raises:
        Inconnu: no such workshop.
        ErreurDonnees: no such study.

    >>> import pope_foncier as pf
    >>> pf.atelier("commune")  # doctest: +SKIP
    >>> try:
    ...     pf.atelier("financeurs")
    ... except pf.Inconnu as erreur:
    ...     print(erreur)
    Atelier inconnu : « financeurs ». Peut-être : financeur.
    """
    if nom not in APPLICATIONS:
        raise refuser("Atelier inconnu", nom, APPLICATIONS)
    fichier = None if etude is None else trouver(etude, "etudes")
    ramasser_moins_souvent()
    try:
        application = import_module(f"pope_foncier.ateliers.{_MODULES.get(nom, nom)}").application
    except ModuleNotFoundError as erreur:
        raise ErreurPope(paquet_absent(erreur, "ouvrir les ateliers")) from None
    ouverte: w.Widget = application(fichier)
    return ouverte
