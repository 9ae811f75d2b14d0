"""Phones and projector of the room in Chromium: join, give points, write, lose the network, wait while the room is held; nothing lost, nothing twice."""

import pytest

from pope_foncier.ateliers.journal_entrees import (
    CarteDeNom,
    Chiffre,
    Conduite,
    Decision,
    Proposition,
    Remarque,
    Seance,
    Vote,
    personne,
)
from tests.ateliers.salle.ouverte import CODE, EnFil
from tests.ateliers.serveur import auditer, navigateur

pytestmark = pytest.mark.navigateur
TITRES = {
    "telle_quelle": "La gare telle quelle",
    "rez": "Le rez-de-chaussée seul, sans l'étage, avec la cour des voyageurs faite jardin",
    "micro": "La gare et une micro-crèche",
}
TAILLES = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && e.offsetParent
  && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent])"""
DEBORDE = """() => [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight,
  ...[...document.querySelectorAll('.chiffre b, .fourchette, td')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map(e => e.textContent)]"""


def proposition(nom, titre):
    """Proposal with the figures that its card shows, as the page of the municipality writes them."""
    lecture = "plan bouclé, la Ville apportant aussi tout ce qui reste à trouver"
    chiffres = (
        (
            "cout_an",
            "Coût pour la Ville, par an",
            "1\u202f218\u202f900\u00a0€",
            "de 1\u202f145\u202f000 à 1\u202f258\u202f200\u00a0€",
            lecture,
        ),
        (
            "cout_place",
            "Coût pour la Ville, par place et par an",
            "18\u202f200\u00a0€",
            "de 17\u202f900 à 21\u202f500\u00a0€",
            lecture,
        ),
        ("a_trouver", "À trouver, personne ne l'a promis", "1\u202f139\u202f700\u00a0€", None, "plan bouclé"),
        ("ouverture", "Ouverture", "septembre 2028", "d'août 2028 à mai 2029", None),
        ("places", "Places", "12", None, None),
    )
    return Proposition(
        nom=nom,
        titre=titre,
        reglages={},
        surcharges=(),
        mots=("Coût des travaux : 4 750 €/m² HT au lieu de 3 750 €/m² HT",),
        reponse=tuple(Chiffre(cle=c, libelle=n, valeur=v, fourchette=f, lecture=x) for c, n, v, f, x in chiffres),
        risque="une année au moins, l'exploitation ne paie pas la dette : dans tous les cas essayés",
    )


@pytest.fixture(scope="module")
def salle(tmp_path_factory, chromium):
    ouverte = EnFil(tmp_path_factory.mktemp("salle"))
    noter = ouverte.journal.noter
    noter("Mairie", Seance(etude="gare_saint_denis", titre="Crèche de la gare : quel projet ?"))
    for nom, titre in TITRES.items():
        noter("Mairie", proposition(nom, titre))
    noter("Karim B.", Remarque(texte="Gardons la salle d'attente."))
    yield ouverte
    ouverte.fermer()


@pytest.fixture(scope="module")
def ouvrir(chromium, salle):
    """Open a page on a screen of its own; what it asked elsewhere and what its console said are kept."""
    with navigateur(chromium) as premier:

        def une(adresse, largeur=390, hauteur=844):
            page = premier.browser.new_context(viewport={"width": largeur, "height": hauteur}).new_page()
            page.set_default_timeout(15_000)
            page.dehors, page.fautes = [], []
            page.on(
                "request",
                lambda r: None if r.url.startswith(("http://127.0.0.1:", "data:")) else page.dehors.append(r.url),
            )
            page.on("pageerror", lambda e: page.fautes.append(str(e)))
            page.goto(adresse)
            return page

        yield une


@pytest.fixture
def telephone(ouvrir, salle):
    """Phone of somebody who gave the code and took a card."""
    pages = []

    def un(nom):
        page = ouvrir(f"{salle.ouverte.adresse}?code={CODE}")
        page.get_by_label("Votre nom").fill(nom)
        page.get_by_role("button", name="Entrer").click()
        page.wait_for_selector(".ou")
        pages.append(page)
        return page

    conduire(salle, etape="noter")
    yield un
    for page in pages:
        assert page.dehors == []
        assert page.fautes == []
        page.context.close()


def conduire(salle, **comment):
    salle.journal.noter("Mairie", Conduite(**comment))


def choisir(page, numero, points):
    page.locator(f"#scenario-{numero} .echelle label").nth(points).click()


def etat(page, numero):
    return page.locator(f"#scenario-{numero} .points .etat")


def attendre(page, texte, ou="body"):
    page.wait_for_function(
        "([t, ou]) => (document.querySelector(ou)?.innerText ?? '').replace(/[\\u00a0\\u202f]/g, ' ').includes(t)",
        arg=[texte, ou],
        polling=100,
    )


def dits(salle, nom, genre):
    return [
        e.contenu for e in salle.journal.entrees() if personne(e.qui) == personne(nom) and isinstance(e.contenu, genre)
    ]


def sans_faute(page):
    reponse = auditer(page)
    assert len(reponse["passes"]) > 10
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in reponse["violations"]] == []


def test_entrer_noter_remarquer(salle, ouvrir, telephone):
    page = ouvrir(salle.ouverte.adresse)
    sans_faute(page)
    page.get_by_label("Code de la salle").fill(CODE.lower())
    page.get_by_role("button", name="Entrer").click()
    sans_faute(page)
    page.get_by_label("Votre nom").fill("karim b")
    page.get_by_label("prune").check(force=True)
    page.reload()
    assert page.get_by_label("Votre nom").input_value() == "karim b"
    page.get_by_role("button", name="Entrer").click()
    attendre(page, "C'est vous ?", "#deja")
    page.get_by_role("button", name="Oui, c'est moi").click()
    attendre(page, "Karim B.", ".moi")
    assert [c.teinte for c in dits(salle, "Karim B.", CarteDeNom)] == [4]
    for largeur in (320, 390, 768):
        page.set_viewport_size({"width": largeur, "height": 844})
        assert not page.evaluate(DEBORDE)[0]
        assert min(t for t, _ in page.evaluate(TAILLES)) >= 16
        cases = page.locator(".echelle span").evaluate_all("l => l.map(e => Math.min(e.offsetWidth, e.offsetHeight))")
        assert min(cases) >= 40
    sans_faute(page)
    page.locator("#scenario-1 .echelle input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    attendre(page, "2 points choisis, pas encore donnés.", "#scenario-1 .etat")
    page.reload()
    attendre(page, "2 points choisis, pas encore donnés.", "#scenario-1 .etat")
    page.keyboard.press("Tab")
    page.locator("#scenario-1").get_by_role("button", name="Donner 2 points").press("Enter")
    attendre(page, "2 points : c’est noté.", "#scenario-1 .etat")
    attendre(page, "Vous avez noté 1 scénario sur 3.")
    page.get_by_role("button", name="2 points donnés").press("Enter")
    rang = next(e.rang for e in salle.journal.entrees() if isinstance(e.contenu, Proposition))
    assert dits(salle, "Karim B.", Vote) == [Vote(scenario="telle_quelle", points=2, version=rang)]
    page.get_by_label("À propos de").select_option("rez")
    page.get_by_label("Ce que vous voulez dire").fill("Et le <b>bruit</b> ?\nDes trains.")
    page.reload()
    assert page.get_by_label("Ce que vous voulez dire").input_value() == "Et le <b>bruit</b> ?\nDes trains."
    page.get_by_role("button", name="Envoyer la remarque").click()
    attendre(page, "Remarque envoyée.")
    assert dits(salle, "Karim B.", Remarque)[-1] == Remarque(texte="Et le <b>bruit</b> ?\nDes trains.", scenario="rez")
    page.get_by_role("button", name="Changer").click()
    sans_faute(page)
    page.get_by_label("bleu").check(force=True)
    page.get_by_role("button", name="Garder").click()
    page.wait_for_function("() => document.getElementById('carte')?.hidden")
    attendre(page, "2 points : c’est noté.", "#scenario-1 .etat")
    attendre(page, "Et le <b>bruit</b> ?", "#miennes")
    assert [c.teinte for c in dits(salle, "Karim B.", CarteDeNom)] == [4, 0]
    page.context.close()


def test_une_coupure_ne_perd_rien_et_n_ecrit_rien_deux_fois(salle, telephone):
    page = telephone("Zoé")
    salle.fermer()
    attendre(page, "La salle ne répond plus.", "#lien")
    choisir(page, 2, 9)
    page.locator("#scenario-2 button").click()
    attendre(page, "Gardé sur ce téléphone", "#scenario-2 .etat")
    choisir(page, 2, 8)
    page.locator("#scenario-2 button").click()
    page.get_by_label("Ce que vous voulez dire").fill("Écrite sans réseau")
    page.get_by_role("button", name="Envoyer la remarque").click()
    attendre(page, "Gardé sur ce téléphone", "#miennes")
    page.get_by_label("Ce que vous voulez dire").fill("Pas encore finie")
    salle.rouvrir()
    attendre(page, "8 points : c’est noté.", "#scenario-2 .etat")
    attendre(page, "Envoyée", "#miennes")
    page.wait_for_function("document.getElementById('lien').hidden")
    assert [v.points for v in dits(salle, "Zoé", Vote)] == [8]
    assert [r.texte for r in dits(salle, "Zoé", Remarque)] == ["Écrite sans réseau"]
    assert page.get_by_label("Ce que vous voulez dire").input_value() == "Pas encore finie"


def test_une_reponse_perdue_est_redemandee_sans_ecrire_deux_fois(salle, telephone):
    """The server wrote and the answer was lost: the phone sends again, with the same key."""
    page, envois = telephone("Mehdi L."), []

    def perdre(route):
        envois.append(route.request.post_data_json["cle"])
        if len(envois) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/entree", perdre)
    choisir(page, 3, 1)
    page.locator("#scenario-3 button").click()
    attendre(page, "1 point : c’est noté.", "#scenario-3 .etat")
    assert len(envois) == 2
    assert len(set(envois)) == 1
    assert [v.points for v in dits(salle, "Mehdi L.", Vote)] == [1]


def test_une_salle_en_pause_garde_ce_que_l_on_donne(salle, telephone):
    page = telephone("Ana")
    conduire(salle, etape="noter", figee=True)
    attendre(page, "La salle est en pause.")
    choisir(page, 1, 7)
    page.locator("#scenario-1 button").click()
    attendre(page, "la salle est en pause", "#scenario-1 .etat")
    page.reload()
    attendre(page, "la salle est en pause", "#scenario-1 .etat")
    assert dits(salle, "Ana", Vote) == []
    conduire(salle, etape="noter")
    attendre(page, "7 points : c’est noté.", "#scenario-1 .etat")
    assert [v.points for v in dits(salle, "Ana", Vote)] == [7]


def test_ce_qui_arrive_ne_prend_pas_la_main(salle, telephone):
    """A scenario is proposed again, another one comes, points are shown, while somebody types and has unfolded a card."""
    page = telephone("Lucie")
    choisir(page, 1, 4)
    page.locator("#scenario-1 button").click()
    attendre(page, "4 points : c’est noté.", "#scenario-1 .etat")
    choisir(page, 2, 6)
    page.get_by_text("Ce qui change").first.click()
    page.locator("#scenario-2 input:checked").focus()
    salle.journal.noter("Mairie", proposition("terrain", "Un terrain neuf"))
    attendre(page, "Un terrain neuf", "#scenario-4")
    assert page.evaluate("document.activeElement.value") == "6"
    page.get_by_label("Ce que vous voulez dire").type("Je commence")
    salle.journal.noter("Mairie", proposition("telle_quelle", "La gare telle quelle, revue"))
    conduire(salle, etape="noter", resultats=True)
    attendre(page, "La gare telle quelle, revue", "#scenario-1")
    attendre(page, "Ce scénario a changé depuis : les revoir ?", "#scenario-1 .points")
    page.keyboard.type(" et je finis")
    assert page.get_by_label("Ce que vous voulez dire").input_value() == "Je commence et je finis"
    assert page.locator("#scenario-2 input:checked").get_attribute("value") == "6"
    assert page.locator("#change-1").get_attribute("open") is not None
    assert page.get_by_label("À propos de").locator("option").count() == 5
    attendre(page, "Les points de la salle")
    assert "Lucie" not in page.locator("[data-fragment=resultats]").inner_text()
    salle.journal.noter("Mairie", Decision(texte="On retient le terrain.", scenario="terrain"))
    conduire(salle, etape="decider")
    attendre(page, "On retient le terrain.", "[data-fragment=decision]")
    attendre(page, "La décision : On retient le terrain.", "#annonce")
    page.wait_for_selector("body[data-etape=decider]")
    assert page.locator(".points button:visible, .points fieldset:visible").count() == 0, "the room marks no more"
    sans_faute(page)


def test_le_projecteur_se_lit_de_loin(salle, ouvrir, telephone):
    adresse = salle.ouverte.ici + "projecteur"
    page = ouvrir(adresse, 1280, 800)
    conduire(salle, etape="decouvrir", acces=True)
    attendre(page, "Prenez votre téléphone")
    for vue, comment in {
        "grille": {"etape": "decouvrir"},
        "points": {"etape": "noter", "resultats": True, "noms": True},
        "paroles": {"etape": "noter", "remarques": True},
        "decision": {"etape": "decider", "resultats": True},
    }.items():
        conduire(salle, **comment)
        page.wait_for_selector(f".{vue}")
        for largeur, hauteur in ((1280, 800), (1920, 1080)):
            page.set_viewport_size({"width": largeur, "height": hauteur})
            assert page.evaluate(DEBORDE) == [False, False], vue
            assert min(t for t, _ in page.evaluate(TAILLES)) >= 20
        sans_faute(page)
    assert page.dehors == []
    assert page.fautes == []
    page.context.close()


def test_une_autre_seance_repart_sans_les_points_de_la_premiere(salle, telephone):
    page = telephone("Nadia")
    choisir(page, 1, 4)
    page.locator("#scenario-1 button").click()
    attendre(page, "4 points : c’est noté.", "#scenario-1 .etat")
    page.get_by_label("Ce que vous voulez dire").fill("En cours")
    salle.journal.noter("Mairie", Seance(etude="gare_saint_denis", titre="Deuxième soirée"))
    attendre(page, "Deuxième soirée", "h1")
    page.wait_for_function("() => !document.querySelector('#scenario-1 input:checked')")
    assert etat(page, 1).inner_text() == ""
    assert page.get_by_label("Ce que vous voulez dire").input_value() == "En cours"
    page.evaluate(
        """() => { const cle = Object.keys(localStorage).find(x => x.endsWith('.envois')), soir = Date.now() - 7 * 86400e3;
        localStorage.setItem(cle, JSON.stringify([{cle: 'vieille', genre: 'remarque', contenu: {texte: 'De la semaine passée'}, quand: soir}])); }"""
    )
    page.reload()
    assert page.get_by_label("Ce que vous voulez dire").input_value() == "En cours\nDe la semaine passée"
    assert dits(salle, "Nadia", Remarque) == []
