"""Cash of one party month by month: its flows, received positive and paid negative, and what it holds before and after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class FluxDeCaisse:
    """Flows of a party by name, each of shape (M,) [€]; a flow that never moves is left out, an unknown one is NaN."""

    flux: dict[str, Tableau]
    duree: int

    @property
    def fin(self) -> Tableau:
        """Cash at the end of each month, from zero at the start."""
        return np.cumsum(sum(self.flux.values(), np.zeros(self.duree)))

    @property
    def debut(self) -> Tableau:
        """Cash at the start of each month."""
        return np.concatenate([[0.0], self.fin[:-1]])


def flux_de(ev: Evaluation, acteur: str, nommer: Callable[[Ligne], str], scenario: int = 0) -> FluxDeCaisse:
    """Flows of a party; those that bear the same name are added."""
    duree = ev.ctx.echelle.duree_mois
    sommes: dict[str, Tableau] = {}
    for ligne in ev.livre.lignes.values():
        if ligne.est_flux and acteur in (ligne.payeur, ligne.receveur):
            signe = 1.0 if ligne.receveur == acteur else -1.0
            nom = nommer(ligne)
            sommes[nom] = sommes.get(nom, np.zeros(duree)) + mensuel(ev, ligne, scenario) * signe
    return FluxDeCaisse({nom: v for nom, v in sommes.items() if not np.all(v == 0.0)}, duree)


def mensuel(ev: Evaluation, ligne: Ligne, scenario: int) -> Tableau:
    """Values of a flow by month in one scenario, shape (M,)."""
    valeur = ligne.grandeur.valeur
    lignes = valeur.reshape(-1, valeur.shape[-1])
    return np.broadcast_to(lignes[scenario if len(lignes) > 1 else 0], (ev.ctx.echelle.duree_mois,))
