"""Neighbours in a sketch: rooms wished side by side, strips that meet or face each other, rooms behind others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from pope_foncier.places.esquisse.besoins import Besoin
from pope_foncier.places.esquisse.grille import Bande
from pope_foncier.places.esquisse.hypotheses import Hypotheses
from pope_foncier.socle.enregistrements import enregistrement

Article = tuple[int, ...]
"""Room, or a room along the circulation then the one behind it."""
Place = tuple[float, float, Article]
"""Start, end [m from the start of the strip], rooms."""


def envies(besoins: Sequence[Besoin], h: Hypotheses) -> dict[tuple[int, int], float]:
    """Points of two rooms side by side, by their ranks; wet rooms are wished together."""
    lues: dict[tuple[int, int], float] = {}
    for (r, a), (q, b) in combinations(enumerate(besoins), 2):
        if not a.avec(b):
            continue
        points = h.voisins(a.fonction, b.fonction) * h.poids.voisinage
        if points == 0 and a.fonction != b.fonction and a.fonction in h.humides and b.fonction in h.humides:
            points = h.poids.humides
        if points:
            lues[r, q] = points
    return lues


def portes_vers(devant: Besoin, derriere: Besoin, h: Hypotheses) -> tuple[str, ...] | None:
    """Functions that a room behind another opens on; None when the pair is not admitted."""
    noms = (devant.fonction, derriere.fonction)
    return next((e.acces for e in h.enfilades if (e.devant, e.derriere) == noms), None)


def voisins_de_bande(ici: Sequence[Place]) -> Iterator[tuple[Article, Article]]:
    """Items of one strip that touch: a room and the one behind it, and each with the next along the strip."""
    for _, _, article in ici:
        if len(article) == 2:
            yield article[:1], article[1:]
    for (_, _, une), (_, _, suivante) in pairwise(ici):
        if len(une) == len(suivante) == 2:
            yield une[:1], suivante[:1]
            yield une[1:], suivante[1:]
        else:
            yield une, suivante


@enregistrement
class Bout:
    """End of a strip against the side of another."""

    bande: int
    au_debut: bool
    autre: int
    devant: bool
    """Whether it is the side of the other along the circulation."""
    de: float
    jusqu_a: float
    """Where the strip lies along the other [m from its start]."""
    bas: bool
    """Whether the circulation is on the low side of the strip."""


@enregistrement
class Joint:
    """Two strips that meet or face each other."""

    une: int
    autre: int
    bouts: tuple[Bout, ...]
    decalage: float | None
    """Shift of their starts [m] when a corridor lies between them."""


@enregistrement
class Contacts:
    """How the strips of a scheme touch, and what the scheme has."""

    contact_m: float
    surfaces: tuple[float, ...]
    """Areas wanted, which share the depth of a pair [m²]."""
    bouts: tuple[Bout, ...]
    faces: tuple[tuple[int, int, float], ...]
    """Strips across a corridor, and the shift of their starts [m]."""
    cour: bool
    entree: bool
    baies: bool

    @staticmethod
    def lire(bandes: Sequence[Bande], besoins: Sequence[Besoin], h: Hypotheses) -> Contacts:
        """Contacts of some strips."""
        bouts: list[Bout] = []
        faces = []
        for b, une in enumerate(bandes):
            for c, autre in enumerate(bandes):
                if b != c and (lu := _bout(une, autre, h)) is not None:
                    bouts.append(Bout(b, lu[0], c, lu[0] != autre.bas, lu[1], lu[2], une.bas))
                if b < c and une.axe == autre.axe and _en_face(une, autre, h):
                    faces.append((b, c, autre.debut_m - une.debut_m))
        cour, entree, baies = (
            any(t[-1] for t in ts) for ts in zip(*((x.cour_cm, x.entree, x.baies_cm) for x in bandes), strict=True)
        )
        surfaces = tuple(b.surface_m2 for b in besoins)
        return Contacts(h.contact_m.valeur, surfaces, tuple(bouts), tuple(faces), cour, entree, baies)

    def joints(self) -> list[Joint]:
        """Strips that meet or face each other, two by two."""
        paires = {(min(x.bande, x.autre), max(x.bande, x.autre)) for x in self.bouts} | {
            (b, c) for b, c, _ in self.faces
        }
        return [
            Joint(
                b,
                c,
                tuple(x for x in self.bouts if {x.bande, x.autre} == {b, c}),
                next((ecart for u, v, ecart in self.faces if (u, v) == (b, c)), None),
            )
            for b, c in sorted(paires)
        ]

    def touches(self, joint: Joint, ici: Sequence[Place], la: Sequence[Place]) -> Iterator[tuple[Article, Article]]:
        """Items of two strips that touch: the rooms at the end of one, and those of the other that they lie against."""
        if not ici or not la:
            return
        for bout in joint.bouts:
            fermee, longee = (ici, la) if bout.bande == joint.une else (la, ici)
            for morceau, de, jusqu_a in self.parts(fermee[0 if bout.au_debut else -1][2], bout):
                for debut, fin, article in longee:
                    if min(fin, jusqu_a) - max(debut, de) >= self.contact_m:
                        yield morceau, article[:1] if bout.devant else article[-1:]

    def en_face(self, joint: Joint, ici: Sequence[Place], la: Sequence[Place]) -> Iterator[tuple[Article, Article]]:
        """Items of two strips that face each other across a corridor."""
        if joint.decalage is None:
            return
        contact = self.contact_m
        en_face = [(d + joint.decalage, f + joint.decalage, autre[:1]) for d, f, autre in la]
        for debut, fin, article in ici:
            for d, f, autre in en_face:
                if d + contact > fin:
                    break
                if f - contact >= debut and min(fin, f) - max(debut, d) >= contact:
                    yield article[:1], autre

    def parts(self, article: Article, bout: Bout) -> list[tuple[Article, float, float]]:
        """Rooms at the end of a strip, and where each lies along the other strip."""
        de, jusqu_a = bout.de, bout.jusqu_a
        if len(article) < 2:
            return [(article, de, jusqu_a)]
        devant, derriere = (self.surfaces[r] for r in article)
        part = devant / (devant + derriere)
        coupe = de + (part if bout.bas else 1 - part) * (jusqu_a - de)
        basse, haute = (article[:1], article[1:]) if bout.bas else (article[1:], article[:1])
        return [(basse, de, coupe), (haute, coupe, jusqu_a)]


def _bout(bande: Bande, autre: Bande, h: Hypotheses) -> tuple[bool, float, float] | None:
    """Where a strip ends against the side of another: at its start or not, from, to [m along the other]."""
    x0, y0, x1, y1 = bande.boite
    u0, v0, u1, v1 = autre.boite
    if bande.axe == autre.axe:
        return None
    if bande.axe == "y":
        x0, y0, x1, y1, u0, v0, u1, v1 = y0, x0, y1, x1, v0, u0, v1, u1
    de, a = max(y0, v0), min(y1, v1)
    for au_debut, bord, face in ((True, x0, u1), (False, x1, u0)):
        if abs(bord - face) < 0.02 and a - de >= h.contact_m.valeur:
            return au_debut, de - autre.debut_m, a - autre.debut_m
    return None


def _en_face(une: Bande, autre: Bande, h: Hypotheses) -> bool:
    """Whether two strips face each other across one corridor."""
    i = 1 if une.axe == "x" else 0
    ecart = max(autre.boite[i] - une.boite[i + 2], une.boite[i] - autre.boite[i + 2])
    return 0 < ecart < h.couloir_max_m.valeur
