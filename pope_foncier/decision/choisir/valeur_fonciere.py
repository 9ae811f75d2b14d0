"""Residual land value: the highest purchase price, or rent, that a project bears under a condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.choisir.but import COUT_PAR_PLACE, But, viser
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.refus import refuser

Condition = Literal["a_trouver", "couverture", "cout_commune"]
_CHIFFRES: Mapping[Condition, tuple[str, bool]] = {
    "a_trouver": ("a_trouver", True),
    "couverture": ("couverture_minimale", False),
    "cout_commune": (COUT_PAR_PLACE, True),
}
"""Figure of each condition, and whether it is to stay below the target."""
EN_CLAIR: Mapping[Condition, str] = {
    "a_trouver": "ce que personne n'a promis reste au plus à",
    "couverture": "la couverture de la dette reste chaque année au moins à",
    "cout_commune": "le coût de la commune par place et par an, tout ce qui est à trouver compris (trésorerie et capital aussi), reste au plus à",
}
_PRIX = ("acquisition.prix", "achat_bailleur.prix")
_LOYERS = ("titre_occupation.loyer_m2_an", "titre_occupation.loyer_capitalise")


@dataclass(frozen=True, slots=True)
class ValeurFonciere:
    """Highest price or rent under which a condition holds.

    Attributes:
        but: goal seek that it comes from.
        valeur: that price or rent; NaN when no value holds, infinite when every one of the range does.
        en_dessous: whether every lower value tried holds too.
    """

    condition: Condition
    but: But
    valeur: float
    en_dessous: bool


def champ_du_foncier(etude: Etude) -> str:
    """Field that holds what the land costs: the purchase price when the study buys, else the rent of its tenure.

    Raises:
        ErreurCalcul: a study that neither buys nor pays a rent.
    """
    for champ in (*_PRIX, *_LOYERS):
        section = champ.partition(".")[0]
        if getattr(etude, section) is not None and lire_champ(etude, champ) is not None:
            return champ
    raise ErreurCalcul(
        "Valeur du foncier : l'étude n'a ni prix d'achat ni loyer. Choisir un montage qui achète ou loue."
    )


def du_montage(dossier: Dossier, nom: str) -> Dossier:
    """Study of another montage of the site, by its code.

    Raises:
        Inconnu: no such montage.
        ErreurCalcul: a study that does not describe its property, or a montage that the site does not allow.
    """
    montages, foncier = lire_montages().montages, dossier.etude.foncier
    if nom not in montages:
        raise refuser("Montage inconnu", nom, montages)
    if foncier is None:
        raise ErreurCalcul("L'étude ne dit pas ce que le propriétaire accepte : ajouter la section « foncier ».")
    cas = preparer(dossier, foncier, nom, montages[nom])
    if cas.etude is None:
        raise ErreurCalcul(f"{cas.montage.titre} : impossible. {' ; '.join(cas.raisons)}.")
    return replace(dossier, etude=cas.etude, variantes={BASE: cas.etude})


def valeur_fonciere(
    moteur: Moteur,
    dossier: Dossier,
    condition: str,
    cible: float,
    champ: str | None = None,
    entre: tuple[float, float] | None = None,
) -> ValeurFonciere:
    """Highest value of the price, or of the rent, that keeps a condition on the closed plan.

    Args:
        champ: another field of the study; by default the purchase price, else the rent.
        entre: range sought; by default all that the sheet admits.

    Raises:
        ErreurCalcul: no price and no rent, or a condition that is none.
    """
    voulue = next((c for c in _CHIFFRES if c == condition), None)
    if voulue is None:
        raise ErreurCalcul(f"Condition inconnue : « {condition} ». Choisir parmi : {', '.join(_CHIFFRES)}.")
    cherche = champ or champ_du_foncier(dossier.etude)
    chiffre, au_plus = _CHIFFRES[voulue]
    but = viser(moteur, dossier, cherche, chiffre, cible, entre, en_entier=True)
    ecarts = (but.trouve.chiffres - cible) * (1.0 if au_plus else -1.0)
    tient = ecarts <= but.chiffre.tolerance
    rangs = np.flatnonzero(tient)
    if not len(rangs):
        return ValeurFonciere(voulue, but, float("nan"), False)
    dernier = int(rangs[-1])
    fin = dernier + 1 == len(tient)
    valeur = float("inf") if fin else but.trouve.frontiere(dernier, +1)
    return ValeurFonciere(voulue, but, valeur, bool(tient[: dernier + 1].all()))
