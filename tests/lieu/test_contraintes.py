"""Constraints: the whole checklist on a bare site, thresholds on both sides, evidence of the sheet."""

import math
from dataclasses import replace
from datetime import date

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.contraintes import EXAMENS, Projet, examiner, lire_contraintes
from pope_foncier.lieu.incendie import classer_erp
from pope_foncier.lieu.locaux import Local
from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import ConstatSite
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurDonnees

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()


@pytest.fixture
def nu(dossier):
    return Projet(dossier.site.model_copy(update={"domaine": "prive"}), CATALOGUE, JOUR)


def statuts(projet):
    return {c.id: c.statut for c in examiner(projet)}


def test_rien_n_est_suppose_sur_un_lieu_inconnu(nu):
    constats = examiner(nu)
    assert len(constats) == len(lire_contraintes().contraintes) == 15
    for c in constats:
        if c.id != "air_interieur":
            assert c.statut == "a_verifier", c.id
            assert c.a_demander_a, c.id
    assert all(c.source for c in constats if c.id not in ("accessibilite", "sol_sis", "monument"))


def test_chaque_examen_est_connu():
    assert {c.examen for c in lire_contraintes().contraintes} == set(EXAMENS)


# Storeys and children (a part of a child is a child) → class, from the fire rules of type R: 100 at ground level, 20 on one upper storey, any number on several.
NIVEAUX = [
    ({0: 99}, "respecte"),
    ({0: 100}, "concerne"),
    ({1: 19}, "respecte"),
    ({1: 20}, "concerne"),
    ({0: 41}, "respecte"),
    ({0: 10, 1: 1}, "concerne"),
    ({0: 23.6, 1: 0.4}, "concerne"),
    ({1: 19.2}, "concerne"),
    ({1: 5, 2: 3}, "concerne"),
    ({-1: 5, 0: 5}, "non_respecte"),
]


@pytest.mark.parametrize(("niveaux", "statut"), NIVEAUX)
def test_classe_de_securite_incendie(niveaux, statut):
    assert classer_erp(niveaux, CATALOGUE, JOUR)[0] == statut


@pytest.mark.parametrize(
    ("annee", "amiante", "plomb"),
    [
        (1913, "concerne", "concerne"),
        (1948, "concerne", "concerne"),
        (1949, "concerne", "sans_objet"),
        (1997, "concerne", "sans_objet"),
        (1998, "sans_objet", "sans_objet"),
    ],
)
def test_amiante_et_plomb_selon_l_annee(nu, annee, amiante, plomb):
    site = nu.site.model_copy(update={"annee_construction": Donnee(valeur=annee, base="essai")})
    lus = statuts(replace(nu, site=site))
    assert (lus["amiante"], lus["plomb"]) == (amiante, plomb)


@pytest.mark.parametrize(
    ("ici", "voisins", "statut"),
    [(200, 700, "sans_objet"), (200, 800, "concerne"), (None, 1000, "concerne"), (200, None, "a_verifier")],
)
def test_decret_tertiaire_avec_les_voisins(nu, ici, voisins, statut):
    def surface(v):
        return Donnee(valeur=v, base="essai") if v is not None else Donnee(a_obtenir_de="x")

    site = nu.site.model_copy(update={"surface_m2": surface(ici), "surface_tertiaire_voisine_m2": surface(voisins)})
    assert statuts(replace(nu, site=site))["decret_tertiaire"] == statut


@pytest.mark.parametrize(
    ("jour", "neuf", "statut"),
    [
        (date(2026, 4, 30), True, "sans_objet"),
        (date(2026, 5, 1), True, "concerne"),
        (JOUR, False, "sans_objet"),
        (JOUR, None, "a_verifier"),
    ],
)
def test_re2020_selon_la_date_et_les_travaux(nu, jour, neuf, statut):
    assert statuts(replace(nu, jour=jour, neuf=neuf))["re2020"] == statut


@pytest.mark.parametrize(("ecart", "statut"), [(49.9, "concerne"), (50.0, "sans_objet")])
def test_cinquante_metres_du_quai(nu, tmp_path, ecart, statut):
    chemin = tmp_path / "plan.yaml"
    chemin.write_text(
        'titre: x\nstatut: hypothese\nbase: "x"\nsysteme: local\nelements:\n'
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"
        f"  - {{nature: quai, points: [[0, {10 + ecart}], [90, {10 + ecart}], [90, {15 + ecart}], [0, {15 + ecart}]]}}\n",
        encoding="utf-8",
    )
    assert statuts(replace(nu, plan=lire_plan(chemin)))["rail_information"] == statut


def test_la_gare_est_sur_le_domaine_ferroviaire(dossier):
    lus = {c.id: c for c in examiner(Projet(dossier.site, CATALOGUE, JOUR, neuf=False))}
    assert lus["rail_information"].statut == "concerne"
    assert lus["rail_t1"].statut == "sans_objet"


def test_niveaux_lus_dans_les_locaux(nu):
    locaux = (
        Local(nom="a", fonction="eveil", surface_m2=60),
        Local(nom="b", fonction="sommeil", surface_m2=20, niveau=1),
        Local(nom="c", fonction="bureau", surface_m2=20, niveau=-1),
    )
    lus = {c.id: c for c in examiner(replace(nu, locaux=locaux, places=12.0))}
    assert lus["sous_sol"].statut == "respecte", "un bureau peut être en sous-sol"
    assert "3 enfants" in lus["erp_type_r"].valeur
    assert statuts(replace(nu, locaux=locaux, places=math.nan))["erp_type_r"] == "a_verifier"


def test_un_constat_de_la_fiche_l_emporte(nu):
    constat = ConstatSite(contrainte="sol_casias", statut="concerne", preuve="fiche CASIAS de 1952")
    lus = {c.id: c for c in examiner(replace(nu, site=nu.site.model_copy(update={"constats": (constat,)})))}
    assert (lus["sol_casias"].statut, lus["sol_casias"].valeur) == ("concerne", "fiche CASIAS de 1952")


def test_un_constat_d_une_contrainte_inconnue_est_refuse(nu):
    constat = ConstatSite(contrainte="sol_casia", statut="concerne", preuve="fiche CASIAS de 1952")
    with pytest.raises(ErreurDonnees, match="« sol_casia » inconnue.*choisir parmi : sous_sol"):
        examiner(replace(nu, site=nu.site.model_copy(update={"constats": (constat,)})))


def test_a_une_date_sans_regle_connue_tout_reste_a_verifier(nu):
    site = nu.site.model_copy(update={"annee_construction": Donnee(valeur=1913, base="essai")})
    lus = {c.id: c for c in examiner(replace(nu, site=site, jour=date(1990, 1, 1), neuf=True))}
    assert {lus[i].statut for i in ("rail_information", "amiante", "plomb", "decret_tertiaire", "re2020")} == {
        "a_verifier"
    }
    assert lus["plomb"].valeur == "règle inconnue à cette date"


def test_sans_local_d_enfants_la_classe_reste_a_verifier(nu):
    bureau = Local(nom="c", fonction="bureau", surface_m2=20)
    assert statuts(replace(nu, locaux=(bureau,), places=12.0))["erp_type_r"] == "a_verifier"


def plan_de_la_voie(tmp_path, ecart):
    chemin = tmp_path / "voie.yaml"
    chemin.write_text(
        'titre: x\nstatut: hypothese\nbase: "x"\nsysteme: local\nelements:\n'
        "  - {nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}\n"
        f"  - {{nature: voie, points: [[0, {10 + ecart}], [90, {10 + ecart}]]}}\n",
        encoding="utf-8",
    )
    return lire_plan(chemin)


@pytest.mark.parametrize(("ecart", "statut"), [(49.9, "concerne"), (52.1, "concerne"), (52.2, "sans_objet")])
def test_l_emprise_commence_avant_le_rail(nu, tmp_path, ecart, statut):
    """The emprise lies 2.20 m before the outer rail: 52.1 m from the rail is 49.9 m from the emprise."""
    assert statuts(replace(nu, plan=plan_de_la_voie(tmp_path, ecart)))["rail_information"] == statut


def test_les_bandes_de_bruit_sont_dites_avec_la_distance(nu, tmp_path):
    def lu(projet):
        (bruit,) = [c for c in examiner(projet) if c.id == "bruit"]
        assert bruit.statut == "a_verifier"
        return bruit.valeur

    assert "300, 250, 100, 30 et 10 m" in lu(nu)
    assert "bâtiment à 40,0 m : dans la bande des catégories 1 à 3" in lu(
        replace(nu, plan=plan_de_la_voie(tmp_path, 40))
    )
    assert "bâtiment à 400,0 m : hors de toutes les bandes" in lu(replace(nu, plan=plan_de_la_voie(tmp_path, 400)))
