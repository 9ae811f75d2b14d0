"""Checks of the leaves of doors: side to which they open, sliding doors, leaves that narrow a circulation."""

from __future__ import annotations

from collections.abc import Iterator

from pope_foncier.lieu.constats import Constat, StatutConstat
from pope_foncier.lieu.reseau import DEHORS, Reseau, longueur_devant_m
from pope_foncier.places.acces_du_public import EPS, metres
from pope_foncier.places.bornes_d_issue import portes_utiles
from pope_foncier.places.issues import accorder
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.situation import Situation
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.nombres import formater_nombre

A_DEMANDER = "l'architecte, puis la commission de sécurité"


def controler_battants(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> list[Constat]:
    """Check the leaves of the doors of a storey."""
    return [*_sens(reseau, situation, regles), *_saillies(reseau, situation, regles)]


def _sens(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Doors that must open in the way out, and sliding doors; in the 5th category, only those to the open air must."""
    seuil, source = regles.nombre("sens_ouverture_personnes"), regles.source("sens_ouverture_personnes")
    exigee = f"vers la sortie au-delà de {formater_nombre(seuil)} personnes"
    personnes = situation.personnes_au(reseau.niveau)
    concernees = [(i.porte, i.espace) for i in reseau.issues if i.porte is not None]
    if personnes is None or personnes <= seuil:
        concernees = []
    for rang, piece in enumerate(reseau.pieces):
        if (piece.element.effectif or 0) > seuil:
            concernees += [(p, rang) for p in portes_utiles(reseau, rang)]
    for porte, rang in dict.fromkeys(concernees):
        element = porte.trace.element
        sujet = f"{porte.nom} ({reseau.nom(rang)}) : sens d'ouverture"
        if element.ouverture in ("va_et_vient", "coulissante"):
            continue
        if porte.vers is None:
            yield Constat("sens", sujet, "a_verifier", "sens non dessiné", exigee, source, A_DEMANDER)
            continue
        dehors = porte.cotes[porte.vers] != rang
        valeur = "s'ouvre vers la sortie" if dehors else "s'ouvre vers l'intérieur"
        mauvais: list[StatutConstat] = [
            "a_surveiller" if c and DEHORS not in porte.cotes else "non_respecte" for c in situation.cinquiemes
        ]
        yield Constat("sens", sujet, "respecte" if dehors else accorder(mauvais), valeur, exigee, source)
    for issue in reseau.issues:
        if issue.porte is not None and issue.porte.trace.element.ouverture == "coulissante":
            valeur = "coulissante : ne compte comme issue qu'en façade, sous l'article CO 48 (non lu)"
            yield Constat("sens", f"{issue.nom} : porte coulissante", "a_verifier", valeur, "", source, A_DEMANDER)


def _saillies(reseau: Reseau, situation: Situation, regles: ReglesDuJour) -> Iterator[Constat]:
    """Leaves that open into a circulation and leave less than a passage unit beside them: to fold back to the wall.

    A rule of categories 1 to 4, a mark in the 5th.
    """
    une, source = regles.table("unite_de_passage_m")["une"], regles.source("saillie_des_portes")
    for rang in range(len(reseau.pieces)):
        if reseau.fonction(rang) not in lire_usages().circulations:
            continue
        genantes = []
        for porte in reseau.portes_de(rang):
            element = porte.trace.element
            if porte.vers is None or porte.cotes[porte.vers] != rang or element.ouverture == "coulissante":
                continue
            vantail = porte.tracee_m / max(element.vantaux or 1, 1)
            libre = max(longueur_devant_m(reseau, porte, rang) - vantail, 0.0)
            if libre < une - EPS:
                genantes.append(f"{porte.nom} ({metres(libre)} libres)")
        if genantes:
            lus: list[StatutConstat] = ["a_surveiller" if c else "non_respecte" for c in situation.cinquiemes]
            sujet, suite = (
                f"{reseau.nom(rang)} : portes en saillie",
                "à rabattre contre le mur, ou à ouvrir vers la pièce",
            )
            exigee = f"{metres(une)} libres à côté du vantail"
            yield Constat("saillie", sujet, accorder(lus), ", ".join(genantes), exigee, source, A_DEMANDER, suite=suite)
