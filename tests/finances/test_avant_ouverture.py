"""Works insurance, equipment at its prices, weeks before the opening, costs of the start: amounts and months by hand."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.analyse.bilan import prevoir
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from pope_foncier.finances.exploitation.paie import bareme_paie
from pope_foncier.projet.emprunteur import lire_emprunteur
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.conftest import DONNEES

EMPRUNTEUR = lire_emprunteur(DONNEES / "emprunteurs" / "association_demonstration.yaml")
DEMARRAGE = {
    "demarrage": {"direction_mois": {"valeur": 3, "base": "essai"}, "recrutement": {"valeur": 5_000, "base": "essai"}}
}


def evaluer(dossier, moteur, surcharges=None):
    etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    return moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]


def payes(ev, code):
    flux = np.broadcast_to(ev.livre[code].valeur, (1, ev.ctx.echelle.duree_mois)).reshape(-1)
    return {int(m): float(flux[m]) for m in np.flatnonzero(flux)}


def test_l_assurance_des_travaux_ne_porte_pas_de_tva(dossier, moteur):
    """2.25 % of works within the 8 % of surveys and insurance: VAT on 1.2775 times the works, premium when they start."""
    nu, ev = (evaluer(dossier, moteur, s) for s in ({}, {"travaux.assurances_part": {"valeur": 0.0225, "base": "e"}}))
    travaux = 200 * 3_750 * 133.3 / 132.0 * 1.015 ** (27.5 / 12)
    assert ev.livre["besoins.tva"].valeur.item() == pytest.approx(0.2 * 1.2775 * travaux, abs=0.01)
    assert nu.livre["besoins.tva"].valeur.item() == pytest.approx(0.2 * 1.30 * travaux, abs=0.01)
    assert payes(ev, "tresorerie.assurances") == {9: pytest.approx(0.0225 * travaux)}
    assert ev.livre.lignes["tresorerie.assurances"].receveur == "Assureurs"
    etudes = payes(ev, "tresorerie.etudes")
    assert etudes == dict.fromkeys(range(18), pytest.approx(1.2 * (0.12 + 0.08 - 0.0225) * travaux / 18))
    assiettes = [next(a.assiette for a in e.subventions if a.aide.id == "piaje").valeur.item() for e in (nu, ev)]
    assert assiettes[0] - assiettes[1] == pytest.approx(0.2 * 0.0225 * travaux, abs=0.01)
    prevoir(ev, EMPRUNTEUR)


@pytest.mark.parametrize("nature", ["fctva", "recuperation"])
def test_la_tva_rendue_laisse_l_assurance(dossier, moteur, nature):
    """FCTVA at 16.404 %, or one sixth: of what bears VAT only."""
    delais = {
        "fctva": {"annees": 2, "mois_versement": {"valeur": 9, "base": "e"}},
        "recuperation": {"delai_mois": {"valeur": 3, "base": "e"}},
    }
    formes = {"fctva": ("collectivite", "gestionnaire"), "recuperation": ("sci", "proprietaire")}
    forme, ordonne = formes[nature]
    ev = evaluer(
        dossier,
        moteur,
        {
            "travaux.assurances_part": {"valeur": 0.0225, "base": "e"},
            "acteurs.forme_maitre_ouvrage": forme,
            "acteurs.maitre_ouvrage": ordonne,
            "compensation_tva": {"nature": nature, **delais[nature]},
        },
    )
    taxe = ev.cout.total_ttc.valeur.item() - 0.0225 * ev.cout.travaux_ht.valeur.item()
    part = 0.16404 if nature == "fctva" else 1 / 6
    assert ev.livre["ressources.compensation_tva"].valeur.item() == pytest.approx(part * taxe)
    assert ev.livre["tresorerie.compensation_tva"].valeur.sum() == pytest.approx(part * taxe)


def test_une_assurance_plus_grosse_que_l_ensemble_est_refusee(dossier):
    with pytest.raises(ErreurDonnees, match="assurances_part » dépasse"):
        varier(dossier, "x", {"travaux.assurances_part": {"valeur": 0.09, "base": "e"}})


def test_l_equipement_suit_les_prix_jusqu_a_son_achat(dossier, moteur):
    """12 places × 3,750 € of January 2025, bought in June 2028: 41 months at 1.8 % a year."""
    ev = evaluer(dossier, moteur)
    attendu = 12 * 3_750 * 1.018 ** (41 / 12)
    assert ev.livre["besoins.equipement"].valeur.item() == pytest.approx(attendu)
    assert payes(ev, "tresorerie.equipement") == {17: pytest.approx(attendu)}


def test_deux_mois_separent_la_reception_de_l_ouverture(dossier, moteur):
    """Works keep their months, their price and their retention; grants paid on final accounts and income wait two months more."""
    delai = {"delais.reception_ouverture_mois": {"valeur": 2, "base": "e"}, "taxes.surface_taxable_m2": 100}
    nu, ev = (evaluer(dossier, moteur, s) for s in ({"taxes.surface_taxable_m2": 100}, delai))
    assert (ev.calendrier.reception.au_point(), ev.calendrier.ouverture.au_point()) == (18, 20)
    for code in ("tresorerie.travaux", "tresorerie.etudes", "tresorerie.taxe_amenagement"):
        assert payes(ev, code) == pytest.approx(payes(nu, code)), code
    assert ev.livre["besoins.travaux_ht"].valeur == pytest.approx(nu.livre["besoins.travaux_ht"].valeur)
    assert list(payes(ev, "tresorerie.aide.piaje")) == [32]
    assert min(payes(ev, "exploitation.produits.familles")) == 20
    assert list(payes(ev, "tresorerie.equipement")) == [19]
    loyers = [e.livre["besoins.loyer_travaux"].valeur.item() for e in (nu, ev)]
    assert loyers[1] - loyers[0] == pytest.approx(2 * 1_250 * 1.018), "deux mois de redevance de plus avant l'ouverture"
    prevoir(ev, EMPRUNTEUR)


def test_la_direction_et_le_recrutement_d_avant_l_ouverture(dossier, moteur):
    """Months 15 to 17 of 2028: 0.5 post at 71,120 € of 2026, wages at 2 % a year; 5,000 € at prices of 1.8 %, in month 17."""
    nu, ev = (evaluer(dossier, moteur, s) for s in ({}, DEMARRAGE))
    salaires = moteur.evolutions.chemins["salaires"].central
    etp = float(np.ravel(ev.livre["exploitation.etp.direction"].valeur)[0])
    mensuel = etp * 71_120 / 12 * (1 + salaires) ** 2
    assert mensuel > 1_000
    assert payes(ev, "tresorerie.avant_ouverture.direction") == dict.fromkeys((15, 16, 17), pytest.approx(mensuel))
    assert payes(ev, "tresorerie.avant_ouverture.recrutement") == {17: pytest.approx(5_000 * 1.018**2)}
    besoins = [e.plan.besoins.valeur.item() for e in (nu, ev)]
    assert besoins[1] - besoins[0] == pytest.approx(3 * mensuel + 5_000 * 1.018**2)
    assert ev.compte.charges.valeur == pytest.approx(nu.compte.charges.valeur), "hors du compte d'exploitation"
    comptes = prevoir(ev, EMPRUNTEUR), prevoir(nu, EMPRUNTEUR)
    ecart = [c.charges["Autres charges du projet"][0, 1] for c in comptes]
    assert ecart[0] - ecart[1] == pytest.approx(3 * mensuel + 5_000 * 1.018**2), "charge de 2028"


def test_au_bareme_de_la_branche_la_taxe_est_comprise(moteur):
    """Direction at the mean points of the branch: gross, contributions less relief, tax on wages without allowance.

    Half a post is under the eleven employees of the transport levy.
    """
    modes = ouvrir(DONNEES / "etudes" / "modes_d_accueil.yaml")
    ev = evaluer(modes, moteur, DEMARRAGE)
    paye = payes(ev, "tresorerie.avant_ouverture.direction")
    etp = float(np.ravel(ev.livre["exploitation.etp.direction"].valeur)[0])
    annuel = 4 * sum(paye.values()) / etp
    feuilles = {f.nom: f for f in ev.livre["tresorerie.avant_ouverture.direction"].feuilles()}
    assert {"Points d'ancienneté à l'ouverture"} <= set(feuilles)
    paie = bareme_paie(moteur.catalogue, ev.ctx.etude.date_demande, versement_mobilite=False)
    points = paie.points_moyens["direction"] + feuilles["Points d'ancienneté à l'ouverture"].au_point()
    attendu = (paie.cout_etp(np.array([points])) + paie.taxe(paie.brut(np.array([points])))).item()
    salaires = 1.018 ** (ev.ctx.echelle.date_du_mois(min(paye)).year - ev.ctx.etude.exploitation.annee_prix)
    assert annuel == pytest.approx(attendu * salaires)


def test_sans_exploitation_pas_de_demarrage(dossier):
    with pytest.raises(ErreurDonnees, match="« demarrage » sans « exploitation »"):
        varier(dossier, "x", DEMARRAGE | {"exploitation": None})
