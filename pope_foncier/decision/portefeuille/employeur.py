"""One employer for the sites that a company operates: the allowance of the tax on wages once, the transport levy on all its staff."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.portefeuille.prepare import Prepare
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.exploitation.masse_salariale import NOMS_DU_PERSONNEL, taxe_avant_abattement
from pope_foncier.socle.grandeur import Grandeur

_BASE = "les autres lieux de la même société, calculés par leur étude"
_INCONNU = "l'étude d'un autre lieu de la même société, dont l'effectif est inconnu"


def employeur_commun(prepares: Sequence[Prepare], moteur: Moteur) -> list[Prepare]:
    """Sites of a company that operates them, each told of the tax of those before it and of the staff of all the others.

    A study reads its own association; in a portfolio its employer has the other sites too. The tax of a site is told to the
    next ones, so that the allowance is given once; it is that of a full year, even before a site opens or after it fails.

    Args:
        prepares: prepared sites; those that are let, or whose wages are stated costs, come back as they are. The staff of the
            latter counts for the others.
        moteur: engine.
    """
    montages = lire_montages().montages
    charges = []
    for prepare in prepares:
        exploitation = prepare.etude.exploitation
        emploie = exploitation is not None and montages[prepare.ligne.montage].porteur == "gestionnaire"
        charges.append(_charges_de_l_employeur(prepare.evaluer(moteur)) if emploie else (0.0, 0.0))
    suite, avant = [], 0.0
    for rang, (prepare, (taxe, etp)) in enumerate(zip(prepares, charges, strict=True)):
        ailleurs = sum(autre for autre_rang, (_, autre) in enumerate(charges) if autre_rang != rang)
        paye = prepare.etude.exploitation is not None and prepare.etude.exploitation.paie is not None
        suite.append(_prevenir(prepare, avant, ailleurs) if paye and etp != 0.0 else prepare)
        avant += taxe
    return suite


def _charges_de_l_employeur(ev: Evaluation) -> tuple[float, float]:
    """Tax on wages before allowance and FTE of a site at their highest; NaN when its staff is unknown, never nobody.

    At stated costs the allowance is not used: no tax is told to the next ones, but the staff counts.
    """
    taxe = taxe_avant_abattement(ev.ctx, {c: ev.livre[f"exploitation.etp.{c}"] for c in NOMS_DU_PERSONNEL})
    return 0.0 if taxe is None else _plus_haut(taxe), _plus_haut(ev.livre["exploitation.etp.total"])


def _plus_haut(grandeur: Grandeur) -> float:
    return float(np.max(grandeur.valeur))


def _prevenir(prepare: Prepare, taxe: float, etp: float) -> Prepare:
    assert prepare.etude.exploitation is not None and prepare.etude.exploitation.paie is not None  # noqa: PT018
    paie = prepare.etude.exploitation.paie
    surcharges = {
        f"exploitation.paie.{champ}": {"a_obtenir_de": _INCONNU}
        if math.isnan(plus)
        else {"valeur": donnee.valeur + plus, "base": _BASE}
        for champ, donnee, plus in (
            ("taxe_ailleurs", paie.taxe_ailleurs, taxe),
            ("etp_ailleurs", paie.etp_ailleurs, etp),
        )
        if plus != 0.0 and donnee.valeur is not None
    }
    dossier = replace(prepare.dossier, etude=prepare.etude, variantes={BASE: prepare.etude})
    return replace(prepare, etude=varier(dossier, "employeur", surcharges)) if surcharges else prepare
