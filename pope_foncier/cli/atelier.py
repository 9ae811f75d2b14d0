"""Commands of the workshops: open them, write their minutes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pope_foncier.cli.application import FichiersEtudes, app, option_entier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses
from pope_foncier.socle.refus import paquet_absent

if TYPE_CHECKING:
    from pope_foncier.ateliers.journal import Journal
    from pope_foncier.ateliers.modele import Modele

Journaux = Annotated[Path, typer.Option(help="Dossier des journaux d'atelier")]
_JOURNAUX = Path("sorties/ateliers")


@app.command("compte-rendu")
def compte_rendu_de_l_atelier(
    fichiers: FichiersEtudes,
    journaux: Journaux = _JOURNAUX,
    docx: Annotated[
        bool, typer.Option("--docx", help="Écrire aussi le compte rendu en Word, à compléter et à signer")
    ] = False,
    lieu: Annotated[str, typer.Option(help="Lieu de la séance ; par défaut, une ligne à remplir à la main")] = "",
    seance: Annotated[
        int | None,
        option_entier("--seance", 1, 10_000, "Numéro de la séance ; par défaut, la dernière où quelque chose est noté"),
    ] = None,
    toutes: Annotated[bool, typer.Option("--toutes", help="Toutes les séances en un seul compte rendu")] = False,
    sortie: Annotated[
        Path | None, typer.Option(help="Dossier des fichiers ; par défaut celui de l'étude, parmi les journaux")
    ] = None,
) -> None:
    """Écrire le compte rendu d'une séance d'atelier : scénarios, réserves, votes, décision et le fichier qui la rejoue."""
    from pope_foncier.ateliers import compte_rendu
    from pope_foncier.ateliers.compte_rendu_document import TOUTES

    if toutes and seance is not None:
        raise typer.BadParameter("--seance et --toutes disent deux choses : n'en garder qu'une.")
    modeles, journal = _ouvrir(fichiers, journaux)
    voulue, dossier = TOUTES if toutes else seance, sortie or journal.chemin.with_suffix("")
    for ecrit in compte_rendu.exporter(journal, dossier, modeles[0], voulue, docx, lieu, modeles[1:]):
        typer.echo(f"Écrit : {ecrit}")
    typer.echo(compte_rendu.ce_qui_est_ecrit(journal, voulue))


@app.command()
def atelier(
    fichiers: FichiersEtudes = [Path("gare_saint_denis")],  # noqa: B006
    journaux: Journaux = _JOURNAUX,
    port: Annotated[int, option_entier("--port", 1, 65_535, "Port, sur cet ordinateur seul")] = 8866,
    visiteurs: Annotated[int, option_entier("--visiteurs", 1, 200, "Visiteurs à la fois")] = 10,
    reserve: Annotated[
        int, option_entier("--reserve", 0, 20, "Pages tenues prêtes par application ; 0 pour aucune")
    ] = 1,
    oisif: Annotated[int, option_entier("--oisif", 1, 86_400, "Secondes avant d'arrêter une page abandonnée")] = 300,
    salle: Annotated[
        bool, typer.Option("--salle", help="Admettre les téléphones du réseau local, avec un code et un QR code")
    ] = False,
    code: Annotated[
        str | None, typer.Option(help="Code de la salle, six signes ; par défaut tiré au sort et gardé pour la journée")
    ] = None,
    adresse: Annotated[
        str, typer.Option(help="Adresse que l'écran montre aux téléphones, quand cet ordinateur en a plusieurs")
    ] = "",
    base_url: Annotated[str, typer.Option(help="Chemin devant toutes les adresses, par exemple /atelier/")] = "/",
    exporter: Annotated[
        bool, typer.Option("--exporter", help="Écrire le journal : scénarios en YAML, compte rendu en Markdown et HTML")
    ] = False,
    mettre_de_cote: Annotated[
        bool,
        typer.Option(
            "--mettre-de-cote", help="Laisser un journal abîmé tel quel, en commencer un autre avec ses entrées saines"
        ),
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Écrire la page de secours : toutes les images, tous les tableaux")
    ] = False,
) -> None:
    """Ouvrir les ateliers dans le navigateur, hors ligne ; ou en écrire le compte rendu, ou la page de secours."""
    from pope_foncier.ateliers import compte_rendu, secours
    from pope_foncier.socle.ecriture import ecrire, exiger_un_dossier

    modeles, journal = _ouvrir(fichiers, journaux)
    if exporter or page:
        exiger_un_dossier(journal.chemin.with_suffix(""))
    if mettre_de_cote:
        ancien, nouveau = journal.mettre_de_cote()
        typer.echo(f"Gardé tel quel : {ancien}\nPrend la suite : {nouveau}")
    if exporter:
        for ecrit in compte_rendu.exporter(journal, journal.chemin.with_suffix(""), modeles[0], autres=modeles[1:]):
            typer.echo(f"Écrit : {ecrit}")
        typer.echo(compte_rendu.ce_qui_est_ecrit(journal))
    if page:
        for modele in modeles:
            suite = f"_{modele.dossier.nom}" if len(modeles) > 1 else ""
            sortie = journal.chemin.with_suffix("") / f"page_de_secours{suite}.html"
            typer.echo(f"Écrit : {ecrire(sortie, secours.rediger(modele, journal))}")
    if not exporter and not page and not mettre_de_cote:
        sans_grammaire_des_adresses()
        try:
            from pope_foncier.ateliers.serveur import ouvrir_la_salle, servir
        except ModuleNotFoundError as erreur:
            raise ErreurPope(
                f"{paquet_absent(erreur, 'ouvrir les ateliers')} "
                "La page de secours (--page) et le compte rendu (--exporter) n'en ont pas besoin."
            ) from None
        titre = " ; ".join(m.dossier.etude.titre for m in modeles)
        piece = ouvrir_la_salle(journal, titre, port, salle, code, base_url, adresse)
        servir(fichiers, piece, visiteurs, reserve, oisif)


def _ouvrir(fichiers: list[Path], journaux: Path) -> tuple[list[Modele], Journal]:
    """Studies of a workshop, and its journal."""
    from pope_foncier.ateliers.journal import Journal, nom_du_journal
    from pope_foncier.ateliers.modele import Modele

    modeles = [Modele.ouvrir(fichier) for fichier in dict.fromkeys(fichiers)]
    return modeles, Journal(journaux / f"{nom_du_journal([m.dossier.nom for m in modeles])}.sqlite")
