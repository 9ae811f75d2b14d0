"""Best plan under the rules: every structure searched, the plans checked by the engine in order, those that differ in kind kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.choisir.aides_en_partie import AideEnPartie, aides_en_partie
from pope_foncier.decision.choisir.aides_possibles import AideAVerifier, aides_possibles
from pope_foncier.decision.choisir.departage import ranger
from pope_foncier.decision.choisir.modele_du_plan import DonneeManquante, lire_le_plan
from pope_foncier.decision.choisir.plan_arrete import PlanArrete, arreter
from pope_foncier.decision.choisir.programme_lineaire import exiger_le_solveur
from pope_foncier.decision.choisir.recherche_du_plan import Candidat, Impossible, optimiser
from pope_foncier.decision.choisir.regles import Plafond, Regles, lire_limites_du_plan, regles_de
from pope_foncier.decision.choisir.structures import SANS_PRET, Ecartee, Structure, structures
from pope_foncier.decision.choisir.valeur_d_un_euro import ValeurDUnEuro, valeurs_d_un_euro
from pope_foncier.decision.commune.accords import actualisation_de
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.sans_place import raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.socle.erreurs import ErreurCalcul

DE_L_ETUDE = "Montage de l'étude"
_RIEN = 1.0
"""Amount under which a loan is none [€]."""
_AIDES_OTEES = 2
"""Most grants taken off a plan to make another kind of plan."""


@dataclass(frozen=True)
class MeilleurPlan:
    """Answer of a search: the best plan, others of another kind, what is left out and why.

    Attributes:
        aujourd_hui: the plan of the study, closed as it says.
        plan: best plan, None when no structure keeps the rules.
        autres: next best plans, each of another kind than those before.
        impossibles: why structures keep no rule: montage and terms, and the rule with what it lacks.
        valeurs: worth of one more euro of each resource.
        en_partie: grants that the best plan takes in part, and what taking them whole would do.
    """

    regles: Regles
    aujourd_hui: Evaluation
    plan: PlanArrete | None
    autres: tuple[PlanArrete, ...]
    impossibles: tuple[Impossible, ...]
    ecartees: tuple[Ecartee, ...]
    a_verifier: tuple[AideAVerifier, ...]
    valeurs: tuple[ValeurDUnEuro, ...]
    en_partie: tuple[AideEnPartie, ...] = ()

    @property
    def cout_aujourd_hui(self) -> float:
        """Present cost of the city on the plan of the study [€], what nobody promised left out."""
        return float(lire_le_plan(self.aujourd_hui, self.regles, 1).cout_ville[0])

    @property
    def le_moins_loin(self) -> Impossible | None:
        """Structure that breaks the rules least; None when every structure keeps them."""
        return min(self.impossibles, key=lambda i: sum(i.manques.values()), default=None)


def meilleur_plan(
    moteur: Moteur,
    dossier: Dossier,
    objectif: str = "cout_ville",
    plafonds: Mapping[Plafond, float] | None = None,
    montages: bool = False,
) -> MeilleurPlan:
    """Best plan of the base study of a file, under the rules of the data, of the study and of the ceilings given.

    Args:
        objectif: what is minimised (``OBJECTIFS``).
        plafonds: highest amounts admitted, by resource.
        montages: whether the other montages of the site are searched too.

    Raises:
        ErreurCalcul: scipy is not installed, a study without an operation or that lacks an input, or a ceiling that is none.
    """
    etude = dossier.etude
    if etude.exploitation is None:
        raise ErreurCalcul("Meilleur plan : l'étude ne décrit pas l'exploitation, rien ne dit ce qui paierait un prêt.")
    regles = regles_de(etude, objectif, plafonds or {}, actualisation_de(etude))
    exiger_le_solveur()
    aujourd_hui = boucler(moteur.tirer(dossier, {}))
    if aujourd_hui.capacite.places.au_point(0) == 0:
        raison = raison_sans_place(aujourd_hui) or "rien n'est fait dans ce scénario"
        raise ErreurCalcul(f"Meilleur plan : aucune place à financer ({raison}).")
    candidats: list[Candidat] = []
    cherchees: list[Structure] = []
    impossibles: list[Impossible] = []
    ecartees: list[Ecartee] = []
    a_verifier: dict[str, AideAVerifier] = {}
    for titre, du_montage, confirmer in _montages(dossier, montages, ecartees):
        possibles = aides_possibles(du_montage, moteur)
        a_verifier |= {a.libelle: a for a in possibles.a_verifier}
        trouvees, refusees = structures(possibles, moteur, regles, titre, confirmer)
        ecartees += refusees
        cherchees += trouvees
        for structure in trouvees:
            try:
                faits = optimiser(moteur, structure, regles)
            except ErreurCalcul as erreur:
                if isinstance(erreur, DonneeManquante) and (titre, structure.conditions) == (DE_L_ETUDE, SANS_PRET):
                    raise
                ecartees.append(Ecartee(f"{titre}, {structure.conditions}", str(erreur)))
                continue
            impossibles += _le_moins_loin(faits)
            candidats += _autres_aides(moteur, regles, [c for c in faits if isinstance(c, Candidat)])
    retenus = ranger(moteur, _retenir(moteur, regles, candidats, ecartees), cherchees, regles)
    plan = retenus[0] if retenus else None
    valeurs = () if plan is None else tuple(valeurs_d_un_euro(moteur, plan, regles))
    return MeilleurPlan(
        regles,
        aujourd_hui,
        plan,
        tuple(retenus[1:]),
        tuple(impossibles),
        tuple(dict.fromkeys(ecartees)),
        tuple(a_verifier.values()),
        valeurs,
        () if plan is None else tuple(aides_en_partie(moteur, plan, regles)),
    )


def _montages(dossier: Dossier, tous: bool, ecartees: list[Ecartee]) -> Iterator[tuple[str, Dossier, tuple[str, ...]]]:
    """Study of each montage searched, and what it leaves to confirm: that of the study, then the others that the site allows."""
    yield DE_L_ETUDE, dossier, ()
    foncier = dossier.etude.foncier
    if not tous or foncier is None:
        return
    for nom, montage in lire_montages().montages.items():
        cas = preparer(dossier, foncier, nom, montage)
        if cas.etude is None:
            ecartees.append(Ecartee(montage.titre, " ; ".join(cas.raisons)))
        else:
            yield montage.titre, replace(dossier, etude=cas.etude, variantes={BASE: cas.etude}), cas.raisons


def _le_moins_loin(faits: list[Candidat | Impossible]) -> list[Impossible]:
    """Of a structure that no term makes possible, the term that breaks the rules least."""
    if any(isinstance(c, Candidat) for c in faits):
        return []
    return sorted(
        (c for c in faits if isinstance(c, Impossible)), key=lambda c: ("titre" in c.manques, sum(c.manques.values()))
    )[:1]


def _utile(candidat: Candidat) -> bool:
    """Whether each loan of a structure lends something; else the structure without it is the same plan."""
    return all(montant >= _RIEN for montant in candidat.prets.values())


def _autres_aides(moteur: Moteur, regles: Regles, faits: list[Candidat]) -> Iterator[Candidat]:
    """Best term of a structure, then the same structure without one grant, without two, without any."""
    utiles = [c for c in faits if _utile(c)]
    if not utiles:
        return
    meilleur = min(utiles, key=lambda c: c.objectif(regles))
    yield meilleur
    prises = [i for i, x in enumerate(meilleur.structure.leviers) if x.code in meilleur.aides]
    for nombre in sorted({*range(1, min(_AIDES_OTEES, len(prises)) + 1), len(prises)} - {0}):
        for otees in combinations(prises, nombre):
            fait = optimiser(moteur, meilleur.structure, regles, [meilleur.duree], otees, meilleur.x)[0]
            if isinstance(fait, Candidat) and _utile(fait):
                yield fait


def _retenir(moteur: Moteur, regles: Regles, candidats: list[Candidat], ecartees: list[Ecartee]) -> list[PlanArrete]:
    """Plans that the engine finds to keep every rule, the best first, each of another kind than those before it."""
    retenus: list[PlanArrete] = []
    vus: set[tuple[object, ...]] = set()
    for candidat in sorted(candidats, key=lambda c: c.au_rang(regles)):
        if len(retenus) > lire_limites_du_plan().autres_plans:
            break
        cles = _genres(candidat)
        if vus & cles:
            continue
        fait = arreter(moteur, candidat, regles)
        if isinstance(fait, PlanArrete):
            retenus.append(fait)
            vus |= cles
        else:
            rompues = ", ".join(r.libelle for r in fait) or "aucun montant arrondi ne tient toutes les règles"
            ecartees.append(
                Ecartee(
                    f"{candidat.structure.montage}, {candidat.structure.conditions}",
                    f"le plan arrondi ne tient pas : {rompues}",
                )
            )
    return retenus


def _genres(candidat: Candidat) -> set[tuple[object, ...]]:
    """Kind of a plan: its montage, its loans, its bridge, who closes it, and whether it asks for grants: the same plan less one of them is no other kind.

    And its amounts, since two products may have the same terms, and a bridge nothing to lend.
    """
    s = candidat.structure
    ville = float(candidat.modele.base.ville) >= _RIEN
    fonds = any(x.genre == "fonds" and v >= _RIEN for x, v in zip(s.leviers, candidat.x, strict=True))
    montants = tuple(round(v) for x, v in zip(s.leviers, candidat.x, strict=True) if x.genre != "aide")
    return {
        (s.montage, s.conditions, s.complement, s.relais, bool(candidat.aides), ville, fonds),
        (s.montage, candidat.aides, candidat.duree, *montants),
    }
