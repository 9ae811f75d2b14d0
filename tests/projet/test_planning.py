"""Phases: dates and margins by hand and against longest paths by enumeration; the chain follows them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.analyse.delais import appliquer_variante, couter_un_mois, echeances, tirer_delais
from pope_foncier.analyse.scenarios import varier
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.planning import ordonner, placer
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from tests.conftest import DONNEES

EXEMPLE = DONNEES / "exemples" / "travaux_par_lots.yaml"


def phase(identite, duree=None, apres=(), role=None):
    d = {"id": identite, "libelle": identite, "apres": list(apres)}
    if duree is not None:
        d["duree_mois"] = {"valeur": duree, "base": "essai"}
    if role:
        d["role"] = role
    return d


def planifier(dossier, moteur, phases, tirages=None):
    etude = varier(dossier, "essai", {"delais.phases": phases})
    return placer(Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions, tirages or {}))


# a 3 → b 2 → d ; a → c 6 → d ; d (works) 4 → o. By hand: c 3–9, works 9–13, b may slip 4 months.
RESEAU = [
    phase("a", 3),
    phase("b", 2, ["a"]),
    phase("c", 6, ["a"]),
    phase("d", 4, ["b", "c"], "travaux"),
    phase("o", None, ["d"], "ouverture"),
    phase("apres", 5, ["o"]),
]


def test_dates_marges_et_chemin_critique_a_la_main(dossier, moteur):
    planning = planifier(dossier, moteur, RESEAU)
    dates = {p.phase.id: (p.debut.au_point(), p.fin.au_point(), p.marge.item()) for p in planning.phases}
    assert {k: v for k, v in dates.items() if k != "apres"} == {
        "a": (0, 3, 0),
        "b": (3, 5, 4),
        "c": (3, 9, 0),
        "d": (9, 13, 0),
        "o": (13, 13, 0),
    }
    assert dates["apres"][:2] == (13, 18)
    assert np.isnan(dates["apres"][2]), "ce qui suit l'ouverture ne la retarde pas"
    assert planning.chemin_critique() == ("a", "c", "d", "o")


reseaux = st.integers(2, 7).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 12), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(0, n), max_size=3), min_size=n, max_size=n),
    )
)


def construire(durees, liens):
    phases = [phase(f"p{i}", d, {f"p{j}" for j in liens[i] if j < i}) for i, d in enumerate(durees)]
    phases[-1]["role"] = "travaux"
    return [*phases, phase("o", None, [p["id"] for p in phases], "ouverture")]


def plus_long(phases, fin):
    par_id = {p["id"]: p for p in phases}
    amont = max((plus_long(phases, a) for a in par_id[fin]["apres"]), default=0.0)
    return amont + par_id[fin].get("duree_mois", {"valeur": 0})["valeur"]


@settings(max_examples=40)
@given(reseaux)
def test_l_ouverture_est_le_plus_long_chemin(dossier, moteur, reseau):
    phases = construire(*reseau)
    planning = planifier(dossier, moteur, phases)
    assert planning.du_role("ouverture").debut.au_point() == plus_long(phases, "o")


@settings(max_examples=25)
@given(reseaux, st.data())
def test_la_marge_est_ce_qu_une_phase_peut_perdre(dossier, moteur, reseau, data):
    """Slipping by the margin leaves the opening; one month more delays it by one month."""
    phases = construire(*reseau)
    planning = planifier(dossier, moteur, phases)
    choisie = data.draw(st.integers(0, len(phases) - 2))
    marge, avant = planning.de(f"p{choisie}").marge.item(), planning.du_role("ouverture").debut.au_point()
    for plus, attendu in ((marge, avant), (marge + 1, avant + 1)):
        etires = [dict(p) for p in phases]
        duree = etires[choisie]["duree_mois"]["valeur"] + plus
        etires[choisie]["duree_mois"] = {"valeur": duree, "base": "essai"}
        assert planifier(dossier, moteur, etires).du_role("ouverture").debut.au_point() == pytest.approx(attendu)


def test_les_tirages_donnent_ce_que_donne_chaque_valeur(dossier, moteur):
    durees = np.array([1.0, 2.0, 6.0, 9.5])
    ensemble = planifier(dossier, moteur, RESEAU, {"delais.phases[b].duree_mois": durees})
    for i, d in enumerate(durees):
        seul = planifier(dossier, moteur, [phase("b", d, ["a"]) if p["id"] == "b" else p for p in RESEAU])
        assert ensemble.du_role("ouverture").debut.valeur[i, 0] == seul.du_role("ouverture").debut.au_point()


def test_une_duree_inconnue_rend_l_ouverture_inconnue(dossier, moteur):
    inconnue = {**phase("b", None, ["a"]), "duree_mois": {"a_obtenir_de": "la commune"}}
    planning = planifier(dossier, moteur, [inconnue if p["id"] == "b" else p for p in RESEAU])
    ouverture = planning.du_role("ouverture").debut
    assert np.isnan(ouverture.au_point())
    assert any("la commune" in m for m in ouverture.manques)


def test_un_bareme_en_jours_est_compte_en_mois(dossier, moteur):
    """15 days are 15 / 30.4375 months."""
    jours = {**phase("b", None, ["a"]), "duree_mois": {"bareme": "delais.procedures.dossier_ouverture_jours"}}
    planning = planifier(dossier, moteur, [jours if p["id"] == "b" else p for p in RESEAU])
    assert planning.de("b").fin.au_point() == pytest.approx(3 + 15 / 30.4375)


def test_la_chaine_suit_les_phases(dossier, moteur):
    """Works from month 9, opening at month 13, as the same study with 9 and 4 months."""
    simple = {"delais.etudes_mois": {"valeur": 9, "base": "e"}, "delais.travaux_mois": {"valeur": 4, "base": "e"}}
    attendue = moteur.tirer(dossier, {}, varier(dossier, "simple", simple))
    vue = moteur.tirer(dossier, {}, varier(dossier, "phases", {"delais.phases": RESEAU}))
    assert (vue.calendrier.debut_travaux.au_point(), vue.calendrier.ouverture.au_point()) == (9, 13)
    for code in ("besoins.total", "ressources.total", "exploitation.resultat"):
        np.testing.assert_allclose(vue.livre[code].valeur, attendue.livre[code].valeur)


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ([*RESEAU, phase("a", 1)], "phase en double"),
        ([phase("a", 1, ["rien"]), *RESEAU[1:]], "qui n'existe pas"),
        ([p for p in RESEAU if p["id"] != "apres"][:-1], "0 phase(s) de rôle « ouverture »"),
    ],
)
def test_une_liste_de_phases_fausse_est_refusee(dossier, phases, message):
    with pytest.raises(ErreurDonnees) as erreur:
        varier(dossier, "essai", {"delais.phases": phases})
    assert message in str(erreur.value)


def test_des_phases_qui_tournent_en_rond(dossier, moteur):
    phases = [phase("a", 3, ["c"]), *RESEAU[1:]]
    etude = varier(dossier, "essai", {"delais.phases": phases})
    with pytest.raises(ErreurCalcul, match="tournent en rond"):
        ordonner(etude.delais.phases)


def test_l_exemple_de_la_gare(dossier, moteur):
    """By hand: feasibility 3, design 7, SNCF 9, permit 14, tenders 17; commune 12, Caf 16; works 17–26, visit 27."""
    avec = appliquer_variante(dossier, Path(EXEMPLE))
    ev = moteur.tirer(avec, {})
    planning = ev.calendrier.planning
    assert (ev.calendrier.debut_travaux.au_point(), ev.calendrier.ouverture.au_point()) == (17, 27)
    assert planning.de("accord_caf").marge.item() == 1
    assert planning.chemin_critique()[-3:] == ("Travaux", "Visite de sécurité et levée des réserves", "Ouverture")
    assert echeances(planning, ev.ctx) == (
        "Demande au département 5 mois après l'avis de la commune, valable 24\u00a0mois : tenu.".replace("\u00a0", " "),
    )


def test_les_tirages_de_delais_penchent_vers_le_retard(dossier, moteur):
    avec = appliquer_variante(dossier, EXEMPLE)
    tirage = tirer_delais(avec, moteur, 400)
    bas, milieu, haut = tirage.quantiles(0.1, 0.5, 0.9)
    assert milieu > 27, "plusieurs chemins presque égaux : la médiane dépasse la somme des durées probables"
    assert bas < milieu < haut
    assert tirage.part_critique["travaux"] == 1
    assert 0 < tirage.part_critique["titre"] < 1
    np.testing.assert_array_equal(tirage.ouvertures, tirer_delais(avec, moteur, 400).ouvertures)


def test_un_mois_de_plus_ne_coute_jamais_moins(dossier, moteur):
    effets = {e.phase: e for e in couter_un_mois(appliquer_variante(dossier, EXEMPLE), moteur)}
    assert all(e.retard_mois == 1 for e in effets.values())
    for e in effets.values():
        assert all(m > 0 for nom, m in e.detail.items() if "roulement" not in nom), (
            "le BFR suit le calendrier de la Caf"
        )
    assert effets["Travaux"].besoins > effets["Consultation des entreprises"].besoins, (
        "un loyer de plus pendant les travaux"
    )


def test_sans_phases_pas_de_tirage(dossier, moteur):
    with pytest.raises(ErreurCalcul, match="pas de phases"):
        tirer_delais(dossier, moteur)
