"""Dossier in PDF: its figures are those of resultats.json, texts of a user stay texts, two runs give the same bytes, it is tagged.

Figures are read from the strings that the PDF draws, and compared with the export of the study: neither goes through the other.
"""

import hashlib
import io
import json
import re
import sys
from dataclasses import replace

import docx
import pypdf
import pytest
from typer.testing import CliRunner

from pope_foncier.cli import app
from pope_foncier.etude.export import exporter
from pope_foncier.etude.provenance import provenance
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import ouvrir
from pope_foncier.exploitation.fiche_contribution import Contribution
from pope_foncier.porte import ecrits as ecrits_de_la_porte
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.decision import tableaux_soutien
from pope_foncier.vues.decision.comparer import tableaux as tableaux_comparer
from pope_foncier.vues.documents import sorties
from pope_foncier.vues.dossier import abreges, argent, composition, fichiers, garde, pieces, sujet
from pope_foncier.vues.dossier.ensemble import PARTIES, rassembler
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.etude.tableaux_comite_courts import du_comite
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.word.synthese import rediger
from tests.conftest import COMPLETS, DONNEES, GARE
from tests.vues import texte_de_pdf

INCONNUE = DONNEES / "etudes" / "creche_emile_zola.yaml"
"""Study whose amounts are unknown: its dossier takes half a second."""
SPECIAUX = 'L\'étude #set text(red) $x^2$ @renvoi \\echappe <balise> ```code``` *gras* _it_ [x] // rien /* */ "mot" 😀'


def composer(un_sujet):
    return composition.composer(rassembler(un_sujet), un_sujet.dossier.etude.date_depart)


def lire(octets):
    return pypdf.PdfReader(io.BytesIO(octets))


def empreinte(octets):
    return hashlib.sha256(octets).hexdigest()


def texte_de(octets):
    """Text of a PDF without any space, whatever their kind and the cuts of lines."""
    return re.sub(r"[\s\u00ad\u2060]+", "", texte_de_pdf.texte(lire(octets)))


def etude_de(chemin, moteur):
    return Resultat.calculer(ouvrir(chemin), moteur)


@pytest.fixture(scope="module")
def complet(moteur):
    """Station of Saint-Denis as shipped: its subject, what its dossier is made of, and the text of that dossier."""
    un_sujet = Sujet(etude_de(DONNEES / "etudes" / "gare_saint_denis.yaml", moteur), moteur)
    donnees = rassembler(un_sujet)
    octets = composition.composer(donnees, un_sujet.dossier.etude.date_depart)
    return un_sujet, donnees, octets, texte_de(octets)


@pytest.fixture(scope="module")
def inconnue(moteur):
    resultat = etude_de(INCONNUE, moteur)
    return resultat, composer(Sujet(resultat, moteur))


def montant(valeur):
    """Amount as the dossier writes it, spaces taken out."""
    return f"{'−' if round(valeur) < 0 else ''}{abs(round(valeur))}€"


def chiffres(resultat, lecture):
    return {c["code"]: c for c in exporter(resultat)["scenarios"]["base"][lecture]["chiffres"]}


AUTRES = ["modes_d_accueil", *(["coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains"] if COMPLETS else [])]
"""Shipped studies beside the two that the module composes anyway; those with a property section, four seconds each, in the complete tests."""
SEULS = {
    "tel_quel": ("besoins.total", "ressources.reste_a_financer", "indicateurs.cout_total"),
    "boucle": ("besoins.travaux_ht", "besoins.equipement", "besoins.total", "indicateurs.contribution_par_place"),
}
ANNUELS = r"commune\.contribution|emprunts\.[^.]+\.(interets|remboursement)"


def attendus(resultat):
    """Amounts of the export that the dossier must show: totals, then the loans and the commune year by year."""
    for lecture, codes in SEULS.items():
        lus = chiffres(resultat, lecture)
        yield from ((code, lus[code]["valeur"]) for code in codes if code in lus)
    for code, lu in chiffres(resultat, "boucle").items():
        if re.fullmatch(ANNUELS, code):
            annees = list(lu.get("par_annee", {}).items())
            yield from ((f"{code} {annee}", valeur) for annee, valeur in annees[:12])


def exiger_les_chiffres(resultat, texte, au_moins):
    connus = [(code, valeur) for code, valeur in attendus(resultat) if valeur is not None]
    assert len(connus) >= au_moins
    assert [code for code, valeur in connus if montant(valeur) not in texte] == []


def exiger_la_mise_en_page(octets):
    """From 12 to 25 pages, the decision on the third one alone, no letter under eight points."""
    pdf = lire(octets)
    assert 12 <= len(pdf.pages) <= 25
    titres = {x.title: pdf.get_destination_page_number(x) for x in pdf.outline}
    assert titres["1. La décision en une page"] == 2
    assert titres["2. Le lieu"] == 3
    tailles = []

    def relever(texte, ctm, matrice, police, taille):
        if texte.strip():
            tailles.append(abs(taille * matrice[3] * ctm[3]))

    for page in (pdf.pages[0], pdf.pages[2], pdf.pages[-1]):
        page.extract_text(visitor_text=relever)
    assert min(tailles) >= 7.9


def test_les_chiffres_sont_ceux_du_fichier_de_resultats(complet):
    un_sujet, _, _, texte = complet
    exiger_les_chiffres(un_sujet.resultat, texte, 30)


@pytest.mark.parametrize("nom", AUTRES)
def test_ceux_des_autres_etudes_aussi(nom, moteur, monkeypatch):
    """Without the draws, which take most of the time and hold none of these figures."""
    monkeypatch.setattr(sujet, "douter", lambda *_: (_ for _ in ()).throw(ErreurCalcul("pas de tirage ici")))
    monkeypatch.setattr(sujet, "en_bref", lambda *_: None)
    resultat = etude_de(DONNEES / "etudes" / f"{nom}.yaml", moteur)
    octets = composer(Sujet(resultat, moteur))
    exiger_les_chiffres(resultat, texte_de(octets), 5)
    exiger_la_mise_en_page(octets)


def test_une_etude_inconnue_le_dit_et_ne_montre_pas_zero(inconnue):
    resultat, octets = inconnue
    texte = texte_de(octets)
    exiger_les_chiffres(resultat, texte, 0)
    assert chiffres(resultat, "boucle")["besoins.total"]["valeur"] is None
    assert "Coûttotalinconnu" in texte.replace("TTC", "")
    assert "aucuneépreuveniaucuntirageneselit" in texte


def test_une_table_ou_tout_est_inconnu_devient_une_phrase(inconnue, moteur):
    resultat, _ = inconnue
    lues = {p["titre"]: p["pieces"] for p in rassembler(Sujet(resultat, moteur))["parties"]}
    assert [(p["genre"], p["texte"]) for p in lues["Annexe : trésorerie mois par mois".replace(" :", "\u00a0:")]] == [
        ("phrase", "Trésorerie inconnue\u00a0: des montants manquent.")
    ]
    supposees = [p["texte"] for ps in lues.values() for p in ps if p.get("ton") == "supposee"]
    assert [t for t in supposees if "inconnu" in t.partition("Supposé ici")[2]] == []
    assert any(t.startswith("Inconnu ici\u00a0: prêt PRU AM court terme, taux") for t in supposees)


def test_des_prix_tous_inconnus_s_ecrivent(moteur, monkeypatch):
    """The city says what it pays, what a balance would take is unknown: no line of it is drawn, none is worth zero."""
    dossier = ouvrir(GARE)
    cout = dossier.etude.travaux.cout_m2_ht.model_copy(update={"valeur": None, "a_obtenir_de": "l'architecte"})
    loyer = dossier.etude.titre_occupation.loyer_m2_an.model_copy(update={"valeur": None, "a_obtenir_de": "la SNCF"})
    etude = dossier.etude.model_copy(
        update={
            "travaux": dossier.etude.travaux.model_copy(update={"cout_m2_ht": cout}),
            "titre_occupation": dossier.etude.titre_occupation.model_copy(update={"loyer_m2_an": loyer}),
            "exploitation": dossier.etude.exploitation.model_copy(update={"contribution_commune": _forfait()}),
        }
    )
    un_sujet = Sujet(Resultat.calculer(replace(dossier, etude=etude, variantes={"base": etude}), moteur), moteur)
    assert argent.commune(un_sujet)
    table = tableaux_soutien.devrait(un_sujet.vue)
    assert table.lignes[1][1:] == ("inconnu",) * 5


def _forfait():
    return Contribution.model_validate({"mode": "forfait", "par_place": {"valeur": 4000, "base": "essai"}})


def test_la_decision_compare_la_commune_dans_la_meme_annee(complet):
    """What a nil result would take is that of the scenario « commune à l'équilibre », computed by itself."""
    un_sujet, donnees, _, _ = complet
    seule = un_sujet.resultat.vue("commune_a_l_equilibre").bouclee
    il_faut = seule.valeur(seule.indicateurs["contribution_par_place"])
    decision = donnees["parties"][0]["pieces"][0]["cles"][3]
    assert f"il faudrait {formater_nombre(il_faut)} à " in decision[2]
    assert decision[2].endswith("en 2030")
    assert decision[0].endswith("en 2030")


def test_chaque_scenario_dit_ce_qu_il_change_et_ses_votes(complet):
    """The vote of the sheet: the subsidy cut in 2032; the figures are in the table before, not told again."""
    un_sujet, _, _, texte = complet
    resultat = un_sujet.resultat
    assert "(votessupposés:2032:subventionsupprimée" in texte
    dits = {rang[0]: rang[1] for rang in tableaux_comparer.changements(resultat).lignes}
    assert len(dits) == len(resultat.vues()) - 1
    assert "k€" not in " ".join(dits.values())
    assert dits["Travaux au bas de la fourchette"].startswith("Coût des travaux au m²")


def test_une_table_sans_objet_est_une_phrase_et_les_nombres_s_accordent(inconnue, moteur, monkeypatch):
    resultat, _ = inconnue
    seule = replace(provenance(resultat.vue()), a_confirmer=1)
    monkeypatch.setattr(garde, "provenance", lambda _: seule)
    assert ("1", "lue, mais à confirmer") in [
        (n, dits) for _, n, dits in garde.parts_supposees(Sujet(resultat, moteur))
    ]
    loue = etude_de(DONNEES / "etudes" / "modes_d_accueil.yaml", moteur).vue()
    phrases = [dit for dit in du_comite(loue) if isinstance(dit, str)]
    assert len(phrases) == 1
    assert phrases[0].endswith("Bailleur du local : sans objet, aucune dette à servir ni loyer à payer.")


def test_les_fourchettes_de_la_synthese_sont_celles_du_doute(complet, moteur):
    """Same draws in Word and in the PDF: rounded to the thousand here, to the hundred there."""
    un_sujet = complet[0]
    resultat, lu = un_sujet.resultat, un_sujet.doute
    bas, haut = (round(lu.fourchette("a_trouver").quantiles[part].valeur, -3) for part in (0.10, 0.90))
    dit = "".join(
        t.text or "" for t in docx.Document(io.BytesIO(rediger(resultat, moteur, doute=lu))).element.body.iter()
    )
    assert f"{formater_nombre(bas)} à {euros(haut)}" in dit
    assert "10\u202f000 tirages" in dit


def test_toutes_les_parties_y_sont_et_les_hypotheses_sont_dites(complet):
    _, _, octets, texte = complet
    titres = [re.sub(r"\s+", "", t).replace("'", "’") for t, _ in PARTIES]
    assert [t for t in titres if texte.count(t) < 2] == [], "au sommaire et en titre"
    assert "Coûtdestravauxaum²" in texte
    assert "2700€/m²HT(hypothèse)" in texte
    exiger_la_mise_en_page(octets)


def test_il_est_balise_titre_en_francais_et_ses_images_ont_un_texte(complet):
    un_sujet, _, octets, _ = complet
    pdf = lire(octets)
    racine = pdf.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"] is True or racine["/MarkInfo"]["/Marked"].value is True
    assert racine["/Lang"] == "fr-FR"
    assert bool(racine["/ViewerPreferences"]["/DisplayDocTitle"])
    assert pdf.metadata.title == un_sujet.dossier.etude.titre
    assert b"<pdfuaid:part>1</pdfuaid:part>" in racine["/Metadata"].get_data()
    figures = [x for x in (o.get_object() for o in _objets(pdf)) if _est(x, "/S", "/Figure")]
    assert len(figures) > 5
    assert all(x.get("/Alt") for x in figures)
    polices = {str(f["/BaseFont"]).partition("+")[2] for f in _polices(pdf)}
    assert {p.partition("-")[0] for p in polices} == {"LibertinusSerif"}


def _objets(pdf):
    return (pypdf.generic.IndirectObject(n, 0, pdf) for n in pdf.xref_objStm | dict.fromkeys(pdf.xref.get(0, {})))


def _est(objet, cle, valeur):
    return isinstance(objet, dict) and objet.get(cle) == valeur


def _polices(pdf):
    for page in pdf.pages:
        yield from (f.get_object() for f in page["/Resources"].get("/Font", {}).values())


def test_deux_ecritures_donnent_les_memes_octets_et_le_manifeste_les_verifie(tmp_path):
    lus, etapes = [], []
    for nom in ("un", "deux"):
        ecrits = ecrits_de_la_porte.dossier(ouvrir(INCONNUE), "base", tmp_path / nom, INCONNUE, etapes.append)
        lus.append({f.name: f.read_bytes() for f in ecrits})
    assert lus[0] == lus[1]
    assert set(lus[0]) == {
        "dossier.pdf",
        "manifeste.json",
        "resultats.json",
        "creche_emile_zola_base.xlsx",
        "synthese.docx",
    }
    assert etapes[: len(etapes) // 2] == [
        "calcul des scénarios",
        "résultats",
        "classeur",
        "synthèse",
        "parties du dossier",
        "mise en page",
    ]
    manifeste = json.loads(lus[0]["manifeste.json"])
    assert manifeste["sorties"] == {n: empreinte(b) for n, b in lus[0].items() if n != "manifeste.json"}
    assert manifeste["entrees"]["creche_emile_zola.yaml"] == empreinte(INCONNUE.read_bytes())
    assert any("consulté le" in b["source"] for b in manifeste["baremes"])


def test_le_texte_d_un_utilisateur_reste_du_texte(moteur):
    dossier = ouvrir(INCONNUE)
    etude = dossier.etude.model_copy(
        update={
            "titre": SPECIAUX,
            "question": "= titre\n- liste " + "mot " * 300,
            "questions_ouvertes": (SPECIAUX, "+ a"),
        }
    )
    change = replace(dossier, etude=etude, variantes={"base": etude})
    octets = composer(Sujet(Resultat.calculer(change, moteur), moteur))
    texte = texte_de(octets)
    dit = re.sub(r"\s+", "", SPECIAUX).replace("'", "’").replace("😀", "□")
    assert dit in texte, "un signe qu'aucune police n'a est une case"
    assert texte.count(dit) >= 2
    assert lire(octets).metadata.title == SPECIAUX.replace("'", "’").replace("😀", "□")


def test_ne_rien_faire_ne_montre_aucun_chiffre_de_projet(moteur):
    resultat = etude_de(DONNEES / "etudes" / "gare_saint_denis.yaml", moteur)
    donnees = rassembler(Sujet(resultat, moteur, "ne_rien_faire"))
    titres = {p["titre"] for p in donnees["parties"]}
    assert "Le plan de financement" not in titres
    assert "Les scénarios" in titres
    assert donnees["parties"][0]["pieces"][0]["texte"].startswith("Ce scénario ne fait rien")


@pytest.mark.parametrize("absente", ["typst", "docx", "xlsxwriter"])
def test_le_dossier_demande_ses_bibliotheques_avant_de_calculer(absente, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, absente, None)
    etapes = []
    with pytest.raises(ErreurCalcul, match=rf'bibliothèque {absente}.*pip install "pope-foncier\[dossier\]"'):
        ecrits_de_la_porte.dossier(ouvrir(INCONNUE), "base", tmp_path / "d", INCONNUE, etapes.append)
    assert etapes == []
    assert not (tmp_path / "d").exists()


def test_sans_la_bibliotheque_le_refus_nomme_le_paquet(moteur, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    appels = []
    with pytest.raises(ErreurCalcul, match=r'demande la bibliothèque typst.*pip install "pope-foncier\[dossier\]"'):
        fichiers.fichiers(Sujet(None, moteur), None, {}, appels.append)
    assert appels == [], "rien n'est calculé avant"


def test_les_lignes_pareilles_a_la_premiere_sont_dites_une_fois():
    lue = Table("T", ("Épreuve", "2030"), (("Plan arrêté", "0"), ("Travaux", "0"), ("Taux", "1")), note="Fin.")
    courte = abreges.comme_le_premier(lue)
    assert courte.lignes == (("Plan arrêté", "0"), ("Taux", "1"))
    assert courte.note == "Comme « plan arrêté » : travaux. Fin."
    assert abreges.comme_le_premier(courte) is courte


@pytest.mark.parametrize(
    ("ecrit", "dit"),
    [
        ("Pourquoi ? Rien ; si : oui !", "Pourquoi\u202f? Rien\u202f; si\u00a0: oui\u202f!"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("l'aide d'État", "l’aide d’État"),
        ("12:30 et http://x", "12:30 et http://x"),
        ("12 places", "12\u00a0places"),
    ],
)
def test_la_typographie_est_francaise(ecrit, dit):
    assert pieces.en_francais([ecrit]) == [dit]


def test_une_table_trop_large_se_coupe_ou_devient_une_liste():
    large = Table("Large", ("Nom", *(f"Colonne{i:03d}" for i in range(20))), (("a", *["1 234 567\u00a0€"] * 20),))
    parties = pieces.tableau(large)
    assert len(parties) > 1
    assert all(p["entetes"][0] == "Nom" for p in parties)
    assert [e for p in parties for e in p["entetes"][1:]] == list(large.entetes[1:])
    phrases = Table("Mots", ("Nom", *"abcdefgh"), (("x", *["phrase sans fin " * 9] * 8),), texte=True)
    assert pieces.tableau(phrases)[0]["genre"] == "fiches"
    muette = Table("Rien", ("Nom", "a", "b"), tuple((str(i), "inconnu", "inconnu") for i in range(9)))
    assert pieces.tableau(muette)[0]["texte"].startswith("Rien : inconnu en entier")


def test_l_etude_ecrit_le_dossier_quand_on_le_demande(inconnue, moteur, tmp_path):
    resultat, octets = inconnue
    sorties.ecrire_tout(resultat, moteur, INCONNUE, tmp_path, lambda _: None, carnet=False, avec_dossier=True)
    assert (tmp_path / "dossier.pdf").read_bytes() == octets
    sorties_dites = json.loads((tmp_path / "manifeste.json").read_text("utf-8"))["sorties"]
    assert {"dossier.pdf", "note.html", "resultats.json"} <= set(sorties_dites)


def test_la_commande_ecrit_le_dossier_et_refuse_un_scenario_inconnu(tmp_path):
    fait = CliRunner().invoke(app, ["dossier", "creche_emile_zola", "--sortie", str(tmp_path)])
    assert fait.exit_code == 0, fait.output
    assert fait.output.count("Écrit : ") == len(list(tmp_path.iterdir())) >= 4
    refus = CliRunner().invoke(app, ["dossier", "creche_emile_zola", "--scenario", "zut", "--sortie", str(tmp_path)])
    assert isinstance(refus.exception, ErreurPope)
    assert "zut" in str(refus.exception)
