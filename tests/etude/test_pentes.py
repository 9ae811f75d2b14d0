"""Slopes of the six studies against central differences of the whole engine, the plan closed again to a billionth of a euro.

Each input is moved up and down, all the lines are computed again and the closers are called again: nothing of the slopes is used. An input
whose two sides do not agree stands on a step or a kink, where there is no slope to compare.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from pope_foncier.etude import bouclage
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.pentes import REALISER, Effet, effets
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.exploitation import tenir_la_caisse
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.pentes import Sortie
from tests.conftest import DONNEES
from tests.etude import variantes_du_graphe

ETUDES = sorted(f.stem for f in (DONNEES / "etudes").glob("*.yaml"))
CHIFFRES = (
    "contribution_par_place",
    "contribution_totale",
    "a_trouver",
    "a_trouver.total",
    "couverture_minimale",
    "tresorerie_manquante",
    "cout_total",
    "exploitation.resultat",
    "emprunts",
)
"""Contribution by place and in all, to find, minimum cover, cash at its lowest, total cost, surplus, loans."""
PAS = 1e-4
"""Share of an input by which it moves."""
LOT = 40
"""Inputs evaluated together."""
HORS_DE_VUE = {
    ("prets", "delais.reglements.delai_prive"),
    ("relais_et_report", "exploitation.versements_caf.mois_solde"),
}
"""Jumps that no slope meets: works paid a month earlier would draw their loan then; a balance paid another month would weigh on the cash."""
EN_DESSOUS_DE_RIEN = "la taxe ne se calcule que s'il y a quelque chose à taxer"
"""Reason of an input that is zero and cannot be less: what is below it is no side."""


@pytest.fixture(scope="module", autouse=True)
def serre():
    """Closing, and cash held by the commune, to a billionth of a euro, so that what differs is not their rounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bouclage, "_STABLE", 1e-9)
        patch.setattr(tenir_la_caisse, "STABLE", 1e-9)
        yield


def chiffres(ev):
    """Figures of a closed evaluation that the study has, by name: quantity and weight of its months."""
    lecteur, lus = Lecteur(ev), {}
    for nom in CHIFFRES:
        try:
            code = lecteur.code(nom)
        except ErreurCalcul:
            continue
        grandeur = lecteur.grandeur(code)
        poids = np.ones(grandeur.valeur.shape[-1])
        poids[: -1 if lecteur.est_stock(code) else 0] = 0.0
        lus[nom] = Sortie(grandeur, poids)
    return lus


def deplacees(base, cles, largeur):
    """Each input moved up, then down, on rows of its own; as it is on the others and on the last row."""
    lues = {}
    for i, cle in enumerate(cles):
        feuille = base[cle]
        valeurs = np.repeat(np.atleast_2d(feuille.valeur), 2 * len(cles) + 1, axis=0)
        valeurs[2 * i] += largeur[cle]
        valeurs[2 * i + 1] -= largeur[cle]
        lues[cle] = Grandeur(valeurs, feuille.nom, feuille.unite, feuille.origines, feuille.axe, tracee=False)
    return lues


def admises(base, ctx, cles, largeur):
    """Those of some inputs that the engine takes once moved, the plan being left open."""
    try:
        calculer(replace(ctx, _memoire=deplacees(base, cles, largeur)), ["base"])
    except ErreurCalcul:
        moitie = len(cles) // 2
        return [c for m in (cles[:moitie], cles[moitie:]) for c in admises(base, ctx, m, largeur)] if moitie else []
    return cles


def bougees(base, ctx, cles, largeur):
    """Figures as they are, and when each input moves up, then down; inputs that the engine refuses are left out."""
    if not cles:
        return {}
    try:
        ev = bouclage.boucler(calculer(replace(ctx, _memoire=deplacees(base, cles, largeur)), ["base"]))
    except ErreurCalcul:
        prises, moitie = admises(base, ctx, cles, largeur), len(cles) // 2
        if len(prises) < len(cles):
            return bougees(base, ctx, prises, largeur)
        morceaux = [cles[:moitie], cles[moitie:]] if moitie else []
        return {c: v for m in morceaux for c, v in bougees(base, ctx, m, largeur).items()}
    n = 2 * len(cles) + 1
    lues = {nom: np.broadcast_to((s.grandeur.valeur * s.poids).sum(axis=-1), n) for nom, s in chiffres(ev).items()}
    return {cle: {nom: (v[-1], *v[2 * i : 2 * i + 2]) for nom, v in lues.items()} for i, cle in enumerate(cles)}


class Comparaison(NamedTuple):
    """One input and one figure: its effect, the differences on each side, and what rounding leaves of them."""

    chiffre: str
    champ: str
    effet: Effet | None
    droite: float
    gauche: float
    bruit: float

    @property
    def pente(self):
        return self.effet.pente if self.effet else 0.0

    @property
    def centree(self):
        return (self.droite + self.gauche) / 2.0

    @property
    def lisse(self):
        """Whether both sides agree: neither a step nor a kink; an input that acts by steps may have a small one there.

        What counts in whole numbers has no slope to compare.
        """
        if self.effet is not None and self.effet.en_entiers:
            return False
        ecart = 1e-3 if self.raisons else 1e-2
        return abs(self.droite - self.gauche) <= ecart * abs(self.centree) + 2 * self.bruit

    @property
    def juste(self):
        return abs(self.pente - self.centree) <= 1e-6 * abs(self.centree) + self.bruit

    @property
    def d_un_cote(self):
        """Whether the slope is that of a side of a kink: another month becomes the lowest, and nothing jumps."""
        return any(abs(self.pente - cote) <= 1e-6 * abs(cote) + self.bruit for cote in (self.droite, self.gauche))

    @property
    def raisons(self):
        return (*self.effet.marches, *self.effet.seuils) if self.effet else ()


@pytest.fixture(scope="module", params=[*ETUDES, *variantes_du_graphe.VARIANTES])
def comparees(request, moteur):
    """For each figure and input of a study, its slope and the differences of the engine."""
    variante = request.param in variantes_du_graphe.VARIANTES
    dossier = (
        variantes_du_graphe.ouvrir_variante(request.param)
        if variante
        else ouvrir(DONNEES / "etudes" / f"{request.param}.yaml")
    )
    vue = Resultat.calculer(dossier, moteur).vue().bouclee
    sorties = chiffres(vue.ev)
    lus = dict(zip(sorties, effets(vue.ev, list(sorties.values()), vue.rang), strict=True))
    etude = vue.ev.ctx.variantes[vue.rang if len(vue.ev.ctx.variantes) > 1 else 0]
    ctx = replace(vue.ev.ctx, variantes=(etude,), bouclage={}, communes=None, _memoire={})
    calculer(ctx, ["base"])
    base = {c: g for c, g in ctx._memoire.items() if g.operation is None and np.isfinite(g.valeur).all()}
    champs = {c: g.origines[0].reference if g.origines else ".".join(c) for c, g in base.items()}
    seules = [c for c in base if [*champs.values()].count(champs[c]) == 1 and champs[c] != REALISER]
    largeur = {c: PAS * max(float(np.abs(base[c].valeur).max()), 1e-2) for c in seules}
    lues = []
    for debut in range(0, len(seules), LOT):
        for cle, bouge in bougees(base, ctx, seules[debut : debut + LOT], largeur).items():
            for chiffre, (ici, haut, bas) in bouge.items():
                effet = next((e for e in lus[chiffre] if e.champ == champs[cle]), None)
                h = largeur[cle]
                bruit = (1e-12 * abs(ici) + 2e-9) / h
                lue = Comparaison(chiffre, champs[cle], effet, (haut - ici) / h, (ici - bas) / h, bruit)
                if np.isfinite(lue.centree):
                    lues.append(lue)
    return request.param, lues


def test_la_pente_est_celle_des_differences_centrees(comparees):
    nom, lues = comparees
    lisses = [c for c in lues if c.lisse and not any(m == EN_DESSOUS_DE_RIEN for m in c.raisons)]
    assert [c for c in lisses if not c.juste] == []
    assert sum(1 for c in lisses if c.pente) > (0 if nom == "creche_emile_zola" else 80)


def test_une_entree_qui_saute_est_dite_par_marches(comparees):
    """An input whose two sides do not agree is said to act by steps, or to reach a threshold; at a kink its slope is that of a side."""
    nom, lues = comparees
    tus = [c for c in lues if not c.lisse and not c.raisons and not c.d_un_cote]
    assert {(nom, c.champ) for c in tus} <= HORS_DE_VUE
