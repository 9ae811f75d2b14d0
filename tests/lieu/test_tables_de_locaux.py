"""Tables of rooms and COBie: rooms, areas, quantities, totals, and the programme that they make. Expected values by hand."""

import pytest

import pope_foncier as pf
from pope_foncier.lieu.fichiers.tables import lire_locaux
from pope_foncier.lieu.locaux import lire_programme
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.cli.commandes import lancer
from tests.conftest import DONNEES, sauter
from tests.lieu.test_geometrie import PARTAGE
from tests.travaux.classeurs import classeur

TITRES = ["N°", "Désignation", "Usage", "Surface (m²)", "Qté", "HSP (m)", "Étage"]
LIGNES = [
    ["École Jean-Macé, surfaces au 12 mars"],
    TITRES,
    ["Rez-de-chaussée"],
    ["1", "Salle d'éveil", "", "47,25", "2", "2,70", ""],
    ["2", "Rangement", "", "6,5", "", "0", ""],
    ["", "Sous-total RDC", "", "101", "", "", ""],
    ["Premier étage"],
    ["11", "Salle 11", "Sommeil", "24", "1", "2.5", "R+1"],
    ["12", "Local 12", "bureau", "n/a", "1", "", "R+1"],
    ["13", "Terrasse", "", "30", "", "", "R+1"],
    ["", "Total général", "", "155", "", "", ""],
]


def ecrire(dossier, forme, rangs):
    fichier = dossier / f"locaux.{'xlsx' if forme == 'xlsx' else 'csv'}"
    if forme == "xlsx":
        classeur(fichier, rangs)
    else:
        entre = ";" if forme == "csv" else "\t"
        fichier.write_text(
            "".join(entre.join(r) + "\n" for r in rangs), encoding="cp1252" if forme == "csv" else "utf-8"
        )
    return fichier


def dit(avis, morceau):
    return any(morceau in a.replace("\xa0", " ").replace("\u202f", " ") for a in avis)


@pytest.mark.parametrize("forme", ["csv", "tsv", "xlsx"])
def test_un_tableau_d_ecole(tmp_path, forme):
    """2 × 47.25 + 6.5 + 24 = 125 m² in 4 rooms; the subtotal 101 and the total 155 (terrace included) hold; « n/a » is no area, 0 no
    height, R+1 an upper floor."""
    lus = lire_locaux(ecrire(tmp_path, forme, LIGNES))
    assert (lus.total_m2, lus.nombre) == (125.0, 4)
    vus = [(x.nom, x.fonction, x.surface_m2, x.nombre, x.niveau, x.hauteur_m) for x in lus.locaux]
    assert vus == [
        ("1 Salle d'éveil", "eveil", 47.25, 2, 0, 2.7),
        ("2 Rangement", "rangement", 6.5, 1, 0, None),
        ("11 Salle 11", "sommeil", 24.0, 1, 1, 2.5),
    ]
    assert dict(lus.laisses) == {"lignes qui ne sont pas des pièces": 1, "pièces sans surface": 1}
    assert not dit(lus.avis, "écrits")
    assert dit(lus.avis, "Pièces sans surface, laissées : 12 Local 12")


def test_un_total_faux_est_dit(tmp_path):
    rangs = [[*r[:3], "140", *r[4:]] if "Total général" in r else r for r in LIGNES]
    lus = lire_locaux(ecrire(tmp_path, "csv", rangs))
    assert dit(lus.avis, "Ligne 11, « Total général » : 140,00 m² écrits, 155,00 m² dans les lignes au-dessus")


@pytest.mark.parametrize(
    ("titres", "rang", "surface", "hauteur"),
    [
        ("Room Name,Area,Height", "Nap room,17.936,2.5", 17.936, 2.5),
        ("Room Name,Area (sq ft),Height (ft)", "Nap room,100,8", 9.290304, 2.438),
        ("Nom;Surface utile;Hauteur (cm)", "Dortoir;12,5 m²;250", 12.5, 2.5),
        ("Nom;Surface totale;Quantité", "Dortoir;50;2", 25.0, None),
    ],
)
def test_unites_et_decimales(tmp_path, titres, rang, surface, hauteur):
    """100 ft² = 9.290304 m² and 8 ft = 2.4384 m; three decimals after a dot are no thousands; 50 m² in two rooms are 25 each."""
    fichier = tmp_path / "l.csv"
    fichier.write_text(f"{titres}\n{rang}\n", encoding="utf-8")
    (local,) = lire_locaux(fichier).locaux
    assert (local.surface_m2, local.hauteur_m, local.fonction) == (pytest.approx(surface), hauteur, "sommeil")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Lieu;Prix\nA;1\n", "colonnes absentes : nom, surface"),
        ("Nom;Surface\nA;environ 12\n", "n'est pas un nombre"),
        ("Nom;Surface\nA;12,5\nB;1.250\n", "ambigu"),
        ("Nom;Surface\nA;-3\n", "nombre négatif"),
        ("Nom;Surface;Quantité\nA;3;1,5\n", "n'est pas un nombre de pièces"),
        ("Nom;Surface;Hauteur\nA;3;2500\n", "sans doute des millimètres"),
        ("Nom;Surface\nA;185000\n", "vérifier le nombre, ou l'unité"),
        ("Nom;Surface\nA;0\n", "aucune pièce avec une surface"),
        ("", "tableau vide"),
    ],
)
def test_un_tableau_faux_est_refuse(tmp_path, texte, attendu):
    fichier = tmp_path / "l.csv"
    fichier.write_text(texte, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match=attendu):
        lire_locaux(fichier)


def test_un_classeur_abime_est_refuse(tmp_path):
    (tmp_path / "l.xlsx").write_bytes(b"PK\x03\x04 pas un classeur")
    with pytest.raises(ErreurDonnees, match="ce n'est pas un classeur XLSX"):
        pf.carnets.importer(tmp_path / "l.xlsx")


def test_du_tableau_au_programme_puis_aux_places(tmp_path):
    """What nobody says is asked; the programme read again is that of the table; the site then counts its rooms: 94.5 + 24 m² of
    children in the strict reading, daylight to check where the table says nothing."""
    rangs = [*LIGNES[:-1], ["14", "Zorglub", "", "10", "", "", ""], ["15", "Couloir", "", "9", "", "", ""]]
    fichier = ecrire(tmp_path, "csv", rangs)
    ouvert = pf.carnets.importer(fichier, date="2026-11-29")
    (question,) = ouvert.questions()
    assert question.sujet == "14 Zorglub"
    with pytest.raises(ErreurDonnees, match="« 14 Zorglub »"):
        ouvert.ecrire(tmp_path)
    (ecrit,) = ouvert.repondre(question, "cuisine").ecrire(tmp_path)
    programme = lire_programme(ecrit)
    assert programme.utile_m2 == 144.0
    assert [x.fonction for x in programme.locaux] == ["eveil", "rangement", "sommeil", "cuisine", "circulation"]
    assert pf.carnets.importer(fichier, fonctions=["cuisine"]).programme.locaux == programme.locaux
    vu = pf.carnets.site("gare_saint_denis", "2026-12-01", locaux=ecrit, surface="130 m²", cour="100 m²").lieu
    assert vu.capacite.comptees.comptees["strict"] == pytest.approx(2 * 47.25 + 24)
    assert vu.places >= 1
    assert dit(vu.capacite.a_verifier, "Les locaux font 144 m² utiles, plus que les 130 m² de plancher")
    a_verifier = {c.sujet: c.valeur for c in vu.controles() if c.statut == "a_verifier"}
    assert a_verifier["1 Salle d'éveil : lumière du jour"] == "façade inconnue"
    assert a_verifier["Passage le plus étroit à mesurer"] == a_verifier["Hauteur libre à mesurer"] == "15 Couloir"


def test_par_les_commandes(tmp_path):
    """Nobody to answer: the option that is missing is told; then the table is written, and the site counts its rooms."""
    fichier = ecrire(tmp_path, "csv", [*LIGNES[:-1], ["14", "Zorglub", "", "10", "", "", ""]])
    fait = lancer("plan", "importer", str(fichier), "--sortie", str(tmp_path))
    assert fait.returncode == 2
    assert '--fonction "14 Zorglub=…"' in fait.stderr
    fait = lancer("plan", "importer", str(fichier), "--sortie", str(tmp_path), "--fonction", "rangement")
    assert fait.returncode == 0, fait.stderr
    assert "5 pièces, 135,00 m² (niveau 0 : 111,00 m² ; niveau 1 : 24,00 m²)" in fait.stdout
    ecrit = str(tmp_path / "locaux.yaml")
    fait = lancer("capacite", "gare_saint_denis", "--date", "2026-12-01", "--locaux", ecrit, "--cour", "100")
    assert fait.returncode == 0, fait.stderr
    for attendu in (
        "Locaux de « locaux »",
        "1 Salle d'éveil (× 2)",
        "Contrôle des locaux du programme",
        "façade inconnue",
    ):
        assert attendu in fait.stdout, attendu


def test_deux_jeux_de_pieces_sont_refuses(tmp_path):
    (ecrit,) = pf.carnets.importer(ecrire(tmp_path, "csv", LIGNES)).ecrire(tmp_path)
    plan = DONNEES / "plans" / "gare_saint_denis_suppose.yaml"
    with pytest.raises(ErreurCalcul, match="Deux jeux de pièces"):
        pf.carnets.site("gare_saint_denis", "2026-12-01", plan=plan, locaux=ecrit)
    with pytest.raises(ErreurDonnees, match="tableau de locaux.*plan importer locaux.csv"):
        pf.carnets.site("gare_saint_denis", "2026-12-01", locaux=tmp_path / "locaux.csv")
    with pytest.raises(ErreurCalcul, match="--nature"):
        pf.carnets.importer(tmp_path / "locaux.csv", natures=["murs=batiment"])


# --- real files, right values computed outside the project (README of the shared folder) ----------------------------------------


def partage(nom):
    if not (PARTAGE / "plans" / nom).is_file():
        sauter("plans partagés absents")
    return PARTAGE / "plans" / nom


@pytest.mark.donnees_partagees
def test_programme_d_une_clinique():
    """Quantity counts: 360.25 m² in 39 rooms, never the 340.25 of the lines."""
    lus = lire_locaux(partage("csv_programme_clinique.csv"))
    assert (lus.total_m2, lus.nombre, len(lus.locaux)) == (360.25, 39, 37)
    assert sum(x.nom == "General Radiography" for x in lus.locaux) == 3
    assert {x.hauteur_m for x in lus.locaux} == {4.0, 5.0, 6.0}


@pytest.mark.donnees_partagees
def test_cobie_du_duplex():
    """Level 1: 141.79 m², Level 2: 134.53; the roof, 145.72, is no room; the outside, 0 m², is counted as left out; heights unknown."""
    lus = lire_locaux(partage("xlsx_cobie_duplex.xlsx"))
    par_niveau = [sum(x.total_m2 for x in lus.locaux if x.niveau == n) for n in (0, 1)]
    assert par_niveau == pytest.approx([141.79, 134.53], abs=0.01)
    assert (lus.format, lus.nombre, dict(lus.laisses)) == (
        "COBie",
        20,
        {"lignes de 0 m²": 1, "lignes qui ne sont pas des pièces": 1},
    )
    assert dit(lus.avis, "R301 Roof (145,72 m²)")
    assert dit(lus.avis, "Hauteur vide ou à 0 partout")
    assert all(x.hauteur_m is None for x in lus.locaux)
