"""Best plan where the owner of the walls lets: both plans closed, both cashes held, the rent chosen with the rest; nothing better on a grid of the engine."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.choisir.aides_possibles import aides_possibles
from pope_foncier.decision.choisir.modele_du_plan import lire
from pope_foncier.decision.choisir.plan_arrete import PlanArrete, arreter
from pope_foncier.decision.choisir.recherche_du_plan import Candidat, optimiser
from pope_foncier.decision.choisir.regles import regles_de
from pope_foncier.decision.choisir.structures import DEMARRAGE, LOYER, structures
from pope_foncier.decision.commune.accords import Accord
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import BASE, ouvrir
from tests.conftest import DONNEES

PLAFOND = 12_000.0


def plan_de(nom, conditions, relais):
    """Plan of one structure of a montage of the shell, and what it was found with."""
    moteur = moteur_du_projet()
    coque = ouvrir(DONNEES / "etudes" / "coque_la_courneuve.yaml")
    cas = preparer(coque, coque.etude.foncier, nom, lire_montages().montages[nom])
    dossier = replace(coque, etude=cas.etude, variantes={BASE: cas.etude})
    regles = regles_de(cas.etude, "cout_ville", {"contribution": PLAFOND}, Accord(0.03, "essai"))
    trouvees, _ = structures(aides_possibles(dossier, moteur), moteur, regles, nom)
    structure = next(s for s in trouvees if s.conditions.startswith(conditions) and s.relais == relais)
    faits = optimiser(moteur, structure, regles, structure.durees[-1:])
    assert isinstance(faits[0], Candidat), faits
    arrete = arreter(moteur, faits[0], regles)
    assert isinstance(arrete, PlanArrete), arrete
    return arrete, regles, moteur


@pytest.fixture(scope="module")
def sci():
    return plan_de("sci_loue", "sans prêt", relais=True)


def test_les_deux_plans_bouclent_et_les_deux_caisses_tiennent(sci):
    """Read on the study of the plan as its owners would compute it: nothing to find, the operator's start included; no cash under zero; cover of both."""
    plan, _, moteur = sci
    lecteur = Lecteur(boucler(moteur.tirer(plan.dossier, {})))
    lus = {nom: float(lecteur.valeurs(lecteur.code(nom))[0]) for nom in ("a_trouver", "tresorerie_manquante")}
    assert lus["a_trouver"] <= 0.005
    assert lus["tresorerie_manquante"] <= 0.005
    assert float(lecteur.valeurs(lecteur.code("contribution_par_place"))[0]) <= PLAFOND + 0.005
    assert all(regle.tenue for regle in plan.regles)
    assert plan.montants[LOYER] > 0
    assert plan.montants[DEMARRAGE] > 50_000, "le démarrage du gestionnaire est payé par un prêt"
    assert plan.dossier.etude.bail_gestionnaire.loyer == "fixe"


def test_rien_de_mieux_sur_une_grille_du_moteur(sci):
    """Every rent × lump × start loan of a grid around and beyond the plan, with its grants: none that keeps the rules costs the commune less."""
    plan, regles, moteur = sci
    codes = [x.code for x in plan.structure.leviers]
    x = dict(zip(codes, plan.candidat.x, strict=True))
    axes = {c: np.array([v]) for c, v in x.items()}
    axes[LOYER] = np.linspace(0.0, 3.0 * x[LOYER], 16)
    axes["contribution"] = np.linspace(0.85 * x["contribution"], 1.15 * x["contribution"], 25)
    axes[DEMARRAGE] = x[DEMARRAGE] + np.array([-5_000.0, 0.0, 5_000.0])
    grille = np.stack(np.meshgrid(*axes.values(), indexing="ij"), axis=-1).reshape(-1, len(codes))
    lues = lire(moteur, plan.structure, regles, grille, np.full(len(grille), plan.candidat.duree))
    tient = np.ones(len(grille), dtype=bool)
    for marges in lues.marges.values():
        tient &= marges.min(axis=1, initial=np.inf) >= -1e-6
    assert tient.any()
    assert lues.cout_ville[tient].min() >= plan.cout_ville - 5.0


def test_la_caisse_du_patrimoine_de_la_commune_est_la_sienne():
    """A commune that buys and lets: the rules hold the operator's cash and cover; its own walls are its budget, and their cost is in the objective."""
    plan, _, moteur = plan_de("commune_loue", "sans prêt", relais=False)
    ev = boucler(moteur.tirer(plan.dossier, {}))
    gestionnaire = plan.dossier.etude.acteurs.gestionnaire
    assert float(np.ravel(ev.livre[f"tresorerie.point_bas.{gestionnaire}"].valeur)[0]) >= -0.005
    assert plan.cout_ville > float(np.ravel(ev.cout.total_ttc.valeur)[0]) * 0.5
