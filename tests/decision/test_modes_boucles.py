"""Modes, break-even and who pays, on plans that close: nothing is paid back that nobody paid, what is to be found has its name."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.equilibre import chercher
from pope_foncier.decision.modes_compares import resumer
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.reste_a_charge import ASSOCIATION, INVESTISSEURS, restes_a_charge
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.exploitation.compte import RESULTAT_SANS_A_TROUVER
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.exploitation import tableaux as tableaux_exploitation
from pope_foncier.vues.exploitation import tableaux_compte
from tests.conftest import COQUE, DONNEES
from tests.rondes import aplatir, d, micro_ronde


@pytest.fixture(scope="module")
def plat(moteur):
    return aplatir(moteur)


@pytest.fixture(scope="module")
def micro():
    """Micro-crèche of the portfolio case, works paid by the association in premises that it rents for 10 €/m² a year.

    Its lease lasts twelve years: none of the duties of a longer one.
    """
    dossier = micro_ronde(ouvrir(COQUE))
    etude = varier(dossier, "loue", {"titre_occupation.loyer_m2_an": 10, "titre_occupation.duree_mois": 144})
    return replace(dossier, etude=etude, variantes={BASE: etude})


def test_qui_paie_une_place_dont_le_plan_ne_boucle_pas(micro, plat):
    """By hand: works of 225,000 € over ten years, 60,000 € of grant, the rest a loan of 200,000 € and what is to be found.

    Uses: works, rent of the year of works (1,000 €), aid of the Caf advanced (7,200 + 6 × 600), no deed. Grants are capped at the
    works: they pay 60,000 €, then what is to be found pays the rest of them, so the commune is left with the depreciation of the rest.
    """
    resultat = Resultat.calculer(micro, plat)
    vue = resultat.vue()
    manque = 225_000 + 1_000 + 7_200 + 6 * 600 - 60_000 - 200_000
    assert manque < 0, "the plan of the case closes with its loan"
    sans_pret = varier(micro, "sans", {"prets": []})
    resultat = Resultat.calculer(replace(micro, etude=sans_pret, variantes={BASE: sans_pret}), plat)
    vue = resultat.vue()
    manque += 200_000
    assert vue.montant("ressources.reste_a_financer") == pytest.approx(manque, abs=0.01)
    rang = rang_de_croisiere(vue.ev)
    donnees = 60_000 + manque
    quote_part = min(donnees, 225_000) / 10
    parts = {p: float(np.ravel(g.valeur)[rang]) for p, g in restes_a_charge(vue.bouclee.ev).items()}
    assert parts[INVESTISSEURS] == pytest.approx(60_000 / 10, abs=0.01), (
        "la subvention promise paie des travaux, tout en est rapporté"
    )
    assert parts[A_TROUVER] == pytest.approx(quote_part - 60_000 / 10, abs=0.01), "le reste des travaux"
    # The commune brings the result to zero; without the 165,000 € of works that nobody has promised to pay, 16,500 € a year lack.
    resultats = [vue.bouclee.annuel(c)[rang] for c in ("exploitation.resultat", RESULTAT_SANS_A_TROUVER)]
    assert resultats == pytest.approx([0, -(225_000 - 60_000) / 10], abs=0.01)
    lignes = {ligne[0]: ligne[1] for ligne in tableaux_compte.compte_exploitation(vue).lignes}
    assert lignes["Résultat sans ce qui reste à trouver"] == euros(-16_500)
    assert "Personne ne l'a promise" in tableaux_compte.compte_exploitation(vue).note
    # Staff 105,000, other charges 15,000, rent 1,000, depreciation 22,500; families 96,000, Caf 24,000.
    contribution = 105_000 + 15_000 + 1_000 + 22_500 - 96_000 - 24_000 - quote_part
    assert parts["Ville de La Courneuve"] == pytest.approx(contribution, abs=0.01)
    resume = resumer(vue, resultat, plat)
    assert resume.parts == {p: pytest.approx(v / 10) for p, v in parts.items()}
    assert resume.a_l_equilibre == pytest.approx(contribution / 10)
    assert resume.reste_des_locaux == pytest.approx(manque / 10)
    assert resumer(vue.bouclee, resultat, plat).reste_des_locaux == pytest.approx(manque / 10)
    ouvertes = {p: float(np.ravel(g.valeur)[rang]) for p, g in restes_a_charge(vue.ev).items()}
    assert A_TROUVER not in ouvertes
    groupes = resume.parts_par_groupe("Caf de la Seine-Saint-Denis", "Ville de La Courneuve")
    assert groupes[A_TROUVER] == pytest.approx(parts[A_TROUVER] / 10)
    table = tableaux_exploitation.table_modes([resume], "Caf de la Seine-Saint-Denis", "Ville de La Courneuve")
    assert A_TROUVER in table.entetes
    assert "à trouver" in tableaux_exploitation.locaux_en_clair(resume)


def test_le_point_mort_se_lit_sur_le_plan_boucle(micro, plat):
    """Same case: the deficit before the commune is 1,000 € of rent and what no grant releases, not ten years of unpaid works."""
    sans_pret = varier(micro, "sans", {"prets": []})
    trouve = chercher(plat, micro, sans_pret, "exploitation.taux_occupation", (0.6, 0.7))
    donnees = 60_000 + 225_000 + 1_000 + 7_200 + 6 * 600 - 60_000
    attendu = 105_000 + 15_000 + 1_000 + 22_500 - 96_000 - 24_000 - min(donnees, 225_000) / 10
    assert trouve.manques[0] == pytest.approx(attendu / 10, abs=0.01)


def test_un_forfait_ne_change_pas_ce_qu_il_faudrait(micro, plat):
    """A lump of 500 € by place leaves the operator in deficit: what balance would take is the same, the deficit has its party."""
    dit = varier(micro, "forfait", {"exploitation.contribution_commune": {"mode": "forfait", "par_place": d(500)}})
    un, autre = (
        resumer(r.vue(), r, plat)
        for r in (Resultat.calculer(replace(micro, etude=e, variantes={BASE: e}), plat) for e in (micro.etude, dit))
    )
    assert autre.parts["Ville de La Courneuve"] == pytest.approx(500)
    assert autre.parts[ASSOCIATION] == pytest.approx(un.parts["Ville de La Courneuve"] - 500, abs=0.01)
    assert autre.a_l_equilibre == pytest.approx(un.a_l_equilibre, abs=0.01)


def test_les_six_modes_ne_dependent_pas_du_plan_du_proprietaire(moteur):
    """The rent is stated: closing the owner's plan moves no operator's account; what the owner lacks is shown."""
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "modes_d_accueil.yaml"), moteur)
    for vue in resultat.vues():
        assert vue.est_ouverte
        resume = resumer(vue, resultat, moteur)
        assert resume.loue
        assert resume.reste_des_locaux > 10_000
        rang = rang_de_croisiere(vue.ev, vue.rang)
        ouvertes = {
            p: float(g.valeur.reshape(-1, g.valeur.shape[-1])[vue.rang % len(g.valeur), rang])
            for p, g in restes_a_charge(vue.ev).items()
        }
        assert resume.parts == {p: pytest.approx(v / resume.places, abs=0.01) for p, v in ouvertes.items()}
