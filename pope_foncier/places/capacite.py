"""Childcare places that fit: the largest number allowed by the areas, and what binds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.places.regles_locaux import CATEGORIES, besoin_interieur, cour_comptee, rang_categorie
from pope_foncier.places.surfaces import espace_a_distance
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, maximum
from pope_foncier.socle.phrases import Origine

_LOCAUX = "referentiel.locaux"
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
    regle = _lire_la_regle(ctx)
    possibles = _places_possibles(ctx, surface, regle)
    retenues = possibles
    if ctx.etude.programme.places_voulues is not None:
        souhait = ctx.entree("programme.places_voulues")
        retenues = appliquer(np.minimum, "le plus petit de [{}] et [{}]", possibles, souhait)
    places = nommer("programme.places", retenues * ctx.entree("realiser"))
    suivante = (possibles + 1.0).nommer("Une place de plus", "places")
    return Capacite(
        places,
        possibles,
        nommer("programme.surface_requise", regle.surface(places)),
        nommer("programme.surface_place_suivante", regle.surface(suivante)),
        rang_categorie(regle.seuils, np.nan_to_num(places.valeur)),
        regle.dense,
        None
        if regle.dense
        else _cour_due(ctx, regle.seuils, suivante.valeur).nommer("Cour pour une place de plus", "m²"),
    )


def _lire_la_regle(ctx: Contexte) -> _Regle:
    cour = ctx.entree("programme.surface_exterieure_m2")
    coefficient = ctx.entree("programme.coefficient_sdo_su")
    fixes = ctx.entree("programme.services_fixes_m2")
    par_place = ctx.entree("programme.services_par_place_m2")
    dense = est_dense(ctx)
    enfant = ctx.bareme(f"{_LOCAUX}.surface_par_place_dense" if dense else f"{_LOCAUX}.surface_par_place")
    seuils_dates = exiger(ctx.valeur_datee("referentiel.categories.seuils"))
    seuils = np.array([seuils_dates.valeur[c] for c in CATEGORIES[:4]])
    return _Regle(ctx, dense, seuils, enfant, fixes, par_place, coefficient, cour)


def _places_possibles(ctx: Contexte, surface: Grandeur, regle: _Regle) -> Grandeur:
    """Largest number of places whose areas fit, shape (…, 1)."""
    candidats = np.arange(1.0, _PLACES_MAX + 2)
    besoin = regle.surfaces(candidats)
    if regle.dense:
        gabarit = "plus grand nombre de places dont la surface requise tient dans {}"
        possibles = appliquer(_compter, gabarit, surface, besoin)
    else:
        gabarit = "plus grand nombre de places dont la surface requise tient dans {0} et la cour due dans {2}"
        due = _cour_due(ctx, regle.seuils, candidats)
        possibles = appliquer(_compter, gabarit, surface, besoin, regle.cour, due)
        if regle.dense is None:
            possibles = _si_la_densite_ne_decide_pas(possibles, appliquer(_compter, "{} sans cour", surface, besoin))
    return possibles.nommer("Places possibles", "places")


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
    par_place = ctx.bareme(f"{_LOCAUX}.exterieur_par_place")
    admis, _ = espace_a_distance(ctx.site, ctx.catalogue, ctx.etude.date_demande, None)
    if not admis:
        return appliquer(lambda n, p: n * p, "{} × {}", Grandeur(places), par_place)
    remplace = ctx.bareme_par_rang(
        f"{_LOCAUX}.alternative_par_categorie", rang_categorie(seuils, np.nan_to_num(places))
    )
    gabarit = "{} × {}, rien dans une catégorie où un espace à distance la remplace ({})"
    return appliquer(lambda n, p, r: np.where(r > 0, 0.0, n * p), gabarit, Grandeur(places), par_place, remplace)


@dataclass(frozen=True, slots=True)
class _Regle:
    """Gross area that a number of places needs, as an expression that can be explained."""

    ctx: Contexte
    dense: bool | None
    seuils: Tableau
    enfant: Grandeur
    fixes: Grandeur
    par_place: Grandeur
    coefficient: Grandeur
    cour: Grandeur

    def surface(self, places: Grandeur) -> Grandeur:
        """Gross area of some places [m²], zero when there is none."""
        utile = places * (self.enfant + self.par_place) + self.fixes
        if self.dense:
            due = self._compensation(np.nan_to_num(places.valeur))
            comptee = appliquer(cour_comptee, "{} si elle atteint {}", self.cour, self._piece_min())
            utile = utile + maximum(due - comptee, 0.0).nommer("Compensation intérieure", "m²")
        existe = appliquer(lambda n: np.where(n > 0, 1.0, n), "1 si {} > 0", places)
        return utile * self.coefficient * existe

    def surfaces(self, candidats: Tableau) -> Grandeur:
        """Gross area of each number of places to try, shape (…, N) [m²]."""

        def requise(
            n: Tableau, comp: Tableau, a: Tableau, f: Tableau, p: Tableau, k: Tableau, c: Tableau, pm: Tableau
        ) -> Tableau:
            return np.asarray(k * (besoin_interieur(n, a + p, comp, cour_comptee(c, pm)) + f))

        return appliquer(
            requise,
            "(places × [{2} + {4}] + {3} + compensation de la catégorie non fournie par {6}) × {5}",
            Grandeur(candidats),
            self._compensation(candidats) if self.dense else Grandeur(np.zeros_like(candidats), "Compensation", "m²"),
            self.enfant,
            self.fixes,
            self.par_place,
            self.coefficient,
            self.cour,
            self._piece_min() if self.dense else Grandeur(0.0, "Pièce extérieure", "m²"),
        ).nommer("Surface de plancher requise", "m²")

    def _compensation(self, places: Tableau) -> Grandeur:
        """Area due indoors by some numbers of places, for a yard that is not given in a very dense zone [m²]."""
        return self.ctx.bareme_par_rang(f"{_LOCAUX}.compensation_dense", rang_categorie(self.seuils, places))

    def _piece_min(self) -> Grandeur:
        """Area from which an outdoor room counts in a very dense zone [m²]."""
        return self.ctx.bareme(f"{_LOCAUX}.piece_exterieure_min_dense")


def est_dense(ctx: Contexte) -> bool | None:
    """Very dense zone: the INSEE 1 km square of the site reaches the threshold (arrêté du 31 août 2021, article 2).

    A study may state the other reading when its square is near the threshold.
    """
    if ctx.etude.lecture_densite != "carreau":
        return bool(ctx.etude.lecture_densite == "tres_dense")
    if ctx.site.carreau is None or ctx.site.carreau.habitants.valeur is None:
        return None
    seuil = exiger(ctx.valeur_datee(f"{_LOCAUX}.seuil_densite"))
    return bool(ctx.site.carreau.habitants.valeur >= seuil.valeur)


def _compter(surface: Tableau, besoin: Tableau, cour: Tableau | float = 0.0, due: Tableau | float = 0.0) -> Tableau:
    """Largest n whose needs are within the areas, shape (…, 1); needs (…, N), areas (…, 1); NaN when one is unknown."""
    tient = (besoin <= surface + 1e-9) & (due <= np.asarray(cour) + 1e-9)
    n = np.arange(1.0, tient.shape[-1] + 1)
    compte = np.where(tient, n, 0.0).max(axis=-1, keepdims=True)
    inconnu = np.isnan(surface) | np.isnan(besoin[..., :1]) | np.isnan(cour)
    return np.asarray(np.where(inconnu, np.nan, np.minimum(compte, _PLACES_MAX)))
