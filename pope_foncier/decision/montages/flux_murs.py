"""Flows of the premises between parties: what the walls cost, what a party invests, and what it brings to a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.lignes import Poste
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.grandeur import Tableau

_INVESTIS: tuple[Poste, ...] = ("acquisition", "depot", "travaux", "equipement")
"""What an investor pays for the walls once and for all: an invoice settled after the opening is no running cost."""
_DONNES: tuple[Poste, ...] = ("aide", "apport", "don")
"""What a party gives to a plan: grant, contribution, closing grant."""


def flux_des_murs(ev: Evaluation, acteurs: Collection[str], dette: bool = True) -> Tableau:
    """Net flows that the premises cause between some parties and all the others, shape (…, M) [€]: received minus paid.

    Works put off by a closer are works: what is not paid with the others, then what is paid later. Equity and operation are left
    out, and so is what closes the plan: money that nobody has promised would make walls look cheaper.

    Args:
        dette: whether drawdowns, interest and repayments are counted.
    """
    return _solde(ev, ev.livre.de_famille("murs", "aide", *(("dette",) if dette else ())), acteurs)


def flux_apportes(ev: Evaluation, acteurs: Collection[str]) -> Tableau:
    """What some parties bring to the plan as equity, contribution or closing grant, less what comes back to them, shape (…, M) [€].

    Grants of the study and loans are flows of the premises already; money between these parties themselves is no flow.
    """
    codes = [
        f"tresorerie.{sens}.{a.id}"
        for a in ev.apports
        if a.apporteur in acteurs
        for sens in ("apport", "reprise", "remuneration")
    ]
    codes += [f"tresorerie.{b.cle}" for b in ev.ctx.boucleurs if b.nature == "subvention" and b.apporteur in acteurs]
    return _solde(ev, (ev.livre.lignes[c] for c in codes if c in ev.livre.lignes), acteurs)


def investi(ev: Evaluation, acteurs: Collection[str]) -> Tableau:
    """What some parties invest, before loans, shape (…, 1) [€]: what they pay for the walls and bring to the plan.

    Until the opening, all their flows of the premises; afterwards what they still pay of the works and the grants, contributions
    and closers that they pay: a grant is an investment whatever its date. What they receive once open (grants, VAT, rent,
    contributions given back) is not taken off.
    """
    avant = ev.calendrier.avant_ouverture.valeur
    lignes = (
        x for x in ev.livre.du_poste(*_INVESTIS, *_DONNES, "report") if x.payeur in acteurs or x.poste == "report"
    )
    net = flux_des_murs(ev, acteurs, dette=False) + flux_apportes(ev, acteurs)
    return np.asarray(-(net * avant + _solde(ev, lignes, acteurs) * (1.0 - avant)).sum(axis=-1, keepdims=True))


def flux_a_trouver(ev: Evaluation, sauf_a: Collection[str] = ()) -> Tableau:
    """Grants that close the plan without anybody having promised them, as paid, shape (…, M) [€].

    Args:
        sauf_a: parties whose receipts are left out: what a commune that holds the walls lacks is its own spending.
    """
    codes = (
        f"tresorerie.{a.boucleur.cle}"
        for a in apports_de_bouclage(ev)
        if a.est_a_trouver and a.boucleur.nature in ("subvention", "a_trouver")
    )
    recus = (c for c in codes if ev.livre.lignes[c].receveur not in sauf_a)
    return sum((ev.livre[c].valeur for c in recus), np.zeros((1, ev.ctx.echelle.duree_mois)))


def _solde(ev: Evaluation, lignes: Iterable[Ligne], acteurs: Collection[str]) -> Tableau:
    total = np.zeros((1, ev.ctx.echelle.duree_mois))
    for ligne in lignes:
        signe = (ligne.receveur in acteurs) - (ligne.payeur in acteurs)
        if signe:
            total = total + signe * ligne.grandeur.valeur
    return total
