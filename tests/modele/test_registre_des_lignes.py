"""Register of the lines: what it refuses, what money is counted whatever the spelling of its code, and the page that lists it."""

import ast
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.acquisition.immobilier import ASSUREURS
from pope_foncier.decision.montages.flux_murs import flux_des_murs
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.etude.soldes import calculer_soldes
from pope_foncier.modele import registre_des_lignes as registre
from pope_foncier.modele.lignes import FAMILLES, LigneDeclaree
from pope_foncier.modele.livre import Livre
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.temps import Echelle
from pope_foncier.vues.etude import lignes as page
from tests.conftest import RACINE


@pytest.fixture
def livre():
    return Livre(Echelle(date(2027, 1, 1), 24))


def inscrire_en_plus(monkeypatch, *lignes):
    """Register with some more lines, for the time of a test."""
    monkeypatch.setattr(registre, "LIGNES", (*registre.LIGNES, *lignes))
    for memoire in (registre.declaration, registre._exactes, registre._modeles):
        memoire.cache_clear()


@pytest.fixture(autouse=True)
def oublier():
    yield
    for memoire in (registre.declaration, registre._exactes, registre._modeles):
        memoire.cache_clear()


def test_une_ligne_hors_du_registre_est_refusee_avec_la_plus_proche(livre):
    with pytest.raises(ErreurCalcul, match=r"« imobilier.asurance ».*Peut-être : immobilier\.assurance"):
        livre.inscrire("imobilier.asurance", Grandeur(1.0, "Assurance", "€"), "A", "B")
    assert livre.lignes == {}


@pytest.mark.parametrize(
    ("code", "grandeur", "qui", "motif"),
    [
        ("bail.tva", Grandeur(1.0, "TVA", "€"), ("A", "B"), "s'appelle « TVA », et « TVA du loyer »"),
        ("ressources.don", Grandeur(1.0, "", "€"), (), "s'appelle « sans nom »"),
        ("bail.tva", Grandeur(1.0, "TVA du loyer", "€/an"), ("A", "B"), "est en « €/an », et en « € »"),
        ("bail.tva", Grandeur(1.0, "TVA du loyer", "€"), (), "va de « personne »"),
        ("bail.tva", Grandeur(1.0, "TVA du loyer", "€"), ("A", ""), "à « personne »"),
        ("besoins.total", Grandeur(1.0, "Total des besoins", "€"), ("A", "B"), "elle n'est pas un flux"),
    ],
)
def test_une_ligne_ecrite_autrement_que_declaree_est_refusee(livre, code, grandeur, qui, motif):
    with pytest.raises(IdentiteRompue, match=motif):
        livre.inscrire(code, grandeur, *qui)


def test_le_registre_donne_table_unite_famille_et_nom(livre):
    livre.inscrire("emprunts.banque.restant", Grandeur(np.ones(24), "Capital restant dû : Prêt", "€", axe="mois"))
    livre.inscrire("besoins.total", Grandeur(1.0, "Une part", "€") + 1.0)
    restant, total = livre.lignes.values()
    assert (restant.groupe, restant.famille, restant.poste, restant.identifiant) == (
        *("emprunts", "dette", "restant"),
        "banque",
    )
    assert restant.stock
    assert not restant.boucle
    assert (total.libelle, total.grandeur.unite, total.stock) == ("Total des besoins", "€", False)
    assert registre.declaration("emprunts.bouclage.pret.restant")[0].boucle
    assert registre.declaration("solde.S.A. des Lilas")[1] == "S.A. des Lilas"


def test_cent_mille_euros_des_murs_comptent_quel_que_soit_leur_code(resultat, monkeypatch):
    """100,000 € paid by the holder for an insurance: refused outside the register, counted once registered among the walls."""
    ev = resultat.vue().bouclee.ev
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    avant = flux_des_murs(ev, {porteur})[0].sum()
    mois = np.zeros(ev.ctx.echelle.duree_mois)
    mois[12] = 100_000.0

    def avec(code):
        copie = replace(ev.livre, lignes=dict(ev.livre.lignes))
        copie.inscrire(code, Grandeur(mois, "Assurance de plus", "€", axe="mois"), porteur, ASSUREURS)
        return flux_des_murs(replace(ev, livre=copie), {porteur})[0].sum()

    for code in ("assurance.de_plus", "immobilier.de_plus"):
        with pytest.raises(ErreurCalcul, match="n'est pas au registre"):
            avec(code)
    declaree = LigneDeclaree("", "tresorerie", "propriete", "Assurance de plus", "maître d'ouvrage", "assureurs")
    inscrire_en_plus(
        monkeypatch, *(replace(declaree, modele=code) for code in ("assurance.de_plus", "immobilier.de_plus"))
    )
    assert avec("assurance.de_plus") == pytest.approx(avant - 100_000.0, abs=1e-6)
    assert avec("immobilier.de_plus") == pytest.approx(avant - 100_000.0, abs=1e-6)


def test_une_charge_nommee_personnel_reste_une_charge_externe(dossier, moteur):
    """A detailed charge is no wage, whatever its name: 12,000 € a year under « personnel » or « menage » give one account."""

    def soldes(nom):
        charge = {
            "id": nom,
            "libelle": "Mise à disposition",
            "par": "an",
            "montant": {"valeur": 12_000, "base": "essai"},
        }
        etude = varier(dossier, "essai", {"exploitation.charges": [charge]})
        return calculer_soldes(moteur.evaluer(replace(dossier, variantes={BASE: etude}))[0])

    assert np.allclose(soldes("personnel").personnel.valeur, soldes("menage").personnel.valeur)


def test_chaque_ligne_est_declaree_une_fois_et_chaque_poste_sert():
    modeles = [x.modele for x in registre.LIGNES]
    assert sorted(modeles) == sorted(set(modeles))
    postes = [p for famille in FAMILLES.values() for p in famille]
    assert sorted(postes) == sorted(set(postes))
    assert {x.poste for x in registre.LIGNES} == set(postes)
    for x in registre.LIGNES:
        assert bool(x.payeur) == bool(x.receveur), x.modele
        assert not (x.stock and x.payeur), x.modele


def libelles_tapes(arbre):
    """Labels that calls type: ``.nommer("…")``, ``somme(…, "…")``, ``Grandeur(…, "…")``; of an f-string, its first words."""
    for appel in ast.walk(arbre):
        if not isinstance(appel, ast.Call):
            continue
        fonction = appel.func.attr if isinstance(appel.func, ast.Attribute) else getattr(appel.func, "id", "")
        rang = {"nommer": 0, "somme": 1, "Grandeur": 1}.get(fonction)
        if rang is None or len(appel.args) <= rang:
            continue
        nom = appel.args[rang]
        texte = nom.values[0] if isinstance(nom, ast.JoinedStr) else nom
        if isinstance(texte, ast.Constant) and isinstance(texte.value, str):
            yield texte.value, isinstance(nom, ast.JoinedStr)


def test_aucun_calcul_ne_tape_le_libelle_d_une_ligne():
    """The register is the only place of the labels: a computation takes them there, or lets the ledger name the line."""
    entiers = {x for ligne in registre.LIGNES for x in (ligne.libelle, *ligne.variantes.values()) if "…" not in x}
    debuts = {x.libelle.partition("…")[0] for x in registre.LIGNES if "…" in x.libelle} - {""}
    trouves = set()
    vues = RACINE / "pope_foncier" / "vues"
    for fichier in sorted(x for x in (RACINE / "pope_foncier").rglob("*.py") if vues not in x.parents):
        for texte, compose in libelles_tapes(ast.parse(fichier.read_text(encoding="utf-8"))):
            if texte in (debuts if compose else entiers):
                trouves.add((fichier.relative_to(RACINE / "pope_foncier").as_posix(), texte))
    assert trouves == set()


def test_le_registre_complete_un_libelle_ou_en_choisit_la_variante(livre):
    """The name that the study gives fills the blank; a word chooses a variant; a name in excess or missing is refused."""
    assert registre.libelle("emprunts.banque.interets", "Prêt de la banque") == "Intérêts : Prêt de la banque"
    assert registre.libelle("besoins.tva") == "TVA non récupérée"
    assert registre.libelle("besoins.tva", "rendue") == "TVA"
    for code, nom in (("emprunts.banque.interets", ""), ("besoins.total", "en trop"), ("besoins.tva", "rendu")):
        with pytest.raises(IdentiteRompue, match=registre.declaration(code)[0].libelle):
            registre.libelle(code, nom)
    du_mois = Grandeur(np.ones(24), axe="mois")
    livre.inscrire("emprunts.banque.interets", du_mois, "A", "B", "Prêt de la banque")
    assert livre.lignes["emprunts.banque.interets"].libelle == "Intérêts : Prêt de la banque"
    assert du_mois.unite == "€"


def test_qui_paie_est_celui_que_le_registre_dit(resultat):
    """The parties that a study names, on every scenario and both plans."""
    vus = set()
    for vue in resultat.vues():
        for ev in (vue.ev, vue.bouclee.ev):
            acteurs = ev.ctx.etude.acteurs
            noms = {
                "maître d'ouvrage": acteurs.nom_maitre_ouvrage,
                "gestionnaire": acteurs.gestionnaire,
                "commune": acteurs.commune,
                "Caf": acteurs.caf_locale,
            }
            for x in ev.livre.lignes.values():
                for declare, nom in ((x.declaree.payeur, x.payeur), (x.declaree.receveur, x.receveur)):
                    if x.est_flux and declare in noms:
                        assert nom == noms[declare], x.code
                        vus.add(declare)
    assert len(vus) == 4


def test_la_page_des_lignes_est_a_jour():
    assert page.rediger() == (RACINE / "docs" / "lignes.md").read_text(encoding="utf-8")


def test_le_nom_d_un_acteur_est_celui_que_l_etude_ecrit():
    """Dots, slashes, several lines: a party bears the name that its study gives."""
    assert registre.declaration("solde.Sté A. & B.\nsuite/1")[1] == "Sté A. & B.\nsuite/1"


@pytest.mark.parametrize("mois", [[0.0, -2e10, 1.0], [np.nan, 2e10, np.nan], [[0.0, 2e10]]])
def test_un_mois_hors_de_toute_mesure_est_refuse(livre, mois):
    with pytest.raises(ErreurCalcul, match="hors de toute mesure"):
        livre.inscrire("exploitation.produits_hors_contribution", Grandeur(mois, axe="mois"))


@pytest.mark.parametrize("mois", [[0.0, -9e9, 1.0], [np.nan, 9e9, np.nan], [np.nan, np.nan]])
def test_un_mois_inconnu_n_est_pas_hors_de_mesure(livre, mois):
    livre.inscrire("exploitation.produits_hors_contribution", Grandeur(mois, axe="mois"))
    assert len(livre.lignes) == 1
