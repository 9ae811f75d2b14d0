"""Inputs read, and rooms worked out, once for several studies: the same quantities as each study makes alone, its own wherever it says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.entrees_communes import EntreesCommunes
from pope_foncier.socle.aiguillages import relever_les_aiguillages
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope

DU_CADRE = {"date_depart", "date_demande", "horizon_mois", "evolution", "prolonger"}
"""What the law and the time axis come from: another one there, and studies share nothing."""
ETUDES = sorted(x.stem for x in (dossier_donnees() / "etudes").glob("*.yaml"))


def _dite(grandeur):
    return (grandeur.valeur.tolist(), grandeur.nom, grandeur.unite, grandeur.origines)


def _lus(ctx):
    """All that an evaluation read, wrote and decided: inputs by how its context remembers them, lines with their sentence, decisions."""
    with relever_les_aiguillages() as aiguillages:
        ev = calculer(ctx, [BASE])
    lignes = {code: (*_dite(x.grandeur), x.grandeur.expliquer()) for code, x in ev.livre.lignes.items()}
    decides = sorted((_dite(a.condition)[:3], a.trouve) for a in aiguillages)
    return {cle: _dite(g) for cle, g in ctx._memoire.items()} | lignes, decides


def test_des_etudes_voisines_lisent_ce_que_chacune_lit_seule(dossier, moteur):
    communes = EntreesCommunes(dossier.etude)
    voisines = [
        dossier.etude,
        varier(dossier, "loyer", {"titre_occupation.duree_mois": 240}),
        varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0}),
        varier(dossier, "demande", {"date_demande": date(2026, 12, 15)}),
        varier(dossier, "evolution", {"evolution": "haut"}),
        varier(dossier, "salaires", {"exploitation.jours_an": 210.0}),
        varier(dossier, "places", {"programme.places_voulues": {"valeur": 10, "base": "essai"}}),
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


def test_ce_qu_une_piece_tire_des_memes_sections_est_fait_une_fois(dossier, moteur):
    communes = EntreesCommunes(dossier.etude)
    loyer = varier(dossier, "loyer", {"titre_occupation.duree_mois": 240})
    paie = varier(dossier, "salaires", {"exploitation.jours_an": 210.0})
    contextes = [replace(moteur.contexte(dossier, e), communes=communes.pour(e)) for e in (dossier.etude, loyer, paie)]
    ici, la, ailleurs = (calculer(ctx, [BASE]).livre["exploitation.etp.direction"] for ctx in contextes)
    assert ici is la
    assert ici is not ailleurs


def test_une_etude_ne_prend_pas_les_entrees_d_une_autre(dossier, moteur):
    communes = EntreesCommunes(dossier.etude).pour(dossier.etude)
    autre = varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    ctx = replace(moteur.contexte(dossier, autre), communes=communes)
    assert ctx.entree("travaux.cout_m2_ht").valeur.tolist() == [1234.0]


class _Suivie(Etude):
    """Study that notes each of its sections that is read."""

    def __getattribute__(self, nom):
        if nom in Etude.model_fields:
            LUES.add(nom)
        return super().__getattribute__(nom)


LUES: set[str] = set()


@pytest.mark.parametrize("nom", ETUDES)
def test_une_piece_partagee_ne_lit_que_les_sections_qu_elle_dit(nom, moteur, monkeypatch):
    demandees = []

    def partager(ctx, quoi, sections, faire):
        suivie = _Suivie.model_construct(**vars(ctx.etude))
        seul = replace(ctx, variantes=(suivie,), bouclage={}, _memoire={})
        LUES.clear()
        faire(seul)
        demandees.append((quoi, LUES - {*sections} - DU_CADRE))
        return faire(ctx)

    monkeypatch.setattr(Contexte, "partager", partager)
    dossier = ouvrir(dossier_donnees() / "etudes" / f"{nom}.yaml")
    etudes = [dossier.etude]
    for mode in lire_passages():
        if mode != dossier.etude.mode_accueil:
            try:
                etudes.append(varier(dossier, mode, surcharges_du_mode(dossier.etude, mode, moteur.catalogue)))
            except ErreurPope:
                continue
    for etude in etudes:
        try:
            calculer(moteur.contexte(dossier, etude), [BASE])
        except ErreurPope:
            continue
    assert demandees
    assert not [x for x in demandees if x[1]]
