"""Balance sheet of the project alone at the end of each year, as quantities: what a workbook writes in formulas.

It is that of ``bilan.prevoir`` for a borrower who owns and owes nothing when the study starts, by the same rules; the accounts of a real
borrower add their opening balance to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pope_foncier.etude import plan_pluriannuel
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.service_dette import dettes_de
from pope_foncier.modele.lignes import Poste
from pope_foncier.socle.grandeur import Grandeur, maximum, par_annee, somme
from pope_foncier.socle.vocabulaire import cumul, fin_d_annee

ACTIF, PASSIF = "Total de l'actif", "Total du passif"
_CHARGES: tuple[Poste, ...] = (
    "courantes", "actions", "avant_ouverture", "loyer", "propriete", "frais", "accessoires",
)  # fmt: skip
"""Flows that are charges of their year, beside staff, interest and depreciation."""


def quantites(ev: Evaluation) -> dict[str, list[Grandeur]]:
    """Result of the project, then assets and liabilities by post, with their totals; nothing unless the operator orders the works."""
    if ev.compte is None or ev.ctx.etude.acteurs.maitre_ouvrage != "gestionnaire":
        return {}
    lu = _Annees(ev)
    du = lu.fin(plan_pluriannuel.rubriques(ev).creances, "Ce que doivent la Caf et la commune, moins leurs avances")
    caisse = lu.fin(ev.livre[f"tresorerie.cumul.{lu.nom}"], "Trésorerie de fin d'année")
    ouvert = 1.0 - lu.fin(ev.calendrier.avant_ouverture, "Pas encore ouvert en fin d'année")
    immobilise, a_payer = _immobilise(lu, ouvert)
    recues, a_recevoir = _subventions(lu, ouvert)
    resultat = _resultat(lu)
    actif = [
        immobilise,
        (maximum(du, 0.0) + a_recevoir).nommer("Créances"),
        maximum(caisse, 0.0).nommer("Disponibilités"),
    ]
    passif = [
        _fonds_propres(lu, resultat[-1]),
        recues,
        *_dettes(lu),
        maximum(0.0 - caisse, 0.0).nommer("Concours bancaires (découvert)"),
        maximum(0.0 - du, 0.0).nommer("Avances de la Caf et de la commune"),
        a_payer,
    ]
    return {
        "Résultat du projet": resultat,
        "Actif": [*actif, somme(actif, ACTIF)],
        "Passif": [*passif, somme(passif, PASSIF)],
    }


class _Annees:
    """Reads the flows of the project as yearly sums, and as what they add up to since its start."""

    def __init__(self, ev: Evaluation) -> None:
        self.ev, self.nom, self._echelle = ev, ev.ctx.etude.acteurs.gestionnaire, ev.ctx.echelle

    def poste(self, *postes: Poste) -> list[Grandeur]:
        """Flows of some kinds."""
        return [x.grandeur for x in self.ev.livre.du_poste(*postes)]

    def ligne(self, code: str) -> list[Grandeur]:
        """A line of the ledger, if it is there."""
        return [self.ev.livre[code]] if code in self.ev.livre.lignes else []

    def apports(self, a_rendre: bool) -> list[Grandeur]:
        """Contributions paid, those to be given back or the others."""
        lus = [r for r in self.ev.apports if r.nature != "report_travaux"]
        return [r.encaisse for r in lus if (r.nature == "droit_de_reprise") == a_rendre]

    def an(self, mensuels: Iterable[Grandeur], nom: str = "") -> Grandeur:
        """Sum of each year."""
        return somme([par_annee(g, self._echelle) for g in mensuels], nom)

    def depuis(self, plus: Iterable[Grandeur], moins: Iterable[Grandeur] = ()) -> Grandeur:
        """What some flows, less others, add up to since the start, at the end of each year."""
        moins = list(moins)
        en_plus = cumul(self.an(plus))
        return en_plus - cumul(self.an(moins)) if moins else en_plus

    def fin(self, stock: Grandeur, nom: str = "") -> Grandeur:
        """Balance at the end of each year."""
        lue = fin_d_annee(stock, self._echelle)
        return lue.nommer(nom, stock.unite) if nom else lue


def _immobilise(lu: _Annees, ouvert: Grandeur) -> tuple[Grandeur, Grandeur]:
    """Works, equipment and purchase, as paid then whole once open, less depreciation; and what is not yet paid of them."""
    ev = lu.ev
    paye = lu.depuis([*lu.poste("travaux", "equipement"), *(d.paiement for d in ev.entree.depenses)])
    paye = paye.nommer("Travaux, équipement et achats payés depuis le départ", "€")
    engage = somme([ev.cout.total_ttc, *(d.montant for d in ev.entree.depenses)], "Travaux, équipement et achats")
    a_payer = (maximum(engage - paye, 0.0) * ouvert).nommer("Dettes sur travaux et achats", "€")
    brut = [g for r in ev.apports if r.nature == "report_travaux" for g in (r.reprise, r.remuneration) if g is not None]
    tus = [r.encaisse for r in ev.apports if r.nature == "report_travaux"]
    use = lu.depuis([*lu.ligne("exploitation.charges.dotation"), *lu.ligne("tresorerie.depot_rendu"), *tus], brut)
    return (paye + a_payer - use).nommer("Immobilisations nettes"), a_payer


def _subventions(lu: _Annees, ouvert: Grandeur) -> tuple[Grandeur, Grandeur]:
    """Grants among the liabilities, and what is not yet received of them once open."""
    ev = lu.ev
    versees = [a.versement for a in ev.subventions]
    recues = (lu.depuis(versees) if versees else 0.0 * ouvert).nommer("Subventions reçues depuis le départ", "€")
    acquises = somme([a.subvention for a in ev.subventions], "Subventions d'investissement acquises")
    a_recevoir = (maximum(acquises - recues, 0.0) * ouvert).nommer("Subventions à recevoir", "€")
    rapportees = lu.depuis([*lu.poste("aide_rendue"), *lu.ligne("exploitation.produits.quote_part")])
    return (recues + a_recevoir - rapportees).nommer("Subventions d'investissement"), a_recevoir


def _resultat(lu: _Annees) -> list[Grandeur]:
    """Income, charges, result of each year; what is spent before the opening is a charge of its year."""
    ev = lu.ev
    assert ev.compte is not None
    courus = [g for d in dettes_de(ev, lu.nom) for g in d.courus]
    produits = lu.an([ev.compte.produits, ev.compte.contribution], "Produits du projet, quotes-parts comprises")
    charges = lu.an(
        [
            *lu.ligne("exploitation.charges.personnel"),
            *lu.poste(*_CHARGES),
            *courus,
            *lu.ligne("relais.interets"),
            *lu.ligne("exploitation.charges.dotation"),
        ],
        "Charges du projet, dotations comprises",
    )
    return [produits, charges, (produits - charges).nommer("Résultat de l'année")]


def _fonds_propres(lu: _Annees, resultat: Grandeur) -> Grandeur:
    """Results since the start, and what is contributed for good, less what shares are paid."""
    propres, donnes, payes = cumul(resultat), lu.apports(False), lu.poste("remuneration")
    propres = propres + lu.depuis(donnes) if donnes else propres
    return (propres - lu.depuis(payes) if payes else propres).nommer("Fonds propres")


def _dettes(lu: _Annees) -> list[Grandeur]:
    """Financial debts, those that the plan has."""
    siens = [d.restant for d in dettes_de(lu.ev, lu.nom)]
    a_rendre = lu.apports(True)
    lues = []
    if a_rendre:
        rendus = [r.reprise for r in lu.ev.apports if r.nature == "droit_de_reprise" and r.reprise is not None]
        lues.append(lu.depuis(a_rendre, rendus).nommer("Apports avec droit de reprise"))
    if siens:
        lues.append(somme([lu.fin(g) for g in siens], "Emprunts du projet"))
    lues += [lu.fin(g, "Prêt relais") for g in lu.ligne("relais.encours")]
    return lues
