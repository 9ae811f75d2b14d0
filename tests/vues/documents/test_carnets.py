"""Notebooks: strict comparison of committed outputs, pictures included; a falsified figure or picture is caught."""

import base64
import io
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from PIL import Image

from tests.conftest import RACINE
from tests.vues.documents.images_comparees import memes

CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))


RAMASSAGE = "import gc\n\ngc.set_threshold(20_000, 20, 20)\n"
"""What the kernels do first, as the tests and the commands do: what lasts is looked over less often."""


FAUX = "faux"
"""Folder of the notebook whose outputs are falsified, beside the others."""


def nbval(dossier):
    depart = dossier.parent / "ipython" / "profile_default" / "startup"
    depart.mkdir(parents=True)
    (depart / "ramassage.py").write_text(RAMASSAGE, encoding="utf-8")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            "--nbval-cell-timeout=120",
            "-p",
            "tests.vues.documents.images_comparees",
            "-p",
            "tests.noyaux",
            "-c",
            "/dev/null",
            "--rootdir",
            str(dossier),
            *map(str, sorted(dossier.rglob("*.ipynb"))),
        ],
        cwd=dossier,
        env={
            **os.environ,
            "IPYTHONDIR": str(dossier.parent / "ipython"),
            "PYTHONPATH": os.pathsep.join([str(RACINE), os.environ.get("PYTHONPATH", "")]),
        },
        capture_output=True,
        text=True,
        timeout=400,
    )


def falsifier(sortie, genre):
    """Change one figure or a comma of a picture of an output; whether it had one."""
    avant, apres = ("519\u202f973", "519\u202f974")
    if genre == "texte" and sortie.output_type == "stream" and avant in sortie.text:
        sortie.text = sortie.text.replace(avant, apres)
        return True
    donnees = sortie.get("data", {})
    if genre == "html" and avant in donnees.get("text/html", ""):
        donnees["text/html"] = donnees["text/html"].replace(avant, apres)
        return True
    if genre == "image" and "image/png" in donnees:
        image = Image.open(io.BytesIO(base64.b64decode(donnees["image/png"]))).convert("RGB")
        image.paste((0, 0, 0), (100, 100, 106, 104))  # about the size of a comma
        image.save(tampon := io.BytesIO(), format="PNG")
        donnees["image/png"] = base64.b64encode(tampon.getvalue()).decode()
        return True
    return False


def test_une_nuance_n_est_pas_un_changement_un_trait_si():
    """An edge shaded otherwise on a few pixels is the same picture; a comma more, or another size, is not."""

    def png(image):
        image.save(tampon := io.BytesIO(), format="PNG")
        return base64.b64encode(tampon.getvalue()).decode()

    base, nuance, trait = (Image.new("RGB", (60, 40), "white") for _ in range(3))
    nuance.paste((225, 225, 225), (0, 0, 60, 2))
    trait.paste((0, 0, 0), (10, 10, 16, 14))
    assert memes(png(base), png(nuance))
    assert not memes(png(base), png(trait))
    assert not memes(png(base), png(Image.new("RGB", (61, 40), "white")))


@pytest.fixture(scope="module")
def verifies(tmp_path_factory):
    """What nbval says of the notebooks as they are, and of one whose outputs are falsified; the cells falsified, one by kind."""
    base = tmp_path_factory.mktemp("carnets")
    shutil.copytree(RACINE / "data", base / "data")
    (base / "notebooks" / FAUX).mkdir(parents=True)
    for carnet in CARNETS:
        shutil.copy(carnet, base / "notebooks")
    carnet = nbformat.read(RACINE / "notebooks" / "01_une_gare_de_bout_en_bout.ipynb", as_version=4)
    codes = [cellule for cellule in carnet.cells if cellule.cell_type == "code"]
    faussees = {}
    for genre in ("html", "texte", "image"):
        libres = (rang for rang in range(len(codes)) if rang not in faussees.values())
        faussees[genre] = next(rang for rang in libres if any(falsifier(s, genre) for s in codes[rang].outputs))
    carnet.cells = carnet.cells[: carnet.cells.index(codes[max(faussees.values())]) + 1]
    nbformat.write(carnet, base / "notebooks" / FAUX / "faux.ipynb")
    fait = nbval(base / "notebooks")
    assert fait.returncode == 1, fait.stdout[-3000:] + fait.stderr[-3000:]
    rates = re.findall(r"^(?:FAILED|ERROR) (.*?)(?:::Cell (\d+))?(?: - .*)?$", fait.stdout, re.M)
    return fait.stdout, rates, set(faussees.values())


def test_nbval_strict_passe_sur_les_carnets_livres(verifies):
    """None of their cells fails, and all have run: those that pass are all the cells of code but those falsified."""
    dit, rates, faussees = verifies
    assert [x for x in rates if x[0] != f"{FAUX}/faux.ipynb"] == [], dit[-3000:]
    lus = [nbformat.read(chemin, as_version=4) for chemin in CARNETS]
    cellules = sum(cellule.cell_type == "code" for carnet in lus for cellule in carnet.cells)
    (passees,) = re.findall(r"(\d+) passed", dit)
    assert int(passees) == cellules + max(faussees) + 1 - len(faussees)


def test_un_chiffre_ou_une_image_falsifies_font_echouer_nbval(verifies):
    """One cell falsified by kind, in one notebook: each fails, and none before the last of them."""
    _, rates, faussees = verifies
    assert {int(cellule) for nom, cellule in rates if nom == f"{FAUX}/faux.ipynb"} == faussees
