"""Every series of the scales is read by a computation, or kept for a reason that is written."""

import ast
import re
from functools import cache

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.exploitation.fiche_paie import Pesee
from pope_foncier.prets.garantie_communale import BAREMES as BAREMES_DE_LA_GARANTIE
from pope_foncier.prets.produits import CHAMPS
from tests.conftest import DONNEES, RACINE

MONTRENT = ("vues", "ateliers", "cli", "porte")
"""Rooms that show: a series that they alone read changes no figure."""
BAREMES = DONNEES / "baremes"
_HISTOIRE = "history of a scheme, told beside what it pays today"
_ENVELOPPE = "yearly envelope, told: a share of it for one place is nobody's to compute"
_PRODUIT = "term of a loan product that only its lender can apply, told with the product"
_TOTAL = "part of the ceiling by place, which the rule pays whole: amounts after 2020 were not found"
GARDEES = {
    "delais.reglements.delai_public": "delay of a public buyer, told beside the private one that studies take",
    "delais.reglements.retenue_max_pme": "lower retention for a small firm on a public market, told beside the one that studies take",
    "exploitation.bonus.attractivite_public": "the studies are run by associations; told for a public employer",
    "exploitation.bonus.mixite_seuils_autre_lecture": "other reading of the year of change, drawn beside the one retained",
    "exploitation.bonus.place_employeur": "closed at the end of 2025; a new amount was not found",
    "exploitation.charges.alisfa_points_max": "range of the points of a job, told beside the mean that the pay takes",
    "exploitation.charges.alisfa_points_min": "range of the points of a job, told beside the mean that the pay takes",
    "exploitation.psu.montant_min": "lowest of six tiers of 2024, the only one published beside the best",
    "exploitation.psu.prix_plafond_min": "lowest of six tiers of 2024, the only one published beside the best",
    "exploitation.psu.taux_facturation_milieu": "step repealed at the end of 2024",
    "exploitation.reperes.heures_ouverture_jour": "national mean, told: a study states its own hours",
    "exploitation.reperes.parts_des_financeurs": "national mean of 2019, told beside the payers of a study",
    "exploitation.service_public.enveloppe": _ENVELOPPE,
    "fiscalite.amenagement.taux_commune_min": "lower bound of the rate of a commune; studies take the upper one",
    "indices.loyers.icc": "published index; what a rent does next is a path of the assumptions",
    "indices.loyers.ilat": "published index; what a rent does next is a path of the assumptions",
    "indices.loyers.ilc": "published index; what a rent does next is a path of the assumptions",
    "prets.bdt_cohesion_sociale.montant_besoin_quotite_pleine": _PRODUIT,
    "prets.fa_garantie_emploi.montant_garanti_max": "guarantee of a founder without a job, told beside that of an association",
    "prets.relais_subvention.avance_max": _PRODUIT,
    "prets.relais_subvention.avance_min": _PRODUIT,
    "prets.titre_associatif.montant_utile_min": _PRODUIT,
    "referentiel.batiment.rail_information_mois": "time that SNCF Réseau has, told with the constraint",
    "referentiel.categories.duree_autorisation_ans": "length of the authorisation, drawn beside the tenures",
    "subventions.caf93.part_subvention": "empty slot: the study states the share given and lent",
    "subventions.departement_93.amenagement_2009": _HISTOIRE,
    "subventions.departement_93.construction_2009": _HISTOIRE,
    "subventions.departement_93.equipement_2009": _HISTOIRE,
    "subventions.detr.observee": "share seen elsewhere, told: no rule gives it",
    "subventions.dpv.enveloppe_93": _ENVELOPPE,
    "subventions.dpv.enveloppe_nationale": _ENVELOPPE,
    "subventions.dpv.population_qpv_min": "condition on the city that its prefecture reads, told with the scheme",
    "subventions.fme.enveloppe_nationale": _ENVELOPPE,
    "subventions.mgp_fim.part_maitre_ouvrage_min": "same 20 % as the rule of public funding, which the computation applies",
    "subventions.piaje.developpement_durable": _TOTAL,
    "subventions.piaje.potentiel_financier_max": _TOTAL,
    "subventions.piaje.zone_prioritaire": _TOTAL,
    "subventions.piaje_mam.aide_demarrage": "same aid as ``exploitation.mam.aide_demarrage``, which the account reads; told with its scheme",
    "subventions.piaje_mam.developpement_durable": _TOTAL,
    "subventions.region_idf.moyenne_2020": _HISTOIRE,
}
"""Series that no computation reads, and why each is kept: told to the reader, or the register of what the law was."""


class CatalogueObserve(Catalogue):
    """Catalogue that keeps the paths that a computation asks for."""

    def __init__(self):
        super().__init__()
        self.lues = set()

    def bareme(self, chemin):
        self.lues.add(chemin)
        return super().bareme(chemin)


@pytest.fixture(scope="module")
def catalogue():
    """Catalogue once the six studies, with all their scenarios and ratios, are computed."""
    observe = CatalogueObserve()
    moteur = Moteur(observe, Moteur.ouvrir().evolutions)
    for fichier in sorted((DONNEES / "etudes").glob("*.yaml")):
        assert Resultat.calculer(ouvrir(fichier), moteur).vue().ratios
    return observe


def _constantes(module):
    """Dotted words that a module writes, those with a blank to fill as patterns; prose and docstrings left out."""
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    dedans = {id(v) for n in ast.walk(arbre) if isinstance(n, ast.JoinedStr) for v in n.values}
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.JoinedStr):
            morceaux = [v.value if isinstance(v, ast.Constant) else "{}" for v in noeud.values]
        elif isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in dedans:
            morceaux = [noeud.value]
        else:
            continue
        ecrit = "".join(morceaux)
        if re.fullmatch(r"[a-z0-9_.{}]+", ecrit):
            yield ecrit


@cache
def mots_des_salles():
    """Words of each room that computes."""
    salles = {}
    for dossier in (RACINE / "pope_foncier").iterdir():
        if dossier.is_dir() and dossier.name not in (*MONTRENT, "__pycache__"):
            mots = {mot for module in sorted(dossier.rglob("*.py")) for mot in _constantes(module)}
            salles[dossier.name] = mots
    return salles


@cache
def noms_ecrits():
    """Ends of dotted words that the rooms write, blanks filled by anything: all of a name, four letters of it at least.

    A name alone counts in a room that also writes the family of its file (``exploitation.``); what follows a blank, anywhere.
    """
    motifs = {}
    for mots in mots_des_salles().values():
        familles = {mot.partition(".")[0] for mot in mots if "." in mot} | {mot for mot in mots if "." not in mot}
        for mot in mots:
            debut, point, fin = mot.rpartition(".")
            if len(fin.replace("{}", "").strip("_")) >= 4:
                partout = bool(point) and debut.startswith("{}")
                motifs.setdefault(fin, []).append((debut.lstrip("{}."), None if partout else familles))
    return [(re.compile(re.escape(fin).replace(r"\{\}", "[a-z0-9_]*")), ou) for fin, ou in motifs.items()]


def dans_une_salle(chemin):
    """Whether a room that computes writes the name of a series, and reads its family of files."""
    prefixe, _, nom = chemin.rpartition(".")
    famille = chemin.partition(".")[0]
    debuts = {m for mots in mots_des_salles().values() for m in mots if m.endswith("_") and m.count(".") > 1}
    return any(chemin.startswith(debut) for debut in debuts) or any(
        motif.fullmatch(nom) and any(prefixe.endswith(debut) and (f is None or famille in f) for debut, f in ou)
        for motif, ou in noms_ecrits()
    )


@cache
def textes():
    """Text of each file of data."""
    return {f: f.read_text(encoding="utf-8") for f in sorted(DONNEES.rglob("*.yaml"))}


@cache
def chemins_cites():
    """Dotted words of the data, with the files that write each."""
    cites = {}
    for fichier, texte in textes().items():
        for mot in re.findall(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", texte):
            cites.setdefault(mot, set()).add(fichier)
    return cites


def dans_les_donnees(chemin):
    """Whether a study, a control or the rule of its own scheme names a series."""
    prefixe, _, nom = chemin.rpartition(".")
    le_sien = BAREMES / f"{prefixe.replace('.', '/')}.yaml"
    if chemins_cites().get(chemin, set()) - {le_sien}:
        return True
    if not prefixe.startswith("subventions."):
        return False
    regle = re.sub(r"(?ms)^(baremes|sources):.*?(?=^\S|\Z)", "", textes()[le_sien])
    return bool(re.search(rf"\b{nom}\b", regle))


def construite(chemin):
    """Names built from parts: bounds of a loan product (quantity, direction, object), levels of a weighing by criterion, ceilings of a guarantee."""
    prefixe, _, nom = chemin.rpartition(".")
    if prefixe == "exploitation.pesee":
        return nom in Pesee.model_fields
    if prefixe == BAREMES_DE_LA_GARANTIE:
        return nom in mots_des_salles()["etude"]
    grandeur, _, reste = nom.removesuffix("_mois").partition("_")
    return prefixe.startswith("prets.") and grandeur in CHAMPS and reste.partition("_")[0] in ("min", "max")


def non_lues(catalogue):
    """Series that nothing reads, of those that the studies did not ask for."""
    restent = set(catalogue.chemins()) - catalogue.lues
    return {c for c in restent if not (dans_les_donnees(c) or construite(c) or dans_une_salle(c))}


def test_aucune_serie_n_est_gardee_sans_etre_lue(catalogue):
    trouvees = non_lues(catalogue)
    assert trouvees - set(GARDEES) == set(), "read them, or take them out of data/baremes"
    assert set(GARDEES) - trouvees == set(), "these are read, or gone: take them out of the list"


def test_une_serie_que_personne_ne_lit_est_vue(catalogue, monkeypatch):
    """A series with a name of its own, added to a file that the rooms read, is caught."""
    chemins = [
        *catalogue.chemins(),
        "exploitation.psu.prime_inventee",
        "prets.banque.cadeau_max",
        "fiscalite.tcb.entrepots_zone9",
    ]
    monkeypatch.setattr(catalogue, "chemins", lambda: chemins)
    assert non_lues(catalogue) - set(GARDEES) == set(chemins[-3:])
