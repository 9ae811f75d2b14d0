"""Names of rooms and storeys: the table agrees with the list of functions, and words are read as an architect reads them."""

import doctest

import pytest

from pope_foncier.lieu.fichiers import noms_de_pieces
from pope_foncier.lieu.fichiers.noms_de_pieces import NomsDePieces, lire_nom, mots_de, niveau_du_nom
from pope_foncier.lieu.locaux import lire_fonctions
from pope_foncier.lieu.plan import Nature
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import lire_fiche


def test_la_table_ne_nomme_que_des_fonctions_connues_et_chaque_mot_une_fois():
    table = lire_fiche(NomsDePieces, dossier_donnees() / "locaux" / "noms_de_pieces.yaml")
    assert set(table.fonctions) == set(lire_fonctions())
    assert set(table.natures) <= set(Nature.__args__)
    listes = [m.mots + m.a_confirmer for m in table.fonctions.values()]
    listes += [table.sans_fonction, table.dehors, *table.natures.values()]
    mots = [mots_de(mot) for liste in listes for mot in liste]
    assert sorted({m for m in mots if mots.count(m) > 1}) == []


@pytest.mark.parametrize(
    ("nom", "fonction", "a_confirmer"),
    [
        ("Vestiaire du personnel", "personnel", False),
        ("VESTIAIRES ENFANTS", "vestiaire_enfants", False),
        ("Salle d'éveil n°2", "eveil", False),
        ("Dégagement", "circulation", False),
        ("LPO", "poussettes", False),
        ("WC", "personnel", True),
        ("Séjour", "eveil", True),
        ("Cuisine / séjour", "", True),
        ("Éveil, repas, motricité", "eveil", True),
        ("Change, toilettes", "", True),
        ("MSTR. BATH", "personnel", True),
        ("UTIL.", "lingerie", False),
    ],
)
def test_un_nom_dit_une_fonction_ou_la_propose(nom, fonction, a_confirmer):
    lu = lire_nom(nom)
    assert (lu.fonction, lu.a_confirmer) == (fonction, a_confirmer)


def test_ce_qui_n_est_pas_une_piece_ne_recoit_aucune_fonction():
    assert lire_nom("Terrasse").dehors
    assert lire_nom("Cage d'escalier").nature == "escalier"
    assert lire_nom("2 CAR GARAGE").fonction == ""
    assert lire_nom("A6") is None


def test_les_niveaux_se_lisent_sans_etre_devines():
    noms = (
        "RDC",
        "R+1",
        "N03",
        "1er étage",
        "S02",
        "Sous-sol",
        "R-1",
        "Plan du rez-de-chaussée",
        "RDJ",
        "SU_bureau",
        "Salle 3",
    )
    assert [niveau_du_nom(n) for n in noms] == [0, 1, 3, 1, -2, -1, -1, 0, None, None, None]


def test_les_exemples_du_module():
    assert doctest.testmod(noms_de_pieces).failed == 0
