"""Notebook view: what a study notebook shows, one call per cell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.epreuves import eprouver, incidents
from pope_foncier.analyse.essais import chances, leviers, relais
from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.analyse.scenarios import BASE, ouvrir
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues import graphiques, page, tableaux, tableaux_epreuves, tableaux_financement, tableaux_places
from pope_foncier.vues.explication import arbre
from pope_foncier.vues.proteger import proteger
from pope_foncier.vues.tableaux import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image, Markdown
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Carnet:
    """Study opened in a notebook: tables as HTML, pictures as PNG with their text, sentences as text."""

    resultat: Resultat
    moteur: Moteur

    @classmethod
    def ouvrir(cls, fichier: str | Path) -> Carnet:
        """Open and compute a study file."""
        moteur = Moteur.ouvrir()
        return cls(Resultat.calculer(ouvrir(Path(fichier)), moteur), moteur)

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
        return html_de(tableaux.fiche_du_site(self.vue()))

    def places(self) -> HTML:
        """Places that fit and staff."""
        return html_de(tableaux_places.places(self.vue()))

    def cout(self) -> HTML:
        """Cost plan."""
        return html_de(tableaux.cout(self.vue()))

    def aides(self) -> HTML:
        """Grants: amount, what sets it, conditions."""
        return html_de(tableaux_financement.aides(self.vue()))

    def incidents(self) -> HTML:
        """Each grant refused, reduced, late, on the closed plan whose funding is frozen."""
        titre = "Si une aide manque, baisse ou tarde (plan bouclé, financement arrêté)"
        return html_de(tableaux_epreuves.epreuves(titre, self.vue(), incidents(self.vue())))

    def epreuves(self) -> HTML:
        """Stresses on the closed plan whose funding is frozen."""
        return html_de(tableaux_epreuves.epreuves("Épreuves du plan bouclé", self.vue(), eprouver(self.vue())))

    def chances(self) -> HTML:
        """Gap of the plan when the grants are drawn at their probability."""
        from IPython.display import HTML

        chance = chances(self.resultat.dossier, self.moteur)
        if chance is None:
            return HTML("<p>Aucune aide de l'étude n'a de probabilité.</p>")
        return html_de(tableaux_financement.chances(chance))

    def leviers(self) -> HTML:
        """Levers that would close the plan, with their marginal effect."""
        return html_de(
            tableaux_financement.leviers("Ce qui fermerait le plan", leviers(self.resultat.dossier, self.moteur))
        )

    def tresorerie_mensuelle(self) -> HTML:
        """Cash of the project owner month by month, from the first payment to a year after the opening."""
        return html_de(tableaux_financement.tresorerie_mensuelle(self.vue()))

    def relais(self) -> HTML:
        """Bridge that the grants would allow, under two readings of what the lender accepts."""
        from IPython.display import HTML

        try:
            lectures = relais(self.resultat.dossier, self.moteur)
        except ErreurBareme as erreur:
            return HTML(
                f"<p>Prêt relais non calculé : un taux de marché n'est pas connu à la date de l'étude. {proteger(str(erreur).splitlines()[0])}</p>"
            )
        return html_de(tableaux_financement.relais(lectures))

    def plan(self) -> HTML:
        """Sources and uses."""
        return html_de(tableaux_financement.plan_de_financement(self.vue()))

    def image_plan(self) -> Image:
        """Sources and uses as a picture."""
        return self._image(graphiques.tracer_plan, "Plan de financement, besoins et ressources", 5.2)

    def echeancier(self) -> HTML:
        """Yearly schedule of the loans."""
        return html_de(tableaux_financement.echeancier(self.vue()))

    def image_tresorerie(self) -> Image | HTML:
        """Cash of the project owner as a picture; what is missing when it is unknown."""
        cumul = self.vue().ev.livre[f"solde.{self.vue().ev.ctx.etude.acteurs.nom_maitre_ouvrage}"]
        if np.isnan(cumul.valeur).any():
            return _inconnu("La trésorerie", cumul.manques)
        return self._image(graphiques.tracer_tresorerie, "Trésorerie cumulée du maître d'ouvrage", 3.8)

    def tresorerie(self) -> HTML:
        """Cash of the project owner at the end of each year."""
        return html_de(tableaux_financement.tresorerie(self.vue()))

    def exploitation(self) -> HTML:
        """Operating account of the first full year."""
        return html_de(tableaux.compte_exploitation(self.vue()))

    def image_exploitation(self) -> Image | HTML:
        """Operating account per place as a picture; what is missing when there is none or it is unknown."""
        compte = self.vue().ev.compte
        if compte is None or np.isnan(compte.contribution.valeur).any():
            return _inconnu("Le compte d'exploitation", frozenset() if compte is None else compte.contribution.manques)
        return self._image(graphiques.tracer_exploitation, "Charges et produits par place", 5.2)

    def ratios(self) -> HTML:
        """Ratios with thresholds."""
        return html_de(tableaux.ratios(self.vue()))

    def commune(self) -> HTML:
        """Net cost borne by the commune."""
        return html_de(tableaux.budget_commune(self.vue()) if self.vue().ev.compte is not None else None)

    def scenarios(self) -> HTML:
        """Scenarios side by side."""
        return html_de(tableaux.comparaison(self.resultat))

    def a_confirmer(self) -> HTML:
        """What is missing and every figure to confirm; the working assumptions folded below."""
        from IPython.display import HTML

        travail = tableaux.hypotheses_de_travail(self.vue())
        plis = (
            f"<details><summary>{len(travail.lignes)} hypothèses de travail</summary>{html_de(travail).data}</details>"
        )
        return HTML(f"{html_de(tableaux.tableau_a_confirmer(self.vue())).data}{plis}")

    def expliquer(self, *codes: str, scenario: str = BASE) -> None:
        """Print how some lines are computed; a line that the study does not have is said absent."""
        for code in codes:
            print(arbre(self.vue(scenario), code), end="\n\n")

    def questions(self) -> None:
        """Print the open questions."""
        for rang, question in enumerate(self.resultat.dossier.etude.questions_ouvertes, 1):
            print(f"{rang}. {question}")

    def _image(self, tracer: object, texte: str, hauteur: float) -> Image:
        fig, ax = graphiques.figure(9.0, hauteur)
        _tracer(tracer, self.vue(), ax)
        return image_de(fig, texte, source_etude(self.resultat.dossier.nom))


def _tracer(tracer: object, vue: Vue, ax: Axes) -> Axes:
    assert callable(tracer)
    trace: Axes = tracer(vue, ax)
    return trace


def _inconnu(quoi: str, manques: Collection[str]) -> HTML:
    """Sentence in place of a chart of unknown figures."""
    from IPython.display import HTML

    liste = " ; ".join(sorted(manques)) or "des données de l'étude"
    return HTML(f"<p>{proteger(quoi)} ne se dessine pas : il manque {proteger(liste)}.</p>")


def source_etude(*noms: str) -> str:
    """Source line of a chart drawn from studies."""
    return f"étude{'s' if len(noms) > 1 else ''} « {' », « '.join(noms)} », hypothèses comprises"


def image_de(fig: Figure, texte: str, source: str = "", points: int = 90) -> Image:
    """Picture as a notebook output, with its text alternative and its source line; a plan carries its own."""
    from IPython.display import Image

    if source:
        marge = 0.16 / fig.get_size_inches()[1]
        if (mise_en_page := fig.get_layout_engine()) is not None:
            mise_en_page.set(rect=(0, marge, 1, 1 - marge))  # type: ignore[call-arg]
        fig.text(0.995, 0.1 * marge, f"Source : {source}", ha="right", va="bottom", fontsize=8, color="#5a5a5a")
    return Image(graphiques.octets(fig, points=points), alt=texte)


def html_de(table: Table | None, plie: bool = False) -> HTML:
    """Table as a notebook output, folded under its title when asked."""
    from IPython.display import HTML

    if table is None:
        return HTML("<p>Sans objet pour cette étude.</p>")
    corps = page.tableau(table, titre=not plie)
    if plie:
        corps = f"<details><summary>{proteger(table.titre)} ({len(table.lignes)} lignes)</summary>{corps}</details>"
    return HTML(f'{page.STYLE_CARNET}<div class="pf">{corps}</div>')
