"""Placing of rooms along the strips of a scheme: integer search (CP-SAT), shortages first, preferences after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Bande, Squelette
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.extras import bibliotheque

_ECHELLE = 10
"""Whole points of the search in a point of the file."""
_PART_DM2, _PART_MM = 25, 500
"""Steps of areas [dm²] and of distances [half mm] in the objective: finer ones only slow the search."""


@enregistrement
class Pose:
    """Room, or room with another behind it, between two steps of a strip; no room at all is what stays to be used."""

    pieces: tuple[int, ...]
    """Ranks of the rooms wanted: alone, or the one along the circulation then the one behind."""
    bande: int
    debut: int
    fin: int


@enregistrement
class Placement:
    """Answer of the search on one scheme."""

    squelette: Squelette
    poses: tuple[Pose, ...]
    absentes: tuple[int, ...]
    manque_facade_m: dict[int, float]
    manque_m2: dict[int, float]
    manque_enfants_m2: float
    points: float

    @property
    def complet(self) -> bool:
        """Whether nothing is missing."""
        return not (self.absentes or self.manque_facade_m or self.manque_m2) and self.manque_enfants_m2 < 0.05


def placer(
    squelette: Squelette, besoins: Sequence[Besoin], h: Hypotheses, graine: int, effort: float
) -> Placement | None:
    """Best placing found within an effort, the same at each run: one thread, a seed, a deterministic limit.

    Args:
        effort: deterministic time of the solver.

    Raises:
        ErreurCalcul: OR-Tools is not installed.
    """
    cp_model = bibliotheque("ortools.sat.python.cp_model", "esquisse", "L'esquisse")
    recherche = _Recherche(cp_model, squelette, besoins, h)
    solveur = cp_model.CpSolver()
    solveur.parameters.num_workers = 1
    solveur.parameters.random_seed = graine
    solveur.parameters.max_deterministic_time = effort
    etat = solveur.Solve(recherche.m)
    if etat not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return recherche.lire(solveur)


class _Recherche:
    """Variables and constraints of one scheme."""

    def __init__(self, cp_model: Any, squelette: Squelette, besoins: Sequence[Besoin], h: Hypotheses) -> None:
        self.m = cp_model.CpModel()
        self.squelette, self.besoins, self.h = squelette, besoins, h
        self.objectif: list[Any] = []
        self.articles = _articles(besoins, h)
        self.poses: dict[tuple[int, int], tuple[Any, Any, Any]] = {}
        """(item, strip) → presence, start, end."""
        self.reserves: list[tuple[int, Any, Any, Any]] = []
        self._poser()
        self._aires()
        self._facades()
        self._positions()
        self._voisinages()
        self._acces()
        self.m.Minimize(sum(self.objectif))

    def _payer(self, variable: Any, points: float, par: float = 1.0) -> None:
        """Add a term of the objective: points for ``par`` units of a variable."""
        self.objectif.append(round(points * _ECHELLE / par) * variable)

    def _poser(self) -> None:
        """Each room once, by one of its items, or missing; each strip filled from end to end."""
        par_bande: dict[int, list[Any]] = {b: [] for b in range(len(self.squelette.bandes))}
        tailles: dict[int, list[Any]] = {b: [] for b in par_bande}
        for i, article in enumerate(self.articles):
            for b, bande in enumerate(self.squelette.bandes):
                bornes = _largeurs(article, bande, self.besoins, self.h)
                if bornes is None:
                    continue
                p, s, e, taille, intervalle = self._intervalle(f"{i}_{b}", bande, *bornes)
                self.poses[i, b] = (p, s, e)
                par_bande[b].append(intervalle)
                tailles[b].append(taille)
        self.absente = []
        for r in range(len(self.besoins)):
            absente = self.m.NewBoolVar(f"absente_{r}")
            ici = [p for (i, _), (p, _, _) in self.poses.items() if r in self.articles[i]]
            self.m.AddExactlyOne([*ici, absente])
            self.absente.append(absente)
            self._payer(absente, self.h.poids.absente)
        for b, bande in enumerate(self.squelette.bandes):
            for k in range(1):
                p, s, e, taille, intervalle = self._intervalle(f"reserve_{b}_{k}", bande, 2, bande.pas)
                self.reserves.append((b, p, s, e))
                par_bande[b].append(intervalle)
                tailles[b].append(taille)
                self._payer(p, self.h.poids.voisinage)
                self._payer(taille, self.h.poids.affecter_par_m2 * bande.profondeur_m * bande.pas_m)
            self.m.AddNoOverlap(par_bande[b])
            self.m.Add(sum(tailles[b]) == bande.pas)

    def _intervalle(self, nom: str, bande: Bande, mini: int, maxi: int) -> tuple[Any, Any, Any, Any, Any]:
        """Optional interval of a strip, whose size is 0 when it is not there."""
        m = self.m
        p = m.NewBoolVar(f"p_{nom}")
        s, e = m.NewIntVar(0, bande.pas, f"s_{nom}"), m.NewIntVar(0, bande.pas, f"e_{nom}")
        taille = m.NewIntVar(0, maxi, f"t_{nom}")
        m.Add(taille == 0).OnlyEnforceIf(p.Not())
        m.Add(taille >= mini).OnlyEnforceIf(p)
        m.Add(s == 0).OnlyEnforceIf(p.Not())
        m.Add(s + taille == e)
        return p, s, e, taille, m.NewOptionalIntervalVar(s, taille, e, p, f"i_{nom}")

    def _mesure(self, table: Sequence[int], s: Any, e: Any, nom: str) -> tuple[int, Any]:
        """Measure between two steps, a number of times an expression: linear when the strip is regular, but for what its
        ends add, else read in its table. What an end adds is counted at most: fit for a least, not for a most."""
        if (lue := _reguliere(table)) is None:
            debut, fin = (self.m.NewIntVar(0, table[-1], f"{nom}_{k}") for k in "ab")
            self.m.AddElement(s, list(table), debut)
            self.m.AddElement(e, list(table), fin)
            return 1, fin - debut
        pente, au_debut, a_la_fin = lue
        if not (au_debut or a_la_fin):
            return pente, e - s
        somme = pente * (e - s)
        for bout, plus, borne, au_bord in ((s, au_debut, 0, "d"), (e, a_la_fin, len(table) - 1, "f")):
            if plus:
                la = self.m.NewBoolVar(f"{nom}_{au_bord}")
                self.m.Add(bout == borne).OnlyEnforceIf(la)
                somme += plus * la
        return 1, somme

    def _aires(self) -> None:
        """Area of each room against the one wanted: shortage beyond what is admitted, then gap and surplus."""
        cloison = self.h.cloison_m.valeur
        self.manques: dict[int, Any] = {}
        enfants, voulus = [], 0
        for i, article in enumerate(self.articles):
            ici = [(b, v) for (j, b), v in self.poses.items() if j == i]
            if not ici:
                continue
            voulu = round(100 * sum(self.besoins[r].surface_m2 for r in article))
            moins = round(100 * sum(self.besoins[r].surface_m2 * self.besoins[r].piece.en_moins for r in article))
            plus = round(100 * sum(self.besoins[r].surface_m2 * self.besoins[r].piece.en_plus for r in article))
            large = 10**6 // _PART_DM2
            manque = self.m.NewIntVar(0, voulu // _PART_DM2 + 1, f"manque_{i}")
            dessous = self.m.NewIntVar(0, voulu // _PART_DM2 + 1, f"dessous_{i}")
            dessus, trop = self.m.NewIntVar(0, large, f"dessus_{i}"), self.m.NewIntVar(0, large, f"trop_{i}")
            enfant = [self.besoins[r].enfants for r in article]
            for b, (p, s, e) in ici:
                bande = self.squelette.bandes[b]
                pente, longueur = self._mesure(bande.aire_dm2, s, e, f"aire_{i}_{b}")
                perdu = round(100 * cloison * bande.profondeur_m)
                perdu += 0 if len(article) == 1 else round(100 * cloison * voulu / 100 / bande.profondeur_m)
                aire = pente * longueur - perdu
                self.m.Add(aire + _PART_DM2 * manque >= voulu - moins).OnlyEnforceIf(p)
                self.m.Add(aire + _PART_DM2 * dessous >= voulu).OnlyEnforceIf(p)
                self.m.Add(aire - _PART_DM2 * dessus <= voulu).OnlyEnforceIf(p)
                self.m.Add(aire - _PART_DM2 * trop <= voulu + plus).OnlyEnforceIf(p)
                if any(enfant):
                    part = sum(self.besoins[r].surface_m2 for r in article if self.besoins[r].enfants) * 100 / voulu
                    compte = self.m.NewIntVar(0, 10**6, f"compte_{i}_{b}")
                    self.m.Add(compte == 0).OnlyEnforceIf(p.Not())
                    self.m.Add(compte <= aire).OnlyEnforceIf(p)
                    enfants.append((part, compte))
            self.manques[i] = manque
            self._payer(manque, self.h.poids.surface_par_m2, 100 / _PART_DM2)
            self._payer(dessous, self.h.poids.ecart_par_m2, 100 / _PART_DM2)
            surplus = self.h.poids.surplus_par_m2 * (0.5 if enfant[0] else 1.0)
            self._payer(dessus, surplus, 100 / _PART_DM2)
            self._payer(trop, 3 * self.h.poids.surplus_par_m2 + self.h.poids.affecter_par_m2, 100 / _PART_DM2)
        voulus = round(100 * sum(b.surface_m2 for b in self.besoins if b.enfants))
        self.manque_enfants = self.m.NewIntVar(0, voulus // _PART_DM2 + 1, "manque_enfants")
        absents = sum(round(100 * b.surface_m2) * self.absente[r] for r, b in enumerate(self.besoins) if b.enfants)
        total = sum(round(part) * compte for part, compte in enfants)
        self.m.Add(total + 100 * _PART_DM2 * self.manque_enfants + 100 * absents >= 100 * voulus)
        self._payer(self.manque_enfants, self.h.poids.enfants_par_m2, 100 / _PART_DM2)

    def _facades(self) -> None:
        """Daylight: a length due by depth, or wished; away from the tracks; a yard for the living rooms; the entrance."""
        self.facades: dict[int, Any] = {}
        h, entree = self.h, any(b.entree[-1] for b in self.squelette.bandes)
        for (i, b), (p, s, e) in self.poses.items():
            article, bande = self.articles[i], self.squelette.bandes[b]
            besoin = self.besoins[article[-1]]
            pente, longueur = self._mesure(bande.jour_cm, s, e, f"jour_{i}_{b}")
            if besoin.piece.facade == "due":
                du = h.jour_minimum_m.valeur
                if besoin.fonction != "hall":
                    du = max(du, besoin.surface_m2 / h.jour_profondeur_m.valeur)
                manque = self.facades.setdefault(article[-1], self.m.NewIntVar(0, round(100 * du) + 1, f"facade_{i}"))
                self.m.Add(pente * longueur + manque >= round(100 * du)).OnlyEnforceIf(p)
            elif besoin.piece.facade == "souhaitee":
                sans = self.m.NewBoolVar(f"sombre_{i}_{b}")
                self.m.Add(pente * longueur >= round(100 * h.jour_minimum_m.valeur)).OnlyEnforceIf([p, sans.Not()])
                self._payer(sans, h.poids.jour_souhaite * (1.5 if besoin.enfants else 1.0))
            if besoin.enfants and besoin.piece.facade != "indifferente" and bande.voies_cm[-1] > 50 * bande.pas * bande.pas_m:
                self._payer(p, h.poids.cote_voies)
            if besoin.fonction == "eveil" and any(x.cour_cm[-1] for x in self.squelette.bandes):
                pente, longueur = self._mesure(bande.cour_cm, s, e, f"cour_{i}_{b}")
                loin = self.m.NewBoolVar(f"loin_{i}_{b}")
                self.m.Add(pente * longueur >= round(100 * h.contact_m.valeur)).OnlyEnforceIf([p, loin.Not()])
                self._payer(loin, h.poids.cour)
            if besoin.fonction == "hall" and entree:
                pente, longueur = self._mesure(bande.entree, s, e, f"entree_{i}_{b}")
                ailleurs = self.m.NewBoolVar(f"ailleurs_{i}_{b}")
                self.m.Add(pente * longueur >= 1).OnlyEnforceIf([p, ailleurs.Not()])
                self._payer(ailleurs, h.poids.facade_par_m)
        for manque in self.facades.values():
            self._payer(manque, h.poids.facade_par_m, 100)

    def _positions(self) -> None:
        """Middle of each room, in half millimetres, for the distances."""
        x0, y0, x1, y1 = (round(2000 * v) for v in self.squelette.terrain.libre.bounds)
        self.milieu = []
        for r in range(len(self.besoins)):
            self.milieu.append((self.m.NewIntVar(x0, x1, f"x_{r}"), self.m.NewIntVar(y0, y1, f"y_{r}")))
        for (i, b), (p, s, e) in self.poses.items():
            bande = self.squelette.bandes[b]
            le_long = round(2000 * bande.debut_m) + round(1000 * bande.pas_m) * (s + e)
            travers = round(2000 * bande.travers_m)
            for r in self.articles[i]:
                x, y = self.milieu[r] if bande.axe == "x" else self.milieu[r][::-1]
                self.m.Add(x - le_long <= 300).OnlyEnforceIf(p)
                self.m.Add(le_long - x <= 300).OnlyEnforceIf(p)
                self.m.Add(y == travers).OnlyEnforceIf(p)
        for r, q in combinations(range(len(self.besoins)), 2):
            a, b = self.besoins[r], self.besoins[q]
            if (a.fonction, a.surface_m2, a.groupes) == (b.fonction, b.surface_m2, b.groupes):
                self.m.Add(self.milieu[r][0] + self.milieu[r][1] <= self.milieu[q][0] + self.milieu[q][1])

    def _voisinages(self) -> None:
        """Points for rooms side by side or facing each other, then for those that are near."""
        self.cote_a_cote: dict[tuple[int, int], list[Any]] = {}
        h = self.h
        for i, j in combinations(range(len(self.articles)), 2):
            a, c = self.articles[i], self.articles[j]
            if set(a) & set(c):
                continue
            poids = max((self._envie(r, q) for r in a for q in c), default=0.0)
            if poids <= 0:
                continue
            for lien, part in self._liens(i, j):
                self._payer(lien, -poids * part)
                if part == 1.0:
                    for r in a:
                        for q in c:
                            self.cote_a_cote.setdefault((r, q), []).append(lien)
                            self.cote_a_cote.setdefault((q, r), []).append(lien)
        for r, q in combinations(range(len(self.besoins)), 2):
            if (envie := self._envie(r, q)) > 0:
                ecarts = [self.m.NewIntVar(0, 10**5, f"d_{r}_{q}_{k}") for k in range(2)]
                for ecart, u, v in zip(ecarts, self.milieu[r], self.milieu[q], strict=True):
                    self.m.Add(_PART_MM * ecart >= u - v)
                    self.m.Add(_PART_MM * ecart >= v - u)
                    self._payer(ecart, h.poids.distance_par_m * envie / h.poids.voisinage, 2000 / _PART_MM)

    def _envie(self, r: int, q: int) -> float:
        """Points of two rooms side by side."""
        a, b, h = self.besoins[r], self.besoins[q], self.h
        if not a.avec(b):
            return 0.0
        envie = h.voisins(a.fonction, b.fonction) * h.poids.voisinage
        if envie == 0 and a.fonction in h.humides and b.fonction in h.humides:
            return h.poids.humides
        return envie

    def _liens(self, i: int, j: int) -> list[tuple[Any, float]]:
        """Ways for two items to be neighbours: one after the other in a strip, at its end, or across the corridor."""
        liens = []
        bandes = self.squelette.bandes
        for (k, b), (p, s, e) in self.poses.items():
            if k != i:
                continue
            for c in range(len(bandes)):
                if (j, c) not in self.poses:
                    continue
                q, t, f = self.poses[j, c]
                if b == c:
                    for avant, apres in ((e, t), (f, s)):
                        lien = self.m.NewBoolVar("")
                        self.m.AddImplication(lien, p)
                        self.m.AddImplication(lien, q)
                        self.m.Add(avant == apres).OnlyEnforceIf(lien)
                        liens.append((lien, 1.0))
                elif (rencontre := _rencontre(bandes[b], bandes[c], self.h)) is not None:
                    liens.append((self._au_bout((p, s, e), (q, t, f), bandes[b], rencontre), 1.0))
                elif (rencontre := _rencontre(bandes[c], bandes[b], self.h)) is not None:
                    liens.append((self._au_bout((q, t, f), (p, s, e), bandes[c], rencontre), 1.0))
                elif bandes[b].axe == bandes[c].axe and _en_face(bandes[b], bandes[c]):
                    liens.append((self._en_face((p, s, e), (q, t, f), bandes[b], bandes[c]), 0.5))
        return liens

    def _au_bout(self, a: Any, b: Any, bande: Bande, rencontre: tuple[bool, int, int]) -> Any:
        """Whether an item at the end of its strip touches one of the strip that closes it."""
        (p, s, e), (q, t, f) = a, b
        au_debut, de, jusqu_a = rencontre
        lien = self.m.NewBoolVar("")
        self.m.AddImplication(lien, p)
        self.m.AddImplication(lien, q)
        self.m.Add(s == 0 if au_debut else e == bande.pas).OnlyEnforceIf(lien)
        contact = math.ceil(self.h.contact_m.valeur / self.h.trame_m.valeur)
        self.m.Add(t + contact <= jusqu_a).OnlyEnforceIf(lien)
        self.m.Add(f - contact >= de).OnlyEnforceIf(lien)
        return lien

    def _en_face(self, a: Any, b: Any, une: Bande, autre: Bande) -> Any:
        """Whether two items face each other across the corridor by a door's length."""
        (p, s, e), (q, t, f) = a, b
        lien = self.m.NewBoolVar("")
        self.m.AddImplication(lien, p)
        self.m.AddImplication(lien, q)
        ua, va = round(1000 * une.debut_m), round(1000 * une.pas_m)
        ub, vb = round(1000 * autre.debut_m), round(1000 * autre.pas_m)
        contact = round(1000 * self.h.contact_m.valeur)
        self.m.Add(ua + va * s + contact <= ub + vb * f).OnlyEnforceIf(lien)
        self.m.Add(ub + vb * t + contact <= ua + va * e).OnlyEnforceIf(lien)
        return lien

    def _acces(self) -> None:
        """A room reaches the circulation by a door's length, or touches a room that it may open on; same for one behind."""
        h, contact = self.h, round(100 * self.h.contact_m.valeur)
        for (i, b), (p, s, e) in self.poses.items():
            article, bande = self.articles[i], self.squelette.bandes[b]
            devant = self.besoins[article[0]]
            if bande.acces_cm[-1] < 100 * 0.9 * bande.pas * bande.pas_m:
                pente, longueur = self._mesure(bande.acces_cm, s, e, f"acces_{i}_{b}")
                par = [
                    lien
                    for q, autre in enumerate(self.besoins)
                    if autre.fonction in h.par_une_autre.get(devant.fonction, ()) and devant.avec(autre)
                    for lien in self.cote_a_cote.get((article[0], q), [])
                ]
                direct = self.m.NewBoolVar(f"direct_{i}_{b}")
                self.m.Add(pente * longueur >= contact).OnlyEnforceIf([p, direct])
                self.m.AddBoolOr([direct, p.Not(), *par])
            if len(article) == 2:
                derriere, enfilade = self.besoins[article[1]], _enfilade(devant, self.besoins[article[1]], h)
                if enfilade is None or not enfilade or devant.fonction in enfilade:
                    continue
                par = [
                    lien
                    for q, autre in enumerate(self.besoins)
                    if autre.fonction in enfilade and derriere.avec(autre)
                    for lien in self.cote_a_cote.get((article[1], q), [])
                ]
                self.m.AddBoolOr([p.Not(), *par])

    def lire(self, solveur: Any) -> Placement:
        """Answer found."""
        poses = [
            Pose(self.articles[i], b, solveur.Value(s), solveur.Value(e))
            for (i, b), (p, s, e) in self.poses.items()
            if solveur.Value(p)
        ]
        poses += [Pose((), b, solveur.Value(s), solveur.Value(e)) for b, p, s, e in self.reserves if solveur.Value(p)]
        manques: dict[int, float] = {}
        for i, v in self.manques.items():
            if (parts := solveur.Value(v)) > 0:
                manques[self.articles[i][0]] = parts * _PART_DM2 / 100
        return Placement(
            self.squelette,
            tuple(sorted(poses, key=lambda x: (x.bande, x.debut))),
            tuple(r for r, v in enumerate(self.absente) if solveur.Value(v)),
            {r: solveur.Value(v) / 100 for r, v in self.facades.items() if solveur.Value(v) > 1},
            manques,
            solveur.Value(self.manque_enfants) * _PART_DM2 / 100,
            solveur.ObjectiveValue() / _ECHELLE,
        )


def _articles(besoins: Sequence[Besoin], h: Hypotheses) -> list[tuple[int, ...]]:
    """What a strip may hold: each room alone, and each pair of which one stands behind the other."""
    articles: list[tuple[int, ...]] = [(r,) for r in range(len(besoins))]
    for r, devant in enumerate(besoins):
        for q, derriere in enumerate(besoins):
            if r != q and devant.avec(derriere) and _enfilade(devant, derriere, h) is not None:
                articles.append((r, q))
    return articles


def _enfilade(devant: Besoin, derriere: Besoin, h: Hypotheses) -> tuple[str, ...] | None:
    """Functions that a room behind another opens on; None when the pair is not admitted."""
    return next(
        (e.acces for e in h.enfilades if (e.devant, e.derriere) == (devant.fonction, derriere.fonction) and e.acces),
        None,
    )


def _largeurs(
    article: tuple[int, ...], bande: Bande, besoins: Sequence[Besoin], h: Hypotheses
) -> tuple[int, int] | None:
    """Least and largest number of steps of an item in a strip; None when it does not suit its depth."""
    pieces = [besoins[r] for r in article]
    total = sum(b.surface_m2 for b in pieces)
    mini, maxi = 0.0, bande.pas * bande.pas_m
    cloison = h.cloison_m.valeur
    for b in pieces:
        fond = (bande.profondeur_m - cloison * (len(pieces) - 1)) * b.surface_m2 / total
        if fond < b.piece.largeur_m - 1e-6:
            return None
        mini = max(mini, b.piece.largeur_m, fond / b.piece.allongement)
        maxi = min(maxi, fond * b.piece.allongement)
    a, z = math.ceil((mini + cloison) / bande.pas_m - 1e-6), int((maxi + cloison) / bande.pas_m + 1e-6)
    z = min(z, bande.pas, math.ceil(2.2 * total / bande.profondeur_m / bande.pas_m) + 2)
    return (a, z) if a <= z else None


def _reguliere(table: Sequence[int]) -> tuple[int, int, int] | None:
    """Measure of a step when all are the same but for rounding, and what the first and the last step have in excess."""
    pas = [b - a for a, b in pairwise(table)]
    if len(pas) < 5:
        return None
    pente = round((table[-2] - table[1]) / (len(pas) - 2))
    if any(abs(p - pente) > 1 + 0.02 * pente for p in pas[1:-1]):
        return None
    au_debut, a_la_fin = (p - pente if abs(p - pente) > 1 + 0.02 * pente else 0 for p in (pas[0], pas[-1]))
    return None if min(au_debut, a_la_fin) < 0 else (pente, au_debut, a_la_fin)


def _rencontre(bande: Bande, autre: Bande, h: Hypotheses) -> tuple[bool, int, int] | None:
    """Where a strip ends against the side of another: (at its start, first step, last step of the other)."""
    if bande.axe == autre.axe:
        return None
    x0, y0, x1, y1 = bande.boite
    u0, v0, u1, v1 = autre.boite
    if bande.axe == "y":
        x0, y0, x1, y1, u0, v0, u1, v1 = y0, x0, y1, x1, v0, u0, v1, u1
    for au_debut, bord, face in ((True, x0, u1), (False, x1, u0)):
        de, a = max(y0, v0), min(y1, v1)
        if abs(bord - face) < 0.02 and a - de >= h.contact_m.valeur:
            return au_debut, math.floor(autre.rang(de)), math.ceil(autre.rang(a))
    return None


def _en_face(une: Bande, autre: Bande) -> bool:
    """Whether two strips of one direction face each other across a corridor."""
    i = 1 if une.axe == "x" else 0
    ecart = max(autre.boite[i] - une.boite[i + 2], une.boite[i] - autre.boite[i + 2])
    return 0 < ecart < 2.2
