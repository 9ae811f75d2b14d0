"""First fit: what every sketch holds, measured on its plan apart from the search; refusals with their reason; same seed, same sketch."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pytest
from shapely import maximum_inscribed_circle, union_all

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.geometrie import largeur_utile_m
from pope_foncier.lieu.locaux import lire_fonctions, locaux_du_plan
from pope_foncier.lieu.plan import Plan, PlanTrace
from pope_foncier.lieu.plan_controles import controler, tracer
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.places.controles_locaux import controler_locaux
from pope_foncier.places.controles_plan import controler_plan
from pope_foncier.places.esquisse.demande import Demande, contour_saisi
from pope_foncier.places.esquisse.hypotheses import lire_hypotheses
from pope_foncier.places.esquisse.partis import partis
from pope_foncier.places.esquisse.recherche import Recherche
from pope_foncier.places.esquisse.terrain import terrain_du_plan
from pope_foncier.places.esquisse.variantes import BASE, Esquisse, Esquisses
from pope_foncier.places.regles_locaux import lire_regles
from pope_foncier.places.situation import situation_des_locaux
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import valider

JOUR = date(2026, 12, 1)
M2_PAR_PLACE = 7.0
"""Ordinary zone, arrêté du 31 août 2021 (published)."""
COULOIR_M = 1.2
"""Least width of a corridor that counts, and of an accessible path in an existing building (published)."""


def _plan(
    contour: list[tuple[float, float]], *autres: dict[str, object], trous: list[object] | None = None
) -> PlanTrace:
    elements = [{"nature": "batiment", "points": contour, "trous": trous or []}, *autres]
    brut = {"titre": "essai", "statut": "hypothese", "base": "essai", "systeme": "local", "elements": elements}
    plan, problemes = tracer(valider(Plan, brut, "essai"), "essai", {})
    assert not problemes
    return plan


LIEUX: dict[str, tuple[int, object]] = {
    "boutique 12 × 20": (14, lambda: contour_saisi("12 x 20", ["sud"])),
    "gare 100 × 9": (14, lambda: contour_saisi("100,2 x 9,22")),
    "contour en L": (20, lambda: _plan([(0, 0), (24, 0), (24, 10), (10, 10), (10, 22), (0, 22)])),
    "patio": (
        24,
        lambda: _plan([(0, 0), (26, 0), (26, 20), (0, 20)], trous=[[(8, 7), (18, 7), (18, 13), (8, 13)]]),
    ),
    "Saint-Denis supposé": (12, lambda: lire_plan(dossier_donnees() / "plans" / "gare_saint_denis_suppose.yaml")),
}


def _demande(lieu: str) -> Demande:
    places, depart = LIEUX[lieu]
    return Demande.pour(depart(), places, lire_regles(Catalogue(), "multi_accueil", JOUR))  # type: ignore[operator]


@lru_cache(maxsize=8)
def _esquisses(lieu: str) -> Esquisses:
    return _demande(lieu).esquisser()


@pytest.fixture(params=list(LIEUX), scope="module")
def lieu(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _variantes(lieu: str) -> tuple[Esquisse, ...]:
    variantes = _esquisses(lieu).variantes
    assert variantes
    return variantes


def _pieces(e: Esquisse) -> dict[str, object]:
    return {p.nom: p.forme for p in e.plan.de_nature("piece")}


def test_trois_esquisses_ou_ce_qui_manque(lieu: str) -> None:
    esquisses = _esquisses(lieu)
    assert len(esquisses.variantes) == 3 or (esquisses.variantes and "aucun autre parti" in esquisses.motifs[0])


def test_pieces_disjointes_dans_le_contour(lieu: str) -> None:
    for e in _variantes(lieu):
        assert not controler(e.plan, "esquisse", {})
        formes = [p.forme for p in e.plan.de_nature("piece")]
        assert all(a.intersection(b).area < 1e-4 for a, b in combinations(formes, 2))
        assert union_all(formes).difference(union_all(e.plan.formes("batiment"))).area < 1e-6


def test_le_contour_est_rempli(lieu: str) -> None:
    """Walls of 30 cm and partitions of 10 cm alone are left: nothing is forgotten between the rooms."""
    for e in _variantes(lieu):
        contour = union_all(e.plan.formes("batiment"))
        dedans = contour.buffer(-0.3, join_style="mitre")
        trou = dedans.difference(union_all(e.plan.formes("piece")).buffer(0.06, join_style="mitre"))
        assert trou.buffer(-0.05).area < 0.2, [
            tuple(round(v, 1) for v in t.bounds) for t in getattr(trou, "geoms", [trou])
        ]


def test_chaque_piece_voulue_est_dessinee_a_sa_surface(lieu: str) -> None:
    pieces = lire_hypotheses().pieces
    for e in _variantes(lieu):
        dessinees = _pieces(e)
        for b, surface in zip(e.besoins, e.trace.surfaces, strict=True):
            assert dessinees[b.nom].area == pytest.approx(surface, abs=0.02)  # type: ignore[attr-defined]
            assert surface >= b.surface_m2 * (1 - pieces[b.fonction].en_moins) - 0.55, b.nom


def test_surface_d_enfants_et_lits_de_la_regle(lieu: str) -> None:
    places, _ = LIEUX[lieu]
    for e in _variantes(lieu):
        enfants = sum(s for b, s in zip(e.besoins, e.trace.surfaces, strict=True) if b.enfants)
        assert enfants >= M2_PAR_PLACE * places - 1e-6
        lits = sum(
            int(s - 7 + 1 + 1e-6) for b, s in zip(e.besoins, e.trace.surfaces, strict=True) if b.fonction == "sommeil"
        )
        assert lits >= places


def test_hors_projet_ne_compte_pas_dans_les_parcours() -> None:
    """A station 100 m long used in part: what stays out has no door to the sketch, and no walk starts from it."""
    catalogue = Catalogue()
    for e in _variantes("gare 100 × 9"):
        hors = [p.forme.buffer(0.12) for p in e.plan.de_nature("piece") if p.nom == "Hors projet, à affecter"]
        assert hors
        portes = [p for p in e.plan.de_nature("porte") if not p.element.issue]
        assert not [p.nom for p in portes for h in hors if h.intersection(p.forme).length > 0.5 * p.forme.length]
        locaux, passages = locaux_du_plan(e.plan, COULOIR_M), e.plan.niveaux_des_passages()
        situation = situation_des_locaux(locaux, 14, catalogue, JOUR, False, passages, None)
        constats = [c for lus in controler_plan(e.plan, situation, catalogue, JOUR).values() for c in lus]
        (constat,) = [c for c in constats if c.sujet.startswith("Plus long parcours")]
        assert "Hors projet" not in constat.valeur


def test_une_chambre_garde_tous_ses_lits() -> None:
    """Very dense zone, 12 places: two bedrooms of 7 + 5 × 1 = 12 m²; 11.9 m² behind a changing room would make 5 beds."""
    depart = lire_plan(dossier_donnees() / "plans" / "gare_saint_denis_suppose.yaml")
    esquisses = Demande.pour(depart, 12, lire_regles(Catalogue(), "multi_accueil", JOUR), dense=True).esquisser()
    assert esquisses.variantes
    for e in esquisses.variantes:
        chambres = [p.forme.area for p in e.plan.de_nature("piece") if p.element.fonction == "sommeil"]
        assert len(chambres) == 2
        assert all(aire >= 12.0 - 1e-3 for aire in chambres)
        assert not any("lit de moins" in r for r in e.remarques)


def test_facade_cote_voies_dite() -> None:
    """Saint-Denis as assumed: platform 2 m from the north wall; a play room across the whole width has a façade on it."""
    for e in _variantes("Saint-Denis supposé"):
        nord = e.plan.formes("batiment")[0].bounds[3]
        (eveil,) = [p.forme for p in e.plan.de_nature("piece") if p.element.fonction == "eveil"]
        dite = [r for r in e.remarques if "d'un quai ou d'une voie" in r]
        if nord - eveil.bounds[3] < 0.5:
            assert "Éveil, repas, motricité" in dite[0]


def test_proportions(lieu: str) -> None:
    """No bedroom of one metre: the largest disc of each room has its least width."""
    for e in _variantes(lieu):
        for b in e.besoins:
            assert largeur_utile_m(_pieces(e)[b.nom]) >= b.piece.largeur_m - 0.16, b.nom  # type: ignore[arg-type]


def test_circulation_assez_large(lieu: str) -> None:
    """A disc of the legal width goes from any point of the circulation to any other."""
    for e in _variantes(lieu):
        (couloir,) = [p.forme for p in e.plan.de_nature("piece") if p.element.fonction == "circulation"]
        passage = couloir.buffer(-COULOIR_M / 2 + 1e-3)
        assert passage.geom_type == "Polygon"
        assert couloir.difference(passage.buffer(COULOIR_M / 2 + 0.3)).area < 0.05
        assert 2 * maximum_inscribed_circle(couloir).length >= 1.4 - 0.02


def test_chaque_piece_s_atteint_depuis_l_entree(lieu: str) -> None:
    """Rooms joined by doors at least 83 cm wide: one whole, with the hall and a way out."""
    for e in _variantes(lieu):
        pieces = {n: f.buffer(0.12) for n, f in _pieces(e).items() if n != "Hors projet, à affecter"}  # type: ignore[attr-defined]
        liens: dict[str, set[str]] = {n: set() for n in pieces}
        for porte in e.plan.de_nature("porte"):
            assert (porte.element.largeur_passage_m or 0) >= 0.83
            cotes = [n for n, f in pieces.items() if f.intersection(porte.forme).length > 0.5 * porte.forme.length]
            for a, b in combinations(cotes, 2):
                liens[a].add(b)
                liens[b].add(a)
        vus, reste = {"Hall et vestiaires"}, ["Hall et vestiaires"]
        while reste:
            for suivante in liens[reste.pop()] - vus:
                vus.add(suivante)
                reste.append(suivante)
        assert vus == set(pieces)
        assert any(p.element.issue for p in e.plan.de_nature("porte"))


def test_facade_ou_elle_est_due(lieu: str) -> None:
    """Measured by the check of plans, on the sketch alone."""
    fonctions = lire_fonctions()
    for e in _variantes(lieu):
        for local in locaux_du_plan(e.plan, COULOIR_M):
            if fonctions[local.fonction].jour == "exige":
                assert local.jour_m is not None
                assert local.jour_m >= 1.5 - 0.16, local.nom


def test_controles_des_locaux_tenus(lieu: str) -> None:
    places, _ = LIEUX[lieu]
    catalogue = Catalogue()
    regles = lire_regles(catalogue, "multi_accueil", JOUR)
    for e in _variantes(lieu):
        constats = controler_locaux(locaux_du_plan(e.plan, COULOIR_M), regles, catalogue, places, False, None)
        assert not [c.sujet for c in constats if c.statut == "non_respecte"]


def test_une_esquisse_est_un_plan_comme_un_autre(tmp_path: Path, lieu: str) -> None:
    e = _variantes(lieu)[0]
    assert e.plan.fiche.statut == "hypothese"
    assert BASE in (e.plan.fiche.base or "")
    fichier = tmp_path / "esquisse.yaml"
    fichier.write_text(en_yaml(e.plan.fiche), encoding="utf-8")
    relu = lire_plan(fichier)
    assert {p.nom: round(p.forme.area, 3) for p in relu.de_nature("piece")} == {
        n: round(f.area, 3)  # type: ignore[attr-defined]
        for n, f in _pieces(e).items()
    }


def test_meme_graine_memes_esquisses() -> None:
    une, autre = (x("boutique 12 × 20") for x in (_esquisses, lambda lieu: _demande(lieu).esquisser()))
    assert [en_yaml(e.plan.fiche) for e in une.variantes] == [en_yaml(e.plan.fiche) for e in autre.variantes]


def test_un_ordre_abandonne_vaut_bien_plus_que_le_seuil() -> None:
    """The search leaves an order as soon as it is sure to be over a threshold: its points, counted to the end, are over it."""
    demande, h = _demande("boutique 12 × 20"), lire_hypotheses()
    recherche = Recherche(
        partis(terrain_du_plan(demande.depart, h), demande.besoins, h)[0], demande.besoins, h, demande.graine
    )
    essai, points, vus = recherche.rangs, recherche.points, {True: 0, False: 0}
    for k in range(400):
        autre = recherche._bouger(essai) or essai
        entier, seuil = recherche.cout(autre), points + (k % 8 - 2) * 300.0
        if k % 2:  # strips that are known, or read for the first time
            recherche.lues.clear()
        lu = recherche.cout(autre, seuil)
        assert lu == entier or (lu == math.inf and entier > seuil)
        vus[lu == entier] += 1
        essai, points = (autre, entier) if entier <= points or k % 3 == 0 else (essai, points)
    assert min(vus.values()) > 20, vus


def test_partis_vraiment_differents(lieu: str) -> None:
    """Places of the living rooms, seen from the outline: never the same in two sketches."""
    for a, b in combinations(_variantes(lieu), 2):
        utiles = [{n: f for n, f in _pieces(x).items() if "affecter" not in n} for x in (a, b)]
        commun = sum(f.intersection(utiles[1][n]).area for n, f in utiles[0].items() if n in utiles[1])  # type: ignore[attr-defined]
        assert commun <= 0.8 * sum(f.area for f in utiles[0].values())  # type: ignore[attr-defined]


# What cannot hold, and why


def _refus(taille: str, facades: list[str], places: int, moins: bool) -> str:
    demande = Demande.pour(contour_saisi(taille, facades), places, lire_regles(Catalogue(), "multi_accueil", JOUR))
    esquisses = (demande if moins else replace(demande, moins=None)).esquisser()
    assert not esquisses.variantes
    return " ".join(esquisses.motifs)


def test_refus_facade() -> None:
    """20 places: two rooms of 43 m² lit on 7.5 m of depth, 5.7 m each, and 1.5 m for the entrance: 13.0 m for 11.5 m of street.

    By hand: child area 140 m², sleep 3 × 7 + 17 × 1 = 38, change 16, so 86 for two groups; 12 m of street less two walls.
    """
    texte = _refus("12 x 20", ["sud"], 20, moins=True)
    assert "de façade éclairée" in texte
    assert "Le programme en demande 13,0 m" in texte
    assert "le contour en a 11,5 m" in texte
    assert "places, une esquisse tient" in texte


def test_refus_facade_qui_suffit_en_tout() -> None:
    """26 × 26 m, 60 places: the walls, 4 × (26 − 2 × 0.25) = 102 m, are far more than the rooms ask for; one more would not help."""
    texte = _refus("26 x 26", [], 60, moins=False)
    assert "le contour en a 102,0 m" in texte
    assert "Elle suffit en tout" in texte
    assert "ouvrir une façade de plus" not in texte


def test_refus_surface() -> None:
    """12 places ask for 84 m² of child area and 36 + 2.6 × 12 = 67.2 m² of services, 151 m²; a bar of 5 × 30 m has no such room."""
    texte = _refus("5 x 30", [], 12, moins=False)
    assert "le programme en demande 151, ce parti en offre" in texte
    assert "Les pièces trop petites : « Éveil, repas, motricité »" in texte
    assert "façade" not in texte


def test_contour_trop_mince_ou_absent() -> None:
    regles = lire_regles(Catalogue(), "multi_accueil", JOUR)
    with pytest.raises(ErreurCalcul, match="trop mince"):
        Demande.pour(contour_saisi("3 x 30"), 12, regles).esquisser()
    with pytest.raises(ErreurCalcul, match="12 x 20"):
        contour_saisi("douze sur vingt")
    with pytest.raises(ErreurCalcul, match="sud"):
        contour_saisi("12 x 20", ["midi"])
    with pytest.raises(ErreurCalcul, match="--places"):
        Demande.pour(contour_saisi("12 x 20"), None, regles)


def test_noyau_et_poteaux_restent() -> None:
    """A core of 3 × 4 m against the north wall, columns every 5 m along the axis: no room nor passage stands on them."""
    noyau = {"nature": "noyau", "nom": "Escalier conservé", "points": [(11, 8), (14, 8), (14, 12), (11, 12)]}
    poteaux = [
        {"nature": "poteau", "points": [(x, 5.6), (x + 0.3, 5.6), (x + 0.3, 5.9), (x, 5.9)]} for x in (5, 10, 15, 20)
    ]
    depart = _plan([(0, 0), (25, 0), (25, 12), (0, 12)], noyau, *poteaux)
    esquisses = Demande.pour(depart, 16, lire_regles(Catalogue(), "multi_accueil", JOUR)).esquisser(combien=1)
    (e,) = esquisses.variantes
    pieces = union_all(e.plan.formes("piece"))
    assert len(e.plan.formes("poteau")) == 4
    assert len(e.plan.formes("noyau")) == 1
    gardes = union_all([*e.plan.formes("noyau"), *e.plan.formes("poteau")])
    assert pieces.intersection(gardes).area < 1e-6
    (couloir,) = [p.forme for p in e.plan.de_nature("piece") if p.element.fonction == "circulation"]
    assert couloir.buffer(-COULOIR_M / 2 + 1e-3).geom_type == "Polygon"


def test_une_boutique_n_a_d_issue_que_sur_la_rue() -> None:
    for e in _variantes("boutique 12 × 20"):
        issues = [p.forme.centroid.y for p in e.plan.de_nature("porte") if p.element.issue]
        assert issues
        assert max(issues) < 0.5


def test_sans_percer_la_salle_d_eveil_prend_les_fenetres_du_plan() -> None:
    """22 × 10 m, windows on the south side alone: a sixth of 50 m² asks for 4.4 m of windows 1.9 m high, two of 3.2 m give it."""
    baies = [(3.0, 6.2), (8.0, 11.2), (13.0, 14.5), (16.0, 17.5), (19.0, 20.5)]
    fenetres = [{"nature": "fenetre", "nom": f"Baie {a}", "points": [(a, 0.2), (b, 0.2)]} for a, b in baies]
    depart = _plan([(0, 0), (22, 0), (22, 10), (0, 10)], *fenetres)
    regles = lire_regles(Catalogue(), "multi_accueil", JOUR)
    (e,) = Demande.pour(depart, 12, regles, percer=False).esquisser(combien=1).variantes
    assert [f.nom for f in e.plan.de_nature("fenetre")] == [f["nom"] for f in fenetres]
    (eveil,) = [p.forme for p in e.plan.de_nature("piece") if p.element.fonction == "eveil"]
    assert sum(f.forme.intersection(eveil.buffer(0.4)).length for f in e.plan.de_nature("fenetre")) >= 4.3
