"""Four hundred mutated files and commands: each is a result or one French refusal; ten thousand by ``make fuzz``."""

import random
from collections import Counter

import pytest

from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.yaml_strict import charger_yaml
from tests.conftest import GARE
from tests.fuzz import cibles, mutations
from tests.fuzz.banc import PIC_MO, Banc

NOMBRE, GRAINE, CHACUN, DE_PLUS = 400, 20261201, 5, 100
"""Cases, their seed, the least of each kind of damage, and cases at most to meet what a study goes on with and was not met yet."""
DEPART = 100
"""Cases after which the libraries are loaded, whatever ran before: memory is not to grow by much from then on."""


def test_quatre_cents_fichiers_et_commandes_abimes(tmp_path):
    """No traceback, no broken identity, no machine's word, no case beyond its time, within the memory of a small machine."""
    banc, fin = Banc(tmp_path, GRAINE), NOMBRE
    depart = banc.lancer(0, DEPART).pic_mo
    bilan = banc.lancer(DEPART, NOMBRE)
    while set(cibles.SUITES_FAITES) != set(cibles.SUITES) and fin < NOMBRE + DE_PLUS:
        bilan, fin = banc.lancer(fin, fin + 1), fin + 1
    assert not bilan.fautes, bilan.en_clair()
    assert sum(bilan.genres.values()) == fin
    assert bilan.genres["résultat"] >= NOMBRE / 6, "assez de cas passent les contrôles pour éprouver le calcul"
    assert bilan.genres["refus"] >= NOMBRE / 6
    servies = Counter()
    for nom, nombre in bilan.par_cible.items():
        servies[nom.split()[0]] += nombre
    poids = {c.nom: c.poids for c in banc.cibles} | {"commande": banc.poids_des_commandes}
    tours = NOMBRE // sum(poids.values())
    assert all(servies[nom] >= tours * x for nom, x in poids.items()), servies
    degats = {geste.__name__ for geste in (*mutations.DOUX, *mutations.RUDES, *mutations.SALETES)}
    assert all(mutations.FAITS[nom] >= CHACUN for nom in degats), mutations.FAITS
    assert set(cibles.SUITES_FAITES) == set(cibles.SUITES), "chaque suite d'une étude est essayée"
    assert bilan.pic_mo < max(PIC_MO, depart + 300)


def test_un_cas_se_rejoue(tmp_path):
    """The same seed and the same rank give the same file, byte for byte."""
    octets = []
    for _ in range(2):
        banc = Banc(tmp_path / "un", 7)
        banc.lancer(11, 13)
        octets.append({p.name: p.read_bytes() for p in (tmp_path / "un" / "cas").rglob("*") if p.is_file()})
    assert octets[0] == octets[1] != {}


def test_l_arbre_ecrit_se_relit(tmp_path):
    """Without a mutation, what the fuzzer writes is the study itself: a refusal is then that of a mutation."""
    fichier = tmp_path / "etude.yaml"
    fichier.write_text(mutations.ecrire(charger_yaml(GARE)[0]), encoding="utf-8")
    assert charger_yaml(fichier)[0] == charger_yaml(GARE)[0]


def test_le_banc_voit_une_faute(tmp_path, monkeypatch):
    """A bug put on purpose in what a user reads is found, named by its place, and its case kept."""
    from pope_foncier.vues.prets import echeancier as pret

    monkeypatch.setattr(pret, "taux", lambda prets: 1 / 0)
    banc = Banc(tmp_path / "b", 3, tmp_path / "garde")
    banc.cibles, banc.poids_des_commandes = [c for c in banc.cibles if c.nom == "pret"], 0
    banc.lancer(0, 12)
    fautes = list(banc.bilan.fautes)
    assert any("ZeroDivisionError" in f for f in fautes)
    assert list((tmp_path / "garde").glob("cas_3_*/trace.txt"))


def test_une_salete_change_toujours_des_octets_sans_rien_casser():
    hasard = random.Random(1)
    texte = GARE.read_bytes()
    assert sum(mutations.salir(texte, hasard) != texte for _ in range(200)) > 190
    assert mutations.salir(b"", hasard) is not None


def _lire(texte):
    if not texte.replace("inf", "").strip(" 0123456789."):
        return float(texte)
    raise ErreurPope(f"« {texte} » n'est pas un nombre.")


@pytest.mark.parametrize(
    ("ecrit", "montrer", "genre"),
    [
        ("inf", lambda texte: f"À demander à : {texte}", "résultat"),
        ("inf", lambda texte: f"Surface : {_lire(texte)} m²", "faute"),
        ("12", lambda _: "Surface : nan m²", "faute"),
        ("inf", lambda texte: f"À demander à : {texte}. Surface : nan m²", "faute"),
        ("douze", lambda texte: f"Surface : {_lire(texte)} m²", "refus"),
    ],
)
def test_le_mot_de_l_usager_n_est_pas_un_chiffre(tmp_path, ecrit, montrer, genre):
    """« inf » as a person to ask is a word; the same word read as a number, or a figure that is not one, is a fault."""
    depart = tmp_path / "depart.csv"
    depart.write_text(ecrit, encoding="utf-8")
    banc = Banc(tmp_path / "b", 1)
    banc.cibles = [cibles.Cible("mot", (depart,), "mot.csv", lambda f, *_: [montrer(f.read_text(encoding="utf-8"))])]
    banc.poids_des_commandes = 0
    with pytest.MonkeyPatch.context() as m:
        m.setattr(mutations, "salir", lambda octets, _: octets)
        banc.lancer(0, 1)
    assert dict(banc.bilan.genres) == {genre: 1}
