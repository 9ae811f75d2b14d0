"""Loan view: a schedule as a table, CSV or JSON; effective rates in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import numpy as np

from pope_foncier.prets import Echeancier, Emprunt, TauxEffectif, cout_total, echeancier, taux_effectif
from pope_foncier.prets.echeancier import COLONNES
from pope_foncier.prets.tranches import additionner, effectif_de_tranches
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes.proteger import sans_formule
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
    lignes: list[tuple[str, ...]] = []
    restant = pret.colonne("capital_restant_du")[0]
    if par_annee:
        sommes = [pret.par_annee_de_pret(n)[0] for n in utiles]
        fins = [
            min(int(np.searchsorted(pret.mois, 12 * (a + 1), side="right")) - 1, len(restant) - 1)
            for a in range(len(sommes[0]))
        ]
        for annee, fin in enumerate(fins):
            lignes.append((str(annee + 1), *(euros(s[annee], 2) for s in sommes), euros(restant[fin], 2)))
    else:
        for rang in range(len(restant)):
            dates = (date_en_clair(pret.dates[rang]),) if _date(pret) else ()
            lignes.append(
                (str(rang), *dates, *(euros(pret.colonne(n)[0, rang], 2) for n in utiles), euros(restant[rang], 2))
            )
    totaux = [euros(float(pret.total(n)[0]), 2) for n in utiles]
    vides = [""] if _date(pret) and not par_annee else []
    lignes.append(("Total", *vides, *totaux, ""))
    alertes = " ".join(pret.alertes)
    return Table(
        titre or pret.emprunt.libelle,
        (*entetes, COLONNES["capital_restant_du"]),
        tuple(lignes),
        note=alertes,
        totaux=(len(lignes) - 1,),
    )


def taux(prets: Sequence[Echeancier]) -> Table:
    """Effective rates and cost of each tranche, and of all together."""
    lignes = []
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
        lignes.append(_ligne_taux("ensemble", effectif_de_tranches(prets), sum(float(cout_total(p)[0]) for p in prets)))
    note = (
        "TEG : taux proportionnel au taux de période, emprunteurs professionnels (code de la consommation, R. 314-2). "
        "TAEG : taux actuariel équivalent (R. 314-3 et son annexe). Le taux légal d'un prêt révisable suppose le taux initial "
        "maintenu jusqu'au terme (R. 314-1)."
    )
    return Table(
        "Taux effectifs",
        ("Prêt", "TEG", "TAEG", "Taux de période", "Périodes par an", "Coût du crédit"),
        tuple(lignes),
        note=note,
    )


def _ligne_taux(nom: str, effectif: TauxEffectif, cout: float) -> tuple[str, ...]:
    taux = (_taux(float(t[0])) for t in (effectif.teg, effectif.taeg, effectif.taux_periode))
    return (nom, *taux, formater_nombre(float(effectif.periodes_par_an[0]), 2, 0), euros(cout, 2))


def _taux(valeur: float) -> str:
    return "indéterminé" if np.isnan(valeur) else pourcent(valeur, 4)


def en_csv(prets: Sequence[Echeancier]) -> str:
    """Rows of all tranches as CSV: semicolons and decimal commas, as French spreadsheets read them."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";", lineterminator="\n")
    noms = ("deblocages", *_MONTANTS, "capital_restant_du", "taux")
    plume.writerow(["tranche", "rang", "mois", "date", *noms])
    for pret in prets:
        colonnes = [pret.colonne(n)[0] for n in noms]
        for rang, mois in enumerate(pret.mois):
            jour = pret.dates[rang].isoformat() if _date(pret) else ""
            valeurs = [f"{c[rang]:.6f}".rstrip("0").rstrip(".").replace(".", ",") for c in colonnes]
            plume.writerow([sans_formule(pret.emprunt.libelle), rang, int(mois), jour, *valeurs])
    return sortie.getvalue()


def en_json(prets: Sequence[Echeancier]) -> str:
    """Tranches, their rows, and the sum by month as JSON."""
    noms = ("deblocages", *_MONTANTS, "capital_restant_du", "taux")
    tranches = [
        {
            "libelle": p.emprunt.libelle,
            "alertes": list(p.alertes),
            "mois": [int(m) for m in p.mois],
            **{n: [round(float(v), 6) for v in p.colonne(n)[0]] for n in noms},
        }
        for p in prets
    ]
    ensemble = {n: [round(float(v), 6) for v in t[0]] for n, t in additionner(prets).items()}
    return json.dumps({"tranches": tranches, "ensemble_par_mois": ensemble}, ensure_ascii=False, indent=1)


def _date(pret: Echeancier) -> bool:
    emprunt: Emprunt = pret.emprunt
    return emprunt.date_debut is not None
