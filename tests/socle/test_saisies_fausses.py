"""Wrong inputs: the exact French message of each, all the errors of a file at once."""

import shutil

import pytest
from ruamel.yaml import YAML

from pope_foncier.baremes.modele import FichierBaremes
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.lieu.site import Site
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import lire_fiche
from tests.conftest import RACINE

BASE = RACINE / "tests" / "cas" / "saisies"
"""Frozen study and site that the cases spoil: their lines do not move with the shipped files."""

CAS = YAML(typ="safe", pure=True).load((RACINE / "tests" / "cas" / "saisies.yaml").read_text(encoding="utf-8"))["cas"]


def lire(fichier, base):
    if fichier.startswith("etudes"):
        return ouvrir(base / fichier, base)
    return lire_fiche(Site if fichier.startswith("sites") else FichierBaremes, base / fichier)


def test_il_y_a_au_moins_quarante_cas():
    assert len({cas["nom"] for cas in CAS}) == len(CAS) >= 40


@pytest.mark.parametrize("cas", CAS, ids=[c["nom"] for c in CAS])
def test_message_exact(cas, tmp_path):
    for dossier in ("etudes", "sites"):
        (tmp_path / dossier).mkdir()
        shutil.copy(BASE / dossier / "gare_saint_denis.yaml", tmp_path / dossier)
    chemin = tmp_path / cas["fichier"]
    chemin.parent.mkdir(parents=True, exist_ok=True)
    if "remplacer" in cas:
        texte = (BASE / cas["fichier"]).read_text(encoding="utf-8")
        assert cas["remplacer"] in texte, "le cas ne correspond plus au fichier livré"
        chemin.write_text(texte.replace(cas["remplacer"], cas["par"], 1), encoding="utf-8")
    elif "octets" in cas:
        chemin.write_bytes(bytes.fromhex(cas["octets"]))
    elif cas.get("absent"):
        chemin.unlink(missing_ok=True)
    else:
        chemin.write_text(cas["contenu"], encoding="utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        lire(cas["fichier"], tmp_path)
    assert str(erreur.value).replace(tmp_path.as_posix() + "/", "") == cas["message"].rstrip("\n")


def test_les_fichiers_de_depart_sont_acceptes():
    lire("etudes/gare_saint_denis.yaml", BASE)
    lire("sites/gare_saint_denis.yaml", BASE)
