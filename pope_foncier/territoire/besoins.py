"""Childcare needs of a territory: children, places, coverage and its causes, births projected, places missing for a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import pourcent
from pope_foncier.territoire.fiche import FicheTerritoire, TableCommunes, rapporter

_POUR_CENT = 100.0
_TENDANCE_MAX = 0.5
"""Yearly change of births beyond which their table is wrong."""


def enfants_moins_3_ans(territoire: FicheTerritoire) -> TableCommunes:
    """Children under three that the Cnaf counts: places over coverage rate, commune by commune of the older geography.

    An estimate (rates are rounded to a tenth); it weights communes as the Cnaf does. Merged communes are then summed.
    """
    places, taux = (territoire.mesure(n) for n in ("places_toutes", "taux_toutes"))
    table = territoire.table("places_toutes")
    lignes = []
    for commune in territoire.communes:
        ligne = []
        for annee in table.annees:
            ligne.append(sum(rapporter(places, taux, c, annee) * _POUR_CENT for c in commune.codes_avant))
        lignes.append(ligne)
    return TableCommunes(
        "Enfants de moins de trois ans, déduits des taux", "enfants", table.codes, table.annees, np.array(lignes)
    )


@dataclass(frozen=True, slots=True)
class Couverture:
    """Coverage of a territory by year, over the communes that are known; shapes (years,)."""

    annees: tuple[int, ...]
    places_creche: Tableau
    places_toutes: Tableau
    enfants: Tableau
    absentes: tuple[str, ...]
    """Communes that the tables do not have: unknown, left out of both sides."""

    @property
    def hausse(self) -> float:
        """Rise of the overall rate between the first year and the last one [points]."""
        return sum(self.causes(self.annees[0], self.annees[-1]))

    @property
    def taux_creche(self) -> Tableau:
        """Crèche places per 100 children under three."""
        return np.asarray(self.places_creche / self.enfants * _POUR_CENT)

    @property
    def taux_toutes(self) -> Tableau:
        """Places of all modes per 100 children under three."""
        return np.asarray(self.places_toutes / self.enfants * _POUR_CENT)

    def causes(self, debut: int, fin: int) -> tuple[float, float]:
        """Rise of the overall rate between two years, split in two: what places bring, what fewer children bring.

        Each cause is valued at the mean of the other one (Shapley split), so the two add up to the rise [points].

        Raises:
            ErreurCalcul: a year that the tables do not have.
        """
        for annee in (debut, fin):
            if annee not in self.annees:
                connues = ", ".join(str(a) for a in self.annees)
                raise ErreurCalcul(f"Couverture : pas de valeur en {annee}. Années connues : {connues}.")
        i, j = self.annees.index(debut), self.annees.index(fin)
        p0, p1, e0, e1 = (float(x) for x in (*self.places_toutes[[i, j]], *self.enfants[[i, j]]))
        par_places = 0.5 * ((p1 - p0) / e0 + (p1 - p0) / e1) * _POUR_CENT
        par_enfants = 0.5 * ((p0 / e1 - p0 / e0) + (p1 / e1 - p1 / e0)) * _POUR_CENT
        return par_places, par_enfants


def evolution(debut: float, fin: float) -> float:
    """Change between two counts [fraction]; NaN from nothing, or from an unknown."""
    return fin / debut - 1.0 if debut > 0.0 else float("nan")


def pour_cent_enfants(places: float, enfants: float) -> float:
    """Places per 100 children under three; NaN without children."""
    return places / enfants * _POUR_CENT if enfants > 0.0 else float("nan")


def couverture(territoire: FicheTerritoire, codes: tuple[str, ...] = ()) -> Couverture:
    """Coverage of the whole territory, or of some communes; unknown communes are left out of both sides and named.

    A code of before the merger stands for the commune of 2025 that holds it.

    Raises:
        ErreurCalcul: a code out of the territory.
    """
    enfants = enfants_moins_3_ans(territoire)
    creche, toutes = (territoire.table(n).valeurs for n in ("places_creche", "places_toutes"))
    garde = _gardees(territoire, codes)
    connu = garde & ~np.isnan(enfants.valeurs).any(axis=1)
    absentes = tuple(c for c, g, k in zip(enfants.codes, garde, connu, strict=True) if g and not k)
    sommes = [
        np.asarray(v[connu].sum(axis=0)) if connu.any() else np.full(len(enfants.annees), np.nan)
        for v in (creche, toutes, enfants.valeurs)
    ]
    return Couverture(enfants.annees, sommes[0], sommes[1], sommes[2], absentes)


def _gardees(territoire: FicheTerritoire, codes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Mask of the communes of 2025 asked for; all of them without a code."""
    voulues = {territoire.commune(c).code for c in codes}
    return np.array([not codes or c.code in voulues for c in territoire.communes])


@dataclass(frozen=True, slots=True)
class Projection:
    """Births of a commune or territory, projected at their own trend and held flat; shapes (years,)."""

    annees: tuple[int, ...]
    """From the last year that births and places share."""
    naissances: Tableau
    """Births: known ones, then at the yearly rate seen between the first and the last known year; NaN in a gap."""
    taux_annuel: float
    enfants: Tableau
    """Children under three, moved like the births of the year, of the year before and of the one before."""
    enfants_constants: Tableau
    """Children under three of the last known year, held."""
    absentes: tuple[str, ...]
    """Communes left out: births or children under three unknown in a year of the tables."""


def projeter(territoire: FicheTerritoire, jusqu_a: int, codes: tuple[str, ...] = ()) -> Projection:
    """Project births and children under three.

    Births follow the constant yearly rate seen between the first and last year of their table (an assumption: a trend is not
    a law); children under three, from the last year that both tables have, move at that rate: so would three years of births.

    Raises:
        ErreurCalcul: no known birth for these communes, no year shared by births and places, or a last year already known.
    """
    table = territoire.table("naissances")
    enfants = enfants_moins_3_ans(territoire)
    garde = _gardees(territoire, codes)
    connu = garde & ~np.isnan(table.valeurs).any(axis=1) & ~np.isnan(enfants.valeurs).any(axis=1)
    if not connu.any():
        raise ErreurCalcul(
            "Naissances inconnues pour ces communes : à demander à l'Insee, puis à ajouter au territoire."
        )
    communes = sorted(set(table.annees) & set(enfants.annees))
    if not communes:
        raise ErreurCalcul("Naissances et places n'ont aucune année en commun : compléter une des deux tables.")
    base, premier, dernier = communes[-1], table.annees[0], table.annees[-1]
    if jusqu_a <= dernier:
        raise ErreurCalcul(f"Projeter au-delà de {dernier}, dernière année connue des naissances.")
    serie = table.valeurs[connu].sum(axis=0)
    if not (serie[0] > 0.0 and serie[-1] > 0.0 and dernier > premier):
        raise ErreurCalcul(
            f"Aucune tendance : les naissances de {premier} et de {dernier} doivent être connues et non nulles."
        )
    taux = float((serie[-1] / serie[0]) ** (1.0 / (dernier - premier)) - 1.0)
    if abs(taux) > _TENDANCE_MAX:
        raise ErreurCalcul(
            f"Les naissances de {premier} à {dernier} changent de {pourcent(taux, 0)} par an : vérifier leur table avant de projeter."
        )
    annees = tuple(range(base, jusqu_a + 1))
    connues = dict(zip(table.annees, serie, strict=True))
    naissances = [connues.get(a, np.nan) if a <= dernier else serie[-1] * (1.0 + taux) ** (a - dernier) for a in annees]
    depart = float(enfants.de(base)[connu].sum())
    return Projection(
        annees,
        np.array(naissances),
        taux,
        depart * (1.0 + taux) ** np.arange(len(annees), dtype=np.float64),
        np.full(len(annees), depart),
        tuple(c for c, g, k in zip(table.codes, garde, connu, strict=True) if g and not k),
    )


def places_manquantes(places: Tableau, enfants: Tableau, cible: Tableau | float) -> Tableau:
    """Places to add to reach a target rate, zero when it is reached; NaN when a side is unknown.

    Args:
        places: places today.
        enfants: children under three.
        cible: target, places per 100 children.
    """
    return np.asarray(np.maximum(np.asarray(cible) / _POUR_CENT * enfants - places, 0.0))


@dataclass(frozen=True, slots=True)
class RetombeesProjet:
    """What new places bring by published ratios: orders of magnitude, with the caution of their source."""

    emplois: float
    places_avip: float
    parents_en_emploi: float
    parents_en_formation: float
    emplois_gardes: float
    """Jobs kept after six months, at most."""


def retombees(territoire: FicheTerritoire, places: float) -> RetombeesProjet:
    """Jobs in the crèche; parents who find a job or a training, if the crèche takes the AVIP label (a share of places)."""

    def lire(nom: str) -> float:
        valeur = getattr(territoire.retombees, nom).valeur
        return float("nan") if valeur is None else float(valeur)

    avip = places * lire("part_places_avip")
    emploi = avip * lire("part_emploi")
    return RetombeesProjet(
        places * lire("emplois_par_place"),
        avip,
        emploi,
        avip * lire("part_formation"),
        emploi * (1.0 - lire("part_emploi_perdu")),
    )
