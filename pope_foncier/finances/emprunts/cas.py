"""Published cases: data files replayed through the public functions, with no code special to a case.

A case says what is computed (``calcul``), from which ``donnees``, and what a source printed (``attendu``: readable path →
value). Each kind of computation is one function in ``CALCULS``; it gives an object that reads those paths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from pope_foncier.finances import flux as f
from pope_foncier.finances.emprunts import conversions
from pope_foncier.finances.emprunts import dimensionnement as dim
from pope_foncier.finances.emprunts.clauses import Indemnite
from pope_foncier.finances.emprunts.cout import (
    TauxEffectif,
    affichage_taux,
    cout_total,
    effectif_des_flux,
    montant_garanti,
    taux_effectif,
)
from pope_foncier.finances.emprunts.moteur import echeancier
from pope_foncier.finances.emprunts.pret_yaml import FicheIndemnite, FichePret
from pope_foncier.finances.emprunts.rembourse_anticipe import indemnite
from pope_foncier.finances.emprunts.resultat import COLONNES, Echeancier
from pope_foncier.finances.emprunts.tranches import additionner, effectif_de_tranches
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, Jour, Nombre, Texte, lire_fiche, valider

Genre = Literal["publie", "construit", "bibliotheque"]
Lecteur = Callable[[str], Any]


class SourceCas(Fiche):
    """Where the figures were printed."""

    titre: Texte
    url: str | None = None
    page: str | None = None


class FicheCalcul(Fiche):
    """One computation of a case."""

    calcul: Texte
    donnees: dict[str, Any]
    attendu: dict[str, Any] = Field(min_length=1)
    tolerance: Nombre = 0.005
    tolerances: dict[str, Nombre] = Field(default_factory=dict)
    """Tolerance of some paths, when it is not the common one."""


class FicheCas(Fiche):
    """Case file."""

    id: Texte
    titre: Texte
    genre: Genre
    source: SourceCas
    consulte_le: Jour | None = None
    remarque: Texte | None = None
    calculs: tuple[FicheCalcul, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Controle:
    """One value checked."""

    cas: str
    chemin: str
    attendu: Any
    obtenu: Any
    tolerance: float

    @property
    def passe(self) -> bool:
        """Whether the value obtained is the one expected, within the tolerance."""
        if isinstance(self.attendu, str | date):
            return bool(str(self.attendu) == str(self.obtenu))
        attendu, obtenu = np.atleast_1d(np.asarray(self.attendu, float)), np.atleast_1d(np.asarray(self.obtenu, float))
        return attendu.shape == obtenu.shape and bool(np.all(np.abs(attendu - obtenu) <= self.tolerance))

    def __str__(self) -> str:
        return (
            f"{self.cas}, {self.chemin} : attendu {self.attendu}, obtenu {self.obtenu} (tolérance {self.tolerance:g})"
        )


def verifier(chemin: Path) -> Iterator[Controle]:
    """Replay a case file, one control for each value expected.

    Raises:
        ErreurDonnees, ErreurCalcul: the file is not a case, or its computation is refused.
    """
    fiche = lire_fiche(FicheCas, chemin)
    for calcul in fiche.calculs:
        if calcul.calcul not in CALCULS:
            raise ErreurCalcul(f"Calcul inconnu : « {calcul.calcul} ». Choisir parmi : {', '.join(CALCULS)}.")
        lecture = CALCULS[calcul.calcul](calcul.donnees)
        for quoi, attendu in calcul.attendu.items():
            tolerance = calcul.tolerances.get(quoi, calcul.tolerance)
            yield Controle(fiche.id, quoi, attendu, lecture(quoi), tolerance)


_MOTIF = re.compile(r"^(?P<nom>[a-z_.]+)(?:\[(?P<a>\d+|dernier)(?::(?P<b>\d+))?\])?$")


def decomposer(chemin: str) -> tuple[str, str | None, str | None]:
    """Split a path: ``annee.interets[10]`` → (annee.interets, 10, None); ``cumul.interets[13:24]`` has two bounds."""
    trouve = _MOTIF.match(chemin)
    if not trouve:
        raise ErreurCalcul(
            f"Chemin illisible : « {chemin} » (exemples : echeance[1], annee.interets[10], total.frais)."
        )
    return trouve["nom"], trouve["a"], trouve["b"]


def _inconnu(chemin: str, admis: Mapping[str, Any] | tuple[str, ...] = ()) -> ErreurCalcul:
    return ErreurCalcul(f"Résultat inconnu : « {chemin} ». Admis : {', '.join(admis)}.")


def _dans(resultats: Mapping[str, Callable[[], Any] | Any]) -> Lecteur:
    def lire(chemin: str) -> Any:
        nom, a, b = decomposer(chemin)
        if nom not in resultats:
            raise _inconnu(chemin, resultats)
        valeur = resultats[nom]
        valeur = valeur() if callable(valeur) else valeur
        if a is None:
            return valeur if isinstance(valeur, str) else (np.asarray(valeur) if np.ndim(valeur) else valeur)
        suite = np.atleast_1d(np.asarray(valeur)).ravel()
        if b is not None:
            return suite[int(a) - 1 : int(b)]
        return suite[-1] if a == "dernier" else suite[int(a) - 1]

    return lire


def _pret(fiche: Any, quoi: str = "pret") -> FichePret:
    return valider(FichePret, fiche, quoi)


def lire_echeancier(tableau: Echeancier, effectif: Callable[[], TauxEffectif], au_cent: bool) -> Lecteur:
    """Reader of a schedule: ``colonne[n]``, ``total.…``, ``annee.…[k]``, ``cumul.…[a:b]``, rates and costs."""
    simples: dict[str, Callable[[], Any]] = {
        "nombre_echeances": lambda: float(tableau.nombre[0, 0]),
        "taeg": lambda: effectif().taeg[0],
        "teg": lambda: effectif().teg[0],
        "taux_periode": lambda: effectif().taux_periode[0],
        "taeg_affiche": lambda: affichage_taux(float(effectif().taeg[0])),
        "cout_total": lambda: cout_total(tableau, au_cent)[0],
        "capital_emprunte": lambda: tableau.total("tirages")[0],
        "montant_garanti": lambda: montant_garanti(tableau.emprunt, tableau.total("tirages")[:, None])[0, 0],
        "indemnite": lambda: tableau.indemnites.sum(axis=1)[0] if tableau.indemnites.ndim else 0.0,
        "ballon": lambda: tableau.ballon[0],
        "premiere_alerte": lambda: tableau.alertes[0] if tableau.alertes else "",
    }

    def lire(chemin: str) -> Any:
        nom, a, b = decomposer(chemin)
        if nom in simples:
            return simples[nom]()
        prefixe, _, colonne = nom.rpartition(".")
        if prefixe == "total":
            return tableau.total(colonne)[0]
        if prefixe == "annee" and a is not None:
            return tableau.par_annee_de_pret(colonne)[0, int(a) - 1]
        if prefixe == "annee_civile" and a is not None:
            return tableau.par_annee_civile(colonne)[int(a)][0]
        if prefixe == "cumul" and a is not None and b is not None:
            return tableau.entre(colonne, int(a), int(b))[0]
        if nom == "date" and a is not None:
            return tableau.dates[int(a)]
        if nom not in COLONNES:
            raise _inconnu(chemin, (*simples, *COLONNES, "total.…", "annee.…[k]", "cumul.…[a:b]", "date[n]"))
        suite = tableau.colonne(nom)[0]
        au_debut = nom == "capital_restant_du"
        depart = tableau.premier_rang
        if a is None:
            return suite[depart:]
        if b is not None:
            return suite[int(a) + depart - 1 : int(b) + depart]
        fin = int(tableau.nombre[0, 0]) + depart - 1
        if a == "dernier":
            return suite[fin]
        return suite[0] if a == "0" and au_debut else suite[int(a) + depart - 1]

    return lire


def _calcul_pret(d: dict[str, Any]) -> Lecteur:
    """Loan: ``pret`` (the fields of a loan sheet) or ``tranches``; ``au_centime`` rounds each payment in the rates."""
    au_cent = bool(d.get("au_centime", False))
    if "tranches" in d:
        tableaux = [echeancier(_pret(p, "tranche").en_emprunt()) for p in d["tranches"]]
        return _tranches(tableaux, au_cent)
    tableau = echeancier(_pret(d["pret"]).en_emprunt())
    return lire_echeancier(tableau, lambda: taux_effectif(tableau, au_cent), au_cent)


def _tranches(tableaux: list[Echeancier], au_cent: bool) -> Lecteur:
    effectif = effectif_de_tranches(tableaux, au_cent)
    mois = additionner(tableaux)
    colonnes = {nom: valeurs[0, 1:] for nom, valeurs in mois.items()}
    totaux = {f"total.{nom}": float(valeurs.sum()) for nom, valeurs in mois.items()}
    couts = float(sum(cout_total(t, au_cent)[0] for t in tableaux))
    taux = {
        "taeg": effectif.taeg[0],
        "teg": effectif.teg[0],
        "taux_periode": effectif.taux_periode[0],
        "cout_total": couts,
    }
    return _dans({**colonnes, **totaux, **taux})


def _calcul_taux_effectif(d: dict[str, Any]) -> Lecteur:
    """Effective rate of dated flows: ``flux`` (received > 0), and ``annees`` or ``dates``; ``unite_mois`` for the TEG."""
    if "dates" in d:
        annees = [conversions.temps_annexe(d["dates"][0], jour, d.get("periodes_par_an", 12)) for jour in d["dates"]]
        if d.get("jours_reels"):
            annees = [(jour - d["dates"][0]).days / 365 for jour in d["dates"]]
    else:
        annees = d["annees"]
    e = effectif_des_flux(d["flux"], annees, float(d.get("unite_mois", 12)))
    return _dans(
        {
            "taeg": e.taeg[0],
            "teg": e.teg[0],
            "taux_periode": e.taux_periode[0],
            "taeg_affiche": affichage_taux(float(e.taeg[0])),
            "racines": e.detail.racines[0],
            "statut": str(e.detail.statut[0]),
        }
    )


def _calcul_conversion(d: dict[str, Any]) -> Lecteur:
    """Rate conversions of ``taux``, with ``periodes_par_an``."""
    taux, m = d["taux"], int(d["periodes_par_an"])
    compose = d.get("capitalisations_par_an")
    return _dans(
        {
            "proportionnel": lambda: float(conversions.taux_de_periode(taux, m, "proportionnelle")),
            "equivalent": lambda: float(conversions.taux_de_periode(taux, m, "equivalente")),
            "taux_periode": lambda: float(conversions.taux_de_periode(taux, m, "proportionnelle", compose)),
            "taux_effectif": lambda: float(conversions.taux_effectif_annuel(taux, m)),
            "taux_nominal": lambda: float(conversions.taux_nominal_annuel(taux, m)),
        }
    )


def _calcul_epargne(d: dict[str, Any]) -> Lecteur:
    """Time value of money: ``taux`` by period, ``versement`` and ``depart`` paid in, ``nombre`` or ``cible``."""
    versement, depart, avance = d.get("versement", 0.0), d.get("depart", 0.0), bool(d.get("avance", False))
    return _dans(
        {
            "valeur_acquise": lambda: f.valeur_acquise(d["taux"], d["nombre"], versement, depart, avance),
            "interets": lambda: (
                f.valeur_acquise(d["taux"], d["nombre"], versement, depart, avance) - depart - versement * d["nombre"]
            ),
            "nombre": lambda: f.nombre_versements(d["taux"], versement, depart, d["cible"], avance),
        }
    )


def _calcul_van_tri(d: dict[str, Any]) -> Lecteur:
    """NPV and IRR: ``flux``, or ``depart`` followed by ``nombre`` times ``versement``; ``taux``, ``dates``."""
    flux = d["flux"] if "flux" in d else [d["depart"], *[d["versement"]] * int(d["nombre"])]
    if "dates" in d:
        taux = f.tri_date(flux, d["dates"])
        van = (lambda: f.van_datee(flux, d["dates"], d["taux"])[0]) if "taux" in d else None
    else:
        taux = f.tri(flux)
        van = (lambda: f.van(flux, d["taux"])[0]) if "taux" in d else None
    return _dans(
        {
            "tri": taux.valeur[0],
            "racines": taux.racines[0],
            "nombre_racines": int(taux.nombre[0]),
            "tri_le_plus_proche_de_zero": taux.plus_proche_de_zero[0],
            "statut": str(taux.statut[0]),
            **({"van": van} if van else {}),
            **({"valeurs_actuelles": lambda: f.valeurs_actuelles(flux, d["taux"])[0, 1:]} if "taux" in d else {}),
        }
    )


def _calcul_detention(d: dict[str, Any]) -> Lecteur:
    """Building held then sold: first gross income, deductions as shares of it, growth, slope, sale by capitalisation."""
    nombre, taux = int(d["annees"]), d["taux"]
    net = 1.0 - sum(d.get("retenues", ()))
    revenus = f.flux_croissants(d["premier"] * net, d["croissance"], nombre + 1, d.get("pente", 0.0) * net)[0]
    vente = f.valeur_terminale(revenus[nombre], d["taux_sortie"])
    flux = np.concatenate([[0.0], revenus[:nombre]])
    flux[-1] += float(vente)
    achat = np.concatenate([[-float(d.get("prix", 0.0))], flux[1:]])
    return _dans(
        {
            "revenu_net": revenus[:nombre],
            "revente": float(vente),
            "valeur": lambda: f.van(flux, taux)[0],
            "tri": lambda: f.tri(achat).valeur[0],
        }
    )


def _calcul_dimensionnement(d: dict[str, Any]) -> Lecteur:
    """Loan sizing: ``pret`` (its capital does not matter) and ``limites``."""
    emprunt = _pret({"capital": 1.0, **d["pret"]}).en_emprunt()
    limites = dim.Limites(**d["limites"])
    r = dim.dimensionner(emprunt, limites)
    ratios: dict[str, Any] = {}
    if limites.valeur is not None:
        ratios["ratio.ltv"] = r.montant[0] / float(np.asarray(limites.valeur))
    if limites.revenu_net is not None:
        ratios["ratio.rendement_dette"] = float(np.asarray(limites.revenu_net)) / r.montant[0]
    montants = {f"limite.{nom}": valeurs[0] for nom, valeurs in r.limites.items()}
    return _dans(
        {"montant": r.montant[0], "contrainte": str(r.contrainte[0]), "duree_mois": r.duree_mois, **montants, **ratios}
    )


def _calcul_dette_sculptee(d: dict[str, Any]) -> Lecteur:
    """Sculpted debt: ``disponible``, ``dscr``, ``taux``, ``periodes_par_an``."""
    dette = dim.sculpter(d["disponible"], d["dscr"], d["taux"], int(d.get("periodes_par_an", 1)))
    tableau = dette.tableau
    autres = {
        "montant": lambda: dette.montant[0],
        "llcr": lambda: dim.couverture_vie_du_pret(tableau, d["disponible"])[0],
        "dscr": lambda: dim.couverture(tableau, d["disponible"])[0],
    }
    du_tableau = lire_echeancier(tableau, lambda: taux_effectif(tableau), False)
    return lambda chemin: _dans(autres)(chemin) if decomposer(chemin)[0] in autres else du_tableau(chemin)


def _calcul_indemnite(d: dict[str, Any]) -> Lecteur:
    """Early repayment indemnity of the whole balance of ``pret`` (its remaining life), under ``clause``."""
    tableau = echeancier(_pret(d["pret"]).en_emprunt())
    clause = Indemnite(**valider(FicheIndemnite, d["clause"], "clause").model_dump())
    solde = tableau.capital_restant_du[:, :1]
    taux = np.asarray(tableau.emprunt.taux, dtype=np.float64).reshape(-1, 1)
    du = indemnite(clause, solde, taux, tableau.echeance[:, 1:], solde, tableau.emprunt)
    return _dans({"indemnite": du[0, 0]})


CALCULS: dict[str, Callable[[dict[str, Any]], Lecteur]] = {
    "pret": _calcul_pret,
    "taux_effectif": _calcul_taux_effectif,
    "conversion": _calcul_conversion,
    "epargne": _calcul_epargne,
    "van_tri": _calcul_van_tri,
    "detention": _calcul_detention,
    "dimensionnement": _calcul_dimensionnement,
    "dette_sculptee": _calcul_dette_sculptee,
    "indemnite": _calcul_indemnite,
}
"""Kinds of computation of a case file."""
