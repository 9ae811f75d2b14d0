"""Commands that compare: two scenarios in words; sites, modes, montages and ways of closing side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import pope_foncier as pf
from pope_foncier.cli.application import BlocsEnPlus, FichierEtude, app, fiche, option_entier


@app.command()
def difference(
    fichier: FichierEtude,
    de: Annotated[str, typer.Option(help="Scénario de départ", metavar="SCÉNARIO")] = "base",
    vers: Annotated[
        str | None, typer.Option(help="Scénario d'arrivée ; celui de départ par défaut", metavar="SCÉNARIO")
    ] = None,
    bloc: BlocsEnPlus = None,
) -> None:
    """Dire ce qui sépare deux scénarios : entrées changées, puis besoins, ressources, à trouver, commune, dette, caisse."""
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.vues.decision.comparer import mots
    from pope_foncier.vues.documents.terminal import dire, ecran, montrer

    etude = pf.ouvrir(fichier)
    if vers is None and not bloc:
        raise ErreurCalcul(
            f"Rien à comparer. Donner « --vers » ({', '.join(n for n in etude.scenarios if n != de) or 'aucun autre scénario'}) "
            f"ou « --bloc » ({', '.join(etude.blocs)})."
        )
    arrivee = etude.scenarios[vers or de].avec_blocs(*bloc or ())
    lue, console = pf.difference(etude.scenarios[de], arrivee), ecran()
    dire(lue.phrase, console, "bold")
    montrer(mots.table(lue._ecarts), console)


def _noms(option: str, aide: str) -> Any:
    return typer.Option(option, help=f"{aide} ; plusieurs, séparés par des virgules, ou « tous »", metavar="NOMS")


def _lus(noms: list[str] | None) -> list[str]:
    return [nom.strip() for dits in noms or () for nom in dits.split(",") if nom.strip()]


@app.command()
def comparer(
    fichiers: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Études : leurs noms ou leurs fichiers (YAML) ; toutes celles du projet par défaut",
            parser=fiche("etudes"),
            metavar="[ÉTUDES]…",
        ),
    ] = None,
    modes: Annotated[list[str] | None, _noms("--modes", "Mode d'accueil, par exemple micro_creche_psu")] = None,
    montages: Annotated[list[str] | None, _noms("--montages", "Montage, par exemple commune_loue")] = None,
    bouclages: Annotated[list[str] | None, _noms("--bouclages", "Façon de boucler, par exemple commune")] = None,
    criteres: Annotated[
        Path | None, typer.Option(help="Fichier de critères et de poids (YAML), à la place de celui du projet")
    ] = None,
    au_plus: Annotated[int, option_entier("--au-plus", 1, 10_000, "Options montrées, les mieux classées d'abord")] = 20,
    image: Annotated[
        Path | None, typer.Option(help="Image à écrire : un panneau par option, neuf au plus (PNG)")
    ] = None,
    sortie: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire : toutes les options, en nombres")] = None,
) -> None:
    """Comparer sites, modes, montages et façons de boucler : possible ou pourquoi pas, chiffres, front, classement."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.decision.comparer import tableaux
    from pope_foncier.vues.documents.terminal import dire, ecran, montrer
    from pope_foncier.vues.formes.cadre import en_csv
    from pope_foncier.vues.formes.figures import octets

    console = ecran()
    axes = {"modes": _lus(modes), "montages": _lus(montages), "bouclages": _lus(bouclages)}
    lue = pf.comparer(*fichiers or (), **axes, criteres=criteres)
    vues = [
        tableaux.options(lue._options, au_plus),
        tableaux.classement(lue._options, au_plus),
        tableaux.impossibles(lue._options),
    ]
    for table in vues:
        if table is not None and table.cellules:
            montrer(table, console)
    for phrase in lue.phrases:
        dire(phrase, console)
    if sortie is not None:
        console.print(f"Écrit : {ecrire(sortie, en_csv(lue.options, False, index=True))}")
    if image is not None:
        console.print(f"Écrit : {ecrire(image, octets(lue.tracer()))}")
