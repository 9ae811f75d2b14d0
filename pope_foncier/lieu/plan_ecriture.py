"""Plan as a YAML text, laid out as a hand writes it: its head, then an element a line; read again it is the same plan."""

from __future__ import annotations

from pope_foncier.lieu.plan import Plan
from pope_foncier.socle.yaml_ecrit import en_ligne


def en_yaml(plan: Plan, commentaire: str = "") -> str:
    """YAML text of a plan.

    Args:
        commentaire: what the head of the file says, a line of text or several; nothing by default.
    """
    champs = plan.model_dump(exclude_defaults=True, exclude_none=True)
    elements = champs.pop("elements")
    lignes = [f"# {ligne}".rstrip() for ligne in commentaire.splitlines()]
    lignes += [f"{nom}: {en_ligne(valeur)}" for nom, valeur in champs.items()]
    lignes += ["elements:", *(f"  - {en_ligne(element)}" for element in elements)]
    return "\n".join(lignes) + "\n"
