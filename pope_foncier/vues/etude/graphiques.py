"""Pictures of a study: sources and uses, cash, operating account, cover of the debt; each reads the result and gives a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.etude.caisses import CaisseDePartie, caisses
from pope_foncier.etude.compte_annuel import COMPTE, par_place_du_compte
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude import tableaux_comite
from pope_foncier.vues.etude.tableaux_financement import ressources_comptees
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.cases import Dire, centaines
from pope_foncier.vues.formes.image import (
    ALERTE,
    GRIS,
    LOOKS,
    MARGE,
    Axe,
    Boite,
    Courbe,
    Image,
    Marque,
    Mots,
    Repere,
    Teintes,
)

A_TROUVER = "À trouver, personne ne l'a promis"
BOUCLAGE = "Bouclage : "
"""Beginning of the name of what a closer brings."""
TROU = "Sans financement"
"""What a stress leaves unpaid, funding being frozen."""
VIDES = (A_TROUVER, TROU)
"""Parts that nobody brings, drawn empty."""
Parts = Sequence[tuple[str, float]]
_BARRE, _MOTS = 0.13, 0.16
"""Width of a column, and where its words begin, as shares of its place: choices of drawing."""


def parts_des_ressources(vue: Vue) -> list[tuple[str, float]]:
    """Who gives what on the closed plan: declared resources, closers, then what nobody brings; its name alone without any place."""
    if vue.aucune_place:
        return [(AUCUNE_PLACE, 0.0)]
    bouclee = vue.bouclee
    declarees = [x for x in ressources_comptees(bouclee) if not x.boucle]
    parts = [(x.libelle, bouclee.montant(x.code)) for x in declarees]
    return [(nom, v) for nom, v in [*parts, *parts_du_bouclage(vue)] if not v <= BOUCLE_A]


def parts_du_bouclage(vue: Vue) -> list[tuple[str, float]]:
    """What each closer brings in order, what is left to find, and what a stress leaves unpaid."""
    nommes = [(f"{BOUCLAGE}{a.boucleur.libelle}", m) for a, m in apports(vue) if not a.est_a_trouver]
    trou = vue.bouclee.montant("ressources.reste_a_financer")
    return [*nommes, (A_TROUVER, a_trouver(vue)), *([(TROU, trou)] if trou > BOUCLE_A else [])]


def teintes_de(base: Vue) -> Teintes:
    """Looks that start from the resources of a study, whatever scenario comes first on the screen."""
    return Teintes(nom for nom, _ in parts_des_ressources(base) if nom not in VIDES)


def manques(vues: Mapping[str, Vue]) -> str:
    """What each closed plan asks of nobody in particular, in one sentence."""
    dits = {
        n: f"{AUCUNE_PLACE}, {v.aucune_place}" if v.aucune_place else centaines(a_trouver(v)) for n, v in vues.items()
    }
    return " ; ".join(f"{nom} : {dit}" for nom, dit in dits.items())


def plan(vue: Vue) -> Image:
    """Sources and uses of the closed plan as two stacked columns; what nobody brings is hollow."""
    bouclee, texte = vue.bouclee, f"Besoins et ressources, dont ce qui reste à trouver. {manques({vue.titre: vue})}."
    besoins = [(x.libelle, bouclee.montant(x.code)) for x in bouclee.ev.livre.du_groupe("besoins")]
    colonnes = {"Besoins": (besoins, Teintes()), "Ressources": (parts_des_ressources(vue), teintes_de(vue))}
    return _colonnes(
        Image("Plan bouclé : besoins et ressources", texte, lectures.source(vue)),
        colonnes,
        "milliers d'euros TTC",
        1000,
    )


def ressources(vues: Mapping[str, Vue], teintes: Teintes, couleurs: Sequence[str] = ()) -> Image:
    """Resources of closed plans side by side, by who brings them; what nobody brings is hollow.

    Args:
        couleurs: colour of each scenario, as a strip under its column.
    """
    texte = f"Plan bouclé : qui donne quoi, et ce qui reste à trouver. {manques(vues)}."
    image = Image("Plan bouclé : qui donne quoi", texte, lectures.source(next(iter(vues.values()))))
    colonnes = {nom: (parts_des_ressources(v), teintes) for nom, v in vues.items()}
    dessin = _colonnes(image, colonnes, "milliers d'euros TTC", 1000, centaines)
    epais = 0.03 * dessin.y.haut
    rubans = [Boite(r, -epais, r + _BARRE, -epais / 3, None, (c, "")) for r, c in enumerate(couleurs)]
    bas = -epais if rubans else 0.0
    return replace(dessin, y=replace(dessin.y, bas=bas), marques=[*dessin.marques, *rubans])


def _colonnes(
    image: Image,
    colonnes: Mapping[str, tuple[Parts, Teintes]],
    unite: str,
    diviseur: float = 1.0,
    dire: Dire = euros,
) -> Image:
    """Stacked columns, each part named beside its own, its total below; unknown parts are named only."""
    haut = max([1.0, *(float(np.nansum([v for _, v in parts])) for parts, _ in colonnes.values())])
    marques, pieds = [], []
    for rang, (titre, (parts, teintes)) in enumerate(colonnes.items()):
        bas = 0.0
        for nom, valeur in parts:
            if valeur <= haut * 1e-4:
                continue
            inconnue, creuse = bool(np.isnan(valeur)), nom in VIDES
            haute = bas if inconnue else bas + valeur
            mots = Mots(f"{nom}\u00a0: {dire(valeur)}", colonne=rang + _MOTS, jusqua=rang + 1.0, pale=inconnue)
            marques.append(
                Boite(
                    rang, bas, rang + _BARRE, haute, mots, (GRIS, "") if creuse or inconnue else teintes.de(nom), creuse
                )
            )
            bas = haute
        total = AUCUNE_PLACE if [nom for nom, _ in parts] == [AUCUNE_PLACE] else dire(sum(v for _, v in parts))
        pieds.append((rang + 0.5, f"{titre}\n{total}"))
    x = Axe(-0.04, float(len(colonnes)), graduations=tuple(pieds), gras=True)
    y = Axe(0.0, haut * 1.02, unite, ecrire=lambda v: formater_nombre(v / diviseur))
    return replace(image, x=x, y=y, marques=marques, proportion=0.6)


def tresorerie(vue: Vue, dire: Dire = euros) -> Image:
    """Cash of each party on the closed plan by month, its lowest point named, with the opening.

    Args:
        dire: how an amount is written: to the euro, or rounded (``cases.centaines``).
    """
    lues, source = [] if vue.aucune_place else caisses(vue), lectures.source(vue)
    titre = f"Trésorerie cumulée{f' de « {lues[0].acteur} »' if len(lues) == 1 else ''}, plan bouclé"
    if vue.aucune_place:
        return Image(titre, lectures.sans_place(vue), source, message=lectures.sans_place(vue))
    if not all(c.est_connue for c in lues):
        manques = {m for c in lues for m in vue.bouclee.ev.livre[f"solde.{c.acteur}"].manques}
        return Image(titre, mots_de_caisse.caisse(vue, dire), source).sans("La trésorerie", manques)
    echelle, fin_titre, ouverture = (
        vue.ev.ctx.echelle,
        *(vue.valeur(g) for g in (vue.ev.calendrier.fin_titre, vue.ev.calendrier.ouverture)),
    )
    fin = echelle.duree_mois if np.isnan(fin_titre) else int(min(fin_titre + 6, echelle.duree_mois))
    x, marques = echelle.en_annees(np.arange(fin)), list[Marque]([Repere("y", 0.0)])
    for lue, look in zip(lues, LOOKS, strict=False):
        y, creux = lue.cumul[:fin] / 1000, int(np.argmin(lue.cumul[:fin]))
        nom = Mots(lue.acteur, colonne=MARGE) if len(lues) > 1 else None
        marques += [
            Courbe(x, y, nom, *look),
            Courbe.point(x[creux], y[creux], Mots(point_bas(vue, lue, dire), "SE SW NE NW"), ALERTE),
        ]
    if not np.isnan(ouverture):
        mots = Mots(f"ouverture, {echelle.mois_en_clair(int(ouverture))}")
        marques.append(Repere("x", float(echelle.en_annees(ouverture)), mots, "--", GRIS))
    texte = f"{titre} ; {' ; '.join(point_bas(vue, c, dire) for c in lues)}. {mots_de_caisse.caisse(vue, dire)}"
    y_axe = Axe.autour([c.cumul[:fin] / 1000 for c in lues], "milliers d'euros")
    return Image(titre, texte, source, Axe.des_annees(x), y_axe, marques, 0.42)


def point_bas(vue: Vue, lue: CaisseDePartie, dire: Dire = euros) -> str:
    """Lowest cash of a party and its month, in words."""
    return f"point bas : {dire(lue.point_bas)}, {vue.ev.ctx.echelle.mois_en_clair(lue.mois_du_creux)}"


def exploitation(vue: Vue) -> Image:
    """Charges and income per place on the closed plan in the cruising year, else the first full year."""
    vue, titre = vue.bouclee, "Charges et produits par place"
    an, compte = vue.annee_de_croisiere or vue.annee_pleine, vue.ev.compte
    image = Image(f"{titre} en {an}, plan bouclé", f"{titre}, plan bouclé", lectures.source(vue))
    if compte is None or np.isnan(compte.contribution.valeur).any():
        manques = frozenset() if compte is None else compte.contribution.manques
        return image.sans("Le compte d'exploitation", manques)
    if an is None or not vue.places.nombre > 0:
        return replace(image, message="aucune année pleine, ou aucune place")
    parts = {nom: par_place_du_compte(vue, groupe, an) for nom, groupe in COMPTE}
    return _colonnes(image, {nom: (suite, Teintes()) for nom, suite in parts.items()}, "euros par place")


_LISIBLES = 16
"""Years beyond which only the first, last, lowest and failing values are written."""


def couverture(vue: Vue, emprunteur: str | None = None) -> Image:
    """Cover of each year with its value, threshold and alert as named lines; years that fail are hollow squares.

    A plan that lacks money draws nothing but the reason.
    """
    ratio, manque = calculer(vue.ev, emprunteur)["couverture"], tableaux_comite.a_trouver(vue)
    titre = (
        f"Couverture de la dette, {lectures.lecture_de(vue)}{f', dont {euros(manque)} à trouver' if manque > 0 else ''}"
    )
    texte = "Couverture du service de la dette, année par année, et ses seuils, plan bouclé"
    valeurs, source = ratio.valeurs(vue.rang), lectures.source(vue)
    connues = [int(r) for r in np.flatnonzero(np.isfinite(valeurs))]
    statuts = [ratio.statut(r, vue.rang) for r in connues]
    if not connues or "indetermine" in statuts:
        raison = f"plan non bouclé, il manque {euros(manque)} : couverture indéterminée"
        if not connues or not manque > 0:
            raison = "aucune dette à servir, ou montants inconnus"
        return Image(titre, texte, source, message=raison)
    ans, y, controle = np.asarray(ratio.annees, dtype=float)[connues], valeurs[connues], ratio.controle
    tient = np.array([statut == "respecte" for statut in statuts])
    marques: list[Marque] = [
        Courbe(ans, y),
        Courbe(ans[tient], y[tient], trait="", marque="o"),
        Courbe(ans[~tient], y[~tient], None, ALERTE, "", marque="s", creuse=True),
    ]
    for nom, valeur, trait in (("seuil", controle.seuil, "--"), ("non respecté sous", controle.alerte, ":")):
        marques.append(Repere("y", valeur, Mots(f"{nom} {tableaux_comite.lire(ratio, valeur)}", colonne=MARGE), trait))
    dites = tient | ~tient if len(ans) <= _LISIBLES else ~tient | np.isin(y, (y[0], y[-1], y.min()))
    for an, valeur in zip(ans[dites], y[dites], strict=True):
        mots = Mots(str(tableaux_comite.lire(ratio, float(valeur))), "N S NE NW SE SW")
        marques.append(Courbe.point(an, valeur, mots, marque=""))
    graduations = tuple((float(a), f"{a:.0f}") for a in ans)
    x_axe = Axe(float(ans[0]) - 0.5, float(ans[-1]) + 0.5, graduations=graduations)
    y_axe = Axe.autour([y, controle.seuil], "disponible ÷ annuité, sans unité", 0.18)
    return Image(titre, texte, source, x_axe, y_axe, marques, 0.42)
