"""Charts: matplotlib object API, ``ax`` in, ``ax`` out; direct labels, colour-blind-safe colours with hatching, units."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.analyse.resultats import Vue
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.tableaux import ressources_comptees

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
HACHURES = ("", "///", "...", "xx", "\\\\\\", "++", "oo", "--")


def figure(largeur: float = 8.0, hauteur: float = 4.2) -> tuple[Figure, Axes]:
    """New figure and axes, without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(largeur, hauteur), layout="constrained")
    FigureCanvasAgg(fig)
    ax = fig.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    return fig, ax


def octets(fig: Figure, genre: str = "png", points: int = 110) -> bytes:
    """Bytes of a figure, deterministic (no date inside)."""
    tampon = io.BytesIO()
    metadonnees: dict[str, Any] = {"Software": None} if genre == "png" else {"Date": None, "Creator": None}
    fig.savefig(tampon, format=genre, dpi=points, metadata=metadonnees)
    return tampon.getvalue()


def tracer_plan(vue: Vue, ax: Axes) -> Axes:
    """Sources and uses as two stacked bars; the gap is hatched and named."""
    besoins = [(x.libelle, vue.montant(x.code)) for x in vue.ev.livre.du_groupe("besoins")]
    ressources = [(x.libelle, vue.montant(x.code)) for x in ressources_comptees(vue)]
    reste = vue.montant("ressources.reste_a_financer")
    if reste > 0:
        ressources.append(("Reste à financer", reste))
    total = max(sum(v for _, v in besoins), 1.0)
    for x, colonne in ((0.0, besoins), (1.9, ressources)):
        bas = 0.0
        fin_etiquette = -np.inf
        for rang, (nom, valeur) in enumerate(c for c in colonne if c[1] > 0.5):
            gap = nom == "Reste à financer"
            ax.bar(
                x,
                valeur,
                bottom=bas,
                width=0.7,
                color="white" if gap else OKABE_ITO[rang % 8],
                edgecolor="black" if gap else "white",
                hatch="///" if gap else HACHURES[rang % 8],
                linewidth=1.0,
            )
            y = max(bas + valeur / 2, fin_etiquette + total * 0.055)
            fin_etiquette = y
            ax.annotate(
                f"{nom} : {euros(valeur)}", (x + 0.36, bas + valeur / 2), (x + 0.42, y), va="center", fontsize=9
            )
            bas += valeur
    ax.set_xticks([0.0, 1.9], ["Besoins", "Ressources"], fontweight="bold")
    ax.set_xlim(-0.5, 3.9)
    ax.set_ylim(0, total * 1.12)
    ax.set_ylabel("milliers d'euros TTC")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v / 1000))
    return ax


def tracer_tresorerie(vue: Vue, ax: Axes) -> Axes:
    """Cash of the project owner by month, with its lowest point and the opening."""
    echelle = vue.ev.ctx.echelle
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = vue.mensuel(f"tresorerie.cumul.{porteur}")
    fin = int(min(vue.valeur(vue.ev.calendrier.fin_titre) + 6, echelle.duree_mois))
    annees = echelle.depart.year + (echelle.depart.month - 1 + np.arange(fin)) / 12
    ax.plot(annees, cumul[:fin] / 1000, color=OKABE_ITO[0], linewidth=2)
    ax.axhline(0, color="black", linewidth=0.8)
    creux = int(np.argmin(cumul[:fin]))
    ax.plot(annees[creux], cumul[creux] / 1000, "o", color=OKABE_ITO[5])
    ax.annotate(
        f"point bas : {euros(cumul[creux])}\n{echelle.mois_en_clair(creux)}",
        (annees[creux], cumul[creux] / 1000),
        (8, 14),
        textcoords="offset points",
        fontsize=9,
    )
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    if not np.isnan(ouverture):
        x = echelle.depart.year + (echelle.depart.month - 1 + ouverture) / 12
        ax.axvline(x, color="grey", linestyle="--", linewidth=1)
        ax.text(x, ax.get_ylim()[1], f" ouverture, {echelle.mois_en_clair(int(ouverture))}", fontsize=9, va="top")
    ax.set_ylabel("trésorerie cumulée, milliers d'euros")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0f}")
    return ax


def tracer_exploitation(vue: Vue, ax: Axes) -> Axes:
    """Charges and income per place in the first full year, as two horizontal stacked bars."""
    if vue.annee_pleine is None:
        return ax
    rang = vue.annees.index(vue.annee_pleine)
    n = vue.valeur(vue.ev.capacite.places)
    for y, groupe in ((1.0, "charges"), (0.0, "produits")):
        gauche = 0.0
        lignes = [x for x in vue.ev.livre.du_groupe(groupe) if x.code != "exploitation.heures_facturees"]  # type: ignore[arg-type]
        for i, ligne in enumerate(lignes):
            valeur = float(vue.annuel(ligne.code)[rang]) / n
            if valeur <= 0:
                continue
            ax.barh(
                y, valeur, left=gauche, height=0.42, color=OKABE_ITO[i % 8], hatch=HACHURES[i % 8], edgecolor="white"
            )
            ecart = 0.30 if i % 2 == 0 else -0.30
            nom = (
                ligne.libelle.replace(" de fonctionnement", "")
                .replace(" ou redevance d'occupation", "")
                .replace(" de la commune à l'équilibre", " commune")
                .replace(", places nouvelles", "")
                .replace("Dotation aux amortissements", "Dotation")
                .replace("Quote-part de subvention", "Quote-part")
            )
            ax.annotate(
                f"{nom}\n{euros(valeur)}",
                (gauche + valeur / 2, y + np.sign(ecart) * 0.21),
                (gauche + valeur / 2, y + ecart),
                ha="center",
                va="bottom" if ecart > 0 else "top",
                fontsize=7.5,
            )
            gauche += valeur
    ax.set_yticks([0, 1], ["Produits", "Charges"], fontweight="bold")
    ax.set_ylim(-0.75, 1.75)
    ax.set_xlabel(f"euros par place en {vue.annee_pleine}")
    ax.xaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    return ax
