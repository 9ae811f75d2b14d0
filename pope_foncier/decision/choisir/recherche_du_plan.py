"""Best amounts of a structure: the linear programme around a point, solved and made again around what it finds until nothing moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.decision.choisir.modele_du_plan import Lues, ModeleAffine, autour, lire, manques, programme
from pope_foncier.decision.choisir.programme_lineaire import Optimum, Programme, resoudre
from pope_foncier.decision.choisir.regles import Regles
from pope_foncier.decision.choisir.structures import FONDS, Structure
from pope_foncier.etude.moteur import Moteur
from pope_foncier.socle.grandeur import Tableau

_TOURS = 10
_IMMOBILE = 1e-6
"""Move of an amount, as a share of its step, under which it is settled."""
_GRAND = 1e8
"""Ceiling from which an amount has none of its own."""


@dataclass(frozen=True)
class Candidat:
    """Best amounts of a structure at one term, before they are rounded and checked by the engine.

    Attributes:
        x: amounts, shape (n,); ``modele`` and ``lineaire`` are the programme around them.
        refusees: grants that this search was not allowed.
        sous: rules of its search when they are not those of the plan: own funds minimised under the cost of ``egale``.
        egale: best plan that this one costs no more than; None for a plan found by the objective itself.
    """

    structure: Structure
    duree: float
    x: Tableau
    modele: ModeleAffine
    lineaire: Programme
    optimum: Optimum
    refusees: tuple[int, ...] = ()
    sous: Regles | None = None
    egale: Candidat | None = None

    @property
    def aides(self) -> frozenset[str]:
        """Grants asked for."""
        leviers = zip(self.structure.leviers, self.x, strict=True)
        return frozenset(x.code for x, part in leviers if x.genre == "aide" and part * x.entier >= 1.0)

    @property
    def prets(self) -> dict[str, float]:
        """Amount of each loan [€]."""
        leviers = zip(self.structure.leviers, self.x, strict=True)
        return {x.code: float(montant) for x, montant in leviers if x.genre == "pret"}

    def objectif(self, regles: Regles) -> float:
        """What is minimised, at those amounts."""
        if regles.objectif == "cout_ville":
            return float(self.modele.base.cout_ville)
        rang = self.structure.rang("contribution" if regles.objectif == "contribution" else FONDS)
        return 0.0 if rang is None else float(self.x[rang])

    def au_rang(self, regles: Regles) -> float:
        """What plans are ranked by: tenures have not all the same length, so a present cost counts by place and year of opening, discounted alike."""
        objectif = self.objectif(regles)
        return objectif / float(self.modele.base.places_annees) if regles.objectif == "cout_ville" else objectif


@dataclass(frozen=True)
class Impossible:
    """Structure that keeps no rule at some term: what each broken rule lacks at the amounts that break them least, by rule [€]."""

    structure: Structure
    duree: float
    manques: Mapping[str, float]


def optimiser(
    moteur: Moteur,
    structure: Structure,
    regles: Regles,
    durees: Sequence[float] | None = None,
    refusees: Collection[int] = (),
    depart: Tableau | None = None,
    prises: Collection[int] = (),
) -> list[Candidat | Impossible]:
    """Best amounts of a structure at each term, all terms in the same array evaluations.

    Args:
        durees: terms tried; those of the structure by default.
        refusees: ranks of the grants that may not be asked for.
        depart: amounts to start from.
        prises: ranks of the grants that must be taken whole.

    Raises:
        ErreurCalcul: scipy is not installed, or amounts that the engine refuses.
    """
    essayees = list(durees if durees is not None else structure.durees)
    points = {d: _depart(structure) if depart is None else depart for d in essayees}
    faits: dict[float, Candidat | Impossible] = {}
    for _ in range(_TOURS):
        a_faire = [d for d in essayees if d not in faits or d in points]
        if not a_faire:
            break
        modeles = _modeles(moteur, structure, regles, {d: points[d] for d in a_faire})
        for duree, modele in modeles.items():
            fait, suivant = _un_pas(structure, regles, duree, modele, refusees, prises)
            faits[duree] = _le_moins_loin(faits.get(duree), fait)
            pas = np.array([x.pas for x in structure.leviers])
            immobile = bool((np.abs(suivant - modele.point) <= _IMMOBILE * pas).all())
            if immobile:
                points.pop(duree)
            else:
                points[duree] = suivant
    return [faits[d] for d in essayees]


def _depart(structure: Structure) -> Tableau:
    """Amounts to start from: no grant, half of each ceiling that is one."""
    return np.array([0.0 if x.genre == "aide" or x.haut >= _GRAND else x.haut / 2.0 for x in structure.leviers])


def _modeles(
    moteur: Moteur, structure: Structure, regles: Regles, points: Mapping[float, Tableau]
) -> dict[float, ModeleAffine]:
    """Model around a point for each term, from one array evaluation."""
    n = len(structure.leviers)
    hauts, pas = np.array([x.haut for x in structure.leviers]), np.array([x.pas for x in structure.leviers])
    aides = np.array(
        [x.genre == "aide" for x in structure.leviers]
    )  # moved down: more of one may be cut by the share of public persons
    tous, signes = [], []
    for point in points.values():
        signe = np.where((point + pas > hauts) | (aides & (point >= pas)), -pas, pas)
        tous += [point[None, :], point + np.diag(signe)]
        signes.append(signe)
    durees = np.repeat(np.array(list(points)), n + 1)
    lues = lire(moteur, structure, regles, np.concatenate(tous), durees)
    return {
        duree: autour(_lignes(lues, i * (n + 1), n + 1), point, signes[i])
        for i, (duree, point) in enumerate(points.items())
    }


def _lignes(lues: Lues, debut: int, nombre: int) -> Lues:
    rangs = slice(debut, debut + nombre)
    marges = {n: m[rangs] for n, m in lues.marges.items()}
    return Lues(marges, lues.cout_ville[rangs], lues.ville[rangs], lues.reste[rangs], lues.places_annees[rangs])


def _un_pas(
    structure: Structure,
    regles: Regles,
    duree: float,
    modele: ModeleAffine,
    refusees: Collection[int],
    prises: Collection[int],
) -> tuple[Candidat | Impossible, Tableau]:
    """Best amounts around a point, or those that break the rules least."""
    lineaire = programme(modele, structure, regles, {}).sans(refusees).avec(prises)
    titre = modele.base.marges.get("titre", np.zeros(0))
    if titre.size and titre.min() < 0.0:
        return Impossible(structure, duree, {"titre": float(-titre.min())}), modele.point
    optimum = resoudre(lineaire)
    if optimum is not None:
        candidat = Candidat(structure, duree, modele.point, modele, lineaire, optimum, tuple(refusees))
        return candidat, _dans_les_bornes(structure, optimum.x)
    impossible = Impossible(structure, duree, manques(modele.base, regles))
    souple, _ = lineaire.assoupli()
    trouve = resoudre(souple)
    if trouve is None:
        return impossible, modele.point
    return impossible, _dans_les_bornes(structure, trouve.x[: len(structure.leviers)])


def _dans_les_bornes(structure: Structure, x: Tableau) -> Tableau:
    """Amounts within their bounds: the solver keeps them to its own tolerance."""
    return np.clip(x, 0.0, [levier.haut for levier in structure.leviers])


def _le_moins_loin(avant: Candidat | Impossible | None, fait: Candidat | Impossible) -> Candidat | Impossible:
    """What the last step found; of two points that keep no rule, the one that lacks least."""
    deux = isinstance(avant, Impossible) and isinstance(fait, Impossible) and "titre" not in fait.manques
    if deux and sum(avant.manques.values()) < sum(fait.manques.values()):  # type: ignore[union-attr]
        return avant  # type: ignore[return-value]
    return fait


def avec_plafond(structure: Structure, rang: int, haut: float) -> Structure:
    """Same structure, one amount having another ceiling."""
    leviers = tuple(replace(x, haut=haut) if i == rang else x for i, x in enumerate(structure.leviers))
    return replace(structure, leviers=leviers)
