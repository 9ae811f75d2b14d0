"""Few draws in what is made at once: a note says the same words on few draws as on many."""

from contextlib import contextmanager

import pytest

from pope_foncier.decision.doute import lecture
from pope_foncier.decision.sensibilite import en_bref

PEU = 100


@contextmanager
def peu_de_tirages():
    """Draws of the note cut down, for tests that watch its words, not its figures."""
    regles = lecture.lire_regles().model_copy(update={"tirages_atelier": PEU})
    with pytest.MonkeyPatch.context() as remplacer:
        remplacer.setattr(en_bref, "_TIRAGES", PEU)
        remplacer.setattr(lecture, "lire_regles", lambda: regles)
        yield
