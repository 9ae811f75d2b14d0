"""Payment terms, retention, equity with a right of recovery, VAT that comes back, calendar of the Caf."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.etude.scenarios import varier
from pope_foncier.etude.tirages import tirer_aides
from pope_foncier.socle.erreurs import ErreurDonnees

PORTEUR = "Association gestionnaire"


def evaluer(dossier, moteur, **surcharges):
    etude = dossier.etude
    if surcharges:
        etude = varier(dossier, "essai", {c.replace("__", "."): v for c, v in surcharges.items()})
    return moteur.evaluer(replace(dossier, variantes={"base": etude}))[0]


def hypothese(valeur):
    return {"valeur": valeur, "base": "essai"}


def test_la_courbe_en_s_et_la_retenue_calculees_a_part(dossier, moteur):
    """9 months of works from month 9, paid a month later: shares of 3x² − 2x³, 5 % kept until month 18 + 12."""
    ev = evaluer(dossier, moteur)
    paye = ev.livre["tresorerie.travaux"].valeur.reshape(-1)
    total = 1.2 * (ev.cout.travaux_ht.valeur.item() + ev.cout.aleas_ht.valeur.item())
    s = [3 * (k / 9) ** 2 - 2 * (k / 9) ** 3 for k in range(10)]
    for k in range(9):
        assert paye[10 + k] == pytest.approx(0.95 * total * (s[k + 1] - s[k]))
    assert paye[30] == pytest.approx(0.05 * total)
    assert paye.sum() == pytest.approx(total)
    assert paye[13] > paye[10], "lent au début"


@settings(max_examples=25)
@given(
    delai=st.integers(0, 3),
    retenue=st.floats(0, 0.05),
    attente=st.integers(0, 18),
    travaux=st.integers(0, 20),
    courbe=st.sampled_from(["reguliere", "en_s"]),
)
def test_les_travaux_sont_toujours_payes_en_entier(dossier, moteur, delai, retenue, attente, travaux, courbe):
    termes = {
        "courbe": courbe,
        "delai_paiement_mois": hypothese(delai),
        "retenue_garantie_part": hypothese(retenue),
        "retenue_garantie_mois": hypothese(attente),
    }
    ev = evaluer(dossier, moteur, reglements=termes, delais__travaux_mois=travaux)
    total = 1.2 * (ev.cout.travaux_ht.valeur.item() + ev.cout.aleas_ht.valeur.item())
    assert ev.livre["tresorerie.travaux"].valeur.sum() == pytest.approx(total, abs=0.01)
    assert (ev.livre["tresorerie.travaux"].valeur >= -1e-9).all()


@settings(max_examples=15)
@given(plus_tard=st.integers(1, 12))
def test_payer_plus_tard_n_aggrave_jamais_le_besoin(dossier, moteur, plus_tard):
    avant = evaluer(dossier, moteur, exploitation__contribution_commune="aucune")
    apres = evaluer(
        dossier,
        moteur,
        exploitation__contribution_commune="aucune",
        reglements__delai_paiement_mois=1 + plus_tard,
        reglements__retenue_garantie_mois=12 + plus_tard,
    )
    creux = f"tresorerie.point_bas.{PORTEUR}"
    assert apres.livre[creux].valeur.item() >= avant.livre[creux].valeur.item() - 0.005


def apport(nature, **champs):
    return {
        "id": "fonds",
        "libelle": "Fonds",
        "apporteur": "Fondateurs",
        "nature": nature,
        "montant": hypothese(60_000),
        "mois_versement": hypothese(2),
        **champs,
    }


def test_un_apport_avec_droit_de_reprise_est_rendu_sans_interet(dossier, moteur):
    reprise = {"reprise_differe_mois": hypothese(24), "reprise_duree_mois": hypothese(60)}
    base = evaluer(dossier, moteur)
    ev = evaluer(dossier, moteur, apports=[apport("droit_de_reprise", **reprise)])
    assert ev.plan.reste_a_financer.valeur.item() == pytest.approx(base.plan.reste_a_financer.valeur.item() - 60_000)
    rendu = ev.livre["tresorerie.reprise.fonds"].valeur.reshape(-1)
    assert rendu.sum() == pytest.approx(60_000)
    assert list(np.flatnonzero(rendu)) == list(range(26, 86))
    assert rendu[26] == pytest.approx(1_000)
    propres = evaluer(dossier, moteur, apports=[apport("fonds_propres")])
    assert "tresorerie.reprise.fonds" not in propres.livre.lignes


@pytest.mark.parametrize("nature", ["fonds_propres", "droit_de_reprise"])
def test_un_apport_incoherent_est_refuse(dossier, nature):
    champs = {"reprise_differe_mois": hypothese(24)}
    with pytest.raises(ErreurDonnees, match="droit de reprise a un différé et une durée"):
        varier(dossier, "essai", {"apports": [apport(nature, **champs)]})


def test_le_fctva_vient_deux_ans_apres_la_depense(dossier, moteur):
    """16.404 % of the spending with VAT of year n, in September of year n + 2; the whole plan counts it once."""
    ev = evaluer(
        dossier,
        moteur,
        acteurs__forme_maitre_ouvrage="collectivite",
        compensation_tva={"nature": "fctva", "annees": 2, "mois_versement": hypothese(9)},
    )
    depenses = sum(ev.livre[f"tresorerie.{c}"].valeur.reshape(-1) for c in ("etudes", "travaux", "equipement"))
    recu = ev.livre["tresorerie.compensation_tva"].valeur.reshape(-1)
    for annee in range(3):
        assert recu[12 * (annee + 2) + 8] == pytest.approx(0.16404 * depenses[12 * annee : 12 * annee + 12].sum())
    assert recu.sum() == pytest.approx(0.16404 * ev.cout.total_ttc.valeur.item())
    assert ev.livre["ressources.compensation_tva"].valeur.item() == pytest.approx(recu.sum())


def test_la_tva_recuperee_revient_apres_son_delai(dossier, moteur):
    """One sixth of what is paid with VAT at 20 %, three months later, to an owner subject to VAT."""
    ev = evaluer(
        dossier,
        moteur,
        acteurs__forme_maitre_ouvrage="sci",
        acteurs__maitre_ouvrage="proprietaire",
        compensation_tva={"nature": "recuperation", "delai_mois": hypothese(3)},
    )
    paye = sum(ev.livre[f"tresorerie.{c}"].valeur.reshape(-1) for c in ("etudes", "travaux", "equipement"))
    recu = ev.livre["tresorerie.compensation_tva"].valeur.reshape(-1)
    assert np.allclose(recu[3:], paye[:-3] / 6)
    assert ev.livre["ressources.compensation_tva"].valeur.item() == pytest.approx(ev.cout.total_ttc.valeur.item() / 6)
    assert recu[:3].sum() == 0


@pytest.mark.parametrize(
    ("compensation", "message"),
    [
        ({"nature": "fctva", "annees": 2, "mois_versement": hypothese(9)}, "le FCTVA ne va qu'à une collectivité"),
        ({"nature": "recuperation", "delai_mois": hypothese(3)}, "une crèche est hors TVA"),
        ({"nature": "fctva"}, "calendrier du retour de TVA incomplet"),
        ({"nature": "recuperation", "annees": 1, "mois_versement": hypothese(9)}, "calendrier du retour de TVA"),
    ],
)
def test_un_retour_de_tva_impossible_est_refuse(dossier, compensation, message):
    with pytest.raises(ErreurDonnees, match=message):
        varier(dossier, "essai", {"compensation_tva": compensation})


def test_la_caf_verse_des_acomptes_puis_un_solde(dossier, moteur):
    """70 % of the year's right spread over its open months, the balance in July of the next year."""
    ev = evaluer(dossier, moteur)
    droits = sum(
        np.broadcast_to(ev.livre[f"exploitation.produits.{c}"].valeur, (1, 360)).reshape(-1)
        for c in ("psu", "journees_pedagogiques", "bonus_territoire", "bonus_attractivite")
    )
    recu = ev.livre["tresorerie.caf"].valeur.reshape(-1)
    annee = [droits[12 * n : 12 * n + 12].sum() for n in range(30)]
    assert recu[12 + 6] == pytest.approx(0.7 * annee[1] / 6), "ouverture en juillet 2028 : six mois ouverts"
    assert recu[24 + 6] == pytest.approx(0.7 * annee[2] / 12 + 0.3 * annee[1])
    creance = np.maximum(np.cumsum(droits - recu), 0)
    assert ev.livre["tresorerie.creance_caf"].valeur.reshape(-1) == pytest.approx(creance, abs=0.005)
    assert ev.livre["besoins.fonds_de_roulement"].valeur.item() == pytest.approx(creance[18 : 18 + 12 + 12].max())


def test_sans_contribution_les_pertes_de_la_montee_en_charge_sont_un_besoin(dossier, moteur):
    ev = evaluer(dossier, moteur, exploitation__contribution_commune="aucune")
    autofinancement = ev.livre["exploitation.capacite_autofinancement"].valeur.reshape(-1)
    attendu = -np.cumsum(autofinancement[18:30]).min()
    assert attendu > 0
    assert ev.livre["besoins.pertes_ouverture"].valeur.item() == pytest.approx(attendu)


def test_les_aides_se_tirent_a_leur_probabilite(dossier, moteur):
    etude = varier(dossier, "essai", {"aides[piaje].probabilite": hypothese(0.25), "aides[caf93].probabilite": None})
    tirages = tirer_aides(etude, 4000, graine=3)
    assert list(tirages) == ["aides[piaje].coefficient"]
    assert tirages["aides[piaje].coefficient"].mean() == pytest.approx(0.25, abs=0.03)
    ev = moteur.tirer(dossier, {c: v[:200] for c, v in tirages.items()}, etude)
    obtenues = np.broadcast_to(ev.livre["ressources.piaje"].valeur, (200, 1))[:, 0]
    plein = moteur.evaluer(dossier, ["base"])[0].livre["ressources.piaje"].valeur.item()
    assert set(np.round(np.unique(obtenues), 2)) == {0.0, round(plein, 2)}
    assert np.array_equal(obtenues > 0, tirages["aides[piaje].coefficient"][:200] > 0)


def test_l_avis_du_financeur_doit_preceder_les_travaux(dossier, moteur):
    """Works start in October 2027 (month 9)."""
    for jour, etat in (
        (date(2027, 9, 15), "remplie"),
        (date(2027, 10, 1), "remplie"),
        (date(2027, 10, 2), "non_remplie"),
        (None, "a_verifier"),
    ):
        ev = evaluer(dossier, moteur, **{"aides[piaje].date_avis": jour} if jour else {})
        (avis,) = (c for c in ev.subventions[0].conditions if c.type == "avis_avant_travaux")
        assert avis.etat() == etat, jour
        assert (ev.livre["ressources.piaje"].valeur.item() == 0) == (etat == "non_remplie")


def test_une_aide_paie_a_mi_travaux(dossier, moteur):
    """Payments 30/50/20 at the start, mid-works and reception: 9 months of works from month 9, so months 9, 13 and 18."""
    versements = [
        {"evenement": e, "part": p, "delai_mois": 0}
        for e, p in (("demarrage_travaux", 0.3), ("mi_travaux", 0.5), ("reception", 0.2))
    ]
    ev = evaluer(dossier, moteur, **{"aides[piaje].versements": versements})
    recu = np.broadcast_to(ev.livre["tresorerie.aide.piaje"].valeur, (1, 360)).reshape(-1)
    montant = ev.livre["ressources.piaje"].valeur.item()
    assert {int(m): round(recu[m] / montant, 6) for m in np.flatnonzero(recu)} == {9: 0.3, 13: 0.5, 18: 0.2}
