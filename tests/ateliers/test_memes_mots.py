"""One figure, one text: the band, the card, the table, the picture, its caption and the minutes of each study write it alike."""

import html
import math
import re

import pytest

from pope_foncier.ateliers import bandeau, bulles, chiffres, clair, compte_rendu, recit
from pope_foncier.ateliers.cartes import Cartes
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.modele import Reglages
from pope_foncier.ateliers.reponse import repondre
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes import lectures
from tests.ateliers.etudes import modele_de
from tests.conftest import DONNEES

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))
TITRE = "Le projet"


def mots(page):
    """Words of a page, pictures left out."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", re.sub("<svg.*?</svg>", "", page, flags=re.DOTALL))).split())


def en_centaines(valeur):
    """Text of an amount to the hundred, halves up, by hand: thin spaces between thousands."""
    return f"{math.floor(valeur / 100 + 0.5) * 100:,} €".replace(",", " ")


@pytest.mark.parametrize("etude", ETUDES, ids=lambda e: e.stem)
def test_un_chiffre_s_ecrit_pareil_partout(etude, tmp_path):
    modele = modele_de(etude)
    vue = modele.voir_bouclee(modele.dossier.etude)
    lue, vues = repondre(vue), {TITRE: vue}
    carte, palette = Cartes(modele, "commune", Atelier.rejouer([])).cartes[0], graphiques.teintes_de(modele.base)
    valeurs = {c.cle: " ".join(c.valeur.split()) for c in lue.chiffres}
    for page in (
        bulles.expliquer(bandeau.bande(TITRE, carte, lue)),
        bandeau.carte(modele, TITRE, carte, vue, lue, palette),
    ):
        for cle in bandeau.DE_LA_BANDE:
            assert valeurs[cle] in mots(page), cle
    table = {
        str(ligne[0]): " ".join(str(ligne[1]).split()) for ligne in chiffres.cote_a_cote(vues).cellules if ligne[1]
    }
    assert table["Places"] == valeurs["places"]
    assert table["Ouverture"] == valeurs["ouverture"]
    assert table[graphiques.A_TROUVER] == valeurs["a_trouver"]
    assert table["… avec tout ce qui est à trouver, trésorerie et capital compris"] == valeurs["cout_place"]
    if not math.isnan(a_trouver(vue)):
        assert valeurs["a_trouver"] == en_centaines(a_trouver(vue))
    image = graphiques.ressources(vues, palette)
    assert f"{TITRE} : {valeurs['a_trouver']}" in " ".join(image.texte.split())
    assert valeurs["a_trouver"] in mots(recit.qui_paie(vues, palette, ["#000000"]))
    if a_trouver(vue) > 0:
        dits = [" ".join(m.mots.texte.split()) for m in image.marques if getattr(m, "mots", None)]
        assert f"{graphiques.A_TROUVER} : {valeurs['a_trouver']}" in dits
    journal = Journal(tmp_path / "essai.sqlite")
    journal.noter("Ana", Proposition(nom="p", titre=TITRE, reglages={}, surcharges=(), reponse=lue.chiffres))
    ecrits = {f.suffix: f for f in compte_rendu.exporter(journal, tmp_path / "sortie")}
    minutes = mots(ecrits[".html"].read_text(encoding="utf-8"))
    for cle in bandeau.DE_LA_BANDE:
        assert valeurs[cle] in minutes, cle


@pytest.mark.parametrize("etude", ETUDES, ids=lambda e: e.stem)
def test_la_page_parle_a_des_citoyens(etude):
    """No word of the machinery on what the page of the municipality shows; « plan bouclé » opens its meaning where it first stands."""
    modele = modele_de(etude)
    vue = modele.voir_bouclee(modele.dossier.etude)
    vues, palette = {TITRE: vue}, graphiques.teintes_de(modele.base)
    carte = Cartes(modele, "commune", Atelier.rejouer([])).cartes[0]
    bande = bulles.expliquer(bandeau.bande(TITRE, carte, repondre(vue)))
    pages = [
        bande,
        recit.qui_paie(vues, palette, ["#000000"]),
        recit.cote_a_cote(vues),
        recit.dans_le_temps(vue),
        recit.ce_qu_il_faudrait(TITRE, vue),
        recit.a_savoir(vue),
    ]
    for page in pages:
        for mot in (
            "Règles fermées",
            "Épreuve",
            "sans effet",
            "droit lu",
            ".csv",
            ".yaml",
            ".json",
            "cout_m2",
            "hypercube",
        ):
            assert mot not in mots(page), mot
        assert not re.search(r"\[[a-z_]+\.[a-z_]+\]|\b[a-z]+_[a-z_]+\b", mots(page))
    if lectures.BOUCLE in mots(bande):
        assert re.search(r'<button[^>]* popovertarget="([^"]+)">plan bouclé</button><span popover id="\1"', bande)


def test_une_aide_reglee_se_lit_avec_ce_qu_elle_valait():
    """Station: the city's grant is 3,500 € a place, 12 places, so 42,000 € by hand; a stated amount is told beside it, never beside « non dit »."""
    modele = modele_de(DONNEES / "etudes" / "gare_saint_denis.yaml")
    reglee = modele.voir(modele.etude(Reglages(leviers={"ville": 562})))
    dit = " ".join(clair.ce_qui_change(differencier(modele.base, reglee)).split())
    assert dit.startswith("Ville de Saint-Denis, investissement : 42 000 € → 562 000 €. À trouver")
    assert "non dit" not in dit
