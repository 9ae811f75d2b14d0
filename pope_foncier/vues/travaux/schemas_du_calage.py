"""Fields that a file of published operations may give to the back-test, in either schema: end of its page, in Markdown."""

from __future__ import annotations

from pope_foncier.travaux.calage_mots import LEGERE, LOURDE, MODULAIRE, MOYENNE


def _mots(mots: tuple[str, ...]) -> str:
    return ", ".join(f"« {mot.strip()} »" for mot in mots)


SCHEMAS = [
    "## Juger un autre fichier",
    "",
    "`pope-foncier calage --cas FICHIER --sortie PAGE.md`. Deux schémas sont lus. Celui du projet, une liste `operations` :",
    "",
    "| Champ | Sens |",
    "|---|---|",
    "| `id`, `nom`, `travaux`, `source`, `fiabilite` | obligatoires ; `travaux` : ce qui a été fait, en clair |",
    "| `mode`, `genre` | `creche`, `multi_accueil`, `micro_creche`, `mam`, `pole` ; `neuf`, `reemploi`, `amenagement`, `autre` |",
    "| `profondeur` | dans l'existant : `rafraichissement` (finitions), `transformation` (pièces et réseaux), `lourde` (structure, extension, patrimoine) ; absente si rien ne la dit : la fourchette est plus large |",
    "| `modulaire` | `true` pour un bâtiment neuf fait en usine |",
    "| `commune`, `departement`, `annee`, `places`, `surface_m2` | tels que publiés ; absents s'ils ne le sont pas |",
    "| `cout_total`, `cout_travaux` | `{montant, taxe, base_aide}` ; `taxe` : `ht`, `ttc` ou `non_dit` ; `base_aide` : montant d'un dossier d'aide |",
    "| `ecarte` | pourquoi l'opération n'est pas jugée |",
    "| `premiere_estimation` | total annoncé d'abord, quand un autre a suivi |",
    "| `postes`, `abandonnee`, `remarque` | gardés pour mémoire |",
    "",
    "Celui d'échange, une liste `cases`, dont sont lus les champs suivants ; les autres, quels qu'ils soient, sont laissés de côté sans être lus :",
    "",
    "| Champ | Sens |",
    "|---|---|",
    "| `id`, `name` | obligatoires : identifiant et nom |",
    "| `commune`, `year` | lieu, année des prix ; sans année, l'année médiane est supposée |",
    "| `dept` | code du département, guillemets ou non (`01`) |",
    "| `mode` | `MAM` est traité à part ; les autres modes ensemble |",
    "| `kind_code` | `new`, `reuse_renovation`, `fit-out` ou `other` |",
    f"| `new_or_renovation` | description des travaux. Dans l'existant, profondeur **lourde** si elle dit {_mots(LOURDE)} ; sinon **rafraîchissement** si elle dit {_mots(LEGERE)} ; sinon **transformation** si elle dit {_mots(MOYENNE)} ; sinon profondeur non dite, et fourchette plus large. Un mot nié (« sans extension ») ne compte pas. En neuf, bâtiment d'usine si elle dit {_mots(MODULAIRE)} (ce qui est démoli n'y compte pas) |",
    "| `places`, `surface_m2` | l'un des deux au moins, sinon l'opération n'est pas jugée |",
    "| `total_cost_eur`, `works_cost_eur` | coût imprimé, total ou travaux seuls ; l'un des deux au moins |",
    "| `ht_or_ttc` | `HT`, `TTC`, ou `works HT, total TTC` ; tout autre texte : taxe non dite, rien n'est converti ; `grant base` : montant d'un dossier d'aide |",
    "| `in_stats`, `composite`, `programme`, `acquisition_only` | `in_stats: false` ou l'un des autres à `true` écarte l'opération |",
]
