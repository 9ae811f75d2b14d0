"""What the commune pays in all, as rows of arrays: its present cost."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.choisir.regles import lire_limites_du_plan
from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.grandeur import Tableau


def actualisation_de(etude: Etude) -> tuple[float, str]:
    """Yearly discount rate of a study, and where it comes from: its own, else that of the data."""
    foncier, donnees = etude.foncier, lire_limites_du_plan().actualisation
    if foncier is not None and foncier.taux_actualisation.valeur is not None:
        return float(foncier.taux_actualisation.valeur), f"étude : {foncier.taux_actualisation.base}"
    taux = float("nan") if donnees.valeur is None else float(donnees.valeur)
    return taux, f"hypothèse : {donnees.base}"


def cout_actualise(ev: Evaluation, taux: float, nombre: int, avec_le_reste: bool = False) -> Tableau:
    """Present value of what the commune pays less what comes back to it, its property included, shape (D,) [€]; NaN without an operation.

    Args:
        taux: yearly discount rate.
        nombre: number of rows D.
        avec_le_reste: whether it also gives what nobody has promised.
    """
    if ev.compte is None:
        return np.full(nombre, np.nan)
    return np.asarray(_paye(ev, nombre, avec_le_reste) @ _facteurs(ev, taux))


def places_annees_actualisees(ev: Evaluation, taux: float, nombre: int) -> Tableau:
    """Places × years of opening, discounted as amounts are, shape (D,): what present costs are divided by to compare tenures of different lengths."""
    ouvertes = (
        np.broadcast_to(ev.calendrier.ouvert.valeur, (nombre, ev.ctx.echelle.duree_mois)) @ _facteurs(ev, taux) / 12.0
    )
    return np.asarray(np.ravel(ev.capacite.places.valeur) * ouvertes)


def _facteurs(ev: Evaluation, taux: float) -> Tableau:
    return np.asarray((1.0 + taux) ** (-np.arange(ev.ctx.echelle.duree_mois) / 12.0))


def _paye(ev: Evaluation, nombre: int, avec_le_reste: bool) -> Tableau:
    """What the commune pays each month less what it receives, shape (D, M) [€]."""
    commune = ev.ctx.etude.acteurs.commune
    parties = (commune, patrimoine(commune), *((A_TROUVER,) if avec_le_reste else ()))
    total = np.zeros((nombre, ev.ctx.echelle.duree_mois))
    for partie in parties:
        if f"solde.{partie}" in ev.livre.lignes:
            total = total - ev.livre[f"solde.{partie}"].valeur
    return total
