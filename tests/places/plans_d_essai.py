"""Small plans drawn in a line or two, for the tests of the rules."""

from pope_foncier.lieu.plan import Plan, PlanTrace
from pope_foncier.lieu.plan_controles import controler, tracer
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.yaml_strict import Lignes


def plan(*elements, **tete) -> PlanTrace:
    """Assumed plan on a local grid; any fault fails the test."""
    donnees = {
        "titre": "Essai",
        "statut": "hypothese",
        "base": "essai",
        "systeme": "local",
        "elements": list(elements),
        **tete,
    }
    trace, problemes = tracer(valider(Plan, donnees, "essai", Lignes()), "essai", Lignes())
    assert [*problemes, *controler(trace, "essai", Lignes())] == []
    return trace


def boite(x0, y0, x1, y1):
    """Corners of a rectangle."""
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


def batiment(*coins, **champs):
    return {"nature": "batiment", "points": boite(*coins), **champs}


def piece(fonction, *coins, **champs):
    return {"nature": "piece", "fonction": fonction, "points": boite(*coins), **champs}


def porte(a, b, largeur=None, **champs):
    """Door from a point to another; its clear width when it is known."""
    element = {"nature": "porte", "points": [list(a), list(b)], **champs}
    return element if largeur is None else {**element, "largeur_passage_m": largeur}


def fenetre(a, b, **champs):
    return {"nature": "fenetre", "points": [list(a), list(b)], **champs}
