"""No amount, rate, threshold or reference year of the trade in the code of the rooms that compute: they are data, dated and sourced."""

import ast
import math

import pytest

from tests.conftest import RACINE

LOI_ET_ARGENT = (
    *("acquisition", "aides", "baremes", "exploitation", "lieu"),
    *("modele", "places", "prets", "territoire", "travaux"),
)
"""Rooms of the law, of the places and of the money: every number is looked at."""
METHODES = ("decision", "etude")
"""Rooms that search, draw and balance: a number with a name of its own at the top of its module is one of the method."""
AUTRES = ("ateliers", "cli", "porte", "socle", "vues")
"""Rooms that show, and the one that knows of no trade."""
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
DESSIN, PRES = "looseness of a drawing", "how near is the same wall, opening or point"
RECHERCHE, FICHIER = "the search: its shares, its steps, how long it goes on", "how much is read of a file, or kept"
ANGLE, CARTE = "degrees of a turn", "extents and codes of the systems of maps"
TRACE, MIETTE = "how a file is drawn: colours of layers, heights of letters", "leavings of a cut that are no room"
ADMIS = {
    "baremes/modele.py": {1.5: "bounds of a share that states none: what a slip of the hand would pass"},
    "exploitation/contribution.py": {11.5: "eleven months open and a half: twelve, whatever the rounding"},
    "exploitation/familles.py": {400: "nodes of a mean over incomes"},
    "lieu/cloisons.py": {**dict.fromkeys((0.02, 0.05), DESSIN), 0.9998: ANGLE, 1_500: FICHIER},
    "lieu/cotes.py": {0.02: DESSIN},
    "lieu/covisibilite.py": {48: "points that stand for a floor"},
    "lieu/edition.py": {200: "strokes that can be undone"},
    "lieu/etendues.py": dict.fromkeys(
        (
            *(5.5, 41.0, 51.6, 9e4, 6.2e5, 7e5, 1.1e6, 1.12e6, 1.2e6, 1.25e6, 1.6e6, 2.3e6, 2.7e6),
            *(4.5e6, 5.01e6, 6.04e6, 6.7e6, 7.12e6, 9.4e6),
        ),
        CARTE,
    ),
    "lieu/fichiers/candidats.py": {6: "names cited"},
    "lieu/fichiers/contours.py": {0.1: DESSIN, 0.97: ANGLE},
    "lieu/fichiers/dxf.py": {60_000_000: FICHIER},
    "lieu/fichiers/dxf_avis.py": {0.05: "difference with the area printed that is told", 5: "rooms cited"},
    "lieu/fichiers/dxf_baies.py": {
        **dict.fromkeys((0.06, 0.1, 0.15, 0.3, 0.7), "what is read as a leaf or a pane"),
        40: FICHIER,
    },
    "lieu/fichiers/dxf_ecrit.py": dict.fromkeys(
        (0.02, 0.1, 0.18, 0.4, 0.6, 0.8, 1.4, 5, 6, 7, 8.0, 9, 33, 35, 44, 94, 96, 140, 240), TRACE
    ),
    "lieu/fichiers/dxf_pieces.py": {
        **dict.fromkeys((0.0002, 0.02, 0.12, 0.65), DESSIN),
        **{0.8: "share of a building from which a room is the whole of it", 120: FICHIER},
    },
    "lieu/fichiers/dxf_textes.py": {
        **{0.0254: "inch", 0.3048: "foot", 40: FICHIER},
        **dict.fromkeys((0.02, 0.05, 0.9, 2.2), "lines of one text"),
    },
    "lieu/fichiers/dxf_traits.py": {
        **{60: ANGLE, 120: ANGLE, 2000: "flattening of a curve"},
        **dict.fromkeys((0.7, 1.6), "room that a text takes"),
    },
    "lieu/fichiers/formes.py": {20_000: FICHIER},
    "lieu/fichiers/ifc.py": {0.05: "rounding of a declared area"},
    "lieu/fichiers/ifc_donnees.py": {
        4326: CARTE,
        **dict.fromkeys((60, 3600, 3.6e9), "minutes and seconds of an angle"),
    },
    "lieu/fichiers/ifc_formes.py": {0.02: DESSIN, 0.05: DESSIN, 5: "points of a closed square"},
    "lieu/fichiers/ifc_ouvert.py": {15.0: FICHIER, 150_000_000: FICHIER},
    "lieu/fichiers/importer.py": {5_000.0: "distance to its origin from which a drawing is moved"},
    "lieu/fichiers/locaux_importes.py": {118: "width of a file"},
    "lieu/fichiers/niveaux.py": {1.5: "level read as the ground floor"},
    "lieu/fichiers/provenance.py": {118: "width of a file"},
    "lieu/fichiers/systemes.py": {
        **dict.fromkeys((9, 42, 51, 326, 327, 3900, 3941, 25828, 25838, 32601, 32660, 32701, 32760), CARTE),
        **dict.fromkeys((50_000.0, 200_000, 1_100_000.0, 2_300_000.0), CARTE),
        **dict.fromkeys((6, 60, 90, 180), ANGLE),
    },
    "lieu/fichiers/tables.py": {0.3048: "foot", 500: "height that can only be in millimetres"},
    "lieu/fichiers/unites_du_dessin.py": {
        0.12: DESSIN,
        **dict.fromkeys((0.55, 1.25, 6_000.0), "sizes that give a unit away"),
    },
    "lieu/fichiers/vecteurs.py": {60: "confidence in a system of maps, in a hundred", 60_000_000: FICHIER},
    "lieu/gabarits.py": {0.05: DESSIN},
    "lieu/geometrie.py": {0.0005: DESSIN, 0.05: DESSIN, 0.8: "thickest wall, whose recess is no passage"},
    "lieu/jour.py": {0.05: DESSIN, 0.2: DESSIN, 0.8: "thickest wall between a room and its façade", 20: ANGLE},
    "lieu/parcours.py": dict.fromkeys((0.2, 0.25), "step and error of a way"),
    "lieu/plan.py": {2_000: FICHIER},
    "lieu/plan_controles.py": {0.05: DESSIN, 0.1: DESSIN, 20_000.0: "extent of axes of one's own"},
    "lieu/reseau.py": {0.05: DESSIN},
    "lieu/site.py": dict.fromkeys((5.3, 9.7, 41.0, 51.6), CARTE),
    "lieu/vraisemblance.py": {0.0254: "inch", 0.3048: "foot"},
    "modele/loi.py": {0.0005: "rounding of a share in words"},
    "places/esquisse/ailes.py": {
        **{
            0.86: "part of its box that a bar fills",
            0.93: "part of its box that a wing fills",
            0.6: DESSIN,
            0.05: PRES,
        },
        **dict.fromkeys((0.3, 0.36, 0.42, 0.64), RECHERCHE),
    },
    "places/esquisse/demande.py": dict.fromkeys((0.7, 0.95), RECHERCHE),
    "places/esquisse/grille.py": {0.05: PRES, 0.6: PRES, 0.8: "change of depth that cuts a strip in two"},
    "places/esquisse/modele.py": {**dict.fromkeys((0.7, 8.0, 0.35, 40), RECHERCHE), 6: "ten to that power: no bound"},
    "places/esquisse/partis.py": {0.1: PRES, **dict.fromkeys((0.33, 0.36, 0.46, 0.75, 1.05, 1.2, 1.25), RECHERCHE)},
    "places/esquisse/portes.py": {
        **dict.fromkeys((0.02, 0.05, 0.2, 0.4, 0.6, 0.7), PRES),
        0.1: "step of a door along its wall",
    },
    "places/esquisse/recherche.py": dict.fromkeys((0.4, 0.6, 0.7, 0.8, 0.92, 40.0, 60.0, 20_000), RECHERCHE),
    "places/esquisse/refus.py": {0.1: "square metres that a sentence leaves out"},
    "places/esquisse/terrain.py": {
        **dict.fromkeys((0.05, 0.1, 0.2, 0.7, 1.2), PRES),
        **{20: ANGLE, 90: ANGLE},
    },
    "places/esquisse/trace.py": {
        **dict.fromkeys((2e-6, 0.004, 0.6), DESSIN),
        **dict.fromkeys((0.02, 0.2, 0.3), MIETTE),
    },
    "places/esquisse/variantes.py": dict.fromkeys((0.2, 0.3, 7_000, 70_000), RECHERCHE),
    "places/esquisse/voisins.py": {0.02: PRES},
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


def test_chaque_salle_est_lue_ou_n_est_d_aucun_metier():
    dossiers = {f.parent.name for f in (RACINE / "pope_foncier").glob("*/__init__.py")}
    assert dossiers == {*LOI_ET_ARGENT, *METHODES, *AUTRES}


def test_ce_que_le_code_cachait_serait_vu():
    """What was once in the code: a legal cap, ranks of a scale, a vintage, a first bound of rent, years of a control."""
    cache = """
BORNES = (4.0, 12.5)
RANGS = (1, 2, 3, 6, 8.5)
def f(x): return x * 0.055 if x > 2017 else 400 * x
"""
    assert set(nombres(ast.parse(cache), nommes=False)) == {12.5, 6, 8.5, 0.055, 2017, 400}
    assert set(nombres(ast.parse(cache), nommes=True)) == {0.055, 2017, 400}
