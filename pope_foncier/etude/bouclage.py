"""Closing of a plan: calls the closers in order until resources equal uses, interest and bridge included.

What a closer brings changes the uses (interest during the works, bridge, opening losses), so the plan is computed again with
the amounts found, until they no longer move: a fixed point, all scenarios or draws at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from pope_foncier.etude.boucleurs import champ
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.enregistrement import Enregistrement, Entrees
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.partage import repartir
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.entrees_communes import EntreesCommunes
from pope_foncier.modele.fiche_bouclage import A_TROUVER, Boucleur
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.phrases import Origine

_TOURS = 250
_AVANT_D_ENREGISTRER = 4
"""Plans computed before one is recorded: to record costs about two of them."""
_STABLE = 0.001
"""Change of an amount under which it is settled [€]."""
_NUL = 1e-9
"""Change of an amount under which there is none [€]."""
RESTE_INCONNU = "reste à financer"
"""What an amount lacks when the gap of the plan is unknown."""


@enregistrement
class ApportDeBouclage:
    """What one closer brings, shape (…, 1) [€]."""

    boucleur: Boucleur
    montant: Grandeur

    @property
    def est_a_trouver(self) -> bool:
        """Whether nobody was named: a working reading."""
        return self.boucleur.est_a_trouver


def apports_de_bouclage(ev: Evaluation) -> list[ApportDeBouclage]:
    """What each closer brings, in order; nothing on the plan as it stands."""
    return [ApportDeBouclage(b, ev.ctx.bouclage[b.id]) for b in ev.ctx.boucleurs if b.id in ev.ctx.bouclage]


def boucler(ouverte: Evaluation, elan: bool = False) -> Evaluation:
    """Close the plan of an evaluation with the closers of its study.

    Args:
        ouverte: evaluation of the plan as it stands.
        elan: whether the rounds run ahead (``stabiliser``), for many plans whose amounts need not be those of a round by round search
            below what settles one.

    Raises:
        ErreurCalcul: the amounts do not settle; names the closer that moves most and by how much.
    """
    plans = ouverte.plans
    if plans is None or plans.ctx is not ouverte.ctx:
        plans = Plans(ouverte.ctx, ouverte.noms)
    parts: Mapping[str, Tableau] = {cle: part.valeur for cle, part in repartir(ouverte).items()}
    return plans.evaluation(stabiliser(parts, plans.parts, elan))


def boucler_de_pres(ouverte: Evaluation, stable: float = _STABLE) -> tuple[Evaluation, int]:
    """Close a plan as far as numbers go, and how many rounds settle its amounts: for what computes the same closing apart.

    Args:
        ouverte: evaluation of the plan as it stands.
        stable: change of an amount under which it is settled [€].
    """
    plans = Plans(ouverte.ctx, ouverte.noms)
    montants: Mapping[str, Tableau] = {cle: np.atleast_2d(p.valeur) for cle, p in repartir(ouverte).items()}
    tours = 0
    for tour in range(1, _TOURS):
        suivants = {cle: np.atleast_2d(part) for cle, part in plans.parts(montants).items()}
        ecart = max([_ecart(suivants[cle], montants[cle]) for cle in montants], default=0.0)
        montants = suivants
        tours = tour if ecart > stable else tours
        if ecart <= _NUL:
            break
    return plans.evaluation(montants), tours


def stabiliser(
    parts: Mapping[str, Tableau],
    partager: Callable[[Mapping[str, Tableau]], Mapping[str, Tableau]],
    elan: bool = False,
) -> Mapping[str, Tableau]:
    """Amounts of the closers that the gap gives back, shape (…, 1) each [€]: the fixed point of ``partager`` from what the plan lacks.

    Args:
        elan: whether every other round takes the limit of a geometric sequence (Aitken): where amounts act in proportion, three plans
            do in place of eight. The same test says when they are settled.

    Raises:
        ErreurCalcul: the amounts do not settle; names the closer that moves most and by how much.
    """
    avant = montants = {cle: np.zeros((1, 1)) for cle in parts}
    for tour in range(_TOURS):
        ecarts = {cle: _ecart(parts[cle], montants[cle]) for cle in parts}
        if tour and max(ecarts.values()) <= _STABLE:
            return montants
        suivants = {cle: np.atleast_2d(part) for cle, part in parts.items()}
        if elan and tour % 2:
            suivants = {cle: _limite(avant[cle], montants[cle], suivants[cle]) for cle in parts}
        avant, montants = montants, suivants
        parts = partager(montants)
    pire = max(ecarts, key=lambda cle: ecarts[cle])
    raise ErreurCalcul(
        f"Le bouclage ne se stabilise pas : « {pire} » bouge encore de {euros(ecarts[pire], 2)} après {_TOURS} essais. "
        "Fixer son montant (« montant »), ou lui donner un plafond."
    )


def _limite(un: Tableau, deux: Tableau, trois: Tableau) -> Tableau:
    """Limit of a geometric sequence from three of its terms; the third one where it is none, or where it would go below zero."""
    pas, suivant = deux - un, trois - deux
    with np.errstate(divide="ignore", invalid="ignore"):
        limite = trois - suivant * suivant / (suivant - pas)
        sure = (np.abs(suivant) < 0.9 * np.abs(pas)) & (limite >= 0.0)
    return np.where(sure, limite, trois)


class Plans:
    """Closed plans of one study: computed, or replayed from one that was recorded.

    Args:
        ctx: context of the plan as it stands.
        noms: names of its scenarios.
        amorcer: closed plan already recorded for a study of the same structure, and the inputs of this one that differ.
    """

    def __init__(
        self,
        ctx: Contexte[Etude, Site],
        noms: Sequence[str],
        amorcer: Callable[[], tuple[Enregistrement, Entrees] | None] = lambda: None,
    ) -> None:
        self.ctx, self._noms, self._amorcer = ctx, noms, amorcer
        tires = bool(ctx.tirages) and ctx.communes is not None
        communes = EntreesCommunes(ctx.variantes, ctx.site, ctx.tirages) if tires else ctx.communes
        self._a_fermer = replace(ctx, communes=communes)
        self.enregistre: Enregistrement | None = None
        self._entrees: Entrees = {}
        self._directs = 0
        self._calcules: tuple[Mapping[str, Tableau], Evaluation] | None = None

    def parts(self, montants: Mapping[str, Tableau]) -> Mapping[str, Tableau]:
        """What the gap gives to each closer under some amounts, shape (…, 1) [€]."""
        if self.enregistre is None and (amorce := self._amorcer()) is not None:
            self.enregistre, self._entrees = amorce
        if self.enregistre is not None and self.enregistre.trace.programme.complet:
            rejouees = self.enregistre.parts({**self._entrees, **self._montants(self.enregistre, montants)})
            if rejouees is not None:
                return rejouees
        return {cle: part.valeur for cle, part in self._calculer(montants).parts.items()}

    def evaluation(self, montants: Mapping[str, Tableau]) -> Evaluation:
        """Whole evaluation of the plan under some amounts."""
        if self._calcules is not None and self._calcules[0] is montants:
            return self._calcules[1]
        ctx = replace(self._a_fermer, bouclage=en_grandeurs(self.ctx, montants))
        if self.enregistre is not None and self.enregistre.trace.programme.complet and self._connait(ctx.bouclage):
            rejouee = self.enregistre.rejouer(
                ctx, self._noms, {**self._entrees, **self.enregistre.montants(ctx.bouclage)}
            )
            if rejouee is not None:
                return rejouee
        return self._calculer(montants)

    def _connait(self, montants: Mapping[str, Grandeur]) -> bool:
        """Whether the recorded plan knows those amounts that are known, and those alone: what a figure lacks is recorded with it."""
        assert self.enregistre is not None
        return all(self.enregistre.ev.ctx.bouclage[cle].manques == g.manques for cle, g in montants.items())

    def _montants(self, enregistre: Enregistrement, montants: Mapping[str, Tableau]) -> dict[Grandeur, Grandeur]:
        return enregistre.montants(en_grandeurs(self.ctx, montants))

    def _calculer(self, montants: Mapping[str, Tableau]) -> Evaluation:
        """Compute the plan; record it once it has been asked for often enough, unless it holds draws, which keep no operands."""
        ctx = replace(self._a_fermer, bouclage=en_grandeurs(self.ctx, montants))
        self._amorcer, self.enregistre, self._entrees = (lambda: None), None, {}
        self._directs += 1
        if ctx.tirages or self._directs < _AVANT_D_ENREGISTRER:
            ev = calculer(ctx, self._noms)
            ev = replace(ev, parts=repartir(ev))
        else:
            self.enregistre = Enregistrement(ctx, self._noms)
            ev = self.enregistre.ev
        self._calcules = (montants, ev)
        return ev


def en_grandeurs(ctx: Contexte, montants: Mapping[str, Tableau]) -> dict[str, Grandeur]:
    """Amounts as inputs of the plan: an assumption that the closing computes."""
    boucleurs = {b.id: b for b in ctx.boucleurs}
    return {cle: _grandeur(ctx, boucleurs[cle], valeur) for cle, valeur in montants.items()}


def _grandeur(ctx: Contexte, boucleur: Boucleur, valeur: Tableau) -> Grandeur:
    """Amount of one closer, as an input of the study."""
    mention = "hypothèse de bouclage : ce qui manque au plan quand vient son tour"
    aupres = "" if boucleur.nom_apporteur == A_TROUVER else boucleur.nom_apporteur
    origine = Origine("hypothese", champ(ctx, boucleur), mention, "hypothese", a_obtenir_de=aupres)
    manques = frozenset({RESTE_INCONNU}) if np.isnan(valeur).any() else frozenset()
    return Grandeur(valeur, boucleur.libelle, "€", [origine], tracee=not ctx.tirages, manques=manques)


def _ecart(nouveau: Tableau, ancien: Tableau) -> float:
    """Largest change of an amount; unknown on both sides is no change."""
    ecart = np.abs(nouveau - ancien)
    plus_grand = float(np.maximum.reduce(ecart, axis=None))
    if not isnan(plus_grand):
        return plus_grand
    return float(np.where(np.isnan(nouveau) & np.isnan(ancien), 0.0, np.where(np.isnan(ecart), np.inf, ecart)).max())
