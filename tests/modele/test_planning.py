"""Phases: dates and margins by hand and against longest paths by enumeration; the chain follows them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.decision.delais import appliquer_variante, couter_un_mois, echeances, lire_variante, tirer_delais
from pope_foncier.etude.scenarios import Dossier, varier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.planning import ordonner, placer
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
    dates = {p.phase.id: (p.debut.au_point(), p.fin.au_point(), p.marge.au_point()) for p in planning.phases}
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
    marge, avant = planning.de(f"p{choisie}").marge.au_point(), planning.du_role("ouverture").debut.au_point()
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
        ([*RESEAU[:4], phase("o", None, ["c"], "ouverture")], "on ouvrirait avant la fin des travaux"),
        ([*RESEAU[:4], phase("o", None, [], "ouverture")], "on ouvrirait avant la fin des travaux"),
        ([*RESEAU, phase("m", 6, ["o"], "montee_en_charge")], "delais.montee_en_charge_mois"),
        ([*RESEAU, phase("m", None, ["d"], "montee_en_charge")], "la seule ouverture"),
        ([*RESEAU, *(phase(n, None, ["o"], "montee_en_charge") for n in "mn")], "une seule phase"),
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
    assert planning.de("accord_caf").marge.au_point() == 1
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


def test_la_montee_en_charge_est_celle_de_l_etude(dossier, moteur):
    """Opening at month 13 by hand, and the ramp-up of the study after it; a draw of the study's field moves both."""
    phases = [*RESEAU, phase("m", None, ["o"], "montee_en_charge")]
    etude = varier(dossier, "essai", {"delais.phases": phases, "delais.montee_en_charge_mois": 7})
    ev = moteur.tirer(dossier, {"delais.montee_en_charge_mois": np.array([3.0, 18.0])}, etude)
    np.testing.assert_array_equal(ev.calendrier.planning.de("m").fin.valeur[:, 0], [16, 31])
    assert moteur.tirer(dossier, {}, etude).calendrier.planning.de("m").fin.au_point() == 20


def test_la_fin_de_la_montee_en_charge_est_tiree(dossier, moteur):
    """The study's ramp-up has a range (6 to 24 months, mode 12): triangular mean 14, whatever the other phases."""
    tirage = tirer_delais(appliquer_variante(dossier, EXEMPLE), moteur, 4000)
    durees = tirage.fins["montee_en_charge"] - tirage.ouvertures
    assert durees.min() >= 6
    assert durees.max() <= 24
    assert durees.mean() == pytest.approx(14, abs=0.3)


def test_les_durees_sont_tirees_en_triangle(dossier, moteur):
    """Feasibility 2 to 5 months, mode 3: mean (2 + 3 + 5) / 3, median 5 − √(3 × 2 / 2)."""
    fins = tirer_delais(appliquer_variante(dossier, EXEMPLE), moteur, 8000).fins["faisabilite"]
    assert fins.mean() == pytest.approx(10 / 3, abs=0.03)
    assert np.median(fins) == pytest.approx(5 - 3**0.5, abs=0.04)


def test_la_chaine_compte_des_mois_entiers_vers_le_haut(dossier, moteur):
    """Half a month more before the works: they start at month 10 and the opening is at month 14."""
    phases = [phase("c", 6.5, ["a"]) if p["id"] == "c" else p for p in RESEAU]
    ev = moteur.tirer(dossier, {}, varier(dossier, "essai", {"delais.phases": phases}))
    assert (ev.calendrier.debut_travaux.au_point(), ev.calendrier.ouverture.au_point()) == (10, 14)


def test_un_mois_de_plus_est_un_mois_meme_sur_des_travaux_en_decimales(dossier, moteur):
    phases = [*RESEAU[:3], phase("travaux_d", 4.5, ["b", "c"], "travaux"), phase("o", None, ["travaux_d"], "ouverture")]
    etude = varier(dossier, "essai", {"delais.phases": phases})
    effets = {e.phase: e for e in couter_un_mois(Dossier(dossier.nom, etude, dossier.site, {"base": etude}), moteur)}
    assert effets["travaux_d"].retard_mois == 1


@pytest.mark.parametrize(("mois", "lu"), [(22, ": tenu"), (22.5, "dépassé"), (None, "inconnu")])
def test_la_validite_de_l_avis_est_lue(dossier, moteur, mois, lu):
    """The opinion comes at month 12 and is valid 24; tenders start at 14, so 22 months of them still hold."""
    valeurs = dict(lire_variante(EXEMPLE))
    donnee = {"a_obtenir_de": "l'architecte"} if mois is None else {"valeur": mois, "base": "essai"}
    valeurs["delais.phases"] = [
        {**p, "duree_mois": donnee} if p["id"] == "consultation" else p for p in valeurs["delais.phases"]
    ]
    ev = moteur.tirer(dossier, {}, varier(dossier, "essai", valeurs))
    (phrase,) = echeances(ev.calendrier.planning, ev.ctx)
    assert [x for x in (": tenu", "dépassé", "inconnu") if x in phrase] == [lu]
