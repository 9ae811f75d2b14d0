"""Eighty damaged files of the trade, the seven formats in turn: each is a plan or one French refusal; more by ``make fuzz``."""

from tests.fuzz import releves
from tests.fuzz.banc import Banc

NOMBRE, GRAINE = 80, 20261129


def test_quatre_vingts_fichiers_d_architecte_abimes(tmp_path):
    """No traceback, no machine's word, no case beyond its time; every format is met, and some still give a plan."""
    banc = Banc(tmp_path, GRAINE)
    banc.cibles, banc.poids_des_commandes = releves.cibles(tmp_path / "depart"), 0
    bilan = banc.lancer(0, NOMBRE)
    assert not bilan.fautes, bilan.en_clair()
    assert {x.split()[0] for x in bilan.par_cible} == {f"relevé{suffixe}" for suffixe in releves.FORMATS}
    assert bilan.genres["résultat"] >= NOMBRE / 10
    assert bilan.genres["refus"] >= NOMBRE / 4


def test_chaque_fichier_de_depart_donne_un_plan(tmp_path):
    """Without damage, what is mutated is sound: a refusal is then that of the damage."""
    import random

    for cible in releves.cibles(tmp_path):
        dossier = tmp_path / cible.nom
        dossier.mkdir()
        assert releves.importer(cible.depart[0], random.Random(1), dossier)
        assert (dossier / "importe.yaml").is_file()
