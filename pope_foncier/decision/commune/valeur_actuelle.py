"""What a place costs the commune in all, in present value, if it also brought what nobody has promised: the figure that a decision compares.

Its payments to the operation, its grants and contributions, its premises when it holds them (less what it finds again), what the closed plan
asks of nobody, and the cash that the others lack, advanced month by month and given back as it comes. It is computed in the graph of the
evaluation, so that draws replay it; ``decision.montages.comparaison`` measures the same from the ledger, without the cash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.budget_commune import compte_de_la_commune
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.grandeur import Grandeur, maximum, somme, total
from pope_foncier.socle.vocabulaire import dernier, puissance, variation

COUT_ACTUALISE = "Coût actualisé pour la commune, tout ce qui est à trouver compris"
"""Name of that cost by place and year of opening."""


@dataclass(frozen=True, slots=True)
class CoutCommune:
    """Cost of a closed plan for the commune.

    Attributes:
        cout: present value, shape (…, 1) [€].
        paye: part of it that the commune pays, what nobody has promised left out [€].
        caisse: part of it that advances the cash which the others lack [€].
        places_annees: present value of places × years of opening.
    """

    cout: Grandeur
    paye: Grandeur
    caisse: Grandeur
    places_annees: Grandeur

    @property
    def par_place_an(self) -> Grandeur:
        """Cost by place and year of opening [€/place/year]: tenures of different lengths stand side by side."""
        return (self.cout / self.places_annees).nommer(COUT_ACTUALISE, "€/place/an")


def cout_pour_la_commune(ev: Evaluation, taux: float) -> CoutCommune:
    """Cost of a closed plan for the commune at a yearly rate; month 0 is not discounted, and it is unknown without an operation described."""
    acteurs = ev.ctx.etude.acteurs
    commune = {acteurs.commune, patrimoine(acteurs.commune)}
    valeur = puissance(Grandeur(1.0 + taux, "1 + taux d'actualisation"), (0.0 - ev.ctx.mois) / 12.0)
    payes = [compte_de_la_commune(ev)]
    lignes = list(_lignes(ev, commune))
    payes += [x.grandeur for x in lignes if x.payeur in commune and x.receveur not in commune]
    recus = [x.grandeur for x in lignes if x.receveur in commune and x.payeur not in commune]
    flux = somme(payes, "Payé par la commune") - somme(recus, "Reçu par la commune")
    paye = total(flux * valeur) - _retrouve(ev, commune, valeur, taux)
    trouves = [total(x * valeur) for x in _a_trouver(ev, commune)]
    caisse = total(somme(_avances(ev, commune), "Trésorerie avancée") * valeur)
    return CoutCommune(
        somme([paye, *trouves, caisse], "Coût pour la commune, tout compris").nommer(
            "Coût pour la commune, tout ce qui est à trouver compris, valeur actuelle"
        ),
        paye.nommer("Payé par la commune, valeur actuelle"),
        caisse.nommer("Trésorerie avancée, valeur actuelle"),
        (total(ev.calendrier.ouvert * valeur) / 12.0 * ev.capacite.places).nommer(
            "Places × années, valeur actuelle", ""
        ),
    )


def _lignes(ev: Evaluation, commune: Collection[str]) -> Iterator[Ligne]:
    """Flows of the premises, of grants and debts, and of what the commune brings to the plan; what nobody promised is apart."""
    sens = ("apport", "reprise", "remuneration")
    codes = [f"tresorerie.{s}.{a.id}" for a in ev.apports if a.apporteur in commune for s in sens]
    dons = (b for b in ev.ctx.boucleurs if b.nature == "subvention" and b.apporteur in commune)
    codes += [f"tresorerie.{b.cle}" for b in dons]
    yield from (x for x in ev.livre.de_famille("murs", "aide", "dette") if x.est_flux)
    yield from (ev.livre.lignes[c] for c in codes if c in ev.livre.lignes)


def _a_trouver(ev: Evaluation, commune: Collection[str]) -> list[Grandeur]:
    """Grants that nobody promised, as paid; what a commune that orders the works lacks is its own spending already."""
    codes = (
        f"tresorerie.{a.boucleur.cle}"
        for a in apports_de_bouclage(ev)
        if a.est_a_trouver and a.boucleur.nature in ("subvention", "a_trouver")
    )
    return [ev.livre[c] for c in codes if ev.livre.lignes[c].receveur not in commune]


def _avances(ev: Evaluation, commune: Collection[str]) -> list[Grandeur]:
    """Cash advanced to each party that lacks some, less what it gives back, by month; that of the commune is its own."""
    caisses = (ev.livre[f"tresorerie.cumul.{qui}"] for qui in parties_du_projet(ev.ctx.etude) if qui not in commune)
    return [variation(maximum(0.0 - caisse, 0.0)) for caisse in caisses]


def _retrouve(ev: Evaluation, commune: Collection[str], valeur: Grandeur, taux: float) -> Grandeur | float:
    """What the commune finds again, in present value: its walls at the end, debts settled, or those that come back to a lessor."""
    etude = ev.ctx.etude
    if etude.acteurs.nom_maitre_ouvrage in commune:
        return (ev.revente - ev.reste_du) * dernier(valeur)
    rend = titre_de(etude.titre_occupation.genre).sortie == "retour_sans_indemnite"
    if etude.acteurs.proprietaire not in commune or etude.immobilier is None or not rend:
        return 0.0
    achat = total(ev.livre["bailleur.prix"]) if "bailleur.prix" in ev.livre.lignes else 0.0
    a_la_fin = puissance(Grandeur(1.0 + taux, "1 + taux d'actualisation"), (0.0 - ev.calendrier.fin_usage) / 12.0)
    return (ev.cout.immobilier_ttc + achat) * ev.ctx.entree("immobilier.part_revente") * a_la_fin
