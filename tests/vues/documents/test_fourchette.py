"""One range of the total cost: the note, the terminal and the works command say the same, and the engine confirms its ends."""

import re

import numpy as np
import pytest
import yaml

from pope_foncier.decision.delais import appliquer_variante, lire_variante
from pope_foncier.etude.fourchette_cout import NON_DITE, fourchette_totale
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.vues.documents import note
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.travaux import tableaux_cout
from pope_foncier.vues.travaux.carnet import CarnetTravaux
from tests.conftest import DONNEES, GARE
from tests.vues.variantes import lisible

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))
MONTANTS = re.compile(r"de ([\d ]+) € à ([\d ]+) € \((.*?)\)")


def bornes(texte):
    """Ends and meaning of a range, as a reader sees them; nothing when it is unknown."""
    trouve = MONTANTS.search(lisible(texte))
    return trouve.groups() if trouve else None


def de_la_commande(carnet):
    """Same, from the table of the works command."""
    table = next(t for t in carnet.tables() if t.titre == "Fourchette du coût")
    ligne = next(x for x in table.lignes if x[0] == "Coût total TTC")
    bas, _, haut = (lisible(str(x)).removesuffix(" €") for x in ligne[1:])
    return None if haut == "inconnu" else (bas, haut)


@pytest.mark.parametrize("par_lots", [False, True], ids=["au_ratio", "par_lots"])
@pytest.mark.parametrize("fichier", ETUDES, ids=lambda f: f.stem)
def test_la_note_le_terminal_et_la_commande_disent_la_meme_fourchette(fichier, par_lots, moteur, tmp_path, monkeypatch):
    """In a note without its draws, which take most of its time: this range is not one of theirs."""
    monkeypatch.setattr(note.note_chiffres, "tirer", lambda *_: None)
    monkeypatch.setattr(note, "choix", lambda *_: None)
    dossier = ouvrir(fichier)
    if par_lots:
        exemple = lire_variante(DONNEES / "exemples" / "travaux_par_lots.yaml")
        plan = tmp_path / "plan.yaml"
        plan.write_text(yaml.safe_dump({"travaux.plan": exemple["travaux.plan"]}), encoding="utf-8")
        dossier = appliquer_variante(dossier, plan)
    resultat = Resultat.calculer(dossier, moteur)
    dite = bornes(lectures.fourchette(fourchette_totale(resultat.vue())))
    assert dite == bornes(tableaux_cout.cout(resultat.vue()).note)
    assert dite == bornes(note.rediger(resultat, moteur))
    assert (dite and dite[:2]) == de_la_commande(CarnetTravaux(dossier, moteur))
    assert dite is not None or fichier.stem == "creche_emile_zola", "ses travaux sont inconnus"


@pytest.mark.parametrize("fichier", [f for f in ETUDES if f.stem != "creche_emile_zola"], ids=lambda f: f.stem)
def test_les_bornes_au_ratio_sont_celles_du_moteur(fichier, moteur):
    """The whole chain evaluated at both ends of the price of works, apart from the closed form."""
    dossier = ouvrir(fichier)
    vue = Resultat.calculer(dossier, moteur).vue()
    intervalle = dossier.etude.travaux.cout_m2_ht.intervalle
    f = fourchette_totale(vue)
    assert (f.bas, f.haut) == pytest.approx(
        moteur.tirer(dossier, {"travaux.cout_m2_ht": np.array(intervalle)}).cout.total_ttc.valeur.reshape(-1), rel=1e-12
    )
    assert f.bas < f.estime < f.haut


def test_chaque_scenario_a_la_fourchette_de_ses_propres_travaux(moteur):
    """Saint-Denis frozen: base 3,000 to 4,500 €/m²; a scenario that states one price has no range."""
    vues = {v.nom: v for v in Resultat.calculer(ouvrir(GARE), moteur).vues()}
    assert "3 000 à 4 500" in lisible(fourchette_totale(vues["base"]).sens)
    sans = [f for v in vues.values() if (f := fourchette_totale(v)).sens == NON_DITE]
    assert sans
    assert all(np.isnan(f.bas) and np.isnan(f.haut) for f in sans)
