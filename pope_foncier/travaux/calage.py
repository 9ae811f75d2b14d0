"""Back-test: each published cost predicted without its own operation, scored beside constants on the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.travaux import calage_modele as modele
from pope_foncier.travaux.calage_donnees import (
    FICHIER,
    Observation,
    OperationDuCalage,
    aux_annonces,
    ecarter_sans_indice,
    lire_operations,
    observer,
)
from pope_foncier.travaux.cout import BT01, lire_couts

Masque = NDArray[np.bool_]
Methode = Literal["modele", "par_place", "par_m2", "ratio"]
METHODES: tuple[Methode, ...] = ("modele", "par_place", "par_m2", "ratio")


@dataclass(frozen=True, slots=True)
class Score:
    """Score of a method on some rows; NaN when it predicts none of them."""

    nombre: int
    erreur_moyenne: float
    """MAPE: mean of |predicted − real| / real."""
    erreur_mediane: float
    dans_la_tolerance: float
    """Share of rows predicted within the tolerance."""


def noter(erreurs: Tableau, tolerance: float) -> Score:
    """Score of relative errors, those of rows without a prediction left aside."""
    e = erreurs[np.isfinite(erreurs)]
    if not len(e):
        return Score(0, np.nan, np.nan, np.nan)
    return Score(len(e), float(e.mean()), float(np.median(e)), float(np.mean(e <= tolerance)))


@dataclass(frozen=True, slots=True)
class Ecart:
    """Paired difference of mean errors, model − baseline, with its bootstrap interval over projects."""

    nombre: int
    moyenne: float
    bas: float
    haut: float


@dataclass(frozen=True)
class Calage:
    """Result of the back-test: one row per published cost."""

    fichier: str
    observations: tuple[Observation, ...]
    ecartees: tuple[OperationDuCalage, ...]
    previsions: dict[Methode, Tableau]
    """Predicted cost [€], shape (N,), by method; NaN when a method cannot price the row."""
    bornes: Tableau
    """P10 and P90 of the model [€], shape (2, N)."""
    ajustement: modele.Ajustement
    """Model fitted on every row of the project's file."""
    reglages: modele.ReglagesCalage
    nouvelles: Masque
    """Rows whose operation is not in the learning file, shape (N,)."""
    vues: Tableau
    """What the model gives once it has learnt from every row of the project's file, the one judged included [€], shape (N,)."""
    departements: tuple[str, ...]
    """Departments that have an effect of their own."""

    @cached_property
    def reels(self) -> Tableau:
        """Real costs at reference prices [€], shape (N,)."""
        return np.array([o.montant for o in self.observations], dtype=np.float64)

    @property
    def effets_des_departements(self) -> dict[str, float]:
        """Effect of each department that has one, on the logarithm of the cost."""
        effets = self.ajustement.coefficients[0, 1 + len(self.reglages.effets) :]
        return dict(zip(self.departements, map(float, effets), strict=True))

    def groupe(self, nom: str) -> Masque:
        """Mask of a group: a kind (without MAM), ``mam``, a scope, ``surface`` (area known), ``neuf_surface``, ``nouvelles`` or ``tout``."""
        if nom == "nouvelles":
            return self.nouvelles
        return np.array([_est_du_groupe(o, nom) for o in self.observations], dtype=np.bool_)

    def erreurs(self, methode: Methode) -> Tableau:
        """Relative absolute errors, shape (N,)."""
        return np.asarray(np.abs(self.previsions[methode] / self.reels - 1.0))

    def erreur_vue(self, masque: Masque) -> float:
        """Mean error on rows that the model has learnt from: no honest prediction is expected below it."""
        return float(np.mean(np.abs(self.vues / self.reels - 1.0)[masque]))

    def rapport_median(self, methode: Methode, masque: Masque) -> float:
        """Median of predicted over published cost on the rows of a mask; NaN when the method prices none."""
        rapports = (self.previsions[methode] / self.reels)[masque]
        rapports = rapports[np.isfinite(rapports)]
        return float(np.median(rapports)) if len(rapports) else float("nan")

    def score(self, methode: Methode, masque: Masque) -> Score:
        """Score of a method on the rows of a mask that it can price."""
        return noter(self.erreurs(methode)[masque], self.reglages.tolerance)

    def etendue(self, masque: Masque) -> tuple[float, float]:
        """P10 and P90 over the predicted cost, middle ones of the rows of a mask."""
        bas, haut = np.median((self.bornes / self.previsions["modele"])[:, masque], axis=1)
        return float(bas), float(haut)

    def couverture(self, masque: Masque) -> float:
        """Share of real costs between P10 and P90."""
        dedans = (self.reels >= self.bornes[0]) & (self.reels <= self.bornes[1])
        return float(dedans[masque].mean()) if masque.any() else float("nan")

    def comparer(self, base: Methode, masque: Masque) -> Ecart:
        """Model against a baseline on the same rows: difference of MAPE, resampling operations with replacement."""
        d = (self.erreurs("modele") - self.erreurs(base))[masque]
        noms = np.array([o.operation.id for o in self.observations])[masque]
        garde = np.isfinite(d)
        d, noms = d[garde], noms[garde]
        if not len(d):
            return Ecart(0, np.nan, np.nan, np.nan)
        _, rang = np.unique(noms, return_inverse=True)
        sommes, tailles = np.bincount(rang, d), np.bincount(rang)
        hasard = np.random.default_rng(self.reglages.graine)
        tires = hasard.integers(0, len(sommes), (self.reglages.reechantillonnages, len(sommes)))
        moyennes = sommes[tires].sum(axis=1) / tailles[tires].sum(axis=1)
        queue = (1 - self.reglages.confiance) / 2
        bas, haut = np.quantile(moyennes, [queue, 1 - queue])
        return Ecart(len(d), float(d.mean()), float(bas), float(haut))

    def inexplique(self, masque: Masque) -> float:
        """Share of the variance of ln(cost per place) that leave-one-out predictions leave unexplained; may exceed 1."""
        places = np.array([o.operation.places or np.nan for o in self.observations], dtype=np.float64)
        m = masque & np.isfinite(places)
        unitaires = np.log(self.reels[m] / places[m])
        residus = np.log(self.reels[m] / self.previsions["modele"][m])
        return float(np.mean(residus**2) / np.var(unitaires)) if m.sum() > 1 else float("nan")


def _est_du_groupe(o: Observation, nom: str) -> bool:
    if nom in ("total", "travaux"):
        return o.nature == nom
    if nom in ("tout", "mam"):
        return nom == "tout" or o.operation.mam
    if nom == "surface":
        return o.operation.surface_m2 is not None
    if nom == "neuf_surface":
        return _est_du_groupe(o, "neuf") and _est_du_groupe(o, "surface")
    return o.operation.genre == nom and not o.operation.mam


def caler(catalogue: Catalogue, fichier: Path | None = None, annonces: bool = False) -> Calage:
    """Score the cost model on a file of published operations.

    Coefficients are learnt on the project's own file; the operation judged and its twins are always left out. Another file
    is judged only, never learnt from.

    Args:
        catalogue: scales (BT01, VAT).
        fichier: file judged; the project's own by default.
        annonces: judge and learn the total first announced, where another one followed.

    Raises:
        ErreurCalcul: no operation of the file has both a cost and a size.
    """
    r = modele.lire_reglages()
    lire = (lambda f: aux_annonces(lire_operations(f))) if annonces else lire_operations
    maison = observer(lire(None), catalogue, r.date_prix)
    annees = sorted(o.annee_prix for o in maison if not o.annee_supposee)
    operations = ecarter_sans_indice(lire(fichier), catalogue, r.annees_apres_indice)
    observations = observer(operations, catalogue, r.date_prix, annees[len(annees) // 2])
    if not observations:
        raise ErreurCalcul("Aucune opération du fichier n'a à la fois un coût et une taille (places ou surface).")
    couts = lire_couts()
    la, alors = (float(catalogue.a_la_date(BT01, jour).valeur) for jour in (r.date_prix, couts.date_valeur))
    milieux = {nom: g.milieu for nom, g in couts.genres.items()}
    apprises = sans_elles(maison, observations)
    departements = departements_appris(maison, r)
    plan, montants = modele.Plan.dresser(maison, r, departements), np.array([o.montant for o in maison])
    rang = np.arange(len(observations))
    juge = modele.Plan.dresser(observations, r, departements)
    centre, bornes = modele.ajuster(plan, montants, r, apprises).prevoir(juge, r.quantiles)
    ajustement = modele.ajuster(plan, montants, r)
    lignes: dict[Methode, list[float]] = {"par_place": [], "par_m2": [], "ratio": []}
    for jugee, garde in zip(observations, apprises, strict=True):
        autres = [o for o, oui in zip(maison, garde, strict=True) if oui]
        lignes["par_place"].append(modele.constante(autres, jugee, lambda o: o.operation.places))
        lignes["par_m2"].append(modele.constante(autres, jugee, lambda o: o.operation.surface_m2))
        lignes["ratio"].append(modele.au_ratio(jugee, milieux, la / alors, r))
    previsions = {"modele": centre[rang, rang], **{m: np.array(v) for m, v in lignes.items()}}
    return Calage(
        fichier.name if fichier else FICHIER,
        observations,
        tuple(o for o in operations if o.ecarte),
        previsions,
        bornes[:, rang, rang],
        ajustement,
        r,
        np.asarray(apprises.all(axis=1)),
        np.exp(ajustement.centre(juge)[0]),
        departements,
    )


@dataclass(frozen=True, slots=True)
class Essais:
    """Forms of the model tried on the project's file, and what choosing among them costs."""

    formes: dict[str, Score]
    """Score of each form, every operation predicted without itself."""
    choisie: dict[str, int]
    """How many times each form is chosen, the operation judged being left out of the choice as well."""
    imbrique: Score
    """Score of that choice made anew for each operation: what is left once the choice no longer sees it."""


def essayer(catalogue: Catalogue) -> Essais:
    """Nested leave-one-operation-out: each operation is predicted by the form that best predicts the others."""
    r = modele.lire_reglages()
    maison = observer(lire_operations(), catalogue, r.date_prix)
    reels, lots = np.array([o.montant for o in maison]), _lots(maison)
    n = int(lots.max()) + 1
    paires = [(a, b) for a in range(n) for b in range(a, n)]
    rang = np.zeros((n, n), dtype=np.int_)
    for k, (a, b) in enumerate(paires):
        rang[a, b] = rang[b, a] = k
    apprises = np.array([(lots != a) & (lots != b) for a, b in paires], dtype=np.bool_)
    ecarts = np.empty((len(r.formes), n, len(maison)))
    for k, forme in enumerate(r.formes):
        selon = r.selon(forme)
        plan = modele.Plan.dresser(maison, selon, departements_appris(maison, selon))
        centre = modele.ajuster(plan, reels, selon, apprises).centre(plan)
        ecarts[k] = centre[rang[:, lots], np.arange(len(maison))] - np.log(reels)
    siens = lots == np.arange(n)[:, None]
    autres = np.where(siens, np.nan, np.abs(ecarts))
    choix = np.nanmean(autres, axis=2).argmin(axis=0)
    justes = ecarts[:, lots, np.arange(len(maison))]
    noms = [f.nom for f in r.formes]
    return Essais(
        {nom: noter(np.abs(np.exp(e) - 1), r.tolerance) for nom, e in zip(noms, justes, strict=True)},
        {nom: int((choix == k).sum()) for k, nom in enumerate(noms)},
        noter(np.abs(np.exp(justes[choix[lots], np.arange(len(maison))]) - 1), r.tolerance),
    )


def departements_appris(observations: Sequence[Observation], r: modele.ReglagesCalage) -> tuple[str, ...]:
    """Departments with two operations or more, whose effect can be learnt; none when the form has no such effect."""
    if not r.ecart_departement:
        return ()
    codes = Counter(code for code, _ in {(o.operation.departement, o.operation.id) for o in observations} if code)
    return tuple(sorted(code for code, n in codes.items() if n > 1))


def sans_elles(maison: Sequence[Observation], jugees: Sequence[Observation]) -> Masque:
    """Rows that may teach each cost judged, shape (B, N): none of a group of which one may be the same operation."""
    lots = _lots(maison)
    jumelles = np.array([[a.jumelle(o) for a in maison] for o in jugees], dtype=np.bool_)
    return np.array([~np.isin(lots, lots[siennes]) for siennes in jumelles], dtype=np.bool_)


def _lots(observations: Sequence[Observation]) -> NDArray[np.int_]:
    """Number of the group of each cost, those that may be one operation being together, shape (N,)."""
    lots = np.arange(len(observations))
    for i, o in enumerate(observations):
        for j in range(i):
            if o.jumelle(observations[j]):
                lots[lots == lots[i]] = lots[j]
    return np.unique(lots, return_inverse=True)[1]
