"""Inputs read, and rooms worked out, once for several studies: the same quantities as each study makes alone, its own wherever it says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.modele.contexte import Choc, Contexte
from pope_foncier.modele.declaration import entrees_de, lire_champ
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
    lignes = {
        code: (*_dite(x.grandeur), x.grandeur.expliquer(echelle=ev.ctx.echelle)) for code, x in ev.livre.lignes.items()
    }
    decides = sorted((_dite(a.condition)[:3], a.trouve) for a in aiguillages)
    return {cle: _dite(g) for cle, g in ctx._memoire.items()} | lignes, decides


def _neuf(moteur):
    """Engine of the same law that has seen no study."""
    return Moteur(moteur.catalogue, moteur.evolutions)


def _seul(moteur, dossier, etude):
    """Context that reads and works out all by itself."""
    return replace(moteur.contexte(dossier, etude), communes=None)


def test_des_etudes_voisines_lisent_ce_que_chacune_lit_seule(dossier, moteur):
    voisines = [
        dossier.etude,
        varier(dossier, "loyer", {"titre_occupation.duree_mois": 240}),
        varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0}),
        varier(dossier, "demande", {"date_demande": date(2026, 12, 15)}),
        varier(dossier, "evolution", {"evolution": "haut"}),
        varier(dossier, "salaires", {"exploitation.jours_an": 210.0}),
        varier(dossier, "places", {"programme.places_voulues": {"valeur": 10, "base": "essai"}}),
        varier(dossier, "rien", {"realiser": 0}),
        dossier.etude,
    ]
    ensemble = _neuf(moteur)
    for etude in voisines:
        np.testing.assert_equal(_lus(ensemble.contexte(dossier, etude)), _lus(_seul(moteur, dossier, etude)))


@pytest.mark.parametrize("champs_par_etude", [range(0, 400, 3)])
@pytest.mark.parametrize("nom", ["gare_saint_denis", "epinay_villetaneuse"])
def test_chaque_entree_changee_se_lit_comme_si_l_etude_etait_seule(nom, champs_par_etude, moteur):
    dossier = ouvrir(dossier_donnees() / "etudes" / f"{nom}.yaml")
    ensemble = _neuf(moteur)
    calculer(ensemble.contexte(dossier), [BASE])
    champs = [*entrees_de(dossier.etude)]
    essayes = 0
    for champ in [champs[i] for i in champs_par_etude if i < len(champs)]:
        donnee = lire_champ(dossier.etude, champ)
        valeur = getattr(donnee, "valeur", None)
        if valeur is None:
            continue
        try:
            etude = varier(dossier, "essai", {champ: {"valeur": valeur * 0.9375, "base": "essai"}})
            seule = calculer(_seul(moteur, dossier, etude), [BASE])
        except ErreurPope:
            continue
        essayes += 1
        np.testing.assert_equal(_lignes(calculer(ensemble.contexte(dossier, etude), [BASE])), _lignes(seule), champ)
    assert essayes > 15


def _lignes(ev):
    return {
        code: (*_dite(x.grandeur), x.grandeur.expliquer(echelle=ev.ctx.echelle)) for code, x in ev.livre.lignes.items()
    }


def test_une_entree_commune_est_une_seule_grandeur_et_une_autre_ne_l_est_pas(dossier, moteur):
    autre = varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    ensemble = _neuf(moteur)
    ici = ensemble.contexte(dossier)
    calculer(ici, [BASE])
    la = ensemble.contexte(dossier, autre)
    assert ici.entree("programme.surface_m2") is la.entree("programme.surface_m2")
    assert ici.entree("travaux.aleas_part") is la.entree("travaux.aleas_part")
    assert la.entree("travaux.cout_m2_ht").valeur.tolist() == [1234.0]
    assert ici.entree("travaux.cout_m2_ht").valeur.tolist() == [dossier.etude.travaux.cout_m2_ht.valeur]


def test_des_tirages_ne_se_partagent_pas(dossier, moteur):
    tires = moteur.contexte_tire(dossier, {"programme.surface_m2": np.array([100.0, 200.0])})
    assert tires.entree("programme.surface_m2").valeur.tolist() == [[100.0], [200.0]]
    assert moteur.contexte(dossier).entree("programme.surface_m2").valeur.shape == (1,)


def test_des_scenarios_evalues_ensemble_ne_se_partagent_pas_avec_un_seul(dossier, moteur):
    autre = varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    deux = replace(dossier, variantes={BASE: dossier.etude, "autre": autre})
    ensemble = _neuf(moteur)
    seul = ensemble.evaluer(deux, [BASE])[0].cout.total_ttc.valeur.tolist()
    (a_deux,) = ensemble.evaluer(deux)
    assert a_deux.cout.total_ttc.valeur.shape == (2, 1)
    assert ensemble.evaluer(deux, [BASE])[0].cout.total_ttc.valeur.tolist() == seul


def test_ce_qu_une_piece_tire_des_memes_entrees_est_fait_une_fois(dossier, moteur):
    ensemble = _neuf(moteur)
    loyer = varier(dossier, "loyer", {"titre_occupation.duree_mois": 240})
    repas = varier(dossier, "repas", {"exploitation.jours_an": 210.0})
    paie = varier(dossier, "paie", {"exploitation.etp_logistique_par_place": {"valeur": 0.3, "base": "essai"}})
    directions = [
        calculer(ensemble.contexte(dossier, etude), [BASE]).livre["exploitation.etp.direction"]
        for etude in (dossier.etude, loyer, repas, paie)
    ]
    assert directions[0] is directions[1]
    assert directions[0] is not directions[3]


def test_un_choc_frappe_aussi_ce_qui_est_deja_fait(dossier, moteur):
    ensemble = _neuf(moteur)
    ctx = ensemble.contexte(dossier)
    calculer(ctx, [BASE])
    for champ in ("travaux.cout_m2_ht", "travaux.ht", "calendrier.ouverture", "programme.surface_m2"):
        choc = Choc(champ, "essai", 1.25)
        ensemble_frappe = calculer(replace(ctx, chocs=(choc,)), [BASE])
        seul_frappe = calculer(replace(_seul(moteur, dossier, dossier.etude), chocs=(choc,)), [BASE])
        np.testing.assert_equal(_lignes(ensemble_frappe), _lignes(seul_frappe))
        assert _lignes(ensemble_frappe) != _lignes(calculer(ctx, [BASE]))


def test_une_etude_ne_prend_pas_les_entrees_d_une_autre(dossier, moteur):
    autre = varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    ctx = replace(moteur.contexte(dossier, autre), communes=moteur.contexte(dossier).communes)
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

    def partager(ctx, quoi, sections, faire, de=()):
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
