"""Two readings everywhere: each table names its own, none shows what the commune would repay of a plan that nobody funded."""

import re
from functools import cache

import numpy as np
import pytest

from pope_foncier.decision.essais import chances, leviers, relais
from pope_foncier.decision.soutien import besoins
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.socle.nombres import euros
from pope_foncier.vues.decision import tableaux_epreuves, tableaux_essais, tableaux_soutien
from pope_foncier.vues.documents import note, terminal
from pope_foncier.vues.documents.conclusion import conclure
from pope_foncier.vues.etude import (
    graphiques,
    tableaux,
    tableaux_bouclage,
    tableaux_comite,
    tableaux_financement,
    tableaux_scenarios,
)
from pope_foncier.vues.exploitation import tableaux as tableaux_exploitation
from pope_foncier.vues.exploitation import tableaux_compte
from pope_foncier.vues.formes import figures, lectures, mots_de_caisse
from pope_foncier.vues.formes.explication import arbre
from pope_foncier.vues.formes.image_en_axes import tracer
from tests.conftest import DONNEES
from tests.peu_de_tirages import peu_de_tirages
from tests.vues.variantes import VARIANTES, VILLE, gelee, lisible, variante

SANS_LECTURE = ("Ancien bâtiment", "Places qui tiennent", "Plan de coûts", "Travaux", "Phases")
"""Tables that closing a plan cannot change: the place, its places, its works."""
CALCULES = ("a_l_equilibre", "tresorerie", "couverture")
"""Modes that say what it would take."""


@cache
def toutes(nom):
    """Every table of money that the terminal, the note and the notebooks show of a study."""
    resultat = etude(nom)
    vue, moteur = resultat.vue(), moteur_du_projet()
    comite = [tableaux_comite.ratios_annuels, tableaux_comite.plan_pluriannuel] if vue.ev.compte is not None else []
    liste = [table(v) for table in comite for v in (vue, vue.bouclee)]
    liste += [*terminal.tables(vue), *tableaux_epreuves.tables(vue), tableaux_scenarios.comparaison(resultat)]
    liste += [tableaux_scenarios.comparaison_courte(resultat), tableaux_financement.tresorerie_mensuelle(vue)]
    liste.append(tableaux_soutien.par_annee(vue))
    if vue.ev.compte is not None:
        liste.append(tableaux_exploitation.table_soldes(vue))
    if not np.isnan(vue.montant("ressources.reste_a_financer")):
        liste.append(tableaux_essais.leviers("Ce qui fermerait le plan", leviers(resultat.dossier, moteur)))
        liste.append(tableaux_essais.chances(chances(resultat.dossier, moteur)))
        liste.append(tableaux_essais.relais(relais(resultat.dossier, moteur)))
    return [t for t in liste if t is not None]


def etude(nom):
    """Variant of the station, or audited study."""
    return variante(nom) if nom in VARIANTES else gelee(nom)


def mots(table):
    """All the words of a table."""
    return " ".join([table.titre, *table.entetes, *(c for ligne in table.lignes for c in ligne), table.note])


@pytest.mark.parametrize("nom", VARIANTES)
def test_chaque_tableau_nomme_sa_lecture(nom):
    for table in toutes(nom):
        if table.titre.startswith("Vraisemblance"):
            assert lectures.TEL_QUEL in table.note
            assert lectures.BOUCLE in table.note
        elif not table.titre.startswith(SANS_LECTURE):
            textes = " ".join([table.titre, *table.entetes, *(ligne[0] for ligne in table.lignes)]).lower()
            assert lectures.TEL_QUEL in textes or lectures.BOUCLE in textes, table.titre


def de_l_ouvert(vue):
    """Amounts that the commune would pay on the open plan alone, by year, by place and in all, as they would be written."""
    places = vue.valeur(vue.ev.capacite.places)

    def ecrits(v):
        montants = v.annuel("commune.contribution")
        return {euros(float(m)) for m in (*montants, *(montants / places), montants.sum())}

    return ecrits(vue) - ecrits(vue.bouclee)


@pytest.mark.parametrize("nom", ["gare_saint_denis", "coque_la_courneuve", "plafond"])
def test_aucun_tableau_ne_montre_la_contribution_d_un_plan_ouvert(nom):
    resultat = etude(nom)
    vue = resultat.vue()
    faux = de_l_ouvert(vue)
    assert len(faux) > 10, "the open plan would have the commune repay works that nobody paid"
    textes = [mots(t) for t in toutes(nom)]
    with peu_de_tirages():
        textes += [note.rediger(resultat, moteur_du_projet()), *conclure(vue, (), {}, {})]
    textes += [arbre(vue, code) for code in vue.ev.livre.lignes]
    for texte in textes:
        assert not [m for m in faux if m in texte], texte[:80]


def test_les_chiffres_de_l_audit():
    """Station: 17,794 € a place in 2029 on the open plan, 9,518 € once closed; cover 0.51 (both recomputed apart, by audit)."""
    resultat = gelee()
    vue = resultat.vue()
    budget = tableaux.budget_commune(vue)
    ligne = next(x for x in budget.lignes if x[0] == "2029")
    assert lisible(ligne[-1]) == "9 858 €"  # 9 518 read, 340 more: Piaje given back, equipment revised (test_bouclage)
    assert lectures.couverture(vue) == "0,89 (pire 0,61), non respecté"  # croisière, puis pire année
    textes = lisible(" ".join(mots(t) for t in toutes("gare_saint_denis")))
    for perime in ("17 794 €", "213 532 €", "1 937 219 €", "2,77"):
        assert perime not in textes


def test_les_ratios_ouverts_sont_indetermines_et_le_disent():
    table = tableaux.ratios(variante("a_l_equilibre").vue())
    lignes = {ligne[0]: ligne for ligne in table.lignes}
    couverture = lignes["Couverture du service de la dette, minimum annuel"]
    assert couverture[1] == "indéterminé : le plan ne boucle pas"
    assert couverture[2:] == ("0,61", "≥\xa01,1", "non respecté", "valeur de travail")
    titre = lignes["Marge entre la fin du prêt et celle du titre"]
    assert titre[1] == titre[2], "closing the plan does not change the tenure"
    assert "921 514 € à trouver" in lisible(table.note)
    financee = {ligne[0]: ligne for ligne in tableaux.ratios(variante("financee").vue()).lignes}
    for ligne in financee.values():
        assert ligne[1] == ligne[2], "a plan that closes by itself has one reading"


@pytest.mark.parametrize(
    ("nom", "attendue"),
    [
        (
            "a_l_equilibre",
            "Plan bouclé au plan, pas en trésorerie : 921 514 € à trouver pour l'investissement, lus comme une subvention que personne n'a promise.",
        ),
        (
            "bouclee_par_la_ville",
            f"Plan bouclé au plan, pas en trésorerie : {VILLE} 921 514 € (subvention demandée) ; rien ne reste à trouver pour "
            "l'investissement.",
        ),
        (
            "bouclee_a_plusieurs",
            f"Plan bouclé au plan, pas en trésorerie : {VILLE} 200 000 € (subvention demandée) ; {VILLE} 60 000 € (apport à rendre) ; Foncière solidaire "
            "50 000 € (prêt) ; Cour faite plus tard 40 000 € (travaux reportés) ; restent",
        ),
        ("financee", "Plan financé par les ressources déclarées, "),
        ("loyer_inconnu", "Plan bouclé inconnu : le reste à financer ne se calcule pas, il manque "),
    ],
)
def test_la_phrase_dit_qui_boucle_et_ce_que_personne_n_a_promis(nom, attendue):
    assert lisible(lectures.phrase(variante(nom).vue())).startswith(attendue)


def test_un_travail_remis_n_est_pas_de_l_argent_a_trouver():
    """Works put off ask nobody for money: what is to find is the gap less the four closers."""
    vue = variante("bouclee_a_plusieurs").vue()
    table = tableaux_bouclage.bouclage(vue)
    montants = {ligne[0]: ligne for ligne in table.lignes}
    assert montants["Cour faite plus tard"][1:3] == ("—", "travaux reportés")
    besoins_clos = vue.bouclee.montant("besoins.total")
    reste = besoins_clos - (96_000 + 39_000 + 300_000) - (200_000 + 60_000 + 50_000 + 40_000)
    assert montants["À trouver (lecture de travail)"][-1] == euros(reste)
    assert montants["Total apporté pour boucler"][-1] == euros(besoins_clos - (96_000 + 39_000 + 300_000))
    manque = -min(vue.bouclee.mensuel("tresorerie.cumul.Association gestionnaire"))
    assert montants["À trouver en tout"][-1] == euros(reste + manque), "le plan, puis la trésorerie"


def test_le_plan_dit_qui_n_a_pas_ete_sollicite():
    table = tableaux_financement.plan_de_financement(variante("a_l_equilibre").vue())
    non_comptees = [ligne[2] for ligne in table.lignes if ligne[3] == "non comptée"]
    assert len(non_comptees) == 3
    assert all(nom.endswith("(non demandée)") for nom in non_comptees)
    assert "Contribution" not in " ".join(mots(table).split("Plan bouclé")[0]), "the gap and its repayment never meet"


def test_une_etude_fermee_n_a_pas_de_tableau_de_bouclage():
    assert tableaux_bouclage.bouclage(variante("financee").vue()) is None


def test_la_commune_annonce_d_un_cote_et_il_faudrait_de_l_autre():
    """Lump of 4,000 € at 2026 prices; a zero result and no support at all are the same need."""
    vue = variante("forfait").vue()
    table = tableaux_soutien.devrait(vue)
    assert table.lignes[0][0] == "Dans l'étude : forfait annoncé"
    assert "forfait annoncé de 4 000 €/place/an (hypothèse)" in lisible(lectures.soutien(vue))
    lus = besoins(vue)
    for ligne, besoin in zip(table.lignes[1:], lus, strict=True):
        annoncee = vue.bouclee.valeur(vue.bouclee.indicateurs["contribution_par_place"])
        assert ligne[2] == euros(besoin.par_place - annoncee)
    aucune = tableaux_soutien.devrait(variante("aucune").vue())
    assert aucune.lignes[1][1] == aucune.lignes[1][2] == tableaux_soutien.devrait(vue).lignes[1][1]


@pytest.mark.parametrize("nom", [*CALCULES, "forfait", "plafond", "votee", "aucune"])
def test_ce_qu_il_faudrait_n_est_jamais_dit_decide(nom):
    vue = variante(nom).vue()
    dit = lectures.soutien(vue)
    if nom in CALCULES:
        assert "personne ne l'a décidé" in dit
        assert dit.startswith("hypothèse")
    else:
        assert "décid" not in dit


def test_la_caisse_qui_manque_encore_se_dit_avec_son_mois():
    """Lowest month of the cash of the closed plan, added up flow by flow from the ledger."""
    vue = variante("a_l_equilibre").vue()
    cumul = np.zeros(vue.ev.ctx.echelle.duree_mois)
    for ligne in vue.bouclee.ev.livre.lignes.values():
        if ligne.est_flux and "Association gestionnaire" in (ligne.payeur, ligne.receveur):
            signe = 1.0 if ligne.receveur == "Association gestionnaire" else -1.0
            cumul += signe * vue.bouclee.mensuel(ligne.code)
    cumul = np.cumsum(cumul)
    creux = int(np.argmin(cumul))
    attendue = (
        f"Trésorerie encore manquante : {euros(-float(cumul[creux]))} en {vue.ev.ctx.echelle.mois_en_clair(creux)}"
    )
    assert mots_de_caisse.caisse(vue).startswith(attendue)
    assert attendue in tableaux_financement.tresorerie(vue).note


def test_les_scenarios_montrent_ce_qui_est_a_trouver_avant_ce_que_paie_la_commune():
    table = tableaux_scenarios.comparaison(gelee())
    noms = [ligne[0] for ligne in table.lignes]
    a_trouver = noms.index("À trouver pour l'investissement (plan bouclé)")
    assert noms[a_trouver - 1] == "Reste à financer (plan tel quel)"
    assert a_trouver < min(i for i, nom in enumerate(noms) if "Commune" in nom or "Couverture" in nom)
    assert "Années d'ouverture" in noms, "tenures of different length are compared by place and year"
    ligne = dict(zip(table.entetes, table.lignes[a_trouver], strict=True))
    assert lisible(ligne["Travaux au haut de la fourchette"]) == "1 166 020 €"
    courte = tableaux_scenarios.comparaison_courte(gelee())
    assert [x[0] for x in courte.lignes] == list(table.entetes[1:])


def test_deux_titres_de_durees_differentes_se_comparent_par_place_et_par_an():
    """Twenty years ask more in all than ten, and less by place and year: 12 places open 109 or 229 months, from the totals shown."""
    resultat = Resultat.calculer(ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml"), moteur_du_projet())
    table = tableaux_scenarios.comparaison(resultat)
    lues = {ligne[0]: dict(zip(table.entetes, ligne, strict=True)) for ligne in table.lignes}
    total, par_an = lues["À trouver en tout (plan bouclé)"], lues["… par place et par an d'ouverture (plan bouclé)"]
    for titre, mois in (("Projet de base", 109), ("Convention de 20 ans", 229)):
        somme = float(re.sub(r"\D", "", total[titre]))
        assert float(re.sub(r"\D", "", par_an[titre])) == pytest.approx(somme / 12 / mois * 12, abs=1), titre
    assert par_an["Ne rien faire"] == lues["Années d'ouverture"]["Ne rien faire"] == "—", "rien n'ouvre"
    courte = tableaux_scenarios.comparaison_courte(resultat)
    deux = " ; ".join(f"{titre} {par_an[titre]}" for titre in ("Projet de base", "Convention de 20 ans"))
    assert f"À trouver en tout, par place et par an : {deux}." in courte.note
    retire = next(x for x in courte.lignes if x[0].startswith("Vote retiré"))
    assert lisible(retire[courte.entetes.index("Commune, par place et par an")]) == "1 669 €", (
        "et non l'année d'avant le vote"
    )


def test_le_compte_montre_la_croisiere_et_la_premiere_annee_pleine():
    table = tableaux_compte.compte_exploitation(variante("a_l_equilibre").vue())
    assert table.titre == "Compte d'exploitation 2030, année de croisière (plan bouclé)"
    assert table.entetes == ("Poste", "2030", "Par place", "2029, première année pleine")
    contribution = next(ligne for ligne in table.lignes if "Contribution de la commune" in ligne[0])
    assert lisible(contribution[-1]) == "118 292 €"


def test_le_plan_dessine_en_creux_ce_qui_est_a_trouver():
    vue = variante("bouclee_a_plusieurs").vue()
    _, ax = figures.figure()
    tracer(graphiques.plan(vue), ax)
    blanches = [p for p in ax.patches if p.get_facecolor()[:3] == (1.0, 1.0, 1.0)]
    noms = [t.get_text() for t in ax.texts]
    assert len(blanches) == 1
    assert blanches[0].get_linestyle() == "--"
    assert sum(nom.startswith("À trouver") for nom in noms) == 1
    assert sum(nom.startswith("Bouclage") for nom in noms) == 4
    assert sum(p.get_height() for p in ax.patches) == pytest.approx(2 * vue.bouclee.montant("besoins.total"), rel=1e-3)


def test_une_ligne_indeterminee_le_dit_et_donne_sa_valeur_bouclee():
    vue = variante("a_l_equilibre").vue()
    texte = lisible(" ".join(arbre(vue, "commune.contribution").split()))
    assert "indéterminé sur le plan tel quel, le plan ne boucle pas : 921 514 € à trouver" in texte
    assert "(option --boucle" in texte
    assert "(plan bouclé) en juillet 2028 : 13 314 €" in lisible(arbre(vue.bouclee, "commune.contribution"))
    assert "indéterminé" not in arbre(vue, "ressources.reste_a_financer"), (
        "the gap is a figure of the plan as it stands"
    )
    assert "à lire sur le plan bouclé" in arbre(vue, "ressources.bouclage.a_trouver")
    forfait = variante("forfait").vue()
    assert "indéterminé" not in arbre(forfait, "commune.contribution"), "a lump does not wait for the plan to close"
