"""Tables of a portfolio: sites, trials, reserve, shared jobs, and the balance sheet of the company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pope_foncier.decision.portefeuille import (
    Creux,
    Ensemble,
    Epreuve,
    ReglesRisque,
    annees_du_depart,
    eprouver,
    tirer_risque,
)
from pope_foncier.decision.portefeuille.axes import au_mois, unique
from pope_foncier.etude.moteur import Moteur
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.francais import de
from pope_foncier.socle.nombres import euros, pourcent
from pope_foncier.socle.temps import ajouter_mois
from pope_foncier.vues.decision.portefeuille.tableaux_risque import risque
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

ANNEES = (1, 2, 5, 10, 20, 30)
"""Years from the start that the tables show."""
_RESERVES = {
    "intacte": "intacte",
    "entamee": "entamée, suffit",
    "depassee": "ne suffit pas",
    "sans_regle": "aucune règle",
    "inconnu": "inconnue",
}


def tables(ensemble: Ensemble, moteur: Moteur, regles: ReglesRisque | None = None) -> list[Table]:
    """All the tables of a portfolio, in reading order; ``regles`` say what is drawn and how many times."""
    fiche = ensemble.fiche
    liste = eprouver(fiche, moteur)
    partages = [postes(ensemble), economies(ensemble)] if ensemble.postes else []
    tires = [risque(ensemble, tirer_risque(fiche, moteur, regles), moteur.evolutions)]
    return [lieux(ensemble), epreuves(ensemble, liste), reserve(ensemble, liste), *tires, *partages, bilan(ensemble)]


def lieux(ensemble: Ensemble) -> Table:
    """Sites of the portfolio, and each one if it stood alone."""
    lignes: list[Rang] = []
    for rang, (lieu, part) in enumerate(zip(ensemble.lieux, ensemble.parts, strict=True)):
        seul = Creux.de(ensemble.caisse_seule(rang, part), ensemble)
        lignes.append(
            (
                lieu.libelle,
                Case(ajouter_mois(ensemble.depart, int(_seul(lieu.ouverture))), "mois"),
                cases.montant(_seul(lieu.investi)),
                cases.montant(_seul(lieu.subventionne)),
                cases.montant(_seul(lieu.emprunte)),
                cases.montant(float(_seul(lieu.besoin))),
                cases.montant(float(_seul(lieu.a_trouver))),
                cases.montant(_seul(ensemble.capital_de(rang))),
                cases.montant(unique(seul.montant)),
                seul.quand,
            )
        )
    note = (
        f"{_bouclage(ensemble)} Apport nécessaire : ce qui manque au plan de chaque lieu avant ce capital (plan tel quel). "
        f"Capital : hypothèse, partagé ici selon l'investissement de chaque lieu ; {_rendement(ensemble)}. Seul : le lieu avec sa "
        "part du capital, ses flux, et les postes qu'il paierait seul. Un lieu décalé garde les prix et le calendrier de son étude, décalés "
        "d'autant. Montants en euros courants, TTC."
    )
    entetes = (
        "Lieu",
        "Ouverture",
        "Investi",
        "Aides",
        "Emprunts",
        "Apport nécessaire",
        "À trouver",
        "Capital",
        "Plus bas seul",
        "Quand",
    )
    metier = "exploite" if any(x.exploite for x in ensemble.lieux) else "loue"
    return Table(f"{ensemble.fiche.titre} : la société {metier}", entetes, tuple(lignes), note=note)


def _bouclage(ensemble: Ensemble) -> str:
    """How the plans of the sites close together, and what that does to the cash and to the contributions."""
    besoin, reste = (float(_seul(x)) for x in (ensemble.besoin, ensemble.a_trouver))
    debut = f"Capital de {euros(ensemble.capital)} pour un apport nécessaire de {euros(besoin)}"
    if np.isnan(reste):
        return f"{debut} : ce qui reste à trouver est inconnu."
    if reste <= 0.5:
        return f"{debut} : plans bouclés par ce capital, rien à trouver."
    suite = ""
    if any(x.exploite for x in ensemble.lieux):
        suite = " et la contribution des communes, lue sur les plans bouclés, ne rembourse pas ce que personne n'a payé"
    return (
        f"{debut} : restent {euros(reste)} à trouver, que personne n'a promis ; la trésorerie commune en manque{suite}."
    )


def _rendement(ensemble: Ensemble) -> str:
    rendement = ensemble.fiche.rendement_capital
    if rendement is None:
        return "parts sans rémunération annuelle"
    taux = "un taux inconnu" if rendement.valeur is None else pourcent(rendement.valeur)
    return f"parts rémunérées à {taux} par an dès la première ouverture (hypothèse)"


def epreuves(ensemble: Ensemble, liste: Sequence[Epreuve]) -> Table:
    """What one failure or one late grant does to the common cash, and to the hit site alone."""
    lignes: list[Rang] = [
        (
            e.libelle,
            cases.montant(unique(e.commun.montant)),
            e.commun.quand,
            cases.montant(unique(e.seul.montant)),
            e.seul.quand,
        )
        for e in liste
    ]
    entetes = ("Épreuve", "Plus bas, en commun", "Quand", "Plus bas, sans mutualiser", "Quand, seul")
    note = "Sans mutualiser : le lieu touché, seul ; en première ligne, le plus fragile ; additionnés, les creux des lieux seuls ne sont jamais moins bas que le creux commun. Une trésorerie sous zéro est un reste à financer. Un lieu fermé garde sa dette et ses charges de propriété, et rend ses aides."
    if any(x.exploite for x in ensemble.lieux):
        preavis = ensemble.fiche.preavis_salaires_mois
        assert preavis is not None
        note += (
            f" Salaires payés encore {_duree(preavis)} (hypothèse), hors indemnités de licenciement ; la Caf verse ses "
            "soldes aux dates prévues."
        )
    return Table("Ce qu'un échec ou un retard fait à la trésorerie", entetes, tuple(lignes), note=note)


def reserve(ensemble: Ensemble, liste: Sequence[Epreuve]) -> Table:
    """Whether the reserve absorbs each trial, what members would bring, what the other sites would have to pay more."""
    quoi = "contributions" if any(x.exploite for x in ensemble.lieux) else "loyers"
    lignes: list[Rang] = [
        (
            e.libelle,
            _RESERVES[unique(e.reserve)],
            "—" if unique(e.reserve) == "sans_regle" else _mois(unique(e.mois_sous_reserve)),
            _mois(unique(e.mois_negatifs)),
            cases.montant(unique(e.appel)),
            _hausse(unique(e.hausse)),
            cases.montant(unique(e.hausse_an)) if np.isfinite(unique(e.hausse_an)) else "—",
        )
        for e in liste
    ]
    entetes = (
        "Épreuve",
        "La réserve",
        "Mois sous réserve",
        "Mois sous zéro",
        "À appeler",
        f"Hausse, autres {quoi}",
        "Soit par an",
    )
    regle = ensemble.fiche.reserve
    note = "Aucune règle de réserve dans le portefeuille." if regle is None else _regle(ensemble)
    note += (
        f" À appeler : ce que les associés apporteraient pour ne jamais passer sous zéro. Hausse : ce que les {quoi} des autres lieux devraient gagner dès l'incident pour que la trésorerie reste au-dessus de "
        "zéro ; « trop tard » : il manque de l'argent avant qu'ils en versent."
    )
    return Table("La réserve, et ce que les autres porteraient", entetes, tuple(lignes), note=note)


def _regle(ensemble: Ensemble) -> str:
    regle = ensemble.fiche.reserve
    assert regle is not None
    un_an = euros(_seul(au_mois(ensemble.reserve, ensemble.premiere_ouverture)))
    return (
        f"Réserve (hypothèse) : {_duree(regle.mois_service_dette)} de service de la dette et {_duree(regle.mois_charges)} de charges "
        f"à venir, soit {un_an} à la première ouverture."
    )


def _duree(donnee: Donnee[int]) -> str:
    """Months of an input; an unknown one says whom to ask."""
    if donnee.valeur is None:
        return f"un nombre inconnu de mois (à obtenir {de(donnee.a_obtenir_de or 'la société')})"
    return f"{donnee.valeur} mois"


def _seul(valeur: np.ndarray) -> Any:
    """Months of the only draw of a quantity, or its value when it has one month."""
    ligne = unique(valeur)
    return ligne[0] if len(ligne) == 1 else ligne


def _mois(nombre: float) -> Case:
    return cases.nombre(nombre, unite="mois")


def _hausse(hausse: float) -> Case:
    part = cases.part(hausse, 1).sinon("—")
    return part.dite("trop tard") if np.isinf(hausse) else part


def postes(ensemble: Ensemble) -> Table:
    """Shared jobs: what each site pays alone and once shared, the first year when all share."""
    lignes: list[Rang] = []
    totaux, regles = [], []
    for p in ensemble.postes:
        lu = p.premiere_annee_commune()
        for rang, lieu in enumerate(ensemble.lieux):
            if lieu.id not in p.poste.remplace:
                continue
            etp = cases.nombre(float(lu.etp_seuls[rang]), 2)
            ligne = tuple(cases.montant(v[rang]) for v in (lu.seuls, lu.parts, lu.economies))
            lignes.append((p.poste.libelle, lieu.libelle, etp, "", "", *ligne))
        loi = float(_seul(p.minimum))
        minimum = cases.nombre(loi, 2).sinon("—")
        totaux.append(len(lignes))
        etp, commun = (cases.nombre(v, 2) for v in (lu.etp_ensemble, lu.etp_commun))
        lignes.append((p.poste.libelle, "Ensemble", etp, commun, minimum, *map(cases.montant, lu.totaux)))
        if p.regle:
            regles.append(f"{p.poste.libelle} : {p.regle}.")
    entetes = ("Poste", "Lieu", "ETP seul", "Partagé", "Légal, au moins", "Seul, par an", "Partagé, par an", "Économie")
    note = " ".join(
        ["Douze premiers mois où tous les lieux partagent le poste ; coûts et temps de gestion : hypothèses.", *regles]
    )
    return Table("Postes partagés", entetes, tuple(lignes), note=note, totaux=tuple(totaux), cles=2)


def economies(ensemble: Ensemble) -> Table:
    """Cost of the shared jobs by year from the start: alone, shared, saved."""
    retenues = _annees(ensemble)
    seuls, communs, economie = ensemble.cout_des_postes
    rangees = {"Chacun seul": seuls, "En commun": communs, "Économie": economie}
    note = "Tant qu'un seul lieu partage un poste, rien ne s'économise."
    if any(p.deja_compte for p in ensemble.postes):
        rangees["dont rendue aux communes"] = ensemble.rendu_en_tout
        note += " Un lieu qui ferme emporte sa part. La PSU ne change pas tant que le prix de revient horaire dépasse le plafond."
    destin = {
        "societe": "L'économie reste à la société (hypothèse).",
        "communes": "L'économie sur la direction et la santé baisse la contribution des communes (hypothèse).",
    }[ensemble.fiche.economie_des_postes]
    lignes: list[Rang] = [
        (nom, *(cases.montant(x) for x in unique(annees_du_depart(v, retenues)))) for nom, v in rangees.items()
    ]
    entetes = ("Postes partagés, par an", *(f"Année {a}" for a in retenues))
    return Table("Ce que partager économise", entetes, tuple(lignes), note=f"{destin} {note}", totaux=(2,))


def bilan(ensemble: Ensemble) -> Table:
    """Balance sheet at the end of some years from the start."""
    comptes, retenues = ensemble.bilan(), _annees(ensemble)
    lignes: list[Rang] = []
    totaux = []
    for nom, cote, total in (
        ("Total de l'actif", comptes.actif, comptes.total_actif),
        ("Total du passif", comptes.passif, comptes.total_passif),
    ):
        lignes += [
            (poste, *(cases.montant(float(unique(v)[a - 1])) for a in retenues))
            for poste, v in cote.items()
            if np.any(v != 0)
        ]
        totaux.append(len(lignes))
        lignes.append((nom, *(cases.montant(float(unique(total)[a - 1])) for a in retenues)))
    entetes = ("Actif, puis passif", *(f"Fin an {a}" for a in retenues))
    note = (
        "Trésorerie lue dans les flux, dettes dans leurs échéanciers, résultats dans les comptes : l'égalité est vérifiée chaque "
        "mois au centime. Un poste nul chaque fin d'année n'est pas montré ; aucun équipement n'est renouvelé."
    )
    if any(x.exploite for x in ensemble.lieux) and float(_seul(ensemble.a_trouver)) > 0.5:
        note += " Ce qui reste à trouver n'est pas à l'actif : il manque à la trésorerie, et l'amortissement de ce qu'il aurait payé reste en perte."
    return Table("Bilan du portefeuille", entetes, tuple(lignes), note=note, totaux=tuple(totaux))


def _annees(ensemble: Ensemble) -> list[int]:
    return [a for a in ANNEES if 12 * a <= ensemble.duree]
