"""Table of rooms being imported: its rows, what each room is for, and the programme of rooms that results."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path
from typing import Any

from pope_foncier.lieu.fichiers.candidats import dites_du_nom
from pope_foncier.lieu.fichiers.choix import Choix, lire_les_fonctions
from pope_foncier.lieu.fichiers.lecteurs import format_etranger
from pope_foncier.lieu.fichiers.questions import Question
from pope_foncier.lieu.fichiers.tables import LocalLu, LocauxLus, lire_locaux
from pope_foncier.lieu.locaux import ProgrammeLocaux, lire_fonctions, lire_programme
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.francais import espaces
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair

_STATUTS = {"": "estimation", "hypothese": "estimation", "releve": "releve", "publie": "publie"}
_LARGEUR = 118


def lire_locaux_du_lieu(chemin: Path) -> ProgrammeLocaux:
    """Programme of rooms of a place.

    Raises:
        ErreurDonnees: a table, or another file that must be imported first; the faults of the programme.
    """
    if etranger := format_etranger(chemin):
        remede = f"en tirer un programme : « pope-foncier plan importer {chemin.name} », puis donner le fichier écrit."
        raise ErreurDonnees.une(chemin_court(chemin), f"c'est {etranger}, non un programme de locaux (YAML).", remede)
    return lire_programme(chemin)


class ImportationLocaux:
    """Table being imported: what it holds, what the user has said of its rooms, what is still to say."""

    def __init__(
        self, chemin: Path, choix: Choix | None = None, jour: date | None = None, lus: LocauxLus | None = None
    ) -> None:
        self.chemin, self.choix, self.jour = chemin, choix or Choix(), jour
        self.lus = lus or lire_locaux(chemin)
        deplaces = {"--choisir": self.choix.choisir, "--nature": self.choix.natures, "--systeme": self.choix.systeme}
        deplaces["--unite"] = self.choix.unite
        if trop := [option for option, dit in deplaces.items() if dit]:
            raise ErreurCalcul(
                f"{', '.join(trop)} : un tableau de locaux n'a ni tracé ni couche. Retirer cette option."
            )

    def avec(self, **fonctions: str) -> ImportationLocaux:
        """Same table, the function of rooms said."""
        choix = Choix(fonctions={**self.choix.fonctions, **fonctions}, statut=self.choix.statut, titre=self.choix.titre)
        return ImportationLocaux(self.chemin, choix, self.jour, self.lus)

    def fonction_de(self, local: LocalLu) -> tuple[str, bool]:
        """Function of a room, and whether its name only suggests it."""
        particulieres = {nom: f for nom, f in self.choix.fonctions.items() if nom}
        if dite := dites_du_nom(local.nom, particulieres):
            return dite, False
        return (local.fonction, local.a_confirmer) if local.fonction else (self.choix.fonctions.get("", ""), False)

    def questions(self) -> list[Question]:
        """Rooms whose function nobody says, one question a name."""
        muets = {x.nom: x for x in reversed(self.lus.locaux) if not self.fonction_de(x)[0]}
        connues = ", ".join(lire_fonctions())
        return [
            Question(
                "--fonction",
                f"À quoi sert la pièce « {nom} » ({formater_nombre(x.surface_m2, 2, 0)} m²) ? ({connues})",
                "",
                nom,
            )
            for nom, x in reversed(muets.items())
        ]

    def repondre(self, question: Question, texte: str) -> ImportationLocaux:
        """Same table, a question answered.

        Raises:
            ErreurCalcul: an answer that is no function.
        """
        return self.avec(**{question.sujet: lire_les_fonctions([texte])[""]})

    @property
    def programme(self) -> ProgrammeLocaux:
        """Programme of rooms; what the table does not say stays unknown.

        Raises:
            ErreurDonnees: rooms whose function is still to say.
        """
        court = chemin_court(self.chemin)
        if posees := self.questions():
            noms = ", ".join(f"« {q.sujet} »" for q in posees)
            message = f"à quoi servent ces pièces : {noms} ?"
            remede = (
                f'ajouter --fonction "{posees[0].sujet}=…" pour chacune, ou --fonction rangement pour toutes celles qui restent '
                f"(fonctions : {', '.join(lire_fonctions())})."
            )
            raise ErreurDonnees.une(court, message, remede, champ="--fonction")
        return valider(ProgrammeLocaux, self._tete() | {"locaux": [self._local(x) for x in self.lus.locaux]}, court)

    def _tete(self) -> dict[str, Any]:
        statut = _STATUTS[self.choix.statut]
        tete: dict[str, Any] = {"titre": self.choix.titre or self.lus.titre, "statut": statut}
        if statut != "estimation" and self.jour is not None:
            titre = f"{self.chemin.name} ({self.lus.format})"
            return tete | {"source": {"titre": titre, "consulte_le": self.jour}}
        return tete | {"base": f"importé de {self.chemin.name}, dont rien ne dit s'il est relevé : à confirmer"}

    def _local(self, x: LocalLu) -> dict[str, Any]:
        dits = {"nom": x.nom, "fonction": self.fonction_de(x)[0], "surface_m2": x.surface_m2, "nombre": x.nombre}
        autres = {"secteur": x.secteur or None, "niveau": x.niveau, "hauteur_m": x.hauteur_m, "largeur_m": x.largeur_m}
        return dits | {c: v for c, v in autres.items() if v is not None}

    def a_confirmer(self) -> list[str]:
        """Sentences on what the names only suggest, and on what a table cannot say."""
        noms = dict.fromkeys(
            f"{x.nom} ({lire_fonctions()[f].libelle})" for x in self.lus.locaux for f, d in [self.fonction_de(x)] if d
        )
        phrases = [f"Fonction lue dans le nom, à confirmer : {', '.join(noms)}."] if noms else []
        manque = ["jour"] + [
            c for c in ("largeur", "hauteur") if any(getattr(x, f"{c}_m") is None for x in self.lus.locaux)
        ]
        return [*phrases, f"Un tableau n'a pas de tracé : {', '.join(manque)} à vérifier pièce par pièce."]

    def texte(self) -> str:
        """YAML of the programme, its provenance as a comment."""
        quand = f" le {date_en_clair(self.jour)}" if self.jour else ""
        lignes = [
            f"Locaux importés de {self.chemin.name} ({self.lus.format}){quand}.",
            *self.lus.avis,
            *self.a_confirmer(),
        ]
        return en_yaml(self.programme, "\n".join(textwrap.fill(espaces(x), _LARGEUR) for x in lignes))
