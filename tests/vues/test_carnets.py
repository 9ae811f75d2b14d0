"""Notebooks: strict comparison of committed outputs, a falsified figure is caught, text pair, form of the cells."""

import ast
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from tests.conftest import RACINE

CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))


def nbval(dossier):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            "--nbval-cell-timeout=120",
            "-c",
            "/dev/null",
            "--rootdir",
            str(dossier),
            *map(str, sorted(dossier.glob("*.ipynb"))),
        ],
        cwd=dossier,
        capture_output=True,
        text=True,
        timeout=400,
    )


@pytest.fixture
def copie(tmp_path):
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(RACINE / "data", tmp_path / "data")
    for carnet in CARNETS:
        shutil.copy(carnet, tmp_path / "notebooks")
    return tmp_path / "notebooks"


def test_nbval_strict_passe_sur_les_carnets_livres(copie):
    fait = nbval(copie)
    assert fait.returncode == 0, fait.stdout[-3000:]
    assert re.search(r"\d+ passed", fait.stdout)


@pytest.mark.parametrize("genre", ["html", "texte"])
def test_un_chiffre_falsifie_fait_echouer_nbval(copie, genre):
    chemin = copie / "01_une_gare_de_bout_en_bout.ipynb"
    carnet = nbformat.read(chemin, as_version=4)
    avant, apres = ("918\u202f686", "918\u202f687")
    touches = 0
    for cellule in carnet.cells:
        for sortie in cellule.get("outputs", []):
            if genre == "html" and avant in sortie.get("data", {}).get("text/html", "") and not touches:
                sortie["data"]["text/html"] = sortie["data"]["text/html"].replace(avant, apres)
                touches += 1
            if genre == "texte" and sortie.output_type == "stream" and avant in sortie.text and not touches:
                sortie.text = sortie.text.replace(avant, apres)
                touches += 1
    assert touches == 1
    nbformat.write(carnet, chemin)
    for autre in copie.glob("*.ipynb"):
        if autre != chemin:
            autre.unlink()
    fait = nbval(copie)
    assert fait.returncode == 1
    assert re.search(r"1 failed", fait.stdout)


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_la_paire_texte_est_a_jour(carnet, tmp_path):
    sortie = tmp_path / "paire.py"
    subprocess.run(
        [sys.executable, "-m", "jupytext", "--to", "py:percent", "-o", str(sortie), str(carnet)],
        check=True,
        capture_output=True,
        timeout=120,
    )

    def corps(chemin):
        return re.sub(r"^# ---\n.*?^# ---\n", "", chemin.read_text(encoding="utf-8"), flags=re.S | re.M)

    assert corps(sortie) == corps(carnet.with_suffix(".py"))


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_forme_des_cellules(carnet):
    assert carnet.stat().st_size < 200_000
    contenu = nbformat.read(carnet, as_version=4)
    assert "widgets" not in contenu.metadata
    for cellule in contenu.cells:
        if cellule.cell_type != "code":
            continue
        for noeud in ast.walk(ast.parse(cellule.source)):
            assert not isinstance(noeud, ast.BinOp), f"pas de calcul dans une cellule : {cellule.source}"
            if isinstance(noeud, ast.FunctionDef):
                assert noeud.end_lineno - noeud.lineno < 10
            if (
                isinstance(noeud, ast.Constant)
                and isinstance(noeud.value, int | float)
                and not isinstance(noeud.value, bool)
            ):
                assert abs(noeud.value) <= 12, f"montant du métier dans une cellule : {noeud.value}"
