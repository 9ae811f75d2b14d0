"""What the commune would have to bring, by meaning of « balance »: beside what it says it brings, never in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.resultats import Vue
from pope_foncier.exploitation.fiche_contribution import Contribution
from pope_foncier.modele.donnee import DonneeEuros
from pope_foncier.modele.entrees_communes import communes_pour
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau

_ARRETE = "montant trouvé sur le plan bouclé de l'étude"


class Lecture(Fiche):
    """Meaning of « balance », and the sheet of the contribution that gives it."""

    libelle: Texte
    contribution: Contribution


class Lectures(Fiche):
    """Readings, in order."""

    lectures: tuple[Lecture, ...]


@dataclass(frozen=True, slots=True)
class Besoin:
    """What one reading asks of the commune, beside what the study says.

    Attributes:
        par_annee: amount of each calendar year, shape (years,) [€].
        par_place: amount of the cruising year by place [€/place]; NaN without a cruising year.
        par_place_an: mean over the open years by place [€/place/year].
        manque_par_place: what the study's own contribution lacks in the cruising year [€/place]; below zero, a margin.
        a_trouver: what the closed plan still has to find [€].
    """

    libelle: str
    par_annee: Tableau
    par_place: float
    par_place_an: float
    manque_par_place: float
    a_trouver: float


def lire_lectures(chemin: Path | None = None) -> tuple[Lecture, ...]:
    """Readings of the data folder."""
    return lire_fiche(Lectures, chemin or dossier_donnees() / "hypotheses" / "soutien_commune.yaml").lectures


def annonce(vue: Vue) -> Besoin | None:
    """What the study says that the commune brings, on the closed plan; None without operation."""
    return None if vue.ev.compte is None else _lire(vue.bouclee, "Contribution de l'étude", np.zeros(1))


def besoins(vue: Vue) -> list[Besoin]:
    """What each reading asks, the plan being closed again under it; nothing without operation.

    Covers of a debt are left out when there is none. The commune keeps its payment calendar, and no vote is refused: a reading says what it would take, not what is voted.
    """
    return vue.une_fois(_refermer)


def _refermer(vue: Vue) -> list[Besoin]:
    dite = annonce(vue)
    if dite is None:
        return []
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    assert etude.exploitation is not None
    trouves: list[Besoin] = []
    lues = [] if ctx.communes is None else [ctx.communes]
    for lecture in lire_lectures():
        voulue = lecture.contribution.model_copy(
            update={c: getattr(etude.exploitation.contribution_commune, c) for c in ("versements", "decalage_mois")}
        )
        exploitation = etude.exploitation.model_copy(update={"contribution_commune": voulue})
        variante = etude.model_copy(update={"exploitation": exploitation, "bouclage": _prets_arretes(vue, etude)})
        if voulue.mode == "couverture" and not _a_une_dette(vue):
            continue
        communes = communes_pour(variante, ctx.site, lues)
        lues = [communes, *lues]
        seul = replace(ctx, variantes=(variante,), bouclage={}, _memoire={}, communes=communes)
        ev = boucler(calculer(seul, [vue.nom]))
        trouves.append(_lire(Vue(vue.nom, vue.titre, ev, 0), lecture.libelle, dite.par_annee))
    return trouves


def _a_une_dette(vue: Vue) -> bool:
    """Whether any loan is drawn on the closed plan: without one, a cover asks nothing."""
    return any(np.any(vue.bouclee.mensuel(x.code)) for x in vue.bouclee.ev.livre.du_poste("deblocage"))


def _prets_arretes(vue: Vue, etude: Etude) -> tuple[Boucleur, ...]:
    """Closers of the study, a loan sized to a cover keeping the amount found, unknown if it is: a computed balance would pay any loan."""
    arretes = []
    for boucleur in etude.bouclage:
        if boucleur.pret is not None and boucleur.pret.couverture_cible is not None:
            montant = vue.bouclee.valeur(vue.bouclee.ev.ctx.bouclage[boucleur.id])
            libre = boucleur.pret.model_copy(update={"couverture_cible": None})
            trouve = (
                {"a_obtenir_de": boucleur.nom_apporteur} if np.isnan(montant) else {"valeur": montant, "base": _ARRETE}
            )
            arrete = DonneeEuros.model_validate(trouve)
            arretes.append(boucleur.model_copy(update={"pret": libre, "montant": arrete}))
        else:
            arretes.append(boucleur)
    return tuple(arretes)


def _lire(vue: Vue, libelle: str, dite: Tableau) -> Besoin:
    par_annee = vue.annuel("commune.contribution")
    places, rang = vue.valeur(vue.ev.capacite.places), rang_de_croisiere(vue.ev, vue.rang)
    ouvertes = vue.valeur(vue.ev.calendrier.ouvert) / 12.0
    de_trop = dite if dite.size == par_annee.size else par_annee
    with np.errstate(divide="ignore", invalid="ignore"):
        par_place = np.nan if rang is None else float(np.divide(par_annee[rang], places))
        manque = np.nan if rang is None else float(np.divide(par_annee[rang] - de_trop[rang], places))
        moyenne = float(np.divide(par_annee.sum(), places * ouvertes))
    return Besoin(libelle, par_annee, par_place, moyenne, manque, a_trouver(vue))
