"""Phases of an operation: dependencies, early dates, margins and critical path, over scenarios or draws at once."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Literal

import numpy as np

from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.phases import Phase
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, minimum
from pope_foncier.socle.vocabulaire import plafond

JOURS_PAR_MOIS = 365.25 / 12
_TOLERANCE = 1e-9


@enregistrement
class PhasePlacee:
    """Phase with its dates [months after the start], shape (…, 1)."""

    phase: Phase
    debut: Grandeur
    fin: Grandeur
    marge: Grandeur
    """Total float up to the opening; NaN for what comes after it or has no bearing on it."""

    @property
    def duree(self) -> Tableau:
        """Months from the start to the end, shape (…, 1)."""
        return self.fin.valeur - self.debut.valeur

    @property
    def critique(self) -> Tableau:
        """Whether a delay of the phase delays the opening as much, shape (…, 1)."""
        return np.asarray(self.marge.valeur <= _TOLERANCE)


@enregistrement
class Planning:
    """Phases in an order that respects the dependencies."""

    phases: tuple[PhasePlacee, ...]

    def du_role(self, role: Literal["travaux", "ouverture"]) -> PhasePlacee:
        """Phase that plays a role: works, or opening."""
        return next(p for p in self.phases if p.phase.role == role)

    def de(self, identite: str) -> PhasePlacee:
        """Phase by its id.

        Raises:
            ErreurCalcul: no such phase.
        """
        for p in self.phases:
            if p.phase.id == identite:
                return p
        raise ErreurCalcul(f"Phase inconnue : « {identite} ». Phases : {', '.join(p.phase.id for p in self.phases)}.")

    def chemin_critique(self) -> tuple[str, ...]:
        """Names of the phases that set the opening, in order (first scenario or draw)."""
        return tuple(p.phase.libelle for p in self.phases if bool(np.ravel(p.critique)[0]))


def placer(ctx: Contexte) -> Planning:
    """Place the phases of a study at their earliest: a phase starts when all those it follows are over.

    The latest dates then go back from the opening; the margin is what a phase may slip without delaying it.
    """
    phases = ordonner(ctx.etude.delais.phases)
    duree = {p.id: _duree(ctx, p) for p in phases}
    debut: dict[str, Grandeur] = {}
    fin: dict[str, Grandeur] = {}
    for p in phases:
        amont = [fin[a] for a in p.apres]
        depart = _plus_tard(amont) if amont else Grandeur(0.0, "Départ des études", "mois")
        debut[p.id] = depart.alias().nommer(f"Début, {p.libelle_en_phrase}", "mois après le départ")
        fin[p.id] = (debut[p.id] + duree[p.id]).nommer(f"Fin, {p.libelle_en_phrase}", "mois après le départ")
    ouverture = next(p.id for p in phases if p.role == "ouverture")
    au_plus_tard = {ouverture: debut[ouverture]}
    for p in reversed(phases):
        if p.id not in au_plus_tard:
            continue
        for a in p.apres:
            limite = au_plus_tard[p.id] - duree[a]
            au_plus_tard[a] = minimum(au_plus_tard[a], limite) if a in au_plus_tard else limite
    marges = {nom: limite - debut[nom] for nom, limite in au_plus_tard.items()}
    return Planning(tuple(PhasePlacee(p, debut[p.id], fin[p.id], marges.get(p.id, Grandeur(np.nan))) for p in phases))


def au_mois_suivant(rang: Grandeur, nom: str) -> Grandeur:
    """First whole month on or after a date, as the months of the study count."""
    return plafond(rang, _TOLERANCE, "{} arrondi au mois suivant").nommer(nom, "mois après le départ")


def ordonner(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """Order the phases so that each comes after those it follows; the order of the file is kept where it may.

    Raises:
        ErreurCalcul: the phases go round in a circle, which is named.
    """
    par_id = {p.id: p for p in phases}
    try:
        return tuple(par_id[i] for i in TopologicalSorter({p.id: p.apres for p in phases}).static_order())
    except CycleError as erreur:
        boucle = " → ".join(par_id[i].libelle for i in erreur.args[1])
        raise ErreurCalcul(f"Les phases tournent en rond : {boucle}. Retirer l'un de ces « apres ».") from None


def _plus_tard(fins: Sequence[Grandeur]) -> Grandeur:
    return fins[0] if len(fins) == 1 else maximum(*fins)


def _duree(ctx: Contexte, p: Phase) -> Grandeur:
    if p.duree_mois is None:
        if p.role in ("travaux", "montee_en_charge"):
            return ctx.entree(f"delais.{p.role}_mois")
        return Grandeur(0.0, f"Durée, {p.libelle_en_phrase}", "mois")
    duree = ctx.entree(f"delais.phases[{p.id}].duree_mois")
    if duree.unite == "jours":
        return (duree / JOURS_PAR_MOIS).nommer(duree.nom, "mois")
    if duree.unite != "mois":
        bareme = f"le barème « {p.duree_mois.bareme} » est en « {duree.unite} »"
        raise ErreurCalcul(f"Phase « {p.id} » : {bareme}, une durée est attendue.")
    return duree
