"""A scenario without any place is no project: every view says why, and shows no figure of it. Unknown is another thing."""

import html
import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from pope_foncier.ateliers import chiffres, lecture, secours
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.etude.export import exporter
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.vues.documents import note, terminal
from pope_foncier.vues.documents.carnet_etude import CarnetEtude
from pope_foncier.vues.documents.conclusion import conclure
from pope_foncier.vues.etude import graphiques, tableaux_scenarios, variantes
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.places import tableaux as tableaux_places
from tests.conftest import DONNEES, RACINE
from tests.peu_de_tirages import peu_de_tirages

EPINAY = DONNEES / "etudes" / "epinay_villetaneuse.yaml"
ORDINAIRE = "Carreau lu en zone ordinaire"
RAISON = "il faut une cour de 2 m² dès la première place, l'étude en a 0 m²"
"""Two m² of yard by place in an ordinary zone (arrêté of 31 August 2021), and a study without any yard."""
ARGENT = re.compile(r"\d\s*€")


def propre(texte):
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(texte))


@pytest.fixture(scope="module")
def resultat(moteur):
    return Resultat.calculer(ouvrir(EPINAY), moteur)


@pytest.fixture(scope="module")
def vide(moteur):
    """The same study, its base read in an ordinary zone."""
    dossier = ouvrir(EPINAY)
    etude = dossier.variantes["zone_ordinaire"]
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur)


def essai(moteur, surcharges):
    dossier = ouvrir(EPINAY)
    etude = varier(dossier, "essai", surcharges)
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()


def test_la_regle_dit_pourquoi(resultat):
    assert propre(resultat.vue("zone_ordinaire").aucune_place) == RAISON
    assert propre(resultat.vue("zone_ordinaire").bouclee.aucune_place) == RAISON
    assert resultat.vue().aucune_place == ""


def test_ne_rien_faire_n_est_pas_un_refus(resultat):
    vue = resultat.vue("ne_rien_faire")
    assert vue.valeur(vue.ev.capacite.places) == 0
    assert vue.aucune_place == ""


def test_inconnu_n_est_pas_aucune(moteur):
    vue = essai(moteur, {"programme.surface_m2": {"a_obtenir_de": "le propriétaire"}})
    assert vue.aucune_place == ""
    assert "inconnu" in lectures.phrase(vue)


def test_les_deux_manques_se_disent_ensemble(moteur):
    """40 m² gross: one place asks 1.25 × (36 + 2.6 + 7) = 57 m², and 2 m² of yard."""
    petit = {"lecture_densite": "ordinaire", "programme.surface_m2": {"valeur": 40, "base": "essai"}}
    dit = propre(essai(moteur, petit).aucune_place)
    assert "une surface de plancher de 57 m² dès la première place, l'étude en a 40 m²" in dit
    assert " et une cour de 2 m²" in dit


def test_le_tableau_des_scenarios_ne_chiffre_rien(resultat):
    table = tableaux_scenarios.comparaison(resultat)
    rang = table.entetes.index(ORDINAIRE)
    assert {ligne[rang] for ligne in table.lignes} == {"aucune place possible", "—"}
    courte = tableaux_scenarios.comparaison_courte(resultat)
    (ligne,) = (x for x in courte.lignes if x[0] == ORDINAIRE)
    assert ligne[1:] == ("aucune place possible", *["—"] * (len(ligne) - 2))
    for t in (table, courte):
        assert f"{ORDINAIRE} : aucune place possible, {RAISON}." in propre(t.note)
    assert ARGENT.search(propre(" ".join(table.lignes[1]))), "les autres gardent leurs chiffres"


def test_la_note_et_le_terminal_d_une_etude_sans_place(vide, moteur):
    corps = propre(re.sub(r"<style>.*?</style>", "", note.rediger(vide, moteur), flags=re.S))
    assert f"Aucune place possible : {RAISON}." in corps
    sans_loyer = corps.replace("75 €/m²/an", "")
    assert not ARGENT.search(sans_loyer)
    ecran = io.StringIO()
    terminal.afficher(vide, moteur, Console(file=ecran, width=200))
    dit = propre(ecran.getvalue())
    assert f"Aucune place possible : {RAISON}." in dit
    for titre in ("Plan de coûts", "Plan de financement", "Ratios", "Épreuves", "Vraisemblance", "Trésorerie"):
        assert titre not in dit, titre


def test_le_carnet_et_la_conclusion_d_une_etude_sans_place(vide, moteur):
    carnet = CarnetEtude(vide, moteur)
    phrase = f"Aucune place possible : {RAISON}."
    cellules = ("cout", "plan", "ratios", "epreuves", "soutien", "travaux", "plausibilite", "image_plan", "leviers")
    for nom in cellules:
        assert phrase in propre(getattr(carnet, nom)().data), nom
    assert phrase in propre(carnet.comite.ratios().data)
    assert phrase in propre(carnet.lecture().data)
    dit = propre(" ".join(conclure(vide.vue(), (), {}, {})))
    assert phrase in dit
    assert "L'argent" not in dit
    table = tableaux_places.places(vide.vue())
    assert propre(table.lignes[0][1]) == f"aucune place possible : {RAISON}"


def test_toutes_les_pages_du_carnet_d_une_etude_sans_place_s_ouvrent(vide, moteur):
    carnet = CarnetEtude(vide, moteur)
    cellules = re.findall(
        r"^carnet\.(\w+)\(\)$", (RACINE / "notebooks" / "etude_site.py").read_text(encoding="utf-8"), re.M
    )
    assert "image_frise" in cellules
    for nom in cellules:
        getattr(carnet, nom)()
    assert "Aucun montage n'a de plan à dater" in propre(carnet.image_frise().data)


def test_le_json_ne_porte_aucun_chiffre_du_projet(resultat):
    fiche = exporter(resultat)["scenarios"]
    vide = json.loads(json.dumps(fiche["zone_ordinaire"]))
    assert propre(vide["aucune_place"]) == RAISON
    assert fiche["base"]["aucune_place"] is None
    assert vide["bouclage"] == []
    for lecture_ in ("tel_quel", "boucle"):
        for chiffre in vide[lecture_]["chiffres"]:
            du_lieu = chiffre["code"].startswith(("programme.", "indicateurs.places"))
            assert (chiffre["valeur"] is None) or du_lieu, chiffre["code"]
            if not du_lieu:
                assert chiffre["statut"] == "aucune_place"
                assert "cour" in chiffre["motif"]
    codes = [[c["code"] for c in fiche[s]["tel_quel"]["chiffres"]] for s in ("base", "zone_ordinaire")]
    assert codes[0] == codes[1], "les mêmes noms, sans valeur"


def test_les_ateliers_et_la_page_disent_le_refus(resultat, moteur, tmp_path):
    vues = {v.titre: v for v in resultat.vues()}
    for table in (chiffres.cote_a_cote(vues), chiffres.comparer("Ce que compare un financeur", vues)):
        rang = table.entetes.index(ORDINAIRE)
        cellules = [propre(x[rang]) for x in table.lignes]
        assert f"aucune place possible : {RAISON}" in cellules
        assert not any(ARGENT.search(c) for c in cellules)
    donne = lecture.qui_donne_quoi(vues)
    rang = donne.entetes.index(ORDINAIRE)
    assert {x[rang] for x in donne.lignes} <= {"—", "aucune place possible"}
    assert f"{ORDINAIRE} : aucune place possible, {RAISON}" in propre(graphiques.manques(vues))
    vue = vues[ORDINAIRE]
    lues = {x[0]: propre(x[1]) for x in variantes.table([variantes.Variante("a", vue)]).lignes}
    assert {"aucune place possible", RAISON} <= set(lues.values())
    assert not any(ARGENT.search(c) for c in lues.values())
    assert graphiques.tresorerie(vue).message.startswith("Aucune place possible")
    assert graphiques.parts_des_ressources(vue) == [("aucune place possible", 0.0)]
    with peu_de_tirages():
        page = secours.rediger(Modele.ouvrir(EPINAY), Journal(tmp_path / "journal.sqlite"))
    section = next(s for s in page.split("<section")[1:] if f"<h2>{ORDINAIRE}</h2>" in s).split("</section>")[0]
    assert f"Aucune place possible : {RAISON}." in propre(section)
    assert not ARGENT.search(propre(re.sub(r"<svg.*?</svg>", "", section, flags=re.S)))


def test_un_montage_sans_place_est_impossible(vide, moteur):
    for cas in comparer(vide.dossier, moteur):
        assert cas.etat == "impossible"
        assert cas.evaluation is None
    assert any(
        "aucune place possible : il faut une cour" in r for c in comparer(vide.dossier, moteur) for r in c.raisons
    )
