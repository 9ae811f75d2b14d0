"""A loan written by a product of the catalogue: what its entry says in the product's place stands, however the study is made again."""

from dataclasses import replace

import pytest

from pope_foncier.etude.scenarios import BASE, en_clair, lire_etude, varier
from tests.rondes import d

ENTREES = {
    "profil de la fiche": {"produit": "fa_pret_association", "profil": "annuite_constante"},
    "profil du produit": {"produit": "fa_pret_association"},
    "profil de la fiche, rythme du produit": {"produit": "bdt_phare", "profil": "annuite_constante"},
}


@pytest.mark.parametrize("dit", ENTREES.values(), ids=ENTREES)
def test_le_pret_reste_le_meme_quand_autre_chose_change(dossier, dit):
    """An instalment that is constant, as every sheet has it by default, is said against a product of constant capital."""
    pret = {"id": "p", "montant": d(20_000), "duree_mois": d(60)} | dit
    base = varier(dossier, "essai", {"prets": [pret]})
    assert base.prets[0].profil == dit.get("profil", "capital_constant")
    avec = replace(dossier, etude=base, variantes={BASE: base})
    assert varier(avec, "essai", {"realiser": 0.5}).prets == base.prets
    assert varier(avec, "essai", {"prets[p].montant": 25_000}).prets[0].profil == base.prets[0].profil
    assert lire_etude(en_clair(base), "essai")[0].prets == base.prets
