"""Study-action notebook: one study from the need to the conclusion; a part that the study does not hold says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.capacite_site import CapaciteSite
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.vues.decision import tableaux_plausibilite
from pope_foncier.vues.decision.montages.carnet import Comparatif
from pope_foncier.vues.documents.carnet_comite import CarnetComite
from pope_foncier.vues.documents.conclusion import conclure
from pope_foncier.vues.documents.pages_etude import PagesEtude, si_des_places
from pope_foncier.vues.etude import tableaux
from pope_foncier.vues.formes.cellules import html_de, image_de, source_etude
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, composer_lieux
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.prets import resume_d_etude
from pope_foncier.vues.territoire import tableaux as tableaux_besoins
from pope_foncier.vues.travaux.carnet import CarnetTravaux

if TYPE_CHECKING:
    from IPython.display import HTML, Image, Markdown


@dataclass(frozen=True, repr=False)
class CarnetEtude(PagesEtude):
    """Study opened for its study-action notebook."""

    @cached_property
    def lieu(self) -> Lieu:
        """Place of the study, with its plan if one is drawn, else its areas."""
        return locaux_du_scenario.lieu_dessine(self.vue())

    def resume_des_prets(self, scenario: str = "base", pret: str | None = None) -> str:
        """Page that sums up one loan of a scenario, or all of them, a sheet each (HTML).

        Raises:
            ErreurCalcul: no place, no loan, or terms that are unknown.
        """
        return resume_d_etude.page(self.vue(scenario), pret)

    def besoin(self, territoire: str) -> HTML:
        """Communes of a territory and places missing, when the study is on one of them; says so otherwise."""
        from IPython.display import HTML

        fiche = lire_territoire(territoire)
        code = self.resultat.dossier.site.code_insee
        if code not in {c.code for c in fiche.communes}:
            return HTML(
                f"<p>Aucune table de besoins n'est livrée pour {proteger(self.resultat.dossier.site.commune)}.</p>"
            )
        tables = (tableaux_besoins.table_communes(fiche), tableaux_besoins.table_manques(fiche))
        return HTML("".join(str(html_de(table).data) for table in tables))

    def capacite(self) -> HTML:
        """Places under the law and in comfort, what binds and what comes next."""
        return html_de(tableaux_site.table_places(self.lieu.capacite))

    @cached_property
    def _densites(self) -> dict[str, CapaciteSite]:
        """Places under each reading of the density, when a scenario of the study reads it otherwise; else nothing."""
        etude = self.resultat.dossier.etude
        relue = any(s.champ == "lecture_densite" for scenario in etude.scenarios for s in scenario.surcharges)
        if not relue or not self.lieu.capacite.densite.identifiant:
            return {}
        lectures = {"zone très dense": True, "zone ordinaire": False}
        return {nom: replace(self.lieu, dense=dense).capacite for nom, dense in lectures.items()}

    def densites(self) -> HTML:
        """The same place under both readings of the density, when its square is near the threshold."""
        from IPython.display import HTML

        if not self._densites:
            return HTML("<p>Densité : une seule lecture, le carreau n'est pas près du seuil ou n'est pas relevé.</p>")
        return html_de(tableaux_site.table_densites(self._densites, self.lieu.capacite.densite))

    def conclusion(self) -> Markdown:
        """Conclusion of the study in words."""
        from IPython.display import Markdown

        comparatif = self._comparatif
        cas, mesures = (comparatif.cas, comparatif.mesures) if comparatif is not None else ((), {})
        return Markdown("\n\n".join(conclure(self.vue(), cas, mesures, self._densites)))

    def faits(self) -> HTML:
        """Facts of the study with their source: what was published or seen."""
        return html_de(tableaux.faits(self.vue()))

    def contraintes(self) -> HTML:
        """Constraints checklist of the place, on the rooms of its plan when one is drawn."""
        lieu = self.lieu if self.lieu.plan is None else replace(self.lieu, surface=None, cour=None)
        return html_de(tableaux_site.table_constats("Contraintes du lieu", lieu.contraintes()))

    @cached_property
    def _plan(self) -> PlanTrace | str:
        """Plan drawn of the place, else the block diagram of the places retained in the areas of the study, or why neither."""
        return locaux_du_scenario.plan_ou_schema(self.vue(), self.lieu)

    def plan_du_lieu(self) -> Image | HTML:
        """Plan to scale of the place, or a block diagram to scale, which says that it is not a plan."""
        from IPython.display import HTML

        if isinstance(self._plan, str):
            return HTML(f"<p>{proteger(self._plan)}</p>")
        if self.lieu.plan is not None:
            return image_de(composer_lieux([self.lieu], "A4", None), f"Plan : {self.lieu.site.nom}")
        texte = f"{self._plan.fiche.titre}, supposé, à l'échelle : {self._plan.fiche.base}."
        return image_de(plan_simple.figure(self._plan), texte, source_etude(self.resultat.dossier.nom))

    def pieces(self) -> HTML | None:
        """Rooms of the plan by number, with their areas; nothing when there is no plan."""
        return None if isinstance(self._plan, str) else html_de(plan_simple.table(self._plan))

    @si_des_places
    def travaux(self) -> HTML:
        """Works by lots and phases when the study has them, else the cost plan by ratio."""
        from IPython.display import HTML

        etude = self.resultat.dossier.etude
        if etude.travaux.plan is None and not etude.delais.phases:
            return self.cout()
        tables = CarnetTravaux(self.resultat.dossier, self.moteur).tables()
        return HTML("".join(str(html_de(table).data) for table in tables))

    @si_des_places
    def plausibilite(self) -> HTML:
        """Figures of the study beside the published ones, under the sentence of what is unusual."""
        from IPython.display import HTML

        phrase = proteger(tableaux_plausibilite.phrase_de_la_note(self.vue()))
        return HTML(f"<p>{phrase}</p>{html_de(tableaux_plausibilite.table(self.vue())).data}")

    @cached_property
    def comite(self) -> CarnetComite:
        """What a committee of lenders reads of the study: cover by year, multi-year plan."""
        return CarnetComite.de(self.vue(), self.resultat.dossier.nom)

    @cached_property
    def _comparatif(self) -> Comparatif | None:
        dossier = self.resultat.dossier
        return None if dossier.etude.foncier is None else Comparatif.de(dossier, self.moteur)

    def montages(self, nom: str) -> HTML:
        """One table of the montages, by its name in ``Comparatif.tables``; says so when the study does not describe them."""
        if self._comparatif is None:
            return html_de(None)
        return html_de(self._comparatif.table(nom))

    def image_frise(self) -> Image | HTML:
        """Time line of the tenures, licences, loans and commitments."""
        if self._comparatif is None:
            return html_de(None)
        return self._comparatif.image_frise()
