"""Choice of how the commune pays to the operation: its modes, and the lever of the amount of the mode chosen."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.regles import ContributionProposee
from pope_foncier.vues.formes.modes_de_soutien import MODES


class ChoixContribution:
    """Mode of the contribution, and its amount when the mode has one.

    Attributes:
        boite: widget to show.
    """

    def __init__(self, modele: Modele, au_changement: Callable[[], None]) -> None:
        self._au_changement, self._muet = au_changement, False
        self._proposes: dict[str, ContributionProposee] = {c.mode: c for c in modele.regles.contributions}
        exploitation = modele.dossier.etude.exploitation
        deja = "" if exploitation is None else MODES[exploitation.contribution_commune.mode].paye
        options = [(f"ce que dit l'étude : {deja}", ""), *((MODES[c.mode].paye, m) for m, c in self._proposes.items())]
        self.mode = champs.choix("La Ville paie chaque année", options, "")
        self.mode.observe(lambda _: self._choisi(), "value")
        self.note = w.HTML()
        self.curseurs = {
            mode: champs.Curseur(
                modele.regles.levier(propose.montant.levier), modele.depart_de_la_contribution(propose), au_changement
            )
            for mode, propose in self._proposes.items()
            if propose.montant is not None
        }
        self.boite = w.VBox([self.mode, self.note])

    def lire(self) -> tuple[str, dict[str, int]]:
        """Mode, and its amount as a lever."""
        mode = str(self.mode.value)
        curseur = self.curseurs.get(mode)
        valeur = None if curseur is None else curseur.valeur
        return mode, {} if curseur is None or valeur is None else {curseur.levier.nom: valeur}

    def a_plat(self) -> Plats:
        """Plain form, for the journal: that of the settings of a scenario; nothing when the study decides."""
        mode, leviers = self.lire()
        return Reglages(contribution=mode, leviers=leviers).a_plat()

    def poser(self, reglages: Reglages, modele: Modele) -> None:
        """Take back settings without telling anybody; an amount that they do not give is that of the starting point.

        Raises:
            KeyError: a mode that is not proposed any more; nothing is then changed.
        """
        if reglages.contribution and reglages.contribution not in self._proposes:
            raise KeyError(reglages.contribution)
        self._muet = True
        try:
            self.mode.value = reglages.contribution
        finally:
            self._muet = False
        for mode, curseur in self.curseurs.items():
            depart = modele.depart_de_la_contribution(self._proposes[mode])
            curseur.poser(reglages.leviers.get(curseur.levier.nom, depart))
        self._montrer()

    def _choisi(self) -> None:
        if not self._muet:
            self._montrer()
            self._au_changement()

    def _montrer(self) -> None:
        mode = str(self.mode.value)
        propose, curseur = self._proposes.get(mode), self.curseurs.get(mode)
        self.note.value = "" if propose is None else textes.note(f"{propose.note}.")
        self.boite.children = (self.mode, *((curseur.boite,) if curseur is not None else ()), self.note)
