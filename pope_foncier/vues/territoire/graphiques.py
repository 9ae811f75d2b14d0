"""Picture of childcare needs: births, places and coverage."""

from __future__ import annotations

import numpy as np

from pope_foncier.territoire.besoins import couverture, projeter
from pope_foncier.territoire.fiche import FicheTerritoire
from pope_foncier.vues.formes.image import ALERTE, GRIS, MARGE, OKABE_ITO, Axe, Courbe, Image, Mots, Repere


def besoins(territoire: FicheTerritoire, horizon: int) -> Image:
    """Index 100 in the first year: births, places and rate; births projected at their trend are dotted."""
    c, p, table = couverture(territoire), projeter(territoire, horizon), territoire.table("naissances")
    naissances = np.array([table.total_connu(a) for a in table.annees])
    series = (
        ("naissances", table.annees, naissances / naissances[0], ALERTE, "-", "o"),
        ("places, tous modes", c.annees, c.places_toutes / c.places_toutes[0], OKABE_ITO[0], "-", "s"),
        ("places pour 100 enfants", c.annees, c.taux_toutes / c.taux_toutes[0], OKABE_ITO[2], "-", "^"),
        ("naissances à leur tendance (hypothèse)", p.annees, p.naissances / naissances[0], ALERTE, ":", ""),
    )
    courbes = [
        Courbe(np.asarray(ans, dtype=float), 100 * v, Mots(nom, colonne=MARGE), couleur, trait, 1.6, marque)
        for nom, ans, v, couleur, trait, marque in series
    ]
    bas, haut = min(float(k.y.min()) for k in courbes), max(float(k.y.max()) for k in courbes)
    return Image(
        "Naissances, places et couverture",
        f"Naissances, places et couverture, indice 100 en {c.annees[0]}",
        "Insee (naissances) et Cnaf (places), tables publiques du projet ; projection du projet",
        Axe.des_annees(np.array([c.annees[0], horizon])),
        Axe(bas - 0.06 * (haut - bas), haut + 0.06 * (haut - bas), f"indice, {c.annees[0]} = 100"),
        [Repere("y", 100.0, couleur=GRIS), *courbes],
    )
