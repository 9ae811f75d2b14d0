"""A plan written in YAML is read again as the same plan, whatever its words and its coordinates."""

import pytest

from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.plan_lecture import lire_plan
from tests.conftest import DONNEES

MOTS = 'Salle « d\'éveil » : "A" # 1, [x] {y}\u00a0\\'
RELEVE = f"""titre: {MOTS!r}
statut: releve
systeme: lambert93
nord_degres: -7.25
source: {{titre: "Relevé: 2026", url: "https://exemple.invalid/?a=1&b=#2", consulte_le: 2026-11-23}}
elements:
  - {{nature: batiment, nom: "true", niveau: -1, points: [[652001.1234567, 6871000.1], [652021.3, 6871000.1], [652021.3, 6871010.30000001], [652001.1234567, 6871010]], trous: [[[652005, 6871003], [652008, 6871003], [652008, 6871006]]]}}
  - {{nature: voie, nom: "12", points: [[652000, 6871020], [652030, 6871020.0000001]]}}
"""


@pytest.mark.parametrize("fichier", sorted((DONNEES / "plans").glob("*.yaml")), ids=lambda f: f.stem)
def test_un_plan_livre_se_relit_pareil(fichier, tmp_path):
    plan = lire_plan(fichier).fiche
    copie = tmp_path / "plan.yaml"
    copie.write_text(en_yaml(plan, "Copie\nde deux lignes"), encoding="utf-8")
    assert lire_plan(copie).fiche == plan
    assert copie.read_text(encoding="utf-8").startswith("# Copie\n# de deux lignes\ntitre: ")


def test_mots_dates_trous_et_coordonnees_restent_les_memes(tmp_path):
    """Words that YAML would read otherwise (quotes, « # », « true », digits), a date, a hole, metres to the last digit."""
    ecrit = tmp_path / "releve.yaml"
    ecrit.write_text(RELEVE.replace(repr(MOTS), f"'{MOTS.replace(chr(39), chr(39) * 2)}'"), encoding="utf-8")
    plan = lire_plan(ecrit).fiche
    assert plan.titre == MOTS
    ecrit.write_text(en_yaml(plan), encoding="utf-8")
    assert lire_plan(ecrit).fiche == plan
