"""Commands that size a loan on a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import pope_foncier as pf
from pope_foncier.cli.application import Depuis, FichierEtude, Scenario, app, fiche, option_saisie

_Conditions = Annotated[
    Path | None,
    typer.Option(
        help="Conditions d'un prêt : son nom, par exemple pret_bancaire, ou son fichier (YAML)",
        parser=fiche("exemples"),
        metavar="PRÊT",
    ),
]
_Seuil = Annotated[
    list[str] | None,
    typer.Option(
        help="Seuil à la place de celui des données, à répéter : « couverture=1,20 », « ltv=90 % », « titre=6 »",
        metavar="LIMITE=NOMBRE",
    ),
]


@app.command()
def dimensionner(
    fichier: FichierEtude,
    pret: Annotated[
        str | None,
        typer.Option(help="Prêt de l'étude à dimensionner, ou dont les conditions données prennent la place"),
    ] = None,
    conditions: _Conditions = None,
    taux: Annotated[float | None, option_saisie("--taux", "taux", "Taux : « 3,5 % »")] = None,
    duree: Annotated[int | None, option_saisie("--duree", "duree", "Durée : « 15 ans », « 180 mois »")] = None,
    differe: Annotated[int | None, option_saisie("--differe", "duree", "Différé partiel : « 12 mois »")] = None,
    profil: Annotated[
        str | None, typer.Option(help="Profil : annuite_constante, capital_constant, in_fine, progressif…")
    ] = None,
    produit: Annotated[
        str | None,
        typer.Option(help="Produit du catalogue dont le prêt prend les conditions, par exemple bdt_cohesion_sociale"),
    ] = None,
    seuil: _Seuil = None,
    valeur: Annotated[float | None, option_saisie("--valeur", "montant", "Valeur du gage : « 800 000 € »")] = None,
    depuis: Depuis = None,
    scenario: Scenario = "base",
    sculptee: Annotated[
        bool, typer.Option("--sculptee", help="Montrer aussi la dette sculptée sur le disponible de chaque année")
    ] = False,
) -> None:
    """Dire le plus grand prêt que porte le plan bouclé, ce qui le limite, et ce qui vient ensuite.

    Sans conditions, celles d'un prêt de l'étude (--pret), ou de son seul prêt.
    """
    from pope_foncier.vues.decision import tableaux_taille
    from pope_foncier.vues.documents import terminal

    etude = pf.ouvrir(fichier).scenarios[scenario]
    if produit is not None:
        etude = etude.au_produit(produit, pret)
    dits = {"taux": taux, "duree_mois": duree, "differe_mois": differe, "profil": profil}
    donnes = {n: v for n, v in dits.items() if v is not None}
    resultat = etude.calculer()
    pret = _seul_pret(etude) if produit is not None and pret is None else pret
    de_l_etude = resultat.pret(pret) if pret is not None and donnes and conditions is None else None
    demande = _conditions(conditions, de_l_etude, donnes)
    taille = resultat.dimensionner(
        demande or pret or _seul_pret(etude),
        a_la_place_de=pret if demande else None,
        valeur=valeur,
        depuis=depuis,
        seuils=_seuils(seuil or ()),
        produit=produit,
    )
    console = terminal.ecran()
    terminal.dire(tableaux_taille.phrase(taille.taille), console, "bold")
    terminal.montrer(tableaux_taille.limites(taille.taille), console)
    terminal.montrer(tableaux_taille.annees(taille.taille), console)
    if sculptee:
        terminal.montrer(tableaux_taille.sculptee(taille.sculpter()), console)


def _conditions(fichier: Path | None, de_l_etude: pf.Pret | None, dits: dict[str, Any]) -> pf.Pret | None:
    """Terms of a file, or of a loan of the study, changed by those of the options; None when nothing is said.

    Raises:
        ErreurCalcul: options that do not make a loan.
    """
    from pope_foncier.socle.erreurs import ErreurCalcul

    if "differe_mois" in dits:
        dits["differe"] = "partiel" if dits["differe_mois"] else "aucun"
    if fichier is not None:
        return pf.Pret.ouvrir(fichier).avec(**dits)
    if de_l_etude is not None:
        return de_l_etude.avec(**dits)
    if not dits:
        return None
    if not {"taux", "duree_mois"} <= set(dits):
        raise ErreurCalcul("Donner le taux et la durée (--taux, --duree), ou un fichier de prêt (--conditions).")
    return pf.Pret(capital=1.0, libelle="prêt aux conditions données", **dits)


def _seul_pret(etude: pf.Etude) -> str:
    """The only loan of a study.

    Raises:
        ErreurCalcul: none, or several.
    """
    from pope_foncier.socle.erreurs import ErreurCalcul

    noms = [p.id for p in etude.fiche.prets]
    if len(noms) != 1:
        parmi = f" un des prêts de l'étude (--pret : {', '.join(noms)}), ou" if noms else ""
        raise ErreurCalcul(f"Dire quel prêt dimensionner :{parmi} ses conditions (--taux et --duree, ou --conditions).")
    return noms[0]


def _seuils(dits: list[str] | tuple[str, ...]) -> dict[str, float]:
    """Thresholds by test.

    Raises:
        ErreurCalcul: no name, or not a number.
    """
    from pope_foncier.socle.erreurs import ErreurCalcul
    from pope_foncier.socle.nombres import lire_nombre

    seuils = {}
    for dit in dits:
        nom, egal, nombre = dit.partition("=")
        try:
            seuils[nom.strip()] = lire_nombre(nombre if egal else "")
        except ValueError:
            raise ErreurCalcul(
                f"--seuil : écrire la limite et son nombre, par exemple « couverture=1,20 » ; trouvé : « {dit} »."
            ) from None
    return seuils


@app.command("comparer-prets")
def comparer_prets(
    fichier: FichierEtude,
    pret: Annotated[str | None, typer.Option(help="Prêt de l'étude ; par défaut le seul")] = None,
    montant: Annotated[list[float] | None, option_saisie("--montant", "montant", "Montant, à répéter")] = None,
    taux: Annotated[list[float] | None, option_saisie("--taux", "taux", "Taux, à répéter : « 3,5 % »")] = None,
    duree: Annotated[list[int] | None, option_saisie("--duree", "duree", "Durée, à répéter : « 15 ans »")] = None,
    differe: Annotated[
        list[int] | None, option_saisie("--differe", "duree", "Différé, à répéter : « 12 mois »")
    ] = None,
    profil: Annotated[
        list[str] | None, typer.Option(help="Profil, à répéter : annuite_constante, capital_constant…")
    ] = None,
    produit: Annotated[
        list[str] | None, typer.Option(help="Produit du catalogue, à répéter, par exemple bdt_cohesion_sociale")
    ] = None,
    seuil: _Seuil = None,
    depuis: Depuis = None,
    scenario: Scenario = "base",
    image: Annotated[Path | None, typer.Option(help="Image à écrire (PNG)")] = None,
    sortie: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire, en nombres")] = None,
) -> None:
    """Comparer des structures d'un prêt : montant × durée × taux × différé × profil ou produit, chacune sur son plan bouclé."""
    from pope_foncier.socle.ecriture import ecrire
    from pope_foncier.vues.decision import tableaux_structures
    from pope_foncier.vues.documents import terminal
    from pope_foncier.vues.formes import figures
    from pope_foncier.vues.formes.cadre import en_csv

    comparees = (
        pf.ouvrir(fichier)
        .scenarios[scenario]
        .comparer_prets(
            pret,
            montants=montant or (),
            taux=taux or (),
            durees=duree or (),
            differes=differe or (),
            profils=profil or (),
            produits=produit or (),
            seuils=_seuils(seuil or ()),
            depuis=depuis,
        )
    )
    console = terminal.ecran()
    terminal.dire(repr(comparees), console, "bold")
    terminal.montrer(tableaux_structures.table(comparees.structures), console)
    if sortie is not None:
        typer.echo(f"Écrit : {ecrire(sortie, en_csv(comparees.tableau))}")
    if image is not None:
        typer.echo(f"Écrit : {ecrire(image, figures.octets(comparees.dessiner()))}")
