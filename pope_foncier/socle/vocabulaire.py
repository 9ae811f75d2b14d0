"""Words of the chain: conditions, dates, sums over time and positions, each one declared operation.

A condition is 1, 0, or unknown; the unknown spreads through ``si`` as through arithmetic.
"""

from __future__ import annotations

from pope_foncier.socle import operations_de_calcul as calcul
from pope_foncier.socle import operations_du_temps as temps
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, minimum, poser
from pope_foncier.socle.temps import Echelle

Terme = Grandeur | float


# --- conditions -------------------------------------------------------------------------------------------------
def si(condition: Grandeur, alors: Terme, sinon: Terme, phrase: str = "") -> Grandeur:
    """One quantity where a condition holds, the other elsewhere; unknown where the condition is."""
    return poser(calcul.SI, condition, alors, sinon, phrase=phrase)


def superieur(a: Terme, b: Terme, phrase: str = "") -> Grandeur:
    """1 where ``a`` is above ``b``, else 0."""
    return poser(calcul.SUPERIEUR, a, b, phrase=phrase)


def inferieur(a: Terme, b: Terme, phrase: str = "") -> Grandeur:
    """1 where ``a`` is below ``b``, else 0."""
    return poser(calcul.INFERIEUR, a, b, phrase=phrase)


def superieur_ou_egal(a: Terme, b: Terme, marge: float = 0.0) -> Grandeur:
    """1 where ``a`` is at least ``b``, within a margin of computation, else 0."""
    return poser(calcul.SUPERIEUR_OU_EGAL, a, b, parametres=(marge,))


def inferieur_ou_egal(a: Terme, b: Terme, marge: float = 0.0) -> Grandeur:
    """1 where ``a`` is at most ``b``, within a margin of computation, else 0."""
    return poser(calcul.INFERIEUR_OU_EGAL, a, b, parametres=(marge,))


def pareil(a: Terme, b: Terme) -> Grandeur:
    """1 where ``a`` equals ``b``, else 0."""
    return poser(calcul.PAREIL, a, b)


def existe(nombre: Grandeur) -> Grandeur:
    """1 where there is something, 0 where there is none."""
    return superieur(nombre, 0.0, "1 si {} > 0")


def part_de(montant: Grandeur, part: Grandeur) -> Grandeur:
    """Share of an amount; a share that is nil leaves nothing, even of an unknown amount."""
    return dire(si(existe(part), montant * part, 0.0), "{} × {}", montant, part)


def connu_ou_zero(grandeur: Grandeur) -> Grandeur:
    """The quantity, zero where it is unknown: for a bonus that nobody has granted yet, never for a cost."""
    return poser(calcul.CONNU_OU_ZERO, grandeur)


# --- numbers ----------------------------------------------------------------------------------------------------
def plancher(grandeur: Grandeur) -> Grandeur:
    """Whole number at or below."""
    return poser(calcul.PLANCHER, grandeur)


def plafond(grandeur: Grandeur, tolerance: float, phrase: str = "") -> Grandeur:
    """Whole number at or above, within a tolerance of computation."""
    return poser(calcul.PLAFOND, grandeur, parametres=(tolerance,), phrase=phrase)


def puissance(base: Grandeur, exposant: Terme) -> Grandeur:
    """Power."""
    return poser(calcul.PUISSANCE, base, exposant)


def borner(grandeur: Grandeur, bas: float, haut: float) -> Grandeur:
    """Quantity held between two numbers."""
    return minimum(maximum(grandeur, bas), haut)


# --- over time --------------------------------------------------------------------------------------------------
def plus_haut(grandeur: Grandeur, phrase: str = "") -> Grandeur:
    """Highest of all months (or years), shape (…, 1)."""
    return poser(temps.PLUS_HAUT, grandeur, phrase=phrase)


def plus_bas(grandeur: Grandeur, phrase: str = "") -> Grandeur:
    """Lowest of all months (or years), shape (…, 1)."""
    return poser(temps.PLUS_BAS, grandeur, phrase=phrase)


def dernier(grandeur: Grandeur, phrase: str = "") -> Grandeur:
    """Last month (or year), shape (…, 1)."""
    return poser(temps.DERNIER, grandeur, phrase=phrase)


def cumul(grandeur: Grandeur, phrase: str = "") -> Grandeur:
    """Sum from the start to each month, shape (…, M)."""
    return poser(temps.CUMUL, grandeur, phrase=phrase)


def produit_cumule(facteur: Grandeur) -> Grandeur:
    """Product from the start to each month, shape (…, M)."""
    return poser(temps.PRODUIT_CUMULE, facteur)


def cumul_des_ecarts(a: Grandeur, b: Grandeur) -> Grandeur:
    """What ``a`` has brought more than ``b`` up to each month, shape (…, M)."""
    return dire(cumul(a - b), "cumul de {} moins cumul de {}", a, b)


def plus_haut_a_ce_jour(grandeur: Grandeur) -> Grandeur:
    """Highest from the start to each month, shape (…, M)."""
    return poser(temps.PLUS_HAUT_A_CE_JOUR, grandeur)


def variation(grandeur: Grandeur) -> Grandeur:
    """Change of each month, from zero before the first, shape (…, M)."""
    return poser(temps.VARIATION, grandeur)


def fin_d_annee(grandeur: Grandeur, echelle: Echelle) -> Grandeur:
    """Value of the last month of each calendar year, shape (…, years)."""
    return poser(temps.FIN_D_ANNEE, grandeur, parametres=(echelle,))


def decaler(flux: Grandeur, delai: Terme, phrase: str = "") -> Grandeur:
    """Flow moved later by whole months (or years), earlier when the delay is below zero; beyond the horizon it is lost."""
    return poser(temps.DECALER, flux, delai, phrase=phrase)


def entre(mois: Grandeur, debut: Grandeur, fin: Grandeur) -> Grandeur:
    """Mask of the months from ``debut`` (included) to ``fin`` (excluded), shape (…, M); unknown when a bound is."""
    return poser(temps.ENTRE, mois, debut, fin)


def etaler(montant: Grandeur, periode: Grandeur) -> Grandeur:
    """Spread an amount evenly over the months of a mask; nothing to spread over means all at month 0."""
    return poser(temps.ETALER, montant, periode)


def au_rythme(montant: Grandeur, flux: Grandeur) -> Grandeur:
    """Amount spread as a flow is, shape (…, M); a flow of nothing takes nothing."""
    return poser(temps.AU_RYTHME, montant, flux)


def au_mois(mois: Grandeur, montant: Grandeur, rang: Grandeur) -> Grandeur:
    """Amount at one month; beyond the horizon it is not paid; an unknown month leaves the payment unknown."""
    return poser(temps.AU_MOIS, mois, montant, rang)


def premier(vrai: Grandeur, phrase: str = "") -> Grandeur:
    """Rank of the first month (or year) where a condition holds, shape (…, 1); undetermined when it never does."""
    return poser(temps.PREMIER, vrai, phrase=phrase)


def au_rang(serie: Grandeur, rang: Grandeur, phrase: str = "") -> Grandeur:
    """Value of a series at a rank that may differ between scenarios, shape (…, 1); nothing beyond its end."""
    return poser(temps.AU_RANG, serie, rang, phrase=phrase)
