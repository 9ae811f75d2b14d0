"""No amount, rate, threshold or reference year of the trade in the code of the rooms that compute: they are data, dated and sourced."""

import ast
import math

import pytest

from tests.conftest import RACINE

LOI_ET_ARGENT = ("acquisition", "aides", "baremes", "exploitation", "modele", "prets", "territoire", "travaux")
"""Rooms of the law and of the money: every number is looked at."""
METHODES = ("decision", "etude")
"""Rooms that search, draw and balance: a number with a name of its own at the top of its module is one of the method."""
BANC = ("etude/banc.py", "etude/cles_du_banc.py", "etude/courbes_du_banc.py", "decision/essais.py")
"""Made-up cases on which speed and searches are measured."""
NEUTRES = {
    **dict.fromkeys((0, 1, 2, 3, 4, 10, 12), "counting: ends, halves, quarters, months of a year"),
    **dict.fromkeys((24, 30, 31, 360, 365, 365.25, 366), "calendar and day counts"),
    0.5: "half",
    0.005: "half a cent",
}
"""Numbers of nobody's trade, besides powers of ten (units, tolerances) and of two (sizes)."""
LONGUEURS = {"max_length", "min_length", "le", "lt", "ge", "gt", "cutoff", "n", "maxsize"}
"""Arguments that bound an input or a search of names."""
MISE_EN_MOTS = {"abreger", "euros", "formater", "formater_nombre", "get_close_matches", "pourcent", "round"}
"""Calls whose numbers are decimals or lengths."""
ADMIS = {
    "baremes/modele.py": {1.5: "bounds of a share that states none: what a slip of the hand would pass"},
    "exploitation/contribution.py": {11.5: "eleven months open and a half: twelve, whatever the rounding"},
    "exploitation/familles.py": {400: "nodes of a mean over incomes"},
    "modele/loi.py": {0.0005: "rounding of a share in words"},
    "prets/coherence.py": {6: "payments a year"},
    "prets/contractuel.py": {0.500001: "rounding half up of a schedule to the cent"},
    "prets/lignes_de_pret.py": {6: "payments a year"},
    "prets/mensualites_du_moteur.py": {0.02: "probe of a slope", 20000.0: "probe of a slope"},
    "prets/moteur.py": {18: "columns in memory", 8.0: "octets of a number"},
    "prets/pentes_ordinaires.py": {6.0: "third term of a series"},
    "prets/questions_d_offre.py": {0.05: "guard: a rate typed in per cent instead of a share"},
    "territoire/bassin.py": {50_000_000: "size of a file", 180.0: "degrees", 90.0: "degrees"},
    "territoire/communes.py": {6: "names offered", 80: "letters", 5: "digits of a code"},
    "travaux/devis.py": {1899: "day nought of a spreadsheet"},
    "travaux/postes.py": {1.2815515655446004: "nine in ten of a normal law", 0.9: "nine in ten"},
    "decision/balayage/executeurs.py": {50: "level of a log"},
    "decision/choisir/structures.py": {0.02: "step of a search", 5.0: "step of a search"},
    "decision/delais.py": {2000: "draws", 2026: "seed of the draws"},
    "decision/doute/echantillon.py": {53: "bits of a number", 54: "bits of a number"},
    "decision/doute/lecture.py": {0.1: "quantile", 0.9: "quantile", 0.99: "quantile"},
    "decision/montages/comparaison.py": {241: "points of a curve"},
    "decision/portefeuille/ensemble.py": {11: "last month of a year"},
    "decision/portefeuille/risque.py": {1.96: "nineteen in twenty of a normal law"},
    "decision/sensibilite/entrees.py": {160: "no-break space"},
    "decision/sensibilite/information.py": {0.9: "quantile"},
    "decision/sensibilite/parts.py": {53: "bits of a number"},
    "etude/bouclage.py": {0.9: "damping of a search"},
    "etude/chaine.py": {8.0: "octets of a number"},
    "etude/fiche.py": {600: "months of the longest horizon that memory holds"},
    "etude/plan_pluriannuel.py": {5: "years of a table when nobody says how many"},
    "etude/poids.py": {160: "no-break space"},
}
"""Numbers left in the code, by file, and what each is."""


def neutre(nombre):
    """Whether a number belongs to no trade."""
    if nombre in NEUTRES:
        return True
    exposant = math.log10(abs(nombre))
    entier = isinstance(nombre, int) and nombre >= 8 and nombre & (nombre - 1) == 0
    return entier or (abs(exposant - round(exposant)) < 1e-9 and abs(exposant) >= 2)


def nombres(arbre, nommes):
    """Numbers of a module that are no bound, no decimals of a text, no rank; those with a name of their own left out where ``nommes``."""
    ecartes = set()
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Call):
            ecartes |= {id(x) for k in noeud.keywords if k.arg in LONGUEURS for x in ast.walk(k.value)}
            appelee, arguments = ast.unparse(noeud.func).rpartition(".")[2], noeud.args
            if appelee in MISE_EN_MOTS or appelee == "date":
                dits = arguments[1:] if appelee == "date" else arguments
                ecartes |= {id(x) for a in dits for x in ast.walk(a) if isinstance(x, ast.Constant)}
        elif isinstance(noeud, ast.Subscript):
            ecartes |= {id(x) for x in ast.walk(noeud.slice)}
    for noeud in arbre.body if nommes else ():
        if isinstance(noeud, ast.Assign | ast.AnnAssign):
            ecartes |= {id(x) for x in ast.walk(noeud)}
    for noeud in ast.walk(arbre):
        nombre = isinstance(noeud, ast.Constant) and type(noeud.value) in (int, float)
        if nombre and noeud.value and id(noeud) not in ecartes and not neutre(noeud.value):
            yield noeud.value


def modules(salle):
    """Modules of a room, by their path in the package; the bench left out."""
    dossier = RACINE / "pope_foncier"
    chemins = {f.relative_to(dossier).as_posix(): f for f in sorted((dossier / salle).rglob("*.py"))}
    return {nom: ast.parse(f.read_text(encoding="utf-8")) for nom, f in chemins.items() if nom not in BANC}


@pytest.mark.parametrize("salle", [*LOI_ET_ARGENT, *METHODES])
def test_aucun_nombre_du_metier_dans_le_code(salle):
    trouves = {nom: set(nombres(arbre, salle in METHODES)) for nom, arbre in modules(salle).items()}
    lus = {nom: valeurs for nom, valeurs in trouves.items() if valeurs}
    admis = {nom: set(dits) for nom, dits in ADMIS.items() if nom.partition("/")[0] == salle and dits}
    assert lus == admis, "write it in data/baremes, data/hypotheses or data/controles, or say here what it is"


def test_ce_que_le_code_cachait_serait_vu():
    """What was once in the code: a legal cap, ranks of a scale, a vintage, a first bound of rent, years of a control."""
    cache = """
BORNES = (4.0, 12.5)
RANGS = (1, 2, 3, 6, 8.5)
def f(x): return x * 0.055 if x > 2017 else 400 * x
"""
    assert set(nombres(ast.parse(cache), nommes=False)) == {12.5, 6, 8.5, 0.055, 2017, 400}
    assert set(nombres(ast.parse(cache), nommes=True)) == {0.055, 2017, 400}
