"""Rooms drawn of the site of a study, where checks leave some of them out: the child area and the beds that count."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pope_foncier.lieu.locaux import Local, locaux_du_plan
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.site import Site
from pope_foncier.lieu.surfaces_comptees import lits
from pope_foncier.lieu.vraisemblance import exiger_du_site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places.controles_locaux import compter_au_jour, seuils_de_compte
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.lecture import etat_du_fichier
from pope_foncier.socle.phrases import Origine


@enregistrement
class PiecesDuSite:
    """What counts of the rooms drawn."""

    surface: Grandeur
    """Child area in the usual reading [m²]."""
    lits: Grandeur | None
    """Beds; None when no room to sleep is drawn."""
    ecartees: str
    """Rooms left out and why, in French."""


def pieces_du_site(ctx: Contexte) -> PiecesDuSite | None:
    """Rooms of the plan that the site sheet names, when a check leaves some of them out; None otherwise."""
    lu = plan_du_site(ctx)
    if lu is None:
        return None
    trace, locaux = lu
    exiger_du_site(trace, ctx.site, ctx.site.plan or "")
    comptees = compter_au_jour(locaux, ctx.catalogue, ctx.etude.date_demande)
    if not comptees.ecartes:
        return None
    dites = ", ".join(f"{x.nom} ({dit})" for x, dit in comptees.ecartes)
    plan = trace.fiche
    mention = f"plan « {plan.titre} », sans les pièces qui ne comptent pas : {dites}"
    origine = [Origine("hypothese", "site.plan", f"hypothèse : {mention}", "hypothese")]
    if plan.source is not None:
        origine = [Origine("fait", "site.plan", mention, "secondaire", plan.source.titre, plan.source.url)]
    surface = Grandeur(comptees.comptees["usuel"], "Surface d'enfants des pièces dessinées", "m²", origine)
    chambres = None
    if any(x.fonction == "sommeil" for x in locaux):
        regle = (ctx.bareme(f"referentiel.locaux.sommeil_{x}").au_point() for x in ("premier_lit", "lit_suivant"))
        chambres = Grandeur(float(lits(comptees.retenus, *regle)), "Lits des chambres dessinées", "lits", origine)
    return PiecesDuSite(surface, chambres, dites)


def plan_du_site(ctx: Contexte) -> tuple[PlanTrace, tuple[Local, ...]] | None:
    """Plan that the site sheet names, with its rooms measured; None when it names none."""
    chemin = fichier_du_plan(ctx.site)
    if chemin is None:
        return None
    largeur = seuils_de_compte(ctx.catalogue, ctx.etude.date_demande).couloir_largeur_m
    return _lire(chemin, etat_du_fichier(chemin), largeur)


def fichier_du_plan(site: Site) -> Path | None:
    """File of the plan that a site sheet names; None when it names none."""
    return None if site.plan is None else dossier_donnees() / "plans" / site.plan


@lru_cache(maxsize=16)
def _lire(chemin: Path, etat: tuple[int, int] | None, largeur_couloir_m: float) -> tuple[PlanTrace, tuple[Local, ...]]:
    """Rooms of a plan, measured once for each state of its file."""
    from pope_foncier.lieu.plan_lecture import lire_plan

    trace = lire_plan(chemin)
    return trace, locaux_du_plan(trace, largeur_couloir_m)
