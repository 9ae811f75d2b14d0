"""First notebook: the studies that the project holds, side by side, and one figure explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.analyse.scenarios import ouvrir
from pope_foncier.vues import graphiques, graphiques_ensemble
from pope_foncier.vues.carnet import html_de, image_de
from pope_foncier.vues.carnet_etude import etudes_livrees
from pope_foncier.vues.explication import arbre
from pope_foncier.vues.tableaux import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image

_EXEMPLE = "ressources.piaje"


@dataclass(frozen=True)
class Depart:
    """Studies of the project, computed."""

    resultats: tuple[Resultat, ...]

    @classmethod
    def ouvrir(cls) -> Depart:
        """Open and compute every study that the project holds."""
        moteur = Moteur.ouvrir()
        return cls(tuple(Resultat.calculer(ouvrir(f), moteur) for f in etudes_livrees()))

    def etudes(self) -> HTML:
        """Each study: places, cost, gap, contribution of the commune."""
        lignes = [_ligne(r.vue(), r.dossier.etude.titre, r.dossier.site.commune) for r in self.resultats]
        entetes = ("Étude", "Commune", "Places", "Besoins", "Reste à financer", "Contribution de la commune, par place")
        note = "Lectures de base ; surfaces, loyers et prix inconnus y sont des hypothèses, marquées dans chaque étude."
        return html_de(Table("Les études du projet", entetes, tuple(lignes), note=note))

    def image(self) -> Image:
        """What each study asks for, and who pays it."""
        fig, ax = graphiques.figure(9.0, 4.6)
        graphiques_ensemble.tracer_etudes([(r.dossier.etude.titre, r.vue()) for r in self.resultats], ax)
        return image_de(fig, "Besoins de chaque étude, par qui les paie", "études du projet, hypothèses comprises")

    def exemple(self) -> None:
        """Print how one amount is computed, from the first study that has it."""
        vue = next(v for r in self.resultats if _EXEMPLE in (v := r.vue()).ev.livre.lignes)
        print(arbre(vue, _EXEMPLE))


def _ligne(vue: Vue, titre: str, commune: str) -> tuple[str, ...]:
    contribution = vue.indicateurs.get("contribution_par_place")
    return (
        titre,
        commune,
        vue.ev.capacite.places.lire(vue.rang),
        vue.ev.plan.besoins.lire(vue.rang),
        vue.ev.plan.reste_a_financer.lire(vue.rang),
        "sans objet" if contribution is None else contribution.lire(vue.rang),
    )
