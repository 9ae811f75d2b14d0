"""What a workshop shows first, as HTML: the band read from afar, and one card by scenario; figures come from ``reponse.py``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pope_foncier.ateliers import teintes
from pope_foncier.ateliers.cartes import Carte
from pope_foncier.ateliers.journal_entrees import Chiffre
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.mots import en_bref
from pope_foncier.ateliers.reponse import COURTS, PERSONNE, Reponse
from pope_foncier.etude.lectures import compte
from pope_foncier.etude.resultats import Vue
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes.cases import centaines
from pope_foncier.vues.formes.gabarits import balises, morceau
from pope_foncier.vues.formes.image import Teintes

DE_LA_BANDE = ("cout_an", "cout_place", "a_trouver", "ouverture")
"""Figures of the band and of the cards."""


@dataclass(frozen=True, slots=True)
class Part:
    """Piece of the bar of a card: its weight, its colour, whether nobody brings it."""

    poids: float
    couleur: str
    creuse: bool


def bande(titre: str, carte: Carte, lue: Reponse) -> str:
    """Band of the scenario that the levers set."""
    couleur = teintes.du_scenario(carte.numero).fond
    return _morceau("bande", titre, _court(titre, carte), _pastille(carte), lue, _chiffres(lue), couleur)


def carte(modele: Modele, titre: str, montree: Carte, vue: Vue, lue: Reponse, palette: Teintes) -> str:
    """Card of a scenario: who pays in one bar, four figures, what differs in words."""
    parts = [] if vue.aucune_place else graphiques.parts_des_ressources(vue)
    barre = [Part(round(v, 2), palette.de(nom)[0], nom in graphiques.VIDES) for nom, v in parts if not math.isnan(v)]
    return _morceau(
        "carte",
        titre,
        _court(titre, montree),
        _pastille(montree),
        lue,
        _chiffres(lue),
        teintes.du_scenario(montree.numero).fond,
        barre,
        "" if vue.aucune_place else _en_mots(vue, lue),
        _differe(modele, montree),
    )


def panne(titre: str, montree: Carte, raison: str) -> str:
    """Card of a scenario that cannot be computed any more, and why."""
    return _morceau("panne", titre, _pastille(montree), teintes.du_scenario(montree.numero).fond, raison)


def _chiffres(lue: Reponse) -> list[tuple[str, Chiffre, str]]:
    """Figures under their short names, each with its range, or with who brings it."""
    chiffres = [lue[cle] for cle in DE_LA_BANDE]
    rien = (str(centaines(0.0)), "sans objet", "inconnu")
    personne = "" if lue["a_trouver"].valeur in rien else PERSONNE
    return [
        (COURTS[cle], c, c.fourchette or (personne if cle == "a_trouver" else ""))
        for cle, c in zip(DE_LA_BANDE, chiffres, strict=True)
    ]


def _differe(modele: Modele, montree: Carte) -> str:
    """What differs from the study, in words."""
    if montree.reglages is None:
        return "Vient d'un fichier ou d'une autre application : ses leviers ne se règlent pas ici."
    dit = en_bref(modele, montree.reglages)
    return f"{dit[:1].upper()}{dit[1:]}."


def _en_mots(vue: Vue, lue: Reponse) -> str:
    """Places, then who pays in one line: what is brought, and what nobody brings."""
    places = f"{lue['places'].valeur} places. " if lue["places"].valeur != "inconnu" else "Places : nombre inconnu. "
    return f"{places}{centaines(compte(vue))} comptés, {lue['a_trouver'].valeur} à trouver."


def _court(titre: str, montree: Carte) -> str:
    """Title beside a chip that already bears its number."""
    return titre.partition(" · ")[2] if montree.numero is not None else titre


def _pastille(montree: Carte) -> str:
    return balises(teintes.pastille(montree.numero, montree.pastille))


def _morceau(nom: str, *valeurs: object) -> str:
    return str(morceau("vitrine.html", nom, *valeurs))
