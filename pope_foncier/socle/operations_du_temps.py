"""Operations over the calendar: sums, extremes and positions of a series, years, shifts and payments at a date, each declared once."""

from __future__ import annotations

from math import ceil, isfinite, isnan
from typing import Any

import numpy as np

from pope_foncier.socle.operations import Operation, Phrase, Raison, Tableau, laisser_inconnu
from pope_foncier.socle.operations_de_calcul import quotient

_DATE = Raison("marche", "une date compte en mois entiers")
_RANG = Raison("marche", "un rang est un entier")


# --- values -----------------------------------------------------------------------------------------------------
def _total(terme: Tableau) -> Tableau:
    return np.asarray(np.add.reduce(terme, axis=-1, keepdims=True))


def _plus_haut(terme: Tableau) -> Tableau:
    return np.asarray(np.maximum.reduce(terme, axis=-1, keepdims=True))


def _plus_bas(terme: Tableau) -> Tableau:
    return np.asarray(np.minimum.reduce(terme, axis=-1, keepdims=True))


def _dernier(terme: Tableau) -> Tableau:
    return terme[..., -1:]


def _cumul(terme: Tableau) -> Tableau:
    return np.asarray(np.add.accumulate(terme, axis=-1))


def _produit_cumule(terme: Tableau) -> Tableau:
    return np.asarray(np.multiply.accumulate(terme, axis=-1))


def _plus_haut_a_ce_jour(terme: Tableau) -> Tableau:
    return np.asarray(np.maximum.accumulate(terme, axis=-1))


def _variation(terme: Tableau) -> Tableau:
    varie = np.array(terme)
    varie[..., 1:] -= terme[..., :-1]
    return varie


def sommes_annuelles(valeur: Tableau, echelle: Any) -> Tableau:
    """Sums by calendar year of an array of months, shape (…, years)."""
    if valeur.shape[-1] == 1:
        valeur = np.broadcast_to(valeur, (*valeur.shape[:-1], echelle.duree_mois))
    return np.asarray(np.add.reduceat(valeur, echelle.debuts_annee, axis=-1))


def _vers_mois(annuel: Tableau, echelle: Any) -> Tableau:
    return annuel.repeat(echelle.mois_par_annee, axis=-1)


def _fin_d_annee(mensuel: Tableau, echelle: Any) -> Tableau:
    fins = np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1
    return np.asarray(np.broadcast_to(mensuel, (*mensuel.shape[:-1], echelle.duree_mois))[..., fins])


def decale(flux: Tableau, delai: Tableau) -> Tableau:
    """Flows moved later by whole ranks, earlier when the delay is below zero, shape (…, M); unknown when the delay is."""
    if np.ndim(delai) < 2 and np.size(delai) == 1 and np.isfinite(delai):
        return _decale_de(flux, int(np.asarray(delai).item()))
    dernier = flux.shape[-1] - 1
    rangs = np.arange(flux.shape[-1]) - np.nan_to_num(delai).astype(np.intp)
    forme = np.broadcast_shapes(flux.shape, rangs.shape)
    pris = np.take_along_axis(np.broadcast_to(flux, forme), np.broadcast_to(np.clip(rangs, 0, dernier), forme), axis=-1)
    return np.where(np.isnan(delai), np.nan, np.where((rangs >= 0) & (rangs <= dernier), pris, 0.0))


def _decale_de(flux: Tableau, delai: int) -> Tableau:
    """Flows all moved by the same whole ranks."""
    tard, duree = np.zeros(flux.shape), flux.shape[-1]
    if delai >= 0:
        tard[..., delai:] = flux[..., : max(duree - delai, 0)]
    else:
        tard[..., : max(duree + delai, 0)] = flux[..., -delai:]
    return tard


def _entre(mois: Tableau, debut: Tableau, fin: Tableau) -> Tableau:
    if mois.ndim == 1 and debut.shape == fin.shape == (1,) and isfinite(debut.item()) and isfinite(fin.item()):
        return _ouvert_entre(mois, debut.item(), fin.item())
    return laisser_inconnu(((mois >= debut) & (mois < fin)).astype(np.float64), debut, fin)


def _ouvert_entre(mois: Tableau, debut: float, fin: float) -> Tableau:
    """Mask between two known months; the months are ranks in order."""
    masque, depart = np.zeros(mois.size), mois.item(0)
    masque[max(ceil(debut - depart), 0) : max(ceil(fin - depart), 0)] = 1.0
    return masque


def _etaler(montant: Tableau, masque: Tableau) -> Tableau:
    nombre = masque.sum(axis=-1, keepdims=True)
    if nombre.all():
        return np.asarray(montant * (masque / nombre))
    premier = np.zeros(masque.shape[-1])
    premier[0] = 1.0
    return np.asarray(montant * np.where(nombre > 0, masque / np.maximum(nombre, 1.0), premier))


def _au_rythme(montant: Tableau, flux: Tableau) -> Tableau:
    somme = flux.sum(axis=-1, keepdims=True)
    return np.asarray(montant * np.divide(flux, somme, out=np.zeros_like(flux), where=somme != 0.0))


def _au_mois(mois: Tableau, montant: Tableau, quand: Tableau) -> Tableau:
    forme = montant.shape
    if quand.shape == (1,) and forme[-1:] == (1,):
        return _paye_en_une_fois(mois, montant, quand.item())
    la = mois == np.floor(quand + 0.5)
    if la.ndim > 1 or forme[-1:] != (1,):
        return laisser_inconnu(np.where(la, montant, 0.0), quand)
    paye = np.zeros((*forme[:-1], la.size))
    paye[..., la] = montant
    return laisser_inconnu(paye, quand)


def _paye_en_une_fois(mois: Tableau, montant: Tableau, quand: float) -> Tableau:
    """Amounts paid in the same month, which is one of the ranks in order, or none of them."""
    if isnan(quand):
        return np.full((*montant.shape[:-1], mois.size), np.nan)
    paye, place = np.zeros((*montant.shape[:-1], mois.size)), (quand + 0.5) // 1.0 - mois.item(0)
    if 0.0 <= place < mois.size:
        paye[..., int(place) : int(place) + 1] = montant
    return paye


def _premier(vrai: Tableau) -> Tableau:
    oui = vrai > 0.0
    return np.where(oui.any(axis=-1, keepdims=True), oui.argmax(axis=-1, keepdims=True), np.nan)


def _au_rang(serie: Tableau, rang: Tableau) -> Tableau:
    duree = serie.shape[-1]
    if rang.size == 1 and rang.ndim <= serie.ndim and 0.0 <= rang.flat[0] < duree:
        seul = int(rang.flat[0])
        return serie[..., seul : seul + 1]
    large = np.broadcast_to(serie, (*np.broadcast_shapes(serie.shape[:-1], rang.shape[:-1]), duree))
    position = np.broadcast_to(np.nan_to_num(rang).astype(np.intp), (*large.shape[:-1], 1))
    lue = np.take_along_axis(large, np.minimum(position, duree - 1), axis=-1)
    return np.where(np.isnan(rang), np.nan, np.where(position < duree, lue, 0.0))


# --- slopes -----------------------------------------------------------------------------------------------------
def _pente_total(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (np.broadcast_to(g, np.broadcast_shapes(g.shape, terme.shape)),)


def _pente_extreme(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    rang = np.argmax(terme == y, axis=-1)[..., None]
    return (g * (np.arange(terme.shape[-1]) == rang),)


def _pente_dernier(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (g * (np.arange(terme.shape[-1]) == terme.shape[-1] - 1),)


def a_venir(flux: Tableau) -> Tableau:
    """Sum from each month on, the month included, same shape."""
    return np.asarray(np.flip(np.cumsum(np.flip(flux, axis=-1), axis=-1), axis=-1))


def _pente_cumul(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (a_venir(g),)


def _pente_produit_cumule(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (quotient(a_venir(g * y), terme),)


def _pente_variation(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    return (g - np.concatenate([g[..., 1:], np.zeros((*g.shape[:-1], 1))], axis=-1),)


def _pente_plus_haut_a_ce_jour(g: Tableau, y: Tableau, terme: Tableau) -> tuple[Tableau | None, ...]:
    rangs = np.maximum.accumulate(np.where(terme == y, np.arange(y.shape[-1]), 0), axis=-1)
    large, pris = np.broadcast_arrays(g, rangs)
    rendu, duree = np.zeros(large.size), large.shape[-1]
    np.add.at(rendu, (np.arange(large.size) // duree * duree) + pris.ravel(), large.ravel())
    return (rendu.reshape(large.shape),)


def _pente_par_annee(g: Tableau, y: Tableau, mensuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    return (np.take(g, echelle.rang_annee, axis=-1),)


def _pente_vers_mois(g: Tableau, y: Tableau, annuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    return (np.add.reduceat(g, echelle.debuts_annee, axis=-1),)


def _pente_fin_d_annee(g: Tableau, y: Tableau, mensuel: Tableau, echelle: Any) -> tuple[Tableau | None, ...]:
    fins = np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1
    rendu = np.zeros((*g.shape[:-1], echelle.duree_mois))
    rendu[..., fins] = g
    return (rendu,)


def _pente_decaler(g: Tableau, y: Tableau, flux: Tableau, delai: Tableau) -> tuple[Tableau | None, ...]:
    return decale(g, -np.asarray(delai)), None


def _pente_etaler(g: Tableau, y: Tableau, montant: Tableau, masque: Tableau) -> tuple[Tableau | None, ...]:
    return g * _etaler(np.ones(1), masque), None


def _pente_au_rythme(g: Tableau, y: Tableau, montant: Tableau, flux: Tableau) -> tuple[Tableau | None, ...]:
    somme = flux.sum(axis=-1, keepdims=True)
    moyenne = (g * y).sum(axis=-1, keepdims=True)
    return g * _au_rythme(np.ones(1), flux), np.nan_to_num(quotient(g * montant - moyenne, somme))


def _pente_au_mois(
    g: Tableau, y: Tableau, mois: Tableau, montant: Tableau, quand: Tableau
) -> tuple[Tableau | None, ...]:
    return None, g * (mois == np.floor(quand + 0.5)), None


def _pente_au_rang(g: Tableau, y: Tableau, serie: Tableau, rang: Tableau) -> tuple[Tableau | None, ...]:
    return g * (np.arange(serie.shape[-1]) == rang), None


# --- declared ---------------------------------------------------------------------------------------------------
TOTAL = Operation("total", _total, Phrase("total de {}"), "SUM({0:ligne})", _pente_total, "", "premier")
PLUS_HAUT = Operation(
    "plus_haut", _plus_haut, Phrase("plus haut de [{}]"), "MAX({0:ligne})", _pente_extreme, "", "premier"
)
PLUS_BAS = Operation("plus_bas", _plus_bas, Phrase("plus bas de [{}]"), "MIN({0:ligne})", _pente_extreme, "", "premier")
DERNIER = Operation(
    "dernier",
    _dernier,
    Phrase("dernier mois de [{}]"),
    "INDEX({0:ligne},COLUMNS({0:ligne}))",
    _pente_dernier,
    "",
    "premier",
)
CUMUL = Operation("cumul", _cumul, Phrase("cumul de [{}]"), "SUM({0:cumul})", _pente_cumul, unite="premier")
PRODUIT_CUMULE = Operation(
    "produit_cumule",
    _produit_cumule,
    Phrase("produit à ce jour de [{}]"),
    "PRODUCT({0:cumul})",
    _pente_produit_cumule,
    unite="sans",
)
PLUS_HAUT_A_CE_JOUR = Operation(
    "plus_haut_a_ce_jour",
    _plus_haut_a_ce_jour,
    Phrase("plus haut à ce jour de [{}]"),
    "MAX({0:cumul})",
    _pente_plus_haut_a_ce_jour,
    unite="premier",
)
VARIATION = Operation(
    "variation",
    _variation,
    Phrase("variation de [{}]"),
    "IF({rang}=0,{0},{0}-INDEX({0:ligne},{rang}))",
    _pente_variation,
    unite="premier",
)
PAR_ANNEE = Operation(
    "par_annee",
    sommes_annuelles,
    Phrase("total de l'année de {}"),
    "SUM({0:annee})",
    _pente_par_annee,
    "annee",
    "premier",
)
VERS_MOIS = Operation("vers_mois", _vers_mois, Phrase("{}"), "{0}", _pente_vers_mois, "mois", "premier")
FIN_D_ANNEE = Operation(
    "fin_d_annee",
    _fin_d_annee,
    Phrase("{} au 31 décembre"),
    "INDEX({0:annee},COLUMNS({0:annee}))",
    _pente_fin_d_annee,
    "annee",
    "premier",
)
DECALER = Operation(
    "decaler",
    decale,
    Phrase("{} versé {} plus tard"),
    "IF(OR({rang}<{1},{rang}-{1}>=COLUMNS({0:ligne})),0,INDEX({0:ligne},{rang}-{1}+1))",
    _pente_decaler,
    unite="premier",
    marche="un retard compte en mois entiers",
)
ENTRE = Operation(
    "entre",
    _entre,
    Phrase("1 si {} est entre {} et {}, 0 sinon"),
    "IF(AND({0}>={1},{0}<{2}),1,0)",
    _DATE,
    "mois",
    "sans",
)
ETALER = Operation(
    "etaler",
    _etaler,
    Phrase("{} réparti sur les [{}]"),
    "IF(SUM({1:ligne})=0,IF({rang}=0,{0},0),{0}*{1}/SUM({1:ligne}))",
    _pente_etaler,
    "mois",
    "premier",
    _DATE.mots,
)
AU_RYTHME = Operation(
    "au_rythme",
    _au_rythme,
    Phrase("{} au rythme de [{}]"),
    "IF(SUM({1:ligne})=0,0,{0}*{1}/SUM({1:ligne}))",
    _pente_au_rythme,
    "mois",
    "premier",
)
AU_MOIS = Operation(
    "au_mois",
    _au_mois,
    Phrase("{1} versé au mois {2}"),
    "IF({0}=INT({2}+0.5),{1},0)",
    _pente_au_mois,
    "mois",
    "deuxieme",
    _DATE.mots,
)
PREMIER = Operation(
    "premier",
    _premier,
    Phrase("rang du premier [{}]"),
    "IF(SUM({0:ligne})=0,NA(),MATCH(1,{0:ligne},0)-1)",
    _RANG,
    "",
    "sans",
)
AU_RANG = Operation(
    "au_rang",
    _au_rang,
    Phrase("{0} au rang {1}"),
    "IF({1}<COLUMNS({0:ligne}),INDEX({0:ligne},{1}+1),0)",
    _pente_au_rang,
    "",
    "premier",
    _RANG.mots,
)
