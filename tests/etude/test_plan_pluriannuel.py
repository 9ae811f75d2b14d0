"""Multi-year plan: a small study by hand, cumulated balance = closing cash on every study and montage, years shown, broken identity."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.plan_pluriannuel import CAPACITE, RESTE_A_TROUVER, VARIATION, etablir
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.erreurs import IdentiteRompue
from pope_foncier.vues.decision.montages.carnet import Comparatif
from tests.conftest import DONNEES, GELEES
from tests.decision.comite_rond import OUVERTURE, a_la_main, comite_rond, fins, par_an
from tests.rondes import d

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))


@pytest.fixture(scope="module")
def plan(coque, moteur_plat):
    return etablir(moteur_plat.evaluer(comite_rond(coque))[0])


def avant(valeurs):
    return [v if m < OUVERTURE else 0.0 for m, v in enumerate(valeurs)]


def apres(valeurs):
    return [v if m >= OUVERTURE else 0.0 for m, v in enumerate(valeurs)]


def test_le_plan_a_la_main(plan):
    m = a_la_main()
    relais = np.diff([0.0, *m["relais"]])
    taxes = np.array(par_an(m["travaux"])) + par_an(m["honoraires"])
    attendus = {
        "Travaux, honoraires et aléas, hors taxe": -taxes / 1.2,
        "TVA des travaux et honoraires": -taxes / 6,
        "Équipement": -np.array(par_an(m["equipement"])),
        "Loyer et charges de propriété avant l'ouverture": -np.array(par_an(avant(m["loyer"]))),
        "Intérêts avant l'ouverture, frais et garanties des prêts": -np.array(par_an(avant(m["interets"]))),
        "Intérêts du prêt relais": par_an(m["relais_interets"]),
        "Capital remboursé": -np.array(par_an(m["capital"])),
        "Remboursement du prêt relais": par_an(np.maximum(-relais, 0.0)),
        VARIATION: np.diff([0.0, *fins(np.cumsum(np.subtract(m["du_caf"], m["caf"])))]),
        "Reprise des apports": -np.array(par_an(m["reprise"])),
    }
    for nom, valeurs in attendus.items():
        assert plan.emplois[nom][0] == pytest.approx(np.array(valeurs), abs=0.01), nom
    capacite = sum(
        np.array(apres(m[n])) for n in ("familles", "du_caf", "ville", "personnel", "autres", "loyer", "interets")
    )
    attendus_ressources = {
        "Fonds propres et apports": np.array(par_an(m["propres"])) + par_an(m["apport_a_rendre"]),
        "Subventions d'investissement acquises": par_an(m["aide"]),
        "Prêt": par_an(m["pret"]),
        "Prêt relais": par_an(np.maximum(relais, 0.0)),
        CAPACITE: par_an(capacite),
    }
    assert set(attendus_ressources) == {n for n, v in plan.ressources.items() if np.any(v)}
    for nom, valeurs in attendus_ressources.items():
        assert plan.ressources[nom][0] == pytest.approx(np.array(valeurs), abs=0.01), nom
    autres = {n for n, v in plan.emplois.items() if np.any(v)} - set(attendus)
    assert not autres
    assert max(m["relais"]) > 20_000, "le relais sert"
    assert plan.cumul[0] == pytest.approx(fins(m["tresorerie"]), abs=0.01)
    assert plan.fonds_de_roulement[0, :2] == pytest.approx([1_800, 7_200]), "30 % de trois mois, puis d'un an"


def test_les_annees_montrees(plan, coque, moteur_plat):
    rangs = plan.rangs()
    assert [plan.annees[r] for r in rangs] == list(range(2027, 2033))
    assert [plan.periode(r) for r in rangs][:3] == ["ouverture", "an 1", "an 2"]
    assert [*plan.rangs(annees=3)] == [0, 1, 2, 3]
    assert plan.rangs(annees=2, jusqu_aux_prets=True)[-1] == 5, "dernier capital en janvier 2032"
    tard = etablir(moteur_plat.evaluer(comite_rond(coque, **{"delais.etudes_mois": d(18)}))[0])
    assert [tard.periode(r) for r in tard.rangs()][:4] == ["travaux", "travaux", "ouverture", "an 1"]


@pytest.mark.parametrize("etude", ETUDES, ids=[e.stem for e in ETUDES])
def test_le_solde_cumule_est_la_tresorerie_de_chaque_etude_et_scenario(moteur, etude):
    """Closing cash computed here from the flows of the ledger, apart from the plan and from the line that the chain writes."""
    for ev in moteur.evaluer(ouvrir(etude)):
        verifier(ev)


CREANCES = ("tresorerie.creance_caf", "tresorerie.creance_commune")


def verifier(ev):
    plan, echelle = etablir(ev), ev.ctx.echelle
    flux = np.zeros((1, echelle.duree_mois))
    for ligne in ev.livre.lignes.values():
        if ligne.est_flux:
            flux = flux + ((ligne.receveur == plan.porteur) - (ligne.payeur == plan.porteur)) * ligne.grandeur.valeur
    fin = np.append(echelle.debuts_annee[1:], echelle.duree_mois) - 1
    caisse = np.cumsum(flux, axis=-1)[..., fin]
    assert plan.cumul == pytest.approx(np.broadcast_to(caisse, plan.cumul.shape), abs=0.005, nan_ok=True)
    if (
        ev.compte is not None
        and "tresorerie.creance_caf" in ev.livre.lignes
        and plan.porteur == ev.ctx.etude.acteurs.gestionnaire
    ):
        lignes = [ev.livre[c].valeur for c in CREANCES if c in ev.livre.lignes]
        creance = sum(np.broadcast_to(v, flux.shape)[..., fin] for v in lignes)
        assert np.maximum(plan.fonds_de_roulement, 0.0) == pytest.approx(creance, abs=0.005, nan_ok=True)
    for nom, valeurs in (*plan.emplois.items(), *plan.ressources.items()):
        if nom not in (VARIATION, CAPACITE):
            assert not (valeurs < -0.005).any(), nom


BOUCLEURS = [
    {
        "id": "report",
        "libelle": "Finitions reportées",
        "nature": "report_travaux",
        "part": d(0.1),
        "report_mois": d(12),
    },
    {
        "id": "pret_ville",
        "libelle": "Prêt de bouclage",
        "nature": "pret",
        "apporteur": "Prêteur",
        "plafond": d(50_000),
        "pret": {"profil": "annuite_constante", "taux": d(0.03), "duree_mois": d(96), "differe_mois": d(12)},
    },
    {
        "id": "rendu",
        "libelle": "Apport de bouclage",
        "nature": "droit_de_reprise",
        "apporteur": "Fonds",
        "plafond": d(40_000),
        "mois_versement": d(0),
        "reprise_differe_mois": d(24),
        "reprise_duree_mois": d(48),
    },
]


@pytest.mark.parametrize("etude", ["coque_la_courneuve", "gare_saint_denis"])
def test_le_solde_cumule_est_la_tresorerie_du_plan_boucle(moteur, etude):
    """Closers of each kind, then what nobody has promised, which keeps a line of its own."""
    dossier = ouvrir(GELEES / f"{etude}.yaml")
    variante = varier(dossier, "boucle", {"bouclage": BOUCLEURS})
    ev = boucler(moteur.tirer(dossier, {}, variante))
    verifier(ev)
    plan = etablir(ev)
    a_trouver = ev.ctx.bouclage["a_trouver"].valeur.item()
    assert plan.ressources[RESTE_A_TROUVER].sum() == pytest.approx(a_trouver)
    assert plan.ressources["Prêt de bouclage"].sum() == pytest.approx(50_000)
    assert plan.ressources["Fonds propres et apports"].sum() == pytest.approx(40_000)
    assert plan.emplois["Reprise des apports"].sum() == pytest.approx(40_000)
    reporte = ev.ctx.bouclage["report"].valeur.item()
    assert plan.ressources["Travaux non faits : Finitions reportées"].sum() == pytest.approx(reporte)
    assert plan.emplois["Travaux reportés : Finitions reportées"].sum() == pytest.approx(reporte)


@pytest.mark.parametrize("etude", ["coque_la_courneuve", "gare_saint_denis"])
def test_le_solde_cumule_est_la_tresorerie_de_chaque_montage(moteur, etude):
    evaluations = [c.evaluation for c in Comparatif.de(ouvrir(GELEES / f"{etude}.yaml"), moteur).cas]
    assert len([ev for ev in evaluations if ev is not None]) > 8
    for ev in evaluations:
        if ev is not None:
            verifier(ev)


@pytest.mark.parametrize(
    "surcharges",
    [
        {"exploitation": None},
        {"exploitation.versements_caf": None},
        {"realiser": 0},
        {"aides": [], "relais": None},
        {"titre_occupation.duree_mois": d(60)},
        {
            "exploitation.contribution_commune": {
                "mode": "equilibre_tresorerie",
                "versements": [{"mois": 3, "part": 0.5}, {"mois": 11, "part": 0.5}],
                "decalage_mois": 4,
            }
        },
    ],
    ids=lambda s: next(iter(s)),
)
def test_le_solde_cumule_est_la_tresorerie_de_chaque_variante(coque, moteur_plat, surcharges):
    dossier = comite_rond(coque)
    etude = varier(dossier, "essai", surcharges)
    (ev,) = moteur_plat.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))
    verifier(ev)


def test_le_solde_cumule_est_la_tresorerie_de_chaque_tirage(moteur, dossier):
    ev = moteur.tirer(
        dossier,
        {
            "exploitation.taux_occupation": np.linspace(0.4, 0.9, 7),
            "delais.travaux_mois": np.array([6.0, 8, 10, 12, 14, 18, 24]),
        },
    )
    verifier(ev)
    assert len(set(etablir(ev).ouverture)) > 1


def test_un_ecart_entre_le_compte_et_les_flux_rompt_l_identite(coque, moteur_plat):
    (ev,) = moteur_plat.evaluer(comite_rond(coque))
    assert ev.compte is not None
    faux = replace(ev.compte, capacite_autofinancement=ev.compte.capacite_autofinancement + 0.01)
    with pytest.raises(IdentiteRompue, match="solde cumulé du plan pluriannuel"):
        etablir(replace(ev, compte=faux))
