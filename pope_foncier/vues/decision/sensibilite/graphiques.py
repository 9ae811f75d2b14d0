"""Pictures of what moves a decision: tornado, grid of two inputs, shares of the doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pope_foncier.decision.sensibilite.grille import Grille
from pope_foncier.decision.sensibilite.parts import PartsDuDoute
from pope_foncier.decision.sensibilite.tornade import Barre, Tornade
from pope_foncier.etude.lecteur import EN_CLAIR
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.decision.sensibilite import tableaux
from pope_foncier.vues.decision.sensibilite.tableaux_tornade import pourquoi_inconnu
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
        inconnu = lue.sans_place or math.isnan(lue.centrale)
        pourquoi = pourquoi_inconnu(lue) if inconnu else "aucune entrée en doute ne le fait bouger"
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
        if abs(bout.chiffre - lue.centrale) > proche / 10:
            cote, le_plus_loin = ("E", max) if bout.chiffre > lue.centrale else ("W", min)
            marques.append(Boite(lue.centrale, rang + haut, bout.chiffre, rang + bas, teinte=teinte))
            ou = le_plus_loin(bout.chiffre, bout.par_la_pente) if losange else bout.chiffre
            marques.append(Courbe.point(ou, milieu, Mots(dit, cote), marque=""))
        if losange:
            x, y = np.array([bout.par_la_pente]), np.array([milieu])
            marques.append(Courbe(x, y, couleur="black", trait="", marque="D", creuse=True))
    return marques


# --- grid of two inputs -----------------------------------------------------------------------------------------
_DEGRES = ("#f3f8fc", "#d9e8f4", "#b5d3e9", "#86b7da", "#5597c7")
"""Shades of a figure, from its lowest to its highest value."""
_LIGNE = 2.6


def grille(lue: Grille, source: str) -> Image:
    """Figure over two inputs: a shade and a number a cell, a thick line where it passes its threshold, a cross at the study."""
    titre = f"« {lue.libelle} » selon deux entrées"
    connus = lue.chiffres[~np.isnan(lue.chiffres)]
    if not len(connus):
        return Image(titre, titre, source, message=f"« {lue.libelle} » n'a de chiffre pour aucune de ces valeurs.")
    bas, large = float(connus.min()), float(np.ptp(connus)) or 1.0
    ecrire, unite = tableaux.en_petit(connus, lue.unite)
    marques: list[Marque] = []
    for j, rang in enumerate(lue.chiffres):
        for i, valeur in enumerate(rang):
            vide = math.isnan(valeur)
            degre = "white" if vide else _DEGRES[min(int(len(_DEGRES) * (valeur - bas) / large), len(_DEGRES) - 1)]
            mots = Mots("—" if vide else ecrire(valeur), "C", pale=vide)
            marques.append(Boite(i - 0.5, j - 0.5, i + 0.5, j + 0.5, mots, (degre, ""), creuse=vide))
    marques += _frontiere(lue)
    marques += _de_l_etude(lue)
    seuil = "" if math.isnan(lue.seuil) else f" ; trait épais : seuil de {formater(lue.seuil, lue.unite)}"
    cle = f"{unite}{seuil} ; croix : l'étude, {formater(lue.centrale, lue.unite)}"
    texte = f"{titre}, {lue.x.libelle} et {lue.y.libelle}, le plan refermé à chaque case. Chiffres en {cle}."
    x, y = (
        Axe(-0.5, len(v) - 0.5, e.libelle, tuple((float(k), e.dire(float(a))) for k, a in enumerate(v)))
        for e, v in ((lue.x, lue.valeurs_x), (lue.y, lue.valeurs_y))
    )
    return Image(f"{titre}, en {unite}", texte, f"{source} ; plan bouclé. Chiffres en {cle}", x, y, marques, 0.5)


def _frontiere(lue: Grille) -> list[Marque]:
    """Sides between two cells of which one passes the threshold and not the other."""
    if math.isnan(lue.seuil):
        return []
    dessus = np.where(np.isnan(lue.chiffres), np.nan, lue.chiffres >= lue.seuil)
    marques: list[Marque] = []
    for j, i in zip(*np.nonzero(np.abs(np.diff(dessus, axis=1)) == 1.0), strict=True):
        marques.append(Courbe(np.full(2, i + 0.5), np.array([j - 0.5, j + 0.5]), couleur="black", epaisseur=_LIGNE))
    for j, i in zip(*np.nonzero(np.abs(np.diff(dessus, axis=0)) == 1.0), strict=True):
        marques.append(Courbe(np.array([i - 0.5, i + 0.5]), np.full(2, j + 0.5), couleur="black", epaisseur=_LIGNE))
    return marques


def _de_l_etude(lue: Grille) -> list[Marque]:
    """Cross where the study stands; nothing when it is out of the grid."""
    places = []
    for entree, valeurs in ((lue.x, lue.valeurs_x), (lue.y, lue.valeurs_y)):
        if not valeurs[0] <= entree.centrale <= valeurs[-1]:
            return []
        places.append(float(np.interp(entree.centrale, valeurs, np.arange(len(valeurs)))))
    i, j = places
    bras = 0.16
    return [
        Courbe(np.array([i - bras, i + bras]), np.array([j - bras, j + bras]), couleur=ALERTE, epaisseur=2.0),
        Courbe(np.array([i - bras, i + bras]), np.array([j + bras, j - bras]), couleur=ALERTE, epaisseur=2.0),
    ]


# --- shares of the doubt ----------------------------------------------------------------------------------------
def parts(lues: PartsDuDoute, source: str) -> Image:
    """Share of the doubt of each input: alone (plain), with what it does together with others (hatched), the interval as a line."""
    titre = f"D'où vient le doute sur « {lues.libelle} »"
    montres = [i for i in lues.indices.indices if i.total > 0][:BARRES]
    if not montres:
        return Image(titre, titre, source, message=f"« {lues.libelle} » ne bouge pas sous les lois de l'étude.")
    marques: list[Marque] = []
    for rang, i in enumerate(montres):
        seule, en_tout = max(i.premier, 0.0), max(i.total, i.premier, 0.0)
        marques.append(Boite.en_rang(rang, 0.0, en_tout, None, (OKABE_ITO[4], "///")))
        marques.append(Boite.en_rang(rang, 0.0, min(seule, en_tout), None, (OKABE_ITO[0], "")))
        bornes = np.array([max(i.total - i.total_pres, 0.0), i.total + i.total_pres])
        marques.append(Courbe(bornes, np.full(2, float(rang)), couleur="black", epaisseur=1.2))
        mots = Mots(f"{formater_nombre(i.total * 100)} %", "E")
        marques.append(Courbe.point(max(en_tout, float(bornes[1])), rang, mots, marque=""))
    haut = max(i.total + i.total_pres for i in montres)
    cle = "Plein : l'entrée seule ; hachures : avec ce qu'elle fait avec d'autres ; trait : intervalle à 95 %"
    texte = f"{titre} : part de la variance que chaque entrée explique. {tableaux.convergence(lues)} {cle}."
    x = Axe(0.0, 1.15 * haut, "part de la variance, %", ecrire=lambda v: formater_nombre(v * 100))
    noms = Axe.des_rangs([tableaux.nom_du_groupe(lues, i) for i in montres])
    return Image(titre, texte, f"{source} ; plan bouclé. {cle}", x, noms, marques, (1.2 + 0.32 * len(montres)) / 9)
