"""What a schedule warns of: interest that joins the balance."""

from __future__ import annotations

import numpy as np

from pope_foncier.prets.conversions import Tableau
from pope_foncier.prets.etat import EtatPret


def alerte_amortissement_negatif(debut: int, plan: Tableau) -> str:
    """Instalments under the interest from a row on, ``plan`` being the principal of the rows that follow ``debut``."""
    premier = debut + 1 + int(np.flatnonzero((plan < -1e-9).any(axis=0))[0])
    return (
        f"L'échéance ne couvre pas les intérêts à partir de l'échéance {premier} : la différence s'ajoute au capital "
        "restant dû (amortissement négatif)."
    )


def alerte_anatocisme(etat: EtatPret) -> list[str]:
    """Interest of less than a year that bears interest, by the terms of the loan."""
    e, capitalises = etat.emprunt, etat.colonnes.get("interets_capitalises")
    if capitalises is None or not capitalises.any():
        return []
    en_une_fois = e.differe == "total_simple" and float(np.max(capitalises.astype(bool).sum(axis=1))) <= 1.0
    mois = np.min(np.asarray(e.differe_mois)) if en_une_fois else min(e.pas_mois, e.premier_mois)
    if mois >= 12:
        return []
    return [
        "Des intérêts de moins d'un an s'ajoutent au capital et en produisent à leur tour : le Code civil (article 1343-2) ne "
        "l'admet que d'intérêts dus pour une année entière au moins, si le contrat l'a prévu. Lire la clause du prêteur ; "
        "« interets_stockes » décrit des intérêts qui n'en produisent pas."
    ]
