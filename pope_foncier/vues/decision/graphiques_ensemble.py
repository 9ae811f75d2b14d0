"""Charts across studies: what each asks for and who pays it, and the cash of a portfolio beside each site alone."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.decision.portefeuille.ensemble import Ensemble
from pope_foncier.etude.parts_du_plan import PARTS, parts_du_plan
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import ajouter_mois, mois_en_clair
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO, ecarter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TRAITS = ("-", "--", "-.", ":")


def tracer_etudes(vues: Sequence[tuple[str, Vue]], ax: Axes) -> Axes:
    """Needs of each study, one bar each, cut by who pays; a study whose amounts are unknown says so."""
    noms = [textwrap.fill(nom, 34) for nom, _ in vues]
    plus_grand = max(1.0 if v.aucune_place else np.nansum([*parts_du_plan(v).values(), 1.0]) for _, v in vues)
    for rang, (_, vue) in enumerate(vues):
        if vue.aucune_place:
            ax.text(0, rang, f"  {AUCUNE_PLACE}", va="center", fontsize=9, style="italic")
            continue
        parts = parts_du_plan(vue)
        if np.isnan(list(parts.values())).any():
            ax.text(0, rang, "  inconnu : des montants manquent", va="center", fontsize=9, style="italic")
            continue
        gauche = 0.0
        for i, (nom, montant) in enumerate(parts.items()):
            if montant < 0.5:
                continue
            style: dict[str, Any] = {"color": OKABE_ITO[i], "hatch": HACHURES[i], "edgecolor": "white"}
            if nom == PARTS[-1]:
                style = {"color": "white", "hatch": HACHURES[1], "edgecolor": "black"}
            ax.barh(rang, montant, left=gauche, height=0.7, **style)
            if montant > 0.075 * plus_grand:
                _ecrire(ax, gauche + montant / 2, rang, f"{nom}\n{formater_nombre(montant / 1000)}")
            gauche += montant
        ax.text(gauche, rang, f" {euros(round(gauche, -3))}", va="center", fontsize=9, fontweight="bold")
    ax.set_yticks(range(len(vues)), noms, fontsize=9)
    ax.invert_yaxis()
    ax.margins(x=0.14)
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v / 1000))
    ax.set_xlabel("besoins du plan bouclé, milliers d'euros TTC")
    return ax


def _ecrire(ax: Axes, x: float, y: float, texte: str) -> None:
    fond = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    ax.text(x, y, texte, ha="center", va="center", fontsize=8.5, bbox=fond)


def tracer_caisses(ensemble: Ensemble, ax: Axes) -> Axes:
    """Cash of the company at the end of each month, and of each site if it stood alone with its share of the equity."""
    duree = ensemble.duree
    parts = enumerate(zip(ensemble.lieux, ensemble.parts, strict=True))
    lignes = {"réunis": ensemble.caisse}
    lignes |= {f"{lieu.libelle}, à part": ensemble.caisse_seule(rang, part) for rang, (lieu, part) in parts}
    courbes = {
        nom: np.broadcast_to(v, (*v.shape[:-1], duree)).reshape(-1, duree)[0] / 1000 for nom, v in lignes.items()
    }
    x = ensemble.depart.year + (ensemble.depart.month - 1 + np.arange(duree)) / 12
    for i, y in enumerate(courbes.values()):
        ax.plot(x, y, color=OKABE_ITO[i % 8], linestyle=_TRAITS[i % 4], linewidth=1.5 if i else 2.4)
    _nommer(ax, courbes, x)
    reunis = courbes["réunis"]
    creux = int(np.argmin(reunis))
    ax.plot(x[creux], reunis[creux], "o", color=OKABE_ITO[5])
    quand = mois_en_clair(ajouter_mois(ensemble.depart, creux))
    texte = f"point bas réunis : {euros(round(float(reunis[creux]) * 1000, -2))}, {quand}"
    ax.annotate(texte, (x[creux], reunis[creux]), (8, -12), textcoords="offset points", fontsize=9)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.margins(y=0.1)
    ax.set_ylabel("trésorerie, milliers d'euros")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    return ax


def _nommer(ax: Axes, courbes: dict[str, np.ndarray], x: np.ndarray) -> None:
    """Name of each curve at its end, pushed apart, and whole years below."""
    rangs = {nom: i for i, nom in enumerate(courbes)}
    fins = {nom: float(y[-1]) for nom, y in sorted(courbes.items(), key=lambda c: c[1][-1])}
    haut, bas = max(y.max() for y in courbes.values()), min(y.min() for y in courbes.values())
    for nom, hauteur in zip(fins, ecarter(np.array([*fins.values()]), 0.07 * (haut - bas), haut), strict=True):
        couleur = OKABE_ITO[rangs[nom] % 8]
        ax.text(x[-1] + 0.4, float(hauteur), textwrap.fill(nom, 24), va="center", fontsize=9, color=couleur)
    ax.set_xlim(x[0], x[-1] + 0.22 * (x[-1] - x[0]))
    ax.set_xticks(
        np.arange(np.ceil(x[0]), x[-1] + 0.01, 5.0), [f"{v:.0f}" for v in np.arange(np.ceil(x[0]), x[-1] + 0.01, 5.0)]
    )
