"""Study-action notebook: runs on every shipped study; the two readings of a square near the threshold."""

import contextlib
import io

import jupytext
import pytest

from pope_foncier.analyse.chaine import moteur_du_projet
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import ouvrir
from tests.conftest import DONNEES, RACINE

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_le_carnet_d_etude_tourne_sur_chaque_etude(etude, monkeypatch):
    monkeypatch.chdir(RACINE / "notebooks")
    carnet = jupytext.read(RACINE / "notebooks" / "etude_site.py")
    espace: dict[str, object] = {}
    sortie = io.StringIO()
    with contextlib.redirect_stdout(sortie):
        for cellule in carnet.cells:
            if cellule.cell_type == "code":
                code = cellule.source
                if "parameters" in cellule.metadata.get("tags", []):
                    code = f"fichier_etude = {str(etude)!r}"
                exec(compile(code, "etude_site", "exec"), espace)
    vue = espace["carnet"].vue()
    for question in vue.ev.ctx.etude.questions_ouvertes:
        assert question in sortie.getvalue()


def test_un_carreau_au_seuil_montre_les_deux_lectures():
    """10,298 inhabitants at Épinay – Villetaneuse: very dense by the grid, ordinary by the other reading, and other areas asked."""
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "epinay_villetaneuse.yaml"), moteur_du_projet())
    base, ordinaire = resultat.vue(), resultat.vue("zone_ordinaire")
    assert base.ev.capacite.dense is True
    assert ordinaire.ev.capacite.dense is False
    requises = [v.valeur(v.ev.capacite.surface_requise) for v in (base, ordinaire)]
    assert requises[0] != requises[1]
