"""Portfolio, draws: each draw is the scenario that its values write, for cash, reserve, trials, jobs and balance sheet."""

from dataclasses import fields, replace

import numpy as np
import pytest

from pope_foncier.decision.portefeuille import Lieu, Tirages, eprouver, preparer_lieux, reunir
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.vues.decision.portefeuille import tableaux as tableaux_portefeuille
from tests.decision.portefeuille_rond import fiche, ligne, poste
from tests.rondes import d, micro_ronde

COMMUNS = {"travaux.cout_m2_ht": np.array([1_500.0, 1_900.0, 2_400.0])}
PROPRES = {
    "a": {"delais.travaux_mois": np.array([12.0, 15.0, 9.0]), "aides[aide].coefficient": np.array([1.0, 0.0, 1.0])},
    "b": {"aides[aide].delai_versement_mois": np.array([6.0, 18.0, 0.0])},
}
TIRAGES = Tirages(COMMUNS, PROPRES)


@pytest.fixture(scope="module")
def micro(coque):
    return micro_ronde(coque)


def _fiche(montage):
    gestion = poste(0.3, "gestion", a=0.2, b=0.2)
    partages = [gestion, poste(a=0.5, b=0.5)] if montage == "scic_achat" else [gestion]
    lieux = [ligne("a", 0, "a", montage), ligne("b", 7, "b", montage)]
    return fiche(
        *lieux,
        capital=d(1_000_000),
        postes_partages=partages,
        rendement_capital=d(0.01),
        economie_des_postes="communes",
    )


def _ecrire(micro, lieu, rang):
    """The study of one site with the values of one draw written in it."""
    valeurs = {c: float(v[rang]) for c, v in (COMMUNS | PROPRES[lieu]).items()}
    entiers = {c: round(v) if c.endswith("_mois") else v for c, v in valeurs.items()}
    etude = varier(micro, "tirage", entiers)
    return replace(micro, etude=etude, variantes={BASE: etude})


@pytest.mark.parametrize("montage", ["scic_achat", "sci_loue"])
def test_un_tirage_est_le_scenario_ecrit_au_centime(micro, moteur, montage):
    sheet, base = _fiche(montage), {"a": micro, "b": micro}
    tous = reunir(sheet, preparer_lieux(sheet, dossiers=base), moteur, {"b": 4}, TIRAGES)
    bilan = tous.bilan()
    epreuves = eprouver(sheet, moteur, dossiers=base, tirages=TIRAGES)
    assert tous.caisse.shape == (3, tous.duree)
    assert len(set(tous.lieux[0].ouverture.ravel())) == 3
    for rang in range(3):
        ecrits = {n: _ecrire(micro, n, rang) for n in ("a", "b")}
        seul = reunir(sheet, preparer_lieux(sheet, dossiers=ecrits), moteur, {"b": 4})
        for nom in ("caisse", "reserve", "distribue", "partages"):
            assert _ligne(getattr(tous, nom), rang) == pytest.approx(getattr(seul, nom)[0], abs=0.005), nom
        for un, autre in zip(tous.lieux, seul.lieux, strict=True):
            for champ in (f.name for f in fields(Lieu)):
                if isinstance(getattr(un, champ), np.ndarray):
                    assert _ligne(getattr(un, champ), rang) == pytest.approx(getattr(autre, champ)[0], abs=0.005), champ
        for cote, attendu in ((bilan.actif, seul.bilan().actif), (bilan.passif, seul.bilan().passif)):
            for nom, valeur in cote.items():
                assert _ligne(valeur, rang) == pytest.approx(attendu[nom][0], abs=0.005), nom
        for une, autre in zip(epreuves, eprouver(sheet, moteur, dossiers=ecrits), strict=True):
            assert une.reserve[rang] == autre.reserve[0]
            for lire in (
                lambda e: e.commun.montant,
                lambda e: e.commun.mois,
                lambda e: e.seul.montant,
                lambda e: e.mois_sous_reserve,
                lambda e: e.mois_negatifs,
                lambda e: e.appel,
                lambda e: e.hausse,
                lambda e: e.hausse_an,
            ):
                assert lire(une)[rang] == pytest.approx(lire(autre)[0], abs=1e-6, nan_ok=True)


def _ligne(valeur, rang):
    """Row of a draw; a quantity that no draw moves has one row for all."""
    return np.broadcast_to(valeur, (3, valeur.shape[-1]))[rang]


def test_les_blocs_disent_la_meme_chose_que_l_ensemble(micro, moteur):
    sheet = _fiche("scic_achat")
    prets = preparer_lieux(sheet, dossiers={"a": micro, "b": micro})
    tous = reunir(sheet, prets, moteur, tirages=TIRAGES).caisse
    morceaux = [reunir(sheet, prets, moteur, tirages=bloc).caisse for bloc in TIRAGES.blocs(2)]
    assert [len(m) for m in morceaux] == [2, 1]
    assert np.concatenate(morceaux) == pytest.approx(tous, abs=1e-6)


def test_un_salaire_tire_bouge_aussi_les_postes_partages(micro, moteur):
    """One point more a year on wages: the shared management costs 1.028 ÷ 1.018 more after a year."""
    sheet = _fiche("sci_loue")
    prets = preparer_lieux(sheet, dossiers={"a": micro, "b": micro})
    (gestion,) = reunir(sheet, prets, moteur, tirages=Tirages({"evolution.salaires": np.array([0.0, 0.01])})).postes
    assert gestion.cout[1, 0] / gestion.cout[0, 0] == pytest.approx(1.028 / 1.018)
    assert gestion.commun.shape == (2, gestion.cout.shape[-1])


def test_la_loi_se_verifie_a_chaque_tirage(coque, moteur):
    """A site of more than 24 places in the second draw only: no common direction."""
    lieux = [ligne("a", etude="coque"), ligne("b", etude="coque")]
    sheet = fiche(*lieux, postes_partages=[poste(0.75, a=0.5, b=0.5)])
    prets = preparer_lieux(sheet, dossiers={"coque": coque})
    surfaces = np.array([250.0, 420.0])
    (direction,) = reunir(sheet, prets, moteur, tirages=Tirages({"programme.surface_m2": surfaces[:1]})).postes
    assert direction.minimum == 0.75
    with pytest.raises(ErreurDonnees, match="places dans un seul lieu, 24 au plus"):
        reunir(sheet, prets, moteur, tirages=Tirages({}, {"a": {"programme.surface_m2": surfaces}}))


def test_des_tirages_qui_ne_vont_pas_ensemble_sont_refuses(micro, moteur):
    with pytest.raises(ErreurCalcul, match="longueurs différentes : \\[1, 2\\]"):
        Tirages({"a": np.zeros(2)}, {"x": {"b": np.zeros(1)}})
    with pytest.raises(ErreurCalcul, match="le même pour tous les lieux : evolution.prix"):
        Tirages({}, {"a": {"evolution.prix": np.zeros(2)}})
    sheet = _fiche("sci_loue")
    prets = preparer_lieux(sheet, dossiers={"a": micro, "b": micro})
    with pytest.raises(ErreurCalcul, match="absents du portefeuille : ailleurs"):
        reunir(sheet, prets, moteur, tirages=Tirages({}, {"ailleurs": {"travaux.cout_m2_ht": np.zeros(2)}}))
    with pytest.raises(ErreurCalcul, match="des champs que l'étude n'a pas : « travaux.couleur »"):
        reunir(sheet, prets, moteur, tirages=Tirages({"travaux.couleur": np.zeros(2)}))


def test_un_tableau_ne_melange_pas_les_tirages(micro, moteur):
    sheet = _fiche("sci_loue")
    prets = preparer_lieux(sheet, dossiers={"a": micro, "b": micro})
    with pytest.raises(ErreurCalcul, match="un seul scénario, 3 tirages reçus"):
        tableaux_portefeuille.bilan(reunir(sheet, prets, moteur, tirages=TIRAGES))
