"""Flows of an evaluation as a CSV that a spreadsheet opens: all of them, or the monthly cash of one party over the whole life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.flux_de_caisse import flux_de
from pope_foncier.etude.flux_de_caisse import mensuel as mensuel_de
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.refus import refuser

if TYPE_CHECKING:
    import pandas as pd

ENTETES = ("mois", "date", "ligne", "libelle", "payeur", "receveur", "montant_euros")


def en_csv(ev: Evaluation, scenario: int = 0) -> str:
    """One row per flow and month where money moves; an unknown flow has one row whose amount is « inconnu »."""
    import pandas as pd

    from pope_foncier.vues.formes.cadre import en_csv

    echelle = ev.ctx.echelle
    rangs: list[tuple[object, ...]] = []
    jours = [echelle.date_du_mois(m).isoformat() for m in range(echelle.duree_mois)]
    for ligne in ev.livre.lignes.values():
        if not ligne.est_flux:
            continue
        mensuel = mensuel_de(ev, ligne, scenario)
        textes = (ligne.code, ligne.libelle, ligne.payeur, ligne.receveur)
        if np.isnan(mensuel).any():
            rangs.append(("", "", *textes, "inconnu"))
            continue
        rangs += [(int(m), jours[m], *textes, float(mensuel[m])) for m in np.flatnonzero(np.abs(mensuel) > 0.0)]
    return en_csv(pd.DataFrame(rangs, columns=list(ENTETES), dtype=object))


def tresorerie(ev: Evaluation, acteur: str | None = None, scenario: int = 0) -> pd.DataFrame:
    """Monthly cash of a party over the whole life, one row a month [€].

    Columns: rank and first day of the month, opening cash, each flow under its label and its other party (received positive, paid
    negative), closing cash. Cash starts from zero: what the party held before the project is not in the study. A flow that never
    moves is left out; an unknown one has empty cells, and so has the cash from then on.

    Args:
        acteur: name of the party; the project owner by default.

    Raises:
        Inconnu: a party that the ledger does not have, with the near names.
    """
    import pandas as pd

    qui = acteur or ev.ctx.etude.acteurs.nom_maitre_ouvrage
    connus = ev.livre.acteurs()
    if qui not in connus:
        raise refuser("Acteur inconnu", qui, connus)
    echelle = ev.ctx.echelle

    def nommer(ligne: Ligne) -> str:
        autre = f"reçu de {ligne.payeur}" if ligne.receveur == qui else f"payé à {ligne.receveur}"
        return f"{ligne.libelle} ({autre})"

    lus = flux_de(ev, qui, nommer, scenario)
    jours = [echelle.date_du_mois(m).isoformat() for m in range(echelle.duree_mois)]
    cadre = {"mois": range(echelle.duree_mois), "date": jours, DEBUT: lus.debut, **lus.flux, FIN: lus.fin}
    return pd.DataFrame(cadre).round(_DECIMALES)


DEBUT, FIN = "trésorerie en début de mois", "trésorerie en fin de mois"
_DECIMALES = 6
