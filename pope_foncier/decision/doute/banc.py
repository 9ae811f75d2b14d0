"""Measure of the doubt: all that a study may draw, a few figures of its closed plan, as a page of a workshop asks for them."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.decision.doute.etude_tiree import tirer_l_etude
from pope_foncier.decision.doute.reglages import reglages
from pope_foncier.etude.banc import Ampleur, mediane, ouvrir_l_etude
from pope_foncier.etude.moteur import Moteur

_CHIFFRES = ("a_trouver", "contribution_par_place", "couverture_minimale")


def mesurer_le_doute(ampleur: Ampleur) -> dict[str, float]:
    """``doute_s``: the median of some repeats, by the clock, once the study has been recorded."""
    dossier, moteur = ouvrir_l_etude(), Moteur.ouvrir()
    regles = replace(reglages(dossier.etude, moteur), tirages=ampleur.tirages)

    def tirer() -> None:
        tirer_l_etude(dossier, moteur, _CHIFFRES, regles)

    tirer()
    return {"doute_s": mediane(tirer, ampleur.repetitions)}
