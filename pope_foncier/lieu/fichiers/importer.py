"""Importer: what a file of the trade holds and what the user says of it make a plan of ours, with its provenance."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pope_foncier.lieu.fichiers import systemes
from pope_foncier.lieu.fichiers.axes import Lu, exiger_des_degres, lire_l_unite, lire_le_systeme, nom_de_l_unite
from pope_foncier.lieu.fichiers.candidats import (
    CARTES,
    Candidat,
    avec_leur_interieur,
    cle,
    convient,
    dites_du_nom,
    en_forme,
    lire_etiquettes,
    nature_de,
    points_et_trous,
)
from pope_foncier.lieu.fichiers.choix import Choix, rangs_de, retenir
from pope_foncier.lieu.fichiers.lecteurs import lire_releve
from pope_foncier.lieu.fichiers.noms_de_pieces import lire_nom
from pope_foncier.lieu.fichiers.releve import Releve
from pope_foncier.lieu.geometrie import LAMBERT93, cotes_du_rectangle_m, projeter
from pope_foncier.lieu.plan import POINTS_MAX, Plan, PlanTrace
from pope_foncier.lieu.plan_controles import controler, tracer
from pope_foncier.lieu.site import Site
from pope_foncier.lieu.vraisemblance import (
    EN_UNITES,
    UNITES,
    en_m2,
    est_vraisemblable,
    exiger_du_site,
    lire_vraisemblance,
    unites_possibles,
)
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, abreger
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.refus import proposer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_DECIMALES = 3
"""Coordinates are written to the millimetre."""
_MESURES = ("batiment", "piece", "parcelle", "cour")
"""A plan has at least one of these: columns or tracks alone are no place."""
_ORIGINE_LOIN_M = 5_000.0
"""A drawing farther than this from its own origin is brought back to it."""


class Couche(NamedTuple):
    """Layer in numbers."""

    nom: str
    contours: int
    lignes: int
    points: int
    surface_m2: float
    nature: str
    """Natures of its things, joined; empty when nobody says."""


class Importation:
    """File being imported: what it holds, what the user has said, what is still to say, and the plan that results."""

    def __init__(
        self,
        chemin: Path,
        choix: Choix | None = None,
        site: Site | None = None,
        jour: date | None = None,
        releve: Releve | None = None,
    ) -> None:
        self.chemin, self.choix, self.site, self.jour = chemin, choix or Choix(), site, jour
        self.releve = releve or lire_releve(chemin, self.choix.roles())

    def avec(self, **dits: Any) -> Importation:
        """Same file, with more said."""
        return Importation(self.chemin, replace(self.choix, **dits), self.site, self.jour, self.releve)

    @property
    def _pres_de(self) -> tuple[float, float] | None:
        position = self.site.position if self.site else None
        return (position.longitude, position.latitude) if position else None

    @property
    def ecart_de_place_m(self) -> float | None:
        """Distance to the site of the place that a drawing in local axes says; None when one of the two is not said."""
        if self._pres_de is None or self.releve.position is None:
            return None
        from pyproj import Geod

        return float(Geod(ellps="WGS84").inv(*self.releve.position, *self._pres_de)[2])

    @cached_property
    def _bornes(self) -> tuple[float, float, float, float]:
        from shapely import total_bounds

        if not self.releve.objets:
            return 0.0, 0.0, 0.0, 0.0
        x0, y0, x1, y1 = (float(v) for v in total_bounds([o.forme for o in self.releve.objets]))
        return x0, y0, x1, y1

    @cached_property
    def systeme(self) -> Lu:
        """Reference system: of the options, of the file, or guessed from the numbers."""
        return lire_le_systeme(self.releve, self.choix, self._bornes, self._pres_de)

    @cached_property
    def unite(self) -> Lu:
        """Unit of the drawing: of the options, of the file, or guessed from the areas."""
        return lire_l_unite(self.releve, self.choix, self.systeme.valeur, self._attendue_m2)

    @property
    def _attendue_m2(self) -> float | None:
        return self.site.surface_m2.valeur if self.site else None

    @cached_property
    def _metres(self) -> float:
        if self.unite.valeur in UNITES:
            return UNITES[self.unite.valeur]
        return self.releve.metres_par_unite or 1.0

    @cached_property
    def systeme_de_mesure(self) -> str:
        """System in which areas are measured: that of the file when its metres are those of the ground.

        Raises:
            ErreurDonnees: numbers that cannot be degrees in a file that says they are.
        """
        code, bornes = self.systeme.valeur or systemes.LOCAL, self._bornes
        if systemes.en_degres(code):
            exiger_des_degres(bornes, chemin_court(self.chemin), self._pres_de)
        return systemes.systeme_en_metres(bornes, code)

    @cached_property
    def candidats(self) -> tuple[Candidat, ...]:
        """Everything that the file draws, in metres, with its nature."""
        dites, par_rang = self._natures_dites()
        formes = [self._en_metres(o.forme) for o in self.releve.objets]
        distances: list[float] | None = None
        if self._pres_de is not None and self.systeme_de_mesure != systemes.LOCAL:
            distances = systemes.distances_m(formes, self.systeme_de_mesure, self._pres_de)
        trouves = []
        for rang, (objet, forme) in enumerate(zip(self.releve.objets, formes, strict=True), 1):
            nature, proposee = nature_de(objet, par_rang.get(rang, dites[objet.couche]), self.releve.format in CARTES)
            distance = distances[rang - 1] if distances else None
            trouves.append(Candidat(rang, objet, forme, nature, proposee and bool(nature), distance))
        return tuple(trouves)

    def _natures_dites(self) -> tuple[dict[str, str], dict[int, str]]:
        """What the user says of each layer of the file, empty for those of which nothing is said; and of single things, by rank.

        Raises:
            ErreurCalcul: a layer that the file does not have.
        """
        couches, dites = self.releve.couches().keys(), {**self.choix.natures, **self.choix.repondues}
        connues = set(map(cle, couches))
        absentes = [n for n in dites if n and n not in couches and cle(n) not in connues]
        par_rang = {r: dites[n] for n in absentes for r in rangs_de(n)}
        absentes = [n for n in absentes if not rangs_de(n)]
        if absentes:
            proches = proposer(absentes[0], [c for c in couches if c])
            raise ErreurCalcul(f"--nature : la couche « {abreger(absentes[0])} » n'existe pas. {proches}")
        return {couche: dites_du_nom(couche, dites, couches) for couche in couches}, par_rang

    def _en_metres(self, forme: BaseGeometry) -> BaseGeometry:
        from shapely.affinity import scale

        if self.systeme.valeur in (systemes.LOCAL, ""):
            return forme if self._metres == 1 else scale(forme, self._metres, self._metres, origin=(0, 0))
        return projeter(forme, self.systeme.valeur, self.systeme_de_mesure)

    @cached_property
    def retenus(self) -> tuple[Candidat, ...]:
        """Things that enter the plan: those chosen with what their buildings hold, all those that have a nature when nobody chose."""
        choisis = self.candidats
        if self.choix.choisir:
            rangs = {c.rang for texte in self.choix.choisir for c in retenir(texte, self.candidats)}
            choisis = avec_leur_interieur([c for c in self.candidats if c.rang in rangs], self.candidats)
        return tuple(c for c in choisis if c.nature and convient(c.nature, c.forme))

    def couches(self) -> list[Couche]:
        """Layers of the file, in its order."""
        trouvees, par_couche = [], defaultdict(list)
        for candidat in self.candidats:
            par_couche[candidat.objet.couche].append(candidat)
        for nom, siens in par_couche.items():
            genres = Counter(c.forme.geom_type for c in siens)
            natures = ", ".join(dict.fromkeys(c.nature for c in siens if c.nature))
            nombres = (genres["Polygon"], genres["LineString"], genres["Point"])
            trouvees.append(Couche(nom, *nombres, sum(c.surface for c in siens), natures))
        return trouvees

    def plus_grands(self) -> list[tuple[Candidat, tuple[float, float]]]:
        """Outlines, the largest first, with the sides of the smallest rectangle that holds each."""
        contours = sorted((c for c in self.candidats if c.surface > 0), key=lambda c: -c.surface)
        return [(c, cotes_du_rectangle_m(c.forme)) for c in contours]

    def fonction_de(self, candidat: Candidat) -> tuple[str, bool]:
        """Function of a room, and whether its name only suggests it."""
        particulieres = {nom: f for nom, f in self.choix.fonctions.items() if nom}
        dite = dites_du_nom(candidat.nom, particulieres) or candidat.objet.fonction
        if dite:
            return dite, False
        lu = lire_nom(candidat.objet.nom) if candidat.objet.nom else None
        if lu is not None and lu.fonction:
            return lu.fonction, lu.a_confirmer
        return self.choix.fonctions.get("", ""), False

    @cached_property
    def plan(self) -> PlanTrace:
        """Plan of what was kept, checked like any plan, and against the sheet of its site.

        Raises:
            ErreurDonnees: nothing to draw, or the faults of the plan.
        """
        court = chemin_court(self.chemin)
        if not self.retenus:
            message = (
                "rien à dessiner : ni contour ni ligne retenus."
                if self.releve.objets
                else "rien à dessiner dans ce fichier."
            )
            raise ErreurDonnees.une(court, message, "revoir --choisir et --nature, ou le fichier.")
        if not any(c.nature in _MESURES for c in self.retenus):
            sans = next((a for a in self.releve.avis if a.startswith("Aucun contour")), "")
            message = "rien qui se mesure : ni bâtiment, ni pièce, ni parcelle, ni cour dans ce qui est retenu."
            message += f" {sans}" if sans else ""
            remede = "dire ce que dessine une couche : --nature COUCHE=batiment, ou choisir d'autres tracés."
            raise ErreurDonnees.une(court, message, remede)
        self._exiger_l_unite()
        systeme, deplacer = self._axes()
        elements = [self._element(c, deplacer) for c in self.retenus]
        fiche = valider(Plan, self.tete() | {"systeme": systeme, "elements": elements}, court)
        trace, problemes = tracer(fiche, court, {})
        if not problemes:
            problemes = controler(trace, court, {}, self._pres_de)
        if problemes:
            raise ErreurDonnees(problemes)
        if self.site is not None:
            exiger_du_site(trace, self.site, court)
        return trace

    def _exiger_l_unite(self) -> None:
        """Refuse a unit in which the largest outline is no place, with the one that was probably meant: one sentence, not one an outline."""
        connues = lire_vraisemblance().bornes
        grand = max((c for c in self.retenus if c.nature in connues), key=lambda c: c.surface)
        if self.systeme.valeur != systemes.LOCAL or est_vraisemblable(grand.nature, grand.surface):
            return
        possibles = unites_possibles(grand.surface / self._metres**2, grand.nature, self._attendue_m2)
        if self.releve.unite_probable is not None:
            possibles = [nom_de_l_unite(self.releve.unite_probable[0]), *possibles]
        message = f"en {EN_UNITES.get(self.unite.valeur, self.unite.valeur)}, « {grand.nom} » ferait {en_m2(grand.surface)} ({grand.nature}) : ce n'est pas vraisemblable."
        remede = "vérifier l'unité et le système du fichier."
        for unite in (u for u in possibles[:1] if u in UNITES):
            lue = en_m2(grand.surface * (UNITES[unite] / self._metres) ** 2)
            message += f" Unité probable : {EN_UNITES[unite]}, soit {lue}."
            remede = f"donner --unite {unite}."
        raise ErreurDonnees.une(chemin_court(self.chemin), message, remede, "--unite")

    def _axes(self) -> tuple[str, Any]:
        """System of the plan, and the function that brings a geometry measured in metres to it."""
        from shapely import box, total_bounds
        from shapely.affinity import translate

        ensemble = box(*map(float, total_bounds([c.forme for c in self.retenus])))  # outlines may cross themselves
        code = self.systeme_de_mesure
        if code != systemes.LOCAL and systemes.en_france(ensemble, code):
            return "lambert93", lambda forme: projeter(forme, code, LAMBERT93)
        if code != systemes.LOCAL and self._pres_de is not None:
            loin = systemes.distances_m([ensemble], code, self._pres_de)[0] / 1000
            if loin * 1000 > lire_vraisemblance().position_refus_m:
                message = f"le tracé est à {formater_nombre(loin)} km de la position du site, hors de la France métropolitaine."
                raise ErreurDonnees.une(
                    chemin_court(self.chemin), message, "vérifier le fichier, ou son système (--systeme)."
                )
        x0, y0 = ensemble.bounds[:2]
        if code == systemes.LOCAL and max(map(abs, ensemble.bounds)) <= _ORIGINE_LOIN_M:
            return "local", lambda forme: forme
        return "local", lambda forme: translate(forme, -round(x0), -round(y0))

    @property
    def _decimales(self) -> int | None:
        """Decimals that coordinates are written with; a plan of ours comes back as it left."""
        return None if self.releve.tete else _DECIMALES

    @cached_property
    def _nombres(self) -> Counter[str]:
        """How many things enter the plan, by nature."""
        return Counter(c.nature for c in self.retenus)

    def _element(self, candidat: Candidat, deplacer: Any) -> dict[str, Any]:
        objet = candidat.objet
        a_distinguer = candidat.nature in _MESURES and self._nombres[candidat.nature] > 1
        nom = objet.nom or (candidat.identifiant if a_distinguer else "")
        champs: dict[str, Any] = {"nature": candidat.nature, "nom": nom or None}
        if candidat.nature == "piece":
            champs["fonction"] = self.fonction_de(candidat)[0]
        if objet.niveau is not None:
            champs["niveau"] = objet.niveau
        champs |= objet.proprietes
        if candidat.nature == "batiment" and "hauteur_m" not in champs:
            champs["hauteur_m"] = _hauteur(candidat)
        if champs.get("vers") is not None:
            from shapely.geometry import Point

            vers = deplacer(self._en_metres(Point(champs["vers"])))
            champs["vers"] = points_et_trous(vers, self._decimales)["points"][0]
        forme = deplacer(en_forme(candidat.nature, candidat.forme))
        if len(forme.exterior.coords if forme.geom_type == "Polygon" else forme.coords) > POINTS_MAX:
            forme = forme.simplify(10**-2)
        dessin = points_et_trous(forme, self._decimales)
        return {c: v for c, v in champs.items() if v is not None} | dessin

    def tete(self) -> dict[str, Any]:
        """Head of the plan: what the file says of itself, then what the user says, then what nobody says."""
        tete = {c: v for c, v in self.releve.tete.items() if v is not None}
        tete["titre"] = self.choix.titre or self.releve.titre or self.chemin.stem
        if self.choix.site:
            tete["site"] = self.choix.site
        if self.releve.nord_degres is not None:
            tete.setdefault("nord_degres", self.releve.nord_degres)
        if self.choix.statut:
            tete["statut"] = self.choix.statut
            if self.choix.statut != "hypothese" and self.jour is not None:
                titre = f"{self.chemin.name} ({self.releve.format})"
                tete.setdefault("source", {"titre": titre, "consulte_le": self.jour})
        du_fichier = not self.choix.statut and self.releve.tete.get("statut")
        if tete.setdefault("statut", "hypothese") == "hypothese" and not du_fichier:
            tete.setdefault("base", f"importé de {self.chemin.name}, dont rien ne dit s'il est relevé : à confirmer")
        return tete


def _hauteur(candidat: Candidat) -> float | None:
    """Height of a building that its table measures [m]; None when it is empty or no number."""
    for champ in lire_etiquettes().hauteurs:
        try:
            hauteur = float(candidat.objet.attributs.get(champ, ""))
        except ValueError:
            continue
        return hauteur if hauteur > 0 else None
    return None
