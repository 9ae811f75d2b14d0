"""Model of the workshops, without any widget: levers to a study, a study to a view, a study to a scenario file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.ateliers.ecarts import MOTIF
from pope_foncier.ateliers.regles import ContributionProposee, LevierAtelier, ReglesAteliers, lire_ateliers
from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_genre, surcharges_du_mode
from pope_foncier.decision.commune.cout import aides_de_la_commune
from pope_foncier.decision.montages.possibles import Cas, preparer
from pope_foncier.decision.variantes_du_lieu import sur_la_fiche, surcharges_de_la_surface
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.nouveau import ouvrir_site
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.modele.declaration import ChampAbsent
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.erreurs import ErreurCalcul

Plats = Mapping[str, int | str | bool]
CONTRIBUTION = "exploitation.contribution_commune"
"""Field of what the commune pays to the operation."""
_VUES_GARDEES = 4
"""Settings seen last, whose views are given again with all that was read of them: the cards of a page, and the hand that goes back."""
_CHOIX = ("montage", "depart", "mode", "genre", "contribution", "espace")


@dataclass(frozen=True)
class Reglages:
    """Settings of a scenario; an empty one is the study as it is.

    Attributes:
        montage: name of a montage, empty for that of the study.
        leviers: slider value by lever, in slider units; absent = as in the study.
        refusees: grants refused.
        depart: scenario of the study to start from (another mode, a longer tenure), empty for its base.
        mode: mode d'accueil, empty for that of the study.
        genre: kind of works, empty for the ratio of the study.
        contribution: how the commune pays to the operation, empty for what the study says; its amount is a lever.
        espace: reading of the PMI's answer on a space at a distance, empty for that of the study.
    """

    montage: str = ""
    leviers: Mapping[str, int] = field(default_factory=dict)
    refusees: frozenset[str] = frozenset()
    depart: str = ""
    mode: str = ""
    genre: str = ""
    contribution: str = ""
    espace: str = ""

    def a_plat(self) -> Plats:
        """Plain form, for the journal."""
        plats: dict[str, int | str | bool] = {}
        plats |= {nom: v for nom in _CHOIX if (v := getattr(self, nom))}
        plats |= {f"levier.{nom}": v for nom, v in self.leviers.items()}
        return plats | {f"refus.{aide}": True for aide in sorted(self.refusees)}

    @classmethod
    def de_plat(cls, plats: Plats) -> Reglages:
        """From the plain form."""
        leviers = {c.removeprefix("levier."): int(v) for c, v in plats.items() if c.startswith("levier.")}
        refusees = frozenset(c.removeprefix("refus.") for c in plats if c.startswith("refus."))
        return cls(leviers=leviers, refusees=refusees, **{nom: str(plats.get(nom, "")) for nom in _CHOIX})


@dataclass(frozen=True)
class Modele:
    """Study of a workshop and its engine."""

    dossier: Dossier
    moteur: Moteur
    regles: ReglesAteliers

    @classmethod
    def ouvrir(cls, fichier: Path | str) -> Modele:
        """Open a study; a site sheet without a study opens with the model study, where everything is assumed."""
        chemin = Path(fichier)
        dossier = ouvrir_site(chemin) if chemin.parent.name == "sites" else ouvrir(chemin)
        return cls(dossier, Moteur.ouvrir(), lire_ateliers())

    @cached_property
    def montages(self) -> dict[str, Cas]:
        """Montages of the site, possible or not; none when the study does not describe its property."""
        foncier = self.dossier.etude.foncier
        if foncier is None:
            return {}
        return {nom: preparer(self.dossier, foncier, nom, m) for nom, m in lire_montages().montages.items()}

    @cached_property
    def _departs(self) -> dict[tuple[str, str, str], Modele]:
        return {}

    def depuis(self, depart: str = "", mode: str = "", genre: str = "") -> Modele:
        """Model that starts from a scenario of the study, in a mode d'accueil, with a kind of works.

        Raises:
            ErreurCalcul: a scenario that the study does not have, a mode or a kind of works that nobody knows.
            ErreurDonnees: a study that cannot be put in that mode.
        """
        cle = (depart, mode, genre)
        if not any(cle):
            return self
        if cle not in self._departs:
            self._departs[cle] = replace(self, dossier=replace(self.dossier, etude=self._etude_de_depart(*cle)))
        return self._departs[cle]

    def _etude_de_depart(self, depart: str, mode: str, genre: str) -> Etude:
        if depart and depart not in self.dossier.variantes:
            raise ErreurCalcul(f"L'étude n'a pas de scénario « {depart} ».")
        if mode and mode not in lire_passages():
            raise ErreurCalcul(f"Mode d'accueil inconnu : « {mode} ».")
        etude = self.dossier.variantes[depart] if depart else self.dossier.etude
        if mode:
            etude = self.varier(etude, surcharges_du_mode(etude, mode, self.moteur.catalogue))
        return self.varier(etude, surcharges_du_genre(etude, genre)) if genre else etude

    def scenario_du_mode(self, mode: str) -> str:
        """Scenario in which the study itself describes another mode than its own; empty when there is none."""
        if mode == self.dossier.etude.mode_accueil:
            return ""
        return next((n for n, e in self.dossier.variantes.items() if e.mode_accueil == mode), "")

    def places_max(self) -> float:
        """Largest number of places that the mode of the study allows, infinite without a cap."""
        etude = self.dossier.etude
        return mode_de_l_etude(etude.mode_accueil).places_max(self.moteur.catalogue, etude.date_demande)

    @cached_property
    def base(self) -> Vue:
        """View of the study as it is."""
        return self.voir(self.dossier.etude)

    def admet(self, levier: LevierAtelier) -> bool:
        """Whether the study has what a lever moves."""
        etude: Any = self.dossier.etude
        if levier.nom == "taux":
            return any(p.taux is not None for p in etude.prets)
        if levier.nom == "etudes" and etude.delais.phases:
            return False
        for pas in (levier.champ or "").split(".")[:-1]:
            etude = getattr(etude, pas, None)
        return etude is not None

    def depart(self, levier: LevierAtelier) -> int | None:
        """Slider value of a lever for the study as it is; None when unknown."""
        etude = self.dossier.etude
        if levier.nom == "ville":
            valeur, _ = aides_de_la_commune(self.base)
        elif levier.nom == "taux":
            fixes = [p.id for p in etude.prets if p.taux is not None]
            valeur = lire_entree(self.base, f"prets[{fixes[0]}].taux") if fixes else np.nan
        else:
            valeur = lire_entree(self.base, levier.champ) if levier.champ else np.nan
        return None if np.isnan(valeur) else round(float(valeur) / levier.facteur)

    def depart_de_la_contribution(self, propose: ContributionProposee) -> int | None:
        """Slider value of the amount of a contribution: that of the study under the same mode, else the one proposed."""
        if propose.montant is None:
            return None
        exploitation = self.dossier.etude.exploitation
        if exploitation is None or exploitation.contribution_commune.mode != propose.mode:
            return propose.montant.depart
        valeur = lire_entree(self.base, f"{CONTRIBUTION}.{propose.montant.champ}")
        facteur = self.regles.levier(propose.montant.levier).facteur
        return propose.montant.depart if np.isnan(valeur) else round(valeur / facteur)

    def etude(self, reglages: Reglages) -> Etude:
        """Study with some settings, validated like any study.

        Raises:
            ErreurDonnees: a setting that the study refuses.
        """
        socle = self.depuis(reglages.depart, reglages.mode, reglages.genre)
        if socle is not self:
            return socle.etude(replace(reglages, depart="", mode="", genre=""))
        base = self._etude_du_montage(reglages)
        return self.varier(base, self._surcharges(base, reglages))

    def _etude_du_montage(self, reglages: Reglages) -> Etude:
        """Study under the montage chosen, on the price and rent that the levers suppose: what a montage reads, it reads first."""
        du_foncier = {
            levier.champ: donnee(valeur * levier.facteur)
            for nom, valeur in reglages.leviers.items()
            for levier in [self.regles.levier(nom)]
            if levier.champ is not None and levier.est_du_foncier and valeur != self.depart(levier)
        }
        dossier = replace(self.dossier, etude=self.varier(self.dossier.etude, du_foncier))
        foncier, montage = dossier.etude.foncier, lire_montages().montages.get(reglages.montage)
        if foncier is None or montage is None:
            return dossier.etude
        return preparer(dossier, foncier, reglages.montage, montage).etude or dossier.etude

    def vue(self, reglages: Reglages) -> Vue:
        """View of the study with some settings."""
        return self.voir(self.etude(reglages))

    def voir(self, etude: Etude, plan: Path | None = None) -> Vue:
        """View of any study on the same site, with the plan of its sheet or another one; that of a setting seen just before is given again."""
        dossier = self.dossier if plan is None else sur_la_fiche(self.dossier, plan)
        seul = replace(dossier, etude=etude, variantes={BASE: etude})
        return self.moteur.une_fois(
            "vue d'atelier", seul, lambda: Resultat.reprendre(dossier, etude, self.moteur).vue(), gardes=_VUES_GARDEES
        )

    def voir_bouclee(self, etude: Etude) -> Vue:
        """The same, its plan closed once for all that reads it: a plan that does not close is refused here.

        Raises:
            ErreurCalcul: the closers do not settle.
        """
        vue = self.voir(etude)
        _ = vue.bouclee
        return vue

    def varier(self, etude: Etude, surcharges: Mapping[str, Any]) -> Etude:
        """Study with overrides."""
        return varier(replace(self.dossier, etude=etude), "atelier", surcharges) if surcharges else etude

    def _surcharges(self, etude: Etude, reglages: Reglages) -> dict[str, Any]:
        surcharges: dict[str, Any] = {f"aides[{a.id}].coefficient": 0 for a in etude.aides if a.id in reglages.refusees}
        surcharges |= {"lecture_espace": reglages.espace} if reglages.espace else {}
        for nom, valeur in reglages.leviers.items():
            levier = self.regles.levier(nom)
            if valeur == self.depart(levier):
                continue
            regle = donnee(valeur * levier.facteur)
            if nom == "ville":
                surcharges |= self._aide_de_la_ville(etude, regle)
            elif nom == "taux":
                surcharges |= {f"prets[{p.id}].taux": regle for p in etude.prets if p.taux is not None}
            elif nom == "surface":
                surcharges |= surcharges_de_la_surface(etude, regle)
            elif levier.champ is not None:
                surcharges[levier.champ] = regle
        return surcharges | self.contribution(etude, reglages.contribution, reglages.leviers)

    def contribution(self, etude: Etude, mode: str, leviers: Mapping[str, int]) -> dict[str, Any]:
        """What the commune pays to the operation: the sheet of a study under another mode, its payments and votes kept.

        Args:
            etude: study.
            mode: mode, empty for that of the study.
            leviers: slider value of its amount by lever; without it, the starting one.

        Raises:
            ErreurCalcul: a study without operation.
        """
        if not mode:
            return {}
        if etude.exploitation is None:
            raise ErreurCalcul("L'étude n'a pas d'exploitation : la commune n'a rien à y payer.")
        fiche, propose = etude.exploitation.contribution_commune, self.regles.contribution(mode)
        champs = {}
        if propose.montant is not None:
            levier, depart = self.regles.levier(propose.montant.levier), self.depart_de_la_contribution(propose)
            valeur = leviers.get(levier.nom, depart)
            if fiche.mode == propose.mode and valeur == depart:
                return {}
            champs = {propose.montant.champ: donnee((valeur or 0) * levier.facteur)}
        return {} if fiche.mode == propose.mode and not champs else {CONTRIBUTION: fiche.sous(propose.mode, champs)}

    def _aide_de_la_ville(self, etude: Etude, regle: dict[str, Any]) -> dict[str, Any]:
        """Grant of the commune: one of the study, else a new one; paid at the agreed event unless the study says when."""
        commune = etude.acteurs.commune
        deja = next((a for a in etude.aides if a.financeur == commune), None)
        versements = [self.regles.versement_ville.model_dump(exclude_defaults=True)]
        if deja is not None:
            champ = f"aides[{deja.id}]"
            surcharges = {f"{champ}.statut": "esperee", f"{champ}.montant": regle}
            datee = deja.delai_versement_mois or deja.versements
            return surcharges | ({} if datee else {f"{champ}.versements": versements})
        nouvelle = {
            "id": "ville_atelier",
            "libelle": f"{commune}, investissement (atelier)",
            "financeur": commune,
            "statut": "esperee",
            "montant": regle,
            "versements": versements,
        }
        aides = [a.model_dump(mode="json", exclude_defaults=True) for a in etude.aides]
        return {"aides": [*aides, nouvelle]}


def lire_entree(vue: Vue, champ: str) -> float:
    """Value of an input of the study of a view; NaN when unknown or absent."""
    try:
        valeur = vue.ev.ctx.entree(champ).valeur.reshape(-1)
    except ChampAbsent:
        return float("nan")
    return float(valeur[vue.rang if len(valeur) > 1 else 0])


def donnee(valeur: float) -> dict[str, Any]:
    """Input set in a workshop, marked as an assumption."""
    propre = round(valeur, 9)
    return {"valeur": int(propre) if propre == int(propre) else propre, "base": MOTIF}
