"""Ledger: every flow goes from one party to another, so what one pays the other receives, by construction and by check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue
from pope_foncier.socle.grandeur import Grandeur, somme
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import Echelle

TOLERANCE = 0.005
MESURE_MAX = 1e10
"""Largest figure of a line: beyond it, a double no longer keeps the cent through a thousand sums, and no identity means anything."""

Groupe = Literal[
    "site", "programme", "besoins", "ressources", "emprunts", "produits", "charges", "resultat", "tresorerie", "commune"
]


@dataclass(frozen=True, slots=True)
class Ligne:
    """Line of a result: readable code, table it belongs to, quantity; payer and receiver when it is a cash flow."""

    code: str
    groupe: Groupe
    grandeur: Grandeur
    payeur: str = ""
    receveur: str = ""
    stock: bool = False
    """Balance at the end of the month (debt left, cash): read at a date, never summed over months."""

    @property
    def libelle(self) -> str:
        """French label."""
        return self.grandeur.nom

    @property
    def est_flux(self) -> bool:
        """Whether the line moves cash between two parties."""
        return bool(self.payeur)


@dataclass
class Livre:
    """Ledger of one evaluation, filled in the order of the computation."""

    echelle: Echelle
    lignes: dict[str, Ligne] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Livre({len(self.lignes)} lignes)"

    def inscrire(
        self,
        code: str,
        groupe: Groupe,
        grandeur: Grandeur,
        payeur: str = "",
        receveur: str = "",
        *,
        stock: bool = False,
    ) -> Grandeur:
        """Write a line, once; a flow names its payer and its receiver, a balance says it is a stock.

        Raises:
            ErreurCalcul: a figure beyond any measure; draws, which search on purpose far beyond, are left to the identities.
        """
        if code in self.lignes:
            raise IdentiteRompue(f"La ligne « {code} » est calculée deux fois.")
        if grandeur.tracee and (extreme := _extreme(grandeur)) > MESURE_MAX:
            raise ErreurCalcul(
                f"« {grandeur.nom or code} » atteint {formater_nombre(extreme)} {grandeur.unite}, hors de toute mesure "
                f"(au plus {formater_nombre(MESURE_MAX)}). Vérifier les prix, les surfaces, les durées et les années de prix de l'étude."
            )
        self.lignes[code] = Ligne(code, groupe, grandeur, payeur, receveur, stock)
        return grandeur

    def __getitem__(self, code: str) -> Grandeur:
        return self.lignes[code].grandeur

    def du_groupe(self, groupe: Groupe) -> Iterator[Ligne]:
        """Lines of a table, in order."""
        return (ligne for ligne in self.lignes.values() if ligne.groupe == groupe)

    def acteurs(self) -> list[str]:
        """Parties that pay or receive, in order of appearance."""
        return list(dict.fromkeys(a for f in self.lignes.values() if f.est_flux for a in (f.payeur, f.receveur)))

    def solde(self, acteur: str) -> Grandeur:
        """Net cash flow of a party by month: received minus paid, shape (…, M)."""
        recus = [f.grandeur for f in self.lignes.values() if f.est_flux and f.receveur == acteur]
        payes = [f.grandeur for f in self.lignes.values() if f.est_flux and f.payeur == acteur]
        encaisse = somme(recus, f"Encaissements : {acteur}")
        if not payes:
            return encaisse.nommer(f"Solde : {acteur}")
        return (encaisse - somme(payes, f"Décaissements : {acteur}")).nommer(f"Solde : {acteur}")

    def cloturer(self) -> None:
        """Write the net flow of each party, and assert that together they are zero each month.

        Raises:
            IdentiteRompue: names the month and the amount.
        """
        soldes = [self.inscrire(f"solde.{acteur}", "tresorerie", self.solde(acteur)) for acteur in self.acteurs()]
        verifier_nul(somme(soldes, "Somme des soldes").valeur, "somme des flux entre acteurs", self.echelle)


def _extreme(grandeur: Grandeur) -> float:
    """Largest absolute value of a quantity, the unknown ones left aside."""
    valeur = grandeur.valeur
    return float(max(np.fmax.reduce(valeur, axis=None), -np.fmin.reduce(valeur, axis=None)))


def verifier_nul(ecart: np.ndarray, quoi: str, echelle: Echelle | None = None, tolerance: float = TOLERANCE) -> None:
    """Assert that a gap is zero within the tolerance; unknown amounts (NaN) are left aside.

    Raises:
        IdentiteRompue: names what breaks, the scenario, the month and the amount.
    """
    mauvais = np.abs(ecart) > tolerance
    if not mauvais.any():
        return
    position = tuple(int(i) for i in np.argwhere(mauvais)[0])
    mois = f", mois {position[-1]} ({echelle.mois_en_clair(position[-1])})" if echelle and ecart.shape[-1] > 1 else ""
    rang = f", scénario ou tirage {position[0]}" if ecart.ndim > 1 else ""
    raise IdentiteRompue(f"Identité rompue : {quoi}{rang}{mois} : écart de {euros(float(ecart[position]), 2)}.")
