"""Childcare places that fit: the largest number allowed by the areas, and what binds."""

from __future__ import annotations

import numpy as np

from pope_foncier.baremes.catalogue import exiger
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.places.pieces_du_site import PiecesDuSite, pieces_du_site
from pope_foncier.places.programme_type import lire_programme_type
from pope_foncier.places.regles_locaux import CATEGORIES, rang_categorie
from pope_foncier.places.surfaces import espace_a_distance
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, maximum, minimum, poser, somme
from pope_foncier.socle.operations import Detail, Operation, Phrase, Raison
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.solveur import PLACES_MAX
from pope_foncier.socle.vocabulaire import (
    connu_ou_zero,
    existe,
    inferieur,
    inferieur_ou_egal,
    plus_haut,
    si,
    superieur,
    superieur_ou_egal,
)

_LOCAUX = "referentiel.locaux"
_MARGE = 1e-9
"""Margin of computation of an area [m²]."""
_QUI_LIT = "l'Insee, puis la PMI"
SECTIONS = (
    "programme",
    "realiser",
    "mode_accueil",
    "exploitation",
    "lecture_cour",
    "lecture_densite",
    "lecture_espace",
)
"""Sections of the study that the places of a mode come from."""


@enregistrement
class Capacite:
    """Places retained and what they need."""

    places: Grandeur
    places_possibles: Grandeur
    surface_requise: Grandeur
    surface_suivante: Grandeur
    """Gross area that one more place would need [m²]."""
    categorie: Grandeur
    """Rank in ``CATEGORIES``, shape (…, 1)."""
    dense: bool | None
    """Very dense zone; None when the INSEE square is unknown (ordinary zone is then applied)."""
    cour_suivante: Grandeur | None = None
    """Private yard that one more place would need in an ordinary zone [m²]; None in a very dense one."""
    des_pieces: Grandeur | None = None
    """Places that the rooms drawn hold, when a check leaves some of them out; None otherwise."""
    pieces_ecartees: str = ""
    """Rooms drawn left out and why, in French."""


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
    possibles, dessinees = _places_possibles(ctx, surface, regle), pieces_du_site(ctx)
    des_pieces = _places_des_pieces(regle, dessinees) if dessinees is not None else None
    if des_pieces is not None:
        possibles = minimum(possibles, des_pieces).nommer("Places possibles", "places")
    retenues = possibles
    if ctx.etude.programme.places_voulues is not None:
        retenues = minimum(possibles, ctx.entree("programme.places_voulues"))
    places = nommer("programme.places", retenues * ctx.entree("realiser"))
    suivante = (possibles + 1.0).nommer("Une place de plus", "places")
    requise = nommer("programme.surface_requise", regle.surface(places))
    pour_une_de_plus = nommer("programme.surface_place_suivante", regle.surface(suivante))
    cour = None if regle.dense else _cour_due(ctx, regle, suivante).nommer("Cour pour une place de plus", "m²")
    ecartees = dessinees.ecartees if dessinees is not None else ""
    lues = (regle.categorie(places), regle.dense, cour, des_pieces, ecartees)
    return Capacite(places, possibles, requise, pour_une_de_plus, *lues)


def _lire_la_regle(ctx: Contexte) -> _Regle:
    lus = ("services_fixes_m2", "services_par_place_m2", "coefficient_sdo_su", "surface_exterieure_m2")
    dense = est_dense(ctx)
    enfant = ctx.bareme(f"{_LOCAUX}.surface_par_place_dense" if dense else f"{_LOCAUX}.surface_par_place")
    seuils_dates = exiger(ctx.valeur_datee("referentiel.categories.seuils"))
    seuils = np.array([seuils_dates.valeur[c] for c in CATEGORIES[:4]])
    return _Regle(ctx, dense, seuils, enfant, *(ctx.entree(f"programme.{x}") for x in lus))


def _places_possibles(ctx: Contexte, surface: Grandeur, regle: _Regle) -> Grandeur:
    """Largest number of places whose areas fit, shape (…, 1)."""
    candidats = Grandeur(np.arange(1.0, PLACES_MAX + 2))
    besoin = regle.surfaces(candidats)
    if regle.dense:
        gabarit = "plus grand nombre de places dont la surface requise tient dans {}"
        possibles = poser(PLACES_QUI_TIENNENT, surface, besoin, phrase=gabarit)
    else:
        gabarit = "plus grand nombre de places dont la surface requise tient dans {0} et la cour due dans {2}"
        due = _cour_due(ctx, regle, candidats)
        possibles = poser(PLACES_QUI_TIENNENT, surface, besoin, regle.cour, due, phrase=gabarit)
        if regle.dense is None:
            sans_cour = poser(PLACES_QUI_TIENNENT, surface, besoin, phrase="{} sans cour")
            possibles = _si_la_densite_ne_decide_pas(possibles, sans_cour)
    return possibles.nommer("Places possibles", "places")


def _places_des_pieces(regle: _Regle, pieces: PiecesDuSite) -> Grandeur:
    """Largest number of places whose child area and beds the rooms drawn hold, shape (…, 1)."""
    candidats = Grandeur(np.arange(1.0, PLACES_MAX + 2))
    besoin = regle.enfants(candidats)
    if pieces.lits is None:
        gabarit = "plus grand nombre de places dont la surface d'enfants tient dans {}"
        possibles = poser(PLACES_QUI_TIENNENT, pieces.surface, besoin, phrase=gabarit)
    else:
        gabarit = "plus grand nombre de places dont la surface d'enfants tient dans {0} et les lits dans {2}"
        dus = candidats * lire_programme_type().lits_par_place
        possibles = poser(PLACES_QUI_TIENNENT, pieces.surface, besoin, pieces.lits, dus, phrase=gabarit)
    return possibles.nommer("Places des pièces dessinées qui comptent", "places")


def _si_la_densite_ne_decide_pas(avec_cour: Grandeur, sans_cour: Grandeur) -> Grandeur:
    """Places of the ordinary reading; unknown where the yard limits them, since a very dense square would not ask for one."""
    limitees = inferieur(avec_cour, sans_cour)
    if not aiguiller(connu_ou_zero(limitees)):
        return avec_cour
    origine = Origine("inconnu", "site.carreau", "carreau Insee non relevé", "inconnu", a_obtenir_de=_QUI_LIT)
    manque = frozenset({f"densité du carreau Insee (à obtenir {de(_QUI_LIT)})"})
    zone = Grandeur(np.nan, "Zone très dense (1 oui, 0 non)", "", [origine], manques=manque)
    places = si(limitees, zone, avec_cour)
    return dire(places, "{0} si la zone est ordinaire", avec_cour, sans_cour, zone)


def _cour_due(ctx: Contexte, regle: _Regle, places: Grandeur) -> Grandeur:
    """Private yard due by some numbers of places in an ordinary zone [m²], same shape; none where a space replaces it."""
    par_place = ctx.bareme(f"{_LOCAUX}.exterieur_par_place")
    if ctx.etude.lecture_cour == "trois_plus_petites":
        visee = ctx.bareme_par_rang(f"{_LOCAUX}.exterieur_par_categorie", regle.categorie(places))
        limitee = par_place * visee
        par_place = dire(limitee, "{} dans les catégories que la source nomme ({})", par_place, visee)
    if not espace_admis(ctx):
        return places * par_place
    remplace = ctx.bareme_par_rang(f"{_LOCAUX}.alternative_par_categorie", regle.categorie(places))
    due = si(superieur(remplace, 0.0), 0.0, places * par_place)
    phrase = "{} × {}, rien dans une catégorie où un espace à distance la remplace ({})"
    return dire(due, phrase, places, par_place, remplace)


@enregistrement
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

    def categorie(self, places: Grandeur) -> Grandeur:
        """Rank in ``CATEGORIES`` of some numbers of places, same shape; the smallest where they are unknown."""
        return poser(RANG_DE_CATEGORIE, places, parametres=(self.seuils,))

    def surface(self, places: Grandeur) -> Grandeur:
        """Gross area of some places [m²], zero when there is none."""
        utile = places * (self.enfant + self.par_place) + self.fixes
        if self.dense:
            due = self._compensation(places)
            comptee = _cour_comptee(self.cour, self._piece_min())
            utile = utile + maximum(due - comptee, 0.0).nommer("Compensation intérieure", "m²")
        return utile * self.coefficient * existe(places)

    def surfaces(self, voulues: Grandeur) -> Grandeur:
        """Gross area of each number of places to try, shape (…, N) [m²]."""
        rien = Grandeur(np.zeros_like(voulues.valeur), "Compensation", "m²")
        compensation = self._compensation(voulues) if self.dense else rien
        piece = self._piece_min() if self.dense else Grandeur(0.0, "Pièce extérieure", "m²")
        manque = maximum(compensation - _cour_comptee(self.cour, piece), 0.0)
        surface = self.coefficient * (voulues * (self.enfant + self.par_place) + manque + self.fixes)
        phrase = "(places × [{2} + {4}] + {3} + compensation de la catégorie non fournie par {6}) × {5}"
        lus = (self.enfant, self.fixes, self.par_place, self.coefficient, self.cour)
        return dire(surface, phrase, voulues, compensation, *lus, piece).nommer("Surface de plancher requise", "m²")

    def enfants(self, voulues: Grandeur) -> Grandeur:
        """Child area due by each number of places to try, shape (…, N) [m²]."""
        due = voulues * self.enfant
        if self.dense:
            manque = maximum(self._compensation(voulues) - _cour_comptee(self.cour, self._piece_min()), 0.0)
            due = due + manque.nommer("Compensation intérieure", "m²")
        return due.nommer("Surface d'enfants due", "m²")

    def _compensation(self, places: Grandeur) -> Grandeur:
        """Area due indoors by some numbers of places, for a yard that is not given in a very dense zone [m²]."""
        return self.ctx.bareme_par_rang(f"{_LOCAUX}.compensation_dense", self.categorie(places))

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


def espace_admis(ctx: Contexte) -> bool | None:
    """Whether an outdoor space at a distance stands for the yard: a reading of the study, else its site; None when it is open."""
    if ctx.etude.lecture_espace != "site":
        return bool(ctx.etude.lecture_espace == "admis")
    return espace_a_distance(ctx.site, ctx.catalogue, ctx.etude.date_demande, None).admis


def _cour_comptee(cour: Grandeur, piece: Grandeur) -> Grandeur:
    """Yard that counts in a very dense zone: nothing under the minimum of one piece [m²]."""
    return dire(si(superieur_ou_egal(cour, piece), cour, 0.0 * cour), "{} si elle atteint {}", cour, piece)


def _compter(surface: Tableau, besoin: Tableau, cour: Tableau | float = 0.0, due: Tableau | float = 0.0) -> Tableau:
    """Largest n whose needs are within the areas, shape (…, 1); needs (…, N), areas (…, 1); NaN when one is unknown."""
    tient = (besoin <= surface + _MARGE) & (due <= np.asarray(cour) + _MARGE)
    n = np.arange(1.0, tient.shape[-1] + 1)
    compte = np.where(tient, n, 0.0).max(axis=-1, keepdims=True)
    inconnu = np.isnan(surface) | np.isnan(besoin[..., :1]) | np.isnan(cour)
    return np.asarray(np.where(inconnu, np.nan, np.minimum(compte, PLACES_MAX)))


def _rang(places: Tableau, seuils: Tableau) -> Tableau:
    return rang_categorie(seuils, np.nan_to_num(places))


def _dire_le_rang(places: Grandeur, seuils: Tableau) -> Grandeur:
    connues = connu_ou_zero(places)
    return somme([superieur(connues, float(s)) for s in seuils], "Rang de la catégorie", "")


def _dire_les_places(surface: Grandeur, besoin: Grandeur, *de_la_cour: Grandeur) -> Grandeur:
    """Each number of places that fits, then the largest."""
    tient = inferieur_ou_egal(besoin, surface, _MARGE)
    if de_la_cour:
        cour, due = de_la_cour
        tient = tient * inferieur_ou_egal(due, cour, _MARGE)
    essais = Grandeur(np.arange(1.0, besoin.valeur.shape[-1] + 1), "Nombre de places essayé", "places")
    tenues = (essais * tient).nommer("Nombre de places s'il tient", "places")
    return minimum(plus_haut(tenues), float(PLACES_MAX))


RANG_DE_CATEGORIE = Operation(
    "rang_de_categorie",
    _rang,
    Phrase("rang de la catégorie de [{}]"),
    Detail(_dire_le_rang),
    Raison("marche", "une catégorie, ou la suivante"),
    unite="sans",
)
"""Size category of some places."""
PLACES_QUI_TIENNENT = Operation(
    "places_qui_tiennent",
    _compter,
    Phrase("plus grand nombre de places qui tient dans {0}"),
    Detail(_dire_les_places),
    Raison("marche", "une place de plus demande une surface de plus"),
    axe="",
)
"""Integer search: needs by number of places tried, within the areas that the site offers."""
