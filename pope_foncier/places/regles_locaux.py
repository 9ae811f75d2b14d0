"""Premises rules at a date: indoor area, yard, sleep, equipment, as pure functions over numbers of places."""

from __future__ import annotations

from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.modele.modes import mode_accueil
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.solveur import PLACES_MAX, Contrainte

CATEGORIES = ("micro_creche", "petite_creche", "creche", "grande_creche", "tres_grande_creche")
CATEGORIES_EN_CLAIR = ("micro-crèche", "petite crèche", "crèche", "grande crèche", "très grande crèche")


def rang_categorie(seuils: Tableau, places: Tableau) -> Tableau:
    """Category of a number of places: rank in ``CATEGORIES``; ``seuils`` are the last places of the first four."""
    return np.asarray(np.searchsorted(seuils, places, side="left"), dtype=np.float64)


def besoin_interieur(places: Tableau, par_place: Tableau, compensation: Tableau, cour: Tableau) -> Tableau:
    """Counted child area needed [m²]: places × area per place, plus the compensation that the yard does not give."""
    return np.asarray(places * par_place + np.maximum(compensation - cour, 0.0))


@enregistrement
class ReglesLocaux:
    """Premises rules of a mode d'accueil at the filing date (arrêté du 31 août 2021, code de la santé publique)."""

    mode: str
    jour: date
    referentiel: bool
    places_max: float
    unite_max: float
    seuils: Tableau
    par_place: float
    par_place_dense: float
    compensation: Tableau
    """By category, very dense zone [m²]."""
    piece_min: float
    exterieur_par_place: float
    exterieur_plafond: float
    alternative: Tableau
    """By category, ordinary zone: 1 when a space at a distance can replace the yard."""
    premier_lit: float
    lit_suivant: float
    par_table_change: float
    par_toilette: float
    enfants_par_adulte: float
    places_sans_diplome: float
    surnombre: float

    @property
    def candidats(self) -> Tableau:
        """Numbers of places tried, shape (N,)."""
        return np.arange(1.0, PLACES_MAX + 1)

    def categorie(self, places: Tableau) -> np.ndarray:
        """Rank of the category of each number of places."""
        return rang_categorie(self.seuils, places).astype(np.intp)

    def exterieur_ordinaire(self, places: Tableau, avec_plafond: bool = False) -> Tableau:
        """Private yard in an ordinary zone [m²]; the cap has one weak source and is left out by default."""
        du = places * self.exterieur_par_place
        return np.asarray(np.minimum(du, self.exterieur_plafond) if avec_plafond else du)

    def surface_sommeil(self, lits: Tableau, chambres: Tableau) -> Tableau:
        """Sleeping area [m²] of some beds in some rooms, first bed of each room then the others."""
        return np.asarray(chambres * self.premier_lit + np.maximum(lits - chambres, 0.0) * self.lit_suivant)

    def lits_possibles(self, surface_m2: Tableau) -> Tableau:
        """Beds that one sleeping room can hold."""
        suite = np.floor((np.asarray(surface_m2) - self.premier_lit) / self.lit_suivant + 1e-9)
        return np.asarray(np.where(suite >= 0, suite + 1.0, 0.0))

    def tables_change(self, places: Tableau) -> Tableau:
        """Change tables: one, then one per full ten places."""
        return np.asarray(np.maximum(np.floor(np.asarray(places) / self.par_table_change), 1.0))

    def toilettes(self, marcheurs: Tableau) -> Tableau:
        """Children's toilets: one per ten places of walkers, begun tens counted (the sentence was read in part)."""
        return np.asarray(np.ceil(np.asarray(marcheurs) / self.par_toilette - 1e-9))

    def adultes(self, enfants: Tableau) -> Tableau:
        """Adults beside the children, single ratio, begun groups counted."""
        return np.asarray(np.ceil(np.asarray(enfants) / self.enfants_par_adulte - 1e-9))

    def effectif_maximal(self, places: Tableau) -> Tableau:
        """Children present at most at one moment; adds no area."""
        return np.asarray(np.floor(np.asarray(places) * self.surnombre + 1e-9))

    def unites(self, places: Tableau) -> Tableau:
        """Units that hold a number of places."""
        return np.asarray(np.ceil(np.asarray(places) / self.unite_max))


@enregistrement
class OffreSite:
    """What sites offer, one row per site, shape (S,)."""

    interieur_m2: Tableau
    """Child area counted, in one reading [m²]."""
    cour_m2: Tableau
    """Private yard [m²]."""
    cour_dense_m2: Tableau
    """Yard in pieces that reach the minimum of a very dense zone [m²]."""
    dense: Tableau
    """1 in a very dense zone."""
    alternative: Tableau
    """1 when an admitted space lies within the distance."""
    lits: Tableau | None = None
    """Beds that the sleeping rooms drawn can hold; None when no room is drawn."""


def lire_regles(catalogue: Catalogue, mode: str, jour: date) -> ReglesLocaux:
    """Rules of a mode at a date.

    Raises:
        ErreurBareme: date before the rules that the catalogue knows.
        ErreurCalcul: unknown mode.
    """
    accueil = mode_accueil(mode)

    def nombre(chemin: str) -> float:
        return float(exiger(catalogue.a_la_date(f"referentiel.{chemin}", jour)).valeur)

    def table(chemin: str) -> Tableau:
        valeur = exiger(catalogue.a_la_date(f"referentiel.{chemin}", jour)).valeur
        return np.array([valeur[c] for c in CATEGORIES])

    return ReglesLocaux(
        mode=mode,
        jour=jour,
        referentiel=accueil.referentiel,
        places_max=accueil.places_max(catalogue, jour),
        unite_max=nombre("categories.unite_max"),
        seuils=table("categories.seuils")[:4],
        par_place=nombre("locaux.surface_par_place"),
        par_place_dense=nombre("locaux.surface_par_place_dense"),
        compensation=table("locaux.compensation_dense"),
        piece_min=nombre("locaux.piece_exterieure_min_dense"),
        exterieur_par_place=nombre("locaux.exterieur_par_place"),
        exterieur_plafond=nombre("locaux.exterieur_plafond"),
        alternative=table("locaux.alternative_par_categorie"),
        premier_lit=nombre("locaux.sommeil_premier_lit"),
        lit_suivant=nombre("locaux.sommeil_lit_suivant"),
        par_table_change=nombre("locaux.places_par_table_change"),
        par_toilette=nombre("locaux.places_par_toilette"),
        enfants_par_adulte=nombre("encadrement.enfants_par_adulte"),
        places_sans_diplome=nombre("encadrement.places_sans_diplome_max"),
        surnombre=nombre("locaux.surnombre"),
    )


def besoin_en_enfants(regles: ReglesLocaux, dense: Tableau, cour_dense: Tableau) -> Tableau:
    """Counted child area that each number of places needs, shape (S, N)."""
    n = regles.candidats
    compensation = regles.compensation[regles.categorie(n)]
    serre = besoin_interieur(n, np.array(regles.par_place_dense), compensation, cour_dense.reshape(-1, 1))
    return np.asarray(np.where(dense.reshape(-1, 1) > 0, serre, n * regles.par_place))


def contraintes_du_droit(regles: ReglesLocaux, offre: OffreSite, lits_par_place: float = 1.0) -> list[Contrainte]:
    """Constraints of the law on places, in the order in which they are told; beds by place are an assumption."""
    n = regles.candidats
    admises = np.full_like(offre.interieur_m2, regles.places_max)
    plafond = Contrainte("plafond", "plafond du mode d'accueil", "places", n, admises)
    if not regles.referentiel:
        return [plafond]
    remplace = (offre.alternative.reshape(-1, 1) > 0) & (regles.alternative[regles.categorie(n)] > 0)
    sans_cour = (offre.dense.reshape(-1, 1) > 0) | remplace
    dedans = besoin_en_enfants(regles, offre.dense, offre.cour_dense_m2)
    dehors = np.where(sans_cour, 0.0, regles.exterieur_ordinaire(n))
    contraintes = [
        Contrainte("interieur", "surface intérieure", "m²", dedans, offre.interieur_m2),
        Contrainte("exterieur", "espace extérieur", "m²", dehors, offre.cour_m2),
    ]
    if offre.lits is not None:
        contraintes.append(Contrainte("sommeil", "lits dans les chambres", "lits", n * lits_par_place, offre.lits))
    return [*contraintes, plafond]
