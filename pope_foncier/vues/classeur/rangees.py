"""Rows of a workbook: the quantities of recorded graphs, each once, whatever the plan or the round that reads it.

Two quantities computed alike from the same operands are one row: the plan as it stands and the closed plan share all that does not depend
on the closers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.operations import SEULE, Bloc, Detail, LignesDuBloc, Operation, Raison
from pope_foncier.socle.operations_de_calcul import EGAL
from pope_foncier.socle.phrases import Origine

Axe = Literal["", "mois", "annee", "essais"]
"""Columns of a row: one, months, years, or numbers of places tried."""
Genre = Literal["entree", "donnee", "rang", "formule", "tenue"]
"""Input in a named cell, row of data, ranks of the months, formula, value that the engine computes."""
RANG_DU_MOIS = "rang du mois"


@dataclass(eq=False, slots=True, repr=False)
class Rangee:
    """One row: its words, its values, how they are computed.

    Attributes:
        gabarit: formula, as operations write it.
        aides: rows that a block names.
        origine: where an input was read.
        cle: kind and path of an input.
    """

    nom: str
    unite: str
    axe: Axe
    valeur: NDArray[np.float64]
    genre: Genre
    operation: Operation | None = None
    operandes: tuple[Rangee | float, ...] = ()
    parametres: tuple[Any, ...] = ()
    gabarit: str = ""
    aides: dict[str, Rangee] = field(default_factory=dict)
    origine: Origine | None = None
    cle: tuple[str, ...] = ()
    raison: str = ""
    detail: str = ""

    @property
    def dite(self) -> str:
        """Its name, or that of the first quantity that it is computed from and that has one."""
        rangee: Rangee = self
        while not rangee.nom and (suite := next(rangee.lues, None)) is not None:
            rangee = suite
        return rangee.nom or self.detail

    @property
    def lues(self) -> Iterator[Rangee]:
        """Rows that its formula reads."""
        yield from (o for o in self.operandes if isinstance(o, Rangee))
        yield from self.aides.values()


class Rangees:
    """Builds the rows of some quantities.

    Args:
        memoire: inputs, by how the context remembers them.
    """

    def __init__(self, memoire: Mapping[tuple[str, ...], Grandeur]) -> None:
        self._cles = {id(g): cle for cle, g in memoire.items()}
        self._gardees: list[Grandeur] = [*memoire.values()]
        self._par_cle: dict[Any, Rangee] = {}
        self._blocs: dict[Any, dict[str, Rangee]] = {}

    def toutes(
        self, grandeurs: Sequence[Grandeur], a_la_place: Mapping[Grandeur, Rangee] | None = None
    ) -> list[Rangee]:
        """Row of each quantity, some inputs being those of other rows (a round of the closing)."""
        self._gardees += grandeurs
        connues = {id(g): rangee for g, rangee in (a_la_place or {}).items()}
        return [self._une(g, connues, bool(connues)) for g in grandeurs]

    def _une(self, racine: Grandeur, connues: dict[int, Rangee], refaire: bool) -> Rangee:
        pile = [racine]
        while pile:
            g = pile[-1]
            if id(g) in connues:
                pile.pop()
                continue
            manquent = [o for o in g.operandes if isinstance(o, Grandeur) and id(o) not in connues]
            if manquent:
                pile += manquent
                continue
            connues[id(g)] = self._faire(g, connues, refaire)
            pile.pop()
        return connues[id(racine)]

    def _faire(self, g: Grandeur, connues: dict[int, Rangee], refaire: bool) -> Rangee:
        if g.operation is None:
            return self._feuille(g)
        operandes = tuple(connues[id(o)] if isinstance(o, Grandeur) else float(o) for o in g.operandes)
        if g.operation is EGAL and not g.nom and isinstance(operandes[0], Rangee):
            return operandes[0]
        ids = tuple(id(o) if isinstance(o, Rangee) else o for o in operandes)
        cle = (g.operation.cle, ids, en_cle(g.parametres), g.nom, g.unite, g.axe)
        if cle not in self._par_cle:
            self._par_cle[cle] = self._formule(g, operandes, connues, refaire)
        return self._par_cle[cle]

    def _formule(
        self, g: Grandeur, operandes: tuple[Rangee | float, ...], connues: dict[int, Rangee], refaire: bool
    ) -> Rangee:
        operation = g.operation
        assert operation is not None
        valeur = _plate(g.valeur)
        if refaire:
            lues = [o.valeur if isinstance(o, Rangee) else o for o in operandes]
            with np.errstate(all="ignore"):
                valeur = _plate(operation.valeur(*lues, *g.parametres))
        axe: Axe = g.axe or ("essais" if valeur.size > 1 else "")
        rangee = Rangee(g.nom, g.unite, axe, valeur, "formule", operation, operandes, g.parametres)
        rangee.detail = "" if g.nom else _mots(g)
        face = operation.tableur
        if isinstance(face, str):
            rangee.gabarit = face
        elif isinstance(face, Raison):
            rangee.genre, rangee.raison = "tenue", face.mots
        elif isinstance(face, Detail):
            self._detailler(rangee, g, face, connues, refaire)
        else:
            return self._en_bloc(rangee, g, face, connues, refaire)
        return rangee

    def _detailler(self, rangee: Rangee, g: Grandeur, face: Detail, connues: dict[int, Rangee], refaire: bool) -> None:
        operandes = [o if isinstance(o, Grandeur) else Grandeur(o) for o in g.operandes]
        self._gardees += operandes
        ecrite = face.ecrire(*operandes, *g.parametres)
        if isinstance(ecrite, LignesDuBloc):
            self._gardees += ecrite.aides.values()
            rangee.aides = {nom: self._une(aide, connues, refaire) for nom, aide in ecrite.aides.items()}
            rangee.gabarit, rangee.parametres = ecrite.formules[SEULE], ()
            return
        self._gardees.append(ecrite)
        derniere = self._une(ecrite, connues, refaire)
        rangee.operation, rangee.operandes, rangee.gabarit = EGAL, (derniere,), "{0}"
        if not derniere.nom and derniere.genre == "formule":
            rangee.operation, rangee.operandes = derniere.operation, derniere.operandes
            rangee.gabarit, rangee.aides, rangee.parametres = derniere.gabarit, derniere.aides, derniere.parametres

    def _en_bloc(self, rangee: Rangee, g: Grandeur, face: Bloc, connues: dict[int, Rangee], refaire: bool) -> Rangee:
        """One row of a block; its other rows are made with it, once."""
        assert rangee.operation is not None
        *partages, nom = g.parametres
        lignes = face.ecrire(*g.operandes, *partages)
        if isinstance(lignes, Raison):
            rangee.genre, rangee.raison = "tenue", lignes.mots
            return rangee
        if nom not in lignes.formules:
            rangee.genre, rangee.operation, rangee.operandes = "donnee", None, ()
            return rangee
        ids = tuple(id(o) if isinstance(o, Rangee) else o for o in rangee.operandes)
        cle = (rangee.operation.cle, ids, en_cle(tuple(partages)))
        if cle not in self._blocs:
            self._blocs[cle] = self._bloc(rangee, g, lignes, connues, refaire)
        membre = self._blocs[cle][nom]
        if not g.nom or membre.nom == g.nom:
            return membre
        if membre.nom == _MOTS_DU_BLOC.get(nom, nom):
            membre.nom, membre.unite = g.nom, g.unite
            return membre
        rangee.operandes, rangee.parametres, rangee.gabarit, rangee.operation = (membre,), (), "{0}", EGAL
        return rangee

    def _bloc(
        self, rangee: Rangee, g: Grandeur, lignes: Any, connues: dict[int, Rangee], refaire: bool
    ) -> dict[str, Rangee]:
        assert rangee.operation is not None and rangee.operation.ensemble is not None  # noqa: PT018
        self._gardees += lignes.aides.values()
        aides = {nom: self._une(aide, connues, refaire) for nom, aide in lignes.aides.items()}
        lues = [o.valeur if isinstance(o, Rangee) else np.array([o]) for o in rangee.operandes]
        ensemble = rangee.operation.ensemble(*lues, *g.parametres[:-1])
        membres = {
            nom: Rangee(
                _MOTS_DU_BLOC.get(nom, nom),
                "%" if nom == "taux" else "€",
                "mois",
                np.full(rangee.valeur.size, np.nan)
                if getattr(ensemble, nom) is None
                else _plate(getattr(ensemble, nom)),
                "formule",
                rangee.operation,
                rangee.operandes,
                (),
                formule,
                aides,
            )
            for nom, formule in lignes.formules.items()
        }
        for membre in membres.values():
            membre.aides = {**aides, **membres}
        return membres

    def _feuille(self, g: Grandeur) -> Rangee:
        valeur = _plate(g.valeur)
        axe: Axe = g.axe or ("essais" if valeur.size > 1 else "")
        cle = self._cles.get(id(g), ())
        origine = g.origines[0] if g.origines else None
        unique = (cle, g.nom, g.unite, axe, valeur.tobytes(), origine.reference if origine else "")
        if unique not in self._par_cle:
            genre: Genre = "rang" if g.nom == RANG_DU_MOIS else "donnee" if axe else "entree"
            self._par_cle[unique] = Rangee(g.nom, g.unite, axe, valeur, genre, origine=origine, cle=cle)
        return self._par_cle[unique]


_MOTS_DU_BLOC = {
    "interets": "Intérêts du mois",
    "remboursement": "Capital remboursé",
    "restant": "Capital restant dû",
    "taux": "Taux en vigueur",
    "encours": "Encours du relais",
    "tresorerie": "Caisse après relais",
    "deblocage": "Tirage du relais",
    "besoin": "Besoin sans relais",
}


def _plate(valeur: Any) -> NDArray[np.float64]:
    tableau = np.asarray(valeur, dtype=np.float64)
    return tableau.reshape(-1, tableau.shape[-1])[0] if tableau.ndim else tableau.reshape(1)


def _mots(g: Grandeur, profondeur: int = 3) -> str:
    """Words of a quantity without a name: those of the trade, or its operation on those of its operands, the longest left out."""
    assert g.operation is not None
    phrase, termes = (g.phrase, g.dits) if g.phrase else (g.operation.phrase, g.operandes)
    noms = [_mots_de(o, profondeur) if isinstance(o, Grandeur) else formater_nombre(o, 6, 0) for o in termes]
    try:
        texte = phrase.joindre([nom for nom in noms if nom != RIEN] or noms)
    except IndexError:
        texte = phrase.joindre(noms) if RIEN in noms else g.operation.cle
    texte = texte.replace("[", "").replace("]", "")
    if len(texte) <= _LONGUEUR:
        return texte
    return _mots(g, profondeur - 1) if profondeur > 1 else texte[: _LONGUEUR - 1] + "…"


def _mots_de(o: Grandeur, profondeur: int) -> str:
    """Name of an operand, or its own operation in brackets."""
    if o.nom or o.operation is None or not profondeur:
        return o.nom or "…"
    return f"({_mots(o, profondeur - 1)})"


RIEN = "Rien"
"""Name of a term that adds nothing."""
_LONGUEUR = 90
"""Longest label of a row without a name."""


def en_cle(valeur: Any) -> Any:
    """Hashable that tells two parameters apart by what they hold."""
    if isinstance(valeur, np.ndarray):
        return valeur.tobytes()
    if isinstance(valeur, list | tuple):
        return tuple(en_cle(v) for v in valeur)
    if isinstance(valeur, Mapping):
        return tuple((cle, en_cle(v)) for cle, v in valeur.items())
    if isinstance(valeur, BaseModel):
        return valeur.model_dump_json()
    if is_dataclass(valeur) and not isinstance(valeur, type):
        return tuple(en_cle(getattr(valeur, f.name)) for f in fields(valeur) if f.compare)
    return valeur
