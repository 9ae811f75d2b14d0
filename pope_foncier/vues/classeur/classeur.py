"""Workbook of a study: its sheets, in the order of a committee.

The sheets with formulas are written by ``feuilles_vives``; the sheet of the inputs by ``hypotheses``; texts, styles and charts apart.
"""

from __future__ import annotations

# What each module gives, called here in this order (a contract between the two halves of the room):
#
#   styles.Styles(classeur: xlsxwriter.Workbook, pied: str = "")    ``pied`` stands in each footer
#       .titre .sous_titre .entete .libelle .texte .unite .detail .note : Format
#       .nombre(unite: str, gras: bool = False) -> Format          number of a computed cell, by unit (€, %, mois, places, €/m²…)
#       .entree(unite: str, genre: Genre) -> Format                number of an input cell, coloured by kind
#       .tenue(unite: str) -> Format                               « calculé par le moteur »
#       .controle : Format                                         OK / PÉRIMÉ / ÉCART
#       .mettre_en_page(feuille, titre: str, gel: tuple[int, int]) A4 landscape, frozen panes, print titles
#   styles.replier_les_mois(feuille, annees)                        outline that folds the months of each year
#   hypotheses.ecrire(classeur, feuille, styles, lu, vives: Sequence[EntreeVive]) -> {champ: (row, column) of the cell to type in}
#       one row an input: typed in column B, read in column C (``=IF(ISNUMBER(B12),B12,NA())``), which has the name ``entree.cellule``;
#       it adds the choices in words (``e_aides_ville_statut`` reads « espérée », ``e_evolution`` reads « central ») and the inputs not read
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
