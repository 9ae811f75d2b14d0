"""Bad news never improves a figure: signs as data, over random studies, modes and montages, on frozen closed plans."""

from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.gel import frapper, geler
from pope_foncier.analyse.montages import comparer
from pope_foncier.analyse.ratios import calculer as ratios
from pope_foncier.analyse.resultats import Resultat
from pope_foncier.analyse.scenarios import BASE, ouvrir, varier
from pope_foncier.analyse.service_dette import couvertures_par_annee
from pope_foncier.projet.contexte import Choc
from pope_foncier.socle.fiches import Fiche, Nombre, Texte, lire_fiche
from tests.conftest import DONNEES

SENS = DONNEES / "controles" / "sens.yaml"
ETUDES = ("gare_saint_denis", "coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains", "modes_d_accueil")


class Sortie(Fiche):
    libelle: Texte


class Paire(Fiche):
    entree: Texte
    libelle: Texte
    facteur: tuple[Nombre, Nombre] | None = None
    ajoute: tuple[Nombre, Nombre] | None = None
    entier: bool = False
    effets: dict[str, Literal["baisse", "hausse", "stable"]]
    exceptions: dict[str, Texte] | None = None


class Sens(Fiche):
    sorties: dict[str, Sortie]
    paires: tuple[Paire, ...]


FICHE = lire_fiche(Sens, SENS)


def d(valeur):
    return {"valeur": valeur, "base": "essai"}


@lru_cache(maxsize=1)
def projets():
    """Every study and scenario whose plan is known, and every montage that is not impossible."""
    moteur, trouves = Moteur.ouvrir(), []
    for nom in ETUDES:
        dossier = ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
        trouves += [(dossier, etude) for etude in dossier.variantes.values() if etude.realiser]
        if dossier.etude.foncier is not None:
            trouves += [(dossier, c.etude) for c in comparer(dossier, moteur) if c.evaluation is not None]
    return moteur, tuple(trouves)


def sorties(ev):
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = ev.livre[f"tresorerie.cumul.{porteur}"].valeur.reshape(-1)
    couvertures = couvertures_par_annee(ev, porteur).reshape(-1)
    propres = next(r.grandeur.valeur.reshape(-1)[0] for r in ratios(ev) if r.code == "ressources_propres")
    return {
        "couverture_minimale": np.nan if np.isnan(couvertures).all() else np.nanmin(couvertures),
        "point_bas": cumul.min(),
        "tresorerie_finale": cumul[-1],
        "ressources_propres": propres,
        "trou": ev.plan.reste_a_financer.valeur.reshape(-1)[0],
    }


contributions = st.one_of(
    st.sampled_from(["aucune", "equilibre_comptable", "equilibre_tresorerie"]),
    st.floats(500, 12_000).map(lambda x: {"mode": "forfait", "par_place": d(x)}),
    st.floats(500, 12_000).map(lambda x: {"mode": "plafonnee", "plafond_par_place": d(x)}),
    st.floats(1.0, 1.5).map(lambda x: {"mode": "couverture", "cible": d(x)}),
)
bouclages = st.one_of(
    st.just([]),
    st.floats(1_000, 400_000).map(
        lambda x: [
            {"id": "ville", "libelle": "Ville", "nature": "subvention", "apporteur": "Budget communal", "montant": d(x)}
        ]
    ),
    st.floats(1_000, 200_000).map(
        lambda x: [
            {
                "id": "pret",
                "libelle": "Prêt",
                "nature": "pret",
                "apporteur": "Prêteur",
                "plafond": d(x),
                "pret": {"profil": "annuite_constante", "taux": d(0.04), "duree_mois": d(96), "differe_mois": d(12)},
            }
        ]
    ),
)


@settings(max_examples=500, derandomize=True)
@given(data=st.data())
def test_une_mauvaise_nouvelle_n_ameliore_aucun_chiffre(data):
    moteur, possibles = projets()
    dossier, etude = possibles[data.draw(st.integers(0, len(possibles) - 1), label="projet")]
    surcharges = {"bouclage": data.draw(bouclages, label="bouclage")}
    if etude.exploitation is not None:
        surcharges["exploitation.contribution_commune"] = data.draw(contributions, label="contribution")
        surcharges["exploitation.taux_occupation"] = data.draw(st.floats(0.4, 0.9), label="occupation")
    ici = replace(dossier, etude=etude, variantes={BASE: etude})
    variante = varier(ici, "essai", surcharges)
    vue = Resultat.calculer(replace(ici, etude=variante, variantes={BASE: variante}), moteur).vue()
    gele = geler(vue)
    paire = data.draw(st.sampled_from(FICHE.paires), label="paire")
    bornes = paire.facteur or paire.ajoute
    force = data.draw(
        st.integers(int(bornes[0]), int(bornes[1])) if paire.entier else st.floats(*bornes), label="ampleur"
    )
    choc = Choc(paire.entree, paire.libelle, **({"facteur": force} if paire.facteur else {"ajoute": float(force)}))
    avant, apres = sorties(frapper(gele, ())), sorties(frapper(gele, [choc]))
    for sortie, sens in paire.effets.items():
        ecart = apres[sortie] - avant[sortie]
        if np.isnan(ecart) or sortie in (paire.exceptions or {}):
            continue
        marge = 0.02 if sortie in ("point_bas", "tresorerie_finale", "trou") else 1e-7
        if sens in ("baisse", "stable"):
            assert ecart <= marge, f"{paire.libelle} : {FICHE.sorties[sortie].libelle} monte de {ecart}"
        if sens in ("hausse", "stable"):
            assert ecart >= -marge, f"{paire.libelle} : {FICHE.sorties[sortie].libelle} baisse de {ecart}"


def test_chaque_paire_frappe_quelque_chose(moteur):
    """A shock on a name that nothing reads would prove nothing: each one moves a figure of the station."""
    gele = geler(Resultat.calculer(ouvrir(DONNEES / "etudes" / "gare_saint_denis.yaml"), moteur).vue())
    avant = sorties(frapper(gele, ()))
    for paire in FICHE.paires:
        force = (paire.facteur or paire.ajoute)[
            0 if (paire.facteur or paire.ajoute)[0] < 0 or paire.facteur == (0, 0.95) else 1
        ]
        choc = Choc(paire.entree, paire.libelle, **({"facteur": force} if paire.facteur else {"ajoute": float(force)}))
        apres = sorties(frapper(gele, [choc]))
        assert any(abs(apres[s] - avant[s]) > 1e-6 for s in avant), paire.entree


@pytest.mark.parametrize("sortie", FICHE.sorties)
def test_chaque_sortie_est_dans_une_paire(sortie):
    assert any(sortie in p.effets for p in FICHE.paires)
