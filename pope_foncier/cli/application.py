"""Application that the commands join, and what several of them read alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

app = typer.Typer(
    name="pope-foncier",
    help="Études foncières et d'investissement pour de nouveaux lieux d'accueil de la petite enfance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def fiche(dossier: str) -> Callable[[str | Path], Path]:
    """Reader of a sheet of an argument: its path, or its name in a folder of the data.

    Raises:
        ErreurDonnees: a name that the folder does not have.
    """

    def lire(texte: str | Path) -> Path:
        from pope_foncier.socle.trouver import trouver

        return trouver(texte, dossier)

    return lire


FichierEtude = Annotated[
    Path,
    typer.Argument(
        help="Étude : son nom, par exemple gare_saint_denis, ou son fichier (YAML)",
        parser=fiche("etudes"),
        metavar="ÉTUDE",
    ),
]
FichiersEtudes = Annotated[
    list[Path],
    typer.Argument(
        help="Étude, ou plusieurs, à voir côte à côte : leur nom, par exemple gare_saint_denis, ou leur fichier (YAML)",
        parser=fiche("etudes"),
        metavar="ÉTUDE",
    ),
]
FichierSite = Annotated[
    Path,
    typer.Argument(
        help="Site : son nom, par exemple gare_saint_denis, ou sa fiche (YAML)",
        parser=fiche("sites"),
        metavar="SITE",
    ),
]

Scenario = Annotated[str, typer.Option(help="Nom du scénario")]
PointDecimal = Annotated[
    bool,
    typer.Option("--point", help="Point décimal et virgules dans le CSV ; par défaut, format d'un tableur français"),
]
BlocsEnPlus = Annotated[
    list[str] | None,
    typer.Option("--bloc", help="Bloc de changements, à répéter, par exemple travaux_plus_15", metavar="BLOC"),
]


def nombre(option: str, mini: float, maxi: float) -> Callable[[str | float], float]:
    """Reader of a number of an option, within bounds.

    Raises:
        ErreurCalcul: not a number, or out of its bounds; says the option.
    """

    def lire(texte: str | float) -> float:
        from pope_foncier.socle.erreurs import ErreurCalcul
        from pope_foncier.socle.nombres import formater_nombre, lire_nombre

        try:
            valeur = lire_nombre(str(texte))
        except ValueError as erreur:
            raise ErreurCalcul(f"{option} : {erreur}.") from None
        if not mini <= valeur <= maxi:
            bornes = " ".join(
                f"{mot} {borne:.0f}" if abs(borne) < 10_000 else f"{mot} {formater_nombre(borne)}"
                for mot, borne in (("de", mini), ("à", maxi))
            )
            raise ErreurCalcul(f"{option} : un nombre {bornes} est attendu ; trouvé : « {texte} ».")
        return valeur

    return lire


def entier(option: str, mini: int, maxi: int) -> Callable[[str | int], int]:
    """Reader of a whole number of an option, within bounds.

    Raises:
        ErreurCalcul: not a whole number, or out of its bounds; says the option.
    """

    def lire(texte: str | int) -> int:
        from pope_foncier.socle.erreurs import ErreurCalcul

        valeur = nombre(option, mini, maxi)(texte)
        if valeur != int(valeur):
            raise ErreurCalcul(f"{option} : un nombre entier est attendu ; trouvé : « {texte} ».")
        return int(valeur)

    return lire


def saisie(option: str, genre: Literal["montant", "taux", "duree", "jour"]) -> Callable[[Any], Any]:
    """Reader of an option written as a French hand types it: « 3,5 % », « 15 ans », « 300 000 € », « 01/03/2027 ».

    Raises:
        ErreurCalcul: what cannot be read; says the option.
    """

    def lire(texte: Any) -> Any:
        from pope_foncier.socle import saisie as lecteurs
        from pope_foncier.socle.erreurs import ErreurCalcul

        if not isinstance(texte, str):
            return texte
        try:
            return getattr(lecteurs, f"lire_{genre}")(texte)
        except ValueError as erreur:
            raise ErreurCalcul(f"{option} : {erreur}.") from None

    return lire


def option_entier(option: str, mini: int, maxi: int, aide: str, metavar: str = "NOMBRE") -> Any:
    """Option that holds a whole number within bounds."""
    return typer.Option(help=aide, parser=entier(option, mini, maxi), metavar=metavar)


def option_saisie(option: str, genre: Literal["montant", "taux", "duree"], aide: str) -> Any:
    """Option that holds an amount, a rate or a term as a French hand types it."""
    return typer.Option(help=aide, parser=saisie(option, genre), metavar=_METAVARS[genre])


_METAVARS = {"montant": "MONTANT", "taux": "TAUX", "duree": "DURÉE"}
Depuis = Annotated[
    int | None,
    option_entier(
        "--depuis",
        1900,
        2200,
        "Première année qui compte ; par défaut celle de l'ouverture, montée en charge comprise",
        "ANNÉE",
    ),
]
