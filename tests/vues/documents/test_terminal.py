"""Terminal of 80 columns: every number of every table is whole on one line, whatever the command; long words excepted, no line is longer."""

import pytest

from pope_foncier.vues.documents import note, terminal
from pope_foncier.vues.formes.colonnes import largeurs, parties, plier
from pope_foncier.vues.formes.table import Table
from tests.conftest import DONNEES
from tests.garde.commandes import lancer

ETUDES = ("gare_saint_denis", "coque_la_courneuve", "pierrefitte_stains", "epinay_villetaneuse", "creche_emile_zola")


def etude(nom):
    return str(DONNEES / "etudes" / f"{nom}.yaml")


COMMANDES = {
    **{f"etude {nom}": ["etude", etude(nom), "--no-carnet", "--sortie", "{ici}"] for nom in ETUDES},
    "montages": ["montages", etude("coque_la_courneuve")],
    "portefeuille": ["portefeuille", str(DONNEES / "portefeuilles" / "scic_plaine_commune.yaml")],
    "capacite": ["capacite", str(DONNEES / "sites" / "gare_saint_denis.yaml"), "--surface", "186"],
    "travaux": [
        "travaux",
        etude("gare_saint_denis"),
        "--variante",
        str(DONNEES / "exemples" / "travaux_par_lots.yaml"),
    ],
    "calage": ["calage", "--cas", str(DONNEES / "cas" / "operations_publiees.yaml"), "--sortie", "{ici}/calage.md"],
    "besoins-accueil": ["besoins-accueil"],
    "bilan": ["bilan", etude("coque_la_courneuve"), str(DONNEES / "emprunteurs" / "association_demonstration.yaml")],
    "echeancier": ["echeancier", str(DONNEES / "exemples" / "deux_tranches.yaml")],
    "teg": ["teg", str(DONNEES / "exemples" / "pret_bancaire.yaml")],
    "baremes": ["baremes"],
    "veille": ["veille", etude("gare_saint_denis"), "--tout", "--date", "2026-12-01"],
    "dispositifs": ["dispositifs"],
}


@pytest.mark.parametrize("nom", COMMANDES)
def test_aucun_nombre_n_est_coupe_a_80_colonnes(nom, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    vues = []
    monkeypatch.setattr(terminal, "parties", lambda table, largeur: vues.append(table) or parties(table, largeur))
    monkeypatch.setattr(
        note, "rediger", lambda *_: ""
    )  # written in a file, for each study by its own tests: no table of it is here
    fin = lancer(*(a.format(ici=tmp_path) for a in COMMANDES[nom]))
    assert fin.code == 0, fin.refus or fin.dit
    assert vues, "la commande montre des tableaux"
    lignes = fin.dit.splitlines()
    assert [x for x in lignes if len(x) > 80 and not x.startswith(("Écrit", "  /"))] == []
    for table in vues:
        for cellule in {c for ligne in table.lignes for c in ligne if c not in ("", "—")}:
            for mot in cellule.split(" "):
                if len(mot) <= 70 and any(x.isdigit() for x in mot):
                    assert any(mot in ligne for ligne in lignes), (table.titre, mot)


def test_un_tableau_trop_large_se_coupe_entre_ses_colonnes():
    """Twelve years of seven-figure amounts: 13 signs and 3 of rule each; a label of 24 leaves room for three beside it."""
    annees = tuple(str(a) for a in range(2027, 2039))
    table = Table(
        "Plan",
        ("Poste", *annees),
        (("Travaux et honoraires de toute l'opération", *["1\u202f234\u202f567\u00a0€"] * 12),),
    )
    trouvees = parties(table, 80)
    assert [r for rangs, _ in trouvees for r in rangs[1:]] == list(range(1, 13))
    assert all(rangs[0] == 0 and sum(t + 3 for t in tailles) + 1 <= 80 for rangs, tailles in trouvees)
    assert all(t >= len("1 234 567 €") for _, tailles in trouvees for t in tailles[1:])
    assert largeurs(table, range(13), 80) is None


def test_un_texte_se_plie_entre_les_mots_seulement():
    assert (
        plier("à trouver : 1\u202f234\u202f567\u00a0€ en 2029", 16)
        == "à trouver :\n1\u202f234\u202f567\u00a0€ en\n2029"
    )
    assert plier("  deux lignes", 8) == "  deux\n  lignes"
    assert plier("un mot :", 7) == "un\nmot :"
