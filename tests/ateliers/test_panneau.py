"""Panel of the journal: name card, sessions, messages that leave, files reopened, a page that follows what the others write."""

import asyncio
import html
import json

import ipywidgets as w
import pytest

from pope_foncier.ateliers import suivi
from pope_foncier.ateliers.commune import AtelierCommune
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.fichier_scenarios import en_yaml
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import CarteDeNom, Conduite, Remarque, Seance, Vote
from pope_foncier.ateliers.modele import Reglages
from pope_foncier.ateliers.panneau import Panneau
from tests.ateliers.etudes import modele_de
from tests.ateliers.test_applications import deposer
from tests.conftest import DONNEES, GARE


@pytest.fixture(scope="module")
def modele():
    return modele_de(GARE)


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "atelier.sqlite")


class Ecran:
    """Application that shows settings, as the panel asks: nothing is drawn."""

    nom = "commune"

    def __init__(self, modele, journal):
        self.modele, self.reglages, self.suivies = modele, Reglages(), 0
        self.panneau = Panneau(modele, journal, self)

    def etude_affichee(self):
        return self.modele.etude(self.reglages)

    def reglages_affiches(self):
        return self.reglages.a_plat()

    def remettre(self, reglages):
        self.reglages = Reglages.de_plat(reglages)

    def reprendre(self):
        self.suivies += 1


@pytest.fixture
def page(modele, journal):
    """Panel of a visitor."""

    def ouvrir(qui=""):
        ecran = Ecran(modele, journal)
        ecran.panneau.qui.value = qui
        return ecran

    return ouvrir


def proposer(ecran, titre, cout):
    ecran.reglages = Reglages(leviers={"cout": cout})
    ecran.panneau.nom.value = titre
    ecran.panneau.proposer()


def dit(panneau):
    return html.unescape(panneau.avis.value).replace("\u00a0", " ")


def test_karim_b_et_karim_b_point_se_retrouvent(page, journal):
    """The name of somebody who is there asks « c'est vous ? »; what was wanted is done once, after the answer."""
    premier = page("Karim B.").panneau
    premier.carte.teinte.value = 3
    premier.carte.prendre()
    assert "Vous voilà" in dit(premier)
    assert "Karim B." in premier.carte._carte.value
    second = page().panneau
    second.qui.value = "karim b"
    assert second.carte._rencontre.layout.display is None
    assert "Karim B." in second.carte._question.value
    second.remarque.value = "Bonjour"
    second.noter_remarque()
    assert "si c'est vous" in dit(second)
    assert [type(e.contenu) for e in journal.entrees()] == [Seance, CarteDeNom]
    second.carte.c_est_moi()
    assert "Remarque notée" in dit(second)
    assert (second.qui.value, second.carte.teinte.value, second.remarque.value) == ("Karim B.", 3, "")
    assert list(Atelier.rejouer(journal.entrees()).personnes) == ["karim b"]


def test_un_autre_karim_se_distingue(page, journal):
    page("Karim B.").panneau.carte.prendre()
    autre = page("Karim B").panneau
    autre.points.value = 3
    autre.voter()
    autre.carte.un_autre()
    assert "« Karim B, parent »" in dit(autre)
    assert autre.qui.value == ""
    autre.qui.value = "Karim B, parent"
    assert autre.carte._rencontre.layout.display == "none"
    autre.carte.prendre()
    assert len(Atelier.rejouer(journal.entrees()).personnes) == 2
    assert not any(isinstance(e.contenu, Vote) for e in journal.entrees())


def test_le_brouillon_rend_sa_carte_a_la_page(page, journal):
    """A page opened again after a cut: the draft gives back the name with its card, and nobody is asked anything."""
    ana = page("Ana").panneau
    ana.carte.prendre()
    revenue = page().panneau
    textes = {"Votre nom": "Ana", "Carte": ana.carte.sienne.value, "Remarque": "Pas encore"}
    revenue.brouillon.boite.value = json.dumps({"rendre": "commune:gare_saint_denis", "reglages": {}, "textes": textes})
    assert revenue.carte._rencontre.layout.display == "none"
    revenue.noter_remarque()
    assert "Remarque notée" in dit(revenue)


def test_une_couleur_libre_est_proposee(page):
    page("Ana").panneau.carte.prendre()
    bob = page("Bob").panneau
    assert bob.carte.teinte.value == 1
    bob.carte.prendre()
    assert {p.nom: p.teinte for p in bob.atelier.personnes.values()} == {"Ana": 0, "Bob": 1}


def test_une_erreur_part_quand_un_autre_champ_est_juste(page):
    """One message at a time, beside what it is about; a field that changes takes the error away."""
    panneau = page().panneau
    panneau.remarque.value = "Bonjour"
    panneau.noter_remarque()
    assert "pf-erreur" in panneau._remarque.dit.value
    panneau.qui.value = "Ana"
    assert panneau._remarque.dit.value == ""
    panneau.points.value = 11
    panneau.voter()
    assert "pf-erreur" in panneau._note.dit.value
    panneau.noter_remarque()
    assert (panneau._note.dit.value, "Remarque notée" in dit(panneau)) == ("", True)
    panneau.voter()
    panneau.points.value = 7
    assert panneau._note.dit.value == ""


def test_une_seance_a_ses_votes(page, journal):
    ana = page("Ana")
    proposer(ana, "Moins cher", 3000)
    ana.panneau.points.value = 8
    ana.panneau.voter()
    assert ana.panneau.atelier.points("moins_cher") == 8
    ana.panneau.seance.lieu.value = "Mairie de Saint-Denis"
    ana.panneau.seance.participants.value = "Ana\nBob, Chloé ; bob"
    ana.panneau.seance.ouvrir()
    assert "repartent de zéro" in dit(ana.panneau)
    assert ana.panneau.atelier.points("moins_cher") == 0
    fiche = ana.panneau.atelier.seance.fiche
    assert (fiche.lieu, len(fiche.participants)) == ("Mairie de Saint-Denis", 3)
    assert "Mairie de Saint-Denis" in ana.panneau.seance._dite.value
    assert "Points, séance 2" in ana.panneau.etat.value
    bob = page("Bob").panneau
    bob.voter()
    assert {s.numero: s.points("moins_cher") for s in bob.atelier.seances} == {1: 8, 2: 5}


def test_les_points_attendent_que_l_animateur_les_montre(page, journal):
    """Nobody leads: they show. Somebody leads and holds the results back: no page shows them before the room."""
    ana = page("Ana")
    proposer(ana, "Moins cher", 3000)
    ana.panneau.points.value = 9
    ana.panneau.voter()
    vus = []
    for conduite in (None, Conduite(etape="noter"), Conduite(etape="noter", resultats=True)):
        if conduite is not None:
            journal.noter("Zoé", conduite)
        ana.panneau.relire()
        vus.append("<td class=g>9<td" in ana.panneau.etat.value)
    assert vus == [True, False, True]


def test_un_vote_dit_la_version_a_l_ecran(page, journal):
    """A vote given on the second version, then a third one comes: the table says that it was given before."""
    ana, bob = page("Ana"), page("Bob").panneau
    proposer(ana, "Moins cher", 3000)
    proposer(ana, "Moins cher", 3100)
    bob.relire()
    assert "version 2" in bob._vise.value
    bob.choix.value = "moins_cher"
    bob.voter()
    scenario = bob.atelier.scenarios["moins_cher"]
    (vote,) = (e.contenu for e in journal.entrees() if isinstance(e.contenu, Vote))
    assert vote.version == scenario.versions[1].rang
    bob.decision.value = "On retient celui-ci"
    bob.decider()
    assert "n° 1 · Moins cher" in dit(bob)
    assert journal.entrees()[-1].contenu.version == scenario.versions[1].rang
    proposer(ana, "Moins cher", 3200)
    bob.relire()
    assert "dont 1 sur une version d'avant" in html.unescape(bob.etat.value)


def test_la_salle_rouvre_ses_propres_scenarios(page, journal):
    """What is there already is told and not proposed again, whoever gives the file; what differs is a version or a scenario apart."""
    ana = page("Ana")
    for titre, cout in (("Moins cher", 3000), ("Plus cher", 4000)):
        proposer(ana, titre, cout)
    texte = en_yaml(ana.panneau.atelier)
    avant = len(journal.entrees())
    bob = page("Bob")
    deposer(bob, "scenarios.yaml", texte.encode())
    assert len(journal.entrees()) == avant
    assert "« Moins cher » est déjà là : n° 1 · Moins cher" in dit(bob.panneau)
    assert "« Plus cher » est déjà là : n° 2 · Plus cher" in dit(bob.panneau)
    change = texte.replace("4000", "4250").encode()
    deposer(bob, "scenarios.yaml", change)
    assert "« Plus cher » proposé : n° 3 · Plus cher" in dit(bob.panneau)
    deposer(ana, "scenarios.yaml", texte.replace("4000", "4500").encode())
    assert "« Plus cher » proposé : n° 2 · Plus cher" in dit(ana.panneau)
    scenarios = Atelier.rejouer(journal.entrees()).scenarios
    assert [len(s.versions) for s in scenarios.values()] == [1, 2, 1]
    assert [s.entree.qui for s in scenarios.values()] == ["Ana", "Ana", "Bob"]


def test_deux_scenarios_d_un_fichier_ne_prennent_pas_le_meme_nom(page, journal):
    """« un » is Ana's and goes to « un_2 » ; « un_2 » of the same file stays a scenario of its own."""
    proposer(page("Ana"), "Un", 3000)
    un = "{nom: un, titre: Un, surcharges: [{champ: travaux.cout_m2_ht, valeur: 3100, motif: x}]}"
    deux = "{nom: un_2, titre: Deux, surcharges: [{champ: travaux.cout_m2_ht, valeur: 3200, motif: x}]}"
    bob = page("Bob")
    deposer(bob, "a.yaml", f"etude: gare_saint_denis\nscenarios:\n  - {un}\n  - {deux}\n".encode())
    titres = [s.titre for s in Atelier.rejouer(journal.entrees()).scenarios.values()]
    assert titres == ["n° 1 · Un", "n° 2 · Un", "n° 3 · Deux"]


def test_le_meme_titre_sur_un_autre_lieu_est_un_autre_scenario(page, journal):
    """One journal, two places: the same title by the same person, told apart; put back on its own place only."""
    ici = page("Ana")
    proposer(ici, "Le moins cher", 3000)
    la_bas = Ecran(modele_de(DONNEES / "etudes" / "coque_la_courneuve.yaml"), journal)
    la_bas.panneau.carte.reprendre(ici.panneau.carte)
    proposer(la_bas, "Le moins cher", 1500)
    scenarios = Atelier.rejouer(journal.entrees()).scenarios
    assert [(s.numero, s.fiche.etude) for s in scenarios.values()] == [
        (1, "gare_saint_denis"),
        (2, "coque_la_courneuve"),
    ]
    la_bas.panneau.choix.value = "le_moins_cher"
    la_bas.panneau.afficher()
    assert "autre lieu" in dit(la_bas.panneau)


def test_un_fichier_sans_nom_attend_le_nom(page, journal):
    sans = page()
    texte = "etude: gare_saint_denis\nscenarios:\n  - {nom: un, titre: Un, surcharges: [{champ: travaux.cout_m2_ht, valeur: 3000, motif: x}]}\n"
    deposer(sans, "a.yaml", texte.encode())
    assert "votre nom" in dit(sans.panneau)
    assert journal.entrees() == []


def test_la_page_suit_le_journal_sans_rien_perdre(modele, journal, monkeypatch):
    """In the loop of a kernel: what Bob writes appears within a second; levers moved, words typed and not given stay."""
    monkeypatch.setattr(suivi, "PERIODE_S", 0.02)
    lectures, vraie = [], Journal.lire

    async def suivre():
        ana, bob = AtelierCommune(modele, journal), Ecran(modele, journal)
        ana.curseurs["cout"].curseur.value = 3150
        ana.panneau.remarque.value = "pas encore"
        bob.panneau.qui.value = "Bob"
        proposer(bob, "De Bob", 3900)
        bob.panneau.remarque.value = "Bonjour"
        bob.panneau.noter_remarque()
        for _ in range(60):
            await asyncio.sleep(0.05)
            if "Bonjour" in ana.panneau.etat.value:
                break
        assert "De Bob" in ana.panneau.etat.value
        assert (ana.curseurs["cout"].valeur, ana.panneau.remarque.value) == (3150, "pas encore")
        assert ana.reglages_affiches()["levier.cout"] == 3150
        await asyncio.sleep(0.3)
        monkeypatch.setattr(Journal, "lire", lambda j: (lectures.append(j), vraie(j))[1])
        await asyncio.sleep(0.3)
        assert lectures == [], "nothing moves: the file is not opened"
        for ecran in (ana, bob):
            ecran.panneau.fermer()
        journal.noter("Chloé", Remarque(texte="Trop tard"))
        await asyncio.sleep(0.2)
        assert lectures == []

    asyncio.run(suivre())


def test_un_titre_long_reste_entier(page):
    """80 signs, the longest that the journal takes: whole in the choices, in the table, in the line under the choice."""
    long = "Crèche de vingt-quatre places, association gestionnaire, " + "x" * 23
    ana = page("Ana")
    proposer(ana, long, 3000)
    panneau = ana.panneau
    assert len(long) == 80
    assert any(long in nom for nom, _ in panneau.choix.options)
    assert long in panneau.etat.value
    assert long in panneau._vise.value
    assert isinstance(panneau.boite, w.VBox)


def test_la_page_servie_donne_le_compte_rendu_de_la_seance(page, monkeypatch):
    """The server of the workshops makes it; in JupyterLab there is none, and no link that leads nowhere."""
    ana = page("Ana")
    ana.panneau.remarque.value = "Et la cour ?"
    ana.panneau.noter_remarque()
    assert "Compte rendu" not in ana.panneau.seance._dite.value
    monkeypatch.setenv("POPE_ATELIER_JOURNAUX", "ailleurs")
    ana.panneau.relire()
    dit = ana.panneau.seance._dite.value
    for forme in ("docx", "html", "md", "yaml"):
        assert f'href="../../salle/animer/compte_rendu/1.{forme}"' in dit
