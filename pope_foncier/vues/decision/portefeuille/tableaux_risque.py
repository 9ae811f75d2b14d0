"""Table of the risk of a portfolio: what pooling changes to the chance of running out of cash."""

from __future__ import annotations

from collections.abc import Iterable

from pope_foncier.decision.portefeuille import ChampTire, Ensemble, Risque
from pope_foncier.decision.portefeuille.axes import unique
from pope_foncier.modele.donnee import sans_id
from pope_foncier.modele.evolutions import Evolutions
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

QUANTILES = {0.1: "Plus bas, 1 fois sur 10", 0.5: "Au milieu", 0.9: "9 fois sur 10"}
"""Quantiles of the lowest cash that the table shows, and their headings."""


def risque(ensemble: Ensemble, tire: Risque, evolutions: Evolutions) -> Table:
    """What pooling changes to the risk: chance of a cash below zero, pooled and alone, and the equity that keeps it low."""
    donnee = tire.regles.risque_admis
    admis = float("nan") if donnee.valeur is None else donnee.valeur
    lignes: list[Rang] = []
    capitaux = [float(unique(ensemble.capital_de(rang))[0]) for rang in range(len(ensemble.lieux))]
    rangees = [("En commun", tire.commun, ensemble.capital)]
    rangees += [(f"{x.libelle}, à part", t, c) for x, t, c in zip(ensemble.lieux, tire.seuls, capitaux, strict=True)]
    for nom, tresorerie, capital in rangees:
        bas = (cases.montant(tresorerie.creux_au(q)) for q in QUANTILES)
        requis = cases.montant(tresorerie.capital_requis(admis))
        lignes.append((nom, cases.montant(capital), _chance(tresorerie.probabilite), *bas, requis))
    separes = cases.montant(tire.capital_requis_a_part(admis))
    vides = ("—" for _ in QUANTILES)
    lignes.append(("Tous à part", cases.montant(ensemble.capital), _chance(tire.un_seul_suffit), *vides, separes))
    entetes = ("Qui", "Capital", "Sous zéro", *QUANTILES.values(), f"Capital, {_chance(admis)} de risque")
    note = " ".join([_lecture(tire, admis), _hasard(tire, evolutions), _limites(ensemble)])
    return Table("Ce que la mise en commun change au risque", entetes, tuple(lignes), note=note)


def _chance(part: float) -> Case:
    return cases.part(part, 0)


def _lecture(tire: Risque, admis: float) -> str:
    return (
        f"{formater_nombre(tire.tirages.nombre)} tirages, toujours les mêmes (chances connues à {_precision(tire)} points près), "
        f"du départ à {tire.regles.annees_apres} ans après la dernière ouverture. "
        "Sous zéro : part des tirages où la trésorerie manque au moins un mois. À part : le lieu avec sa part du capital ; tous à part : un lieu au "
        f"moins manque. Dernière colonne : capital qui boucle les plans et avec lequel elle manque dans {_chance(admis)} des tirages (risque admis : hypothèse) ; "
        "tous à part, chacun a ce risque."
    )


def _precision(tire: Risque) -> str:
    """Half-width of the 95 % interval of a share, at its widest: 1.96 standard errors of one half [points]."""
    return formater_nombre(100.0 * tire.precision, 0)


def _hasard(tire: Risque, evolutions: Evolutions) -> str:
    regles, communs = tire.regles, [c.removeprefix("evolution.") for c in tire.tirages.communs]
    tires = {sans_id(champ) for champs in tire.tirages.propres.values() for champ in champs}
    aides = ["aides obtenues ou refusées"] if "aides.coefficient" in tires else []
    marche = [
        evolutions.chemins[c].libelle.removeprefix("des ").removeprefix("du ").removeprefix("de la ") for c in communs
    ]
    return (
        f"Même tirage pour tous les lieux : {_liste([*marche, *_noms(regles.champs_communs, tires)])}. "
        f"Un tirage par lieu, sans lien entre eux : {_liste([*_noms(regles.champs_propres, tires), *aides])}. "
        "Bornes et chances : celles des études ; loi triangulaire et indépendance des tirages : hypothèses."
    )


def _noms(champs: Iterable[ChampTire], tires: set[str]) -> list[str]:
    return [c.libelle for c in champs if c.champ in tires]


def _liste(noms: list[str]) -> str:
    return ", ".join(noms) if noms else "rien"


def _limites(ensemble: Ensemble) -> str:
    if any(x.exploite for x in ensemble.lieux):
        return (
            "La contribution de la commune suit le déficit de chaque tirage, comme le dit l'étude (hypothèse) ; ce que le capital ne couvre "
            "pas dans un tirage, elle ne le rembourse pas."
        )
    return "Le loyer reste celui qui était convenu."
