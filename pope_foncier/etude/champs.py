"""Fields that a shock may strike: the inputs of a study, and the named points of the chain."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.declaration import entrees_du_modele
from pope_foncier.socle.erreurs import ErreurCalcul

POINTS = (
    "travaux.ht",
    "calendrier.ouverture",
    "exploitation.heures_facturees",
    "exploitation.personnel",
    "territoire.ctg_signee",
    "aides[*].arretee",
    "bouclage[*].arretee",
    "bouclage[*].retard_mois",
    "apports[*].retard_mois",
    "prets[*].retard_mois",
    "exploitation.produits_annexes[*].retard_mois",
    "exploitation.actions[*].financements[*].retard_mois",
)
"""Points of the chain where a shock strikes beside the fields of the study."""

_ELEMENT = re.compile(r"\[[^\]]+\]")
_PAS = re.compile(r"([a-z_0-9]+)(?:\[([^\]]+)\])?")


@lru_cache(maxsize=1)
def champs_frappables() -> frozenset[str]:
    """Paths of all that a shock may strike, ``[*]`` standing for any element of a list."""
    entrees = entrees_du_modele(Etude)
    ajoutes = {f"boucleurs{champ.removeprefix('bouclage')}" for champ in entrees if champ.startswith("bouclage[")}
    return frozenset(POINTS) | frozenset(entrees) | ajoutes


def verifier_champ(champ: str) -> None:
    """Check that a field exists in the studies or in the chain.

    Raises:
        ErreurCalcul: nothing would read it; offers the nearest names.
    """
    connus = champs_frappables()
    if _ELEMENT.sub("[*]", champ) not in connus:
        proches = get_close_matches(_ELEMENT.sub("[*]", champ), sorted(connus), n=3, cutoff=0.4)
        suite = f"Peut-être : {', '.join(proches)}." if proches else "Prendre le chemin d'une entrée de l'étude."
        raise ErreurCalcul(f"Choc sur un champ inconnu : « {champ} ». {suite}")


def verifier_element(etude: Etude, champ: str) -> None:
    """Check that the elements which a field names are in a study.

    Raises:
        ErreurCalcul: an element that the study does not have; offers the nearest identifiers.
    """
    courant: Any = etude
    for nom, cle in _PAS.findall(champ):
        if courant is None or (cle == "*" and not isinstance(courant, Etude)):
            return
        liste = etude.boucleurs if courant is etude and nom == "bouclage" else getattr(courant, nom, None)
        if not cle:
            courant = liste
            continue
        if cle == "*":
            return
        noms = [str(getattr(e, "id", "")) for e in liste or ()]
        if cle not in noms:
            proches = get_close_matches(cle, noms, n=3, cutoff=0.3) or noms
            dits = f"Peut-être : {', '.join(proches)}." if proches else "L'étude n'en a aucun."
            raise ErreurCalcul(f"Choc sur un élément que l'étude n'a pas : « {champ} ». {dits}")
        courant = next(e for e in liste or () if getattr(e, "id", None) == cle)
