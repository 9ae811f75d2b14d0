"""Charts of works and calendar: back-test, phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.analyse.calage import Calage
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import mois_en_clair
from pope_foncier.vues.calage import GROUPES, part
from pope_foncier.vues.graphiques import OKABE_ITO, figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.ticker import Locator


def dessiner_calage(c: Calage) -> Figure:
    """Chart of predicted against published cost, in logarithms, with P10–P90 bars and the tolerance band."""
    fig, ax = figure(8.0, 6.2)
    reels, prevus = c.reels / 1e6, c.previsions["modele"] / 1e6
    bornes = c.bornes / 1e6
    lim = (min(reels.min(), prevus.min()) * 0.7, max(reels.max(), prevus.max()) * 1.5)
    axe = np.array(lim)
    ax.plot(axe, axe, color="black", linewidth=1)
    t = c.reglages.tolerance
    ax.fill_between(axe, axe * (1 - t), axe * (1 + t), color="#dddddd", zorder=0)
    marques = (("neuf", "o"), ("reemploi", "s"), ("amenagement", "^"), ("autre", "D"), ("mam", "X"))
    for rang, (groupe, marque) in enumerate(marques):
        m = c.groupe(groupe)
        if not m.any():
            continue
        for nature, plein in (("total", True), ("travaux", False)):
            n = m & c.groupe(nature)
            if not n.any():
                continue
            couleur = OKABE_ITO[rang]
            ax.vlines(reels[n], bornes[0][n], bornes[1][n], color=couleur, linewidth=0.8, alpha=0.45)
            nom = f"{GROUPES[groupe]} ({int(m.sum())})" if plein or not (m & c.groupe("total")).any() else None
            ax.scatter(
                reels[n],
                prevus[n],
                marker=marque,
                s=38,
                label=nom,
                edgecolors=couleur,
                facecolors=couleur if plein else "white",
                zorder=3,
            )
    ax.set(xscale="log", yscale="log", xlim=lim, ylim=lim)
    for a in (ax.xaxis, ax.yaxis):
        a.set_major_locator(_graduations())
        a.set_major_formatter(lambda v, _: formater_nombre(v, 2, 0))
        a.set_minor_formatter(lambda v, _: "")
    ax.set_xlabel(f"coût publié, millions d'euros de {mois_en_clair(c.reglages.date_prix)}")
    ax.set_ylabel("coût prévu sans l'opération, millions d'euros")
    ax.legend(
        frameon=False,
        loc="upper left",
        fontsize=9,
        title=f"plein : coût total ; creux : travaux seuls\nbande grise : {part(t)} près ; trait : P10–P90",
    )
    return fig


def _graduations() -> Locator:
    from matplotlib.ticker import LogLocator

    return LogLocator(subs=(1.0, 2.0, 5.0))
