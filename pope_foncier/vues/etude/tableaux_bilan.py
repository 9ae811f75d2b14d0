"""Tables of a borrower: income statement, balance sheet and ratios before and after the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.etude.comptes_previsionnels import SANS_A_TROUVER, SOLDES, ComptesPrevisionnels, ratios_avant
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

_SANS = "Résultat sans ce qui reste à trouver"
_NOTE_SANS = (
    "Ce qui reste à trouver est lu comme une subvention d'équipement : sa part amortie entre dans les quotes-parts, le reste dans les "
    "subventions du passif. Personne ne l'a promise : le résultat est aussi donné sans elle, et les fonds propres seraient plus bas d'autant."
)
_PREMIERES: Sequence[int] = range(6)
"""Ranks of the years shown: the first ones of the study."""


def table_resultat(comptes: ComptesPrevisionnels, scenario: int = 0, rangs: Sequence[int] = _PREMIERES) -> Table:
    """Forecast income statement."""
    lignes: list[Rang] = []
    for titre, postes in (("Produits", comptes.produits), ("Charges", comptes.charges)):
        lignes += [(titre, *[""] * len(_en_tetes(comptes, rangs))), *_postes(postes, scenario, rangs)]
    lignes.append(("Résultat", *_euros(comptes.resultat, scenario, rangs)))
    note, sans = "", comptes.resultat_sans_a_trouver
    if sans is not None:
        lignes.append((_SANS, *_euros(sans, scenario, rangs)))
        note = _NOTE_SANS
    lignes.append(
        (libelle("exploitation.capacite_autofinancement"), *_euros(comptes.capacite_autofinancement, scenario, rangs))
    )
    return _table("Compte de résultat prévisionnel de l'emprunteur", comptes, lignes, rangs, note)


def table_soldes_emprunteur(
    comptes: ComptesPrevisionnels, scenario: int = 0, rangs: Sequence[int] = _PREMIERES
) -> Table:
    """Intermediate balances of the borrower, present activity and project together."""
    soldes = comptes.soldes()
    lignes: list[Rang] = [(nom, *_euros(v, scenario, rangs)) for nom, v in soldes.items()]
    if comptes.resultat_sans_a_trouver is not None:
        lignes.append((_SANS, *_euros(comptes.resultat_sans_a_trouver, scenario, rangs)))
    note = (
        "L'excédent brut est écrit sans les quotes-parts de subventions d'investissement. Depuis les exercices ouverts en 2025 "
        "(règlement ANC 2022-06), elles entrent au compte 747, dans le résultat d'exploitation : un compte déposé peut donc montrer un "
        "excédent plus haut d'autant. Elles ne sont pas encaissées, et la capacité d'autofinancement ne les compte pas."
    )
    table = _table("Soldes intermédiaires de gestion de l'emprunteur", comptes, lignes, rangs, note)
    return replace(table, totaux=tuple(i for i, (n, *_) in enumerate(lignes) if n in (*SOLDES, _SANS)))


def table_bilan(comptes: ComptesPrevisionnels, scenario: int = 0, rangs: Sequence[int] = _PREMIERES) -> Table:
    """Forecast balance sheet, balanced to the cent."""
    lignes: list[Rang] = []
    for titre, postes, total in (
        ("Actif", comptes.actif, comptes.total_actif),
        ("Passif", comptes.passif, comptes.total_passif),
    ):
        lignes += [(titre, *[""] * len(_en_tetes(comptes, rangs))), *_postes(postes, scenario, rangs)]
        lignes.append(
            (f"Total de l'{titre.lower()}" if titre == "Actif" else "Total du passif", *_euros(total, scenario, rangs))
        )
    note = (
        "Un découvert est une dette : ce que le plan laisse à financer tant que personne ne le porte, ou une trésorerie d'exploitation "
        "trop courte. Il compte dans la dette financière des ratios."
    )
    return _table("Bilan prévisionnel au 31 décembre", comptes, lignes, rangs, note)


def table_ratios_emprunteur(
    comptes: ComptesPrevisionnels, scenario: int = 0, rangs: Sequence[int] = _PREMIERES
) -> Table:
    """Ratios of the borrower before the project, then year by year."""
    avant, apres = ratios_avant(comptes.emprunteur), comptes.ratios()
    noms = {
        "fonds_propres_sur_bilan": ("Fonds propres et subventions / bilan", _part),
        SANS_A_TROUVER: ("… si ce qui reste à trouver était dû, et non donné", _part),
        "dette_sur_capacite": ("Dette financière, découvert compris / capacité d'autofinancement", _ans),
        "jours_de_tresorerie": ("Trésorerie, découvert ôté, en jours de dépenses", _jours),
    }
    lignes: list[Rang] = [
        (
            libelle,
            ecrire(float(avant[n])) if n in avant else "—",
            *(ecrire(float(v)) for v in _choisies(apres[n], scenario, rangs)),
        )
        for n, (libelle, ecrire) in noms.items()
        if n in apres
    ]
    entetes = ("Ratio", f"Avant ({comptes.emprunteur.cloture.year})", *_en_tetes(comptes, rangs))
    suretes = "; ".join(f"{d.preteur} : {d.surete}" for d in comptes.emprunteur.dettes if d.surete)
    return Table(
        lectures.nommer("L'emprunteur, avant et avec le projet", _lecture(comptes)),
        entetes,
        tuple(lignes),
        note=f"Un prêteur prête à un emprunteur, non à un projet. Sûretés déjà données : {suretes or 'aucune dite'}.",
    )


def _part(valeur: float) -> Case:
    return cases.part(valeur, 0)


def _jours(valeur: float) -> Case:
    return cases.nombre(valeur, unite="jours")


def _ans(valeur: float) -> Case:
    ans = cases.nombre(valeur, 1, unite="ans")
    return ans.dite("sans capacité") if np.isinf(valeur) else ans.unitee()


def _choisies(valeurs: Tableau, scenario: int, rangs: Sequence[int]) -> Tableau:
    """Values of a scenario in the years shown; a rank beyond the study is left out."""
    lignes = np.asarray(valeurs).reshape(-1, np.asarray(valeurs).shape[-1])
    ligne = lignes[scenario if len(lignes) > 1 else 0]
    return np.asarray(ligne[[r for r in rangs if r < len(ligne)]])


def _en_tetes(comptes: ComptesPrevisionnels, rangs: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(comptes.annees[r]) for r in rangs if r < len(comptes.annees))


def _euros(valeurs: Tableau, scenario: int, rangs: Sequence[int]) -> list[Case]:
    return [cases.montant(float(v)) for v in _choisies(valeurs, scenario, rangs)]


def _postes(postes: Mapping[str, Tableau], scenario: int, rangs: Sequence[int]) -> list[Rang]:
    return [
        (cases.sous_un_titre(nom), *_euros(v, scenario, rangs))
        for nom, v in postes.items()
        if not np.all(np.abs(_choisies(v, scenario, rangs)) < 0.5)
    ]


def _table(
    titre: str, comptes: ComptesPrevisionnels, lignes: Sequence[Rang], rangs: Sequence[int], note: str = ""
) -> Table:
    totaux = cases.hors_des_titres(lignes)
    remarque = comptes.emprunteur.remarque or ""
    return Table(
        lectures.nommer(titre, _lecture(comptes)),
        (comptes.emprunteur.nom, *_en_tetes(comptes, rangs)),
        tuple(lignes),
        note=f"{remarque} {note}".strip(),
        totaux=totaux,
    )


def _lecture(comptes: ComptesPrevisionnels) -> str:
    return lectures.BOUCLE if comptes.boucles else lectures.TEL_QUEL
