"""Installed wheel: it carries its data and its notebooks, works from any folder, and says in words what is missing."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.conftest import COMPLETS, RACINE

SUIVIS = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard"], cwd=RACINE, capture_output=True, text=True, check=True
).stdout.splitlines()
"""Files that a clone would hold: what is ignored does not help the build."""


def lancer(commande, cwd, **env):
    propre = {c: v for c, v in os.environ.items() if c not in ("PYTHONPATH", "POPE_DONNEES")}
    return subprocess.run([str(x) for x in commande], cwd=cwd, capture_output=True, text=True, env=propre | env)


@pytest.fixture(scope="module")
def ailleurs(tmp_path_factory):
    """Folder away from the repository, with a fresh environment that holds the wheel; its libraries are those of the tests."""
    base = tmp_path_factory.mktemp("roue")
    for nom in SUIVIS:
        if (RACINE / nom).is_file() and not nom.startswith(("tests/", "docs/")):
            (base / "source" / nom).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(RACINE / nom, base / "source" / nom)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    fait = lancer(
        [*pip, "wheel", base / "source", "--no-deps", "--no-build-isolation", "--no-index", "-w", base, "-q"], base
    )
    assert fait.returncode == 0, fait.stderr
    (roue,) = base.glob("*.whl")
    venv.create(base / "env", with_pip=False, symlinks=True)
    python = base / "env" / "bin" / "python"
    (site,) = (base / "env").glob("lib/python*/site-packages")
    (site / "bibliotheques.pth").write_text(str(Path(np.__file__).parents[1]), encoding="utf-8")
    fait = lancer([*pip, "--python", python, "install", "--no-deps", "--no-index", "-q", roue], base)
    assert fait.returncode == 0, fait.stderr
    (base / "dossier").mkdir()
    return base / "dossier", base / "env" / "bin", site


GERME = """
import json, os, sys
import pope_foncier.vues.documents.sorties, pope_foncier.vues.documents.terminal
from pope_foncier.cli import principal

for ligne in sys.stdin:
    arguments, dossier, env, ecrits = json.loads(ligne)
    if (enfant := os.fork()) == 0:
        os.chdir(dossier)
        os.environ.clear()
        os.environ.update(env)
        for flux, ecrit in zip((1, 2), ecrits):
            os.dup2(os.open(ecrit, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), flux)
        sys.argv, code = ["pope-foncier", *arguments], 1
        try:
            principal()
            code = 0
        except SystemExit as fin:
            code = int(fin.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1]), flush=True)
"""
"""Process of the environment that holds the wheel, which imports the package once, then runs each command in a child of its own."""


@pytest.fixture(scope="module")
def commande(ailleurs, tmp_path_factory):
    """Commands of the installed package, for the tests that look at something else than its start: (arguments, folder, environment)."""
    dossier, bin_, _ = ailleurs
    ecrits = [str(tmp_path_factory.mktemp("dits") / nom) for nom in ("out", "err")]
    propre = {c: v for c, v in os.environ.items() if c not in ("PYTHONPATH", "POPE_DONNEES")}
    germe = subprocess.Popen(
        [bin_ / "python", "-c", GERME],
        cwd=dossier,
        env=propre,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def lancee(*arguments, **env):
        print(json.dumps([arguments, str(dossier), propre | env, ecrits]), file=germe.stdin, flush=True)
        code = int(germe.stdout.readline())
        stdout, stderr = (Path(ecrit).read_text(encoding="utf-8") for ecrit in ecrits)
        return SimpleNamespace(returncode=code, stdout=stdout, stderr=stderr)

    yield lancee
    germe.stdin.close()
    germe.wait(timeout=60)
    germe.stdout.close()


def test_le_paquet_installe_est_celui_de_la_roue(ailleurs):
    dossier, bin_, site = ailleurs
    dit = lancer([bin_ / "python", "-c", "import pope_foncier; print(pope_foncier.__file__)"], dossier).stdout.strip()
    assert Path(dit).is_relative_to(site)
    assert (site / "pope_foncier" / "py.typed").is_file()


def test_la_roue_porte_toutes_les_donnees_et_tous_les_carnets(ailleurs):
    site = ailleurs[2] / "pope_foncier"
    for source, copie in (("data", "_donnees"), ("notebooks", "_carnets")):
        suivis = {n.removeprefix(f"{source}/") for n in SUIVIS if n.startswith(f"{source}/")}
        assert suivis - {f.relative_to(site / copie).as_posix() for f in (site / copie).rglob("*")} == set()
    for gabarit in (
        "ateliers/gabarit/voila/templates/pope/index.html.j2",
        "vues/dossier/gabarits/dossier.typ",
        "vues/lieu/editeur.js",
    ):
        assert (site / gabarit).is_file()


def test_les_baremes_se_lisent_de_n_importe_ou(commande):
    fait = commande("baremes", COLUMNS="200")
    assert fait.returncode == 0, fait.stderr
    assert "subventions.piaje" in fait.stdout


def test_une_etude_se_calcule_par_son_nom(ailleurs):
    """With its notebook (half a minute) in the complete tests only."""
    dossier, bin_, _ = ailleurs
    carnet = ["--carnet"] if COMPLETS else ["--no-carnet"]
    bibliotheques = {"JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter"), "COLUMNS": "200"}
    fait = lancer([bin_ / "pope-foncier", "etude", "gare_saint_denis", *carnet], dossier, **bibliotheques)
    assert fait.returncode == 0, fait.stderr
    ecrits = {f.name for f in (dossier / "sorties" / "gare_saint_denis").iterdir()}
    attendus = {"note.html", "prets.html", "resultats.json"}
    assert ecrits == attendus | ({"etude_site.ipynb", "etude_site.html"} if COMPLETS else set())


def test_la_porte_s_ouvre_de_n_importe_ou(ailleurs):
    dossier, bin_, _ = ailleurs
    code = "import pope_foncier as pf; print(pf.ouvrir('gare_saint_denis').calculer()['places'].valeur)"
    fait = lancer([bin_ / "python", "-c", code], dossier)
    assert fait.stdout.strip() == "12.0", fait.stderr


def test_un_nom_inconnu_propose_les_noms_proches(ailleurs):
    dossier, bin_, _ = ailleurs
    fait = lancer([bin_ / "pope-foncier", "etude", "gare_saint_deni"], dossier)
    assert fait.returncode == 2
    assert "peut-être : gare_saint_denis" in fait.stderr


@pytest.mark.parametrize("cree", [False, True], ids=["absent", "vide"])
def test_un_dossier_de_donnees_absent_ou_vide_se_dit(commande, tmp_path, cree):
    nomme = tmp_path / "nulle_part"
    if cree:
        nomme.mkdir()
    fait = commande("baremes", POPE_DONNEES=str(nomme))
    assert fait.returncode == 2
    assert "nulle_part" in fait.stderr
    assert "POPE_DONNEES" in fait.stderr
    assert "Traceback" not in fait.stderr


def test_le_paquet_sans_ses_donnees_le_dit(ailleurs):
    dossier, bin_, site = ailleurs
    donnees = site / "pope_foncier" / "_donnees"
    donnees.rename(site / "mises_de_cote")
    try:
        fait = lancer([bin_ / "pope-foncier", "baremes"], dossier)
    finally:
        (site / "mises_de_cote").rename(donnees)
    assert fait.returncode == 2
    assert "Le dossier des données est absent" in fait.stderr
    assert "Réinstaller" in fait.stderr


def test_un_nouveau_lieu_ne_s_ecrit_pas_dans_le_paquet(ailleurs, commande):
    dossier, _, site = ailleurs
    dites = ["nom=X", "genre=coque", "commune=Stains", "surface=150", "exterieur=40", "depart=01/01/2027"]
    reponses = ["--sans-question", *(f"--reponse={dite}" for dite in dites)]
    fait = commande("nouveau-site", *reponses)
    assert fait.returncode == 2
    assert "POPE_DONNEES" in fait.stderr
    assert not (site / "pope_foncier" / "_donnees" / "etudes" / "x.yaml").exists()
    shutil.copytree(site / "pope_foncier" / "_donnees", dossier / "donnees")
    fait = commande("nouveau-site", *reponses, POPE_DONNEES="donnees")
    assert fait.returncode == 0, fait.stderr
    fait = commande("etude", "x", "--no-carnet", POPE_DONNEES="donnees")
    assert fait.returncode == 0, fait.stderr


SANS_EXTRA = """
import json, os, sys
from importlib.abc import MetaPathFinder

class Absents(MetaPathFinder):
    def find_spec(self, nom, chemin=None, cible=None):
        if nom.partition(".")[0] in {"IPython", "ipywidgets", "jupytext", "matplotlib", "nbclient", "nbconvert", "nbformat", "nh3", "papermill", "voila", "scipy"}:
            raise ModuleNotFoundError(f"No module named {nom!r}", name=nom)

sys.meta_path.insert(0, Absents())
from pope_foncier.cli import principal

def lancer(commande):
    sys.argv = ["pope-foncier", *commande.split()]
    print(f"# {commande}", file=sys.stderr, flush=True)
    try:
        principal()
    except SystemExit as fin:
        return fin.code or 0
    return 0

codes = [[lancer(commande), os.path.exists("sorties")] for commande in json.loads(sys.argv[1])]
print("# " + json.dumps(codes), file=sys.stderr)
"""
"""The command line as an installation without the extra ``notebooks`` has it: several commands, one after the other."""


REFUSEES = (
    "plan gare_saint_denis_suppose --date 2026-12-01",
    "etude gare_saint_denis",
    "atelier --page",
)
ADMISES = (
    "etude gare_saint_denis --no-carnet",
    "tresorerie gare_saint_denis",
    "montages coque_la_courneuve",
    "capacite gare_saint_denis",
)


@pytest.fixture(scope="module")
def sans_extra(tmp_path_factory):
    """Exit code of each command, whether it or one before had written, and its errors."""
    commandes = REFUSEES + ADMISES
    dossier = tmp_path_factory.mktemp("sans_extra")
    fait = lancer([sys.executable, "-c", SANS_EXTRA, json.dumps(commandes)], dossier, PYTHONPATH=str(RACINE))
    assert fait.returncode == 0, fait.stderr
    dits = re.split(r"^# .*\n", fait.stderr, flags=re.M)[1:-1]
    codes = json.loads(fait.stderr.splitlines()[-1].removeprefix("# "))
    return {nom: (*code, dit) for nom, code, dit in zip(commandes, codes, dits, strict=True)}


def test_sans_l_extra_des_carnets_le_calcul_marche(sans_extra):
    assert {nom: sans_extra[nom][0] for nom in ADMISES} == dict.fromkeys(ADMISES, 0)


def test_sans_l_extra_ce_qui_le_demande_le_dit(sans_extra):
    for nom in REFUSEES:
        code, ecrit, dit = sans_extra[nom]
        assert code == 2, (nom, dit)
        assert "manque pour" in dit, nom
        assert "[notebooks]" in dit
        assert "Traceback" not in dit
        assert not ecrit, "said before anything is computed or written"
