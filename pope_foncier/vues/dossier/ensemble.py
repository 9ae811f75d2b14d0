"""A whole dossier as plain data: its cover, then its parts in the order that a committee reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.dossier import annexes, argent, doutes, garde, pieces, projet
from pope_foncier.vues.dossier.pieces import Piece
from pope_foncier.vues.dossier.sujet import Sujet

_COURANT = 62
"""Signs of a title in the running header."""
_COUVERTURE_MM = (165.0, 125.0)
"""Room that the cover gives to the plan [mm]."""

PARTIES: tuple[tuple[str, Callable[[Sujet], list[Piece]]], ...] = (
    ("La décision en une page", garde.decision),
    ("Le lieu", projet.lieu),
    ("Le programme", projet.programme),
    ("Les travaux et le calendrier", projet.travaux),
    ("Qui tient les murs", projet.montages),
    ("Le plan de financement", argent.plan),
    ("La trésorerie", argent.tresorerie),
    ("L'exploitation", argent.exploitation),
    ("Ce que paie la commune", argent.commune),
    ("Les années et les ratios", argent.annees),
    ("Les scénarios", doutes.scenarios),
    ("Les épreuves", doutes.epreuves),
    ("Le doute", doutes.doute),
    ("Ce qu'il faut savoir d'abord", doutes.savoir),
    ("À confirmer", doutes.a_confirmer),
    ("Questions ouvertes", doutes.questions),
    ("Sources", annexes.sources),
    ("Annexe : échéanciers des prêts", annexes.echeanciers),
    ("Annexe : trésorerie mois par mois", annexes.mois_par_mois),
)
"""Parts of a dossier, in order."""
SUR_UNE_PAGE = ("La décision en une page",)
"""Parts that begin and end a page."""


def rassembler(sujet: Sujet) -> dict[str, Any]:
    """Data of the whole dossier, as the template reads them."""
    etude = sujet.dossier.etude
    depart = etude.date_depart
    donnees: dict[str, Any] = pieces.en_francais(
        {
            "titre": etude.titre,
            "question": etude.question,
            "courant": f"{abreger(etude.titre, _COURANT)} — {abreger(sujet.vue.titre, _COURANT)} — départ le {date_en_clair(depart)}",
            "date": [depart.year, depart.month, depart.day],
            "reperes": [list(x) for x in garde.reperes(sujet)],
            "parts": [list(x) for x in garde.parts_supposees(sujet)],
            "supposee": garde.phrase_supposee(sujet),
            "image": _couverture(sujet),
            "lecture": garde.lecture(sujet),
            "parties": [
                {"titre": titre, "seule": titre in SUR_UNE_PAGE, "pieces": contenu}
                for titre, ecrire in PARTIES
                if (contenu := ecrire(sujet)) != pieces.phrase(sujet.sans_chiffre)
            ],
        }
    )
    return donnees


def _couverture(sujet: Sujet) -> list[Piece]:
    """Plan of the place for the cover, or why there is none."""
    if isinstance(sujet.plan, PlanTrace):
        return projet.dessin_du_plan(sujet.plan, *_COUVERTURE_MM)
    return pieces.phrase(sujet.plan, "note")
