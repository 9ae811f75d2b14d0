"""Months, dates and safe writing."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurSortie
from pope_foncier.socle.temps import Echelle, ajouter_mois, date_en_clair, mois_entre


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 3, 10), -3, date(2026, 12, 10)),
    ],
)
def test_ajouter_mois(jour, mois, attendu):
    assert ajouter_mois(jour, mois) == attendu


@pytest.mark.parametrize(("jour", "mois"), [(date(9998, 12, 1), 1), (date(9999, 5, 1), 0), (date(1, 1, 1), -1)])
def test_une_date_hors_du_calendrier_est_refusee(jour, mois):
    with pytest.raises(ErreurCalcul, match="calendrier"):
        ajouter_mois(jour, mois)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 600))
def test_mois_entre_inverse_ajouter_mois(jour, mois):
    assert mois_entre(jour, ajouter_mois(jour, mois)) == mois


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 400))
def test_les_annees_couvrent_tous_les_mois(depart, duree):
    echelle = Echelle(depart, duree)
    sommes = np.add.reduceat(np.ones(duree), echelle.debuts_annee)
    assert sommes.sum() == duree
    assert len(sommes) == len(echelle.annees)
    assert [echelle.annees[r] for r in echelle.rang_annee] == [echelle.date_du_mois(m).year for m in range(duree)]


def test_date_en_clair():
    assert date_en_clair(date(2026, 1, 1)) == "1er janvier 2026"


def test_ecriture_entiere_ou_absente(tmp_path, monkeypatch):
    cible = tmp_path / "a" / "b.txt"
    ecrire(cible, "premier")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disque plein")))
    with pytest.raises(ErreurSortie, match="disque plein"):
        ecrire(cible, "second")
    assert cible.read_text() == "premier"
    assert [f.name for f in cible.parent.iterdir()] == ["b.txt"], "aucun fichier provisoire ne reste"
