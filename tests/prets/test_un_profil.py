"""A profile is one record: what it needs and admits is said once, and a new one is known everywhere."""

from typing import get_args

import numpy as np
import pytest

from pope_foncier.modele.clauses_de_pret import PROGRESSIFS, Clause, NomProfil
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_pret import TermesPret
from pope_foncier.prets import PROFILS, SIMPLES, Emprunt, echeancier
from pope_foncier.prets.depuis_fiche import entrees_donnees
from pope_foncier.prets.profils import Profil
from pope_foncier.socle.erreurs import ErreurCalcul


def test_the_sheet_lists_the_profiles_of_the_register():
    assert get_args(NomProfil) == tuple(PROFILS)


def test_the_sheet_asks_for_a_growth_where_the_register_does():
    assert set(PROGRESSIFS) == {nom for nom, profil in PROFILS.items() if profil.progresse}


def test_a_term_that_a_profile_alone_takes_is_a_field_of_the_sheet():
    assert {p.propre for p in PROFILS.values() if p.propre} <= set(TermesPret.model_fields)


def test_profiles_that_need_no_other_term():
    assert SIMPLES == ("annuite_constante", "capital_constant", "in_fine")


def test_a_new_profile_is_one_record(monkeypatch):
    """Half of the principal at the first row and half at the last: 100,000 € at 6 %, by hand."""

    def en_deux_fois(s):
        return s.capital * 0.5 * ((s.rang == 1) + (s.rang == s.nombre) * 1.0)

    monkeypatch.setitem(PROFILS, "en_deux_fois", Profil(en_deux_fois, "remboursement", "en deux fois", d_avance=False))
    lu = echeancier(Emprunt(100_000, 0.06, 12, profil="en_deux_fois"))
    assert lu.remboursement[0, 1:].tolist() == [50_000.0, *[0.0] * 10, 50_000.0]
    assert lu.colonne("interets")[0, 1:] == pytest.approx(np.array([500.0, *[250.0] * 11]))
    with pytest.raises(ErreurCalcul, match="se paie à terme échu"):
        Emprunt(100_000, 0.06, 12, profil="en_deux_fois", terme="a_echoir")


def test_a_refusal_names_the_profiles_that_would_do():
    with pytest.raises(ErreurCalcul, match="choisir « annuite_constante » ou « echeance_fixe », ou"):
        Emprunt(100_000, 0.06, 120, profil="in_fine", differe="interets_stockes", differe_mois=6)


def test_what_a_sheet_of_a_loan_leaves_at_its_default_holds_no_input():
    """Only what a sheet says is looked into for inputs."""
    sortes, trouves = [Clause], []
    for sorte in sortes:
        sortes += sorte.__subclasses__()
        defauts = ((nom, champ.get_default(call_default_factory=True)) for nom, champ in sorte.model_fields.items())
        for nom, defaut in defauts:
            assert not isinstance(defaut, Donnee), (sorte, nom)
            clauses = defaut if isinstance(defaut, tuple) else (defaut,)
            trouves += [(sorte, nom) for clause in clauses if isinstance(clause, Clause) and entrees_donnees(clause)]
    assert len(sortes) > 8
    assert not trouves
