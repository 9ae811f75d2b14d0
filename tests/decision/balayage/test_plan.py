"""Plan of a sweep: what it counts, and its faults, all at once, each where it lies."""

import openpyxl
import pytest

from pope_foncier.decision.balayage.morceaux import PlanDeBalayage
from pope_foncier.decision.balayage.plan import lire_plan
from pope_foncier.socle.erreurs import ErreurDonnees
from tests.decision.balayage.plans import TABLE, ecrire_plan, plan


def fautes(dossier, table=TABLE, **champs):
    with pytest.raises(ErreurDonnees) as refus:
        lire_plan(ecrire_plan(dossier, table, **champs))
    return {
        (p.ligne if p.fichier.endswith(".csv") else 0, p.champ): f"{p.message} {p.remede}"
        for p in refus.value.problemes
    }


def test_les_fautes_du_plan_viennent_ensemble(tmp_path):
    seuils = [{"nom": "s", "chiffre": "places", "sous": 1}]
    lues = fautes(
        tmp_path,
        modes=["micro_creche_psu", "creche_parental"],
        montages=["achat_asociation"],
        bouclages=["comune", "etude"],
        critere={"mesure": "beaute", "sens": "plus_haut"},
        tirages={"nombre": 10, "chiffres": ["a_trouver", "contribution_par_plac"], "seuils": seuils},
    )
    assert "peut-être : creche_parentale" in lues[0, "modes.1"]
    assert "peut-être : achat_association" in lues[0, "montages.0"]
    assert "peut-être : commune" in lues[0, "bouclages.0"]
    assert "avec_le_reste" in lues[0, "critere.mesure"]
    assert "contribution_par_place" in lues[0, "tirages.chiffres.1"]
    assert "n'est pas parmi les chiffres" in lues[0, "tirages.seuils.0.chiffre"]
    assert len(lues) == 6


def test_les_fautes_de_la_table_viennent_ensemble(tmp_path):
    table = """nom;programme.surface_m2;travaux.honoraires_part;foncier.regime;territoire.zone bas
un;beaucoup;12;neuf
un;100;0,1;tout_neuf
;100;0,1;ancien
"""
    assert set(fautes(tmp_path, table)) == {(1, "territoire.zone bas")}
    lues = fautes(tmp_path, table.replace("territoire.zone bas", "").replace("foncier.regime;", "foncier.regime"))
    assert "beaucoup" in lues[2, "programme.surface_m2.valeur"]
    assert set(lues) == {
        (2, "programme.surface_m2.valeur"),
        (2, "travaux.honoraires_part.valeur"),
        (2, "foncier.regime"),
        (3, "nom"),
        (3, "foncier.regime"),
        (4, "nom"),
    }


def test_une_case_vide_est_un_inconnu_jamais_la_valeur_du_modele(tmp_path):
    sites = {s.nom: s for s in plan(tmp_path).sites}
    assert sites["trois"].surcharges["foncier.prix"] == {"valeur": None, "a_obtenir_de": "qui tient sites.csv, ligne 4"}
    assert sites["un"].surcharges["travaux.cout_m2_ht"] == {
        "valeur": "1 800",
        "base": "sites.csv, ligne 2",
        "intervalle": [1500, 2300],
    }
    assert sites["cinq"].surcharges == {}


def test_une_table_xlsx_se_lit_comme_la_csv(tmp_path):
    lue = plan(tmp_path)
    classeur = openpyxl.Workbook()
    for ligne in TABLE.splitlines():
        classeur.active.append(
            [int(c.replace(" ", "")) if c.replace(" ", "").isdigit() else c for c in ligne.split(";")]
        )
    classeur.save(tmp_path / "sites.xlsx")
    autre = lire_plan(ecrire_plan(tmp_path, sites={**_sites(tmp_path), "table": "sites.xlsx"}))
    assert [s.nom for s in autre.sites] == [s.nom for s in lue.sites]
    assert autre.sites[3].surcharges["programme.surface_m2"]["valeur"] == "320"


def _sites(dossier):
    import yaml

    return yaml.safe_load((dossier / "plan.yaml").read_text(encoding="utf-8"))["sites"]


def test_des_etudes_ou_un_modele_et_sa_table(tmp_path):
    lues = fautes(tmp_path, sites={"etudes": ["gare_saint_denis"], "table": "sites.csv"})
    assert "des études, ou bien un modèle et sa table" in lues[0, "sites"]
    lues = fautes(tmp_path, sites={"etudes": ["gare_saint_deni"]})
    assert "gare_saint_denis" in lues[0, "sites.etudes.0"]


def test_le_decoupage_ne_depend_que_du_plan(tmp_path):
    lu: PlanDeBalayage = plan(tmp_path, modes="tous", bouclages=["etude", "commune"])
    morceaux = lu.morceaux("empreinte")
    # 5 sites by two: 3 blocks; 6 modes × 2 montages, each with its two closings
    assert lu.nombre == 5 * 6 * 2 * 2
    assert len(morceaux) == lu.nombre_de_morceaux == 3 * 6 * 2
    assert [len(m.sites) for m in morceaux[::12]] == [2, 2, 1]
    assert len({m.empreinte for m in morceaux}) == len(morceaux)
    assert [
        m.empreinte for m in plan(tmp_path, modes="tous", bouclages=["etude", "commune"]).morceaux("empreinte")
    ] == [m.empreinte for m in morceaux]
    assert morceaux[0].empreinte != lu.morceaux("autre")[0].empreinte
