"""Owner that makes the premises and lets them: its capital is paid by its rent, and the start of the operator is funded apart.

Every expected amount is computed here from the sheet of the study, without the engine.
"""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.analyse.bouclage import boucler
from pope_foncier.analyse.caisses import caisses, manque_en_tout
from pope_foncier.analyse.capital import remuneration
from pope_foncier.analyse.epreuves import eprouver
from pope_foncier.analyse.lectures import a_trouver, capital_a_trouver
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from pope_foncier.finances.flux import van
from pope_foncier.projet.fiche_bouclage import DEMARRAGE
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues import lectures, note, tableaux_epreuves, tableaux_financement
from tests.conftest import DONNEES

BAILLEUR, ASSOCIATION = "Bailleur du local", "Association gestionnaire"
MODES = DONNEES / "etudes" / "modes_d_accueil.yaml"
ATTENTE = {"delais.reception_ouverture_mois": {"valeur": 2, "base": "essai"}}
SURFACE, LOYER = 410, 140


@pytest.fixture(scope="module")
def modes():
    return ouvrir(MODES)


def voir(modes, moteur, surcharges=None):
    etude = varier(modes, "essai", surcharges) if surcharges else modes.etude
    return Resultat.calculer(replace(modes, etude=etude, variantes={BASE: etude}), moteur).vue()


def mois_payes(vue, code):
    flux = vue.mensuel(code)
    return {int(m): float(flux[m]) for m in np.flatnonzero(flux)}


def bail_de_quinze_ans():
    """Duties and notary of 15 years of rent, 861,000 €: 0.70 %, 0.10 %, and a scale with VAT (fifteen years, more than twelve)."""
    loyers = SURFACE * LOYER * 15
    notaire = 6_500 * 0.01645 + 10_500 * 0.00905 + 13_000 * 0.00617 + (loyers - 30_000) * 0.00452
    return loyers * 0.007 + loyers * 0.001 + 1.2 * notaire


def test_le_loyer_part_de_la_remise_des_locaux_et_son_attente_est_financee(modes, moteur):
    """Works from month 9 to 18, opening in month 20 of 2028: two months of 410 m² × 140 € ÷ 12 × 1.018, none before."""
    vue = voir(modes, moteur, ATTENTE)
    mensuel = SURFACE * LOYER / 12 * 1.018
    payes = mois_payes(vue, "tresorerie.loyer")
    assert min(payes) == 18
    assert payes[18] == payes[19] == pytest.approx(mensuel)
    assert vue.montant("besoins.loyer_avant_ouverture") == pytest.approx(2 * mensuel)
    assert vue.mensuel("exploitation.charges.loyer")[:20].sum() == 0, "avant l'ouverture, hors du compte"
    autres = bail_de_quinze_ans() + vue.montant("besoins.pertes_ouverture") + vue.montant("besoins.fonds_de_roulement")
    assert vue.valeur(vue.ev.plan.manque_du_gestionnaire) == pytest.approx(2 * mensuel + autres)
    recu = mois_payes(vue.bouclee, f"tresorerie.bouclage.{DEMARRAGE.id}")
    assert list(recu.values()) == pytest.approx([2 * mensuel + autres])
    assert min(recu) <= 18, "l'argent est là avant le premier loyer"
    ligne = vue.bouclee.ev.livre.lignes[f"tresorerie.bouclage.{DEMARRAGE.id}"]
    assert (ligne.payeur, ligne.receveur) == ("À trouver", ASSOCIATION)


def test_la_caisse_du_gestionnaire_est_celle_du_compte_et_de_son_demarrage(modes, moteur):
    """By party: start received − lease − rent before the opening + self-financing − aid of the Caf still due at the end."""
    vue = voir(modes, moteur, ATTENTE).bouclee
    compte = vue.ev.compte
    demarrage = sum(mois_payes(vue, f"tresorerie.bouclage.{DEMARRAGE.id}").values())
    attendu = demarrage - bail_de_quinze_ans() - 2 * SURFACE * LOYER / 12 * 1.018
    attendu += vue.valeur(compte.capacite_autofinancement) - vue.valeur(compte.reste_du)
    _, gestionnaire = caisses(vue)
    assert gestionnaire.acteur == ASSOCIATION
    assert gestionnaire.cumul[-1] == pytest.approx(attendu, abs=0.01)


def test_a_trouver_est_un_capital_et_n_est_compte_qu_une_fois(modes, moteur):
    """The works are brought as capital in month 0; cash at the end is the rents alone, which give that capital back or not."""
    vue = voir(modes, moteur)
    cout = vue.valeur(vue.ev.cout.total_ttc)
    assert capital_a_trouver(vue) == pytest.approx(cout, abs=0.01)
    assert a_trouver(vue) - capital_a_trouver(vue) == pytest.approx(vue.valeur(vue.ev.plan.manque_du_gestionnaire))
    loyers = sum(SURFACE * LOYER / 12 * 1.018 ** (2027 + m // 12 - 2027) for m in range(18, 180))
    proprietaire, _ = caisses(vue)
    assert proprietaire.cumul[0] == pytest.approx(cout - vue.bouclee.mensuel("tresorerie.etudes")[0])
    assert proprietaire.cumul[-1] == pytest.approx(loyers, abs=0.01)
    lu = remuneration(vue)
    assert lu.rendu == pytest.approx(loyers, abs=0.01)
    assert np.isnan(lu.taux), "les loyers rendent moins que le capital"
    assert lu.loyer_qui_rend == pytest.approx(LOYER * cout / loyers)
    assert "lus comme un capital" in lectures.phrase(vue)
    assert "une seule fois" in lectures.capital(vue)
    assert not [a for a in vue.bouclee.ev.subventions if a.aide.id == "bouclage.a_trouver"], "jamais une subvention"


def test_un_loyer_assez_haut_rend_le_capital_et_dit_a_quel_taux(modes, moteur):
    vue = voir(modes, moteur, {"titre_occupation.loyer_m2_an": {"valeur": 280, "base": "essai"}})
    lu = remuneration(vue)
    flux = vue.bouclee.mensuel(f"solde.{BAILLEUR}").copy()
    flux[0] -= capital_a_trouver(vue)
    assert lu.taux > 0
    assert van(flux[np.newaxis], lu.taux, np.arange(180) / 12)[0] == pytest.approx(0, abs=0.05)
    assert lu.rendu == pytest.approx(lu.apporte + flux.sum(), abs=0.01)


def test_un_pret_du_gestionnaire_paie_d_abord_son_demarrage(modes, moteur):
    """50,000 € borrowed by the operator: that much less to be found for its start, nothing less for the owner."""
    h = {"base": "essai"}
    pret = {
        "id": "asso",
        "libelle": "Prêt à l'association",
        "preteur": "Banque",
        "emprunteur": "gestionnaire",
        "profil": "annuite_constante",
        "montant": {"valeur": 50_000, **h},
        "taux": {"valeur": 0, **h},
        "duree_mois": {"valeur": 60, **h},
        "differe_mois": {"valeur": 12, **h},
    }
    nu, avec = voir(modes, moteur), voir(modes, moteur, {"prets": [pret]})
    assert capital_a_trouver(avec) == pytest.approx(capital_a_trouver(nu))
    couvert = avec.montant("ressources.prets_du_gestionnaire")
    assert couvert == 50_000
    assert avec.valeur(avec.ev.plan.manque_du_gestionnaire) == pytest.approx(
        avec.montant("besoins.pertes_ouverture") + avec.montant("besoins.fonds_de_roulement")
        + bail_de_quinze_ans() - 50_000
    )  # fmt: skip
    gros = voir(modes, moteur, {"prets": [pret | {"montant": {"valeur": 900_000, **h}}]})
    assert gros.valeur(gros.ev.plan.manque_du_gestionnaire) == pytest.approx(0, abs=0.01)
    assert capital_a_trouver(gros) == pytest.approx(capital_a_trouver(nu)), "il ne paie pas les travaux d'un autre"


def test_un_apporteur_du_proprietaire_ne_paie_pas_le_demarrage(modes, moteur):
    don = {"id": "ville", "libelle": "Ville", "nature": "subvention", "apporteur": "Ville de La Courneuve"}
    vue = voir(modes, moteur, {"bouclage": [don]})
    apportes = {cle: vue.bouclee.valeur(g) for cle, g in vue.bouclee.ev.ctx.bouclage.items()}
    assert apportes["ville"] == pytest.approx(vue.valeur(vue.ev.cout.total_ttc), abs=0.01)
    assert apportes[DEMARRAGE.id] == pytest.approx(vue.valeur(vue.ev.plan.manque_du_gestionnaire), abs=0.01)
    with pytest.raises(ErreurDonnees, match="a_trouver_demarrage"):
        varier(modes, "pris", {"bouclage": [don | {"id": DEMARRAGE.id}]})


def test_qui_fait_ses_travaux_n_a_qu_une_caisse_et_qu_un_plan(dossier, moteur):
    vue = Resultat.calculer(dossier, moteur).vue()
    assert [c.acteur for c in caisses(vue)] == [vue.ev.ctx.etude.acteurs.gestionnaire]
    assert vue.valeur(vue.ev.plan.manque_du_gestionnaire) == 0
    assert DEMARRAGE.id not in vue.bouclee.ev.ctx.bouclage
    assert lectures.capital(vue) == ""


def test_les_deux_parties_sont_nommees_partout(modes, moteur):
    dossier = replace(modes, variantes={BASE: modes.etude})
    resultat = Resultat.calculer(dossier, moteur)
    vue = resultat.vue()
    assert f"« {BAILLEUR} »" in lectures.caisse(vue)
    assert f"« {ASSOCIATION} » encore manquante" in lectures.caisse(vue)
    table = tableaux_financement.tresorerie(vue)
    assert [sum(qui in e for e in table.entetes) for qui in (BAILLEUR, ASSOCIATION)] == [2, 2]
    page = note.rediger(resultat, moteur)
    assert lectures.caisse(vue).replace("'", "&#x27;") in page
    assert "Les épreuves les plus dures" in page
    assert manque_en_tout(vue) == sum(c.manque for c in caisses(vue))


def test_les_epreuves_les_plus_dures_sont_celles_des_deux_parties(modes, moteur):
    """Occupancy takes nothing from the owner and most from the operator: it comes first all the same."""
    vue = voir(modes, moteur)
    effets = eprouver(vue)
    table = tableaux_epreuves.les_plus_dures(vue, effets)
    assert table.entetes[2:] == (f"à avancer : {BAILLEUR}", f"à avancer : {ASSOCIATION}"), (
        "sans dette, pas de couverture"
    )
    classes = sorted(effets[1:], key=lambda e: -sum(c.avance for c in e.caisses))
    assert [ligne[0] for ligne in table.lignes[1:]] == [e.libelle for e in classes[:3]]
    occupation = next(e for e in effets if e.libelle == "Occupation −10 points")
    assert [c.avance > 100_000 for c in occupation.caisses] == [False, True]
    assert occupation.libelle in {ligne[0] for ligne in table.lignes}


def test_le_plan_arrete_garde_le_demarrage(modes, moteur):
    """An opening six months late: the operator pays six more months of rent, that nobody funds."""
    vue = voir(modes, moteur)
    effet = next(e for e in eprouver(vue) if e.libelle == "Ouverture 6 mois plus tard")
    six_mois = sum(SURFACE * LOYER / 12 * 1.018 ** (2027 + m // 12 - 2027) for m in range(18, 24))
    assert effet.trou >= six_mois - 0.01
    assert ASSOCIATION in dict(effet.porte_par)
    assert boucler(vue.ev).plan.reste_a_financer.valeur == pytest.approx(0, abs=0.01)
