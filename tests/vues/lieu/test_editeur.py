"""Editor of a plan without a browser: what the page sends changes the plan, what goes back says areas, places and faults."""

import html
import re
import sys

import pytest

import pope_foncier as pf
from pope_foncier.lieu.plan_lecture import lire_plan

pytest.importorskip("anywidget")
A = "gare_saint_denis_suppose"


@pytest.fixture
def editeur():
    ouvert = pf.carnets.editer(A)
    yield ouvert
    ouvert.close()


def plat(texte):
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(texte))


def envoyer(editeur, **message):
    editeur._recevoir(None, {"n": editeur.dessin["n"] + 1, **message}, None)


def anneaux(editeur, nom):
    (x,) = [x for x in editeur.dessin["elements"] if x["nom"].endswith(nom)]
    return x["e"], [[list(p) for p in a] for a in x["anneaux"]]


def test_une_piece_plus_petite_porte_moins_de_places_et_le_fichier_se_relit(editeur, tmp_path):
    """Play room cut from 10.3 to 6.3 m, of 4.6 m: 47.4 to 29.0 m²; places of the plan are those of the file written."""
    assert "12 places" in plat(editeur.lecture)
    rang, ((a, b, c, d),) = anneaux(editeur, "Éveil, repas, motricité")
    envoyer(editeur, genre="deplacer", elements={str(rang): [[a, [b[0] - 4, b[1]], [c[0] - 4, c[1]], d]]})
    lu = plat(editeur.lecture)
    assert "<td>29,0<td>−18,4" in lu
    relu = lire_plan(editeur.enregistrer(tmp_path / "modifie.yaml"))
    assert relu.fiche == editeur.plan.fiche
    site = pf.carnets.site("gare_saint_denis", plan=tmp_path / "modifie.yaml").lieu
    assert site.places < 12
    assert f"{site.places:.0f} places" in lu
    assert editeur.dessin["annulable"]
    envoyer(editeur, genre="annuler")
    assert "12 places" in plat(editeur.lecture)
    assert not editeur.dessin["annulable"]


def test_une_faute_arrete_les_places_et_pas_la_main(editeur):
    rang, (contour,) = anneaux(editeur, "Hall")
    envoyer(editeur, genre="deplacer", elements={str(rang): [[[x + 1, y] for x, y in contour]]})
    assert "places et contrôles indéterminés : corriger d'abord le tracé" in plat(editeur.lecture)
    assert len(editeur.fautes) == 1
    assert "recouvre « Hall »" in editeur.fautes[0]
    assert [x["e"] for x in editeur.dessin["elements"] if x["fautif"]], "the page shows where"
    avant = editeur.yaml()
    for sale in ({"genre": "deplacer", "elements": {"99": [contour]}}, {"genre": "deplacer"}, {"genre": "?"}):
        envoyer(editeur, **sale)
    assert editeur.yaml() == avant


def test_sans_la_bibliotheque_on_dit_quoi_installer(monkeypatch):
    for module in ("anywidget", "pope_foncier.vues.lieu.editeur"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(pf.ErreurPope, match="modifier un plan"):
        pf.carnets.editer(A)


def test_un_plan_sans_site_et_un_plan_fautif_s_ouvrent(tmp_path):
    """Without a site, areas alone; a room out of its building opens, and says so."""
    fichier = tmp_path / "p.yaml"
    fichier.write_text(
        "titre: T<b>\nstatut: hypothese\nbase: essai\nsysteme: local\nelements:\n"
        "  - {nature: batiment, points: [[0, 0], [8, 0], [8, 5], [0, 5]]}\n"
        "  - {nature: piece, fonction: eveil, nom: <script>x</script>, points: [[1, 1], [9, 1], [9, 4], [1, 4]]}\n",
        encoding="utf-8",
    )
    editeur = pf.carnets.editer(fichier)
    assert "sort du bâtiment de 3,0 m²" in editeur.fautes[0]
    assert "<script>" not in editeur.lecture
    assert "places" not in editeur.lecture
    editeur.close()
