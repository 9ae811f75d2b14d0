"""Checks of access for wheelchairs and prams: doors, passages, turning discs, spaces before doors, adapted toilet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.gabarits import diametre_libre_m, place_pour, rectangle_tient
from pope_foncier.lieu.geometrie import partie_large, passage_le_plus_etroit_m
from pope_foncier.lieu.reseau import DEHORS, Baie, Reseau
from pope_foncier.places.acces_du_public import (
    EPS,
    au_niveau,
    battants,
    metres,
    nom_de_porte,
    pire,
    portes_du_public,
    selon,
)
from pope_foncier.places.issues import accorder
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation
from pope_foncier.places.usages_du_plan import lire_usages

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_A_DEMANDER = "l'architecte"


def controler_acces(reseaux: Sequence[Reseau], situation: Situation, regles: ReglesDuJour) -> list[Constat]:
    """Check the ways of the public in every storey drawn, each part under the order of its building."""
    constats: list[Constat] = []
    for reseau in reseaux:
        constats += [_portes(reseau, situation, regles), *_passages(reseau, situation, regles)]
        constats += _demi_tours(reseau, regles)
        constats += [*_manoeuvres(reseau, situation, regles), *_cabinets(reseau, situation, regles)]
    if not any((p.element.equipements or {}).get("wc_adapte") for reseau in reseaux for p in reseau.pieces):
        valeur = "aucun cabinet adapté déclaré ; dû à chaque niveau où des cabinets sont ouverts au public"
        source = regles.source("usage_m")
        constats.append(Constat("cabinet", "Cabinet adapté", "a_verifier", valeur, "", source, _A_DEMANDER))
    return constats


def _portes(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Constat:
    """Clear width of the doors of the public."""
    sujet = f"Portes du public{au_niveau(reseau.niveau)} : largeur de passage"
    tables = {r: regles.table(f"{r}_largeurs_m") for r in situation.regimes}
    exigee = selon({r: metres(t["porte"]) for r, t in tables.items()})
    source = regles.source(f"{situation.regimes[0]}_largeurs_m")
    portes, grande = portes_du_public(reseau), regles.nombre("grande_salle_personnes")
    if not portes:
        return Constat("porte", sujet, "a_verifier", "portes non dessinées", exigee, source, _A_DEMANDER)
    statuts: list[StatutConstat] = []
    dites: list[str] = []
    for porte in portes:
        lus = [_statut_de_porte(reseau, porte, t, grande) for t in tables.values()]
        statut = accorder(lus)
        statuts.append(statut)
        if statut != "respecte":
            largeur = "largeur inconnue" if porte.largeur_m is None else metres(porte.largeur_m)
            dites.append(f"{nom_de_porte(reseau, porte)} {largeur}")
    connues = [p.largeur_m for p in portes if p.largeur_m is not None]
    valeur = " ; ".join(dites) or f"{_nombre(portes)}, la plus étroite {metres(min(connues))}"
    return Constat("porte", sujet, pire(statuts), valeur, exigee, source, _A_DEMANDER)


def _nombre(portes: Sequence[Baie]) -> str:
    return f"{len(portes)} porte{'s' if len(portes) > 1 else ''}"


def _statut_de_porte(reseau: Reseau, porte: Baie, largeurs: Mapping[str, float], grande_salle: float) -> StatutConstat:
    grande = any(r >= 0 and (reseau.pieces[r].element.effectif or 0) >= grande_salle for r in porte.cotes)
    due = largeurs["porte_100_personnes" if grande else "porte"]
    if porte.largeur_m is not None:
        return "respecte" if porte.largeur_m >= due - EPS else "non_respecte"
    return "non_respecte" if porte.tracee_m < due - EPS else "a_verifier"


def _passages(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Clear width of the circulations, at their narrowest."""
    tables = {r: regles.table(f"{r}_largeurs_m") for r in situation.regimes}
    source = regles.source(f"{situation.regimes[0]}_largeurs_m")
    for rang, libre in enumerate(reseau.libres):
        if reseau.fonction(rang) != "circulation":
            continue
        etroit = passage_le_plus_etroit_m(libre)
        statut = accorder(_statut_de_passage(libre, etroit, t) for t in tables.values())
        exigee = selon({r: metres(t["cheminement"]) for r, t in tables.items()})
        suite = "rétrécissement court, admis : lecture de travail" if statut == "a_surveiller" else ""
        sujet = f"{reseau.nom(rang)} : largeur de passage"
        yield Constat("passage", sujet, statut, metres(etroit), exigee, source, _A_DEMANDER, suite=suite)


def _statut_de_passage(libre: BaseGeometry, etroit: float, largeurs: Mapping[str, float]) -> StatutConstat:
    if etroit >= largeurs["cheminement"] - 0.005:
        return "respecte"
    if etroit < largeurs["retrecissement"] - 0.005:
        return "non_respecte"
    from shapely import get_parts

    serres = get_parts(libre.difference(partie_large(libre, largeurs["cheminement"])))
    longueur = max(float(p.area) for p in serres) / etroit
    return "a_surveiller" if longueur <= lire_usages().retrecissement_court_m + EPS else "non_respecte"


def _demi_tours(reseau: Reseau, regles: ReglesDuJour) -> Iterator[Constat]:
    """Turning disc in the entrance, and where circulations meet."""
    diametre, source = regles.nombre("demi_tour_m"), regles.source("demi_tour_m")
    circulations = {r for r in range(len(reseau.pieces)) if reseau.fonction(r) in lire_usages().circulations}
    halls = {r for r in circulations if reseau.fonction(r) == "hall"}
    for rang in sorted(circulations):
        libre = reseau.libres[rang]
        suites = {p.de_l_autre_cote(rang) for p in reseau.portes_de(rang)}
        entree = DEHORS in suites and not halls
        if not (rang in halls or entree or len(suites & circulations) > 1):
            continue
        trouve = diametre_libre_m(libre, battants(reseau, rang, -regles.nombre("chevauchement_battant_m")))
        statut: StatutConstat = "respecte" if trouve >= diametre - 0.01 else "non_respecte"
        sujet = f"{reseau.nom(rang)} : demi-tour d'un fauteuil"
        yield Constat("demi_tour", sujet, statut, f"disque de {metres(trouve)}", metres(diametre), source)


def _manoeuvres(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Space before and behind the doors of the public."""
    longueurs = regles.table("manoeuvre_porte_m")
    portes = portes_du_public(reseau)
    if not portes:
        return
    statuts: list[StatutConstat] = []
    dites: list[str] = []
    for porte in portes:
        for rang in {c for c in porte.cotes if c >= 0}:
            lus = []
            for regime in situation.regimes:
                largeur = regles.table(f"{regime}_largeurs_m")["cheminement"]
                lus.append(_statut_de_manoeuvre(reseau, porte, rang, largeur, longueurs))
            statuts.append(accorder(lus))
            if statuts[-1] != "respecte":
                dites.append(f"{nom_de_porte(reseau, porte)}, côté {reseau.nom(rang)}")
    exigee = (
        f"{metres(longueurs['pousser'])} à pousser, {metres(longueurs['tirer'])} à tirer, sur la largeur du passage"
    )
    valeur = " ; ".join(dites) or _nombre(portes)
    sujet = f"Portes du public{au_niveau(reseau.niveau)} : aire de manœuvre"
    source = regles.source("manoeuvre_porte_m")
    yield Constat("manoeuvre", sujet, pire(statuts), valeur, exigee, source, _A_DEMANDER)


def _statut_de_manoeuvre(
    reseau: Reseau, porte: Baie, rang: int, largeur_m: float, longueurs: Mapping[str, float]
) -> StatutConstat:
    """Pulled or pushed as the swing says; both lengths are tried when nobody says."""

    def tient(geste: str) -> bool:
        return rectangle_tient(reseau.libres[rang], porte, rang, largeur_m, longueurs[geste])

    glisse = porte.trace.element.ouverture in ("coulissante", "va_et_vient")
    if porte.vers is None and not glisse:
        return "respecte" if tient("tirer") else "a_verifier" if tient("pousser") else "non_respecte"
    tire = not glisse and porte.vers is not None and porte.cotes[porte.vers] == rang
    return "respecte" if tient("tirer" if tire else "pousser") else "non_respecte"


def _cabinets(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Adapted toilet: space beside the seat, turning disc inside, or before the door in an existing building."""
    usage, disque = regles.table("usage_m"), regles.nombre("demi_tour_m")
    chevauche = regles.nombre("chevauchement_battant_m")
    for rang, piece in enumerate(reseau.pieces):
        if not (piece.element.equipements or {}).get("wc_adapte"):
            continue
        libre = _sans(reseau.libres[rang], battants(reseau, rang))
        lateral = place_pour(libre, usage["largeur"], usage["longueur"])
        dedans = diametre_libre_m(reseau.libres[rang], battants(reseau, rang)) >= disque - 0.01
        devant = any(_demi_tour_devant(reseau, p, rang, disque, chevauche) for p in reseau.portes_de(rang))
        lus: list[StatutConstat] = []
        for regime in situation.regimes:
            tourne = dedans or (devant and regime == "existant")
            lus.append("respecte" if lateral and tourne else "non_respecte")
        ou = "dedans" if dedans else "devant la porte" if devant else "nulle part"
        valeur = f"aire latérale {'tenue' if lateral else 'manquante'} ; demi-tour {ou}"
        exigee = f"{metres(usage['largeur'])} × {metres(usage['longueur'])} et disque de {metres(disque)}"
        sujet = f"{piece.nom} : cabinet adapté"
        yield Constat("cabinet", sujet, accorder(lus), valeur, exigee, regles.source("usage_m"), _A_DEMANDER)


def _demi_tour_devant(reseau: Reseau, porte: Baie, rang: int, diametre_m: float, chevauchement_m: float) -> bool:
    from shapely.geometry import Point

    autre = porte.de_l_autre_cote(rang)
    if autre < 0:
        return False
    devant = reseau.libres[autre].intersection(Point(porte.milieu).buffer(lire_usages().devant_la_porte_m))
    return diametre_libre_m(devant, battants(reseau, autre, -chevauchement_m)) >= diametre_m - 0.01


def _sans(libre: BaseGeometry, retires: Sequence[BaseGeometry]) -> BaseGeometry:
    from shapely import union_all

    return libre.difference(union_all(list(retires))) if retires else libre
