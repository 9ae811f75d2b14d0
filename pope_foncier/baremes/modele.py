"""Scales: a number of the law or of a public scheme, its dated values, the source and the reliability of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR, Fiabilite
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import Fiche, Jour, Nombre, Texte, faute
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.temps import date_en_clair

NatureSource = Literal[
    "texte_officiel", "page_officielle", "donnees_ouvertes", "presse", "guide", "depot_public", "estimation"
]


def _francais(nombre: float) -> str:
    return formater_nombre(nombre, 4, 0)


class Source(Fiche):
    """Source: where a number was read, and when it was last consulted."""

    titre: Texte
    url: str | None = None
    nature: NatureSource
    consulte_le: Jour

    @model_validator(mode="after")
    def _adresse(self) -> Self:
        if self.url is None and self.nature not in ("estimation", "guide"):
            raise faute("une source publiée sans adresse.", "donner « url », ou dire « nature: estimation ».")
        return self

    def en_clair(self) -> str:
        """French mention: title and date of consultation."""
        return f"{self.titre}, consulté le {date_en_clair(self.consulte_le)}"


class Tranche(Fiche):
    """Bracket of a marginal scale: ``taux`` applies up to ``jusqu_a`` (none = no upper bound)."""

    jusqu_a: Nombre | None = None
    taux: Nombre


class FicheValeur(Fiche):
    """Dated value as written in a file; exactly one of ``valeur`` (may be empty), ``table`` and ``tranches``.

    ``depuis`` is its start. A value whose start is unknown says ``au_plus_tard``, the day on which it was seen in force; ``depuis`` is then
    the first day on which it is admitted (the start of the text), else ``FicheBareme.debuts`` says it.
    """

    valeur: Nombre | None = None
    table: dict[str, Nombre] | None = None
    tranches: tuple[Tranche, ...] | None = Field(None, min_length=1)
    depuis: Jour | None = None
    au_plus_tard: Jour | None = None
    jusqu_au: Jour | None = None
    source: Texte
    fiabilite: Fiabilite
    note: Texte | None = None

    @model_validator(mode="after")
    def _coherence(self) -> Self:
        jours = [jour for jour in (self.depuis, self.au_plus_tard) if jour is not None]
        if not jours:
            raise faute(
                "la valeur ne dit pas quand elle commence.",
                "donner « depuis », ou « au_plus_tard » : le jour où elle a été vue, si le début est inconnu.",
            )
        if jours != sorted(jours):
            raise faute("« au_plus_tard » vient avant « depuis ».", "corriger l'un des deux, ou retirer « depuis ».")
        if self.jusqu_au and self.jusqu_au < jours[-1]:
            debut = "depuis" if self.au_plus_tard is None else "au_plus_tard"
            raise faute("la période finit avant de commencer.", f"corriger « {debut} » ou « jusqu_au ».")
        if (self.table is not None) + (self.tranches is not None) + (self.valeur is not None) > 1:
            raise faute("une seule forme à la fois : « valeur », « table » ou « tranches ».", "n'en garder qu'une.")
        return self


class FicheBareme(Fiche):
    """Scale as written in a file."""

    libelle: Texte
    unite: str
    bornes: tuple[Nombre, Nombre] | None = None
    document: Texte | None = None
    valeurs: tuple[FicheValeur, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _periodes_et_bornes(self) -> Self:
        for avant, depuis in zip(self.valeurs, self.debuts()[1:], strict=False):
            if avant.jusqu_au is None or depuis <= avant.jusqu_au:
                raise faute(
                    f"deux valeurs se chevauchent à partir du {date_en_clair(depuis)}.",
                    "ranger les valeurs par date et fermer chaque période (« jusqu_au »).",
                )
        mini, maxi = self.bornes or ((-1.0, 1.5) if self.unite == "%" else (None, None))
        if mini is not None and maxi is not None:
            for nombre in self.nombres():
                if not mini <= nombre <= maxi:
                    raise faute(
                        f"{_francais(nombre)} sort des bornes [{_francais(mini)} ; {_francais(maxi)}].",
                        "corriger la valeur, ou les bornes ; un taux s'écrit en fraction (0.035).",
                    )
        return self

    def debuts(self) -> tuple[date, ...]:
        """First day on which each value is read.

        Its start; where it is unknown, the first day admitted, else the day after the value before it, else the first of the year in which
        it was seen.
        """
        debuts: list[date] = []
        for rang, v in enumerate(self.valeurs):
            fin = self.valeurs[rang - 1].jusqu_au if rang else None
            vue = v.au_plus_tard or date.max
            debuts.append(v.depuis or (fin + timedelta(1) if fin else vue.replace(month=1, day=1)))
        return tuple(debuts)

    def nombres(self) -> Iterator[float]:
        """Every number of every period, whatever its form."""
        for v in self.valeurs:
            if v.valeur is not None:
                yield v.valeur
            yield from (v.table or {}).values()
            yield from (t.taux for t in v.tranches or ())


class FicheProduit(Fiche):
    """Loan product: who may borrow, and how it is repaid; its figures are the scales of the same file."""

    emprunteurs: tuple[Texte, ...] = Field(min_length=1)
    genre: Literal["pret", "quasi_fonds_propres", "relais", "garantie"]
    profil: Texte | None = None
    index: Texte | None = None
    periodes_par_an: tuple[Literal[12, 6, 4, 2, 1], ...] = ()
    """Payments a year that the lender accepts; empty when nothing was seen."""
    notes: tuple[Texte, ...] = ()


class FichierBaremes(Fiche):
    """File of scales: a title, its sources by key, its scales by name."""

    titre: Texte
    document: Texte | None = None
    sources: dict[str, Source]
    baremes: dict[str, FicheBareme] = Field(min_length=1)
    produit: FicheProduit | None = None
    dispositif: FicheDispositif | None = None

    @model_validator(mode="after")
    def _sources_citees(self, info: ValidationInfo) -> Self:
        for nom, bareme in self.baremes.items():
            for valeur in bareme.valeurs:
                if valeur.source not in self.sources:
                    raise faute(
                        f"le barème « {nom} » cite la source « {valeur.source} », absente de « sources ».",
                        f"la décrire, ou choisir parmi : {', '.join(self.sources)}." if self.sources else "la décrire.",
                    )
        return self

    @model_validator(mode="after")
    def _baremes_du_dispositif(self) -> Self:
        for nom in self.dispositif.noms_cites() if self.dispositif else ():
            if nom not in self.baremes:
                raise faute(
                    f"le dispositif cite le barème « {nom} », absent du fichier.",
                    f"le décrire, ou choisir parmi : {', '.join(self.baremes)}.",
                )
        return self


@dataclass(frozen=True)
class ValeurDatee:
    """Dated value: what a scale was worth over a period, with its source and reliability.

    Attributes:
        depuis: first day on which it is read; its start, unless ``au_plus_tard`` is given.
        au_plus_tard: day on which it was seen in force, its start being unknown; None when the start is known.
        document: document to ask for when the slot is empty.
    """

    chemin: str
    libelle: str
    unite: str
    valeur: Any
    depuis: date
    jusqu_au: date | None
    source: Source
    fiabilite: Fiabilite
    note: str | None
    document: str
    au_plus_tard: date | None = None

    @cached_property
    def mention(self) -> str:
        """French words of where it is read: scale, period, source and how sure it is."""
        source = f"{self.source.en_clair()}, {self.fiabilite_en_clair}"
        return f"barème {self.chemin}, valeur {self.periode_en_clair()}, {source}"

    def couvre(self, jour: date) -> bool:
        """Whether the value is in force on that day, or admitted to be (``admise``)."""
        return self.depuis <= jour and (self.jusqu_au is None or jour <= self.jusqu_au)

    @property
    def fiabilite_du_debut(self) -> Fiabilite:
        """How sure the day of its start is: as the value, or to confirm when it is unknown."""
        return self.fiabilite if self.au_plus_tard is None else "a_confirmer"

    @property
    def fiabilite_en_clair(self) -> str:
        """How sure the value is, in French, and the day of its start when that is less sure."""
        dite = FIABILITE_EN_CLAIR[self.fiabilite]
        if self.fiabilite_du_debut == self.fiabilite:
            return dite
        return f"{dite}, début {FIABILITE_EN_CLAIR[self.fiabilite_du_debut]}"

    def admise(self, jour: date) -> str:
        """French words for a day that the value covers by assumption, before it was seen in force; nothing otherwise."""
        if self.au_plus_tard is None or not self.depuis <= jour < self.au_plus_tard:
            return ""
        return f"admise dès le {date_en_clair(self.depuis)} par hypothèse"

    def debut_en_clair(self) -> str:
        """French start: ``1er janvier 2026``, or since when it is known to be in force."""
        if self.au_plus_tard is None:
            return date_en_clair(self.depuis)
        return f"au plus tard le {date_en_clair(self.au_plus_tard)}, début inconnu"

    def periode_en_clair(self) -> str:
        """French period: ``depuis le 1er janvier 2026``, ``du … au …`` or ``en vigueur au plus tard le …, début inconnu``."""
        if self.au_plus_tard is not None:
            if self.valeur is None:
                return f"constatée le {date_en_clair(self.au_plus_tard)}"
            fin = f", jusqu'au {date_en_clair(self.jusqu_au)}" if self.jusqu_au else ""
            return f"en vigueur {self.debut_en_clair()}{fin}"
        if self.jusqu_au is None:
            return f"depuis le {date_en_clair(self.depuis)}"
        return f"du {date_en_clair(self.depuis)} au {date_en_clair(self.jusqu_au)}"


@enregistrement
class Bareme:
    """Scale: a readable path and its dated values, oldest first."""

    chemin: str
    libelle: str
    unite: str
    valeurs: tuple[ValeurDatee, ...]

    def fois(self, rang: int, facteur: float) -> Bareme:
        """The same scale, each number of one of its values multiplied; the bounds of its brackets stay."""
        valeurs = list(self.valeurs)
        valeurs[rang] = replace(valeurs[rang], valeur=_fois(valeurs[rang].valeur, facteur))
        return Bareme(self.chemin, self.libelle, self.unite, tuple(valeurs))


def _fois(valeur: Any, facteur: float) -> Any:
    if isinstance(valeur, dict):
        return {cle: nombre * facteur for cle, nombre in valeur.items()}
    if isinstance(valeur, tuple):
        return tuple(Tranche(jusqu_a=t.jusqu_a, taux=t.taux * facteur) for t in valeur)
    return None if valeur is None else valeur * facteur


def construire(prefixe: str, fichier: FichierBaremes) -> dict[str, Bareme]:
    """Build the frozen scales of a file; their path is ``prefix.name``."""
    baremes = {}
    for nom, fiche in fichier.baremes.items():
        chemin = f"{prefixe}.{nom}"
        document = fiche.document or fichier.document or f"texte ou barème officiel : {fichier.titre}"
        valeurs = tuple(
            ValeurDatee(
                chemin=chemin,
                libelle=fiche.libelle,
                unite=fiche.unite,
                valeur=v.valeur if v.table is None and v.tranches is None else (v.table or v.tranches),
                depuis=depuis,
                jusqu_au=v.jusqu_au,
                source=fichier.sources[v.source],
                fiabilite=v.fiabilite,
                note=v.note,
                document=document,
                au_plus_tard=v.au_plus_tard,
            )
            for v, depuis in zip(fiche.valeurs, fiche.debuts(), strict=True)
        )
        baremes[chemin] = Bareme(chemin, fiche.libelle, fiche.unite, valeurs)
    return baremes
