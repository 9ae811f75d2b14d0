"""Gestures of the facilitator: what a form of the console says becomes one entry of the journal, or none when nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import (
    Conduite,
    Contenu,
    Decision,
    Rapprochement,
    Remarque,
    Retrait,
    Seance,
    personne,
)
from pope_foncier.ateliers.salle.contenu import ETAPES
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.fiches import valider

_OUI_NON = {"oui": True, "non": False}
_LIBELLES = {
    "qui": "Votre nom",
    "jour": "Date",
    "lieu": "Lieu",
    "participants": "Personnes attendues",
    "nom": "Nom à corriger",
    "est": "Nom de la personne",
    "scenario": "Scénario",
    "version": "Scénario",
    "texte": "Texte",
}
"""Fields of the journal as the console shows them."""

Champs = Mapping[str, str]


def entree_de(geste: str, champs: Champs, atelier: Atelier, etudes: Sequence[str], titre: str) -> Contenu | None:
    """Entry that a gesture asks for; None when the workshop is already so.

    Args:
        geste: its name, last word of the address of its form.
        champs: what the form says.
        atelier: state of the workshop.
        etudes: studies of the workshop, for a session that opens.
        titre: its title.

    Raises:
        ErreurPope: unknown gesture, or a field that does not hold.
    """
    if geste == "seance":
        return seance(champs, etudes, titre)
    if geste not in _GESTES:
        raise ErreurPope(f"Geste inconnu : « {geste} ». Recharger la page de l'animation.")
    return _GESTES[geste](champs, atelier)


def fait(entree: Contenu | None) -> str:
    """What a gesture did, in words."""
    match entree:
        case Seance():
            return "Séance ouverte : les points recommencent, les scénarios restent."
        case Conduite(etape=etape):
            return f"C'est fait. Étape : {ETAPES[etape].lower()}."
        case Rapprochement(nom=nom, est=None):
            return f"« {nom} » est de nouveau une personne à part."
        case Rapprochement(nom=nom, est=est):
            return f"« {nom} » est {est}. Le bouton « Défaire » revient en arrière."
        case Decision():
            return "Décision notée."
        case Remarque():
            return "Remarque notée."
        case Retrait():
            return "Retiré : cela ne compte plus, et le journal le garde."
        case _:
            return "C'était déjà ainsi : rien n'est noté."


def en_clair(erreur: ErreurPope) -> str:
    """Refusal by the labels of the console."""
    if not isinstance(erreur, ErreurDonnees):
        return str(erreur)
    return " ".join(
        f"{_LIBELLES.get(p.champ.split('.')[0], 'Saisie')} : {p.message} À faire : {p.remede}" for p in erreur.problemes
    )


def seance(champs: Champs, etudes: Sequence[str], titre: str) -> Seance:
    """Session that opens: the studies, its day, its place, the people expected, one a line or between commas."""
    brut: dict[str, Any] = {"etude": etudes[0], "titre": titre, "etudes": list(etudes) if len(etudes) > 1 else []}
    brut |= {nom: champs[nom].strip() for nom in ("jour", "lieu") if champs.get(nom, "").strip()}
    attendus = [x.strip() for x in champs.get("participants", "").replace(";", "\n").replace(",", "\n").splitlines()]
    brut["participants"] = list({personne(x): x for x in attendus if x}.values())
    return valider(Seance, brut, "Séance")


def _conduite(champs: Champs, atelier: Atelier) -> Conduite | None:
    """What the form names changes, the rest stands."""
    avant = atelier.conduite.model_dump()
    brut = {nom: _OUI_NON.get(champs[nom], champs[nom]) for nom in avant if nom in champs}
    apres = valider(Conduite, avant | brut, "Conduite")
    return None if apres == atelier.conduite else apres


def _rapprocher(champs: Champs, atelier: Atelier) -> Rapprochement | None:
    """Name brought to another one, or written otherwise; a name that nobody bears is refused."""
    brut = {"nom": champs.get("nom", ""), "est": " ".join(champs.get("est", "").split())}
    voulu = valider(Rapprochement, brut, "Noms")
    assert voulu.est is not None
    ecrit = next((p for p in atelier.personnes.values() if personne(voulu.nom) in map(personne, p.noms)), None)
    if ecrit is None:
        raise ErreurPope(f"Personne n'écrit sous le nom « {voulu.nom} » : choisir un nom de la liste.")
    return None if ecrit.nom == voulu.est else voulu


def _separer(champs: Champs, atelier: Atelier) -> Rapprochement:
    """Undo a correction: the name is its own again."""
    return valider(Rapprochement, {"nom": champs.get("nom", "")}, "Noms")


def _decider(champs: Champs, atelier: Atelier) -> Decision:
    """Decision on a scenario as the console showed it."""
    return valider(Decision, _vise(champs, atelier), "Décision")


def _remarquer(champs: Champs, atelier: Atelier) -> Remarque:
    brut = _vise(champs, atelier)
    return valider(Remarque, {"texte": brut["texte"], "scenario": brut.get("scenario")}, "Remarque")


def _retirer(champs: Champs, atelier: Atelier) -> Retrait:
    """Take back a remark, a decision, or the opening of a session where nothing was said."""
    seance, rang = atelier.seance, champs.get("rang", "")
    entree = next((e for e in atelier.fil if str(e.rang) == rang and e.rang not in atelier.retirees), None)
    if entree is None or not isinstance(entree.contenu, Remarque | Decision | Seance):
        raise ErreurPope("Cette entrée ne se retire pas, ou l'est déjà.")
    if isinstance(entree.contenu, Seance) and (seance is None or seance.ouverture is not entree or not seance.vide):
        raise ErreurPope("Cette séance est commencée : elle ne s'annule plus. En ouvrir une autre au besoin.")
    return Retrait(rang=entree.rang)


def _vise(champs: Champs, atelier: Atelier) -> dict[str, Any]:
    """Text and the scenario that it is about: « nom » or « nom@version », the version on the screen; none for the whole."""
    nom, _, version = champs.get("scenario", "").partition("@")
    brut: dict[str, Any] = {"texte": champs.get("texte", "")}
    if not nom:
        return brut
    scenario = atelier.scenarios.get(nom)
    if scenario is None:
        raise ErreurPope(f"Scénario « {nom} » inconnu du journal : choisir dans la liste.")
    vue = next((v for v in scenario.versions if str(v.rang) == version), scenario.entree)
    return brut | {"scenario": nom, "version": vue.rang}


_GESTES: Mapping[str, Callable[[Champs, Atelier], Contenu | None]] = {
    "conduite": _conduite,
    "rapprocher": _rapprocher,
    "separer": _separer,
    "decision": _decider,
    "remarque": _remarquer,
    "retirer": _retirer,
}
