"""Commands: what they print, French errors without a traceback, a new site that runs."""

import pandas as pd
import pytest

from tests.cli.commandes import lancer, lancer_a_part
from tests.conftest import GARE, RACINE


def test_etude_affiche_tous_les_tableaux(tmp_path):
    fait = lancer("etude", str(GARE), "--sortie", str(tmp_path), "--no-carnet")
    assert fait.returncode == 0, fait.stderr
    for titre in (
        "Places qui tiennent",
        "Plan de coûts",
        "Plan de financement (plan tel quel)",
        "Bouclage du plan (plan bouclé)",
        "Plan bouclé au plan, pas en trésorerie : 921\u202f514\u00a0€ à trouver",
        "Échéancier",
        "Compte d'exploitation 2030, année de croisière (plan bouclé)",
        "Ratios",
        "Reste à charge de la commune (plan bouclé)",
        "Ce que la commune devrait apporter (plan bouclé)",
        "Épreuves : couverture de la dette par année",
        "Ne rien",
        "À confirmer",
        "Questions ouvertes",
        "note.html",
    ):
        assert titre in fait.stdout, titre


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["etude", "absent.yaml"], "fichier absent"),
        (["expliquer", str(GARE), "ressources.piage"], "Peut-être : ressources.piaje"),
        (["expliquer", str(GARE), "ressources.piaje", "--scenario", "xx"], "Scénario inconnu"),
        (["veille"], "Dire à quelle date"),
        (["capacite", "data/modeles/site.yaml"], "dire à quelle date, année-mois-jour, par exemple 2026-12-01"),
        (["capacite", "data/sites/gare_saint_denis.yaml", "--date", "hier"], "Dire à quelle date"),
        (
            ["capacite", "data/sites/gare_saint_denis.yaml", "--date", "2026-12-01", "--mode", "x"],
            "Mode d'accueil inconnu",
        ),
        (["capacite", "absent.yaml", "--date", "2026-12-01"], "fichier absent"),
        (["capacite", "absent.yaml"], "fichier absent"),
        (
            ["plan", "data/plans/gare_saint_denis_suppose.yaml", "--date", "2026-12-01", "--papier", "A5"],
            "choisir A4 ou A3",
        ),
        (["calage", "--cas", "absent.yaml"], "fichier absent"),
        (["epreuves"], "Dire quelle étude éprouver"),
        (["epreuves", str(GARE), "--choc", "travaux_16"], "Peut-être : travaux_15"),
        (["recherche", str(GARE), "--cible", "0,5"], "--cible : un nombre de 1 à 100"),
    ],
)
def test_erreurs_sans_trace(arguments, message):
    fait = lancer(*arguments)
    assert fait.returncode == 2
    assert message in fait.stderr
    assert "Traceback" not in fait.stderr + fait.stdout


def test_viser_dit_la_valeur_ou_aucune(tmp_path):
    fait = lancer(
        *("viser", str(GARE), "--champ", "prets[banque].montant", "--chiffre", "a_trouver", "--cible", "0"),
        *("--entre", "0", "2 000 000", "--sortie", str(tmp_path / "visee.csv")),
    )
    assert fait.returncode == 0
    assert "toute valeur la donne" in fait.stdout
    assert (tmp_path / "visee.csv").exists()
    fait = lancer("viser", str(GARE), "--champ", "travaux.cout_m2_ht", "--chiffre", "a_trouver", "--cible", "0")
    assert "aucune valeur" in " ".join(fait.stdout.split())


def test_valeur_fonciere_et_meilleur_plan():
    fait = lancer("valeur-fonciere", str(GARE), "--couverture", "50")
    assert fait.returncode == 0
    assert "Valeur du foncier : aucune" in fait.stdout
    fait = lancer("meilleur-plan", str(GARE), "--plafond-pret", "0", "--plafond-contribution", "12 000")
    assert fait.returncode == 0, fait.stderr
    assert "Meilleur plan pour le plus bas coût actualisé" in " ".join(fait.stdout.split())
    assert "Plan proposé à côté de celui de l'étude" in fait.stdout
    refuse = lancer("meilleur-plan", str(GARE), "--minimiser", "prix")
    assert refuse.returncode == 2
    assert "Rien à minimiser de ce nom" in refuse.stderr


def test_dans_son_processus_une_commande_finit_et_ecrit_de_meme():
    """True processes: exit code, both outputs in UTF-8 and no traceback, as when the command runs here."""
    for arguments in (["expliquer", str(GARE), "ressources.piaje"], ["expliquer", str(GARE), "ressources.piage"]):
        ici, a_part = lancer(*arguments), lancer_a_part(*arguments)
        assert (a_part.returncode, a_part.stdout, a_part.stderr) == (ici.returncode, ici.stdout, ici.stderr)
    assert (a_part.returncode, a_part.stdout) == (2, "")
    assert a_part.stderr.startswith("Erreur : ")
    usage = lancer_a_part("expliquer")
    assert usage.returncode == 2
    assert "Traceback" not in usage.stderr


def test_epreuves_choisies_et_recherche(tmp_path):
    fait = lancer("epreuves", "--liste")
    assert "travaux_15" in fait.stdout
    assert "territoire.ctg_signee" in fait.stdout
    fichier = tmp_path / "epreuves.csv"
    options = ["--choc", "travaux_15", "--choc", "ouverture_6", "--sortie", str(fichier), "--point"]
    fait = lancer("epreuves", str(GARE), *options)
    assert fait.returncode == 0, fait.stderr
    cadre = pd.read_csv(fichier)
    assert [*cadre["epreuve"]] == [
        "Plan arrêté, sans choc",
        "Travaux +15 %",
        "Ouverture 6 mois plus tard",
        "Ensemble : Travaux +15 % + Ouverture 6 mois plus tard",
    ]
    trous = cadre["sans_financement_euros"]
    assert trous[0] == 0
    assert trous[3] >= max(trous[1], trous[2])
    assert cadre["couverture_2030"].notna().all()
    fait = lancer("recherche", str(GARE), "--cible", "1,15", "--depuis", "2030")
    assert fait.returncode == 0, fait.stderr
    for attendu in ("Forfait de la commune, par place et par an", "1,15", "à partir de 2030"):
        assert attendu in " ".join(fait.stdout.split()), attendu


def test_expliquer_et_baremes():
    fait = lancer("expliquer", str(GARE), "ressources.piaje")
    assert "96\u202f000\u00a0€" in fait.stdout
    assert "subventions.piaje.base_par_place" in fait.stdout
    fait = lancer("veille", str(GARE), "--tout", "--date", "2026-12-01")
    assert fait.returncode == 0
    assert "case vide" in fait.stdout


def test_capacite_sans_surface_publiee_le_dit_et_liste_les_contraintes():
    fait = lancer("capacite", "data/sites/gare_saint_denis.yaml", "--date", "2026-12-01")
    assert fait.returncode == 0, fait.stderr
    for attendu in (
        "inconnu : il manque une surface",
        "SNCF Gares & Connexions",
        "zone très dense",
        "Contraintes du lieu",
    ):
        assert attendu in " ".join(fait.stdout.split()), attendu


def test_capacite_et_plan_sur_un_plan(tmp_path):
    plan = "data/plans/gare_saint_denis_suppose.yaml"
    fait = lancer("capacite", "data/sites/gare_saint_denis.yaml", "--date", "2026-12-01", "--plan", plan)
    assert fait.returncode == 0, fait.stderr
    for attendu in ("Contrôle des locaux dessinés", "Règles lues sur le plan : issues et évacuation", "Cul-de-sac"):
        assert attendu in fait.stdout
    fait = lancer("plan", plan, "--date", "2026-12-01", "--sortie", str(tmp_path))
    assert fait.returncode == 0, fait.stderr
    assert sorted(f.suffix for f in tmp_path.iterdir()) == [".dxf", ".geojson", ".pdf", ".png", ".svg"]


def test_travaux_et_calage(tmp_path):
    exemple, image = RACINE / "data" / "exemples" / "travaux_par_lots.yaml", tmp_path / "phases.png"
    fait = lancer("travaux", str(GARE), "--variante", str(exemple), "--image", str(image))
    assert fait.returncode == 0, fait.stderr
    for attendu in ("Travaux par lots", "Fourchette du coût", "Phases", "avril 2029", "Visite de sécurité"):
        assert attendu in fait.stdout, attendu
    assert image.read_bytes()[:4] == b"\x89PNG"
    fait = lancer(
        "calage", "--cas", str(RACINE / "data" / "cas" / "operations_publiees.yaml"), "--sortie", str(tmp_path / "c.md")
    )
    assert fait.returncode == 0, fait.stderr
    assert "Seuils visés" in (tmp_path / "c.md").read_text(encoding="utf-8")
    assert (tmp_path / "images" / "c.png").is_file()


def test_fiches_des_modes_ecrites_par_le_modele(tmp_path):
    fait = lancer("fiches", "--sortie", str(tmp_path))
    assert fait.returncode == 0, fait.stderr
    livrees = RACINE / "docs" / "fiches"
    ecrites = sorted(f.name for f in tmp_path.iterdir())
    assert ecrites == sorted(f.name for f in livrees.iterdir())
    for nom in ecrites:
        assert (tmp_path / nom).read_text(encoding="utf-8") == (livrees / nom).read_text(encoding="utf-8"), nom


def test_besoins_accueil_montre_les_inconnus_et_demande_les_pieces_du_bassin():
    fait = lancer("besoins-accueil")
    assert fait.returncode == 0, fait.stderr
    texte = " ".join(fait.stdout.split())
    for attendu in ("Plaine Commune", "inconnu", "L'Île-Saint-Denis", "naissances constantes", "Avip"):
        assert attendu in texte, attendu
    fait = lancer("besoins-accueil", "--point", "2.35,48.93")
    assert fait.returncode == 2
    assert "--contours" in fait.stderr
    assert lancer("besoins-accueil", "--horizon", "2020").returncode == 2


def test_bilan_d_un_emprunteur():
    comptes = "data/emprunteurs/association_demonstration.yaml"
    fait = lancer("bilan", str(GARE), comptes)
    assert fait.returncode == 0, fait.stderr
    for attendu in ("Compte de résultat", "Total du passif", "Avant (2026)", "Sûretés"):
        assert attendu in fait.stdout, attendu
    fait = lancer("bilan", "data/etudes/modes_d_accueil.yaml", comptes)
    assert fait.returncode == 2
    assert "maître d'ouvrage" in fait.stderr


def test_capacite_prend_la_date_de_la_seule_etude_du_site():
    fait = lancer("capacite", "data/sites/gare_saint_denis.yaml")
    assert fait.returncode == 0, fait.stderr
    dit = " ".join(fait.stdout.split())
    assert "Date du dépôt : 1er décembre 2026, celle de l'étude data/etudes/gare_saint_denis.yaml" in dit
    assert "dossier déposé le 1er décembre 2026" in dit
    assert (
        "Date du dépôt :" not in lancer("capacite", "data/sites/gare_saint_denis.yaml", "--date", "2026-12-01").stdout
    )


def test_un_tableau_trop_large_pour_l_ecran_se_lit_en_fiches():
    """Eleven columns on 80 signs: one list per row, every word whole; on a wide screen, a table."""
    from io import StringIO

    from rich.console import Console

    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes.table import Table

    table = Table("Essai", ("Titre", *(f"colonne {n}" for n in range(10))), (("Bail", *(["amortissement"] * 9), "—"),))
    sorties = {}
    for largeur in (80, 200):
        sortie = StringIO()
        terminal.montrer(table, Console(file=sortie, width=largeur))
        sorties[largeur] = sortie.getvalue()
    assert sorties[80].count("amortissement") == 9
    assert "colonne 9" not in sorties[80], "an empty cell is left out"
    assert "┃" not in sorties[80]
    assert "┃" in sorties[200]


def test_difference_de_deux_scenarios_en_mots():
    fait = lancer("difference", "gare_saint_denis", "--bloc", "region_refusee")
    assert fait.returncode == 0
    assert "Aide de la Région refusée : ressources −63" in fait.stdout
    assert "À trouver" in fait.stdout
    refus = lancer("difference", "gare_saint_denis")
    assert refus.returncode == 2
    assert "--vers" in refus.stderr
    assert "travaux_plus_15" in refus.stderr


def test_comparer_des_sites_en_une_commande(tmp_path):
    csv, image = tmp_path / "options.csv", tmp_path / "options.png"
    choix = ("--montages", "tel_quel,bail_construction", "--bouclages", "personne,commune")
    fait = lancer(
        "comparer", "gare_saint_denis", "coque_la_courneuve", *choix, "--sortie", str(csv), "--image", str(image)
    )
    assert fait.returncode == 0
    assert "Options comparées : 8, dont 6 calculées" in fait.stdout
    assert "pas de droit réel" in fait.stdout
    assert "selon les critères" in fait.stdout
    assert image.read_bytes().startswith(b"\x89PNG")
    assert len(csv.read_text(encoding="utf-8-sig").splitlines()) == 9
    refus = lancer("comparer", "gare_saint_denis", "--modes", "crèche")
    assert refus.returncode == 2
    assert "Mode d'accueil inconnu" in refus.stderr
