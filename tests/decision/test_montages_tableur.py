"""Montages of the shell of La Courneuve against a spreadsheet in plain Python, at true rates and prices, to the cent."""

from dataclasses import replace

import pytest

from pope_foncier.decision.montages.comparaison import mesurer
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.etude.scenarios import BASE, varier
from tests.decision import tableur_montages as tableur


@pytest.fixture(scope="module")
def mesures(coque, moteur):
    return _mesurer(coque, moteur)


def _mesurer(dossier, moteur):
    cas = comparer(dossier, moteur)
    premieres = {c.nom: mesurer(c, dossier.etude.foncier) for c in cas if c.evaluation is not None}
    return premieres | {
        f"{c.nom} renouvelé": mesurer(_renouvele(c), dossier.etude.foncier) for c in cas if c.renouvelee is not None
    }


def _renouvele(cas):
    return replace(cas, evaluation=cas.renouvelee)


@pytest.mark.parametrize(("nom", "rendement"), [("sci_loue", 0.02), ("epfif_sci", None), ("fonciere_loue", 0.04)])
def test_loyer_et_cout_d_une_societe(mesures, nom, rendement):
    if rendement is None:
        prix = tableur.PRIX * 1.07
        flux = tableur.porteur_qui_achete(hors_taxe=prix)
        attendus = (
            tableur.loyer_d_equilibre(flux, tableur.revente(prix), 0.02, 0.05),
            tableur.cout(flux, tableur.revente(prix)),
        )
    else:
        attendus = tableur.societe(rendement)
    assert (mesures[nom].loyer_m2.item(), mesures[nom].cout_complet.item()) == pytest.approx(attendus, abs=0.001)


def test_location_premier_titre_et_renouvellement(mesures):
    assert mesures["location_simple"].cout_complet.item() == pytest.approx(tableur.location_simple(False), abs=0.005)
    renouvelee = mesures["location_simple renouvelé"].cout_complet.item()
    assert renouvelee == pytest.approx(tableur.location_simple(True), abs=0.005)


def test_baux_longs(mesures):
    assert mesures["bail_capitalise"].cout_complet.item() == pytest.approx(tableur.bail_capitalise(), abs=0.005)
    assert mesures["commune_puis_bail"].cout_complet.item() == pytest.approx(tableur.commune_puis_bail(), abs=0.005)


def test_la_commune_achete_a_l_epfif(mesures):
    loyer, cout = tableur.commune_par_epfif()
    m = mesures["epfif_commune"]
    assert (m.loyer_m2.item(), m.cout_complet.item()) == pytest.approx((loyer, cout), abs=0.001)


def test_une_dette_qui_reste_se_paie_sur_la_revente(coque, moteur, monkeypatch):
    """Horizon of 120 months, loan of 180: what is owed in month 119 comes off the resale."""
    monkeypatch.setattr(tableur, "M", 120)
    court = varier(coque, "court", {"horizon_mois": 120})
    m = _mesurer(replace(coque, etude=court, variantes={BASE: court}), moteur)["sci_loue"]
    assert (m.loyer_m2.item(), m.cout_complet.item()) == pytest.approx(tableur.societe(0.02), abs=0.001)
