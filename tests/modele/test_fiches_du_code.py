"""Sheets that the code writes itself, without the check that a file goes through: each is what that check would give."""

import pytest

from pope_foncier.baremes.dispositif import FichePlafonds
from pope_foncier.etude.fiche import Territoire
from pope_foncier.modele.clauses_de_pret import FicheIndemnite
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, RESTE, RESTE_EN_CAPITAL
from pope_foncier.prets.prets_de_l_etude import _AIDE


@pytest.mark.parametrize(
    "ecrite",
    [
        RESTE,
        RESTE_EN_CAPITAL,
        DEMARRAGE,
        _AIDE,
        *(genre.model_construct() for genre in (FichePlafonds, Territoire, FicheIndemnite)),
    ],
    ids=lambda fiche: type(fiche).__name__,
)
def test_une_fiche_du_code_est_celle_d_un_fichier(ecrite):
    lue = type(ecrite).model_validate(ecrite.model_dump(exclude_unset=True))
    assert lue == ecrite
    for nom, valeur in lue:
        assert type(valeur) is type(getattr(ecrite, nom)), nom
