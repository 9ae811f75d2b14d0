"""Decisions: the cost for the commune against the ledger, options drawn together, worth of knowing by hand, what is undefined."""

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.decision.doute.etude_tiree import tirer_l_etude
from pope_foncier.decision.montages.comparaison import mesurer
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.decision.sensibilite.decisions import RIEN, Choix, Option, _entre_elles, evaluer
from pope_foncier.decision.sensibilite.savoir import savoir
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.sensibilite import mots, tableaux

MONTAGES = ("location_simple", "commune_loue", "bail_emphyteotique", "achat_association")
TRAVAUX = "travaux.cout_m2_ht"
TENUS = [
    {"champ": champ, "raison": "essai"}
    for champ in ("titre_occupation", "foncier", "travaux", "delais", "aides", "prets", "exploitation", "demarrage")
]


def seul(nom, etude, site):
    return Dossier(nom, etude, site, {BASE: etude})


def a_deux_points(dossier):
    """Study whose works alone are in doubt: 1,300 or 1,900 €/m², one chance in two."""
    doute = {
        "methode": "hypercube",
        "graine": 3,
        "tenus": TENUS,
        "lois": {TRAVAUX: {"forme": "discrete", "valeurs": [1300, 1900], "chances": [0.5, 0.5]}},
    }
    aides = {f"aides[{a.id}].probabilite": None for a in dossier.etude.aides}
    etude = varier(dossier, "deux_points", {"doute": doute, **aides})
    return seul(dossier.nom, etude, dossier.site)


@pytest.fixture(scope="module")
def immobile(moteur):
    """Engine whose paths have one value, so that none is in doubt."""
    fixes = {
        n: e.model_copy(update={"bas": e.central, "haut": e.central}) for n, e in moteur.evolutions.chemins.items()
    }
    return Moteur(moteur.catalogue, moteur.evolutions.model_copy(update={"chemins": fixes}))


@pytest.fixture(scope="module")
def deux_points(coque):
    return a_deux_points(coque)


def cout_direct(dossier, moteur, valeur):
    """Cost by place and year, and places × years, of the study with its works written in it."""
    etude = varier(dossier, "essai", {TRAVAUX: valeur})
    lu = cout_pour_la_commune(boucler(moteur.tirer(seul("essai", etude, dossier.site), {})), 0.03)
    return float(np.ravel(lu.par_place_an.valeur)[0]), float(np.ravel(lu.places_annees.valeur)[0])


def test_le_cout_pour_la_commune_est_celui_de_la_comparaison_des_montages(coque, moteur):
    """Second computation: ``comparaison`` adds the flows of the ledger with numpy; it leaves the cash out."""
    foncier = coque.etude.foncier
    cas = [c for c in comparer(coque, moteur, lire_montages()) if c.nom in MONTAGES]
    assert len(cas) == len(MONTAGES)
    for c in cas:
        lu = cout_pour_la_commune(c.bouclee, foncier.taux_actualisation.valeur)
        sans_caisse = (lu.cout.valeur - lu.caisse.valeur) / lu.places_annees.valeur
        assert np.ravel(sans_caisse)[0] == pytest.approx(
            np.ravel(mesurer(c, foncier).commune_avec_le_reste)[0], abs=0.005
        )


def test_la_caisse_avancee_est_rendue(dossier, moteur):
    """By hand from the cash of the operator: each month's change of what it lacks, discounted at 3 %."""
    ev = boucler(moteur.tirer(seul("base", dossier.etude, dossier.site), {}))
    caisse = ev.livre[f"tresorerie.cumul.{ev.ctx.etude.acteurs.gestionnaire}"].valeur.reshape(-1)
    manque = np.maximum(-caisse, 0.0)
    attendue = sum(x * 1.03 ** (-mois / 12) for mois, x in enumerate(np.diff(manque, prepend=0.0)))
    assert attendue > 0
    assert float(np.ravel(cout_pour_la_commune(ev, 0.03).caisse.valeur)[0]) == pytest.approx(attendue, abs=0.01)


def test_deux_points_comme_a_la_main(deux_points, immobile):
    """Two evaluations of the study and three lines of arithmetic give what knowing the cost of the works is worth."""
    bas, haut = (cout_direct(deux_points, immobile, v) for v in (1300, 1900))
    plafond = (bas[0] + haut[0]) / 2 + 20
    vaut = [(plafond - cout) * annees for cout, annees in (bas, haut)]
    attendue = (max(vaut[0], 0.0) + max(vaut[1], 0.0)) / 2 - max(sum(vaut) / 2, 0.0)
    lu = savoir(Choix((Option("coque", deux_points),), plafond), immobile, tirages=200)
    assert [x.cle for x in lu.inconnues if x.vaut.valeur > 0] == [TRAVAUX]
    assert lu.inconnues[0].vaut.valeur == pytest.approx(attendue, abs=0.5)
    assert lu.tout.valeur == pytest.approx(attendue, abs=0.5)
    assert lu.regrets[RIEN].regret_moyen == pytest.approx(max(vaut[0], 0.0) / 2, abs=0.5)
    assert lu.regrets["coque"].part_meilleure == 0.5
    assert lu.retenue == "coque"
    depenses = sum(cout * annees for cout, annees in (bas, haut))
    assert lu.plafond_qui_bascule == pytest.approx(depenses / (bas[1] + haut[1]), abs=0.01)
    assert mots.savoir_d_abord(lu).startswith("Savoir d'abord : l'état du bâtiment et le coût des travaux.")
    assert "coûte 3\u202f000 à 8\u202f000\u00a0€, en 1 à 3 mois" in mots.savoir_d_abord(lu)


def test_rien_a_savoir_quand_rien_ne_changerait_le_choix(deux_points, immobile):
    lu = savoir(Choix((Option("coque", deux_points),), 100.0), immobile, tirages=100)
    assert (lu.retenue, lu.tout.valeur, lu.inconnues[0].vaut.valeur) == (RIEN, 0.0, 0.0)
    assert mots.savoir_d_abord(lu) == "Aucune inconnue, levée seule, ne changerait ce choix."
    assert "0 autres" not in tableaux.inconnues(lu).note


def test_un_plafond_de_ce_qu_on_peut_trouver(deux_points, immobile):
    """Worth of building: the amount that one can find less what is to find, in each of the two cases."""
    lues = evaluer(Choix((Option("coque", deux_points),), a_trouver=500_000.0), immobile, 100)
    tires = lues.tirages[TRAVAUX]
    for valeur in (1300.0, 1900.0):
        etude = varier(deux_points, "essai", {TRAVAUX: valeur})
        ev = boucler(immobile.tirer(seul("essai", etude, deux_points.site), {}))
        attendu = 500_000.0 - float(ev.livre["a_trouver.total"].valeur[0, 0])
        assert lues.valeurs[0][tires == valeur] == pytest.approx(attendu, abs=0.02)
    assert not lues.valeurs[1].any()


def test_deux_sites_se_tirent_a_part_et_le_marche_en_commun(dossier, coque, moteur):
    options = (Option("gare", dossier), Option("coque", coque))
    lues = evaluer(Choix(options), moteur, 100)
    assert lues.noms == ("gare", "coque")
    gare, autre = (lues.tirages[f"{o.dossier.etude.site}/exploitation.taux_occupation"] for o in options)
    assert abs(np.corrcoef(gare, autre)[0, 1]) < 0.3
    assert "evolution.salaires" in lues.tirages
    assert lues.couts.shape == (2, 100)
    un = evaluer(Choix(options[:1], 9_000.0), moteur, 100)
    assert un.tirages["evolution.salaires"] == pytest.approx(lues.tirages["evolution.salaires"])


def test_un_tirage_sans_place_est_compte_et_n_aboutit_pas(dossier, moteur):
    """Half of the draws leave too little area for one place: they are counted, and worth nothing."""
    doute = {
        "methode": "hypercube",
        "lois": {"programme.surface_m2": {"forme": "discrete", "valeurs": [5, 200], "chances": [0.5, 0.5]}},
    }
    etude = varier(dossier, "petit", {"doute": doute})
    lues = evaluer(Choix((Option("gare", seul("gare", etude, dossier.site)),), 9_000.0), moteur, 100)
    assert lues.sans_issue == {"gare": 50}
    petites = lues.tirages["programme.surface_m2"] == 5.0
    assert not lues.valeurs[0][petites].any()
    assert lues.valeurs[0][~petites].all()


def test_un_evenement_qui_arrete_tout_coute_ce_qui_est_paye(coque, immobile):
    """Permit refused one time in two, in month six: building is worth V or what is lost, −S; knowing it saves S one time in two."""
    permis = {
        "id": "permis",
        "libelle": "Permis refusé",
        "base": "essai",
        "issues": [{"id": "refus", "libelle": "refusé", "chance": 0.5, "abandon": {"mois": 6}}],
    }
    aides = {f"aides[{a.id}].probabilite": None for a in coque.etude.aides}
    doute = {"methode": "hypercube", "graine": 3, "tenus": TENUS, "evenements": [permis]}
    etude = varier(coque, "permis", {"doute": doute, **aides})
    ici = seul("coque", etude, coque.site)
    cout, annees = cout_direct(ici, immobile, etude.travaux.cout_m2_ht.valeur)
    lu = savoir(Choix((Option("coque", ici),), cout + 300.0), immobile, tirages=100)
    perdu = np.nanmax(tirer_l_etude(ici, immobile, ("cout_total",)).perdu)
    assert 0 < perdu < 300.0 * annees
    assert np.unique(lu.lues.valeurs[0]) == pytest.approx([-perdu, 300.0 * annees], abs=0.5)
    assert lu.lues.abandons == {"coque": 50}
    (evenement,) = [x for x in lu.inconnues if x.vaut.valeur > 0]
    assert (evenement.cle, evenement.entree.portee) == ("evenements[permis]", "arrive ou non")
    assert evenement.vaut.valeur == pytest.approx(perdu / 2, abs=0.5)
    assert evenement.etude.id == "certificat_d_urbanisme"
    assert "arrête le projet" in mots.sans_issue(lu)


def test_sans_plafond_un_evenement_coute_ce_qui_est_perdu_et_les_places_se_font_ailleurs(coque, immobile):
    """Permit refused one time in two to the cheaper of two options: no draw is left out.

    By hand, for the places of the first: it costs C1, or what is lost S with the places at the cost C2 of the other; that one costs C2. Knowing
    the permit beforehand is worth S one time in two as long as the first is chosen.
    """
    permis = {
        "id": "permis",
        "libelle": "Permis refusé",
        "base": "essai",
        "issues": [{"id": "refus", "libelle": "refusé", "chance": 0.5, "abandon": {"mois": 6}}],
    }
    aides = {f"aides[{a.id}].probabilite": None for a in coque.etude.aides}
    doute = {"methode": "hypercube", "graine": 3, "tenus": TENUS}
    risquee = varier(coque, "risquee", {"doute": doute | {"evenements": [permis]}, **aides})
    sure = varier(coque, "sure", {"doute": doute, TRAVAUX: {"valeur": 2600, "base": "essai"}, **aides})
    un, deux = seul("risquee", risquee, coque.site), seul("sure", sure, coque.site)
    (c1, annees), (c2, _) = (cout_direct(d, immobile, d.etude.travaux.cout_m2_ht.valeur) for d in (un, deux))
    perdu = np.nanmax(tirer_l_etude(un, immobile, ("cout_total",)).perdu)
    lu = savoir(Choix((Option("risquee", un), Option("sure", deux))), immobile, tirages=100)
    assert (lu.tirages, lu.lues.abandons) == (100, {"risquee": 50, "sure": 0})
    assert np.unique(lu.lues.valeurs[0]) == pytest.approx([-perdu - c2 * annees, -c1 * annees], abs=1)
    assert lu.lues.valeurs[1] == pytest.approx(np.full(100, -c2 * annees), abs=1)
    assert (c2 - c1) * annees > perdu, "the first is chosen without knowing"
    assert lu.regrets["risquee"].regret_moyen == pytest.approx(perdu / 2, abs=1)
    assert lu.tout.valeur == pytest.approx(perdu / 2, abs=1)
    assert "ses places se font au coût d'une autre option" in tableaux.options(lu).note


def test_deux_options_arretees_au_meme_tirage_perdent_chacune_la_leur():
    """By hand: costs 10 and 12, lost 3 and 1; ended together, their places cost on average what the cheapest does when one is not (10, 12: 11)."""
    nan = np.nan
    lus = _entre_elles(np.array([[10.0, nan, nan], [12.0, 12.0, nan]]), np.array([[nan, 3.0, 3.0], [nan, nan, 1.0]]))
    assert lus.tolist() == [[-10.0, -15.0, -14.0], [-12.0, -12.0, -12.0]]


def test_une_decision_sans_choix_est_refusee(coque, moteur):
    with pytest.raises(ErreurCalcul, match="deux options au moins"):
        evaluer(Choix((Option("coque", coque),)), moteur, 100)


@pytest.mark.parametrize(
    ("demande", "dit"),
    [
        ({"plafond": 9_000, "a_trouver": 1e6}, "pas les deux"),
        ({"plafond": -100}, "plafond : un montant positif ou nul est attendu ; trouvé : −100"),
        ({"a_trouver": -1}, "somme à trouver : un montant positif ou nul est attendu"),
        ({"plafond": float("inf")}, "positif ou nul"),
        ({"plafond": 9_000, "tirages": 0}, "un tirage au moins est attendu ; trouvé : 0"),
        ({"plafond": 9_000, "tirages": -5}, "un tirage au moins est attendu ; trouvé : −5"),
    ],
)
def test_une_demande_qui_se_contredit_est_refusee(demande, dit):
    with pytest.raises(ErreurCalcul, match=dit):
        pf.savoir("coque_la_courneuve", **demande)


def test_a_la_porte_montages_scenarios_et_plafond():
    decision = pf.savoir("coque_la_courneuve", montages=["location_simple", "bail_emphyteotique"], tirages=100)
    assert len(decision.options) == 2
    assert decision.options["part_meilleure"].between(0, 1).all()
    assert (decision.inconnues["vaut"] >= 0).all()
    gare = pf.ouvrir("gare_saint_denis")
    scenarios = pf.savoir(gare, gare.scenarios["convention_20_ans"], tirages=100)
    assert list(scenarios.options.index) == ["gare_saint_denis, base", "gare_saint_denis, convention_20_ans"]
    assert "plafond" in str(pf.savoir("gare_saint_denis", tirages=100)).lower()
    for faux in (pf.savoir, lambda: pf.savoir(gare, gare), lambda: pf.savoir("modes_d_accueil")):
        with pytest.raises(ErreurCalcul):
            faux()
    with pytest.raises(pf.Inconnu, match="location_simple"):
        pf.savoir("coque_la_courneuve", montages=["location_simpl", "commune_loue"])
    with pytest.raises(ErreurCalcul, match="impossible ici"):
        pf.savoir("gare_saint_denis", montages=["bail_emphyteotique", "convention_association"])
