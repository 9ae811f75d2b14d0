"""Sites × modes × montages × ways of closing: figures equal to a direct evaluation, refusals in words, speed."""

import time
from dataclasses import replace

import numpy as np
import pytest

import pope_foncier as pf
from pope_foncier.decision.commune.cout import ce_que_paie_la_commune
from pope_foncier.decision.comparer.bouclages import Bouclage, lire_bouclages
from pope_foncier.decision.comparer.combinaisons import Demande, combiner
from pope_foncier.decision.comparer.mesures import prix_des_travaux
from pope_foncier.decision.montages.possibles import comparer as montages_de
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.lectures import a_trouver, a_trouver_en_tout
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, varier
from pope_foncier.etude.service_dette import pire_couverture
from pope_foncier.vues.decision.comparer import tableaux

TOUS = ("tous",)


def _seul(dossier, moteur, surcharges):
    etude = varier(dossier, "seul", surcharges) if surcharges else dossier.etude
    return Resultat.calculer(replace(dossier, etude=etude, variantes={BASE: etude}), moteur).vue()


def _a_part(etude, nom):
    """Closers of a way of the catalogue as a study would write them alone, those that bring nothing left out."""
    parts = next(b for b in lire_bouclages().bouclages if b.nom == nom).parts
    ecrits = []
    for b in lire_bouclages().boucleurs:
        if b.id in parts:
            brut = b.model_dump(mode="python", exclude_defaults=True) | {
                "part": {"valeur": parts[b.id], "base": "essai"}
            }
            brut["apporteur"] = etude.acteurs.commune if brut["apporteur"] == "{commune}" else brut["apporteur"]
            if "pret" in brut:
                brut["pret"] |= {
                    c: {"valeur": getattr(etude.prets[0], c).valeur, "base": "essai"} for c in ("taux", "duree_mois")
                }
            ecrits.append(brut)
    return {"bouclage": ecrits} if ecrits else {}


@pytest.mark.parametrize("nom", [b.nom for b in lire_bouclages().bouclages])
def test_une_facon_de_boucler_est_celle_que_l_etude_ecrirait(dossier, moteur, nom):
    """Rows of one evaluation against the study evaluated alone with these closers, round by round."""
    lues = combiner([dossier], Demande.lire((), (), TOUS), moteur)
    x = next(o.chiffres for o in lues if o.bouclage == nom)
    vue = _seul(dossier, moteur, _a_part(dossier.etude, nom))
    payeur = ce_que_paie_la_commune(vue)
    assert x.a_trouver == pytest.approx(a_trouver(vue), abs=0.01)
    assert x.a_trouver_en_tout == pytest.approx(a_trouver_en_tout(vue)["total"], abs=0.02)
    assert x.commune.valeur == pytest.approx(payeur.par_place_an, abs=0.01)
    en_tout = a_trouver_en_tout(vue)
    en_tout = payeur.par_place_an + vue.places.par_place_et_par_an(en_tout["total"] - en_tout["attente"])
    assert x.avec_le_reste.valeur == pytest.approx(en_tout, abs=0.01)
    acteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    assert x.couverture == pytest.approx(float(pire_couverture(vue.bouclee.ev, acteur).ravel()[0]), abs=1e-6)
    assert x.places == vue.valeur(vue.ev.capacite.places)


def test_la_fourchette_est_celle_des_deux_bouts_du_prix(dossier, moteur):
    """The commune at both ends of the price of works, each evaluated alone; the cost is the range that every page shows."""
    (lue,) = combiner([dossier], Demande.lire((), (), ("commune",)), moteur)
    bas, haut = (
        ce_que_paie_la_commune(
            _seul(dossier, moteur, _a_part(dossier.etude, "commune") | {"travaux.cout_m2_ht": prix})
        ).par_place_an
        for prix in prix_des_travaux(dossier.etude)[1:]
    )
    assert (lue.chiffres.commune.bas, lue.chiffres.commune.haut) == (
        pytest.approx(bas, abs=0.01),
        pytest.approx(haut, abs=0.01),
    )
    page = fourchette_totale(_seul(dossier, moteur, {}))
    assert lue.chiffres.cout_par_place.haut == pytest.approx(page.haut / lue.chiffres.places)


def test_les_montages_sont_ceux_de_la_comparaison_des_montages(coque, moteur):
    """Same state and reasons, same amount to find, read on the plan that nobody closes."""
    lues = {o.montage: o for o in combiner([coque], Demande.lire((), TOUS, ("personne",)), moteur)}
    vus = 0
    for cas in montages_de(coque, moteur):
        lue = lues[cas.nom]
        assert lue.etat == cas.etat, cas.nom
        assert lue.raisons == cas.raisons, cas.nom
        if cas.evaluation is not None:
            vus += 1
            attendu = float(np.ravel(cas.bouclee.livre["a_trouver.total"].valeur)[0])
            assert lue.chiffres.a_trouver_en_tout == pytest.approx(attendu, abs=0.05, nan_ok=True), cas.nom
    assert vus > 10


def test_un_montage_demande_parmi_d_autres_est_celui_que_l_on_demande_seul(coque, moteur):
    """Who orders the works changes from one to the next: the closers that it would pay to itself are its own."""
    montages = ("achat_association", "commune_loue", "sci_loue")
    ensemble = combiner([coque], Demande.lire(TOUS, montages, TOUS), _neuf(moteur))
    seuls = [o for m in montages for o in combiner([coque], Demande.lire(TOUS, (m,), TOUS), _neuf(moteur))]
    assert {o.cle: repr(o) for o in ensemble} == {o.cle: repr(o) for o in seuls}
    assert len({o.raisons for o in ensemble if o.bouclage == "commune"}) > 1


def test_qui_porte_les_travaux_ne_se_prete_pas_a_lui_meme(coque, moteur):
    """An operator of the name of a lender of the catalogue: refused where it orders the works, not where it rents them."""
    preteur = next(b.apporteur for b in lire_bouclages().boucleurs if b.pret is not None)
    avec = {
        b.nom
        for b in lire_bouclages().bouclages
        if any(b.parts.get(x.id) for x in lire_bouclages().boucleurs if x.pret)
    }
    etude = varier(coque, "meme nom", {"acteurs.gestionnaire": preteur})
    la = replace(coque, etude=etude, variantes={BASE: etude})
    lues = combiner([la], Demande.lire((), ("achat_association", "sci_loue"), TOUS), _neuf(moteur))
    refusees = {(o.montage, o.bouclage) for o in lues if any("se verserait de l'argent" in r for r in o.raisons)}
    assert avec
    assert refusees == {("achat_association", nom) for nom in avec}


def _neuf(moteur):
    return Moteur(moteur.catalogue, moteur.evolutions)


def test_l_elan_des_tours_ne_change_pas_un_centime(dossier, moteur):
    (ev,) = moteur.evaluer(replace(dossier, variantes={BASE: varier(dossier, "x", _a_part(dossier.etude, "partage"))}))
    lents, vifs = boucler(ev).ctx.bouclage, boucler(ev, elan=True).ctx.bouclage
    for cle, montant in lents.items():
        assert vifs[cle].valeur == pytest.approx(montant.valeur, abs=0.002), cle


def test_un_plan_que_personne_ne_finance_ne_parait_pas_moins_cher(dossier, moteur):
    """Given by the commune or still to find, the same works ask the same effort, to the cent: the wait of a grant is no cost."""
    lues = {o.bouclage: o.chiffres for o in combiner([dossier], Demande.lire((), (), ("personne", "commune")), moteur)}
    personne, commune = lues["personne"], lues["commune"]
    assert personne.commune.valeur < commune.commune.valeur
    assert personne.avec_le_reste.valeur >= commune.commune.valeur
    assert personne.avec_le_reste.valeur == pytest.approx(commune.avec_le_reste.valeur, abs=0.01)


def test_des_murs_de_la_commune_que_personne_ne_capitalise_ne_lui_coutent_pas_moins(coque, moteur):
    """The commune buys and lets: capital that nobody brings to its property is its own spending, as if it gave it."""
    demande = Demande.lire((), ("commune_loue", "commune_prete"), ("personne", "commune"))
    lues = {(o.montage, o.bouclage): o.chiffres for o in combiner([coque], demande, moteur)}
    for montage in ("commune_loue", "commune_prete"):
        personne, commune = (lues[montage, b] for b in ("personne", "commune"))
        assert personne.commune.valeur > 0.9 * commune.commune.valeur, montage
        assert personne.avec_le_reste.valeur == pytest.approx(commune.avec_le_reste.valeur, abs=0.01), montage


@pytest.fixture(scope="module")
def livree():
    """Two studies: three montages, one of which the law refuses, and two ways of closing."""
    choix = {"montages": ["tel_quel", "commune_loue", "bail_construction"], "bouclages": ["personne", "commune"]}
    return pf.comparer("gare_saint_denis", "coque_la_courneuve", "creche_emile_zola", **choix)


def test_les_options_impossibles_disent_pourquoi(livree):
    raisons = livree.options["raisons"]
    assert raisons["gare_saint_denis", "collectif_psu", "bail_construction", "commune"] == (
        "domaine public ferroviaire : pas de droit réel en l'état"
    )
    assert "section « foncier »" in raisons["creche_emile_zola", "collectif_psu", "commune_loue", "personne"]
    assert livree.options.loc[livree.options["etat"] == "impossible", "cout_total"].isna().all()


def test_un_inconnu_n_est_jamais_zero_et_laisse_l_option_hors_de_l_ordre(livree):
    zola = livree.options.loc[("creche_emile_zola", "collectif_psu", "tel_quel", "personne")]
    assert np.isnan(zola["cout_total"])
    assert np.isnan(zola["rang"])
    assert np.isnan(zola["commune"]), "une étude sans exploitation ne dit pas que la commune ne paie rien"
    assert "l'étude ne la décrit pas" in zola["inconnus"]
    assert "Coût des travaux au m²" in zola["inconnus"]
    assert not zola["non_dominee"]
    assert any(p.startswith("Non classables (inconnu : ") and "Émile Zola" in p for p in livree.phrases)


def test_les_phrases_nomment_ceux_qui_sont_battus(livree):
    dites = " ".join(livree.phrases)
    assert "fait aussi bien partout, et mieux ailleurs, que" in dites
    assert "selon les critères" in dites
    cadre = livree.classement
    assert cadre["note"].is_monotonic_decreasing
    parts = cadre.drop(columns=["note", "premiere"]).sum(axis=1)
    assert parts.to_numpy() == pytest.approx(cadre["note"].to_numpy())


def test_les_noms_inconnus_sont_refuses_avec_les_proches():
    with pytest.raises(pf.Inconnu, match="micro_creche_psu"):
        pf.comparer("gare_saint_denis", modes=["micro_creche"])
    with pytest.raises(pf.Inconnu, match="commune_loue"):
        pf.comparer("gare_saint_denis", montages=["commune_louee"])
    with pytest.raises(pf.Inconnu, match="partage"):
        pf.comparer("gare_saint_denis", bouclages=["partages"])


def test_un_mode_que_l_etude_decrit_elle_meme_garde_ses_valeurs():
    """The demonstration of six modes states its own family crèche: thirty places in 120 m²."""
    lue = pf.comparer("modes_d_accueil", modes=["creche_familiale"], bouclages=["personne"])
    seule = pf.ouvrir("modes_d_accueil").scenarios["creche_familiale"].calculer()
    assert lue.options["places"].iloc[0] == seule["places"].valeur == 30
    assert lue.options["cout_total"].iloc[0] == pytest.approx(seule["cout_total"].valeur)


def test_une_etude_retouchee_se_compare_a_elle_meme():
    etude = pf.ouvrir("gare_saint_denis")
    lue = pf.comparer(etude, etude.avec_blocs("travaux_plus_15"), bouclages=["personne"])
    noms = list(lue.options.index.get_level_values("etude"))
    assert noms == ["gare_saint_denis", "gare_saint_denis (Travaux +15 %)"]
    couts = lue.options["cout_total"].to_numpy()
    assert couts[1] > couts[0]


def test_l_image_dit_le_plan_suppose_et_les_memes_echelles(livree):
    fig = livree.tracer(12)
    dits = [t.get_text() for ax in fig.axes for t in ax.texts] + [t.get_text() for t in fig.texts]
    assert "aucun plan tracé" in dits
    assert "plan supposé" in dits
    assert any("Mêmes échelles" in d for d in dits)
    assert any(d.startswith("Source : ") for d in dits)
    limites = {}
    for ax in fig.axes:
        if ax.texts and ax.texts[0].get_text() == "Coût par place":
            limites.setdefault(ax.get_xlim(), 0)
    assert len(limites) == 1


def test_les_tables_se_lisent_en_nombres(livree):
    lue = livree._options
    assert tableaux.options(lue).to_frame()["Places"].notna().all()
    assert len(tableaux.impossibles(lue).cellules) == 2
    assert "<table" in livree._repr_html_()


def test_un_tableau_de_tous_les_scenarios_met_le_scenario_dans_l_index():
    etude = pf.ouvrir("gare_saint_denis")
    lu = etude.scenarios.tableau("plan")
    assert lu.index.names[0] == "scenario"
    assert list(dict.fromkeys(lu.index.get_level_values("scenario"))) == list(etude.scenarios)
    seul = etude.scenarios["cas_bas"].calculer().tableau("plan")
    assert lu.loc["cas_bas"].dropna(axis=1, how="all").equals(seul.dropna(axis=1, how="all"))


def test_neuf_cents_combinaisons_en_peu_de_temps(moteur):
    """Six studies × six modes × twenty-five ways of closing, with their ranges; the bar leaves room for a busy machine."""
    dossiers = [pf.ouvrir(nom).dossier_entier() for nom in pf.etudes()]
    fiches = lire_bouclages()
    parts = np.linspace(0.0, 1.0, 25)
    bouclages = [
        Bouclage(nom=f"b{i}", titre=f"B{i}", parts={"commune_comparee": p, "pret_compare": 1.0 - p}, base="essai")
        for i, p in enumerate(parts)
    ]
    demande = replace(Demande.lire(TOUS, (), ()), bouclages=tuple(b.nom for b in bouclages))
    depart = time.process_time()
    lues = combiner(dossiers, demande, moteur, fiches.model_copy(update={"bouclages": tuple(bouclages)}))
    assert time.process_time() - depart < 8.0
    assert len(lues) == 900
    assert all(o.chiffres is not None for o in lues)


def test_les_memes_options_redemandees_ne_sont_pas_recalculees(coque):
    """Another engine, another list of ways, or a study that was changed computes anew; the same question is given its options."""
    moteur, demande = Moteur.ouvrir(), Demande.lire((), ("tel_quel", "commune_loue"), ("commune",))
    premieres = combiner([coque], demande, moteur)
    assert all(a is b for a, b in zip(premieres, combiner([replace(coque)], demande, moteur), strict=True))
    autre = varier(coque, "autre", {"travaux.cout_m2_ht": 1_000})
    plus_bas = combiner([replace(coque, etude=autre, variantes={BASE: autre})], demande, moteur)
    assert plus_bas[0].chiffres.cout_total < premieres[0].chiffres.cout_total
    assert combiner([coque], demande, Moteur.ouvrir()) == premieres


def test_deux_variantes_d_une_etude_gardent_chacune_la_leur():
    """Same name, same title: each has its figures and its rank, as if they had been given alone."""
    etude = pf.ouvrir("coque_la_courneuve")
    lues = pf.comparer(etude, etude).options
    assert list(lues.index.get_level_values("etude")) == [f"coque_la_courneuve (variante {k})" for k in (1, 2)]
    assert lues["cout_total"].nunique() == 1
