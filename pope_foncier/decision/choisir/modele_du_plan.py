"""What a structure gives at some amounts, read from the engine, and how it changes with each: the linear part of a plan around a point.

Rules are margins, at least 0 when they are kept. Between two kinks of the chain they are linear in the amounts, so the programme made of them is exact there; it is made
again around what it finds until nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pope_foncier.decision.choisir.programme_lineaire import Programme, Quantite
from pope_foncier.decision.choisir.regles import Plafond, Regles
from pope_foncier.decision.choisir.structures import FONDS, VILLE, Structure
from pope_foncier.decision.commune.valeur_actuelle import cout_pour_la_commune
from pope_foncier.decision.montages.en_etude import patrimoine
from pope_foncier.etude import indicateurs
from pope_foncier.etude.bouclage import RESTE_INCONNU, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.ratios import calculer as calculer_les_ratios
from pope_foncier.etude.service_dette import disponible, service
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau, somme
from pope_foncier.socle.operations_du_temps import a_venir, sommes_annuelles

COUT_VILLE: Plafond = "cout_ville"
CONTRIBUTION: Plafond = "contribution"
_SANS_DETTE = 0.005
_AU_CENTIME = 0.005
_SANS_EFFET = 1e-9
"""Slope under which no amount moves a margin: a cash that is zero before anything is paid stays so, and nothing draws back from it."""
_DEPARTAGE = 1e-6
"""Weight of the city's cost when something else is minimised: among equal plans, the one that costs it least."""


class DonneeManquante(ErreurCalcul):
    """A plan depends on an input that the study does not know."""


@dataclass(frozen=True)
class Lues:
    """Figures of a structure at D points: margins by rule, shape (D, k) each; amounts, shape (D,) each [€].

    Attributes:
        marges: cover of each year, cash of each month, what the plan leaves to the city, own resources, what the contribution paid leaves under its
            ceiling, months before the end of the tenure.
        cout_ville: present cost of the city, what a plan that has too much would give back being taken off.
        ville: what the city gives to the works.
        reste: what the closed plan still lacks.
        places_annees: places × years of opening, discounted as the cost is.
    """

    marges: Mapping[str, Tableau]
    cout_ville: Tableau
    ville: Tableau
    reste: Tableau
    places_annees: Tableau


def lire(moteur: Moteur, structure: Structure, regles: Regles, points: Tableau, durees: Tableau) -> Lues:
    """Evaluate a structure at some amounts, the plan being closed by the city at each one.

    Args:
        points: amounts, shape (D, n).
        durees: term of the main loan at each point, shape (D,) [months].

    Raises:
        DonneeManquante: a figure of the plan depends on an unknown of the study; which.
        ErreurCalcul: amounts that the engine refuses.
    """
    ev = boucler(moteur.tirer(structure.dossier, structure.tirages(points, durees)))
    lues = lire_le_plan(ev, regles, len(points))
    if np.isnan(lues.cout_ville).any() or any(np.isnan(m).any() for m in lues.marges.values()):
        _exiger_connu(ev)
    return lues


def _exiger_connu(ev: Evaluation) -> None:
    """Refuse a plan of which an input is unknown, naming it."""
    lues = [ev.plan.besoins, ev.plan.reste_a_financer]
    lues += [ev.livre[f"tresorerie.cumul.{x}"] for x in parties_du_projet(ev.ctx.etude)]
    manquants = sorted({m for lue in lues for m in lue.manques if m != RESTE_INCONNU})
    if manquants:
        raise DonneeManquante(f"Meilleur plan : il manque {', '.join(manquants)}. Rien ne se cherche sans.")


def lire_le_plan(ev: Evaluation, regles: Regles, nombre: int) -> Lues:
    """Margins and amounts of a closed plan."""
    etude, cale = ev.ctx.etude, (nombre, -1)
    echelle = ev.ctx.echelle

    def lignes(valeur: Tableau) -> Tableau:
        if not valeur.shape[-1]:
            return np.zeros((nombre, 0))
        return np.broadcast_to(valeur.reshape(-1, valeur.shape[-1]), (nombre, valeur.shape[-1]))

    couvertures = []
    for acteur in parties_tenues(etude):
        recu, du = disponible(ev, acteur), service(ev, acteur)
        assert recu is not None
        annuites = sommes_annuelles(lignes(du.valeur), echelle)
        couverture = sommes_annuelles(lignes(recu.valeur), echelle) - regles.couverture * annuites
        couvertures.append(couverture[:, (annuites > _SANS_DETTE).any(axis=0)])
    ville = lignes(ev.ctx.bouclage[VILLE].valeur) if VILLE in ev.ctx.bouclage else np.zeros((nombre, 1))
    reste, besoins = lignes(ev.plan.reste_a_financer.valeur), lignes(ev.plan.besoins.valeur)
    manque = (
        ville + reste
    )  # below zero when the plan has too much: the city would take back, so that nothing has a kink there
    propres = next(r for r in calculer_les_ratios(ev) if r.code == "ressources_propres")
    arretee = any(b.id == VILLE and b.montant is not None for b in etude.boucleurs)
    comptees = lignes(propres.grandeur.valeur) * besoins + (0.0 if arretee else manque) - lignes(_sans_chance(ev))
    caisses = [
        lignes(ev.livre[f"tresorerie.cumul.{x}"].valeur)
        + (lignes(_relais_possible(ev)) if x == etude.acteurs.nom_maitre_ouvrage else 0.0)
        for x in parties_tenues(etude)
    ]
    marges = {
        "couverture": np.concatenate(couvertures, axis=1),
        "demarrage": lignes(_demarrage_paye(ev)),
        "tresorerie": np.concatenate(caisses, axis=1) - regles.tresorerie,
        "manque": manque,
        "propres": comptees - regles.propres * besoins,
        "publique": lignes(_place_publique(ev, manque)),
    }
    if np.isfinite(
        regles.plafond(CONTRIBUTION)
    ):  # what is paid in the cruising year, not the lump at the prices of the study
        payee = lignes(indicateurs.calculer(ev)["contribution_par_place"].valeur)
        marges[CONTRIBUTION] = np.where(np.isnan(payee), np.inf, regles.plafond(CONTRIBUTION) - payee)
    if etude.titre_occupation.genre != "propriete":
        fins = [
            np.where(lignes(d.capital.valeur) > 0.0, lignes(ev.calendrier.fin_titre.valeur - d.fin.valeur), np.inf)
            - regles.marge_titre
            for d in ev.dettes
        ]
        marges["titre"] = np.concatenate(fins, axis=1) if fins else np.zeros((nombre, 0))
    cout = cout_pour_la_commune(ev, regles.actualisation)
    return Lues(
        {nom: m.reshape(cale) if m.size else np.zeros((nombre, 0)) for nom, m in marges.items()},
        lignes(cout.paye.valeur)[:, 0] + np.minimum(reste[:, 0], 0.0),
        ville[:, 0],
        reste[:, 0],
        lignes(cout.places_annees.valeur)[:, 0],
    )


def parties_tenues(etude: Etude) -> list[str]:
    """Parties whose cash and cover the rules hold: that of the commune, and of its property, is its own budget."""
    siennes = (etude.acteurs.commune, patrimoine(etude.acteurs.commune))
    return [x for x in parties_du_projet(etude) if x not in siennes]


def _demarrage_paye(ev: Evaluation) -> Tableau:
    """What the loans of an operator who does not order the works leave above its start, shape (…, 1) [€]; nothing where it orders them."""
    acteurs = ev.ctx.etude.acteurs
    if acteurs.maitre_ouvrage == "gestionnaire":
        return np.zeros((1, 0))
    siens = sum((d.capital.valeur for d in ev.dettes if d.emprunteur == acteurs.gestionnaire), np.zeros((1, 1)))
    couvert = ev.livre["ressources.prets_du_gestionnaire"].valeur
    return np.asarray(siens - couvert - ev.plan.manque_du_gestionnaire.valeur)


def _place_publique(ev: Evaluation, ville: Tableau) -> Tableau:
    """What public persons may still give under their share, the city's gift to the works counting as theirs, shape (…, 1) [€]; nothing where it does not apply.

    The rule cuts the last grants declared: each counts here as it was asked for, so that a plan asks for no more than they can give.
    """
    publiques = [s for s in ev.subventions if any(t.publique for t in s.candidats)]
    if not publiques:
        return np.zeros((1, 0))
    place = next(t.montant.valeur for t in publiques[0].candidats if t.publique)
    for lue in publiques:
        demande = np.minimum.reduce([t.montant.valeur for t in lue.candidats if not t.publique])
        place = place - demande * ev.ctx.entree(f"aides[{lue.aide.id}].coefficient").valeur
    return np.asarray(place - ville[:, :1])


def _sans_chance(ev: Evaluation) -> Tableau:
    """What the ratio of own resources will leave out of the grants once they are stated, each counting at its chance, shape (…, 1) [€]."""
    reste = np.zeros((1, 1))
    for aide in ev.subventions:
        chance = aide.aide.probabilite
        tiree = f"aides[{aide.aide.id}].coefficient" in ev.ctx.tirages
        if tiree and aide.aide.statut != "acquise" and chance is not None and chance.valeur is not None:
            reste = reste + (1.0 - chance.valeur) * aide.subvention.valeur
    return reste


def _relais_possible(ev: Evaluation) -> Tableau:
    """What the bridge could still lend at the end of each month, shape (…, M) [€]: with it the cash has no kink where the bridge starts.

    A bridge lends what is missing up to its ceiling, so the cash is not negative when, before it, it does not go below that ceiling.
    """
    fiche = ev.ctx.etude.relais
    if fiche is None:
        return np.zeros((1, ev.ctx.echelle.duree_mois))
    admises = [a.versement for a in ev.subventions if a.aide.financeur != A_TROUVER and a.aide.statut in fiche.statuts]
    a_recevoir = ev.ctx.entree("relais.taux_avance").valeur * a_venir(somme(admises, "Aides avancées").valeur)
    return np.asarray(np.maximum(a_recevoir, 0.0) - ev.livre["relais.encours"].valeur)


@dataclass(frozen=True)
class ModeleAffine:
    """Figures at a point and their slopes: linear between two kinks."""

    point: Tableau
    base: Lues
    pentes: Mapping[str, Tableau]
    """Slopes of the margins by rule, shape (k, n)."""
    pente_du_cout: Tableau
    pente_de_la_ville: Tableau


def autour(lues: Lues, point: Tableau, pas: Tableau) -> ModeleAffine:
    """Model around a point, from the figures there (first row) and after each amount has moved by its step (next rows)."""

    def pente(valeurs: Tableau) -> Tableau:
        return (valeurs[1:] - valeurs[:1]) / pas.reshape(-1, *[1] * (valeurs.ndim - 1))

    base = Lues(
        {n: m[0] for n, m in lues.marges.items()},
        lues.cout_ville[0],
        lues.ville[0],
        lues.reste[0],
        lues.places_annees[0],
    )
    return ModeleAffine(
        point,
        base,
        {n: pente(m).T for n, m in lues.marges.items() if n != "titre"},
        pente(lues.cout_ville),
        pente(lues.ville + lues.reste),
    )


def manques(lues: Lues, regles: Regles) -> dict[str, float]:
    """What each broken rule lacks at a point, by rule [€]."""
    trouves = {n: float(-m.min()) for n, m in lues.marges.items() if n != "titre" and m.min(initial=0.0) < -_AU_CENTIME}
    bornes: tuple[tuple[Plafond, Tableau], ...] = (("investissement", lues.ville), (COUT_VILLE, lues.cout_ville))
    for nom, valeur in bornes:
        exces = float(np.max(valeur)) - regles.plafond(nom)
        if exces > _AU_CENTIME:
            trouves[nom] = exces
    return trouves


def programme(
    modele: ModeleAffine,
    structure: Structure,
    regles: Regles,
    reculs: Mapping[str, float],
    servies: NDArray[np.bool_] | None = None,
) -> Programme:
    """Linear programme of a structure around a point.

    Args:
        reculs: how much inside each rule to stay, by rule, so that what is rounded keeps it.
    """
    seuils, lignes, noms = [], [], []
    for nom, pentes in modele.pentes.items():
        marges = modele.base.marges[nom]
        lignes.append(pentes)
        bouge = np.abs(pentes).max(axis=1, initial=0.0) > _SANS_EFFET
        seuils.append(reculs.get(nom, 0.0) * bouge - marges + pentes @ modele.point)
        noms += [nom] * len(marges)
    bornes: tuple[tuple[Plafond, Tableau, Tableau], ...] = (
        ("investissement", modele.base.ville + modele.base.reste, modele.pente_de_la_ville),
        (COUT_VILLE, modele.base.cout_ville, modele.pente_du_cout),
    )
    for nom, valeur, pente in bornes:
        if np.isfinite(regles.plafond(nom)):
            lignes.append(-pente[None, :])
            seuils.append(np.array([reculs.get(nom, 0.0) - regles.plafond(nom) + valeur - pente @ modele.point]))
            noms.append(nom)
    quantites = tuple(Quantite(x.code, 0.0, x.haut, choix=x.genre == "aide") for x in structure.leviers)
    return Programme(
        quantites,
        _couts(modele, structure, regles),
        np.concatenate(lignes),
        np.concatenate(seuils),
        tuple(noms),
        structure.exclusions,
    )


def _couts(modele: ModeleAffine, structure: Structure, regles: Regles) -> Tableau:
    if regles.objectif == "cout_ville":
        return modele.pente_du_cout
    couts = _DEPARTAGE * modele.pente_du_cout
    rang = structure.rang("contribution" if regles.objectif == "contribution" else FONDS)
    if rang is not None:
        couts[rang] += 1.0
    return couts
