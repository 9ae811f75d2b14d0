"""Key figures of scenarios side by side, each under the reading of the plan that it belongs to."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from pope_foncier.ateliers.journal_entrees import Chiffre
from pope_foncier.ateliers.lecture import RESTE, emplois, reste
from pope_foncier.decision.commune.cout import aides_de_la_commune, ce_que_paie_la_commune
from pope_foncier.etude.caisses import CaisseDePartie, caisses
from pope_foncier.etude.controles import STATUT_EN_CLAIR, Statut
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.territoire.populations import lire_populations
from pope_foncier.vues.etude.graphiques import A_TROUVER, BOUCLAGE
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Cellule, Rang, centaines
from pope_foncier.vues.formes.modes_de_soutien import MODES
from pope_foncier.vues.formes.table import Table

Parties = dict[str, dict[str, Cellule]]
"""Figures by name, by part: the project, the plan as it stands, the closed plan."""

PROJET = "projet"
NOTE = (
    "Plan tel quel : les seules ressources déclarées. Plan bouclé : les mêmes, plus ce qui ferme le plan ; ce que personne n'a "
    "promis y est lu comme une subvention, ou comme un capital quand le propriétaire fait les travaux et loue. Un scénario où il reste à trouver ne coûte pas moins : lire cette ligne d'abord."
)


def de_la_commune(vue: Vue) -> Parties:
    """What a municipality compares: the project, what each plan lacks, what the city pays in all, by year and by place."""
    return _si_des_places(vue, _de_la_commune(vue))


def du_financeur(vue: Vue) -> Parties:
    """What a lender compares: uses and gap of the plan as it stands, then closers, cash, covers and statuses of the closed plan."""
    return _si_des_places(vue, _du_financeur(vue))


def _si_des_places(vue: Vue, parties: Parties) -> Parties:
    """The same figures; for a scenario that holds no place, the reason in place of the first and a dash for the others."""
    if not vue.aucune_place:
        return parties
    vides: Parties = {partie: dict.fromkeys(chiffres, "—") for partie, chiffres in parties.items()}
    premiere = next(iter(vides.values()))
    premiere[next(iter(premiere))] = f"{AUCUNE_PLACE} : {vue.aucune_place}"
    return vides


def _de_la_commune(vue: Vue) -> Parties:
    ville, autres = aides_de_la_commune(vue)
    payeur = ce_que_paie_la_commune(vue)
    boucle: dict[str, Cellule] = {**_apporte(vue), A_TROUVER: centaines(payeur.a_trouver)}
    if vue.ev.compte is not None and vue.ev.ctx.etude.exploitation is not None:
        fiche = vue.ev.ctx.etude.exploitation.contribution_commune
        boucle |= {
            "La Ville paie au fonctionnement": f"{MODES[fiche.mode].paye}{' (hypothèse)' if fiche.est_calculee() else ''}",
            "… par an, en croisière": _de_l_annee(vue, "contribution", vue.annee_de_croisiere),
            "… première année pleine": _de_l_annee(vue, "contribution_montee", vue.annee_pleine),
            "… par place, en croisière": _de_l_annee(vue, "contribution_par_place", vue.annee_de_croisiere),
            "… par habitant, en croisière": cases.montant(payeur.par_habitant, 2),
        }
    boucle |= {
        "Ville : investissement, toute la durée": centaines(payeur.investissement),
        "Ville : investissement et fonctionnement, par an d'ouverture": _par(payeur.par_an, payeur.places.annees),
        "… par place et par an": _par(payeur.par_place_an, payeur.places.places_annees),
        "… avec tout ce qui est à trouver, trésorerie et capital compris": _par(
            payeur.tout_compris, payeur.places.places_annees
        ),
        "Couverture de la dette, croisière (pire année)": lectures.case_de_couverture(vue),
        "Point bas de trésorerie": _creux(vue.bouclee)[0],
    }
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    quand = cases.mois(vue.ev.ctx.echelle, ouverture)
    quand = quand.dite("inconnue") if quand.manque else quand
    return {
        PROJET: {
            "Places": cases.nombre(payeur.places.nombre, unite="places"),
            "Ouverture": "sans objet" if payeur.places.nombre == 0 else quand,
            "Emplois": emplois(vue),
        },
        lectures.TEL_QUEL: {
            "Besoins à financer, TTC": centaines(vue.valeur(vue.ev.plan.besoins)),
            "Aides, hors la Ville": centaines(autres),
            "Aide de la Ville à l'investissement": centaines(ville),
            "Emprunts": centaines(vue.valeur(vue.indicateurs["emprunts"])),
            RESTE: reste(vue.montant("ressources.reste_a_financer")),
        },
        lectures.BOUCLE: boucle,
    }


def _du_financeur(vue: Vue) -> Parties:
    bouclee, ind = vue.bouclee, vue.indicateurs
    creux, quand, negatifs = _creux(bouclee)
    statuts = [r.statut(bouclee.rang) for r in bouclee.ratios]
    boucle: dict[str, Cellule] = {
        **_apporte(vue),
        A_TROUVER: centaines(a_trouver(vue)),
        "Emprunts, bouclage compris": centaines(_indicateur(bouclee, "emprunts")),
        "Point bas de trésorerie": creux,
        "Mois du point bas": quand,
        "Mois de trésorerie sous zéro": negatifs,
        "Couverture de la dette, croisière (pire année)": lectures.case_de_couverture(vue),
        "… sans rien de ce que paie la commune": _sans_commune(bouclee),
        "Contribution de la commune, par an en croisière": _de_l_annee(vue, "contribution", vue.annee_de_croisiere),
        "… par place": _de_l_annee(vue, "contribution_par_place", vue.annee_de_croisiere),
    }
    comptes: tuple[Statut, ...] = ("non_respecte", "indetermine")
    boucle |= {f"Ratios « {STATUT_EN_CLAIR[s]} »": cases.nombre(statuts.count(s)) for s in comptes}
    return {
        lectures.TEL_QUEL: {
            "Besoins": centaines(vue.valeur(vue.ev.plan.besoins)),
            "Subventions": centaines(vue.valeur(ind["subventions"])),
            "Emprunts": centaines(vue.valeur(ind["emprunts"])),
            RESTE: reste(vue.montant("ressources.reste_a_financer")),
        },
        lectures.BOUCLE: boucle,
    }


def cote_a_cote(vues: Mapping[str, Vue]) -> Table:
    """Scenarios of a municipality side by side."""
    habitants = lire_populations()
    note = (
        f"{NOTE} Ce que la Ville paierait est supposé, personne ne s'y est engagé ; ses locaux comptent dans l'investissement, "
        f"loyers déduits. Habitants : population municipale {habitants.millesime} (Insee)."
    )
    return _table("Scénarios côte à côte", {nom: de_la_commune(v) for nom, v in vues.items()}, note)


def comparer(titre: str, vues: Mapping[str, Vue]) -> Table:
    """Structures of a lender side by side."""
    sans = "là où la couverture « sans rien de ce que paie la commune » passe sous 1, c'est elle qui paie la dette."
    endettees = any(v.valeur(v.bouclee.indicateurs["emprunts"]) != 0 for v in vues.values())
    note = f"{NOTE} Personne n'a décidé la contribution de la commune ; {sans}" if endettees else NOTE
    return _table(titre, {nom: du_financeur(v) for nom, v in vues.items()}, note)


def pour_le_journal(vue: Vue) -> tuple[Chiffre, ...]:
    """Key figures as the journal keeps them, each with its reading."""
    return tuple(
        Chiffre(libelle=nom if partie == PROJET else lectures.nommer(nom, partie), valeur=str(valeur))
        for partie, chiffres in de_la_commune(vue).items()
        for nom, valeur in chiffres.items()
    )


def _table(titre: str, colonnes: Mapping[str, Parties], note: str) -> Table:
    """One line a figure, under the name of its reading; a figure that a scenario does not have is a dash."""
    lignes: list[Rang] = []
    totaux = []
    for partie in next(iter(colonnes.values())):
        if partie != PROJET:
            totaux.append(len(lignes))
            lignes.append((partie.capitalize(), *[""] * len(colonnes)))
        noms = dict.fromkeys(nom for c in colonnes.values() for nom in c[partie])
        for nom in sorted(noms, key=lambda n: not n.startswith(BOUCLAGE)):
            if nom in (RESTE, A_TROUVER):
                totaux.append(len(lignes))
            lignes.append((nom, *(c[partie].get(nom, "—") for c in colonnes.values())))
    return Table(titre, ("", *colonnes), tuple(lignes), note=note, totaux=tuple(totaux), en_lignes="Scénario")


def _apporte(vue: Vue) -> dict[str, Cellule]:
    """What each named closer brings."""
    return {f"{BOUCLAGE}{a.boucleur.libelle}": centaines(m) for a, m in apports(vue) if not a.est_a_trouver}


def _indicateur(vue: Vue, code: str) -> float:
    return vue.valeur(vue.indicateurs[code]) if code in vue.indicateurs else math.nan


def _de_l_annee(vue: Vue, code: str, annee: int | None) -> Cellule:
    """Indicator of the closed plan for one year, which is named."""
    if code not in vue.bouclee.indicateurs or annee is None:
        return "sans objet"
    lu = centaines(_indicateur(vue.bouclee, code))
    return lu.dite(f"{lu} ({annee})")


def _par(montant: float, diviseur: float) -> Cellule:
    return "sans objet" if diviseur == 0 else centaines(montant)


def _creux(vue: Vue) -> tuple[Cellule, Cellule, Cellule]:
    """Lowest cash, its month, months below zero up to the end of the tenure; by name of the party when they are two."""
    lues = caisses(vue)
    par_partie = [_creux_de(vue, c) for c in lues]
    if len(lues) == 1:
        return par_partie[0]
    noms = [c.acteur for c in lues]
    return tuple(" ; ".join(f"{nom} : {p[i]}" for nom, p in zip(noms, par_partie, strict=True)) for i in range(3))  # type: ignore[return-value]


def _creux_de(vue: Vue, caisse: CaisseDePartie) -> tuple[Cellule, Cellule, Cellule]:
    if not caisse.est_connue:
        return ("inconnu",) * 3
    fin = vue.valeur(vue.ev.calendrier.fin_titre)
    tenus = len(caisse.cumul) if np.isnan(fin) else int(min(fin, len(caisse.cumul)))
    quand = cases.mois(vue.ev.ctx.echelle, caisse.mois_du_creux)
    return centaines(caisse.point_bas), quand, cases.nombre(caisse.mois_sous_zero(tenus), unite="mois")


def _sans_commune(vue: Vue) -> Cellule:
    ratio = lectures.ratio_de(vue, "couverture_sans_commune")
    if ratio is None:
        return "sans objet"
    valeur = vue.valeur(ratio.grandeur)
    return cases.nombre(valeur, 2).sinon("inconnue" if ratio.grandeur.manques else "sans dette")
