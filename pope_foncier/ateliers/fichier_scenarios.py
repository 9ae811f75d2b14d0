"""Scenarios of a workshop as a file: written from the journal, read back strictly from what a visitor gives."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import Field, model_validator

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal_entrees import EntreeJournal, Proposition
from pope_foncier.etude.fiche_scenarios import Scenario
from pope_foncier.socle.erreurs import ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, lire_fiche, sans_double

TAILLE_MAX_OCTETS = 200_000
"""Largest scenario file that a visitor may give."""


_NOM_DE_FICHIER = re.compile(r"(?!\.)[^/\\\x00-\x1f]{1,120}\.ya?ml", re.IGNORECASE)


class FichierScenarios(Fiche):
    """Scenario file: the study that it varies, its scenarios."""

    etude: str
    scenarios: tuple[Scenario, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _noms(self) -> FichierScenarios:
        sans_double("scénario", [s.nom for s in self.scenarios])
        return self


def en_yaml(atelier: Atelier, versions: Sequence[EntreeJournal] | None = None, etude: str = "") -> str:
    """Scenarios in the form of a scenario file; one that changes nothing is said.

    Args:
        atelier: state of the workshop.
        versions: proposals; by default, the one in force of each scenario.
        etude: study that they vary; by default, that of the last session.
    """
    scenarios, tels_quels = [], []
    for version in [s.entree for s in atelier.scenarios.values()] if versions is None else versions:
        fiche = version.contenu
        assert isinstance(fiche, Proposition)
        if not fiche.surcharges:
            tels_quels.append(f"# « {' '.join(fiche.titre.split())} » : l'étude telle quelle, rien à varier.\n")
        else:
            surcharges = [s.model_dump(mode="json") for s in fiche.surcharges]
            scenarios.append({"nom": fiche.nom, "titre": fiche.titre, "surcharges": surcharges})
    brut = {"etude": etude or etude_dite(atelier), "scenarios": scenarios}
    texte = yaml.safe_dump(brut, allow_unicode=True, sort_keys=False, width=110)
    return (
        "# Scénarios d'un atelier : à recopier dans la section « scenarios » de l'étude, ou à rouvrir dans l'atelier.\n"
        + "".join(tels_quels)
        + texte
    )


def lire_scenarios(octets: bytes, nom: str = "scenarios.yaml") -> FichierScenarios:
    """Read a scenario file given by a visitor, with the strict loader.

    Raises:
        ErreurDonnees: a name that is not that of a YAML file, too large, not YAML, or any fault of its content, all at once.
    """
    if not _NOM_DE_FICHIER.fullmatch(nom):
        raise ErreurDonnees(
            [
                Probleme(
                    nom_affiche(nom),
                    None,
                    "",
                    "ce n'est pas le nom d'un fichier de scénarios.",
                    "choisir un fichier dont le nom finit par .yaml, sans dossier devant.",
                )
            ]
        )
    if len(octets) > TAILLE_MAX_OCTETS:
        message = f"fichier de {len(octets) // 1000} ko, trop gros."
        raise ErreurDonnees(
            [Probleme("scénarios", None, "", message, f"{TAILLE_MAX_OCTETS // 1000} ko au plus sont admis.")]
        )
    with tempfile.TemporaryDirectory() as essai:
        fichier = Path(essai) / "scenarios.yaml"
        fichier.write_bytes(octets)
        try:
            return lire_fiche(FichierScenarios, fichier)
        except ErreurDonnees as erreur:
            problemes = [Probleme(nom_affiche(nom), p.ligne, p.champ, p.message, p.remede) for p in erreur.problemes]
            raise ErreurDonnees(problemes) from None


def nom_affiche(nom: str) -> str:
    """File name as shown: no folder, no strange character."""
    return re.sub(r"[^\w .-]", "", re.split(r"[/\\]", nom)[-1])[:60] or "fichier"


def etude_dite(atelier: Atelier) -> str:
    """Study that the last opening names; empty when nobody opened a session."""
    return next((s.fiche.etude for s in reversed(atelier.seances) if s.fiche), "")
