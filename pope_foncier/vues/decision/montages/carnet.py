"""Notebook view of the montages: one or several studies, their tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.acquisition.fiche import Foncier
from pope_foncier.acquisition.montages import Lecture
from pope_foncier.decision.montages.avoirs import avoirs, comptes
from pope_foncier.decision.montages.bureaux import bureaux_dus
from pope_foncier.decision.montages.comparaison import Mesures, loyer_supportable, mesurer
from pope_foncier.decision.montages.possibles import GARDES, Cas, comparer, relire
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.nombres import euros, pourcent
from pope_foncier.vues.decision.montages import graphiques, tableaux_acteurs, tableaux_titres
from pope_foncier.vues.decision.montages import tableaux as tableaux_montages
from pope_foncier.vues.formes.cellules import html_de, montrer, source_etude
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image


@dataclass(frozen=True)
class Comparatif:
    """Montages of one study, measured."""

    dossier: Dossier
    moteur: Moteur
    cas: tuple[Cas, ...]

    @classmethod
    def de(cls, dossier: Dossier, moteur: Moteur) -> Comparatif:
        """Evaluate the montages of an open study; who asks again for the same study is given the same, with all that was read of them."""
        seule = replace(dossier, variantes={BASE: dossier.etude})
        return moteur.une_fois(
            "comparatif", seule, lambda: cls(seule, moteur, tuple(comparer(seule, moteur))), gardes=GARDES
        )

    def image_frise(self) -> Image | HTML:
        """Time line of rights and commitments."""
        return montrer(graphiques.frise(self.cas, self.moteur.catalogue, source_etude(self.dossier.nom)))

    @property
    def foncier(self) -> Foncier:
        """Property section of the study."""
        assert self.dossier.etude.foncier is not None
        return self.dossier.etude.foncier

    @cached_property
    def mesures(self) -> dict[str, Mesures]:
        """Measures of the montages that are not impossible."""
        return {c.nom: mesurer(c, self.foncier) for c in self.cas if c.evaluation is not None}

    @cached_property
    def mesures_renouvelees(self) -> dict[str, Mesures]:
        """The same with every tenure renewed to the end of the study."""
        return {
            c.nom: mesurer(replace(c, evaluation=c.renouvelee), self.foncier)
            for c in self.cas
            if c.renouvelee is not None
        }

    @cached_property
    def lectures(self) -> dict[str, list[tuple[Lecture, Mesures]]]:
        """Measures of each montage under the other answer to each unsettled point of law."""
        return {
            c.nom: [
                (autre.lecture, mesurer(replace(c, evaluation=autre.evaluation), self.foncier))
                for autre in relire(self.dossier, c, self.moteur)
            ]
            for c in self.cas
            if c.evaluation is not None
        }

    @cached_property
    def supportables(self) -> dict[str, float]:
        """Largest bearable rent of the montages with a letting."""
        return {
            c.nom: loyer_supportable(c, self.dossier, self.foncier, self.moteur) for c in self.cas if c.montage.bail
        }

    @cached_property
    def tables(self) -> dict[str, Table]:
        """All the tables of the montages of the study, by name, in the order of a reading."""
        return {nom: self.table(nom) for nom in self._ecrire}

    def table(self, nom: str) -> Table:
        """One table by its name in ``tables``; what the others read alone is not computed."""
        return self._ecrire[nom]()

    @cached_property
    def _ecrire(self) -> dict[str, Callable[[], Table]]:
        dus = {c.nom: lus for c in self.cas if (lus := bureaux_dus(c)) is not None}
        bureaux = {"bureaux": lambda: tableaux_montages.bureaux(self.cas, dus)} if dus else {}
        return {
            "possibilites": lambda: tableaux_montages.possibilites(self.cas),
            "qui": lambda: tableaux_acteurs.qui_fait_quoi(self.cas),
            "titres": lambda: tableaux_titres.titres(self.cas),
            "bouclage": lambda: tableaux_montages.bouclage(self.mesures, self.cas),
            "couts": lambda: tableaux_montages.couts(self.mesures, self.cas, self.supportables, self._note_couts()),
            "horizon": lambda: tableaux_titres.horizon(
                self.mesures, self.mesures_renouvelees, self.cas, self._note_horizon()
            ),
            "commune": lambda: tableaux_montages.commune(self.mesures, self.cas),
            "taxes": lambda: tableaux_montages.taxes(self.mesures, self.cas),
            **bureaux,
            "lectures": lambda: tableaux_titres.lectures(self.mesures, self.lectures, self.cas),
            "retraits": lambda: tableaux_montages.retraits(self.mesures, self.cas),
            "avoirs": lambda: tableaux_acteurs.avoirs_a_la_fin(
                {c.nom: avoirs(c.bouclee) for c in self.cas if c.evaluation is not None}, self.cas
            ),
        }

    def comptes(self, montage: str) -> Table:
        """Account of each party of one montage, on its closed plan."""
        (cas,) = (c for c in self.cas if c.nom == montage)
        return tableaux_acteurs.comptes_des_acteurs(cas.montage.titre, comptes(cas.bouclee))

    def _note_couts(self) -> str:
        taux, plafond = self.foncier.taux_actualisation.valeur, self.foncier.contribution_max_par_place.valeur
        actualisation = "un taux inconnu" if taux is None else pourcent(taux)
        return (
            f"Flux actualisés à {actualisation} sur la durée du titre, rapportés aux places ouvertes ; revente déduite. "
            "L'achat par l'association, une Scic, une SCI ou une foncière coûte autant : ce qui change est qui paie, quand, et ce que "
            "gagne le porteur ; ce que paie le gestionnaire peut donc dépasser le coût. À trouver : ce que personne n'a promis ; il ne baisse "
            "ni ce coût ni le loyer d'équilibre, qui rémunère au même taux tout ce qui manque au plan du porteur. Couverture : le revenu du "
            "porteur sur ses échéances, la plus basse des années pleines ; « insuffisante » sous 1. "
            f"Loyer supportable : contribution de la commune d'au plus {euros(np.nan if plafond is None else plafond)} par place et par an (hypothèses)."
        )

    def _note_horizon(self) -> str:
        fiche = self.foncier.renouvellement
        hausse, travaux = (
            np.nan if d.valeur is None else d.valeur for d in (fiche.hausse_part, fiche.reinstallation_part)
        )
        ans = self.dossier.etude.horizon_mois // 12
        return (
            f"Titre renouvelé jusqu'à {ans} ans : loyer relevé de {pourcent(hausse)} et {pourcent(travaux)} des travaux refaits à chaque "
            "renouvellement (hypothèses) ; aucun titre ne donne un droit au renouvellement, prêt et aides restent ceux du premier titre."
        )


@dataclass(frozen=True, repr=False)
class CarnetMontages(Pages):
    """Montages of several studies, for a notebook."""

    comparatifs: tuple[Comparatif, ...]

    def matrice(self) -> HTML:
        """Sites × montages."""
        return html_de(matrice(self.comparatifs))

    def table(self, nom: str, site: int = 0, plie: bool = False) -> HTML:
        """One table of a study, by its name in ``Comparatif.tables``, folded when it is a detail."""
        return html_de(self.comparatifs[site].table(nom), plie)

    def comptes(self, montage: str, site: int = 0) -> HTML:
        """Account of each party of one montage."""
        return html_de(self.comparatifs[site].comptes(montage))

    def image_frise(self, site: int = 0) -> Image | HTML:
        """Time line of rights and commitments."""
        return self.comparatifs[site].image_frise()

    def image_flux(self, montage: str, site: int = 0) -> Image | HTML:
        """Who pays whom in one montage."""
        (cas,) = (c for c in self.comparatifs[site].cas if c.nom == montage)
        return montrer(graphiques.flux(cas, source_etude(self.comparatifs[site].dossier.nom)))


def matrice(comparatifs: Sequence[Comparatif]) -> Table:
    """Sites × montages of several studies."""
    titres = [c.dossier.etude.titre for c in comparatifs]
    return tableaux_montages.matrice(titres, [(c.cas, c.mesures) for c in comparatifs])
