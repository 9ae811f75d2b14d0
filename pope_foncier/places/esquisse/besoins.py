"""Rooms wanted: those of the programme by mode and number of places, or of a list given; by group of children."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pope_foncier.lieu.locaux import Local, ProgrammeLocaux, lire_fonctions
from pope_foncier.places.esquisse.hypotheses import Hypotheses, Piece
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul

_DE_VIE = ("eveil", "repas")


@enregistrement
class Besoin:
    """Room wanted."""

    nom: str
    fonction: str
    surface_m2: float
    piece: Piece
    groupes: frozenset[int]
    """Groups of children that it serves; empty when it serves all."""

    @property
    def enfants(self) -> bool:
        """Whether its area counts for the children, passages apart."""
        return lire_fonctions()[self.fonction].compte in ("strict", "usuel")

    def avec(self, autre: Besoin) -> bool:
        """Whether two rooms serve a common group, or one of them all."""
        return not self.groupes or not autre.groupes or bool(self.groupes & autre.groupes)


def besoins_du_programme(programme: ProgrammeLocaux, hypotheses: Hypotheses) -> tuple[Besoin, ...]:
    """Rooms of a programme one by one: living rooms cut by group when the programme has none, large services cut in two.

    Raises:
        ErreurCalcul: a function that the assumptions say nothing of, passages apart (the sketch draws its own).
    """
    secteurs = _secteurs(programme.locaux)
    groupes = len(secteurs) or _groupes(programme, hypotheses)
    besoins: list[Besoin] = []
    for local in programme.locaux:
        if local.fonction == "circulation":
            continue
        piece = hypotheses.pieces.get(local.fonction)
        if piece is None:
            raise ErreurCalcul(
                f"« {local.nom} » : rien n'est dit de la fonction « {local.fonction} » dans data/hypotheses/esquisse.yaml."
            )
        if local.secteur in secteurs:
            seul = frozenset([secteurs.index(str(local.secteur))])
            besoins += _repetee(local, piece, [seul] * local.nombre, f", {local.secteur}")
        elif secteurs:
            besoins += _repetee(local, piece, [frozenset[int]()] * local.nombre, "")
        else:
            besoins += _par_groupe(local, piece, groupes, hypotheses)
    return tuple(_numeroter(besoins))


def _secteurs(locaux: Sequence[Local]) -> list[str]:
    """Sectors that are groups of children: those with a living room, when there are several."""
    trouves = list(dict.fromkeys(x.secteur for x in locaux if x.fonction in _DE_VIE and x.secteur))
    return trouves if len(trouves) > 1 else []


def _groupes(programme: ProgrammeLocaux, hypotheses: Hypotheses) -> int:
    """Groups of children: as few as the size of a group admits."""
    if programme.places is None:
        return 1
    return max(1, math.ceil(programme.places / hypotheses.places_par_groupe.valeur - 1e-9))


def _par_groupe(local: Local, piece: Piece, groupes: int, hypotheses: Hypotheses) -> list[Besoin]:
    """Rooms of a line of a programme without groups: one living room a group, sleeping rooms shared among them."""
    if groupes == 1:
        return _repetee(local, piece, [frozenset[int]()] * local.nombre, "")
    if local.fonction in _DE_VIE and local.nombre == 1:
        part = local.model_copy(update={"surface_m2": local.surface_m2 / groupes, "nombre": groupes})
        return _repetee(part, piece, [frozenset([g]) for g in range(groupes)], "")
    if local.fonction == "sommeil":
        return _repetee(local, piece, [frozenset([r % groupes]) for r in range(local.nombre)], "")
    if local.fonction == "change" and local.nombre == 1:
        combien = math.ceil(groupes / hypotheses.groupes_par_change.valeur - 1e-9)
        part = local.model_copy(update={"surface_m2": local.surface_m2 / combien, "nombre": combien})
        servis = [frozenset(g for g in range(groupes) if g * combien // groupes == c) for c in range(combien)]
        return _repetee(part, piece, servis, "")
    if piece.couper_m2 is not None and local.surface_m2 >= piece.couper_m2:
        combien = math.ceil(local.surface_m2 / piece.couper_m2 + 1e-9)
        local = local.model_copy(update={"surface_m2": local.surface_m2 / combien, "nombre": combien})
    return _repetee(local, piece, [frozenset[int]()] * local.nombre, "")


def _repetee(local: Local, piece: Piece, groupes: Sequence[frozenset[int]], suite: str) -> list[Besoin]:
    return [Besoin(local.nom + suite, local.fonction, local.surface_m2, piece, g) for g in groupes]


def _numeroter(besoins: Sequence[Besoin]) -> list[Besoin]:
    """Rooms of one name, numbered; sleeping rooms bear one sequence whatever their beds."""
    noms = [b.nom for b in besoins]
    rangs: dict[str, int] = {}
    numerotes = []
    for b in besoins:
        nom = b.nom
        if noms.count(nom) > 1:
            rangs[nom] = rangs.get(nom, 0) + 1
            nom = f"{nom} {rangs[nom]}"
        numerotes.append(Besoin(nom, b.fonction, b.surface_m2, b.piece, b.groupes))
    return numerotes
