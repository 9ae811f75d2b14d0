"""A sentence writes its numbers in French: no f-string of the package formats one with a decimal point, but where it is no sentence."""

import ast
import re
from functools import cache

from tests.depot.test_depot import RACINE

_POINT = re.compile(r"[+,]?(\.\d+)?g|.*\.[1-9]\d*[fge]")
_AILLEURS = {
    "prets/offre_en_fiche.py": "values written in a YAML sheet",
    "modele/loi.py": "call as typed in Python",
    "prets/clauses.py": "fraction as typed in a sheet",
    "socle/fiches.py": "year out of the calendar",
    "vues/classeur/verification.py": "number rounded to six figures, that no one reads",
    "vues/formes/image_en_svg.py": "coordinates of a picture",
    "vues/lieu/dessin_en_svg.py": "coordinates of a picture",
    "vues/lieu/dessin_de_carte.py": "coordinates of a picture",
    "socle/nombres.py": "the writer of French numbers itself",
}


@cache
def nombres_a_point():
    """File and line of each."""
    return [*_nombres_a_point()]


def _nombres_a_point():
    for fichier in sorted((RACINE / "pope_foncier").rglob("*.py")):
        nom = fichier.relative_to(RACINE / "pope_foncier").as_posix()
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.FormattedValue) and isinstance(noeud.format_spec, ast.JoinedStr):
                dit = "".join(v.value for v in noeud.format_spec.values if isinstance(v, ast.Constant))
                if _POINT.fullmatch(dit):
                    yield nom, noeud.lineno


def test_aucune_phrase_n_a_de_point_decimal():
    assert [f"{nom}:{ligne}" for nom, ligne in nombres_a_point() if nom not in _AILLEURS] == []


def test_chaque_exception_sert():
    assert set(_AILLEURS) <= {nom for nom, _ in nombres_a_point()}
