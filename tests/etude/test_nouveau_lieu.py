"""New place: French answers, faults told at once, nothing lost, both sheets written, and a study of each kind that runs."""

import shutil
from datetime import date

import numpy as np
import pytest
import yaml

import pope_foncier as pf
from pope_foncier.acquisition.titres import titre_de
from pope_foncier.ateliers.ajouts import dispositifs_proposes
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.nouveau import creer, lire_reponses, ouvrir_site
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.lieu.site import Site
from pope_foncier.places.selon_la_pmi import selon_la_pmi
from pope_foncier.places.surfaces import espace_a_distance
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.lecture import etat_du_fichier
from pope_foncier.vues.decision.comparer.mots import phrase
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.places.tableaux import places
from tests.cli.commandes import lancer, lancer_a_part
from tests.conftest import DONNEES, GELEES


@pytest.fixture(scope="module")
def donnees_du_fichier(tmp_path_factory):
    """Copy of the data folder for all the tests of this file, and what it holds: each file with its date and size."""
    copie = tmp_path_factory.mktemp("nouveau_lieu") / "data"
    shutil.copytree(DONNEES, copie)
    shutil.copytree(GELEES, copie / "etudes", dirs_exist_ok=True)
    return copie, releve(copie)


@pytest.fixture
def donnees_copie(donnees_du_fichier):
    """The copy as it was made: a test only adds places, plans and studies to it, which go with it."""
    copie, avant = donnees_du_fichier
    yield copie
    apres = releve(copie)
    for fichier in apres.keys() - avant.keys():
        fichier.unlink()
    assert {f: etat for f, etat in apres.items() if f in avant} == avant, "un fichier livré a changé"


def releve(dossier):
    """Files of a folder, each with its date and size."""
    return {f: etat_du_fichier(f) for f in dossier.rglob("*") if f.is_file()}


BOUTIQUE = {
    "nom": "Local du 12 rue des Lilas",
    "genre": "coque",
    "commune": "Sevran",
    "habitants": "6 000 hab",
    "surface": "240 m2",
    "exterieur": "0",
    "loyer": "150 €/m2",
    "depart": "01/03/2027",
}
"""A shop of 240 m² without yard, in an ordinary zone."""


def ecrire(donnees, **autres):
    """Site and study files of the shop, some answers changed."""
    return creer(lire_reponses(BOUTIQUE | autres, donnees), donnees)


def voir(etude, donnees, scenario="base"):
    """View of a study just written."""
    resultat = Resultat.calculer(ouvrir(etude, donnees), Moteur.ouvrir(donnees))
    return resultat.vue(scenario)


def test_les_reponses_arrivent_dans_les_deux_fiches(donnees_copie):
    fichier, etude = ecrire(donnees_copie, exterieur="60 m²", hauteur="2,60 m", position="12 rue des Lilas")
    site, lue = lire_fiche(Site, fichier), ouvrir(etude, donnees_copie).etude
    assert (site.surface_m2.valeur, lue.programme.surface_m2.valeur) == (240, 240)
    assert (site.surface_exterieure_m2.valeur, lue.programme.surface_exterieure_m2.valeur) == (60, 60)
    assert (site.hauteur_m.valeur, site.adresse, site.genre) == (2.6, "12 rue des Lilas", "coque")
    assert (site.commune, site.code_insee) == ("Sevran", "93071")
    assert (lue.date_depart, lue.titre_occupation.loyer_m2_an.valeur) == (date(2027, 3, 1), 150)
    assert site.carreau.habitants.valeur == 6000
    assert all(x.est_hypothese for x in (site.surface_m2, lue.programme.surface_m2)), (
        "une réponse n'est pas un fait publié"
    )
    assert "#" in etude.read_text(encoding="utf-8"), "l'étude est commentée"


@pytest.mark.parametrize(("reponse", "valeur"), [("30 h", 30), ("?", None)])
def test_le_referent_sante_est_demande(donnees_copie, reponse, valeur):
    """Without an answer the hours are unknown, with whom to ask: the control says « inconnu », never zero."""
    _, etude = ecrire(donnees_copie, referent_sante=reponse)
    donnee = ouvrir(etude, donnees_copie).etude.exploitation.referent_sante_h_an
    assert (donnee.valeur, donnee.a_obtenir_de) == (valeur, "le gestionnaire")
    dits = {r.code: r.statut() for r in voir(etude, donnees_copie).ratios}
    assert dits["referent_sante"] == ("indetermine" if valeur is None else "respecte")


@pytest.mark.parametrize(
    ("commune", "reponse", "part"),
    [("Sevran", "oui", 1), ("Sevran", "non", 0), ("Sevran", "?", None), ("Lille (59)", None, None)],
)
def test_un_achat_demande_l_usage_du_local(donnees_copie, commune, reponse, part):
    """Asked of a purchase in Île-de-France only; it reaches the purchase and what the montages start from; unknown is asked again."""
    reponses = {"titre": "propriete", "prix": "300 000 €", "commune": commune}
    if reponse is not None:
        reponses["activite"] = reponse
    lues = lire_reponses({n: v for n, v in BOUTIQUE.items() if n != "loyer"} | reponses, donnees_copie)
    assert ("activite" in lues) == (reponse is not None)
    _, fichier = creer(lues, donnees_copie)
    etude = ouvrir(fichier, donnees_copie).etude
    for fiche in (etude.acquisition, etude.foncier):
        dite = fiche.locaux_d_activite_part
        assert (None if dite is None else dite.valeur) == part
    points = [x for x in a_confirmer(voir(fichier, donnees_copie)) if x.quoi.startswith("Taxe additionnelle")]
    assert len(points) == (reponse == "?")


def test_un_point_donne_son_carreau_et_sa_densite(donnees_copie):
    """Station of Saint-Denis: its square counts 16 227 inhabitants (Insee, Filosofi 2019), very dense; no question on the yard."""
    lues = lire_reponses(BOUTIQUE | {"commune": "93066", "position": "48,93549 ; 2,34595"}, donnees_copie)
    assert not {"habitants", "espace", "pmi"} & set(lues)
    site = lire_fiche(Site, creer(lues, donnees_copie)[0])
    assert (site.carreau.identifiant, site.carreau.habitants.valeur) == ("CRS3035RES1000mN2898000E3761000", 16227)
    assert site.carreau.habitants.source is not None


@pytest.mark.parametrize(
    ("position", "code"),
    [
        ("12 rue des Lilas, 93270 Sevran", "93071"),
        ("3 place de la Gare 59000 Lille", "59350"),
        ("48.92420, 2.38443", "93027"),  # gare de La Courneuve - Aubervilliers, INSEE 93027 (SNCF open data)
        ("48.95421, 2.30261", "93031"),  # gare d'Épinay-sur-Seine
        ("48.96409, 2.37213", "93066"),  # Pierrefitte - Stains: part of Saint-Denis since 2025
    ],
)
def test_une_adresse_ou_un_point_propose_sa_commune(donnees_copie, position, code):
    sans = {n: v for n, v in BOUTIQUE.items() if n != "commune"}
    assert lire_reponses(sans | {"position": position}, donnees_copie)["commune"].code == code


def test_pres_d_une_limite_le_code_tranche(donnees_copie):
    lues = lire_reponses(BOUTIQUE | {"position": "48.93549, 2.34595", "commune": "Stains (93072)"}, donnees_copie)
    assert lues["commune"].code == "93072"


def test_un_carnet_ecrit_un_lieu_et_ouvre_son_etude(donnees_copie, monkeypatch):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    etude = pf.carnets.nouveau_lieu(**BOUTIQUE | {"surface": 240, "exterieur": 60, "depart": date(2027, 3, 1)})
    assert etude.scenarios["base"].calculer("tel_quel")["indicateurs.places"].valeur == 16
    with pytest.raises(pf.ErreurPope, match="existe déjà"):
        pf.carnets.nouveau_lieu(**BOUTIQUE)


def test_un_point_hors_de_l_extrait_garde_son_carreau_et_demande_ses_habitants(donnees_copie):
    lues = lire_reponses(
        BOUTIQUE | {"commune": "Lille (59)", "position": "50.63, 3.06", "habitants": "?"}, donnees_copie
    )
    site = lire_fiche(Site, creer(lues, donnees_copie)[0])
    assert site.carreau.identifiant.startswith("CRS3035RES1000mN")
    assert (site.carreau.habitants.valeur, site.carreau.habitants.a_obtenir_de) == (None, "l'Insee")


@pytest.mark.parametrize(
    ("champ", "texte", "dit"),
    [
        ("commune", "Sevrann", "peut-être Sevran (93)"),
        ("commune", "Saint-Denis", "plusieurs communes"),
        ("commune", "Stains (93066)", "93066 est celui de Saint-Denis"),
        ("commune", "La Courneuve (59)", "93027"),
        ("commune", "75011", "le code postal en est un autre"),
        ("depart", "31/02/2027", "jour/mois/année"),
        ("depart", "01/03/1950", "est passé"),
        ("surface", "vaste", "n'est pas un nombre"),
        ("surface", "-3", "négatif"),
        ("surface", "1.200", "ambigu"),
        ("hauteur", "300 m", "au plus"),
        ("position", "2.34595, 48.93549", "d'abord la latitude"),
        ("commune", "Stains", "Sevran (93071)"),
        ("genre", "péniche", "choisir 1 gare"),
        ("pmi", "peut-être", "oui, non ou ?"),
        ("plan", "maison.dxf", "plan importer maison.dxf"),
        ("inconnue", "x", "aucune question"),
    ],
)
def test_une_reponse_qui_ne_se_lit_pas_dit_comment_l_ecrire(donnees_copie, champ, texte, dit):
    espace = {"espace": "Square, 180 m"} if champ == "pmi" else {}
    espace |= {"position": "12 rue des Lilas, 93270 Sevran"} if texte == "Stains" else {}
    with pytest.raises(ErreurDonnees) as refus:
        lire_reponses(BOUTIQUE | espace | {champ: texte}, donnees_copie)
    (probleme,) = refus.value.problemes
    assert probleme.champ == champ
    assert dit in probleme.message


def test_toutes_les_fautes_se_disent_d_un_coup_et_rien_n_est_ecrit(donnees_copie):
    avant = sorted(p for p in donnees_copie.rglob("*.yaml"))
    fausses = {"nom": "!!", "genre": "?", "commune": "93", "surface": "beaucoup", "exterieur": "-3", "depart": "demain"}
    with pytest.raises(ErreurDonnees) as refus:
        lire_reponses(fausses, donnees_copie)
    assert {p.champ for p in refus.value.problemes} == set(fausses)
    assert sorted(p for p in donnees_copie.rglob("*.yaml")) == avant


def test_rien_n_est_ecrase(donnees_copie):
    lues = lire_reponses(BOUTIQUE, donnees_copie)
    creer(lues, donnees_copie)
    with pytest.raises(ErreurDonnees, match="existe déjà"):
        creer(lues, donnees_copie)
    with pytest.raises(ErreurDonnees, match="existe déjà"):
        lire_reponses(BOUTIQUE, donnees_copie)


def test_un_nom_hostile_est_du_texte(donnees_copie):
    site, etude = ecrire(donnees_copie, nom='../../x "}: $nom <script>')
    assert site.parent == donnees_copie / "sites"
    assert ouvrir(etude, donnees_copie).etude.titre.startswith("../../x")


# --- places, yard elsewhere -------------------------------------------------------------------------------------------


def test_sans_cour_les_places_se_lisent_selon_la_reponse_de_la_pmi(donnees_copie):
    """By hand. No yard and 2 m² a place due: 0. Admitted: law, 240 ÷ 1.25 = 192 m² of usable area, 192 ÷ 7 = 27.4, so 27 (a crèche of
    25 to 39, whose yard a space within 300 m may replace); comfort, 1.25 × (9.6 n + 36) ≤ 240 gives n ≤ 16.25, so 16.
    """
    _, etude = ecrire(donnees_copie, espace="Square des Lilas, 180 m")
    vue = voir(etude, donnees_copie)
    lues = selon_la_pmi(vue.ev.ctx)
    assert (lues.refuse.confort, lues.refuse.droit, lues.admet.confort, lues.admet.droit) == (0, 0, 16, 27)
    assert lues.aupres_de == "la PMI de la Seine-Saint-Denis"
    attendu = "0 place si la PMI refuse un espace à distance en place de la cour, 16 (programme de confort) à 27 (droit, au plus) places"
    assert attendu in lectures.sans_place(vue)
    assert attendu in dict(places(vue).lignes)["Espace extérieur"]
    admis = voir(etude, donnees_copie, "espace_admis")
    assert "selon la fiche du site → admis par la PMI" in phrase(differencier(vue, admis))
    assert admis.valeur(admis.ev.capacite.places) == 16


@pytest.mark.parametrize(("avis", "attendues"), [("oui le 12/01/2027", 16), ("non le 12/01/2027", 0)])
def test_la_reponse_de_la_pmi_ferme_la_question(donnees_copie, avis, attendues):
    fichier, etude = ecrire(donnees_copie, espace="Square des Lilas à 180 m", pmi=avis)
    (espace,) = lire_fiche(Site, fichier).espaces_a_distance
    assert (espace.pmi.le, espace.distance_m.valeur) == (date(2027, 1, 12), 180)
    vue = voir(etude, donnees_copie)
    assert vue.valeur(vue.ev.capacite.places) == attendues
    assert selon_la_pmi(vue.ev.ctx) is None
    assert "espace_admis" not in ouvrir(etude, donnees_copie).variantes


@pytest.mark.parametrize(
    ("habitants", "autre"),
    [("6 000", None), ("9 300", "zone_tres_dense"), ("10 700", "zone_ordinaire"), ("?", "zone_tres_dense")],
)
def test_un_carreau_inconnu_ou_pres_du_seuil_ajoute_l_autre_lecture(donnees_copie, habitants, autre):
    """Threshold of 10,000 inhabitants; 8 % on both sides: 9,200 to 10,800 decide nothing."""
    zones = [n for n in ouvrir(ecrire(donnees_copie, habitants=habitants)[1], donnees_copie).variantes if "zone" in n]
    assert zones == ([] if autre is None else [autre])


def test_une_cour_trop_petite_pose_la_meme_question(donnees_copie):
    """20 m² at 2 m² a place: 10 places if refused; 54 m² would serve the 27 places of the law, and nothing is asked."""
    assert "espace" in lire_reponses(BOUTIQUE | {"exterieur": "20"}, donnees_copie)
    assert "espace" not in lire_reponses(BOUTIQUE | {"exterieur": "60"}, donnees_copie)
    vue = voir(ecrire(donnees_copie, exterieur="20")[1], donnees_copie)
    lues = selon_la_pmi(vue.ev.ctx)
    assert (lues.refuse.confort, lues.refuse.droit, lues.admet.confort, lues.admet.droit) == (10, 10, 16, 27)
    assert "10 places si la PMI refuse" in lectures.phrase(vue)


def test_un_espace_trop_loin_ne_remplace_pas_la_cour_et_le_dit(donnees_copie):
    """350 m, beyond the 300 m of the scale: no place, even when the PMI is said to admit it."""
    fichier, etude = ecrire(donnees_copie, espace="Square des Lilas, 350 m", pmi="oui")
    site = lire_fiche(Site, fichier)
    lu = espace_a_distance(site, Catalogue(), date(2026, 12, 1), None)
    assert lu.admis is False
    assert [x.replace("\u00a0", " ") for x in lu.reserves] == [
        "Espace à distance (Square des Lilas) : plus loin que 300 m, il ne tient pas lieu de cour."
    ]
    vue = voir(etude, donnees_copie)
    assert vue.valeur(vue.ev.capacite.places) == 0


def test_aucun_espace_a_la_ronde_ne_laisse_rien_a_demander(donnees_copie):
    fichier, etude = ecrire(donnees_copie, espace="non")
    assert lire_fiche(Site, fichier).sans_espace_a_distance
    vue = voir(etude, donnees_copie)
    assert (vue.valeur(vue.ev.capacite.places), selon_la_pmi(vue.ev.ctx)) == (0, None)


def test_sans_cour_ni_densite_les_places_restent_inconnues_et_disent_leurs_lectures(donnees_copie):
    """Very dense, by hand: 5.5 m² a place and 20 m² inside in place of the yard (13 to 24 places), 30 m² (25 to 39). Comfort:
    1.25 × (8.1 n + 36 + 20) ≤ 240 gives n ≤ 16.8; law: 5.5 n + 30 ≤ 192 gives n ≤ 29.4.
    """
    _, etude = ecrire(donnees_copie, habitants="?")
    vue = voir(etude, donnees_copie)
    assert np.isnan(vue.valeur(vue.ev.capacite.places))
    lignes = dict(places(vue).lignes)
    assert lignes["Ce qui manque"] == "densité du carreau Insee (à obtenir de l'Insee, puis la PMI)"
    lues = selon_la_pmi(vue.ev.ctx)
    assert (lues.tres_dense.confort, lues.tres_dense.droit) == (16, 29)
    assert "En zone ordinaire, 0 place si la PMI refuse" in lignes["Espace extérieur"]
    assert {x.quoi: x.valeur for x in a_confirmer(vue)}["Zone très dense (1 oui, 0 non)"] == "inconnu"


def test_la_commande_capacite_dit_les_deux_lectures(donnees_copie, monkeypatch):
    ecrire(donnees_copie, espace="Square des Lilas, 180 m")
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    sortie = " ".join(lancer("capacite", "local_du_12_rue_des_lilas").stdout.split())
    assert "16 (programme de confort) à 27 (droit, au plus) places si elle l'admet" in sortie
    assert "SNCF" not in sortie


# --- kinds of place ---------------------------------------------------------------------------------------------------

AILLEURS = {"commune": "Lille (59)", "exterieur": "80", "loyer": "?"}
"""Outside Seine-Saint-Denis and Île-de-France."""


@pytest.mark.parametrize("genre", ["gare", "coque", "terrain", "ecole", "logement", "modulaire"])
def test_chaque_genre_de_lieu_a_son_titre_ses_travaux_ses_phases_et_tourne(donnees_copie, genre):
    site, etude = ecrire(donnees_copie, genre=genre, **AILLEURS)
    texte = etude.read_text(encoding="utf-8") + site.read_text(encoding="utf-8")
    assert ("SNCF" in texte) == (genre == "gare")
    lue = ouvrir(etude, donnees_copie).etude
    phases = {p.id for p in lue.delais.phases}
    assert ("gestionnaire_voies" in phases, "copropriete" in phases) == (genre == "gare", genre == "logement")
    assert lue.travaux.construction_neuve == (genre in ("terrain", "modulaire"))
    vue = voir(etude, donnees_copie)
    assert vue.valeur(vue.ev.capacite.places) == 16
    voies = {voie: p.reponse for voie, p in lue.foncier.voies.items()}
    assert voies[titre_de(lue.titre_occupation.genre).voie] == "oui", (
        "le titre choisi est ouvert, le reste est à demander"
    )
    lots = {p.lot for p in vue.ev.cout.postes}
    assert ("acoustique" in lots) == (genre == "gare"), "le lot du bord des voies n'est dû qu'au bord des voies"
    assert sum(p.montant.au_point() for p in vue.ev.cout.postes) == pytest.approx(vue.valeur(vue.ev.cout.travaux_ht)), (
        "la part ôtée revient aux autres lots"
    )
    assert vue.ev.livre["tresorerie.loyer"].lire(rang=40) == "inconnu", "un loyer inconnu reste inconnu"


def test_ailleurs_les_aides_locales_sont_a_chercher_et_les_nationales_restent(donnees_copie):
    site, etude = ecrire(donnees_copie, **AILLEURS)
    texte = etude.read_text(encoding="utf-8") + site.read_text(encoding="utf-8")
    assert not [x for x in ("Caf 93", "Caf de la Seine-Saint-Denis", "Région Île-de-France", "Drieat") if x in texte]
    lue = ouvrir(etude, donnees_copie).etude
    aides = {a.id: (a.financeur, a.statut) for a in lue.aides}
    assert aides["piaje"] == ("Caf du Nord", "esperee")
    assert aides["caf_locale"] == ("Caf du Nord", "non_demandee")
    assert aides["region"] == ("Région Hauts-de-France", "non_demandee")
    assert aides["departement"] == ("Département du Nord", "non_demandee")
    assert lue.acteurs.caf_locale == "Caf du Nord"
    assert lue.taxes.bureaux_part_due.valeur == 0
    assert any("Caf du Nord" in q for q in lue.questions_ouvertes)
    assert lue.foncier.portage_public.reponse == "non", "l'EPFIF n'achète qu'en Île-de-France"
    locales = {"caf93", "caf93_extension", "departement_93", "region_idf", "mgp_fim"}
    assert not locales & set(dispositifs_proposes("59350"))
    assert locales <= set(dispositifs_proposes("93071"))
    assert set(dispositifs_proposes("93071")) - locales == set(dispositifs_proposes("59350")), "les nationales restent"


def test_dans_le_93_les_aides_locales_sont_celles_que_l_on_connait(donnees_copie):
    lue = ouvrir(ecrire(donnees_copie)[1], donnees_copie).etude
    assert {"piaje", "caf93", "region_idf"} <= {a.id for a in lue.aides}
    assert not [q for q in lue.questions_ouvertes if "aides locales" in q]


def test_un_achat_porte_son_prix_ou_le_dit_inconnu(donnees_copie):
    lue = ouvrir(ecrire(donnees_copie, titre="pleine propriété", prix="450 k€", loyer="")[1], donnees_copie).etude
    assert (lue.acquisition.prix.valeur, lue.titre_occupation.loyer_m2_an.valeur) == (450_000, 0)
    inconnu = ouvrir(ecrire(donnees_copie, nom="Autre", titre="propriete", loyer="")[1], donnees_copie).etude
    assert (inconnu.acquisition.prix.valeur, inconnu.acquisition.prix.a_obtenir_de) == (None, "le vendeur")


def test_un_plan_donne_ses_surfaces_et_suit_le_lieu(donnees_copie, tmp_path):
    """Plan of 20 × 12 m with a yard of 10 × 4 m."""
    plan = tmp_path / "releve.yaml"
    plan.write_text(
        'titre: "Relevé"\nstatut: hypothese\nbase: essai\nsysteme: local\nelements:\n'
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 12], [0, 12]]}\n"
        "  - {nature: cour, points: [[0, 12], [10, 12], [10, 16], [0, 16]]}\n",
        encoding="utf-8",
    )
    sans = {n: v for n, v in BOUTIQUE.items() if n not in ("surface", "exterieur")}
    site, etude = creer(lire_reponses(sans | {"plan": str(plan)}, donnees_copie), donnees_copie)
    fiche, lue = lire_fiche(Site, site), ouvrir(etude, donnees_copie).etude
    assert (fiche.surface_m2.valeur, lue.programme.surface_exterieure_m2.valeur) == (240, 40)
    assert "mesurée sur le plan" in lue.programme.surface_m2.base
    assert fiche.plan == "local_du_12_rue_des_lilas.yaml"
    with pytest.raises(ErreurDonnees, match="240 m², 20 fois plus"):
        lire_reponses(sans | {"nom": "Autre", "plan": str(plan), "surface": "12 m²"}, donnees_copie)
    assert yaml.safe_load((donnees_copie / "plans" / fiche.plan).read_text(encoding="utf-8"))["site"] == site.stem


def test_un_site_sans_etude_s_ouvre_avec_l_etude_de_son_genre(donnees_copie):
    site, etude = ecrire(donnees_copie, **AILLEURS)
    etude.unlink()
    dossier = ouvrir_site(site)
    assert (dossier.etude.programme.surface_m2.valeur, dossier.etude.acteurs.caf_locale) == (240, "Caf du Nord")
    assert dossier.etude.titre_occupation.loyer_m2_an.valeur is None


# --- terminal ---------------------------------------------------------------------------------------------------------

SAISIE = ("Boutique de Sevran", "2", "12 rue des Lilas, 93270 Sevran", "Sevrann", "", "6 000 hab", "", "240 m2", "0")
SAISIE += ("Square des Lilas, 180 m", "", "?", "2,60 m", "", "150 €/m2", "", "", "01/03/2027", "")
"""What is typed for a shop, one fault among the answers."""


def test_au_terminal_une_boutique_va_de_rien_a_une_note_en_moins_de_vingt_questions(
    donnees_copie, monkeypatch, tmp_path
):
    """18 questions, seven of them answered by Enter: under ten minutes even at half a minute each; the note then knows its places."""
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    fait = lancer("nouveau-site", entree="\n".join(SAISIE) + "\n")
    assert fait.returncode == 0, fait.stderr
    assert "peut-être Sevran (93)" in fait.stderr, "la faute se dit tout de suite, et la question revient"
    assert "18 questions posées" in fait.stdout
    assert not list(donnees_copie.glob("*.brouillon"))
    sortie = tmp_path / "note"
    fait = lancer("etude", "boutique_de_sevran", "--no-carnet", "--sortie", str(sortie))
    assert fait.returncode == 0, fait.stderr
    note = " ".join(
        (sortie / "note.html").read_text(encoding="utf-8").replace("\xa0", " ").replace("\u202f", " ").split()
    )
    assert "0 place si la PMI refuse un espace à distance en place de la cour, 16 (programme de confort) à 27" in note


def test_une_saisie_interrompue_reprend_ou_elle_en_etait(donnees_copie):
    fait = lancer_a_part("nouveau-site", "--donnees", str(donnees_copie), entree="\n".join(SAISIE[:6]) + "\n")
    assert fait.returncode == 2
    assert "réponses gardées" in fait.stderr
    fait = lancer_a_part("nouveau-site", "--donnees", str(donnees_copie), entree="\n".join(SAISIE[6:]) + "\n")
    assert fait.returncode == 0, fait.stderr
    assert "5 réponses déjà données sont reprises" in fait.stdout
    assert (donnees_copie / "etudes" / "boutique_de_sevran.yaml").is_file()
