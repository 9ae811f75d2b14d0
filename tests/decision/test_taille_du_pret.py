"""Size of a loan on a plan: each test against plain loops, the door and the command alike, refusals in words."""

import numpy as np
import pytest

import pope_foncier as pf
from tests.cli.commandes import lancer
from tests.conftest import GARE

FORFAIT = {"exploitation.contribution_commune": {"mode": "forfait", "par_place": {"valeur": 9_000, "base": "essai"}}}
TAUX, DUREE, DIFFERE = 0.036, 96, 18


@pytest.fixture(scope="module")
def etude():
    """Station whose commune pays enough to serve a debt; the tenure lasts ten years."""
    return pf.ouvrir(GARE).varier(FORFAIT)


@pytest.fixture(scope="module")
def resultat(etude):
    return etude.calculer()


def echeances(taux, duree, differe):
    """Instalments of one euro, constant after a partial grace, by a loop on the balance."""
    i, n = taux / 12, duree - differe
    constante = i / (1 - (1 + i) ** -n)
    solde, suite = 1.0, []
    for mois in range(1, duree + 1):
        interets = solde * i
        paye = interets if mois <= differe else constante
        solde -= paye - interets
        suite.append(paye)
    assert abs(solde) < 1e-9
    return suite


def par_annee(etude, valeurs):
    """Sums by calendar year of values by month, from the first month of the study."""
    depart, sommes = etude.fiche.date_depart, {}
    for rang, valeur in enumerate(valeurs):
        annee = depart.year + (depart.month - 1 + rang) // 12
        sommes[annee] = sommes.get(annee, 0.0) + float(valeur)
    return sommes


def lire_a_la_main(etude, resultat, sans=()):
    """Cash for the debt, service of the other loans and of one euro, by year once open, by loops on the series of the ledger."""
    capacite = resultat.serie("exploitation.capacite_autofinancement").tolist()
    interets = resultat.serie("exploitation.charges.interets").tolist()
    ouverture = int(resultat._ouverte.ev.calendrier.ouverture.au_point())
    debut = int(resultat._ouverte.ev.calendrier.debut_travaux.au_point())
    autres = [0.0] * len(capacite)
    for pret in (p.id for p in etude.fiche.prets if p.id not in sans):
        for poste in ("interets", "remboursement"):
            for rang, v in enumerate(resultat.serie(f"emprunts.{pret}.{poste}").tolist()):
                autres[rang] += v if rang >= ouverture else 0.0
    un_euro = [0.0] * len(capacite)
    for rang, v in enumerate(echeances(TAUX, DUREE, DIFFERE), start=1):
        un_euro[debut + rang] += v if debut + rang >= ouverture else 0.0
    disponible = [c + i for c, i in zip(capacite, interets, strict=True)]
    return (par_annee(etude, v) for v in (disponible, autres, un_euro))


CONDITIONS = pf.Pret(1, TAUX, DUREE, differe="partiel", differe_mois=DIFFERE)


@pytest.mark.parametrize("couverture", [1.1, 1.35])
@pytest.mark.parametrize("remplace", [None, "banque"])
def test_chaque_limite_contre_une_boucle(etude, resultat, couverture, remplace):
    disponible, autres, un_euro = lire_a_la_main(etude, resultat, {remplace})
    portes = {
        annee: (disponible[annee] / couverture - autres[annee]) / un_euro[annee]
        for annee in un_euro
        if un_euro[annee] > 0 and annee >= 2030
    }
    pire = min(portes, key=portes.__getitem__)
    taille = resultat.dimensionner(CONDITIONS, a_la_place_de=remplace, depuis=2030, seuils={"couverture": couverture})
    lues = taille.limites
    assert lues.loc["couverture", "montant"] == pytest.approx(max(portes[pire], 0.0), rel=1e-9)
    assert lues.loc["couverture", "annee"] == pire
    banque = etude.fiche.prets[0].montant.valeur
    besoins, reste = (resultat.tel_quel[c].valeur for c in ("besoins.total", "reste_a_financer"))
    assert lues.loc["besoin", "montant"] == pytest.approx(reste + (banque if remplace else 0.0), rel=1e-9)
    du = 0.0 if remplace else banque
    assert lues.loc["ltc", "montant"] == pytest.approx(0.8 * resultat["besoins.total"].valeur - du, rel=1e-9)
    assert lues.loc["rendement_dette", "montant"] == pytest.approx(disponible[2030] / 0.1 - du, rel=1e-9)
    assert besoins > 0
    ordre = lues["montant"].dropna()
    assert ordre.is_monotonic_increasing
    assert (taille.montant, taille.limite) == (ordre.iloc[0], ordre.index[0])
    assert (taille.suivante, taille.ecart) == (ordre.index[1], pytest.approx(ordre.iloc[1] - ordre.iloc[0]))


def test_la_couverture_tient_au_montant_et_nulle_part_en_dessous(resultat):
    taille = resultat.dimensionner(CONDITIONS, a_la_place_de="banque", depuis=2030)
    annees = taille.annees.loc[2030:]
    assert taille.limite == "couverture"
    assert annees["couverture"].min() == pytest.approx(1.1, rel=1e-9)
    assert annees["couverture"].idxmin() == taille.limites.loc["couverture", "annee"]


def test_meme_montant_que_la_recherche_qui_boucle_a_chaque_essai(etude, resultat):
    """With a lump that no interest moves, closing the plan again at each amount gives the same largest loan."""
    taille = resultat.dimensionner("banque", depuis=2030, seuils={"couverture": 1.3})
    cherche = pf.chercher(etude, "prets[banque].montant", 1.3, depuis=2030)
    assert taille.limites.loc["couverture", "montant"] == pytest.approx(cherche["valeur"], rel=1e-6)
    assert taille.taille.bouclee == (pytest.approx(1.3, rel=1e-6), cherche["annee"])
    assert taille.taille.tient_une_fois_boucle


def test_une_contribution_qui_suit_le_pret_est_dite():
    """The commune of the frozen study pays what the account lacks: less debt, less paid, and the cover falls."""
    taille = pf.ouvrir(GARE).calculer().dimensionner("banque")
    cherche = pf.ouvrir(GARE).varier({"prets[banque].montant": taille.montant}).calculer()["couverture_minimale"]
    assert taille.taille.bouclee[0] == pytest.approx(cherche.valeur, rel=1e-9)
    assert not taille.taille.tient_une_fois_boucle
    assert "il ne tient plus" in repr(taille)


def test_un_pret_plus_long_que_le_titre_est_raccourci(resultat):
    long = resultat.dimensionner(CONDITIONS.avec(duree_mois=144), a_la_place_de="banque", depuis=2030)
    titre = long.limites.loc["titre"]
    assert long.taille.duree_mois == 108
    assert "144 à 108 mois" in titre["calcul"]
    court = resultat.dimensionner(CONDITIONS.avec(duree_mois=108), a_la_place_de="banque", depuis=2030)
    assert titre["montant"] == pytest.approx(court.limites.loc["couverture", "montant"])
    assert np.isnan(court.limites.loc["titre", "montant"])
    assert np.isnan(long.limites.loc["couverture", "montant"])
    assert long.montant == court.montant


def test_le_pret_de_l_etude_et_ses_conditions_donnent_la_meme_taille(etude, resultat):
    memes = [
        resultat.dimensionner(x, a_la_place_de=r, depuis=2030)
        for x, r in (("banque", None), (resultat.pret("banque"), "banque"))
    ]
    assert memes[0].montant == pytest.approx(memes[1].montant, rel=1e-9)
    long = etude.varier({"prets[banque].duree_mois": 144}).calculer().dimensionner("banque", depuis=2030)
    assert long.taille.duree_mois == 108
    assert long.limites.loc["titre", "montant"] > 0


def test_un_pret_debloque_a_l_ouverture_est_dimensionne_de_la(etude):
    """Tenure up to month 129, 12 months kept, opening at month 18: 99 months at most, the drawdown phase among them."""
    champs = {"prets[banque].depart": "ouverture", "prets[banque].duree_mois": 180}
    simple = etude.varier(champs).calculer().dimensionner("banque", depuis=2030)
    assert simple.taille.duree_mois == 99
    assert "180 à 99 mois" in simple.limites.loc["titre", "calcul"]
    apres = etude.varier({**champs, "prets[banque].prefinancement_mois": 12}).calculer()
    long = apres.dimensionner("banque", depuis=2030)
    assert long.taille.duree_mois == 99
    assert "192 à 99 mois" in long.limites.loc["titre", "calcul"]
    # the same loan written with the term that is left once the drawdown phase is counted has the same size
    court = etude.varier({**champs, "prets[banque].prefinancement_mois": 12, "prets[banque].duree_mois": 87}).calculer()
    assert court.dimensionner("banque", depuis=2030).montant == pytest.approx(long.montant, rel=1e-6)


def test_gage_et_seuils_demandes(resultat):
    taille = resultat.dimensionner(CONDITIONS, a_la_place_de="banque", valeur=150_000, seuils={"ltv": 0.5}, depuis=2030)
    assert (taille.limite, taille.montant) == ("ltv", 75_000)
    assert taille.limites.loc["ltv", "origine"] == "demandé"


def test_dette_sculptee_contre_une_boucle(etude, resultat):
    """Yearly cash from the opening, over the cover, discounted year by year."""
    conditions = pf.Pret(1, TAUX, 60)
    enrichie = etude.varier({"exploitation.contribution_commune.par_place": 15_000}).calculer()
    capacite = enrichie.serie("exploitation.capacite_autofinancement") + enrichie.serie("exploitation.charges.interets")
    ouverture = int(enrichie._ouverte.ev.calendrier.ouverture.au_point())
    valeur = sum(
        sum(capacite.iloc[ouverture + 12 * k : ouverture + 12 * (k + 1)]) / 1.1 / (1 + TAUX) ** (k + 1)
        for k in range(5)
    )
    dette = enrichie.dimensionner(conditions, a_la_place_de="banque").sculpter()
    assert float(np.ravel(dette.montant)[0]) == pytest.approx(valeur, rel=1e-9)


def test_refus_en_mots(etude, resultat):
    with pytest.raises(pf.Inconnu, match="Limite inconnue : « dscr »"):
        resultat.dimensionner("banque", seuils={"dscr": 1.2})
    with pytest.raises(pf.Inconnu, match="Peut-être : banque"):
        resultat.dimensionner("banqe")
    with pytest.raises(pf.ErreurCalcul, match=r"l'étude au mois 180.*Écourter le prêt"):
        pf.ouvrir("modes_d_accueil").calculer().dimensionner(CONDITIONS.avec(duree_mois=400))
    with pytest.raises(pf.ErreurCalcul, match="il manque Loyer.*ne se dimensionne pas sur une inconnue"):
        pf.ouvrir("creche_emile_zola").calculer().dimensionner("court")
    fixe = pf.Pret(1000, TAUX, None, profil="echeance_fixe", echeance=50)
    with pytest.raises(pf.ErreurCalcul, match="ne se dimensionne pas"):
        resultat.dimensionner(fixe)


def test_la_commande_dit_ce_que_dit_la_porte():
    taille = pf.ouvrir(GARE).calculer().dimensionner(CONDITIONS, a_la_place_de="banque", valeur=100_000, depuis=2030)
    options = ["--taux", "3,6 %", "--duree", "8 ans", "--differe", "18 mois", "--pret", "banque"]
    fait = lancer("dimensionner", str(GARE), *options, "--valeur", "100 k€", "--depuis", "2030")
    assert fait.returncode == 0, fait.stderr
    assert repr(taille) in " ".join(fait.stdout.split("\n")).replace("  ", " ")
    for mot in ("Part de la valeur du gage", "80 000 €", "Ce qui limite", "année par année"):
        assert mot in fait.stdout.replace("\u202f", " ").replace("\xa0", " "), mot
