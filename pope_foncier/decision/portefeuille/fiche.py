"""Portfolio sheet: several sites of one company, its equity, its reserve rule, the jobs that its sites share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeMois, DonneePositif, DonneeTaux
from pope_foncier.socle.fiches import (
    Annee,
    DureeMois,
    Fiche,
    Identifiant,
    NomDeFichier,
    Texte,
    faute,
    lire_fiche,
    sans_double,
)
from pope_foncier.socle.nombres import formater_nombre

NaturePoste = Literal["direction", "sante", "gestion"]
"""``direction`` and ``sante`` are already in the charges of a site that is operated; ``gestion`` comes on top."""


class PostePartage(Fiche):
    """Shared job: full-time equivalents of one person for all, and those that each site would pay alone."""

    id: Identifiant
    libelle: Texte
    nature: NaturePoste
    etp: Annotated[DonneePositif, Declaration("{libelle}, ETP une fois partagé", "ETP")]
    """FTE once shared; while fewer sites are open, never more than what these would pay alone."""
    cout_etp_an: Annotated[DonneeEuros, Declaration("{libelle}, coût annuel d'un ETP", "€/ETP/an")]
    """Yearly cost of one FTE [€], at the wages of ``annee_prix``."""
    remplace: Annotated[dict[str, DonneePositif], Declaration("{libelle}, ETP du lieu seul", "ETP")] = Field(
        min_length=1
    )
    """FTE of each site alone, by its identifier."""

    @model_validator(mode="after")
    def _partage(self) -> PostePartage:
        seuls = [d.valeur for d in self.remplace.values()]
        if self.etp.valeur is None or None in seuls:
            return self
        somme = sum(v for v in seuls if v is not None)
        if self.etp.valeur > somme + 1e-9:
            raise faute(
                f"le poste partagé fait {formater_nombre(self.etp.valeur, 6, 0)} ETP, plus que les {formater_nombre(somme, 6, 0)} ETP qu'il remplace.",
                "baisser « etp », ou compter dans « remplace » tout ce que les lieux paieraient seuls.",
            )
        return self


class RegleReserve(Fiche):
    """Reserve held in the common treasury: months of debt service, and months of charges, still to come."""

    mois_service_dette: Annotated[DonneeMois, Declaration("Réserve, mois de service de la dette", "mois")]
    mois_charges: Annotated[DonneeMois, Declaration("Réserve, mois de charges", "mois")]


class LignePortefeuille(Fiche):
    """One site of the portfolio: its study, its montage, and how many months later it starts.

    A site that starts later keeps the prices and the calendar of its study, moved by as much.
    """

    id: Identifiant
    libelle: Texte
    etude: NomDeFichier
    montage: Texte
    decalage_mois: DureeMois


class Portefeuille(Fiche):
    """Portfolio of a company that holds several sites."""

    titre: Texte
    capital: Annotated[DonneeEuros, Declaration("Capital de la société", "€")]
    rendement_capital: Annotated[DonneeTaux | None, Declaration("Rendement versé au capital", "%")] = None
    """Return paid on the equity at the end of each year from the first opening; none is paid without it."""
    postes_partages: tuple[PostePartage, ...] = Field((), max_length=50)
    economie_des_postes: Literal["societe", "communes"] = "societe"
    """Who keeps the saving on the jobs of operated sites: the company, or the communes through a lower contribution."""
    annee_prix: Annee
    lignes: tuple[LignePortefeuille, ...] = Field(min_length=1, max_length=30)
    reserve: RegleReserve | None = None
    depart_ans: Annotated[int, Field(ge=1, le=100)]
    """Years after its opening at which a site fails, in the trial."""
    preavis_salaires_mois: Annotated[DonneeMois | None, Declaration("Salaires dus après une fermeture", "mois")] = None
    """Months of wages still paid after an operated site closes, in the trial."""
    retard_mois: DureeMois
    """Delay of the grants of a site, in the trial."""

    @property
    def capital_verse(self) -> float:
        """Equity of the company [€]; NaN when unknown."""
        return float("nan") if self.capital.valeur is None else float(self.capital.valeur)

    @model_validator(mode="after")
    def _noms(self) -> Portefeuille:
        lieux = [x.id for x in self.lignes]
        sans_double("lieu", lieux)
        sans_double("poste partagé", [p.id for p in self.postes_partages])
        inconnus = sorted({n for p in self.postes_partages for n in p.remplace} - set(lieux))
        if inconnus:
            raise faute(
                f"« remplace » nomme des lieux absents du portefeuille : {', '.join(inconnus)}.",
                f"reprendre un identifiant de « lignes » : {', '.join(lieux)}.",
            )
        return self


def lire_portefeuille(chemin: Path) -> Portefeuille:
    """Read a portfolio."""
    return lire_fiche(Portefeuille, chemin)
