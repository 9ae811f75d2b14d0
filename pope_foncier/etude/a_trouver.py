"""What must still be found: called when the cash needs it, and what the cash lacks beyond it, in two amounts and their sum.

« À trouver pour l'investissement » is what the plan lacks once every named closer is called. It has no date: it is called month by month
as the cash of its party runs out, the rest at the opening. What the cash still lacks at its lowest month is « à trouver
en trésorerie »: the wait for grants paid late, which comes back; the deficit of the running, the capital repaid and what the end of
the tenure takes (grants given back, restoring), which do not.
The plan does not receive it: nobody lends to a place that loses money for ten years, and a lump would hide it. The interest that an
overdraft of that size would bear is therefore an indicator, never a charge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude.boucleurs import beneficiaire
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.paiements import retard
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, minimum, somme, total
from pope_foncier.socle.vocabulaire import (
    cumul,
    decaler,
    dernier,
    inferieur,
    plancher,
    plus_haut,
    plus_haut_a_ce_jour,
    si,
    superieur_ou_egal,
    variation,
)

GROUPE = "a_trouver."
"""Beginning of the codes of these figures."""
EN_TRESORERIE = libelle(f"{GROUPE}exploitation")
"""Label of what the cash lacks at its lowest month, whatever makes it lack."""


def appeler(ctx: Contexte, livre: Livre, cal: Calendrier, aides: Sequence[Subvention]) -> list[Subvention]:
    """Pay what is to be found when the cash of its party needs it, the rest at the opening; the other grants as they are."""
    boucleurs = {b.cle: b for b in ctx.boucleurs if b.id in ctx.bouclage and b.sur_appel}
    payees = []
    for aide in aides:
        if aide.aide.id not in boucleurs:
            payees.append(aide)
            continue
        boucleur = boucleurs[aide.aide.id]
        qui = beneficiaire(ctx, boucleur)
        appel = _au_besoin(ctx, aide.subvention, livre.solde(qui), cal.ouverture)
        if ctx.chocs:
            appel = decaler(appel, retard(ctx, f"bouclage[{boucleur.id}]"))
        versement = livre.inscrire(f"tresorerie.{aide.aide.id}", appel, boucleur.nom_apporteur, qui, boucleur.libelle)
        payees.append(replace(aide, versement=versement))
    return payees


def _au_besoin(ctx: Contexte, montant: Grandeur, solde: Grandeur, ouverture: Grandeur) -> Grandeur:
    """Calls by month, shape (…, M): what is missing so far, within the amount; all of it from the opening on."""
    manque = plus_haut_a_ce_jour(_sous_zero(cumul(solde)))
    ouvert = superieur_ou_egal(ctx.mois, plancher(ouverture + 0.5))
    appele = variation(si(ouvert, montant, minimum(manque, montant)))
    phrase = "{0} appelé quand le cumul de [{1}] passe sous zéro, le solde à l'ouverture ({2})"
    return dire(appele, phrase, montant, solde, ouverture)


def mesurer(ctx: Contexte, livre: Livre, cal: Calendrier, caisses: Mapping[str, Grandeur]) -> None:
    """Write what must be found once closers are called: for the investment, in cash, in all; what comes back; overdraft's interest.

    Args:
        caisses: cash of each party at the end of each month, shape (…, M) [€]; neither pays for the other.
    """
    if not ctx.bouclage:
        return
    trouves = [ctx.bouclage[b.id] for b in ctx.boucleurs if b.id in ctx.bouclage and b.est_a_trouver]
    investissement = nommer(f"{GROUPE}investissement", somme(trouves))
    manques = [
        dire(_sous_zero(caisse), "ce qui manque sous zéro à [{}]", caisse).nommer(f"Trésorerie manquante : {acteur}")
        for acteur, caisse in caisses.items()
    ]
    exploitation = nommer(f"{GROUPE}exploitation", somme([plus_haut(m) for m in manques]))
    definitif = nommer(f"{GROUPE}definitif", somme([dernier(m) for m in manques]))
    manquant = somme(manques, "Trésorerie manquante, fin de mois")
    taux = ctx.dernier_publie("taux.marche.decouvert_association")
    phrase = "somme des mois de [{}] avant la fin d'usage ({}), × {} ÷ 12"
    interets = total(manquant * inferieur(ctx.mois, cal.fin_usage)) * taux / 12.0
    interets = dire(interets, phrase, manquant, cal.fin_usage, taux)
    lignes = {
        "investissement": investissement,
        "exploitation": exploitation,
        "total": investissement + exploitation,
        "definitif": definitif,
        "attente": exploitation - definitif,
        "interets_decouvert": interets,
    }
    for nom, grandeur in lignes.items():
        livre.inscrire(f"{GROUPE}{nom}", grandeur)


def _sous_zero(caisse: Grandeur) -> Grandeur:
    """What a cash lacks to be zero."""
    return maximum(0.0 - caisse, 0.0)
