"""Operations: all declared at the top of a module, with functions that have a name; the chain hands no function to the graph."""

import ast

from tests.depot.test_depot import RACINE

SOCLE = tuple(
    f"pope_foncier.socle.{m}"
    for m in ("operations", "operations_de_calcul", "operations_du_temps", "grandeur", "vocabulaire")
)


def fautes(texte):
    """Functions handed to the words of the graph, operations declared inside a function or chosen by a call."""
    module = ast.parse(texte)
    noms = {a.name for n in ast.walk(module) if isinstance(n, ast.ImportFrom) and n.module in SOCLE for a in n.names}
    if not noms:
        return
    en_tete = {id(n) for i in module.body if isinstance(i, ast.Assign) for n in ast.walk(i)}
    for appel in (n for n in ast.walk(module) if isinstance(n, ast.Call)):
        nom = getattr(appel.func, "id", "")
        if nom not in noms:
            continue
        donnes = [*appel.args, *(m.value for m in appel.keywords)]
        if any(est_sans_nom(d) for d in donnes):
            yield appel.lineno, "fonction sans nom"
        if nom == "Operation" and id(appel) not in en_tete:
            yield appel.lineno, "opération déclarée dans une fonction"
        if nom == "poser" and not isinstance(appel.args[0], ast.Name | ast.Attribute):
            yield appel.lineno, "opération qui n'est pas déclarée"


def est_sans_nom(noeud):
    appelee = getattr(noeud, "func", None)
    return isinstance(noeud, ast.Lambda) or getattr(appelee, "id", getattr(appelee, "attr", "")) == "partial"


def test_la_chaine_ne_donne_aucune_fonction_au_graphe():
    fichiers = sorted((RACINE / "pope_foncier").rglob("*.py"))
    trouvees = {f.relative_to(RACINE).as_posix(): list(fautes(f.read_text(encoding="utf-8"))) for f in fichiers}
    assert {f: lues for f, lues in trouvees.items() if lues} == {}


def test_rien_n_applique_plus_une_fonction_a_une_grandeur():
    noms = set()
    for module in SOCLE:
        fichier = RACINE / f"{module.replace('.', '/')}.py"
        noms |= {
            n.name for n in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)
        }
    assert {"poser", "dire", "si"} <= noms
    assert "appliquer" not in noms


def test_ce_qui_est_interdit_est_vu():
    imports = "from pope_foncier.socle.operations import Operation\nfrom pope_foncier.socle.grandeur import poser\n"
    assert list(fautes(f"{imports}def f():\n    return poser(lambda x: x, g)"))
    assert list(fautes(f"{imports}def f():\n    return poser(PLUS, partial(h, 1))"))
    assert list(fautes(f"{imports}def f():\n    o = Operation('a', b, c, d, e)"))
    assert list(fautes(f"{imports}O = Operation('a', lambda x: x, c, d, e)"))
    assert list(fautes(f"{imports}def f():\n    return poser(choisir(), g)"))
    assert not list(fautes(f"{imports}O = Operation('a', b, c, d, e)\ndef f():\n    return poser(O, g)"))
