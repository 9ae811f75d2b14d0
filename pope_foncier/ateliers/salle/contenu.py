"""What the phones and the projector show of a workshop, as their templates read it; nothing is computed, nothing but the reading is protected yet.

Figures are those that the journal keeps with each proposal, as displayed when it was made. Points are added up, and shown to the room
only when the facilitator shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from pope_foncier.ateliers.bulles import expliquer
from pope_foncier.ateliers.etat import Atelier, Personne, ScenarioPropose
from pope_foncier.ateliers.journal_entrees import (
    POINTS_MAX,
    CarteDeNom,
    Chiffre,
    Decision,
    EntreeJournal,
    Proposition,
    Remarque,
    Vote,
    lecture_en_clair,
    qui_et_quand,
)
from pope_foncier.ateliers.teintes import PALETTE, de_la_carte, du_scenario
from pope_foncier.vues.formes.gabarits import balises
from pope_foncier.vues.formes.proteger import proteger

ETAPES = {"decouvrir": "Découvrir", "noter": "Noter", "decider": "Décider"}
"""Steps of a session, in order, as the room reads them."""
_CONSIGNES = {
    "decouvrir": "Lisez les scénarios. Les points se donneront ensuite ; une remarque peut s'écrire dès maintenant.",
    "noter": f"Donnez à chaque scénario de 0 à {POINTS_MAX} points. Vous pouvez en changer tant que la salle note.",
    "decider": "La salle décide. La décision s'écrira ici.",
}
_PRISE = "La décision est prise."
_CARTES_MAX = 3
"""Scenarios that the projector shows as cards; more of them are rows."""
_PLACES, _A_TROUVER = "places", "a_trouver"
_EN_TETE = 4
"""Figures of an older proposal that its card shows first."""


def dire(atelier: Atelier, titre: str, presents: int, admis: bool) -> dict[str, Any]:
    """Names that the templates of the phones and of the projector read.

    Args:
        titre: title of the study, when no session was opened.
        presents: people whose phone follows.
        admis: whether phones may join.
    """
    fiche = atelier.seance and atelier.seance.fiche
    cartes = scenarios(atelier)
    reponses = [s.fiche.reponse for s in atelier.scenarios.values()]
    lectures = {next((c.lecture for c in reponse if c.lecture), None) for reponse in reponses} - {None}
    lecture = lecture_en_clair(chain.from_iterable(reponses)) if len(lectures) == 1 else ""
    dits = {
        "intitule": fiche.titre if fiche else titre,
        "etape": etape(atelier),
        "scenarios": cartes,
        "colonnes": {cle: c.libelle for s in cartes for cle, c in s["par_cle"].items()},
        "resultats": resultats(atelier),
        "decision": decision(atelier),
        "remarques": remarques(atelier) if atelier.conduite.remarques else [],
        "votants": _compte(atelier.seance.votants if atelier.seance else 0, "a noté", "ont noté"),
        "presents": _compte(presents, "présent", "présents"),
        "lecture": lecture,
        "lecture_expliquee": balises(expliquer(proteger(lecture))),
    }
    return dits | {
        "scene": _scene(atelier, dits, accueil=admis and (atelier.conduite.acces or not (presents or _venus(atelier)))),
    }


def _scene(atelier: Atelier, dits: dict[str, Any], accueil: bool) -> str:
    """What the projector shows: how to join, the remarks when asked, the decision at its step, the points when shown, else the scenarios."""
    voulues = {
        "accueil": accueil,
        "remarques": bool(dits["remarques"]),
        "decision": atelier.conduite.etape == "decider" and dits["decision"],
        "attente": not dits["scenarios"],
        "resultats": dits["resultats"],
        "cartes": len(dits["scenarios"]) <= _CARTES_MAX,
    }
    return next((nom for nom, voulue in voulues.items() if voulue), "grille")


def _venus(atelier: Atelier) -> bool:
    """Whether somebody took a name card in the session."""
    return atelier.seance is not None and any(isinstance(e.contenu, CarteDeNom) for e in atelier.seance.entrees)


def etape(atelier: Atelier) -> dict[str, Any]:
    """Where the room is, and what it does now."""
    conduite, noms = atelier.conduite, list(ETAPES)
    ici = noms.index(conduite.etape)
    prise = conduite.etape == "decider" and atelier.seance is not None and atelier.seance.decision is not None
    consigne = _PRISE if prise else _CONSIGNES[conduite.etape]
    pause = "La salle est en pause. " if conduite.figee else ""
    return {
        "nom": conduite.etape,
        "seance": atelier.seance.numero if atelier.seance else 0,
        "etapes": [(ETAPES[nom], rang < ici, rang == ici) for rang, nom in enumerate(noms)],
        "figee": conduite.figee,
        "consigne": consigne,
        "annonce": f"{pause}{ETAPES[conduite.etape]}. {consigne}",
    }


def scenarios(atelier: Atelier) -> list[dict[str, Any]]:
    """Scenarios in force, by number."""
    return [
        carte(atelier, s, s.entree) | {"annonce": f"{s.titre}, proposé par {s.entree.qui}"}
        for s in atelier.scenarios.values()
    ]


def carte(atelier: Atelier, scenario: ScenarioPropose, entree: EntreeJournal) -> dict[str, Any]:
    """Card of a scenario, as one of its proposals showed it."""
    fiche = entree.contenu
    assert isinstance(fiche, Proposition)
    places = next((c for c in fiche.reponse if c.cle == _PLACES), None)
    chiffres = tuple(_montre(c) for c in fiche.reponse if c is not places) or fiche.chiffres[:_EN_TETE]
    return {
        "nom": scenario.nom,
        "numero": scenario.numero,
        "teinte": du_scenario(scenario.numero),
        "titre": fiche.titre,
        "lieu": lieu_de(atelier, fiche),
        "qui": entree.qui,
        "places": places and _places(places),
        "chiffres": chiffres,
        "par_cle": {c.cle: c for c in chiffres if c.cle},
        "autres": () if fiche.reponse else fiche.chiffres[_EN_TETE:],
        "lecture": lecture_en_clair(fiche.reponse),
        "risque": fiche.risque or "",
        "mots": fiche.mots,
        "version": entree.rang,
        "maximum": POINTS_MAX,
    }


def lieu_de(atelier: Atelier, fiche: Proposition) -> str:
    """Place of a scenario, said when the workshop holds several."""
    return (atelier.a_plusieurs_lieux and fiche.lieu) or ""


def _montre(chiffre: Chiffre) -> Chiffre:
    """Figure as a card shows it: what its name says after a comma, nobody promised, stands under an amount that is not nil."""
    if chiffre.cle != _A_TROUVER:
        return chiffre
    nom, _, precision = chiffre.libelle.partition(", ")
    rien = not re.search("[1-9]", chiffre.valeur)
    return chiffre.model_copy(update={"libelle": nom, "fourchette": None if rien else precision or None})


def _places(chiffre: Chiffre) -> str:
    return f"{chiffre.valeur} places" if chiffre.valeur.isdigit() else chiffre.valeur


def du_telephone(atelier: Atelier, nom: str) -> dict[str, Any]:
    """What is one's own on a phone: name card, points and remarks of the session; nothing (« moi ») before the card is taken."""
    lue = atelier.qui(nom)
    moi = {
        "cle": lue.cle,
        "nom": lue.nom,
        "teinte": de_la_carte(lue.teinte),
        "points": _points_de(atelier, lue),
        "remarques": _remarques_de(atelier, lue),
    }
    teinte = len(atelier.personnes) % len(PALETTE) if lue.teinte is None else lue.teinte
    return {"moi": moi if nom else None, "teintes": PALETTE, "teinte": teinte}


def _points_de(atelier: Atelier, lue: Personne) -> dict[str, dict[str, int]]:
    """Points that a person gave in the session by scenario, and the version that she saw."""
    donnes = {}
    for nom, votes in atelier.seance.votes.items() if atelier.seance else ():
        entree = votes.get(lue.cle)
        if entree is None or not isinstance(entree.contenu, Vote):
            continue
        version = atelier.version_de(entree.contenu, entree.rang)
        if version is not None:
            donnes[nom] = {"points": entree.contenu.points, "version": version.rang}
    return donnes


def resultats(atelier: Atelier) -> dict[str, Any] | None:
    """Points of the session by scenario, with those who gave them when names are shown; None when the points are not shown."""
    if not atelier.conduite.resultats or atelier.seance is None:
        return None
    votes = atelier.votes
    lignes = []
    for scenario in atelier.scenarios.values():
        donnes, points = votes.get(scenario.nom, {}), atelier.points(scenario.nom)
        lignes.append(
            {
                "numero": scenario.numero,
                "titre": scenario.fiche.titre,
                "lieu": lieu_de(atelier, scenario.fiche),
                "teinte": du_scenario(scenario.numero),
                "points": points,
                "mot": f"point{_s(points)}",
                "detail": _detail(list(donnes.values())),
                "votes": _par_points(donnes) if atelier.conduite.noms else [],
            }
        )
    return {"lignes": lignes, "combien": _ont_note(atelier.seance.votants), "plafond": max(atelier.seance.plafond, 1)}


def _par_points(donnes: Mapping[str, int]) -> list[dict[str, Any]]:
    """Names of those who gave as many points, the most first."""
    groupes: dict[int, list[str]] = {}
    for qui, points in sorted(donnes.items(), key=lambda x: -x[1]):
        groupes.setdefault(points, []).append(qui)
    return [{"points": points, "qui": ", ".join(noms)} for points, noms in groupes.items()]


def _ont_note(nombre: int) -> str:
    if nombre == 0:
        return "Personne n'a encore donné de points."
    ont = "ont" if nombre > 1 else "a"
    return (
        f"{nombre} personne{_s(nombre)} {ont} donné des points. La barre est pleine si toutes en donnent {POINTS_MAX}."
    )


def _detail(points: list[int]) -> str:
    """How many gave points, and how far apart they are."""
    if not points:
        return "personne encore"
    qui = f"{len(points)} personne{_s(len(points))}"
    return f"{qui}, de {min(points)} à {max(points)}" if min(points) < max(points) else qui


def remarques(atelier: Atelier) -> list[dict[str, Any]]:
    """Remarks of the session, the last one first; with names when names are shown."""
    dites = reversed(atelier.seance.remarques) if atelier.seance else ()
    return [_remarque(atelier, e, atelier.conduite.noms) for e in dites]


def _remarques_de(atelier: Atelier, lue: Personne) -> list[dict[str, Any]]:
    """Remarks that a person made in the session, the last one first."""
    dites = reversed(atelier.seance.remarques) if atelier.seance else ()
    return [_remarque(atelier, e, noms=False) for e in dites if atelier.qui(e.qui).cle == lue.cle]


def _remarque(atelier: Atelier, entree: EntreeJournal, noms: bool) -> dict[str, Any]:
    assert isinstance(entree.contenu, Remarque)
    scenario = atelier.scenarios.get(entree.contenu.scenario or "")
    return {
        "texte": entree.contenu.texte,
        "qui": atelier.qui(entree.qui).nom if noms else "",
        "sur": f"n°\u00a0{scenario.numero}" if scenario else "",
        "teinte": du_scenario(scenario.numero) if scenario else None,
    }


def decision(atelier: Atelier) -> dict[str, Any] | None:
    """Decision of the session, with its scenario as it was; None while there is none."""
    entree = atelier.seance and atelier.seance.decision
    if not entree or not isinstance(entree.contenu, Decision):
        return None
    scenario = atelier.scenarios.get(entree.contenu.scenario or "")
    version = atelier.version_de(entree.contenu, entree.rang)
    retenu = carte(atelier, scenario, version) if scenario and version else None
    return {
        "texte": entree.contenu.texte,
        "quand": qui_et_quand(entree)["quand"],
        "teinte": du_scenario(scenario.numero if scenario else None),
        "carte": retenu,
        "depuis": bool(scenario and version and version.rang != scenario.entree.rang),
        "annonce": f"La décision : {entree.contenu.texte}",
    }


def _compte(nombre: int, un: str, plusieurs: str) -> dict[str, Any]:
    return {"nombre": nombre, "mot": plusieurs if nombre > 1 else un}


def _s(nombre: int) -> str:
    return "s" if nombre > 1 else ""
