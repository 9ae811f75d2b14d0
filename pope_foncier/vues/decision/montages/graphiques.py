"""Charts of the montages: time line of rights and commitments, and flows between the parties."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.decision.montages.avoirs import flux_entre_acteurs
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.etude.chaine import Evaluation
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONTRES = 20
"""Largest flows between two parties that the chart shows; the others are summed."""
AUTORISATION = "referentiel.categories.duree_autorisation_ans"


TRAITS = ("titre", "autorisation", "prêt", "engagement d'usage")

Segments = tuple[tuple[float, float] | None, ...]
"""Beginning and end of each bar of a montage, in years from the start; an endless tenure ends at infinity."""


def durees(cas: Sequence[Cas], catalogue: Catalogue) -> dict[Segments, list[str]]:
    """Tenure, licence (15 years), loan and commitment of the grants of each montage; montages with the same dates together."""
    groupes: dict[Segments, list[str]] = {}
    for c in cas:
        if c.evaluation is not None:
            groupes.setdefault(_segments(c, c.bouclee, catalogue), []).append(c.montage.titre)
    return groupes


def _segments(cas: Cas, ev: Evaluation, catalogue: Catalogue) -> Segments:
    debut, ouverture = (_en_annees(g.valeur) for g in (ev.calendrier.debut_travaux, ev.calendrier.ouverture))
    annees = float(exiger(catalogue.a_la_date(AUTORISATION, ev.ctx.etude.date_demande)).valeur)
    fins = [_en_annees(d.fin.valeur) for d in ev.dettes if np.any(d.capital.valeur > 0)]
    engagements = [
        ouverture + float(np.ravel(ev.ctx.entree(f"aides[{a.aide.id}].engagement_ans").valeur)[0])
        for a in ev.subventions
        if a.aide.engagement_ans is not None and np.any(a.subvention.valeur > 0)
    ]
    bornes = (
        (debut, float("inf") if cas.titre.voie == "vente" else _en_annees(ev.calendrier.fin_titre.valeur)),
        (ouverture, ouverture + annees),
        (debut, max(fins)) if fins else None,
        (ouverture, max(engagements)) if engagements else None,
    )
    return tuple(None if x is None or np.isnan(x).any() else (round(x[0], 2), round(x[1], 2)) for x in bornes)


def tracer_frise(groupes: Mapping[Segments, Sequence[str]], horizon: float, ax: Axes) -> Axes:
    """Time line of the montages, one group of the same dates per row, in years from the start.

    Args:
        horizon: years of the study, past which an endless tenure is drawn.
    """
    for rang, segments in enumerate(groupes):
        for i, segment in enumerate(segments):
            if segment is None:
                continue
            fin = min(segment[1], horizon + 1.0)
            y = rang + (i - 1.5) * 0.22
            ax.barh(
                y,
                fin - segment[0],
                left=segment[0],
                height=0.17,
                color=OKABE_ITO[i],
                hatch=HACHURES[i],
                edgecolor="white",
            )
            quand = "sans fin" if np.isinf(segment[1]) else f"jusqu'à {formater_nombre(segment[1], 1, 0)}"
            ax.text(fin + 0.2, y, f"{TRAITS[i]}, {quand}", va="center", fontsize=9)
    etiquettes = ["\n".join(textwrap.wrap(" ; ".join(titres), 48)) for titres in groupes.values()]
    ax.set_yticks(range(len(groupes)), etiquettes, fontsize=8.5)
    ax.set_xlim(0, 1.35 * (horizon + 1.0))
    ax.invert_yaxis()
    ax.set_xlabel("années depuis le départ de l'étude")
    return ax


def image_de_frise(cas: Sequence[Cas], catalogue: Catalogue) -> Figure:
    """Figure of the time line, as tall as its groups and their names ask."""
    groupes = durees(cas, catalogue)
    lignes = sum(max(len(textwrap.wrap(" ; ".join(titres), 48)) * 0.2 + 0.1, 1.0) for titres in groupes.values())
    fig, ax = figure(9, 1.2 + lignes)
    horizon = max((c.evaluation.ctx.echelle.duree_mois / 12 for c in cas if c.evaluation is not None), default=1.0)
    tracer_frise(groupes, horizon, ax)
    return fig


def _en_annees(mois: np.ndarray) -> float:
    return float(np.ravel(mois)[0]) / 12


def tracer_flux(cas: Cas, ax: Axes) -> Axes:
    """Who pays whom over the whole study on the closed plan, one arrow per pair of parties, the largest first [€, nominal]."""
    ev = cas.bouclee
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    paires = flux_entre_acteurs(ev)
    tries = sorted(paires, key=lambda p: -paires[p])
    ordre = tries[:MONTRES]
    autres = sum(paires[p] for p in tries[MONTRES:])
    for rang, (payeur, receveur) in enumerate(ordre):
        montant = paires[payeur, receveur]
        ax.barh(
            rang,
            montant / 1000,
            color=OKABE_ITO[0] if porteur in (payeur, receveur) else OKABE_ITO[4],
            hatch=HACHURES[0] if porteur in (payeur, receveur) else HACHURES[1],
            edgecolor="white",
            height=0.7,
        )
        ax.text(montant / 1000, rang, f" {euros(montant)}", va="center", fontsize=9)
    ax.set_yticks(range(len(ordre)), [f"{a} → {b}" for a, b in ordre], fontsize=9)
    ax.invert_yaxis()
    ax.margins(x=0.18)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    reste = f" ; {len(tries) - MONTRES} autres flux : {euros(autres)}" if len(tries) > MONTRES else ""
    ax.set_xlabel(f"milliers d'euros, toute la durée ; en plein, le porteur des murs{reste}")
    ax.set_title(f"{cas.montage.titre} (plan bouclé)", fontsize=10)
    return ax
