"""Balance sheet of the project alone: that of the forecast accounts of a borrower with nothing, post by post, balanced each year."""

from datetime import date

import numpy as np
import pytest

from pope_foncier.etude import bilan_du_projet
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.scenarios import ouvrir, varier
from pope_foncier.exploitation.emprunteur import Emprunteur
from pope_foncier.socle.fiches import valider
from tests.conftest import GARE, GELEES
from tests.etude.test_bilan import APPORT, RELAIS

RIEN = {
    "nom": "Association sans passé",
    "cloture": date(2026, 12, 31),
    "bilan": dict.fromkeys(
        [
            "immobilisations_nettes",
            "creances",
            "disponibilites",
            "fonds_propres",
            "subventions_investissement",
            "apports_droit_reprise",
            "dettes_exploitation",
        ],
        0,
    ),
    "comptes": [
        {"annee": 2026} | dict.fromkeys(("produits", "charges", "dotations", "quote_part", "interets", "resultat"), 0)
    ],
    "activite": {"annee_prix": 2026} | dict.fromkeys(("produits", "charges", "dotations", "quote_part"), 0),
}


def compare(ev):
    """Number of posts of the balance sheet that both give, each the same to the cent."""
    comptes = prevoir(ev, valider(Emprunteur, RIEN, "rien.yaml"))
    lues = {g.nom: np.squeeze(g.valeur) for titre in bilan_du_projet.quantites(ev).values() for g in titre}
    assert lues[bilan_du_projet.ACTIF] == pytest.approx(np.squeeze(comptes.total_actif), abs=0.005)
    assert lues[bilan_du_projet.PASSIF] == pytest.approx(lues[bilan_du_projet.ACTIF], abs=0.005)
    assert lues["Résultat de l'année"] == pytest.approx(np.squeeze(comptes.resultat), abs=0.005)
    vus = 0
    for nom, valeur in (comptes.actif | comptes.passif).items():
        if nom in lues:
            assert lues[nom] == pytest.approx(np.squeeze(valeur), abs=0.005), nom
            vus += 1
        else:
            assert np.abs(valeur).max() < 0.005, nom
    return vus


@pytest.mark.parametrize("etude", ["gare_saint_denis", "coque_la_courneuve"])
def test_c_est_le_bilan_d_un_emprunteur_qui_n_a_rien(moteur, etude):
    ev = moteur.evaluer(ouvrir(GELEES / f"{etude}.yaml"), ["base"])[0]
    assert compare(ev) >= 8
    assert compare(boucler(ev)) >= 8


@pytest.mark.parametrize(
    "surcharges",
    [{"apports": [APPORT]}, {"relais": RELAIS}, {"exploitation.contribution_commune": "aucune"}, {"realiser": 0}],
)
def test_avec_ce_qu_un_plan_peut_porter(moteur, surcharges):
    gare = ouvrir(GARE)
    assert compare(moteur.tirer(gare, {}, varier(gare, "essai", surcharges))) >= 8
