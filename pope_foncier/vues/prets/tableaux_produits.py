"""Terms of a loan product: each bound with its source, how sure it is, and what to ask for when nobody published it."""

from __future__ import annotations

from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.prets.produits import Produit
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.prets import mots


def conditions(choisi: Produit) -> Table:
    """Bounds of a product, who may borrow, and its notes."""
    lignes: list[Rang] = [("Emprunteurs", ", ".join(choisi.fiche.emprunteurs), "—", "—")]
    if choisi.fiche.index:
        lignes.append(("Indice", choisi.fiche.index, "—", "—"))
    if choisi.fiche.periodes_par_an:
        rythmes = ", ".join(mots.RYTHMES[n] for n in choisi.fiche.periodes_par_an)
        lignes.append(("Échéances", rythmes, "—", "—"))
    for borne in choisi.bornes.values():
        nom = borne.libelle.partition(", ")[2] or borne.libelle
        valeur: Cellule = f"inconnu ; à demander : {borne.document}"
        if borne.valeur is not None:
            valeur = cases.mesure(float(borne.valeur), borne.unite)
        lignes.append((nom[:1].upper() + nom[1:], valeur, FIABILITE_EN_CLAIR[borne.fiabilite], borne.source.titre))
    notes = " ".join(f"{n[:1].upper()}{n[1:].rstrip('.')}." for n in choisi.fiche.notes)
    return Table(
        f"Conditions : {choisi.titre}",
        ("Condition", "Valeur", "Fiabilité", "Source"),
        tuple(lignes),
        note=notes,
        texte=True,
    )
