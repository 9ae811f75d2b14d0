"""Loan on one page: terms, schedule by year, effective rate with its period, cost, securities, reserves — as a page that prints on one A4."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pope_foncier.prets import Echeancier, TauxEffectif, echeancier, taux_effectif
from pope_foncier.prets.cout_du_pret import cout_du_pret
from pope_foncier.prets.echeancier import COLONNES
from pope_foncier.prets.fiche_offre import FicheOffre
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases, page
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.prets import mots

_STYLE = """
@page{size:A4;margin:9mm 12mm}
body{font-size:8.6pt;line-height:1.25;max-width:186mm;margin:0 auto;padding:4mm}
@media print{body{padding:0}}
h1{font-size:1.45em;margin:0}
h2{margin:.5em 0 .15em}
.pret+.pret{break-before:page;margin-top:8mm}
.cles{display:grid;grid-template-columns:repeat(5,1fr);gap:2mm;margin:1.5mm 0}
.cle{border:1px solid var(--trait);border-left:4px solid var(--bleu);padding:.8mm 1.6mm}
.cle b{display:block;font-size:1.25em}.cle span{color:var(--gris);font-size:.9em}
.colonnes{display:grid;grid-template-columns:1fr 1fr;gap:0 6mm}
.conditions td:last-child,.conditions th:last-child{text-align:left}.conditions td:first-child{width:24%}
.annees td{white-space:nowrap}.annees.longue{font-size:.8em}.annees.deux{display:grid;grid-template-columns:1fr 1fr;gap:0 4mm;font-size:.74em}.annees.longue td{padding:0 .35em}
ul{margin:.1em 0 .1em 1.2em;padding:0}p{margin:.15em 0}table{font-size:.95em}th,td{padding:.08em .35em}
@media screen and (max-width:700px){.colonnes{grid-template-columns:minmax(0,1fr)}.cles{grid-template-columns:1fr 1fr}.annees{overflow-x:auto}}
"""
_COLONNES = ("deblocages", "interets_payes", "remboursement", "assurance", "frais", "versement")
_RARES = ("deblocages", "frais")
"""Columns that most years leave blank."""
_LONGUE, _TRES_LONGUE = 26, 45
"""Years from which the schedule is set smaller, then in two halves, so that the page stays one."""


@dataclass(frozen=True)
class Pret:
    """Loan to sum up.

    Attributes:
        tableau: its schedule.
        offre: what the bank's offer says besides; None without.
        titre: name of the page.
        reserves: what the reader must know beyond what the offer says.
    """

    tableau: Echeancier
    titre: str
    offre: FicheOffre | None = None
    reserves: tuple[str, ...] = field(default=())


def rediger(prets: Sequence[Pret]) -> str:
    """Self-contained HTML page of one or several loans, a sheet each."""
    corps = "".join(page.remplir("pret.html", **_parties(pret)) for pret in prets)
    return page.page(" ; ".join(dict.fromkeys(p.titre for p in prets)), corps, _STYLE)


def effectif_legal(tableau: Echeancier) -> TauxEffectif:
    """Effective rate as the law tells it: a revised rate is held at its initial value (R. 314-1)."""
    return taux_effectif(_maintenu(tableau))


def annees(tableau: Echeancier, decimales: int = 2) -> Table:
    """Schedule by calendar year when the loan has a date, else by year of the loan; empty columns are left out.

    To the euro it leaves out the drawdowns and the fees, which the other tables tell.
    """
    choix = _COLONNES if decimales else [n for n in _COLONNES if n not in _RARES]
    noms = [n for n in choix if np.any(np.abs(tableau.colonne(n)) > 1e-9)]
    if np.allclose(tableau.versement, tableau.echeance):
        noms[noms.index("versement")] = "echeance"
    dates = tableau.emprunt.date_debut is not None
    quand = np.array([d.year for d in tableau.dates]) if dates else np.maximum(tableau.mois - 1, 0) // 12 + 1
    lignes: list[Rang] = []
    for annee in dict.fromkeys(int(a) for a in quand):
        dans = np.flatnonzero(quand == annee)
        sommes = {n: float(tableau.somme_des_rangs(n, dans)[0]) for n in noms}
        reste = float(tableau.capital_restant_du[0, dans[-1]])
        lignes.append(
            (
                cases.annee(annee) if dates else cases.nombre(annee),
                *("" if n in _RARES and not v else cases.montant(v, decimales) for n, v in sommes.items()),
                cases.montant(reste, decimales),
            )
        )
    lignes.append(("Total", *(cases.montant(float(tableau.total(n)[0]), decimales) for n in noms), ""))
    entetes = ("Année" if dates else "Année de prêt", *(COLONNES[n] for n in noms), "Reste dû")
    return Table("Échéancier par année", entetes, tuple(lignes), totaux=(len(lignes) - 1,))


def _annees_sur_la_feuille(tableau: Echeancier) -> list[Table]:
    """Schedule by year; that of a very long loan in two halves side by side, to the euro, so that the page stays one."""
    table = annees(tableau)
    if len(table.lignes) <= _TRES_LONGUE:
        return [table]
    entiere = annees(tableau, 0)
    moitie = math.ceil(0.5 * len(entiere.lignes))
    haut, bas = entiere.cellules[:moitie], entiere.cellules[moitie:]
    return [
        Table(entiere.titre, entiere.entetes, haut),
        Table("Échéancier, suite", entiere.entetes, bas, totaux=(len(bas) - 1,)),
    ]


def taux(pret: Pret) -> Table:
    """Effective rate, its period, and the cost."""
    maintenu = _maintenu(pret.tableau)
    lu = taux_effectif(maintenu)
    periode = float(lu.periode_mois[0])
    doit = pret.offre is not None and pret.offre.doit_un_taeg
    taeg: Rang = ("TAEG (R. 314-3)", cases.part(float(lu.taeg[0]), 4).sinon("indéterminé"))
    lignes: list[Rang] = [
        ("TEG (R. 314-2)", cases.part(float(lu.teg[0]), 4).sinon("indéterminé")),
        ("Taux de période", cases.part(float(lu.taux_periode[0]), 4).sinon("indéterminé")),
        ("Durée de la période", cases.mesure(periode, "mois")),
    ]
    lignes = [taeg, *lignes] if doit else [*lignes, ("TAEG, pour comparer", taeg[1])]
    note = (
        "Emprunteur consommateur : le TAEG est dû."
        if doit
        else "Emprunteur professionnel : le TEG est dû, le TAEG ne l'est pas."
    )
    if pret.tableau.emprunt.revision is not None:
        note += " Taux révisable : taux initial maintenu jusqu'au terme (R. 314-1)."
    return Table("Taux effectif", ("", "Taux"), tuple(lignes), note=note)


def cout(tableau: Echeancier) -> Table:
    """What the loan costs, part by part."""
    lu = cout_du_pret(tableau)
    parts = (("Intérêts", lu.interets), ("Assurance", lu.assurance), ("Frais et commissions", lu.frais))
    lignes: list[Rang] = [(nom, cases.montant(v, 2)) for nom, v in parts if v]
    if abs(lu.retenu) > 0.005:
        lignes.append(("Retenu sur le déblocage", cases.montant(lu.retenu, 2)))
    lignes.append(("Coût en tout", cases.montant(lu.total, 2)))
    note = f"Dont {euros(lu.hors_teg, 2)} hors TEG." if abs(lu.hors_teg) > 0.005 else ""
    return Table("Ce que coûte le prêt", ("", "Montant"), tuple(lignes), note=note, totaux=(len(lignes) - 1,))


def _parties(pret: Pret) -> dict[str, object]:
    """What the template shows."""
    e, offre = pret.tableau.emprunt, pret.offre
    par_annee = _annees_sur_la_feuille(pret.tableau)
    return {
        "titre": pret.titre,
        "libelle": "" if e.libelle == pret.titre else e.libelle,
        "qui": _qui(offre),
        "cles": _cles(pret),
        "conditions": Table("Conditions", ("", "Terme"), tuple(mots.conditions(e, offre)), texte=True),
        "taux": taux(pret),
        "cout": cout(pret.tableau),
        "annees": par_annee,
        "longue": len(par_annee) > 1 or len(par_annee[0].lignes) > _LONGUE,
        "suretes": _suretes(pret),
        "anticipe": mots.indemnite(offre.anticipe if offre is not None else None),
        "reserves": _reserves(pret),
    }


def _cles(pret: Pret) -> list[tuple[str, str, str]]:
    t = pret.tableau
    echeances = t.echeance_assuree[0]
    payees = np.flatnonzero(echeances > 0.005)
    haute, derniere = int(np.argmax(echeances)), int(payees[-1]) if len(payees) else 0
    effectif = effectif_legal(t)
    taeg = pret.offre is not None and pret.offre.doit_un_taeg
    nom, lu = ("TAEG", effectif.taeg) if taeg else ("TEG", effectif.teg)
    periode = formater_nombre(float(effectif.periode_mois[0]), 2, 0)
    return [
        ("Montant", euros(float(t.total("remboursement")[0])), f"{len(payees)} échéances"),
        ("Dernière échéance", _quand(t, derniere), mots.duree(float(t.mois[derniere]))),
        ("Échéance la plus haute", euros(float(echeances[haute]), 2), _quand(t, haute)),
        (nom, str(cases.part(float(lu[0]), 4).sinon("indéterminé")), f"période de {periode} mois"),
        ("Coût", euros(cout_du_pret(t).total), "au-delà du montant reçu"),
    ]


def _quand(t: Echeancier, rang: int) -> str:
    """Day of an instalment, or its month."""
    return date_en_clair(t.dates[rang]) if t.emprunt.date_debut is not None else f"mois {int(t.mois[rang])}"


def _qui(offre: FicheOffre | None) -> list[tuple[str, str]]:
    if offre is None:
        return []
    jours = [
        (nom, date_en_clair(jour))
        for nom, jour in (("Offre du", offre.date_offre), ("Valable jusqu'au", offre.valable_jusqu_au))
        if jour is not None
    ]
    emprunteur = f"{offre.emprunteur} ({mots.NATURES[offre.nature_emprunteur]})"
    return [("Prêteur", offre.preteur), ("Emprunteur", emprunteur), ("Objet", offre.objet), *jours]


def _suretes(pret: Pret) -> list[str]:
    dites = list(pret.offre.suretes) if pret.offre is not None else []
    commission = mots.garantie(pret.tableau.emprunt.garantie)
    return [*dites, *([f"Garant : {commission}"] if commission else [])]


def _reserves(pret: Pret) -> list[str]:
    e, dites = pret.tableau.emprunt, [*pret.tableau.alertes, *pret.reserves]
    if pret.offre is None:
        dites.append(
            "Conditions d'une fiche, sans offre de banque : ni prêteur, ni sûretés, ni indemnité n'y sont dits."
        )
    else:
        dites += pret.offre.reserves
    if e.revision is not None:
        dites.append("L'indice suit un chemin choisi, jamais une prévision : les versements changeront avec lui.")
    if any(not f.dans_teg for f in e.frais):
        dites.append("Des frais dont le montant n'est pas connu avant le contrat restent hors du TEG (R. 314-2).")
    return dites


def _maintenu(tableau: Echeancier) -> Echeancier:
    e = tableau.emprunt
    return tableau if e.revision is None else echeancier(e.avec(revision=None))
