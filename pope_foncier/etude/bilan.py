"""Forecast accounts of a borrower: income statement and balance sheet with the project, balanced each year to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.etude.comptes_previsionnels import DECOUVERT, ComptesPrevisionnels
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.exploitation.compte import QUOTE_A_TROUVER
from pope_foncier.exploitation.emprunteur import Emprunteur
from pope_foncier.modele.lignes import Poste
from pope_foncier.modele.livre import verifier_nul
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.modele.ressource import Ressource
from pope_foncier.prets import Emprunt, echeancier, placer_sur_mois
from pope_foncier.prets.dette import Dette
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.operations_du_temps import sommes_annuelles


def prevoir(ev: Evaluation, emprunteur: Emprunteur) -> ComptesPrevisionnels:
    """Forecast accounts of the operator with the project.

    Present activity goes on at the prices of its year and the path of prices; its debts follow their schedule, its fixed assets
    and grants run down by depreciation and quota; receivables and operating debts are held. Premises and rent paid before the
    opening are charges of their year. The cost of the works is in the assets as it is paid, then whole from the opening;
    what is not yet paid is a debt. A grant is a receivable from the opening until it is paid; what the end of the use makes give back
    is never carried to income, and leaves the liabilities when it is paid. A deposit is an asset until it comes back; what is
    spent before the opening is a charge of its year. Cash below zero is an overdraft, among the liabilities: somebody lends it, or
    the bills are not paid.

    Raises:
        ErreurCalcul: the operator does not order the works, no operating account, an opening balance of another year, or a study that
            starts within a year.
        IdentiteRompue: assets and liabilities differ by half a cent or more.
    """
    etude = ev.ctx.etude
    if ev.compte is None or etude.acteurs.maitre_ouvrage != "gestionnaire":
        raise ErreurCalcul("Bilan prévisionnel : il faut une exploitation, et un gestionnaire maître d'ouvrage.")
    if emprunteur.cloture.year != etude.date_depart.year - 1:
        raise ErreurCalcul(
            f"Bilan d'ouverture au 31 décembre {emprunteur.cloture.year} pour une étude qui part en "
            f"{etude.date_depart.year} : donner celui du 31 décembre {etude.date_depart.year - 1}."
        )
    if (etude.date_depart.month, etude.date_depart.day) != (1, 1):
        raise ErreurCalcul(
            "Bilan prévisionnel : l'étude part en cours d'année, les mois depuis la clôture manqueraient. Mettre "
            "« date_depart » au 1er janvier."
        )
    lecteur = _Lecteur(ev)
    existant = _existant(ev, emprunteur, lecteur)
    comptes = _ensemble(ev, emprunteur, lecteur, existant)
    verifier_nul(comptes.total_actif - comptes.total_passif, "actif = passif")
    return comptes


@dataclass(frozen=True)
class _Lecteur:
    """Reads ledger lines as yearly sums and year-end balances, shape (scenarios, years)."""

    ev: Evaluation

    def mois(self, *codes: str) -> Tableau:
        return sum((self.ev.livre[c].valeur for c in codes if c in self.ev.livre.lignes), self.zero())

    def zero(self) -> Tableau:
        """Nothing each month, for every scenario or draw."""
        solde = self.ev.livre[f"solde.{self.ev.ctx.etude.acteurs.gestionnaire}"].valeur
        return np.zeros((solde.shape[0] if solde.ndim > 1 else 1, self.ev.ctx.echelle.duree_mois))

    def poste(self, *postes: Poste) -> Tableau:
        return self.mois(*(x.code for x in self.ev.livre.du_poste(*postes)))

    def an(self, mois: Tableau) -> Tableau:
        return sommes_annuelles(mois, self.ev.ctx.echelle)

    def fin(self, stock: Tableau) -> Tableau:
        echelle = self.ev.ctx.echelle
        return np.asarray(stock[..., np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1])

    def cumul(self, mois: Tableau) -> Tableau:
        return self.fin(np.cumsum(mois, axis=-1))


@dataclass(frozen=True, slots=True)
class _Existant:
    """Present activity by year, shape (1, years) [€]."""

    produits: Tableau
    charges: Tableau
    interets: Tableau
    remboursements: Tableau
    dotations: Tableau
    quotes_parts: Tableau


def _existant(ev: Evaluation, emprunteur: Emprunteur, lecteur: _Lecteur) -> _Existant:
    activite, echelle = emprunteur.activite, ev.ctx.echelle
    indice = ev.ctx.indice("prix", activite.annee_prix).valeur.reshape(1, -1)
    parts = lecteur.an(np.ones((1, echelle.duree_mois))) / 12.0
    interets = np.zeros((1, echelle.duree_mois))
    remboursements = interets.copy()
    for dette in emprunteur.dettes:
        if dette.duree_restante_mois == 0 or dette.restant_du == 0:
            continue
        tableau = echeancier(Emprunt(capital=dette.restant_du, taux=dette.taux, duree_mois=dette.duree_restante_mois))
        mois = placer_sur_mois(tableau, echelle.duree_mois + 1, 0, ("interets", "remboursement"))
        interets += mois["interets"][..., 1:]
        remboursements += mois["remboursement"][..., 1:]
    return _Existant(
        activite.produits * indice * parts,
        activite.charges * indice * parts,
        lecteur.an(interets),
        lecteur.an(remboursements),
        _epuiser(emprunteur.bilan.immobilisations_nettes, activite.dotations * parts),
        _epuiser(emprunteur.bilan.subventions_investissement, activite.quote_part * parts),
    )


def _travaux_reportes(ressource: Ressource) -> Tableau:
    """Works put off: not paid when the others are, then done at the prices of their day, by month."""
    assert ressource.reprise is not None and ressource.remuneration is not None  # noqa: PT018
    return ressource.reprise.valeur + ressource.remuneration.valeur - ressource.encaisse.valeur


def _epuiser(stock: float, annuel: Tableau) -> Tableau:
    """Yearly amounts until the stock is used up."""
    cumul = np.minimum(np.cumsum(annuel, axis=-1), stock)
    return np.diff(cumul, axis=-1, prepend=0.0)


@dataclass(frozen=True, slots=True)
class _Projet:
    """What the project owes and is owed, and what it pays and receives, by month, shape (scenarios, months) [€]."""

    creance: Tableau
    """Aid of the Caf and of the commune earned and not paid; below zero, what they advance."""
    paye: Tableau
    reste_a_payer: Tableau
    """Bills of the works and of the purchase once open."""
    recu: Tableau
    a_recevoir: Tableau
    """Grants not paid yet once open."""


def _projet(ev: Evaluation, lecteur: _Lecteur) -> _Projet:
    compte, zero = ev.compte, lecteur.zero()
    assert compte is not None
    du_caf = sum((x.valeur for x in compte.par_payeur.get(ev.ctx.etude.acteurs.caf_locale, ())), zero)
    creance = (
        np.cumsum(du_caf - lecteur.mois("tresorerie.caf"), axis=-1) if "tresorerie.caf" in ev.livre.lignes else zero
    )
    creance = creance + compte.creance_commune.valeur
    paye = lecteur.poste("travaux", "equipement")
    paye = paye + sum((d.paiement.valeur for d in ev.entree.depenses), zero)
    engage = ev.cout.total_ttc.valeur + sum((d.montant.valeur for d in ev.entree.depenses), np.zeros((1, 1)))
    ouvert_ou_apres = 1.0 - np.broadcast_to(ev.calendrier.avant_ouverture.valeur, zero.shape)
    reste_a_payer = np.maximum(engage - np.cumsum(paye, axis=-1), 0.0) * ouvert_ou_apres
    recu = sum((a.versement.valeur for a in ev.subventions), zero)
    acquis = sum((a.subvention.valeur for a in ev.subventions), np.zeros((1, 1)))
    a_recevoir = np.maximum(acquis - np.cumsum(recu, axis=-1), 0.0) * ouvert_ou_apres
    return _Projet(creance, paye, reste_a_payer, recu, a_recevoir)


def _produits(ev: Evaluation, lecteur: _Lecteur, ancien: _Existant) -> dict[str, Tableau]:
    """Income by post and year."""
    compte, an, zero = ev.compte, lecteur.an, lecteur.zero()
    assert compte is not None
    quotes = lecteur.mois("exploitation.produits.quote_part")
    produits = zero + compte.produits.valeur - ev.livre["exploitation.produits.quote_part"].valeur
    return {
        "Produits de l'activité présente": ancien.produits + an(zero),
        "Produits du projet": an(produits),
        libelle("exploitation.produits.contribution"): an(zero + compte.contribution.valeur),
        "Quotes-parts de subvention": an(quotes) + ancien.quotes_parts,
    }


def _charges(lecteur: _Lecteur, ancien: _Existant, siens: Sequence[Dette]) -> dict[str, Tableau]:
    """Charges by post and year."""
    mois, poste, an, zero = lecteur.mois, lecteur.poste, lecteur.an, lecteur.zero()
    interets = sum((g.valeur for d in siens for g in d.courus), zero)
    return {
        "Charges de l'activité présente": ancien.charges + an(zero),
        "Personnel du projet": an(mois("exploitation.charges.personnel")),
        "Autres charges du projet": an(poste("courantes", "actions") + poste("avant_ouverture")),
        "Loyer et charges de propriété": an(poste("loyer") + poste("propriete")),
        "Intérêts et frais": an(interets + poste("frais", "accessoires") + mois("relais.interets")) + ancien.interets,
        "Dotations": an(mois("exploitation.charges.dotation")) + ancien.dotations,
    }


def _ensemble(ev: Evaluation, emprunteur: Emprunteur, lecteur: _Lecteur, ancien: _Existant) -> ComptesPrevisionnels:
    nom, b, projet = ev.ctx.etude.acteurs.gestionnaire, emprunteur.bilan, _projet(ev, lecteur)
    siens = [d for d in ev.dettes if d.emprunteur == nom]
    produits, charges = _produits(ev, lecteur, ancien), _charges(lecteur, ancien, siens)
    resultat = np.asarray(sum(produits.values()) - sum(charges.values()))
    epargne = np.cumsum(ancien.produits - ancien.charges - ancien.interets - ancien.remboursements, axis=-1)
    tresorerie = b.tresorerie_nette + epargne + lecteur.cumul(lecteur.zero() + ev.livre[f"solde.{nom}"].valeur)
    actif = _actif(ev, emprunteur, lecteur, ancien, projet, tresorerie)
    passif = _passif(ev, emprunteur, lecteur, ancien, projet, siens, resultat, tresorerie)
    a_trouver = lecteur.an(lecteur.mois(QUOTE_A_TROUVER)) if QUOTE_A_TROUVER in ev.livre.lignes else None
    de_personne = {x.cle for x in ev.ctx.boucleurs if x.est_a_trouver}
    manques = [a.versement.valeur for a in ev.subventions if a.aide.id in de_personne]
    recu_a_trouver = None if a_trouver is None else lecteur.cumul(sum(manques, lecteur.zero()))
    annees = ev.ctx.echelle.annees
    return ComptesPrevisionnels(
        actif,
        passif,
        emprunteur=emprunteur,
        annees=annees,
        produits=produits,
        charges=charges,
        boucles=ev.est_bouclee,
        quote_a_trouver=a_trouver,
        recu_a_trouver=recu_a_trouver,
    )


def _actif(
    ev: Evaluation,
    emprunteur: Emprunteur,
    lecteur: _Lecteur,
    ancien: _Existant,
    projet: _Projet,
    tresorerie: Tableau,
) -> dict[str, Tableau]:
    """Assets at the end of each year."""
    b, mois, cumul, fin = emprunteur.bilan, lecteur.mois, lecteur.cumul, lecteur.fin
    reportes = sum((_travaux_reportes(r) for r in ev.apports if r.nature == "report_travaux"), lecteur.zero())
    return {
        "Immobilisations nettes": b.immobilisations_nettes
        - np.cumsum(ancien.dotations, axis=-1)
        + cumul(projet.paye + reportes)
        + fin(projet.reste_a_payer)
        - cumul(mois("exploitation.charges.dotation") + mois("tresorerie.depot_rendu")),
        "Créances": b.creances + fin(np.maximum(projet.creance, 0.0)) + fin(projet.a_recevoir),
        "Disponibilités": np.maximum(tresorerie, 0.0),
    }


def _passif(
    ev: Evaluation,
    emprunteur: Emprunteur,
    lecteur: _Lecteur,
    ancien: _Existant,
    projet: _Projet,
    siens: Sequence[Dette],
    resultat: Tableau,
    tresorerie: Tableau,
) -> dict[str, Tableau]:
    """Liabilities at the end of each year."""
    b, zero = emprunteur.bilan, lecteur.zero()
    mois, poste, cumul, an, fin = lecteur.mois, lecteur.poste, lecteur.cumul, lecteur.an, lecteur.fin
    a_rendre = [r for r in ev.apports if r.nature == "droit_de_reprise"]
    apports = sum((r.encaisse.valeur for r in a_rendre), zero)
    rendus = sum((r.reprise.valeur for r in a_rendre if r.reprise is not None), zero)
    donnes = sum(
        (r.encaisse.valeur for r in ev.apports if r.nature not in ("droit_de_reprise", "report_travaux")), zero
    )
    return {
        "Fonds propres": b.fonds_propres + np.cumsum(resultat, axis=-1) + cumul(donnes - poste("remuneration")),
        "Subventions d'investissement": b.subventions_investissement
        - np.cumsum(ancien.quotes_parts, axis=-1)
        + cumul(projet.recu - poste("aide_rendue"))
        + fin(projet.a_recevoir)
        - cumul(mois("exploitation.produits.quote_part")),
        "Apports avec droit de reprise": b.apports_droit_reprise + cumul(apports - rendus),
        "Dettes existantes": sum(d.restant_du for d in emprunteur.dettes)
        - np.cumsum(ancien.remboursements, axis=-1)
        + an(zero),
        "Emprunts du projet": fin(sum((d.restant.valeur for d in siens), zero)),
        "Prêt relais": fin(mois("relais.encours")),
        DECOUVERT: np.maximum(-tresorerie, 0.0),
        "Avances de la Caf et de la commune": fin(np.maximum(-projet.creance, 0.0)),
        "Dettes sur travaux et achats": fin(projet.reste_a_payer),
        "Dettes d'exploitation": b.dettes_exploitation + an(zero),
    }
