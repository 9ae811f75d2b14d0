"""Lengths: rows without principal, rows of repayment, and the length of each row in years."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from pope_foncier.modele.clauses_de_pret import Arrondi
from pope_foncier.prets.conversions import Tableau, colonne, fraction_annee, periodes, temps_annexe
from pope_foncier.prets.echeancier import Echeancier, dates_echeances
from pope_foncier.prets.profils import nombre_echeances
from pope_foncier.prets.revision import etapes
from pope_foncier.prets.suspension import arrets
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import euros

_TOLERANCE = 0.005
_HORIZON_ANNEES = 100
"""Longest loan whose length is computed."""


def longueurs(e: Emprunt, capital: Tableau, derouler: Callable[[Emprunt], Echeancier]) -> tuple[Tableau, Tableau]:
    """Rows without principal and rows of repayment, each (1 or D, 1); ``derouler`` makes the schedule of the grace alone."""
    if e.tableau is not None and e.differe not in ("total_capitalise", "total_simple") and not e.prefinancement_mois:
        somme = np.atleast_2d(np.asarray(e.tableau, dtype=np.float64)).sum(axis=1, keepdims=True)
        if np.any(np.abs(somme - capital) > _TOLERANCE):
            raise ErreurCalcul(
                f"Tableau libre : les remboursements font {euros(float(somme.flat[0]), 2)} pour un prêt de "
                f"{euros(float(capital.flat[0]), 2)} ; les accorder."
            )
    differe = e.periodes_differe
    if e.duree_mois is None:
        if e.forme.duree == "calculee":
            nombre = _nombre_a_echeance_fixe(e, _apres_differe(e, capital, differe, derouler), differe)
        else:
            donnee = e.service if e.service is not None else e.tableau
            nombre = np.full((1, 1), float(np.atleast_2d(np.asarray(donnee)).shape[1]))
        return differe, np.maximum(nombre, 1.0)
    duree = periodes(colonne(e.duree_mois, "Durée"), e.periodes_par_an, "Durée du prêt")
    propre = differe - e.periodes_prefinancement
    nombre = duree if e.differe_en_plus else duree - propre
    if e.forme.au_terme and np.any(nombre == 0):
        differe, nombre = np.where(nombre == 0, differe - 1, differe), np.where(nombre == 0, 1.0, nombre)
    if np.any(nombre < 1):
        raise ErreurCalcul("Le différé est aussi long que le prêt : l'écourter, ou écrire « differe_en_plus: true ».")
    for donnee, nom in ((e.service, "service"), (e.tableau, "tableau")):
        if donnee is not None and np.any(nombre != np.atleast_2d(np.asarray(donnee)).shape[1]):
            raise ErreurCalcul(f"Le champ « {nom} » ne compte pas autant de périodes que la durée : les accorder.")
    return differe, nombre


def _apres_differe(
    e: Emprunt, capital: Tableau, differe: Tableau, derouler: Callable[[Emprunt], Echeancier]
) -> Tableau:
    """Balance when the repayments start."""
    return au_rang(differe_seul(e, derouler).capital_restant_du, differe) if differe.any() else capital


def differe_seul(e: Emprunt, derouler: Callable[[Emprunt], Echeancier], arrondi: Arrondi = "aucun") -> Echeancier:
    """Schedule of the same loan, in fine over the year that follows its grace; stored interest is shown as paid."""
    return derouler(
        e.avec(
            profil="in_fine",
            echeance=None,
            duree_mois=12,
            differe_en_plus=True,
            differe="partiel" if e.differe == "interets_stockes" else e.differe,
            anticipes=(),
            suspensions=(),
            arrondi=arrondi,
        )
    )


def au_rang(colonne_: Tableau, rang: Tableau) -> Tableau:
    """Value of a column at a row by draw, (D, 1)."""
    lignes = max(colonne_.shape[0], rang.shape[0])
    rangs = np.broadcast_to(rang.astype(np.intp), (lignes, 1))
    return np.take_along_axis(np.broadcast_to(colonne_, (lignes, colonne_.shape[1])), rangs, axis=1)


def _nombre_a_echeance_fixe(e: Emprunt, solde: Tableau, differe: Tableau) -> Tableau:
    """Number of instalments when they are fixed, rate after rate (a revisable loan whose length adjusts), (1 or D, 1)."""
    assert e.echeance is not None
    echeance = colonne(e.echeance, "Échéance")
    debut, horizon = int(differe.max()), _HORIZON_ANNEES * e.periodes_par_an
    suite, suspendus = etapes(e, horizon), arrets(e)
    bornes = {0, horizon, *(s.rang - debut for s in suite), *(r - debut for a in suspendus for r in (a.debut, a.fin))}
    nombre, vif, ajoutes = np.zeros(np.broadcast_shapes(solde.shape, echeance.shape)), solde > 0, 0
    for rang, borne in pairwise(sorted(b for b in bornes if 0 <= b <= horizon)):
        taux = e.en_taux_periode(next(s.taux for s in reversed(suite) if s.rang - debut <= rang))
        largeur, arret = borne - rang, next((a for a in suspendus if a.debut <= rang + debut < a.fin), None)
        if arret is not None:
            solde, ajoutes = (solde * (1.0 + taux) ** largeur if arret.capitalise else solde), ajoutes + largeur
            continue
        mois = e.mois_du_rang(debut + rang + 1) if debut + rang else 0
        reste = nombre_echeances(np.where(vif, solde, 0.0), taux, echeance, mois)
        fini = reste <= largeur + 1e-9
        nombre = np.where(vif, rang - ajoutes + np.where(fini, np.ceil(reste - 1e-9), 0.0), nombre)
        vif = vif & ~fini
        if not vif.any():
            break
        acquis = (1.0 + taux) ** largeur
        with np.errstate(divide="ignore", invalid="ignore"):
            rente = np.where(taux == 0, largeur, (acquis - 1.0) / taux)
        solde = np.where(vif, solde * acquis - echeance * rente, 0.0)
    if vif.any():
        raise ErreurCalcul(f"Échéance fixe : elle ne rembourse pas le prêt en {_HORIZON_ANNEES} ans ; l'augmenter.")
    return np.asarray(nombre)


def fractions_annee(e: Emprunt, total: int) -> Tableau | None:
    """Length of each row in years when it is not one period; in advance, the first row has no length."""
    if e.terme == "a_echoir":
        fractions = np.full((1, total), 1.0 / e.periodes_par_an)
        fractions[0, 0] = 0.0
        return fractions
    if e.date_debut is None or (e.base_jours == "30/360" and e.date_premiere_echeance is None):
        return None
    dates = dates_echeances(e, total)
    if e.base_jours in ("30/360", "mois_normalise"):
        fractions = np.full((1, total), 1.0 / e.periodes_par_an)
    else:
        fractions = np.array([[fraction_annee(a, b, e.base_jours) for a, b in pairwise(dates)]])
    premiere = e.base_premiere_periode or e.base_jours
    debut, fin = dates[0], dates[1]
    normalise = premiere == "mois_normalise"
    fractions[0, 0] = temps_annexe(debut, fin, e.periodes_par_an) if normalise else fraction_annee(debut, fin, premiere)
    return fractions
