"""Draws: evaluate many draws by blocks that stay in the processor's cache, keeping what is asked of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from pope_foncier.etude.bouclage import boucler, stabiliser
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plan_tire import PlanTire
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau

FILS = min(2, os.cpu_count() or 1)
"""Threads that share the blocks: numpy lets them run side by side."""
TAILLE_BLOC = 512
"""Draws of a block: its arrays of months stay in the processor's cache."""


class Demande(Protocol):
    """What is wanted of draws."""

    def tel_quel(self, ouverte: Evaluation) -> Mapping[str, Grandeur]:
        """Quantities of the plan as it stands; none when the closed plan says all."""

    @property
    def ferme(self) -> bool:
        """Whether quantities of the closed plan are wanted, once those of the plan as it stands are known."""

    def boucle(self, bouclee: Evaluation) -> Mapping[str, Grandeur]:
        """Quantities of the closed plan."""

    def lire(self, ouvertes: Mapping[str, Tableau], bouclees: Mapping[str, Tableau]) -> Mapping[str, Tableau]:
        """Figures from the arrays of both, shape (rows,) or (1,) each, or with a last axis of months or years."""


@dataclass(frozen=True)
class DuPlanTelQuel:
    """Quantities of the plan as it stands, of shape (…, 1) each."""

    tel_quel: Callable[[Evaluation], Mapping[str, Grandeur]]
    ferme = False

    def boucle(self, bouclee: Evaluation) -> Mapping[str, Grandeur]:
        """Nothing."""
        return {}

    def lire(self, ouvertes: Mapping[str, Tableau], bouclees: Mapping[str, Tableau]) -> Mapping[str, Tableau]:
        """Those quantities."""
        return ouvertes


def tirer_aides(etude: Etude, nombre: int, graine: int) -> dict[str, Tableau]:
    """Draw each grant as obtained or refused, independently, at the probability that the study states.

    A grant without a probability keeps its plan: nothing is drawn for it. A refused grant gives nothing (share 0).

    Args:
        nombre: number of draws D.
        graine: seed of the random generator.

    Returns:
        Share granted by field of the study, 0 or the share of the plan, each of shape (D,).
    """
    hasard = np.random.default_rng(graine)
    return {
        f"aides[{aide.id}].coefficient": np.where(
            hasard.random(nombre) < aide.probabilite.valeur, aide.coefficient, 0.0
        )
        for aide in etude.aides
        if aide.statut != "non_demandee" and aide.probabilite is not None and aide.probabilite.valeur is not None
    }


def tirer_par_blocs(
    moteur: Moteur,
    dossier: Dossier,
    tirages: Mapping[str, Tableau],
    demande: Demande,
    taille: int = TAILLE_BLOC,
    fils: int = FILS,
) -> dict[str, Tableau]:
    """Read figures in draws of the base study, block by block; only what they come from is computed.

    Args:
        tirages: draws by field, each of shape (D,).
        demande: figures wanted; plans are closed when it asks for it.
        taille: draws per block; the results do not depend on it, nor on the number of threads.
        fils: threads that share the blocks.

    Returns:
        Figures, shape (D,) each; those by month or by year, (D, M).

    Raises:
        ErreurCalcul: nothing drawn, or a field that the study does not have.
    """
    if not tirages:
        raise ErreurCalcul("Aucun champ à tirer. Donner au moins un champ, par exemple travaux.cout_m2_ht.")
    ctx = moteur.contexte_tire(dossier, tirages)
    bloc = _Blocs(moteur, ctx, demande)
    nombre = len(next(iter(ctx.tirages.values())))
    debuts = range(0, nombre, taille)
    if fils > 1 and nombre > taille:
        with ThreadPoolExecutor(fils) as executeur:
            faits = list(executeur.map(lambda d: bloc.lire(d, d + taille), debuts))
    else:
        faits = [bloc.lire(d, d + taille) for d in debuts]
    return {nom: np.concatenate([fait[nom] for fait in faits]) for nom in faits[0]}


def _en_rangees(valeur: Tableau, largeur: int) -> Tableau:
    """Figure of a block, one row a draw."""
    if valeur.ndim < 2 or valeur.shape[-1] == 1:
        return np.broadcast_to(np.ravel(valeur), (largeur,))
    return np.broadcast_to(valeur, (largeur, valeur.shape[-1]))


class _Blocs:
    """What runs a block of draws: the recorded plans when their path holds, a direct evaluation otherwise."""

    def __init__(self, moteur: Moteur, ctx: Contexte[Etude, Site], demande: Demande) -> None:
        self._ctx, self._demande = ctx, demande
        self._ouvert = self._ferme = None
        seul = replace(ctx, tirages={}, _memoire={})
        reprise, champs = self._reprise_qui_tient(moteur, seul)
        if champs is None:
            return
        fixes = reprise.ouverte.valeurs_de(seul, champs - ctx.tirages.keys())
        tel_quel = reprise.ouverte.lire(demande.tel_quel)
        bouclee = reprise.bouclee if demande.ferme else None
        if demande.ferme and bouclee is None:
            return
        boucle = None if bouclee is None else bouclee.lire(demande.boucle)
        lus = (reprise.ouverte, *([] if bouclee is None else [bouclee]))
        if any(enregistre.demande(champ) for enregistre in lus for champ in champs):
            return
        if tel_quel.grandeurs:
            self._ouvert = PlanTire(reprise.ouverte, fixes, ctx.tirages, tel_quel)
        if bouclee is not None and boucle is not None:
            self._ferme = PlanTire(bouclee, fixes, ctx.tirages, boucle)

    def _reprise_qui_tient(self, moteur: Moteur, seul: Contexte[Etude, Site]) -> tuple[Reprise, frozenset[str] | None]:
        """Record of the structure, and the inputs that differ; one of the study itself where it takes other decisions than the recorded one."""
        reprise, champs = moteur.reprise(self._ctx)
        autres = reprise.champs_de(seul)
        if champs and autres and reprise.ouverte.rejouer(seul, [BASE], reprise.ouverte.entrees(seul, autres)) is None:
            reprise = Reprise(seul, [BASE])
            champs = reprise.champs_de(self._ctx)
        return reprise, champs

    def lire(self, debut: int, fin: int) -> dict[str, Tableau]:
        """Figures of a block, shape (rows,) each."""
        tirages = {champ: v[debut:fin] for champ, v in self._ctx.tirages.items()}
        largeur = len(next(iter(tirages.values())))
        try:
            trouves = self._rejouer(tirages)
        except ErreurCalcul:
            trouves = self._evaluer(tirages)
        return {nom: _en_rangees(v, largeur) for nom, v in self._demande.lire(*trouves).items()}

    def _rejouer(self, tirages: Mapping[str, Tableau]) -> tuple[Mapping[str, Tableau], Mapping[str, Tableau]]:
        if self._ouvert is None and self._ferme is None:
            return self._evaluer(tirages)
        ouvertes = {} if self._ouvert is None else self._ouvert.lancer(tirages).sorties()
        if self._ferme is None:
            return ouvertes, {}
        ferme = self._ferme.lancer(tirages)
        stabiliser(ferme.partager(), ferme.partager)
        return ouvertes, ferme.sorties()

    def _evaluer(self, tirages: Mapping[str, Tableau]) -> tuple[dict[str, Tableau], dict[str, Tableau]]:
        ev = calculer(replace(self._ctx, tirages=tirages, _memoire={}), [BASE])
        ouvertes = {nom: g.valeur for nom, g in self._demande.tel_quel(ev).items()}
        if not self._demande.ferme:
            return ouvertes, {}
        return ouvertes, {nom: g.valeur for nom, g in self._demande.boucle(boucler(ev)).items()}
