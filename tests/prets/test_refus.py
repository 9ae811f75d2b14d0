"""Nonsense is refused in French words; sheets, products and the rest of the public functions on known figures."""

import re
from dataclasses import fields
from datetime import date

import numpy as np
import pytest
import yaml

import pope_foncier as pf
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.prets import (
    Anticipe,
    Assurance,
    Deblocage,
    Emprunt,
    Frais,
    Garantie,
    Indemnite,
    Palier,
    PalierEcheance,
    Revision,
    Suspension,
    depuis_fiche,
    echeancier,
    placer_sur_mois,
    taux_effectif,
)
from pope_foncier.prets import produits as produits_
from pope_foncier.prets.dimensionnement import (
    Limites,
    couverture,
    couverture_vie_du_pret,
    dimensionner,
)
from pope_foncier.prets.fiche import FichePret, calculer_prets
from pope_foncier.prets.refinancement import appeler_garantie, refinancer
from pope_foncier.prets.tranches import effectif_de_tranches
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope

BASE = dict(capital=100_000.0, taux=0.03, duree_mois=120)
BRISEE = dict(date_debut=date(2026, 3, 10), date_premiere_echeance=date(2026, 5, 5))
STOCK = dict(differe="interets_stockes", differe_mois=6)
TABLE_2027 = echeancier(Emprunt(**BASE, date_debut=date(2027, 1, 1)))
TABLE_2029 = echeancier(Emprunt(**BASE, date_debut=date(2029, 6, 1)))


def brentq(*arguments, **reglages):
    """Root by scipy."""
    from scipy import optimize

    return optimize.brentq(*arguments, **reglages)


@pytest.mark.parametrize(
    ("champs", "mots"),
    [
        (dict(taux=3.5), "fraction"),
        (dict(profil="bizarre"), "Profil inconnu"),
        (dict(periodes_par_an=3), "Périodicité"),
        (dict(capital=-1.0), "positif"),
        (dict(capital=None), "capital manque"),
        (dict(duree_mois=None), "durée manque"),
        (dict(duree_mois=121, periodes_par_an=4), "nombre entier de périodes"),
        (dict(differe_mois=12), "Différé : dire"),
        (dict(differe="partiel", differe_mois=120), "aussi long"),
        (dict(terme="a_echoir", differe="partiel", differe_mois=12), "à échoir"),
        (dict(terme="a_echoir", profil="in_fine"), "terme échu"),
        (dict(profil="ballon"), "duree_profil_mois"),
        (dict(profil="ballon", duree_profil_mois=60), "dépasser"),
        (dict(echeance=1000.0), "echeance_fixe"),
        (dict(profil="echeance_fixe", duree_mois=None, echeance=200.0), "ne couvre pas les intérêts"),
        (
            dict(
                profil="echeance_fixe",
                duree_mois=None,
                echeance=500.0,
                paliers=(Palier(24, 0.03), Palier(600, 0.08)),
            ),
            r"intérêts du mois 25 .* supérieure à 625,50.€",
        ),
        (
            dict(profil="echeance_fixe", duree_mois=None, echeance=240.0, differe="partiel", differe_mois=12),
            "du mois 13",
        ),
        (
            dict(profil="echeance_fixe", duree_mois=None, echeance=240.0, differe="interets_stockes", differe_mois=12),
            "du mois 13",
        ),
        (dict(profil="echeance_fixe", duree_mois=None, echeance=200.0), r"première période .* supérieure à 250,00.€"),
        (
            dict(deblocages=(Deblocage(0, montant=5e4), Deblocage(6, montant=4e4))),
            r"font 90.000,00.€ pour .* 100.000,00.€",
        ),
        (dict(deblocages=(Deblocage(0, part=0.5), Deblocage(6, part=0.25))), "font 0,75 au lieu de 1"),
        (
            dict(profil="tableau_libre", duree_mois=None, tableau=[5e4, 4e4]),
            r"font 90.000,00.€ pour un prêt de 100.000,00.€",
        ),
        (dict(progression=0.01), "progressif"),
        (dict(base_jours="exact/360"), "date_debut"),
        (dict(paliers=(Palier(12, 0.02),), revision=Revision([0.01])), "choisir l'un"),
        (dict(profil="in_fine", periodes_par_an=1, revision=Revision([0.01], mode="double")), "double révisabilité"),
        (dict(revision=Revision([0.01], mode="double")), "échéances annuelles"),
        (dict(periodes_par_an=4, revision=Revision([0.01], mode="double_limitee")), "échéances annuelles"),
        (dict(deblocages=(Deblocage(0, part=0.5), Deblocage(6, part=0.4))), "au lieu de 1"),
        (dict(deblocages=(Deblocage(3, part=1.0),)), "mois 0"),
        (dict(prefinancement_mois=12, interets_prefinancement="finances"), "deblocages"),
        (
            dict(capital=None, duree_mois=None, profil="sculpte", service=[900.0] * 120, paliers=(Palier(12, 0.02),)),
            "sculptée à taux variable",
        ),
        (
            dict(
                deblocages=(Deblocage(0, part=0.5), Deblocage(12, part=0.5)),
                prefinancement_mois=12,
                frais=(Frais(montant=2000.0, mois=0, finances=True),),
            ),
            "financés",
        ),
        (dict(profil="in_fine", differe="interets_retenus", differe_mois=12), "toute la durée"),
        (dict(anticipes=(Anticipe(120),)), "déjà remboursé"),
        (dict(periodes_par_an=4, anticipes=(Anticipe(13),)), "mois 13 n'est pas celui d'une échéance .mois 3, 6, 9"),
        (dict(**BRISEE, anticipes=(Anticipe(1),)), "mois 1 n'est pas celui d'une échéance .mois 2, 3, 4"),
        (dict(**BRISEE, periodes_par_an=4, revision=Revision([0.01])), "mois 12 n'est pas celui .* .mois 2, 5, 8"),
        (dict(**BRISEE, paliers=(Palier(1, 0.02), Palier(119, 0.03))), "mois 1 n'est pas celui"),
        (dict(**BRISEE, deblocages=(Deblocage(0, part=0.5), Deblocage(0, part=0.5))), "brisée et déblocages"),
        (dict(profil="in_fine", anticipes=(Anticipe(12, part=0.5, mode="reduire_duree"),)), "Réduire la durée"),
        (dict(profil="tableau_libre", tableau=[50_000.0] * 120), "accorder"),
        (dict(taux=np.array([[0.01, 0.02]])), "une valeur par tirage"),
        (dict(taux=float("nan")), "fraction"),
        (dict(profil="echeance_fixe", duree_mois=None, echeance=250.2), "100 ans"),
        (dict(profil="echeance_fixe", duree_mois=None, echeance=1.0, taux=0.0), "100 ans"),
        (dict(anticipes=(Anticipe(60, montant=10_000.0), Anticipe(60, montant=20_000.0))), "les réunir"),
        (dict(deblocages=(Deblocage(0, part=0.7), Deblocage(130, part=0.3))), "après la fin du prêt"),
        (dict(deblocages=(Deblocage(0, part=0.7), Deblocage(120, part=0.3))), "après la fin du prêt"),
        (
            dict(
                paliers=(Palier(12, 0.02), Palier(108, 0.05)),
                anticipes=(Anticipe(12, indemnite=Indemnite("plafond_legal", 0.03, 6)),),
            ),
            "donner « taux_moyen »",
        ),
        (dict(base_premiere_periode="exact/360"), "donner « date_premiere_echeance »"),
        (dict(base_premiere_periode="lunaire"), "Base de jours inconnue"),
        (dict(**BRISEE, base_premiere_periode="exact/360", conversion="equivalente"), "jours réels"),
        (dict(profil="in_fine", differe="interets_stockes", differe_mois=6), "Intérêts stockés"),
        (dict(**STOCK, revision=Revision([0.01])), "stockés à taux variable"),
        (dict(**STOCK, anticipes=(Anticipe(24, part=0.5),)), "seul un remboursement anticipé total"),
        (dict(**STOCK, suspensions=(Suspension(24, 6),)), "stockés et suspension"),
        (dict(interets_prefinancement="avance"), "prefinancement_mois"),
        (
            dict(
                periodes_par_an=4,
                prefinancement_mois=12,
                interets_prefinancement="avance",
                deblocages=(Deblocage(0, part=0.5), Deblocage(4, part=0.5)),
            ),
            "début d'une période",
        ),
        (dict(commission_non_utilisation=0.01), "ce qui reste à débloquer"),
        (dict(commission_non_utilisation=1.5), "Commission de non-utilisation : 1,5 n'est pas un taux"),
        (dict(suspensions=(Suspension(24, 12), Suspension(30, 6))), "se recouvrent"),
        (dict(differe="partiel", differe_mois=12, suspensions=(Suspension(6, 6),)), "pendant le préfinancement"),
        (dict(terme="a_echoir", suspensions=(Suspension(6, 6),)), "suspension : choisir « terme: echu »"),
        (dict(periodes_par_an=4, suspensions=(Suspension(7, 6),)), "mois 7 n'est pas celui d'une échéance"),
        (dict(periodes_par_an=4, suspensions=(Suspension(6, 5),)), "Suspension : ce nombre de mois"),
        (dict(suspensions=(Suspension(115, 5, allonge=False),)), "aucune échéance ne la suit"),
        (dict(suspensions=(Suspension(120, 5),)), "déjà remboursé"),
        (dict(profil="in_fine", suspensions=(Suspension(60, 6, allonge=False),)), "ne change rien"),
        (dict(suspensions=(Suspension(60, 6),), anticipes=(Anticipe(62, part=0.5),)), "pendant une suspension"),
        (
            dict(suspensions=(Suspension(60, 6),), anticipes=(Anticipe(12, part=0.5, mode="reduire_duree"),)),
            "durée réduite",
        ),
        (
            dict(suspensions=(Suspension(60, 6),), revision=Revision([0.01], coefficient_echeance_max=1.1)),
            "échéance plafonnée",
        ),
        (
            dict(suspensions=(Suspension(3, 6),), deblocages=(Deblocage(0, part=0.7), Deblocage(12, part=0.3))),
            "avant le dernier déblocage",
        ),
    ],
)
def test_refus(champs, mots):
    with pytest.raises(ErreurPope, match=mots):
        echeancier(Emprunt(**{**BASE, **champs}))


@pytest.mark.parametrize(
    ("faire", "mots"),
    [
        (Frais, "montant"),
        (lambda: Frais(montant=10.0, mois=3, finances=True), "premier déblocage"),
        (lambda: Garantie(quotite=65), "quotité"),
        (lambda: Assurance("capital_initial", taux=0.01, financee=True), "prime unique"),
        (lambda: Indemnite("actuarielle"), "référence"),
        (lambda: Indemnite("pourcentage", pourcentage=3), "fraction"),
        (lambda: Revision([0.01], plafond=0.01, plancher=0.02), "plancher"),
        (lambda: Deblocage(2), "part"),
        (lambda: dimensionner(Emprunt(**BASE), Limites()), "au moins une limite"),
        (lambda: dimensionner(Emprunt(**BASE), Limites(ltv=0.8)), "valeur"),
        (lambda: dimensionner(Emprunt(**BASE), Limites(disponible=9e3, dscr=0.0)), "positive"),
        (lambda: dimensionner(Emprunt(**BASE), Limites(disponible=float("nan"), dscr=1.1)), "connu"),
        (
            lambda: dimensionner(
                Emprunt(**BASE, frais=(Frais(montant=5e3, mois=0, finances=True),)), Limites(disponible=9e3, dscr=1.1)
            ),
            "financés",
        ),
        (lambda: Assurance("capital_initial", taux=0.01, quotite=100), "quotité"),
        (lambda: Revision([0.01], variation_max=-0.01), "variation maximale"),
        (lambda: Revision([0.01], coefficient_echeance_max=107.5), "coefficient"),
        (lambda: Indemnite(pourcentage=0.03), "mode"),
        (lambda: Indemnite("pourcentage", 0.03, taux_moyen=0.03), "plafond_legal"),
        (lambda: Indemnite("plafond_legal", 0.03), "mois d'intérêts"),
        (lambda: Indemnite("plafond_legal", 0.03, 6, taux_moyen=3.0), "Taux moyen"),
        (lambda: Anticipe(12, montant=-5.0), "positif"),
        (lambda: Suspension(0, 6), "écrire un différé"),
        (lambda: Suspension(12, 0), "au moins une période"),
        (lambda: Suspension(12, 6, "retenus"), "inconnus"),
        (lambda: effectif_de_tranches([TABLE_2027, TABLE_2029]), "dates différentes"),
    ],
)
def test_refus_des_clauses(faire, mots):
    with pytest.raises(ErreurPope, match=mots):
        faire()


def test_taeg_d_un_deblocage_dans_la_periode():
    """30 % at month 0, 70 % at month 1, yearly interest, in fine: the equation of the annex solved by scipy."""
    pret = Emprunt(
        100_000.0,
        0.03,
        24,
        profil="in_fine",
        periodes_par_an=1,
        deblocages=(Deblocage(0, part=0.3), Deblocage(1, part=0.7)),
    )
    un = 30_000.0 * 0.03 + 70_000.0 * 0.03 * 11 / 12
    attendu = brentq(
        lambda t: 30_000.0 + 70_000.0 * (1 + t) ** (-1 / 12) - un / (1 + t) - 103_000.0 / (1 + t) ** 2,
        0.0,
        0.1,
        xtol=1e-14,
    )
    assert taux_effectif(echeancier(pret)).taeg[0] == pytest.approx(attendu, abs=1e-9)


def test_le_titre_compte_le_differe_en_plus_et_le_prefinancement():
    """A title of 240 months: 240 + 24 months of grace on top are cut to 216, as are 24 months of drawdown phase."""
    limites = Limites(disponible=9e3, dscr=1.1, duree_titre_mois=240)
    differe = Emprunt(100_000.0, 0.03, 240, differe="partiel", differe_mois=24, differe_en_plus=True)
    prefinance = Emprunt(100_000.0, 0.03, 240, prefinancement_mois=24)
    assert dimensionner(differe, limites).duree_mois == 216
    assert dimensionner(prefinance, limites).duree_mois == 216
    suspendu = Emprunt(100_000.0, 0.03, 240, suspensions=(Suspension(24, 12),))
    assert dimensionner(suspendu, limites).duree_mois == 228
    inchange = Emprunt(100_000.0, 0.03, 240, suspensions=(Suspension(24, 12, allonge=False),))
    assert dimensionner(inchange, limites).duree_mois == 240
    stocke = Emprunt(100_000.0, 0.03, 120, differe="interets_stockes", differe_mois=6, differe_en_plus=True)
    assert (
        dimensionner(stocke, Limites(disponible=2e4, dscr=1.0, duree_titre_mois=126)).duree_mois == 117
    )  # 126 - 6 - 3


@pytest.mark.parametrize(
    "attente",
    [
        dict(differe="partiel", differe_mois=24),
        dict(differe="total_capitalise", differe_mois=24),
        dict(differe="total_simple", differe_mois=24),
        dict(prefinancement_mois=24),
        dict(prefinancement_mois=12, interets_prefinancement="capitalises", differe="partiel", differe_mois=12),
    ],
)
def test_dette_sculptee_apres_une_attente(attente):
    """Whatever the grace, the debt is such that every instalment after it is the service given, the last one too."""
    pret = Emprunt(None, 0.05, None, profil="sculpte", periodes_par_an=1, service=[30_000.0] * 10, **attente)
    assert echeancier(pret).echeance[0, 3:] == pytest.approx(np.full(10, 30_000.0), abs=1e-6)


def test_pret_yaml(tmp_path):
    bon = tmp_path / "pret.yaml"
    bon.write_text(
        "pret:\n  capital: 300 000 €\n  taux: 3,5 %\n  duree_mois: 180\n  differe: partiel\n  differe_mois: 24\n",
        "utf-8",
    )
    assert calculer_prets(bon)[0].echeance[0, 25] == pytest.approx(2396.40, abs=0.005)
    mauvais = tmp_path / "faux.yaml"
    mauvais.write_text("pret:\n  capital: 300000\n  taux: 3.5\n  duree: 180\n", "utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        calculer_prets(mauvais)
    assert {p.ligne for p in erreur.value.problemes} == {3, 4}
    incoherent = tmp_path / "incoherent.yaml"
    incoherent.write_text("tranches:\n  - {capital: 1000, taux: 0.03, duree_mois: 12, differe_mois: 3}\n", "utf-8")
    with pytest.raises(ErreurDonnees, match="Différé"):
        calculer_prets(incoherent)


def test_la_fiche_et_les_clauses_d_un_pret_ont_les_champs_du_calcul():
    """One conversion makes one of the other by name: a field of one without the other would be lost."""
    ailleurs = {"id", "a_la_fin", "genre", "garant", "a_partir_du_mois", "indice", "indexation"}
    for fiche, cible in {FichePret: Emprunt, **depuis_fiche._ENREGISTREMENTS}.items():
        noms = {f.name for f in fields(cible)}
        assert noms <= set(fiche.model_fields)
        assert set(fiche.model_fields) - noms <= ailleurs


def test_une_fiche_nue_garde_les_valeurs_par_defaut_du_calcul():
    nue = FichePret.model_validate({"capital": 1000, "taux": 0.03, "duree_mois": 12})
    assert nue.en_emprunt() == Emprunt(1000.0, 0.03, 12.0)
    un = {"mois": 12, "montant": 10}
    complete = FichePret.model_validate(
        {"capital": 1000, "taux": 0.03, "duree_mois": 24, "frais": 5, "anticipes": [un], "assurance": {"taux": 0.01}}
    )
    attendu = Emprunt(
        1000.0,
        0.03,
        24.0,
        frais=(Frais(montant=5.0, libelle="Frais de dossier"),),
        anticipes=(Anticipe(12, montant=10.0),),
        assurance=Assurance(taux=0.01),
    )
    assert complete.en_emprunt() == attendu


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"taux": {"a_obtenir_de": "la banque"}}, "« taux » est inconnu, à demander à la banque"),
        ({"taux": {"bareme": "taux.livret_a.taux"}}, "barème « taux.livret_a.taux », qu'une étude lit"),
        ({"garantie": {"genre": "hypotheque"}}, "« garantie » : le coût d'une hypothèque"),
    ],
)
def test_ce_que_seule_une_etude_connait_est_dit_a_sa_ligne(tmp_path, champs, dit):
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(yaml.safe_dump({"pret": {"capital": 1000, "taux": 0.03, "duree_mois": 12} | champs}), "utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        calculer_prets(fichier)
    (probleme,) = erreur.value.problemes
    assert dit in probleme.message and probleme.ligne is not None  # noqa: PT018


def test_produits():
    catalogue, jour = Catalogue(), date(2026, 11, 24)
    tous = [produits_.produit(cle, catalogue, jour) for cle in produits_.cles(catalogue)]
    assert len(tous) >= 12
    apport = produits_.produit("fa_contrat_apport", catalogue, jour)
    demande = Emprunt(40_000.0, 0.0, 60, profil="capital_constant", differe="partiel", differe_mois=12)
    ecarts = produits_.controler(apport, demande, "association", appariement=20_000.0)
    assert [e.statut for e in ecarts] == ["non_respecte", "non_respecte"]
    assert not produits_.controler(apport, demande.avec(capital=20_000.0), "association", appariement=20_000.0)
    fa = produits_.produit("fa_pret_association", catalogue, jour)
    inconnus = produits_.controler(fa, Emprunt(10_000.0, 0.0, 60), "SCI")
    assert {e.statut for e in inconnus} == {"non_respecte", "indetermine"}


PHARE = produits_.produit("bdt_phare", Catalogue(), date(2026, 11, 24))
PRET_PHARE = Emprunt(1e6, 0.023, 360, periodes_par_an=4, prefinancement_mois=12)
PUBLIC = "protection de l'enfance"


@pytest.mark.parametrize(
    ("duree_mois", "objet", "statuts"),
    [
        (240, None, []),
        (360, "travaux", ["non_respecte"]),
        (360, "bati", []),
        (360, "foncier", []),
        (360, None, ["indetermine"]),
        (540, "bati", ["non_respecte"]),
        (540, "foncier", []),
        (612, None, ["non_respecte"]),
    ],
)
def test_la_duree_maximale_depend_de_ce_que_le_pret_finance(duree_mois, objet, statuts):
    """Phare: works 25 years, building 40, land 50 (the lender's page); no object given = cannot be told in between."""
    ecarts = produits_.controler(PHARE, PRET_PHARE.avec(duree_mois=duree_mois), PUBLIC, objet=objet)
    assert [e.statut for e in ecarts] == statuts
    if statuts == ["indetermine"]:
        assert "travaux, bati, foncier" in ecarts[0].message
    if objet == "travaux":
        assert "300" in ecarts[0].message
    if duree_mois == 612:
        assert "600" in ecarts[0].message


def test_le_rythme_des_echeances_est_controle():
    """Phare is paid yearly, half-yearly or quarterly (the lender's page)."""
    (ecart,) = produits_.controler(PHARE, PRET_PHARE.avec(periodes_par_an=12), PUBLIC, objet="bati")
    assert ecart.statut == "non_respecte"
    assert "4, 2 ou 1" in ecart.message
    for rythme in (4, 2, 1):
        assert not produits_.controler(PHARE, PRET_PHARE.avec(periodes_par_an=rythme), PUBLIC, objet="bati")


def test_un_objet_inconnu_est_refuse():
    with pytest.raises(ErreurPope, match="travaux, bati, foncier"):
        produits_.controler(PHARE, PRET_PHARE, PUBLIC, objet="piscine")


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        (dict(differe="total_capitalise", differe_mois=24), True),
        (dict(differe="total_capitalise", differe_mois=24, periodes_par_an=1), False),
        (dict(differe="total_simple", differe_mois=24), False),
        (dict(differe="total_simple", differe_mois=6), True),
        (dict(differe="total_simple", differe_mois=np.array([24.0, 6.0])), True),
        (dict(differe="interets_stockes", differe_mois=6), False),
        (dict(differe="partiel", differe_mois=6), False),
        (dict(prefinancement_mois=12, interets_prefinancement="capitalises"), True),
        (dict(prefinancement_mois=12, interets_prefinancement="avance"), False),
        (dict(suspensions=(Suspension(24, 6, "capitalises"),)), True),
        (dict(suspensions=(Suspension(24, 6),)), False),
    ],
)
def test_des_interets_de_moins_d_un_an_capitalises_sont_dits(champs, dit):
    """Code civil, 1343-2: only interest due for a whole year bears interest."""
    assert any("1343-2" in a for a in echeancier(Emprunt(**{**BASE, **champs})).alertes) is dit


def test_la_porte_prend_les_clauses_et_les_tableaux():
    """Two loans at once, 100,000 at 0 and 3 %, six months of holiday after month 24 or stored for six months: closed forms."""
    suspendu = pf.Pret(100_000, np.array([0.0, 0.03]), 120, suspensions=(Suspension(24, 6),))
    echeances = suspendu.echeancier()["echeance"]
    assert echeances[0][25] == 0.0
    assert echeances[1][[24, 25, 31]].tolist() == pytest.approx([965.607447, 205.806199, 965.607447])
    stocke = pf.Pret(100_000, np.array([0.0, 0.03]), 126, differe="interets_stockes", differe_mois=6)
    assert stocke.cout() == pytest.approx([0.0, 17_896.923959], abs=1e-6)
    assert stocke.teg()[1] < 0.03  # interest that waits and bears none costs less than the rate
    with pytest.raises(ErreurPope, match="Intérêts stockés"):
        stocke.avec(profil="in_fine").cout()


def test_amortissement_negatif_est_dit():
    t = echeancier(Emprunt(100_000.0, 0.08, 240, profil="progressif", progression=0.06))
    assert t.alertes
    assert "amortissement négatif" in t.alertes[0]
    assert t.interets_capitalises.sum() > 0
    np.testing.assert_allclose(t.total("remboursement"), 100_000 + t.total("interets_capitalises"), atol=0.005)


def test_premiere_periode_brisee_et_mois_des_evenements():
    """First instalment at month 2: month 12 is instalment 11, dated 5 March 2027; balances by the closed form of annuities.

    The fee of month 12 is counted with it, and the yearly guarantee reads the balance left at that month.
    """
    pret = Emprunt(**{**BASE, "taux": 0.04}, **BRISEE)
    i, echeance = 0.04 / 12, 100_000.0 * (0.04 / 12) / (1 - (1 + 0.04 / 12) ** -120)
    onze = 100_000.0 * (1 + i) ** 11 - echeance * ((1 + i) ** 11 - 1) / i

    def annuite(solde, taux, nombre):
        return solde * taux / (1 - (1 + taux) ** -nombre)

    anticipe = echeancier(pret.avec(anticipes=(Anticipe(12, montant=20_000.0),)))
    assert anticipe.dates[11] == date(2027, 3, 5)
    assert anticipe.remboursement[0, 11] > 20_000.0
    assert anticipe.capital_restant_du[0, 11] == pytest.approx(onze - 20_000.0)
    assert anticipe.echeance[0, 12] == pytest.approx(annuite(onze - 20_000.0, i, 109))
    palier = echeancier(pret.avec(paliers=(Palier(12, 0.04), Palier(109, 0.06))))
    assert palier.echeance[0, 12] == pytest.approx(annuite(onze, 0.005, 109))
    indices = np.where(np.arange(120) < 12, 0.04, 0.06)
    revise = echeancier(pret.avec(revision=Revision(indices, marge=0.0)))
    assert revise.echeance[0, 11] == pytest.approx(echeance)
    assert revise.echeance[0, 12] == pytest.approx(annuite(onze, 0.005, 109))
    garantie = Garantie(0.5, 0.01, assiette="restante")
    frais = echeancier(pret.avec(garantie=garantie, frais=(Frais(montant=7.0, mois=24),))).frais[0]
    assert frais[0] == pytest.approx(500.0)
    assert frais[11] == pytest.approx(0.5 * 0.01 * onze)
    assert not frais[12:23].any()
    assert frais[23] > 7.0


def test_titre_d_occupation_limite_le_pret():
    r = dimensionner(
        Emprunt(1.0, 0.04, 240),
        Limites(disponible=30_000.0, dscr=1.2, besoin=1e9, duree_titre_mois=132, marge_titre_mois=12),
    )
    assert r.contrainte[0] == "titre"
    assert r.duree_mois == 120
    assert r.montant[0] == pytest.approx(25_000 / 12 / (0.04 / 12) * (1 - (1 + 0.04 / 12) ** -120))


def test_dimensionnement_par_tirage():
    r = dimensionner(
        Emprunt(1.0, np.array([0.02, 0.06]), 240),
        Limites(disponible=np.full((2, 20), 30_000.0), dscr=1.2, besoin=380_000.0),
    )
    assert list(r.contrainte) == ["besoin", "dscr"]


def test_couvertures():
    t = echeancier(Emprunt(100_000.0, 0.05, 120, periodes_par_an=1))
    assert couverture(t, 20_000.0)[0, 0] == pytest.approx(20_000 / t.echeance[0, 1])


def test_llcr_de_prets_de_durees_differentes():
    """Cash counts while the loan lasts: 5 years for one, 10 for the other; closed form of a level annuity, then balance."""
    t = echeancier(Emprunt(100_000.0, 0.05, np.array([60.0, 120.0]), periodes_par_an=1))

    def rente(n):
        return (1 - 1.05**-n) / 0.05

    disponible = np.full(10, 20_000.0)
    attendus = [20_000 * rente(n) / 100_000 for n in (5, 10)]
    np.testing.assert_allclose(couverture_vie_du_pret(t, disponible), attendus, rtol=1e-10)
    soldes = [100_000 / rente(n) * rente(n - 2) for n in (5, 10)]
    apres = [20_000 * rente(n - 2) / solde for n, solde in zip((5, 10), soldes, strict=True)]
    np.testing.assert_allclose(couverture_vie_du_pret(t, disponible, 2), apres, rtol=1e-10)
    assert np.isnan(couverture_vie_du_pret(t, disponible, 5)[0])


def test_refinancement_neutre_au_meme_taux():
    ancien = echeancier(Emprunt(200_000.0, 0.04, 240))
    r = refinancer(ancien, 60, Emprunt(1.0, 0.04, 180))
    assert r.gain[0] == pytest.approx(0, abs=1e-6)
    moins_cher = refinancer(ancien, 60, Emprunt(1.0, 0.02, 180), Indemnite("mois_interets", mois=6), 0.02)
    assert moins_cher.indemnite[0] == pytest.approx(moins_cher.solde[0] * 0.02)
    assert moins_cher.gain_actualise[0] > 0


def test_garantie_appelee():
    t = echeancier(Emprunt(400_000.0, 0.04, 84, garantie=Garantie(0.65, 0.025, plafond=200_000.0)))
    appel = appeler_garantie(t, 0)
    assert appel.paye_par_le_garant[0] == 200_000.0
    plus_tard = appeler_garantie(t, 60)
    assert plus_tard.paye_par_le_garant[0] == pytest.approx(0.65 * plus_tard.solde[0])


def test_la_periode_unitaire_est_celle_de_chaque_pret():
    """100 000 € repaid in one sum after 60 months, fee of 1 000 €: one payment, so one period of 60 months (R. 314-2).

    Period rate 100/99 - 1, TEG = that × 12/60; at 4 % the monthly interest makes a unit period of one month.
    """
    lot = Emprunt(100_000.0, np.array([0.0, 0.04]), 60, profil="in_fine", frais=(Frais(montant=1000.0),))
    effectif = taux_effectif(echeancier(lot))
    np.testing.assert_allclose(effectif.periodes_par_an, [12 / 60, 12.0])
    assert effectif.teg[0] == pytest.approx((100 / 99 - 1) * 12 / 60, abs=1e-10)
    mensuel = brentq(
        lambda i: 99_000 - 4000 / 12 * (1 - (1 + i) ** -60) / i - 1e5 * (1 + i) ** -60, 1e-4, 0.1, xtol=1e-15
    )
    assert effectif.teg[1] == pytest.approx(12 * mensuel, abs=1e-10)


def test_la_periode_unitaire_est_le_plus_petit_intervalle():
    """Quarterly payments and a fee one month after the drawdown: two months between the fee and the first instalment.

    The smallest interval is that of two payments (R. 314-2): the month between the drawdown and the fee is none.
    """
    pret = Emprunt(100_000.0, 0.05, 60, periodes_par_an=4, frais=(Frais(montant=500.0, mois=1),))
    effectif = taux_effectif(echeancier(pret))
    echeance = 100_000.0 * 0.0125 / (1 - 1.0125**-20)
    deux_mois = brentq(
        lambda i: 1e5 - 500 / (1 + i) ** 0.5 - sum(echeance * (1 + i) ** (-1.5 * k) for k in range(1, 21)),
        1e-4,
        0.1,
        xtol=1e-15,
    )
    assert effectif.periode_mois[0] == 2.0
    assert effectif.teg[0] == pytest.approx(6 * deux_mois, abs=1e-10)


@pytest.mark.parametrize(
    ("champs", "mois"),
    [
        (dict(periodes_par_an=4, date_debut=date(2026, 3, 10), date_premiere_echeance=date(2026, 5, 10)), 3),
        (dict(periodes_par_an=1, frais=(Frais(montant=500.0),)), 12),
        (
            dict(periodes_par_an=2, prefinancement_mois=6, deblocages=(Deblocage(0, part=0.5), Deblocage(5, part=0.5))),
            6,
        ),
        (dict(taux=0.0, profil="in_fine", deblocages=(Deblocage(0, part=0.5), Deblocage(12, part=0.5))), 120),
        (dict(deblocages=(Deblocage(0, part=0.5), Deblocage(6, part=0.5)), prefinancement_mois=6), 1),
    ],
)
def test_la_periode_unitaire_ne_compte_pas_les_deblocages(champs, mois):
    """Broken first period, yearly with a fee at the drawdown, drawdowns between two payments, one single payment, monthly."""
    assert taux_effectif(echeancier(Emprunt(**{**BASE, **champs}))).periode_mois[0] == mois


def test_frais_hors_teg_et_prime_financee():
    sans = taux_effectif(echeancier(Emprunt(**BASE)))
    hors = taux_effectif(echeancier(Emprunt(**BASE, frais=(Frais(montant=5000.0, dans_teg=False),))))
    assert hors.teg[0] == pytest.approx(sans.teg[0], abs=1e-12)
    prime = echeancier(Emprunt(**BASE, assurance=Assurance("prime_unique", montant=4000.0, financee=True)))
    assert prime.total("deblocages")[0] == 104_000.0
    assert prime.flux[0, 0] == 100_000.0


def test_totaux_par_annee_et_dates():
    t = echeancier(Emprunt(**BASE, date_debut=date(2026, 10, 15)))
    civile = t.par_annee_civile("echeance")
    assert civile[2026][0] == pytest.approx(2 * t.echeance[0, 1])
    assert sum(v[0] for v in civile.values()) == pytest.approx(t.total("echeance")[0])
    assert t.par_annee_de_pret("interets").shape == (1, 10)


def test_depart_different_par_tirage():
    t = echeancier(Emprunt(np.array([1000.0, 2000.0]), 0.0, 4))
    places = placer_sur_mois(t, 8, [0, 3], ("remboursement", "capital_restant_du"))
    np.testing.assert_allclose(places["remboursement"][1], [0, 0, 0, 0, 500, 500, 500, 500])
    np.testing.assert_allclose(places["capital_restant_du"][1], [0, 0, 0, 2000, 1500, 1000, 500, 0])


SEUL = "pret:\n  capital: 200000\n  taux: 0.03\n  duree_mois: 120\n"


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        ("  anticipes:\n    - {mois: 60, montant: 300000}\n", r"ligne 5.*300 000,00 €, plus que les 107 476,66 €"),
        (
            "  paliers:\n    - {mois: 24, taux: 0.02}\n    - {mois: 24, taux: 0.03}\n",
            "mois 48, le prêt au mois 120.*allonger le dernier palier",
        ),
    ],
)
def test_ce_qui_deborde_le_pret_est_refuse_a_sa_ligne(tmp_path, suite, message):
    """Balance after 60 months at 3 %, by the closed form of a level loan: 200,000 × (1.0025^120 − 1.0025^60)/(1.0025^120 − 1)."""
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(SEUL + suite, encoding="utf-8")
    with pytest.raises(ErreurDonnees) as refus:
        calculer_prets(fichier)
    assert re.search(message, " ".join(str(refus.value).replace("\u202f", " ").replace("\u00a0", " ").split()))


def test_un_tableau_de_prets_dit_ce_qui_deborde():
    pret = Emprunt(np.array([200_000.0, 400_000.0]), 0.03, 120, anticipes=(Anticipe(60, montant=180_000.0),))
    (alerte,) = echeancier(pret).alertes
    assert "seul ce reste est remboursé" in alerte
    assert echeancier(pret.avec(capital=400_000.0)).alertes == ()
    court = echeancier(Emprunt(200_000.0, 0.03, 120, paliers=(Palier(24, 0.02), Palier(24, 0.03))))
    assert "s'arrêtent au mois 48, le prêt au mois 120" in court.alertes[0]
    profil = dict(profil="echeances_par_paliers", paliers_echeance=(PalierEcheance(12, montant=500.0),))
    assert (
        "s'arrêtent au mois 24, le prêt"
        in echeancier(Emprunt(2e5, 0.03, 120, differe="partiel", differe_mois=12, **profil)).alertes[0]
    )
