"""Tables of the grants of a study."""

from __future__ import annotations

from pope_foncier.aides.conditions import Etat
from pope_foncier.aides.fctva import conditions_du_fctva
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def aides(vue: Vue) -> Table | None:
    """Each grant: amount, what sets it, what its conditions say and what would satisfy them."""
    etats: dict[Etat, str] = {
        "remplie": "oui",
        "non_remplie": "NON",
        "a_verifier": "à vérifier",
        "dispensee": "levée par l'étude",
    }
    lignes: list[Rang] = []
    for s in vue.ev.subventions:
        conditions = [f"{c.phrase(vue.rang)} : {etats[c.etat(vue.rang)]}" for c in s.conditions]
        lignes.append(
            (
                s.aide.libelle,
                lectures.STATUTS[s.aide.statut],
                cases.grandeur(s.subvention, vue.rang),
                s.limite_en_clair(vue.rang),
                " ; ".join(conditions) or (s.aide.remarque or ""),
            )
        )
    lignes += [
        (a.libelle, "non demandée", "non comptée", "", a.remarque or "")
        for a in vue.ev.ctx.etude.aides
        if a.statut == "non_demandee"
    ]
    lignes += _fctva(vue, etats)
    if not lignes:
        return None
    return Table(
        lectures.nommer("Aides à l'investissement", lectures.lecture_de(vue)),
        ("Aide", "Statut", "Montant", "Ce qui le fixe", "Conditions"),
        tuple(lignes),
        texte=True,
    )


def _fctva(vue: Vue, etats: dict[Etat, str]) -> list[Rang]:
    """FCTVA of a local authority, under its own conditions."""
    conditions = conditions_du_fctva(vue.ev.ctx)
    if not conditions:
        return []
    taux = vue.ev.ctx.bareme("subventions.autres.fctva_taux").lire(vue.rang)
    dites = " ; ".join(f"{c.quoi} ({c.pourquoi}) : {etats[c.etat]}" for c in conditions)
    montants = (cases.grandeur(r.montant, vue.rang) for r in vue.ev.apports if r.nature == "fctva")
    return [
        (libelle("ressources.compensation_tva"), "comptée", montant, f"{taux} de la dépense TTC", dites)
        for montant in montants
    ]


def statut(vue: Vue, code: str) -> str:
    """Status of an aid in brackets, nothing for another resource."""
    for aide in vue.ev.ctx.etude.aides:
        if code == f"ressources.{aide.id}":
            return f" ({lectures.STATUTS[aide.statut]})"
    return ""
