"""Childcare places that fit: the largest number allowed by the areas, and what binds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places.regles_locaux import CATEGORIES, besoin_interieur, cour_comptee, rang_categorie
from pope_foncier.places.surfaces import espace_a_distance
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur, Origine, Tableau, appliquer, maximum

_PLACES_MAX = 120
_QUI_LIT = "l'Insee, puis la PMI"


@dataclass(frozen=True, slots=True)
class Capacite:
    """Places retained and what they need."""

    places: Grandeur
    places_possibles: Grandeur
    surface_requise: Grandeur
    surface_suivante: Grandeur
    """Gross area that one more place would need [m²]."""
    categorie: Tableau
    """Rank in ``CATEGORIES``, shape (…, 1)."""
    dense: bool | None
    """Very dense zone; None when the INSEE square is unknown (ordinary zone is then applied)."""
    cour_suivante: Grandeur | None = None
    """Private yard that one more place would need in an ordinary zone [m²]; None in a very dense one."""


def manques_d_une_place(ctx: Contexte, capacite: Capacite) -> tuple[Grandeur, Grandeur | None]:
    """Gross area and yard that one more place would take beyond what the site has, shape (…, 1) [m²]; no yard where none is due."""
    surface = (capacite.surface_suivante - ctx.entree("programme.surface_m2")).nommer("Surface de plus", "m²")
    if capacite.cour_suivante is None:
        return surface, None
    return surface, (capacite.cour_suivante - ctx.entree("programme.surface_exterieure_m2")).nommer("Cour de plus")


def calculer(ctx: Contexte) -> Capacite:
    """Places that fit in the gross area, by the référentiel bâtimentaire and the parametric programme.

    Usable area needed for ``n`` places: child area per place (7 m², or 5.5 m² in a very dense square) × n, plus the
    services of the programme (fixed + per place), plus the compensation of the category that a yard does not give in a
    dense square. Gross area is usable area × coefficient. Outside dense squares a private yard is due for each place,
    unless the site sheet holds an admitted space within the distance of the law and the category lets it replace the yard;
    a space that nobody has looked for replaces nothing. With an unknown density the ordinary rules apply, but where the
    yard then limits the places they stay unknown.
    """
    surface = ctx.entree("programme.surface_m2")
    cour = ctx.entree("programme.surface_exterieure_m2")
    coefficient = ctx.entree("programme.coefficient_sdo_su")
    fixes = ctx.entree("programme.services_fixes_m2")
    par_place = ctx.entree("programme.services_par_place_m2")
    dense = est_dense(ctx)
    locaux = "referentiel.locaux"
    enfant = ctx.bareme(f"{locaux}.surface_par_place_dense" if dense else f"{locaux}.surface_par_place")
    seuils_dates = exiger(ctx.valeur_datee("referentiel.categories.seuils"))
    seuils = np.array([seuils_dates.valeur[c] for c in CATEGORIES[:4]])
    candidats = np.arange(1.0, _PLACES_MAX + 2)
    compensation = (
        ctx.bareme_par_rang(f"{locaux}.compensation_dense", rang_categorie(seuils, candidats))
        if dense
        else Grandeur(np.zeros_like(candidats), "Compensation", "m²")
    )
    piece_min = ctx.bareme(f"{locaux}.piece_exterieure_min_dense") if dense else Grandeur(0.0, "Pièce extérieure", "m²")

    def requise(
        n: Tableau, comp: Tableau, a: Tableau, f: Tableau, p: Tableau, k: Tableau, c: Tableau, pm: Tableau
    ) -> Tableau:
        return np.asarray(k * (besoin_interieur(n, a + p, comp, cour_comptee(c, pm)) + f))

    besoin = appliquer(
        requise,
        "(places × [{2} + {4}] + {3} + compensation de la catégorie non fournie par {6}) × {5}",
        Grandeur(candidats),
        compensation,
        enfant,
        fixes,
        par_place,
        coefficient,
        cour,
        piece_min,
    ).nommer("Surface de plancher requise", "m²")
    due = None if dense else _cour_due(ctx, seuils, candidats)
    if due is None:
        possibles = appliquer(
            _compter, "plus grand nombre de places dont la surface requise tient dans {}", surface, besoin
        )
    else:
        gabarit = "plus grand nombre de places dont la surface requise tient dans {0} et la cour due dans {2}"
        possibles = appliquer(_compter, gabarit, surface, besoin, cour, due)
        if dense is None:
            possibles = _si_la_densite_ne_decide_pas(possibles, appliquer(_compter, "{} sans cour", surface, besoin))
    possibles = possibles.nommer("Places possibles", "places")
    voulues = ctx.etude.programme.places_voulues is not None
    realiser = ctx.entree("realiser")
    retenues = possibles
    if voulues:
        souhait = ctx.entree("programme.places_voulues")
        retenues = appliquer(np.minimum, "le plus petit de [{}] et [{}]", possibles, souhait)
    places = (retenues * realiser).nommer("Places retenues", "places")
    regle = _Regle(ctx, seuils, enfant, fixes, par_place, coefficient, cour if dense else None)
    suivante = (possibles + 1.0).nommer("Une place de plus", "places")
    return Capacite(
        places,
        possibles,
        regle.surface(places).nommer("Surface de plancher requise par les places retenues", "m²"),
        regle.surface(suivante).nommer("Surface de plancher pour une place de plus", "m²"),
        rang_categorie(seuils, np.nan_to_num(places.valeur)),
        dense,
        None if dense else _cour_due(ctx, seuils, suivante.valeur).nommer("Cour pour une place de plus", "m²"),
    )


def _si_la_densite_ne_decide_pas(avec_cour: Grandeur, sans_cour: Grandeur) -> Grandeur:
    """Places of the ordinary reading; unknown where the yard limits them, since a very dense square would not ask for one."""
    if not np.any(avec_cour.valeur < sans_cour.valeur):
        return avec_cour
    origine = Origine("inconnu", "site.carreau", "carreau Insee non relevé", "inconnu", a_obtenir_de=_QUI_LIT)
    manque = frozenset({f"densité du carreau Insee (à obtenir {de(_QUI_LIT)})"})
    zone = Grandeur(np.nan, "Zone très dense (1 oui, 0 non)", "", [origine], manques=manque)
    gabarit = "{0} si la zone est ordinaire"
    return appliquer(lambda a, s, z: np.asarray(np.where(a < s, z, a)), gabarit, avec_cour, sans_cour, zone)


def _cour_due(ctx: Contexte, seuils: Tableau, places: Tableau) -> Grandeur:
    """Private yard due by some numbers of places in an ordinary zone [m²], same shape; none where a space replaces it."""
    par_place = ctx.bareme("referentiel.locaux.exterieur_par_place")
    admis, _ = espace_a_distance(ctx.site, ctx.catalogue, ctx.etude.date_demande, None)
    if not admis:
        return appliquer(lambda n, p: n * p, "{} × {}", Grandeur(places), par_place)
    remplace = ctx.bareme_par_rang(
        "referentiel.locaux.alternative_par_categorie", rang_categorie(seuils, np.nan_to_num(places))
    )
    gabarit = "{} × {}, rien dans une catégorie où un espace à distance la remplace ({})"
    return appliquer(lambda n, p, r: np.where(r > 0, 0.0, n * p), gabarit, Grandeur(places), par_place, remplace)


@dataclass(frozen=True, slots=True)
class _Regle:
    """Gross area that a number of places needs, as an expression that can be explained."""

    ctx: Contexte
    seuils: Tableau
    enfant: Grandeur
    fixes: Grandeur
    par_place: Grandeur
    coefficient: Grandeur
    cour: Grandeur | None
    """Yard in a very dense zone, None elsewhere."""

    def surface(self, places: Grandeur) -> Grandeur:
        """Gross area [m²], zero when there is no place."""
        utile = places * (self.enfant + self.par_place) + self.fixes
        if self.cour is not None:
            piece_min = self.ctx.bareme("referentiel.locaux.piece_exterieure_min_dense")
            rangs = rang_categorie(self.seuils, np.nan_to_num(places.valeur))
            due = self.ctx.bareme_par_rang("referentiel.locaux.compensation_dense", rangs)
            comptee = appliquer(cour_comptee, "{} si elle atteint {}", self.cour, piece_min)
            utile = utile + maximum(due - comptee, 0.0).nommer("Compensation intérieure", "m²")
        existe = appliquer(lambda n: np.where(n > 0, 1.0, n), "1 si {} > 0", places)
        return utile * self.coefficient * existe


def est_dense(ctx: Contexte) -> bool | None:
    """Very dense zone: the INSEE 1 km square of the site reaches the threshold (arrêté du 31 août 2021, article 2).

    A study may state the other reading when its square is near the threshold.
    """
    if ctx.etude.lecture_densite != "carreau":
        return bool(ctx.etude.lecture_densite == "tres_dense")
    if ctx.site.carreau is None or ctx.site.carreau.habitants.valeur is None:
        return None
    seuil = exiger(ctx.valeur_datee("referentiel.locaux.seuil_densite"))
    return bool(ctx.site.carreau.habitants.valeur >= seuil.valeur)


def _compter(surface: Tableau, besoin: Tableau, cour: Tableau | float = 0.0, due: Tableau | float = 0.0) -> Tableau:
    """Largest n whose needs are within the areas, shape (…, 1); needs (…, N), areas (…, 1); NaN when one is unknown."""
    tient = (besoin <= surface + 1e-9) & (due <= np.asarray(cour) + 1e-9)
    n = np.arange(1.0, tient.shape[-1] + 1)
    compte = np.where(tient, n, 0.0).max(axis=-1, keepdims=True)
    inconnu = np.isnan(surface) | np.isnan(besoin[..., :1]) | np.isnan(cour)
    return np.asarray(np.where(inconnu, np.nan, np.minimum(compte, _PLACES_MAX)))
