"""Watch on the law: why a value is to be looked at again, and what a step of it weighs on a study."""

import re
import shutil
from datetime import date

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.veille import AVeiller, a_veiller
from pope_foncier.etude.effort import demande
from pope_foncier.etude.moteur import Moteur, moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.veille import NON_PESE, SANS_EFFET, peser_la_veille
from tests.conftest import DONNEES

JOUR = date(2026, 12, 1)
ETUDE = "epinay_villetaneuse"


@pytest.fixture(scope="module")
def veille():
    return pf.carnets.veille(JOUR, ETUDE)


def _motifs(jour):
    return {(a.valeur.chemin, m) for a in a_veiller(Catalogue(), jour) for m in a.motifs}


def test_chaque_raison_de_revoir_une_valeur():
    """Read in the files: psu ends with 2026; the Caf gives no share; sources were read in November 2026, so a year later is late."""
    lus = _motifs(JOUR)
    assert ("exploitation.psu.prix_plafond_max", "finit le 31 décembre 2026") in lus
    assert ("subventions.caf93.part_subvention", "case vide") in lus
    assert ("subventions.region_idf.taux", "à confirmer") in lus
    assert ("subventions.region_idf.taux", "début inconnu") in lus
    assert ("fiscalite.mutation.debours", "valeur non publiée") in lus
    assert not any(chemin == "exploitation.psu.part" for chemin, _ in lus), "official, open-ended, read this year"
    plus_tard = _motifs(date(2027, 12, 1))
    assert ("exploitation.psu.prix_plafond_max", "période close le 31 décembre 2026") in plus_tard
    assert any(chemin == "exploitation.psu.part" and m.startswith("source lue le") for chemin, m in plus_tard)


ESSAI = """\
titre: Essai
document: la page du jour
sources:
  page: {titre: Page, url: "https://exemple.fr", nature: guide, consulte_le: 2026-01-15}
baremes:
  taux:
    libelle: Taux
    unite: "%"
    valeurs:
      - {valeur: 0.1, depuis: 2020-01-01, jusqu_au: 2027-06-01, source: page, fiabilite: secondaire}
  vide:
    libelle: Vide
    unite: "%"
    valeurs:
      - {valeur: null, depuis: 2020-01-01, source: page, fiabilite: a_confirmer}
"""


@pytest.mark.parametrize(
    ("jour", "motif"),
    [
        (date(2026, 11, 30), ""),
        (date(2026, 12, 1), "finit le 1er juin 2027"),
        (date(2027, 1, 15), "finit le 1er juin 2027"),
        (date(2027, 1, 16), "finit le 1er juin 2027 ; source lue le 15 janvier 2026"),
        (date(2027, 6, 1), "finit le 1er juin 2027 ; source lue le 15 janvier 2026"),
        (date(2027, 6, 2), "période close le 1er juin 2027 ; source lue le 15 janvier 2026"),
    ],
)
def test_les_delais_de_la_veille_au_jour_pres(tmp_path, jour, motif):
    """Six months before the end of a period, twelve after the source was read: the delays of its sheet."""
    (tmp_path / "essai.yaml").write_text(ESSAI, encoding="utf-8")
    vide, *reste = a_veiller(Catalogue(tmp_path), jour)[::-1]
    assert (vide.motif, vide.document) == ("case vide", "la page du jour")
    assert [c.motif for c in reste] == ([motif] if motif else [])
    assert all(c.document.startswith("la page du jour (lu : Page, consulté le") for c in reste)


SUIVI = """\
  suivi:
    libelle: Suivi
    unite: "%"
    valeurs:
      - {valeur: 0.1, depuis: 2020-01-01, jusqu_au: 2026-12-31, source: page, fiabilite: a_confirmer}
      - {valeur: 0.2, depuis: 2027-01-01, source: page, fiabilite: secondaire}
"""


@pytest.mark.parametrize(("jour", "motifs"), [(date(2026, 12, 1), ["à confirmer"]), (date(2027, 1, 1), [])])
def test_la_valeur_en_vigueur_est_veillee_meme_si_la_suivante_est_publiee(tmp_path, jour, motifs):
    """Its end asks for nothing, since what follows is known; its doubt does."""
    (tmp_path / "essai.yaml").write_text(ESSAI + SUIVI, encoding="utf-8")
    lues = [a for a in a_veiller(Catalogue(tmp_path), jour) if a.valeur.chemin == "essai.suivi"]
    assert [a.motif for a in lues] == motifs


def test_une_case_vide_du_passe_n_est_plus_a_revoir():
    """The empty part of FME begins in 2024 and is open; a slot closed before the day is left to the studies of its time."""
    vides = [a.valeur for a in a_veiller(Catalogue(), JOUR) if a.valeur.valeur is None]
    derniers = {v.chemin: Catalogue().bareme(v.chemin).valeurs[-1] for v in vides}
    assert vides
    assert all(v.jusqu_au is None or v.jusqu_au >= JOUR or v == derniers[v.chemin] for v in vides)


def test_le_poids_est_ce_que_la_valeur_deplacee_change_vraiment(veille, tmp_path):
    """PSU ceiling of 2026 raised by a thousandth in a copy of the law, the study computed anew and closed; the step is 10.25 / 10.05 − 1."""
    lue = next(v for v in veille.toutes if v.chose.valeur.chemin == "exploitation.psu.prix_plafond_max")
    copie = tmp_path / "baremes"
    shutil.copytree(DONNEES / "baremes", copie)
    psu = copie / "exploitation" / "psu.yaml"
    texte, faits = re.subn(r"valeur: 10\.25,", "valeur: 10.26025,", psu.read_text("utf-8"))
    assert faits == 1
    psu.write_text(texte, "utf-8")

    def demandee(catalogue):
        dossier = pf.ouvrir(ETUDE).dossier_entier()
        ev = Resultat.calculer(dossier, Moteur(catalogue, moteur_du_projet().evolutions)).vue().bouclee.ev
        return float(np.ravel(demande(ev).valeur)[0])

    bouge = (demandee(Catalogue(copie)) - demandee(Catalogue())) / 0.001 * (10.25 / 10.05 - 1)
    assert bouge < 0, "a higher PSU asks less of the commune"
    assert lue.poids == pytest.approx(-bouge, rel=1e-3)
    assert lue.pas == "comme de 10,05\u00a0€/h à 10,25\u00a0€/h"


def _demandee(baremes):
    """What the plan of the study asks of others, on a copy of the law."""
    dossier = pf.ouvrir(ETUDE).dossier_entier()
    ev = Resultat.calculer(dossier, Moteur(Catalogue(baremes), moteur_du_projet().evolutions)).vue().bouclee.ev
    return float(np.ravel(demande(ev).valeur)[0])


def _un_dixieme_de_plus(tmp_path, chemin):
    """Copy of the law in which each number of a scale of one value is a tenth higher, written in its file."""
    copie = tmp_path / "baremes"
    shutil.copytree(DONNEES / "baremes", copie)
    *dossiers, fichier, nom = chemin.split(".")
    feuille = copie.joinpath(*dossiers, f"{fichier}.yaml")
    avant, debut, apres = feuille.read_text("utf-8").partition(f"\n  {nom}:\n")
    bloc, *suite = re.split(r"(?=\n  \w+:\n)", apres, maxsplit=1)
    bloc, faits = re.subn(r"(\w+: )(\d+\.?\d*)(?=[,}])", lambda m: f"{m[1]}{float(m[2]) * 1.1}", bloc)
    assert faits
    feuille.write_text("".join((avant, debut, bloc, *suite)), "utf-8")
    return copie


@pytest.mark.parametrize(
    ("chemin", "sens"),
    [
        ("indices.prix.hausse_annuelle", 1),
        ("exploitation.charges.smic_horaire", -1),
        ("exploitation.charges.allegement_amplitude", -1),
        ("exploitation.charges.cotisations_patronales", 1),
    ],
)
def test_ce_qui_n_a_pas_de_pente_a_un_poids(veille, tmp_path, chemin, sens):
    """Numbers that a pay is computed with, all together, or a rise multiplied with others: a wider relief costs less, higher contributions cost more."""
    bouge = _demandee(_un_dixieme_de_plus(tmp_path, chemin)) - _demandee(DONNEES / "baremes")
    assert bouge * sens > 100
    lue = next(v for v in veille.toutes if v.chose.valeur.chemin == chemin)
    assert lue.pas == "10\u00a0% en plus ou en moins"
    assert lue.poids == pytest.approx(abs(bouge), rel=1e-9)


def test_un_indice_pese_par_sa_derniere_valeur(veille):
    """Only the value to look at again is moved: all the values of an index moved together would change nothing."""
    bt01 = next(v for v in veille.toutes if v.chose.valeur.chemin == "indices.bt01.bt01")
    assert bt01.pas == "comme de 133,2\u00a0indice à 133,3\u00a0indice"
    assert bt01.poids > 1.0


def test_la_valeur_deplacee_est_une_seule_et_les_bornes_des_tranches_restent():
    salaires = Catalogue().bareme("exploitation.charges.taxe_salaires_tranches")
    bougees = salaires.fois(1, 2.0).valeurs
    assert (bougees[0], bougees[2]) == (salaires.valeurs[0], salaires.valeurs[2])
    lues = [(t.jusqu_a, t.taux) for t in bougees[1].valeur]
    assert lues == [(9147, pytest.approx(0.085)), (18_259, pytest.approx(0.17)), (None, pytest.approx(0.272))]


def test_un_nombre_de_personnes_se_deplace_d_une_personne(tmp_path):
    """One adult fewer asks less of the commune, in a copy of the law; a tenth of an adult would be nobody."""
    (chose,) = [AVeiller(v, ("essai",)) for v in Catalogue().bareme("referentiel.encadrement.adultes_min").valeurs]
    vue = Resultat.calculer(pf.ouvrir(ETUDE).dossier_entier(), moteur_du_projet()).vue()
    (lue,) = peser_la_veille([chose], [Catalogue().bareme(chose.valeur.chemin)], [vue])
    assert lue.pas == "un de plus ou de moins"
    copie = tmp_path / "baremes"
    shutil.copytree(DONNEES / "baremes", copie)
    feuille = copie / "referentiel" / "encadrement.yaml"
    avant = feuille.read_text("utf-8")
    apres = avant.replace(
        "{valeur: 2, depuis: 2021-09-01, source: csp_r2324_43_1",
        "{valeur: 3, depuis: 2021-09-01, source: csp_r2324_43_1",
    )
    assert apres != avant
    feuille.write_text(apres, "utf-8")
    assert lue.poids == pytest.approx(_demandee(copie) - _demandee(DONNEES / "baremes"), rel=1e-9)


def test_une_limite_que_la_hausse_ne_touche_pas_pese_par_la_baisse(monkeypatch):
    """A ceiling that is not reached: higher, it changes nothing; lower, it bites."""
    vue = Resultat.calculer(pf.ouvrir(ETUDE).dossier_entier(), moteur_du_projet()).vue()
    chemin = "exploitation.psu.taux_facturation_bas"
    monkeypatch.setattr(
        "pope_foncier.etude.veille._Lecture._ecart",
        lambda self, bareme: 0.0 if bareme.valeurs[-1].valeur > 1.07 else 50.0,
    )
    bareme = Catalogue().bareme(chemin)
    (lue,) = peser_la_veille([AVeiller(bareme.valeurs[-1], ("essai",))], [bareme], [vue])
    assert lue.poids == 50.0


def test_le_poids_est_celui_de_l_etude_ou_la_valeur_change_le_plus(veille):
    deux = pf.carnets.veille(JOUR, ETUDE, "coque_la_courneuve")
    seule = pf.carnets.veille(JOUR, "coque_la_courneuve")

    def poids(lue):
        return {v.chose.valeur.chemin: v.poids for v in lue.toutes if v.etude and not np.isnan(v.poids)}

    une, autre = poids(veille), poids(seule)
    assert poids(deux) == {c: max(une.get(c, 0.0), autre.get(c, 0.0)) for c in {*une, *autre}}


def test_la_plus_lourde_vient_d_abord_et_ce_qui_n_a_pas_de_poids_dit_pourquoi(veille):
    poids = [v.poids for v in veille.toutes if not np.isnan(v.poids)]
    assert poids == sorted(poids, reverse=True)
    assert min(poids) >= 1.0
    lues = [v for v in veille.toutes if v.etude]
    assert veille.toutes[: len(lues)] == lues, "those that no study reads come last"
    assert {v.sans_poids for v in lues if np.isnan(v.poids)} <= {NON_PESE, SANS_EFFET}
    vides = [v for v in lues if v.sans_poids == NON_PESE]
    assert vides
    assert all(v.chose.valeur.valeur is None for v in vides)


def test_la_table_dit_quoi_demander_et_combien_restent(veille):
    lues, tout = veille.lues(), veille.tout()
    assert len(tout.cellules) == len(veille.toutes) > len(lues.cellules)
    assert f"{len(tout.cellules) - len(lues.cellules)} autres" in lues.note
    rang = next(r for r in tout.lignes if r[-1] == "subventions.region_idf.taux")
    assert "à confirmer ; début inconnu" in rang
    assert any("à demander à la Région Île-de-France" in c and "consulté le 23 novembre 2026" in c for c in rang)
