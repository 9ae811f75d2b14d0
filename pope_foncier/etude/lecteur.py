"""Reader of an evaluation by the codes of its figures: ledger lines, key figures and ratios, for one scenario or thousands of draws."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude.bouclage import apports_de_bouclage
from pope_foncier.etude.controles import Ratio
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, somme
from pope_foncier.socle.pentes import Sortie
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
_INDICATEURS, RATIOS = "indicateurs.", "ratios."

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
        return {f"{RATIOS}{r.code}": r for r in ratios.calculer(self.ev)}

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
        for prefixe, lire in ((_INDICATEURS, self._codes_des_indicateurs), (RATIOS, self._codes_des_ratios)):
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

    def sortie(self, code: str, rang: tuple[int, int] | None = None) -> Sortie[Grandeur]:
        """Figure whose slopes are asked for: total of a flow, last balance of a stock, or a month (and calendar year)."""
        grandeur = self.grandeur(code)
        poids = np.ones(grandeur.valeur.shape[-1])
        if rang is not None and len(poids) > 1:
            lu = rang[0] if grandeur.axe == "mois" else rang[1]
            poids[:] = 0.0
            poids[lu] = 1.0
        elif self.est_stock(code):
            poids[:-1] = 0.0
        return Sortie(grandeur, poids)

    def valeurs(self, code: str) -> Tableau:
        """One value a row: total of a flow, last balance of a stock, shape (rows,)."""
        return au_total(self.grandeur(code).valeur, self.est_stock(code))


def au_total(valeur: Tableau, stock: bool) -> Tableau:
    """Total of a flow, last balance of a stock, shape (rows,)."""
    return np.ravel(valeur[..., -1] if stock else valeur.sum(axis=-1))
