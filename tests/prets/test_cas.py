"""Every case file under data/cas, replayed through the public functions; no code here knows a case."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pope_foncier.prets.cas import Controle, FicheCas, verifier
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import lire_fiche

FAMILLES = ("emprunts", "taux_effectifs", "conversions", "van_tri", "dimensionnement")
FICHIERS = sorted(f for famille in FAMILLES for f in (dossier_donnees() / "cas" / famille).glob("*.yaml"))


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_cas(fichier: Path):
    controles = list(verifier(fichier))
    assert controles
    assert not [c for c in controles if not tient(c)]


def tient(c: Controle) -> bool:
    """Whether the value obtained is the one that the source printed, within the tolerance."""
    if isinstance(c.attendu, str | date):
        return str(c.attendu) == str(c.obtenu)
    attendu, obtenu = np.atleast_1d(np.asarray(c.attendu, float)), np.atleast_1d(np.asarray(c.obtenu, float))
    return attendu.shape == obtenu.shape and bool(np.all(np.abs(attendu - obtenu) <= c.tolerance))


def test_noms_et_nombre():
    fiches = [lire_fiche(FicheCas, f) for f in FICHIERS]
    assert [f.id for f in fiches] == [f.stem for f in FICHIERS]
    assert len(FICHIERS) >= 50
