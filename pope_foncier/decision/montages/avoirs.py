"""Accounts of the parties of a montage: what each pays and receives, and what each owns at the end of the study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class Avoir:
    """What a party owns, or owes when negative, at the end of the study, shape (…, 1) [€]."""

    acteur: str
    quoi: str
    valeur: Tableau


@dataclass(frozen=True, slots=True)
class CompteActeur:
    """Account of one party over the whole study, nominal, shape (…, 1) [€]; what it owns or owes at the end beside it."""

    acteur: str
    paye: Tableau
    recu: Tableau
    avoirs: tuple[Avoir, ...]

    @property
    def solde(self) -> Tableau:
        """Received less paid."""
        return self.recu - self.paye


def ensemble(comptes: Sequence[CompteActeur]) -> CompteActeur:
    """All the parties as one: what it pays is what it receives."""
    nul = np.zeros((1, 1))
    paye, recu = (np.asarray(sum((getattr(c, sens) for c in comptes), nul)) for sens in ("paye", "recu"))
    return CompteActeur("Ensemble", paye, recu, ())


def flux_entre_acteurs(ev: Evaluation) -> dict[tuple[str, str], float]:
    """Total paid by each party to each other over the study, nominal [€]; nil pairs are left out."""
    paires: dict[tuple[str, str], float] = {}
    for ligne in ev.livre.lignes.values():
        if ligne.est_flux:
            total = float(np.ravel(_total(ev, ligne.grandeur.valeur))[0])
            paires[ligne.payeur, ligne.receveur] = paires.get((ligne.payeur, ligne.receveur), 0.0) + total
    return {p: v for p, v in paires.items() if abs(v) > 0.5 and not np.isnan(v)}


def retour_au_bailleur(ev: Evaluation) -> Tableau:
    """What comes back, when the lease ends, to whoever gave it: the share found again of its purchase and of the works, shape (…, 1) [€]."""
    etude = ev.ctx.etude
    if etude.immobilier is None or titre_de(etude.titre_occupation.genre).sortie != "retour_sans_indemnite":
        return np.zeros((1, 1))
    part = ev.ctx.entree("immobilier.part_revente").valeur
    achat = _total(ev, ev.livre["bailleur.prix"].valeur) if "bailleur.prix" in ev.livre.lignes else np.zeros((1, 1))
    return np.asarray((ev.cout.immobilier_ttc.valeur + achat) * part)


def reserve_gardee(ev: Evaluation) -> Tableau:
    """Rent kept in reserve by the owner at the end of the study, shape (…, 1) [€]."""
    return np.zeros((1, 1)) if ev.loyers.reserve is None else _total(ev, ev.loyers.reserve.valeur)


_MURS = {
    "revente": "les murs",
    "retour_sans_indemnite": "loyer d'avance non consommé",
    "neant": "rien",
}


def avoirs(ev: Evaluation) -> list[Avoir]:
    """What each party owns or owes at the end: walls, reserve, shares at their nominal, debts left."""
    acteurs = ev.ctx.etude.acteurs
    porteur = acteurs.nom_maitre_ouvrage
    liste = [
        Avoir(porteur, _MURS[titre_de(ev.ctx.etude.titre_occupation.genre).sortie], ev.revente.valeur),
        Avoir(acteurs.proprietaire, "les murs et les travaux, à la fin du bail", retour_au_bailleur(ev)),
    ]
    if ev.ctx.etude.bail_gestionnaire is not None:
        caisse = _total(ev, ev.livre[f"solde.{porteur}"].valeur)
        liste.append(Avoir(porteur, "trésorerie, réserve sur loyers comprise", caisse))
    for apport in ev.apports:
        if apport.nature == "fonds_propres" and apport.apporteur:
            liste.append(Avoir(apport.apporteur, "ses parts, au nominal", apport.montant.valeur))
            liste.append(Avoir(porteur, "capital dû aux porteurs de parts", -apport.montant.valeur))
        elif apport.reprise is not None:
            du = apport.montant.valeur - _total(ev, apport.reprise.valeur)
            liste += [Avoir(apport.apporteur, "apport à reprendre", du), Avoir(porteur, "apport à rendre", -du)]
    preteurs = {p.id: p.preteur for p in ev.ctx.etude.prets}
    for dette in ev.dettes:
        restant = np.broadcast_to(dette.restant.valeur, (*dette.restant.valeur.shape[:-1], ev.ctx.echelle.duree_mois))
        du = restant[..., -1:]
        liste += [
            Avoir(preteurs.get(dette.id, "Financeur de la part prêtée"), "capital restant dû", du),
            Avoir(dette.emprunteur, "capital restant à rembourser", -du),
        ]
    return [a for a in liste if np.any(np.abs(a.valeur) > 0.5) or np.isnan(a.valeur).any()]


def comptes(ev: Evaluation) -> list[CompteActeur]:
    """Account of each party that pays or receives, in order of appearance in the ledger; together they pay what they receive."""
    possessions = avoirs(ev)
    lignes = [x for x in ev.livre.lignes.values() if x.est_flux]

    def total(acteur: str, recu: bool) -> Tableau:
        siennes = [x.grandeur.valeur for x in lignes if (x.receveur if recu else x.payeur) == acteur]
        return np.asarray(sum((_total(ev, v) for v in siennes), np.zeros((1, 1))))

    tous = [
        CompteActeur(nom, total(nom, False), total(nom, True), tuple(a for a in possessions if a.acteur == nom))
        for nom in ev.livre.acteurs()
    ]
    return [c for c in tous if np.any(c.paye != 0) or np.any(c.recu != 0) or c.avoirs]


def _total(ev: Evaluation, valeur: Tableau) -> Tableau:
    tout = np.broadcast_to(valeur, (*valeur.shape[:-1], ev.ctx.echelle.duree_mois))
    return np.asarray(tout.sum(axis=-1, keepdims=True))
