"""A room of ten visitors at once on one computer: every page opens, none twice, each at its turn."""

import statistics
import time

import pytest

from tests.ateliers.serveur import Onglet, Serveur, navigateur
from tests.conftest import COMPLETS

pytestmark = pytest.mark.navigateur


@pytest.mark.skipif(not COMPLETS, reason="dix noyaux à la fois : tests complets seulement")
def test_dix_visiteurs_a_la_fois(tmp_path, chromium):
    pytest.importorskip("voila")
    serveur = Serveur(tmp_path, "--reserve", "0", "--visiteurs", "10", "--oisif", "20")
    try:
        with navigateur(chromium) as contexte:
            onglets = [Onglet(contexte, serveur) for _ in range(10)]
            debut = time.monotonic()
            for onglet in onglets:
                onglet.aller("commune", attendre=False)
            for onglet in onglets:
                onglet.attendre_dessin(240)
            print("dix pages en", round(time.monotonic() - debut, 1), "s")
            memoire = [p.memory_full_info().uss / 1e6 for p in serveur.noyaux()]
            print("Mo par visiteur", round(statistics.mean(memoire)))
            assert len(memoire) == 10
            assert max(memoire) < 400
            onglets.pop().page.close()  # without a word: its kernel is stopped when idle
            for onglet in onglets:
                onglet.fermer()
        assert serveur.attendre_noyaux(0, delai=90) == 0
    finally:
        serveur.arreter()
