"""Properties that hold for every loan, whatever its terms (hypothesis)."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pope_foncier.prets import (
    Anticipe,
    Deblocage,
    Emprunt,
    Frais,
    Indemnite,
    Revision,
    echeancier,
    placer_sur_mois,
    taux_effectif,
)
from pope_foncier.prets.contractuel import au_centime
from pope_foncier.prets.dimensionnement import Limites, couverture_vie_du_pret, dimensionner, sculpter
from pope_foncier.prets.effectif import flux_du_pret
from pope_foncier.prets.tranches import additionner
from pope_foncier.socle.racines import changements_de_signe
from pope_foncier.socle.rendement import tri, van

REGLAGES = settings(max_examples=60, deadline=None, derandomize=True)
capitaux = st.integers(1_000, 5_000_000).map(float)
taux_possibles = st.one_of(st.just(0.0), st.floats(1e-6, 0.12))
rythmes = st.sampled_from([12, 4, 2, 1])
annees = st.integers(1, 40)


@st.composite
def emprunts(draw, arrondis=("aucun", "echeance", "centime"), profils=None):
    """Loans of all profiles and graces, priced at random."""
    rythme, duree = draw(rythmes), draw(annees) * 12
    profil = draw(
        st.sampled_from(profils or ["annuite_constante", "capital_constant", "in_fine", "ballon", "progressif"])
    )
    differe = draw(st.sampled_from(["aucun", "partiel", "total_capitalise", "total_simple"]))
    mois = 0 if differe == "aucun" else draw(st.integers(0, max(duree // 12 - 1, 0))) * 12
    return Emprunt(
        capital=draw(capitaux),
        taux=draw(taux_possibles),
        duree_mois=duree,
        profil=profil,
        periodes_par_an=rythme,
        conversion=draw(st.sampled_from(["proportionnelle", "equivalente"])),
        differe=differe if mois else "aucun",
        differe_mois=mois,
        duree_profil_mois=duree + 60 if profil == "ballon" else None,
        progression=draw(st.floats(-0.03, 0.03)) if profil == "progressif" else 0.0,
        arrondi=draw(st.sampled_from(arrondis)),
    )


@REGLAGES
@given(emprunts())
def test_capital_rembourse_egale_capital_prete_et_interets_capitalises(e):
    t = echeancier(e)
    np.testing.assert_allclose(t.total("remboursement"), e.capital + t.total("interets_capitalises"), atol=0.005)


@REGLAGES
@given(emprunts())
def test_solde_jamais_negatif_et_dernier_nul(e):
    t = echeancier(e)
    assert t.capital_restant_du.min() >= -0.005
    assert t.capital_restant_du[0, -1] == 0.0


@REGLAGES
@given(emprunts())
def test_echeance_egale_interets_payes_et_capital_a_chaque_ligne(e):
    t = echeancier(e)
    np.testing.assert_allclose(t.echeance, t.interets_payes + t.remboursement, atol=1e-9)
    solde = t.capital_restant_du
    suite = solde[:, :-1] + t.deblocages[:, 1:] + t.interets_capitalises[:, 1:] - t.remboursement[:, 1:]
    np.testing.assert_allclose(suite, solde[:, 1:], atol=0.005)


@REGLAGES
@given(emprunts(arrondis=("aucun",)))
def test_interets_sur_le_solde_precedent(e):
    t = echeancier(e)
    attendus = t.capital_restant_du[:, :-1] * e.taux_periode
    np.testing.assert_allclose(t.interets[:, 1:], attendus, rtol=1e-9, atol=1e-6)


@REGLAGES
@given(capitaux, annees, rythmes)
def test_taux_nul(capital, duree, rythme):
    t = echeancier(Emprunt(capital, 0.0, duree * 12, periodes_par_an=rythme))
    np.testing.assert_allclose(t.echeance[0, 1:], capital / (duree * rythme), rtol=1e-12)
    assert abs(taux_effectif(t).taeg[0]) < 1e-9


@REGLAGES
@given(capitaux, taux_possibles, st.sampled_from(["annuite_constante", "capital_constant", "in_fine"]))
def test_une_seule_periode(capital, taux, profil):
    t = echeancier(Emprunt(capital, taux, 12, profil=profil, periodes_par_an=1))
    np.testing.assert_allclose(t.echeance[0, 1], capital * (1 + taux), rtol=1e-12)


@REGLAGES
@given(capitaux, taux_possibles, annees, rythmes, st.sampled_from(["annuite_constante", "progressif"]))
def test_a_echoir_contre_echu(capital, taux, duree, rythme, profil):
    e = Emprunt(capital, taux, 12 + duree * 12, periodes_par_an=rythme, profil=profil)
    echu, avance = echeancier(e), echeancier(e.avec(terme="a_echoir"))
    np.testing.assert_allclose(avance.echeance * (1 + e.taux_periode), echu.echeance[:, 1:], rtol=1e-8)
    assert avance.deblocages.shape == avance.echeance.shape


@REGLAGES
@given(capitaux, st.floats(1e-6, 0.12), st.integers(1, 36), st.integers(1, 20))
def test_differe_total_capitalise_exactement(capital, taux, differe, duree):
    e = Emprunt(capital, taux, duree * 12, differe="total_capitalise", differe_mois=differe, differe_en_plus=True)
    t = echeancier(e)
    np.testing.assert_allclose(t.capital_restant_du[0, differe], capital * (1 + taux / 12) ** differe, rtol=1e-12)
    ordinaire = echeancier(Emprunt(capital * (1 + taux / 12) ** differe, taux, duree * 12))
    np.testing.assert_allclose(t.echeance[0, differe + 1 :], ordinaire.echeance[0, 1:], rtol=1e-8)


@REGLAGES
@given(capitaux, st.floats(1e-4, 0.12), annees)
def test_plus_long_plus_d_interets(capital, taux, duree):
    court, long = (echeancier(Emprunt(capital, taux, 12 * (duree + plus))) for plus in (0, 1))
    assert long.total("interets")[0] > court.total("interets")[0]
    assert long.echeance[0, 1] < court.echeance[0, 1]


@REGLAGES
@given(
    capitaux,
    st.floats(0.005, 0.04),
    st.floats(-0.004, 0.03),
    st.floats(-0.02, 0.02),
    st.integers(3, 30),
    st.integers(1, 2),
)
def test_double_revisabilite_annuite_multipliee(capital, taux, choc, progression, duree, annee):
    indices = np.where(np.arange(duree * 12) < annee * 12, 0.015, 0.015 + choc)
    e = Emprunt(
        capital,
        taux,
        duree * 12,
        periodes_par_an=1,
        progression=progression,
        revision=Revision(indices, mode="double"),
    )
    t = echeancier(e)
    nouvelle = (1 + choc / (1 + taux)) * (1 + progression) - 1
    np.testing.assert_allclose(t.echeance[0, annee + 1], t.echeance[0, annee] * (1 + nouvelle), rtol=1e-8)
    np.testing.assert_allclose(t.progression[0, annee + 1], nouvelle, atol=1e-12)


@REGLAGES
@given(st.data(), st.sampled_from(["aucun", "centime"]), st.sampled_from(["aucun", "partiel", "total_capitalise"]))
def test_lot_egale_un_par_un(data, arrondi, differe):
    n = data.draw(st.integers(2, 5))
    capital, taux = (np.array(data.draw(st.lists(s, min_size=n, max_size=n))) for s in (capitaux, taux_possibles))
    duree = np.array(data.draw(st.lists(st.integers(3, 30), min_size=n, max_size=n))) * 12.0
    grace = (
        np.zeros(n) if differe == "aucun" else np.array(data.draw(st.lists(st.integers(0, 24), min_size=n, max_size=n)))
    )
    profil = data.draw(st.sampled_from(["annuite_constante", "capital_constant", "in_fine", "progressif"]))
    p = 0.01 if profil == "progressif" else 0.0
    communs = dict(profil=profil, progression=p, arrondi=arrondi, differe=differe)
    lot = echeancier(Emprunt(capital, taux, duree, differe_mois=grace, **communs))
    for i in range(n):
        seul = echeancier(Emprunt(capital[i], taux[i], duree[i], differe_mois=grace[i], **communs))
        fin = seul.echeance.shape[1]
        for colonne in ("echeance", "interets_payes", "interets_capitalises", "remboursement", "capital_restant_du"):
            np.testing.assert_allclose(lot.colonne(colonne)[i, :fin], seul.colonne(colonne)[0], rtol=1e-9, atol=1e-5)
            assert not lot.colonne(colonne)[i, fin:].any()


@REGLAGES
@given(emprunts(), st.floats(0.0, 0.03))
def test_taux_effectifs_annulent_les_flux(e, frais):
    t = echeancier(e.avec(frais=(Frais(taux=frais),)))
    effectif = taux_effectif(t)
    lu = flux_du_pret(t)
    assert abs(van(lu.flux, effectif.taeg, lu.temps)[0]) < 1e-7 * e.capital
    retour = (1 + effectif.teg / effectif.periodes_par_an) ** effectif.periodes_par_an - 1
    np.testing.assert_allclose(retour, effectif.taeg, atol=1e-12)


@REGLAGES
@given(capitaux, st.floats(0.001, 0.08), st.sampled_from(["in_fine", "annuite_constante"]), st.integers(1, 9))
def test_taux_effectifs_d_un_lot_egalent_ceux_de_chaque_pret(capital, taux, profil, duree):
    """A loan at zero rate pays nothing before its end: its unit period is its own, whatever stands beside it."""
    communs = dict(profil=profil, frais=(Frais(montant=capital * 0.01),))
    lot = taux_effectif(
        echeancier(Emprunt(capital, np.array([0.0, taux, taux]), np.array([12.0, 12.0, 24.0]) * duree, **communs))
    )
    for i, (t, n) in enumerate(((0.0, 12), (taux, 12), (taux, 24))):
        seul = taux_effectif(echeancier(Emprunt(capital, t, n * duree, **communs)))
        np.testing.assert_allclose(lot.periodes_par_an[i], seul.periodes_par_an[0])
        np.testing.assert_allclose([lot.teg[i], lot.taeg[i]], [seul.teg[0], seul.taeg[0]], atol=1e-11)


@REGLAGES
@given(emprunts(arrondis=("aucun",), profils=["annuite_constante", "capital_constant", "in_fine"]))
def test_contractuel_et_pleine_precision_a_quelques_centimes(e):
    exact, contrat = echeancier(e), echeancier(e.avec(arrondi="centime"))
    np.testing.assert_allclose(contrat.echeance, au_centime(contrat.echeance), atol=1e-7)
    ecart = np.abs(contrat.echeance - exact.echeance)
    assert ecart[0, 1:2].max() <= 0.0100001
    derive = 0.01 * exact.nombre[0, 0] * (1 + float(e.taux_periode[0, 0])) ** exact.nombre[0, 0]
    assert ecart.max() <= max(derive, 0.011)


@REGLAGES
@given(emprunts(arrondis=("aucun",)), st.integers(0, 40))
def test_axe_mensuel_conserve_les_flux(e, debut):
    t = echeancier(e)
    places = placer_sur_mois(t, debut + int(t.mois[-1]) + 1, debut)
    for colonne in ("deblocages", "interets_payes", "remboursement", "echeance"):
        np.testing.assert_allclose(places[colonne].sum(axis=1), t.total(colonne), rtol=1e-12)
    solde = places["capital_restant_du"]
    assert not solde[:, :debut].any()
    mouvements = places["deblocages"] + places["interets_capitalises"] - places["remboursement"]
    np.testing.assert_allclose(np.cumsum(mouvements, axis=1), solde, atol=1e-5 + 1e-9 * e.capital)


@REGLAGES
@given(capitaux, st.floats(0.001, 0.1), st.sampled_from([12, 4]), st.sampled_from(["payes", "capitalises", "finances"]))
def test_deblocages_et_axe_mensuel(capital, taux, rythme, interets):
    deblocages = (Deblocage(0, part=0.25), Deblocage(5, part=0.5), Deblocage(11, part=0.25))
    e = Emprunt(
        capital,
        taux,
        120,
        periodes_par_an=rythme,
        prefinancement_mois=12,
        interets_prefinancement=interets,
        deblocages=deblocages,
    )
    t = echeancier(e)
    if interets == "finances":
        np.testing.assert_allclose(t.capital_restant_du[0, rythme], capital, rtol=1e-12)
    else:
        np.testing.assert_allclose(t.total("deblocages"), capital, rtol=1e-12)
    places = placer_sur_mois(t, 140)
    mouvements = places["deblocages"] + places["interets_capitalises"] - places["remboursement"]
    np.testing.assert_allclose(np.cumsum(mouvements, axis=1), places["capital_restant_du"], atol=1e-9 * capital + 1e-6)


@REGLAGES
@given(capitaux, st.floats(0.001, 0.1), st.integers(3, 20), st.floats(0.05, 1.0))
def test_remboursement_anticipe(capital, taux, duree, part):
    e = Emprunt(capital, taux, duree * 12, anticipes=(Anticipe(24, part=part),))
    t, sans = echeancier(e), echeancier(e.avec(anticipes=()))
    np.testing.assert_allclose(t.echeance[0, 25:], sans.echeance[0, 25:] * (1 - part), rtol=1e-7, atol=1e-6)
    court = echeancier(e.avec(anticipes=(Anticipe(24, part=part, mode="reduire_duree"),)))
    assert court.nombre[0, 0] <= sans.nombre[0, 0]
    assert court.total("interets")[0] <= t.total("interets")[0] + 1e-6


@REGLAGES
@given(capitaux, st.floats(0.005, 0.08), st.floats(0.0005, 0.08), st.integers(3, 20))
def test_indemnite_actuarielle(capital, taux, reference, duree):
    clause = Indemnite("actuarielle", taux_reference=reference)
    t = echeancier(Emprunt(capital, taux, duree * 12, anticipes=(Anticipe(12, indemnite=clause),)))
    assert (t.total("frais")[0] > 1e-9) == (reference < taux) or abs(reference - taux) < 1e-9


@REGLAGES
@given(st.lists(st.floats(1_000, 100_000), min_size=1, max_size=30), st.floats(1.0, 2.0), st.floats(0.001, 0.1))
def test_llcr_egale_dscr_quand_la_dette_est_sculptee(disponible, dscr, taux):
    dette = sculpter(disponible, dscr, taux)
    np.testing.assert_allclose(couverture_vie_du_pret(dette.tableau, disponible), dscr, rtol=1e-9)


@REGLAGES
@given(emprunts(arrondis=("aucun",), profils=["annuite_constante", "capital_constant"]), st.floats(1.0, 2.0))
def test_dimensionnement_atteint_le_dscr_sans_le_depasser(e, dscr):
    r = dimensionner(e, Limites(disponible=50_000.0, dscr=dscr, valeur=1e12, ltv=0.8))
    service = echeancier(e.avec(capital=r.montant)).par_annee_de_pret("echeance")
    np.testing.assert_allclose(50_000.0 / service.max(), dscr, rtol=1e-7)
    assert r.contrainte[0] == "dscr"


@REGLAGES
@given(capitaux, capitaux, taux_possibles, taux_possibles)
def test_tranches_additionnees(a, b, taux_a, taux_b):
    un, deux = echeancier(Emprunt(a, taux_a, 120)), echeancier(Emprunt(b, taux_b, 240, periodes_par_an=4))
    somme = additionner([un, deux], mois_debut=[0, 6])
    np.testing.assert_allclose(somme["echeance"].sum(), un.echeance.sum() + deux.echeance.sum(), rtol=1e-12)
    assert somme["echeance"].shape == (1, 247)


def test_changements_de_signe():
    """Zeros are left out, flows of the same time are added before their sign is read."""
    flux = np.array([[0, -1, 0, 2, 0, -1, 0], [0] * 7, [1, 1, 0, 1, -1, 0, 0], [-1, 0, 0, 0, 0, 0, -1]], dtype=float)
    assert list(changements_de_signe(flux, np.arange(7.0))) == [2, 0, 1, 0]
    assert list(changements_de_signe(np.array([[1.0, -2.0, 5.0, -1.0]]), np.array([0.0, 3.0, 1.0, 0.0]))) == [1]


@REGLAGES
@given(st.lists(st.integers(-500, 1500), min_size=1, max_size=4, unique=True))
def test_toutes_les_racines(milliemes):
    """Flows built from known roots: all are found, two of them being as near as 0.1 % (not three)."""
    racines = np.sort(np.array(milliemes)) / 1000.0
    assume(racines.size < 3 or np.min(racines[2:] - racines[:-2]) > 0.05)
    trouve = tri(np.poly(1 + racines))
    assert trouve.nombre[0] == racines.size
    np.testing.assert_allclose(trouve.racines[0, : racines.size], racines, atol=2e-6)


@REGLAGES
@given(st.integers(-300, 600), st.integers(-300, 600))
def test_racine_double(double, simple):
    """A root where the value touches zero without crossing it counts twice, alone or beside a simple one."""
    r, autre = double / 1000.0, simple / 1000.0
    seule = tri(np.poly([1 + r, 1 + r]))
    assert seule.statut[0] == "plusieurs"
    np.testing.assert_allclose(seule.racines[0], [r, r], atol=1e-5)
    assert np.isnan(seule.valeur[0])
    if double != simple:
        assert tri(np.poly([1 + r, 1 + r, 1 + autre])).nombre[0] == 3
    au_dessus = np.poly([1 + r, 1 + r]) + np.array([0.0, 0.0, 1e-4])
    assert tri(au_dessus).nombre[0] == 0


@REGLAGES
@given(
    st.lists(st.integers(-40, 40).map(lambda n: n / 4), min_size=2, max_size=7),
    st.lists(st.sampled_from([-1.0, 1.0]), min_size=7, max_size=7),
)
def test_le_statut_suit_la_parite_des_changements_de_signe(exposants, signes):
    """Amounts from 1e-10 to 1e10: one change of sign is one rate, an even number is never one rate."""
    flux = np.array([s * 10.0**e for e, s in zip(exposants, signes, strict=False)])
    changements = int(np.count_nonzero(flux[1:] * flux[:-1] < 0))
    trouve = tri(flux)
    doubles = np.concatenate([flux, flux[::-1], [1.0, -1.0]])
    temps = np.concatenate([np.arange(len(flux)), np.arange(len(flux))[::-1], [0.0, 0.0]])
    np.testing.assert_array_equal(tri(doubles, temps).nombre, trouve.nombre)
    assert (trouve.nombre[0] + trouve.hors_bornes[0]) % 2 == changements % 2
    assert trouve.nombre[0] <= changements
    if changements == 1:
        assert (trouve.statut[0] == "unique") != trouve.hors_bornes[0]
    if changements % 2 == 0:
        assert trouve.statut[0] != "unique"
    assert (trouve.motif[0] == "") == (trouve.statut[0] == "unique")
    for racine in trouve.racines[0][: trouve.nombre[0]]:
        termes = flux * (1 + racine) ** -np.arange(len(flux))
        assert abs(termes.sum()) < 1e-6 * np.abs(termes).sum()


def test_racines_serrees_dans_un_lot():
    """Draws of one batch are searched one by one: only those that may hide roots, and each keeps its own."""
    lot = np.stack([np.poly([1.05, 1.0503, 1.02]), np.poly([1.3, 1 + 1j, 1 - 1j]).real, [-100.0, 40.0, 40.0, 40.0]])
    trouve = tri(lot)
    assert list(trouve.nombre) == [3, 1, 1]
    np.testing.assert_allclose(trouve.racines[0], [0.02, 0.05, 0.0503], atol=1e-7)
    assert trouve.valeur[1] == pytest.approx(0.3)
