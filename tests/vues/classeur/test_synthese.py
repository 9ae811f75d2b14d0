"""First sheet of figures: both sides of the plan under their heading, adding up to their total; words where there is no number."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from pope_foncier.etude.scenarios import BASE, ouvrir
from pope_foncier.vues.classeur.classeur import composer, contexte_de
from pope_foncier.vues.classeur.modele_du_classeur import modeler
from tests.conftest import DONNEES, GARE
from tests.vues.classeur.ecrits import relu


def rangs(moteur, fichier):
    """Rows of the sheet, as they are read when it opens."""
    dossier = ouvrir(fichier)
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    feuille = load_workbook(BytesIO(fait.octets), data_only=True, read_only=True)[
        "Synthèse"
    ]  # the others are not parsed
    return [(*ligne, *[None] * 4)[:4] for ligne in feuille.iter_rows(values_only=True)]


def sous(lignes, titre):
    """Rows under a heading, to the next one."""
    debut = next(k for k, ligne in enumerate(lignes) if ligne[0] == titre) + 1
    fin = next((k for k in range(debut, len(lignes)) if lignes[k][1] is None), len(lignes))
    return lignes[debut:fin]


def test_besoins_et_ressources_font_leur_total(moteur):
    lignes = rangs(moteur, GARE)
    *besoins, total = sous(lignes, "Besoins")
    *ressources, recu, reste = sous(lignes, "Ressources")
    assert (total[0], recu[0], reste[0]) == ("Total des besoins", "Total des ressources", "Reste à financer")
    for colonne in (2, 3):
        assert sum(x[colonne] for x in besoins) == pytest.approx(total[colonne], abs=0.01)
        assert sum(x[colonne] or 0.0 for x in ressources) == pytest.approx(recu[colonne], abs=0.01)
        assert total[colonne] - recu[colonne] == pytest.approx(reste[colonne], abs=0.01)
    assert any(x[0].startswith("Point bas de trésorerie") for x in sous(lignes, "Trésorerie et ce qui reste à trouver"))
    assert {x[2] for x in sous(lignes, "Ratios") if isinstance(x[2], str)} == {"plan incomplet"}


def test_un_inconnu_se_lit_en_un_mot(moteur):
    """Nobody published the cost of the works of this study."""
    lignes = rangs(moteur, DONNEES / "etudes" / "creche_emile_zola.yaml")
    assert "#N/A" not in {x for ligne in lignes for x in ligne}
    travaux = next(ligne for ligne in lignes if ligne[0] == "Travaux HT, révisés")
    assert travaux[2:] == ("inconnu", "inconnu")


def test_une_dette_sans_ressource_se_dit_comme_dans_le_dossier(moteur):
    """Above any measure, a ratio of the first sheet is a charge that nothing pays; the other sheets hold steps of computation."""
    dossier = ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml")
    octets = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE)).octets
    mots = {
        feuille.title: {
            r.formula[0]: r.dxf.numFmt.formatCode
            for plage in feuille.conditional_formatting
            for r in plage.rules
            if r.dxf.numFmt
        }
        for feuille in relu(octets)
    }
    assert set(mots["Synthèse"].values()) == {'"sans ressource"', '"indéterminé"'}
    assert "sans ressource" not in str({nom: dits for nom, dits in mots.items() if nom != "Synthèse"})
