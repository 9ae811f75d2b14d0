"""What the panel shows of the journal: scenarios with their figures and the points of the session, last remarks, decision."""

from __future__ import annotations

from pope_foncier.ateliers import textes
from pope_foncier.ateliers.etat import Atelier, ScenarioPropose, SeanceTenue
from pope_foncier.ateliers.journal_entrees import Chiffre, Conduite, Decision, Proposition, Remarque, Vote
from pope_foncier.ateliers.reponse import LIBELLES
from pope_foncier.vues.etude.graphiques import A_TROUVER
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Cellule
from pope_foncier.vues.formes.table import Table

_REMARQUES = 8
"""Last remarks shown."""


def en_html(atelier: Atelier) -> str:
    """Tables of the journal."""
    seance = atelier.seance
    lignes = tuple(_ligne(atelier, s, seance) for s in atelier.scenarios.values())
    figures = (LIBELLES["cout_place"], lectures.nommer("À trouver", lectures.BOUCLE))
    points = "Points" if len(atelier.seances) < 2 else f"Points, séance {seance.numero if seance else 1}"
    if _caches(atelier):
        points = f"{points} (l'animateur les montrera)"
    entetes = ("Scénario", "Proposé par", *figures, points, "Votants")
    table = Table("Scénarios notés", entetes, lignes, texte=True) if lignes else None
    remarques = tuple(
        (atelier.qui(e.qui).nom, e.contenu.texte, atelier.titre(e.contenu.scenario) or "l'ensemble")
        for e in atelier.remarques[-_REMARQUES:]
        if isinstance(e.contenu, Remarque)
    )
    avis = Table("Dernières remarques", ("Qui", "Remarque", "Sur"), remarques, texte=True) if remarques else None
    return textes.tables(table, avis, _decision(atelier))


def _ligne(atelier: Atelier, scenario: ScenarioPropose, seance: SeanceTenue | None) -> tuple[Cellule, ...]:
    votes = seance.votes.get(scenario.nom, {}) if seance is not None else {}
    donnes = [v.contenu for v in votes.values() if isinstance(v.contenu, Vote)]
    anciens = len([v for v in donnes if v.version not in (None, scenario.entree.rang)])
    votants = cases.nombre(len(votes))
    if anciens:
        votants = votants.dite(f"{votants}, dont {anciens} sur une version d'avant")
    return (
        scenario.titre,
        atelier.qui(scenario.entree.qui).nom,
        _du_cout(scenario.fiche),
        _a_trouver(scenario.fiche),
        "—" if _caches(atelier) else cases.nombre(atelier.points(scenario.nom)),
        votants,
    )


def _caches(atelier: Atelier) -> bool:
    """Whether somebody leads the session, and does not show the points yet: no page shows them before the room."""
    dites = () if atelier.seance is None else atelier.seance.entrees
    return not atelier.conduite.resultats and any(isinstance(e.contenu, Conduite) for e in dites)


def _decision(atelier: Atelier) -> Table | None:
    """Decision of the session; that of a session before it says so."""
    entree = atelier.decision
    if entree is None or not isinstance(entree.contenu, Decision):
        return None
    seance = next(s for s in reversed(atelier.seances) if s.decision is entree)
    titre = "Décision" if seance is atelier.seance else f"Décision de la séance {seance.numero}"
    scenario = atelier.scenarios.get(entree.contenu.scenario or "")
    version = atelier.version_de(entree.contenu, entree.rang)
    vise = scenario.titre_de(version) if scenario and version else "l'ensemble"
    if scenario and version and version is not scenario.entree:
        vise += ", dans une version d'avant"
    ligne = (entree.contenu.texte, vise, atelier.qui(entree.qui).nom)
    return Table(titre, ("Décision", "Sur", "Notée par"), (ligne,), texte=True)


def _du_cout(fiche: Proposition) -> str:
    """Cost for the city as displayed, with its range; a dash in an older journal without it."""
    lu = _reponse(fiche, "cout_place")
    if lu is None:
        return "—"
    return f"{lu.valeur} ({lu.fourchette})" if lu.fourchette else lu.valeur


def _a_trouver(fiche: Proposition) -> str:
    """What is to find, as displayed; among the figures of the table in an older journal."""
    lu = _reponse(fiche, "a_trouver")
    return lu.valeur if lu else next((c.valeur for c in fiche.chiffres if c.libelle.startswith(A_TROUVER)), "—")


def _reponse(fiche: Proposition, cle: str) -> Chiffre | None:
    return next((c for c in fiche.reponse if c.cle == cle), None)
