"""Entries of the phones: checked field by field, written once, held while the facilitator says so, each name to its phone."""

import asyncio

from pope_foncier.ateliers.journal_entrees import CarteDeNom, Conduite, Rapprochement, Remarque, Vote
from pope_foncier.ateliers.salle.banc import Telephone
from tests.ateliers.salle.ouverte import ECOLE, ouvrir

SCRIPT = "<script>alert('ici')</script>"


def jouer(dossier, scenario):
    async def tout():
        async with ouvrir(dossier) as salle:
            salle.journal.noter("Ana", ECOLE)
            await scenario(salle)

    asyncio.run(tout())


def test_carte_points_remarque(tmp_path):
    async def scenario(salle):
        karim = await salle.entrer("Karim B.", teinte=7)
        code, recu = await karim.envoyer("vote", {"scenario": "ecole", "points": 6, "version": 1}, cle="v1")
        assert (code, recu) == (200, {"rang": 3, "nom": "Karim B."})
        assert (await karim.envoyer("remarque", {"texte": SCRIPT, "scenario": "ecole"}, cle="r1"))[0] == 200
        ecrites = [(e.qui, e.contenu) for e in salle.journal.entrees(apres=1)]
        assert ecrites == [
            ("Karim B.", CarteDeNom(teinte=7)),
            ("Karim B.", Vote(scenario="ecole", points=6, version=1)),
            ("Karim B.", Remarque(texte=SCRIPT, scenario="ecole")),
        ]
        assert salle.flux.instant.atelier.points("ecole") == 6

    jouer(tmp_path, scenario)


def test_les_fautes_se_disent_champ_par_champ(tmp_path):
    async def scenario(salle):
        sans_carte = await salle.entrer()
        assert "carte de nom" in (await sans_carte.envoyer("vote", {"scenario": "ecole", "points": 1}))[1]["erreur"]
        eva = await salle.entrer("Éva")
        for genre, contenu, champ, mot in (
            ("vote", {"scenario": "ecole", "points": 11}, "points", "0 à 10"),
            ("vote", {"scenario": "ecole", "points": "3"}, "points", "nombre entier"),
            ("vote", {"scenario": "mairie", "points": 3}, "scenario", "inconnu"),
            ("vote", {"scenario": "ecole"}, "points", ""),
            ("remarque", {"texte": "  "}, "texte", "vide"),
            ("remarque", {"texte": "x" * 2001}, "texte", "2001 signes"),
            ("carte", {"teinte": 12}, "teinte", ""),
            ("vote", {"scenario": "ecole", "points": 3, "qui": "Ana"}, "qui", ""),
        ):
            code, refus = await eva.envoyer(genre, contenu, nom="Éva", cle="k")
            assert (code, [c["champ"] for c in refus["champs"]]) == (422, [champ]), contenu
            assert mot in refus["champs"][0]["message"]
        nom = (await (await salle.entrer()).envoyer("carte", {"teinte": 1}, nom=" "))[1]
        assert nom["champs"][0]["champ"] == "qui"
        ici = Telephone(salle.ici)
        await ici.demander("GET")
        for genre in ("decision", "conduite"):  # on this computer too, the facilitator's hand has its own door
            assert (await ici.envoyer(genre, {"figee": True}, nom="Ana"))[0] == 422
        for genre in ("scenario", "decision", "conduite", "seance", "rapprochement", "rien", None, ["vote"]):
            assert (await eva.envoyer(genre, {"figee": True}, nom="Ana"))[0] == 422
        for cle in ("\ud800", "a b", "x" * 65, 3, None, ["a"]):
            code, refus = await eva.envoyer("vote", {"scenario": "ecole", "points": 3}, cle=cle)
            assert (code, "clé" in refus["erreur"]) == (422, True), cle
        for nom in (["Ana"], {"a": 1}, 3, None, "\ud800", "x" * 81):
            assert (await eva.envoyer("carte", {"teinte": 1}, nom=nom))[0] == 422
        for corps in ("", "[]", "3", '{"genre":', '{"a":' * 3000, "\x00"):
            assert (await eva.demander("POST", "entree", corps)).code in (400, 411, 422)
        assert len(salle.journal.entrees()) == 2

    jouer(tmp_path, scenario)


def test_un_envoi_refait_n_est_ecrit_qu_une_fois_meme_apres_un_arret(tmp_path):
    async def scenario(salle):
        eva = await salle.entrer("Éva")
        premier = await eva.envoyer("remarque", {"texte": "Et l'été ?"}, cle="abc")
        assert await eva.envoyer("remarque", {"texte": "Et l'été ?"}, cle="abc") == premier
        ana = await salle.entrer("Ana K.")
        assert (await ana.envoyer("remarque", {"texte": "Oui"}, cle="abc"))[1]["rang"] == premier[1]["rang"] + 2
        salle.journal.noter("Ana", Conduite(figee=True))
        assert (
            await eva.envoyer("remarque", {"texte": "Et l'été ?"}, cle="abc") == premier
        )  # written: nothing to refuse
        temoin["eva"] = eva.entetes["Cookie"]

    async def apres():
        async with ouvrir(tmp_path) as salle:
            eva = Telephone(salle.adresse)
            eva.entetes["Cookie"] = temoin["eva"]
            assert (await eva.envoyer("remarque", {"texte": "Et l'été ?"}, cle="abc"))[1]["nom"] == "Éva"
            assert [e.qui for e in salle.journal.entrees() if isinstance(e.contenu, Remarque)] == ["Éva", "Ana K."]

    temoin = {}
    jouer(tmp_path, scenario)
    asyncio.run(apres())


def test_figee_les_telephones_attendent(tmp_path):
    async def scenario(salle):
        eva = await salle.entrer("Éva")
        salle.journal.noter("Ana", Conduite(figee=True))
        code, refus = await eva.envoyer("vote", {"scenario": "ecole", "points": 4}, cle="v")
        assert (code, "suspendu les envois" in refus["erreur"]) == (423, True)
        await salle.entrer("Zoé")  # somebody who comes late may still take a card
        salle.journal.noter("Ana", Conduite())
        assert (await eva.envoyer("vote", {"scenario": "ecole", "points": 4}, cle="v"))[0] == 200

    jouer(tmp_path, scenario)


def test_le_nom_d_un_autre_est_refuse_ou_demande(tmp_path):
    async def scenario(salle):
        salle.journal.noter("Zoé", Remarque(texte="Dit sur l'écran de la salle."))
        salle.journal.noter("Léa", Conduite())
        await salle.entrer("Karim B.")
        autre = await salle.entrer()
        for nom in ("Karim B.", "karim b", "KARIM  B"):
            code, refus = await autre.envoyer("carte", {"teinte": 1}, nom=nom, confirme=True)
            assert (code, "d'un autre téléphone" in refus["erreur"], refus["a_confirmer"]) == (409, True, False)
        code, refus = await autre.envoyer("carte", {"teinte": 1}, nom="Zoé")
        assert (code, refus["a_confirmer"]) == (409, True)
        code, refus = await autre.envoyer("carte", {"teinte": 1}, nom="Léa", confirme=True)
        assert (code, "conduit" in refus["erreur"]) == (409, True)
        assert (await autre.envoyer("carte", {"teinte": 1}, nom="Zoé", confirme=True))[0] == 200
        deux = [await salle.entrer(), await salle.entrer()]
        codes = await asyncio.gather(*(t.envoyer("carte", {"teinte": 2}, nom="Tom") for t in deux))
        assert sorted(code for code, _ in codes) == [200, 409]

    jouer(tmp_path, scenario)


def test_sous_un_autre_nom_le_meme_telephone_ne_vote_pas_deux_fois(tmp_path):
    async def scenario(salle):
        karim = await salle.entrer("Karm")
        await karim.envoyer("vote", {"scenario": "ecole", "points": 5}, cle="a")
        assert (await karim.envoyer("carte", {"teinte": 3}, nom="Karim", cle="b"))[0] == 200
        await karim.envoyer("vote", {"scenario": "ecole", "points": 7}, cle="c")
        assert salle.flux.instant.atelier.votes == {"ecole": {"Karim": 7}}
        assert Rapprochement(nom="Karm", est="Karim") in [e.contenu for e in salle.journal.entrees()]
        autre = await salle.entrer()
        assert (await autre.envoyer("carte", {"teinte": 1}, nom="Karm", confirme=True))[0] == 409
        assert (await karim.envoyer("carte", {"teinte": 4}, nom="Karim", cle="d"))[0] == 200

    jouer(tmp_path, scenario)


def test_un_telephone_qui_s_emballe_attend(tmp_path):
    async def scenario(salle):
        eva = await salle.entrer("Éva")
        codes = [(await eva.envoyer("vote", {"scenario": "ecole", "points": 11}))[0] for _ in range(61)]
        assert codes == [422] * 59 + [429] * 2

    jouer(tmp_path, scenario)
