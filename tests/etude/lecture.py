"""Frozen studies as an outside reader read them: what the engine counts since then is set to nothing."""

from dataclasses import replace

from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from tests.conftest import GELEES
from tests.rondes import d

SELON_LA_LECTURE = {
    "gare_saint_denis": {
        "travaux.equipement_par_place_ttc": d(3_750 / 1.018 ** (41 / 12)),
        "aides[piaje].reversement": "inconnu",
    },
    "coque_la_courneuve": {
        "travaux.equipement_par_place_ttc": d(3_750 / 1.018 ** (41 / 12)),
        "titre_occupation.genre": "pret_usage",
    },
}
"""What the reading did not count, set to nothing: rise of equipment prices, refund of the Piaje, duties of a long lease."""


def selon_la_lecture(nom):
    dossier = ouvrir(GELEES / f"{nom}.yaml")
    etude = varier(dossier, "lecture", SELON_LA_LECTURE[nom])
    return replace(dossier, etude=etude, variantes={BASE: etude})
