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

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude.boucleurs import beneficiaire, cle_de
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, somme
from pope_foncier.socle.vocabulaire import decaler

GROUPE = "a_trouver."
"""Beginning of the codes of these figures."""
EN_TRESORERIE = libelle(f"{GROUPE}exploitation")
"""Label of what the cash lacks at its lowest month, whatever makes it lack."""


def appeler(ctx: Contexte, livre: Livre, cal: Calendrier, aides: Sequence[Subvention]) -> list[Subvention]:
    """Pay what is to be found when the cash of its party needs it, the rest at the opening; the other grants as they are."""
    boucleurs = {cle_de(b): b for b in ctx.etude.boucleurs if b.id in ctx.bouclage and b.sur_appel}
    payees = []
    for aide in aides:
        if aide.aide.id not in boucleurs:
            payees.append(aide)
            continue
        boucleur = boucleurs[aide.aide.id]
        qui = beneficiaire(ctx, boucleur)
        appel = appliquer(
            _au_besoin,
            "{0} appelé quand le cumul de [{1}] passe sous zéro, le solde à l'ouverture ({2})",
            aide.subvention,
            livre.solde(qui),
            cal.ouverture,
            axe="mois",
        )
        if ctx.chocs:
            retard = ctx.choquer(f"bouclage[{boucleur.id}].retard_mois", Grandeur(0.0, "Retard", "mois"))
            appel = decaler(appel, retard)
        versement = livre.inscrire(f"tresorerie.{aide.aide.id}", appel, boucleur.nom_apporteur, qui, boucleur.libelle)
        payees.append(replace(aide, versement=versement))
    return payees


def _au_besoin(montant: Tableau, solde: Tableau, ouverture: Tableau) -> Tableau:
    """Calls by month, shape (…, M): what is missing so far, within the amount; all of it from the opening on."""
    rangs = np.arange(solde.shape[-1])
    manque = np.maximum.accumulate(np.maximum(-np.cumsum(solde, axis=-1), 0.0), axis=-1)
    appele = np.where(rangs >= np.floor(ouverture + 0.5), montant, np.minimum(manque, montant))
    appele = np.where(np.isnan(ouverture), np.nan, appele)
    return np.diff(appele, axis=-1, prepend=0.0)


def mesurer(ctx: Contexte, livre: Livre, cal: Calendrier, caisses: Mapping[str, Grandeur]) -> None:
    """Write what must be found once closers are called: for the investment, in cash, in all; what comes back; overdraft's interest.

    Args:
        caisses: cash of each party at the end of each month, shape (…, M) [€]; neither pays for the other.
    """
    if not ctx.bouclage:
        return
    trouves = [ctx.bouclage[b.id] for b in ctx.etude.boucleurs if b.id in ctx.bouclage and b.est_a_trouver]
    investissement = nommer(f"{GROUPE}investissement", somme(trouves))
    manques = [
        appliquer(_manque, "ce qui manque sous zéro à [{}]", cumul).nommer(f"Trésorerie manquante : {acteur}")
        for acteur, cumul in caisses.items()
    ]
    pires = [appliquer(lambda v: v.max(axis=-1, keepdims=True), "plus haut de [{}]", m, axe="") for m in manques]
    restes = [appliquer(lambda v: v[..., -1:], "dernier mois de [{}]", m, axe="") for m in manques]
    exploitation = nommer(f"{GROUPE}exploitation", somme(pires))
    definitif = nommer(f"{GROUPE}definitif", somme(restes))
    interets = appliquer(
        lambda v, fin, t: (v * (np.arange(v.shape[-1]) < fin)).sum(axis=-1, keepdims=True) * t / 12.0,
        "somme des mois de [{}] avant la fin d'usage ({}), × {} ÷ 12",
        somme(manques, "Trésorerie manquante, fin de mois"),
        cal.fin_usage,
        ctx.dernier_publie("taux.marche.decouvert_association"),
        axe="",
    )
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


def _manque(cumul: Tableau) -> Tableau:
    return np.maximum(-cumul, 0.0)
