"""Inputs of a study that nobody knows for sure, and how far each may be: its law, its interval, the ends of its path, a grant obtained or refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pope_foncier.decision.doute.evenements import cle
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, reglages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.loi import Loi
from pope_foncier.socle.nombres import formater

EVENEMENTS = "evenements["
"""Beginning of the names of events among what is drawn."""
_PART_D_AIDE = ".coefficient"
_CENTILES = np.array([0.1, 0.9])


@dataclass(frozen=True, slots=True)
class Entree:
    """Input in doubt.

    Attributes:
        champ: field of the study, or path (``evolution.bt01``).
        centrale: value that the study takes.
        bas, haut: how far it may be.
        aupres_de: whom to ask.
        choix: why it is chosen rather than learnt; nothing when it is learnt.
    """

    champ: str
    libelle: str
    unite: str
    centrale: float
    bas: float
    haut: float
    aupres_de: str = ""
    choix: str = ""

    @property
    def tout_ou_rien(self) -> bool:
        """Whether it is one of its ends, and nothing between: a grant obtained or refused."""
        return self.champ.endswith(_PART_D_AIDE)

    def dire(self, valeur: float) -> str:
        """One of its values in French."""
        if self.tout_ou_rien:
            return "refusée" if valeur == 0.0 else "accordée" if valeur == self.centrale else formater(valeur, "%")
        return formater(valeur, self.unite)

    @property
    def est_un_evenement(self) -> bool:
        """Whether it is something that may happen, rather than a number."""
        return self.champ.startswith(EVENEMENTS)

    @property
    def portee(self) -> str:
        """How far it may be, in French."""
        if self.est_un_evenement:
            return "arrive ou non"
        bas, haut = self.dire(self.bas), self.dire(self.haut)
        return f"de {bas.removesuffix(f'{chr(160)}{self.unite}')} à {haut}"


def entrees_en_doute(
    etude: Etude, moteur: Moteur, centiles: bool = False, regles: Reglages | None = None
) -> list[Entree]:
    """Inputs of a study that it does not know for sure: what is drawn, what is held for it is chosen, and the grants only hoped for.

    Args:
        centiles: from the tenth to the ninetieth percentile of each law; by default its ends, where it has some.
        regles: what is drawn and what is held; by default, what the study says of its doubt.
    """
    regles = regles or reglages(etude, moteur)
    connues = [
        entree_tiree(etude, moteur, champ, loi, centiles)
        for champ, loi in regles.lois.items()
        if not champ.startswith(EVENEMENTS)
    ]
    lues = [*connues, *_des_choix(etude, moteur, regles), *_des_aides(etude, regles)]
    return [e for e in lues if e.bas < e.haut]


def entree_tiree(etude: Etude, moteur: Moteur, champ: str, loi: Loi, centiles: bool = False) -> Entree:
    """Input that is drawn, between the ends of its law or two of its percentiles; an event, by the rank of what happens."""
    bas, haut = loi.support
    if champ.startswith(EVENEMENTS) and etude.doute is not None:
        evenement = next(e for e in etude.doute.evenements if cle(e) == champ)
        return Entree(champ, evenement.libelle, "", 0.0, bas, haut)
    if centiles or not (math.isfinite(bas) and math.isfinite(haut)):
        bas, haut = (float(v) for v in loi.valeurs(_CENTILES))
    if champ.startswith(EVOLUTION):
        chemin = moteur.evolutions.chemins[champ.removeprefix(EVOLUTION)]
        return Entree(champ, f"Évolution {chemin.libelle}", "%", chemin.taux(etude.evolution), bas, haut)
    return _de_la_fiche(etude, champ, bas, haut)


def _de_la_fiche(etude: Etude, champ: str, bas: float, haut: float, choix: str = "") -> Entree:
    declaration, lue = declaration_de(etude, champ), lire_champ(etude, champ)
    dite = lue.valeur if isinstance(lue, Donnee) else lue
    valeur = math.nan if dite is None else float(dite)
    aupres_de = lue.a_obtenir_de if isinstance(lue, Donnee) else None
    aide = champ.endswith(_PART_D_AIDE) and champ.startswith("aides[")
    if aide:
        elle = lire_champ(etude, champ.removesuffix(_PART_D_AIDE))
        return Entree(champ, elle.libelle, "%", valeur, bas, haut, elle.financeur, choix)
    return Entree(champ, declaration.libelle, declaration.unite, valeur, bas, haut, aupres_de or "", choix)


def _des_choix(etude: Etude, moteur: Moteur, regles: Reglages) -> Iterator[Entree]:
    """Inputs with an interval that a study chooses, so that none is drawn."""
    for champ, raison in regles.tenus.items():
        donnee = lire_champ(etude, champ)
        if isinstance(donnee, Donnee) and donnee.intervalle is not None and moteur.se_tire(champ, etude):
            bas, haut = (float(v) for v in donnee.intervalle)
            yield _de_la_fiche(etude, champ, bas, haut, raison)


def _des_aides(etude: Etude, regles: Reglages) -> Iterator[Entree]:
    """Grants hoped for without a probability, which may be refused all the same."""
    for aide in etude.aides:
        champ = f"aides[{aide.id}]{_PART_D_AIDE}"
        if aide.statut in ("esperee", "demandee") and aide.coefficient > 0 and champ not in regles.lois:
            yield _de_la_fiche(etude, champ, 0.0, aide.coefficient)
