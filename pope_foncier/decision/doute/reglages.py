"""How a study is drawn: its laws, what it holds and why, its seed; what its sheet leaves out is an assumption of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pope_foncier.decision.doute.correlations import Liens
from pope_foncier.decision.doute.evenements import cle, loi_des_issues
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_doute import Doute, Evenement, Graine, Methode, Tenu, Tirages
from pope_foncier.etude.moteur import Moteur
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee, donnees_de, sans_id
from pope_foncier.modele.evolutions import Evolution
from pope_foncier.modele.fiche_loi import FicheLoi
from pope_foncier.modele.loi import Chance, Loi, Triangulaire
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Bornes, Fiche, bornes_dans, lire_fiche

EVOLUTION = "evolution."
"""Beginning of the name of a path among what is drawn."""


class ReglesDuDoute(Fiche):
    """Assumptions of the project about doubt."""

    tirages: Tirages
    graine: Graine
    methode: Methode
    tirages_atelier: Tirages
    """Draws of a page that is computed again each time a hand rests, as a hypercube."""
    loi_par_defaut: FicheLoi
    """Law of an interval that declares none."""
    tenus: tuple[Tenu, ...]


@lru_cache(maxsize=2)
def lire_regles(chemin: Path | None = None) -> ReglesDuDoute:
    """Read the assumptions about doubt; those of the project by default."""
    return lire_fiche(ReglesDuDoute, chemin or dossier_donnees() / "hypotheses" / "doute.yaml")


@dataclass(frozen=True)
class Reglages:
    """What is drawn of a study and how.

    Attributes:
        lois: law by field; a path (``evolution.prix``) has the law of its yearly rate.
        tenus: fields that might have been drawn and keep their value, with the reason.
        par_defaut: fields drawn by the law that an interval has by default.
        evenements: what may happen; the rank of the branch of each is among the laws (``evenements[permis]``).
    """

    lois: Mapping[str, Loi]
    tirages: int
    graine: int
    methode: Methode
    correlations: Liens = field(default_factory=dict)
    tenus: Mapping[str, str] = field(default_factory=dict)
    par_defaut: frozenset[str] = frozenset()
    evenements: tuple[Evenement, ...] = ()


def reglages(etude: Etude, moteur: Moteur, regles: ReglesDuDoute | None = None, tenir: bool = True) -> Reglages:
    """What a study says of its doubt, completed by the assumptions of the project.

    Declared laws come first, then the intervals, the grants that have a probability, and the evolution paths.

    Args:
        tenir: whether what is listed as held keeps its value.

    Raises:
        ErreurCalcul: a law of the section on what is no field, or beyond what the field admits.
    """
    regles = regles or lire_regles()
    dit = etude.doute or Doute()
    lois: dict[str, Loi] = {}
    tenus: dict[str, str] = {}
    par_defaut = set()
    raisons = [*dit.tenus, *regles.tenus]
    for champ, donnee in donnees_de(etude):
        loi = loi_declaree(donnee, champ, etude)
        if loi is None and _a_un_intervalle(donnee):
            if tenir and (raison := _raison(champ, raisons)):
                tenus[champ] = raison
                continue
            loi = regles.loi_par_defaut.loi(donnee.valeur, donnee.intervalle, declaration_de(etude, champ).bornes)
            par_defaut.add(champ)
        if loi is not None:
            lois[champ] = loi
    lois |= _aides(etude)
    for nom, chemin in moteur.evolutions.chemins.items():
        lois[f"{EVOLUTION}{nom}"] = Triangulaire(chemin.bas, chemin.central, chemin.haut)
        par_defaut.add(f"{EVOLUTION}{nom}")
    for champ, fiche in dit.lois.items():
        lois[champ] = loi_de_la_section(champ, fiche, etude, moteur)
        par_defaut.discard(champ)
    lois |= {cle(e): loi_des_issues(e) for e in dit.evenements}
    return Reglages(
        lois,
        dit.tirages or regles.tirages,
        regles.graine if dit.graine is None else dit.graine,
        dit.methode or regles.methode,
        _liens(dit, etude, moteur, lois),
        tenus,
        frozenset(par_defaut),
        dit.evenements,
    )


def _liens(dit: Doute, etude: Etude, moteur: Moteur, lois: Mapping[str, Loi]) -> dict[tuple[str, str], float]:
    """Correlations of a study; one with a field that keeps its value, or that is unknown, links nothing. A field that the study does not have stays, to be refused."""
    tenus = {
        champ for c in dit.correlations for champ in c.champs if champ not in lois and _existe(champ, etude, moteur)
    }
    return {c.champs: c.valeur for c in dit.correlations if not tenus & set(c.champs)}


def _existe(champ: str, etude: Etude, moteur: Moteur) -> bool:
    try:
        return moteur.se_tire(champ, etude) or lire_champ(etude, champ) is not None
    except ChampAbsent:
        return False


def loi_declaree(donnee: Donnee[float], champ: str, etude: Etude) -> Loi | None:
    """Law that an assumption declares beside its value; None without one."""
    if donnee.loi is None or donnee.valeur is None:
        return None
    return donnee.loi.loi(donnee.valeur, donnee.intervalle, declaration_de(etude, champ).bornes, champ)


def loi_de_la_section(champ: str, fiche: FicheLoi, etude: Etude, moteur: Moteur) -> Loi:
    """Law that the section of a study declares for a path or a field.

    Raises:
        ErreurCalcul: no such field or path, or a law beyond what it admits.
    """
    if champ.startswith(EVOLUTION) and moteur.se_tire(champ, etude):
        chemin = moteur.evolutions.chemins[champ.removeprefix(EVOLUTION)]
        return fiche.loi(chemin.central, (chemin.bas, chemin.haut), _bornes_d_un_chemin(), champ)
    if not moteur.se_tire(champ, etude):
        raise ErreurCalcul(
            f"Loi sur un champ que l'étude n'a pas : « {champ} ». "
            "Reprendre le chemin d'un champ, par exemple travaux.cout_m2_ht, ou evolution.bt01."
        )
    lu = lire_champ(etude, champ)
    valeur, intervalle = (lu.valeur, lu.intervalle) if isinstance(lu, Donnee) else (lu, None)
    return fiche.loi(valeur, intervalle, declaration_de(etude, champ).bornes, champ)


def _bornes_d_un_chemin() -> Bornes | None:
    return bornes_dans(Evolution.model_fields["central"].metadata)


def _a_un_intervalle(donnee: Donnee[float]) -> bool:
    return donnee.valeur is not None and donnee.intervalle is not None and donnee.intervalle[0] < donnee.intervalle[1]


def _raison(champ: str, tenus: list[Tenu]) -> str:
    """Why a field keeps its value; nothing when it is drawn."""
    court = sans_id(champ)
    return next((t.raison for t in tenus if any(_commence(c, t.champ) for c in (court, champ))), "")


def _commence(champ: str, debut: str) -> bool:
    return champ == debut or champ.startswith((f"{debut}.", f"{debut}["))


def _aides(etude: Etude) -> dict[str, Loi]:
    """Each grant that has a probability: obtained as planned, or refused."""
    return {
        f"aides[{aide.id}].coefficient": Chance(aide.probabilite.valeur, aide.coefficient)
        for aide in etude.aides
        if aide.statut != "non_demandee" and aide.probabilite is not None and aide.probabilite.valeur is not None
    }
