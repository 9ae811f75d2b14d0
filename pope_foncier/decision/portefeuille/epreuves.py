"""Trials of a portfolio: a site that fails, grants that are late — the common cash, the reserve, and what the others bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from pope_foncier.decision.portefeuille.assemblage import preparer_lieux, reunir
from pope_foncier.decision.portefeuille.axes import SOUS_ZERO, empiler, unique
from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.decision.portefeuille.fiche import Portefeuille
from pope_foncier.decision.portefeuille.lieu import Lieu, fermer
from pope_foncier.decision.portefeuille.tirages import Tirages
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.temps import ajouter_mois, mois_en_clair

EtatReserve = Literal["intacte", "entamee", "depassee", "sans_regle", "inconnu"]


@dataclass(frozen=True, slots=True)
class Creux:
    """Lowest cash and its month, by draw, each of shape (…,); NaN when a month is unknown."""

    montant: Tableau
    mois: Tableau
    depart: date

    @classmethod
    def de(cls, caisse: Tableau, ensemble: Ensemble) -> Creux:
        """Lowest point of a cash line of shape (…, M)."""
        bas = caisse.min(axis=-1)
        return cls(bas, np.where(np.isnan(bas), np.nan, caisse.argmin(axis=-1)), ensemble.depart)

    @property
    def quand(self) -> str:
        """Month of the only draw, in French."""
        mois = unique(self.mois)
        return "inconnu" if np.isnan(mois) else mois_en_clair(ajouter_mois(self.depart, int(mois)))

    @classmethod
    def plus_bas(cls, creux: Sequence[Creux]) -> Creux:
        """Lowest of several, draw by draw; unknown when one of them is."""
        montants, mois = empiler(c.montant for c in creux), empiler(c.mois for c in creux)
        rang = montants.argmin(axis=0)[None]
        bas, quand = (np.take_along_axis(x, rang, axis=0)[0] for x in (montants, mois))
        return cls(bas, quand, creux[0].depart)


@dataclass(frozen=True, slots=True)
class Epreuve:
    """Trial on the portfolio, by draw: quantities have shape (…,), one for a single scenario."""

    libelle: str
    commun: Creux
    """Lowest common cash."""
    seul: Creux
    """Lowest cash of the hit site if it stood alone with its share of the equity; of the frailest one when none is hit."""
    reserve: np.ndarray
    """State of the reserve, an ``EtatReserve`` by draw."""
    mois_sous_reserve: Tableau
    """Months when the cash is under the reserve; NaN without a rule, or when it is unknown."""
    mois_negatifs: Tableau
    """Months when the cash is below zero; NaN when it is unknown."""
    appel: Tableau
    """What the members would have to bring so that the cash never falls below zero [€]."""
    hausse: Tableau
    """Rise of the rents or contributions of the other sites, from the incident on, that keeps the cash above zero
    [fraction]; infinite when they have none by then, NaN when there is no other site."""
    hausse_an: Tableau
    """The same per year, on average over the months in which they pay [€/year]."""


def eprouver(
    portefeuille: Portefeuille,
    moteur: Moteur,
    etudes: Path | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
    tirages: Tirages | None = None,
) -> list[Epreuve]:
    """What is planned, then each site failing in turn, then the grants of each one late.

    Args:
        portefeuille: sheet of the portfolio.
        moteur: engine.
        etudes: folder of the studies; that of the project by default.
        dossiers: studies already open, by name, instead of files.
        tirages: draws common to the sites or of one site.
    """
    prepares = preparer_lieux(portefeuille, etudes, dossiers)
    prevu = reunir(portefeuille, prepares, moteur, tirages=tirages)
    epreuves = [_juger("Tout se passe comme prévu", prevu, prevu, None)]
    for rang, lieu in enumerate(prevu.lieux):
        verbe = "ferme" if lieu.exploite else "vide"
        libelle = f"{lieu.libelle} : {verbe} après {_ans(portefeuille.depart_ans)}"
        epreuves.append(_juger(libelle, prevu.avec(rang, ferme(prevu, lieu)), prevu, rang))
    for rang, lieu in enumerate(prevu.lieux):
        touche = reunir(portefeuille, prepares, moteur, {lieu.id: portefeuille.retard_mois}, tirages)
        libelle = f"{lieu.libelle} : aides en retard de {portefeuille.retard_mois} mois"
        epreuves.append(_juger(libelle, touche, prevu, rang))
    return epreuves


def ferme(ensemble: Ensemble, lieu: Lieu) -> Lieu:
    """Site that fails the stated number of years after its opening."""
    fiche = ensemble.fiche
    mois = np.minimum(lieu.ouverture + 12 * fiche.depart_ans, ensemble.duree - 1)
    preavis = 0 if fiche.preavis_salaires_mois is None else int(fiche.preavis_salaires_mois.valeur or 0)
    return fermer(lieu, mois, preavis)


def _ans(nombre: int) -> str:
    return f"{nombre} an{'s' if nombre > 1 else ''}"


def _juger(libelle: str, touche: Ensemble, prevu: Ensemble, rang: int | None) -> Epreuve:
    caisse, reserve, regle = touche.caisse, touche.reserve, touche.fiche.reserve
    rangs = range(len(touche.lieux)) if rang is None else [rang]
    seul = Creux.plus_bas([Creux.de(touche.caisse_seule(i, prevu.parts[i]), touche) for i in rangs])
    commun = Creux.de(caisse, touche)
    inconnue = np.isnan(commun.montant)
    negatifs = np.where(inconnue, np.nan, (caisse < SOUS_ZERO).sum(axis=-1))
    sans_reserve = inconnue | np.isnan(reserve).any(axis=-1) | (regle is None)
    sous = np.where(sans_reserve, np.nan, (caisse < reserve + SOUS_ZERO).sum(axis=-1))
    etats: list[EtatReserve] = ["inconnu", "sans_regle", "inconnu", "depassee", "entamee"]
    cas = [inconnue, np.full(inconnue.shape, regle is None), sans_reserve, negatifs > 0, sous > 0]
    etat = np.select(cas, etats, "intacte")
    hausse, hausse_an = _hausse(touche, prevu, rang)
    appel = np.where(negatifs > 0, -commun.montant, 0.0 * commun.montant)
    return Epreuve(libelle, commun, seul, etat, sous, negatifs, appel, hausse, hausse_an)


def _hausse(touche: Ensemble, prevu: Ensemble, rang: int | None) -> tuple[Tableau, Tableau]:
    """Rise of what the other sites receive that keeps the cash above zero: cash is linear in it, so it is a quotient.

    At each month where cash is missing, the rise is the missing cash over what the others have received since the
    incident; the largest one holds for all months.
    """
    caisse = touche.caisse
    autres = [x.leviers for i, x in enumerate(touche.lieux) if i != rang]
    if not autres:
        inconnue = np.full(caisse.shape[:-1], np.nan)
        return inconnue, inconnue
    change = np.abs(caisse - prevu.caisse) > -SOUS_ZERO
    debut = change.argmax(axis=-1)[..., None]
    leviers = np.where(np.arange(touche.duree) < debut, 0.0, sum(autres, np.zeros((1, touche.duree))))
    recus = np.maximum(np.cumsum(leviers, axis=-1), 0.0)
    manque = np.where(caisse < SOUS_ZERO, -caisse, 0.0 * caisse)
    hausse = np.divide(manque, recus, out=np.where(manque > 0, np.inf, manque), where=recus > 0).max(axis=-1)
    payes = (leviers > 0).sum(axis=-1)
    verse = leviers.sum(axis=-1) * 12.0 / np.maximum(payes, 1)
    fini = np.isfinite(hausse)
    return hausse, np.where(fini, np.where(fini, hausse, 0.0) * verse, hausse)
