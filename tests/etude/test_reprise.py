"""Replay of a recorded study against a direct evaluation: random patches over the six studies, closed plans, draws, threads, sentences."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from pope_foncier.etude import indicateurs, ratios
from pope_foncier.etude import moteur as module_moteur
from pope_foncier.etude import tirages as module_tirages
from pope_foncier.etude.bouclage import boucler, en_grandeurs, stabiliser
from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.partage import repartir
from pope_foncier.etude.rangees import Rangees
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.structure import changements
from pope_foncier.etude.tirages import DuPlanTelQuel, tirer_par_blocs
from pope_foncier.modele.contexte import Choc, Contexte
from pope_foncier.modele.declaration import entrees_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurPope
from tests.conftest import DONNEES

ETUDES = sorted(p.stem for p in (DONNEES / "etudes").glob("*.yaml"))
PAR_ETUDE = 334
"""Patches of each study: 2,000 in all."""
SEULES, LOT = 30, 76
"""Of these, those compared with an evaluation of their own, closed plan included; the others are by lots."""


def numeriques(etude):
    """Inputs of a study that hold a known number, and those plain numbers that are inputs like the others."""
    lues = {champ: lire_champ(etude, champ) for champ in entrees_de(etude)}
    return {
        champ: lue.valeur if isinstance(lue, Donnee) else lue
        for champ, lue in lues.items()
        if (isinstance(lue, Donnee) and lue.valeur is not None)
        or (isinstance(lue, float) and champ.endswith((".coefficient", "realiser")))
    }


def tirer_un_patch(hasard, champs):
    """A few inputs moved, by a little or by a lot; whole numbers stay whole."""
    choisis = hasard.choice(list(champs), size=hasard.integers(1, 6), replace=False)
    patch = {}
    for champ in choisis:
        valeur = champs[champ]
        neuve = valeur * hasard.uniform(0.5, 1.5) if valeur else hasard.uniform(0.0, 1.0)
        patch[str(champ)] = round(neuve) if isinstance(valeur, int) else float(neuve)
    return patch


def patches(etude, nombre, graine):
    hasard, champs = np.random.default_rng(graine), numeriques(etude)
    for _ in range(nombre):
        yield tirer_un_patch(hasard, champs)


def contexte(moteur, dossier, etude):
    return Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions)


def chiffres(ev):
    """Every line, key figure and ratio, by code."""
    vue = Vue(BASE, "", ev, 0)
    lus = {code: ligne.grandeur for code, ligne in ev.livre.lignes.items()}
    lus |= {f"indicateurs.{code}": g for code, g in vue.indicateurs.items()}
    return lus | {f"ratios.{r.code}": r.grandeur for r in vue.ratios}


def assert_egales(rejouee, directe, quoi):
    ici, la = chiffres(rejouee), chiffres(directe)
    assert list(ici) == list(la), quoi
    for code, g in la.items():
        assert np.array_equal(ici[code].valeur.ravel(), g.valeur.ravel(), equal_nan=True), (quoi, code)
        assert (ici[code].nom, ici[code].unite, ici[code].manques) == (g.nom, g.unite, g.manques), (quoi, code)


def fermer_directement(ctx, ouverte):
    """Closed plan by evaluations of the whole plan alone, without any record."""

    def partager(montants):
        nonlocal derniere
        derniere = calculer(replace(ctx, bouclage=en_grandeurs(ctx, montants), _memoire={}), [BASE])
        return {cle: part.valeur for cle, part in repartir(derniere).items()}

    derniere = ouverte
    stabiliser({cle: part.valeur for cle, part in repartir(ouverte).items()}, partager)
    return derniere


def rejouer(reprise, ctx):
    champs = reprise.champs_de(ctx)
    return None if champs is None else reprise.evaluer(ctx, [BASE], champs)


def assert_lot_egal(rejouees, ctx):
    """Replays against one direct evaluation of all their variants at once, row by row; some rows may have lines that others have not."""
    directes = chiffres(calculer(ctx, [str(r) for r in range(len(rejouees))]))
    lues = {}
    for rang, rejouee in enumerate(rejouees):
        for code, g in chiffres(rejouee).items():
            rangs, valeurs = lues.setdefault((code, g.valeur.size), ([], []))
            rangs.append(rang)
            valeurs.append(g.valeur.ravel())
    for (code, _), (rangs, valeurs) in lues.items():
        lignes = directes[code].valeur.reshape(-1, directes[code].valeur.shape[-1])
        voulues = lignes[rangs] if len(lignes) > 1 else lignes
        egales = np.isclose(np.array(valeurs), voulues, rtol=1e-12, atol=1e-9, equal_nan=True).all(axis=-1)
        assert egales.all(), (rangs[int(np.argmin(egales))], code)


@pytest.mark.parametrize("nom", ETUDES)
def test_un_rejeu_egale_une_evaluation_directe(nom):
    """On random patches: bit for bit against an evaluation alone for the first, then against evaluations by lots; most are really replayed."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
    reprise = Reprise(contexte(moteur, dossier, dossier.etude), [BASE])
    variees = []
    for patch in patches(dossier.etude, PAR_ETUDE, 2026):
        with suppress(ErreurPope):
            variees.append((patch, varier(dossier, "essai", patch)))
    lues = [
        (p, e, rejouee) for p, e in variees if (rejouee := rejouer(reprise, contexte(moteur, dossier, e))) is not None
    ]
    assert len(lues) > 0.7 * len(variees) > 0.35 * PAR_ETUDE, (len(lues), len(variees))
    for patch, etude, rejouee in lues[:SEULES]:
        ctx = contexte(moteur, dossier, etude)
        directe = calculer(ctx, [BASE])
        assert_egales(rejouee, directe, patch)
        assert_egales(boucler(rejouee), fermer_directement(ctx, directe), patch)
    for debut in range(SEULES, len(lues), LOT):
        lot = lues[debut : debut + LOT]
        assert_lot_egal(
            [r for _, _, r in lot],
            replace(contexte(moteur, dossier, dossier.etude), variantes=tuple(e for _, e, _ in lot)),
        )


@pytest.mark.parametrize("nom", ETUDES)
def test_ce_qui_change_la_structure_s_enregistre_de_nouveau(nom):
    """A patch that the record does not hold is evaluated directly, with the same figures."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
    moteur.reprise(contexte(moteur, dossier, dossier.etude))
    for variante in dossier.variantes.values():
        ctx = contexte(moteur, dossier, variante)
        repris = moteur.reprendre(ctx, [BASE])
        assert_egales(repris, calculer(contexte(moteur, dossier, variante), [BASE]), variante.titre)


def test_les_phrases_sont_celles_d_une_evaluation_directe(dossier, moteur):
    patch = {"travaux.cout_m2_ht": 2950.0, "prets[banque].taux": 0.051, "exploitation.taux_occupation": 0.71}
    etude = varier(dossier, "essai", patch)
    moteur.reprise(contexte(moteur, dossier, dossier.etude))
    rejouee = moteur.reprendre(contexte(moteur, dossier, etude), [BASE])
    directe = calculer(contexte(moteur, dossier, etude), [BASE])
    assert type(rejouee.livre["besoins.total"]) is not type(directe.livre["besoins.total"])
    for ici, la in ((rejouee, directe), (boucler(rejouee), boucler(directe))):
        for code, g in chiffres(la).items():
            phrase = chiffres(ici)[code].expliquer(echelle=la.ctx.echelle)
            assert phrase == g.expliquer(echelle=la.ctx.echelle), code
            assert chiffres(ici)[code].origines_du_scenario() == g.origines_du_scenario(), code


def test_un_rejeu_ne_touche_pas_ce_qui_est_enregistre(dossier, moteur):
    reprise = Reprise(contexte(moteur, dossier, dossier.etude), [BASE])
    avant = {code: g.valeur.copy() for code, g in chiffres(reprise.ouverte.ev).items()}
    for patch in patches(dossier.etude, 20, 7):
        try:
            etude = varier(dossier, "essai", patch)
        except ErreurPope:
            continue
        rejouer(reprise, contexte(moteur, dossier, etude))
    for code, g in chiffres(reprise.ouverte.ev).items():
        assert np.array_equal(g.valeur, avant[code], equal_nan=True), code


TIRES = {
    "travaux.cout_m2_ht": (3000.0, 4500.0),
    "exploitation.taux_occupation": (0.5, 0.8),
    "prets[banque].taux": (0.0, 0.06),
    "evolution.prix": (-0.01, 0.01),
    "delais.travaux_mois": (4.0, 15.0),
}


def tirages(nombre, graine=7):
    hasard = np.random.default_rng(graine)
    return {champ: hasard.uniform(bas, haut, nombre) for champ, (bas, haut) in TIRES.items()}


@pytest.mark.parametrize("lecture", ["tel_quel", "boucle"])
def test_des_tirages_egalent_des_evaluations_directes(dossier, moteur, lecture):
    """Blocks against one evaluation a draw, each closed by itself."""
    noms = ("cout_total", "contribution_par_place", "couverture_minimale", "besoins.total", "tresorerie.point_bas")
    lus = tirer_par_blocs(moteur, dossier, tirages(9), Rangees(noms, lecture), taille=4)
    for rang in range(9):
        seul = {champ: v[rang : rang + 1] for champ, v in tirages(9).items()}
        ouverte = calculer(moteur.contexte_tire(dossier, seul), [BASE])
        rangees = Rangees(noms, lecture)
        ouvertes = {nom: g.valeur for nom, g in rangees.tel_quel(ouverte).items()}
        fermee = fermer_directement(ouverte.ctx, ouverte)
        bouclees = {nom: g.valeur for nom, g in rangees.boucle(fermee).items()}
        for nom, valeur in rangees.lire(ouvertes, bouclees).items():
            assert np.allclose(lus[nom][rang], valeur, rtol=1e-9, atol=0.01, equal_nan=True), (nom, rang)


@pytest.mark.parametrize("nom", ETUDES)
def test_un_chemin_que_l_etude_ne_lit_pas_se_tire_avec_les_autres(nom, monkeypatch):
    """Draws of every evolution path, most studies leaving some of them unread: a replay, to the last digit a direct evaluation."""
    moteur, dossier = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
    tires = {f"evolution.{c}": np.linspace(-0.01, 0.01, 5) for c in moteur.evolutions.chemins}
    directe = calculer(moteur.contexte_tire(dossier, tires), [BASE])
    reprise, _ = moteur.reprise(moteur.contexte(dossier))
    assert not all(map(reprise.ouverte.lit, tires))
    monkeypatch.setattr(module_moteur, "calculer", None)
    rejouee = moteur.tirer(dossier, tires)
    assert len(moteur._reprises) == 1
    assert_egales(rejouee, directe, nom)
    fermee, attendue = chiffres(boucler(rejouee)), chiffres(boucler(directe))
    for code, g in attendue.items():
        assert np.allclose(fermee[code].valeur, g.valeur, rtol=1e-12, atol=1e-6, equal_nan=True), code


HORS_DE_LA_CHAINE = {
    "foncier.debours": np.array([0.0, 1_000.0, 5_000.0]),
    "evolution.ilc": np.array([-0.01, 0.0, 0.02]),
}
"""Inputs of the station that its chain does not read, and draws of them."""


def test_ce_que_la_chaine_ne_lit_pas_se_tire_sans_reevaluer(monkeypatch):
    """Moved with what it reads, in blocks of draws: the recorded plans run, and say what the study says without them."""
    moteur, station = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml")
    tires, noms = {"travaux.cout_m2_ht": np.array([2_400.0, 2_600.0, 2_900.0])}, ("cout_total", "a_trouver.total")
    attendus = tirer_par_blocs(moteur, station, tires, Rangees(noms, "boucle"))
    monkeypatch.setattr(module_tirages, "calculer", None)
    lus = tirer_par_blocs(moteur, station, {**tires, **HORS_DE_LA_CHAINE}, Rangees(noms, "boucle"))
    assert len(moteur._reprises) == 1
    for nom in noms:
        assert np.array_equal(lus[nom], attendus[nom]), nom


@pytest.mark.parametrize("champ", HORS_DE_LA_CHAINE)
@pytest.mark.parametrize("tiree", [True, False])
def test_ce_que_la_chaine_ne_lit_pas_se_lit_quand_un_chiffre_le_demande(champ, tiree):
    """A figure that asks for an input which the recorded path did not read has its draws, not what was recorded."""
    moteur, station = Moteur.ouvrir(), ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml")
    chemin = champ.removeprefix("evolution.")

    def lire(ev):
        return {"lu": ev.ctx.evolution(chemin) if chemin != champ else ev.ctx.entree(champ)}

    assert not moteur.reprise(moteur.contexte(station))[0].ouverte.lit(champ)
    (ici,) = tirer_par_blocs(moteur, station, {"travaux.cout_m2_ht": np.full(1, 2_500.0)}, DuPlanTelQuel(lire))["lu"]
    valeurs = HORS_DE_LA_CHAINE[champ]
    if tiree:
        lus = tirer_par_blocs(moteur, station, {champ: valeurs}, DuPlanTelQuel(lire))["lu"]
    else:
        lus = np.ravel(lire(moteur.tirer(station, {champ: valeurs}))["lu"].valeur)
    assert lus == pytest.approx(valeurs + (ici if chemin != champ else 0.0))


@pytest.mark.parametrize("lecture", ["tel_quel", "boucle"])
def test_ni_les_blocs_ni_les_fils_ne_changent_un_tirage(dossier, moteur, lecture):
    noms = ("cout_total", "contribution_par_place", "couverture_minimale")
    un = tirer_par_blocs(moteur, dossier, tirages(50), Rangees(noms, lecture), taille=50)
    for taille, fils in ((7, 1), (13, 2), (25, 2)):
        autre = tirer_par_blocs(moteur, dossier, tirages(50), Rangees(noms, lecture), taille=taille, fils=fils)
        for nom in noms:
            ecart = 0.0 if lecture == "tel_quel" else 0.01
            assert np.allclose(un[nom], autre[nom], rtol=0.0, atol=ecart, equal_nan=True), (nom, taille, fils)


def test_un_tirage_aux_valeurs_de_l_etude_est_l_etude(dossier, moteur):
    """A draw at the values of the study, on a record of another variant: exactly the study."""
    autre = varier(dossier, "autre", {"travaux.cout_m2_ht": 3000.0, "exploitation.taux_occupation": 0.7})
    moteur.reprise(contexte(moteur, dossier, autre))
    champs = {"exploitation.taux_occupation": lire_champ(dossier.etude, "exploitation.taux_occupation").valeur}
    tires = {champ: np.full(3, v) for champ, v in champs.items()}

    def garder(ev):
        return {r.code: r.grandeur for r in ratios.calculer(ev)} | {"cout": indicateurs.calculer(ev)["cout_total"]}

    lus = tirer_par_blocs(moteur, dossier, tires, DuPlanTelQuel(garder))
    for code, g in garder(calculer(contexte(moteur, dossier, dossier.etude), [BASE])).items():
        assert np.array_equal(lus[code], np.full(3, g.valeur.item()), equal_nan=True), code


def test_un_choc_ne_se_rejoue_pas(dossier, moteur):
    """A context that a shock strikes is computed, whatever was recorded of its study."""
    moteur.reprise(contexte(moteur, dossier, dossier.etude))
    choc = Choc("exploitation.taux_occupation", "occupation en baisse", facteur=0.5)
    frappe = replace(contexte(moteur, dossier, dossier.etude), chocs=(choc,))
    assert frappe.est_arrete
    directe = calculer(replace(frappe, _memoire={}), [BASE])
    assert_egales(moteur.reprendre(frappe, [BASE]), directe, "choc")
    assert not np.array_equal(
        directe.livre["exploitation.resultat"].valeur,
        moteur.reprendre(contexte(moteur, dossier, dossier.etude), [BASE]).livre["exploitation.resultat"].valeur,
    )


def test_les_changements_d_une_etude(dossier):
    base = dossier.etude
    assert changements(base, base) == frozenset()
    assert changements(base, varier(dossier, "a", {"travaux.cout_m2_ht": 1234.0})) == {"travaux.cout_m2_ht"}
    assert changements(base, varier(dossier, "b", {"prets[banque].taux": 0.02})) == {"prets[banque].taux"}
    assert changements(base, varier(dossier, "c", {"horizon_mois": base.horizon_mois - 12})) is None
    assert changements(base, varier(dossier, "d", {"exploitation.contribution_commune": {"mode": "aucune"}})) is None
