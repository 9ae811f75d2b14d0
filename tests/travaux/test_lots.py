"""Works by lots: levels replace one another, the sum holds, the range shrinks; quote tables. Expected values by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.etude.scenarios import varier
from pope_foncier.modele import calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.places import capacite
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.travaux import cout as cout_travaux
from pope_foncier.travaux.devis import lire_devis
from pope_foncier.travaux.lots import PlanTravaux, cout_terres, lire_lots
from pope_foncier.travaux.postes import fourchette, part_estimee
from tests.travaux.classeurs import NS, classeur, classeur_brut

LOTS = lire_lots()
STADES = tuple(LOTS.stades)


def chiffrer(dossier, moteur, plan=None, tirages=None, **surcharges):
    valeurs = {c.replace("__", "."): v for c, v in surcharges.items()}
    if plan is not None:
        valeurs["travaux.plan"] = plan
    etude = varier(dossier, "essai", valeurs) if valeurs else dossier.etude
    ctx = Contexte((etude,), dossier.site, moteur.catalogue, moteur.evolutions, tirages or {})
    return cout_travaux.chiffrer(ctx, calendrier.etablir(ctx), capacite.calculer(ctx))


def plan(genre="restructuration", stade="faisabilite", **reste):
    return {"genre": genre, "stade": stade, **reste}


def ligne(lot, quantite, prix, jour="2025-01-01", nom="x"):
    from datetime import date

    donnee = lambda v: {"valeur": v, "base": "essai"}  # noqa: E731
    return {
        "id": nom,
        "lot": lot,
        "libelle": lot,
        "quantite": donnee(quantite),
        "unite": "m²",
        "prix_unitaire_ht": donnee(prix),
        "date_prix": date.fromisoformat(jour),
    }


@pytest.mark.parametrize("genre", LOTS.repartition)
def test_repartir_le_ratio_ne_change_aucun_poste(dossier, moteur, genre):
    """The split of a ratio is the ratio, to the cent."""
    seul, reparti = chiffrer(dossier, moteur), chiffrer(dossier, moteur, plan(genre))
    for nom in (
        "travaux_ht",
        "honoraires_ht",
        "etudes_assurances_ht",
        "aleas_ht",
        "tva",
        "equipement_ttc",
        "total_ttc",
    ):
        assert getattr(reparti, nom).au_point() == pytest.approx(getattr(seul, nom).au_point(), abs=0.005), nom
    assert part_estimee(reparti.postes).item() == pytest.approx(1.0)


@settings(max_examples=25)
@given(lot=st.sampled_from([x for x, v in LOTS.lots.items() if not v.hors_ratio and x != "vrd"]))
def test_une_ligne_identique_remplace_sans_rien_changer(dossier, moteur, lot):
    """The same lot as 200 m² at its share of the ratio: same total, smaller share still estimated."""
    avant = chiffrer(dossier, moteur, plan())
    part = LOTS.repartition["restructuration"].get(lot)
    if part is None:
        return
    apres = chiffrer(dossier, moteur, plan(lignes=[ligne(lot, 200, 3750 * part)]))
    assert apres.total_ttc.au_point() == pytest.approx(avant.total_ttc.au_point(), abs=0.005)
    assert part_estimee(apres.postes).item() == pytest.approx(1 - part)


@settings(max_examples=25)
@given(
    quantites=st.lists(
        st.tuples(st.sampled_from(sorted(LOTS.lots)), st.floats(0, 5000), st.floats(0, 2000)), max_size=6
    ),
    genre=st.sampled_from(sorted(LOTS.repartition)),
)
def test_la_somme_des_lots_est_le_total_au_centime(dossier, moteur, quantites, genre):
    lignes = [ligne(lot, q, p, nom=f"n{i}") for i, (lot, q, p) in enumerate(quantites)]
    cout = chiffrer(dossier, moteur, plan(genre, lignes=lignes))
    assert sum(p.montant.au_point() for p in cout.postes) == pytest.approx(cout.travaux_ht.au_point(), abs=0.005)


def test_un_lot_hors_ratio_s_ajoute(dossier, moteur):
    """100 m² of asbestos at 200 €/m², same price date as the ratio: the works grow as 20 000 / 750 000 of themselves."""
    avant = chiffrer(dossier, moteur, plan())
    apres = chiffrer(dossier, moteur, plan(lignes=[ligne("desamiantage", 100, 200)]))
    assert apres.travaux_ht.au_point() / avant.travaux_ht.au_point() == pytest.approx(1 + 20_000 / 750_000)


def test_chaque_ligne_est_revisee_depuis_sa_date(dossier, moteur):
    """BT01 132.0 in January 2025 and 128.4 in January 2023: a price of 2023 grows by 132.0 / 128.4 more."""
    recent = chiffrer(dossier, moteur, plan(lignes=[ligne("plomb", 1, 1000)]))
    ancien = chiffrer(dossier, moteur, plan(lignes=[ligne("plomb", 1, 1000, "2023-01-01")]))
    montants = [next(p.montant.au_point() for p in c.postes if p.lot == "plomb") for c in (recent, ancien)]
    assert montants[1] / montants[0] == pytest.approx(132.0 / 128.4)


def test_un_prix_plus_recent_que_le_dernier_indice_ne_recule_pas(dossier, moteur):
    """A price of October 2026 is prolonged from its own date, not from the last known index (November 2025)."""
    cout = chiffrer(dossier, moteur, plan(lignes=[ligne("plomb", 1, 1000, "2026-10-01")]))
    poste = next(p for p in cout.postes if p.lot == "plomb")
    mois = 3 + (9 + 18) / 2
    assert poste.montant.au_point() == pytest.approx(1000 * 1.015 ** (mois / 12))


@given(mois=st.integers(1, 40), plus=st.integers(0, 24))
@settings(max_examples=15)
def test_un_calendrier_plus_long_ne_coute_jamais_moins(dossier, moteur, mois, plus):
    court, long = (
        chiffrer(dossier, moteur, plan(), delais__etudes_mois={"valeur": m, "base": "essai"}).total_ttc.au_point()
        for m in (mois, mois + plus)
    )
    assert long >= court - 1e-6


def test_les_tirages_traversent_les_lots(dossier, moteur):
    tirages = {"travaux.cout_m2_ht": np.array([3000.0, 3750.0, 4500.0])}
    seul = chiffrer(dossier, moteur, tirages=tirages).travaux_ht.valeur
    reparti = chiffrer(dossier, moteur, plan(), tirages=tirages)
    assert reparti.travaux_ht.valeur == pytest.approx(seul)
    assert fourchette(reparti.postes, PlanTravaux(**plan())).bas.shape == (3, 1)


@pytest.mark.parametrize("genre", LOTS.repartition)
def test_la_dispersion_baisse_a_chaque_stade_et_a_chaque_diagnostic(genre):
    ecarts = [LOTS.dispersion_ratio(genre, s) for s in STADES]
    assert all(a > b for a, b in pairwise(ecarts))
    faits = ()
    for diagnostic in LOTS.diagnostics:
        avant = LOTS.dispersion_ratio(genre, "programme", faits)
        faits = (*faits, diagnostic)
        assert LOTS.dispersion_ratio(genre, "programme", faits) < avant


def test_la_fourchette_est_multiplicative_et_penche_vers_le_haut(dossier, moteur):
    """Ratio alone: P90 = estimate × exp(1.2816 × 0.57), P10 its mirror in ratio."""
    cout = chiffrer(dossier, moteur, plan())
    f = fourchette(cout.postes, PlanTravaux(**plan()))
    assert f.haut / f.estime == pytest.approx(np.exp(1.2815515655 * 0.57))
    assert f.bas * f.haut == pytest.approx(f.estime**2)
    assert (f.haut - f.estime).item() > (f.estime - f.bas).item()


def test_une_ligne_garde_la_fourchette_que_l_etude_lui_donne(dossier, moteur):
    """80 m² (0 to 200) at 225 € (100 to 350), upper sides as P90: √(ln(200/80)² + ln(350/225)²) / 1.2816 = 0.7935; a line
    without a range, or with a narrow one, keeps the working value 0.25."""
    large = ligne("desamiantage", 80, 225, nom="dalles")
    large["quantite"]["intervalle"], large["prix_unitaire_ht"]["intervalle"] = (0, 200), (100, 350)
    etroite = ligne("sols", 10, 100, nom="terres")
    etroite["quantite"]["intervalle"] = (9, 11)
    cout = chiffrer(dossier, moteur, plan(lignes=[large, etroite, ligne("plomb", 1, 1, nom="plomb")]))
    ecarts = {p.lot: p.ecart for p in cout.postes if p.niveau == "lot"}
    assert ecarts["desamiantage"] == pytest.approx(np.hypot(np.log(200 / 80), np.log(350 / 225)) / 1.2815515655)
    assert (ecarts["sols"], ecarts["plomb"]) == (0.25, 0.25)
    seule = [p for p in cout.postes if p.lot == "desamiantage"]
    assert fourchette(seule, PlanTravaux.model_validate(plan())).ecart.item() == pytest.approx(ecarts["desamiantage"])


def test_une_ligne_de_valeur_nulle_n_a_pas_de_fourchette_multiplicative(dossier, moteur):
    """0 m², up to 200: nothing to multiply; the line weighs nothing and nothing breaks."""
    vide = ligne("desamiantage", 0, 225)
    vide["quantite"]["intervalle"] = (0, 200)
    cout = chiffrer(dossier, moteur, plan(lignes=[vide]))
    assert np.isfinite(fourchette(cout.postes, PlanTravaux.model_validate(plan())).haut).all()


def test_les_aleas_usuels_baissent_a_chaque_stade():
    """Between the 12 % of a rehabilitation and the 5 % of a new build (practice values)."""
    aleas = [s.aleas for s in LOTS.stades.values()]
    assert all(a >= b for a, b in pairwise(aleas))
    assert (aleas[0], aleas[-1]) == (0.12, 0.05)


def test_un_devis_complet_resserre_la_fourchette(dossier, moteur):
    large = fourchette(chiffrer(dossier, moteur, plan()).postes, PlanTravaux(**plan()))
    p = plan(lignes=[ligne("structure", 200, 750)])
    serre = fourchette(chiffrer(dossier, moteur, p).postes, PlanTravaux.model_validate(p))
    assert serre.ecart.item() < large.ecart.item()


def test_les_terres_selon_trois_filieres():
    """0.5 m over 100 m² at 1.5 t/m³: 75 t, so 750 €, 4 500 to 5 250 €, 9 000 to 60 000 €."""
    assert cout_terres(100, 0.5) == {
        "terres inertes": (750, 750),
        "biocentre": (4500, 5250),
        "filière spécialisée": (9000, 60000),
    }


@pytest.mark.parametrize(
    ("p", "message"),
    [
        (plan("tente"), "Genre de travaux inconnu"),
        (plan(lignes=[ligne("facade", 1, 1)]), "Peut-être : facades"),
    ],
)
def test_genre_ou_lot_inconnu(dossier, moteur, p, message):
    with pytest.raises(ErreurCalcul, match=message):
        chiffrer(dossier, moteur, p)


# --- quote tables -------------------------------------------------------------------------------------------------
TITRES = "Lot;Désignation;Qté;Unité;PU HT;Total HT;TVA;Date;Entreprise"


def test_un_devis_csv_a_la_francaise(tmp_path):
    fichier = tmp_path / "d.csv"
    fichier.write_bytes(
        (TITRES + "\ncvc;Centrale double flux;1;u;18 500,50 €;18 500,50 €;20 %;15/03/2026;Aéro\n;;;;;;;;\n").encode(
            "cp1252"
        )
    )
    (x,) = lire_devis(fichier)
    assert (x.lot, x.designation, x.montant_ht, x.tva, x.date_prix.isoformat()) == (
        "cvc",
        "Centrale double flux",
        18500.5,
        0.2,
        "2026-03-15",
    )


def test_un_devis_xlsx(tmp_path):
    """Serial date 46096 is 15 March 2026; an amount of three decimals is a plain number, not an ambiguous text."""
    fichier = tmp_path / "d.xlsx"
    titres = ["Lot", "Désignation", "Quantité", "Unité", "Prix unitaire HT", "TVA", "Date"]
    classeur(
        fichier, [titres, ["cvc", "Gaine", 12.125, "m", 40, 0.2, 46096], ["sols", "Terres", 3, None, 10, None, 46096]]
    )
    gaine, terres = lire_devis(fichier)
    assert (gaine.quantite, gaine.montant_ht, gaine.tva) == (12.125, 485.0, 0.2)
    assert gaine.date_prix.isoformat() == "2026-03-15"
    assert (terres.unite, terres.montant_ht) == ("", 30)


def test_un_devis_faux_dit_toutes_ses_fautes(tmp_path):
    fichier = tmp_path / "d.csv"
    fichier.write_text(f"{TITRES}\ncvc;A;beaucoup;u;10;;;hier;\n;B;2;u;10;25;;2026-01-01;\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        lire_devis(fichier)
    texte = str(erreur.value)
    for attendu in ("ligne 2", "quantité", "date illisible", "ligne 3", "« lot »", "25,00", "20,00"):
        assert attendu in texte.replace("\xa0", " "), attendu


@pytest.mark.parametrize("contenu", ["", "Lot;Prix\na;1\n"])
def test_un_tableau_sans_ce_qu_il_faut(tmp_path, contenu):
    (tmp_path / "d.csv").write_text(contenu, encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="vide|colonnes absentes"):
        lire_devis(tmp_path / "d.csv")
    (tmp_path / "d.xlsx").write_text("pas un classeur", encoding="utf-8")
    with pytest.raises(ErreurDonnees, match="XLSX"):
        lire_devis(tmp_path / "d.xlsx")


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        ("cvc;Remise;1;u;-10;;20;15/09/2025;E", "nombre négatif"),
        ("cvc;A;1;u;1e400;;20;15/09/2025;E", "hors de toute mesure"),
        ("cvc;A;120,5;m;85,50;10 302,77;20;15/09/2025;E", "10 302,77 € écrit, 10 302,75 € calculé"),
        ("cvc;A;1;u;1.250;;20;15/09/2025;E", "ambigu"),
        ("cvc;A;1;u;10;;20;31/02/2025;E", "date illisible"),
        ("", "aucune ligne de devis"),
    ],
)
def test_une_ligne_de_devis_fausse(tmp_path, lignes, attendu):
    fichier = tmp_path / "d.csv"
    fichier.write_text(f"{TITRES}\n{lignes}\n", encoding="utf-8")
    with pytest.raises(ErreurDonnees) as erreur:
        lire_devis(fichier)
    assert attendu in str(erreur.value).replace("\xa0", " ").replace("\u202f", " ")


def test_un_devis_aux_cases_sur_deux_lignes_et_aux_espaces_de_typographie(tmp_path):
    """A cell over two lines stays one cell; thin and hard spaces, no tax: 2 × 1 250,50 = 2 501."""
    fichier = tmp_path / "d.csv"
    fichier.write_text(
        f'{TITRES}\ncvc;"Centrale\ndouble flux";2;u;1\u202f250,50\xa0€;2\xa0501;;2025-09-15;\n', encoding="utf-8"
    )
    (x,) = lire_devis(fichier)
    assert (x.designation.split(), x.montant_ht, x.tva) == (["Centrale", "double", "flux"], 2501.0, None)


@pytest.mark.parametrize(("cellule", "lu"), [('t="str"><v>1 250,50</v>', 1250.5), ('t="e"><v>#REF!</v>', None)])
def test_un_xlsx_aux_cases_calculees(tmp_path, cellule, lu):
    """A formula that gives text is read as text; a formula in error is a clear fault."""
    texte = lambda v: f'<c t="inlineStr"><is><t>{v}</t></is></c>'  # noqa: E731
    titres = "".join(texte(v) for v in ("Lot", "Désignation", "Qté", "PU HT", "Date"))
    rang = f"{texte('cvc')}{texte('A')}<c><v>1</v></c><c {cellule}</c>{texte('15/09/2025')}"
    fichier = tmp_path / "d.xlsx"
    classeur_brut(fichier, f"<worksheet {NS}><sheetData><row>{titres}</row><row>{rang}</row></sheetData></worksheet>")
    if lu is None:
        with pytest.raises(ErreurDonnees, match="#REF!"):
            lire_devis(fichier)
    else:
        assert lire_devis(fichier)[0].prix_unitaire_ht == lu


def test_un_devis_passe_avant_un_metre_du_meme_lot(dossier, moteur):
    """Quoted lot with a line of the study on it: the quote alone counts (example quote: CVC, 28 500 + 10 260 + 41 000 €)."""
    cout = chiffrer(dossier, moteur, plan(lignes=[ligne("cvc", 1, 999_999, "2025-09-01")], devis="exemple.csv"))
    cvc = [p for p in cout.postes if p.lot == "cvc"]
    assert [p.niveau for p in cvc] == ["devis"] * 3
    assert sum(p.quantite.au_point() * p.prix.au_point() for p in cvc) == 79_760


def test_la_dispersion_d_un_plan_melange_a_la_main(dossier, moteur):
    """Two thirds at the ratio (0.57) moving together, two lines (0.25) apart: √((r·0.57)² + (a·0.25)² + (b·0.25)²) / total."""
    p = plan(lignes=[ligne("structure", 200, 900, nom="a"), ligne("facades", 200, 350, nom="b")])
    cout = chiffrer(dossier, moteur, p)
    a, b = (next(x.montant.au_point() for x in cout.postes if x.lot == lot) for lot in ("structure", "facades"))
    total = cout.travaux_ht.au_point()
    attendu = np.sqrt(((total - a - b) * 0.57) ** 2 + (a * 0.25) ** 2 + (b * 0.25) ** 2) / total
    assert fourchette(cout.postes, PlanTravaux.model_validate(p)).ecart.item() == pytest.approx(attendu, rel=1e-12)


def test_un_devis_remplace_ses_lots_dans_l_etude(dossier, moteur, donnees_copie, monkeypatch):
    """200 m² × 750 €/m² quoted for the structure at the ratio's date is its share (20 % of 3 750): same total."""
    (donnees_copie / "devis").mkdir(exist_ok=True)
    (donnees_copie / "devis" / "d.csv").write_text(
        "lot;désignation;quantité;unité;prix unitaire HT;TVA;date\nstructure;Gros œuvre;200;m²;750;20;01/01/2025\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("POPE_DONNEES", str(donnees_copie))
    avant, apres = chiffrer(dossier, moteur, plan()), chiffrer(dossier, moteur, plan(devis="d.csv"))
    assert apres.total_ttc.au_point() == pytest.approx(avant.total_ttc.au_point(), abs=0.005)
    assert [p.libelle for p in apres.postes if p.niveau == "devis"] == ["Gros œuvre"]
    (donnees_copie / "devis" / "d.csv").write_text(
        "lot;désignation;quantité;prix unitaire HT;TVA;date\nstructure;Gros œuvre;200;750;5,5;01/01/2025\n",
        encoding="utf-8",
    )
    with pytest.raises(ErreurCalcul, match="taux normal"):
        chiffrer(dossier, moteur, plan(devis="d.csv"))
