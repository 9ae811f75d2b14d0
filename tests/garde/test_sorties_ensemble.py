"""Outputs of a study: all of them or none; the error of a cell is what the user reads."""

import nbformat
import pytest

from pope_foncier.socle.erreurs import ErreurPope, ErreurSortie
from pope_foncier.vues.documents import sorties
from pope_foncier.vues.formes import carnet_execute
from pope_foncier.vues.formes.carnet_execute import executer, nettoyer, page_du_carnet
from tests.conftest import GARE
from tests.garde.commandes import lancer
from tests.peu_de_tirages import peu_de_tirages

pytestmark = pytest.mark.usefixtures("noyaux")
DEBUT = "from pope_foncier.socle.erreurs import *\n"


def carnet(dossier, *cellules):
    """Notebook of a few cells, the first of which takes the parameters."""
    livre = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('etude = ""', metadata={"tags": ["parameters"]}),
            *(nbformat.v4.new_code_cell(x) for x in cellules),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
    )
    fichier = dossier / "essai.ipynb"
    nbformat.write(livre, fichier)
    return fichier


def ecrire_tout(resultat, moteur, dossier):
    return sorties.ecrire_tout(resultat, moteur, GARE, dossier, lambda _: None)


@pytest.mark.parametrize(
    ("cellule", "genre", "message"),
    [
        (f"{DEBUT}raise ErreurCalcul('Le loyer manque : le demander.')", ErreurPope, "Le loyer manque : le demander."),
        (
            f"{DEBUT}raise ErreurDonnees([Probleme('f.yaml', 3, 'prix', 'faux.', 'corriger.')])",
            ErreurPope,
            "ligne 3, champ « prix »",
        ),
        (f"{DEBUT}raise IdentiteRompue('Identité rompue : a = b.')", ErreurPope, "Identité rompue"),
        ("1 / 0", ErreurSortie, "ZeroDivisionError"),
        ("import os; os._exit(3)", ErreurSortie, "son noyau s'est arrêté"),
        ("import time; time.sleep(60)", ErreurSortie, "une cellule dépasse 3 s"),
        ("raise ValueError('x' * 100_000)", ErreurSortie, "ValueError"),
    ],
)
def test_l_erreur_d_une_cellule_est_ce_que_l_on_lit_et_rien_n_est_ecrit(
    resultat, moteur, tmp_path, monkeypatch, cellule, genre, message
):
    sortie = tmp_path / "sortie"
    sortie.mkdir()
    for nom in ("resultats.json", "note.html", "etude_site.html", "a_moi.txt"):
        (sortie / nom).write_text("avant", encoding="utf-8")
    monkeypatch.setattr(sorties, "CARNET", str(carnet(tmp_path, cellule)))
    monkeypatch.setattr(sorties.note, "rediger", lambda *_: "prête, mais à ne pas écrire")
    monkeypatch.setattr(carnet_execute, "_DELAI_CELLULE_S", 3)
    with pytest.raises(genre) as refus:
        ecrire_tout(resultat, moteur, sortie)
    assert message in str(refus.value)
    assert "Traceback" not in str(refus.value)
    assert len(str(refus.value)) < 1000
    assert {p.name: p.read_text(encoding="utf-8") for p in sortie.iterdir()} == dict.fromkeys(
        ("resultats.json", "note.html", "etude_site.html", "a_moi.txt"), "avant"
    )


def test_la_commande_dit_l_erreur_du_carnet_et_finit_par_deux(tmp_path, monkeypatch):
    monkeypatch.setattr(sorties, "CARNET", str(carnet(tmp_path, f"{DEBUT}raise ErreurCalcul('Une donnée manque.')")))
    with peu_de_tirages():
        fin = lancer("etude", GARE, "--sortie", tmp_path / "s")
    assert (fin.code, fin.refus.splitlines()[0]) == (2, "Une donnée manque.")
    assert not (tmp_path / "s").exists() or not list((tmp_path / "s").iterdir())


def test_sans_le_paquet_des_carnets_un_refus_dit_quoi_installer(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "papermill", None)
    with pytest.raises(ErreurSortie, match=r"« papermill » manque .* --no-carnet"):
        executer("etude_site.ipynb", {})


def test_la_page_d_un_carnet_est_nettoyee(tmp_path):
    """What a cell displays without care is cleaned: no script, no handler, no outside picture, links to the web or mail alone."""
    code = (
        "from IPython.display import HTML, Markdown, display\n"
        "display(HTML('<p onclick=a()>bon</p><script>a()</script><img src=http://x.invalid/a.png><img src=\"data:image/svg+xml,<svg/>\">'"
        " '<a href=javascript:a()>j</a><a href=https://x.fr>w</a><a href=mailto:a@b.fr>m</a><a href=data:text/html,x>d</a>'))\n"
        "display(Markdown('[x](javascript:a()) ![y](http://x.invalid/b.png) <iframe src=http://x.invalid></iframe>'))"
    )
    entiere = page_du_carnet(executer(str(carnet(tmp_path, code)), {}), "Un titre <b>")
    html = entiere[entiere.index("<body") :]
    for absent in ("<script", "onclick", "x.invalid", "javascript:", "data:text", "<iframe", "svg+xml"):
        assert absent not in html, absent
    for present in (
        "bon",
        "https://x.fr",
        "mailto:a@b.fr",
        "<title>Un titre &lt;b&gt;</title>",
        "Content-Security-Policy",
    ):
        assert present in entiere, present
    assert "<script" not in entiere


@pytest.mark.parametrize(
    ("brut", "propre"),
    [
        ("<a href=' JavaScript:a()'>x</a>", "x"),
        ("<a href='vbscript:a'>x</a>", "x"),
        ("<a href='//x.invalid'>x</a>", "x"),
        ("<a href='/lab'>x</a>", "x"),
        ("<a href='#fin'>x</a>", "#fin"),
        ("<img src='data:image/png;base64,AAAA'>", "AAAA"),
        ("<img src='data:image/svg+xml;base64,AAAA'>", "<img"),
        ("<style>*{background:url(http://x.invalid)}</style>y", "y"),
        ("<div style='background:url(http://x.invalid)'>z</div>", "z"),
    ],
)
def test_le_nettoyage_ne_laisse_que_les_liens_du_web_et_les_images_portees(brut, propre):
    net = nettoyer(brut)
    assert propre in net
    assert not any(x in net.lower() for x in ("script:", "x.invalid", "/lab", "svg+xml", "style"))
