"""What a borrower has to serve its debt with, month by month: income, rent, interest, capital, and what it still owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.analyse.chaine import Evaluation
from pope_foncier.finances.prets import Dette
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, appliquer, somme


@dataclass(frozen=True, slots=True)
class ServiceDette:
    """Flows of a borrower from the opening on and its debts, by month, shape (…, M) [€].

    What is paid before the opening (interest, capital, rent, property charges) belongs to the investment: the plan counts it,
    and no flow here does. The bridge is a debt as long as it is drawn; its interest and repayment belong to the plan too.

    Attributes:
        disponible: available for the debt: self-financing and interest added back (for an operator, its EBE); before the change of
            working capital, which the multi-year plan shows.
        capacite: self-financing: what is available less interest.
        produits: income without the grant quota, which is no cash.
        loyer: rent paid.
        interets: interest of its loans.
        capital: capital repaid.
        service: interest and capital.
        restant: left to repay on its loans at the end of the month, whole life (stock).
        deblocages: loans drawn.
        dette: loans, bridge and overdraft at the end of the month (stock); the overdraft is its cash below zero, from zero at the start.
    """

    emprunteur: str
    disponible: Grandeur
    capacite: Grandeur
    produits: Grandeur
    loyer: Grandeur
    interets: Grandeur
    capital: Grandeur
    service: Grandeur
    restant: Grandeur
    deblocages: Grandeur
    dette: Grandeur


def lire_service(ev: Evaluation, emprunteur: str | None = None) -> ServiceDette:
    """Read the flows of a borrower: the operator from its account, an owner that lets from the rents of the ledger.

    Args:
        emprunteur: name of the party; the project owner by default.

    Raises:
        ErreurCalcul: another party, or an operator without an operating account.
    """
    acteurs, livre = ev.ctx.etude.acteurs, ev.livre
    qui = emprunteur or acteurs.nom_maitre_ouvrage
    if qui not in (acteurs.gestionnaire, acteurs.proprietaire):
        raise ErreurCalcul(
            f"« {qui} » n'emprunte pas dans cette étude. Choisir « {acteurs.gestionnaire} » ou « {acteurs.proprietaire} »."
        )
    apres = _apres(ev)
    siennes = [d for d in ev.dettes if d.emprunteur == qui]
    interets = _interets(siennes, apres)
    capital = (somme([d.remboursement for d in siennes], "Capital remboursé") * apres).nommer("Capital remboursé")
    if qui == acteurs.gestionnaire:
        compte = ev.compte
        if compte is None:
            raise ErreurCalcul(
                "L'étude n'a pas de compte d'exploitation : rien ne dit ce qui paie la dette. Compléter « exploitation »."
            )
        quote = livre["exploitation.produits.quote_part"]
        produits = (compte.produits - quote + compte.contribution).nommer("Produits, hors quote-part")
        loyer = livre["exploitation.charges.loyer"]
        capacite = compte.capacite_autofinancement
        disponible = (capacite + interets).nommer("Disponible pour la dette")
    else:
        produits, loyer, charges = _murs(ev, qui, apres)
        disponible = (produits - loyer - charges).nommer("Disponible pour la dette")
        capacite = (disponible - interets).nommer("Capacité d'autofinancement")
    restant = somme([d.restant for d in siennes], "Capital restant dû")
    return ServiceDette(
        qui,
        disponible,
        capacite,
        produits,
        loyer,
        interets,
        capital,
        (interets + capital).nommer("Annuité"),
        restant,
        somme([livre[f"emprunts.{d.id}.deblocage"] for d in siennes], "Déblocages"),
        _dette(ev, qui, restant),
    )


def capacite_des_murs(ev: Evaluation, acteur: str) -> Grandeur:
    """Self-financing without an operating account: rents less rent paid, property charges and interest, shape (…, M)."""
    apres = _apres(ev)
    produits, loyer, charges = _murs(ev, acteur, apres)
    interets = _interets([d for d in ev.dettes if d.emprunteur == acteur], apres)
    return (produits - loyer - charges - interets).nommer("Capacité d'autofinancement")


def _apres(ev: Evaluation) -> Grandeur:
    return (1.0 - ev.calendrier.avant_ouverture).nommer("Mois à partir de l'ouverture", "")


def _interets(dettes: Sequence[Dette], apres: Grandeur) -> Grandeur:
    return (somme([d.interets for d in dettes], "Intérêts") * apres).nommer("Intérêts")


def _murs(ev: Evaluation, acteur: str, apres: Grandeur) -> tuple[Grandeur, Grandeur, Grandeur]:
    """Rents received, rent paid, property charges of a party."""
    return (
        _flux(ev, acteur, ("bail.", "tresorerie.loyer"), apres, "Loyers reçus", recus=True),
        _flux(ev, acteur, ("tresorerie.loyer",), apres, "Loyer payé"),
        _flux(ev, acteur, ("immobilier.",), apres, "Charges de propriété"),
    )


def _flux(
    ev: Evaluation, acteur: str, debuts: tuple[str, ...], apres: Grandeur, nom: str, recus: bool = False
) -> Grandeur:
    """Flows that a party receives (or pays) from the opening on, by beginning of their code."""
    lignes = [
        x.grandeur
        for x in ev.livre.lignes.values()
        if x.est_flux and x.code.startswith(debuts) and (x.receveur if recus else x.payeur) == acteur
    ]
    return (somme(lignes, nom) * apres).nommer(nom)


def _dette(ev: Evaluation, acteur: str, restant: Grandeur) -> Grandeur:
    dettes = [restant]
    if acteur == ev.ctx.etude.acteurs.nom_maitre_ouvrage and "relais.encours" in ev.livre.lignes:
        dettes.append(ev.livre["relais.encours"])
    if f"solde.{acteur}" in ev.livre.lignes:
        decouvert = appliquer(
            lambda v: np.maximum(-np.cumsum(v, axis=-1), 0.0), "cumul de [{}], en négatif", ev.livre[f"solde.{acteur}"]
        )
        dettes.append(decouvert.nommer("Découvert"))
    return somme(dettes, "Dette financière, découvert compris")
