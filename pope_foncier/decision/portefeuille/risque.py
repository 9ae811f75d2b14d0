"""Risk of a portfolio: the lowest cash of many draws, pooled and each site alone, and the equity that keeps it above zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pope_foncier.decision.portefeuille.assemblage import financer_lieux, mettre_en_commun, preparer_lieux, reunir
from pope_foncier.decision.portefeuille.axes import SOUS_ZERO
from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.decision.portefeuille.fiche import Portefeuille
from pope_foncier.decision.portefeuille.hasard import ReglesRisque, lire_regles_risque, tirer
from pope_foncier.decision.portefeuille.prepare import Prepare
from pope_foncier.decision.portefeuille.tirages import Tirages
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.tirages import TAILLE_BLOC
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True)
class Tresorerie:
    """Treasury of the company, or of one site alone, over the months watched, by draw, each of shape (D,) [€]."""

    creux: Tableau
    """Lowest cash."""
    capital_suffisant: Tableau
    """Smallest equity with which the cash never falls below zero; infinite when the return eats the equity."""

    @property
    def sous_zero(self) -> Tableau:
        """1 when the cash falls below zero, NaN when it is unknown."""
        return np.where(np.isnan(self.creux), np.nan, self.creux < SOUS_ZERO)

    @property
    def probabilite(self) -> float:
        """Share of the draws whose cash falls below zero; NaN when one is unknown."""
        return float(self.sous_zero.mean())

    def creux_au(self, part: float) -> float:
        """Quantile of the lowest cash, linear between two draws."""
        return float(np.quantile(self.creux, part))

    def capital_requis(self, risque: float) -> float:
        """Equity with which the cash falls below zero in no more than this share of the draws, linear between two draws."""
        return float(np.quantile(self.capital_suffisant, 1.0 - risque))


@dataclass(frozen=True)
class Risque:
    """Risk of a portfolio: its pooled treasury, and that of each site with its share of the equity."""

    commun: Tresorerie
    seuls: tuple[Tresorerie, ...]
    regles: ReglesRisque
    tirages: Tirages

    @property
    def un_seul_suffit(self) -> float:
        """Share of the draws in which one site at least falls below zero when each stands alone."""
        return float(np.max([t.sous_zero for t in self.seuls], axis=0).mean())

    def capital_requis_a_part(self, risque: float) -> float:
        """Equity that the sites ask for together when each stands alone with this risk [€]."""
        return sum(t.capital_requis(risque) for t in self.seuls)

    @property
    def precision(self) -> float:
        """Half-width of the 95 % interval of a share of the draws, at its widest [fraction]: 1.96 standard errors of one half."""
        return 1.96 * 0.5 / float(np.sqrt(self.tirages.nombre))


def tirer_risque(
    portefeuille: Portefeuille,
    moteur: Moteur,
    regles: ReglesRisque | None = None,
    etudes: Path | None = None,
    dossiers: Mapping[str, Dossier] | None = None,
) -> Risque:
    """Draw the sites of a portfolio and pool them by blocks, every draw at once.

    A rent agreed before the works stays what was planned, and so does the share of each site in the equity. What the equity does
    not cover in a draw is not given back by the communes; the equity that suffices is read on plans that it closes.

    Args:
        portefeuille: sheet of the portfolio.
        moteur: engine.
        regles: what is drawn and how many times; those of the project by default.
        etudes: folder of the studies; that of the project by default.
        dossiers: studies already open, by name, instead of files.
    """
    regles = regles or lire_regles_risque()
    prepares = preparer_lieux(portefeuille, etudes, dossiers)
    parts = reunir(portefeuille, prepares, moteur).parts
    prepares = [au_loyer_convenu(p, moteur) for p in prepares]
    tires = tirer(prepares, moteur, regles)
    blocs = [
        _observer(*_deux_lectures(portefeuille, prepares, moteur, bloc), parts, regles.annees_apres, bloc.nombre)
        for bloc in tires.blocs(TAILLE_BLOC)
    ]
    commun, *seuls = (
        Tresorerie(*(np.concatenate(x) for x in zip(*((t.creux, t.capital_suffisant) for t in suite), strict=True)))
        for suite in zip(*blocs, strict=True)
    )
    return Risque(commun, tuple(seuls), regles, tires)


def _deux_lectures(
    portefeuille: Portefeuille, prepares: list[Prepare], moteur: Moteur, tirages: Tirages
) -> tuple[Ensemble, Ensemble]:
    """Portfolio with the equity of its sheet, and with an equity that covers all that the plans lack."""
    plans = financer_lieux(portefeuille, prepares, moteur, tirages=tirages)
    ensemble = mettre_en_commun(portefeuille, prepares, plans, moteur, tirages)
    if not np.any(ensemble.a_trouver != 0.0):
        return ensemble, ensemble
    en_capital = [p.tout_en_capital() for p in plans]
    return ensemble, mettre_en_commun(portefeuille, prepares, en_capital, moteur, tirages)


def _observer(ensemble: Ensemble, en_capital: Ensemble, parts: Tableau, annees: int, nombre: int) -> list[Tresorerie]:
    """Pooled treasury, then that of each site, until some years after the last opening of each draw."""
    observe = np.arange(ensemble.duree) < ensemble.derniere_ouverture + 12 * annees
    reste = ensemble.reste_par_euro

    def juger(sans_capital: Tableau, finance: Tableau, capital: Tableau | float) -> Tresorerie:
        caisse = np.where(observe, capital * reste + sans_capital, np.inf)
        manque = np.where(observe, np.maximum(-finance, 0.0), 0.0)
        suffit = np.divide(manque, reste, out=np.where(manque > 0, np.inf, manque), where=reste > 0)
        return Tresorerie(*(np.broadcast_to(x, (nombre,)) for x in (caisse.min(axis=-1), suffit.max(axis=-1))))

    seuls = (
        juger(ensemble.caisse_seule_sans_capital(i), en_capital.caisse_seule_sans_capital(i), p * ensemble.capital)
        for i, p in enumerate(parts)
    )
    return [juger(ensemble.caisse_sans_capital, en_capital.caisse_sans_capital, ensemble.capital), *seuls]


def au_loyer_convenu(prepare: Prepare, moteur: Moteur) -> Prepare:
    """Same site with the rent that was planned, agreed for good."""
    bail = prepare.etude.bail_gestionnaire
    if bail is None or bail.loyer != "equilibre":
        return prepare
    par_m2 = prepare.evaluer(moteur).loyers.par_m2
    assert par_m2 is not None
    loyer = float(par_m2.valeur.flat[0])
    fixe = bail.model_dump(mode="python", exclude_defaults=True) | {
        "loyer": "fixe",
        "loyer_m2_an": {"a_obtenir_de": "le bailleur"}
        if np.isnan(loyer)
        else {"valeur": loyer, "base": "loyer convenu"},
    }
    seul = replace(prepare.dossier, etude=prepare.etude, variantes={BASE: prepare.etude})
    return replace(prepare, etude=varier(seul, "convenu", {"bail_gestionnaire": fixe}))
