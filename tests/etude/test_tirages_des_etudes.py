"""Draws of the six studies on random inputs, against one array evaluation of the same draws: every ratio, key figure and amount."""

from contextlib import suppress

import numpy as np
import pytest

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, ouvrir
from pope_foncier.etude.tirages import DuPlanTelQuel, _Blocs, tirer_par_blocs
from pope_foncier.socle.erreurs import ErreurPope
from tests.conftest import DONNEES
from tests.etude.test_reprise import ETUDES, numeriques, tirer_un_patch

ESSAIS, TIRAGES = 8, 5


def chiffres_seuls(ev):
    """Ratios, key figures and lines that are one figure a draw."""
    lus = {f"ratios.{r.code}": r.grandeur for r in ratios.calculer(ev)}
    lus |= {f"indicateurs.{code}": g for code, g in indicateurs.calculer(ev).items()}
    lus |= {code: ligne.grandeur for code, ligne in ev.livre.lignes.items()}
    return {code: g for code, g in lus.items() if g.axe == "" and g.valeur.shape[-1] == 1}


@pytest.mark.parametrize("nom", ETUDES)
def test_des_tirages_egalent_l_evaluation_de_leurs_rangees(nom, monkeypatch):
    """Within 1e-12 of each figure, an unknown staying unknown; some blocks of each study are replayed."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
    hasard, champs, directs, faits = np.random.default_rng(12), numeriques(dossier.etude), [], 0
    en_entier = _Blocs._evaluer
    monkeypatch.setattr(_Blocs, "_evaluer", lambda bloc, t: directs.append(1) or en_entier(bloc, t))
    for _ in range(ESSAIS):
        patch = tirer_un_patch(hasard, champs)
        tirages = {champ: champs[champ] * hasard.uniform(0.8, 1.0, TIRAGES) for champ in patch}
        with suppress(ErreurPope):
            attendus = chiffres_seuls(calculer(moteur.contexte_tire(dossier, tirages), [BASE]))
            lus = tirer_par_blocs(moteur, dossier, tirages, DuPlanTelQuel(chiffres_seuls))
            for code, g in attendus.items():
                attendu = np.broadcast_to(g.valeur.ravel(), (TIRAGES,))
                assert np.allclose(lus[code], attendu, rtol=1e-12, atol=1e-8, equal_nan=True), (code, patch)
            faits += 1
    assert len(directs) < faits, (len(directs), faits)
