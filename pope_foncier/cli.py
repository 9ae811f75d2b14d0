"""Command line: thin commands over the package; a user never sees a traceback for bad data."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pope_foncier.socle.erreurs import ErreurPope

app = typer.Typer(
    name="pope-foncier",
    help="Études foncières et d'investissement pour de nouveaux lieux d'accueil de la petite enfance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FichierEtude = Annotated[
    Path, typer.Argument(help="Fichier de l'étude (YAML), par exemple data/etudes/gare_saint_denis.yaml")
]


@app.command()
def etude(
    fichier: FichierEtude,
    sortie: Annotated[Path | None, typer.Option(help="Dossier des sorties ; par défaut sorties/<étude>/")] = None,
    carnet: Annotated[bool, typer.Option(help="Exécuter aussi le carnet de l'étude")] = True,
) -> None:
    """Calculer une étude, l'afficher et écrire ses sorties."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.analyse.resultats import Resultat
    from pope_foncier.analyse.scenarios import ouvrir
    from pope_foncier.vues import sorties, terminal

    console = Console()
    etapes = 5 if carnet else 4
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True
    ) as barre:
        tache = barre.add_task("lecture de l'étude", total=etapes)

        def suivi(quoi: str) -> None:
            barre.update(tache, description=quoi, advance=1)

        dossier = ouvrir(fichier)
        suivi("calcul des scénarios")
        moteur = Moteur.ouvrir()
        resultat = Resultat.calculer(dossier, moteur)
        ecrits = sorties.ecrire_tout(resultat, moteur, fichier, sortie or Path("sorties") / dossier.nom, suivi, carnet)
    terminal.afficher(resultat, moteur, console)
    console.print("\n[bold]Fichiers écrits")
    for chemin in ecrits:
        console.print(f"  {chemin}", soft_wrap=True, highlight=False)


@app.command()
def expliquer(
    fichier: FichierEtude,
    code: Annotated[str, typer.Argument(help="Code d'une ligne, par exemple ressources.piaje")],
    scenario: Annotated[str, typer.Option(help="Nom du scénario")] = "base",
) -> None:
    """Dire en une phrase comment une ligne est calculée."""
    from difflib import get_close_matches

    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.analyse.resultats import Resultat
    from pope_foncier.analyse.scenarios import ouvrir
    from pope_foncier.socle.erreurs import ErreurCalcul

    dossier = ouvrir(fichier)
    if scenario not in dossier.variantes:
        raise ErreurCalcul(f"Scénario inconnu : « {scenario} ». Scénarios de l'étude : {', '.join(dossier.variantes)}.")
    vue = Resultat.calculer(dossier, Moteur.ouvrir()).vue(scenario)
    if code not in vue.ev.livre.lignes:
        proches = get_close_matches(code, vue.ev.livre.lignes, n=3, cutoff=0.3)
        raise ErreurCalcul(
            f"Ligne inconnue : « {code} ». Peut-être : {', '.join(proches) or ', '.join(vue.ev.livre.lignes)}."
        )
    typer.echo(vue.expliquer(code))


FichierPret = Annotated[
    Path, typer.Argument(help="Fichier du prêt (YAML), par exemple data/exemples/pret_bancaire.yaml")
]


@app.command()
def echeancier(
    fichier: FichierPret,
    par_annee: Annotated[bool, typer.Option("--par-annee", help="Totaux par année de prêt")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Écrire l'échéancier en CSV sur la sortie")] = False,
    json: Annotated[bool, typer.Option("--json", help="Écrire l'échéancier en JSON sur la sortie")] = False,
) -> None:
    """Afficher l'échéancier d'un prêt, ou de plusieurs tranches."""
    from rich.console import Console

    from pope_foncier.vues import pret, terminal

    prets = pret.ouvrir(fichier)
    if csv or json:
        typer.echo(pret.en_csv(prets) if csv else pret.en_json(prets), nl=not csv)
        return
    for tranche in prets:
        terminal.montrer(pret.tableau(tranche, par_annee), Console())


@app.command()
def teg(fichier: FichierPret) -> None:
    """Donner le TEG, le TAEG et le coût d'un prêt, ou de plusieurs tranches."""
    from rich.console import Console

    from pope_foncier.vues import pret, terminal

    terminal.montrer(pret.taux(pret.ouvrir(fichier)), Console())


@app.command()
def baremes(
    a_reverifier: Annotated[
        bool, typer.Option("--a-reverifier", help="Seulement les valeurs vides, incertaines ou closes")
    ] = False,
    date: Annotated[str, typer.Option(help="Date de lecture, année-mois-jour")] = "",
) -> None:
    """Lister les barèmes et leur dernière valeur, ou ceux qu'il faut revoir."""
    from rich.console import Console

    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.vues.tableaux_baremes import table_a_reverifier, table_baremes
    from pope_foncier.vues.terminal import montrer

    catalogue = Catalogue()
    if not a_reverifier:
        montrer(table_baremes(catalogue), Console())
        return
    montrer(table_a_reverifier(catalogue, _jour(date)), Console())


@app.command()
def dispositifs() -> None:
    """Lister les dispositifs d'aide connus : modélisés, en partie ou pas, et pourquoi."""
    from rich.console import Console

    from pope_foncier.baremes.registre import lire_registre
    from pope_foncier.vues.tableaux_baremes import table_dispositifs
    from pope_foncier.vues.terminal import montrer

    montrer(table_dispositifs(lire_registre()), Console())


@app.command("plans-publies")
def plans_publies(
    sortie: Annotated[Path, typer.Option(help="Fichier à écrire")] = Path("docs/plans_publies.md"),
) -> None:
    """Refaire les plans de financement publiés et les comparer aux règles connues."""
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues import plans_publies as page

    typer.echo(f"Écrit : {ecrire(sortie, page.rediger(Catalogue()))}")


@app.command()
def montages(
    fichiers: Annotated[
        list[Path], typer.Argument(help="Études (YAML), par exemple data/etudes/gare_saint_denis.yaml")
    ],
    detail: Annotated[bool, typer.Option(help="Tableaux de chaque étude ; sans eux, la matrice seule")] = True,
) -> None:
    """Comparer les montages d'un ou de plusieurs sites : acheter, louer, porter, occuper."""
    from rich.console import Console

    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.vues import terminal
    from pope_foncier.vues.carnet_montages import Comparatif, matrice

    moteur, console = Moteur.ouvrir(), Console()
    comparatifs = [Comparatif.ouvrir(f, moteur) for f in fichiers]
    if detail:
        for comparatif in comparatifs:
            console.print(f"\n[bold]{comparatif.dossier.etude.titre}")
            for table in comparatif.tables():
                terminal.montrer(table, console)
    terminal.montrer(matrice(comparatifs), console)


@app.command()
def portefeuille(
    fichier: Annotated[
        Path, typer.Argument(help="Portefeuille (YAML), par exemple data/portefeuilles/sci_plaine_commune.yaml")
    ],
) -> None:
    """Réunir plusieurs lieux dans une même société : trésorerie commune, bilan, et ce qu'un échec fait aux autres."""
    from rich.console import Console

    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.analyse.portefeuille import assembler, eprouver, lire_portefeuille
    from pope_foncier.vues import tableaux_portefeuille, terminal

    moteur, console, lu = Moteur.ouvrir(), Console(), lire_portefeuille(fichier)
    terminal.montrer(tableaux_portefeuille.epreuves(lu, eprouver(lu, moteur)), console)
    terminal.montrer(tableaux_portefeuille.bilan(assembler(lu, moteur)), console)


DateDepot = Annotated[str, typer.Option("--date", help="Jour du dépôt du dossier, année-mois-jour")]
Mode = Annotated[str, typer.Option(help="Mode d'accueil, par exemple multi_accueil, micro_creche ou mam")]


def _jour(texte: str) -> date:
    from pope_foncier.socle.erreurs import ErreurCalcul

    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise ErreurCalcul("Dire à quelle date : --date 2026-12-01 (année-mois-jour).") from None


@app.command()
def capacite(
    fichier: Annotated[Path, typer.Argument(help="Fiche du site, par exemple data/sites/gare_saint_denis.yaml")],
    depot: DateDepot = "",
    mode: Mode = "multi_accueil",
    plan: Annotated[Path | None, typer.Option(help="Plan du lieu (YAML ou GeoJSON)")] = None,
    surface: Annotated[str, typer.Option(help="Surface de plancher supposée, en m²")] = "",
    tolerance: Annotated[str, typer.Option(help="Tolérance sur cette surface, par exemple « 5 % »")] = "",
    cour: Annotated[str, typer.Option(help="Cour supposée, en m²")] = "",
) -> None:
    """Dire combien de places tiennent sur un site, ce qui limite, et ce qui reste à vérifier.

    Sans --date, la date est celle de la seule étude du site, s'il n'y en a qu'une.
    """
    from rich.console import Console

    from pope_foncier.projet.depot_du_site import depot_du_site
    from pope_foncier.socle.chemins import chemin_court
    from pope_foncier.socle.temps import date_en_clair
    from pope_foncier.vues import tableaux_site
    from pope_foncier.vues.lieu import Lieu
    from pope_foncier.vues.terminal import montrer

    console = Console()
    jour, etude = (_jour(depot), None) if depot else depot_du_site(fichier)
    if etude is not None:
        console.print(f"Date du dépôt : {date_en_clair(jour)}, celle de l'étude {chemin_court(etude)}.")
    lieu = Lieu.ouvrir(fichier, mode, jour, plan, surface, tolerance, cour)
    montrer(tableaux_site.table_places(lieu.capacite), console)
    if lieu.capacite.regles.referentiel:
        montrer(tableaux_site.table_marches(lieu.capacite), console)
        if lieu.places >= 1:
            montrer(tableaux_site.table_equipement(lieu.capacite, int(lieu.places)), console)
    mesures = lieu.mesures()
    if lieu.plan is not None and mesures is not None:
        montrer(tableaux_site.table_mesures(lieu.plan, mesures), console)
    if lieu.capacite.locaux:
        montrer(tableaux_site.table_locaux(lieu.capacite), console)
        montrer(tableaux_site.table_constats("Contrôle des locaux dessinés", lieu.controles()), console)
    montrer(tableaux_site.table_constats("Contraintes du lieu", lieu.contraintes()), console)


@app.command()
def plan(
    fichiers: Annotated[list[Path], typer.Argument(help="Plan, ou variantes d'un même site (YAML ou GeoJSON)")],
    depot: DateDepot = "",
    mode: Mode = "multi_accueil",
    papier: Annotated[str, typer.Option(help="A4 ou A3")] = "A4",
    echelle: Annotated[int | None, typer.Option(help="100 pour 1:100 ; par défaut la plus grande qui tient")] = None,
    niveau: Annotated[int, typer.Option(help="Niveau dessiné : 0 rez-de-chaussée, 1 premier étage")] = 0,
    sortie: Annotated[Path, typer.Option(help="Dossier des sorties")] = Path("sorties/plans"),
) -> None:
    """Dessiner un plan à l'échelle (SVG, PDF) et l'écrire en GeoJSON pour la CAO."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.lieu import dessiner_plans
    from pope_foncier.vues.plans import Papier

    formats: dict[str, Papier] = {"A4": "A4", "A3": "A3"}
    if papier not in formats:
        raise ErreurCalcul(f"Papier « {papier} » inconnu : choisir A4 ou A3.")
    for ecrit in dessiner_plans(fichiers, _jour(depot), mode, formats[papier], echelle, sortie, niveau):
        typer.echo(f"Écrit : {ecrit}")


@app.command("locaux-observes")
def locaux_observes(
    sortie: Annotated[Path, typer.Option(help="Fichier à écrire")] = Path("docs/locaux_observes.md"),
) -> None:
    """Comparer les lieux publiés au programme paramétrique et aux places que la loi admet."""
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues import locaux_observes as page

    typer.echo(f"Écrit : {ecrire(sortie, page.rediger(Catalogue()))}")


@app.command()
def fiches(
    sortie: Annotated[Path, typer.Option(help="Dossier à écrire")] = Path("docs/fiches"),
) -> None:
    """Écrire les fiches par mode d'accueil : fonctionnement, règles, économie, gouvernance, chiffres du modèle."""
    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.fiches_modes import rediger_tout

    for nom, page in rediger_tout(Moteur.ouvrir()).items():
        typer.echo(f"Écrit : {ecrire(sortie / nom, page)}")


@app.command("besoins-accueil")
def besoins_accueil(
    territoire: Annotated[str, typer.Option(help="Nom d'une fiche de data/territoires")] = "plaine_commune",
    horizon: Annotated[int, typer.Option(help="Année de la projection des naissances")] = 2030,
    places: Annotated[int, typer.Option(help="Places d'un projet, pour ses retombées")] = 30,
    iris: Annotated[Path | None, typer.Option(help="Table des enfants par Iris de la Caf (CSV)")] = None,
    contours: Annotated[Path | None, typer.Option(help="Contours des Iris (GeoJSON)")] = None,
    point: Annotated[str, typer.Option(help="Lieu : « longitude,latitude »")] = "",
    distance: Annotated[float, typer.Option(help="Distance à vol d'oiseau, en mètres")] = 800,
) -> None:
    """Dire les besoins d'accueil d'un territoire : enfants, places, couverture, places manquantes, bassin d'un lieu."""
    from rich.console import Console

    from pope_foncier.projet.territoire import lire_territoire
    from pope_foncier.vues import tableaux_besoins as tables
    from pope_foncier.vues.terminal import montrer

    fiche, console = lire_territoire(territoire), Console()
    montrer(tables.table_communes(fiche), console)
    montrer(tables.table_couverture(fiche), console)
    montrer(tables.table_manques(fiche, horizon), console)
    montrer(tables.table_retombees(fiche, places), console)
    if iris or contours or point:
        montrer(tables.table_bassin(iris, contours, point, distance), console)


@app.command()
def bilan(
    fichier: FichierEtude,
    emprunteur: Annotated[
        Path,
        typer.Argument(help="Comptes de l'emprunteur, par exemple data/emprunteurs/association_demonstration.yaml"),
    ],
) -> None:
    """Prévoir le compte de résultat et le bilan de l'emprunteur avec le projet, et ses ratios avant et après."""
    from rich.console import Console

    from pope_foncier.analyse.bilan import prevoir
    from pope_foncier.analyse.chaine import Moteur
    from pope_foncier.analyse.scenarios import ouvrir
    from pope_foncier.projet.emprunteur import lire_emprunteur
    from pope_foncier.vues import tableaux_bilan as tables
    from pope_foncier.vues.terminal import montrer

    evaluation = Moteur.ouvrir().evaluer(ouvrir(fichier), ["base"])[0]
    comptes, console = prevoir(evaluation, lire_emprunteur(emprunteur)), Console()
    for table in (tables.table_resultat, tables.table_bilan, tables.table_ratios_emprunteur):
        montrer(table(comptes), console)


@app.command()
def travaux(
    fichier: FichierEtude,
    variante: Annotated[
        Path | None,
        typer.Option(help="Fichier de champs à remplacer, par exemple data/exemples/travaux_par_lots.yaml"),
    ] = None,
    image: Annotated[Path | None, typer.Option(help="Écrire aussi le calendrier des phases, en PNG")] = None,
) -> None:
    """Détailler les travaux par lots, leur fourchette et le calendrier par phases d'une étude."""
    from rich.console import Console

    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues import terminal
    from pope_foncier.vues.carnet_travaux import CarnetTravaux

    carnet = CarnetTravaux.ouvrir(fichier, variante)
    console = Console()
    for table in carnet.tables():
        terminal.montrer(table, console)
    if carnet.dossier.etude.delais.phases:
        carnet.chemin_critique()
    if image is not None:
        typer.echo(f"Écrit : {ecrire(image, carnet.image_phases().data)}")


@app.command()
def calage(
    cas: Annotated[
        Path | None, typer.Option(help="Fichier d'opérations publiées ; par défaut data/cas/operations_publiees.yaml")
    ] = None,
    sortie: Annotated[Path | None, typer.Option(help="Page à écrire ; par défaut docs/calage.md")] = None,
) -> None:
    """Juger le coût estimé sur des opérations publiées, chacune prévue sans elle-même."""
    from rich.console import Console

    from pope_foncier.analyse.calage import caler, sensibilite
    from pope_foncier.baremes.catalogue import Catalogue
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues import calage as vue
    from pope_foncier.vues import tableaux_travaux, terminal
    from pope_foncier.vues.graphiques import octets
    from pope_foncier.vues.graphiques_travaux import dessiner_calage

    catalogue = Catalogue()
    resultat = caler(catalogue, cas)
    page = sortie or (Path("sorties") / f"calage_{cas.stem}.md" if cas else Path("docs/calage.md"))
    image = f"images/{page.stem}.png"
    terminal.montrer(tableaux_travaux.calage(resultat), Console())
    texte = vue.rediger(resultat, sensibilite(catalogue, cas), image)
    typer.echo(f"Écrit : {ecrire(page, texte)}")
    typer.echo(f"Écrit : {ecrire(page.parent / image, octets(dessiner_calage(resultat)))}")


@app.command("nouveau-site")
def nouveau_site(
    nom: Annotated[str, typer.Option(prompt="Nom du lieu (par exemple : Local du 12 rue des Lilas)")],
    commune: Annotated[str, typer.Option(prompt="Commune")],
    code_insee: Annotated[str, typer.Option(prompt="Code INSEE de la commune (5 caractères)")],
    surface: Annotated[str, typer.Option(prompt="Surface de plancher en m² (laisser « ? » si inconnue)")],
    exterieur: Annotated[str, typer.Option(prompt="Surface extérieure privative en m² (0 si aucune)")],
    habitants_carreau: Annotated[str, typer.Option(prompt="Habitants du carreau Insee de 1 km (« ? » si inconnu)")],
    genre: Annotated[
        str, typer.Option(prompt="Titre : propriete, bail_emphyteotique, bail_civil ou convention_occupation")
    ],
    loyer: Annotated[str, typer.Option(prompt="Loyer ou redevance en €/m² par an (« ? » si inconnu, 0 si propriété)")],
    etat: Annotated[str, typer.Option(prompt="Travaux : amenagement, conversion, restructuration, modulaire ou neuf")],
    depart: Annotated[str, typer.Option(prompt="Départ des études (année-mois-jour)")],
    donnees: Annotated[Path | None, typer.Option(help="Dossier des données ; par défaut data/")] = None,
) -> None:
    """Écrire l'étude commentée d'un nouveau lieu, prête à calculer."""
    from pope_foncier.analyse.nouveau import Reponses, creer

    reponses = Reponses(nom, commune, code_insee, surface, exterieur, habitants_carreau, genre, loyer, etat, depart)
    site, fichier = creer(reponses, donnees)
    typer.echo(f"Écrit : {site}\nÉcrit : {fichier}\nÀ lancer : pope-foncier etude {fichier}")


@app.command()
def atelier(
    fichier: Annotated[Path, typer.Argument(help="Étude de l'atelier (YAML)")] = Path(
        "data/etudes/gare_saint_denis.yaml"
    ),
    journaux: Annotated[Path, typer.Option(help="Dossier des journaux d'atelier")] = Path("sorties/ateliers"),
    port: Annotated[int, typer.Option(help="Port, sur cet ordinateur seul")] = 8866,
    visiteurs: Annotated[int, typer.Option(help="Visiteurs à la fois")] = 10,
    reserve: Annotated[int, typer.Option(help="Pages tenues prêtes par application ; 0 pour aucune")] = 1,
    oisif: Annotated[int, typer.Option(help="Secondes avant d'arrêter une page abandonnée")] = 300,
    exporter: Annotated[
        bool, typer.Option("--exporter", help="Écrire le journal : scénarios en YAML, compte rendu en Markdown et HTML")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Écrire la page de secours : toutes les images, tous les tableaux")
    ] = False,
) -> None:
    """Ouvrir les ateliers dans le navigateur, hors ligne ; ou en écrire le compte rendu, ou la page de secours."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.ateliers import compte_rendu, secours
    from pope_foncier.vues.ateliers.modele import Modele
    from pope_foncier.vues.journal import Journal

    modele = Modele.ouvrir(fichier)
    journal = Journal(journaux / f"{modele.dossier.nom}.sqlite")
    if exporter:
        for ecrit in compte_rendu.exporter(journal, journaux / modele.dossier.nom):
            typer.echo(f"Écrit : {ecrit}")
    if page:
        sortie = journaux / modele.dossier.nom / "page_de_secours.html"
        typer.echo(f"Écrit : {ecrire(sortie, secours.rediger(modele, journal))}")
    if not exporter and not page:
        try:
            from pope_foncier.vues.ateliers.serveur import servir
        except ModuleNotFoundError as erreur:
            raise ErreurPope(
                f"Le paquet « {erreur.name} » manque pour ouvrir les ateliers : python -m pip install -e '.[notebooks]'. "
                "La page de secours (--page) et le compte rendu (--exporter) n'en ont pas besoin."
            ) from None
        servir(fichier, journaux, port, visiteurs, reserve, oisif)


@app.command()
def bench(sortie: Annotated[Path, typer.Option(help="Fichier des mesures")] = Path("sorties/bench.json")) -> None:
    """Mesurer la chaîne (un scénario, 10 000 tirages, chargement) et les ateliers dans Chromium, s'il est là."""
    import json

    from pope_foncier.analyse.banc import mesurer
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.ateliers.banc import mesurer_ateliers

    mesures = mesurer(sortie) | {nom: round(valeur, 4) for nom, valeur in mesurer_ateliers().items()}
    ecrire(sortie, json.dumps(mesures, indent=1))
    for nom, valeur in mesures.items():
        typer.echo(f"{nom:16} {valeur}")


def principal() -> None:
    """Entry point: errors of the family become one French message and exit code 2."""
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(encoding="utf-8")
    try:
        app()
    except ErreurPope as erreur:
        typer.echo(f"Erreur : {erreur}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    principal()
