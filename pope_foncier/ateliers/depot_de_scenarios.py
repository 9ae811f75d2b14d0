"""Scenario file opened on a page: what the workshop holds already is told, the rest is proposed, one refused does not lose the others."""

from __future__ import annotations

from typing import Protocol

import ipywidgets as w

from pope_foncier.ateliers.carte_du_visiteur import CarteDuVisiteur
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import Contenu
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.propositions import ScenarioDepose, lire_le_depot
from pope_foncier.ateliers.saisie import Annonces, en_clair
from pope_foncier.socle.erreurs import ErreurPope


class Journalier(Protocol):
    """What the deposit asks of the panel."""

    modele: Modele
    atelier: Atelier
    annonces: Annonces
    carte: CarteDuVisiteur

    def relire(self) -> None:
        """Read the journal again."""

    def ecrire(self, entree: Contenu) -> None:
        """Write an entry."""


class DepotDeScenarios:
    """Button that opens a scenario file.

    Attributes:
        fichier: button.
        boite: widget to show.
    """

    def __init__(self, panneau: Journalier) -> None:
        self._panneau = panneau
        self.fichier = w.FileUpload(
            accept=".yaml,.yml",
            multiple=False,
            description="Ouvrir un fichier de scénarios",
            layout=w.Layout(width="max-content"),
        )
        self.fichier.observe(lambda _: self._ouvrir(), "value")
        self._dit = w.HTML()
        self.boite = w.VBox([self.fichier, self._dit])

    def _ouvrir(self) -> None:
        """Read the file strictly."""
        if not self.fichier.value:
            return
        donne, ici = self.fichier.value[0], self._panneau
        self.fichier.value = ()
        octets, nom = bytes(donne["content"]), str(donne["name"])
        ici.relire()
        try:
            self._proposer(lire_le_depot(ici.modele, ici.atelier, ici.carte.qui.value, octets, nom))
        except ErreurPope as erreur:
            ici.annonces.dire(self._dit, str(erreur), bon=False)

    def _proposer(self, deposes: list[ScenarioDepose]) -> None:
        """Propose the scenarios one by one, once the visitor said who they are."""
        ici = self._panneau
        ici.carte.exiger(lambda: self._proposer(deposes))
        dits, bon = [], True
        for depose in deposes:
            if depose.deja is not None:
                dits.append(f"« {depose.titre} » est déjà là : {depose.deja.titre}.")
            elif depose.proposition is not None:
                try:
                    ici.ecrire(depose.proposition)
                    dits.append(f"« {depose.titre} » proposé : {ici.atelier.titre(depose.proposition.nom)}.")
                except ErreurPope as erreur:
                    dits.append(f"« {depose.titre} » refusé : {en_clair(erreur)}")
                    bon = False
        ici.annonces.dire(self._dit, "\n".join(dits), bon)
