"""Small sweeps of the tests: a frozen study, a table of six places, two montages."""

from pathlib import Path

import yaml

from pope_foncier.decision.balayage.plan import lire_plan
from tests.conftest import COQUE

TABLE = """nom;programme.surface_m2;travaux.cout_m2_ht;travaux.cout_m2_ht bas;travaux.cout_m2_ht haut;foncier.prix
un;200;1 800;1 500;2 300;300 000
deux;240;2 000;1 700;2 600;350 000
trois;150;1 500;1 200;1 900;
quatre;320;2 200;1 900;2 900;500 000
cinq;modele;modele;;;modele
"""


def ecrire_plan(dossier: Path, table: str = TABLE, **champs) -> Path:
    """Plan on the disk, with some fields changed; a field set to None is left out."""
    (dossier / "sites.csv").write_text(table, encoding="utf-8")
    plan = {
        "titre": "essai",
        "sites": {"modele": str(COQUE), "table": "sites.csv"},
        "montages": ["achat_association", "location_simple"],
        "tirages": {
            "nombre": 40,
            "graine": 7,
            "seuils": [{"nom": "sous_1", "chiffre": "couverture_minimale", "sous": 1}],
            "chiffres": ["a_trouver.total", "contribution_par_place", "couverture_minimale"],
            "garder": True,
        },
        "sites_par_morceau": 2,
    } | champs
    fichier = dossier / "plan.yaml"
    fichier.write_text(yaml.safe_dump({c: v for c, v in plan.items() if v is not None}), encoding="utf-8")
    return fichier


def plan(dossier: Path, table: str = TABLE, **champs):
    """The same, read."""
    dossier.mkdir(parents=True, exist_ok=True)
    return lire_plan(ecrire_plan(dossier, table, **champs))
