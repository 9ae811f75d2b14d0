"""Picture of a portfolio: its cash, beside that of each site alone."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.temps import Echelle
from pope_foncier.vues.formes.image import ALERTE, LOOKS, MARGE, Axe, Courbe, Image, Marque, Mots, Repere


def caisses(ensemble: Ensemble, source: str) -> Image:
    """Cash of the company at the end of each month, and of each site if it stood alone with its share of the equity."""
    duree, echelle = ensemble.duree, Echelle(ensemble.depart, ensemble.duree)
    lignes = {"réunis": ensemble.caisse}
    for rang, (lieu, part) in enumerate(zip(ensemble.lieux, ensemble.parts, strict=True)):
        lignes[f"{lieu.libelle}, à part"] = ensemble.caisse_seule(rang, part)
    x, courbes = echelle.en_annees(np.arange(duree)), []
    for i, (nom, v) in enumerate(lignes.items()):
        y = np.broadcast_to(v, (*v.shape[:-1], duree)).reshape(-1, duree)[0] / 1000
        courbes.append(Courbe(x, y, Mots(nom, colonne=MARGE, gras=not i), *LOOKS[i % 8], 1.5 if i else 2.4))
    reunis = courbes[0].y
    creux = int(np.argmin(reunis))
    bas = Mots(
        f"point bas réunis : {euros(round(float(reunis[creux]) * 1000, -2))}, {echelle.mois_en_clair(creux)}",
        "SE SW NE NW",
    )
    titre = "trésorerie des lieux réunis et de chacun à part"
    y_axe = Axe.autour([c.y for c in courbes], "milliers d'euros")
    marques: list[Marque] = [Repere("y", 0.0), *courbes, Courbe.point(x[creux], reunis[creux], bas, ALERTE)]
    return Image(titre.capitalize(), f"{ensemble.fiche.titre} : {titre}", source, Axe.des_annees(x), y_axe, marques)
