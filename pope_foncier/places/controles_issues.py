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
from pope_foncier.lieu.parcours import PlusLoin, parcours
from pope_foncier.lieu.plan import ElementTrace
from pope_foncier.lieu.reseau import INCONNU, Baie, Reseau
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
from pope_foncier.places.controles_parcours import controler_cul_de_sac, controler_distance
from pope_foncier.places.issues import Cas, accorder, attendu, suffisent
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation

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
        controler_distance(reseau, loin, situation, regles),
        controler_cul_de_sac(reseau, marches, situation, regles),
        *controler_battants(reseau, situation, regles),
        *_mal_posees(reseau),
    ]


def _mal_posees(reseau: Reseau) -> Iterator[Constat]:
    """Doors drawn in the middle of a room, or away from every room: they lead nowhere and count for nothing."""
    dites = [
        f"{p.nom} ({reseau.nom(p.cotes[0])} des deux côtés)"
        for p in reseau.portes
        if p.cotes[0] == p.cotes[1] and p.cotes[0] != INCONNU
    ]
    if dites:
        sujet, suite = (
            f"Portes hors d'un mur{au_niveau(reseau.niveau)}",
            "les poser sur leur mur : elles ne comptent pas",
        )
        yield Constat("porte_mal_posee", sujet, "a_verifier", ", ".join(dites), "", "", "l'auteur du plan", suite=suite)


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
        statut, suite = "a_verifier", ""
    return _constat("issues", sujet, statut, valeur, personnes, reseau.niveau, suite, situation, regles)


def _pieces(reseau: Reseau, loin: Sequence[PlusLoin], situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Exits of each room where children live: for those declared, else for all the persons of the storey."""
    fonctions, muettes = lire_fonctions(), []
    for rang, piece in enumerate(reseau.pieces):
        if fonctions[reseau.fonction(rang)].compte != "strict":
            continue
        sujet, effectif = f"{piece.nom} : issues de la pièce", _effectif(piece)
        portes = portes_utiles(reseau, rang)
        if not portes:
            muette = "aucune porte dessinée ne mène dehors" if reseau.portes_de(rang) else "porte non dessinée"
            yield Constat("issues", sujet, "a_verifier", muette, a_demander_a=_A_DEMANDER)
            continue
        bornes = [borne_de_porte(reseau, loin, rang, p) for p in portes]
        personnes = effectif if effectif is not None else _au_plus(piece, reseau.niveau, situation, regles)
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


def _effectif(piece: ElementTrace) -> int | None:
    """Persons of a room: those declared; in a sleeping room, its beds and their adults. None when nobody says."""
    element = piece.element
    lits = (element.equipements or {}).get("lits") if element.fonction == "sommeil" else None
    return _avec_leurs_adultes(lits) if element.effectif is None and lits is not None else element.effectif


def _au_plus(piece: ElementTrace, niveau: int, situation: Situation, regles: ReglesDuJour) -> int | None:
    """Persons that a room may hold when nobody says: all those of its storey, fewer where its area admits fewer beds."""
    connus = [] if (ici := situation.personnes_au(niveau)) is None else [ici]
    if piece.element.fonction == "sommeil":
        premier, suivant = (
            float(exiger(regles.catalogue.a_la_date(f"referentiel.locaux.sommeil_{x}", regles.jour)).valeur)
            for x in ("premier_lit", "lit_suivant")
        )
        connus.append(_avec_leurs_adultes(1 + max(math.floor((piece.forme.area - premier) / suivant + 1e-9), 0)))
    return min(connus, default=None)


def _avec_leurs_adultes(enfants: int) -> int:
    return enfants + math.ceil(enfants / lire_personnel().enfants_par_adulte - 1e-9)


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
    lu = accorder(lus)
    return lu, suite if lu in ("a_surveiller", "non_respecte") else ""


def _regime_allege(situation: Situation, regles: ReglesDuJour) -> bool:
    return situation.enfants is not None and situation.enfants <= regles.nombre("regime_allege_enfants")


def _statut(bornes: Sequence[Borne], cas: Cas, regles: ReglesDuJour) -> StatutConstat:
    au_moins, au_plus = (suffisent([b[k] for b in bornes], cas, regles) for k in (0, 1))
    if au_moins is None or au_plus is None:
        return "a_verifier"
    return "respecte" if au_moins else "a_verifier" if au_plus else "non_respecte"


def _largeur(largeur_m: float | None) -> str:
    return "de largeur inconnue" if largeur_m is None else metres(largeur_m)


def _vers(reseau: Reseau, porte: Baie, rang: int) -> str:
    return reseau.nom(porte.de_l_autre_cote(rang))
