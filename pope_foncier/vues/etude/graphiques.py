"""Pictures of a study: sources and uses, cash, operating account, cover of the debt; each reads the result and gives a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.etude.caisses import CaisseDePartie, caisses
from pope_foncier.etude.chaine import BOUCLE_A
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude import tableaux_comite
from pope_foncier.vues.etude.tableaux import COMPTE
from pope_foncier.vues.etude.tableaux_financement import ressources_comptees
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.image import (
    ALERTE,
    OKABE_ITO,
    TRAITS,
    Axe,
    Boite,
    Courbe,
    Etiquette,
    Image,
    Repere,
    Teintes,
    annee,
    en_annees,
    non_dessine,
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


def plan(vue: Vue) -> Image:
    """Sources and uses of the closed plan as two stacked columns; what nobody brings is hollow."""
    bouclee, titre = vue.bouclee, "Plan bouclé : besoins et ressources"
    besoins = [(x.libelle, bouclee.montant(x.code)) for x in bouclee.ev.livre.du_groupe("besoins")]
    colonnes = {"Besoins": (besoins, Teintes()), "Ressources": (parts_des_ressources(vue), teintes_de(vue))}
    image = Image(
        titre,
        f"{titre}, dont ce qui reste à trouver. {manques({vue.titre: vue})}.",
        lectures.source(vue),
        proportion=0.6,
    )
    return _colonnes(image, colonnes, "milliers d'euros TTC", 1000)


def ressources(vues: Mapping[str, Vue], teintes: Teintes) -> Image:
    """Resources of closed plans side by side, by who brings them; what nobody brings is hollow."""
    titre = "Plan bouclé : qui donne quoi"
    image = Image(
        titre,
        f"{titre}, et ce qui reste à trouver. {manques(vues)}.",
        lectures.source(next(iter(vues.values()))),
        proportion=0.6,
    )
    return _colonnes(
        image, {nom: (parts_des_ressources(v), teintes) for nom, v in vues.items()}, "milliers d'euros TTC", 1000
    )


def manques(vues: Mapping[str, Vue]) -> str:
    """What each closed plan asks of nobody in particular, in one sentence."""
    return " ; ".join(
        f"{nom} : {f'{AUCUNE_PLACE}, {v.aucune_place}' if v.aucune_place else euros(round(a_trouver(v), -2))}"
        for nom, v in vues.items()
    )


def _colonnes(image: Image, colonnes: Mapping[str, tuple[Parts, Teintes]], unite: str, diviseur: float = 1.0) -> Image:
    """Stacked columns, each part named beside its own, its total below; unknown parts are named only."""
    haut = max([1.0, *(float(np.nansum([v for _, v in parts])) for parts, _ in colonnes.values())])
    marques, etiquettes, pieds = [], [], []
    for rang, (titre, (parts, teintes)) in enumerate(colonnes.items()):
        bas = 0.0
        for nom, valeur in parts:
            if valeur <= haut * 1e-4:
                continue
            inconnue, creuse = bool(np.isnan(valeur)), nom in VIDES
            hauteur = 0.0 if inconnue else valeur
            couleur, hachure = ("white", "") if creuse else teintes.de(nom)
            if not inconnue:
                marques.append(Boite(rang, bas, rang + _BARRE, bas + hauteur, couleur, hachure, creuse))
            etiquettes.append(
                Etiquette(
                    rang + _BARRE,
                    bas + hauteur / 2,
                    f"{nom}\u00a0: {euros(valeur)}",
                    colonne=rang + _MOTS,
                    jusqua=rang + 1.0,
                    pale=inconnue,
                )
            )
            bas += hauteur
        total = AUCUNE_PLACE if [nom for nom, _ in parts] == [AUCUNE_PLACE] else euros(sum(v for _, v in parts))
        pieds.append((rang + 0.5, f"{titre}\n{total}"))
    return replace(
        image,
        x=Axe(-0.04, float(len(colonnes)), graduations=tuple(pieds), gras=True),
        y=Axe(0.0, haut * 1.02, unite, ecrire=lambda v: formater_nombre(v / diviseur)),
        marques=tuple(marques),
        etiquettes=tuple(etiquettes),
    )


def tresorerie(vue: Vue) -> Image:
    """Cash of each party on the closed plan by month, its lowest point named, with the opening."""
    lues = [] if vue.aucune_place else caisses(vue)
    qui = " et de ".join(f"« {c.acteur} »" for c in lues)
    titre = f"Trésorerie cumulée de {qui}, plan bouclé" if qui else "Trésorerie cumulée, plan bouclé"
    source = lectures.source(vue)
    if vue.aucune_place:
        return Image(titre, lectures.sans_place(vue), source, message=lectures.sans_place(vue))
    if not all(c.est_connue for c in lues):
        manques = {m for c in lues for m in vue.bouclee.ev.livre[f"solde.{c.acteur}"].manques}
        return Image(titre, mots_de_caisse.caisse(vue), source, message=non_dessine("La trésorerie", manques))
    echelle, fin_titre = vue.ev.ctx.echelle, vue.valeur(vue.ev.calendrier.fin_titre)
    fin = echelle.duree_mois if np.isnan(fin_titre) else int(min(fin_titre + 6, echelle.duree_mois))
    x = en_annees(echelle.depart.year, echelle.depart.month, np.arange(fin))
    marques: list[Courbe | Repere] = [Repere(0.0, "y")]
    etiquettes = []
    for rang, lue in enumerate(lues):
        y, creux = lue.cumul[:fin] / 1000, int(np.argmin(lue.cumul[:fin]))
        marques.append(Courbe(x, y, OKABE_ITO[rang], TRAITS[rang]))
        marques.append(Courbe(x[creux : creux + 1], y[creux : creux + 1], ALERTE, "", marque="o"))
        etiquettes.append(Etiquette(x[creux], y[creux], point_bas(vue, lue), "SE SW NE NW"))
        if len(lues) > 1:
            etiquettes.append(
                Etiquette(x[-1], y[-1], lue.acteur, colonne=x[-1], couleur=OKABE_ITO[rang], trait=TRAITS[rang])
            )
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    if not np.isnan(ouverture):
        quand = float(en_annees(echelle.depart.year, echelle.depart.month, ouverture))
        marques.append(Repere(quand, "x", f"ouverture, {echelle.mois_en_clair(int(ouverture))}", "--", "#555555"))
    hauts, bas = max(float(c.cumul[:fin].max()) for c in lues), min(float(c.cumul[:fin].min()) for c in lues)
    bas, haut = min(bas, 0.0) / 1000, max(hauts, 0.0) / 1000
    marge = 0.12 * max(haut - bas, 1.0)
    return Image(
        titre,
        f"{titre} ; {' ; '.join(point_bas(vue, c) for c in lues)}. {mots_de_caisse.caisse(vue)}",
        source,
        Axe(float(x[0]), float(x[-1]), ecrire=annee, entier=True),
        Axe(bas - marge, haut + marge, "milliers d'euros"),
        tuple(marques),
        tuple(etiquettes),
        0.42,
    )


def point_bas(vue: Vue, lue: CaisseDePartie) -> str:
    """Lowest cash of a party and its month, in words."""
    return f"point bas : {euros(lue.point_bas)}, {vue.ev.ctx.echelle.mois_en_clair(lue.mois_du_creux)}"


def exploitation(vue: Vue) -> Image:
    """Charges and income per place on the closed plan in the cruising year, else the first full year."""
    vue = vue.bouclee
    an, n, titre = (
        vue.annee_de_croisiere or vue.annee_pleine,
        vue.valeur(vue.ev.capacite.places),
        "Charges et produits par place",
    )
    image = Image(f"{titre} en {an}, plan bouclé", f"{titre}, plan bouclé", lectures.source(vue), proportion=0.58)
    compte = vue.ev.compte
    if compte is None or np.isnan(compte.contribution.valeur).any():
        manques = frozenset() if compte is None else compte.contribution.manques
        return Image(titre, titre, image.source, message=non_dessine("Le compte d'exploitation", manques))
    if an is None or not n > 0:
        return Image(titre, titre, image.source, message="aucune année pleine, ou aucune place")
    rang = vue.annees.index(an)
    colonnes = {
        nom: (
            [
                (x.libelle, float(vue.annuel(x.code)[rang]) / n)
                for x in vue.ev.livre.du_groupe(groupe)
                if x.code != "exploitation.heures_facturees"
            ],
            Teintes(),
        )
        for nom, groupe in COMPTE
    }
    return _colonnes(image, colonnes, "euros par place")


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
    ans, y = np.asarray(ratio.annees, dtype=float)[connues], valeurs[connues]
    tient = np.array([s == "respecte" for s in statuts])
    dites = tient | ~tient if len(ans) <= _LISIBLES else ~tient | np.isin(y, (y[0], y[-1], y.min()))
    seuils = (("seuil", ratio.controle.seuil, "--"), ("non respecté sous", ratio.controle.alerte, ":"))
    bout, pas = float(ans[-1]) + 0.5, 1 + len(ans) // (_LISIBLES + 1)
    return Image(
        titre,
        texte,
        source,
        Axe(float(ans[0]) - 0.5, bout, graduations=tuple((float(a), annee(a)) for a in ans[::pas])),
        Axe(
            min(0.0, float(y.min()) * 1.1),
            max(float(y.max()), ratio.controle.seuil) * 1.18,
            "disponible ÷ annuité, sans unité",
        ),
        (
            Courbe(ans, y),
            Courbe(ans[tient], y[tient], trait="", marque="o"),
            Courbe(ans[~tient], y[~tient], ALERTE, "", marque="s", creuse=True),
            *(Repere(valeur, "y", trait=trait) for _, valeur, trait in seuils),
        ),
        (
            *(
                Etiquette(a, v, str(tableaux_comite.lire(ratio, float(v))), "N S NE NW SE SW")
                for a, v in zip(ans[dites], y[dites], strict=True)
            ),
            *(
                Etiquette(bout, valeur, f"{nom} {tableaux_comite.lire(ratio, valeur)}", colonne=bout)
                for nom, valeur, _ in seuils
            ),
        ),
        0.42,
    )
