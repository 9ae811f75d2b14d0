"""Works cost: a ratio or its lots, revised by BT01 to the date of works, with fees, contingencies, VAT and equipment."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Annotated

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte, origine_bareme
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeMois
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.places.capacite import Capacite
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Fiche, Jour, Positif, Texte, lire_fiche
from pope_foncier.socle.grandeur import Grandeur, maximum, somme
from pope_foncier.socle.temps import mois_entre
from pope_foncier.travaux.postes import Poste, composer

BT01 = "indices.bt01.bt01"
SECTIONS = ("programme", "realiser", "travaux", "compensation_tva")
"""Sections of the study that the cost of the works comes from, beside the dates and the places."""


class CoutGenre(Fiche):
    """Range of works cost of a kind of operation [€/m² HT]."""

    libelle: Texte
    bas: Positif
    haut: Positif
    neuf: bool
    """Whether it builds: new building or modules."""
    travaux_mois: Annotated[DonneeMois, Declaration("Durée des travaux, {libelle}", "mois")]
    """Duration of the works of that kind, an assumption [months]."""

    @property
    def milieu(self) -> float:
        """Middle of the range [€/m² HT]."""
        return (self.bas + self.haut) / 2


class CoutsAuRatio(Fiche):
    """Works cost per m² by kind of operation, an assumption file."""

    date_valeur: Jour
    genres: dict[str, CoutGenre]


def lire_couts(chemin: Path | None = None) -> CoutsAuRatio:
    """Read the works costs by ratio."""
    return lire_fiche(CoutsAuRatio, chemin or dossier_donnees() / "hypotheses" / "couts.yaml")


@enregistrement
class CoutTravaux:
    """Cost plan: lines in euros, shape (…, 1)."""

    travaux_ht: Grandeur
    honoraires_ht: Grandeur
    etudes_assurances_ht: Grandeur
    """Surveys, controls and insurance of the works."""
    aleas_ht: Grandeur
    tva: Grandeur
    equipement_ttc: Grandeur
    total_ttc: Grandeur
    immobilier_ttc: Grandeur
    """Total without equipment."""
    postes: tuple[Poste, ...] = ()
    """Works by lot, when the study has a plan by lots; their sum is ``travaux_ht``."""
    assurances: Grandeur = field(default_factory=lambda: Grandeur(0.0, "Assurances des travaux", "€"))
    """Insurance of the works, within ``etudes_assurances_ht``: it bears no VAT (CGI 261 C, 2°)."""

    def part_des_travaux(self, montant: Grandeur, scenario: int = 0) -> float:
        """Share of an amount in the works, excluding tax [fraction]; NaN without works."""
        travaux = self.travaux_ht.au_point(scenario)
        return montant.au_point(scenario) / travaux if travaux else float("nan")


def chiffrer(ctx: Contexte, calendrier: Calendrier, capacite: Capacite) -> CoutTravaux:
    """Cost of works of a study; the VAT is a cost (a crèche is outside VAT)."""
    surface = ctx.entree("programme.surface_m2")
    realiser = ctx.entree("realiser")
    ratio = ctx.entree("travaux.cout_m2_ht")

    def reviser(montant: Grandeur, depuis: date) -> Grandeur:
        return montant * revision(ctx, calendrier, depuis) * realiser

    au_ratio = reviser(surface * ratio, ctx.etude.travaux.date_valeur)
    postes = composer(ctx, au_ratio, reviser) if ctx.etude.travaux.plan else ()
    travaux = nommer("besoins.travaux_ht", somme(p.montant for p in postes) if postes else au_ratio)
    travaux = ctx.choquer("travaux.ht", travaux)
    honoraires = nommer("besoins.honoraires_ht", travaux * ctx.entree("travaux.honoraires_part"))
    etudes = nommer("besoins.etudes_assurances_ht", travaux * ctx.entree("travaux.etudes_assurances_part"))
    aleas = nommer("besoins.aleas_ht", travaux * ctx.entree("travaux.aleas_part"))
    hors_taxe = somme((travaux, honoraires, etudes, aleas), "Dépenses HT avant équipement")
    assurances, taxable = Grandeur(0.0, "Assurances des travaux", "€"), hors_taxe
    if ctx.etude.travaux.assurances_part is not None:
        assurances = (travaux * ctx.entree("travaux.assurances_part")).nommer("Assurances des travaux")
        taxable = (hors_taxe - assurances).nommer("Dépenses HT soumises à la TVA")
    tva = taxable * ctx.bareme("fiscalite.tva.taux_normal")
    tva = nommer("besoins.tva", tva, "rendue" if ctx.etude.compensation_tva else "")
    par_place = ctx.entree("travaux.equipement_par_place_ttc")
    equipement = nommer("besoins.equipement", capacite.places * par_place * _prix_a_l_achat(ctx, calendrier))
    immobilier = (hors_taxe + tva).nommer("Coût immobilier TTC")
    en_tout = (immobilier + equipement).nommer("Coût total TTC")
    ht = (travaux, honoraires, etudes, aleas)
    return CoutTravaux(*ht, tva, equipement, en_tout, immobilier, postes, assurances)


def achat_de_l_equipement(calendrier: Calendrier) -> Grandeur:
    """Month when the equipment is bought, the one before the opening."""
    return maximum(calendrier.ouverture - 1.0, 0.0).nommer("Achat de l'équipement", "mois après le départ")


def _prix_a_l_achat(ctx: Contexte, calendrier: Calendrier) -> Grandeur:
    """Path of prices from the date of the equipment's price to its purchase."""
    achat, travaux = achat_de_l_equipement(calendrier), ctx.etude.travaux
    depuis = travaux.equipement_date_valeur or travaux.date_valeur
    return ctx.indice_au_mois("prix", depuis, achat).nommer("Révision des prix (équipement)", "")


def age_du_bt01(ctx: Contexte, calendrier: Calendrier) -> Grandeur:
    """Months between the last known BT01 and the middle of the works, which the path of the study fills, shape (…, 1)."""
    dernier = exiger(ctx.catalogue.derniere(BT01, ctx.etude.date_demande))
    depuis = Grandeur(float(mois_entre(dernier.depuis, ctx.etude.date_depart)), "Du dernier BT01 au départ", "mois")
    return ((calendrier.debut_travaux + calendrier.reception) / 2.0 + depuis).nommer("Âge du BT01", "mois")


def revision(ctx: Contexte, calendrier: Calendrier, depuis: date) -> Grandeur:
    """Price factor from a date to mid-works: BT01 up to its last known value, then the evolution path.

    A price later than the last known value follows the path alone, from its own date.
    """
    milieu = ((calendrier.debut_travaux + calendrier.reception) / 2.0).nommer("mois du milieu des travaux", "mois")
    dernier = exiger(ctx.catalogue.derniere(BT01, ctx.etude.date_demande))
    if depuis > dernier.depuis:
        return ctx.indice_au_mois("bt01", depuis, milieu).nommer("BT01 prolongé au milieu des travaux", "")
    depart = exiger(ctx.catalogue.a_la_date(BT01, depuis))
    base = Grandeur(float(depart.valeur), "BT01 à la date du ratio", "", [origine_bareme(depart)])
    connu = Grandeur(float(dernier.valeur), "Dernier BT01 connu", "", [origine_bareme(dernier)])
    prolonge = ctx.indice_au_mois("bt01", dernier.depuis, milieu).nommer("BT01 prolongé au milieu des travaux", "")
    return (connu / base * prolonge).nommer("Révision des prix (BT01)", "")
