"""Whole server behind a path, in its own process: forty phones on an address of this computer, a kill -9 in the middle, the Voilà page beside."""

import asyncio
import contextlib
import re
import urllib.request
from urllib.parse import urljoin

import psutil
import pytest

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Conduite, Remarque, Vote
from pope_foncier.ateliers.salle.adresses import adresses_locales
from pope_foncier.ateliers.salle.banc import Suivis, Telephone
from tests.ateliers.montre import Montre
from tests.ateliers.salle.ouverte import CODE, ECOLE
from tests.ateliers.serveur import LEGERE, Onglet, Serveur, navigateur

NOMBREUX, REMARQUES = 40, 6
MEMOIRE_MAX_MO = 150
BASE = "/a/b/"
OUVERTURE_S = 10
"""Most that a page may take of the processor, from the start of its kernel by the command [s]."""


@pytest.fixture(scope="module")
def serveur(tmp_path_factory):
    pytest.importorskip("voila")
    reseau = ["--salle", "--code", CODE] if adresses_locales() else []
    lance = Serveur(tmp_path_factory.mktemp("salle"), *reseau, "--reserve", "0", base=BASE, etude=LEGERE)
    yield lance
    lance.arreter()


@pytest.fixture(scope="module")
def journal(serveur):
    return Journal(serveur.dossier / f"{LEGERE.stem}.sqlite")


def adresse(serveur):
    """Room as the phones of the network reach it; on a computer without a network, as this computer does."""
    hote = (*adresses_locales(), "127.0.0.1")[0]
    return f"http://{hote}:{serveur.port}{BASE}salle/"


async def entrer(serveur):
    telephone = Telephone(adresse(serveur))
    assert (await telephone.demander("GET", f"?code={CODE}")).code == 303
    return telephone


def test_la_commande_dit_d_abord_ou_elle_ecoute(serveur):
    dit = (serveur.dossier / "serveur.log").read_text()
    ouverts = dit.index("Ateliers ouverts")
    assert f"http://127.0.0.1:{serveur.port}{BASE}" in dit[ouverts:]
    for locale in adresses_locales():
        assert 0 <= dit.index(f"http://{locale}:{serveur.port}{BASE}salle/") < ouverts
    ecoutes = {c.laddr.ip for c in psutil.Process(serveur.processus.pid).net_connections() if c.status == "LISTEN"}
    assert "127.0.0.1" in ecoutes
    assert ecoutes <= {"127.0.0.1", *adresses_locales()}


def test_quarante_telephones_en_cent_cinquante_mo_et_une_seconde(serveur, journal):
    async def jouer():
        processus = psutil.Process(serveur.processus.pid)
        seul = processus.memory_info().rss
        telephones = [await entrer(serveur) for _ in range(NOMBREUX)]
        for rang, telephone in enumerate(telephones):
            assert (await telephone.envoyer("carte", {"teinte": rang % 12}, nom=f"Voisin {rang}", cle="c"))[0] == 200
        journal.noter("Animation", ECOLE)
        journal.noter("Animation", Conduite(etape="noter", resultats=True))
        async with Suivis(telephones) as suivis:
            depuis, montre = suivis.recus(), Montre(serveur.processus.pid)
            notes = [t.envoyer("vote", {"scenario": "ecole", "points": 5}, cle="v") for t in telephones]
            assert [code for code, _ in await asyncio.gather(*notes)] == [200] * NOMBREUX
            await suivis.attendre(depuis)
            tous = montre.secondes()
            await asyncio.sleep(0.5)
            depuis, montre = suivis.recus(), Montre(serveur.processus.pid)
            await asyncio.to_thread(journal.noter, "Animation", Vote(scenario="ecole", points=9))
            await suivis.attendre(depuis)
            un = montre.secondes()
            assert processus.memory_info().rss - seul <= MEMOIRE_MAX_MO * 1e6
        assert un <= 1.0
        assert tous <= 10.0  # forty at the same instant, each written to the disk and found sound

    asyncio.run(jouer())


def test_kill_9_au_milieu_rien_de_confirme_ne_se_perd_et_les_telephones_reviennent(serveur, journal):
    """Each phone sends again, with the same key, what got no answer: each remark stands once, confirmed ranks are true."""
    confirmees = {}

    async def insister(telephone, rang, numero):
        texte = f"remarque {numero} du voisin {rang}"
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                code, recu = await telephone.envoyer("remarque", {"texte": texte}, cle=f"r{numero}")
                assert code == 200, recu
                confirmees[texte] = recu["rang"]
                return
            await asyncio.sleep(0.2)

    async def parler(telephone, rang):
        for numero in range(REMARQUES):
            await insister(telephone, rang, numero)

    async def jouer():
        telephones = [await entrer(serveur) for _ in range(NOMBREUX // 4)]
        for rang, telephone in enumerate(telephones):
            await telephone.envoyer("carte", {"teinte": 1}, nom=f"Parleur {rang}", cle="c")
        paroles = [asyncio.create_task(parler(t, rang)) for rang, t in enumerate(telephones)]
        while len(confirmees) < len(telephones):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(serveur.abattre)
        avant = dict(confirmees)
        assert len(avant) < len(telephones) * REMARQUES
        await asyncio.to_thread(serveur.lancer)
        await asyncio.gather(*paroles)
        async with Suivis(telephones):  # the cookie of before is still good
            pass
        return avant

    avant = asyncio.run(asyncio.wait_for(jouer(), 90))
    ecrites = [(e.rang, e.contenu.texte) for e in journal.entrees() if isinstance(e.contenu, Remarque)]
    assert {texte: rang for rang, texte in ecrites} == confirmees
    assert len(ecrites) == len(confirmees) == NOMBREUX // 4 * REMARQUES
    assert avant.items() <= confirmees.items()


def test_la_page_de_voila_vit_derriere_le_prefixe(serveur, chromium):
    with navigateur(chromium) as contexte:
        onglet = Onglet(contexte, serveur)
        accueil = urllib.request.urlopen(serveur.adresse(), timeout=10).read().decode()
        lien = re.search(r'href="([^"]+)"><b>Atelier commune', accueil)[1]
        avant = serveur.processeur_s()
        onglet.page.goto(urljoin(serveur.adresse(), lien), wait_until="commit", timeout=60_000)
        onglet.attendre_dessin()
        assert serveur.processeur_s() - avant < OUVERTURE_S
        vivant = []
        onglet.page.on("response", lambda r: vivant.append((r.url, r.status)) if "/vivant/" in r.url else None)
        onglet.patienter(lambda: vivant, 15)
        assert vivant[0] == (f"{serveur.adresse()}voila/vivant/{onglet.noyau()}", 200)
        assert serveur.attendre_noyaux(1) == 1
        onglet.fermer()
        assert serveur.attendre_noyaux(0) == 0
        assert onglet.dehors == []
        assert onglet.erreurs() == []
