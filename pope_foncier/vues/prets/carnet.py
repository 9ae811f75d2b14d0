"""Notebook view of a loan: profiles side by side, published tables replayed, effective rates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.modele.clauses_de_pret import ModeRevision
from pope_foncier.prets import PROFILS, SIMPLES, Echeancier, Emprunt, cout_total, echeancier, taux_effectif
from pope_foncier.prets.cas import FicheCas, verifier
from pope_foncier.prets.fiche import FicheDossierPret
from pope_foncier.prets.revision import sauts_de_l_indice
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.nombres import formater_nombre, pourcent
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.pages_de_carnet import Pages
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.prets import echeancier as pret
from pope_foncier.vues.prets import resume
from pope_foncier.vues.prets.graphiques import profils

if TYPE_CHECKING:
    from IPython.display import HTML, Image
    from numpy.typing import ArrayLike

_VALEURS = {
    "echeance": "Échéance",
    "interets": "Intérêts",
    "remboursement": "Capital remboursé",
    "capital_restant_du": "Capital restant dû",
    "cout_total": "Coût total du crédit",
    "taeg": "TAEG",
    "taeg_affiche": "TAEG affiché",
}
"""Values that a published table gives, in French."""


@dataclass(frozen=True, repr=False)
class CarnetPret(Pages):
    """Loan, or its tranches, opened for a notebook or a terminal."""

    echeanciers: tuple[Echeancier, ...]
    dossier: FicheDossierPret

    @property
    def _emprunt(self) -> Emprunt:
        """The first one, which the comparisons vary."""
        return self.echeanciers[0].emprunt

    @cached_property
    def profils(self) -> dict[str, Echeancier]:
        """Same loan under each profile that needs no other term, and under both total graces."""
        depart = self._emprunt.avec(frais=(), garantie=None, arrondi="aucun")
        simple = depart.avec(differe="aucun", differe_mois=0)
        cas: dict[str, Emprunt] = {PROFILS[nom].libelle: simple.avec(profil=nom) for nom in SIMPLES}
        cas["échéances progressives, +2 % par an"] = simple.avec(profil="progressif", progression=0.02)
        cas["différé partiel"] = depart
        cas["différé total capitalisé"] = depart.avec(differe="total_capitalise")
        return {nom: echeancier(emprunt) for nom, emprunt in cas.items()}

    def comparer(self) -> HTML:
        """Profiles side by side: first and last instalment, interest, effective rate."""
        lignes: list[Rang] = []
        for nom, t in self.profils.items():
            payees = t.echeance[0][np.flatnonzero(t.echeance[0] > 0.005)]
            lignes.append(
                (
                    nom,
                    cases.montant(float(payees[0]), 2),
                    cases.montant(float(payees[-1]), 2),
                    cases.montant(float(t.echeance[0].max()), 2),
                    cases.montant(float(cout_total(t)[0]), 2),
                    cases.part(float(taux_effectif(t).teg[0]), 4),
                )
            )
        entetes = (
            "Profil",
            "Première échéance",
            "Dernière échéance",
            "Échéance la plus haute",
            "Coût du crédit",
            "TEG",
        )
        return html_de(Table("Un même prêt, six profils", entetes, tuple(lignes)))

    def image_profils(self) -> Image | HTML:
        """Balance of each profile, labelled at its line."""
        return montrer(profils(self.profils))

    def resume(self) -> str:
        """Page that sums up each loan, whole and self-contained (HTML)."""
        titre, offre = self.dossier.titre, self.dossier.offre
        return resume.rediger([resume.Pret(t, titre, offre) for t in self.echeanciers])

    def echeancier_annuel(self) -> HTML:
        """Schedule by loan year."""
        return html_de(pret.tableau(self.echeanciers[0], par_annee=True))

    def taux(self) -> HTML:
        """Effective rates."""
        return html_de(pret.taux(self.echeanciers))

    def chocs(self) -> HTML:
        """Indexed loan under the three revision modes: instalment by loan year."""
        depart = self._emprunt
        if depart.revision is None:
            raise ErreurCalcul(
                "Ce prêt est à taux fixe : aucune révision à comparer. Ouvrir un prêt indexé, par exemple « pret_livret_a »."
            )
        modes: tuple[tuple[ModeRevision, str], ...] = (
            ("simple", "simple"),
            ("double", "double"),
            ("double_limitee", "double limitée"),
        )
        tableaux = {nom: echeancier(depart.avec(revision=replace(depart.revision, mode=mode))) for mode, nom in modes}
        premier = next(iter(tableaux.values()))
        annees = range(1, premier.remboursement.shape[1])
        lignes: tuple[Rang, ...] = tuple(
            (cases.annee(a), *(cases.montant(float(t.echeance[0, a]), 2) for t in tableaux.values())) for a in annees
        )
        return html_de(
            Table("Annuité selon la révisabilité", ("Année", *tableaux), lignes, note=_chemin(depart.revision.indices))
        )

    @staticmethod
    def publie(cas: str) -> HTML:
        """Published case replayed, by its name in ``data/cas``: each value expected, obtained, and the gap."""
        chemin = dossier_donnees() / "cas" / f"{cas}.yaml"
        fiche = lire_fiche(FicheCas, chemin)
        lignes: list[Rang] = []
        for controle in verifier(chemin):
            lire = partial(cases.part, decimales=7) if controle.chemin.startswith("ta") else _au_dixieme_de_centime
            for rang, valeurs in enumerate(controle.valeurs()):
                lignes.append((_en_clair(controle.chemin, rang), *map(lire, (*valeurs, controle.tolerance))))
        source = f"Source : {fiche.source.titre}."
        return html_de(
            Table(fiche.titre, ("Valeur", "Publié", "Recalculé", "Écart", "Tolérance"), tuple(lignes), note=source)
        )


def _chemin(indices: ArrayLike) -> str:
    """Path of an index in a sentence: its first value, then each step."""
    depart, sauts_lus = sauts_de_l_indice(indices)
    sauts = [f"{formater_nombre(100 * saut, 2, 0)} point au mois {rang}" for rang, saut in sauts_lus]
    return f"Indice : {pourcent(depart)} au départ, puis {', '.join(sauts) or 'sans changement'} ; un scénario, pas une prévision."


def _au_dixieme_de_centime(valeur: float) -> Case:
    return cases.nombre(valeur, 3, 2, "€").unitee()


def _en_clair(chemin: str, rang: int) -> str:
    """French name of a value checked: ``annee.interets[10]`` reads « intérêts, année 10 », ``interets[1:4]`` each month in turn."""
    trouve = re.fullmatch(r"(annee\.|total\.)?([a-z_]+)(?:\[(\w+)(?::\w+)?\])?", chemin)
    assert trouve is not None, chemin
    portee, nom, place = trouve.groups()
    libelle = _VALEURS[nom]
    if portee == "total." or place is None:
        return f"{libelle}, total" if portee else libelle
    if place == "dernier":
        return f"{libelle}, la dernière"
    quand = f"{'année' if portee else 'n°'} {int(place) + rang}"
    return f"{libelle} {quand}" if nom == "echeance" else f"{libelle}, {quand if portee else f'échéance {quand}'}"
