"""Replay of what the chain decides on a value: each pair of studies takes another path, recorded on one and asked of the other."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.tirages import DuPlanTelQuel, _Blocs, tirer_par_blocs
from pope_foncier.socle.erreurs import ErreurPope
from tests.conftest import GARE
from tests.etude.test_reprise import assert_egales, chiffres, contexte
from tests.etude.variantes_du_graphe import PRETS
from tests.rondes import d

PLANCHER = {"exploitation.prix_plancher_facturation": d(4.5)}
AIDE_FIXE = {
    "id": "ville",
    "libelle": "Aide fixe de la Ville",
    "payeur": "Ville de Saint-Denis",
    "statut": "acquise",
}
PRET = {
    "id": "essai",
    "libelle": "Essai",
    "preteur": "Banque",
    "emprunteur": "gestionnaire",
    "profil": "annuite_constante",
    "montant": 100_000,
    "taux": 0.03,
    "duree_mois": 120,
}


FIXE = {nom: v for nom, v in PRET.items() if nom != "duree_mois"} | PRETS["fixe"]
"""Loan of a fixed instalment, suspended in its 48th month: a small amount is paid back before."""


def pret(**termes):
    return {"prets": [PRET | termes]}


def frais(*mois):
    return pret(frais=[{"libelle": f"Frais {r}", "montant": 300 + r, "mois": m} for r, m in enumerate(mois)])


def commune(par_place):
    return {
        "exploitation.contribution_commune": "aucune",
        "exploitation.produits_annexes": [AIDE_FIXE | {"par_place": d(par_place)}],
    }


def assurance(taux):
    return pret(assurance={"mode": "capital_initial", "taux": taux})


PAIRES = {
    "taux_de_facturation": (
        PLANCHER | {"exploitation.taux_facturation": d(1.0)},
        PLANCHER | {"exploitation.taux_facturation": d(1.15)},
    ),
    "commune_qui_paie": (commune(0), commune(1_000)),
    "assurance": (assurance(0.0), assurance(0.004)),
    "differe_capitalise": (
        pret(differe="total_capitalise", differe_mois=0),
        pret(differe="total_capitalise", differe_mois=12),
    ),
    "commission_de_garantie": tuple(
        pret(garantie={"garant": "Garant", "quotite": 0.5, "commission": c, "assiette": "restante"})
        for c in (0.0, 0.01)
    ),
    "commission_non_utilisation": tuple(
        pret(suit_les_travaux=True, prefinancement_mois=18, commission_non_utilisation=c) for c in (0.0, 0.004)
    ),
    "frais_au_deblocage_ou_plus_tard": (frais(12, 0), frais(12, 24)),
}


@pytest.mark.parametrize("sens", [1, -1])
@pytest.mark.parametrize("nom", PAIRES)
def test_une_decision_trouvee_autrement_ne_se_rejoue_pas(nom, sens):
    moteur, dossier = Moteur.ouvrir(), ouvrir(GARE)
    enregistree, demandee = (varier(dossier, "essai", surcharges) for surcharges in PAIRES[nom][::sens])
    moteur.reprise(contexte(moteur, dossier, enregistree))
    reprise = moteur.reprendre(contexte(moteur, dossier, demandee), [BASE])
    directe = calculer(contexte(moteur, dossier, demandee), [BASE])
    assert_egales(reprise, directe, nom)
    for code, g in chiffres(directe).items():
        assert chiffres(reprise)[code].expliquer(echelle=directe.ctx.echelle) == g.expliquer(
            echelle=directe.ctx.echelle
        ), code


def test_une_entree_que_seul_un_ratio_lit_se_rejoue():
    """Chance of a grant: the chain does not read it; the ratio of own resources does, on both readings of the plan."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(GARE)
    financee = {"travaux.cout_m2_ht": d(300)}
    champ = f"aides[{dossier.etude.aides[0].id}].probabilite"
    enregistree, demandee = (varier(dossier, "essai", financee | {champ: d(p)}) for p in (0.9, 0.1))
    moteur.reprise(contexte(moteur, dossier, enregistree))
    moteur.reprendre(contexte(moteur, dossier, enregistree), [BASE])
    ctx = contexte(moteur, dossier, demandee)
    reprise, directe = moteur.reprendre(ctx, [BASE]), calculer(ctx, [BASE])
    assert_egales(reprise, directe, champ)
    assert_egales(boucler(reprise), boucler(directe), champ)
    assert reprise.ctx.entree(champ).valeur.item() == 0.1


@pytest.mark.parametrize("sens", [1, -1])
def test_un_montant_de_bouclage_inconnu_ne_se_rejoue_pas_en_un_montant_connu(sens):
    """Works that last no month leave the gap without a number: what the figures lack is said, and is not said of the others."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(GARE)
    enregistree, demandee = (
        varier(dossier, "essai", {"travaux.duree_vie_mois": d(duree)}) for duree in (240, 0)[::sens]
    )
    for etude in (enregistree, demandee):
        ctx = contexte(moteur, dossier, etude)
        moteur.reprise(ctx)
        fermee = boucler(moteur.reprendre(ctx, [BASE]))
    assert_egales(fermee, boucler(calculer(ctx, [BASE])), sens)


def test_un_refus_se_dit_comme_sans_rejeu():
    """A loan refused names itself, replayed or not; an empty slot of a scale is refused too."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(GARE)
    cas = [
        ({"prets": [FIXE]}, {"prets": [FIXE], "realiser": 0.5}),
        ({"exploitation.taux_facturation": d(1.0)}, {"exploitation.taux_facturation": d(1.15)}),
    ]
    for connue, refusee in cas:
        moteur.reprise(contexte(moteur, dossier, varier(dossier, "connue", connue)))
        ctx = contexte(moteur, dossier, varier(dossier, "refusee", refusee))
        with pytest.raises(ErreurPope) as attendu:
            calculer(ctx, [BASE])
        with pytest.raises(ErreurPope) as lu:
            moteur.reprendre(ctx, [BASE])
        assert str(lu.value) == str(attendu.value)


def test_des_tirages_qui_traversent_une_decision(dossier, moteur):
    """Draws on both sides of a decision: each as its own evaluation, whatever was recorded."""
    etude = varier(dossier, "essai", assurance(0.004))
    seul = type(dossier)(dossier.nom, etude, dossier.site, {BASE: etude})
    taux = [0.0, 0.004, 0.0, 0.002]
    champ = "prets[essai].assurance.taux"

    def garder(ev):
        return {"besoins": ev.plan.besoins}

    for taille in (1, 2, 4):
        lus = tirer_par_blocs(moteur, seul, {champ: np.array(taux)}, DuPlanTelQuel(garder), taille=taille)
        for rang, valeur in enumerate(taux):
            voulue = varier(dossier, "essai", assurance(valeur))
            directe = calculer(contexte(moteur, dossier, voulue), [BASE])
            assert lus["besoins"][rang] == pytest.approx(directe.plan.besoins.valeur.item(), abs=1e-9)


def test_deux_scenarios_dont_un_frais_change_de_mois_ne_se_calculent_pas_ensemble(dossier, moteur):
    """A fee paid at the drawdown is a use of the plan, later a charge: 300 euros less to fund, whatever is evaluated beside."""
    au_deblocage, plus_tard = (varier(dossier, f"mois_{m}", frais(m)) for m in (0, 12))
    ensemble = moteur.evaluer(replace(dossier, etude=au_deblocage, variantes={"base": au_deblocage, "tard": plus_tard}))
    lus = {nom: ev for ev in ensemble for nom in ev.noms}
    besoins = {nom: ev.livre["besoins.total"].valeur.item() for nom, ev in lus.items()}
    assert besoins["base"] - besoins["tard"] == pytest.approx(300.0, abs=0.005)
    assert "emprunts.essai.frais" not in lus["tard"].livre.lignes


def test_des_tirages_ou_une_decision_change_sont_ceux_de_leur_propre_enregistrement(monkeypatch):
    """Every grant refused, after the study with its grants was recorded: no block is evaluated directly, and the figures are those of it."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(GARE)
    refusee = varier(dossier, "essai", {f"aides[{aide}].coefficient": 0 for aide in ("piaje", "caf93")})
    moteur.reprise(contexte(moteur, dossier, dossier.etude))
    sans_aide = replace(dossier, etude=refusee)
    tirages = {"travaux.cout_m2_ht": np.array([2500.0, 3000.0, 3500.0]), "aides[piaje].coefficient": np.zeros(3)}

    def lire(ev):
        return {"besoins": ev.plan.besoins, "reste": ev.plan.reste_a_financer}

    directe = lire(calculer(moteur.contexte_tire(sans_aide, tirages), [BASE]))
    directes = []
    monkeypatch.setattr(_Blocs, "_evaluer", lambda *_: directes.append(1))
    lues = tirer_par_blocs(moteur, sans_aide, tirages, DuPlanTelQuel(lire))
    assert directes == []
    for nom, attendue in directe.items():
        assert np.allclose(lues[nom], attendue.valeur.ravel(), rtol=1e-12, atol=1e-8), nom
