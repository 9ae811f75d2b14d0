"""Monthly cash of a party: the file read again is the ledger to the cent, in both formats; unknown parties, amounts, scenarios."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.vues.etude import flux
from pope_foncier.vues.formes.cadre import en_csv
from tests.cli.commandes import lancer
from tests.conftest import GELEES

COQUE, GARE = (GELEES / f"{n}.yaml" for n in ("coque_la_courneuve", "gare_saint_denis"))
LECTURES = {False: {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"}, True: {}}


@pytest.fixture(scope="module")
def ev(moteur):
    return moteur.evaluer(ouvrir(COQUE), ["base"])[0]


def relire(texte, point):
    return pd.read_csv(io.BytesIO(texte.encode("utf-8")), **LECTURES[point])


@pytest.mark.parametrize("point", [False, True], ids=["français", "point"])
def test_le_fichier_relu_est_le_livre_au_centime_pour_chaque_acteur(ev, point):
    """Flows of the ledger summed here by label and other party; cash by adding them month after month."""
    total = np.zeros(360)
    for acteur in ev.livre.acteurs():
        cadre = relire(en_csv(flux.tresorerie(ev, acteur), point), point)
        assert len(cadre) == 360
        assert cadre["date"].iloc[0] == "2027-01-01"
        assert cadre["date"].iloc[-1] == "2056-12-01"
        assert cadre["mois"].tolist() == [*range(360)]
        lignes = [x for x in ev.livre.lignes.values() if x.est_flux and acteur in (x.payeur, x.receveur)]
        attendus = {}
        for x in lignes:
            recu = x.receveur == acteur
            nom = f"{x.libelle} ({f'reçu de {x.payeur}' if recu else f'payé à {x.receveur}'})"
            valeur = np.broadcast_to(x.grandeur.valeur, (1, 360))[0] * (1 if recu else -1)
            attendus[nom] = attendus.get(nom, 0.0) + valeur
        nuls = {n for n, v in attendus.items() if not np.any(v)}
        assert set(cadre.columns[3:-1]) == set(attendus) - nuls
        for nom in set(attendus) - nuls:
            assert cadre[nom].to_numpy() == pytest.approx(attendus[nom], abs=0.005), nom
        caisse = np.cumsum(sum(attendus.values()))
        assert cadre[flux.FIN].to_numpy() == pytest.approx(caisse, abs=0.005)
        assert cadre[flux.DEBUT].to_numpy() == pytest.approx([0, *caisse[:-1]], abs=0.005)
        mouvements = cadre[list(cadre.columns[3:-1])].sum(axis=1)
        assert (cadre[flux.DEBUT] + mouvements).to_numpy() == pytest.approx(cadre[flux.FIN].to_numpy(), abs=0.005)
        total += cadre[flux.FIN].to_numpy()
    assert np.abs(total).max() < 0.005, "ce qu'un acteur paie, un autre le reçoit"


def test_par_defaut_le_maitre_d_ouvrage_et_sa_tresorerie(ev):
    cadre = flux.tresorerie(ev)
    cumul = ev.livre["tresorerie.cumul.Association gestionnaire"].valeur
    assert cadre[flux.FIN].to_numpy() == pytest.approx(cumul[0], abs=0.005)


def test_un_acteur_inconnu_propose_les_noms_proches(ev):
    with pytest.raises(ErreurCalcul, match=r"« Ville de la Courneve »\. Peut-être : Ville de La Courneuve"):
        flux.tresorerie(ev, "Ville de la Courneve")
    with pytest.raises(ErreurCalcul, match="Connus : Association gestionnaire"):
        flux.tresorerie(ev, "zzz")


def test_un_montant_inconnu_reste_vide_et_jamais_zero(moteur):
    dossier = ouvrir(COQUE)
    inconnu = {"a_obtenir_de": "la banque"}
    etude = varier(dossier, "inconnu", {"prets[banque].taux": inconnu})
    (ev,) = moteur.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))
    cadre = relire(en_csv(flux.tresorerie(ev)), False)
    interets = next(c for c in cadre.columns if c.startswith("Intérêts : Prêt bancaire"))
    vides = cadre[interets].isna().to_numpy()
    assert vides.any()
    premier = int(vides.argmax())
    assert cadre[flux.FIN].iloc[:premier].notna().all()
    assert cadre[flux.FIN].iloc[premier:].isna().all()


def test_un_libelle_ne_devient_pas_une_formule(moteur):
    dossier = ouvrir(COQUE)
    etude = varier(dossier, "formule", {"acteurs.gestionnaire": "=1+1", "prets[banque].libelle": "Prêt"})
    (ev,) = moteur.evaluer(replace(dossier, etude=etude, variantes={BASE: etude}))
    ligne = next(x for x in ev.livre.lignes.values() if x.code == "emprunts.banque.deblocage")
    renomme = replace(ligne, grandeur=ligne.grandeur.nommer("=SOMME(A1)"))
    ev.livre.lignes["emprunts.banque.deblocage"] = renomme
    cadre = relire(en_csv(flux.tresorerie(ev)), False)
    assert [c for c in cadre.columns if "SOMME" in c] == ["'=SOMME(A1) (reçu de Banque (à choisir))"]


def test_la_commande_ecrit_et_refuse(tmp_path):
    sortie = tmp_path / "t.csv"
    fait = lancer("tresorerie", str(GARE), "--acteur", "Ville de Saint-Denis", "--sortie", str(sortie))
    assert fait.returncode == 0, fait.stderr
    assert "360 mois" in fait.stdout
    assert "Plan tel quel : il manque" in fait.stderr
    cadre = pd.read_csv(sortie, **LECTURES[False])
    assert cadre[flux.FIN].iloc[-1] < 0
    ecran = lancer(
        "tresorerie", str(GARE), "--acteur", "Ville de Saint-Denis", "--point", "--scenario", "travaux_hauts"
    )
    assert ecran.returncode == 0, ecran.stderr
    autre = pd.read_csv(io.StringIO(ecran.stdout))
    assert autre[flux.FIN].iloc[-1] < cadre[flux.FIN].iloc[-1], "des travaux plus chers coûtent plus à la commune"
    boucle = lancer("tresorerie", str(GARE), "--boucle", "--point")
    assert boucle.returncode == 0, boucle.stderr
    assert "il manque" not in boucle.stderr
    colonnes = pd.read_csv(io.StringIO(boucle.stdout)).columns
    assert any("(reçu de À trouver)" in c for c in colonnes)
    for arguments, message in (
        (("--acteur", "Ville de Saint Deni"), "Peut-être : Ville de Saint-Denis"),
        (("--scenario", "travaux_haut"), "Scénario inconnu : « travaux_haut ». Peut-être : travaux_hauts"),
    ):
        refus = lancer("tresorerie", str(GARE), *arguments)
        assert refus.returncode == 2
        assert message in refus.stderr
        assert "Traceback" not in refus.stderr
