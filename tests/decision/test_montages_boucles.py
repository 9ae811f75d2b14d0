"""Montages on closed plans: the commune's cost and the cover of one of them in plain Python, real costs, equilibrium rent."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.montages.avoirs import avoirs, comptes
from pope_foncier.decision.montages.comparaison import loyer_supportable, mesurer
from pope_foncier.decision.montages.flux_murs import flux_des_murs
from pope_foncier.decision.montages.possibles import comparer, preparer
from pope_foncier.etude import bouclage
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.modele.fiche_bouclage import A_TROUVER, DEMARRAGE
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision.montages.carnet import Comparatif
from tests.rondes import aplatir, d, micro_ronde

EQUILIBRE = [n for n, m in lire_montages().montages.items() if m.bail is not None and m.bail.loyer == "equilibre"]

# The micro-crèche of tests/cas/portefeuilles.yaml bought by the association, flat prices; every amount is in the head of that file.
# Ten places, open in month 12 to 131 (ten years); works, building and grants over ten years; loan of 200,000 € at 0 % in 120 months.
M, OUVERTURE, PLACES = 132, 12, 10
BESOINS = 300_000 + 23_808.60 + 225_000 + 3_800 + 2_633.712 + (7_200 + 6 * 600)
RESTE = BESOINS - 200_000 - 60_000
DEFICIT_SANS_AIDE = 105_000 + 15_000 + 3_800 + 48_880.86 - 96_000 - 24_000
TAUX = 0.03


def valeur(flux):
    return sum(x * (1 + TAUX) ** (-m / 12) for m, x in flux)


PLACES_ANNEES = valeur((m, PLACES / 12) for m in range(OUVERTURE, M))


def contribution(donne):
    """Balance of a year when grants of this amount are released over ten years."""
    return DEFICIT_SANS_AIDE - donne / 10


@pytest.fixture(scope="module")
def cas_coque(coque, moteur):
    return {c.nom: c for c in comparer(coque, moteur)}


@pytest.fixture(scope="module")
def plat(moteur):
    return aplatir(moteur)


@pytest.fixture(scope="module")
def micro(coque):
    return micro_ronde(coque)


def mesures(dossier, moteur, nom, **surcharges):
    etude = (
        varier(dossier, "x", {c.replace("__", "."): v for c, v in surcharges.items()}) if surcharges else dossier.etude
    )
    seul = replace(dossier, etude=etude, variantes={BASE: etude})
    cas = preparer(seul, etude.foncier, nom, lire_montages().montages[nom])
    (ev,) = moteur.evaluer(replace(seul, etude=cas.etude, variantes={BASE: cas.etude}))
    cas = replace(cas, evaluation=ev)
    return cas, mesurer(cas, etude.foncier)


def ville(montant, evenement="demarrage_travaux"):
    return {
        "id": "ville",
        "libelle": "Subvention de la Ville",
        "nature": "subvention",
        "apporteur": "Ville de La Courneuve",
        "montant": d(montant),
        "versements": [{"evenement": evenement, "part": 1, "delai_mois": 0}],
    }


def test_le_cout_de_la_commune_et_la_couverture_en_python(micro, plat):
    """What lacks is a grant called as the cash runs out: nobody gives back works that nobody paid.

    The purchase, less the loan, and the first month of works are called at once; then works, charges and capital, seven months and
    15,400 €: the grant of 60,000 € comes later.
    """
    cas, m = mesures(micro, plat, "achat_association")
    par_an = contribution(60_000 + RESTE)
    assert m.reste.item() == pytest.approx(RESTE, abs=0.01)
    assert m.a_trouver.item() == pytest.approx(RESTE, abs=0.01)
    assert m.commune_fonctionnement.item() == pytest.approx(par_an, abs=0.01)
    assert m.commune_par_place.item() == pytest.approx(par_an / PLACES, abs=0.001)
    assert m.commune_valeur.item() == pytest.approx(
        valeur((k, par_an / 12) for k in range(OUVERTURE, M)) / PLACES_ANNEES, abs=0.001
    )
    du_mois = (225_000 + 3_800) / 12
    appels = [(0, 300_000 + 23_808.60 + 2_633.712 - 200_000 + du_mois)]
    appels += [(k, du_mois + 200_000 / 120) for k in range(1, 8)]
    appels.append((8, 15_400))
    assert sum(montant for _, montant in appels) == pytest.approx(RESTE, abs=0.01)
    assert m.a_trouver_par_place.item() == pytest.approx(valeur(appels) / PLACES_ANNEES, abs=0.001)
    autofinancement = 48_880.86 - (60_000 + RESTE) / 10
    assert m.couverture.item() == pytest.approx(autofinancement / 20_000, abs=1e-5)
    ouverte = cas.evaluation.compte
    assert ouverte.contribution.valeur[0, 20] * 12 == pytest.approx(contribution(60_000), abs=0.01)
    assert (contribution(60_000) + 96_000 + 24_000 - 123_800) / 20_000 > 2, (
        "the open plan seemed to cover its debt twice"
    )


def test_le_cout_des_murs_est_celui_que_l_on_paie(micro, plat):
    """By hand: purchase, works, charges and loan, less the grant and the resale; what is to be found lowers nothing."""
    flux = [(0, -300_000 - 23_808.60 - 2_633.712 + 200_000), (18, 60_000)]
    flux += [(m, -225_000 / 12) for m in range(12)]
    flux += [(m, -3_800 / 12) for m in range(M)]
    flux += [(m, -200_000 / 120) for m in range(1, 121)]
    revente = 0.5 * (300_000 + 225_000)
    attendu = -(valeur(flux) + revente * (1 + TAUX) ** (-(M - 1) / 12)) / PLACES_ANNEES
    for closers in ((), ({"bouclage": [ville(100_000)]},)):
        _, m = mesures(micro, plat, "achat_association", **(closers[0] if closers else {}))
        assert m.cout_complet.item() == pytest.approx(attendu, abs=0.001)
        assert m.cout_gestionnaire.item() == pytest.approx(attendu, abs=0.001)


@pytest.mark.parametrize(("evenement", "mois"), [("demarrage_travaux", 0), ("reception", 12)])
def test_ce_que_la_ville_apporte_au_plan_est_dans_son_cout(micro, plat, evenement, mois):
    """100,000 € of the city: same contribution, that much less to find, and that much more for the city at its date.

    Paid at the reception (month 12, the first of the operation) it is an investment of the city as before it.
    """
    _, m = mesures(micro, plat, "achat_association", bouclage=[ville(100_000, evenement)])
    par_an = contribution(60_000 + RESTE)
    assert {q: v.item() for q, v in m.apporte.items()} == {"Ville de La Courneuve": 100_000}
    assert m.a_trouver.item() == pytest.approx(RESTE - 100_000, abs=0.01)
    assert m.commune_fonctionnement.item() == pytest.approx(par_an, abs=0.01)
    paye = valeur((k, par_an / 12) for k in range(OUVERTURE, M)) + 100_000 * (1 + TAUX) ** (-mois / 12)
    assert m.commune_valeur.item() == pytest.approx(paye / PLACES_ANNEES, abs=0.001)
    assert m.commune_investissement.item() == pytest.approx(100_000, abs=0.01)


def test_un_apport_a_rendre_de_la_ville_lui_revient(micro, plat):
    """120,000 € paid in month 0, given back in 60 months from month 24; nothing is released to income."""
    apport = {
        "id": "avance",
        "libelle": "Avance de la Ville",
        "nature": "droit_de_reprise",
        "apporteur": "Ville de La Courneuve",
        "montant": d(120_000),
        "mois_versement": d(0),
        "reprise_differe_mois": d(24),
        "reprise_duree_mois": d(60),
    }
    _, m = mesures(micro, plat, "achat_association", bouclage=[apport])
    reste = RESTE - 120_000
    par_an = contribution(60_000 + reste)
    paye = valeur((k, par_an / 12) for k in range(OUVERTURE, M)) + 120_000
    paye -= valeur((k, 2_000) for k in range(24, 84))
    assert m.a_trouver.item() == pytest.approx(reste, abs=0.01)
    assert m.commune_valeur.item() == pytest.approx(paye / PLACES_ANNEES, abs=0.001)


@pytest.mark.parametrize("nom", EQUILIBRE)
def test_boucler_ne_change_pas_le_loyer_d_equilibre(coque, moteur, cas_coque, nom):
    """A letting holder closes with capital, which its rent pays back already; even if the study asks for a grant to find."""
    cas = cas_coque[nom]
    if cas.evaluation is None:
        assert cas.etat == "impossible"
        return
    bouclee = cas.bouclee
    loyers = (cas.evaluation.loyers.par_m2.valeur, bouclee.loyers.par_m2.valeur)
    assert loyers[1] == pytest.approx(loyers[0], rel=1e-12)
    assert bouclee.livre["bail.loyer"].valeur == pytest.approx(cas.evaluation.livre["bail.loyer"].valeur, rel=1e-12)
    assert bouclee.plan.reste_a_financer.valeur == pytest.approx(0, abs=0.01)
    (apport,) = (a for a in bouclee.apports if a.apporteur == A_TROUVER)
    assert apport.nature == "fonds_propres"
    don = {"id": "a_trouver", "libelle": "À trouver", "nature": "a_trouver"}
    avec, m = mesures(coque, moteur, nom, bouclage=[don])
    assert avec.bouclee.loyers.par_m2.valeur == pytest.approx(loyers[0], rel=1e-12)
    assert m.cout_complet == pytest.approx(mesurer(cas, coque.etude.foncier).cout_complet)


def test_ce_qui_est_a_trouver_ne_baisse_aucun_cout(coque, cas_coque):
    """For every montage: the flows of the walls are those of the open plan; only what somebody brings may differ."""
    for cas in cas_coque.values():
        if cas.evaluation is None:
            continue
        m = mesurer(cas, coque.etude.foncier)
        demarrage = f"tresorerie.bouclage.{DEMARRAGE.id}"
        don = [c for c in cas.bouclee.livre.lignes if c.startswith("tresorerie.bouclage.") and c != demarrage]
        capital = cas.etude.acteurs.maitre_ouvrage == "proprietaire"
        assert bool(don) is not capital, cas.nom
        assert (demarrage in cas.bouclee.livre.lignes) is capital, "a start of its own for an operator that rents"
        acteurs = cas.etude.acteurs
        tous = {acteurs.gestionnaire, acteurs.nom_maitre_ouvrage, acteurs.proprietaire}
        murs = [flux_des_murs(ev, tous) for ev in (cas.evaluation, cas.bouclee)]
        assert murs[1] == pytest.approx(murs[0], abs=1e-6), cas.nom
        total = (m.commune_valeur + m.a_trouver_par_place).item()
        assert total >= m.commune_valeur.item()
        assert (m.capital_a_trouver.item() > 0) <= capital, cas.nom
        if capital:
            depart = m.a_trouver.item() - m.capital_a_trouver.item()
            assert depart == pytest.approx(cas.bouclee.plan.manque_du_gestionnaire.valeur.item(), abs=0.01)
            assert m.a_trouver_par_place.item() == pytest.approx(_par_place_et_an(cas, demarrage), rel=1e-6), cas.nom
        else:
            assert (m.a_trouver_par_place.item() == 0) == (cas.montage.porteur == "commune"), cas.nom


def _par_place_et_an(cas, code):
    """Present value of a flow over that of the open places, month by month."""
    taux, ev = cas.etude.foncier.taux_actualisation.valeur, cas.bouclee
    facteurs = [(1 + taux) ** (-m / 12) for m in range(ev.ctx.echelle.duree_mois)]
    paye = np.broadcast_to(ev.livre[code].valeur, (1, len(facteurs)))[0]
    ouvert = np.broadcast_to(ev.calendrier.ouvert.valeur, (1, len(facteurs)))[0] * ev.capacite.places.valeur.item() / 12
    return sum(p * f for p, f in zip(paye, facteurs, strict=True)) / sum(
        o * f for o, f in zip(ouvert, facteurs, strict=True)
    )


def test_le_loyer_supportable_ne_depend_pas_de_ce_que_la_commune_annonce(coque, moteur, cas_coque):
    """A lump by place would never follow the rent: what balance would take is read in its place."""
    cas = cas_coque["sci_loue"]
    attendu = loyer_supportable(cas, coque, coque.etude.foncier, moteur)
    forfait = varier(
        replace(coque, etude=cas.etude, variantes={BASE: cas.etude}),
        "forfait",
        {"exploitation.contribution_commune": {"mode": "forfait", "par_place": d(3_000)}},
    )
    assert 100 < attendu < 400
    assert loyer_supportable(replace(cas, etude=forfait), coque, coque.etude.foncier, moteur) == pytest.approx(attendu)


def test_un_forfait_laisse_un_deficit_que_l_on_voit(micro, plat):
    """Lump of 500 € by place: 5,000 € a year; the rest of what balance takes is a loss of the operator."""
    forfait = {"mode": "forfait", "par_place": d(500)}
    _, m = mesures(micro, plat, "achat_association", exploitation__contribution_commune=forfait)
    assert m.commune_par_place.item() == pytest.approx(500, abs=0.01)
    donne = 60_000 + m.a_trouver.item()
    assert m.resultat_par_place.item() == pytest.approx((5_000 - contribution(donne)) / PLACES, abs=0.01)
    assert m.resultat_sans_a_trouver.item() == pytest.approx((5_000 - contribution(60_000)) / PLACES, abs=0.01)


def test_une_subvention_paie_d_abord_les_travaux_puis_le_batiment(coque, moteur, cas_coque):
    """Works over 20 years, building over 40: what a grant pays beyond the works and equipment is released with the building."""
    ev = cas_coque["achat_association"].bouclee
    donne = sum(a.subvention.valeur.item() for a in ev.subventions)
    travaux = (
        ev.cout.immobilier_ttc.valeur.item() + ev.cout.equipement_ttc.valeur.item() + ev.entree.taxes.valeur.item()
    )
    bati = 0.8 * 600_000 + ev.entree.frais.valeur.item()
    assert travaux < donne < travaux + bati
    attendu = travaux / 240 + (donne - travaux) / 480
    quote_part = np.ravel(ev.livre["exploitation.produits.quote_part"].valeur)
    assert quote_part[100] == pytest.approx(attendu, abs=0.01)
    assert quote_part[18 + 240 + 1] == pytest.approx((donne - travaux) / 480, abs=0.01)


def test_les_comptes_des_acteurs_nomment_ce_qui_est_a_trouver(cas_coque):
    for nom in ("achat_association", "sci_loue"):
        ev = cas_coque[nom].bouclee
        lus = {c.acteur: c for c in comptes(ev)}
        manque = sum(v.valeur.item() for k, v in ev.ctx.bouclage.items() if k in ("a_trouver", DEMARRAGE.id))
        assert lus[A_TROUVER].paye.item() == pytest.approx(manque, abs=0.01)
        assert sum(c.solde.item() for c in lus.values()) == pytest.approx(0, abs=0.02)
    parts = {(a.acteur, a.quoi): a.valeur.item() for a in avoirs(cas_coque["sci_loue"].bouclee)}
    assert parts[A_TROUVER, "ses parts, au nominal"] > 0


def test_un_plan_qui_ne_se_boucle_pas_n_est_pas_possible(coque, moteur, monkeypatch):
    monkeypatch.setattr(bouclage, "_TOURS", 1)
    cas = {c.nom: c for c in comparer(coque, Moteur(moteur.catalogue, moteur.evolutions))}
    assert cas["location_simple"].etat == "impossible"
    assert "plan impossible à boucler" in cas["location_simple"].raisons[0]


def test_les_tableaux_montrent_ce_qui_manque_a_cote_de_ce_que_cela_coute(coque, moteur):
    comparatif = Comparatif.de(coque, moteur)
    for nom in ("couts", "commune", "bouclage"):
        table = comparatif.table(nom)
        rang = next(i for i, e in enumerate(table.entetes) if e.startswith("À trouver"))
        cellules = {ligne[0]: ligne[rang] for ligne in table.lignes}
        for c in comparatif.cas:
            if c.evaluation is None:
                continue
            m = comparatif.mesures[c.nom]
            attendu = euros(m.a_trouver.item())
            if m.capital_a_trouver.item() > 0.5:
                depart = m.a_trouver.item() - m.capital_a_trouver.item()
                attendu = f"{euros(m.capital_a_trouver.item())} en capital ; démarrage : {euros(depart)}"
            assert cellules[c.montage.titre] == attendu
    assert "plan bouclé" in comparatif.table("couts").titre
    taxes = comparatif.table("taxes")
    rang = taxes.entetes.index("Taxe foncière, par an d'ouverture")
    bail = comparatif.mesures["location_simple"]
    assert bail.annees_ouvertes.item() < 20
    par_titre = {ligne[0]: ligne[rang] for ligne in taxes.lignes}
    achat = comparatif.mesures["achat_association"]
    attendu = euros(achat.taxes["Taxe foncière, toute la durée"].item() / achat.annees_ouvertes.item())
    assert par_titre["L'association achète"] == attendu
    assert "toute la durée" not in " ".join(taxes.entetes)
