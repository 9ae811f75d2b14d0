"""Loan products: what lenders offer, read from ``data/baremes/prets``, and what a loan asks beyond their bounds.

A bound that nobody published is empty in the file: it is reported as unknown, never as respected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.modele import FicheProduit, ValeurDatee
from pope_foncier.prets.cout import capital_emprunte
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul
from pope_foncier.socle.nombres import formater

DOSSIER = "prets"


@enregistrement
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


@enregistrement
class EcartAuProduit:
    """What does not fit a product, or cannot be told: ``statut`` is ``non_respecte`` or ``indetermine``."""

    statut: str
    message: str
    champ: str = ""
    """Field of the loan that it is about."""


@enregistrement
class PretVoulu:
    """Loan voulu of a product: its quantities (montant, duree, taux, differe, prefinancement, progression), those known, and its rhythm."""

    mesures: Mapping[str, np.ndarray | float]
    periodes_par_an: int

    @classmethod
    def de(cls, e: Emprunt) -> PretVoulu:
        """Loan voulu, from its terms."""
        termes = {nom: getattr(e, champ) for nom, champ in CHAMPS.items() if nom != "montant"}
        lues = {nom: np.asarray(valeur, dtype=np.float64) for nom, valeur in termes.items() if valeur is not None}
        return cls({"montant": capital_emprunte(e), **lues}, e.periodes_par_an)


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


CHAMPS = {
    "montant": "montant",
    "duree": "duree_mois",
    "taux": "taux",
    "differe": "differe_mois",
    "prefinancement": "prefinancement_mois",
    "progression": "progression",
}
"""Quantities that bounds are about, and the field of a loan sheet that holds each."""


def controler(
    choisi: Produit,
    emprunt: Emprunt | PretVoulu,
    emprunteur: str | None,
    besoin: float | None = None,
    appariement: float | None = None,
    objet: str | None = None,
) -> list[EcartAuProduit]:
    """What a loan asks beyond a product.

    Args:
        choisi: the product.
        emprunt: terms wanted; with draws, the worst one counts, and what is not known is not compared.
        emprunteur: kind of borrower, as the product names it; None leaves it aside.
        besoin: cost financed, for the greatest share [€].
        appariement: other equity, quasi-equity and bank debt beside it, for a matched product [€].
        objet: what the loan pays for, for a product whose bounds depend on it (``duree_max_travaux_mois``…).

    Raises:
        ErreurCalcul: an object that the product does not name.
    """
    voulu = PretVoulu.de(emprunt) if isinstance(emprunt, Emprunt) else emprunt
    ecarts = [] if emprunteur is None else controler_emprunteur(choisi, (emprunteur,))
    rythmes = choisi.fiche.periodes_par_an
    if rythmes and voulu.periodes_par_an not in rythmes:
        admis = " ou ".join(filter(None, (", ".join(map(str, rythmes[:-1])), str(rythmes[-1]))))
        demande = f"{admis} échéances par an admises, {voulu.periodes_par_an} demandées."
        ecarts.append(EcartAuProduit("non_respecte", f"{choisi.titre} : {demande}", "periodes_par_an"))
    for (grandeur, sens), par_objet in _bornes_par_grandeur(choisi, objet).items():
        mesure = voulu.mesures.get(grandeur)
        if mesure is not None:
            valeur = float(np.max(mesure) if sens == "max" else np.min(mesure))
            lus = _selon_objet(choisi, par_objet, valeur, sens)
            ecarts += [replace(e, champ=CHAMPS[grandeur]) for e in lus]
    if "montant" not in voulu.mesures:
        return ecarts
    capital = float(np.max(voulu.mesures["montant"]))
    if besoin is not None and "quotite_max" in choisi.bornes:
        ecarts += _comparer(choisi.bornes["quotite_max"], capital / besoin, "max")
    minimum = choisi.bornes.get("rapport_appariement_min")
    if minimum is not None and appariement is not None:
        ecarts += _comparer(minimum, appariement / capital, "min")
    elif minimum is not None:
        manque = f"{choisi.titre} : donner les financements qui l'accompagnent."
        ecarts.append(EcartAuProduit("indetermine", manque))
    return ecarts


def controler_emprunteur(
    choisi: Produit, qualites: Sequence[str], possibles: Collection[str] = ()
) -> list[EcartAuProduit]:
    """Whether a borrower is one of those of a product.

    Args:
        qualites: what it is for sure, as products name borrowers.
        possibles: what it may be.
    """
    admis = choisi.fiche.emprunteurs
    if set(qualites) & set(admis):
        return []
    dits = f"{choisi.titre} : emprunteurs admis : {', '.join(admis)}"
    if set(possibles) & set(admis):
        return [EcartAuProduit("indetermine", f"{dits} ; à faire confirmer pour cet emprunteur.", "emprunteur")]
    demande = " ou ".join(f"« {q} »" for q in qualites) or "un autre"
    return [EcartAuProduit("non_respecte", f"{dits} ({demande} demandé).", "emprunteur")]


def _bornes_par_grandeur(choisi: Produit, objet: str | None) -> dict[tuple[str, str], dict[str, ValeurDatee]]:
    """Bounds by quantity and direction, then by object of the loan ("" = whatever it pays for)."""
    groupes: dict[tuple[str, str], dict[str, ValeurDatee]] = {}
    for nom, borne in choisi.bornes.items():
        grandeur, _, reste = nom.removesuffix("_mois").partition("_")
        sens, _, pour = reste.partition("_")
        if grandeur in CHAMPS and sens in ("min", "max"):
            groupes.setdefault((grandeur, sens), {})[pour] = borne
    objets = list(dict.fromkeys(o for par_objet in groupes.values() for o in par_objet if o))
    if objet is None or not objets:
        return groupes
    if objet not in objets:
        raise ErreurCalcul(f"{choisi.titre} : objet inconnu : « {objet} ». Choisir parmi : {', '.join(objets)}.")
    return {cle: {o: b for o, b in par_objet.items() if o in ("", objet)} for cle, par_objet in groupes.items()}


def _selon_objet(choisi: Produit, par_objet: dict[str, ValeurDatee], mesure: float, sens: str) -> list[EcartAuProduit]:
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
    return [EcartAuProduit("indetermine", f"{choisi.titre} : dire ce que le prêt finance ({objets}). {lues}")]


def _comparer(borne: ValeurDatee, mesure: float, sens: str) -> list[EcartAuProduit]:
    if borne.valeur is None:
        return [EcartAuProduit("indetermine", f"{borne.libelle} : inconnu ; document à demander : {borne.document}.")]
    signe, quoi = (1.0, "au plus") if sens == "max" else (-1.0, "au moins")
    if not signe * mesure > signe * borne.valeur + 1e-9:
        return []
    lu, voulu = formater(float(borne.valeur), borne.unite), formater(mesure, borne.unite)
    return [EcartAuProduit("non_respecte", f"{borne.libelle} : {quoi} {lu}, {voulu} demandé.")]
