"""Portfolio: pooled cash is the sum of the sites, the balance sheet balances, trials hit what they should."""

import numpy as np
import pytest

from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.decision.portefeuille import assembler, eprouver, lire_portefeuille
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.conftest import COQUE, DONNEES, GELEES


@pytest.fixture(scope="module")
def portefeuille():
    return lire_portefeuille(DONNEES / "portefeuilles" / "sci_plaine_commune.yaml")


@pytest.fixture(scope="module")
def ensemble(portefeuille, moteur):
    return assembler(portefeuille, moteur, etudes=GELEES)


def test_la_caisse_commune_est_la_somme_des_lieux(portefeuille, ensemble, moteur):
    """Recomputed from the ledger of the single montage: two copies, the second a year later, capital, shared management.

    One site held: 0.08 post; two sites: 0.10, not 0.16. Wages rise by 1.8 % a year (central path).
    """
    dossier = ouvrir(COQUE)
    (cas,) = (c for c in comparer(dossier, moteur) if c.nom == "sci_loue")
    livre, porteur = cas.evaluation.livre, cas.etude.acteurs.proprietaire
    solde = np.zeros(360)
    for ligne in livre.lignes.values():
        if ligne.est_flux and not ligne.code.endswith(".capital_sci"):
            signe = (ligne.receveur == porteur) - (ligne.payeur == porteur)
            solde += signe * np.broadcast_to(ligne.grandeur.valeur, (1, 360))[0]
    attendu = np.zeros(372)
    attendu[:360] += solde
    attendu[12:] += solde
    etp = [0.10 if 12 <= m < 360 else 0.08 for m in range(372)]
    partages = np.array([etp[m] * 60_000 / 12 * 1.018 ** (2027 + m // 12 - 2026) for m in range(372)])
    assert ensemble.caisse[0] == pytest.approx(2_110_000 + np.cumsum(attendu - partages), abs=0.01)


def test_le_bilan_est_equilibre_chaque_annee_et_finit_sans_dette(ensemble):
    bilan = ensemble.bilan()
    assert sum(bilan.actif.values()) == pytest.approx(sum(bilan.passif.values()), abs=0.005)
    assert bilan.passif["Emprunts"][..., -1] == pytest.approx(0, abs=0.01)
    assert bilan.passif["Subventions non rapportées"][..., -1] == pytest.approx(0, abs=0.01)
    assert bilan.actif["Immeubles et travaux, nets"][0, -1] == pytest.approx(2 * 0.2 * 600_000), (
        "le terrain ne s'amortit pas"
    )


def test_les_epreuves_ne_touchent_que_le_lieu_vise(portefeuille, ensemble, moteur):
    epreuves = eprouver(portefeuille, moteur)
    assert len(epreuves) == 1 + 2 + 2
    base = epreuves[0].commun.montant
    assert all(e.commun.montant <= base + 0.005 for e in epreuves)
    retard = assembler(portefeuille, moteur, {"seconde": 12}, GELEES)
    assert np.array_equal(retard.lieux[0].solde, ensemble.lieux[0].solde)
    assert retard.lieux[1].subventions.sum() == pytest.approx(ensemble.lieux[1].subventions.sum())
    assert not np.array_equal(retard.lieux[1].solde, ensemble.lieux[1].solde)


def test_un_lieu_vide_rend_ses_aides(portefeuille, ensemble, moteur):
    """Five years after the opening, two thirds of the Piaje are given back: 90,666.67 €, beside the lost rents."""
    lieu = ensemble.lieux[0]
    depart = int(lieu.ouverture[0, 0]) + 60
    assert lieu.engagement[0, depart] == pytest.approx(136_000 * 10 / 15)
    vide = eprouver(portefeuille, moteur)[1]
    loyers = lieu.produits[0, depart:].sum() + 136_000 * 10 / 15
    fin = ensemble.caisse[0, -1] - loyers
    assert vide.commun.montant <= fin + 0.01


def test_frais_et_reprise_entrent_dans_la_caisse(portefeuille, ensemble, moteur, donnees_copie):
    """5,000 € of loan fees at one site leave the pooled cash, and the balance sheet still balances."""
    etude = donnees_copie / "etudes" / "coque_la_courneuve.yaml"
    texte = etude.read_text(encoding="utf-8").replace(
        "    profil: annuite_constante\n", "    profil: annuite_constante\n    frais: {valeur: 5000, base: essai}\n", 1
    )
    etude.write_text(texte, encoding="utf-8")
    avec = assembler(portefeuille, moteur, etudes=donnees_copie / "etudes")
    loyers = sum((b.produits - a.produits for a, b in zip(ensemble.lieux, avec.lieux, strict=True)), np.zeros((1, 372)))
    assert avec.caisse[0, -1] - ensemble.caisse[0, -1] - loyers.sum() == pytest.approx(-10_000, abs=0.01)
    avec.bilan()


def test_deux_porteurs_ou_deux_fois_le_meme_lieu_sont_refuses(portefeuille, moteur):
    premiere, seconde = portefeuille.lignes
    melange = portefeuille.model_copy(
        update={"lignes": (premiere, seconde.model_copy(update={"montage": "commune_loue"}))}
    )
    with pytest.raises(ErreurDonnees, match="plusieurs porteurs : commune qui loue, sci qui loue"):
        assembler(melange, moteur)
    double = portefeuille.model_dump(mode="python", exclude_defaults=True)
    double["lignes"] = [double["lignes"][0], double["lignes"][0]]
    with pytest.raises(ValueError, match="lieu en double"):
        type(portefeuille).model_validate(double)


def test_un_portefeuille_impossible_dit_toutes_ses_fautes(portefeuille, moteur):
    premiere, seconde = portefeuille.lignes
    faux = portefeuille.model_copy(
        update={
            "lignes": (
                premiere.model_copy(update={"montage": "convention_commune"}),
                seconde.model_copy(update={"etude": "creche_emile_zola"}),
                seconde.model_copy(update={"id": "x", "montage": "xx"}),
            )
        }
    )
    with pytest.raises(ErreurDonnees) as erreur:
        assembler(faux, moteur)
    texte = str(erreur.value)
    assert "3 erreurs" in texte
    assert "est impossible ici" in texte
    assert "n'a pas de section « foncier »" in texte
    assert "montage « xx » inconnu" in texte


def test_un_capital_inconnu_reste_inconnu(portefeuille, moteur):
    sans = portefeuille.model_copy(
        update={"capital": portefeuille.capital.model_copy(update={"valeur": None, "base": None})}
    )
    assert np.isnan(assembler(sans, moteur).caisse).all()
    assert eprouver(sans, moteur)[0].commun.quand == "inconnu"
    assert eprouver(sans, moteur)[1].reserve == "inconnu"
