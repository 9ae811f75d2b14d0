"""Filing date of a site: that of its only study; none or several studies, or an unreadable one, and the user must say it."""

from datetime import date

import pytest

from pope_foncier.etude.genres_de_lieu import batiment_neuf
from pope_foncier.lieu.depot import depot_du_site
from pope_foncier.socle.erreurs import ErreurCalcul


@pytest.fixture
def site(donnees_copie, monkeypatch):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    return donnees_copie / "sites" / "creche_emile_zola.yaml"


def test_une_seule_etude(site):
    jour, etude = depot_du_site(site)
    assert (jour, etude.name) == (date(2025, 1, 1), "creche_emile_zola.yaml")


def test_aucune_etude(site):
    (site.parents[1] / "etudes" / "creche_emile_zola.yaml").unlink()
    with pytest.raises(ErreurCalcul, match="aucune étude .*2026-12-01"):
        depot_du_site(site)


def test_deux_etudes(site):
    etudes = site.parents[1] / "etudes"
    (etudes / "autre.yaml").write_bytes((etudes / "creche_emile_zola.yaml").read_bytes())
    with pytest.raises(ErreurCalcul, match=r"plusieurs études .*autre\.yaml.*creche_emile_zola\.yaml.*2026-12-01"):
        depot_du_site(site)


def test_une_fiche_de_meme_nom_ailleurs_n_est_pas_ce_site(site, tmp_path):
    copie = tmp_path / site.name
    copie.write_bytes(site.read_bytes())
    with pytest.raises(ErreurCalcul, match="aucune étude"):
        depot_du_site(copie)


@pytest.mark.parametrize("ecrit", ["bientôt", "12"])
def test_une_date_illisible_ne_sert_pas(site, ecrit):
    etude = site.parents[1] / "etudes" / "creche_emile_zola.yaml"
    texte = etude.read_text(encoding="utf-8")
    etude.write_text(texte.replace("date_demande: 2025-01-01", f"date_demande: {ecrit}"), encoding="utf-8")
    with pytest.raises(ErreurCalcul, match=r"« date_demande » illisible.*2026-12-01"):
        depot_du_site(site)


def test_une_autre_etude_abimee_ne_gene_pas(site):
    (site.parents[1] / "etudes" / "abimee.yaml").write_text("a: [", encoding="utf-8")
    assert depot_du_site(site)[0] == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("travaux", "genre", "attendu"),
    [
        ("travaux: {construction_neuve: true}", "gare", True),
        ("travaux: {construction_neuve: false}", "terrain", False),
        ("travaux: {}", "terrain", True),
        ("titre: Sans travaux", "ecole", False),
        ("travaux: {}", "coque", None),
        ("travaux: {}", None, None),
    ],
)
def test_batiment_neuf_d_apres_l_etude_sinon_le_genre_du_lieu(tmp_path, dossier, travaux, genre, attendu):
    """A shell may be delivered new or not: nobody says, so both are read."""
    etude = tmp_path / "etude.yaml"
    etude.write_text(travaux + "\n", encoding="utf-8")
    site = dossier.site.model_copy(update={"genre": genre})
    assert batiment_neuf(site, etude) is attendu
