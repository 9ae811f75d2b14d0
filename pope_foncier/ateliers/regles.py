"""Rules of the workshops, as data: levers and their bounds, contributions, closers, stresses, inhabitants of the communes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import model_validator

from pope_foncier.etude.fiche import Etude
from pope_foncier.exploitation.fiche_contribution import ModeContribution
from pope_foncier.modele.declaration import entrees_du_modele, proposer
from pope_foncier.modele.fiche_bouclage import NatureBouclage
from pope_foncier.modele.financement import Versement
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Fiche, Texte, faute, lire_fiche
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.nombres import formater, formater_nombre


class LevierAtelier(Fiche):
    """Lever of a workshop: a slider in whole units, and the field of the study that it moves."""

    nom: Texte
    libelle: Texte = ""
    """Words beside the slider; without them, the label that the input declares."""
    unite: Texte = ""
    """Unit of the slider; without it, that of the input."""
    mini: int
    maxi: int
    pas: int = 1
    facteur: float
    """Unit of the study per unit of the slider."""
    champ: Texte | None = None
    vide: Texte | None = None
    """What the field says when the study sets nothing: no limit."""
    essai: int | None = None
    """Step that a meeting tries at once, in slider units: its effect ranks the lever."""

    @model_validator(mode="before")
    @classmethod
    def _comme_declare(cls, brut: Any) -> Any:
        if not isinstance(brut, dict):
            return brut
        champ: str | None = brut.get("champ")
        entrees = entrees_du_modele(Etude)
        if champ is not None and champ in entrees:
            return {"libelle": entrees[champ].libelle, "unite": entrees[champ].unite, **brut}
        if champ is not None:
            raise faute(f"aucune entrée « {champ} ».", en_phrase(proposer(champ, list(entrees))) or "corriger.")
        if not {"libelle", "unite"} <= set(brut):
            raise faute("curseur sans « libelle » ou sans « unite ».", "les écrire, ou donner « champ ».")
        return brut

    def texte(self, valeur: int) -> str:
        """French text of a slider value, in the unit shown."""
        if self.unite == "%":
            return f"{formater_nombre(valeur * self.facteur * 100, 2, 0)}\u00a0%"
        return f"{formater_nombre(valeur)}\u00a0{self.unite}"

    def texte_entier(self, valeur: int) -> str:
        """The same without a shortened unit: thousands of euros are written in euros."""
        entiere = self.unite.removeprefix("k") if self.unite.startswith("k€") else ""
        return f"{formater_nombre(valeur * self.facteur)}\u00a0{entiere}" if entiere else self.texte(valeur)

    def essayer(self, valeur: int) -> int:
        """Slider value one step further; within its bounds."""
        return max(self.mini, min(self.maxi, valeur + (self.essai or 0)))

    @property
    def essai_en_clair(self) -> str:
        """Its step in words: « 5 points de moins »."""
        pas = abs(self.essai or 0)
        sens = "de plus" if (self.essai or 0) > 0 else "de moins"
        if self.unite != "%":
            return f"{self.texte(pas)} {sens}"
        points = pas * self.facteur * 100
        return f"{formater(points, 'points' if points >= 2.0 else 'point')} {sens}"

    @property
    def est_du_foncier(self) -> bool:
        """Whether it moves what the owner asks, which the montages read before anything else."""
        return (self.champ or "").startswith("foncier.")


class GroupeDeLeviers(Fiche):
    """Levers shown together under one title: sliders, choices, ``contribution``, ``aides``."""

    titre: Texte
    leviers: tuple[Texte, ...]


class MotDEpreuve(Fiche):
    """Word of a lender for a stress of ``epreuves.yaml``."""

    mot: Texte
    epreuve: Texte


class ReglageParCurseur(Fiche):
    """Field that a slider sets, and its starting value in slider units; without one, the field starts empty."""

    champ: Texte
    levier: Texte
    depart: int | None = None


class ContributionProposee(Fiche):
    """Way of setting what the commune pays each year, and the slider of its amount when it has one."""

    mode: ModeContribution
    montant: ReglageParCurseur | None = None
    note: Texte


class BoucleurPropose(Fiche):
    """Closer that a lender may add: who brings it (the commune when nobody is named), and what sliders set."""

    nature: NatureBouclage
    libelle: Texte
    apporteur: Texte | None = None
    profil: Texte | None = None
    reglages: tuple[ReglageParCurseur, ...]
    note: Texte


class IndexDuPret(Fiche):
    """Index of a loan whose rate is revised: scale and evolution path."""

    bareme: Texte
    evolution: Texte


class PretAjoute(Fiche):
    """Starting values of a loan added in a workshop, and the index it may follow."""

    preteur: Texte
    taux: float
    duree_mois: int
    base: Texte
    index: IndexDuPret


class AideAjoutee(Fiche):
    """Payer of a grant added in a workshop outside any scheme; its amount starts at nothing, until it is typed."""

    financeur: Texte
    base: Texte


class ReglesAteliers(Fiche):
    """Levers, the ones of each workshop, contributions and closers proposed, words of the stresses."""

    leviers: tuple[LevierAtelier, ...]
    groupes: tuple[GroupeDeLeviers, ...]
    """Levers of the city, folded but for the first ones."""
    premiers: int
    """How many levers come first, out of their group."""
    architecte: tuple[Texte, ...]
    contributions: tuple[ContributionProposee, ...]
    boucleurs: tuple[BoucleurPropose, ...]
    epreuves: tuple[MotDEpreuve, ...]
    pret_ajoute: PretAjoute
    aide_ajoutee: AideAjoutee
    versement_ville: Versement
    """When the grant of the city set by its lever is paid: like what is to be found, so that both compare."""

    @property
    def commune(self) -> tuple[str, ...]:
        """Sliders of the city, group by group."""
        connus = {x.nom for x in self.leviers}
        return tuple(nom for groupe in self.groupes for nom in groupe.leviers if nom in connus)

    def levier(self, nom: str) -> LevierAtelier:
        """Lever by name."""
        return next(x for x in self.leviers if x.nom == nom)

    def contribution(self, mode: str) -> ContributionProposee:
        """Contribution proposed, by mode."""
        return next(x for x in self.contributions if x.mode == mode)


@lru_cache(maxsize=2)
def lire_ateliers(chemin: Path | None = None) -> ReglesAteliers:
    """Read the levers and the stresses."""
    return lire_fiche(ReglesAteliers, chemin or dossier_donnees() / "hypotheses" / "ateliers.yaml")
