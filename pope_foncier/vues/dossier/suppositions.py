"""What a part of a dossier supposes: its assumptions with their values, the heaviest first, and what is unknown there."""

from __future__ import annotations

from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.resultats import entrees
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.socle.francais import en_phrase
from pope_foncier.vues.dossier import pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet

_DITES = 8
"""Assumptions that the sentence of a part holds."""


def suppositions(sujet: Sujet, *champs: str) -> list[Piece]:
    """Assumptions under some fields of the sheet and what is unknown there; nothing when all was read somewhere.

    Args:
        champs: beginnings of the paths of the inputs.
    """
    vue = sujet.vue.bouclee
    ordre = {ligne.quoi: rang for rang, ligne in enumerate(a_confirmer(sujet.vue))}
    lues = [(g, o) for g, o in entrees(vue) if o.reference.startswith(champs) and o.mention != CHOIX_DE_L_ETUDE]
    inconnues = {g.nom: en_phrase(g.nom) for g, o in lues if o.nature == "inconnu"}
    supposees = {
        g.nom: f"{en_phrase(g.nom)} : {g.lire(vue.rang)} (hypothèse)" for g, o in lues if o.nature == "hypothese"
    }
    dites = sorted(supposees, key=lambda nom: ordre.get(f"{nom[:1].upper()}{nom[1:]}", len(ordre)))
    reste = len(dites) - _DITES
    suite = f" ; et {reste} autre{'s' if reste > 1 else ''}, dans « À confirmer »" if reste > 0 else ""
    phrases = [
        f"Inconnu ici : {' ; '.join(inconnues.values())}." if inconnues else "",
        f"Supposé ici : {' ; '.join(supposees[nom] for nom in dites[:_DITES])}{suite}." if dites else "",
    ]
    return pieces.phrase(" ".join(p for p in phrases if p), "supposee")
