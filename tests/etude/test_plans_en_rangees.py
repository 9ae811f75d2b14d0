"""Closed plans as rows of one evaluation: the figures of the same rows computed directly, known or unknown."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.comparer.bouclages import Rangees, Termes, boucleurs_pour, lire_bouclages
from pope_foncier.decision.comparer.mesures import AUX_BORNES, lire, prix_des_travaux
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.plan_tire import Essai
from pope_foncier.etude.plans_en_rangees import fermer_en_rangees
from pope_foncier.etude.scenarios import BASE, varier

INCONNU = {"a_obtenir_de": "la mairie"}
PLANS = {
    "connu": {},
    "coût inconnu": {"travaux.honoraires_part": INCONNU},
    "aide inconnue": {"aides[departement].statut": "esperee"},
    "loyer inconnu": {"titre_occupation.loyer_m2_an": INCONNU},
}


@pytest.mark.parametrize("surcharges", PLANS.values(), ids=PLANS)
def test_chaque_rangee_est_celle_du_calcul_direct(surcharges, dossier, moteur, monkeypatch):
    etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    fiches = lire_bouclages()
    rangees = Rangees.de(fiches.bouclages, boucleurs_pour(Termes.de(etude), fiches.boucleurs))
    bouclee = etude.model_copy(update={"bouclage": rangees.boucleurs})
    prix = prix_des_travaux(etude)
    tirages = {champ: np.concatenate([v] * len(prix)) for champ, v in rangees.parts.items()}
    tirages["travaux.cout_m2_ht"] = np.repeat(prix, len(rangees.bouclages))
    tours, partager = [], Essai.partager
    monkeypatch.setattr(Essai, "partager", lambda essai, *a: tours.append(a) or partager(essai, *a))

    ctx = moteur.contexte(dossier, bouclee)
    ev, lus = fermer_en_rangees(ctx, tirages, lire, AUX_BORNES, lambda ev: None)
    directes = lire(boucler(calculer(replace(ctx, tirages=tirages, _memoire={}), [BASE]), elan=True))
    inconnu, facons = np.isnan(ev.plan.reste_a_financer.valeur).all(), len(rangees.bouclages)
    assert inconnu == (surcharges != {})
    for nom, g in directes.items():
        lue, directe = (np.broadcast_to(v, (len(prix) * facons, 1)) for v in (lus[nom], g.valeur))
        jusqu_a = None if nom in AUX_BORNES or not inconnu else facons
        np.testing.assert_allclose(lue[:jusqu_a], directe[:jusqu_a], rtol=1e-9, atol=0.01, err_msg=nom)
    assert len(tours) == 1 if inconnu else len(tours) > 2
    _, lus = fermer_en_rangees(ctx, tirages, lire, ("cout",), lambda ev: None)
    np.testing.assert_allclose(np.broadcast_to(lus["cout"], directes["cout"].valeur.shape), directes["cout"].valeur)
