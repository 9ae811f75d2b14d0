"""Exits of rooms and what a plan leaves unsaid: beds, doors in the middle of a floor, rooms behind rooms, adapted toilets.

Expected verdicts are read in PE 2, PE 11, CO 43, CO 45, GN 8 and the order of 8 December 2014; lengths are added by hand.
"""

import pytest

from pope_foncier.lieu.reseau import reseaux_du_plan
from pope_foncier.places.controles_issues import controler_issues
from pope_foncier.places.controles_voisinage import controler_voisinage
from pope_foncier.places.situation import Situation
from tests.places.plans_d_essai import batiment, boite, piece, plan, porte
from tests.places.regles_d_essai import FEU, acces, etage, presents, salle, sur_rue


@pytest.mark.parametrize(("largeur", "statut"), [(0.77, "respecte"), (0.70, "non_respecte")])
def test_la_porte_d_un_cabinet_adapte_est_une_porte_du_public(largeur, statut):
    """Order of 2014, article 10: 0.77 m clear; the room is one of children's toilets, where parents do not go."""
    trace = plan(
        batiment(0, 0, 12, 6),
        piece("circulation", 0, 0, 12, 2, nom="Couloir"),
        piece("toilettes_enfants", 0, 2, 2, 4.5, nom="Toilettes", equipements={"wc_adapte": 1}),
        porte((0.3, 2), (1.2, 2), largeur),
        porte((0, 0.5), (0, 1.5), 0.9),
    )
    assert acces(trace, "Portes du public : largeur de passage", neuf=False) == statut


def test_une_reponse_ouverte_ne_dit_pas_d_elargir():
    """Stair of 1.00 m for 0.80 m due: only the height of the floor is not known."""
    escalier = {"nature": "escalier", "points": boite(6, 0, 9, 3), "niveau": 1, "largeur_m": 1.0, "nom": "Escalier"}
    trace = plan(batiment(0, 0, 12, 6), piece("eveil", 0, 0, 12, 6, niveau=1), escalier)
    lu = constat(trace, "Issues, niveau 1 : nombre et largeur", **presents(17, par_niveau={1: 25}))
    assert (lu.statut, lu.suite) == ("a_verifier", "")
    assert "si le plancher est à plus de 8 m" in lu.seuil


def test_une_unite_a_l_etage_demande_ou_l_on_attend_les_secours():
    """GN 8: upper storeys of the public; the ground floor has its exits."""
    lus = [c for c in _voisinage(etage()) if c.id == "attente"]
    assert [(c.sujet, c.statut) for c in lus] == [("Espace d'attente sécurisé, niveau 1", "a_verifier")]
    assert not [c for c in _voisinage(salle(sur_rue(1, 0.9))) if c.id == "attente"]


def _voisinage(trace):
    return controler_voisinage(trace, reseaux_du_plan(trace), Situation(), FEU)


def chambre_au_fond(**champs):
    """Play room of 8 × 12 m with one door of 1.40 m to the street, changing room of 3 m, bedroom of 80 m² behind: no corridor."""
    return plan(
        batiment(0, 0, 8, 25),
        piece("eveil", 0, 0, 8, 12, nom="Éveil", effectif=18),
        piece("change", 0, 12, 8, 15, nom="Change"),
        piece("sommeil", 0, 15, 8, 25, nom="Chambre", **champs),
        porte((3, 0), (4.4, 0), 1.4),
        porte((4, 12), (4.9, 12), 0.9),
        porte((4, 15), (4.9, 15), 0.9),
    )


def constat(trace, sujet, **champs):
    (lu,) = [c for c in controler_issues(reseaux_du_plan(trace), Situation(**champs), FEU) if c.sujet == sujet]
    return lu


@pytest.mark.parametrize(
    ("champs", "places", "statut", "personnes"),
    [
        ({}, 12, "respecte", 17),
        ({"equipements": {"lits": 30}}, 30, "non_respecte", 35),
        ({"effectif": 18}, 30, "respecte", 18),
    ],
)
def test_une_chambre_ne_compte_pas_plus_de_monde_que_l_etablissement(champs, places, statut, personnes):
    """80 m² admit 74 beds; 12 places make 17 persons. 30 beds declared and 5 adults make 35, one door of 0.90 m is not enough."""
    lu = constat(chambre_au_fond(**champs), "Chambre : issues de la pièce", **presents(places))
    assert lu.statut == statut
    assert lu.seuil.startswith(f"{personnes} personnes")


def test_une_chambre_sans_lit_ni_effectif_ne_manque_pas_a_une_regle():
    """Nobody says how many sleep there: 42 persons at most would ask for two exits, 19 would not."""
    assert constat(chambre_au_fond(), "Issues des pièces", **presents(30)).statut == "a_verifier"
    assert constat(chambre_au_fond(), "Issues des pièces").statut == "a_verifier"


def test_une_piece_au_fond_d_autres_pieces_n_est_pas_sans_objet():
    """From the bedroom door to the street door: 3 m, then 12 m and 0.3 m aside, by hand; no corridor, more than 10 m."""
    lu = constat(chambre_au_fond(), "Cul-de-sac", **presents(12))
    assert lu.statut == "a_verifier"
    assert lu.valeur.startswith("15,0 m depuis Chambre")
    proche = plan(
        batiment(0, 0, 8, 10),
        piece("eveil", 0, 0, 8, 6, nom="Éveil"),
        piece("sommeil", 0, 6, 8, 10, nom="Chambre"),
        porte((3, 0), (4.4, 0), 1.4),
        porte((3, 6), (4, 6), 0.9),
    )
    assert constat(proche, "Cul-de-sac", **presents(12)).statut == "sans_objet"


def test_une_porte_au_milieu_d_une_piece_n_est_pas_une_issue():
    """52 persons: the second door of 0.90 m stands in the middle of the floor, and is told."""
    trace = salle(sur_rue(1, 0.9, nom="Rue"), porte((8, 3), (8.9, 3), 0.9, nom="Égarée"), effectif=30)
    assert constat(trace, "Salle : issues de la pièce", **presents(37)).statut == "non_respecte"
    assert "Égarée (Salle des deux côtés)" in constat(trace, "Portes hors d'un mur", **presents(37)).valeur


@pytest.mark.parametrize(("cinquieme", "statut"), [(True, "a_surveiller"), (False, "non_respecte")])
def test_en_5e_seules_les_portes_donnant_dehors_s_ouvrent_vers_la_sortie(cinquieme, statut):
    """PE 11 § 2 speaks of the doors to the open air, CO 45 § 1 of all those of a room of more than 50 persons."""
    trace = plan(
        batiment(0, 0, 12, 8),
        piece("circulation", 0, 0, 12, 2, nom="Couloir"),
        piece("eveil", 0, 2, 12, 8, nom="Salle", effectif=60),
        porte((0, 0.5), (0, 1.5), 1.0, vers=[-1, 1]),
        porte((2, 2), (3, 2), 1.0, nom="A", vers=[2, 3]),
    )
    assert constat(trace, "A (Salle) : sens d'ouverture", **presents(20, cinquieme=cinquieme)).statut == statut


def test_le_choix_entre_deux_sorties_est_celui_de_la_piece():
    """CO 43 § 2: a room of 40 m with its own single door has 30 m to walk, though the storey has another exit."""
    trace = plan(
        batiment(0, 0, 50, 6),
        piece("eveil", 0, 0, 40, 6, nom="Salle", effectif=15),
        piece("bureau", 40, 0, 50, 6, nom="Bureau"),
        porte((0, 2.3), (0, 3.7), 1.4),
        porte((44, 0), (45, 0), 1.0),
    )
    lu = constat(trace, "Plus long parcours vers une issue", **presents(20, cinquieme=False))
    assert (lu.statut, lu.seuil) == ("non_respecte", "30 m")
