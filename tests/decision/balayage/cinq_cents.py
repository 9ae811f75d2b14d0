"""Writes a demonstration sweep of five hundred sites, to measure one: ``python -m tests.decision.balayage.cinq_cents DOSSIER``.

No such site exists: areas, prices and costs are drawn around those of the demonstration study, one price in ten being unknown. Then
``pope-foncier balayage DOSSIER/cinq_cents.yaml --essai 24`` says the whole by extrapolation.
"""

import sys
from pathlib import Path

import numpy as np

from pope_foncier.acquisition.montages import lire_montages

SITES = 500
MONTAGES = 18
_PLAN = """titre: "Cinq cents sites tirés au sort autour de l'étude de démonstration"
sites: {{modele: coque_la_courneuve, table: cinq_cents.csv}}
modes: tous
montages: [{montages}]
bouclages: [etude]
{tirages}"""


def ecrire(dossier: Path, tirages: int = 0) -> Path:
    """Write the plan and its table; the plan is returned."""
    hasard = np.random.default_rng(500)
    lignes = ["nom;programme.surface_m2;travaux.cout_m2_ht;travaux.cout_m2_ht bas;travaux.cout_m2_ht haut;foncier.prix"]
    for rang in range(1, SITES + 1):
        surface, cout, prix = hasard.integers(120, 400), hasard.integers(1400, 3200), hasard.integers(100, 900) * 1000
        connu = prix if hasard.random() < 0.9 else ""
        lignes.append(f"site {rang:03d} (démonstration);{surface};{cout};{0.85 * cout:.0f};{1.25 * cout:.0f};{connu}")
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / "cinq_cents.csv").write_text("\n".join(lignes) + "\n", encoding="utf-8")
    fichier = dossier / "cinq_cents.yaml"
    dits = f"tirages: {{nombre: {tirages}}}\n" if tirages else ""
    montages = ", ".join(list(lire_montages().montages)[:MONTAGES])
    fichier.write_text(_PLAN.format(montages=montages, tirages=dits), encoding="utf-8")
    return fichier


if __name__ == "__main__":
    ecrire(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
