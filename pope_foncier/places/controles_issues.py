"""Checks of the ways out of a drawn plan: number and width of exits, walks, dead ends, swing of the doors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.incendie import lire_personnel
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.parcours import Parcours, PlusLoin, parcours
from pope_foncier.lieu.plan import ElementTrace
from pope_foncier.lieu.reseau import Baie, Reseau, mene_dehors
from pope_foncier.places.acces_du_public import au_niveau, metres, selon
from pope_foncier.places.bornes_d_issue import (
    Borne,
    borne,
    borne_de_porte,
    comme_issue,
    plus_loin_vers,
    portes_utiles,
    sans_doubler,
)
from pope_foncier.places.controles_battants import controler_battants
from pope_foncier.places.issues import Cas, accorder, attendu, suffisent
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

_A_DEMANDER = "l'architecte, puis la commission de sécurité"


def controler_issues(reseaux: Sequence[Reseau], situation: Situation, regles: ReglesDuJour) -> list[Constat]:
    """Check the ways out of every storey drawn; a way through a yard is read as one that leads to the street, then not."""
    constats: list[Constat] = []
    for reseau in reseaux:
        if not reseau.portes and not reseau.issues:
            sujet = f"Issues, distances et culs-de-sac{au_niveau(reseau.niveau)}"
            constats.append(Constat("issues", sujet, "a_verifier", "portes non dessinées", a_demander_a=_A_DEMANDER))
            continue
        lus = _du_niveau(reseau, situation, regles)
        if not all(i.sure for i in reseau.issues):
            sans = replace(reseau, issues=tuple(i for i in reseau.issues if i.sure))
            lus = _selon_la_cour(_du_niveau(sans, situation, regles), lus)
        constats += lus
    return constats


def _selon_la_cour(sans: Sequence[Constat], avec: Sequence[Constat]) -> list[Constat]:
    """Findings common to both readings of a yard; what differs stays to verify, told by the prudent one."""
    autres = {c.sujet: c for c in avec}
    lus = []
    for c in sans:
        autre = autres.pop(c.sujet, c)
        if autre.statut == c.statut:
            lus.append(c)
            continue
        valeur = f"{c.valeur} sans passer par la cour ; {autre.valeur}, si la cour mène à la rue"
        lus.append(replace(c, statut=accorder((c.statut, autre.statut)), valeur=valeur))
    return [*lus, *autres.values()]


def _du_niveau(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> list[Constat]:
    marches = parcours(reseau)
    loin = marches.plus_loin()
    return [
        _niveau(reseau, loin, situation, regles),
        *_pieces(reseau, loin, situation, regles),
        _distance(reseau, loin, situation, regles),
        _cul_de_sac(reseau, marches, situation, regles),
        *controler_battants(reseau, situation, regles),
    ]


def _niveau(reseau: Reseau, loin: Sequence[PlusLoin], situation: Situation, regles: ReglesDuJour) -> Constat:
    """Exits of a storey for its persons; at ground level, for those of the establishment."""
    sujet = f"Issues{au_niveau(reseau.niveau)} : nombre et largeur"
    valeur = "aucune issue dessinée"
    if reseau.issues:
        valeur = " ; ".join(f"{i.nom} {_largeur(i.largeur_m)}" for i in reseau.issues)
    personnes = situation.personnes_au(reseau.niveau)
    if personnes is None:
        return Constat("issues", sujet, "a_verifier", f"{valeur} ; effectif inconnu", a_demander_a=_A_DEMANDER)
    bornes = [borne(i.largeur_m, i.porte, True, *plus_loin_vers(reseau, loin, n)) for n, i in enumerate(reseau.issues)]
    groupees = sans_doubler(reseau, reseau.issues, bornes, regles)
    statut, suite = _lire(bornes, groupees, personnes, situation, regles, reseau.niveau != 0, _hauts(reseau, regles))
    if not reseau.issues:
        statut = "a_verifier"
    return _constat("issues", sujet, statut, valeur, personnes, reseau.niveau, suite, situation, regles)


def _pieces(reseau: Reseau, loin: Sequence[PlusLoin], situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Exits of each room where children live: for those declared, else for all the persons of the storey."""
    fonctions, muettes = lire_fonctions(), []
    for rang, piece in enumerate(reseau.pieces):
        if fonctions[reseau.fonction(rang)].compte != "strict":
            continue
        sujet, effectif = f"{piece.nom} : issues de la pièce", _effectif(piece, regles)
        portes = portes_utiles(reseau, rang)
        if not portes:
            muette = "aucune porte dessinée ne mène dehors" if reseau.portes_de(rang) else "porte non dessinée"
            yield Constat("issues", sujet, "a_verifier", muette, a_demander_a=_A_DEMANDER)
            continue
        bornes = [borne_de_porte(reseau, loin, rang, p) for p in portes]
        personnes = effectif if effectif is not None else situation.personnes_au(reseau.niveau)
        if personnes is None:
            muettes.append(piece.nom)
            continue
        groupees = sans_doubler(reseau, [comme_issue(p, rang) for p in portes], bornes, regles)
        statut, suite = _lire(bornes, groupees, personnes, situation, regles)
        if effectif is None and statut != _lire(bornes, groupees, 1, situation, regles)[0]:
            muettes.append(piece.nom)
            continue
        valeur = " ; ".join(f"{p.nom} {_largeur(p.largeur_m)} vers {_vers(reseau, p, rang)}" for p in portes)
        yield _constat("issues", sujet, statut, valeur, personnes, 0, suite, situation, regles)
    if muettes:
        sujet = f"Issues des pièces{au_niveau(reseau.niveau)}"
        valeur = f"effectif de la pièce à déclarer : {', '.join(muettes)}"
        yield Constat("issues", sujet, "a_verifier", valeur, a_demander_a="le gestionnaire")


def _effectif(piece: ElementTrace, regles: ReglesDuJour) -> int | None:
    """Persons of a room: those declared; in a sleeping room, its beds, or those that its area admits, and their adults."""
    element = piece.element
    if element.effectif is not None or element.fonction != "sommeil":
        return element.effectif
    lits = (element.equipements or {}).get("lits")
    if lits is None:
        premier, suivant = (
            float(exiger(regles.catalogue.a_la_date(f"referentiel.locaux.sommeil_{x}", regles.jour)).valeur)
            for x in ("premier_lit", "lit_suivant")
        )
        lits = 1 + max(math.floor((piece.forme.area - premier) / suivant + 1e-9), 0)
    return lits + math.ceil(lits / lire_personnel().enfants_par_adulte - 1e-9)


def _constat(
    ident: str,
    sujet: str,
    statut: StatutConstat,
    valeur: str,
    personnes: int,
    niveau: int,
    suite: str,
    situation: Situation,
    regles: ReglesDuJour,
) -> Constat:
    cinquieme = situation.cinquiemes[0]
    dus = {r: attendu(Cas(personnes, cinquieme, r == "existant", niveau != 0), regles) for r in situation.regimes}
    source = regles.source("pe11_issue_seule_m" if cinquieme else "co38_degagements")
    leger = cinquieme and _regime_allege(situation, regles)
    repere = "repère, non imposé au régime allégé" if leger else "seuil"
    return Constat(ident, sujet, statut, valeur, selon(dus), source, _A_DEMANDER, repere, suite)


def _hauts(reseau: Reseau, regles: ReglesDuJour) -> tuple[bool, ...]:
    """Readings of the height of an upper floor, above or below that from which stairs have their own rules."""
    if reseau.niveau <= 0:
        return (False,)
    sols = [p.element.sol_m for p in reseau.pieces]
    connus = [s for s in sols if s is not None]
    haut = max(connus, default=0.0) > regles.nombre("plancher_haut_m")
    return (haut,) if haut or len(connus) == len(sols) else (False, True)


def _lire(
    bornes: Sequence[Borne],
    groupees: Sequence[Borne],
    personnes: int,
    situation: Situation,
    regles: ReglesDuJour,
    etage: bool = False,
    hauts: Sequence[bool] = (False,),
) -> tuple[StatutConstat, str]:
    """Answer over every reading of what is unknown, and what follows."""
    lus: list[StatutConstat] = []
    suite = ""
    for cinquieme, regime, haut in product(situation.cinquiemes, situation.regimes, hauts):
        cas = Cas(personnes, cinquieme, regime == "existant", etage, haut)
        statut = _statut(groupees, cas, regles)
        if cinquieme and statut != "respecte" and (seul := _statut(bornes, cas, regles)) != statut:
            statut = "a_surveiller" if seul == "respecte" else seul
            suite = "deux portes proches ne font qu'une issue dans les catégories 1 à 4 : repère en 5e"
        if cinquieme and statut == "non_respecte" and _regime_allege(situation, regles):
            statut = "a_surveiller"
            suite = "à élargir : l'article PE 11 n'est qu'un repère au régime allégé"
        lus.append(statut)
    return accorder(lus), suite


def _regime_allege(situation: Situation, regles: ReglesDuJour) -> bool:
    return situation.enfants is not None and situation.enfants <= regles.nombre("regime_allege_enfants")


def _statut(bornes: Sequence[Borne], cas: Cas, regles: ReglesDuJour) -> StatutConstat:
    au_moins, au_plus = (suffisent([b[k] for b in bornes], cas, regles) for k in (0, 1))
    if au_moins is None or au_plus is None:
        return "a_verifier"
    return "respecte" if au_moins else "a_verifier" if au_plus else "non_respecte"


def _distance(reseau: Reseau, loin: Sequence[PlusLoin], situation: Situation, regles: ReglesDuJour) -> Constat:
    """Longest walk to the nearest way out: a rule of categories 1 to 4, a mark in the 5th."""
    sujet = f"Plus long parcours vers une issue{au_niveau(reseau.niveau)}"
    perdues = [reseau.nom(rang) for rang, x in enumerate(loin) if math.isinf(x.distance_m)]
    connues = [(x.distance_m, rang) for rang, x in enumerate(loin) if math.isfinite(x.distance_m)]
    nom = "distance_etage_m" if reseau.niveau else "distance_rez_de_chaussee_m"
    large, serre = regles.table(nom).values()
    choix = len(reseau.issues) > 1
    seuil = large if choix else serre
    exigee, source = f"{formater_nombre(seuil)} m", regles.source(nom)
    if not connues:
        return Constat(
            "parcours",
            sujet,
            "a_verifier",
            "aucune issue atteinte par les portes dessinées",
            exigee,
            source,
            _A_DEMANDER,
        )
    distance, rang = max(connues)
    valeur = f"{formater_nombre(distance, 1)} m depuis {reseau.nom(rang)}"
    if distance > seuil:
        statut: StatutConstat = accorder("a_surveiller" if c else "non_respecte" for c in situation.cinquiemes)
    elif perdues:
        statut, valeur = "a_verifier", f"{valeur} ; sans porte dessinée : {', '.join(perdues)}"
    elif reseau.niveau and choix and distance > serre:
        statut, valeur = "a_verifier", f"{valeur} ; escalier protégé ou non, à dire"
    else:
        statut = "respecte"
    repere = "repère (règle des catégories 1 à 4)" if situation.cinquieme else "seuil"
    return Constat("parcours", sujet, statut, valeur, exigee, source, _A_DEMANDER, repere)


def _cul_de_sac(reseau: Reseau, marches: Parcours, situation: Situation, regles: ReglesDuJour) -> Constat:
    """Longest branch of a circulation with one way out, from the doors of the rooms that have no other."""
    sujet, maximum = f"Cul-de-sac{au_niveau(reseau.niveau)}", regles.nombre("cul_de_sac_m")
    exigee, source = f"{formater_nombre(maximum)} m", regles.source("cul_de_sac_m")
    circulations = [r for r in range(len(reseau.pieces)) if reseau.fonction(r) in lire_usages().circulations]
    branches = [
        (marches.cul_de_sac(rang, porte.seuil(rang)), porte.de_l_autre_cote(rang))
        for rang in circulations
        for porte in reseau.portes_de(rang)
        if (piece := porte.de_l_autre_cote(rang)) >= 0
        and piece not in circulations
        and not mene_dehors(reseau, piece, rang)
    ]
    muettes = [reseau.nom(r) for r in circulations if not reseau.portes_de(r)]
    if not branches:
        if muettes:
            return Constat(
                "cul_de_sac",
                sujet,
                "a_verifier",
                f"portes non dessinées : {', '.join(muettes)}",
                exigee,
                source,
                _A_DEMANDER,
            )
        return Constat(
            "cul_de_sac", sujet, "sans_objet", "aucune pièce desservie par une seule circulation", exigee, source
        )
    longueur, rang = max(branches)
    if math.isinf(longueur):
        return Constat(
            "cul_de_sac",
            sujet,
            "a_verifier",
            f"aucune issue atteinte depuis {reseau.nom(rang)}",
            exigee,
            source,
            _A_DEMANDER,
        )
    valeur = f"{formater_nombre(longueur, 1)} m depuis {reseau.nom(rang)}"
    if longueur <= maximum + 1e-6:
        return Constat(
            "cul_de_sac", sujet, "a_verifier" if muettes else "respecte", valeur, exigee, source, _A_DEMANDER
        )
    statut = accorder("a_surveiller" if r == "existant" else "non_respecte" for r in situation.regimes)
    suite = "dérogation possible dans un immeuble existant" if statut == "a_surveiller" else ""
    return Constat("cul_de_sac", sujet, statut, valeur, exigee, source, _A_DEMANDER, suite=suite)


def _largeur(largeur_m: float | None) -> str:
    return "de largeur inconnue" if largeur_m is None else metres(largeur_m)


def _vers(reseau: Reseau, porte: Baie, rang: int) -> str:
    return reseau.nom(porte.de_l_autre_cote(rang))
