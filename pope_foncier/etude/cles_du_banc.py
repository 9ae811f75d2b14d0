"""Figures of the benchmark: what each measures, its unit, its bar and its goal. Those of the workshops are measured in a browser."""

from __future__ import annotations

from typing import NamedTuple


class Cle(NamedTuple):
    """Figure of the benchmark.

    Attributes:
        nom: its name in the file of the measures.
        unite: unit, in French.
        mesure: what it measures, in French.
        barre: value that it must not exceed; None when it has no bar.
        but: value aimed at; None when there is none.
    """

    nom: str
    unite: str
    mesure: str
    barre: float | None = None
    but: float | None = None

    def tient(self, valeur: float) -> bool | None:
        """Whether a value keeps the bar; None without one."""
        return None if self.barre is None else valeur <= self.barre


CLES = (
    Cle(
        "scenario_ms",
        "ms",
        "un scénario évalué directement : toutes les lignes, tous les ratios, tous les chiffres clés",
        4.6,
        3.0,
    ),
    Cle(
        "reprise_ms",
        "ms",
        "la même étude, trois entrées changées : rejeu des mêmes lignes, ratios et chiffres clés",
        1.2,
        0.6,
    ),
    Cle("bouclage_ms", "ms", "le plan bouclé de cette étude rejouée"),
    Cle(
        "tirage_us",
        "µs",
        "un tirage parmi 10 000, quatre entrées tirées, un fil : ce qui manque et les ratios",
        25.0,
        14.0,
    ),
    Cle("lignes", "", "lignes mensuelles de l'étude"),
    Cle("noyau_us", "µs", "une multiplication et une addition de numpy par mois et par ligne mensuelle, par tirage"),
    Cle("rapport_noyau", "", "tirage_us ÷ noyau_us : ce que coûte un tirage face à ce calcul le plus nu", 4.0, 2.5),
    Cle("tirages_100000_s", "s", "100 000 tirages sur deux fils", 2.0, 1.0),
    Cle(
        "tirages_100000_mo",
        "Mo",
        "plus haut de la mémoire de ces tirages, dans un Python neuf, au-dessus de l'import",
        400.0,
        300.0,
    ),
    Cle(
        "doute_s",
        "s",
        "10 000 tirages de tout ce que l'étude met en doute, trois chiffres du plan bouclé, deux fils",
        0.5,
    ),
    Cle(
        "comparer_900_s",
        "s",
        "900 options comparées une première fois : deux études, six modes, quinze montages, cinq façons de boucler",
        1.0,
    ),
    Cle("pente_ms", "ms", "pentes de cinq chiffres du plan bouclé par rapport à toutes les entrées", 15.0, 8.0),
    Cle("chargement_s", "s", "un Python neuf importe, lit l'étude et ses barèmes, l'évalue une fois", 0.4, 0.25),
    Cle("prets_10000_s", "s", "échéanciers de 10 000 prêts différents, jusqu'à 360 mois"),
    Cle("echeancier_240_ms", "ms", "un échéancier de 240 lignes"),
    Cle("echeancier_240_centime_ms", "ms", "le même, arrondi au centime ligne à ligne"),
    Cle("tri_10000_s", "s", "taux de rendement interne de 10 000 suites de 360 flux"),
    Cle(
        "curseur_ms",
        "ms",
        "ateliers : d'une touche sur un levier à la nouvelle image, médiane de vingt, la pire des trois applications",
        40.0,
        25.0,
    ),
    Cle(
        "editeur_ms",
        "ms",
        "atelier de l'architecte : de la main qui lâche un mur aux surfaces, places et contrôles du plan, médiane de vingt",
        100.0,
    ),
    Cle(
        "telephone_ms",
        "ms",
        "salle : du doigt sur un téléphone à la page du dernier de quarante, la pire de vingt fois",
        1000.0,
    ),
    Cle("page_s", "s", "ateliers : de l'adresse à une page utilisable, la pire, page préparée d'avance", 3.0),
    Cle("page_froide_s", "s", "ateliers : la même, rien n'étant préparé", 6.0),
)
"""All that ``pope-foncier bench`` may measure, in the order of the page."""
