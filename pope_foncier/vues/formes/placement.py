"""Where the words of a picture go: beside their mark where they cover nothing, or in a column, pushed apart; in points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from pope_foncier.socle.erreurs import abreger, sans_controle
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.vues.formes.image import GRIS, Bande, Boite, Courbe, Image, Marque, Mots, Repere

INTERLIGNE = 1.2
_LARGES, _ETROITS = frozenset("mwMW%@—…€"), frozenset("iljIft.,:;'’!|()[] \u00a0\u202f")
_SIGNES_MAX = 240
"""Signs of a label, beyond which a picture would grow without end."""
SANS_MOTS = Mots("")
Cadre4 = tuple[float, float, float, float]


@lru_cache(maxsize=4096)
def mesurer(texte: str, gras: bool = False) -> float:
    """Width of a line, for letters of one point; a little more than most fonts take."""
    unites = sum(0.36 if c in _ETROITS else 0.92 if c in _LARGES else 0.7 if c.isupper() else 0.61 for c in texte)
    return unites * (1.08 if gras else 1.0)


@lru_cache(maxsize=4096)
def plier(texte: str, largeur: float, gras: bool = False, signes: int = _SIGNES_MAX) -> tuple[str, ...]:
    """Lines of a text no wider than so many letters of one point, broken at plain spaces; a longer word is cut."""
    lignes: list[str] = []
    for paragraphe in abreger(texte, signes).split("\n"):
        ligne = ""
        for mot in sans_controle(paragraphe).split(" "):
            essai = f"{ligne} {mot}" if ligne else mot
            if ligne and mesurer(essai, gras) > largeur:
                lignes.append(ligne)
                essai = mot
            while len(essai) > (coupe := max(3, int(1.4 * largeur))) and mesurer(essai, gras) > largeur:
                lignes.append(essai[:coupe])
                essai = essai[coupe:]
            ligne = essai
        lignes.append(ligne)
    return tuple(lignes[: signes // 40])


@dataclass(frozen=True, slots=True)
class Pose:
    """Words at their place: the edge or the middle of their lines, at half their height, from the lower left corner."""

    lignes: tuple[str, ...]
    x: float
    y: float
    ancre: str = "start"
    """Start, middle or end, as in SVG."""
    mots: Mots = SANS_MOTS
    fond: bool = False
    """Whether they stand on a bar, so that they need a light ground."""
    fil: Cadre4 | None = None
    """Line from the mark to the words."""
    couleur: str = GRIS
    trait: str = "-"

    def cadre(self, taille: float) -> Cadre4:
        """Left, lower, right and upper ends, for letters of a size."""
        large = max(mesurer(ligne, self.mots.gras) for ligne in self.lignes) * taille
        gauche = self.x - {"start": 0.0, "middle": large / 2, "end": large}[self.ancre]
        demi = len(self.lignes) * taille * INTERLIGNE / 2
        return gauche, self.y - demi, gauche + large, self.y + demi


def eclaircir(reperes: Sequence[tuple[float, str]], largeur: float) -> Sequence[tuple[float, str]]:
    """Ticks whose words do not touch on an axis so many letters of one point wide: all of them, or one in two or less."""
    large = max((mesurer(mot) for _, mot in reperes), default=0.0) + 0.9
    return reperes[:: max(1, math.ceil(large * len(reperes) / largeur))]


class Cadre:
    """Area where a picture is drawn, in points, the margin of words at its right being set apart."""

    def __init__(self, image: Image, largeur: float, hauteur: float, taille: float) -> None:
        self.image, self.hauteur, self.taille, self.bord = image, hauteur, taille, largeur
        en_marge = [m.mots for m in image.marques if m.mots is not None and m.mots.colonne == math.inf]
        plies = [(li, m) for m in en_marge for li in plier(m.texte, 0.36 * largeur / taille, m.gras)]
        marge = max((mesurer(li, m.gras) + (2.5 if m.cle else 1.2) for li, m in plies), default=0.0) * taille
        self.largeur = largeur - marge
        self._pas = self.largeur / (image.x.haut - image.x.bas), hauteur / (image.y.haut - image.y.bas)

    def x(self, valeur: ArrayLike) -> Tableau:
        """Horizontal places of values."""
        return (np.asarray(valeur, dtype=float) - self.image.x.bas) * self._pas[0]

    def y(self, valeur: ArrayLike) -> Tableau:
        """Vertical places of values."""
        return (np.asarray(valeur, dtype=float) - self.image.y.bas) * self._pas[1]

    def bornes(self, b: Boite) -> Cadre4:
        """Ends of a box."""
        x, y = sorted(self.x([b.x0, b.x1]).tolist()), sorted(self.y([b.y0, b.y1]).tolist())
        return x[0], y[0], x[1], y[1]

    def _ancre(self, marque: Marque) -> tuple[float, float]:
        """Point that the words of a mark belong to: for a box, the middle of its right side."""
        if isinstance(marque, Courbe):
            return float(self.x(marque.x[marque.nomme_a])), float(self.y(marque.y[marque.nomme_a]))
        if isinstance(marque, Boite):
            _, bas, droite, haut = self.bornes(marque)
            return droite, (bas + haut) / 2
        assert not isinstance(marque, Bande)
        return self.largeur, float(self.y(marque.valeur))

    @cached_property
    def _colonnes(self) -> dict[float, list[tuple[Marque, Pose]]]:
        """Words in columns, folded to the width of each, from the lowest mark up, each still beside its mark."""
        colonnes: dict[float, list[tuple[Marque, Pose]]] = {}
        for marque in self.image.marques:
            if (mots := marque.mots) is None or mots.colonne is None:
                continue
            debut = self.largeur if mots.colonne == math.inf else float(self.x(mots.colonne))
            debut += (2.0 if mots.cle else 0.7) * self.taille
            fin = self.bord if mots.jusqua is None else float(self.x(mots.jusqua)) - 0.4 * self.taille
            lignes = plier(mots.texte, max(fin - debut, 1.0) / self.taille, mots.gras)
            pose = Pose(lignes, debut, self._ancre(marque)[1], "start", mots)
            colonnes.setdefault(mots.colonne, []).append((marque, pose))
        return {c: sorted(liste, key=lambda p: p[1].y) for c, liste in colonnes.items()}

    @property
    def hauteur_voulue(self) -> float:
        """Height that the fullest column of words asks for, and the names of the rows."""
        rangs = max((len(mots) for _, mots in self.noms), default=0) * len(self.noms) * INTERLIGNE * self.taille
        return max([rangs, *(sum(self._haut(p) for _, p in c) for c in self._colonnes.values())])

    @cached_property
    def noms(self) -> list[tuple[float, tuple[str, ...]]]:
        """Words of the vertical axis, folded to less than a third of the width."""
        return [(v, plier(mot, 0.3 * self.bord / self.taille, signes=600)) for v, mot in self.image.y.reperes]

    def _haut(self, pose: Pose) -> float:
        return (len(pose.lignes) * INTERLIGNE + 0.25) * self.taille

    def placer(self) -> list[Pose]:
        """All words at their place: columns first, then each of the others where it covers least."""
        poses = [pose for colonne in self._colonnes.values() for pose in self._en_colonne(colonne)]
        boites = [self.bornes(b) for b in self.image.marques if isinstance(b, Boite)]
        prises, points = [p.cadre(self.taille) for p in poses], self._points()
        for marque in self.image.marques:
            if marque.mots is None or marque.mots.colonne is not None:
                continue
            essais = [
                (self._gene(p.cadre(self.taille), points, prises, boites) + 0.4 * n, n, p)
                for n, p in enumerate(self._essais(marque, marque.mots))
            ]
            pose = min(essais)[2]
            prises.append(pose.cadre(self.taille))
            poses.append(replace(pose, fond=any(_commune(prises[-1], b) > 0.5 for b in boites)))
        return poses

    def _en_colonne(self, colonne: list[tuple[Marque, Pose]]) -> Iterator[Pose]:
        milieux = ecarter([p.y for _, p in colonne], [self._haut(p) for _, p in colonne], 0.0, self.hauteur)
        for (marque, pose), y in zip(colonne, milieux, strict=True):
            x0, y0 = self._ancre(marque)
            droit = abs(y - y0) < 0.5 * self.taille and pose.x - x0 < 2.5 * self.taille
            fil = None if droit or pose.mots.cle else (x0, y0, pose.x - 0.2 * self.taille, y)
            look = (marque.couleur, marque.trait) if isinstance(marque, Courbe | Repere) else (GRIS, "-")
            yield replace(pose, y=y, fil=fil, couleur=look[0], trait=look[1] or "-")

    def _essais(self, marque: Marque, mots: Mots) -> Iterator[Pose]:
        """Places to try for the words of a mark, the best first."""
        if isinstance(marque, Repere):
            yield from self._le_long(marque, mots)
            return
        t, (est, milieu) = self.taille, self._ancre(marque)
        ouest = self.bornes(marque)[0] if isinstance(marque, Boite) else est
        lignes = plier(mots.texte, 0.8 * self.bord / t, mots.gras)
        demi = len(lignes) * t * INTERLIGNE / 2
        for cote in mots.cotes.split():
            if cote == "C":
                yield Pose(lignes, (ouest + est) / 2, milieu, "middle", mots)
                continue
            haut = 1.0 if "N" in cote else -1.0 if "S" in cote else 0.0
            sens = 0.0 if cote in "NS" else -1.0 if cote in ("W", "NW", "SW") else 1.0
            x, ancre = ouest if "W" in cote else est, {0.0: "middle", 1.0: "start", -1.0: "end"}[sens]
            yield Pose(lignes, x + 0.7 * t * sens, milieu + haut * (demi + (0.2 if sens else 0.5) * t), ancre, mots)
            for loin in (1.8, 4.0) if haut and sens else ():
                x1, y1 = x + (0.8 + loin / 3) * t * sens, milieu + haut * loin * t
                yield Pose(lignes, x1, y1 + haut * demi, ancre, mots, fil=(x, milieu, x1, y1))

    def _le_long(self, repere: Repere, mots: Mots) -> Iterator[Pose]:
        """Words along a landmark: at its ends, on either side."""
        lignes, t = plier(mots.texte, 0.4 * self.bord / self.taille, mots.gras), self.taille
        demi = len(lignes) * t * INTERLIGNE / 2
        if repere.sens == "x":
            for y in (self.hauteur - demi, demi + 0.3 * t, 0.7 * self.hauteur, 0.4 * self.hauteur):
                for sens, ancre in ((1, "start"), (-1, "end")):
                    yield Pose(lignes, float(self.x(repere.valeur)) + sens * 0.4 * t, y, ancre, mots)
            return
        for sens in (1, -1):
            for x, ancre in ((0.3 * t, "start"), (self.largeur, "end"), (0.6 * self.largeur, "start")):
                yield Pose(lignes, x, float(self.y(repere.valeur)) + sens * (demi + 0.1 * t), ancre, mots)

    def _points(self) -> Tableau:
        """Points of all curves and landmarks, close to each other."""
        suites = [np.zeros((2, 0))]
        for m in self.image.marques:
            if isinstance(m, Repere):
                long = np.array([0.0, self.hauteur if m.sens == "x" else self.largeur])
                la = np.full(2, self.x(m.valeur) if m.sens == "x" else self.y(m.valeur))
                suites.append(_rapprocher(np.stack([la, long] if m.sens == "x" else [long, la]), 15.0))
            elif isinstance(m, Courbe) and len(m.x):
                xy = np.stack([self.x(m.x), self.y(m.y)])
                suites.append(_rapprocher(xy, 3.0) if m.trait else np.repeat(xy, 4, axis=1))
        return np.concatenate(suites, axis=1)

    def _gene(self, c: Cadre4, points: Tableau, prises: list[Cadre4], boites: list[Cadre4]) -> float:
        """How much words at a place would hide or be cut: edges and other words first, then curves, then bars."""
        g, b, d, h = c
        dehors = max(0.0, -g) + max(0.0, d - self.bord) + max(0.0, -b) + max(0.0, h - self.hauteur)
        dessus = np.count_nonzero((points[0] > g - 1) & (points[0] < d + 1) & (points[1] > b) & (points[1] < h))
        mots = sum(_commune((g - 2, b, d + 2, h), prise) for prise in prises)
        return 20 * dehors + 0.5 * mots + 3 * int(dessus) + 0.05 * sum(_commune(c, x) for x in boites)


def _rapprocher(xy: Tableau, pas: float) -> Tableau:
    """Points along a line, one every so many points of length."""
    loin = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy)))])
    ou = np.arange(0.0, loin[-1] + pas, pas)
    return np.stack([np.interp(ou, loin, xy[0]), np.interp(ou, loin, xy[1])])


def _commune(a: Cadre4, b: Cadre4) -> float:
    """Area common to two rectangles."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def ecarter(milieux: Sequence[float], hauts: Sequence[float], bas: float, sommet: float) -> list[float]:
    """Middles of labels in order, each of its height, none over another, within two bounds, moved as little as that allows."""
    blocs: list[tuple[float, int]] = []
    cumuls = [float(c) for c in np.cumsum(hauts) - np.asarray(hauts) / 2]
    for y, cumul in zip(milieux, cumuls, strict=True):
        blocs.append((y - cumul, 1))
        while len(blocs) > 1 and blocs[-2][0] > blocs[-1][0]:
            (a, n), (b, k) = blocs.pop(-2), blocs.pop()
            blocs.append(((a * n + b * k) / (n + k), n + k))
    libres = [v for v, n in blocs for _ in range(n)]
    return [c + max(bas, min(v, sommet - sum(hauts))) for v, c in zip(libres, cumuls, strict=True)]
