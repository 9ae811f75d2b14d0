"""Figures of a combination, read on the rows of its closed plan: places, cost, what is to find, commune, cover, opening, unknowns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan

import numpy as np

from pope_foncier.decision.commune.cout import CommuneEnTout
from pope_foncier.etude.a_trouver import GROUPE
from pope_foncier.etude.bouclage import RESTE_INCONNU, apports_de_bouclage
from pope_foncier.etude.budget_commune import SANS_EXPLOITATION, compte_de_la_commune
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.par_place import diviser
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.service_dette import couverture_la_plus_basse
from pope_foncier.socle.grandeur import Grandeur, Tableau, somme


@dataclass(frozen=True, slots=True)
class Fourchette:
    """Value with the low and the high end of its range; NaN for an end when the study states no range, or it is unknown."""

    valeur: float
    bas: float
    haut: float


@dataclass(frozen=True, slots=True)
class Chiffres:
    """Figures of a combination on its closed plan; NaN when unknown.

    Attributes:
        cout_par_place: total cost by place [€/place], over the range of its works.
        a_trouver: what the closed plan asks of nobody in particular [€].
        a_trouver_en_tout: the same with what the cash lacks at its lowest month [€]: a loan that nobody can serve makes a hole there.
        commune: all that the commune pays by place and year of opening [€/place/year], over the range of the works; unknown when the study
            does not describe the operation.
        avec_le_reste: the same if it also paid all that is to find, cash included (but a capital that an equilibrium rent pays): an option that
            nobody pays for costs no less.
        couverture: lowest yearly cover of the debt of who orders the works; infinite when it owes nothing.
        ouverture: month of the opening; None when unknown.
        inconnus: what is not known, in words, with whom to ask.
    """

    places: float
    cout_total: float
    cout_par_place: Fourchette
    a_trouver: float
    a_trouver_en_tout: float
    commune: Fourchette
    avec_le_reste: Fourchette
    couverture: float
    ouverture: date | None
    inconnus: tuple[str, ...]

    @property
    def mois_d_ouverture(self) -> float:
        """Opening as a number of months, so that studies of different dates compare; NaN when unknown."""
        return float("nan") if self.ouverture is None else self.ouverture.year * 12.0 + self.ouverture.month


AUX_BORNES = ("commune", "avec_le_reste")
"""Figures read at both ends of the range of the works, among those that ``lire`` gives; the others at their price."""


def prix_des_travaux(etude: Etude) -> Tableau:
    """Price of the works of a study, then both ends of its range; alone when it states none, or has a plan by lots."""
    prix = etude.travaux.cout_m2_ht
    if prix.valeur is None or prix.intervalle is None or etude.travaux.plan is not None:
        return np.zeros(1)
    return np.array([prix.valeur, *prix.intervalle], dtype=float)


def lire(ev: Evaluation) -> dict[str, Grandeur]:
    """What the figures are made of, on a closed plan, shape (…, 1) each."""
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    commune = CommuneEnTout(ev)
    return {
        "places": ev.capacite.places,
        "cout": ev.cout.total_ttc,
        "a_trouver": somme(a.montant for a in apports_de_bouclage(ev) if a.est_a_trouver),
        "en_tout": ev.livre[f"{GROUPE}total"],
        "commune": commune.paye,
        "avec_le_reste": commune.tout_compris,
        "couverture": couverture_la_plus_basse(ev, porteur),
        "du": somme(d.capital for d in ev.dettes if d.emprunteur == porteur),
        "ouverture": ev.calendrier.ouverture,
    }


def chiffrer(ev: Evaluation, lus: Mapping[str, Tableau], nombre: int) -> list[Chiffres]:
    """Figures of each way of closing.

    Args:
        ev: closed plan of one row: its range and what is unknown are those of all.
        lus: what was read (``lire``) of rows that are the ways of closing at the price of the works, then at the low end, then at the high end.
        nombre: number of ways.
    """
    rangs = {nom: _rangs(valeurs, nombre) for nom, valeurs in lus.items()}
    couvertures = np.where(rangs["du"][0] == 0.0, np.inf, rangs["couverture"][0])
    total, inconnus = fourchette_totale(Vue("", "", ev, 0)), _inconnus(ev)
    par_place = Fourchette(*(diviser(x, float(rangs["places"][0, 0])) for x in (total.estime, total.bas, total.haut)))
    au_prix = [rangs[nom][0].tolist() for nom in ("places", "cout", "a_trouver", "en_tout", "ouverture")]
    return [
        Chiffres(
            places,
            cout,
            par_place,
            a_trouver,
            en_tout,
            commune,
            avec_le_reste,
            couverture,
            None if isnan(mois) else ev.ctx.echelle.date_du_mois(int(mois)),
            inconnus,
        )
        for places, cout, a_trouver, en_tout, mois, commune, avec_le_reste, couverture in zip(
            *au_prix,
            *(_fourchettes(rangs[nom]) for nom in AUX_BORNES),
            couvertures.tolist(),
            strict=True,
        )
    ]


def _rangs(valeurs: Tableau, nombre: int) -> Tableau:
    """Values by price and way of closing, shape (prices, ways); one price when the rows say no more."""
    a_plat = np.ravel(valeurs)
    return np.broadcast_to(a_plat, (nombre,)).reshape(1, nombre) if len(a_plat) == 1 else a_plat.reshape(-1, nombre)


def _fourchettes(valeurs: Tableau) -> list[Fourchette]:
    """Value of each way at the price of the works, between those at both ends of its range."""
    au_prix = valeurs[0].tolist()
    if len(valeurs) == 1:
        return [Fourchette(valeur, float("nan"), float("nan")) for valeur in au_prix]
    bornes = zip(au_prix, valeurs.min(axis=0).tolist(), valeurs.max(axis=0).tolist(), strict=True)
    return [Fourchette(*x) for x in bornes]


def _inconnus(ev: Evaluation) -> tuple[str, ...]:
    """Unknown inputs of the main figures, in words."""
    lues = [ev.capacite.places, ev.cout.total_ttc, ev.plan.reste_a_financer, ev.calendrier.ouverture]
    lues += [ev.compte.contribution, ev.compte.resultat] if ev.compte is not None else [compte_de_la_commune(ev)]
    manques = sorted({m for g in lues for m in g.manques if m != RESTE_INCONNU})
    return tuple(sorted(manques, key=lambda m: m != SANS_EXPLOITATION))
