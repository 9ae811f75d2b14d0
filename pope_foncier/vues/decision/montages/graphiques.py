"""Pictures of the montages: time line of rights and commitments, and flows between the parties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.decision.montages.avoirs import flux_entre_acteurs
from pope_foncier.decision.montages.possibles import Cas
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.formes.image import HACHURES, OKABE_ITO, TEINTES, Axe, Boite, Image, Mots

MONTRES = 20
"""Largest flows between two parties that the chart shows; the others are summed."""
AUTORISATION = "referentiel.categories.duree_autorisation_ans"


TITRES = ("titre", "autorisation", "prêt", "engagement d'usage")

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


def frise(cas: Sequence[Cas], catalogue: Catalogue, source: str) -> Image:
    """Time line of the montages, one group of the same dates per row, in years from the start of the study."""
    groupes, titre = durees(cas, catalogue), "Titres, autorisations, prêts et engagements"
    if not groupes:
        return Image(titre, titre, source, message="Aucun montage n'a de plan à dater : rien à dessiner.")
    horizon = max((c.evaluation.ctx.echelle.duree_mois / 12 for c in cas if c.evaluation is not None), default=1.0)
    boites = []
    for rang, segments in enumerate(groupes):
        for i, segment in enumerate(segments):
            if segment is not None:
                fin, y = min(segment[1], horizon + 1.0), rang + (i - 1.5) * 0.22
                quand = "sans fin" if np.isinf(segment[1]) else f"jusqu'à {formater_nombre(segment[1], 1, 0)}"
                mots = Mots(f"{TITRES[i]}, {quand}", "E")
                boites.append(Boite(segment[0], y - 0.085, fin, y + 0.085, mots, TEINTES[i]))
    noms = [" ; ".join(titres) for titres in groupes.values()]
    hauteur = 1.2 + sum(max(0.5 + 0.2 * len(nom) / 38, 1.0) for nom in noms)
    x = Axe(0.0, 1.4 * (horizon + 1.0), "années depuis le départ de l'étude")
    return Image(titre, f"Frise : {titre}", source, x, Axe.des_rangs(noms), boites, hauteur / 9)


def _en_annees(mois: np.ndarray) -> float:
    return float(np.ravel(mois)[0]) / 12


def flux(cas: Cas, source: str) -> Image:
    """Who pays whom over the whole study on the closed plan, one bar per pair of parties, the largest first [€, nominal]."""
    ev = cas.bouclee
    porteur, paires = ev.ctx.etude.acteurs.nom_maitre_ouvrage, flux_entre_acteurs(ev)
    tries = sorted(paires, key=lambda p: -paires[p])
    ordre, autres = tries[:MONTRES], sum(paires[p] for p in tries[MONTRES:])
    reste = f" ; {len(tries) - MONTRES} autres flux : {euros(autres)}" if len(tries) > MONTRES else ""
    boites = []
    for rang, paire in enumerate(ordre):
        teinte = (OKABE_ITO[0], "") if porteur in paire else (OKABE_ITO[4], HACHURES[1])
        boites.append(Boite.en_rang(rang, 0.0, paires[paire] / 1000, Mots(euros(paires[paire]), "E"), teinte))
    legende = f"milliers d'euros, toute la durée ; en plein, le porteur des murs{reste}"
    x, y = (
        Axe(0.0, 1.18 * max([1.0, *paires.values()]) / 1000, legende),
        Axe.des_rangs([f"{a} → {b}" for a, b in ordre]),
    )
    texte = f"Flux entre acteurs : {cas.montage.titre}"
    return Image(f"{cas.montage.titre} (plan bouclé)", texte, source, x, y, boites, 0.12 + 0.03 * len(ordre))
