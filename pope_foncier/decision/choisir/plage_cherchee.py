"""Where an input is sought: the range given, the interval of the study, or the bounds that its sheet admits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.modele.declaration import Declaration, chemin_lu, classes_dans, declaree
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.evolutions import Evolution
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, abreger
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre, pourcent

DONNEE_PAR_L_UTILISATEUR = "plage donnée"
INTERVALLE = "intervalle de l'étude"
BORNES = "bornes de la fiche"
_EVOLUTION = "evolution."
_ENTIERS_MAX = 4096
"""Most whole values tried one by one."""
_LARGE = 50.0
"""Ratio of a range to the value of the study from which a straight grid would pass over what lies near that value."""
_ESSAIS = 40
"""Halvings that find the end of what a study admits."""


@dataclass(frozen=True, slots=True)
class PlageCherchee:
    """Input and range sought.

    Attributes:
        dossier: study whose input holds a number, the one that it had or the lowest of the range.
        actuel: value of the study; NaN when it has none.
        refus: what the study says below and above the range, when it admits less than its sheet.
    """

    dossier: Dossier
    champ: str
    libelle: str
    unite: str
    bas: float
    haut: float
    origine: str
    entier: bool
    actuel: float
    refus: tuple[str, str] = ("", "")

    @property
    def depart(self) -> float:
        """Value of the study, or the lowest of the range."""
        return self.bas if np.isnan(self.actuel) else self.actuel

    def grille(self, points: int) -> Tableau:
        """Values tried first, the ends and the value of the study among them: every one of a whole input."""
        if self.entier:
            return np.arange(np.ceil(self.bas), np.floor(self.haut) + 1.0)
        grilles = [np.linspace(self.bas, self.haut, points)]
        centre = self.actuel if np.isfinite(self.actuel) else 0.0
        if self.bas <= centre <= self.haut:
            grilles.append(np.array([centre]))
            echelle = abs(centre) or 1.0
            if self.haut - self.bas > _LARGE * echelle:
                pas = np.geomspace(echelle / _LARGE, self.haut - self.bas, points)
                grilles += [centre + pas, centre - pas, np.linspace(0.0, 4.0 * centre, points)]
        toutes = np.unique(np.concatenate(grilles))
        return toutes[(toutes >= self.bas) & (toutes <= self.haut)]

    def au_milieu(self, bas: float, haut: float) -> float:
        """Value between two others that the input may take."""
        return float(np.floor((bas + haut) / 2.0)) if self.entier else (bas + haut) / 2.0


def plage_cherchee(
    moteur: Moteur, dossier: Dossier, champ: str, entre: tuple[float, float] | None, en_entier: bool = False
) -> PlageCherchee:
    """Range in which an input of a study is sought, each end being admitted by the study.

    Args:
        en_entier: whether all that the sheet admits is sought, rather than the interval of the study.

    Raises:
        ErreurCalcul: a field that is no number of the study, or a range that is none.
        ErreurDonnees: an end of the given range that the study refuses.
    """
    if entre is not None and not _est_une_plage(entre):
        dits = " et ".join(str(borne) for borne in entre)
        raise ErreurCalcul(f"Plage : deux nombres, le plus petit d'abord ; trouvé : {abreger(dits) or 'rien'}.")
    if champ.startswith(_EVOLUTION):
        return _chemin_d_evolution(moteur, dossier, champ, entre)
    lues = chemin_lu(dossier.etude, champ)
    declaration, lue = declaree(lues[:-1], champ), lues[-1]
    bornes = declaration.bornes
    if bornes is None:
        raise ErreurCalcul(f"« {champ} » n'est pas un nombre : rien à chercher.")
    intervalle = lue.intervalle if isinstance(lue, Donnee) and not en_entier else None
    bas, haut = entre or intervalle or (bornes.mini, bornes.maxi)
    origine = DONNEE_PAR_L_UTILISATEUR if entre else INTERVALLE if intervalle else BORNES
    valeur = lue.valeur if isinstance(lue, Donnee) else lue
    actuel = float(valeur) if isinstance(valeur, int | float) else float("nan")
    entier = bornes.entier
    poser = _poseur(dossier, lues[-2], champ, entier)
    if entre:
        for bout in entre:
            _exiger_admis(poser, bout, dossier, declaration)
        refus = ("", "")
    else:
        bas, haut, refus = _admis(poser, bas, haut, actuel, entier)
    if entier and haut - bas + 1 > _ENTIERS_MAX:
        raise ErreurCalcul(
            f"« {declaration.libelle} » se cherche nombre entier par nombre entier, {formater_nombre(_ENTIERS_MAX)} au plus : donner une plage."
        )
    etude = dossier.etude if np.isfinite(actuel) or (isinstance(lue, Donnee) and lue.bareme) else poser(bas)
    seul = replace(dossier, etude=etude, variantes={BASE: etude})
    return PlageCherchee(
        seul, champ, declaration.libelle, declaration.unite, float(bas), float(haut), origine, entier, actuel, refus
    )


def _exiger_admis(poser: Callable[[float], Any], bout: float, dossier: Dossier, declaration: Declaration) -> None:
    """Check that the study admits an end of the range given, named by its input."""
    try:
        poser(bout)
    except ErreurDonnees as erreur:
        bornes, unite = declaration.bornes, declaration.unite
        dit = f"la plage donnée va à {_dit(bout, unite)}"
        if bornes is None or bornes.mini <= bout <= bornes.maxi:
            message, remede = f"{dit} : {erreur.problemes[0].message}", "donner une plage que l'étude admet."
        else:
            message = f"{dit} ; un taux s'écrit en fraction de 1." if unite == "%" else f"{dit}."
            remede = f"donner une plage de {_dit(bornes.mini, unite)} à {_dit(bornes.maxi, unite)}."
        raise ErreurDonnees.une(dossier.nom, message, remede, declaration.libelle) from erreur


def _dit(valeur: float, unite: str) -> str:
    if unite == "%":
        return pourcent(valeur, 4)
    return f"{formater_nombre(valeur, 2)}\u00a0{unite}".rstrip()


def _est_une_plage(entre: Sequence[Any]) -> bool:
    nombres = all(isinstance(x, int | float | np.number) and np.isfinite(x) for x in entre)
    return nombres and len(entre) == 2 and entre[0] < entre[1]


def _chemin_d_evolution(
    moteur: Moteur, dossier: Dossier, champ: str, entre: tuple[float, float] | None
) -> PlageCherchee:
    chemin = moteur.evolutions.chemins.get(champ.removeprefix(_EVOLUTION))
    if chemin is None:
        raise ErreurCalcul(f"Aucun chemin d'évolution « {champ} ». Connus : {', '.join(moteur.evolutions.chemins)}.")
    bas, haut = entre or (chemin.bas, chemin.haut)
    for taux in (bas, haut):
        valider(Evolution, {**chemin.model_dump(), "central": taux}, champ)
    origine = DONNEE_PAR_L_UTILISATEUR if entre else "du chemin bas au chemin haut"
    actuel = chemin.taux(dossier.etude.evolution)
    return PlageCherchee(dossier, champ, chemin.libelle, "%", bas, haut, origine, False, actuel)


def _poseur(dossier: Dossier, fiche: Any, champ: str, entier: bool) -> Callable[[float], Any]:
    """What gives the study with another value of the input."""
    annotation = type(fiche).model_fields[champ.rpartition(".")[2].partition("[")[0]].annotation
    en_donnee = any(issubclass(quoi, Donnee) for quoi, _ in classes_dans(annotation))

    def poser(valeur: float) -> Any:
        nombre = int(valeur) if entier or float(valeur).is_integer() else float(valeur)
        return varier(
            dossier, "valeur_cherchee", {champ: {"valeur": nombre, "base": "valeur cherchée"} if en_donnee else nombre}
        )

    return poser


def _admis(
    poser: Callable[[float], Any], bas: float, haut: float, actuel: float, entier: bool
) -> tuple[float, float, tuple[str, str]]:
    """Part of a range that a study admits around its own value, and what it says on both sides."""
    refus = ["", ""]
    bouts = [bas, haut]
    for i, bout in enumerate(bouts):
        try:
            poser(bout)
        except ErreurDonnees as erreur:
            refus[i] = erreur.problemes[0].message
            if np.isnan(actuel):
                continue
            bouts[i] = _dernier_admis(poser, actuel, bout, entier)
    return bouts[0], bouts[1], (refus[0], refus[1])


def _dernier_admis(poser: Callable[[float], Any], oui: float, non: float, entier: bool) -> float:
    for _ in range(_ESSAIS):
        milieu = float(np.round((oui + non) / 2.0)) if entier else (oui + non) / 2.0
        if milieu in (oui, non):
            break
        try:
            poser(milieu)
            oui = milieu
        except ErreurDonnees:
            non = milieu
    return oui
