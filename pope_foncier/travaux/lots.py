"""Works packages: sheets of the plan by lots of a study, and the assumptions that split a ratio and set its spread."""

from __future__ import annotations

import difflib
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneePositif
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, Identifiant, Jour, NomDeFichier, Part, Positif, Texte, faute, lire_fiche
from pope_foncier.socle.nombres import formater_nombre

Stade = Literal["faisabilite", "programme", "aps", "apd", "dce", "marches"]
Diagnostic = Literal["structure", "amiante", "plomb", "sols", "reseaux", "acoustique"]


class LigneTravaux(Fiche):
    """Line of works priced by the study: it replaces the share of its lot in the ratio."""

    id: Identifiant
    lot: Texte
    libelle: Texte
    quantite: Annotated[DonneePositif, Declaration("Quantité, {libelle}", "{unite}")]
    unite: Texte
    prix_unitaire_ht: Annotated[DonneeEuros, Declaration("Prix unitaire, {libelle}", "€/{unite} HT")]
    date_prix: Jour


class PlanTravaux(Fiche):
    """Plan of works by lots: the ratio is split, then lines and quotes replace it lot by lot."""

    genre: Texte
    """Kind of works, which splits the ratio (``conversion``)."""
    stade: Stade
    diagnostics: tuple[Diagnostic, ...] = ()
    """Diagnostics made and priced."""
    lignes: tuple[LigneTravaux, ...] = Field((), max_length=1000)
    devis: NomDeFichier | None = None
    """Quote table of ``data/devis/`` (CSV or XLSX)."""


class Lot(Fiche):
    """Works package; ``hors_ratio``: never inside the ratio, it only adds; ``cote_voies``: due beside tracks only."""

    libelle: Texte
    hors_ratio: bool = False
    cote_voies: bool = False


class Facteur(Fiche):
    """Factor on the spread of the ratio."""

    libelle: Texte
    facteur: Part


class StadeEtude(Facteur):
    """Stage of a study: factor on the spread, and usual contingencies as a share of works excluding tax."""

    aleas: Part

    def aleas_de(self, travaux: float) -> float:
        """Usual contingencies of some works [€ HT]."""
        return travaux * self.aleas


class PlageFrais(Fiche):
    """Fee as a range of shares of works excluding tax."""

    libelle: Texte
    bas: Part
    haut: Part

    def montants(self, travaux: float) -> tuple[float, float]:
        """Both ends of the fee of some works [€ HT]."""
        return travaux * self.bas, travaux * self.haut


class Repere(Fiche):
    """Price range seen somewhere, an order of magnitude."""

    lot: Texte
    libelle: Texte
    unite: Texte
    bas: Positif
    haut: Positif
    base: Texte


class ScenarioTerres(Fiche):
    """Way to remove soil, with its price range [€/t]."""

    libelle: Texte
    bas: Positif
    haut: Positif


class Decaissement(Fiche):
    """Soil to remove: area and depth [m]."""

    surface_m2: Positif
    profondeur_m: Positif


class Terres(Fiche):
    """Soil removal: density [t/m³], an example and scenarios."""

    densite_t_m3: Positif
    exemple: Decaissement
    scenarios: dict[str, ScenarioTerres]


class HypothesesLots(Fiche):
    """Assumptions of the plan by lots."""

    lots: dict[str, Lot]
    repartition: dict[str, dict[str, Part]]
    dispersion: dict[str, Positif]
    dispersion_lot: Positif
    dispersion_devis: Positif
    stades: dict[Stade, StadeEtude]
    diagnostics: dict[Diagnostic, Facteur]
    frais: dict[Literal["honoraires", "etudes"], dict[str, PlageFrais]]
    reperes: tuple[Repere, ...]
    terres: Terres

    @model_validator(mode="after")
    def _parts_completes(self) -> HypothesesLots:
        for genre, parts in self.repartition.items():
            if abs(sum(parts.values()) - 1) > 1e-9:
                somme = formater_nombre(sum(parts.values()), 6, 0)
                raise faute(f"les parts de « {genre} » font {somme}.", "corriger : leur somme est 1.")
            inconnus = [x for x in parts if x not in self.lots or self.lots[x].hors_ratio]
            if inconnus:
                raise faute(f"« {genre} » répartit sur {', '.join(inconnus)}.", "n'employer que des lots du ratio.")
        return self

    def parts(self, genre: str, loin_des_voies: bool = False) -> dict[str, float]:
        """Share of each lot in the ratio of a kind of works; away from tracks, their lots go to the others in proportion.

        Raises:
            ErreurCalcul: unknown kind; the known ones are listed.
        """
        if genre not in self.repartition:
            connus = ", ".join(self.repartition)
            raise ErreurCalcul(f"Genre de travaux inconnu : « {genre} ». Choisir parmi : {connus}.")
        parts = self.repartition[genre]
        if not loin_des_voies:
            return dict(parts)
        gardees = {code: part for code, part in parts.items() if not self.lots[code].cote_voies}
        return {code: part / sum(gardees.values()) for code, part in gardees.items()}

    def exiger_lot(self, lot: str, lieu: str) -> None:
        """Refuse an unknown lot, offering the nearest ones."""
        if lot not in self.lots:
            proches = difflib.get_close_matches(lot, self.lots, n=3, cutoff=0.4) or list(self.lots)
            raise ErreurCalcul(f"{lieu} : lot inconnu « {lot} ». Peut-être : {', '.join(proches)}.")

    def dispersion_ratio(self, genre: str, stade: Stade, diagnostics: tuple[Diagnostic, ...] = ()) -> float:
        """Standard deviation of ln(cost) of what is still at the ratio: shrinks with the stage and the diagnostics."""
        faits = prod(self.diagnostics[d].facteur for d in dict.fromkeys(diagnostics))
        return self.dispersion[genre] * self.stades[stade].facteur * faits


@lru_cache(maxsize=4)
def lire_lots(chemin: Path | None = None) -> HypothesesLots:
    """Read the assumptions of the plan by lots."""
    return lire_fiche(HypothesesLots, chemin or dossier_donnees() / "hypotheses" / "couts_lots.yaml")


def cout_terres(surface_m2: float, profondeur_m: float) -> dict[str, tuple[float, float]]:
    """Soil removal cost by scenario, low and high [€ HT]: area × depth × density × price per tonne."""
    terres = lire_lots().terres
    tonnes = surface_m2 * profondeur_m * terres.densite_t_m3
    return {s.libelle: (tonnes * s.bas, tonnes * s.haut) for s in terres.scenarios.values()}
