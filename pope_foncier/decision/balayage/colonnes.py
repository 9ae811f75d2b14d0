"""Columns of the result: what names a combination, its measures on the closed plan, what its draws say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pope_foncier.decision.balayage.morceaux import TiragesVoulus
from pope_foncier.decision.comparer.combinaisons import Option
from pope_foncier.decision.comparer.mesures import Chiffres, Fourchette
from pope_foncier.socle.nombres import formater_nombre

Genre = Literal["texte", "nombre", "entier", "nombres"]
Ligne = dict[str, Any]
"""Row of the result: one combination on one site."""

CLES = ("site", "mode", "montage", "bouclage")
"""What names a row."""
MESURES: dict[str, tuple[str, str]] = {
    "places": ("Places", "places"),
    "cout_total": ("Coût total", "€"),
    "cout_par_place": ("Coût par place", "€/place"),
    "a_trouver": ("À trouver hors trésorerie", "€"),
    "a_trouver_en_tout": ("À trouver", "€"),
    "commune": ("Commune", "€/place/an"),
    "avec_le_reste": ("Avec le reste", "€/place/an"),
    "couverture": ("Couverture", ""),
}
"""Measures of ``comparer``: label and unit."""
_FOURCHETTES = ("cout_par_place", "commune", "avec_le_reste")
"""Measures that have a low and a high end over the range of the works."""


def colonnes(tirages: TiragesVoulus | None) -> Iterator[tuple[str, Genre]]:
    """Columns and their kinds, in order: the plan says them before anything is computed."""
    yield from ((cle, "texte") for cle in (*CLES, "etat", "raisons"))
    for nom in MESURES:
        yield nom, "nombre"
        yield from ((f"{nom}.{bout}", "nombre") for bout in ("bas", "haut") if nom in _FOURCHETTES)
    yield from (("ouverture_le", "texte"), ("inconnus", "texte"))
    if tirages is None:
        return
    yield from (("tirages", "entier"), ("abandons", "entier"), ("sans_tirage", "texte"))
    for nom in tirages.chiffres:
        yield f"{nom}.centrale", "nombre"
        yield from ((f"{nom}.{nom_du_quantile(part)}", "nombre") for part in tirages.quantiles)
        yield f"{nom}.indefinis", "entier"
        if tirages.garder:
            yield f"{nom}.tirages", "nombres"
    for seuil in tirages.seuils:
        yield from ((f"p.{seuil.nom}{bout}", "nombre") for bout in ("", ".bas", ".haut"))


def nom_du_quantile(part: float) -> str:
    """Name of the column of a quantile: ``q10`` for one draw in ten below."""
    return f"q{formater_nombre(part * 100, 4, 0)}".replace(",", "_")


def de_l_option(option: Option, mode: str) -> Ligne:
    """Row of a combination before its draws; the mode under the name that the plan gives it."""
    ligne: Ligne = dict(zip(CLES, (option.etude, mode, option.montage, option.bouclage), strict=True))
    ligne |= {"etat": option.etat, "raisons": " ; ".join(option.raisons)}
    return ligne if option.chiffres is None else ligne | _mesures(option.chiffres)


def _mesures(lus: Chiffres) -> Ligne:
    ligne: Ligne = {}
    for nom in MESURES:
        lu: float | Fourchette = getattr(lus, nom)
        if isinstance(lu, Fourchette):
            ligne |= {nom: lu.valeur, f"{nom}.bas": lu.bas, f"{nom}.haut": lu.haut}
        else:
            ligne[nom] = lu
    ouverture = None if lus.ouverture is None else lus.ouverture.isoformat()
    return ligne | {"ouverture_le": ouverture, "inconnus": " ; ".join(lus.inconnus)}
