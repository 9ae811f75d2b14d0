"""Support of the commune by mode: amounts by hand from the account before it, votes, instalments, late payment, one payer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from pope_foncier.analyse.soutien import annonce, besoins
from pope_foncier.finances.exploitation.tenir_la_caisse import Caisse, tenir
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.grandeur import sommes_annuelles

GELEE = Path(__file__).resolve().parents[1] / "cas" / "etudes_gelees" / "gare_saint_denis.yaml"
CHAMP = "exploitation.contribution_commune"
PLACES = 12
LIGNE = "exploitation.produits.contribution"


def d(valeur):
    return {"valeur": valeur, "base": "essai"}


@pytest.fixture(scope="module")
def gelee():
    return ouvrir(GELEE)


def vue(moteur, dossier, contribution, **surcharges):
    champs = {CHAMP: contribution} | {c.replace("__", "."): v for c, v in surcharges.items()}
    etude = varier(dossier, "essai", champs)
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue().bouclee


def ouverts(v):
    mois = np.broadcast_to(v.ev.calendrier.ouvert.valeur.reshape(-1), (360,))
    return dict(zip(v.annees, sommes_annuelles(mois, v.ev.ctx.echelle), strict=True))


def par_an(v, code=LIGNE):
    return dict(zip(v.annees, v.annuel(code), strict=True))


def prix(moteur, annee):
    return (1 + moteur.evolutions.chemins["prix"].taux("central")) ** (annee - 2026)


@pytest.mark.parametrize(("regle", "part"), [("prorata", 6 / 12), ("entiere", 1.0), ("nulle", 0.0)])
def test_un_forfait_par_place_suit_les_prix_et_la_regle_de_la_premiere_annee(gelee, moteur, regle, part):
    """Opening in July 2028: six months open, then full years, indexed from 2026."""
    v = vue(moteur, gelee, {"mode": "forfait", "par_place": d(4_000), "premiere_annee": regle})
    recu = par_an(v)
    assert ouverts(v)[2028] == 6
    assert recu[2028] == pytest.approx(4_000 * PLACES * prix(moteur, 2028) * part)
    assert recu[2030] == pytest.approx(4_000 * PLACES * prix(moteur, 2030))
    assert recu[2027] == recu[2039] == 0
    assert ouverts(v)[2037] == 9
    assert recu[2037] == pytest.approx(4_000 * PLACES * prix(moteur, 2037) * 9 / 12), "la dernière année, au prorata"


def test_un_forfait_non_indexe_reste_le_meme(gelee, moteur):
    recu = par_an(vue(moteur, gelee, {"mode": "forfait", "par_place": d(4_000), "indexation": None}))
    assert recu[2029] == recu[2036] == pytest.approx(48_000)


def test_plafonnee_le_plus_petit_du_deficit_et_du_plafond(gelee, moteur):
    equilibre = par_an(vue(moteur, gelee, "equilibre_comptable"))
    v = vue(moteur, gelee, {"mode": "plafonnee", "plafond_par_place": d(8_500), "indexation": None})
    plafonds = {a: 8_500 * PLACES * n / 12 for a, n in ouverts(v).items()}
    assert par_an(v) == pytest.approx({a: min(equilibre[a], plafonds[a]) for a in v.annees}, abs=0.01)
    assert par_an(v)[2029] == pytest.approx(102_000)
    assert equilibre[2029] > 102_000, "le plafond limite"


def test_couverture_chaque_annee_d_ouverture_est_a_la_cible(gelee, moteur):
    """Self-financing and interest against interest and capital, read in the ledger year by year."""
    v = vue(moteur, gelee, {"mode": "couverture", "cible": d(1.2)})
    annees = ouverts(v)
    avant = v.ev.calendrier.avant_ouverture.valeur.reshape(-1)
    interets = v.mensuel("exploitation.charges.interets")
    capital = v.mensuel("emprunts.banque.remboursement") * (1 - avant)
    disponible = v.mensuel("exploitation.capacite_autofinancement") + interets
    service, recu = (sommes_annuelles(x, v.ev.ctx.echelle) for x in (interets + capital, disponible))
    for rang, annee in enumerate(v.annees):
        if annees[annee] and service[rang] > 0 and par_an(v)[annee] > 0:
            assert recu[rang] / service[rang] == pytest.approx(1.2, abs=1e-9), annee


def test_equilibre_de_tresorerie_la_caisse_ne_passe_jamais_sous_le_plancher(gelee, moteur):
    """Operating cash from the opening: what the plan set aside, then all that is received and paid, debt served."""
    v = vue(moteur, gelee, {"mode": "equilibre_tresorerie", "plancher": d(5_000)})
    debut, fin = (int(v.valeur(x)) for x in (v.ev.calendrier.ouverture, v.ev.calendrier.fin_usage))
    flux = np.zeros(360)
    for ligne in v.ev.livre.lignes.values():
        code = ligne.code
        courant = code.startswith(("exploitation.", "tresorerie.caf", "tresorerie.loyer", "emprunts."))
        if ligne.est_flux and courant and not code.endswith(".deblocage"):
            signe = (ligne.receveur == "Association gestionnaire") - (ligne.payeur == "Association gestionnaire")
            flux += signe * v.mensuel(code)
    caisse = v.montant("besoins.fonds_de_roulement") + np.cumsum(flux[debut:fin])
    assert caisse.min() >= 5_000 - 0.01
    assert caisse.min() == pytest.approx(5_000, abs=60_000), "sans réserve inutile"
    sans = vue(moteur, gelee, "aucune")
    assert v.annuel(LIGNE).sum() > 0
    assert sans.annuel(LIGNE).sum() == 0


def test_tenir_a_la_main():
    """Two years of twelve months, −10 a month, then −10 with 30 received in the last month.

    The second year lacks 90 in all, 7.5 a month, against 10 spent: at the end of November it has spent 110 and received 82.5, so it
    starts with 27.5.
    """
    solde = np.full((1, 24), -10.0)
    solde[0, 23] = 20.0
    parts = np.full((1, 24), 1 / 12)
    ouvert, plancher = np.ones((1, 24)), np.zeros((1, 24))
    rien, annees = np.zeros((1, 1)), np.array([0, 12])
    montants = tenir([Caisse(solde, parts, ouvert, plancher, rien)], annees)
    assert montants[0, 0] == pytest.approx(147.5)
    assert montants[0, 1] == pytest.approx(90)
    en_mars = np.zeros((1, 24))
    en_mars[0, [2, 14]] = 1.0
    montants = tenir([Caisse(solde, en_mars, ouvert, plancher, rien)], annees)
    assert montants[0, 0] == pytest.approx(140), "les 120 de l'année, et 20 pour janvier et février de la suivante"
    assert montants[0, 1] == pytest.approx(90), "110 de dépenses jusqu'à novembre, dont 20 déjà là"


def test_un_vote_reduit_puis_retire(gelee, moteur):
    forfait = {"mode": "forfait", "par_place": d(4_000), "indexation": None}
    decisions = [
        {"annee": 2030, "part": 0.9, "motif": "vote sous la demande"},
        {"annee": 2033, "part": 0, "motif": "retrait", "suivantes": True},
    ]
    recu = par_an(vue(moteur, gelee, forfait | {"decisions": decisions}))
    assert [recu[a] for a in (2029, 2030, 2031, 2032, 2033, 2036)] == pytest.approx(
        [48_000, 43_200, 48_000, 48_000, 0, 0]
    )


def test_echeances_et_retard_de_la_commune(gelee, moteur):
    """A quarter in April, the rest in September; the opening is in July 2028, so April's share of 2028 comes in July."""
    forfait = {"mode": "forfait", "par_place": d(4_000), "indexation": None, "premiere_annee": "entiere"}
    echeances = [{"mois": 4, "part": 0.25}, {"mois": 9, "part": 0.75}]
    v = vue(moteur, gelee, forfait | {"versements": echeances})
    verse = v.mensuel("tresorerie.contribution")
    assert {int(m): round(float(verse[m])) for m in np.flatnonzero(verse)[:4]} == {
        18: 12_000,  # July 2028
        20: 36_000,
        27: 12_000,  # April 2029
        32: 36_000,
    }
    creance = v.mensuel("tresorerie.creance_commune")
    assert creance[26] == pytest.approx(12_000), "trois douzièmes acquis à fin mars 2029, rien de versé"
    tard = vue(moteur, gelee, forfait | {"versements": echeances, "decalage_mois": 6})
    assert list(np.flatnonzero(tard.mensuel("tresorerie.contribution"))[:2]) == [24, 26]
    assert tard.montant("besoins.fonds_de_roulement") > v.montant("besoins.fonds_de_roulement")


def test_une_somme_fixe_par_un_autre_chemin_est_comptee_a_la_commune(gelee, moteur):
    """A fixed sum through the other income used to make the cost of the commune read zero."""
    reserve = {
        "id": "places_reservees",
        "libelle": "Places réservées par la Ville",
        "payeur": "Ville de Saint-Denis",
        "statut": "esperee",
        "par_place": d(5_000),
    }
    brut = gelee.etude.exploitation.model_dump(mode="python", exclude_defaults=True)["produits_annexes"]
    champs = {"exploitation__produits_annexes": [*brut, reserve]}
    v = vue(moteur, gelee, "aucune", **champs)
    assert v.annuel(LIGNE).sum() == 0
    bonus = (1 + moteur.evolutions.chemins["bonus"].taux("central")) ** 4
    assert par_an(v, "commune.contribution")[2030] == pytest.approx(5_000 * PLACES * bonus)
    assert v.valeur(v.indicateurs["contribution"]) == pytest.approx(par_an(v, "commune.contribution")[2030])
    sans = {r.code: v.valeur(r.grandeur) for r in v.ratios}
    rien = vue(moteur, gelee, "aucune")
    assert sans["couverture_sans_commune"] == pytest.approx(
        next(rien.valeur(r.grandeur) for r in rien.ratios if r.code == "couverture_minimale"), abs=1e-6
    ), "sans la commune : tout ce qu'elle paie est ôté"


def test_ce_qu_il_faudrait_se_dit_a_cote_du_forfait(gelee, moteur):
    v = vue(moteur, gelee, {"mode": "forfait", "par_place": d(4_000)})
    dite, lectures = annonce(v), besoins(v)
    assert dite.par_place == pytest.approx(4_000 * prix(moteur, 2030))
    comptable = vue(moteur, gelee, "equilibre_comptable")
    assert lectures[0].par_place == pytest.approx(par_an(comptable)[2030] / PLACES)
    assert lectures[0].manque_par_place == pytest.approx(lectures[0].par_place - dite.par_place)
    assert [x.par_place for x in lectures[2:]] == sorted(x.par_place for x in lectures[2:]), "1,20 coûte plus que 1,10"


@pytest.mark.parametrize(
    ("fiche", "message"),
    [
        ("equilibre", "ne dit pas quel équilibre"),
        ({"mode": "forfait"}, "demande « par_place »"),
        ({"mode": "aucune", "par_place": d(1)}, "ne sert pas au mode"),
        ({"mode": "couverture", "cible": d(0.8)}, "ne serait pas payée"),
        ({"mode": "equilibre_comptable", "versements": [{"mois": 4, "part": 0.5}]}, "au lieu de 1"),
        ({"mode": "equilibre_comptable", "versements": [{"mois": 14, "part": 1}]}, "de 1 à 12"),
        ({"mode": "forfait", "par_place": d(1), "indexation": "smic_imaginaire"}, "volution"),
    ],
)
def test_une_contribution_fausse_est_refusee(gelee, moteur, fiche, message):
    from pope_foncier.socle.erreurs import ErreurPope

    with pytest.raises(ErreurPope, match=message):
        vue(moteur, gelee, fiche)


def test_le_mot_seul_et_la_fiche_disent_la_meme_chose(gelee):
    mot = varier(gelee, "a", {CHAMP: "aucune"}).exploitation.contribution_commune
    fiche = varier(gelee, "b", {CHAMP: {"mode": "aucune"}}).exploitation.contribution_commune
    assert mot == fiche
    with pytest.raises(ErreurDonnees):
        varier(gelee, "c", {CHAMP: "gratuite"})
