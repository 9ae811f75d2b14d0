"""Model of the workshops, without any widget: levers to a study, a study to a view, a study to a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.montages import Cas, preparer
from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.analyse.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.projet.etude import Etude, Surcharge
from pope_foncier.projet.montages import lire_montages
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.ateliers.regles import LevierAtelier, ReglesAteliers, lire_ateliers

MOTIF = "réglé en atelier"
Plats = Mapping[str, int | str | bool]


@dataclass(frozen=True)
class Reglages:
    """Settings of a scenario; an empty one is the study as it is.

    Attributes:
        montage: name of a montage, empty for that of the study.
        leviers: slider value by lever, in slider units; absent = as in the study.
        refusees: grants refused.
        depart: scenario of the study to start from (another mode, a longer tenure), empty for its base.
    """

    montage: str = ""
    leviers: Mapping[str, int] = field(default_factory=dict)
    refusees: frozenset[str] = frozenset()
    depart: str = ""

    def a_plat(self) -> Plats:
        """Plain form, for the journal."""
        plats: dict[str, int | str | bool] = {"montage": self.montage} if self.montage else {}
        plats |= {"depart": self.depart} if self.depart else {}
        plats |= {f"levier.{nom}": v for nom, v in self.leviers.items()}
        return plats | {f"refus.{aide}": True for aide in sorted(self.refusees)}

    @classmethod
    def de_plat(cls, plats: Plats) -> Reglages:
        """From the plain form."""
        leviers = {c.removeprefix("levier."): int(v) for c, v in plats.items() if c.startswith("levier.")}
        refusees = frozenset(c.removeprefix("refus.") for c in plats if c.startswith("refus."))
        return cls(str(plats.get("montage", "")), leviers, refusees, str(plats.get("depart", "")))


@dataclass(frozen=True)
class Modele:
    """Study of a workshop and its engine."""

    dossier: Dossier
    moteur: Moteur
    regles: ReglesAteliers

    @classmethod
    def ouvrir(cls, fichier: Path | str) -> Modele:
        """Open a study."""
        return cls(ouvrir(Path(fichier)), Moteur.ouvrir(), lire_ateliers())

    @cached_property
    def montages(self) -> dict[str, Cas]:
        """Montages of the site, possible or not; none when the study does not describe its property."""
        foncier = self.dossier.etude.foncier
        if foncier is None:
            return {}
        return {nom: preparer(self.dossier, foncier, nom, m) for nom, m in lire_montages().montages.items()}

    @cached_property
    def _departs(self) -> dict[str, Modele]:
        return {}

    def depuis(self, scenario: str) -> Modele:
        """Model that starts from a scenario of the study.

        Raises:
            ErreurCalcul: a scenario that the study does not have.
        """
        if not scenario:
            return self
        if scenario not in self.dossier.variantes:
            raise ErreurCalcul(f"L'étude n'a pas de scénario « {scenario} ».")
        if scenario not in self._departs:
            variante = replace(self.dossier, etude=self.dossier.variantes[scenario])
            self._departs[scenario] = replace(self, dossier=variante)
        return self._departs[scenario]

    @cached_property
    def base(self) -> Vue:
        """View of the study as it is."""
        return self.voir(self.dossier.etude)

    def admet(self, levier: LevierAtelier) -> bool:
        """Whether the study has what a lever moves."""
        etude: Any = self.dossier.etude
        if levier.nom == "taux":
            return any(p.taux is not None for p in etude.prets)
        for pas in (levier.champ or "").split(".")[:-1]:
            etude = getattr(etude, pas, None)
        return etude is not None

    def depart(self, levier: LevierAtelier) -> int | None:
        """Slider value of a lever for the study as it is; None when unknown."""
        etude = self.dossier.etude
        if levier.nom == "ville":
            valeur = sum(
                self.base.valeur(s.subvention)
                for s in self.base.ev.subventions
                if s.aide.financeur == etude.acteurs.commune
            )
        elif levier.nom == "taux":
            fixes = [p.id for p in etude.prets if p.taux is not None]
            valeur = self._lire(f"prets[{fixes[0]}].taux") if fixes else np.nan
        else:
            valeur = self._lire(levier.champ or "")
        return None if np.isnan(valeur) else round(float(valeur) / levier.facteur)

    def _lire(self, champ: str) -> float:
        try:
            return float(self.base.ev.ctx.entree(champ, champ, "").valeur.flat[0])
        except (AttributeError, StopIteration, TypeError):
            return float("nan")

    def etude(self, reglages: Reglages) -> Etude:
        """Study with some settings, validated like any study.

        Raises:
            ErreurDonnees: a setting that the study refuses.
        """
        if reglages.depart:
            return self.depuis(reglages.depart).etude(replace(reglages, depart=""))
        cas = self.montages.get(reglages.montage)
        base = self.dossier.etude if cas is None or cas.etude is None else cas.etude
        return self.varier(base, self._surcharges(base, reglages))

    def vue(self, reglages: Reglages) -> Vue:
        """View of the study with some settings."""
        return self.voir(self.etude(reglages))

    def voir(self, etude: Etude) -> Vue:
        """View of any study on the same site."""
        return Resultat.calculer(replace(self.dossier, etude=etude, variantes={BASE: etude}), self.moteur).vue()

    def voir_tous(self, etudes: Mapping[str, Etude]) -> dict[str, Vue]:
        """Views of several studies on the same site, in one array evaluation when their structure is the same."""
        variantes = dict(etudes)
        premiere = next(iter(variantes.values()))
        resultat = Resultat.calculer(replace(self.dossier, etude=premiere, variantes=variantes), self.moteur)
        return {nom: resultat.vue(nom) for nom in variantes}

    def varier(self, etude: Etude, surcharges: Mapping[str, Any]) -> Etude:
        """Study with overrides."""
        return varier(replace(self.dossier, etude=etude), "atelier", surcharges) if surcharges else etude

    def _surcharges(self, etude: Etude, reglages: Reglages) -> dict[str, Any]:
        surcharges: dict[str, Any] = {f"aides[{a.id}].coefficient": 0 for a in etude.aides if a.id in reglages.refusees}
        for nom, valeur in reglages.leviers.items():
            levier = self.regles.levier(nom)
            if valeur == self.depart(levier):
                continue
            regle = donnee(valeur * levier.facteur)
            if nom == "ville":
                surcharges |= self._aide_de_la_ville(etude, regle)
            elif nom == "taux":
                surcharges |= {f"prets[{p.id}].taux": regle for p in etude.prets if p.taux is not None}
            elif levier.champ is not None:
                surcharges[levier.champ] = regle
        return surcharges

    def _aide_de_la_ville(self, etude: Etude, regle: dict[str, Any]) -> dict[str, Any]:
        """Grant of the commune: one of the study, else a new one, paid at the agreed month."""
        commune = etude.acteurs.commune
        deja = next((a for a in etude.aides if a.financeur == commune), None)
        delai = donnee(self.regles.versement_ville_mois)
        if deja is not None:
            champ = f"aides[{deja.id}]"
            surcharges = {f"{champ}.statut": "esperee", f"{champ}.montant": regle}
            return surcharges | ({} if deja.delai_versement_mois else {f"{champ}.delai_versement_mois": delai})
        nouvelle = {
            "id": "ville_atelier",
            "libelle": f"{commune}, investissement (atelier)",
            "financeur": commune,
            "statut": "esperee",
            "montant": regle,
            "delai_versement_mois": delai,
        }
        aides = [a.model_dump(mode="json", exclude_defaults=True) for a in etude.aides]
        return {"aides": [*aides, nouvelle]}


def donnee(valeur: float) -> dict[str, Any]:
    """Input set in a workshop, marked as an assumption."""
    propre = round(valeur, 9)
    return {"valeur": int(propre) if propre == int(propre) else propre, "base": MOTIF}


def surcharges_de(avant: Etude, apres: Etude) -> tuple[Surcharge, ...]:
    """Overrides that turn a study into another, in the form of a scenario of a file."""
    bruts = [_en_texte(e.model_dump(exclude_defaults=True)) for e in (avant, apres)]
    return tuple(Surcharge(champ=c, valeur=v, motif=MOTIF) for c, v in _ecarts(bruts[0], bruts[1], ""))


def _en_texte(brut: Any) -> Any:
    """Plain data with French dates, that a scenario file and the journal both carry."""
    if isinstance(brut, dict):
        return {c: _en_texte(v) for c, v in brut.items()}
    if isinstance(brut, list | tuple):
        return [_en_texte(v) for v in brut]
    return f"{brut:%d/%m/%Y}" if isinstance(brut, date) else brut


def _ecarts(avant: Any, apres: Any, chemin: str) -> Iterator[tuple[str, Any]]:
    if avant == apres:
        return
    if (
        isinstance(avant, dict)
        and isinstance(apres, dict)
        and not {"valeur", "bareme", "a_obtenir_de"} & {*avant, *apres}
    ):
        for nom in {**avant, **apres}:
            yield from _ecarts(avant.get(nom), apres.get(nom), f"{chemin}.{nom}" if chemin else nom)
    elif _memes_ids(avant, apres):
        for x, y in zip(avant, apres, strict=True):
            yield from _ecarts(x, y, f"{chemin}[{x['id']}]")
    else:
        yield chemin, apres


def _memes_ids(avant: Any, apres: Any) -> bool:
    if not (isinstance(avant, list) and isinstance(apres, list)):
        return False
    ids = [[x.get("id") if isinstance(x, dict) else None for x in liste] for liste in (avant, apres)]
    return ids[0] == ids[1] and None not in ids[0]
