"""Fallback page of a workshop on paper: how many sheets, tables in one piece, what a scenario that opens no place shows."""

import html
import io
import re
from functools import cache

import pytest

from pope_foncier.ateliers import secours
from pope_foncier.ateliers.journal import Journal
from tests.ateliers.etudes import modele_de
from tests.conftest import DONNEES
from tests.vues.navigateur import navigateur as un_navigateur

PAGES_MAX = 12
MARQUER = """() => {
  const marque = (noeud, texte) => {
    const m = document.createElement('span');
    m.textContent = texte; m.className = 'marque'; m.style.cssText = 'font-size:2px';
    noeud.append(m);
  };
  const tables = [...document.querySelectorAll('table')].filter(t => t.offsetHeight);
  tables.forEach((t, i) => {
    const lignes = [...t.tBodies[0].rows];
    marque(t.tHead.rows[0].cells[0], ` TETE${i}X `);
    marque(lignes[0].cells[0], ` DEBUT${i}X `);
    marque(lignes.at(-1).cells[0], ` FIN${i}X `);
  });
  return tables.map(t => [t.closest('.pf-table').querySelector('h2').textContent, t.offsetHeight]);
}"""
LUS = "main *{visibility:hidden} .marque,dt{visibility:visible}"
"""What is read of the sheets: the rest keeps its place on them, and no ink."""
SENS = {"portrait": (210, 297), "landscape": (297, 210)}
"""Width and height of an A4 sheet each way [mm]."""
MARGES_MM = 12 + 12, 11 + 13
"""Margins of the page, across and along."""


@pytest.fixture(scope="module")
def navigateur(chromium):
    with un_navigateur(chromium) as ouvert:
        yield ouvert


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Page of a study, written once for all the tests."""
    dossier = tmp_path_factory.mktemp("secours")

    @cache
    def ecrire(etude):
        modele = modele_de(DONNEES / "etudes" / f"{etude}.yaml")
        fichier = dossier / f"{etude}.html"
        fichier.write_text(secours.rediger(modele, Journal(dossier / f"{etude}.sqlite")), encoding="utf-8")
        return fichier

    return ecrire


@pytest.fixture(scope="module", params=["gare_saint_denis", "epinay_villetaneuse"])
def ecrite(request, pages):
    """Page of a study, written."""
    return pages(request.param)


@pytest.mark.parametrize("etude", sorted(f.stem for f in (DONNEES / "etudes").glob("*.yaml")))
def test_chaque_etude_a_sa_page(etude, pages):
    assert "<main>" in pages(etude).read_text(encoding="utf-8")


def imprimer(navigateur, fichier, sens):
    """Text of each sheet, the tables marked at their head, first and last rows; the title of each, and whether it is longer than a sheet."""
    from pypdf import PdfReader

    large, haute = ((cote - marges) * 96 / 25.4 for cote, marges in zip(SENS[sens], MARGES_MM, strict=True))
    onglet = navigateur.new_page(viewport={"width": round(large), "height": 1000})
    try:
        onglet.goto(fichier.as_uri())
        onglet.emulate_media(media="print")
        tables = [(titre, haut > haute) for titre, haut in onglet.evaluate(MARQUER)]
        onglet.add_style_tag(content=f"@page{{size:A4 {sens}}} {LUS}")
        octets = onglet.pdf(prefer_css_page_size=True, print_background=True)
    finally:
        onglet.close()
    return [feuille.extract_text() for feuille in PdfReader(io.BytesIO(octets)).pages], tables


@pytest.mark.parametrize("sens", SENS)
def test_la_page_tient_en_douze_feuilles_sans_table_coupee(ecrite, sens, navigateur):
    feuilles, tables = imprimer(navigateur, ecrite, sens)
    assert len(feuilles) <= PAGES_MAX or sens == "landscape"
    assert "Coût pour la Ville" in feuilles[0]
    assert len(tables) > 20
    for i, (titre, longue) in enumerate(tables):
        ou = {nom: [n for n, f in enumerate(feuilles) if f"{nom}{i}X" in f] for nom in ("TETE", "DEBUT", "FIN")}
        (debut,), (fin,) = ou["DEBUT"], ou["FIN"]
        assert ou["TETE"] == list(range(debut, fin + 1)), f"{titre} : tête non répétée"
        assert longue or debut == fin, f"{titre} : coupée, elle tiendrait sur une feuille"


def test_un_scenario_sans_projet_a_une_phrase_et_aucun_chiffre(ecrite):
    page = html.unescape(ecrite.read_text(encoding="utf-8"))
    section = page.partition('class="scenario"><h2>Ne rien faire</h2>')[2].partition("</section>")[0]
    assert "Rien n'est fait : aucune place n'ouvre, rien n'est à payer ni à trouver." in section
    assert "<table" not in section
    assert "<svg" not in section
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "Ne rien faire" not in table


def test_chaque_scenario_a_ses_propres_fourchettes(ecrite):
    """Scenarios of one structure are rows of one evaluation: each is drawn on its own study, so two amounts do not share a range."""
    texte = html.unescape(ecrite.read_text(encoding="utf-8"))
    lues = set(re.findall(r"Coût pour la Ville, par an</dt>\s*<dd>\s*<b>([^<]+)</b>\s*<span>([^<]+)</span>", texte))
    assert len(lues) >= 2
    assert len({etendue for _, etendue in lues}) == len(lues)
