"""Ledger: every flow goes from one party to another, so what one pays the other receives, by construction and by check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from pope_foncier.modele.lignes import Famille, Groupe, LigneDeclaree, Poste
from pope_foncier.modele.registre_des_lignes import declaration, mal_nommee, nommer, porte
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue, abreger
from pope_foncier.socle.grandeur import Grandeur, somme
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import Echelle

TOLERANCE = 0.005
_PARTAGE = 10_000
"""Numbers from which the library of products shares one among threads: waiting for them takes ten times the reading of a maximum."""
MESURE_MAX = 1e10
"""Largest figure of a line: beyond it, a double no longer keeps the cent through a thousand sums, and no identity means anything."""


@enregistrement
class Ligne:
    """Line of a result: readable code, its declaration in the register, quantity; payer and receiver when it is a cash flow."""

    code: str
    declaree: LigneDeclaree
    grandeur: Grandeur
    payeur: str = ""
    receveur: str = ""
    identifiant: str = ""
    """Name that its code holds: loan, grant, closer, party; nothing for a code written whole."""

    @property
    def libelle(self) -> str:
        """French label."""
        return self.grandeur.nom

    @property
    def groupe(self) -> Groupe:
        """Table that shows it."""
        return self.declaree.groupe

    @property
    def famille(self) -> Famille:
        """Family: premises, grants, debt, operation."""
        return self.declaree.famille

    @property
    def poste(self) -> Poste:
        """Heading within its family."""
        return self.declaree.poste

    @property
    def boucle(self) -> bool:
        """Whether it is what closes the plan, or comes from it."""
        return self.declaree.boucle

    @property
    def stock(self) -> bool:
        """Balance at the end of the month (debt left, cash): read at a date, never summed over months."""
        return self.declaree.stock and bool(self.grandeur.axe)

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

    def inscrire(self, code: str, grandeur: Grandeur, payeur: str = "", receveur: str = "", nom: str = "") -> Grandeur:
        """Write a line of the register, once, and return it: a flow names its payer and its receiver.

        A quantity without a name takes the label and the unit of the register; ``nom`` completes them, or chooses a variant.

        Raises:
            ErreurCalcul: a code outside the register, a party that would pay itself, or a figure beyond any measure; draws, which search on purpose far beyond, are
                left to the identities.
            IdentiteRompue: a line written twice, or otherwise than it is declared.
        """
        if code in self.lignes:
            raise IdentiteRompue(f"La ligne « {code} » est calculée deux fois.")
        declaree, identifiant = declaration(code)
        if grandeur.nom:
            _verifier(code, declaree, grandeur)
        else:
            grandeur = nommer(code, grandeur, nom)
        if bool(payeur) != bool(receveur) or (
            bool(payeur) != bool(declaree.payeur) and (payeur or not declaree.parfois)
        ):
            raise _mal_dirigee(code, declaree, payeur, receveur)
        if payeur and payeur == receveur:
            raise ErreurCalcul(
                f"« {abreger(payeur)} » se paierait à lui-même (« {grandeur.nom} ») : deux parties portent ce nom. Donner un autre "
                "nom à l'une d'elles dans l'étude, par exemple « Association (gestionnaire) »."
            )
        if grandeur.tracee and (extreme := _extreme(grandeur)) > MESURE_MAX:
            raise ErreurCalcul(
                f"« {grandeur.nom or code} » atteint {formater_nombre(extreme)} {grandeur.unite}, hors de toute mesure "
                f"(au plus {formater_nombre(MESURE_MAX)}). Vérifier les prix, les surfaces, les durées et les années de prix de l'étude."
            )
        self.lignes[code] = Ligne(code, declaree, grandeur, payeur, receveur, identifiant)
        return grandeur

    def __getitem__(self, code: str) -> Grandeur:
        return self.lignes[code].grandeur

    def du_groupe(self, groupe: Groupe) -> Iterator[Ligne]:
        """Lines of a table, in order."""
        return (ligne for ligne in self.lignes.values() if ligne.declaree.groupe == groupe)

    def de_famille(self, *familles: Famille) -> Iterator[Ligne]:
        """Lines of some families, in order, flows or not."""
        return (ligne for ligne in self.lignes.values() if ligne.declaree.famille in familles)

    def du_poste(self, *postes: Poste) -> Iterator[Ligne]:
        """Lines under some headings, in order, flows or not."""
        voulus = frozenset(postes)
        return (ligne for ligne in self.lignes.values() if ligne.declaree.poste in voulus)

    def acteurs(self) -> list[str]:
        """Parties that pay or receive, in order of appearance."""
        return list(dict.fromkeys(a for f in self.lignes.values() if f.est_flux for a in (f.payeur, f.receveur)))

    def solde(self, acteur: str) -> Grandeur:
        """Net cash flow of a party by month: received minus paid, shape (…, M)."""
        recus = [ligne.grandeur for ligne in self.lignes.values() if ligne.receveur == acteur]
        return _solde(acteur, recus, [ligne.grandeur for ligne in self.lignes.values() if ligne.payeur == acteur])

    def _mouvements(self) -> defaultdict[str, tuple[list[Grandeur], list[Grandeur]]]:
        """What each party receives, and what it pays, in order of appearance."""
        trouves: defaultdict[str, tuple[list[Grandeur], list[Grandeur]]] = defaultdict(lambda: ([], []))
        for ligne in self.lignes.values():
            if ligne.payeur:
                trouves[ligne.payeur][1].append(ligne.grandeur)
                trouves[ligne.receveur][0].append(ligne.grandeur)
        return trouves

    def cloturer(self) -> None:
        """Write the net flow of each party, and assert that together they are zero each month.

        Raises:
            IdentiteRompue: names the month and the amount.
        """
        soldes = [self.inscrire(f"solde.{a}", _solde(a, *m)) for a, m in self._mouvements().items()]
        verifier_nul(somme(soldes, "Somme des soldes").valeur, "somme des flux entre acteurs", self.echelle)


def _solde(acteur: str, recus: list[Grandeur], payes: list[Grandeur]) -> Grandeur:
    encaisse = somme(recus, f"Encaissements : {acteur}")
    net = encaisse - somme(payes, f"Décaissements : {acteur}") if payes else encaisse
    return nommer(f"solde.{acteur}", net, acteur)


def _verifier(code: str, declaree: LigneDeclaree, grandeur: Grandeur) -> None:
    """Refuse a line named before it is written, when its label or its unit are not those of the register."""
    if not porte(code, grandeur.nom):
        raise mal_nommee(code, grandeur.nom, declaree)
    if grandeur.unite != declaree.unite:
        dite = f"est en « {grandeur.unite} », et en « {declaree.unite} »"
        raise IdentiteRompue(f"La ligne « {code} » {dite} au registre des lignes.")


def _mal_dirigee(code: str, declaree: LigneDeclaree, payeur: str, receveur: str) -> IdentiteRompue:
    """Refusal of a line whose parties are not those of the register."""
    return IdentiteRompue(
        f"La ligne « {code} » va de « {payeur or 'personne'} » à « {receveur or 'personne'} » : au registre des lignes, "
        + (f"de « {declaree.payeur} » à « {declaree.receveur} »." if declaree.payeur else "elle n'est pas un flux.")
    )


def hors_de_mesure(valeur: np.ndarray) -> bool:
    """Whether an array goes beyond any measure; what is unknown does not."""
    return bool(np.any(np.abs(valeur) > MESURE_MAX))


def _extreme(grandeur: Grandeur) -> float:
    """Largest absolute value of a quantity, the unknown ones left aside; 0 for one that is within measure."""
    valeur = grandeur.valeur
    if valeur.size == 1:
        return abs(float(valeur.item()))
    plat = valeur if valeur.ndim == 1 else valeur.ravel()
    if valeur.size < _PARTAGE and plat.dot(plat) < MESURE_MAX**2:
        return 0.0
    absolus = np.abs(plat)
    return float(np.nanmax(absolus)) if np.count_nonzero(absolus > MESURE_MAX) else 0.0


def verifier_nul(ecart: np.ndarray, quoi: str, echelle: Echelle | None = None, tolerance: float = TOLERANCE) -> None:
    """Assert that a gap is zero within the tolerance; unknown amounts (NaN) are left aside.

    Raises:
        IdentiteRompue: names what breaks, the scenario, the month and the amount.
    """
    mauvais = np.abs(ecart) > tolerance
    if not np.count_nonzero(mauvais):
        return
    position = tuple(int(i) for i in np.argwhere(mauvais)[0])
    mois = f", mois {position[-1]} ({echelle.mois_en_clair(position[-1])})" if echelle and ecart.shape[-1] > 1 else ""
    rang = f", scénario ou tirage {position[0]}" if ecart.ndim > 1 else ""
    raise IdentiteRompue(f"Identité rompue : {quoi}{rang}{mois} : écart de {euros(float(ecart[position]), 2)}.")
