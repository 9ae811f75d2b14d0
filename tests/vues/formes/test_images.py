"""Pictures: same words in both media, none over another nor cut, bars and curves where the values are, widths of real letters."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from PIL import ImageFont

from pope_foncier.decision.doute.lecture import douter
from pope_foncier.decision.doute.reglages import reglages
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.vues.decision import graphiques as graphiques_decision
from pope_foncier.vues.decision.doute import graphiques as graphiques_doute
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes.cellules import image_de
from pope_foncier.vues.formes.feuilles import TEXTE
from pope_foncier.vues.formes.figures import figure as nouvelle_figure
from pope_foncier.vues.formes.image import MARGE, OKABE_ITO, Axe, Boite, Courbe, Image, Mots, Repere, Teintes
from pope_foncier.vues.formes.image_en_axes import en_figure, mesures
from pope_foncier.vues.formes.image_en_svg import svg
from pope_foncier.vues.formes.placement import ecarter, mesurer, plier
from pope_foncier.vues.places import graphiques as graphiques_places
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.travaux import graphiques as graphiques_travaux
from tests.conftest import COQUE, DONNEES, GARE

POLICE = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans{{}}.ttf"
ETUDES = [GARE, COQUE, DONNEES / "etudes" / "creche_emile_zola.yaml", DONNEES / "etudes" / "modes_d_accueil.yaml"]


@pytest.fixture(scope="module", params=ETUDES, ids=lambda e: e.stem)
def images(request, moteur):
    """Every picture that a workshop shows of a study, and those of its notebook."""
    return [*_images(request.param, moteur)]


def _images(etude, moteur):
    resultat = Resultat.calculer(ouvrir(etude), moteur)
    vue, vues = resultat.vue(), {v.titre: v for v in resultat.vues()[:3]}
    yield graphiques.plan(vue)
    yield graphiques.ressources(vues, graphiques.teintes_de(vue))
    yield graphiques.tresorerie(vue)
    yield graphiques.exploitation(vue)
    yield graphiques.couverture(vue.bouclee)
    yield graphiques_decision.commune(vue)
    yield graphiques_travaux.calendrier(graphiques_travaux.etapes(vue), vue.ev.ctx.echelle, "Calendrier", "étude")
    capacite = locaux_du_scenario.lieu_de(vue).capacite
    if capacite.regles.referentiel:
        yield graphiques_places.places(capacite, "étude", vue.valeur(vue.ev.capacite.places))
    dossier = resultat.dossier
    lu = douter(dossier, moteur, replace(reglages(dossier.etude, moteur), tirages=60, methode="hypercube"))
    yield graphiques_doute.eventail(lu, "étude")
    yield from (graphiques_doute.histogramme(lu, nom, "étude") for nom in graphiques_doute.dessines(lu))
    if lu.a_une_dette:
        yield graphiques_doute.couverture(lu, "étude")


def lignes_du_svg(dessin):
    """Lines of an SVG text with the rectangle that each takes in DejaVu Sans, measured by another library."""
    for texte in ElementTree.fromstring(dessin).iter("{http://www.w3.org/2000/svg}text"):
        taille, gras = float(texte.get("font-size", TEXTE)), texte.get("font-weight") == "bold"
        police = ImageFont.truetype(POLICE.format("-Bold" if gras else ""), 100)
        for ligne in texte:
            mots = ligne.text.rstrip(" ")
            large, x, y = police.getlength(mots) * taille / 100, float(ligne.get("x")), float(ligne.get("y"))
            gauche = x - {"start": 0.0, "middle": large / 2, "end": large}[texte.get("text-anchor")]
            yield mots, (gauche, y - 0.72 * taille, gauche + large, y + 0.1 * taille)


def chevauchements(lignes):
    return [
        (a, b)
        for (a, (g, h, d, s)), (b, (g2, h2, d2, s2)) in combinations(lignes, 2)
        if a.strip() and b.strip() and min(d, d2) - max(g, g2) > 1 and min(s, s2) - max(h, h2) > 1
    ]


def test_les_mots_d_une_image_ne_se_couvrent_pas_et_tiennent_sur_la_feuille(images):
    for image in images:
        dessin = svg(image)
        assert dessin == svg(image), "same text at each drawing"
        lignes = [*lignes_du_svg(dessin)]
        assert lignes
        assert chevauchements(lignes) == [], image.titre
        _, _, large, haut = map(float, re.search(r'viewBox="([^"]+)"', dessin)[1].split())
        assert [m for m, (g, h, d, s) in lignes if g < -2 or d > large + 2 or h < -2 or s > haut + 2] == [], image.titre


def test_les_mots_des_axes_ne_se_couvrent_pas_et_sont_ceux_du_svg(images):
    for image in images:
        fig = en_figure(image)
        ax = fig.axes[0]
        fig.canvas.draw()
        places = [(t.get_text(), t.get_window_extent().extents) for t in ax.texts]
        assert chevauchements(places) == [], image.titre
        dits = " ".join(m for m, _ in lignes_du_svg(svg(image))).split()
        voulus = " ".join(t.get_text() for t in ax.texts).split()
        assert sorted(set(voulus) - set(dits)) == [], image.titre
        assert image.message or ax.get_title(loc="left").replace("\n", " ") == image.titre


def test_les_hauteurs_bougent_le_moins_possible():
    """By hand: two labels 10 tall meant at 20 and 22 share the move (16, 26); the third stays; a bound pushes all of them."""
    assert ecarter([20, 22, 60], [10, 10, 10], 0, 100) == pytest.approx([16, 26, 60])
    assert ecarter([2, 3], [10, 10], 0, 100) == pytest.approx([5, 15])
    assert ecarter([98, 99], [10, 10], 0, 100) == pytest.approx([85, 95])
    assert ecarter([1, 2, 3], [10, 10, 10], 0, 20) == pytest.approx([5, 15, 25]), (
        "too full: none over another all the same"
    )


def test_un_mot_n_est_pas_plus_large_que_sa_mesure():
    """Widths of DejaVu Sans, the widest of the fonts named, by another library."""
    for texte in (
        "Région Île-de-France, modes de garde innovants",
        "519\u202f973\u00a0€",
        "point bas : −284\u202f279 €",
    ):
        for gras in (False, True):
            vraie = ImageFont.truetype(POLICE.format("-Bold" if gras else ""), 100).getlength(texte) / 100
            assert vraie <= mesurer(texte, gras) * 1.03
            assert mesurer(texte, gras) <= vraie * 1.25
    assert plier("un deux trois", 5.0) == ("un deux", "trois")


def test_les_noms_d_une_colonne_pleine_tiennent_sur_la_feuille():
    """Ten parts of a few thousandths each: the sheet grows in both media, no name covers another."""

    def pleine(n):
        nom = "Une part au nom bien long qui se replie sur trois lignes au moins"
        boites = [Boite(0, 5.0 * r, 0.1, 5.0 * r + 5, Mots(f"{nom}, {r}", colonne=0.2, jusqua=0.5)) for r in range(n)]
        return Image("x", "x", "x", Axe(0, 1), Axe(0, 1000), boites)

    hauteurs = [float(re.search(r'height="([\d.]+)pt"', svg(pleine(n)))[1]) for n in (2, 10)]
    assert hauteurs[0] < 300 < hauteurs[1]
    assert mesures(pleine(2))[1] < mesures(pleine(16))[1]
    assert chevauchements([*lignes_du_svg(svg(pleine(10)))]) == []


def test_les_marques_sont_ou_sont_les_valeurs():
    """A bar of half the height is half as tall; a point stands on its line; the second and third looks are hatched."""
    teintes = Teintes()
    boites = [Boite(r, 0, r + 0.5, 5.0 * (r + 1), None, teintes.de(str(r))) for r in range(3)]
    image = Image("x", "x", "x", Axe(0, 4), Axe(0, 20, "€"), [*boites, Repere("y", 10.0), Courbe.point(3.0, 10.0)])
    dessin = svg(image)
    hauts = [
        float(h) for h in re.findall(r'<rect x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)" fill="[^w]', dessin)
    ]
    assert [h / hauts[0] for h in hauts] == pytest.approx([1, 2, 3], abs=0.01)
    assert len(set(re.findall(r'<pattern id="([^"]+)"', dessin))) == 2
    ligne = float(re.search(r'd="M[\d.]+ ([\d.]+)h[\d.]+"/>', dessin)[1])
    assert float(re.search(r"translate\([\d.]+ ([\d.]+)\)", dessin)[1]) == pytest.approx(ligne)


def test_une_courbe_nommee_en_marge_garde_sa_couleur_et_son_trait():
    x = np.arange(10.0)
    courbes = [Courbe(x, x * k, Mots(f"courbe {k}", colonne=MARGE), OKABE_ITO[k], "--") for k in (1, 2)]
    ax = en_figure(Image("x", "x", "x", Axe(0, 9), Axe(0, 18), courbes)).axes[0]
    assert [ligne.get_color() for ligne in ax.lines] == [OKABE_ITO[1], OKABE_ITO[2]]
    assert ax.get_xlim()[1] > 9, "room for the names"
    dessin = svg(Image("x", "x", "x", Axe(0, 9), Axe(0, 18), courbes))
    assert all(f'stroke="{OKABE_ITO[k]}"' in dessin for k in (1, 2))
    assert "stroke-dasharray" in dessin


@pytest.mark.parametrize("mots", [4, 30, 45])
def test_la_source_d_une_image_tient_sur_la_feuille(mots):
    """However long, whole and inside the sheet, each word as drawn by Matplotlib at the size of a notebook."""
    source = " ".join(["étude « Coque »,", *["Hypothèses"] * mots])
    fig, _ = nouvelle_figure()
    image_de(fig, "texte", source)
    fig.set_dpi(80)
    (pied,) = fig.texts
    boite = pied.get_window_extent(fig.canvas.get_renderer())
    assert pied.get_text().split() == ["Source", ":", *source.split()]
    assert boite.x0 >= 0
    assert boite.y0 >= -1
    assert boite.x1 <= fig.bbox.width
    (ax,) = fig.axes
    assert boite.y1 <= ax.get_tightbbox().y0 + 1, "under the axes and their words"


def test_une_source_sans_fin_est_coupee():
    """Cut with its mark: the axes keep most of the sheet."""
    fig, _ = nouvelle_figure()
    image_de(fig, "texte", "étude « Coque », " + "Hypothèses " * 2000)
    (pied,), (ax,) = fig.texts, fig.axes
    assert "…" in pied.get_text()
    assert ax.get_position().height > 0.4


def test_une_source_sans_fin_laisse_sa_place_a_l_image():
    """A study title of 3 MB: some lines of it, under a picture that still shows."""
    fig, _ = nouvelle_figure()
    assert image_de(fig, "texte", "mot " * 750_000).data[:4] == b"\x89PNG"
    (ax,) = fig.axes
    assert ax.get_position().height > 0.4
