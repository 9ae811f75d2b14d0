"""When what is owed is paid: flows moved later, totals of a year paid in one month of a later one, and what is still owed."""

from __future__ import annotations

from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, par_annee, vers_mois
from pope_foncier.socle.vocabulaire import cumul_des_ecarts, decaler, pareil, si


def l_annee_suivante(ctx: Contexte, droits: Grandeur, mois: Grandeur, annees: int = 1) -> Grandeur:
    """Total of each calendar year paid in one month (1 to 12) of a later year, shape (…, M); beyond the horizon, unpaid."""
    du_mois = Grandeur((ctx.echelle.mois + ctx.echelle.depart.month - 1) % 12 + 1, "mois de l'année", axe="mois")
    annuel = par_annee(droits, ctx.echelle)
    avant = dire(
        decaler(annuel, Grandeur(float(annees))), f"{{}}, {annees} an{'s' if annees > 1 else ''} avant", annuel
    )
    du = vers_mois(avant, ctx.echelle)
    return dire(si(pareil(du_mois, mois), du, 0.0 * du), "{0} si {1} = {2}", du, du_mois, mois)


def retard(ctx: Contexte, champ: str) -> Grandeur:
    """Delay that a shock adds to what the study pays under a field [months]; nothing without a shock."""
    return ctx.choquer(f"{champ}.retard_mois", Grandeur(0.0, "Retard", "mois"))


def creance(droits: Grandeur, encaisse: Grandeur) -> Grandeur:
    """Receivable: what is earned and not yet paid at the end of each month, never below zero, shape (…, M)."""
    return maximum(cumul_des_ecarts(droits, encaisse), 0.0)
