"""Chart of the commune: what it pays each year on the closed plan, beside what each meaning of balance would ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.soutien import besoins
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO, ecarter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TRAITS = ("-", "--", "-.", ":")


def tracer_commune(vue: Vue, ax: Axes) -> Axes:
    """Bars: operation, then investment above, paid by the commune by year; lines: what each reading would take for the operation."""
    du_plan, lus = budget(vue), besoins(vue)
    exploitation = vue.ev.ctx.etude.exploitation
    utiles = np.flatnonzero(du_plan.investissement + du_plan.fonctionnement + sum(b.par_annee for b in lus))
    if exploitation is None or not len(utiles):
        ax.text(0.5, 0.5, "la commune ne paie rien", ha="center", transform=ax.transAxes)
        return ax
    rangs = np.arange(utiles[0], utiles[-1] + 1)
    annees, bas = np.array(vue.annees)[rangs], np.zeros(len(rangs))
    mode = lectures.mode_de_soutien(exploitation.contribution_commune)
    noms = {f"fonctionnement : {mode}": du_plan.fonctionnement, "investissement": du_plan.investissement}
    for i, (nom, montants) in enumerate(noms.items()):
        hauteur = montants[rangs] / 1000
        if np.any(np.abs(hauteur) > 0.0005):
            ax.bar(
                annees,
                hauteur,
                bottom=bas,
                width=0.7,
                color=OKABE_ITO[i],
                hatch=HACHURES[i],
                edgecolor="white",
                label=nom,
            )
        bas = bas + np.maximum(hauteur, 0.0)
    for i, besoin in enumerate(lus):
        y = besoin.par_annee[rangs] / 1000
        ax.step(annees, y, where="mid", color=OKABE_ITO[(i + 2) % 8], linestyle=_TRAITS[i % 4], linewidth=1.8)
    _nommer(ax, annees, {b.libelle: b.par_annee[rangs] / 1000 for b in lus})
    ax.legend(frameon=False, fontsize=8.5, loc="upper left", bbox_to_anchor=(0.0, 1.14), ncols=2)
    ax.set_ylabel("milliers d'euros par an, plan bouclé")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    ax.set_xticks(annees[:: 1 + len(annees) // 16])
    return ax


def _nommer(ax: Axes, annees: np.ndarray, courbes: dict[str, np.ndarray]) -> None:
    """Name of each line in the margin, beside its last whole year, pushed apart."""
    if not courbes:
        return
    haut = max(float(y.max()) for y in courbes.values())
    avant = min(2, len(annees))
    fins = dict(sorted(((nom, float(y[-avant])) for nom, y in courbes.items()), key=lambda c: c[1]))
    rangs = {nom: i for i, nom in enumerate(courbes)}
    x = float(annees[-1]) + 0.6
    for nom, hauteur in zip(fins, ecarter(np.array([*fins.values()]), 0.085 * haut, 1.05 * haut), strict=True):
        couleur = OKABE_ITO[(rangs[nom] + 2) % 8]
        ax.text(x, float(hauteur), nom, va="center", fontsize=8, color=couleur)
    ax.set_xlim(float(annees[0]) - 0.6, x + 0.75 * len(annees))
