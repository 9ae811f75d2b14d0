"""Picture of the structures of a loan: one row each, one panel a measure, so that the eye compares down a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.structures_de_pret import Structures
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.decision import tableaux_structures
from pope_foncier.vues.formes import feuilles, figures
from pope_foncier.vues.formes.image import ALERTE, GRIS, OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STRUCTURES_DESSINEES = 40
"""Rows drawn at most, so that their names stay readable."""
_TIENT, _DEPASSE = OKABE_ITO[0], ALERTE


@dataclass(frozen=True, slots=True)
class Panneau:
    """Measure drawn: its title, its values, the decimals shown."""

    titre: str
    valeurs: Tableau
    decimales: int


def panneaux(s: Structures) -> dict[str, Panneau]:
    """Measures by name."""
    return {
        "teg": Panneau("TEG, %", 100.0 * s.teg, 2),
        "cout": Panneau("coût, k€", s.cout / 1000, 0),
        "annuite": Panneau("annuité max, k€", s.echeance_max / 1000, 1),
        "couverture": Panneau("couverture min", s.couverture, 2),
        "point_bas": Panneau("point bas, k€", s.point_bas / 1000, 0),
        "a_trouver": Panneau("à trouver, k€", s.a_trouver / 1000, 0),
    }


def dessiner(s: Structures, seuil: float) -> Figure:
    """Figure of the structures for a notebook: six measures, the threshold of the cover being marked."""
    fig, _ = figures.figure(11.0, 1.0 + 0.27 * min(len(s), STRUCTURES_DESSINEES))
    fig.clear()
    return _remplir(fig, s, seuil, tuple(panneaux(s)), 8.0)


def dessiner_a_l_ecran(s: Structures, seuil: float) -> Figure:
    """Figure of the structures for a workshop, in large letters: cover, lowest cash, what is left to find."""
    nombre = min(len(s), STRUCTURES_DESSINEES)
    fig = feuilles.feuille(feuilles.LARGEUR, 0.7 + 0.33 * nombre)
    _remplir(fig, s, seuil, ("couverture", "point_bas", "a_trouver"), feuilles.TEXTE)
    hauteur = fig.get_figheight()
    plus_long = max(len(tableaux_structures.nom(s, i)) for i in range(nombre))
    fig.subplots_adjust(
        left=min(0.02 + 0.0122 * plus_long, 0.6),
        right=0.995,
        top=1 - 0.34 / hauteur,
        bottom=0.32 / hauteur,
        wspace=0.08,
    )
    return fig


def _remplir(fig: Figure, s: Structures, seuil: float, noms: tuple[str, ...], taille: float) -> Figure:
    """Panels side by side, the names of the structures at the left."""
    nombre, connus = min(len(s), STRUCTURES_DESSINEES), panneaux(s)
    axes = np.atleast_1d(fig.subplots(1, len(noms), sharey=True))
    for ax, nom in zip(axes, noms, strict=True):
        _dessiner_un(ax, connus[nom], s.tient[:nombre], taille)
        if nom == "couverture":
            ax.axvline(seuil, color=GRIS, linewidth=0.8, linestyle="--")
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(nombre), [tableaux_structures.nom(s, i) for i in range(nombre)], fontsize=taille)
    axes[0].set_ylim(nombre - 0.4, -0.6)
    return fig


def _dessiner_un(ax: Axes, panneau: Panneau, tient: np.ndarray, taille: float) -> None:
    """One measure: a dot by structure (a cross when some test refuses it), and its number."""
    valeurs = panneau.valeurs[: len(tient)]
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.grid(axis="y", color="#e3e3e3", linewidth=0.6)
    ax.set_title(panneau.titre, fontsize=taille)
    connues = valeurs[np.isfinite(valeurs)]
    bas, haut = (connues.min(), connues.max()) if len(connues) else (0.0, 1.0)
    marge = (haut - bas) or max(abs(haut), 1.0)
    ax.set_xlim(bas - 0.12 * marge, haut + 0.75 * marge)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v, 2, 0))
    ax.locator_params(axis="x", nbins=2)
    ax.tick_params(axis="x", labelsize=taille)
    for rang, valeur in enumerate(valeurs):
        if not np.isfinite(valeur):
            ax.annotate("inconnu", (bas, rang), fontsize=taille, va="center")
            continue
        marque, couleur = ("o", _TIENT) if tient[rang] else ("x", _DEPASSE)
        ax.plot(valeur, rang, marker=marque, color=couleur, markersize=4.5, linestyle="none")
        dit = formater_nombre(valeur, panneau.decimales)
        ax.annotate(dit, (valeur, rang), (5, 0), textcoords="offset points", fontsize=taille, va="center")
