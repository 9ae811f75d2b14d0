"""Words of a mode d'accueil for its printed sheet: operation, rules, governance; every figure is read in the scales."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.projet.modes import ModeEtude
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, faute, lire_fiche
from pope_foncier.socle.nombres import formater

_RENVOI = re.compile(r"\{([a-z_0-9.]+)(?:\[([a-z_0-9]+)\])?\}")


class FicheMode(Fiche):
    """Words of one mode: no digit is typed, ``{path of a scale[row]}`` is replaced by its value at the date."""

    titre: Texte
    mode: ModeEtude
    scenario: Texte
    """Scenario of the study that gives the figures of the mode."""
    fonctionnement: tuple[Texte, ...] = Field(min_length=1)
    regles: tuple[Texte, ...] = Field(min_length=1)
    economie: tuple[Texte, ...] = Field(min_length=1)
    gouvernance: tuple[Texte, ...] = Field(min_length=1)
    membres: tuple[Texte, ...] = ()
    """Members of PôPE who run this mode."""

    @model_validator(mode="after")
    def _sans_chiffre(self) -> FicheMode:
        for texte in (*self.fonctionnement, *self.regles, *self.economie, *self.gouvernance):
            if re.search(r"\d", _RENVOI.sub("", texte)):
                raise faute(
                    f"un chiffre est écrit dans « {texte} ».",
                    "le remplacer par un renvoi {chemin du barème} ou l'ôter.",
                )
        return self


class FichesModes(Fiche):
    """All the sheets, and the study that they read."""

    etude: Texte
    modes: dict[str, FicheMode]


@lru_cache(maxsize=2)
def lire_fiches_modes(chemin: Path | None = None) -> FichesModes:
    """Read the words of the modes."""
    return lire_fiche(FichesModes, chemin or dossier_donnees() / "fiches" / "modes.yaml")


def remplir(texte: str, catalogue: Catalogue, jour: date) -> str:
    """Text with its references replaced by the value of the scale on a day; an empty slot reads « non publié ».

    Raises:
        ErreurBareme: unknown path, or day outside the known periods.
    """

    def valeur(renvoi: re.Match[str]) -> str:
        datee = catalogue.a_la_date(renvoi[1], jour)
        if datee.valeur is None:
            return "non publié"
        nombre = datee.valeur[renvoi[2]] if renvoi[2] else datee.valeur
        return formater(float(nombre), datee.unite)

    return _RENVOI.sub(valeur, texte)
