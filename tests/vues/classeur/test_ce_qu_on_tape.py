"""Inputs typed in a workbook that LibreOffice recalculates: what its formulas follow is that of the engine, and what they do not follow is said."""

import numpy as np
import pytest

from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.ratios import calculer
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.vues.classeur import controles, hypotheses
from pope_foncier.vues.classeur.classeur import composer, contexte_de
from pope_foncier.vues.classeur.modele_du_classeur import modeler
from pope_foncier.vues.classeur.tableur import est_la, recalculer
from tests.conftest import COMPLETS, GARE_LIVREE, sauter
from tests.vues.classeur.ecrits import case_de, relu

pytestmark = pytest.mark.skipif(
    not COMPLETS, reason="LibreOffice recalcule un classeur entier : tests complets seulement"
)
BONUS = "exploitation.produits_annexes[bonus_territoire].par_place"


def test_ce_que_les_formules_suivent_et_ce_qu_elles_ne_suivent_pas(moteur):
    if not est_la():
        sauter("LibreOffice n'est pas installé")
    gare = ouvrir(GARE_LIVREE)
    fait = composer(gare, BASE, modeler(contexte_de(moteur, gare), BASE))
    feuille = relu(fait.octets)[hypotheses.FEUILLE]
    tapes = {
        "aides[piaje].statut": "acquise",
        BONUS: 3000.0,
        "exploitation.taux_occupation": 85.0,
        "delais.etudes_mois": 9.5,
        "aides[ville].statut": "refusée",
    }
    jeux = [{(hypotheses.FEUILLE, case_de(feuille, champ).coordinate): v} for champ, v in tapes.items()]
    base, acquise, bonus, trop, demi, refusee = recalculer(
        fait.octets, fait.feuilles, [controles.FEUILLE, "Chiffres clés"], jeux
    )
    comptes = [_comptes(lu) for lu in (base, acquise, bonus, trop, demi, refusee)]
    assert comptes[:2] == [(0, 0), (0, 0)]
    assert comptes[2] == (0, 1)
    assert comptes[3][0] == 1
    assert comptes[4][0] >= 1
    assert comptes[5] == (1, 0)
    (ev,) = moteur.evaluer(gare, [BASE])
    obtenue = boucler(moteur.tirer(gare, {}, varier(gare, "essai", {"aides[piaje].statut": "acquise"})))
    place = next(p for posee, p in fait.modele.disposition.posees if "ratios.ressources_propres" in posee.codes)
    attendues = [_ratio(boucler(ev)), _ratio(obtenue)]
    assert attendues[1] > attendues[0] + 0.05
    trouvees = [lu["Chiffres clés"][place.ligne, 3] for lu in (base, acquise)]
    assert trouvees == pytest.approx(attendues, abs=1e-9)


def _comptes(lu):
    """Rows of the controls that do not read OK: identities, what is stale."""
    colonne = lu[controles.FEUILLE][:, controles.ECART]
    return tuple(int(colonne[ligne]) for ligne in (controles.LIGNE_DES_ECARTS, controles.LIGNE_DES_PERIMES))


def _ratio(ev):
    return float(np.ravel(next(r for r in calculer(ev) if r.code == "ressources_propres").grandeur.valeur)[0])
