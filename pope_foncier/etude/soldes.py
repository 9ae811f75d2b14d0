"""Intermediate balances of the operating account (soldes intermédiaires de gestion): from income to self-financing."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.exploitation.compte import RESULTAT_SANS_A_TROUVER
from pope_foncier.modele.livre import verifier_nul
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, par_annee, somme


@dataclass(frozen=True, slots=True)
class Soldes:
    """Balances by calendar year [€], shape (…, years)."""

    produits: Grandeur
    """Income without the grant quota, balancing contribution included."""
    charges_externes: Grandeur
    marge: Grandeur
    """Income less external charges."""
    personnel: Grandeur
    excedent_brut: Grandeur
    """EBE: what the activity leaves before depreciation and interest, without the grant quota."""
    quote_part: Grandeur
    """Grant quota, operating income of account 747 since the financial years of 2025, that this EBE leaves out: it is no cash."""
    dotations_nettes: Grandeur
    """Depreciation less the grant quota: neither is cash."""
    resultat_exploitation: Grandeur
    interets: Grandeur
    resultat: Grandeur
    capacite_autofinancement: Grandeur
    resultat_sans_a_trouver: Grandeur | None = None
    """Result without the quota of what nobody has promised; None when the plan asks for no such grant."""


INTERMEDIAIRES = (
    *("marge", "excedent_brut", "resultat_exploitation", "resultat"),
    *("capacite_autofinancement", "resultat_sans_a_trouver"),
)
"""Fields that are balances, what is left at a step; the others are what a step adds or takes."""


def calculer_soldes(ev: Evaluation) -> Soldes:
    """Intermediate balances; self-financing is found twice: EBE − interest, and result + depreciation − quota.

    Raises:
        ErreurCalcul: the study has no operating account.
        IdentiteRompue: the two ways differ.
    """
    if ev.compte is None:
        raise ErreurCalcul("L'étude n'a pas de compte d'exploitation : pas de soldes. Compléter « exploitation ».")
    livre, echelle = ev.livre, ev.ctx.echelle
    charges = list(livre.du_groupe("charges"))
    sociales = [x.code for x in charges if x.poste in ("personnel", "actions")]
    hors = (*sociales, "exploitation.charges.dotation", "exploitation.charges.interets")
    externes = [x.code for x in charges if x.code not in hors]
    quote = livre["exploitation.produits.quote_part"]

    def annuel(grandeur: Grandeur, nom: str) -> Grandeur:
        return par_annee(grandeur, echelle).nommer(nom)

    produits = annuel(ev.compte.produits - quote + ev.compte.contribution, "Produits, hors quote-part")
    achats = annuel(somme([livre[c] for c in externes], "Charges externes du mois"), "Charges externes")
    marge = (produits - achats).nommer("Marge avant personnel")
    personnel = annuel(somme([livre[c] for c in sociales], "Personnel du mois"), "Personnel")
    ebe = (marge - personnel).nommer("Excédent brut d'exploitation, hors quote-part")
    quotes = annuel(quote, "Quote-part des subventions d'investissement (compte 747)")
    dotations = annuel(livre["exploitation.charges.dotation"] - quote, "Dotations moins quotes-parts")
    courant = (ebe - dotations).nommer("Résultat avant intérêts")
    interets = annuel(livre["exploitation.charges.interets"], "Intérêts")
    resultat = (courant - interets).nommer("Résultat")
    sans = (
        annuel(livre[RESULTAT_SANS_A_TROUVER], "Résultat sans ce qui reste à trouver")
        if RESULTAT_SANS_A_TROUVER in livre.lignes
        else None
    )
    capacite_autofinancement = nommer("exploitation.capacite_autofinancement", ebe - interets)
    ecart = capacite_autofinancement.valeur - par_annee(ev.compte.capacite_autofinancement, echelle).valeur
    verifier_nul(ecart, "capacité d'autofinancement = excédent brut − intérêts")
    return Soldes(
        produits,
        achats,
        marge,
        personnel,
        ebe,
        quotes,
        dotations,
        courant,
        interets,
        resultat,
        capacite_autofinancement,
        sans,
    )
