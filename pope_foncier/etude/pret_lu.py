"""Terms of a loan of a study as the engine of loans reads them, so that it is told as a loan alone: rate, schedule, page."""

from __future__ import annotations

import numpy as np

from pope_foncier.etude.chaine import Evaluation
from pope_foncier.prets.termes import Emprunt


def emprunt_de(ev: Evaluation, pret: str) -> Emprunt:
    """Terms of a loan of the study by its ``id``, its numbers by scenario or draw."""
    fiche = next(p for p in ev.ctx.etude.prets if p.id == pret)
    champ = f"prets[{pret}]"

    def lire(nom: str) -> np.ndarray:
        return ev.ctx.entree(f"{champ}.{nom}").valeur

    return Emprunt(
        capital={d.id: d for d in ev.dettes}[pret].capital.valeur,
        taux=lire("taux"),
        duree_mois=lire("duree_mois"),
        profil=fiche.profil,
        differe="partiel" if np.any(lire("differe_mois") > 0) else "aucun",
        differe_mois=lire("differe_mois"),
        libelle=fiche.libelle,
    )
