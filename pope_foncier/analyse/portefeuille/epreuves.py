"""Trials of a portfolio: a site that fails, grants that are late — the common cash, the reserve, and what the others bear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.portefeuille.assemblage import preparer_lieux, reunir
from pope_foncier.analyse.portefeuille.ensemble import Ensemble
from pope_foncier.analyse.portefeuille.fiche import Portefeuille
from pope_foncier.analyse.portefeuille.lieu import Lieu, fermer
from pope_foncier.analyse.scenarios import Dossier
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.temps import ajouter_mois, mois_en_clair

EtatReserve = Literal["intacte", "entamee", "depassee", "sans_regle", "inconnu"]
_ZERO = -0.005
"""Cash under this is below zero: half a cent is rounding."""


@dataclass(frozen=True, slots=True)
class Creux:
    """Lowest cash and its month."""

    montant: float
    quand: str

    @classmethod
    def de(cls, caisse: Tableau, ensemble: Ensemble) -> Creux:
        """Lowest point of a cash line; unknown when any month is."""
        if np.isnan(caisse).any():
            return cls(float("nan"), "inconnu")
        mois = int(np.argmin(caisse))
        return cls(float(caisse[mois]), mois_en_clair(ajouter_mois(ensemble.depart, mois)))


@dataclass(frozen=True, slots=True)
class Epreuve:
    """Trial on the portfolio."""

    libelle: str
    commun: Creux
    """Lowest common cash."""
    seul: Creux
    """Lowest cash of the hit site if it stood alone with its share of the equity; of the frailest one when none is hit."""
    reserve: EtatReserve
    mois_sous_reserve: int | None
    """Months when the cash is under the reserve; None without a rule, or when it is unknown."""
    mois_negatifs: int | None
    appel: float
    """What the members would have to bring so that the cash never falls below zero [€]."""
    hausse: float
    """Rise of the rents or contributions of the other sites, from the incident on, that keeps the cash above zero
    [fraction]; infinite when they have none by then, NaN when there is no other site."""
    hausse_an: float
    """The same per year, on average over the months in which they pay [€/year]."""


def eprouver(
    portefeuille: Portefeuille,
    moteur: Moteur,
    etudes: Path | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
) -> list[Epreuve]:
    """What is planned, then each site failing in turn, then the grants of each one late.

    Args:
        portefeuille: sheet of the portfolio.
        moteur: engine.
        etudes: folder of the studies; that of the project by default.
        dossiers: studies already open, by name, instead of files.
    """
    prets = preparer_lieux(portefeuille, etudes, dossiers)
    prevu = reunir(portefeuille, prets, moteur)
    epreuves = [_juger("Tout se passe comme prévu", prevu, prevu, None)]
    for rang, lieu in enumerate(prevu.lieux):
        verbe = "ferme" if lieu.exploite else "vide"
        libelle = f"{lieu.libelle} : {verbe} après {_ans(portefeuille.depart_ans)}"
        epreuves.append(_juger(libelle, prevu.avec(rang, ferme(prevu, lieu)), prevu, rang))
    for rang, lieu in enumerate(prevu.lieux):
        touche = reunir(portefeuille, prets, moteur, {lieu.id: portefeuille.retard_mois})
        libelle = f"{lieu.libelle} : aides en retard de {portefeuille.retard_mois} mois"
        epreuves.append(_juger(libelle, touche, prevu, rang))
    return epreuves


def ferme(ensemble: Ensemble, lieu: Lieu) -> Lieu:
    """Site that fails the stated number of years after its opening."""
    fiche = ensemble.fiche
    mois = min(lieu.ouverture + 12 * fiche.depart_ans, ensemble.duree - 1)
    preavis = 0 if fiche.preavis_salaires_mois is None else int(fiche.preavis_salaires_mois.valeur or 0)
    return fermer(lieu, mois, preavis)


def _ans(nombre: int) -> str:
    return f"{nombre} an{'s' if nombre > 1 else ''}"


def _juger(libelle: str, touche: Ensemble, prevu: Ensemble, rang: int | None) -> Epreuve:
    caisse, reserve, regle = touche.caisse, touche.reserve, touche.fiche.reserve
    rangs = range(len(touche.lieux)) if rang is None else [rang]
    seuls = [Creux.de(touche.caisse_seule(i, prevu.parts[i]), touche) for i in rangs]
    seul = min(seuls, key=lambda creux: creux.montant)
    if np.isnan(caisse).any():
        inconnu = float("nan")
        return Epreuve(libelle, Creux.de(caisse, touche), seul, "inconnu", None, None, inconnu, inconnu, inconnu)
    negatifs = int((caisse < _ZERO).sum())
    sous = None if regle is None or np.isnan(reserve).any() else int((caisse < reserve + _ZERO).sum())
    etat: EtatReserve = "depassee" if negatifs else ("entamee" if sous else "intacte")
    if sous is None:
        etat = "sans_regle" if regle is None else "inconnu"
    hausse, hausse_an = _hausse(touche, prevu, rang)
    appel = max(-float(caisse.min()), 0.0) if negatifs else 0.0
    return Epreuve(libelle, Creux.de(caisse, touche), seul, etat, sous, negatifs, appel, hausse, hausse_an)


def _hausse(touche: Ensemble, prevu: Ensemble, rang: int | None) -> tuple[float, float]:
    """Rise of what the other sites receive that keeps the cash above zero: cash is linear in it, so it is a quotient.

    At each month where cash is missing, the rise is the missing cash over what the others have received since the
    incident; the largest one holds for all months.
    """
    autres = [x.leviers for i, x in enumerate(touche.lieux) if i != rang]
    if not autres:
        return float("nan"), float("nan")
    change = np.abs(touche.caisse - prevu.caisse) > -_ZERO
    debut = int(np.argmax(change)) if change.any() else 0
    leviers = np.where(np.arange(touche.duree) < debut, 0.0, sum(autres, np.zeros(touche.duree)))
    recus, manque = np.cumsum(leviers), np.maximum(-touche.caisse, 0.0)
    negatif = touche.caisse < _ZERO
    if not negatif.any():
        return 0.0, 0.0
    with np.errstate(divide="ignore"):
        hausse = float((manque[negatif] / np.maximum(recus[negatif], 0.0)).max())
    payes = int((leviers > 0).sum())
    return hausse, hausse * float(leviers.sum()) / payes * 12 if payes and np.isfinite(hausse) else float("inf")
