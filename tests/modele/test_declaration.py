"""Inputs declared once: label, unit and bounds stand beside their field; no caller says them again."""

import ast
import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import pytest

import pope_foncier
from pope_foncier.ateliers.regles import LevierAtelier
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import ouvrir, varier
from pope_foncier.lieu.site import Site
from pope_foncier.modele.declaration import (
    ChampAbsent,
    declaration_de,
    declaration_du_champ,
    entrees_de,
    entrees_du_modele,
)
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurDonnees
from pope_foncier.socle.fiches import Fiche, valider
from tests.conftest import GARE

SOURCES = Path(pope_foncier.__file__).parent

LUES_AUTREMENT = {
    r"(prets\[\*\]|bouclage\[\*\]\.pret)\..*": "lues ensemble, de la fiche du prêt ; test_un_pret_partout les bouge une à une",
    r"foncier\..*": "les montages la recopient dans le titre, l'achat, le bail ou le prêt de l'étude",
    r"exploitation\.mam\.tarif_horaire": "payé aux assistants maternels, hors de la maison ; la comparaison des modes le montre",
}
"""Inputs that the chain does not read by their path, and what reads them."""


@pytest.fixture(scope="module")
def dossier():
    return ouvrir(GARE)


@pytest.fixture(scope="module")
def ctx(dossier):
    return Moteur.ouvrir().evaluer(dossier, ["base"])[0].ctx


def modules_qui_lisent():
    """Modules of the package in which an input may be asked, parsed: the others do not hold the word."""
    for fichier in sorted(SOURCES.rglob("*.py")):
        if "entree" in (texte := fichier.read_text(encoding="utf-8")):
            yield fichier, ast.parse(texte)


def appels():
    """Calls that read an input: file, path as a pattern, number of arguments."""
    for fichier, arbre in modules_qui_lisent():
        for noeud in ast.walk(arbre):
            appel = isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Attribute)
            if appel and noeud.func.attr in ("entree", "entree_site"):
                yield fichier.name, noeud


def fiches():
    """Every kind of sheet of the package."""
    for module in pkgutil.walk_packages(pope_foncier.__path__, "pope_foncier."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    connues, restent = set(), [Fiche]
    while restent:
        for fille in restent.pop().__subclasses__():
            if fille not in connues:
                connues.add(fille)
                restent.append(fille)
    return [f for f in connues if f.__module__.startswith("pope_foncier.") and not issubclass(f, Donnee)]


def test_aucun_appel_ne_dit_un_libelle_ni_une_unite():
    """An input is asked by its path; the only other word is the value that stands for one left out."""
    bavards = [
        (fichier, noeud.lineno)
        for fichier, noeud in appels()
        if len(noeud.args) > 1 or {m.arg for m in noeud.keywords} - {"sinon"}
    ]
    assert bavards == []


def test_chaque_nombre_d_une_fiche_est_declare_avec_ses_bornes():
    muets = [
        f"{fiche.__name__}.{nom}"
        for fiche in fiches()
        for nom, champ in fiche.model_fields.items()
        if "Donnee[" in str(champ.annotation)
        and ((dite := declaration_du_champ(fiche, nom)) is None or not dite.libelle or dite.bornes is None)
    ]
    assert muets == []


def motifs_lus():
    """Paths that the chain asks for, as patterns: what a variable holds matches anything, but for a constant of its module."""
    for _, module in modules_qui_lisent():
        constantes = {nom: v.value for nom, v in posees(module.body).items() if isinstance(v, ast.Constant)}
        for fonction in ast.walk(module):
            if isinstance(fonction, ast.FunctionDef):
                dedans = list(ast.walk(fonction))
                locales = posees(dedans)
                for noeud in dedans:
                    if (
                        isinstance(noeud, ast.Call)
                        and isinstance(noeud.func, ast.Attribute)
                        and noeud.func.attr == "entree"
                    ):
                        lue = noeud.args[0]
                        yield motif(locales.get(lue.id) if isinstance(lue, ast.Name) else lue, constantes)


def posees(noeuds):
    return {
        n.targets[0].id: n.value for n in noeuds if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
    }


def motif(lue, constantes):
    def en_motif(morceau):
        if isinstance(morceau, ast.Constant):
            return re.escape(str(morceau.value))
        nom = morceau.value.id if isinstance(getattr(morceau, "value", None), ast.Name) else ""
        return re.escape(constantes[nom]) if nom in constantes else ".*"

    dit = "".join(map(en_motif, lue.values if isinstance(lue, ast.JoinedStr) else [lue]))
    return dit if re.search(r"[a-z]", dit) else "(?!)"


def test_chaque_entree_declaree_est_lue_ou_dit_pourquoi():
    lus, dites = set(motifs_lus()), set(entrees_du_modele(Etude))
    assert len(lus) > 100
    autrement = {c for c in dites if any(re.fullmatch(m, c) for m in LUES_AUTREMENT)}
    assert {c for c in dites - autrement if not any(re.fullmatch(m, c) for m in lus)} == set()
    assert [m for m in LUES_AUTREMENT if not any(re.fullmatch(m, c) for c in dites)] == []
    assert all(any(re.fullmatch(m, c) for c in dites) for m in lus - {"(?!)"})


def test_les_premiers_mots_d_un_appelant_ne_changent_plus_un_libelle(dossier):
    """Before, asking an input under another name first changed its label everywhere."""
    ev = Moteur.ouvrir().evaluer(dossier, ["base"])[0]
    neuf = replace(ev.ctx, _memoire={})
    with pytest.raises(TypeError):
        neuf.entree("travaux.cout_m2_ht", "Autre nom", "k€")
    lue = neuf.entree("travaux.cout_m2_ht")
    assert (lue.nom, lue.unite) == ("Coût des travaux au m²", "€/m² HT")


def test_un_element_de_liste_prend_ses_mots_dans_les_fiches_du_chemin(ctx, dossier):
    pret = next(p for p in dossier.etude.prets if p.id == "banque")
    assert ctx.entree("prets[banque].taux").nom == f"{pret.libelle}, taux"
    apport = dossier.etude.aides[0]
    assert (
        declaration_de(dossier.etude, f"aides[{apport.id}].coefficient").libelle == f"{apport.libelle}, part accordée"
    )


def test_les_mots_viennent_de_la_fiche_la_plus_proche(dossier):
    """A loan of a closer has no label of its own: that of its closer; a share of an action names its payer and its action."""
    pret = {
        "id": "solidaire",
        "libelle": "Prêt solidaire",
        "nature": "pret",
        "apporteur": "Prêteur",
        "pret": {
            "profil": "annuite_constante",
            "taux": {"valeur": 0.02, "base": "essai"},
            "duree_mois": {"valeur": 120, "base": "essai"},
            "differe_mois": {"valeur": 0, "base": "essai"},
        },
    }
    etude = varier(dossier, "essai", {"bouclage": [pret]})
    assert declaration_de(etude, "bouclage[solidaire].pret.taux").libelle == "Prêt solidaire, taux"
    reste = dossier.etude.boucleurs[-1]
    assert declaration_de(dossier.etude, f"boucleurs[{reste.id}].montant").libelle == f"{reste.libelle}, montant"


def test_l_unite_peut_venir_de_la_fiche():
    dites = entrees_du_modele(Etude)
    assert dites["exploitation.charges[*].montant"].unite == "{unite}"
    assert dites["travaux.plan.lignes[*].prix_unitaire_ht"].en_general().unite == "€/(unité) HT"


def test_un_champ_sans_declaration_est_refuse_avec_les_noms_proches(ctx):
    with pytest.raises(ChampAbsent, match=r"« travaux\.cout_m2 ».*Peut-être : travaux\.cout_m2_ht"):
        ctx.entree("travaux.cout_m2")
    with pytest.raises(ChampAbsent, match="Aucune entrée de ce nom : « travaux.date_valeur »"):
        ctx.entree("travaux.date_valeur")
    with pytest.raises(ChampAbsent, match=r"Peut-être : prets\[banque\]\.taux"):
        ctx.entree("prets[banq].taux")
    with pytest.raises(ChampAbsent, match="que l'étude ne donne pas : « achat_bailleur.prix »"):
        ctx.entree("achat_bailleur.prix")


def test_une_entree_absente_prend_ce_qui_en_tient_lieu(ctx):
    assert ctx.etude.titre_occupation.notaire_bail is None
    nulle = ctx.entree("titre_occupation.notaire_bail", sinon=0.0)
    assert (float(nulle.valeur.flat[0]), nulle.nom, nulle.unite) == (0.0, "Notaire du bail, devis TTC", "€")
    with pytest.raises(ChampAbsent):
        ctx.entree("titre_occupation.notaire_bail")


def test_une_surcharge_mal_ecrite_propose_les_champs_proches(dossier):
    with pytest.raises(ErreurDonnees, match=r"peut-être : prets\[banque\]\.taux"):
        varier(dossier, "essai", {"prets[banqe].taux": 0.03})


def test_les_bornes_sont_celles_du_type():
    """Bounds of the law of the sheets: a share goes from 0 to 1, a rate from -5 % to 50 %, a duration to 100 years."""
    dites = entrees_du_modele(Etude)
    for champ, bornes in {
        "travaux.aleas_part": (0.0, 1.0),
        "prets[*].taux": (-0.05, 0.5),
        "titre_occupation.duree_mois": (0, 1200),
    }.items():
        trouvees = dites[champ].bornes
        assert (trouvees.mini, trouvees.maxi) == bornes


def test_les_chemins_d_une_etude_sont_ceux_du_modele(dossier):
    generiques = {re.sub(r"\[[^\]]+\]", "[*]", c) for c in entrees_de(dossier.etude)}
    assert generiques <= set(entrees_du_modele(Etude))
    assert "surface_m2" in entrees_du_modele(Site)


def test_un_curseur_sans_mots_prend_ceux_de_l_entree():
    dit = LevierAtelier.model_validate(
        {"nom": "loyer", "mini": 0, "maxi": 300, "facteur": 1, "champ": "titre_occupation.loyer_m2_an"}
    )
    assert (dit.libelle, dit.unite) == ("Loyer ou redevance", "€/m²/an")
    with pytest.raises(ErreurDonnees, match=r"aucune entrée « travaux\.cout ».*peut-être : travaux\.cout_m2_ht"):
        valider(LevierAtelier, {"nom": "x", "mini": 0, "maxi": 1, "facteur": 1, "champ": "travaux.cout"}, "essai")
