"""Decisions: what each option is worth in each draw, in euros of present value, so that options may be compared and regretted.

An option is a study: the place as it is planned, another scenario of it, another site, another way of holding the walls. Under a ceiling, it is worth
what the commune accepts to pay for its places less what they cost it in all (``commune.valeur_actuelle``), and doing nothing is an option worth zero.
A ceiling of the contribution alone decides on what is paid to the operation, of a plan that leaves nothing to find: one that does is not built. A project
that an event ends has lost what it had paid. Without a ceiling, options are compared by place and year, for as many places × years as the first one
opens; the places of one that an event ends are then made by another. Chances are common to the options of
one site, and to all for what the market sets; those of two sites are apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from pope_foncier.decision.commune.accords import actualisation_de
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.decision.doute.correlations import lier
from pope_foncier.decision.doute.echantillon import chances_libres
from pope_foncier.decision.doute.etude_tiree import EtudeTiree, lire_les_tirages, lus
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, reglages
from pope_foncier.decision.sensibilite.entrees import Entree, entree_tiree
from pope_foncier.decision.sensibilite.essais import BLOC
from pope_foncier.etude.bouclage import RESTE_INCONNU, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.sans_place import raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, lire_fiche
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.nombres import formater, formater_nombre

RIEN = "ne rien faire"
COUT, PLACES_ANNEES = "cout_pour_la_commune", "places_annees"
"""Names of what is read of each draw."""
CE_QUI_RESTE = "a_trouver.total"
"""Code of all that is to find, cash included."""
CONTRIBUTION = "contribution_par_place"
"""Code of what the commune pays to the operation by place in the cruising year."""


class ReglesDesDecisions(Fiche):
    """How many draws compare options."""

    tirages: Annotated[int, Field(ge=100)]


@lru_cache(maxsize=2)
def lire_regles_des_decisions(chemin: Path | None = None) -> ReglesDesDecisions:
    """Read them from the data folder."""
    return lire_fiche(ReglesDesDecisions, chemin or dossier_donnees() / "hypotheses" / "decisions.yaml")


@dataclass(frozen=True)
class Option:
    """Option of a decision: a study, with the name that it bears among the others."""

    nom: str
    dossier: Dossier


@dataclass(frozen=True)
class Choix:
    """Decision to take.

    Attributes:
        options: what one may do.
        plafond: highest cost accepted by place and year of opening [€/place/year]; NaN without one.
        a_trouver: highest amount that one can find [€], instead of a ceiling by place; NaN without one.
        contribution: highest contribution paid by place in the cruising year, the plan leaving nothing to find, instead of both; NaN without one.

    Raises:
        ErreurCalcul: two of them together, or one that is no amount.
    """

    options: tuple[Option, ...]
    plafond: float = float("nan")
    a_trouver: float = float("nan")
    contribution: float = float("nan")

    def __post_init__(self) -> None:
        if sum(np.isfinite((self.plafond, self.a_trouver, self.contribution))) > 1:
            raise ErreurCalcul(
                "Décision : un plafond par place et par an, ou une somme que l'on peut trouver, pas les deux. Retirer l'un des deux."
            )
        for nom, montant, unite in (
            ("plafond", self.plafond, "€/place/an"),
            ("contribution", self.contribution, "€/place/an"),
            ("somme à trouver", self.a_trouver, "€"),
        ):
            if montant < 0 or np.isinf(montant):
                raise ErreurCalcul(
                    f"Décision, {nom} : un montant positif ou nul est attendu ; trouvé : {formater(montant, unite)}."
                )

    @property
    def avec_rien(self) -> bool:
        """Whether doing nothing is an option: there is a ceiling to hold."""
        return bool(np.isfinite((self.plafond, self.a_trouver, self.contribution)).any())

    @property
    def lit(self) -> str:
        """Code of the figure that the ceiling bears on; nothing for the cost in present value."""
        if np.isfinite(self.a_trouver):
            return CE_QUI_RESTE
        return CONTRIBUTION if np.isfinite(self.contribution) else ""

    @property
    def seuil(self) -> float:
        """Ceiling, or amount, whatever it bears on; NaN without one."""
        return next((x for x in (self.plafond, self.a_trouver, self.contribution) if np.isfinite(x)), float("nan"))


@dataclass(frozen=True)
class Valeurs:
    """Options of a decision in each draw.

    Attributes:
        noms: options, doing nothing last when it is one.
        valeurs: worth, shape (options, draws) [€ of present value].
        couts: what the ceiling bears on: cost for the commune by place and year of opening, amount to find, or contribution, shape (options but
            nothing, draws).
        places_annees: present value of places × years of opening, same shape.
        tirages: values drawn by input, shape (draws,) each.
        entrees: what each input is.
        sans_issue: draws in which an option holds no place or has no plan, by option: it is then worth nothing, or is set aside without a ceiling.
        abandons: draws in which an event ends it, by option: it is then worth what was paid, lost; without a ceiling, its places cost besides what
            they do in another option.
        ouverts: whether an option leaves something to find, same shape: under a ceiling of the contribution, it is not built and worth nothing.
        taux: discount rate.
    """

    noms: tuple[str, ...]
    valeurs: Tableau
    couts: Tableau
    places_annees: Tableau
    tirages: Mapping[str, Tableau]
    entrees: Mapping[str, Entree]
    sans_issue: Mapping[str, int]
    abandons: Mapping[str, int]
    ouverts: NDArray[np.bool_]
    taux: float


def couts_lus(taux: float) -> dict[str, Callable[[Evaluation], Grandeur]]:
    """What is read of a closed plan beside its figures: cost for the commune, and places × years, in present value."""
    return {COUT: partial(_cout, taux), PLACES_ANNEES: partial(_places_annees, taux)}


def _cout(taux: float, bouclee: Evaluation) -> Grandeur:
    return cout_pour_la_commune(bouclee, taux).cout


def _places_annees(taux: float, bouclee: Evaluation) -> Grandeur:
    return cout_pour_la_commune(bouclee, taux).places_annees


def evaluer(choix: Choix, moteur: Moteur, tirages: int | None = None) -> Valeurs:
    """Draw the options of a decision together and value each.

    Args:
        tirages: number of draws; that of the data folder by default.

    Raises:
        ErreurCalcul: nothing to choose between, nothing in doubt, or a figure that is unknown in every draw.
    """
    if len(choix.options) + choix.avec_rien < 2:
        raise ErreurCalcul("Décision : deux options au moins, ou un plafond qui permette de ne rien faire.")
    regles = [lus(o.dossier, moteur, reglages(o.dossier.etude, moteur)) for o in choix.options]
    nombre = lire_regles_des_decisions().tirages if tirages is None else tirages
    if nombre < 1:
        raise ErreurCalcul(f"Décision : un tirage au moins est attendu ; trouvé : {formater_nombre(nombre)}.")
    cles = _cles(choix.options, regles)
    chances = _chances(cles, regles, nombre)
    taux = taux_connu(choix.options[0].dossier)
    codes = tuple(dict.fromkeys((CE_QUI_RESTE, *filter(None, (choix.lit,)))))
    entrees: dict[str, Entree] = {}
    valeurs: dict[str, Tableau] = {}
    lues = []
    for option, regle, siennes in zip(choix.options, regles, cles, strict=True):
        tires = {champ: loi.valeurs(chances[siennes[champ]]) for champ, loi in regle.lois.items()}
        for champ, loi in regle.lois.items():
            entrees.setdefault(siennes[champ], entree_tiree(option.dossier.etude, moteur, champ, loi))
            valeurs.setdefault(siennes[champ], tires[champ])
        tiree = lire_les_tirages(option.dossier, moteur, regle, tires, codes, entieres=couts_lus(taux), taille=BLOC)
        lues.append(tiree)
    return _valeurs(choix, lues, valeurs, entrees, moteur, taux)


def _sans_chiffre(dossier: Dossier, moteur: Moteur, taux: float) -> str:
    """Why a study has no figure: no place, or what is unknown in it."""
    ouverte = moteur.tirer(replace(dossier, variantes={BASE: dossier.etude}), {})
    if raison := raison_sans_place(ouverte):
        return f"aucune place, {raison}"
    manques = sorted(cout_pour_la_commune(boucler(ouverte), taux).cout.manques - {RESTE_INCONNU})
    return f"il manque {', '.join(manques)}" if manques else "aucun plan"


def _cles(options: Sequence[Option], regles: Sequence[Reglages]) -> list[dict[str, str]]:
    """Name of each input among all: its field, after the site where sites differ; what the market sets is common."""
    sites = {o.dossier.etude.site for o in options}

    def cle(option: Option, champ: str) -> str:
        commune = len(sites) == 1 or champ.startswith(EVOLUTION)
        return champ if commune else f"{option.dossier.etude.site}/{champ}"

    return [{champ: cle(o, champ) for champ in r.lois} for o, r in zip(options, regles, strict=True)]


def _chances(cles: Sequence[Mapping[str, str]], regles: Sequence[Reglages], nombre: int) -> dict[str, Tableau]:
    """Chances of every input, linked as the studies say."""
    toutes = list(dict.fromkeys(cle for siennes in cles for cle in siennes.values()))
    if not toutes:
        raise ErreurCalcul("Rien n'est en doute : l'étude ne donne ni loi ni intervalle à ses entrées.")
    liens = {
        (siennes[a], siennes[b]): valeur
        for siennes, r in zip(cles, regles, strict=True)
        for (a, b), valeur in r.correlations.items()
        if a in siennes and b in siennes
    }
    methode = regles[0].methode
    libres = chances_libres(toutes, nombre, regles[0].graine, methode)
    return lier(libres, liens, garder_les_rangs=methode != "hasard")


def taux_connu(dossier: Dossier) -> float:
    """Discount rate of a decision.

    Raises:
        ErreurCalcul: nobody says it.
    """
    dit = actualisation_de(dossier.etude)
    if not dit.est_dit:
        raise ErreurCalcul("Décision : le taux d'actualisation est inconnu. Le donner dans la section « foncier ».")
    return dit.valeur


def _entre_elles(couts: Tableau, perdus: Tableau) -> Tableau:
    """Worth of options compared with each other, for the same places: less what they cost.

    One that an event ends has lost what it had paid, and its places are still to be made: at the cost of the cheapest other option of the draw, or
    at what that is on average when all are ended.

    Args:
        couts: cost of each for the same places, shape (options, draws); NaN when it is ended.
        perdus: what is lost, same shape; NaN when it is not ended.
    """
    finis = ~np.isnan(perdus)
    ailleurs = np.where(finis, np.inf, couts).min(axis=0)
    connus = np.isfinite(ailleurs)
    ailleurs = np.where(connus, ailleurs, ailleurs[connus].mean() if connus.any() else 0.0)
    return np.where(finis, -perdus - ailleurs, -couts)


def _valeurs(
    choix: Choix,
    lues: Sequence[EtudeTiree],
    tirages: Mapping[str, Tableau],
    entrees: Mapping[str, Entree],
    moteur: Moteur,
    taux: float,
) -> Valeurs:
    """Worth of each option in each draw: what a project that ends has lost, nothing for one that has no place."""
    noms = [o.nom for o in choix.options]
    lit = choix.lit
    tous = [{**lue.chiffres, **lue.entieres} for lue in lues]
    with np.errstate(invalid="ignore", divide="ignore"):
        ouvertes = np.stack([np.ravel(t[PLACES_ANNEES]) for t in tous])
        couts = np.stack([np.ravel(t[lit]) if lit else np.ravel(t[COUT]) / np.ravel(t[PLACES_ANNEES]) for t in tous])
        restes = np.stack([np.ravel(t[CE_QUI_RESTE]) for t in tous])
        couts = np.where(np.isfinite(couts), couts, np.nan)  # no year of opening, no cost by place and year
    perdus = np.stack([lue.perdu for lue in lues])
    finis = ~np.isnan(perdus)
    for option, siens, fini in zip(choix.options, couts, finis, strict=True):
        if np.isnan(siens).all() and not fini.all():
            raison = _sans_chiffre(option.dossier, moteur, taux)
            raise ErreurCalcul(f"« {option.nom} » n'a de chiffre dans aucun tirage : {raison}. Compléter l'étude.")
    if finis.all() and not choix.avec_rien:
        raise ErreurCalcul(
            "Décision : un événement arrête chaque option dans tous les tirages ; il n'y a rien à choisir."
        )
    sans = np.isnan(couts) & ~finis
    vaut = choix.seuil - couts if lit == CE_QUI_RESTE else (choix.seuil - couts) * ouvertes
    ouverts = (restes > BOUCLE_A) & ~finis & ~sans
    if lit == CONTRIBUTION:  # nobody brings what is missing: it is not built
        vaut = np.where(ouverts, 0.0, vaut)
    if choix.avec_rien:
        valeurs = np.where(sans, 0.0, np.where(finis, -perdus, vaut))
        valeurs = np.concatenate([valeurs, np.zeros((1, valeurs.shape[1]))])
    else:
        connus = ~sans.any(axis=0)
        couts, ouvertes, perdus, ouverts = (t[:, connus] for t in (couts, ouvertes, perdus, ouverts))
        valeurs = _entre_elles(couts * np.nanmean(ouvertes[0]), perdus)
        tirages = {cle: v[connus] for cle, v in tirages.items()}
    return Valeurs(
        (*noms, RIEN) if choix.avec_rien else tuple(noms),
        valeurs,
        couts,
        ouvertes,
        tirages,
        entrees,
        {nom: int(s.sum()) for nom, s in zip(noms, sans, strict=True)},
        {nom: int(f.sum()) for nom, f in zip(noms, finis, strict=True)},
        ouverts,
        taux,
    )
