"""Loan on one page: its numbers are those of the schedule, its texts stay texts, it prints on one sheet, twice the same."""

import html
import re
from datetime import date

import pytest

import pope_foncier as pf
from pope_foncier.prets import Assurance, Deblocage, Emprunt, Frais, Garantie, echeancier, taux_effectif
from pope_foncier.prets.fiche_offre import FicheOffre, IndemnitePrevue
from pope_foncier.vues.prets import resume
from tests.cli.commandes import lancer
from tests.conftest import DONNEES, GARE
from tests.peu_de_tirages import peu_de_tirages
from tests.vues.navigateur import page_locale, pages_du_pdf

EXEMPLES = DONNEES / "exemples"
PIEGE = '<script>alert("x")</script> & <img src=x onerror=y>'


def cellules(page, titre):
    """Rows of the table under a title, as texts with plain spaces."""
    table = page[page.index(f"<h2>{titre}</h2>") :]
    table = table[: table.index("</table>")]
    rangs = re.split(r"<tr[^>]*>", table)[1:]
    lues = [
        [html.unescape(re.sub(r"<[^>]+>", "", c)).strip("\n") for c in re.split(r"<t[dh]\b[^>]*>", r)[1:]]
        for r in rangs
    ]
    return [[re.sub(r"[\u00a0\u202f]", " ", c) for c in rang] for rang in lues]


def nombre(texte):
    """Number of a French cell; a blank one is nothing."""
    propre = texte.replace(" ", "").replace("€", "").replace("%", "").replace(",", ".").replace("\u2212", "-")
    return float(propre or 0)


def test_les_annees_relues_sont_celles_de_l_echeancier():
    page = pf.carnets.pret("pret_bancaire").resume()
    tete, *rangs, total = cellules(page, "Échéancier par année")
    assert tete == [
        "Année",
        "Déblocages",
        "Intérêts payés",
        "Capital remboursé",
        "Frais",
        "Versement total",
        "Reste dû",
    ]
    cadre = pf.Pret.ouvrir("pret_bancaire").echeancier()
    par_an = cadre.groupby(cadre.index.year)
    for rang in rangs:
        annee, debloque, interets, capital, frais, versement, reste = map(nombre, rang)
        lu = par_an.get_group(int(annee))
        assert interets == pytest.approx(lu["interets_payes"].sum(), abs=0.005)
        assert capital == pytest.approx(lu["remboursement"].sum(), abs=0.005)
        assert frais == pytest.approx(lu["frais"].sum(), abs=0.005)
        assert versement == pytest.approx(interets + capital + frais, abs=0.015)
        assert reste == pytest.approx(lu["capital_restant_du"].iloc[-1], abs=0.005)
        assert debloque == (300_000 if annee == 2027 else 0)
    assert [nombre(c) for c in total[1:4]] == pytest.approx(
        [300_000, cadre["interets_payes"].sum(), 300_000], abs=0.005
    )
    assert len(rangs) == len(par_an)


def test_taux_periode_et_cout_relus():
    page = pf.carnets.pret("pret_bancaire").resume()
    dits = dict(cellules(page, "Taux effectif")[1:])
    pret = pf.Pret.ouvrir("pret_bancaire")
    assert nombre(dits["TEG (R. 314-2)"]) == pytest.approx(100 * pret.teg(), abs=5e-5)
    assert nombre(dits["Taux de période"]) == pytest.approx(100 * pret.teg() / 12, abs=5e-5)
    assert dits["Durée de la période"] == "1 mois"
    assert nombre(dits["TAEG, pour comparer"]) == pytest.approx(100 * pret.taeg(), abs=5e-5)
    couts = dict(cellules(page, "Ce que coûte le prêt")[1:])
    assert nombre(couts["Coût en tout"]) == pytest.approx(pret.cout(), abs=0.005)
    assert nombre(couts["Frais et commissions"]) == 750 + 0.025 * 150_000


def offre(**autres):
    return FicheOffre(preteur="La Nef", emprunteur="Les Lilas", objet="Travaux", **autres)


def une_page(emprunt, **autres):
    return resume.rediger([resume.Pret(echeancier(emprunt), "Prêt", **autres)])


def test_un_consommateur_a_son_taeg_un_trimestre_sa_periode():
    emprunt = Emprunt(20_000, 0.04, 60, periodes_par_an=4)
    page = une_page(emprunt, offre=offre(nature_emprunteur="particulier"))
    dits = dict(cellules(page, "Taux effectif")[1:])
    assert next(iter(dits)) == "TAEG (R. 314-3)"
    assert dits["Durée de la période"] == "3 mois"
    assert nombre(dits["Taux de période"]) == 1.0
    assert nombre(dits["TAEG (R. 314-3)"]) == pytest.approx(100 * (1.01**4 - 1), abs=5e-5)


def test_un_taux_revise_est_tenu_a_son_depart_et_le_dit():
    (tableau,) = pf.carnets.pret("pret_livret_a").echeanciers
    page = pf.carnets.pret("pret_livret_a").resume()
    dits = dict(cellules(page, "Taux effectif")[1:])
    assert nombre(dits["TEG (R. 314-2)"]) == pytest.approx(2.1, abs=5e-5)
    assert nombre(dits["TEG (R. 314-2)"]) < 100 * float(taux_effectif(tableau).teg[0])
    assert "jamais une prévision" in page


def test_des_frais_hors_teg_sont_comptes_a_part():
    emprunt = Emprunt(10_000, 0.03, 24, frais=(Frais(montant=400, dans_teg=False, libelle="acte"),))
    page = une_page(emprunt)
    assert re.sub(r"[\u00a0\u202f]", " ", page).count("Dont 400,00 € hors TEG") == 1
    assert nombre(dict(cellules(page, "Taux effectif")[1:])["TEG (R. 314-2)"]) == pytest.approx(3, abs=5e-5)


def test_les_textes_restent_des_textes():
    piegee = FicheOffre(
        preteur=PIEGE, emprunteur=PIEGE, objet=PIEGE, indice=PIEGE, suretes=(PIEGE,), reserves=(PIEGE,),
        anticipe=IndemnitePrevue(mode="mois_interets", mois=6),
    )  # fmt: skip
    emprunt = Emprunt(10_000, 0.03, 24, libelle=PIEGE, frais=(Frais(montant=1, libelle=PIEGE),))
    page = resume.rediger([resume.Pret(echeancier(emprunt), PIEGE, piegee, (PIEGE,))])
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 8
    assert "6 mois d&#x27;intérêts" in page


@pytest.mark.parametrize("nom", ["pret_bancaire", "deux_tranches", "pret_livret_a"])
def test_deux_redactions_identiques(nom):
    assert pf.carnets.pret(nom).resume() == pf.carnets.pret(nom).resume()


def test_une_feuille_par_tranche():
    page = pf.carnets.pret("deux_tranches").resume()
    assert page.count('<section class="pret">') == 2
    assert page.count("<!doctype html>") == 1


def test_la_commande_ecrit_la_page(tmp_path):
    sortie = tmp_path / "prêt.html"
    fait = lancer("pret", "resume", "pret_bancaire", "--sortie", str(sortie))
    assert fait.returncode == 0, fait.stderr
    assert sortie.read_text(encoding="utf-8") == pf.carnets.pret("pret_bancaire").resume()
    assert lancer("pret", "resume", str(tmp_path / "absent.yaml")).returncode == 2


@pytest.mark.parametrize("annees", [15, 30, 60])
def test_la_page_tient_sur_une_feuille(annees, chromium, tmp_path):
    """Sixty years with every clause: the longest loan that a public lender proposes."""
    emprunt = Emprunt(
        400_000,
        0.021,
        12 * annees,
        differe="partiel",
        differe_mois=24,
        date_debut=date(2027, 10, 1),
        assurance=Assurance(mode="capital_restant_du", taux=0.003),
        frais=(Frais(montant=750, libelle="frais de dossier"), Frais(taux=0.001, libelle="acte", dans_teg=False)),
        garantie=Garantie(quotite=0.5, commission=0.025),
        deblocages=(Deblocage(0, part=0.4), Deblocage(6, part=0.6)),
        arrondi="centime",
    )
    fichier = tmp_path / "pret.html"
    riche = offre(suretes=("hypothèque", "nantissement de compte"), reserves=("statuts", "procès-verbal du conseil"))
    fichier.write_text(une_page(emprunt, offre=riche), encoding="utf-8")
    with page_locale(chromium, fichier) as (onglet, dehors):
        assert pages_du_pdf(onglet.pdf(prefer_css_page_size=True)) == 1
        onglet.set_viewport_size({"width": 390, "height": 800})
        assert onglet.evaluate("document.documentElement.scrollWidth") <= 390
    assert dehors == []


def test_le_pret_d_une_etude_est_celui_de_son_livre(tmp_path):
    """Years of the page of a study's loan: those of the ledger of its closed plan."""
    resultat = pf.ouvrir(GARE).calculer()
    page = pf.carnets.etude(GARE).resume_des_prets()
    tete, *rangs, _ = cellules(page, "Échéancier par année")
    for poste, code in (("Intérêts payés", "interets"), ("Capital remboursé", "remboursement")):
        serie = resultat.serie(f"emprunts.banque.{code}")
        par_an = serie.groupby(serie.index.year).sum()
        for rang in rangs:
            assert nombre(rang[tete.index(poste)]) == pytest.approx(par_an[int(rang[0])], abs=0.005)
    fichier = tmp_path / "p.html"
    fait = lancer("pret", "resume", "--etude", str(GARE), "--pret", "banque", "--sortie", str(fichier))
    assert fait.returncode == 0, fait.stderr
    assert fichier.read_text(encoding="utf-8") == page
    assert "à obtenir de" in page or "hypothèse" in page


def test_les_prets_d_une_etude_sont_parmi_ses_sorties(tmp_path):
    with peu_de_tirages():
        fait = lancer("etude", str(GARE), "--sortie", str(tmp_path), "--no-carnet")
    assert fait.returncode == 0, fait.stderr
    ecrite = (tmp_path / "prets.html").read_text(encoding="utf-8")
    assert ecrite == pf.carnets.etude(GARE).resume_des_prets()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Dire quel prêt résumer"),
        (["pret_bancaire", "--etude", str(GARE)], "Dire quel prêt résumer"),
        (["--etude", str(GARE), "--pret", "banq"], "Peut-être : banque"),
        (["--etude", "modes_d_accueil"], "aucun prêt à résumer"),
    ],
)
def test_la_commande_refuse_en_mots(options, message):
    fait = lancer("pret", "resume", *options)
    assert fait.returncode == 2
    assert message in fait.stderr
