"""Trials on a study: its inputs at other values, one trial a row of the same arrays, the plan closed again in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lecteur import BOUCLE, Lecture
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.rangees import Rangees
from pope_foncier.etude.scenarios import Dossier, varier
from pope_foncier.etude.tirages import tirer_par_blocs
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.refus import Inconnu

PLACES = "places"
"""Code of the places that a trial holds: read with any figure, to say why it has none."""
SANS_PLACE = "le plan n'a plus de place"
INCONNU = "inconnu"
BLOC = 64
"""Trials of a block: every input moves, so that a block holds most of the study; larger ones would fill the memory before they save time."""
_EVOLUTION = "evolution."


@dataclass(frozen=True)
class Lus:
    """Figures of some trials, by code.

    Attributes:
        chiffres: one value a trial, shape (trials,); NaN where a trial has none.
        motifs: why a trial has no value, shape (trials,); nothing where it has one.
    """

    chiffres: Mapping[str, Tableau]
    motifs: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.motifs)


class Essais:
    """Base study whose inputs take other values; of each trial, only what the wanted figures come from is computed.

    Args:
        noms: names of the figures wanted, beside the places.
        lecture: reading of the plan.
        entieres: quantities of the closed plan wanted besides, one number a trial, by name.
    """

    def __init__(
        self,
        dossier: Dossier,
        moteur: Moteur,
        noms: Sequence[str],
        lecture: Lecture = BOUCLE,
        entieres: Mapping[str, Callable[[Evaluation], Grandeur]] | None = None,
    ) -> None:
        self.dossier, self.moteur, self._lecture = dossier, moteur, lecture
        self._codes, self._entieres = tuple(dict.fromkeys((*noms, PLACES))), entieres or {}
        self.noms = (*self._codes, *self._entieres)

    def _demande(self) -> Rangees:
        return Rangees(self._codes, self._lecture, self._entieres)

    @cached_property
    def centraux(self) -> dict[str, float]:
        """Figures of the study as it is."""
        return {nom: float(v[0]) for nom, v in self.lire([{}]).chiffres.items()}

    def lire(self, essais: Sequence[Mapping[str, float]]) -> Lus:
        """Figures of trials, each given by the inputs that it moves; the others stay as the study says."""
        champs = list(dict.fromkeys(champ for essai in essais for champ in essai)) or ["realiser"]
        bases = {champ: self.valeur(champ) for champ in champs}
        return self.tirer({c: np.array([essai.get(c, bases[c]) for essai in essais]) for c in champs})

    def valeur(self, champ: str) -> float:
        """Value of an input in the study; that of the path it follows for an evolution."""
        etude = self.dossier.etude
        if champ.startswith(_EVOLUTION):
            return self.moteur.evolutions.chemins[champ.removeprefix(_EVOLUTION)].taux(etude.evolution)
        lue = lire_champ(etude, champ)
        valeur = lue.valeur if isinstance(lue, Donnee) else lue
        return float("nan") if valeur is None else float(valeur)

    def tirer(self, valeurs: Mapping[str, Tableau]) -> Lus:
        """The same for arrays by input, shape (trials,) each; a trial that the engine refuses has no figure, and says why."""
        largeur = len(next(iter(valeurs.values())))
        try:
            demande = self._demande()
            tires = tirer_par_blocs(self.moteur, self.dossier, self._en_tirages(valeurs), demande, taille=BLOC)
            lus = {nom: np.ravel(v) for nom, v in tires.items()}
        except ErreurPope as erreur:
            if largeur == 1 or isinstance(erreur, Inconnu):  # a figure that the study does not have, no trial has
                return Lus(dict.fromkeys(self.noms, np.full(largeur, np.nan)), np.full(largeur, str(erreur)))
            moitie = largeur // 2
            deux = [
                self.tirer({c: v[debut] for c, v in valeurs.items()}) for debut in (slice(moitie), slice(moitie, None))
            ]
            reunis = {nom: np.concatenate([lu.chiffres[nom] for lu in deux]) for nom in self.noms}
            return Lus(reunis, np.concatenate([lu.motifs for lu in deux]))
        return Lus(lus, self._motifs(lus))

    def _en_tirages(self, valeurs: Mapping[str, Tableau]) -> dict[str, Tableau]:
        """Draws of the engine: those of a path are added to it."""
        return {c: v - self.valeur(c) if c.startswith(_EVOLUTION) else v for c, v in valeurs.items()}

    def _motifs(self, lus: Mapping[str, Tableau]) -> NDArray[np.str_]:
        manque = np.any([np.isnan(lus[nom]) for nom in self.noms], axis=0)
        return np.where(manque, np.where(lus[PLACES] == 0, SANS_PLACE, INCONNU), "")

    def refus(self, champ: str, valeur: float) -> str:
        """Why the sheet of the study refuses a value of an input; nothing when it takes it: an array goes past what it checks."""
        if champ.startswith(_EVOLUTION):
            return ""
        donnee = lire_champ(self.dossier.etude, champ)
        lue = int(valeur) if float(valeur).is_integer() else float(valeur)
        try:
            varier(
                self.dossier, "essai", {champ: {"valeur": lue, "base": "essai"} if isinstance(donnee, Donnee) else lue}
            )
        except ErreurPope as erreur:
            return str(erreur)
        return ""
