"""Exact cuts of the strips once rooms are in order: whole steps of the grid, areas and light first (CP-SAT)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pope_foncier.places.esquisse.gabarits import facade_due
from pope_foncier.places.esquisse.grille import Bande, Squelette
from pope_foncier.places.esquisse.recherche import RESERVE, Recherche
from pope_foncier.places.esquisse.voisins import Article
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.extras import bibliotheque

_EFFORTS = (0.7, 8.0)
"""Deterministic time given to the solver, then given again when it found nothing; of forty cuts measured, the last to better its answer did so at 0.5."""
_JEU_DM2 = 3
"""Kept above what is due, for the rounding of measures [dm²]."""
_AUTOUR = 16
"""Steps around the width found by the search within which a cut may move."""


@enregistrement
class Pose:
    """Item between two steps of a strip; no room at all is what stays to be used."""

    article: Article
    bande: int
    debut: int
    fin: int


@enregistrement
class Placement:
    """Rooms placed on one scheme, and what is missing."""

    squelette: Squelette
    poses: tuple[Pose, ...]
    sans_place: tuple[int, ...]
    """Rooms that no strip can hold."""
    manque_facade_m: dict[int, float]
    manque_m2: dict[int, float]
    manque_enfants_m2: float
    sans_acces: tuple[int, ...]
    points: float

    @property
    def complet(self) -> bool:
        """Whether nothing is missing."""
        return not (
            self.sans_place or self.manque_facade_m or self.manque_m2 or self.sans_acces or self.manque_enfants_m2
        )


def couper(recherche: Recherche) -> Placement:
    """Cut the strips of an order at whole steps, the shortages least, then the gaps to the wanted areas.

    Raises:
        ErreurCalcul: OR-Tools is not installed, or the solver found no cut.
    """
    cp_model = bibliotheque("ortools.sat.python.cp_model", "esquisse", "L'esquisse")
    coupe = _Coupe(cp_model.CpModel(), recherche)
    solveur = cp_model.CpSolver()
    solveur.parameters.num_workers = 1
    solveur.parameters.random_seed = 1
    solveur.parameters.cp_model_probing_level = 0  # what these two prepare costs more than it saves on so small a model
    solveur.parameters.linearization_level = 0
    for effort in _EFFORTS:
        solveur.parameters.max_deterministic_time = effort
        if solveur.Solve(coupe.m) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return coupe.lire(solveur)
    raise ErreurCalcul("L'esquisse n'a trouvé aucune coupe : agrandir le contour, ou réduire le programme.")


class _Coupe:
    """Variables of the cuts."""

    def __init__(self, m: Any, recherche: Recherche) -> None:
        self.m, self.r, self.h = m, recherche, recherche.h
        self.couts: list[Any] = []
        self.poses: list[tuple[Article, int, Any, Any]] = []
        self.sans_place: list[int] = []
        self.manques: dict[int, Any] = {}
        self.facades: dict[int, Any] = {}
        self.aires: list[tuple[Article, Any]] = []
        self.places = self._bandes()
        for article, b, s, e in self.poses:
            if article:
                self._article(article, recherche.squelette.bandes[b], s, e)
        self._enfants()
        self._contacts()
        m.Minimize(sum(self.couts))

    def _payer(self, variable: Any, points: float) -> None:
        self.couts.append(max(1, round(points)) * variable)

    def _bandes(self) -> list[list[tuple[Article, Any, Any]]]:
        """Cuts of each strip, from its start to its end, near those of the search."""
        places = []
        for b, rang in enumerate(self.r.rangs):
            bande = self.r.squelette.bandes[b]
            larges, _, _ = self.r.largeurs(b, rang)
            ici = [
                (a, large)
                for a, large in zip(rang, larges, strict=True)
                if (a and self.r.gabarits[b][a] is not None) or (not a and large > 0)
            ]
            self.sans_place += [r for a in rang if a and self.r.gabarits[b][a] is None for r in a]
            if not ici:
                ici = [(RESERVE, bande.pas * bande.pas_m)]
            coupes, ou = [0], 0.0
            for _, large in ici[:-1]:
                ou += large
                k = round(ou / bande.pas_m)
                coupes.append(self.m.NewIntVar(max(0, k - _AUTOUR), min(bande.pas, k + _AUTOUR), ""))
                self.m.AddHint(coupes[-1], k)
            coupes.append(bande.pas)
            for (article, _), (s, e) in zip(ici, pairwise(coupes), strict=True):
                self.poses.append((article, b, s, e))
                if not article:
                    self.m.Add(e - s >= min(2, bande.pas))
            places.append([(a, s, e) for (a, _), (s, e) in zip(ici, pairwise(coupes), strict=True)])
        return places

    def _lire(self, table: Sequence[int], s: Any, e: Any) -> Any:
        """Measure between two cuts: a multiple of their distance when the strip is regular, else read in its table."""
        pente = round(table[-1] / (len(table) - 1))
        if all(abs(v - pente * k) <= max(3, pente // 8) for k, v in enumerate(table)):
            return pente * (e - s)
        valeurs = []
        for coupe in (s, e):
            if isinstance(coupe, int):
                valeurs.append(table[coupe])
                continue
            valeur = self.m.NewIntVar(0, table[-1], "")
            self.m.AddElement(coupe, list(table), valeur)
            valeurs.append(valeur)
        return valeurs[1] - valeurs[0]

    def _article(self, article: Article, bande: Bande, s: Any, e: Any) -> None:
        """Width, area and light of an item."""
        besoins, h, m, poids = self.r.besoins, self.h, self.m, self.h.poids
        pieces = [besoins[r] for r in article]
        cloison = h.cloison_m.valeur
        voulu = sum(b.surface_m2 for b in pieces)
        fond = bande.profondeur_m - cloison * (len(pieces) - 1)
        mini = max(max(b.piece.largeur_m, fond * b.surface_m2 / voulu / b.piece.allongement) for b in pieces)
        maxi = min(fond * b.surface_m2 / voulu * b.piece.allongement for b in pieces)
        etroit, long = (m.NewIntVar(0, bande.pas, "") for _ in range(2))
        m.Add(e - s + etroit >= math.ceil((mini + cloison) / bande.pas_m - 0.35))
        m.Add(e - s - long <= math.floor((maxi + cloison) / bande.pas_m + 0.5))
        self._payer(etroit, 100 * poids.surface_par_m2)
        self._payer(long, 40 * poids.surface_par_m2)
        perdu = round(100 * cloison * bande.profondeur_m)
        aire = self._lire(bande.aire_dm2, s, e) - perdu
        if len(article) == 2:
            aire -= round(100 * cloison * voulu / bande.profondeur_m)
        moins = sum(b.surface_m2 * b.piece.en_moins for b in pieces)
        manque, dessous, dessus, trop = (m.NewIntVar(0, 10**6, "") for _ in range(4))
        m.Add(aire + manque >= math.ceil(100 * (voulu - moins)) + _JEU_DM2)
        m.Add(aire + dessous >= round(100 * voulu))
        m.Add(aire - dessus <= round(100 * voulu))
        m.Add(aire - trop <= round(100 * (voulu + sum(b.surface_m2 * b.piece.en_plus for b in pieces))))
        self.manques[article[0]] = manque
        self._payer(manque, poids.surface_par_m2)
        self._payer(dessous, 4 * poids.ecart_par_m2)
        self._payer(dessus, 2 * poids.surplus_par_m2)
        self._payer(trop, 10 * poids.surplus_par_m2)
        self.aires.append((article, aire))
        derniere = pieces[-1]
        if derniere.piece.facade == "due":
            absent = m.NewIntVar(0, 10**6, "")
            table = bande.dehors_cm if derniere.fonction == "hall" else bande.jour_cm
            m.Add(self._lire(table, s, e) + absent >= round(100 * facade_due(derniere, h)))
            self.facades[article[-1]] = absent
            self._payer(absent, poids.facade_par_m)
        if derniere.fonction == "hall" and self.r.contacts.entree and bande.entree[-1]:
            loin = m.NewBoolVar("")
            m.Add(self._lire(bande.entree, s, e) >= 1).OnlyEnforceIf(loin.Not())
            self._payer(loin, 1000 * poids.facade_par_m)

    def _enfants(self) -> None:
        """Area of the rooms of the children, all together: what one lacks another may give."""
        besoins = self.r.besoins
        total: Any = 0
        for article, aire in self.aires:
            voulu = sum(besoins[r].surface_m2 for r in article)
            part = round(100 * sum(besoins[r].surface_m2 for r in article if besoins[r].enfants) / voulu)
            total += part * aire
        dus = round(10_000 * sum(b.surface_m2 for r, b in enumerate(besoins) if b.enfants and r not in self.sans_place))
        self.manque_enfants = self.m.NewIntVar(0, 10**6, "")
        self.m.Add(total + 100 * self.manque_enfants >= dus + 100 * _JEU_DM2)
        self._payer(self.manque_enfants, self.h.poids.enfants_par_m2)

    def _contacts(self) -> None:
        """Rooms that reach the circulation in the order found still do; the ends of strips keep what they touch."""
        contact = self.h.contact_m.valeur
        bandes = self.r.squelette.bandes
        reels = self._reels()
        for b, ici in enumerate(self.places):
            table = bandes[b].acces_cm
            for (article, s, e), (d, f, _) in zip(ici, reels[b], strict=True):
                i, j = round(d / bandes[b].pas_m), round(f / bandes[b].pas_m)
                if article and table[j] - table[i] >= 100 * contact:
                    sans = self.m.NewBoolVar("")
                    self.m.Add(self._lire(table, s, e) >= round(100 * contact)).OnlyEnforceIf(sans.Not())
                    self._payer(sans, 1000 * self.h.poids.facade_par_m)
        for bout in self.r.contacts.bouts:
            if not self.places[bout.bande]:
                continue
            pas, c = bandes[bout.autre].pas_m, bout.autre
            dernier = self.places[bout.bande][0 if bout.au_debut else -1][0]
            for _, de, jusqu_a in self.r.contacts.parts(dernier, bout):
                for (article, s, e), (d, f, _) in zip(self.places[c], reels[c], strict=True):
                    if article and min(f, jusqu_a) - max(d, de) >= contact:
                        perdu = self.m.NewBoolVar("")
                        self.m.Add(e >= math.ceil((de + contact) / pas - 1e-6)).OnlyEnforceIf(perdu.Not())
                        self.m.Add(s <= math.floor((jusqu_a - contact) / pas + 1e-6)).OnlyEnforceIf(perdu.Not())
                        self._payer(perdu, 100 * self.h.poids.voisinage)

    def _reels(self) -> list[list[tuple[float, float, Article]]]:
        """Places of the search, for the items that the cuts hold."""
        reels = []
        for b, ici in enumerate(self.places):
            larges, _, _ = self.r.largeurs(b, self.r.rangs[b])
            par_article = dict(zip(map(tuple, self.r.rangs[b]), larges, strict=True))
            ou, places = 0.0, []
            for article, _, _ in ici:
                large = par_article.get(article, 0.0)
                places.append((ou, ou + large, article))
                ou += large
            reels.append(places)
        return reels

    def lire(self, solveur: Any) -> Placement:
        """Cuts found, and what is missing."""

        def valeur(x: Any) -> int:
            return x if isinstance(x, int) else int(solveur.Value(x))

        tolere = 100 * self.h.tolere_m2.valeur
        poses = tuple(Pose(a, b, valeur(s), valeur(e)) for a, b, s, e in self.poses)
        return Placement(
            self.r.squelette,
            poses,
            tuple(sorted(self.sans_place)),
            {r: valeur(v) / 100 for r, v in self.facades.items() if valeur(v) > 100 * self.h.trame_m.valeur},
            {
                r: valeur(v) / 100
                for r, v in self.manques.items()
                if valeur(v) > (_JEU_DM2 if self.r.besoins[r].enfants else tolere)
            },
            valeur(self.manque_enfants) / 100,
            sans_acces(self.r, poses),
            self.r.points,
        )


def sans_acces(recherche: Recherche, poses: Sequence[Pose]) -> tuple[int, ...]:
    """Rooms that neither the circulation nor a room that they may open on leads to."""
    bandes = recherche.squelette.bandes
    places: list[list[tuple[float, float, Article]]] = [[] for _ in bandes]
    for p in poses:
        places[p.bande].append((p.debut * bandes[p.bande].pas_m, p.fin * bandes[p.bande].pas_m, p.article))
    return recherche.isolees(places)
