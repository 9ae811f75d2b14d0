"""Schedule of any loan on the months of a study, through the engine on its true capital.

Rows that share what the engine takes as one number (months of events, caps, dates, drawdowns) make one call. What an unknown amount or
rate could not change is known: two values are tried for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pope_foncier.prets.clauses import Deblocage, Revision
from pope_foncier.prets.cout import COMMISSION_DE_GARANTIE
from pope_foncier.prets.depuis_fiche import en_clause, en_emprunt, entrees_donnees
from pope_foncier.prets.echeancier import Echeancier, deposer, placer_sur_mois
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.pret_sur_les_mois import Mensualites, PretLu, au_depart, depuis_le_deblocage, taux_du_mois
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

_SONDES = {"%": (0.01, 0.02), "€": (1e4, 2e4), "": (1.0, 2.0)}
"""Two values tried for an unknown, by unit: what they do not change is known."""
Rangs = NDArray[np.intp]
"""Ranks of some rows."""
_COLONNES = ("interets_payes", "remboursement", "capital_restant_du")


@dataclass(slots=True)
class _Sortie:
    """Columns being filled row by row, shape (D, M) each."""

    forme: tuple[int, int]
    colonnes: dict[str, Tableau] = field(default_factory=dict)

    def poser(self, nom: str, rangs: Rangs, valeurs: Tableau | float, largeur: int | None = None) -> None:
        """Fill some rows of a column; a column that nothing fills does not exist."""
        if nom not in self.colonnes:
            self.colonnes[nom] = np.zeros((self.forme[0], largeur or self.forme[1]))
        self.colonnes[nom][rangs] = valeurs

    def ajouter(self, nom: str, rangs: Rangs, valeurs: Tableau) -> None:
        """Add to some rows of a column."""
        if nom not in self.colonnes:
            self.colonnes[nom] = np.zeros(self.forme)
        self.colonnes[nom][rangs] += valeurs


def general(c: PretLu) -> Mensualites:
    """Columns of a loan by the engine, call by call."""
    tableaux = [c.taux, c.debut, *c.lues.values(), *(c.travaux or ())]
    tableaux += [] if c.capital is None else [c.capital]
    draws = max(t.size // t.shape[-1] for t in tableaux)
    sortie = _Sortie((draws, c.duree_etude))
    capital = np.ones((draws, 1)) if c.capital is None else np.broadcast_to(c.capital, (draws, 1))
    inconnus = _rangees(tableaux, draws)
    prete = capital[:, 0] != 0.0
    for nom in _COLONNES:
        sortie.poser(nom, np.arange(draws), 0.0)
    sortie.poser("fin", np.arange(draws), np.broadcast_to(c.debut, (draws, 1)), 1)
    sortie.poser("verse", np.arange(draws), capital, 1)
    connues = np.flatnonzero(prete & ~inconnus)
    if connues.size:
        _remplir(c, connues, sortie)
    a_sonder = np.flatnonzero(prete & inconnus)
    if a_sonder.size:
        _sonder(c, a_sonder, sortie)
    k = sortie.colonnes
    interets, remboursement, restant = (k.pop(nom) for nom in _COLONNES)
    return Mensualites(interets, remboursement, restant, **k)


def _rangees(tableaux: list[Tableau], draws: int) -> Any:
    """Rows that hold an unknown, shape (D,)."""
    inconnus = np.zeros(draws, dtype=bool)
    for t in tableaux:
        inconnus |= np.broadcast_to(np.isnan(t.reshape(-1, t.shape[-1])).any(axis=-1), (draws,))
    return inconnus


def _prendre(tableau: Tableau, rangs: Rangs) -> Tableau:
    lignes = tableau.reshape(-1, tableau.shape[-1])
    return lignes[rangs] if lignes.shape[0] > 1 else lignes


def _remplir(c: PretLu, rangs: Rangs, sortie: _Sortie) -> None:
    """Compute known rows, one call of the engine for each set of what it takes as one number."""
    par_tirage = entrees_donnees(c.fiche)
    uniques = [c.lues[n] for n, par in par_tirage.items() if not par and n in c.lues]
    if c.fiche.base_jours != "30/360" or c.fiche.date_premiere_echeance is not None:
        uniques.append(c.debut)
    if c.travaux is not None:
        payes, reception = c.travaux
        uniques += [(payes > 0.0).astype(np.float64), reception]
    if not uniques or all(u.reshape(-1, u.shape[-1]).shape[0] == 1 for u in uniques):
        _appeler(c, rangs, sortie)
        return
    cles = np.concatenate([np.broadcast_to(_prendre(u, rangs), (rangs.size, u.shape[-1])) for u in uniques], axis=1)
    _, groupes = np.unique(cles, axis=0, return_inverse=True)
    for groupe in range(int(groupes.max()) + 1):
        _appeler(c, rangs[groupes.ravel() == groupe], sortie)


def _appeler(c: PretLu, rangs: Rangs, sortie: _Sortie) -> None:
    """Columns of some rows by one call of the engine."""
    debut = _prendre(c.debut, rangs)
    autres: dict[str, Any] = {}
    if c.travaux is not None:
        debut, autres = _avec_les_travaux(c, rangs)
    autres["capital"] = None if c.capital is None else np.broadcast_to(_prendre(c.capital, rangs), (rangs.size, 1))
    autres |= _taux_du_moteur(c, rangs, debut)
    autres |= _frais_du_moteur(c, rangs)
    if c.fiche.differe is None:
        autres["differe"] = "partiel" if np.any(_prendre(c.lue("differe_mois"), rangs) > 0) else "aucun"
    if c.fiche.date_debut is None and (c.fiche.base_jours != "30/360" or c.fiche.date_premiere_echeance is not None):
        autres["date_debut"] = c.date_du_mois(int(debut[0, 0]))
    tableau = echeancier(en_emprunt(c.fiche, lambda chemin, _: _prendre(c.lues[chemin], rangs), **autres))
    _ranger(c, rangs, debut, tableau, sortie)


def _taux_du_moteur(c: PretLu, rangs: Rangs, debut: Tableau) -> dict[str, Any]:
    """Rate at the first drawdown, and the revisions along the index of the study."""
    taux = _prendre(c.taux, rangs)
    if taux.shape[-1] == 1:
        return {"taux": taux}
    chemin = depuis_le_deblocage(taux, debut)
    clause = Revision(indices=chemin, marge=0.0)
    if c.fiche.revision is not None:
        lue = en_clause(c.fiche.revision, lambda ou, _: _prendre(c.lues[ou], rangs), "revision.")
        clause = replace(lue, indices=chemin, marge=0.0)
    return {"taux": chemin[:, :1], "revision": clause}


def _frais_du_moteur(c: PretLu, rangs: Rangs) -> dict[str, Any]:
    """Fees and security that the schedule holds: those of the first drawdown are paid apart, unless the loan finances them."""
    fiche = c.fiche

    def lire(chemin: str, _: Any) -> Tableau:
        return _prendre(c.lues[chemin], rangs)

    frais = tuple(en_clause(f, lire, f"frais[{f.id}].") for f in fiche.frais if not au_depart(f) or f.finances)
    annuelle = fiche.garantie is not None and fiche.garantie.assiette != "initiale"
    garantie = en_clause(fiche.garantie, lire, "garantie.") if annuelle and fiche.garantie is not None else None
    return {"frais": frais, "garantie": garantie}


def _avec_les_travaux(c: PretLu, rangs: Rangs) -> tuple[Tableau, dict[str, Any]]:
    """First month of payment of the works, and drawdowns at their rhythm: what is left at the reception is drawn then.

    The drawdowns end with the prefinancing and the grace when the terms give them; else the prefinancing lasts as long as they do.
    """
    assert c.travaux is not None
    payes, reception = (_prendre(t, rangs) for t in c.travaux)
    mois = np.flatnonzero(payes[0] > 0.0)
    debut = int(mois[0]) if mois.size else int(c.debut.reshape(-1)[0])
    limite = int(_prendre(c.lue("prefinancement_mois"), rangs)[0, 0] + _prendre(c.lue("differe_mois"), rangs).min())
    pas = 12 // c.fiche.periodes_par_an
    fin = max(int(reception[0, 0]), debut)
    fin = min(fin, debut + limite, c.duree_etude - 1) if limite else min(fin, c.duree_etude - 1)
    autres: dict[str, Any] = {"deblocages": _au_rythme(payes, debut, fin) if mois.size else (Deblocage(0, part=1.0),)}
    if not limite:
        autres["prefinancement_mois"] = -(-(fin - debut) // pas) * pas
    return np.full((1, 1), float(debut)), autres


def _au_rythme(payes: Tableau, debut: int, fin: int) -> tuple[Deblocage, ...]:
    """Drawdowns as the works are paid, the last one being all that is left."""
    parts = payes[:, debut : fin + 1] / payes.sum(axis=1, keepdims=True)
    parts[:, -1] += 1.0 - parts.sum(axis=1)
    parts[:, 0] = np.maximum(parts[:, 0], 1e-9) if parts.shape[1] > 1 else 1.0
    parts[:, -1] += 1.0 - parts.sum(axis=1)
    tires = np.flatnonzero((parts > 0.0).any(axis=0)).tolist()
    return tuple(Deblocage(rang, part=parts[:, rang : rang + 1]) for rang in tires)


def _ranger(c: PretLu, rangs: Rangs, debut: Tableau, tableau: Echeancier, sortie: _Sortie) -> None:
    """Place the columns of a schedule on the months of the study."""
    depart = debut.reshape(-1)
    colonnes = [*_COLONNES, "deblocages"]
    ajoutes = bool(np.any(tableau.interets != tableau.interets_payes))
    colonnes += ["interets", "interets_en_attente"] if ajoutes else []
    colonnes += ["assurance"] if np.any(tableau.assurance) else []
    places = placer_sur_mois(tableau, c.duree_etude, depart, tuple(colonnes))
    if ajoutes:
        places["capitalises"] = places.pop("interets") - places["interets_payes"]
        places["capital_restant_du"] += places.pop("interets_en_attente")
    for nom, valeurs in places.items():
        sortie.poser(nom, rangs, valeurs)
    if np.any(tableau.indemnites):
        sortie.ajouter("frais", rangs, _placer(c, tableau.mois, tableau.indemnites, depart))
    for f in tableau.frais_dates:
        if f.mois > 0 or f.libelle == COMMISSION_DE_GARANTIE:
            nom = "commissions" if f.libelle == COMMISSION_DE_GARANTIE else "frais"
            sortie.ajouter(nom, rangs, _placer(c, np.array([int(f.mois)]), f.montant, depart))
    if np.any(tableau.anticipes):
        avec = tableau.anticipes + tableau.indemnites * (tableau.anticipes > 0.0)
        sortie.ajouter("anticipes", rangs, _placer(c, tableau.mois, avec, depart))
    sortie.poser("verse", rangs, tableau.deblocages.sum(axis=1, keepdims=True), 1)
    dernier = tableau.mois[tableau.nombre.astype(np.intp)[:, 0] + tableau.premier_rang - 1]
    sortie.poser("fin", rangs, (depart + dernier).reshape(-1, 1), 1)
    if c.tracee:
        sortie.poser("taux", rangs, taux_du_mois(c, tableau, debut))


def _placer(c: PretLu, mois: Any, valeurs: Tableau, depart: Any) -> Tableau:
    departs = np.asarray(depart, dtype=np.int64).reshape(-1, 1)
    return deposer(valeurs, np.atleast_1d(mois), departs, c.duree_etude, max(valeurs.shape[0], depart.size))


def _sonder(c: PretLu, rangs: Rangs, sortie: _Sortie) -> None:
    """Rows with an unknown: computed for two values of it; what differs is unknown, all is when it decides when or how much is lent."""
    essais = []
    if not _tout_inconnu(c, rangs):
        for rang in (0, 1):
            essai = _Sortie(sortie.forme)
            try:
                _remplir(_avec_sonde(c, rang), rangs, essai)
            except ErreurCalcul:
                break
            essais.append(essai.colonnes)
    noms = {n for e in essais for n in e} | {*_COLONNES, "deblocages", "fin", "verse"}
    for nom in noms:
        if len(essais) < 2 or any(nom not in e for e in essais):
            valeur: Tableau | float = np.nan
        else:
            a, b = (e[nom][rangs] for e in essais)
            valeur = np.where(np.isclose(a, b, rtol=1e-12, atol=1e-9), a, np.nan)
        sortie.poser(nom, rangs, valeur, 1 if nom in ("fin", "verse") else None)


def _tout_inconnu(c: PretLu, rangs: Rangs) -> bool:
    """Whether an unknown decides when the loan is drawn and ends, or how much is lent."""
    mois = [t for n, t in c.lues.items() if c.unites[n] in ("mois", "ans") or n == "echeance"]
    decisifs = [c.debut, *mois, *(c.travaux or ()), *([] if c.capital is None else [c.capital])]
    decisifs += [c.taux] if PROFILS[c.fiche.profil].fin_selon_le_taux else []
    return any(bool(np.isnan(_prendre(t, rangs)).any()) for t in decisifs)


def _avec_sonde(c: PretLu, rang: int) -> PretLu:
    lues = {
        n: np.where(np.isnan(t), _SONDES.get(c.unites[n], _SONDES[""])[rang], t) if np.isnan(t).any() else t
        for n, t in c.lues.items()
    }
    return replace(c, lues=lues, taux=np.where(np.isnan(c.taux), _SONDES["%"][rang], c.taux))
