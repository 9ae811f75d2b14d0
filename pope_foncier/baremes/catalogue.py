"""Catalogue: find a scale by its readable path and its value at a date."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.baremes.modele import Bareme, FichierBaremes, Tranche, ValeurDatee, construire
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.grandeur import Grandeur, maximum, minimum, somme
from pope_foncier.socle.lecture import existe
from pope_foncier.socle.operations import Detail, Operation, Phrase
from pope_foncier.socle.temps import date_en_clair

_AIDES = "subventions."
"""Files of the schemes."""


class Catalogue:
    """Catalogue of the scales of a folder; each file is read once, when first needed.

    The path of a scale is that of its file, then its name: ``subventions.piaje.base_par_place`` is the scale
    ``base_par_place`` of ``subventions/piaje.yaml``.
    """

    def __init__(self, dossier: Path | None = None) -> None:
        self.dossier = dossier or dossier_donnees() / "baremes"
        self._fichiers: dict[str, FichierBaremes] = {}
        self._lus: dict[str, dict[str, Bareme]] = {}
        self._par_chemin: dict[str, Bareme] = {}

    def bareme(self, chemin: str) -> Bareme:
        """Scale at a path.

        Raises:
            ErreurBareme: unknown path; the nearest names are offered.
        """
        lu = self._par_chemin.get(chemin)
        if lu is not None:
            return lu
        prefixe = chemin.rpartition(".")[0]
        if prefixe and (prefixe in self._lus or existe(self._fichier(prefixe))):
            trouve = self._lire(prefixe).get(chemin)
            if trouve is not None:
                return trouve
        proches = difflib.get_close_matches(chemin, self.chemins(), n=3, cutoff=0.5)
        conseil = f" Peut-être : {', '.join(proches)}." if proches else " Voir « pope-foncier baremes » pour la liste."
        raise ErreurBareme(f"Barème inconnu : « {chemin} » dans {chemin_court(self.dossier)}.{conseil}")

    def avec(self, bareme: Bareme) -> Catalogue:
        """The same catalogue with another scale at a path that it has.

        Raises:
            ErreurBareme: unknown path; the nearest names are offered.
        """
        self.bareme(bareme.chemin)
        autre = Catalogue(self.dossier)
        autre._fichiers |= self._fichiers
        autre._lus |= self._lus
        prefixe = bareme.chemin.rpartition(".")[0]
        autre._lus[prefixe] = {**self._lus[prefixe], bareme.chemin: bareme}
        return autre

    def a_la_date(self, chemin: str, jour: date) -> ValeurDatee:
        """Value of a scale in force on a day; an empty slot is returned as such (``valeur`` is None).

        Raises:
            ErreurBareme: unknown path, or day outside the known periods (which are shown).
        """
        bareme = self.bareme(chemin)
        for valeur in bareme.valeurs:
            if valeur.couvre(jour):
                return valeur
        periodes = " ; ".join(
            f"{v.periode_en_clair()}{f' (lue dès le {date_en_clair(v.depuis)})' if v.au_plus_tard else ''}"
            for v in bareme.valeurs
        )
        raise ErreurBareme(
            f"Barème « {chemin} » : aucune valeur connue le {date_en_clair(jour)}. Périodes connues : {periodes}. "
            f"Compléter {chemin_court(self._fichier(chemin.rpartition('.')[0]))}, ou écrire dans l'étude "
            f"« prolonger: [{{bareme: {chemin}, motif: … }}] »."
        )

    def derniere(self, chemin: str, jour: date) -> ValeurDatee:
        """Last value that began on or before a day, even if its period is over.

        Raises:
            ErreurBareme: unknown path, or day before the first known period.
        """
        for valeur in reversed(self.bareme(chemin).valeurs):
            if valeur.depuis <= jour:
                return valeur
        return self.a_la_date(chemin, jour)

    def chemins(self) -> list[str]:
        """Paths of all scales, sorted.

        Raises:
            ErreurBareme: the folder holds none.
        """
        return sorted(chemin for prefixe in self._prefixes() for chemin in self._lire(prefixe))

    def _prefixes(self) -> list[str]:
        fichiers = sorted(self.dossier.rglob("*.yaml"))
        if not fichiers:
            raise ErreurBareme(
                f"Aucun barème dans {chemin_court(self.dossier)} : vérifier le dossier des données (POPE_DONNEES)."
            )
        return [f.relative_to(self.dossier).with_suffix("").as_posix().replace("/", ".") for f in fichiers]

    def fichier(self, prefixe: str) -> FichierBaremes:
        """File of scales at a prefix (``subventions.piaje``), with its scheme or product.

        Raises:
            ErreurBareme: no such file; the nearest names are offered.
        """
        if prefixe not in self._fichiers:
            if not existe(self._fichier(prefixe)):
                proches = difflib.get_close_matches(prefixe, self._prefixes(), n=3, cutoff=0.4)
                raise ErreurBareme(f"Fichier de barèmes inconnu : « {prefixe} ». Peut-être : {', '.join(proches)}.")
            self._fichiers[prefixe] = lire_fiche(FichierBaremes, self._fichier(prefixe))
        return self._fichiers[prefixe]

    def dispositifs(self) -> dict[str, FicheDispositif]:
        """Rules of the schemes that have one, by identifier."""
        lus = {p.removeprefix(_AIDES): self.fichier(p).dispositif for p in self._prefixes() if p.startswith(_AIDES)}
        return {nom: regle for nom, regle in lus.items() if regle is not None}

    def _fichier(self, prefixe: str) -> Path:
        *dossiers, nom = prefixe.split(".")
        return self.dossier.joinpath(*(d for d in dossiers if "/" not in d), f"{nom}.yaml".replace("/", "_"))

    def _lire(self, prefixe: str) -> dict[str, Bareme]:
        if prefixe not in self._lus:
            self._lus[prefixe] = construire(prefixe, self.fichier(prefixe))
            self._par_chemin.update(self._lus[prefixe])
        return self._lus[prefixe]


def exiger(valeur: ValeurDatee) -> ValeurDatee:
    """Refuse an empty slot that a computation needs.

    Raises:
        ErreurBareme: the slot is empty; names the document to ask for.
    """
    if valeur.valeur is None:
        raise ErreurBareme(
            f"Barème « {valeur.chemin} » ({valeur.libelle}) : case vide {valeur.periode_en_clair()}. "
            f"Document à demander : {valeur.document}. En attendant, l'étude peut énoncer une hypothèse."
        )
    return valeur


def appliquer_tranches(tranches: tuple[Tranche, ...], assiette: NDArray[np.float64]) -> NDArray[np.float64]:
    """Marginal scale: sum over brackets of the part of the base inside each, times its rate.

    Args:
        tranches: brackets in increasing order, the last one without upper bound.
        assiette: base, any shape [€].

    Returns:
        Amount, same shape [€].
    """
    plafonds = [np.inf if t.jusqu_a is None else t.jusqu_a for t in tranches]
    colonnes = np.array([[0.0, *plafonds[:-1]], plafonds, [t.taux for t in tranches]])
    plancher, plafond, taux = colonnes.reshape(3, len(tranches), *(1 for _ in np.shape(assiette)))
    dedans = np.minimum(np.maximum(assiette - plancher, 0.0), plafond - plancher)
    return np.asarray(np.add.accumulate(dedans * taux, axis=0)[-1])  # bracket after bracket


def taux_de_la_tranche(tranches: tuple[Tranche, ...], assiette: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate of one more euro of a base, same shape."""
    bornes = np.array([0.0, *(t.jusqu_a for t in tranches if t.jusqu_a is not None)])
    taux = np.array([0.0, *(t.taux for t in tranches)])
    return np.asarray(taux[np.searchsorted(bornes, assiette, side="right")])


def _par_tranches(
    assiette: NDArray[np.float64], nombre: NDArray[np.float64], tranches: tuple[Tranche, ...]
) -> NDArray[np.float64]:
    return appliquer_tranches(tranches, assiette)


def _pente_par_tranches(
    g: NDArray[np.float64],
    y: NDArray[np.float64],
    assiette: NDArray[np.float64],
    nombre: NDArray[np.float64],
    tranches: tuple[Tranche, ...],
) -> tuple[NDArray[np.float64] | None, ...]:
    return g * taux_de_la_tranche(tranches, assiette), None


def dire_par_tranches(assiette: Grandeur, tranches: tuple[Tranche, ...]) -> Grandeur:
    """Amount of a base by brackets, in the words of the vocabulary."""
    parts, plancher = [], 0.0
    for tranche in tranches:
        dedans = assiette if tranche.jusqu_a is None else minimum(assiette, float(tranche.jusqu_a))
        parts.append(maximum(dedans - plancher, 0.0) * float(tranche.taux))
        plancher = 0.0 if tranche.jusqu_a is None else float(tranche.jusqu_a)
    return somme(parts, "", "")


def _dire_par_tranches(assiette: Grandeur, _: Grandeur, tranches: tuple[Tranche, ...]) -> Grandeur:
    return dire_par_tranches(assiette, tranches)


BAREME_PAR_TRANCHES = Operation(
    "bareme_par_tranches",
    _par_tranches,
    Phrase("{1} appliquées à {0}"),
    Detail(_dire_par_tranches),
    _pente_par_tranches,
    unite="premier",
    marche="un barème se lit en entier, à sa date",
)
"""Amount of a base by brackets, each bracket at its own rate; the second operand is the scale, by its number of brackets."""
