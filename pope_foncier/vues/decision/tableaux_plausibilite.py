"""Plausibility in words: the table of a study among published figures, and the sentence of what is unusual."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.plausibilite import Lecture, Position, Profil, plausibilite, profil_de
from pope_foncier.decision.plausibilite_donnees import Groupe, lire_reglages
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.travaux.calage_modele import lire_reglages as lire_reglages_du_calage
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table

_TAILLES = {"micro": "micro-crèches", "creche": "crèches plus grandes", "mam": "maisons d'assistants maternels"}
_GENRES = {"neuf": "construction neuve", "reemploi": "réemploi", "amenagement": "aménagement", "autre": "genre non dit"}
_DECIMALES = {"%": 3, "m²/place": 1, "ETP/place": 2}
"""Decimals by unit (a share is a fraction); none for euros."""
_SI_TTC = ", les prix dont la taxe n'est pas dite lus hors taxe, puis TTC"


def table(vue: Vue) -> Table:
    """Figures of a scenario beside the published ones: references, range, rank, reading."""
    profil, positions = profil_de(vue), plausibilite(vue)
    deux_lectures = any(p.est_classee and p.centiles[0] != p.centiles[1] for p in positions)
    lignes: tuple[Rang, ...] = tuple(
        (
            p.mesure.libelle,
            _case(p, p.valeur),
            _nom(p.groupe, p, profil),
            cases.nombre(p.n),
            *(_case(p, x, seule=False).sinon("—") for x in p.bornes),
            *_rangs(p)[: 2 if deux_lectures else 1],
            lecture(p),
        )
        for p in positions
    )
    fins = [
        f"{_minuscule(p.mesure.libelle)}, {_nom(groupe, p, profil)} ({n})"
        for p in positions
        for groupe, n in p.trop_petits
    ]
    minimum = formater_nombre(lire_reglages().references_min)
    note = (
        f"Coûts hors taxe aux prix du {date_en_clair(lire_reglages_du_calage().date_prix)} (BT01) ; équipement compris, achat et "
        f"loyer non compris. Rang : part des références au-dessous de l'étude{_SI_TTC if deux_lectures else ''}. "
        "Contribution : plan bouclé, année de croisière, "
        "en euros de cette année ; soutiens relevés en euros de la leur. Aides : celles du plan tel quel, sur ses besoins ; "
        "dans un plan publié, ce que le maître d'ouvrage n'apporte pas. Références et sources : data/cas/."
    )
    if fins:
        note += f" Moins de {minimum} références, donc un groupe plus large : {' ; '.join(fins)}."
    entetes = (
        *("Mesure", "Étude", "Références publiées", "n", "Plus basse", "Médiane", "Plus haute", "Rang"),
        *(("Rang si TTC",) if deux_lectures else ()),
        "Place parmi elles",
    )
    return Table("Vraisemblance : l'étude à côté de ce qui est publié", entetes, lignes, note=note)


def lecture(p: Position) -> str:
    """Where a figure stands, in words without a verdict."""
    ht, ttc = p.lectures
    return _mots(ht, p) + ("" if ht == ttc else f" ; {_mots(ttc, p)} si les prix sans taxe dite sont TTC")


def phrases_atypiques(vue: Vue) -> tuple[str, ...]:
    """What is unusual among published figures, one clause each; nothing when all is usual or unknown."""
    profil = profil_de(vue)
    return tuple(
        f"{_minuscule(p.mesure.libelle)}, {_montrer(p, p.valeur)}, {_ou(p)} ({_nom(p.groupe, p, profil)}, n = {p.n}, de {_plage(p)})"
        for p in plausibilite(vue)
        if p.atypique
    )


def phrase_de_la_note(vue: Vue) -> str:
    """The unusual figures in one sentence, or that there is none among those that can be ranked."""
    atypiques = phrases_atypiques(vue)
    if atypiques:
        return f"Chiffres inhabituels à côté de ce qui est publié : {' ; '.join(atypiques)}."
    classees = len([p for p in plausibilite(vue) if p.est_classee])
    if not classees:
        return "Aucun chiffre de l'étude n'a pu être mis à côté de ce qui est publié."
    rien = f"aucun des {classees} chiffres comparés n'est" if classees > 1 else "le seul chiffre comparé n'est pas"
    return f"À côté de ce qui est publié, {rien} inhabituel (carnet de l'étude, tableau de vraisemblance)."


def phrase_courte(vue: Vue) -> str:
    """The unusual figures, where each stands and the median, for a page; the whole sentence when there is none."""
    atypiques = [
        f"{_minuscule(p.mesure.libelle)} {_court(p)}, {_ou(p)} (médiane {_nombre(p, p.bornes[1])}{f', n = {p.n}' if p.hors_de_tout else ''})"
        for p in plausibilite(vue)
        if p.atypique
    ]
    return f"Inhabituel à côté de ce qui est publié : {' ; '.join(atypiques)}." if atypiques else phrase_de_la_note(vue)


def _minuscule(texte: str) -> str:
    """First letter in lower case, initials kept."""
    return texte if texte[:2].isupper() else texte[:1].lower() + texte[1:]


def _mots(x: Lecture, p: Position) -> str:
    return {
        "inconnu": "inconnu",
        "sans_reference": "pas de référence",
        "trop_peu": f"trop peu de références pour un rang (n = {p.n})",
        "sous_tous": f"au-dessous de {p.mesure.tous} (n = {p.n})",
        "sur_tous": f"au-dessus de {p.mesure.tous} (n = {p.n})",
        "bas": "dans le quart le plus bas",
        "centre": "dans la moitié centrale",
        "haut": "dans le quart le plus haut",
    }[x]


def _ou(p: Position) -> str:
    """Where an unusual figure stands: beyond all, else how many references it passes at least, whatever the tax."""
    haut = p.centiles[0] > 0.5
    if p.hors_de_tout:
        return f"{'au-dessus' if haut else 'au-dessous'} de {p.mesure.tous}"
    return f"{'plus' if haut else 'moins'} que {p.depassees} sur {p.n}"


def _rangs(p: Position) -> tuple[cases.Case, ...]:
    """Share of the references under the study, prices whose tax is not said read before tax, then with it."""
    return tuple(cases.part(c if p.est_classee else np.nan, 0).sinon("—") for c in p.centiles)


def _nom(groupe: Groupe, p: Position, profil: Profil) -> str:
    taille = _TAILLES[profil.taille] if profil.taille else ""
    genre = _GENRES[profil.genre] if profil.genre else ""
    return {"taille_et_genre": f"{taille} en {genre}", "taille": taille, "genre": genre, "tous": p.mesure.noms}[groupe]


def _plage(p: Position) -> str:
    bas, mediane, haut = (_nombre(p, x) for x in p.bornes)
    return f"{bas} à {haut}, médiane {mediane}" if p.n > 1 else bas


def _case(p: Position, valeur: float, seule: bool = True) -> cases.Case:
    """Value of a figure, with its unit when it stands alone."""
    lue = cases.mesure(valeur, p.mesure.unite).arrondie(_DECIMALES.get(p.mesure.unite, 0))
    return lue if seule or lue.manque else lue.dite(_nombre(p, valeur))


def _montrer(p: Position, valeur: float) -> str:
    return "inconnu" if np.isnan(valeur) else formater(_arrondir(p, valeur), p.mesure.unite)


def _court(p: Position) -> str:
    """Value in the unit that its label does not say: the label says by what."""
    return formater(_arrondir(p, p.valeur), p.mesure.unite.partition("/")[0])


def _nombre(p: Position, valeur: float) -> str:
    """Number without its unit, which the value of the study already shows; a share keeps its sign."""
    arrondi = _arrondir(p, valeur)
    if p.mesure.unite == "%":
        return formater(arrondi, "%")
    return formater_nombre(arrondi, _DECIMALES.get(p.mesure.unite, 0))


def _arrondir(p: Position, valeur: float) -> float:
    return round(valeur, _DECIMALES.get(p.mesure.unite, 0))
