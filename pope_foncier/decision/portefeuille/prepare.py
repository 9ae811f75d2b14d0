"""Site of a portfolio ready to evaluate: its line, its open study, and the study of its montage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pope_foncier.decision.portefeuille.fiche import LignePortefeuille
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Prepare:
    """Site of a portfolio ready to evaluate: its line, the open study, and the study of its montage."""

    ligne: LignePortefeuille
    dossier: Dossier
    etude: Etude

    def evaluer(self, moteur: Moteur, retard: int = 0, tirages: Mapping[str, Tableau] | None = None) -> Evaluation:
        """Evaluate the site, its counted grants late by some months, for one scenario or for draws by field, each (D,)."""
        etude = self.etude
        comptees = [a for a in etude.aides if a.statut != "non_demandee"]
        if retard and comptees:
            surcharges = {f"aides[{a.id}].retard_mois": a.retard_mois + retard for a in comptees}
            etude = varier(replace(self.dossier, etude=etude, variantes={BASE: etude}), "retard", surcharges)
        return moteur.tirer(self.dossier, tirages or {}, etude)
