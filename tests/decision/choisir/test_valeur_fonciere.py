"""Residual land value: the condition holds at the price found and not a euro above, read by the commune's own budget; refusals."""

import pytest

import pope_foncier as pf
from pope_foncier.decision.choisir.valeur_fonciere import champ_du_foncier, du_montage
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier
from tests.conftest import COQUE, GARE


def payeur(dossier, moteur, champ, valeur):
    """What a place costs the commune by year if it paid all that is to find too, as the comparison of options reads it."""
    etude = varier(dossier, "essai", {champ: valeur})
    seul = type(dossier)(dossier.nom, etude, dossier.site, {BASE: etude})
    return ce_que_paie_la_commune(Resultat.calculer(seul, moteur).vue(BASE)).tout_compris


def test_le_prix_trouve_tient_le_plafond_et_pas_mille_euros_de_plus(moteur, coque):
    etude = pf.ouvrir(COQUE)
    achat = du_montage(coque, "achat_association")
    plafond = payeur(achat, moteur, "acquisition.prix", 650_000)
    valeur = pf.valeur_fonciere(etude, cout_commune=plafond, montage="achat_association")
    assert valeur.champ == "acquisition.prix"
    assert valeur.valeur == pytest.approx(650_000, rel=1e-6)
    assert payeur(achat, moteur, "acquisition.prix", valeur.valeur + 1_000) > plafond
    assert "peut aller jusqu'à 650" in repr(valeur)


@pytest.mark.parametrize("montage", ["achat_association", "sci_loue"])
def test_le_prix_trouve_tient_aussi_dans_la_comparaison(moteur, coque, montage):
    """A company that holds the walls hides neither its capital nor the cash that its rent takes: at the price found, `comparer` reads the ceiling."""
    valeur = pf.valeur_fonciere(pf.ouvrir(COQUE), cout_commune=9_000, montage=montage)
    assert payeur(du_montage(coque, montage), moteur, valeur.champ, valeur.valeur) == pytest.approx(9_000, abs=0.5)
    assert payeur(du_montage(coque, montage), moteur, valeur.champ, valeur.valeur + 50_000) > 9_000


def test_sans_achat_c_est_le_loyer_et_trop_cher_des_le_depart_se_dit():
    valeur = pf.valeur_fonciere(pf.ouvrir(GARE), couverture=50)
    assert valeur.champ == "titre_occupation.loyer_m2_an"
    assert str(valeur.valeur) == "nan"
    assert "aucune" in repr(valeur)
    sans_limite = pf.valeur_fonciere(pf.ouvrir(GARE), a_trouver=1e9, entre=(0, 200))
    assert sans_limite.valeur == float("inf")
    assert "n'est pas limité" in repr(sans_limite)


def test_le_cout_de_la_commune_est_celui_de_sa_page(resultat):
    vue = resultat.vue(BASE)
    attendu = ce_que_paie_la_commune(vue).tout_compris
    visee = pf.viser(pf.ouvrir(GARE), "travaux.cout_m2_ht", "cout_commune_par_place", attendu)
    assert visee.valeurs == pytest.approx([vue.ev.ctx.etude.travaux.cout_m2_ht.valeur], rel=1e-6)


def test_sans_exploitation_le_plafond_de_la_commune_ne_dit_rien():
    etude = pf.ouvrir(GARE).varier({"exploitation": None, "demarrage": None})
    valeur = pf.valeur_fonciere(etude, cout_commune=9_000)
    assert str(valeur.valeur) == "nan"
    assert "il manque Exploitation (l'étude ne la décrit pas)" in repr(valeur)


def test_ce_qui_est_refuse(coque):
    etude = pf.ouvrir(COQUE)
    with pytest.raises(pf.ErreurCalcul, match="une seule condition"):
        pf.valeur_fonciere(etude, couverture=1.1, cout_commune=9_000)
    with pytest.raises(pf.Inconnu, match="Montage inconnu"):
        pf.valeur_fonciere(etude, couverture=1.1, montage="achat_asociation")
    with pytest.raises(pf.ErreurCalcul, match="impossible"):
        pf.valeur_fonciere(etude, couverture=1.1, montage="bail_administratif")
    sans = coque.etude.model_copy(
        update={"titre_occupation": coque.etude.titre_occupation.model_copy(update={"loyer_m2_an": None})}
    )
    with pytest.raises(pf.ErreurCalcul, match="ni prix d'achat ni loyer"):
        champ_du_foncier(sans)
