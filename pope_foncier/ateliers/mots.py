"""What a scenario changes, in French words: the choices by their title, then each input with its value before and after."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.ateliers import clair
from pope_foncier.ateliers.ecarts import surcharges_de
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.modele import CONTRIBUTION, Modele, Reglages
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.baremes.dispositif import EVENEMENT_EN_CLAIR
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.etude.resultats import Vue, entrees
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.modele.financement import Versement
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.vues.decision.comparer.mots import dire_l_effet
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.boucleurs_en_clair import boucleur_en_clair
from pope_foncier.vues.formes.modes_de_soutien import MODES

_DITS_A_PART = (CONTRIBUTION, "bouclage")
"""Fields whose changes have a sentence of their own."""

ESPACES = {"admis": "la PMI l'admet en place de la cour", "refuse": "la PMI le refuse"}
"""Readings of the answer of the PMI on a space at a distance."""


def mots(modele: Modele, etude: Etude, reglages: Reglages | None = None) -> list[str]:
    """Changes of a scenario, one sentence each.

    Args:
        modele: study of the workshop.
        etude: study of the scenario.
        reglages: settings that made it: their choices (montage, mode, works, starting point) are said by their title, and only
            what comes on top of them is listed; None for a scenario file, whose every field is listed.
    """
    choix = Reglages() if reglages is None else replace(reglages, leviers={}, refusees=frozenset(), contribution="")
    avant = modele.etude(choix)
    surcharges = surcharges_de(avant, etude)
    phrases = _titres(modele, choix)
    if surcharges:
        vues = modele.voir(avant), modele.voir(etude)
        changees, restes = _entrees_changees(*vues, surcharges)
        phrases += [*changees, *_versements(avant, etude), *_contribution(*vues), *_bouclage(avant, etude)]
        phrases += restes if reglages is None else []
    return phrases or ["L'étude telle quelle."]


def effets(modele: Modele, etude: Etude) -> str:
    """What a scenario does to the figures of the cards, and the thresholds that it crosses, in one sentence."""
    avant, apres = modele.voir(modele.dossier.etude), modele.voir(etude)
    lue = differencier(avant, apres)
    if lue.sans_place:
        return f"Par rapport au projet de base : pas de chiffre à comparer, {lue.sans_place}."
    seuils = [dire_l_effet(e) for e in lue.effets if e.franchit and not e.unite.startswith("€")]
    dits = " ; ".join(x for x in (clair.effets(lue), *seuils) if x)
    return f"Par rapport au projet de base : {dits or 'aucun chiffre ne bouge'}."


def en_bref(modele: Modele, reglages: Reglages) -> str:
    """Settings of a scenario in one line, without computing anything: choices, levers moved, grants refused."""
    leviers = [(modele.regles.levier(nom), valeur) for nom, valeur in reglages.leviers.items()]
    aides = {a.id: a.libelle for a in modele.dossier.etude.aides}
    phrases = [
        *_titres(modele, reglages),
        *(
            f"la Ville paie chaque année {MODES[x.mode].paye}"
            for x in modele.regles.contributions
            if x.mode == reglages.contribution
        ),
        *(f"{levier.libelle} : {levier.texte_entier(valeur)}" for levier, valeur in leviers),
        *(f"sans l'aide « {aides.get(aide, aide)} »" for aide in sorted(reglages.refusees)),
    ]
    return " ; ".join(phrases) or "l'étude telle quelle"


def _versements(avant: Etude, apres: Etude) -> list[str]:
    """When each grant is paid, when its instalments change."""
    deja = {a.id: a.versements for a in avant.aides}
    changees = [a for a in apres.aides if a.versements and a.versements != deja.get(a.id)]
    return [f"{a.libelle}, versée : {' ; '.join(map(_echeance, a.versements))}" for a in changees]


def _echeance(versement: Versement) -> str:
    delai = f", {formater(versement.delai_mois, 'mois')} après" if versement.delai_mois else ""
    return f"{pourcent(versement.part, 0)} {EVENEMENT_EN_CLAIR[versement.evenement]}{delai}"


def _contribution(avant: Vue, apres: Vue) -> list[str]:
    """How the commune pays to the operation, when it changes."""
    dites = lectures.soutien(avant), lectures.soutien(apres)
    return [] if dites[0] == dites[1] else [f"Contribution de la commune : {dites[1]} (au lieu de : {dites[0]})"]


def _bouclage(avant: Etude, apres: Etude) -> list[str]:
    """Closers in the order of their calls, when one changes."""
    if avant.bouclage == apres.bouclage:
        return []
    if not apres.bouclage:
        return ["Bouclage : plus personne, tout ce qui manque est à trouver"]
    return [f"Bouclage, {rang} : {boucleur_en_clair(b)}" for rang, b in enumerate(apres.bouclage, 1)]


def reglages_en_clair(fiche: Proposition) -> list[str]:
    """What a proposal changes, in the words kept with it; in an older journal without words, its choices and fields by code."""
    if fiche.mots:
        return list(fiche.mots)
    choix = {"montage": "Montage", "mode": "Mode d'accueil", "depart": "Point de départ"}
    clair = [f"{libelle} : {fiche.reglages[nom]}" for nom, libelle in choix.items() if fiche.reglages.get(nom)]
    libelles = {x.champ: f"{x.libelle} ({x.unite})" for x in lire_ateliers().leviers if x.champ is not None}
    for s in fiche.surcharges:
        libelle, valeur = libelles.get(s.champ), valeur_en_clair(s.valeur)
        clair.append(f"{libelle or s.champ} : {valeur}")
    return clair or ["l'étude telle quelle"]


def _titres(modele: Modele, choix: Reglages) -> list[str]:
    titres = {s.nom: s.titre for s in modele.dossier.etude.scenarios}
    phrases = [f"Point de départ : {titres[choix.depart]}"] if choix.depart else []
    phrases += [f"Mode d'accueil : {p.libelle}" for nom, p in lire_passages().items() if nom == choix.mode]
    phrases += [f"Genre de travaux : {lire_couts().genres[choix.genre].libelle}"] if choix.genre else []
    phrases += [f"Espace à distance : {ESPACES[choix.espace]}"] if choix.espace in ESPACES else []
    return phrases + ([f"Montage : {lire_montages().montages[choix.montage].titre}"] if choix.montage else [])


def _entrees_changees(avant: Vue, apres: Vue, surcharges: tuple[Surcharge, ...]) -> tuple[list[str], list[str]]:
    """Inputs whose value differs between two views; then the fields changed that no figure reads, by their code."""
    lus = [_lues(vue) for vue in (avant, apres)]
    phrases, dits = [], set()
    for champ, (nom, valeur, neutre) in lus[1].items():
        ancien = lus[0].get(champ, ("", "", False))[1]
        if neutre and not ancien:
            continue
        if valeur != ancien and not champ.startswith(_DITS_A_PART) and (vise := _visee(champ, surcharges)):
            phrases.append(f"{nom} : {valeur} ({_avant(ancien)})")
            dits.add(vise)
    restes = [s for s in surcharges if s.champ not in dits and not s.champ.startswith(_DITS_A_PART)]
    return phrases, [f"{s.champ} : {valeur_en_clair(s.valeur)}" for s in restes]


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
