"""Tables of the law: a number is shown as it is written, to its last figure, and in words that are no names of files."""

import re

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.vues.baremes.tableaux import table_baremes

CATALOGUE = Catalogue()
LIGNES = {ligne[0]: ligne for ligne in table_baremes(CATALOGUE).lignes}
_NOMBRE = re.compile(r"−?\d{1,3}(?:[\u00a0\u202f]\d{3})+(?:,\d+)?|−?\d+(?:,\d+)?")


def ecrits(valeur, unite):
    """Numbers of a value as one reads them: a share in per cent, a bracket with its bound."""
    part = 100.0 if unite == "%" else 1.0
    if isinstance(valeur, dict):
        return [x * part for x in valeur.values()]
    if isinstance(valeur, tuple):
        paires = [(t.taux * 100.0, t.jusqu_a) for t in valeur]
        return [x for paire in paires for x in paire if x is not None]
    return [] if valeur is None else [valeur * part]


def lus(texte, cles=()):
    """Numbers that a cell shows, those of the names of its lines left out."""
    for cle in sorted(cles, key=len, reverse=True):
        texte = texte.replace(cle.replace("_", " "), "")
    return [float(re.sub(r"[\u00a0\u202f]", "", m).replace("−", "-").replace(",", ".")) for m in _NOMBRE.findall(texte)]


@pytest.mark.parametrize("chemin", CATALOGUE.chemins())
def test_une_valeur_du_droit_se_lit_en_entier(chemin):
    derniere = CATALOGUE.bareme(chemin).valeurs[-1]
    texte = LIGNES[chemin][2].replace(f"\u00a0{derniere.unite}", "") if derniere.unite else LIGNES[chemin][2]
    cles = derniere.valeur if isinstance(derniere.valeur, dict) else ()
    assert lus(texte, cles) == pytest.approx(ecrits(derniere.valeur, derniere.unite), rel=1e-9)
    assert "_" not in texte


def test_des_taux_publies_se_lisent_comme_leur_page_les_imprime():
    """Printed by their sources: effort of a family with one child, compensation of VAT, second bracket of a sale."""
    assert "enfants 1 0,0619\u00a0%" in LIGNES["exploitation.familles.taux_effort"][2]
    assert LIGNES["subventions.autres.fctva_taux"][2] == "16,404\u00a0%"
    assert "1,596\u00a0% jusqu’à 17\u202f000" in LIGNES["fiscalite.mutation.notaire_vente"][2]
