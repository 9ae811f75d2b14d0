"""Variants that an architect keeps, of one place or of several: cards and a table side by side, which a change of place leaves there."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.gardees import ICI
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.etude import variantes
from pope_foncier.vues.etude.cartes_des_variantes import cartes
from pope_foncier.vues.etude.variantes import Variante

GARDEES_MAX = 5


class VariantesGardees:
    """Variants kept, their buttons, cards and table; an application of a place joins it, the next one takes its turn."""

    def __init__(self) -> None:
        self.gardees: list[Variante] = []
        self.html, self.lien = w.HTML(), w.HTML()
        self._rang, self._affichee = 0, _rien
        self.boites = [
            champs.bouton("Garder cette variante pour comparer", self.garder),
            champs.bouton("Oublier les variantes gardées", self.oublier),
            champs.bouton("Préparer la planche A3 (PDF)", self.preparer),
            self.lien,
            self.html,
        ]

    def suivre(self, affichee: Callable[[], Variante]) -> None:
        """Read the variant on the screen there from now on."""
        self._affichee = affichee

    def cote_a_cote(self) -> list[Variante]:
        """Variants kept, then the one on the screen."""
        return [*self.gardees, replace(self._affichee(), nom=ICI)]

    def garder(self) -> None:
        """Keep the variant on the screen; beyond five, the oldest leaves."""
        self._rang += 1
        self.gardees = [*self.gardees, replace(self._affichee(), nom=f"Variante {self._rang}")][-GARDEES_MAX:]
        self.montrer()

    def oublier(self) -> None:
        """Forget the variants kept."""
        self._rang, self.gardees = 0, []
        self.montrer()

    def preparer(self) -> None:
        """Set the A3 sheet of the variants kept and of the one on the screen, behind a link that saves it."""
        from pope_foncier.vues.dossier.planches_des_variantes import planches

        try:
            octets = planches(self.cote_a_cote())
        except ErreurPope as erreur:
            self.lien.value = textes.message(str(erreur), bon=False)
            return
        code = base64.b64encode(octets).decode()
        self.lien.value = f'<p><a download="variantes.pdf" href="data:application/pdf;base64,{code}">Enregistrer la planche, variantes.pdf ({formater_nombre(len(octets) / 1000)} ko)</a></p>'

    def montrer(self) -> None:
        """Draw the cards and the table again; a sheet prepared before is no longer that of the screen."""
        self.lien.value = ""
        if not self.gardees:
            self.html.value = ""
            return
        toutes = self.cote_a_cote()
        self.html.value = f"<h2>Variantes gardées</h2>{cartes(toutes)}{textes.tables(variantes.table(toutes))}"


def _rien() -> Variante:
    raise AssertionError("no application has joined")
