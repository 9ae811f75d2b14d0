"""Checks of the walks to a way out: the longest one, and the dead ends."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.parcours import Parcours, PlusLoin
from pope_foncier.lieu.reseau import Reseau, mene_dehors
from pope_foncier.places.acces_du_public import EPS, au_niveau
from pope_foncier.places.issues import accorder
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

A_DEMANDER = "l'architecte, puis la commission de sécurité"


def controler_distance(reseau: Reseau, loin: Sequence[PlusLoin], situation: Situation, regles: ReglesDuJour) -> Constat:
    """Longest walk to the nearest way out: a rule of categories 1 to 4, a mark in the 5th.

    A room from which the doors drawn lead to one way out has no choice, whatever the storey has.
    """
    sujet = f"Plus long parcours vers une issue{au_niveau(reseau.niveau)}"
    hors = lire_usages().hors_projet
    perdues = [
        reseau.nom(rang)
        for rang, x in enumerate(loin)
        if math.isinf(x.distance_m) and reseau.fonction(rang) not in hors
    ]
    connues = [(x.distance_m, rang) for rang, x in enumerate(loin) if math.isfinite(x.distance_m)]
    nom = "distance_etage_m" if reseau.niveau else "distance_rez_de_chaussee_m"
    large, serre = regles.table(nom).values()
    seuils = [large if sum(map(math.isfinite, x.vers)) > 1 else serre for x in loin]
    source = regles.source(nom)
    if not connues:
        return Constat(
            "parcours",
            sujet,
            "a_verifier",
            "aucune issue atteinte par les portes dessinées",
            f"{formater_nombre(serre)} m",
            source,
            A_DEMANDER,
        )
    distance, rang = max(connues, key=lambda x: (x[0] - seuils[x[1]], x[0]))
    exigee = f"{formater_nombre(seuils[rang])} m"
    valeur = f"{formater_nombre(distance, 1)} m depuis {reseau.nom(rang)}"
    if distance > seuils[rang]:
        statut: StatutConstat = accorder("a_surveiller" if c else "non_respecte" for c in situation.cinquiemes)
    elif perdues:
        statut, valeur = "a_verifier", f"{valeur} ; sans porte dessinée : {', '.join(perdues)}"
    elif reseau.niveau and any(x > serre for x, _ in connues):
        statut, valeur = "a_verifier", f"{valeur} ; escalier protégé ou non, à dire"
    else:
        statut = "respecte"
    repere = "repère (règle des catégories 1 à 4)" if situation.cinquieme else "seuil"
    return Constat("parcours", sujet, statut, valeur, exigee, source, A_DEMANDER, repere)


def controler_cul_de_sac(reseau: Reseau, marches: Parcours, situation: Situation, regles: ReglesDuJour) -> Constat:
    """Longest branch with one way out, from the doors of the rooms that have no other.

    The text speaks of circulations; a room of children that one leaves through other rooms only is measured too, and left to ask.
    """
    maximum = regles.nombre("cul_de_sac_m")
    exigee, source = f"{formater_nombre(maximum)} m", regles.source("cul_de_sac_m")

    def dire(statut: StatutConstat, valeur: str, suite: str = "") -> Constat:
        sujet = f"Cul-de-sac{au_niveau(reseau.niveau)}"
        return Constat("cul_de_sac", sujet, statut, valeur, exigee, source, A_DEMANDER, suite=suite)

    circulations = [r for r in range(len(reseau.pieces)) if reseau.fonction(r) in lire_usages().circulations]
    branches = _branches(reseau, marches, circulations, circulations)
    longueur, rang = max(branches, default=(0.0, 0))
    valeur = f"{formater_nombre(longueur, 1)} m depuis {reseau.nom(rang)}"
    if math.isinf(longueur):
        return dire("a_verifier", f"aucune issue atteinte depuis {reseau.nom(rang)}")
    if longueur > maximum + EPS:
        statut = accorder("a_surveiller" if r == "existant" else "non_respecte" for r in situation.regimes)
        suite = "dérogation possible dans un immeuble existant" if statut == "a_surveiller" else ""
        return dire(statut, valeur, suite)
    autres = [r for r in range(len(reseau.pieces)) if r not in circulations]
    enfants = [
        x for x in _branches(reseau, marches, autres, circulations) if lire_fonctions()[reseau.fonction(x[1])].enfants
    ]
    par_les_pieces, commandee = max((x for x in enfants if math.isfinite(x[0])), default=(0.0, 0))
    if par_les_pieces > maximum + EPS:
        dite = f"{formater_nombre(par_les_pieces, 1)} m depuis {reseau.nom(commandee)}, par d'autres pièces seulement"
        return dire("a_verifier", dite, "le texte parle des circulations : à lire avec le service de prévention")
    muettes = [reseau.nom(r) for r in circulations if not reseau.portes_de(r)]
    if muettes and not branches:
        return dire("a_verifier", f"portes non dessinées : {', '.join(muettes)}")
    if not branches:
        return dire("sans_objet", "aucune pièce desservie par une seule circulation")
    return dire("a_verifier" if muettes else "respecte", valeur)


def _branches(
    reseau: Reseau, marches: Parcours, par: Collection[int], circulations: Collection[int]
) -> list[tuple[float, int]]:
    """Walk to where two ways out part, from each room that leads out only through one of some spaces, and that room."""
    return [
        (marches.cul_de_sac(rang, porte.seuil(rang)), piece)
        for rang in par
        for porte in reseau.portes_de(rang)
        if (piece := porte.de_l_autre_cote(rang)) >= 0
        and piece != rang
        and piece not in circulations
        and not mene_dehors(reseau, piece, rang)
    ]
