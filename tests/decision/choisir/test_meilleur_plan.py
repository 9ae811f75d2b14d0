"""Best plan: every rule held by the plan as the study itself computes it, nothing better on a grid of the engine, kinds that differ, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.choisir import regles as regles_du_plan
from pope_foncier.decision.choisir.aides_possibles import aides_possibles
from pope_foncier.decision.choisir.modele_du_plan import lire
from pope_foncier.decision.choisir.plan_arrete import PlanArrete, arreter
from pope_foncier.decision.choisir.plan_optimal import meilleur_plan
from pope_foncier.decision.choisir.recherche_du_plan import Impossible, optimiser
from pope_foncier.decision.choisir.regles import regles_de
from pope_foncier.decision.choisir.structures import structures
from pope_foncier.decision.commune.accords import Accord
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.socle import extras
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.decision.choisir import tableaux_plan
from tests.decision.comite_rond import comite_rond
from tests.rondes import d

PLAFONDS = {"investissement": 40_000.0, "contribution": 9_000.0, "fonds_propres": 20_000.0}


AU_DEPART = [{"evenement": "demarrage_travaux", "part": 1, "delai_mois": 0}]


def aide(id, **autres):
    return {"id": id, "libelle": f"Aide {id}", "financeur": f"Financeur {id}", "statut": "esperee", **autres}


@pytest.fixture(scope="module", autouse=True)
def peu_de_durees():
    """One term beside that of the study, one product less, four other plans: the searches are the same, shorter."""
    donnees = regles_du_plan.lire_limites_du_plan()
    durees = donnees.durees_mois.model_copy(update={"valeurs": (96,)})
    a_part = (*donnees.produits_a_part, regles_du_plan.ProduitAPart(produit="banque", raison="essai"))
    courtes = donnees.model_copy(update={"durees_mois": durees, "produits_a_part": a_part, "autres_plans": 4})
    with pytest.MonkeyPatch.context() as patch:
        for module in ("structures", "plan_arrete", "plan_optimal", "regles"):
            patch.setattr(f"pope_foncier.decision.choisir.{module}.lire_limites_du_plan", lambda *_: courtes)
        yield


@pytest.fixture(scope="module")
def rond(coque):
    """Round micro-crèche of eleven years: a grant obtained, two awaited, one of unknown amount, one of the city, a loan at 6 %."""
    dossier = comite_rond(coque)
    deja = [a.model_dump(exclude_defaults=True) | {"versements": AU_DEPART} for a in dossier.etude.aides]
    aides = [
        *deja,
        aide("region", montant=d(30_000), versements=AU_DEPART),
        aide("fondation", montant=d(12_000), probabilite=d(0.5)),
        aide("departement", statut="non_demandee"),
        aide("ville", montant=d(9_000), financeur=dossier.etude.acteurs.commune),
    ]
    etude = varier(dossier, "plan", {"aides": aides, "apports": [], "relais": None})
    return replace(dossier, etude=etude, variantes={BASE: etude})


@pytest.fixture(scope="module")
def trouve(rond, moteur_plat):
    return meilleur_plan(moteur_plat, rond, "cout_ville", PLAFONDS)


def chiffres(plan, moteur):
    """Figures of a plan as any study gives them."""
    lecteur = Lecteur(boucler(moteur.tirer(plan.dossier, {})))
    noms = ("a_trouver", "tresorerie_manquante", "couverture_minimale", "ressources_propres", "pret_dans_le_titre")
    return {nom: float(lecteur.valeurs(lecteur.code(nom))[0]) for nom in noms}


def test_chaque_plan_propose_tient_toutes_les_regles_au_centime(trouve, moteur_plat):
    """Read on the study of each plan, as its owner would compute it: thresholds of the controls, ceilings asked."""
    assert trouve.plan is not None
    for plan in (trouve.plan, *trouve.autres):
        lus = chiffres(plan, moteur_plat)
        assert lus["a_trouver"] <= 0.005
        assert lus["tresorerie_manquante"] <= 0.005
        assert np.isnan(lus["couverture_minimale"]) or lus["couverture_minimale"] >= 1.10 - 1e-9
        assert lus["ressources_propres"] >= 0.20 - 1e-9
        assert np.isnan(lus["pret_dans_le_titre"]) or lus["pret_dans_le_titre"] >= 12
        assert plan.ville <= PLAFONDS["investissement"] + 0.005
        assert plan.montants["contribution"] <= PLAFONDS["contribution"]
        assert plan.montants.get("plan_fonds_propres", 0.0) <= PLAFONDS["fonds_propres"]
        assert all(regle.tenue for regle in plan.regles)
        assert plan.dossier.etude.aides[0].statut == "acquise", "une aide obtenue est gardée"


def test_rien_de_mieux_sur_une_grille_du_moteur(trouve, rond, moteur_plat):
    """Every loan × contribution × own funds of a grid, the city paying the rest, at the terms of the plan: none that keeps the rules costs the city less."""
    plan, regles = trouve.plan, trouve.regles
    structure, n = plan.structure, len(plan.structure.leviers)
    codes = [x.code for x in structure.leviers]
    axes = {code: np.array([1.0]) for code in codes if code in ("region", "fondation")}
    axes |= {c: np.linspace(0.0, 180_000.0, 31) for c in codes if c == "pret"}
    axes |= {"plan_fonds_propres": np.array([0.0, 20_000.0]), "contribution": np.linspace(0.0, 9_000.0, 61)}
    assert set(axes) >= set(codes), codes
    grille = np.stack(np.meshgrid(*(axes[c] for c in codes), indexing="ij"), axis=-1).reshape(-1, n)
    lues = lire(moteur_plat, structure, regles, grille, np.full(len(grille), plan.candidat.duree))
    tient = np.ones(len(grille), dtype=bool)
    for marges in lues.marges.values():
        tient &= marges.min(axis=1, initial=np.inf) >= -1e-6
    tient &= lues.ville <= regles.plafond("investissement")
    assert tient.any()
    assert lues.cout_ville[tient].min() >= plan.cout_ville - 5.0
    assert lues.cout_ville[tient].min() <= plan.cout_ville * 1.05, "la grille approche l'optimum"


def test_les_autres_plans_sont_d_un_autre_genre_et_pas_meilleurs(trouve):
    plans = (trouve.plan, *trouve.autres)
    assert len(plans) >= 4
    objectifs = [p.cout_par_place_an for p in plans]
    assert np.diff(objectifs).min() > -1.0, "à un euro près : les montants sont arrondis"
    genres = [
        (p.structure.conditions, p.structure.complement, p.structure.relais, bool(p.candidat.aides), p.ville >= 1)
        for p in plans
    ]
    assert len(set(genres)) == len(genres)


def test_le_cout_par_place_et_par_an_a_la_main(trouve, moteur_plat):
    """Ten places, open from the tenth month of a study of eleven years: the city's flows and the places, month by month, at 3 %."""
    plan = trouve.plan
    facteurs = 1.03 ** (-np.arange(132) / 12)
    commune = plan.dossier.etude.acteurs.commune
    flux = -plan.ev.livre[f"solde.{commune}"].valeur.reshape(-1)
    assert plan.cout_ville == pytest.approx(float(sum(flux * facteurs)), abs=0.01)
    places_annees = 10 / 12 * facteurs[9:].sum()
    assert plan.cout_par_place_an == pytest.approx(plan.cout_ville / places_annees)


def test_ce_que_vaut_un_euro_se_retrouve(trouve):
    """Dual values against the plan found again with a thousand euros more (or less): the engine at each step."""
    assert {v.libelle for v in trouve.valeurs} >= {"Aide region", "Plafond : subvention d'investissement de la commune"}
    for v in trouve.valeurs:
        assert v.duale >= -1e-9
        assert v.retrouvee == pytest.approx(v.duale, rel=0.05, abs=0.02), v


def test_une_aide_sans_montant_est_a_verifier_et_celle_de_la_ville_reprise(trouve, rond, moteur_plat):
    assert "montant inconnu" in next(a.raison for a in trouve.a_verifier if a.libelle == "Aide departement")
    possibles = aides_possibles(rond, moteur_plat)
    assert set(possibles.montants) >= {"region", "fondation"}
    assert not {"departement", "ville"} & set(possibles.montants)


@pytest.mark.parametrize(
    ("objectif", "code"), [("contribution", "contribution"), ("fonds_propres", "plan_fonds_propres")]
)
def test_la_contribution_et_les_fonds_propres_se_minimisent(trouve, rond, moteur_plat, objectif, code):
    """The same structure under another objective: less of what is minimised, and a plan that costs the city no less."""
    plan = trouve.plan
    regles = regles_de(rond.etude, objectif, PLAFONDS, Accord(0.03, "essai"))
    (fait,) = optimiser(moteur_plat, plan.structure, regles, [plan.candidat.duree])
    arrete = arreter(moteur_plat, fait, regles)
    assert isinstance(arrete, PlanArrete)
    assert arrete.montants[code] <= plan.montants[code] + 0.05
    assert arrete.cout_ville >= plan.cout_ville - 5.0


def test_un_plan_impossible_dit_la_regle_et_ce_qui_manque(rond, moteur_plat):
    rien = meilleur_plan(moteur_plat, rond, "cout_ville", {"contribution": 0.0, "investissement": 0.0})
    assert rien.plan is None
    assert not rien.autres
    assert all(isinstance(i, Impossible) and i.manques for i in rien.impossibles)
    assert "Aucun plan ne tient toutes les règles" in tableaux_plan.phrase(rien)
    assert "il manque" in tableaux_plan.phrase(rien)


def test_deux_aides_qui_s_excluent_ne_sont_pas_prises_ensemble(rond, moteur_plat):
    """The same scheme twice: one of the two, whatever their amounts."""
    piaje = {"dispositif": "caf93", "dispenses": [{"condition": "avis_avant_travaux", "motif": "essai"}]}
    deux = [aide("une", par_place=d(1_000), **piaje), aide("autre", par_place=d(2_500), **piaje)]
    etude = varier(rond, "deux", {"aides": deux})
    double = replace(rond, etude=etude, variantes={BASE: etude})
    possibles = aides_possibles(double, moteur_plat)
    assert possibles.exclusions == (("une", "autre"),)
    regles = regles_de(etude, "cout_ville", {"contribution": 9_000.0}, Accord(0.03, "essai"))
    structure = structures(possibles, moteur_plat, regles, "essai")[0][1]
    assert structure.relais
    assert structure.conditions == "sans prêt"
    (fait,) = optimiser(moteur_plat, structure, regles)
    assert fait.aides == {"autre"}


@pytest.mark.parametrize("graine", [1, 2])
def test_le_depart_ne_change_pas_le_plan(trouve, moteur_plat, graine):
    """The programme is made again around what it finds: from any amounts, it ends at the same ones."""
    candidat, hasard = trouve.plan.candidat, np.random.default_rng(graine)
    depart = np.array([hasard.uniform(0.0, min(x.haut, 200_000.0)) for x in candidat.structure.leviers])
    (fait,) = optimiser(moteur_plat, candidat.structure, trouve.regles, [candidat.duree], (), depart)
    assert fait.objectif(trouve.regles) == pytest.approx(candidat.objectif(trouve.regles), abs=0.5)


@pytest.mark.parametrize(
    ("lecture", "part", "libelle", "article"),
    [
        ("hors_chef_de_file", 0.8, "Règle des 80 %", "CGCT L1111-10"),
        ("chef_de_file", 0.7, "Règle des 70 %", "CGCT L1111-9"),
    ],
)
def test_la_regle_des_financements_publics_suit_la_lecture(rond, moteur_plat, lecture, part, libelle, article):
    """Grants and the city's gift: 80 % of the cost less own funds, 70 % for a lead authority, by hand; the engine cuts none of what the plan asks for."""
    aides = [
        aide(nom, montant=d(montant), versements=AU_DEPART) for nom, montant in (("region", 150_000), ("etat", 90_000))
    ]
    publique = {
        "acteurs.forme_maitre_ouvrage": "collectivite",
        "territoire.renouvellement_urbain": "non",
        "lecture_chef_de_file": lecture,
        "aides": aides,
    }
    etude = varier(rond, "public", publique)
    dossier = replace(rond, etude=etude, variantes={BASE: etude})
    regles = regles_de(
        etude, "cout_ville", {"contribution": 15_000.0, "fonds_propres": 20_000.0}, Accord(0.03, "essai")
    )
    trouvees = structures(aides_possibles(dossier, moteur_plat), moteur_plat, regles, "essai")[0]
    structure = next(s for s in trouvees if s.conditions.startswith("Prêt (") and not s.relais)
    plan = arreter(moteur_plat, optimiser(moteur_plat, structure, regles, [60.0])[0], regles)
    assert isinstance(plan, PlanArrete)
    publics = plan.montants["region"] + plan.montants["etat"] + plan.ville
    cout = float(np.ravel(plan.ev.cout.total_ttc.valeur)[0])
    assert publics <= part * (cout - plan.montants["plan_fonds_propres"]) + 0.01
    assert publics >= part * (cout - plan.montants["plan_fonds_propres"]) - 5.0
    dite = next(r for r in plan.regles if r.code == "publique")
    assert dite.libelle == f"{libelle} : ce que les personnes publiques peuvent encore donner"
    assert dite.origine == article
    assert plan.ville < 5.0, "les aides d'abord : la commune ne paie que le centime qui manque"


def test_les_tables_se_lisent(trouve):
    titres = [t.titre for t in tableaux_plan.tables(trouve)]
    assert titres[0] == "Plan proposé à côté de celui de l'étude"
    assert "Plans d'un autre genre" in titres
    assert "Ce qui lie" in tableaux_plan.phrase(trouve)
    assert (
        any(r.lie and r.code == "couverture" for r in trouve.plan.regles)
        or trouve.plan.structure.conditions == "sans prêt"
    )


def test_ce_qui_est_refuse(rond, moteur_plat, monkeypatch):
    with pytest.raises(ErreurCalcul, match="Rien à minimiser de ce nom"):
        meilleur_plan(moteur_plat, rond, "prix")
    with pytest.raises(ErreurCalcul, match="Plafond : un nombre positif"):
        regles_de(rond.etude, "cout_ville", {"contribution": -1.0}, Accord(0.03, "essai"))
    etude = rond.etude.model_copy(update={"exploitation": None})
    with pytest.raises(ErreurCalcul, match="ne décrit pas l'exploitation"):
        meilleur_plan(moteur_plat, replace(rond, etude=etude, variantes={BASE: etude}))

    def absente(module):
        raise ImportError(module)

    monkeypatch.setattr(extras, "import_module", absente)
    with pytest.raises(ErreurCalcul, match=r"pope-foncier\[decider\]"):
        meilleur_plan(moteur_plat, rond)
