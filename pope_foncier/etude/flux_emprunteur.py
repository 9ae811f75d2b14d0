"""Flows of a borrower that its yearly ratios read, month by month: what serves its debt, what it pays, what it still owes."""

from __future__ import annotations

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.service_dette import dettes_de, disponible, service
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, somme
from pope_foncier.socle.vocabulaire import cumul


@enregistrement
class FluxEmprunteur:
    """Flows of a borrower from the opening on and its debts, by month, shape (…, M) [€].

    What is paid before the opening (interest, capital, rent, property charges) belongs to the investment: the plan counts it,
    and no flow here does. The bridge is a debt as long as it is drawn; its interest and repayment belong to the plan too, as do the
    contributions given back.

    Attributes:
        disponible: available for the debt: self-financing and interest added back (for an operator, its EBE); before the change of
            working capital, which the multi-year plan shows.
        capacite: self-financing: what is available less interest.
        produits: income without the grant quota, which is no cash.
        loyer: rent paid.
        interets: what its loans cost: interest, paid or added to the balance, insurance and commissions.
        service: what its loans make due: interest paid, capital, insurance and commissions.
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
    service: Grandeur
    restant: Grandeur
    deblocages: Grandeur
    dette: Grandeur


def lire_flux(ev: Evaluation, emprunteur: str | None = None) -> FluxEmprunteur:
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
    ressource = disponible(ev, qui)
    if ressource is None:
        raise ErreurCalcul(
            "L'étude n'a pas de compte d'exploitation : rien ne dit ce qui paie la dette. Compléter « exploitation »."
        )
    siennes = dettes_de(ev, qui)
    apres = 1.0 - ev.calendrier.avant_ouverture
    interets = (somme([g for d in siennes for g in d.charges], "Intérêts") * apres).nommer("Intérêts")
    if qui == acteurs.gestionnaire and ev.compte is not None:
        quote = livre["exploitation.produits.quote_part"]
        produits = (ev.compte.produits - quote + ev.compte.contribution).nommer("Produits, hors quote-part")
        loyer = livre["exploitation.charges.loyer"]
    else:
        produits = _loyers(ev, qui, "Loyers reçus", recus=True)
        loyer = _loyers(ev, qui, "Loyer payé", recus=False)
    restant = somme([d.restant for d in siennes], "Capital restant dû")
    return FluxEmprunteur(
        qui,
        ressource,
        nommer("exploitation.capacite_autofinancement", ressource - interets),
        produits,
        loyer,
        interets,
        service(ev, qui),
        restant,
        somme([livre[f"emprunts.{d.id}.deblocage"] for d in siennes], "Déblocages"),
        dette_financiere(ev, qui),
    )


def _loyers(ev: Evaluation, acteur: str, nom: str, recus: bool) -> Grandeur:
    """Rents that a party receives or pays while the premises are open."""
    lignes = [
        x.grandeur
        for x in ev.livre.du_poste("loyer", "bail")
        if x.code != "bail.tva" and (x.receveur if recus else x.payeur) == acteur
    ]
    return (somme(lignes, nom) * ev.calendrier.ouvert).nommer(nom)


def dette_financiere(ev: Evaluation, acteur: str) -> Grandeur:
    """Loans, bridge and overdraft of a party at the end of the month, shape (…, M) [€]."""
    dettes = [somme([d.restant for d in dettes_de(ev, acteur)], "Capital restant dû")]
    if acteur == ev.ctx.etude.acteurs.nom_maitre_ouvrage and "relais.encours" in ev.livre.lignes:
        dettes.append(ev.livre["relais.encours"])
    if f"solde.{acteur}" in ev.livre.lignes:
        solde = ev.livre[f"solde.{acteur}"]
        decouvert = dire(maximum(0.0 - cumul(solde), 0.0), "cumul de [{}], en négatif", solde)
        dettes.append(decouvert.nommer("Découvert"))
    return somme(dettes, "Dette financière, découvert compris")
