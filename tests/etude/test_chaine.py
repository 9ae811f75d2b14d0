"""The chain: identities, dependence on the law, batches equal to single runs, paths over 30 years, unknowns."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.export import exporter
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir, varier
from pope_foncier.etude.tirages import DuPlanTelQuel, tirer_par_blocs
from pope_foncier.modele.livre import Livre, verifier_nul
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul, ErreurDonnees, IdentiteRompue
from pope_foncier.socle.grandeur import Grandeur, vers_mois
from pope_foncier.socle.temps import Echelle
from tests.conftest import DONNEES

LIBRES = {
    "travaux.cout_m2_ht": st.floats(3000, 4500),
    "programme.surface_m2": st.floats(60, 900),
    "titre_occupation.loyer_m2_an": st.floats(30, 120),
    "prets[banque].taux": st.floats(0.0, 0.06),
    "exploitation.taux_occupation": st.floats(0.4, 0.8),
    "delais.travaux_mois": st.integers(1, 20),
}


@settings(max_examples=40)
@given(st.fixed_dictionaries(LIBRES))
def test_identites_du_plan_et_de_la_tresorerie(dossier, moteur, valeurs):
    """Recomputed here from the lines, beside what the engine asserts while running."""
    ev = moteur.tirer(dossier, {champ: np.array([float(v)]) for champ, v in valeurs.items()})
    livre = ev.livre
    besoins = sum(x.grandeur.valeur.item() for x in livre.du_groupe("besoins"))
    ressources = sum(x.grandeur.valeur.item() for x in livre.du_groupe("ressources"))
    assert besoins == pytest.approx(ressources + ev.plan.reste_a_financer.valeur.item(), abs=0.005)
    flux = [x for x in livre.lignes.values() if x.est_flux]
    assert len(flux) > 10
    soldes = {a: 0.0 for f in flux for a in (f.payeur, f.receveur)}
    for f in flux:
        total = np.broadcast_to(f.grandeur.valeur, (1, ev.ctx.echelle.duree_mois)).sum()
        soldes[f.payeur] -= total
        soldes[f.receveur] += total
    assert sum(soldes.values()) == pytest.approx(0, abs=0.005)
    assert soldes["Association gestionnaire"] == pytest.approx(
        livre["tresorerie.cumul.Association gestionnaire"].valeur[0, -1], abs=0.01
    )
    for subvention in ev.subventions:
        assert subvention.subvention.valeur.item() <= ev.cout.total_ttc.valeur.item() + 0.005
    restant = livre["emprunts.banque.restant"].valeur
    assert restant.min() >= -0.005
    assert livre["emprunts.banque.remboursement"].valeur.sum() == pytest.approx(300_000, abs=0.01)


def test_un_lot_de_tirages_egale_les_tirages_un_a_un(dossier, moteur):
    hasard = np.random.default_rng(7)
    tirages = {
        "travaux.cout_m2_ht": hasard.uniform(3000, 4500, 7),
        "exploitation.taux_occupation": hasard.uniform(0.5, 0.8, 7),
        "prets[banque].taux": hasard.uniform(0, 0.06, 7),
        "evolution.prix": hasard.normal(0, 0.01, 7),
        "delais.travaux_mois": hasard.integers(4, 15, 7).astype(float),
    }
    lot = moteur.tirer(dossier, tirages)
    for rang in range(7):
        seul = moteur.tirer(dossier, {c: v[rang : rang + 1] for c, v in tirages.items()})
        for code, ligne in lot.livre.lignes.items():
            valeurs = ligne.grandeur.valeur
            valeurs = valeurs[rang] if valeurs.ndim == 2 and len(valeurs) == 7 else valeurs.reshape(-1)
            assert np.allclose(valeurs, seul.livre[code].valeur.reshape(-1), atol=1e-6, equal_nan=True), code


def test_les_blocs_ne_changent_rien(dossier, moteur):
    tirages = {"travaux.cout_m2_ht": np.linspace(3000, 4500, 11)}

    def garder(ev):
        return {"reste": ev.plan.reste_a_financer, "places": ev.capacite.places}

    un, plusieurs = (tirer_par_blocs(moteur, dossier, tirages, DuPlanTelQuel(garder), taille=t) for t in (100, 3))
    assert np.array_equal(un["reste"], plusieurs["reste"])
    assert un["places"].shape == (11,)


def test_les_scenarios_ensemble_egalent_chacun_seul(dossier, moteur):
    evaluations = moteur.evaluer(dossier)
    assert {n for ev in evaluations for n in ev.noms} == set(dossier.variantes)
    assert len(evaluations) < len(dossier.variantes), "les scénarios de même structure se calculent ensemble"
    for ev in evaluations:
        for rang, nom in enumerate(ev.noms):
            (seul,) = moteur.evaluer(dossier, [nom])
            for code, ligne in ev.livre.lignes.items():
                v = ligne.grandeur.valeur.reshape(-1, ligne.grandeur.valeur.shape[-1])
                assert np.allclose(v[rang if len(v) > 1 else 0], seul.livre[code].valeur.reshape(-1), equal_nan=True), (
                    nom,
                    code,
                )


def test_scenario_sans_effet_egale_la_base(dossier, moteur):
    meme = varier(dossier, "meme", {"travaux.cout_m2_ht": 3750})
    base, essai = (moteur.evaluer(replace(dossier, variantes={"base": e}))[0] for e in (dossier.etude, meme))
    for code, ligne in base.livre.lignes.items():
        assert np.array_equal(ligne.grandeur.valeur, essai.livre[code].valeur), code


# With no balancing contribution of the commune, nothing hides a change; « muettes » are the lines that depend on the
# scale without moving, and why.
MUTATIONS = [
    ("exploitation/bonus.yaml", "exploitation.bonus.attractivite_prive", "valeur: 970", "valeur: 1070", set()),
    (
        "subventions/piaje.yaml",
        "subventions.piaje.base_par_place",
        "valeur: 8000",
        "valeur: 9000",
        {
            "exploitation.capacite_autofinancement",  # the grant released to income is taken off the cash flow again
            "besoins.pertes_ouverture",
            "besoins.total",
        },
    ),
    ("exploitation/psu.yaml", "exploitation.psu.prix_plafond_max", "valeur: 10.25", "valeur: 10.75", set()),
    (
        "fiscalite/tva.yaml",
        "fiscalite.tva.taux_normal",
        "valeur: 0.2",
        "valeur: 0.1",
        {
            "ressources.piaje",
            "ressources.caf93",
            "ressources.pret_caf93",
            "tresorerie.aide.piaje",
            "tresorerie.reversement.piaje",
            "tresorerie.aide.caf93",
            "ressources.total",
            "emprunts.pret_caf93.deblocage",
            "emprunts.pret_caf93.interets",
            "emprunts.pret_caf93.remboursement",
            "emprunts.pret_caf93.restant",
            "exploitation.produits.quote_part",
            "besoins.interets_travaux",  # the caps of 80 % of the cost do not bind: the aids stay at their amount per place
            "exploitation.charges.interets",
            "exploitation.produits.psu",
            "solde.Caf de la Seine-Saint-Denis",
            "tresorerie.caf",
            "tresorerie.creance_caf",
            "besoins.fonds_de_roulement",
            "besoins.pertes_ouverture",
            "exploitation.capacite_autofinancement",  # depreciation is taken off the cash flow again
            "exploitation.produits_hors_contribution",  # the hourly cost is above the ceiling of the PSU before and after
        },
    ),
]


@pytest.mark.parametrize(
    ("fichier", "bareme", "ancien", "nouveau", "muettes"), MUTATIONS, ids=[m[1] for m in MUTATIONS]
)
def test_changer_un_bareme_change_exactement_les_lignes_qui_en_dependent(
    donnees_copie, fichier, bareme, ancien, nouveau, muettes
):
    chemin = donnees_copie / "baremes" / fichier
    texte = chemin.read_text(encoding="utf-8")
    position = texte.rindex(ancien)
    etude = donnees_copie / "etudes" / "gare_saint_denis.yaml"
    etude.write_text(
        etude.read_text(encoding="utf-8").replace(
            "contribution_commune: equilibre_comptable", "contribution_commune: aucune"
        ),
        encoding="utf-8",
    )

    def evaluer():
        return Moteur.ouvrir(donnees_copie).evaluer(ouvrir(etude, donnees_copie), ["base"])[0]

    avant = evaluer()
    chemin.write_text(texte[:position] + nouveau + texte[position + len(ancien) :], encoding="utf-8")
    apres = evaluer()
    changees = {
        c
        for c, x in avant.livre.lignes.items()
        if not np.allclose(x.grandeur.valeur, apres.livre[c].valeur, rtol=0, atol=1e-6)
    }
    dependantes = {
        c
        for c, x in avant.livre.lignes.items()
        if any(o.reference == bareme for o in x.grandeur.origines_du_scenario())
    }
    assert len(changees) >= 5
    assert changees == dependantes - muettes
    assert muettes <= dependantes


def test_la_phrase_montre_la_nouvelle_valeur_et_sa_date(donnees_copie):
    chemin = donnees_copie / "baremes" / "exploitation" / "bonus.yaml"
    texte = chemin.read_text(encoding="utf-8").replace(
        "valeur: 970, depuis: 2024-01-01", "valeur: 1234, depuis: 2023-02-03"
    )
    chemin.write_text(texte, encoding="utf-8")
    etude = donnees_copie / "etudes" / "gare_saint_denis.yaml"
    vue = Resultat.calculer(ouvrir(etude, donnees_copie), Moteur.ouvrir(donnees_copie)).vue()
    phrase = vue.expliquer("exploitation.produits.bonus_attractivite")
    assert "1\u202f234" in phrase
    assert "3 février 2023" in phrase


@pytest.mark.parametrize(
    ("code", "champ", "valeur", "montre"),
    [
        ("ressources.piaje", "programme.surface_m2", 400, "31 places"),  # 1.25 × (31 × 8.1 + 36 + 30) = 396.4 m²
        ("besoins.travaux_ht", "travaux.cout_m2_ht", 4000, "4 000 €/m² HT"),
        ("emprunts.banque.interets", "prets[banque].taux", 0.05, "5 %"),
        ("exploitation.heures_facturees", "exploitation.taux_occupation", 0.7, "70 %"),
        ("tresorerie.loyer", "titre_occupation.loyer_m2_an", 90, "18 000 €/an"),
    ],
)
def test_muter_une_entree_change_la_phrase_et_la_valeur(dossier, moteur, code, champ, valeur, montre):
    def ligne(etude):
        return moteur.evaluer(replace(dossier, variantes={"base": etude}))[0].livre[code]

    avant, apres = ligne(dossier.etude), ligne(varier(dossier, "mutation", {champ: valeur}))
    assert not np.array_equal(avant.valeur, apres.valeur)
    assert avant.expliquer() != apres.expliquer()
    assert montre in apres.expliquer().replace("\u202f", " ").replace("\xa0", " ")


def test_trente_ans_suivent_les_chemins_d_evolution(dossier, moteur):
    """PSU, wages and rents grow by their own path; deflated by prices, a price-indexed line is flat."""
    longue = varier(dossier, "trente", {"titre_occupation.duree_mois": 350, "delais.montee_en_charge_mois": 0})
    ev = moteur.evaluer(replace(dossier, variantes={"base": longue}))[0]
    echelle = ev.ctx.echelle
    chemins = moteur.evolutions.chemins

    def croissance(code):
        v = np.broadcast_to(ev.livre[code].valeur, (echelle.duree_mois,))
        janvier = [echelle.debuts_annee[a] for a in range(5, 28)]
        return v[janvier][1:] / v[janvier][:-1] - 1

    assert np.allclose(croissance("exploitation.charges.personnel"), chemins["salaires"].central)
    assert np.allclose(croissance("exploitation.charges.loyer"), chemins["ilat"].central)
    assert np.allclose(croissance("exploitation.produits.journees_pedagogiques"), chemins["psu"].central)
    assert np.allclose(croissance("exploitation.produits.bonus_attractivite"), chemins["bonus"].central)
    vue = Resultat.calculer(replace(dossier, variantes={"base": longue}), moteur).vue()
    constants = vue.mensuel("exploitation.charges.autres") / vue.indice_des_prix()
    ouverts = np.flatnonzero(constants)
    assert np.allclose(constants[ouverts], constants[ouverts[0]])
    assert vue.annee_des_prix == 2026
    assert np.allclose(vue.indice_des_prix(), vers_mois(ev.ctx.indice("prix", 2026), echelle).valeur)


def indexer(dossier, **autres):
    """Bank loan of the study at Livret A + 2 points instead of a fixed rate."""
    index = {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": {"valeur": 0.02, "base": "essai"}}
    return varier(dossier, "indexe", {"prets[banque].taux": None, "prets[banque].indexation": index, **autres})


@pytest.mark.parametrize(("variante", "niveau"), [("bas", 0.010), ("central", 0.017), ("haut", 0.032)])
def test_un_taux_indexe_suit_le_livret_a_puis_son_chemin(dossier, moteur, variante, niveau):
    """Known 1.70 % until January 2027, then the level of the path: the yearly revision is checked row by row."""
    etude = indexer(dossier, evolution=variante)
    ev = moteur.evaluer(replace(dossier, variantes={"base": etude}))[0]
    interets, restant = (ev.livre[f"emprunts.banque.{c}"].valeur.reshape(-1) for c in ("interets", "restant"))
    taux = interets[10:117] / restant[9:116] * 12
    assert np.allclose(taux, niveau + 0.02), "déblocage en octobre 2027, après la dernière valeur publiée"
    assert restant[117] == pytest.approx(0, abs=0.005)
    assert "(livret A, taux annuel)" in ev.livre["emprunts.banque.interets"].expliquer(echelle=ev.ctx.echelle)


def test_un_taux_indexe_tire_au_sort_egale_un_a_un(dossier, moteur):
    tirages = {"evolution.livret_a": np.array([-0.005, 0.0, 0.01])}
    etude = indexer(dossier)
    lot = moteur.tirer(dossier, tirages, etude).livre["emprunts.banque.interets"].valeur
    for rang in range(3):
        seul = moteur.tirer(dossier, {c: v[rang : rang + 1] for c, v in tirages.items()}, etude)
        assert np.allclose(lot[rang], seul.livre["emprunts.banque.interets"].valeur.reshape(-1))


def test_les_variantes_d_evolution_encadrent_la_centrale(dossier, moteur):
    couts = []
    for nom in ("bas", "central", "haut"):
        etude = varier(dossier, nom, {"evolution": nom})
        ev = moteur.evaluer(replace(dossier, variantes={"base": etude}))[0]
        couts.append(ev.livre["exploitation.charges.personnel"].valeur.sum())
    assert couts[0] < couts[1] < couts[2]


def test_bareme_perime_refuse_puis_prolonge_visiblement(dossier, moteur):
    tard = varier(dossier, "tard", {"date_demande": date(2028, 6, 1), "taxes": None})
    with pytest.raises(ErreurBareme, match=r"subventions\.piaje\."):
        moteur.evaluer(replace(dossier, variantes={"base": tard}))
    prolonger = [
        {"bareme": f"subventions.piaje.{n}", "motif": "calendrier non connu"}
        for n in ("base_par_place", "plafond_par_place", "part_max", "extension_min", "part_gros_oeuvre_min")
    ]
    prolonge = varier(dossier, "prolonge", {"date_demande": date(2028, 6, 1), "taxes": None, "prolonger": prolonger})
    ev = moteur.evaluer(replace(dossier, variantes={"base": prolonge}))[0]
    assert "prolongé à plat par hypothèse : calendrier non connu" in ev.livre["ressources.piaje"].expliquer()


def test_ne_rien_faire_ne_coute_rien(resultat):
    vue = resultat.vue("ne_rien_faire")
    for code, ligne in vue.ev.livre.lignes.items():
        if ligne.groupe in ("besoins", "ressources", "produits", "charges", "emprunts"):
            assert vue.montant(code) == 0, code
    assert vue.valeur(vue.indicateurs["places"]) == 0


def test_une_aide_non_demandee_est_absente_et_une_inconnue_reste_inconnue(dossier, moteur, resultat):
    assert "ressources.region_idf" not in resultat.vue().ev.livre.lignes
    zola = Resultat.calculer(ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml"), moteur).vue()
    assert zola.ev.livre["ressources.caf"].lire() == "inconnu"
    assert zola.ev.plan.reste_a_financer.lire() == "inconnu"
    assert "montant de Aides de la Caf" in zola.ev.plan.reste_a_financer.manques


def test_emile_zola_rend_la_forme_publiee_des_prets(moteur):
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "creche_emile_zola.yaml"), moteur)
    base, lecture = resultat.vue(), resultat.vue("lecture_livret_a")
    assert base.montant("ressources.court") == 696_000
    assert base.montant("ressources.long") == 125_632
    court = base.mensuel("emprunts.court.remboursement")
    assert np.flatnonzero(court).tolist() == [60], "in fine au bout de cinq ans, même à taux inconnu"
    assert np.isnan(base.mensuel("emprunts.court.interets")[1])
    assert base.mensuel("emprunts.court.interets")[61] == 0
    assert lecture.mensuel("emprunts.long.restant")[336] == pytest.approx(0, abs=0.005)
    assert lecture.montant("emprunts.long.remboursement") == pytest.approx(125_632, abs=0.01)
    assert base.valeur(base.indicateurs["places"]) == 30


def test_une_identite_rompue_nomme_la_ligne_le_mois_et_le_montant():
    echelle = Echelle(date(2027, 1, 1), 24)
    ecart = np.zeros(24)
    ecart[5] = 12.5
    with pytest.raises(IdentiteRompue, match=r"essai.*mois 5 \(juin 2027\).*12,50"):
        verifier_nul(ecart, "essai", echelle)
    livre = Livre(echelle)
    livre.inscrire("bail.tva", Grandeur(1.0, "TVA du loyer", "€"), "X", "Y")
    with pytest.raises(IdentiteRompue, match="deux fois"):
        livre.inscrire("bail.tva", Grandeur(1.0, "TVA du loyer", "€"), "X", "Y")


def test_export_aucun_chiffre_sans_unite_formule_ni_source(resultat):
    sortie = exporter(resultat)
    assert set(sortie["scenarios"]) == set(resultat.dossier.variantes)
    for scenario in sortie["scenarios"].values():
        assert min(len(scenario[lecture]["chiffres"]) for lecture in ("tel_quel", "boucle")) > 80
        for chiffre in [*scenario["tel_quel"]["chiffres"], *scenario["boucle"]["chiffres"]]:
            assert chiffre["unite"]
            assert chiffre["formule"]
            assert chiffre["fiabilite"]
            assert chiffre["sources"] or chiffre["fiabilite"] == "hypothèse", chiffre["code"]
            for cle in chiffre["sources"]:
                source = sortie["sources"][cle]
                assert source["mention"]
                assert source["nature"] != "bareme" or "consulté le" in source["mention"]


def test_les_travaux_sont_revises_au_mois_du_milieu(dossier, moteur):
    """Gare: works from month 9 to 18 of 2027, last BT01 of November 2025: 27.5 months of 1.5 % a year, by hand."""
    ev = moteur.evaluer(dossier)[0]
    attendu = 200 * 3750 * 133.3 / 132.0 * 1.015 ** (27.5 / 12)
    assert ev.livre["besoins.travaux_ht"].au_point() == pytest.approx(attendu, abs=0.01)


def test_une_duree_de_travaux_inconnue_rend_le_cout_inconnu(dossier, moteur):
    inconnue = {"valeur": None, "a_obtenir_de": "l'architecte"}
    etude = varier(dossier, "inconnue", {"delais.travaux_mois": inconnue})
    ev = moteur.evaluer(replace(dossier, variantes={"base": etude}))[0]
    ligne = ev.livre["besoins.travaux_ht"]
    assert np.isnan(ligne.au_point())
    assert any("l'architecte" in m for m in ligne.manques)


def test_un_stock_se_lit_en_fin_de_periode(dossier, moteur):
    """Cash and debt are balances: the export gives the last one and those of each 31 December, not their sums."""
    resultat = Resultat.calculer(dossier, moteur)
    vue = resultat.vue().bouclee
    chiffres = {c["code"]: c for c in exporter(resultat)["scenarios"]["base"]["boucle"]["chiffres"]}
    stocks = [code for code, ligne in vue.ev.livre.lignes.items() if ligne.stock]
    assert any(code.startswith("emprunts.") for code in stocks)
    assert any(code.startswith("tresorerie.cumul.") for code in stocks)
    for code in stocks:
        mois = vue.mensuel(code)
        assert chiffres[code]["valeur"] == pytest.approx(mois[-1], abs=1e-5, nan_ok=True)
        premiere = str(vue.annees[0])
        assert chiffres[code]["par_annee"][premiere] == pytest.approx(mois[11], abs=1e-5, nan_ok=True)


@pytest.mark.parametrize("champ", ["travaux.cout_m3_ht", "evolution.or", "prets[absent].taux"])
def test_un_tirage_sur_un_champ_inconnu_est_refuse(dossier, moteur, champ):
    with pytest.raises(ErreurCalcul, match=re.escape(champ)):
        moteur.tirer(dossier, {champ: np.array([1.0])})


def test_ce_qui_n_est_pas_compte_est_dit(dossier, moteur):
    """No purchase price for a lease; the taxes and losses that the plan does not hold are always named."""
    quoi = [x.quoi for x in a_confirmer(Resultat.calculer(dossier, moteur).vue())]
    assert any(q.startswith("Taxe d'aménagement") for q in quoi)
    assert not any(q.startswith("Prix d'achat") for q in quoi)
    proprietaire = varier(dossier, "achat", {"titre_occupation.genre": "propriete"})
    achat = Resultat.calculer(replace(dossier, variantes={"base": proprietaire}), moteur)
    assert any(x.quoi.startswith("Prix d'achat") for x in a_confirmer(achat.vue()))


def test_les_heures_du_jour_s_accordent(dossier):
    with pytest.raises(ErreurDonnees, match="heures pleines et creuses"):
        varier(dossier, "court", {"exploitation.heures_creuses_jour": {"valeur": 2.5, "base": "essai"}})
