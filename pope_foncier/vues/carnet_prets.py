"""Notebook view of the loans: profiles side by side, published tables replayed, effective rates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.finances.emprunts import PROFILS, Echeancier, Emprunt, cout_total, echeancier, taux_effectif
from pope_foncier.finances.emprunts.cas import FicheCas, verifier
from pope_foncier.finances.emprunts.clauses import ModeRevision
from pope_foncier.finances.emprunts.pret_yaml import lire_prets
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.nombres import euros, formater_nombre, pourcent
from pope_foncier.vues import graphiques, pret
from pope_foncier.vues.carnet import html_de, image_de
from pope_foncier.vues.tableaux import Table

if TYPE_CHECKING:
    from IPython.display import HTML, Image

_TRAITS = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))


def profils(fichier: str) -> dict[str, Echeancier]:
    """Same loan (the first of a ``pret.yaml``) under each profile that needs no other term, and under both total graces."""
    depart = lire_prets(dossier_donnees() / "exemples" / fichier)[0].avec(frais=(), garantie=None, arrondi="aucun")
    simple = depart.avec(differe="aucun", differe_mois=0)
    cas: dict[str, Emprunt] = {
        PROFILS[nom].libelle: simple.avec(profil=nom) for nom in ("annuite_constante", "capital_constant", "in_fine")
    }
    cas["échéances progressives, +2 % par an"] = simple.avec(profil="progressif", progression=0.02)
    cas["différé partiel"] = depart
    cas["différé total capitalisé"] = depart.avec(differe="total_capitalise")
    return {nom: echeancier(emprunt) for nom, emprunt in cas.items()}


def comparer(tableaux: dict[str, Echeancier]) -> HTML:
    """Profiles side by side: first and last instalment, interest, effective rate."""
    lignes = []
    for nom, t in tableaux.items():
        payees = t.echeance[0][np.flatnonzero(t.echeance[0] > 0.005)]
        lignes.append(
            (
                nom,
                euros(float(payees[0]), 2),
                euros(float(payees[-1]), 2),
                euros(float(t.echeance[0].max()), 2),
                euros(float(cout_total(t)[0]), 2),
                pourcent(float(taux_effectif(t).teg[0]), 4),
            )
        )
    entetes = ("Profil", "Première échéance", "Dernière échéance", "Échéance la plus haute", "Coût du crédit", "TEG")
    return html_de(Table("Un même prêt, six profils", entetes, tuple(lignes)))


def image_profils(tableaux: dict[str, Echeancier]) -> Image:
    """Balance of each profile, labelled at its line."""
    fig, ax = graphiques.figure(9.0, 4.4)
    for rang, (nom, t) in enumerate(tableaux.items()):
        annees = t.mois / 12
        ax.plot(
            annees, t.capital_restant_du[0] / 1000, color=graphiques.OKABE_ITO[rang], linestyle=_TRAITS[rang], label=nom
        )
    ax.legend(frameon=False, fontsize=8.5, title="Capital restant dû", title_fontsize=9)
    ax.set_xlabel("années depuis le déblocage")
    ax.set_ylabel("milliers d'euros")
    ax.yaxis.set_major_formatter(lambda v, _: formater_nombre(v))
    return image_de(fig, "Capital restant dû selon le profil", "calcul du projet, prêt d'exemple du carnet")


def publie(cas: str) -> HTML:
    """Published case replayed: each value expected, obtained, and the gap."""
    chemin = dossier_donnees() / "cas" / f"{cas}.yaml"
    fiche = lire_fiche(FicheCas, chemin)
    lignes = []
    for controle in verifier(chemin):
        attendus, obtenus = np.atleast_1d(controle.attendu), np.atleast_1d(controle.obtenu)
        for rang, (a, o) in enumerate(zip(attendus, obtenus, strict=True), 1):
            nom = controle.chemin if len(attendus) == 1 else f"{controle.chemin} n° {rang}"
            lignes.append((nom, _nombre(a), _nombre(o), _nombre(abs(float(o) - float(a))), _nombre(controle.tolerance)))
    source = f"Source : {fiche.source.titre}."
    return html_de(
        Table(fiche.titre, ("Valeur", "Publié", "Recalculé", "Écart", "Tolérance"), tuple(lignes), note=source)
    )


def echeancier_annuel(fichier: str) -> HTML:
    """Schedule of an example file by loan year."""
    return html_de(pret.tableau(pret.ouvrir(dossier_donnees() / "exemples" / fichier)[0], par_annee=True))


def taux(fichier: str) -> HTML:
    """Effective rates of an example file."""
    return html_de(pret.taux(pret.ouvrir(dossier_donnees() / "exemples" / fichier)))


def chocs(fichier: str) -> HTML:
    """Indexed loan of an example file under the three revision modes: instalment by loan year."""
    depart = lire_prets(dossier_donnees() / "exemples" / fichier)[0]
    assert depart.revision is not None
    modes: tuple[tuple[ModeRevision, str], ...] = (
        ("simple", "simple"),
        ("double", "double"),
        ("double_limitee", "double limitée"),
    )
    tableaux = {nom: echeancier(depart.avec(revision=replace(depart.revision, mode=mode))) for mode, nom in modes}
    premier = next(iter(tableaux.values()))
    annees = range(1, premier.remboursement.shape[1])
    lignes = tuple((str(a), *(euros(float(t.echeance[0, a]), 2) for t in tableaux.values())) for a in annees)
    return html_de(Table("Annuité selon la révisabilité", ("Année", *tableaux), lignes))


def _nombre(valeur: object) -> str:
    nombre = float(valeur)  # type: ignore[arg-type]
    return f"{nombre:.1e}".replace(".", ",") if 0 < abs(nombre) < 1e-4 else formater_nombre(nombre, 6, 0)
