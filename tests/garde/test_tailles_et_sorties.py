"""Files as large as their bounds allow, and outputs that nobody takes: an answer in time, in memory, in French."""

import json
import subprocess
import sys
import time
import tracemalloc

import nbformat
import pytest

from pope_foncier.etude.scenarios import varier
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.socle.csv_strict import charger_csv
from pope_foncier.socle.erreurs import PROBLEMES_MAX, ErreurCalcul, ErreurDonnees, ErreurSortie
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.lecture import FICHE_MAX_OCTETS
from pope_foncier.territoire.bassin import enfants_a_distance, lire_enfants_iris
from pope_foncier.travaux.devis import lire_devis
from pope_foncier.vues.formes.carnet_execute import executer
from tests.conftest import RACINE
from tests.garde.commandes import lancer
from tests.travaux.classeurs import NS, classeur_brut

BEAUCOUP = 20 * PROBLEMES_MAX


@pytest.mark.parametrize(
    ("nom", "texte", "lire"),
    [
        ("p.yaml", "titre: x\ntranches: [" + "{}," * BEAUCOUP + "]\n", calculer_prets),
        ("i.csv", "CODGEO;ENF_2\n" + "".join(f"{i};x\n" for i in range(BEAUCOUP)), lire_enfants_iris),
        ("d.csv", "Lot;Désignation;Quantité;PU HT;Date\n" + "a;b;x;1;2026-01-01\n" * BEAUCOUP, lire_devis),
        (
            "c.json",
            json.dumps({"features": [1] * BEAUCOUP}),
            lambda f: enfants_a_distance(f, {}, 2.35, 48.9, 800),
        ),
    ],
    ids=lambda x: x if isinstance(x, str) and len(x) < 10 else "",
)
def test_mille_fautes_suffisent(tmp_path, nom, texte, lire):
    """A file all wrong took minutes and gigabytes to say so: its reader stops at a thousand faults, and says that there are more."""
    fichier = tmp_path / nom
    fichier.write_text(texte, encoding="utf-8")
    debut = time.process_time()
    with pytest.raises(ErreurDonnees, match=f"{PROBLEMES_MAX} erreurs ou plus") as refus:
        lire(fichier)
    assert time.process_time() - debut < 6
    assert len(refus.value.problemes) == PROBLEMES_MAX


def test_un_plan_de_trop_d_elements_est_refuse_avant_d_etre_lu(tmp_path):
    fichier = tmp_path / "plan.geojson"
    fichier.write_text(json.dumps({"type": "FeatureCollection", "features": [1] * 50_000}), encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="50000 éléments ; 20000 au plus"):
        lire_plan(fichier)


def test_une_fiche_a_une_taille(tmp_path):
    fichier = tmp_path / "p.yaml"
    fichier.write_text("titre: x\nliste: [" + "1," * (FICHE_MAX_OCTETS // 2) + "]\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="3 Mo au plus"):
        calculer_prets(fichier)


def test_les_cases_lointaines_d_un_classeur_ne_prennent_pas_la_memoire(tmp_path):
    """One cell in column ZZZ made a row of 18,278: a file of a few kilobytes took gigabytes."""
    rangees = '<row><c r="A1"><v>1</v></c><c r="ZZZ1"><v>1</v></c></row>' * 2_000
    fichier = tmp_path / "d.xlsx"
    classeur_brut(fichier, f"<worksheet {NS}><sheetData>{rangees}</sheetData></worksheet>")
    tracemalloc.start()
    try:
        with pytest.raises(ErreurDonnees, match="colonnes absentes"):
            lire_devis(fichier)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("nom", "texte", "charger"),
    [
        ("a.json", "[" + ",".join(["[[2.351234,48.912345]]"] * 40_000) + "]", lambda f: charger_json(f, "")),
        ("b.json", "[" + ",".join(["[]"] * 200_000) + "]", lambda f: charger_json(f, "")),
        ("c.json", "[" + ",".join(['{"aa":1}'] * 50_000) + "]", lambda f: charger_json(f, "")),
        ("d.csv", "abc\n" * 100_000, charger_csv),
        ("e.csv", "abc;de;" * 100_000 + "\n", charger_csv),
    ],
)
def test_une_table_se_pese_avant_d_etre_lue(tmp_path, monkeypatch, nom, texte, charger):
    """Estimate against the peak traced by Python: not below it beyond the text itself, not five times above; refused over the limit."""
    fichier = tmp_path / nom
    fichier.write_text(texte, encoding="utf-8")
    pese = []
    monkeypatch.setattr("pope_foncier.socle.lecture.exiger_memoire", lambda octets, *_: pese.append(octets))
    tracemalloc.start()
    try:
        charger(fichier)
        pic = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pic - 6 * len(texte) < pese[0] < 5 * pic
    monkeypatch.undo()
    monkeypatch.setattr("pope_foncier.socle.memoire.limite_mo", lambda: 1)
    with pytest.raises(ErreurCalcul, match="POPE_MEMOIRE_MO"):
        charger(fichier)


@pytest.mark.parametrize("jour", ["01/01/0001", "31/12/9999", "01/01/1800", "٠١/٠١/٢٠٢٧", "31/02/2026"])
def test_une_date_a_la_francaise_a_les_memes_bornes(dossier, jour):
    """Written day/month/year, a date went round the bounds; digits of another script were read as ours."""
    with pytest.raises(ErreurDonnees, match="date_depart"):
        varier(dossier, "essai", {"date_depart": jour})


@pytest.mark.parametrize("annee", [12, -2026, 2201, 1e15, "12"])
def test_une_annee_s_ecrit_sans_espace(dossier, annee):
    with pytest.raises(ErreurDonnees, match="une année de 1900 à 2200 est attendue"):
        varier(dossier, "essai", {"exploitation.annee_prix": annee})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full est de Linux")
@pytest.mark.parametrize("arguments", [["dispositifs"], ["teg", "data/exemples/pret_bancaire.yaml"]])
def test_un_ecran_qui_ne_prend_plus_rien_se_dit(arguments):
    """Output on a full disk: no trace, code 2; on a closed pipe, silence."""
    with open("/dev/full", "w") as plein:
        fait = subprocess.run(
            [sys.executable, "-m", "pope_foncier", *arguments],
            cwd=RACINE,
            stdout=plein,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert fait.returncode == 2
    assert fait.stderr == (
        "Erreur : Impossible d'écrire ce que la commande affiche : disque plein. Choisir une autre destination.\n"
    )


def test_rien_ne_s_affiche_avant_un_refus():
    """Four tables came before « donner ensemble --iris, --contours et --point »."""
    fin = lancer("besoins-accueil", "--point", "nan,nan")
    assert (fin.code, fin.dit) == (2, "")


@pytest.mark.parametrize("contenu", ["noyau", "{"])
def test_un_carnet_qui_ne_part_pas_se_dit(tmp_path, contenu):
    """No kernel of that name here, or a notebook that is not one: the library's own error was shown."""
    fichier = tmp_path / "essai.ipynb"
    noyau = {"kernelspec": {"name": "pas_la", "display_name": "x", "language": "python"}}
    livre = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")], metadata=noyau))
    fichier.write_text(livre if contenu == "noyau" else contenu, encoding="utf-8")
    for voulu in (fichier, tmp_path / "absent.ipynb"):
        with pytest.raises(ErreurSortie, match="ne peut pas s'exécuter ici"):
            executer(str(voulu), {})
