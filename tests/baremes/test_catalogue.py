"""Catalogue: lookups by path and date, errors in words, brackets, what to check again."""

import os
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pope_foncier.baremes.catalogue import Catalogue, appliquer_tranches, exiger
from pope_foncier.baremes.modele import FicheValeur, Tranche
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.socle import fiches
from pope_foncier.socle.erreurs import ErreurBareme, ErreurDonnees
from pope_foncier.socle.lecture import AuRepos
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.vues.baremes.tableaux import table_versements
from tests.conftest import DONNEES

CATALOGUE = Catalogue()

# Published values, read in the sources named in each file, not in our own results.
DATES = [
    ("subventions.piaje.plafond_par_place", date(2019, 6, 1), 17_000),
    ("subventions.piaje.plafond_par_place", date(2022, 6, 1), 22_500),
    ("subventions.piaje.plafond_par_place", date(2024, 6, 1), 26_000),
    ("subventions.piaje.plafond_par_place", date(2026, 6, 1), 26_000),
    ("subventions.piaje.engagement_ans", date(2022, 6, 1), 10),
    ("subventions.piaje.engagement_ans", date(2026, 6, 1), 15),
    ("taux.livret_a.taux", date(2026, 7, 31), 0.015),
    ("taux.livret_a.taux", date(2026, 8, 1), 0.017),
    ("taux.livret_a.taux", date(2023, 6, 1), 0.03),
    ("exploitation.psu.prix_plafond_max", date(2024, 6, 1), 10.05),
    ("exploitation.psu.prix_plafond_max", date(2026, 6, 1), 10.25),
    ("exploitation.psu.part", date(2026, 6, 1), 0.66),
    ("exploitation.familles.plafond_ressources", date(2025, 8, 31), 7_000),
    ("exploitation.familles.plafond_ressources", date(2025, 9, 1), 8_500),
    ("fiscalite.tcb.bureaux_zone2", date(2026, 6, 1), 105.78),
    ("indices.bt01.bt01", date(2025, 11, 15), 133.3),
    ("referentiel.locaux.surface_par_place_dense", date(2026, 6, 1), 5.5),
]


@pytest.mark.parametrize(("chemin", "jour", "attendu"), DATES)
def test_valeur_a_la_date(chemin, jour, attendu):
    assert exiger(CATALOGUE.a_la_date(chemin, jour)).valeur == pytest.approx(attendu)


def test_la_direction_de_micro_creche_change_le_1er_septembre_2026():
    chemin = "referentiel.encadrement.etp_direction"
    assert CATALOGUE.a_la_date(chemin, date(2026, 8, 31)).valeur["micro_creche"] == 0.2
    assert CATALOGUE.a_la_date(chemin, date(2026, 9, 1)).valeur["micro_creche"] == 0.5


def test_chemin_inconnu_propose_les_plus_proches():
    with pytest.raises(ErreurBareme, match=r"Peut-être : subventions\.piaje\.base_par_place"):
        CATALOGUE.bareme("subventions.piaje.base_par_plase")
    with pytest.raises(ErreurBareme, match="pope-foncier baremes"):
        CATALOGUE.bareme("xyzzy")


def test_date_hors_periode_montre_les_periodes_et_la_prolongation():
    with pytest.raises(ErreurBareme) as erreur:
        CATALOGUE.a_la_date("exploitation.psu.prix_plafond_max", date(2029, 1, 1))
    texte = str(erreur.value)
    for morceau in (
        "exploitation.psu.prix_plafond_max",
        "1er janvier 2029",
        "du 1er janvier 2026 au 31 décembre 2026",
        "prolonger",
    ):
        assert morceau in texte
    with pytest.raises(ErreurBareme, match="aucune valeur connue le 1er janvier 2015"):
        CATALOGUE.a_la_date("subventions.piaje.base_par_place", date(2015, 1, 1))


def test_la_derniere_valeur_vaut_des_son_premier_jour_et_apres_sa_fin():
    """Livret A: 1.5 % from February 2026 and 1.7 % from August; after the last known day, the last value."""
    for jour, taux in ((date(2026, 7, 31), 0.015), (date(2026, 8, 1), 0.017), (date(2030, 1, 1), 0.017)):
        assert CATALOGUE.derniere("taux.livret_a.taux", jour).valeur == taux
    with pytest.raises(ErreurBareme, match="aucune valeur connue"):
        CATALOGUE.derniere("taux.livret_a.taux", date(2000, 1, 1))


def test_un_autre_bareme_a_la_place_laisse_le_premier_catalogue_tel_quel():
    bareme = CATALOGUE.bareme("exploitation.psu.part")
    autre = CATALOGUE.avec(bareme.fois(0, 0.5))
    assert autre.a_la_date("exploitation.psu.part", date(2026, 1, 1)).valeur == pytest.approx(0.33)
    assert CATALOGUE.a_la_date("exploitation.psu.part", date(2026, 1, 1)).valeur == 0.66
    assert autre.a_la_date("exploitation.psu.prix_plafond_max", date(2026, 1, 1)).valeur == 10.25
    assert "exploitation.psu.part" in autre.chemins()


def test_un_dispositif_local_n_existe_que_dans_son_departement():
    registre = {d.id: d for d in lire_registre().dispositifs}
    assert registre["caf93"].existe_a("93066")
    assert not registre["caf93"].existe_a("75101")
    assert registre["dpv"].existe_a("13055")


def test_case_vide_nomme_le_document_a_demander():
    vide = CATALOGUE.a_la_date("subventions.caf93.part_subvention", date(2026, 12, 1))
    with pytest.raises(ErreurBareme, match="case vide.*Document à demander"):
        exiger(vide)


def test_bareme_du_notaire_par_tranches():
    """200 000 € give 1 995.25 € excluding VAT: Service-Public's worked value."""
    tranches = CATALOGUE.a_la_date("fiscalite.mutation.notaire_vente", date(2026, 6, 1)).valeur
    assert appliquer_tranches(tranches, np.array([200_000.0]))[0] == pytest.approx(1995.25, abs=0.005)


@given(st.lists(st.floats(0, 5e6), min_size=1, max_size=8))
def test_les_tranches_sont_croissantes_et_vectorielles(assiettes):
    tranches = (Tranche(jusqu_a=6500, taux=0.04), Tranche(jusqu_a=60_000, taux=0.01), Tranche(taux=0.005))
    montants = appliquer_tranches(tranches, np.array(sorted(assiettes)))
    assert np.all(np.diff(montants) >= -1e-9)
    assert montants.tolist() == [appliquer_tranches(tranches, np.array([a]))[0] for a in sorted(assiettes)]


def test_tous_les_baremes_se_lisent_et_portent_une_source():
    chemins = CATALOGUE.chemins()
    assert len(chemins) >= 100
    for chemin in chemins:
        bareme = CATALOGUE.bareme(chemin)
        assert bareme.libelle
        for valeur in bareme.valeurs:
            assert valeur.source.titre
            assert valeur.source.url or valeur.source.nature in ("estimation", "guide")


def test_le_registre_des_dispositifs_suit_les_fichiers_de_regles():
    """Each scheme with a rule is in the register as modelled or in part, and the other way round."""
    registre = {d.id: d.etat for d in lire_registre().dispositifs}
    regles = {
        f.stem for f in (DONNEES / "baremes" / "subventions").glob("*.yaml") if "\ndispositif:" in f.read_text("utf-8")
    }
    assert len(registre) == len(lire_registre().dispositifs)
    assert regles <= set(registre)
    for nom in regles:
        assert registre[nom] in ("modelise", "partiel")
        assert CATALOGUE.fichier(f"subventions.{nom}").dispositif is not None
    for nom, etat in registre.items():
        if nom == "fctva":
            continue  # a VAT rate, not a grant: kept among the stacking rules
        assert (nom in regles) == (etat in ("modelise", "partiel")), nom


def test_qui_peut_demander_une_aide_et_quand_elle_est_versee_se_lisent():
    """Piaje and Dpv as their files say: who the published rule names, who it leaves open, and how sure the schedule is."""
    lignes = {ligne[0]: ligne[1:] for ligne in table_versements(Catalogue()).lignes}
    assert lignes["piaje"] == (
        "association, collectivité, entreprise, bailleur social",
        "SCI, Scic",
        "100\u00a0% sur les comptes définitifs, 6\u00a0mois plus tard",
        "estimation",
    )
    assert lignes["dpv"][:2] == ("collectivité", "—")
    assert "caf93_pala" not in lignes, "known, but without a rule"


def test_un_fichier_au_repos_se_lit_une_fois_et_se_relit_des_qu_il_change(tmp_path, monkeypatch):
    """Another catalogue does not read the same file again; one just written, or changed behind the same date and size, is read."""
    lus = []
    monkeypatch.setattr(fiches, "charger_yaml", lambda f: lus.append(f.name) or charger_yaml(f))
    dossier = tmp_path / "taux"
    dossier.mkdir()
    fichier = dossier / "livret_a.yaml"
    fichier.write_text((DONNEES / "baremes" / "taux" / "livret_a.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    def taux():
        return Catalogue(tmp_path).a_la_date("taux.livret_a.taux", date(2026, 8, 1)).valeur

    assert [taux(), taux()] == [0.017, 0.017]
    assert len(lus) == 2, "à peine écrit : lu à chaque fois"
    monkeypatch.setattr(AuRepos, "REPOS_S", -1.0)
    assert [taux(), taux(), taux()] == [0.017] * 3
    assert len(lus) == 3
    etat = fichier.stat()
    texte = fichier.read_text(encoding="utf-8")
    fichier.write_text(texte.replace("0.017", "0.019"), encoding="utf-8")
    os.utime(fichier, ns=(etat.st_atime_ns, etat.st_mtime_ns))
    assert (fichier.stat().st_size, fichier.stat().st_mtime_ns) == (etat.st_size, etat.st_mtime_ns)
    assert taux() == 0.019


def test_un_bareme_par_tranches_en_a_une():
    brut = {"tranches": [], "depuis": "2026-01-01", "source": "essai", "fiabilite": "hypothese"}
    with pytest.raises(ErreurDonnees, match=r"(?s)tranches.*liste trop courte : 0 élément"):
        fiches.valider(FicheValeur, brut, "essai.yaml")
