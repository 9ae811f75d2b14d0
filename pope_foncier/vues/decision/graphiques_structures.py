"""Picture of the structures of a loan: one row each, one panel a measure, so that the eye compares down a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.structures_de_pret import Structures
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.decision import tableaux_structures
from pope_foncier.vues.formes import figures
from pope_foncier.vues.formes.image import ALERTE, OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ALT = "Structures de prêt, une par ligne : TEG, coût, annuité la plus haute, couverture la plus basse, point bas, à trouver"
STRUCTURES_DESSINEES = 40
"""Rows drawn at most, so that their names stay readable."""
_TIENT, _DEPASSE = OKABE_ITO[0], ALERTE


def dessiner(s: Structures, seuil: float) -> Figure:
    """Figure of the structures, the threshold of the cover being marked."""
    nombre = min(len(s), STRUCTURES_DESSINEES)
    fig, _ = figures.figure(11.0, 1.4 + 0.27 * nombre)
    fig.clear()
    noms = [tableaux_structures.nom(s, i) for i in range(nombre)]
    panneaux = (
        ("TEG, %", 100.0 * s.teg, 2),
        ("coût, k€", s.cout / 1000, 0),
        ("annuité max, k€", s.echeance_max / 1000, 1),
        ("couverture min", s.couverture, 2),
        ("point bas, k€", s.point_bas / 1000, 0),
        ("à trouver, k€", s.a_trouver / 1000, 0),
    )
    axes = fig.subplots(1, len(panneaux), sharey=True)
    couleurs = np.where(s.tient[:nombre], _TIENT, _DEPASSE)
    marques = np.where(s.tient[:nombre], "o", "x")
    for rang, (ax, (titre, valeurs, decimales)) in enumerate(zip(axes, panneaux, strict=True)):
        _panneau(ax, titre, valeurs[:nombre], decimales, couleurs, marques)
        if titre == "couverture min":
            ax.axvline(seuil, color="#555555", linewidth=0.8, linestyle="--")
        if rang:
            ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(nombre), noms, fontsize=8)
    axes[0].set_ylim(nombre - 0.4, -0.6)
    return fig


def _panneau(
    ax: Axes, titre: str, valeurs: np.ndarray, decimales: int, couleurs: np.ndarray, marques: np.ndarray
) -> None:
    """One measure: a dot by structure, and its number."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.grid(axis="y", color="#e3e3e3", linewidth=0.6)
    ax.set_title(titre, fontsize=9)
    connues = valeurs[np.isfinite(valeurs)]
    bas, haut = (connues.min(), connues.max()) if len(connues) else (0.0, 1.0)
    marge = (haut - bas) or max(abs(haut), 1.0)
    ax.set_xlim(bas - 0.12 * marge, haut + 0.62 * marge)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v, 2, 0))
    ax.locator_params(axis="x", nbins=3)
    ax.tick_params(axis="x", labelsize=8)
    for rang, valeur in enumerate(valeurs):
        if not np.isfinite(valeur):
            ax.annotate("—", (bas, rang), fontsize=8, va="center")
            continue
        ax.plot(valeur, rang, marker=marques[rang], color=couleurs[rang], markersize=4.5, linestyle="none")
        ax.annotate(
            formater_nombre(valeur, decimales),
            (valeur, rang),
            (5, 0),
            textcoords="offset points",
            fontsize=7.5,
            va="center",
        )
