"""Funding plans of another file than the project's: its own schema (``plans``) or the exchange schema (``cases``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, Field

from pope_foncier.etude.plans_publies import CoutPublie, Financeur, LignePubliee, Plan, PlansPublies
from pope_foncier.socle.chemins import chemin_court
from pope_foncier.socle.fiches import Annee, Entier, Euros, Fiche, Texte, valider
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.travaux.calage_donnees import taxes_dites

_NOMS: tuple[tuple[Financeur, re.Pattern[str]], ...] = (
    ("caf", re.compile(r"caf\b(?!.*\bet\b)[^,+/&]*", re.IGNORECASE)),
    (
        "etat",
        re.compile(r"(?=.*\w)(([eé]tat|pr[eé]fecture|d[eé]tr|dsil|dsid|fsil|et)\b|20\d\d|[\s():/–-])*", re.IGNORECASE),
    ),
)
"""Names of one funder alone, its funds, their year; « État, Région, Caf » and « Caf et Département » are nobody's line."""
_ENTRE_TIRETS = re.compile(r"-et-")
_PRECISION = re.compile(r" *\([^)]*\)")
"""What stands between brackets after a name: a fund, a ceiling, a wish."""
_SOLDE = re.compile(r" *\(balance[^)]*\)")


class _Ligne(Fiche):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    funder: Texte
    amount: Euros
    computed: bool = False


class _Cas(Fiche):
    """Row of the exchange schema; fields that a plan does not need are left aside unread."""

    id: Texte
    name: Texte
    commune: Texte | None = None
    year: Annee | None = None
    mode: Texte | None = None
    places: Entier | None = None
    places_added: Entier | None = None
    total_cost_eur: Euros | None = None
    works_cost_eur: Euros | None = None
    ht_or_ttc: Texte | None = None
    funding: tuple[_Ligne, ...] = ()
    source_title: Texte | None = None


class _FichierEchange(Fiche):
    cases: tuple[_Cas, ...] = Field(min_length=1)


class PlanDuCas(Plan):
    """Plan of the exchange schema."""

    titre_source: Texte | None = None

    @property
    def provenance(self) -> str | None:
        """Title of the source."""
        return self.titre_source


@dataclass(frozen=True, slots=True)
class PlansDuFichier:
    """Plans of a file, and what has no plan to rebuild, with the reason."""

    fichier: str
    plans: tuple[Plan, ...]
    ecartes: tuple[tuple[str, str], ...] = ()
    """Name and reason."""


def lire_fichier(fichier: Path) -> PlansDuFichier:
    """Read the plans of a file in either schema.

    Raises:
        ErreurDonnees: every fault of the file at once.
    """
    donnees, lignes = charger_yaml(fichier, ("plans", "cases"), {"cases": _Cas.model_fields})
    nom = chemin_court(fichier)
    if "cases" not in donnees:
        return PlansDuFichier(fichier.name, valider(PlansPublies, donnees, nom, lignes).plans)
    plans: list[Plan] = []
    ecartes: list[tuple[str, str]] = []
    for cas in valider(_FichierEchange, donnees, nom, lignes).cases:
        if len(cas.funding) < 2:
            motif = "une seule ligne de financement" if cas.funding else "aucune ligne de financement"
            ecartes.append((cas.name, motif))
        elif not (cas.total_cost_eur or cas.works_cost_eur):
            ecartes.append((cas.name, "coût non publié"))
        else:
            plans.append(_plan(cas))
    return PlansDuFichier(fichier.name, tuple(plans), tuple(ecartes))


def _plan(cas: _Cas) -> PlanDuCas:
    total, travaux = taxes_dites(cas.ht_or_ttc)
    cout = (
        CoutPublie(montant=cas.total_cost_eur, nature="total", taxe=total)
        if cas.total_cost_eur
        else CoutPublie(montant=cas.works_cost_eur or 0.0, nature="travaux", taxe=travaux)
    )
    return PlanDuCas(
        id=cas.id,
        nom=cas.name,
        commune=cas.commune,
        annee=cas.year,
        mode=(cas.mode or "").strip().lower() or None,
        places=cas.places,
        places_ajoutees=cas.places_added,
        cout=cout,
        lignes=tuple(
            LignePubliee(financeur=_SOLDE.sub("", x.funder), qui=_qui(x.funder), montant=x.amount, solde=x.computed)
            for x in cas.funding
        ),
        titre_source=cas.source_title,
    )


def _qui(financeur: str) -> Financeur:
    """Funder behind a printed name; a line that several share is compared with no rule."""
    nom = _ENTRE_TIRETS.sub("-", _PRECISION.sub("", financeur).strip())
    return next((qui for qui, motif in _NOMS if nom and motif.fullmatch(nom)), "autre")
