"""Inputs read once for several studies: the same quantities as each study reads alone, its own wherever it says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np

from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.modele.entrees_communes import EntreesCommunes


def _lus(ctx):
    """What an evaluation read, by how its context remembers it: values, label, unit, origins."""
    calculer(ctx, [BASE])
    return {cle: (g.valeur.tolist(), g.nom, g.unite, g.origines) for cle, g in ctx._memoire.items()}


def test_des_etudes_voisines_lisent_ce_que_chacune_lit_seule(dossier, moteur):
    communes = EntreesCommunes(dossier.etude)
    voisines = [
        dossier.etude,
        varier(dossier, "loyer", {"titre_occupation.duree_mois": 240}),
        varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0}),
        varier(dossier, "demande", {"date_demande": date(2026, 12, 15)}),
        varier(dossier, "evolution", {"evolution": "haut"}),
        dossier.etude,
    ]
    for etude in voisines:
        seule = _lus(moteur.contexte(dossier, etude))
        ensemble = _lus(replace(moteur.contexte(dossier, etude), communes=communes.pour(etude)))
        np.testing.assert_equal(ensemble, seule)


def test_une_entree_commune_est_une_seule_grandeur_et_une_autre_ne_l_est_pas(dossier, moteur):
    autre = varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    communes = EntreesCommunes(dossier.etude)
    ici, la = (replace(moteur.contexte(dossier, e), communes=communes.pour(e)) for e in (dossier.etude, autre))
    assert ici.entree("programme.surface_m2") is la.entree("programme.surface_m2")
    assert la.entree("travaux.cout_m2_ht").valeur.tolist() == [1234.0]
    assert ici.entree("travaux.cout_m2_ht").valeur.tolist() == [dossier.etude.travaux.cout_m2_ht.valeur]


def test_des_tirages_ne_se_partagent_pas(dossier, moteur):
    communes = EntreesCommunes(dossier.etude)
    tires = moteur.contexte_tire(dossier, {"programme.surface_m2": np.array([100.0, 200.0])})
    tires = replace(tires, communes=communes.pour(dossier.etude))
    assert tires.entree("programme.surface_m2").valeur.tolist() == [[100.0], [200.0]]
    seul = replace(moteur.contexte(dossier), communes=communes.pour(dossier.etude))
    assert seul.entree("programme.surface_m2").valeur.shape == (1,)
