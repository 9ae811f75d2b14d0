"""Debt service of a party and what it has to pay it, month by month: the two sides of every cover."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.lignes import Poste
from pope_foncier.prets.dette import Dette
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, maximum, par_annee, somme, total
from pope_foncier.socle.vocabulaire import fin_d_annee, inferieur, plus_bas, si, superieur

_SANS_DETTE = 0.005
"""Yearly service under which there is no debt [€]."""

_REVENUS_DU_PORTEUR: tuple[Poste, ...] = ("bail", "propriete", "loyer")
"""Headings of the lines that make the income of a holder that lets."""


def couverture(recu: Grandeur, du: Grandeur) -> Grandeur:
    """Cover of a debt service, year by year: undetermined without debt, 0 when nothing is available to pay it.

    A negative resource over a service would rise with the service: it says « nothing », whatever its size.
    """
    return dire(_servie(recu, du, float("nan")), "[{}] ÷ [{}], 0 si rien n'est disponible", recu, du)


def couverture_minimale(recu: Grandeur, du: Grandeur) -> Grandeur:
    """Lowest cover of the years that owe something: undetermined without debt, and when one of these years is unknown."""
    pire = plus_bas(_servie(recu, du, float("inf")))
    pire = si(inferieur(pire, float("inf")), pire, float("nan"))
    return dire(pire, "minimum de [{}] ÷ [{}], 0 si rien n'est disponible", recu, du)


def couverture_moyenne(recu: Grandeur, du: Grandeur) -> Grandeur:
    """Mean cover of the years that owe something: undetermined without debt, and when one of these years is unknown."""
    moyenne = total(_servie(recu, du, 0.0)) / total(superieur(du, _SANS_DETTE))
    return dire(moyenne, "moyenne de [{}] ÷ [{}], 0 si rien n'est disponible", recu, du)


def _servie(recu: Grandeur, du: Grandeur, sans_dette: float) -> Grandeur:
    return si(superieur(du, _SANS_DETTE), maximum(recu, 0.0) / du, sans_dette)


def prets_par_annee(ev: Evaluation) -> dict[str, list[Grandeur]]:
    """Each loan by calendar year, under its label: paid out, interest, capital, annuity, what is left at the end of the year."""
    lus = {}
    for dette in ev.dettes:
        codes = [f"emprunts.{dette.id}.{quoi}" for quoi in ("deblocage", "interets", "remboursement", "restant")]
        if not all(code in ev.livre.lignes for code in codes):
            continue
        verse, interets, capital = (par_annee(ev.livre[code], ev.ctx.echelle) for code in codes[:3])
        lus[dette.libelle] = [
            verse.nommer("Déblocage"),
            interets.nommer("Intérêts"),
            capital.nommer("Capital remboursé"),
            (interets + capital).nommer("Annuité, intérêts et capital"),
            fin_d_annee(ev.livre[codes[3]], ev.ctx.echelle).nommer("Capital restant dû au 31 décembre", "€"),
        ]
    return lus


def couvertures_par_annee(ev: Evaluation, acteur: str, sans_commune: bool = False) -> Tableau:
    """Cover of the debt service of a party by calendar year, shape (…, years); NaN in a year without debt, not open or unknown.

    Args:
        ev: evaluation.
        acteur: party that owes the debt.
        sans_commune: whether an operator does without the commune (see ``disponible``).
    """
    return couverture(*_recu_et_du(ev, acteur, sans_commune)).valeur


def couverture_annuelle(ev: Evaluation) -> Grandeur:
    """Cover of the debt service of the operator by calendar year, as one quantity, shape (…, years)."""
    return couverture(*_recu_et_du(ev, ev.ctx.etude.acteurs.gestionnaire, sans_commune=False))


def pire_couverture(ev: Evaluation, acteur: str, sans_commune: bool = False) -> Tableau:
    """Lowest yearly cover of the debt service of a party, shape (…, 1); NaN without debt, or unknown in one year."""
    return couverture_la_plus_basse(ev, acteur, sans_commune).valeur


def couverture_la_plus_basse(ev: Evaluation, acteur: str, sans_commune: bool = False) -> Grandeur:
    """The same as one quantity."""
    return couverture_minimale(*_recu_et_du(ev, acteur, sans_commune))


def _recu_et_du(ev: Evaluation, acteur: str, sans_commune: bool) -> tuple[Grandeur, Grandeur]:
    """What a party has, unknown without an operating account, and what it owes, by calendar year."""
    recu, echelle = disponible(ev, acteur, sans_commune), ev.ctx.echelle
    annuel = Grandeur(np.nan) if recu is None else par_annee(recu, echelle)
    return annuel, par_annee(service(ev, acteur), echelle)


def dettes_de(ev: Evaluation, acteur: str) -> list[Dette]:
    """Loans of a party."""
    return [d for d in ev.dettes if d.emprunteur == acteur]


def service(ev: Evaluation, acteur: str) -> Grandeur:
    """What the loans of a party make due once open, shape (…, M) [€]: interest paid, principal, insurance and commissions.

    What is paid before the opening belongs to the investment, and what is repaid early by choice is no service.
    """
    siennes = dettes_de(ev, acteur)
    echeances = somme([g for d in siennes for g in d.echeances], "Échéances")
    return (echeances * (1.0 - ev.calendrier.avant_ouverture)).nommer("Service de la dette")


def disponible(ev: Evaluation, acteur: str, sans_commune: bool = False) -> Grandeur | None:
    """What a party has to serve its debt, shape (…, M) [€]; None without an operating account.

    For the operator: self-financing and interest. For a holder that lets: rent received less rent paid and property charges.

    Args:
        ev: evaluation.
        acteur: party that owes the debt.
        sans_commune: whether an operator does without all that the commune pays to the operation, and without the bonuses of the
            Caf that fall with it; nothing changes for a holder that lets.
    """
    if acteur == ev.ctx.etude.acteurs.gestionnaire:
        if ev.compte is None:
            return None
        avec = ev.compte.capacite_autofinancement + ev.livre["exploitation.charges.interets"]
        avec = avec.nommer("Disponible pour la dette")
        if not sans_commune:
            return avec
        apport = ev.compte.commune + ev.compte.liees_a_la_commune
        seul = avec - apport.nommer("Payé par la commune, et bonus qui tombent avec elle")
        return seul.nommer("Disponible pour la dette sans la commune")
    flux = [x for x in ev.livre.du_poste(*_REVENUS_DU_PORTEUR) if x.est_flux]
    recus = somme([x.grandeur for x in flux if x.receveur == acteur], "Loyers reçus")
    payes = somme([x.grandeur for x in flux if x.payeur == acteur], "Loyers et charges payés")
    return ((recus - payes) * ev.calendrier.ouvert).nommer("Disponible pour la dette")
