"""Plans: true scale on paper, what the sheet says, refusal of a scale that does not fit, the same bytes twice."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

import pope_foncier as pf
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, composer_lieux, dessiner_plans
from pope_foncier.vues.lieu.planches import PAPIERS, Planche, composer, ecrire_octets
from pope_foncier.vues.lieu.tableaux import lignes_de_surfaces, table_places
from tests.conftest import DONNEES

JOUR = date(2026, 12, 1)
PLANS = [DONNEES / "plans" / f"gare_saint_denis_{n}.yaml" for n in ("suppose", "cour")]
SITE = DONNEES / "sites" / "gare_saint_denis.yaml"


def planche(**autres):
    return Planche("Essai", JOUR, **autres)


@pytest.mark.parametrize(("papier", "echelle"), [("A4", 100), ("A4", 200), ("A3", 100), ("A3", 500)])
def test_un_metre_du_plan_fait_ce_que_dit_l_echelle(papier, echelle):
    fig = composer([lire_plan(PLANS[0])], planche(papier=papier, echelle=echelle))
    largeur, hauteur = fig.get_size_inches() * 25.4
    assert (largeur, hauteur) == pytest.approx(PAPIERS[papier])
    (dessin,) = [ax for ax in fig.axes if ax.axison]
    fig.canvas.draw()
    (x0, y0), (x1, y1) = dessin.transData.transform([(0, 0), (20, 10)])
    mm = 25.4 / fig.dpi
    assert (x1 - x0) * mm == pytest.approx(20_000 / echelle, rel=1e-6)
    assert (y1 - y0) * mm == pytest.approx(10_000 / echelle, rel=1e-6)


def test_la_barre_d_echelle_mesure_ce_qu_elle_dit():
    fig = composer([lire_plan(PLANS[0])], planche(echelle=100))
    fond = next(ax for ax in fig.axes if not ax.axison)
    pas = [p.get_width() for p in fond.patches if hasattr(p, "get_height") and p.get_height() == 1.6]
    assert pas == pytest.approx([10, 10, 10, 10]), "1 m au 1:100 fait 10 mm"
    assert "4\u00a0m" in [t.get_text() for t in fond.texts]


def test_la_planche_dit_l_essentiel():
    lieu = Lieu.ouvrir(SITE, "multi_accueil", JOUR, PLANS[0], neuf=False)
    fig = composer_lieux([lieu], "A4", None)
    dit = " ".join(t.get_text().replace("\n", " ") for ax in fig.axes for t in ax.texts)
    for attendu in (
        "Ancien bâtiment voyageurs",
        "PLAN SUPPOSÉ",
        "échelle 1:100 sur A4",
        "47,4\u00a0m²",
        "Chambre 1",
        "12 places",
        "18,60\u00a0m",
        "vie des enfants",
        "hypothèse",
        "1er décembre 2026",
        "amiante",
    ):
        assert attendu in dit, attendu
    assert "N" in [t.get_text() for ax in fig.axes for t in ax.texts], "nord"


def test_un_releve_ne_se_dit_pas_suppose(tmp_path):
    texte = PLANS[0].read_text(encoding="utf-8").replace("statut: hypothese", "statut: releve")
    texte = re.sub(r"^base:.*$", "source: {titre: Relevé, consulte_le: 2026-11-23}", texte, flags=re.M)
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(texte, encoding="utf-8")
    fig = composer([lire_plan(chemin)], planche())
    assert not any("SUPPOSÉ" in t.get_text() for ax in fig.axes for t in ax.texts)


def test_variantes_cote_a_cote_a_la_meme_echelle():
    fig = composer([lire_plan(p) for p in PLANS], planche(papier="A3"))
    dessins = [ax for ax in fig.axes if ax.axison]
    assert len(dessins) == 2
    largeurs = [
        (ax.transData.transform([(0, 0), (1, 0)])[1] - ax.transData.transform([(0, 0)])[0])[0] for ax in dessins
    ]
    assert largeurs[0] == pytest.approx(largeurs[1])


def test_une_echelle_qui_ne_tient_pas_est_refusee():
    with pytest.raises(ErreurCalcul, match="ne tient pas à 1:50 sur A4 : 1:100 tient"):
        composer([lire_plan(PLANS[0])], planche(echelle=50))
    with pytest.raises(ErreurCalcul, match="Aucun plan"):
        composer([], planche())


@pytest.mark.parametrize("genre", ["svg", "pdf"])
def test_memes_octets_deux_fois_et_vraie_taille(genre):
    octets = [ecrire_octets(composer([lire_plan(PLANS[0])], planche()), genre) for _ in range(2)]
    assert octets[0] == octets[1]
    if genre == "svg":
        racine = ElementTree.fromstring(octets[0])
        assert float(racine.get("width").removesuffix("pt")) == pytest.approx(297 / 25.4 * 72, abs=0.01)
    else:
        boite = re.search(rb"/MediaBox \[ ?([\d. ]+)\]", octets[0])[1].split()
        assert [float(x) for x in boite[2:]] == pytest.approx([297 / 25.4 * 72, 210 / 25.4 * 72], abs=0.01)


def test_dessiner_ecrit_la_planche_et_un_geojson_et_un_dxf_par_plan(tmp_path):
    ecrits = dessiner_plans(PLANS, JOUR, "multi_accueil", "A3", None, tmp_path)
    assert [f.suffix for f in ecrits] == [".svg", ".pdf", ".geojson", ".dxf", ".geojson", ".dxf", ".png"]
    relu = lire_plan(ecrits[2])
    assert relu.fiche.statut == "hypothese"
    assert len(relu.elements) == len(lire_plan(PLANS[0]).elements)


def test_plans_de_plusieurs_sites_refuses(tmp_path):
    autre = tmp_path / "autre.yaml"
    autre.write_text(PLANS[0].read_text(encoding="utf-8").replace("site: gare_saint_denis\n", ""), encoding="utf-8")
    with pytest.raises(ErreurCalcul, match="ceux d'un même site"):
        dessiner_plans([PLANS[0], autre], JOUR, "multi_accueil", "A4", None, tmp_path)


def test_un_plan_sans_site_se_dessine_sans_places(tmp_path):
    """18.60 × 10 m drawn, by its sides; no places without a site, and the exports all the same."""
    seul = tmp_path / "seul.yaml"
    seul.write_text(PLANS[0].read_text(encoding="utf-8").replace("site: gare_saint_denis\n", ""), encoding="utf-8")
    ecrits = dessiner_plans([seul], JOUR, "multi_accueil", "A4", None, tmp_path)
    assert [f.suffix for f in ecrits] == [".svg", ".pdf", ".geojson", ".dxf", ".png"]
    dit = ecrits[0].read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Bâtiment : 186,0 m²" in dit
    assert "inconnus, le plan ne nomme aucun site" in " ".join(re.findall(r">([^<>]+)</text>", dit))
    assert lire_plan(ecrits[2]).fiche.site is None


@pytest.mark.parametrize(
    "traces",
    [
        "{nature: piece, fonction: eveil, points: [[0, 0], [6, 0], [6, 5], [0, 5]]}, {nature: porte, points: [[1, 0], [2, 0]]}",
        "{nature: parcelle, points: [[0, 0], [180, 60], [160, 130], [-20, 70]]}",
        "{nature: batiment, points: [[0, 0], [9, 0], [9, 6], [0, 6]]}, {nature: porte, points: [[20, 3], [21, 3]]}",
    ],
    ids=["pièces sans bâtiment", "parcelle seule", "porte loin des murs"],
)
def test_un_plan_partiel_se_dessine_et_s_exporte(tmp_path, traces):
    """Rooms of a model without walls, a plot of the cadastre, a door that stands in no wall."""
    fichier = tmp_path / "partiel.yaml"
    fichier.write_text(
        f"titre: Partiel\nstatut: hypothese\nbase: essai\nsysteme: local\nelements: [{traces}]\n", encoding="utf-8"
    )
    for ecrit in dessiner_plans([fichier], JOUR, "multi_accueil", "A4", None, tmp_path)[2:4]:
        relu = pf.carnets.importer(ecrit).plan
        assert [e.element.nature for e in relu.elements] == [e.element.nature for e in lire_plan(fichier).elements]


def test_mam_dit_ses_moins_de_trois_ans():
    lieu = Lieu.ouvrir(SITE, "mam", JOUR, surface="150")
    table = table_places(lieu.capacite)
    assert table.lignes[0][2] == "20"
    assert "Dont 16 enfants de moins de trois ans au plus." in table.note


def test_surfaces_tapees_sont_des_hypotheses_avec_leur_tolerance():
    lieu = Lieu.ouvrir(SITE, "multi_accueil", JOUR, surface="200 m²", tolerance="10 %", cour="0")
    assert "200\u00a0m² (180 à 220)" in lignes_de_surfaces(lieu.capacite)[0]
    assert "supposée à la ligne de commande" in table_places(lieu.capacite).note
    for mauvais in (
        {"surface": "beaucoup"},
        {"surface": "-3"},
        {"surface": "200", "tolerance": "x"},
        {"surface": "200", "tolerance": "150 %"},
    ):
        with pytest.raises(ErreurCalcul):
            Lieu.ouvrir(SITE, "multi_accueil", JOUR, **mauvais)


@pytest.mark.parametrize(("nord", "dx", "dy"), [(0, 0, 1), (90, 1, 0), (180, 0, -1), (270, -1, 0)])
def test_le_nord_tourne_dans_le_sens_des_aiguilles(nord, dx, dy):
    from matplotlib.figure import Figure

    from pope_foncier.vues.lieu.dessin import fleche_du_nord

    ax = Figure().add_subplot()
    fleche_du_nord(ax, nord, 10, 10, 4)
    (lettre,) = [t for t in ax.texts if t.get_text() == "N"]
    x, y = lettre.get_position()
    assert (x - 10, y - 10) == (pytest.approx(3 * dx, abs=1e-9), pytest.approx(3 * dy, abs=1e-9))


def test_le_cartouche_garde_les_sigles_et_les_signes_a_leur_place():
    lieu = Lieu.ouvrir(SITE, "multi_accueil", JOUR, PLANS[0])
    fig = composer_lieux([lieu], "A4", None)
    lignes = [t.get_text() for ax in fig.axes for t in ax.texts]
    assert "RE2020" in " ".join(lignes)
    assert not [x for x in lignes if x.startswith((":", ";", "»"))]


def test_le_plan_d_un_etage(tmp_path):
    haut = "  - {nature: batiment, niveau: 1, points: [[0, 0], [12, 0], [12, 10], [0, 10]]}\n"
    haut += (
        "  - {nature: piece, fonction: bureau, niveau: 1, nom: Réunion, points: [[1, 1], [11, 1], [11, 9], [1, 9]]}\n"
    )
    chemin = tmp_path / "deux_niveaux.yaml"
    chemin.write_text(PLANS[0].read_text(encoding="utf-8") + haut, encoding="utf-8")

    def dit(niveau):
        fig = composer([lire_plan(chemin)], planche(niveau=niveau))
        return " ".join(t.get_text().replace("\n", " ") for ax in fig.axes for t in ax.texts)

    assert ("Réunion" in dit(0), "Chambre 1" in dit(0), "18,60\u00a0m" in dit(0)) == (False, True, True)
    assert ("Réunion" in dit(1), "Chambre 1" in dit(1), "12,00\u00a0m" in dit(1)) == (True, False, True)
    assert "étage 1" in dit(1)
    assert ("sommeil" in dit(0), "sommeil" in dit(1)) == (True, False), "légende de l'étage dessiné"
    ecrits = dessiner_plans([chemin], JOUR, "multi_accueil", "A4", None, tmp_path / "s", niveau=1)
    assert [f.name for f in ecrits] == [
        "deux_niveaux_niveau_1.svg",
        "deux_niveaux_niveau_1.pdf",
        "deux_niveaux.geojson",
        "deux_niveaux.dxf",
        "deux_niveaux_niveau_1.png",
    ]
    with pytest.raises(ErreurCalcul, match="niveau 2.*niveaux dessinés : 0, 1"):
        dessiner_plans([chemin], JOUR, "multi_accueil", "A4", None, tmp_path / "s", niveau=2)


def test_familiale_et_mam_disent_leurs_tailles():
    def note(mode):
        return table_places(Lieu.ouvrir(SITE, mode, JOUR, surface="150").capacite).note

    assert (
        "petite crèche familiale jusqu'à 29 places, crèche familiale jusqu'à 59, grande crèche familiale jusqu'à 89, "
        "très grande crèche familiale au-delà" in note("creche_familiale")
    )
    assert "4 assistants présents à la fois au plus" in note("mam")


def test_un_lit_par_place_se_dit_hypothese():
    assert (
        "Un lit par place : hypothèse" in table_places(Lieu.ouvrir(SITE, "multi_accueil", JOUR, PLANS[0]).capacite).note
    )


def test_les_marches_disent_ce_qui_remplace_la_cour_en_zone_ordinaire():
    from dataclasses import replace

    from pope_foncier.vues.lieu.tableaux import table_marches

    reponse = Lieu.ouvrir(SITE, "multi_accueil", JOUR, surface="200", cour="0").capacite
    ordinaire = replace(reponse, densite=replace(reponse.densite, lecture="ordinaire"))
    assert "jusqu'à 39 places, un espace à distance admis la remplace" in table_marches(ordinaire).note
    assert "remplace" not in table_marches(reponse).note


@pytest.mark.parametrize(("surnombre", "statut"), [(None, "a_verifier"), (True, "concerne"), (False, "respecte")])
def test_le_surnombre_declare_decide_de_la_categorie(tmp_path, surnombre, statut):
    """One upper storey of 99 m² and 18 beds in a very dense square: 18 places, 20 children at 115 %."""
    chemin = tmp_path / "etage.yaml"
    chemin.write_text(
        "titre: Étage\nstatut: hypothese\nbase: essai\nsysteme: local\nsans_cour: true\nelements:\n"
        "  - {nature: batiment, niveau: 1, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"
        "  - {nature: piece, fonction: eveil, niveau: 1, points: [[0.5, 0.5], [13, 0.5], [13, 9.5], [0.5, 9.5]]}\n"
        "  - {nature: piece, fonction: sommeil, niveau: 1, points: [[13.5, 0.5], [16.5, 0.5], [16.5, 8.5], [13.5, 8.5]]}\n",
        encoding="utf-8",
    )
    lieu = pf.carnets.site("gare_saint_denis", "2026-12-01", plan=chemin, surnombre=surnombre).lieu
    assert lieu.places == 18
    (erp,) = [c for c in lieu.contraintes() if c.id == "erp_type_r"]
    assert erp.statut == statut


def test_un_batiment_dont_le_projet_prend_une_part_est_cadre_sur_elle(tmp_path):
    """A building of 100 m asks for 1:500 on A3; the 12 m of its project hold at 1:100."""
    elements = (
        "  - {nature: batiment, points: [[0, 0], [100, 0], [100, 9], [0, 9]]}\n"
        "  - {nature: piece, fonction: eveil, nom: Éveil, points: [[44, 0.3], [56, 0.3], [56, 8.7], [44, 8.7]]}\n"
        "  - {nature: piece, fonction: a_affecter, nom: Reste, points: [[57, 0.3], [99, 0.3], [99, 8.7], [57, 8.7]]}\n"
    )
    fichier = tmp_path / "long.yaml"
    fichier.write_text(
        f"titre: Long\nstatut: hypothese\nbase: essai\nsysteme: local\nelements:\n{elements}", encoding="utf-8"
    )
    dits = [
        re.search(
            r"échelle 1:(\d+)",
            ecrire_octets(composer([lire_plan(fichier)], planche(papier="A3", **cadre)), "svg").decode(),
        )
        for cadre in ({}, {"hors_cadre": ("a_affecter",)})
    ]
    assert [int(d[1]) for d in dits if d] == [500, 100]


def test_un_nom_sans_fin_est_abrege_sur_la_planche(tmp_path):
    elements = (
        "  - {nature: batiment, points: [[0, 0], [9, 0], [9, 9], [0, 9]]}\n"
        f'  - {{nature: piece, fonction: eveil, nom: "{"Salle " * 150}", points: [[1, 1], [3, 1], [3, 3], [1, 3]]}}\n'
    )
    fichier = tmp_path / "nom.yaml"
    fichier.write_text(
        f"titre: Nom\nstatut: hypothese\nbase: essai\nsysteme: local\nelements:\n{elements}", encoding="utf-8"
    )
    ecrit = ecrire_octets(composer([lire_plan(fichier)], planche(papier="A3")), "svg").decode()
    assert 0 < ecrit.count("Salle") <= 20
