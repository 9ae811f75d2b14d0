"""Sheet of a law, written beside the assumption that it spreads around; correlations of what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from pope_foncier.modele.loi import (
    POIDS_PERT,
    Chance,
    Discrete,
    Entiers,
    Lognormale,
    Loi,
    Normale,
    Pert,
    Triangulaire,
    Uniforme,
)
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Bornes, Entier, Fiche, Nombre, Part, Positif, Texte, faute

FormeDeLoi = Literal["triangulaire", "pert", "lognormale", "uniforme", "normale", "discrete", "entiers", "chance"]


@enregistrement
class _Forme:
    """What a form of law asks for.

    Attributes:
        attend: parameters that it needs, and those that it may have.
        faire: law from the sheet once the value and the range beside it are known.
    """

    attend: tuple[str, ...]
    admet: tuple[str, ...]
    faire: Callable[[FicheLoi], Loi]


class FicheLoi(Fiche):
    """Law as a sheet writes it: its form and its numbers, in the unit of the field; what it leaves out is the range and the value beside it.

    ``loi: pert`` alone is the short way to write ``loi: {forme: pert}``.
    """

    forme: FormeDeLoi
    bas: Nombre | None = None
    mode: Nombre | None = None
    """Most likely value."""
    haut: Nombre | None = None
    poids: Positif | None = None
    """Weight of the most likely value of a PERT law."""
    mediane: Nombre | None = None
    ecart: Positif | None = None
    """Standard deviation of the logarithm of a log-normal law: 0.15 reads as 15 % or so on both sides, two times in three."""
    quantiles: tuple[tuple[Part, Nombre], ...] | None = Field(None, max_length=2)
    """Two values of a log-normal law, each after the chance of falling under it."""
    moyenne: Nombre | None = None
    ecart_type: Positif | None = None
    valeurs: tuple[Nombre, ...] | None = Field(None, max_length=100)
    chances: tuple[Part, ...] | None = Field(None, max_length=100)
    pas: Entier | None = None
    probabilite: Part | None = None
    """Chance of the value beside the law; otherwise nothing."""
    base: Texte | None = None
    """Why this law, when the assumption beside it does not say."""

    @model_validator(mode="before")
    @classmethod
    def _courte(cls, brut: Any) -> Any:
        return {"forme": brut} if isinstance(brut, str) else brut

    @model_validator(mode="after")
    def _de_sa_forme(self) -> FicheLoi:
        forme = _FORMES[self.forme]
        admis = (*forme.attend, *forme.admet)
        de_trop = [nom for nom in self.model_fields_set - {"forme", "base"} if nom not in admis]
        if de_trop:
            raise faute(
                f"la loi « {self.forme} » n'a pas de « {', '.join(sorted(de_trop))} ».",
                f"ne garder que : {', '.join(admis)}.",
            )
        if self.forme == "lognormale" and self.quantiles and (self.mediane, self.ecart) != (None, None):
            raise faute("médiane et écart, ou deux quantiles, mais pas les deux.", "n'en garder qu'une écriture.")
        return self

    def completee(self, valeur: float | None = None, intervalle: tuple[float, float] | None = None) -> FicheLoi:
        """Law with what it leaves out taken from the value and the range of its field."""
        forme = _FORMES[self.forme]
        bas, haut = intervalle or (None, None)
        connus = {"bas": bas, "haut": haut, "mode": valeur, "mediane": valeur, "moyenne": valeur}
        if self.quantiles:
            connus.pop("mediane")
        manquants = {n: connus[n] for n in forme.attend if getattr(self, n) is None and connus.get(n) is not None}
        return self.model_copy(update=manquants)

    def loi(
        self,
        valeur: float | None = None,
        intervalle: tuple[float, float] | None = None,
        bornes: Bornes | None = None,
        champ: str = "",
    ) -> Loi:
        """Law of a field, from the value and the range beside it, within what the field admits.

        Raises:
            ErreurCalcul: a number that it lacks, or that has no meaning.
        """
        entiere = self.completee(valeur, intervalle)
        forme = _FORMES[self.forme]
        manquent = [nom for nom in forme.attend if getattr(entiere, nom) is None]
        if manquent and not entiere.quantiles:
            suite = ", ou l'intervalle du champ" if {"bas", "haut"} & set(manquent) else ""
            raise ErreurCalcul(f"Loi « {self.forme} » : il lui manque {', '.join(manquent)}. Les donner{suite}.")
        faite = forme.faire(entiere)
        if isinstance(faite, Chance) and valeur is not None:
            faite = replace(faite, valeur=valeur)
        return faite.bornee(bornes, champ)


def _lognormale(f: FicheLoi) -> Loi:
    if f.quantiles:
        return Lognormale.par_quantiles(f.quantiles)
    return Lognormale(_nombre(f.mediane), _nombre(f.ecart))


def _nombre(valeur: float | None) -> float:
    assert valeur is not None
    return valeur


def _deux(f: FicheLoi) -> tuple[float, float]:
    return _nombre(f.bas), _nombre(f.haut)


def _trois(f: FicheLoi) -> tuple[float, float, float]:
    return _nombre(f.bas), _nombre(f.mode), _nombre(f.haut)


_FORMES: Mapping[str, _Forme] = {
    "triangulaire": _Forme(("bas", "mode", "haut"), (), lambda f: Triangulaire(*_trois(f))),
    "pert": _Forme(
        ("bas", "mode", "haut"),
        ("poids",),
        lambda f: Pert(*_trois(f), POIDS_PERT if f.poids is None else f.poids),
    ),
    "lognormale": _Forme(("mediane", "ecart"), ("quantiles",), _lognormale),
    "uniforme": _Forme(("bas", "haut"), (), lambda f: Uniforme(*_deux(f))),
    "normale": _Forme(("moyenne", "ecart_type"), (), lambda f: Normale(_nombre(f.moyenne), _nombre(f.ecart_type))),
    "discrete": _Forme(("valeurs", "chances"), (), lambda f: Discrete(f.valeurs or (), f.chances or ())),
    "entiers": _Forme(("bas", "haut"), ("pas",), lambda f: Entiers(*_deux(f), f.pas or 1)),
    "chance": _Forme(("probabilite",), (), lambda f: Chance(_nombre(f.probabilite))),
}
"""Forms of law by name."""


class Correlation(Fiche):
    """Two fields that move together, by how much, and why.

    ``valeur`` is the correlation of the normal scores of the two fields (Gaussian copula): the rank correlation of what is drawn is
    6/π × arcsin(valeur / 2), about the same number.
    """

    champs: tuple[Texte, Texte]
    valeur: Annotated[float, BeforeValidator(Bornes(-1.0, 1.0, "une corrélation"))]
    base: Texte

    @model_validator(mode="after")
    def _deux_champs(self) -> Correlation:
        if self.champs[0] == self.champs[1]:
            raise faute("un champ est toujours lié à lui-même.", "nommer deux champs différents.")
        return self
