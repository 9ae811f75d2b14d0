"""Treasury by month: payments of the works, net flow of each party, cash of the project owner."""

from __future__ import annotations

import numpy as np

from pope_foncier.finances.livre import Livre
from pope_foncier.projet.calendrier import Calendrier, au_mois, etaler
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.cout_travaux import CoutTravaux
from pope_foncier.socle.grandeur import Grandeur, appliquer

ENTREPRISES = "Entreprises et bureaux d'études"


def payer_travaux(ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux) -> None:
    """Write the payments of the works: fees over studies and works, works evenly, equipment on the opening month."""
    maitre_ouvrage = ctx.etude.acteurs.nom_maitre_ouvrage
    tva = 1.0 + ctx.bareme("fiscalite.tva.taux_normal")
    etudes = etaler((cout.honoraires_ht + cout.etudes_assurances_ht) * tva, cal.en_etudes)
    travaux = etaler((cout.travaux_ht + cout.aleas_ht) * tva, cal.en_travaux)
    equipement = au_mois(ctx, cout.equipement_ttc, cal.ouverture - 1.0)
    for code, grandeur in (
        ("etudes", etudes.nommer("Paiement des honoraires et études TTC")),
        ("travaux", travaux.nommer("Paiement des travaux et aléas TTC")),
        ("equipement", equipement.nommer("Paiement de l'équipement TTC")),
    ):
        livre.inscrire(f"tresorerie.{code}", "tresorerie", grandeur, maitre_ouvrage, ENTREPRISES)


def cumuler(livre: Livre, acteur: str) -> Grandeur:
    """Cumulated cash of a party, from zero, by month; its lowest point."""
    solde = livre[f"solde.{acteur}"]
    cumul = appliquer(lambda v: np.cumsum(v, axis=-1), "cumul depuis le départ de {}", solde).nommer(
        f"Trésorerie : {acteur}"
    )
    livre.inscrire(f"tresorerie.cumul.{acteur}", "tresorerie", cumul)
    creux = appliquer(lambda v: v.min(axis=-1, keepdims=True), "plus bas niveau de {}", cumul, axe="")
    livre.inscrire(f"tresorerie.point_bas.{acteur}", "resultat", creux.nommer(f"Point bas de trésorerie : {acteur}"))
    return cumul
