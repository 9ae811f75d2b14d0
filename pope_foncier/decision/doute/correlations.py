"""Correlations between what is drawn: a matrix checked as a whole, and how independent chances become linked ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.refus import refuser

Liens = Mapping[tuple[str, str], float]
"""Correlation of the normal scores of two fields, by pair."""
_NUL = 1e-9


def matrice(champs: Sequence[str], liens: Liens) -> Tableau:
    """Correlation matrix of some fields, one on its diagonal, zero where no pair is stated.

    Raises:
        Inconnu: a pair names a field that is not drawn; the near ones are offered.
        ErreurCalcul: all that is wrong with the pairs, or no numbers can have such links; which pair to lower.
    """
    lue = np.eye(len(champs))
    fautes = []
    for (a, b), valeur in liens.items():
        for champ in (a, b):
            if champ not in champs:
                raise refuser("Corrélation sur un champ qui n'est pas tiré", champ, champs)
        i, j = champs.index(a), champs.index(b)
        if i == j:
            fautes.append(f"« {a} » est toujours lié à lui-même : nommer deux champs différents.")
        elif not -1.0 <= valeur <= 1.0:
            fautes.append(f"« {a} » et « {b} » : une corrélation de −1 à 1 est attendue ; trouvé : {_dit(valeur)}.")
        elif lue[i, j] not in (0.0, valeur):
            fautes.append(
                f"« {a} » et « {b} » : deux corrélations, {_dit(lue[i, j])} et {_dit(valeur)} ; n'en garder qu'une."
            )
        else:
            lue[i, j] = lue[j, i] = valeur
    if fautes:
        raise ErreurCalcul("Corrélations : " + " ".join(fautes))
    _exiger_possible(lue, champs)
    return lue


def _exiger_possible(lue: Tableau, champs: Sequence[str]) -> None:
    """Refuse links that contradict each other.

    Raises:
        ErreurCalcul: the matrix is not positive semi-definite; the pair to lower least, and what it may be.
    """
    if _plus_petite(lue) >= -_NUL:
        return
    paires = [(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(lue, 1)), strict=True)]
    admises = [(i, j, admise) for i, j in paires if (admise := _admise(lue, i, j)) is not None]
    if admises:
        i, j, admise = min(admises, key=lambda p: abs(lue[p[0], p[1]]) - abs(p[2]))
        suite = f"Rapprocher de zéro celle de « {champs[i]} » et « {champs[j]} » : {_dit(admise)} au lieu de {_dit(lue[i, j])}."
    else:
        vecteur = np.linalg.eigh(lue)[1][:, 0]
        i, j = min(paires, key=lambda p: float(vecteur[p[0]] * vecteur[p[1]] * lue[p]))
        suite = (
            f"Commencer par rapprocher de zéro celle de « {champs[i]} » et « {champs[j]} » ({_dit(lue[i, j])}) ; "
            "une autre devra l'être aussi."
        )
    raise ErreurCalcul(f"Corrélations impossibles ensemble : aucun tirage ne les tient toutes. {suite}")


def _plus_petite(lue: Tableau) -> float:
    return float(np.linalg.eigvalsh(lue)[0])


def _admise(lue: Tableau, i: int, j: int) -> float | None:
    """Value of one pair nearest to the stated one, towards zero, with which all hold; None when it does not suffice.

    Hundredths are tried from the stated value: the smallest eigenvalue is concave in it, so the first that holds is the nearest.
    """
    essai, valeur = lue.copy(), float(lue[i, j])
    for centiemes in range(int(abs(valeur) * 100 + _NUL), -1, -1):
        essai[i, j] = essai[j, i] = np.sign(valeur) * centiemes / 100
        if _plus_petite(essai) >= -_NUL:
            return float(essai[i, j])
    return None


def lier(chances: Mapping[str, Tableau], liens: Liens, garder_les_rangs: bool) -> dict[str, Tableau]:
    """Chances linked by a Gaussian copula: each normal score becomes a mix of the scores before it.

    The first field of a group keeps its chances, and so does each field that no pair names.

    Args:
        garder_les_rangs: whether the chances of each field stay the same numbers, put in another order: what makes a hypercube
            or a Sobol sequence even in each direction is then kept.
    """
    if not liens:
        return dict(chances)
    tous = list(chances)
    entiere = matrice(tous, liens)
    nommes = [c for c in tous if any(c in paire for paire in liens)]
    gauss = bibliotheque("scipy.special", "decider", "Lier des champs par une corrélation")
    rangs = [tous.index(c) for c in nommes]
    facteur = _triangle(entiere[np.ix_(rangs, rangs)])
    scores = gauss.ndtri(np.array([chances[c] for c in nommes]))
    lies = dict(chances)
    for rang, champ in enumerate(nommes):
        if facteur[rang, rang] == 1.0:
            continue
        melange = facteur[rang] @ scores
        if garder_les_rangs:
            lies[champ] = np.empty_like(melange)
            lies[champ][np.argsort(melange, kind="stable")] = np.sort(chances[champ])
        else:
            lies[champ] = gauss.ndtr(melange)
    return lies


def _triangle(lue: Tableau) -> Tableau:
    """Lower triangular factor of a correlation matrix; a field that the ones before decide has a zero on the diagonal."""
    facteur = np.zeros_like(lue)
    for j in range(len(lue)):
        reste = lue[j, j] - facteur[j, :j] @ facteur[j, :j]
        facteur[j, j] = np.sqrt(max(reste, 0.0))
        if facteur[j, j] > 1e-7:
            facteur[j + 1 :, j] = (lue[j + 1 :, j] - facteur[j + 1 :, :j] @ facteur[j, :j]) / facteur[j, j]
        else:
            facteur[j, j] = 0.0
    return facteur


def _dit(valeur: float) -> str:
    return formater_nombre(float(valeur), 2, 0)
