"""Pictures that compare: studies by who pays, what the commune pays beside each meaning of balance, structures of a loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pope_foncier.decision.soutien import besoins
from pope_foncier.decision.structures_de_pret import Structures
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.parts_du_plan import PARTS, parts_du_plan
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.decision import tableaux_structures
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.image import (
    ALERTE,
    GRIS,
    LOOKS,
    MARGE,
    OKABE_ITO,
    TEINTES,
    Axe,
    Boite,
    Courbe,
    Image,
    Marque,
    Mots,
)

STRUCTURES_DESSINEES = 40
"""Structures of a loan drawn at most, so that their names stay readable."""
_ESSENTIELLES = ("couverture", "point_bas", "a_trouver")


def etudes(vues: Sequence[tuple[str, Vue]]) -> Image:
    """Needs of each study, one bar each, cut by who pays; a study whose amounts are unknown says so."""
    lues = [{} if v.aucune_place else parts_du_plan(v) for _, v in vues]
    plus_grand = max(float(np.nansum([*parts.values(), 1.0])) for parts in lues)
    marques: list[Marque] = []
    for rang, parts in enumerate(lues):
        if not parts or np.isnan(list(parts.values())).any():
            pourquoi = "inconnu : des montants manquent" if parts else AUCUNE_PLACE
            marques.append(Courbe.point(0.0, rang, Mots(pourquoi, "E", pale=True), marque=""))
            continue
        gauche = 0.0
        for i, (nom, montant) in enumerate(parts.items()):
            if montant >= 0.5:
                mots = Mots(f"{nom}\n{formater_nombre(montant / 1000)}", "C") if montant > 0.075 * plus_grand else None
                teinte, creuse = TEINTES[i], nom == PARTS[-1]
                marques.append(Boite.en_rang(rang, gauche, gauche + montant, mots, teinte, creuse))
                gauche += montant
        marques.append(Courbe.point(gauche, rang, Mots(euros(round(gauche, -3)), "E", gras=True), marque=""))
    x = Axe(
        0.0,
        1.16 * plus_grand,
        "besoins du plan bouclé, milliers d'euros TTC",
        ecrire=lambda v: formater_nombre(v / 1000),
    )
    titre = "Besoins de chaque étude, par qui les paie"
    texte = f"{titre}, sur le plan bouclé ; ce que personne ne paie est en creux"
    return Image(
        titre,
        texte,
        "études du projet, hypothèses comprises",
        x,
        Axe.des_rangs([nom for nom, _ in vues]),
        marques,
        0.51,
    )


def commune(vue: Vue) -> Image:
    """Bars: operation, then investment above, paid by the commune by year; lines: what each reading would take for the operation."""
    titre, source, exploitation = (
        "Budget de la commune par année, plan bouclé",
        lectures.source(vue),
        vue.ev.ctx.etude.exploitation,
    )
    paye = None if vue.ev.compte is None else vue.bouclee.ev.livre["commune.contribution"]
    if exploitation is None or paye is None or np.isnan(paye.valeur).any():
        manques = frozenset() if paye is None else paye.manques
        return Image(titre, titre, source).sans("Le budget de la commune", manques)
    du_plan, lus = budget(vue), [b for b in besoins(vue) if not np.isnan(b.par_annee).any()]
    if np.isnan(du_plan.investissement + du_plan.fonctionnement).any():
        return Image(titre, titre, source, message="ce que paie la commune est inconnu, des montants manquent")
    utiles = np.flatnonzero(du_plan.investissement + du_plan.fonctionnement + sum(b.par_annee for b in lus))
    if not len(utiles):
        return Image(titre, titre, source, message="la commune ne paie rien")
    rangs = np.arange(utiles[0], utiles[-1] + 1)
    ans, bas, marques = np.array(vue.annees, dtype=float)[rangs], np.zeros(len(rangs)), list[Marque]()
    mode = lectures.mode_de_soutien(exploitation.contribution_commune)
    payes = {f"payé, fonctionnement : {mode}": du_plan.fonctionnement, "payé, investissement": du_plan.investissement}
    for (nom, montants), teinte in zip(payes.items(), TEINTES, strict=False):
        hauts, mots = montants[rangs] / 1000, Mots(nom, colonne=MARGE, gras=True, cle=teinte)
        for n, r in enumerate(np.flatnonzero(np.abs(hauts) > 0.0005)):
            coins = (ans[r] - 0.35, bas[r], ans[r] + 0.35, bas[r] + hauts[r])
            marques.append(Boite(*coins, None if n else mots, teinte))
        bas = bas + np.maximum(hauts, 0.0)
    for i, besoin in enumerate(lus):
        x, y = np.append(ans - 0.5, ans[-1] + 0.5), besoin.par_annee[np.append(rangs, rangs[-1])] / 1000
        mots, ici = Mots(besoin.libelle, colonne=MARGE), -min(4, 2 * len(x) - 1)
        marques.append(Courbe(x, y, mots, *LOOKS[(i + 2) % 8], 1.8, nomme_a=ici).en_marches())
    texte = f"{titre}, à côté de ce que chaque sens de l'équilibre demanderait"
    x_axe = Axe(float(ans[0]) - 0.5, float(ans[-1]) + 0.5, graduations=tuple((float(a), f"{a:.0f}") for a in ans))
    y_axe = Axe.autour([bas, *(b.par_annee[rangs] / 1000 for b in lus)], "milliers d'euros par an", 0.05)
    return Image(titre, texte, source, x_axe, y_axe, marques)


def structures(s: Structures, seuil: float, source: str, essentielles: bool = False) -> Image:
    """Structures of a loan: one row each, one column a measure, so that the eye compares down a column.

    Args:
        seuil: cover to hold, marked in its column.
        essentielles: whether to show the cover, the lowest cash and what is left to find alone, for a narrow sheet.
    """
    mesures = {
        "teg": ("TEG\n%", 100.0 * s.teg, 2),
        "cout": ("coût\nk€", s.cout / 1000, 0),
        "annuite": ("annuité\nmax, k€", s.echeance_max / 1000, 1),
        "couverture": (f"couverture\nmin, seuil\n{formater_nombre(seuil, 2, 0)}", s.couverture, 2),
        "point_bas": ("point bas\nk€", s.point_bas / 1000, 0),
        "a_trouver": ("à trouver\nk€", s.a_trouver / 1000, 0),
    }
    nombre, lues = min(len(s), STRUCTURES_DESSINEES), _ESSENTIELLES if essentielles else tuple(mesures)
    part = 0.55 if essentielles else 0.4  # of a column where its points stand, their numbers at their right
    marques: list[Marque] = []
    for colonne, code in enumerate(lues):
        _, valeurs, decimales = mesures[code]
        lu = seuil if code == "couverture" else None
        marques += _colonne(colonne, part, valeurs[:nombre], decimales, s.tient, lu)
    titres = tuple((rang + 0.4, mesures[code][0]) for rang, code in enumerate(lues))
    noms = Axe.des_rangs([tableaux_structures.nom(s, i) for i in range(nombre)])
    titre = "Structures de prêt, plan bouclé" + (f", les {nombre} premières sur {len(s)}" if nombre < len(s) else "")
    cle = (
        "Rond : tient dans toutes les limites ; losange creux : une limite la refuse ; pointillé : couverture à tenir."
    )
    texte = f"{tableaux_structures.phrase(s)} {cle}"
    x = Axe(-0.04, float(len(lues)), graduations=titres, gras=True)
    return Image(titre, texte, source, x, noms, marques, (1.1 + 0.27 * nombre) / 10)


def _colonne(
    colonne: int, part: float, valeurs: Tableau, decimales: int, tient: NDArray[np.bool_], seuil: float | None
) -> list[Marque]:
    """Measure of each structure in a column: a sign at its value, and its number; the threshold when it has one."""
    connues = valeurs[np.isfinite(valeurs)]
    reperes = [*connues, *([] if seuil is None else [seuil])] or [0.0]
    bas, large = min(reperes), max(max(reperes) - min(reperes), 10.0**-decimales)

    def place(valeur: float) -> float:
        return float(colonne + 0.04 + (part - 0.04) * (valeur - bas) / large)

    marques: list[Marque] = []
    if seuil is not None:
        trait = np.full(2, place(seuil)), np.array([-0.5, len(valeurs) - 0.5])
        marques.append(Courbe(*trait, couleur=GRIS, trait="--", epaisseur=1.0))
    for rang, valeur in enumerate(valeurs):
        if not np.isfinite(valeur):
            marques.append(Courbe.point(colonne + 0.04, rang, Mots("inconnu", "E", pale=True), marque=""))
            continue
        couleur, marque = (OKABE_ITO[0], "o") if tient[rang] else (ALERTE, "D")
        point = Courbe.point(place(valeur), rang, Mots(formater_nombre(valeur, decimales), "E"), couleur, marque)
        marques.append(point if tient[rang] else replace(point, creuse=True))
    return marques
