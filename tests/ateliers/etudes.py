"""Models of the workshops for tests: a study is opened once in a process, and read by all the tests that change nothing of it."""

from functools import lru_cache

from pope_foncier.ateliers.modele import Modele
from pope_foncier.socle.chemins import dossier_donnees


def modele_de(etude):
    """Model of a study: it keeps nothing of what an application sets. Another data folder has its own."""
    return _ouvert(etude, dossier_donnees())


@lru_cache(maxsize=8)
def _ouvert(etude, _donnees):
    return Modele.ouvrir(etude)
