"""What a line of the ledger is: its table, its heading and family, its label and unit, who pays whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from pope_foncier.socle.enregistrements import enregistrement

Groupe = Literal[
    "site", "programme", "besoins", "ressources", "emprunts", "produits", "charges", "resultat", "tresorerie", "commune"
]
Famille = Literal["lieu", "plan", "murs", "aide", "bouclage", "apport", "dette", "exploitation", "caisse", "a_trouver"]
Poste = Literal[
    "lieu",
    "besoins", "ressources", "total_du_plan",
    "acquisition", "depot", "travaux", "equipement", "report", "tva_rendue", "loyer", "bail", "propriete", "bailleur", "portage",
    "aide", "aide_rendue",
    "don",
    "apport", "reprise", "remuneration",
    "deblocage", "interets", "capitalises", "remboursement", "frais", "accessoires", "restant", "relais",
    "effectif", "heures", "produits", "quote_part", "encaissement", "creance",
    "personnel", "courantes", "actions", "avant_ouverture", "du_plan", "resultat", "commune",
    "solde", "cumul", "point_bas",
    "a_trouver",
]  # fmt: skip
FAMILLES: dict[Famille, tuple[Poste, ...]] = {
    "lieu": ("lieu",),
    "plan": ("besoins", "ressources", "total_du_plan"),
    "murs": (
        "acquisition", "depot", "travaux", "equipement", "report", "tva_rendue",
        "loyer", "bail", "propriete", "bailleur", "portage",
    ),
    "aide": ("aide", "aide_rendue"),
    "bouclage": ("don",),
    "apport": ("apport", "reprise", "remuneration"),
    "dette": ("deblocage", "interets", "capitalises", "remboursement", "frais", "accessoires", "restant", "relais"),
    "exploitation": (
        "effectif", "heures", "produits", "quote_part", "encaissement", "creance",
        "personnel", "courantes", "actions", "avant_ouverture", "du_plan", "resultat", "commune",
    ),
    "caisse": ("solde", "cumul", "point_bas"),
    "a_trouver": ("a_trouver",),
}  # fmt: skip
"""Headings (postes) of each family: what the premises cause, what funds them, what the operation earns and pays, what is left."""
_FAMILLE_DU_POSTE: dict[Poste, Famille] = {poste: famille for famille, postes in FAMILLES.items() for poste in postes}


@enregistrement
class LigneDeclaree:
    """Declaration of a line.

    Attributes:
        modele: code, or pattern of codes; ``{acteur}`` is a name, which may hold dots, any other brace an identifier.
        groupe: table that shows it.
        poste: heading, which belongs to one family.
        libelle: French label; « … » where it holds a name of the study, given when the line is written.
        payeur: kind of party that pays; nothing for a line that is no flow.
        receveur: kind of party that receives.
        unite: unit.
        stock: balance at the end of the month (debt left, cash): read at a date, never summed over months.
        parfois: a flow in some studies only: what is earned and paid at other dates is no flow.
        boucle: what closes a plan, or comes from it.
        variantes: other labels, by the word that chooses them: what the mode d'accueil or the regime of VAT makes of the line.
    """

    modele: str
    groupe: Groupe
    poste: Poste
    libelle: str = "…"
    payeur: str = ""
    receveur: str = ""
    unite: str = "€"
    stock: bool = False
    parfois: bool = False
    boucle: bool = False
    variantes: Mapping[str, str] = field(default_factory=dict)
    famille: Famille = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "famille", _FAMILLE_DU_POSTE[self.poste])

    def libelle_de(self, nom: str = "") -> str:
        """Label of the line: the variant that a word chooses, or the declared label completed by a name of the study; nothing if it lacks one."""
        if nom in self.variantes:
            return self.variantes[nom]
        return self.libelle.replace("…", nom) if bool(nom) == ("…" in self.libelle) else ""

    def porte(self, libelle: str) -> bool:
        """Whether a label is the declared one, whatever name of the study it holds, or one of its variants."""
        debut, nomme, fin = self.libelle.partition("…")
        declare = libelle.startswith(debut) and libelle.endswith(fin) if nomme else libelle == debut
        return declare or libelle in self.variantes.values()
