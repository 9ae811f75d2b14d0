"""Worth of knowing and regret: hand computations on two points, closed form on normal laws, nothing where nothing can change."""

import math

import numpy as np
import pytest

from pope_foncier.decision.sensibilite.etudes_a_commander import EtudeACommander, lire_etudes_a_commander
from pope_foncier.decision.sensibilite.information import (
    regrets,
    valeur_de_savoir,
    valeur_de_tout_savoir,
)
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.fiches import valider

TIRAGES = 4_000


@pytest.fixture(scope="module")
def normales():
    return np.random.default_rng(5).normal(size=(3, TIRAGES))


def test_deux_points_comme_a_la_main():
    """Build: 30 when the frame is sound, −10 when it is not, one chance in two; do nothing: 0.

    Deciding now: build, 10 on average. Once known: 30 or 0, 15 on average. To know is worth 5.
    """
    saine = np.tile([1.0, 0.0], 100)
    valeurs = np.stack([np.zeros(200), np.where(saine == 1.0, 30.0, -10.0)])
    trouvee = valeur_de_savoir(valeurs, [saine])
    assert trouvee.valeur == pytest.approx(5.0, abs=1e-9)
    assert trouvee.est_mesurable
    assert valeur_de_tout_savoir(valeurs).valeur == pytest.approx(5.0, abs=1e-9)
    rien, batir = regrets(valeurs)
    assert (batir.moyenne, batir.regret_moyen, batir.regret_90, batir.part_meilleure) == (10.0, 5.0, 10.0, 0.5)
    assert (rien.moyenne, rien.regret_moyen, rien.regret_90, rien.part_meilleure) == (0.0, 15.0, 30.0, 0.5)


def test_une_loi_normale_a_une_forme_fermee(normales):
    """max(0, E[X + Y | X]) = max(0, X): its mean is σ ÷ √(2π), by integration of the normal law; of both, σ is √2."""
    x, y, _ = normales
    valeurs = np.stack([np.zeros(TIRAGES), x + y])
    attendue = 1.0 / math.sqrt(2.0 * math.pi)
    for connues, vraie in (([x], attendue), ([y], attendue), ([x, y], attendue * math.sqrt(2.0))):
        trouvee = valeur_de_savoir(valeurs, connues)
        assert abs(trouvee.valeur - vraie) < 3.5 * trouvee.erreur + 0.01
    assert valeur_de_tout_savoir(valeurs).valeur == pytest.approx(attendue * math.sqrt(2.0), abs=0.05)


def test_une_marche_se_voit():
    """Worth −1 under the third quarter of a uniform law and +1 above: now nothing (mean −0.5), known 0.25."""
    x = np.random.default_rng(2).random(TIRAGES)
    valeurs = np.stack([np.zeros(TIRAGES), np.where(x > 0.75, 1.0, -1.0)])
    assert valeur_de_savoir(valeurs, [x]).valeur == pytest.approx(0.25, abs=0.03)


def test_ce_qui_ne_peut_changer_le_choix_ne_vaut_rien(normales):
    """An input that moves both options alike, or never enough, is worth exactly nothing."""
    x, _, z = normales
    semblables = np.stack([x, x + 2.0])
    assert valeur_de_savoir(semblables, [x]).valeur == 0.0
    jamais_assez = np.stack([np.zeros(TIRAGES), 10.0 + np.tanh(x)])
    assert valeur_de_savoir(jamais_assez, [x]).valeur == 0.0
    sans_lien = valeur_de_savoir(np.stack([np.zeros(TIRAGES), x]), [z])
    assert not sans_lien.est_mesurable
    assert valeur_de_savoir(np.stack([np.zeros(TIRAGES), x]), [np.ones(TIRAGES)]).valeur == pytest.approx(0.0, abs=0.02)


def test_rien_ne_vaut_plus_que_de_tout_savoir(normales):
    x, y, z = normales
    valeurs = np.stack([x, y, 0.5 * z])
    tout = valeur_de_tout_savoir(valeurs)
    for connues in ([x], [y], [z], [x, y], [x, y, z]):
        trouvee = valeur_de_savoir(valeurs, connues)
        assert 0.0 <= trouvee.valeur <= tout.valeur + 1e-12
    assert min(r.regret_moyen for r in regrets(valeurs)) == pytest.approx(tout.valeur, abs=1e-12)


def test_trop_peu_de_tirages_est_refuse():
    with pytest.raises(ErreurCalcul, match="50 tirages au moins"):
        valeur_de_savoir(np.zeros((2, 20)), [np.zeros(20)])


def test_chaque_champ_a_l_etude_qui_le_regle():
    etudes = lire_etudes_a_commander()
    attendues = {
        "travaux.cout_m2_ht": "visite_et_diagnostics",
        "aides[piaje].par_place": "avis_caf",
        "aides[caf93].coefficient": "avis_caf",
        "aides[region_idf].coefficient": "avis_des_financeurs",
        "exploitation.taux_occupation": "besoins",
        "exploitation.paie.part_education": "gestionnaire",
        "titre_occupation.loyer_m2_an": "proprietaire",
    }
    assert {champ: etudes.pour(champ).id for champ in attendues} == attendues
    assert etudes.pour("evolution.bt01") is None, "personne ne sait d'avance ce que feront les prix"
    assert all(e.source or "valeur de travail" in e.base for e in etudes.etudes)


def test_une_fourchette_a_l_envers_est_refusee():
    brute = {
        "id": "sol",
        "libelle": "l'étude",
        "sait": "le sol",
        "a_qui": "un bureau",
        "champs": ["travaux"],
        "cout": [5000, 100],
        "delai_mois": [1, 2],
        "base": "essai",
    }
    with pytest.raises(ErreurDonnees, match="à l'envers"):
        valider(EtudeACommander, brute, "essai")
