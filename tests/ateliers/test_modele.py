"""Model of the workshops: a lever left alone changes nothing, every setting makes a scenario file that gives it back."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest

import numpy as np
import pytest

from pope_foncier.ateliers import chiffres, compte_rendu, epreuves
from pope_foncier.ateliers.architecte import lieux_connus
from pope_foncier.ateliers.ecarts import surcharges_de
from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.fichier_scenarios import en_yaml, lire_scenarios
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition, Seance, Vote
from pope_foncier.ateliers.modele import Modele, Reglages
from pope_foncier.ateliers.mots import effets, en_bref, mots
from pope_foncier.ateliers.regles import lire_ateliers
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.etude.a_confirmer import a_confirmer
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import varier
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import euros
from pope_foncier.territoire.populations import lire_populations
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.vues.formes import lectures
from tests.ateliers.etudes import modele_de
from tests.conftest import DONNEES, GARE


@pytest.fixture(scope="module")
def modele():
    return modele_de(GARE)


INCONNUS = {"prix": None, "loyer_long": None}


def test_sans_reglage_on_retrouve_l_etude(modele, resultat):
    leviers = {nom: modele.depart(lire_ateliers().levier(nom)) for nom in lire_ateliers().commune}
    vue = modele.vue(Reglages(leviers={n: v for n, v in leviers.items() if v is not None}))
    assert vue.montant("ressources.reste_a_financer") == resultat.vue().montant("ressources.reste_a_financer")
    assert leviers == {"places": None, "ville": 0, "cout": 3750, "taux": 436, "occupation": 65} | INCONNUS


def test_les_leviers_donnent_les_valeurs_du_moteur(modele, dossier, moteur, resultat):
    bas = modele.vue(Reglages(leviers={"cout": 3000}))
    assert bas.valeur(bas.ev.cout.total_ttc) == pytest.approx(
        resultat.vue("travaux_bas").valeur(resultat.vue("travaux_bas").ev.cout.total_ttc)
    )
    base = resultat.vue().montant("ressources.reste_a_financer")
    ville = modele.vue(Reglages(leviers={"ville": 200}))
    assert ville.montant("ressources.reste_a_financer") == pytest.approx(base - 200_000)
    assert ville.montant("ressources.ville") == pytest.approx(200_000)
    refusee = modele.vue(Reglages(refusees=frozenset({"piaje"})))
    assert refusee.montant("ressources.piaje") == 0
    huit = modele.vue(Reglages(leviers={"places": 8}))
    assert huit.valeur(huit.ev.capacite.places) == 8
    trop = modele.vue(Reglages(leviers={"places": 60}))
    assert trop.valeur(trop.ev.capacite.places) == 12


def test_le_montage_est_celui_de_l_analyse(modele, dossier, moteur):
    for cas in comparer(dossier, moteur):
        if cas.evaluation is None:
            assert modele.montages[cas.nom].etude is None
            continue
        vue = modele.vue(Reglages(montage=cas.nom))
        attendu = float(cas.evaluation.plan.reste_a_financer.valeur.flat[0])
        assert vue.montant("ressources.reste_a_financer") == pytest.approx(attendu, nan_ok=True)


def test_un_prix_et_une_redevance_supposes_donnent_les_montages_de_l_analyse(modele, moteur):
    """Every montage on a supposed price and rent: the workshop's gap is that of the comparison on the study so varied."""
    leviers = {"prix": 40, "loyer_long": 60}
    inputs = {"foncier.prix": 40_000, "foncier.loyer_long_m2_an": 60}
    surcharges = {champ: {"valeur": v, "base": "essai"} for champ, v in inputs.items()}
    etude = varier(modele.dossier, "essai", surcharges)
    calcules = 0
    for cas in comparer(replace(modele.dossier, etude=etude), moteur):
        if cas.evaluation is not None:
            vue = modele.vue(Reglages(montage=cas.nom, leviers=leviers))
            attendu = float(cas.evaluation.plan.reste_a_financer.valeur.flat[0])
            assert vue.montant("ressources.reste_a_financer") == pytest.approx(attendu)
            calcules += 1
    assert calcules == 10


def test_le_compte_rendu_dit_les_reglages_en_francais(modele, tmp_path):
    """Rates as percentages, montages and modes by their title, votes by the title of their scenario."""
    reglages = Reglages(
        "achat_association", {"occupation": 72, "taux": 443}, frozenset({"piaje"}), mode="micro_creche_psu"
    )
    fiche = Proposition(
        nom="essai",
        titre="Moins de places",
        reglages=reglages.a_plat(),
        surcharges=surcharges_de(modele.dossier.etude, modele.etude(reglages)),
        mots=tuple(mots(modele, modele.etude(reglages), reglages)),
    )
    journal = Journal(tmp_path / "a.sqlite", lambda: datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    journal.noter("Ana", fiche)
    journal.noter("Ana", Vote(scenario="essai", points=1))
    texte = compte_rendu.octets(journal, modele, "md").decode().replace("\\", "").replace("\xa0", " ")
    for attendu in (
        "Montage : L'association achète",
        "Mode d'accueil : Micro-crèche (PSU)",
        "Taux d'occupation facturé : 72 % (au lieu de 65 %)",
        "Prêt bancaire à l'association, taux : 4,43 % (au lieu de 4,36 %)",
        "part accordée : 0 % (au lieu de 100 %)",
        "donne 1 point à « n° 1 · Moins de places »",
        "2 juillet 2026, de 00 h 30",
    ):
        assert attendu in texte, attendu
    for code in ("0,72", "0,0443", "achat_association", "micro_creche_psu", "[", "essai"):
        assert code not in texte, code
    assert "sans l'aide « Plan d'investissement petite enfance (Piaje) »" in en_bref(modele, reglages)
    assert "des hypothèses, personne ne s'y est engagé" in texte
    ville = Reglages(leviers={"ville": 120})
    assert [m.split(",")[0] for m in mots(modele, modele.etude(ville), ville)] == ["Ville de Saint-Denis"] * 2
    assert mots(modele, modele.dossier.etude, Reglages()) == ["L'étude telle quelle."]


def test_ce_que_change_un_scenario_se_lit_comme_sur_les_cartes(modele):
    """120,000 € more of the city: as many euros less to find; amounts to the hundred, and no thousands of euros shortened."""
    ville = Reglages(leviers={"ville": 120})
    etude = modele.etude(ville)
    reste = [modele.voir(e).montant("ressources.reste_a_financer") for e in (modele.dossier.etude, etude)]
    assert reste[0] - reste[1] == pytest.approx(120_000)
    dit = effets(modele, etude).replace("\u202f", " ").replace("\xa0", " ")
    assert dit.startswith("Par rapport au projet de base : ")
    assert "k€" not in dit
    montants = re.findall(r"(\d[\d ]*) €", dit)
    assert montants
    assert all(m == "0" or m.endswith("00") for m in montants), dit
    assert effets(modele, modele.dossier.etude) == "Par rapport au projet de base : aucun chiffre ne bouge."
    court = en_bref(modele, ville).replace("\u202f", " ").replace("\xa0", " ")
    assert court == "Aide de la Ville à l'investissement : 120 000 €"


@pytest.mark.parametrize("etude", ["gare_saint_denis", "coque_la_courneuve"])
def test_chaque_reglage_se_rend_en_scenario(etude, tmp_path):
    modele = modele_de(DONNEES / "etudes" / f"{etude}.yaml")
    for montage in ["", *(n for n, c in modele.montages.items() if c.etude is not None)]:
        reglages = Reglages(montage, {"cout": 2000, "ville": 120, "taux": 250, "places": 9}, frozenset({"caf93"}))
        voulue = modele.etude(reglages)
        surcharges = surcharges_de(modele.dossier.etude, voulue)
        journal = Journal(tmp_path / f"{montage or 'etude'}.sqlite")
        journal.noter("Ana", Seance(etude=etude, titre="Essai"))
        fiche = Proposition(nom="essai", titre="Essai", reglages=reglages.a_plat(), surcharges=surcharges)
        journal.noter("Ana", fiche)
        texte = en_yaml(Atelier.rejouer(journal.entrees()))
        (relu,) = lire_scenarios(texte.encode()).scenarios
        rendue = varier(modele.dossier, "relu", {s.champ: s.valeur for s in relu.surcharges})
        assert rendue.model_dump(mode="json") == voulue.model_dump(mode="json")
        assert Reglages.de_plat(reglages.a_plat()) == reglages


@pytest.mark.parametrize("etude", ["modes_d_accueil", "gare_saint_denis"])
def test_un_point_de_depart_se_rend_en_scenario(etude, tmp_path):
    modele = modele_de(DONNEES / "etudes" / f"{etude}.yaml")
    for scenario in modele.dossier.etude.scenarios:
        reglages = Reglages(depart=scenario.nom, leviers={"ville": 120})
        voulue = modele.etude(reglages)
        fiche = Proposition(
            nom="essai",
            titre="Essai",
            reglages=reglages.a_plat(),
            surcharges=surcharges_de(modele.dossier.etude, voulue),
        )
        journal = Journal(tmp_path / f"{scenario.nom}.sqlite")
        journal.noter("Ana", Seance(etude=etude, titre="Essai"))
        journal.noter("Ana", fiche)
        (relu,) = lire_scenarios(en_yaml(Atelier.rejouer(journal.entrees())).encode()).scenarios
        rendue = varier(modele.dossier, "relu", {s.champ: s.valeur for s in relu.surcharges})
        assert rendue.model_dump(mode="json") == voulue.model_dump(mode="json")
        assert Reglages.de_plat(reglages.a_plat()) == reglages


@pytest.mark.parametrize("etude", [e.stem for e in sorted((DONNEES / "etudes").glob("*.yaml"))])
def test_chaque_mode_et_chaque_genre_se_calculent_et_se_rendent_en_scenario(etude):
    """The chain computes any study in any mode with any kind of works; the overrides give the same study back."""
    modele = modele_de(DONNEES / "etudes" / f"{etude}.yaml")
    for mode, genre in zip_longest(lire_passages(), lire_couts().genres, fillvalue=""):
        reglages = Reglages(mode=mode, genre=genre)
        assert Reglages.de_plat(reglages.a_plat()) == reglages
        voulue = modele.etude(reglages)
        vue = modele.voir(voulue)
        assert voulue.mode_accueil == mode
        assert vue.valeur(vue.ev.capacite.places) <= modele.depuis("", mode).places_max()
        if genre:
            cout = lire_couts().genres[genre]
            assert vue.valeur(vue.ev.ctx.entree("travaux.cout_m2_ht")) == (cout.bas + cout.haut) / 2
            duree = vue.valeur(vue.ev.calendrier.reception) - vue.valeur(vue.ev.calendrier.debut_travaux)
            assert duree == cout.travaux_mois.valeur
        champs = {s.champ: s.valeur for s in surcharges_de(modele.dossier.etude, voulue)}
        rendue = varier(modele.dossier, "relu", champs) if champs else modele.dossier.etude
        assert rendue.model_dump(mode="json") == voulue.model_dump(mode="json")


def test_le_mode_et_le_genre_sont_ceux_que_l_on_ecrirait_a_la_main(modele):
    """A micro-crèche under the Paje in a shell, written by hand as overrides of the study, gives the same figures."""
    vue = modele.vue(Reglages(mode="micro_creche_paje", genre="amenagement", leviers={"surface": 320}))
    main = varier(
        modele.dossier,
        "main",
        {
            "mode_accueil": "micro_creche_paje",
            "exploitation.produits_annexes": [],
            "exploitation.paje": {"tarif_horaire": {"valeur": 9, "base": "essai"}, "tranche_cmg": 1},
            "programme.places_voulues": {"valeur": 12, "base": "essai"},
            "programme.surface_m2": {"valeur": 320, "base": "essai"},
            "taxes.surface_bureaux_m2": {"valeur": 320, "base": "essai"},
            "travaux.cout_m2_ht": {"valeur": 1600, "base": "essai"},
            "delais.travaux_mois": {"valeur": 6, "base": "essai"},
        },
    )
    attendue = modele.voir(main)
    assert vue.valeur(vue.ev.capacite.places) == 12
    for code in ("ressources.reste_a_financer", "besoins.total"):
        assert vue.montant(code) == pytest.approx(attendue.montant(code), abs=0.005)
    assert np.isnan(vue.valeur(vue.indicateurs["contribution"])), "the plan lacks money"
    annuel, attendu = (v.bouclee.valeur(v.bouclee.indicateurs["contribution"]) for v in (vue, attendue))
    assert annuel == pytest.approx(attendu, abs=0.005)
    with pytest.raises(ErreurPope, match="12 places au plus"):
        modele.vue(Reglages(mode="micro_creche_psu", leviers={"places": 20, "surface": 400}))


def test_un_site_sans_etude_s_ouvre_avec_l_etude_modele(donnees_copie, monkeypatch):
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    site = donnees_copie / "sites" / "terrain_nu.yaml"
    site.write_text(
        'nom: Terrain nu\ncommune: Stains\ncode_insee: "93072"\nusage_actuel: terrain\ndomaine: public_communal\n'
        "surface_m2: {valeur: 310, source: {titre: Relevé d'essai, consulte_le: 2026-11-23}}\n"
        "surface_exterieure_m2: {a_obtenir_de: la commune}\n",
        encoding="utf-8",
    )
    avant = sorted(f.name for f in donnees_copie.rglob("*"))
    modele = modele_de(site)
    etude = modele.dossier.etude
    assert sorted(f.name for f in donnees_copie.rglob("*")) == avant
    assert (etude.programme.surface_m2.valeur, etude.programme.surface_m2.source.titre) == (310, "Relevé d'essai")
    assert etude.titre_occupation.genre == "convention_occupation"
    assert np.isnan(modele.base.valeur(modele.base.ev.capacite.places)) or modele.base.ev.capacite.dense is None
    vue = modele.vue(Reglages(leviers={"cour": 50}))
    assert vue.valeur(vue.ev.capacite.places) > 0
    doutes = {x.quoi for x in a_confirmer(vue)}
    for suppose in ("Coût des travaux au m²", "Durée des travaux", "Durée du titre d'occupation", "Taux d'aléas"):
        assert suppose in doutes
    assert lieux_connus()["Terrain nu (sans étude : étude modèle, tout est supposé)"] == site


def test_donnees_des_ateliers():
    assert lire_populations().habitants["93066"] == 149_077
    for levier in lire_ateliers().leviers:
        assert levier.mini < levier.maxi
        assert levier.pas >= 1


@pytest.fixture(scope="module")
def gare():
    return modele_de(GARE)


def test_le_creux_et_les_mois_sous_zero_se_lisent_dans_les_flux_du_plan_boucle(gare):
    """Trough, its month and the months below zero, summed here from the net flow of the closed plan's ledger."""
    vue = gare.base
    cumul = np.cumsum(np.ravel(vue.bouclee.ev.livre["solde.Association gestionnaire"].valeur))
    lu = chiffres.du_financeur(vue)[lectures.BOUCLE]
    assert str(lu["Point bas de trésorerie"]) == euros(round(float(cumul.min()), -2))
    assert str(lu["Mois du point bas"]) == vue.ev.ctx.echelle.mois_en_clair(int(np.argmin(cumul)))
    assert str(lu["Mois de trésorerie sous zéro"]) == str(int((cumul[:129] < -0.005).sum())), (
        "up to the end of the tenure"
    )


def test_les_chiffres_de_la_commune_viennent_du_compte(gare):
    """With 500,000 € of the city: its cost by open year is that grant and the contributions; jobs are the sum of the FTE."""
    vue = gare.vue(Reglages(leviers={"ville": 500}))
    lu = chiffres.de_la_commune(vue)
    contribution = float(np.ravel(vue.bouclee.ev.compte.contribution.valeur).sum())
    ouverts = float(np.ravel(vue.ev.calendrier.ouvert.valeur).sum()) / 12
    assert str(lu[lectures.BOUCLE]["Ville : investissement, toute la durée"]) == euros(500_000)
    par_an = lu[lectures.BOUCLE]["Ville : investissement et fonctionnement, par an d'ouverture"]
    assert str(par_an) == euros(round((contribution + 500_000) / ouverts, -2))
    etp = sum(
        float(vue.ev.livre[f"exploitation.etp.{x}"].valeur.max())
        for x in ("terrain", "direction", "sante", "logistique")
    )
    assert lu[chiffres.PROJET]["Emplois"].startswith(f"{etp:.1f}".replace(".", ","))


def test_l_aide_de_la_ville_arrive_a_l_evenement_convenu_et_les_bureaux_suivent_la_surface(gare):
    """Works of the station start in month 9: the grant set by the lever comes then; what is to be found, when the first studies need it."""
    vue = gare.vue(Reglages(leviers={"ville": 100, "surface": 260}))
    etude = vue.ev.ctx.etude
    aide = next(a for a in etude.aides if a.financeur == etude.acteurs.commune)
    mois = [
        int(np.flatnonzero(np.ravel(vue.bouclee.ev.livre[code].valeur))[0])
        for code in (f"tresorerie.aide.{aide.id}", "tresorerie.bouclage.a_trouver")
    ]
    assert mois == [9, 0]
    assert etude.taxes.surface_bureaux_m2.valeur == etude.programme.surface_m2.valeur == 260


def test_un_retard_s_ajoute_a_celui_de_l_etude(gare):
    """A grant already 5 months late, then the word « Retard » (12 months): it is paid 17 months after its day."""
    mots = epreuves.mots_d_epreuve(gare.regles)
    assert mots["Retard"].aide.retard_mois == 12
    tardive = gare.voir(gare.varier(gare.dossier.etude, {"aides[piaje].retard_mois": 5, "aides[caf93].retard_mois": 5}))
    frappee = epreuves.eprouver(tardive, {"Retard": mots["Retard"]})["Retard"].vue
    payes = [int(np.flatnonzero(v.mensuel("tresorerie.aide.piaje"))[0]) for v in (gare.base, tardive, frappee)]
    assert [m - payes[0] for m in payes] == [0, 5, 17]


def test_le_dernier_vote_compte_et_le_compte_rendu_en_donne_les_totaux(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    for nom in ("un", "deux"):
        journal.noter("Ana", Proposition(nom=nom, titre=nom, reglages={}, surcharges=()))
    for qui, nom, points in (("Ana", "un", 9), ("Ana", "un", 2), ("Bob", "deux", 5)):
        journal.noter(qui, Vote(scenario=nom, points=points))
    atelier = Atelier.rejouer(journal.entrees())
    assert (atelier.points("un"), atelier.points("deux")) == (2, 5)
    texte = compte_rendu.octets(journal, None, "md").decode()
    assert "| Total | 2 | 5 |" in texte


def test_la_vue_d_un_reglage_deja_vu_est_rendue_et_une_autre_se_calcule(monkeypatch):
    """Back to a setting seen just before: its view, with all that was read of it; another lever or another plan has its own."""
    modele, calcules = Modele.ouvrir(GARE), []
    vrai = Resultat.reprendre.__func__
    monkeypatch.setattr(Resultat, "reprendre", classmethod(lambda *a: calcules.append(1) or vrai(*a)))
    premiere = modele.vue(Reglages(leviers={"cout": 4000}))
    calcules.clear()
    autre = modele.vue(Reglages(leviers={"cout": 4050}))
    assert modele.vue(Reglages(leviers={"cout": 4000})) is premiere
    assert len(calcules) == 1
    assert autre.montant("besoins.total") > premiere.montant("besoins.total")
    etude = modele.etude(Reglages(leviers={"cout": 4000}))
    sur_un_plan = modele.voir(etude, DONNEES / "plans" / "gare_saint_denis_cour.yaml")
    assert len(calcules) == 2
    assert sur_un_plan is not premiere
