"""Goal seek: the values of an input that bring a figure to a target, on the closed plan or on the plan as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pope_foncier.decision.choisir.exploration import Exploration, Trou, explorer
from pope_foncier.decision.choisir.plage_cherchee import PlageCherchee, plage_cherchee
from pope_foncier.decision.commune.accords import actualisation_de
from pope_foncier.decision.commune.cout import tout_compris
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lecteur import BOUCLE, Lecteur, Lecture, verifier_lecture
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.rangees import Rangees
from pope_foncier.etude.sans_place import raison_sans_place, sans_place
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.etude.tirages import TAILLE_BLOC, tirer_par_blocs
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau

_POINTS = 512
"""Points of the first grid: two blocks of draws."""
_AU_CENTIME = 0.005
"""Half a cent: two amounts nearer than that are the same."""
_PRES = 1e-9
"""The same for a ratio or a number."""
COUT_ACTUALISE, COUT_PAR_PLACE = "cout_commune", "cout_commune_par_place"
_COUTS = {
    COUT_ACTUALISE: ("Coût actualisé de la commune, tout ce qui est à trouver compris", "€"),
    COUT_PAR_PLACE: (
        "Coût de la commune par place et par an d'ouverture, tout ce qui est à trouver compris, trésorerie et capital aussi",
        "€/place/an",
    ),
}
"""Figures of the commune beside those of the study: label and unit by code, on the closed plan."""
_PEU = 8
"""Values under which a refused block is said refused as a whole."""


@dataclass(frozen=True, slots=True)
class Chiffre:
    """Figure sought: full code, French label, unit."""

    code: str
    libelle: str
    unite: str

    @property
    def tolerance(self) -> float:
        """Difference under which two of its values are the same."""
        return _AU_CENTIME if "€" in self.unite else _PRES


@dataclass(frozen=True, slots=True)
class But:
    """What brings a figure to a target along one input.

    Attributes:
        plage: input, range sought and where it comes from.
        raisons: why there is no figure, for each stretch without one.
    """

    plage: PlageCherchee
    chiffre: Chiffre
    cible: float
    lecture: Lecture
    trouve: Exploration
    raisons: tuple[str, ...]

    @property
    def aux_bouts(self) -> tuple[float, float]:
        """Figure at the two ends of the range; NaN where there is none."""
        return float(self.trouve.chiffres[0]), float(self.trouve.chiffres[-1])

    @property
    def etendue(self) -> tuple[float, float]:
        """Lowest and highest figure met; NaN when there is none."""
        lus = self.trouve.chiffres[~np.isnan(self.trouve.chiffres)]
        return (float(lus.min()), float(lus.max())) if len(lus) else (float("nan"), float("nan"))

    @property
    def toujours_pareil(self) -> bool:
        """Whether the figure is the same all along the range."""
        bas, haut = self.etendue
        return haut - bas <= self.chiffre.tolerance


def viser(
    moteur: Moteur,
    dossier: Dossier,
    champ: str,
    chiffre: str,
    cible: float,
    entre: tuple[float, float] | None = None,
    lecture: str = BOUCLE,
    en_entier: bool = False,
) -> But:
    """Values of an input of the base study of a file that bring a figure to a target.

    Args:
        champ: path of a number of the study, or ``evolution.<path>``.
        chiffre: code of a figure, as ``Lecteur`` knows them, or one of those of the commune (``cout_commune``, ``cout_commune_par_place``).
        entre: range sought; by default the interval of the study, else the bounds that its sheet admits.
        en_entier: whether those bounds are sought in place of the interval.

    Raises:
        ErreurCalcul: a field that is no number of the study, or a range or a target that is none.
        Inconnu: no such figure.
        ErreurDonnees: an end of the given range that the study refuses.
    """
    if not np.isfinite(cible):
        raise ErreurCalcul(f"Cible : un nombre est attendu ; trouvé : « {cible} ».")
    ligne = Ligne(moteur, dossier, plage_cherchee(moteur, dossier, champ, entre, en_entier), verifier_lecture(lecture))
    lu = ligne.chiffre(chiffre)
    plage = ligne.plage
    trouve = explorer(lambda v: ligne.lire(lu.code, v), plage.grille(_POINTS), cible, lu.tolerance, plage.entier)
    return But(plage, lu, float(cible), ligne.lecture, trouve, ligne.raisons(lu.code, trouve.trous))


@dataclass
class Ligne:
    """Figures of a study along one input: read by blocks, what the study refuses having none."""

    moteur: Moteur
    dossier: Dossier
    plage: PlageCherchee
    lecture: Lecture = BOUCLE
    refus: list[str] = field(default_factory=list)
    """What the study refused, in words."""

    @cached_property
    def _lecteur(self) -> Lecteur:
        ouverte = self.moteur.tirer(self.plage.dossier, {self.plage.champ: np.array([self.plage.depart])})
        return Lecteur(boucler(ouverte) if self.lecture == BOUCLE else ouverte)

    def chiffre(self, nom: str) -> Chiffre:
        """Figure by its name.

        Raises:
            Inconnu: no such figure.
        """
        if nom in _COUTS:
            if self.lecture != BOUCLE:
                raise ErreurCalcul(f"« {nom} » se lit sur le plan bouclé : ce qui reste à trouver y est compté.")
            return Chiffre(nom, *_COUTS[nom])
        code = self._lecteur.code(nom)
        lue = self._lecteur.grandeur(code)
        return Chiffre(code, lue.nom, lue.unite)

    def lire(self, code: str, valeurs: Tableau) -> Tableau:
        """Figure at each value, NaN where there is none or where the study refuses, shape (n,)."""
        try:
            return self._lire(code, valeurs)
        except ErreurCalcul as erreur:
            if len(valeurs) <= _PEU or self._refuse_partout(code, valeurs):
                if len(valeurs) > 1 and len(valeurs) <= _PEU:
                    return np.concatenate([self.lire(code, v) for v in np.split(valeurs, len(valeurs))])
                self.refus.append(str(erreur))
                return np.full(len(valeurs), np.nan)
            return np.concatenate([self.lire(code, v) for v in np.array_split(valeurs, 2)])

    def _lire(self, code: str, valeurs: Tableau) -> Tableau:
        if code in _COUTS:
            blocs = np.array_split(valeurs, -(-len(valeurs) // TAILLE_BLOC))
            return np.concatenate([self._cout(code, bloc) for bloc in blocs])
        demande = Rangees((code,), self.lecture)
        lus = tirer_par_blocs(self.moteur, self.plage.dossier, {self.plage.champ: valeurs}, demande)
        return np.asarray(lus[code], dtype=np.float64)

    def _cout(self, code: str, valeurs: Tableau) -> Tableau:
        ouverte = self.moteur.tirer(self.plage.dossier, {self.plage.champ: valeurs})
        vides = np.broadcast_to(sans_place(ouverte), valeurs.shape)
        ev = boucler(ouverte)
        lue = self._cout_lu(code, ev)
        return np.where(vides, np.nan, np.broadcast_to(np.ravel(lue.valeur), valeurs.shape))

    def _cout_lu(self, code: str, ev: Evaluation) -> Grandeur:
        if code == COUT_PAR_PLACE:
            return tout_compris(ev)
        return cout_pour_la_commune(ev, actualisation_de(self.plage.dossier.etude).valeur).cout

    def _refuse_partout(self, code: str, valeurs: Tableau) -> bool:
        """Whether the first, the middle and the last values are refused: all of them are then said to be."""
        for valeur in valeurs[[0, len(valeurs) // 2, -1]]:
            try:
                self._lire(code, np.array([valeur]))
            except ErreurCalcul:
                continue
            return False
        return True

    def raisons(self, code: str, trous: Sequence[Trou]) -> tuple[str, ...]:
        """Why there is no figure, in the middle of each stretch without one."""
        return tuple(self._raison(code, self.plage.au_milieu(t.bas, t.haut)) for t in trous)

    def _raison(self, code: str, valeur: float) -> str:
        try:
            ouverte = self.moteur.tirer(self.plage.dossier, {self.plage.champ: np.array([valeur])})
            if sans := raison_sans_place(ouverte):
                return f"aucune place : {sans}"
            ev = boucler(ouverte) if self.lecture == BOUCLE else ouverte
            lue = self._cout_lu(code, ev) if code in _COUTS else Lecteur(ev).grandeur(code)
        except ErreurCalcul as erreur:
            return str(erreur)
        if lue.manques:
            return f"inconnu : il manque {', '.join(sorted(lue.manques))}"
        if self.lecture != BOUCLE:
            return "indéterminé sur un plan qui ne boucle pas"
        return "sans objet : ce chiffre n'est pas défini ici (une couverture sans échéance à payer, par exemple)"
