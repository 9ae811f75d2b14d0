"""Plan on the screen of the architect, edited by handles: opened on demand, taken as a plan like another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.lieu.lieu_ouvert import Lieu

if TYPE_CHECKING:
    from pope_foncier.vues.lieu.editeur import Editeur


class EditionDuPlan:
    """Editor under the plan of the page.

    Args:
        a_modifier: plan to edit and its place, or why there is none.
        prendre: told of a plan without fault that the architect takes, and of its file.
    """

    def __init__(
        self, a_modifier: Callable[[], tuple[PlanTrace, Lieu] | str], prendre: Callable[[PlanTrace, Path], None]
    ) -> None:
        self._a_modifier, self._prendre = a_modifier, prendre
        self._dossier, self._pris = TemporaryDirectory(prefix="plans_"), 0
        self.editeur: Editeur | None = None
        self.avis, self.zone = w.HTML(), w.VBox([])
        self.boites = [champs.bouton("Modifier ce plan à la main", self.ouvrir), self.avis, self.zone]

    def ouvrir(self) -> None:
        """Open the plan shown in the editor; one that was open is left."""
        from pope_foncier.vues.lieu.editeur import Editeur

        try:
            trouve = self._a_modifier()
        except ErreurPope as erreur:
            trouve = str(erreur)
        if isinstance(trouve, str):
            self._dire(trouve, bon=False)
            return
        trace, lieu = trouve
        self.fermer()
        self.editeur = Editeur(trace.fiche, lieu)
        boutons = [
            champs.bouton("Prendre ce tracé comme plan", self.prendre),
            champs.bouton("Fermer l'éditeur", self.fermer),
        ]
        self.zone.children = (self.editeur, w.HBox(boutons, layout=w.Layout(flex_flow="row wrap")))

    def prendre(self) -> None:
        """Take the plan as it stands; with a fault, say it and go on editing."""
        if self.editeur is None:
            return
        if self.editeur.fautes:
            self._dire(f"Ce tracé a une faute, il reste dans l'éditeur : {self.editeur.fautes[0]}", bon=False)
            return
        self._pris += 1
        fichier = self.editeur.enregistrer(Path(self._dossier.name) / f"modifie_{self._pris}.yaml")
        self._prendre(self.editeur.plan, fichier)
        self._dire(
            "Tracé pris : les surfaces, les places et le coût le suivent. Le fichier YAML se garde par le bouton « Télécharger »."
        )

    def fermer(self) -> None:
        """Leave the editor."""
        if self.editeur is not None:
            self.zone.children = ()
            self.editeur.close()
            self.editeur = None
        self.avis.value = ""

    def _dire(self, texte: str, bon: bool = True) -> None:
        self.avis.value = textes.message(texte, bon)
