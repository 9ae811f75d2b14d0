"""What the commune pays on the closed plan, its property included when it holds the premises; and what it would pay with all that nobody has promised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude.budget_commune import (
    budget,
    capitaux_a_trouver,
    dons_a_trouver,
    paye_en_tout,
    tient_les_murs,
)
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lectures import a_trouver, capital_a_trouver
from pope_foncier.etude.par_place import Places, diviser
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.socle.grandeur import Grandeur, maximum, somme, total
from pope_foncier.socle.vocabulaire import dernier
from pope_foncier.territoire.populations import lire_populations

PAYE = "Commune en tout, par place et par an d'ouverture"
TOUT_COMPRIS = "Commune si elle apportait aussi tout ce qui est à trouver, trésorerie et capital compris"
"""Names of what it pays and of what it would pay, by year of opening, by place or not."""


@dataclass(frozen=True, slots=True)
class Payeur:
    """What the commune pays on the closed plan, over the whole study [€].

    Attributes:
        investissement: paid to the investment, less what comes back; with what its property costs when it holds the premises, the capital that
            nobody brings them included: it is its own spending, and no income.
        fonctionnement: due to the operation, whatever the route; NaN when the study does not describe it.
        a_trouver: what the plan asks of nobody in particular.
        capital_a_trouver: part of it that is a capital, which the rent pays.
        places: what these amounts are divided by.
        en_croisiere: due to the operation in the cruising year [€].
        habitants: inhabitants of the commune of the site; NaN when the table does not have it.
        tout_compris: what it would pay by place and year of opening if it also brought all that nobody has promised [€/place/year].
        tout_compris_par_an: the same by year of opening [€/year].
    """

    investissement: float
    fonctionnement: float
    a_trouver: float
    capital_a_trouver: float
    places: Places
    en_croisiere: float
    habitants: float
    tout_compris: float
    tout_compris_par_an: float

    @property
    def par_habitant(self) -> float:
        """Due to the operation in the cruising year by inhabitant [€/inhabitant]; NaN without a cruising year or a count."""
        return diviser(self.en_croisiere, self.habitants)

    @property
    def par_an(self) -> float:
        """All that it pays by open year [€/year]."""
        return self.places.par_an(self.investissement + self.fonctionnement)

    @property
    def par_place_an(self) -> float:
        """The same by place [€/place/year]: what compares tenures of different length."""
        return self.places.par_place_et_par_an(self.investissement + self.fonctionnement)


def ce_que_paie_la_commune(vue: Vue) -> Payeur:
    """What the commune pays in all on the closed plan of a scenario."""
    du_plan, bouclee = budget(vue), vue.bouclee
    en_tout = CommuneEnTout(bouclee.ev)
    proprietes = patrimoine(bouclee.ev.ctx.etude.acteurs.commune)
    solde, capital = f"solde.{proprietes}", capital_a_trouver(vue)
    contribution = bouclee.indicateurs.get("contribution")
    des_murs = -bouclee.montant(solde) if solde in bouclee.ev.livre.lignes else 0.0
    sien = capital if tient_les_murs(bouclee.ev, proprietes) else 0.0
    return Payeur(
        du_plan.totaux["investissement"] + des_murs + sien,
        du_plan.totaux["fonctionnement"] if bouclee.ev.compte is not None else float("nan"),
        a_trouver(vue),
        capital,
        vue.places,
        bouclee.valeur(contribution) if contribution is not None else float("nan"),
        float(lire_populations().habitants.get(vue.ev.ctx.site.code_insee, float("nan"))),
        bouclee.valeur(en_tout.tout_compris),
        bouclee.valeur(en_tout.tout_compris_par_an),
    )


@dataclass(frozen=True, eq=False)
class CommuneEnTout:
    """What the commune pays on a closed plan, alone and with all that nobody has promised, for every row at once; what they share is computed once."""

    ev: Evaluation

    @cached_property
    def paye(self) -> Grandeur:
        """``Payeur.par_place_an`` as one quantity [€/place/year]."""
        return self._par_place_et_par_an(self._paye, PAYE)

    @cached_property
    def tout_compris(self) -> Grandeur:
        """What it would pay if it also brought all that nobody has promised, by place and year of opening [€/place/year]."""
        return self._par_place_et_par_an(self._tout_compris, TOUT_COMPRIS)

    @cached_property
    def tout_compris_par_an(self) -> Grandeur:
        """The same by year of opening [€/year]."""
        return (self._tout_compris / self._annees).nommer(TOUT_COMPRIS, "€/an")

    @cached_property
    def _proprietes(self) -> str:
        return patrimoine(self.ev.ctx.etude.acteurs.commune)

    @cached_property
    def _paye(self) -> Grandeur:
        return paye_en_tout(self.ev, self._proprietes)

    @cached_property
    def _tout_compris(self) -> Grandeur:
        """All that it would pay over the study if it also brought all that nobody has promised [€].

        The investment to find, the cash that the parties lack for good, and the capital of another holder unless an equilibrium rent pays it: a plan
        that nobody funds looks no cheaper. Cash advanced at a lowest month that comes back (grants and balances paid later) is no cost: counted, a
        grant paid late would raise it, and the same project would cost more under an equilibrium than under a lump.
        """
        ev, etude = self.ev, self.ev.ctx.etude
        paye_par_le_loyer = etude.bail_gestionnaire is not None and etude.bail_gestionnaire.loyer == "equilibre"
        compte_ailleurs = paye_par_le_loyer or tient_les_murs(ev, self._proprietes)
        reste = [
            *dons_a_trouver(ev),
            *(() if compte_ailleurs else capitaux_a_trouver(ev)),
            *_jamais_rendu(ev, self._proprietes),
        ]
        return somme([self._paye, *reste], "Payé par la commune, et tout ce qui est à trouver")

    @cached_property
    def _annees(self) -> Grandeur:
        return (total(self.ev.calendrier.ouvert) / 12.0).nommer("Années d'ouverture", "ans")

    def _par_place_et_par_an(self, montant: Grandeur, nom: str) -> Grandeur:
        return (montant / self.ev.capacite.places / self._annees).nommer(nom, "€/place/an")


def tout_compris(ev: Evaluation) -> Grandeur:
    """What it would pay if it also brought all that nobody has promised [€/place/year]."""
    return CommuneEnTout(ev).tout_compris


def tout_compris_par_an(ev: Evaluation) -> Grandeur:
    """The same by year of opening [€/year]."""
    return CommuneEnTout(ev).tout_compris_par_an


def _jamais_rendu(ev: Evaluation, proprietes: str) -> list[Grandeur]:
    """Cash that each party lacks at the end of the study, shape (…, 1) [€]; that of the property of the commune is paid already, with its walls."""
    caisses = {qui: ev.livre[f"tresorerie.cumul.{qui}"] for qui in parties_du_projet(ev.ctx.etude) if qui != proprietes}
    return [
        maximum(0.0 - dernier(caisse), 0.0).nommer(f"Trésorerie jamais rendue : {qui}")
        for qui, caisse in caisses.items()
    ]


def aides_de_la_commune(vue: Vue) -> tuple[float, float]:
    """Grants of the plan that the commune gives, and those of others [€]."""
    commune = vue.ev.ctx.etude.acteurs.commune
    ville = sum(vue.valeur(s.subvention) for s in vue.ev.subventions if s.aide.financeur == commune)
    return ville, vue.valeur(vue.indicateurs["subventions"]) - ville
