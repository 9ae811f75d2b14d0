"""Own funds of a plan: their worth when nobody may bring any, the members' money last when two plans cost the commune the same, unknown inputs refused."""

from dataclasses import replace

import pytest

import pope_foncier as pf
from pope_foncier.decision.choisir import regles as regles_du_plan
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision.choisir import tableaux_plan
from tests.conftest import COQUE, GARE

ILLIMITES = 1e9


@pytest.fixture(scope="module", autouse=True)
def sans_produits():
    """No term beside that of the study: the searches are the same, shorter."""
    donnees = regles_du_plan.lire_limites_du_plan()
    courtes = donnees.model_copy(
        update={"durees_mois": donnees.durees_mois.model_copy(update={"valeurs": ()}), "autres_plans": 2}
    )
    with pytest.MonkeyPatch.context() as patch:
        for module in ("structures", "plan_arrete", "plan_optimal", "regles"):
            patch.setattr(f"pope_foncier.decision.choisir.{module}.lire_limites_du_plan", lambda *_: courtes)
        yield


@pytest.fixture(scope="module")
def coque():
    return pf.ouvrir(COQUE)


@pytest.fixture(scope="module")
def sans_fonds(coque):
    return pf.meilleur_plan(coque)


@pytest.fixture(scope="module")
def avec_fonds(coque):
    return pf.meilleur_plan(coque, plafond_fonds_propres=ILLIMITES)


def test_des_fonds_propres_que_personne_n_apporte_ont_leur_prix(coque, sans_fonds):
    """A ceiling of zero that binds: one euro is worth what ten thousand more take off the cost, over ten thousand."""
    valeurs = sans_fonds.valeurs.set_index("ressource")
    assert "plafond : fonds propres" in repr(sans_fonds).split("Ce qui lie")[1]
    autre = pf.meilleur_plan(coque, plafond_fonds_propres=10_000)
    euro = (sans_fonds.objectif - autre.objectif) / 10_000
    assert valeurs.loc["Fonds propres", "duale"] == pytest.approx(euro, rel=0.01)
    assert valeurs.loc["Fonds propres", "retrouvee"] == pytest.approx(euro, rel=0.01)


def test_les_aides_d_abord_l_argent_des_membres_en_dernier(coque, sans_fonds, avec_fonds):
    """With no ceiling on own funds the cost falls to what the operation takes; every grant that the other plan takes is still taken."""
    aides = sorted(sans_fonds._trouve.plan.candidat.aides)
    assert aides
    assert avec_fonds.objectif < sans_fonds.objectif - 500_000
    assert list(avec_fonds.montants[aides]) == pytest.approx(list(sans_fonds.montants[aides]), abs=1.0)
    sans_aide = next(p for p in avec_fonds._trouve.autres if not p.candidat.aides)
    assert avec_fonds.objectif == pytest.approx(sans_aide.objectif, abs=10.0), "le même coût pour la commune"
    epargne = sans_aide.montants["plan_fonds_propres"] - avec_fonds.montants["plan_fonds_propres"]
    assert epargne == pytest.approx(avec_fonds.montants[aides].sum(), rel=0.05), (
        "autant d'aides, moins d'argent des membres"
    )


def test_d_un_montage_a_l_autre_c_est_le_cout_par_place_et_par_an_qui_est_dit(sans_fonds):
    """Tenures of different lengths are ranked by place and year: the sentence names that first, not the present cost, which may be higher."""
    trouve = sans_fonds._trouve
    candidat = trouve.plan.candidat
    ailleurs = replace(candidat, structure=replace(candidat.structure, montage="Achat par l'association"))
    dit = tableaux_plan.phrase(replace(trouve, plan=replace(trouve.plan, candidat=ailleurs)))
    par_place = f"{euros(trouve.plan.cout_par_place_an)} par place et par an d'ouverture"
    assert f"le plus bas coût actualisé de la commune par place et par an : {par_place}" in dit
    assert f"soit {euros(trouve.plan.cout_ville)} en tout" in dit
    assert "par place et par an : " not in repr(sans_fonds)


@pytest.mark.parametrize(
    ("champ", "nom"), [("travaux.cout_m2_ht", "Coût des travaux au m²"), ("titre_occupation.loyer_m2_an", "Loyer")]
)
def test_une_donnee_inconnue_est_nommee(champ, nom):
    etude = pf.ouvrir(GARE).varier({champ: {"a_obtenir_de": "essai"}})
    with pytest.raises(pf.ErreurCalcul, match=f"il manque {nom}.*à obtenir d.essai"):
        pf.meilleur_plan(etude)
