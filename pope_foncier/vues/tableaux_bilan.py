"""Tables of a borrower: income statement, balance sheet and ratios before and after the project."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pope_foncier.analyse.bilan import ComptesPrevisionnels, ratios_avant
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.vues.tableaux import Table


def table_resultat(comptes: ComptesPrevisionnels, scenario: int = 0, annees: int = 6) -> Table:
    """Forecast income statement."""
    lignes: list[tuple[str, ...]] = []
    for titre, postes in (("Produits", comptes.produits), ("Charges", comptes.charges)):
        lignes += [(titre, *[""] * annees), *_postes(postes, scenario, annees)]
    lignes.append(("Résultat", *_euros(comptes.resultat, scenario, annees)))
    lignes.append(("Capacité d'autofinancement", *_euros(comptes.capacite_autofinancement, scenario, annees)))
    return _table("Compte de résultat prévisionnel de l'emprunteur", comptes, lignes, annees)


def table_bilan(comptes: ComptesPrevisionnels, scenario: int = 0, annees: int = 6) -> Table:
    """Forecast balance sheet, balanced to the cent."""
    lignes: list[tuple[str, ...]] = []
    for titre, postes in (("Actif", comptes.actif), ("Passif", comptes.passif)):
        total = np.asarray(sum(postes.values()))
        lignes += [(titre, *[""] * annees), *_postes(postes, scenario, annees)]
        lignes.append(
            (f"Total de l'{titre.lower()}" if titre == "Actif" else "Total du passif", *_euros(total, scenario, annees))
        )
    note = (
        "Un découvert est une dette : ce que le plan laisse à financer tant que personne ne le porte, ou une trésorerie d'exploitation "
        "trop courte. Il compte dans la dette financière des ratios."
    )
    return _table("Bilan prévisionnel au 31 décembre", comptes, lignes, annees, note)


def table_ratios_emprunteur(comptes: ComptesPrevisionnels, scenario: int = 0, annees: int = 6) -> Table:
    """Ratios of the borrower before the project, then year by year."""
    avant, apres = ratios_avant(comptes.emprunteur), comptes.ratios()
    noms = {
        "fonds_propres_sur_bilan": ("Fonds propres et subventions / bilan", _part),
        "dette_sur_capacite": ("Dette financière, découvert compris / capacité d'autofinancement", _ans),
        "jours_de_tresorerie": ("Trésorerie, découvert ôté, en jours de dépenses", formater_nombre),
    }
    lignes = [
        (libelle, ecrire(float(avant[n])), *(ecrire(float(v)) for v in _ligne(apres[n], scenario)[:annees]))
        for n, (libelle, ecrire) in noms.items()
    ]
    entetes = ("Ratio", f"Avant ({comptes.emprunteur.cloture.year})", *(str(a) for a in comptes.annees[:annees]))
    suretes = "; ".join(f"{d.preteur} : {d.surete}" for d in comptes.emprunteur.dettes if d.surete)
    return Table(
        "L'emprunteur, avant et avec le projet",
        entetes,
        tuple(lignes),
        note=f"Un prêteur prête à un emprunteur, non à un projet. Sûretés déjà données : {suretes or 'aucune dite'}.",
    )


def _part(valeur: float) -> str:
    return pourcent(valeur, 0)


def _ans(valeur: float) -> str:
    return "sans capacité" if np.isinf(valeur) else f"{formater_nombre(valeur, 1)}\u00a0ans"


def _ligne(valeurs: Tableau, scenario: int) -> Tableau:
    lignes = np.asarray(valeurs).reshape(-1, np.asarray(valeurs).shape[-1])
    return np.asarray(lignes[scenario if len(lignes) > 1 else 0])


def _euros(valeurs: Tableau, scenario: int, annees: int) -> list[str]:
    return [euros(float(v)) for v in _ligne(valeurs, scenario)[:annees]]


def _postes(postes: Mapping[str, Tableau], scenario: int, annees: int) -> list[tuple[str, ...]]:
    return [
        (f"  {nom}", *_euros(v, scenario, annees))
        for nom, v in postes.items()
        if np.any(np.abs(_ligne(v, scenario)[:annees]) >= 0.5)
    ]


def _table(
    titre: str, comptes: ComptesPrevisionnels, lignes: list[tuple[str, ...]], annees: int, note: str = ""
) -> Table:
    totaux = tuple(i for i, ligne in enumerate(lignes) if not ligne[0].startswith("  "))
    remarque = comptes.emprunteur.remarque or ""
    return Table(
        titre,
        (comptes.emprunteur.nom, *(str(a) for a in comptes.annees[:annees])),
        tuple(lignes),
        note=f"{remarque} {note}".strip(),
        totaux=totaux,
    )
