"""Cost model of the back-test: Bayesian, linear in logarithm, with Student errors and a range that knows what it ignores.

ln(cost) = ln(area) + level + effects + error. Each effect has a prior (``data/hypotheses/calage.yaml``) that the published
costs correct. An area that is not published is supposed, and the range widened by what that hides. Many sets of learning
rows are fitted at once, one for each operation left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import Entier, Fiche, Jour, Nombre, Part, Positif, Texte, lire_fiche
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.travaux.calage_donnees import Genre, Observation
from pope_foncier.travaux.calage_mots import Profondeur

_TOURS = 10
"""Reweighting rounds of a fit; the last ones no longer move a cost by a hundred-thousandth."""
_TOURS_ENSUITE = 4
"""Those that follow when a few rows are left out; the last ones no longer move a cost by a thousandth."""
_PRIOR_NUL = 1e-6
"""Precision of the level, which no prior draws."""


class Effet(Fiche):
    """Effect on the logarithm of the cost: what is expected, within a standard deviation, and why."""

    libelle: Texte
    attendu: Nombre
    ecart: Positif
    base: Texte


class NonDit(Fiche):
    """What stands for a word that the description does not say: shares of each case, and the spread between them."""

    part_lourde: Part
    part_rafraichissement: Part
    part_mam_neuve: Part
    ecart_profondeur: Positif
    ecart_genre: Positif


class Forme(Fiche):
    """Form of the model that was tried."""

    nom: Texte
    sans: tuple[Texte, ...] = ()
    """Effects taken away."""
    avec: dict[str, Effet] = Field(default_factory=dict)
    """Effects added."""
    degres: Positif | None = None
    """Degrees of freedom of the errors, when others."""
    ecart_departement: Positif | None = None
    """Spread of the effects of departments, when another one; zero: no such effect."""
    non_dit: NonDit | None = None
    """What stands for the words not said, when something else."""
    fermete: Positif = 1.0
    """How much narrower every prior is."""


class SeuilsCalage(Fiche):
    """Bars of the back-test: working values."""

    part_dans_la_tolerance: Part
    couverture: tuple[Part, Part]
    erreur_neuf: Part
    mediane_surface: Part


class ReglagesCalage(Fiche):
    """Settings of the back-test, an assumption file."""

    date_prix: Jour
    quantiles: tuple[Part, Part]
    m2_par_place: Positif
    ecart_m2_par_place: Positif
    annee_pivot: Entier
    annees_apres_indice: Entier
    degres: Positif
    ecart_attendu: Positif
    poids_ecart: Positif
    ecart_existant: Positif
    non_dit: NonDit
    ecart_departement: Positif
    effets: dict[str, Effet]
    formes: tuple[Forme, ...] = Field(min_length=1)
    essais_avant: Texte
    """What was tried before the forms that are compared, in French."""
    relecture: Texte
    """What was read again of the operations, and how it was chosen, in French."""
    facteur_total: Positif
    ratio_par_genre: dict[Genre, str]
    ratio_lourd: Texte
    """Kind of ratio of heavy works on a building that stands."""
    ratio_modulaire: Texte
    tolerance: Part
    reechantillonnages: Entier
    graine: Entier
    confiance: Part
    seuils: SeuilsCalage

    def selon(self, forme: Forme) -> ReglagesCalage:
        """Same settings for a form of the model."""
        effets = {
            nom: e.model_copy(update={"ecart": e.ecart / forme.fermete})
            for nom, e in {**self.effets, **forme.avec}.items()
            if nom not in forme.sans
        }
        autres = {
            nom: valeur
            for nom in ("degres", "ecart_departement", "non_dit")
            if (valeur := getattr(forme, nom)) is not None
        }
        return self.model_copy(update={"effets": effets, **autres})


def lire_reglages(chemin: Path | None = None) -> ReglagesCalage:
    """Read the settings of the back-test."""
    return lire_fiche(ReglagesCalage, chemin or dossier_donnees() / "hypotheses" / "calage.yaml")


def _surface(o: Observation, r: ReglagesCalage) -> float:
    """Area, or the one supposed from the places."""
    return o.operation.surface_m2 or (o.operation.places or 0.0) * r.m2_par_place


def _m2_par_place(o: Observation, r: ReglagesCalage) -> float:
    p, s = o.operation.places, o.operation.surface_m2
    return float(np.log(s / p / r.m2_par_place)) if p and s else 0.0


def _profondeur(o: Observation, dite: Profondeur, part: float) -> float:
    """Whether the works are that deep; the share that are, when nobody says."""
    if o.operation.profondeur is None:
        return part if o.operation.existant else 0.0
    return float(o.operation.profondeur == dite)


def _mam(o: Observation, neuve: bool, r: ReglagesCalage) -> float:
    """Whether it is a MAM, new or not; the share that are, when nobody says."""
    if o.operation.genre == "autre":
        part = r.non_dit.part_mam_neuve
        return o.operation.mam * (part if neuve else 1 - part)
    return float(o.operation.mam and (o.operation.genre == "neuf") == neuve)


COLONNES: dict[str, Callable[[Observation, ReglagesCalage], float]] = {
    "travaux": lambda o, _: o.nature == "travaux",
    "reemploi": lambda o, _: o.operation.genre == "reemploi",
    "amenagement": lambda o, _: o.operation.genre == "amenagement",
    "autre": lambda o, _: o.operation.genre == "autre",
    "lourde": lambda o, r: _profondeur(o, "lourde", r.non_dit.part_lourde),
    "rafraichissement": lambda o, r: _profondeur(o, "rafraichissement", r.non_dit.part_rafraichissement),
    "modulaire": lambda o, _: o.operation.modulaire,
    "mam_neuve": lambda o, r: _mam(o, True, r),
    "mam_autre": lambda o, r: _mam(o, False, r),
    "m2_par_place": _m2_par_place,
    "sans_surface": lambda o, _: not o.operation.surface_m2,
    "taille": lambda o, r: float(np.log(_surface(o, r))),
    "derive": lambda o, r: 0.0 if o.annee_supposee else (o.annee_prix - r.annee_pivot) / 10,
    "taxe_non_dite": lambda o, _: o.taxe == "non_dit" and not o.operation.base_aide,
    "base_aide": lambda o, _: o.operation.base_aide,
}
"""Value of each effect for a cost."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows of costs as the model sees them, shape (N, K) and (N,)."""

    x: Tableau
    depart: Tableau
    """Log of the area, supposed where it is not published."""
    relatif: Tableau
    """Variance of the row over that of an ordinary new building."""
    ajout: Tableau
    """Variance added by what is supposed or not said: area, depth of works, kind."""

    @classmethod
    def dresser(cls, observations: Sequence[Observation], r: ReglagesCalage, departements: Sequence[str] = ()) -> Plan:
        """Lay out costs for the model.

        Args:
            observations: costs.
            r: settings.
            departements: departments that have an effect of their own, one column each after those of the settings.
        """
        x = [
            [
                1.0,
                *(COLONNES[nom](o, r) for nom in r.effets),
                *(o.operation.departement == code for code in departements),
            ]
            for o in observations
        ]
        depart = [_surface(o, r) for o in observations]
        exposant = 1 + r.effets["m2_par_place"].attendu if "m2_par_place" in r.effets else 1.0
        suppose = np.array([not o.operation.surface_m2 for o in observations], dtype=np.float64)
        ordinaire = [
            o.operation.genre == "neuf" and not (o.operation.mam or o.operation.modulaire) for o in observations
        ]
        return cls(
            np.array(x, dtype=np.float64),
            np.log(depart),
            np.where(ordinaire, 1.0, r.ecart_existant**2),
            suppose * (exposant * r.ecart_m2_par_place) ** 2
            + np.array([_non_dit(o, r) + _ailleurs(o, r, departements) for o in observations]),
        )


def _non_dit(o: Observation, r: ReglagesCalage) -> float:
    """Variance between what the description may mean: depth of works, kind."""
    tait = o.operation.existant and o.operation.profondeur is None
    genre = o.operation.genre == "autre"
    return (tait * r.non_dit.ecart_profondeur) ** 2 + (genre * r.non_dit.ecart_genre) ** 2


def _ailleurs(o: Observation, r: ReglagesCalage, departements: Sequence[str]) -> float:
    """Variance of the effect of a department that has no column."""
    return 0.0 if o.operation.departement in departements else r.ecart_departement**2


@dataclass(frozen=True, slots=True)
class Ajustement:
    """Fitted models, one for each set of learning rows, shape (B, …)."""

    coefficients: Tableau
    """Level then effects, shape (B, K), in log."""
    covariance: Tableau
    """Shape (B, K, K)."""
    variance: Tableau
    """Variance of an ordinary new building, shape (B,)."""
    degres: float

    def centre(self, plan: Plan) -> Tableau:
        """Median of the logarithm of a cost, shape (B, N)."""
        return np.asarray(self.coefficients @ plan.x.T + plan.depart)

    def prevoir(self, plan: Plan, quantiles: Sequence[float]) -> tuple[Tableau, Tableau]:
        """Median cost [€], shape (B, N), and its quantiles, shape (Q, B, N): law of a new cost, effects being uncertain."""
        from scipy.special import stdtrit

        centre = self.centre(plan)
        effets = np.einsum("ni,bij,nj->bn", plan.x, self.covariance, plan.x, optimize=True)
        echelle = np.sqrt(self.variance[:, None] * plan.relatif + plan.ajout + effets)
        t = np.array([stdtrit(self.degres, q) for q in quantiles])
        return np.exp(centre), np.exp(centre + t[:, None, None] * echelle)


def ajuster(plan: Plan, montants: Tableau, r: ReglagesCalage, apprises: NDArray[np.bool_] | None = None) -> Ajustement:
    """Fit the model on each set of learning rows at once.

    Given weights and scale the posterior of the effects is in closed form; the weights are those of the Student law written
    as a normal of random variance, the scale the mode of its own posterior. Both are repeated until they settle; sets that
    leave a few rows out start where all the rows settled.

    Args:
        plan: rows.
        montants: costs [€], shape (N,).
        r: settings.
        apprises: learning rows of each set, shape (B, N); by default one set of all of them.
    """
    toutes = np.ones((1, len(montants)))
    variance, poids, ajustement = _tours(plan, montants, r, toutes, np.array([r.ecart_attendu**2]), toutes, _TOURS)
    if apprises is None:
        return ajustement
    w = apprises.astype(np.float64)
    return _tours(plan, montants, r, w, variance.repeat(len(w)), poids.repeat(len(w), axis=0), _TOURS_ENSUITE)[2]


def _tours(
    plan: Plan, montants: Tableau, r: ReglagesCalage, w: Tableau, variance: Tableau, poids: Tableau, tours: int
) -> tuple[Tableau, Tableau, Ajustement]:
    """Rounds of a fit from a scale and weights, shapes (B,) and (B, N); what they become, and the fit."""
    y, x, nu = np.log(montants) - plan.depart, plan.x, r.degres
    departements = x.shape[1] - 1 - len(r.effets)
    attendu = np.array([0.0, *(e.attendu for e in r.effets.values()), *[0.0] * departements])
    ecarts = [*(e.ecart for e in r.effets.values()), *[r.ecart_departement] * departements]
    precision = np.array([_PRIOR_NUL, *(1 / e**2 for e in ecarts)])
    produits = (x[:, :, None] * x[:, None, :]).reshape(len(y), -1)
    for _ in range(tours):
        propre = variance[:, None] * plan.relatif
        totale = propre + plan.ajout
        p = w * poids / totale
        h = (p @ produits).reshape(len(w), x.shape[1], x.shape[1]) + np.diag(precision)
        covariance = _inverser(h, departements) if len(w) > 1 else np.asarray(np.linalg.inv(h), dtype=np.float64)
        coefficients = np.einsum("bij,bj->bi", covariance, (p * y) @ x + attendu * precision)
        carres = (y - coefficients @ x.T) ** 2 + covariance.reshape(len(w), -1) @ produits.T
        poids = (nu + 1) / (nu + carres / totale)
        part = propre / totale
        somme = np.sum(w * part * poids * carres / totale, axis=1) * variance
        variance = (r.poids_ecart * r.ecart_attendu**2 + somme) / (r.poids_ecart + np.sum(w * part, axis=1))
    return variance, poids, Ajustement(coefficients, covariance, variance, nu)


def _inverser(h: Tableau, departements: int) -> Tableau:
    """Inverses of matrices, shape (B, K, K), whose last rows, those of the departments, are diagonal between them: a row of costs has one department."""
    k = h.shape[-1] - departements
    entre, seuls = h[:, :k, k:], h[:, range(k, h.shape[-1]), range(k, h.shape[-1])]
    rapport = entre / seuls[:, None, :]
    inverse = np.zeros_like(h)
    inverse[:, :k, :k] = np.linalg.inv(h[:, :k, :k] - rapport @ entre.swapaxes(1, 2))
    croises = -inverse[:, :k, :k] @ rapport
    inverse[:, :k, k:], inverse[:, k:, :k] = croises, croises.swapaxes(1, 2)
    inverse[:, k:, k:] = -rapport.swapaxes(1, 2) @ croises
    inverse[:, range(k, h.shape[-1]), range(k, h.shape[-1])] += 1 / seuls
    return inverse


def constante(
    apprises: Sequence[Observation], jugee: Observation, taille: Callable[[Observation], float | None]
) -> float:
    """Baseline: median cost per unit of size of the operations of the same scope, times the size of the one judged."""
    sienne = taille(jugee)
    unitaires = [o.montant / t for o in apprises if o.nature == jugee.nature and (t := taille(o))]
    return float(np.median(unitaires)) * sienne if sienne and unitaires else float("nan")


def au_ratio(jugee: Observation, cout_m2: dict[str, float], prix: float, reglages: ReglagesCalage) -> float:
    """The project's own ratio, nothing fitted: area × mid-range €/m² of the kind, × the all-in factor for a total.

    Args:
        jugee: operation to price.
        cout_m2: mid-range works cost by kind of works [€/m² HT].
        prix: index of the reference date over that of the ratio.
        reglages: settings (all-in factor, kind of ratio by kind of operation).
    """
    o = jugee.operation
    genre = reglages.ratio_par_genre.get(o.genre)
    if genre is None or o.surface_m2 is None:
        return float("nan")
    if o.modulaire or o.profondeur == "lourde":
        genre = reglages.ratio_modulaire if o.modulaire else reglages.ratio_lourd
    facteur = reglages.facteur_total if jugee.nature == "total" else 1.0
    return o.surface_m2 * cout_m2[genre] * prix * facteur
