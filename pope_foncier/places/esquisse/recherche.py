"""Search of the order of rooms along the strips of a scheme: annealing from a seed, a fixed number of tries, same answer each time."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Bande, Squelette
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.voisins import Article, Contacts, Place, envies, portes_vers
from pope_foncier.socle.enregistrements import enregistrement

Rangs = list[list[Article]]
"""Items of each strip in order; the empty one is what stays to be used."""
RESERVE: Article = ()
_LUES_MAX = 20_000
"""Strips kept in memory."""


@enregistrement
class Gabarit:
    """Item in a strip: its widths, partition included [m], and what its area is measured against."""

    mini: float
    voulu: float
    maxi: float
    fond: float
    """Depth, partition between the two rooms of a pair out [m]."""
    surface: float
    """Area wanted [m²]."""
    enfants: float
    """Part of it that counts for children, passages apart."""
    surplus: float
    """Points of a square metre in excess."""


def gabarit(article: Article, bande: Bande, besoins: Sequence[Besoin], h: Hypotheses) -> Gabarit | None:
    """Item in a strip; None when its depth does not suit."""
    pieces = [besoins[r] for r in article]
    cloison = h.cloison_m.valeur
    total, fond = sum(b.surface_m2 for b in pieces), bande.profondeur_m - cloison * (len(pieces) - 1)
    mini, maxi = 0.0, math.inf
    for b in pieces:
        travers = fond * b.surface_m2 / total
        if travers < b.piece.largeur_m - 1e-6:
            return None
        serre = total / fond * (1 - b.piece.en_moins) + (h.trame_m.valeur / 3 if b.enfants else 0.0)
        mini = max(mini, b.piece.largeur_m, travers / b.piece.allongement, serre)
        maxi = min(maxi, travers * b.piece.allongement)
    if mini > maxi + h.trame_m.valeur / 2:
        return None
    maxi = max(mini, maxi)
    voulu = min(max(total / fond, mini), maxi)
    plus = min(maxi, max(voulu, total / fond * (1 + min(b.piece.en_plus for b in pieces))))
    enfants = sum(b.surface_m2 for b in pieces if b.enfants) / total
    surplus = h.poids.surplus_par_m2 * (0.5 if pieces[0].enfants else 1.0)
    return Gabarit(mini + cloison, voulu + cloison, plus + cloison, fond, total, enfants, surplus)


@enregistrement
class BandeLue:
    """Strip in one order, measured once."""

    points: float
    enfants: float
    """Area of the children [m²]."""
    places: tuple[Place, ...]
    milieux: tuple[tuple[int, tuple[float, float]], ...]


def articles_possibles(besoins: Sequence[Besoin], h: Hypotheses) -> list[Article]:
    """Pairs of which one room may stand behind the other."""
    return [
        (r, q)
        for r, devant in enumerate(besoins)
        for q, derriere in enumerate(besoins)
        if r != q and devant.avec(derriere) and portes_vers(devant, derriere, h) is not None
    ]


class Recherche:
    """Annealing on one scheme."""

    def __init__(self, squelette: Squelette, besoins: Sequence[Besoin], h: Hypotheses, graine: int) -> None:
        self.squelette, self.besoins, self.h = squelette, besoins, h
        self.alea = random.Random(graine)
        self.couples = articles_possibles(besoins, h)
        self.gabarits = [
            {a: gabarit(a, bande, besoins, h) for a in [*((r,) for r in range(len(besoins))), *self.couples]}
            for bande in squelette.bandes
        ]
        self.contacts = Contacts.lire(squelette.bandes, besoins, h)
        self.envies = envies(besoins, h)
        par_m = h.poids.distance_par_m / h.poids.voisinage
        self.paires = [(r, q, e * par_m) for (r, q), e in self.envies.items() if e > 0]
        self.lues: dict[tuple[object, ...], BandeLue] = {}
        self.liens: dict[tuple[Article, Article], list[tuple[int, int]]] = {}
        self.dus = sum(b.surface_m2 for b in besoins if b.enfants) + h.tolere_m2.valeur / 2
        """Area of the children, and what whole steps of the grid may lose of it [m²]."""
        self.dues = [facade_due(b, h) if b.piece.facade == "due" else 0.0 for b in besoins]
        self.rangs: Rangs = self._depart()
        self.points = self.cout(self.rangs)

    def ameliorer(self, essais: int) -> float:
        """Go on for a number of tries; the best order met is kept."""
        courant, points = self.rangs, self.points
        depart, fin = 60.0, 0.6
        for k in range(essais):
            chaud = depart * (fin / depart) ** (k / essais)
            essai = self._bouger(courant)
            if essai is None:
                continue
            cout = self.cout(essai)
            if cout <= points or self.alea.random() < math.exp((points - cout) / chaud):
                courant, points = essai, cout
                if cout < self.points:
                    self.rangs, self.points = essai, cout
        return self.points

    def _depart(self) -> Rangs:
        """Largest rooms first, each where it fits and where most length is left."""
        libres = [b.pas * b.pas_m for b in self.squelette.bandes]
        rangs: Rangs = [[] for _ in libres]
        for r in sorted(range(len(self.besoins)), key=lambda r: (-self.besoins[r].surface_m2, r)):
            ou = [b for b in range(len(libres)) if self.gabarits[b][(r,)] is not None] or list(range(len(libres)))
            b = max(ou, key=lambda b: (libres[b], -b))
            lu = self.gabarits[b][(r,)]
            libres[b] -= lu.voulu if lu else 0.0
            rangs[b].append((r,))
        for rang in rangs:
            rang.append(RESERVE)
        return rangs

    def _bouger(self, rangs: Rangs) -> Rangs | None:
        """Neighbouring order: exchange, move, turn a stretch round, put a room behind another, or part them."""
        alea = self.alea
        neufs = [list(x) for x in rangs]
        choix = alea.random()
        b = alea.randrange(len(neufs))
        if not neufs[b]:
            return None
        i = alea.randrange(len(neufs[b]))
        if choix < 0.40:
            c = alea.randrange(len(neufs))
            if not neufs[c]:
                return None
            j = alea.randrange(len(neufs[c]))
            if (b, i) == (c, j) or (b != c and RESERVE in (neufs[b][i], neufs[c][j])):
                return None
            neufs[b][i], neufs[c][j] = neufs[c][j], neufs[b][i]
        elif choix < 0.70:
            article = neufs[b].pop(i)
            c = b if article == RESERVE else alea.randrange(len(neufs))
            neufs[c].insert(alea.randrange(len(neufs[c]) + 1), article)
        elif choix < 0.80:
            j = alea.randrange(len(neufs[b]))
            i, j = min(i, j), max(i, j)
            neufs[b][i : j + 1] = neufs[b][i : j + 1][::-1]
        elif choix < 0.92 and self.couples:
            couple = alea.choice(self.couples)
            if self.gabarits[b][couple] is None:
                return None
            for rang in neufs:
                rang[:] = [
                    y
                    for x in rang
                    for y in ((x,) if not set(x) & set(couple) else tuple((r,) for r in x if r not in couple))
                ]
            neufs[b].insert(min(i, len(neufs[b])), couple)
        else:
            if len(neufs[b][i]) < 2:
                return None
            devant, derriere = neufs[b][i]
            neufs[b][i] = (devant,)
            c = alea.randrange(len(neufs))
            neufs[c].insert(alea.randrange(len(neufs[c]) + 1), (derriere,))
        return neufs

    def largeurs(self, b: int, rang: Sequence[Article]) -> tuple[list[float], float, float]:
        """Widths of the items of a strip, which fill it; metres missing, and metres in excess once all are at their largest."""
        lus = self.gabarits[b]
        bande = self.squelette.bandes[b]
        longueur = bande.pas * bande.pas_m
        gabarits = [lus[a] if a else None for a in rang]
        voulu = sum(g.voulu for g in gabarits if g)
        ecart = longueur - voulu
        if ecart < 0:
            marge = sum(g.voulu - g.mini for g in gabarits if g)
            if marge >= -ecart:
                part = -ecart / marge
                return [g.voulu - part * (g.voulu - g.mini) if g else 0.0 for g in gabarits], 0.0, 0.0
            mini = voulu - marge
            return [g.mini * longueur / mini if g else 0.0 for g in gabarits], mini - longueur, 0.0
        marge = sum(g.maxi - g.voulu for g in gabarits if g)
        if marge >= ecart and marge > 0:
            part = ecart / marge
            return [g.voulu + part * (g.maxi - g.voulu) if g else 0.0 for g in gabarits], 0.0, 0.0
        reste = ecart - marge
        if reste * bande.profondeur_m < self.h.reserve_m2.valeur and voulu > 0:
            part = reste / (voulu + marge)
            return [g.maxi * (1 + part) if g else 0.0 for g in gabarits], 0.0, reste
        return [g.maxi if g else (reste if not a else 0.0) for a, g in zip(rang, gabarits, strict=True)], 0.0, reste

    def cout(self, rangs: Rangs) -> float:
        """Points of an order: shortages, then areas, light, neighbours, distances."""
        total, enfants = 0.0, 0.0
        places: list[tuple[Place, ...]] = []
        milieux: dict[int, tuple[float, float]] = {}
        for b, rang in enumerate(rangs):
            cle = (b, *rang)
            lue = self.lues.get(cle)
            if lue is None:
                if len(self.lues) > _LUES_MAX:
                    self.lues.clear()
                lue = self.lues[cle] = self._bande(b, rang)
            total += lue.points
            enfants += lue.enfants
            places.append(lue.places)
            milieux.update(lue.milieux)
        total += max(self.dus - enfants, 0.0) * self.h.poids.enfants_par_m2
        total += self._voisinage(places)
        for r, q, points in self.paires:
            if r in milieux and q in milieux:
                m, n = milieux[r], milieux[q]
                total += points * (abs(m[0] - n[0]) + abs(m[1] - n[1]))
        return total

    def _bande(self, b: int, rang: Sequence[Article]) -> BandeLue:
        """Points of a strip alone: shortages, areas, light; where its rooms lie."""
        poids, cloison = self.h.poids, self.h.cloison_m.valeur
        bande, lus = self.squelette.bandes[b], self.gabarits[b]
        larges, manque, reste = self.largeurs(b, rang)
        fond, ou, enfants = bande.profondeur_m, 0.0, 0.0
        total = manque * fond * poids.surface_par_m2 + reste * fond * poids.affecter_par_m2
        places: list[Place] = []
        milieux: list[tuple[int, tuple[float, float]]] = []
        for article, large in zip(rang, larges, strict=True):
            if large <= 0:
                if article and lus[article] is None:
                    total += poids.absente * len(article)
                continue
            fin = ou + large
            places.append((ou, fin, article))
            if not article:
                i, j = round(ou / bande.pas_m), round(fin / bande.pas_m)
                total += poids.enfants_par_m2 * (bande.acces_cm[j] - bande.acces_cm[i] < 100 * self.contacts.contact_m)
            elif (g := lus[article]) is not None:
                milieu = bande.debut_m + (ou + fin) / 2
                centre = (milieu, bande.travers_m) if bande.axe == "x" else (bande.travers_m, milieu)
                milieux += [(r, centre) for r in article]
                surface = (large - cloison) * g.fond
                ecart = surface - g.surface
                total += ecart * g.surplus if ecart > 0 else -ecart * poids.ecart_par_m2
                enfants += g.enfants * surface
                total += self._piece(b, article, ou, fin)
            ou = fin
        return BandeLue(total, enfants, tuple(places), tuple(milieux))

    def _piece(self, b: int, article: Article, debut: float, fin: float) -> float:
        """Points of the light, the tracks, the yard and the entrance of an item."""
        bande, h, poids, total = self.squelette.bandes[b], self.h, self.h.poids, 0.0
        i, j = round(debut / bande.pas_m), round(fin / bande.pas_m)
        besoin, due = self.besoins[article[-1]], self.dues[article[-1]]
        table = bande.dehors_cm if besoin.fonction == "hall" else bande.jour_cm
        jour = (table[j] - table[i]) / 100
        if len(article) == 2:
            devant = self.besoins[article[0]]
            total += poids.facade_par_m * (self.dues[article[0]] > 0)
            total += poids.jour_souhaite * (devant.piece.facade == "souhaitee") * (2.0 if devant.enfants else 1.0)
        if due:
            total += max(due - jour, 0.0) * poids.facade_par_m
        elif besoin.piece.facade == "souhaitee" and jour < h.jour_minimum_m.valeur:
            total += poids.jour_souhaite * (2.0 if besoin.enfants else 1.0)
        if self.contacts.baies and besoin.piece.facade != "indifferente" and besoin.fonction != "hall":
            total += poids.baie * (bande.baies_cm[j] - bande.baies_cm[i] < 100 * h.baie_min_m.valeur)
        if bande.voies_cm[j] > bande.voies_cm[i] and besoin.piece.facade != "indifferente" and besoin.enfants:
            total += poids.cote_voies * (bande.voies_cm[j] - bande.voies_cm[i]) / max(100 * (fin - debut), 1)
        if self.contacts.cour and besoin.fonction == "eveil":
            total += poids.cour * (bande.cour_cm[j] - bande.cour_cm[i] < 100 * h.contact_m.valeur)
        if self.contacts.entree and besoin.fonction == "hall":
            total += poids.facade_par_m * (bande.entree[j] == bande.entree[i])
        return total

    def _voisinage(self, places: Sequence[Sequence[Place]]) -> float:
        """Points of the neighbours, and of the rooms that nothing leads to."""
        vus: dict[tuple[int, int], float] = {}
        touches: list[tuple[Article, Article]] = []
        total, liens = 0.0, self.liens
        for a, c, part in self.contacts.voisins(places):
            if part == 1.0:
                touches.append((a, c))
            if (a, c) not in liens:
                liens[a, c] = [k for k in ((min(r, q), max(r, q)) for r in a for q in c) if k in self.envies]
            for cle in liens[a, c]:
                if part > vus.get(cle, 0.0):
                    vus[cle] = part
        for cle, part in vus.items():
            total -= part * self.envies[cle]
        return total + 2 * self.h.poids.facade_par_m * len(self.isolees(places, touches))

    def isolees(
        self, places: Sequence[Sequence[Place]], touches: Sequence[tuple[Article, Article]] | None = None
    ) -> tuple[int, ...]:
        """Rooms that neither the circulation nor a room that they may open on leads to."""
        h, contact, seules = self.h, 100 * self.h.contact_m.valeur, []
        if touches is None:
            touches = [(a, c) for a, c, part in self.contacts.voisins(places) if part == 1.0]
        for b, ici in enumerate(places):
            bande = self.squelette.bandes[b]
            for debut, fin, article in ici:
                i, j = round(debut / bande.pas_m), round(fin / bande.pas_m)
                if not article:
                    continue
                devant = self.besoins[article[0]]
                direct = bande.acces_cm[j] - bande.acces_cm[i] >= contact
                if not direct and not self._mene(article[0], h.par_une_autre.get(devant.fonction, ()), touches):
                    seules.append(article[0])
                if len(article) == 2:
                    par = portes_vers(devant, self.besoins[article[1]], h) or ()
                    if not self._mene(article[1], par, touches):
                        seules.append(article[1])
        return tuple(seules)

    def _mene(self, r: int, par: Sequence[str], touches: Sequence[tuple[Article, Article]]) -> bool:
        """Whether a room touches one that it may open on."""
        besoin = self.besoins[r]
        for a, c in touches:
            autres = c if r in a else a if r in c else ()
            for q in autres:
                if q != r and self.besoins[q].fonction in par and besoin.avec(self.besoins[q]):
                    return True
        return False


def facade_due(besoin: Besoin, h: Hypotheses) -> float:
    """Façade that a room asks for, by the depth that light reaches [m]."""
    if besoin.fonction == "hall":
        return h.jour_minimum_m.valeur
    return max(h.jour_minimum_m.valeur, besoin.surface_m2 / h.jour_profondeur_m.valeur)
