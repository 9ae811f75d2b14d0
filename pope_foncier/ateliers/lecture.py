"""What a workshop reads of a view, in plain French: who gives what, jobs, closed rules, grants, stages."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from pope_foncier.etude.bouclage import ApportDeBouclage
from pope_foncier.etude.emplois import emplois_de
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.parts_du_plan import par_nom
from pope_foncier.etude.plan import BOUCLE_A
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.etude.graphiques import A_TROUVER, TROU, parts_du_bouclage
from pope_foncier.vues.etude.tableaux_financement import ressources_comptees
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang, centaines
from pope_foncier.vues.formes.table import Table

FERMEES = "Ce que les leviers ne changent pas"
RESTE = libelle("ressources.reste_a_financer")


def reste(valeur: float) -> Case:
    """Gap of a plan, rounded to hundreds; what the resources have too much is named."""
    lu = centaines(valeur)
    return lu.dite(f"0\u00a0€ (excédent : {centaines(-valeur)})") if valeur < -50 else lu


def emplois(vue: Vue) -> str:
    """Jobs: full-time equivalents on the payroll, and the childminders of the modes that have some."""
    lus = emplois_de(vue)
    if lus is None:
        return "inconnu"
    if lus.payes_par_les_parents:
        return f"{formater_nombre(lus.assistants)} assistants maternels, payés par les parents"
    if lus.assistants:
        return f"{formater_nombre(lus.assistants)} assistants maternels salariés et {formater(lus.autres_etp, 'ETP')}"
    return formater(round(lus.etp, 1), "ETP")


def regles_fixes(vue: Vue) -> Table:
    """What no lever moves: law and choices of the study."""
    etude = vue.ev.ctx.etude
    lecture = {True: "zone très dense", False: "zone ordinaire", None: "inconnue, zone ordinaire appliquée"}
    mode = mode_de_l_etude(etude.mode_accueil)
    premiere = ("Mode d'accueil", mode.libelle, "celui du scénario réglé")
    caf = ("Aides de la Caf", "règles en vigueur à la date de la demande", date_en_clair(etude.date_demande))
    if not mode.referentiel:
        plafond = mode.places_max(vue.ev.ctx.catalogue, etude.date_demande)
        places = "sans plafond dans la loi" if math.isinf(plafond) else f"{formater_nombre(plafond)} au plus"
        lignes = (
            premiere,
            ("Places", places, "elles se décident avec la PMI : la règle des m² par place ne s'applique pas"),
            ("Locaux", "voir la PMI", mode.precision),
            ("Emplois", emplois(vue), "les agréments des assistants maternels en décident"),
            caf,
        )
        return Table(FERMEES, ("Règle", "Valeur", "Pourquoi"), lignes, texte=True)
    lignes = (
        premiere,
        ("Densité du lieu", lecture[vue.ev.capacite.dense], "selon l'Insee ; la règle des m² par place en dépend"),
        (
            "Places possibles",
            formater_nombre(vue.valeur(vue.ev.capacite.places_possibles)),
            "surface et règles de locaux",
        ),
        ("Encadrement", "règles du code de la santé publique", "les emplois en découlent"),
        caf,
    )
    return Table(FERMEES, ("Règle", "Valeur", "Pourquoi"), lignes, texte=True)


def qui_donne_quoi(vues: Mapping[str, Vue]) -> Table:
    """Resources of each scenario, one column each: those of the plan as it stands and what it lacks, then what closes it."""
    declarees = {
        nom: {} if v.aucune_place else par_nom((x.libelle, v.montant(x.code)) for x in ressources_comptees(v))
        for nom, v in vues.items()
    }
    boucleurs = {nom: {} if v.aucune_place else par_nom(parts_du_bouclage(v)) for nom, v in vues.items()}
    lignes = [_sommes(nom, declarees) for nom in _noms(declarees)]
    lignes.append((lectures.nommer(RESTE, lectures.TEL_QUEL), *(_reste(v) for v in vues.values())))
    totaux = [len(lignes) - 1]
    for nom in _noms(boucleurs):
        if nom in (A_TROUVER, TROU):
            totaux.append(len(lignes))
        lignes.append(_sommes(nom, boucleurs))
    return Table(
        lectures.nommer("Qui donne quoi", lectures.BOUCLE),
        ("", *vues),
        tuple(lignes),
        totaux=tuple(totaux),
        en_lignes="Scénario",
    )


def _noms(parts: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Names of what brings something somewhere, the unattributed last."""
    noms = dict.fromkeys(n for p in parts.values() for n, v in p.items() if not abs(v) <= 0.005)
    return sorted(noms, key=lambda n: n in (A_TROUVER, TROU))


def _sommes(nom: str, parts: Mapping[str, Mapping[str, float]]) -> Rang:
    return (nom, *(centaines(p[nom]) if nom in p else "—" for p in parts.values()))


def _reste(vue: Vue) -> Cellule:
    return AUCUNE_PLACE if vue.aucune_place else reste(vue.montant("ressources.reste_a_financer"))


def bouclage(vue: Vue) -> str:
    """What each closer brings, in the order of the calls, and what is left to find, in one sentence."""
    if vue.aucune_place:
        return lectures.sans_place(vue)
    if not vue.est_ouverte:
        return "Le plan tel quel est financé : personne n'est appelé à le boucler."
    dits = [f"{a.boucleur.libelle} : {centaines(m)}{_pourquoi(a, m)}" for a, m in apports(vue) if not a.est_a_trouver]
    return f"Plan bouclé. {' ; '.join([*dits, f'reste à trouver : {centaines(a_trouver(vue))}'])}."


def _pourquoi(apport: ApportDeBouclage, montant: float) -> str:
    """Why a loan that is called brings nothing."""
    pret = apport.boucleur.pret
    if montant > BOUCLE_A or pret is None or pret.couverture_cible is None:
        return ""
    return " (rien d'empruntable : la couverture visée n'est pas tenue sans lui)"


def nombre(valeur: float) -> str:
    """French number; « nombre inconnu » when unknown."""
    return "un nombre inconnu de" if math.isnan(valeur) else formater_nombre(valeur)


def aides(vue: Vue) -> Table | None:
    """Grants counted: payer, amount, what sets it, first month paid; None without any."""
    lignes = []
    for s in vue.ev.subventions:
        mois = np.flatnonzero(np.nan_to_num(vue.mensuel(f"tresorerie.aide.{s.aide.id}")))
        quand = cases.mois(vue.ev.ctx.echelle, int(mois[0])) if len(mois) else "—"
        lignes.append(
            (s.aide.libelle, s.aide.financeur, centaines(vue.valeur(s.subvention)), s.limite_en_clair(vue.rang), quand)
        )
    entetes = ("Aide", "Qui paie", "Montant", "Ce qui le fixe", "Premier versement")
    titre = lectures.nommer("Aides comptées", lectures.TEL_QUEL)
    return Table(titre, entetes, tuple(lignes), texte=True) if lignes else None


def etapes(vue: Vue) -> Table:
    """Start, works, reception when it is not the opening, opening, end of tenure."""
    cal, echelle = vue.ev.calendrier, vue.ev.ctx.echelle
    lignes: list[Rang] = [("Départ des études", cases.mois(echelle, 0), cases.nombre(0.0, unite="mois"))]
    a_part = vue.valeur(cal.reception) != vue.valeur(cal.ouverture)
    for nom, grandeur in (
        ("Début des travaux", cal.debut_travaux),
        *((("Réception des travaux", cal.reception),) if a_part else ()),
        ("Ouverture", cal.ouverture),
        ("Fin du titre d'occupation", cal.fin_titre),
    ):
        mois = vue.valeur(grandeur)
        quand = "hors de l'étude" if mois >= echelle.duree_mois else cases.mois(echelle, mois)
        lignes.append((nom, quand, cases.mesure(mois, "mois")))
    return Table("Étapes", ("Étape", "Quand", "Mois après le départ"), tuple(lignes), texte=True)


def phrase_du_calendrier(vue: Vue) -> str:
    """Calendar in one sentence."""
    return "Calendrier. " + " ; ".join(f"{nom} : {quand}" for nom, quand, _ in etapes(vue).lignes) + "."
