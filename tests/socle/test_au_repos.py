"""What is read of a file is kept until the file changes; a study opened again is that of its file, whatever was made of it before."""

import os
import shutil

import pytest

from pope_foncier.etude import scenarios
from pope_foncier.etude.scenarios import ouvrir, varier
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.lecture import AuRepos
from tests.conftest import DONNEES, GARE


@pytest.fixture
def au_repos(monkeypatch):
    """A file that was just written is at rest already."""
    monkeypatch.setattr(AuRepos, "REPOS_S", -1.0)


@pytest.fixture
def fichier(tmp_path):
    chemin = tmp_path / "a.txt"
    chemin.write_text("un", encoding="utf-8")
    return chemin


def test_ce_qui_vient_d_etre_ecrit_se_relit_a_chaque_fois(fichier):
    lus, repos = [], AuRepos(2)
    for _ in range(3):
        repos.lire(fichier, "texte", lambda: lus.append(1))
    assert len(lus) == 3


def test_au_repos_se_lit_une_fois_par_chose_lue_et_se_relit_des_que_le_fichier_change(fichier, au_repos):
    lus, repos = [], AuRepos(9)

    def lire(quoi="texte"):
        return repos.lire(fichier, quoi, lambda: lus.append(quoi) or fichier.read_text(encoding="utf-8"))

    assert [lire(), lire(), lire("autre"), lire()] == ["un"] * 4
    assert lus == ["texte", "autre"]
    etat = fichier.stat()
    fichier.write_text("de", encoding="utf-8")
    os.utime(fichier, ns=(etat.st_atime_ns, etat.st_mtime_ns))
    assert lire() == "de", "même date et même taille : il a changé quand même"
    copie = fichier.with_name("b.txt")
    copie.write_text("ix", encoding="utf-8")
    copie.replace(fichier)
    assert lire() == "ix"


def test_un_refus_n_est_pas_garde_et_un_fichier_absent_se_redemande(fichier, au_repos):
    repos = AuRepos(9)

    def refuser():
        raise ErreurDonnees([])

    with pytest.raises(ErreurDonnees):
        repos.lire(fichier, "texte", refuser)
    assert repos.lire(fichier, "texte", lambda: "lu") == "lu"
    fichier.unlink()
    assert repos.lire(fichier, "texte", lambda: "plus là") == "plus là"


def test_ce_qui_est_garde_est_borne(tmp_path, au_repos):
    repos = AuRepos(3)
    for rang in range(10):
        chemin = tmp_path / str(rang)
        chemin.write_text("x", encoding="utf-8")
        repos.lire(chemin, "texte", lambda: "x")
        assert len(repos._lus) <= 3


@pytest.mark.parametrize("nom", sorted(f.stem for f in (DONNEES / "etudes").glob("*.yaml")))
def test_une_etude_rouverte_est_celle_de_son_fichier(nom, monkeypatch):
    """What was read once is changed by nothing that was made of it: its scenarios, its loans in full, a study varied."""
    monkeypatch.setattr(scenarios, "_ECRITES", AuRepos(9))
    fichier = DONNEES / "etudes" / f"{nom}.yaml"
    premiere = ouvrir(fichier)
    varier(premiere, "essai", {"titre": "Autre", "prets": [], "aides": []})
    assert ouvrir(fichier) == premiere
    monkeypatch.setattr(scenarios, "_ECRITES", AuRepos(9))
    assert ouvrir(fichier) == premiere


def test_une_etude_ecrite_a_nouveau_se_relit(donnees_copie, au_repos):
    fichier = donnees_copie / "etudes" / GARE.name
    shutil.copy(GARE, fichier)
    avant = ouvrir(fichier, donnees_copie)
    texte = fichier.read_text(encoding="utf-8")
    fichier.write_text(texte.replace(f"titre: {avant.etude.titre}", "titre: Autre titre"), encoding="utf-8")
    assert ouvrir(fichier, donnees_copie).etude.titre == "Autre titre" != avant.etude.titre
