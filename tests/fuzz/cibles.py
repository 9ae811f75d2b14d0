"""What is tried: a starting file of each kind, and all that a user then does with it — compute it, show it, write it."""

import copy
import csv
import io
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import pope_foncier as pf
from pope_foncier.ateliers import secours
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.decision.portefeuille import lire_regles_risque
from pope_foncier.decision.portefeuille.fiche import Portefeuille
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.export import exporter
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.exploitation.emprunteur import Emprunteur, lire_emprunteur
from pope_foncier.lieu.plan import Plan
from pope_foncier.lieu.site import Site
from pope_foncier.prets.fiche import FicheDossierPret
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.territoire.bassin import enfants_a_distance, lire_enfants_iris
from pope_foncier.territoire.fiche import FicheTerritoire, lire_territoire
from pope_foncier.travaux.devis import lire_devis
from pope_foncier.vues.decision.montages.carnet import Comparatif
from pope_foncier.vues.documents import note, terminal
from pope_foncier.vues.documents.carnet_etude import CarnetEtude
from pope_foncier.vues.documents.conclusion import conclure
from pope_foncier.vues.etude import flux, tableaux, tableaux_bilan, tableaux_financement, tableaux_scenarios
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.lieu import tableaux as tableaux_site
from pope_foncier.vues.lieu.lieu_ouvert import Lieu, dessiner_plans
from pope_foncier.vues.prets import echeancier as pret
from pope_foncier.vues.territoire import tableaux as tableaux_besoins
from pope_foncier.vues.travaux.carnet import CarnetTravaux
from tests.conftest import DONNEES
from tests.fuzz import mutations

JOUR = date(2026, 12, 1)
GARE = "gare_saint_denis"


@dataclass(frozen=True)
class Cible:
    """Kind of file: where it starts from, its name once mutated, what a user does with it.

    ``essayer`` gives the texts that a user reads.
    """

    nom: str
    depart: tuple[Path, ...]
    fichier: str
    essayer: Callable
    modele: type | None = None
    poids: int = 1

    @cached_property
    def arbres(self):
        """Starting files as plain data."""
        return [
            json.loads(f.read_text(encoding="utf-8")) if f.suffix == ".geojson" else charger_yaml(f)[0]
            for f in self.depart
        ]

    @cached_property
    def choix(self):
        """Words that a field admits, by name of the field, as the sheet itself says."""
        mots = {}
        schema = self.modele.model_json_schema() if self.modele is not None else {}

        def visiter(noeud, nom=""):
            if isinstance(noeud, dict):
                if nom and "enum" in noeud:
                    mots.setdefault(nom, set()).update(noeud["enum"])
                for cle, fils in noeud.items():
                    champs = (
                        fils.items() if cle in ("properties", "$defs") and isinstance(fils, dict) else [(nom, fils)]
                    )
                    for champ, valeur in champs:
                        visiter(valeur, champ)
            elif isinstance(noeud, list):
                for fils in noeud:
                    visiter(fils, nom)

        visiter(schema)
        return {nom: sorted(x for x in valeurs if x is not None) for nom, valeurs in mots.items()}


@cache
def moteur():
    """One engine for all."""
    return Moteur.ouvrir()


def montrer(liste):
    """Tables as a terminal shows them, in a narrow and in a wide window."""
    sortie = io.StringIO()
    console = terminal.ecran()
    console.file = sortie
    for table in liste:
        terminal.montrer(table, console)
    return sortie.getvalue()


def _etude(fichier, hasard, dossier):
    base = dossier if (dossier / "sites").is_dir() else DONNEES
    lu = ouvrir(fichier, base)
    resultat = Resultat.calculer(lu, moteur())
    textes = []
    for vue in resultat.vues():
        textes += [ratio.statut(vue.rang) + str(ratio.grandeur.lire(vue.rang)) for ratio in vue.ratios]
        textes += [g.lire(vue.rang) for g in vue.indicateurs.values()]
    vue = resultat.vue(hasard.choice([v.nom for v in resultat.vues()]))
    textes.append(
        montrer([*terminal.tables(vue), tableaux_scenarios.comparaison(resultat), tableaux.tableau_a_confirmer(vue)])
    )
    suite = min(SUITES, key=lambda nom: (SUITES_FAITES[nom] + 1) / SUITES[nom][0])
    SUITES_FAITES[suite] += 1
    return textes + SUITES[suite][1](resultat, vue, dossier)


def _note(resultat, vue, _):
    return [note.rediger(resultat, moteur()), *conclure(vue, (), {}, {})]


def _export(resultat, *_):
    return [json.dumps(exporter(resultat), allow_nan=False, ensure_ascii=False).replace('"valeur": null', "")]


def _ecran(resultat, vue, _):
    sortie = io.StringIO()
    console = terminal.ecran()
    console.file = sortie
    terminal.afficher(resultat, moteur(), console)
    mois = [tableaux_financement.tresorerie_mensuelle(vue), tableaux_financement.tresorerie(vue)]
    return [sortie.getvalue(), montrer(mois)]


def _flux(_, vue, __):
    return [flux.en_csv(vue.ev, vue.rang)]


def _carnet(resultat, *_):
    carnet = CarnetEtude(resultat, moteur())
    for image in (carnet.image_plan, carnet.image_tresorerie, carnet.image_exploitation, carnet.plan_du_lieu):
        image()
    return [
        str(x.data) for x in (carnet.titre(), carnet.conclusion(), carnet.faits(), carnet.relais(), carnet.chances())
    ]


def _secours(resultat, _, dossier):
    modele = Modele(resultat.dossier, moteur(), lire_ateliers())
    return [secours.rediger(modele, Journal(dossier / "journal.sqlite"))]


def _montages(resultat, *_):
    if resultat.dossier.etude.foncier is None:
        return []
    return [montrer(Comparatif.de(resultat.dossier, moteur()).tables.values())]


def _travaux(resultat, *_):
    etude = resultat.dossier.etude
    if etude.travaux.plan is None and not etude.delais.phases:
        return []
    return [montrer(CarnetTravaux(resultat.dossier, moteur()).tables())]


SUITES = {
    "note": (4, _note),
    "export": (3, _export),
    "écran": (3, _ecran),
    "flux": (3, _flux),
    "carnet": (2, _carnet),
    "secours": (2, _secours),
    "montages": (4, _montages),
    "travaux": (4, _travaux),
}
"""What a user goes on with after the tables of a study, one at a time and in turn, by weight: what costs most is not the most often done."""
SUITES_FAITES = Counter()
"""How many times each was done in this process."""


def _site(fichier, hasard, dossier):
    (dossier / "etudes").mkdir(exist_ok=True)
    etude = dossier / "etudes" / f"{GARE}.yaml"
    etude.write_bytes((DONNEES / "etudes" / f"{GARE}.yaml").read_bytes())
    textes = _lieu(Lieu.ouvrir(fichier, hasard.choice(MODES), JOUR, None, hasard.choice(("", "200", "85,5")), "", "40"))
    return [*textes, *_etude(etude, hasard, dossier)]


MODES = ("multi_accueil", "micro_creche", "mam", "creche_familiale", "creche_parentale", "jardin_enfants")


def _lieu(lieu):
    vues = [tableaux_site.table_places(lieu.capacite), tableaux_site.table_constats("Contraintes", lieu.contraintes())]
    if lieu.capacite.regles.referentiel:
        vues.append(tableaux_site.table_marches(lieu.capacite))
        if lieu.places >= 1:
            vues.append(tableaux_site.table_equipement(lieu.capacite, int(lieu.places)))
    mesures = lieu.mesures()
    if lieu.plan is not None and mesures is not None:
        vues.append(tableaux_site.table_mesures(lieu.plan, mesures))
    if lieu.capacite.locaux:
        vues += [tableaux_site.table_locaux(lieu.capacite), tableaux_site.table_constats("Contrôle", lieu.controles())]
    return [montrer(vues)]


def _pret(fichier, hasard, _):
    prets = pf.carnets.pret(fichier).echeanciers
    textes = [pret.en_csv(prets), montrer([pret.taux(prets)])]
    json.loads(pret.en_json(prets))
    return [*textes, montrer([pret.tableau(p, par_annee=hasard.random() < 0.5) for p in prets[:3]])]


def _plan(fichier, hasard, dossier):
    site = DONNEES / "sites" / f"{GARE}.yaml"
    textes = _lieu(Lieu.ouvrir(site, hasard.choice(MODES), JOUR, fichier))
    if hasard.random() < 0.12:
        niveau = hasard.choice((0, 0, 0, 1))
        for ecrit in dessiner_plans(
            [fichier], JOUR, "multi_accueil", hasard.choice(("A4", "A3")), None, dossier, niveau
        ):
            if ecrit.suffix == ".geojson":
                json.loads(ecrit.read_text(encoding="utf-8"))
    return textes


def _portefeuille(fichier, hasard, _):
    regles = lire_regles_risque().model_copy(update={"tirages": hasard.choice((1, 2, 7))})
    return [montrer(pf.carnets.portefeuille(fichier).listees(regles))]


@cache
def _evaluation(nom):
    return moteur().evaluer(ouvrir(DONNEES / "etudes" / f"{nom}.yaml"), ["base"])[0]


def _emprunteur(fichier, hasard, _):
    comptes = prevoir(_evaluation(hasard.choice((GARE, "coque_la_courneuve"))), lire_emprunteur(fichier))
    vues = (tableaux_bilan.table_resultat, tableaux_bilan.table_bilan, tableaux_bilan.table_ratios_emprunteur)
    return [montrer([vue(comptes) for vue in vues])]


def _territoire(fichier, hasard, dossier):
    fiche = lire_territoire(fichier)
    horizon, places = hasard.choice((2023, 2030, 2100, 2200)), hasard.choice((1, 30, 10_000))
    vues = [
        tableaux_besoins.table_communes(fiche),
        tableaux_besoins.table_couverture(fiche),
        tableaux_besoins.table_manques(fiche, horizon),
        tableaux_besoins.table_retombees(fiche, places),
        tableaux_besoins.table_trajectoire(fiche, places, moteur().catalogue, JOUR),
    ]
    return [montrer(vues)]


def _devis(fichier, *_):
    return [f"{x.lot} {x.designation} {x.montant_ht:.2f} {x.date_prix.isoformat()}" for x in lire_devis(fichier)]


def _variante(fichier, *_):
    return [montrer(pf.carnets.travaux(GARE, fichier).tables())]


def _iris(fichier, *_):
    enfants = lire_enfants_iris(fichier)
    return [str(sum(v for v in enfants.values() if v is not None))]


ENFANTS = {"930660101": 40.0, "930660102": None, "930660103": 12.0}


def _contours(fichier, hasard, _):
    bassin = enfants_a_distance(fichier, ENFANTS, 2.352, 48.931, hasard.choice((1, 300, 800, 100_000)))
    return [f"{bassin.enfants:.3f} {len(bassin.iris)} {len(bassin.secrets)}"]


def _fichiers(*noms):
    return tuple(DONNEES / nom for nom in noms)


def _tous(dossier):
    return tuple(sorted((DONNEES / dossier).glob("*.yaml")))


def poser_le_bassin(dossier):
    """Small tables of a catchment, made here: the open data are not in the project."""
    iris = dossier / "iris.csv"
    with iris.open("w", encoding="utf-8", newline="") as fichier:
        plume = csv.writer(fichier, delimiter=";")
        plume.writerows(
            [("CODGEO", "LIBGEO", "ENF_2"), *((c, "é", "" if n is None else n) for c, n in ENFANTS.items())]
        )
    contours = dossier / "contours.geojson"
    elements = []
    for rang, code in enumerate(ENFANTS):
        x, y = 2.35 + 0.003 * rang, 48.93
        anneau = [[x, y], [x + 0.003, y], [x + 0.003, y + 0.002], [x, y + 0.002], [x, y]]
        genre = (
            {"type": "Polygon", "coordinates": [anneau]}
            if rang
            else {"type": "MultiPolygon", "coordinates": [[anneau]]}
        )
        elements.append({"type": "Feature", "properties": {"CODE_IRIS": code}, "geometry": genre})
    contours.write_text(json.dumps({"type": "FeatureCollection", "features": elements}), encoding="utf-8")
    return iris, contours


def cibles(dossier):
    """All the kinds of files, with their starting files."""
    iris, contours = poser_le_bassin(dossier)
    exemples = _fichiers("exemples/pret_bancaire.yaml", "exemples/pret_livret_a.yaml", "exemples/deux_tranches.yaml")
    return [
        Cible("etude", _tous("etudes"), f"etudes/{GARE}.yaml", _etude, Etude, poids=5),
        Cible("site", _tous("sites"), f"sites/{GARE}.yaml", _site, Site),
        Cible("pret", exemples, "pret.yaml", _pret, FicheDossierPret, poids=4),
        Cible("plan", _tous("plans"), "plan.yaml", _plan, Plan, poids=4),
        Cible("portefeuille", _tous("portefeuilles"), "portefeuille.yaml", _portefeuille, Portefeuille, poids=1),
        Cible("emprunteur", _tous("emprunteurs"), "emprunteur.yaml", _emprunteur, Emprunteur, poids=2),
        Cible(
            "territoire",
            _fichiers("territoires/plaine_commune.yaml"),
            "territoires/t.yaml",
            _territoire,
            FicheTerritoire,
            poids=2,
        ),
        Cible("variante", _fichiers("exemples/travaux_par_lots.yaml"), "variante.yaml", _variante, Etude, poids=2),
        Cible("devis", _fichiers("devis/exemple.csv"), "devis.csv", _devis),
        Cible("iris", (iris,), "iris.csv", _iris),
        Cible("contours", (contours,), "contours.geojson", _contours),
    ]


def preparer(cible, dossier, hasard, geste=None):
    """Write the mutated file of a case, its first change given or drawn, and give its place."""
    fichier = dossier / cible.fichier
    fichier.parent.mkdir(parents=True, exist_ok=True)
    depart = hasard.choice(cible.depart)
    if depart.suffix not in (".yaml", ".geojson") or hasard.random() < 0.2:
        octets = mutations.salir(depart.read_bytes(), hasard)
    else:
        arbre = mutations.muter(cible.arbres[cible.depart.index(depart)], hasard, cible.arbres, cible.choix, geste)
        octets = mutations.ecrire(arbre).encode("utf-8", "surrogatepass")
        if hasard.random() < 0.05:
            octets = mutations.salir(octets, hasard)
    if cible.nom == "plan" and hasard.random() < 0.2:
        fichier = fichier.with_suffix(".geojson")
        octets = _en_geojson(octets, hasard)
    fichier.write_bytes(octets)
    if cible.nom == "site":
        (dossier / "sites").mkdir(exist_ok=True)
    return fichier


@cache
def _geojson_de_depart():
    from pope_foncier.lieu.plan_lecture import en_geojson, lire_plan

    return [json.loads(en_geojson(lire_plan(f))) for f in _tous("plans")]


def _en_geojson(_, hasard):
    arbre = mutations.muter(copy.deepcopy(hasard.choice(_geojson_de_depart())), hasard, _geojson_de_depart(), {})
    return mutations.ecrire(arbre).encode("utf-8", "surrogatepass")


def nettoyer(dossier):
    """Empty the folder of a case, starting tables left."""
    for fichier in sorted(dossier.rglob("*"), reverse=True):
        if fichier.is_dir():
            os.rmdir(fichier)
        else:
            fichier.unlink()


def texte_protege(texte):
    """Escaping used by all the pages, tried on every text of a case."""
    return proteger(texte) + proteger(texte, markdown=True)
