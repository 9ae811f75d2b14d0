"""Small spreadsheet: evaluates the formulas of the operations on cells of numbers, without the code of the package."""

import math
import re

import numpy as np


class Cellules:
    """Cells of one operand: the one that a formula reads, and rows around it."""

    def __init__(self, nom):
        self.nom = nom

    def __format__(self, quoi):
        return f"{self.nom}_{quoi}" if quoi else self.nom


def _index(ligne, rang):
    """Cell of a row, from 1; an error out of it, which an IF leaves aside."""
    rang = int(rang) - 1
    return float(np.ravel(ligne)[rang]) if 0 <= rang < np.size(ligne) else math.nan


def _match(cherche, ligne, _):
    trouves = np.flatnonzero(np.ravel(ligne) == cherche)
    return float(trouves[0] + 1) if len(trouves) else math.nan


def _ppmt(taux, rang, nombre, capital):
    """Principal of one instalment of a level loan, below zero as a payment."""
    if nombre <= 0:
        return math.nan
    if taux == 0.0:
        return -capital / nombre
    annuite = capital * taux / (1.0 - (1.0 + taux) ** -nombre)
    return -(annuite - capital * taux) * (1.0 + taux) ** (rang - 1)


def _puissance(base, exposant):
    return float(np.float64(base) ** exposant)


FONCTIONS = {
    "IF": lambda condition, alors, sinon: alors if condition else sinon,
    "AND": lambda *conditions: all(conditions),
    "OR": lambda *conditions: any(conditions),
    "NA": lambda: math.nan,
    "ISNA": math.isnan,
    "SUM": lambda *plages: float(sum(np.sum(p) for p in plages)),
    "PRODUCT": lambda *plages: float(np.prod([np.prod(p) for p in plages])),
    "MIN": lambda *plages: float(min(np.min(p) for p in plages)),
    "MAX": lambda *plages: float(max(np.max(p) for p in plages)),
    "SUMPRODUCT": lambda plage: float(np.sum(plage)),
    "EXP": np.exp,
    "INT": lambda cellule: float(math.floor(cellule)),
    "POWER": _puissance,
    "INDEX": _index,
    "CHOOSE": lambda rang, *valeurs: float(valeurs[int(rang) - 1]),
    "PPMT": _ppmt,
    "MATCH": _match,
    "COLUMNS": np.size,
}


def evaluer(formule, operandes, parametres, rang):
    """Value of a formula at one cell.

    Args:
        formule: formula of an operation.
        operandes: for each operand, its cell and its rows ``ligne``, ``cumul`` and ``annee``.
        parametres: numbers, or lists of numbers as a formula writes them.
        rang: rank of the column, from zero.
    """
    noms = [Cellules(f"c{i}") for i in range(len(operandes))]
    places = {f"p{i}": p for i, p in enumerate(parametres)}
    texte = formule.replace("{*}", ",".join(f"{{{i}}}" for i in range(len(operandes))))
    texte = texte.format(*noms, rang=rang, **places)
    texte = re.sub(r"(?<![<>!])=", "==", texte.replace("<>", "!="))
    portee = {f"c{i}" + (f"_{q}" if q else ""): v for i, o in enumerate(operandes) for q, v in o.items()}
    with np.errstate(all="ignore"):
        return float(eval(texte, {"__builtins__": {}}, FONCTIONS | portee))


def derouler(lignes, operandes, aides, duree):
    """Rows of a block, month after month.

    Args:
        lignes: formulas of the block, by result.
        operandes: array of each operand, on the months or of one value.
        aides: array of each quantity that the formulas name.
        duree: months.
    """

    def au(tableau, mois):
        return float(tableau[mois if len(tableau) > 1 else 0])

    rangees = {nom: [] for nom in lignes.formules}
    formules = {}
    for nom, f in lignes.formules.items():
        texte = f.replace("<>", "!=").format(*map(Cellules, _noms(operandes)), **_nommees(lignes), rang="rang")
        formules[nom] = compile(re.sub(r"(?<![<>!])=", "==", texte), nom, "eval")
    connues = {"__builtins__": {}, **FONCTIONS}
    ordre = _ordre(lignes)
    for mois in range(duree):
        portee = {"rang": mois} | {f"c{i}": au(o, mois) for i, o in enumerate(operandes)}
        portee |= {f"c{i}_ligne": o for i, o in enumerate(operandes)} | {nom: au(a, mois) for nom, a in aides.items()}
        portee |= {f"{nom}_ligne": a for nom, a in aides.items()}
        portee |= {f"{nom}_avant": (suite[-1] if suite else 0.0) for nom, suite in rangees.items()}
        for nom in ordre:
            with np.errstate(all="ignore"):
                portee[nom] = float(eval(formules[nom], connues, portee))
            rangees[nom].append(portee[nom])
    return {nom: np.array(suite) for nom, suite in rangees.items()}


def _noms(operandes):
    return [f"c{i}" for i in range(len(operandes))]


def _nommees(lignes):
    return {nom: Cellules(nom) for nom in (*lignes.aides, *lignes.formules)}


def _ordre(lignes):
    """Results in an order in which each reads those of its month that are known."""
    reste, faits = dict(lignes.formules), []
    while reste:
        pret = [n for n, f in reste.items() if not any(f"{{{x}}}" in f for x in reste if x != n)]
        assert pret, reste
        faits += pret
        for nom in pret:
            del reste[nom]
    return faits
