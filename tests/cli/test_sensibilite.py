"""Commands on what moves a decision: what they print, the picture that they write, French refusals."""

import pytest

from tests.cli.commandes import lancer

GARE, COQUE = "gare_saint_denis", "coque_la_courneuve"


@pytest.mark.parametrize(
    ("arguments", "dits"),
    [
        (["tornade", GARE, "--chiffre", "cout_total"], ["Ce qui fait bouger « Coût total", "2 200 €/m² HT", "Places"]),
        (
            ["grille", GARE, "--x", "travaux.cout_m2_ht", "--y", "delais.travaux_mois", "--seuil", "700 000 €"],
            ["(colonnes)", "Seuil : 700 000 €", "14 mois"],
        ),
        (["parts-du-doute", GARE, "--chiffre", "cout_total", "--points", "8"], ["D'où vient le doute", "évaluations"]),
        (["bascules", GARE, "--chiffre", "cout_total", "--seuil", "900 000 €"], ["Bascule à", "ne bascule pas entre"]),
        (
            ["savoir", COQUE, "--plafond", "9 000 €", "--tirages", "100"],
            ["ne rien faire", "Ce qu'il faut savoir d'abord", "Les études à commander", "Sans en savoir plus"],
        ),
        (
            ["savoir", COQUE, "--montage", "location_simple", "--montage", "commune_loue", "--tirages", "100"],
            ["Regret moyen", "pour autant de places que la première"],
        ),
    ],
    ids=lambda x: " ".join(x[:2]) if x[0] in ("tornade", "grille", "parts-du-doute", "bascules", "savoir") else "",
)
def test_chaque_commande_dit_ce_qu_elle_lit(arguments, dits):
    fait = lancer(*arguments)
    assert fait.returncode == 0, fait.stderr
    lu = " ".join(fait.stdout.replace("\u202f", " ").replace("\xa0", " ").split())
    for dit in dits:
        assert dit in lu, dit


def test_l_image_d_une_grille_s_ecrit(tmp_path):
    image = tmp_path / "grille.png"
    champs = ["--x", "travaux.cout_m2_ht", "--y", "titre_occupation.loyer_m2_an"]
    fait = lancer("grille", GARE, *champs, "--chiffre", "cout_total", "--image", str(image))
    assert fait.returncode == 0, fait.stderr
    assert image.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tornade", GARE, "--chiffre", "cout_totale"], "Peut-être : cout_total"),
        (["grille", GARE, "--x", "travaux.cout_m2_ht", "--y", "travaux.cout_m2_ht"], "deux entrées différentes"),
        (["parts-du-doute", GARE, "--points", "100"], "puissance de deux"),
        (["bascules", GARE, "--chiffre", "cout_total"], "pas de seuil à lui"),
        (["savoir", "modes_d_accueil"], "aucun plafond n'est donné"),
        (["savoir", COQUE, "--montage", "location_simpl"], "Montage inconnu"),
    ],
)
def test_un_refus_est_en_francais(arguments, message):
    fait = lancer(*arguments)
    assert fait.returncode == 2
    assert message in " ".join(fait.stderr.split())
