"""Capital grants: amount per place, own caps, share of the base; what limits each, and when it is paid."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.finances.livre import Livre, verifier_nul
from pope_foncier.projet.calendrier import Calendrier, au_mois
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.etude import Aide
from pope_foncier.socle.grandeur import Grandeur, maximum, minimum


@dataclass(frozen=True, slots=True)
class Subvention:
    """Grant computed: what is given, and what is lent by the same funder, shape (…, 1)."""

    aide: Aide
    subvention: Grandeur
    pret: Grandeur | None


def calculer(
    ctx: Contexte, livre: Livre, calendrier: Calendrier, places: Grandeur, assiette: Grandeur
) -> list[Subvention]:
    """Compute the grants that are counted, write them and their payment in the ledger.

    An aid that nobody asked for is absent; an aid of unknown amount is unknown, never zero.

    Args:
        places: new places, shape (…, 1).
        assiette: eligible expenses [€], shape (…, 1).
    """
    return [
        _une(ctx, livre, calendrier, aide, places, assiette)
        for aide in ctx.etude.aides
        if aide.statut != "non_demandee"
    ]


def _une(ctx: Contexte, livre: Livre, cal: Calendrier, aide: Aide, places: Grandeur, assiette: Grandeur) -> Subvention:
    champ = f"aides[{aide.id}]"
    if aide.par_place is None:
        inconnu = Grandeur(float("nan"), aide.libelle, "€", manques=frozenset({f"montant de {aide.libelle}"}))
        return Subvention(aide, livre.inscrire(f"ressources.{aide.id}", "ressources", inconnu), None)
    termes = [places * ctx.entree(f"{champ}.par_place", f"{aide.libelle}, montant par place", "€/place")]
    if aide.plafond_par_place is not None:
        plafond = ctx.entree(f"{champ}.plafond_par_place", f"{aide.libelle}, plafond par place", "€/place")
        termes.append(places * plafond)
    if aide.part_max is not None:
        termes.append(assiette * ctx.entree(f"{champ}.part_max", f"{aide.libelle}, part maximale", "%"))
    montant = minimum(*termes) if len(termes) > 1 else termes[0]
    montant = montant.nommer(aide.libelle)
    verifier_nul((maximum(montant - assiette, 0.0)).valeur, f"{aide.libelle} dépasse son assiette")
    pret = None
    if aide.part_subvention is not None:
        part = ctx.entree(f"{champ}.part_subvention", f"{aide.libelle}, part versée en subvention", "%")
        pret = (montant * (1.0 - part)).nommer(f"{aide.libelle}, part prêtée")
        montant = (montant * part).nommer(f"{aide.libelle}, part donnée")
    livre.inscrire(f"ressources.{aide.id}", "ressources", montant)
    delai = (
        ctx.entree(f"{champ}.delai_versement_mois", f"{aide.libelle}, délai de versement", "mois")
        if aide.delai_versement_mois is not None
        else Grandeur(0.0, "Délai de versement", "mois")
    )
    versement = au_mois(ctx, montant, cal.ouverture + delai).nommer(f"Versement : {aide.libelle}")
    beneficiaire = ctx.etude.acteurs.nom_maitre_ouvrage
    livre.inscrire(f"tresorerie.aide.{aide.id}", "tresorerie", versement, aide.financeur, beneficiaire)
    return Subvention(aide, montant, pret)
