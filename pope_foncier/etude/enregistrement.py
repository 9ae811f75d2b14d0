"""An evaluation recorded, to be replayed: its records, its ratios and key figures, and the decisions taken on a value.

A replay that finds a decision otherwise, an operation that refuses, or a line beyond any measure, is given up: the study is then evaluated
directly, which records another path or refuses in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.evaluation import Evaluation, Releve
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.partage import repartir
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import EVOLUTION, Contexte
from pope_foncier.modele.livre import hors_de_mesure
from pope_foncier.socle.constats import relever_les_constats, vaut_quelque_part
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.programme import Programme, parcourir
from pope_foncier.socle.rejeu import Moule, Rejeu, mouler

Entrees = Mapping[Grandeur, Grandeur]
"""New inputs, by the recorded ones that they stand for."""
_CHAMPS = tuple(c.name for c in fields(Evaluation) if c.name not in ("ctx", "noms", "plans"))


class Enregistrement:
    """Evaluation recorded with what is read of it: of the plan as it stands, or closed by montants that are inputs like the others."""

    def __init__(self, ctx: Contexte[Etude, Site], noms: Sequence[str]) -> None:
        with relever_les_constats() as constats:
            ev = calculer(ctx, noms)
            releve = Releve(indicateurs.calculer(ev), tuple(ratios.calculer(ev)))
            self.ev = replace(ev, releve=releve, parts=repartir(ev) if ev.est_bouclee else {})
        self._memoire = dict(ctx._memoire)
        champs = [getattr(self.ev, nom) for nom in _CHAMPS]
        moule = mouler(champs)
        assert moule is not None
        self._moule = moule
        self.programme = Programme([*_quantites(self._moule), *(c.condition for c in constats)])
        self.constats = {self.programme.rang(c.condition): c.trouve for c in constats}
        self._lignes = tuple({self.programme.rang(x.grandeur) for x in ev.livre.lignes.values()})
        self._parts = {cle: self.programme.rang(part) for cle, part in self.ev.parts.items()}
        self._pour_les_parts = frozenset([*self._parts.values(), *self.constats])

    def lit(self, champ: str) -> bool:
        """Whether an input, or an evolution path, was read, and known: the rules may choose their path by what is unknown."""
        lue = self._memoire.get(_cle(champ))
        return lue is not None and not lue.manques

    def entree(self, champ: str) -> Grandeur:
        """Recorded quantity of an input, or of an evolution path."""
        return self._memoire[_cle(champ)]

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
        cellules, valeurs = self._cellules(entrees), self.programme.valeurs()
        for rang, valeur in cellules.items():
            valeurs[rang] = valeur
        try:
            parcourir(self.programme.trajet(self.programme.bits(cellules), self._pour_les_parts), valeurs)
        except ErreurCalcul:
            return None
        if not self.tient(valeurs):
            return None
        return {cle: valeurs[rang] for cle, rang in self._parts.items()}

    def rejouer(self, ctx: Contexte[Etude, Site], noms: Sequence[str], entrees: Entrees) -> Evaluation | None:
        """Evaluation under new inputs, all that was recorded with it; None when the recorded path does not hold.

        Args:
            ctx: context of the new inputs.
            noms: names of its scenarios.
            entrees: its inputs that differ.
        """
        tracee = not ctx.tirages
        try:
            rejeu = Rejeu(self.programme, entrees, tracee)
        except ErreurCalcul:
            return None
        if not self.tient(rejeu.valeurs) or (tracee and self._demesure(rejeu.valeurs)):
            return None
        memoire = {cle: rejeu.grandeur(g) for cle, g in self._memoire.items()}
        champs = dict(zip(_CHAMPS, self._moule(rejeu.grandeur), strict=True))
        return Evaluation(ctx=replace(ctx, _memoire=memoire), noms=tuple(noms), **champs)

    def _cellules(self, entrees: Entrees) -> dict[int, Tableau]:
        return {self.programme.rang(a): b.valeur for a, b in entrees.items() if a in self.programme}

    def tient(self, valeurs: Sequence[Any]) -> bool:
        """Whether each decision is found as it was recorded."""
        return all(
            valeurs[rang] is self.programme.valeur(rang) or vaut_quelque_part(valeurs[rang]) == trouve
            for rang, trouve in self.constats.items()
        )

    def _demesure(self, valeurs: Sequence[Any]) -> bool:
        """Whether a line that moved goes beyond any measure."""
        bougees = [valeurs[rang].ravel() for rang in self._lignes if valeurs[rang] is not self.programme.valeur(rang)]
        return bool(bougees) and hors_de_mesure(np.concatenate(bougees))


def _cle(champ: str) -> tuple[str, str]:
    """How the context remembers an input."""
    debut, _, reste = champ.partition(".")
    return (EVOLUTION, reste) if debut == EVOLUTION else ("entree", champ)


def _lire(ctx: Contexte[Etude, Site], champ: str) -> Grandeur:
    debut, nom = _cle(champ)
    return ctx.evolution(nom) if debut == EVOLUTION else ctx.entree(champ)


def _quantites(moule: Moule[Any]) -> list[Grandeur]:
    """Quantities that a record holds."""
    trouvees: list[Grandeur] = []

    def noter(g: Grandeur) -> Grandeur:
        trouvees.append(g)
        return g

    moule(noter)
    return trouvees
