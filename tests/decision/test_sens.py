"""Bad news never improves a figure: signs as data, over drawn studies, modes and montages, on frozen closed plans.

A hundred and sixty plans are drawn, each struck by every pair, all the sizes of all the shocks being rows of one evaluation, each struck by
one shock alone; a late commune, which changes the sheet of its contribution, is an evaluation of its own. A plan that a shock does not move proves nothing and is not counted: each pair must move so many plans.
"""

from dataclasses import replace
from functools import lru_cache, partial
from typing import Literal

import numpy as np
import pytest

from pope_foncier.decision.epreuves import FicheEpreuve, chocs_de, chocs_en_rangees, frapper_ensemble
from pope_foncier.decision.gel import frapper, geler
from pope_foncier.decision.montages.possibles import comparer
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.ratios import calculer as ratios
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE, ouvrir, varier
from pope_foncier.etude.service_dette import couvertures_par_annee
from pope_foncier.exploitation.demarrage import mois_du_cycle
from pope_foncier.modele.contexte import Choc
from pope_foncier.socle.fiches import Fiche, Nombre, Texte, lire_fiche
from pope_foncier.socle.grandeur import Grandeur
from tests.conftest import DONNEES

SENS = DONNEES / "controles" / "sens.yaml"
ETUDES = ("gare_saint_denis", "coque_la_courneuve", "epinay_villetaneuse", "pierrefitte_stains", "modes_d_accueil")
RETARD, POSTE = "commune_retard_mois", "poste_vacant"
TIRAGES, AMPLEURS, GRAINE = 160, 4, 93
NON_VIDES, NON_VIDES_PAR_PAIRE = 500, 20


class Sortie(Fiche):
    libelle: Texte


class Exception_(Fiche):
    si: tuple[Literal["perd_a_l_ouverture", "creux_de_la_montee", "creux_d_attente", "loyer_des_la_remise"], ...]
    motif: Texte


class Paire(Fiche):
    entree: Texte
    libelle: Texte
    facteur: tuple[Nombre, Nombre] | None = None
    ajoute: tuple[Nombre, Nombre] | None = None
    entier: bool = False
    effets: dict[str, Literal["baisse", "hausse", "stable"]]
    exceptions: dict[str, Exception_] | None = None

    def ampleurs(self, hasard):
        """Sizes of the shock, the one that does nothing first, both bounds among the others."""
        bornes = self.facteur or self.ajoute
        entre = hasard.uniform(*bornes, AMPLEURS - 2)
        valeurs = np.array([1.0 if self.facteur else 0.0, *bornes, *entre])
        return np.round(valeurs) if self.entier else valeurs


class Sens(Fiche):
    sorties: dict[str, Sortie]
    conditions: dict[str, Sortie]
    paires: tuple[Paire, ...]


FICHE = lire_fiche(Sens, SENS)


def d(valeur):
    return {"valeur": float(valeur), "base": "essai"}


# --- drawn plans ---------------------------------------------------------------------------------------------------------
def projets(moteur):
    """Every study and scenario whose plan is known, and every montage that is not impossible."""
    trouves = []
    for nom in ETUDES:
        dossier = ouvrir(DONNEES / "etudes" / f"{nom}.yaml")
        trouves += [(dossier, etude) for etude in dossier.variantes.values() if etude.realiser]
        if dossier.etude.foncier is not None:
            trouves += [(dossier, c.etude) for c in comparer(dossier, moteur) if c.evaluation is not None]
    return trouves


def taux(hasard):
    if hasard.random() < 0.5:
        return {"taux": d(hasard.uniform(0.01, 0.06))}
    marge = d(hasard.uniform(0.002, 0.02))
    return {"indexation": {"bareme": "taux.livret_a.taux", "evolution": "livret_a", "marge": marge}}


def contribution(hasard):
    mode = hasard.choice(
        ["aucune", "equilibre_comptable", "equilibre_tresorerie", "forfait", "plafonnee", "couverture"]
    )
    fiche = {"mode": str(mode)}
    if mode == "forfait":
        fiche["par_place"] = d(hasard.uniform(500, 16_000))
    elif mode == "plafonnee":
        fiche["plafond_par_place"] = d(hasard.uniform(500, 16_000))
    elif mode == "couverture":
        fiche["cible"] = d(hasard.uniform(1, 1.5))
    if mode != "aucune" and hasard.random() < 0.5:
        fiche["versements"] = [{"mois": 3, "part": 0.5}, {"mois": 9, "part": 0.5}]
    return fiche


def bouclage(hasard, commune):
    ville = {"id": "ville", "libelle": "Ville", "nature": "subvention", "apporteur": commune, "part": d(0.5)}
    terme = {"profil": "annuite_constante", "duree_mois": d(96), "differe_mois": d(12)} | taux(hasard)
    pret = {"id": "pret", "libelle": "Prêt", "nature": "pret", "apporteur": "Prêteur", "pret": terme}
    pret["plafond"] = d(hasard.uniform(1_000, 200_000))
    return [*([pret] if hasard.random() < 0.9 else []), *([ville] if hasard.random() < 0.4 else [])]


def surcharges(hasard, etude):
    """Loans, closers, bridge, contribution and occupation of one draw."""
    tirees = {"bouclage": bouclage(hasard, etude.acteurs.commune)}
    prets = [p.model_dump(exclude_unset=True, exclude={"taux", "indexation", "tranche_taux"}) for p in etude.prets]
    tirees["prets"] = [p | taux(hasard) for p in prets]
    equilibre = etude.bail_gestionnaire is not None and etude.bail_gestionnaire.loyer == "equilibre"
    if hasard.random() < 0.7 and not equilibre:
        statuts = ["acquise", "demandee", "esperee"]
        tirees["relais"] = {
            "preteur": "Banque",
            "taux": d(0.04),
            "taux_avance": d(hasard.uniform(0.3, 1)),
            "statuts": statuts,
        }
    if etude.exploitation is not None:
        tirees["exploitation.contribution_commune"] = contribution(hasard)
        tirees["exploitation.taux_occupation"] = float(hasard.uniform(0.4, 0.9))
    return tirees


def plans():
    """Frozen plans, one after the other, each with what gives its evaluation before any shock."""
    moteur, hasard = Moteur.ouvrir(), np.random.default_rng(GRAINE)
    possibles = projets(moteur)
    ordre = [i for _ in range(1 + TIRAGES // len(possibles)) for i in hasard.permutation(len(possibles))]
    for rang in ordre[:TIRAGES]:
        dossier, etude = possibles[rang]
        tirees = surcharges(hasard, etude)
        ici = replace(dossier, etude=etude, variantes={BASE: etude})
        variante = varier(ici, "essai", tirees)
        gele = geler(Resultat.calculer(replace(ici, etude=variante, variantes={BASE: variante}), moteur).vue())
        yield f"{dossier.nom}, {etude.titre}, {tirees}", gele, lru_cache(partial(frapper, gele, ()))


# --- what is read --------------------------------------------------------------------------------------------------------
def sorties(ev):
    """Outputs of a struck plan, by size of the shock."""
    porteur = ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul = ev.livre[f"tresorerie.cumul.{porteur}"].valeur
    couvertures = couvertures_par_annee(ev, porteur)
    propres = next(r.grandeur.valeur for r in ratios(ev) if r.code == "ressources_propres")
    return {
        "couverture_minimale": np.where(np.isnan(couvertures), np.inf, couvertures).min(axis=-1),
        "point_bas": cumul.min(axis=-1),
        "tresorerie_finale": cumul[..., -1],
        "ressources_propres": propres[..., 0],
        "trou": ev.plan.reste_a_financer.valeur[..., 0],
    }


def frapper_a_part(paire, forces, gele, avant, seule):
    """Outputs under each size of a late commune, rows of an evaluation of their own; without it, those of the frozen plan.

    Args:
        seule: whether each size is evaluated alone too, and gives the same.
    """
    fiches = [FicheEpreuve(id="essai", libelle=paire.libelle, commune_retard_mois=int(f)) for f in forces[1:]]
    chocs = chocs_en_rangees([chocs_de(gele, avant(), [fiche]) for fiche in fiches])
    tardives, ici = sorties(frapper(gele, chocs, [f.commune_retard_mois for f in fiches])), sorties(avant())
    if seule:
        une_a_une = [sorties(frapper_ensemble(gele, avant(), [fiche])) for fiche in fiches]
        for nom, valeurs in tardives.items():
            attendues = np.concatenate([np.ravel(lues[nom]) for lues in une_a_une])
            assert np.allclose(
                np.broadcast_to(valeurs, attendues.shape), attendues, rtol=1e-12, atol=1e-8, equal_nan=True
            ), nom
    return {n: np.concatenate([np.ravel(ici[n]), np.broadcast_to(v, (len(fiches),))]) for n, v in tardives.items()}


def choc_en_rangees(paire, forces, ici, nombre, gele, avant):
    """Shock of a pair on its own rows, and none on the others."""
    champ, neutre = ("facteur", 1.0) if paire.facteur or paire.entree == POSTE else ("ajoute", 0.0)
    entree, mois = paire.entree, None
    if entree == POSTE:
        fiches = [FicheEpreuve(id="essai", libelle=paire.libelle, poste_vacant=f) for f in forces if f]
        chocs = [choc for fiche in fiches for choc in chocs_de(gele, avant(), [fiche])]
        entree, mois, forces = chocs[0].champ, chocs[0].mois, np.array([1.0, *(c.facteur for c in chocs)])
    rangees = np.full((nombre, 1), neutre)
    rangees[ici, 0] = forces
    return Choc(entree, paire.libelle, **{champ: Grandeur(rangees, paire.libelle, "", tracee=False)}, mois=mois)


def frappes(rang, gele, avant, hasard):
    """Of each pair: outputs without the shock, then under each size of it."""
    forces = {p.entree: p.ampleurs(hasard) for p in FICHE.paires}
    ensemble = [p for p in FICHE.paires if p.entree != RETARD]
    nombre, bornes = 0, {}
    for paire in ensemble:
        bornes[paire.entree] = slice(nombre, nombre := nombre + len(forces[paire.entree]))
    chocs = [choc_en_rangees(p, forces[p.entree], bornes[p.entree], nombre, gele, avant) for p in ensemble]
    lues = sorties(frapper(gele, chocs))
    rangees = {nom: np.broadcast_to(v, (nombre,)) for nom, v in lues.items()}
    for paire in FICHE.paires:
        if paire.entree == RETARD:
            yield paire, frapper_a_part(paire, forces[RETARD], gele, avant, rang % 10 == 0)
        else:
            yield paire, {nom: v[bornes[paire.entree]] for nom, v in rangees.items()}


def perd_a_l_ouverture(ev):
    """Whether what comes with the opening, cash in less cash out, is a loss for the project owner."""
    porteur, solde = ev.ctx.etude.acteurs.nom_maitre_ouvrage, 0.0
    for ligne in ev.livre.lignes.values():
        if ligne.est_flux and ligne.code.startswith(
            ("exploitation.", "bail.", "tresorerie.caf", "tresorerie.contribution")
        ):
            signe = (ligne.receveur == porteur) - (ligne.payeur == porteur)
            solde += signe * float(np.sum(ligne.grandeur.valeur * np.ones(ev.ctx.echelle.duree_mois)))
    return solde < 0


def creux_de_la_montee(ev):
    """Whether the lowest cover is that of a year before the cruising one."""
    couvertures = couvertures_par_annee(ev, ev.ctx.etude.acteurs.nom_maitre_ouvrage).reshape(-1)
    croisiere = rang_de_croisiere(ev)
    if np.isnan(couvertures).all() or croisiere is None:
        return False
    return int(np.nanargmin(couvertures)) < croisiere


def creux_d_attente(ev):
    """Whether the cash is lowest in the first cycle of the payers, up to a year after the ramp-up."""
    cumul = ev.livre[f"tresorerie.cumul.{ev.ctx.etude.acteurs.nom_maitre_ouvrage}"].valeur.reshape(-1)
    cycle = np.broadcast_to(mois_du_cycle(ev.ctx, ev.calendrier).valeur, (1, cumul.size)).reshape(-1)
    return bool(cycle[int(np.argmin(cumul))])


def loyer_des_la_remise(ev):
    """Whether the project owner lets, and is at its lowest before the opening."""
    acteurs = ev.ctx.etude.acteurs
    cumul = ev.livre[f"tresorerie.cumul.{acteurs.nom_maitre_ouvrage}"].valeur.reshape(-1)
    avant = int(np.argmin(cumul)) < float(ev.calendrier.ouverture.valeur.reshape(-1)[0])
    return acteurs.maitre_ouvrage != "gestionnaire" and avant


CONDITIONS = {f.__name__: f for f in (perd_a_l_ouverture, creux_de_la_montee, creux_d_attente, loyer_des_la_remise)}


def fautes(paire, ecarts, avant):
    """Outputs that a shock moves the wrong way, in words; one that an exception allows is left out."""
    trouvees = []
    for sortie, sens in paire.effets.items():
        marge = 0.02 if sortie in ("point_bas", "tresorerie_finale", "trou") else 1e-7
        monte, descend = (np.nanmax(x, initial=0.0) > marge for x in (ecarts[sortie], -ecarts[sortie]))
        if not (monte and sens in ("baisse", "stable")) and not (descend and sens in ("hausse", "stable")):
            continue
        exception = (paire.exceptions or {}).get(sortie)
        if exception is None or not any(CONDITIONS[c](avant()) for c in exception.si):
            trouvees.append(f"{FICHE.sorties[sortie].libelle} {ecarts[sortie].tolist()}")
    return trouvees


@lru_cache(maxsize=1)
def constats():
    """Of each pair: faults, and plans that it moves."""
    hasard = np.random.default_rng(GRAINE)
    mauvais, mus = {p.entree: [] for p in FICHE.paires}, dict.fromkeys((p.entree for p in FICHE.paires), 0)
    for rang, (quoi, gele, avant) in enumerate(plans()):
        for paire, lues in frappes(rang, gele, avant, hasard):
            with np.errstate(invalid="ignore"):
                ecarts = {nom: v[1:] - v[0] for nom, v in lues.items()}
            mus[paire.entree] += any(np.nanmax(np.abs(x), initial=0.0) > 1e-6 for x in ecarts.values())
            mauvais[paire.entree] += [f"{paire.libelle} : {f}\n   {quoi}" for f in fautes(paire, ecarts, avant)]
    return mauvais, mus


@pytest.mark.parametrize("entree", [p.entree for p in FICHE.paires])
def test_une_mauvaise_nouvelle_n_ameliore_aucun_chiffre(entree):
    mauvais, mus = constats()
    assert not mauvais[entree], f"{len(mauvais[entree])} plans\n" + "\n".join(mauvais[entree][:5])
    assert mus[entree] >= NON_VIDES_PAR_PAIRE, f"{mus[entree]} plans seulement sont touchés"


def test_assez_de_plans_sont_touches():
    """More than five hundred couples of a plan and a pair where the shock moves a figure."""
    assert sum(constats()[1].values()) >= NON_VIDES, constats()[1]


@pytest.mark.parametrize("sortie", FICHE.sorties)
def test_chaque_sortie_est_dans_une_paire(sortie):
    assert any(sortie in p.effets for p in FICHE.paires)


def test_chaque_condition_sert_a_une_exception():
    lues = {c for p in FICHE.paires for e in (p.exceptions or {}).values() for c in e.si}
    assert lues == set(FICHE.conditions) == set(CONDITIONS)
