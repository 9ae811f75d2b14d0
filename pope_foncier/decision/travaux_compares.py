"""Works of one site: modes compared, and a published reuse that failed, set beside what the tool would have said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.par_place import diviser
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.travaux.calage import caler
from pope_foncier.travaux.calage_donnees import OperationPubliee, lire_operation
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.travaux.lots import lire_lots


@dataclass(frozen=True, slots=True)
class ModeTravaux:
    """One kind of works on a site: total cost and its range [€ TTC]."""

    genre: str
    libelle: str
    places: float
    bas: float
    total: float
    haut: float

    @property
    def par_place(self) -> float:
        """Total cost by place [€/place]; NaN without a place."""
        return diviser(self.total, self.places)


@dataclass(frozen=True, slots=True)
class Abandon:
    """Reuse given up: first figure, last estimate with its known parts, and the range of the back-test [€]."""

    operation: OperationPubliee
    premiere: float
    derniere: float
    postes: tuple[tuple[str, float], ...]
    """Named parts of the last estimate, then what the source does not detail."""
    bas: float
    prevu: float
    haut: float
    """Range of the model at the prices of the operation's year, learnt without it."""

    @property
    def hausse(self) -> float:
        """How many times the first announcement the last estimate is."""
        return self.derniere / self.premiere


def evaluer_avec(dossier: Dossier, moteur: Moteur, surcharges: dict[str, Any]) -> Evaluation:
    """Evaluate the base study with overrides."""
    return moteur.tirer(dossier, {}, varier(dossier, "essai", surcharges))


def comparer_modes(dossier: Dossier, moteur: Moteur, stade: str = "faisabilite") -> tuple[ModeTravaux, ...]:
    """Price each kind of works on the site of a study, at the middle of its ratio, all else equal."""
    connus, modes = lire_lots().repartition, []
    for genre, cout in lire_couts().genres.items():
        if genre not in connus:
            continue
        donnee = {
            "valeur": (cout.bas + cout.haut) / 2,
            "intervalle": [cout.bas, cout.haut],
            "base": f"{cout.libelle}, milieu de la fourchette",
        }
        ev = evaluer_avec(
            dossier, moteur, {"travaux.cout_m2_ht": donnee, "travaux.plan": {"genre": genre, "stade": stade}}
        )
        f = fourchette_totale(Vue(BASE, cout.libelle, ev, 0))
        modes.append(ModeTravaux(genre, cout.libelle, ev.capacite.places.au_point(), f.bas, f.estime, f.haut))
    return tuple(modes)


def relire_abandon(moteur: Moteur, identite: str) -> Abandon:
    """Set a project given up beside the model: the first announcement, the last estimate, the range it would have had."""
    operation = lire_operation(identite)
    if operation.cout_total is None or operation.premiere_estimation is None:
        raise ErreurCalcul(f"Opération « {identite} » : il manque la première estimation ou le dernier coût.")
    c = caler(moteur.catalogue)
    rang = next(i for i, o in enumerate(c.observations) if o.operation.id == identite and o.nature == "total")
    derniere = operation.cout_total.montant
    prix = derniere / c.reels[rang]
    nommes = [(p.libelle, p.montant) for p in operation.postes]
    reste = derniere - operation.premiere_estimation - sum(m for _, m in nommes)
    return Abandon(
        operation,
        operation.premiere_estimation,
        derniere,
        (*nommes, ("Aménagement et hausse des prix, par différence", reste)),
        float(c.bornes[0, rang]) * prix,
        float(c.previsions["modele"][rang]) * prix,
        float(c.bornes[1, rang]) * prix,
    )
