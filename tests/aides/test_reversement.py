"""Grants given back when the use ends before the commitment: amount and month by hand, account and balance sheet, unknowns."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.exploitation.emprunteur import lire_emprunteur
from tests.conftest import DONNEES

PORTEUR, CAF = "Association gestionnaire", "Caf de la Seine-Saint-Denis"
EMPRUNTEUR = lire_emprunteur(DONNEES / "emprunteurs" / "association_demonstration.yaml")


def evaluer(dossier, moteur, surcharges=None):
    etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    return moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0]


def piaje(ev):
    return next(a for a in ev.subventions if a.aide.id == "piaje")


def rendus(ev):
    code = "tresorerie.reversement.piaje"
    if code not in ev.livre.lignes:
        return None
    flux = np.broadcast_to(ev.livre[code].valeur, (1, ev.ctx.echelle.duree_mois)).reshape(-1)
    return {int(m): round(float(flux[m]), 2) for m in np.flatnonzero(flux)}


def test_la_piaje_de_la_gare_se_rend_au_prorata_en_2037(dossier, moteur):
    """12 places × 8,000 €; opening in month 18, end in month 129, 180 months promised: 96,000 × 69 / 180 = 36,800 €."""
    ev = evaluer(dossier, moteur)
    assert rendus(ev) == {128: 36_800.00}
    assert ev.ctx.echelle.mois_en_clair(128) == "septembre 2037"
    ligne = ev.livre.lignes["tresorerie.reversement.piaje"]
    assert (ligne.payeur, ligne.receveur) == (PORTEUR, CAF)
    assert "60" not in ev.livre["ressources.piaje"].lire(), "le plan compte toujours l'aide entière"
    assert ev.livre["ressources.piaje"].valeur.item() == pytest.approx(96_000)


def test_ce_qui_se_rend_n_entre_jamais_au_resultat(dossier, moteur):
    """Against the same study without any refund: grants released 36,800 € lower, contributions 36,800 € higher, same final cash."""
    ev, sans = (evaluer(dossier, moteur, s) for s in ({}, {"aides[piaje].reversement": "inconnu"}))
    quotes = [e.livre["exploitation.produits.quote_part"].valeur.sum() for e in (ev, sans)]
    assert quotes == pytest.approx([135_000 - 36_800, 135_000])
    contributions = [e.compte.contribution.valeur.sum() for e in (ev, sans)]
    assert contributions[0] - contributions[1] == pytest.approx(36_800)
    soldes = [e.livre[f"tresorerie.cumul.{PORTEUR}"].valeur[0, -1] for e in (ev, sans)]
    assert soldes[0] == pytest.approx(soldes[1], abs=0.01)
    comptes = prevoir(ev, EMPRUNTEUR)
    aux_aides = comptes.passif["Subventions d'investissement"][0]
    assert aux_aides[comptes.annees.index(2036)] == pytest.approx(36_800 + (135_000 - 36_800) * 9 / 111)
    assert aux_aides[-1] == pytest.approx(0, abs=0.005)


@pytest.mark.parametrize(
    ("surcharges", "attendu"),
    [
        ({"titre_occupation.duree_mois": 189}, {}),  # month 198: the commitment is over
        ({"titre_occupation.duree_mois": 188}, {196: round(96_000 / 180, 2)}),
        ({"horizon_mois": 128}, {}),  # the end lies beyond the study
        ({"horizon_mois": 129}, {128: 36_800.00}),
        ({"aides[piaje].reversement": "total"}, {128: 96_000.00}),
        ({"aides[piaje].coefficient": 0.5}, {128: 18_400.00}),
        ({"aides[piaje].reversement": "inconnu"}, None),
        ({"aides[piaje].engagement_ans": None}, {128: 36_800.00}),  # that of the scheme
        ({"realiser": 0}, {}),
    ],
)
def test_selon_la_regle_la_fin_et_l_horizon(dossier, moteur, surcharges, attendu):
    ev = evaluer(dossier, moteur, surcharges)
    assert rendus(ev) == attendu
    prevoir(ev, EMPRUNTEUR)


def test_un_titre_renouvele_garde_l_aide(dossier, moteur):
    renouvele = {"hausse_part": {"valeur": 0.1, "base": "essai"}, "reinstallation_part": {"valeur": 0, "base": "essai"}}
    ev = evaluer(dossier, moteur, {"titre_occupation.renouvellement": renouvele})
    assert rendus(ev) is None
    assert piaje(ev).acquise.valeur.item() == pytest.approx(96_000)


def test_une_regle_inconnue_se_dit_et_ne_vaut_pas_zero(dossier, moteur):
    """Own funds of the Caf: neither commitment nor refund is known; said as unknown while the use ends within the study."""

    def points(surcharges):
        etude = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
        vue = Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()
        return {x.quoi: (x.valeur, x.aupres_de) for x in a_confirmer(vue)}

    attendu = "Reversement à la fin de l'usage : Fonds propres de la Caf 93"
    assert points({})[attendu] == ("inconnu", CAF)
    assert attendu not in points({"titre_occupation.duree_mois": 400})
    assert attendu not in points({"aides[caf93].coefficient": 0})


def test_des_tirages_rendent_chacun_sa_part(dossier, moteur):
    parts = np.array([0.0, 0.25, 1.0])
    ev = moteur.tirer(dossier, {"aides[piaje].coefficient": parts})
    assert ev.livre["tresorerie.reversement.piaje"].valeur[:, 128] == pytest.approx(36_800 * parts)
