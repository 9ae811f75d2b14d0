"""Combinations compared: their names in words, the front, the ranking, and what is impossible, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.comparer.bouclages import lire_bouclages
from pope_foncier.decision.comparer.combinaisons import DE_L_ETUDE, TEL_QUEL, Demande, Option, combiner
from pope_foncier.decision.comparer.criteres import Classement, Criteres, classer, lire_criteres, valeurs_de
from pope_foncier.decision.comparer.front import Front, front_de
from pope_foncier.decision.comparer.mesures import Chiffres
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.socle.grandeur import Tableau

AXES = ("etude", "mode", "montage", "bouclage")
"""What an option is made of."""


@dataclass(frozen=True)
class Comparaison:
    """Options compared, and the criteria that rank them."""

    dossiers: Mapping[str, Dossier]
    options: tuple[Option, ...]
    fiches: Criteres

    @classmethod
    def de(
        cls, dossiers: Sequence[Dossier], demande: Demande, moteur: Moteur, fiches: Criteres | None = None
    ) -> Comparaison:
        """Evaluate the combinations of some studies."""
        distincts = _distinguer(dossiers)
        options = tuple(combiner(distincts, demande, moteur))
        return cls({d.nom: d for d in distincts}, options, fiches or lire_criteres())

    @cached_property
    def evaluees(self) -> tuple[Option, ...]:
        """Options that have figures; ranks of the front and of the ranking are theirs."""
        return tuple(o for o in self.options if o.chiffres is not None)

    @cached_property
    def chiffres(self) -> list[Chiffres]:
        """Figures of those options."""
        return [o.chiffres for o in self.evaluees if o.chiffres is not None]

    @cached_property
    def axes_du_front(self) -> Tableau:
        """Values on the axes of the front, shape (options, axes)."""
        return valeurs_de(self.chiffres, self.fiches.axes())

    @cached_property
    def front(self) -> Front:
        """Options that no other beats on the axes of the front."""
        return front_de(self.axes_du_front, [c.signe for c in self.fiches.axes()])

    @cached_property
    def classement(self) -> Classement:
        """Ranking by the weighted criteria."""
        return classer(valeurs_de(self.chiffres, self.fiches.criteres), self.fiches)

    @cached_property
    def impossibles(self) -> dict[tuple[str, ...], list[Option]]:
        """Options without figures, by their reasons."""
        par_raison: dict[tuple[str, ...], list[Option]] = {}
        for option in self.options:
            if option.chiffres is None:
                par_raison.setdefault(option.raisons, []).append(option)
        return par_raison

    @cached_property
    def varient(self) -> tuple[str, ...]:
        """What differs between the options: the only words that their names need."""
        lus = tuple(a for a in AXES if len({getattr(o, a) for o in self.options}) > 1)
        return lus or ("etude",)

    def nommer(self, option: Option, sauf: Sequence[str] = ()) -> str:
        """Option in words: what it differs by from the others."""
        return " / ".join(self.mot(option, axe) for axe in self.varient if axe not in sauf)

    def mot(self, option: Option, axe: str) -> str:
        """One of the four names of an option, in words."""
        nom = getattr(option, axe)
        if axe == "etude":
            return _court(self.dossiers[nom].etude.titre)
        if axe == "mode":
            return lire_passages()[nom].libelle
        if axe == "montage":
            return "Montage de l'étude" if nom == TEL_QUEL else lire_montages().montages[nom].titre
        return "Bouclage de l'étude" if nom == DE_L_ETUDE else lire_bouclages().noms()[nom]


def _court(titre: str) -> str:
    """Title of a study without what is said of it in brackets."""
    return titre.replace(" (démonstration)", "").replace(" (contrôle)", "")


def _distinguer(dossiers: Sequence[Dossier]) -> list[Dossier]:
    """Studies under names of their own: those that share one (two variants of a study) are numbered, in their order."""
    vus: Counter[str] = Counter()
    partages = {nom for nom, nombre in Counter(d.nom for d in dossiers).items() if nombre > 1}
    distincts = []
    for dossier in dossiers:
        vus[dossier.nom] += 1
        suite = f" (variante {vus[dossier.nom]})" if dossier.nom in partages else ""
        titree = dossier.etude.model_copy(update={"titre": dossier.etude.titre + suite}) if suite else dossier.etude
        distincts.append(replace(dossier, nom=dossier.nom + suite, etude=titree))
    return distincts
