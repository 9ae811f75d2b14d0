"""Place opened for its views: site, plans, places, constraints — what the commands and the notebook show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.contraintes import Projet, examiner
from pope_foncier.lieu.fichiers.dxf_ecrit import en_dxf
from pope_foncier.lieu.fichiers.locaux_importes import lire_locaux_du_lieu
from pope_foncier.lieu.locaux import ProgrammeLocaux, locaux_du_plan
from pope_foncier.lieu.mesures import MesuresPlan, mesurer_plan
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_lecture import en_geojson, lire_plan, lire_plan_du_site
from pope_foncier.lieu.site import Site
from pope_foncier.lieu.vraisemblance import comparer_au_site
from pope_foncier.modele.donnee import Donnee, a_peu_pres
from pope_foncier.places.capacite_site import CapaciteSite, capacite_du_site
from pope_foncier.places.controles_locaux import controler_locaux
from pope_foncier.places.controles_plan import ConstatsParSujet, controler_plan
from pope_foncier.places.situation import situation_des_locaux
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import installee
from pope_foncier.socle.fiches import SURFACE_MAX_M2, lire_fiche
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.vues.lieu import planches
from pope_foncier.vues.lieu.planches import Papier, Planche
from pope_foncier.vues.lieu.tableaux import (
    lignes_de_contraintes,
    lignes_de_controles,
    lignes_de_surfaces,
    lignes_sans_site,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Lieu:
    """Site with what the study assumes of it: plan, areas, mode, filing date."""

    site: Site
    catalogue: Catalogue
    mode: str
    jour: date
    plan: PlanTrace | None = None
    surface: Donnee[float] | None = None
    cour: Donnee[float] | None = None
    neuf: bool | None = None
    coefficient: float | None = None
    """Gross over usable area; the central ratio of the programme by default."""
    dense: bool | None = None
    """Reading of the density by a study; that of the INSEE square by default."""
    espace: bool | None = None
    """Whether a study reads a space at a distance as admitted; what the site sheet says by default."""
    surnombre: bool | None = None
    """Whether more children than places are declared at one time, as the law allows; nobody says by default."""
    programme: ProgrammeLocaux | None = None
    """Rooms of a table in the stead of those of the plan."""

    def __repr__(self) -> str:
        return f"Lieu({self.site.nom!r}, {self.mode}, {self.jour})"

    @classmethod
    def ouvrir(
        cls,
        fichier: Path,
        mode: str,
        jour: date,
        plan: Path | None = None,
        surface: str = "",
        tolerance: str = "",
        cour: str = "",
        neuf: bool | None = None,
        locaux: Path | None = None,
    ) -> Lieu:
        """Open a site sheet, with a plan, rooms or areas given by the user; typed areas are assumptions and say so.

        Raises:
            ErreurCalcul: a programme of rooms beside a plan, given with it, that draws its own.
        """
        demande = plan is not None
        site = lire_fiche(Site, fichier)
        if plan is None and site.plan is not None:
            plan = dossier_donnees() / "plans" / site.plan
        trace = lire_plan_du_site(plan, site) if plan is not None else None
        if locaux is not None and demande and trace is not None and trace.de_nature("piece"):
            raise ErreurCalcul(
                f"Deux jeux de pièces : celles du plan « {trace.fiche.titre} » et celles de {chemin_court(locaux)}. Donner l'un ou l'autre."
            )
        part = nombre(tolerance, "--tolerance", 1.0) if tolerance else 0.0
        return cls(
            site,
            Catalogue(),
            mode,
            jour,
            trace,
            supposer(surface, "--surface", part) if surface else None,
            supposer(cour, "--cour", 0.0) if cour else None,
            neuf,
            programme=None if locaux is None else lire_locaux_du_lieu(locaux),
        )

    def avec_plan(self, plan: PlanTrace) -> Lieu:
        """Same place, another plan."""
        return replace(self, plan=plan)

    @cached_property
    def capacite(self) -> CapaciteSite:
        """Places of the site."""
        return capacite_du_site(
            self.site,
            self.catalogue,
            self.mode,
            self.jour,
            self.plan,
            self.surface,
            self.cour,
            self.coefficient,
            self.dense,
            self.espace,
            self.programme,
        )

    @property
    def places(self) -> float:
        """Places to check the rooms with: comfort programme, or law in the usual reading when rooms are drawn; may be NaN."""
        reponse = self.capacite
        ligne = reponse.usuelle or reponse.confort or reponse.lignes[0]
        return float(ligne.solution.places[1])

    def contraintes(self) -> list[Constat]:
        """Constraints checklist."""
        lus = (self.plan, self.capacite.locaux, self.places, self.neuf, self.surnombre)
        return examiner(Projet(self.site, self.catalogue, self.jour, *lus))

    def controles(self) -> list[Constat]:
        """Room checks on the rooms drawn, for the places of the usual reading, one at least."""
        reponse, places = self.capacite, self.places
        cour = float(reponse.surfaces.cour_dense_m2[1])
        return controler_locaux(
            reponse.locaux,
            reponse.regles,
            self.catalogue,
            None if np.isnan(places) else max(int(places), 1),
            reponse.densite.dense,
            None if np.isnan(cour) else cour,
        )

    def plan_et_site(self) -> list[Constat]:
        """Plan beside the sheet of its site: area, storeys, position; empty without a plan."""
        return [] if self.plan is None else comparer_au_site(self.plan, self.site)

    def regles_du_plan(self) -> ConstatsParSujet:
        """Findings on the doors, windows, stairs and rooms drawn, by subject; empty without rooms."""
        if self.plan is None or self.programme is not None or not self.plan.de_nature("piece"):
            return {}
        largeur = float(exiger(self.catalogue.a_la_date("referentiel.locaux.couloir_largeur_min", self.jour)).valeur)
        locaux = self.capacite.locaux or locaux_du_plan(self.plan, largeur)
        passages = self.plan.niveaux_des_passages()
        situation = situation_des_locaux(
            locaux, self.places, self.catalogue, self.jour, self.neuf, passages, self.surnombre
        )
        return controler_plan(self.plan, situation, self.catalogue, self.jour)

    def constats_du_plan(self) -> list[Constat]:
        """Same findings, in one list."""
        return [c for lus in self.regles_du_plan().values() for c in lus]

    def mesures(self) -> MesuresPlan | None:
        """Measures of the plan, None without a plan."""
        if self.plan is None:
            return None
        rayon = exiger(self.catalogue.a_la_date("referentiel.locaux.distance_alternative_m", self.jour))
        return mesurer_plan(self.plan, self.capacite.regles.piece_min, float(rayon.valeur))

    @property
    def ecartees(self) -> frozenset[tuple[str, int, float]]:
        """Rooms of children drawn that do not count: name, storey, area to the hundredth."""
        comptees = self.capacite.comptees
        lus = comptees.ecartes if comptees is not None else ()
        return frozenset((x.nom, x.niveau, round(x.surface_m2, 2)) for x, _ in lus)

    def planche(self, papier: Papier = "A4", echelle: int | None = None, niveau: int = 0) -> Planche:
        """Title block of the plan of the place."""
        return Planche(
            self.site.nom,
            self.jour,
            papier,
            echelle,
            lignes_de_surfaces(self.capacite),
            lignes_de_controles([*self.plan_et_site(), *self.controles(), *self.constats_du_plan()]),
            lignes_de_contraintes(self.contraintes()),
            niveau,
            self.ecartees,
        )


def composer_lieux(
    lieux: Sequence[Lieu],
    papier: Papier,
    echelle: int | None,
    niveau: int = 0,
    toutes_les_cotes: bool = False,
    hors_cadre: tuple[str, ...] = (),
) -> Figure:
    """Sheet of one place, or of its variants with the answer of each; ``hors_cadre``: functions of rooms that the frame may cut."""
    plans = [lieu.plan for lieu in lieux if lieu.plan is not None]
    planche = lieux[0].planche(papier, echelle, niveau)
    planche = replace(planche, toutes_les_cotes=toutes_les_cotes, hors_cadre=hors_cadre)
    if len(lieux) > 1:
        surfaces = tuple(
            f"{plan.fiche.titre} — {ligne}"
            for lieu, plan in zip(lieux, plans, strict=True)
            for ligne in lignes_de_surfaces(lieu.capacite)[-2:]
        )
        controles = tuple(
            f"{plan.fiche.titre} — {dit}"
            for lieu, plan in zip(lieux, plans, strict=True)
            for dit in lieu.planche(papier, echelle, niveau).controles
        )
        ecartees = frozenset(x for lieu in lieux for x in lieu.ecartees)
        planche = replace(planche, surfaces=surfaces, controles=controles, ecartees=ecartees)
    return planches.composer(plans, planche)


def dessiner_plans(
    fichiers: Sequence[Path],
    jour: date,
    mode: str,
    papier: Papier,
    echelle: int | None,
    sortie: Path,
    niveau: int = 0,
    toutes_les_cotes: bool = False,
) -> list[Path]:
    """Draw one storey of the plans of a site on a sheet, and write SVG, PDF, PNG, and each plan in GeoJSON and DXF.

    A plan alone needs no site: its sheet then says its areas, and that the places are unknown. The DXF is left out where its library is not installed.

    Raises:
        ErreurCalcul: several plans that are not of one site; a storey that none of them draws.
    """
    if not fichiers:
        raise ErreurCalcul("Aucun plan à dessiner : donner au moins un fichier de plan.")
    plans = [lire_plan(f) for f in fichiers]
    sites = {plan.fiche.site for plan in plans}
    if len(sites) > 1 or (None in sites and len(plans) > 1):
        raise ErreurCalcul(
            "Les plans d'une planche sont ceux d'un même site : remplir « site » dans chaque fichier, avec le nom de sa "
            "fiche dans data/sites/."
        )
    lieux = []
    if (site := sites.pop()) is not None:
        fiche = dossier_donnees() / "sites" / f"{site}.yaml"
        lieux = [Lieu.ouvrir(fiche, mode, jour, f) for f in fichiers]
        plans = [lieu.plan for lieu in lieux if lieu.plan is not None]
    dessines = {e.element.niveau for plan in plans for e in plan.elements}
    if niveau not in dessines:
        connus = ", ".join(map(str, sorted(dessines)))
        raise ErreurCalcul(f"Aucune pièce ni aucun contour au niveau {niveau} ; niveaux dessinés : {connus}.")
    if lieux:
        fig = composer_lieux(lieux, papier, echelle, niveau, toutes_les_cotes)
    else:
        dites = lignes_sans_site(plans[0], niveau)
        seule = Planche(
            "Plan sans site", jour, papier, echelle, dites, niveau=niveau, toutes_les_cotes=toutes_les_cotes
        )
        fig = planches.composer(plans, seule)
    nom = fichiers[0].stem + (f"_niveau_{niveau}" if niveau else "")
    contenus: dict[Path, str | bytes] = {
        sortie / f"{nom}.svg": planches.ecrire_octets(fig, "svg"),
        sortie / f"{nom}.pdf": planches.ecrire_octets(fig, "pdf"),
    }
    for f, plan in zip(fichiers, plans, strict=True):
        contenus[sortie / f"{f.stem}.geojson"] = en_geojson(plan)
        if installee("ezdxf"):
            contenus[sortie / f"{f.stem}.dxf"] = en_dxf(plan)
    contenus[sortie / f"{nom}.png"] = planches.ecrire_octets(fig, "png")
    return ecrire_ensemble(contenus)


def supposer(texte: str, option: str, tolerance: float) -> Donnee[float]:
    """Area typed by the user, as an assumption with its range."""
    valeur = nombre(texte, option, SURFACE_MAX_M2)
    return a_peu_pres(valeur, tolerance, "supposée à la ligne de commande")


def nombre(texte: str, option: str, maxi: float) -> float:
    """Non-negative French number of an option.

    Raises:
        ErreurCalcul: not a number, a negative one, or one above the largest.
    """
    try:
        valeur = lire_nombre(texte)
    except ValueError as erreur:
        raise ErreurCalcul(f"{option} : {erreur}.") from None
    if valeur < 0:
        raise ErreurCalcul(f"{option} : un nombre positif est attendu ; trouvé : « {texte} ».")
    if valeur > maxi:
        raise ErreurCalcul(f"{option} : {formater_nombre(maxi)} au plus ; trouvé : « {texte} ».")
    return valeur
