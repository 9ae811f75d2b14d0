"""Studies that settle a doubt before deciding: what each one tells, whom to ask, its cost and its delay; assumptions of the data folder."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from pope_foncier.modele.donnee import Reference
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import DureeMois, Euros, Fiche, Identifiant, Texte, faute, lire_fiche

_ID = re.compile(r"\[([^\]]*)\]")


class EtudeACommander(Fiche):
    """Study, opinion or quote that settles some inputs."""

    id: Identifiant
    libelle: Texte
    sait: Texte
    """What one knows once it is done."""
    a_qui: Texte
    champs: tuple[Texte, ...] = Field(min_length=1)
    """Inputs that it settles, without identifiers; the beginning of a path stands for all that follows."""
    seulement: tuple[Texte, ...] = ()
    """Words of which the identifier of the element holds one."""
    cout: tuple[Euros, Euros]
    delai_mois: tuple[DureeMois, DureeMois]
    base: Texte
    source: Reference | None = None
    """Page that publishes the price; without it, an assumption."""

    @model_validator(mode="after")
    def _fourchettes(self) -> EtudeACommander:
        if self.cout[0] > self.cout[1] or self.delai_mois[0] > self.delai_mois[1]:
            raise faute("une fourchette est à l'envers.", "écrire [bas, haut].")
        return self

    def regle(self, champ: str) -> bool:
        """Whether it settles an input."""
        nu = _ID.sub("", champ)
        if not any(nu == c or nu.startswith(f"{c}.") for c in self.champs):
            return False
        noms = _ID.findall(champ)
        return not self.seulement or any(mot in nom for nom in noms for mot in self.seulement)


class EtudesACommander(Fiche):
    """Studies, the first that settles an input being the one proposed."""

    etudes: tuple[EtudeACommander, ...]

    def pour(self, champ: str) -> EtudeACommander | None:
        """Study that settles an input; None when nothing tells it beforehand."""
        return next((e for e in self.etudes if e.regle(champ)), None)


@lru_cache(maxsize=2)
def lire_etudes_a_commander(chemin: Path | None = None) -> EtudesACommander:
    """Read the studies of the data folder."""
    return lire_fiche(EtudesACommander, chemin or dossier_donnees() / "hypotheses" / "etudes_a_commander.yaml")
