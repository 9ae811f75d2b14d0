"""``python -m tests.fuzz``: many cases of a seed, or one case again; faults are kept with their file in ``sorties/fuzz``."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.conftest import RACINE
from tests.fuzz import releves
from tests.fuzz.banc import PIC_MO, Banc

arguments = argparse.ArgumentParser(description="Essayer des fichiers et des options abîmés.")
arguments.add_argument("--nombre", type=int, default=10_000, help="cas à essayer")
arguments.add_argument("--premier", type=int, default=0, help="rang du premier cas")
arguments.add_argument("--graine", type=int, default=20261201)
arguments.add_argument("--cas", type=int, help="un seul cas, par son rang")
arguments.add_argument("--garder", type=Path, default=RACINE / "sorties" / "fuzz", help="dossier des cas fautifs")
arguments.add_argument("--releves", action="store_true", help="les fichiers d'architecte et de carte, au lieu du reste")
choix = arguments.parse_args()

debut, fin = (choix.cas, choix.cas + 1) if choix.cas is not None else (choix.premier, choix.premier + choix.nombre)
with tempfile.TemporaryDirectory() as dossier:
    banc = Banc(dossier, choix.graine, choix.garder)
    if choix.releves:
        banc.cibles, banc.poids_des_commandes = releves.cibles(Path(dossier) / "depart"), 0
    for rang in range(debut, fin, 500):
        banc.lancer(rang, min(rang + 500, fin))
        if choix.cas is None:
            print(
                f"{min(rang + 500, fin) - debut} cas, {sum(map(len, banc.bilan.fautes.values()))} faute(s), pic {banc.bilan.pic_mo:.0f} Mo",
                flush=True,
            )
    if choix.cas is not None:
        shutil.rmtree(choix.garder / f"cas_{choix.graine}_{choix.cas}", ignore_errors=True)
        shutil.copytree(
            Path(dossier) / "cas", choix.garder / f"cas_{choix.graine}_{choix.cas}", symlinks=True, dirs_exist_ok=True
        )
print(banc.bilan.en_clair())
sys.exit(1 if banc.bilan.fautes or banc.bilan.pic_mo > PIC_MO else 0)
