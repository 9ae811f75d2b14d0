"""Operating account of a scenario by calendar year: its two sides, their lines and their totals."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.lignes import Groupe
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.grandeur import Tableau

COMPTE: tuple[tuple[str, Groupe], ...] = (("Charges", "charges"), ("Produits", "produits"))
"""Two sides of the operating account: French title, group of lines."""


def lignes_du_compte(vue: Vue, groupe: Groupe) -> list[Ligne]:
    """Lines of one side in euros: hours billed stand beside the income, not in it."""
    return [x for x in vue.ev.livre.du_groupe(groupe) if x.poste != "heures"]


def total_du_compte(vue: Vue, groupe: Groupe) -> Tableau:
    """Total of one side by calendar year, shape (years,) [€]."""
    return np.asarray(sum(vue.annuel(x.code) for x in lignes_du_compte(vue, groupe)))


def par_place_du_compte(vue: Vue, groupe: Groupe, annee: int) -> list[tuple[str, float]]:
    """Lines of one side in one calendar year by place [€/place], by label."""
    rang = vue.annees.index(annee)
    annuels = ((x.libelle, float(vue.annuel(x.code)[rang])) for x in lignes_du_compte(vue, groupe))
    return [(libelle, vue.places.par_place(montant)) for libelle, montant in annuels]
