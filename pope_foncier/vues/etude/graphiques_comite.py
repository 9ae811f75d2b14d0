"""Chart that a committee of lenders reads: cover of the debt service, year by year, against its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude.tableaux_comite import a_trouver, lire
from pope_foncier.vues.formes.figures import OKABE_ITO
from pope_foncier.vues.formes.lectures import lecture_de

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_LISIBLES = 16
"""Years beyond which only the first, last, lowest and failing values are written."""


def tracer_couverture(vue: Vue, ax: Axes, emprunteur: str | None = None) -> Axes:
    """Cover of each year with its value, threshold and alert as named lines; years that fail are hollow.

    A plan that lacks money draws nothing but the reason.
    """
    ratio = calculer(vue.ev, emprunteur)["couverture"]
    valeurs = ratio.valeurs(vue.rang)
    connues = [int(r) for r in np.flatnonzero(np.isfinite(valeurs))]
    statuts = [ratio.statut(r, vue.rang) for r in connues]
    if not connues or "indetermine" in statuts:
        manque = a_trouver(vue)
        raison = f"plan non bouclé, il manque {euros(manque)} : couverture indéterminée"
        if not connues or not manque > 0:
            raison = "aucune dette à servir, ou montants inconnus"
        ax.text(0.5, 0.5, raison, ha="center", va="center")
        ax.set_axis_off()
        return ax
    annees = np.asarray(ratio.annees)[connues]
    y = valeurs[connues]
    ax.plot(annees, y, "-", color=OKABE_ITO[0], linewidth=2)
    tient = np.array([s == "respecte" for s in statuts])
    ax.plot(annees[tient], y[tient], "o", color=OKABE_ITO[0])
    ax.plot(annees[~tient], y[~tient], "s", color=OKABE_ITO[5], markerfacecolor="white", markeredgewidth=1.8)
    dites = (
        np.ones(len(annees), dtype=bool) if len(annees) <= _LISIBLES else ~tient | np.isin(y, (y[0], y[-1], y.min()))
    )
    for annee, valeur in zip(annees[dites], y[dites], strict=True):
        ax.annotate(
            str(lire(ratio, float(valeur))),
            (annee, valeur),
            (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        )
    bouts = (annees[0] - 0.4, annees[-1] + 0.4)
    seuils = (("seuil", ratio.controle.seuil, "--", "bottom"), ("non respecté sous", ratio.controle.alerte, ":", "top"))
    for nom, valeur, trait, cote in seuils:
        ax.hlines(valeur, *bouts, color="black", linestyle=trait, linewidth=1.2)
        ax.text(bouts[1] + 0.1, valeur, f"{nom} {lire(ratio, valeur)}", va=cote, fontsize=8.5)
    ax.set_xlim(bouts[0], bouts[1] + 0.22 * max(len(annees), 4))
    ax.set_ylim(min(0.0, float(y.min()) * 1.1), max(float(y.max()), ratio.controle.seuil) * 1.18)
    pas = 1 + len(annees) // (_LISIBLES + 1)
    ax.set_xticks(annees[::pas], [str(a) for a in annees[::pas]])
    ax.set_ylabel("disponible ÷ annuité, sans unité")
    manque = a_trouver(vue)
    ax.set_title(
        f"{lecture_de(vue)}{f', dont {euros(manque)} à trouver' if manque > 0 else ''}", loc="left", fontsize=9
    )
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v, 1))
    return ax
