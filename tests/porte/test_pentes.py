"""Slopes at the door: what each input changes in a figure, what is refused, what an explanation adds."""

import numpy as np
import pytest

import pope_foncier as pf

LOYER = "titre_occupation.loyer_m2_an"


@pytest.fixture(scope="module")
def resultat():
    return pf.ouvrir("gare_saint_denis").calculer()


def test_une_unite_de_plus_est_ce_que_l_etude_variee_dit(resultat):
    """One euro of rent, one point of fees, by the study varied and closed again at the door."""
    pentes = resultat.pentes("a_trouver.total")
    etude = pf.ouvrir("gare_saint_denis")
    for champ, plus in ((LOYER, 76), ("travaux.honoraires_part", 0.13)):
        autre = etude.varier({champ: plus}).calculer()["a_trouver.total"].valeur
        attendu = autre - resultat["a_trouver.total"].valeur
        assert pentes.loc[champ, "effet_unite"] == pytest.approx(attendu, abs=0.05)
        part = 1.0 if champ == LOYER else 100.0
        assert pentes.loc[champ, "effet_1pc"] == pytest.approx(
            attendu * part * pentes.loc[champ, "valeur"] / 100.0, rel=1e-3
        )


def test_le_tableau_dit_tout_et_se_trie_par_poids(resultat):
    pentes = resultat.pentes("a_trouver.total")
    assert list(pentes.columns) == [
        "libelle",
        "valeur",
        "unite",
        "effet_unite",
        "effet_1pc",
        "poids",
        "selon",
        "marche",
        "par",
    ]
    assert pentes.index.is_unique
    connus = pentes["poids"].dropna()
    assert connus.is_monotonic_decreasing
    assert (connus > 0).all()
    assert pentes.attrs == {"chiffre": "a_trouver.total", "libelle": "À trouver en tout", "unite": "€"}
    assert pentes.loc["territoire.ctg_signee", "selon"] == "oui ou non"


def test_ce_qui_agit_par_marches_dit_la_prochaine(resultat):
    pentes = resultat.pentes("a_trouver.total")
    mois = pentes.loc["delais.travaux_mois"]
    assert np.isnan(mois.effet_unite)
    assert mois.marche.startswith("ouverture retardée à 10\u00a0mois : +")
    assert "place perdue sous" in pentes.loc["programme.surface_m2", "marche"]


def test_la_loi_est_a_part(resultat):
    entrees, lois = resultat.pentes("a_trouver.total"), resultat.pentes("a_trouver.total", baremes=True)
    assert not set(entrees.index) & set(lois.index)
    assert "exploitation.psu.part" in lois.index
    assert "evolution.salaires" in entrees.index


def test_un_mois_d_une_ligne(resultat):
    """By hand: interest of a month moves with the rate as the balance before it over twelve."""
    pentes = resultat.pentes("tresorerie.cumul", "2027-02")
    assert "exploitation.taux_occupation" not in pentes.index, "rien n'est ouvert avant 2028"
    with pytest.raises(pf.ErreurCalcul, match="Mois hors de l'étude"):
        resultat.pentes("tresorerie.cumul", "2126-01")


def test_un_chiffre_inconnu_dit_ce_qui_manque():
    etude = pf.ouvrir("gare_saint_denis").varier({LOYER: {"a_obtenir_de": "le propriétaire"}})
    with pytest.raises(pf.Indetermine, match="Loyer ou redevance \\(à obtenir du propriétaire\\)"):
        etude.calculer().pentes("a_trouver")
    assert "Ce qui compte" not in etude.calculer()["a_trouver"].expliquer()


def test_un_inconnu_se_lit_au_milieu_de_son_intervalle(resultat):
    """The interval of the study is 30 to 120: its middle is the value that the study takes."""
    etude = pf.ouvrir("gare_saint_denis").varier({LOYER: {"a_obtenir_de": "le propriétaire", "intervalle": [30, 120]}})
    lues, connues = etude.calculer().pentes("a_trouver"), resultat.pentes("a_trouver")
    assert lues.attrs["au_milieu"] == {LOYER: 75.0}
    assert lues["poids"].to_dict() == pytest.approx(connues["poids"].to_dict(), rel=1e-6, nan_ok=True)


def test_le_plan_tel_quel_n_a_pas_de_pente_la_ou_il_n_a_pas_de_chiffre():
    tel_quel = (
        pf.ouvrir("coque_la_courneuve")
        .varier({"exploitation.contribution_commune": {"mode": "equilibre_comptable"}})
        .calculer("tel_quel")
    )
    with pytest.raises(pf.Indetermine, match="pas de pente"):
        tel_quel.pentes("contribution_totale")
    assert "travaux.cout_m2_ht" in tel_quel.pentes("besoins.total").index


def test_une_explication_dit_ce_qui_compte_le_plus(resultat):
    chiffre = resultat["a_trouver.total"]
    trois = resultat.pentes("a_trouver.total").head(3)
    derniere = chiffre.expliquer().splitlines()[-1]
    assert derniere.startswith("Ce qui compte le plus : ")
    places = [derniere.index(libelle) for libelle in trois["libelle"]]
    assert places == sorted(places)
    assert derniere.count(" ; ") == 2


def test_le_mois_explique_dit_ce_qui_compte_ce_mois_la(resultat):
    """Cash before the opening: neither the families nor the commune count yet."""
    tot = resultat.expliquer("tresorerie.cumul", "2027-06").splitlines()[-1]
    tard = resultat.expliquer("tresorerie.cumul", "2035-06").splitlines()[-1]
    assert tot.startswith("Ce qui compte le plus : ")
    assert "occupation facturé" in tard
    assert "occupation facturé" not in tot


def test_une_entree_que_la_fiche_refuse_de_bouger_seule_n_a_pas_d_effet_par_unite(resultat):
    """Opening hours alone would bill more without one more hour of staff: the sheet asks to move peak and quiet hours with them."""
    etude, pentes = pf.ouvrir("gare_saint_denis"), resultat.pentes("a_trouver.total")
    heures = ["exploitation.heures_jour", "exploitation.heures_pleines_jour", "exploitation.heures_creuses_jour"]
    assert pentes.loc[heures, ["effet_unite", "effet_1pc", "poids"]].isna().all().all()
    assert set(pentes.loc[heures, "selon"]) == {"ne bouge pas seule"}
    assert all(m.startswith("accorder « heures_pleines_jour »") for m in pentes.loc[heures, "marche"])
    with pytest.raises(pf.ErreurDonnees, match="heures pleines et creuses"):
        etude.varier({heures[0]: 12})
    ensemble = etude.varier({heures[0]: 12, heures[1]: 9}).calculer()
    assert ensemble["a_trouver.total"].valeur != resultat["a_trouver.total"].valeur
    liees = [c for c, s in pentes["selon"].items() if s == "ne bouge pas seule"]
    assert sorted(liees) == sorted(heures), "a grant at its whole, or a number of months, moves alone"


def test_ce_que_les_arrondis_laissent_n_est_pas_un_effet():
    """The commune balances the account: charges move what is to find by nothing but the rounding of sums that cancel out."""
    resultat = pf.ouvrir("modes_d_accueil").scenarios["micro_creche_paje"].calculer()
    for baremes in (False, True):
        pentes = resultat.pentes("a_trouver.total", baremes=baremes)
        assert pentes["poids"].dropna().min() > 1.0
    assert "exploitation.charges[repas].montant" not in resultat.pentes("a_trouver.total").index
