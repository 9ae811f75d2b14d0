"""Early withdrawal from a montage: works not yet written off, debt left, grants to give back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Retrait:
    """Early withdrawal some years after the opening, shape (…, 1) [€]."""

    annees: int
    travaux_non_amortis: Tableau
    """Works not yet written off, and rent paid at once for the years left."""
    dette: Tableau
    aides_a_rendre: Tableau
    """Grants to give back: all of it when the scheme says so, else pro rata of the commitment left (reading)."""


def partir(ev: Evaluation, annees: int) -> Retrait:
    """What an operator that leaves some years after the opening loses, owes and gives back."""
    ouverture, fin = ev.calendrier.ouverture.valeur, ev.calendrier.fin_titre.valeur
    vie = np.minimum(ev.ctx.entree("travaux.duree_vie_mois").valeur, fin - ouverture)
    with np.errstate(divide="ignore", invalid="ignore"):
        reste = np.clip(1.0 - 12.0 * annees / vie, 0.0, 1.0)
    rang = np.floor(ouverture + 0.5) + 12 * annees
    connu = rang < ev.ctx.echelle.duree_mois
    position = np.where(connu, np.nan_to_num(rang), 0).astype(np.intp)
    dette = np.zeros((1, 1))
    for d in ev.dettes:
        restant = np.broadcast_to(d.restant.valeur, (*d.restant.valeur.shape[:-1], ev.ctx.echelle.duree_mois))
        forme = np.broadcast_shapes(restant.shape[:-1], position.shape[:-1])
        lignes = np.broadcast_to(restant, (*forme, restant.shape[-1]))
        dette = dette + np.take_along_axis(lignes, np.broadcast_to(position, (*forme, 1)), axis=-1)
    dette = np.where(connu, dette, np.nan)
    rendre = np.zeros((1, 1))
    for aide in ev.subventions:
        if aide.aide.engagement_ans is not None:
            ans = ev.ctx.entree(f"aides[{aide.aide.id}].engagement_ans").valeur
            part = np.clip(1.0 - annees / ans, 0.0, 1.0)
            if aide.reversement == "total":
                part = (part > 0.0).astype(np.float64)
            rendre = rendre + aide.subvention.valeur * part
    duree = fin - ev.calendrier.debut_titre.valeur
    avance = np.clip((fin - ouverture - 12.0 * annees) / np.maximum(duree, 1.0), 0.0, 1.0)
    perdus = ev.cout.immobilier_ttc.valeur * reste + ev.entree.loyer_capitalise.valeur * avance
    return Retrait(annees, perdus, dette, rendre)
