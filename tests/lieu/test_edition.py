"""Plan edited: partitions that move in one piece, undo and redo, faults told and nothing lost, areas by hand."""

import math
from datetime import date

import pytest

from pope_foncier.lieu.cloisons import cloisons
from pope_foncier.lieu.edition import ETATS_MAX, Edition
from pope_foncier.lieu.plan import Plan
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.repere import Repere
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.fiches import valider

SOURCE = {"titre": "Relevé d'essai", "consulte_le": date(2026, 11, 23)}


def boite(x0, y0, x1, y1):
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


def piece(nom, *coins, **autres):
    return {"nature": "piece", "fonction": "eveil", "nom": nom, "points": boite(*coins), **autres}


def plan(*elements, **tete):
    brut = {"titre": "Essai", "statut": "releve", "source": SOURCE, "systeme": "local", "elements": list(elements)}
    return valider(Plan, brut | tete, "essai")


def deux_pieces(**tete):
    """Outline of 10 m by 6 m, two rooms of 4.55 by 5 m on both sides of a wall of 10 cm, with a door, and a corridor above."""
    return plan(
        {"nature": "batiment", "points": boite(0, 0, 10, 6)},
        piece("A", 0.4, 0.4, 4.95, 4),
        piece("B", 5.05, 0.4, 9.6, 4),
        piece("C", 0.4, 4.1, 9.6, 5.6),
        {"nature": "porte", "points": [[5, 1], [5, 1.9]]},
        piece("Étage", 0.4, 0.4, 9.6, 5.6, niveau=1),
        **tete,
    )


def test_les_cotes_qui_se_font_face_font_une_cloison_et_portent_la_porte():
    """Side 1 of A (x = 4.95) faces side 3 of B (x = 5.05); tops of A and B face the bottom of C; façades face nothing."""
    trouvees = {frozenset(cotes): set(sommets) for cotes, sommets in cloisons(deux_pieces().elements)}
    entre = frozenset({(1, 0, 1), (2, 0, 3)})
    assert set(trouvees) == {entre, frozenset({(1, 0, 2), (2, 0, 2), (3, 0, 0)})}
    assert trouvees[entre] == {(1, 0, 1), (1, 0, 2), (2, 0, 3), (2, 0, 0), (4, 0, 0), (4, 0, 1)}
    assert cloisons(deux_pieces().elements, 1) == []


def test_une_piece_dans_le_creux_d_une_autre():
    """Room of 2 m by 2 m in the hole of 2.2 m of another one: each side of the hole faces one of the room."""
    autour = piece("Autour", 0, 0, 6, 6, trous=[boite(1.9, 1.9, 4.1, 4.1)])
    trouvees = cloisons(plan(autour, piece("Dedans", 2, 2, 4, 4)).elements)
    assert {frozenset(cotes) for cotes, _ in trouvees} == {frozenset({(0, 1, k), (1, 0, k)}) for k in range(4)}


def test_deplacer_annuler_retablir_et_dire_que_ce_n_est_plus_un_releve():
    edition = Edition(deux_pieces())
    assert not edition.annulable
    edition.deplacer({1: [boite(0.4, 0.4, 4.45, 4)], 2: [boite(4.55, 0.4, 9.6, 4)]})
    assert edition.etat.aires()[1] == pytest.approx(4.05 * 3.6)
    assert edition.ecarts_m2() == {1: -1.8, 2: 1.8}, "0.5 m × 3.6 m"
    assert edition.plan.statut == "hypothese"
    assert edition.plan.base == "d'après Relevé d'essai ; tracé modifié à la main dans l'éditeur de plan"
    edition.annuler()
    edition.annuler()
    assert (edition.plan, edition.annulable, edition.retablissable) == (deux_pieces(), False, True)
    edition.retablir()
    assert edition.ecarts_m2() == {1: -1.8, 2: 1.8}
    edition.annuler()
    edition.deplacer({3: [boite(0.4, 4.1, 9.6, 5.5)]})
    assert not edition.retablissable
    assert edition.etat.aires()[1] == pytest.approx(4.55 * 3.6)


def test_une_porte_deplacee_bat_du_meme_cote():
    """Door of 0.9 m moved 2 m along x: the point on the side of its swing, 1 m above, moves as much."""
    porte = {"nature": "porte", "points": [[1, 3], [1.9, 3]], "vers": [1.45, 4]}
    edition = Edition(plan({"nature": "batiment", "points": boite(0, 0, 10, 6)}, porte))
    edition.deplacer({1: [[[3, 3], [3.9, 3]]]})
    assert edition.plan.elements[1].vers == (3.45, 4)
    assert edition.plan.elements[0].vers is None


def test_une_faute_se_dit_et_le_trace_reste(tmp_path):
    """Overlap of 1 m by 3.6 m, then a room crossed like a bow tie: told, written as drawn, told again by the reader, undone."""
    edition = Edition(deux_pieces())
    edition.deplacer({1: [boite(0.4, 0.4, 6.05, 4)]})
    assert ["recouvre « A » sur 3,6 m²" in f.message for f in edition.etat.fautes] == [True]
    edition.deplacer({2: [[[5, 0], [9, 4], [9, 0], [5, 4]]]})
    assert "se recoupe" in edition.etat.fautes[0].message
    assert 2 not in edition.etat.aires()
    (tmp_path / "p.yaml").write_text(en_yaml(edition.plan), encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="se recoupe"):
        lire_plan(tmp_path / "p.yaml")
    edition.annuler()
    edition.annuler()
    assert edition.etat.fautes == ()


@pytest.mark.parametrize("traces", [{9: [boite(0, 0, 1, 1)]}, {1: [[[0, 0]]]}, {1: [[[0, 0], [1, math.nan], [1, 1]]]}])
def test_ce_que_la_page_n_a_pas_dessine_est_refuse_sans_rien_changer(traces):
    edition = Edition(deux_pieces())
    with pytest.raises((ErreurCalcul, ErreurDonnees)):
        edition.deplacer(traces)
    assert edition.plan == deux_pieces()


def test_on_n_annule_pas_sans_fin():
    edition = Edition(deux_pieces())
    for pas in range(ETATS_MAX + 5):
        edition.deplacer({3: [boite(0.4, 4.1 + pas / 1000, 9.6, 5.6)]})
    for _ in range(ETATS_MAX + 5):
        edition.annuler()
    assert edition.plan.elements[3].points[0][1] == pytest.approx(4.1 + 5 / 1000)


def test_des_degres_se_modifient_en_metres():
    """Rectangle of a hundred metres on a parallel near Saint-Denis: 0.001° of longitude there is 73.1 m (111.32 km × cos 48.9355°)."""
    carre = [[2.345, 48.935], [2.346, 48.935], [2.346, 48.936], [2.345, 48.936]]
    edition = Edition(plan({"nature": "batiment", "points": carre}, systeme="wgs84"))
    (x0, y0), (x1, y1), *_ = edition.plan.elements[0].points
    assert edition.plan.systeme == "lambert93"
    assert math.hypot(x1 - x0, y1 - y0) == pytest.approx(73.2, abs=0.2)
    assert edition.etat.fautes == ()


def test_le_repere_suit_les_murs_et_revient():
    """Building of 30 m by 8 m turned by 30°: it lies along the x axis of the screen, and each point comes back."""
    c, s = math.cos(math.pi / 6), math.sin(math.pi / 6)
    points = [(652_000 + x * c - y * s, 6_871_000 + x * s + y * c) for x, y in ((0, 0), (30, 0), (30, 8), (0, 8))]
    trace = Edition(plan({"nature": "batiment", "points": points}, systeme="lambert93")).etat.trace
    repere = Repere.du_plan(trace)
    assert math.degrees(repere.angle) == pytest.approx(30)
    vus = repere.vers(points)
    xs, ys = zip(*vus, strict=True)
    assert (max(xs) - min(xs), max(ys) - min(ys)) == pytest.approx((30, 8), abs=1e-3)
    assert [p == pytest.approx(q, abs=1e-3) for p, q in zip(repere.depuis(vus), points, strict=True)] == [True] * 4
