"""Overrides that turn a study into another: whatever a workshop set can be computed again elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from pope_foncier.etude.ecarts import ecarts
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Scenario, Surcharge
from pope_foncier.etude.scenarios import variantes_de

MOTIF = "réglé en atelier"


def surcharges_de(avant: Etude, apres: Etude) -> tuple[Surcharge, ...]:
    """Overrides that turn a study into another, in the form of a scenario of a file."""
    bruts = [_en_texte(e.model_dump(exclude_defaults=True)) for e in (avant, apres)]
    return tuple(Surcharge(champ=e.champ, valeur=e.apres, motif=MOTIF) for e in ecarts(bruts[0], bruts[1]))


def _en_texte(brut: Any) -> Any:
    """Plain data with French dates, that a scenario file and the journal both carry."""
    if isinstance(brut, dict):
        return {c: _en_texte(v) for c, v in brut.items()}
    if isinstance(brut, list | tuple):
        return [_en_texte(v) for v in brut]
    return f"{brut:%d/%m/%Y}" if isinstance(brut, date) else brut


def scenario_du_fichier(
    etude: Etude, scenario: Scenario, freres: tuple[Scenario, ...], fichier: str
) -> tuple[Etude, tuple[Surcharge, ...]]:
    """Study that a scenario of a file makes, and its overrides as the journal keeps them: values, whatever it combines.

    Raises:
        ErreurDonnees: its faults.
    """
    siens = {s.nom for s in freres}
    tous = (*(s for s in etude.scenarios if s.nom not in siens), *freres)
    variee = variantes_de(etude.model_copy(update={"scenarios": tous}), fichier, seul=scenario.nom)[scenario.nom]
    variee = variee.model_copy(update={"scenarios": etude.scenarios})
    simple = not (scenario.depuis or scenario.blocs or any(c.est_relatif for c in scenario.surcharges))
    if not simple:
        return variee, surcharges_de(etude, variee)
    return variee, tuple(Surcharge(champ=c.champ, valeur=c.valeur, motif=c.motif) for c in scenario.surcharges)
