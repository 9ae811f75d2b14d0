"""Notebook view of the montages: one or several studies, their tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from IPython.display import HTML, Image

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.comparaison import Mesures, loyer_supportable, mesurer
from pope_foncier.analyse.montages import Cas, comparer
from pope_foncier.analyse.portefeuille import assembler, eprouver, lire_portefeuille
from pope_foncier.analyse.scenarios import Dossier, ouvrir
from pope_foncier.finances.entree import taxe_bureaux
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.foncier import Foncier
from pope_foncier.socle.nombres import euros, pourcent
from pope_foncier.vues import graphiques, graphiques_montages, tableaux_montages, tableaux_portefeuille
from pope_foncier.vues.carnet import html_de
from pope_foncier.vues.tableaux import Table


@dataclass(frozen=True)
class Comparatif:
    """Montages of one study, measured."""

    dossier: Dossier
    moteur: Moteur
    cas: tuple[Cas, ...]

    @classmethod
    def ouvrir(cls, fichier: Path, moteur: Moteur) -> Comparatif:
        """Open a study and evaluate its montages."""
        return cls.de(ouvrir(fichier), moteur)

    @classmethod
    def de(cls, dossier: Dossier, moteur: Moteur) -> Comparatif:
        """Evaluate the montages of an open study."""
        return cls(dossier, moteur, tuple(comparer(dossier, moteur)))

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
    def supportables(self) -> dict[str, float]:
        """Largest bearable rent of the montages with a letting."""
        return {
            c.nom: loyer_supportable(c, self.dossier, self.foncier, self.moteur) for c in self.cas if c.montage.bail
        }

    def tables(self) -> list[Table]:
        """All the tables of the montages of the study."""
        taux, plafond = self.foncier.taux_actualisation.valeur, self.foncier.contribution_max_par_place.valeur
        actualisation = "un taux inconnu" if taux is None else pourcent(taux)
        note = (
            f"Flux actualisés à {actualisation} sur la durée du titre, rapportés aux places ouvertes ; revente déduite. "
            f"Loyer supportable : contribution de la commune d'au plus {euros(np.nan if plafond is None else plafond)} par place et par an (hypothèses)."
        )
        return [
            tableaux_montages.possibilites(self.cas),
            tableaux_montages.couts(self.mesures, self.cas, self.supportables, note),
            tableaux_montages.commune(self.mesures, self.cas),
            tableaux_montages.taxes(self.mesures, self.cas),
            *self._bureaux(),
            tableaux_montages.retraits(self.mesures, self.cas),
        ]

    def _bureaux(self) -> list[Table]:
        if self.dossier.etude.taxes is None:
            return []
        plafonds, brute = {}, float("nan")
        for c in self.cas:
            if c.evaluation is None:
                continue
            ctx: Contexte = c.evaluation.ctx
            surface = ctx.entree("taxes.surface_bureaux_m2", "Surface comptée en bureaux", "m²")
            lectures = taxe_bureaux(ctx, surface, ctx.entree("taxes.terrain", "Terrain", "€"))
            brute = float(lectures["brute"].valeur.flat[0])
            plafonds[c.nom] = float(lectures["plafonnee"].valeur.flat[0])
        return [tableaux_montages.bureaux(self.cas, (brute, plafonds))]


@dataclass(frozen=True)
class CarnetMontages:
    """Montages of several studies, for a notebook."""

    comparatifs: tuple[Comparatif, ...]

    @classmethod
    def ouvrir(cls, fichiers: Sequence[str]) -> CarnetMontages:
        """Open the studies; the first one is shown in detail."""
        moteur = Moteur.ouvrir()
        return cls(tuple(Comparatif.ouvrir(Path(f), moteur) for f in fichiers))

    def matrice(self) -> HTML:
        """Sites × montages."""
        return html_de(matrice(self.comparatifs))

    def table(self, rang: int, site: int = 0) -> HTML:
        """One table of a study, in the order of ``Comparatif.tables``."""
        return html_de(self.comparatifs[site].tables()[rang])

    def image_frise(self, site: int = 0) -> Image:
        """Time line of rights and commitments."""
        comparatif = self.comparatifs[site]
        nombre = sum(c.evaluation is not None for c in comparatif.cas)
        fig, ax = graphiques.figure(9, 1.4 + 0.62 * nombre)
        graphiques_montages.tracer_frise(comparatif.cas, comparatif.moteur.catalogue, ax)
        return Image(graphiques.octets(fig, points=90), alt="Frise des titres, autorisations, prêts et engagements")

    def image_flux(self, montage: str, site: int = 0) -> Image:
        """Who pays whom in one montage."""
        (cas,) = (c for c in self.comparatifs[site].cas if c.nom == montage)
        fig, ax = graphiques.figure(9, 4.6)
        graphiques_montages.tracer_flux(cas, ax)
        return Image(graphiques.octets(fig, points=90), alt=f"Flux entre acteurs : {cas.montage.titre}")


def portefeuille(fichier: str) -> HTML:
    """Trials and balance sheet of a portfolio."""
    moteur, lu = Moteur.ouvrir(), lire_portefeuille(Path(fichier))
    tables = (
        tableaux_portefeuille.epreuves(lu, eprouver(lu, moteur)),
        tableaux_portefeuille.bilan(assembler(lu, moteur)),
    )
    return HTML("".join(html_de(table).data for table in tables))


def matrice(comparatifs: Sequence[Comparatif]) -> Table:
    """Sites × montages of several studies."""
    titres = [c.dossier.etude.titre for c in comparatifs]
    return tableaux_montages.matrice(titres, [(c.cas, c.mesures) for c in comparatifs])
