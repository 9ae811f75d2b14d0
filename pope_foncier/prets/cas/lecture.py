"""Readable paths: from ``echeance[1]`` or ``total.frais`` to a value of a schedule, or of any named results."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pope_foncier.prets.cout import montant_garanti
from pope_foncier.prets.echeancier import COLONNES, Echeancier
from pope_foncier.prets.effectif import TauxEffectif, affichage_taux, cout_total
from pope_foncier.socle.erreurs import ErreurCalcul

Lecteur = Callable[[str], Any]
_TAUX = ("taeg", "teg", "taux_periode", "periode_mois")

_MOTIF = re.compile(r"^(?P<nom>[a-z_.]+)(?:\[(?P<a>\d+|dernier)(?::(?P<b>\d+))?\])?$")


def decomposer(chemin: str) -> tuple[str, str | None, str | None]:
    """Split a path: ``annee.interets[10]`` → (annee.interets, 10, None); ``cumul.interets[13:24]`` has two bounds."""
    trouve = _MOTIF.match(chemin)
    if not trouve:
        raise ErreurCalcul(
            f"Chemin illisible : « {chemin} » (exemples : echeance[1], annee.interets[10], total.frais)."
        )
    return trouve["nom"], trouve["a"], trouve["b"]


def _inconnu(chemin: str, admis: Mapping[str, Any] | tuple[str, ...] = ()) -> ErreurCalcul:
    return ErreurCalcul(f"Résultat inconnu : « {chemin} ». Admis : {', '.join(admis)}.")


def lecteur_de(resultats: Mapping[str, Callable[[], Any] | Any]) -> Lecteur:
    """Reader of named results, computed when first read; a series takes ``[n]`` or ``[a:b]``."""

    def lire(chemin: str) -> Any:
        nom, a, b = decomposer(chemin)
        if nom not in resultats:
            raise _inconnu(chemin, resultats)
        valeur = resultats[nom]
        valeur = valeur() if callable(valeur) else valeur
        if a is None:
            return valeur if isinstance(valeur, str) else (np.asarray(valeur) if np.ndim(valeur) else valeur)
        suite = np.atleast_1d(np.asarray(valeur)).ravel()
        if b is not None:
            return suite[int(a) - 1 : int(b)]
        return suite[-1] if a == "dernier" else suite[int(a) - 1]

    return lire


def lire_echeancier(tableau: Echeancier, effectif: Callable[[], TauxEffectif], au_cent: bool) -> Lecteur:
    """Reader of a schedule: ``colonne[n]``, ``total.…``, ``annee.…[k]``, ``cumul.…[a:b]``, rates and costs."""
    simples: dict[str, Callable[[], Any]] = {
        "nombre_echeances": lambda: float(tableau.nombre[0, 0]),
        "taeg_affiche": lambda: affichage_taux(float(effectif().taeg[0])),
        "cout_total": lambda: cout_total(tableau, au_cent)[0],
        "capital_emprunte": lambda: tableau.total("deblocages")[0],
        "montant_garanti": lambda: montant_garanti(tableau.emprunt, tableau.total("deblocages")[:, None])[0, 0],
        "indemnite": lambda: tableau.indemnites.sum(axis=1)[0] if tableau.indemnites.ndim else 0.0,
        "ballon": lambda: tableau.ballon[0],
        "premiere_alerte": lambda: tableau.alertes[0] if tableau.alertes else "",
    }

    def lire(chemin: str) -> Any:
        nom, a, b = decomposer(chemin)
        if nom in _TAUX:
            return getattr(effectif(), nom)[0]
        if nom in simples:
            return simples[nom]()
        prefixe, _, colonne = nom.rpartition(".")
        if prefixe == "total":
            return tableau.total(colonne)[0]
        if prefixe == "annee" and a is not None:
            return tableau.par_annee_de_pret(colonne)[0, int(a) - 1]
        if prefixe == "annee_civile" and a is not None:
            return tableau.par_annee_civile(colonne)[int(a)][0]
        if prefixe == "cumul" and a is not None and b is not None:
            return tableau.entre(colonne, int(a), int(b))[0]
        if nom == "date" and a is not None:
            return tableau.dates[int(a)]
        if nom not in COLONNES:
            raise _inconnu(chemin, (*simples, *_TAUX, *COLONNES, "total.…", "annee.…[k]", "cumul.…[a:b]", "date[n]"))
        suite = tableau.colonne(nom)[0]
        au_debut = nom == "capital_restant_du"
        depart = tableau.premier_rang
        if a is None:
            return suite[depart:]
        if b is not None:
            return suite[int(a) + depart - 1 : int(b) + depart]
        fin = int(tableau.nombre[0, 0]) + depart - 1
        if a == "dernier":
            return suite[fin]
        return suite[0] if a == "0" and au_debut else suite[int(a) + depart - 1]

    return lire
