"""What the words of a description say of the works. Expected readings by hand."""

import pytest

from pope_foncier.travaux.calage_mots import modulaire, profondeur


@pytest.mark.parametrize(
    ("description", "attendue"),
    [
        ("renovation + extension of a house", "lourde"),
        ("restructuration d'un hôtel particulier et extension", "lourde"),
        ("light conversion", "rafraichissement"),
        ("light conversion and extension", "lourde"),
        ("réhabilitation complète d'un presbytère", "lourde"),
        ("reuse of a school, skylights kept, new lighting", None),
        ("reuse of a former school", None),
        ("", None),
        ("light", "rafraichissement"),
        ("renovation, light.", "rafraichissement"),
        ("conversion completed in 2021", "transformation"),
        ("complete renovation", "lourde"),
        ("completely renovated", "lourde"),
        ("réaménagement sans extension ni surélévation", "transformation"),
        ("sans aucune extension", None),
        ("light conversion, no heavy works", "rafraichissement"),
        ("conversion without any extension", "transformation"),
        ("extension sans place nouvelle", "lourde"),
    ],
)
def test_la_profondeur_est_lue_dans_la_description(description, attendue):
    assert profondeur(description) == attendue


@pytest.mark.parametrize(
    ("description", "usine"),
    [
        ("new modular timber building on station land", True),
        ("new build, six reused shipping containers (modular)", True),
        ("demolition of a prefabricated building and rebuild", False),
        ("new build", False),
        ("new build, containers", True),
    ],
)
def test_un_batiment_d_usine_est_lu_dans_la_description(description, usine):
    assert modulaire(description) is usine
