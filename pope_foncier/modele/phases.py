"""Phases as data sheets: durations, dependencies, and the checks of their list."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Annotated, Literal

from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneePositif
from pope_foncier.socle.fiches import Fiche, Identifiant, Texte, faute, sans_double
from pope_foncier.socle.francais import en_phrase


class Phase(Fiche):
    """Phase of an operation: it starts when all the phases that it follows are over."""

    id: Identifiant
    libelle: Texte
    duree_mois: Annotated[
        DonneePositif | None, Declaration("Durée, {libelle_en_phrase}", "mois", unite_du_bareme=True)
    ] = None
    """Duration [months, or days by a scale in days]; without it a milestone, and for the works or the ramp-up that of the study."""
    apres: tuple[Texte, ...] = ()
    role: Literal["travaux", "ouverture", "montee_en_charge"] | None = None
    """What the chain reads: start of works, and opening; the ramp-up shows that of the study, ``delais.montee_en_charge_mois``."""

    @property
    def libelle_en_phrase(self) -> str:
        """Label inside a sentence."""
        return en_phrase(self.libelle)


def verifier_phases(phases: Sequence[Phase]) -> None:
    """Refuse homonyms, links to nowhere, a list without its works or its opening, roles out of order, a second ramp-up duration."""
    noms = [p.id for p in phases]
    sans_double("phase", noms, "donner un « id » différent à chacune.")
    for p in phases:
        for a in p.apres:
            if a not in noms:
                proches = ", ".join(difflib.get_close_matches(a, noms, n=3, cutoff=0.4)) or ", ".join(noms)
                raise faute(f"« {p.id} » suit « {a} », qui n'existe pas.", f"peut-être : {proches}.")
    for role in ("travaux", "ouverture"):
        nombre = sum(p.role == role for p in phases)
        if phases and nombre != 1:
            raise faute(f"{nombre} phase(s) de rôle « {role} ».", f"donner « role: {role} » à une seule phase.")
    if phases:
        _verifier_roles(phases)


def _verifier_roles(phases: Sequence[Phase]) -> None:
    roles = {p.role: p for p in phases if p.role}
    travaux, ouverture = roles["travaux"], roles["ouverture"]
    if travaux.id not in _amont(phases, ouverture):
        raise faute(
            f"« {ouverture.id} » ne suit pas « {travaux.id} » : on ouvrirait avant la fin des travaux.",
            f"ajouter au « apres » de « {ouverture.id} » la phase « {travaux.id} », ou une phase qui la suit.",
        )
    montees = [p for p in phases if p.role == "montee_en_charge"]
    for p in montees:
        if len(montees) > 1 or p.apres != (ouverture.id,) or p.duree_mois is not None:
            raise faute(
                f"« {p.id} » : la montée en charge est une seule phase, qui suit la seule ouverture, sans durée à elle.",
                f"écrire « apres: [{ouverture.id}] », sans « duree_mois » : sa durée est « delais.montee_en_charge_mois ».",
            )


def _amont(phases: Sequence[Phase], aval: Phase) -> set[str]:
    """Ids of all that a phase follows, near or far."""
    par_id = {p.id: p for p in phases}
    vus: set[str] = set()
    restent = list(aval.apres)
    while restent:
        if (identite := restent.pop()) not in vus:
            vus.add(identite)
            restent += par_id[identite].apres
    return vus
