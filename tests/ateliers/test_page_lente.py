"""What a busy computer does to the making of a page: what the cell shows comes long after the cell has ended."""

import nbformat
import pytest

from pope_foncier.ateliers.serveur import configurer

LENTE = """
import sys, time
from IPython.display import display
sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0
get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep(6))
display("montré")
"""
"""Cell whose reply goes at once, while the thread that sends what it shows is held for six seconds."""


def test_ce_que_montre_une_cellule_est_attendu_meme_apres_sa_fin():
    """Voilà waits four seconds for it if it is not told better, and the page is served without its application."""
    pytest.importorskip("voila")
    from voila.execute import VoilaExecutor

    carnet = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LENTE)])
    reglages = configurer(port=8866, visiteurs=1, reserve=0, oisif_s=60)
    VoilaExecutor(carnet, config=reglages, kernel_name="python3").execute(carnet, {})
    assert [s.data["text/plain"] for s in carnet.cells[0].outputs] == ["'montré'"]
