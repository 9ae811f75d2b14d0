"""When a value begins and how sure it is: a day of reading is no start, and only an official text read where it is published is official."""

import re
from datetime import date
from urllib.parse import urlparse

import pytest

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.modele import FicheBareme
from pope_foncier.modele.contexte import origine_bareme
from pope_foncier.socle.fiches import ErreurDonnees, lire_fiche
from pope_foncier.socle.temps import date_en_clair

CATALOGUE = Catalogue()
TOUTES = [v for chemin in CATALOGUE.chemins() for v in CATALOGUE.bareme(chemin).valeurs]

PREMIERE_LECTURE = date(2026, 11, 1)
"""Every source was read after it: no rule that the files quote began in those days."""
ANNONCES = {"exploitation.charges.alisfa_socle", "exploitation.familles.plancher_ressources"}
"""Scales published before they begin: wages of the agreement, lowest resources of the families."""
DATES_DU_JOUR_DE_LECTURE: dict[str, str] = {}
"""Scales whose text is dated of the very day on which it was read, each with its reason: none today."""

HOTES_OFFICIELS = (
    "gouv.fr",
    "caf.fr",
    "caf42.fr",
    "caf45-partenaires.fr",
    "monenfant.fr",
    "alisfa.fr",
    "insee.fr",
    "iledefrance.fr",
    "banquedesterritoires.fr",
    "caissedesdepots.fr",
    "securite-sociale.fr",
    "senat.fr",
    "urssaf.fr",
    "service-public.fr",
)
"""Who publishes a rule itself: State, family branch, Insee, Region, public bank, houses of Parliament, parties to the agreement."""


def test_un_jour_de_lecture_n_est_pas_un_debut():
    """Eighty-six values did: none begins on the day of its source, nor in the days of the readings."""
    connues = [v for v in TOUTES if v.au_plus_tard is None and v.chemin not in DATES_DU_JOUR_DE_LECTURE]
    assert [v.chemin for v in connues if v.depuis == v.source.consulte_le] == []
    assert {v.chemin for v in connues if v.depuis >= PREMIERE_LECTURE} <= ANNONCES


def test_officiel_ne_se_dit_que_d_un_texte_lu_chez_qui_le_publie():
    """No mirror, repository, test site nor page without address: the words « lu sur » name a copy."""

    def officielle(source):
        hote = urlparse(source.url or "").hostname or ""
        return any(hote == h or hote.endswith(f".{h}") for h in HOTES_OFFICIELS) and "lu sur" not in source.titre

    assert {(v.chemin, v.source.url) for v in TOUTES if v.fiabilite == "officiel" and not officielle(v.source)} == set()


def test_officiel_ne_se_dit_pas_d_une_valeur_dont_la_note_en_doute():
    """Three did: their note said that the text had been read in a copy, its version to confirm."""
    doutes = re.compile(r"copie|version à confirmer|supposé|traduction|de mémoire|texte non (?:vu|lu)")
    assert [v.chemin for v in TOUTES if v.fiabilite == "officiel" and doutes.search(v.note or "")] == []


def test_une_valeur_ne_commence_pas_avant_le_texte_que_sa_note_cite():
    """The articles PE of the fire rules are of 22 June 1990; twelve values of theirs began ten years before."""
    seuls = re.compile(r"\barticles? PE [^;]*")
    cites = [v for v in TOUTES if seuls.search(v.note or "") and not re.search(r"\b(?:CO|GN|R) \d", v.note or "")]
    assert cites
    assert [v.chemin for v in cites if v.depuis < date(1990, 6, 22)] == []


def test_une_valeur_de_debut_inconnu_vaut_avant_d_avoir_ete_vue_et_le_dit():
    """The Region's page was read on 23 November 2026: a request of 15 October 2026 is not refused, and says what it supposes."""
    chemin, jour = "subventions.region_idf.taux", date(2026, 10, 15)
    lue = CATALOGUE.a_la_date(chemin, jour)
    assert lue.valeur == 0.5
    assert lue.periode_en_clair() == "en vigueur au plus tard le 23 novembre 2026, début inconnu"
    assert lue.fiabilite_du_debut == "a_confirmer"
    origine = origine_bareme(lue, lue.admise(jour))
    assert origine.fiabilite == "hypothese"
    assert origine.mention.endswith("admise dès le 3 juillet 2018 par hypothèse")
    assert lue.admise(date(2026, 11, 23)) == "", "seen in force on that day: nothing is supposed"


@pytest.mark.parametrize(
    ("chemin", "jour", "valeur"),
    [
        # Published: 4.5 % in all departments but four in 2018 (answer 14569, National Assembly), 5 % from April 2025.
        ("fiscalite.mutation.dmto_departement", date(2019, 6, 1), 0.045),
        ("fiscalite.mutation.dmto_departement", date(2025, 3, 31), 0.045),
        ("fiscalite.mutation.dmto_departement", date(2025, 4, 1), 0.05),
        ("fiscalite.mutation.dmto_commune", date(2019, 6, 1), 0.012),
        ("fiscalite.amenagement.taux_departement_max", date(2015, 6, 1), 0.025),
        ("fiscalite.tva.taux_normal", date(2013, 12, 31), 0.196),
        ("fiscalite.tva.taux_normal", date(2014, 1, 1), 0.2),
        ("subventions.fme.enveloppe_nationale", date(2023, 6, 1), 242.6),
        ("subventions.piaje.base_par_place", date(2025, 12, 1), 8000),
        ("subventions.piaje.plafond_par_place", date(2023, 6, 1), 22_500),
    ],
)
def test_valeur_avant_et_apres_un_vrai_debut(chemin, jour, valeur):
    assert CATALOGUE.a_la_date(chemin, jour).valeur == valeur


def test_le_socle_du_piaje_ne_commence_pas_par_convention():
    socle = CATALOGUE.a_la_date("subventions.piaje.base_par_place", date(2026, 12, 1))
    assert (socle.valeur, socle.fiabilite_en_clair) == (8000, "officiel, début à confirmer")
    assert "31 août 2026, début inconnu, jusqu'au 31 décembre 2027" in socle.mention
    assert CATALOGUE.a_la_date("fiscalite.tva.taux_normal", date(2026, 12, 1)).fiabilite_en_clair == "officiel"


FIN = "    source: s\n    fiabilite: officiel\n"


def _bareme(tmp_path, *valeurs):
    fichier = tmp_path / "essai.yaml"
    rangs = "".join(
        f"  - valeur: {k}\n{''.join(f'    {c}: {j}{chr(10)}' for c, j in v.items())}{FIN}"
        for k, v in enumerate(valeurs)
    )
    fichier.write_text(f"libelle: Essai\nunite: €\nvaleurs:\n{rangs}", encoding="utf-8")
    return lire_fiche(FicheBareme, fichier)


def test_sans_debut_une_valeur_suit_la_precedente_sinon_commence_avec_son_annee(tmp_path):
    fiche = _bareme(
        tmp_path,
        {"au_plus_tard": date(2020, 5, 6), "jusqu_au": date(2022, 3, 31)},
        {"au_plus_tard": date(2024, 2, 1), "jusqu_au": date(2024, 12, 31)},
        {"depuis": date(2025, 6, 1), "au_plus_tard": date(2026, 2, 1)},
    )
    assert fiche.debuts() == (date(2020, 1, 1), date(2022, 4, 1), date(2025, 6, 1))


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({}, "ne dit pas quand elle commence"),
        ({"depuis": date(2026, 2, 1), "au_plus_tard": date(2026, 1, 1)}, "vient avant « depuis »"),
        ({"au_plus_tard": date(2026, 2, 1), "jusqu_au": date(2026, 1, 1)}, "finit avant de commencer"),
    ],
)
def test_une_periode_qui_se_contredit_est_refusee(tmp_path, champs, dit):
    with pytest.raises(ErreurDonnees, match=dit):
        _bareme(tmp_path, champs)


def test_deux_periodes_ne_partagent_aucun_jour_et_une_table_a_ses_bornes(tmp_path):
    with pytest.raises(ErreurDonnees, match="se chevauchent à partir du 1er juin 2021"):
        _bareme(tmp_path, {"depuis": date(2020, 1, 1), "jusqu_au": date(2021, 6, 1)}, {"depuis": date(2021, 6, 1)})
    fichier = tmp_path / "table.yaml"
    valeur = "{table: {a: 0.2, b: 2}, depuis: 2020-01-01, source: s, fiabilite: secondaire}"
    fichier.write_text(f'libelle: Essai\nunite: "%"\nvaleurs:\n  - {valeur}\n', encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="2 sort des bornes"):
        lire_fiche(FicheBareme, fichier)


def test_une_case_vide_dit_quand_elle_a_ete_constatee():
    vide = CATALOGUE.a_la_date("subventions.caf93.part_subvention", date(2026, 12, 1))
    assert vide.periode_en_clair() == f"constatée le {date_en_clair(vide.source.consulte_le)}"
