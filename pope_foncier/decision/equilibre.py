"""Break-even of a crèche: the occupancy, the price or the places at which it needs nothing from the commune.

Nothing from the commune means that the income which depends on its support (bonus territoire) is not due either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.fiche_recherches import lire_recherches
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.exploitation.fiche_contribution import Contribution
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau, par_annee
from pope_foncier.socle.operations_de_calcul import quotient

_PAS = 141


@dataclass(frozen=True, slots=True)
class Equilibre:
    """Balance of a crèche along one input, in the first full year after the ramp-up."""

    champ: str
    valeurs: Tableau
    """Values tried, shape (n,)."""
    manques: Tableau
    """Deficit at each value when the commune pays nothing [€/place/year], shape (n,)."""
    point_mort: float
    """Smallest value from which the deficit is nil and stays so up to the last value tried; NaN when it never is."""
    annee: int


def chercher(
    moteur: Moteur,
    dossier: Dossier,
    etude: Etude,
    champ: str | None = None,
    bornes: tuple[float, float] | None = None,
) -> Equilibre:
    """Deficit per place along an input without the commune, once the plan is closed, all values at once, and where it ends.

    Args:
        champ: input moved; without it, the one that balances the mode of the study, in its own range.
        bornes: range of the input.

    Raises:
        ErreurCalcul: no operating account, or no full year after the ramp-up.
    """
    levier = lire_recherches().point_mort.levier(etude.mode_accueil)
    champ = champ or levier.champ
    valeurs = np.linspace(*(bornes or levier.bornes(moteur.catalogue, etude.date_demande)), _PAS)
    ev = boucler(moteur.tirer(dossier, {champ: valeurs}, _sans_la_commune(etude)))
    rang = rang_de_croisiere(ev)
    if ev.compte is None or rang is None:
        raise ErreurCalcul(
            "Équilibre introuvable : il faut un compte d'exploitation et une année pleine après la montée."
        )
    manque = par_annee(ev.compte.charges - ev.compte.produits, ev.ctx.echelle).valeur[..., rang]
    par_place = np.broadcast_to(quotient(manque, ev.capacite.places.valeur[..., 0]), valeurs.shape)
    return Equilibre(champ, valeurs, np.array(par_place), point_mort(valeurs, par_place), ev.ctx.echelle.annees[rang])


def _sans_la_commune(etude: Etude) -> Etude:
    """The same study whose commune pays nothing by any line."""
    if etude.exploitation is None:
        return etude
    autres = tuple(p for p in etude.exploitation.produits_annexes if p.payeur != etude.acteurs.commune)
    seule = {"contribution_commune": Contribution(mode="aucune"), "produits_annexes": autres}
    return etude.model_copy(update={"exploitation": etude.exploitation.model_copy(update=seule)})


def point_mort(valeurs: Tableau, manques: Tableau) -> float:
    """Smallest value from which the deficit is nil to the end, by straight line between two values; NaN when never."""
    if np.isnan(manques).any() or manques[-1] > 0.0:
        return float("nan")
    positifs = np.flatnonzero(manques > 0.0)
    if not len(positifs):
        return float(valeurs[0])
    i = int(positifs[-1])
    return float(valeurs[i] + (valeurs[i + 1] - valeurs[i]) * manques[i] / (manques[i] - manques[i + 1]))
