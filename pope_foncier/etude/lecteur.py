"""Reader of an evaluation by the codes of its figures: ledger lines, key figures and ratios, for one scenario or thousands of draws."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.bouclage import apports_de_bouclage, boucler
from pope_foncier.etude.controles import Ratio
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.lectures import decrit_le_plan
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.sans_place import dit_le_lieu
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.modele.livre import TOLERANCE
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, somme
from pope_foncier.socle.refus import refuser
from pope_foncier.socle.temps import Echelle, en_date, mois_entre

Lecture = Literal["boucle", "tel_quel"]
BOUCLE: Lecture = "boucle"
TEL_QUEL: Lecture = "tel_quel"
EN_CLAIR: dict[str, str] = {BOUCLE: "plan bouclé", TEL_QUEL: "plan tel quel"}

A_TROUVER = "a_trouver"
"""Code of what the closed plan asks of nobody in particular."""
MANQUE = "tresorerie_manquante"
"""Code of the cash missing at the worst month of each party, added up: neither pays for the other."""
_INDICATEURS, _RATIOS = "indicateurs.", "ratios."

PRINCIPAUX: dict[Lecture, tuple[str, ...]] = {
    BOUCLE: ("places", "cout_total", "subventions", "emprunts", "a_trouver"),
    TEL_QUEL: ("besoins.total", "subventions", "emprunts", "reste_a_financer"),
}
"""Figures that a comparison shows when none is asked for."""
DU_COMPTE: dict[Lecture, tuple[str, ...]] = {
    BOUCLE: ("contribution_par_place", "couverture_minimale", "tresorerie_manquante"),
    TEL_QUEL: (),
}
"""The same for a study that describes its operation."""


def principaux(exploite: bool, lecture: Lecture) -> tuple[str, ...]:
    """Figures that a comparison shows when none is asked for."""
    return PRINCIPAUX[lecture] + (DU_COMPTE[lecture] if exploite else ())


def verifier_lecture(lecture: str) -> Lecture:
    """Reading of a plan, by its name.

    Raises:
        ErreurCalcul: neither of the two.
    """
    for connue in (BOUCLE, TEL_QUEL):
        if lecture == connue:
            return connue
    raise ErreurCalcul(
        f'Lecture inconnue : « {lecture} ». Choisir "boucle" (plan bouclé) ou "tel_quel" (plan tel quel).'
    )


_PLACES, _FAIT, _RESTE = "·places", "·fait", "·reste"
"""Names of what says whether a row has a place and closes; no figure has such a name."""


def rang_du_mois(echelle: Echelle, mois: str | date) -> int:
    """Rank of a month of a study, written ``2030-05`` or by one of its days.

    Raises:
        ErreurCalcul: a month out of the study.
    """
    jour = en_date(f"{mois}-01" if isinstance(mois, str) and mois.count("-") == 1 else mois)
    rang = mois_entre(echelle.depart, jour)
    if not 0 <= rang < echelle.duree_mois:
        bornes = f"{echelle.mois_en_clair(0)} à {echelle.mois_en_clair(echelle.duree_mois - 1)}"
        raise ErreurCalcul(f"Mois hors de l'étude, qui va de {bornes}.")
    return rang


class Lecteur:
    """Reader of one evaluation; its codes may leave out ``indicateurs.`` or ``ratios.``, and the name of the project owner."""

    def __init__(self, ev: Evaluation) -> None:
        self.ev = ev

    @cached_property
    def ratios(self) -> dict[str, Ratio]:
        """Ratios by code."""
        return {f"{_RATIOS}{r.code}": r for r in ratios.calculer(self.ev)}

    @cached_property
    def indicateurs(self) -> dict[str, Grandeur]:
        """Key figures by code."""
        return {f"{_INDICATEURS}{c}": g for c, g in indicateurs.calculer(self.ev).items()}

    def grandeurs(self) -> dict[str, Grandeur]:
        """Every figure by code."""
        a_trouver = {A_TROUVER: self.a_trouver} if self.ev.est_bouclee else {}
        lignes = {c: ligne.grandeur for c, ligne in self.ev.livre.lignes.items()}
        return {
            **a_trouver,
            MANQUE: self.manque,
            **lignes,
            **self.indicateurs,
            **{c: r.grandeur for c, r in self.ratios.items()},
        }

    @cached_property
    def a_trouver(self) -> Grandeur:
        """What the closed plan asks of nobody in particular, shape (…, 1) [€]."""
        montants = [b.montant for b in apports_de_bouclage(self.ev) if b.est_a_trouver]
        return somme(montants, "À trouver, promis par personne")

    @cached_property
    def manque(self) -> Grandeur:
        """Cash missing at the worst month of the project owner, and of the operator when it is another, shape (…, 1) [€]."""
        creux = (self.ev.livre[f"tresorerie.point_bas.{acteur}"] for acteur in parties_du_projet(self.ev.ctx.etude))
        return somme([maximum(0.0 - c, 0.0) for c in creux], "Trésorerie manquante, au pire mois de chacun")

    def code(self, nom: str) -> str:
        """Full code of a figure.

        Raises:
            Inconnu: no such figure; the near ones are offered.
        """
        lignes = self.ev.livre.lignes
        if nom in lignes:
            return nom
        du_porteur = f"{nom}.{self.ev.ctx.etude.acteurs.nom_maitre_ouvrage}"
        if du_porteur in lignes:
            return du_porteur
        if nom == MANQUE:
            return nom
        if nom == A_TROUVER:
            if self.ev.est_bouclee:
                return nom
            raise ErreurCalcul(
                "« a_trouver » n'a de sens que sur le plan bouclé ; sur le plan tel quel, lire « reste_a_financer »."
            )
        for prefixe, lire in ((_INDICATEURS, self._codes_des_indicateurs), (_RATIOS, self._codes_des_ratios)):
            entier = prefixe + nom.removeprefix(prefixe)
            if entier in lire():
                return entier
        courts = [c.partition(".")[2] for c in (*self.indicateurs, *self.ratios)]
        porteur = f".{self.ev.ctx.etude.acteurs.nom_maitre_ouvrage}"
        raise refuser("Chiffre inconnu", nom, [A_TROUVER, MANQUE, *(c.removesuffix(porteur) for c in lignes), *courts])

    def _codes_des_indicateurs(self) -> Collection[str]:
        return self.indicateurs

    def _codes_des_ratios(self) -> Collection[str]:
        return self.ratios

    def grandeur(self, code: str) -> Grandeur:
        """Quantity of a full code."""
        if code in self.ev.livre.lignes:
            return self.ev.livre[code]
        if code in (A_TROUVER, MANQUE):
            return self.manque if code == MANQUE else self.a_trouver
        return self.ratios[code].grandeur if code in self.ratios else self.indicateurs[code]

    def est_stock(self, code: str) -> bool:
        """Whether a figure is a balance, read at a date and never summed."""
        ligne = self.ev.livre.lignes.get(code)
        return ligne is not None and ligne.stock

    def valeurs(self, code: str) -> Tableau:
        """One value a row: total of a flow, last balance of a stock, shape (rows,)."""
        return au_total(self.grandeur(code).valeur, self.est_stock(code))


def au_total(valeur: Tableau, stock: bool) -> Tableau:
    """Total of a flow, last balance of a stock, shape (rows,)."""
    return np.ravel(valeur[..., -1] if stock else valeur.sum(axis=-1))


class Rangees:
    """Figures of an evaluation of several rows, by name: what to read of the plan as it stands and of the closed plan, and one array each.

    On the plan as it stands, a figure that closing would change has no value (NaN) in the rows whose plan lacks money; under both
    readings, a row that holds no place has only the figures of its place.
    """

    def __init__(self, noms: Sequence[str], lecture: Lecture) -> None:
        self._noms, self._lecture = noms, lecture
        self._codes: dict[str, str] = {}
        self._stocks: frozenset[str] = frozenset()
        self._du_lieu: frozenset[str] = frozenset()
        self._douteux: tuple[str, ...] = ()

    def tel_quel(self, ouverte: Evaluation) -> dict[str, Grandeur]:
        """Quantities of the plan as it stands."""
        vides = {
            _PLACES: ouverte.capacite.places,
            _FAIT: ouverte.ctx.entree("realiser"),
            _RESTE: ouverte.plan.reste_a_financer,
        }
        if self._lecture == BOUCLE:
            return vides
        lues = self._lire(ouverte)
        self._douteux = tuple(
            nom
            for nom, code in self._codes.items()
            if not decrit_le_plan(ouverte.livre, code) and not code.startswith(_RATIOS)
        )
        return vides | lues

    @property
    def ferme(self) -> bool:
        """Whether the closed plan is read, once the plan as it stands has been."""
        return self._lecture == BOUCLE or bool(self._douteux)

    def boucle(self, bouclee: Evaluation) -> dict[str, Grandeur]:
        """Quantities of the closed plan."""
        return self._lire(bouclee)

    def _lire(self, ev: Evaluation) -> dict[str, Grandeur]:
        lecteur = Lecteur(ev)
        self._codes = {nom: lecteur.code(nom) for nom in self._noms}
        self._stocks = frozenset(nom for nom, code in self._codes.items() if lecteur.est_stock(code))
        self._du_lieu = frozenset(nom for nom, code in self._codes.items() if dit_le_lieu(ev.livre, code))
        return {nom: lecteur.grandeur(code) for nom, code in self._codes.items()}

    def lire(self, ouvertes: Mapping[str, Tableau], bouclees: Mapping[str, Tableau]) -> dict[str, Tableau]:
        """Figures from the arrays of both plans, shape (rows,) or (1,) each."""
        lues = bouclees if self._lecture == BOUCLE else ouvertes
        valeurs = {nom: au_total(lues[nom], nom in self._stocks) for nom in self._noms}
        manque = np.ravel(~(ouvertes[_RESTE] <= BOUCLE_A))
        if self._douteux and manque.any():
            for nom in self._douteux:
                change = _change(ouvertes[nom], bouclees[nom]) & manque
                valeurs[nom] = np.where(change, np.nan, valeurs[nom])
        vides = np.ravel((ouvertes[_PLACES] == 0) & (ouvertes[_FAIT] > 0))
        if not vides.any():
            return valeurs
        return {nom: v if nom in self._du_lieu else np.where(vides, np.nan, v) for nom, v in valeurs.items()}


def lire_rangees(ouverte: Evaluation, noms: Sequence[str], lecture: Lecture) -> dict[str, Tableau]:
    """Figures of an evaluation of several rows, one array a name, shape (rows,) or (1,) each."""
    rangees = Rangees(noms, lecture)
    ouvertes = _valeurs(rangees.tel_quel(ouverte))
    return rangees.lire(ouvertes, _valeurs(rangees.boucle(boucler(ouverte))) if rangees.ferme else {})


def _valeurs(grandeurs: Mapping[str, Grandeur]) -> dict[str, Tableau]:
    return {nom: g.valeur for nom, g in grandeurs.items()}


def _change(avant: Tableau, apres: Tableau) -> NDArray[np.bool_]:
    """Rows where a figure moves by a cent in some month, shape (rows,)."""
    a, b = np.broadcast_arrays(avant, apres)
    return np.ravel(~np.isclose(a, b, rtol=0.0, atol=TOLERANCE, equal_nan=True).all(axis=-1))
