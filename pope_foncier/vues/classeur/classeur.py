"""Workbook of a study: its sheets, in the order of a committee.

The sheets with formulas are written by ``feuilles_vives``; the sheet of the inputs by ``hypotheses``; texts, styles and charts apart.
"""

from __future__ import annotations

# What each module gives, called here in this order (a contract between the two halves of the room):
#
#   styles.Styles(classeur: xlsxwriter.Workbook)
#       .titre .sous_titre .entete .libelle .texte .detail : Format
#       .nombre(unite: str, gras: bool = False) -> Format          number of a computed cell, by unit (€, %, mois, places, €/m²…)
#       .entree(unite: str, nature: Nature) -> Format              number of an input cell, coloured by kind
#       .tenue(unite: str) -> Format                               « calculé par le moteur »
#       .controle : Format                                         OK / PÉRIMÉ / ÉCART
#       .mettre_en_page(feuille, titre: str, gel: tuple[int, int]) A4 landscape, frozen panes, print titles
#   hypotheses.ecrire(classeur, feuille, styles, entrees: Sequence[EntreeVive]) -> None
#       one row an input, value in column C; defines the name ``entree.cellule`` on it; validation, range, source, fiabilité
#   textes.lisez_moi(feuille, styles, lu: EtudeEcrite) -> None      and likewise sources, journal, scenarios, epreuves
#   graphiques.poser(classeur, lu: EtudeEcrite) -> None             native charts from ``lu.reperes``
#   import_classeur.lire(chemin) …                                  reads the value cells by their defined names

FEUILLES = (
    "Lisez-moi",
    "Synthèse",
    "Hypothèses",
    "Programme et coûts",
    "Plan de financement",
    # one « Échéancier … » per loan
    "Trésorerie",
    "Exploitation",
    "Exploitation par an",
    "Bilan",
    "Ratios par année",
    "Scénarios",
    "Épreuves",
    "Sources",
    "Contrôles",
    "Journal des barèmes",
    # computation that is not presented: « Tel quel », « Tel quel (mois) », « Tel quel (ans) », « Bouclage… »
)
"""Sheets, in order."""
