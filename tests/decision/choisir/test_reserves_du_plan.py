"""What a plan rests on, said: a ceiling read on what is paid, a bridge on grants that nobody notified, a grant taken in part, a refused one, own funds."""

import pytest

import pope_foncier as pf
from pope_foncier.decision.choisir import regles as regles_du_plan
from pope_foncier.vues.decision.choisir import tableaux_plan
from tests.conftest import GARE


@pytest.fixture(scope="module", autouse=True)
def sans_durees():
    donnees = regles_du_plan.lire_limites_du_plan()
    courtes = donnees.model_copy(update={"autres_plans": 2})
    with pytest.MonkeyPatch.context() as patch:
        for module in ("structures", "plan_arrete", "plan_optimal", "regles"):
            patch.setattr(f"pope_foncier.decision.choisir.{module}.lire_limites_du_plan", lambda *_: courtes)
        yield


@pytest.fixture(scope="module")
def gare():
    return pf.ouvrir("gare_saint_denis")


@pytest.fixture(scope="module")
def plan(gare):
    return pf.meilleur_plan(gare, plafond_pret=0)


def test_le_plafond_porte_sur_ce_qui_est_paye_pas_sur_le_forfait(gare, plan):
    """The lump of the plan would pass a ceiling a little above it, and breaks it once indexed: the plan found under that ceiling pays no more than it."""
    forfait = plan.montants["contribution"]
    paye = plan.etude.calculer()["contribution_par_place"].valeur
    plafond = (forfait + paye) / 2
    assert forfait < plafond < paye
    sous = pf.meilleur_plan(gare, plafond_pret=0, plafond_contribution=plafond)
    assert sous.etude.calculer()["contribution_par_place"].valeur <= plafond + 0.005
    assert sous.regles.loc["contribution", "valeur"] == pytest.approx(
        sous.etude.calculer()["contribution_par_place"].valeur
    )
    assert sous.objectif > plan.objectif, "une règle de plus coûte"


def test_un_relais_sur_des_aides_esperees_se_dit(plan):
    """Every grant of the station is hoped for: the sentence says that the bridge rests on none that is notified."""
    taille, notifiee = plan._trouve.plan.relais
    assert taille > 100_000
    assert notifiee == 0.0
    assert "aucune n'est notifiée" in repr(plan)
    assert "une banque ne prête que sur une aide notifiée" in repr(plan)


def test_une_aide_plus_forte_prise_en_partie_se_dit(gare):
    """Twice the Piaje: taken whole it empties the cash, as the engine reads it on the whole grant; the sentence says both amounts and what lacks."""
    trouve = pf.meilleur_plan(gare.varier({"aides[piaje].par_place": 26_000}), plafond_pret=0)
    (partie,) = trouve._trouve.en_partie
    assert partie.entier == pytest.approx(12 * 26_000)
    assert partie.montant < partie.entier - 1_000
    assert partie.manques
    assert "n'est prise qu'en partie" in repr(trouve)
    entiere = trouve.etude.varier({"aides[piaje].coefficient": 1.0})
    assert entiere.calculer()["tresorerie_manquante"].valeur > 1_000


def test_le_meme_plan_moins_une_aide_n_est_pas_un_autre_genre(plan):
    plans = (plan._trouve.plan, *plan._trouve.autres)
    genres = [(p.structure.montage, p.structure.conditions, p.structure.relais, bool(p.candidat.aides)) for p in plans]
    assert len(set(genres)) == len(genres)


def test_les_fonds_propres_sont_dans_la_phrase(gare):
    trouve = pf.meilleur_plan(gare, plafond_pret=0, plafond_fonds_propres=20_000)
    assert trouve.montants["plan_fonds_propres"] == pytest.approx(20_000, abs=1)
    assert "fonds propres : 20\u202f000\u00a0€" in repr(trouve)


def test_une_condition_non_remplie_est_un_refus_pas_une_verification():
    trouve = pf.meilleur_plan(pf.ouvrir(GARE), plafond_pret=0)._trouve
    etats = {a.libelle: a.refusee for a in trouve.a_verifier}
    for aide in trouve.a_verifier:
        assert etats[aide.libelle] == aide.raison.startswith("condition non remplie")
    lus = tableaux_plan.laisses(trouve).to_frame()
    assert set(lus["État"]) <= {"impossible", "aide à vérifier", "refusée", "écarté", "à vérifier"}


def test_sans_place_le_refus_le_dit(gare):
    with pytest.raises(pf.ErreurPope, match="aucune place à financer"):
        pf.meilleur_plan(gare.scenarios["ne_rien_faire"])
