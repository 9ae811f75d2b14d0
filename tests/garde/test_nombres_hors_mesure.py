"""Numbers that no double holds, and texts that no one reads: refused in a sentence of a readable length."""

import json
import math

import pytest

from pope_foncier.lieu.plan_lecture import lire_plan
from pope_foncier.lieu.site import Site
from pope_foncier.prets.fiche import calculer_prets
from pope_foncier.socle.erreurs import CITATION_MAX, ErreurDonnees, ErreurPope, Probleme, abreger, en_bref
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from tests.conftest import DONNEES

PRET = "pret:\n  capital: {capital}\n  taux: {taux}\n  duree_mois: {duree}\n"
SITE = (DONNEES / "sites" / "gare_saint_denis.yaml").read_text(encoding="utf-8")
MESSAGE_MAX = 600
"""Signs of the longest refusal of one fault: the place, the fault, at most two quotations, the remedy."""


@pytest.mark.parametrize("texte", ["1e999", "1e400 %", "-1e999", "1e99999999999999999999", "1e309", "9" * 5000])
def test_un_texte_qui_n_est_pas_un_nombre_fini_est_refuse(texte):
    with pytest.raises(ValueError, match="hors de toute mesure|trop long") as refus:
        lire_nombre(texte)
    assert len(str(refus.value)) < 2 * CITATION_MAX


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (1e30, "1 × 10^30"),
        (-2.5e27, "−2,5 × 10^27"),
        (1e15, "1 × 10^15"),
        (999_999_999_999_999.0, "999 999 999 999 999"),
    ],
)
def test_un_tres_grand_nombre_s_ecrit(valeur, attendu):
    assert formater_nombre(valeur, 4, 0).replace("\u00a0", " ").replace("\u202f", " ") == attendu


def test_un_nombre_infini_est_indetermine():
    assert formater_nombre(math.inf) == formater_nombre(-math.inf) == "indéterminé"


@pytest.mark.parametrize(
    "valeur", ["1e999", "1e400", "1e30", "'1e999'", "'1e400 %'", "'1e30'", "9" * 5000, "-" + "9" * 400]
)
@pytest.mark.parametrize("champ", ["capital", "taux", "duree"])
def test_le_refus_d_un_nombre_ne_casse_pas(tmp_path, champ, valeur):
    """1e30 passed as a number and broke the message; five thousand digits broke the reader itself."""
    fichier = tmp_path / "pret.yaml"
    fichier.write_text(PRET.format(**{"capital": 1000, "taux": 0.02, "duree": 24, champ: valeur}), encoding="utf-8")
    with pytest.raises(ErreurDonnees) as refus:
        calculer_prets(fichier)
    assert f"pret.{champ}" in str(refus.value).replace("duree_mois", "duree")
    assert len(str(refus.value)) < MESSAGE_MAX


@pytest.mark.parametrize("nombre", ["9" * 5000, "1e999", "NaN", "-Infinity", "9" * 301])
def test_un_geojson_aux_nombres_sans_mesure_est_refuse(tmp_path, nombre):
    fichier = tmp_path / "plan.geojson"
    forme = {"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], ["X", 0]]]}
    element = {"type": "Feature", "properties": {"nature": "cour"}, "geometry": forme}
    texte = json.dumps({"type": "FeatureCollection", "systeme": "local", "features": [element]})
    fichier.write_text(texte.replace('"X"', nombre), encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="hors de toute mesure") as refus:
        lire_plan(fichier)
    assert len(str(refus.value)) < MESSAGE_MAX


def test_un_json_sans_fond_est_refuse(tmp_path):
    fichier = tmp_path / "plan.geojson"
    fichier.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="profond"):
        lire_plan(fichier)


@pytest.mark.parametrize("champ", ["nom", "commune", "code_insee", "usage_actuel", "domaine", "inconnu", "surface_m2"])
@pytest.mark.parametrize("motif", ["x", "mot ", "« », "])
def test_un_refus_ne_recopie_pas_ce_qui_est_trop_long(tmp_path, champ, motif):
    """A hundred thousand signs in any field: the refusal says which, and quotes a line of it."""
    fichier = tmp_path / "site.yaml"
    long = json.dumps(motif * (100_000 // len(motif)), ensure_ascii=False)
    fichier.write_text(f"{SITE}\nautre_{champ}: {long}\n? {long}\n: 1\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees) as refus:
        lire_fiche(Site, fichier)
    assert all(len(str(p)) < MESSAGE_MAX for p in refus.value.problemes)
    lignes = [x for x in SITE.splitlines() if not x.startswith(f"{champ}:")]
    fichier.write_text("\n".join([*lignes, f"{champ}: [{long}]"]), encoding="utf-8")
    with pytest.raises(ErreurDonnees) as refus:
        lire_fiche(Site, fichier)
    assert all(len(str(p)) < MESSAGE_MAX for p in refus.value.problemes)


def test_un_message_reste_lisible():
    assert abreger("court") == "court"
    assert len(abreger("x" * 1000)) == CITATION_MAX
    assert abreger("début" + "x" * 1000 + "fin").startswith("début")
    assert abreger("début" + "x" * 1000 + "fin").endswith("fin")
    long = en_bref(f"Scénario « {'y' * 90_000} » inconnu, {'z' * 90_000} aussi")
    assert long.startswith("Scénario « y")
    assert long.endswith("aussi")
    assert len(long) < 250
    assert len(str(ErreurPope("mot " * 50_000))) <= 2000
    assert str(ErreurPope("deux\nlignes")) == "deux\nlignes"
    assert "\x1b" not in str(ErreurPope("\x1b[31mrouge\u202e"))
    assert str(ErreurPope("x\n" * 500)).count("\n") <= 26


def test_mille_fautes_se_disent_en_vingt_cinq_lignes():
    erreur = ErreurDonnees([Probleme("f.yaml", rang, "champ", "faute.", "corriger.") for rang in range(1, 1001)])
    assert str(erreur).startswith("f.yaml : 1000 erreurs")
    assert str(erreur).endswith("… et 975 autres.")
    assert len(erreur.problemes) == 1000
