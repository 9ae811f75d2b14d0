"""Sheet of a sweep: which sites, modes, montages and closings, how many draws, which figures are kept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from pope_foncier.decision.comparer.combinaisons import DE_L_ETUDE, TEL_QUEL
from pope_foncier.etude.fiche_doute import Graine, Methode, Tirages
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import (
    Bornes,
    Fiche,
    Identifiant,
    Nombre,
    Part,
    Texte,
    faute,
    lire_fiche,
    sans_double,
)

TOUS = "tous"
"""Every mode, montage or way of closing of the project."""
Sens = Literal["plus_bas", "plus_haut"]
_PAR_MORCEAU = Annotated[int, BeforeValidator(Bornes(1, 1_000, "un nombre de sites par morceau", entier=True))]


_Noms = Annotated[tuple[Texte, ...], BeforeValidator(lambda brut: (brut,) if isinstance(brut, str) else brut)]
"""Names of a list; one alone (« tous ») needs none."""


class SitesDuBalayage(Fiche):
    """Sites: studies by name or file, or one model study and a table with a row for each site."""

    etudes: tuple[Texte, ...] = Field((), max_length=1_000)
    modele: Texte | None = None
    table: Texte | None = None
    """CSV or XLSX file, beside the plan: a column « nom », the others named by the path of a field."""

    @model_validator(mode="after")
    def _l_un_ou_l_autre(self) -> SitesDuBalayage:
        par_table = (self.modele is not None, self.table is not None)
        if bool(self.etudes) == any(par_table) or any(par_table) != all(par_table):
            raise faute(
                "des études, ou bien un modèle et sa table.",
                "écrire « etudes: [gare_saint_denis] », ou « modele » et « table » ensemble.",
            )
        sans_double("étude", self.etudes)
        return self


class Seuil(Fiche):
    """Threshold whose crossing is counted among the draws."""

    nom: Identifiant
    chiffre: Texte
    sous: Nombre | None = None
    au_dessus: Nombre | None = None

    @model_validator(mode="after")
    def _un_cote(self) -> Seuil:
        if (self.sous is None) == (self.au_dessus is None):
            raise faute("« sous » ou « au_dessus », l'un des deux.", "dire de quel côté du seuil les tirages comptent.")
        return self

    @property
    def valeur(self) -> float:
        """Threshold itself."""
        valeur = self.sous if self.sous is not None else self.au_dessus
        assert valeur is not None
        return valeur


class TiragesDuBalayage(Fiche):
    """Draws of each combination; what it leaves out is said by each study, then by the assumptions of the project."""

    nombre: Tirages
    chiffres: tuple[Texte, ...] | None = Field(None, min_length=1, max_length=100)
    """Figures read in each draw, on the closed plan."""
    graine: Graine | None = None
    methode: Methode | None = None
    quantiles: tuple[Part, ...] | None = Field(None, max_length=20)
    seuils: tuple[Seuil, ...] = Field((), max_length=50)
    garder: bool = False
    """Whether the draws themselves are kept beside what they say."""

    @model_validator(mode="after")
    def _quantiles(self) -> TiragesDuBalayage:
        if any(not 0.0 < q < 1.0 for q in self.quantiles or ()):
            raise faute("un quantile est strictement entre 0 et 1.", "écrire par exemple [0.1, 0.5, 0.9].")
        sans_double("chiffre", list(self.chiffres or ()))
        sans_double("quantile", [str(q) for q in self.quantiles or ()])
        sans_double("seuil", [s.nom for s in self.seuils])
        return self


class Critere(Fiche):
    """Measure that says which combination of a site comes first."""

    mesure: Texte
    sens: Sens


class FicheBalayage(Fiche):
    """Plan of a sweep as a sheet."""

    titre: Texte
    sites: SitesDuBalayage
    modes: _Noms = Field((DE_L_ETUDE,), min_length=1, max_length=20)
    montages: _Noms = Field((TEL_QUEL,), min_length=1, max_length=100)
    bouclages: _Noms = Field((DE_L_ETUDE,), min_length=1, max_length=50)
    tirages: TiragesDuBalayage | None = None
    critere: Critere | None = None
    sites_par_morceau: _PAR_MORCEAU | None = None
    """Sites that a part holds: it cuts the computation, whoever does it."""

    @model_validator(mode="after")
    def _sans_double(self) -> FicheBalayage:
        for quoi, noms in (("mode", self.modes), ("montage", self.montages), ("bouclage", self.bouclages)):
            sans_double(quoi, list(noms))
        return self


class ReglesDuBalayage(Fiche):
    """What a plan leaves out."""

    chiffres: tuple[Texte, ...]
    critere: Critere
    quantiles: tuple[Part, ...]
    sites_par_morceau: _PAR_MORCEAU
    base: Texte


@lru_cache(maxsize=2)
def lire_regles(chemin: Path | None = None) -> ReglesDuBalayage:
    """Read what a plan leaves out; the choices of the project by default."""
    return lire_fiche(ReglesDuBalayage, chemin or dossier_donnees() / "hypotheses" / "balayage.yaml")
