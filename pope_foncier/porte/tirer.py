"""Random draws of some fields of a study, figures read in each: one row a draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.decision.doute.echantillon import echantillon
from pope_foncier.decision.doute.etude_tiree import en_ecarts, lus
from pope_foncier.decision.doute.evenements import cle
from pope_foncier.decision.doute.reglages import reglages
from pope_foncier.etude.fiche_doute import GRAINE_MAX
from pope_foncier.etude.lecteur import BOUCLE, principaux, verifier_lecture
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.modele.loi import Loi
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.croiser import COMBINAISONS_MAX, en_cadre, evaluer_en_tableau
from pope_foncier.porte.douter import bornee, en_chemin, en_liens, exiger_un_entier
from pope_foncier.porte.etude import Etude
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

if TYPE_CHECKING:
    import pandas as pd


@verifie
def tirer(
    etude: Etude,
    lois: Mapping[str, Any] | Sequence[str] | None = None,
    n: int = 10_000,
    graine: int = 0,
    chiffres: Sequence[str] | None = None,
    lecture: str = BOUCLE,
    methode: str = "hasard",
    correlations: Mapping[tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """Draw some fields at random and read figures in each draw: one row a draw, each field from its own stream.

    Args:
        lois: law by field (``pf.pert``, ``pf.lognormale``, ``pf.normale``, ``pf.entiers``…), or n values of your own; or fields alone, drawn by the
            law that the study declares for each, a triangle over its range by default; all that the study may draw when left out. The draws of a path
            (``evolution.prix``) are added to its yearly rate.
        n: number of draws.
        graine: seed; the same gives the same draws.
        chiffres: codes of the figures wanted; the main ones by default.
        lecture: ``boucle`` or ``tel_quel``; the name of the columns says it.
        methode: ``hasard``, ``hypercube`` or ``sobol``.
        correlations: correlation by pair of fields.

    Returns:
        The fields drawn, then the figures.

    Raises:
        Inconnu: a field or a figure that the study does not have.
        ErreurCalcul: a field that cannot be drawn, or has neither law nor range.

    >>> import pope_foncier as pf
    >>> tirages = pf.tirer(pf.ouvrir("gare_saint_denis"), ["travaux.cout_m2_ht"], n=100, chiffres=["cout_total"])
    >>> tirages.shape
    (100, 2)
    """
    import pandas as pd

    exiger_un_entier("Nombre de tirages", n, 1, COMBINAISONS_MAX)
    exiger_un_entier("Graine", graine, 0, GRAINE_MAX)
    dites = {en_chemin(etude, c): v for c, v in lois.items()} if isinstance(lois, Mapping) else declarees(etude, lois)
    a_tirer = {c: bornee(etude, c, loi) for c, loi in dites.items() if isinstance(loi, Loi)}
    tires = echantillon(a_tirer, n, graine, methode, en_liens(etude, correlations or {}))
    if not isinstance(lois, Mapping):
        tires = en_ecarts(tires, etude.fiche, moteur_du_projet())
    tirages = {c: tires[c] if c in tires else _nombres(c, valeurs) for c, valeurs in dites.items()}
    for nom, valeurs in tirages.items():
        if valeurs.shape != (n,):
            raise ErreurCalcul(f"« {nom} » : {n} valeurs sont attendues ; trouvé : {valeurs.shape}.")
    lue = verifier_lecture(lecture)
    noms = tuple(chiffres or principaux(etude.fiche.exploitation is not None, lue))
    lues = evaluer_en_tableau(moteur_du_projet(), etude, tirages, noms, lue)
    return en_cadre({**tirages, **lues}, pd.RangeIndex(n, name="tirage"), lue)


def _nombres(nom: str, valeurs: Any) -> Tableau:
    try:
        return np.asarray(valeurs, dtype=np.float64)
    except (TypeError, ValueError):
        raise ErreurCalcul(f"« {nom} » : une loi, ou des nombres, sont attendus.") from None


def declarees(etude: Etude, champs: Sequence[str] | None) -> dict[str, Loi]:
    """Laws that a study declares, by path: those of some fields, or all those that its computation reads.

    Raises:
        ErreurCalcul: a field without law nor range.
    """
    moteur = moteur_du_projet()
    if champs is None:
        toutes = lus(etude.dossier(), moteur, reglages(etude.fiche, moteur))
        des_evenements = {cle(e) for e in toutes.evenements}
        return {champ: loi for champ, loi in toutes.lois.items() if champ not in des_evenements}
    connues = reglages(etude.fiche, moteur, tenir=False).lois
    chemins = [en_chemin(etude, nom) for nom in champs]
    for chemin in chemins:
        if chemin not in connues:
            raise ErreurCalcul(
                f"« {chemin} » n'a pas d'intervalle dans l'étude : donner sa loi, par exemple pf.uniforme(bas, haut). "
                "etude.champs montre les intervalles déclarés."
            )
    return {chemin: connues[chemin] for chemin in chemins}
