"""Phases as data sheets: durations, dependencies, and the checks of their list."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Literal

from pope_foncier.projet.donnee import DonneePositif
from pope_foncier.socle.fiches import Fiche, Texte, faute


class Phase(Fiche):
    """Phase of an operation: it starts when all the phases that it follows are over."""

    id: Texte
    libelle: Texte
    duree_mois: DonneePositif | None = None
    """Duration [months, or days by a scale in days]; without it a milestone, and for the works that of the study."""
    apres: tuple[Texte, ...] = ()
    role: Literal["travaux", "ouverture"] | None = None
    """What the chain reads: start of works, and opening."""


def verifier_phases(phases: Sequence[Phase]) -> None:
    """Refuse homonyms, links to nowhere, and a list without its works or its opening."""
    noms = [p.id for p in phases]
    doubles = sorted({n for n in noms if noms.count(n) > 1})
    if doubles:
        raise faute(f"phase en double : {', '.join(doubles)}.", "donner un « id » différent à chacune.")
    for p in phases:
        for a in p.apres:
            if a not in noms:
                proches = ", ".join(difflib.get_close_matches(a, noms, n=3, cutoff=0.4)) or ", ".join(noms)
                raise faute(f"« {p.id} » suit « {a} », qui n'existe pas.", f"peut-être : {proches}.")
    for role in ("travaux", "ouverture"):
        nombre = sum(p.role == role for p in phases)
        if phases and nombre != 1:
            raise faute(f"{nombre} phase(s) de rôle « {role} ».", f"donner « role: {role} » à une seule phase.")
