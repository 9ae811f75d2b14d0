"""Workbook of a study: its sheets, its formulas, the values that they hold, and what may never be in it."""

import math
import re
import zipfile
from io import BytesIO

import numpy as np
import pytest

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.vues.classeur import controles, feuilles_vives
from pope_foncier.vues.classeur.classeur import composer, contexte_de
from pope_foncier.vues.classeur.modele_du_classeur import TEL_QUEL, modeler
from pope_foncier.vues.classeur.textes import sens_de
from pope_foncier.vues.classeur.verification import forme
from tests.conftest import DONNEES, GARE
from tests.vues.classeur.cellules import lire, relative

ZOLA = DONNEES / "etudes" / "creche_emile_zola.yaml"
VOLATILES = ("OFFSET", "INDIRECT", "TODAY", "NOW", "RAND", "RANDBETWEEN", "CELL", "INFO")


@pytest.fixture(scope="module")
def gare():
    return ouvrir(GARE)


@pytest.fixture(scope="module")
def fait(gare, moteur):
    return composer(gare, BASE, modeler(contexte_de(moteur, gare), BASE))


@pytest.fixture(scope="module")
def feuilles(fait):
    return lire(fait.octets)


def formules(feuilles):
    return [f for cellules in feuilles.values() for f, _ in cellules.values() if f is not None]


def test_les_feuilles_sont_dans_l_ordre_d_un_comite(feuilles):
    attendues = ["Synthèse", "Hypothèses", "Programme et coûts", "Plan de financement", "Échéancier banque", "Trésorerie",
                 "Exploitation", "Exploitation par an", "Ratios par année", "Contrôles"]  # fmt: skip
    presentes = list(feuilles)
    assert [presentes.index(nom) for nom in attendues] == sorted(presentes.index(nom) for nom in attendues)


def test_rien_de_volatil_ni_d_exterieur(fait, feuilles):
    toutes = " ".join(formules(feuilles))
    assert not [f for f in VOLATILES if re.search(rf"\b{f}\(", toutes)]
    assert "[" not in toutes
    assert "_xlfn" not in toutes  # functions of Excel 2010, which is older than those of that name
    noms = zipfile.ZipFile(BytesIO(fait.octets)).namelist()
    assert not [n for n in noms if "externalLink" in n or "vbaProject" in n]
    assert 't="array"' not in zipfile.ZipFile(BytesIO(fait.octets)).read("xl/worksheets/sheet7.xml").decode()


def test_les_limites_d_excel_sont_tenues(feuilles):
    """At most 8,192 signs and 64 levels of brackets a formula, 31 signs in the name of a sheet."""
    toutes = formules(feuilles)
    assert max(map(len, toutes)) < 2_000
    assert max(max(np.cumsum([(c == "(") - (c == ")") for c in f]), default=0) for f in set(toutes)) < 30
    assert max(map(len, feuilles)) <= 31


def test_une_ligne_a_la_meme_formule_d_un_bout_a_l_autre(fait, feuilles):
    vues = 0
    for posee, place in fait.modele.disposition.posees:
        if posee.rangee.genre != "formule" or not posee.rangee.axe:
            continue
        cellules = feuilles[place.feuille]
        colonnes = {*range(place.duree)[:2], *range(place.duree)[::37], place.duree - 1}
        formes = {
            relative(cellules[place.ligne, c][0], c) for c in (feuilles_vives.PREMIERE + k for k in sorted(colonnes))
        }
        assert len(formes) == 1, (place, sorted(formes)[:2])
        vues += 1
    assert vues > 200


def test_chaque_formule_tient_la_valeur_du_moteur(fait, feuilles):
    vues = 0
    for attendu in feuilles_vives.attendus(fait.modele, bool):
        colonnes = range(attendu.premiere, attendu.premiere + attendu.valeurs.size)
        tenues = np.array([feuilles[attendu.feuille][attendu.ligne, c][1] for c in colonnes])
        valeurs = np.clip(attendu.valeurs, -1e300, 1e300)
        assert np.allclose(tenues, valeurs, rtol=1e-12, atol=1e-9, equal_nan=True), (attendu.feuille, attendu.ligne)
        vues += attendu.valeurs.size
    assert vues > 50_000


def test_les_lignes_sont_celles_du_moteur(fait, gare, moteur):
    """The ledger of the study computed as ever, apart from the workbook."""
    vue = Resultat.calculer(gare, moteur).vue()
    rangees = {code: posee.rangee for posee, _ in fait.modele.disposition.posees for code in posee.codes}
    for avant, ev in (("", boucler(vue.ev)), (TEL_QUEL, vue.ev)):
        for code, ligne in ev.livre.lignes.items():
            attendue = ligne.grandeur.valeur
            attendue = attendue.reshape(-1, attendue.shape[-1])[
                vue.rang if attendue.ndim > 1 and len(attendue) > 1 else 0
            ]
            assert rangees[f"{avant}{code}"].valeur == pytest.approx(attendue, abs=0.005, nan_ok=True), code


def test_un_texte_qui_ressemble_a_une_formule_reste_un_texte(moteur):
    lu = ouvrir(ZOLA)
    etude = varier(lu, "essai", {"titre": "+2", "aides[caf].libelle": "=1+1", "prets[court].libelle": "@somme"})
    dossier = Dossier(lu.nom, etude, lu.site, {BASE: etude})
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    assert "1+1" not in formules(lire(fait.octets))
    with zipfile.ZipFile(BytesIO(fait.octets)) as archive:
        assert "=1+1" in archive.read("xl/sharedStrings.xml").decode()


def test_les_controles_disent_ce_qui_est_verifie(fait):
    libelles = [c.libelle for c in controles.lister(fait.modele)]
    for debut in ("Ressources + reste à financer = besoins, plan bouclé", "Les flux de toutes les parties s'annulent"):
        assert any(libelle.startswith(debut) for libelle in libelles)
    assert any(c.startswith("Bouclage stabilisé") for c in libelles)
    assert any(c.startswith("Structure inchangée") for c in libelles)


def test_une_entree_inconnue_reste_inconnue(moteur):
    """Nobody published the rate of the loans of this study."""
    dossier = ouvrir(ZOLA)
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    cellules = lire(fait.octets)
    place = next(p for posee, p in fait.modele.disposition.posees if "besoins.interets_travaux" in posee.codes)
    assert math.isnan(cellules[place.feuille][place.ligne, feuilles_vives.SEULE][1])


def test_un_autre_prix_laisse_les_memes_lignes(fait, gare, moteur):
    etude = varier(gare, "essai", {"travaux.cout_m2_ht": 2345, "prets[banque].duree_mois": 100})
    dossier = Dossier(gare.nom, etude, gare.site, {BASE: etude})
    assert forme(modeler(contexte_de(moteur, dossier), BASE)) == forme(fait.modele)


def test_le_bouclage_se_deroule_jusqu_a_ce_que_rien_ne_bouge(moteur):
    """A study whose gap moves with what closes it: each round moves less, the last one is the amount that the engine calls."""
    coque = ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml")
    modele = modeler(contexte_de(moteur, coque, "commune_a_l_equilibre"), "commune_a_l_equilibre")
    montants = [tour["a_trouver"].valeur.item() for tour in modele.tours]
    ecarts = np.abs(np.diff(montants))
    assert len(montants) > 4
    assert (ecarts[1:] < ecarts[:-1]).all()
    appele = boucler(modele.ouverte).ctx.bouclage["a_trouver"].valeur.item()
    assert montants[-1] == pytest.approx(appele, abs=0.001)
    assert modele.parts["a_trouver"].valeur.item() == pytest.approx(montants[-1], abs=0.001)


def test_une_etape_sans_nom_dit_de_quoi_elle_est_faite(fait):
    """Rows without a name say their operation on what they read, not « … − … »."""
    etapes = [p.rangee.detail for p, _ in fait.modele.disposition.posees if not p.rangee.nom]
    muettes = [
        dit for dit in etapes if not re.search(r"[a-zà-ÿ]{3}", re.sub("le plus|sinon|total de|cumul de", "", dit))
    ]
    assert len(etapes) > 200
    assert len(muettes) < 0.05 * len(etapes), muettes
    assert not [dit for dit in etapes if "Rien +" in dit]


def test_sans_graphique_la_feuille_le_dit(moteur):
    """Nobody published what this study needs: there is nothing to draw, and no operation to make a balance sheet of."""
    dossier = ouvrir(ZOLA)
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    with zipfile.ZipFile(BytesIO(fait.octets)) as archive:
        assert not [n for n in archive.namelist() if "chart" in n]
        dits = archive.read("xl/sharedStrings.xml").decode()
    assert "aucun graphique ne se dessine" in dits
    assert "Bilan" not in fait.feuilles
    assert "absent : il se dresse pour un gestionnaire" in dits


def test_chaque_feuille_de_formules_dit_ce_qu_elle_montre(fait):
    dites = {nom: sens_de(nom) for nom in fait.modele.disposition.feuilles}
    assert [nom for nom, dit in dites.items() if not dit.endswith(".")] == []
    assert dites["Échéancier banque"] == "Un prêt par feuille, mois par mois."
    assert dites["Exploitation par an"] != dites["Exploitation"]
