"""Pages of a study notebook: what the plan of a study shows, one call per cell (see ``carnet_etude``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pope_foncier.decision.epreuves import Effet, eprouver, incidents
from pope_foncier.decision.essais import chances, leviers, relais
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.aides import tableaux as tableaux_aides
from pope_foncier.vues.decision import graphiques as graphiques_decision
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_essais, tableaux_soutien
from pope_foncier.vues.decision.comparer import tableaux as tableaux_comparer
from pope_foncier.vues.etude import graphiques, tableaux, tableaux_bouclage, tableaux_financement, tableaux_scenarios
from pope_foncier.vues.exploitation import tableaux_compte
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.explication import arbre
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import tableaux_site
from pope_foncier.vues.places import tableaux as tableaux_places
from pope_foncier.vues.travaux import tableaux_cout

if TYPE_CHECKING:
    from IPython.display import HTML, Image, Markdown


_Cellule = TypeVar("_Cellule", bound="Callable[..., HTML | Image]")


def si_des_places(montrer: _Cellule) -> _Cellule:
    """Cell of a study notebook that shows figures: when its base study holds no place, the reason in their place."""

    @wraps(montrer)
    def cellule(carnet: PagesEtude, *args: Any, **options: Any) -> Any:
        from IPython.display import HTML

        sans = lectures.sans_place(carnet.vue())
        return HTML(f"<p>{proteger(sans)}</p>") if sans else montrer(carnet, *args, **options)

    return cellule  # type: ignore[return-value]


@dataclass(frozen=True, repr=False)
class PagesEtude(Pages):
    """Pages of a study notebook, one figure or table each: tables as HTML, pictures as PNG with their text, sentences as text."""

    resultat: Resultat
    moteur: Moteur

    def vue(self, scenario: str = BASE) -> Vue:
        """One scenario."""
        return self.resultat.vue(scenario)

    def titre(self) -> Markdown:
        """Title, question and date of the study."""
        from IPython.display import Markdown

        etude = self.resultat.dossier.etude
        return Markdown(
            f"# {proteger(etude.titre, markdown=True)}\n\n*{proteger(etude.question, markdown=True)}*\n\nDépart des études : {date_en_clair(etude.date_depart)} ; "
            f"droit lu au {date_en_clair(etude.date_demande)} ; évolution « {etude.evolution} » (hypothèse)."
        )

    def site(self) -> HTML:
        """Site card."""
        return html_de(tableaux_site.fiche_du_site(self.vue()))

    def places(self) -> HTML:
        """Places that fit and staff."""
        return html_de(tableaux_places.places(self.vue()))

    @si_des_places
    def cout(self) -> HTML:
        """Cost plan."""
        return html_de(tableaux_cout.cout(self.vue()))

    @si_des_places
    def aides(self) -> HTML:
        """Grants: amount, what sets it, conditions."""
        return html_de(tableaux_aides.aides(self.vue()))

    @si_des_places
    def incidents(self) -> HTML:
        """Each grant refused, reduced, late, on the closed plan whose funding is frozen."""
        subis = incidents(self.vue()) if self._chiffree else []
        return html_de(tableaux_epreuves.epreuves(tableaux_epreuves.INCIDENTS, self.vue(), subis) if subis else None)

    @si_des_places
    def epreuves(self) -> HTML:
        """Stresses on the closed plan whose funding is frozen."""
        return html_de(
            tableaux_epreuves.epreuves(tableaux_epreuves.EPREUVES, self.vue(), self._eprouves)
            if self._chiffree
            else None
        )

    @si_des_places
    def couvertures(self) -> HTML:
        """Cover of the debt under each stress, year by year."""
        return html_de(
            tableaux_epreuves.couvertures(tableaux_epreuves.EPREUVES, self.vue(), self._eprouves)
            if self._chiffree
            else None
        )

    @cached_property
    def _eprouves(self) -> list[Effet]:
        return eprouver(self.vue())

    @property
    def _chiffree(self) -> bool:
        """Whether the gap of the plan is known: a plan of unknown amounts cannot be stressed."""
        return not np.isnan(self.vue().montant("ressources.reste_a_financer"))

    @si_des_places
    def chances(self) -> HTML:
        """Gap of the plan when the grants are drawn at their probability."""
        from IPython.display import HTML

        chance = chances(self.resultat.dossier, self.moteur)
        if chance is None:
            return HTML("<p>Aucune aide de l'étude n'a de probabilité.</p>")
        return html_de(tableaux_essais.chances(chance))

    @si_des_places
    def leviers(self) -> HTML:
        """Levers that would close the plan, with their marginal effect."""
        return html_de(tableaux_essais.leviers("Ce qui fermerait le plan", leviers(self.resultat.dossier, self.moteur)))

    @si_des_places
    def tresorerie_mensuelle(self) -> HTML:
        """Cash of the project owner month by month, from the first payment to a year after the opening."""
        return html_de(tableaux_financement.tresorerie_mensuelle(self.vue()))

    @si_des_places
    def relais(self) -> HTML:
        """Bridge that the grants would allow, under two readings of what the lender accepts."""
        from IPython.display import HTML

        try:
            lectures = relais(self.resultat.dossier, self.moteur)
        except ErreurBareme as erreur:
            return HTML(
                f"<p>Prêt relais non calculé : un taux de marché n'est pas connu à la date de l'étude. {proteger(str(erreur).splitlines()[0])}</p>"
            )
        return html_de(tableaux_essais.relais(lectures))

    def lecture(self) -> Markdown:
        """How the plan is closed, what its cash still lacks, and how the commune pays, in words."""
        from IPython.display import Markdown

        vue = self.vue()
        commune = lectures.soutien(vue)
        phrases = [
            lectures.phrase(vue),
            lectures.capital(vue),
            mots_de_caisse.caisse(vue),
            mots_de_caisse.en_tout(vue),
            f"Commune : {commune}." if commune else "",
        ]
        sures = [proteger(p, markdown=True) for p in phrases if p]
        return Markdown("\n\n".join([f"**{sures[0]}**", *sures[1:]]))

    @si_des_places
    def plan(self) -> HTML:
        """Sources and uses of the plan as it stands, then how it is closed."""
        from IPython.display import HTML

        tables = (tableaux_financement.plan_de_financement(self.vue()), tableaux_bouclage.bouclage(self.vue()))
        return HTML("".join(str(html_de(t).data) for t in tables if t is not None))

    @si_des_places
    def image_plan(self) -> Image | HTML:
        """Sources and uses of the closed plan as a picture, what is to find hollow."""
        return montrer(graphiques.plan(self.vue()))

    @si_des_places
    def echeancier(self) -> HTML:
        """Yearly schedule of the loans."""
        return html_de(tableaux_financement.echeancier(self.vue()))

    @si_des_places
    def image_tresorerie(self) -> Image | HTML:
        """Cash of each party on the closed plan as a picture; what is missing when one is unknown."""
        return montrer(graphiques.tresorerie(self.vue()))

    @si_des_places
    def tresorerie(self) -> HTML:
        """Cash of each party at the end of each year."""
        return html_de(tableaux_financement.tresorerie(self.vue()))

    @si_des_places
    def exploitation(self) -> HTML:
        """Operating account of the cruising year, the first full year beside."""
        return html_de(tableaux_compte.compte_exploitation(self.vue()))

    @si_des_places
    def image_exploitation(self) -> Image | HTML:
        """Operating account per place as a picture; what is missing when there is none or it is unknown."""
        return montrer(graphiques.exploitation(self.vue()))

    @si_des_places
    def ratios(self) -> HTML:
        """Ratios under both readings, with thresholds."""
        return html_de(tableaux.ratios(self.vue()))

    @si_des_places
    def commune(self) -> HTML:
        """Budget of the commune on the closed plan."""
        return html_de(tableaux.budget_commune(self.vue()) if self.vue().ev.compte is not None else None)

    @si_des_places
    def image_commune(self) -> Image | HTML:
        """Budget of the commune by year, beside what each meaning of balance would ask."""
        return montrer(graphiques_decision.commune(self.vue()))

    @si_des_places
    def soutien(self) -> HTML:
        """What the commune would have to bring, by meaning of balance; year by year folded below."""
        from IPython.display import HTML

        par_annee = tableaux_soutien.par_annee(self.vue())
        plis = "" if par_annee is None else str(html_de(par_annee, plie=True).data)
        return HTML(f"{html_de(tableaux_soutien.devrait(self.vue())).data}{plis}")

    def scenarios(self) -> HTML:
        """Scenarios side by side."""
        return html_de(tableaux_scenarios.comparaison(self.resultat))

    def differences(self) -> HTML:
        """What each scenario changes in the base, in words with amounts."""
        return html_de(tableaux_comparer.differences(self.resultat))

    def a_confirmer(self) -> HTML:
        """What is missing and every figure to confirm; the working assumptions folded below."""
        from IPython.display import HTML

        travail = tableaux.hypotheses_de_travail(self.vue())
        plis = (
            f"<details><summary>{len(travail.lignes)} hypothèses de travail</summary>{html_de(travail).data}</details>"
        )
        return HTML(f"{html_de(tableaux.tableau_a_confirmer(self.vue())).data}{plis}")

    def expliquer(self, *codes: str, scenario: str = BASE, boucle: bool = False) -> None:
        """Print how some lines are computed, on the closed plan if asked; a line that the study does not have is said absent."""
        vue = self.vue(scenario)
        for code in codes:
            print(arbre(vue.bouclee if boucle else vue, code), end="\n\n")

    def questions(self) -> None:
        """Print the open questions."""
        for rang, question in enumerate(self.resultat.dossier.etude.questions_ouvertes, 1):
            print(f"{rang}. {question}")
