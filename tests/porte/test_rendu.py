"""Workbook sent back: what changed and nothing else, every fault with its cell, files that are no workbook of ours."""

import random
import zipfile
from io import BytesIO

import pytest
import yaml

import pope_foncier as pf
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.vues.classeur import hypotheses
from tests.conftest import GARE, GARE_LIVREE
from tests.travaux.classeurs import classeur as classeur_simple
from tests.vues.classeur.ecrits import case_de, hypotheses_de, lu, relu

CHIFFRES = ("cout_total", "a_trouver", "contribution_par_place", "couverture_minimale", "tresorerie_manquante")


@pytest.fixture(scope="module")
def octets(resultat):
    return hypotheses_de(lu(resultat))


@pytest.fixture
def rendre(octets, tmp_path):
    """Send the workbook back with some cells changed: by field of the study, or by a function of the sheet."""

    def ecrire(change=None, **_):
        livre = relu(octets)
        feuille = livre["Hypothèses"]
        if callable(change):
            change(livre, feuille)
        else:
            for champ, valeur in (change or {}).items():
                case_de(feuille, champ).value = valeur
        chemin = tmp_path / "rendu.xlsx"
        livre.save(chemin)
        return chemin

    return ecrire


def _fautes(chemin):
    with pytest.raises(ErreurDonnees) as refus:
        pf.carnets.classeur_rendu(chemin, GARE)
    return [(p.champ, p.message, p.remede) for p in refus.value.problemes]


def test_un_classeur_rendu_tel_quel_ne_change_rien(rendre):
    rendu = pf.carnets.classeur_rendu(rendre(), GARE)
    assert (rendu.surcharges, rendu.changements, rendu.remarques) == ((), (), ())


BORNES = {
    "programme.surface_m2": (150, 300),
    "travaux.cout_m2_ht": (2000, 4500),
    "travaux.honoraires_part": (0.05, 0.15),
    "prets[banque].taux": (0.02, 0.06),
    "prets[banque].montant": (100_000, 300_000),
    "titre_occupation.loyer_m2_an": (20, 150),
    "exploitation.taux_occupation": (0.5, 0.8),
    "aides[caf93].par_place": (2000, 5000),
    "foncier.taux_actualisation": (0.01, 0.05),
}


@pytest.mark.parametrize("graine", range(3))
def test_le_scenario_rendu_vaut_la_variante_ecrite_a_la_main(rendre, graine, tmp_path):
    hasard = random.Random(graine)
    champs = hasard.sample(sorted(BORNES), hasard.randint(1, 5))
    valeurs = {c: round(hasard.uniform(*BORNES[c]), 4) for c in champs}
    rendu = pf.carnets.classeur_rendu(rendre(valeurs), GARE, nom="retour")
    assert {s.champ: s.valeur["valeur"] for s in rendu.surcharges} == valeurs
    attendu = pf.ouvrir(GARE).varier(valeurs).calculer()
    obtenu = rendu.etude.calculer()
    assert {c: obtenu[c].valeur for c in CHIFFRES} == pytest.approx(
        {c: attendu[c].valeur for c in CHIFFRES}, nan_ok=True
    )

    brut = yaml.safe_load(GARE.read_text(encoding="utf-8"))
    brut["scenarios"] = yaml.safe_load(rendu.yaml())["scenarios"]
    copie = tmp_path / "gare.yaml"
    copie.write_text(yaml.safe_dump(brut, allow_unicode=True), encoding="utf-8")
    assert ouvrir(copie).variantes["retour"].travaux == rendu.etude.fiche.travaux


def test_nombres_tapes_a_la_francaise_choix_et_cases_videes(rendre):
    rendu = pf.carnets.classeur_rendu(
        rendre(
            {
                "travaux.cout_m2_ht": "3 250",
                "travaux.honoraires_part": "9,5 %",
                "aides[ville].statut": "ESPEREE",
                "evolution": "haut",
                "exploitation.taux_occupation": None,
                "titre_occupation.loyer_m2_an": "inconnu",
            }
        ),
        GARE,
    )
    lus = {s.champ: s.valeur for s in rendu.surcharges}
    assert lus["travaux.cout_m2_ht"]["valeur"] == 3250
    assert lus["travaux.honoraires_part"]["valeur"] == 0.095
    assert lus["aides[ville].statut"] == "esperee"
    assert lus["evolution"] == "haut"
    assert lus["exploitation.taux_occupation"] == {"a_obtenir_de": "la personne qui a rempli le classeur"}
    assert lus["titre_occupation.loyer_m2_an"] == {"a_obtenir_de": "SNCF Gares & Connexions"}
    assert rendu.etude.fiche.exploitation.taux_occupation.valeur is None
    assert rendu.changements[1].startswith(
        "coût des travaux au m² : 3\u202f750\u00a0€/m² HT → 3\u202f250\u00a0€/m² HT (Hypothèses!B"
    )


def test_toutes_les_fautes_a_la_fois_avec_leur_case(rendre, octets):
    feuille = relu(octets)["Hypothèses"]
    cases = {
        c: f"Hypothèses!{case_de(feuille, c).coordinate}"
        for c in (
            "exploitation.taux_occupation",
            "prets[banque].taux",
            "titre_occupation.duree_mois",
            "aides[ville].statut",
            "realiser",
            "travaux.cout_m2_ht",
        )
    }

    def gater(_, feuille):
        for champ, valeur in (
            ("exploitation.taux_occupation", "beaucoup"),
            ("prets[banque].taux", 4.2),
            ("titre_occupation.duree_mois", 120.5),
            ("aides[ville].statut", "promise"),
            ("realiser", None),
            ("travaux.cout_m2_ht", True),
        ):
            case_de(feuille, champ).value = valeur

    fautes = {ou: (message, remede) for ou, message, remede in _fautes(rendre(gater))}
    assert fautes == {
        cases["exploitation.taux_occupation"]: (
            "taux d'occupation facturé, trouvé « beaucoup ».",
            "écrire un nombre entre 0 et 100\u00a0%.",
        ),
        cases["prets[banque].taux"]: (
            "prêt bancaire à l'association, taux, trouvé 420\u00a0%.",
            "écrire un nombre entre \u22125 et 50\u00a0%.",
        ),
        cases["titre_occupation.duree_mois"]: (
            "durée du titre d'occupation, trouvé 120,5\u00a0mois.",
            "écrire un nombre entier entre 0 et 1\u202f200.",
        ),
        cases["aides[ville].statut"]: (
            "ville de Saint-Denis, investissement, statut, trouvé « promise ».",
            "écrire un mot parmi : acquise, demandée, espérée, non demandée.",
        ),
        cases["realiser"]: (
            "projet réalisé (1) ou non (0), trouvé une case vide : ce nombre ne peut pas rester inconnu.",
            "écrire un nombre entre 0 et 1.",
        ),
        cases["travaux.cout_m2_ht"]: (
            "coût des travaux au m², trouvé « VRAI ».",
            "écrire un nombre d'au moins 0.",
        ),
    }


def test_formule_sans_valeur_ligne_ajoutee_ligne_en_double_et_case_des_formules(rendre):
    def gater(_, feuille):
        case_de(feuille, "travaux.cout_m2_ht").value = "=2*1500"
        feuille.append(["Un poste de plus", 1000])
        double = case_de(feuille, "programme.surface_m2").row
        feuille.append([c.value for c in feuille[double]])
        case_de(feuille, "exploitation.taux_occupation", hypotheses.LUE).value = 0.7

    fautes = [message for _, message, _ in _fautes(rendre(gater))]
    assert any("trouvé la formule « =2*1500 » sans sa valeur" in f for f in fautes)
    assert any(f.startswith("ligne ajoutée (un poste de plus), trouvé « 1") for f in fautes)
    assert any("deux lignes pour la même entrée, l'autre en Hypothèses!B" in f for f in fautes)
    assert any("« 0,7 » tapé dans la case que lisent les formules" in f for f in fautes)
    assert len(fautes) == 4


def test_une_ligne_otee_laisse_l_entree_telle_quelle_et_le_dit(rendre):
    rendu = pf.carnets.classeur_rendu(rendre(lambda _, f: f.delete_rows(case_de(f, "travaux.cout_m2_ht").row)), GARE)
    assert rendu.surcharges == ()
    assert rendu.remarques == ("1 entrée de l'étude n'est pas dans le classeur : laissées telles quelles.",)


def test_un_classeur_lu_sur_une_autre_etude_le_dit_d_abord(rendre):
    rendu = pf.carnets.classeur_rendu(rendre(), GARE_LIVREE.parent / "epinay_villetaneuse.yaml")
    assert rendu.remarques[0].startswith("Ce classeur dit venir de l'étude « gare_saint_denis »")
    assert "« epinay_villetaneuse »" in rendu.remarques[0]


def test_une_etude_changee_depuis_est_dite(rendre, tmp_path):
    copie = tmp_path / "gare_saint_denis.yaml"
    brut = yaml.safe_load(GARE.read_text(encoding="utf-8"))
    brut["travaux"]["cout_m2_ht"]["valeur"] = 3800
    copie.write_text(yaml.safe_dump(brut, allow_unicode=True), encoding="utf-8")
    rendu = pf.carnets.classeur_rendu(rendre({"programme.surface_m2": 190}), copie)
    assert [s.champ for s in rendu.surcharges] == ["programme.surface_m2"]
    assert rendu.etude.fiche.travaux.cout_m2_ht.valeur == 3800
    assert "L'étude a changé depuis que ce classeur a été écrit (coût des travaux au m²)" in rendu.remarques[0]


def test_ce_que_la_fiche_refuse_ensemble_est_dit_a_sa_case(moteur, tmp_path):
    livre = relu(hypotheses_de(lu(Resultat.calculer(ouvrir(GARE_LIVREE), moteur)), ("travaux.assurances_part",)))
    case = case_de(livre["Hypothèses"], "travaux.assurances_part")
    case.value = 0.5
    livre.save(tmp_path / "rendu.xlsx")
    with pytest.raises(ErreurDonnees) as refus:
        pf.carnets.classeur_rendu(tmp_path / "rendu.xlsx")
    (faute,) = refus.value.problemes
    assert faute.champ == f"Hypothèses!{case.coordinate}"
    assert faute.message.startswith("« assurances_part » dépasse « etudes_assurances_part »")


@pytest.mark.parametrize(
    ("faire", "message"),
    [
        (lambda f: f.write_bytes(b"rien"), "ce n'est pas un classeur XLSX"),
        (
            lambda f: classeur_simple(f, [["a", 1]]),
            "la feuille « Hypothèses » n'y est pas ; feuilles trouvées : « Sheet »",
        ),
        (lambda f: f.mkdir(), "c'est un dossier"),
        (lambda f: None, "fichier absent"),
    ],
)
def test_ce_qui_n_est_pas_un_classeur_rendu(tmp_path, faire, message):
    chemin = tmp_path / "rendu.xlsx"
    faire(chemin)
    with pytest.raises(ErreurDonnees, match=message):
        pf.carnets.classeur_rendu(chemin)


def test_un_classeur_qui_se_deplie_sans_fin_est_refuse(octets, tmp_path):
    chemin = tmp_path / "bombe.xlsx"
    chemin.write_bytes(octets)
    with zipfile.ZipFile(chemin) as z:
        pieces = {n: z.read(n) for n in z.namelist()}
    for gonflee in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as z:
            for nom, contenu in pieces.items():
                z.writestr(nom, contenu + b" " * 12_000_000 if nom == gonflee else contenu)
        with pytest.raises(ErreurDonnees, match="ce n'est pas un classeur XLSX"):
            pf.carnets.classeur_rendu(chemin, GARE)


def test_un_classeur_abime_se_lit_ou_se_refuse_en_francais(octets, tmp_path):
    chemin, hasard, refus = tmp_path / "abime.xlsx", random.Random(20261129), 0
    with zipfile.ZipFile(BytesIO(octets)) as z:
        pieces = {n: z.read(n) for n in z.namelist()}
    for tour in range(20):
        if tour % 2:
            abime = bytearray(octets)
            abime[hasard.randrange(len(abime))] = hasard.randrange(256)
            chemin.write_bytes(bytes(abime))
        else:
            nom = hasard.choice(
                ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/custom.xml"]
            )
            texte = bytearray(pieces[nom])
            debut = hasard.randrange(len(texte))
            del texte[debut : debut + hasard.randint(1, 30)]
            with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as z:
                for piece, contenu in (pieces | {nom: bytes(texte)}).items():
                    z.writestr(piece, contenu)
        try:
            pf.carnets.classeur_rendu(chemin, GARE)
        except ErreurDonnees:
            refus += 1
    assert refus > 10


def test_titres_otes_scenario_disparu_et_origine_perdue(rendre, octets):
    def titres(_, feuille):
        feuille.cell(hypotheses.ENTETES + 1, hypotheses.CHAMP + 1).value = None

    assert "les titres de colonnes n'y sont plus" in _fautes(rendre(titres))[0][1]

    def perdre(livre, _):
        livre.custom_doc_props.props.clear()

    with pytest.raises(ErreurDonnees, match="ne dit pas de quelle étude il vient"):
        pf.carnets.classeur_rendu(rendre(perdre))
    assert pf.carnets.classeur_rendu(rendre(perdre), GARE).surcharges == ()

    def renommer(livre, _):
        next(p for p in livre.custom_doc_props.props if p.name == "pope_scenario").value = "disparu"

    with pytest.raises(ErreurDonnees, match="le classeur vient du scénario « disparu »"):
        pf.carnets.classeur_rendu(rendre(renommer), GARE)
