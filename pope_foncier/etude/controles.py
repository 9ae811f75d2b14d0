"""Thresholds of the ratios, and a ratio once it is read against its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Entier, Fiche, Nombre, Texte, lire_fiche
from pope_foncier.socle.grandeur import Grandeur

Statut = Literal["respecte", "a_surveiller", "non_respecte", "indetermine"]
STATUTS: tuple[Statut, ...] = ("respecte", "a_surveiller", "non_respecte", "indetermine")
STATUT_EN_CLAIR: dict[str, str] = {
    "respecte": "respecté",
    "a_surveiller": "à surveiller",
    "non_respecte": "non respecté",
    "indetermine": "indéterminé",
}

SANS_RESSOURCE = "une charge, et rien pour la payer"
"""Why a ratio of a charge over what pays it has no number."""


class Periode(Fiche):
    """Full years in a row that a control reads together, and the text that says so."""

    annees: Entier
    base: Texte


class Controle(Fiche):
    """Threshold of a ratio; without a published source it is a working value."""

    libelle: Texte
    unite: str
    sens: Literal["au_plus", "au_moins"]
    seuil: Nombre
    alerte: Nombre
    lecture: Texte
    depend_du_bouclage: bool = True
    """Whether closing the plan could change it: it is then undetermined on a plan that lacks money."""
    periode: Periode | None = None
    """Years read together, for a control that looks at several."""
    source: Reference | None = None
    repere: Texte | None = None
    """What is usual elsewhere, or why this threshold."""

    @property
    def origine(self) -> str:
        """French mention of where the threshold comes from."""
        return self.source.titre if self.source else "valeur de travail"


class Controles(Fiche):
    """Thresholds by name."""

    ratios: dict[str, Controle]


@enregistrement
class Ratio:
    """Ratio of an evaluation, one value per scenario, shape (…, 1)."""

    code: str
    controle: Controle
    grandeur: Grandeur
    manque: Grandeur | None = None
    """What the plan lacks, when the ratio depends on how it is found."""

    def motif(self, scenario: int = 0) -> str:
        """Why the ratio has no number in one scenario, or nothing."""
        if self.sans_ressource(scenario):
            return SANS_RESSOURCE
        if self.statut(scenario) != "indetermine":
            return ""
        if self.manque is not None and self.manque.au_point(scenario) > BOUCLE_A:
            return f"le plan ne boucle pas : {self.manque.lire(scenario)} à trouver"
        return "une donnée manque" if self.grandeur.manques else "rien à rapporter"

    def sans_ressource(self, scenario: int = 0) -> bool:
        """Whether a charge has nothing to pay it: no number, and the worst there is."""
        return bool(np.isinf(self.grandeur.au_point(scenario)))

    def statut(self, scenario: int = 0) -> Statut:
        """Status in one scenario; an undefined ratio is ``indetermine``."""
        return STATUTS[int(self.statuts().reshape(-1)[scenario if self.grandeur.valeur.size > 1 else 0])]

    def statuts(self) -> np.ndarray:
        """Ranks in ``STATUTS`` for every scenario or draw; a charge that nothing pays fails, it is not « undetermined »."""
        signe = 1.0 if self.controle.sens == "au_moins" else -1.0
        valeur, seuil, alerte = signe * self.grandeur.valeur, signe * self.controle.seuil, signe * self.controle.alerte
        rang = np.where(valeur >= seuil - 1e-9, 0, np.where(valeur >= alerte - 1e-9, 1, 2))
        return np.where(np.isnan(valeur), 3, rang)


@lru_cache(maxsize=4)
def lire_controles(chemin: Path | None = None) -> Controles:
    """Read the thresholds."""
    return lire_fiche(Controles, chemin or dossier_donnees() / "controles" / "ratios.yaml")
