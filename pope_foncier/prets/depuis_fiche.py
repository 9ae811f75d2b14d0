"""From a loan sheet to the terms of the engine: fields of the same name, one conversion for every sheet and every clause."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import Field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from pope_foncier.modele import clauses_de_pret as fiches
from pope_foncier.modele.clauses_de_pret import Clause
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_pret import TermesPret
from pope_foncier.prets import clauses
from pope_foncier.prets.profils import PROFILS
from pope_foncier.prets.rembourse_anticipe import bornes_legales
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul

Lire = Callable[[str, Donnee[Any]], Any]
"""Reader of an input: its path under the loan (``paliers[1].taux``) and its sheet, to a number or a column of draws."""
_INDICES = ("indices",)

_ENREGISTREMENTS: dict[type[Clause], Any] = {
    fiches.FichePalier: clauses.Palier,
    fiches.FichePalierEcheance: clauses.PalierEcheance,
    fiches.FicheRevision: clauses.Revision,
    fiches.FicheDeblocage: clauses.Deblocage,
    fiches.FicheFrais: clauses.Frais,
    fiches.Garantie: clauses.Garantie,
    fiches.FicheAssurance: clauses.Assurance,
    fiches.FicheIndemnite: clauses.Indemnite,
    fiches.FicheAnticipe: clauses.Anticipe,
    fiches.FicheSuspension: clauses.Suspension,
    fiches.FicheParticipation: clauses.Participation,
}
"""Record of the engine of each clause."""


def en_emprunt(fiche: TermesPret, lire: Lire, **autres: Any) -> Emprunt:
    """Terms of a loan from its sheet.

    Args:
        fiche: sheet of the loan.
        lire: reads each input given.
        autres: terms that the sheet does not hold (``capital``), or that win over it.

    Raises:
        ErreurCalcul: terms that contradict each other.
    """
    lues = _valeurs(fiche, Emprunt, lire, "", autres)
    return Emprunt(**{"capital": None, "duree_mois": None, **lues, **autres})


def en_clause(fiche: Clause, lire: Lire, chemin: str = "") -> Any:
    """Record of the engine from the sheet of a clause."""
    cible = _cible(type(fiche))
    valeurs = _valeurs(fiche, cible, lire, chemin)
    if isinstance(fiche, fiches.FicheRevision):
        valeurs["indices"] = _chemin_des_indices(fiche, lire, chemin) if fiche.indices else np.zeros(1)
    if isinstance(fiche, fiches.FicheIndemnite) and fiche.mode == "plafond_legal":
        valeurs = {**bornes_legales(), **valeurs}
    if isinstance(fiche, fiches.FicheFrais) and fiche.a_la_fin:
        valeurs["mois"] = None
    return cible(**valeurs)


def entrees_donnees(fiche: Clause, chemin: str = "") -> dict[str, bool]:
    """Inputs of the engine that a loan sheet gives, by path under the loan, and whether each may differ by draw."""
    lues: dict[str, bool] = {}
    dits = fiche.model_fields_set
    for nom, tiree in _champs_communs(type(fiche)):
        if nom not in dits:  # at its default, which is no input
            continue
        valeur = getattr(fiche, nom)
        if isinstance(valeur, Donnee):
            lues[f"{chemin}{nom}"] = tiree
        elif isinstance(valeur, Clause):
            lues |= entrees_donnees(valeur, f"{chemin}{nom}.")
        elif isinstance(valeur, tuple):
            for clause in valeur:
                ou = f"{chemin}{nom}[{_cle(clause)}]" if isinstance(clause, Clause) else ""
                if isinstance(clause, fiches.FicheIndice):
                    lues |= {f"{ou}.a_partir_du_mois": False, f"{ou}.indice": True}
                elif ou:
                    lues |= entrees_donnees(clause, f"{ou}.")
    return lues


@cache
def _champs_communs(fiche: type[Clause]) -> tuple[tuple[str, bool], ...]:
    """Fields of the engine that a kind of sheet has, and whether each may differ by draw."""
    return tuple((c.name, par_tirage(c)) for c in fields(_cible(fiche)) if c.name in fiche.model_fields)


def lire_seule(chemin: str, donnee: Donnee[Any]) -> float:
    """Number of a sheet read alone, without a study.

    Raises:
        ErreurCalcul: unknown, or a scale, which only a study reads at its date.
    """
    nom = chemin.partition("[")[0].partition(".")[0]
    if donnee.valeur is None:
        suite = (
            f"renvoie au barème « {donnee.bareme} », qu'une étude lit à sa date ; écrire un nombre, ou mettre le prêt dans une étude."
            if donnee.bareme is not None
            else f"est inconnu, à demander à {donnee.a_obtenir_de} ; sans lui le prêt seul ne se calcule pas."
        )
        raise ErreurCalcul(f"« {nom} » ({chemin}) {suite}" if nom != chemin else f"« {nom} » {suite}")
    return float(donnee.valeur)


def _cible(fiche: type[Clause]) -> Any:
    """Record of the engine that a kind of sheet is turned into."""
    return _ENREGISTREMENTS.get(fiche, Emprunt)


def _valeurs(fiche: Clause, cible: type, lire: Lire, chemin: str, sauf: Collection[str] = _INDICES) -> dict[str, Any]:
    """Fields of a record that a sheet gives; the others keep their default."""
    donnes = ((champ, getattr(fiche, champ.name, None)) for champ in fields(cible) if champ.name not in sauf)
    return {c.name: _valeur(lue, c, lire, f"{chemin}{c.name}") for c, lue in donnes if lue is not None}


def _valeur(donnee: Any, champ: Field[Any], lire: Lire, chemin: str) -> Any:
    if isinstance(donnee, Donnee):
        lue = lire(chemin, donnee)
        return lue if par_tirage(champ) else _seul(lue, champ)
    if isinstance(donnee, Clause):
        return en_clause(donnee, lire, f"{chemin}.")
    if isinstance(donnee, tuple) and donnee and isinstance(donnee[0], Clause):
        return tuple(en_clause(c, lire, f"{chemin}[{_cle(c)}].") for c in donnee)
    return donnee


def par_tirage(champ: Field[Any]) -> bool:
    """Whether the engine takes a number by draw for a field, rather than one for all."""
    return "ArrayLike" in str(champ.type)


def _seul(lue: Any, champ: Field[Any]) -> float | int:
    nombre = float(np.ravel(np.asarray(lue))[0])
    return round(nombre) if "int" in str(champ.type) else nombre


def _cle(clause: Any) -> str:
    return str(clause.id)


def _chemin_des_indices(fiche: fiches.FicheRevision, lire: Lire, chemin: str) -> np.ndarray:
    """Index month by month, (M,) or (D, M), its path spelt from the steps of the sheet."""
    etapes = []
    for etape in fiche.indices:
        ou = f"{chemin}indices[{etape.id}]."
        mois = lire(f"{ou}a_partir_du_mois", etape.a_partir_du_mois)
        etapes.append((int(np.ravel(mois)[0]), np.reshape(lire(f"{ou}indice", etape.indice), (-1, 1))))
    epele = np.empty((max(v.shape[0] for _, v in etapes), etapes[-1][0] + 1))
    for mois, valeur in etapes:
        epele[:, mois:] = valeur
    return epele[0] if epele.shape[0] == 1 else epele


def en_brut(emprunt: Emprunt) -> dict[str, Any]:
    """Plain data of a loan of a study with the terms of a loan of the engine; what is left by default is not written.

    Raises:
        ErreurCalcul: several loans at once.
    """
    brut = _table(emprunt)
    if "capital" in brut:
        brut["montant"] = brut.pop("capital")
    if PROFILS[emprunt.profil].progresse:
        brut.setdefault("progression", 0.0)
    return brut


def _table(conditions: Any) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for champ in fields(conditions):
        valeur = getattr(conditions, champ.name)
        if isinstance(conditions, clauses.Frais) and champ.name == "mois" and valeur is None:
            table["a_la_fin"] = True
        elif champ.name == "indices":
            table["indices"] = _etapes_de(np.asarray(valeur, dtype=np.float64))
        elif not _est_le_defaut(valeur, champ):
            table[champ.name] = _simple(valeur, champ.name)
    return table


def _est_le_defaut(valeur: Any, champ: Field[Any]) -> bool:
    return valeur is None or (np.ndim(valeur) == 0 and not is_dataclass(valeur) and bool(valeur == champ.default))


def _simple(valeur: Any, nom: str) -> Any:
    if is_dataclass(valeur):
        return _table(valeur)
    if isinstance(valeur, tuple) and valeur and is_dataclass(valeur[0]):
        return [_table(x) for x in valeur]
    if isinstance(valeur, str | bool | date):
        return valeur
    nombres = np.ravel(np.asarray(valeur, dtype=np.float64)).tolist()
    if nom in ("service", "tableau") or (isinstance(valeur, tuple) and not valeur):
        return nombres
    if len(nombres) > 1:
        raise ErreurCalcul(f"Une étude lit un prêt à la fois : « {nom} » en a {len(nombres)}.")
    return int(nombres[0]) if isinstance(valeur, int | np.integer) else nombres[0]


def _etapes_de(chemin: np.ndarray) -> list[dict[str, float]]:
    """Path of an index as the sheet writes it: from which month on it holds a value."""
    if chemin.ndim > 1 and chemin.shape[0] > 1:
        raise ErreurCalcul("Une étude lit un prêt à la fois : « indices » en a plusieurs.")
    valeurs = np.ravel(chemin)
    debuts = [0, *(np.flatnonzero(np.diff(valeurs)) + 1).tolist()]
    return [{"a_partir_du_mois": int(m), "indice": float(valeurs[m])} for m in debuts]
