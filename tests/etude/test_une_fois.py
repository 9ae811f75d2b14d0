"""What an engine gives again: equal studies, one result; another value, another engine or another name, another result."""

from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.decision.doute.lecture import douter_en_bref
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from tests.conftest import COQUE, GARE
from tests.peu_de_tirages import peu_de_tirages


@pytest.fixture
def neuf():
    return Moteur.ouvrir()


def seule(dossier, nom="essai", **surcharges):
    """Base study alone, with other values."""
    etude = (
        varier(dossier, nom, {c.replace("__", "."): v for c, v in surcharges.items()}) if surcharges else dossier.etude
    )
    return Dossier(dossier.nom, etude, dossier.site, {BASE: etude})


def test_une_etude_egale_a_le_meme_resultat(neuf):
    premier, second = (Resultat.calculer(seule(ouvrir(GARE)), neuf) for _ in range(2))
    assert premier is second


def test_une_autre_valeur_un_autre_moteur_ou_un_autre_scenario_ont_le_leur(neuf):
    """The price of works moved by one euro is read; so is a scenario more."""
    dossier = ouvrir(GARE)
    prix = dossier.etude.travaux.cout_m2_ht.valeur
    base = Resultat.calculer(seule(dossier), neuf)
    plus = Resultat.calculer(seule(dossier, travaux__cout_m2_ht=prix + 1), neuf)
    couts = [r.vue().valeur(r.vue().ev.cout.total_ttc) for r in (base, plus)]
    assert couts[1] > couts[0]
    assert Resultat.calculer(seule(dossier), neuf) is base
    assert Resultat.calculer(seule(dossier), Moteur.ouvrir()) is not base
    assert [v.nom for v in Resultat.calculer(dossier, neuf).vues()] == list(dossier.variantes)


def test_ce_qui_est_garde_est_ce_qui_a_servi_en_dernier(neuf):
    faits, dossier = [], seule(ouvrir(GARE))

    def lire(nom, genre="essai"):
        return neuf.une_fois(genre, replace(dossier, nom=nom), lambda: faits.append(nom), gardes=2)

    for cle in "abacab":
        lire(cle)
    # by hand: c puts b out, since a came again after it; then b puts c out
    assert faits == ["a", "b", "c", "b"], "ce qui ne donne rien n'est pas fait deux fois non plus"
    lire("a", "autre")
    assert faits[-1] == "a", "chaque genre a les siens"


def test_un_plan_ecrit_a_nouveau_donne_un_autre_resultat(neuf, donnees_copie, monkeypatch):
    """The plan that a site names is written longer: the sheets are equal, the result is not the one kept."""
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    fait, dossier = [], seule(ouvrir(GARE))
    plan = donnees_copie / "plans" / "essai.geojson"
    dossier = replace(dossier, site=dossier.site.model_copy(update={"plan": plan.name}))
    for contenu in ("un plan", None, "un plan plus long"):
        if contenu:
            plan.write_text(contenu, encoding="utf-8")
        neuf.une_fois("essai", dossier, lambda: fait.append("fait"))
    assert fait == ["fait", "fait"]


def test_les_tirages_en_bref_sont_ceux_du_nombre_demande(neuf):
    dossier = seule(ouvrir(GARE))
    with peu_de_tirages():
        peu = douter_en_bref(dossier, neuf, ("cout_total",))
        assert douter_en_bref(dossier, neuf, ("cout_total",)) is peu
        assert douter_en_bref(dossier, neuf, ("places",)) is not peu
    assert douter_en_bref(dossier, neuf, ("cout_total",)).tiree.nombre > peu.tiree.nombre


def test_les_montages_d_une_etude_changee_sont_les_siens(neuf):
    dossier = seule(ouvrir(COQUE))
    avant = comparer(dossier, neuf)
    prix = dossier.etude.travaux.cout_m2_ht.valeur
    apres = comparer(seule(dossier, travaux__cout_m2_ht=prix * 2), neuf)
    couts = [[c.evaluation.cout.total_ttc.valeur for c in cas if c.evaluation is not None] for cas in (avant, apres)]
    assert all(np.all(b > a) for a, b in zip(*couts, strict=False))
    encore = comparer(dossier, neuf)
    assert encore is not avant
    assert all(x is y for x, y in zip(encore, avant, strict=True))
