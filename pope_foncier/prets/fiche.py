"""Loan file: a ``pret.yaml`` read strictly, one loan or several tranches, turned into the terms of the engine."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pope_foncier.modele.clauses_de_pret import Indexation
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeTaux
from pope_foncier.modele.fiche_pret import TermesPret
from pope_foncier.prets.alertes import anticipes_de_trop
from pope_foncier.prets.depuis_fiche import en_emprunt, lire_seule
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.fiche_offre import FicheOffre
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Texte, faute, lire_fiche, valider
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.socle.yaml_strict import Chemin, Lignes, champ_en_clair, charger_yaml


class FichePret(TermesPret):
    """Loan as written in a file of its own: the terms of any loan, and its capital."""

    libelle: Texte = "emprunt"
    capital: Annotated[DonneeEuros | None, Declaration("{libelle}, capital", "€")] = None
    taux: Annotated[DonneeTaux, Declaration("{libelle}, taux", "%")]
    indexation: Indexation | None = None
    """Index that the rate follows in a study; alone, the loan follows the « indices » of its revision."""

    @property
    def libelle_pret(self) -> str:
        """Label, as the words of its clauses quote it."""
        return self.libelle

    @model_validator(mode="after")
    def _sans_etude(self) -> Self:
        if self.revision is not None and not self.revision.indices:
            raise faute("une révision sans indice.", "ajouter « indices », du mois 0 en avant.")
        if self.indexation is not None and self.revision is None:
            raise faute("une indexation sans la valeur de son indice.", "ajouter « revision » et ses « indices ».")
        return self

    def en_emprunt(self) -> Emprunt:
        """Loan terms.

        Raises:
            ErreurCalcul: fields that contradict each other, or a number that only a study knows.
        """
        if self.garantie is not None and self.garantie.genre != "caution":
            raise ErreurCalcul(
                "« garantie » : le coût d'une hypothèque ou d'une garantie de la commune se lit dans une étude ; "
                "la retirer, ou mettre le prêt dans une étude."
            )
        capital = None if self.capital is None else lire_seule("capital", self.capital)
        return en_emprunt(self, lire_seule, capital=capital)


class FicheDossierPret(Fiche):
    """File ``pret.yaml``: one loan (``pret``) or several tranches (``tranches``)."""

    titre: Texte = "prêt"
    offre: FicheOffre | None = None
    """What the bank's offer says besides."""
    pret: FichePret | None = None
    tranches: tuple[FichePret, ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _un_seul(self) -> Self:
        if (self.pret is None) == (not self.tranches):
            deux = "le fichier doit décrire un prêt ou des tranches."
            raise faute(deux, "écrire soit « pret: », soit « tranches: ».")
        return self

    def __repr__(self) -> str:
        return f"FicheDossierPret({self.titre!r}, {len(self.prets)} prêts)"

    @property
    def prets(self) -> tuple[FichePret, ...]:
        """The loans of the file."""
        return (self.pret,) if self.pret else self.tranches


def calculer_prets(chemin: Path) -> list[Echeancier]:
    """Schedules of a ``pret.yaml``, one per tranche; a refusal is placed at the field that it names, else at the loan.

    Raises:
        ErreurDonnees: faults of form, terms that contradict each other, and what the computation refuses, in French, with their line.
    """
    donnees, lignes = charger_yaml(chemin)
    fichier = chemin_court(chemin)
    fiche = valider(FicheDossierPret, donnees, fichier, lignes)
    faits, problemes = [], []
    for rang, pret in enumerate(fiche.prets):
        lieu: Chemin = ("pret",) if fiche.pret else ("tranches", rang)
        try:
            tableau = echeancier(pret.en_emprunt())
            if trop := anticipes_de_trop(tableau.emprunt, tableau.anticipes):
                raise ErreurCalcul(f"« anticipes » : {trop[0]}. Réduire « montant », ou le retirer pour tout solder.")
            faits.append(_prevenir(tableau, pret, fiche.offre))
        except ErreurCalcul as erreur:
            problemes.append(probleme_du_pret(erreur, fichier, lignes, lieu))
    if problemes:
        raise ErreurDonnees(problemes)
    return faits


def _prevenir(tableau: Echeancier, pret: FichePret, offre: FicheOffre | None) -> Echeancier:
    """Schedule that says when its index is held at one value."""
    if pret.revision is None or len(pret.revision.indices) != 1:
        return tableau
    indice = "Indice" if offre is None or offre.indice is None else f"Indice ({offre.indice})"
    jour = "" if offre is None or offre.date_offre is None else f", sa valeur au {date_en_clair(offre.date_offre)}"
    valeur = formater_nombre(100 * lire_seule("indice", pret.revision.indices[0].indice), 4, 0)
    suite = "" if pret.indexation is None else " Dans une étude, le taux suit le chemin de l'étude."
    tenu = f"{indice} tenu à {valeur} %{jour}, sur toute la durée : une hypothèse, jamais une prévision.{suite}"
    return replace(tableau, alertes=(*tableau.alertes, tenu))


def ouvrir_prets(chemin: Path) -> tuple[tuple[Echeancier, ...], FicheDossierPret]:
    """Schedules of a ``pret.yaml`` and its sheet, with what the bank's offer says besides.

    Raises:
        ErreurDonnees: as ``calculer_prets``.
    """
    return tuple(calculer_prets(chemin)), lire_fiche(FicheDossierPret, chemin)


def probleme_du_pret(erreur: ErreurCalcul, fichier: str, lignes: Lignes, lieu: Chemin) -> Probleme:
    """Refusal of the engine placed at the field that it names, else at the loan."""
    nommes = [(*lieu, nom) for nom in re.findall(r"« (\w+) »", str(erreur))]
    champ = next((nomme for nomme in nommes if nomme in lignes), lieu)
    return Probleme(fichier, lignes.get(champ), champ_en_clair(champ), str(erreur), "corriger les conditions du prêt.")
