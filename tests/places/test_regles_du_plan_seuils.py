"""Thresholds of the rules of a drawn plan, on both sides: each value read in the texts, each plan a few lines."""

import pytest
from shapely.geometry import LineString, box

from pope_foncier.lieu.covisibilite import part_vue
from pope_foncier.lieu.reseau import reseaux_du_plan
from pope_foncier.places.controles_battants import controler_battants
from pope_foncier.places.controles_issues import controler_issues
from pope_foncier.places.controles_jour import controler_jour
from pope_foncier.places.controles_usage import controler_usage
from pope_foncier.places.issues import Cas, Sortie, suffisent
from pope_foncier.places.situation import Situation
from tests.places.plans_d_essai import batiment, boite, fenetre, piece, plan, porte
from tests.places.regles_d_essai import (
    FEU,
    acces,
    du_controle,
    etage,
    issues,
    lire,
    locaux,
    presents,
    salle,
    sur_rue,
    voisinage,
)

# Persons → exits due in each category, one width then another that is just short of it (tolerance of 5 % used): read in the
# table of the rules, categories 1 to 4 then the 5th.
SEUILS = [
    (19, False, (0.86,), (0.85,)),
    (20, False, (0.86, 0.58), (0.86, 0.56)),
    (100, False, (0.86, 0.86), (0.86, 0.85)),
    (101, False, (1.34, 0.86), (0.86, 0.86)),
    (200, False, (1.34, 0.86), (0.86, 0.86)),
    (201, False, (1.34, 1.34), (1.72, 0.86)),
    (300, False, (1.34, 1.34), (1.34, 1.32)),
    (19, True, (0.86,), (0.85,)),
    (50, True, (0.86, 0.58), (0.86, 0.56)),
    (100, True, (1.34, 0.58), (1.32, 0.58)),
    (200, True, (1.34, 0.86), (1.34, 0.85)),
    (300, True, (1.34, 1.34), (1.34, 1.32)),
]


@pytest.mark.parametrize(("personnes", "cinquieme", "assez", "trop_peu"), SEUILS)
def test_table_des_issues_a_ses_seuils(personnes, cinquieme, assez, trop_peu):
    cas = Cas(personnes, cinquieme, existant=False)
    assert suffisent([Sortie(w) for w in assez], cas, FEU) is True
    assert suffisent([Sortie(w, directe=False) for w in trop_peu], cas, FEU) is False


def test_au_dela_de_la_table_rien_n_est_dit():
    assert suffisent([Sortie(3.0)] * 4, Cas(301, True, False), FEU) is None
    assert suffisent([Sortie(3.0)] * 4, Cas(501, False, False), FEU) is None


def test_a_l_etage_un_escalier_suffit_jusqu_a_cinquante_personnes_sauf_au_dessus_de_huit_metres():
    """PE 11: one stair of 0.90 m, an accessory exit besides when the floor is above 8 m."""
    escalier = {"nature": "escalier", "points": boite(6, 0, 9, 3), "niveau": 1, "largeur_m": 0.9, "nom": "Escalier"}
    for sol, statut in ((3.0, "respecte"), (9.0, "non_respecte"), (None, "a_verifier")):
        champs = {} if sol is None else {"sol_m": sol}
        trace = plan(batiment(0, 0, 12, 6), piece("eveil", 0, 0, 12, 6, niveau=1, **champs), escalier)
        situation = {"enfants": 30, "personnes": 38, "par_niveau": {1: 38}, "cinquieme": True, "neuf": False}
        assert lire(trace, "Issues, niveau 1 : nombre et largeur", **situation) == statut


def test_une_porte_coulissante_n_est_pas_une_issue_sure():
    trace = salle(sur_rue(1, 1.4, nom="Baie", ouverture="coulissante"))
    assert issues(trace, **presents(24)) == "a_verifier"
    assert lire(trace, "Baie : porte coulissante", **presents(24)) == "a_verifier"


def test_une_porte_dite_hors_issue_ne_compte_pas():
    """Door to a closed yard, ``issue: false``: the storey has no exit left, which stays to verify."""
    assert issues(salle(sur_rue(1, 1.4), sur_rue(8, 1.4, issue=False)), **presents(37)) == "non_respecte"
    fermee = salle(sur_rue(1, 1.4, issue=False), effectif=10)
    assert issues(fermee, **presents(12)) == "a_verifier"
    assert lire(fermee, "Salle : issues de la pièce", **presents(12)) == "a_verifier"


@pytest.mark.parametrize(
    ("surface", "champs", "personnes"),
    [(14.0, {}, 10), (14.9, {}, 10), (14.0, {"equipements": {"lits": 5}}, 6), (6.0, {}, 2), (14.0, {"effectif": 3}, 3)],
)
def test_personnes_d_une_chambre(surface, champs, personnes):
    """7 m² then 1 m² a bed: 8 beds in 14 m², an adult for six: 10 persons; the beds declared, or the persons, when they are."""
    trace = plan(
        batiment(0, 0, 12, 12),
        piece("sommeil", 0, 2, surface / 4, 6, nom="Chambre", **champs),
        piece("circulation", 0, 0, 12, 1.9, nom="Couloir"),
        porte((0.2, 1.95), (1.1, 1.95), 0.9),
        porte((12, 0.5), (12, 1.4), 0.9),
    )
    constats = controler_issues(reseaux_du_plan(trace), Situation(**presents(36)), FEU)
    (lu,) = [c for c in constats if c.sujet == "Chambre : issues de la pièce"]
    assert lu.statut == "respecte"
    assert lu.seuil.startswith(f"{personnes} personnes : une issue")


def test_une_cour_n_est_une_issue_que_si_on_le_dit():
    """52 persons, 0.90 m to the street and 0.90 m to a yard: enough if the yard leads to the street."""
    cour = {"nature": "cour", "points": boite(0, 6.1, 12, 12)}
    for champs, statut in (({}, "a_verifier"), ({"issue": True}, "respecte"), ({"issue": False}, "non_respecte")):
        trace = plan(
            batiment(0, 0, 12, 6),
            piece("eveil", 0, 0, 12, 6, nom="Salle"),
            cour,
            sur_rue(1, 0.9),
            porte((9, 6), (10, 6), 0.9, **champs),
        )
        assert issues(trace, **presents(37)) == statut
    sortie = {"nature": "sortie", "points": [[9.5, 7]]}
    menee = plan(
        batiment(0, 0, 12, 6), piece("eveil", 0, 0, 12, 6), cour, sortie, sur_rue(1, 0.9), porte((9, 6), (10, 6), 0.9)
    )
    assert issues(menee, **presents(37)) == "respecte", "un point de sortie devant la porte le dit aussi"


def test_un_patio_n_est_pas_dehors():
    """Building round a court: a door to it is no exit, its window gives daylight all the same."""
    tour = {"nature": "batiment", "points": boite(0, 0, 20, 20), "trous": [boite(6, 6, 14, 14)]}
    for champs, statut in (({}, "a_verifier"), ({"issue": True}, "respecte")):
        trace = plan(
            tour,
            piece("eveil", 0, 0, 20, 6, nom="Éveil"),
            porte((9, 6), (10, 6), 0.9, **champs),
            fenetre((7, 6), (8, 6)),
        )
        assert issues(trace, **presents(12)) == statut
        (lu,) = [c for c in controler_jour(reseaux_du_plan(trace)) if c.sujet == "Éveil : fenêtres"]
        assert lu.statut == "respecte"


@pytest.mark.parametrize(("largeur", "statut"), [(1.79, True), (1.80, False)])
def test_porte_en_saillie_dans_un_couloir(largeur, statut):
    """Leaf of 0.90 m opened into a corridor: 0.90 m stay free from 1.80 m; a mark in the 5th category, a rule above."""
    trace = plan(
        batiment(0, 0, 12, 8),
        piece("circulation", 0, 0, 12, largeur, nom="Couloir"),
        piece("eveil", 0, 2, 12, 8, nom="Éveil"),
        porte((5, 1.9), (5.9, 1.9), 0.83, vers=[5.5, 1]),
    )
    for cinquieme, attendu in ((True, "a_surveiller"), (False, "non_respecte")):
        constats = controler_battants(reseaux_du_plan(trace)[0], Situation(cinquieme=cinquieme), FEU)
        assert [c.statut for c in constats if c.id == "saillie"] == ([attendu] if statut else [])


def test_une_porte_au_bout_du_couloir_s_ouvre_le_long_de_lui():
    """Leaf of 0.90 m at the end of a corridor 1.40 m wide: it stands along the wall, and hinders nobody."""
    trace = plan(
        batiment(0, 0, 12, 1.4),
        piece("circulation", 0, 0, 10, 1.4, nom="Couloir"),
        piece("rangement", 10.1, 0, 12, 1.4),
        porte((10.05, 0.2), (10.05, 1.1), 0.83, vers=[9, 0.7]),
    )
    assert controler_battants(reseaux_du_plan(trace)[0], Situation(cinquieme=False), FEU) == []


@pytest.mark.parametrize(
    ("longueur", "denivele", "largeur", "neuf", "statut"),
    [
        (10, 0.60, 1.20, False, "respecte"),
        (10, 0.61, 1.20, False, "non_respecte"),
        (10, 0.60, 1.40, True, "non_respecte"),
        (10, 0.50, 1.40, True, "respecte"),
        (2, 0.20, 1.20, False, "respecte"),
        (2, 0.21, 1.20, False, "non_respecte"),
        (10, 0.50, 1.19, False, "non_respecte"),
    ],
)
def test_pente_et_largeur_d_une_rampe(longueur, denivele, largeur, neuf, statut):
    """6 % and 1.20 m in an existing building, 5 % and 1.40 m in a new one; 10 % on two metres at most."""
    rampe = {"nature": "rampe", "nom": "Rampe", "points": boite(0, -2, longueur, -2 + largeur), "denivele_m": denivele}
    trace = plan(batiment(0, 0, 12, 6), piece("hall", 0, 0, 12, 6), rampe)
    assert acces(trace, "Rampe : pente et largeur", neuf=neuf) == statut


@pytest.mark.parametrize(
    ("profondeur", "vers", "statut"), [(1.8, 1, "respecte"), (1.8, -1, "non_respecte"), (2.3, -1, "respecte")]
)
def test_aire_de_manoeuvre_a_pousser_ou_a_tirer(profondeur, vers, statut):
    """Room 1.30 m wide behind a street door: 1.70 m deep is enough to push outwards, 2.20 m due to pull inwards."""
    trace = plan(
        batiment(0, 0, 1.3, profondeur),
        piece("hall", 0, 0, 1.3, profondeur),
        porte((0.2, 0), (1.1, 0), 0.9, vers=[0.6, -vers]),
    )
    assert acces(trace, "Portes du public : aire de manœuvre", neuf=False) == statut


def test_escalier_protege_desenfumage_et_dernier_plancher():
    """150 persons upstairs, then 151; a room of 300 m², then more; a floor at 8 m, then above."""
    for personnes, statut in ((150, "respecte"), (151, "concerne")):
        champs = {"personnes": personnes, "par_niveau": {1: personnes}, "cinquieme": False}
        assert voisinage(etage(), "Escalier protégé", **champs).statut == statut
    for cote, statut in ((30, "sans_objet"), (30.1, "concerne")):
        trace = plan(batiment(0, 0, 40, 10), piece("eveil", 0, 0, cote, 10))
        assert voisinage(trace, "Désenfumage des grandes salles").statut == statut
    for sol, statut in ((8.0, "sans_objet"), (8.1, "concerne")):
        trace = plan(batiment(0, 0, 12, 6), piece("eveil", 0, 0, 12, 6, niveau=2, sol_m=sol))
        assert voisinage(trace, "Hauteur du dernier plancher").statut == statut
    assert voisinage(etage(), "Hauteur du dernier plancher").statut == "a_verifier"


@pytest.mark.parametrize(
    ("champs", "enfants", "statut"),
    [
        ({}, 30, "a_verifier"),
        ({"tiers_dessus": True}, 30, "concerne"),
        ({"tiers_dessus": True}, 19, "a_surveiller"),
        ({"tiers_dessus": False, "tiers_dessous": False}, 30, "sans_objet"),
    ],
)
def test_tiers_au_dessus(champs, enfants, statut):
    trace = plan(batiment(0, 0, 12, 6), piece("eveil", 0, 0, 12, 6, **champs))
    assert voisinage(trace, "Tiers au-dessus ou au-dessous", enfants=enfants).statut == statut


def test_ouvrants_alleges_et_profondeur_de_la_lumiere():
    """Room 6 m deep: lit to 2.5 × 2.40 = 6 m by its window, not by one of 2.30 m; a sill under 1.30 m is to watch."""

    def lus(**champs):
        trace = plan(batiment(0, 0, 8, 6), piece("eveil", 0, 0, 8, 6, nom="Éveil"), fenetre((2, 0), (6, 0), **champs))
        return {c.id: c.statut for c in controler_jour(reseaux_du_plan(trace))}

    assert lus(ouvrante=True, allege_m=1.3, linteau_m=2.4) == {"fenetre": "respecte", "profondeur": "respecte"}
    assert lus(ouvrante=False, linteau_m=2.3) == {
        "fenetre": "respecte",
        "ouvrant": "a_surveiller",
        "profondeur": "a_surveiller",
    }
    assert lus(ouvrante=True, allege_m=1.2)["allege"] == "a_surveiller"
    assert lus() == {"fenetre": "respecte", "ouvrant": "a_verifier"}


def test_lavabos_et_cuvettes_declares():
    """One adult basin in each change space (III.2.2): none is a fault, not counted stays open; two bowls for 12 places."""
    trouves = locaux(
        piece("change", 0, 0, 4, 4, nom="A", equipements={"lavabo_adulte": 1, "cuvette_enfant": 2}),
        piece("change", 5, 0, 9, 4, nom="B", equipements={"lavabo_adulte": 0}),
        piece("change", 10, 0, 14, 4, nom="C", equipements={"table_change": 1}),
    )
    lavabos = {c.sujet.partition(" :")[0]: c.statut for c in du_controle(trouves, "lavabo")}
    assert lavabos == {
        "A": "respecte",
        "B": "non_respecte",
        "C": "a_verifier",
        "Lavabo à hauteur d'enfant": "a_verifier",
    }
    assert [c.statut for c in du_controle(trouves, "toilettes")] == ["respecte"]


def test_chaque_salle_de_jeux_va_a_la_cour():
    """One room has its door on the yard, the next goes through it, the third has no way but the street."""
    trace = plan(
        batiment(0, 0, 30, 6),
        piece("eveil", 0, 0, 9.9, 6, nom="Un"),
        piece("eveil", 10, 0, 19.9, 6, nom="Deux"),
        piece("eveil", 20, 0, 30, 6, nom="Trois"),
        {"nature": "cour", "points": boite(0, 6.1, 9.9, 12)},
        porte((4, 6), (5, 6), 0.9),
        porte((9.95, 2), (9.95, 3), 0.9),
        porte((25, 0), (26, 0), 0.9),
    )
    lus = {c.sujet: (c.statut, c.valeur) for c in controler_usage(trace, reseaux_du_plan(trace)) if c.id == "cour"}
    assert lus["Un : accès à la cour"] == ("respecte", "porte directe")
    assert lus["Deux : accès à la cour"] == ("a_surveiller", "par une autre pièce")
    assert lus["Trois : accès à la cour"][0] == "a_surveiller"


def test_portes_du_cote_des_voies():
    """Ticket line between the building and the platform: a door in the wall to the street, then one beyond the line."""
    gare = (
        batiment(0, 0, 12, 6),
        piece("eveil", 0, 0, 12, 6),
        {"nature": "quai", "points": boite(-5, 12, 20, 15)},
        {"nature": "controle", "points": [[-5, 3], [20, 3]]},
    )
    for portes, statut in (
        ((sur_rue(1, 0.9),), "respecte"),
        ((sur_rue(1, 0.9), porte((5, 6), (6, 6), 0.9)), "a_surveiller"),
        ((porte((5, 6), (6, 6), 0.9),), "non_respecte"),
    ):
        assert voisinage(plan(*gare, *portes), "Ligne de contrôle de la gare").statut == statut


def test_part_de_la_chambre_vue_depuis_les_jeux():
    """Wall between two rooms of 6 × 4 m: all of it glazed, then a third; nothing without an opening."""
    jeux, chambre = box(0, 0, 6, 4), box(6.1, 0, 12.1, 4)
    vu = part_vue(jeux, chambre, [LineString([(6.05, 0), (6.05, 4)])])
    assert vu == pytest.approx(1, abs=0.02)
    tiers = part_vue(jeux, chambre, [LineString([(6.05, 1.3), (6.05, 2.7)])])
    assert 0.2 < tiers < vu
    assert part_vue(jeux, chambre, []) == 0
