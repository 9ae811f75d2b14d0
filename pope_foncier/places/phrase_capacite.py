"""French sentence of a solution: places, what limits, what one more place needs, and what comes next."""

from __future__ import annotations

import math

import numpy as np

from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.solveur import Contrainte, Solution


def phrase(solution: Solution, i: int = 0) -> str:
    """French sentence: places, limit, what one more place needs, and the limit behind it."""
    if math.isnan(solution.places[i]):
        return "inconnu : il manque une surface"
    n, rang = int(solution.places[i]), int(solution.limite[i])
    places = f"{n} place{'s' if n > 1 else ''}"
    if rang < 0:
        return f"au moins {places} : aucune de ces règles ne limite"
    violees = [c for c, refus in zip(solution.contraintes, solution.limites[:, i], strict=True) if refus]
    if any(c.code == "plafond" for c in violees):
        return f"{places} ; limite : {violees[-1].libelle}"
    s = "s" if len(violees) > 1 else ""
    texte = f"{places} ; limite{s} : {' et '.join(c.libelle for c in violees)}"
    manques = [_manque(c, i, n) for c in violees]
    accord = "donne" if len(manques) == 1 and manques[0][1] <= 1 else "donnent"
    texte += f" ; {' et '.join(m for m, _ in manques)} {accord} {n + 1}"
    if solution.change_categorie[i]:
        texte += ", dans une autre catégorie"
    ensuite = int(solution.ensuite[i])
    if ensuite < 0:
        return texte
    vient = "le seuil de catégorie"
    if ensuite < len(solution.contraintes):
        vient = f"la limite « {solution.contraintes[ensuite].libelle} »"
    rendez_vous = int(solution.places_ensuite[i])
    ou = "" if rendez_vous == n + 1 else f" à {rendez_vous} places"
    return f"{texte}, puis vient {vient}{ou}"


def _manque(contrainte: Contrainte, i: int, n: int) -> tuple[str, float]:
    besoin = np.atleast_2d(contrainte.besoin)
    du = besoin[i if len(besoin) > 1 else 0, n]
    offre = np.asarray(contrainte.offre).reshape(-1)
    manque = float(du - offre[i if len(offre) > 1 else 0])
    dixiemes = math.ceil(manque * 10 - 1e-6) / 10
    unite = contrainte.unite.removesuffix("s") if dixiemes <= 1 else contrainte.unite
    return f"+{formater_nombre(dixiemes, 1, 0)} {unite}", dixiemes
