"""Parties by role, generated from their directory: founding members of PôPE, and partners whose roles are proposed."""

from __future__ import annotations

from pages import Page

from pope_foncier.modele.acteurs import Acteur, lire_annuaire
from pope_foncier.vues.formes.proteger import proteger


def page_des_acteurs() -> Page:
    """Founding members, then outside partners, with their roles and where they were read."""
    annuaire = lire_annuaire()
    corps = [
        "# Acteurs d'une opération",
        "",
        "Les noms qu'une étude peut donner à ses parties (`acteurs`), par rôle. Page écrite à partir de `data/acteurs.yaml`.",
        "",
    ]
    for titre, fondateur in (("Membres fondateurs", True), ("Partenaires extérieurs", False)):
        corps += [f"## {titre}", "", "| Acteur | Rôles | Activités |", "|---|---|---|"]
        corps += [_rang(a) for a in annuaire.acteurs if a.membre_fondateur == fondateur]
        corps.append("")
    corps += ["Sources :", "", *(f"- {proteger(s.titre, markdown=True)}" for s in annuaire.sources.values()), ""]
    return Page("mots", "mots/acteurs.md", "\n".join(corps))


def _rang(acteur: Acteur) -> str:
    roles = ", ".join(r.replace("_", " ") for r in acteur.roles)
    return (
        "| "
        + " | ".join(
            proteger(x, markdown=True) for x in (acteur.nom_complet or acteur.nom, roles, acteur.activites or "—")
        )
        + " |"
    )
