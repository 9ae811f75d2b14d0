"""Published funding plans: rebuilt, the page is up to date, the known figures are there."""

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.plans_echange import lire_fichier
from pope_foncier.etude.plans_publies import comparer, lire_plans
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues.etude import plans_publies as page
from tests.conftest import RACINE

PLANS = {p.id: p for p in lire_plans()}


def test_la_page_est_a_jour():
    assert page.rediger(Catalogue()) == (RACINE / "docs" / "plans_publies.md").read_text(encoding="utf-8")


def test_orly_par_place_et_par_place_ajoutee():
    orly = PLANS["orly-andre-gouy"]
    assert orly.du_financeur("caf") / orly.places == 9_200
    assert orly.du_financeur("caf") / orly.places_ajoutees == 41_400
    texte = page.rediger(Catalogue()).replace("\u202f", " ").replace("\xa0", " ")
    assert "9 200 € sur toutes les places, 41 400 € sur les 20 places ajoutées" in texte


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_chaque_plan_se_referme_ou_dit_ce_qui_manque(plan):
    """Lines never exceed the printed cost by more than rounding of the press; a deduced balance closes it exactly."""
    if any(x.solde for x in plan.lignes) and plan.cout.nature == "total":
        assert plan.total == pytest.approx(plan.cout.montant, abs=1.0)
    assert plan.total <= plan.cout.montant * 1.03


def test_la_regle_de_la_caf_a_la_date_du_projet():
    lectures = {i: comparer(p, Catalogue()) for i, p in PLANS.items()}
    limeil = lectures["limeil-brevannes-79e"][0]
    assert limeil.calcule == 60 * 22_500, "maximum de 2022"
    assert lectures["paris-davout-99"][0].calcule == 99 * 17_000, "maximum de 2019"
    assert lectures["buc-pre-saint-jean"][0].calcule is None, "2017 : avant la période connue"


def test_l_etat_n_est_compare_qu_aux_annees_ou_un_taux_a_ete_releve():
    """Rates seen in 2018 and 2019 (median 30 %): 944 206.50 € on 3 147 355 € in 2019; nothing for 2021 nor 2025."""
    lues = {
        i: next(c for c in comparer(PLANS[i], Catalogue()) if "État" in c.aide)
        for i in ("paris-davout-99", "change-2025")
    }
    assert lues["paris-davout-99"].calcule == pytest.approx(944_206.5)
    assert lues["change-2025"].calcule is None
    assert "aucun pour 2025" in lues["change-2025"].lecture
    sans_annee = PLANS["change-2025"].model_copy(update={"annee": None})
    assert comparer(sans_annee, Catalogue())[1].lecture == "année non publiée"


CAS = """
about: x
cases:
  - id: a
    name: "Crèche <A>"
    dept: 01
    year: 2019
    mode: multi-accueil
    places: 20
    total_cost_eur: 1000000
    ht_or_ttc: HT
    source_title: Ville
    funding:
      - {funder: Caf, amount: 340000}
      - {funder: État DETR, amount: 200000}
      - {funder: "État, Région, Caf (all)", amount: 60000}
      - {funder: "Ville (balance)", amount: 400000, computed: true}
  - {id: b, name: B, total_cost_eur: 100, funding: [{funder: Caf, amount: 10}]}
  - {id: c, name: C, works_cost_eur: 100}
  - {id: d, name: D, funding: [{funder: Caf, amount: 10}, {funder: Ville, amount: 20}]}
"""


def test_un_autre_fichier_dans_le_schema_d_echange(tmp_path):
    """Maximum of 2019 by place, 17 000 €: 20 places, 340 000 €; State 20 % of the cost, its first quartile."""
    fichier = tmp_path / "cas.yaml"
    fichier.write_text(CAS, encoding="utf-8")
    lus = lire_fichier(fichier)
    (plan,) = lus.plans
    assert [(x.financeur, x.qui, x.solde) for x in plan.lignes] == [
        ("Caf", "caf", False),
        ("État DETR", "etat", False),
        ("État, Région, Caf (all)", "autre", False),
        ("Ville", "autre", True),
    ]
    assert (plan.total, plan.non_couvert, plan.part_des_aides) == (1_000_000, 0, pytest.approx(0.6))
    assert [c.calcule for c in comparer(plan, Catalogue())] == [340_000, pytest.approx(300_000)]
    assert dict(lus.ecartes) == {
        "B": "une seule ligne de financement",
        "C": "aucune ligne de financement",
        "D": "coût non publié",
    }
    texte = page.rediger(Catalogue(), lus)
    assert "1 plan de deux lignes" in texte
    assert "Sans plan à refaire (3)" in texte
    assert "<A>" not in texte


def test_un_autre_fichier_dans_le_schema_du_projet_dit_la_meme_chose():
    lus = lire_fichier(RACINE / "data" / "cas" / "plans_publies.yaml")
    assert lus.plans == lire_plans()
    assert not lus.ecartes


def test_un_fichier_de_plans_faux_dit_toutes_ses_fautes(tmp_path):
    fichier = tmp_path / "cas.yaml"
    fichier.write_text(
        CAS.replace("amount: 340000", "amount: beaucoup")
        .replace("places: 20", "places: vingt")
        .replace("2019", "20190"),
        encoding="utf-8",
    )
    with pytest.raises(ErreurDonnees) as erreur:
        lire_fichier(fichier)
    assert "cases[1].places" in str(erreur.value)
    assert "cases[1].year" in str(erreur.value)
    assert "cases[1].funding[1].amount" in str(erreur.value)


@pytest.mark.parametrize(
    ("nom", "qui"),
    [
        ("État", "etat"),
        ("Etat (DETR)", "etat"),
        ("DETR 2019", "etat"),
        ("État - DSIL", "etat"),
        ("DETR/DSIL", "etat"),
        ("État DETR et DSIL", "etat"),
        ("État et Région", "autre"),
        ("Caf de Meurthe-et-Moselle", "caf"),
        ("CAF (Piaje)", "caf"),
        ("Caf et Département", "autre"),
        ("Caf + MSA", "autre"),
        ("Cafétéria", "autre"),
        ("Caf (PIAJE, maximum)", "caf"),
        ("Caf after plan rebond", "caf"),
        ("État (DETR, DSIL)", "etat"),
        ("DSIL", "etat"),
        ("Caf et Région", "autre"),
        ("Caf + Département", "autre"),
        ("Caf, État", "autre"),
        ("Région (Caf)", "autre"),
        ("(all)", "autre"),
    ],
)
def test_le_financeur_derriere_un_nom_imprime(tmp_path, nom, qui):
    """What brackets or a year add to one name leaves it one name; two names are nobody's, and compared with no rule."""
    fichier = tmp_path / "plans.yaml"
    fichier.write_text(
        f'cases: [{{id: a, name: A, total_cost_eur: 100, funding: [{{funder: "{nom}", amount: 10}}, {{funder: Ville, amount: 90}}]}}]',
        encoding="utf-8",
    )
    (plan,) = lire_fichier(fichier).plans
    assert plan.lignes[0].qui == qui


@pytest.mark.parametrize(
    ("caf", "dit"), [(520_000, "sous le maximum du Piaje"), (520_001, "au-dessus du maximum du Piaje")]
)
def test_une_caf_au_maximum_n_est_pas_au_dessus(tmp_path, caf, dit):
    """2024: 26,000 € a place at most; 20 new places: 520,000 €."""
    fichier = tmp_path / "plans.yaml"
    fichier.write_text(
        "cases: [{id: a, name: A, year: 2024, mode: multi-accueil, places: 20, places_added: 20, total_cost_eur: 900000, "
        f"funding: [{{funder: Caf, amount: {caf}}}, {{funder: Ville, amount: 300000}}]}}]",
        encoding="utf-8",
    )
    (plan,) = lire_fichier(fichier).plans
    (lue,) = comparer(plan, Catalogue())
    assert lue.calcule == 520_000
    assert lue.lecture.startswith(dit)


@pytest.mark.parametrize(
    ("etat", "dit"), [(200_000, "entre"), (370_000, "entre"), (199_999, "hors"), (370_001, "hors")]
)
def test_l_etat_a_un_quartile_est_entre_les_quartiles(tmp_path, etat, dit):
    """2018: a quarter of the State lines at 20 % or less of the cost, a quarter at 37 % or more; cost of 1,000,000 €."""
    fichier = tmp_path / "plans.yaml"
    fichier.write_text(
        "cases: [{id: a, name: A, year: 2018, mode: multi-accueil, total_cost_eur: 1000000, "
        f"funding: [{{funder: DETR 2018, amount: {etat}}}, {{funder: Ville, amount: 300000}}]}}]",
        encoding="utf-8",
    )
    (plan,) = lire_fichier(fichier).plans
    (lue,) = comparer(plan, Catalogue())
    assert lue.lecture.startswith(dit)
