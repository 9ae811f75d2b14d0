"""Tables of the parties of a montage: the account of each, and what each owns or owes at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pope_foncier.analyse.avoirs import Avoir, CompteActeur
from pope_foncier.analyse.montages import Cas
from pope_foncier.vues.tableaux import Table
from pope_foncier.vues.tableaux_montages import montant


def avoirs_a_la_fin(possessions: Mapping[str, Sequence[Avoir]], cas: Sequence[Cas]) -> Table:
    """What each party owns, or owes when negative, at the end of the study."""
    lignes = []
    for c in cas:
        for avoir in possessions.get(c.nom, ()):
            lignes.append((c.montage.titre, avoir.acteur, avoir.quoi, montant(avoir.valeur)))
        if c.nom in possessions and not possessions[c.nom]:
            lignes.append((c.montage.titre, "tous", "rien : retour au propriétaire, dettes payées", "0 €"))
    note = (
        "À la fin de l'étude, avant la trésorerie de chacun. Valeur des murs : part du prix et des travaux retrouvée (hypothèse). "
        "Le capital est rendu au nominal ; en négatif, ce que l'acteur doit."
    )
    return Table("Ce que chacun possède à la fin", ("Montage", "Acteur", "Quoi", "Valeur"), tuple(lignes), note=note)


def comptes_des_acteurs(titre: str, comptes: Sequence[CompteActeur]) -> Table:
    """Account of each party of one montage over the study."""
    lignes: list[tuple[str, ...]] = [
        (
            c.acteur,
            montant(c.paye),
            montant(c.recu),
            montant(c.solde),
            " ; ".join(f"{a.quoi} : {montant(a.valeur)}" for a in c.avoirs) or "—",
        )
        for c in comptes
    ]
    lignes.append(
        (
            "Ensemble",
            *(montant(np.asarray(sum(v))) for v in zip(*((c.paye, c.recu, c.solde) for c in comptes), strict=True)),
            "",
        )
    )
    note = "Euros courants, toute la durée de l'étude, exploitation comprise. Ce qu'un acteur paie, un autre le reçoit : l'ensemble fait zéro."
    return Table(
        f"Les comptes des acteurs : {titre}",
        ("Acteur", "Paie", "Reçoit", "Solde", "Possède ou doit à la fin"),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 1,),
    )
