"""Kinds of computation of a case: one function each, from ``donnees`` to a reader of results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pope_foncier.modele.clauses_de_pret import FicheIndemnite
from pope_foncier.prets import conversions
from pope_foncier.prets import dimensionnement as dim
from pope_foncier.prets.cas.lecture import Lecteur, decomposer, lecteur_de, lire_echeancier
from pope_foncier.prets.clauses import Indemnite
from pope_foncier.prets.depuis_fiche import en_clause, lire_seule
from pope_foncier.prets.echeancier import Echeancier
from pope_foncier.prets.effectif import affichage_taux, cout_total, effectif_des_flux, taux_effectif
from pope_foncier.prets.fiche import FichePret
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.refinancement import appeler_garantie, refinancer
from pope_foncier.prets.rembourse_anticipe import indemnite
from pope_foncier.prets.tranches import additionner, effectif_de_tranches
from pope_foncier.socle import rendement as f
from pope_foncier.socle.fiches import valider


def _pret(fiche: Any, quoi: str = "pret") -> FichePret:
    return valider(FichePret, fiche, quoi)


def _indemnite(fiche: Any) -> Indemnite:
    clause: Indemnite = en_clause(valider(FicheIndemnite, fiche, "clause"), lire_seule)
    return clause


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
    taux = {nom: getattr(effectif, nom)[0] for nom in ("taeg", "teg", "taux_periode")}
    return lecteur_de({**colonnes, **totaux, **taux, "cout_total": couts})


def _calcul_taux_effectif(d: dict[str, Any]) -> Lecteur:
    """Effective rate of dated flows: ``flux`` (received > 0), and ``annees`` or ``dates``; ``unite_mois`` for the TEG."""
    if "dates" in d:
        annees = [conversions.temps_annexe(d["dates"][0], jour, d.get("periodes_par_an", 12)) for jour in d["dates"]]
        if d.get("jours_reels"):
            annees = [(jour - d["dates"][0]).days / 365 for jour in d["dates"]]
    else:
        annees = d["annees"]
    e = effectif_des_flux(d["flux"], annees, float(d.get("unite_mois", 12)))
    taux = {nom: getattr(e, nom)[0] for nom in ("taeg", "teg", "taux_periode")}
    autres = {"racines": e.detail.racines[0], "statut": str(e.detail.statut[0])}
    return lecteur_de({**taux, **autres, "taeg_affiche": affichage_taux(float(e.taeg[0]))})


def _calcul_conversion(d: dict[str, Any]) -> Lecteur:
    """Rate conversions of ``taux``, with ``periodes_par_an``."""
    taux, m, compose = d["taux"], int(d["periodes_par_an"]), d.get("capitalisations_par_an")
    convertis: dict[str, Any] = {
        "proportionnel": conversions.taux_de_periode(taux, m, "proportionnelle"),
        "equivalent": conversions.taux_de_periode(taux, m, "equivalente"),
        "taux_periode": conversions.taux_de_periode(taux, m, "proportionnelle", compose),
        "taux_effectif": conversions.taux_effectif_annuel(taux, m),
        "taux_nominal": conversions.taux_nominal_annuel(taux, m),
    }
    return lecteur_de({nom: float(valeur) for nom, valeur in convertis.items()})


def _calcul_epargne(d: dict[str, Any]) -> Lecteur:
    """Time value of money: ``taux`` by period, ``versement`` and ``depart`` paid in, ``nombre`` or ``cible``."""
    versement, depart, avance = d.get("versement", 0.0), d.get("depart", 0.0), bool(d.get("avance", False))
    if "cible" in d:
        return lecteur_de({"nombre": f.nombre_versements(d["taux"], versement, depart, d["cible"], avance)})
    acquise = f.valeur_acquise(d["taux"], d["nombre"], versement, depart, avance)
    return lecteur_de({"valeur_acquise": acquise, "interets": acquise - depart - versement * d["nombre"]})


def _calcul_van_tri(d: dict[str, Any]) -> Lecteur:
    """NPV and IRR: ``flux``, or ``depart`` followed by ``nombre`` times ``versement``; ``taux``, ``dates``."""
    flux = d["flux"] if "flux" in d else [d["depart"], *[d["versement"]] * int(d["nombre"])]
    dates = d.get("dates")
    taux = f.tri(flux) if dates is None else f.tri_date(flux, dates)
    lus: dict[str, Any] = {
        "tri": taux.valeur[0],
        "racines": taux.racines[0],
        "nombre_racines": int(taux.nombre[0]),
        "tri_le_plus_proche_de_zero": taux.plus_proche_de_zero[0],
        "statut": str(taux.statut[0]),
        "motif": taux.motif[0],
    }
    if "taux" in d:
        lus["van"] = (f.van(flux, d["taux"]) if dates is None else f.van_datee(flux, dates, d["taux"]))[0]
        lus["valeurs_actuelles"] = f.valeurs_actuelles(flux, d["taux"])[0, 1:]
    return lecteur_de(lus)


def _calcul_detention(d: dict[str, Any]) -> Lecteur:
    """Building held then sold: first gross income, deductions as shares of it, growth, slope, sale by capitalisation."""
    nombre, taux = int(d["annees"]), d["taux"]
    net = 1.0 - sum(d.get("retenues", ()))
    revenus = f.flux_croissants(d["premier"] * net, d["croissance"], nombre + 1, d.get("pente", 0.0) * net)[0]
    vente = f.valeur_terminale(revenus[nombre], d["taux_sortie"])
    flux = np.concatenate([[0.0], revenus[:nombre]])
    flux[-1] += float(vente)
    achat = np.concatenate([[-float(d.get("prix", 0.0))], flux[1:]])
    lus = {"revenu_net": revenus[:nombre], "revente": float(vente), "valeur": f.van(flux, taux)[0]}
    return lecteur_de({**lus, "tri": f.tri(achat).valeur[0]})


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
    lus = {"montant": r.montant[0], "contrainte": str(r.contrainte[0]), "duree_mois": r.duree_mois}
    return lecteur_de({**lus, **montants, **ratios})


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
    return lambda chemin: lecteur_de(autres)(chemin) if decomposer(chemin)[0] in autres else du_tableau(chemin)


def _calcul_indemnite(d: dict[str, Any]) -> Lecteur:
    """Early repayment indemnity of the whole balance of ``pret`` (its remaining life), under ``clause``."""
    tableau = echeancier(_pret(d["pret"]).en_emprunt())
    clause = _indemnite(d["clause"])
    solde = tableau.capital_restant_du[:, :1]
    taux = np.asarray(tableau.emprunt.taux, dtype=np.float64).reshape(-1, 1)
    du = indemnite(clause, solde, taux, tableau.echeance[:, 1:], solde, tableau.emprunt)
    return lecteur_de({"indemnite": du[0, 0]})


def _calcul_refinancement(d: dict[str, Any]) -> Lecteur:
    """Refinancing of ``pret`` at ``mois`` by ``nouveau``, under ``clause``, with ``taux_actualisation``."""
    ancien = echeancier(_pret(d["pret"]).en_emprunt())
    clause = _indemnite(d.get("clause", {}))
    nouveau = _pret(d["nouveau"], "nouveau").en_emprunt()
    r = refinancer(ancien, int(d["mois"]), nouveau, clause, d.get("taux_actualisation", 0.0))
    return lecteur_de({nom: float(getattr(r, nom)[0]) for nom in ("solde", "indemnite", "gain", "gain_actualise")})


def _calcul_garantie_appelee(d: dict[str, Any]) -> Lecteur:
    """Guarantee of ``pret`` called at ``mois``, after ``recouvrement``."""
    r = appeler_garantie(echeancier(_pret(d["pret"]).en_emprunt()), int(d["mois"]), d.get("recouvrement", 0.0))
    noms = ("solde", "paye_par_le_garant", "perte_du_preteur")
    return lecteur_de({nom: float(getattr(r, nom)[0]) for nom in noms})


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
    "refinancement": _calcul_refinancement,
    "garantie_appelee": _calcul_garantie_appelee,
}
"""Kinds of computation of a case file."""
