"""Studies of real estate and investment for new childcare premises in France.

For an analyst: ``import pope_foncier as pf``, then ``pf.ouvrir("gare_saint_denis").calculer()``; ``dir(pf)`` lists the rest, and
``docs/en_python.md`` shows it. Every name is loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from pope_foncier.ateliers.applications import atelier
    from pope_foncier.porte.bareme import Bareme, bareme
    from pope_foncier.porte.but import valeur_fonciere, viser
    from pope_foncier.porte.capacite import Capacite, capacite
    from pope_foncier.porte.carnets import carnets
    from pope_foncier.porte.chiffre import Chiffre
    from pope_foncier.porte.comparer import comparer, difference
    from pope_foncier.porte.croiser import croiser
    from pope_foncier.porte.decider import Portefeuille, chercher, montages, portefeuille
    from pope_foncier.porte.douter import douter
    from pope_foncier.porte.etude import Etude, etudes, ouvrir
    from pope_foncier.porte.lois import (
        chance,
        discrete,
        entiers,
        lognormale,
        normale,
        pert,
        triangle,
        uniforme,
    )
    from pope_foncier.porte.meilleur import meilleur_plan
    from pope_foncier.porte.pret import Pret
    from pope_foncier.porte.refus import Indetermine
    from pope_foncier.porte.resultat import Resultat
    from pope_foncier.porte.savoir import savoir
    from pope_foncier.porte.sensibilite import sensibilite
    from pope_foncier.porte.tirer import tirer
    from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul, ErreurDonnees, ErreurPope
    from pope_foncier.socle.refus import Inconnu

__all__ = [
    "Bareme",
    "Capacite",
    "Chiffre",
    "ErreurBareme",
    "ErreurCalcul",
    "ErreurDonnees",
    "ErreurPope",
    "Etude",
    "Inconnu",
    "Indetermine",
    "Portefeuille",
    "Pret",
    "Resultat",
    "atelier",
    "bareme",
    "capacite",
    "carnets",
    "chance",
    "chercher",
    "comparer",
    "croiser",
    "difference",
    "discrete",
    "douter",
    "entiers",
    "etudes",
    "lognormale",
    "meilleur_plan",
    "montages",
    "normale",
    "ouvrir",
    "pert",
    "portefeuille",
    "savoir",
    "sensibilite",
    "tirer",
    "triangle",
    "uniforme",
    "valeur_fonciere",
    "viser",
]

_MODULES = {
    "ateliers.applications": ("atelier",),
    "porte.bareme": ("Bareme", "bareme"),
    "porte.but": ("valeur_fonciere", "viser"),
    "porte.meilleur": ("meilleur_plan",),
    "porte.capacite": ("Capacite", "capacite"),
    "porte.carnets": ("carnets",),
    "porte.chiffre": ("Chiffre",),
    "porte.comparer": ("comparer", "difference"),
    "porte.croiser": ("croiser",),
    "porte.decider": ("Portefeuille", "chercher", "montages", "portefeuille"),
    "porte.douter": ("douter",),
    "porte.etude": ("Etude", "etudes", "ouvrir"),
    "porte.lois": ("chance", "discrete", "entiers", "lognormale", "normale", "pert", "triangle", "uniforme"),
    "porte.pret": ("Pret",),
    "porte.refus": ("Indetermine",),
    "porte.resultat": ("Resultat",),
    "porte.savoir": ("savoir",),
    "porte.sensibilite": ("sensibilite",),
    "porte.tirer": ("tirer",),
    "socle.erreurs": ("ErreurBareme", "ErreurCalcul", "ErreurDonnees", "ErreurPope"),
    "socle.refus": ("Inconnu",),
}
"""Module of each public name."""


def __getattr__(nom: str) -> Any:
    """Public name, loaded when first used; an unknown one says the near ones."""
    from importlib import import_module

    module = next((m for m, noms in _MODULES.items() if nom in noms), None)
    if module is not None:
        from pope_foncier.socle.memoire import sans_cycles

        with sans_cycles():
            objet = globals()[nom] = getattr(import_module(f"{__name__}.{module}"), nom)
        return objet
    if nom.startswith("_"):
        raise AttributeError(nom)
    from pope_foncier.socle.refus import NomInconnu, proposer

    raise NomInconnu(f"pope_foncier n'a pas de nom « {nom} ». {proposer(nom, __all__)}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
