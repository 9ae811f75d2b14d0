"""Plugin of nbval: pictures are compared too, by their pixels, whatever the compression of the file.

Another processor may round an edge otherwise: a few pixels, or small shades, are not a change; a digit, a bar or a label is.
"""

import base64
import io

import numpy as np
from PIL import Image

from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses

sans_grammaire_des_adresses()
from nbval.plugin import IPyNbCell  # noqa: E402

NUANCE, PIXELS = 40, 12
"""Levels out of 255 that one pixel may move, and pixels that may move more."""
_comparer = IPyNbCell.compare_outputs


def pytest_collectstart(collector):
    """Take pictures out of what nbval skips."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(x for x in collector.skip_compare if x != "image/png")


def lire(texte):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(texte))).convert("RGB")).astype(int)


def memes(a, b):
    """Whether two PNG in base64 show the same picture."""
    x, y = lire(a), lire(b)
    return x.shape == y.shape and (np.abs(x - y).max(axis=2) > NUANCE).sum() <= PIXELS


def compare_outputs(cellule, test, ref, skip_compare=None):
    """Comparison of nbval, on outputs whose same pictures are made equal first."""
    images = [[s["data"] for s in sorties if "image/png" in s.get("data", {})] for sorties in (test, ref)]
    for neuve, gardee in zip(*images, strict=False):
        if memes(neuve["image/png"], gardee["image/png"]):
            neuve["image/png"] = gardee["image/png"]
    return _comparer(cellule, test, ref, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
