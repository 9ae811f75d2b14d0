"""Tables of a file of the trade that is being imported: its layers, what it draws, what stays to say."""

from __future__ import annotations

from pope_foncier.lieu.fichiers.importer import Importation
from pope_foncier.lieu.fichiers.provenance import en_phrase
from pope_foncier.lieu.fichiers.systemes import en_clair
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Rang
from pope_foncier.vues.formes.table import Table

_COUCHES_MONTREES = 40
_MONTRES = 12
"""Outlines that the list shows, the largest first."""


def table_couches(importation: Importation) -> Table:
    """Layers of the file: outlines, lines, points, area, and what each is."""
    lignes: list[Rang] = []
    couches = importation.couches()
    for couche in couches[:_COUCHES_MONTREES]:
        lignes.append(
            (
                couche.nom or "(sans couche)",
                cases.nombre(couche.contours),
                cases.nombre(couche.lignes),
                cases.nombre(couche.points),
                cases.nombre(couche.surface_m2, 1) if couche.contours else "—",
                couche.nature or "à dire",
            )
        )
    systeme, unite, releve = importation.systeme, importation.unite, importation.releve
    nom = en_clair(systeme.valeur) if systeme.valeur else "inconnu"
    note = f"Système : {nom}, {systeme.dit}. Unité : {unite.valeur}, {unite.dit}."
    if len(couches) > _COUCHES_MONTREES:
        note = f"Et {len(couches) - _COUCHES_MONTREES} autres couches. {note}"
    if releve.laisses:
        note += f" {en_phrase(releve.laisses)}"
    entetes = ("Couche", "Contours", "Lignes", "Points", "Surface (m²)", "Nature")
    return Table(f"{importation.chemin.name} ({releve.format})", entetes, tuple(lignes), note=note)


def table_contours(importation: Importation) -> Table:
    """Outlines of the file, the largest first, each with the rank that chooses it."""
    contours = importation.plus_grands()
    lignes: list[Rang] = [
        (
            cases.nombre(c.rang),
            c.nom,
            c.objet.couche or "—",
            cases.nombre(c.surface, 1),
            f"{formater_nombre(long, 2)} × {formater_nombre(large, 2)}",
            c.nature or "à dire",
        )
        for c, (long, large) in contours[:_MONTRES]
    ]
    reste = len(contours) - len(lignes)
    note = f"Et {reste} autres, plus petits. " if reste > 0 else ""
    note += "Le rang se donne à --choisir ; le rectangle est le plus petit qui tient le contour."
    entetes = ("Rang", "Nom", "Couche", "Surface (m²)", "Rectangle (m)", "Nature")
    return Table("Contours", entetes, tuple(lignes), note=note)
