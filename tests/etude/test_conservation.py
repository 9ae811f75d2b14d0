"""Over the whole life, what each party has paid and received is what the plan and the account say, to the cent.

The left side is the sum of the ledger's flows by party; the right side is read elsewhere: amounts of the plan, lines of the account
as earned, what is still owed at the end. Nothing is created nor lost between the two.
"""

import numpy as np
import pytest

from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.etude.tresorerie import ENTREPRISES
from pope_foncier.exploitation.charges import FOURNISSEURS, SALARIES
from pope_foncier.exploitation.compte import FAMILLES
from tests.conftest import DONNEES, RACINE

ETUDES = [
    *(
        DONNEES / "etudes" / f"{n}.yaml"
        for n in ("gare_saint_denis", "coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains")
    ),
    *sorted((RACINE / "tests" / "cas" / "etudes_gelees").glob("*.yaml")),
]


@pytest.fixture(scope="module", params=ETUDES, ids=lambda c: f"{c.parent.name}-{c.stem}")
def vue(request, moteur):
    return Resultat.calculer(ouvrir(request.param), moteur).vue().bouclee


def flux(vue, acteur, sens):
    """Total that a party paid (``payeur``) or received (``receveur``)."""
    lignes = [x for x in vue.ev.livre.lignes.values() if x.est_flux and getattr(x, sens) == acteur]
    return sum(vue.mensuel(x.code).sum() for x in lignes)


def total(vue, *codes):
    return sum(vue.mensuel(c).sum() for c in codes if c in vue.ev.livre.lignes)


def test_chaque_financeur_a_paye_ce_que_le_plan_et_le_compte_disent(vue):
    etude, compte = vue.ev.ctx.etude, vue.ev.compte
    annonces: dict[str, float] = {}

    def ajouter(qui, montant):
        annonces[qui] = annonces.get(qui, 0.0) + float(montant)

    for aide in vue.ev.subventions:
        ajouter(aide.aide.financeur, vue.valeur(aide.subvention))
    for ressource in vue.ev.apports:
        if ressource.apporteur and ressource.nature != "report_travaux":
            ajouter(ressource.apporteur, vue.valeur(ressource.montant))
    for payeur, lignes in compte.par_payeur.items():
        ajouter(payeur, sum(vue.valeur(x) if x.axe else x.valeur.sum() for x in lignes))
    ajouter(etude.acteurs.commune, total(vue, "exploitation.produits.contribution"))
    du_caf = vue.valeur(compte.reste_du)
    ajouter(etude.acteurs.caf_locale, -du_caf)
    for qui, montant in annonces.items():
        recus = flux(vue, qui, "receveur")
        assert flux(vue, qui, "payeur") - recus == pytest.approx(montant - recus, abs=0.01), qui


def test_les_preteurs_ont_recu_ce_qu_ils_ont_prete_et_leurs_interets(vue):
    for dette in vue.ev.dettes:
        prete = vue.valeur(dette.capital)
        rendu = total(vue, f"emprunts.{dette.id}.remboursement")
        assert rendu == pytest.approx(prete, abs=0.01)


def test_ceux_qui_travaillent_ont_recu_ce_que_les_couts_disent(vue):
    assert flux(vue, SALARIES, "receveur") == pytest.approx(
        total(
            vue,
            "tresorerie.avant_ouverture.direction",
            *(c for c in vue.ev.livre.lignes if c.endswith("charges.personnel") or ".charges.action." in c),
        ),
        abs=0.01,
    )
    batisseurs = flux(vue, ENTREPRISES, "receveur") - flux(vue, ENTREPRISES, "payeur")
    assert batisseurs + total(vue, "tresorerie.assurances") == pytest.approx(
        vue.valeur(vue.ev.cout.total_ttc), abs=0.01
    )
    assert flux(vue, FOURNISSEURS, "receveur") == pytest.approx(
        total(
            vue,
            "exploitation.charges.autres",
            "tresorerie.avant_ouverture.recrutement",
            *(c for c in vue.ev.livre.lignes if ".charges.detail." in c),
        ),
        abs=0.01,
    )
    assert flux(vue, FAMILLES, "payeur") == pytest.approx(total(vue, "exploitation.produits.familles"), abs=0.01)


def test_tout_ce_qui_est_paye_est_un_cout_ou_reste_en_caisse(vue):
    """Resources of all payers = all costs + cash left with the owner and the operator."""
    etude = vue.ev.ctx.etude
    projet = {etude.acteurs.gestionnaire, etude.acteurs.nom_maitre_ouvrage}
    entrees = sorties = 0.0
    for ligne in vue.ev.livre.lignes.values():
        if ligne.est_flux:
            montant = vue.mensuel(ligne.code).sum()
            entrees += montant * (ligne.receveur in projet and ligne.payeur not in projet)
            sorties += montant * (ligne.payeur in projet and ligne.receveur not in projet)
    caisse = sum(np.cumsum(vue.mensuel(f"solde.{a}"))[-1] for a in projet)
    assert entrees == pytest.approx(sorties + caisse, abs=0.01)
    besoins, ressources = vue.montant("besoins.total"), vue.montant("ressources.total")
    assert ressources == pytest.approx(besoins, abs=0.01)
