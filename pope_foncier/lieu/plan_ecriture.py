"""Plan, or programme of rooms, as a YAML text laid out as a hand writes it: its head, then an element a line; read again it is the same."""

from __future__ import annotations

from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan import Plan
from pope_foncier.socle.yaml_ecrit import en_ligne


def en_yaml(fiche: Plan | ProgrammeLocaux, commentaire: str = "") -> str:
    """YAML text of a plan, or of a programme of rooms.

    Args:
        commentaire: what the head of the file says, a line of text or several; nothing by default.
    """
    champs = fiche.model_dump(exclude_defaults=True, exclude_none=True)
    liste = "elements" if isinstance(fiche, Plan) else "locaux"
    elements = champs.pop(liste)
    lignes = [f"# {ligne}".rstrip() for ligne in commentaire.splitlines()]
    lignes += [f"{nom}: {en_ligne(valeur)}" for nom, valeur in champs.items()]
    lignes += [f"{liste}:", *(f"  - {en_ligne(element)}" for element in elements)]
    return "\n".join(lignes) + "\n"
