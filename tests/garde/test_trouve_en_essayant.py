"""Failures that the fuzzer and the hostile texts found, each by its smallest case."""

import copy
import json
import xml.etree.ElementTree
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.delais import appliquer_variante
from pope_foncier.etude.controles import Ratio, lire_controles
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import varier
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.territoire.fiche import lire_territoire
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes import figures, image_en_svg
from pope_foncier.vues.formes.feuilles import feuille, svg
from pope_foncier.vues.formes.image import Axe, Courbe, Image, Mots
from pope_foncier.vues.formes.image_en_axes import en_figure
from pope_foncier.vues.lieu import planches as plans
from pope_foncier.vues.territoire import tableaux as tableaux_besoins
from tests.conftest import DONNEES, GARE_LIVREE

JOUR = date(2026, 12, 1)


def territoire(mesure, valeur):
    """Plaine Commune with one value everywhere in a table."""
    fiche = lire_territoire()
    mesures = dict(fiche.mesures)
    table = mesures[mesure]
    valeurs = {code: dict.fromkeys(annees, valeur) for code, annees in table.valeurs.items()}
    mesures[mesure] = table.model_copy(update={"valeurs": valeurs})
    return fiche.model_copy(update={"mesures": mesures})


def texte(table):
    return " ".join(" ".join(ligne) for ligne in table.lignes) + table.note


def test_une_duree_inconnue_d_un_portefeuille_n_est_pas_none_mois(tmp_path, moteur):
    source = (DONNEES / "portefeuilles" / "scic_plaine_commune.yaml").read_text(encoding="utf-8")
    from pope_foncier.socle.yaml_strict import charger_yaml
    from tests.fuzz.mutations import ecrire

    fichier = tmp_path / "p.yaml"
    fichier.write_text(source, encoding="utf-8")
    arbre = charger_yaml(fichier)[0]
    inconnue = {"a_obtenir_de": "les associés"}
    arbre["reserve"] = {"mois_service_dette": inconnue, "mois_charges": copy.deepcopy(inconnue)}
    fichier.write_text(ecrire(arbre), encoding="utf-8")
    from pope_foncier.decision.portefeuille import lire_regles_risque

    regles = lire_regles_risque().model_copy(update={"tirages": 2})
    notes = " ".join(t.note for t in pf.carnets.portefeuille(fichier).listees(regles))
    assert "None" not in notes
    assert notes.count("un nombre inconnu de mois (à obtenir des associés)") == 2


def test_aucun_taux_ne_se_rapporte_a_rien():
    """No birth in 2017, a coverage rate of zero, no co-funded place in 2023: undetermined, not a broken division."""
    assert "indéterminé" in texte(tableaux_besoins.table_communes(territoire("naissances", 0.0)))
    assert "inconnu" in texte(tableaux_besoins.table_communes(territoire("taux_toutes", 0.0)))
    from pope_foncier.baremes.catalogue import Catalogue

    sans = territoire("places_creche", 0.0)
    assert "indéterminé" in texte(tableaux_besoins.table_trajectoire(sans, 30, Catalogue(), JOUR))


def test_une_mesure_absente_se_dit():
    fiche = lire_territoire()
    mesures = {n: m for n, m in fiche.mesures.items() if n != "taux_toutes"}
    with pytest.raises(ErreurCalcul, match=r"« taux_toutes ». Choisir parmi"):
        tableaux_besoins.table_communes(fiche.model_copy(update={"mesures": mesures}))


@pytest.mark.parametrize(
    "mot", ["$\\frac{$", "$x^2$ et $", "\\href{a}", "\ufeffTitre", "👩‍👩‍👧", "é" * 5000, "x\n" * 500, "\x00\x1b"]
)
def test_un_mot_d_une_image_n_est_ni_une_formule_ni_sans_fin(mot):
    fig, ax = figures.figure()
    ax.set_title(mot)
    ax.barh([0, 1], [1, 2])
    ax.set_yticks([0, 1], [mot, "b"])
    assert figures.octets(fig)[:4] == b"\x89PNG"
    assert figures.octets(fig, "svg").startswith(b"<?xml")
    rapide = feuille(4, 3)
    rapide.text(0.5, 0.5, mot)
    assert svg(rapide).startswith("<svg")
    image = Image(mot, mot, mot, y=Axe(0.0, 1.0, mot, ((0.5, mot),)), marques=[Courbe.point(0.5, 0.5, Mots(mot))])
    assert figures.octets(en_figure(image))[:4] == b"\x89PNG"
    dessin = image_en_svg.svg(image)
    assert xml.etree.ElementTree.fromstring(dessin) is not None
    assert len(dessin) < 10_000
    assert plans.ecrire_octets(fig, "pdf")[:4] == b"%PDF"


def test_un_compte_sans_place_se_dessine_en_le_disant(dossier, moteur):
    etude = varier(dossier, "essai", {"programme.surface_m2": 10})
    vue = Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur).vue()
    assert "aucune" in graphiques.exploitation(vue).message


@pytest.mark.parametrize("identifiant", ["a]b", "a[b]", "<b>", "", "x" * 100, "a\nb"])
def test_un_identifiant_est_un_mot(dossier, identifiant):
    """« prets[a]b].taux » found no loan of that name, and ended in a StopIteration."""
    prets = [dossier.etude.prets[0].model_dump(mode="json", exclude_defaults=True) | {"id": identifiant}]
    with pytest.raises(ErreurDonnees, match="identifiant|texte vide"):
        varier(dossier, "essai", {"prets": prets})


def test_une_variante_au_champ_vide_est_refusee(tmp_path, dossier):
    """An empty name of field went through as an error of the library, in English."""
    fichier = tmp_path / "v.yaml"
    fichier.write_text('"": 1\n', encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="texte vide"):
        appliquer_variante(dossier, fichier)


@pytest.mark.parametrize("nom", ["dette_sur_capacite", "annuite_sur_capacite"])
def test_une_charge_sans_rien_pour_la_payer_n_a_pas_de_valeur_et_ne_tient_pas(nom):
    """« infini » was shown, then « indéterminé »: worse than « non respecté », it read as better. Reason, and failed."""
    controle = lire_controles().ratios[nom]
    ratio = Ratio(nom, controle, Grandeur(np.array([np.inf])).nommer(controle.libelle, controle.unite))
    assert ratio.grandeur.lire() == "indéterminé"
    assert ratio.statut() == "non_respecte"
    assert ratio.motif() == "une charge, et rien pour la payer"


def test_un_reste_de_json_ne_porte_ni_infini_ni_nan(resultat):
    from pope_foncier.etude.export import exporter

    json.dumps(exporter(resultat), allow_nan=False)


def test_une_etude_finit_avant_la_derniere_annee_admise(dossier):
    """Starting in 2190 for thirty years, the votes of its commune fell in years that no sheet admits."""
    with pytest.raises(ErreurDonnees, match=r"l'étude va jusqu'en 2221"):
        varier(dossier, "essai", {"date_depart": date(2190, 1, 1)})


def test_un_loyer_supportable_sans_place_est_inconnu(moteur):
    """No place: nothing is brought to a place, and nothing is divided by none."""
    from pope_foncier.etude.scenarios import ouvrir
    from pope_foncier.vues.decision.montages.carnet import Comparatif

    lu = ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml")
    etude = varier(lu, "essai", {"programme.surface_m2": 10})
    comparatif = Comparatif.de(replace(lu, etude=etude, variantes={"base": etude}), moteur)
    assert comparatif.tables
    assert all(np.isnan(v) or np.isinf(v) for v in comparatif.supportables.values())


def test_une_equipe_inconnue_s_eprouve(dossier, moteur):
    """Hours of the day unknown: the team is unknown, the vacant job takes nothing known from it."""
    from pope_foncier.decision.epreuves import eprouver

    etude = varier(dossier, "essai", {"exploitation.heures_jour": {"a_obtenir_de": "l'association"}})
    vue = Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur).vue()
    assert eprouver(vue)


def test_un_cout_par_place_sans_place_est_refuse(dossier, moteur):
    from pope_foncier.decision.modes_compares import resumer
    from pope_foncier.decision.reperes import couts_unitaires

    etude = varier(dossier, "essai", {"programme.surface_m2": 10})
    resultat = Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur)
    with pytest.raises(ErreurCalcul, match="place"):
        couts_unitaires(resultat.vue().ev)
    with pytest.raises(ErreurCalcul, match="place"):
        resumer(resultat.vue(), resultat, moteur)


def test_une_direction_dont_le_temps_change_se_paie_avant_l_ouverture(moteur):
    """Started in 2024, the law on the direction changes within the study: its time goes by month, its pay went by year."""
    from pope_foncier.etude.scenarios import ouvrir

    lu = ouvrir(GARE_LIVREE)
    etude = varier(lu, "essai", {"date_depart": date(2024, 2, 29)})
    vue = Resultat.calculer(replace(lu, etude=etude, variantes={"base": etude}), moteur).vue()
    assert vue.ev.livre["exploitation.etp.direction"].valeur.shape[-1] == etude.horizon_mois
    paye = vue.ev.livre["tresorerie.avant_ouverture.direction"].valeur.reshape(-1, etude.horizon_mois)[0]
    mois = etude.demarrage.direction_mois.valeur
    assert np.count_nonzero(paye) == mois > 0
