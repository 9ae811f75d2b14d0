"""Running cost against the national mean and published operations, with the difference by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue, exiger
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.donnee import Reference
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Annee, Fiche, Nombre, Texte, lire_fiche
from pope_foncier.socle.grandeur import par_annee

_REPERES = "exploitation.reperes."


@dataclass(frozen=True, slots=True)
class Ecart:
    """Line of a comparison: the model, the reference, both in the same unit."""

    poste: str
    modele: float
    repere: float
    unite: str
    origine: str

    @property
    def difference(self) -> float:
        """Model less reference."""
        return self.modele - self.repere


@dataclass(frozen=True, slots=True)
class CoutsUnitaires:
    """Running cost of a full year, in euros of the year of prices of the study [€/place/year]."""

    annee: int
    annee_prix: int
    places: float
    heures_par_place: float
    lignes: dict[str, float]
    """Charges by code of the ledger."""

    @property
    def total(self) -> float:
        """Cost of a place."""
        return sum(self.lignes.values())

    def part(self, code: str) -> float:
        """Share of one line in the cost of a place [fraction]."""
        return self.lignes[code] / self.total

    @property
    def par_heure(self) -> float:
        """Cost of a billed hour [€/h]."""
        return self.total / self.heures_par_place


def couts_unitaires(ev: Evaluation, scenario: int = 0) -> CoutsUnitaires:
    """Cost of a place by line: staff at the wages, the rest at the prices, of the year of prices of the study.

    Raises:
        ErreurCalcul: no operating account, or no full year after the ramp-up.
    """
    exploitation, rang = ev.ctx.etude.exploitation, rang_de_croisiere(ev, scenario)
    if ev.compte is None or exploitation is None or rang is None:
        raise ErreurCalcul("Coût unitaire introuvable : il faut un compte d'exploitation et une année pleine.")
    places = ev.capacite.places.au_point(scenario)
    if not places > 0:
        raise ErreurCalcul("Coût unitaire introuvable : aucune place, ou un nombre inconnu.")
    lignes = {}
    for ligne in ev.livre.du_groupe("charges"):
        annuel = par_annee(ligne.grandeur, ev.ctx.echelle).au_point(scenario, rang_annee=rang)
        chemin = "salaires" if ligne.poste == "personnel" else "prix"
        indice = ev.ctx.indice(chemin, exploitation.annee_prix).au_point(scenario, rang_annee=rang)
        lignes[ligne.code] = annuel / indice / places
    heures = par_annee(ev.compte.heures_facturees, ev.ctx.echelle).au_point(scenario, rang_annee=rang) / places
    return CoutsUnitaires(ev.ctx.echelle.annees[rang], exploitation.annee_prix, places, heures, lignes)


def ecarts_au_national(couts: CoutsUnitaires, catalogue: Catalogue, jour: date) -> list[Ecart]:
    """Cost of a place against the national mean: staff, the rest, total, and per billed hour.

    The national split between staff and the rest is that of an older study; the cost per hour is derived from the hours billed
    in another year. Prices of the two years are not brought together: both years are shown.
    """

    def lire(nom: str) -> tuple[float, str]:
        datee = exiger(catalogue.derniere(_REPERES + nom, jour))
        return float(datee.valeur), f"{datee.source.titre} ({datee.depuis.year})"

    cout, origine = lire("cout_par_place")
    parts = exiger(catalogue.derniere(f"{_REPERES}parts_par_nature", jour))
    part, nature = float(parts.valeur["personnel"]), f"{origine}, par nature : {parts.source.titre}"
    jours, _ = lire("jours_ouverture")
    heures, _ = lire("heures_facturees_jour")
    personnel = couts.lignes.get("exploitation.charges.personnel", 0.0)
    return [
        Ecart(libelle("exploitation.charges.personnel"), personnel, part * cout, "€/place/an", nature),
        Ecart("Autres charges, murs compris", couts.total - personnel, (1 - part) * cout, "€/place/an", nature),
        Ecart("Coût d'une place", couts.total, cout, "€/place/an", origine),
        Ecart("Coût d'une heure facturée", couts.par_heure, cout / (jours * heures), "€/h", f"{origine}, dérivé"),
    ]


@dataclass(frozen=True, slots=True)
class EtapeIllustration:
    """Step of the illustration: running income of a place once an aid is added, and what still lacks [€/place/year]."""

    nom: str
    produit: float
    manque: float

    @property
    def cout(self) -> float:
        """Cost of the place [€/place/year]."""
        return self.produit + self.manque

    @property
    def part_qui_manque(self) -> float:
        """Share of the cost that still lacks [fraction]."""
        return self.manque / self.cout


def illustrer(catalogue: Catalogue, jour: date) -> list[EtapeIllustration]:
    """A place at the national mean cost, non-profit, in a priority district, aid by aid; an illustration, not a forecast.

    Days and billed hours are the last means published at the date; the mean cost is national. The bonus attractivité pays for
    wage rises: it is not a free margin.
    """

    def lire(chemin: str, cle: str = "") -> float:
        valeur = exiger(catalogue.a_la_date(f"exploitation.{chemin}", jour)).valeur
        return float(valeur[cle] if cle else valeur)

    def moyenne(nom: str) -> float:
        return float(exiger(catalogue.derniere(_REPERES + nom, jour)).valeur)

    heures = moyenne("jours_ouverture") * moyenne("heures_facturees_jour")
    montant, cout = lire("psu.montant_max"), lire("reperes.cout_par_place")
    journees = lire("psu.journees_pedagogiques") * lire("psu.heures_par_journee_pedagogique") * montant
    aides = {
        "PSU et familles": heures * montant,
        "bonus territoire, quartier prioritaire": lire("bonus.territoire_place_nouvelle_qpv"),
        "bonus mixité, premier niveau": lire("bonus.mixite_montants", "niveau_1"),
        "bonus attractivité": lire("bonus.attractivite_prive"),
        "journées pédagogiques": journees,
    }
    cumuls = np.cumsum([*aides.values()])
    return [EtapeIllustration(n, float(c), cout - float(c)) for n, c in zip(aides, cumuls, strict=True)]


class ChiffrePublie(Fiche):
    """Published operating figure of a real place, or key figure of PôPE, with its year and source."""

    quoi: Texte
    annee: Annee
    mesure: Texte
    """What of the model it is set beside: see ``data/cas/exploitation_publiee.yaml``."""
    valeur: Nombre
    unite: Texte
    source: Reference
    remarque: Texte | None = None


class ChiffresPublies(Fiche):
    """Published operating figures."""

    chiffres: tuple[ChiffrePublie, ...]


@lru_cache(maxsize=2)
def lire_publies(chemin: Path | None = None) -> tuple[ChiffrePublie, ...]:
    """Read the published figures of the project."""
    return lire_fiche(ChiffresPublies, chemin or dossier_donnees() / "cas" / "exploitation_publiee.yaml").chiffres


def comparer_publies(mesures: dict[str, float]) -> list[Ecart]:
    """Each published figure beside the model's own measure; a measure that the model does not have is NaN."""
    return [
        Ecart(
            f"{c.quoi} ({c.annee})",
            mesures.get(c.mesure, np.nan),
            c.valeur,
            c.unite,
            c.source.titre + (f" ; {c.remarque}" if c.remarque else ""),
        )
        for c in lire_publies()
    ]
