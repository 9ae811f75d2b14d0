"""Inputs of a study that nobody knows for sure, and how far each may be: its interval, the ends of its path, a grant obtained or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.modele.declaration import declaration_de
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.fiches import Fiche
from pope_foncier.socle.nombres import formater

_PART_D_AIDE = ".coefficient"


@dataclass(frozen=True, slots=True)
class Entree:
    """Input in doubt.

    Attributes:
        champ: field of the study, or path (``evolution.bt01``).
        centrale: value that the study takes.
        bas, haut: how far it may be.
        aupres_de: whom to ask.
    """

    champ: str
    libelle: str
    unite: str
    centrale: float
    bas: float
    haut: float
    aupres_de: str = ""

    def dire(self, valeur: float) -> str:
        """One of its values in French."""
        if self.champ.endswith(_PART_D_AIDE):
            return "refusée" if valeur == 0.0 else "accordée" if valeur == self.centrale else formater(valeur, "%")
        return formater(valeur, self.unite)

    @property
    def portee(self) -> str:
        """How far it may be, in French."""
        bas, haut = self.dire(self.bas), self.dire(self.haut)
        return f"de {bas.removesuffix(f'{chr(160)}{self.unite}')} à {haut}"


def entrees_en_doute(etude: Etude, moteur: Moteur) -> list[Entree]:
    """Inputs of a study that it does not know for sure: those with an interval, the paths, the grants that it only hopes for."""
    trouvees = [*_des_donnees(etude, moteur), *_des_aides(etude), *_des_chemins(etude, moteur)]
    return [e for e in trouvees if e.bas < e.haut]


def _des_donnees(etude: Etude, moteur: Moteur) -> Iterator[Entree]:
    for champ, donnee in _donnees(etude, ""):
        if donnee.intervalle is not None and donnee.valeur is not None and moteur.se_tire(champ, etude):
            declaration = declaration_de(etude, champ)
            bas, haut = (float(v) for v in donnee.intervalle)
            yield Entree(
                champ,
                declaration.libelle,
                declaration.unite,
                float(donnee.valeur),
                bas,
                haut,
                donnee.a_obtenir_de or "",
            )


def _donnees(fiche: Fiche, prefixe: str) -> Iterator[tuple[str, Donnee[Any]]]:
    for nom in type(fiche).model_fields:
        valeur, chemin = getattr(fiche, nom), f"{prefixe}{nom}"
        if isinstance(valeur, Donnee):
            yield chemin, valeur
        elif isinstance(valeur, Fiche):
            yield from _donnees(valeur, f"{chemin}.")
        elif isinstance(valeur, tuple):
            for element in valeur:
                if isinstance(element, Fiche) and hasattr(element, "id"):
                    yield from _donnees(element, f"{chemin}[{element.id}].")


def _des_aides(etude: Etude) -> Iterator[Entree]:
    """Grants hoped for, which may be refused."""
    for aide in etude.aides:
        if aide.statut in ("esperee", "demandee") and aide.coefficient > 0:
            champ = f"aides[{aide.id}]{_PART_D_AIDE}"
            yield Entree(champ, aide.libelle, "%", aide.coefficient, 0.0, aide.coefficient, aide.financeur)


def _des_chemins(etude: Etude, moteur: Moteur) -> Iterator[Entree]:
    for nom, chemin in moteur.evolutions.chemins.items():
        centrale = chemin.taux(etude.evolution)
        yield Entree(f"evolution.{nom}", f"Évolution {chemin.libelle}", "%", centrale, chemin.bas, chemin.haut)
