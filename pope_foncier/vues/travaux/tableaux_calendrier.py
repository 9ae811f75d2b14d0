"""Tables of the calendar: phases, opening over the draws, cost of one more month. An unknown date stays « inconnu »."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.delais import MoisDePlus, TirageDelais
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.temps import Echelle
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table


def phases(vue: Vue, tirage: TirageDelais | None = None) -> Table | None:
    """Phases: start, duration, margin, and with draws the share of them where each is critical. None without phases."""
    planning, echelle = vue.ev.calendrier.planning, vue.ev.ctx.echelle
    if planning is None:
        return None
    ouverture = planning.du_role("ouverture").debut
    inconnue = bool(np.isnan(vue.valeur(ouverture)))
    lignes: list[Rang] = []
    for p in planning.phases:
        debut = vue.valeur(p.debut)
        marge = vue.valeur(p.marge)
        ligne: list[Cellule] = [
            p.phase.libelle,
            cases.mois(echelle, np.ceil(debut - 1e-9) if p.phase.role else debut),
            cases.nombre(vue.au_rang(p.duree), 1, 0),
            "inconnue" if inconnue else _marge(marge),
        ]
        if tirage is not None:
            ligne.append(
                "inconnue" if inconnue else "—" if np.isnan(marge) else cases.part(tirage.part_critique[p.phase.id], 0)
            )
        lignes.append(tuple(ligne))
    entetes = ("Phase", "Début", "Durée, mois", "Marge, mois", "Critique, part des tirages")
    manques = f"Il manque : {', '.join(sorted(ouverture.manques))}." if inconnue else ""
    return Table("Phases", entetes if tirage is not None else entetes[:4], tuple(lignes), note=manques)


def _marge(marge: float) -> Case:
    lue = cases.nombre(marge, 1, 0, "mois").sinon("—")
    return lue.dite("critique") if marge <= 1e-9 else lue


def mois(echelle: Echelle, rang: float) -> str:
    """Month of a rank, rounded down; « inconnu » when the rank is unknown."""
    return "inconnu" if np.isnan(rang) else echelle.mois_en_clair(int(rang))


def chemin_critique(vue: Vue) -> str:
    """Critical path in one sentence (first scenario), or what is missing to know it."""
    planning = vue.ev.calendrier.planning
    assert planning is not None
    ouverture = planning.du_role("ouverture").debut
    if np.isnan(vue.valeur(ouverture)):
        return f"Chemin critique inconnu. Il manque : {', '.join(sorted(ouverture.manques))}."
    return " → ".join(planning.chemin_critique())


def ouverture(tirage: TirageDelais, echelle: Echelle) -> Table:
    """Opening: quantiles of the draws."""
    noms = ("Tôt (P10)", "Médiane", "Tard (P90)")
    lignes: list[Rang] = [
        (nom, cases.nombre(rang, 1), cases.mois(echelle, np.ceil(rang)))
        for nom, rang in zip(noms, tirage.quantiles(0.1, 0.5, 0.9), strict=True)
    ]
    return Table(
        "Ouverture, selon les durées tirées", ("Lecture", "Mois après le départ", "Mois d'ouverture"), tuple(lignes)
    )


def un_mois(effets: tuple[MoisDePlus, ...]) -> Table | None:
    """One more month in each critical phase; None when the critical path is unknown."""
    if not effets:
        return None
    postes = dict.fromkeys(nom for e in sorted(effets, key=lambda e: -len(e.detail)) for nom in e.detail)
    lignes: list[Rang] = [
        ("Retard, mois", *(cases.nombre(e.retard_mois) for e in effets)),
        *((nom, *(cases.montant(e.detail[nom]) if nom in e.detail else "" for e in effets)) for nom in postes),
        ("Besoins", *(cases.montant(e.besoins) for e in effets)),
    ]
    note = (
        "Besoins du plan seulement ; l'exploitation qui commence plus tard n'y est pas. Le besoin en fonds de roulement, s'il "
        "est dans le plan, dépend du mois d'ouverture, donc du calendrier de la Caf."
    )
    return Table(
        "Ce que coûte un mois de plus",
        ("Un mois de plus dans", *(e.phase for e in effets)),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 1,),
        en_lignes="Phase",
    )
