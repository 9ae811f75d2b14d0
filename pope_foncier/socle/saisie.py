"""Answers as a French hand types them: amounts, rates, lengths, days, yes or no; a refusal says how to write it."""

from __future__ import annotations

import re
from datetime import date

from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.fiches import ANNEES
from pope_foncier.socle.nombres import formater_nombre, lire_nombre

_DUREE = re.compile(r"(?:(\d+(?:[.,]\d+)?)\s*ans?)?\s*(?:et\s*)?(?:(\d+)\s*mois)?", re.IGNORECASE)
_JOUR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def lire_montant(texte: str) -> float:
    """Amount: « 300 000 € », « 300 k€ », « 300000 » [€].

    Raises:
        ValueError: not an amount, or below zero.
    """
    if "%" in texte:
        raise ValueError(f"« {abreger(texte)} » est une part, un montant est attendu, par exemple 300 000 €")
    montant = lire_nombre(texte)
    if montant < 0:
        raise ValueError(f"« {abreger(texte)} » est négatif")
    return montant


def lire_taux(texte: str) -> float:
    """Rate: « 3,5 % », or a fraction under one, « 0,035 » [fraction].

    Raises:
        ValueError: not a rate; a number that may be a percentage or a fraction.
    """
    taux = lire_nombre(texte)
    if "%" not in texte and abs(taux) >= 0.2:
        raise ValueError(f"« {abreger(texte)} » : dire si ce sont des pour cent, par exemple 3,5 %")
    return taux


def lire_duree(texte: str) -> int:
    """Length: « 15 ans », « 18 mois », « 1 an et 6 mois », « 180 » [months].

    Raises:
        ValueError: not a whole number of months.
    """
    brut = " ".join(texte.split())
    if brut.isdecimal():
        return _en_mois(int(brut), texte)
    trouve = _DUREE.fullmatch(brut)
    if not trouve or not any(trouve.groups()):
        raise ValueError(f"« {abreger(texte)} » n'est pas une durée : écrire 15 ans, 18 mois, ou 1 an et 6 mois")
    ans, mois = trouve.groups()
    total = 12.0 * float((ans or "0").replace(",", ".")) + int(mois or 0)
    if total != int(total):
        raise ValueError(f"« {abreger(texte)} » ne fait pas un nombre entier de mois")
    return _en_mois(int(total), texte)


def _en_mois(mois: int, texte: str) -> int:
    if mois > 1200:
        raise ValueError(f"« {abreger(texte)} » dépasse cent ans")
    return mois


def lire_jour(texte: str) -> date:
    """Day: « 01/03/2027 » or « 2027-03-01 ».

    Raises:
        ValueError: not a day, or one of another age.
    """
    brut = texte.strip()
    trouve = _JOUR.fullmatch(brut)
    try:
        jour = date(*(int(x) for x in reversed(trouve.groups()))) if trouve else date.fromisoformat(brut)
    except ValueError:
        raise ValueError(
            f"« {abreger(texte)} » n'est pas une date : écrire jour/mois/année, par exemple 01/03/2027"
        ) from None
    if not ANNEES[0] <= jour.year <= ANNEES[1]:
        raise ValueError(f"« {abreger(texte)} » : une année de {ANNEES[0]} à {ANNEES[1]} est attendue")
    return jour


def lire_mesure(texte: str, maxi: float, *unites: str) -> float:
    """Measure with or without its unit: « 240 m2 », « 150 €/m²/an », « 12 000 hab ».

    Args:
        maxi: largest one.
        unites: spellings of the unit, whatever their capitals.

    Raises:
        ValueError: not a number, one below zero or above the largest, or in another unit.
    """
    brut = " ".join(texte.split())
    for unite in sorted(unites, key=len, reverse=True):
        if brut.lower().replace(" ", "").endswith(unite.replace(" ", "")):
            brut = _sans_l_unite(brut, unite.replace(" ", ""))
            break
    if brut.endswith("%"):
        raise ValueError(f"« {abreger(texte)} » est une part, une mesure est attendue")
    mesure = lire_nombre(brut)
    if mesure < 0:
        raise ValueError(f"« {abreger(texte)} » est négatif")
    if mesure > maxi:
        raise ValueError(f"« {abreger(texte)} » : {formater_nombre(maxi)} au plus")
    return mesure


def _sans_l_unite(texte: str, unite: str) -> str:
    """Text without its unit, whose signs may stand apart."""
    reste = len(unite)
    while reste:
        reste -= texte[-1] != " "
        texte = texte[:-1]
    return texte.strip()
