"""Quick pictures of the workshops: Matplotlib figures as SVG text, drawn in a few milliseconds, without ticks nor pyplot."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.capacite_site import CapaciteSite, marches
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.graphiques import HACHURES, OKABE_ITO
from pope_foncier.vues.tableaux_financement import ressources_comptees

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "pope_foncier", "hatch.linewidth": 0.6}
RESTE = "Reste à financer"
LARGEUR = 7.6
"""Width of the pictures [in]: on a page at least 760 px wide, one point is at least 1.39 px."""
TEXTE, TITRE = 11.6, 12.5
"""Sizes of the words [pt]: 16 px or more on such a page."""


def svg(fig: Figure) -> str:
    """SVG text of a figure, deterministic, its words kept as words."""
    import matplotlib

    tampon = io.BytesIO()
    with matplotlib.rc_context(_STYLE):
        fig.savefig(tampon, format="svg", metadata={"Date": None, "Creator": None})
    texte = tampon.getvalue().decode()
    return texte[texte.index("<svg") :]


def feuille(largeur: float, hauteur: float) -> Figure:
    """Empty figure for SVG."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    fig = Figure(figsize=(largeur, hauteur))
    FigureCanvasSVG(fig)
    return fig


def parts_des_ressources(vue: Vue) -> list[tuple[str, float]]:
    """Who gives what: resources of the plan, then the gap when there is one."""
    parts = [(x.libelle, vue.montant(x.code)) for x in ressources_comptees(vue)]
    parts = [(nom, v) for nom, v in parts if v > 0 or np.isnan(v)]
    reste = vue.montant("ressources.reste_a_financer")
    return [*parts, (RESTE, reste)] if reste > 0 or np.isnan(reste) else parts


def colonnes(titres: Sequence[str], empilees: Sequence[Sequence[tuple[str, float]]], vide: str = RESTE) -> Figure:
    """Stacked columns side by side, each part named beside it; one name keeps its colour and hatch; the gap is white."""
    from matplotlib.patches import Rectangle

    fig = feuille(LARGEUR, 5.0)
    sommes = [sum(v for _, v in parts) for parts in empilees]
    haut = max([*(np.nansum([v for _, v in parts]) for parts in empilees), 1.0])
    noms = list(dict.fromkeys(nom for parts in empilees for nom, _ in parts if nom != vide))
    pas = 1.0 / max(len(titres), 1)
    signes = int((min(pas, 0.34) - 0.09) * 72 * LARGEUR / (0.57 * TEXTE))
    for rang, (titre, parts, total) in enumerate(zip(titres, empilees, sommes, strict=True)):
        x, largeur = rang * pas + 0.01, 0.07
        fig.text(x, 0.015, f"{titre}\n{euros(total)}", fontsize=TITRE, fontweight="bold", parse_math=False)
        bas, cases = 0.125, []
        for nom, valeur in parts:
            if valeur <= haut * 1e-4:
                continue
            hauteur = 0.0 if np.isnan(valeur) else 0.86 * valeur / haut
            k = noms.index(nom) if nom in noms else 0
            creux = nom == vide
            fig.add_artist(
                Rectangle(
                    (x, bas),
                    largeur,
                    hauteur,
                    transform=fig.transFigure,
                    facecolor="white" if creux else OKABE_ITO[k % 8],
                    edgecolor="black",
                    linewidth=0.8,
                    hatch="" if creux else HACHURES[k % 8],
                    linestyle="--" if creux else "-",
                )
            )
            cases.append(("\n".join([*textwrap.wrap(nom, signes)[:3], euros(valeur)]), bas + hauteur / 2))
            bas += hauteur
        for (mots, _), y in zip(cases, _ecarter(cases, 0.11, 0.995), strict=True):
            fig.text(x + largeur + 0.01, y, mots, fontsize=TEXTE, va="center", linespacing=1.05, parse_math=False)
    return fig


def _ecarter(cases: Sequence[tuple[str, float]], bas: float, haut: float) -> list[float]:
    """Heights of labels, each at its part or as near as the others let it, between two bounds of the sheet."""
    demis = [0.02 * (mots.count("\n") + 1) + 0.005 for mots, _ in cases]
    hauteurs, libre = [], bas
    for (_, y), demi in zip(cases, demis, strict=True):
        hauteurs.append(max(y, libre + demi))
        libre = hauteurs[-1] + demi
    for rang in reversed(range(len(cases))):
        hauteurs[rang] = min(hauteurs[rang], haut - demis[rang])
        haut = hauteurs[rang] - demis[rang]
    return hauteurs


class Courbes:
    """Monthly curves on axes made once and only updated: a redraw stays short."""

    def __init__(self, titre: str) -> None:
        self.fig = feuille(LARGEUR, 2.9)
        self.ax = self.fig.add_axes((0.1, 0.12, 0.88, 0.76))
        self.ax.spines[["top", "right"]].set_visible(False)
        self.ax.axhline(0, color="black", linewidth=0.8)
        self.ax.set_title(titre, loc="left", fontsize=TITRE)
        self.ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
        self.ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0f}")
        self.ax.tick_params(labelsize=TEXTE)
        self.ax.locator_params(nbins=5)
        self.ax.locator_params(axis="x", integer=True)
        (self.ligne,) = self.ax.plot([], [], color=OKABE_ITO[0], linewidth=2.2)
        (self.creux,) = self.ax.plot([], [], "o", color=OKABE_ITO[5], markersize=8)
        self.texte = self.ax.text(0, 0, "", fontsize=TEXTE, va="top")

    def montrer(self, x: np.ndarray, y: np.ndarray, texte: str) -> str:
        """SVG of a curve, its lowest point marked and named."""
        connu = bool(len(y)) and not np.isnan(y).any()
        self.ligne.set_data(x, y) if connu else self.ligne.set_data([], [])
        rang, marge = (int(np.argmin(y)) if connu else 0), 0.0
        self.creux.set_data([x[rang]], [y[rang]]) if connu else self.creux.set_data([], [])
        if connu:
            bas, haut = float(min(y.min(), 0.0)), float(max(y.max(), 0.0))
            marge = 0.18 * max(haut - bas, 1.0)
            self.ax.set_xlim(float(x[0]), float(x[-1]))
            self.ax.set_ylim(bas - marge, haut + marge)
        droite = connu and rang > 0.6 * len(x)
        self.texte.set_horizontalalignment("right" if droite else "left")
        self.texte.set_position((x[rang], y[rang] - 0.25 * marge) if connu else (0.0, 0.0))
        self.texte.set_text(f"  {texte}  " if connu else "inconnu")
        return svg(self.fig)


class Marches:
    """Steps of places against area, on axes made once: only what a lever changes is set again."""

    maximum = 66
    COURBES = (
        ("surface d'enfants due (droit)", 1, "-", OKABE_ITO[0]),
        ("surface de plancher (confort, estimation)", 3, "--", OKABE_ITO[5]),
    )

    def __init__(self) -> None:
        self.fig = feuille(LARGEUR, 3.1)
        self.ax = self.fig.add_axes((0.08, 0.17, 0.9, 0.8))
        self.ax.spines[["top", "right"]].set_visible(False)
        self.ax.set_xlabel("surface, m²", fontsize=TEXTE)
        self.ax.set_ylabel("places", fontsize=TEXTE)
        self.ax.set_ylim(0, self.maximum + 6)
        self.ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
        self.ax.locator_params(nbins=6)
        self.ax.tick_params(labelsize=TEXTE)
        self.lignes = [
            self.ax.plot([], [], drawstyle="steps-post", color=couleur, linestyle=trait, linewidth=2)[0]
            for _, _, trait, couleur in self.COURBES
        ]
        self.noms = [self.ax.text(0, 0, nom, va="bottom", fontsize=TEXTE, color=c) for nom, _, _, c in self.COURBES]
        self.trait = self.ax.axvline(0, color="black", linewidth=1)
        (self.point,) = self.ax.plot([], [], "o", color="black", markersize=9)
        fond = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
        self.texte = self.ax.text(0, 0, "", fontsize=TITRE, fontweight="bold", va="top", bbox=fond)

    def montrer(self, capacite: CapaciteSite, retenues: float) -> str:
        """SVG of the steps under the rules of a site, its area, and the places that the study retains."""
        cour = float(np.nan_to_num(capacite.surfaces.cour_dense_m2[1]))
        pas = marches(capacite.regles, bool(capacite.densite.dense), cour, self.maximum)
        places = [0, *(m[0] for m in pas)]
        for ligne, nom, (_, colonne, _, _) in zip(self.lignes, self.noms, self.COURBES, strict=True):
            x = [0.0, *(m[colonne] for m in pas)]
            ligne.set_data(x, places)
            droit = colonne == 1
            nom.set_position((x[-1], places[-1] + 1.0 if droit else 1.0))
            nom.set_horizontalalignment("left" if droit else "right")
        surface = float(capacite.surfaces.plancher_m2[1])
        connue = not np.isnan(surface)
        x_max = max(pas[-1][3] * 1.02, surface * 1.05 if connue else 0.0)
        self.ax.set_xlim(0, x_max)
        self.trait.set_xdata([surface, surface] if connue else [0.0, 0.0])
        droite = connue and surface > 0.6 * x_max
        ecart = (-0.012 if droite else 0.012) * x_max
        pose = connue and not np.isnan(retenues)
        self.point.set_data([surface], [retenues]) if pose else self.point.set_data([], [])
        mots = f"{formater_nombre(retenues)} places retenues, " if pose else ""
        self.texte.set_text(f"{mots}{formater_nombre(surface)} m²" if connue else "surface inconnue")
        self.texte.set_position(((surface if connue else 0.0) + ecart, max(retenues, 17.0) if pose else 17.0))
        self.texte.set_horizontalalignment("right" if droite else "left")
        return svg(self.fig)


def etapes(vue: Vue) -> list[tuple[str, float, float]]:
    """Stages of a project: name, first month, last month [months after the start]; NaN when unknown."""
    cal = vue.ev.calendrier
    debut, ouverture, fin = (vue.valeur(g) for g in (cal.debut_travaux, cal.ouverture, cal.fin_titre))
    montee = vue.valeur(vue.ev.ctx.entree("delais.montee_en_charge_mois", "Montée en charge", "mois"))
    return [
        ("Études et autorisations", 0.0, debut),
        ("Travaux", debut, ouverture),
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


def tresorerie(vue: Vue) -> tuple[np.ndarray, np.ndarray, str, str]:
    """Cash of the project owner: dates [years], amounts [k€], name of the trough, sentence."""
    echelle = vue.ev.ctx.echelle
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = vue.mensuel(f"tresorerie.cumul.{porteur}")
    fin_titre = vue.valeur(vue.ev.calendrier.fin_titre)
    fin = echelle.duree_mois if np.isnan(fin_titre) else int(min(fin_titre + 6, echelle.duree_mois))
    cumul = cumul[:fin]
    x = echelle.depart.year + (echelle.depart.month - 1 + np.arange(fin)) / 12
    if np.isnan(cumul).any():
        return x, cumul, "", "Trésorerie inconnue : une donnée manque."
    creux = int(np.argmin(cumul))
    nom = f"point bas : {euros(round(float(cumul[creux]), -2))}, {echelle.mois_en_clair(creux)}"
    return x, cumul / 1000, nom, f"Trésorerie cumulée de « {porteur} », {nom}."
