"""Public names: each has an example that runs, none comes with the import, tab completion shows them alone."""

import ast
import doctest
import inspect
import json
import re
import subprocess
import sys

import pytest

import pope_foncier as pf
from tests.conftest import RACINE

NOMS = pf.__all__
"""Every public name, its errors included."""


class EspacesOrdinaires(doctest.OutputChecker):
    """French numbers hold spaces that do not break: an example is written with plain ones."""

    def check_output(self, want, got, optionflags):
        return super().check_output(want, re.sub("[\u00a0\u202f]", " ", got), optionflags)


@pytest.mark.parametrize("nom", NOMS)
def test_l_exemple_de_chaque_nom_tourne(nom):
    objet = getattr(pf, nom)
    exemples = [t for t in doctest.DocTestFinder(recurse=False).find(objet, nom, globs={}) if t.examples]
    assert exemples, f"{nom} n'a pas d'exemple"
    for exemple in exemples:
        echecs, _ = doctest.DocTestRunner(EspacesOrdinaires(), verbose=False).run(exemple)
        assert echecs == 0


def test_entre_quinze_et_quarante_noms_et_eux_seuls():
    assert 15 <= len(pf.__all__) <= 40
    assert pf.__all__ == sorted(pf.__all__)
    assert set(dir(pf)) == {*pf.__all__, "__version__"}


def test_le_bloc_des_types_les_modules_et_la_liste_disent_les_memes_noms():
    arbre = ast.parse((RACINE / "pope_foncier" / "__init__.py").read_text(encoding="utf-8"))
    (bloc,) = (n for n in arbre.body if isinstance(n, ast.If))
    types = {(n.module.removeprefix("pope_foncier."), a.name) for n in bloc.body for a in n.names}
    assert types == {(m, n) for m, noms in pf._MODULES.items() for n in noms}
    assert {n for _, n in types} == set(pf.__all__)


def test_importer_n_amene_rien():
    code = (
        "import sys, pope_foncier;"
        "print([m for m in sys.modules if m.startswith('pope_foncier.') or m in ('numpy', 'pandas', 'pydantic', 'scipy')])"
    )
    fait = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=RACINE)
    assert fait.stdout.strip() == "[]"


def test_un_nom_inconnu_dit_les_noms_proches():
    assert not hasattr(pf, "ouvrire")
    with pytest.raises(pf.ErreurPope, match="Peut-être : ouvrir"):
        pf.ouvrire  # noqa: B018


@pytest.mark.parametrize("classe", [getattr(pf, n) for n in NOMS if inspect.isclass(getattr(pf, n))])
def test_chaque_methode_publique_est_decrite(classe):
    muettes = [n for n, m in vars(classe).items() if not n.startswith("_") and callable(m) and not inspect.getdoc(m)]
    assert muettes == []


def test_la_page_en_python_tourne_de_bout_en_bout(tmp_path, monkeypatch):
    """Each block of the user's page, in order, in one session, in a folder of its own with the file that the page names."""
    monkeypatch.chdir(tmp_path)
    arret = {
        "type": "Feature",
        "properties": {"name": "Arrêt"},
        "geometry": {"type": "Point", "coordinates": [2.346, 48.917]},
    }
    collection = {"type": "FeatureCollection", "features": [arret]}
    (tmp_path / "gares.geojson").write_text(json.dumps(collection), encoding="utf-8")
    page = (RACINE / "docs" / "en_python.md").read_text(encoding="utf-8")
    blocs = re.findall(r"^```python\n(.*?)^```$", page, flags=re.S | re.M)
    assert len(blocs) > 5
    session = {}
    for bloc in blocs:
        exec(compile(bloc, "en_python.md", "exec"), session)
