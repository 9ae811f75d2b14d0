"""Notebook view of a site: places, rooms, constraints and plans, one call per cell."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.locaux import lire_programme
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.modele.modes import mode_accueil
from pope_foncier.places.controles_locaux import controler_locaux
from pope_foncier.places.locaux_observes import regles_du_jour
from pope_foncier.places.programme_type import programme_des_places
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.socle.trouver import trouver
from pope_foncier.vues.formes.cellules import html_de, image_de, montrer
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, composer_lieux
from pope_foncier.vues.places import graphiques, locaux_observes

if TYPE_CHECKING:
    from IPython.display import HTML, Image, Markdown


@dataclass(frozen=True, repr=False)
class CarnetSite(Pages):
    """Site opened in a notebook."""

    lieu: Lieu
    etude: Path | None = None
    """Study that the filing date comes from, when nobody gave it."""

    def titre(self) -> Markdown:
        """Name of the place and date of the law."""
        from IPython.display import Markdown

        site = self.lieu.site
        texte = [proteger(x, markdown=True) for x in (site.nom, site.commune, site.usage_actuel)]
        return Markdown(
            f"# {texte[0]}\n\n{texte[1]} ; {texte[2]}. Droit et densité lus au {date_en_clair(self.lieu.jour)}."
        )

    def places(self) -> HTML:
        """Places and what limits them."""
        return html_de(tableaux_site.table_places(self.lieu.capacite))

    def modes(self, *modes: str) -> HTML:
        """Places under other modes, in the usual reading when rooms are drawn."""
        lignes = []
        for mode in modes:
            reponse = replace(self.lieu, mode=mode).capacite
            ligne = reponse.usuelle or reponse.lignes[0]
            lignes.append(
                (mode_accueil(mode).libelle, tableaux_site.plage(ligne), ligne.phrase, tableaux_site.a_savoir(reponse))
            )
        entetes = ("Mode d'accueil", "Places", "Ce qui limite", "À savoir")
        return html_de(Table("Le même lieu selon le mode d'accueil", entetes, tuple(lignes), texte=True))

    def marches(self) -> HTML:
        """Steps places ↔ m²."""
        return html_de(tableaux_site.table_marches(self.lieu.capacite))

    def image_marches(self) -> Image | HTML:
        """Steps as a picture."""
        source = f"calcul du projet, site « {self.lieu.site.nom} » et règles du référentiel"
        return montrer(graphiques.places(self.lieu.capacite, source, coefficient=self.lieu.coefficient))

    def equipement(self) -> HTML:
        """What the places ask for; says so when nobody knows how many they are."""
        if math.isnan(self.lieu.places):
            return _sans_nombre()
        return html_de(tableaux_site.table_equipement(self.lieu.capacite, int(self.lieu.places)))

    def mesures(self) -> HTML:
        """Measures of the plan."""
        mesures = self.lieu.mesures()
        if self.lieu.plan is None or mesures is None:
            return html_de(None)
        return html_de(tableaux_site.table_mesures(self.lieu.plan, mesures))

    def pieces(self) -> HTML:
        """Rooms drawn, measured."""
        return html_de(tableaux_site.table_locaux(self.lieu.capacite))

    def locaux(self) -> HTML:
        """Checks of the rooms drawn."""
        return html_de(tableaux_site.table_constats("Contrôle des locaux dessinés", self.lieu.controles()))

    def plan_et_site(self) -> HTML:
        """Plan beside the sheet of its site."""
        return html_de(tableaux_site.table_constats("Plan et fiche du site", self.lieu.plan_et_site()))

    def regles_du_plan(self) -> HTML:
        """Rules read on the doors, windows, stairs and rooms drawn."""
        from IPython.display import HTML

        tables = tableaux_site.tables_du_plan(self.lieu.regles_du_plan())
        return HTML("".join(str(html_de(t).data) for t in tables)) if tables else html_de(None)

    def programme(self) -> HTML:
        """Parametric programme of the places; says so when nobody knows how many they are."""
        if math.isnan(self.lieu.places):
            return _sans_nombre()
        reponse = self.lieu.capacite
        programme = programme_des_places(
            int(self.lieu.places), reponse.regles, bool(reponse.densite.dense), float(reponse.surfaces.cour_dense_m2[1])
        )
        return html_de(tableaux_site.table_programme(programme))

    def contraintes(self) -> HTML:
        """Constraints checklist."""
        return html_de(tableaux_site.table_constats("Contraintes du lieu", self.lieu.contraintes()))

    def image_plan(self, *variantes: str) -> Image:
        """Plan of the place on A4, or its variants on A3."""
        lieux = [self.lieu.avec_plan(lire_plan(trouver(v, "plans"))) for v in variantes] or [self.lieu]
        plusieurs = len(lieux) > 1
        fig = composer_lieux(lieux, "A3" if plusieurs else "A4", None)
        return image_de(fig, f"Plan : {self.lieu.site.nom}", points=80 if plusieurs else 100)

    def programme_publie(self, nom: str) -> HTML:
        """Published programme of rooms through the checks of the day, without places."""
        programme = lire_programme(dossier_donnees() / "cas" / "programmes" / f"{nom}.yaml")
        constats = controler_locaux(
            programme.locaux, regles_du_jour(self.lieu.catalogue, self.lieu.jour), self.lieu.catalogue
        )
        return html_de(tableaux_site.table_constats(programme.titre, constats))

    def lieux_publies(self) -> HTML:
        """Published places between the comfort answer and the legal maximum."""
        return html_de(locaux_observes.table_entre_confort_et_droit(self.lieu.catalogue))


def _sans_nombre() -> HTML:
    from IPython.display import HTML

    return HTML("<p>Nombre de places inconnu : donner une surface et une cour, ou un plan.</p>")
