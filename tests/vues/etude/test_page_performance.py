"""Page of the benchmark: every key with its bar, a command that runs in small, a straight line found apart."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from pope_foncier.cli import app
from pope_foncier.etude.cles_du_banc import CLES
from pope_foncier.etude.courbes_du_banc import Courbe, Courbes, Machine, PartDuTemps
from pope_foncier.vues.etude import page_performance
from tests.conftest import RACINE

CALME = Machine(2, 0.1, "Linux", "3.11.7", "2.4.6")
DROITE = Courbe(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 6.0]))
PROFIL = (PartDuTemps("echeancier", 2, 0.4), PartDuTemps("fois", 8, 0.25), PartDuTemps("plus", 4, 0.35))
COURBES = Courbes(
    CALME,
    5,
    Courbe(np.array([1_000.0, 50_000.0, 100_000.0]), np.array([0.02, 1.0, 2.0])),
    Courbe(np.array([10.0, 25.0, 40.0]), np.array([0.1, 0.16, 0.22])),
    10_000,
    30.0,
    {1: 2.0, 2: 1.25},
    {1_000: 60.0, 100_000: 90.0},
    PROFIL,
)
IMAGES = {"droites": "images/performance.png", "fils": "images/performance_fils.png"}
MESURES = {cle.nom: (cle.barre or 1.0) for cle in CLES} | {"tirage_us": 26.0}


def rangs(page):
    """Cells of the row of each key."""
    lignes = [
        [x.strip() for x in ligne.strip("|").split("|")] for ligne in page.splitlines() if ligne.startswith("| `")
    ]
    return {cases[0].strip("`"): cases[1:] for cases in lignes if len(cases) == 7}


def test_la_page_du_depot_nomme_chaque_cle_et_sa_barre():
    """Words, units and bars are those declared; what is measured is never compared."""
    ecrite = rangs((RACINE / "docs" / "performance.md").read_text(encoding="utf-8"))
    voulue = rangs(page_performance.rediger(MESURES, COURBES, IMAGES))
    fixes = (0, 1, 3, 4)
    assert {n: [c[i] for i in fixes] for n, c in ecrite.items()} == {
        n: [c[i] for i in fixes] for n, c in voulue.items()
    }
    assert list(ecrite) == [cle.nom for cle in CLES]
    for nom in IMAGES.values():
        assert (RACINE / "docs" / nom).is_file()


def test_la_commande_ecrit_la_page_en_petit(tmp_path):
    fait = CliRunner().invoke(
        app,
        [
            "bench",
            "--reduit",
            "--sortie",
            str(tmp_path / "b.json"),
            "--document",
            str(tmp_path / "docs" / "vitesse.md"),
        ],
    )
    assert fait.exit_code == 0, fait.output
    mesures = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    connues = {cle.nom for cle in CLES}
    assert connues - set(mesures) <= {
        "curseur_ms",
        "editeur_ms",
        "telephone_ms",
        "page_s",
        "page_froide_s",
        "tirages_100000_mo",
    }
    assert set(mesures) <= connues
    assert all(v > 0.0 for v in mesures.values())
    page = (tmp_path / "docs" / "vitesse.md").read_text(encoding="utf-8")
    assert "Mesure réduite" in page
    assert rangs(page)["tirage_us"][-1] == "à refaire"
    for nom in ("vitesse.png", "vitesse_fils.png"):
        assert f"(images/{nom})" in page
        with Image.open(tmp_path / "docs" / "images" / nom) as image:
            assert image.size[0] > 600


def test_une_barre_se_juge_au_calme_seulement():
    calme = rangs(page_performance.rediger(MESURES, COURBES, IMAGES))
    assert calme["tirage_us"][-1] == "**non**"
    assert calme["reprise_ms"][-1] == "oui"
    assert calme["lignes"][-1] == ""
    occupee = replace(COURBES, machine=replace(CALME, charge=1.2))
    page = page_performance.rediger(MESURES, occupee, IMAGES)
    assert "1,2 processus voulaient tourner pour 2 cœurs" in page
    assert {c[-1] for c in rangs(page).values()} == {"à refaire", ""}
    sans = rangs(page_performance.rediger({}, COURBES, IMAGES))
    assert {c[2] for c in sans.values()} == {"non mesuré"}


def test_la_droite_la_plus_proche():
    """By hand: least squares through (1, 1), (2, 2), (3, 6) give 2.5 x − 2; the middle point is 1 below, of 6."""
    assert pytest.approx([0.5, 3.0, 5.5]) == DROITE.droite
    assert pytest.approx(1 / 6) == DROITE.ecart
    assert pytest.approx([1e6, 1e6, 2e6]) == DROITE.par_unite


def test_le_plus_que_l_arithmetique_peut_rendre():
    """By hand: 0.25 + 0.35 of the time for nothing leaves 0.4, 2.5 times less."""
    assert pytest.approx(2.5) == COURBES.gain_si_l_arithmetique_etait_gratuite
    assert COURBES.gain_des_fils == 1.6
    assert COURBES.profil_court(1) == [PROFIL[0], PartDuTemps("", 12, pytest.approx(0.6))]


def test_les_mots_des_images_disent_les_mesures():
    figures = page_performance.dessiner(COURBES)
    mots = {nom: " ".join(t.get_text() for ax in fig.axes for t in ax.texts) for nom, fig in figures.items()}
    assert "100\u202f000 tirages\u00a0: 2\u00a0s, soit 20\u00a0µs par tirage" in mots["droites"]
    assert "480 mois\u00a0: 0,22\u00a0s" in mots["droites"]
    assert "1,25\u00a0s" in mots["fils"]
    for fig in figures.values():
        assert any("Source : pope-foncier bench" in t.get_text().replace("\u00a0", " ") for t in fig.texts)
