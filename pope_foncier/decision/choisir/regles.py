"""Rules that a proposed plan keeps: thresholds of the ratios, our assumptions, what the study says, what the user asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pope_foncier.decision.commune.accords import Accord, plafond_de_la_contribution
from pope_foncier.etude.controles import lire_controles
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneeEuros, DonneeMois, DonneeTaux
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import DureeMois, Entier, Fiche, Nombre, Texte, lire_fiche

Objectif = Literal["cout_ville", "contribution", "fonds_propres"]
OBJECTIFS: Mapping[Objectif, str] = {
    "cout_ville": "coût actualisé de la commune",
    "contribution": "contribution de la commune par place et par an",
    "fonds_propres": "fonds propres",
}
Plafond = Literal["contribution", "investissement", "fonds_propres", "pret", "cout_ville"]
PLAFONDS: Mapping[Plafond, str] = {
    "contribution": "contribution de la commune par place, payée en croisière",
    "investissement": "subvention d'investissement de la commune",
    "fonds_propres": "fonds propres",
    "pret": "prêt principal",
    "cout_ville": "coût actualisé de la commune",
}
UNITES: Mapping[Plafond, str] = {p: "€/place/an" if p == "contribution" else "€" for p in PLAFONDS}


class RegleDeRatio(Fiche):
    """Rule whose threshold is that of a ratio."""

    ratio: Texte
    libelle: Texte


class RegleAuSeuil(Fiche):
    """Rule with a threshold of its own."""

    seuil: Nombre
    libelle: Texte
    base: Texte


class Durees(Fiche):
    """Terms tried."""

    valeurs: tuple[DureeMois, ...]
    base: Texte


class LectureDuRelais(Fiche):
    """Reading of the bridge that the plan may take, by its rank."""

    lecture: Entier
    base: Texte


class PretDeDemarrage(Fiche):
    """Terms of the loan of an operator who rents walls that its owner works on."""

    libelle: Texte
    taux: Annotated[DonneeTaux, Declaration("Prêt de démarrage, taux", "%")]
    duree_mois: Annotated[DonneeMois, Declaration("Prêt de démarrage, durée", "mois")]


class ProduitAPart(Fiche):
    """Product that no plan asks for, and why."""

    produit: Texte
    raison: Texte


class LimitesDuPlan(Fiche):
    """Rules and assumptions of the data folder."""

    couverture: RegleDeRatio
    ressources_propres: RegleDeRatio
    titre: RegleDeRatio
    tresorerie: RegleAuSeuil
    durees_mois: Durees
    relais: LectureDuRelais
    demarrage: PretDeDemarrage
    fonds_propres: Annotated[DonneeEuros, Declaration("Fonds propres, faute de montant connu", "€")]
    autres_plans: Entier
    produits_a_part: tuple[ProduitAPart, ...]


@lru_cache(maxsize=2)
def lire_limites_du_plan(chemin: Path | None = None) -> LimitesDuPlan:
    """Rules of the data folder."""
    return lire_fiche(LimitesDuPlan, chemin or dossier_donnees() / "hypotheses" / "limites_du_plan.yaml")


@dataclass(frozen=True)
class Regles:
    """Rules of one search.

    Attributes:
        couverture, propres, marge_titre: thresholds of the cover, of the own resources over the uses, of the months kept before the end of the tenure.
        tresorerie: lowest cash admitted [€].
        actualisation: yearly discount rate [fraction].
        plafonds: highest amount of each resource, those known alone.
        origines: where each comes from, in words, by name.
    """

    objectif: Objectif
    couverture: float
    propres: float
    marge_titre: float
    tresorerie: float
    actualisation: float
    plafonds: Mapping[Plafond, float]
    origines: Mapping[str, str] = field(default_factory=dict)

    def plafond(self, nom: Plafond) -> float:
        """Highest amount of a resource; infinite when nobody limits it."""
        return self.plafonds.get(nom, float("inf"))


def regles_de(etude: Etude, objectif: str, plafonds: Mapping[Plafond, float], actualisation: Accord) -> Regles:
    """Rules of a study: those of the data, what its sheet says over them, and what is asked over both.

    Args:
        actualisation: yearly discount rate, and where it comes from.

    Raises:
        ErreurCalcul: an objective or a ceiling that is none.
    """
    voulu = next((o for o in OBJECTIFS if o == objectif), None)
    if voulu is None:
        raise ErreurCalcul(f"Rien à minimiser de ce nom : « {objectif} ». Choisir parmi : {', '.join(OBJECTIFS)}.")
    for nom, montant in plafonds.items():
        if nom not in PLAFONDS or not montant >= 0.0:
            raise ErreurCalcul(f"Plafond : un nombre positif pour {', '.join(PLAFONDS)} ; trouvé : {nom} = {montant}.")
    donnees, ratios = lire_limites_du_plan(), lire_controles().ratios
    sus: dict[Plafond, float] = dict(plafonds)
    origines: dict[str, str] = dict.fromkeys(plafonds, "demandé")
    contribution = plafond_de_la_contribution(etude)
    if contribution.est_dit and "contribution" not in sus:
        sus["contribution"], origines["contribution"] = contribution.valeur, contribution.origine
    declares = fonds_declares(etude)
    if "fonds_propres" not in sus:
        sus["fonds_propres"] = declares or float(donnees.fonds_propres.valeur or 0.0)
        origines["fonds_propres"] = "bouclage de l'étude" if declares else str(donnees.fonds_propres.base)
    for code, regle in (
        ("couverture", donnees.couverture),
        ("propres", donnees.ressources_propres),
        ("titre", donnees.titre),
    ):
        origines[code] = ratios[regle.ratio].origine
    origines |= {"tresorerie": donnees.tresorerie.base, "actualisation": actualisation.origine}
    return Regles(
        voulu,
        ratios[donnees.couverture.ratio].seuil,
        ratios[donnees.ressources_propres.ratio].seuil,
        ratios[donnees.titre.ratio].seuil,
        donnees.tresorerie.seuil,
        actualisation.valeur,
        sus,
        origines,
    )


def fonds_declares(etude: Etude) -> float:
    """Own funds that the closers of a study say that they bring, at most [€]."""
    dits = [b.montant or b.plafond for b in etude.bouclage if b.nature == "fonds_propres"]
    return sum(float(d.valeur) for d in dits if d is not None and d.valeur is not None)
