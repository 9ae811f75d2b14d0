"""Views compute nothing: no quotient, difference, product, total or statistic in what shows a figure; the room that owns it has worked it out."""

import ast

import pytest

from tests.conftest import RACINE

DESSINS = ("graphiques", "dessin", "planches", "plan_simple", "figures", "colonnes", "cellules", "image", "placement")
"""Modules whose arithmetic places signs on a sheet or on a screen."""
TOTAUX = {
    "sum",
    "mean",
    "cumsum",
    "median",
    "quantile",
    "percentile",
    "average",
    "divide",
    "nansum",
    "nanmean",
    "reduce",
}
"""Calls that make a figure out of others."""
ADMIS = {
    "vues/formes/cadre.py": "middle of the columns of a table that has two sides",
    "vues/formes/table.py": "how many cells hold words",
    "vues/classeur/compte_rendu.py": "how many cells were compared",
    "vues/classeur/controles.py": "what a value that the engine computed was computed from, as one number",
    "vues/classeur/disposition.py": "operations that one formula may hold",
    "vues/classeur/verification.py": "difference of a cell and of the engine, and how far an input is drawn",
    "ateliers/banc.py": "times of the bench",
    "ateliers/etat.py": "points given in a session, steps of a clock",
    "ateliers/cartes.py": "whole steps of a slider",
    "ateliers/champs.py": "per cent typed by the user",
    "ateliers/places.py": "visitors and seconds",
    "ateliers/salle/acces.py": "seconds and wrong codes",
    "ateliers/salle/banc.py": "times of the bench",
    "ateliers/salle/flux.py": "pages that are followed",
    "ateliers/serveur.py": "kernels and seconds",
}
"""What divides or adds without making a figure of a study, and what it counts."""
UNITES = {0.5, 1, 10, 12, 100, 1000, 1_000_000}
"""Numbers that only change the unit: per cent, thousands, months and years; a half."""
RANGEMENTS = (ast.List, ast.Tuple, ast.Set, ast.SetComp, ast.ListComp, ast.JoinedStr)
"""What is repeated or set apart, never a figure."""


def _calculs(arbre):
    """Lines that divide by anything but a unit, take a difference or a product of figures, or call what makes a total."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.BinOp | ast.AugAssign) and isinstance(noeud.op, ast.Sub | ast.Mult):
            if not _range_ou_change_d_unite(noeud):
                yield noeud.lineno
            continue
        if isinstance(noeud, ast.BinOp) and isinstance(noeud.op, ast.Div | ast.FloorDiv):
            droite = noeud.right
            chemin = isinstance(droite, ast.JoinedStr) or (
                isinstance(droite, ast.Constant) and isinstance(droite.value, str)
            )
            unite = isinstance(droite, ast.Constant) and droite.value in UNITES
            if not chemin and not unite and not _est_un_chemin(noeud) and not _est_un_levier(droite):
                yield noeud.lineno
        elif isinstance(noeud, ast.Call):
            nom = noeud.func.id if isinstance(noeud.func, ast.Name) else getattr(noeud.func, "attr", "")
            if nom in TOTAUX:
                yield noeud.lineno


def _range_ou_change_d_unite(noeud):
    """A rank or a count, a set, a list repeated, a unit changed, the step of a slider: no figure is made."""
    if isinstance(noeud, ast.AugAssign):
        return isinstance(noeud.value, ast.Constant)
    cotes = (noeud.left, noeud.right)
    if any(isinstance(c, RANGEMENTS) or _est_un_compte(c) or _est_un_levier(c) for c in cotes):
        return True
    if any(isinstance(c, ast.Constant) and isinstance(c.value, str) for c in cotes):
        return True
    if isinstance(noeud.op, ast.Sub):
        return isinstance(noeud.right, ast.Constant) and not isinstance(noeud.left, ast.Constant)
    return any(isinstance(c, ast.Constant) and c.value in UNITES for c in cotes)


def _est_un_compte(noeud):
    """How many there are, or the set of them."""
    return isinstance(noeud, ast.Call) and getattr(noeud.func, "id", "") in ("len", "set", "sorted")


def _est_un_chemin(noeud):
    """A path of a file, whose slash divides nothing."""
    noms = {x.id for x in ast.walk(noeud) if isinstance(x, ast.Name)}
    noms |= {x.attr for x in ast.walk(noeud) if isinstance(x, ast.Attribute)}
    return bool(
        noms & {"Path", "sortie", "dossier", "dossier_donnees", "dossier_carnets", "dossier_sorties", "donnees"}
    )


def _est_un_levier(noeud):
    """Factor of a slider, which shows in per cent what the study holds as a fraction."""
    return getattr(noeud, "attr", getattr(noeud, "id", "")) == "facteur"


def fautes_de(nom, texte):
    """Lines of a module that make a figure."""
    dessin = any(mot in nom.rpartition("/")[2] for mot in DESSINS)
    return [] if dessin or nom in ADMIS else sorted(set(_calculs(ast.parse(texte))))


def test_une_vue_ne_calcule_rien():
    paquet = RACINE / "pope_foncier"
    modules = [f for salle in ("vues", "ateliers") for f in sorted((paquet / salle).rglob("*.py"))]
    lus = {f.relative_to(paquet).as_posix(): f.read_text(encoding="utf-8") for f in modules}
    assert len(lus) > 100
    assert {n: f for n, t in lus.items() if (f := fautes_de(n, t))} == {}
    assert [n for n in ADMIS if not list(_calculs(ast.parse(lus.get(n, ""))))] == [], "une exception ne sert plus"


@pytest.mark.parametrize(
    ("ligne", "vue"),
    [
        ("x = montant / places", True),
        ("x = sum(v for v in parts)", True),
        ("x = np.cumsum(flux)", True),
        ("x = float(v.sum())", True),
        ("x = apres - avant", True),
        ("x = float(a.total()[0]) - float(b.total()[0])", True),
        ("x = brute * due", True),
        ("x = valeur * (1 - tolerance)", True),
        ("x = 1 - part", True),
        ("reste -= montant", True),
        ("x = len(lignes) - 1", False),
        ("x = rang - 1", False),
        ("x = lus - {None}", False),
        ("x = [''] * (4 + de_plus)", False),
        ("x = ('',) * 4", False),
        ("x = 100 * part", False),
        ("x = curseur.valeur * levier.facteur", False),
        ("x = montant / 1000", False),
        ("x = dossier_donnees() / f'{nom}.yaml'", False),
        ("x = valeur / levier.facteur", False),
        ("x = vue.places.par_place(montant)", False),
    ],
)
def test_le_controle_voit_un_quotient_et_un_total(ligne, vue):
    assert bool(fautes_de("vues/etude/tableaux.py", ligne)) is vue
