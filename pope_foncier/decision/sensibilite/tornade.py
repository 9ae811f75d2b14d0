"""Tornado of a figure: each input in doubt moved from end to end, the others as the study says, beside what its slope would tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.sensibilite.entrees import Entree, entrees_en_doute
from pope_foncier.decision.sensibilite.essais import PLACES, Essais
from pope_foncier.etude.bouclage import RESTE_INCONNU
from pope_foncier.etude.lecteur import BOUCLE, Lecteur, Lecture
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import Effet, effets
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.etude.voies import voies

_RIEN = 1e-9
"""Share of a figure under which it does not move."""


@dataclass(frozen=True, slots=True)
class Bout:
    """End of an input.

    Attributes:
        chiffre: figure there; NaN when it has no value, and ``motif`` says why.
        places: places that the study holds there.
        par_la_pente: what the slope at the value of the study would tell; NaN when the input acts by steps.
    """

    valeur: float
    chiffre: float
    motif: str
    places: float
    par_la_pente: float


@dataclass(frozen=True, slots=True)
class Barre:
    """Swing of a figure when one input goes from end to end.

    Attributes:
        marches: why the input acts by steps; nothing when it does not.
        par: line of the plan by which it moves most what is to find; nothing for another figure.
    """

    entree: Entree
    bas: Bout
    haut: Bout
    marches: tuple[str, ...] = ()
    par: str = ""

    @property
    def bouts(self) -> tuple[Bout, Bout]:
        """Low end, then high end."""
        return self.bas, self.haut

    def etendue(self, centrale: float) -> float:
        """How far the figure goes from end to end, its value in the study included; infinite when it has none at an end."""
        lus = [self.bas.chiffre, centrale, self.haut.chiffre]
        return float("inf") if np.isnan(lus).any() else max(lus) - min(lus)


@dataclass(frozen=True)
class Tornade:
    """Tornado of a figure.

    Attributes:
        centrale: figure of the study.
        places: places of the study.
        barres: one an input that moves the figure, the longest first, those without a value at an end before all.
        immobiles: inputs in doubt that do not move it.
        manques: what is unknown in the study, without which the figure has no value.
        sans_place: why the study holds no place; nothing when it holds some.
    """

    nom: str
    code: str
    libelle: str
    unite: str
    lecture: Lecture
    centrale: float
    places: float
    barres: tuple[Barre, ...]
    immobiles: tuple[Entree, ...]
    manques: tuple[str, ...] = ()
    sans_place: str = ""


def tornade(vue: Vue, code: str, entrees: Sequence[Entree] | None = None, lecture: Lecture = BOUCLE) -> Tornade:
    """Tornado of a figure of a scenario, the plan being closed again at each end.

    Args:
        vue: scenario, on the plan as it stands.
        entrees: inputs to move, with their ends; those in doubt by default.

    Raises:
        Inconnu: no such figure.
    """
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    moteur = Moteur(ctx.catalogue, ctx.evolutions)
    lecteur = Lecteur(vue.bouclee.ev if lecture == BOUCLE else vue.ev)
    entier = lecteur.code(code)
    lues = entrees_en_doute(etude, moteur) if entrees is None else entrees
    pentes = {e.champ: e for e in effets(lecteur.ev, [lecteur.sortie(entier)], vue.rang)[0]}
    par = {c: v.libelle for c, v in voies(lecteur.ev, entier, [*pentes.values()], vue.rang).items()}
    essais = Essais(Dossier(vue.nom, etude, ctx.site, {BASE: etude}), moteur, [entier], lecture)
    barres = _barres(essais, entier, lues, pentes, par)
    centrale = essais.centraux[entier]
    bougent = {b.entree.champ: b.etendue(centrale) > _RIEN * max(abs(centrale), 1.0) for b in barres}
    grandeur = lecteur.grandeur(entier)
    return Tornade(
        vue.nom,
        entier,
        grandeur.nom,
        grandeur.unite,
        lecture,
        centrale,
        essais.centraux[PLACES],
        tuple(sorted((b for b in barres if bougent[b.entree.champ]), key=lambda b: -b.etendue(centrale))),
        tuple(b.entree for b in barres if not bougent[b.entree.champ]),
        tuple(sorted(grandeur.manques - {RESTE_INCONNU})) if np.isnan(centrale) else (),
        vue.aucune_place or "",
    )


def _barres(
    essais: Essais, code: str, entrees: Sequence[Entree], pentes: Mapping[str, Effet], par: Mapping[str, str]
) -> list[Barre]:
    """One bar an input, both ends of all of them in one evaluation."""
    lus = essais.lire([{e.champ: v} for e in entrees for v in (e.bas, e.haut)])
    centrale = essais.centraux[code]
    barres = []
    for k, entree in enumerate(entrees):
        effet = pentes.get(entree.champ)
        bouts = []
        for rang, valeur in ((2 * k, entree.bas), (2 * k + 1, entree.haut)):
            motif = str(lus.motifs[rang]) or essais.refus(entree.champ, valeur)
            chiffre = float("nan") if motif else float(lus.chiffres[code][rang])
            lisse = effet is not None and effet.est_lisse
            par_la_pente = centrale + effet.pente * (valeur - entree.centrale) if effet and lisse else float("nan")
            bouts.append(Bout(valeur, chiffre, motif, float(lus.chiffres[PLACES][rang]), par_la_pente))
        marches = () if effet is None else (*effet.marches, *effet.seuils)
        barres.append(Barre(entree, bouts[0], bouts[1], marches, par.get(entree.champ, "")))
    return barres
