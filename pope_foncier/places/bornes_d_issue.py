"""Exits of a room or of a storey as the rule reads them: each at its least and at its most, near doors put together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pope_foncier.lieu.gabarits import grand_cote_m
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.parcours import PlusLoin
from pope_foncier.lieu.reseau import DEHORS, INCONNU, Baie, Degagement, Reseau, mene_dehors
from pope_foncier.places.issues import Sortie, largeur_des_unites, unites
from pope_foncier.places.regles_du_jour import ReglesDuJour

Borne = tuple[Sortie, Sortie]
"""Exit at its least and at its most: the same when everything is known."""


def borne(largeur: float | None, porte: Baie | None, directe: bool, pres_m: float, loin_m: float) -> Borne:
    """Exit at its least and at its most; a sliding door counts only under an article that was not read."""
    tracee = porte.tracee_m if porte else math.inf
    au_plus = tracee if largeur is None else largeur
    coulisse = porte is not None and porte.trace.element.ouverture == "coulissante"
    au_moins = 0.0 if largeur is None or coulisse else largeur
    return Sortie(au_moins, directe, loin_m), Sortie(au_plus, directe, pres_m)


def borne_de_porte(reseau: Reseau, loin: Sequence[PlusLoin], rang: int, porte: Baie) -> Borne:
    """Door of a room at its least and at its most; what lies behind an unknown part counts for nothing at least."""
    autre = porte.de_l_autre_cote(rang)
    issue = next((n for n, i in enumerate(reseau.issues) if i.porte is porte), None)
    marche = math.inf if issue is None else loin[rang].vers[issue]
    moins, plus = borne(porte.largeur_m, porte, autre == DEHORS, marche, marche)
    return (moins._replace(largeur_m=0.0), plus) if autre == INCONNU else (moins, plus)


def portes_utiles(reseau: Reseau, rang: int) -> list[Baie]:
    """Doors of a room that lead out: all those that are ways out, the widest one to each other space that leads out."""
    utiles: list[Baie] = []
    par_espace: dict[int, list[Baie]] = {}
    for porte in reseau.portes_de(rang):
        autre = porte.de_l_autre_cote(rang)
        if autre == DEHORS:
            if any(i.porte is porte for i in reseau.issues):
                utiles.append(porte)
        elif autre != rang and (autre == INCONNU or mene_dehors(reseau, autre, rang)):
            par_espace.setdefault(autre, []).append(porte)
    plus_large = [max(portes, key=lambda p: p.largeur_m or p.tracee_m) for portes in par_espace.values()]
    return utiles + plus_large


def plus_loin_vers(reseau: Reseau, loin: Sequence[PlusLoin], issue: int) -> tuple[float, float]:
    """Longest walk to a way out: over the rooms that have a way, and infinite when some child room has none drawn."""
    fonctions = lire_fonctions()
    finies = [x.vers[issue] for x in loin if math.isfinite(x.vers[issue])]
    perdue = any(math.isinf(x.vers[issue]) and fonctions[reseau.fonction(r)].enfants for r, x in enumerate(loin))
    au_moins = max(finies, default=0.0)
    return au_moins, math.inf if perdue else au_moins


def comme_issue(porte: Baie, rang: int) -> Degagement:
    """Door of a room as a way out of it."""
    return Degagement(porte.nom, porte.milieu, rang, porte.largeur_m, porte)


def sans_doubler(
    reseau: Reseau, issues: Sequence[Degagement], bornes: Sequence[Borne], regles: ReglesDuJour
) -> list[Borne]:
    """Exits once the doors of one long room that are too near each other make one, with their units added."""
    seuils = regles.table("portes_proches_m")
    groupes: list[list[int]] = []
    for n, issue in enumerate(issues):
        pareil = next(
            (g for g in groupes if any(_voisines(reseau, issue, issues[k], seuils) for k in g)),
            None,
        )
        if pareil is None:
            groupes.append([n])
        else:
            pareil.append(n)
    return [_reunir([bornes[k] for k in g], regles) if len(g) > 1 else bornes[g[0]] for g in groupes]


def _voisines(reseau: Reseau, a: Degagement, b: Degagement, seuils: dict[str, float]) -> bool:
    if a.espace != b.espace or a.porte is None or b.porte is None:
        return False
    cote = grand_cote_m(reseau.pieces[a.espace].forme)
    ecart = float(a.porte.trace.forme.distance(b.porte.trace.forme))
    return cote > seuils["cote_du_local"] + 1e-6 and ecart < seuils["ecart"] - 1e-6


def _reunir(bornes: Sequence[Borne], regles: ReglesDuJour) -> Borne:
    """One exit of several: units added, never narrower than its widest door; the longest walk kept."""
    moins, plus = (
        Sortie(
            max(
                largeur_des_unites(sum(unites(b[k].largeur_m, regles) for b in bornes), regles),
                *(b[k].largeur_m for b in bornes),
            ),
            all(b[k].directe for b in bornes),
            max(b[k].parcours_m for b in bornes),
        )
        for k in (0, 1)
    )
    return moins, plus
