"""Charts of works and calendar: back-test, phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.delais import TirageDelais
from pope_foncier.modele.planning import Planning
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import Echelle, mois_en_clair
from pope_foncier.travaux.calage import Calage
from pope_foncier.vues.formes.figures import OKABE_ITO, figure
from pope_foncier.vues.travaux.page_calage import GROUPES, part

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


def dessiner_phases(planning: Planning, echelle: Echelle, tirage: TirageDelais | None = None) -> Figure:
    """Gantt picture: bars of the phases, the critical ones dark and hatched, their margin as a thin line, P10–P90 of the end."""
    fig, ax = figure(9.5, 0.6 + 0.36 * len(planning.phases))
    phases = sorted(planning.phases, key=lambda p: (np.nan_to_num(p.debut.au_point(), nan=np.inf), p.fin.au_point()))
    fin = np.nanmax([0.0, *(p.fin.au_point() for p in phases), *(p.debut.au_point() for p in phases)])
    for rang, p in enumerate(phases):
        debut, duree = p.debut.au_point(), p.fin.au_point() - p.debut.au_point()
        critique = bool(np.ravel(p.critique)[0])
        couleur = OKABE_ITO[5] if critique else OKABE_ITO[4]
        if np.isnan(duree):
            ax.annotate(
                "date inconnue" if np.isnan(debut) else "durée inconnue",
                (np.nan_to_num(debut), rang),
                va="center",
                fontsize=8,
            )
            continue
        if duree == 0:
            ax.plot(debut, rang, "D", color=couleur, markersize=8)
        ax.barh(rang, duree, left=debut, height=0.55, color=couleur, hatch="///" if critique else "", edgecolor="white")
        marge = float(np.ravel(p.marge)[0])
        if marge > 0:
            ax.hlines(rang, debut + duree, debut + duree + marge, color=couleur, linewidth=1.2, linestyle=":")
        if tirage is not None:
            bas, haut = np.quantile(tirage.fins[p.phase.id], [0.1, 0.9])
            if haut > bas:
                ax.hlines(rang + 0.36, bas, haut, color="black", linewidth=1.4)
                fin = max(fin, haut)
        texte = f"{formater_nombre(duree, 1, 0)} mois" if duree else echelle.mois_en_clair(round(debut))
        ax.annotate(
            texte,
            (debut + duree + max(np.nan_to_num(marge), 0.0), rang),
            va="center",
            fontsize=8,
            xytext=(5 if duree else 9, 0),
            textcoords="offset points",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )
    ax.set_yticks(range(len(phases)), [p.phase.libelle for p in phases], fontsize=9)
    ax.invert_yaxis()
    ax.set_xlim(0, fin + 1)
    ax.xaxis.set_major_locator(_tous_les(6))
    ax.xaxis.set_major_formatter(lambda m, _: _mois_court(echelle, m))
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    legende = "orange hachuré : phase critique ; pointillé : marge"
    ax.set_xlabel(legende + (" ; trait noir : fin, P10–P90 des tirages" if tirage is not None else ""), fontsize=8)
    return fig


def _tous_les(mois: int) -> Locator:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(mois)


def _mois_court(echelle: Echelle, rang: float) -> str:
    jour = echelle.date_du_mois(max(round(rang), 0))
    return f"{jour.month:02d}/{jour.year}"
