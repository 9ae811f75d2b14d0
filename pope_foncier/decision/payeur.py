"""The commune as one payer: its budget, and what its property costs it when it holds the premises, on the closed plan."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude.a_trouver import GROUPE
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.budget_commune import budget, paye_et_a_trouver, tient_les_murs
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lectures import a_trouver, capital_a_trouver
from pope_foncier.etude.par_place import Places, diviser
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import RESTE_EN_CAPITAL
from pope_foncier.socle.grandeur import Grandeur, somme, total
from pope_foncier.territoire.populations import lire_populations


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
    """

    investissement: float
    fonctionnement: float
    a_trouver: float
    capital_a_trouver: float
    places: Places
    en_croisiere: float
    habitants: float

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

    @property
    def par_place_an_avec_le_reste(self) -> float:
        """The same if it also gave what nobody has promised, but for a capital, which the rent gives back [€/place/year]."""
        return self.par_place_an + self.places.par_place_et_par_an(self.a_trouver - self.capital_a_trouver)


def ce_que_paie_la_commune(vue: Vue) -> Payeur:
    """What the commune pays in all on the closed plan of a scenario."""
    du_plan, bouclee = budget(vue), vue.bouclee
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
    )


def cout_de_la_commune(ev: Evaluation) -> Grandeur:
    """What the commune pays in all, with what nobody has promised, by place and year: ``par_place_an_avec_le_reste`` as one quantity, for draws."""
    return paye_et_a_trouver(ev, patrimoine(ev.ctx.etude.acteurs.commune))


def payes_par_place_an(ev: Evaluation) -> tuple[Grandeur, Grandeur]:
    """What the commune pays by place and year, as two quantities, for every row of a closed plan at once, shape (…, 1) each [€/place/year].

    Returns:
        ``Payeur.par_place_an``; and the same if it also paid all that is to find, the cash that the parties lack at their lowest month included,
        but for the capital of another holder that an equilibrium rent pays. Without a value without a place, or when the study does not
        describe the operation.
    """
    trouves = [a for a in apports_de_bouclage(ev) if a.est_a_trouver]
    capital = [a.montant for a in trouves if a.boucleur.nature == RESTE_EN_CAPITAL.nature]
    dons = [a.montant for a in trouves if a.boucleur.nature != RESTE_EN_CAPITAL.nature]
    etude = ev.ctx.etude
    chez_elle = tient_les_murs(ev, patrimoine(etude.acteurs.commune))
    paye_par_le_loyer = etude.bail_gestionnaire is not None and etude.bail_gestionnaire.loyer == "equilibre"
    en_plus = [ev.livre[f"{GROUPE}exploitation"], *([] if chez_elle or paye_par_le_loyer else capital)]
    places_annees = ev.capacite.places * (total(ev.calendrier.ouvert) / 12.0)
    avec = cout_de_la_commune(ev)
    return avec - somme(dons) / places_annees, avec + somme(en_plus) / places_annees


def aides_de_la_commune(vue: Vue) -> tuple[float, float]:
    """Grants of the plan that the commune gives, and those of others [€]."""
    commune = vue.ev.ctx.etude.acteurs.commune
    ville = sum(vue.valeur(s.subvention) for s in vue.ev.subventions if s.aide.financeur == commune)
    return ville, vue.valeur(vue.indicateurs["subventions"]) - ville
