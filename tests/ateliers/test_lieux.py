"""Several places in one workshop: side by side, each keeps its levers, what was kept stays, one journal for all."""

import html
import math
import re

import pytest
from typer.testing import CliRunner

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.lieux import AtelierDesLieux
from pope_foncier.ateliers.propositions import lire_le_depot
from pope_foncier.cli.application import app
from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.socle.trouver import trouver
from pope_foncier.vues.lieu.dessin_des_lieux import dresser_ensemble
from tests.ateliers.etudes import modele_de

NOMS = ("gare_saint_denis", "pierrefitte_stains")


@pytest.fixture(scope="module")
def modeles():
    return [modele_de(trouver(nom, "etudes")) for nom in NOMS]


def cout_par_an(page, lieu):
    """Cost by year on the card of a place, as displayed."""
    section = html.unescape(page).split(f'<h3 class="pf-lieu">{lieu}</h3>')[1].split("</section>")[0]
    return re.search(r"Coût pour la Ville, par an</dt><dd><b>([^<]+)</b>", section)[1]


def test_deux_lieux_cote_a_cote_gardent_ce_qui_est_regle(modeles, tmp_path):
    journal = Journal(tmp_path / "a.sqlite")
    page = AtelierDesLieux(modeles, journal)
    gare, terrain = (m.dossier.site.nom for m in modeles)
    avant = {lieu: cout_par_an(page.cote.value, lieu) for lieu in (gare, terrain)}
    page.affiche.curseurs["cout"].saisie.value = "4 500"
    regle = cout_par_an(page.cote.value, gare)
    assert regle != avant[gare]
    assert cout_par_an(page.cote.value, terrain) == avant[terrain]
    page.garder()
    page.choix.value = NOMS[1]
    assert page.affiche is page.ateliers[NOMS[1]]
    page.choix.value = NOMS[0]
    page.affiche.curseurs["cout"].saisie.value = "3 000"
    assert cout_par_an(page.gardees.value, gare) == regle, "what was kept does not move"
    assert cout_par_an(page.cote.value, gare) != regle
    page.oublier()
    assert page.gardees.value == ""


def test_un_seul_journal_et_chaque_scenario_reste_a_son_lieu(modeles, tmp_path):
    journal = Journal(tmp_path / "b.sqlite")
    page = AtelierDesLieux(modeles, journal)
    for nom in NOMS:
        page.choix.value = nom
        panneau = page.affiche.panneau
        panneau.qui.value, panneau.nom.value = "Ana", f"Pour {nom}"
        panneau.proposer()
    seance = Atelier.rejouer(journal.entrees()).seance.fiche
    assert seance.etudes == NOMS, "a session is about all the places of the workshop"
    assert all(m.dossier.etude.titre in seance.titre for m in modeles)
    scenarios = Atelier.rejouer(journal.entrees()).scenarios
    assert [(s.numero, s.fiche.etude) for s in scenarios.values()] == list(enumerate(NOMS, 1))
    page.ateliers[NOMS[0]].panneau.relire()
    choix = [titre for titre, _ in page.ateliers[NOMS[0]].panneau.choix.options]
    assert f"n° 2 · Pour {NOMS[1]} ({modeles[1].dossier.site.nom})" in choix
    assert {c.origine.numero for c in page.ateliers[NOMS[1]].cartes.cartes} == {None, 2}
    panneau = page.ateliers[NOMS[0]].panneau
    panneau.choix.value = f"pour_{NOMS[1]}"
    panneau.afficher()
    assert "autre lieu" in html.unescape(panneau._choisi.dit.value)


def test_la_carte_des_lieux_donne_leur_distance(modeles):
    """Great circle by hand, on a sphere of 6,371 km: within the tenth of a kilometre that is written."""
    gare, terrain = (m.dossier.site.position for m in modeles)
    (a, b), (c, d) = ((math.radians(p.latitude), math.radians(p.longitude)) for p in (gare, terrain))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    dressee = dresser_ensemble([m.dossier.site for m in modeles])
    ecrite = float(re.search(r"(\d+,\d) km", dressee.texte)[1].replace(",", "."))
    assert ecrite == pytest.approx(2 * 6371 * math.asin(math.sqrt(h)), abs=0.06)
    assert all(m.dossier.site.nom in dressee.texte for m in modeles)


def test_un_lieu_sans_position_se_dit(modeles):
    sans = [m.dossier.site.model_copy(update={"position": None}) for m in modeles]
    assert sans[0].nom in dresser_ensemble(sans)


def test_les_commandes_prennent_plusieurs_etudes(tmp_path):
    noms = ("creche_emile_zola", "modes_d_accueil")
    lance = CliRunner().invoke(app, ["atelier", *noms, "--page", "--journaux", str(tmp_path)])
    assert lance.exit_code == 0, lance.output
    dossier = tmp_path / "+".join(noms)
    assert sorted(f.name for f in dossier.iterdir()) == [f"page_de_secours_{nom}.html" for nom in noms]


def test_le_meme_changement_sur_un_autre_lieu_n_est_pas_le_meme_scenario(modeles, tmp_path):
    """The same price of works, proposed for the second place, does not stop the file of the first from being proposed."""
    champ, valeur = "travaux.cout_m2_ht", 3000
    journal = Journal(tmp_path / "c.sqlite")
    surcharges = (Surcharge(champ=champ, valeur=valeur, motif="essai"),)
    journal.noter("Ana", Proposition(nom="b", titre="B", reglages={}, surcharges=surcharges, etude=NOMS[1]))
    octets = (
        f"etude: {NOMS[0]}\nscenarios:\n  - nom: a\n    titre: A\n    surcharges: [{{champ: {champ}, valeur: {valeur}, motif: essai}}]\n"
    ).encode()
    (depose,) = lire_le_depot(modeles[0], Atelier.rejouer(journal.entrees()), "Bob", octets, "a.yaml")
    assert depose.deja is None
    assert depose.proposition.etude == NOMS[0]
