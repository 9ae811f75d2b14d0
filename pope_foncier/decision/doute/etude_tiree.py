"""One study drawn: its figures in thousands of draws, and what they say; an outcome without a value is counted, never dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.doute.echantillon import echantillon
from pope_foncier.decision.doute.mesures import Probabilite, Quantile, probabilite, quantile
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, reglages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.lecteur import BOUCLE, Lecture
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.rangees import Rangees
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.etude.tirages import tirer_par_blocs
from pope_foncier.modele.declaration import entrees_de
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.refus import refuser


@dataclass(frozen=True)
class EtudeTiree:
    """Draws of one study.

    Attributes:
        reglages: laws that were drawn, what was held, seed and method.
        tirages: values drawn by field, shape (D,); those of a path (``evolution.prix``) are its yearly rate.
        chiffres: figures by name, shape (D,); NaN where a draw has none.
    """

    reglages: Reglages
    tirages: Mapping[str, Tableau]
    chiffres: Mapping[str, Tableau]

    @property
    def nombre(self) -> int:
        """Number of draws."""
        return self.reglages.tirages

    @property
    def indefinis(self) -> dict[str, int]:
        """Draws in which a figure has no value, by figure."""
        return {nom: int(np.isnan(v).sum()) for nom, v in self.chiffres.items()}

    def quantile(self, nom: str, part: float) -> Quantile:
        """Value under which a figure falls in that share of the draws, and its interval at 95 %."""
        return quantile(self._chiffre(nom), part)

    def probabilite(self, nom: str, seuil: float, *, sous: bool = True) -> Probabilite:
        """How often a figure falls under a threshold (or above it), and its interval at 95 %."""
        valeurs = self._chiffre(nom)
        return probabilite(valeurs < seuil if sous else valeurs > seuil, np.isnan(valeurs))

    def _chiffre(self, nom: str) -> Tableau:
        if nom not in self.chiffres:
            raise refuser("Chiffre qui n'a pas été tiré", nom, self.chiffres)
        return self.chiffres[nom]


def tirer_l_etude(
    dossier: Dossier,
    moteur: Moteur,
    noms: Sequence[str],
    regles: Reglages | None = None,
    lecture: Lecture = BOUCLE,
) -> EtudeTiree:
    """Draw the base study of a file and read figures in each draw.

    Args:
        noms: names of the figures wanted, as ``Lecteur`` reads them.
        regles: what is drawn and how; by default, what the study says of its doubt.
        lecture: closed plan, or plan as it stands.

    Raises:
        Inconnu: a figure that the study does not have, or a correlation on what is not drawn.
        ErreurCalcul: nothing to draw, or correlations that contradict each other.
    """
    etude = dossier.etude
    voulues = lus(dossier, moteur, regles or reglages(etude, moteur))
    if not voulues.lois:
        raise ErreurCalcul(
            "Rien à tirer : l'étude ne donne ni loi ni intervalle. Ajouter « intervalle » ou « loi » à une entrée."
        )
    tirages = echantillon(
        voulues.lois, voulues.tirages, voulues.graine, voulues.methode, voulues.correlations, rangs(etude, moteur)
    )
    chiffres = tirer_par_blocs(moteur, dossier, en_ecarts(tirages, etude, moteur), Rangees(noms, lecture))
    return EtudeTiree(voulues, tirages, chiffres)


def lus(dossier: Dossier, moteur: Moteur, voulues: Reglages) -> Reglages:
    """The same settings without the default laws of what the computation does not read; a declared law stays, and is refused if nothing reads it.

    Raises:
        ErreurCalcul: a law declared on a field that the study does not read.
    """
    reprise, _ = moteur.reprise(moteur.contexte(dossier))
    lois = {champ: loi for champ, loi in voulues.lois.items() if _lit(reprise, champ)}
    return replace(voulues, lois=lois, par_defaut=voulues.par_defaut & lois.keys())


def _lit(reprise: Reprise, champ: str) -> bool:
    return reprise.ouverte.lit(champ) or (reprise.bouclee is not None and reprise.bouclee.lit(champ))


def rangs(etude: Etude, moteur: Moteur) -> dict[str, int]:
    """Rank of all that a study may draw, drawn or not: evolution paths, then its inputs in the order of the sheet."""
    tous = [*(f"{EVOLUTION}{nom}" for nom in moteur.evolutions.chemins), *entrees_de(etude)]
    return {champ: rang for rang, champ in enumerate(tous)}


def en_ecarts(tirages: Mapping[str, Tableau], etude: Etude, moteur: Moteur) -> dict[str, Tableau]:
    """Draws as the engine takes them: those of a path are added to the rate that the study reads."""
    return {
        champ: v - moteur.evolutions.chemins[champ.removeprefix(EVOLUTION)].taux(etude.evolution)
        if champ.startswith(EVOLUTION)
        else v
        for champ, v in tirages.items()
    }
