"""Command of the sweeps: what it says, what it writes, what it refuses."""

import pandas as pd
import pytest

from tests.cli.commandes import lancer
from tests.decision.balayage.plans import ecrire_plan

TABLE = """nom;programme.surface_m2;travaux.cout_m2_ht;foncier.prix
petit;200;1 800;300 000
grand;320;2 200;
"""


@pytest.fixture
def fichier(tmp_path):
    """Plan of two sites, one of unknown price, as bought, as leased, and as they stand; no draw."""
    return ecrire_plan(
        tmp_path, TABLE, montages=["tel_quel", "achat_association", "convention_association"], tirages=None
    )


def test_un_balayage_dit_ce_qui_vient_en_tete_et_pourquoi_le_reste_non(fichier, tmp_path):
    fait = lancer("balayage", str(fichier), "--sortie", str(tmp_path / "s"), "--csv")
    assert fait.returncode == 0, fait.stderr
    assert "2 sites × 1 mode × 3 montages × 1 bouclage = 6 combinaisons" in fait.stdout.replace("\u00a0", " ")
    assert "ce n'est pas un avis" in fait.stdout
    assert "bien privé : pas de convention d'occupation du domaine public" in fait.stdout
    lue = pd.read_parquet(tmp_path / "s" / "balayage.parquet")
    assert list(lue.site) == ["petit"] * 3 + ["grand"] * 3
    assert lue.set_index(["site", "montage"]).etat["grand", "convention_association"] == "impossible"
    assert pd.isna(lue.set_index(["site", "montage"]).avec_le_reste["grand", "achat_association"])
    csv = pd.read_csv(tmp_path / "s" / "balayage.csv", sep=";", decimal=",", encoding="utf-8-sig")
    pd.testing.assert_series_equal(csv.cout_total, lue.cout_total, rtol=1e-9)
    encore = lancer("balayage", str(fichier), "--sortie", str(tmp_path / "s"))
    assert encore.returncode == 2
    assert "--reprendre" in encore.stderr
    repris = lancer("balayage", str(fichier), "--sortie", str(tmp_path / "s"), "--reprendre")
    assert "0 morceau calculé, 3 gardés" in repris.stdout.replace("\u00a0", " ")


def test_un_essai_dit_le_tout_avec_sa_base(fichier, tmp_path):
    fait = lancer("balayage", str(fichier), "--sortie", str(tmp_path / "s"), "--essai", "2")
    assert fait.returncode == 0, fait.stderr
    dit = fait.stdout.replace("\u00a0", " ")
    assert "2 morceaux sur 3" in dit
    assert "Extrapolation : temps moyen des morceaux mesurés × morceaux qui restent" in dit
    assert not (tmp_path / "s" / "balayage.parquet").exists()


def test_les_options_qui_se_contredisent_sont_refusees(fichier):
    sans_grappe = lancer("balayage", str(fichier), "--adresse", "tcp://127.0.0.1:8786")
    assert "--moteur dask" in sans_grappe.stderr
    deux_fois = lancer("balayage", str(fichier), "--moteur", "dask", "--adresse", "tcp://127.0.0.1:9", "--fils", "2")
    assert "--fils ne dit rien" in deux_fois.stderr
    assert (sans_grappe.returncode, deux_fois.returncode) == (2, 2)
