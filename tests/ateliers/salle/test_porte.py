"""Door of the room: code, few attempts, own address and origin, short bodies; nothing of the facilitator on the network."""

import asyncio
import json
import os
import re
import stat
import sys
from types import SimpleNamespace

import pytest

from pope_foncier.ateliers import serveur
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.salle import adresses, routes
from pope_foncier.ateliers.salle.acces import SIGNES, Acces, Limite, exiger_un_code
from pope_foncier.ateliers.salle.banc import Telephone
from pope_foncier.ateliers.salle.piece import image_du_lien
from pope_foncier.socle.erreurs import ErreurPope
from tests.ateliers.salle.ouverte import CODE, ouvrir

HEURE = 3600.0


def test_le_code_ouvre_et_lui_seul(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            passant = Telephone(salle.adresse)
            page = await passant.demander("GET")
            assert "Code de la salle" in page.texte
            assert "Gare &lt;b&gt;" in page.texte
            assert "set-cookie" not in page.entetes
            for chemin in ("flux", "entree"):
                refus = await passant.demander(
                    "GET" if chemin == "flux" else "POST", chemin, "" if chemin == "flux" else "{}"
                )
                assert refus.code == 403
                assert "code de la salle" in json.loads(refus.texte)["erreur"]
            faux = await passant.demander("POST", "", "code=AAAAAA")
            assert (faux.code, "Ce code n'est pas celui de la salle" in faux.texte.replace("&#x27;", "'")) == (
                403,
                True,
            )
            juste = await passant.demander("POST", "", "code=k7m+4-qx")
            assert (juste.code, juste.entetes["location"]) == (303, "/salle/")
            temoin = juste.entetes["set-cookie"]
            assert "HttpOnly" in temoin
            assert "SameSite=Lax" in temoin
            assert CODE not in temoin
            assert 'data-page="participant"' in (await passant.demander("GET")).texte
            forge = Telephone(salle.adresse)
            forge.entetes["Cookie"] = passant.entetes["Cookie"][:-3] + 'abc"'
            assert "Code de la salle" in (await forge.demander("GET")).texte

    asyncio.run(jouer())


def test_au_sixieme_code_faux_il_faut_attendre(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            passant = Telephone(salle.adresse)
            codes = [(await passant.demander("POST", "", f"code=AAAAA{i}")).code for i in range(2, 7)]
            trop = await passant.demander("GET", f"?code={CODE}")
            assert codes == [403] * 5
            assert trop.code == 429
            assert 1 <= int(trop.entetes["retry-after"]) <= 60
            assert f"attendre {trop.entetes['retry-after']} s" in trop.texte

    asyncio.run(jouer())


def test_limite_pour_un_et_pour_tous():
    instant = SimpleNamespace(t=1000.0)
    limite = Limite(2, 5, lambda: instant.t)
    for qui in "aab":
        limite.compter(qui)
        instant.t += 10
    assert [limite.attente_s(x) for x in "abc"] == [31, 0, 0]
    limite.compter("c")
    limite.compter("d")
    assert limite.attente_s("e") == 31  # five in the last minute: the oldest of them leaves in thirty seconds
    instant.t += 31
    assert [limite.attente_s(x) for x in "ae"] == [0, 0]


def test_autre_hote_autre_origine_refuses_en_francais(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            telephone = await salle.entrer("Ana")
            moi = salle.adresse.split("/")[2]
            for hote in ("pirate.example", "localhost:1", "192.0.2.77", "127.0.0.1.pirate.example"):
                refus = await telephone.demander("GET", Host=hote)
                assert (refus.code, "Adresse refusée" in refus.texte) == (403, True)
                assert hote not in refus.texte
            for hote in (f"pirate@{moi}", "[::1", "[", ""):
                assert (await telephone.demander("GET", Host=hote)).code in (400, 403)
            for origine in (
                {"Origin": "http://pirate.example"},
                {"Origin": "null"},
                {"Origin": ""},
                {"Origin": "http://[::1"},
                {"Origin": f"http://pirate@{moi}"},
            ):
                refus = await telephone.demander("POST", "entree", '{"genre": "vote"}', **origine)
                assert refus.code == 403
                assert "ne vient pas d'une page de la salle" in json.loads(refus.texte)["erreur"]
            chez_soi = Telephone(salle.ici)
            assert (await chez_soi.demander("GET", Host="pirate.example")).code == 403
            assert (
                await chez_soi.demander("GET", Host=salle.adresse.split("/")[2].replace("127.0.0.1", "192.0.2.2"))
            ).code == 403

    asyncio.run(jouer())


def test_l_animation_reste_sur_cet_ordinateur(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            telephone, chez_soi = await salle.entrer(), Telephone(salle.ici)
            for page in ("animer", "projecteur", "../", "voila/render/commune.ipynb", "salle.py", "gabarits/code.html"):
                assert (await telephone.demander("GET", page)).code in (302, 404)
            assert (await telephone.demander("GET", "flux?page=animer")).code == 404
            assert (await telephone.demander("PUT", "entree", "{}")).code == 405
            for page in ("", "animer", "projecteur", "salle.css", "salle.js"):
                assert (await chez_soi.demander("GET", page)).code == 200
            projecteur = (await chez_soi.demander("GET", "projecteur")).texte
            assert "K7M 4QX" in projecteur
            assert salle.adresse.removeprefix("http://") in projecteur.replace("<b>", "")
            assert "<svg" in projecteur
            assert "K7M" not in (await telephone.demander("GET")).texte

    asyncio.run(jouer())


def test_l_accueil_dit_ce_qui_est_ouvert(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path, "/a/") as salle:
            chez_soi = Telephone(salle.ici.removesuffix("salle/"))
            ouverte = (await chez_soi.demander("GET")).texte
            assert "Les téléphones du réseau local sont admis" in ouverte
            assert f"<b>{salle.adresse}</b>" in ouverte
            liens = re.findall(r'<a href="([^"]+)"', ouverte)
            assert "voila/render/commune.ipynb" in liens
            for lien in (x for x in liens if x.startswith("salle/")):
                assert (await chez_soi.demander("GET", lien)).code == 200
            salle.salle.adresses = ()
            assert "Tout reste sur cet ordinateur." in (await chez_soi.demander("GET")).texte

    asyncio.run(jouer())


def test_cinquante_millions_d_octets_refuses_sans_etre_lus(tmp_path):
    """The answer comes while not one byte of the body was sent."""

    async def jouer():
        async with ouvrir(tmp_path) as salle:
            telephone = await salle.entrer("Ana")
            longue = await telephone.demander("POST", "entree", **{"Content-Length": "50000000"})
            assert longue.code == 413
            assert "Envoi trop long : 16 ko" in json.loads(longue.texte)["erreur"]
            sans_fin = await telephone.demander("POST", "entree", **{"Transfer-Encoding": "chunked"})
            assert sans_fin.code == 411
            assert (await telephone.demander("GET", **{"Content-Length": "50000000"})).code == 413
            assert (await telephone.demander("GET", "nulle-part", **{"Content-Length": "50000000"})).code == 413

    asyncio.run(jouer())


def test_politique_sans_hote_exterieur(tmp_path):
    async def jouer():
        async with ouvrir(tmp_path) as salle:
            telephone = await salle.entrer()
            for chemin in ("", "salle.js", "flux?page=rien"):
                entetes = (await telephone.demander("GET", chemin)).entetes
                politique = entetes["content-security-policy"]
                assert "http" not in politique
                assert "script-src 'self';" in politique
                assert entetes["cache-control"] == "no-store"
                assert entetes["x-content-type-options"] == "nosniff"
                assert entetes["content-language"] == "fr"

    asyncio.run(jouer())


def test_le_code_survit_au_redemarrage_et_non_a_la_nuit(tmp_path):
    premier = Acces.ouvrir(tmp_path / "gare.sqlite", horloge=lambda: 0.0)
    premier.garder()
    assert stat.S_IMODE(os.stat(premier.chemin).st_mode) == 0o600
    assert len(premier.code) == 6
    assert set(premier.code) <= set(SIGNES)
    assert not set("01IO") & set(SIGNES)
    premier.cartes["ab"] = "Éva"
    premier.garder()
    assert Acces.ouvrir(tmp_path / "creche.sqlite", horloge=lambda: 0.0).secret != premier.secret
    second = Acces.ouvrir(tmp_path / "gare.sqlite", horloge=lambda: 11 * HEURE)
    assert (second.code, second.secret, second.cartes) == (premier.code, premier.secret, {"ab": "Éva"})
    apres = Acces.ouvrir(tmp_path / "gare.sqlite", horloge=lambda: 13 * HEURE)
    assert apres.secret != premier.secret
    assert apres.cartes == {}
    choisi = Acces.ouvrir(tmp_path / "gare.sqlite", exiger_un_code("k7m 4qx"), horloge=lambda: 13 * HEURE)
    assert (choisi.code, choisi.secret != apres.secret) == (CODE, True)
    choisi.garder()
    assert Acces.ouvrir(tmp_path / "gare.sqlite", CODE, horloge=lambda: 14 * HEURE).secret == choisi.secret


@pytest.mark.parametrize(
    "contenu", ["", "[]", "{}", '{"code": "K7M4QX", "secret": 3, "depuis": 0.0, "cartes": {}}', "\x00"]
)
def test_un_fichier_prive_abime_est_refait(tmp_path, contenu):
    (tmp_path / ".salle_gare.json").write_text(contenu)
    assert len(Acces.ouvrir(tmp_path / "gare.sqlite").secret) == 64


@pytest.mark.parametrize("code", ["", "ABC", "ABCDEF0", "ABCDE0", "ÀBCDEF", "ABCDEFG"])
def test_un_code_qui_se_lit_mal_est_refuse(code):
    with pytest.raises(ErreurPope, match="Code refusé"):
        exiger_un_code(code)


def test_seules_les_adresses_d_un_reseau_local(monkeypatch):
    """Private, shared and link-local ranges (RFC 1918, 6598, 3927); never the loopback nor an address of the internet."""
    import psutil

    def carte(*valeurs):
        return [SimpleNamespace(family=adresses.socket.AF_INET, address=a) for a in valeurs]

    cartes = {
        "lo": carte("127.0.0.1"),
        "a": carte("8.8.8.8", "192.168.1.7"),
        "b": carte("10.0.0.4", "169.254.3.4", "100.64.0.9"),
    }
    cartes["a"].append(SimpleNamespace(family=adresses.socket.AF_INET6, address="fe80::1"))
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: cartes)
    monkeypatch.setattr(adresses, "_sortie", lambda: "192.168.1.7")
    assert adresses.adresses_locales() == ("192.168.1.7", "10.0.0.4", "100.64.0.9", "169.254.3.4")


@pytest.mark.parametrize(
    ("options", "mot"),
    [
        ({"code": "ABC"}, "Code refusé"),
        ({"base": "atelier"}, "--base-url : un chemin"),
        ({"base": "/a/../b/"}, "--base-url : un chemin"),
        ({"base": "/a b/"}, "--base-url : un chemin"),
        ({"base": "//pirate.example/"}, "--base-url : un chemin"),
        ({"telephones": True}, "Aucun réseau local"),
    ],
)
def test_une_salle_qui_ne_peut_s_ouvrir_dit_pourquoi(tmp_path, monkeypatch, options, mot):
    monkeypatch.setattr(serveur, "adresses_locales", tuple)
    with pytest.raises(ErreurPope, match=mot):
        serveur.ouvrir_la_salle(Journal(tmp_path / "gare.sqlite"), "Gare", 8866, **options)
    assert list(tmp_path.iterdir()) == []


def test_l_ecran_montre_l_adresse_choisie(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serveur, "adresses_locales", lambda: ("10.8.0.2", "192.168.1.7"))
    journal = Journal(tmp_path / "gare.sqlite")
    assert serveur.ouvrir_la_salle(journal, "Gare", 8866, telephones=True).adresse == "http://10.8.0.2:8866/salle/"
    choisie = serveur.ouvrir_la_salle(journal, "Gare", 8866, telephones=True, adresse="192.168.1.7")
    assert choisie.adresse == "http://192.168.1.7:8866/salle/"
    assert "L'écran montre http://192.168.1.7:8866/salle/ ; une autre avec --adresse." in capsys.readouterr().out
    choisie.adresses = ("10.8.0.2",)  # that network is left
    assert choisie.adresse == "http://10.8.0.2:8866/salle/"
    with pytest.raises(
        ErreurPope, match=r"--adresse : une de celles de cet ordinateur est attendue \(10.8.0.2, 192.168.1.7\)"
    ):
        serveur.ouvrir_la_salle(journal, "Gare", 8866, telephones=True, adresse="192.168.1.8")


def test_sans_segno_l_adresse_et_le_code_suffisent(monkeypatch):
    lien = "http://192.168.1.7:8866/salle/?code=K7M4QX"
    assert "<svg" in image_du_lien(lien)
    monkeypatch.setitem(sys.modules, "segno", None)
    assert image_du_lien(f"{lien}&") == ""


def test_sans_l_option_rien_n_est_ecrit_ni_dit(tmp_path, capsys):
    salle = serveur.ouvrir_la_salle(Journal(tmp_path / "gare.sqlite"), "Gare", 8866, base="/a")
    assert (salle.adresse, salle.base) == ("", "/a/")
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().out == ""


def test_un_ordinateur_qui_change_de_reseau_repond_a_sa_nouvelle_adresse(tmp_path, monkeypatch):
    monkeypatch.setattr(routes, "_ADRESSES_S", 0.05)
    monkeypatch.setattr(routes, "adresses_locales", lambda: ("127.0.0.2", "127.0.0.1"))

    async def jouer():
        async with ouvrir(tmp_path) as salle:
            suivi = asyncio.create_task(salle.telephones.suivre_les_adresses())
            await asyncio.sleep(0.3)
            assert salle.salle.adresse.startswith("http://127.0.0.2:")
            for adresse in (salle.salle.adresse, salle.adresse):
                assert (await Telephone(adresse).demander("GET", f"?code={CODE}")).code == 303
            suivi.cancel()

    asyncio.run(jouer())
