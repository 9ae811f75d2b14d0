"""First fits of a place in words and pictures: areas by room beside the wanted ones, checks, sheet, files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.lieu.constats import CONSTAT_EN_CLAIR, Constat
from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.plan_lecture import en_geojson
from pope_foncier.places.esquisse.bilan import Bilan, voulu_m2
from pope_foncier.places.esquisse.demande import Demande, contour_de_la_fiche, contour_saisi
from pope_foncier.places.esquisse.variantes import Esquisse, Esquisses
from pope_foncier.places.usages_du_plan import lire_usages
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.cellules import html_de, image_de
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import planches
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, composer_lieux
from pope_foncier.vues.lieu.planches import Papier

if TYPE_CHECKING:
    from IPython.display import HTML, Image
    from matplotlib.figure import Figure

_A_DIRE = ("non_respecte", "a_surveiller")


def demander(
    lieu: Lieu,
    site: str,
    places: int | None,
    contour: str = "",
    facades: Sequence[str] = (),
    programme: ProgrammeLocaux | None = None,
    graine: int = 1,
    percer: bool = True,
) -> Demande:
    """What is asked of a place: its plan, else the size typed, else the outline of its sheet; places of comfort by default.

    Raises:
        ErreurCalcul: no outline, or no number of places.
    """
    depart = contour_saisi(contour, facades, site) if contour else lieu.plan or contour_de_la_fiche(lieu.site, site)
    reponse = lieu.avec_plan(depart).capacite
    if places is None and programme is None and reponse.confort is not None:
        tenues = float(reponse.confort.solution.places[1])
        places = int(tenues) if tenues >= 1 else None
    cour = float(reponse.surfaces.cour_dense_m2[1])
    dense = bool(reponse.densite.dense)
    return Demande.pour(
        depart, places, reponse.regles, dense, 0.0 if math.isnan(cour) else cour, programme, graine, percer
    )


def table_esquisses(esquisses: Esquisses, lieu: Lieu, programme: ProgrammeLocaux) -> Table:
    """Sketches side by side: places that each holds once re-read as a plan, checks, areas, circulation, ways out."""
    lignes: list[Rang] = []
    for e in esquisses.variantes:
        b = Bilan.de(e)
        aires = (cases.nombre(x, 1, unite="m²") for x in (b.utile, b.enfants, b.circulation, b.a_affecter))
        defauts = cases.nombre(len([c for c in constats_de(e, lieu) if c.statut in _A_DIRE]))
        lignes.append((e.plan.fiche.titre, e.parti, _places_relues(e, lieu), defauts, *aires, cases.nombre(b.issues)))
    entetes = (
        "Esquisse",
        "Parti",
        "Places au droit, surface usuelle",
        "Contrôles en défaut",
        "Utile, m²",
        "Enfants, m²",
        "Circulation, m²",
        "À affecter, m²",
        "Issues",
    )
    note = "Esquisses, pas des plans d'exécution : murs et cloisons supposés, à reprendre par l'architecte."
    titre = f"Premières esquisses : {programme.titre[:1].lower()}{programme.titre[1:]}"
    return Table(titre, entetes, tuple(lignes), note=" ".join([note, *esquisses.motifs, *_repetes(esquisses)]), cles=2)


def _places_relues(e: Esquisse, lieu: Lieu) -> str:
    """Places of the law for a sketch re-read as a plan, in each reading of what is unknown."""
    lues: dict[str, list[str]] = {}
    for ligne in lieu.avec_plan(e.plan).capacite.lignes:
        if ligne.comptee == "usuel":
            nombre = str(cases.nombre(float(ligne.solution.places[1])).sinon(ligne.phrase))
            lues.setdefault(nombre, []).append(ligne.lecture)
    if len(lues) < 2:
        return next(iter(lues), "inconnu")
    return " ; ".join(f"{nombre} ({' ou '.join(lectures)})" for nombre, lectures in lues.items())


def _repetes(esquisses: Esquisses) -> list[str]:
    """Sketches of one scheme, said."""
    partis: dict[str, list[str]] = {}
    for e in esquisses.variantes:
        partis.setdefault(e.parti, []).append(e.plan.fiche.titre)
    return [
        f"{', '.join(titres)} : même parti, pièces autrement placées." for titres in partis.values() if len(titres) > 1
    ]


def table_surfaces(esquisses: Esquisses) -> Table:
    """Areas by room beside the wanted ones."""
    variantes = esquisses.variantes
    bilans = [Bilan.de(e) for e in variantes]
    lignes: list[Rang] = [
        (b.nom, cases.nombre(b.surface_m2, 1, unite="m²"), *(_ecart(*x.pieces[r]) for x in bilans))
        for r, b in enumerate(variantes[0].besoins)
    ]
    total = cases.nombre(voulu_m2(variantes[0]), 1, unite="m²")
    lignes.append(("Toutes les pièces", total, *(_ecart(*x.total) for x in bilans)))
    entetes = ("Pièce", "Voulue, m²", *(f"{e.plan.fiche.titre}, m²" for e in variantes))
    titre = "Surfaces des pièces, et écart avec la surface voulue"
    return Table(titre, entetes, tuple(lignes), totaux=(len(lignes) - 1,))


def table_controles(esquisse: Esquisse, lieu: Lieu) -> Table:
    """Checks of a sketch that do not hold, then how many hold and how many stay open."""
    constats = constats_de(esquisse, lieu)
    lignes: list[Rang] = [
        (c.sujet, CONSTAT_EN_CLAIR[c.statut], c.valeur, c.seuil, c.source) for c in constats if c.statut in _A_DIRE
    ]
    if not lignes:
        lignes = [("Aucun contrôle en défaut", CONSTAT_EN_CLAIR["respecte"], "", "", "")]
    respectes, ouverts = (len([c for c in constats if c.statut == s]) for s in ("respecte", "a_verifier"))
    note = f"{respectes} contrôles respectés, {ouverts} à vérifier. {' '.join(esquisse.remarques)}"
    entetes = ("Contrôle", "Réponse", "Valeur", "Règle", "Source")
    return Table(f"Contrôles : {esquisse.plan.fiche.titre}", entetes, tuple(lignes), note=note.strip(), texte=True)


def constats_de(esquisse: Esquisse, lieu: Lieu) -> list[Constat]:
    """All the checks of a sketch."""
    dessine = lieu.avec_plan(esquisse.plan)
    return [*dessine.controles(), *(c for lus in dessine.regles_du_plan().values() for c in lus)]


def _ecart(surface: float, part: float) -> cases.Case:
    case = cases.nombre(surface, 1, unite="m²")
    signe = "+" if part >= 0 else "−"
    return case.dite(f"{case}\N{NO-BREAK SPACE}({signe}{formater_nombre(100 * abs(part))}\N{NO-BREAK SPACE}%)")


@dataclass(frozen=True, repr=False)
class CarnetEsquisse(Pages):
    """First fits of a place."""

    lieu: Lieu
    demande: Demande
    esquisses: Esquisses

    @property
    def _montrees(self) -> Sequence[Esquisse]:
        return self.esquisses.variantes

    def resume(self) -> HTML:
        """Sketches side by side, or why there is none."""
        return (
            html_de(table_esquisses(self.esquisses, self.lieu, self.demande.programme))
            if self._montrees
            else _refus(self.esquisses)
        )

    def surfaces(self) -> HTML:
        """Areas by room beside the wanted ones."""
        return html_de(table_surfaces(self.esquisses)) if self._montrees else _refus(self.esquisses)

    def controles(self, rang: int = 1) -> HTML:
        """Checks of one sketch."""
        return (
            html_de(table_controles(self._montrees[rang - 1], self.lieu)) if self._montrees else _refus(self.esquisses)
        )

    def image(self) -> Image | HTML:
        """Sheet of the sketches, at one scale."""
        if not self._montrees:
            return _refus(self.esquisses)
        return image_de(self.planche("A3"), f"Esquisses : {self.lieu.site.nom}", points=80)

    def planche(self, papier: Papier = "A3", echelle: int | None = None, rang: int | None = None) -> Figure:
        """Sheet of the sketches at one scale, or of one of them at the largest that fits."""
        montrees = self._montrees if rang is None else self._montrees[rang - 1 : rang]
        lieux = [self.lieu.avec_plan(e.plan) for e in montrees]
        return composer_lieux(lieux, papier, echelle, hors_cadre=lire_usages().hors_projet)

    def ecrire(self, dossier: Path, nom: str, papier: Papier = "A3", echelle: int | None = None) -> list[Path]:
        """Write each sketch as a plan (YAML, GeoJSON) and a sheet (PDF), and the sheet of all (SVG, PDF)."""
        if not self._montrees:
            return []
        fig = self.planche(papier, echelle)
        contenus: dict[Path, str | bytes] = {
            dossier / f"{nom}_esquisses.svg": planches.ecrire_octets(fig, "svg"),
            dossier / f"{nom}_esquisses.pdf": planches.ecrire_octets(fig, "pdf"),
        }
        for rang, e in enumerate(self._montrees, 1):
            contenus[dossier / f"{nom}_esquisse_{rang}.yaml"] = en_yaml(
                e.plan.fiche, f"{e.plan.fiche.titre} : {e.parti}."
            )
            contenus[dossier / f"{nom}_esquisse_{rang}.geojson"] = en_geojson(e.plan)
            seule = self.planche(papier, echelle, rang)
            contenus[dossier / f"{nom}_esquisse_{rang}.pdf"] = planches.ecrire_octets(seule, "pdf")
        return ecrire_ensemble(contenus)


def _refus(esquisses: Esquisses) -> HTML:
    from IPython.display import HTML

    return HTML("".join(f"<p>{proteger(m)}</p>" for m in esquisses.motifs))
