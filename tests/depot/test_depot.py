"""Repository: light imports, environments that agree, pins, names in the glossary, links, nothing of one machine."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from ruamel.yaml import YAML

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


def noms_publics():
    for fichier in sorted((RACINE / "pope_foncier").rglob("*.py")):
        for noeud in ast.parse(fichier.read_text(encoding="utf-8")).body:
            if isinstance(noeud, ast.ClassDef | ast.FunctionDef) and not noeud.name.startswith("_"):
                yield noeud.name


def test_les_noms_publics_sont_dans_le_glossaire():
    glossaire = set(re.findall(r"`([A-Za-z_0-9]+)`", (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")))
    assert sorted(set(noms_publics()) - glossaire) == []


def test_chaque_nom_du_glossaire_est_dans_son_module():
    section, absents = "", []
    for ligne in (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8").splitlines():
        if titre := re.match(r"\| \*\*`([\w.]+)`\*\*", ligne):
            section = titre[1]
        elif section and ligne.startswith("| `"):
            chemin = RACINE / "pope_foncier" / section.replace(".", "/")
            module = chemin / "__init__.py" if chemin.is_dir() else chemin.with_suffix(".py")
            mots = set(re.findall(r"\w+", module.read_text(encoding="utf-8")))
            absents += [f"{section}.{n}" for n in re.findall(r"`(\w+)`", ligne.split("|")[1]) if n not in mots]
    assert absents == []


BANNIS = {"amortissement", "provision", "caution", "location", "capacite", "caf"}


def test_les_faux_amis_ne_nomment_rien_de_public():
    champs = [
        f"{noeud.name}.{x.target.id}"
        for fichier in (RACINE / "pope_foncier").rglob("*.py")
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.ClassDef)
        for x in noeud.body
        if isinstance(x, ast.AnnAssign) and isinstance(x.target, ast.Name)
    ]
    assert not [c for c in champs if c.split(".")[1] in BANNIS - {"capacite"}]
    assert not BANNIS & {n.lower() for n in noms_publics()} - {"capacite"}


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
