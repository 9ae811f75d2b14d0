"""One room, one storey, one finding: what the tests of the rules of a plan share."""

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.lieu.incendie import effectifs
from pope_foncier.lieu.locaux import locaux_du_plan
from pope_foncier.lieu.reseau import reseaux_du_plan
from pope_foncier.places.controles_acces import controler_acces
from pope_foncier.places.controles_issues import controler_issues
from pope_foncier.places.controles_locaux import controler_locaux
from pope_foncier.places.controles_niveaux import controler_niveaux
from pope_foncier.places.controles_voisinage import controler_voisinage
from pope_foncier.places.regles_du_jour import ReglesDuJour
from pope_foncier.places.regles_locaux import lire_regles
from pope_foncier.places.situation import Situation
from tests.places.plans_d_essai import batiment, piece, plan, porte

JOUR = date(2026, 12, 1)
CATALOGUE = Catalogue()
FEU = ReglesDuJour(CATALOGUE, "referentiel.evacuation", JOUR)
ACCES = ReglesDuJour(CATALOGUE, "referentiel.accessibilite", JOUR)
ORDRE = ["respecte", "a_verifier", "a_surveiller", "non_respecte"]


def salle(*portes, longueur=12.0, effectif=None, fonction="eveil"):
    """One room on the whole building, its doors on the walls."""
    champs = {} if effectif is None else {"effectif": effectif}
    return plan(batiment(0, 0, longueur, 6), piece(fonction, 0, 0, longueur, 6, nom="Salle", **champs), *portes)


def sur_rue(x, largeur, **champs):
    """Door in the wall y = 0, from x."""
    return porte((x, 0), (x + max(largeur or 0.9, 0.9), 0), largeur, **champs)


def issues(trace, **champs):
    """Status of the check of the exits of the storey."""
    return lire(trace, "Issues : nombre et largeur", **champs)


def lire(trace, sujet, **champs):
    constats = controler_issues(reseaux_du_plan(trace), Situation(**champs), FEU)
    (constat,) = [c for c in constats if c.sujet == sujet]
    return constat.statut


def presents(places, **champs):
    """Children present at most, and the persons of the table of the rules (staff estimated)."""
    lus = effectifs(places, CATALOGUE, JOUR)
    return {
        "enfants": lus.enfants,
        "personnes": lus.personnes,
        "places": places,
        "cinquieme": True,
        "neuf": False,
        **champs,
    }


def acces(trace, sujet, **champs):
    situation = Situation(**champs)
    constats = [
        *controler_acces(reseaux_du_plan(trace), situation, ACCES),
        *controler_niveaux(trace, reseaux_du_plan(trace), situation, ACCES),
    ]
    (constat,) = [c for c in constats if c.sujet == sujet]
    return constat.statut


def etage(*plus, fonction_en_bas="hall"):
    return plan(
        batiment(0, 0, 20, 10),
        piece(fonction_en_bas, 0, 0, 6, 6),
        piece("eveil", 0, 0, 12, 10, niveau=1, nom="Éveil"),
        piece("sommeil", 12, 0, 20, 10, niveau=1, nom="Sommeil"),
        *plus,
    )


def voisinage(trace, sujet, **champs):
    (constat,) = [
        c for c in controler_voisinage(trace, reseaux_du_plan(trace), Situation(**champs), FEU) if c.sujet == sujet
    ]
    return constat


def locaux(*elements):
    return locaux_du_plan(plan(batiment(0, 0, 20, 10), *elements), 1.2)


def du_controle(trouves, ident, places=12):
    regles = lire_regles(CATALOGUE, "multi_accueil", JOUR)
    return [c for c in controler_locaux(trouves, regles, CATALOGUE, places) if c.id == ident]
