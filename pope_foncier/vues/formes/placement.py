"""Where the words of a picture go: beside their point where they cover nothing, or in a column, pushed apart; in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from pope_foncier.socle.erreurs import abreger, sans_controle
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.vues.formes.image import Boite, Courbe, Etiquette, Image, Repere

INTERLIGNE = 1.2
_LARGES, _ETROITS = frozenset("mwMW%@—…€"), frozenset("iljIft.,:;'’!|()[] \u00a0\u202f")
_SIGNES_MAX, _LIGNES_MAX = 240, 6
Boite4 = tuple[float, float, float, float]


@lru_cache(maxsize=4096)
def mesurer(texte: str, gras: bool = False) -> float:
    """Width of a line, for letters of one point; a little more than most fonts take."""
    unites = sum(0.36 if c in _ETROITS else 0.92 if c in _LARGES else 0.7 if c.isupper() else 0.61 for c in texte)
    return unites * (1.08 if gras else 1.0)


@lru_cache(maxsize=4096)
def plier(texte: str, largeur: float, gras: bool = False) -> tuple[str, ...]:
    """Lines of a text no wider than so many letters of one point, broken at plain spaces; a longer word is cut."""
    lignes: list[str] = []
    for paragraphe in abreger(texte, _SIGNES_MAX).split("\n"):
        ligne = ""
        for mot in sans_controle(paragraphe).split(" "):
            essai = f"{ligne} {mot}" if ligne else mot
            if ligne and mesurer(essai, gras) > largeur:
                lignes.append(ligne)
                essai = mot
            while mesurer(essai, gras) > largeur and len(essai) > 3:
                coupe = max(3, int(len(essai) * largeur / mesurer(essai, gras)))
                if coupe >= len(essai):
                    break
                lignes.append(essai[:coupe])
                essai = essai[coupe:]
            ligne = essai
        lignes.append(ligne)
    return tuple(lignes[:_LIGNES_MAX])


@dataclass(frozen=True, slots=True)
class Pose:
    """Words at their place, in points from the lower left corner: their edge or their middle, at half their height."""

    lignes: tuple[str, ...]
    x: float
    y: float
    ancre: str
    """Start, middle or end, as in SVG."""
    gras: bool = False
    pale: bool = False
    fond: bool = False
    """Whether they stand on a bar, so that they need a light ground."""
    trait: tuple[float, float, float, float] | None = None
    """Line from the point to the words."""
    couleur: str = ""
    style: str = "-"


class Cadre:
    """Area where a picture is drawn, in points, the margin of words at its right being set apart."""

    def __init__(self, image: Image, largeur: float, hauteur: float, taille: float) -> None:
        self.image, self.largeur, self.hauteur, self.taille = image, largeur, hauteur, taille
        en_marge = [e for e in image.etiquettes if e.colonne is not None and e.colonne >= image.x.haut > image.x.bas]
        au_plus = 0.36 * largeur / taille
        large = max((mesurer(li, e.gras) for e in en_marge for li in plier(e.texte, au_plus, e.gras)), default=0.0)
        self.marge = large * taille + taille if en_marge else 0.0

    def x(self, valeur: float) -> float:
        """Horizontal place of a value."""
        axe = self.image.x
        return (valeur - axe.bas) / (axe.haut - axe.bas) * (self.largeur - self.marge)

    def y(self, valeur: float) -> float:
        """Vertical place of a value."""
        axe = self.image.y
        return (valeur - axe.bas) / (axe.haut - axe.bas) * self.hauteur

    def xs(self, valeurs: Tableau) -> Tableau:
        """Horizontal places of values."""
        axe = self.image.x
        return (np.asarray(valeurs, dtype=float) - axe.bas) * ((self.largeur - self.marge) / (axe.haut - axe.bas))

    def ys(self, valeurs: Tableau) -> Tableau:
        """Vertical places of values."""
        axe = self.image.y
        return (np.asarray(valeurs, dtype=float) - axe.bas) * (self.hauteur / (axe.haut - axe.bas))

    @cached_property
    def _colonnes(self) -> dict[float, list[tuple[Etiquette, tuple[str, ...]]]]:
        """Words in columns, folded to the width of each, from the lowest point up."""
        colonnes: dict[float, list[tuple[Etiquette, tuple[str, ...]]]] = {}
        for e in self.image.etiquettes:
            if e.colonne is not None:
                bout = self.largeur if e.jusqua is None else self.x(e.jusqua)
                lignes = plier(e.texte, max(bout - self.x(e.colonne) - 0.8 * self.taille, 1.0) / self.taille, e.gras)
                colonnes.setdefault(e.colonne, []).append((e, lignes))
        return {c: sorted(liste, key=lambda p: self.y(p[0].y)) for c, liste in colonnes.items()}

    def _haut(self, lignes: Sequence[str]) -> float:
        return len(lignes) * self.taille * INTERLIGNE

    @property
    def hauteur_voulue(self) -> float:
        """Height that the fullest column of words asks for."""
        return max(
            (sum(self._haut(li) + 0.25 * self.taille for _, li in c) for c in self._colonnes.values()), default=0.0
        )

    def placer(self) -> list[Pose]:
        """All words at their place: columns first, then each of the others where it covers least."""
        poses = [pose for colonne in self._colonnes.values() for pose in self._en_colonne(colonne)]
        prises = [self._boite(p) for p in poses]
        boites = [
            _ordonnee(self.x(b.x0), self.y(b.y0), self.x(b.x1), self.y(b.y1))
            for b in self.image.marques
            if isinstance(b, Boite)
        ]
        points = self._points()
        for essais in self._libres():
            pose = min(enumerate(essais), key=lambda e: self._gene(e[1], points, prises, boites) + 0.4 * e[0])[1]
            prise = self._boite(pose)
            if any(_commune(prise, b) > 0.5 for b in boites):
                pose = Pose(
                    pose.lignes, pose.x, pose.y, pose.ancre, pose.gras, pose.pale, True, pose.trait, pose.couleur
                )
            poses.append(pose)
            prises.append(prise)
        return poses

    def _en_colonne(self, colonne: list[tuple[Etiquette, tuple[str, ...]]]) -> list[Pose]:
        hauts = [self._haut(lignes) + 0.25 * self.taille for _, lignes in colonne]
        milieux = ecarter([self.y(e.y) for e, _ in colonne], hauts, 0.0, self.hauteur)
        poses = []
        for (e, lignes), y in zip(colonne, milieux, strict=True):
            depart, x = self.x(e.x), self.x(e.colonne or 0.0) + 0.7 * self.taille
            muet = abs(y - self.y(e.y)) < 0.5 * self.taille and x - depart < 2.5 * self.taille
            trait = None if muet else (depart, self.y(e.y), x - 0.2 * self.taille, y)
            poses.append(Pose(lignes, x, y, "start", e.gras, e.pale, False, trait, e.couleur, e.trait))
        return poses

    def _libres(self) -> list[list[Pose]]:
        """Places to try for each label, and for the name of each landmark."""
        essais = []
        for e in self.image.etiquettes:
            if e.colonne is None:
                essais.append([p for cote in e.cotes.split() for p in self._autour(e, cote)])
        for m in self.image.marques:
            if isinstance(m, Repere) and m.nom:
                essais.append(self._le_long(m))
        return essais

    def _autour(self, e: Etiquette, cote: str) -> list[Pose]:
        """Words on one side of a point: close to it, then further with a line."""
        lignes = plier(e.texte, 0.8 * self.largeur / self.taille, e.gras)
        demi, t = self._haut(lignes) / 2, self.taille
        ouest = "W" in cote and "C" not in cote
        x = self.x(e.autre_bout if e.autre_bout is not None and ("W" in cote) else e.x)
        y, sens = self.y(e.y), -1.0 if ouest or cote == "EC" else 1.0
        ancre = "end" if sens < 0 else "start"
        haut = 1.0 if "N" in cote else -1.0 if "S" in cote else 0.0
        if cote == "C":
            return [Pose(lignes, x, y, "middle", e.gras, e.pale)]
        if cote in ("N", "S"):
            return [Pose(lignes, x, y + haut * (demi + 0.45 * t), "middle", e.gras, e.pale)]
        pres = Pose(lignes, x + 0.5 * t * sens, y + haut * (demi + 0.2 * t), ancre, e.gras, e.pale)
        if not haut:
            return [pres]
        loin = (x + 1.4 * t * sens, y + haut * (demi + 1.8 * t))
        trait = (x, y, loin[0], loin[1] - haut * demi)
        return [pres, Pose(lignes, *loin, ancre, e.gras, e.pale, False, trait, e.couleur)]

    def _le_long(self, m: Repere) -> list[Pose]:
        """Words along a landmark: at its ends, on either side."""
        lignes = plier(m.nom, 0.4 * self.largeur / self.taille)
        demi, t = self._haut(lignes) / 2, self.taille
        if m.sens == "x":
            x = self.x(m.valeur)
            return [
                Pose(lignes, x + c * 0.4 * t, y, "start" if c > 0 else "end", couleur=m.couleur)
                for y in (self.hauteur - demi, demi + 0.3 * t, self.hauteur * 0.7, self.hauteur * 0.4)
                for c in (1, -1)
            ]
        y, droite = self.y(m.valeur), self.largeur - self.marge
        return [
            Pose(lignes, x, y + c * (demi + 0.1 * t), ancre, couleur=m.couleur)
            for c in (1, -1)
            for x, ancre in ((0.3 * t, "start"), (droite, "end"), (droite * 0.6, "start"))
        ]

    def _boite(self, p: Pose) -> Boite4:
        large = max(mesurer(li, p.gras) for li in p.lignes) * self.taille
        gauche = p.x - {"start": 0.0, "middle": large / 2, "end": large}[p.ancre]
        demi = self._haut(p.lignes) / 2
        return gauche, p.y - demi, gauche + large, p.y + demi

    def _points(self) -> Tableau:
        """Points of all curves and landmarks, close to each other."""
        morceaux = []
        for m in self.image.marques:
            if isinstance(m, Courbe) and len(m.x):
                x, y = self.xs(m.x), self.ys(m.y)
                if m.trait and len(x) > 1:
                    loin = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
                    pas = np.arange(0.0, loin[-1] + 3.0, 3.0)
                    x, y = np.interp(pas, loin, x), np.interp(pas, loin, y)
                else:
                    x, y = np.repeat(x, 4), np.repeat(y, 4)
                morceaux.append(np.stack([x, y]))
            elif isinstance(m, Repere):
                long = np.arange(0.0, self.hauteur if m.sens == "x" else self.largeur, 5.0)
                fixe = np.full(len(long), self.x(m.valeur) if m.sens == "x" else self.y(m.valeur))
                morceaux.append(np.stack([fixe, long] if m.sens == "x" else [long, fixe]))
        return np.concatenate(morceaux, axis=1) if morceaux else np.zeros((2, 0))

    def _gene(self, p: Pose, points: Tableau, prises: list[Boite4], boites: list[Boite4]) -> float:
        """How much words at a place would hide or be cut: other words first, then edges, curves, bars."""
        g, b, d, h = self._boite(p)
        dehors = max(0.0, -g) + max(0.0, d - self.largeur) + max(0.0, -b) + max(0.0, h - self.hauteur)
        dessus = int(((points[0] > g - 1) & (points[0] < d + 1) & (points[1] > b) & (points[1] < h)).sum())
        mots = sum(_commune((g - 2, b, d + 2, h), prise) for prise in prises)
        return 20 * dehors + 3 * mots + 3 * dessus + 0.05 * sum(_commune((g, b, d, h), x) for x in boites)


def _ordonnee(x0: float, y0: float, x1: float, y1: float) -> Boite4:
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _commune(a: Boite4, b: Boite4) -> float:
    """Area common to two rectangles."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def ecarter(milieux: Sequence[float], hauts: Sequence[float], bas: float, sommet: float) -> list[float]:
    """Middles of labels in order, each of its height, none over another, within two bounds, moved as little as that allows."""
    blocs: list[tuple[float, int]] = []
    avant, cumuls = 0.0, []
    for rang, (y, haut) in enumerate(zip(milieux, hauts, strict=True)):
        avant += haut / 2 + (hauts[rang - 1] / 2 if rang else 0.0)
        cumuls.append(avant)
        blocs.append((y - avant, 1))
        while len(blocs) > 1 and blocs[-2][0] > blocs[-1][0]:
            (a, n), (b, k) = blocs.pop(-2), blocs.pop()
            blocs.append(((a * n + b * k) / (n + k), n + k))
    libres = [v for v, n in blocs for _ in range(n)]
    au_plus = sommet - sum(hauts)
    return [c + max(bas, min(v, au_plus)) for v, c in zip(libres, cumuls, strict=True)]
