"""Inputs of a study, generated from the declarations of its sheets: label, path, unit, bounds."""

from __future__ import annotations

from itertools import groupby

from pages import Page

from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.declaration import Declaration, entrees_du_modele
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.vues.formes.proteger import proteger

TITRES = {
    "": "Étude",
    "acquisition": "Achat",
    "achat_bailleur": "Achat par le bailleur",
    "aides": "Aides",
    "apports": "Apports",
    "bail_gestionnaire": "Bail au gestionnaire",
    "bouclage": "Bouclage",
    "compensation_tva": "Retour de TVA",
    "delais": "Délais",
    "demarrage": "Avant l'ouverture",
    "exploitation": "Exploitation",
    "foncier": "Foncier, pour les montages",
    "immobilier": "Charges de propriété",
    "prets": "Prêts",
    "programme": "Programme",
    "reglements": "Règlements",
    "relais": "Prêt relais",
    "taxes": "Taxes d'urbanisme",
    "territoire": "Territoire",
    "titre_occupation": "Titre d'occupation",
    "travaux": "Travaux",
}
"""Sections of a study, in French."""


def page_des_entrees() -> Page:
    """One table a section of the study, in the order of its sheet."""
    corps = [
        "# Entrées d'une étude",
        "",
        "Les nombres qu'une étude donne, qu'un scénario change (« champ ») et que l'on peut tirer au hasard. `[*]` tient lieu de "
        "l'identifiant d'un élément, par exemple `prets[banque].taux` ; un mot entre parenthèses vient de la fiche. "
        "Page écrite à partir des fiches.",
        "",
    ]
    for section, entrees in groupby(entrees_du_modele(Etude).items(), key=lambda e: _section(e[0])):
        corps += [f"## {TITRES[section]}", "", "| Entrée | Champ | Unité | Bornes |", "|---|---|---|---|"]
        for champ, dite in entrees:
            libelle, unite = (proteger(x, markdown=True) for x in (dite.en_general().libelle, dite.en_general().unite))
            corps.append(f"| {libelle} | `{champ}` | {unite} | {_bornes(dite)} |")
        corps.append("")
    return Page("mots", "mots/entrees.md", "\n".join(corps))


def _section(champ: str) -> str:
    return champ.partition(".")[0].partition("[")[0] if "." in champ else ""


def _bornes(dite: Declaration) -> str:
    """Bounds in words; the largest number of a type that only stops typing mistakes is left out."""
    if dite.bornes is None:
        return ""
    mini, maxi = (
        formater(float(b), "%") if dite.unite == "%" else formater_nombre(float(b))
        for b in (dite.bornes.mini, dite.bornes.maxi)
    )
    return f"au moins {mini}" if dite.bornes.maxi >= 1e6 else f"de {mini} à {maxi}"
