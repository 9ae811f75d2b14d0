"""Several tranches added: one table by month, one effective rate for all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.echeancier import Echeancier, placer_sur_mois
from pope_foncier.prets.effectif import TauxEffectif, cout_total, effectif_des_flux, flux_du_pret, unites
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import date_en_clair


def additionner(
    tableaux: Sequence[Echeancier], duree_mois: int | None = None, mois_debut: Sequence[int] = ()
) -> dict[str, Tableau]:
    """Sum of several loans by month, whatever their periodicities.

    Args:
        tableaux: schedules of the tranches.
        duree_mois: length M of the axis; by default up to the last instalment.
        mois_debut: month of the first drawdown of each tranche; by default 0 for all.

    Returns:
        One array (D, M) by column [€].
    """
    _verifier(tableaux, ensemble=not mois_debut)
    departs = list(mois_debut) or [0] * len(tableaux)
    longueur = duree_mois or max(d + int(t.mois[-1]) for d, t in zip(departs, tableaux, strict=True)) + 1
    places = [placer_sur_mois(t, longueur, d) for t, d in zip(tableaux, departs, strict=True)]
    return {nom: np.asarray(np.add.reduce([p[nom] for p in places])) for nom in places[0]}


def effectif_de_tranches(tableaux: Sequence[Echeancier], au_cent: bool = False) -> TauxEffectif:
    """Effective rates of several tranches drawn together: their flows are put end to end."""
    _verifier(tableaux, ensemble=True)
    lus = [flux_du_pret(t, au_cent) for t in tableaux]
    draws = max(lu.flux.shape[0] for lu in lus)

    def bout_a_bout(colonnes: list[Tableau]) -> Tableau:
        return np.concatenate([np.broadcast_to(c, (draws, c.shape[1])) for c in colonnes], axis=1)

    temps, mois = np.concatenate([lu.temps for lu in lus]), np.concatenate([lu.mois for lu in lus])
    verses = bout_a_bout([lu.verses for lu in lus])
    return effectif_des_flux(bout_a_bout([lu.flux for lu in lus]), temps, unites(verses, mois))


def cout_de_tranches(tableaux: Sequence[Echeancier]) -> Tableau:
    """Total cost of credit of several tranches, shape (D,) [€]."""
    return np.asarray(sum(cout_total(t) for t in tableaux))


def _verifier(tableaux: Sequence[Echeancier], ensemble: bool) -> None:
    if not tableaux:
        raise ErreurCalcul("Aucune tranche à additionner : en donner au moins une.")
    dates = {t.emprunt.libelle: t.emprunt.date_debut for t in tableaux}
    if ensemble and len({t.emprunt.date_debut for t in tableaux}) > 1:
        lues = ", ".join(f"« {nom} » ({date_en_clair(jour) if jour else 'sans date'})" for nom, jour in dates.items())
        raise ErreurCalcul(
            f"Tranches tirées à des dates différentes, ou dont une seule est datée : {lues}. Leur donner la même "
            "« date_debut », ou les calculer séparément."
        )
