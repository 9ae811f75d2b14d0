"""What a plan being edited holds: its faults first, then places, checks that fail, and areas of the rooms with what they gained."""

from __future__ import annotations

from pope_foncier.lieu.edition import Edition
from pope_foncier.lieu.plan import Plan
from pope_foncier.vues.formes import cases, page
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.gabarits import balises, rendre
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu.lieu_ouvert import Lieu

_A_CORRIGER = "places et contrôles indéterminés : corriger d'abord le tracé"


def lire(edition: Edition, niveau: int, lieu: Lieu | None) -> str:
    """Markup of what the state shown holds; places and checks are not read while the plan has a fault."""
    fautes = dire_les_fautes(edition)
    places, tenus = "", list[str]()
    if lieu is not None and not fautes:
        ligne = lieu.capacite.usuelle or lieu.capacite.lignes[0]
        places = f"{ligne.regime} ({ligne.lecture}) : {ligne.phrase}."
        constats = [*lieu.controles(), *lieu.constats_du_plan()]
        tenus = [
            f"{c.sujet} : {c.valeur}{f' ({c.repere} {c.seuil})' if c.seuil else ''}"
            for c in constats
            if c.statut == "non_respecte"
        ]
    elif lieu is not None:
        places = _A_CORRIGER
    return str(
        rendre(
            "edition.html",
            fautes=fautes,
            places=places,
            controles=lieu is not None and not fautes,
            non_tenus=tenus,
            pieces=balises(page.tableau(pieces(edition, niveau), titre="caption")),
        )
    )


def dire_les_fautes(edition: Edition) -> list[str]:
    """Faults of the state shown, each with how to mend it."""
    return [f"{f.message} À faire : {f.remede}" if f.remede else f.message for f in edition.etat.fautes]


def pieces(edition: Edition, niveau: int) -> Table:
    """Rooms of a storey by number, with what each has gained since the plan was opened."""
    aires, ecarts = edition.etat.aires(), edition.ecarts_m2()
    lignes, numeros = list[Rang](), numeroter(edition.plan, niveau)
    for e, element in enumerate(edition.plan.elements):
        if element.niveau != niveau or element.nature not in ("piece", "batiment", "cour"):
            continue
        nom = element.nom or element.fonction or element.nature
        aire = cases.nombre(aires.get(e, float("nan")), 1, unite="m²").sinon("indéterminée")
        ecart = cases.nombre(ecarts[e], 1, unite="m²").signee() if e in ecarts else "—"
        lignes.append((numeros.get(e, ""), nom, aire, ecart))
    return Table("Surfaces dessinées", ("N°", "Élément", "m²", "Écart, m²"), tuple(lignes))


def numeroter(plan: Plan, niveau: int) -> dict[int, str]:
    """Numbers of the rooms of a storey, in the order drawn, by their rank in the plan."""
    rangs = [e for e, x in enumerate(plan.elements) if x.nature == "piece" and x.niveau == niveau]
    return {e: str(numero) for numero, e in enumerate(rangs, 1)}
