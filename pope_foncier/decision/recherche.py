"""Goal seek on the cover of the debt service: contribution that it takes, largest loan that it bears, on the closed plan.

It is the search of any figure (``choisir/exploration``) with words of its own: the cover is the lowest of the years that count, every amount from nothing to a
billion is tried, and one limit is kept: from which the cover holds for good, or up to which it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from pope_foncier.decision.choisir.exploration import Exploration, explorer
from pope_foncier.etude.bouclage import apports_de_bouclage, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import AuMoinsUn, Fiche, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau

Sens = Literal["plus_petite", "plus_grande"]

_PREMIERS = np.concatenate([[0.0], np.geomspace(1.0, 1e9, 64)])
"""First values tried, from nothing to a billion: no bound of the trade, each a third above the one before."""
_PRES = 1e-9
RIEN_A_SERVIR = "ce scénario n'ouvre aucune place : il ne sert aucune dette"
"""Why no cover is sought when nothing opens."""
_CIBLE_MAX = 100
"""Highest cover that may be sought: beyond, the debt is nothing beside what pays it."""


@dataclass(frozen=True, slots=True)
class Recherche:
    """Value of an input that brings the cover to a target.

    Attributes:
        sens: whether it is the smallest or the largest value that does.
        valeur: the value (NaN when there is nothing to seek); infinite when no value does (or when any does, for the largest), minus infinity when even nothing does not
            (for the largest), NaN when something is unknown; 0 for the largest when the smallest debt is already too much.
        couverture: lowest yearly cover at that value; NaN without a debt service.
        annee: calendar year of that lowest cover; NaN without one.
        a_trouver: what the closed plan still has to find at that value [€]: nobody promised it.
    """

    champ: str
    sens: Sens
    cible: float
    valeur: float
    couverture: float
    annee: float
    a_trouver: float
    sans_objet: str = ""
    """Why there is nothing to seek."""

    @property
    def sans_valeur(self) -> str:
        """Why no amount answers, in words; nothing when one does."""
        if self.sans_objet:
            return "sans objet"
        if np.isnan(self.valeur):
            return "inconnu"
        if np.isinf(self.valeur):
            return "sans limite" if self.sens == "plus_grande" and self.valeur > 0 else "hors d'atteinte"
        return "aucun prêt" if self.sens == "plus_grande" and not self.valeur else ""


class Cible(Fiche):
    """Cover that a lender wants, and why."""

    couverture: AuMoinsUn
    base: Texte


class Cibles(Fiche):
    """Covers that are sought, in order."""

    cibles: tuple[Cible, ...]


@dataclass(frozen=True, slots=True)
class Cherchee:
    """What was sought, in French, its unit, and what was found."""

    quoi: str
    unite: str
    recherche: Recherche


def lire_cibles(chemin: Path | None = None) -> tuple[float, ...]:
    """Covers of the data folder."""
    fiche = lire_fiche(Cibles, chemin or dossier_donnees() / "hypotheses" / "couvertures_cherchees.yaml")
    return tuple(c.couverture for c in fiche.cibles)


def rechercher(vue: Vue, cibles: Sequence[float] | None = None, depuis: int | None = None) -> list[Cherchee]:
    """For each target, the contribution by place that it takes and the largest amount of each loan of the project owner.

    The contribution is sought as a lump by place and year, with the instalments and votes of the study, whatever its mode; the
    loans are sought under the contribution of the study. Nothing is sought without an operation that serves the debt.

    Args:
        vue: scenario.
        cibles: covers wanted; those of the data folder by default.
        depuis: first calendar year that counts; by default that of the opening, ramp-up included.
    """
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    moteur, dossier = Moteur(ctx.catalogue, ctx.evolutions), Dossier(vue.nom, etude, ctx.site, {BASE: etude})
    porteur = etude.acteurs.nom_maitre_ouvrage
    if etude.exploitation is None or porteur != etude.acteurs.gestionnaire:
        return []
    forfaitaire = _au_forfait(dossier)
    prets = [p for p in etude.prets if getattr(etude.acteurs, p.emprunteur) == porteur and p.se_cherche]
    trouvees = []
    for cible in cibles if cibles is not None else lire_cibles():
        commune = contribution_constante(moteur, dossier, _FORFAIT, cible, forfaitaire, depuis)
        trouvees.append(Cherchee("Forfait de la commune, par place et par an", "€", commune))
        trouvees += [
            Cherchee(f"{p.libelle}, au plus", "€", dette_maximale(moteur, dossier, p.id, cible, depuis=depuis))
            for p in prets
        ]
    return trouvees


_FORFAIT = "exploitation.contribution_commune.par_place"


def _au_forfait(dossier: Dossier) -> Etude:
    """Study whose commune pays a lump, with the payments and the votes that it says."""
    assert dossier.etude.exploitation is not None
    fiche = dossier.etude.exploitation.contribution_commune
    if fiche.mode == "forfait":
        return dossier.etude
    nul = {"par_place": {"valeur": 0, "base": "montant cherché"}}
    return varier(
        dossier,
        "forfait_cherche",
        {_FORFAIT.removesuffix(".par_place"): fiche.sous("forfait", nul)},
    )


def contribution_constante(
    moteur: Moteur, dossier: Dossier, champ: str, cible: float, etude: Etude | None = None, depuis: int | None = None
) -> Recherche:
    """Smallest amount of a contribution that keeps the cover of every year at a target.

    Args:
        champ: input that holds the contribution, by place and year for instance; the study says whether it is indexed.
        depuis: first calendar year that counts; by default that of the opening, ramp-up included.

    Raises:
        ErreurCalcul: a field that the study does not have.
    """
    return _chercher(moteur, dossier, champ, cible, "plus_petite", etude, depuis)


def dette_maximale(
    moteur: Moteur, dossier: Dossier, pret: str, cible: float, etude: Etude | None = None, depuis: int | None = None
) -> Recherche:
    """Largest amount of a loan of the study, by its ``id``, that keeps the cover of every year at a target.

    Raises:
        ErreurCalcul: a loan that the study does not have.
    """
    return _chercher(moteur, dossier, f"prets[{pret}].montant", cible, "plus_grande", etude, depuis)


def _chercher(
    moteur: Moteur,
    dossier: Dossier,
    champ: str,
    cible: float,
    sens: Sens,
    etude: Etude | None,
    depuis: int | None,
) -> Recherche:
    if isinstance(cible, bool) or not isinstance(cible, int | float | np.number) or not 0.0 < cible <= _CIBLE_MAX:
        raise ErreurCalcul(f"Couverture visée : un nombre de 0 à {_CIBLE_MAX} est attendu ; trouvé : « {cible} ».")

    nul = (float("nan"),) * 4
    if np.all(moteur.tirer(dossier, {}, etude).capacite.places.valeur == 0.0):
        return Recherche(champ, sens, cible, *nul, sans_objet=RIEN_A_SERVIR)

    def essayer(valeurs: Tableau) -> tuple[Evaluation, Tableau, Tableau]:
        ev = boucler(moteur.tirer(dossier, {champ: valeurs}, etude))
        return ev, *_pires(ev, depuis, len(valeurs))

    valeur = _limite(explorer(lambda v: essayer(v)[1], _PREMIERS, cible, _PRES), cible, sens)
    if not np.isfinite(valeur):
        return Recherche(champ, sens, cible, valeur, *nul[1:])
    ev, (pire,), (annee,) = essayer(np.array([valeur]))
    a_trouver = sum(float(b.montant.valeur.reshape(-1)[0]) for b in apports_de_bouclage(ev) if b.est_a_trouver)
    couverture = float(pire) if np.isfinite(pire) else float("nan")
    return Recherche(champ, sens, cible, valeur, couverture, float(annee), a_trouver)


def _limite(trouve: Exploration, cible: float, sens: Sens) -> float:
    """Value from which the cover meets the target for good, or up to which it does."""
    if np.isnan(trouve.chiffres).any():
        return float("nan")
    manque = np.flatnonzero(trouve.chiffres < cible - _PRES)
    if not len(manque):
        return 0.0 if sens == "plus_petite" else np.inf
    if sens == "plus_petite":
        dernier = int(manque[-1])
        return np.inf if dernier + 1 == len(trouve.chiffres) else trouve.frontiere(dernier, -1)
    if manque[0] == 0:
        return -np.inf
    valeur = trouve.frontiere(int(manque[0]) - 1, +1)
    rien_puis_trop = any(s.avant == valeur and np.isposinf(s.chiffre_avant) for s in trouve.sauts)
    return 0.0 if rien_puis_trop else valeur


def _pires(ev: Evaluation, depuis: int | None, nombre: int) -> tuple[Tableau, Tableau]:
    """Lowest cover of each draw and its year, shape (D,); infinite without debt service, NaN when unknown.

    Raises:
        ErreurCalcul: no year of the study counts.
    """
    ratio = calculer(ev)["couverture"]
    annees = np.asarray(ratio.annees)
    if depuis is not None and not (isinstance(depuis, int | np.integer) and depuis <= annees[-1]):
        raise ErreurCalcul(f"Aucune année de l'étude à partir de {depuis} : elle s'arrête en {annees[-1]}.")
    compte = ratio.concerne & (annees >= (depuis if depuis is not None else annees[0]))
    valeurs = np.where(compte, ratio.grandeur.valeur, np.inf)
    valeurs = np.broadcast_to(valeurs, (nombre, len(annees)))
    rangs = valeurs.argmin(axis=-1)
    pires = valeurs.min(axis=-1)
    return pires, np.where(np.isfinite(pires), annees[rangs], np.nan)
