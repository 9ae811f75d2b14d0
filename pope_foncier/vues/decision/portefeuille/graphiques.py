"""Picture of a portfolio: its cash, beside that of each site alone."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.temps import ajouter_mois, mois_en_clair
from pope_foncier.vues.formes.image import (
    ALERTE,
    OKABE_ITO,
    TRAITS,
    Axe,
    Courbe,
    Etiquette,
    Image,
    Repere,
    annee,
    en_annees,
)


def caisses(ensemble: Ensemble, source: str) -> Image:
    """Cash of the company at the end of each month, and of each site if it stood alone with its share of the equity."""
    duree, depart = ensemble.duree, ensemble.depart
    lignes = {"réunis": ensemble.caisse}
    for rang, (lieu, part) in enumerate(zip(ensemble.lieux, ensemble.parts, strict=True)):
        lignes[f"{lieu.libelle}, à part"] = ensemble.caisse_seule(rang, part)
    x = en_annees(depart.year, depart.month, np.arange(duree))
    courbes, etiquettes = [], []
    for i, (nom, v) in enumerate(lignes.items()):
        y = np.broadcast_to(v, (*v.shape[:-1], duree)).reshape(-1, duree)[0] / 1000
        courbes.append(Courbe(x, y, OKABE_ITO[i % 8], TRAITS[i % 4], 1.5 if i else 2.4))
        etiquettes.append(
            Etiquette(
                x[-1], y[-1], nom, colonne=x[-1], couleur=courbes[-1].couleur, trait=courbes[-1].trait, gras=not i
            )
        )
    reunis = courbes[0].y
    creux = int(np.argmin(reunis))
    quand = mois_en_clair(ajouter_mois(depart, creux))
    bas, haut = min(0.0, *(float(c.y.min()) for c in courbes)), max(float(c.y.max()) for c in courbes)
    marge = 0.1 * max(haut - bas, 1.0)
    return Image(
        "Trésorerie des lieux réunis et de chacun à part",
        f"{ensemble.fiche.titre} : trésorerie des lieux réunis et de chacun à part",
        source,
        Axe(float(x[0]), float(x[-1]), ecrire=annee, entier=True),
        Axe(bas - marge, haut + marge, "milliers d'euros"),
        (Repere(0.0, "y"), *courbes, Courbe(x[creux : creux + 1], reunis[creux : creux + 1], ALERTE, "", marque="o")),
        (
            *etiquettes,
            Etiquette(
                x[creux],
                reunis[creux],
                f"point bas réunis : {euros(round(float(reunis[creux]) * 1000, -2))}, {quand}",
                "SE SW NE NW",
            ),
        ),
        0.47,
    )
