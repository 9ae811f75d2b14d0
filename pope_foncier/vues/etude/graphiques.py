"""Charts: matplotlib object API, ``ax`` in, ``ax`` out; direct labels, colour-blind-safe colours with hatching, units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.compte_annuel import COMPTE, par_place_du_compte
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.etude.tableaux_financement import ressources_comptees
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.figures import HACHURES, OKABE_ITO, ecarter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Locator

    from pope_foncier.socle.temps import Echelle


def tracer_plan(vue: Vue, ax: Axes) -> Axes:
    """Sources and uses of the closed plan as two stacked bars; what nobody brings is hatched, white and named « à trouver »."""
    bouclee = vue.bouclee
    besoins = [(x.libelle, bouclee.montant(x.code)) for x in bouclee.ev.livre.du_groupe("besoins")]
    ressources = [(x.libelle, bouclee.montant(x.code)) for x in ressources_comptees(bouclee) if not x.boucle]
    apportes = [(f"{lectures.qui_apporte(a.boucleur)}, bouclage", m) for a, m in apports(vue) if not a.est_a_trouver]
    ressources += [*apportes, ("À trouver", a_trouver(vue))]
    hachurees = ("À trouver", *(nom for nom, _ in apportes))
    _colonnes(ax, {"Besoins": besoins, "Ressources": ressources}, hachurees)
    ax.set_ylabel("milliers d'euros TTC, plan bouclé")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v / 1000))
    return ax


def _colonnes(ax: Axes, colonnes: dict[str, list[tuple[str, float]]], hachurees: tuple[str, ...] = ()) -> None:
    """Stacked bars, each part named beside its bar; labels are pushed apart; parts ``hachurees`` close the plan, the first is white."""
    haut = max(sum(v for _, v in parts if v > 0) for parts in colonnes.values())
    if not haut > 0:
        ax.text(0.5, 0.5, "montants inconnus ou nuls", ha="center", transform=ax.transAxes)
        return
    pas = 3.9
    for x, parts in zip(np.arange(len(colonnes)) * pas, colonnes.values(), strict=True):
        visibles = _reunir_les_petites([p for p in parts if p[1] > haut * 1e-4], haut, hachurees)
        bases = np.cumsum([0.0, *(v for _, v in visibles)])
        hauteurs = ecarter((bases[:-1] + bases[1:]) / 2, haut * 0.055, haut * 1.04)
        for rang, ((nom, valeur), bas, y) in enumerate(zip(visibles, bases, hauteurs, strict=False)):
            boucle = nom in hachurees
            ax.bar(
                x,
                valeur,
                bottom=bas,
                width=0.6,
                color="white" if hachurees[:1] == (nom,) else OKABE_ITO[rang % 8],
                edgecolor="black" if boucle else "white",
                hatch=HACHURES[1] if boucle else HACHURES[rang % 8],
            )
            trait = {"arrowstyle": "-", "color": "grey", "linewidth": 0.6}
            ax.annotate(
                f"{nom} : {euros(valeur)}",
                (x + 0.3, bas + valeur / 2),
                (x + 0.4, y),
                va="center",
                fontsize=8.5,
                arrowprops=trait,
            )
    ax.set_xticks(np.arange(len(colonnes)) * pas, list(colonnes), fontweight="bold")
    ax.set_xlim(-0.4, len(colonnes) * pas + 0.5)
    ax.set_ylim(0, haut * 1.12)


_PETITE = 0.02
"""Share of the tallest bar under which a part has no room for its name."""


def _reunir_les_petites(
    parts: list[tuple[str, float]], haut: float, hachurees: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Parts whose names can be read: those too thin are one part, whose name says how many; the table has each."""
    petites = [p for p in parts if p[1] < _PETITE * haut and p[0] not in hachurees]
    if len(petites) < 2:
        return parts
    return [*(p for p in parts if p not in petites), (f"Autres, {len(petites)} lignes", sum(v for _, v in petites))]


def tracer_tresorerie(vue: Vue, ax: Axes) -> Axes:
    """Cash of each party on the closed plan by month, with its lowest point and the opening."""
    vue = vue.bouclee
    echelle, lues = vue.ev.ctx.echelle, caisses(vue)
    fin = int(min(vue.valeur(vue.ev.calendrier.fin_titre) + 6, echelle.duree_mois))
    annees = echelle.depart.year + (echelle.depart.month - 1 + np.arange(fin)) / 12
    for rang, caisse in enumerate(lues):
        trait = {"linewidth": 2, "label": caisse.acteur, "color": OKABE_ITO[rang], "linestyle": ("-", "--")[rang]}
        ax.plot(annees, caisse.cumul[:fin] / 1000, **trait)  # type: ignore[arg-type]
        _annoter_le_creux(ax, annees, caisse.cumul[:fin], echelle)
    if len(lues) > 1:
        ax.legend(fontsize=9)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.margins(y=0.12)
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    if not np.isnan(ouverture):
        x = echelle.depart.year + (echelle.depart.month - 1 + ouverture) / 12
        ax.axvline(x, color="grey", linestyle="--", linewidth=1)
        ax.text(x, ax.get_ylim()[1], f" ouverture, {echelle.mois_en_clair(int(ouverture))}", fontsize=9, va="top")
    ax.set_ylabel("trésorerie du plan bouclé, milliers d'euros")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    ax.xaxis.set_major_locator(_annees_entieres())
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0f}")
    return ax


def _annoter_le_creux(ax: Axes, annees: np.ndarray, cumul: np.ndarray, echelle: Echelle) -> None:
    creux = int(np.argmin(cumul))
    ax.plot(annees[creux], cumul[creux] / 1000, "o", color=OKABE_ITO[5])
    quoi = "manquent encore" if cumul[creux] < -0.5 else "point bas :"
    tard = creux > len(cumul) / 2
    ax.annotate(
        f"{quoi} {euros(abs(float(cumul[creux])))}, {echelle.mois_en_clair(creux)}",
        (annees[creux], cumul[creux] / 1000),
        (-6 if tard else 6, -13),
        textcoords="offset points",
        ha="right" if tard else "left",
        fontsize=9,
    )


def _annees_entieres() -> Locator:
    """Ticks on whole years only."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


def tracer_exploitation(vue: Vue, ax: Axes) -> Axes:
    """Charges and income per place on the closed plan in the cruising year, else the first full year, as two stacked bars."""
    vue = vue.bouclee
    annee = vue.annee_de_croisiere or vue.annee_pleine
    if annee is None or not vue.places.nombre > 0:
        ax.text(0.5, 0.5, "aucune année pleine, ou aucune place", ha="center", transform=ax.transAxes)
        return ax
    _colonnes(ax, {titre: par_place_du_compte(vue, groupe, annee) for titre, groupe in COMPTE})
    ax.set_ylabel(f"euros par place en {annee}, plan bouclé")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    return ax
