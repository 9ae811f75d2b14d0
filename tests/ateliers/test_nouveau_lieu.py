"""Form of a new place: the questions of the terminal, a fault beside each field, nothing lost, the same sheets, the place chosen at once."""

import ipywidgets as w
import pytest

from pope_foncier.ateliers import architecte
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.mots import mots
from pope_foncier.ateliers.nouveau_lieu import NouveauLieu
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.nouveau import creer, lire_reponses
from pope_foncier.etude.questions_du_lieu import questions
from pope_foncier.etude.scenarios import ouvrir
from tests.etude.test_nouveau_lieu import BOUTIQUE


def montres(formulaire):
    """Questions on the screen."""
    return [nom for nom, c in formulaire.champs.items() if c.boite.layout.display != "none"]


@pytest.fixture
def formulaire(donnees_copie):
    cree = []
    return NouveauLieu(cree.append, donnees_copie), cree, donnees_copie


def test_le_formulaire_pose_les_questions_du_terminal_quand_elles_se_posent(formulaire):
    f, _, donnees = formulaire
    assert list(f.champs) == [q.champ for q in questions(donnees)]
    assert "titre" not in montres(f), "le titre proposé dépend du genre de lieu"
    f.champs["genre"].saisie.value = "coque"
    assert {"titre", "loyer", "habitants"} <= set(montres(f))
    assert f.champs["titre"].saisie.options[0] == ("proposé : Bail civil", "")
    f.champs["commune"].saisie.value = "Saint-Denis (93)"
    f.champs["position"].saisie.value = "48.93549, 2.34595"
    assert "habitants" not in montres(f), "le carreau est dans l'extrait livré"
    assert "16\u202f227 habitants" in f.champs["position"].avis.value


def test_une_faute_se_dit_a_cote_de_son_champ_et_rien_n_est_perdu(formulaire):
    f, cree, donnees = formulaire
    f.champs["nom"].saisie.value = "Boutique"
    f.champs["surface"].saisie.value = "vaste"
    assert "pas un nombre" in f.champs["surface"].avis.value
    assert f.champs["commune"].avis.value == "", "une réponse qui manque n'est pas encore une faute"
    f.ecrire()
    assert "une réponse est attendue" in f.champs["commune"].avis.value.lower()
    assert (f.champs["surface"].texte, cree) == ("vaste", [])
    repris = NouveauLieu(cree.append, donnees)
    assert (repris.champs["nom"].texte, repris.champs["surface"].texte) == ("Boutique", "vaste")


def test_le_formulaire_ecrit_les_memes_fiches_que_le_terminal(formulaire, tmp_path):
    f, cree, donnees = formulaire
    for nom, texte in BOUTIQUE.items():
        f.champs[nom].saisie.value = texte
    f.ecrire()
    (etude,) = cree
    assert f.textes == {}
    assert not list(donnees.glob("*.brouillon"))
    ecrits = [etude.read_text(encoding="utf-8"), (donnees / "sites" / etude.name).read_text(encoding="utf-8")]
    etude.unlink()
    (donnees / "sites" / etude.name).unlink()
    site, autre = creer(lire_reponses(BOUTIQUE, donnees), donnees)
    assert ecrits == [autre.read_text(encoding="utf-8"), site.read_text(encoding="utf-8")]


def test_l_atelier_de_l_architecte_ouvre_le_lieu_qu_il_vient_d_ecrire(donnees_copie, monkeypatch, tmp_path):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    monkeypatch.setenv("POPE_ATELIER_JOURNAUX", str(tmp_path))
    vu = []
    monkeypatch.setattr(architecte, "ouvrir", lambda fichier, *_: vu.append(fichier) or w.HTML())
    formes = []
    monkeypatch.setattr(architecte, "NouveauLieu", lambda cree: formes.append(NouveauLieu(cree)) or formes[0])
    architecte.application()
    for nom, texte in BOUTIQUE.items():
        formes[0].champs[nom].saisie.value = texte
    formes[0].ecrire()
    assert vu[-1].endswith("etudes/local_du_12_rue_des_lilas.yaml")


def test_l_architecte_lit_l_une_et_l_autre_reponse_de_la_pmi(donnees_copie, tmp_path):
    """The shop of 240 m²: both readings are said, then each one is a lever; 16 places once admitted, none once refused."""
    _, etude = creer(lire_reponses(BOUTIQUE, donnees_copie), donnees_copie)
    modele = Modele(ouvrir(etude, donnees_copie), Moteur.ouvrir(donnees_copie), lire_ateliers())
    atelier = architecte.AtelierArchitecte(modele, Journal(tmp_path / "j.sqlite"))
    assert "16 (programme de confort) à 27 (droit, au plus) places si elle l" in atelier.courbe.value
    atelier.espace.value = "admis"
    assert atelier.vue.valeur(atelier.vue.ev.capacite.places) == 16
    assert atelier.etude_affichee().lecture_espace == "admis"
    plats = atelier.reglages_affiches()
    atelier.espace.value = "refuse"
    assert atelier.vue.aucune_place
    assert "si elle l'admet" not in atelier.courbe.value, "la réponse lue ferme la question"
    atelier.remettre(plats)
    assert atelier.espace.value == "admis"
    assert "Espace à distance : la PMI l'admet en place de la cour" in mots(
        modele, atelier.etude_affichee(), Reglages.de_plat(plats)
    )
