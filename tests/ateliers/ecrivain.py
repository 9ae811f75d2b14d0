"""Process killed by the journal's tests: writes entries one after the other and says each rank once confirmed."""

import sys
from pathlib import Path

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Remarque

journal = Journal(Path(sys.argv[1]))
qui, nombre = sys.argv[2], int(sys.argv[3])
for i in range(nombre):
    rang = journal.noter(qui, Remarque(texte=f"{qui} {i} " + "x" * 1500))
    sys.stdout.write(f"{rang} {i}\n")
    sys.stdout.flush()
