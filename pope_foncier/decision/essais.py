"""Trials on a study: what a lever moves, what a bridge would cover, what the chances of the grants leave to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.tirages import DuPlanTelQuel, tirer_aides, tirer_par_blocs
from pope_foncier.etude.tresorerie import relais_tire
from pope_foncier.modele.declaration import ChampAbsent, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.financement import StatutAide
from pope_foncier.prets.relais import Relais
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import Fiche, Nombre, Part, Texte, lire_fiche
from pope_foncier.socle.grandeur import Grandeur


class Levier(Fiche):
    """Lever: a field of the study and the step that moves it."""

    champ: Texte
    pas: Nombre
    libelle: Texte


class Leviers(Fiche):
    """Levers, in order."""

    leviers: tuple[Levier, ...]


class TauxRelais(Fiche):
    """Rate of a bridge: a scale, prolonged flat when its period is over, and why."""

    bareme: Texte
    motif: Texte


class LectureRelais(Fiche):
    """Reading of a bridge: which aids the lender accepts, and the share it advances."""

    libelle: Texte
    statuts: tuple[StatutAide, ...]
    taux_avance: Part


class LecturesRelais(Fiche):
    """Readings of a bridge, in order."""

    taux: TauxRelais
    lectures: tuple[LectureRelais, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """Gap of a plan when the grants are drawn at their probability, shape of one number each [€]."""

    moyenne: float
    quantiles: dict[int, float]
    """Gap by percentile (10, 50, 90)."""
    toutes: float
    """Share of the draws where every grant is obtained."""
    tirees: tuple[str, ...]
    """Grants that have a probability."""


@dataclass(frozen=True, slots=True)
class EffetDeLevier:
    """Effect of a lever on a study, against its base.

    Attributes:
        reste_a_financer: gap of the plan as it stands [€].
        ecart_contribution: change of what the commune pays in the cruising year, once the plan is closed [€/year]; NaN without
            operation.
        places: places that the lever retains.
    """

    libelle: str
    reste_a_financer: float
    ecart_reste: float
    ecart_contribution: float
    places: float
    ecart_places: float


def leviers(dossier: Dossier, moteur: Moteur, chemin: Path | None = None) -> list[EffetDeLevier]:
    """Each lever moved by its step; a lever that the study does not have, or that its bounds refuse, is left out."""
    fiche = lire_fiche(Leviers, chemin or dossier_donnees() / "hypotheses" / "leviers.yaml")
    essais: dict[str, Mapping[str, Any]] = {}
    for levier in fiche.leviers:
        donnee = _lire(dossier, levier.champ)
        if isinstance(donnee, Donnee) and donnee.valeur is not None:
            essais[levier.libelle] = {levier.champ: donnee.valeur + levier.pas}
    variantes = {BASE: dossier.etude}
    for libelle, surcharges in essais.items():
        try:
            variantes[libelle] = varier(dossier, "essai", surcharges)
        except ErreurDonnees:
            continue
    resultat = Resultat.calculer(replace(dossier, variantes=variantes), moteur)
    base = resultat.vue(BASE)
    return [_effet(libelle, resultat.vue(libelle), base) for libelle in variantes if libelle != BASE]


def lire_relais(chemin: Path | None = None) -> LecturesRelais:
    """Readings of a bridge of the data folder."""
    return lire_fiche(LecturesRelais, chemin or dossier_donnees() / "hypotheses" / "relais.yaml")


def avec_relais(etude: Etude, fiche: LecturesRelais, lecture: LectureRelais) -> dict[str, Any]:
    """Overrides that give a study the bridge of a reading."""
    pret = {
        "preteur": "Prêteur du relais",
        "statuts": list(lecture.statuts),
        "taux": {"bareme": fiche.taux.bareme},
        "taux_avance": {"valeur": lecture.taux_avance, "base": lecture.libelle},
    }
    deja = [p.model_dump() for p in etude.prolonger if p.bareme != fiche.taux.bareme]
    return {"relais": pret, "prolonger": [*deja, {"bareme": fiche.taux.bareme, "motif": fiche.taux.motif}]}


def relais(dossier: Dossier, moteur: Moteur, chemin: Path | None = None) -> list[tuple[LectureRelais, Relais]]:
    """Bridge that the closed plan of a study would get under each reading, its interest being a use."""
    fiche = lire_relais(chemin)
    ponts = []
    for lecture in fiche.lectures:
        etude = varier(dossier, "relais", avec_relais(dossier.etude, fiche, lecture))
        pont = relais_tire(boucler(moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]).livre)
        assert pont is not None
        ponts.append((lecture, pont))
    return ponts


def chances(dossier: Dossier, moteur: Moteur, nombre: int = 2000, graine: int = 93) -> Chance | None:
    """Gap of the plan when each grant is obtained or refused at its probability, independently; None without any."""
    tirages = tirer_aides(dossier.etude, nombre, graine)
    if not tirages:
        return None
    restes = tirer_par_blocs(moteur, dossier, tirages, DuPlanTelQuel(_reste))["reste"]
    obtenues = np.all([v > 0 for v in tirages.values()], axis=0)
    noms = tuple(a.libelle for a in dossier.etude.aides if f"aides[{a.id}].coefficient" in tirages)
    quantiles = {q: float(np.percentile(restes, q)) for q in (10, 50, 90)}
    return Chance(float(restes.mean()), quantiles, float(obtenues.mean()), noms)


def _lire(dossier: Dossier, champ: str) -> Any:
    try:
        return lire_champ(dossier.etude, champ)
    except ChampAbsent:
        return None


def _effet(libelle: str, vue: Vue, base: Vue) -> EffetDeLevier:
    reste, avant = (v.montant("ressources.reste_a_financer") for v in (vue, base))
    contributions = [
        v.bouclee.valeur(v.bouclee.indicateurs["contribution"]) if "contribution" in v.indicateurs else np.nan
        for v in (vue, base)
    ]
    places = vue.valeur(vue.ev.capacite.places)
    return EffetDeLevier(
        libelle,
        reste,
        reste - avant,
        contributions[0] - contributions[1],
        places,
        places - base.valeur(base.ev.capacite.places),
    )


def _reste(ev: Evaluation) -> dict[str, Grandeur]:
    return {"reste": ev.plan.reste_a_financer}
