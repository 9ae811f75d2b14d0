"""Table of rooms being imported: its rooms, what stays to say, the programme that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.fichiers.locaux_importes import ImportationLocaux
from pope_foncier.lieu.fichiers.questions import Question
from pope_foncier.lieu.fichiers.tables import LocalLu
from pope_foncier.lieu.locaux import ProgrammeLocaux, lire_fonctions
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.cellules import html_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML


@dataclass(frozen=True, repr=False)
class CarnetLocaux(Pages):
    """Import of one table of rooms."""

    importation: ImportationLocaux

    def tables(self) -> list[Table]:
        """The rooms of the table."""
        lus = self.importation.lus
        plusieurs = any(x.nombre > 1 for x in lus.locaux)
        hauteurs = any(x.hauteur_m is not None for x in lus.locaux)
        lignes: list[Rang] = []
        for x in lus.locaux:
            rang: list[Case | str] = [x.nom, self._fonction(x), cases.nombre(x.niveau), cases.nombre(x.surface_m2, 2)]
            rang += [cases.nombre(x.nombre)] if plusieurs else []
            rang += [cases.nombre(x.hauteur_m, 2) if x.hauteur_m else "—"] if hauteurs else []
            lignes.append(tuple(rang))
        s = "s" if lus.nombre > 1 else ""
        note = f"{lus.nombre} pièce{s}, {formater_nombre(lus.total_m2, 2)} m²{self._par_niveau()}."
        if lus.laisses:
            note += f" Laissé de côté : {' ; '.join(f'{quoi} : {n}' for quoi, n in lus.laisses.items())}."
        if any(self.importation.fonction_de(x)[1] for x in lus.locaux):
            note += " « ? » : fonction lue dans le nom, à confirmer."
        entetes = (
            "Pièce",
            "Fonction",
            "Niveau",
            "m²",
            *(["Nombre"] if plusieurs else []),
            *(["Hauteur (m)"] if hauteurs else []),
        )
        return [Table(f"{self.importation.chemin.name} ({lus.format})", entetes, tuple(lignes), note=note)]

    def _fonction(self, local: LocalLu) -> str:
        fonction, a_confirmer = self.importation.fonction_de(local)
        libelle = lire_fonctions()[fonction].libelle if fonction else "à dire"
        return f"{libelle} ?" if a_confirmer else libelle

    def _par_niveau(self) -> str:
        totaux: dict[int, float] = {}
        for x in self.importation.lus.locaux:
            totaux[x.niveau] = totaux.get(x.niveau, 0.0) + x.total_m2
        dits = [f"niveau {n} : {formater_nombre(totaux[n], 2)} m²" for n in sorted(totaux)]
        return f" ({' ; '.join(dits)})" if len(dits) > 1 else ""

    def locaux(self) -> HTML:
        """Rooms of the table, what each is for."""
        return html_de(self.tables()[0])

    def questions(self) -> list[Question]:
        """Rooms whose function is still to say."""
        return self.importation.questions()

    def repondre(self, question: Question, reponse: str) -> CarnetLocaux:
        """Same table, a question answered."""
        return CarnetLocaux(self.importation.repondre(question, reponse))

    @property
    def programme(self) -> ProgrammeLocaux:
        """Programme of rooms of the table."""
        return self.importation.programme

    def a_savoir(self) -> tuple[str, ...]:
        """What the reader of the table must know."""
        return self.importation.lus.avis

    def phrases(self) -> list[str]:
        """What is to confirm, what to do next."""
        suite = "Pour voir les places : pope-foncier capacite SITE --locaux FICHIER."
        return [*self.importation.a_confirmer(), suite]

    def ecrire(self, sortie: str | Path | None = None) -> list[Path]:
        """Write the programme of rooms as YAML.

        Args:
            sortie: file to write, or its folder; by default the folder of the table, under its name.

        Raises:
            ErreurDonnees: rooms whose function is still to say.
            ErreurCalcul: a file of that name is there already.
        """
        texte = self.importation.texte()
        dossier = self.importation.chemin.parent if sortie is None else Path(sortie)
        fichier = dossier if dossier.suffix else dossier / f"{self.importation.chemin.stem}.yaml"
        if fichier.exists():
            raise ErreurCalcul(f"{fichier} existe déjà : donner un autre nom par --sortie, ou l'effacer d'abord.")
        return [ecrire(fichier, texte)]
