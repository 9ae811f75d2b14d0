"""One study drawn: its figures in thousands of draws, and what they say; an outcome without a value is counted, never dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pope_foncier.decision.doute import evenements as ev
from pope_foncier.decision.doute.echantillon import echantillon
from pope_foncier.decision.doute.mesures import Probabilite, Quantile, probabilite, quantile
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, reglages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_doute import Evenement
from pope_foncier.etude.lecteur import BOUCLE, Lecture
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.rangees import Rangees
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.etude.tirages import FILS, TAILLE_BLOC, tirer_par_blocs
from pope_foncier.modele.declaration import entrees_de
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.refus import refuser

_PERDU = "·perdu."
"""Beginning of the names of what is lost when the project ends; no figure has such a name."""


@dataclass(frozen=True)
class EtudeTiree:
    """Draws of one study.

    Attributes:
        reglages: laws that were drawn, what was held, seed and method.
        tirages: values drawn by field, shape (D,), as the laws gave them; those of a path (``evolution.prix``) are its yearly rate.
        chiffres: figures by name, shape (D,); NaN where a draw has none, or where the project ends before it is done.
        entieres: figures by month or by year, shape (D, M).
        evenements: rank of the branch that happens, by event, shape (D,); 0 for none.
        perdu: what is lost where the project ends, shape (D,) [€]; NaN where it does not, or where it is unknown.
        abandonnes: draws in which the project ends before it is done.
    """

    reglages: Reglages
    tirages: Mapping[str, Tableau]
    chiffres: Mapping[str, Tableau]
    entieres: Mapping[str, Tableau]
    perdu: Tableau
    abandonnes: NDArray[np.bool_]
    evenements: Mapping[str, NDArray[np.intp]] = field(default_factory=dict)

    @property
    def nombre(self) -> int:
        """Number of draws."""
        return self.reglages.tirages

    @property
    def indefinis(self) -> dict[str, int]:
        """Draws that do the project and in which a figure has no value, by figure."""
        return {nom: int((np.isnan(v) & ~self.abandonnes).sum()) for nom, v in self.chiffres.items()}

    @property
    def abandon(self) -> Probabilite:
        """How often the project ends before it is done."""
        return probabilite(self.abandonnes, np.zeros(self.nombre, dtype=bool))

    def quantile(self, nom: str, part: float) -> Quantile:
        """Value under which a figure falls in that share of the draws that do the project, and its interval at 95 %."""
        return quantile(self.faits(nom), part)

    def probabilite(self, nom: str, seuil: float, *, sous: bool = True) -> Probabilite:
        """How often a figure falls under a threshold (or above it), among the draws that do the project, and its interval at 95 %."""
        valeurs = self.faits(nom)
        return probabilite(valeurs < seuil if sous else valeurs > seuil, np.isnan(valeurs))

    def premiers(self, nombre: int) -> EtudeTiree:
        """The first draws alone."""

        def debut(lues: Mapping[str, Any]) -> dict[str, Any]:
            return {nom: v[:nombre] for nom, v in lues.items()}

        return EtudeTiree(
            replace(self.reglages, tirages=min(nombre, self.nombre)),
            debut(self.tirages),
            debut(self.chiffres),
            debut(self.entieres),
            self.perdu[:nombre],
            self.abandonnes[:nombre],
            debut(self.evenements),
        )

    def faits(self, nom: str) -> Tableau:
        """Values of a figure in the draws that do the project, undefined ones included.

        Raises:
            Inconnu: a figure that was not drawn; the near ones are offered.
        """
        tous = {**self.chiffres, **self.entieres}
        if nom not in tous:
            raise refuser("Chiffre qui n'a pas été tiré", nom, tous)
        return tous[nom][~self.abandonnes]


def tirer_l_etude(
    dossier: Dossier,
    moteur: Moteur,
    noms: Sequence[str],
    regles: Reglages | None = None,
    lecture: Lecture = BOUCLE,
    entieres: Mapping[str, ev.Lecture] | None = None,
    taille: int = TAILLE_BLOC,
    fils: int = FILS,
) -> EtudeTiree:
    """Draw the base study of a file and read figures in each draw.

    Args:
        noms: names of the figures wanted, as ``Lecteur`` reads them.
        regles: what is drawn and how; by default, what the study says of its doubt.
        lecture: closed plan, or plan as it stands.
        entieres: quantities of the closed plan by name, kept by month or by year when they have an axis.
        taille, fils: draws of a block, threads that share the blocks; the figures depend on neither.

    Raises:
        Inconnu: a figure that the study does not have, or a correlation on what is not drawn.
        ErreurCalcul: nothing to draw, correlations that contradict each other, or a branch that the study does not admit.
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
    return lire_les_tirages(dossier, moteur, voulues, tirages, noms, lecture, entieres, taille, fils)


def lire_les_tirages(
    dossier: Dossier,
    moteur: Moteur,
    voulues: Reglages,
    valeurs: Mapping[str, Tableau],
    noms: Sequence[str],
    lecture: Lecture = BOUCLE,
    entieres: Mapping[str, ev.Lecture] | None = None,
    taille: int = TAILLE_BLOC,
    fils: int = FILS,
) -> EtudeTiree:
    """Read figures of a study in draws that are given, one array for each of its laws, shape (D,); as ``tirer_l_etude`` otherwise.

    Raises:
        Inconnu: a figure that the study does not have.
        ErreurCalcul: a branch that the study does not admit.
    """
    nombre = len(next(iter(valeurs.values())))
    tirages = dict(valeurs)
    issues = {e.id: tirages.pop(ev.cle(e)).astype(np.intp) for e in voulues.evenements}
    fins = ev.abandons(voulues.evenements)
    perdus = {f"{_PERDU}{nom}": ev.perdu(abandon) for nom, (_, _, abandon) in fins.items()}
    demande = Rangees(noms, lecture, {**(entieres or {}), **perdus})
    lues = _evaluer(dossier, moteur, tirages, voulues.evenements, issues, demande, taille, fils)
    perdu, fini = np.full(nombre, np.nan), np.zeros(nombre, dtype=bool)
    for nom, (evenement, rang, _) in reversed(fins.items()):
        ici = issues[evenement.id] == rang
        perdu, fini = np.where(ici, lues[f"{_PERDU}{nom}"], perdu), fini | ici
    faits = {nom: v for nom, v in lues.items() if not nom.startswith(_PERDU)}
    if fins:
        faits = {nom: np.where(fini if v.ndim == 1 else fini[:, None], np.nan, v) for nom, v in faits.items()}
    chiffres = {nom: v for nom, v in faits.items() if v.ndim == 1}
    suivies = {nom: v for nom, v in faits.items() if v.ndim > 1}
    return EtudeTiree(replace(voulues, tirages=nombre), tirages, chiffres, suivies, perdu, fini, issues)


def _evaluer(
    dossier: Dossier,
    moteur: Moteur,
    tirages: Mapping[str, Tableau],
    evenements: Sequence[Evenement],
    issues: Mapping[str, NDArray[np.intp]],
    demande: Rangees,
    taille: int,
    fils: int,
) -> dict[str, Tableau]:
    """Figures of all the draws, each on the study that its branches make."""
    if not evenements:
        return tirer_par_blocs(moteur, dossier, en_ecarts(tirages, dossier.etude, moteur), demande, taille, fils)
    if not tirages:
        raise ErreurCalcul(
            "Seuls les événements seraient tirés : garder au moins une entrée en doute, par exemple travaux.cout_m2_ht."
        )
    ev.exiger_de_tenir(dossier, evenements)
    lues: dict[str, Tableau] = {}
    for groupe in ev.grouper(dossier, evenements, issues):
        etude = groupe.dossier.etude
        ici = {champ: v[groupe.lignes] for champ, v in tirages.items()}
        poses = ev.poser(etude, ici, evenements, {e: r[groupe.lignes] for e, r in issues.items()})
        reprise, _ = moteur.reprise(moteur.contexte(groupe.dossier))
        voulus = en_ecarts({c: v for c, v in poses.items() if _lit(reprise, c)}, etude, moteur)
        for nom, v in tirer_par_blocs(moteur, groupe.dossier, voulus, demande, taille, fils).items():
            place = lues.setdefault(nom, np.full((len(next(iter(tirages.values()))), *v.shape[1:]), np.nan))
            place[groupe.lignes] = v
    return lues


def lus(dossier: Dossier, moteur: Moteur, voulues: Reglages) -> Reglages:
    """The same settings without the laws of what the computation does not read, which would change nothing."""
    reprise, _ = moteur.reprise(moteur.contexte(dossier))
    des_evenements = {ev.cle(e) for e in voulues.evenements}
    lois = {champ: loi for champ, loi in voulues.lois.items() if champ in des_evenements or _lit(reprise, champ)}
    return replace(voulues, lois=lois, par_defaut=voulues.par_defaut & lois.keys())


def _lit(reprise: Reprise, champ: str) -> bool:
    return reprise.ouverte.lit(champ) or (reprise.bouclee is not None and reprise.bouclee.lit(champ))


def rangs(etude: Etude, moteur: Moteur) -> dict[str, int]:
    """Rank of all that a study may draw, drawn or not: evolution paths, its inputs in the order of the sheet, then its events."""
    tous = [*(f"{EVOLUTION}{nom}" for nom in moteur.evolutions.chemins), *entrees_de(etude)]
    tous += [ev.cle(e) for e in etude.doute.evenements] if etude.doute else []
    return {champ: rang for rang, champ in enumerate(tous)}


def en_ecarts(tirages: Mapping[str, Tableau], etude: Etude, moteur: Moteur) -> dict[str, Tableau]:
    """Draws as the engine takes them: those of a path are added to the rate that the study reads."""
    return {
        champ: v - moteur.evolutions.chemins[champ.removeprefix(EVOLUTION)].taux(etude.evolution)
        if champ.startswith(EVOLUTION)
        else v
        for champ, v in tirages.items()
    }
