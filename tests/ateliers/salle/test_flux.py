"""Live pages: one reading for everybody, told within a second of what any process writes, caught up after a cut, never a queue."""

import asyncio
import json

import pytest

from pope_foncier.ateliers.journal_entrees import Conduite, Remarque, Vote
from pope_foncier.ateliers.salle import flux as module
from pope_foncier.ateliers.salle import pages
from pope_foncier.ateliers.salle.banc import Suivis, Telephone
from tests.ateliers.ecrivain import Ecrivain
from tests.ateliers.montre import Montre
from tests.ateliers.salle.ouverte import ECOLE, ouvrir

NOMBREUX = 40


async def dire(evenements):
    """Next state told to a page."""
    while True:
        evenement = await asyncio.wait_for(anext(evenements), 10)
        if evenement.genre == "etat":
            return evenement, json.loads(evenement.texte)


def test_quarante_pages_a_jour_en_une_seconde(tmp_path, monkeypatch):
    rendus = []
    rendre = module.rendre
    monkeypatch.setattr(module, "rendre", lambda gabarit, **v: rendus.append(gabarit) or rendre(gabarit, **v))

    async def jouer():
        async with ouvrir(tmp_path) as salle:
            salle.journal.noter("Ana", ECOLE)
            salle.journal.noter("Ana", Conduite(etape="noter", resultats=True, noms=True))
            telephones = [await salle.entrer() for _ in range(NOMBREUX)]
            async with Suivis(telephones) as suivis:
                await asyncio.sleep(0.5)
                assert salle.flux.relies == NOMBREUX
                rendus.clear()
                depuis, montre = suivis.recus(), Montre()
                await asyncio.to_thread(salle.journal.noter, "Ana", Vote(scenario="ecole", points=8))
                await suivis.attendre(depuis)
                assert montre.secondes() <= 1.0
                await asyncio.sleep(0.3)
                assert len(rendus) == len(set(rendus))
                assert {x.split(":")[1].split("_")[0] for x in rendus} == {"participant"}
            await asyncio.sleep(0.5)
            assert salle.flux.relies == 0

    asyncio.run(jouer())


def test_un_autre_processus_ecrit_et_la_page_le_sait(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            salle.journal.noter("Ana", Conduite())
            ecrivain = Ecrivain(tmp_path / "gare.sqlite", "Noyau", 1)
            rang, _ = await asyncio.to_thread(ecrivain.confirmee)
            montre = Montre(ecrivain.processus.pid)
            while all(e.rang != rang for e in salle.flux.instant.atelier.fil):
                assert montre.secondes() <= 1.0
                await asyncio.sleep(0.02)
            await asyncio.to_thread(ecrivain.finir)

    asyncio.run(jouer())


def test_apres_une_coupure_la_page_ne_recoit_que_ce_qui_manque(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            ici = Telephone(salle.ici)
            await ici.demander("GET", "animer")
            evenements = ici.suivre("animer")
            premier, parts = await dire(evenements)
            assert set(parts) == set(module.PAGES["animer"].fragments)
            await evenements.aclose()
            reprise = ici.suivre("animer", premier.repere)
            calme = await asyncio.wait_for(anext(reprise), 10)
            assert (calme.genre, calme.texte) == ("vivant", "oui")
            await reprise.aclose()
            salle.journal.noter("Ana", ECOLE)
            await asyncio.sleep(0.5)
            manque, parts = await dire(ici.suivre("animer", premier.repere))
            assert parts
            assert "École de 24 places" in "".join(parts.values())
            assert manque.repere != premier.repere
            for repere in ("", "ffffffff-9", "n'importe quoi", premier.repere + "0" * 30, "-"):
                assert salle.flux.vu(repere) == 0
        return premier.repere

    ancien = asyncio.run(jouer())

    async def autre_serveur():
        async with ouvrir(tmp_path) as salle:
            assert salle.flux.vu(ancien) == 0

    asyncio.run(autre_serveur())


def test_une_salle_pleine_dit_quand_revenir(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PAGES_PAR_APPAREIL", 1)

    async def jouer():
        async with ouvrir(tmp_path) as salle:
            telephone = await salle.entrer()
            premiere = telephone.suivre()
            await dire(premiere)
            refus = await telephone.demander("GET", "flux")
            assert (refus.code, refus.entetes["retry-after"]) == (503, "10")
            assert "La salle est pleine" in json.loads(refus.texte)["erreur"]
            await premiere.aclose()
            await asyncio.sleep(0.3)
            salle.journal.noter("Ana", Remarque(texte="x"))
            await dire(telephone.suivre())

    asyncio.run(jouer())


def test_un_telephone_qui_ne_lit_plus_est_laisse_les_autres_suivent(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "_LENT_S", 0.3)
    monkeypatch.setattr(module.Flux, "message", lambda *_: f"event: etat\ndata: {'x' * 8_000_000}\n\n")

    async def jouer():
        async with ouvrir(tmp_path) as salle:
            sourd = await salle.entrer()
            _, plume = await sourd._ouvrir("GET", "flux", "", {})  # asks, and never reads
            montre = Montre()
            while salle.flux.relies != 1 and montre.secondes() < 5:
                await asyncio.sleep(0.02)
            assert salle.flux.relies == 1
            while salle.flux.relies:
                assert montre.secondes() < 5
                await asyncio.sleep(0.05)
            plume.close()

    asyncio.run(jouer())


def test_un_journal_abime_se_dit_et_la_salle_tient(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            eva = await salle.entrer("Éva")
            (tmp_path / "gare.sqlite").write_bytes(b"pas un journal" * 1000)
            await asyncio.sleep(0.6)
            assert "journal" in salle.flux.instant.avis.lower()
            code, refus = await eva.envoyer("remarque", {"texte": "Perdue ?"}, cle="x")
            assert (code, "Journal" in refus["erreur"]) == (503, True)

    asyncio.run(jouer())


@pytest.mark.parametrize("base", ["/", "/a/b/"])
def test_derriere_un_prefixe(tmp_path, base):
    async def jouer():
        async with ouvrir(tmp_path, base) as salle:
            assert salle.adresse.endswith(f"{base}salle/")
            telephone = await salle.entrer("Ana")
            page = (await telephone.demander("GET")).texte
            assert f'src="{base}salle/salle.js"' in page
            assert (await dire(telephone.suivre()))[1]
            racine = Telephone(salle.adresse.removesuffix(f"{base}salle/") + "/")
            assert (await racine.demander("GET")).entetes["location"] == f"{base}salle/"

    asyncio.run(jouer())
