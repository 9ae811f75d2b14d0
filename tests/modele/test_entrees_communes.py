"""Inputs read, and rooms worked out, once for several studies: the same quantities as each study makes alone, its own wherever it says otherwise."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import count

import numpy as np
import pytest

from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.decision.comparer.combinaisons import Demande, combiner
from pope_foncier.decision.montages.possibles import comparer as montages_de
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.fiche import Etude, Prolongation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.modele.contexte import Choc, Contexte
from pope_foncier.modele.declaration import entrees_de, lire_champ
from pope_foncier.modele.entrees_communes import Ecart
from pope_foncier.socle.aiguillages import relever_les_aiguillages
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.travaux.lots import PlanTravaux
from tests.places.plans_ronds import DEUX_SALLES

DU_CADRE = {
    "date_depart": date(2027, 3, 1),
    "date_demande": date(2026, 12, 15),
    "horizon_mois": 240,
    "evolution": "haut",
    "prolonger": (Prolongation(bareme="fiscalite.essai", motif="essai"),),
}
"""What the law and the time axis come from, each with another value: studies that differ there share nothing."""
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
        varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0}),
        varier(dossier, "demande", {"date_demande": date(2026, 12, 15)}),
        varier(dossier, "evolution", {"evolution": "haut"}),
        varier(dossier, "places", {"programme.places_voulues": {"valeur": 10, "base": "essai"}}),
        varier(dossier, "cour", {"lecture_densite": "ordinaire", "lecture_cour": "trois_plus_petites"}),
        varier(dossier, "reception", {"delais.reception_ouverture_mois": {"valeur": 9, "base": "essai"}}),
        varier(dossier, "rien", {"realiser": 0}),
        dossier.etude,
    ]
    ensemble = _neuf(moteur)
    for etude in voisines:
        np.testing.assert_equal(_lus(ensemble.contexte(dossier, etude)), _lus(_seul(moteur, dossier, etude)))


@pytest.mark.parametrize("nom", ["gare_saint_denis", "epinay_villetaneuse"])
def test_chaque_entree_changee_se_lit_comme_si_l_etude_etait_seule(nom, moteur):
    dossier = ouvrir(dossier_donnees() / "etudes" / f"{nom}.yaml")
    ensemble = _neuf(moteur)
    calculer(ensemble.contexte(dossier), [BASE])
    essayes = 0
    for champ in entrees_de(dossier.etude):
        valeur = getattr(lire_champ(dossier.etude, champ), "valeur", None)
        if not valeur:
            continue
        moitie = valeur // 2 if isinstance(valeur, int) else valeur / 2
        try:
            etude = varier(dossier, "essai", {champ: {"valeur": moitie, "base": "essai"}})
            seule = calculer(_seul(moteur, dossier, etude), [BASE])
        except ErreurPope:
            continue
        essayes += 1
        en_commun = calculer(ensemble.contexte(dossier, etude), [BASE])
        np.testing.assert_equal(_valeurs(en_commun), _valeurs(seule), champ)
    assert essayes > 60


def _valeurs(ev):
    return {code: x.grandeur.valeur for code, x in ev.livre.lignes.items()}


def _lignes(ev):
    return {
        code: (*_dite(x.grandeur), x.grandeur.expliquer(echelle=ev.ctx.echelle)) for code, x in ev.livre.lignes.items()
    }


@pytest.mark.parametrize(("nom", "valeur"), DU_CADRE.items())
def test_une_autre_loi_ou_un_autre_axe_de_temps_ne_partagent_rien(nom, valeur, dossier, moteur):
    ensemble, champ = _neuf(moteur), "programme.surface_m2"
    ici = ensemble.contexte(dossier)
    calculer(ici, [BASE])
    la = ensemble.contexte(dossier, dossier.etude.model_copy(update={nom: valeur}))
    assert la.entree(champ) is not ici.entree(champ)
    assert [la.communes.deja(quoi) for quoi in ("dates", "places", "cout_des_travaux", "personnel")] == [None] * 4


def test_une_entree_que_rien_n_a_lue_vaut_toute_sa_section(dossier, moteur):
    """A room may look at it in the sheet itself: nothing says yet what comes from it."""
    ctx, autre = _neuf(moteur).contexte(dossier), varier(dossier, "essai", {"exploitation.jours_an": 210.0})
    avant = ctx.communes.ecart(autre)
    calculer(ctx, [BASE])
    apres = ctx.communes.ecart(autre)
    assert (avant.sections, avant.entrees) == ({"exploitation"}, set())
    assert (apres.sections, apres.entrees) == (set(), {("entree", "exploitation.jours_an")})


def test_ne_chercher_que_ce_qui_tient_trouve_le_meme_ecart(dossier, moteur):
    """The first difference under which something no longer holds ends the search; under any other the difference is whole."""
    ctx, tiennent = _neuf(moteur).contexte(dossier), []
    calculer(ctx, [BASE])
    autres = [cas.etude for cas in montages_de(dossier, moteur) if cas.etude is not None]
    autres += [varier(dossier, "essai", {champ: valeur}) for champ, valeur in (("realiser", 0.5), ("titre", "Autre"))]
    for autre in autres:
        ecart = ctx.communes.ecart(autre)
        tiennent.append(ctx.communes.tient(ecart))
        assert ctx.communes.ecart(autre, qui_tient=True) == (ecart if tiennent[-1] else None)
    assert {*tiennent} == {True, False}


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


@pytest.mark.parametrize("champ", ["calendrier.ouverture", "programme.surface_m2"])
def test_ce_qui_est_fait_sous_un_choc_ne_sert_pas_sans_lui(champ, dossier, moteur):
    ensemble, choc = _neuf(moteur), (Choc(champ, "essai", 1.25),)
    for chocs in (choc, (), choc):
        ici, seul = ensemble.contexte(dossier), _seul(moteur, dossier, dossier.etude)
        en_commun = calculer(replace(ici, chocs=chocs), [BASE])
        np.testing.assert_equal(_lignes(en_commun), _lignes(calculer(replace(seul, chocs=chocs), [BASE])))


def test_une_etude_ne_prend_pas_les_entrees_d_un_autre_site(dossier, moteur):
    ctx = moteur.contexte(dossier)
    assert np.isnan(ctx.entree_site("surface_m2").valeur).all()
    surface = dossier.site.surface_m2.model_copy(update={"valeur": 20.0, "base": "essai"})
    autre = dossier.site.model_copy(update={"surface_m2": surface})
    for la in (replace(ctx, site=autre, _memoire={}), moteur.contexte(replace(dossier, site=autre))):
        assert la.entree_site("surface_m2").valeur.tolist() == [20.0]


DEVIS = "lot;désignation;quantité;unité;prix unitaire HT;date\nelectricite;Courants forts;1;ens;{prix};2026-06-01\n"


def test_un_plan_redessine_ou_un_devis_corrige_se_relit(tmp_path, dossier, moteur):
    """Under the names that the sheets say, the files change: what was worked out of them, or recorded, is worked out again."""
    plan, devis, ensemble = tmp_path / "plan.yaml", tmp_path / "devis.csv", _neuf(moteur)
    lots = PlanTravaux(genre="amenagement", stade="aps").model_copy(update={"devis": str(devis)})
    travaux = dossier.etude.travaux.model_copy(update={"plan": lots})
    ici = Dossier(
        "essai",
        dossier.etude.model_copy(update={"travaux": travaux}),
        dossier.site.model_copy(update={"plan": str(plan)}),
        {},
    )
    lues = set()
    for hauteur, prix in ((2.5, 40000), (1.5, 40000), (1.5, 60000)):
        plan.write_text(DEUX_SALLES.format(hauteur=hauteur), encoding="utf-8")
        devis.write_text(DEVIS.format(prix=prix), encoding="utf-8")
        seule = _valeurs(calculer(_seul(moteur, ici, ici.etude), [BASE]))
        for evaluer in (calculer, ensemble.reprendre, ensemble.reprendre):
            np.testing.assert_equal(_valeurs(evaluer(ensemble.contexte(ici, ici.etude), [BASE])), seule)
        (option,), (seule_option,) = (combiner([ici], Demande(), m) for m in (ensemble, _neuf(moteur)))
        assert repr(option) == repr(seule_option)
        lues.add((seule["programme.places"].item(), seule["besoins.travaux_ht"].item()))
    assert len(lues) == 3


def test_un_fil_lit_pendant_qu_un_autre_prend_ce_qui_est_lu(dossier, moteur, monkeypatch):
    ensemble, autre = _neuf(moteur), varier(dossier, "travaux", {"travaux.cout_m2_ht": 1234.0})
    lues = ensemble.contexte(dossier).communes
    calculer(ensemble.contexte(dossier), [BASE])
    epargne, epargnees, noms = Ecart.epargne, Ecart.epargnees, (f"autre fil {i}" for i in count())

    def pendant(ecart, fait):
        lues.partager(next(noms), (), lambda _: fait)
        return epargne(ecart, fait)

    def pendant_les_entrees(ecart, entrees):
        def une_a_une():
            for entree in entrees:
                lues.une_fois(("bareme", next(noms)), lambda: Grandeur(1.0))
                yield entree

        return epargnees(ecart, une_a_une())

    monkeypatch.setattr(Ecart, "epargne", pendant)
    monkeypatch.setattr(Ecart, "epargnees", pendant_les_entrees)
    np.testing.assert_equal(
        _lignes(calculer(ensemble.contexte(dossier, autre), [BASE])),
        _lignes(calculer(_seul(moteur, dossier, autre), [BASE])),
    )


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
        demandees.append((quoi, LUES - {*sections} - DU_CADRE.keys()))
        return faire(ctx)

    monkeypatch.setattr(Contexte, "partager", partager)
    _calculer_dans_chaque_mode(nom, moteur)
    assert demandees
    assert not [x for x in demandees if x[1]]


@pytest.mark.parametrize("nom", ETUDES)
def test_une_piece_partagee_nomme_celles_dont_elle_prend_l_ouvrage(nom, moteur, monkeypatch):
    """What another room worked out, found among what this one comes from."""
    faites, oubliees = {}, []

    def partager(ctx, quoi, sections, faire, de=()):
        resultat = faire(ctx)
        siennes = {g for g in _grandeurs(resultat) if g.operandes}
        nommees = {*de}.union(*(faites[autre][1] for autre in de))
        vues, reste = set(), [*siennes]
        while reste:
            vues.add(g := reste.pop())
            reste += [o for o in g.operandes if isinstance(o, Grandeur) and o not in vues]
        oubliees.extend((quoi, x) for x, (g, _) in faites.items() if x not in {quoi, *nommees} and g & vues)
        faites[quoi] = (siennes, nommees)
        return resultat

    monkeypatch.setattr(Contexte, "partager", partager)
    _calculer_dans_chaque_mode(nom, moteur)
    assert faites
    assert not oubliees


def _grandeurs(resultat):
    if isinstance(resultat, Grandeur):
        yield resultat
        return
    parties = resultat.values() if isinstance(resultat, dict) else resultat if isinstance(resultat, tuple) else ()
    if is_dataclass(resultat):
        parties = [getattr(resultat, champ.name) for champ in fields(resultat)]
    for partie in parties:
        yield from _grandeurs(partie)


def _calculer_dans_chaque_mode(nom, moteur):
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
