"""Terminal view: the tables of a study with rich."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as TableRich
from rich.text import Text

from pope_foncier.analyse.resultats import Resultat
from pope_foncier.vues import tableaux
from pope_foncier.vues.tableaux import Table

_COULEURS = {"respecté": "green", "à surveiller": "yellow", "non respecté": "red", "indéterminé": "dim"}


def afficher(resultat: Resultat, console: Console) -> None:
    """Show a study: tables of the base, scenarios side by side, and what is to confirm."""
    etude = resultat.dossier.etude
    console.rule(f"[bold]{etude.titre}")
    console.print(f"[italic]{etude.question}")
    vue = resultat.vue()
    for table in tableaux.toutes(vue):
        montrer(table, console)
    if len(resultat.vues()) > 1:
        montrer(tableaux.comparaison(resultat), console)
    montrer(tableaux.tableau_a_confirmer(vue), console)
    if etude.questions_ouvertes:
        console.print("\n[bold]Questions ouvertes")
        for rang, question in enumerate(etude.questions_ouvertes, 1):
            console.print(f"  {rang}. {question}")


def montrer(table: Table, console: Console) -> None:
    """Show one table."""
    rich = TableRich(
        title=f"\n[bold]{table.titre}",
        title_justify="left",
        header_style="bold",
        caption=table.note or None,
        caption_justify="left",
    )
    for rang, entete in enumerate(table.entetes):
        texte = table.texte or rang == 0 or entete == "Ressources"
        rich.add_column(entete, justify="left" if texte else "right", overflow="fold")
    for rang, ligne in enumerate(table.lignes):
        cellules = [Text(c, style=_COULEURS.get(c, "")) for c in ligne]
        rich.add_row(*cellules, style="bold" if rang in table.totaux else "")
    console.print(rich)
