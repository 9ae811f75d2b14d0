"""Places of a mode d'accueil: the cap of the law, and modes whose places do not come from the areas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.modes import ModeAccueil, ModeEtude, RenvoiBareme, mode_accueil
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.places.capacite import Capacite
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.vocabulaire import connu_ou_zero, superieur

_REGISTRE: dict[ModeEtude, str] = {
    "collectif_psu": "multi_accueil",
    "creche_parentale": "creche_parentale",
    "micro_creche_psu": "micro_creche",
    "micro_creche_paje": "micro_creche",
    "creche_familiale": "creche_familiale",
    "mam": "mam",
}

_MARGE = 1e-9
"""Margin of computation of a count."""


def nom_du_mode(mode: ModeEtude) -> str:
    """Name of the mode of a study in the register of modes."""
    return _REGISTRE[mode]


def mode_de_l_etude(mode: ModeEtude) -> ModeAccueil:
    """Entry of the register of modes for the mode of a study."""
    return mode_accueil(_REGISTRE[mode])


def retenir(ctx: Contexte, capacite: Capacite) -> Capacite:
    """Places of the mode: those of the areas when the référentiel applies, those wanted otherwise; never above the cap.

    Raises:
        ErreurCalcul: places or childminders above the cap of the mode, or wanted places not given outside the référentiel.
    """
    mode = mode_de_l_etude(ctx.etude.mode_accueil)
    if not mode.referentiel:
        capacite = _hors_referentiel(ctx, capacite, mode)
    if mode.assistants is not None and ctx.etude.exploitation is not None:
        _tenir_les_assistants(ctx, mode.assistants)
    if mode.plafond is not None:
        datee = exiger(ctx.valeur_datee(mode.plafond.bareme))
        plafond = float(datee.valeur[mode.plafond.cle] if mode.plafond.cle else datee.valeur)
        if aiguiller(_au_dela(capacite.places, plafond)):
            trouvees = float(np.nanmax(capacite.places.valeur))
            raise ErreurCalcul(
                f"{mode.libelle} : {formater_nombre(plafond)} places au plus ({datee.libelle}, "
                f"{datee.source.titre}) ; l'étude en retient {formater_nombre(trouvees)}. Écrire « programme."
                f"places_voulues » à {formater_nombre(plafond)} au plus, ou changer « mode_accueil »."
            )
    return capacite


def _tenir_les_assistants(ctx: Contexte, plafond: RenvoiBareme) -> None:
    """Refuse more childminders at the same time than the law allows in one house."""
    datee = exiger(ctx.valeur_datee(plafond.bareme))
    assistants = ctx.entree("exploitation.mam.assistants")
    maximum = float(datee.valeur)
    if aiguiller(_au_dela(assistants, maximum)):
        trouves = float(np.nanmax(assistants.valeur))
        raise ErreurCalcul(
            f"{datee.libelle} : {formater_nombre(maximum)} ({datee.source.titre}) ; l'étude en a "
            f"{formater_nombre(trouves)}. Écrire « exploitation.mam.assistants » à {formater_nombre(maximum)} au plus."
        )


def _au_dela(nombre: Grandeur, plafond: float) -> Grandeur:
    """1 where a number is above a cap; an unknown number is not."""
    return connu_ou_zero(superieur(nombre, plafond + _MARGE))


def _hors_referentiel(ctx: Contexte, capacite: Capacite, mode: ModeAccueil) -> Capacite:
    if ctx.etude.programme.places_voulues is None:
        raise ErreurCalcul(
            f"{mode.libelle} : la règle des m² par place ne s'applique pas, les places se décident. "
            "Ajouter « programme.places_voulues »."
        )
    voulues = ctx.entree("programme.places_voulues")
    places = nommer("programme.places", voulues * ctx.entree("realiser"))
    requise = nommer("programme.surface_requise", Grandeur(np.nan), "sans_objet")
    suivante = nommer("programme.surface_place_suivante", Grandeur(np.nan), "sans_objet")
    capacite = replace(capacite, places=places, places_possibles=voulues)
    return replace(capacite, surface_requise=requise, surface_suivante=suivante)
