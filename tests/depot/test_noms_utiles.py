"""No name for the tests alone: what the package defines, the package, a notebook, a page or a command uses."""

import ast
import re
from collections import Counter

import pytest

from tests.conftest import RACINE

MOT = re.compile(r"\w+")
ADMIS = {
    **dict.fromkeys(("assurance_m2_an", "taux_commune", "taux_departement", "taux_region"), "input read by its path"),
    **dict.fromkeys(("autonomie", "complexite", "relations", "securite"), "points of a post, read together"),
    **dict.fromkeys(("charges_externes", "dotations_nettes"), "balances, shown field by field"),
    "totaux_publies": "what a published programme prints, which a test checks",
    **dict.fromkeys(
        ("check_xsrf_cookie", "data_received", "set_default_headers", "write_error"), "called by the server"
    ),
}
"""Names that no line of the package writes otherwise than where it defines them, and why."""


def definis(module):
    """Names that a module defines: functions, classes, their methods and fields; what a decorator hands to somebody else is left out."""
    for noeud in module.body:
        yield from _nom(noeud)
        if isinstance(noeud, ast.ClassDef):
            for dedans in noeud.body:
                yield from _nom(dedans)
                if isinstance(dedans, ast.AnnAssign) and isinstance(dedans.target, ast.Name):
                    yield dedans.target.id


def _nom(noeud):
    if isinstance(noeud, ast.ClassDef):
        yield noeud.name
    if isinstance(noeud, ast.FunctionDef) and not noeud.name.startswith("_"):
        decorations = {ast.unparse(d).partition("(")[0] for d in noeud.decorator_list}
        if not decorations - {
            "property",
            "cached_property",
            "classmethod",
            "staticmethod",
            "lru_cache",
            "verifie",
            "cache",
        }:
            yield noeud.name


def inutiles(textes, ailleurs):
    """Names defined in some modules that are written nowhere else, neither in them nor in other texts."""
    ecrits = Counter(mot for texte in textes for mot in MOT.findall(texte))
    noms = Counter(nom for texte in textes for nom in definis(ast.parse(texte)))
    cites = {mot for texte in ailleurs for mot in MOT.findall(texte)}
    return {nom for nom, fois in noms.items() if ecrits[nom] <= fois and nom not in cites}


def test_aucun_nom_ne_sert_qu_aux_tests():
    paquet = [f.read_text(encoding="utf-8") for f in sorted((RACINE / "pope_foncier").rglob("*.py"))]
    pages = [
        f.read_text(encoding="utf-8")
        for dossier, fins in (
            ("notebooks", {".py", ".ipynb"}),
            ("docs", {".py", ".md"}),
            ("pope_foncier", {".html", ".md"}),
        )
        for f in sorted((RACINE / dossier).rglob("*"))
        if f.suffix in fins
    ]
    vus = inutiles(paquet, pages)
    assert vus - set(ADMIS) == set()
    assert set(ADMIS) - vus == set(), "une exception ne sert plus"


@pytest.mark.parametrize(
    ("texte", "vus"),
    [
        ("def seule():\n    return 1", {"seule"}),
        ("def une():\n    return 1\nx = une()", set()),
        ("class C:\n    champ: int = 0\n    def lire(self):\n        return self.champ", {"C", "lire"}),
        ("@app.command()\ndef commande():\n    pass", set()),
    ],
)
def test_le_controle_voit_un_nom_que_rien_n_emploie(texte, vus):
    assert inutiles([texte], []) == vus
    assert inutiles([texte], ["c = C() ; c.lire() ; seule()"]) == set()
