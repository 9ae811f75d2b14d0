"""Sweeps on threads and on a cluster: same table to the last bit, whoever computes, whatever stops on the way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest

from pope_foncier.decision.balayage import calcul, deroule, executeurs
from pope_foncier.decision.balayage.depot import Depot
from pope_foncier.decision.balayage.executeurs import Fils, Grappe
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurSortie
from tests.conftest import RACINE
from tests.decision.balayage.plans import ecrire_plan, plan


def dire(*_):
    """Nobody is told of the advance."""


def cle(ligne):
    """What names a row of these plans."""
    return ligne["site"], ligne["montage"], ligne["bouclage"]


def derouler(lu, dossier, executeur=None, suivre=dire):
    depot = Depot(dossier)
    return deroule.derouler(lu, depot, executeur or Fils(1), deroule.etat(lu, depot), suivre)


@pytest.fixture(scope="module")
def voulu(tmp_path_factory):
    """Plan, and its result computed at once on one thread."""
    dossier = tmp_path_factory.mktemp("balayage")
    lu = plan(dossier)
    return lu, derouler(lu, dossier).fichier.read_bytes(), dossier


@pytest.fixture
def fini(voulu, tmp_path):
    """Copy of the folder of the finished sweep."""
    return Depot(shutil.copytree(voulu[2], tmp_path / "copie"))


def test_le_nombre_de_fils_ne_change_pas_un_bit(voulu, tmp_path):
    lu, attendu, _ = voulu
    assert derouler(lu, tmp_path, Fils(3)).fichier.read_bytes() == attendu


def test_un_site_de_plus_ne_change_aucun_des_autres(voulu, fini):
    lu = voulu[0]
    from pyarrow import parquet

    avant = {cle(x): x for x in parquet.read_table(fini.table).to_pylist()}
    plus = replace(lu, sites=(*lu.sites, replace(lu.sites[0], nom="six")))
    trouve = deroule.etat(plus, fini)
    # five sites by two are three blocks; the sixth site joins the last one, so the two others stand: 2 blocks × 2 montages
    assert len(trouve.finis) == 4
    bilan = deroule.derouler(plus, fini, Fils(1), trouve)
    assert (bilan.calcules, bilan.gardes) == (2, 4)
    apres = {cle(x): x for x in bilan.table.to_pylist()}
    assert all(repr(apres[nom]) == repr(ligne) for nom, ligne in avant.items())
    # same sheet under another name: same figures, draws of its own
    assert (
        apres["six", "achat_association", "etude"]["cout_total"]
        == apres["un", "achat_association", "etude"]["cout_total"]
    )
    assert (
        apres["six", "achat_association", "etude"]["a_trouver.total.q50"]
        != apres["un", "achat_association", "etude"]["a_trouver.total.q50"]
    )


class Interrompu(Exception):
    """Stop in the middle."""


def test_interrompre_puis_reprendre_ne_recalcule_pas_ce_qui_est_fini(voulu, tmp_path, monkeypatch):
    lu, attendu, _ = voulu
    calcules = Counter()

    def compter(morceau):
        calcules[morceau.rang] += 1
        return calcul.calculer(morceau)

    monkeypatch.setattr(executeurs, "calculer", compter)

    def s_arreter(faits, tous):
        if faits == 2:
            raise Interrompu

    with pytest.raises(Interrompu):
        derouler(lu, tmp_path, suivre=s_arreter)
    with pytest.raises(ErreurSortie, match="--reprendre"):
        Depot(tmp_path).exiger_libre()
    assert not Depot(tmp_path).table.exists()
    bilan = derouler(lu, tmp_path)
    assert bilan.fichier.read_bytes() == attendu
    assert (bilan.gardes, bilan.calcules) == (2, 4)
    # each part once, but the one that was being computed when all stopped
    assert set(calcules) == set(range(6))
    assert sum(calcules.values()) in (6, 7)


def test_un_morceau_abime_est_refait_et_celui_d_un_autre_plan_jamais_relu(voulu, fini):
    lu, attendu, _ = voulu
    depot, fichiers = fini, fini.presents()
    fichiers[0].write_bytes(fichiers[0].read_bytes()[:200])
    trouve = deroule.etat(lu, depot)
    assert (len(trouve.finis), trouve.abimes, trouve.etrangers) == (5, (fichiers[0],), 0)
    assert deroule.derouler(lu, depot, Fils(1), trouve).fichier.read_bytes() == attendu
    autre = replace(lu, tirages=replace(lu.tirages, graine=8))
    assert deroule.etat(autre, depot).finis == frozenset()
    assert deroule.etat(autre, depot).etrangers == 6


def test_une_autre_version_du_programme_est_refusee(voulu):
    morceau = voulu[0].morceaux("une autre empreinte")[0]
    with pytest.raises(ErreurCalcul, match="même version"):
        calcul.calculer(morceau)


def test_la_commande_tuee_reprend_ou_elle_en_etait(voulu, tmp_path):
    fichier, sortie = ecrire_plan(tmp_path), tmp_path / "sortie"
    commande = [sys.executable, "-m", "pope_foncier", "balayage", str(fichier), "--sortie", str(sortie), "--fils", "1"]
    tuee = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    depot, fin = Depot(sortie), time.monotonic() + 60
    while not depot.presents() and tuee.poll() is None and time.monotonic() < fin:
        time.sleep(0.02)
    tuee.kill()
    assert tuee.wait(30) == -signal.SIGKILL
    deja = {f: f.stat().st_mtime_ns for f in depot.presents()}
    assert 1 <= len(deja) < 6
    bilan = derouler(plan(tmp_path), sortie)
    assert (bilan.gardes, bilan.calcules) == (len(deja), 6 - len(deja))
    assert all(f.stat().st_mtime_ns == quand for f, quand in deja.items())
    assert bilan.fichier.read_bytes() == voulu[1]


def test_un_ouvrier_tue_en_route_ne_perd_rien(voulu, tmp_path):
    lu, attendu, _ = voulu
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as grappe:
        tues = []
        with Grappe(grappe.scheduler_address) as executeur:
            assert executeur.ouvriers == 2
            pids = executeur._client.run(os.getpid)

            def tuer(faits, tous):
                if faits == 1 and not tues:
                    tues.append(next(iter(pids.values())))
                    os.kill(tues[0], signal.SIGKILL)

            bilan = derouler(lu, tmp_path / "grappe", executeur, tuer)
        assert tues
        assert bilan.calcules == 6
    assert bilan.fichier.read_bytes() == attendu


def test_une_grappe_qui_ne_repond_pas_se_dit_en_francais(monkeypatch):
    monkeypatch.setattr(executeurs, "_ATTENTE_S", 0.5)
    with pytest.raises(ErreurCalcul, match=r"Vérifier l'adresse"), Grappe("tcp://127.0.0.1:9"):
        pass
