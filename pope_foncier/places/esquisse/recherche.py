"""Search of the order of rooms along the strips of a scheme: annealing from a seed, a fixed number of tries, same answer each time."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import cast

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.gabarits import articles_possibles, facade_due, gabarit
from pope_foncier.places.esquisse.grille import Bande, Squelette
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.places.esquisse.voisins import (
    Article,
    Contacts,
    Joint,
    Place,
    envies,
    portes_vers,
    voisins_de_bande,
)
from pope_foncier.socle.enregistrements import enregistrement

Rangs = list[list[Article]]
"""Items of each strip in order; the empty one is what stays to be used."""
RESERVE: Article = ()
_PERDU = 40.0
"""Points over the present ones, in degrees of heat, at which an order has no chance: one in 10¹⁷."""
_LUES_MAX = 20_000
"""Strips kept in memory."""


@enregistrement
class Contact:
    """What touches inside a strip, or between two: points of the neighbours, and the rooms that meet."""

    points: float
    touches: list[int] | None
    """Of each room, those that it touches, as bits; None when nothing may lead from one strip to the other."""


@enregistrement
class BandeLue:
    """Strip in one order, measured once."""

    numero: int
    points: float
    enfants: float
    """Area of the children [m²]."""
    places: tuple[Place, ...]
    milieux: tuple[tuple[int, float, float], ...]
    """Rooms and their centres [m]."""
    voisins: float
    """Points of the neighbours inside the strip."""
    a_mener: tuple[tuple[int, int], ...]
    """Rooms that neither the circulation nor a room of the strip leads to, and those, as bits, that they may open on."""


@enregistrement
class Exigence:
    """What an item asks of the place where it lies in a strip, read once."""

    base: float
    """Points that do not depend on the place."""
    jour: tuple[int, ...]
    """Table of the strip that its light is read in, from its start [cm]."""
    due: float
    """Façade due [m]."""
    souhait: float
    """Points of a façade wished and missing."""
    baies: bool
    voies: bool
    cour: bool
    entree: bool
    """Whether the windows drawn, the tracks, the yard and the entrances drawn weigh on it."""


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
        tous = range(len(besoins))
        self.table = [[self.envies.get((min(r, q), max(r, q)), 0.0) for q in tous] for r in tous]
        par_m = h.poids.distance_par_m / h.poids.voisinage
        self.paires = [(r, q, e * par_m) for (r, q), e in self.envies.items() if e > 0]
        self.lues: dict[tuple[object, ...], BandeLue] = {}
        self.joints = [(rang, j.une, j.autre, j) for rang, j in enumerate(self.contacts.joints())]
        self.contacts_lus: dict[tuple[int, int, int], Contact] = {}
        self.lectures = 0
        self.dus = sum(b.surface_m2 for b in besoins if b.enfants) + h.tolere_m2.valeur / 2
        """Area of the children, and what whole steps of the grid may lose of it [m²]."""
        self.dues = [facade_due(b, h) if b.piece.facade == "due" else 0.0 for b in besoins]
        self.exigences = [{a: self._exigence(a, bande) for a in self.gabarits[0]} for bande in squelette.bandes]
        self.ouvre = [self._ouvre(r, h.par_une_autre.get(b.fonction, ())) for r, b in enumerate(besoins)]
        self.ouvre_derriere = {
            (r, q): self._ouvre(q, portes_vers(besoins[r], besoins[q], h) or ()) for r, q in self.couples
        }
        self.gagne = sum(max(e, 0.0) for e in self.envies.values())
        """Points that neighbours give at most."""
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
            cout = self.cout(essai, points + _PERDU * chaud)
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

    def cout(self, rangs: Rangs, trop: float = math.inf) -> float:
        """Points of an order: shortages, then areas, light, neighbours, distances; infinite once they are sure to be over some."""
        total, enfants, combien = 0.0, 0.0, len(self.besoins)
        lues = self._lues(rangs, trop + self.gagne)
        if lues is None:
            return math.inf
        for lue in lues:
            total += lue.points
            enfants += lue.enfants
        total += max(self.dus - enfants, 0.0) * self.h.poids.enfants_par_m2
        if total - self.gagne > trop:
            return math.inf
        total += self._voisinage(lues)
        xs: list[float | None] = [None] * combien
        ys: list[float] = [0.0] * combien
        for lue in lues:
            for r, x, y in lue.milieux:
                xs[r], ys[r] = x, y
        for r, q, points in self.paires:
            ici, la = xs[r], xs[q]
            if ici is not None and la is not None:
                total += points * (abs(ici - la) + abs(ys[r] - ys[q]))
        return total

    def _lues(self, rangs: Rangs, plafond: float) -> list[BandeLue] | None:
        """Strips in an order, kept in memory, those that are known first; None once their points are over a ceiling."""
        if len(self.lues) > _LUES_MAX:
            self.lues.clear()
            self.contacts_lus.clear()
        lues, inconnues, total = [], [], 0.0
        for b, rang in enumerate(rangs):
            lue = self.lues.get((b, *rang))
            lues.append(lue)
            if lue is None:
                inconnues.append(b)
            else:
                total += lue.points
        for b in inconnues:
            if total > plafond or (lue := self._bande(b, rangs[b], plafond - total)) is None:
                return None
            lues[b] = self.lues[(b, *rangs[b])] = lue
            total += lue.points
        return None if total > plafond else cast("list[BandeLue]", lues)

    def _bande(self, b: int, rang: Sequence[Article], plafond: float) -> BandeLue | None:
        """Points of a strip alone: shortages, areas, light; where its rooms lie. None once they are over a ceiling: none is negative."""
        poids, cloison = self.h.poids, self.h.cloison_m.valeur
        bande, lus, exigences = self.squelette.bandes[b], self.gabarits[b], self.exigences[b]
        pas_m, debut_m, travers_m, acces, en_x = (
            bande.pas_m,
            bande.debut_m,
            bande.travers_m,
            bande.acces_cm,
            bande.axe == "x",
        )
        larges, manque, reste = self.largeurs(b, rang)
        fond, ou, enfants, i = bande.profondeur_m, 0.0, 0.0, 0
        total = manque * fond * poids.surface_par_m2 + reste * fond * poids.affecter_par_m2
        places: list[Place] = []
        milieux: list[tuple[int, float, float]] = []
        for article, large in zip(rang, larges, strict=True):
            if total > plafond:
                return None
            if large <= 0:
                if article and lus[article] is None:
                    total += poids.absente * len(article)
                continue
            fin = ou + large
            j = round(fin / pas_m)
            places.append((ou, fin, article))
            if not article:
                total += poids.enfants_par_m2 * (acces[j] - acces[i] < 100 * self.contacts.contact_m)
            elif (g := lus[article]) is not None:
                milieu = debut_m + (ou + fin) / 2
                for r in article:
                    milieux.append((r, milieu, travers_m) if en_x else (r, travers_m, milieu))
                surface = (large - cloison) * g.fond
                ecart = surface - g.surface
                total += ecart * g.surplus if ecart > 0 else -ecart * poids.ecart_par_m2
                enfants += g.enfants * surface
                total += self._piece(bande, exigences[article], i, j, fin - ou)
            ou, i = fin, j
        if total > plafond:
            return None
        self.lectures += 1
        dedans = self._contact(voisins_de_bande(places))
        a_mener = self._a_mener(bande, places, dedans.touches or ())
        return BandeLue(self.lectures, total, enfants, tuple(places), tuple(milieux), dedans.points, a_mener)

    def _exigence(self, article: Article, bande: Bande) -> Exigence:
        """What an item asks of its place, by the room that stands on the façade: the one behind, in a pair."""
        poids, besoin = self.h.poids, self.besoins[article[-1]]
        base, hall, exposee = 0.0, besoin.fonction == "hall", besoin.piece.facade != "indifferente"
        if len(article) == 2:
            devant = self.besoins[article[0]]
            base += poids.facade_par_m * (self.dues[article[0]] > 0)
            base += poids.jour_souhaite * (devant.piece.facade == "souhaitee") * (2.0 if devant.enfants else 1.0)
        return Exigence(
            base=base,
            jour=bande.dehors_cm if hall else bande.jour_cm,
            due=self.dues[article[-1]],
            souhait=poids.jour_souhaite * (2.0 if besoin.enfants else 1.0) * (besoin.piece.facade == "souhaitee"),
            baies=self.contacts.baies and exposee and not hall,
            voies=exposee and besoin.enfants,
            cour=self.contacts.cour and besoin.fonction == "eveil",
            entree=self.contacts.entree and hall,
        )

    def _piece(self, bande: Bande, exigence: Exigence, i: int, j: int, large: float) -> float:
        """Points of the light, the tracks, the yard and the entrance of an item between two steps."""
        h, poids, total = self.h, self.h.poids, exigence.base
        jour = (exigence.jour[j] - exigence.jour[i]) / 100
        if exigence.due:
            total += max(exigence.due - jour, 0.0) * poids.facade_par_m
        elif exigence.souhait and jour < h.jour_minimum_m.valeur:
            total += exigence.souhait
        if exigence.baies:
            total += poids.baie * (bande.baies_cm[j] - bande.baies_cm[i] < 100 * h.baie_min_m.valeur)
        if exigence.voies and bande.voies_cm[j] > bande.voies_cm[i]:
            total += poids.cote_voies * (bande.voies_cm[j] - bande.voies_cm[i]) / max(100 * large, 1)
        if exigence.cour:
            total += poids.cour * (bande.cour_cm[j] - bande.cour_cm[i] < 100 * h.contact_m.valeur)
        if exigence.entree:
            total += poids.facade_par_m * (bande.entree[j] == bande.entree[i])
        return total

    def _voisinage(self, lues: Sequence[BandeLue]) -> float:
        """Points of the neighbours, and of the rooms that nothing leads to."""
        total, contacts, lus = 0.0, [], self.contacts_lus
        for lue in lues:
            total += lue.voisins
        for rang, b, c, joint in self.joints:
            une, autre = lues[b], lues[c]
            cle = (rang, une.numero, autre.numero)
            contact = lus.get(cle)
            if contact is None:
                contact = lus[cle] = self._entre(joint, une.places, autre.places)
            total += contact.points
            if contact.touches is not None:
                contacts.append(contact.touches)
        seules = 0
        for lue in lues:
            for r, ouvre in lue.a_mener:
                seules += not any(touches[r] & ouvre for touches in contacts)
        return total + 2 * self.h.poids.facade_par_m * seules

    def _entre(self, joint: Joint, ici: Sequence[Place], la: Sequence[Place]) -> Contact:
        """Contact of two strips; across a corridor neighbours count for one half, and nothing leads from one to the other."""
        if joint.decalage is None:
            return self._contact(self.contacts.touches(joint, ici, la))
        points, envies = 0.0, self.table
        for une, autre in self.contacts.en_face(joint, ici, la):
            if une and autre:
                points -= 0.5 * envies[une[0]][autre[0]]
        return Contact(points, None)

    def _contact(self, voisins: Iterable[tuple[Article, Article]]) -> Contact:
        """Contact of items side by side; two rooms that meet twice count once."""
        points, touches, envies = 0.0, [0] * len(self.besoins), self.table
        for une, autre in voisins:
            for r in une:
                for q in autre:
                    if not touches[r] >> q & 1:
                        touches[r] |= 1 << q
                        touches[q] |= 1 << r
                        points -= envies[r][q]
        return Contact(points, touches)

    def _ouvre(self, r: int, par: Sequence[str]) -> int:
        """Rooms of some functions that a room may open on, as bits."""
        besoin = self.besoins[r]
        return sum(
            1 << q for q, autre in enumerate(self.besoins) if q != r and autre.fonction in par and besoin.avec(autre)
        )

    def _a_mener(self, bande: Bande, places: Sequence[Place], touches: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """Rooms of a strip that neither the circulation nor a room beside them leads to, and those that they may open on."""
        acces, contact, seules = bande.acces_cm, 100 * self.h.contact_m.valeur, []
        for debut, fin, article in places:
            if not article:
                continue
            devant = article[0]
            if acces[round(fin / bande.pas_m)] - acces[round(debut / bande.pas_m)] < contact:
                ouvre = self.ouvre[devant]
                if not touches[devant] & ouvre:
                    seules.append((devant, ouvre))
            if len(article) == 2:
                ouvre = self.ouvre_derriere[article[0], article[1]]
                if not touches[article[1]] & ouvre:
                    seules.append((article[1], ouvre))
        return tuple(seules)

    def isolees(self, places: Sequence[Sequence[Place]]) -> tuple[int, ...]:
        """Rooms that neither the circulation nor a room that they may open on leads to."""
        bandes = self.squelette.bandes
        dedans = [self._contact(voisins_de_bande(ici)).touches for ici in places]
        entre = [self._entre(j, places[j.une], places[j.autre]).touches for *_, j in self.joints]
        a_mener = [x for b, ici in enumerate(places) for x in self._a_mener(bandes[b], ici, dedans[b] or ())]
        return tuple(r for r, ouvre in a_mener if not any(touches[r] & ouvre for touches in entre if touches))
