"""Stresses: what a late commune pays late, shocks that nothing reads, stresses without effect, votes outside the study."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.epreuves import SANS_EFFET, eprouver, frapper_ensemble, mesurer
from pope_foncier.decision.fiche_epreuves import Epreuves, lire_epreuves
from pope_foncier.decision.gel import frapper, geler
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.exploitation.emprunteur import lire_emprunteur
from pope_foncier.modele.contexte import Choc
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.fiches import valider
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.etude import tableaux
from tests.conftest import DONNEES, GARE_LIVREE
from tests.rondes import d

VILLE = "Ville de Saint-Denis"
CONTRIBUTION = "exploitation.contribution_commune"


@pytest.fixture(scope="module")
def gare():
    return ouvrir(GARE_LIVREE)


def vue(moteur, dossier, surcharges=None):
    variante = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    return Resultat.calculer(replace(dossier, etude=variante, variantes={BASE: variante}), moteur).vue()


def par_tous_les_chemins(gare):
    """The commune lends, brings capital, gives a grant, reserves places and pays its lump."""
    brut = gare.etude.model_dump(mode="python", exclude_defaults=True)
    places = {
        "id": "places_reservees",
        "libelle": "Places réservées par la Ville",
        "payeur": VILLE,
        "statut": "esperee",
        "par_place": d(1_000),
    }
    pret = {
        "id": "pret_ville",
        "libelle": "Prêt de la Ville",
        "preteur": VILLE,
        "emprunteur": "gestionnaire",
        "profil": "capital_constant",
        "montant": d(60_000),
        "taux": d(0.01),
        "duree_mois": d(60),
        "differe_mois": d(0),
    }
    apport = {
        "id": "apport_ville",
        "libelle": "Apport de la Ville",
        "apporteur": VILLE,
        "nature": "fonds_propres",
        "montant": d(20_000),
        "mois_versement": d(3),
    }
    aide = {
        "id": "aide_ville",
        "libelle": "Subvention de la Ville",
        "financeur": VILLE,
        "statut": "esperee",
        "montant": d(30_000),
    }
    don = {"id": "don_ville", "libelle": "Bouclage par la Ville", "nature": "subvention", "apporteur": VILLE}
    return {
        "exploitation.produits_annexes": [*brut["exploitation"]["produits_annexes"], places],
        "prets": [*brut["prets"], pret],
        "apports": [*brut.get("apports", ()), apport],
        "aides": [*brut["aides"], aide],
        "bouclage": [don],
    }


def verse_par(ev, acteur):
    """All that a party pays by month, as the ledger has it, taxes and costs left out: it is the commune of the study."""
    return sum(x.grandeur.valeur.reshape(-1) for x in ev.livre.lignes.values() if x.est_flux and x.payeur == acteur)


def test_une_commune_en_retard_paie_tout_six_mois_plus_tard(moteur, gare):
    """Whatever the route: loan, capital, grant, closing, reserved places, lump; what she is repaid keeps its dates."""
    v = vue(moteur, gare, par_tous_les_chemins(gare))
    fiche = {e.id: e for e in lire_epreuves().epreuves}["commune_tard"]
    gele = geler(v)
    base = frapper(gele, ())
    tard = frapper_ensemble(gele, base, [fiche])
    avant, apres = verse_par(base, VILLE), verse_par(tard, VILLE)
    assert avant.sum() > 60_000 + 20_000 + 30_000 + 109 * 1_000
    assert apres[:6] == pytest.approx(0)
    assert apres[6:] == pytest.approx(avant[:-6], abs=0.01)
    recus = [
        sum(x.grandeur.valeur for x in e.livre.lignes.values() if x.est_flux and x.receveur == VILLE)
        for e in (base, tard)
    ]
    assert recus[0] == pytest.approx(recus[1], abs=0.01)
    caisses = [e.livre["tresorerie.cumul.Association gestionnaire"].valeur.reshape(-1) for e in (base, tard)]
    assert (caisses[1] <= caisses[0] + 0.01).all(), "bad news never improves a figure"
    emprunteur = lire_emprunteur(DONNEES / "emprunteurs" / "association_demonstration.yaml")
    assert prevoir(tard, emprunteur).annees == base.ctx.echelle.annees, "assets equal liabilities, or it raises"


@pytest.mark.parametrize(
    ("champ", "proche"),
    [
        ("travaux.htt", "travaux.ht"),
        ("exploitation.taux_ocupation", "exploitation.taux_occupation"),
        ("pret[*].taux", r"prets\[\*\]\.taux"),
        ("titre", "Peut-être|Prendre le chemin"),
    ],
)
def test_un_choc_sur_un_champ_inconnu_est_refuse(moteur, gare, champ, proche):
    with pytest.raises(ErreurCalcul, match=f"Choc sur un champ inconnu .*{proche}"):
        frapper(geler(vue(moteur, gare)), [Choc(champ, "essai", 2.0)])
    brut = {"epreuves": [{"id": "x", "libelle": "X", "chocs": [{"champ": champ, "facteur": 2}]}]}
    with pytest.raises(ErreurDonnees, match="Choc sur un champ inconnu"):
        valider(Epreuves, brut, "essai.yaml")


def test_un_choc_sur_un_element_absent_est_refuse(moteur, gare):
    with pytest.raises(ErreurCalcul, match=r"aides\[piage\].*Peut-être : piaje"):
        frapper(geler(vue(moteur, gare)), [Choc("aides[piage].arretee", "essai", 0.0)])
    brut = {"epreuves": [{"id": "x", "libelle": "X", "chocs": [{"champ": "aides[piaje].arretee", "facteur": 0}]}]}
    with pytest.raises(ErreurDonnees, match="une épreuve vaut pour toutes"):
        valider(Epreuves, brut, "essai.yaml")


def test_une_epreuve_sans_effet_le_dit_dans_chaque_table(moteur, gare):
    """No loan, no grant, no commune: their stresses change nothing here, and no row may look like a plan that holds."""
    seule = {"prets": [], "relais": None, "aides": [], CONTRIBUTION: "aucune"}
    v = vue(moteur, gare, seule)
    effets = {e.libelle: e for e in eprouver(v)}
    muettes = {nom for nom, e in effets.items() if e.sans_effet}
    assert {n.removesuffix(f" ({SANS_EFFET})") for n in muettes} >= {
        "Taux des prêts +1,5 point",
        "Commune en retard de 6 mois",
        "Rien de ce que paie la commune",
        "Convention avec la Caf (CTG) non signée",
    }
    assert all(n.endswith(f" ({SANS_EFFET})") for n in muettes)
    assert not effets["Travaux +10 %"].sans_effet
    table = tableaux_epreuves.tables(v)[-1]
    assert f"Taux des prêts +1,5 point ({SANS_EFFET})" in [ligne[0] for ligne in table.lignes]
    assert next(iter(effets.values())).sans_effet is False, "the frozen plan itself is no stress"


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"mode": "arretee", "montants": [{"annee": 2026, "montant": 9_000, "mois_ouverts": 6}]}, "voté pour 2026"),
        ({"mode": "arretee", "montants": [{"annee": 2057, "montant": 9_000, "mois_ouverts": 6}]}, "voté pour 2057"),
        (
            {"mode": "equilibre_comptable", "decisions": [{"annee": 2057, "part": 0, "motif": "refus"}]},
            "décision de 2057",
        ),
        (
            {"mode": "equilibre_comptable", "decisions": [{"annee": 2026, "part": 0, "motif": "refus"}]},
            "décision de 2026",
        ),
    ],
)
def test_un_vote_hors_des_annees_de_l_etude_est_refuse(gare, champs, dit):
    """360 months from January 2027: 2027 to 2056."""
    with pytest.raises(ErreurDonnees, match=rf"hors des années de l'étude \(2027 à 2056\).*{dit}"):
        varier(gare, "x", {CONTRIBUTION: champs})


def test_une_decision_d_avant_que_les_annees_suivent_est_gardee(moteur, gare):
    decisions = [{"annee": 2026, "part": 0.5, "motif": "moitié votée", "suivantes": True}]
    fiche = {"mode": "forfait", "par_place": d(1_000), "indexation": None}
    entiere, moitie = (
        vue(moteur, gare, {CONTRIBUTION: x}).annuel("commune.contribution")
        for x in (fiche, fiche | {"decisions": decisions})
    )
    assert moitie == pytest.approx(entiere / 2)
    assert np.count_nonzero(entiere) > 0


def test_le_budget_de_la_commune_va_jusqu_au_bout(moteur, gare):
    """42,000 € asked of the city by the study; lump of 4,250 € in 2026 by 12 places over 109 months, 1.8 % a year."""
    v = vue(moteur, gare)
    table = tableaux.budget_commune(v, annees=4)
    lues = {ligne[0]: [_nombre(c) for c in ligne[1:]] for ligne in table.lignes}
    assert list(lues) == [
        "2027",
        "2028",
        "2029",
        "2030",
        "2031 à 2037",
        "Toute la durée",
        "Par place et par an d'ouverture",
    ]
    mois = {2028: 4, **dict.fromkeys(range(2029, 2037), 12), 2037: 9}
    verse = sum(4_250 * 12 * n / 12 * 1.018 ** (a - 2026) for a, n in mois.items())
    investi, fonctionne, ensemble, a_trouver, _ = lues["Toute la durée"]
    assert fonctionne == pytest.approx(verse, abs=1)
    assert investi == 42_000
    assert ensemble == pytest.approx(investi + fonctionne, abs=1)
    assert sum(lues[n][1] for n in list(lues)[:5]) == pytest.approx(fonctionne, abs=3)
    assert lues["Par place et par an d'ouverture"][:4] == pytest.approx(
        [x / 109 for x in (investi, fonctionne, ensemble, a_trouver)], abs=0.51
    )


def _nombre(cellule):
    brut = re.sub(r"[^\d−-]", "", cellule).replace("−", "-")
    return float(brut) if brut else float("nan")


def test_les_epreuves_ensemble_donnent_ce_que_donne_chacune_a_part(moteur, gare):
    """Stresses are rows of one evaluation, each with the figures that it has alone, and the month from which they are worst."""
    v, fiches = vue(moteur, gare, par_tous_les_chemins(gare)), lire_epreuves()
    par_nom = {e.id: e for e in fiches.epreuves}
    essais = [(e.libelle, [e]) for e in fiches.epreuves]
    essais += [(c.libelle, [par_nom[i] for i in c.epreuves]) for c in fiches.combinaisons]
    gele = geler(v)
    base = frapper(gele, ())
    for effet, (libelle, ensemble) in zip(eprouver(v)[1:], essais, strict=True):
        seul = mesurer(libelle, frapper_ensemble(gele, base, ensemble), base)
        assert (effet.libelle, effet.sans_effet) == (seul.libelle, seul.sans_effet)
        assert [qui for qui, _ in effet.porte_par] == [qui for qui, _ in seul.porte_par]
        for lu, attendu in zip(_nombres_de(effet), _nombres_de(seul), strict=True):
            assert lu == pytest.approx(attendu, abs=1e-9, rel=1e-12, nan_ok=True), (libelle, lu, attendu)
        assert [c.mois_de_l_avance for c in effet.caisses] == [c.mois_de_l_avance for c in seul.caisses]
    assert eprouver(v) is eprouver(v), "the note and the tables of an output read them once"


def _nombres_de(effet):
    yield from (effet.trou, effet.couverture_minimale, effet.couverture_minimale_sans_commune, effet.couvertures)
    yield [perte for _, perte in effet.porte_par]
    for c in effet.caisses:
        yield from (c.caisse.cumul, c.caisse.mois_du_creux, c.avance, c.mois_negatifs)


def test_le_pire_mois_est_le_premier_ou_tout_est_a_avancer(moteur, gare):
    """Works dearer by 10 %, all paid by the last invoice: from then on the same amount is missing, whatever the roundings."""
    v = vue(moteur, gare)
    effet = next(e for e in eprouver(v) if e.libelle == "Travaux +10 %")
    gele = geler(v)
    base, cher = frapper(gele, ()), frapper(gele, [Choc("travaux.ht", "cher", 1.1)])
    code = f"tresorerie.cumul.{effet.du_porteur.caisse.acteur}"
    manque = base.livre[code].valeur.reshape(-1) - cher.livre[code].valeur.reshape(-1)
    mois = effet.du_porteur.mois_de_l_avance
    assert manque[mois] == pytest.approx(manque.max(), abs=0.005)
    assert (manque[:mois] < manque[mois] - 0.005).all()


def test_un_choc_ne_laisse_rien_au_suivant(moteur, gare):
    """The shocks of a frozen plan share the inputs that they do not strike: each finds them as on a plan frozen anew."""
    lue = vue(moteur, gare, par_tous_les_chemins(gare))
    chocs = [Choc("travaux.cout_m2_ht", "cher", 1.3), Choc("exploitation.taux_occupation", "vide", 1.0, -0.1)]
    essais = [
        ((chocs[0],), {}),
        ((), {"commune_en_retard": 6}),
        ((chocs[1],), {}),
        ((), {"sans_commune": True}),
        ((), {}),
    ]
    sert = geler(lue)
    for choc, options in essais:
        suivi, seul = frapper(sert, choc, **options).livre, frapper(geler(lue), choc, **options).livre
        assert suivi.lignes.keys() == seul.lignes.keys()
        for code in seul.lignes:
            assert np.array_equal(suivi[code].valeur, seul[code].valeur, equal_nan=True), (code, choc, options)
