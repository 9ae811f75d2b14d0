"""Objects of the wrong kind, thrown at every public name: a French refusal of the door's family, never a traceback from inside."""

import copy
import datetime
import inspect
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pope_foncier as pf
from pope_foncier.porte.refus import MauvaisObjet
from pope_foncier.socle.refus import NomsProches


class Muet:
    """Object that fails to show itself."""

    def __repr__(self):
        raise RuntimeError("rien à montrer")


FAUX = {
    "entier": 3,
    "nombre négatif": -1.5,
    "booléen": True,
    "octets": b"octets",
    "objet": object(),
    "liste vide": [],
    "liste d'objets": [object()],
    "table à clés entières": {3: 4},
    "table d'objets": {"a": object()},
    "ensemble": {1, 2},
    "cadre": pd.DataFrame({"a": [1.0]}),
    "série": pd.Series([1.0]),
    "grille": np.zeros((2, 2)),
    "tableau de textes": np.array(["a"]),
    "date": datetime.date(2026, 1, 1),
    "rien d'autre que non": float("nan"),
    "complexe": complex(1, 2),
    "entier sans mesure": 10**400,
    "texte vide": "",
    "caractère nul": "\x00",
    "texte long": "é" * 3000,
    "chemin d'ailleurs": Path("/nul/part"),
    "fonction": len,
    "classe": dict,
    "rien": None,
    "muet": Muet(),
}


@pytest.fixture(scope="module")
def gare():
    return pf.ouvrir("gare_saint_denis")


@pytest.fixture(scope="module")
def resultat(gare):
    return gare.calculer()


@pytest.fixture(scope="module")
def bons(gare, resultat):
    """Good arguments of each public name, and of the methods of what it gives: each is then replaced by a wrong object."""
    pret = pf.Pret(100_000, 0.04, 120)
    portefeuille = pf.portefeuille("sci_plaine_commune")
    return {
        "Bareme": [(pf.bareme("subventions.piaje.base_par_place").__format__, ("",))],
        "Capacite": [(pf.capacite, ("gare_saint_denis", "2026-12-01", "multi_accueil"))],
        "Chiffre": [(resultat.__getitem__, ("cout_total",))],
        "ErreurBareme": [(pf.ErreurBareme, ("x",))],
        "ErreurCalcul": [(pf.ErreurCalcul, ("x",))],
        "ErreurDonnees": [(gare.varier, ({"travaux.cout_m2_ht": 2500},))],
        "ErreurPope": [(pf.ErreurPope, ("x",))],
        "Etude": [
            (gare.varier, ({},)),
            (gare.avec_pret, (1000.0, 0.04, 12)),
            (gare.avec_aide, ("piaje",)),
            (gare.sans, ("piaje",)),
            (gare.avec_blocs, ("travaux_plus_15",)),
            (gare.calculer, ("boucle",)),
            (gare.scenarios.__getitem__, ("base",)),
            (gare.scenarios.tableau, ("plan", "boucle")),
        ],
        "Inconnu": [(pf.Inconnu, ("x",))],
        "Indetermine": [(pf.Indetermine, ("x",))],
        "Portefeuille": [(pf.carnets.portefeuille, (portefeuille,))],
        "Pret": [(pf.Pret, (1000, 0.04, 12, "annuite_constante", 12)), (pf.Pret.ouvrir, ("pret_bancaire",))],
        "Resultat": [
            (resultat.__getitem__, ("cout_total",)),
            (resultat.serie, ("tresorerie.cumul", False)),
            (resultat.tableau, ("plan",)),
            (resultat.tableaux.__getitem__, ("plan",)),
            (resultat.comparer, (resultat,)),
            (resultat.epreuves, ("travaux_15",)),
            (resultat.tracer, ("plan", None)),
            (resultat.dimensionner, ("banque",)),
        ],
        "atelier": [(pf.atelier, ("commune", None))],
        "bareme": [(pf.bareme, ("subventions.piaje.base_par_place", "2026-12-01"))],
        "capacite": [(pf.capacite, ("gare_saint_denis", "2026-12-01"))],
        "carnets": [
            (pf.carnets.etude, ("gare_saint_denis",)),
            (pf.carnets.pret, ("pret_bancaire",)),
            (pf.carnets.montages, ("coque_la_courneuve",)),
            (pf.carnets.site, ("gare_saint_denis", "2026-12-01", "multi_accueil")),
            (pf.carnets.travaux, ("gare_saint_denis", None)),
            (pf.carnets.emprunteur, ("gare_saint_denis", "association_demonstration")),
        ],
        "chance": [(pf.chance, (0.5,))],
        "discrete": [(pf.discrete, ({6.0: 0.5, 9.0: 0.5},))],
        "lognormale": [(pf.lognormale, (2700.0, 0.15))],
        "pert": [(pf.pert, (0.0, 1.0, 2.0))],
        "chercher": [(pf.chercher, (gare, "prets[banque].montant", 1.1, 2030))],
        "comparer": [(pf.comparer, ("gare_saint_denis",))],
        "croiser": [
            (pf.croiser, (gare, {"travaux.cout_m2_ht": [2400]}, ["cout_total"], "boucle")),
            (pf.croiser, (pret, {"taux": [0.03]})),
        ],
        "douter": [(pf.douter, (gare,)), (pf.douter(gare, n=20).quantile, ("cout_total", 0.5))],
        "difference": [(pf.difference, (gare, gare))],
        "entiers": [(pf.entiers, (0, 12, 3))],
        "etudes": [],
        "meilleur_plan": [(pf.meilleur_plan, (gare, "cout_ville"))],
        "montages": [(pf.montages, (pf.ouvrir("coque_la_courneuve"),))],
        "normale": [(pf.normale, (0.0, 1.0))],
        "ouvrir": [(pf.ouvrir, ("gare_saint_denis",))],
        "portefeuille": [(pf.portefeuille, ("sci_plaine_commune",))],
        "savoir": [(pf.savoir, (gare,))],
        "sensibilite": [
            (pf.sensibilite, (gare,)),
            (pf.sensibilite(pf.ouvrir("creche_emile_zola")).bascules, ("cout_total", 800_000.0)),
            (pf.sensibilite(gare).grille, ("travaux.cout_m2_ht", "delais.travaux_mois", "cout_total")),
            (pf.sensibilite(gare).parts, ("cout_total", 8)),
            (pf.sensibilite(gare).tornade, ("cout_total",)),
        ],
        "tirer": [(pf.tirer, (gare, ["travaux.cout_m2_ht"], 3, 0, ["cout_total"], "boucle"))],
        "triangle": [(pf.triangle, (0.0, 1.0, 2.0))],
        "uniforme": [(pf.uniforme, (0.0, 1.0))],
        "valeur_fonciere": [(pf.valeur_fonciere, (gare,))],
        "viser": [(pf.viser, (gare, "travaux.cout_m2_ht", "a_trouver", 400_000, (2200, 3200), "boucle"))],
    }


SANS_ARGUMENT = {"etudes"}
"""Public names that take nothing."""
LIBRES = {"Bareme", "ErreurBareme", "ErreurCalcul", "ErreurPope", "Inconnu", "Indetermine"}
"""Names that a message or a format may fill with anything."""


@pytest.mark.parametrize("nom", pf.__all__)
def test_un_objet_d_un_autre_genre_est_refuse_en_francais(bons, nom):
    appels = bons[nom]
    assert appels or nom in SANS_ARGUMENT
    refus = 0
    for fonction, arguments in appels if nom not in LIBRES else ():
        for rang, bon in enumerate(arguments):
            for faux in FAUX.values():
                if faux is bon:  # nothing, where nothing may be said
                    continue
                try:
                    fonction(*arguments[:rang], faux, *arguments[rang + 1 :])
                except pf.ErreurPope:
                    refus += 1
    assert refus >= 10 * sum(len(a) > 0 for _, a in appels) or nom in SANS_ARGUMENT | LIBRES


@pytest.mark.parametrize("champ", pf.Pret.__dataclass_fields__)
def test_chaque_clause_d_un_pret_refuse_un_objet_d_un_autre_genre(champ):
    termes = {"capital": 1000, "taux": 0.04, "duree_mois": 12}
    refus = 0
    for faux in FAUX.values():
        try:
            pf.Pret(**{**termes, champ: faux})
        except pf.ErreurPope:
            refus += 1
    assert refus >= 10


@pytest.mark.parametrize(
    ("appel", "phrase"),
    [
        (lambda: pf.croiser(3, {}), "croiser, « etude » : une étude (pf.ouvrir) ou un prêt (pf.Pret) est attendu ;"),
        (lambda: pf.capacite(None), "capacite, « site » : un texte ou un chemin de fichier est attendu"),
        (lambda: pf.ouvrir("gare_saint_denis").varier(5), "Etude.varier, « champs » : une table (dict) est attendue ;"),
        (lambda: pf.Pret(1, object(), 12), "Pret, « taux » : un nombre ou un tableau de nombres est attendu"),
        (lambda: pf.chercher(pd.DataFrame(), "x", 1), "chercher, « etude » : une étude (pf.ouvrir) est attendue ;"),
        (
            lambda: pf.montages(pd.DataFrame()),
            "un texte ou un chemin de fichier ou une étude (pf.ouvrir) est attendu ;",
        ),
        (lambda: pf.bareme(Muet()), "trouvé : « objet illisible » (Muet)"),
    ],
)
def test_le_refus_dit_ou_ce_qui_est_attendu_et_ce_qui_est_trouve(appel, phrase):
    with pytest.raises(MauvaisObjet) as refus:
        appel()
    assert phrase in str(refus.value)
    assert isinstance(refus.value, pf.ErreurCalcul)
    assert isinstance(refus.value, TypeError)


def test_chaque_parametre_de_la_porte_declare_ce_qu_il_attend():
    """A function of the door without the check, or a parameter without a type, would let anything in."""
    for nom in pf.__all__:
        objet = getattr(pf, nom)
        if inspect.isfunction(objet) and nom not in SANS_ARGUMENT:
            assert hasattr(objet, "__wrapped__"), nom
            assert all(
                p.annotation is not inspect.Parameter.empty for p in inspect.signature(objet).parameters.values()
            )


@pytest.mark.parametrize("nom", ["titre", "prets", "genre_d_ailleurs"])
def test_trop_d_evaluations_separees_se_refusent(gare, nom):
    if nom == "genre_d_ailleurs":
        with pytest.raises(pf.Inconnu):
            pf.croiser(gare, {nom: ["a"]})
        return
    with pytest.raises(pf.ErreurCalcul, match="1.000 au plus.*ne se calculent pas en tableau"):
        pf.croiser(gare, {nom: [f"x{i}" for i in range(1_001)]})


def test_une_grille_mele_nombres_et_mots_a_sa_place(gare):
    """Each cell of the grid is what the study varied alone gives, whatever the order of the fields."""
    champs = {"travaux.cout_m2_ht": [2400, 2800], "evolution": ["bas", "haut"], "travaux.aleas_part": [0.05, 0.1]}
    grille = pf.croiser(gare, champs, ["cout_total"])
    assert len(grille) == 8
    for (cout, chemin, aleas), lu in grille["cout_total"].items():
        seul = gare.varier({"travaux.cout_m2_ht": cout, "evolution": chemin, "travaux.aleas_part": aleas}).calculer()
        assert lu == pytest.approx(seul["cout_total"].valeur)


@pytest.mark.parametrize(
    ("appel", "dit"),
    [
        (pf.croiser, "croiser : il manque « champs »."),
        (lambda e: e.calculer(lectur="boucle"), "argument inconnu « lectur ». Peut-être : lecture."),
        (lambda e: pf.croiser(e, {}, chiffre=["places"]), "argument inconnu « chiffre ». Peut-être : chiffres."),
        (lambda e: e.calculer("boucle", 1), "trop d'arguments"),
        (lambda _: pf.Pret(montant=1_000, taux=0.03), "Pret : argument inconnu « montant ». Connus : capital, taux"),
        (lambda _: pf.Pret(capitl=1_000), "argument inconnu « capitl ». Peut-être : capital"),
        (lambda _: pf.Pret(1_000), "Pret : il manque « taux », « duree_mois »."),
        (lambda _: pf.etudes(1), "etudes : trop d'arguments, ou le même deux fois. Aucun n'est attendu."),
        (lambda _: pf.carnets.montages(etudes="gare"), "Carnets.montages : argument inconnu « etudes »."),
    ],
)
def test_un_appel_qui_ne_va_pas_se_dit_en_francais(appel, dit):
    with pytest.raises(TypeError) as refus:
        appel(pf.ouvrir("gare_saint_denis"))
    assert isinstance(refus.value, pf.ErreurPope)
    assert dit in str(refus.value)


@pytest.mark.parametrize(
    ("objet", "nom", "proche"),
    [
        (lambda: pf.ouvrir("gare_saint_denis"), "calculr", "calculer"),
        (lambda: pf.ouvrir("gare_saint_denis").calculer(), "tracr", "tracer"),
        (lambda: pf.carnets, "etud", "etude"),
        (lambda: pf.carnets.etude("gare_saint_denis"), "conclusio", "conclusion"),
        (lambda: pf.Pret(1000.0, 0.03, 12), "echancier", "echeancier"),
    ],
)
def test_un_nom_d_objet_qui_n_existe_pas_offre_les_proches(objet, nom, proche):
    ouvert = objet()
    with pytest.raises(AttributeError) as refus:
        getattr(ouvert, nom)
    assert isinstance(refus.value, pf.ErreurPope)
    assert f"Peut-être : {proche}" in str(refus.value)
    assert not hasattr(ouvert, "_repr_markdown_")


def test_une_faute_de_l_interieur_n_est_pas_prise_pour_un_nom_inconnu():
    class Casse(NomsProches):
        @property
        def valeur(self):
            return None.absent

    with pytest.raises(AttributeError, match="absent"):
        _ = Casse().valeur


def test_un_chiffre_se_retrouve_par_la_fin_ou_le_debut_de_son_code():
    resultat = pf.ouvrir("gare_saint_denis").calculer()
    for tape, offert in (("piaje", "ressources.piaje"), ("tresorerie.cumu", "tresorerie.cumul")):
        with pytest.raises(KeyError, match=f"Peut-être : .*{offert}"):
            resultat[tape]


def test_un_pret_se_copie_et_garde_sa_signature():
    """The refusal of a wrong call stands in the way of no copy."""
    pret = pf.Pret(1_000, 0.03, 12)
    assert copy.deepcopy(pickle.loads(pickle.dumps(pret))) == pret
    assert list(inspect.signature(pf.Pret).parameters)[:3] == ["capital", "taux", "duree_mois"]


def test_les_montages_s_ouvrent_par_un_nom():
    par_nom, ouverte = pf.montages("coque_la_courneuve"), pf.montages(pf.ouvrir("coque_la_courneuve"))
    pd.testing.assert_frame_equal(par_nom, ouverte)
    with pytest.raises(pf.ErreurDonnees, match="coque_la_courneuve"):
        pf.montages("coque_la_courneuv")


@pytest.mark.parametrize("classe", ["Etude", "Resultat", "Chiffre", "Bareme", "Capacite", "Portefeuille"])
@pytest.mark.parametrize("dits", [(), ("gare_saint_denis",), (3,), ("a", "base", "dossier"), tuple(range(12))])
def test_une_classe_que_la_porte_donne_dit_l_appel_qui_la_donne(classe, dits):
    """Built by hand with what does not fit: a French refusal with the call to write, which works as it is written."""
    with pytest.raises(MauvaisObjet, match=f"pf.{classe} ne se construit pas à la main") as refus:
        getattr(pf, classe)(*dits)
    with pytest.raises(MauvaisObjet, match="Écrire : pf"):
        getattr(pf, classe)(argument_inconnu=3)
    appel = str(refus.value).partition("Écrire : ")[2].removesuffix(".")
    assert isinstance(eval(appel, {"pf": pf}), getattr(pf, classe))


def test_toute_classe_publique_refuse_en_francais():
    """No class of the door lets out an English ``TypeError`` when it is called with anything."""
    for nom in pf.__all__:
        objet = getattr(pf, nom)
        if not inspect.isclass(objet) or issubclass(objet, Exception):
            continue
        with pytest.raises(MauvaisObjet):
            objet(*range(60))
        with pytest.raises(MauvaisObjet):
            objet()
