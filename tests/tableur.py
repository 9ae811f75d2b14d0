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


def _puissance(base, exposant):
    return float(np.float64(base) ** exposant)


FONCTIONS = {
    "IF": lambda condition, alors, sinon: alors if condition else sinon,
    "AND": lambda *conditions: all(conditions),
    "OR": lambda *conditions: any(conditions),
    "NA": lambda: math.nan,
    "IFNA": lambda cellule, sinon: sinon if math.isnan(cellule) else cellule,
    "SUM": lambda *plages: float(sum(np.sum(p) for p in plages)),
    "PRODUCT": lambda *plages: float(np.prod([np.prod(p) for p in plages])),
    "MIN": lambda *plages: float(min(np.min(p) for p in plages)),
    "MAX": lambda *plages: float(max(np.max(p) for p in plages)),
    "INT": lambda cellule: float(math.floor(cellule)),
    "POWER": _puissance,
    "INDEX": _index,
    "MATCH": _match,
    "COLUMNS": np.size,
}


def evaluer(formule, operandes, parametres, rang):
    """Value of a formula at one cell.

    Args:
        formule: formula of an operation.
        operandes: for each operand, its cell and its rows ``ligne``, ``cumul`` and ``annee``.
        parametres: numbers.
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
