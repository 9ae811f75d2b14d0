"""A3 sheets of variants: their drawings at one scale and what tells them apart, five to a sheet, as PDF or as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.dossier import pieces
from pope_foncier.vues.dossier.composition import VARIANTES, composer
from pope_foncier.vues.etude.variantes import NON_TENUS, SANS_PIECE, Variante, croquis, table
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu.dessin_en_svg import DessinALEchelle

PAR_FEUILLE = 5
"""Variants that a sheet holds side by side."""
_UTILE_MM, _TETES_MM, _HAUT_MM = 396.0, 30.0, 74.0
"""Width of a sheet within its margins, of the column of headings, and height left to the drawings [mm]."""
_FORTES = ("Places", "Coût total TTC")


def planches(variantes: Sequence[Variante], points: int = 0) -> bytes:
    """PDF of the sheets, the same bytes for the same variants; or the first one as PNG at some dots by inch."""
    jour = variantes[0].vue.ev.ctx.etude.date_demande
    return composer(rassembler(variantes), jour, VARIANTES, points)


def rassembler(variantes: Sequence[Variante]) -> dict[str, Any]:
    """Data of the sheets, as the template reads them."""
    jour = variantes[0].vue.ev.ctx.etude.date_demande
    largeur = (_UTILE_MM - _TETES_MM) / min(len(variantes), PAR_FEUILLE) - 4.0
    dessins = croquis(variantes, largeur, _HAUT_MM)
    echelles = {d.echelle for d in dessins if isinstance(d, DessinALEchelle)}
    lieux = list(dict.fromkeys(v.vue.ev.ctx.site.nom for v in variantes))
    dites = table(variantes)
    lots = [range(debut, min(debut + PAR_FEUILLE, len(variantes))) for debut in range(0, len(variantes), PAR_FEUILLE)]
    a_l_echelle = f"Dessins à l'échelle 1:{echelles.pop()}" if echelles else "Aucun dessin"
    noms = [str(rang[0]) for rang in dites.cellules]
    etudes = " ; ".join(dict.fromkeys(v.vue.ev.ctx.etude.titre for v in variantes))
    donnees: dict[str, Any] = pieces.en_francais(
        {
            "titre": dites.titre,
            "sous_titre": f"{' ; '.join(lieux)}. Droit lu au {date_en_clair(jour)}.",
            "date": [jour.year, jour.month, jour.day],
            "legende": f"{a_l_echelle} sur A3",
            "pied": f"{dites.note} Source : étude « {etudes} », hypothèses comprises ; plans : voir chaque colonne.",
            "feuilles": [
                {
                    "variantes": [_colonne(variantes[r], dessins[r]) for r in lot],
                    "lignes": _lignes(
                        [variantes[r] for r in lot], [[str(c[r]) for r in lot] for _, *c in dites.cellules], noms
                    ),
                }
                for lot in lots
            ],
        }
    )
    return donnees


def _lignes(
    variantes: Sequence[Variante], cellules: Sequence[Sequence[str]], noms: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of a sheet: rooms by number, those of the table, where the plans come from."""
    lues = [
        _non_tenus(variantes) if nom == NON_TENUS else _ligne(nom, c) for nom, c in zip(noms, cellules, strict=True)
    ]
    return [_pieces(variantes), *lues, _ligne("Source du plan", [_source(v) for v in variantes])]


def _colonne(variante: Variante, dessin: DessinALEchelle | str) -> dict[str, Any]:
    suppose = variante.plan is not None and variante.plan.fiche.statut == "hypothese"
    colonne: dict[str, Any] = {"nom": variante.nom, "dessin": None, "pourquoi": "", "suppose": suppose}
    if isinstance(dessin, str):
        return {**colonne, "pourquoi": dessin}
    (image,) = pieces.dessin_svg(dessin.svg, f"{variante.nom}, plan", "", millimetres=dessin.large_mm)
    return {**colonne, "dessin": image}


def _pieces(variantes: Sequence[Variante]) -> dict[str, Any]:
    """Rooms by number."""
    dessinees = [v.dessinee for v in variantes]
    return _ligne("Pièces", [plan_simple.noms(d) if isinstance(d, PlanTrace) else "—" for d in dessinees])


def _ligne(nom: str, cellules: Sequence[str]) -> dict[str, Any]:
    """Row of words; a cell holds points, and says whether they tell what fails."""
    return {"nom": nom, "forte": nom in _FORTES, "cellules": [{"points": [c], "alerte": False} for c in cellules]}


def _non_tenus(variantes: Sequence[Variante]) -> dict[str, Any]:
    """Checks that fail, a point each."""
    cellules = [
        {"points": v.non_tenus, "alerte": True}
        if v.non_tenus
        else {"points": ["aucun" if v.lieu.capacite.locaux else SANS_PIECE], "alerte": False}
        for v in variantes
    ]
    return {"nom": NON_TENUS, "forte": False, "cellules": cellules}


def _source(variante: Variante) -> str:
    plan = variante.plan
    if plan is None:
        return "schéma calculé des surfaces de l'étude"
    return plan.fiche.source.titre if plan.fiche.source else f"hypothèse : {plan.fiche.base}"
