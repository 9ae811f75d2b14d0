"""Small holes: names that no disk holds, options that contradict each other, strange keys, spreadsheets, markup, routes."""

import json
import os
import random
import re
import zipfile
from pathlib import Path

import pytest

import pope_foncier as pf
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.nouveau import lire_reponses
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import Site
from pope_foncier.socle.ecriture import ecrire, ecrire_ensemble
from pope_foncier.socle.erreurs import ErreurBareme, ErreurDonnees, ErreurPope, ErreurSortie
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.xlsx_strict import charger_xlsx
from pope_foncier.travaux.devis import lire_devis
from pope_foncier.vues.etude import flux
from pope_foncier.vues.formes.proteger import sans_formule
from pope_foncier.vues.prets import echeancier as pret
from tests.conftest import DONNEES, GARE
from tests.garde.commandes import lancer
from tests.peu_de_tirages import peu_de_tirages
from tests.travaux.classeurs import NS, classeur, classeur_brut

SITE = DONNEES / "sites" / "gare_saint_denis.yaml"
JOUR = ("--date", "2026-12-01")
LONG = "x" * 300

COMMANDES_QUI_LISENT = (
    ["etude", "{}", "--no-carnet"],
    ["expliquer", "{}", "ressources.piaje"],
    ["bilan", "{}", "data/emprunteurs/association_demonstration.yaml"],
    ["bilan", GARE, "{}"],
    ["capacite", "{}", *JOUR],
    ["capacite", "{}"],
    ["capacite", SITE, *JOUR, "--plan", "{}"],
    ["plan", "{}", *JOUR],
    ["montages", "{}"],
    ["portefeuille", "{}"],
    ["echeancier", "{}"],
    ["teg", "{}"],
    ["travaux", "{}"],
    ["travaux", GARE, "--variante", "{}"],
    ["calage", "--cas", "{}"],
    ["plans-publies", "--cas", "{}"],
    ["atelier", "{}", "--exporter"],
    ["besoins-accueil", "--territoire", "{}"],
    ["besoins-accueil", "--iris", "{}", "--contours", "{}", "--point", "2.35,48.93"],
)


@pytest.mark.parametrize("commande", COMMANDES_QUI_LISENT, ids=lambda c: " ".join(str(x) for x in c)[:30])
@pytest.mark.parametrize("nom", ["sous_un_fichier", "trop_long", "tube", "dossier", "vide", "surrogat"])
def test_un_chemin_etrange_est_refuse_en_francais(commande, nom, tmp_path):
    (tmp_path / "f.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "vide.yaml").write_bytes(b"")
    os.mkfifo(tmp_path / "tube")
    chemin = {
        "sous_un_fichier": str(tmp_path / "f.yaml" / "x.yaml"),
        "trop_long": str(tmp_path / f"{LONG}.yaml"),
        "tube": str(tmp_path / "tube"),
        "dossier": str(tmp_path),
        "vide": str(tmp_path / "vide.yaml"),
        "surrogat": f"{tmp_path}/\udcff.yaml",
    }[nom]
    fin = lancer(*(chemin if x == "{}" else x for x in commande))
    assert fin.code == 2
    assert any(x in fin.refus for x in ("fichier", "dossier", "colonne absente")), fin
    assert len(fin.refus) < 600


def test_un_signe_nul_dans_un_chemin_est_refuse():
    for lire in (ouvrir, pf.carnets.pret, lire_devis, lire_plan):
        with pytest.raises(ErreurDonnees, match="nom de fichier"):
            lire(Path("a\0b.yaml"))


@pytest.mark.parametrize(
    "commande",
    [
        ["plan", "data/plans/gare_saint_denis_suppose.yaml", *JOUR, "--sortie", "{}"],
        ["fiches", "--sortie", "{}"],
        ["plans-publies", "--sortie", "{}"],
        ["locaux-observes", "--sortie", "{}"],
        ["lignes", "--sortie", "{}"],
        ["etude", GARE, "--no-carnet", "--sortie", "{}"],
        ["montages", "data/etudes/coque_la_courneuve.yaml", "--no-detail", "--flux", "{}"],
        ["atelier", GARE, "--page", "--journaux", "{}"],
        ["travaux", GARE, "--variante", "data/exemples/travaux_par_lots.yaml", "--image", "{}"],
    ],
    ids=lambda c: c[0],
)
def test_une_sortie_sous_un_fichier_ou_au_nom_trop_long_est_refusee(commande, tmp_path):
    (tmp_path / "f").write_bytes(b"")
    for cible in (tmp_path / "f" / "x" / "y", tmp_path / LONG / "y", tmp_path / f"{LONG}"):
        fin = lancer(*(cible if x == "{}" else x for x in commande))
        assert fin.code == 2, cible
        assert "Impossible d'écrire" in fin.refus or "dossier" in fin.refus, fin
        assert "No such" not in fin.refus


@pytest.mark.parametrize(
    ("commande", "calcul"),
    [
        (["montages", GARE, "--flux", "{}"], "montages"),
        (["etude", GARE, "--sortie", "{}"], "etude"),
        (["plan", "data/plans/gare_saint_denis_suppose.yaml", *JOUR, "--sortie", "{}"], "plans"),
    ],
    ids=lambda c: c if isinstance(c, str) else c[0],
)
def test_un_dossier_ou_rien_ne_s_ecrit_est_refuse_avant_tout_calcul(commande, calcul, tmp_path, monkeypatch):
    """Nothing is made either: neither the folder, nor the ones above it."""
    monkeypatch.setattr(pf.carnets, calcul, lambda *_, **__: pytest.fail("calculé avant"))
    (tmp_path / "f").write_bytes(b"")
    for cible in (tmp_path / "f" / "x", tmp_path / "neuf" / LONG):
        fin = lancer(*(cible if x == "{}" else x for x in commande))
        assert (fin.code, fin.refus[:18]) == (2, "Impossible d'écrir"), fin
    assert [x.name for x in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize(
    ("commande", "calcul"),
    [
        (["atelier", GARE, "--page", "--journaux", "{}"], "pope_foncier.ateliers.secours.rediger"),
        (["atelier", GARE, "--exporter", "--journaux", "{}"], "pope_foncier.ateliers.compte_rendu.exporter"),
        (["travaux", GARE, "--image", "{}/image.png"], "pope_foncier.carnets.travaux"),
    ],
    ids=lambda c: c if isinstance(c, str) else c[2],
)
def test_une_page_ou_une_image_qui_ne_s_ecrit_pas_est_refusee_avant_tout_calcul(
    commande, calcul, tmp_path, monkeypatch
):
    monkeypatch.setattr(calcul, lambda *_, **__: pytest.fail("calculé avant"))
    (tmp_path / "f").write_bytes(b"")
    for cible in (tmp_path / "f" / "x", tmp_path / LONG):
        fin = lancer(*(str(x).replace("{}", str(cible)) for x in commande))
        assert (fin.code, fin.refus[:18]) == (2, "Impossible d'écrir"), fin
    assert [x.name for x in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize(
    "nom", ["../../etc/passwd", "a/b", "a\\b", "", ".", "..", LONG, "a\x00b", "a\nb", "/etc/passwd"]
)
def test_un_nom_de_fichier_dans_une_fiche_reste_dans_son_dossier(tmp_path, nom):
    texte = GARE.read_text(encoding="utf-8").replace("site: gare_saint_denis", f"site: {json.dumps(nom)}")
    fichier = tmp_path / "etude.yaml"
    fichier.write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurDonnees):
        ouvrir(fichier)


@pytest.mark.parametrize(
    "chemin", ["..x", "...", "/etc/passwd.x", f"{LONG}.x", "a\0b.c", "", ".", "subventions.", "é.à"]
)
def test_un_bareme_au_nom_etrange_est_inconnu(chemin):
    with pytest.raises(ErreurBareme, match="Barème inconnu"):
        Catalogue().bareme(chemin)
    with pytest.raises(ErreurBareme, match="inconnu"):
        Catalogue().fichier(chemin)


@pytest.mark.parametrize("texte", ["? [a, b]\n: 1\n", "? {a: 1}\n: 1\n", "? [a]\n", "{[a]: 1}\n", "? ? a\n: 1\n"])
def test_une_cle_qui_n_est_pas_un_mot_est_refusee(tmp_path, texte):
    fichier = tmp_path / "site.yaml"
    fichier.write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="nom de champ") as refus:
        lire_fiche(Site, fichier)
    assert "ScalarNode" not in str(refus.value)


def test_une_case_de_devis_sans_fin_est_refusee(tmp_path):
    fichier = tmp_path / "d.csv"
    fichier.write_text(f'Lot;Désignation;Quantité;PU HT;Date\ncvc;"{"x" * 140_000}";1;1;2026-01-01\n', encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="131072"):
        lire_devis(fichier)
    fichier.write_text(f"Lot;{'y' * 90_000};z\n1;2;3\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="colonnes absentes") as refus:
        lire_devis(fichier)
    assert len(str(refus.value)) < 600


REPRISE = "&b{};"
BOMBE = (
    '<!DOCTYPE a [<!ENTITY b0 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx">'
    + "".join(f'<!ENTITY b{i} "{20 * REPRISE.format(i - 1)}">' for i in range(1, 9))
    + "]><worksheet>&b8;</worksheet>"
)
"""A text that names itself twenty times over, eight times: 25,000 million times its length once unfolded."""


@pytest.mark.parametrize(
    "feuille",
    [
        f'<worksheet {NS}><sheetData><row><c r="ZZZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>',
        f'<worksheet {NS}><sheetData><row r="abc"><c><v>1</v></c></row></sheetData></worksheet>',
        f'<worksheet {NS}><sheetData><row><c t="s"><v>99</v></c></row></sheetData></worksheet>',
        f'<worksheet {NS}><sheetData><row><c t="s"><v>x</v></c></row></sheetData></worksheet>',
        f'<worksheet {NS}><sheetData><row><c t="n"><v>x</v></c></row></sheetData></worksheet>',
        BOMBE,
        "<worksheet>",
        "",
    ],
)
def test_un_classeur_casse_est_refuse(tmp_path, feuille):
    fichier = tmp_path / "d.xlsx"
    classeur_brut(fichier, feuille)
    with pytest.raises(ErreurDonnees):
        lire_devis(fichier)


def test_un_classeur_qui_se_deplie_sans_fin_est_refuse(tmp_path):
    fichier = tmp_path / "d.xlsx"
    classeur_brut(fichier, " " * 60_000_000)
    assert fichier.stat().st_size < 100_000
    with pytest.raises(ErreurDonnees, match="classeur"):
        lire_devis(fichier)


def test_un_classeur_qui_se_deplie_sous_un_autre_nom_est_refuse(tmp_path):
    """Its table of texts is named as a picture: 180 kB took 580 MB and half a minute."""
    fichier = tmp_path / "d.xlsx"
    classeur_brut(fichier, f"<worksheet {NS}><sheetData/></worksheet>")
    with zipfile.ZipFile(fichier, "a", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/media/s.png", "<si><t>abcdefgh</t></si>" * 1_000_000)
    with pytest.raises(ErreurDonnees, match="classeur"):
        charger_xlsx(fichier)


def test_un_classeur_garde_ses_images(tmp_path):
    fichier = tmp_path / "d.xlsx"
    classeur(fichier, [["poste", "montant"], ["Gros œuvre", 1000]])
    with zipfile.ZipFile(fichier, "a", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/media/photo.jpeg", random.Random(1).randbytes(9_000_000))
    assert len(charger_xlsx(fichier)) == 2


def test_un_prix_inconnu_dans_les_lots_reste_inconnu(tmp_path):
    variante = tmp_path / "v.yaml"
    texte = (DONNEES / "exemples" / "travaux_par_lots.yaml").read_text(encoding="utf-8")
    lignes = texte.splitlines()
    rang = next(i for i, x in enumerate(lignes) if "prix_unitaire_ht" in x)
    debut = lignes[rang][: lignes[rang].index("prix_unitaire_ht")]
    lignes[rang] = f"{debut}prix_unitaire_ht: {{a_obtenir_de: l'architecte}}"
    variante.write_text("\n".join(lignes), encoding="utf-8")
    fin = lancer("travaux", GARE, "--variante", variante)
    assert fin.code == 0, fin
    assert "inconnu" in fin.dit
    assert not re.search(r"\bnan\b", fin.dit.lower())


def test_csv_et_json_a_la_fois_sont_refuses():
    fichier = DONNEES / "exemples" / "pret_bancaire.yaml"
    fin = lancer("echeancier", fichier, "--csv", "--json")
    assert fin.code == 2
    assert "--csv" in fin.refus
    assert "--json" in fin.refus
    for autre in ("--csv", "--json"):
        fin = lancer("echeancier", fichier, autre, "--par-annee")
        assert fin.code == 2
        assert "--par-annee" in fin.refus


@pytest.mark.parametrize("commune", ["Saint\nDenis", "Stains\ncode_insee: 99999", "a\tb", "a\x1bb", " \n "])
def test_une_commune_sur_deux_lignes_est_refusee(donnees_copie, commune):
    reponses = {"nom": "L", "genre": "coque", "commune": commune, "surface": "180", "depart": "2027-03-01"}
    with pytest.raises(ErreurDonnees, match="commune"):
        lire_reponses(reponses, donnees_copie)


def test_un_texte_d_une_fiche_sur_deux_lignes_se_montre_sans_casser(tmp_path, moteur):
    texte = SITE.read_text(encoding="utf-8")
    ligne = next(x for x in texte.splitlines() if x.startswith("commune:"))
    (tmp_path / "sites").mkdir()
    fichier = tmp_path / "sites" / "gare_saint_denis.yaml"
    fichier.write_text(texte.replace(ligne, 'commune: "Saint\\n\\n# Denis\\u0007"'), encoding="utf-8")
    assert lancer("capacite", fichier, *JOUR).code == 0


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_un_tableur_ne_prend_pas_un_texte_pour_une_formule(debut, tmp_path, moteur):
    piege = f"{debut}HYPERLINK(1)"
    assert sans_formule(piege) == f"'{piege}"
    assert sans_formule("Prêt") == "Prêt"
    assert sans_formule("") == ""
    fichier = tmp_path / "pret.yaml"
    libelle = json.dumps(f"{debut}HYPERLINK(1)")
    fichier.write_text(f"pret: {{libelle: {libelle}, capital: 1000, taux: 0.02, duree_mois: 3}}\n", encoding="utf-8")
    lignes = pret.en_csv(pf.carnets.pret(fichier).echeanciers).splitlines()[1:]
    assert lignes
    assert not [x for x in lignes if x.lstrip('"')[:1] in "=+-@\t\r"]


def test_les_flux_gardent_leurs_textes_sans_formule(dossier, moteur):
    from dataclasses import replace

    from pope_foncier.etude.scenarios import varier

    etude = varier(dossier, "essai", {"acteurs.proprietaire": "=SOMME(A1)"})
    ev = moteur.evaluer(replace(dossier, etude=etude, variantes={"base": etude}))[0]
    assert ";'=SOMME(A1);" in flux.en_csv(ev)
    assert ";=SOMME" not in flux.en_csv(ev)


def test_le_terminal_montre_les_crochets_tels_quels(tmp_path):
    titre = "Coque [phase deux] [bold] test [link=http://x]y[/link] :smile: [/x]"
    texte = GARE.read_text(encoding="utf-8")
    ligne = next(x for x in texte.splitlines() if x.startswith("titre:"))
    question = next(x for x in texte.splitlines() if x.startswith("question:"))
    fichier = tmp_path / "etude.yaml"
    texte = texte.replace(ligne, f"titre: {json.dumps(titre)}").replace(question, f"question: {json.dumps(titre)}")
    fichier.write_text(texte, encoding="utf-8")
    with peu_de_tirages():
        fin = lancer("etude", fichier, "--no-carnet", "--sortie", tmp_path / "[sorties]")
    assert fin.code == 0, fin
    assert " ".join(fin.dit.split()).count(titre) >= 2
    assert "[sorties]/note.html" in fin.dit
    fin = lancer("montages", fichier, "--no-detail")
    assert fin.code in (0, 2)


def test_des_sequences_d_ecran_ne_passent_pas(tmp_path):
    pret_ = tmp_path / "p.yaml"
    pret_.write_text(
        'pret: {libelle: "a\\e[31mb\\u0007", capital: 1000, taux: 0.02, duree_mois: 3}\n', encoding="utf-8"
    )
    fin = lancer("echeancier", pret_)
    assert fin.code == 0
    assert "\x1b[31m" not in fin.dit
    assert "\x07" not in fin.dit


def test_les_sorties_d_une_commande_viennent_ensemble(tmp_path):
    """The third cannot be written: the first two keep what they held, and nothing is left beside them."""
    (tmp_path / "a").write_text("avant")
    (tmp_path / "c").mkdir()
    with pytest.raises(ErreurSortie, match="dossier"):
        ecrire_ensemble({tmp_path / "a": "après", tmp_path / "b": "après", tmp_path / "c": "après"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c"]
    assert (tmp_path / "a").read_text() == "avant"
    assert [p.name for p in ecrire_ensemble({tmp_path / "a": "x", tmp_path / "b": "y"})] == ["a", "b"]


def test_un_disque_plein_se_dit_en_francais(tmp_path):
    """A file larger than the system allows the process to write: refused by the system itself, in the middle of the write."""
    import resource
    import signal

    avant = resource.getrlimit(resource.RLIMIT_FSIZE)
    poignee = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, avant[1]))
        with pytest.raises(ErreurSortie, match="trop gros|plein"):
            ecrire_ensemble({tmp_path / "petit": "x", tmp_path / "gros": "x" * 100_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, avant)
        signal.signal(signal.SIGXFSZ, poignee)
    assert list(tmp_path.iterdir()) == []
    if os.path.exists("/dev/full"):
        with pytest.raises(ErreurPope):
            ecrire(tmp_path / "a" / "\0", "x")


def test_chaque_fichier_est_force_sur_le_disque_avant_son_nom(tmp_path, monkeypatch):
    ordre = []
    vrai_fsync, vrai_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda p: (ordre.append("fsync"), vrai_fsync(p))[1])
    monkeypatch.setattr(os, "replace", lambda *a: (ordre.append("nom"), vrai_replace(*a))[1])
    ecrire_ensemble({tmp_path / "a": "x", tmp_path / "b": "y"})
    assert ordre == ["fsync", "fsync", "nom", "nom", "fsync"]
