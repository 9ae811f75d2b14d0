"""Modes of works on one site, and the reuse of Perrecy-les-Forges. Expected values by hand."""

import numpy as np
import pytest
import yaml

from pope_foncier.analyse.delais import lire_variante
from pope_foncier.analyse.resultats import Resultat, a_confirmer
from pope_foncier.analyse.scenarios import ouvrir
from pope_foncier.analyse.travaux import comparer_modes, evaluer_avec, fourchette_totale, relire_abandon
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.vues.sorties import ecrire_tout


def test_perrecy_de_la_premiere_annonce_a_l_abandon(moteur):
    """120 000 € announced, 560 000 € at the end: asbestos 50 000, sewer 80 000, hence 310 000 of the rest."""
    a = relire_abandon(moteur, "perrecy-les-forges")
    assert (a.premiere, a.derniere) == (120_000, 560_000)
    assert [m for _, m in a.postes] == [50_000, 80_000, 310_000]
    assert a.premiere + sum(m for _, m in a.postes) == a.derniere
    assert a.premiere < a.bas, "la première annonce sort de la fourchette du modèle"
    assert a.bas < a.derniere < a.haut


def test_les_modes_sur_un_meme_site(dossier, moteur):
    modes = {m.genre: m for m in comparer_modes(dossier, moteur)}
    assert set(modes) == {"amenagement", "conversion", "restructuration", "modulaire", "neuf"}
    assert modes["amenagement"].total < modes["conversion"].total < modes["restructuration"].total < modes["neuf"].total
    assert all(m.bas < m.total < m.haut for m in modes.values())
    base = moteur.evaluer(dossier, ["base"])[0]
    assert modes["restructuration"].total == pytest.approx(base.cout.total_ttc.au_point(), abs=0.005)


def test_sans_plan_par_lots_pas_de_fourchette(dossier, moteur):
    with pytest.raises(ErreurCalcul, match="pas de plan de travaux"):
        fourchette_totale(evaluer_avec(dossier, moteur, {"realiser": 1}))


def test_une_etude_ecrite_par_lots_et_phases_passe_toute_la_chaine(donnees_copie, moteur):
    """The example put in a study file: read strictly, all scenarios computed, outputs written, draws on its lines."""
    fichier = donnees_copie / "etudes" / "gare_saint_denis.yaml"
    brut, exemple = charger_yaml(fichier)[0], lire_variante(donnees_copie / "exemples" / "travaux_par_lots.yaml")
    brut["travaux"]["plan"], brut["delais"]["phases"] = exemple["travaux.plan"], exemple["delais.phases"]
    fichier.write_text(yaml.safe_dump(brut, allow_unicode=True, sort_keys=False), encoding="utf-8")
    dossier = ouvrir(fichier)
    resultat = Resultat.calculer(dossier, moteur)
    vue = resultat.vue()
    assert vue.valeur(vue.ev.calendrier.ouverture) == 27
    assert any(x.quoi.startswith("Quantité, Dalles") for x in a_confirmer(vue))
    assert "désamiantage" not in vue.expliquer("besoins.travaux_ht").lower()
    assert "dalles de sol amiantées" in vue.expliquer("besoins.travaux_ht").lower()
    ecrits = ecrire_tout(resultat, moteur, fichier, donnees_copie / "sorties", lambda _: None, carnet=False)
    assert all(e.is_file() for e in ecrits)
    champ = "travaux.plan.lignes[dalles].quantite"
    tirees = moteur.tirer(dossier, {champ: np.array([0.0, 80.0])}).cout.total_ttc.valeur[:, 0]
    assert tirees[1] == pytest.approx(vue.valeur(vue.ev.cout.total_ttc))
    assert tirees[0] < tirees[1]
