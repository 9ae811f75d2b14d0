"""What a committee asks of the lender's stack: stresses that strike together, and the search of what a cover would take."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.decision.fiche_epreuves import FicheEpreuve, lire_epreuves
from pope_foncier.decision.recherche import rechercher
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.etude import tableaux_comite

ENSEMBLE = "Ensemble"
"""Word of the stresses chosen together."""


class Choisies:
    """Stresses ticked, to strike together."""

    def __init__(self, changer: Callable[[], None]) -> None:
        self.fiches = {e.id: e for e in lire_epreuves().epreuves}
        self.cases = {
            cle: w.Checkbox(value=False, description=fiche.libelle, indent=False, layout=w.Layout(width="auto"))
            for cle, fiche in self.fiches.items()
        }
        for case in self.cases.values():
            case.observe(lambda _: changer(), "value")
        titre = w.HTML("<h2>Éprouver ensemble</h2><p class=note>Cocher les épreuves qui frappent à la fois.</p>")
        self.boite = champs.rangee([titre, *self.cases.values()])

    def epreuves(self) -> list[FicheEpreuve]:
        """Stresses ticked, in the order of the list."""
        return [self.fiches[cle] for cle, case in self.cases.items() if case.value]


class Cherche:
    """Search, on demand, of what the covers of the data would take on the stack shown."""

    def __init__(self, vue: Callable[[], Vue]) -> None:
        self._vue = vue
        self.sortie = w.HTML()
        self.bouton = champs.bouton("Chercher ce qu'une couverture voulue demande", self.chercher)
        self.boite = w.VBox([self.bouton, self.sortie])

    def chercher(self) -> None:
        """Search, then show the table, or why nothing can be sought."""
        try:
            table = tableaux_comite.recherches(rechercher(self._vue()))
        except ErreurPope as erreur:
            self.sortie.value = textes.message(str(erreur), bon=False)
            return
        if table is None:
            self.sortie.value = textes.message(tableaux_comite.SANS_RECHERCHE, bon=False)
        else:
            self.sortie.value = textes.tables(table)

    def oublier(self) -> None:
        """Leave out what was found on another stack."""
        self.sortie.value = ""
