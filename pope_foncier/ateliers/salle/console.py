"""Facilitator's console: what it shows of the workshop, as its template reads it; nothing here is protected yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from pope_foncier.ateliers.etat import Atelier, Personne, ScenarioPropose, SeanceTenue
from pope_foncier.ateliers.formats import NOMS
from pope_foncier.ateliers.journal_entrees import (
    FUSEAU,
    Decision,
    EntreeJournal,
    Rapprochement,
    Remarque,
    Vote,
    qui_et_quand,
)
from pope_foncier.ateliers.salle.contenu import ETAPES, lieu_de
from pope_foncier.ateliers.salle.piece import Instant, Salle
from pope_foncier.ateliers.teintes import de_la_carte, du_scenario
from pope_foncier.socle.temps import date_en_clair

_CLES_EN_COURT = ("cout_an", "cout_place")
"""Figures of a scenario that the table of points reminds of."""


def contenu(salle: Salle, instant: Instant) -> dict[str, Any]:
    """What the console says of a workshop."""
    atelier = instant.atelier
    etapes = list(ETAPES)
    rang = etapes.index(atelier.conduite.etape)
    return {
        "base": salle.base,
        "titre": salle.titre,
        "animateur": salle.animateur,
        "adresse": salle.adresse,
        "code": salle.code,
        "aujourdhui": salle.journal.horloge().astimezone(FUSEAU).date().isoformat(),
        "relies": instant.relies,
        "abime": instant.abime,
        "avis": instant.avis,
        "reculs": reculs(atelier),
        "seance": atelier.seance and _seance(atelier, atelier.seance),
        "seances": [_seance(atelier, s) for s in reversed(atelier.seances)],
        "conduite": atelier.conduite,
        "etapes": ETAPES,
        "suivante": etapes[rang + 1] if rang + 1 < len(etapes) else "",
        "precedente": etapes[rang - 1] if rang else "",
        "scenarios": [_scenario(atelier, s) for s in atelier.scenarios.values()],
        "votants": atelier.seance.votants if atelier.seance else 0,
        "personnes": [_personne(atelier, p, instant.presents) for p in atelier.personnes.values()],
        "attendus": _attendus(atelier),
        "sans_note": _sans_note(atelier, instant.presents),
        "corrections": [_correction(atelier, e) for e in atelier.corrections],
        "remarques": [_remarque(atelier, e) for e in reversed(atelier.seance.remarques)] if atelier.seance else [],
        "decision": atelier.seance and atelier.seance.decision and _decision(atelier, atelier.seance.decision),
        "formes": NOMS,
    }


def reculs(atelier: Atelier) -> list[str]:
    """Entries written after the clock was moved back, in words."""
    avant = {apres.rang: entree for entree, apres in pairwise(atelier.fil)}
    return [
        f"L'entrée {e.rang} ({e.qui}) est datée du {_quand(e)}, avant celle qui la précède ({_quand(avant[e.rang])})."
        for e in atelier.reculs
    ]


def _correction(atelier: Atelier, entree: EntreeJournal) -> dict[str, Any]:
    assert isinstance(entree.contenu, Rapprochement)
    return _dite(atelier, entree) | {"nom": entree.contenu.nom, "est": entree.contenu.est or ""}


def _scenario(atelier: Atelier, scenario: ScenarioPropose) -> dict[str, Any]:
    """Scenario and the points that it has in the session, by person; a point given to an earlier version says so."""
    votes = atelier.seance.votes.get(scenario.nom, {}) if atelier.seance else {}
    fiche = scenario.fiche
    return _dite(atelier, scenario.entree) | {
        "cle": f"{scenario.nom}@{scenario.entree.rang}",
        "nom": scenario.nom,
        "numero": scenario.numero,
        "titre": fiche.titre,
        "lieu": lieu_de(atelier, fiche),
        "teinte": du_scenario(scenario.numero),
        "versions": len(scenario.versions),
        "points": atelier.points(scenario.nom),
        "votes": [_vote(atelier, scenario, cle, entree) for cle, entree in votes.items()],
        "chiffres": [c for cle in _CLES_EN_COURT for c in fiche.reponse if c.cle == cle],
    }


def _vote(atelier: Atelier, scenario: ScenarioPropose, cle: str, entree: EntreeJournal) -> dict[str, Any]:
    assert isinstance(entree.contenu, Vote)
    vue = entree.contenu.version
    return {
        "qui": atelier.personnes[cle].nom,
        "points": entree.contenu.points,
        "avant": vue is not None and vue != scenario.entree.rang,
    }


def _votes(atelier: Atelier) -> Sequence[Collection[str]]:
    return list(atelier.seance.votes.values()) if atelier.seance else []


def _personne(atelier: Atelier, lue: Personne, presents: Collection[str]) -> dict[str, Any]:
    return {
        "nom": lue.nom,
        "autres": [n for n in lue.noms if n != lue.nom],
        "teinte": de_la_carte(lue.teinte),
        "reliee": any(atelier.qui(nom).cle == lue.cle for nom in presents),
        "notes": len([votes for votes in _votes(atelier) if lue.cle in votes]),
    }


def _attendus(atelier: Atelier) -> list[str]:
    """Expected participants who have not written yet in the session."""
    fiche = atelier.seance and atelier.seance.fiche
    if atelier.seance is None or not fiche:
        return []
    venus = {atelier.qui(e.qui).cle for e in atelier.seance.entrees}
    return [nom for nom in fiche.participants if atelier.qui(nom).cle not in venus]


def _sans_note(atelier: Atelier, presents: Collection[str]) -> list[str]:
    """People whose phone follows, and who have given no points in the session."""
    notes = {cle for votes in _votes(atelier) for cle in votes}
    venus = {p.cle: p.nom for p in map(atelier.qui, sorted(presents))}
    return [nom for cle, nom in venus.items() if cle not in notes]


def _seance(atelier: Atelier, tenue: SeanceTenue) -> dict[str, Any]:
    fiche, ouverture = tenue.fiche, tenue.ouverture
    dite = tenue.decision and _decision(atelier, tenue.decision)
    premiere = ouverture or (tenue.entrees[0] if tenue.entrees else None)
    return {
        "numero": tenue.numero,
        "titre": fiche.titre if fiche else "",
        "jour": date_en_clair(tenue.jour),
        "lieu": (fiche and fiche.lieu) or "",
        "ouverte": premiere and _dite(atelier, premiere),
        "ouverture": ouverture is not None,
        "annulable": ouverture.rang if ouverture and tenue is atelier.seance and tenue.vide else None,
        "votants": tenue.votants,
        "decision": dite,
    }


def _decision(atelier: Atelier, entree: EntreeJournal) -> dict[str, Any]:
    """Decision, the scenario that it takes and whether that was proposed again since."""
    assert isinstance(entree.contenu, Decision)
    version = atelier.version_de(entree.contenu, entree.rang)
    scenario = atelier.scenarios.get(entree.contenu.scenario or "")
    return _dite(atelier, entree) | {
        "texte": entree.contenu.texte,
        "titre": scenario.titre_de(version) if scenario and version else "",
        "numero": scenario.numero if scenario else None,
        "depuis": bool(scenario and version and version.rang != scenario.entree.rang),
        "version": scenario.versions.index(version) + 1 if scenario and version else None,
    }


def _remarque(atelier: Atelier, entree: EntreeJournal) -> dict[str, Any]:
    assert isinstance(entree.contenu, Remarque)
    return _dite(atelier, entree) | {
        "texte": entree.contenu.texte,
        "sur": atelier.titre(entree.contenu.scenario),
    }


def _dite(atelier: Atelier, entree: EntreeJournal) -> dict[str, Any]:
    """Author of an entry under the name shown, when it was written, its rank."""
    return {"qui": atelier.qui(entree.qui).nom, "quand": _quand(entree), "rang": entree.rang}


def _quand(entree: EntreeJournal) -> str:
    return qui_et_quand(entree)["quand"]
