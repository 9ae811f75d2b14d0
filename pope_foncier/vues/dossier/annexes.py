"""Annexes of a dossier: sources of what was read, schedule of each loan by year and by month."""

from __future__ import annotations

from collections.abc import Iterator

from pope_foncier.etude.resultats import Vue, entrees
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.phrases import Origine
from pope_foncier.vues.dossier import pieces
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.etude import tableaux, tableaux_financement


def sources(sujet: Sujet) -> list[Piece]:
    """Law and public tables that the figures read, with their dates; then the facts."""
    lus = baremes_lus(sujet.vue)
    points = [f"{' ; '.join(quoi)} — {mention}." for mention, quoi in lus.items()]
    return [
        *pieces.phrase("Barèmes lus : ce qui y est lu, depuis quand il vaut, où il a été lu, combien il est sûr."),
        *pieces.liste(points, petite=True),
        *pieces.tableau(tableaux.faits(sujet.vue)),
    ]


def baremes_lus(vue: Vue) -> dict[str, list[str]]:
    """Scales that a scenario reads, by source: since when, where, how sure; and what was read there."""
    lus: dict[str, list[str]] = {}
    for g, o in sorted(dict(_par_reference(vue)).values(), key=lambda x: x[1].reference):
        mention = o.mention.removeprefix(f"barème {o.reference}, ")
        lus.setdefault(mention, []).append(f"{en_phrase(g.nom)} : {g.lire(vue.rang)}")
    return lus


def _par_reference(vue: Vue) -> Iterator[tuple[str, tuple[Grandeur, Origine]]]:
    return ((o.reference, (g, o)) for g, o in entrees(vue.bouclee) if o.nature == "bareme")


def echeanciers(sujet: Sujet) -> list[Piece]:
    """Schedule of the loans of the closed plan by calendar year."""
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    par_annee = tableaux_financement.echeancier(sujet.vue)
    return pieces.tableau(par_annee) or pieces.phrase("Aucun prêt dans ce scénario.")


def mois_par_mois(sujet: Sujet) -> list[Piece]:
    """Cash of the project owner month by month, from the first payment to a year after the opening."""
    if not sujet.chiffree:
        return pieces.phrase(sujet.sans_chiffre)
    table = tableaux_financement.tresorerie_mensuelle(sujet.vue)
    if all(rang[-1].startswith("inconnu") for rang in table.lignes):
        return pieces.phrase(table.note)
    return pieces.tableau(table)
