"""A spreadsheet program that does not answer is ended whole, and told in French: which step, after how long, what to do."""

import os
import time

import pytest

from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.classeur import tableur

MUET = """#!/bin/sh
sleep 60 &
echo $! > "$REPERE"
wait
"""
UN_SEUL = """#!/bin/sh
for mot in "$@"; do dernier=$mot; done
dossier=${dernier#*\\"}
printf '#0\\n1.5\\nfin\\n' > "${dossier%\\"*}/sortie_0.txt"
exec sleep 60
"""


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """Puts a program of a few lines in the place of LibreOffice."""

    def poser(texte):
        programme = tmp_path / "soffice"
        programme.write_text(texte, encoding="utf-8")
        programme.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("REPERE", str(tmp_path / "enfant"))
        monkeypatch.setattr(tableur, "_DELAI", 0.5)
        monkeypatch.setattr(tableur, "_DELAI_PAR_JEU", 0.5)
        return tmp_path / "enfant"

    return poser


def recalculer(jeux=()):
    return tableur.recalculer(b"", ["Feuille"], ["Feuille"], jeux)


def vit(processus):
    """Whether a process runs; one that is ended and not yet taken away does not."""
    try:
        with open(f"/proc/{processus}/stat", encoding="utf-8") as lu:
            return lu.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_un_programme_muet_est_arrete_avec_ses_enfants(soffice):
    repere = soffice(MUET)
    with pytest.raises(ErreurCalcul, match="n'a pas fini l'ouverture du classeur .*puis recommencer"):
        recalculer()
    enfant = int(repere.read_text(encoding="utf-8"))
    fin = time.monotonic() + 5.0
    while vit(enfant) and time.monotonic() < fin:
        time.sleep(0.05)
    assert not vit(enfant)


def test_le_tirage_qui_n_arrive_pas_est_nomme(soffice):
    soffice(UN_SEUL)
    assert recalculer()[0]["Feuille"].tolist() == [[1.5]]
    with pytest.raises(ErreurCalcul, match="n'a pas fini le tirage 1 sur 2"):
        recalculer([{("Feuille", "A1"): 1.0}, {("Feuille", "A1"): 2.0}])


def test_un_programme_qui_s_en_va_sans_repondre(soffice):
    soffice("#!/bin/sh\nexit 3\n")
    with pytest.raises(ErreurCalcul, match="n'a pas recalculé le classeur"):
        recalculer()
