"""Figure of a study over two inputs at once, each at several values, the plan closed again in each pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pope_foncier.decision.sensibilite.entrees import Entree, entrees_en_doute
from pope_foncier.decision.sensibilite.essais import Essais
from pope_foncier.etude.lecteur import BOUCLE, RATIOS, Lecteur
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import en_entiers
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

VALEURS = 7
"""Values of each input, by default."""


@dataclass(frozen=True)
class Grille:
    """Figure over two inputs.

    Attributes:
        x, y: inputs; their values are in order, in the columns and in the rows.
        chiffres: figure, shape (values of y, values of x); NaN where there is none.
        motifs: why there is none, same shape.
        seuil: threshold of the figure; NaN without one.
        centrale: figure of the study.
    """

    nom: str
    code: str
    libelle: str
    unite: str
    x: Entree
    y: Entree
    valeurs_x: Tableau
    valeurs_y: Tableau
    chiffres: Tableau
    motifs: NDArray[np.str_]
    seuil: float
    centrale: float


def grille(
    vue: Vue,
    x: str,
    y: str,
    code: str,
    seuil: float | None = None,
    valeurs_x: Sequence[float] = (),
    valeurs_y: Sequence[float] = (),
) -> Grille:
    """Figure of a scenario over two of its inputs, on the closed plan.

    Args:
        x, y: fields of the study, or paths; over what each may be when no values are given.
        seuil: threshold; that of the control of a ratio by default.

    Raises:
        Inconnu: no such figure.
        ErreurCalcul: twice the same input, or one without interval when no values are given.
    """
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    moteur, dossier = Moteur(ctx.catalogue, ctx.evolutions), Dossier(vue.nom, etude, ctx.site, {BASE: etude})
    if x == y:
        raise ErreurCalcul(f"Grille : deux entrées différentes sont attendues ; « {x} » y est deux fois.")
    lecteur = Lecteur(vue.bouclee.ev)
    entier = lecteur.code(code)
    connues = {e.champ: e for e in entrees_en_doute(etude, moteur)}
    (une, vx), (deux, vy) = (_entree(connues, dossier, c, v) for c, v in ((x, valeurs_x), (y, valeurs_y)))
    essais = Essais(dossier, moteur, (entier,), BOUCLE)
    lus = essais.lire([{x: float(a), y: float(b)} for b in vy for a in vx])
    forme = (len(vy), len(vx))
    if seuil is None and entier.startswith(RATIOS):
        seuil = lecteur.ratios[entier].controle.seuil
    lue = lecteur.grandeur(entier)
    return Grille(
        vue.nom,
        entier,
        lue.nom,
        lue.unite,
        une,
        deux,
        vx,
        vy,
        np.array(lus.chiffres[entier]).reshape(forme),
        lus.motifs.reshape(forme),
        float("nan") if seuil is None else float(seuil),
        essais.centraux[entier],
    )


def _entree(
    connues: dict[str, Entree], dossier: Dossier, champ: str, valeurs: Sequence[float]
) -> tuple[Entree, Tableau]:
    """Input and its values in order: those given, or even ones over what it may be, whole ones when it counts in whole numbers."""
    entree = connues.get(champ)
    if entree is None and not len(valeurs):
        raise ErreurCalcul(f"Grille : « {champ} » n'a pas d'intervalle dans l'étude ; donner ses valeurs.")
    if entree is None:
        declaration, lue = declaration_de(dossier.etude, champ), lire_champ(dossier.etude, champ)
        dite = lue.valeur if isinstance(lue, Donnee) else lue
        centrale = float("nan") if dite is None else float(dite)
        entree = Entree(champ, declaration.libelle, declaration.unite, centrale, min(valeurs), max(valeurs))
    if len(valeurs):
        return entree, np.unique(np.asarray(valeurs, dtype=np.float64))
    egales = np.linspace(entree.bas, entree.haut, VALEURS)
    entiere = not champ.startswith("evolution.") and en_entiers(dossier.etude, champ)
    return entree, np.unique(np.round(egales) if entiere else _ronds(egales))


def _ronds(valeurs: Tableau) -> Tableau:
    """The same values to two figures of their step, so that they read well; the ends stay."""
    pas = float(valeurs[1] - valeurs[0])
    decimales = 1 - math.floor(math.log10(pas))
    return np.concatenate([valeurs[:1], np.round(valeurs[1:-1], decimales), valeurs[-1:]])
