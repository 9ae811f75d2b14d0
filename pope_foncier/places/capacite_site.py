"""Places of a site: under the law in each reading, under the comfort programme, with the limit and what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.carreau import Densite, densite_du_site
from pope_foncier.lieu.locaux import LECTURES, Compte, Local, ProgrammeLocaux, locaux_du_plan, surface_utile
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.site import Site
from pope_foncier.lieu.surfaces_comptees import SurfacesComptees, lits
from pope_foncier.modele.donnee import Donnee
from pope_foncier.places.controles_locaux import LECTURE_EN_CLAIR, compter_au_jour
from pope_foncier.places.programme_type import ProgrammeType, contrainte_de_confort, lire_programme_type
from pope_foncier.places.regles_locaux import (
    CATEGORIES_EN_CLAIR,
    OffreSite,
    ReglesLocaux,
    besoin_en_enfants,
    contraintes_du_droit,
    lire_regles,
)
from pope_foncier.places.surfaces import Surfaces, espace_a_distance, surfaces_du_site
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.solveur import Contrainte, Solution, resoudre


@dataclass(frozen=True, slots=True)
class LigneCapacite:
    """One way to count: regime, reading of what is unknown, and the answer for the low, central and high areas."""

    regime: str
    lecture: str
    solution: Solution
    comptee: Compte | None = None
    """Reading of the child area of the rooms drawn; None when the rooms are not counted."""
    dense: bool = False
    ailleurs: bool = False
    """Whether it reads a very dense zone; whether a space at a distance stands for the yard."""

    @property
    def phrase(self) -> str:
        """French sentence for the central area."""
        return phrase(self.solution, 1)


@dataclass(frozen=True, slots=True)
class CapaciteSite:
    """Answer for a site."""

    site: Site
    regles: ReglesLocaux
    densite: Densite
    surfaces: Surfaces
    lignes: tuple[LigneCapacite, ...]
    locaux: tuple[Local, ...] = ()
    comptees: SurfacesComptees | None = None
    a_verifier: tuple[str, ...] = field(default_factory=tuple)
    programme: ProgrammeLocaux | None = None
    """Programme that the rooms come from; None when they are drawn."""

    @property
    def utile_m2(self) -> float:
        """Usable area of the rooms drawn, or of those of the programme [m²]."""
        return surface_utile(self.locaux)

    @property
    def plancher_sur_utile(self) -> float:
        """Gross floor area over the usable area drawn; NaN when no room is drawn."""
        return float(self.surfaces.plancher_m2[1]) / self.utile_m2 if self.utile_m2 else float("nan")

    @property
    def confort(self) -> LigneCapacite | None:
        """Comfort programme, in the first reading; None for a mode that the référentiel does not rule."""
        return next((x for x in self.lignes if x.regime == CONFORT), None)

    @property
    def usuelle(self) -> LigneCapacite | None:
        """Answer of the law when the rooms drawn are counted in the usual reading; None without rooms."""
        return next((x for x in self.lignes if x.comptee == "usuel"), None)


CONFORT = "Programme de confort"


def capacite_du_site(
    site: Site,
    catalogue: Catalogue,
    mode: str,
    jour: date,
    plan: PlanTrace | None = None,
    surface: Donnee[float] | None = None,
    cour: Donnee[float] | None = None,
    coefficient: float | None = None,
    lecture_dense: bool | None = None,
    lecture_espace: bool | None = None,
    programme: ProgrammeLocaux | None = None,
) -> CapaciteSite:
    """Places of a site.

    Args:
        site: facts of the place.
        catalogue: scales.
        mode: mode d'accueil.
        jour: filing date; the law and the density of that day apply.
        plan: drawn rooms and yards; with rooms, the law reads what counts, without them all the usable area at most.
        surface: gross floor area to use instead of that of the sheet or of the plan (an assumption), with its range.
        cour: yard, likewise.
        coefficient: gross over usable area; the central ratio of the programme by default.
        lecture_dense: reading of the density that a study chooses; that of the square by default.
        lecture_espace: whether a space at a distance stands for the yard, as a study chooses; both readings by default.
        programme: rooms of the place in the stead of those of a plan; what it does not say of them is to be checked.

    Rooms that a check leaves out count in no regime: the comfort programme is then held to the rooms drawn too, and an area
    that is supposed does not bring them back.
    """
    regles, modele = lire_regles(catalogue, mode, jour), lire_programme_type()
    densite = densite_du_site(site, catalogue, jour).lue(lecture_dense)
    surfaces = surfaces_du_site(site, regles, plan, surface, cour)
    largeur = float(exiger(catalogue.a_la_date("referentiel.locaux.couloir_largeur_min", jour)).valeur)
    locaux = programme.locaux if programme is not None else locaux_du_plan(plan, largeur) if plan is not None else ()
    comptees = compter_au_jour(locaux, catalogue, jour) if locaux else None
    if surface is not None and programme is None and not (comptees and comptees.ecartes):
        locaux, comptees = (), None
    espace = espace_a_distance(site, catalogue, jour, plan)
    alternative = espace.admis if lecture_espace is None else lecture_espace
    regimes = _regimes(regles, surfaces, locaux, comptees, coefficient, modele)
    lignes: list[LigneCapacite] = []
    tenues = {"exterieur", "plafond"} | ({"interieur", "sommeil"} if comptees and comptees.ecartes else set())
    for lecture, dense, remplace in _lectures(regles, densite, alternative):
        zone, ailleurs = np.full(3, float(dense)), np.full(3, float(remplace))
        for regime, comptee, interieur, places_lits in regimes:
            offre = OffreSite(interieur, surfaces.cour_m2, surfaces.cour_dense_m2, zone, ailleurs, places_lits)
            du_droit = contraintes_du_droit(regles, offre, modele.lits_par_place)
            solution = resoudre(du_droit, regles.seuils)
            lignes.append(LigneCapacite(regime, lecture, solution, comptee, dense, remplace))
            if comptee in (None, "usuel"):
                retenues = [c for c in du_droit if c.code in tenues]
        if not regles.referentiel:
            continue
        lues = (zone, surfaces.cour_dense_m2, surfaces.plancher_m2)
        confort = contrainte_de_confort(regles, *lues, coefficient=coefficient, modele=modele)
        solution = resoudre([confort, *retenues], regles.seuils)
        lignes.append(LigneCapacite(CONFORT, lecture, solution, None, dense, remplace))
    reserves = (*espace.reserves, *_programme_trop_grand(programme, surfaces))
    return CapaciteSite(site, regles, densite, surfaces, tuple(lignes), locaux, comptees, reserves, programme)


def _programme_trop_grand(programme: ProgrammeLocaux | None, surfaces: Surfaces) -> list[str]:
    """What a programme larger than its building says."""
    plancher = float(surfaces.plancher_m2[2])
    if programme is None or not programme.utile_m2 > plancher:
        return []
    utile, sol = (formater_nombre(v, 1, 0) for v in (programme.utile_m2, plancher))
    return [f"Les locaux font {utile} m² utiles, plus que les {sol} m² de plancher du lieu : l'un des deux est faux."]


def marches(
    regles: ReglesLocaux, dense: bool, cour_m2: float, maximum: int, coefficient: float | None = None
) -> list[tuple[int, float, float, float]]:
    """Step curve places ↔ m²: (places, child area due, yard due, gross area of the comfort programme) [m²]."""
    zone, cour = np.array([float(dense)]), np.array([cour_m2 if cour_m2 >= regles.piece_min else 0.0])
    n = regles.candidats[:maximum]
    enfants = besoin_en_enfants(regles, zone, cour)[0]
    dehors = np.zeros_like(n) if dense else regles.exterieur_ordinaire(n)
    confort = contrainte_de_confort(regles, zone, cour, np.zeros(1), coefficient=coefficient).besoin[0]
    return [(int(k), float(enfants[r]), float(dehors[r]), float(confort[r])) for r, k in enumerate(n)]


def categorie_en_clair(regles: ReglesLocaux, places: float) -> str:
    """French category of a number of places, under the premises rules; a dash for none."""
    if not regles.referentiel or math.isnan(places) or places < 1:
        return "—"
    return CATEGORIES_EN_CLAIR[int(regles.categorie(np.array([places]))[0])]


def _lectures(regles: ReglesLocaux, densite: Densite, alternative: bool | None) -> list[tuple[str, bool, bool]]:
    """Readings of what is unknown: (French name, very dense, space at a distance), the prudent one first."""
    if not regles.referentiel:
        return [("", False, False)]
    lectures = []
    for dense in [densite.dense] if densite.dense is not None else [False, True]:
        zone = "zone très dense" if dense else "zone ordinaire"
        zone += "" if densite.dense is not None else ", densité à vérifier"
        if dense:
            lectures.append((zone, True, False))
            continue
        for remplace in [alternative] if alternative is not None else [False, True]:
            ou = "espace à distance admis" if remplace else "cour sur place"
            lectures.append((f"{zone}, {ou}", False, remplace))
    return lectures


def _regimes(
    regles: ReglesLocaux,
    surfaces: Surfaces,
    locaux: tuple[Local, ...],
    comptees: SurfacesComptees | None,
    coefficient: float | None,
    modele: ProgrammeType,
) -> list[tuple[str, Compte | None, Tableau, Tableau | None]]:
    """Legal regimes: (French name, reading of the rooms drawn, counted child area (3,), beds of the rooms drawn)."""
    if not regles.referentiel:
        return [("Droit", None, surfaces.plancher_m2, None)]
    if comptees is None:
        k = coefficient or modele.coefficient_sdo_su.central
        return [("Droit, toute la surface utile comptée (maximum)", None, surfaces.plancher_m2 / k, None)]
    places_lits = None
    if any(x.fonction == "sommeil" for x in locaux):
        places_lits = np.full(3, float(lits(comptees.retenus, regles.premier_lit, regles.lit_suivant)))
    return [
        (f"Droit, surface comptée {LECTURE_EN_CLAIR[x]}", x, np.full(3, comptees.comptees[x]), places_lits)
        for x in LECTURES
    ]


def phrase(solution: Solution, i: int = 0) -> str:
    """French sentence: places, limit, what one more place needs, and the limit behind it."""
    if math.isnan(solution.places[i]):
        return "inconnu : il manque une surface"
    n, rang = int(solution.places[i]), int(solution.limite[i])
    places = f"{n} place{'s' if n > 1 else ''}"
    if rang < 0:
        return f"au moins {places} : aucune de ces règles ne limite"
    violees = [c for c, refus in zip(solution.contraintes, solution.limites[:, i], strict=True) if refus]
    if any(c.code == "plafond" for c in violees):
        return f"{places} ; limite : {violees[-1].libelle}"
    s = "s" if len(violees) > 1 else ""
    texte = f"{places} ; limite{s} : {' et '.join(c.libelle for c in violees)}"
    manques = [_manque(c, i, n) for c in violees]
    accord = "donne" if len(manques) == 1 and manques[0][1] <= 1 else "donnent"
    texte += f" ; {' et '.join(m for m, _ in manques)} {accord} {n + 1}"
    if solution.change_categorie[i]:
        texte += ", dans une autre catégorie"
    ensuite = int(solution.ensuite[i])
    if ensuite < 0:
        return texte
    vient = "le seuil de catégorie"
    if ensuite < len(solution.contraintes):
        vient = f"la limite « {solution.contraintes[ensuite].libelle} »"
    rendez_vous = int(solution.places_ensuite[i])
    ou = "" if rendez_vous == n + 1 else f" à {rendez_vous} places"
    return f"{texte}, puis vient {vient}{ou}"


def _manque(contrainte: Contrainte, i: int, n: int) -> tuple[str, float]:
    besoin = np.atleast_2d(contrainte.besoin)
    du = besoin[i if len(besoin) > 1 else 0, n]
    offre = np.asarray(contrainte.offre).reshape(-1)
    manque = float(du - offre[i if len(offre) > 1 else 0])
    dixiemes = math.ceil(manque * 10 - 1e-6) / 10
    unite = contrainte.unite.removesuffix("s") if dixiemes <= 1 else contrainte.unite
    return f"+{formater_nombre(dixiemes, 1, 0)} {unite}", dixiemes
