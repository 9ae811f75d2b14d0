"""A plan whose amounts are stated, computed by the engine as any study, and each rule read on it to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.aides.cumul import regle_publique
from pope_foncier.decision.choisir.modele_du_plan import (
    CONTRIBUTION,
    COUT_VILLE,
    Lues,
    lire,
    lire_le_plan,
    manques,
    parties_tenues,
    programme,
)
from pope_foncier.decision.choisir.programme_lineaire import resoudre
from pope_foncier.decision.choisir.recherche_du_plan import Candidat
from pope_foncier.decision.choisir.regles import PLAFONDS, UNITES, Plafond, Regles, lire_limites_du_plan
from pope_foncier.decision.choisir.structures import CHOISI, FONDS, LOYER, Structure
from pope_foncier.etude import indicateurs
from pope_foncier.etude.bouclage import apports_de_bouclage, boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.ratios import calculer as calculer_les_ratios
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, lire_etude
from pope_foncier.etude.service_dette import pire_couverture
from pope_foncier.etude.suretes import plafonds
from pope_foncier.etude.tresorerie import relais_tire
from pope_foncier.socle.grandeur import Tableau

_AU_CENTIME = 0.005
_PRES = 1e-9
_RECUL = 1.0
"""How far inside each rule the amounts are first chosen [€], so that rounded they keep it; more when they do not."""
_RECUL_PAR_PLACE = 0.02
"""The same for the contribution [€/place/year]."""
_TOURS = 6
_LIE = 0.05
"""Distance to its threshold under which a ceiling or a term binds."""


@dataclass(frozen=True, slots=True)
class RegleLue:
    """A rule read on a plan: its value, its threshold, whether it is kept and whether it binds."""

    code: str
    libelle: str
    unite: str
    valeur: float
    seuil: float
    au_plus: bool
    tenue: bool
    lie: bool
    origine: str


@dataclass(frozen=True)
class PlanArrete:
    """Plan proposed: its study, whose amounts are all stated, its closed evaluation, and its rules, all kept.

    Attributes:
        montants: amount of each lever, a grant in euros, the contribution by place and year.
        ville: what the city gives to the works [€].
        cout_par_place_an: present cost of the city by place and year of opening, discounted alike [€].
        objectif: what is minimised, read on the plan.
    """

    candidat: Candidat
    dossier: Dossier
    ev: Evaluation
    montants: Mapping[str, float]
    ville: float
    cout_ville: float
    cout_par_place_an: float
    objectif: float
    regles: tuple[RegleLue, ...]

    @property
    def structure(self) -> Structure:
        """Structure whose amounts these are."""
        return self.candidat.structure

    @property
    def fonds(self) -> float:
        """Own funds that the plan asks for [€]."""
        return self.montants.get(FONDS, 0.0)

    @property
    def relais(self) -> tuple[float, float]:
        """Highest balance of the bridge of the plan [€], and the share of the grants that it advances which is notified; zeros without one."""
        tire = relais_tire(self.ev.livre)
        if tire is None:
            return 0.0, 0.0
        fiche = self.ev.ctx.etude.relais
        admises = [s for s in self.ev.subventions if fiche is not None and s.aide.statut in fiche.statuts]
        tout = sum(s.subvention.au_point(0) for s in admises)
        notifiees = sum(s.subvention.au_point(0) for s in admises if s.aide.statut == "acquise")
        return float(tire.taille[0, 0]), notifiees / tout if tout > 0.0 else 0.0

    @property
    def a_trouver(self) -> float:
        """What nobody brings [€]: nothing, to the cent."""
        return _a_trouver(self.ev)


def arreter(moteur: Moteur, candidat: Candidat, regles: Regles) -> PlanArrete | tuple[RegleLue, ...]:
    """Plan of a candidate: its amounts rounded, computed by the engine, and drawn back inside what it breaks until it keeps every rule.

    Returns:
        The plan; or, when no amounts keep every rule once rounded, the rules that the last ones break.
    """
    reculs: dict[str, float] = dict.fromkeys(
        ("couverture", "tresorerie", "propres", "manque", "demarrage", "investissement", COUT_VILLE), _RECUL
    )
    reculs[CONTRIBUTION] = _RECUL_PAR_PLACE
    rompues: tuple[RegleLue, ...] = ()
    modele = candidat.modele
    for _ in range(_TOURS):
        lineaire = programme(modele, candidat.structure, candidat.sous or regles, reculs).sans(candidat.refusees)
        trouve = resoudre(lineaire)
        if trouve is None:
            break
        x = _arrondir(trouve.x, candidat.structure, regles)
        plan = _calculer(moteur, candidat, x, regles)
        rompues = tuple(r for r in plan.regles if not r.tenue)
        if not rompues:
            return plan
        lus = manques(lire_le_plan(plan.ev, regles, 1), regles)
        for nom, manque in (lus or {"tresorerie": _RECUL, "couverture": _RECUL}).items():
            reculs[nom] = reculs.get(nom, 0.0) + manque + _RECUL
    return rompues


def _arrondir(x: Tableau, structure: Structure, regles: Regles) -> Tableau:
    """Amounts as a committee writes them: loans, own funds and grants in whole euros, the contribution to the cent, none above its ceiling."""
    arrondis = np.array(x)
    au_plus_la_ville = np.isfinite(regles.plafond("investissement"))
    for i, levier in enumerate(structure.leviers):
        if levier.genre == "aide":
            entiere = x[i] >= 1.0 - _PRES
            arrondis[i] = 1.0 if entiere else np.floor(x[i] * levier.entier + _PRES) / levier.entier
        elif levier.genre == "loyer":
            arrondis[i] = np.round(x[i], 2)
        elif levier.genre == "contribution":
            arrondis[i] = np.ceil(x[i] * 100.0 - _PRES) / 100.0
        elif levier.genre == "demarrage":
            arrondis[i] = np.ceil(x[i] - _PRES)
        else:
            arrondis[i] = np.ceil(x[i] - _PRES) if au_plus_la_ville else np.floor(x[i] + _PRES)
        arrondis[i] = max(min(arrondis[i], levier.haut), 0.0)
    return arrondis


def _calculer(moteur: Moteur, candidat: Candidat, x: Tableau, regles: Regles) -> PlanArrete:
    """Study with those amounts stated, evaluated by the engine."""
    structure = candidat.structure
    libre = lire(moteur, structure, regles, x[None, :], np.array([candidat.duree]))
    ville = max(float(np.ceil(libre.ville[0] * 100.0 - _PRES) / 100.0), 0.0)
    dossier = _stater(structure, x, candidat.duree, ville)
    ev = boucler(moteur.tirer(dossier, {}))
    lues = lire_le_plan(ev, regles, 1)
    montants = {levier.code: float(v) * levier.entier for levier, v in zip(structure.leviers, x, strict=True)}
    objectif = {
        "cout_ville": float(lues.cout_ville[0]),
        "contribution": montants.get("contribution", 0.0),
        "fonds_propres": montants.get(FONDS, 0.0),
    }[regles.objectif]
    dites = tuple(_regles(ev, lues, montants, ville, candidat, regles))
    cout = float(lues.cout_ville[0])
    par_place = cout / float(lues.places_annees[0])
    return PlanArrete(candidat, dossier, ev, montants, ville, cout, par_place, objectif, dites)


def _stater(structure: Structure, x: Tableau, duree: float, ville: float) -> Dossier:
    """The structure's study with every amount stated; what is not asked for is taken off."""
    brut = en_clair(structure.dossier.etude)
    valeurs = {levier.code: (levier, float(v)) for levier, v in zip(structure.leviers, x, strict=True)}
    for aide in brut.get("aides", ()):
        if aide["id"] in valeurs:
            part = valeurs[aide["id"]][1]
            aide.update({"coefficient": part} if part > 0.0 else {"statut": "non_demandee"})
    for pret in brut.get("prets", ()):
        if pret["id"] in valeurs:
            pret["montant"] = {"valeur": valeurs[pret["id"]][1], "base": CHOISI}
        if structure.champ_duree == f"prets[{pret['id']}].duree_mois":
            pret["duree_mois"] = {"valeur": int(duree), "base": CHOISI}
    for apport in brut.get("apports", ()):
        if apport["id"] == FONDS:
            apport["montant"] = {"valeur": valeurs[FONDS][1], "base": CHOISI}
    if LOYER in valeurs:
        brut["bail_gestionnaire"]["loyer_m2_an"] = {"valeur": valeurs[LOYER][1], "base": CHOISI}
    brut["exploitation"]["contribution_commune"]["par_place"] = {"valeur": valeurs["contribution"][1], "base": CHOISI}
    brut["bouclage"] = [{**b, "montant": {"valeur": ville, "base": CHOISI}} for b in brut["bouclage"] if ville > 0.0]
    etude = lire_etude(brut, structure.dossier.nom)[0]
    return replace(structure.dossier, etude=etude, variantes={BASE: etude})


def _regles(
    ev: Evaluation, lues: Lues, montants: Mapping[str, float], ville: float, candidat: Candidat, regles: Regles
) -> list[RegleLue]:
    """Every rule on the plan, by the figures that the study itself shows."""
    limites = lire_limites_du_plan()
    ratios = {r.code: r for r in calculer_les_ratios(ev)}
    du_programme = {candidat.lineaire.regles[i] for i in candidat.optimum.lient(candidat.lineaire)}
    dites: list[RegleLue] = []

    def lue(
        code: str, libelle: str, unite: str, valeur: float, seuil: float, au_plus: bool, marge: float, origine: str = ""
    ) -> None:
        ecart = (seuil - valeur) if au_plus else (valeur - seuil)
        tenue = bool(np.isnan(valeur) or ecart >= -marge)
        lie = code in du_programme if code in candidat.lineaire.regles else bool(abs(ecart) <= _LIE)
        dites.append(
            RegleLue(code, libelle, unite, valeur, seuil, au_plus, tenue, lie, origine or regles.origines.get(code, ""))
        )

    def ratio(code: str) -> float:
        return float(np.ravel(ratios[code].grandeur.valeur)[0]) if code in ratios else float("nan")

    lue(
        "manque",
        "Plan bouclé : à trouver",
        "€",
        _a_trouver(ev),
        0.0,
        True,
        _AU_CENTIME,
        "un plan proposé ne laisse rien à trouver",
    )
    couvertures = [float(np.ravel(pire_couverture(ev, x))[0]) for x in parties_tenues(ev.ctx.etude)]
    pire = min((c for c in couvertures if not np.isnan(c)), default=float("nan"))
    lue("couverture", limites.couverture.libelle, "", pire, regles.couverture, False, _PRES)
    creux = min(float(np.ravel(ev.livre[f"tresorerie.point_bas.{x}"].valeur)[0]) for x in parties_tenues(ev.ctx.etude))
    lue("tresorerie", limites.tresorerie.libelle, "€", creux, regles.tresorerie, False, _AU_CENTIME)
    lue("propres", limites.ressources_propres.libelle, "%", ratio("ressources_propres"), regles.propres, False, _PRES)
    if lues.marges["publique"].size:
        reste, regle = float(lues.marges["publique"].min()), regle_publique(ev.ctx)
        libelle = f"{regle.libelle} : ce que les personnes publiques peuvent encore donner"
        lue("publique", libelle, "€", reste, 0.0, False, _AU_CENTIME, regle.article)
    if any(float(d.capital.valeur.max()) > 0.0 for d in ev.dettes):
        lue("titre", limites.titre.libelle, "mois", ratio("pret_dans_le_titre"), regles.marge_titre, False, _PRES)
    payee = float(np.ravel(indicateurs.calculer(ev)["contribution_par_place"].valeur)[0])
    bornes: dict[Plafond, float] = {
        CONTRIBUTION: payee,
        "investissement": ville,
        "fonds_propres": montants.get(FONDS, 0.0),
        COUT_VILLE: float(lues.cout_ville[0]),
    }
    for code, valeur in bornes.items():
        plafond = regles.plafonds.get(code)
        if plafond is not None:
            lue(code, f"Plafond : {PLAFONDS[code]}", UNITES[code], valeur, plafond, True, _AU_CENTIME)
    garantie = plafonds(ev)
    if garantie is not None:
        dites.append(_de_la_garantie(float(np.ravel(garantie.recettes_min)[0])))
    return [*dites, *_aides_conformes(ev, montants, candidat)]


def _de_la_garantie(recettes: float) -> RegleLue:
    """Ceiling of the guarantee of the commune: nothing here tells its own revenue."""
    libelle = "Garantie de la commune : ses recettes réelles de fonctionnement"
    origine = "CGCT L. 2252-1 ; à lire dans le compte de la commune"
    return RegleLue("garantie", libelle, "€", float("nan"), recettes, False, True, False, origine)


def _aides_conformes(ev: Evaluation, montants: Mapping[str, float], candidat: Candidat) -> list[RegleLue]:
    """Each grant given in full as asked: neither cut by a cap, an exclusion or the share of public persons, nor above what its scheme gives."""
    dites = []
    for levier in candidat.structure.leviers:
        if levier.genre != "aide" or montants[levier.code] <= 0.0:
            continue
        donnee = next(s for s in ev.subventions if s.aide.id == levier.code)
        recu = float(np.ravel(donnee.subvention.valeur + (0.0 if donnee.pret is None else donnee.pret.valeur))[0])
        voulu = montants[levier.code]
        dites.append(
            RegleLue(
                levier.code,
                f"{levier.libelle}, au plus ce que donne sa règle",
                "€",
                voulu,
                levier.entier,
                True,
                abs(recu - voulu) <= 2.0 * _AU_CENTIME,
                voulu >= levier.entier - 1.0,
                donnee.limite_en_clair(),
            )
        )
    return dites


def _a_trouver(ev: Evaluation) -> float:
    return sum(float(np.ravel(b.montant.valeur)[0]) for b in apports_de_bouclage(ev) if b.est_a_trouver)
