"""Range of the total cost of one scenario, and what it means: the only one that a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.travaux.lots import lire_lots
from pope_foncier.travaux.postes import fourchette

NON_DITE = "aucune fourchette : l'étude ne donne ni plan par lots, ni bornes au prix des travaux"


@dataclass(frozen=True, slots=True)
class FourchetteCout:
    """Low end, estimate and high end of the total cost [€ TTC], NaN when unknown, with what they mean in French."""

    bas: float
    estime: float
    haut: float
    sens: str


def fourchette_totale(vue: Vue) -> FourchetteCout:
    """Range of the total cost: what follows the works (fees, contingencies, VAT) moves with them, equipment does not.

    With a plan by lots, the works have eight chances in ten to fall within it; without one, the ends are those that the study
    gives to its price of works, all else equal. A study that gives neither has no range.
    """
    variantes, cout = vue.ev.ctx.variantes, vue.ev.cout
    travaux = variantes[vue.rang if len(variantes) > 1 else 0].travaux
    immobilier, equipement, estime = (vue.valeur(g) for g in (cout.immobilier_ttc, cout.equipement_ttc, cout.total_ttc))
    prix = travaux.cout_m2_ht
    nan = float("nan")
    if travaux.plan is not None:
        f = fourchette(cout.postes, travaux.plan)
        lu = vue.au_rang(f.estime)
        bas, haut = (vue.au_rang(x) / lu if lu else nan for x in (f.bas, f.haut))
        sens = f"huit chances sur dix, stade « {lire_lots().stades[travaux.plan.stade].libelle} »"
    elif prix.intervalle is not None and prix.valeur:
        bas, haut = (borne / prix.valeur for borne in prix.intervalle)
        sens = f"travaux de {' à '.join(formater_nombre(borne) for borne in prix.intervalle)} €/m² HT"
    else:
        return FourchetteCout(nan, estime, nan, NON_DITE)
    return FourchetteCout(immobilier * bas + equipement, estime, immobilier * haut + equipement, sens)
