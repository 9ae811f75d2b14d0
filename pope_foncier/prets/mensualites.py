"""Schedule of a loan on the months of a study: a closed form for ordinary loans, the engine for all the others.

An ordinary loan (monthly, level, constant capital or in fine, partial grace, no clause) is linear in its capital: it is computed for one
euro. Any other goes through the engine on its true capital (``mensualites_du_moteur``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache
from math import isfinite
from operator import attrgetter

import numpy as np

from pope_foncier.modele.clauses_de_pret import FicheFrais, NomProfil
from pope_foncier.modele.fiche_pret import TermesDansUneEtude
from pope_foncier.prets.clauses import Revision, verifier_taux
from pope_foncier.prets.echeance_constante import colonnes_a_echeance_constante
from pope_foncier.prets.echeancier import placer_sur_mois
from pope_foncier.prets.mensualites_du_moteur import general
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.pret_sur_les_mois import Mensualites, PretLu, au_depart, depuis_le_deblocage, taux_du_mois
from pope_foncier.prets.profils import PROFILS, SIMPLES
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.grandeur import Tableau

_ORDINAIRES = {
    "profil",
    "taux",
    "indexation",
    "duree_mois",
    "differe",
    "differe_mois",
    "frais",
    "garantie",
    "date_debut",
    "depart",
}
"""Terms that the closed form reads, or that are paid apart from the schedule."""
_AUTRES = [nom for nom in TermesDansUneEtude.model_fields if nom not in _ORDINAIRES]
_lire_les_autres = attrgetter(*_AUTRES)
_PAR_DEFAUT = tuple(TermesDansUneEtude.model_fields[nom].default for nom in _AUTRES)
_COLONNES = ("interets_payes", "remboursement", "capital_restant_du")


def est_ordinaire(fiche: TermesDansUneEtude) -> bool:
    """Whether the closed form knows a loan."""
    if fiche.profil not in SIMPLES or fiche.differe not in (None, "aucun", "partiel"):
        return False
    if any(not au_depart(f) or f.finances for f in fiche.frais):
        return False
    if fiche.garantie is not None and fiche.garantie.assiette != "initiale":
        return False
    return fiche.model_fields_set.isdisjoint(_AUTRES) or bool(_lire_les_autres(fiche) == _PAR_DEFAUT)


def frais_au_depart(fiche: TermesDansUneEtude) -> list[FicheFrais]:
    """Fees paid with the first drawdown, or before."""
    return [f for f in fiche.frais if au_depart(f)]


def a_l_echelle(m: Mensualites, facteur: Tableau) -> Mensualites:
    """Columns of a loan times a factor, those that are no money left as they are."""
    multiples = {
        f.name: v * facteur
        for f in fields(m)
        if f.name not in ("taux", "fin") and (v := getattr(m, f.name)) is not None
    }
    return replace(m, **multiples)


def calculer(c: PretLu) -> Mensualites:
    """Columns of a loan.

    Raises:
        ErreurCalcul: terms that contradict each other.
    """
    return _ordinaire(c) if est_ordinaire(c.fiche) else general(c)


@lru_cache(maxsize=64)
def _pour_un_euro(
    profil: NomProfil, taux: float, duree: float, differe: float, debut: float, duree_etude: int
) -> tuple[Tableau, ...]:
    """Columns of one euro lent at a fixed rate, shape (1, M): another amount of the same loan asks for no new schedule."""
    colonnes = _a_echeance_constante(profil, np.ones(1), np.full(1, taux), (duree, differe, debut), duree_etude)
    if colonnes is None:
        emprunt = Emprunt(
            1.0, taux, duree, profil=profil, differe="partiel" if differe > 0 else "aucun", differe_mois=differe
        )
        places = placer_sur_mois(echeancier(emprunt), duree_etude, np.array([debut]), _COLONNES)
        colonnes = tuple(places[nom] for nom in _COLONNES)
    for colonne in colonnes:
        colonne.flags.writeable = False
    return colonnes


def _a_echeance_constante(
    profil: NomProfil, capital: Tableau, taux: Tableau, dates: Sequence[float], duree_etude: int
) -> tuple[Tableau, ...] | None:
    """Columns of a level loan at a fixed rate; None for another, which the engine unrolls, or refuses.

    Args:
        taux: of one loan, shape (1,), or of draws, shape (D, 1).
        dates: term, grace and drawdown, the same for all draws [months].
    """
    duree, differe, debut = dates
    if profil != "annuite_constante" or not (0 <= differe < duree and 0 <= debut < duree_etude):
        return None
    if not all(float(date).is_integer() for date in dates):
        return None
    verifier_taux(taux, "Taux du prêt")
    mois = (int(duree - differe), int(differe), int(debut), duree_etude)
    return colonnes_a_echeance_constante(capital, taux, *mois, tires=taux.ndim > 1)


def _ordinaire(c: PretLu) -> Mensualites:
    capital, taux, duree, differe, debut = c.capital, c.taux, c.lue("duree_mois"), c.lue("differe_mois"), c.debut
    assert capital is not None
    profil = c.fiche.profil
    inconnus = np.count_nonzero(np.isnan(capital))
    if inconnus in (0, capital.size) and all(v.size == 1 and isfinite(v.item()) for v in (duree, differe, debut)):
        dates = [float(v.item()) for v in (duree, differe, debut)]
        if taux.shape == (1,) and isfinite(taux.item()):
            un_euro = _pour_un_euro(profil, float(taux.item()), *dates, c.duree_etude)
            return Mensualites(*(capital * colonne for colonne in un_euro))
        if taux.shape[-1] == 1 and np.isfinite(taux).all():
            colonnes = _a_echeance_constante(profil, capital, taux, dates, c.duree_etude)
            if colonnes is not None:
                return Mensualites(*colonnes)
    inconnu = np.isnan(capital + duree + differe + debut)
    if not capital.any() and not inconnu.any() and taux.shape[-1] == 1 and np.isfinite(taux).all():
        rien = np.zeros((max(len(v) for v in (capital, taux, duree, differe, debut)), c.duree_etude))
        return Mensualites(rien, rien.copy(), rien.copy())
    revision = None
    if taux.shape[-1] > 1:
        revision = Revision(indices=depuis_le_deblocage(np.nan_to_num(taux), debut), marge=0.0)
        taux = taux[..., :1] if np.isnan(taux).any() else np.asarray(revision.indices)[..., :1]
    taux_inconnu = np.isnan(taux)
    tableau = echeancier(
        Emprunt(
            capital=1.0,
            taux=np.nan_to_num(taux),
            duree_mois=np.where(np.isnan(duree), np.nan_to_num(differe) + 1.0, duree),
            profil=profil,
            differe="partiel" if np.any(differe > 0) else "aucun",
            differe_mois=np.nan_to_num(differe),
            revision=revision,
        )
    )
    places = placer_sur_mois(tableau, c.duree_etude, np.nan_to_num(debut).reshape(-1), _COLONNES)
    interets, remboursement, restant = (
        np.multiply(capital, places[n], out=places[n] if capital.shape[0] <= places[n].shape[0] else None)
        for n in _COLONNES
    )
    if inconnu.any():
        interets, remboursement, restant = (np.where(inconnu, np.nan, v) for v in (interets, remboursement, restant))
    if taux_inconnu.any():
        mois = np.arange(c.duree_etude)
        trou = np.where((mois > debut) & (mois <= debut + duree) & taux_inconnu, np.nan, 0.0)
        interets = interets + trou
        if PROFILS[profil].selon_le_taux:
            remboursement = remboursement + trou
            restant = np.where((mois == debut + duree) & taux_inconnu, 0.0, restant + trou)
    suivi = None
    if revision is not None and c.tracee and not inconnu.any() and not taux_inconnu.any():
        suivi = taux_du_mois(c, tableau, debut.reshape(-1, 1))
    return Mensualites(interets, remboursement, restant, taux=suivi)
