"""Modes of works on one site, and the reuse of Perrecy-les-Forges. Expected values by hand."""

import numpy as np
import pytest
import yaml

from pope_foncier.decision.delais import lire_variante
from pope_foncier.decision.travaux_compares import comparer_modes, evaluer_avec, relire_abandon
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.resultats import Resultat, Vue
from pope_foncier.etude.scenarios import BASE, Dossier, ouvrir, varier
from pope_foncier.socle.nombres import euros
from pope_foncier.socle.yaml_strict import charger_yaml
from pope_foncier.travaux.calage import caler
from pope_foncier.vues.documents import terminal
from pope_foncier.vues.documents.sorties import ecrire_tout
from pope_foncier.vues.travaux.carnet import CarnetTravaux
from tests.conftest import DONNEES

EXEMPLE = DONNEES / "exemples" / "travaux_par_lots.yaml"


def test_perrecy_de_la_premiere_annonce_a_l_abandon(moteur):
    """120 000 € announced, 560 000 € at the end: asbestos 50 000, sewer 80 000, hence 310 000 of the rest."""
    a = relire_abandon(moteur, "perrecy-les-forges")
    assert (a.premiere, a.derniere) == (120_000, 560_000)
    assert [m for _, m in a.postes] == [50_000, 80_000, 310_000]
    assert a.premiere + sum(m for _, m in a.postes) == a.derniere
    assert a.premiere < a.bas, "la première annonce sort de la fourchette du modèle"
    assert a.bas < a.derniere < a.haut


def test_la_fourchette_de_perrecy_est_aux_prix_de_son_annee(moteur):
    """Model at January 2025 prices brought back to the year: × BT01 of June of the year ÷ 132.0."""
    c, a = caler(moteur.catalogue), relire_abandon(moteur, "perrecy-les-forges")
    rang = next(i for i, o in enumerate(c.observations) if o.operation.id == "perrecy-les-forges")
    prix = a.prevu / c.previsions["modele"][rang]
    bt01 = {2018: 109.0, 2019: 111.2, 2020: 112.0, 2021: 117.5, 2022: 127.2, 2023: 130.3, 2024: 131.2}
    assert prix == pytest.approx(bt01[c.observations[rang].annee_prix] / 132.0)
    assert (a.bas, a.haut) == pytest.approx(tuple(c.bornes[:, rang] * prix))


def test_l_equipement_ne_bouge_pas_avec_les_travaux(dossier, moteur):
    """Both ends of the range hold the same equipment: (end − equipment) ÷ (estimate − equipment) is that of the works."""
    ev = evaluer_avec(dossier, moteur, {"travaux.plan": {"genre": "restructuration", "stade": "faisabilite"}})
    f, equipement = fourchette_totale(Vue(BASE, "", ev, 0)), ev.cout.equipement_ttc.au_point()
    immobilier = ev.cout.immobilier_ttc.au_point()
    assert (f.haut - equipement) / immobilier == pytest.approx(np.exp(1.2815515655 * 0.57))
    assert (f.bas - equipement) / immobilier == pytest.approx(np.exp(-1.2815515655 * 0.57))


def test_les_modes_sur_un_meme_site(dossier, moteur):
    modes = {m.genre: m for m in comparer_modes(dossier, moteur)}
    assert set(modes) == {"amenagement", "conversion", "restructuration", "modulaire", "neuf"}
    assert modes["amenagement"].total < modes["conversion"].total < modes["restructuration"].total
    assert modes["conversion"].total < modes["neuf"].total < modes["restructuration"].total, "voir couts.yaml, « neuf »"
    assert all(m.bas < m.total < m.haut for m in modes.values())
    base = moteur.evaluer(dossier, ["base"])[0]
    assert modes["restructuration"].total == pytest.approx(base.cout.total_ttc.au_point(), abs=0.005)


def montant_des_lots(table):
    """Total of the lots, as it is shown."""
    return table.lignes[-1][table.entetes.index("Montant HT")]


def test_une_etude_ecrite_par_lots_et_phases_passe_toute_la_chaine(donnees_copie, moteur):
    """The example put in a study file: read strictly, all scenarios computed, outputs written, draws on its lines."""
    fichier = donnees_copie / "etudes" / "gare_saint_denis.yaml"
    brut, exemple = charger_yaml(fichier)[0], lire_variante(donnees_copie / "exemples" / "travaux_par_lots.yaml")
    brut["travaux"]["plan"], brut["delais"]["phases"] = exemple["travaux.plan"], exemple["delais.phases"]
    fichier.write_text(yaml.safe_dump(brut, allow_unicode=True, sort_keys=False), encoding="utf-8")
    dossier = ouvrir(fichier)
    resultat = Resultat.calculer(dossier, moteur)
    vue = resultat.vue()
    assert vue.valeur(vue.ev.calendrier.ouverture) == 27
    tables = {t.titre: t for t in terminal.tables(vue)}
    assert montant_des_lots(tables["Travaux par lots"]) == euros(vue.valeur(vue.ev.cout.travaux_ht))
    assert ("Montée en charge", "avril 2029", "12", "—") in tables["Phases"].lignes
    bas, haut = (terminal.tables(resultat.vue(n)) for n in ("travaux_bas", "travaux_hauts"))
    totaux = [next(montant_des_lots(t) for t in v if t.titre == "Travaux par lots") for v in (bas, haut)]
    assert totaux == [euros(resultat.vue(n).montant("besoins.travaux_ht")) for n in ("travaux_bas", "travaux_hauts")]
    assert totaux[0] != totaux[1]
    assert any(x.quoi.startswith("Quantité, Dalles") for x in a_confirmer(vue))
    assert "désamiantage" not in vue.expliquer("besoins.travaux_ht").lower()
    assert "dalles de sol amiantées" in vue.expliquer("besoins.travaux_ht").lower()
    ecrits = ecrire_tout(resultat, moteur, fichier, donnees_copie / "sorties", lambda _: None, carnet=False)
    assert all(e.is_file() for e in ecrits)
    champ = "travaux.plan.lignes[dalles].quantite"
    tirees = moteur.tirer(dossier, {champ: np.array([0.0, 80.0])}).cout.total_ttc.valeur[:, 0]
    assert tirees[1] == pytest.approx(vue.valeur(vue.ev.cout.total_ttc))
    assert tirees[0] < tirees[1]


@pytest.mark.parametrize("phase", ["permis", "titre", "faisabilite", "montee_en_charge"])
def test_une_duree_inconnue_se_voit_dans_les_tableaux_et_l_image(dossier, moteur, phase):
    """Unknown stays unknown: no table nor picture breaks, none shows a date, a margin or a share of draws for it."""
    valeurs = lire_variante(EXEMPLE)
    inconnue = {"a_obtenir_de": "la mairie"}
    if phase == "montee_en_charge":
        valeurs["delais.montee_en_charge_mois"] = inconnue
    valeurs["delais.phases"] = [
        {**p, "duree_mois": inconnue} if p["id"] == phase != "montee_en_charge" else p for p in valeurs["delais.phases"]
    ]
    etude = varier(dossier, "inconnue", valeurs)
    carnet = CarnetTravaux(Dossier(dossier.nom, etude, dossier.site, {"base": etude}), moteur)
    tables = {t.titre: t for t in carnet.tables()}
    assert carnet.image_phases().data
    lignes = {x[0]: x for x in tables["Phases"].lignes}
    if phase == "montee_en_charge":
        assert lignes["Montée en charge"][1:] == ("avril 2029", "inconnu", "—", "—")
        return
    assert [lignes["Ouverture"][i] for i in (1, 3, 4)] == ["inconnu", "inconnue", "inconnue"]
    assert "la mairie" in tables["Phases"].note
    assert {x[2] for x in tables["Ouverture, selon les durées tirées"].lignes} == {"inconnu"}
    assert "Ce que coûte un mois de plus" not in tables


def test_le_chemin_critique_inconnu_dit_ce_qui_manque(dossier, moteur, capsys):
    etude = varier(dossier, "x", {**lire_variante(EXEMPLE), "delais.travaux_mois": {"a_obtenir_de": "l'architecte"}})
    CarnetTravaux(Dossier(dossier.nom, etude, dossier.site, {"base": etude}), moteur).chemin_critique()
    assert (
        "Chemin critique inconnu. Il manque : Durée des travaux (à obtenir de l'architecte)." in capsys.readouterr().out
    )


def test_une_ligne_montre_sa_quantite_son_prix_et_sa_date(dossier, moteur):
    etude = varier(dossier, "x", lire_variante(EXEMPLE))
    carnet = CarnetTravaux(Dossier(dossier.nom, etude, dossier.site, {"base": etude}), moteur)
    lignes = [" | ".join(x[1:5]).replace("\xa0", " ") for x in next(carnet.tables()).lignes]
    assert "Dalles de sol amiantées | 80 m² | 225 € | janvier 2025" in lignes
    assert "Réseau de gaines (démonstration) | 120 m | 85,50 € | septembre 2025" in lignes


def test_les_aleas_de_l_etude_sont_montres_a_cote_de_ceux_du_stade(dossier, moteur):
    """Programme: 12 % usual; the station keeps 10 %."""
    etude = varier(dossier, "x", lire_variante(EXEMPLE))
    carnet = CarnetTravaux(Dossier(dossier.nom, etude, dossier.site, {"base": etude}), moteur)
    frais = next(t for t in carnet.tables() if t.titre.startswith("Honoraires"))
    parts = {x[0]: x[1].replace("\xa0", " ") for x in frais.lignes}
    assert (parts["Aléas usuels à ce stade (programme)"], parts["Retenu par l'étude : aléas"]) == ("12 %", "10 %")
