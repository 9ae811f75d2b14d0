"""Published cases: data files replayed through the public functions, with no code special to a case.

A case says what is computed (``calcul``), from which ``donnees``, and what a source printed (``attendu``: readable path →
value). ``fiche`` reads and checks a file, ``calculs`` holds one function by kind of computation, ``lecture`` reads paths.
"""

from pope_foncier.prets.cas.calculs import CALCULS
from pope_foncier.prets.cas.fiche import Controle, FicheCas, verifier

__all__ = ["CALCULS", "Controle", "FicheCas", "verifier"]
