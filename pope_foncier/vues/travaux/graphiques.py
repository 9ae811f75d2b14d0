"""Pictures of works and calendar: stages or phases as bars; back-test, on axes of its own in logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.delais import TirageDelais
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.planning import Planning
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import Echelle, mois_en_clair
from pope_foncier.travaux.calage import Calage
from pope_foncier.vues.formes.figures import figure
from pope_foncier.vues.formes.image import ALERTE, OKABE_ITO, TEINTES, Axe, Boite, Courbe, Image, Marque, Mots
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


@dataclass(frozen=True, slots=True)
class Etape:
    """Bar of a calendar, in months after the start; NaN when unknown."""

    nom: str
    debut: float
    fin: float
    teinte: tuple[str, str]
    marge: float = 0.0
    """Months that it may last longer without moving the opening."""
    bornes: tuple[float, float] | None = None
    """P10 and P90 of its end."""


_CRITIQUE = (ALERTE, "///")


def etapes(vue: Vue) -> list[Etape]:
    """Stages of a project, to the end of the tenure."""
    cal = vue.ev.calendrier
    debut, reception, ouverture, fin = (
        vue.valeur(g) for g in (cal.debut_travaux, cal.reception, cal.ouverture, cal.fin_titre)
    )
    plein = ouverture + vue.valeur(vue.ev.ctx.entree("delais.montee_en_charge_mois"))
    dates = [
        ("Études et autorisations", 0.0, debut),
        ("Travaux", debut, reception),
        *([("Préparation de l'ouverture", reception, ouverture)] if ouverture > reception else []),
        ("Montée en charge", ouverture, plein),
        ("Pleine activité", plein, fin),
    ]
    return [Etape(*d, TEINTES[rang]) for rang, d in enumerate(dates)]


def phases(planning: Planning, tirage: TirageDelais | None = None) -> list[Etape]:
    """Phases of a study, the critical ones hatched, with their margin and what draws say of their end."""
    etapes = []
    for p in sorted(planning.phases, key=lambda p: (np.nan_to_num(p.debut.au_point(), nan=np.inf), p.fin.au_point())):
        teinte = _CRITIQUE if np.ravel(p.critique)[0] else (OKABE_ITO[4], "")
        bornes = None if tirage is None else tuple(np.quantile(tirage.fins[p.phase.id], [0.1, 0.9]).tolist())
        marge = float(np.nan_to_num(p.marge.au_point()))
        etapes.append(Etape(p.phase.libelle, p.debut.au_point(), p.fin.au_point(), teinte, marge, bornes))
    return etapes


def calendrier(etapes: Sequence[Etape], echelle: Echelle, texte: str, source: str) -> Image:
    """Bars of a project over the years, each named with its months; margins hollow, P10–P90 of the ends as black lines."""
    bouts = [x for e in etapes for x in (e.debut, e.fin + e.marge, *(e.bornes or ())) if not np.isnan(x)]
    horizon = min(max(bouts, default=0.0), echelle.duree_mois) or 12.0
    marques: list[Marque] = []
    for rang, e in enumerate(etapes):
        duree = e.fin - e.debut
        if np.isnan(duree):
            inconnu = f"{e.nom} : {'date' if np.isnan(e.debut) else 'durée'} inconnue"
            marques.append(
                Courbe.point(float(np.nan_to_num(e.debut)), rang, Mots(inconnu, "E W", pale=True), marque="")
            )
            continue
        quand = echelle.mois_en_clair(round(e.debut))
        mots: Mots | None = Mots(
            f"{e.nom} : {f'{formater_nombre(duree, 1, 0)} mois, dès ' if duree else ''}{quand}", "E W WC"
        )
        if e.marge > 0:
            marques.append(Boite.en_rang(rang, e.debut, e.fin + e.marge, mots, e.teinte, creuse=True))
            mots = None
        if e.bornes is not None and e.bornes[1] > e.bornes[0]:
            marques.append(Courbe(np.array(e.bornes), np.full(2, rang + 0.42), couleur="black", epaisseur=1.4))
        barre = Boite.en_rang(rang, e.debut, min(e.fin, horizon), mots, e.teinte)
        marques.append(barre if duree > 0 else Courbe.point(e.debut, rang, mots, e.teinte[0], "D"))
    mois = range((13 - echelle.depart.month) % 12, int(horizon) + 1, 12)
    legende = ["orange hachuré : phase critique"] * any(e.teinte == _CRITIQUE for e in etapes)
    legende += ["en creux : marge"] * any(e.marge > 0 for e in etapes) + ["trait noir : fin, P10–P90"] * any(
        e.bornes for e in etapes
    )
    x = Axe(
        0.0, horizon * 1.01, " ; ".join(legende), tuple((float(m), str(echelle.date_du_mois(m).year)) for m in mois)
    )
    y_axe = Axe(len(etapes) - 0.4, -0.6, graduations=())
    return Image("Calendrier", texte, source, x, y_axe, marques, 0.1 + 0.045 * len(etapes))
