"""Terms of a loan in plain French: how it is repaid, when, at what rate, with what grace, what it costs and what secures it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.prets.clauses import Assurance, Frais, Garantie, Revision
from pope_foncier.prets.conversions import colonne
from pope_foncier.prets.cout import capital_emprunte
from pope_foncier.prets.fiche_offre import FicheOffre, IndemnitePrevue
from pope_foncier.prets.profils import PROFILS
from pope_foncier.prets.revision import marge_sur_indice
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair

RYTHMES = {12: "chaque mois", 6: "tous les deux mois", 4: "chaque trimestre", 2: "chaque semestre", 1: "chaque année"}
DIFFERES = {
    "aucun": "aucun",
    "partiel": "partiel : intérêts payés, pas de capital",
    "total_capitalise": "total : rien n'est payé, intérêts ajoutés au capital à chaque période",
    "total_simple": "total : rien n'est payé, intérêts simples ajoutés au capital à la fin",
    "interets_stockes": "total : rien n'est payé, intérêts mis de côté sans en produire, payés en premier",
    "interets_retenus": "intérêts retenus d'avance sur le déblocage",
}
BASES = {
    "30/360": "mois égaux (30/360)",
    "exact/365": "jours exacts sur 365",
    "exact/360": "jours exacts sur 360",
    "exact/exact": "jours exacts sur l'année exacte",
    "mois_normalise": "mois normalisés",
}
NATURES = {
    "association": "association",
    "societe": "société",
    "collectivite": "collectivité",
    "professionnel": "professionnel",
    "particulier": "particulier",
}
_ASSURANCES = {
    "capital_initial": "du capital initial par an",
    "capital_restant_du": "du capital restant dû par an",
    "prime_unique": "du capital, prime unique",
}
_REVISIONS = {"simple": "simple", "double": "double", "double_limitee": "double limitée"}
_PREFINANCEMENTS = {
    "payes": "intérêts payés",
    "avance": "intérêts payés d'avance",
    "capitalises": "intérêts capitalisés",
    "finances": "intérêts financés",
}


def un(valeur: ArrayLike | None) -> float:
    """Number of one loan; NaN when there is none."""
    return float("nan") if valeur is None else float(np.ravel(np.asarray(valeur))[0])


def duree(mois: float) -> str:
    """Length in months, and in years when they are whole."""
    dite = f"{formater_nombre(mois)} mois"
    return f"{dite} ({formater_nombre(mois / 12)} ans)" if mois >= 24 and mois % 12 == 0 else dite


def conditions(e: Emprunt, offre: FicheOffre | None = None) -> list[tuple[str, str]]:
    """Terms of a loan in the order of an offer: name and words."""
    dites = [
        ("Montant", euros(un(capital_emprunte(e)), 2)),
        ("Durée", _duree(e)),
        ("Taux", _taux(e, offre)),
        ("Échéances", f"{RYTHMES[e.periodes_par_an]}, {'à échoir' if e.terme == 'a_echoir' else 'à terme échu'}"),
        ("Remboursement", _profil(e)),
        ("Intérêts", _interets(e)),
        ("Différé", _differe(e)),
        ("Préfinancement", _prefinancement(e)),
        ("Déblocages", _deblocages(e)),
        ("Commission de non-utilisation", _non_utilisation(e)),
        ("Suspensions", _suspensions(e)),
        ("Assurance", assurance(e.assurance)),
        ("Frais", frais(e.frais)),
        ("Garantie", garantie(e.garantie)),
    ]
    return [(nom, mots) for nom, mots in dites if mots]


def _duree(e: Emprunt) -> str:
    if e.duree_mois is None:
        return "résultat du calcul"
    suite = ""
    if np.any(np.asarray(e.differe_mois) > 0):
        suite = ", différé en plus" if e.differe_en_plus else ", différé compris"
    return f"{duree(un(e.duree_mois))}{suite}"


def _taux(e: Emprunt, offre: FicheOffre | None) -> str:
    dit = pourcent(un(e.taux), 4)
    if e.paliers:
        etapes = " ; ".join(f"{pourcent(un(p.taux), 4)} pendant {formater_nombre(p.mois)} mois" for p in e.paliers)
        return f"{dit} puis par paliers : {etapes}"
    if e.revision is None:
        return f"{dit}, fixe"
    indice = offre.indice if offre is not None and offre.indice else "indice"
    return f"{dit} au départ, révisé : {revision(e.revision, indice, un(e.taux))}"


def revision(r: Revision, indice: str, taux: float) -> str:
    """Revision in words: index, margin, rhythm, bounds."""
    premier = float(np.atleast_2d(np.asarray(r.indices, dtype=np.float64))[0, 0])
    marge = un(marge_sur_indice(r, colonne(taux, "Taux du prêt")))
    bornes = [
        f"{nom} {pourcent(valeur, 4)}"
        for nom, valeur in (("plafond", r.plafond), ("plancher", r.plancher))
        if valeur is not None
    ]
    mode = "" if r.mode == "simple" else f", révisabilité {_REVISIONS[r.mode]}"
    suite = f", {', '.join(bornes)}" if bornes else ""
    return f"{indice} ({pourcent(premier, 4)}) + {pourcent(marge, 4)} tous les {r.tous_les_mois} mois{mode}{suite}"


def _profil(e: Emprunt) -> str:
    libelle = PROFILS[e.profil].libelle
    if np.any(np.asarray(e.progression) != 0):
        return f"{libelle}, {pourcent(un(e.progression))} par an"
    return libelle


def _interets(e: Emprunt) -> str:
    conversion = "" if e.conversion == "proportionnelle" else ", taux équivalent"
    debut = "" if e.date_debut is None else f", à partir du {date_en_clair(e.date_debut)}"
    premiere = "" if e.base_premiere_periode is None else f", première période : {BASES[e.base_premiere_periode]}"
    return f"{BASES[e.base_jours]}{premiere}{conversion}{debut}"


def _differe(e: Emprunt) -> str:
    mois = un(e.differe_mois)
    return DIFFERES[e.differe] if not mois else f"{formater_nombre(mois)} mois, {DIFFERES[e.differe]}"


def _prefinancement(e: Emprunt) -> str:
    if not e.prefinancement_mois:
        return ""
    return f"{formater_nombre(e.prefinancement_mois)} mois, {_PREFINANCEMENTS[e.interets_prefinancement]}"


def _deblocages(e: Emprunt) -> str:
    if not e.deblocages:
        return "en une fois"
    return " ; ".join(
        f"{pourcent(un(d.part)) if d.part is not None else euros(un(d.montant), 2)} au mois {d.mois}"
        for d in e.deblocages
    )


def _non_utilisation(e: Emprunt) -> str:
    taux = un(e.commission_non_utilisation)
    return f"{pourcent(taux, 4)} par an de ce qui n'est pas débloqué" if taux else ""


def _suspensions(e: Emprunt) -> str:
    return " ; ".join(
        f"{s.duree_mois} mois après le mois {s.mois}, intérêts {'payés' if s.interets == 'payes' else 'capitalisés'}"
        for s in e.suspensions
    )


def assurance(a: Assurance | None) -> str:
    """Insurance in words."""
    if a is None:
        return "aucune"
    dit = (
        f"{pourcent(un(a.taux), 4)} {_ASSURANCES[a.mode]}"
        if a.taux is not None
        else f"{euros(un(a.montant), 2)} par échéance"
    )
    return dit if a.quotite == 1 else f"{dit}, quotité {pourcent(a.quotite)}"


def frais(liste: Sequence[Frais]) -> str:
    """Fees in words."""
    dits = []
    for f in liste:
        montant = euros(un(f.montant), 2) if f.montant is not None else f"{pourcent(un(f.taux), 4)} du capital"
        suites = [" (financés)"] * f.finances + [" (hors TEG)"] * (not f.dans_teg)
        dits.append(f"{f.libelle} {montant}{''.join(suites)}")
    return " ; ".join(dits) or "aucuns"


def garantie(g: Garantie | None) -> str:
    """Paid guarantee in words."""
    if g is None:
        return ""
    plafond = f", au plus {euros(g.plafond)}" if g.plafond is not None else ""
    quand = {
        "initiale": "payée une fois",
        "initiale_annuelle": "chaque année",
        "restante": "chaque année, sur le reste dû",
    }
    return f"{pourcent(un(g.quotite))} du prêt{plafond}, commission {pourcent(un(g.commission), 4)} {quand[g.assiette]}"


def indemnite(i: IndemnitePrevue | None) -> str:
    """Indemnity of an early repayment in words."""
    if i is None:
        return "non précisée par l'offre : à demander"
    return {
        "aucune": "aucune",
        "pourcentage": f"{pourcent(un(i.pourcentage))} du capital remboursé",
        "mois_interets": f"{formater_nombre(un(i.mois))} mois d'intérêts",
        "mois_interets_plafonnes": f"{formater_nombre(un(i.mois))} mois d'intérêts, au plus {pourcent(un(i.pourcentage))}",
        "plafond_legal": "plafond légal des consommateurs (Code de la consommation, R. 313-25)",
        "actuarielle": f"actuarielle, au taux de référence de {pourcent(un(i.taux_reference), 4)}",
    }[i.mode]
