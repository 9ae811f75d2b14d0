"""Input: a number of a site or study with its provenance — fact, assumption, reference to a scale, or unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import model_validator

from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.fiche_loi import FicheLoi
from pope_foncier.socle import fiches
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Bornes, Fiche, Jour, Texte, bornes_dans, faute

T = TypeVar("T")

Reponse = Literal["oui", "non", "inconnu"]
"""Answer to a question of fact; « inconnu » never counts as met."""


class Reference(Fiche):
    """Source of a fact: a published page, its date of consultation."""

    titre: Texte
    url: str | None = None
    consulte_le: Jour


class Donnee(Fiche, Generic[T]):
    """Input with its provenance; it is exactly one of these.

    - a fact: ``valeur`` and ``source``;
    - an assumption: ``valeur`` and ``base`` (why this value), with its range ``intervalle`` when known;
    - a reference: ``bareme`` (path of a scale, read at the date of the request);
    - an unknown: no value, and ``a_obtenir_de`` (whom to ask).
    """

    valeur: T | None = None
    bareme: Texte | None = None
    intervalle: tuple[T, T] | None = None
    loi: FicheLoi | None = None
    """How the value may turn out; without it, an interval has the default law of ``data/hypotheses/doute.yaml``."""
    base: Texte | None = None
    source: Reference | None = None
    fiabilite: Fiabilite | None = None
    a_obtenir_de: Texte | None = None

    @model_validator(mode="after")
    def _provenance(self) -> Self:
        if self.bareme is not None:
            if self.valeur is not None:
                raise faute("« valeur » et « bareme » à la fois.", "n'en garder qu'un.")
        elif self.valeur is None:
            if self.a_obtenir_de is None:
                raise faute("valeur inconnue sans personne à qui la demander.", "ajouter « a_obtenir_de ».")
        elif self.source is None and self.base is None:
            raise faute(
                "source absente : un nombre est un fait publié ou une hypothèse motivée.",
                "ajouter « source » (fait) ou « base » (hypothèse).",
            )
        if self.intervalle is not None:
            bas, haut = self.intervalle
            if bas > haut:  # type: ignore[operator]
                raise faute("l'intervalle est à l'envers.", "écrire [bas, haut].")
            if self.valeur is not None and not bas <= self.valeur <= haut:  # type: ignore[operator]
                raise faute("la valeur sort de son intervalle.", "corriger la valeur ou l'intervalle.")
        if self.loi is not None:
            if self.valeur is None:
                raise faute("une loi sans valeur centrale.", "ajouter « valeur » et « base », ou retirer « loi ».")
            try:
                self.loi.loi(self.valeur, self.intervalle, self._bornes())  # type: ignore[arg-type]
            except ErreurCalcul as erreur:
                raise faute(f"{erreur}", "corriger « loi ».") from None
        return self

    @classmethod
    def _bornes(cls) -> Bornes | None:
        """What the type of the value admits."""
        du_type = cls.__pydantic_generic_metadata__["args"]
        return bornes_dans(m for a in du_type for m in getattr(a, "__metadata__", ()))

    @property
    def est_hypothese(self) -> bool:
        """Whether the value is an assumption of the study, to show as such."""
        return self.valeur is not None and self.source is None


def donnees_de(fiche: Any, avant: str = "") -> Iterator[tuple[str, Donnee[Any]]]:
    """Inputs that a sheet gives and those of the sheets under it, with their path."""
    for nom in type(fiche).model_fields:
        valeur, chemin = getattr(fiche, nom), f"{avant}{nom}"
        if isinstance(valeur, Donnee):
            yield chemin, valeur
        elif isinstance(valeur, Fiche):
            yield from donnees_de(valeur, f"{chemin}.")
        elif isinstance(valeur, tuple):
            for element in valeur:
                if isinstance(element, Fiche) and hasattr(element, "id"):
                    yield from donnees_de(element, f"{chemin}[{element.id}].")


def sans_id(chemin: str) -> str:
    """Path of a field without the identifiers of the lists on its way."""
    return re.sub(r"\[[^\]]*\]", "", chemin)


def a_peu_pres(valeur: float, tolerance: float, base: str) -> Donnee[float]:
    """Assumption known within a tolerance on both sides [fraction], without range when there is none."""
    intervalle = (valeur * (1 - tolerance), valeur * (1 + tolerance)) if tolerance else None
    return Donnee(valeur=valeur, intervalle=intervalle, base=base)


DonneeNombre = Donnee[fiches.Nombre]
DonneePositif = Donnee[fiches.Positif]
DonneeAuMoinsUn = Donnee[fiches.AuMoinsUn]
DonneeEuros = Donnee[fiches.Euros]
DonneeSurface = Donnee[fiches.SurfaceM2]
DonneeTaux = Donnee[fiches.Taux]
DonneePart = Donnee[fiches.Part]
DonneeMois = Donnee[fiches.DureeMois]
DonneeMoisSigne = Donnee[fiches.MoisSigne]
DonneeEntier = Donnee[fiches.Entier]
