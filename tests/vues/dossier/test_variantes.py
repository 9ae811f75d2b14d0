"""Variants side by side: areas of the plans, the engine's figures, what fails and what is unknown said, A3 sheets at one scale."""

import io
import re

import pytest

import pope_foncier as pf
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.dossier.planches_des_variantes import planches, rassembler
from pope_foncier.vues.etude import variantes
from pope_foncier.vues.formes import lectures
from tests.cli.commandes import lancer
from tests.conftest import DONNEES, GARE

A, B = "gare_saint_denis_suppose", "gare_saint_denis_cour"
BASSE = (
    "  - {nature: piece, fonction: eveil, nom: Éveil bas, hauteur_m: 2, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"
)


def plat(texte):
    return re.sub(r"[\u00a0\u202f]", " ", str(texte))


@pytest.fixture(scope="module")
def deux():
    return pf.carnets.variantes(GARE).variantes


@pytest.fixture(scope="module")
def plan_bas(tmp_path_factory):
    """Outline of 20 m by 10 m with one play room of 2 m under the ceiling, no yard drawn."""
    fichier = tmp_path_factory.mktemp("plans") / "bas.yaml"
    fichier.write_text(
        "titre: Plafond bas\nstatut: hypothese\nbase: essai\nsite: gare_saint_denis\nsysteme: local\nelements:\n"
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n" + BASSE,
        encoding="utf-8",
    )
    return fichier


def rangs(liste):
    return {ligne[0]: ligne[1:] for ligne in variantes.table(liste).lignes}


def test_les_plans_du_site_donnent_leurs_surfaces_et_les_chiffres_du_moteur(deux):
    """18.6 × 10 m without yard; 20 × 10 m with 4 × 6 m of yard (their files); places and cost are those of a study with these areas."""
    lus = rangs(deux)
    assert [v.nom for v in deux] == ["Variante A : sans cour", "Variante B : cour de 24 m² au pignon"]
    assert [plat(c) for c in (*lus["Surface de plancher"], *lus["Cour"])] == ["186 m²", "200 m²", "0 m²", "24 m²"]
    varies = pf.ouvrir(GARE).varier(
        {"programme.surface_m2": 200, "programme.surface_exterieure_m2": 24, "taxes.surface_bureaux_m2": 200}
    )
    vue = varies.calculer()._vue
    assert lus["Places"][1] == f"{vue.valeur(vue.ev.capacite.places):.0f}"
    assert lus["Fourchette du coût"][1] == lectures.fourchette(fourchette_totale(vue))
    assert lus["Contrôles non tenus"] == ("aucun", "aucun")


def test_ce_qui_n_est_pas_tenu_et_ce_qui_est_inconnu_se_disent(deux, plan_bas):
    """A ceiling of 2 m fails and is said with its threshold; a study without area has no number of places, and says what is missing."""
    sans = pf.ouvrir(GARE).varier({"programme.surface_m2": {"a_obtenir_de": "l'architecte"}})
    liste = pf.carnets.variantes(GARE, plan_bas, etudes=[sans]).variantes
    lus = rangs(liste)
    assert lus["Places"][0] == "aucune place possible", "the only room of children does not count"
    assert plat(lus["Cour"][0]) == "0 m² (non dessinée : celle de l'étude)"
    assert "Éveil bas : hauteur libre (2,00 m ; seuil : " in plat(lus["Contrôles non tenus"][0])
    assert "aucune n'est dessinée" in lus["Contrôles non tenus"][1]
    assert (lus["Surface de plancher"][1], lus["Places"][1]) == ("inconnue", "inconnu")
    assert lus["Ce qui limite"][1].startswith("inconnu : il manque")
    feuilles = rassembler(liste)["feuilles"][0]
    (ligne,) = [x for x in feuilles["lignes"] if x["nom"] == "Contrôles non tenus"]
    assert [c["alerte"] for c in ligne["cellules"]] == [True, False]
    assert feuilles["variantes"][1]["dessin"] is None
    assert "inconnue" in feuilles["variantes"][1]["pourquoi"]


def test_une_feuille_a3_a_une_seule_echelle_et_porte_tout(deux):
    pypdf = pytest.importorskip("pypdf")
    octets = planches(deux)
    assert octets == planches(deux)
    (page,) = pypdf.PdfReader(io.BytesIO(octets)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (1191, 842)
    texte = re.sub(r"\s+", " ", plat(page.extract_text())).replace("’", "'")
    assert "Dessins à l'échelle 1:200 sur A3" in texte, "24 m by 10 m, north and scale bar beneath, in 179 mm by 74 mm"
    assert texte.count("PLAN SUPPOSÉ") == 2
    for nom, valeur in rangs(deux).items():
        assert nom in texte
        assert plat(valeur[0])[:12] in texte, nom
    assert len(pypdf.PdfReader(io.BytesIO(planches([*deux, *deux, *deux]))).pages) == 2


def test_le_plan_d_un_autre_lieu_est_refuse_et_la_commande_ecrit_la_feuille(tmp_path):
    with pytest.raises(ErreurCalcul, match="est du site « gare_saint_denis », l'étude de « coque_la_courneuve »"):
        pf.carnets.variantes("coque_la_courneuve", A)
    sortie = tmp_path / "v.pdf"
    rendu = lancer("variantes", str(GARE), A, B, "--scenario", "travaux_hauts", "--sortie", str(sortie))
    assert rendu.returncode == 0, rendu.stderr
    assert sortie.read_bytes().startswith(b"%PDF")
    assert "Variante B" in rendu.stdout


def test_sans_plan_connu_les_scenarios_qui_changent_les_locaux():
    """At the shell, works at both ends of their range; grants or votes that change do not make another variant."""
    noms = [v.nom for v in pf.carnets.variantes(DONNEES / "etudes" / "coque_la_courneuve.yaml").variantes]
    assert noms == ["Étude telle quelle", "Travaux au bas de la fourchette", "Travaux au haut de la fourchette"]


def test_une_autre_etude_se_met_a_cote_de_celle_qui_est_nommee():
    coque, gare = (DONNEES / "etudes" / f"{n}.yaml" for n in ("coque_la_courneuve", "gare_saint_denis"))
    noms = [v.nom for v in pf.carnets.variantes(coque, etudes=[gare]).variantes]
    assert noms == ["Étude telle quelle", pf.ouvrir(gare).fiche.titre]
    avec_ses_plans = [v.nom for v in pf.carnets.variantes(gare, etudes=[coque]).variantes]
    assert avec_ses_plans[:2] == ["Variante A : sans cour", "Variante B : cour de 24 m² au pignon"]
    assert len(avec_ses_plans) == 3
