"""Stacking by hand: the 80 % rule of a public client in every order, exclusions, bases, bonuses, public share."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import numpy as np
import pytest

from pope_foncier.aides.cumul import calculer
from pope_foncier.decision.essais import chances
from pope_foncier.etude.indicateurs import calculer as indicateurs
from pope_foncier.etude.points_du_plan import points_du_plan
from pope_foncier.etude.ratios import calculer as ratios
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.etude.tresorerie import relais_tire
from pope_foncier.modele.calendrier import etablir
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.prets.relais import dimensionner
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import euros
from pope_foncier.travaux.cout import CoutTravaux
from tests.aides.test_subventions import SCHEMA, aide, entree_de
from tests.rondes import d

PUBLIC = {"acteurs.forme_maitre_ouvrage": "collectivite"}


def donner(identifiant, montant, **champs):
    return aide(identifiant, montant=d(montant), **champs)


def cout(ht, tva=0.0):
    def euros(v, nom):
        return Grandeur(float(v), nom, "€")

    nul = euros(0, "néant")
    return CoutTravaux(
        euros(ht, "Travaux"), nul, nul, nul, euros(tva, "TVA"), nul, euros(ht + tva, "Total"), euros(ht + tva, "Total")
    )


def empiler(dossier, moteur, aides, total=1e6, tva=0.0, entree=0.0, apports=(), places=20.0, **surcharges):
    etude = varier(dossier, "essai", {"aides": aides, **surcharges})
    ctx = Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions)
    faites = calculer(
        ctx,
        Livre(ctx.echelle),
        etablir(ctx),
        Grandeur(places, "Places", "places"),
        cout(total, tva),
        entree_de(entree),
        [Grandeur(float(a), "Apport", "€") for a in apports],
    )
    return {s.aide.id: s.subvention.au_point() for s in faites}, faites


def test_la_derniere_aide_publique_est_ramenee_a_80_pour_cent(dossier, moteur):
    """1,000,000 € of cost: 800,000 € at most; 700,000 then 300,000 asked, so 100,000 for the last."""
    montants, faites = empiler(dossier, moteur, [donner("dept", 700_000), donner("region", 300_000)], **PUBLIC)
    assert montants == {"dept": 700_000, "region": 100_000}
    assert faites[1].limite_en_clair() == "la règle des 80 % (CGCT L1111-10)"
    libre, _ = empiler(dossier, moteur, [donner("dept", 700_000), donner("region", 300_000)])
    assert libre == {"dept": 700_000, "region": 300_000}, "la règle ne lie pas une association"


def test_un_chef_de_file_garde_30_pour_cent(dossier, moteur):
    """L. 1111-9: 1,000,000 € of cost: 700,000 € at most from others; 500,000 then 300,000 asked, so 200,000 for the last."""
    aides = [donner("dept", 500_000), donner("region", 300_000)]
    montants, faites = empiler(dossier, moteur, aides, lecture_chef_de_file="chef_de_file", **PUBLIC)
    assert montants == pytest.approx({"dept": 500_000, "region": 200_000})
    assert faites[1].limite_en_clair() == "la règle des 70 % (CGCT L1111-9)"


def test_l_argent_prive_sort_du_calcul_dans_tous_les_ordres(dossier, moteur):
    """200,000 € of a foundation and 100,000 € of private equity: public persons bring 700,000, aids 560,000 at most."""
    aides = [donner("dept", 400_000), donner("region", 400_000), donner("fondation", 200_000, personne_publique="non")]
    for ordre in permutations(aides):
        montants, _ = empiler(dossier, moteur, list(ordre), apports=[100_000], **PUBLIC)
        assert montants["fondation"] == 200_000
        assert montants["dept"] + montants["region"] == pytest.approx(560_000)


def test_les_deux_lectures_de_la_caf(dossier, moteur):
    """Caf 300,000 outside: (1,000,000 − 300,000) × 80 % = 560,000 for the DSIL; inside: 800,000 − 300,000 = 500,000."""
    aides = [donner("caf", 300_000, personne_publique="deux_lectures"), donner("dsil", 900_000)]
    hors, _ = empiler(dossier, moteur, aides, **PUBLIC)
    dedans, _ = empiler(dossier, moteur, aides, lecture_caf="personne_publique", **PUBLIC)
    assert hors["dsil"] == pytest.approx(560_000)
    assert dedans["dsil"] == pytest.approx(500_000)


def test_le_renouvellement_urbain_et_la_tva_compensee(dossier, moteur):
    """ANRU: no rule. FCTVA: the base is before VAT, 1,000,000 × 80 % with a purchase of 100,000: 880,000."""
    aides = [donner("etat", 1_150_000)]
    anru, _ = empiler(dossier, moteur, aides, tva=200_000, **PUBLIC, territoire={"renouvellement_urbain": "oui"})
    assert anru["etat"] == 1_150_000
    fctva = {"nature": "fctva", "annees": 2, "mois_versement": d(9)}
    compense, _ = empiler(dossier, moteur, aides, tva=200_000, entree=100_000, compensation_tva=fctva, **PUBLIC)
    assert compense["etat"] == pytest.approx(880_000)
    sans, _ = empiler(dossier, moteur, aides, tva=200_000, **PUBLIC)
    assert sans["etat"] == pytest.approx(960_000)


def test_une_aide_reduite_laisse_sa_place(dossier, moteur):
    """Half of 700,000 is granted: 350,000, which leaves 450,000 to the next."""
    aides = [donner("dept", 700_000, coefficient=0.5), donner("region", 600_000)]
    montants, _ = empiler(dossier, moteur, aides, **PUBLIC)
    assert montants == {"dept": 350_000, "region": 450_000}


@pytest.fixture
def avec_exclusions(donnees_copie):
    from pope_foncier.etude.moteur import Moteur

    dossier_baremes = donnees_copie / "baremes" / "subventions"
    base = SCHEMA.replace("conditions: [{type: quartier_prioritaire}]", "conditions: []").replace("PLAFOND", "200000")
    (dossier_baremes / "premiere.yaml").write_text(base.replace("TAUX", "0.3").replace("EXCLUSIONS", "[]"))
    seconde = base.replace("TAUX", "0.2").replace("EXCLUSIONS", "[premiere]").replace("[travaux]", "[travaux, entree]")
    (dossier_baremes / "seconde.yaml").write_text(seconde)
    return Moteur.ouvrir(donnees_copie)


def test_une_aide_refusee_n_exclut_rien(dossier, avec_exclusions):
    aides = [aide("une", dispositif="premiere"), aide("deux", dispositif="seconde")]
    montants, faites = empiler(dossier, avec_exclusions, aides, total=500_000)
    assert montants == {"une": 150_000, "deux": 0}
    assert faites[1].limite_en_clair() == "non cumulable avec Aide une"
    aides[0]["coefficient"] = 0
    assert empiler(dossier, avec_exclusions, aides, total=500_000)[0] == {"une": 0, "deux": 100_000}


def test_une_aide_tiree_au_sort_exclut_tirage_par_tirage(dossier, avec_exclusions):
    aides = [aide("une", dispositif="premiere"), aide("deux", dispositif="seconde")]
    etude = varier(dossier, "essai", {"aides": aides})
    ev = avec_exclusions.tirer(dossier, {"aides[une].coefficient": np.array([0.0, 1.0])}, etude)
    une, deux = (np.broadcast_to(ev.livre[f"ressources.{i}"].valeur, (2, 1))[:, 0] for i in ("une", "deux"))
    assert une[0] == 0
    assert une[1] > 0
    assert deux[0] > 0
    assert deux[1] == 0


def test_le_meme_dispositif_ne_se_compte_pas_deux_fois(dossier, avec_exclusions):
    aides = [aide("une", dispositif="premiere"), aide("bis", dispositif="premiere")]
    assert empiler(dossier, avec_exclusions, aides, total=500_000)[0] == {"une": 150_000, "bis": 0}


def test_le_cout_d_entree_entre_dans_l_assiette_qui_le_dit(dossier, avec_exclusions):
    """20 % of 500,000 of works and 100,000 of entry cost: 120,000."""
    montants, _ = empiler(dossier, avec_exclusions, [aide("deux", dispositif="seconde")], total=500_000, entree=100_000)
    assert montants["deux"] == pytest.approx(120_000)


def test_un_mode_d_accueil_non_admis_ecarte_l_aide(dossier, moteur):
    """The Piaje of childminders' houses is not for a collective crèche."""
    montants, faites = empiler(dossier, moteur, [aide("mam", dispositif="piaje_mam")])
    assert montants == {"mam": 0}
    assert faites[0].limite_en_clair().startswith("mode d'accueil non admis : multi_accueil")


def test_une_condition_non_remplie_dit_pourquoi(dossier, moteur):
    ev = moteur.evaluer(replace(dossier, variantes={BASE: varier(dossier, "essai", {"aides[piaje].dispenses": None})}))[
        0
    ]
    (piaje,) = (s for s in ev.subventions if s.aide.id == "piaje")
    assert piaje.subvention.valeur.item() == 0
    assert piaje.limite_en_clair().startswith("condition non remplie : il faut un titre d'au moins 15")


@pytest.mark.parametrize(("part", "par_place"), [(None, 7_400), (0.2, 7_400), (0.3, 8_400)])
def test_la_majoration_gros_oeuvre_ne_vient_que_si_elle_est_prouvee(dossier, moteur, part, par_place):
    """Piaje of 2019: 7,400 € a place and 1,000 € when gros œuvre makes 30 % of the cost (published amounts)."""
    surcharges = {"date_demande": date(2019, 6, 1), "titre_occupation.duree_mois": 360}
    if part is not None:
        surcharges["territoire"] = {"part_gros_oeuvre": d(part)}
    montants, _ = empiler(dossier, moteur, [aide("piaje", dispositif="piaje")], places=10.0, **surcharges)
    assert montants["piaje"] == pytest.approx(10 * par_place)


def test_la_part_publique_compte_le_fctva_et_laisse_le_prive(dossier, moteur):
    """Public grants 100,000 and FCTVA at 16.404 % of the spending with VAT, over the uses; the foundation is left out."""
    aides = [donner("dept", 100_000), donner("fondation", 50_000, personne_publique="non")]
    fctva = {"nature": "fctva", "annees": 2, "mois_versement": d(9)}
    etude = varier(dossier, "essai", {"aides": aides, "compensation_tva": fctva, **PUBLIC})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    attendu = (100_000 + 0.16404 * ev.cout.total_ttc.valeur.item()) / ev.plan.besoins.valeur.item()
    assert indicateurs(ev)["part_publique"].valeur.item() == pytest.approx(attendu)


COUTS_REELS = dict.fromkeys(("terrain", "direction", "sante", "logistique"), 8_000)
"""Low enough for a surplus without the commune, and without the bonus that its support opens."""


def test_la_surcompensation_lit_le_pire_triennat(dossier, moteur):
    etude = varier(
        dossier,
        "essai",
        {
            "exploitation.contribution_commune": "aucune",
            "exploitation.charges_nationales": None,
            "exploitation.charges": [],
            "exploitation.autres_charges_par_place": d(0),
            "travaux.cout_m2_ht": 0,
            "exploitation.paie": None,
            **{f"exploitation.cout_etp_{n}": d(v) for n, v in COUTS_REELS.items()},
            "titre_occupation.loyer_m2_an": 0,
        },
    )
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    resultat = np.broadcast_to(ev.livre["exploitation.resultat"].valeur, (1, 360)).reshape(30, 12).sum(axis=1)
    codes = ("psu", "journees_pedagogiques", "bonus_territoire", "bonus_attractivite", "quote_part", "contribution")
    public = sum(
        np.broadcast_to(ev.livre[f"exploitation.produits.{c}"].valeur, (1, 360)).reshape(30, 12).sum(axis=1)
        for c in codes
    )
    ans = range(2, 9)  # open in July 2028, tenure to September 2037: full years 2029 to 2036
    attendu = max(resultat[a : a + 3].sum() / public[a : a + 3].sum() for a in ans if a + 3 <= 10)
    (ratio,) = (r for r in ratios(ev) if r.code == "surcompensation")
    assert attendu > 0
    assert ratio.grandeur.valeur.item() == pytest.approx(attendu)


def test_les_interets_du_relais_courent_par_douzieme(dossier):
    """50 € missing from month 0, 100 € of grants at month 12, 12 % a year: the balance grows by 1 % a month."""
    flux, aides = np.zeros((1, 13)), np.zeros((1, 13))
    flux[0, 0], flux[0, 12], aides[0, 12] = -50, 100, 100
    relais = dimensionner(flux, aides, 1.0, 0.12)
    assert relais.encours[0, :12] == pytest.approx([50 * 1.01**k for k in range(12)])
    assert relais.encours[0, 12] == 0


def test_le_relais_d_une_etude_n_avance_que_la_part_convenue(dossier, moteur):
    """Grants of 135,000 € supposed notified: 80 % is 108,000 €; interest 6,762.21 € recomputed apart, month by month."""
    relais = {
        "preteur": "Prêteur du relais",
        "taux": {"bareme": "taux.marche.pret_entreprise_moins_1m"},
        "taux_avance": d(0.8),
        "statuts": ["acquise", "demandee", "esperee"],
    }
    prolonger = [{"bareme": "taux.marche.pret_entreprise_moins_1m", "motif": "essai"}]
    etude = varier(dossier, "essai", {"relais": relais, "prolonger": prolonger})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    assert relais_tire(ev.livre).taille.item() == pytest.approx(108_000)
    assert relais_tire(ev.livre).cout.item() == pytest.approx(6_762.21, abs=0.01)
    assert ev.livre["besoins.interets_relais"].valeur.item() == pytest.approx(6_762.21, abs=0.01)


def test_le_dixieme_decile_et_l_independance_des_aides(dossier, moteur):
    """One grant obtained 85 times in 100: the gap of the base up to P80, without the grant at P90."""
    seule = varier(dossier, "seule", {"aides[piaje].probabilite": d(0.85), "aides[caf93].probabilite": None})
    chance = chances(replace(dossier, etude=seule, variantes={BASE: seule}), moteur, 1000)
    base = moteur.evaluer(dossier, ["base"])[0].plan.reste_a_financer.valeur.item()
    assert chance.quantiles[50] == pytest.approx(base)
    assert chance.quantiles[90] == pytest.approx(base + 96_000)
    deux = chances(dossier, moteur, 4000)
    assert deux.toutes == pytest.approx(0.5 * 0.8, abs=0.03), "les deux aides se tirent séparément"


@pytest.mark.parametrize(
    ("surcharges", "message"),
    [
        (
            {"aides[piaje].versements": [{"evenement": "reception", "part": 0.6, "delai_mois": 0}]},
            "font 0.6 au lieu de 1",
        ),
        ({"aides[caf93].pret_duree_mois": None}, "une part est prêtée, sans durée"),
        ({"exploitation.versements_caf.mois_solde": 13}, "mois du solde 13"),
        ({"prets[banque].preteur": "Association gestionnaire"}, "se verse de l'argent à lui-même"),
        ({"aides[piaje].financeur": "Association gestionnaire"}, "se verse de l'argent à lui-même"),
        ({"prets[banque].id": "piaje"}, "identifiant de ressource déjà pris"),
        ({"prets[banque].id": "total"}, "identifiant de ressource déjà pris"),
    ],
)
def test_un_financement_impossible_est_refuse(dossier, surcharges, message):
    with pytest.raises(ErreurDonnees, match=message):
        varier(dossier, "essai", surcharges)


def test_les_identifiants_libres_se_lisent(dossier, moteur):
    etude = varier(dossier, "essai", {"aides": [donner("DETR 2026-é", 10_000)]})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    assert ev.livre["ressources.DETR 2026-é"].valeur.item() == 10_000


def test_un_mois_de_solde_inconnu_laisse_les_versements_inconnus(dossier, moteur):
    etude = varier(dossier, "essai", {"exploitation.versements_caf.mois_solde": {"a_obtenir_de": "la Caf"}})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    assert np.isnan(ev.livre["besoins.fonds_de_roulement"].valeur).all()
    assert any("solde" in m for m in ev.livre["besoins.fonds_de_roulement"].manques)


def test_un_tirage_de_mois_est_arrondi_et_rien_ne_se_perd(dossier, moteur):
    entier, decimal = (
        moteur.tirer(dossier, {"delais.travaux_mois": np.array([v]), "aides[piaje].retard_mois": np.array([r])})
        for v, r in ((10.0, 2.0), (9.5, 1.6))
    )
    for code, ligne in entier.livre.lignes.items():
        assert np.array_equal(ligne.grandeur.valeur, decimal.livre[code].valeur, equal_nan=True), code


@pytest.mark.parametrize(
    "tirages",
    [
        {"aides[piaje].coefficient": np.array([2.0])},
        {"aides[piaje].statut": np.array([1.0])},
        {"travaux.cout_m2_ht": np.array([1.0]), "travaux.aleas_part": np.array([0.1, 0.2])},
    ],
)
def test_un_tirage_impossible_est_refuse(dossier, moteur, tirages):
    with pytest.raises(ErreurCalcul):
        moteur.tirer(dossier, tirages)


def test_un_pret_du_gestionnaire_n_est_pas_une_ressource_du_proprietaire(dossier, moteur):
    """Owner orders the works, operator borrows: the plan of the owner counts neither the loan nor its interest."""
    etude = varier(dossier, "essai", {"acteurs.maitre_ouvrage": "proprietaire"})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]
    assert "ressources.banque" not in ev.livre.lignes
    assert ev.livre["besoins.interets_travaux"].valeur.item() == 0
    inverse = varier(dossier, "inverse", {"prets[banque].emprunteur": "proprietaire"})
    ev = moteur.evaluer(replace(dossier, variantes={BASE: inverse}))[0]
    assert "ressources.banque" not in ev.livre.lignes


def test_chaque_taxe_a_sa_part_et_l_equipement_se_paie_avant_l_ouverture(dossier, moteur):
    surcharges = {
        "taxes.bureaux_part_due": 0.5,
        "taxes.lecture_plafond": "plafonnee",
        "taxes.terrain": 30_000,
        "taxes.surface_taxable_m2": 100,
    }
    ev = moteur.evaluer(replace(dossier, variantes={BASE: varier(dossier, "essai", surcharges)}))[0]
    assert ev.livre["besoins.taxe_bureaux"].valeur.item() == pytest.approx(0.5 * 0.3 * 30_000)
    assert ev.livre["besoins.taxe_amenagement"].valeur.item() == pytest.approx(8_593.50)
    assert list(np.flatnonzero(ev.livre["tresorerie.equipement"].valeur.reshape(-1))) == [17]


def test_des_incidents_se_multiplient_a_l_aide_deja_reduite(dossier, moteur):
    from pope_foncier.decision.epreuves import incidents

    etude = varier(dossier, "essai", {"aides[piaje].coefficient": 0.5})
    vue = Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()
    (reduite,) = (e for e in incidents(vue) if e.libelle.startswith("Plan") and "réduite" in e.libelle)
    assert reduite.trou == pytest.approx(0.2 * 48_000)


def test_l_autre_lecture_de_la_part_publique_est_a_confirmer(dossier, moteur):
    """A public client with grants of others: both readings are told, each with its share; an association has no such point."""
    aides = [donner("dept", 300_000), donner("region", 100_000)]
    for lecture, suivie, autre, parts in (
        ("hors_chef_de_file", "Règle des 80 %", "la règle des 70 % (CGCT L1111-9)", (0.8, 0.7)),
        ("chef_de_file", "Règle des 70 %", "la règle des 80 % (CGCT L1111-10)", (0.7, 0.8)),
    ):
        etude = varier(dossier, "public", {"aides": aides, "lecture_chef_de_file": lecture, **PUBLIC})
        vue = Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()
        ((_, valeur, pourquoi, qui),) = [
            p for p in points_du_plan(vue) if p[0].startswith("Part des personnes publiques")
        ]
        premier = next(t for s in vue.ev.subventions for t in s.candidats if t.publique)
        laisse = premier.montant.au_point() / parts[0] * parts[1]
        assert (valeur, qui) == (suivie, "la préfecture")
        assert autre in pourquoi
        assert euros(laisse) in pourquoi
    prive = Resultat.calculer(dossier, moteur).vue()
    assert not [p for p in points_du_plan(prive) if p[0].startswith("Part des personnes publiques")]
