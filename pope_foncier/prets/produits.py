"""Loan products: what lenders offer, read from ``data/baremes/prets``, and what a loan asks beyond their bounds.

A bound that nobody published is empty in the file: it is reported as unknown, never as respected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.modele import FicheProduit, ValeurDatee
from pope_foncier.prets.cout import capital_emprunte
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul
from pope_foncier.socle.nombres import formater

DOSSIER = "prets"


@dataclass(frozen=True, slots=True)
class Produit:
    """Loan product at a date: who may borrow, and its bounds by name (``taux_max``, ``duree_max_mois``…)."""

    cle: str
    titre: str
    fiche: FicheProduit
    bornes: dict[str, ValeurDatee]

    def borne(self, nom: str) -> float | None:
        """Value of a bound, None when the product has none or when it is unknown."""
        valeur = self.bornes.get(nom)
        return None if valeur is None or valeur.valeur is None else float(valeur.valeur)


@dataclass(frozen=True, slots=True)
class Ecart:
    """What does not fit a product, or cannot be told: ``statut`` is ``non_respecte`` or ``indetermine``."""

    statut: str
    message: str


def cles(catalogue: Catalogue) -> list[str]:
    """Keys of the products, sorted."""
    return sorted(f.stem for f in (catalogue.dossier / DOSSIER).glob("*.yaml"))


def produit(cle: str, catalogue: Catalogue, jour: date) -> Produit:
    """Product by its key, its bounds being those in force on a day (or the last known).

    Raises:
        ErreurBareme: unknown product.
    """
    if cle not in cles(catalogue):
        raise ErreurBareme(f"Produit de prêt inconnu : « {cle} ». Choisir parmi : {', '.join(cles(catalogue))}.")
    fichier = catalogue.fichier(f"{DOSSIER}.{cle}")
    if fichier.produit is None:
        raise ErreurBareme(f"Le fichier du produit « {cle} » n'a pas de rubrique « produit » : la remplir.")
    bornes = {nom: catalogue.derniere(f"{DOSSIER}.{cle}.{nom}", jour) for nom in fichier.baremes}
    return Produit(cle, fichier.titre, fichier.produit, bornes)


_MESURES: dict[str, Callable[[Emprunt], np.ndarray | float | None]] = {
    "montant": capital_emprunte,
    "duree": lambda e: None if e.duree_mois is None else np.asarray(e.duree_mois, dtype=np.float64),
    "taux": lambda e: np.asarray(e.taux, dtype=np.float64),
    "differe": lambda e: np.asarray(e.differe_mois, dtype=np.float64),
    "prefinancement": lambda e: float(e.prefinancement_mois),
    "progression": lambda e: np.asarray(e.progression, dtype=np.float64),
}


def controler(
    choisi: Produit,
    emprunt: Emprunt,
    emprunteur: str,
    besoin: float | None = None,
    appariement: float | None = None,
    objet: str | None = None,
) -> list[Ecart]:
    """What a loan asks beyond a product.

    Args:
        choisi: the product.
        emprunt: terms wanted; with draws, the worst one counts.
        emprunteur: kind of borrower, as the product names it.
        besoin: cost financed, for the greatest share [€].
        appariement: other equity, quasi-equity and bank debt beside it, for a matched product [€].
        objet: what the loan pays for, for a product whose bounds depend on it (``duree_max_travaux_mois``…).

    Raises:
        ErreurCalcul: an object that the product does not name.
    """
    ecarts = []
    if emprunteur not in choisi.fiche.emprunteurs:
        admis = ", ".join(choisi.fiche.emprunteurs)
        ecarts.append(
            Ecart("non_respecte", f"{choisi.titre} : emprunteurs admis : {admis} (« {emprunteur} » demandé).")
        )
    rythmes = choisi.fiche.periodes_par_an
    if rythmes and emprunt.periodes_par_an not in rythmes:
        admis = " ou ".join(filter(None, (", ".join(map(str, rythmes[:-1])), str(rythmes[-1]))))
        demande = f"{admis} échéances par an admises, {emprunt.periodes_par_an} demandées."
        ecarts.append(Ecart("non_respecte", f"{choisi.titre} : {demande}"))
    for (grandeur, sens), par_objet in _bornes_par_grandeur(choisi, objet).items():
        mesure = _MESURES[grandeur](emprunt)
        if mesure is not None:
            valeur = float(np.max(mesure) if sens == "max" else np.min(mesure))
            ecarts += _selon_objet(choisi, par_objet, valeur, sens)
    capital = float(np.max(capital_emprunte(emprunt)))
    if besoin is not None and "quotite_max" in choisi.bornes:
        ecarts += _comparer(choisi.bornes["quotite_max"], capital / besoin, "max")
    if "rapport_appariement_min" in choisi.bornes:
        if appariement is None:
            ecarts.append(Ecart("indetermine", f"{choisi.titre} : donner les financements qui l'accompagnent."))
        else:
            ecarts += _comparer(choisi.bornes["rapport_appariement_min"], appariement / capital, "min")
    return ecarts


def _bornes_par_grandeur(choisi: Produit, objet: str | None) -> dict[tuple[str, str], dict[str, ValeurDatee]]:
    """Bounds by quantity and direction, then by object of the loan ("" = whatever it pays for)."""
    groupes: dict[tuple[str, str], dict[str, ValeurDatee]] = {}
    for nom, borne in choisi.bornes.items():
        grandeur, _, reste = nom.removesuffix("_mois").partition("_")
        sens, _, pour = reste.partition("_")
        if grandeur in _MESURES and sens in ("min", "max"):
            groupes.setdefault((grandeur, sens), {})[pour] = borne
    objets = list(dict.fromkeys(o for par_objet in groupes.values() for o in par_objet if o))
    if objet is None or not objets:
        return groupes
    if objet not in objets:
        raise ErreurCalcul(f"{choisi.titre} : objet inconnu : « {objet} ». Choisir parmi : {', '.join(objets)}.")
    return {cle: {o: b for o, b in par_objet.items() if o in ("", objet)} for cle, par_objet in groupes.items()}


def _selon_objet(choisi: Produit, par_objet: dict[str, ValeurDatee], mesure: float, sens: str) -> list[Ecart]:
    """Gaps of one quantity; when only some objects allow it and none was given, the answer cannot be told."""
    ecarts = {objet: _comparer(borne, mesure, sens) for objet, borne in par_objet.items()}
    dits = [e for suite in ecarts.values() for e in suite]
    if len(ecarts) < 2 or not dits:
        return dits
    if all(suite and suite[0].statut == "non_respecte" for suite in ecarts.values()):
        extremes = {o: float(b.valeur) for o, b in par_objet.items()}
        large = (max if sens == "max" else min)(extremes, key=extremes.__getitem__)
        return ecarts[large]
    objets = ", ".join(par_objet)
    lues = " ".join(e.message for e in dits)
    return [Ecart("indetermine", f"{choisi.titre} : dire ce que le prêt finance ({objets}). {lues}")]


def _comparer(borne: ValeurDatee, mesure: float, sens: str) -> list[Ecart]:
    if borne.valeur is None:
        return [Ecart("indetermine", f"{borne.libelle} : inconnu ; document à demander : {borne.document}.")]
    depasse = mesure > borne.valeur + 1e-9 if sens == "max" else mesure < borne.valeur - 1e-9
    if not depasse:
        return []
    quoi = "au plus" if sens == "max" else "au moins"
    lu, voulu = formater(float(borne.valeur), borne.unite), formater(mesure, borne.unite)
    return [Ecart("non_respecte", f"{borne.libelle} : {quoi} {lu}, {voulu} demandé.")]
