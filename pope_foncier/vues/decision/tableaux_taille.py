"""Tables of a loan sized on a plan: what each test allows, and the years that pay it."""

from __future__ import annotations

import numpy as np

from pope_foncier.decision.limites_du_pret import Essai
from pope_foncier.decision.taille_du_pret import Taille
from pope_foncier.prets.dimensionnement import DetteSculptee
from pope_foncier.socle.nombres import euros, formater, formater_nombre
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.table import Table

_NOTE = (
    "Disponible du plan bouclé, à contribution et subventions inchangées : « pope-foncier recherche » boucle le plan à chaque montant. "
    "Seuils « de travail » : à convenir avec le prêteur."
)


def phrase(taille: Taille) -> str:
    """Size of the loan, what binds, what follows and by how much."""
    lie, suivant = taille.lie, taille.suivant
    tete = "Aucun prêt" if taille.montant < 1 else f"Prêt d'au plus {euros(taille.montant)}"
    annee = f", en {lie.annee}" if lie.annee else ""
    dit = f"{tete} sur {taille.duree_mois} mois à {taille.emprunteur}. Ce qui limite : {_nom(lie)}{annee}."
    if suivant is not None:
        ecart = "autant" if taille.ecart < 1 else f"{euros(taille.ecart)} de plus"
        dit += f" Vient ensuite : {_nom(suivant)}, {ecart}."
    if taille.lie.code != "besoin" and taille.reste_a_trouver >= 1:
        dit += f" Le plan manque de {euros(taille.besoin)} sans ce prêt : il reste {euros(taille.reste_a_trouver)} à trouver ailleurs."
    if not np.isnan(taille.bouclee[0]):
        pire, quand = taille.bouclee
        dit += f" Le plan bouclé de nouveau à ce montant couvre {formater_nombre(pire, 2)} au plus bas ({quand:.0f})"
        dit += (
            "."
            if taille.tient_une_fois_boucle
            else " : il ne tient plus, car ce que paient la commune ou les subventions suit le prêt ; « pope-foncier recherche » cherche le montant qui tient."
        )
    return dit


def limites(taille: Taille) -> Table:
    """Each test: threshold, amount that it allows, how much above the binding one, how it is computed."""
    lignes: list[Rang] = []
    for essai in taille.essais:
        ecart: Cellule = cases.montant(taille.au_dela(essai)) if essai.limite else "—"
        montant = cases.montant(essai.montant) if essai.limite else cases.sans_valeur("ne limite pas")
        seuil = _seuil(essai)
        lignes.append((essai.libelle, seuil, montant, "limite" if essai is taille.lie else ecart, essai.phrase))
    entetes = ("Limite", "Seuil", "Prêt permis", "Au-delà", "Calcul")
    titre = lectures.nommer(f"Dimensionnement : {taille.libelle}", lectures.BOUCLE)
    return Table(titre, entetes, tuple(lignes), note=_NOTE, totaux=(taille.essais.index(taille.lie),))


def annees(taille: Taille) -> Table:
    """Cash, service of the other loans and of this one at its size, cover, by calendar year."""
    lignes = tuple(
        (
            cases.annee(annee),
            cases.montant(d),
            cases.montant(a),
            cases.montant(s),
            cases.nombre(c, 2).sinon("sans dette"),
        )
        for annee, d, a, s, c in zip(
            taille.annees, taille.disponible, taille.autres, taille.service, taille.couverture, strict=True
        )
    )
    entetes = ("Année", "Disponible", "Autres prêts", "Ce prêt", "Couverture")
    note = "Couverture : ce qui est disponible sur toutes les échéances de l'année ; 0 si rien n'est disponible."
    return Table(f"Ce prêt à {euros(taille.montant)}, année par année", entetes, lignes, note=note)


def sculptee(dette: DetteSculptee) -> Table:
    """Sculpted debt: what each year serves, and what is left."""
    tableau = dette.tableau
    lignes = tuple(
        (
            cases.nombre(rang),
            cases.montant(float(tableau.echeance[0, rang])),
            cases.montant(float(tableau.interets_payes[0, rang])),
            cases.montant(float(tableau.remboursement[0, rang])),
            cases.montant(float(tableau.capital_restant_du[0, rang])),
        )
        for rang in range(1, tableau.echeance.shape[1])
    )
    entetes = ("Année d'ouverture", "Annuité", "Intérêts", "Capital", "Reste dû")
    note = "Annuité de chaque année : disponible ÷ couverture − autres prêts ; le montant est ce que valent ces annuités à l'ouverture."
    return Table(f"Dette sculptée : {euros(float(np.ravel(dette.montant)[0]))}", entetes, lignes, note=note)


def _nom(essai: Essai) -> str:
    return essai.libelle[:1].lower() + essai.libelle[1:]


def _seuil(essai: Essai) -> Case | str:
    if np.isnan(essai.seuil):
        return "—"
    return cases.mesure(essai.seuil, essai.unite).dite(formater(essai.seuil, essai.unite))
