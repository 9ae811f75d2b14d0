"""Units: euros are never added to square metres nor to places, and a name declares the unit that its operands give."""

import numpy as np
import pytest

from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.grandeur import Grandeur, maximum, somme
from tests.conftest import DONNEES
from tests.etude.unites import Audit, dire, lire

ETUDES = sorted((DONNEES / "etudes").glob("*.yaml"))
ADULTES = "un enfant présent occupe une place, et un adulte au moins est là"
ADMISES = {
    "Heures théoriques par mois": "une heure facturée est une heure d'une place : la Caf et les familles la comptent ainsi",
    "PSU, journées pédagogiques": "même heure d'une place, payée au prix d'une heure",
    "ETP auprès des enfants": "un adulte présent toutes les heures d'un poste est un ETP",
    "Assistants maternels salariés": "un assistant maternel est compté pour un ETP",
    "Participation horaire des familles": "un taux d'effort s'applique au revenu du mois et donne le prix d'une heure",
    "Participation horaire moyenne des familles": "même taux d'effort",
    "+ : Places possibles ; 1.0": "une place de plus que le possible",
    "Adultes aux heures pleines": ADULTES,
    "Adultes aux heures creuses": ADULTES,
    " : Adultes présents au moins ; 1.0": ADULTES,
    "le plus grand de : … ; …": ADULTES,
    "adultes pour : … ; …": ADULTES,
    "adultes pour : … ; Places retenues": ADULTES,
}
"""What the algebra finds and the trade admits, with its reason; one that no longer occurs is a fault of the list."""


@pytest.fixture(scope="module")
def audit(moteur):
    """All the lines, indicators and ratios of the six studies, under all scenarios, open and closed."""
    fait = Audit()
    for fichier in ETUDES:
        for vue in Resultat.calculer(ouvrir(fichier), moteur).vues():
            for lue in (vue, vue.bouclee):
                lignes = (ligne.grandeur for ligne in lue.ev.livre.lignes.values())
                for grandeur in (
                    *lignes,
                    *lue.indicateurs.values(),
                    *(r.grandeur for r in lue.ratios),
                    *lue.ev.parts.values(),
                ):
                    fait.lire(grandeur)
    return fait


def test_les_unites_des_six_etudes_se_rencontrent(audit):
    assert sorted(f for f in audit.fautes if f[0] not in ADMISES) == []
    assert {f[0] for f in audit.fautes} == set(ADMISES)


def test_l_audit_juge_la_plupart_des_noms(audit):
    """Each operation declares its unit: named quantities that the algebra cannot judge stay few."""
    nommees = sum(1 for g in audit.vues if g.nom and not g.est_entree)
    assert audit.jugees > 0.95 * nommees


def g(valeur, nom, unite):
    return Grandeur(valeur, nom, unite)


@pytest.mark.parametrize(
    "faute",
    [
        lambda: (g(1.0, "prix", "€") + g(2.0, "surface", "m²")).nommer("coût"),
        lambda: somme((g(1.0, "prix", "€"), g(2.0, "places", "places")), "coût"),
        lambda: maximum(g(1.0, "prix", "€/m²"), g(2.0, "total", "€")).nommer("coût"),
        lambda: (g(1.0, "prix", "€/m² HT") * g(2.0, "places", "places")).nommer("coût"),
        lambda: g(1.0, "surface", "m²").nommer("coût"),
        lambda: (g(1.0, "prix", "€") / g(2.0, "places", "places")).nommer("par place"),
        lambda: (g(1.0, "prix", "€") - 1.0).nommer("coût"),
    ],
)
def test_ce_qui_ne_se_rencontre_pas_est_vu(faute):
    audit = Audit()
    audit.lire(faute())
    assert audit.fautes


def test_ce_qui_se_rencontre_passe():
    audit = Audit()
    cout = (g(2.0, "prix", "€/m² HT") * g(3.0, "surface", "m²") * (1.0 + g(0.2, "TVA", "%"))).nommer("coût")
    par_place = (maximum(cout, 0.0) / g(np.nan, "places", "places")).nommer("par place", "€/place TTC")
    assert dire(audit.lire(par_place)) == "place^-1 €"
    assert dire(lire("€/m²/an")) == "m²^-1 €"
    assert not audit.fautes
