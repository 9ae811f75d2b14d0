"""Quick pictures of the architect: places against areas, calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.resultats import Vue
from pope_foncier.places.capacite_site import CapaciteSite, LigneCapacite, marches
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.solveur import PLACES_MAX
from pope_foncier.vues.formes.feuilles import LARGEUR, TEXTE, TITRE, feuille, svg
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PLACES_MONTREES = 66


class _Panneau:
    """One step curve on axes made once: the site's area as a line, its places as a point."""

    def __init__(self, ax: Axes, titre: str, surface: str, trait: str, couleur: str) -> None:
        self.ax = ax
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(titre, loc="left", fontsize=TEXTE, color=couleur)
        ax.set_xlabel(surface, fontsize=TEXTE)
        ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
        ax.locator_params(nbins=5)
        ax.tick_params(labelsize=TEXTE)
        (self.ligne,) = ax.plot([], [], drawstyle="steps-post", color=couleur, linestyle=trait, linewidth=2)
        self.trait = ax.axvline(0, color="black", linewidth=1)
        (self.point,) = ax.plot([], [], "o", color="black", markersize=9)
        fond = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
        self.texte = ax.text(0, 0, "", fontsize=TITRE, fontweight="bold", bbox=fond)

    def poser(self, x: list[float], places: list[float], haut: float, surface: float, point: float, mots: str) -> None:
        """Set the curve, the area of the site and its places; NaN is unknown."""
        self.ligne.set_data(x, places)
        connue = not np.isnan(surface)
        x_max = max(x[-1] * 1.02, surface * 1.05 if connue else 0.0)
        self.ax.set_xlim(0, x_max)
        self.ax.set_ylim(0, haut * 1.08)
        self.trait.set_xdata([surface, surface] if connue else [0.0, 0.0])
        pose = connue and not np.isnan(point)
        self.point.set_data([surface], [point]) if pose else self.point.set_data([], [])
        self.texte.set_text(mots if connue else "surface inconnue")
        part = surface / x_max if connue else 0.0
        a_droite, en_haut = part < 0.6, part < 0.4 or 0.6 <= part < 0.75  # where the curve is not
        ecart = (0.03 if a_droite else -0.03) * x_max
        self.texte.set_position(((surface if connue else 0.0) + ecart, haut * (1.06 if en_haut else 0.02)))
        self.texte.set_horizontalalignment("left" if a_droite else "right")
        self.texte.set_verticalalignment("top" if en_haut else "bottom")


class Marches:
    """Steps of places: against the children's area that the law counts, against the floor area of the comfort programme."""

    def __init__(self) -> None:
        self.fig = feuille(LARGEUR, 3.3)
        self.droit = _Panneau(
            self.fig.add_axes((0.085, 0.17, 0.405, 0.72)),
            "Droit : places selon la surface d'enfants",
            "surface d'enfants, m²",
            "-",
            OKABE_ITO[0],
        )
        self.confort = _Panneau(
            self.fig.add_axes((0.57, 0.17, 0.42, 0.72)),
            "Confort (estimation)",
            "surface de plancher, m²",
            "--",
            OKABE_ITO[5],
        )
        self.droit.ax.set_ylabel("places", fontsize=TEXTE)

    def montrer(self, capacite: CapaciteSite, retenues: float) -> str:
        """SVG of the steps under the rules of a site, its areas, and the places that the study retains."""
        cour = float(np.nan_to_num(capacite.surfaces.cour_dense_m2[1]))
        droit = capacite.lignes[0]
        possibles = float(droit.solution.places[1])
        vises = np.nanmax([_PLACES_MONTREES, 1.1 * np.nan_to_num(possibles), 1.1 * np.nan_to_num(retenues)])
        pas = marches(capacite.regles, bool(capacite.densite.dense), cour, int(min(vises, PLACES_MAX)))
        places = [0.0, *(float(m[0]) for m in pas)]
        haut = places[-1]
        comptee, plancher = surface_d_enfants(droit), float(capacite.surfaces.plancher_m2[1])
        au_plus = "au plus\n" if capacite.comptees is None else ""
        self.droit.poser(
            [0.0, *(m[1] for m in pas)],
            places,
            haut,
            comptee,
            possibles,
            f"{au_plus}{_places(possibles)},\n{formater_nombre(comptee)} m²\n{'utiles' if au_plus else 'comptés'}",
        )
        self.confort.poser(
            [0.0, *(m[3] for m in pas)],
            places,
            haut,
            plancher,
            retenues,
            f"{_places(retenues)}\nretenues,\n{formater_nombre(plancher)} m²",
        )
        return svg(self.fig)


def surface_d_enfants(ligne: LigneCapacite) -> float:
    """Children's area that a legal regime counts on the site, central value [m²]; NaN when unknown."""
    offres = [c.offre for c in ligne.solution.contraintes if c.code == "interieur"]
    return float(np.asarray(offres[0]).reshape(-1)[1]) if offres else float("nan")


def _places(nombre: float) -> str:
    return "places inconnues" if np.isnan(nombre) else f"{formater_nombre(nombre)} places"


def etapes(vue: Vue) -> list[tuple[str, float, float]]:
    """Stages of a project: name, first month, last month [months after the start]; NaN when unknown."""
    cal = vue.ev.calendrier
    debut, reception, ouverture, fin = (
        vue.valeur(g) for g in (cal.debut_travaux, cal.reception, cal.ouverture, cal.fin_titre)
    )
    montee = vue.valeur(vue.ev.ctx.entree("delais.montee_en_charge_mois"))
    return [
        ("Études et autorisations", 0.0, debut),
        ("Travaux", debut, reception),
        *([("Préparation de l'ouverture", reception, ouverture)] if ouverture > reception else []),
        ("Montée en charge", ouverture, ouverture + montee),
        ("Pleine activité", ouverture + montee, fin),
    ]


def calendrier(vue: Vue) -> str:
    """SVG of the stages as bars over the years, each with its months."""
    fig = feuille(LARGEUR, 2.3)
    ax = fig.add_axes((0.04, 0.16, 0.94, 0.82))
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_yticks([])
    echelle = vue.ev.ctx.echelle
    liste = etapes(vue)
    connues = [fin for _, _, fin in liste if not np.isnan(fin)]
    horizon = min(max(connues, default=12.0), echelle.duree_mois)
    ax.set_xlim(0, horizon * 1.01)
    ax.set_ylim(len(liste) - 0.4, -0.6)
    for rang, (nom, debut, fin) in enumerate(liste):
        connue = not np.isnan(debut + fin)
        if connue:
            ax.barh(
                rang,
                fin - debut,
                left=debut,
                height=0.7,
                color=OKABE_ITO[rang],
                hatch=HACHURES[rang],
                edgecolor="black",
            )
        duree = f"{formater_nombre(fin - debut)} mois, dès {echelle.mois_en_clair(int(debut))}" if connue else "inconnu"
        milieu = (debut + fin) / 2 if connue else 0.0
        droite = connue and milieu > horizon / 2
        x = (debut if droite else fin) if connue else 0.0
        if connue and fin - debut > 0.6 * horizon:
            x, droite = debut + 0.02 * horizon, False
        ax.text(
            x,
            rang,
            f"  {nom} : {duree}  ",
            va="center",
            ha="right" if droite else "left",
            fontsize=TEXTE,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.9},
        )
    ans = np.arange(0, horizon + 1, 12 * max(1, round(horizon / 12 / 8)))
    premier = (12 - echelle.depart.month + 1) % 12
    ax.set_xticks(ans + premier, [str(echelle.depart.year + (premier > 0) + int(a) // 12) for a in ans])
    ax.set_xlim(0, horizon * 1.01)
    ax.tick_params(labelsize=TEXTE)
    return svg(fig)
