"""Terminal view: the tables of a study with rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from rich.console import Console
from rich.table import Table as TableRich
from rich.text import Text

from pope_foncier.decision.essais import leviers
from pope_foncier.decision.plans_des_aides import plans_des_aides
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.socle.erreurs import sans_controle
from pope_foncier.vues.aides import tableaux as tableaux_aides
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_essais, tableaux_plausibilite, tableaux_soutien
from pope_foncier.vues.decision.comparer import tableaux as tableaux_comparer
from pope_foncier.vues.documents.grille import TelQuel, grille, lisible_telle_quelle, sans_couleurs
from pope_foncier.vues.etude import tableaux, tableaux_bouclage, tableaux_financement, tableaux_scenarios
from pope_foncier.vues.etude.tableaux_comite_courts import du_comite
from pope_foncier.vues.exploitation import tableaux_compte
from pope_foncier.vues.formes import lectures, mots_de_caisse
from pope_foncier.vues.formes.colonnes import parties, plier
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import tableaux_site
from pope_foncier.vues.places import tableaux as tableaux_places
from pope_foncier.vues.prets import tableaux_suretes
from pope_foncier.vues.travaux import tableaux as tableaux_travaux
from pope_foncier.vues.travaux import tableaux_calendrier, tableaux_cout

_COULEURS = {"respecté": "green", "à surveiller": "yellow", "non respecté": "red", "indéterminé": "dim"}


def afficher(resultat: Resultat, moteur: Moteur, console: Console) -> None:
    """Show a study: tables of the base under both readings, scenarios side by side, stresses, and what is to confirm."""
    etude = resultat.dossier.etude
    console.rule(mot(etude.titre, "bold"))
    dire(etude.question, console, "italic")
    vue = resultat.vue()
    dire(lectures.phrase(vue), console, "bold")
    for phrase in (lectures.capital(vue), mots_de_caisse.caisse(vue)):
        if phrase:
            dire(phrase, console)
    for table in tables(vue):
        montrer(table, console)
    for morceau in () if vue.aucune_place else du_comite(vue):
        if isinstance(morceau, Table):
            montrer(morceau, console)
        else:
            dire(f"\n{morceau}", console)
    plans = None if vue.aucune_place else plans_des_aides(resultat.dossier, moteur)
    if plans is not None:
        montrer(tableaux_essais.plans_des_aides(plans), console)
    if len(resultat.vues()) > 1:
        montrer(tableaux_scenarios.comparaison(resultat), console)
        differences = tableaux_comparer.differences(resultat)
        if differences is not None:
            montrer(differences, console)
    for table in [] if vue.aucune_place else tableaux_epreuves.tables(vue):
        montrer(table, console)
    if not vue.aucune_place and not np.isnan(vue.montant("ressources.reste_a_financer")):
        montrer(tableaux_essais.leviers("Ce qui fermerait le plan", leviers(resultat.dossier, moteur)), console)
    montrer(tableaux.tableau_a_confirmer(vue), console)
    montrer(tableaux.hypotheses_de_travail(vue), console)
    if etude.questions_ouvertes:
        dire("\nQuestions ouvertes", console, "bold")
        for rang, question in enumerate(etude.questions_ouvertes, 1):
            dire(f"  {rang}. {question}", console)


_LARGEURS = (40, 400)
"""Narrowest and widest screen that tables are made for, whatever the environment says."""


def ecran(erreurs: bool = False) -> Console:
    """Terminal to write on: a width within bounds, nothing of a text taken for markup nor for a picture."""
    console = Console(stderr=erreurs, markup=False, emoji=False, highlight=False)
    if not _LARGEURS[0] <= console.width <= _LARGEURS[1]:
        console.width = min(max(console.width, _LARGEURS[0]), _LARGEURS[1])
    return console


def mot(texte: str, style: str = "") -> Text:
    """Text that the terminal shows as it is: no markup, no control character."""
    return Text(sans_controle(texte), style=style)


def dire(texte: str, console: Console, style: str = "") -> None:
    """Print a text within the screen; a number is never cut between two lines."""
    _ecrire([(plier(texte, console.width), style)], console)


def _ecrire(morceaux: Sequence[tuple[str, str]], console: Console) -> None:
    """Print folded texts, each with its style, one under the other."""
    if sans_couleurs(console):
        texte = "\n".join(sans_controle(morceau) for morceau, _ in morceaux)
        if lisible_telle_quelle(texte, console.width):
            console.print(TelQuel(texte), crop=False)
            return
    textes = [mot(morceau, style) for morceau, style in morceaux]
    console.print(textes[0] if len(textes) == 1 else Text("\n").join(textes))


def montrer(table: Table, console: Console) -> None:
    """Show one table; too many columns make several tables, or, with too long sentences, one short list per row."""
    dire(f"\n{table.titre}", console, "bold")
    trouvees = parties(table, console.width)
    if trouvees is None:
        _montrer_en_fiches(table, console)
    for rangs, tailles in trouvees or ():
        nue = grille(table, rangs, tailles) if sans_couleurs(console) else None
        console.print(_grille(table, rangs, tailles) if nue is None else TelQuel(nue), crop=nue is None)
    if table.note:
        dire(f"\n{table.note}" if trouvees is None else table.note, console, "dim")


def _grille(table: Table, rangs: list[int], tailles: list[int]) -> TableRich:
    """Some columns of a table, at their widths."""
    rich = TableRich(header_style="bold")
    for r, taille in zip(rangs, tailles, strict=True):
        justifie: Literal["left", "right"] = "left" if table.a_gauche[r] else "right"
        rich.add_column(mot(plier(table.entetes[r], taille)), justify=justifie, width=taille)
    for rang, ligne in enumerate(table.lignes):
        cellules = [
            mot(plier(ligne[r], taille), _COULEURS.get(ligne[r], "")) for r, taille in zip(rangs, tailles, strict=True)
        ]
        rich.add_row(*cellules, style="bold" if rang in table.totaux else "")
    return rich


def tables(vue: Vue) -> list[Table]:
    """Tables of a scenario, in reading order (its premises alone when they hold no place), each naming the reading that it shows when closing the plan could change it."""
    if vue.aucune_place:
        return [tableaux_site.fiche_du_site(vue), tableaux_places.places(vue)]
    candidates = (
        tableaux_site.fiche_du_site(vue),
        tableaux_places.places(vue),
        tableaux_cout.cout(vue),
        tableaux_travaux.lots(vue),
        tableaux_calendrier.phases(vue),
        tableaux_aides.aides(vue),
        tableaux_financement.plan_de_financement(vue),
        tableaux_bouclage.bouclage(vue),
        tableaux_financement.echeancier(vue),
        tableaux_financement.tresorerie(vue),
        tableaux_suretes.table_suretes(vue.bouclee.ev, vue.rang),
        tableaux_compte.compte_exploitation(vue),
        tableaux.ratios(vue),
        tableaux.budget_commune(vue) if vue.ev.compte is not None else None,
        tableaux_soutien.devrait(vue),
        tableaux_plausibilite.table(vue),
    )
    return [t for t in candidates if t is not None]


def _montrer_en_fiches(table: Table, console: Console) -> None:
    largeur = console.width
    for ligne in table.lignes:
        fiche = [(plier(f"\n{ligne[0]}", largeur), "bold")] if ligne[0] else []
        for entete, cellule in zip(table.entetes[1:], ligne[1:], strict=True):
            if cellule not in ("", "—"):
                fiche.append((plier(f"  {entete} : {cellule}", largeur), _COULEURS.get(cellule, "")))
        if fiche:
            _ecrire(fiche, console)
