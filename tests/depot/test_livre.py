"""Book: built without a warning, the same bytes twice, nothing from outside, its search and its pages without a network."""

import hashlib
import os
import re
import subprocess
import sys

import pytest

from tests.conftest import RACINE
from tests.vues.navigateur import page_locale

LIVRE = RACINE / "docs" / "livre"


CHAQUE_GENRE = (
    "guide/dossier_bancaire.md",
    "carnets/00_demarrer.ipynb",
    "fiches/mam.md",
    "loi/delais.md",
    "loi/dispositifs.md",
    "mesures/performance.md",
    "mots/acteurs.md",
    "reference/noms.md",
)
"""Pages of each kind: written, a notebook with its pictures, generated tables, and the words of the public names."""

CONSTRUIRE = f"""
import gc, json, os, sys
from importlib import import_module
from pathlib import Path

gc.disable()
sys.path.insert(0, {str(LIVRE)!r})
import conf, construire

entier, court, textes = map(Path, sys.argv[1:])
pages = construire.rassembler()
textes.write_text(json.dumps([[p.chemin, construire.suivre_les_liens(p, pages)] for p in pages]), encoding="utf-8")
if entier != court:  # what both books import is imported once
    construire.sans_grammaire_des_adresses()
    from sphinx.application import builtin_extensions

    for nom in ("sphinx.cmd.build", *builtin_extensions, *conf.extensions, "myst_nb.sphinx_ext", conf.html_theme):
        import_module(nom)
autre = 0 if entier == court else os.fork()
if autre == 0:
    construire.batir([p for p in pages if p.chemin in {CHAQUE_GENRE!r}], court)
    os._exit(0)
construire.rassembler = lambda: pages
construire.construire(entier)
raise SystemExit(os.waitpid(autre, 0)[1])
"""
"""Texts of every page; the book of the pages of each kind, and the whole book when they are not the same."""


def construire(dossier, livre="court", graine="1"):
    """Books in a folder, of one process whose sets come in an order of their own."""
    dossier.mkdir(parents=True)
    commande = [sys.executable, "-c", CONSTRUIRE, *(str(dossier / nom) for nom in (livre, "court", "textes.json"))]
    env = {**os.environ, "PYTHONHASHSEED": graine}
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, timeout=240, env=env)
    assert fait.returncode == 0, fait.stderr[-3000:]
    return dossier / livre


def test_un_dossier_qui_n_est_pas_un_livre_n_est_pas_efface(tmp_path):
    (tmp_path / "notes.txt").write_text("à garder", encoding="utf-8")
    commande = [sys.executable, str(LIVRE / "construire.py"), str(tmp_path)]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, timeout=60)
    assert fait.returncode == 1
    assert "n'est pas un livre" in fait.stderr
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "à garder"


def test_un_livre_qui_ne_se_fait_pas_laisse_l_ancien(tmp_path):
    """Sphinx fails after it has written a page: the old book is whole, and nothing is left beside it."""
    (tmp_path / "livre").mkdir()
    for nom in ("searchindex.js", "index.html"):
        (tmp_path / "livre" / nom).write_text("ancien", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(LIVRE)!r})\n"
        "import construire, sphinx.cmd.build as sphinx\n"
        "from pathlib import Path\n"
        "def echouer(options):\n"
        "    Path(options[-1], 'index.html').write_text('à moitié')\n"
        "    return 2\n"
        "sphinx.build_main = echouer\n"
        "construire.pages_generees = construire.pages_de_la_loi = list\n"
        f"construire.construire(Path({str(tmp_path / 'livre')!r}))"
    )
    fait = subprocess.run([sys.executable, "-c", code], cwd=RACINE, capture_output=True, text=True, timeout=240)
    assert fait.returncode == 2, fait.stderr[-3000:]
    assert {f.read_text(encoding="utf-8") for f in (tmp_path / "livre").iterdir()} == {"ancien"}
    assert [f.name for f in tmp_path.iterdir()] == ["livre"]


@pytest.fixture(scope="module")
def livre(tmp_path_factory):
    pytest.importorskip("furo")
    return construire(tmp_path_factory.mktemp("livre") / "a", "entier")


def test_le_livre_tient_toutes_ses_parties(livre):
    for page in (
        "index.html",
        "guide/guide.html",
        "guide/commandes.html",
        "carnets/etude_site.html",
        "fiches/mam.html",
        "loi/subventions.html",
        "mots/glossaire.html",
        "mots/entrees.html",
        "reference/noms.html",
        "search.html",
    ):
        assert (livre / page).is_file(), page
    assert len(list((livre / "carnets").glob("*.html"))) == len(list((RACINE / "notebooks").glob("*.ipynb")))


def test_rien_ne_vient_de_dehors(livre):
    """Links of the words may leave; no script, style, picture or font does."""
    for fichier in livre.rglob("*.html"):
        balises = re.findall(r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*>", fichier.read_text("utf-8"))
        assert not [b for b in balises if re.search(r"""(src|href|data)=["']?(https?:)?//""", b)], fichier.name
    for fichier in [*livre.rglob("*.css"), *livre.rglob("*.js")]:
        texte = fichier.read_text("utf-8")
        assert not re.search(r"""@import|url\(["']?(https?:)?//|import\(["']https?:""", texte), fichier.name


def test_aucune_page_ne_nomme_une_machine(livre):
    ici = re.compile(rf"{re.escape(str(RACINE))}|/tmp/|/(ho" + "me|ro" + "ot)/")
    for fichier in livre.rglob("*"):
        if fichier.suffix in (".html", ".js", ".txt", ".css"):
            trouve = ici.search(re.sub(r"https?://[^\s\"<]+", "", fichier.read_text("utf-8")))
            assert trouve is None, (fichier.name, trouve and trouve[0])


def test_la_reference_et_le_registre_sont_complets(livre):
    import pope_foncier as pf
    from pope_foncier.baremes.catalogue import Catalogue

    noms = (livre / "reference" / "noms.html").read_text("utf-8")
    assert [n for n in pf.__all__ if f'">pf.{n}<' not in noms and f">pf.{n}</span>" not in noms] == []
    loi = "".join(f.read_text("utf-8") for f in (livre / "loi").glob("*.html"))
    assert [c for c in Catalogue().chemins() if f">{c}<" not in loi] == []
    assert "8 000 €" in re.sub("[\u00a0\u202f]", " ", loi)


def test_deux_livres_sont_les_memes(livre, tmp_path):
    """Same text of every page, and same bytes of those of each kind, whatever the folder and the order of sets: Sphinx makes all by one path."""

    def empreintes(dossier):
        pages = [f for f in dossier.rglob("*") if f.is_file()]
        return {f.relative_to(dossier).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in pages}

    court = construire(tmp_path / "autre" / "dossier", graine="2")
    assert (court.parent / "textes.json").read_bytes() == (livre.parent / "textes.json").read_bytes()
    assert {f"{chemin.rpartition('.')[0]}.html" for chemin in CHAQUE_GENRE} < set(empreintes(court))
    assert empreintes(court) == empreintes(livre.parent / "court")


@pytest.mark.navigateur
def test_le_livre_se_lit_et_se_cherche_sans_reseau(livre, chromium):
    with page_locale(chromium, livre / "carnets" / "01_une_gare_de_bout_en_bout.html") as (onglet, dehors):
        assert onglet.evaluate("[...document.images].every(i => i.naturalWidth > 0 && i.alt.includes(' '))")
        for largeur in (390, 1100, 1280, 1920):
            onglet.set_viewport_size({"width": largeur, "height": 900})
            depasse = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not onglet.evaluate(depasse), largeur
        onglet.goto(f"{(livre / 'search.html').as_uri()}?q=Piaje")
        onglet.wait_for_selector("#search-results li a", timeout=20_000)
    assert not dehors
