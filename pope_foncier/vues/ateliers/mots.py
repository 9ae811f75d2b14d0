"""What a scenario changes, in French words: the choices by their title, then each input with its value before and after."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.analyse.autres_modes import lire_passages
from pope_foncier.analyse.resultats import Vue, entrees
from pope_foncier.projet.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.projet.cout_travaux import lire_couts
from pope_foncier.projet.etude import Etude, Surcharge
from pope_foncier.projet.montages import lire_montages
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.ateliers.ecarts import surcharges_de
from pope_foncier.vues.ateliers.modele import Modele, Reglages


def mots(modele: Modele, etude: Etude, reglages: Reglages | None = None) -> list[str]:
    """Changes of a scenario, one sentence each.

    Args:
        modele: study of the workshop.
        etude: study of the scenario.
        reglages: settings that made it: their choices (montage, mode, works, starting point) are said by their title, and only
            what comes on top of them is listed; None for a scenario file, whose every field is listed.
    """
    choix = Reglages() if reglages is None else replace(reglages, leviers={}, refusees=frozenset())
    avant = modele.etude(choix)
    changees, restes = _entrees_changees(modele, avant, etude)
    phrases = [*_titres(modele, choix), *changees, *(restes if reglages is None else [])]
    return phrases or ["L'étude telle quelle."]


def en_bref(modele: Modele, reglages: Reglages) -> str:
    """Settings of a scenario in one line, without computing anything: choices, levers moved, grants refused."""
    leviers = [(modele.regles.levier(nom), valeur) for nom, valeur in reglages.leviers.items()]
    aides = {a.id: a.libelle for a in modele.dossier.etude.aides}
    phrases = [
        *_titres(modele, reglages),
        *(f"{levier.libelle} : {levier.texte(valeur)}" for levier, valeur in leviers),
        *(f"sans l'aide « {aides.get(aide, aide)} »" for aide in sorted(reglages.refusees)),
    ]
    return " ; ".join(phrases) or "l'étude telle quelle"


def _titres(modele: Modele, choix: Reglages) -> list[str]:
    titres = {s.nom: s.titre for s in modele.dossier.etude.scenarios}
    passages, genres = lire_passages(), lire_couts().genres
    phrases = [f"Point de départ : {titres[choix.depart]}"] if choix.depart else []
    phrases += [f"Mode d'accueil : {p.libelle}" for nom, p in passages.items() if nom == choix.mode]
    phrases += [f"Genre de travaux : {genres[choix.genre].libelle}"] if choix.genre else []
    return phrases + ([f"Montage : {lire_montages().montages[choix.montage].titre}"] if choix.montage else [])


def _entrees_changees(modele: Modele, avant: Etude, apres: Etude) -> tuple[list[str], list[str]]:
    """Inputs whose value differs between two studies; then the fields changed that no figure reads, by their code."""
    surcharges = surcharges_de(avant, apres)
    if not surcharges:
        return [], []
    lus = [_lues(modele.voir(etude)) for etude in (avant, apres)]
    phrases, dits = [], set()
    for champ, (nom, valeur, neutre) in lus[1].items():
        ancien = lus[0].get(champ, ("", "", False))[1]
        if neutre and not ancien:
            continue
        if valeur != ancien and (vise := _visee(champ, surcharges)):
            phrases.append(f"{nom} : {valeur} ({_avant(ancien)})")
            dits.add(vise)
    return phrases, [f"{s.champ} : {valeur_en_clair(s.valeur)}" for s in surcharges if s.champ not in dits]


def _avant(ancien: str) -> str:
    if ancien == "inconnu":
        return "inconnu dans l'étude"
    return f"au lieu de {ancien}" if ancien else "ajouté"


def _lues(vue: Vue) -> dict[str, tuple[str, str, bool]]:
    """Inputs of a study by field: name, French value, whether it is only a neutral default (a whole grant, no delay)."""
    return {
        o.reference: (g.nom, g.lire(vue.rang), o.mention == CHOIX_DE_L_ETUDE)
        for g, o in entrees(vue)
        if o.nature != "bareme"
    }


def _visee(champ: str, surcharges: tuple[Surcharge, ...]) -> str:
    """Field of the override that an input comes from; empty when none."""
    return next(
        (s.champ for s in surcharges if champ == s.champ or champ.startswith((f"{s.champ}.", f"{s.champ}["))), ""
    )


def valeur_en_clair(valeur: object) -> str:
    """Value of an override in French."""
    if isinstance(valeur, dict) and "valeur" in valeur:
        return valeur_en_clair(valeur["valeur"])
    if valeur is None:
        return "retiré"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int | float):
        return formater_nombre(float(valeur), 0 if float(valeur).is_integer() else 4, 0)
    if isinstance(valeur, dict | list | tuple):
        return f"{len(valeur)} champ(s) changé(s)"
    return str(valeur)
