"""Territory: public tables by commune, each with its geography; sums across a merger, unknown communes kept unknown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneePositif, Reference
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Annee, CodeInsee, Fiche, Nombre, Positif, Texte, faute, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.trouver import trouver

Decoupage = Literal["avant_2025", "communes_2025"]
DECOUPAGE_EN_CLAIR: dict[Decoupage, str] = {"avant_2025": "communes d'avant 2025", "communes_2025": "communes de 2025"}


class Commune(Fiche):
    """Commune of today: its older codes when it comes from a merger, and its priority districts (QPV 2024)."""

    code: CodeInsee
    nom: Texte
    anciennes: tuple[CodeInsee, ...] = ()
    qpv: tuple[Texte, ...] = ()
    """Codes of the QPV that touch the commune; whether a plot lies in one must be asked."""

    @property
    def codes_avant(self) -> tuple[str, ...]:
        """Codes of the same land in the older geography."""
        return self.anciennes or (self.code,)


class Mesure(Fiche):
    """Table of a public source: values by commune and year, in the geography of the source."""

    libelle: Texte
    unite: str
    decoupage: Decoupage
    additive: bool
    """Whether communes may be summed: counts may, rates and medians may not."""
    source: Texte
    fiabilite: Fiabilite
    a_obtenir_de: Texte | None = None
    note: Texte | None = None
    valeurs: dict[CodeInsee, dict[Annee, Positif]]


class TauxDeReference(Fiche):
    """Published rate to compare with, per 100 children under three."""

    nom: Texte
    annee: Annee
    taux: Nombre
    source: Reference
    fiabilite: Fiabilite


class Retombees(Fiche):
    """Published ratios of what places bring: jobs, parents returning to work, with the caution of their source."""

    emplois_par_place: Annotated[DonneePositif, Declaration("Emplois par place", "emplois/place")]
    part_emploi: Annotated[DonneePositif, Declaration("Parents qui trouvent un emploi", "par place Avip")]
    part_formation: Annotated[DonneePositif, Declaration("Parents qui entrent en formation", "par place Avip")]
    part_emploi_perdu: Annotated[DonneePositif, Declaration("Part des emplois perdus ensuite", "%")]
    part_places_avip: Annotated[DonneePositif, Declaration("Part des places à vocation d'insertion (Avip)", "%")]


class FicheTerritoire(Fiche):
    """Sheet of a territory."""

    nom: Texte
    communes: tuple[Commune, ...] = Field(min_length=1, max_length=2000)
    sources: dict[str, Reference]
    mesures: dict[str, Mesure]
    references: tuple[TauxDeReference, ...] = ()
    retombees: Retombees

    def __repr__(self) -> str:
        return f"FicheTerritoire({self.nom!r}, {len(self.communes)} communes)"

    @model_validator(mode="after")
    def _codes_et_sources(self) -> FicheTerritoire:
        nouveaux = {c.code for c in self.communes}
        anciens = {a for c in self.communes for a in c.codes_avant}
        for nom, mesure in self.mesures.items():
            if mesure.source not in self.sources:
                raise faute(f"la mesure « {nom} » cite la source « {mesure.source} », absente.", "la décrire.")
            connus = nouveaux if mesure.decoupage == "communes_2025" else anciens
            etrangers = sorted(set(mesure.valeurs) - connus)
            if etrangers:
                raise faute(
                    f"la mesure « {nom} » ({DECOUPAGE_EN_CLAIR[mesure.decoupage]}) cite {', '.join(etrangers)}.",
                    "vérifier le découpage de la table, ou ajouter la commune.",
                )
        return self

    def mesure(self, nom: str) -> Mesure:
        """Table of a source, by its name.

        Raises:
            ErreurCalcul: unknown measure; the known ones are listed.
        """
        if nom not in self.mesures:
            raise ErreurCalcul(
                f"Mesure inconnue : « {nom} ». Choisir parmi : {', '.join(self.mesures) or 'aucune'}, ou l'ajouter au territoire."
            )
        return self.mesures[nom]

    def table(self, nom: str) -> TableCommunes:
        """Measure brought to the communes of 2025: merged communes are summed, or unknown when they cannot be.

        Raises:
            ErreurCalcul: unknown measure; the known ones are listed.
        """
        mesure = self.mesure(nom)
        annees = tuple(sorted({a for v in mesure.valeurs.values() for a in v}))
        valeurs = np.array([[_valeur(mesure, c, a) for a in annees] for c in self.communes])
        return TableCommunes(
            mesure.libelle, mesure.unite, tuple(c.code for c in self.communes), annees, valeurs, mesure
        )

    def commune(self, code: str) -> Commune:
        """Commune of 2025 by its code, or by the code of one that merged into it.

        Raises:
            ErreurCalcul: not in the territory.
        """
        for commune in self.communes:
            if code == commune.code or code in commune.anciennes:
                return commune
        raise ErreurCalcul(f"Commune {code} hors du territoire « {self.nom} ».")


def _valeur(mesure: Mesure, commune: Commune, annee: int) -> float:
    """Value of a commune of 2025; one missing part of a merger, or a rate over several parts, leaves it unknown."""
    if mesure.decoupage == "communes_2025":
        return mesure.valeurs.get(commune.code, {}).get(annee, np.nan)
    parts = [mesure.valeurs.get(c, {}).get(annee, np.nan) for c in commune.codes_avant]
    if len(parts) > 1 and not mesure.additive:
        return float("nan")
    return float(sum(parts))


@dataclass(frozen=True, slots=True)
class TableCommunes:
    """Table by commune of 2025 and year; NaN is unknown.

    Attributes:
        libelle: French label.
        unite: unit.
        codes: communes, in the order of the rows.
        annees: years, in the order of the columns.
        valeurs: shape (communes, years).
        mesure: the source table, None for a computed one.
    """

    libelle: str
    unite: str
    codes: tuple[str, ...]
    annees: tuple[int, ...]
    valeurs: Tableau
    mesure: Mesure | None = None

    def de(self, annee: int) -> Tableau:
        """Values of a year, shape (communes,).

        Raises:
            ErreurCalcul: the table does not have this year.
        """
        if annee not in self.annees:
            connues = ", ".join(str(a) for a in self.annees)
            raise ErreurCalcul(f"{self.libelle} : pas de valeur en {annee}. Années de la table : {connues}.")
        return np.asarray(self.valeurs[:, self.annees.index(annee)])

    def inconnues(self, annee: int) -> tuple[str, ...]:
        """Communes that the table does not have in a year."""
        return tuple(c for c, v in zip(self.codes, self.de(annee), strict=True) if np.isnan(v))

    def total_connu(self, annee: int) -> float:
        """Sum over the communes that are known; rates are refused.

        Raises:
            ErreurCalcul: a rate or a median does not add up.
        """
        if self.mesure is not None and not self.mesure.additive:
            raise ErreurCalcul(f"{self.libelle} : un taux ou une médiane ne s'additionne pas.")
        return float(np.nansum(self.de(annee)))


def rapporter(numerateur: Mesure, denominateur: Mesure, code: str, annee: int) -> float:
    """Ratio of two source tables for one code; refused when their geographies differ.

    Raises:
        ErreurCalcul: the two tables do not cover the same land under this code; says to bring both to 2025 first.
    """
    if numerateur.decoupage != denominateur.decoupage:
        raise ErreurCalcul(
            f"« {numerateur.libelle} » ({DECOUPAGE_EN_CLAIR[numerateur.decoupage]}) et « {denominateur.libelle} » "
            f"({DECOUPAGE_EN_CLAIR[denominateur.decoupage]}) ne couvrent pas le même territoire sous le code {code} : "
            "ramener les deux aux communes de 2025 avant tout rapport."
        )
    haut, bas = (m.valeurs.get(code, {}).get(annee, np.nan) for m in (numerateur, denominateur))
    return float(haut / bas) if bas else float("nan")


@lru_cache(maxsize=4)
def lire_territoire(nom: str | Path = "plaine_commune") -> FicheTerritoire:
    """Read the sheet of a territory, by its name or its path."""
    return lire_fiche(FicheTerritoire, trouver(nom, "territoires"))
