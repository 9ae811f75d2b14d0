"""Early repayment in part or in whole, and its indemnity."""

from __future__ import annotations

from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.prets.clauses import Anticipe, Indemnite
from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.cout import paye
from pope_foncier.prets.etat import EtatPret, accorder_duree, remboursements_prevus, situation
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul

_BAREME = "credit.remboursement_anticipe"


def indemnite(
    clause: Indemnite, rembourse: Tableau, taux_annuel: Tableau, restantes: Tableau, solde: Tableau, emprunt: Emprunt
) -> Tableau:
    """Early repayment indemnity.

    Args:
        clause: what the contract says.
        rembourse: amount repaid early, (1 or D, 1) [€].
        taux_annuel: annual rate in force [fraction].
        restantes: instalments that remained, (1 or D, n) [€].
        solde: balance before the early repayment [€].
        emprunt: terms, for the conversion of the reference rate.

    Returns:
        Indemnity, (1 or D, 1) [€].
    """
    if clause.mode == "aucune":
        return rembourse * 0.0
    mois_interets = rembourse * taux_annuel * clause.mois / 12.0
    if clause.mode == "mois_interets":
        return mois_interets
    if clause.mode == "pourcentage":
        return rembourse * clause.pourcentage
    if clause.mode == "mois_interets_plafonnes":
        return np.minimum(mois_interets, rembourse * clause.pourcentage)
    if clause.mode == "plafond_legal":
        moyen = colonne(emprunt.taux if clause.taux_moyen is None else clause.taux_moyen, "Taux moyen")
        return np.minimum(rembourse * moyen * clause.mois / 12.0, solde * clause.pourcentage)
    assert clause.taux_reference is not None
    reference = emprunt.en_taux_periode(colonne(clause.taux_reference, "Taux de référence"))
    rangs = np.arange(1.0, restantes.shape[1] + 1)[None, :]
    valeur = np.sum(restantes * (1.0 + reference) ** -rangs, axis=1, keepdims=True)
    part = np.divide(rembourse, solde, out=np.zeros_like(rembourse * solde), where=solde > 0)
    return np.asarray(np.maximum(valeur - solde, 0.0) * part)


def bornes_legales() -> dict[str, float]:
    """Months of interest and share of the balance of the legal ceiling, the last known (R. 313-25)."""
    catalogue, noms = Catalogue(), {"mois": "mois_interets_max", "pourcentage": "part_restant_du_max"}
    lues = {nom: exiger(catalogue.derniere(f"{_BAREME}.{cle}", date.max)).valeur for nom, cle in noms.items()}
    return {nom: float(valeur) for nom, valeur in lues.items() if valeur is not None}


def appliquer(etat: EtatPret, rang: int, anticipe: Anticipe) -> None:
    """Apply an early repayment after the row ``rang``, in the columns and in the terms of what follows.

    Raises:
        ErreurCalcul: shortening asked for a profile that is not a level instalment.
    """
    e, c = etat.emprunt, etat.colonnes
    avant = etat.solde.copy()
    if anticipe.montant is not None:
        rembourse = np.minimum(colonne(anticipe.montant, "Remboursement anticipé"), avant)
    else:
        rembourse = avant * (1.0 if anticipe.part is None else anticipe.part)
    rembourse = np.minimum(paye(e, rembourse), avant)
    taux = e.en_taux_periode(etat.etape.taux)
    en_differe_total = bool(np.any(rang < etat.differe)) and e.differe.startswith("total")
    if en_differe_total and anticipe.indemnite.mode == "actuarielle":
        raise ErreurCalcul("Indemnité actuarielle pendant un différé total : rembourser après la fin du différé.")
    plan = remboursements_prevus(etat, situation(etat, rang, avant, taux, etat.total - rang))
    restantes = plan + (avant - np.cumsum(plan, axis=1) + plan) * taux
    du = indemnite(anticipe.indemnite, rembourse, etat.etape.taux, restantes, avant, e)
    etat.colonne("indemnites")[:, rang] += paye(e, du)[:, 0]
    etat.colonne("anticipes")[:, rang] += rembourse[:, 0]
    c["remboursement"][:, rang] += rembourse[:, 0]
    c["capital_restant_du"][:, rang] -= rembourse[:, 0]
    etat.solde = c["capital_restant_du"][:, rang : rang + 1]
    etat.solde[np.abs(etat.solde) < 1e-9] = 0.0
    _solder(etat, rang)
    if e.forme.duree == "calculee":
        accorder_duree(etat, rang)
    elif anticipe.mode == "reduire_duree" and np.any(etat.solde > 0):
        if not e.forme.niveau or np.any(rang < etat.differe):
            raise ErreurCalcul(
                "Réduire la durée à échéance inchangée n'a de sens que pour une échéance constante, après le différé ; "
                "choisir « mode: reduire_echeance »."
            )
        if e.revision is not None or e.paliers:
            raise ErreurCalcul(
                "Réduire la durée à échéance inchangée suppose un taux fixe : une révision recalcule l'échéance ; "
                "choisir « mode: reduire_echeance »."
            )
        etat.echeance_tenue = restantes[:, :1]
        accorder_duree(etat, rang)


def _solder(etat: EtatPret, rang: int) -> None:
    """Close the draws repaid in whole: no row remains, and the simple interest of a grace is paid with the capital."""
    ecoule = etat.rangs_de_remboursement(rang, np.zeros((1, 1)))
    vif = etat.solde > 0
    if np.any(etat.attente > 0) and not vif.all():
        etat.colonne("interets_payes")[:, rang] += np.where(vif, 0.0, etat.attente)[:, 0]
        etat.attente = np.where(vif, etat.attente, 0.0)
    a_venir = any(r > rang for r in etat.deblocages.rangs)
    if not a_venir:
        etat.nombre = np.where(vif, etat.nombre, ecoule)
        etat.differe = np.where(vif, etat.differe, np.minimum(etat.differe, float(rang)))
