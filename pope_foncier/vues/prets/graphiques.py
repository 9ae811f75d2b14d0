"""Picture of a loan: what is owed under each profile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.prets import Echeancier
from pope_foncier.vues.formes.image import OKABE_ITO, TRAITS, Axe, Courbe, Etiquette, Image

_NOMME_A = 0.6
"""Share of the loan at which each curve is named: a choice of drawing, where profiles lie apart."""


def profils(tableaux: Mapping[str, Echeancier]) -> Image:
    """Balance of the same loan under each profile, named beside its curve."""
    fin = max(float(t.mois[-1]) for t in tableaux.values()) / 12
    courbes, etiquettes = [], []
    for rang, (nom, t) in enumerate(tableaux.items()):
        x, y, couleur, trait = t.mois / 12, t.capital_restant_du[0] / 1000, OKABE_ITO[rang % 8], TRAITS[rang % 6]
        ici = int(np.argmin(np.abs(x - _NOMME_A * fin)))
        courbes.append(Courbe(x, y, couleur, trait))
        etiquettes.append(Etiquette(float(x[ici]), float(y[ici]), nom, colonne=fin, couleur=couleur, trait=trait))
    return Image(
        "Capital restant dû selon le profil",
        "Capital restant dû selon le profil",
        "calcul du projet, prêt d'exemple du carnet",
        Axe(0.0, fin, "années depuis le déblocage", entier=True),
        Axe(0.0, 1.04 * max(float(c.y.max()) for c in courbes), "milliers d'euros"),
        tuple(courbes),
        tuple(etiquettes),
        0.49,
    )
