"""A picture as SVG text, in about a millisecond, without any drawing library: the renderer of the workshops."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.vues.formes.feuilles import LARGEUR, TEXTE, TITRE
from pope_foncier.vues.formes.image import GRIS, OKABE_ITO, TIRETS, Bande, Boite, Courbe, Image, Marque, Mots, Repere
from pope_foncier.vues.formes.placement import INTERLIGNE, Cadre, Pose, eclaircir, mesurer, plier
from pope_foncier.vues.formes.proteger import proteger

_POINTS = 72 * LARGEUR
_LIGNE = TEXTE * INTERLIGNE
_MOTIFS = {
    "///": '<path d="M0 7L7 0M-1 1L1-1M6 8L8 6"/>',
    "...": '<circle cx="3.5" cy="3.5" r=".7"/>',
    "xx": '<path d="M0 7L7 0M0 0L7 7"/>',
    "\\\\\\": '<path d="M0 0L7 7M-1 6L1 8M6-1L8 1"/>',
    "++": '<path d="M3.5 0V7M0 3.5H7"/>',
    "oo": '<circle cx="3.5" cy="3.5" r="2.2" fill="none"/>',
    "--": '<path d="M0 3.5H7"/>',
}
_SIGNES = {
    "o": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "s": "M-3.5-3.5h7v7h-7z",
    "^": "M0-4L4 3.5H-4z",
    "D": "M0-5L5 0L0 5L-5 0z",
}
_GRAS = Mots("", gras=True)


def svg(image: Image) -> str:
    """SVG text of a picture, as wide as a page, as tall as its words ask; the same picture gives the same text."""
    if image.message:
        lignes = plier(image.message, _POINTS / TEXTE - 1.0, signes=1200)
        return _Feuille(len(lignes) * _LIGNE + 8).ecrire(Pose(lignes, 4.0, len(lignes) * _LIGNE / 2 + 4)).texte()
    y_lus = Cadre(image, _POINTS, 1.0, TEXTE).noms
    x_lus = image.x.reperes if image.x.gras else eclaircir(image.x.reperes, 0.75 * _POINTS / TEXTE)
    demis = [0.0 if image.x.gras else mesurer(mot) * TEXTE / 2 for _, mot in x_lus] or [0.0]
    gauche = max([demis[0] + 2, *(mesurer(ligne) * TEXTE + 8 for _, lignes in y_lus for ligne in lignes)])
    titre = plier(image.titre, _POINTS / TITRE, True)[:2]
    tete = TITRE * INTERLIGNE * len(titre) + (TEXTE * 1.5 if image.y.titre else 0.0) + 6.0
    cadre = Cadre(image, _POINTS - gauche - 4.0 - demis[-1], 1.0, TEXTE)
    large = cadre.largeur / max(len(x_lus), 1) / TEXTE - 0.8 if image.x.gras else 99.0
    x_plies = [(v, plier(mot, large, image.x.gras)) for v, mot in x_lus]
    pied = max((len(li) for _, li in x_plies), default=0) * _LIGNE + (TEXTE * 1.4 if image.x.titre else 0.0) + 7.0
    cadre = Cadre(image, cadre.bord, max(_POINTS * image.proportion - tete - pied, cadre.hauteur_voulue), TEXTE)
    bas = tete + cadre.hauteur
    page = _Feuille(bas + pied, gauche, bas)
    page.ecrire(Pose(titre, 0.0, TITRE * INTERLIGNE * len(titre) / 2, mots=_GRAS), TITRE).ecrire(
        Pose(plier(image.y.titre, _POINTS / TEXTE)[:1], 0.0, tete - TEXTE * 0.9)
    )
    for v, li in y_lus:
        page.ecrire(Pose(li, gauche - 6, bas - float(cadre.y(v)), "end"))
    for v, li in x_plies:
        page.ecrire(
            Pose(li, gauche + float(cadre.x(v)), bas + 5 + len(li) * _LIGNE / 2, "middle", Mots("", gras=image.x.gras))
        )
    page.ecrire(Pose(plier(image.x.titre, _POINTS / TEXTE), _POINTS / 2, bas + pied - TEXTE * 0.8, "middle"))
    page.axes(cadre, bool(y_lus), bool(x_lus))
    for marque in sorted(image.marques, key=lambda m: (Bande, Boite, Repere, Courbe).index(type(m))):
        page.dessiner(marque, cadre)
    for pose in cadre.placer():
        fil = pose.fil and (gauche + pose.fil[0], bas - pose.fil[1], gauche + pose.fil[2], bas - pose.fil[3])
        page.ecrire(replace(pose, x=gauche + pose.x, y=bas - pose.y, fil=fil))
    return page.texte()


class _Feuille:
    """Sheet of SVG, counted from its upper left corner, downwards; the picture has its lower left corner on it."""

    def __init__(self, haut: float, gauche: float = 0.0, bas: float = 0.0) -> None:
        self.haut, self.gauche, self.bas = haut, gauche, bas
        self.corps: list[str] = []
        self.motifs: dict[tuple[str, str], str] = {}

    def texte(self) -> str:
        """The whole sheet."""
        motifs = "".join(_motif(nom, *teinte) for teinte, nom in self.motifs.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_POINTS:.1f}pt" height="{self.haut:.1f}pt" '
            f'viewBox="0 0 {_POINTS:.1f} {self.haut:.1f}" font-family="DejaVu Sans,Liberation Sans,Arial,sans-serif" '
            f'font-size="{TEXTE}">{f"<defs>{motifs}</defs>" if motifs else ""}{"".join(self.corps)}</svg>'
        )

    def ligne(self, chemin: str, couleur: str = "black", epaisseur: float = 0.8, trait: str = "-") -> None:
        """Line along a path."""
        tirets = f' stroke-dasharray="{" ".join(map(str, TIRETS[trait]))}"' if trait in TIRETS else ""
        self.corps.append(f'<path fill="none" stroke="{couleur}" stroke-width="{epaisseur}"{tirets} d="{chemin}"/>')

    def rectangle(
        self, x: float, y: float, large: float, haut: float, teinte: tuple[str, str], creuse: bool = False
    ) -> None:
        """Rectangle from its upper left corner, hatched if its look says so."""
        fond = "white" if creuse else self._fond(teinte)
        tirets = ' stroke-dasharray="6 3"' if creuse else ""
        self.corps.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{large:.1f}" height="{haut:.1f}" fill="{fond}" stroke="black" stroke-width=".8"{tirets}/>'
        )

    def _fond(self, teinte: tuple[str, str]) -> str:
        """Paint of a look: its colour, or its pattern."""
        return f"url(#{self.motifs.setdefault(teinte, f'm{len(self.motifs)}')})" if teinte[1] else teinte[0]

    def axes(self, cadre: Cadre, y: bool, x: bool) -> None:
        """Lines of the axes with their ticks."""
        traits = [f"M{self.gauche:.1f} {self.bas:.1f}v{-cadre.hauteur:.1f}"] if y else []
        traits += [f"M{self.gauche - 3:.1f} {self.bas - float(cadre.y(v)):.1f}h3" for v, _ in cadre.image.y.reperes]
        traits += [f"M{self.gauche:.1f} {self.bas:.1f}h{cadre.largeur:.1f}"] if x else []
        self.ligne("".join(traits))

    def dessiner(self, marque: Marque, cadre: Cadre) -> None:
        """Mark of a picture."""
        if isinstance(marque, Boite):
            x0, y0, x1, y1 = cadre.bornes(marque)
            self.rectangle(self.gauche + x0, self.bas - y1, x1 - x0, y1 - y0, marque.teinte, marque.creuse)
        elif isinstance(marque, Bande):
            bords = [(cadre.x(marque.x), cadre.y(marque.haut)), (cadre.x(marque.x[::-1]), cadre.y(marque.bas[::-1]))]
            points = [
                f"{self.gauche + x:.1f} {self.bas - y:.1f}" for xs, ys in bords for x, y in zip(xs, ys, strict=True)
            ]
            self.corps.append(f'<path fill="{self._fond(marque.teinte)}" d="M{"L".join(points)}z"/>')
        elif isinstance(marque, Repere):
            vertical = f"M{self.gauche + float(cadre.x(marque.valeur)):.1f} {self.bas:.1f}v{-cadre.hauteur:.1f}"
            plat = f"M{self.gauche:.1f} {self.bas - float(cadre.y(marque.valeur)):.1f}h{cadre.largeur:.1f}"
            self.ligne(vertical if marque.sens == "x" else plat, marque.couleur, 1.0, marque.trait)
        else:
            xy = zip(self.gauche + cadre.x(marque.x), self.bas - cadre.y(marque.y), strict=True)
            points = [f"{x:.1f} {y:.1f}" for x, y in xy]
            if marque.trait and points:
                self.ligne(f"M{'L'.join(points)}", marque.couleur, marque.epaisseur, marque.trait)
            fond = "white" if marque.creuse else marque.couleur
            for p in points if marque.marque else ():
                signe = f'<path transform="translate({p})" d="{_SIGNES[marque.marque]}" fill="{fond}" stroke="{marque.couleur}"'
                self.corps.append(f'{signe} stroke-width="1.6"/>')

    def ecrire(self, pose: Pose, taille: float = TEXTE) -> _Feuille:
        """Words at their place, each line apart, with their line, their key and their ground."""
        if not any(pose.lignes):
            return self
        gauche, haut, droite, bas = pose.cadre(taille)
        if pose.fil is not None:
            self.ligne("M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*pose.fil), pose.couleur, 1.0, pose.trait)
        if pose.mots.cle is not None:
            self.rectangle(gauche - 1.3 * taille, pose.y - 0.4 * taille, 0.9 * taille, 0.8 * taille, pose.mots.cle)
        if pose.fond:
            corps = f'<rect x="{gauche - 2:.1f}" y="{haut - 1:.1f}" width="{droite - gauche + 4:.1f}" height="{bas - haut + 2:.1f}"'
            self.corps.append(f'{corps} fill="white" fill-opacity=".88"/>')
        premiere = haut + 0.95 * taille
        lignes = "".join(
            f'<tspan x="{pose.x:.1f}" y="{premiere + rang * taille * INTERLIGNE:.1f}">{proteger(ligne)} </tspan>'
            for rang, ligne in enumerate(pose.lignes)
        )
        style = f' font-size="{taille}"' if taille != TEXTE else ""
        style += ' font-weight="bold"' if pose.mots.gras else ""
        style += f' font-style="italic" fill="{GRIS}"' if pose.mots.pale else ""
        self.corps.append(
            f'<text text-anchor="{pose.ancre}" paint-order="stroke" stroke="white" stroke-width="2"{style}>{lignes}</text>'
        )
        return self


def _motif(nom: str, couleur: str, hachure: str) -> str:
    encre = "white" if couleur == OKABE_ITO[7] else "black"
    return (
        f'<pattern id="{nom}" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="{couleur}"/>'
        f'<g stroke="{encre}" stroke-width=".6" fill="{encre}">{_MOTIFS[hachure]}</g></pattern>'
    )
