"""Values of one input, the others as the study says, at which an answer changes: a ratio crosses its threshold, the cost its ceiling, an option another.

Every input is first read at a few values over its range, all of them in one evaluation; the ranges where the answer changes are then searched with
the goal seek (``decision.choisir.exploration``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from pope_foncier.decision.choisir.exploration import Exploration, explorer
from pope_foncier.decision.commune.valeur_actuelle import COUT_ACTUALISE
from pope_foncier.decision.doute.reglages import EVOLUTION
from pope_foncier.decision.sensibilite.decisions import (
    CE_QUI_RESTE,
    CONTRIBUTION,
    COUT,
    PLACES_ANNEES,
    Choix,
    Option,
    couts_lus,
    taux_connu,
)
from pope_foncier.decision.sensibilite.entrees import Entree, entrees_en_doute
from pope_foncier.decision.sensibilite.essais import SANS_PLACE, Essais
from pope_foncier.etude.lecteur import BOUCLE, RATIOS, Lecteur
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.pentes import en_entiers
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.modele.declaration import ChampAbsent
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau

POINTS = 17
"""Values of each input read at first."""
_FINS = 65
"""Values of the grid that is searched."""
_AU_CENTIME, _PRES = 0.005, 1e-9


@dataclass(frozen=True)
class Terme:
    """One study in what is compared: its trials, and the inputs that move it by the name that they bear among all.

    Attributes:
        chiffre: code of a figure, or nothing for the cost for the commune by place and year.
        champs: field of the study, by name of the input.
        plafond: ceiling of a contribution: a plan that leaves something to find is read beyond it, by what it leaves.
    """

    nom: str
    essais: Essais
    chiffre: str
    champs: Mapping[str, str]
    plafond: float = float("inf")

    def lire(self, essais: Sequence[tuple[str, float]]) -> Tableau:
        """Figure when one input has another value, one trial a row; as the study says for an input that it does not have."""
        lus = self.essais.lire([{self.champs[cle]: v} if cle in self.champs else {} for cle, v in essais]).chiffres
        if self.chiffre == CONTRIBUTION:
            reste = lus[CE_QUI_RESTE]
            return np.where(reste > BOUCLE_A, np.maximum(lus[CONTRIBUTION], self.plafond) + reste, lus[CONTRIBUTION])
        if self.chiffre:
            return lus[self.chiffre]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(lus[COUT] / lus[PLACES_ANNEES])


@dataclass(frozen=True)
class Question:
    """Answer that an input may change: whether a figure, or the first option less the second, is at least a target.

    Attributes:
        libelle: what is read.
        dessus, dessous: what is answered above the target and under it.
    """

    libelle: str
    unite: str
    cible: float
    dessus: str
    dessous: str
    termes: tuple[Terme, ...]
    entrees: Mapping[str, Entree]

    def lire(self, essais: Sequence[tuple[str, float]]) -> Tableau:
        """What is compared with the target, one trial a row."""
        lus = [terme.lire(essais) for terme in self.termes]
        return lus[0] if len(lus) == 1 else lus[0] - lus[1]

    @cached_property
    def centrale(self) -> float:
        """What is compared, in the studies as they are."""
        cle = next(iter(self.entrees))
        return float(self.lire([(cle, self.entrees[cle].centrale)])[0])

    @property
    def tolerance(self) -> float:
        """Difference under which two values are the same."""
        return _AU_CENTIME if "€" in self.unite else _PRES

    def repondre(self, valeur: float) -> str:
        """Answer at a value of what is compared."""
        return SANS_PLACE if np.isnan(valeur) else self.dessus if valeur >= self.cible else self.dessous


@dataclass(frozen=True, slots=True)
class Bascule:
    """What one input changes in an answer.

    Attributes:
        seuils: its values at which the answer changes, the nearest to that of the study first.
        aux_bouts: what is compared at both ends of the input.
        sans_chiffre: whether some of its values leave no figure.
    """

    cle: str
    entree: Entree
    seuils: tuple[float, ...]
    aux_bouts: tuple[float, float]
    sans_chiffre: bool

    @property
    def eloignement(self) -> float:
        """Share of the way from the study to the end of the input that the nearest threshold is at; infinite without one."""
        if not self.seuils:
            return float("inf")
        e, seuil = self.entree, self.seuils[0]
        large = (e.haut if seuil >= e.centrale else e.bas) - e.centrale
        return float("inf") if large == 0.0 else (seuil - e.centrale) / large

    def au_plus_pres(self, cible: float) -> float:
        """What is compared at the end that comes nearest to a target; NaN when neither has a figure."""
        connus = [v for v in self.aux_bouts if not np.isnan(v)]
        return min(connus, key=lambda v: abs(v - cible)) if connus else float("nan")


def basculer(question: Question, points: int = POINTS, combien: int | None = None) -> list[Bascule]:
    """Thresholds of every input, the nearest to its value in the study first; then those that change nothing, the most moving first.

    Args:
        points: values of each input read at first; an answer that changes and changes back between two of them is not seen.
        combien: inputs whose thresholds are searched, the nearest by a straight line between those values; the other ones that cross are
            left out. All of them by default.
    """
    grilles = {cle: np.linspace(e.bas, e.haut, points) for cle, e in question.entrees.items()}
    lues = question.lire([(cle, float(v)) for cle, grille in grilles.items() for v in grille]).reshape(-1, points)
    trouvees: list[Bascule] = []
    passent: list[Bascule] = []
    for (cle, entree), chiffres in zip(question.entrees.items(), lues, strict=True):
        bouts, vide = (float(chiffres[0]), float(chiffres[-1])), bool(np.isnan(chiffres).any())
        lus, grille = (
            (chiffres, grilles[cle]) if not entree.tout_ou_rien else (chiffres[[0, -1]], grilles[cle][[0, -1]])
        )
        bascule = Bascule(cle, entree, _a_peu_pres(grille, lus - question.cible, entree.centrale), bouts, vide)
        (passent if bascule.seuils else trouvees).append(bascule)
    for bascule in sorted(passent, key=lambda b: b.eloignement)[:combien]:
        trouvees.append(replace(bascule, seuils=_seuils(question, bascule.cle, bascule.entree)))
    return sorted(trouvees, key=lambda b: (b.eloignement, -_etendue(b)))


def _a_peu_pres(grille: Tableau, ecarts: Tableau, centrale: float) -> tuple[float, ...]:
    """Where the answer changes, by a straight line between the values read; the nearest to the study first."""
    dessus = np.where(np.isnan(ecarts), np.nan, ecarts >= 0.0)
    rangs = np.flatnonzero(np.abs(np.diff(dessus)) == 1.0)
    parts = ecarts[rangs] / (ecarts[rangs] - ecarts[rangs + 1])
    seuils = grille[rangs] + parts * (grille[rangs + 1] - grille[rangs])
    return tuple(sorted((float(v) for v in seuils), key=lambda v: abs(v - centrale)))


def _etendue(bascule: Bascule) -> float:
    bas, haut = bascule.aux_bouts
    return 0.0 if np.isnan(haut - bas) else abs(haut - bas)


def _seuils(question: Question, cle: str, entree: Entree) -> tuple[float, ...]:
    if entree.tout_ou_rien:
        return (entree.bas if entree.centrale == entree.haut else entree.haut,)
    champ, terme = next((t.champs[cle], t) for t in question.termes if cle in t.champs)
    entier = not champ.startswith(EVOLUTION) and en_entiers(terme.essais.dossier.etude, champ)
    grille = np.arange(entree.bas, entree.haut + 1.0) if entier else np.linspace(entree.bas, entree.haut, _FINS)
    trouve = explorer(partial(_le_long, question, cle), grille, question.cible, question.tolerance, entier)
    return tuple(sorted(_valeurs(trouve), key=lambda v: abs(v - entree.centrale)))


def _le_long(question: Question, cle: str, valeurs: Tableau) -> Tableau:
    return question.lire([(cle, float(v)) for v in valeurs])


def _valeurs(trouve: Exploration) -> list[float]:
    """Values where the answer changes: a crossing, the far side of a step, the ends of a flat stretch."""
    seuils = [s.valeur for s in trouve.solutions] + [s.apres for s in trouve.sauts]
    return seuils + [v for p in trouve.plages for v in (p.bas, p.haut)]


# --- questions --------------------------------------------------------------------------------------------------
def d_un_ratio(vue: Vue, code: str, seuil: float | None = None) -> Question:
    """Whether a figure of a scenario holds its threshold, on the closed plan.

    Args:
        seuil: threshold; that of the control of a ratio by default.

    Raises:
        Inconnu: no such figure.
        ErreurCalcul: a figure without a threshold of its own.
    """
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    moteur, dossier = Moteur(ctx.catalogue, ctx.evolutions), Dossier(vue.nom, etude, ctx.site, {BASE: etude})
    lecteur = Lecteur(vue.bouclee.ev)
    entier = lecteur.code(code)
    if seuil is None:
        if not entier.startswith(RATIOS):
            raise ErreurCalcul(f"« {code} » n'a pas de seuil à lui : en donner un.")
        seuil = lecteur.ratios[entier].controle.seuil
    entrees = {e.champ: e for e in entrees_en_doute(etude, moteur)}
    terme = Terme(vue.nom, Essais(dossier, moteur, (entier,), BOUCLE), entier, {c: c for c in entrees})
    lue = lecteur.grandeur(entier)
    return Question(lue.nom, lue.unite, float(seuil), "au-dessus du seuil", "sous le seuil", (terme,), entrees)


def question_du(choix: Choix, moteur: Moteur) -> Question:
    """What decides between the options of a choice: the ceiling, the amount that one can find, or which of two costs less.

    Raises:
        ErreurCalcul: more than two options, or one without ceiling.
    """
    if len(choix.options) == 1 and np.isfinite(choix.a_trouver):
        return _du_reste(choix.options[0], choix.a_trouver, moteur)
    if len(choix.options) == 1 and np.isfinite(choix.contribution):
        return _de_la_contribution(choix.options[0], choix.contribution, moteur)
    if len(choix.options) == 1 and np.isfinite(choix.plafond):
        return d_un_plafond(choix.options[0], choix.plafond, moteur)
    if len(choix.options) == 2:
        return de_deux_options(*choix.options, moteur)
    raise ErreurCalcul("Bascules : une étude et un plafond, ou deux options, sont attendues.")


def _du_reste(option: Option, montant: float, moteur: Moteur) -> Question:
    """Whether a study asks to find more than an amount."""
    entrees = {e.champ: e for e in entrees_en_doute(option.dossier.etude, moteur)}
    terme = Terme(option.nom, Essais(option.dossier, moteur, (CE_QUI_RESTE,)), CE_QUI_RESTE, {c: c for c in entrees})
    dessus, dessous = "au-dessus de ce que l'on peut trouver", "dans ce que l'on peut trouver"
    return Question("À trouver en tout", "€", montant, dessus, dessous, (terme,), entrees)


def _de_la_contribution(option: Option, plafond: float, moteur: Moteur) -> Question:
    """What decides under a ceiling of the contribution: it, when the study leaves nothing to find; else what it leaves."""
    termes = Terme(option.nom, Essais(option.dossier, moteur, (CE_QUI_RESTE, CONTRIBUTION)), CE_QUI_RESTE, {})
    reste = termes.essais.centraux[CE_QUI_RESTE]
    entrees = {e.champ: e for e in entrees_en_doute(option.dossier.etude, moteur)}
    if reste > BOUCLE_A:
        sien = replace(termes, champs={c: c for c in entrees})
        return Question("À trouver en tout", "€", BOUCLE_A, "le plan ne boucle pas", "le plan boucle", (sien,), entrees)
    sien = replace(termes, chiffre=CONTRIBUTION, champs={c: c for c in entrees}, plafond=plafond)
    titre = "Contribution de la commune, année de croisière, plan bouclé"
    dessus, dessous = "au-dessus du plafond, ou le plan ne boucle plus", "sous le plafond, plan bouclé"
    return Question(titre, "€/place/an", plafond, dessus, dessous, (sien,), entrees)


def d_un_plafond(option: Option, plafond: float, moteur: Moteur) -> Question:
    """Whether a place costs the commune more than a ceiling, by place and year of opening, in present value."""
    terme, entrees = _terme(option, moteur, taux_connu(option.dossier), seul=True)
    return Question(COUT_ACTUALISE, "€/place/an", plafond, "au-dessus du plafond", "sous le plafond", (terme,), entrees)


def de_deux_options(premiere: Option, seconde: Option, moteur: Moteur) -> Question:
    """Whether the first option costs the commune more than the second, by place and year of opening, in present value.

    An input that both studies read alike moves in both; one that a scenario sets moves in none; those of two sites move apart.
    """
    seul = premiere.dossier.etude.site == seconde.dossier.etude.site
    taux = taux_connu(premiere.dossier)
    (un, lues), (deux, autres) = (_terme(o, moteur, taux, seul) for o in (premiere, seconde))
    entrees = {**autres, **lues}
    if seul:
        entrees = {c: e for c, e in entrees.items() if not _differe(c, un.essais, deux.essais)}
    titre = f"Coût de « {premiere.nom} » moins « {seconde.nom} »"
    return Question(
        titre, "€/place/an", 0.0, f"« {seconde.nom} » d'abord", f"« {premiere.nom} » d'abord", (un, deux), entrees
    )


def _differe(champ: str, un: Essais, deux: Essais) -> bool:
    """Whether two studies give an input different values: it is then part of what tells them apart."""
    try:
        return un.valeur(champ) != deux.valeur(champ)
    except ChampAbsent:
        return False


def _terme(option: Option, moteur: Moteur, taux: float, seul: bool) -> tuple[Terme, dict[str, Entree]]:
    """Term of an option, and its inputs by the name that they bear among those of all."""
    lues = entrees_en_doute(option.dossier.etude, moteur)
    site = option.dossier.etude.site
    cles = {e.champ if seul or e.champ.startswith(EVOLUTION) else f"{site}/{e.champ}": e for e in lues}
    essais = Essais(option.dossier, moteur, (), entieres=couts_lus(taux))
    return Terme(option.nom, essais, "", {cle: e.champ for cle, e in cles.items()}), cles
