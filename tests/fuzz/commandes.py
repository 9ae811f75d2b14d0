"""Options tried: every command that ends by itself, with numbers, words, files and dates that a hand may type."""

from tests.conftest import DONNEES, RACINE
from tests.fuzz.valeurs import NOMBRES_EN_TEXTE, PIEGES
from tests.garde.commandes import lancer

NOMBRES = (
    *(
        "0",
        "1",
        "-1",
        "2",
        "3",
        "12",
        "30",
        "100",
        "2023",
        "2030",
        "2100",
        "2200",
        "2201",
        "999999999",
        "1e9",
        "0,5",
        "abc",
        "",
    ),
    *NOMBRES_EN_TEXTE,
)
DATES = (
    "2026-12-01",
    "2024-01-01",
    "2019-01-01",
    "2035-07-01",
    "0001-01-01",
    "9999-12-31",
    "31/12/2026",
    "hier",
    "",
    "20261201",
)
MOTS = (
    "multi_accueil",
    "micro_creche",
    "mam",
    "x",
    "A4",
    "A3",
    "A5",
    "base",
    "ressources.piaje",
    "besoins.total",
    *PIEGES,
)
SURFACES = ("200", "85,5", "1", "0", "1e6", "?", *NOMBRES_EN_TEXTE)


def _fichier(hasard, dossier, *voulus):
    """A file of the right kind, most of the time; else one of another kind, absent, or a folder."""
    if hasard.random() < 0.8:
        return str(hasard.choice(voulus))
    return str(hasard.choice((*ETRANGES, dossier)))


ETRANGES = (
    DONNEES / "sites" / "gare_saint_denis.yaml",
    DONNEES / "etudes" / "gare_saint_denis.yaml",
    DONNEES / "exemples" / "pret_bancaire.yaml",
    DONNEES / "devis" / "exemple.csv",
    DONNEES / "absent.yaml",
    DONNEES / "etudes" / "gare_saint_denis.yaml" / "x",
    DONNEES / ("x" * 300),
    "",
    "-",
    "/dev/null",
)
ETUDES = tuple(sorted((DONNEES / "etudes").glob("*.yaml")))
SITES = tuple(sorted((DONNEES / "sites").glob("*.yaml")))
PLANS = tuple(sorted((DONNEES / "plans").glob("*.yaml")))
RELEVES = tuple(sorted((RACINE / "tests" / "cas" / "plans_importes").glob("*.geojson")))
PRETS = tuple(sorted((DONNEES / "exemples").glob("*.yaml")))


def _options(hasard, *possibles):
    """Some options, each with a value drawn; sometimes twice, sometimes without its value."""
    choisies = []
    for nom, valeurs in possibles:
        if hasard.random() < 0.45:
            valeur = hasard.choice(valeurs) if valeurs else None
            choisies += [nom] if valeur is None else [f"{nom}={valeur}"] if hasard.random() < 0.5 else [nom, valeur]
    return [str(x).replace("\0", "") for x in choisies]


def _des_lieux(hasard, dossier):
    """Commands on a site, a plan, a territory."""
    iris, contours = dossier / "iris.csv", dossier / "contours.geojson"
    return {
        "capacite": lambda: [
            "capacite",
            _fichier(hasard, dossier, *SITES),
            *_options(
                hasard,
                ("--date", DATES),
                ("--mode", MOTS),
                ("--surface", SURFACES),
                ("--tolerance", NOMBRES),
                ("--cour", SURFACES),
                ("--plan", PLANS),
            ),
        ],
        "besoins-accueil": lambda: [
            "besoins-accueil",
            *_options(
                hasard,
                ("--horizon", NOMBRES),
                ("--places", NOMBRES),
                ("--distance", NOMBRES),
                ("--point", ("2.352,48.931", "nan,nan", "0,0", "x", "2.35,48.9,1", "")),
                ("--iris", (iris, *ETRANGES)),
                ("--contours", (contours, *ETRANGES)),
                ("--territoire", ("plaine_commune", "carreaux_1km", *PIEGES)),
            ),
        ],
        "plan": lambda: [
            "plan",
            _fichier(hasard, dossier, *PLANS),
            *_options(
                hasard,
                ("--date", DATES),
                ("--mode", MOTS),
                ("--papier", MOTS),
                ("--echelle", NOMBRES),
                ("--niveau", NOMBRES),
            ),
            f"--sortie={dossier / 'plans'}",
        ],
        "plan importer": lambda: [
            "plan",
            "importer",
            _fichier(hasard, dossier, *RELEVES),
            *_options(
                hasard,
                ("--site", ("gare_saint_denis", *PIEGES[:4])),
                (
                    "--choisir",
                    ("tout", "plus_grand", "proche", "1", "nom=B", "layer=MURS,plus_grand", "9-1", *PIEGES[:4]),
                ),
                ("--nature", ("batiment", "MURS=batiment", "1=piece", "x=rien", *PIEGES[:4])),
                ("--fonction", ("eveil", "B=bureau", *PIEGES[:4])),
                ("--systeme", ("EPSG:2154", "CC49", "local", "27572", *PIEGES[:4])),
                ("--unite", ("m", "millimètres", "pied", *PIEGES[:4])),
                ("--statut", ("releve", "publié", *PIEGES[:4])),
                ("--date", DATES),
            ),
            f"--sortie={dossier / 'importe'}",
        ],
        "nouveau-site": lambda: [
            "nouveau-site",
            "--sans-question",
            *(
                f"--reponse={nom}={hasard.choice(bons if hasard.random() < 0.7 else mauvais)}".replace("\0", "")
                for nom, bons, mauvais in (
                    ("nom", ("Local", "Salle des fêtes"), PIEGES),
                    ("genre", ("gare", "coque", "terrain", "modulaire"), MOTS),
                    ("commune", ("Stains", "93072", "Lille (59)"), (*NOMBRES, *PIEGES)),
                    ("position", ("?", "48.9, 2.3", "12 rue des Lilas"), PIEGES),
                    ("surface", ("180", "?", "240 m2"), SURFACES),
                    ("exterieur", ("0", "?", "40"), SURFACES),
                    ("habitants", ("?", "9 000 hab"), NOMBRES),
                    ("espace", ("?", "non", "Square, 180 m"), PIEGES),
                    ("titre", ("propriete", "bail civil", "convention"), MOTS),
                    ("loyer", ("?", "0", "120 €/m2"), NOMBRES),
                    ("travaux", ("amenagement", "neuf", "conversion"), MOTS),
                    ("depart", ("2027-01-01", "01/03/2027"), DATES),
                )
            ),
            f"--donnees={dossier / 'neuf'}",
        ],
    }


def _des_etudes(hasard, dossier):
    """Commands on a study, a borrower, several places."""
    etude = _fichier(hasard, dossier, *ETUDES)
    return {
        "expliquer": lambda: ["expliquer", etude, hasard.choice(MOTS), *_options(hasard, ("--scenario", MOTS))],
        "bilan": lambda: [
            "bilan",
            etude,
            _fichier(hasard, dossier, DONNEES / "emprunteurs" / "association_demonstration.yaml"),
        ],
        "travaux": lambda: [
            "travaux",
            etude,
            *_options(hasard, ("--variante", (*PRETS, *ETRANGES)), ("--image", (dossier / "i.png", dossier))),
        ],
        "atelier": lambda: [
            "atelier",
            _fichier(hasard, dossier, *ETUDES, *SITES),
            f"--journaux={dossier / 'journaux'}",
            hasard.choice(("--exporter", "--mettre-de-cote")),
            *_options(
                hasard, ("--port", NOMBRES), ("--visiteurs", NOMBRES), ("--reserve", NOMBRES), ("--oisif", NOMBRES)
            ),
        ],
        "portefeuille": lambda: [
            "portefeuille",
            _fichier(hasard, dossier, DONNEES / "portefeuilles" / "sci_plaine_commune.yaml"),
            f"--tirages={hasard.choice(('1', '3', '0', '-1', 'x', '1e9', '2,5'))}",
        ],
        "etude": lambda: [
            "etude",
            etude,
            "--no-carnet",
            f"--sortie={dossier / hasard.choice(('s', 'x' * 300, 'iris.csv/s'))}",
        ],
    }


def _des_prets_et_du_droit(hasard, dossier):
    """Commands on a loan or on the law, and words that are no command."""
    return {
        "echeancier": lambda: [
            "echeancier",
            _fichier(hasard, dossier, *PRETS),
            *_options(hasard, ("--csv", ()), ("--json", ()), ("--par-annee", ())),
        ],
        "teg": lambda: ["teg", _fichier(hasard, dossier, *PRETS)],
        "pret resume": lambda: [
            "pret",
            "resume",
            _fichier(hasard, dossier, *PRETS),
            f"--sortie={dossier / hasard.choice(('p.html', 'x' * 300, 'iris.csv/p'))}",
        ],
        "comparer-prets": lambda: [
            "comparer-prets",
            _fichier(hasard, dossier, *ETUDES),
            *_options(
                hasard,
                ("--pret", ("banque", *MOTS)),
                ("--montant", ("200 k€", *NOMBRES)),
                ("--taux", ("3,5 %", *NOMBRES)),
                ("--duree", ("8 ans", *NOMBRES)),
                ("--differe", ("0 mois", "8 ans", *NOMBRES)),
                ("--profil", ("capital_constant", "ballon", *MOTS)),
                ("--seuil", ("couverture=1,2", *PIEGES)),
                ("--depuis", NOMBRES),
                ("--image", (dossier / "s.png", dossier)),
            ),
        ],
        "dimensionner": lambda: [
            "dimensionner",
            _fichier(hasard, dossier, *ETUDES),
            *_options(
                hasard,
                ("--pret", ("banque", *MOTS)),
                ("--conditions", (*PRETS, *ETRANGES)),
                ("--taux", ("3,5 %", "0", *NOMBRES)),
                ("--duree", ("15 ans", "8 ans et 6 mois", *NOMBRES)),
                ("--differe", ("12 mois", *NOMBRES)),
                ("--profil", ("capital_constant", "ballon", *MOTS)),
                ("--seuil", ("couverture=1,2", "titre=0", "ltv=1e9", *PIEGES)),
                ("--valeur", ("800 k€", *NOMBRES)),
                ("--depuis", NOMBRES),
                ("--scenario", MOTS),
                ("--sculptee", ()),
            ),
        ],
        "baremes": lambda: ["baremes"],
        "veille": lambda: ["veille", str(hasard.choice(ETUDES)), *_options(hasard, ("--date", DATES), ("--tout", ()))],
        "dispositifs": lambda: ["dispositifs"],
        "inconnue": lambda: [
            hasard.choice(("etudes", "", "--version", "-h", "\u202e")),
            hasard.choice(MOTS).replace("\0", ""),
        ],
    }


def commande(hasard, dossier, numero):
    """A command with its options: each in turn, by its number."""
    recettes = {}
    for recettes_de in (_des_lieux, _des_etudes, _des_prets_et_du_droit):
        recettes |= recettes_de(hasard, dossier)
    return recettes[tuple(recettes)[numero % len(recettes)]]()


def essayer(arguments):
    """Run a command; its refusal, its usage error or what it printed."""
    fin = lancer(*arguments)
    assert fin.code in (0, 2), f"code {fin.code}"
    return fin
