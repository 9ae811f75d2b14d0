"""Book of the project: guide, notebooks as stored, sheets, law register, glossary, reference; ``make livre`` runs it.

Pages are first gathered or generated as Markdown in a folder, then Sphinx makes a site of them: pages that open from the disk, with their
search, and that fetch nothing.
"""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ICI = Path(__file__).resolve().parent
RACINE = ICI.parents[1]
sys.path[:0] = [str(RACINE), str(ICI)]

from acteurs import page_des_acteurs  # noqa: E402
from entrees import page_des_entrees  # noqa: E402
from loi import pages_de_la_loi  # noqa: E402
from pages import Page, accueil, pages_ecrites, suivre_les_liens  # noqa: E402
from reference import pages_generees  # noqa: E402

from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses  # noqa: E402

CHEMIN = Path("sorties", "livre")


def construire(sortie: Path = CHEMIN) -> Path:
    """Build the site in a folder, made anew; gives its first page. The old book stays until the new one is finished.

    Raises:
        SystemExit: Sphinx found a fault or a broken link, and which; or the folder holds something else than a book.
    """
    if sortie.exists() and not (sortie / "searchindex.js").exists() and (sortie.is_file() or any(sortie.iterdir())):
        raise SystemExit(f"{sortie} existe et n'est pas un livre : choisir un dossier vide. Rien n'a été effacé.")
    return batir(rassembler(), sortie)


def rassembler() -> list[Page]:
    """Every page of the book but the first: those that are written, and those that are generated."""
    return [*pages_ecrites(), page_des_entrees(), page_des_acteurs(), *pages_generees(), *pages_de_la_loi()]


def batir(pages: Sequence[Page], sortie: Path) -> Path:
    """Make a site of some pages; gives its first page.

    Raises:
        SystemExit: Sphinx found a fault or a broken link, and which.
    """
    sans_grammaire_des_adresses()
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as dossier:
        sources = Path(dossier)
        for page in [accueil(pages), *pages]:
            fichier = sources / page.chemin
            fichier.parent.mkdir(parents=True, exist_ok=True)
            fichier.write_text(suivre_les_liens(page, pages), encoding="utf-8")
        sortie.parent.mkdir(parents=True, exist_ok=True)
        neuf = Path(tempfile.mkdtemp(prefix=f".{sortie.name}-", dir=sortie.parent))
        options = [
            "-q",
            "-W",
            "--keep-going",
            "-c",
            str(ICI),
            "-d",
            str(sources / ".arbres"),
            str(sources),
            str(neuf),
        ]
        try:
            if code := build_main(["-b", "html", *options]):
                raise SystemExit(code)
            (neuf / ".buildinfo").unlink(missing_ok=True)
            neuf.chmod(0o755)
            _remplacer(sortie, neuf)
        finally:
            shutil.rmtree(neuf, ignore_errors=True)
    return sortie / "index.html"


def _remplacer(ancien: Path, neuf: Path) -> None:
    """Put a finished book in the place of the old one, which stays whole until then."""
    ecarte = neuf.with_name(f"{neuf.name}-ancien")
    if ancien.exists():
        ancien.rename(ecarte)
    neuf.rename(ancien)
    shutil.rmtree(ecarte, ignore_errors=True)


if __name__ == "__main__":
    gc.disable()  # a book is made of many small objects, and the process ends with it
    print(f"Livre : {construire(*map(Path, sys.argv[1:]))}")
