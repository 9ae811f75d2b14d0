"""Picture of childcare needs: births, places and coverage."""

from __future__ import annotations

import numpy as np

from pope_foncier.territoire.besoins import couverture, projeter
from pope_foncier.territoire.fiche import FicheTerritoire
from pope_foncier.vues.formes.image import ALERTE, GRIS, OKABE_ITO, Axe, Courbe, Etiquette, Image, Repere, annee


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
    courbes = [Courbe(np.asarray(a, dtype=float), 100 * v, couleur, t, 1.6, m) for _, a, v, couleur, t, m in series]
    bas, haut = min(float(k.y.min()) for k in courbes), max(float(k.y.max()) for k in courbes)
    return Image(
        "Naissances, places et couverture",
        f"Naissances, places et couverture, indice 100 en {c.annees[0]}",
        "Insee (naissances) et Cnaf (places), tables publiques du projet ; projection du projet",
        Axe(float(c.annees[0]), float(horizon), ecrire=annee, entier=True),
        Axe(bas - 0.06 * (haut - bas), haut + 0.06 * (haut - bas), f"indice, {c.annees[0]} = 100"),
        (Repere(100.0, "y", couleur=GRIS), *courbes),
        tuple(
            Etiquette(float(k.x[-1]), float(k.y[-1]), nom, colonne=float(horizon), couleur=k.couleur, trait=k.trait)
            for (nom, *_), k in zip(series, courbes, strict=True)
        ),
        0.47,
    )
