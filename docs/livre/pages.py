"""Pages of the book that already stand in the repository, and the links between them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]

PARTIES = {
    "guide": "Mode d'emploi",
    "carnets": "Carnets",
    "fiches": "Fiches par mode d'accueil",
    "loi": "Registre du droit",
    "mesures": "Le modèle face au réel, sa vitesse",
    "mots": "Glossaire",
    "reference": "Reference (in English)",
}
"""Parts of the book in their order, and their titles."""

_GUIDE = ("guide", "en_python", "dossier_bancaire", "regles_du_plan", "nouveau_bareme")
_LOI = ("reverification",)
_MESURES = ("calage", "plans_publies", "locaux_observes", "performance")
_LIEN = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


@dataclass(frozen=True)
class Page:
    """Page of the book: its part, its path in the book, its text, and the file of the repository that it shows, if any."""

    partie: str
    chemin: str
    texte: str
    origine: str = ""


def pages_ecrites() -> list[Page]:
    """Guide, notebooks with their stored outputs, sheets, measures, glossary, architecture."""
    pages = [_de("guide", f"docs/{nom}.md") for nom in _GUIDE]
    pages += [_de("carnets", f"notebooks/{f.name}") for f in sorted((RACINE / "notebooks").glob("*.ipynb"))]
    fiches = sorted((RACINE / "docs" / "fiches").glob("*.md"), key=lambda f: (f.stem != "README", f.stem))
    pages += [_de("fiches", f"docs/fiches/{f.name}") for f in fiches]
    pages += [_de("loi", f"docs/{nom}.md") for nom in _LOI]
    pages += [_de("mesures", f"docs/{nom}.md") for nom in _MESURES]
    return [*pages, _de("mots", "docs/glossaire.md"), _de("reference", "docs/architecture.md")]


def _de(partie: str, origine: str) -> Page:
    fichier = RACINE / origine
    return Page(partie, f"{partie}/{fichier.name}", fichier.read_text(encoding="utf-8"), origine)


def accueil(pages: Sequence[Page]) -> Page:
    """First page: what the book holds, part by part."""
    corps = [
        "# pope_foncier",
        "",
        "Études foncières et d'investissement pour de nouveaux lieux d'accueil de la petite enfance : un lieu, des places, un coût, "
        "qui paie, ce qui reste à trouver, ce que paie la commune chaque année.",
        "",
        "Ce livre s'ouvre depuis un dossier, sans réseau ; la recherche y marche aussi.",
    ]
    for partie, titre in PARTIES.items():
        noms = [p.chemin.rpartition(".")[0] for p in pages if p.partie == partie]
        if noms:
            corps += ["", "```{toctree}", ":maxdepth: 1", f":caption: {titre}", "", *noms, "```"]
    return Page("", "index.md", "\n".join(corps) + "\n")


def suivre_les_liens(page: Page, pages: Collection[Page]) -> str:
    """Text of a page whose links go to the pages of the book; a link to a file that it does not hold keeps its words alone."""
    if not page.origine:
        return page.texte
    connues = {p.origine: p.chemin for p in pages if p.origine}
    if page.origine.endswith(".ipynb"):
        return _carnet(page, connues)
    return _relier(page.texte, page, connues)


def _relier(texte: str, page: Page, connues: dict[str, str]) -> str:
    depart = os.path.dirname(page.origine)

    def lien(trouve: re.Match[str]) -> str:
        image, mots, cible, ancre = trouve.groups()
        chemin = connues.get(os.path.normpath(os.path.join(depart, cible)).replace(os.sep, "/"))
        if image or chemin is None:
            return mots
        return f"[{mots}]({os.path.relpath(chemin, os.path.dirname(page.chemin)).replace(os.sep, '/')}{ancre or ''})"

    return _LIEN.sub(lien, texte)


def _carnet(page: Page, connues: dict[str, str]) -> str:
    """Notebook whose words link to the book, and whose pictures keep their text alternative."""
    carnet = json.loads(page.texte)
    for cellule in carnet["cells"]:
        if cellule["cell_type"] == "markdown":
            cellule["source"] = _relier("".join(cellule["source"]), page, connues)
        for sortie in cellule.get("outputs", ()):
            if texte := sortie.get("metadata", {}).get("image/png", {}).get("alt"):
                cellule["metadata"]["mystnb"] = {"image": {"alt": texte}}
    return json.dumps(carnet, ensure_ascii=False)
