"""Form of the notebooks: text pair, size, no calculation nor amount in a cell, outputs in order, prose tied to the outputs."""

import ast
import html
import re

import jupytext
import nbformat
import pytest

from tests.conftest import RACINE

CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))
ATELIERS = sorted((RACINE / "notebooks" / "ateliers").glob("*.ipynb"))
TOUS = pytest.mark.parametrize("carnet", [*CARNETS, *ATELIERS], ids=lambda c: c.stem)

CALCULS = (ast.BinOp, ast.AugAssign, ast.UnaryOp, ast.Lambda, ast.comprehension, ast.For, ast.While, ast.ClassDef)
APPELS = {"sum", "min", "max", "round", "abs", "float", "int", "eval", "exec", "map", "reduce"}
NOM = re.compile(
    r"[a-zà-ÿ][a-zà-ÿ_./-]*(?:\d{1,2}|(?:19|20)\d\d)?(?:\.[a-z]+)?|\d{4}-\d\d-\d\d|[\w./-]+\.(?:yaml|csv|geojson)"
)
"""Text of a cell that may hold digits: a name that ends with a rank or a year, a date, a file."""
CITES = {"2026": "date du travail", "93": "numéro du département"}
"""Numbers of the prose that no output holds, and why."""
SEANCES = {"09_en_python", "10_comparer_douter_decider"}
"""Notebooks that show the typing of an analyst: the values tried stand in the cells."""


def fautes(source):
    """What a cell must not hold, in words."""
    trouvees = []
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, CALCULS):
            trouvees.append(f"calcul : {type(noeud).__name__}")
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id in APPELS:
            trouvees.append(f"calcul : {noeud.func.id}()")
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef) and noeud.end_lineno - noeud.lineno >= 10:
            trouvees.append(f"fonction de plus de dix lignes : {noeud.name}")
        if not isinstance(noeud, ast.Constant) or isinstance(noeud.value, bool):
            continue
        if isinstance(noeud.value, float | complex) or (isinstance(noeud.value, int) and abs(noeud.value) > 12):
            trouvees.append(f"montant : {noeud.value}")
        if isinstance(noeud.value, str) and re.search(r"\d", noeud.value) and not NOM.fullmatch(noeud.value):
            trouvees.append(f"montant dans un texte : {noeud.value}")
    return trouvees


@pytest.mark.parametrize(
    "source",
    [
        "x = 918686",
        "taux = 0.0436",
        "x = -3",
        "x = 2 * y",
        "x += 1",
        "x = sum(y)",
        "x = [v for v in y]",
        "f = lambda v: v",
        "class A:\n    pass",
        "x = '918686'",
        "x = '4,36 %'",
        "x = '1e6'",
        "x = 'prix 500000'",
        "async def f():\n" + "    pass\n" * 11,
        "def f():\n" + "    pass\n" * 11,
    ],
)
def test_la_regle_refuse(source):
    assert fautes(source)


@pytest.mark.parametrize(
    "source",
    ["x = f('ressources.caf93', rang=12)", "d = '2026-12-01'", "p = '../data/sites/gare_1.yaml'", "f('orgeval_2013')"],
)
def test_la_regle_admet(source):
    assert fautes(source) == []


@TOUS
def test_forme_des_cellules(carnet):
    assert carnet.stat().st_size < 400_000
    contenu = nbformat.read(carnet, as_version=4)
    assert "widgets" not in contenu.metadata
    assert any(c.cell_type == "markdown" for c in contenu.cells)
    codes = [c for c in contenu.cells if c.cell_type == "code"]
    trouvees = [f for c in codes for f in fautes(c.source)]
    assert [f for f in trouvees if carnet.stem not in SEANCES or not f.startswith("montant")] == []
    sorties = [s for c in codes for s in c.outputs]
    assert [s for s in sorties if s.output_type == "error"] == []
    admis = {"text/html", "text/plain", "text/markdown", "image/png", "image/svg+xml"}
    assert {genre for s in sorties for genre in s.get("data", {})} <= admis
    rangs = [c.execution_count for c in codes]
    assert not [c for c in codes if "execution" in c.metadata], "the times of a run are not part of a notebook"
    assert rangs == ([None] * len(codes) if carnet in ATELIERS else list(range(1, len(codes) + 1)))


@TOUS
def test_la_paire_texte_est_a_jour(carnet):
    def corps(texte):
        return re.sub(r"^# ---\n.*?^# ---\n", "", texte, flags=re.S | re.M)

    ecrite = jupytext.writes(jupytext.read(carnet), fmt="py:percent")
    assert corps(ecrite) == corps(carnet.with_suffix(".py").read_text(encoding="utf-8"))


def test_la_seance_en_python_tient_en_trente_lignes():
    contenu = nbformat.read(RACINE / "notebooks" / "09_en_python.ipynb", as_version=4)
    lignes = [x for c in contenu.cells if c.cell_type == "code" for x in c.source.splitlines() if x.strip()]
    assert len(lignes) <= 30


def texte(sortie):
    """Words of an output, with plain spaces."""
    donnees = sortie.get("data", {})
    page = html.unescape(re.sub(r"<[^>]+>", " ", donnees.get("text/html", "")))
    brut = " ".join([page, donnees.get("text/markdown", ""), donnees.get("text/plain", ""), sortie.get("text", "")])
    return re.sub(r"[\u00a0\u202f\u2009]", " ", brut)


def nombres(prose):
    """Numbers of two digits or more in a piece of prose, out of code, links and notebook ranks."""
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|^    .*$", "", prose, flags=re.M)
    prose = re.sub(r"[\u00a0\u202f\u2009]", " ", prose)
    trouves = re.findall(r"(?<![\w/.,-])(?:\d{1,3}(?: \d{3})+|\d+)(?:,\d+)?", prose)
    return [n for n in trouves if len(re.sub(r"\D", "", n)) > 1 and not re.fullmatch(r"0\d", n)]


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_un_nombre_de_la_prose_est_dans_une_sortie(carnet):
    """What a sentence says, a table or a line of the same notebook shows."""
    contenu = nbformat.read(carnet, as_version=4)
    sorties = " ".join(texte(s) for c in contenu.cells if c.cell_type == "code" for s in c.outputs)
    prose = [n for c in contenu.cells if c.cell_type == "markdown" for n in nombres(c.source)]
    absents = [n for n in prose if n not in CITES and not re.search(rf"(?<![\d,]){re.escape(n)}(?!\d)", sorties)]
    assert absents == []


def test_les_nombres_de_la_prose_se_trouvent():
    assert nombres("Il faut 918\u202f686 € et 4,36 % pour 3 places, voir `x 500` et [05 Site](05_site.ipynb)") == [
        "918 686",
        "4,36",
    ]


@TOUS
def test_un_carnet_n_entre_que_par_la_porte(carnet):
    """``import pope_foncier as pf`` is the only import of the package, and what else is imported is no part of it."""
    for source in (jupytext.read(carnet.with_suffix(".py")), nbformat.read(carnet, as_version=4)):
        codes = "\n".join(c.source for c in source.cells if c.cell_type == "code")
        importes = [n for n in ast.walk(ast.parse(codes)) if isinstance(n, ast.Import | ast.ImportFrom)]
        du_paquet = [ast.unparse(n) for n in importes if "pope_foncier" in ast.unparse(n)]
        assert du_paquet == ["import pope_foncier as pf"]
