"""Flows of an evaluation, month by month and party by party, as a CSV that a spreadsheet opens."""

from __future__ import annotations

import csv
import io

import numpy as np

from pope_foncier.analyse.chaine import Evaluation
from pope_foncier.vues.proteger import sans_formule

ENTETES = ("mois", "date", "ligne", "libelle", "payeur", "receveur", "montant_euros")


def en_csv(ev: Evaluation, scenario: int = 0) -> str:
    """One row per flow and month where money moves; an unknown flow has one row whose amount is « inconnu ».

    Semicolons and decimal commas. A text that a spreadsheet would take for a formula is quoted.
    """
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";", lineterminator="\n")
    plume.writerow(ENTETES)
    echelle = ev.ctx.echelle
    for ligne in ev.livre.lignes.values():
        if not ligne.est_flux:
            continue
        valeur = ligne.grandeur.valeur
        mensuel = np.broadcast_to(
            valeur.reshape(-1, valeur.shape[-1])[scenario % valeur[..., 0].size], (echelle.duree_mois,)
        )
        textes = [sans_formule(t) for t in (ligne.code, ligne.libelle, ligne.payeur, ligne.receveur)]
        if np.isnan(mensuel).any():
            plume.writerow(["", "", *textes, "inconnu"])
            continue
        for mois in np.flatnonzero(np.abs(mensuel) > 0.0):
            montant = f"{mensuel[mois]:.6f}".rstrip("0").rstrip(".").replace(".", ",")
            plume.writerow([int(mois), echelle.date_du_mois(int(mois)).isoformat(), *textes, montant])
    return sortie.getvalue()
