"""Portfolio whose equity does not close its plans: by hand, the gap of each site, no contribution for works that nobody paid.

The two micro-crèches of ``tests/cas/portefeuilles.yaml``, whose head gives every amount used here; nothing is taken from the program.
"""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.portefeuille import preparer_lieux, reunir
from pope_foncier.decision.portefeuille.financement import financer
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision.portefeuille import tableaux as tableaux_portefeuille
from tests.conftest import COQUE
from tests.decision.portefeuille_rond import assembler, deux, fiche, ligne
from tests.rondes import aplatir, d, micro_ronde

# Uses of a site: purchase, deed, works, charges of the year of works, mortgage, and the aid of the Caf advanced until July 2029
# (the balance of 2028, then six months at 600 €). Resources: the loan and the grant.
BESOIN = 300_000 + 23_808.60 + 225_000 + 3_800 + 2_633.712 + (7_200 + 6 * 600) - 200_000 - 60_000
CONTRIBUTION = 46_680.86
VIE_ANS = 10


@pytest.fixture(scope="module")
def micro():
    return micro_ronde(ouvrir(COQUE))


@pytest.fixture(scope="module")
def plat(moteur):
    return aplatir(moteur)


def test_ce_que_chaque_lieu_attend_et_ce_qui_reste_a_trouver(micro, plat):
    """Equity of 300,000 €: half to each site; works, building and grant last ten years, so a tenth of the gap a year is not paid back."""
    ensemble = assembler(deux(capital=d(300_000)), micro, plat)
    manque = BESOIN - 150_000
    for lieu in ensemble.lieux:
        assert lieu.besoin == pytest.approx(BESOIN, abs=0.01)
        assert lieu.a_trouver == pytest.approx(manque, abs=0.01)
        ouverts = lieu.emploie[0] > 0
        assert lieu.leviers[0][ouverts] == pytest.approx((CONTRIBUTION - manque / VIE_ANS) / 12, abs=0.01)
    assert ensemble.a_trouver == pytest.approx(2 * manque, abs=0.02)
    # Ends of months 11 and 23 in the head of the case file, the second less a year of what is not paid back.
    fin_11, fin_23 = -373_575.645333, -297_894.785333 - manque / VIE_ANS
    assert ensemble.caisse[0, 11] == pytest.approx(300_000 + fin_11, abs=0.01)
    assert ensemble.caisse[0, 23] == pytest.approx(300_000 + fin_23 + fin_11, abs=0.01)


def test_le_bilan_porte_la_perte_que_personne_ne_paie(micro, plat):
    """Each of its ten years, a site loses a tenth of what nobody brought; saved jobs come on top (30,000 € a year from 2029)."""
    plein, court = (assembler(deux(capital=d(c)), micro, plat) for c in (680_000, 300_000))
    manque = BESOIN - 150_000
    ecart = court.bilan().passif["Résultats cumulés"] - plein.bilan().passif["Résultats cumulés"]
    annees = np.arange(1, 13)
    attendu = [-manque / VIE_ANS * (min(max(a - 1, 0), 10) + min(max(a - 2, 0), 10)) for a in annees]
    assert ecart[0] == pytest.approx(attendu, abs=0.02)
    assert court.bilan().passif["Capital"][0, -1] == 300_000


def test_un_capital_qui_suffit_ne_change_rien_au_compte(micro, plat):
    """Equity alone closes: the account is that of the plan as it stands, and nothing is to be found."""
    sheet = fiche(ligne("a"), capital=d(BESOIN + 1))
    (pret,) = preparer_lieux(sheet, dossiers={"micro": micro})
    ouverte = pret.evaluer(plat)
    (plan,) = financer([ouverte], BESOIN + 1)
    assert plan.a_trouver == 0
    assert plan.besoin == pytest.approx(ouverte.plan.reste_a_financer.valeur, abs=0.01)
    assert plan.bouclee.compte.contribution.valeur == pytest.approx(ouverte.compte.contribution.valeur, abs=0.001)
    assert plan.bouclee.plan.reste_a_financer.valeur == pytest.approx(0, abs=0.01)


def test_le_capital_va_ou_il_manque(micro, plat):
    """One site needs 225,000 € more: the equity is shared in proportion, and both lack the same part."""
    cher = varier(micro, "cher", {"travaux.cout_m2_ht": 3_000})
    dossiers = {"micro": micro, "cher": replace(micro, etude=cher, variantes={BASE: cher})}
    sheet = fiche(ligne("a"), ligne("b", etude="cher"), capital=d(400_000))
    ensemble = reunir(sheet, preparer_lieux(sheet, dossiers=dossiers), plat)
    besoins = [BESOIN, BESOIN + 225_000]
    assert [x.besoin.item() for x in ensemble.lieux] == pytest.approx(besoins, abs=0.01)
    attendus = [b * (1 - 400_000 / sum(besoins)) for b in besoins]
    assert [x.a_trouver.item() for x in ensemble.lieux] == pytest.approx(attendus, abs=0.01)


def test_un_apport_nomme_de_l_etude_passe_avant_le_capital(micro, plat):
    """A city gives 50,000 € to the plan of the site: the company has that much less to bring, and the cash receives it."""
    ville = {"id": "ville", "libelle": "Ville", "nature": "subvention", "apporteur": "Ville de La Courneuve"}
    aide = varier(micro, "aide", {"bouclage": [ville | {"montant": d(50_000)}]})
    dossiers = {"micro": micro, "aide": replace(micro, etude=aide, variantes={BASE: aide})}
    sans, avec = (
        reunir(s, preparer_lieux(s, dossiers=dossiers), plat)
        for s in (fiche(ligne("a"), capital=d(400_000)), fiche(ligne("a", etude="aide"), capital=d(400_000)))
    )
    assert avec.besoin == pytest.approx(BESOIN - 50_000, abs=0.01)
    assert avec.lieux[0].subventions.sum() == pytest.approx(110_000)
    assert avec.caisse[0, 0] - sans.caisse[0, 0] == pytest.approx(50_000)
    rendu = 50_000 / VIE_ANS / 12
    assert sans.lieux[0].leviers[0, 20] - avec.lieux[0].leviers[0, 20] == pytest.approx(rendu, abs=0.001)
    avec.bilan()


def test_le_tableau_dit_ce_qui_manque(micro, plat):
    ouvert, ferme = (assembler(deux(capital=d(c)), micro, plat) for c in (300_000, 680_000))
    table = tableaux_portefeuille.lieux(ouvert)
    rang = table.entetes.index("À trouver")
    assert [x[rang] for x in table.lignes] == [euros(BESOIN - 150_000)] * 2
    assert "restent" in table.note
    assert "ne rembourse pas ce que personne n'a payé" in table.note
    assert "rien à trouver" in tableaux_portefeuille.lieux(ferme).note
    assert "reste en perte" in tableaux_portefeuille.bilan(ouvert).note
    assert "reste en perte" not in tableaux_portefeuille.bilan(ferme).note
