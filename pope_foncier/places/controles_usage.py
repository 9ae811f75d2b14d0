"""Checks of use: kitchen apart from the changing room, prams, yard; habits of design, never the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.reseau import DEHORS, Reseau, joindre
from pope_foncier.places.acces_du_public import metres
from pope_foncier.places.usages_du_plan import lire_usages

_A_DEMANDER = "l'architecte"


def controler_usage(plan: PlanTrace, reseaux: Sequence[Reseau]) -> list[Constat]:
    """Check what a plan lets people do, on the ground floor and above."""
    constats: list[Constat] = []
    for reseau in reseaux:
        if reseau.portes:
            constats += [*_portes_a_eviter(reseau), *_livraison(reseau), *_poussettes(reseau)]
    return [*constats, *_cour(plan, reseaux)]


def _portes_a_eviter(reseau: Reseau) -> Iterator[Constat]:
    """Doors between rooms that must not open on each other."""
    interdites = {frozenset(paire) for paire in lire_usages().sans_porte_entre}
    for porte in reseau.portes:
        paire = frozenset(reseau.fonction(c) for c in porte.cotes)
        if paire in interdites:
            entre = " et ".join(sorted(reseau.nom(c) for c in porte.cotes))
            suite = "passer par une circulation"
            yield Constat(
                "porte_a_eviter",
                f"Porte entre {entre}",
                "a_surveiller",
                "porte directe",
                "aucune porte entre elles",
                lire_usages().base,
                repere="habitude",
                suite=suite,
            )


def _livraison(reseau: Reseau) -> Iterator[Constat]:
    """Way of meals and waste: from the kitchen to the open air without a room of children."""
    for rang in range(len(reseau.pieces)):
        if reseau.fonction(rang) != "cuisine":
            continue
        sujet, seuil = f"{reseau.nom(rang)} : livraison et déchets", "sans traverser une pièce d'enfants"
        if not reseau.portes_de(rang):
            yield Constat(
                "livraison",
                sujet,
                "a_verifier",
                "porte non dessinée",
                seuil,
                lire_usages().base,
                _A_DEMANDER,
                "habitude",
            )
            continue
        tient = _sans_les_enfants(reseau, rang)
        statut: StatutConstat = "respecte" if tient else "a_surveiller"
        valeur = "chemin trouvé" if tient else "aucun chemin"
        yield Constat("livraison", sujet, statut, valeur, seuil, lire_usages().base, repere="habitude")


def _poussettes(reseau: Reseau) -> Iterator[Constat]:
    """Pram store: reached from outdoors without a room of children, by a door wide enough."""
    largeur = lire_usages().porte_de_poussettes_m
    for rang in range(len(reseau.pieces)):
        if reseau.fonction(rang) != "poussettes":
            continue
        sujet, seuil = (
            f"{reseau.nom(rang)} : accès des poussettes",
            f"porte de {metres(largeur)}, sans traverser une pièce d'enfants",
        )
        portes = reseau.portes_de(rang)
        statut: StatutConstat = "a_verifier"
        if not portes:
            valeur = "porte non dessinée"
        elif not _sans_les_enfants(reseau, rang):
            statut, valeur = "a_surveiller", "on y va par une pièce d'enfants, ou aucun chemin dessiné"
        else:
            connues = [p.largeur_m for p in portes if p.largeur_m is not None]
            valeur = f"porte de {metres(max(connues))}" if connues else "largeur de porte inconnue"
            if connues:
                statut = "respecte" if max(connues) >= largeur - 1e-6 else "a_surveiller"
        yield Constat("poussettes", sujet, statut, valeur, seuil, lire_usages().base, _A_DEMANDER, "habitude")


def _sans_les_enfants(reseau: Reseau, depart: int) -> bool:
    fonctions = lire_fonctions()
    enfants = {r for r in range(len(reseau.pieces)) if fonctions[reseau.fonction(r)].compte == "strict"}
    return bool(joindre(reseau, depart, enfants) & {i.espace for i in reseau.issues})


def _cour(plan: PlanTrace, reseaux: Sequence[Reseau]) -> Iterator[Constat]:
    """Way of each play room to the yard: its own door, through other rooms, or none."""
    from shapely import union_all
    from shapely.geometry import Point

    sujet, seuil, base = "Accès à la cour", "une porte par salle de jeux", lire_usages().base
    cours = plan.formes("cour")
    if not cours:
        if not plan.fiche.sans_cour:
            yield Constat("cour", sujet, "a_verifier", "cour non dessinée", seuil, base, _A_DEMANDER, "habitude")
        return
    reseau, cour = next((r for r in reseaux if r.niveau == 0), None), union_all(cours)
    if reseau is None:
        return
    jeux = [r for r in range(len(reseau.pieces)) if reseau.fonction(r) in lire_usages().jeux]
    if not reseau.portes:
        yield Constat("cour", sujet, "a_verifier", "portes non dessinées", seuil, base, _A_DEMANDER, "habitude")
        return
    vers_la_cour = {
        max(p.cotes)
        for p in reseau.portes
        if DEHORS in p.cotes and Point(p.milieu).distance(cour) <= lire_usages().cour_contre_le_mur_m
    }
    for rang in jeux:
        statut: StatutConstat = "a_surveiller"
        if rang in vers_la_cour:
            statut, valeur = "respecte", "porte directe"
        elif joindre(reseau, rang, set()) & vers_la_cour:
            valeur = "par une autre pièce"
        else:
            valeur = "aucun chemin dessiné sans sortir par ailleurs"
        yield Constat("cour", f"{reseau.nom(rang)} : accès à la cour", statut, valeur, seuil, base, repere="habitude")
