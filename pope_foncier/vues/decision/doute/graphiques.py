"""Pictures of the doubt: fan of the cash, histogram of a figure with its thresholds, cover of the debt year by year."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.doute.lecture import Bandes, LectureDuDoute
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.decision.doute import tableaux
from pope_foncier.vues.formes.image import (
    ALERTE,
    GRIS,
    MARGE,
    OKABE_ITO,
    Axe,
    Bande,
    Boite,
    Courbe,
    Image,
    Marque,
    Mots,
    Repere,
)

_LARGE, _SERREE = ("#FFFFFF", "..."), (OKABE_ITO[4], "")
"""Looks of the wide band and of the narrow one."""
_MILLIERS = "milliers d'euros"


def eventail(lu: LectureDuDoute, source: str) -> Image:
    """Cash of the project owner month by month: nine draws in ten, eight in ten, the median, and the study as it is written."""
    bandes, echelle = lu.tresorerie(), lu.ev.ctx.echelle
    x = echelle.depart.year + (echelle.depart.month - 1 + bandes.rangs) / 12
    acteur = lu.etude.acteurs.nom_maitre_ouvrage
    titre = f"Trésorerie, mois par mois : {acteur}"
    if not len(x):
        return Image(titre, titre, source, message="Aucun tirage ne donne de trésorerie.")
    utiles = slice(0, _derniere_utile(bandes) + 1)
    marques = _en_eventail(x[utiles], bandes, utiles, 1000.0)
    marques.append(Repere("y", 0.0, None, couleur=ALERTE, trait="--"))
    valeurs = [bandes.bandes[0.05][utiles] / 1000, bandes.bandes[0.95][utiles] / 1000, bandes.centrale[utiles] / 1000]
    texte = (
        f"{titre}. {tableaux.phrase(lu)} Bande pleine : huit tirages sur dix ; bande pointillée : neuf sur dix ; trait épais : la médiane ; "
        "trait coupé : l'étude telle qu'elle est écrite."
    )
    return Image(titre, texte, source, Axe.des_annees(x[utiles]), Axe.autour(valeurs, _MILLIERS), marques)


def couverture(lu: LectureDuDoute, source: str) -> Image:
    """Cover of the debt year by year, its bands, and what it takes to pay the debt."""
    bandes = lu.couvertures()
    titre = "Couverture de la dette, année par année"
    if not len(bandes.rangs):
        return Image(titre, titre, source, message="Aucun tirage n'a de dette à payer.")
    bandes = bandes.la_plupart(lu.tiree.nombre)
    marques = _en_eventail(bandes.rangs, bandes, slice(None), 1.0)
    marques.append(Repere("y", 1.0, Mots("la dette est payée"), "--", ALERTE))
    if lu.seuils.couverture is not None:
        marques.append(Repere("y", lu.seuils.couverture, Mots("son seuil"), ":", ALERTE))
    texte = f"{titre}. {tableaux.phrase(lu)}"
    y = Axe.autour([bandes.bandes[0.05], bandes.bandes[0.95], [1.2]], "disponible sur dette à payer")
    return Image(titre, texte, source, Axe.des_annees(bandes.rangs), y, marques)


def _en_eventail(x: np.ndarray, bandes: Bandes, utiles: slice, diviseur: float) -> list[Marque]:
    """Bands, median and deterministic study, named in the margin."""
    lues = {part: v[utiles] / diviseur for part, v in bandes.bandes.items()}
    mots = {
        0.95: "1 tirage sur 20 au-dessus",
        0.90: "1 sur 10 au-dessus",
        0.50: "médiane",
        0.10: "1 sur 10 au-dessous",
        0.05: "1 sur 20 au-dessous",
    }
    marques: list[Marque] = [
        Bande(x, lues[0.05], lues[0.95], _LARGE),
        Bande(x, lues[0.10], lues[0.90], _SERREE),
    ]
    for part, dit in reversed(mots.items()):
        epaisseur, couleur = (2.2, OKABE_ITO[0]) if part == 0.50 else (0.7, GRIS)
        marques.append(Courbe(x, lues[part], Mots(dit, colonne=MARGE, gras=part == 0.50), couleur, "-", epaisseur))
    centrale = bandes.centrale[utiles] / diviseur
    connus = ~np.isnan(centrale)
    if connus.any():
        marques.append(
            Courbe(x[connus], centrale[connus], Mots("étude telle qu'écrite", colonne=MARGE), "black", "--", 1.4)
        )
    return marques


def _derniere_utile(bandes: Bandes) -> int:
    """Last month in which the cash still moves, and a year: what follows is a flat line."""
    bougent = [np.flatnonzero(np.abs(np.diff(v)) > 0.5) for v in (*bandes.bandes.values(), bandes.centrale)]
    dernier = max([0, *(int(b[-1]) for b in bougent if len(b))])
    return min(dernier + 12, len(bandes.rangs) - 1)


def histogramme(lu: LectureDuDoute, nom: str, source: str) -> Image:
    """How often a figure falls where, its median, its ends, the thresholds that bear on it, and the study as it is written."""
    histo = lu.histogramme(nom)
    f = histo.fourchette
    en_milliers = f.unite == "€"
    diviseur, unite = (1000.0, _MILLIERS) if en_milliers else (1.0, f.unite)
    titre = f"{f.libelle} : {tableaux.en_une_phrase(f) if f.unite.startswith('€') else 'répartition des tirages'}"
    if not histo.effectifs.any():
        return Image(titre, titre, source, message="Aucun tirage ne donne ce chiffre.")
    part = 100.0 * histo.effectifs / lu.tiree.nombre
    bords = histo.bords / diviseur
    marques: list[Marque] = [
        Boite(bords[i], 0.0, bords[i + 1], part[i], None, (OKABE_ITO[4], "")) for i in range(len(part)) if part[i]
    ]
    for p, dit in ((0.10, "1 fois sur 10\nau-dessous"), (0.50, "médiane"), (0.90, "1 fois sur 10\nau-dessus")):
        marques.append(
            Repere("x", f.quantiles[p].valeur / diviseur, Mots(dit), "-" if p == 0.50 else ":", OKABE_ITO[0])
        )
    for dit, seuil in histo.seuils.items():
        marques.append(
            Repere(
                "x",
                seuil / diviseur,
                Mots(f"{dit}\u00a0: {formater_nombre(seuil, 0 if f.unite else 2)}", gras=True),
                "--",
                ALERTE,
            )
        )
    if not np.isnan(f.centrale):
        marques.append(Repere("x", f.centrale / diviseur, Mots("étude telle qu'écrite"), "-.", "black"))
    bas = min([bords[0], *(s / diviseur for s in histo.seuils.values())])
    haut = max([bords[-1], *(s / diviseur for s in histo.seuils.values())])
    marge = 0.02 * (haut - bas)
    texte = f"{titre}. {tableaux.phrase(lu)} {formater_nombre(f.indefinis)} tirages sans valeur, comptés à part."
    x, y = Axe(bas - marge, haut + marge, unite), Axe(0.0, 1.15 * float(part.max()), "% des tirages")
    return Image(titre, texte, source, x, y, marques)


def dessines(lu: LectureDuDoute) -> list[str]:
    """Figures whose spread is worth a histogram, among those that were drawn."""
    return [
        nom
        for nom in ("cout_commune", "a_trouver", "couverture_minimale")
        if nom in lu.tiree.chiffres and lu.fourchette(nom).est_etalee
    ]
