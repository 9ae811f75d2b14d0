"""French numbers: one tolerant parser at the border, one set of formats for every output."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pope_foncier.socle.erreurs import abreger

_BLANCS = "\u0020\u00a0\u202f\u2009"
_MOTIF = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)?(?:([.,])([0-9]+))?(?:e([+-]?[0-9]+))?")
_MILLIERS = re.compile(r"([+-]?)([1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\3[0-9]{3})*)(?:(?!\3)[.,]([0-9]+))?")
"""Thousands cut by dots or by commas, as software writes them: ``28.500,00``, ``1,234,567``."""
_SIGNES_MAX = 60
"""Longest text read as a number."""
_GRAND = 1e15
"""From here on a number is written with its power of ten: a double no longer holds its units."""
_SUFFIXES: tuple[tuple[str, float], ...] = (
    ("m€", 1e6),
    ("k€", 1e3),
    ("€", 1.0),
    ("%", 0.01),
    ("m²", 1.0),
)


def lire_nombre(texte: str) -> float:
    """Parse a French number: ``1 200 000 €``, ``3,5 %``, ``12 k€``, ``0.035``.

    A percent becomes a fraction, ``k€`` and ``M€`` become euros. Thousands cut by a dot or a comma are read where nothing else can
    be meant: ``28.500,00``, ``28,500.00``, ``1.234.567``.

    Raises:
        ValueError: with a French message, when the text is not a number, is ambiguous (``1.200``) or beyond any measure.
    """
    brut = texte.strip()
    if len(brut) > _SIGNES_MAX:
        raise ValueError(f"« {abreger(brut)} » est trop long pour un nombre ({len(brut)} signes)")
    for blanc in _BLANCS[1:]:
        brut = brut.replace(blanc, " ")
    corps, facteur = brut, 1.0
    for suffixe, poids in _SUFFIXES:
        if corps.lower().endswith(suffixe):
            corps, facteur = corps[: -len(suffixe)].strip(), poids
            break
    trouve = _MOTIF.fullmatch(_sans_milliers(corps.lower().replace("\u2212", "-")))
    if not trouve or (trouve[2] is None and trouve[4] is None):
        raise ValueError(f"« {texte} » n'est pas un nombre (exemples admis : 1 200 000 €, 3,5 %, 12 k€, 0.035)")
    signe, entier, separateur, decimales, exposant = trouve.groups()
    if separateur == "." and decimales and len(decimales) == 3 and entier not in (None, "0") and len(entier) <= 3:
        raise ValueError(f"« {texte} » est ambigu : écrire {entier}{decimales} ou {entier},{decimales}")
    valeur = float(f"{(entier or '0').replace(' ', '')}.{decimales or '0'}e{exposant or 0}") * facteur
    if not math.isfinite(valeur):
        raise ValueError(f"« {texte} » est hors de toute mesure : un nombre fini est attendu")
    return -valeur if signe == "-" else valeur


def _sans_milliers(corps: str) -> str:
    """Number without the dots or commas between its thousands; left as it is when a single one may be that of the decimals."""
    trouve = _MILLIERS.fullmatch(corps)
    if not trouve or (trouve[4] is None and trouve[2].count(trouve[3]) < 2):
        return corps
    return f"{trouve[1]}{trouve[2].replace(trouve[3], '')}{f',{trouve[4]}' if trouve[4] else ''}"


@lru_cache(maxsize=1)
def _locale():  # type: ignore[no-untyped-def]
    from babel import Locale

    return Locale.parse("fr_FR")


def formater_nombre(valeur: float, decimales: int = 0, decimales_min: int | None = None) -> str:
    """Format a number in French: ``1 234,5``, ``−12`` with the true minus (U+2212); NaN reads « inconnu », infinity « indéterminé »."""
    if math.isnan(valeur):
        return "inconnu"
    if math.isinf(valeur):
        return "indéterminé"
    if abs(valeur) >= _GRAND:
        mantisse, exposant = f"{valeur:.3g}".replace("-", "\u2212").replace(".", ",").split("e+")
        return f"{mantisse}\u00a0×\u00a010^{int(exposant)}"
    fixes = decimales if decimales_min is None else decimales_min
    motif = "#,##0" + ("." + "0" * fixes + "#" * (decimales - fixes) if decimales else "")
    if round(valeur, decimales) == 0:
        valeur = 0.0
    return _ecrire(float(valeur), motif)


def trois_chiffres(valeur: float) -> str:
    """Format a measure by its first three figures: ``0,0123``, ``4,56``, ``789``, ``12 345``."""
    if valeur == 0.0 or not math.isfinite(valeur):
        return formater_nombre(valeur)
    return formater_nombre(valeur, max(0, 2 - math.floor(math.log10(abs(valeur)))), 0)


@lru_cache(maxsize=8192)
def _ecrire(valeur: float, motif: str) -> str:
    """Number as babel writes it; the same few thousand are asked again and again."""
    from babel.numbers import format_decimal

    return str(format_decimal(valeur, format=motif, locale=_locale())).replace("-", "\u2212")


def euros(valeur: float, decimales: int = 0) -> str:
    """Format an amount in euros: ``1 234 567 €``."""
    return "inconnu" if math.isnan(valeur) else f"{formater_nombre(valeur, decimales)}\u00a0€"


def pourcent(valeur: float, decimales: int = 2) -> str:
    """Format a fraction as a percentage: ``0.0325`` gives ``3,25 %``."""
    return "inconnu" if math.isnan(valeur) else f"{formater_nombre(valeur * 100, decimales, 0)}\u00a0%"


def formater(valeur: float, unite: str) -> str:
    """Format a value with its unit; ``%`` turns a fraction into a percentage, amounts of a thousand or by place have no cents."""
    if not math.isfinite(valeur):
        return formater_nombre(valeur)
    if unite == "%":
        return pourcent(valeur)
    if unite == "€":
        return euros(valeur, 0 if abs(valeur) >= 1000 or valeur == round(valeur) else 2)
    entier = valeur == round(valeur) or (unite.startswith("€") and (abs(valeur) >= 1000 or "/place" in unite))
    decimales = 0 if entier else (2 if abs(valeur) >= 1 else 4)
    nombre = formater_nombre(valeur, decimales, 0 if decimales != 2 or "€" not in unite else 2)
    return f"{nombre}\u00a0{unite}" if unite else nombre


def duree_en_clair(secondes: float) -> str:
    """Time of a computation in French: « 4 s », « 3 min 20 s », « 2 h 05 min »."""
    if secondes < 10:
        return f"{formater_nombre(secondes, 1)}\u00a0s"
    minutes, reste = divmod(round(secondes), 60)
    heures, minutes_seules = divmod(minutes, 60)
    if heures:
        return f"{heures}\u00a0h\u00a0{minutes_seules:02d}\u00a0min"
    return f"{minutes}\u00a0min\u00a0{reste:02d}\u00a0s" if minutes else f"{reste}\u00a0s"
