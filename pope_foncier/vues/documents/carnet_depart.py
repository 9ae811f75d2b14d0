"""First notebook: the studies that the project holds, side by side, and one figure explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.vues.decision import graphiques
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.explication import arbre
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image

_EXEMPLE = "ressources.piaje"


@dataclass(frozen=True, repr=False)
class Depart(Pages):
    """Studies of the project, computed."""

    resultats: tuple[Resultat, ...]

    def etudes(self) -> HTML:
        """Each study: places, cost, what its plan lacks and what is to find, contribution of the commune, cover of the debt."""
        lignes = [_ligne(r.vue(), r.dossier.etude.titre, r.dossier.site.commune) for r in self.resultats]
        entetes = (
            "Étude",
            "Commune",
            "Places",
            "Besoins",
            "Reste à financer (plan tel quel)",
            "À trouver (plan bouclé)",
            "Commune, par place et par an, croisière (plan bouclé)",
            "Annoncé par la commune",
            "Couverture de la dette, plan bouclé : croisière (pire année)",
        )
        note = (
            "Lectures de base ; surfaces, loyers et prix inconnus y sont des hypothèses, marquées dans chaque étude. Plan bouclé : ce "
            "qui est à trouver est lu comme une subvention que personne n'a promise, ou comme un capital quand le propriétaire fait les travaux et loue."
        )
        return html_de(Table("Les études du projet", entetes, tuple(lignes), note=note))

    def image(self) -> Image | HTML:
        """What each study asks for, and who pays it."""
        return montrer(graphiques.etudes([(r.dossier.etude.titre, r.vue()) for r in self.resultats]))

    def exemple(self) -> None:
        """Print how one amount is computed, from the first study that has it."""
        vue = next(v for r in self.resultats if _EXEMPLE in (v := r.vue()).ev.livre.lignes)
        print(arbre(vue, _EXEMPLE))


def _ligne(vue: Vue, titre: str, commune: str) -> Rang:
    if vue.aucune_place:
        return (titre, commune, f"{AUCUNE_PLACE} : {vue.aucune_place}", *["—"] * 6)
    contribution, exploitation = vue.bouclee.indicateurs.get("contribution_par_place"), vue.ev.ctx.etude.exploitation
    return (
        titre,
        commune,
        cases.grandeur(vue.ev.capacite.places, vue.rang),
        cases.grandeur(vue.ev.plan.besoins, vue.rang),
        cases.grandeur(vue.ev.plan.reste_a_financer, vue.rang),
        cases.montant(a_trouver(vue)),
        "sans objet" if contribution is None else cases.grandeur(contribution, vue.rang),
        "sans objet" if exploitation is None else lectures.mode_de_soutien(exploitation.contribution_commune),
        lectures.case_de_couverture(vue),
    )
