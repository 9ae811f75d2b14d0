"""Variants of one site in several modes: the study that each overrides would make alone, sections taken from the one beside."""

from dataclasses import replace

import pytest

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude import variantes_voisines
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.variantes_voisines import VariantesVoisines
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees

SANS_VOISINE = {"titre_occupation.duree_mois": 120, "acteurs.commune": "Une ville"}


def _autre(dossier, **sections):
    etude = dossier.etude.model_copy(update=sections)
    return replace(dossier, etude=etude, variantes={BASE: etude})


@pytest.fixture
def lues(monkeypatch):
    """Names of the variants that were read from their overrides."""
    faites = []

    def suivi(dossier, nom, surcharges):
        faites.append(nom)
        return varier(dossier, nom, surcharges)

    monkeypatch.setattr(variantes_voisines, "varier", suivi)
    return faites


@pytest.mark.parametrize("nom", ["gare_saint_denis", "coque_la_courneuve"])
def test_chaque_mode_a_l_etude_que_son_montage_ferait_seul(nom, moteur, lues):
    dossier, voisines, essayes = ouvrir(dossier_donnees() / "etudes" / f"{nom}.yaml"), VariantesVoisines(), 0
    for mode in lire_passages():
        try:
            etude = varier(dossier, mode, surcharges_du_mode(dossier.etude, mode, moteur.catalogue))
        except ErreurDonnees:
            continue
        base = replace(dossier, etude=etude, variantes={BASE: etude})
        for cle, montage in lire_montages().montages.items():
            prepare = preparer(base, etude.foncier, cle, montage, varier=voisines.varier)
            seul = preparer(base, etude.foncier, cle, montage)
            assert prepare.etude == seul.etude, (mode, cle)
            assert prepare.raisons == seul.raisons, (mode, cle)
            essayes += seul.etude is not None
    assert essayes > 2 * len(lues)


@pytest.mark.parametrize(
    "autre", [lambda d: {"acteurs": d.etude.acteurs.model_copy(update={"gestionnaire": "Une autre"})}, lambda d: {}]
)
def test_une_section_touchee_qui_differe_se_relit(autre, dossier, lues):
    voisines, la = VariantesVoisines(), _autre(dossier, **autre(dossier))
    voisines.varier(dossier, "essai", SANS_VOISINE)
    assert voisines.varier(la, "essai", SANS_VOISINE) == varier(la, "essai", SANS_VOISINE)
    assert len(lues) == (2 if autre(dossier) else 1)


def test_d_autres_surcharges_se_relisent(dossier, lues):
    voisines, autres = VariantesVoisines(), SANS_VOISINE | {"titre_occupation.duree_mois": 240}
    voisines.varier(dossier, "essai", SANS_VOISINE)
    assert voisines.varier(dossier, "essai", autres).titre_occupation.duree_mois.valeur == 240
    assert len(lues) == 2


def test_ce_que_l_autre_etude_refuse_reste_refuse(dossier, lues):
    """An opening to prepare in a study that runs no place."""
    mois, euros = ({"valeur": v, "base": "essai"} for v in (3, 5000))
    demarrage = {"demarrage": {"direction_mois": mois, "recrutement": euros}}
    voisines, la = VariantesVoisines(), _autre(dossier, exploitation=None)
    voisines.varier(dossier, "essai", demarrage)
    with pytest.raises(ErreurDonnees) as refus:
        voisines.varier(la, "essai", demarrage)
    with pytest.raises(ErreurDonnees) as seul:
        varier(la, "essai", demarrage)
    assert str(refus.value) == str(seul.value)
    assert lues == ["essai"]


def test_un_pret_ecrit_en_court_se_relit(dossier, lues):
    """It is written in full from the other sections too, which another mode may say otherwise."""
    prets = [{"id": "p", "montant": {"valeur": 20_000, "base": "essai"}, "produit": "fa_pret_association"}]
    voisines = VariantesVoisines()
    for _ in range(2):
        assert voisines.varier(dossier, "essai", {"prets": prets}) == varier(dossier, "essai", {"prets": prets})
    assert len(lues) == 2
