"""Scenarios: named patches on a study, applied to the plain data, then validated like any study file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pope_foncier.etude.fiche import Etude, Scenario
from pope_foncier.lieu.site import Site
from pope_foncier.modele.declaration import entrees_de, entrees_du_modele, proposer
from pope_foncier.prets import ecriture, verification
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import lire_fiche, valider
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.lecture import existe
from pope_foncier.socle.refus import refuser
from pope_foncier.socle.yaml_strict import Lignes, charger_yaml

BASE = "base"


@dataclass(frozen=True)
class Dossier:
    """Study ready to compute: its sheet, its site, and one full study per scenario, the base first."""

    nom: str
    etude: Etude
    site: Site
    variantes: Mapping[str, Etude]

    def __repr__(self) -> str:
        return f"Dossier({self.nom!r}, {len(self.variantes)} scénarios)"

    def titre(self, scenario: str) -> str:
        """French title of a scenario."""
        return next((s.titre for s in self.etude.scenarios if s.nom == scenario), "Projet de base")


def ouvrir(chemin: Path, donnees: Path | None = None) -> Dossier:
    """Open a study file, its site and its scenarios.

    Raises:
        ErreurDonnees: all the faults of the study, its site and its scenarios.
    """
    ecrit, lignes = charger_yaml(chemin)
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
    for rang, scenario in enumerate(etude.scenarios):
        try:
            variantes[scenario.nom] = _varier(etude, brut, scenario, rang, court, lignes, chemin.parent, donnees)
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
    scenario = valider(
        Scenario,
        {
            "nom": nom,
            "titre": nom,
            "surcharges": [{"champ": c, "valeur": v, "motif": "essai"} for c, v in surcharges.items()],
        },
        nom,
    )
    return _varier(dossier.etude, en_clair(dossier.etude), scenario, 0, dossier.nom, {})


def en_clair(etude: Etude) -> dict[str, Any]:
    """Plain data of a study, as its file would hold them: what a patch is applied to."""
    brut: dict[str, Any] = _en_listes(etude.model_dump(mode="python", exclude_defaults=True))
    return brut


def _en_listes(brut: Any) -> Any:
    if isinstance(brut, dict):
        return {c: _en_listes(v) for c, v in brut.items()}
    return [_en_listes(v) for v in brut] if isinstance(brut, list | tuple) else brut


def _varier(
    etude: Etude,
    brut: Mapping[str, Any],
    scenario: Scenario,
    rang: int,
    fichier: str,
    lignes: Lignes,
    dossier: Path | None = None,
    donnees: Path | None = None,
) -> Etude:
    patche: dict[str, Any] = _en_listes(dict(brut))
    for i, surcharge in enumerate(scenario.surcharges):
        lieu = ("scenarios", rang, "surcharges", i)
        try:
            poser(patche, surcharge.champ, surcharge.valeur, surcharge.motif)
        except KeyError as erreur:
            ligne = lignes.get((*lieu, "champ")) or lignes.get(lieu)
            raise ErreurDonnees(
                [
                    Probleme(
                        fichier,
                        ligne,
                        f"scenarios[{scenario.nom}]",
                        f"le champ « {surcharge.champ} » n'existe pas dans l'étude ({erreur.args[0]}).",
                        _remede(etude, surcharge.champ),
                    )
                ]
            ) from None
    ici: Lignes = {}
    ligne_scenario = lignes.get(("scenarios", rang))
    if ligne_scenario:
        ici = {(champ,): ligne_scenario for champ in Etude.model_fields}
    try:
        return lire_etude(patche, fichier, ici, dossier, donnees)[0]
    except ErreurDonnees as erreur:
        raise ErreurDonnees(
            [
                Probleme(p.fichier, p.ligne, f"scenarios[{scenario.nom}] → {p.champ}", p.message, p.remede)
                for p in erreur.problemes
            ]
        ) from None


def _remede(etude: Etude, champ: str) -> str:
    connus = [*entrees_de(etude), *(c for c in entrees_du_modele(Etude) if "[*]" not in c)]
    return en_phrase(proposer(champ, list(dict.fromkeys(connus)))) or (
        "reprendre le chemin d'un champ de l'étude, par exemple travaux.cout_m2_ht ou prets[banque].taux."
    )


def poser(brut: dict[str, Any], champ: str, valeur: Any, motif: str) -> None:
    """Set a field by its path: a bare number set on an input takes the reason as basis, an empty value removes the field.

    Raises:
        KeyError: a step of the path that the study does not have.
    """
    pas: list[tuple[str, str]] = re.findall(r"([A-Za-z_0-9]+)(?:\[([^\]]+)\])?", champ)
    courant: Any = brut
    for rang, (nom, cle) in enumerate(pas):
        if not isinstance(courant, dict) or (nom not in courant and (cle or rang < len(pas) - 1)):
            raise KeyError(f"« {nom} » absent")
        if cle:
            liste = courant.get(nom, [])
            trouve = next((e for e in liste if isinstance(e, dict) and e.get("id") == cle), None)
            if trouve is None:
                raise KeyError(f"« {cle} » absent de « {nom} »")
            courant = trouve
        elif rang == len(pas) - 1:
            ancien = courant.get(nom)
            if valeur is None:
                courant.pop(nom, None)
                return
            if isinstance(ancien, dict) and not isinstance(valeur, dict | list) and _est_donnee(ancien):
                courant[nom] = {"valeur": valeur, "base": motif}
            else:
                courant[nom] = valeur
        else:
            courant = courant[nom]


def _est_donnee(table: Mapping[str, Any]) -> bool:
    return bool({"valeur", "bareme", "a_obtenir_de"} & set(table))


def verifier_scenario(nom: str, connus: Collection[str]) -> None:
    """Check the name of a scenario.

    Raises:
        Inconnu: unknown, with the near names, or all of them.
    """
    if nom not in connus:
        raise refuser("Scénario inconnu", nom, connus)
