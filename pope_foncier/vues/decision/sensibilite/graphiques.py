"""Pictures of what moves a decision: tornado."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pope_foncier.decision.sensibilite.tornade import Barre, Tornade
from pope_foncier.etude.lecteur import EN_CLAIR
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.formes.image import ALERTE, GRIS, OKABE_ITO, Axe, Boite, Courbe, Image, Marque, Mots, Repere

BARRES = 12
"""Bars drawn: the longest; the table has them all."""
BAS, HAUT = (OKABE_ITO[4], "///"), (OKABE_ITO[1], "")
"""Looks of the low end and of the high end of an input."""
_MARGE = 0.17
_EN_MILLIERS = 20_000.0
_PROCHE = 0.015
"""Share of the picture under which the sign of the slope would cover the end of the bar."""
CLE = "Hachures : bout bas de l'entrée ; plein : bout haut ; losange creux : où la pente mettrait ce bout"


def tornade(lue: Tornade, source: str) -> Image:
    """Longest bars of a figure, each end with the value of the input; a diamond where the slope would put it."""
    titre = f"Ce qui fait bouger « {lue.libelle} »"
    if math.isnan(lue.centrale) or not lue.barres:
        pourquoi = (
            "il est inconnu dans l'étude" if math.isnan(lue.centrale) else "aucune entrée en doute ne le fait bouger"
        )
        return Image(titre, titre, source, message=f"« {lue.libelle} » n'a pas de tornade : {pourquoi}.")
    barres = lue.barres[:BARRES]
    suite = f", les {BARRES} entrées qui pèsent le plus sur {len(lue.barres)}" if len(lue.barres) > BARRES else ""
    dans_l_etude = f"{formater(lue.centrale, lue.unite)} dans l'étude, {EN_CLAIR[lue.lecture]}"
    lus = [(bout.chiffre, bout.par_la_pente) for barre in barres for bout in barre.bouts]
    axe = _axe([lue.centrale, *(v for deux in lus for v in deux if not math.isnan(v))], lue)
    marques: list[Marque] = [Repere("x", lue.centrale, trait="--", couleur=GRIS)]
    for rang, barre in enumerate(barres):
        marques += _barre(rang, barre, lue, _PROCHE * (axe.haut - axe.bas))
    texte = f"{titre} ({dans_l_etude}), de l'entrée qui l'éloigne le plus à celle qui l'éloigne le moins. {CLE}."
    noms = Axe.des_rangs([barre.entree.libelle for barre in barres])
    proportion = (1.3 + 0.36 * len(barres)) / 9
    return Image(f"{titre}{suite}", texte, f"{source} ; {dans_l_etude}. {CLE}", axe, noms, marques, proportion)


def _axe(valeurs: Sequence[float], lue: Tornade) -> Axe:
    """Axis of the figure, with room at both sides for the words of the ends; large amounts in thousands of euros."""
    bas, haut = min(valeurs), max(valeurs)
    marge = _MARGE * max(haut - bas, abs(haut) * 0.05, 1e-6)
    if lue.unite == "€" and max(abs(bas), abs(haut)) >= _EN_MILLIERS:
        return Axe(bas - marge, haut + marge, "milliers d'euros", ecrire=lambda v: formater_nombre(v / 1000))
    if lue.unite == "%":
        return Axe(bas - marge, haut + marge, "%", ecrire=lambda v: formater_nombre(v * 100, 1, 0))
    return Axe(bas - marge, haut + marge, lue.unite or lue.libelle)


def _barre(rang: int, barre: Barre, lue: Tornade, proche: float) -> list[Marque]:
    """Upper half: low end; lower half: high end; both start at the figure of the study."""
    marques: list[Marque] = []
    for bout, haut, bas, teinte in ((barre.bas, -0.38, 0.0, BAS), (barre.haut, 0.0, 0.38, HAUT)):
        milieu, dit = rang + (haut + bas) / 2, barre.entree.dire(bout.valeur)
        if math.isnan(bout.chiffre):
            mots = Mots(f"{dit} : {bout.motif}", "E", pale=True)
            marques.append(Courbe.point(lue.centrale, milieu, mots, ALERTE, "D"))
            continue
        losange = abs(bout.par_la_pente - bout.chiffre) > proche
        if bout.chiffre != lue.centrale:
            cote, le_plus_loin = ("E", max) if bout.chiffre > lue.centrale else ("W", min)
            marques.append(Boite(lue.centrale, rang + haut, bout.chiffre, rang + bas, teinte=teinte))
            ou = le_plus_loin(bout.chiffre, bout.par_la_pente) if losange else bout.chiffre
            marques.append(Courbe.point(ou, milieu, Mots(dit, cote), marque=""))
        if losange:
            x, y = np.array([bout.par_la_pente]), np.array([milieu])
            marques.append(Courbe(x, y, couleur="black", trait="", marque="D", creuse=True))
    return marques
