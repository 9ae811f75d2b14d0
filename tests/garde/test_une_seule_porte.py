"""One function escapes, one terminal shows, one writer writes: nobody goes round them."""

import re

import pytest

from tests.conftest import RACINE

SOURCES = {
    f.relative_to(RACINE).as_posix(): f.read_text(encoding="utf-8") for f in (RACINE / "pope_foncier").rglob("*.py")
}

LIBREOFFICE, TYPST = ("vues/classeur/tableur.py",), ("vues/dossier/composition.py",)
"""Temporary folder handed to another program, made and read back by one function: no file of a user, none that stays."""

PORTES = {
    r"html import escape|html\.escape": ("vues/formes/proteger.py", *LIBREOFFICE),
    r"\bConsole\(": ("vues/documents/terminal.py",),
    r"\.write_text\(|\.write_bytes\(": ("ateliers/fichier_scenarios.py", *LIBREOFFICE, *TYPST),
    r"\.read_text\(|\.read_bytes\(": (
        "socle/lecture.py",
        "etude/selon_le_lieu.py",
        "ateliers/champs.py",
        *LIBREOFFICE,
        *TYPST,
    ),
    r"json\.loads?\((?!x\.contenu|contenu)": ("socle/json_strict.py",),
    r"csv\.(reader|DictReader)\(": ("socle/csv_strict.py",),
    r"import papermill|HTMLExporter\(": ("vues/formes/carnet_execute.py",),
    r"markup=True|\[(bold|italic|dim|red|green|yellow)\b|allow_html\s*=\s*True": (),
}
"""What may only be written in some modules: elsewhere, the bounds, the escaping or the refusals would be gone round."""


@pytest.mark.parametrize("motif", PORTES)
def test_une_seule_porte(motif):
    fautifs = [
        nom
        for nom, texte in SOURCES.items()
        if re.search(motif, texte) and nom.removeprefix("pope_foncier/") not in PORTES[motif]
    ]
    assert fautifs == []
    for permis in PORTES[motif]:
        assert re.search(motif, SOURCES[f"pope_foncier/{permis}"]), "une exception qui ne sert plus se retire"


def test_un_texte_n_entre_en_markdown_qu_a_travers_la_protection():
    """Every notebook that makes Markdown of a user's words protects them for Markdown."""
    for nom, texte in SOURCES.items():
        if re.search(r"\bMarkdown\((?!\))", texte) and "import Markdown" in texte:
            assert "markdown=True" in texte or "conclure" in texte, nom
