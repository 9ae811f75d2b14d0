"""Offer of a bank typed line by line: French answers, faults asked again, nothing lost, a sheet that the engine reads."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
import yaml

import pope_foncier as pf
from pope_foncier.prets import placer_sur_mois
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.prets.offre_en_fiche import enregistrer
from pope_foncier.prets.questions_d_offre import QUESTIONS
from pope_foncier.socle.brouillon import Brouillon
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurSortie
from pope_foncier.socle.saisie import lire_duree, lire_jour, lire_montant, lire_taux
from pope_foncier.socle.temps import mois_entre
from tests.cli.commandes import lancer
from tests.conftest import GARE

SIMPLE = {
    "preteur": "La Nef",
    "emprunteur": "Crèche Les Lilas",
    "objet": "Travaux de la gare",
    "montant": "300 000 €",
    "duree_mois": "15 ans",
    "taux": "3,5 %",
}
RICHE = SIMPLE | {
    "date_offre": "01/03/2027",
    "valable_jusqu_au": "2027-06-30",
    "date_debut": "01/10/2027",
    "rythme": "trimestre",
    "differe": "partiel",
    "differe_mois": "12 mois",
    "deblocages": "40 % mois 0 ; 180 000 € au mois 6",
    "non_utilisation": "0,5 %",
    "assurance": "sur le capital restant dû",
    "taux_assurance": "0,3 %",
    "frais_dossier": "0,25 %",
    "caution": "2",
    "garant": "France Active",
    "quotite": "50 %",
    "commission": "2,5 %",
    "plafond_garantie": "200 k€",
    "suretes": "hypothèque ; nantissement de compte",
    "anticipe": "mois d'intérêts",
    "anticipe_mois": "6",
    "reserves": "statuts ; procès-verbal",
}


def remplir(tmp_path, reponses, nom="pret.yaml"):
    """Draft answered from a mapping of typed texts, an empty line for what it does not say."""
    brouillon = Brouillon(tmp_path / nom, QUESTIONS)
    while (question := brouillon.suivante) is not None:
        brouillon.repondre(question, reponses.get(question.champ, ""))
    return brouillon


@pytest.mark.parametrize(
    ("lire", "texte", "valeur"),
    [
        (lire_montant, "300 000 €", 300_000),
        (lire_montant, "300 k€", 300_000),
        (lire_montant, "1,25 M€", 1_250_000),
        (lire_taux, "3,5 %", 0.035),
        (lire_taux, "0,035", 0.035),
        (lire_duree, "15 ans", 180),
        (lire_duree, "1 an et 6 mois", 18),
        (lire_duree, "1,5 an", 18),
        (lire_duree, "84", 84),
    ],
)
def test_reponses_francaises(lire, texte, valeur):
    assert lire(texte) == pytest.approx(valeur)


def test_jours_francais():
    assert lire_jour("01/03/2027") == lire_jour("2027-03-01")
    assert lire_jour("1.3.2027").isoformat() == "2027-03-01"


@pytest.mark.parametrize(
    ("lire", "texte", "message"),
    [
        (lire_montant, "-3 €", "négatif"),
        (lire_montant, "3 %", "une part"),
        (lire_taux, "3,5", "pour cent"),
        (lire_duree, "quinze", "15 ans, 18 mois"),
        (lire_duree, "0,7 an", "nombre entier de mois"),
        (lire_duree, "200 ans", "cent ans"),
        (lire_jour, "31/02/2027", "jour/mois/année"),
        (lire_jour, "01/01/1492", "de 1900 à 2200"),
    ],
)
def test_reponses_refusees(lire, texte, message):
    with pytest.raises(ValueError, match=message):
        lire(texte)


def test_la_fiche_simple_rend_les_conditions(tmp_path):
    fichier = tmp_path / "pret.yaml"
    enregistrer(remplir(tmp_path, SIMPLE).reponses, fichier)
    emprunt = calculer_prets(fichier)[0].emprunt
    assert (float(emprunt.capital), float(emprunt.taux), int(emprunt.duree_mois)) == (300_000, 0.035, 180)
    assert (emprunt.profil, emprunt.periodes_par_an, emprunt.arrondi) == ("annuite_constante", 12, "centime")
    assert pf.Pret.ouvrir(fichier).teg() == pytest.approx(0.035, abs=1e-6)


def test_chaque_ligne_d_une_offre_riche_est_dans_la_fiche(tmp_path):
    fichier = tmp_path / "pret.yaml"
    enregistrer(remplir(tmp_path, RICHE).reponses, fichier)
    lu = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    assert lu["pret"]["garantie"]["garant"] == "France Active"  # who is paid, when the offer enters a study
    assert lu["offre"]["suretes"] == ["caution de France Active", "hypothèque", "nantissement de compte"]
    assert lu["offre"]["anticipe"] == {"mode": "mois_interets", "mois": 6}
    assert lu["offre"]["reserves"] == ["statuts", "procès-verbal"]
    assert lu["pret"]["deblocages"] == [{"mois": 0, "part": 0.4}, {"mois": 6, "part": 0.6}]
    (tableau,) = calculer_prets(fichier)
    assert tableau.emprunt.periodes_par_an == 4
    assert tableau.total("remboursement")[0] == pytest.approx(300_000, abs=0.005)
    assert tableau.frais[0, 0] == pytest.approx(750 + 0.025 * 150_000)
    assert tableau.dates[1].isoformat() == "2028-01-01"
    assert sum(f.libelle == "commission de non-utilisation" for f in tableau.frais_dates) == 2


def test_un_taux_indexe_tient_l_indice_du_jour(tmp_path):
    indexe = {n: v for n, v in SIMPLE.items() if n != "taux"} | {
        "genre_taux": "indexé",
        "indice": "Livret A",
        "valeur_indice": "1,5 %",
        "marge": "0,6 %",
        "plafond_taux": "4 %",
    }
    fichier = tmp_path / "pret.yaml"
    enregistrer(remplir(tmp_path, indexe).reponses, fichier)
    (tableau,) = calculer_prets(fichier)
    assert set(tableau.taux.ravel().round(10)) == {0.021}
    assert "jamais une prévision" in fichier.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "champ", "faux", "message"),
    [
        ({}, "duree_mois", "longtemps", "15 ans"),
        ({}, "montant", "0", "au-dessus de zéro"),
        ({}, "taux", "60 %", "de −5 % à 50 %"),
        ({}, "nature_emprunteur", "banque", "1 association, 2 société"),
        ({"duree_mois": "100 mois"}, "rythme", "semestre", "nombre entier d'échéances de 6 mois"),
        ({"differe": "partiel"}, "differe_mois", "15 ans", "rien pour rembourser"),
        ({"date_offre": "01/03/2027"}, "valable_jusqu_au", "01/02/2027", "ne suit pas la date de l'offre"),
        ({}, "deblocages", "40 % mois 0 ; 40 % mois 6", "font 80 % du prêt"),
        ({}, "deblocages", "tout de suite", "40 % mois 0 ; 60 % mois 6"),
        ({}, "preteur", "", "une réponse est attendue"),
        ({}, "preteur", "La\x1bNef", "d'une ligne"),
    ],
)
def test_une_faute_est_dite_et_rien_n_est_garde(tmp_path, changes, champ, faux, message):
    brouillon = Brouillon(tmp_path / "pret.yaml", QUESTIONS)
    while (question := brouillon.suivante).champ != champ:
        brouillon.repondre(question, (SIMPLE | changes).get(question.champ, ""))
    with pytest.raises(ValueError, match=message):
        brouillon.repondre(question, faux)
    assert brouillon.suivante.champ == champ


def test_le_brouillon_reprend_ou_l_on_en_etait(tmp_path):
    brouillon = Brouillon(tmp_path / "pret.yaml", QUESTIONS)
    for _ in range(9):
        brouillon.repondre(brouillon.suivante, SIMPLE.get(brouillon.suivante.champ, ""))
    repris = Brouillon(tmp_path / "pret.yaml", QUESTIONS)
    assert (repris.reprises, repris.reponses) == (9, brouillon.reponses)
    assert repris.suivante.champ == brouillon.suivante.champ


def test_rien_n_est_ecrase(tmp_path):
    fichier = tmp_path / "pret.yaml"
    fichier.write_text("à moi", encoding="utf-8")
    with pytest.raises(ErreurSortie, match="existe déjà"):
        enregistrer(remplir(tmp_path, SIMPLE).reponses, fichier)
    assert fichier.read_text(encoding="utf-8") == "à moi"


def test_des_conditions_qui_se_contredisent_n_ecrivent_rien(tmp_path):
    contraires = SIMPLE | {
        "date_debut": "01/10/2027",
        "date_premiere_echeance": "20/12/2027",
        "deblocages": "50 % mois 0 ; 50 % mois 6",
    }
    with pytest.raises(ErreurDonnees, match="Première période brisée"):
        enregistrer(remplir(tmp_path, contraires).reponses, tmp_path / "pret.yaml")
    assert not (tmp_path / "pret.yaml").exists()


def test_un_texte_piege_reste_un_texte(tmp_path):
    piege = 'Banque "A": {b: [c]} # <script> \\ é'
    fichier = tmp_path / "pret.yaml"
    enregistrer(remplir(tmp_path, SIMPLE | {"preteur": piege, "objet": "- x: !y"}).reponses, fichier)
    offre = yaml.safe_load(fichier.read_text(encoding="utf-8"))["offre"]
    assert (offre["preteur"], offre["objet"]) == (piege, "- x: !y")


def lignes(reponses):
    """Answers as a hand types them, one a line."""
    brouillon_vide, texte = {}, []
    for question in QUESTIONS:
        if question.si(brouillon_vide):
            tape = reponses.get(question.champ, "")
            texte.append(tape)
            brouillon_vide[question.champ] = question.repondre(tape, brouillon_vide)
    return texte


def test_la_commande_redemande_puis_ecrit(tmp_path):
    fichier = tmp_path / "offre.yaml"
    tape = lignes(SIMPLE)
    rang = tape.index("300 000 €")
    entree = "\n".join([*tape[:rang], "beaucoup", *tape[rang:]]) + "\n"
    fait = lancer("pret", "nouveau", str(fichier), entree=entree)
    assert fait.returncode == 0, fait.stderr
    assert "« beaucoup » n'est pas un nombre" in fait.stderr
    assert "Taux effectifs" in fait.stdout
    assert not list(tmp_path.glob("*.brouillon"))
    for commande in ("echeancier", "teg"):
        assert lancer(commande, str(fichier)).returncode == 0
    encore = lancer("pret", "nouveau", str(fichier), entree=entree)
    assert encore.returncode == 2
    assert "rien n'est écrasé" in encore.stderr


def test_la_commande_interrompue_ne_perd_rien(tmp_path):
    fichier = tmp_path / "offre.yaml"
    tape = lignes(SIMPLE)
    fait = lancer("pret", "nouveau", str(fichier), entree="\n".join(tape[:8]) + "\n")
    assert fait.returncode == 2
    assert "Saisie interrompue : réponses gardées dans" in fait.stderr
    assert "Traceback" not in fait.stderr
    assert not fichier.exists()
    fait = lancer("pret", "nouveau", str(fichier), entree="\n".join(tape[8:]) + "\n")
    assert fait.returncode == 0, fait.stderr
    assert "8 réponses déjà données" in fait.stdout
    assert float(calculer_prets(fichier)[0].emprunt.capital) == 300_000


def test_la_commande_redemande_ce_qui_se_contredit(tmp_path):
    fichier = tmp_path / "offre.yaml"
    contraires = SIMPLE | {
        "date_debut": "01/10/2027",
        "date_premiere_echeance": "20/12/2027",
        "deblocages": "50 % mois 0 ; 50 % mois 6",
    }
    entree = "\n".join([*lignes(contraires), "01/11/2027"]) + "\n"
    fait = lancer("pret", "nouveau", str(fichier), entree=entree)
    assert fait.returncode == 0, fait.stderr
    assert "Ces conditions ne font pas un prêt" in fait.stderr
    assert fichier.exists()


def test_la_fiche_saisie_entre_dans_une_etude(tmp_path):
    """Schedule of the ledger: that of the sheet alone, from the month of its first drawdown; its lender is named."""
    fichier = tmp_path / "offre_nef.yaml"
    enregistrer(remplir(tmp_path, RICHE).reponses, fichier)
    resultat = pf.ouvrir(GARE).sans("banque").avec_pret(fichier).calculer()
    (tableau,) = calculer_prets(fichier)
    premier = mois_entre(resultat._ouverte.ev.ctx.etude.date_depart, tableau.emprunt.date_debut)
    places = placer_sur_mois(tableau, len(resultat.serie("tresorerie.cumul")), premier)
    for colonne, code in (
        ("interets_payes", "interets"),
        ("remboursement", "remboursement"),
        ("deblocages", "deblocage"),
    ):
        np.testing.assert_allclose(places[colonne][0], resultat.serie(f"emprunts.offre_nef.{code}"), atol=1e-6)
    assert resultat._ouverte.ev.ctx.etude.prets[0].preteur == "La Nef"


INDEXE = {n: v for n, v in SIMPLE.items() if n != "taux"} | {
    "date_offre": "01/03/2027",
    "date_debut": "01/10/2027",
    "genre_taux": "indexé",
    "indice": "livret A",
    "valeur_indice": "1,5 %",
    "marge": "0,6 %",
}


def interets_d_une_boucle(capital, taux, mois):
    """Interest of a level loan at the cent, month by month, in plain decimals."""
    cent, solde, t = Decimal("0.01"), Decimal(capital), Decimal(str(taux)) / 12
    interets = []
    for rang in range(mois):
        if rang % 12 == 0:  # revision: the instalment of what is left over the months left
            echeance = (solde * t / (1 - (1 + t) ** (rang - mois))).quantize(cent, ROUND_HALF_UP)
        interets.append((solde * t).quantize(cent, ROUND_HALF_UP))
        solde -= echeance - interets[-1]
    return [float(i) for i in interets]


def test_un_taux_indexe_suit_le_chemin_de_l_etude(tmp_path):
    """Levels of the Livret A in data/hypotheses/evolutions.yaml: 1.0 % low, 3.2 % high; the drawdown comes after its last known value."""
    fichier = tmp_path / "offre.yaml"
    enregistrer(remplir(tmp_path, INDEXE).reponses, fichier)
    for variante, indice in (("bas", 0.010), ("haut", 0.032)):
        resultat = pf.ouvrir(GARE).sans("banque").avec_pret(fichier).varier({"evolution": variante}).calculer()
        lus = resultat.serie("emprunts.offre.interets").to_numpy()
        attendus = interets_d_une_boucle(300_000, round(indice + 0.006, 4), 180)
        premier = int(np.flatnonzero(lus)[0])
        np.testing.assert_allclose(lus[premier : premier + 180], attendus, atol=0.02)


def test_la_marge_d_une_offre_indexee_se_change_seule(tmp_path):
    """High path, 3.2 %, and a margin of 1 % in place of 0.6 %: a loan at 4.2 %."""
    fichier = tmp_path / "offre.yaml"
    enregistrer(remplir(tmp_path, INDEXE).reponses, fichier)
    entree = {"fichier": str(fichier), "indexation": {"marge": 0.01}}
    resultat = pf.ouvrir(GARE).sans("banque").avec_pret(entree).varier({"evolution": "haut"}).calculer()
    lus = resultat.serie("emprunts.offre.interets").to_numpy()
    premier = int(np.flatnonzero(lus)[0])
    np.testing.assert_allclose(lus[premier : premier + 180], interets_d_une_boucle(300_000, 0.042, 180), atol=0.02)


def test_un_taux_indexe_seul_dit_que_l_indice_est_tenu(tmp_path):
    fichier = tmp_path / "offre.yaml"
    enregistrer(remplir(tmp_path, INDEXE).reponses, fichier)
    tenu = "Indice (livret A) tenu à 1,5 %, sa valeur au 1er mars 2027"
    for commande in (("echeancier",), ("teg",)):
        assert tenu in " ".join(lancer(*commande, str(fichier)).stdout.split())
    page = tmp_path / "page.html"
    assert lancer("pret", "resume", str(fichier), "--sortie", str(page)).returncode == 0
    assert "tenu à 1,5" in page.read_text(encoding="utf-8")


def test_un_indice_sans_bareme_reste_tenu(tmp_path):
    fichier = tmp_path / "offre.yaml"
    enregistrer(remplir(tmp_path, INDEXE | {"indice": "Euribor 3 mois"}).reponses, fichier)
    assert "indexation" not in yaml.safe_load(fichier.read_text(encoding="utf-8"))["pret"]
    (tableau,) = calculer_prets(fichier)
    assert "Dans une étude" not in tableau.alertes[0]
