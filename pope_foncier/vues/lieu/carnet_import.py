"""File of the trade being imported: what it holds, what stays to say, the plan that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.fichiers import provenance
from pope_foncier.lieu.fichiers import questions as a_dire
from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.questions import Question
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.vraisemblance import comparer_au_site
from pope_foncier.socle.chemins import dossier_a_completer
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.lecture import existe
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import tableaux_import

if TYPE_CHECKING:
    from IPython.display import HTML


@dataclass(frozen=True, repr=False)
class CarnetImport(Pages):
    """Import of one file."""

    importation: Importation

    def tables(self) -> list[Table]:
        """Tables of what the file holds: layers, then outlines."""
        contours = tableaux_import.table_contours(self.importation)
        return [tableaux_import.table_couches(self.importation), *([contours] if contours.cellules else [])]

    def couches(self) -> HTML:
        """Layers of the file: how many outlines, lines and points, their area, what each is."""
        return html_de(tableaux_import.table_couches(self.importation))

    def contours(self) -> HTML:
        """Outlines of the file, the largest first."""
        return html_de(tableaux_import.table_contours(self.importation))

    def questions(self) -> list[Question]:
        """What is still to say; empty when the plan can be written."""
        return a_dire.questions(self.importation)

    def repondre(self, question: Question, reponse: str) -> CarnetImport:
        """Same file, a question answered."""
        return CarnetImport(a_dire.repondre(self.importation, question, reponse))

    @property
    def plan(self) -> PlanTrace:
        """Plan that the file makes.

        Raises:
            ErreurDonnees: what is still to say, each with its option, or the faults of the plan.
        """
        a_dire.exiger_tout_dit(self.importation)
        return self.importation.plan

    def a_savoir(self) -> tuple[str, ...]:
        """What the file says that its reader must know: contradictory places, areas that differ, names that only suggest."""
        return self.importation.releve.avis

    def phrases(self) -> list[str]:
        """What is to confirm, what was left out, what is still to fill."""
        importation = self.importation
        trouves = provenance.laisses(importation)
        laisse = provenance.en_phrase(trouves) if trouves else "Rien n'est laissé de côté."
        par_defaut = importation.plan.fiche.statut == "hypothese" and not importation.choix.statut
        statut = "Le plan est dit supposé : --statut releve ou publie, s'il l'est." if par_defaut else ""
        sans_site = (
            "" if importation.choix.site else "Aucun site nommé : remplir « site » dans le plan, ou redonner --site."
        )
        return [x for x in (*provenance.avis(importation), laisse, statut, sans_site) if x]

    def plan_et_site(self) -> list[Constat]:
        """Plan beside the sheet of its site; empty without a site."""
        site = self.importation.site
        return [] if site is None else comparer_au_site(self.plan, site)

    def ecrire(self, sortie: str | Path | None = None) -> list[Path]:
        """Write the plan as YAML.

        Args:
            sortie: file to write, or its folder; by default ``data/plans``, under the name of the imported file.

        Raises:
            ErreurDonnees: what is still to say, or the faults of the plan.
            ErreurCalcul: a file of that name is there already.
        """
        assert self.plan is not None
        dossier = dossier_a_completer() / "plans" if sortie is None else Path(sortie)
        fichier = dossier if dossier.suffix else dossier / f"{self.importation.chemin.stem}.yaml"
        if existe(fichier):
            raise ErreurCalcul(f"{fichier} existe déjà : donner un autre nom par --sortie, ou l'effacer d'abord.")
        return [ecrire(fichier, provenance.texte(self.importation))]
