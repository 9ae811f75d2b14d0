"""Form of a new place: the questions of the terminal, a fault beside each field, nothing lost, the same sheets, the place chosen at once."""

import ipywidgets as w
import pytest

from pope_foncier.ateliers import architecte
from pope_foncier.ateliers.nouveau_lieu import NouveauLieu
from pope_foncier.etude.nouveau import creer, lire_reponses
from pope_foncier.etude.questions_du_lieu import questions
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
