"""Whether a scenario has no place at all: nothing then opens, and no figure of it stands for a project."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.livre import Livre
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import formater

AUCUNE_PLACE = "aucune place possible"


def dit_le_lieu(livre: Livre, code: str) -> bool:
    """Whether a figure says what a place holds: it stands even when it holds nothing."""
    ligne = livre.lignes.get(code)
    return code == "indicateurs.places" if ligne is None else ligne.famille == "lieu"


def sans_place(ev: Evaluation) -> NDArray[np.bool_]:
    """Rows of an evaluation that are carried out and hold no place, shape (rows,) or (1,)."""
    fait = ev.ctx.entree("realiser")
    return np.ravel((ev.capacite.places.valeur == 0) & (fait.valeur > 0))


def raison_sans_place(ev: Evaluation, rang: int = 0) -> str:
    """Why a scenario that is carried out holds no place; nothing when it holds some, or when nobody knows.

    « Ne rien faire » has no place because nothing is done, which is another thing.

    Args:
        ev: evaluation.
        rang: rank of the scenario.
    """
    ctx, cap, vides = ev.ctx, ev.capacite, sans_place(ev)
    if not vides[rang if len(vides) > 1 else 0]:
        return ""
    if cap.places_possibles.au_point(rang) > 0 or not mode_de_l_etude(ctx.etude.mode_accueil).referentiel:
        return "l'étude n'en demande aucune"
    if cap.des_pieces is not None and cap.des_pieces.au_point(rang) == 0:
        return f"les pièces dessinées qui comptent n'en portent aucune ; ne comptent pas : {cap.pieces_ecartees}"
    surface = ctx.entree("programme.surface_m2")
    cour = ctx.entree("programme.surface_exterieure_m2")
    manques = _manque("une surface de plancher", cap.surface_suivante, surface, rang)
    if cap.cour_suivante is not None:
        manques += _manque("une cour", cap.cour_suivante, cour, rang)
    return f"il faut {' et '.join(manques)}" if manques else "les règles des locaux n'en admettent aucune"


def _manque(quoi: str, due: Grandeur, offerte: Grandeur, rang: int) -> list[str]:
    """What the first place asks for and the study does not have."""
    demande, la = due.au_point(rang), offerte.au_point(rang)
    if not demande > la + 1e-9:
        return []
    return [f"{quoi} de {formater(round(demande, 2), 'm²')} dès la première place, l'étude en a {formater(la, 'm²')}"]
