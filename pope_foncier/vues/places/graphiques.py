"""Charts of a site: step curve of places against area, ``ax`` in, ``ax`` out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.places.capacite_site import CapaciteSite, marches
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes.figures import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def tracer_marches(reponse: CapaciteSite, ax: Axes, maximum: int = 66) -> Axes:
    """Places as steps of the area: child area due by law, gross area of the comfort programme; the site's area if known."""
    r = reponse.regles
    dense = bool(reponse.densite.dense)
    cour = float(np.nan_to_num(reponse.surfaces.cour_dense_m2[1]))
    courbe = marches(r, dense, cour, maximum)
    places = [0, *(m[0] for m in courbe)]
    for rang, (nom, colonne, style) in enumerate(
        (("surface d'enfants due (droit)", 1, "-"), ("surface de plancher (confort, estimation)", 3, "--"))
    ):
        x = [0.0, *(m[colonne] for m in courbe)]
        ax.step(x, places, where="post", color=OKABE_ITO[rang], linestyle=style, linewidth=1.8)
        ax.annotate(
            nom,
            (x[-1], places[-1]),
            (-6, 2),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=OKABE_ITO[rang],
        )
    for seuil in r.seuils[r.seuils < maximum]:
        ax.axhline(seuil, color="#9A9A9A", linewidth=0.7, linestyle=":")
        ax.text(0, seuil + 0.4, f"{int(seuil)} places", fontsize=7.5, color="#5A5A5A")
    surface = float(reponse.surfaces.plancher_m2[1])
    if not math.isnan(surface):
        ax.axvline(surface, color="black", linewidth=0.9)
        nom = f"{formater_nombre(surface)}\u00a0m² de plancher"
        ax.annotate(nom, (surface, 46), (4, 0), textcoords="offset points", fontsize=8.5, rotation=90, va="center")
    ax.set_xlabel("surface, m²")
    ax.set_ylabel("places")
    ax.set_xlim(0, courbe[-1][3] * 1.02)
    ax.set_ylim(0, maximum + 4)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    return ax
