"""Key figures of an evaluation, each a named quantity that can be explained."""

from __future__ import annotations

import numpy as np

from pope_foncier.analyse.chaine import Evaluation
from pope_foncier.analyse.ratios import a_l_annee, annee_pleine
from pope_foncier.finances.subventions import part_publique
from pope_foncier.socle.grandeur import Grandeur, appliquer, par_annee, somme


def calculer(ev: Evaluation) -> dict[str, Grandeur]:
    """Compute the key figures: cost per place, aids, debt, gap, yearly contribution of the commune, opening, jobs."""
    places = ev.capacite.places
    chiffres = {
        "places": ev.capacite.places,
        "cout_total": ev.cout.total_ttc,
        "cout_par_place": _par_place(ev.cout.total_ttc, places).nommer("Coût total par place", "€/place"),
        "subventions": somme([a.subvention for a in ev.subventions], "Subventions d'investissement"),
        "part_publique": part_publique(
            ev.ctx,
            ev.subventions,
            [r.montant for r in ev.apports if r.nature == "fctva"],
            ev.plan.besoins,
        ),
        "emprunts": somme([d.capital for d in ev.dettes], "Emprunts"),
        "reste_a_financer": ev.plan.reste_a_financer,
        "reste_a_financer_par_place": _par_place(ev.plan.reste_a_financer, places).nommer(
            "Reste à financer par place", "€/place"
        ),
        "ouverture": ev.calendrier.ouverture,
    }
    if ev.compte is not None:
        rang = annee_pleine(ev)
        contribution = par_annee(ev.compte.contribution, ev.ctx.echelle)
        annee = a_l_annee(contribution, rang).nommer("Contribution de la commune, première année pleine", "€/an")
        chiffres["contribution"] = annee
        chiffres["contribution_par_place"] = _par_place(annee, places).nommer(
            "Contribution de la commune par place, première année pleine", "€/place/an"
        )
        charges = a_l_annee(par_annee(ev.compte.charges, ev.ctx.echelle), rang)
        chiffres["charges_par_place"] = _par_place(charges, places).nommer(
            "Charges par place, première année pleine", "€/place/an"
        )
        chiffres["etp"] = ev.livre["exploitation.etp.total"]
        chiffres["contribution_totale"] = appliquer(
            lambda v: v.sum(axis=-1, keepdims=True), "somme des années de {}", contribution, axe=""
        ).nommer("Contribution de la commune sur toute la durée", "€")
    return chiffres


def _par_place(montant: Grandeur, places: Grandeur) -> Grandeur:
    return montant / places


def annee_pleine_en_clair(ev: Evaluation, scenario: int = 0) -> int | None:
    """First calendar year open for twelve months, or None."""
    rang = annee_pleine(ev).au_point(scenario)
    return None if np.isnan(rang) else ev.ctx.echelle.annees[int(rang)]
