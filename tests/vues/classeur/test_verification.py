"""Workbooks recalculated by LibreOffice: every number is that of the engine, as written and under random inputs; a wrong formula is caught."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.montages import possibles
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.vues.classeur import controles, hypotheses
from pope_foncier.vues.classeur.classeur import composer, contexte_de
from pope_foncier.vues.classeur.modele_du_classeur import modeler
from pope_foncier.vues.classeur.tableur import est_la, recalculer
from pope_foncier.vues.classeur.verification import verifier
from tests.conftest import COMPLETS, DONNEES, GARE, sauter

pytestmark = pytest.mark.skipif(
    not COMPLETS, reason="LibreOffice recalcule des classeurs entiers : tests complets seulement"
)
TIRAGES = 20
BDT = {"produit": "bdt_cohesion_sociale", "id": "bdt", "montant": 150_000, "duree_mois": 240}


@pytest.fixture(autouse=True)
def tableur():
    if not est_la():
        sauter("LibreOffice n'est pas installé")


def prouver(dossier, moteur):
    """Every number of the workbook, as written and under each draw; few draws stop the plan short, and the workbook then says so."""
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    lue = verifier(moteur, fait, TIRAGES)
    assert lue.est_juste, [t.pire for t in lue.compares if t.fausses]
    assert lue.base.comparees > 50_000
    assert lue.part_vivante >= 0.95
    assert not lue.tenues
    assert len(lue.tirages) == TIRAGES
    assert len(lue.compares) >= 0.8 * TIRAGES
    assert all(t.change for t in lue.tirages)
    return fait, lue


def test_la_gare(moteur):
    prouver(ouvrir(GARE), moteur)


def test_un_pret_bdt_sur_livret_a(moteur):
    """The product of its sheet, lent to a public body as it asks: its margin, its amount, its term and the path of its index are drawn."""
    gare = ouvrir(GARE)
    etude = varier(gare, "essai", {"prets": [BDT], "acteurs.forme_maitre_ouvrage": "collectivite"})
    assert etude.prets[0].indexation.marge.bareme == "prets.bdt_cohesion_sociale.marge_livret_a"
    fait, lue = prouver(Dossier(gare.nom, etude, gare.site, {BASE: etude}), moteur)
    cellules = {e.champ: e.cellule for e in fait.modele.entrees}
    bougees = {cellule for t in lue.compares for cellule in t.change}
    du_pret = [f"prets[bdt].{champ}" for champ in ("montant", "duree_mois", "indexation.marge")]
    assert {cellules[champ] for champ in (*du_pret, "livret_a")} <= bougees
    assert {p.rangee.genre for p, _ in fait.modele.disposition.posees if "emprunts.bdt.interets" in p.codes} == {
        "formule"
    }


def test_un_montage_ou_une_sci_loue(moteur):
    gare = ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml")
    lus = lire_montages()
    nom, montage = next((n, m) for n, m in lus.montages.items() if m.forme == "sci" and m.bail is not None)
    cas = possibles.preparer(gare, gare.etude.foncier, nom, montage, lus)
    prouver(Dossier(gare.nom, cas.etude, gare.site, {BASE: cas.etude}), moteur)


def test_une_formule_fausse_se_voit(moteur):
    dossier = ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml")
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    rang = fait.feuilles.index("Plan de financement") + 1
    fausse = replace(fait, octets=_abimer(fait.octets, f"xl/worksheets/sheet{rang}.xml"))
    assert not verifier(moteur, fausse, 0).est_juste


def progressif(gare):
    """Study whose loan has a schedule that the workbook cannot write as formulas."""
    progression = {"valeur": 0.02, "base": "pour l'essai"}
    etude = varier(gare, "essai", {"prets[banque].profil": "progressif", "prets[banque].progression": progression})
    return Dossier(gare.nom, etude, gare.site, {BASE: etude})


def test_une_valeur_du_moteur_se_dit_perimee_quand_ce_qu_elle_lit_bouge(moteur):
    dossier = progressif(ouvrir(GARE))
    fait = composer(dossier, BASE, modeler(contexte_de(moteur, dossier), BASE))
    assert [p.rangee.nom for p, _ in fait.modele.disposition.posees if p.rangee.genre == "tenue"]
    jeux = [
        {(hypotheses.FEUILLE, fait.cases[nom]): valeur}
        for nom, valeur in (("e_prets_banque_taux", 0.05), ("v_bonus", 0.01))
    ]
    lus = recalculer(fait.octets, fait.feuilles, [controles.FEUILLE], jeux)
    comptes = [feuilles[controles.FEUILLE][controles.LIGNE_DES_PERIMES, controles.ECART] for feuilles in lus]
    assert comptes[0] == 0.0
    assert comptes[1] >= 1.0
    assert comptes[2] == 0.0


def _abimer(octets, feuille):
    """Same workbook, one formula of a sheet adding a euro."""
    sortie = BytesIO()
    with zipfile.ZipFile(BytesIO(octets)) as archive, zipfile.ZipFile(sortie, "w") as neuve:
        for nom in archive.namelist():
            contenu = archive.read(nom)
            if nom == feuille:
                contenu = re.sub(rb"<f>([^<]*)</f><v>([0-9.]+)</v>", rb"<f>\1+1</f><v>\2</v>", contenu, count=1)
            neuve.writestr(nom, contenu)
    return sortie.getvalue()
