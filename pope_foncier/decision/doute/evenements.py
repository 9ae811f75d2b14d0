"""Events: branches drawn with their chance, what they change in the study, and what is lost when one ends the project.

A branch that changes known numbers alone is drawn like them: its numbers take the place of those drawn. One that changes what the study is
made of (a grant that is asked no longer, another loan) makes another study, evaluated on the draws where it happens. What an end costs is
read from the ledger of the draw: what the project paid before that month, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_doute import Abandon, Changement, Evenement, Issue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.lignes import Poste
from pope_foncier.modele.loi import Discrete, Loi
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.grandeur import Grandeur, Tableau, somme, total
from pope_foncier.socle.vocabulaire import inferieur

STRUCTURES_MAX = 64
"""Most studies that the branches of a study may make: beyond, the evaluation would last minutes."""
_PERDUS: tuple[Poste, ...] = (
    "acquisition",
    "travaux",
    "equipement",
    "loyer",
    "propriete",
    "avant_ouverture",
    "interets",
    "frais",
    "accessoires",
)
"""Headings whose payments are lost when the project ends: neither deposits nor principal, which are given back."""
Lecture = Callable[[Evaluation], Grandeur]


def loi_des_issues(evenement: Evenement) -> Loi:
    """Law of the rank of the branch that happens: 0 for none, then the branches in order."""
    rien = 1.0 - sum(i.chance for i in evenement.issues)
    return Discrete(
        tuple(float(r) for r in range(len(evenement.issues) + 1)),
        (max(rien, 0.0), *(i.chance for i in evenement.issues)),
    )


def cle(evenement: Evenement) -> str:
    """Name of an event among what is drawn, and in the correlations."""
    return f"evenements[{evenement.id}]"


@dataclass(frozen=True)
class Groupe:
    """Draws of one structure: the study that they are evaluated on, and their ranks."""

    dossier: Dossier
    lignes: NDArray[np.intp]


def exiger_de_tenir(dossier: Dossier, evenements: Sequence[Evenement]) -> None:
    """Refuse branches that the study does not admit, all at once.

    Raises:
        ErreurCalcul: a field that it does not have, or a value that the field does not take.
    """
    fautes = []
    for evenement in evenements:
        for issue in evenement.issues:
            try:
                _exiger(dossier, issue)
            except (ErreurPope, PydanticCustomError) as erreur:
                fautes.append(f"« {evenement.libelle} », issue « {issue.libelle} » : {erreur}")
    if fautes:
        raise ErreurCalcul("Événements que l'étude n'admet pas.\n" + "\n".join(fautes))


def _exiger(dossier: Dossier, issue: Issue) -> None:
    """Check what a branch changes: known numbers against the bounds of their field, anything else as a scenario would be.

    Raises:
        ErreurPope: the study does not admit it.
        PydanticCustomError: a number out of the bounds of its field.
    """
    for c in issue.changements:
        mis = _chiffre(dossier.etude, c)
        if mis is None:
            _variante(dossier, [issue])
            return
        bornes = declaration_de(dossier.etude, c.champ).bornes
        if bornes is not None:
            bornes(mis + _nombre(lire_champ(dossier.etude, c.champ)) if c.ajoute is not None else mis)


def grouper(
    dossier: Dossier, evenements: Sequence[Evenement], rangs: Mapping[str, NDArray[np.intp]]
) -> Iterator[Groupe]:
    """Draws by structure: one group for those whose branches change known numbers alone, one for each combination of the others.

    Raises:
        ErreurCalcul: more structures than can be evaluated.
    """
    nombre = len(next(iter(rangs.values())))
    codes = np.zeros((nombre, len(evenements)), dtype=np.intp)
    for k, evenement in enumerate(evenements):
        for i, issue in enumerate(evenement.issues, start=1):
            if not est_chiffree(dossier.etude, issue):
                codes[rangs[evenement.id] == i, k] = i
    combinaisons, groupe = np.unique(codes, axis=0, return_inverse=True)
    if len(combinaisons) > STRUCTURES_MAX:
        raise ErreurCalcul(
            f"Les événements font {len(combinaisons)} études différentes, {STRUCTURES_MAX} au plus : en retirer, ou dire une issue par des nombres."
        )
    for n, combinaison in enumerate(combinaisons):
        branches = tuple(e.issues[i - 1] for e, i in zip(evenements, combinaison, strict=True) if i)
        variante = _variante(dossier, branches, chiffres=False)
        place = Dossier(dossier.nom, variante, dossier.site, {BASE: variante})
        yield Groupe(place, np.flatnonzero(groupe.ravel() == n))


def est_chiffree(etude: Etude, issue: Issue) -> bool:
    """Whether a branch changes known numbers alone, or nothing but the end of the project."""
    return all(_chiffre(etude, c) is not None for c in issue.changements)


def _chiffre(etude: Etude, changement: Changement) -> float | None:
    """Number that a branch sets or adds, when the field is a known number; None otherwise."""
    try:
        declaration_de(etude, changement.champ)
    except ChampAbsent:
        return None
    lu = lire_champ(etude, changement.champ)
    valeur = lu.valeur if isinstance(lu, Donnee) else lu
    if isinstance(lu, Donnee) and lu.bareme is not None:
        return None
    mis = changement.ajoute if changement.ajoute is not None else changement.valeur
    chiffres = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (valeur, mis))
    return float(mis) if chiffres else None


def _variante(dossier: Dossier, branches: Sequence[Issue], chiffres: bool = True) -> Etude:
    """Study that some branches make, checked as a scenario would be.

    Args:
        chiffres: whether the known numbers that they change are changed too; the draws hold them otherwise.

    Raises:
        ErreurDonnees: a field or a value that the study does not admit.
        ErreurCalcul: something added to what is no known number.
    """
    surcharges = {}
    for issue in branches:
        for c in issue.changements:
            if not chiffres and _chiffre(dossier.etude, c) is not None:
                continue
            if c.ajoute is None:
                surcharges[c.champ] = c.valeur
                continue
            lu = lire_champ(dossier.etude, c.champ)
            depart = lu.valeur if isinstance(lu, Donnee) else lu
            if not isinstance(depart, int | float) or isinstance(depart, bool):
                raise ErreurCalcul(f"« {c.champ} » n'est pas un nombre connu : rien ne s'y ajoute. Écrire « valeur ».")
            surcharges[c.champ] = _simple(depart + c.ajoute)
    return (
        varier(dossier, issue.id if len(branches) == 1 else "événements", surcharges) if surcharges else dossier.etude
    )


def _simple(valeur: float) -> float | int:
    """Number as a file would write it: a whole one without decimals."""
    return int(valeur) if float(valeur).is_integer() else float(valeur)


def _nombre(lu: Any) -> float:
    valeur: Any = lu.valeur if isinstance(lu, Donnee) else lu
    return float(valeur)


def poser(
    etude: Etude,
    tirages: Mapping[str, Tableau],
    evenements: Sequence[Evenement],
    rangs: Mapping[str, NDArray[np.intp]],
) -> dict[str, Tableau]:
    """Draws once the branches that change known numbers have set theirs, or added to those drawn."""
    poses = dict(tirages)
    for evenement in evenements:
        for i, issue in enumerate(evenement.issues, start=1):
            ici = rangs[evenement.id] == i
            for c in issue.changements:
                mis = _chiffre(etude, c)
                if mis is None or not ici.any():
                    continue
                if c.champ not in poses:
                    lu = lire_champ(etude, c.champ)
                    poses[c.champ] = np.full(len(ici), _nombre(lu))
                depart = poses[c.champ]
                poses[c.champ] = np.where(ici, depart + mis if c.ajoute is not None else mis, depart)
    return poses


def abandons(evenements: Sequence[Evenement]) -> dict[str, tuple[Evenement, int, Abandon]]:
    """Branches that end the project, by name, with their rank in their event."""
    return {
        f"{e.id}/{issue.id}": (e, rang, issue.abandon)
        for e in evenements
        for rang, issue in enumerate(e.issues, start=1)
        if issue.abandon is not None
    }


def perdu(abandon: Abandon) -> Lecture:
    """What the project has paid before the month of an end, read from the ledger of an evaluation, shape (…, 1) [€]."""
    return partial(_perdu, abandon)


def _perdu(abandon: Abandon, ev: Evaluation) -> Grandeur:
    parties = parties_du_projet(ev.ctx.etude)
    payes = [
        ligne.grandeur
        for ligne in ev.livre.du_poste(*_PERDUS)
        if ligne.est_flux and ligne.payeur in parties and ligne.receveur not in parties
    ]
    fin = (
        Grandeur(float(abandon.mois or 0), "mois de l'abandon", "mois")
        if abandon.mois is not None
        else getattr(ev.calendrier, abandon.au or "")
    )
    avant = inferieur(ev.ctx.mois, fin)
    return total(somme(payes, "Payé par le projet") * avant).nommer("Payé avant l'abandon")
