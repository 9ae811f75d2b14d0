"""Blocks and inheritance of scenarios: order, relative changes, refusals all at once with their line."""

import pytest

import pope_foncier as pf
from pope_foncier.etude.blocs import blocs_de, contradictions, lire_blocs
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fiche_scenarios import Bloc
from pope_foncier.etude.scenarios import en_clair, ouvrir, varier
from pope_foncier.etude.surcharges import se_touchent
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.lecture import AuRepos
from tests.conftest import GARE

BLOCS = """
blocs:
  - nom: loyer_haut
    titre: Loyer haut
    surcharges:
      - {champ: titre_occupation.loyer_m2_an, valeur: 100, motif: essai}
  - nom: loyer_plus_haut
    titre: Loyer plus haut
    surcharges:
      - {champ: titre_occupation.loyer_m2_an, valeur: 110, motif: essai}
  - nom: loyer_haut_aussi
    titre: Loyer haut, et six mois de plus
    surcharges:
      - {champ: titre_occupation.loyer_m2_an, valeur: 100, motif: essai}
      - {champ: delais.travaux_mois, plus: 6, motif: essai}
"""


def ecrire(dossier, scenarios, blocs=BLOCS):
    """Frozen study with other scenarios; its file, and its text."""
    texte = GARE.read_text(encoding="utf-8").partition("\nscenarios:")[0]
    fichier = dossier / "essai.yaml"
    fichier.write_text(f"{texte}\n{blocs}\nscenarios:\n{scenarios}", encoding="utf-8")
    return fichier


def ligne_de(fichier, texte):
    return next(i for i, ligne in enumerate(fichier.read_text(encoding="utf-8").splitlines(), 1) if texte in ligne)


def test_un_scenario_part_d_un_autre_puis_prend_ses_blocs_puis_ses_surcharges(tmp_path):
    """3,000 €/m² in the parent, times 1.15 by the block; the rent of its own override wins over the block."""
    fichier = ecrire(
        tmp_path,
        """
  - nom: cher
    titre: Cher
    surcharges: [{champ: travaux.cout_m2_ht, valeur: {valeur: 3000, intervalle: [2000, 4000], base: essai}, motif: essai}]
  - nom: tres_cher
    titre: Très cher
    depuis: cher
    blocs: [travaux_plus_15, loyer_haut]
    surcharges: [{champ: titre_occupation.loyer_m2_an, valeur: 120, motif: essai}]
  - nom: petit_fils
    titre: Encore
    depuis: tres_cher
    surcharges: [{champ: travaux.cout_m2_ht, plus: 50, motif: "cinquante de plus"}]
""",
    )
    variantes = ouvrir(fichier).variantes
    cout = variantes["tres_cher"].travaux.cout_m2_ht
    assert cout.valeur == pytest.approx(3450)
    assert cout.intervalle == (pytest.approx(2300), pytest.approx(4600))
    assert variantes["tres_cher"].titre_occupation.loyer_m2_an.valeur == 120
    assert variantes["petit_fils"].travaux.cout_m2_ht.valeur == pytest.approx(3500)
    assert variantes["petit_fils"].travaux.cout_m2_ht.base == "cinquante de plus"
    assert variantes["base"].travaux.cout_m2_ht.valeur != 3000


def test_les_refus_viennent_tous_avec_leur_ligne(tmp_path):
    fichier = ecrire(
        tmp_path,
        """
  - {nom: a, titre: A, depuis: b}
  - {nom: b, titre: B, depuis: a}
  - {nom: c, titre: C, depuis: absent}
  - {nom: d, titre: D, blocs: [travaux_plus_51]}
  - {nom: e, titre: E, blocs: [loyer_haut, loyer_plus_haut]}
  - {nom: f, titre: F, blocs: [loyer_haut, loyer_haut]}
  - {nom: g, titre: G, depuis: d}
  - {nom: h, titre: H, surcharges: [{champ: foncier.prix, facteur: 1.1, motif: essai}]}
  - {nom: i, titre: I, surcharges: [{champ: taxes.taux_commune, plus: 0.01, motif: essai}]}
""",
    )
    with pytest.raises(ErreurDonnees) as faute:
        ouvrir(fichier)
    dits = {p.champ: p for p in faute.value.problemes}
    assert sorted(dits) == [f"scenarios[{x}]" for x in "abcdefhi"], "g repose sur d, déjà refusé"
    assert "part de lui-même : a → b → a" in dits["scenarios[a]"].message
    assert "part d'un scénario inconnu : « absent »" in dits["scenarios[c]"].message
    assert "bloc inconnu : « travaux_plus_51 »" in dits["scenarios[d]"].message
    assert "travaux_plus_15" in dits["scenarios[d]"].remede
    assert "« loyer_haut » et « loyer_plus_haut »" in dits["scenarios[e]"].message
    assert "« titre_occupation.loyer_m2_an »" in dits["scenarios[e]"].message
    assert "bloc pris deux fois" in dits["scenarios[f]"].message
    assert "inconnu dans l'étude" in dits["scenarios[h]"].message
    assert "lu au barème « fiscalite.amenagement.taux_commune_max »" in dits["scenarios[i]"].message
    for nom, probleme in dits.items():
        assert probleme.ligne == ligne_de(fichier, f"nom: {nom[-2]},")


def test_deux_blocs_qui_disent_la_meme_valeur_vont_ensemble(tmp_path):
    fichier = ecrire(tmp_path, "  - {nom: a, titre: A, blocs: [loyer_haut, loyer_haut_aussi]}\n")
    variante = ouvrir(fichier).variantes["a"]
    assert variante.titre_occupation.loyer_m2_an.valeur == 100
    assert variante.delais.travaux_mois.valeur == ouvrir(fichier).etude.delais.travaux_mois.valeur + 6


def test_deux_changements_relatifs_du_meme_champ_se_contredisent():
    """Two « +15 % » would make +32 %: nobody asked for it."""

    def bloc(nom):
        return Bloc(nom=nom, titre=nom, surcharges=[{"champ": "travaux.cout_m2_ht", "facteur": 1.15, "motif": "essai"}])

    assert len(contradictions([bloc("un"), bloc("autre")])) == 1


@pytest.mark.parametrize(
    ("un", "autre", "touchent"),
    [
        ("prets[*].taux", "prets[banque].taux", True),
        ("bouclage", "bouclage[ville].part", True),
        ("prets[a].taux", "prets[b].taux", False),
        ("travaux.cout_m2_ht", "travaux.aleas_part", False),
        ("travaux", "travaux.aleas_part", True),
    ],
)
def test_deux_chemins_se_touchent(un, autre, touchent):
    assert se_touchent(un, autre) is se_touchent(autre, un) is touchent


@pytest.mark.parametrize(
    ("surcharge", "message"),
    [
        ("{champ: realiser, valeur: 0, facteur: 2, motif: essai}", "valeur, facteur"),
        ("{champ: realiser, motif: essai}", "trouvé : aucune"),
    ],
)
def test_une_surcharge_dit_une_seule_chose(tmp_path, surcharge, message):
    with pytest.raises(ErreurDonnees) as faute:
        ouvrir(ecrire(tmp_path, f"  - {{nom: a, titre: A, surcharges: [{surcharge}]}}\n"))
    assert message in str(faute.value)


def test_un_scenario_qui_ne_change_rien_est_refuse(tmp_path):
    with pytest.raises(ErreurDonnees, match="scénario qui ne change rien"):
        ouvrir(ecrire(tmp_path, "  - {nom: a, titre: A}\n"))


def test_un_bloc_de_l_etude_prend_la_place_du_commun(tmp_path):
    """Ten per cent in the study, fifteen in the common block of the same name; a French percentage is a number too."""
    blocs = """
blocs:
  - nom: travaux_plus_15
    titre: Travaux +10 %, ici
    surcharges: [{champ: travaux.cout_m2_ht, facteur: 1.10, motif: essai}, {champ: travaux.aleas_part, plus: "2 %", motif: essai}]
"""
    dossier = ouvrir(ecrire(tmp_path, "  - {nom: a, titre: A, blocs: [travaux_plus_15]}\n", blocs))
    avant, apres = dossier.etude.travaux, dossier.variantes["a"].travaux
    assert apres.cout_m2_ht.valeur == pytest.approx(1.10 * avant.cout_m2_ht.valeur)
    assert apres.aleas_part.valeur == pytest.approx(avant.aleas_part.valeur + 0.02)


def test_les_blocs_communs_sont_des_hypotheses_et_le_disent():
    for bloc in lire_blocs():
        assert all(s.motif.startswith("hypothèse") for s in bloc.surcharges), bloc.nom


def test_les_blocs_communs_sur_les_six_etudes():
    """Each moves the study, or is refused with the reason; those refused are listed by hand from the sheets."""
    refuses = set()
    for nom in pf.etudes():
        etude = pf.ouvrir(nom)
        for bloc in lire_blocs():
            try:
                assert etude.avec_blocs(bloc.nom).fiche != etude.fiche
            except pf.ErreurDonnees:
                refuses.add((nom, bloc.nom))
    assert refuses == {
        ("creche_emile_zola", "travaux_plus_15"),  # cost of the works unknown
        ("creche_emile_zola", "taux_plus_1"),  # rates unknown
        ("creche_emile_zola", "occupation_moins_5"),  # no operation described
        ("creche_emile_zola", "region_refusee"),
        ("modes_d_accueil", "taux_plus_1"),  # no loan
        ("modes_d_accueil", "region_refusee"),  # no grant
    }


def test_la_porte_combine_les_blocs_d_un_scenario():
    etude = pf.ouvrir("gare_saint_denis")
    posee = etude.scenarios["cas_bas"].avec_blocs("travaux_plus_15", "taux_plus_1")
    assert posee.fiche.travaux.cout_m2_ht.valeur == pytest.approx(3750 * 1.15)
    assert posee.fiche.prets[0].taux.valeur == pytest.approx(0.0522)
    assert posee.retouches == ["Travaux +15 % ; Taux des prêts +1 point"]
    a_la_main = etude.scenarios["cas_bas"].varier({"travaux.cout_m2_ht": 4312.5, "prets[banque].taux": 0.0522})
    assert posee.calculer()["a_trouver"].valeur == pytest.approx(a_la_main.calculer()["a_trouver"].valeur, abs=0.01)
    assert list(etude.blocs) == list(blocs_de(etude.fiche))


def test_la_porte_refuse_un_bloc_inconnu_et_ceux_qui_se_contredisent():
    etude = pf.ouvrir("gare_saint_denis")
    with pytest.raises(pf.Inconnu, match="travaux_plus_15"):
        etude.avec_blocs("travaux_plus_51")
    with pytest.raises(pf.ErreurDonnees, match="pris deux fois"):
        etude.avec_blocs("travaux_plus_15", "travaux_plus_15")


def test_une_etude_donnee_en_table_deroule_ses_scenarios_comme_un_fichier(tmp_path):
    import yaml

    fichier = ecrire(
        tmp_path,
        "  - {nom: a, titre: A, blocs: [travaux_plus_15, loyer_haut]}\n  - {nom: b, titre: B, depuis: a, blocs: [region_refusee]}\n",
    )
    brut = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    en_table, lue = pf.ouvrir(brut), ouvrir(fichier)
    for nom in ("a", "b"):
        assert en_table.scenarios[nom].fiche.travaux.cout_m2_ht == lue.variantes[nom].travaux.cout_m2_ht
    assert next(a for a in lue.variantes["b"].aides if a.id == "region_idf").coefficient == 0


def test_la_loi_d_une_entree_bouge_avec_elle(tmp_path):
    """A triangular law from 2,000 to 4,000 around 3,000, and a normal one of standard deviation 300, ten per cent up."""
    lois = {
        "t": "{forme: triangulaire, bas: 2000, haut: 4000}",
        "n": "{forme: normale, moyenne: 3000, ecart_type: 300}",
    }
    scenarios = ""
    for nom, loi in lois.items():
        valeur = f"{{valeur: 3000, base: essai, loi: {loi}}}"
        scenarios += f"  - {{nom: {nom}, titre: T, surcharges: [{{champ: travaux.cout_m2_ht, valeur: {valeur}, motif: essai}}]}}\n"
        scenarios += f"  - {{nom: {nom}_plus, titre: T, depuis: {nom}, surcharges: [{{champ: travaux.cout_m2_ht, facteur: 1.1, motif: essai}}]}}\n"
    variantes = ouvrir(ecrire(tmp_path, scenarios)).variantes
    triangle, normale = (variantes[f"{nom}_plus"].travaux.cout_m2_ht for nom in lois)
    assert (triangle.valeur, triangle.loi.bas, triangle.loi.haut) == (3300, 2200, 4400)
    assert (normale.loi.moyenne, normale.loi.ecart_type) == (3300, 330)


def test_une_surcharge_ne_relit_que_les_sections_qu_elle_touche():
    """The study is the one that its whole sheet gives; the sections left as they are, are the very same."""
    dossier = ouvrir(GARE)
    varie = varier(dossier, "essai", {"travaux.cout_m2_ht": 2_500, "prets[banque].duree_mois": 180})
    assert varie == valider(Etude, en_clair(varie), "entière")
    intactes = {nom for nom in Etude.model_fields if getattr(varie, nom) is getattr(dossier.etude, nom)}
    assert {"exploitation", "acteurs", "programme"} <= intactes
    assert all(a is b for a, b in zip(varie.aides, dossier.etude.aides, strict=True))
    assert not {"travaux", "prets"} & intactes
    assert dossier.etude == ouvrir(GARE).etude, "la base n'a pas bougé"


def test_une_section_intacte_contredit_encore_celle_qui_change():
    """A loan written by its product takes the borrower and the day of the study; a party cannot lend to itself."""
    dossier = ouvrir(GARE)
    court = varier(dossier, "essai", {"prets": [{"produit": "banque", "id": "p"}]})
    assert court.prets[0].emprunteur == dossier.etude.acteurs.maitre_ouvrage
    porteur = dossier.etude.acteurs.nom_maitre_ouvrage
    with pytest.raises(ErreurDonnees, match="se verse de l'argent à lui-même"):
        varier(dossier, "essai", {"prets[banque].preteur": porteur})


def test_ce_qu_un_scenario_pose_ne_change_pas_sous_celui_qui_en_part(tmp_path, monkeypatch):
    """A section set whole, then moved by a tenth: 100 × 1.1 = 110, in the scenario, in the one that starts from it, and when the file is opened again."""
    monkeypatch.setattr(AuRepos, "REPOS_S", -1.0)
    par_m2 = "{valeur: 100, base: essai}"
    charges = f"taxe_fonciere_m2_an: {par_m2}, assurance_m2_an: {par_m2}, entretien_m2_an: {par_m2}"
    immobilier = f"{{{charges}, annee_prix: 2026, part_revente: {{valeur: 0, base: essai}}}}"
    fichier = ecrire(
        tmp_path,
        f"""
  - nom: pose
    titre: Pose
    surcharges:
      - {{champ: immobilier, valeur: {immobilier}, motif: essai}}
      - {{champ: immobilier.assurance_m2_an, facteur: 1.1, motif: un dixième de plus}}
  - nom: suite
    titre: Suite
    depuis: pose
    surcharges: [{{champ: realiser, valeur: 0.9, motif: essai}}]
""",
    )
    for _ in range(2):
        variantes = ouvrir(fichier).variantes
        assert variantes["pose"].immobilier.assurance_m2_an.valeur == pytest.approx(110)
        assert variantes["suite"].immobilier.assurance_m2_an.valeur == pytest.approx(110)
