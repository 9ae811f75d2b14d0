"""Scenarios: named patches on a study, applied to its plain data; the sections that they touch are validated like any study file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pope_foncier.etude.blocs import Groupe, appliquer, derouler
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Scenario
from pope_foncier.etude.surcharges import copie_de, pas_de
from pope_foncier.lieu.site import Site
from pope_foncier.prets import ecriture, verification
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import lire_fiche, valider
from pope_foncier.socle.lecture import AuRepos, existe
from pope_foncier.socle.memoire import sans_cycles
from pope_foncier.socle.refus import refuser
from pope_foncier.socle.yaml_strict import Lignes, charger_yaml

BASE = "base"
_ECRITES = AuRepos(gardes=24)
"""Studies as their files hold them."""


@dataclass(frozen=True)
class Dossier:
    """Study ready to compute: its sheet, its site, and one full study per scenario, the base first."""

    nom: str
    etude: Etude
    site: Site
    variantes: Mapping[str, Etude]

    def __repr__(self) -> str:
        return f"Dossier({self.nom!r}, {len(self.variantes)} scénarios)"

    @cached_property
    def brut(self) -> Mapping[str, Any]:
        """Plain data of its study, as its file would hold them: a change is made on a copy."""
        return en_clair(self.etude)

    def titre(self, scenario: str) -> str:
        """French title of a scenario."""
        return next((s.titre for s in self.etude.scenarios if s.nom == scenario), "Projet de base")


@sans_cycles()
def ouvrir(chemin: Path, donnees: Path | None = None) -> Dossier:
    """Open a study file, its site and its scenarios.

    Raises:
        ErreurDonnees: all the faults of the study, its site and its scenarios.
    """
    ecrit, lignes = _ECRITES.lire(chemin, "etude", lambda: charger_yaml(chemin))
    court = chemin_court(chemin)
    etude, brut, lignes = lire_etude(ecrit, court, lignes, chemin.parent, donnees)
    problemes: list[Probleme] = []
    fichier_site = (donnees or dossier_donnees()) / "sites" / f"{etude.site}.yaml"
    site: Site | None = None
    if not existe(fichier_site):
        connus = ", ".join(sorted(f.stem for f in fichier_site.parent.glob("*.yaml")))
        problemes.append(
            Probleme(
                court, lignes.get(("site",)), "site", f"site « {etude.site} » inconnu.", f"sites connus : {connus}."
            )
        )
    else:
        try:
            site = lire_fiche(Site, fichier_site)
        except ErreurDonnees as erreur:
            problemes += erreur.problemes
    variantes = {BASE: etude}
    groupes, fautes = derouler(etude, court, lignes)
    problemes += fautes
    for rang, scenario in enumerate(etude.scenarios):
        if scenario.nom not in groupes:
            continue
        try:
            patche = _changee(etude, brut, groupes[scenario.nom], f"scenarios[{scenario.nom}]", court, lignes)
            ligne = lignes.get(("scenarios", rang))
            ici: Lignes = {(c,): ligne for c in Etude.model_fields} if ligne else {}
            variantes[scenario.nom] = relire(patche, scenario.nom, court, ici, chemin.parent, donnees)
        except ErreurDonnees as erreur:
            problemes += erreur.problemes
    if problemes or site is None:
        raise ErreurDonnees(problemes)
    return Dossier(chemin.stem, etude, site, variantes)


def lire_etude(
    brut: Mapping[str, Any],
    fichier: str,
    lignes: Lignes | None = None,
    dossier: Path | None = None,
    donnees: Path | None = None,
) -> tuple[Etude, Mapping[str, Any], Lignes]:
    """Sheet of a study from its plain data, loans written short included; and the data and lines with those loans in full.

    Args:
        dossier: folder where the loan files that it names are looked for first.
        donnees: data folder; that of the project by default.

    Raises:
        ErreurDonnees: all its faults.
    """
    lus: Lignes = lignes or {}
    problemes: list[Probleme] = []
    if ecriture.est_court(brut):
        brut, lus, problemes = ecriture.developper(brut, fichier, lus, dossier, donnees)
    try:
        etude = valider(Etude, brut, fichier, lus)
    except ErreurDonnees as erreur:
        raise ErreurDonnees([*problemes, *erreur.problemes]) from None
    if etude.prets or etude.bouclage:
        problemes += verification.verifier(etude, ecriture.catalogue_de(donnees), fichier, lus)
    if problemes:
        raise ErreurDonnees(problemes)
    return etude, brut, lus


def varier(dossier: Dossier, nom: str, surcharges: Mapping[str, Any]) -> Etude:
    """Study with overrides ``{field: value}``, for sliders and tests; same checks as a scenario of a file."""
    changements = [{"champ": c, "valeur": v, "motif": "essai"} for c, v in surcharges.items()]
    scenario = valider(Scenario, {"nom": nom, "titre": nom, "surcharges": changements}, nom)
    groupe = Groupe(scenario.surcharges, None, ())
    patche = _changee(dossier.etude, dossier.brut, [groupe], f"scenarios[{nom}]", dossier.nom, {})
    return relire(patche, nom, dossier.nom)


def variantes_de(etude: Etude, fichier: str, seul: str = "") -> dict[str, Etude]:
    """Study under each of its scenarios, the base first, from its sheet alone; or under one of them.

    Raises:
        ErreurDonnees: all the faults of its scenarios.
    """
    brut = en_clair(etude)
    groupes, problemes = derouler(etude, fichier, {})
    variantes = {BASE: etude}
    for nom, siens in groupes.items():
        if seul and nom != seul:
            continue
        try:
            variantes[nom] = relire(_changee(etude, brut, siens, f"scenarios[{nom}]", fichier, {}), nom, fichier)
        except ErreurDonnees as erreur:
            problemes += erreur.problemes
    if problemes:
        raise ErreurDonnees(problemes)
    return variantes


def en_clair(etude: Etude) -> dict[str, Any]:
    """Plain data of a study, as its file would hold them: what a patch is applied to."""
    brut: dict[str, Any] = copie_de(etude.model_dump(mode="python", exclude_defaults=True))
    return brut


def _changee(
    etude: Etude, brut: Mapping[str, Any], groupes: Sequence[Groupe], champ: str, fichier: str, lignes: Lignes
) -> dict[str, Any]:
    """Data of a study once the changes of a scenario are made: plain in the sections that they touch, the sheets already read in the others.

    Raises:
        ErreurDonnees: all the changes that cannot be made.
    """
    pas = [pas_de(c.champ) for groupe in groupes for c in groupe.changements]
    touchees = {chemin[0][0] for chemin in pas}
    dedans = {chemin[0][0] for chemin in pas if len(chemin) > 1 or chemin[0][1]}
    patche = {nom: copie_de(v) if nom in dedans else v for nom, v in brut.items()}
    fautes = appliquer(patche, etude, groupes)
    if fautes:
        raise ErreurDonnees([f.situee(champ, fichier, lignes) for f in fautes])
    if ecriture.est_court(patche):
        return patche  # a loan is written in full from the plain data of other sections
    return {nom: v if nom in touchees else getattr(etude, nom) for nom, v in patche.items()}


def relire(
    patche: Mapping[str, Any],
    nom: str,
    fichier: str,
    lignes: Lignes | None = None,
    dossier: Path | None = None,
    donnees: Path | None = None,
) -> Etude:
    """Study of a scenario, validated like a file.

    Raises:
        ErreurDonnees: its faults, each said to come from the scenario.
    """
    try:
        return lire_etude(patche, fichier, lignes or {}, dossier, donnees)[0]
    except ErreurDonnees as erreur:
        raise ErreurDonnees(
            [
                Probleme(p.fichier, p.ligne, f"scenarios[{nom}] → {p.champ}", p.message, p.remede)
                for p in erreur.problemes
            ]
        ) from None


def verifier_scenario(nom: str, connus: Collection[str]) -> None:
    """Check the name of a scenario.

    Raises:
        Inconnu: unknown, with the near names, or all of them.
    """
    if nom not in connus:
        raise refuser("Scénario inconnu", nom, connus)
