"""Loan view: a schedule as a table, CSV or JSON; effective rates in words."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from pope_foncier.prets import Echeancier, Emprunt, TauxEffectif, cout_total, echeancier, taux_effectif
from pope_foncier.prets.echeancier import COLONNES, SOLDES
from pope_foncier.prets.tranches import additionner, cout_de_tranches, effectif_de_tranches
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table

_MONTANTS = ("interets_payes", "interets_capitalises", "remboursement", "echeance", "assurance", "frais", "versement")


def tableau(pret: Echeancier, par_annee: bool = False, titre: str = "") -> Table:
    """Schedule of one loan, row by row or by loan year; empty columns are left out."""
    utiles = [n for n in _MONTANTS if n == "echeance" or np.any(np.abs(pret.colonne(n)) > 1e-9)]
    if np.allclose(pret.versement, pret.echeance):
        utiles.remove("versement")
    entetes = [
        "Année" if par_annee else "Rang",
        *(["Date"] if _date(pret) and not par_annee else []),
        *(COLONNES[n] for n in utiles),
    ]
    soldes = [n for n in SOLDES if n == "capital_restant_du" or np.any(pret.colonne(n))]
    restants = [pret.colonne(n)[0] for n in soldes]
    lignes: list[Rang] = []
    if par_annee:
        sommes = [pret.par_annee_de_pret(n)[0] for n in utiles]
        fins = [
            min(int(np.searchsorted(pret.mois, 12 * (a + 1), side="right")) - 1, len(restants[0]) - 1)
            for a in range(len(sommes[0]))
        ]
        for annee, fin in enumerate(fins):
            lignes.append(
                (
                    cases.nombre(annee + 1),
                    *(cases.montant(s[annee], 2) for s in sommes),
                    *(cases.montant(r[fin], 2) for r in restants),
                )
            )
    else:
        for rang in range(len(restants[0])):
            dates = (cases.jour(pret.dates[rang]),) if _date(pret) else ()
            lignes.append(
                (
                    cases.nombre(rang),
                    *dates,
                    *(cases.montant(pret.colonne(n)[0, rang], 2) for n in utiles),
                    *(cases.montant(r[rang], 2) for r in restants),
                )
            )
    totaux = [cases.montant(float(pret.total(n)[0]), 2) for n in utiles]
    vides = [""] if _date(pret) and not par_annee else []
    lignes.append(("Total", *vides, *totaux, *([""] * len(soldes))))
    alertes = " ".join(pret.alertes)
    return Table(
        titre or pret.emprunt.libelle,
        (*entetes, *(COLONNES[n] for n in soldes)),
        tuple(lignes),
        note=alertes,
        totaux=(len(lignes) - 1,),
    )


def taux(prets: Sequence[Echeancier]) -> Table:
    """Effective rates and cost of each tranche, and of all together."""
    lignes: list[Rang] = []
    for pret in prets:
        nom = pret.emprunt.libelle
        if pret.emprunt.revision is not None:
            maintenu = echeancier(pret.emprunt.avec(revision=None))
            lignes.append(
                _ligne_taux(
                    f"{nom}, taux initial maintenu (légal)", taux_effectif(maintenu), float(cout_total(maintenu)[0])
                )
            )
            nom = f"{nom}, sur le chemin simulé"
        lignes.append(_ligne_taux(nom, taux_effectif(pret), float(cout_total(pret)[0])))
    if len(prets) > 1:
        lignes.append(_ligne_taux("ensemble", effectif_de_tranches(prets), float(cout_de_tranches(prets)[0])))
    note = (
        "TEG : taux proportionnel au taux de période, emprunteurs professionnels (code de la consommation, R. 314-2) ; la "
        "période est le plus petit intervalle entre deux versements de l'emprunteur, un mois au moins. "
        "TAEG : taux actuariel équivalent (R. 314-3 et son annexe). Le taux légal d'un prêt révisable suppose le taux initial "
        "maintenu jusqu'au terme (R. 314-1)."
    )
    note = " ".join([note, *dict.fromkeys(a for pret in prets for a in pret.alertes)])
    return Table(
        "Taux effectifs",
        ("Prêt", "TEG", "TAEG", "Taux de période", "Période (mois)", "Périodes par an", "Coût du crédit"),
        tuple(lignes),
        note=note,
    )


def _ligne_taux(nom: str, effectif: TauxEffectif, cout: float) -> Rang:
    motif = f"indéterminé : {effectif.detail.motif[0]}"
    taux = (cases.part(float(t[0]), 4).sinon(motif) for t in (effectif.teg, effectif.taeg, effectif.taux_periode))
    periode = (cases.nombre(float(n[0]), 2, 0) for n in (effectif.periode_mois, effectif.periodes_par_an))
    return (nom, *taux, *periode, cases.montant(cout, 2))


def en_csv(prets: Sequence[Echeancier]) -> str:
    """Rows of all tranches as CSV, as French spreadsheets read them."""
    import pandas as pd

    from pope_foncier.vues.formes.cadre import en_csv

    noms = ("deblocages", *_MONTANTS, *SOLDES, "taux")
    tranches = []
    for pret in prets:
        tetes = {
            "tranche": pret.emprunt.libelle,
            "rang": range(len(pret.mois)),
            "mois": [int(m) for m in pret.mois],
            "date": [jour.isoformat() for jour in pret.dates] if _date(pret) else "",
        }
        tranches.append(pd.DataFrame(tetes | {n: pret.colonne(n)[0] for n in noms}))
    return en_csv(pd.concat(tranches))


def en_json(prets: Sequence[Echeancier]) -> str:
    """Tranches, their rows, and the sum by month as JSON."""
    noms = ("deblocages", *_MONTANTS, *SOLDES, "taux")
    tranches = [
        {
            "libelle": p.emprunt.libelle,
            "alertes": list(p.alertes),
            "mois": [int(m) for m in p.mois],
            **{n: [_arrondi(v) for v in p.colonne(n)[0]] for n in noms},
        }
        for p in prets
    ]
    ensemble = {n: [_arrondi(v) for v in t[0]] for n, t in additionner(prets).items()}
    return json.dumps({"tranches": tranches, "ensemble_par_mois": ensemble}, ensure_ascii=False, indent=1)


def _arrondi(valeur: float) -> float:
    """Six decimals, never « -0 »."""
    return round(float(valeur), 6) + 0.0


def _date(pret: Echeancier) -> bool:
    emprunt: Emprunt = pret.emprunt
    return emprunt.date_debut is not None
