"""Childcare as a public service of the communes: the opinion that a project must have, and what the State already pays to its commune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.etude.attribution_sppe import attribution
from pope_foncier.etude.points_du_plan import Point
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.territoire.populations import lire_populations

_SOUTIEN = "exploitation.service_public.soutien_"
_AIDEE, _SCHEMA = "exploitation.service_public.population_aidee", "exploitation.service_public.population_schema"
_AVIS = ("delais.procedures.avis_commune_mois", "delais.procedures.validite_avis_mois")


@dataclass(frozen=True, slots=True)
class SoutienDeLEtat:
    """What the State paid to communes for the service in the last year published [€/year].

    It is free of use and paid to the commune: neither an income of a place, nor less of its cost.

    Attributes:
        annee: calendar year of these amounts.
        plancher, moyen, grandes_villes: smallest amount, mean, and that of most large cities.
        seuil: inhabitants above which a commune has it.
        habitants: those of the commune of the site; None when the table does not have it.
        millesime_inconnu: year of the request when its amounts were not found; None when they are these.
        attribution: lowest and highest amount of the commune, by its births and its financial capacity; None when its births are not known.
    """

    annee: int
    plancher: float
    moyen: float
    grandes_villes: float
    seuil: float
    habitants: int | None
    millesime_inconnu: int | None
    attribution: tuple[float, float] | None


def soutien_de_l_etat(vue: Vue) -> SoutienDeLEtat | None:
    """Support of the State to the commune of a study; None before it exists, or when the commune is known to be too small."""
    ctx = vue.ev.ctx
    lus = {nom: _publiee(ctx, f"{_SOUTIEN}{nom}") for nom in ("plancher", "moyen", "grandes_villes")}
    seuil, habitants = _publiee(ctx, _AIDEE), _habitants(vue)
    if seuil is None or (habitants is not None and habitants <= seuil.valeur):
        return None
    connues = {nom: v for nom, v in lus.items() if v is not None}
    if len(connues) < len(lus):
        return None
    annee, demande = connues["plancher"].depuis.year, ctx.etude.date_demande
    manque = None if connues["plancher"].couvre(demande) else demande.year
    montants = {nom: float(v.valeur) for nom, v in connues.items()}
    return SoutienDeLEtat(
        annee,
        **montants,
        seuil=float(seuil.valeur),
        habitants=habitants,
        millesime_inconnu=manque,
        attribution=attribution(ctx, montants["plancher"]),
    )


def avis_de_la_commune(vue: Vue) -> Iterator[Point]:
    """Opinion without which the department does not authorise a place; nothing where the commune need not plan."""
    ctx = vue.ev.ctx
    aide, schema, *durees = (_publiee(ctx, nom) for nom in (_AIDEE, _SCHEMA, *_AVIS))
    regle = [v for v in durees if v is not None]
    if (
        aide is None
        or schema is None
        or len(regle) < len(_AVIS)
        or not mode_de_l_etude(ctx.etude.mode_accueil).referentiel
    ):
        return
    habitants = _habitants(vue)
    if habitants is not None and habitants <= aide.valeur:
        return
    delai, validite = (formater_nombre(float(v.valeur)) for v in regle)
    yield (
        "Avis favorable de la commune",
        "à obtenir",
        f"service public de la petite enfance : sans lui le département n'autorise pas l'ouverture ; silence de {delai} mois : favorable, valable {validite} mois ; "
        f"{_du_schema(habitants, float(schema.valeur))}",
        ctx.etude.acteurs.commune,
    )


def _du_schema(habitants: int | None, seuil: float) -> str:
    """What the plan of the commune asks of the project."""
    if habitants is None:
        return f"au-delà de {formater_nombre(seuil)} habitants, la commune tient un schéma pluriannuel : demander si le projet y figure"
    if habitants <= seuil:
        return f"pas de schéma pluriannuel imposé jusqu'à {formater_nombre(seuil)} habitants"
    return (
        f"plus de {formater_nombre(seuil)} habitants ({formater_nombre(habitants)}) : la commune tient un schéma pluriannuel "
        "de l'offre d'accueil, demander si le projet y figure"
    )


def _habitants(vue: Vue) -> int | None:
    return lire_populations().habitants.get(vue.ev.ctx.site.code_insee)


def _publiee(ctx: Contexte, chemin: str) -> ValeurDatee | None:
    """Last value published on the day of the request; None before the first."""
    valeurs = ctx.catalogue.bareme(chemin).valeurs
    connues = [v for v in valeurs if v.depuis <= ctx.etude.date_demande and v.valeur is not None]
    return connues[-1] if connues else None
