"""Multi-year plan (plan de financement pluriannuel) of the project owner, as a solidarity lender asks for it.

Lasting uses and resources by calendar year, works years first: investment as it is paid, capital repaid (never interest, which
self-financing has already borne), change of working capital, what is given back; equity, grants as they come, loans, VAT that comes
back, self-financing. Interest, rent and property charges before the opening belong to the investment. Each flow of the owner stands
in one line; a flow that no heading names keeps its own label.

The balance is not deduced from the treasury: self-financing is read in the account (what is earned and owed), working capital in
what each payer owes (earned less paid), the rest in the ledger. That their cumulated balance is the closing cash of each year is
therefore a check, asserted to half a cent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.service_dette import dettes_de
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.lignes import Poste
from pope_foncier.modele.livre import TOLERANCE, Ligne, verifier_nul
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, par_annee, somme
from pope_foncier.socle.operations_du_temps import sommes_annuelles
from pope_foncier.socle.vocabulaire import cumul, si, superieur, variation

CAPACITE = libelle("exploitation.capacite_autofinancement")
VARIATION = "Variation du besoin en fonds de roulement"
CAPITAL = "Capital remboursé"
TRAVAUX = "Travaux, honoraires et aléas, hors taxe"
TVA = "TVA des travaux et honoraires"
INTERETS = "Intérêts avant l'ouverture, frais et garanties des prêts"
INTERETS_AJOUTES = "Intérêts ajoutés à la dette, qui ne sont pas payés"
LOYER = "Loyer et charges de propriété avant l'ouverture"
RELAIS = "Prêt relais"
RESTE_A_TROUVER = "À trouver (lecture de travail, promis par personne)"

_RUBRIQUES: dict[Poste, str] = {
    "travaux": TRAVAUX,
    "equipement": "Équipement",
    "depot": libelle("besoins.depot_garantie"),
    "acquisition": "Achat, actes et taxes d'urbanisme",
    "loyer": LOYER,
    "propriete": LOYER,
    "reprise": "Reprise des apports",
    "remuneration": "Rémunération des parts",
    "apport": "Fonds propres et apports",
    "tva_rendue": "TVA rendue",
    "interets": INTERETS,
    "frais": INTERETS,
    "accessoires": INTERETS,
    "remboursement": CAPITAL,
}
"""Headings of the flows; loans received and grants have their own."""
INTERETS_DU_RELAIS, REMBOURSEMENT_DU_RELAIS = libelle("relais.interets"), libelle("relais.remboursement")
_DU_RELAIS = {
    "relais.interets": INTERETS_DU_RELAIS,
    "relais.remboursement": REMBOURSEMENT_DU_RELAIS,
    "relais.deblocage": RELAIS,
}

_EMPLOIS = (
    *(TRAVAUX, TVA, "Équipement", "Achat, actes et taxes d'urbanisme", LOYER, INTERETS, INTERETS_DU_RELAIS),
    *(CAPITAL, REMBOURSEMENT_DU_RELAIS, VARIATION, "Reprise des apports", "Rémunération des parts"),
)
_STATUTS = {"acquise": "acquises", "demandee": "demandées", "esperee": "espérées"}
_ENCAISSES: tuple[Poste, ...] = ("produits", "encaissement")
"""Flows by which the income of the operation is paid."""
_DES_MURS: tuple[Poste, ...] = ("bail", "propriete", "loyer")
"""Flows of the premises that self-financing holds once open."""
_AVANT_L_OUVERTURE: tuple[Poste, ...] = ("loyer", "propriete", "interets", "accessoires")
"""Flows that belong to the investment before the opening only: self-financing holds them afterwards."""


@dataclass(frozen=True, slots=True)
class PlanPluriannuel:
    """Plan of the project owner by calendar year; every array is (scenarios, years) [€].

    Attributes:
        emplois: uses by heading, positive; the change of working capital is signed.
        ressources: resources by heading, positive; self-financing is signed.
        fonds_de_roulement: what payers owe at the end of each year, less what they advanced.
        ouverture: rank of the year of the opening, shape (scenarios,); NaN when it is unknown.
        fin_des_prets: rank of the last year in which a loan or the bridge is repaid, shape (scenarios,).
    """

    porteur: str
    annees: tuple[int, ...]
    emplois: dict[str, Tableau]
    ressources: dict[str, Tableau]
    fonds_de_roulement: Tableau
    ouverture: Tableau
    fin_des_prets: Tableau

    @property
    def total_emplois(self) -> Tableau:
        """Sum of the uses of each year."""
        return np.asarray(sum(self.emplois.values()))

    @property
    def total_ressources(self) -> Tableau:
        """Sum of the resources of each year."""
        return np.asarray(sum(self.ressources.values()))

    @property
    def solde(self) -> Tableau:
        """Balance of each year: resources less uses."""
        return self.total_ressources - self.total_emplois

    @property
    def cumul(self) -> Tableau:
        """Cumulated balance, which is the closing cash; a lender expects it never below zero."""
        return np.cumsum(self.solde, axis=-1)

    def rangs(self, scenario: int = 0, annees: int = 5, jusqu_aux_prets: bool = False) -> range:
        """Ranks of the years to show: works, opening and the years after it, or to the end of the loans."""
        fin = int(np.nan_to_num(self._de(self.ouverture, scenario))) + annees
        if jusqu_aux_prets:
            fin = max(fin, int(self._de(self.fin_des_prets, scenario)))
        return range(min(fin + 1, len(self.annees)))

    def periode(self, rang: int, scenario: int = 0) -> str:
        """What a year is, in French: « travaux », « ouverture », « an 1 »."""
        ouverture = self._de(self.ouverture, scenario)
        if np.isnan(ouverture) or rang < ouverture:
            return "travaux"
        return "ouverture" if rang == ouverture else f"an {rang - ouverture:.0f}"

    @staticmethod
    def _de(valeurs: Tableau, scenario: int) -> float:
        return float(valeurs[scenario if len(valeurs) > 1 else 0])


@dataclass(frozen=True, slots=True)
class Rubriques:
    """Uses and resources of the project owner by heading and month, and what payers owe it, as quantities [€]."""

    emplois: dict[str, Grandeur]
    ressources: dict[str, Grandeur]
    creances: Grandeur


def rubriques(ev: Evaluation) -> Rubriques:
    """Flows of the project owner under the headings of its plan."""
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    rien = Grandeur(np.zeros(ev.ctx.echelle.duree_mois), "Rien", "€", axe="mois")
    avant = ev.calendrier.avant_ouverture
    termes: tuple[dict[str, list[Grandeur]], dict[str, list[Grandeur]]] = ({nom: [] for nom in _EMPLOIS}, {})
    for ligne in ev.livre.lignes.values():
        if not ligne.est_flux or porteur not in (ligne.payeur, ligne.receveur):
            continue
        recu = ligne.receveur == porteur
        nom, du_plan = _ranger(ev, ligne, recu)
        termes[recu].setdefault(nom, []).append(ligne.grandeur * avant if du_plan else ligne.grandeur)
    emplois, ressources = ({nom: somme([rien, *lus]) for nom, lus in cote.items() if nom} for cote in termes)
    creances = _creances(ev, porteur, rien)
    emplois[TVA] = emplois[TRAVAUX] * _part_de_tva(ev)
    emplois[TRAVAUX] = emplois[TRAVAUX] - emplois[TVA]
    emplois[VARIATION] = variation(creances)
    ressources[CAPACITE] = _capacite(ev, porteur, rien)
    ajoutes = [d.capitalises * (1.0 - avant) for d in dettes_de(ev, porteur) if d.capitalises is not None]
    if ajoutes:
        ressources[INTERETS_AJOUTES] = somme(ajoutes)
    return Rubriques(emplois, ressources, creances)


def quantites(ev: Evaluation) -> dict[str, list[Grandeur]]:
    """Plan by year as quantities, under three titles: uses, resources, then totals, balance and cumulated balance."""
    lues, echelle = rubriques(ev), ev.ctx.echelle
    emplois, ressources = (
        [par_annee(g.alias(), echelle).nommer(nom) for nom, g in cote.items()]
        for cote in (lues.emplois, lues.ressources)
    )
    en_tout = somme(emplois, "Emplois de l'année, en tout"), somme(ressources, "Ressources de l'année, en tout")
    solde = (en_tout[1] - en_tout[0]).nommer("Solde de l'année")
    totaux = [*en_tout, solde, cumul(solde).nommer("Solde cumulé, trésorerie de fin d'année")]
    return {"Emplois": emplois, "Ressources": ressources, "Totaux": totaux}


def etablir(ev: Evaluation) -> PlanPluriannuel:
    """Multi-year plan of the project owner.

    Raises:
        IdentiteRompue: the cumulated balance of a year is not its closing cash.
    """
    porteur, echelle = ev.ctx.etude.acteurs.nom_maitre_ouvrage, ev.ctx.echelle
    nul = np.zeros((_scenarios(ev, porteur), echelle.duree_mois))
    lues = rubriques(ev)
    emplois, ressources = (
        {nom: sommes_annuelles(nul + g.valeur, echelle) for nom, g in cote.items()}
        for cote in (lues.emplois, lues.ressources)
    )
    plan = PlanPluriannuel(
        porteur,
        echelle.annees,
        emplois,
        ressources,
        _fin_d_annee(nul + lues.creances.valeur, ev),
        _rang_de_l_ouverture(nul + ev.calendrier.avant_ouverture.valeur, ev),
        _dernier(emplois[CAPITAL] + emplois[REMBOURSEMENT_DU_RELAIS]),
    )
    caisse = _fin_d_annee(nul + ev.livre[f"tresorerie.cumul.{porteur}"].valeur, ev)
    verifier_nul(plan.cumul - caisse, "solde cumulé du plan pluriannuel = trésorerie de fin d'année")
    return plan


def _ranger(ev: Evaluation, ligne: Ligne, recu: bool) -> tuple[str, bool]:
    """Heading of a flow, and whether it counts before the opening only; an empty heading for what self-financing already holds."""
    code = ligne.code
    if recu and ligne.payeur == A_TROUVER:
        return RESTE_A_TROUVER, False
    if ligne.poste == "deblocage":
        return next(d.libelle for d in ev.dettes if code == f"emprunts.{d.id}.deblocage"), False
    aide = next(
        (a.aide for a in ev.subventions if code in (f"tresorerie.aide.{a.aide.id}", f"tresorerie.{a.aide.id}")), None
    )
    if aide is not None:
        return f"Subventions d'investissement {_STATUTS[aide.statut]}", False
    exploite = ev.compte is not None and ev.ctx.etude.acteurs.nom_maitre_ouvrage == ev.ctx.etude.acteurs.gestionnaire
    du_compte = exploite and ligne.famille == "exploitation" and ligne.poste != "avant_ouverture"
    if ligne.poste == "bail" or du_compte:
        return "", False
    rubrique = _DU_RELAIS.get(code) or _RUBRIQUES.get(ligne.poste, ligne.libelle)
    if rubrique == LOYER and recu:
        rubrique = "Loyers reçus avant l'ouverture"
    return rubrique, ligne.poste in _AVANT_L_OUVERTURE


def _capacite(ev: Evaluation, porteur: str, rien: Grandeur) -> Grandeur:
    """Self-financing by month: of the account for an operator, else of the walls: rents less charges and interest, once open."""
    if ev.compte is not None and porteur == ev.ctx.etude.acteurs.gestionnaire:
        return ev.compte.capacite_autofinancement
    murs = [x for x in ev.livre.du_poste(*_DES_MURS) if x.est_flux]
    recus = [x.grandeur for x in murs if x.receveur == porteur]
    payes = [x.grandeur for x in murs if x.payeur == porteur]
    payes += [g for d in dettes_de(ev, porteur) for g in d.charges]
    return (somme([rien, *recus]) - somme([rien, *payes])) * (1.0 - ev.calendrier.avant_ouverture)


def _creances(ev: Evaluation, porteur: str, rien: Grandeur) -> Grandeur:
    """What each payer of the operation has earned it and not yet paid, less its advances, by month, shape (…, M)."""
    acteurs, compte = ev.ctx.etude.acteurs, ev.compte
    if compte is None or porteur != acteurs.gestionnaire:
        return rien
    acquis = [*(g for lignes in compte.par_payeur.values() for g in lignes), compte.contribution]
    recus = [x.grandeur for x in ev.livre.du_poste(*_ENCAISSES) if x.est_flux and x.receveur == porteur]
    return cumul(somme([rien, *acquis]) - somme([rien, *recus]))


def _part_de_tva(ev: Evaluation) -> Grandeur:
    """Share of VAT in the works, fees and contingencies paid, shape (…, 1)."""
    c = ev.cout
    ttc = somme([c.travaux_ht, c.honoraires_ht, c.etudes_assurances_ht, c.aleas_ht, c.tva], "Travaux et honoraires TTC")
    return si(superieur(maximum(ttc, 0.0 - ttc), TOLERANCE), c.tva / ttc, 0.0)


def _scenarios(ev: Evaluation, porteur: str) -> int:
    solde = ev.livre[f"solde.{porteur}"].valeur
    return solde.shape[0] if solde.ndim > 1 else 1


def _fin_d_annee(stock: Tableau, ev: Evaluation) -> Tableau:
    echelle = ev.ctx.echelle
    return np.asarray(stock[..., np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1])


def _rang_de_l_ouverture(avant: Tableau, ev: Evaluation) -> Tableau:
    ouvre = avant == 0.0
    rang = ev.ctx.echelle.rang_annee[ouvre.argmax(axis=-1)].astype(np.float64)
    return np.asarray(np.where(ouvre.any(axis=-1), rang, np.nan))


def _dernier(annuel: Tableau) -> Tableau:
    """Rank of the last year with an amount, 0 without any, shape (scenarios,)."""
    paye = np.abs(annuel) > TOLERANCE
    return np.asarray(np.where(paye.any(axis=-1), paye.shape[-1] - 1 - paye[..., ::-1].argmax(axis=-1), 0))
