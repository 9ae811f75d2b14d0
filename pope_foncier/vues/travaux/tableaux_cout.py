"""Cost plan of a study: works, fees, contingencies, VAT, equipment, in all and by place."""

from __future__ import annotations

from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def cout(vue: Vue) -> Table:
    """Cost plan at the ratio level."""
    c = vue.ev.cout
    postes = [c.travaux_ht, c.honoraires_ht, c.etudes_assurances_ht, c.aleas_ht, c.tva, c.equipement_ttc, c.total_ttc]
    lignes: list[Rang] = []
    for poste in postes:
        valeur = vue.valeur(poste)
        lignes.append((poste.nom, cases.montant(valeur), lectures.par_place(vue, valeur)))
    note = f"Estimation au ratio : {vue.ev.ctx.entree('travaux.cout_m2_ht').lire(vue.rang)}, prix au {date_en_clair(vue.ev.ctx.etude.travaux.date_valeur)}, révisés par le BT01. Coût total TTC : {lectures.fourchette(fourchette_totale(vue))}."
    return Table(
        "Plan de coûts", ("Poste", "Montant", "Par place"), tuple(lignes), note=note, totaux=(len(lignes) - 1,)
    )
