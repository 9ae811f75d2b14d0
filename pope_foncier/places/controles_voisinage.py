"""Checks of what is around: third parties above, below and over the roof, kitchen, smoke, height, tracks of a station."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.plan import ElementTrace, PlanTrace
from pope_foncier.lieu.reseau import DEHORS, Reseau
from pope_foncier.places.acces_du_public import EPS, au_niveau, metres
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

_A_DEMANDER = "la commission de sécurité"


def controler_voisinage(
    plan: PlanTrace, reseaux: Sequence[Reseau], situation: Situation, regles: ReglesDuJour
) -> list[Constat]:
    """Check what isolates the establishment, and what its height and its rooms at risk ask for."""
    return [
        *_tiers(plan, situation, regles),
        *_toiture(plan, regles),
        *_cuisine(plan, regles),
        *_desenfumage(plan, regles),
        *_hauteur(plan, regles),
        *_escalier(plan, situation, regles),
        *_attente(plan, regles),
        *_ligne_de_controle(plan, reseaux),
    ]


def _tiers(plan: PlanTrace, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Third parties above and below: fire rating of the floors between."""
    sujet, source = "Tiers au-dessus ou au-dessous", regles.source("isolement_tiers_h")
    heures = {k: formater_nombre(v, 1, 0) for k, v in regles.table("isolement_tiers_h").items()}
    exigee = f"coupe-feu {heures['paroi']} h, porte {heures['porte']} h"
    pieces = plan.de_nature("piece")
    avec = [p.nom for p in pieces if p.element.tiers_dessus or p.element.tiers_dessous]
    if avec:
        dernier = regles.nombre("regime_allege_enfants")
        leger = situation.enfants is not None and situation.enfants <= dernier
        statut: StatutConstat = "a_surveiller" if leger else "concerne"
        suite = "plancher et murs à vérifier, et à chiffrer"
        if leger:
            suite = f"non dû jusqu'à {formater_nombre(dernier)} enfants sans local à risques : à confirmer"
        yield Constat("tiers", sujet, statut, ", ".join(avec), exigee, source, _A_DEMANDER, suite=suite)
    elif any(p.element.tiers_dessus is None or p.element.tiers_dessous is None for p in pieces):
        yield Constat("tiers", sujet, "a_verifier", "non dit sur le plan", exigee, source, _A_DEMANDER)
    else:
        yield Constat("tiers", sujet, "sans_objet", "aucun", exigee, source)


def _toiture(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Roof of the rooms that a third party's wall with windows overlooks.

    The wall is that of the rooms which have a third party above, or a window drawn on a storey where the establishment has
    no room.
    """
    from shapely import union_all

    largeur, source = regles.nombre("toiture_dominee_m"), regles.source("toiture_dominee_m")
    pieces = plan.de_nature("piece")
    dessous = [p for p in pieces if p.element.tiers_dessus]
    niveaux = {p.element.niveau for p in pieces}
    murs = [p.forme for p in dessous] + [
        f.forme for f in plan.de_nature("fenetre") if f.element.niveau > 0 and f.element.niveau not in niveaux
    ]
    haut = max(niveaux)
    toits = [p for p in pieces if p.element.tiers_dessus is False and p.element.niveau == haut]
    if not murs or not toits:
        return
    bande = union_all(murs).buffer(largeur)
    touches = [(p.nom, float(p.forme.intersection(bande).area)) for p in toits]
    domines = [(nom, surface) for nom, surface in touches if surface > EPS]
    sujet = "Toiture sous la façade d'un tiers"
    exigee = f"pare-flammes une demi-heure sur {metres(largeur)}"
    if domines:
        valeur = ", ".join(f"{nom} ({formater_nombre(surface, 1)} m²)" for nom, surface in domines)
        yield Constat("toiture", sujet, "concerne", valeur, exigee, source, _A_DEMANDER, suite="toiture à traiter")
    else:
        yield Constat("toiture", sujet, "sans_objet", "aucune toiture à cette distance", exigee, source)


def _cuisine(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Cooking power of the kitchen, which makes it a room at risk."""
    cuisines = [p.nom for p in plan.de_nature("piece") if p.element.fonction == "cuisine"]
    if cuisines:
        seuil = f"{formater_nombre(regles.nombre('cuisine_kw'))} kW"
        valeur = f"puissance de cuisson non donnée : {', '.join(cuisines)}"
        source = regles.source("cuisine_kw")
        yield Constat(
            "cuisine", "Cuisine, local à risques au-delà du seuil", "a_verifier", valeur, seuil, source, "l'architecte"
        )


def _desenfumage(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Rooms so large that smoke must be let out."""
    seuils, source = regles.table("desenfumage_m2"), regles.source("desenfumage_m2")
    grandes = [p for p in plan.de_nature("piece") if p.forme.area > _seuil_de_fumee(p, seuils) + EPS]
    sujet = "Désenfumage des grandes salles"
    exigee = f"{formater_nombre(seuils['rez_de_chaussee_et_etages'])} m², {formater_nombre(seuils['sous_sol'])} m² en sous-sol"
    if grandes:
        valeur = ", ".join(f"{p.nom} {formater_nombre(p.forme.area)} m²" for p in grandes)
        suite = "ouvertures hautes et basses d'un centième de la surface"
        yield Constat("desenfumage", sujet, "concerne", valeur, exigee, source, _A_DEMANDER, suite=suite)
    else:
        yield Constat("desenfumage", sujet, "sans_objet", "aucune salle de cette taille", exigee, source)


def _seuil_de_fumee(piece: ElementTrace, seuils: dict[str, float]) -> float:
    return seuils["sous_sol" if piece.element.niveau < 0 else "rez_de_chaussee_et_etages"]


def _hauteur(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Highest floor of the establishment."""
    hautes = [p for p in plan.de_nature("piece") if p.element.niveau > 0]
    if not hautes:
        return
    seuil, source = regles.nombre("plancher_haut_m"), regles.source("plancher_haut_m")
    sols = [p.element.sol_m for p in hautes if p.element.sol_m is not None]
    sujet = "Hauteur du dernier plancher"
    if len(sols) < len(hautes) and max(sols, default=0.0) <= seuil:
        yield Constat(
            "hauteur_plancher", sujet, "a_verifier", "niveau des sols non donné", metres(seuil), source, "l'architecte"
        )
        return
    haut = max(sols)
    statut: StatutConstat = "concerne" if haut > seuil + EPS else "sans_objet"
    suite = "structure et planchers une heure, façade accessible aux échelles, escalier encloisonné"
    yield Constat("hauteur_plancher", sujet, statut, metres(haut), metres(seuil), source, suite=suite)


def _escalier(plan: PlanTrace, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Whether the stairs may stay open: one upper storey and few persons on it."""
    niveaux = sorted({p.element.niveau for p in plan.de_nature("piece") if p.element.niveau > 0})
    if not niveaux or situation.cinquieme:
        return
    seuil, source = regles.nombre("escalier_non_protege_personnes"), regles.source("escalier_non_protege_personnes")
    personnes = situation.personnes_au(niveaux[0])
    exigee = f"un seul étage et {formater_nombre(seuil)} personnes au plus, sinon escalier protégé"
    if niveaux != [1]:
        valeur, statut = f"{len(niveaux)} étages, jusqu'au niveau {niveaux[-1]}", "concerne"
    elif personnes is None:
        valeur, statut = "effectif de l'étage inconnu", "a_verifier"
    else:
        valeur, statut = f"{personnes} personnes à l'étage", "respecte" if personnes <= seuil else "concerne"
    lu: StatutConstat = statut if situation.cinquieme is False else "a_verifier"  # type: ignore[assignment]
    yield Constat("escalier_protege", "Escalier protégé", lu, valeur, exigee, source, _A_DEMANDER)


def _attente(plan: PlanTrace, regles: ReglesDuJour) -> Iterator[Constat]:
    """Where those who cannot move fast wait for help on each upper storey of the public: no plan says, so it is asked."""
    if not regles.nombre("espace_d_attente"):
        return
    source, publics = regles.source("espace_d_attente"), lire_usages().public
    for niveau in sorted({p.element.niveau for p in plan.de_nature("piece") if p.element.fonction in publics}):
        if niveau > 0:
            sujet, du = f"Espace d'attente sécurisé{au_niveau(niveau)}", "un par étage, ou un chemin jusqu'à une sortie"
            suite = "dire où attendent les enfants que l'on porte, et qui les descend"
            yield Constat("attente", sujet, "a_verifier", "non dit sur le plan", du, source, _A_DEMANDER, suite=suite)


def _ligne_de_controle(plan: PlanTrace, reseaux: Sequence[Reseau]) -> Iterator[Constat]:
    """Doors of the crèche against the ticket line of a station: which lie on the side of the tracks."""
    from shapely import union_all
    from shapely.geometry import LineString, Point
    from shapely.ops import nearest_points

    voies = [*plan.formes("quai"), *plan.formes("voie")]
    if not voies:
        return
    sujet, demander = "Ligne de contrôle de la gare", "SNCF Gares & Connexions"
    seuil, base = "portes du côté de la rue", lire_usages().base
    lignes = plan.formes("controle")
    if not lignes:
        yield Constat("controle", sujet, "a_verifier", "non dessinée", a_demander_a=demander)
        return
    ligne, rail = union_all(lignes), union_all(voies)
    derriere: list[str] = []
    devant: list[str] = []
    for baie in (b for r in reseaux if r.niveau == 0 for b in r.portes if DEHORS in b.cotes):
        ici = Point(baie.milieu)
        vers_le_rail = LineString([ici, nearest_points(ici, rail)[1]])
        (devant if vers_le_rail.crosses(ligne) else derriere).append(baie.nom)
    if not derriere and not devant:
        yield Constat("controle", sujet, "a_verifier", "portes non dessinées", a_demander_a=demander)
    elif derriere:
        valeur = f"du côté des voies : {', '.join(derriere)}"
        statut: StatutConstat = "a_surveiller" if devant else "non_respecte"
        suite = "parents et secours ne passent pas par la zone sous contrôle"
        yield Constat("controle", sujet, statut, valeur, seuil, base, demander, "habitude", suite)
    else:
        yield Constat("controle", sujet, "respecte", "toutes les portes y sont", seuil, base, repere="habitude")
