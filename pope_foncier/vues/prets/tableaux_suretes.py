"""Table of the securities of the loans: who guarantees, how much, at what cost, and what the commune must check."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.suretes import Surete, plafonds, suretes
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import euros, pourcent
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table


def table_suretes(ev: Evaluation, rang: int = 0) -> Table | None:
    """Security of each loan of a study; None without loan."""
    liste = [s for s in suretes(ev) if _au_rang(s.capital, rang) != 0]
    if not liste:
        return None
    lignes: list[Rang] = [
        (
            s.libelle,
            s.emprunteur,
            en_clair(s, rang),
            cases.montant(_au_rang(s.garanti, rang)) if s.garantie is not None else "—",
            cases.montant(_au_rang(s.annuite, rang)) if s.garant else "—",
            cases.montant(_au_rang(s.cout, rang)),
        )
        for s in liste
    ]
    entetes = (
        "Prêt",
        "Emprunteur",
        "Sûreté",
        "Montant garanti au départ",
        "Annuité garantie, la plus forte",
        "Coût, payé une fois",
    )
    note = "Un garant paie à la place de l'emprunteur s'il ne peut plus ; ce n'est pas une ressource du plan."
    titre = lectures.nommer("Sûretés des prêts", lectures.BOUCLE if ev.est_bouclee else lectures.TEL_QUEL)
    return Table(titre, entetes, tuple(lignes), note=f"{note}{_a_verifier(ev, rang)}")


def en_clair(surete: Surete, rang: int = 0) -> str:
    """Security of a loan in a few words."""
    if surete.garantie is None:
        return "aucune dans l'étude"
    if surete.garantie.genre == "hypotheque":
        return "hypothèque"
    quotite = _au_rang(surete.quotite, rang)
    part = "part inconnue" if np.isnan(quotite) else cases.part(quotite, 0)
    sans_frais = ", sans commission" if surete.garantie.genre == "garantie_communale" else ""
    return f"garantie de {surete.garant}, {part}{sans_frais}"


def _a_verifier(ev: Evaluation, rang: int) -> str:
    """Ceilings that the commune checks before it guarantees; nothing when it guarantees nothing."""
    limites = plafonds(ev)
    if limites is None:
        return ""
    recettes = _au_rang(limites.recettes_min, rang)
    return (
        f" À vérifier par {ev.ctx.etude.acteurs.commune} avant sa délibération (CGCT L. 2252-1) : annuités de sa dette et de ses garanties "
        f"{pourcent(limites.part_des_recettes, 0)} au plus de ses recettes réelles de fonctionnement ; un même débiteur "
        f"{pourcent(limites.part_du_debiteur, 0)} au plus de ce qu'elle peut garantir (pourcentage à confirmer), soit au moins "
        f"{euros(recettes)} de recettes si elle n'avait aucune autre dette ; opération d'intérêt communal ; intérêt général de l'emprunteur, "
        "par rescrit, au-delà de la moitié du prêt. Avantage à compter dans la compensation du service (SIEG)."
    )


def _au_rang(valeur: Tableau, rang: int) -> float:
    valeurs = np.ravel(valeur)
    return float(valeurs[rang if len(valeurs) > 1 else 0])
