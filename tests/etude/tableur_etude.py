"""First sheet of a spreadsheet in plain Python, without the project's code: what the Saint-Denis study says and what it builds.

Numbers come from the study file and from the scales, read as plain YAML: calendar, places, works and their payments, rent, grants,
loans. One list of ``M`` numbers per monthly line; months count from the start of the study. The second sheet is
``tableur_bouclage``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

M = 360
TVA = "fiscalite.tva.taux_normal"
BT01 = "indices.bt01.bt01"


# --- reading the files -----------------------------------------------------------------------------------------------


@cache
def lire_feuille(fichier: Path) -> dict[str, Any]:
    """Sheet of the data, which no test changes."""
    return yaml.safe_load(fichier.read_text(encoding="utf-8"))


def lire_bareme(donnees: Path, chemin: str) -> list[dict[str, Any]]:
    """Dated values of a scale, oldest first."""
    dossier, fichier, nom = chemin.split(".")
    return lire_feuille(donnees / "baremes" / dossier / f"{fichier}.yaml")["baremes"][nom]["valeurs"]


def bareme_au(donnees: Path, chemin: str, jour: date) -> float:
    """Value of a scale in force on a day."""
    for valeur in lire_bareme(donnees, chemin):
        if valeur["depuis"] <= jour <= valeur.get("jusqu_au", date.max):
            return valeur["valeur"]
    raise LookupError(f"{chemin} au {jour}")


def en_nombres(brut: Any, donnees: Path, jour: date) -> Any:
    """Sheet whose inputs are bare numbers: their value, or that of their scale at the date of the request; None if unknown."""
    if isinstance(brut, list):
        return [en_nombres(x, donnees, jour) for x in brut]
    if not isinstance(brut, dict):
        return brut
    if "valeur" in brut:
        return brut["valeur"]
    if "bareme" in brut:
        return bareme_au(donnees, brut["bareme"], jour)
    if set(brut) == {"a_obtenir_de"}:
        return None
    return {cle: en_nombres(x, donnees, jour) for cle, x in brut.items()}


def mois_depuis(debut: date, fin: date) -> int:
    """Whole months between two days."""
    return (fin.year - debut.year) * 12 + fin.month - debut.month


@dataclass
class Entrees:
    """What the study and the scales say, in plain numbers."""

    fiche: dict[str, Any]
    places: int
    revision: float
    tva: float
    hausse_loyer: float
    hausse_prix: float
    piaje: dict[str, float]
    regle: dict[str, Any]
    boucleurs: list[dict[str, Any]]

    @cached_property
    def depart(self) -> date:
        """Month 0."""
        return self.fiche["date_depart"]

    @property
    def debut(self) -> int:
        """Month of the start of works: the tenure begins, the loans are drawn, the rent is due."""
        return self.fiche["delais"]["etudes_mois"]

    @property
    def ouverture(self) -> int:
        """Month of the opening, when the works are received."""
        return self.debut + self.fiche["delais"]["travaux_mois"]

    @property
    def fin(self) -> int:
        """First month after the tenure."""
        return self.debut + self.fiche["titre_occupation"]["duree_mois"]

    @cached_property
    def ouverts(self) -> range:
        """Months of operation."""
        return range(self.ouverture, min(self.fin, M))

    def annee(self, mois: int) -> int:
        """Calendar year of a month."""
        return self.depart.year + (self.depart.month - 1 + mois) // 12

    def mois_de_l_annee(self, annee: int) -> list[int]:
        """Months open in a calendar year."""
        return self.mois_par_annee.get(annee, [])

    @cached_property
    def mois_par_annee(self) -> dict[int, list[int]]:
        """Months open, by calendar year."""
        par_annee: dict[int, list[int]] = {}
        for m in self.ouverts:
            par_annee.setdefault(self.annee(m), []).append(m)
        return par_annee

    def annees_ouvertes(self) -> list[int]:
        """Calendar years with at least a month of operation."""
        return sorted(self.mois_par_annee)

    def rang(self, annee: int, mois: int) -> int:
        """Month of the study of a month (1 to 12) of a calendar year."""
        return mois_depuis(self.depart, date(annee, mois, 1))


def lire_entrees(etude: Path, donnees: Path) -> Entrees:
    """Read the study, and the scales at the date of the request."""
    brut = yaml.safe_load(etude.read_text(encoding="utf-8"))
    brut.pop("scenarios", None)
    demande = brut["date_demande"]
    fiche = en_nombres(brut, donnees, demande)
    hausses = lire_feuille(donnees / "hypotheses" / "evolutions.yaml")["chemins"]
    milieu = fiche["delais"]["etudes_mois"] + fiche["delais"]["travaux_mois"] / 2
    regle = fiche["exploitation"]["contribution_commune"]
    return Entrees(
        fiche=fiche,
        places=places_possibles(fiche["programme"]),
        revision=reviser(
            donnees, fiche["travaux"]["date_valeur"], fiche["date_depart"], milieu, hausses["bt01"]["central"]
        ),
        tva=bareme_au(donnees, TVA, demande),
        hausse_loyer=hausses["ilat"]["central"],
        hausse_prix=hausses["prix"]["central"],
        piaje={
            nom: bareme_au(donnees, f"subventions.piaje.{nom}", demande)
            for nom in ("base_par_place", "plafond_par_place", "part_max")
        },
        regle={"mode": regle} if isinstance(regle, str) else regle,
        boucleurs=fiche.get("bouclage", []),
    )


def places_possibles(programme: dict[str, float]) -> int:
    """Places in a very dense square without yard: 5.5 m² each, services, and 15 m² (up to 12 places) or 20 m² (up to 24)."""
    places = 0
    for n in range(1, 25):
        compensation = 15 if n <= 12 else 20
        utile = 5.5 * n + programme["services_fixes_m2"] + programme["services_par_place_m2"] * n + compensation
        if utile * programme["coefficient_sdo_su"] <= programme["surface_m2"]:
            places = n
    return places


def reviser(donnees: Path, du: date, depart: date, milieu: float, hausse: float) -> float:
    """BT01 from the date of the price to its last known value, then the path to the middle of the works."""
    derniere = lire_bareme(donnees, BT01)[-1]
    mois = mois_depuis(derniere["depuis"], depart) + milieu
    return derniere["valeur"] / bareme_au(donnees, BT01, du) * (1 + hausse) ** (mois / 12)


def aides(e: Entrees) -> dict[str, dict[str, Any]]:
    """Grants asked for: amount by place, within a share of the cost with VAT; paid so many months after the opening."""
    cout = sum(cout_des_travaux(e).values())
    suite = {}
    for aide in e.fiche["aides"]:
        if aide["statut"] == "non_demandee":
            continue
        if aide.get("dispositif") == "piaje":
            par_place = min(e.piaje["base_par_place"], e.piaje["plafond_par_place"])
            part_max = e.piaje["part_max"]
        else:
            par_place, part_max = aide["par_place"], aide["part_max"]
        montant = min(e.places * par_place, part_max * cout)
        suite[aide["id"]] = {
            "statut": aide["statut"],
            "montant": montant,
            "versement": au(e.ouverture + aide["delai_versement_mois"], montant),
            "rendu": au(e.fin - 1, montant * part_a_rendre(e, aide)),
        }
    return suite


def part_a_rendre(e: Entrees, aide: dict[str, Any]) -> float:
    """Share given back on the last month of use: what is left of the commitment, pro rata; nothing when nobody asks for it."""
    engagement = 12 * aide.get("engagement_ans", 0)
    return max(0.0, e.ouverture + engagement - e.fin) / engagement if engagement else 0.0


# --- monthly lines -----------------------------------------------------------------------------------------------------

Mois = list[float]


def vide() -> Mois:
    """A line of zeros."""
    return [0.0] * M


def au(mois: int, montant: float) -> Mois:
    """An amount in one month; beyond the horizon it is not paid."""
    ligne = vide()
    if mois < M:
        ligne[mois] += montant
    return ligne


def etale(montant: float, mois: list[int] | range) -> Mois:
    """An amount spread evenly over months."""
    ligne = vide()
    for m in mois:
        ligne[m] = montant / len(mois)
    return ligne


def plus(*lignes: Mois) -> Mois:
    """Sum of lines."""
    return [sum(x) for x in zip(*lignes, strict=True)]


def moins(ligne: Mois, *autres: Mois) -> Mois:
    """A line less others."""
    return [x - sum(y) for x, *y in zip(ligne, *autres, strict=True)]


def cumul(ligne: Mois) -> Mois:
    """Running total."""
    total, suite = 0.0, []
    for x in ligne:
        total += x
        suite.append(total)
    return suite


def restreint(ligne: Mois, mois: range | list[int]) -> Mois:
    """A line kept on some months only."""
    garde = set(mois)
    return [x if m in garde else 0.0 for m, x in enumerate(ligne)]


def decale(ligne: Mois, retard: int) -> Mois:
    """A line moved later."""
    return ([0.0] * retard + ligne)[:M]


def somme_de(ligne: Mois, mois: list[int] | range) -> float:
    """Total of a line over some months."""
    return sum(ligne[m] for m in mois)


# --- works, rent -------------------------------------------------------------------------------------------------------


def cout_des_travaux(e: Entrees) -> dict[str, float]:
    """Cost lines; a crèche recovers no VAT; equipment follows prices until it is bought, the month before the opening."""
    fiche = e.fiche["travaux"]
    travaux = fiche["cout_m2_ht"] * e.fiche["programme"]["surface_m2"] * e.revision
    lignes = {
        "travaux_ht": travaux,
        "honoraires_ht": travaux * fiche["honoraires_part"],
        "etudes_assurances_ht": travaux * fiche["etudes_assurances_part"],
        "aleas_ht": travaux * fiche["aleas_part"],
    }
    hors_taxe = sum(lignes.values())
    attente = mois_depuis(fiche["date_valeur"], e.depart) + e.ouverture - 1
    equipement = fiche["equipement_par_place_ttc"] * e.places * (1 + e.hausse_prix) ** (attente / 12)
    return lignes | {"tva": hors_taxe * e.tva, "equipement": equipement}


def immobilier(e: Entrees) -> float:
    """Works, fees and contingencies with VAT, without equipment."""
    return sum(montant for nom, montant in cout_des_travaux(e).items() if nom != "equipement")


def paiements_du_chantier(e: Entrees) -> dict[str, Mois]:
    """Fees over studies and works; works on an S curve, paid late, less the retention; equipment the month before opening."""
    cout, regle = cout_des_travaux(e), e.fiche["reglements"]
    ttc, duree, retenue = 1 + e.tva, e.fiche["delais"]["travaux_mois"], regle["retenue_garantie_part"]
    etudes = etale((cout["honoraires_ht"] + cout["etudes_assurances_ht"]) * ttc, range(e.ouverture))
    a_payer = (cout["travaux_ht"] + cout["aleas_ht"]) * ttc
    travaux = vide()
    for k in range(duree):
        fait = avancement((k + 1) / duree) - avancement(k / duree)
        travaux = plus(travaux, au(e.debut + k + regle["delai_paiement_mois"], a_payer * fait * (1 - retenue)))
    travaux = plus(travaux, au(e.ouverture + regle["retenue_garantie_mois"], a_payer * retenue))
    return {"etudes": etudes, "travaux": travaux, "equipement": au(e.ouverture - 1, cout["equipement"])}


def avancement(x: float) -> float:
    """Share of the works done at a share of their duration: slow, fast, slow."""
    return 3 * x**2 - 2 * x**3


def loyer(e: Entrees) -> Mois:
    """Rent from the start of works to the end of the tenure, raised each calendar year from the first."""
    ligne = vide()
    mensuel = e.fiche["titre_occupation"]["loyer_m2_an"] * e.fiche["programme"]["surface_m2"] / 12
    for m in range(e.debut, min(e.fin, M)):
        ligne[m] = mensuel * (1 + e.hausse_loyer) ** (e.annee(m) - e.depart.year)
    return ligne


# --- loans -------------------------------------------------------------------------------------------------------------


def echeancier(e: Entrees, capital: float, termes: dict[str, Any]) -> dict[str, Mois]:
    """Drawn at the start of works; interest alone during the grace, then equal payments; first payment a month after."""
    interets, remboursement, restant = vide(), vide(), vide()
    t, duree, differe = termes["taux"] / 12, termes["duree_mois"], termes["differe_mois"]
    n = duree - differe
    echeance = capital * t / (1 - (1 + t) ** -n)
    reste = restant[e.debut] = capital
    for k in range(1, duree + 1):
        interet = reste * t
        rendu = echeance - interet if k > differe else 0.0
        reste -= rendu
        interets[e.debut + k], remboursement[e.debut + k], restant[e.debut + k] = interet, rendu, reste
    return {
        "deblocage": au(e.debut, capital),
        "interets": interets,
        "remboursement": remboursement,
        "restant": restant,
    }
