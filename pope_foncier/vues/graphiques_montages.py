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

MONTRES = 20
"""Largest flows between two parties that the chart shows; the others are summed."""
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
        sans_fin, horizon = c.titre.voie == "vente", ev.ctx.echelle.duree_mois / 12
        annees = float(exiger(catalogue.a_la_date(AUTORISATION, ev.ctx.etude.date_demande)).valeur)
        fins = [_en_annees(d.fin.valeur) for d in ev.dettes if np.any(d.capital.valeur > 0)]
        engagements = [
            ouverture + float(np.ravel(ev.ctx.entree(f"aides[{a.aide.id}].engagement_ans", "", "ans").valeur)[0])
            for a in ev.subventions
            if a.aide.engagement_ans is not None and np.any(a.subvention.valeur > 0)
        ]
        segments = (
            (debut, horizon + 1.0 if sans_fin else _en_annees(ev.calendrier.fin_titre.valeur)),
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
            fin = "sans fin" if i == 0 and sans_fin else formater_nombre(segment[1], 1)
            ax.text(segment[1] + 0.2, rang + (1.5 - i) * 0.2, fin, va="center", fontsize=8)
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
    ax.set_xlabel(f"milliers d'euros, toute la durée de l'étude{reste}")
    ax.set_title(f"{cas.montage.titre} : flux du porteur en plein, les autres hachurés", fontsize=10, loc="left")
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
