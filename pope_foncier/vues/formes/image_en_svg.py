"""A picture as SVG text, in about a millisecond, without any drawing library: the renderer of the workshops."""

from __future__ import annotations

from dataclasses import replace

from pope_foncier.vues.formes.feuilles import LARGEUR, TEXTE, TITRE
from pope_foncier.vues.formes.image import GRIS, OKABE_ITO, TIRETS, Boite, Courbe, Image, Repere
from pope_foncier.vues.formes.placement import INTERLIGNE, Cadre, Pose, mesurer, plier
from pope_foncier.vues.formes.proteger import proteger

_POINTS = 72 * LARGEUR
_MOTIFS = {
    "///": '<path d="M0 7L7 0M-1 1L1-1M6 8L8 6"/>',
    "...": '<circle cx="3.5" cy="3.5" r=".7"/>',
    "xx": '<path d="M0 7L7 0M0 0L7 7"/>',
    "\\\\\\": '<path d="M0 0L7 7M-1 6L1 8M6-1L8 1"/>',
    "++": '<path d="M3.5 0V7M0 3.5H7"/>',
    "oo": '<circle cx="3.5" cy="3.5" r="2.2" fill="none"/>',
    "--": '<path d="M0 3.5H7"/>',
}


def svg(image: Image) -> str:
    """SVG text of a picture, as wide as a page, as tall as its words ask; the same picture gives the same text."""
    if image.message:
        lignes = plier(image.message, _POINTS / TEXTE - 1.0)
        haut = len(lignes) * TEXTE * INTERLIGNE + 8
        return _feuille(haut, [_mots(Pose(lignes, 4.0, haut / 2, "start"))])
    y_lus = [(v, plier(mot, 0.3 * _POINTS / TEXTE)) for v, mot in image.y.reperes()]
    x_lus = image.x.reperes()
    gauche = max((mesurer(li) * TEXTE + 8 for _, lignes in y_lus for li in lignes), default=0.0)
    demi = [mesurer(mot) * TEXTE / 2 for _, mot in x_lus] if x_lus and not image.x.gras else [0.0]
    gauche, droite = max(gauche, demi[0] + 2), 4.0 + demi[-1]
    tete = (TITRE * 1.35 if image.titre else 0.0) + (TEXTE * 1.35 if image.y.titre else 0.0) + 5.0
    cadre = Cadre(image, _POINTS - gauche - droite, 1.0, TEXTE)
    pas = (cadre.largeur - cadre.marge) / max(len(x_lus), 1) / TEXTE - 0.8
    x_plies = [(v, plier(mot, pas if image.x.gras else 99.0, image.x.gras)) for v, mot in x_lus]
    pied = (
        max((len(li) for _, li in x_plies), default=0) * TEXTE * INTERLIGNE
        + (TEXTE * 1.4 if image.x.titre else 0.0)
        + 7.0
    )
    cadre = Cadre(image, cadre.largeur, max(_POINTS * image.proportion - tete - pied, cadre.hauteur_voulue), TEXTE)
    haut = tete + cadre.hauteur + pied
    corps = [
        f'<g transform="translate({gauche:.1f} {tete:.1f})" stroke="black">',
        *_axes(cadre, bool(y_lus), bool(x_lus)),
    ]
    motifs: dict[tuple[str, str], str] = {}
    for marque in sorted(image.marques, key=lambda m: (Boite, Repere, Courbe).index(type(m))):
        corps.append(_dessiner(marque, cadre, motifs))
    corps.append("</g>")
    bas = tete + cadre.hauteur
    corps += [_mots(Pose(li, gauche - 6, bas - cadre.y(v), "end")) for v, li in y_lus]
    corps += [
        _mots(Pose(li, gauche + cadre.x(v), bas + 5 + len(li) * TEXTE * INTERLIGNE / 2, "middle", image.x.gras))
        for v, li in x_plies
    ]
    if image.x.titre:
        lignes = plier(image.x.titre, _POINTS / TEXTE)
        corps.append(_mots(Pose(lignes, _POINTS / 2, haut - TEXTE * 0.8, "middle")))
    corps += [_mots(_sur_la_feuille(p, gauche, bas)) for p in cadre.placer()]
    if image.titre:
        corps.append(f'<g font-size="{TITRE}">{_mots(Pose((image.titre,), 0.0, TITRE * 0.7, "start", True))}</g>')
    if image.y.titre:
        corps.append(_mots(Pose((image.y.titre,), 0.0, tete - TEXTE * 0.9, "start")))
    definitions = "".join(_motif(nom, couleur, hachure) for (couleur, hachure), nom in motifs.items())
    return _feuille(haut, [f"<defs>{definitions}</defs>" if motifs else "", *corps])


def _feuille(haut: float, corps: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_POINTS:.1f}pt" height="{haut:.1f}pt" viewBox="0 0 {_POINTS:.1f} {haut:.1f}"'
        f' font-family="DejaVu Sans,Liberation Sans,Arial,sans-serif" font-size="{TEXTE}">{"".join(corps)}</svg>'
    )


def _axes(cadre: Cadre, y: bool, x: bool) -> list[str]:
    """Lines of the axes with their ticks."""
    bas, droite = cadre.hauteur, cadre.largeur - cadre.marge
    traits = [f"M0 0V{bas:.1f}"] if y else []
    traits += [f"M-3 {bas - cadre.y(v):.1f}H0" for v, _ in cadre.image.y.reperes()]
    traits += [f"M0 {bas:.1f}H{droite:.1f}"] if x else []
    if cadre.image.x.graduations is None:
        traits += [f"M{cadre.x(v):.1f} {bas:.1f}v3" for v, _ in cadre.image.x.reperes()]
    return [f'<path fill="none" stroke-width=".8" d="{"".join(traits)}"/>'] if traits else []


def _dessiner(marque: Courbe | Boite | Repere, cadre: Cadre, motifs: dict[tuple[str, str], str]) -> str:
    bas = cadre.hauteur
    if isinstance(marque, Repere):
        v = f"{cadre.x(marque.valeur):.1f}" if marque.sens == "x" else f"{bas - cadre.y(marque.valeur):.1f}"
        trace = f"M{v} 0V{bas:.1f}" if marque.sens == "x" else f"M0 {v}H{cadre.largeur - cadre.marge:.1f}"
        return f'<path fill="none" stroke="{marque.couleur}" stroke-width="1"{_tirets(marque.trait)} d="{trace}"/>'
    if isinstance(marque, Boite):
        (x0, x1), (y0, y1) = (
            sorted((cadre.x(marque.x0), cadre.x(marque.x1))),
            sorted((cadre.y(marque.y0), cadre.y(marque.y1))),
        )
        fond = "white" if marque.creuse else marque.couleur
        if marque.hachure:
            fond = f"url(#{motifs.setdefault((fond, marque.hachure), f'm{len(motifs)}')})"
        tirets = _tirets("--") if marque.creuse else ""
        return f'<rect x="{x0:.1f}" y="{bas - y1:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" fill="{fond}" stroke-width=".8"{tirets}/>'
    points = [f"{x:.1f} {bas - y:.1f}" for x, y in zip(cadre.xs(marque.x), cadre.ys(marque.y), strict=True)]
    if not points:
        return ""
    ligne = ""
    if marque.trait:
        ligne = f'<path fill="none" stroke="{marque.couleur}" stroke-width="{marque.epaisseur}"{_tirets(marque.trait)} d="M{"L".join(points)}"/>'
    if not marque.marque:
        return ligne
    signe = _SIGNES[marque.marque]
    signes = "".join(f'<path transform="translate({p})" d="{signe}"/>' for p in points)
    fond = "white" if marque.creuse else marque.couleur
    return f'{ligne}<g fill="{fond}" stroke="{marque.couleur}" stroke-width="1.6">{signes}</g>'


_SIGNES = {
    "o": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "s": "M-3.5-3.5h7v7h-7z",
    "^": "M0-4L4 3.5H-4z",
    "D": "M0-5L5 0L0 5L-5 0z",
}


def _tirets(trait: str) -> str:
    return f' stroke-dasharray="{" ".join(f"{x:g}" for x in TIRETS[trait])}"' if trait in TIRETS else ""


def _motif(nom: str, couleur: str, hachure: str) -> str:
    encre = "white" if couleur == OKABE_ITO[7] else "black"
    return (
        f'<pattern id="{nom}" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="{couleur}"/>'
        f'<g stroke="{encre}" stroke-width=".6" fill="{encre}">{_MOTIFS[hachure]}</g></pattern>'
    )


def _sur_la_feuille(pose: Pose, gauche: float, bas: float) -> Pose:
    """Same words, counted from the upper left corner of the sheet, downwards."""
    trait = pose.trait and (gauche + pose.trait[0], bas - pose.trait[1], gauche + pose.trait[2], bas - pose.trait[3])
    return replace(pose, x=gauche + pose.x, y=bas - pose.y, trait=trait)


def _mots(pose: Pose) -> str:
    """Words at their place on the sheet, each line apart."""
    x, y, pas = pose.x, pose.y, TEXTE * INTERLIGNE
    premiere = y - (len(pose.lignes) - 1) * pas / 2 + 0.35 * TEXTE
    lignes = "".join(
        f'<tspan x="{x:.1f}" y="{premiere + rang * pas:.1f}">{proteger(ligne)} </tspan>'
        for rang, ligne in enumerate(pose.lignes)
    )
    style = ' font-weight="bold"' if pose.gras else ""
    style += f' font-style="italic" fill="{GRIS}"' if pose.pale else ""
    avant = ""
    if pose.trait is not None:
        x0, y0, x1, y1 = pose.trait
        avant = (
            f'<path fill="none" stroke="{pose.couleur}"{_tirets(pose.style)} d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>'
        )
    if pose.fond:
        large = max(mesurer(ligne, pose.gras) for ligne in pose.lignes) * TEXTE
        debut = x - {"start": 0.0, "middle": large / 2, "end": large}[pose.ancre]
        avant += (
            f'<rect x="{debut - 2:.1f}" y="{y - len(pose.lignes) * pas / 2 - 1:.1f}" width="{large + 4:.1f}" '
            f'height="{len(pose.lignes) * pas + 2:.1f}" fill="white" fill-opacity=".88"/>'
        )
    return f'{avant}<text text-anchor="{pose.ancre}" paint-order="stroke" stroke="white" stroke-width="2"{style}>{lignes}</text>'
