"""What to know first for a decision: worth of each unknown beside the study that would settle it, regret of each option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.sensibilite.decisions import CE_QUI_RESTE, CONTRIBUTION, RIEN, Choix, Valeurs, evaluer
from pope_foncier.decision.sensibilite.entrees import Entree
from pope_foncier.decision.sensibilite.etudes_a_commander import EtudeACommander, lire_etudes_a_commander
from pope_foncier.decision.sensibilite.information import (
    Regret,
    Valeur,
    regrets,
    valeur_de_savoir,
    valeur_de_tout_savoir,
)
from pope_foncier.etude.moteur import Moteur
from pope_foncier.socle.grandeur import Tableau


@dataclass(frozen=True, slots=True)
class Inconnue:
    """Input that is not known, and what knowing it would be worth for the decision.

    Attributes:
        site: site that it belongs to, when sites are compared.
        vaut: worth of knowing it alone [€ of present value].
        etude: study that would settle it; None when nothing tells it beforehand.
    """

    cle: str
    entree: Entree
    site: str
    vaut: Valeur
    etude: EtudeACommander | None


@dataclass(frozen=True, slots=True)
class Commande:
    """Study to order, and what knowing all that it settles would be worth: no more than the study could be."""

    etude: EtudeACommander
    site: str
    entrees: tuple[Entree, ...]
    vaut: Valeur

    @property
    def vaut_son_prix(self) -> bool:
        """Whether what it may bring is measurable and above the middle of its price."""
        return self.vaut.est_mesurable and self.vaut.valeur > sum(self.etude.cout) / 2.0


@dataclass(frozen=True)
class Savoir:
    """What a decision hangs on.

    Attributes:
        tout: worth of knowing everything: no study is worth more.
        inconnues: unknowns alone, those worth most first.
        commandes: studies to order, those worth most first.
        regrets: regret of each option, by name.
    """

    choix: Choix
    lues: Valeurs
    tout: Valeur
    inconnues: tuple[Inconnue, ...]
    commandes: tuple[Commande, ...]
    regrets: dict[str, Regret]

    @property
    def retenue(self) -> str:
        """Option worth most on average: the one to choose without knowing more; doing nothing when nothing is worth more."""
        rangees = sorted(self.regrets, key=lambda nom: nom != RIEN)
        return max(rangees, key=lambda nom: self.regrets[nom].moyenne)

    @property
    def qui_comptent(self) -> tuple[Inconnue, ...]:
        """Unknowns whose worth stands out of the chance of the draws."""
        return tuple(x for x in self.inconnues if x.vaut.est_mesurable)

    @property
    def tirages(self) -> int:
        """Draws that compare the options."""
        return int(self.lues.valeurs.shape[1])

    @property
    def plafond_qui_bascule(self) -> float:
        """Ceiling by place and year from which building is worth as much as doing nothing [€/place/year]; NaN when several options are compared, or none closes."""
        if len(self.choix.options) > 1 or self.choix.lit == CE_QUI_RESTE or np.isnan(self.choix.seuil):
            return float("nan")
        faits = ~np.isnan(self.lues.couts[0])
        if self.choix.lit == CONTRIBUTION:
            faits &= ~self.lues.ouverts[0]
        ouvertes = self.lues.places_annees[0][faits]
        return float((self.lues.couts[0][faits] * ouvertes).sum() / ouvertes.sum()) if faits.any() else float("nan")

    @property
    def non_boucles(self) -> dict[str, int]:
        """Draws that leave something to find, by option."""
        return {o.nom: int(x.sum()) for o, x in zip(self.choix.options, self.lues.ouverts, strict=True)}

    @property
    def jamais_boucle(self) -> bool:
        """Whether every draw that has figures leaves something to find, so that a contribution decides of nothing."""
        return self.choix.lit == CONTRIBUTION and not (~np.isnan(self.lues.couts) & ~self.lues.ouverts).any()


def savoir(choix: Choix, moteur: Moteur, tirages: int | None = None) -> Savoir:
    """Worth of knowing each unknown before a decision, in present value.

    Args:
        tirages: number of draws; that of the data folder by default.

    Raises:
        ErreurCalcul: nothing to choose between, or nothing in doubt.
    """
    lues = evaluer(choix, moteur, tirages)
    inconnues = [_inconnue(lues, cle) for cle in lues.tirages]
    return Savoir(
        choix,
        lues,
        valeur_de_tout_savoir(lues.valeurs),
        tuple(sorted(inconnues, key=lambda x: -x.vaut.valeur)),
        _commandes(lues, inconnues),
        dict(zip(lues.noms, regrets(lues.valeurs), strict=True)),
    )


def _inconnue(lues: Valeurs, cle: str) -> Inconnue:
    site, _, champ = cle.rpartition("/")
    vaut = valeur_de_savoir(lues.valeurs, [lues.tirages[cle]])
    return Inconnue(cle, lues.entrees[cle], site, vaut, lire_etudes_a_commander().pour(champ))


def _commandes(lues: Valeurs, inconnues: Sequence[Inconnue]) -> tuple[Commande, ...]:
    """One order a study and a site."""
    groupes: dict[tuple[str, str], list[Inconnue]] = {}
    for x in inconnues:
        if x.etude is not None:
            groupes.setdefault((x.etude.id, x.site), []).append(x)
    commandes = []
    for (_, site), siennes in groupes.items():
        etude, connues = siennes[0].etude, [lues.tirages[x.cle] for x in siennes]
        assert etude is not None
        vaut = _ensemble(lues.valeurs, connues, siennes)
        commandes.append(Commande(etude, site, tuple(x.entree for x in siennes), vaut))
    return tuple(sorted(commandes, key=lambda c: -c.vaut.valeur))


def _ensemble(valeurs: Tableau, connues: Sequence[Tableau], siennes: Sequence[Inconnue]) -> Valeur:
    """Worth of several unknowns together: never less than that of one of them."""
    ensemble = valeur_de_savoir(valeurs, connues) if len(connues) > 1 else siennes[0].vaut
    return max((ensemble, *(x.vaut for x in siennes)), key=lambda v: v.valeur)
