"""Picture of a loan: what is owed under each profile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.prets import Echeancier
from pope_foncier.vues.formes.image import LOOKS, MARGE, Axe, Courbe, Image, Mots

_NOMME_A = 0.6
"""Share of the loan at which each curve is named: a choice of drawing, where profiles lie apart."""


def profils(tableaux: Mapping[str, Echeancier]) -> Image:
    """Balance of the same loan under each profile, named beside its curve."""
    fin = max(float(t.mois[-1]) for t in tableaux.values())
    courbes = []
    for (nom, t), look in zip(tableaux.items(), LOOKS, strict=False):
        ici, mots = int(np.argmin(np.abs(t.mois - _NOMME_A * fin))), Mots(nom, colonne=MARGE)
        courbes.append(Courbe(t.mois / 12, t.capital_restant_du[0] / 1000, mots, *look, nomme_a=ici))
    titre, source = "Capital restant dû selon le profil", "calcul du projet, prêt d'exemple du carnet"
    x, y = (
        Axe(0.0, fin / 12, "années depuis le déblocage"),
        Axe.autour([c.y for c in courbes], "milliers d'euros", 0.04),
    )
    return Image(titre, titre, source, x, y, courbes, 0.49)
