"""Repository: light imports, environments that agree, pins, names in the glossary, links, nothing of one machine."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from ruamel.yaml import YAML

from pope_foncier.vues.documents import glossaire
from tests.conftest import RACINE

SUIVIS = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard"], cwd=RACINE, capture_output=True, text=True
).stdout.split()
PROJET = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_importer_le_modele_n_amene_ni_dessin_ni_pandas_ni_scipy():
    code = (
        "import sys, pope_foncier, pope_foncier.etude.resultats, pope_foncier.etude.scenarios, pope_foncier.cli;"
        "print([m for m in ('matplotlib', 'ipywidgets', 'pandas', 'scipy', 'IPython', 'shapely') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def exigences():
    return [*PROJET["dependencies"], *(x for extra in PROJET["optional-dependencies"].values() for x in extra)]


def test_environment_yml_et_pyproject_disent_la_meme_chose():
    conda = YAML(typ="safe", pure=True).load((RACINE / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(x["pip"] for x in conda if isinstance(x, dict))
    assert sorted(x for x in pip if not x.startswith("-")) == sorted(exigences())
    assert f"python{PROJET['requires-python']}" in [x.replace(" ", "") for x in conda if isinstance(x, str)]


def test_les_paquets_fixes_par_le_projet_sont_la():
    noms = {re.split(r"[><=\[]", x)[0].lower() for x in exigences()}
    assert {"jupyterlab", "numpy-financial", "pandas", "shapely", "ipywidgets", "nbval"} <= noms


def test_constraints_epingle_tout_sans_adresse():
    lignes = (RACINE / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"^[a-z0-9._-]+==[^ ]+( ; .+)?$", x) for x in lignes)
    epingles = {x.split("==")[0].replace("_", "-") for x in lignes}
    for exigence in exigences():
        nom = re.split(r"[><=\[]", exigence)[0].lower().replace("_", "-").replace(".", "-")
        assert nom in {e.replace(".", "-") for e in epingles}, exigence


def test_ouvrir_un_carnet_ne_compile_aucune_grammaire():
    """From 4.25 on, jsonschema loads one at import: a second more for each server, each notebook executed and each run of the tests."""
    epingles = dict(
        x.split("==") for x in (RACINE / "constraints.txt").read_text(encoding="utf-8").splitlines() if ";" not in x
    )
    assert tuple(map(int, epingles["jsonschema"].split("."))) < (4, 25)
    assert "rfc3987-syntax" not in epingles


@pytest.fixture(scope="module")
def declares():
    """What the package declares: whether each public name says what it is, and the fields of each class."""
    publics, champs = [], []
    for fichier in sorted((RACINE / "pope_foncier").rglob("*.py")):
        module = ast.parse(fichier.read_text(encoding="utf-8"))
        for noeud in module.body:
            nommee = isinstance(noeud, ast.ClassDef | ast.FunctionDef) and not noeud.name.startswith("_")
            if nommee and "overload" not in map(ast.unparse, noeud.decorator_list):
                publics.append((noeud.name, bool(ast.get_docstring(noeud))))
        champs += [
            f"{noeud.name}.{x.target.id}"
            for noeud in ast.walk(module)
            if isinstance(noeud, ast.ClassDef)
            for x in noeud.body
            if isinstance(x, ast.AnnAssign) and isinstance(x.target, ast.Name)
        ]
    return publics, champs


def test_chaque_nom_public_se_decrit_lui_meme(declares):
    """The book gathers these words room by room: nobody types them a second time."""
    assert [nom for nom, decrit in declares[0] if not decrit] == []


def test_le_glossaire_est_ecrit_de_ses_donnees():
    assert glossaire.rediger() == (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")


def test_chaque_nom_du_glossaire_est_dans_le_code_ou_dans_les_donnees():
    sources = [*(RACINE / "pope_foncier").rglob("*.py"), *(RACINE / "data").rglob("*.yaml")]
    textes = (f.read_text(encoding="utf-8") for f in sources if f.name != "glossaire.yaml")
    mots = set(re.findall(r"\w+", "\n".join(textes)))
    assert [n for m in glossaire.lire_mots() for n in m.noms if n not in mots] == []


BANNIS = {"amortissement", "provision", "caution", "location", "capacite", "caf"}


def test_les_faux_amis_ne_nomment_rien_de_public(declares):
    publics, champs = declares
    assert not [c for c in champs if c.split(".")[1] in BANNIS - {"capacite"}]
    assert not BANNIS & {nom.lower() for nom, _ in publics} - {"capacite"}


HOMOGRAPHES = {"prets": ("tirage", "tirages"), "aides": ("tirage", "tirages"), "socle": ("pret", "prets")}
"""Words that mean something else elsewhere, by room: a drawdown is no random draw, and what is ready is no loan."""


def test_un_mot_a_un_seul_sens_par_salle():
    fautifs = [
        f"{fichier.relative_to(RACINE)} : {nom}"
        for salle, mots in HOMOGRAPHES.items()
        for fichier in (RACINE / "pope_foncier" / salle).rglob("*.py")
        for nom in noms_ecrits(fichier)
        if nom in mots
    ]
    assert fautifs == []


def noms_ecrits(fichier):
    """Names that a module gives: variables, parameters, fields, functions."""
    for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
        if isinstance(noeud, ast.Name) and isinstance(noeud.ctx, ast.Store):
            yield noeud.id
        elif isinstance(noeud, ast.arg):
            yield noeud.arg
        elif isinstance(noeud, ast.FunctionDef | ast.ClassDef):
            yield noeud.name.lower()


@pytest.mark.parametrize("fichier", ["README.md", "CHANGELOG.md", "docs/glossaire.md", "docs/architecture.md"])
def test_les_liens_locaux_existent(fichier):
    chemin = RACINE / fichier
    for lien in re.findall(r"\]\((?!https?:|#)([^)#]+)", chemin.read_text(encoding="utf-8")):
        assert (chemin.parent / lien).exists(), lien


def test_aucun_fichier_ne_nomme_une_machine_ni_un_registre():
    motif = re.compile(
        r"py"
        + r"pi\.org|python"
        + r"hosted|registry\.npm"
        + r"js|deb\.debian|(^|[^A-Za-z0-9_.])/(wo"
        + r"rk|ro"
        + r"ot|home)/",
        re.M,
    )
    for nom in SUIVIS:
        chemin = RACINE / nom
        if chemin.suffix in (".png",) or not chemin.is_file():
            continue
        trouve = motif.search(chemin.read_text(encoding="utf-8"))
        assert trouve is None, f"{nom} : {trouve and trouve[0]}"


def test_les_commandes_du_readme_existent_dans_le_makefile():
    lisez_moi, makefile = ((RACINE / n).read_text(encoding="utf-8") for n in ("README.md", "Makefile"))
    commandes = set(re.findall(r"`make ([a-z]+)", lisez_moi))
    assert {"etude", "test"} <= commandes
    for commande in commandes:
        assert re.search(rf"^{commande}:", makefile, re.M), commande
