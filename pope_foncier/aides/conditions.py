"""Conditions of a scheme: met, not met or to check, and what would satisfy each."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from pope_foncier.baremes.dispositif import FicheCondition, TypeCondition
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.financement import Aide
from pope_foncier.socle.enregistrements import enregistrement
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


@enregistrement
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
        lue = _lire(ctx, cal, places, aide, condition.type, seuil)
    dispense = next((d.motif for d in aide.dispenses if d.condition == condition.type), "")
    return EtatCondition(condition.type, *lue, dispense)


_MESURES: dict[TypeCondition, tuple[str, bool]] = {
    "couverture_inferieure": ("taux_couverture", True),
    "potentiel_financier_inferieur": ("potentiel_financier", True),
    "gros_oeuvre_suffisant": ("part_gros_oeuvre", False),
}
"""Field of the area that a threshold is set on, and whether it is a maximum."""
_QUESTIONS: dict[TypeCondition, str] = {
    "quartier_prioritaire": "le lieu doit être en quartier prioritaire (QPV)",
    "renouvellement_urbain": "le lieu doit être dans une opération de renouvellement urbain",
    "friche": "le lieu doit être une friche",
    "local_jamais_occupe": "le local ne doit jamais avoir été occupé",
    "appel_a_projets_ouvert": "un appel à projets doit être ouvert",
}
"""What the study answers by yes or no, in a field of the same name."""
_A_VERIFIER: dict[TypeCondition, str] = {
    "age_minimal": "âge minimal de la structure à vérifier",
    "depense_minimale": "dépense minimale à vérifier",
}


def _lire(
    ctx: Contexte, cal: Calendrier, places: Grandeur, aide: Aide, genre: TypeCondition, seuil: Grandeur | None
) -> Lecture:
    """Whether a condition is met, and its sentence; what the study does not say is unknown."""
    if genre == "avis_avant_travaux":
        return _avis(ctx, cal, aide)
    if genre in _QUESTIONS:
        reponse = {"oui": 1.0, "non": 0.0, "inconnu": np.nan}[getattr(ctx.etude.territoire, genre)]
        return Lecture(Grandeur(reponse, "réponse"), _QUESTIONS[genre])
    if genre in _A_VERIFIER:
        suite = f" (seuil : {formater(seuil.au_point(), seuil.unite)})" if seuil is not None else ""
        return Lecture(Grandeur(np.nan), _A_VERIFIER[genre] + suite)
    assert seuil is not None
    if genre == "titre_couvre_engagement":
        reste = ((cal.fin_titre - cal.ouverture) / 12).nommer("Titre restant à l'ouverture", "ans")
        gabarit = "il faut un titre d'au moins {} après l'ouverture ; il en reste {}"
        return Lecture(superieur_ou_egal(reste, seuil, _MARGE), gabarit, (seuil, reste))
    return _extension(ctx, places, seuil) if genre == "extension_minimale" else _mesure(ctx, *_MESURES[genre], seuil)


def _extension(ctx: Contexte, places: Grandeur, seuil: Grandeur) -> Lecture:
    if ctx.etude.territoire.places_existantes is None:
        return Lecture(Grandeur(1.0), "création : aucune place existante")
    mini = (ctx.entree("territoire.places_existantes") * seuil).nommer("Places à ajouter au moins", "places")
    atteinte = superieur_ou_egal(places, mini, _MARGE)
    return Lecture(atteinte, "il faut ajouter au moins {} ({} des places existantes)", (mini, seuil))


def _mesure(ctx: Contexte, champ: str, au_plus: bool, seuil: Grandeur) -> Lecture:
    """A measure of the area against its threshold; the area that does not state it leaves the condition unknown."""
    nom, sens = en_phrase(ctx.declaration(f"territoire.{champ}").libelle), "au plus" if au_plus else "au moins"
    if getattr(ctx.etude.territoire, champ) is None:
        return Lecture(Grandeur(np.nan), f"{nom} inconnu : il faut {sens} {{}}", (seuil,))
    mesure = ctx.entree(f"territoire.{champ}")
    remplie = (inferieur_ou_egal if au_plus else superieur_ou_egal)(mesure, seuil, _MARGE)
    return Lecture(remplie, f"{nom} : il faut {sens} {{}}, {{}} ici", (seuil, mesure))


def _avis(ctx: Contexte, cal: Calendrier, aide: Aide) -> Lecture:
    """Works begin after the funder's opinion; without its date, to check."""
    if aide.date_avis is None:
        return Lecture(Grandeur(np.nan), "les travaux ne commencent qu'après l'avis du financeur : en garder la date")
    possible = mois_entre(ctx.etude.date_depart, aide.date_avis) + (aide.date_avis.day > 1)
    avis = Grandeur(float(possible), "mois possible après l'avis", "mois")
    gabarit = f"avis du financeur le {date_en_clair(aide.date_avis)}, travaux {{}}"
    return Lecture(superieur_ou_egal(cal.debut_travaux, avis, _MARGE), gabarit, (cal.debut_travaux,))
