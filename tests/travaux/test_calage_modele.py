"""Law of the cost model: regression, range, what is not said, departments, choice of a form. Expected values as each test says."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.travaux.calage import departements_appris, essayer
from pope_foncier.travaux.calage_donnees import lire_operations, observer
from pope_foncier.travaux.calage_modele import COLONNES, Plan, ajuster, au_ratio, lire_reglages
from pope_foncier.travaux.cout import lire_couts

CATALOGUE = Catalogue()
REGLAGES = lire_reglages()
MAISON = observer(lire_operations(), CATALOGUE, REGLAGES.date_prix)
DEPARTEMENTS = departements_appris(MAISON, REGLAGES)


def reglages(**changes):
    """Settings with other numbers."""
    return REGLAGES.model_copy(update=changes)


def test_sans_loi_de_student_le_modele_est_la_regression_bayesienne_connue():
    """Normal errors of a known variance: the posterior is (X'X/s² + P)⁻¹ (X'y/s² + P m), worked here with numpy alone."""
    r = reglages(degres=1e9, poids_ecart=1e12)
    x = np.array([[1.0, *(COLONNES[nom](o, r) for nom in r.effets)] for o in MAISON])
    surfaces = np.array([o.operation.surface_m2 or 14 * o.operation.places for o in MAISON])
    y = np.log([o.montant for o in MAISON]) - np.log(surfaces)
    ordinaire = np.array(
        [o.operation.genre == "neuf" and not o.operation.mam and not o.operation.modulaire for o in MAISON]
    )
    s2 = 0.30**2 * np.where(ordinaire, 1.0, 1.2**2) + 0.10**2
    s2 += np.where([o.operation.surface_m2 is None for o in MAISON], (0.7 * 0.22) ** 2, 0.0)
    s2 += np.where([o.operation.genre == "autre" for o in MAISON], 0.27**2, 0.0)
    tait = [o.operation.genre in ("reemploi", "amenagement") and o.operation.profondeur is None for o in MAISON]
    s2 += np.where(tait, 0.28**2, 0.0)
    m = np.array([0.0, *(e.attendu for e in r.effets.values())])
    p = np.diag([1e-6, *(1 / e.ecart**2 for e in r.effets.values())])
    covariance = np.linalg.inv(x.T @ (x / s2[:, None]) + p)
    coefficients = covariance @ (x.T @ (y / s2) + p @ m)
    a = ajuster(Plan.dresser(MAISON, r), np.array([o.montant for o in MAISON]), r)
    assert a.coefficients[0] == pytest.approx(coefficients, abs=1e-6)
    assert a.covariance[0] == pytest.approx(covariance, abs=1e-8)


def test_la_fourchette_est_celle_de_student_a_la_main():
    """Limeil (new, area known): t with 4 degrees has its 90 % point at 1.5332; scale² = variance + x' V x."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES, DEPARTEMENTS), np.array([o.montant for o in MAISON]), REGLAGES)
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    plan = Plan.dresser([limeil], REGLAGES, DEPARTEMENTS)
    centre, (bas, haut) = a.prevoir(plan, REGLAGES.quantiles)
    echelle = np.sqrt(a.variance[0] + plan.x[0] @ a.covariance[0] @ plan.x[0])
    assert np.log(haut / centre)[0, 0] == pytest.approx(1.5332 * echelle, rel=1e-4)
    assert np.log(centre / bas)[0, 0] == pytest.approx(1.5332 * echelle, rel=1e-4)


def test_une_operation_folle_ne_deplace_pas_le_modele():
    """One cost multiplied by a hundred moves the level five times less than it would with normal errors."""
    deplacement = {}
    for degres in (4.0, 1e9):
        r = reglages(degres=degres)
        plan, montants = Plan.dresser(MAISON, r), np.array([o.montant for o in MAISON])
        fou = np.where(np.arange(len(montants)) == 0, 100 * montants, montants)
        avant, apres = (ajuster(plan, v, r).coefficients[0, 0] for v in (montants, fou))
        deplacement[degres] = abs(apres - avant)
    assert deplacement[4.0] < deplacement[1e9] / 5


def test_ce_que_la_description_tait_elargit_la_fourchette():
    """Reuse said to be a conversion, then of a depth not said; a kind said, then not: same premises, wider range."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    modele = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")

    def largeur(**change):
        dite = replace(modele, operation=replace(modele.operation, **change))
        _, bornes = a.prevoir(Plan.dresser([dite], REGLAGES), REGLAGES.quantiles)
        return bornes[1, 0, 0] / bornes[0, 0, 0]

    dites = [largeur(genre="reemploi", profondeur=p) for p in ("transformation", "lourde")]
    assert largeur(genre="reemploi", profondeur=None) > 1.1 * max(dites)
    assert largeur(genre="autre") > 1.1 * largeur(genre="neuf")


def test_une_profondeur_non_dite_est_entre_les_trois():
    """A quarter heavy, a twentieth refreshed, the rest converted, in logarithm: between a conversion and heavy works."""
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    modele = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lus = {
        p: float(
            a.centre(
                Plan.dresser(
                    [replace(modele, operation=replace(modele.operation, genre="reemploi", profondeur=p))], REGLAGES
                )
            )[0, 0]
        )
        for p in ("rafraichissement", "transformation", "lourde", None)
    }
    melange = 0.05 * lus["rafraichissement"] + 0.70 * lus["transformation"] + 0.25 * lus["lourde"]
    assert lus[None] == pytest.approx(melange)


def test_la_loi_predictive_est_celle_d_un_echantillonneur():
    """Gibbs sampling of the same law in numpy alone, on what teaches Limeil: its P10, median and P90 within 4 %.

    y = x'b + e1 + e2, e1 of Student's law (a normal of variance v r / l, l ~ gamma), e2 normal of known variance; inverse gamma on v.
    """
    jugee = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lignes = [o for o in MAISON if not o.jumelle(jugee)]
    plan, elle = (Plan.dresser(x, REGLAGES, DEPARTEMENTS) for x in (lignes, [jugee]))
    montants = np.array([o.montant for o in lignes])
    prevu, bornes = ajuster(plan, montants, REGLAGES).prevoir(elle, (0.1, 0.9))
    hasard, n, nu, v = np.random.default_rng(1), len(lignes), 4.0, 0.09
    y, moyens = np.log(montants) - plan.depart, [e.attendu for e in REGLAGES.effets.values()]
    attendu = np.array([0.0, *moyens, *[0.0] * len(DEPARTEMENTS)])
    ecarts = [1e3, *(e.ecart for e in REGLAGES.effets.values()), *[0.10] * len(DEPARTEMENTS)]
    p, poids, tires = np.diag(np.array(ecarts) ** -2.0), np.ones(n), []
    for tour in range(3000):
        propre = v * plan.relatif / poids
        totale = propre + plan.ajout
        covariance = np.linalg.inv(plan.x.T @ (plan.x / totale[:, None]) + p)
        moyenne = covariance @ (plan.x.T @ (y / totale) + p @ attendu)
        b = moyenne + np.linalg.cholesky(covariance) @ hasard.standard_normal(len(moyenne))
        residu = y - plan.x @ b
        e1 = residu * propre / totale + np.sqrt(propre * plan.ajout / totale) * hasard.standard_normal(n)
        poids = hasard.gamma((nu + 1) / 2, 2 / (nu + e1**2 / (v * plan.relatif)))
        v = 1 / hasard.gamma((20 + n) / 2, 2 / (20 * 0.30**2 + np.sum(poids * e1**2 / plan.relatif)))
        if tour >= 500:
            erreur = np.sqrt(v * elle.relatif[0]) * hasard.standard_t(nu)
            tires.append(elle.x[0] @ b + elle.depart[0] + erreur)
    tirage = np.exp(np.quantile(tires, [0.1, 0.5, 0.9]))
    assert [bornes[0, 0, 0], prevu[0, 0], bornes[1, 0, 0]] == pytest.approx(list(tirage), rel=0.04)


def test_un_departement_qui_a_une_seule_operation_n_a_pas_de_colonne():
    """Its effect cannot be learnt: it widens the range as that of an unknown department does."""
    seul = next(o for o in MAISON if o.operation.id == "tours-leccia")
    assert {"37", "75"} <= set(DEPARTEMENTS)
    assert "80" not in DEPARTEMENTS
    ailleurs = replace(seul, operation=replace(seul.operation, departement="80"))
    tu = replace(seul, operation=replace(seul.operation, departement=None))
    ajouts = Plan.dresser([seul, ailleurs, tu], REGLAGES, DEPARTEMENTS).ajout
    assert ajouts == pytest.approx([0.0, 0.10**2, 0.10**2])


def test_un_module_et_des_travaux_lourds_ont_leur_ratio():
    """300 m² of a total: × 1.35, at 2 725 €/m² (modules, 2 500 to 2 950) and 3 750 (restructuring, 3 000 to 4 500)."""
    milieux = {nom: g.milieu for nom, g in lire_couts().genres.items()}
    base = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    lus = [
        au_ratio(replace(base, operation=replace(base.operation, surface_m2=300.0, **x)), milieux, 1.0, REGLAGES)
        for x in ({"modulaire": True}, {"genre": "reemploi", "profondeur": "lourde"}, {"genre": "reemploi"})
    ]
    assert lus == pytest.approx([300 * 2725 * 1.35, 300 * 3750 * 1.35, 300 * 2700 * 1.35])


def test_sans_surface_la_fourchette_est_plus_large():
    a = ajuster(Plan.dresser(MAISON, REGLAGES), np.array([o.montant for o in MAISON]), REGLAGES)
    limeil = next(o for o in MAISON if o.operation.id == "limeil-brevannes-79e")
    sans = replace(limeil, operation=replace(limeil.operation, surface_m2=None))
    _, bornes = a.prevoir(Plan.dresser([limeil, sans], REGLAGES), REGLAGES.quantiles)
    rapports = bornes[1, 0] / bornes[0, 0]
    assert rapports[1] > rapports[0]


def test_le_choix_imbrique_est_celui_de_deux_boucles(monkeypatch):
    """Choice among two forms and its score, by plain loops over single fits, on the first thirty costs."""
    maison, formes = MAISON[:30], REGLAGES.formes[:2]
    monkeypatch.setattr("pope_foncier.travaux.calage.observer", lambda *_: maison)
    monkeypatch.setattr("pope_foncier.travaux.calage_modele.lire_reglages", lambda: reglages(formes=formes))
    montants = np.array([o.montant for o in maison])
    lots = []
    for i, o in enumerate(maison):
        siens = [lot for lot in lots if any(o.jumelle(maison[j]) for j in lot)]
        lots = [lot for lot in lots if lot not in siens] + [[i, *(j for lot in siens for j in lot)]]

    def ecarts(forme, vus, dehors):
        r = REGLAGES.selon(forme)
        garde = np.array([[i not in dehors for i in range(len(maison))]])
        plan = Plan.dresser(maison, r, departements_appris(maison, r))
        return ajuster(plan, montants, r, garde).centre(plan)[0, vus] - np.log(montants[vus])

    choisies, erreurs = [], []
    for juge in lots:
        moyennes = [
            np.mean(np.concatenate([np.abs(ecarts(f, a, juge + a)) for a in lots if a != juge])) for f in formes
        ]
        choisies.append(formes[int(np.argmin(moyennes))])
        erreurs.extend(np.abs(np.exp(ecarts(choisies[-1], juge, juge)) - 1))
    essais = essayer(CATALOGUE)
    assert essais.choisie == {f.nom: choisies.count(f) for f in formes}
    assert essais.imbrique.erreur_moyenne == pytest.approx(np.mean(erreurs))


def test_les_attendus_des_genres_sont_ceux_des_ratios_du_projet():
    """ln of the ratio of two middles of couts.yaml, to the hundredth."""
    milieu = {nom: (g.bas + g.haut) / 2 for nom, g in lire_couts().genres.items()}
    for effet, haut, bas in (
        ("reemploi", "conversion", "neuf"),
        ("amenagement", "amenagement", "neuf"),
        ("modulaire", "modulaire", "neuf"),
        ("lourde", "restructuration", "conversion"),
    ):
        assert REGLAGES.effets[effet].attendu == pytest.approx(np.log(milieu[haut] / milieu[bas]), abs=0.01), effet
    assert REGLAGES.effets["travaux"].attendu == pytest.approx(-np.log(REGLAGES.facteur_total), abs=0.005)


def test_une_mam_de_genre_non_dit_est_neuve_pour_sa_part():
    """Share of new ones 0.3: 0.3 and 0.7 of the two effects; a crèche has none, a MAM that is said new has the first alone."""
    r = reglages(non_dit=REGLAGES.non_dit.model_copy(update={"part_mam_neuve": 0.3}))
    base = next(o for o in MAISON if o.operation.id == "mainsat-mam")

    def effets(**change):
        o = replace(base, operation=replace(base.operation, **change))
        return [COLONNES[nom](o, r) for nom in ("mam_neuve", "mam_autre")]

    assert effets() == pytest.approx([0.3, 0.7])
    assert effets(genre="neuf") == [1, 0]
    assert effets(genre="reemploi") == [0, 1]
    assert effets(mam=False) == [0, 0]


def test_une_forme_peut_oter_un_effet_ou_le_mettre_a_zero():
    """Zero is a choice, not a silence: a form without an effect of departments has none; one that says nothing keeps it."""
    sans, rien = (next(f for f in REGLAGES.formes if f.nom == nom) for nom in ("sans effet du département", "retenue"))
    assert REGLAGES.selon(sans).ecart_departement == 0
    assert departements_appris(MAISON, REGLAGES.selon(sans)) == ()
    assert REGLAGES.selon(rien).ecart_departement == REGLAGES.ecart_departement > 0
    mam = next(f for f in REGLAGES.formes if f.nom == "sans les MAM à part")
    assert set(REGLAGES.effets) - set(REGLAGES.selon(mam).effets) == {"mam_neuve", "mam_autre"}
