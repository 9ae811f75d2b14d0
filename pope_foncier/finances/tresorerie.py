"""Treasury by month: payments of the works, net flow of each party, cash of the project owner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.finances.livre import Livre
from pope_foncier.finances.relais import Relais, dimensionner
from pope_foncier.finances.subventions import Subvention
from pope_foncier.projet.calendrier import Calendrier, au_mois, etaler
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.cout_travaux import CoutTravaux
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, maximum, somme

ENTREPRISES = "Entreprises et bureaux d'études"


def payer_travaux(ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux) -> None:
    """Write the payments of the works: fees over studies and works, works evenly, equipment on the opening month."""
    maitre_ouvrage = ctx.etude.acteurs.nom_maitre_ouvrage
    tva = 1.0 + ctx.bareme("fiscalite.tva.taux_normal")
    etudes = etaler((cout.honoraires_ht + cout.etudes_assurances_ht) * tva, cal.en_etudes)
    travaux = etaler((cout.travaux_ht + cout.aleas_ht) * tva, cal.en_travaux)
    equipement = au_mois(ctx, cout.equipement_ttc, maximum(cal.ouverture - 1.0, 0.0))
    for code, grandeur in (
        ("etudes", etudes.nommer("Paiement des honoraires et études TTC")),
        ("travaux", travaux.nommer("Paiement des travaux et aléas TTC")),
        ("equipement", equipement.nommer("Paiement de l'équipement TTC")),
    ):
        livre.inscrire(f"tresorerie.{code}", "tresorerie", grandeur, maitre_ouvrage, ENTREPRISES)


def relayer(ctx: Contexte, livre: Livre, aides: Sequence[Subvention]) -> Relais | None:
    """Draw the bridge of the study on the accepted grants; write its draws, repayments and interest in the ledger."""
    fiche = ctx.etude.relais
    if fiche is None:
        return None
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    solde = livre.solde(porteur)
    admises = somme([a.versement for a in aides if a.aide.statut in fiche.statuts], "Aides que le relais avance")
    taux = ctx.entree("relais.taux", "Prêt relais, taux", "%")
    avance = ctx.entree("relais.taux_avance", "Prêt relais, part avancée", "%")
    mois = np.zeros(ctx.echelle.duree_mois)
    relais = dimensionner(solde.valeur + mois, admises.valeur + mois, avance.valeur, taux.valeur)
    variation = np.diff(relais.encours, axis=-1, prepend=0.0)

    def ligne(valeur: Tableau, quoi: str) -> Grandeur:
        gabarit = f"{quoi} d'un relais à {{}}, plafonné à {{}} de [{{}}], pour couvrir [{{}}]"
        return appliquer(lambda *_: valeur, gabarit, taux, avance, admises, solde, axe="mois")

    for code, valeur, nom, recoit in (
        ("deblocage", np.maximum(variation, 0.0), "Déblocage du prêt relais", True),
        ("remboursement", np.maximum(-variation, 0.0), "Remboursement du prêt relais", False),
        ("interets", relais.interets, "Intérêts du prêt relais", False),
    ):
        payeur, receveur = (fiche.preteur, porteur) if recoit else (porteur, fiche.preteur)
        livre.inscrire(f"relais.{code}", "emprunts", ligne(valeur, nom.lower()).nommer(nom), payeur, receveur)
    encours = ligne(relais.encours, "encours").nommer("Encours du prêt relais")
    livre.inscrire("relais.encours", "emprunts", encours, stock=True)
    return relais


def cumuler(livre: Livre, acteur: str) -> Grandeur:
    """Cumulated cash of a party, from zero, by month; its lowest point."""
    solde = livre[f"solde.{acteur}"]
    cumul = appliquer(lambda v: np.cumsum(v, axis=-1), "cumul depuis le départ de {}", solde).nommer(
        f"Trésorerie : {acteur}"
    )
    livre.inscrire(f"tresorerie.cumul.{acteur}", "tresorerie", cumul, stock=True)
    creux = appliquer(lambda v: v.min(axis=-1, keepdims=True), "plus bas niveau de {}", cumul, axe="")
    livre.inscrire(f"tresorerie.point_bas.{acteur}", "resultat", creux.nommer(f"Point bas de trésorerie : {acteur}"))
    return cumul
