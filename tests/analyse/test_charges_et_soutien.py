"""Staff at the pay of the branch, charges of the national cost by nature, bonus territoire under the support of the commune.

Expected amounts are computed here in plain Python from the published figures, without a scale nor a rule of the project.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pope_foncier.analyse.a_confirmer import a_confirmer
from pope_foncier.analyse.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.analyse.epreuves import eprouver
from pope_foncier.analyse.gel import frapper, geler
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from pope_foncier.analyse.soldes import calculer_soldes
from pope_foncier.socle.erreurs import ErreurBareme, ErreurDonnees
from pope_foncier.socle.grandeur import par_annee
from pope_foncier.vues import lectures
from pope_foncier.vues.tableaux_exploitation import table_soldes
from tests.analyse.test_annee_pleine import POINTS, cout_d_un_etp
from tests.conftest import DONNEES, GARE

ETUDES = ("gare_saint_denis", "coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains", "modes_d_accueil")
CONTRIBUTION = "exploitation.contribution_commune"
NATIONALES = "exploitation.charges_nationales"
BONUS = "exploitation.produits.bonus_territoire"


def d(valeur):
    return {"valeur": valeur, "base": "essai"}


def etude(nom):
    return ouvrir(DONNEES / "etudes" / f"{nom}.yaml")


def vue(moteur, dossier, surcharges=None):
    variante = varier(dossier, "essai", surcharges) if surcharges else dossier.etude
    return Resultat.calculer(replace(dossier, etude=variante, variantes={BASE: variante}), moteur).vue()


def a_l_equilibre(dossier):
    """The study whose commune brings the result to zero, in place of a stated lump."""
    variante = varier(dossier, "equilibre", {CONTRIBUTION: "equilibre_comptable"})
    return replace(dossier, etude=variante, variantes={BASE: variante})


def en(v, code, annee):
    return v.annuel(code)[v.annees.index(annee)]


# --- staff ---------------------------------------------------------------------------------------------------------
def test_le_personnel_de_la_courneuve_se_refait_poste_par_poste(moteur):
    """17 places: 3 adults for 8 h and 2 for 3 h, 0.5 of direction, 17 / 24 of service; under eleven FTE, no transport levy."""
    v = vue(moteur, etude("coque_la_courneuve"))
    terrain = (3 * 8 + 2 * 3) * 223.3 / 1_450
    equipe = {"education": 0.25 * terrain, "accompagnement": 0.40 * terrain, "animation": 0.35 * terrain}
    equipe |= {"direction": 0.5, "service": 17 * 0.041666667}
    couts = [(n, *cout_d_un_etp(POINTS[m])) for m, n in equipe.items()]
    taxe = sum(n * t for n, _, t in couts)
    assert taxe < 24_256, "the allowance covers the whole tax of a place of this size"
    attendu = sum(n * c for n, c, _ in couts) * 1.018**3
    assert en(v, "exploitation.charges.personnel", 2029) == pytest.approx(attendu, rel=1e-6)


def test_les_couts_moyens_tenaient_une_taxe_et_un_versement_qui_ne_sont_pas_dus(moteur):
    """Saint-Denis as it was read: 213,532 € of contribution in 2029; 197,767 € for the same staff at the pay of the branch.

    The four means held 3.2 % of transport levy and the whole tax on wages, without the allowance of 24,256 €. Since that reading, a
    year of 111 months of use also bears the refund of the Piaje, 36,800 €, and a year of 84 months the rise of the equipment.
    """
    gelee = ouvrir(GARE)
    sans = {f"exploitation.cout_etp_{n}": None for n in ("terrain", "direction", "sante", "logistique")}
    paie = {"part_education": d(0), "part_accompagnement": d(1), "points_anciennete": d(0)}
    paie |= {"taxe_ailleurs": d(0), "etp_ailleurs": d(0)}
    avant = vue(moteur, gelee, {CONTRIBUTION: "equilibre_comptable"})
    apres = vue(moteur, gelee, sans | {CONTRIBUTION: "equilibre_comptable", "exploitation.paie": paie})
    contributions = [en(v, "exploitation.produits.contribution", 2029) for v in (avant, apres)]
    depuis = 12 * (36_800 / 111 + 45_000 * (1.018 ** (41 / 12) - 1) / 84)
    assert contributions == pytest.approx([213_532 + depuis, 197_767 + depuis], abs=1)
    terrain = (2 * 8 + 2 * 3) * 223.3 / 1_450
    bruts = [(23_000 + 55 * p, n) for p, n in ((59, terrain), (416, 0.5), (13, 12 * 0.041666667))]
    taxe = sum(n * (0.0425 * 9_229 + 0.085 * (18_423 - 9_229) + 0.136 * (b - 18_423)) for b, n in bruts)
    assert taxe < 24_256
    en_trop = (taxe + 0.032 * sum(n * b for b, n in bruts)) * 1.018**3
    assert contributions[0] - contributions[1] == pytest.approx(en_trop, abs=5), "the means are rounded to the euro"


PAIE = (
    *("alisfa_socle", "alisfa_point", "cotisations_patronales", "smic_horaire"),
    *(f"allegement_{n}" for n in ("minimum", "amplitude", "puissance", "sortie")),
    *("taxe_salaires_tranches", "taxe_salaires_abattement"),
)
"""Scales of the pay that are known for 2026 alone."""


def test_le_personnel_nomme_chaque_bareme_qu_il_lit(moteur):
    origines = (
        vue(moteur, etude("epinay_villetaneuse")).ev.livre["exploitation.charges.personnel"].origines_du_scenario()
    )
    lues = {o.reference.removeprefix("exploitation.charges.") for o in origines if o.nature == "bareme"}
    assert lues >= {
        *PAIE,
        "alisfa_points_moyens",
        "heures_temps_plein",
        "versement_mobilite_93",
        "versement_mobilite_seuil",
    }


def test_une_demande_de_2028_prolonge_la_paie_a_vue(moteur):
    """The scales of the pay end with 2026: a later request is refused, or prolongs each of them with its reason."""
    epinay = etude("epinay_villetaneuse")
    tard = {"date_demande": date(2028, 6, 1), "aides": [], "taxes": None}
    with pytest.raises(ErreurBareme, match=r"exploitation\.charges\..*aucune valeur connue le 1er juin 2028"):
        vue(moteur, epinay, tard)
    prolonger = [{"bareme": f"exploitation.charges.{n}", "motif": "barème non publié"} for n in PAIE]
    ev = vue(moteur, epinay, tard | {"prolonger": prolonger}).ev
    mentions = " ".join(o.mention for o in ev.livre["exploitation.charges.personnel"].origines_du_scenario())
    assert mentions.count("prolongé à plat par hypothèse : barème non publié") == len(PAIE)


@pytest.mark.parametrize("nom", ETUDES)
def test_une_etude_de_base_lit_la_paie_de_la_branche_et_rien_d_autre(nom):
    exploitation = etude(nom).etude.exploitation
    assert exploitation.paie is not None
    assert exploitation.paie.taxe_ailleurs.valeur == exploitation.paie.etp_ailleurs.valeur == 0
    assert {getattr(exploitation, f"cout_etp_{n}") for n in ("terrain", "direction", "sante", "logistique")} == {None}
    with pytest.raises(ErreurDonnees, match="« cout_etp_sante » ne serait pas lu"):
        varier(etude(nom), "x", {"exploitation.cout_etp_sante": d(40_000)})


# --- charges of the national cost -----------------------------------------------------------------------------------
def test_les_autres_charges_d_epinay_par_nature(moteur):
    """7.0 % of purchases and 8.2 % of the rest of 19,450 € (2024), +0.9 % published for 2025 then 1.8 % a year, 12 places, 200 m²."""
    epinay = etude("epinay_villetaneuse")
    v = vue(moteur, epinay)
    hausse = 1.009 * 1.018**4
    assert en(v, "exploitation.charges.autres", 2029) == pytest.approx(12 * 19_450 * (0.070 + 0.082) * hausse)
    assert en(v, "exploitation.charges.detail.assurance", 2029) == pytest.approx(12 * 80 * 1.018**3)
    assert en(v, "exploitation.charges.detail.entretien", 2029) == pytest.approx(15 * 200 * 1.018**3)
    bornes = moteur.tirer(epinay, {f"{NATIONALES}.niveau": np.array([0.89, 1.11])})
    autres = par_annee(bornes.livre["exploitation.charges.autres"], bornes.ctx.echelle).valeur[:, 2]
    assert autres == pytest.approx(12 * 19_450 * 0.152 * hausse * np.array([0.89, 1.11]))


def test_les_parts_par_nature_font_le_cout_entier(moteur):
    parts = moteur.catalogue.bareme("exploitation.reperes.parts_par_nature").valeurs[0].valeur
    assert sum(parts.values()) == pytest.approx(1.0)
    assert list(parts) == ["personnel", "achats", "services_exterieurs", "autres", "dotations"]


def test_sans_rien_a_part_le_cout_national_hors_personnel_revient_entier(moteur):
    """A place lent free and fitted out by its owner: 25.3 % of 19,450 €, nothing else being counted."""
    gratuit = {"titre_occupation.loyer_m2_an": d(0), "exploitation.charges": [], f"{NATIONALES}.saisies_a_part": []}
    v = vue(moteur, etude("modes_d_accueil"), gratuit)
    attendu = 30 * 19_450 * (1 - 0.747) * 1.009 * 1.018**5
    assert en(v, "exploitation.charges.autres", 2030) == pytest.approx(attendu)


MENAGE = {"id": "menage", "libelle": "Ménage", "par": "an", "montant": d(1_000)}


@pytest.mark.parametrize(
    ("surcharges", "message"),
    [
        ({f"{NATIONALES}.saisies_a_part": ["dotations"], "exploitation.charges": []}, "61 .* deux fois .* loyer"),
        (
            {
                f"{NATIONALES}.saisies_a_part": ["dotations"],
                "exploitation.charges": [],
                "titre_occupation.loyer_m2_an": {"a_obtenir_de": "le bailleur"},
            },
            "61 .* deux fois .* loyer",
        ),
        (
            {f"{NATIONALES}.saisies_a_part": ["services_exterieurs"]},
            "dotations .* deux fois .*amortissement des travaux",
        ),
        ({"exploitation.charges": []}, "le loyer seul ne couvre ni l'entretien ni les assurances"),
        ({"exploitation.charges": [MENAGE]}, "« menage » sans nature"),
        ({"exploitation.charges": [MENAGE | {"nature": "autres"}]}, "« menage » comptée deux fois"),
        (
            {f"{NATIONALES}.saisies_a_part": ["achats", "services_exterieurs", "dotations"]},
            "achats .* aucune ligne ne la compte",
        ),
        ({f"{NATIONALES}.saisies_a_part": ["dotations", "dotations"]}, "deux fois la même nature"),
        ({"exploitation.autres_charges_par_place": d(4_376)}, "l'un ou l'autre, et un seul"),
        ({NATIONALES: None}, "l'un ou l'autre, et un seul"),
    ],
)
def test_une_charge_comptee_deux_fois_ou_oubliee_est_refusee(surcharges, message):
    with pytest.raises(ErreurDonnees, match=message):
        varier(etude("gare_saint_denis"), "essai", surcharges)


def test_chaque_mode_d_accueil_s_essaie_sur_chaque_etude(moteur):
    """The workshop puts a study in another mode: what it would ignore leaves, what it needs comes, nothing is refused."""
    for nom in ETUDES[:4]:
        dossier = etude(nom)
        for mode in lire_passages():
            surcharges = surcharges_du_mode(dossier.etude, mode, moteur.catalogue)
            if not surcharges:
                continue
            essai = varier(dossier, mode, surcharges).exploitation
            assert (essai.paie is None) == (mode == "mam")
            assert (essai.charges_nationales is None) == (mode == "mam")
            assert (essai.autres_charges_par_place is not None) == (mode == "mam")
            v = vue(moteur, dossier, surcharges)
            assert en(v, "exploitation.charges.autres", 2029) > 0


# --- bonus territoire -----------------------------------------------------------------------------------------------
def somme_fixe(montant):
    return {
        "id": "places_reservees",
        "libelle": "Places réservées par la Ville",
        "payeur": "Ville de Saint-Denis",
        "statut": "esperee",
        "par_place": montant,
    }


def annexes(dossier, *autres):
    brut = dossier.etude.exploitation.model_dump(mode="python", exclude_defaults=True)["produits_annexes"]
    return {"exploitation.produits_annexes": [*brut, *autres]}


def ligne_a_confirmer(v, quoi):
    return next(x for x in a_confirmer(v) if x.quoi.startswith(quoi))


@pytest.mark.parametrize("nom", ETUDES)
def test_sans_contribution_de_la_commune_le_bonus_territoire_n_est_pas_du(moteur, nom):
    dossier = etude(nom)
    payee, seule = vue(moteur, dossier), vue(moteur, dossier, {CONTRIBUTION: "aucune"})
    places = payee.valeur(payee.ev.capacite.places)
    assert en(payee, BONUS, 2029) == pytest.approx(2_600 * places)
    assert seule.annuel(BONUS).sum() == 0
    ligne = ligne_a_confirmer(seule, "Bonus territoire")
    assert ligne.valeur == "non dû"
    assert "la commune ne verse rien" in ligne.pourquoi
    assert not any(x.quoi.startswith("Convention territoriale") for x in a_confirmer(seule))


def test_la_signature_de_la_ctg_se_confirme_ou_ote_le_bonus(moteur):
    gare = a_l_equilibre(etude("gare_saint_denis"))
    supposee = vue(moteur, gare)
    ligne = ligne_a_confirmer(supposee, "Convention territoriale globale")
    assert ligne.valeur == "1\xa0signature supposée"
    assert "signature supposée, 96 % de la population" in ligne.pourquoi
    assert ligne.aupres_de == "Ville de Saint-Denis et Caf de la Seine-Saint-Denis"
    assert en(supposee, BONUS, 2029) == pytest.approx(31_200)
    non, oui = (vue(moteur, gare, {"territoire": {"ctg_signee": x}}) for x in ("non", "oui"))
    assert non.annuel(BONUS).sum() == 0
    assert ligne_a_confirmer(non, "Bonus territoire").valeur == "non dû"
    assert en(oui, BONUS, 2029) == pytest.approx(31_200)
    assert not any(x.quoi.startswith("Convention territoriale") for x in a_confirmer(oui))
    manque = en(non, "exploitation.produits.contribution", 2029) - en(oui, "exploitation.produits.contribution", 2029)
    assert manque == pytest.approx(31_200), "the commune that balances pays what the Caf does not"


def test_une_signature_inconnue_ne_rapporte_rien_et_le_dit(moteur):
    """12 places × 2,600 € a year over 120 − 9 − 2 months of use, 283,400 €: nothing of it until the study says so."""
    gare = etude("gare_saint_denis")
    supposee, inconnue, oui = (vue(moteur, gare, {"territoire.ctg_signee": x}) for x in ("supposee", "inconnu", "oui"))
    assert supposee.annuel(BONUS).sum() == pytest.approx(109 * 2_600)
    assert inconnue.annuel(BONUS).sum() == 0
    ligne = ligne_a_confirmer(inconnue, "Bonus territoire")
    assert ligne.valeur == "non dû"
    assert "territoire.ctg_signee" in ligne.pourquoi
    assert ligne.aupres_de == "Ville de Saint-Denis et Caf de la Seine-Saint-Denis"
    dit = [lectures.phrase(v).replace("\u202f", " ").replace("\xa0", " ") for v in (supposee, inconnue, oui)]
    assert "31 200 € en 2030, 283 400 € en tout, comptés en supposant la CTG signée." in dit[0]
    assert "Bonus territoire, places nouvelles : non compté, signature de la CTG inconnue." in dit[1]
    assert "CTG" not in dit[2]


def test_une_signature_supposee_dit_pourquoi():
    with pytest.raises(ErreurDonnees, match="ctg_hypothese"):
        varier(etude("coque_la_courneuve"), "x", {"territoire": {"ctg_signee": "supposee"}})


def test_l_epreuve_sans_ctg_ote_le_bonus_et_rien_d_autre(moteur):
    """Funding frozen, the signature fails: the operator ends with 283,400 € less, that nobody pays in its place."""
    gare = vue(moteur, etude("gare_saint_denis"))
    effets = {e.libelle: e for e in eprouver(gare)}
    perdus = dict(effets["Convention avec la Caf (CTG) non signée"].porte_par)
    assert perdus == {"Association gestionnaire": pytest.approx(283_400, abs=1)}


def test_le_bonus_et_la_contribution_ne_tournent_pas_en_rond(moteur):
    """A year in which the balance asks for nothing keeps the bonus: the commune is committed by the mode, not by the amount."""
    gare = a_l_equilibre(etude("gare_saint_denis"))
    riche = annexes(gare, somme_fixe(d(30_000)) | {"payeur": "Mécène"})
    v = vue(moteur, gare, riche)
    assert en(v, "exploitation.produits.contribution", 2029) == 0
    assert en(v, BONUS, 2029) == pytest.approx(31_200)
    gele = frapper(geler(v), [])
    bonus = par_annee(gele.livre[BONUS], gele.ctx.echelle).valeur.reshape(-1)
    assert bonus == pytest.approx(v.bouclee.annuel(BONUS)), "funding frozen at zero is no refusal"


@pytest.mark.parametrize(
    ("fiche", "du_en_2029"),
    [
        ({"mode": "forfait", "par_place": d(4_000)}, True),
        ({"mode": "forfait", "par_place": d(0)}, False),
        ({"mode": "plafonnee", "plafond_par_place": d(4_000)}, True),
        ({"mode": "plafonnee", "plafond_par_place": d(0)}, False),
        ({"mode": "couverture", "cible": d(1.1)}, True),
        ({"mode": "arretee", "montants": [{"annee": 2028, "montant": 9_000, "mois_ouverts": 6}]}, False),
    ],
)
def test_une_somme_fixe_soutient_si_elle_depasse_zero(moteur, fiche, du_en_2029):
    v = vue(moteur, etude("gare_saint_denis"), {CONTRIBUTION: fiche})
    assert en(v, BONUS, 2029) == pytest.approx(31_200 if du_en_2029 else 0)


def test_une_annee_ou_le_conseil_ne_vote_rien_perd_le_bonus(moteur):
    refus = {"mode": "equilibre_comptable", "decisions": [{"annee": 2031, "part": 0, "motif": "refus du conseil"}]}
    v = vue(moteur, etude("gare_saint_denis"), {CONTRIBUTION: refus})
    assert [en(v, BONUS, a) for a in (2030, 2031, 2032)] == pytest.approx([31_200, 0, 31_200])
    assert ligne_a_confirmer(v, "Bonus territoire").valeur == "non dû en 2031"


def test_une_somme_fixe_par_un_autre_chemin_soutient_aussi(moteur):
    gare = etude("gare_saint_denis")
    for montant, attendu in ((d(5_000), 31_200), (d(0), 0)):
        v = vue(moteur, gare, {CONTRIBUTION: "aucune"} | annexes(gare, somme_fixe(montant)))
        assert en(v, BONUS, 2029) == pytest.approx(attendu)
    inconnue = somme_fixe({"a_obtenir_de": "la Ville"})
    v = vue(moteur, gare, {CONTRIBUTION: "aucune"} | annexes(gare, inconnue))
    assert np.isnan(en(v, BONUS, 2029)), "an unknown payment leaves the bonus unknown, never zero"


def test_la_couverture_sans_la_commune_perd_aussi_le_bonus(moteur):
    """Cover without the commune: what is left is the account whose commune pays nothing, the bonus gone with it."""
    gare = etude("gare_saint_denis")
    avec, sans = (
        {r.code: v.valeur(r.grandeur) for r in v.bouclee.ratios}
        for v in (vue(moteur, gare), vue(moteur, gare, {CONTRIBUTION: "aucune"}))
    )
    assert avec["couverture_sans_commune"] == pytest.approx(sans["couverture_minimale"], abs=0.02)


# --- what the printed EBE holds -------------------------------------------------------------------------------------
def test_l_excedent_brut_imprime_dit_ce_qu_il_contient(moteur):
    """EBE = income without quota − external charges − staff; the quota of account 747 stands on its own line."""
    v = vue(moteur, etude("gare_saint_denis"))
    s, livre = calculer_soldes(v.ev), v.ev.livre
    quote = par_annee(livre["exploitation.produits.quote_part"], v.ev.ctx.echelle).valeur
    assert (quote > 0).any()
    assert s.quote_part.valeur == pytest.approx(quote, abs=0.01)
    caf = par_annee(v.ev.compte.capacite_autofinancement, v.ev.ctx.echelle).valeur
    assert s.excedent_brut.valeur - s.interets.valeur == pytest.approx(caf, abs=0.01), "cash, so without quota"
    exploitation = s.excedent_brut.valeur + s.quote_part.valeur
    dotation = par_annee(livre["exploitation.charges.dotation"], v.ev.ctx.echelle).valeur
    assert exploitation - dotation == pytest.approx(s.resultat_exploitation.valeur, abs=0.01)
    table = table_soldes(v)
    noms = [ligne[0] for ligne in table.lignes]
    assert "Excédent brut d'exploitation, hors quote-part" in noms
    assert "Quote-part des subventions d'investissement (compte 747)" in noms
    assert "hors quote-part" in table.note
    assert "compte 747" in table.note
