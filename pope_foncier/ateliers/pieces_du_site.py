"""Pieces of a page about the premises of a scenario: capacity curve, block diagram to scale, calendar, each with its table."""

from __future__ import annotations

from functools import lru_cache

from pope_foncier.ateliers import lecture, textes
from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.feuilles import svg
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import carte as cartes
from pope_foncier.vues.lieu import plan_simple
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.places.graphiques import places as dessiner_places
from pope_foncier.vues.travaux import graphiques


def plans_connus(site: str) -> dict[str, PlanTrace]:
    """Plans drawn of a site, by name of their file."""
    traces = {f.stem: lire_plan(f) for f in sorted((dossier_donnees() / "plans").glob("*.yaml"))}
    return {nom: trace for nom, trace in traces.items() if trace.fiche.site == site}


def courbe(vue: Vue, lieu: Lieu) -> str:
    """Capacity curve with its sentence; a sentence alone for a mode whose places are decided."""
    capacite, places = lieu.capacite, vue.valeur(vue.ev.capacite.places)
    if not capacite.regles.referentiel:
        texte = "La règle des m² par place ne s'applique pas à ce mode : les places se décident."
        return f"<figure><p>{texte} Places retenues : {lecture.nombre(places)}.</p></figure>"
    return textes.image(dessiner_places(capacite, lectures.source(vue), places, lieu.coefficient))


def table_de_la_courbe(lieu: Lieu) -> str:
    """Table of the capacity curve, folded; nothing for a mode without one."""
    regles = lieu.capacite.regles
    return textes.repli(tableaux_site.table_marches(lieu.capacite)) if regles.referentiel else ""


def schema(vue: Vue, lieu: Lieu) -> str:
    """Block diagram of the places retained, in the areas of the scenario, with its table; or why there is none.

    Raises:
        ErreurCalcul: too few or too many places for the programme of rooms.
    """
    donnees = _du_schema(vue, lieu)
    if isinstance(donnees, str):
        return f"<p>{proteger(donnees)}</p>"
    programme, *reste = donnees
    trace, dessin = _dessine(programme.model_dump_json(), *reste)
    return _avec_sa_table(vue, trace, dessin, f"{trace.fiche.titre}, à l'échelle ; {trace.fiche.base}.")


def trace_du_schema(vue: Vue, lieu: Lieu) -> PlanTrace | str:
    """Block diagram of the places retained, or why there is none.

    Raises:
        ErreurCalcul: too few or too many places for the programme of rooms.
    """
    donnees = _du_schema(vue, lieu)
    return donnees if isinstance(donnees, str) else plan_simple.schema(*donnees)


def _du_schema(vue: Vue, lieu: Lieu) -> tuple[ProgrammeLocaux, float, float, str] | str:
    """What the block diagram is drawn of: rooms, floor area and yard [m²], site; or why there is none."""
    programme = locaux_du_scenario.programme(vue, lieu.capacite)
    if isinstance(programme, str):
        return programme
    surface, cour = (vue.valeur(g) for g in locaux_du_scenario.surfaces(vue))
    return programme, surface, cour, vue.ev.ctx.etude.site


@lru_cache(maxsize=8)
def _dessine(programme: str, surface: float, cour: float, site: str) -> tuple[PlanTrace, str]:
    """Block diagram of a programme as JSON, and its picture, drawn once for the same rooms and areas: most levers change neither."""
    trace = plan_simple.schema(ProgrammeLocaux.model_validate_json(programme), surface, cour, site)
    return trace, svg(plan_simple.figure(trace))


def plan(vue: Vue, trace: PlanTrace, phrase: str) -> str:
    """Plan to scale with the table of its rooms."""
    return _avec_sa_table(vue, trace, svg(plan_simple.figure(trace)), phrase)


def _avec_sa_table(vue: Vue, trace: PlanTrace, dessin: str, phrase: str) -> str:
    return textes.figure(dessin, phrase, lectures.source(vue)) + textes.repli(plan_simple.table(trace))


def carte(lieu: Lieu) -> str:
    """Map of the place with the distances around it, or why there is none."""
    try:
        alentours = cartes.alentours_de(lieu)
        lue = cartes.dresser(alentours)
    except ErreurPope as erreur:
        return textes.message(str(erreur), bon=False)
    if isinstance(lue, str):
        return f"<p>{proteger(lue)}</p>"
    dessin = textes.figure(lue.svg, f"{lue.texte}.", lue.source, f"{lue.absents} {lue.remede}")
    return dessin + textes.repli(cartes.distances(alentours))


def calendrier(vue: Vue) -> str:
    """Calendar with its table."""
    return dessin_du_calendrier(vue) + textes.tables(lecture.etapes(vue))


def dessin_du_calendrier(vue: Vue) -> str:
    """Calendar, its dates in words."""
    dits, source = lecture.phrase_du_calendrier(vue), lectures.source(vue)
    return textes.image(graphiques.calendrier(graphiques.etapes(vue), vue.ev.ctx.echelle, dits, source))
