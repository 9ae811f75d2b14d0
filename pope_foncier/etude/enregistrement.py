"""An evaluation recorded, to be replayed: its records, its ratios and key figures, and the decisions taken on a value.

A replay that finds a decision otherwise, an operation that refuses, or a line beyond any measure, is given up: the study is then evaluated
directly, which records another path or refuses in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.evaluation import Evaluation, Releve
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.partage import repartir
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import EVOLUTION, Contexte
from pope_foncier.modele.livre import hors_de_mesure
from pope_foncier.socle.aiguillages import Aiguillage, relever_les_aiguillages, vaut_quelque_part
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.programme import Programme
from pope_foncier.socle.rejeu import Rejeu, mouler

Entrees = Mapping[Grandeur, Grandeur]
"""New inputs, by the recorded ones that they stand for."""
_CHAMPS = tuple(c.name for c in fields(Evaluation) if c.name not in ("ctx", "noms", "plans"))


class Trace:
    """Graph of an evaluation, made when it is first replayed: its operations, and how its records are made again."""

    def __init__(self, ev: Evaluation, aiguillages: Sequence[Aiguillage]) -> None:
        with relever_les_aiguillages() as autres:
            releve = Releve(indicateurs.calculer(ev), tuple(ratios.calculer(ev)))
        tous = [*aiguillages, *autres]
        champs: list[Any] = [releve if nom == "releve" else getattr(ev, nom) for nom in _CHAMPS]
        self.programme = Programme(c.condition for c in tous)
        moule = mouler(champs, self.programme)
        assert moule is not None
        rang = self.programme.rang
        self.moule = moule
        self.lus = [(cle, g, self.programme.cite(g)) for cle, g in ev.ctx._memoire.items() if g in self.programme]
        self.aiguillages = {rang(c.condition): c.trouve for c in tous}
        self.lignes = tuple({rang(x.grandeur) for x in ev.livre.lignes.values()})
        self.parts = {cle: rang(part) for cle, part in ev.parts.items()}
        self.pour_les_parts = frozenset([*self.parts.values(), *self.aiguillages])
        self.lues = moule.cellules.union(self.aiguillages, (rang(g) for _, g, _ in self.lus))
        self._lus_qui_bougent: dict[int, list[tuple[tuple[str, ...], Grandeur, int]]] = {}

    def lus_qui_bougent(self, touches: int) -> list[tuple[tuple[str, ...], Grandeur, int]]:
        """What the context remembers that moves when some inputs do: its key, its quantity, its cell."""
        if touches not in self._lus_qui_bougent:
            bougent = [(cle, g, self.programme.rang(g)) for cle, g, depend in self.lus if depend & touches]
            self._lus_qui_bougent[touches] = bougent
        return self._lus_qui_bougent[touches]


class Lues(NamedTuple):
    """Figures read of a recorded evaluation, and the decisions that they come from."""

    grandeurs: Mapping[str, Grandeur]
    aiguillages: Sequence[Aiguillage]


class Enregistrement:
    """Evaluation recorded with what is read of it: of the plan as it stands, or closed by amounts that are inputs like the others."""

    def __init__(self, ctx: Contexte[Etude, Site], noms: Sequence[str]) -> None:
        with relever_les_aiguillages() as aiguillages:
            ev = calculer(ctx, noms)
            self.ev = replace(ev, parts=repartir(ev)) if ev.est_bouclee else ev
        self._aiguillages = aiguillages
        self._lues = dict(ev.ctx._memoire)

    @cached_property
    def trace(self) -> Trace:
        """Its graph, ratios and key figures included."""
        return Trace(self.ev, self._aiguillages)

    def lire(self, lecture: Callable[[Evaluation], Mapping[str, Grandeur]]) -> Lues:
        """Figures of it, and all the decisions that they come from."""
        with relever_les_aiguillages() as autres:
            lues = lecture(self.ev)
        return Lues(lues, (*self._aiguillages, *autres))

    @cached_property
    def _memoire(self) -> dict[tuple[str, ...], Grandeur]:
        """Inputs that it read, those of its ratios included."""
        _ = self.trace
        return dict(self.ev.ctx._memoire)

    @cached_property
    def _cles(self) -> dict[Grandeur, tuple[str, ...]]:
        """How the context remembers each."""
        return {g: cle for cle, g in self._memoire.items()}

    def lit(self, champ: str) -> bool:
        """Whether an input, or an evolution path, was read, and known: the rules may choose their path by what is unknown."""
        cle = _cle(champ)
        lue = self._lues.get(cle) or self._memoire.get(cle)
        return lue is not None and not lue.manques

    def demande(self, champ: str) -> bool:
        """Whether an input that the recorded path did not read has been asked for since, by what is read of it."""
        return _cle(champ) in self.ev.ctx._memoire and not self.lit(champ)

    def entree(self, champ: str) -> Grandeur:
        """Recorded quantity of an input, or of an evolution path, that it or its ratios read."""
        cle = _cle(champ)
        return self._lues.get(cle) or self._memoire[cle]

    def tirer(self, champ: str, tirages: Tableau) -> Tableau:
        """Values of an input drawn, shape (D, 1); draws of a path are added to its rate."""
        en_rangees = tirages.reshape(-1, 1)
        return en_rangees + self.entree(champ).valeur if _cle(champ)[0] == EVOLUTION else en_rangees

    def entrees(self, ctx: Contexte[Etude, Site], champs: Iterable[str]) -> dict[Grandeur, Grandeur]:
        """Inputs of another context for those fields that were read."""
        lus = [champ for champ in champs if self.lit(champ)]
        return {self._memoire[_cle(champ)]: _lire(ctx, champ) for champ in lus}

    def valeurs_de(self, ctx: Contexte[Etude, Site], champs: Iterable[str]) -> dict[str, Tableau]:
        """Values of some inputs in another context."""
        return {champ: _lire(ctx, champ).valeur for champ in champs}

    def montants(self, montants: Mapping[str, Grandeur]) -> dict[Grandeur, Grandeur]:
        """Amounts of the closers, as inputs of the closed plan."""
        return {self.ev.ctx.bouclage[cle]: montant for cle, montant in montants.items()}

    def parts(self, entrees: Entrees) -> dict[str, Tableau] | None:
        """What the gap gives to each closer under new inputs; None when the recorded path does not hold."""
        try:
            valeurs = self.trace.programme.tirer(self._cellules(entrees), self.trace.pour_les_parts)
        except ErreurCalcul:
            return None
        if not tient(self.trace.programme, self.trace.aiguillages, valeurs):
            return None
        return {cle: valeurs[rang] for cle, rang in self.trace.parts.items()}

    def rejouer(self, ctx: Contexte[Etude, Site], noms: Sequence[str], entrees: Entrees) -> Evaluation | None:
        """Evaluation under new inputs, all that was recorded with it; None when the recorded path does not hold.

        Args:
            ctx: context of the new inputs.
            noms: names of its scenarios.
            entrees: its inputs that differ.
        """
        try:
            rejeu = Rejeu(self.trace.programme, entrees, self.trace.lues if ctx.tirages else None)
        except ErreurCalcul:
            return None
        tenu = tient(self.trace.programme, self.trace.aiguillages, rejeu.valeurs)
        if not tenu or (not ctx.tirages and self._demesure(rejeu.valeurs)):
            return None
        memoire = {**self._memoire, **{self._cles[a]: b for a, b in entrees.items() if a in self._cles}}
        memoire |= {cle: rejeu.bougee(g, rang) for cle, g, rang in self.trace.lus_qui_bougent(rejeu.touches)}
        champs = dict(zip(_CHAMPS, self.trace.moule.refaire(rejeu), strict=True))
        fiches = {aide.id: aide for aide in ctx.etude.aides}
        champs["subventions"] = tuple(
            s if fiches.get(s.aide.id, s.aide) is s.aide else replace(s, aide=fiches[s.aide.id])
            for s in champs["subventions"]
        )
        return Evaluation(ctx=replace(ctx, _memoire=memoire), noms=tuple(noms), **champs)

    def _cellules(self, entrees: Entrees) -> dict[int, Tableau]:
        return {self.trace.programme.rang(a): b.valeur for a, b in entrees.items() if a in self.trace.programme}

    def _demesure(self, valeurs: Sequence[Any]) -> bool:
        """Whether a line that moved goes beyond any measure."""
        bougees = [
            valeurs[rang].ravel()
            for rang in self.trace.lignes
            if valeurs[rang] is not self.trace.programme.valeur(rang)
        ]
        return bool(bougees) and hors_de_mesure(np.concatenate(bougees))


def tient(programme: Programme, aiguillages: Mapping[int, bool], valeurs: Sequence[Any]) -> bool:
    """Whether each decision, by its cell, is found as it was recorded."""
    return all(
        valeurs[rang] is programme.valeur(rang) or vaut_quelque_part(valeurs[rang]) == trouve
        for rang, trouve in aiguillages.items()
    )


def _cle(champ: str) -> tuple[str, str]:
    """How the context remembers an input."""
    debut, _, reste = champ.partition(".")
    return (EVOLUTION, reste) if debut == EVOLUTION else ("entree", champ)


def _lire(ctx: Contexte[Etude, Site], champ: str) -> Grandeur:
    debut, nom = _cle(champ)
    return ctx.evolution(nom) if debut == EVOLUTION else ctx.entree(champ)
