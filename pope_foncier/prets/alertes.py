"""What a schedule warns of: interest that joins the balance, an early repayment cut to it, stages that end before the term."""

from __future__ import annotations

import numpy as np

from pope_foncier.prets.conversions import Tableau, colonne
from pope_foncier.prets.etat import EtatPret
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.nombres import euros

_CENT = 0.01


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


def anticipes_de_trop(emprunt: Emprunt, rembourses: Tableau) -> list[str]:
    """Early repayments larger than the balance, ``rembourses`` being what was repaid early by row, (D, N+1) [€]."""
    dits = []
    for anticipe in emprunt.anticipes:
        if anticipe.montant is None:
            continue
        rang = emprunt.rang_du_mois(anticipe.mois, "Remboursement anticipé")
        voulu, du = np.broadcast_arrays(colonne(anticipe.montant, "Remboursement anticipé"), rembourses[:, rang, None])
        pire = int(np.argmax(voulu - du))
        if voulu[pire, 0] - du[pire, 0] > _CENT:
            voulus, dus = euros(float(voulu[pire, 0]), 2), euros(float(du[pire, 0]), 2)
            dits.append(
                f"Remboursement anticipé du mois {anticipe.mois} : {voulus}, plus que les {dus} qui restent dus"
            )
    return dits


def alertes_de_paliers(emprunt: Emprunt, fin: int, differe: int) -> list[str]:
    """Stages that end before the last instalment, at the month ``fin``; those of instalments start after the grace of ``differe`` months."""
    taux, echeances = (sum(p.mois for p in paliers) for paliers in (emprunt.paliers, emprunt.paliers_echeance))
    dits = []
    if emprunt.paliers and taux < fin:
        dits.append(
            f"Les paliers de taux s'arrêtent au mois {taux}, le prêt au mois {fin} : le dernier taux court jusqu'au terme. "
            "Allonger le dernier palier."
        )
    if emprunt.paliers_echeance and differe + echeances < fin:
        dits.append(
            f"Les paliers d'échéance s'arrêtent au mois {differe + echeances}, le prêt au mois {fin} : l'échéance qui suit est celle "
            "qui solde le prêt. Allonger le dernier palier s'il doit durer."
        )
    return dits
