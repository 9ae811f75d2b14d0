"""Tables of the grants of a study."""

from __future__ import annotations

from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def aides(vue: Vue) -> Table | None:
    """Each grant: amount, what sets it, what its conditions say and what would satisfy them."""
    etats = {"remplie": "oui", "non_remplie": "NON", "a_verifier": "à vérifier", "dispensee": "levée par l'étude"}
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
    if not lignes:
        return None
    return Table(
        lectures.nommer("Aides à l'investissement", lectures.lecture_de(vue)),
        ("Aide", "Statut", "Montant", "Ce qui le fixe", "Conditions"),
        tuple(lignes),
        texte=True,
    )


def statut(vue: Vue, code: str) -> str:
    """Status of an aid in brackets, nothing for another resource."""
    for aide in vue.ev.ctx.etude.aides:
        if code == f"ressources.{aide.id}":
            return f" ({lectures.STATUTS[aide.statut]})"
    return ""
