"""House: no module imports, even for its types or inside a function, a module that imports it back."""

import graphlib

import grimp
import pytest

from tests.conftest import RACINE


def exiger_sans_cercle(imports):
    """Refuse a circle of imports, ``{module: modules imported}``, and name it."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as cercle:
        pytest.fail(f"cercle d'imports : {' ← '.join(cercle.args[1])}")


def test_aucun_cercle_d_imports():
    graphe = grimp.build_graph("pope_foncier", cache_dir=None)
    imports = {m: graphe.find_modules_directly_imported_by(m) for m in graphe.modules}
    assert len(imports) == sum(1 for f in (RACINE / "pope_foncier").rglob("*.py"))
    exiger_sans_cercle(imports)


def test_un_cercle_est_nomme():
    with pytest.raises(pytest.fail.Exception, match="aides ← prets ← aides|prets ← aides ← prets"):
        exiger_sans_cercle({"aides": {"prets"}, "prets": {"aides", "socle"}, "socle": set()})
