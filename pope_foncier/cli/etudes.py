"""Commands on a study: compute it, explain a line, start another, measure the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pope_foncier as pf
from pope_foncier.cli.application import BlocsEnPlus, FichierEtude, PointDecimal, Scenario, app

PretsEnPlus = Annotated[
    list[str] | None,
    typer.Option(
        help="Prêt en plus, à répéter : offre d'une banque, par son nom ou son fichier (YAML), ou produit du catalogue",
        metavar="PRÊT",
    ),
]


def retouchee(fichier: Path, prets: list[str] | None, blocs: list[str] | None) -> pf.Etude:
    """Study of a file with the changes of some blocks, and more loans: offers of banks, or products of the catalogue."""
    from pope_foncier.prets.ecriture import catalogue_de
    from pope_foncier.prets.produits import cles

    lue = pf.ouvrir(fichier).avec_blocs(*blocs or ())
    for nom in prets or ():
        lue = lue.avec_pret(produit=nom) if nom in cles(catalogue_de()) else lue.avec_pret(nom)
    return lue


@app.command()
def etude(
    fichier: FichierEtude,
    sortie: Annotated[Path | None, typer.Option(help="Dossier des sorties ; par défaut sorties/<étude>/")] = None,
    carnet: Annotated[bool, typer.Option(help="Exécuter aussi le carnet de l'étude")] = True,
    avec_dossier: Annotated[
        bool, typer.Option("--dossier", help="Écrire aussi le dossier pour les partenaires (PDF) et son manifeste")
    ] = False,
    pret: PretsEnPlus = None,
    bloc: BlocsEnPlus = None,
) -> None:
    """Calculer une étude, l'afficher et écrire ses sorties."""
    from pope_foncier.cli.suivi import barre
    from pope_foncier.socle.ecriture import exiger_un_dossier
    from pope_foncier.vues.documents import sorties, terminal
    from pope_foncier.vues.dossier.composition import typst
    from pope_foncier.vues.formes.carnet_execute import exiger_de_quoi_executer

    console = terminal.ecran()
    carnet = carnet and not (pret or bloc)  # the notebook opens the file, which does not hold them
    if carnet:
        exiger_de_quoi_executer()
    if avec_dossier:
        typst()
    with barre("lecture de l'étude", 4 + carnet + 2 * avec_dossier) as suivi:
        lue = retouchee(fichier, pret, bloc)
        suivi("calcul des scénarios")
        dossier = sortie or Path("sorties") / lue.nom
        exiger_un_dossier(dossier)
        vu = pf.carnets.etude(lue)
        ecrits = sorties.ecrire_tout(vu.resultat, vu.moteur, fichier, dossier, suivi, carnet, avec_dossier)
    terminal.afficher(vu.resultat, vu.moteur, console)
    console.print(terminal.mot("\nFichiers écrits", "bold"))
    for chemin in ecrits:
        console.print(f"  {chemin}", soft_wrap=True)


@app.command()
def expliquer(
    fichier: FichierEtude,
    code: Annotated[str, typer.Argument(help="Code d'un chiffre, par exemple ressources.piaje")],
    scenario: Scenario = "base",
    boucle: Annotated[
        bool, typer.Option("--boucle", help="Lire le plan bouclé ; par défaut le plan tel quel, avec son manque")
    ] = False,
    mois: Annotated[
        str | None,
        typer.Option(help="Mois à expliquer, année-mois ; par défaut le premier où la ligne n'est pas nulle"),
    ] = None,
    pret: PretsEnPlus = None,
    bloc: BlocsEnPlus = None,
) -> None:
    """Dire comment un chiffre est calculé : un terme par ligne, la source sous chaque entrée."""
    from pope_foncier.vues.documents.terminal import ecran
    from pope_foncier.vues.formes.colonnes import plier

    resultat = retouchee(fichier, pret, bloc).scenarios[scenario].calculer("boucle" if boucle else "tel_quel")
    typer.echo(plier(resultat.expliquer(code, mois), ecran().width))


@app.command()
def pentes(
    fichier: FichierEtude,
    sortie: Annotated[
        str, typer.Option(help="Code du chiffre, par exemple contribution_par_place", metavar="CHIFFRE")
    ] = "contribution_par_place",
    scenario: Scenario = "base",
    mois: Annotated[
        str | None,
        typer.Option(help="Mois à lire, année-mois ; par défaut le total d'un flux, ou le dernier solde"),
    ] = None,
    baremes: Annotated[
        bool, typer.Option("--baremes", help="Ce que la loi fixe, au lieu des entrées de l'étude")
    ] = False,
    tel_quel: Annotated[
        bool, typer.Option("--tel-quel", help="Lire le plan tel quel ; par défaut le plan bouclé")
    ] = False,
    point: Annotated[
        bool, typer.Option("--point", help="Écrire en CSV, point décimal, au lieu du tableau à l'écran")
    ] = False,
) -> None:
    """Dire ce que pèse chaque entrée sur un chiffre : effet d'une unité et de 1 %, prochaine marche."""
    from pope_foncier.vues.documents.terminal import ecran, montrer
    from pope_foncier.vues.etude.tableaux_pentes import tableau_pentes
    from pope_foncier.vues.formes.cadre import en_csv

    resultat = pf.ouvrir(fichier).scenarios[scenario].calculer("tel_quel" if tel_quel else "boucle")
    cadre = resultat.pentes(sortie, mois, baremes)
    if point:
        typer.echo(en_csv(cadre, point, index=True), nl=False)
    else:
        montrer(tableau_pentes(cadre), ecran())


@app.command()
def tresorerie(
    fichier: FichierEtude,
    acteur: Annotated[
        str | None, typer.Option(help="Nom de l'acteur, comme dans l'étude ; par défaut le maître d'ouvrage")
    ] = None,
    scenario: Scenario = "base",
    sortie: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire ; par défaut, à l'écran")] = None,
    boucle: Annotated[
        bool, typer.Option("--boucle", help="Plan bouclé par les apports de l'étude ; par défaut, plan tel quel")
    ] = False,
    point: PointDecimal = False,
) -> None:
    """Écrire la trésorerie d'un acteur mois par mois, sur toute la durée : une colonne par flux, en nombres (CSV)."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.etude import flux
    from pope_foncier.vues.formes.cadre import MARQUE, en_csv

    vue = pf.carnets.etude(fichier).vue(scenario)
    cadre = flux.tresorerie((vue.bouclee if boucle else vue).ev, acteur, vue.rang)
    inconnus = [str(nom) for nom in cadre.columns[3:-1] if cadre[nom].isna().any()]
    texte = en_csv(cadre, point)
    if sortie is None:
        typer.echo(texte.removeprefix(MARQUE), nl=False)
    else:
        typer.echo(f"Écrit : {ecrire(sortie, texte)} ({len(cadre)} mois, {len(cadre.columns) - 4} flux).")
    if inconnus:
        typer.echo(f"Montants inconnus, laissés vides : {', '.join(inconnus)}.", err=True)
    if vue.est_ouverte and not boucle:
        typer.echo(
            f"Plan tel quel : il manque {vue.ev.plan.reste_a_financer.lire(vue.rang)}, que personne n'apporte. « --boucle » : plan bouclé.",
            err=True,
        )


@app.command("nouveau-site")
def nouveau_site(
    reponse: Annotated[
        list[str] | None,
        typer.Option(help="Réponse déjà connue, à répéter, par exemple surface=240", metavar="QUESTION=RÉPONSE"),
    ] = None,
    sans_question: Annotated[
        bool, typer.Option("--sans-question", help="Ne rien demander : prendre ce qui est proposé, ou l'inconnu")
    ] = False,
    liste: Annotated[bool, typer.Option("--liste", help="Lister les questions, sans en poser")] = False,
    donnees: Annotated[Path | None, typer.Option(help="Dossier des données ; par défaut data/")] = None,
) -> None:
    """Poser quelques questions sur un nouveau lieu et écrire sa fiche et son étude commentée, prête à calculer.

    Une réponse qui ne se lit pas est redemandée ; « ? » si l'on ne sait pas. Interrompue, la saisie reprend où elle en était.
    """
    from pope_foncier.cli.interrogatoire import dire_les_reprises, interroger, reponses_en_options
    from pope_foncier.etude.nouveau import BROUILLON, creer, lire_reponses
    from pope_foncier.etude.questions_du_lieu import questions
    from pope_foncier.socle.brouillon import Brouillon
    from pope_foncier.socle.chemins import dossier_a_completer

    base = donnees or dossier_a_completer()
    posees = questions(donnees)
    if liste:
        for question in posees:
            choix = f" ({', '.join(question.choix.values())})" if question.choix else ""
            typer.echo(f"{question.champ:13} {question.texte}{choix}")
        return
    dites = reponses_en_options(reponse or (), posees)
    if sans_question:
        lues = lire_reponses(dites, donnees)
    else:
        brouillon = Brouillon(base / BROUILLON, posees)
        dire_les_reprises(brouillon)
        compte = interroger(brouillon, dites)
        lues = brouillon.reponses
        typer.echo(f"{compte} questions posées.")
    site, fichier = creer(lues, donnees)
    if not sans_question:
        brouillon.effacer()
    typer.echo(f"Écrit : {site}\nÉcrit : {fichier}")
    typer.echo(f"À lancer : pope-foncier etude {fichier}\n           pope-foncier capacite {site}")


@app.command()
def glossaire(sortie: Annotated[Path, typer.Option(help="Fichier à écrire")] = Path("docs/glossaire.md")) -> None:
    """Écrire les mots du métier : terme, noms dans le code, terme anglais, sens."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.documents import glossaire as page

    typer.echo(f"Écrit : {ecrire(sortie, page.rediger())}")


@app.command()
def lignes(sortie: Annotated[Path, typer.Option(help="Fichier à écrire")] = Path("docs/lignes.md")) -> None:
    """Écrire la liste des lignes du livre : code, libellé, unité, famille, qui paie qui."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.etude import lignes as page

    typer.echo(f"Écrit : {ecrire(sortie, page.rediger())}")


@app.command()
def bench(
    sortie: Annotated[Path, typer.Option(help="Fichier des mesures")] = Path("sorties/bench.json"),
    document: Annotated[
        Path | None, typer.Option(help="Mesurer aussi les courbes et écrire la page, par exemple docs/performance.md")
    ] = None,
    reduit: Annotated[bool, typer.Option("--reduit", help="Mesurer très peu, pour vérifier que tout marche")] = False,
) -> None:
    """Mesurer la chaîne (un scénario, 10 000 tirages, chargement) et les ateliers dans Chromium, s'il est là."""
    import json

    from pope_foncier.ateliers.banc import mesurer_ateliers
    from pope_foncier.decision.comparer.banc import mesurer_la_comparaison
    from pope_foncier.decision.doute.banc import mesurer_le_doute
    from pope_foncier.etude.banc import COMPLETE, REDUITE, mesurer
    from pope_foncier.etude.courbes_du_banc import Machine, relever
    from pope_foncier.socle.ecriture import ecrire, ecrire_ensemble
    from pope_foncier.vues.etude import page_performance
    from pope_foncier.vues.formes.figures import octets

    machine, ampleur = Machine.ici(), REDUITE if reduit else COMPLETE
    mesures = mesurer(sortie, ampleur)
    autres = mesurer_le_doute(ampleur) | mesurer_la_comparaison(ampleur)
    autres |= {} if reduit else mesurer_ateliers()
    mesures |= {nom: round(valeur, 4) for nom, valeur in autres.items()}
    ecrire(sortie, json.dumps(mesures, indent=1))
    for nom, valeur in mesures.items():
        typer.echo(f"{nom:25} {valeur}")
    if document is None:
        return
    courbes = relever(machine, ampleur)
    images = {nom: f"images/{document.stem}{suite}.png" for nom, suite in (("droites", ""), ("fils", "_fils"))}
    dessins = {document.parent / images[nom]: octets(fig) for nom, fig in page_performance.dessiner(courbes).items()}
    page = page_performance.rediger(mesures, courbes, images, reduit)
    for ecrit in ecrire_ensemble({document: page, **dessins}):
        typer.echo(f"Écrit : {ecrit}")
