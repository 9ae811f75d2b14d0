"""Workshop notebooks in JupyterLab: they open, run, a lever moved by keyboard changes the picture to the engine's values."""

import contextlib

import pytest

from pope_foncier.ateliers.modele import Reglages
from pope_foncier.etude.caisses import caisses
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes.cases import centaines
from tests.ateliers.etudes import modele_de
from tests.ateliers.serveur import Laboratoire, navigateur, verifier_page
from tests.conftest import GARE

pytestmark = pytest.mark.navigateur
TOUCHE = "ArrowRight"


@pytest.fixture(scope="module")
def laboratoire(tmp_path_factory, chromium, serveurs):
    pytest.importorskip("jupyterlab")
    lance = Laboratoire(serveurs, tmp_path_factory.mktemp("lab"))
    yield lance
    lance.arreter()


def attendus(modele):
    """By notebook: lever, value said after one key, text that the first picture must then hold."""
    cher = modele.vue(Reglages(leviers={"cout": 3800}))
    grand = modele.vue(Reglages(leviers={"surface": 205}))
    pret = {"valeur": 305_000, "base": "essai"}
    emprunte = modele.voir(modele.varier(modele.dossier.etude, {"prets[banque].montant": pret}))
    places = formater_nombre(grand.valeur(grand.ev.capacite.places))
    return {
        "commune": ("Coût des travaux", "3 800 €/m² HT", str(centaines(a_trouver(cher)))),
        "financeur": (
            "Prêt bancaire à l'association, montant",
            "305 k€",
            graphiques.point_bas(emprunte, caisses(emprunte)[0]),
        ),
        "architecte": ("Surface de plancher", "205 m²", f"{places} places"),
    }


def executer(page):
    """Run the first cell; asked again as long as the session has no kernel, since JupyterLab then drops the order.

    It asks which kernel to take when the list of its kernels comes after the notebook: the one that it proposes.
    """
    from playwright.sync_api import TimeoutError as Trop

    choix = page.locator(".jp-Dialog", has_text="Select Kernel").locator(".jp-mod-accept")
    for _ in range(10):
        if choix.count():
            choix.click()
        with contextlib.suppress(Trop):
            page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click(timeout=3_000)
            page.keyboard.press("Control+Enter")
            page.wait_for_function(
                "document.querySelector('.jp-Notebook .jp-CodeCell .jp-InputPrompt').innerText.trim() !== '[ ]:'",
                timeout=2_000,
            )
            return
    raise AssertionError("la cellule ne s'exécute pas")


def test_les_carnets_des_ateliers_dans_jupyterlab(laboratoire, chromium):
    plat = "t => t.replace(/[\\u00a0\\u202f]/g, ' ')"
    with navigateur(chromium, 1280, 800) as contexte:
        voulus, ouverts = attendus(modele_de(GARE)), {}
        for nom in voulus:  # one after the other: the server refuses the list of its kernels while one of them is born
            page, *_ = ouverts[nom] = laboratoire.ouvrir(contexte, nom)
            page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
            executer(page)
        for nom, (levier, valeur, texte) in voulus.items():
            page, console, dehors = ouverts[nom]
            page.wait_for_selector(".pf-levier .noUi-handle[aria-label]", timeout=60_000)
            page.wait_for_selector("figure svg", timeout=60_000)
            avant = page.locator("figure svg").first.inner_html()
            for pli in page.locator(".pf-leviers .pf-pli").all():
                pli.click()
            poignee = page.get_by_role("slider", name=levier, exact=True)
            poignee.focus()
            page.keyboard.press(TOUCHE)
            page.wait_for_function(
                "a => document.querySelector('figure svg').innerHTML !== a", arg=avant, timeout=15_000
            )
            page.wait_for_function(
                f"t => ({plat})(document.querySelector('figure svg').textContent).includes(({plat})(t))",
                arg=texte,
                timeout=15_000,
            )
            assert poignee.get_attribute("aria-valuetext").replace("\u00a0", " ").replace("\u202f", " ") == valeur
            verifier_page(page, ".pf-atelier")
            assert console == []
            assert dehors == []
