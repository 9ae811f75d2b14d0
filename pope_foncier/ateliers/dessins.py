"""Quick pictures of the workshops: who gives what, treasury."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.chaine import BOUCLE_A
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude.tableaux_financement import ressources_comptees
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.feuilles import GRIS, LARGEUR, TEXTE, TITRE, feuille, svg
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A_TROUVER = "À trouver, personne ne l'a promis"
BOUCLAGE = "Bouclage : "
"""Beginning of the name of what a closer brings."""
TROU = "Sans financement"
"""What a stress leaves unpaid, funding being frozen."""
VIDES = (A_TROUVER, TROU)
"""Parts that nobody brings, drawn empty."""


def parts_des_ressources(vue: Vue) -> list[tuple[str, float]]:
    """Who gives what on the closed plan: declared resources, closers, then what nobody brings; its name alone without any place."""
    if vue.aucune_place:
        return [(AUCUNE_PLACE, 0.0)]
    bouclee = vue.bouclee
    declarees = [x for x in ressources_comptees(bouclee) if not x.boucle]
    parts = [(x.libelle, bouclee.montant(x.code)) for x in declarees]
    return [(nom, v) for nom, v in [*parts, *parts_du_bouclage(vue)] if not v <= BOUCLE_A]


def parts_du_bouclage(vue: Vue) -> list[tuple[str, float]]:
    """What each closer brings in order, what is left to find, and what a stress leaves unpaid."""
    nommes = [(f"{BOUCLAGE}{a.boucleur.libelle}", m) for a, m in apports(vue) if not a.est_a_trouver]
    trou = vue.bouclee.montant("ressources.reste_a_financer")
    return [*nommes, (A_TROUVER, a_trouver(vue)), *([(TROU, trou)] if trou > BOUCLE_A else [])]


class Teintes:
    """Colour and hatch by name: once shown, a name never changes its look, whatever comes and goes around it."""

    def __init__(self, noms: Iterable[str] = ()) -> None:
        self._rangs = {nom: rang for rang, nom in enumerate(dict.fromkeys(noms))}

    @classmethod
    def de_l_etude(cls, base: Vue) -> Teintes:
        """Looks that start from the resources of a study, whatever scenario comes first on the screen."""
        return cls(nom for nom, _ in parts_des_ressources(base) if nom not in VIDES)

    def de(self, nom: str) -> tuple[str, str]:
        """Colour and hatch of a name."""
        rang = self._rangs.setdefault(nom, len(self._rangs))
        return OKABE_ITO[rang % 8], HACHURES[(rang + rang // 8) % 8]


def colonnes(titres: Sequence[str], empilees: Sequence[Sequence[tuple[str, float]]], teintes: Teintes) -> Figure:
    """Stacked columns side by side, each part named beside it, at the end of a line when its name had to move.

    What nobody brings is white; the sheet grows with the names of the fullest column.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    sommes = [sum(v for _, v in parts) for parts in empilees]
    haut = max([*(np.nansum([v for _, v in parts]) for parts in empilees), 1.0])
    pas = 1.0 / max(len(titres), 1)
    signes = int((min(pas, 0.55) - 0.09) * 72 * LARGEUR / (0.57 * TEXTE))
    bas_de_colonne = [
        AUCUNE_PLACE if [nom for nom, _ in parts] == [AUCUNE_PLACE] else euros(total)
        for parts, total in zip(empilees, sommes, strict=True)
    ]
    pieds = [
        [*textwrap.wrap(titre, signes), *textwrap.wrap(bas, signes)]
        for titre, bas in zip(titres, bas_de_colonne, strict=True)
    ]
    pied = 0.035 + 0.045 * max(map(len, pieds), default=0)
    noms = [
        [(nom, v, "\n".join([*textwrap.wrap(nom, signes)[:3], euros(v)])) for nom, v in parts if not v <= haut * 1e-4]
        for parts in empilees
    ]
    etendue = max([1.0, *(pied - 0.01 + 2 * sum(_demi(mots) for *_, mots in colonne) for colonne in noms)])
    fig, unite = feuille(LARGEUR, 5.0 * etendue), 1.0 / etendue
    pied *= unite
    for rang, (mots, parts) in enumerate(zip(pieds, noms, strict=True)):
        x, largeur = rang * pas + 0.01, 0.07
        fig.text(x, pied - 0.02 * unite, "\n".join(mots), fontsize=TITRE, fontweight="bold", va="top", parse_math=False)
        bas, cases = pied, []
        for nom, valeur, texte in parts:
            hauteur = 0.0 if np.isnan(valeur) else (0.985 - pied) * valeur / haut
            creux = nom in VIDES
            couleur, hachure = ("white", "") if creux else teintes.de(nom)
            fig.add_artist(
                Rectangle(
                    (x, bas),
                    largeur,
                    hauteur,
                    transform=fig.transFigure,
                    facecolor=couleur,
                    edgecolor="black",
                    linewidth=0.8,
                    hatch=hachure,
                    linestyle="--" if creux else "-",
                )
            )
            cases.append((texte, bas + hauteur / 2))
            bas += hauteur
        for (nom, milieu), y in zip(cases, _ecarter(cases, pied - 0.015 * unite, 0.995, unite), strict=True):
            inconnue = nom.endswith("inconnu")
            if abs(y - milieu) > 0.015 and not inconnue:
                droite = x + largeur
                fig.add_artist(
                    Line2D([droite, droite + 0.008], [milieu, y], transform=fig.transFigure, color=GRIS, linewidth=0.9)
                )
            style, couleur = ("italic", GRIS) if inconnue else ("normal", "black")
            fig.text(
                x + largeur + 0.01,
                y,
                nom,
                fontsize=TEXTE,
                va="center",
                linespacing=1.05,
                parse_math=False,
                style=style,
                color=couleur,
            )
    return fig


def _demi(mots: str) -> float:
    """Half height of a label, as a share of a sheet of the usual height."""
    return 0.02 * (mots.count("\n") + 1) + 0.005


def _ecarter(cases: Sequence[tuple[str, float]], bas: float, haut: float, unite: float) -> list[float]:
    """Heights of labels, each at its part or as near as the others let it, between two bounds of the sheet."""
    demis = [unite * _demi(mots) for mots, _ in cases]
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
        self.texte.set_text(f"  {texte}  " if connu else texte)
        return svg(self.fig)


def tresorerie(vue: Vue) -> tuple[np.ndarray, np.ndarray, str, str]:
    """Cash of the project owner on the closed plan: dates [years], amounts [k€], name of the trough, sentence."""
    bouclee, echelle = vue.bouclee, vue.ev.ctx.echelle
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = bouclee.mensuel(f"tresorerie.cumul.{porteur}")
    fin_titre = vue.valeur(vue.ev.calendrier.fin_titre)
    fin = echelle.duree_mois if np.isnan(fin_titre) else int(min(fin_titre + 6, echelle.duree_mois))
    cumul = np.full(fin, np.nan) if vue.aucune_place else cumul[:fin]
    x = echelle.depart.year + (echelle.depart.month - 1 + np.arange(fin)) / 12
    if vue.aucune_place:
        return x, cumul, AUCUNE_PLACE, lectures.sans_place(vue)
    if np.isnan(cumul).any():
        return x, cumul, "inconnu", mots_de_caisse.caisse(vue)
    creux = int(np.argmin(cumul))
    nom = f"point bas : {euros(round(float(cumul[creux]), -2))}, {echelle.mois_en_clair(creux)}"
    return (
        x,
        cumul / 1000,
        nom,
        f"Trésorerie cumulée de « {porteur} », plan bouclé, {nom}. {mots_de_caisse.caisse(vue)}",
    )
