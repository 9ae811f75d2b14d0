"""Words of the cash on the closed plan: what it still lacks and when, what the end of the tenure takes, what is to find in all."""

from __future__ import annotations

import re

import numpy as np

from pope_foncier.etude.caisses import (
    CaisseDePartie,
    Creux,
    FluxDeFin,
    caisses,
    capital_rembourse_au_creux,
    fin_du_titre,
)
from pope_foncier.etude.lectures import a_trouver_en_tout, est_boucle_en_tresorerie
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.formes.cases import Dire

_ENTRE = " ; "


def caisse(vue: Vue, dire: Dire = euros) -> str:
    """What the cash of the closed plan still lacks, and when, with the end of the tenure: one sentence each, by party when they are two.

    Args:
        dire: how an amount is written: to the euro, or rounded (``cases.centaines``).
    """
    if vue.aucune_place:
        return ""
    lues = caisses(vue)
    phrases = (
        f"{_caisse_en_clair(vue, c, f' de « {c.acteur} »' if len(lues) > 1 else '', dire)}{_fin_en_clair(vue, c, dire)}"
        for c in lues
    )
    return " ".join(phrases)


def _caisse_en_clair(vue: Vue, lue: CaisseDePartie, de_qui: str, dire: Dire) -> str:
    """Lowest cash, the worst first when there are two: while grants are awaited, and once they are received."""
    mois = vue.ev.ctx.echelle.mois_en_clair
    if not lue.est_connue:
        return f"Trésorerie{de_qui} inconnue : des montants manquent."
    if lue.premier_mois is None:
        return f"Trésorerie{de_qui} jamais négative, mois par mois."
    attente, structurel = lue.en_attente, lue.aides_recues
    creux = [
        (c, mots) for c, mots in ((attente, _attente(attente, dire)), (structurel, ", aides reçues")) if c is not None
    ]
    creux.sort(key=lambda x: -x[0].manque)
    dits = [f"{dire(c.manque)} en {mois(c.mois)}{mots if attente is not None else ''}" for c, mots in creux]
    des = f" ; sous zéro dès {mois(lue.premier_mois)}" if lue.premier_mois < min(c.mois for c, _ in creux) else ""
    return f"Trésorerie{de_qui} encore manquante : {_ENTRE.join(dits)}{des}."


def _attente(creux: Creux | None, dire: Dire) -> str:
    """What a bridge would carry of the cash that is missing while grants are awaited."""
    if creux is None:
        return ""
    return f", en attendant {dire(creux.a_venir)} d'aides (relais à prévoir)"


def _fin_en_clair(vue: Vue, lue: CaisseDePartie, dire: Dire) -> str:
    """What the end of the tenure takes and gives back, by month; nothing when it moves nothing."""
    flux = fin_du_titre(vue, lue.acteur)
    if not lue.est_connue or not flux:
        return ""
    mois = vue.ev.ctx.echelle.mois_en_clair
    par_mois = {
        m: _ENTRE.join(_flux_en_clair(x, dire) for x in flux if x.mois == m) for m in sorted({x.mois for x in flux})
    }
    return "".join(f" Fin du titre, {mois(m)} : {dits}." for m, dits in par_mois.items())


def _flux_en_clair(flux: FluxDeFin, dire: Dire) -> str:
    """« Reversement : Plan … (Piaje) » reads as « Piaje à rendre », any other label as it is."""
    _, rendu, aide = flux.libelle.partition("Reversement : ")
    sigle = re.search(r"\((\w+)\)$", aide)
    nom = f"{sigle[1] if sigle else aide} à rendre" if rendu else f"{flux.libelle[:1].lower()}{flux.libelle[1:]}"
    return f"{nom} {'+' if flux.montant > 0 else ''}{dire(abs(flux.montant))}"


def en_tout(vue: Vue, dire: Dire = euros) -> str:
    """What must be found in all, in one sentence: two amounts, their sum, what comes back; nothing when the cash is never short."""
    sommes = a_trouver_en_tout(vue)
    if est_boucle_en_tresorerie(vue) or np.isnan(sommes["total"]):
        return ""
    rendu = (
        f", dont {dire(sommes['attente'])} rendus plus tard (aides et soldes attendus)"
        if sommes["attente"] > 0.5
        else ""
    )
    capital = capital_rembourse_au_creux(vue)
    prets = (
        f" Jusqu'au mois le plus bas, {dire(capital)} de capital de prêts ont été remboursés." if capital > 0.5 else ""
    )
    return (
        f"À trouver en tout : {dire(sommes['investissement'])} pour l'investissement et {dire(sommes['exploitation'])} en "
        f"trésorerie (exploitation, prêt, fin du titre){rendu}, soit {dire(sommes['total'])}.{prets} Si un découvert le portait, ses "
        f"intérêts feraient {dire(sommes['interets_decouvert'])} jusqu'à la fin d'usage, au dernier taux moyen publié : une indication, "
        "rien n'est compté."
    )
