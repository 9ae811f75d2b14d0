"""Chance in a portfolio: what is drawn, common to all the sites or apart for each, between the bounds that the studies state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any
from zlib import crc32

from pydantic import Field

from pope_foncier.decision.doute.echantillon import chances
from pope_foncier.decision.doute.reglages import loi_declaree
from pope_foncier.decision.portefeuille.prepare import Prepare
from pope_foncier.decision.portefeuille.tirages import Tirages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.tirages import tirer_aides
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import Donnee, DonneePart, donnees_de, sans_id
from pope_foncier.modele.loi import Loi, Triangulaire
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche


class ChampTire(Fiche):
    """Field that is drawn; an element of a list is named without its identifier (``aides.delai_versement_mois``)."""

    champ: Texte
    libelle: Texte


class ReglesRisque(Fiche):
    """Rules of the risk of a portfolio."""

    tirages: Annotated[int, Field(ge=1)]
    graine: Annotated[int, Field(ge=0)]
    risque_admis: Annotated[DonneePart, Declaration("Risque admis", "%")]
    """Share of the draws in which the cash may fall below zero."""
    annees_apres: Annotated[int, Field(ge=1)]
    """Years after the last opening over which the cash is watched."""
    chemins_communs: tuple[Texte, ...]
    champs_communs: tuple[ChampTire, ...]
    champs_propres: tuple[ChampTire, ...]


def lire_regles_risque(chemin: Path | None = None) -> ReglesRisque:
    """Read the rules of the risk; those of the project by default."""
    return lire_fiche(ReglesRisque, chemin or dossier_donnees() / "hypotheses" / "risque_portefeuille.yaml")


def tirer(prepares: Sequence[Prepare], moteur: Moteur, regles: ReglesRisque) -> Tirages:
    """Draw the sites of a portfolio.

    Every site and field has its own stream, so that neither the order of the sites nor one field more changes the others. A
    common field takes the same chance in every site, between the bounds of its own study.
    """
    nombre, graine = regles.tirages, regles.graine
    communs = {}
    for nom in regles.chemins_communs:
        chemin, suivi = moteur.evolutions.chemins[nom], prepares[0].etude.evolution
        bas, milieu, haut = (chemin.taux(x) - chemin.taux(suivi) for x in ("bas", "central", "haut"))
        communs[f"evolution.{nom}"] = Triangulaire(bas, milieu, haut).valeurs(chances(graine, nom, nombre))
    propres = {}
    for prepare in prepares:
        lieu = prepare.ligne.id
        tires = tirer_aides(prepare.etude, nombre, _graine(graine, f"{lieu}/aides"))
        for champ, donnee in bornes(prepare.etude, regles.champs_communs):
            tires[champ] = _loi(prepare.etude, champ, donnee).valeurs(chances(graine, sans_id(champ), nombre))
        for champ, donnee in bornes(prepare.etude, regles.champs_propres):
            tires[champ] = _loi(prepare.etude, champ, donnee).valeurs(chances(graine, f"{lieu}/{champ}", nombre))
        propres[lieu] = tires
    return Tirages(communs, propres)


def bornes(etude: Etude, champs: Sequence[ChampTire]) -> Iterator[tuple[str, Donnee[Any]]]:
    """Inputs of a study that have a value and bounds apart, by their path, among the fields asked for."""
    voulus = {c.champ for c in champs}
    for chemin, donnee in donnees_de(etude):
        if donnee.valeur is None or donnee.intervalle is None or donnee.intervalle[0] >= donnee.intervalle[1]:
            continue
        if sans_id(chemin) in voulus:
            yield chemin, donnee


def _loi(etude: Etude, champ: str, donnee: Donnee[Any]) -> Loi:
    """Law that an input declares, else a triangle between its bounds."""
    assert donnee.valeur is not None
    assert donnee.intervalle is not None
    return loi_declaree(donnee, champ, etude) or Triangulaire(donnee.intervalle[0], donnee.valeur, donnee.intervalle[1])


def _graine(graine: int, nom: str) -> int:
    return crc32(f"{graine}/{nom}".encode())
