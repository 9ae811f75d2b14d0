"""Entry costs: duties and notary, taxe d'aménagement, tax on new offices; cases K-ACQ-93, K-TA, K-TCB worked by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.acquisition.entree import frais_de_mutation, taxe_bureaux
from pope_foncier.etude.points_du_plan import points_du_plan
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import varier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.grandeur import Grandeur
from tests.rondes import d

ACQUISITION = {
    "vendeur": "Vendeur",
    "regime": "ancien",
    "prix": {"valeur": 300_000, "base": "essai"},
    "debours": {"valeur": 1_200, "base": "essai"},
    "part_terrain": {"valeur": 0.3, "base": "essai"},
    "duree_vie_mois": {"valeur": 480, "base": "essai"},
}


def contexte(dossier, moteur):
    return Contexte((dossier.etude,), dossier.site, moteur.catalogue, moteur.evolutions)


def test_acquisition_de_300000_euros_en_seine_saint_denis(dossier, moteur):
    """Case K-ACQ-93: 300,000 × (5 % + 1.2 % + 2.37 % × 5 %); four notary brackets with VAT; 0.1 %; stated 1,200 €."""
    ctx = contexte(dossier, moteur)
    frais = frais_de_mutation(ctx, Grandeur(300_000.0, "Prix", "€"), "ancien", Grandeur(1_200.0, "Débours", "€"))
    attendus = {"droits_mutation": 18_955.50, "notaire": 3_353.10, "securite_immobiliere": 300.0, "debours": 1_200.0}
    assert {c: round(g.valeur.item(), 2) for c, g in frais.items()} == attendus
    assert sum(g.valeur.item() for g in frais.values()) == pytest.approx(23_808.60, abs=0.005)


def test_les_droits_suivent_la_date_et_le_departement(dossier, moteur):
    """Published DMTO-MAX: 5 % then 6.319 % in all and 9,225.01 € on 146,000 €; 4.5 % before April 2025, 5.807 % in all."""
    ctx = contexte(dossier, moteur)
    frais = frais_de_mutation(ctx, Grandeur(146_000.0, "Prix", "€"), "ancien", Grandeur(0.0, "Débours", "€"))
    assert frais["droits_mutation"].valeur.item() == pytest.approx(9_225.01, abs=0.005)
    for jour, publie in ((date(2026, 12, 1), 0.06319), (date(2025, 3, 31), 0.05807)):
        part = moteur.catalogue.a_la_date("fiscalite.mutation.dmto_departement", jour).valeur
        commune, assiette = (
            ctx.bareme(f"fiscalite.mutation.{b}").valeur.item() for b in ("dmto_commune", "dmto_frais_assiette")
        )
        assert part + commune + assiette * part == pytest.approx(publie, abs=6e-6)


def test_une_commune_achete_sans_droits_de_mutation(dossier, moteur):
    """CGI 1042, I: no duty; notary, land-registry contribution and disbursements stay: 4,853.10 € on 300,000 €."""
    exonere = ACQUISITION | {"droits_part_due": {"valeur": 0, "base": "essai"}}
    etude = varier(dossier, "commune", {"acquisition": exonere})
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": etude}))
    assert ev.livre["besoins.droits_mutation"].valeur.item() == 0
    assert ev.entree.frais.valeur.item() == pytest.approx(4_853.10, abs=0.005)


INCONNU = {"a_obtenir_de": "le vendeur"}


@pytest.mark.parametrize(
    ("part", "due", "attendus"),
    [
        # CGI 1599 sexies, by hand: 500,000 × 6.3185 % = 31,592.50; 0.6 % of the price more is 3,000
        (None, 1, 31_592.50),
        (1, 1, 34_592.50),
        (0, 1, 31_592.50),
        # the shop is half of the price, the dwelling above it the other half
        (0.5, 1, 33_092.50),
        # a commune that buys pays no duty, and nothing that is added to it
        (1, 0, 0.0),
    ],
)
def test_la_vente_d_un_local_d_activite_paie_la_taxe_d_ile_de_france(dossier, moteur, part, due, attendus):
    achat = ACQUISITION | {"prix": d(500_000), "droits_part_due": {"valeur": due, "base": "essai"}}
    if part is not None:
        achat |= {"locaux_d_activite_part": {"valeur": part, "base": "essai"}}
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": varier(dossier, "achat", {"acquisition": achat})}))
    assert ev.livre["besoins.droits_mutation"].valeur.item() == pytest.approx(attendus, abs=0.005)


def test_le_taux_global_publie_en_2016(dossier, moteur):
    """Published: 5.80665 % goes to 6.40665 % in Île-de-France on 1 January 2016; here under the département rate of before April 2025."""
    etude = dossier.etude.model_copy(update={"date_demande": date(2025, 3, 31)})
    ctx = Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions)
    prix, rien, tout = Grandeur(100_000.0, "Prix", "€"), Grandeur(0.0, "Débours", "€"), Grandeur(1.0, "Part", "%")
    frais = frais_de_mutation(ctx, prix, "ancien", rien, tout)
    assert frais["droits_mutation"].valeur.item() == pytest.approx(6_406.65, abs=0.005)


def test_l_usage_inconnu_du_local_laisse_les_droits_inconnus(dossier, moteur):
    achat = ACQUISITION | {"locaux_d_activite_part": {"a_obtenir_de": "le notaire"}}
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": varier(dossier, "achat", {"acquisition": achat})}))
    droits = ev.livre["besoins.droits_mutation"]
    assert droits.lire() == "inconnu"
    assert any("obtenir du notaire" in m for m in droits.manques)


def test_hors_d_ile_de_france_la_taxe_n_existe_pas(dossier, moteur):
    """The same shop in Lyon (Rhône): the common rate alone."""
    achat = ACQUISITION | {"prix": d(500_000), "locaux_d_activite_part": d(1)}
    lyon = dossier.site.model_copy(update={"code_insee": "69123"})
    etude = varier(dossier, "achat", {"acquisition": achat})
    (ev,) = moteur.evaluer(replace(dossier, site=lyon, variantes={"base": etude}))
    assert ev.livre["besoins.droits_mutation"].valeur.item() == pytest.approx(31_592.50, abs=0.005)


def test_un_local_neuf_ne_dit_pas_de_locaux_d_activite(dossier):
    achat = ACQUISITION | {"regime": "neuf_ou_vefa", "locaux_d_activite_part": d(1)}
    with pytest.raises(ErreurDonnees, match="vente neuve"):
        varier(dossier, "neuf", {"acquisition": achat})
    with pytest.raises(ErreurDonnees, match="vente neuve"):
        varier(dossier, "neuf", {"foncier.regime": "neuf_ou_vefa", "foncier.locaux_d_activite_part": d(1)})


@pytest.mark.parametrize(
    ("changement", "dit"),
    [
        ({}, True),
        ({"locaux_d_activite_part": d(0)}, False),
        ({"regime": "neuf_ou_vefa"}, False),
        ({"droits_part_due": d(0)}, False),
    ],
)
def test_un_achat_qui_ne_dit_pas_son_usage_le_demande(dossier, moteur, changement, dit):
    """300,000 € of old premises whose use nobody says: 0.6 % is 1,800 €, named and not counted."""
    etude = varier(dossier, "achat", {"acquisition": ACQUISITION | changement})
    vue = Resultat.calculer(replace(dossier, variantes={"base": etude}), moteur).vue()
    points = [p for p in points_du_plan(vue) if p[0].startswith("Taxe additionnelle")]
    assert bool(points) == dit
    if dit:
        ((_, valeur, pourquoi, aupres_de),) = points
        assert valeur == "non comptée"
        assert "1\u00a0800\u00a0€" in pourquoi.replace("\u202f", "\u00a0")
        assert aupres_de == "le notaire"


@pytest.mark.parametrize(("part", "connu"), [(0, True), (1, False), (0.5, False)])
def test_ce_dont_on_est_exonere_est_nul_meme_d_une_assiette_inconnue(dossier, moteur, part, connu):
    """Nothing due of an unknown amount is nothing: duties on an unknown price, taxes on unknown areas; a share of it is unknown."""
    surcharges = {
        "acquisition": ACQUISITION | {"prix": INCONNU, "droits_part_due": {"valeur": part, "base": "essai"}},
        "taxes.surface_taxable_m2": INCONNU,
        "taxes.amenagement_part_due": part,
        "taxes.surface_bureaux_m2": INCONNU,
        "taxes.bureaux_part_due": part,
    }
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": varier(dossier, "exoneree", surcharges)}))
    for code in ("droits_mutation", "taxe_amenagement", "taxe_bureaux"):
        lue = ev.livre[f"besoins.{code}"]
        assert np.isnan(lue.au_point()) != connu, code
        if connu:
            assert lue.au_point() == 0, code
        else:
            assert lue.lire() == "inconnu", code
    assert np.isnan(ev.livre["besoins.prix_achat"].au_point()), "the price itself stays unknown"


def test_un_local_neuf_paie_des_droits_reduits_et_la_tva(dossier, moteur):
    etude = varier(dossier, "vefa", {"acquisition": ACQUISITION | {"regime": "neuf_ou_vefa"}})
    livre = moteur.evaluer(replace(dossier, variantes={"base": etude}))[0].livre
    assert livre["besoins.prix_achat"].valeur.item() == pytest.approx(360_000)
    assert livre["besoins.droits_mutation"].valeur.item() == pytest.approx(300_000 * 0.00715)


def test_taxe_sur_les_bureaux_de_250_m2(dossier, moteur):
    """2026: 250 × 105.78 = 26,445 €; with 60,000 € of land and ground works the cap of 30 % gives 18,000 €; without, 0."""
    ctx = contexte(dossier, moteur)
    surface = Grandeur(250.0, "Surface", "m²")
    for terrain, plafonnee in ((60_000.0, 18_000.0), (0.0, 0.0), (1e6, 26_445.0)):
        lectures = taxe_bureaux(ctx, surface, Grandeur(terrain, "Terrain", "€"))
        assert lectures["brute"].valeur.item() == pytest.approx(26_445.0)
        assert lectures["plafonnee"].valeur.item() == pytest.approx(plafonnee)


@pytest.mark.parametrize(
    ("surcharges", "attendue"),
    [
        # 200 m² of an association: offices, 200 × 105.78; of a company that runs them: shops, 200 × 94.04
        ({}, 21_156.0),
        ({"acteurs.forme_maitre_ouvrage": "entreprise"}, 18_808.0),
        ({"acteurs.forme_maitre_ouvrage": "entreprise", "taxes.locaux": "bureaux"}, 21_156.0),
        ({"taxes.locaux": "commerces"}, 18_808.0),
        # a shed of 300 m² stands on land of 50,000 €: two fifths of it for 200 m² out of 500 m²: 0.4 × 50,000 × 30 %
        ({"taxes.lecture_plafond": "plafonnee", "taxes.terrain": 50_000}, 15_000.0),
        (
            {
                "taxes.lecture_plafond": "plafonnee",
                "taxes.terrain": 50_000,
                "taxes.terrain_part_imputable": {"valeur": 0.4, "base": "essai"},
            },
            6_000.0,
        ),
        # the contract leaves half of the tax to the project: half of the area under the cap of half of the land, 0.5 × 50,000 × 30 %
        (
            {"taxes.lecture_plafond": "plafonnee", "taxes.terrain": 50_000, "taxes.bureaux_part_due": 0.5},
            7_500.0,
        ),
    ],
)
def test_taxe_d_une_creche_lucrative_et_d_un_terrain_deja_bati(dossier, moteur, surcharges, attendue):
    """By hand, rates of 2026; zone 2. The cap counts the land for the share of the new area only (R. 520-9)."""
    etude = varier(dossier, "locaux", {"taxes.bureaux_part_due": 1, "aides": [], "prets": []} | surcharges)
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": etude}))
    assert ev.livre["besoins.taxe_bureaux"].valeur.item() == pytest.approx(attendue)


def test_les_cas_publies_de_taxe(dossier, moteur):
    """K-TA: 80 m² × 1,011 × 8.5 % = 6,874.80 €; K-TCB: 250 m² = 26,445 €, under the cap of 30 % of 700,000 € (210,000 €)."""
    etude = varier(dossier, "taxes", {"taxes.surface_taxable_m2": 80})
    (ev,) = moteur.evaluer(replace(dossier, variantes={"base": etude}))
    assert ev.livre["besoins.taxe_amenagement"].valeur.item() == pytest.approx(6_874.80)
    ctx = contexte(dossier, moteur)
    lectures = taxe_bureaux(ctx, Grandeur(250.0, "Surface", "m²"), Grandeur(700_000.0, "Terrain", "€"))
    assert lectures["plafonnee"].valeur.item() == pytest.approx(26_445)


def test_taxe_d_amenagement_et_part_due(dossier, moteur):
    """100 m² × 1,011 €/m² (2026) × (5 % + 2.5 % + 1 %) = 8,593.50 €, paid three months after the opening."""
    surcharges = {"taxes.surface_taxable_m2": 100, "taxes.bureaux_part_due": 1}
    ev = moteur.evaluer(replace(dossier, variantes={"base": varier(dossier, "taxes", surcharges)}))[0]
    assert ev.livre["besoins.taxe_amenagement"].valeur.item() == pytest.approx(8_593.50)
    assert ev.livre["tresorerie.taxe_amenagement"].valeur.reshape(-1)[9 + 9 + 3] == pytest.approx(8_593.50)
    assert ev.livre["besoins.taxe_bureaux"].valeur.item() == pytest.approx(200 * 105.78)
    exoneree = varier(dossier, "exoneree", surcharges | {"taxes.amenagement_part_due": 0})
    ev = moteur.evaluer(replace(dossier, variantes={"base": exoneree}))[0]
    assert ev.livre["besoins.taxe_amenagement"].valeur.item() == 0


def test_l_achat_entre_dans_le_plan_et_dans_l_amortissement(dossier, moteur):
    """Land (30 %) is never depreciated; the rest and the deed over what the 10-year tenure leaves, 111 months."""
    base = moteur.evaluer(dossier, ["base"])[0]
    achat = moteur.evaluer(
        replace(dossier, variantes={"base": varier(dossier, "achat", {"acquisition": ACQUISITION})})
    )[0]
    ecart = achat.plan.besoins.valeur.item() - base.plan.besoins.valeur.item()
    frais_de_demarrage = sum(
        achat.livre[f"besoins.{c}"].valeur.item() - base.livre[f"besoins.{c}"].valeur.item()
        for c in ("pertes_ouverture", "fonds_de_roulement")
    )
    assert ecart == pytest.approx(323_808.60 + frais_de_demarrage, abs=0.01)
    dotation = achat.livre["exploitation.charges.dotation"].valeur - base.livre["exploitation.charges.dotation"].valeur
    assert dotation.sum() == pytest.approx(0.7 * 300_000 + 23_808.60, abs=0.01)
    assert dotation.reshape(-1)[18] == pytest.approx((0.7 * 300_000 + 23_808.60) / 111)
