"""Many at once: grids of values, evaluated as arrays, told as DataFrames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.decision.doute.reglages import EVOLUTION
from pope_foncier.etude.lecteur import BOUCLE, EN_CLAIR, Lecture, principaux, verifier_lecture
from pope_foncier.etude.moteur import Moteur, admettre, moteur_du_projet
from pope_foncier.etude.rangees import Rangees, lire_rangees
from pope_foncier.etude.tirages import tirer_par_blocs
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.evolutions import Evolution
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.champs import chemin_de
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.pret import Pret
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.refus import refuser

if TYPE_CHECKING:
    import pandas as pd

_CELLULES = 1024 * 360
"""Rows × months of a block: few calls for many rows, within the memory of an ordinary computer."""
COMBINAISONS_MAX = 1_000_000
"""Largest grid: beyond, the table would fill the memory before it is read."""
EVALUATIONS_MAX = 1_000
"""Most evaluations apart: numbers share one, every combination of other values asks for its own, some tens of milliseconds each."""


@verifie
def croiser(
    etude: Etude | Pret,
    champs: Mapping[str, Iterable[Any]],
    chiffres: Sequence[str] | None = None,
    lecture: str = BOUCLE,
) -> pd.DataFrame:
    """Every combination of the values of some fields: one row a combination, one column a figure.

    Args:
        etude: study, or loan alone (its terms are then the fields: ``taux``, ``duree_mois``, ``profil``…).
        champs: values by field, by path or as a keyword of ``varier``; numbers are rows of one array evaluation.
        chiffres: codes of the figures wanted; the main ones by default.
        lecture: ``boucle`` or ``tel_quel``; the name of the columns says it.

    Raises:
        Inconnu: a field or a figure that the study does not have.
        ErreurDonnees: a value that a field does not admit.
        ErreurCalcul: nothing to cross, too large a grid, or too many evaluations apart.

    >>> import pope_foncier as pf
    >>> prets = pf.croiser(pf.Pret(100_000, 0.04, 120), {"taux": [0.03, 0.04], "duree_mois": [120, 180]})
    >>> prets.shape
    (4, 4)
    >>> grille = pf.croiser(pf.ouvrir("gare_saint_denis"), {"travaux.cout_m2_ht": [2400, 2700, 3000]}, ["cout_total"])
    >>> grille["cout_total"].is_monotonic_increasing
    True
    """
    listes = {nom: list(valeurs) for nom, valeurs in champs.items()}
    vides = [nom for nom, valeurs in listes.items() if not valeurs]
    if vides or not listes:
        raise ErreurCalcul(f"Rien à croiser{f' pour {vides[0]}' if vides else ''} : donner au moins une valeur.")
    if np.prod([len(v) for v in listes.values()], dtype=float) > COMBINAISONS_MAX:
        raise ErreurCalcul(f"Plus de {COMBINAISONS_MAX} combinaisons : en croiser moins.")
    if isinstance(etude, Pret):
        return _croiser_le_pret(etude, listes)
    par_chemin = {chemin_de(etude.fiche, nom) if not nom.startswith(EVOLUTION) else nom: v for nom, v in listes.items()}
    lue = verifier_lecture(lecture)
    noms = tuple(chiffres or principaux(etude.fiche.exploitation is not None, lue))
    moteur = moteur_du_projet()
    en_tableau = {c for c, v in par_chemin.items() if _est_numerique(v) and moteur.se_tire(c, etude.fiche)}
    ailleurs = {c: v for c, v in par_chemin.items() if c not in en_tableau}
    _exiger_peu_d_evaluations(ailleurs)
    combinaisons = list(product(*par_chemin.values()))
    grille = np.arange(len(combinaisons)).reshape([len(v) for v in par_chemin.values()])
    colonnes = {nom: np.empty(len(combinaisons)) for nom in noms}
    for choix in product(*(range(len(v)) for v in ailleurs.values())):
        fixe = dict(zip(ailleurs, choix, strict=True))
        variante = etude.varier({c: ailleurs[c][i] for c, i in fixe.items()}) if fixe else etude
        places = grille[tuple(fixe.get(c, slice(None)) for c in par_chemin)].ravel()
        rangs = dict(zip(par_chemin, np.unravel_index(places, grille.shape), strict=True))
        tirages = {c: np.array(v, dtype=float)[rangs[c]] for c, v in par_chemin.items() if c in en_tableau}
        lus = evaluer_en_tableau(moteur, variante, tirages, noms, lue)
        for nom in noms:
            colonnes[nom][places] = lus[nom]
    return en_cadre(colonnes, _index(par_chemin, combinaisons), lue)


def _exiger_peu_d_evaluations(champs: Mapping[str, Sequence[Any]]) -> None:
    """Refuse a grid that would ask for too many evaluations apart.

    Raises:
        ErreurCalcul: more than the bound; which fields ask for them, and how to mend it.
    """
    nombre = int(np.prod([len(v) for v in champs.values()], dtype=float))
    if nombre > EVALUATIONS_MAX:
        dits = " × ".join(f"{nom} ({len(v)})" for nom, v in champs.items())
        raise ErreurCalcul(
            f"{formater_nombre(nombre)} évaluations séparées, {formater_nombre(EVALUATIONS_MAX)} au plus : {dits} ne se calculent pas "
            "en tableau. En croiser moins à la fois, ou donner des nombres, qui se calculent ensemble."
        )


def _est_numerique(valeurs: Sequence[Any]) -> bool:
    return all(isinstance(v, int | float | np.number) and not isinstance(v, bool) and np.isfinite(v) for v in valeurs)


def _index(champs: Mapping[str, Sequence[Any]], combinaisons: Sequence[tuple[Any, ...]]) -> pd.Index[Any]:
    """One level a field."""
    import pandas as pd

    if len(champs) == 1:
        return pd.Index([c[0] for c in combinaisons], name=next(iter(champs)))
    return pd.MultiIndex.from_tuples(combinaisons, names=list(champs))


def en_cadre(colonnes: Mapping[str, Tableau], index: Any, lecture: Lecture) -> pd.DataFrame:
    """Columns as a frame, which says the reading of the plan."""
    import pandas as pd

    cadre = pd.DataFrame(dict(colonnes), index=index)
    cadre.columns.name = EN_CLAIR[lecture]
    return cadre


def evaluer_en_tableau(
    moteur: Moteur, etude: Etude, tirages: Mapping[str, Tableau], noms: Sequence[str], lecture: Lecture
) -> dict[str, Tableau]:
    """Figures of a study under arrays of values, shape (rows,) each.

    The lowest and the highest value of each field are checked as those of a file: an array goes past the sheets.
    """
    for champ in (c for c in tirages if c.startswith(EVOLUTION) and moteur.se_tire(c, etude.fiche)):
        chemin = moteur.evolutions.chemins[champ.removeprefix(EVOLUTION)]
        for taux in (tirages[champ].min(), tirages[champ].max()):
            valider(Evolution, {**chemin.model_dump(), "central": float(taux)}, champ)
    a_verifier = {
        c: admettre(c, lire_champ(etude.fiche, c), v) for c, v in tirages.items() if not c.startswith(EVOLUTION)
    }
    if a_verifier:
        etude.varier({c: _simple(v.max()) for c, v in a_verifier.items()})
        etude = etude.varier({c: _simple(v.min()) for c, v in a_verifier.items()})

    if not tirages:
        return lire_rangees(moteur.tirer(etude.dossier(), {}), noms, lecture)
    return tirer_par_blocs(moteur, etude.dossier(), tirages, Rangees(noms, lecture))


def _simple(valeur: float) -> float | int:
    """Number as a file would write it: a whole one without decimals."""
    return int(valeur) if float(valeur).is_integer() else float(valeur)


def _croiser_le_pret(pret: Pret, champs: Mapping[str, list[Any]]) -> pd.DataFrame:
    """Loans of every combination: highest instalment, cost, TEG and TAEG."""
    import pandas as pd

    connus = [nom for nom in type(pret).__dataclass_fields__ if nom != "libelle"]
    for nom in champs:
        if nom not in connus:
            raise refuser("Clause de prêt inconnue", nom, connus)
    combinaisons = list(product(*champs.values()))
    numeriques = [nom for nom in champs if _est_numerique(champs[nom]) and nom != "periodes_par_an"]
    _exiger_peu_d_evaluations({nom: v for nom, v in champs.items() if nom not in numeriques})
    groupes: dict[tuple[Any, ...], list[int]] = {}
    for i, combinaison in enumerate(combinaisons):
        cle = tuple(v for nom, v in zip(champs, combinaison, strict=True) if nom not in numeriques)
        groupes.setdefault(cle, []).append(i)
    morceaux = []
    for rangs in groupes.values():
        lus = dict(zip(champs, zip(*(combinaisons[i] for i in rangs), strict=True), strict=True))
        termes = {nom: np.array(v, dtype=float) if nom in numeriques else v[0] for nom, v in lus.items()}
        morceaux.append(pd.DataFrame(pret.avec(**termes).mesures(), index=rangs))
    return pd.concat(morceaux).sort_index().set_axis(_index(champs, combinaisons))
