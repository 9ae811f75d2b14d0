"""Spreadsheet formulas of a schedule: month after month, on the balance of the month before, as an accountant unrolls it.

Those of ordinary loans (monthly, level, constant capital or in fine, partial grace, fixed or indexed rate): amount, rate, term and grace are
cells. Any other schedule is a value that the engine computes.
"""

from __future__ import annotations

from typing import Any

from pope_foncier.prets.mensualites import est_ordinaire
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.operations import LignesDuBloc, Raison

_PAS_DE_REVISION = 12
"""Months between two revisions of a rate that follows an index: an ordinary loan has no clause of its own."""
_REMBOURSEMENTS = {
    "annuite_constante": "-PPMT({mensuel},1,{nombre}-{numero}+1,{restant:avant})",
    "capital_constant": "{2}/{nombre}",
    "in_fine": "IF({numero}={nombre},{2},0)",
}
"""Principal of one instalment, by profile."""
TENU = Raison(
    "valeur tenue", "l'échéancier se calcule mois après mois, selon le profil, les différés et les clauses du prêt"
)


def ecrire(*lus: Any) -> LignesDuBloc | Raison:
    """Formulas of a schedule, from its operands and its structure."""
    *operandes, structure = lus
    profil = structure.fiche.profil
    if not structure.capital or not est_ordinaire(structure.fiche) or profil not in _REMBOURSEMENTS:
        return TENU
    taux, debut, _, *reste = operandes
    chemins = dict(zip(structure.unites, reste, strict=False))
    duree, differe = chemins["duree_mois"], chemins.get("differe_mois", 0.0)
    ecoule = (Grandeur(structure.echelle.mois, "rang du mois", axe="mois") - debut).nommer(
        "Mois depuis le déblocage", "mois"
    )
    aides = {
        "ecoule": ecoule,
        "numero": (ecoule - differe).nommer("Numéro de l'échéance", "mois"),
        "nombre": (duree - differe).nommer("Nombre d'échéances", "mois"),
    }
    if not taux.axe:
        aides["mensuel"] = (taux / 12.0).nommer("Taux mensuel", "%")
    return LignesDuBloc(aides, _formules(profil, indexe=bool(taux.axe)))


def _formules(profil: str, indexe: bool) -> dict[str, str]:
    """An unknown amount leaves every month unknown (nothing times it); an unknown rate, those of the loan's life."""
    grace = "0*{mensuel}" if PROFILS[profil].selon_le_taux else "0*{2}"
    rendu = f"IF({{numero}}<1,{grace},{_REMBOURSEMENTS[profil]})"
    formules = {
        "remboursement": f"IF(OR({{ecoule}}<1,{{numero}}>{{nombre}}),0*{{2}},{rendu})",
        "interets": "IF(OR({ecoule}<1,{numero}>{nombre}),0*{2},{restant:avant}*{mensuel})",
        "restant": "IF(OR({ecoule}<0,{numero}>={nombre}),0*{2},IF({ecoule}=0,{2},{restant:avant}-{remboursement}))",
    }
    if indexe:
        formules = {nom: formule.replace("{mensuel}", "{taux}/12") for nom, formule in formules.items()}
        pas = f"{_PAS_DE_REVISION}*INT(MAX({{ecoule}}-1,0)/{_PAS_DE_REVISION})"
        formules["taux"] = f"INDEX({{0:ligne}},MIN({{1}}+{pas},COLUMNS({{0:ligne}})-1)+1)"
    return formules
