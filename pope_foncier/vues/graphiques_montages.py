"""Charts of the montages: time line of rights and commitments, and flows between the parties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.analyse.chaine import Evaluation
from pope_foncier.analyse.montages import Cas
from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.graphiques import HACHURES, OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AUTORISATION = "referentiel.categories.duree_autorisation_ans"


def tracer_frise(cas: Sequence[Cas], catalogue: Catalogue, ax: Axes) -> Axes:
    """Time line of each montage: tenure, licence (15 years), loan and commitment of the grants, in years from the start."""
    retenus = [c for c in cas if c.evaluation is not None]
    traits = ("Titre", "Autorisation", "Prêt", "Engagement d'usage")
    for rang, c in enumerate(retenus):
        ev = c.evaluation
        assert ev is not None
        ouverture, debut = (
            float(np.ravel(g.valeur)[0]) / 12 for g in (ev.calendrier.ouverture, ev.calendrier.debut_travaux)
        )
        annees = float(exiger(catalogue.a_la_date(AUTORISATION, ev.ctx.etude.date_demande)).valeur)
        fins = [_en_annees(d.fin.valeur) for d in ev.dettes if np.any(d.capital.valeur > 0)]
        engagements = [
            ouverture + float(np.ravel(ev.ctx.entree(f"aides[{a.aide.id}].engagement_ans", "", "ans").valeur)[0])
            for a in ev.subventions
            if a.aide.engagement_ans is not None and np.any(a.subvention.valeur > 0)
        ]
        segments = (
            (debut, _en_annees(ev.calendrier.fin_titre.valeur)),
            (ouverture, ouverture + annees),
            (debut, max(fins)) if fins else None,
            (ouverture, max(engagements)) if engagements else None,
        )
        for i, segment in enumerate(segments):
            if segment is None or np.isnan(segment).any():
                continue
            ax.barh(
                rang + (1.5 - i) * 0.2,
                segment[1] - segment[0],
                left=segment[0],
                height=0.17,
                color=OKABE_ITO[i],
                hatch=HACHURES[i],
                edgecolor="white",
                label=traits[i] if not any(t.get_label() == traits[i] for t in ax.containers) else None,
            )
            ax.text(segment[1] + 0.2, rang + (1.5 - i) * 0.2, f"{segment[1]:.0f}", va="center", fontsize=8)
    ax.set_yticks(range(len(retenus)), [c.montage.titre for c in retenus], fontsize=9)
    ax.set_xlim(0)
    ax.invert_yaxis()
    ax.set_xlabel("années depuis le départ de l'étude")
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncol=4, frameon=False, fontsize=9)
    return ax


def _en_annees(mois: np.ndarray) -> float:
    return float(np.ravel(mois)[0]) / 12


def tracer_flux(cas: Cas, ax: Axes) -> Axes:
    """Who pays whom over the whole study, one arrow per pair of parties, the largest first [€, nominal]."""
    ev = cas.evaluation
    assert ev is not None
    paires = flux_entre_acteurs(ev)
    ordre = sorted(paires, key=lambda p: -paires[p])[:14]
    for rang, (payeur, receveur) in enumerate(ordre):
        montant = paires[payeur, receveur]
        ax.barh(
            rang, montant / 1000, color=OKABE_ITO[rang % 8], hatch=HACHURES[rang % 8], edgecolor="white", height=0.7
        )
        ax.text(montant / 1000, rang, f" {euros(montant)}", va="center", fontsize=9)
    ax.set_yticks(range(len(ordre)), [f"{a} → {b}" for a, b in ordre], fontsize=9)
    ax.invert_yaxis()
    ax.margins(x=0.18)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    ax.set_xlabel("milliers d'euros, toute la durée de l'étude")
    ax.set_title(cas.montage.titre, fontsize=10, loc="left")
    return ax


def flux_entre_acteurs(ev: Evaluation) -> dict[tuple[str, str], float]:
    """Total paid by each party to each other, nominal [€]; nil pairs are left out."""
    paires: dict[tuple[str, str], float] = {}
    for ligne in ev.livre.lignes.values():
        if ligne.est_flux:
            valeur = np.broadcast_to(
                ligne.grandeur.valeur[0] if ligne.grandeur.valeur.ndim > 1 else ligne.grandeur.valeur,
                (ev.ctx.echelle.duree_mois,),
            )
            paires[ligne.payeur, ligne.receveur] = paires.get((ligne.payeur, ligne.receveur), 0.0) + float(valeur.sum())
    return {p: v for p, v in paires.items() if abs(v) > 0.5 and not np.isnan(v)}
