"""The number that the page of architecture follows: what the page says of it is true."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude import indicateurs
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.grandeur import Grandeur
from tests.conftest import DONNEES, RACINE

CHIFFRE, PRIX = "contribution_par_place", "travaux.cout_m2_ht"


@pytest.fixture(scope="module")
def reprises():
    moteur, dossier = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml")
    variantes = {nom: dossier.variantes[nom] for nom in (BASE, "commune_a_l_equilibre")}
    return moteur, dossier, {nom: Reprise(moteur.contexte(dossier, e), [BASE]) for nom, e in variantes.items()}


def viennent_de(noeud, feuille, lus=None):
    """Whether each quantity below another one comes from an input, by identity."""
    lus = {} if lus is None else lus
    if id(noeud) not in lus:
        dessous = [viennent_de(o, feuille, lus)[id(o)] for o in noeud.operandes if isinstance(o, Grandeur)]
        lus[id(noeud)] = noeud is feuille or any(dessous)
    return lus


def du_chiffre_au_prix(enregistre):
    """Operations from the figure down to the price, by the last operand that comes from it."""
    noeud, prix = chiffre(enregistre), enregistre.entree(PRIX)
    lus = viennent_de(noeud, prix)
    while noeud.operation is not None:
        yield noeud.operation.cle
        noeud = [o for o in noeud.operandes if isinstance(o, Grandeur) and lus[id(o)]][-1]
    assert noeud is prix


def plus_chere(dossier, nom):
    """Variant of a scenario whose works cost more."""
    return varier(replace(dossier, etude=dossier.variantes[nom]), "essai", {PRIX: 3100.0})


def chiffre(enregistre):
    return next(
        g
        for g in enregistre.trace.programme._rangs
        if g.nom == "Contribution de la commune par place, année de croisière"
    )


def test_la_page_nomme_ses_operations(reprises):
    page = (RACINE / "docs" / "architecture.md").read_text(encoding="utf-8")
    dites = re.search(r"its operations are:(.*?)\n3\. ", page, re.S)[1]
    debut, fin = ([*re.findall(r"`(\w+)`", part)] for part in dites.split("…"))
    assert len(debut) == 11
    operations = [*du_chiffre_au_prix(reprises[2]["commune_a_l_equilibre"].bouclee)]
    assert operations[: len(debut)] == debut
    assert operations[-1:] == fin


def test_le_prix_ne_touche_pas_un_forfait_et_touche_un_deficit(reprises):
    """In the base study the figure is not downstream of the price: a replay hands back the recorded quantity itself."""
    moteur, dossier, par_nom = reprises
    for nom, reprise in par_nom.items():
        etude = plus_chere(dossier, nom)
        ctx = moteur.contexte(dossier, etude)
        champs = reprise.champs_de(ctx)
        assert champs == {PRIX}
        rejouee = reprise.evaluer(ctx, [BASE], champs).releve.indicateurs[CHIFFRE]
        if nom == BASE:
            assert rejouee is chiffre(reprise.ouverte)
        else:
            assert rejouee is not chiffre(reprise.ouverte)
            assert np.isnan(rejouee.valeur).all()


def test_ce_que_le_prix_ajoute_est_appele_et_rapporte_comme_amorti(reprises):
    """On the closed plan the figure is computed again, and does not move."""
    moteur, dossier, par_nom = reprises
    reprise = par_nom["commune_a_l_equilibre"]
    fermee = reprise.bouclee
    for entree in (fermee.entree(PRIX), *fermee.ev.ctx.bouclage.values()):
        assert viennent_de(chiffre(fermee), entree)[id(chiffre(fermee))]
    etude = plus_chere(dossier, "commune_a_l_equilibre")
    ctx = moteur.contexte(dossier, etude)
    autre = boucler(reprise.evaluer(ctx, [BASE], reprise.champs_de(ctx)))
    assert autre.livre["a_trouver.total"].valeur.item() > fermee.ev.livre["a_trouver.total"].valeur.item() + 1000.0
    deja, neuf = chiffre(fermee).valeur, indicateurs.calculer(autre)[CHIFFRE].valeur
    assert deja is not neuf
    assert neuf == pytest.approx(deja, rel=1e-9)
