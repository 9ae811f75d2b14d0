"""Delays: draws of the durations of phases, cost of one more month, and deadlines that a calendar may miss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier, varier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.planning import Planning, placer
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.yaml_strict import charger_yaml

AVIS, AUTORISATION = "avis_commune", "autorisation"
"""Ids of the phases whose order the law bounds, when a study has them."""


@dataclass(frozen=True, slots=True)
class TirageDelais:
    """Draws of a calendar: opening at each draw [months], share of draws where each phase is critical."""

    ouvertures: Tableau
    part_critique: dict[str, float]
    fins: dict[str, Tableau]
    """End of each phase [months], shape (D,)."""

    def quantiles(self, *q: float) -> tuple[float, ...]:
        """Quantiles of the opening [months after the start]."""
        return tuple(float(x) for x in np.quantile(self.ouvertures, q))


@dataclass(frozen=True, slots=True)
class MoisDePlus:
    """Effect of one more month in a phase."""

    phase: str
    retard_mois: float
    """What the opening loses [months]."""
    besoins: float
    """Change of the uses of the plan [€]."""
    detail: dict[str, float]
    """Change by line of the uses, those that move [€]."""


def lire_variante(chemin: Path) -> dict[str, Any]:
    """Read overrides ``{field: value}`` of a study from a YAML file."""
    return charger_yaml(chemin)[0]


def appliquer_variante(dossier: Dossier, chemin: Path) -> Dossier:
    """Study with the overrides of a file as its base, without scenarios.

    Raises:
        ErreurDonnees: a field that the study does not have, or a value it refuses.
    """
    etude = varier(dossier, chemin_court(chemin), lire_variante(chemin))
    return Dossier(dossier.nom, etude, dossier.site, {"base": etude})


def tirer_delais(dossier: Dossier, moteur: Moteur, nombre: int = 2000, graine: int = 2026) -> TirageDelais:
    """Draw the durations that have a range (triangular between its bounds, mode at the value) and place the phases.

    Raises:
        ErreurCalcul: the study has no phases.
    """
    etude = _a_phases(dossier.etude)
    hasard = np.random.default_rng(graine)
    champs: dict[str, Any] = {f"delais.phases[{p.id}].duree_mois": p.duree_mois for p in etude.delais.phases}
    champs["delais.travaux_mois"] = etude.delais.travaux_mois
    champs["delais.montee_en_charge_mois"] = etude.delais.montee_en_charge_mois
    tirages = {
        champ: hasard.triangular(d.intervalle[0], d.valeur, d.intervalle[1], nombre)
        for champ, d in champs.items()
        if d is not None and d.valeur is not None and d.intervalle is not None and d.intervalle[0] < d.intervalle[1]
    }
    planning = placer(Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions, tirages))

    def etaler(v: Tableau) -> Tableau:
        return np.broadcast_to(v[..., 0], (nombre,))

    return TirageDelais(
        etaler(planning.du_role("ouverture").debut.valeur),
        {p.phase.id: float(np.mean(p.critique)) for p in planning.phases},
        {p.phase.id: etaler(p.fin.valeur) for p in planning.phases},
    )


def couter_un_mois(dossier: Dossier, moteur: Moteur) -> tuple[MoisDePlus, ...]:
    """One more month in each phase that sets the opening, through the whole chain: revision, rent, interest.

    A month in a phase with margin costs nothing; one before the works moves prices; one during the works adds rent and
    interest as well. What the operator loses or spares by opening later is not in the uses.
    """
    etude = _a_phases(dossier.etude)
    base = moteur.tirer(dossier, {}, etude)
    planning = base.calendrier.planning
    assert planning is not None
    effets = []
    for place in planning.phases:
        p = place.phase
        if not bool(np.ravel(place.critique)[0]) or p.role == "ouverture":
            continue
        champ = (
            "delais.travaux_mois"
            if p.role == "travaux" and p.duree_mois is None
            else f"delais.phases[{p.id}].duree_mois"
        )
        avant = float(place.fin.au_point() - place.debut.au_point())
        retard = moteur.tirer(
            dossier,
            {},
            varier(
                dossier,
                "retard",
                {
                    champ: {
                        "valeur": round(avant) + 1 if champ == "delais.travaux_mois" else avant + 1,
                        "base": "un mois de plus",
                    }
                },
            ),
        )
        detail = {
            ligne.libelle: ecart
            for ligne in base.livre.du_groupe("besoins")
            if abs(ecart := _ecart(base, retard, ligne.code)) > 0.5
        }
        effets.append(
            MoisDePlus(
                p.libelle,
                retard.calendrier.ouverture.au_point() - base.calendrier.ouverture.au_point(),
                _ecart(base, retard, "besoins.total"),
                detail,
            )
        )
    return tuple(effets)


def _ecart(base: Evaluation, autre: Evaluation, code: str) -> float:
    return autre.livre[code].au_point() - base.livre[code].au_point()


def echeances(planning: Planning, ctx: Contexte) -> tuple[str, ...]:
    """Sentences on the deadlines of the law that the calendar meets or misses (validity of the municipal opinion)."""
    ids = {p.phase.id for p in planning.phases}
    if not {AVIS, AUTORISATION} <= ids:
        return ()
    attente = planning.de(AUTORISATION).debut.au_point() - planning.de(AVIS).fin.au_point()
    limite = ctx.bareme("delais.procedures.validite_avis_mois").au_point()
    if np.isnan(attente):
        return ("Délai entre l'avis de la commune et la demande au département : inconnu, une durée de phase manque.",)
    tenu = "tenu" if attente <= limite else "dépassé : l'avis serait à redemander"
    return (
        f"Demande au département {formater_nombre(attente, 1, 0)} mois après l'avis de la commune, valable "
        f"{formater_nombre(limite)} mois : {tenu}.",
    )


def _a_phases(etude: Etude) -> Etude:
    if not etude.delais.phases:
        raise ErreurCalcul(
            "L'étude n'a pas de phases : donner « delais.phases », voir data/exemples/travaux_par_lots.yaml."
        )
    return etude
