"""Conditions of a scheme: met, not met or to check, and what would satisfy each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from pope_foncier.baremes.dispositif import FicheCondition, TypeCondition
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.donnee import Reponse
from pope_foncier.modele.financement import Aide
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.grandeur import Grandeur, dire
from pope_foncier.socle.nombres import formater
from pope_foncier.socle.temps import date_en_clair, mois_entre
from pope_foncier.socle.vocabulaire import connu_ou_zero, inferieur_ou_egal, pareil, superieur_ou_egal

_MARGE = 1e-9
"""Margin of computation of a comparison."""
Etat = Literal["remplie", "non_remplie", "a_verifier", "dispensee"]


class Lecture(NamedTuple):
    """Condition read: 1 met, 0 not met, NaN unknown, shape (…, 1); its sentence, and the quantities that it quotes."""

    remplie: Grandeur
    gabarit: str
    dites: tuple[Grandeur, ...] = ()


@dataclass(frozen=True, slots=True)
class EtatCondition:
    """State of a condition: 1 met, 0 not met, NaN unknown, shape (…, 1), and its French sentence."""

    type: TypeCondition
    remplie: Grandeur
    gabarit: str
    """What was compared, or what would satisfy the condition, with a place for each quantity that it quotes."""
    dites: tuple[Grandeur, ...] = ()
    dispense: str = ""
    """Reason why the study sets the condition aside."""

    def phrase(self, scenario: int = 0) -> str:
        """The condition in French, with its figures in one scenario."""
        return self.gabarit.format(*(g.lire(scenario) for g in self.dites)) if self.dites else self.gabarit

    def etat(self, scenario: int = 0) -> Etat:
        """State in one scenario."""
        if self.dispense:
            return "dispensee"
        valeur = self.remplie.au_point(scenario)
        return "a_verifier" if np.isnan(valeur) else "remplie" if valeur else "non_remplie"

    def bloque(self) -> Grandeur:
        """1 where the condition removes the aid; an unknown condition leaves it counted, to confirm."""
        return Grandeur(0.0) if self.dispense else connu_ou_zero(pareil(self.remplie, 0.0))

    @property
    def laisse(self) -> Grandeur:
        """1 where the condition leaves the aid, 0 where it removes it, told by the condition."""
        return dire(1.0 - self.bloque(), f"condition « {self.gabarit} »", *self.dites)


def examiner(
    ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, prefixe: str, condition: FicheCondition
) -> EtatCondition:
    """Examine one condition of a scheme for a study."""
    try:
        seuil = ctx.bareme(f"{prefixe}.{condition.bareme}") if condition.bareme else None
    except ErreurBareme as inconnu:
        lue = Lecture(Grandeur(np.nan), f"seuil inconnu à la date de la demande ({inconnu})")
    else:
        lue = _REGISTRE[condition.type](ctx, cal, places, aide, seuil)
    dispense = next((d.motif for d in aide.dispenses if d.condition == condition.type), "")
    return EtatCondition(condition.type, *lue, dispense)


def _comparer(gauche: Grandeur, droite: Grandeur, inferieur: bool = False) -> Grandeur:
    comparer = inferieur_ou_egal if inferieur else superieur_ou_egal
    return comparer(gauche, droite, _MARGE)


def _reponse(reponse: Reponse) -> Grandeur:
    return Grandeur({"oui": 1.0, "non": 0.0, "inconnu": np.nan}[reponse], "réponse")


def _titre(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> Lecture:
    assert seuil is not None
    reste = ((cal.fin_titre - cal.ouverture) / 12).nommer("Titre restant à l'ouverture", "ans")
    gabarit = "il faut un titre d'au moins {} après l'ouverture ; il en reste {}"
    return Lecture(_comparer(reste, seuil), gabarit, (seuil, reste))


def _extension(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> Lecture:
    assert seuil is not None
    if ctx.etude.territoire.places_existantes is None:
        return Lecture(Grandeur(1.0), "création : aucune place existante")
    existantes = ctx.entree("territoire.places_existantes")
    mini = (existantes * seuil).nommer("Places à ajouter au moins", "places")
    return Lecture(_comparer(places, mini), "il faut ajouter au moins {} ({} des places existantes)", (mini, seuil))


def _mesure(champ: str, inferieur: bool) -> Callable[..., Lecture]:
    def examiner_mesure(
        ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None
    ) -> Lecture:
        assert seuil is not None
        sens = "au plus" if inferieur else "au moins"
        nom = en_phrase(ctx.declaration(f"territoire.{champ}").libelle)
        if getattr(ctx.etude.territoire, champ) is None:
            return Lecture(Grandeur(np.nan), f"{nom} inconnu : il faut {sens} {{}}", (seuil,))
        mesure = ctx.entree(f"territoire.{champ}")
        gabarit = f"{nom} : il faut {sens} {{}}, {{}} ici"
        return Lecture(_comparer(mesure, seuil, inferieur), gabarit, (seuil, mesure))

    return examiner_mesure


def _question(champ: str, phrase: str) -> Callable[..., Lecture]:
    def repondre(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> Lecture:
        return Lecture(_reponse(getattr(ctx.etude.territoire, champ)), phrase)

    return repondre


def _a_verifier(phrase: str) -> Callable[..., Lecture]:
    def inconnue(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> Lecture:
        suite = f" (seuil : {formater(seuil.au_point(), seuil.unite)})" if seuil is not None else ""
        return Lecture(Grandeur(np.nan), phrase + suite)

    return inconnue


def _avis(ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, seuil: Grandeur | None) -> Lecture:
    """Works begin after the funder's opinion; without its date, to check."""
    if aide.date_avis is None:
        return Lecture(Grandeur(np.nan), "les travaux ne commencent qu'après l'avis du financeur : en garder la date")
    possible = mois_entre(ctx.etude.date_depart, aide.date_avis) + (aide.date_avis.day > 1)
    avis = Grandeur(float(possible), "mois possible après l'avis", "mois")
    gabarit = f"avis du financeur le {date_en_clair(aide.date_avis)}, travaux {{}}"
    return Lecture(_comparer(cal.debut_travaux, avis), gabarit, (cal.debut_travaux,))


_REGISTRE: dict[TypeCondition, Callable[..., Lecture]] = {
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
