"""A whole evening in Chromium: the workshop page proposes, the console leads, the projector shows, three phones join, vote, lose the network, come back; minutes."""

import html

import pytest

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Remarque
from pope_foncier.ateliers.salle.adresses import adresses_locales
from tests.ateliers.salle.ouverte import CODE
from tests.ateliers.serveur import Onglet, Serveur, navigateur, photographier

pytestmark = pytest.mark.navigateur
VOTES = {"Karim B.": 7, "Fatou Sow": 3, "Zoé": 9}


@pytest.fixture(scope="module")
def serveur(tmp_path_factory, chromium, serveurs):
    reseau = ["--salle", "--code", CODE] if adresses_locales() else []
    lance = Serveur(tmp_path_factory.mktemp("soiree"), *reseau, "--reserve", "0", germe=serveurs)
    yield lance
    lance.arreter()


def dit(page, *textes, delai_s=20):
    """Wait until a page says some texts, whatever its spaces."""
    for texte in textes:
        page.wait_for_function(
            "t => document.body.innerText.replace(/[\\u00a0\\u202f]/g, ' ').includes(t)",
            arg=texte,
            timeout=1000 * delai_s,
            polling=100,
        )


class Ecrans:
    """Screens of the room, each in a profile of its own; what they asked outside and what their scripts got wrong."""

    def __init__(self, navigateur_ouvert, serveur, photos):
        self._navigateur, self._photos, self.dehors = navigateur_ouvert, photos, []
        hote = (*adresses_locales(), "127.0.0.1")[0]
        self.ici, self.salle = serveur.adresse(), f"http://{hote}:{serveur.port}/salle/"
        self._admises = (self.ici, f"http://{hote}:{serveur.port}/", "data:", "blob:")

    def ouvrir(self, adresse, largeur, hauteur):
        profil = self._navigateur.new_context(viewport={"width": largeur, "height": hauteur}, accept_downloads=True)
        page = profil.new_page()
        page.on("request", lambda r: None if r.url.startswith(self._admises) else self.dehors.append(r.url))
        page.on("pageerror", lambda e: self.dehors.append(str(e)))
        page.goto(adresse)
        return page

    def photographier(self, page, nom, *tailles):
        for largeur, hauteur in tailles:
            page.set_viewport_size({"width": largeur, "height": hauteur})
            page.wait_for_timeout(200)
            photographier(page, self._photos / f"{nom}_{largeur}.png")


def ouvrir_la_seance(ecrans):
    console = ecrans.ouvrir(f"{ecrans.ici}salle/animer", 1280, 800)
    console.get_by_label("Votre nom").fill("Claire Petit")
    console.get_by_label("Lieu").fill("Maison de quartier")
    console.get_by_role("button", name="Ouvrir la séance").click()
    dit(console, "Séance 1")
    return console


def proposer(onglet, titre, places):
    onglet.remplir("Places voulues, au plus", places)
    onglet.remplir("Titre du scénario affiché", titre)
    onglet.cliquer("Proposer ce scénario")
    onglet.attendre(f"Scénario « {titre} » noté.")


def entrer(ecrans, nom):
    page = ecrans.ouvrir(f"{ecrans.salle}?code={CODE}", 390, 844)
    page.get_by_label("Votre nom").fill(nom)
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_selector(".ou")
    return page


def donner(page, points):
    page.locator("#scenario-1 .echelle label").nth(points).click()
    page.locator("#scenario-1").get_by_role("button", name=f"Donner {points} point").click()
    dit(page, f"{points} points : c’est noté.")


def remarquer_hors_du_reseau(page, texte):
    page.context.set_offline(True)
    page.get_by_label("Ce que vous voulez dire").fill(texte)
    page.get_by_role("button", name="Envoyer la remarque").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)


def test_une_soiree_entiere(serveur, chromium, tmp_path):
    with navigateur(chromium, 1280, 800) as contexte:
        ecrans = Ecrans(contexte.browser, serveur, tmp_path)
        console = ouvrir_la_seance(ecrans)
        projecteur = ecrans.ouvrir(f"{ecrans.ici}salle/projecteur", 1280, 800)
        onglet = Onglet(contexte, serveur)
        onglet.aller("commune")
        onglet.remplir("Votre nom", "Claire Petit")
        onglet.cliquer("Oui, c'est moi")
        proposer(onglet, "Dix places", "10")
        telephones = {nom: entrer(ecrans, nom) for nom in VOTES}
        dit(console, "3 pages ouvertes", "n° 1 · Dix places")
        console.get_by_role("button", name="Étape suivante").click()
        for nom, points in VOTES.items():
            dit(telephones[nom], "Dix places")
            donner(telephones[nom], points)
        console.get_by_role("button", name="Montrer les résultats").click()
        dit(projecteur, "19 points")
        dit(telephones["Fatou Sow"], "19 points")

        remarquer_hors_du_reseau(telephones["Fatou Sow"], "Et la <script>cour</script> ?")
        dit(console, "Et la <script>cour</script> ?", delai_s=30)
        telephones["Zoé"].reload()
        dit(telephones["Zoé"], "9 points : c’est noté.")

        proposer(onglet, "Dix places", "9")
        dit(console, "2e version")
        console.get_by_role("button", name="Étape suivante").click()
        console.get_by_label("Scénario retenu").select_option(index=1)
        console.get_by_label("Décision, en une phrase").fill("On étudie neuf places")
        console.get_by_role("button", name="Noter la décision").click()
        for page in (projecteur, *telephones.values()):
            dit(page, "On étudie neuf places")
        with console.expect_download(timeout=120_000) as attendu:
            console.get_by_role("link", name="Page de la séance 1").click()
        minutes = attendu.value.path().read_text(encoding="utf-8")

        ecrans.photographier(projecteur, "projecteur", (1280, 800), (1920, 1080))
        ecrans.photographier(console, "console", (1280, 800), (768, 1024))
        ecrans.photographier(telephones["Zoé"], "telephone", (390, 844), (768, 1024))
        photographier(onglet.page, tmp_path / "atelier_1280.png")
        assert onglet.dehors == []
        assert onglet.erreurs() == []
        assert ecrans.dehors == []

    entrees = Journal(serveur.dossier / "gare_saint_denis.sqlite").entrees()
    remarques = [e.contenu.texte for e in entrees if isinstance(e.contenu, Remarque)]
    assert remarques == ["Et la <script>cour</script> ?"], "cut, then sent once"
    verifier_les_minutes(minutes, Atelier.rejouer(entrees))


def verifier_les_minutes(minutes, atelier):
    """Who voted what, on which figures, what was decided; texts stay texts."""
    assert atelier.votes == {"dix_places": VOTES}
    premiere, seconde = atelier.scenarios["dix_places"].versions
    assert atelier.decision.contenu.version == seconde.rang
    lisible = html.unescape(minutes).replace("\u202f", " ").replace("\xa0", " ")
    for nom in (*VOTES, "Claire Petit"):
        assert nom in lisible
    for version in (premiere, seconde):
        chiffre = next(c for c in version.contenu.reponse if c.cle == "cout_place")
        assert chiffre.valeur.replace("\u202f", " ").replace("\xa0", " ") in lisible, (
            "each keeps the figures of its version"
        )
    assert "On étudie neuf places" in lisible
    assert "personne" in lisible
    assert "<script>cour" not in minutes
