"""Draws: evaluate many draws by blocks that stay in the processor's cache, keeping what is asked of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.memoire import garder_memoire

TAILLE_BLOC = 256


def tirer_aides(etude: Etude, nombre: int, graine: int) -> dict[str, Tableau]:
    """Draw each grant as obtained or refused, independently, at the probability that the study states.

    A grant without a probability keeps its plan: nothing is drawn for it. A refused grant gives nothing (share 0).

    Args:
        nombre: number of draws D.
        graine: seed of the random generator.

    Returns:
        Share granted by field of the study, 0 or the share of the plan, each of shape (D,).
    """
    hasard = np.random.default_rng(graine)
    return {
        f"aides[{aide.id}].coefficient": np.where(
            hasard.random(nombre) < aide.probabilite.valeur, aide.coefficient, 0.0
        )
        for aide in etude.aides
        if aide.statut != "non_demandee" and aide.probabilite is not None and aide.probabilite.valeur is not None
    }


def evaluer_par_blocs(
    moteur: Moteur,
    dossier: Dossier,
    tirages: Mapping[str, Tableau],
    extraire: Callable[[Evaluation], Mapping[str, Tableau]],
    taille: int = TAILLE_BLOC,
) -> dict[str, Tableau]:
    """Evaluate draws of the base study by blocks.

    Args:
        tirages: draws by field, each of shape (D,).
        extraire: what to keep of a block, arrays of shape (block,).
        taille: draws per block.

    Returns:
        What was kept, shape (D,).
    """
    if not tirages:
        raise ErreurCalcul("Aucun champ à tirer. Donner au moins un champ, par exemple travaux.cout_m2_ht.")
    garder_memoire()
    nombre = len(next(iter(tirages.values())))
    gardes: dict[str, list[Tableau]] = {}
    for debut in range(0, nombre, taille):
        bloc = {champ: v[debut : debut + taille] for champ, v in tirages.items()}
        largeur = len(next(iter(bloc.values())))
        for nom, valeur in extraire(moteur.tirer(dossier, bloc)).items():
            gardes.setdefault(nom, []).append(np.broadcast_to(np.ravel(valeur), (largeur,)))
    return {nom: np.concatenate(valeurs) for nom, valeurs in gardes.items()}
