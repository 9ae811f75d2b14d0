"""Tornado of a figure as a table: every input that moves it, its ends, the figure there, what its slope would tell."""

from __future__ import annotations

import math

from pope_foncier.decision.sensibilite.decisions import CE_QUI_RESTE
from pope_foncier.decision.sensibilite.tornade import Barre, Bout, Tornade
from pope_foncier.etude.lecteur import EN_CLAIR
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.etude.tableaux_pentes import PAR, PAR_EN_CLAIR
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case
from pope_foncier.vues.formes.table import Table

_NOTE = (
    "Chaque entrée va seule d'un bout à l'autre, les autres restant à la valeur de l'étude, et le plan est refermé. Par la pente : ce que "
    "dirait, aux deux bouts, la pente à la valeur de l'étude ; une entrée qui agit par marches n'en a pas."
)

_TENU = "Aucune entrée en doute ne bouge ce chiffre, seule : il est tenu par une limite (zéro, un plafond)."
_LIRE = f" Lire un chiffre qui l'explique, par exemple « {CE_QUI_RESTE} »."
_NOMMEES = 8


def tableau(lue: Tornade) -> Table:
    """Every input that moves a figure, the longest swing first."""
    par_une_ligne = any(barre.par for barre in lue.barres)
    lignes = tuple(
        (
            barre.entree.libelle,
            barre.entree.dire(barre.entree.centrale),
            barre.entree.dire(barre.bas.valeur),
            _au_bout(barre.bas, lue),
            barre.entree.dire(barre.haut.valeur),
            _au_bout(barre.haut, lue),
            _pente(barre, lue),
            _places(barre, lue),
            *((barre.par,) if par_une_ligne else ()),
        )
        for barre in lue.barres
    )
    par = f" {PAR_EN_CLAIR}" if par_une_ligne else ""
    note = f"{_NOTE if lignes else _sans_barre(lue)}{par} {_choix(lue)}{_immobiles(lue)}".strip()
    titre = f"Ce qui fait bouger « {lue.libelle} », {formater(lue.centrale, lue.unite)} dans l'étude ({EN_CLAIR[lue.lecture]})"
    entetes = ("Entrée", "Étude", "Bout bas", "Chiffre", "Bout haut", "Chiffre, haut", "Par la pente", "Places")
    return Table(titre, (*entetes, *((PAR,) if par_une_ligne else ())), lignes, note=note)


def pourquoi_inconnu(lue: Tornade) -> str:
    """Why the figure of the study has no value: no place, the data that are missing, or that it is not defined there."""
    if lue.sans_place:
        return f"l'étude n'ouvre aucune place ({lue.sans_place})"
    if lue.manques:
        return f"il est inconnu dans l'étude, il manque {', '.join(lue.manques)}"
    return "il n'est pas défini dans l'étude"


def _sans_barre(lue: Tornade) -> str:
    """Why no input moves the figure."""
    if lue.sans_place or math.isnan(lue.centrale):
        return f"Rien à faire bouger : {pourquoi_inconnu(lue)}."
    return _TENU if lue.code == CE_QUI_RESTE else f"{_TENU}{_LIRE}"


def _choix(lue: Tornade) -> str:
    """Inputs that are chosen rather than learnt."""
    noms = [b.entree.libelle for b in lue.barres if b.entree.choix]
    return f"Se choisissent plutôt qu'elles ne s'apprennent : {', '.join(noms)}. " if noms else ""


def _immobiles(lue: Tornade) -> str:
    """Inputs in doubt that leave the figure where it is: named when they are few."""
    if not lue.immobiles or not lue.barres:
        return ""
    if len(lue.immobiles) > _NOMMEES:
        return f"{len(lue.immobiles)} autres entrées en doute ne le bougent pas."
    return f"Ne le bougent pas : {', '.join(e.libelle for e in lue.immobiles)}."


def _au_bout(bout: Bout, lue: Tornade) -> Case:
    return cases.mesure(bout.chiffre, lue.unite).sinon(bout.motif)


def _pente(barre: Barre, lue: Tornade) -> str:
    if math.isnan(barre.bas.par_la_pente):
        return "par marches" if barre.marches else "—"
    return " ; ".join(formater(bout.par_la_pente, lue.unite) for bout in barre.bouts)


def _places(barre: Barre, lue: Tornade) -> str:
    """Places gained or lost at an end."""
    autres = [bout for bout in barre.bouts if bout.places != lue.places and not math.isnan(bout.places)]
    dits = (f"{formater_nombre(bout.places)} à {barre.entree.dire(bout.valeur)}" for bout in autres)
    return " ; ".join(dits)
