"""Entry costs: purchase, transfer duties and notary; urban-planning taxes (taxe d'aménagement, tax on new offices)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.finances.livre import Livre
from pope_foncier.projet.calendrier import Calendrier, au_mois
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.titres import titre_de
from pope_foncier.socle.grandeur import Grandeur, minimum, somme

NOTAIRE = "Notaire et administrations"
ETAT = "État et collectivités (taxes)"
FLUX_ENTREE = (
    "tresorerie.prix_achat",
    "tresorerie.droits_mutation",
    "tresorerie.notaire",
    "tresorerie.securite_immobiliere",
    "tresorerie.debours",
    "tresorerie.droit_bail",
    "tresorerie.taxe_",
)
"""Payments of the entry costs, by beginning of their code."""
_MUTATION, _AMENAGEMENT, _BUREAUX = "fiscalite.mutation", "fiscalite.amenagement", "fiscalite.tcb"


@dataclass(frozen=True, slots=True)
class Depense:
    """Use of the plan and its payment: amount, shape (…, 1), and what is paid each month, shape (…, M)."""

    code: str
    montant: Grandeur
    paiement: Grandeur


@dataclass(frozen=True, slots=True)
class Entree:
    """Entry costs of the project, shape (…, 1) [€]."""

    prix: Grandeur
    """Price paid, VAT included when it bears VAT."""
    frais: Grandeur
    """Duties, notary, disbursements."""
    taxes: Grandeur
    depenses: tuple[Depense, ...]

    @property
    def total(self) -> Grandeur:
        """Price and costs of the deed: what a grant that pays for land counts."""
        return (self.prix + self.frais).nommer("Coût d'entrée")


def chiffrer(ctx: Contexte, livre: Livre, cal: Calendrier) -> Entree:
    """Compute the entry costs of a study and write them, as uses and as payments."""
    depenses: list[Depense] = []
    prix, frais = _acheter(ctx, livre, cal, depenses)
    frais = _enregistrer_le_bail(ctx, livre, cal, depenses, frais)
    taxes = _taxer(ctx, livre, cal, depenses)
    return Entree(prix, frais, taxes, tuple(depenses))


def frais_de_mutation(ctx: Contexte, prix: Grandeur, regime: str, debours: Grandeur) -> dict[str, Grandeur]:
    """Cost of the deed of a sale [€]: transfer duties, notary with VAT, land-registry contribution, disbursements.

    Args:
        prix: price before VAT.
        regime: ``ancien`` (common rate: département, commune, collection) or ``neuf_ou_vefa`` (reduced rate).
    """
    if regime == "ancien":
        departement = ctx.bareme(f"{_MUTATION}.dmto_departement")
        taux = (
            departement
            + ctx.bareme(f"{_MUTATION}.dmto_commune")
            + departement * ctx.bareme(f"{_MUTATION}.dmto_frais_assiette")
        ).nommer("Taux des droits de mutation", "%")
    else:
        taux = ctx.bareme(f"{_MUTATION}.dmto_neuf")
    emoluments = ctx.bareme_par_tranches(f"{_MUTATION}.notaire_vente", prix).nommer("Émoluments du notaire HT")
    return {
        "droits_mutation": (prix * taux).nommer("Droits de mutation"),
        "notaire": (emoluments * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))).nommer("Émoluments du notaire TTC"),
        "securite_immobiliere": (prix * ctx.bareme(f"{_MUTATION}.csi_vente")).nommer(
            "Contribution de sécurité immobilière"
        ),
        "debours": (debours + 0.0).nommer("Débours du notaire"),
    }


def taxe_bureaux(ctx: Contexte, surface: Grandeur, terrain: Grandeur) -> dict[str, Grandeur]:
    """Tax on the creation of offices in Île-de-France, zone 2 [€]: without the cap, and capped (L. 520-9 C. urb.)."""
    brute = (surface * ctx.bareme(f"{_BUREAUX}.bureaux_zone2")).nommer("Taxe sur les bureaux avant plafond")
    plafond = (terrain * ctx.bareme(f"{_BUREAUX}.plafond_part")).nommer("Plafond de la taxe sur les bureaux")
    return {"brute": brute, "plafonnee": minimum(brute, plafond).nommer("Taxe sur les bureaux plafonnée")}


def _acheter(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> tuple[Grandeur, Grandeur]:
    fiche = ctx.etude.acquisition
    if fiche is None:
        return Grandeur(0.0, "Prix d'achat", "€"), Grandeur(0.0, "Frais d'acquisition", "€")
    realiser = ctx.entree("realiser", "Projet réalisé (1) ou non (0)", "")
    hors_taxe = (ctx.entree("acquisition.prix", "Prix convenu", "€") * realiser).nommer("Prix hors taxe")
    debours = ctx.entree("acquisition.debours", "Débours du notaire", "€") * realiser
    frais = frais_de_mutation(ctx, hors_taxe, fiche.regime, debours)
    prix = hors_taxe
    if fiche.regime == "neuf_ou_vefa":
        prix = hors_taxe * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))
    prix = prix.nommer("Prix d'achat" if fiche.regime == "ancien" else "Prix d'achat TTC")
    _inscrire(ctx, livre, depenses, "prix_achat", prix, cal.debut_travaux, fiche.vendeur)
    for code, montant in frais.items():
        _inscrire(ctx, livre, depenses, code, montant, cal.debut_travaux, NOTAIRE)
    return prix, somme(frais.values(), "Frais d'acquisition")


def _enregistrer_le_bail(
    ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense], frais: Grandeur
) -> Grandeur:
    """Land-registration tax of a long lease, on the rents of its whole term before indexation."""
    bareme = titre_de(ctx.etude.titre_occupation.genre).droit_bail
    if bareme is None:
        return frais
    realiser = ctx.entree("realiser", "Projet réalisé (1) ou non (0)", "")
    loyers = (
        ctx.entree("programme.surface_m2", "Surface de plancher", "m²")
        * ctx.entree("titre_occupation.loyer_m2_an", "Loyer ou redevance", "€/m²/an")
        * (ctx.entree("titre_occupation.duree_mois", "Durée du titre d'occupation", "mois") / 12)
    ).nommer("Loyers de toute la durée du bail")
    droit = (loyers * ctx.bareme(bareme) * realiser).nommer("Taxe de publicité foncière du bail")
    _inscrire(ctx, livre, depenses, "droit_bail", droit, cal.debut_travaux, NOTAIRE)
    return somme((frais, droit), "Frais d'acquisition ou de bail")


def _taxer(ctx: Contexte, livre: Livre, cal: Calendrier, depenses: list[Depense]) -> Grandeur:
    fiche = ctx.etude.taxes
    if fiche is None:
        return Grandeur(0.0, "Taxes d'urbanisme", "€")
    realiser = ctx.entree("realiser", "Projet réalisé (1) ou non (0)", "")
    taux = somme(
        [
            ctx.entree(f"taxes.taux_{qui}", f"Taxe d'aménagement, taux {nom}", "%")
            for qui, nom in (
                ("commune", "de la commune"),
                ("departement", "du département"),
                ("region", "de la région"),
            )
        ],
        "Taux de la taxe d'aménagement",
        "%",
    )
    surface = ctx.entree("taxes.surface_taxable_m2", "Surface taxable", "m²")
    due = ctx.entree("taxes.amenagement_part_due", "Taxe d'aménagement, part due", "%")
    taxable = (surface * due * realiser).nommer("Surface taxée", "m²")
    amenagement = (taxable * 1.0).nommer("Taxe d'aménagement")
    if np.any(taxable.valeur != 0.0):
        amenagement = (taxable * ctx.bareme(f"{_AMENAGEMENT}.valeur_idf") * taux).nommer("Taxe d'aménagement")
    delai = ctx.entree("taxes.amenagement_delai_mois", "Taxe d'aménagement, délai après l'ouverture", "mois")
    _inscrire(ctx, livre, depenses, "taxe_amenagement", amenagement, cal.ouverture + delai, ETAT)
    part = ctx.entree("taxes.bureaux_part_due", "Taxe sur les bureaux, part supportée", "%")
    surface_taxee = (ctx.entree("taxes.surface_bureaux_m2", "Surface comptée en bureaux", "m²") * part).nommer(
        "Surface taxée en bureaux", "m²"
    )
    bureaux = (surface_taxee * 1.0).nommer("Taxe pour création de bureaux")
    if np.any(surface_taxee.valeur != 0.0):
        terrain = ctx.entree("taxes.terrain", "Terrain, préparation et démolitions", "€") * part
        lectures = taxe_bureaux(ctx, surface_taxee, terrain)
        bureaux = (lectures[fiche.lecture_plafond] * realiser).nommer("Taxe pour création de bureaux")
    _inscrire(ctx, livre, depenses, "taxe_bureaux", bureaux, cal.debut_travaux, ETAT)
    return somme((amenagement, bureaux), "Taxes d'urbanisme")


def _inscrire(
    ctx: Contexte,
    livre: Livre,
    depenses: list[Depense],
    code: str,
    montant: Grandeur,
    rang: Grandeur,
    receveur: str,
) -> None:
    """Write a use of the plan and its payment."""
    livre.inscrire(f"besoins.{code}", "besoins", montant)
    paiement = au_mois(ctx, montant, rang).nommer(f"Paiement : {montant.nom}")
    livre.inscrire(f"tresorerie.{code}", "tresorerie", paiement, ctx.etude.acteurs.nom_maitre_ouvrage, receveur)
    depenses.append(Depense(code, montant, paiement))
