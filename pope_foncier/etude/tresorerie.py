"""Treasury by month: payments of the works, net flow of each party, cash of the project owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.immobilier import ASSUREURS
from pope_foncier.aides.cumul import Subvention
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.exploitation.demarrage import fin_de_montee, fonds_de_roulement
from pope_foncier.modele.calendrier import Calendrier, au_mois, entre
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.relais import RELAIS, Relais, dimensionner
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, poser, somme, total
from pope_foncier.socle.vocabulaire import borner, cumul, etaler, plus_bas
from pope_foncier.travaux.cout import CoutTravaux, achat_de_l_equipement

ENTREPRISES = "Entreprises et bureaux d'études"


def paiements_des_travaux(ctx: Contexte, cal: Calendrier, cout: CoutTravaux) -> dict[str, Grandeur]:
    """Payments that bear VAT, by month, shape (…, M) [€]: fees, works, equipment.

    Fees are paid evenly over studies and works, equipment on the month before the opening, the insurance of the works, which
    bears no VAT, when they start. Works follow the payment terms of the study: progress curve, delay on the invoices,
    retention released after the reception (law 71-584 of 1971); without terms they are paid evenly and at once.
    """
    tva = 1.0 + ctx.bareme("fiscalite.tva.taux_normal")
    assurees = ctx.etude.travaux.assurances_part is not None
    controles = cout.etudes_assurances_ht - cout.assurances if assurees else cout.etudes_assurances_ht
    etudes = etaler((cout.honoraires_ht + controles) * tva, cal.en_etudes)
    factures = ((cout.travaux_ht + cout.aleas_ht) * tva).nommer("Travaux et aléas TTC")
    return {
        "etudes": etudes,
        "travaux": _payer_factures(ctx, cal, factures),
        "equipement": au_mois(ctx, cout.equipement_ttc, achat_de_l_equipement(cal)),
    }


def payer_travaux(
    ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux, paiements: Mapping[str, Grandeur]
) -> Grandeur:
    """Write the payments of the works and return by month the total of those that bear VAT, shape (…, M)."""
    maitre_ouvrage = ctx.etude.acteurs.nom_maitre_ouvrage
    payes = [livre.inscrire(f"tresorerie.{x}", g, maitre_ouvrage, ENTREPRISES) for x, g in paiements.items()]
    if ctx.etude.travaux.assurances_part is not None:
        primes = au_mois(ctx, cout.assurances, cal.debut_travaux)
        livre.inscrire("tresorerie.assurances", primes, maitre_ouvrage, ASSUREURS)
    return somme(payes, "Dépenses payées TTC")


def _payer_factures(ctx: Contexte, cal: Calendrier, factures: Grandeur) -> Grandeur:
    termes = ctx.etude.reglements
    if termes is None:
        return etaler(factures, cal.en_travaux)
    delai = ctx.entree("reglements.delai_paiement_mois")
    retenue = ctx.entree("reglements.retenue_garantie_part")
    attente = ctx.entree("reglements.retenue_garantie_mois")
    fait = _COURBES[termes.courbe]
    duree = maximum(cal.reception - cal.debut_travaux, _SANS_DUREE)
    avance = (ctx.mois - cal.debut_travaux - delai) / duree
    nom = "courbe en S" if termes.courbe == "en_s" else "avancement régulier"
    part = dire(
        fait(borner(avance + 1.0 / duree, 0.0, 1.0)) - fait(borner(avance, 0.0, 1.0)),
        f"part facturée au mois {{}} ({nom}, travaux de {{}} à {{}}, payés {{}} plus tard)",
        ctx.mois,
        cal.debut_travaux,
        cal.reception,
        delai,
    )
    retenu = (factures * retenue).nommer("Retenue de garantie")
    return (factures - retenu) * part + au_mois(ctx, retenu, cal.reception + attente)


_SANS_DUREE = 1e-9
"""Works of no month are done at once."""


def _reguliere(avance: Grandeur) -> Grandeur:
    return avance


def _en_s(avance: Grandeur) -> Grandeur:
    return avance * avance * (3.0 - 2.0 * avance)


_COURBES: dict[str, Callable[[Grandeur], Grandeur]] = {"reguliere": _reguliere, "en_s": _en_s}
"""Share of the works done at each share of their duration; the S curve is slow, then fast, then slow (3x² − 2x³)."""


def besoins_de_demarrage(ctx: Contexte, cal: Calendrier, compte: CompteExploitation) -> list[tuple[str, Grandeur]]:
    """Uses of the plan that nobody invoices: losses of the ramp-up, and the aid of the Caf that is advanced.

    Returns:
        Opening losses: how low the self-financing of the ramp-up falls. Working-capital need: highest receivable on the Caf
        up to a year after the ramp-up (a full cycle of advances and balance), when the study says how the Caf pays.
    """
    plein = fin_de_montee(ctx, cal)
    demarre = entre(ctx, cal.ouverture, plein).nommer("Mois de montée en charge", "")
    autofinancement = compte.capacite_autofinancement
    pertes = maximum(0.0 - plus_bas(cumul(autofinancement * demarre)), 0.0)
    pertes = dire(pertes, "plus bas du cumul de [{}] sur les [{}]", autofinancement, demarre)
    besoins = [("pertes_ouverture", nommer("besoins.pertes_ouverture", pertes))]
    fiche = ctx.etude.exploitation
    if fiche is not None and (fiche.versements_caf is not None or fiche.contribution_commune.est_differee()):
        besoins.append(("fonds_de_roulement", fonds_de_roulement(ctx, cal, compte.creances)))
    return [
        (code, maximum(besoin, ctx.besoins_arretes[code]) if code in ctx.besoins_arretes else besoin)
        for code, besoin in besoins
    ]


def avant_les_recettes(
    cal: Calendrier, entree: Entree, loyer: Grandeur, dettes: Sequence[Dette]
) -> list[tuple[str, Grandeur]]:
    """Uses of an operator that its owner delivers premises to: entry in the lease, rent, fees and interest before the opening."""
    interets = somme([d.interets for d in dettes], "Intérêts du gestionnaire")
    return [
        *((d.code, d.montant) for d in entree.du_gestionnaire),
        ("loyer_avant_ouverture", total(loyer * cal.avant_ouverture)),
        ("interets_avant_ouverture", total(interets * cal.avant_ouverture)),
        *((f"frais_{d.id}", du) for d in dettes if (du := d.accessoires_avant(cal)) is not None),
    ]


def relayer(ctx: Contexte, livre: Livre, aides: Sequence[Subvention]) -> Relais | None:
    """Draw the bridge of the study on the accepted grants, never on what is still to be found; write its draws, repayments and interest in the ledger."""
    fiche = ctx.etude.relais
    if fiche is None:
        return None
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    solde = livre.solde(porteur)
    connues = [a for a in aides if a.aide.financeur != A_TROUVER and a.aide.statut in fiche.statuts]
    admises = somme([a.versement for a in connues], "Aides que le relais avance")
    taux = ctx.entree("relais.taux")
    avance = ctx.entree("relais.taux_avance")
    mois = np.zeros(ctx.echelle.duree_mois)
    relais = dimensionner(solde.valeur + mois, admises.valeur + mois, avance.valeur, taux.valeur)

    def colonne(nom: str, quoi: str) -> Grandeur:
        return poser(
            RELAIS,
            taux,
            avance,
            admises,
            solde,
            parametres=(ctx.echelle.duree_mois, nom),
            phrase=f"{quoi} d'un relais à {{}}, plafonné à {{}} de [{{}}], pour couvrir [{{}}]",
            valeur=relais.colonne(nom),
        )

    for nom in ("deblocage", "remboursement", "interets"):
        code = f"relais.{nom}"
        payeur, receveur = (fiche.preteur, porteur) if nom == "deblocage" else (porteur, fiche.preteur)
        livre.inscrire(code, colonne(nom, libelle(code).lower()), payeur, receveur)
    livre.inscrire("relais.encours", colonne("encours", "encours"))
    return relais


def cumuler(livre: Livre, acteur: str) -> Grandeur:
    """Cumulated cash of a party, from zero, by month; its lowest point."""
    solde = livre[f"solde.{acteur}"]
    caisse = livre.inscrire(f"tresorerie.cumul.{acteur}", cumul(solde, "cumul depuis le départ de {}"), nom=acteur)
    livre.inscrire(f"tresorerie.point_bas.{acteur}", plus_bas(caisse, "plus bas niveau de {}"), nom=acteur)
    return caisse
