"""Loan of a study read as a loan alone: its schedule, placed on the months, is that of the ledger, whatever its clauses."""

from datetime import date

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.modele.clauses_de_pret import PROGRESSIFS
from pope_foncier.prets import PROFILS, echeancier, placer_sur_mois
from tests.conftest import COQUE, GARE


def v(valeur):
    return {"valeur": valeur, "base": "essai"}


CAUTION = {
    "genre": "caution",
    "garant": "France Active",
    "quotite": v(0.5),
    "commission": v(0.02),
    "assiette": "restante",
}
CLAUSES = {
    "tel quel": {},
    "progressif": {"profil": "progressif", "progression": v(0.02)},
    "trimestriel assuré": {"periodes_par_an": 4, "assurance": {"taux": v(0.003), "mode": "capital_restant_du"}},
    "différé total": {"differe": "total_capitalise"},
    "indexé": {
        "indexation": {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": v(0.006)},
        "taux": None,
    },
    "avec les travaux": {"suit_les_travaux": True},
    "avec les travaux, sans différé": {"suit_les_travaux": True, "differe_mois": None},
    "caution et frais": {"garantie": CAUTION, "frais": [{"montant": v(750), "libelle": "frais de dossier"}]},
    "daté": {"date_debut": date(2028, 2, 15)},
}
COLONNES = {
    "interets_payes": "interets",
    "remboursement": "remboursement",
    "capital_restant_du": "restant",
    "deblocages": "deblocage",
}


@pytest.mark.parametrize("clauses", CLAUSES.values(), ids=CLAUSES)
def test_le_meme_echeancier_que_le_livre(clauses):
    champs = {f"prets[banque].{nom}": valeur for nom, valeur in clauses.items()}
    resultat = pf.ouvrir(GARE).varier(champs).calculer()
    ev, rang = resultat._vue.ev, resultat._vue.rang
    emprunt = emprunt_de(ev, "banque", rang)
    debloque = resultat.serie("emprunts.banque.deblocage").to_numpy()
    premier = int(np.flatnonzero(debloque)[0])
    places = placer_sur_mois(echeancier(emprunt), len(debloque), premier)
    for colonne, code in COLONNES.items():
        lu = resultat.serie(f"emprunts.banque.{code}").to_numpy()
        np.testing.assert_allclose(places[colonne][0], lu, atol=1e-6, err_msg=colonne)
    assert (emprunt.date_debut.year, emprunt.date_debut.month) == (
        ev.ctx.echelle.date_du_mois(premier).year,
        ev.ctx.echelle.date_du_mois(premier).month,
    )


def test_le_cout_d_une_hypotheque_est_un_frais_hors_teg():
    champs = {"titre_occupation.genre": "propriete", "prets[banque].garantie": {"genre": "hypotheque"}}
    resultat = pf.ouvrir(COQUE).varier(champs | {"titre_occupation.droits_reels": True}).calculer()
    emprunt = emprunt_de(resultat._vue.ev, "banque", 0)
    (acte,) = emprunt.frais
    assert not acte.dans_teg
    assert float(np.ravel(acte.montant)[0]) == pytest.approx(resultat.serie("emprunts.banque.garantie").sum())


def test_un_pret_inconnu_est_refuse():
    with pytest.raises(pf.Inconnu, match="Peut-être : banque"):
        emprunt_de(pf.ouvrir(GARE).calculer()._vue.ev, "banq")


def test_un_taux_indexe_s_explique_par_son_indice_et_sa_marge():
    champs = {f"prets[banque].{nom}": valeur for nom, valeur in CLAUSES["indexé"].items()}
    dit = " ".join(
        str(pf.ouvrir(GARE).varier(champs).calculer().expliquer("emprunts.banque.interets", "2030-05")).split()
    )
    for ligne in (
        "2,3 % — prêt bancaire à l'association, taux",
        "1,7 % — livret A, taux annuel",
        "0,6 % — prêt bancaire à l'association, marge",
    ):
        assert ligne in dit
    assert "b = " not in dit


def test_une_indemnite_tardive_n_est_pas_un_frais_du_depart():
    """An indemnity of 2036, years after the opening: no use of the plan, and still paid."""
    anticipe = {"mois": v(96), "montant": v(20_000), "indemnite": {"mode": "pourcentage", "pourcentage": v(0.03)}}
    resultat = pf.ouvrir(GARE).varier({"prets[banque].anticipes": [anticipe]}).calculer()
    assert resultat.serie("emprunts.banque.autres_frais").sum() == pytest.approx(600)
    assert "besoins.frais_banque" not in resultat._vue.ev.livre.lignes


def test_le_refus_d_une_hypotheque_garde_ses_sigles():
    with pytest.raises(pf.ErreurDonnees, match=r"\(COT, AOT\)"):
        pf.ouvrir(GARE).varier(
            {"prets[banque].garantie": {"genre": "hypotheque"}, "prets[banque].emprunteur": "gestionnaire"}
        )


def test_les_profils_qui_progressent_sont_ceux_du_moteur():
    assert set(PROGRESSIFS) == {nom for nom, profil in PROFILS.items() if profil.progresse}


def test_un_remboursement_anticipe_plus_grand_que_le_pret_est_refuse_dans_l_etude():
    with pytest.raises(pf.ErreurDonnees, match="plus que le prêt"):
        pf.ouvrir(GARE).varier({"prets[banque].anticipes": [{"mois": v(60), "montant": v(3_000_000)}]})
