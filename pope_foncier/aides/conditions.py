"""Conditions of a scheme: met, not met or to check, and what would satisfy each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pope_foncier.baremes.dispositif import FicheCondition, TypeCondition
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.donnee import Reponse
from pope_foncier.modele.financement import Aide
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import formater
from pope_foncier.socle.temps import date_en_clair, mois_entre
from pope_foncier.socle.vocabulaire import inferieur_ou_egal, superieur_ou_egal

_MARGE = 1e-9
"""Margin of computation of a comparison."""
Etat = Literal["remplie", "non_remplie", "a_verifier", "dispensee"]


@dataclass(frozen=True, slots=True)
class EtatCondition:
    """State of a condition: 1 met, 0 not met, NaN unknown, shape (…, 1), and its French sentence."""

    type: TypeCondition
    remplie: Grandeur
    phrase: str
    """What was compared, or what would satisfy the condition."""
    dispense: str = ""
    """Reason why the study sets the condition aside."""

    def etat(self, scenario: int = 0) -> Etat:
        """State in one scenario."""
        if self.dispense:
            return "dispensee"
        valeur = self.remplie.au_point(scenario)
        return "a_verifier" if np.isnan(valeur) else "remplie" if valeur else "non_remplie"

    def bloque(self) -> Tableau:
        """1 where the condition removes the aid; an unknown condition leaves it counted, to confirm."""
        return np.where((self.remplie.valeur == 0.0) & (not self.dispense), 1.0, 0.0)


def examiner(
    ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, prefixe: str, condition: FicheCondition
) -> EtatCondition:
    """Examine one condition of a scheme for a study."""
    try:
        seuil = ctx.bareme(f"{prefixe}.{condition.bareme}") if condition.bareme else None
    except ErreurBareme as inconnu:
        remplie, phrase = Grandeur(np.nan), f"seuil inconnu à la date de la demande ({inconnu})"
    else:
        remplie, phrase = _REGISTRE[condition.type](ctx, cal, places, aide, seuil)
    dispense = next((d.motif for d in aide.dispenses if d.condition == condition.type), "")
    return EtatCondition(condition.type, remplie, phrase, dispense)


def _comparer(gauche: Grandeur, droite: Grandeur, inferieur: bool = False) -> Grandeur:
    comparer = inferieur_ou_egal if inferieur else superieur_ou_egal
    return comparer(gauche, droite, _MARGE)


def _reponse(reponse: Reponse) -> Grandeur:
    return Grandeur({"oui": 1.0, "non": 0.0, "inconnu": np.nan}[reponse], "réponse")


def _titre(
    ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
) -> tuple[Grandeur, str]:
    assert seuil is not None
    reste = ((cal.fin_titre - cal.ouverture) / 12).nommer("Titre restant à l'ouverture", "ans")
    phrase = f"il faut un titre d'au moins {seuil.lire()} après l'ouverture ; il en reste {reste.lire()}"
    return _comparer(reste, seuil), phrase


def _extension(
    ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
) -> tuple[Grandeur, str]:
    assert seuil is not None
    if ctx.etude.territoire.places_existantes is None:
        return Grandeur(1.0), "création : aucune place existante"
    existantes = ctx.entree("territoire.places_existantes")
    mini = (existantes * seuil).nommer("Places à ajouter au moins", "places")
    return _comparer(places, mini), f"il faut ajouter au moins {mini.lire()} ({seuil.lire()} des places existantes)"


def _mesure(champ: str, inferieur: bool) -> Callable[..., tuple[Grandeur, str]]:
    def examiner_mesure(
        ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
    ) -> tuple[Grandeur, str]:
        assert seuil is not None
        sens = "au plus" if inferieur else "au moins"
        nom = en_phrase(ctx.declaration(f"territoire.{champ}").libelle)
        if getattr(ctx.etude.territoire, champ) is None:
            return Grandeur(np.nan), f"{nom} inconnu : il faut {sens} {seuil.lire()}"
        mesure = ctx.entree(f"territoire.{champ}")
        return _comparer(mesure, seuil, inferieur), f"{nom} : il faut {sens} {seuil.lire()}, {mesure.lire()} ici"

    return examiner_mesure


def _question(champ: str, phrase: str) -> Callable[..., tuple[Grandeur, str]]:
    def repondre(
        ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
    ) -> tuple[Grandeur, str]:
        return _reponse(getattr(ctx.etude.territoire, champ)), phrase

    return repondre


def _a_verifier(phrase: str) -> Callable[..., tuple[Grandeur, str]]:
    def inconnue(
        ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
    ) -> tuple[Grandeur, str]:
        suite = f" (seuil : {formater(seuil.au_point(), seuil.unite)})" if seuil is not None else ""
        return Grandeur(np.nan), phrase + suite

    return inconnue


def _avis(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> tuple[Grandeur, str]:
    """Works begin after the funder's opinion; without its date, to check."""
    if aide.date_avis is None:
        return Grandeur(np.nan), "les travaux ne commencent qu'après l'avis du financeur : en garder la date"
    possible = mois_entre(ctx.etude.date_depart, aide.date_avis) + (aide.date_avis.day > 1)
    avis = Grandeur(float(possible), "mois possible après l'avis", "mois")
    return _comparer(cal.debut_travaux, avis), (
        f"avis du financeur le {date_en_clair(aide.date_avis)}, travaux {cal.debut_travaux.lire()}"
    )


_REGISTRE: dict[TypeCondition, Callable[..., tuple[Grandeur, str]]] = {
    "titre_couvre_engagement": _titre,
    "extension_minimale": _extension,
    "avis_avant_travaux": _avis,
    "couverture_inferieure": _mesure("taux_couverture", inferieur=True),
    "potentiel_financier_inferieur": _mesure("potentiel_financier", inferieur=True),
    "gros_oeuvre_suffisant": _mesure("part_gros_oeuvre", inferieur=False),
    "quartier_prioritaire": _question("quartier_prioritaire", "le lieu doit être en quartier prioritaire (QPV)"),
    "renouvellement_urbain": _question(
        "renouvellement_urbain", "le lieu doit être dans une opération de renouvellement urbain"
    ),
    "friche": _question("friche", "le lieu doit être une friche"),
    "local_jamais_occupe": _question("local_jamais_occupe", "le local ne doit jamais avoir été occupé"),
    "appel_a_projets_ouvert": _question("appel_a_projets_ouvert", "un appel à projets doit être ouvert"),
    "age_minimal": _a_verifier("âge minimal de la structure à vérifier"),
    "depense_minimale": _a_verifier("dépense minimale à vérifier"),
}
"""One condition = one entry: a new condition of the closed list is one function here."""
